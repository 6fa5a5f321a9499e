//! API keys, and the one that is shown once.

use hozon_model::{Action, ApiKey, Privilege, Resource};

use super::{access, each, samples};
use crate::{
    actions::KeyForm,
    flash::{Done, Flash, Form},
    made_key::MadeKey,
    pages::{self, access::places::Places},
    visit::Address,
};

fn key_lines() -> Vec<pages::access_keys::Line> {
    let places = Places {
        projects: Vec::new(),
        clusters: samples::clusters(),
    };
    let line = |key: ApiKey| pages::access_keys::Line {
        grants: places.grants(&key.grants),
        expired: key.expires_at.is_some(),
        may_remove: key.expires_at.is_none(),
        key,
    };
    samples::api_keys().into_iter().map(line).collect()
}

#[test]
fn api_keys() {
    let told = |made: Option<MadeKey>, may_make: bool| pages::access_keys::Told {
        keys: Ok(key_lines()),
        made,
        may_make,
        address: "http://localhost:8790".to_owned(),
    };
    each(
        "keys",
        "/access/keys",
        None,
        move || pages::access_keys::page(told(None, false), None),
        |locale, html| {
            for shown in [
                "key:create",
                "key:delete",
                "terraform",
                "class=\"badge bad\"",
            ] {
                assert!(html.contains(shown), "{locale:?} lacks {shown}");
            }
            assert!(!html.contains("Bearer"));
        },
    );
    let made = MadeKey {
        name: "夜間ジョブ".to_owned(),
        secret: "hozon_0123456789".to_owned(),
    };
    each(
        "key-made",
        "/access/keys",
        Some(Flash::Done(Done::Key)),
        move || pages::access_keys::page(told(Some(made.clone()), true), None),
        |_, html| {
            assert!(html.contains("Authorization: Bearer hozon_0123456789"));
            assert!(html.contains("http://localhost:8790/v2/backups"));
        },
    );
    let nothing = || pages::access_keys::Told {
        keys: Ok(Vec::new()),
        made: None,
        may_make: true,
        address: String::new(),
    };
    each(
        "keys-none",
        "/access/keys",
        None,
        move || pages::access_keys::page(nothing(), None),
        |_, html| assert!(html.contains("class=\"empty\"") && html.contains("/access/keys/new")),
    );
    let refused = Flash::Refused(Form::Key, samples::refusal());
    each(
        "key-add",
        "/access/keys/new",
        Some(refused),
        || {
            let query = Address::new("/").with("project", "search").query;
            let missing = Privilege::new(Resource::Key, Action::Create);
            let (roles, places) = (vec![access::keepers()], Places::default());
            pages::access_keys::add::page(KeyForm::of(&query), roles, places, Some(missing))
        },
        |_, html| {
            assert!(html.contains("hozon key create --role read_only@search --days 90"));
            assert!(html.contains("保管係") && html.contains("role=\"alert\""));
            assert!(!html.contains("value=\"organization_owner\""));
        },
    );
}
