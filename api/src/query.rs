//! Parameters of a query, as forgiving as the servers that these APIs stand in for.

use axum::http::Uri;
use url::form_urlencoded;

/// A parameter, the first of its name; empty if there is none.
pub(crate) fn parameter(uri: &Uri, name: &str) -> String {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_parameters_counts() {
        let uri: Uri = "/list?backup_name=a%20b&backup_name=c&&x".parse().unwrap();
        assert_eq!(parameter(&uri, "backup_name"), "a b");
        assert_eq!(parameter(&uri, "x"), "");
        assert_eq!(parameter(&"/list".parse().unwrap(), "x"), "");
    }
}
