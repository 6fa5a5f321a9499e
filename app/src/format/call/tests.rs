//! Calls as a shell takes them: their words are those of a real one, and their bodies are read back.

mod restore;

use std::process::Command;

use serde_json::{Value, json};

use super::*;

const CLUSTER: &str = "in01-0123456789abcde";
const OTHER: &str = "in01-edcba9876543210";
const BACKUP: &str = "/clusters/in01-0123456789abcde/backups/backup0_1";

fn known() -> Known {
    let cluster = |name: &str, id: &str| KnownCluster {
        name: name.to_owned(),
        id: ClusterId::new(id),
        project_id: ProjectId::default(),
    };
    Known {
        origin: "http://localhost:8790".to_owned(),
        clusters: vec![cluster("demo", CLUSTER), cluster("予備 2", OTHER)],
        integrations: vec![("書庫".to_owned(), IntegrationId::new("integ-1"))],
        ..Known::of(&ClusterId::new(CLUSTER))
    }
}

/// A backup of a whole cluster that held these: name, whether it was loaded, whether it had an alias.
fn holding(collections: &[(&str, bool, bool)]) -> Known {
    let collections = collections
        .iter()
        .map(|(name, loaded, aliased)| HeldCollection {
            name: name.parse().expect("a name"),
            loaded: *loaded,
            aliased: *aliased,
        });
    Known {
        held: Held {
            whole: true,
            collections: collections.collect(),
        },
        ..known()
    }
}

/// The words that a shell makes of what follows `curl`.
fn words(call: &str) -> Vec<String> {
    let arguments = call.strip_prefix("curl ").expect("it is a call");
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("printf '%s\\0' {arguments}"))
        .env("HOZON_API_KEY", "secret'\" key")
        .output()
        .expect("there is a shell");
    assert!(output.status.success(), "{call}");
    let text = String::from_utf8(output.stdout).expect("it is text");
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// Method with path, and the body.
fn sent(verb: Verb, form: &[(&str, &str)], known: &Known) -> Option<(String, Value)> {
    let fields = form
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let call = call(verb, &fields, known)?;
    let words = words(&call);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (method, url, body) = match words[..] {
        [
            "-X",
            method,
            url,
            "-H",
            "Authorization: Bearer secret'\" key",
        ] => (method, url, Value::Null),
        [
            "-X",
            method,
            url,
            "-H",
            "Authorization: Bearer secret'\" key",
            "-H",
            "Content-Type: application/json",
            "-d",
            body,
        ] => {
            let body = serde_json::from_str(body).expect("the body is JSON");
            (method, url, body)
        }
        _ => panic!("{call}"),
    };
    let path = url
        .strip_prefix("http://localhost:8790/v2")
        .expect("it is below /v2");
    Some((format!("{method} {path}"), body))
}

/// What is sent to the path, with this body.
fn to(request: &str, body: Value) -> (String, Value) {
    (request.to_owned(), body)
}

#[test]
fn a_backup_is_made_of_a_cluster_or_of_collections_of_one_database() {
    let create = |scope: &[(&str, &str)]| {
        let about = [("cluster", "予備 2"), ("name", ""), ("database", "shop")];
        sent(Verb::Create, &[&about[..], scope].concat(), &known())
    };
    let path = format!("POST /clusters/{OTHER}/backups/create");
    assert_eq!(
        create(&[("scope", "cluster"), ("collections[]", "default.a")]),
        Some(to(&path, json!({ "backupType": "CLUSTER" })))
    );
    assert_eq!(
        create(&[
            ("scope", "collections"),
            ("collections[]", "文書.記事"),
            ("collections[]", "文書.it's"),
        ]),
        Some(to(
            &path,
            json!({ "backupType": "COLLECTION",
                    "dbCollections": [{ "dbName": "文書", "collectionNames": ["記事", "it's"] }] })
        ))
    );
    assert_eq!(
        create(&[("scope", "collections")]),
        Some(to(
            &path,
            json!({ "backupType": "COLLECTION", "dbCollections": [] })
        )),
        "no choice is refused as the form is"
    );
}

#[test]
fn what_v2_has_no_word_for_has_no_call() {
    let create = |more: &[(&str, &str)]| {
        let about = [("cluster", "demo")];
        sent(Verb::Create, &[&about[..], more].concat(), &known())
    };
    assert!(create(&[("scope", "cluster")]).is_some());
    for more in [
        &[("name", "夜間"), ("scope", "cluster")][..],
        &[("scope", "database"), ("database", "shop")],
        &[
            ("scope", "collections"),
            ("collections[]", "default.a"),
            ("collections[]", "shop.b"),
        ],
    ] {
        assert_eq!(create(more), None, "{more:?}");
    }
    let gone = [("cluster", "gone"), ("scope", "cluster")];
    assert_eq!(sent(Verb::Create, &gone, &known()), None);
    assert_eq!(sent(Verb::AddRepository, &[], &known()), None);
    let export = [
        ("id", "backup0_1"),
        ("integration", "書庫"),
        ("format", "repository"),
    ];
    assert_eq!(sent(Verb::Export, &export, &known()), None);
}

#[test]
fn a_backup_is_named_by_its_cluster_and_itself() {
    let about = |verb, more: &[(&str, &str)]| {
        let id = [("id", "backup0_1")];
        sent(verb, &[&id[..], more].concat(), &known())
    };
    let (post, delete) = (format!("POST {BACKUP}"), format!("DELETE {BACKUP}"));
    assert_eq!(
        about(Verb::Verify, &[("level", "read")]),
        Some(to(&format!("{post}/verify"), json!({ "level": "read" })))
    );
    assert_eq!(
        about(Verb::Rename, &[("name", "毎日の'控え' \"1\" \\ $HOME")]),
        Some(to(
            &format!("{post}/rename"),
            json!({ "backupName": "毎日の'控え' \"1\" \\ $HOME" })
        ))
    );
    assert_eq!(
        about(Verb::Copy, &[("to", "大阪")]),
        Some(to(&format!("{post}/copy"), json!({ "regionId": "大阪" })))
    );
    assert_eq!(about(Verb::Delete, &[]), Some(to(&delete, Value::Null)));
    let exported = [
        ("provider", "s3"),
        ("integration", "書庫"),
        ("directory", "exports/2026"),
        ("format", "milvus-backup"),
    ];
    assert_eq!(
        about(Verb::Export, &exported),
        Some(to(
            &format!("{post}/export"),
            json!({ "integrationId": "integ-1", "directory": "exports/2026" })
        ))
    );
    assert_eq!(
        about(Verb::Export, &[("integration", "書庫"), ("directory", "")]),
        Some(to(
            &format!("{post}/export"),
            json!({ "integrationId": "integ-1" })
        ))
    );
    let nowhere = Known::default();
    assert_eq!(
        sent(Verb::Delete, &[("id", "backup0_1")], &nowhere),
        None,
        "without the cluster's identifier there is no path"
    );
    assert_eq!(
        sent(
            Verb::RemoveIntegration,
            &[("id", "integ-1"), ("integration", "書庫")],
            &known()
        ),
        Some(to("DELETE /storageIntegrations/integ-1", Value::Null))
    );
}

#[test]
fn an_adoption_is_said_by_identifiers() {
    let form = [
        ("integration", "書庫"),
        ("within", "exports"),
        ("directory", "exports/a"),
        ("backup", "backup0_9"),
        ("cluster", "予備 2"),
        ("name", "養子"),
    ];
    assert_eq!(
        sent(Verb::Adopt, &form, &known()),
        Some(to(
            "POST /backups/adopt",
            json!({ "integrationId": "integ-1", "directory": "exports/a", "archivedBackupId": "backup0_9",
                    "clusterId": OTHER, "backupName": "養子" })
        ))
    );
    let elsewhere =
        form.map(|(key, value)| (key, if key == "cluster" { "nothing" } else { value }));
    assert_eq!(sent(Verb::Adopt, &elsewhere, &known()), None);
}

#[test]
fn a_policy_is_said_where_it_is_one_of_v2() {
    let usual = [
        ("cluster", "demo"),
        ("kind", "weekly"),
        ("weekdays[]", "1"),
        ("weekdays[]", "4"),
        ("window", "on"),
        ("at", "23:30"),
        ("zone", "UTC"),
        ("keep_days", "14"),
        ("keep_last", "0"),
        ("keep_yearly", ""),
    ];
    let path = format!("POST /clusters/{CLUSTER}/backups/policy");
    assert_eq!(
        sent(Verb::Policy, &usual, &known()),
        Some(to(
            &path,
            json!({ "enabled": true, "frequency": "1,4", "startTime": "23:30-01:30", "retentionDays": 14 })
        ))
    );
    for (key, value) in [
        ("kind", "cron"),
        ("kind", "monthly"),
        ("window", ""),
        ("zone", "Asia/Tokyo"),
        ("at", "25:00"),
        ("keep_days", "31"),
        ("keep_days", "many"),
        ("keep_last", "3"),
        ("keep_yearly", "1"),
    ] {
        let other = usual.map(|(name, usual)| (name, if name == key { value } else { usual }));
        assert_eq!(sent(Verb::Policy, &other, &known()), None, "{key} {value}");
    }
    let copying = |days| {
        let copies = [
            ("copies[]", "大阪"),
            ("copy_names[]", "aws-us-west-2"),
            ("copy_days[]", ""),
            ("copy_names[]", "大阪"),
            ("copy_days[]", days),
        ];
        let sent = sent(Verb::Policy, &[&usual[..], &copies[..]].concat(), &known());
        sent.map(|(_, body)| body["crossRegionCopies"].clone())
    };
    assert_eq!(
        copying("30"),
        Some(json!([{ "regionId": "大阪", "retentionDays": 30 }]))
    );
    assert_eq!(copying("31"), None);
    assert_eq!(
        sent(Verb::PolicyOff, &[("cluster", "demo")], &known()),
        Some(to(&path, json!({ "enabled": false })))
    );
}

#[test]
fn an_address_that_a_shell_would_take_apart_is_quoted() {
    let known = Known {
        origin: "http://[::1]:8790".to_owned(),
        ..known()
    };
    let fields = vec![("id".to_owned(), "backup0_1".to_owned())];
    let call = call(Verb::Delete, &fields, &known).expect("there is a call");
    assert_eq!(words(&call)[2], format!("http://[::1]:8790/v2{BACKUP}"));
    assert!(call.contains("Bearer $HOZON_API_KEY"), "{call}");
}
