//! A console with a catalog of its own, and a client that sends what a browser would.

use std::{fs, net::SocketAddr};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, Response, StatusCode, header, request::Builder},
};
use hozon_engine::{Engine, EngineConfig};
use hozon_server::http::{Site, router};
use tempfile::TempDir;
use tower::ServiceExt;
use url::form_urlencoded;

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct World {
    directory: TempDir,
    pub(crate) engine: Engine,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Site::default()).await
    }

    pub(crate) async fn with(site: Site) -> Self {
        let world = Self::unclaimed(site).await;
        let made = world.engine.ensure_administrator(Some(PASSWORD)).await;
        assert!(made.unwrap());
        world
    }

    /// Where nobody has an account yet.
    pub(crate) async fn unclaimed(site: Site) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineConfig::local(directory.path().join("data")))
            .await
            .unwrap();
        let files = directory.path().join("site");
        fs::create_dir_all(files.join("pkg")).unwrap();
        let site = Site {
            files: Some(files),
            ..site
        };
        let router = router(&engine, &site);
        Self {
            directory,
            engine,
            router,
        }
    }

    /// What a server would serve.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Puts a file into the built site.
    pub(crate) fn file(&self, path: &str, bytes: &[u8]) {
        let file = self.directory.path().join("site").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.send(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// Signs in, and returns the cookie to send from now on.
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self
            .ask(form(
                "/api/sign_in",
                &[("name", "admin"), ("password", PASSWORD)],
            ))
            .await;
        answer.session().expect("a session")
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// The whole `Set-Cookie` of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let start = format!("{name}=");
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|cookie| cookie.to_str().unwrap().to_owned())
            .find(|cookie| cookie.starts_with(&start))
    }

    /// That of the session.
    pub(crate) fn session_cookie(&self) -> Option<String> {
        self.cookie("hozon_session")
    }

    /// `hozon_session=…`, as a browser sends it back.
    pub(crate) fn session(&self) -> Option<String> {
        let cookie = self.session_cookie()?;
        cookie
            .split(';')
            .next()
            .filter(|pair| !pair.ends_with('='))
            .map(str::to_owned)
    }
}

fn request(method: &str, path: &str) -> Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:8790")
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
}

/// Somebody opens a page.
pub(crate) fn page(path: &str) -> Builder {
    request("GET", path).header(header::ACCEPT, "text/html,application/xhtml+xml")
}

/// A program asks.
pub(crate) fn get(path: &str) -> Request<Body> {
    request("GET", path).body(Body::empty()).unwrap()
}

/// Somebody sends a form of the console, without a script's help.
pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    form_from("same-origin", path, fields)
}

pub(crate) fn form_from(site: &str, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    request("POST", path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", site)
        .body(Body::from(body))
        .unwrap()
}

pub(crate) fn with_cookie(mut request: Request<Body>, cookie: &str) -> Request<Body> {
    request
        .headers_mut()
        .insert(header::COOKIE, cookie.parse().unwrap());
    request
}
