//! What is set of the APIs and of the server that answers them.

use super::{file, load, refusal};
use crate::{
    config::Flags,
    http::{Limits, TlsFiles},
};

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
