//! milvus-backup's configuration, taken over from a file as somebody has it who used milvus-backup before.

use std::fs;

use serde_json::Value;

use crate::{story::Milvus, world::World};

#[test]
fn milvus_backups_configuration_is_taken_over_once() {
    let (world, milvus) = (World::new(), Milvus::local());
    let facts = milvus.registration("x");
    let (address, user, password_file, storage) = (facts[4], facts[6], facts[8], facts[10]);
    let (host, port) = address
        .strip_prefix("http://")
        .and_then(|address| address.rsplit_once(':'))
        .unwrap();
    let root = storage.strip_prefix("file://").unwrap();
    let password = fs::read_to_string(password_file).unwrap();
    let password = password.trim();
    let backups = world.file("place", "").with_file_name("backups");
    fs::create_dir(&backups).unwrap();
    let text = format!(
        "configVersion: v2\n\
         milvus:\n  user: {user}\n  password: '{password}'\n  grpc:\n    address: {host}\n    port: {port}\n  \
         storage:\n    provider: local\n    rootPath: {root}\n\
         backup:\n  storage:\n    provider: local\n    rootPath: {}\n  pauseGC: true\n",
        backups.display()
    );
    let file = world.file("backup.yaml", &text);
    let settings = world.file("place", "").with_file_name("new.toml");
    let import = [
        "config",
        "import",
        file.to_str().unwrap(),
        "--settings",
        settings.to_str().unwrap(),
    ];

    let planned = world.json(&[&import[..], &["--dry-run"]].concat());
    assert_eq!(planned["cluster"]["outcome"], "planned", "{planned}");
    assert_eq!(planned["settings"]["outcome"], "planned");
    assert_eq!(planned["left"][0]["key"], "backup.pauseGC");
    assert_eq!(planned["left"][0]["source"]["line"], 15);
    assert_eq!(world.json(&["cluster", "list"]), serde_json::json!([]));
    assert_eq!(world.json(&["integration", "list"]), serde_json::json!([]));
    assert!(!settings.exists());

    let made = world.json(&import);
    for part in ["cluster", "integration", "settings"] {
        assert_eq!(made[part]["outcome"], "made", "{made}");
    }
    assert_eq!(made["cluster"]["address"], address);
    let cluster = world.json(&["cluster", "check", "milvus"]);
    assert!(
        !cluster.to_string().contains(r#""outcome":"failed""#),
        "{cluster}"
    );
    world.json(&["integration", "check", "milvus-backup"]);
    let set = fs::read_to_string(&settings).unwrap();
    assert!(set.contains("backups-hozon\"") && set.contains("cluster = \"milvus\""));
    world.json(&["--config", settings.to_str().unwrap(), "backup", "list"]);

    let again = world.json(&import);
    for part in ["cluster", "integration", "settings"] {
        assert_eq!(again[part]["outcome"], "there", "{again}");
    }
    assert_eq!(again["cluster"]["id"], made["cluster"]["id"]);
    for action in ["cluster", "integration"] {
        let audit = world.json(&["audit", "list", "--action", action]);
        assert_eq!(audit["total"], 1, "{audit}");
    }
    for document in [&planned, &made, &again] {
        assert!(!document.to_string().contains(password));
    }
    let told = world.hozon(&import).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(
        told.contains("there already") && told.contains("backup.pauseGC"),
        "{told}"
    );
    assert!(told.contains("(secret)") && !told.contains(password));

    let elsewhere = text.replace(root, "/nowhere/at/all");
    let elsewhere = world.file("elsewhere.yaml", &elsewhere);
    let import = ["config", "import", elsewhere.to_str().unwrap()];
    let (exit, refused) = world.refused(&import);
    assert_eq!(
        (exit, &refused["error"]["code"]),
        (4, &Value::from("cluster_name_taken"))
    );
}

#[test]
fn what_is_wrong_with_it_is_said_and_nothing_is_made() {
    let world = World::new();
    let wrong = "milvus:\n  address: milvus\n  prot: 19530\nminio:\n  port: none\n";
    let file = world.file("backup.yaml", wrong);
    let import = ["config", "import", file.to_str().unwrap()];
    let (exit, refused) = world.refused(&import);
    assert_eq!(
        (exit, &refused["error"]["code"]),
        (2, &Value::from("invalid_input"))
    );
    let detail = refused["error"]["detail"].as_str().unwrap();
    assert!(detail.contains("line 3: `milvus.prot`"), "{detail}");
    assert!(detail.contains("line 5: `minio.port`"), "{detail}");

    let settings = world.file("taken.toml", "port = 1\n");
    let file = world.file("backup.yaml", "milvus:\n  address: milvus\n");
    let import = ["config", "import", file.to_str().unwrap(), "--settings"];
    let import = [&import[..], &[settings.to_str().unwrap()]].concat();
    let (exit, refused) = world.refused(&import);
    assert_eq!(
        (exit, &refused["error"]["code"]),
        (2, &Value::from("invalid_input"))
    );
    assert_eq!(fs::read_to_string(&settings).unwrap(), "port = 1\n");
    assert_eq!(world.json(&["cluster", "list"]), serde_json::json!([]));
    assert_eq!(world.refused(&["config", "import", "nowhere.yaml"]).0, 2);
}
