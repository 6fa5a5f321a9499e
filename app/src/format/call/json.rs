//! JSON as far as the bodies of calls need it. Written by hand, so that the browser's half carries no serializer for it.

use std::fmt::{self, Write as _};

/// A value of a body.
#[derive(Debug)]
pub(super) enum Json {
    Text(String),
    Number(u32),
    Flag(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn object(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Self {
        Self::Object(fields.into_iter().collect())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_text(f, text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::List(items) => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    write_comma(f, at)?;
                    write!(f, "{item}")?;
                }
                f.write_char(']')
            }
            Self::Object(fields) => {
                f.write_char('{')?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    write_comma(f, at)?;
                    write!(f, "\"{name}\":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_comma(f: &mut fmt::Formatter<'_>, at: usize) -> fmt::Result {
    if at > 0 { f.write_char(',') } else { Ok(()) }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in [
            "",
            "毎日の'控え'",
            r#""quoted" and \escaped\"#,
            "a\nb\tc\r\u{0}\u{1f}\u{7f}\u{9b}",
            "保存 🗄️ \u{2028}",
            "</script>",
        ] {
            let written = Json::text(text).to_string();
            let read: Value = serde_json::from_str(&written).expect("it is JSON");
            assert_eq!(read, Value::from(text), "{written}");
            assert!(!written.contains(char::is_control), "{written:?}");
        }
    }

    #[test]
    fn lists_and_objects_are_read_back_in_order() {
        let body = Json::object([
            ("enabled", Json::Flag(true)),
            ("retentionDays", Json::Number(30)),
            ("none", Json::List(Vec::new())),
            (
                "some",
                Json::List(vec![Json::text("a"), Json::object([]), Json::Flag(false)]),
            ),
        ]);
        let read: Value = serde_json::from_str(&body.to_string()).expect("it is JSON");
        assert_eq!(
            read,
            json!({ "enabled": true, "retentionDays": 30, "none": [], "some": ["a", {}, false] })
        );
    }
}
