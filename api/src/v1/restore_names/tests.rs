use super::*;
use crate::{body::Fields, v1::answer::Code};

const HELD: [&str; 4] = [
    "default.books",
    "default.prices",
    "shop.books",
    "shop.orders",
];

fn named(body: &str) -> Result<Vec<String>, Refusal> {
    let held: Vec<_> = HELD.iter().map(|name| name.parse().unwrap()).collect();
    let request = RestoreRequest::read(Fields::of_body(body.as_bytes()).unwrap()).unwrap();
    let targets = targets(&request, &held)?;
    Ok(targets.iter().map(Rename::to_string).collect())
}

#[test]
fn without_a_word_everything_comes_back_under_its_name() {
    assert_eq!(
        named("{}").unwrap(),
        HELD.map(|name| format!("{name}:{name}"))
    );
    let recovered = named(r#"{"collection_suffix":"_recover"}"#).unwrap();
    assert_eq!(recovered, HELD.map(|name| format!("{name}:{name}_recover")));
}

#[test]
fn choices_go_by_the_names_in_the_backup_and_after() {
    assert_eq!(
        named(r#"{"collection_names":["books","shop.orders"]}"#).unwrap(),
        ["default.books:default.books", "shop.orders:shop.orders"]
    );
    assert_eq!(
        named(r#"{"db_collections":"{\"shop\":[]}","collection_names":["books"]}"#).unwrap(),
        ["shop.books:shop.books", "shop.orders:shop.orders"]
    );
    assert_eq!(
        named(r#"{"db_collections":{"":["prices"]}}"#).unwrap(),
        ["default.prices:default.prices"]
    );
    assert_eq!(
        named(r#"{"collection_suffix":"_r","db_collections_after_rename":{"shop":["orders_r"]}}"#)
            .unwrap(),
        ["shop.orders:shop.orders_r"]
    );
}

#[test]
fn every_form_of_a_new_name() {
    let body = r#"{"collection_renames":{"shop.*":"store.*","shop.orders":"attic.old_orders","books":"tomes","x.":"y."}}"#;
    assert_eq!(
        named(body).unwrap(),
        [
            "default.books:default.tomes",
            "default.prices:default.prices",
            "shop.books:store.books",
            "shop.orders:attic.old_orders",
        ]
    );
    for bad in [
        r#"{"shop.*":"store"}"#,
        r#"{"shop.*":"store."}"#,
        r#"{"books":"shop.books"}"#,
        r#"{"shop.books":"books"}"#,
        r#"{"a.b.c":"d.e.f"}"#,
        r#"{"":""}"#,
        r#"{"nowhere":"somewhere"}"#,
    ] {
        let refusal = named(&format!(r#"{{"collection_renames":{bad}}}"#)).unwrap_err();
        assert_eq!(refusal.code, Code::ParameterError, "{bad}");
    }
}

#[test]
fn a_plan_maps_databases_with_their_collections() {
    assert_eq!(
        named(r#"{"restorePlan":{"mapping":[{"source":"shop","target":"store"}]}}"#).unwrap()[2..],
        ["shop.books:store.books", "shop.orders:store.orders"]
    );
    let body = r#"{"restorePlan":{"mapping":[{"source":"shop","target":"store","colls":[{"source":"books","target":"tomes"}]}],
        "filter":{"store":{"colls":["*"]}}}}"#;
    assert_eq!(named(body).unwrap(), ["shop.books:store.tomes"]);
}

#[test]
fn a_plan_that_cannot_be_done_is_refused() {
    for (plan, code) in [
        (r#"[{"source":"","target":"b"}]"#, Code::ParameterError),
        (
            r#"[{"source":"shop","target":"b","colls":[{"source":"a","target":""}]}]"#,
            Code::ParameterError,
        ),
        (
            r#"[{"source":"shop","target":"b","colls":[{"source":"none","target":"x"}]}]"#,
            Code::ParameterError,
        ),
        (
            r#"[{"source":"shop","target":"a"},{"source":"shop","target":"b"}]"#,
            Code::NotSupport,
        ),
    ] {
        let body = format!(r#"{{"restorePlan":{{"mapping":{plan}}}}}"#);
        assert_eq!(named(&body).unwrap_err().code, code, "{plan}");
    }
}

#[test]
fn what_is_not_there_or_leaves_nothing_is_refused() {
    for body in [
        r#"{"collection_names":["nowhere"]}"#,
        r#"{"db_collections":{}}"#,
        r#"{"db_collections_after_rename":{"elsewhere":[]}}"#,
    ] {
        assert_eq!(
            named(body).unwrap_err().code,
            Code::ParameterError,
            "{body}"
        );
    }
}
