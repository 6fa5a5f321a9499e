//! Projects, users, roles, keys, the audit and the secret key, as an operator without any Milvus meets them.

use std::fs;

use serde_json::Value;

use crate::world::World;

fn text<'a>(document: &'a Value, field: &str) -> &'a str {
    document[field].as_str().unwrap()
}

fn refused(world: &World, arguments: &[&str], exit: i32, code: &str) {
    let (status, document) = world.refused(arguments);
    assert_eq!(document["error"]["code"], code, "{arguments:?}: {document}");
    assert_eq!(status, exit, "{arguments:?}");
}

#[test]
fn a_project_from_the_beginning_to_the_end() {
    let world = World::new();
    let first = world.json(&["project", "list"]);
    assert_eq!(first[0]["name"], "default");
    let made = world.json(&["project", "create", "検索", "--plan", "enterprise"]);
    assert_eq!(made["plan"], "Enterprise");
    assert!(text(&made, "id").starts_with("proj-"));
    let edited = world.json(&["project", "edit", "検索", "--name", "search"]);
    assert_eq!(edited["id"], made["id"]);
    for (arguments, exit, code) in [
        (&["create", "search"][..], 4, "project_name_taken"),
        (&["create", "x", "--plan", "Gold"], 2, "invalid_input"),
        (&["show", "検索"], 3, "project_not_found"),
        (&["remove", "default"], 4, "project_in_use"),
    ] {
        refused(&world, &[&["project"], arguments].concat(), exit, code);
    }
    world.json(&["project", "remove", "search"]);
    let left = world.json(&["project", "list"]);
    assert_eq!(left.as_array().unwrap().len(), 1);
}

#[test]
fn users_roles_and_keys() {
    let world = World::new();
    world.json(&["project", "create", "search"]);
    let privileges = "backup:view,backup:verify";
    let role = world.json(&["role", "create", "checker", "--privilege", privileges]);
    assert_eq!(role["privileges"].as_array().unwrap().len(), 2);
    let alice = world.json(&["user", "add", "alice", "--role", "checker@search"]);
    assert_eq!(alice["grants"][0]["role"], "checker");
    for (arguments, exit, code) in [
        (
            &["role", "create", "bad", "--privilege", "backup:fly"][..],
            2,
            "invalid_input",
        ),
        (&["role", "remove", "checker"], 4, "role_in_use"),
        (&["user", "remove", "admin"], 4, "last_owner"),
        (
            &["user", "add", "bob", "--role", "read_only@nowhere"],
            3,
            "project_not_found",
        ),
    ] {
        refused(&world, arguments, exit, code);
    }
    for user in ["alice", "nobody"] {
        let off = ["user", "totp", "off", user];
        refused(&world, &off, 2, "invalid_input");
    }
    world.json(&["user", "grant", "alice", "--role", "read_only"]);
    world.json(&["role", "remove", "checker"]);

    let create = ["key", "create", "nightly", "--role", "read_write@search"];
    let made = world.json(&[&create[..], &["--days", "30"]].concat());
    let secret = text(&made, "secret").to_owned();
    assert!(secret.starts_with("hozon_"));
    let keys = world.json(&["key", "list"]);
    assert_eq!(keys[0]["name"], "nightly");
    assert!(!keys.to_string().contains(&secret));
    world.json(&["key", "remove", "nightly"]);
    let until = "2100-01-01T09:00[Asia/Tokyo]";
    let made = world.json(&[&create[..], &["--until", until]].concat());
    assert_eq!(made["expires_at"], "2100-01-01T00:00:00Z");
    let both = [&create[..], &["--until", until, "--days", "30"]].concat();
    refused(&world, &both, 2, "invalid_input");
    world.json(&["key", "remove", "nightly"]);
    refused(&world, &["key", "show", "nightly"], 3, "key_not_found");
    let sessions = world.json(&["user", "sessions"]);
    assert!(sessions.as_array().unwrap().is_empty());
}

#[test]
fn the_audit_is_proven_and_exported() {
    let world = World::new();
    world.json(&["project", "create", "search"]);
    let proof = world.json(&["audit", "verify"]);
    assert!(proof["lines"].as_u64().unwrap() >= 1);
    world.json(&["project", "remove", "search"]);
    let verify = ["audit", "verify", "--earlier"];
    world.json(&[&verify[..], &[text(&proof, "head")]].concat());
    refused(&world, &[&verify[..], &["abc"]].concat(), 6, "audit_broken");
    let page = world.json(&["audit", "list", "--action", "project"]);
    assert_eq!(page["total"], 2);
    assert_eq!(page["items"][1]["after"]["name"], "search");

    let file = world.file("taken.csv", "");
    let export = ["audit", "export", "--format", "csv", "--output"];
    let export = [&export[..], &[file.to_str().unwrap()]].concat();
    refused(&world, &export, 2, "invalid_input");
    fs::remove_file(&file).unwrap();
    world.json(&export);
    let csv = fs::read_to_string(&file).unwrap();
    assert!(csv.starts_with("id,at,actor,") && csv.contains("project.remove"));
    refused(&world, &["audit", "export"], 2, "invalid_input");
}

#[test]
fn the_secret_key_is_replaced() {
    let world = World::new();
    let exports = world.file("nothing", "").with_file_name("exports");
    fs::create_dir(&exports).unwrap();
    let url = format!("file://{}", exports.display());
    world.json(&["integration", "add", "exports", "--storage", &url]);
    assert_eq!(world.json(&["secrets", "rotate"])["secrets"], 1);
    world.json(&["integration", "check", "exports"]);

    let key = world.file("new.key", "this is no key\n");
    let rotate = ["secrets", "rotate", "--new-key-file", key.to_str().unwrap()];
    refused(&world, &rotate, 1, "secret_key_wrong");
    let line = format!("hozon-secret-key-1:{}\n", "5a".repeat(32));
    fs::write(&key, line).unwrap();
    world.json(&rotate);
    world.json(&["integration", "check", "exports"]);
    refused(&world, &rotate, 1, "secret_key_wrong");
}

#[test]
fn a_job_that_is_not_there_is_not_retried() {
    let world = World::new();
    refused(&world, &["job", "retry", "job-none"], 3, "job_not_found");
}
