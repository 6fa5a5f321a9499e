//! The words of a command line, quoted where a shell would take them apart.

/// A command line as it grows.
pub(super) struct Command(String);

impl Command {
    /// Begins with words that need no quotes.
    pub(super) fn new(start: &str) -> Self {
        Self(start.to_owned())
    }

    /// Adds a word that needs no quotes.
    pub(super) fn word(mut self, word: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(word);
        self
    }

    /// Adds a value, if there is one.
    pub(super) fn value(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.word(&quoted(value)),
            None => self,
        }
    }

    /// Adds an option with its value, if there is one.
    pub(super) fn option(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.word(name).word(&quoted(value)),
            None => self,
        }
    }

    /// Adds an option with all its values in one word, if there are any.
    pub(super) fn list(self, name: &str, values: &[&str]) -> Self {
        match values {
            [] => self,
            values => self.word(name).word(&quoted(&values.join(","))),
        }
    }

    /// What a person copies.
    pub(super) fn into_line(self) -> String {
        self.0
    }
}

/// Quotes what a shell would take apart.
pub(in crate::format) fn quoted(value: &str) -> String {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ',' | '/' | ':' | '@')
    };
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}
