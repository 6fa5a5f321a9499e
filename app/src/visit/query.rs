//! The address of a page: its state is all there.

use std::fmt;

use axum::http::Uri;
use url::form_urlencoded;

/// Under which an address has a name that cannot stand in its path; see [`Address::below`].
pub(crate) const NAMED: &str = "named";

/// A path with its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// The path, as it stood in the request.
    pub path: String,
    /// The query.
    pub query: Query,
}

impl Address {
    /// The address of a request.
    pub(crate) fn of(uri: &Uri) -> Self {
        Self {
            path: uri.path().to_owned(),
            query: Query::parse(uri.query().unwrap_or_default()),
        }
    }

    /// A path with no query.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            query: Query::default(),
        }
    }

    /// The path of these parts, each of which may hold anything.
    pub(crate) fn to(parts: &[&str]) -> Self {
        let encoded = |part: &&str| -> String {
            form_urlencoded::byte_serialize(part.as_bytes())
                .map(|piece| piece.replace('+', "%20"))
                .collect()
        };
        Self::new(
            parts
                .iter()
                .map(encoded)
                .fold(String::new(), |path, part| path + "/" + &part),
        )
    }

    /// The page of something by its name, below a list. `new` is where one is made, and dots are steps of a path:
    /// what is called so stands in the query.
    pub(crate) fn below(list: &str, name: &str) -> Self {
        if matches!(name, "new" | "." | "..") {
            return Self::new(format!("{list}/new")).with(NAMED, name);
        }
        Self::new(format!("{list}{}", Self::to(&[name]).path))
    }

    /// With a value set, in place of earlier ones of that name; an empty one only removes them.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.query.0.retain(|(key, _)| key != name);
        if !value.as_ref().is_empty() {
            self.query
                .0
                .push((name.to_owned(), value.as_ref().to_owned()));
        }
        self
    }

    /// With further values of a name.
    #[must_use]
    pub(crate) fn and(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.query.0.extend(
            values
                .into_iter()
                .map(|value| (name.to_owned(), value.into())),
        );
        self
    }

    /// With the focus on one element: what a dialog gives back to the link that opened it.
    pub(crate) fn at(&self, id: &str) -> String {
        format!("{self}#{id}")
    }

    /// Without anything of these names.
    #[must_use]
    pub(crate) fn without(mut self, names: &[&str]) -> Self {
        self.query
            .0
            .retain(|(key, _)| !names.contains(&key.as_str()));
        self
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if !self.query.0.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&self.query.0)
                .finish();
            write!(f, "?{query}")?;
        }
        Ok(())
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

/// Names and values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(pub Vec<(String, String)>);

impl Query {
    fn parse(text: &str) -> Self {
        Self(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The first value of a name, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_being_written() {
        let address = Address::new("/backups")
            .with("search", "毎日 & 控え")
            .with("page", "2")
            .with("page", "3")
            .and("collections[]", ["default.a", "文書.記事"]);
        let uri: Uri = address.to_string().parse().expect("an address is a URI");
        assert_eq!(Address::of(&uri), address);
        assert_eq!(
            address
                .clone()
                .without(&["search", "page", "collections[]"])
                .to_string(),
            "/backups"
        );
        assert_eq!(address.query.get("page"), Some("3"));
    }

    #[test]
    fn a_name_in_a_path_survives() {
        let address = Address::to(&["policies", "a/b c+保存"]);
        assert_eq!(
            address.to_string(),
            "/policies/a%2Fb%20c%2B%E4%BF%9D%E5%AD%98"
        );
    }

    #[test]
    fn every_name_has_a_page_of_its_own() {
        for (name, address) in [
            ("alice", "/access/members/alice"),
            ("a/b", "/access/members/a%2Fb"),
            ("new", "/access/members/new?named=new"),
            ("..", "/access/members/new?named=.."),
        ] {
            assert_eq!(Address::below("/access/members", name).to_string(), address);
        }
    }
}
