//! What is set, and where it is set.

mod apis;
mod provisioning;
mod stores;

use std::{collections::HashMap, fs, path::Path};

use hozon_engine::{Entitlements, Rule, model::ProjectPlan};
use tempfile::TempDir;

use super::*;

/// A directory with a configuration file in it.
fn file(text: &str) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hozon.toml");
    fs::write(&path, text).unwrap();
    (directory, path)
}

fn load(flags: &Flags, variables: &[(&str, &str)]) -> Result<Settings, Error> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Settings::load_from(flags, |name| {
        variables.get(name).map(|value| (*value).to_owned())
    })
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    let (_directory, path) = file(text);
    let flags = Flags {
        config: Some(path.clone()),
        data_dir: Some("/data".into()),
        ..Flags::default()
    };
    let error = load(&flags, variables).unwrap_err();
    format!("{error} ({})", error.report().hint).replace(&path.display().to_string(), "hozon.toml")
}

#[test]
fn flags_win_over_environment_over_file_over_defaults() {
    let home = [("HOME", "/home/me")];
    let defaults = load(&Flags::default(), &home).unwrap();
    assert_eq!(
        defaults.engine.data_dir,
        Path::new("/home/me/.local/share/hozon")
    );
    assert_eq!(defaults.listen.to_string(), "127.0.0.1:8790");
    assert_eq!(
        defaults.engine.repository.location.url,
        "file:///home/me/.local/share/hozon/repository"
    );

    let (_directory, path) =
        file("port = 1\nbind = \"0.0.0.0\"\ndata_dir = \"/file\"\nworkers = 7\n");
    let mut flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let from_file = load(&flags, &home).unwrap();
    assert_eq!(from_file.listen.to_string(), "0.0.0.0:1");
    assert_eq!(from_file.engine.data_dir, Path::new("/file"));
    assert_eq!(from_file.engine.workers, 7);

    let variables = [
        ("HOZON_PORT", "2"),
        ("HOZON_DATA_DIR", "/variable"),
        ("HOZON_WORKERS", "8"),
    ];
    let from_environment = load(&flags, &variables).unwrap();
    assert_eq!(from_environment.listen.to_string(), "0.0.0.0:2");
    assert_eq!(from_environment.engine.data_dir, Path::new("/variable"));
    assert_eq!(from_environment.engine.workers, 8);

    flags.port = Some(3);
    flags.bind = Some("127.0.0.2".parse().unwrap());
    flags.data_dir = Some("/flag".into());
    let from_flags = load(&flags, &variables).unwrap();
    assert_eq!(from_flags.listen.to_string(), "127.0.0.2:3");
    assert_eq!(from_flags.engine.data_dir, Path::new("/flag"));
}

#[test]
fn the_rules_are_those_of_a_profile_and_what_is_set_otherwise() {
    let table = |text: &str, variables: &[(&str, &str)]| {
        let (_directory, path) = file(text);
        let flags = Flags {
            config: Some(path),
            data_dir: Some("/data".into()),
            ..Flags::default()
        };
        load(&flags, variables).unwrap().engine.entitlements
    };
    let vendor = "[entitlements]\nprofile = \"vendor\"\n";
    assert_eq!(table("", &[]), Entitlements::open());
    assert_eq!(table(vendor, &[]), Entitlements::vendor());
    let open = [("HOZON_PROFILE", "open")];
    assert_eq!(table(vendor, &open), Entitlements::open());
    let why = refusal("", &[("HOZON_PROFILE", "none")]);
    assert!(why.contains("neither"), "{why}");

    let own = format!(
        "{vendor}longest_retention_days = 90\n[entitlements.export]\nplans = [\"Standard\"]\n"
    );
    let found = table(&own, &[]);
    let expected = Entitlements {
        longest_retention_days: Some(90),
        export: Rule {
            plans: vec![ProjectPlan::Standard],
            ..Entitlements::vendor().export
        },
        ..Entitlements::vendor()
    };
    assert_eq!(found, expected);
    for wrong in [
        "[entitlements]\nlongest_retention_days = 0\n",
        "[entitlements.export]\nplans = [\"Gold\"]\n",
        "[entitlements.flight]\nplans = []\n",
    ] {
        assert!(!refusal(wrong, &[]).is_empty());
    }
}

#[test]
fn an_empty_variable_is_not_set() {
    let settings = load(
        &Flags::default(),
        &[
            ("HOME", "/home/me"),
            ("HOZON_PORT", ""),
            ("XDG_DATA_HOME", "/share"),
        ],
    )
    .unwrap();
    assert_eq!(settings.listen.port(), 8790);
    assert_eq!(settings.engine.data_dir, Path::new("/share/hozon"));
}

#[test]
fn what_is_not_acceptable_is_named() {
    let refusals = [
        refusal("prot = 8790\n", &[]),
        refusal("port = 8790\n[repository]\nsecret_key = \"x\"\n", &[]),
        refusal("port = \"many\"\n", &[]),
        refusal("port 8790\n", &[]),
        refusal("workers = 0\n", &[]),
        refusal("lease_seconds = 0\n", &[]),
        refusal("[stores]\npatience_seconds = 0\n", &[]),
        refusal("[stores]\nprivate_endpoints = \"some\"\n", &[]),
        refusal("[transfer]\nbandwidth_limit = \"much\"\n", &[]),
        refusal("[transfer]\nbandwidth_limit = \"5 kB/s\"\n", &[]),
        refusal("", &[("HOZON_STORES_PRIVATE_ENDPOINTS", "no")]),
        refusal("[server]\nconnections = 0\n", &[]),
        refusal("[server]\nheader_bytes = 100\n", &[]),
        refusal("[server]\nbody_seconds = 3601\n", &[]),
        refusal("[server]\ntrusted_proxies = [\"10.0.0.0/33\"]\n", &[]),
        refusal("[server.tls]\nkey = \"server.key\"\n", &[]),
        refusal("public_url = \"hozon\"\n", &[]),
        refusal("public_url = \"https://example.org/hozon\"\n", &[]),
        refusal("", &[("HOZON_BIND", "everywhere")]),
        refusal("[repository]\nsecret_key_file = \"/nowhere/s3.key\"\n", &[]),
        load(&Flags::default(), &[]).unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn the_example_has_every_key_and_is_accepted() {
    let (directory, path) = file(EXAMPLE);
    for name in ["s3.key", "compat.key", "oidc.secret"] {
        fs::write(directory.path().join(name), "hush").unwrap();
    }
    let signing = directory.path().join("provisioning.secret");
    fs::write(signing, "hush, hush and hush").unwrap();
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let settings = load(&flags, &[]).unwrap();
    assert!(settings.behind_tls);
    let compat = settings.compat_milvus_backup.unwrap();
    assert_eq!(compat.cluster.as_deref(), Some("main"));
    assert!(compat.key.is_some());
    assert_eq!(settings.control_plane.region, "self-hosted");
    assert_eq!(settings.control_plane.requests_per_second.get(), 20);
    let oidc = settings.oidc.unwrap();
    assert_eq!(oidc.console.as_str(), "https://hozon.example.org/");
    assert_eq!(oidc.roles["search-team"].len(), 2);
    assert!(!format!("{oidc:?}").contains("hush"));
    assert_eq!(settings.engine.lease.as_secs(), 15);
    let table: toml::Table = toml::from_str(EXAMPLE).unwrap();
    let unknown = refusal("[repository]\nnothing = 1\n", &[])
        + &refusal("[stores]\nnothing = 1\n", &[])
        + &refusal("[transfer]\nnothing = 1\n", &[])
        + &refusal("[provisioning]\nnothing = 1\n", &[])
        + &refusal("[server]\nnothing = 1\n", &[])
        + &refusal("[server.tls]\nnothing = 1\n", &[])
        + &refusal("[compat_milvus_backup]\nnothing = 1\n", &[])
        + &refusal("[control_plane]\nnothing = 1\n", &[])
        + &refusal("[oidc]\nnothing = 1\n", &[])
        + &refusal("nothing = 1\n", &[]);
    for key in unknown
        .split('`')
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !word.is_empty())
    {
        let known = table.contains_key(key)
            || table["repository"].get(key).is_some()
            || table["stores"].get(key).is_some()
            || table["transfer"].get(key).is_some()
            || table["provisioning"].get(key).is_some()
            || table["server"].get(key).is_some()
            || table["server"]["tls"].get(key).is_some()
            || table["compat_milvus_backup"].get(key).is_some()
            || table["control_plane"].get(key).is_some()
            || table["oidc"].get(key).is_some()
            || EXAMPLE.contains(&format!("# {key} = "));
        assert!(known || key == "nothing", "the example lacks `{key}`");
    }
}
