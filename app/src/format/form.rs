//! The fields of a form by name, as the command line and the call of a dialog read them.

/// The fields of a form, in the order in which it would send them.
pub type Fields = Vec<(String, String)>;

/// A form's fields by name. What is blank was not given.
#[derive(Clone, Copy)]
pub(super) struct Form<'a>(pub(super) &'a Fields);

impl<'a> Form<'a> {
    /// The first value of a field.
    pub(super) fn one(self, name: &str) -> Option<&'a str> {
        self.all(name).into_iter().next()
    }

    /// All values of a field.
    pub(super) fn all(self, name: &str) -> Vec<&'a str> {
        let mut values = self.every(name);
        values.retain(|value| !value.trim().is_empty());
        values
    }

    /// The same with what is blank.
    pub(super) fn every(self, name: &str) -> Vec<&'a str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}
