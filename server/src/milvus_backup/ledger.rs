//! Every value with its source, and what became of it.
//!
//! Environment over file over default, as milvus-backup has it. Whoever takes a value says so by taking it, so that
//! what is told at the end is what was really used.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{
    keys::{Fate, Key, Kind, Part, Side, Slot, Version},
    source::{Problem, Source},
    yaml::{Entry, Value},
};

/// The key that tells the version.
const VERSION: &str = "configVersion";

/// A value that has a counterpart here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Taken {
    /// What milvus-backup calls it.
    pub(crate) key: &'static str,
    /// None for a secret.
    pub(crate) value: Option<String>,
    /// Where it came from.
    pub(crate) source: Source,
}

/// A key that is set and has no counterpart here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Left {
    /// What milvus-backup calls it.
    pub(crate) key: &'static str,
    /// Where it is set.
    pub(crate) source: Source,
    /// Why it is left.
    pub(crate) why: String,
}

struct Given {
    key: &'static str,
    value: String,
    source: Source,
    is_secret: bool,
    is_taken: bool,
    left: Option<String>,
}

/// All values of a configuration.
pub(super) struct Ledger {
    pub(super) version: Version,
    slots: BTreeMap<Slot, Given>,
    left: Vec<Left>,
    /// What else should be known.
    pub(super) notes: Vec<String>,
}

impl Ledger {
    /// Puts file, environment and defaults together.
    ///
    /// # Errors
    /// Everything that is wrong with keys and values by themselves.
    pub(super) fn new(
        entries: &[Entry],
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Vec<Problem>> {
        let version = version(entries).map_err(|problem| vec![problem])?;
        let mut ledger = Self {
            version,
            slots: BTreeMap::new(),
            left: Vec::new(),
            notes: Vec::new(),
        };
        let mut problems = Vec::new();
        let mut unknown: HashMap<String, &Entry> = entries
            .iter()
            .map(|entry| (entry.key.to_lowercase(), entry))
            .collect();
        unknown.remove(&VERSION.to_lowercase());
        for key in version.keys() {
            let mut here = key
                .names
                .iter()
                .filter_map(|name| Some((*name, unknown.remove(&name.to_lowercase())?)));
            let first = here.next();
            for (name, entry) in here {
                ledger.leave_line(name, entry, "another name of it comes first");
            }
            if let Err(problem) = ledger.resolve(key, first, environment) {
                problems.push(problem);
            }
        }
        problems.extend(unknown.into_values().map(|entry| stranger(entry, version)));
        if problems.is_empty() {
            Ok(ledger)
        } else {
            problems.sort_by_key(Problem::line);
            Err(problems)
        }
    }

    fn resolve(
        &mut self,
        key: &'static Key,
        entry: Option<(&'static str, &Entry)>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), Problem> {
        let name = entry.map_or(key.names[0], |(name, _)| name);
        let set = key
            .variable
            .and_then(|variable| Some((variable, environment(variable)?)));
        let (value, source) = match (set, entry) {
            (Some((variable, text)), entry) => {
                if let Some((name, entry)) = entry {
                    self.leave_line(name, entry, &format!("`{variable}` overrides it"));
                }
                (Value::Text(text), Source::Variable(variable))
            }
            (None, Some((_, entry))) => (entry.value.clone(), Source::Line(entry.line)),
            (None, None) => (Value::Text(key.default.to_owned()), Source::Default),
        };
        let value = if source == Source::Default {
            key.default.to_owned()
        } else {
            checked(key.kind, value).map_err(|why| Problem::new(source, name, why))?
        };
        match key.fate {
            // What is set to nothing leaves nothing.
            Fate::Left(why) if source != Source::Default && !value.is_empty() => {
                self.left.push(Left {
                    key: name,
                    source,
                    why: why.to_owned(),
                });
            }
            Fate::Left(_) => {}
            Fate::Taken(slot) => {
                self.slots.insert(
                    slot,
                    Given {
                        key: name,
                        value,
                        source,
                        is_secret: matches!(key.kind, Kind::Secret),
                        is_taken: false,
                        left: None,
                    },
                );
            }
        }
        Ok(())
    }

    fn leave_line(&mut self, key: &'static str, entry: &Entry, why: &str) {
        self.left.push(Left {
            key,
            source: Source::Line(entry.line),
            why: why.to_owned(),
        });
    }

    /// Whether somebody set it.
    pub(super) fn is_set(&self, slot: Slot) -> bool {
        self.slots
            .get(&slot)
            .is_some_and(|given| given.source != Source::Default)
    }

    /// A value, without taking it. Empty where nothing is set and there is no default.
    pub(super) fn look(&self, slot: Slot) -> &str {
        self.slots
            .get(&slot)
            .map_or("", |given| given.value.as_str())
    }

    /// Takes a value.
    pub(super) fn take(&mut self, slot: Slot) -> String {
        let Some(given) = self.slots.get_mut(&slot) else {
            return String::new();
        };
        given.is_taken = true;
        given.value.clone()
    }

    /// Takes a value that says yes or no.
    pub(super) fn take_flag(&mut self, slot: Slot) -> bool {
        self.take(slot) == "true"
    }

    /// Says why a value is left, if it is set.
    pub(super) fn leave(&mut self, slot: Slot, why: &str) {
        if let Some(given) = self.slots.get_mut(&slot) {
            given.left = Some(why.to_owned());
        }
    }

    /// Something wrong with a value.
    pub(super) fn problem(&self, slot: Slot, why: impl Into<String>) -> Problem {
        match self.slots.get(&slot) {
            Some(given) => Problem::new(given.source, given.key, why),
            None => Problem::new(Source::Default, "", why),
        }
    }

    /// Where the value for a part of a storage stands: the storage of backups inherits what it does not say.
    pub(super) fn slot(&self, side: Side, part: Part) -> Slot {
        let own = Slot::At(side, part);
        if side == Side::Backup && !self.is_set(own) && part.is_inherited(self.version) {
            Slot::At(Side::Milvus, part)
        } else {
            own
        }
    }

    /// What was taken, and what is set and was not, with the reason. `otherwise` is the reason where none was said.
    pub(super) fn close(self, otherwise: impl Fn(Slot) -> String) -> (Vec<Taken>, Vec<Left>) {
        let mut taken = Vec::new();
        let mut left = self.left;
        for (slot, given) in self.slots {
            if given.value.is_empty() {
                continue;
            }
            if given.is_taken {
                taken.push(Taken {
                    key: given.key,
                    value: (!given.is_secret).then_some(given.value),
                    source: given.source,
                });
            } else if given.source != Source::Default {
                left.push(Left {
                    key: given.key,
                    source: given.source,
                    why: given.left.unwrap_or_else(|| otherwise(slot)),
                });
            }
        }
        left.sort_by_key(|left| match left.source {
            Source::Line(line) => line,
            Source::Variable(_) | Source::Default => usize::MAX,
        });
        (taken, left)
    }
}

fn version(entries: &[Entry]) -> Result<Version, Problem> {
    let Some(entry) = entries
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case(VERSION))
    else {
        return Ok(Version::V1);
    };
    match &entry.value {
        Value::Text(text) if text.eq_ignore_ascii_case(Version::V1.as_str()) => Ok(Version::V1),
        Value::Text(text) if text.eq_ignore_ascii_case(Version::V2.as_str()) => Ok(Version::V2),
        _ => Err(Problem::at(
            entry.line,
            VERSION,
            "it is neither `v1` nor `v2`",
        )),
    }
}

/// A key that its version does not know.
fn stranger(entry: &Entry, version: Version) -> Problem {
    let bears_it = |key: &&Key| {
        key.names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&entry.key))
    };
    let other = version.other().keys().find(bears_it);
    let why = match (other, version) {
        (None, _) => "milvus-backup has no such key".to_owned(),
        (Some(_), Version::V1) => {
            "it is of version 2: write `configVersion: v2` into the file's first line".to_owned()
        }
        (Some(key), Version::V2) => match counterpart(key) {
            Some(name) => format!("it is of version 1: version 2 calls it `{name}`"),
            None => "it is of version 1".to_owned(),
        },
    };
    Problem::at(entry.line, entry.key.as_str(), why)
}

/// What version 2 calls a key of version 1.
fn counterpart(old: &Key) -> Option<&'static str> {
    let Fate::Taken(slot) = old.fate else {
        return None;
    };
    Version::V2
        .keys()
        .find(|key| matches!(key.fate, Fate::Taken(other) if other == slot))
        .map(|key| key.names[0])
}

/// A value in the form that its kind has, or what is wrong with it. Secrets are never refused for their text.
fn checked(kind: Kind, value: Value) -> Result<String, String> {
    let text = match (kind, value) {
        (Kind::List, Value::List(items)) => return Ok(items.join(",")),
        (_, Value::List(_)) => return Err("a list stands where one value is expected".to_owned()),
        (_, Value::Text(text)) => text,
    };
    match kind {
        Kind::Text | Kind::List => Ok(text.trim().to_owned()),
        Kind::Secret => Ok(text),
        Kind::Number => match text.trim().parse::<i64>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => Err(format!("`{text}` is not a whole number")),
        },
        Kind::Port => match text.trim().parse::<u16>() {
            Ok(port) if port > 0 => Ok(port.to_string()),
            _ => Err(format!("`{text}` is not a port, 1 to 65535")),
        },
        Kind::Flag => match text.trim() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok("true".to_owned()),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok("false".to_owned()),
            _ => Err(format!("`{text}` is neither `true` nor `false`")),
        },
        Kind::OneOf(words) => words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(text.trim()))
            .map(|word| (*word).to_owned())
            .ok_or_else(|| format!("`{text}` is none of {}", words.join(", "))),
    }
}
