//! YAML as milvus-backup reads it: sections flattened to dotted keys, each with the line it stands on.
//!
//! Event by event, so that no depth of sections uses up the stack, and a line can be named for whatever is wrong.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::source::Problem;

/// Sections within sections; milvus-backup's own files have four.
const DEEPEST: usize = 16;

/// A key that has a value.
pub(super) struct Entry {
    /// As it is written, sections and all: `minio.bucketName`.
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What stands behind a key.
#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
}

/// Every key of a file that has a value, in its order.
pub(super) fn flatten(text: &str) -> Result<Vec<Entry>, Problem> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| Problem::at(error.marker().line(), "", error.info()))?;
        reader.take(event, span.start.line())?;
    }
    Ok(reader.entries)
}

/// What has begun and not ended.
enum Open {
    Section {
        prefix: String,
        /// The key whose value comes next.
        key: Option<(String, usize)>,
    },
    List {
        key: String,
        line: usize,
        items: Vec<String>,
    },
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    open: Vec<Open>,
    /// Where each key stands, in small letters: milvus-backup makes no difference.
    seen: HashMap<String, usize>,
    /// What anchors name, as far as it is text.
    anchors: HashMap<usize, Option<String>>,
    documents: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Problem> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Problem::at(line, "", "a second document begins here"));
                }
                Ok(())
            }
            Event::MappingStart(..) => self.begin_section(line),
            Event::SequenceStart(..) => self.begin_list(line),
            Event::MappingEnd | Event::SequenceEnd => {
                self.end();
                Ok(())
            }
            Event::Scalar(text, style, anchor, _) => {
                let text = given(text.into_owned(), style);
                if anchor > 0 {
                    self.anchors.insert(anchor, text.clone());
                }
                self.scalar(text, line)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(text) => self.scalar(text, line),
                None => Err(Problem::at(
                    line,
                    "",
                    "an alias of a section or a list is not read: write it out",
                )),
            },
        }
    }

    fn begin_section(&mut self, line: usize) -> Result<(), Problem> {
        let prefix = match self.open.last_mut() {
            None => String::new(),
            Some(Open::Section { key, .. }) => match key.take() {
                Some((key, _)) => format!("{key}."),
                None => return Err(Problem::at(line, "", "a key must be text")),
            },
            Some(Open::List { key, .. }) => {
                return Err(Problem::at(line, key.as_str(), "a list must hold texts"));
            }
        };
        if self.open.len() == DEEPEST {
            return Err(Problem::at(line, "", "sections are nested too deeply"));
        }
        self.open.push(Open::Section { prefix, key: None });
        Ok(())
    }

    fn begin_list(&mut self, line: usize) -> Result<(), Problem> {
        let begun = match self.open.last_mut() {
            None => return Err(Problem::at(line, "", "sections and keys are expected")),
            Some(Open::Section { key, .. }) => key.take(),
            Some(Open::List { key, .. }) => {
                return Err(Problem::at(line, key.as_str(), "a list must hold texts"));
            }
        };
        let Some((key, line)) = begun else {
            return Err(Problem::at(line, "", "a key must be text"));
        };
        self.open.push(Open::List {
            key,
            line,
            items: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self) {
        if let Some(Open::List { key, line, items }) = self.open.pop() {
            self.entries.push(Entry {
                key,
                line,
                value: Value::List(items),
            });
        }
    }

    fn scalar(&mut self, text: Option<String>, line: usize) -> Result<(), Problem> {
        match self.open.last_mut() {
            // A file that holds nothing, or `null`.
            None if text.is_none() => Ok(()),
            None => Err(Problem::at(line, "", "sections and keys are expected")),
            Some(Open::List { items, .. }) => {
                items.extend(text);
                Ok(())
            }
            Some(Open::Section { prefix, key }) => {
                if let Some((key, line)) = key.take() {
                    self.entries.extend(text.map(|text| Entry {
                        key,
                        line,
                        value: Value::Text(text),
                    }));
                    return Ok(());
                }
                let Some(name) = text.filter(|name| name != "<<") else {
                    return Err(Problem::at(
                        line,
                        "",
                        "a key must be text, and `<<` is not read: write the keys out",
                    ));
                };
                let name = format!("{prefix}{name}");
                if let Some(first) = self.seen.insert(name.to_lowercase(), line) {
                    let why = format!("it stands on line {first} already");
                    return Err(Problem::at(line, name, why));
                }
                *key = Some((name, line));
                Ok(())
            }
        }
    }
}

/// A scalar's text; nothing where YAML means nothing by it.
fn given(text: String, style: ScalarStyle) -> Option<String> {
    let nothing =
        style == ScalarStyle::Plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
    (!nothing).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line key=value`, one after another.
    fn flat(text: &str) -> String {
        let entries = flatten(text).unwrap();
        let lines: Vec<String> = entries
            .iter()
            .map(|entry| {
                let value = match &entry.value {
                    Value::Text(text) => text.clone(),
                    Value::List(items) => format!("[{}]", items.join(" ")),
                };
                format!("{} {}={value}", entry.line, entry.key)
            })
            .collect();
        lines.join(", ")
    }

    fn why(text: &str) -> String {
        flatten(text).err().unwrap().to_string()
    }

    #[test]
    fn sections_become_dotted_keys_with_their_lines() {
        assert_eq!(
            flat(
                "# words\nmilvus:\n  address: localhost # more\n  port: 19530\n\n  etcd:\n    endpoints:\n      - a\n      - 'b'\n"
            ),
            "3 milvus.address=localhost, 4 milvus.port=19530, 7 milvus.etcd.endpoints=[a b]"
        );
        assert_eq!(flat("milvus.user: \"root\""), "1 milvus.user=root");
        assert_eq!(
            flat("minio: {port: 9000, useSSL: false}"),
            "1 minio.port=9000, 1 minio.useSSL=false"
        );
    }

    #[test]
    fn nothing_is_nothing_unless_it_is_quoted() {
        assert_eq!(flat(""), "");
        assert_eq!(flat("# words\n"), "");
        assert_eq!(
            flat("a:\nb: ~\nc: null\nd: \"\"\ne: 'null'\nf:\n  - ~\n  - x\n"),
            "4 d=, 5 e=null, 6 f=[x]"
        );
    }

    #[test]
    fn texts_may_be_named_once_and_used_twice() {
        assert_eq!(flat("a: &x secret\nb: *x\n"), "1 a=secret, 2 b=secret");
    }

    #[test]
    fn what_is_no_configuration_is_refused_with_its_line() {
        for (text, expected) in [
            ("a: 1\nA: 2\n", "line 2: `A`: it stands on line 1 already"),
            ("a: 1\n---\nb: 2\n", "line 2: a second document begins here"),
            ("- a\n", "line 1: sections and keys are expected"),
            ("words\n", "line 1: sections and keys are expected"),
            ("a:\n  - b: 1\n", "line 2: `a`: a list must hold texts"),
            ("? {a: 1}\n: 2\n", "line 1: a key must be text"),
            ("a: &x\n  b: 1\nc: *x\n", "line 3: an alias of a section"),
            ("a:\n  <<: b\n", "line 2: a key must be text, and `<<`"),
            ("a: 'open\n", "line "),
        ] {
            let found = why(text);
            assert!(found.starts_with(expected), "{text:?}: {found}");
        }
        let deep = format!("{}a: 1{}", "{a: ".repeat(100_000), "}".repeat(100_000));
        assert!(!why(&deep).is_empty());
    }
}
