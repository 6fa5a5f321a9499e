//! The command line that does what a dialog is about to do.
//!
//! Written from the form's own fields, on the server for the first picture and in the browser as they change.

use serde::{Deserialize, Serialize};

/// Which dialog the command belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// `hozon backup create`
    Create,
    /// `hozon backup restore`
    Restore,
    /// `hozon backup verify`
    Verify,
    /// `hozon backup delete`
    Delete,
}

/// The fields of a form, in the order in which it would send them.
pub type Fields = Vec<(String, String)>;

/// The command for a form's fields.
pub fn line(verb: Verb, fields: &Fields) -> String {
    let one = |name: &str| {
        fields
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    };
    let collections = || {
        let chosen: Vec<_> = fields
            .iter()
            .filter(|(key, _)| key == "collections[]")
            .map(|(_, value)| value.as_str())
            .collect();
        (!chosen.is_empty()).then(|| chosen.join(","))
    };
    let mut command = Command::new("hozon backup");
    match verb {
        Verb::Create => {
            command
                .word("create")
                .option("--cluster", one("cluster"))
                .option("--name", one("name"));
            match one("scope") {
                Some("database") => command.option("--database", one("database")),
                Some("collections") => command.option("--collections", collections().as_deref()),
                _ => &mut command,
            };
        }
        Verb::Restore => {
            command
                .word("restore")
                .value(one("id"))
                .option("--suffix", one("suffix"))
                .option("--cluster", one("cluster"))
                .option("--collections", collections().as_deref())
                .option("--rename", one("renames"))
                .option("--database", one("database"))
                .option(
                    "--existing",
                    one("existing").filter(|wish| *wish != "refuse"),
                )
                .option("--indexes", one("indexes").filter(|wish| *wish != "keep"))
                .option("--until", until(one("until"), one("zone")).as_deref())
                .option(
                    "--load-state",
                    one("load").filter(|wish| *wish == "release"),
                );
        }
        Verb::Verify => {
            command
                .word("verify")
                .value(one("id"))
                .option("--level", one("level"));
        }
        Verb::Delete => {
            command.word("delete").value(one("id"));
        }
    }
    command.0
}

/// A moment with the zone that it was meant in.
fn until(until: Option<&str>, zone: Option<&str>) -> Option<String> {
    Some(format!("{}[{}]", until?, zone.unwrap_or("UTC")))
}

struct Command(String);

impl Command {
    fn new(start: &str) -> Self {
        Self(start.to_owned())
    }

    fn word(&mut self, word: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(word);
        self
    }

    fn value(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.word(&quoted(value)),
            None => self,
        }
    }

    fn option(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.word(name).word(&quoted(value)),
            None => self,
        }
    }
}

/// Quotes what a shell would take apart.
fn quoted(value: &str) -> String {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ',' | '/' | ':' | '@')
    };
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let form = fields(&[
            ("cluster", "demo"),
            ("name", ""),
            ("scope", "cluster"),
            ("collections[]", "default.a"),
        ]);
        assert_eq!(
            line(Verb::Create, &form),
            "hozon backup create --cluster demo"
        );
    }

    #[test]
    fn names_of_any_language_survive_a_shell() {
        let form = fields(&[
            ("cluster", "demo"),
            ("name", "毎日の'控え'"),
            ("scope", "collections"),
            ("collections[]", "default.a"),
            ("collections[]", "文書.記事"),
        ]);
        assert_eq!(
            line(Verb::Create, &form),
            r"hozon backup create --cluster demo --name '毎日の'\''控え'\''' --collections default.a,文書.記事"
        );
    }

    #[test]
    fn restore_says_only_what_differs_from_the_usual() {
        let form = fields(&[("id", "backup0_1"), ("suffix", "_old"), ("load", "keep")]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --suffix _old"
        );
        let form = fields(&[("id", "backup0_1"), ("suffix", ""), ("load", "release")]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --load-state release"
        );
        let form = fields(&[
            ("id", "backup0_1"),
            ("renames", "shop.a:shop.b"),
            ("existing", "replace"),
            ("indexes", "keep"),
            ("until", "2026-11-21T09:00"),
            ("zone", "Asia/Tokyo"),
        ]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --rename shop.a:shop.b --existing replace \
             --until '2026-11-21T09:00[Asia/Tokyo]'"
        );
    }
}
