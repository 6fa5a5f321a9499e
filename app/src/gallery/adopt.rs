//! Adopting what lies in a place.

use super::{each, samples};
use crate::{actions::AdoptForm, pages, visit::Address};

#[test]
fn an_adoption() {
    for (name, path) in [
        ("adopt", "/backups/adopt"),
        (
            "adopt-found",
            "/backups/adopt?integration=own&within=exports",
        ),
        (
            "adopt-dialog",
            "/backups/adopt?integration=own&dialog=adopt&directory=exports%2Fb&backup=backup0_1",
        ),
    ] {
        let page = move || {
            let uri = path.parse().expect("a path");
            let query = Address::of(&uri).query;
            let found = query.get("integration").map(|_| Ok(samples::archives()));
            let form = AdoptForm::of(&query);
            let asked = query.get("dialog").is_some();
            let integrations = samples::integrations();
            pages::adopt::page(&integrations, &samples::clusters(), form, found, asked)
        };
        each(name, path, None, page, |_, html| {
            assert!(html.contains("書庫"));
            assert_eq!(html.contains("手作り"), path.contains('?'));
            assert_eq!(html.contains("id=\"adopt-name\""), path.contains("dialog"));
        });
    }
}
