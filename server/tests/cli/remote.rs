//! The same commands against a server elsewhere: a real process, a real key, and the same words as on its own machine.

use std::{
    fs,
    io::BufReader,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::{Deserializer, Value};

use crate::{
    story::Milvus,
    world::{World, said},
};

/// Behind the names of what is restored from afar.
const SUFFIX: &str = "_cli_afar";

/// `hozon serve` in a home of its own, and somebody elsewhere who has a key for it.
struct Afar {
    /// The server's machine.
    there: World,
    /// Another one.
    here: World,
    key: PathBuf,
    url: String,
    child: Child,
}

impl Drop for Afar {
    fn drop(&mut self) {
        // A process that has ended cannot be killed again.
        let _dead = self.child.kill();
        let _waited = self.child.wait();
    }
}

impl Afar {
    fn new(role: &str) -> Self {
        Self::with(World::new(), role, &[])
    }

    fn with(there: World, role: &str, variables: &[(&str, &str)]) -> Self {
        let here = World::new();
        let made = there.json(&["key", "create", "afar", "--role", role]);
        let key = here.file("server.key", made["secret"].as_str().unwrap());
        let mut child = there
            .hozon(&["serve", "--port", "0", "--json"])
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let started: Value = Deserializer::from_reader(stdout)
            .into_iter()
            .next()
            .expect("an answer")
            .unwrap();
        let url = started["console"].as_str().unwrap().to_owned();
        Self {
            there,
            here,
            key,
            url,
            child,
        }
    }

    /// A command for the server.
    fn hozon(&self, arguments: &[&str]) -> Command {
        let mut command = self.here.hozon(arguments);
        command
            .args(["--server", &self.url, "--key-file"])
            .arg(&self.key);
        command
    }

    /// Its document, if it went well.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.hozon(arguments).arg("--json").output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The command says here what it says there: text, document and exit code.
    fn same(&self, arguments: &[&str]) {
        let plain: &[&str] = &[];
        for more in [plain, &["--json"]] {
            let arguments = [arguments, more].concat();
            assert_eq!(
                said(self.hozon(&arguments)),
                said(self.there.hozon(&arguments)),
                "{arguments:?}"
            );
        }
    }

    /// The command is refused, with this exit code and error.
    fn refused(&self, arguments: &[&str], exit: i32, code: &str) -> String {
        refused(&mut self.hozon(arguments), exit, code)
    }
}

fn refused(command: &mut Command, exit: i32, code: &str) -> String {
    let output = command.arg("--json").output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["error"]["code"], code, "{command:?}: {document}");
    assert_eq!(output.status.code(), Some(exit), "{command:?}");
    document.to_string()
}

#[test]
fn what_is_not_there_is_told_as_on_the_servers_machine() {
    let afar = Afar::new("organization_owner");
    for arguments in [
        &["cluster", "list"][..],
        &["backup", "list"],
        &["job", "list"],
        &["policy", "list"],
        &["cluster", "show", "nowhere"],
        &["backup", "show", "毎日/1"],
        &["backup", "delete", "nothing", "--yes"],
        &["backup", "list", "--cluster", "nowhere"],
        &["backup", "list", "--project", "nowhere"],
        &["job", "show", "job-none"],
        &["job", "cancel", "job-none"],
        &["job", "retry", "job-none"],
        &["job", "wait", "job-none"],
        &["policy", "show", "nowhere"],
        &["policy", "off", "nowhere"],
        &["policy", "set", "nowhere", "--daily"],
        &["backup", "create", "--cluster", "nowhere"],
        &["backup", "restore", "nothing", "--dry-run"],
        &["backup", "export", "nothing", "--integration", "nowhere"],
    ] {
        afar.same(arguments);
    }
}

#[test]
fn what_needs_the_servers_own_machine_is_refused() {
    let afar = Afar::new("organization_owner");
    for arguments in [
        &["user", "list"][..],
        &["key", "list"],
        &["audit", "verify"],
        &["admin", "link"],
        &["secrets", "rotate"],
        &["serve", "--port", "0"],
        &["cluster", "check", "production"],
        &["cluster", "remove", "production"],
    ] {
        let why = afar.refused(arguments, 2, "invalid_input");
        assert!(why.contains("the server's own machine"), "{why}");
    }
    let both = ["--data-dir", "/nowhere", "backup", "list"];
    let why = afar.refused(&both, 2, "invalid_input");
    assert!(why.contains("--data-dir"), "{why}");
    let named = afar.json(&["cluster", "list"]);
    assert!(named.as_array().unwrap().is_empty());
}

#[test]
fn the_environment_names_server_and_key() {
    let afar = Afar::new("read_only");
    let listed = said(
        afar.here
            .hozon(&["backup", "list"])
            .env("HOZON_SERVER", &afar.url)
            .env("HOZON_KEY_FILE", &afar.key),
    );
    assert_eq!(listed, said(afar.there.hozon(&["backup", "list"])));
    let secret = fs::read_to_string(&afar.key).unwrap();
    let mut by_key = afar.here.hozon(&["backup", "list", "--key", &secret]);
    assert_eq!(said(by_key.env("HOZON_SERVER", &afar.url)), listed);
    // What this machine has of its own is not touched.
    assert!(!afar.key.with_file_name(".local").exists());
}

#[test]
fn a_key_is_needed_and_told_to_nobody() {
    let afar = Afar::new("read_only");
    let server = ["--server", &afar.url];
    let bare = |arguments: &[&str]| afar.here.hozon(&[arguments, &server[..]].concat());
    refused(&mut bare(&["backup", "list"]), 2, "invalid_input");
    let wrong = ["backup", "list", "--key", "hozon_nobodyhasthisone"];
    refused(&mut bare(&wrong), 7, "key_refused");

    let elsewhere = ["--server", "http://hozon.invalid:8790"];
    let list = ["backup", "list", "--key", "hozon_hush"];
    let clear = [&list[..], &elsewhere].concat();
    let why = refused(&mut afar.here.hozon(&clear), 2, "invalid_input");
    assert!(why.contains("in the clear"), "{why}");
    let insecure = [&clear[..], &["--insecure"]].concat();
    refused(&mut afar.here.hozon(&insecure), 5, "server_unreachable");

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let list = ["backup", "list", "--key", "hozon_hush", "--server", &closed];
    refused(&mut afar.here.hozon(&list), 5, "server_unreachable");

    let secret = fs::read_to_string(&afar.key).unwrap();
    let loud = said(afar.hozon(&["backup", "list", "-vv"]));
    assert!(!loud.contains(&secret), "{loud}");
}

#[test]
fn tls_of_a_private_authority_is_trusted_where_it_is_given() {
    let there = World::new();
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let key = there.file("tls.key", &key.serialize_pem());
    let pem = there.file("tls.pem", &certificate.pem());
    let variables = [
        ("HOZON_SERVER_TLS_CERTIFICATE", pem.to_str().unwrap()),
        ("HOZON_SERVER_TLS_KEY", key.to_str().unwrap()),
    ];
    let mut afar = Afar::with(there, "read_only", &variables);
    assert!(afar.url.starts_with("https://127.0.0.1:"), "{}", afar.url);
    afar.url = afar.url.replace("127.0.0.1", "localhost");
    let list = ["cluster", "list"];
    afar.refused(&list, 5, "server_unreachable");
    let trusting = [&list[..], &["--server-ca-file", pem.to_str().unwrap()]].concat();
    assert_eq!(said(afar.hozon(&trusting)), said(afar.there.hozon(&list)));
    afar.url = afar.url.replace("https://", "http://");
    let why = afar.refused(&list, 5, "server_unreachable");
    assert!(why.contains("400"), "{why}");
}

#[test]
fn a_story_from_afar() {
    let milvus = Milvus::local();
    milvus.drop_restored(SUFFIX);
    let there = World::new();
    there.json(&milvus.registration("production"));
    let afar = Afar::with(there, "project_admin@default", &[]);
    afar.same(&["cluster", "list"]);
    afar.same(&["cluster", "show", "production"]);

    let create = [
        "backup",
        "create",
        "--cluster",
        "production",
        "--collections",
        "hello_milvus",
        "--name",
        "遠く",
    ];
    let plan = afar.json(&[&create[..], &["--dry-run"]].concat());
    assert_eq!(plan["collections"].as_array().unwrap().len(), 1);
    let made = afar.json(&create);
    assert_eq!(made["job"]["state"], "SUCCESSFUL");
    assert_eq!(made["job"]["created_by"], "key:afar");
    assert_eq!(made["backup"]["state"], "AVAILABLE");
    let job = made["job"]["id"].as_str().unwrap().to_owned();
    afar.refused(&create, 4, "backup_name_taken");

    let verified = afar.json(&["backup", "verify", "遠く", "--level", "read"]);
    assert_eq!(verified["backup"]["proof"]["level"], "read");
    let renamed = afar.json(&["backup", "rename", "遠く", "near"]);
    assert_eq!(renamed["name"], "near");
    let restore = ["backup", "restore", "near"];
    let suffix = ["--suffix", SUFFIX];
    let dry = [&restore[..], &suffix, &["--dry-run"]].concat();
    afar.same(&dry);
    afar.same(&restore);
    let restored = afar.json(&[&restore[..], &suffix].concat());
    assert_eq!(restored["job"]["kind"], "RESTORE");
    assert_eq!(milvus.drop_restored(SUFFIX), ["hello_milvus_cli_afar"]);

    for arguments in [
        &["backup", "list"][..],
        &["backup", "list", "--project", "default", "--sort", "size"],
        &["backup", "show", "near"],
        &["job", "list"],
        &["job", "list", "--kind", "verify"],
        &["job", "show", &job],
        &["job", "wait", &job],
        &["job", "wait", &job, "--follow-only"],
        &["job", "cancel", &job],
        &["job", "retry", &job],
        &["backup", "copy", "near", "--to", "nowhere"],
        &["backup", "export", "near", "--integration", "nowhere"],
        &["backup", "delete", "near", "--dry-run"],
        &["backup", "delete", "near"],
        &["policy", "show", "production"],
    ] {
        afar.same(arguments);
    }

    let set = ["policy", "set", "production", "--daily", "--at", "03:00"];
    let set = afar.json(&[&set[..], &["--time-zone", "Asia/Tokyo"]].concat());
    assert_eq!(set["policy"]["time_zone"], "Asia/Tokyo");
    let first = set["job"]["id"].as_str().unwrap();
    // It takes the whole cluster; it may have ended before it is told to stop.
    afar.hozon(&["job", "cancel", first]).output().unwrap();
    let ended = afar.hozon(&["job", "wait", first]).output().unwrap();
    assert!(matches!(ended.status.code(), Some(0 | 130)), "{ended:?}");
    afar.same(&["policy", "show", "production"]);
    afar.same(&["policy", "list"]);
    afar.json(&["policy", "off", "production"]);
    afar.refused(&["policy", "show", "production"], 3, "policy_not_found");

    let deleted = afar.json(&["backup", "delete", "near", "--yes"]);
    assert_eq!(deleted["job"]["state"], "SUCCESSFUL");
    afar.refused(&["backup", "show", "never"], 3, "backup_not_found");
}

#[test]
fn a_key_may_from_afar_what_its_role_may() {
    let milvus = Milvus::local();
    let there = World::new();
    there.json(&milvus.registration("production"));
    there.json(&["project", "create", "search"]);
    let afar = Afar::with(there, "read_only@default", &[]);
    afar.same(&["cluster", "list"]);
    for arguments in [
        &["backup", "create", "--cluster", "production"][..],
        &["backup", "create", "--cluster", "production", "--dry-run"],
        &["policy", "set", "production", "--daily"],
    ] {
        let why = afar.refused(arguments, 7, "permission_denied");
        assert!(why.contains("key:afar"), "{why}");
    }
    let other = afar
        .there
        .json(&["key", "create", "other", "--role", "read_only@search"]);
    fs::write(&afar.key, other["secret"].as_str().unwrap()).unwrap();
    let seen = afar.json(&["cluster", "list"]);
    assert!(seen.as_array().unwrap().is_empty(), "{seen}");
    afar.refused(&["cluster", "show", "production"], 7, "permission_denied");
}
