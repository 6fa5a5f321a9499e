use std::{collections::HashMap, fs, path::Path};

use hozon_engine::{Entitlements, Rule, model::ProjectPlan, provisioning::Hook};
use tempfile::TempDir;

use hozon_engine::model::StorageCredentials;

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
fn paths_in_the_file_start_where_the_file_lies() {
    let (directory, path) = file(
        "data_dir = \"data\"\n[repository]\nurl = \"s3://backups/hozon\"\naccess_key = \"key\"\nsecret_key_file = \"s3.key\"\n",
    );
    fs::write(directory.path().join("s3.key"), "the secret\n").unwrap();
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let settings = load(&flags, &[]).unwrap();
    assert_eq!(settings.engine.data_dir, directory.path().join("data"));
    assert_eq!(
        settings.engine.repository.credentials,
        keys("key", "the secret")
    );
}

fn keys(access_key: &str, secret_key: &str) -> StorageCredentials {
    StorageCredentials::S3Keys {
        access_key: access_key.to_owned(),
        secret_key: secret_key.to_owned(),
        session_token: None,
    }
}

#[test]
fn the_store_s_url_says_what_a_secret_is() {
    let repository = |url: &str, more: &[(&str, &str)]| {
        let mut variables = vec![
            ("HOME", "/"),
            ("HOZON_REPOSITORY_URL", url),
            ("HOZON_REPOSITORY_SECRET_KEY", "hush"),
        ];
        variables.extend(more);
        load(&Flags::default(), &variables).map(|settings| settings.engine.repository.credentials)
    };
    let key = StorageCredentials::AzureKey { key: "hush".into() };
    assert_eq!(repository("az://account/container", &[]).unwrap(), key);
    let application = [
        ("HOZON_REPOSITORY_TENANT_ID", "t"),
        ("HOZON_REPOSITORY_CLIENT_ID", "c"),
    ];
    let client = repository("az://account/container", &application).unwrap();
    assert_eq!(format!("{client:?}"), "AzureClient(…)");
    let error = repository("az://account/container", &application[..1]).unwrap_err();
    assert!(error.to_string().contains("is missing"), "{error}");
    assert!(repository("file:///x", &[]).is_err());
}

#[test]
fn stores_on_this_network_are_allowed_until_that_is_switched_off() {
    let home = [("HOME", "/")];
    let default = load(&Flags::default(), &home).unwrap();
    assert!(default.engine.stores.private_endpoints);
    let (_directory, path) = file("[stores]\nprivate_endpoints = false\npatience_seconds = 5\n");
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let strict = load(&flags, &home).unwrap().engine.stores;
    assert!(!strict.private_endpoints);
    assert_eq!(strict.patience.as_secs(), 5);
    let again = [
        ("HOME", "/"),
        ("HOZON_STORES_PRIVATE_ENDPOINTS", "true"),
        ("HOZON_STORES_PATIENCE_SECONDS", "7"),
    ];
    let stores = load(&flags, &again).unwrap().engine.stores;
    assert!(stores.private_endpoints);
    assert_eq!(stores.patience.as_secs(), 7);
}

#[test]
fn bandwidth_is_not_limited_until_somebody_says_so() {
    let home = [("HOME", "/")];
    let default = load(&Flags::default(), &home).unwrap();
    assert_eq!(default.engine.stores.bandwidth_limit, None);
    let (_directory, path) = file("[transfer]\nbandwidth_limit = \"100 MB/s\"\n");
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let limit = |variables: &[(&str, &str)]| {
        let settings = load(&flags, variables).unwrap();
        settings.engine.stores.bandwidth_limit.unwrap().to_string()
    };
    assert_eq!(limit(&home), "100 MB/s");
    let variable = ("HOZON_TRANSFER_BANDWIDTH_LIMIT", "20 MiB/s");
    assert_eq!(limit(&[home[0], variable]), "20 MiB/s");
}

#[test]
fn a_public_address_with_tls_makes_cookies_secure() {
    let with = |url| {
        load(
            &Flags::default(),
            &[("HOME", "/"), ("HOZON_PUBLIC_URL", url)],
        )
        .unwrap()
    };
    assert!(with("https://hozon.example.org").behind_tls);
    assert!(!with("http://hozon.example.org").behind_tls);
    let forced = [("HOME", "/"), ("HOZON_BEHIND_TLS", "true")];
    assert!(load(&Flags::default(), &forced).unwrap().behind_tls);
}

#[test]
fn only_proxies_that_are_named_are_believed() {
    let trusted = |variables: &[(&str, &str)]| {
        let variables = [variables, &[("HOME", "/")]].concat();
        let settings = load(&Flags::default(), &variables).unwrap();
        let nets: Vec<String> = settings
            .trusted_proxies
            .iter()
            .map(ToString::to_string)
            .collect();
        nets.join(" ")
    };
    assert_eq!(trusted(&[]), "");
    assert_eq!(
        trusted(&[("HOZON_BEHIND_TLS", "true")]),
        "127.0.0.0/8 ::1/128"
    );
    assert_eq!(
        trusted(&[
            ("HOZON_BEHIND_TLS", "true"),
            ("HOZON_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7"),
        ]),
        "10.0.0.0/8 192.0.2.7/32"
    );
}

#[test]
fn what_the_server_takes_can_be_set() {
    let (directory, path) = file(
        "[server]\nconnections = 7\nbody_bytes = 2097152\nhsts_seconds = 0\n[server.tls]\ncertificate = \"server.pem\"\nkey = \"/keys/server.key\"\n",
    );
    let flags = Flags {
        config: Some(path),
        ..Flags::default()
    };
    let settings = load(&flags, &[("HOME", "/")]).unwrap();
    let expected = Limits {
        connections: 7,
        body_bytes: 2 * 1024 * 1024,
        hsts: std::time::Duration::ZERO,
        ..Limits::default()
    };
    assert_eq!(settings.limits, expected);
    assert_eq!(settings.control_plane.largest_body, 2 * 1024 * 1024);
    let tls = TlsFiles {
        certificate: directory.path().join("server.pem"),
        key: "/keys/server.key".into(),
    };
    assert_eq!(settings.tls, Some(tls));
}

#[test]
fn no_secret_shows_in_debug() {
    let variables = [
        ("HOME", "/"),
        ("HOZON_REPOSITORY_URL", "s3://bucket"),
        ("HOZON_REPOSITORY_ACCESS_KEY", "the access key"),
        ("HOZON_REPOSITORY_SECRET_KEY", "the secret key"),
    ];
    let settings = load(&Flags::default(), &variables).unwrap();
    let keys = keys("the access key", "the secret key");
    assert_eq!(settings.engine.repository.credentials, keys);
    assert!(!format!("{settings:?}").contains("secret key\""));
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

#[test]
fn clusters_are_made_by_a_service_or_by_a_program_and_not_by_both() {
    let load_file = |text: &str, variables: &[(&str, &str)]| {
        let (directory, path) = file(text);
        fs::write(directory.path().join("p.secret"), "hush, hush and hush\n").unwrap();
        let flags = Flags {
            config: Some(path),
            data_dir: Some("/data".into()),
            ..Flags::default()
        };
        load(&flags, variables).map(|settings| (directory, settings.engine.provisioning))
    };
    assert!(load_file("", &[]).unwrap().1.is_none());

    let service = "[provisioning]\nurl = \"http://127.0.0.1:9\"\nsecret_file = \"p.secret\"\n";
    let found = load_file(service, &[]).unwrap().1.unwrap();
    assert!(
        matches!(&found.hook, Hook::Service { secret, .. } if secret.reveal() == "hush, hush and hush")
    );
    assert_eq!(
        (found.answer.as_secs(), found.deadline.as_secs()),
        (60, 1800)
    );
    assert!(!format!("{found:?}").contains("hush"));
    let variables = [
        ("HOZON_PROVISIONING_URL", "https://hook.example.org"),
        ("HOZON_PROVISIONING_SECRET", "another that is long"),
    ];
    let timed = format!("{service}answer_seconds = 5\ndeadline_seconds = 7\n");
    let found = load_file(&timed, &variables).unwrap().1.unwrap();
    assert!(matches!(&found.hook, Hook::Service { url, secret }
        if url.as_str() == "https://hook.example.org/" && secret.reveal() == "another that is long"));
    assert_eq!((found.answer.as_secs(), found.deadline.as_secs()), (5, 7));

    let program = "[provisioning]\ncommand = [\"make-milvus\", \"--production\"]\n";
    let (directory, found) = load_file(program, &[]).unwrap();
    let Some(Hook::Program { path, arguments }) = found.map(|found| found.hook) else {
        panic!("it is a program");
    };
    assert_eq!(path, directory.path().join("make-milvus"));
    assert_eq!(arguments, ["--production"]);

    for (wrong, part) in [
        (
            format!("{service}command = [\"x\"]\n"),
            "both `url` and `command`",
        ),
        (
            "[provisioning]\ncommand = []\n".to_owned(),
            "names no program",
        ),
        (
            "[provisioning]\ncommand = [\"\"]\n".to_owned(),
            "names no program",
        ),
        (
            "[provisioning]\nurl = \"http://127.0.0.1:9\"\n".to_owned(),
            "needs a secret",
        ),
        (service.replace("http:", "ftp:"), "no address of HTTP"),
        (
            format!("[stores]\nprivate_endpoints = false\n{service}"),
            "private address",
        ),
        (
            format!("{service}answer_seconds = 0\n"),
            "between 1 and 600",
        ),
        (
            format!("{service}deadline_seconds = 90000\n"),
            "between 1 and 86400",
        ),
    ] {
        let why = load_file(&wrong, &[]).unwrap_err().to_string();
        assert!(why.contains(part), "{wrong}: {why}");
    }
    let short = [("HOZON_PROVISIONING_SECRET", "short")];
    let why = load_file(service, &short).unwrap_err().to_string();
    assert!(
        why.contains("needs a secret") && !why.contains("short"),
        "{why}"
    );
}

#[test]
fn how_often_a_key_may_ask_can_be_set_and_is_never_nothing() {
    let home = ("HOME", "/home/me");
    let variable = "HOZON_CONTROL_PLANE_PER_SECOND";
    let plain = load(&Flags::default(), &[home]).unwrap();
    assert_eq!(plain.control_plane.requests_per_second.get(), 20);
    let set = load(&Flags::default(), &[home, (variable, "500")]).unwrap();
    assert_eq!(set.control_plane.requests_per_second.get(), 500);
    for wrong in ["0", "-1", "often"] {
        let error = load(&Flags::default(), &[home, (variable, wrong)]).unwrap_err();
        assert!(error.to_string().contains(variable), "{error}");
    }
    let zero = refusal("[control_plane]\nrequests_per_second = 0\n", &[]);
    assert!(zero.contains("line 2"), "{zero}");
}

#[test]
fn milvus_backups_api_is_off_until_it_is_asked_for() {
    let home = [("HOME", "/home/me")];
    let plain = load(&Flags::default(), &home).unwrap();
    assert!(plain.compat_milvus_backup.is_none());

    let mut flags = Flags {
        compat_milvus_backup: true,
        ..Flags::default()
    };
    let compat = load(&flags, &home).unwrap();
    assert_eq!(compat.listen.port(), 8080);
    assert!(compat.compat_milvus_backup.unwrap().key.is_none());
    flags.port = Some(9000);
    assert_eq!(load(&flags, &home).unwrap().listen.port(), 9000);

    let keys = [
        home[0],
        ("HOZON_COMPAT_MILVUS_BACKUP", "true"),
        ("HOZON_COMPAT_KEY", "hush"),
    ];
    let both = load(&Flags::default(), &keys).unwrap();
    assert_eq!(both.listen.port(), 8790);
    assert!(both.compat_milvus_backup.as_ref().unwrap().key.is_some());
    assert!(!format!("{both:?}").contains("hush"));
}

#[test]
fn an_identity_provider_is_asked_over_tls_and_knows_where_to_send_people_back() {
    let home = ("HOME", "/home/me");
    let public = ("HOZON_PUBLIC_URL", "https://hozon.example.org");
    let client = ("HOZON_OIDC_CLIENT_ID", "hozon");
    let with = |issuer, more: &[(&str, &str)]| {
        let variables = [&[home, ("HOZON_OIDC_ISSUER", issuer)][..], more].concat();
        load(&Flags::default(), &variables).map(|settings| settings.oidc)
    };
    assert!(
        load(&Flags::default(), &[home, public])
            .unwrap()
            .oidc
            .is_none()
    );
    for issuer in [
        "https://login.example.org/realms/a",
        "http://localhost:9400",
        "http://127.0.0.1:9400",
        "http://[::1]:9400",
    ] {
        let options = with(issuer, &[public, client]).unwrap().unwrap();
        assert_eq!(options.issuer, issuer);
        assert!(!options.let_in_unknown && options.roles.is_empty());
    }
    for issuer in ["http://login.example.org", "ftp://localhost", "login"] {
        assert!(with(issuer, &[public, client]).is_err(), "{issuer}");
    }
    let issuer = "https://login.example.org";
    assert!(with(issuer, &[client]).is_err(), "without `public_url`");
    assert!(with(issuer, &[public]).is_err(), "without `client_id`");
}
