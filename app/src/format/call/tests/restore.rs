//! Restores, as far as `/v2` can say them.

use hozon_model::ProjectId;
use serde_json::{Value, json};

use super::{BACKUP, CLUSTER, OTHER, holding, sent, to};
use crate::format::{call::Known, command::Verb};

/// What a form that restores sends.
fn restore(form: &[(&str, &str)], known: &Known) -> Option<(String, Value)> {
    let usual = [
        ("id", "backup0_1"),
        ("existing", "refuse"),
        ("indexes", "keep"),
        ("zone", "Asia/Tokyo"),
    ];
    sent(Verb::Restore, &[form, &usual[..]].concat(), known)
}

fn to_collections(body: Value) -> (String, Value) {
    to(&format!("POST {BACKUP}/restoreCollection"), body)
}

#[test]
fn everything_is_restored_without_naming_it_where_it_comes_back_unloaded() {
    let mixed = holding(&[("default.a", true, true), ("shop.b", false, false)]);
    let to_other = Some(to_collections(json!({ "destClusterId": OTHER })));
    let released = [("cluster", "予備 2"), ("load", "release")];
    assert_eq!(restore(&released, &mixed), to_other);
    let unloaded = holding(&[("default.a", false, false)]);
    let kept = [("cluster", "予備 2"), ("load", "keep")];
    assert_eq!(restore(&kept, &unloaded), to_other);
    assert_eq!(
        restore(&[("load", "release")], &mixed),
        Some(to_collections(json!({ "destClusterId": CLUSTER }))),
        "no cluster means that of the backup"
    );
}

#[test]
fn only_a_whole_cluster_comes_back_partly_loaded() {
    let mut mixed = holding(&[("default.a", true, true), ("shop.b", false, false)]);
    let kept = [("cluster", "予備 2"), ("load", "keep")];
    assert_eq!(
        restore(&kept, &mixed),
        Some(to(
            &format!("POST {BACKUP}/restoreCluster"),
            json!({ "projectId": ProjectId::DEFAULT, "clusterName": "予備 2", "cuSize": 1,
                    "collectionStatus": "KEEP" })
        ))
    );
    let elsewhere = [
        ("cluster", "予備 2"),
        ("load", "keep"),
        ("database", "attic"),
    ];
    assert_eq!(restore(&elsewhere, &mixed), None);
    mixed.held.whole = false;
    assert_eq!(restore(&kept, &mixed), None);
}

#[test]
fn chosen_collections_are_restored_under_the_names_they_get() {
    let loaded = holding(&[
        ("default.a", true, false),
        ("shop.b", true, false),
        ("shop.c", true, false),
        ("shop.d", false, true),
    ]);
    let form = [
        ("cluster", "demo"),
        ("load", "keep"),
        ("suffix", "_old"),
        ("renames", " shop.b:store.books ,"),
        ("collections[]", "default.a"),
        ("collections[]", "shop.b"),
        ("collections[]", "shop.c"),
    ];
    assert_eq!(
        restore(&form, &loaded),
        Some(to_collections(
            json!({ "destClusterId": CLUSTER, "dbCollections": [
            { "dbName": "default", "collections": [
                { "collectionName": "a", "destCollectionName": "a_old", "destCollectionStatus": "LOADED" }] },
            { "dbName": "shop", "destDbName": "store", "collections": [
                { "collectionName": "b", "destCollectionName": "books", "destCollectionStatus": "LOADED" }] },
            { "dbName": "shop", "collections": [
                { "collectionName": "c", "destCollectionName": "c_old", "destCollectionStatus": "LOADED" }] },
        ] })
        ))
    );
    let into_attic = [
        ("cluster", "demo"),
        ("load", "release"),
        ("database", "attic"),
        ("collections[]", "shop.c"),
        ("collections[]", "shop.d"),
    ];
    assert_eq!(
        restore(&into_attic, &loaded),
        Some(to_collections(
            json!({ "destClusterId": CLUSTER, "dbCollections": [
            { "dbName": "shop", "destDbName": "attic", "collections": [
                { "collectionName": "c", "destCollectionStatus": "UNLOADED" },
                { "collectionName": "d", "destCollectionStatus": "UNLOADED" }] },
        ] })
        ))
    );
}

#[test]
fn a_restore_that_v2_cannot_say_has_no_call() {
    let known = holding(&[("default.a", true, false), ("shop.b", true, true)]);
    assert!(restore(&[("cluster", "demo"), ("suffix", "")], &known).is_some());
    for (key, value) in [
        ("existing", "skip"),
        ("existing", "replace"),
        ("indexes", "auto"),
        ("until", "2026-11-21T09:00"),
        ("suffix", "_old"),
        ("renames", "shop.c:shop.d"),
        ("renames", "shop.b"),
        ("collections[]", "shop.c"),
        ("cluster", "gone"),
    ] {
        assert_eq!(
            restore(&[(key, value), ("cluster", "demo")], &known),
            None,
            "{key} {value}"
        );
    }
}
