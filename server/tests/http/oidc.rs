//! Signing in by a real OpenID Connect provider, and what others try on the way there and back.

use std::{
    collections::BTreeMap,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{body::Body, http::StatusCode};
use hozon_engine::{accounts::Secret, model::Role};
use hozon_server::{
    http::Site,
    oidc::{Door, Options},
};
use serde_json::{Value, json};
use url::Url;

use crate::world::{Answer, World, page, with_cookie};

const CONSOLE: &str = "https://hozon.example.org/";

/// A provider on a port of its own, as long as the test lasts.
struct Provider {
    process: Child,
    port: u16,
}

impl Provider {
    fn start(people: &[Value]) -> Self {
        let program = std::env::var("HOZON_TEST_OIDC")
            .unwrap_or_else(|_| panic!("HOZON_TEST_OIDC is not set: run `make test`"));
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string()]);
        for person in people {
            command.args(["--user-claims", &person.to_string()]);
        }
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut provider = Self { process, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(provider.process.try_wait().unwrap(), None, "it ended");
            assert!(start.elapsed() < Duration::from_secs(30), "it is too slow");
            std::thread::sleep(Duration::from_millis(50));
        }
        provider
    }

    fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody signs in there. Where that leads, as the console is asked for it.
    async fn authorize(&self, url: &str, form: &str) -> String {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let answer = client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .unwrap();
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        let path = back.strip_prefix(CONSOLE.trim_end_matches('/')).unwrap();
        path.to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn people() -> [Value; 2] {
    [
        json!({ "sub": "s-1", "preferred_username": "alice", "groups": ["search-team", "others"] }),
        json!({ "sub": "s-2", "preferred_username": "mallory" }),
    ]
}

async fn console(issuer: String, let_in_unknown: bool) -> World {
    let roles = BTreeMap::from([(
        "search-team".to_owned(),
        vec!["read_write@default".to_owned()],
    )]);
    let door = Door::new(Options {
        issuer,
        client_id: "hozon".to_owned(),
        client_secret: Some(Secret::new("hush")),
        scopes: vec!["profile".to_owned()],
        name: "Example".to_owned(),
        name_claim: "preferred_username".to_owned(),
        let_in_unknown,
        role_claim: "groups".to_owned(),
        roles,
        console: CONSOLE.parse().unwrap(),
    });
    World::with(Site {
        public_url: Some(CONSOLE.parse().unwrap()),
        behind_tls: true,
        oidc: Some(door.unwrap()),
        ..Site::default()
    })
    .await
}

async fn open(world: &World, path: &str, cookies: &str) -> Answer {
    let request = page(path).body(Body::empty()).unwrap();
    world.ask(with_cookie(request, cookies)).await
}

/// Leaves for the provider: its address, and the cookie that stays.
async fn leave(world: &World) -> (String, String) {
    let answer = open(world, "/oidc/sign-in?next=%2Fjobs%3Fpage%3D2", "a=b").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookie = answer.cookie("hozon_oidc").expect("a cookie");
    for attribute in [
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=600",
        "Path=/oidc",
        "; Secure",
    ] {
        assert!(cookie.contains(attribute), "{attribute}: {cookie}");
    }
    let pair = cookie.split(';').next().unwrap().to_owned();
    (answer.location().to_owned(), pair)
}

fn is_refused(answer: &Answer, why: &str) {
    let door = format!("/sign-in?provider={why}");
    assert!(
        answer.location().starts_with(&door),
        "{}",
        answer.location()
    );
    assert_eq!(answer.session(), None);
}

#[tokio::test]
async fn somebody_comes_in_with_what_the_provider_says_of_them() {
    let provider = Provider::start(&people());
    let world = console(provider.issuer(), true).await;
    let door = world
        .ask(page("/sign-in?next=%2Fjobs").body(Body::empty()).unwrap())
        .await;
    assert!(door.body.contains("/oidc/sign-in?next=%2Fjobs"));
    assert!(door.body.contains("Sign in with Example"), "{}", door.body);

    let (away, cookie) = leave(&world).await;
    let url: Url = away.parse().unwrap();
    assert_eq!(url.origin().ascii_serialization(), provider.issuer());
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["scope"], "openid profile");
    assert_eq!(
        query["redirect_uri"],
        "https://hozon.example.org/oidc/callback"
    );
    for random in ["state", "nonce", "code_challenge"] {
        assert!(query[random].len() >= 16, "{random}");
    }

    let back = provider.authorize(&away, "sub=s-1").await;
    // A session that somebody else chose does not become theirs.
    let chosen = "hozon_session=chosenbysomebodyelse";
    let answer = open(&world, &back, &format!("{cookie}; {chosen}")).await;
    assert_eq!(answer.location(), "/jobs?page=2");
    let session = answer.session().expect("a session");
    assert_ne!(session, chosen);
    let whole = answer.session_cookie().unwrap();
    assert!(whole.contains("HttpOnly") && whole.contains("; Secure"));
    let over = answer.cookie("hozon_oidc").expect("taken back");
    assert!(over.contains("Max-Age=0"), "{over}");
    assert_eq!(open(&world, "/jobs", &session).await.status, StatusCode::OK);
    assert_eq!(
        open(&world, "/jobs", chosen).await.location(),
        "/sign-in?next=%2Fjobs"
    );
    let alice = world.engine.user("alice").await.unwrap();
    assert!(alice.has_identity && !alice.has_password);
    assert_eq!(alice.grants.len(), 1);
    assert_eq!(alice.grants[0].role, Role::ReadWrite);
    assert!(alice.grants[0].scope.is_some());

    // The provider takes a code once.
    is_refused(&open(&world, &back, &cookie).await, "failed");
}

/// Whoever makes somebody's browser open an address gets them into no account but their own.
#[tokio::test]
async fn nobody_comes_back_who_did_not_leave() {
    let provider = Provider::start(&people());
    let world = console(provider.issuer(), true).await;
    let (away, theirs) = leave(&world).await;
    let (_, others) = leave(&world).await;
    assert_ne!(theirs, others);
    let back = provider.authorize(&away, "sub=s-2").await;
    for cookies in [
        "a=b",
        "hozon_oidc=",
        "hozon_oidc=e30",
        "hozon_oidc=!",
        others.as_str(),
    ] {
        let answer = open(&world, &back, cookies).await;
        is_refused(&answer, "failed");
        let over = answer.cookie("hozon_oidc").expect("taken back");
        assert!(over.contains("Max-Age=0"), "{over}");
    }
    for path in [
        "/oidc/callback",
        "/oidc/callback?code=x",
        "/oidc/callback?state=x&code=x",
        "/oidc/callback?error=access_denied%0Aforged",
    ] {
        is_refused(&open(&world, path, &theirs).await, "failed");
    }
    assert!(world.engine.user("mallory").await.is_err());
    // What was tried did not use their own way up.
    let answer = open(&world, &back, &theirs).await;
    assert!(answer.session().is_some());
}

#[tokio::test]
async fn who_is_not_known_is_not_let_in() {
    let provider = Provider::start(&people());
    let world = console(provider.issuer(), false).await;
    let (away, cookie) = leave(&world).await;
    let back = provider.authorize(&away, "sub=s-2").await;
    let answer = open(&world, &back, &cookie).await;
    is_refused(&answer, "refused");
    let said = open(&world, answer.location(), "a=b").await;
    assert!(said.body.contains("nobody lets you in"), "{}", said.body);
    assert!(world.engine.user("mallory").await.is_err());

    let (away, cookie) = leave(&world).await;
    let back = provider.authorize(&away, "action=deny").await;
    is_refused(&open(&world, &back, &cookie).await, "failed");
}

/// The console is there whether the provider is or not; and nothing somebody sends decides where it sends them.
#[tokio::test]
async fn a_provider_that_is_down_is_said_to_be() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let world = console(format!("http://127.0.0.1:{port}"), true).await;
    for next in [
        "%2Fjobs",
        "https%3A%2F%2Fevil.example%2F",
        "%2F%2Fevil.example",
    ] {
        let path = format!("/oidc/sign-in?next={next}");
        let answer = open(&world, &path, "a=b").await;
        is_refused(&answer, "failed");
        assert!(!answer.location().contains("evil"), "{}", answer.location());
    }
    let without = World::new().await;
    for path in ["/oidc/sign-in", "/oidc/callback?code=x&state=x"] {
        let answer = open(&without, path, "a=b").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let door = open(&without, "/sign-in", "a=b").await;
    assert!(!door.body.contains("/oidc/"), "{}", door.body);
}
