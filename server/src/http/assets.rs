//! Files that the browser needs: code, styles, icons.
//!
//! cargo-leptos may have put a hash into a file's name; only then may a browser keep the file
//! without asking. All others are asked for again each time, and answered with 304 where nothing
//! changed.

use std::path::{Path, PathBuf};

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use leptos::config::{Env, LeptosOptions};

/// The directory of the built site, and what leptos must know about it.
pub(super) fn options(site_root: Option<&Path>) -> LeptosOptions {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let site_root = site_root.map_or_else(find_site, Path::to_owned);
    let reload_port = set("LEPTOS_RELOAD_PORT")
        .and_then(|port| port.parse().ok())
        .unwrap_or(8791);
    let hash_files = hashes_belong_to(&site_root);
    if !site_root.join("pkg/hozon.css").is_file() && !hash_files {
        tracing::warn!(
            site = %site_root.display(),
            "the console's files are not there; pages will have no styles (build with cargo-leptos, or set LEPTOS_SITE_ROOT)"
        );
    }
    LeptosOptions::builder()
        .output_name("hozon")
        .site_root(site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .env(if set("LEPTOS_WATCH").is_some() {
            Env::DEV
        } else {
            Env::PROD
        })
        .reload_port(reload_port)
        .hash_files(hash_files)
        .build()
}

/// `site` beside the binary, or where cargo-leptos puts it: beside the profile's directory, or in
/// `target` of the current directory.
fn find_site() -> PathBuf {
    let beside = binary_dir();
    let candidates = [
        beside.join("site"),
        beside.join("../site"),
        PathBuf::from("target/site"),
    ];
    candidates
        .iter()
        .find(|path| path.is_dir())
        .unwrap_or(&candidates[0])
        .clone()
}

fn binary_dir() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(Path::to_owned))
        .unwrap_or_default()
}

/// Whether `hash.txt` beside the binary tells of files that are really in this site.
fn hashes_belong_to(site_root: &Path) -> bool {
    let Ok(hashes) = std::fs::read_to_string(binary_dir().join("hash.txt")) else {
        return false;
    };
    let mut names = hashes
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(kind, hash)| {
            site_root
                .join("pkg")
                .join(format!("hozon.{}.{}", hash.trim(), kind.trim()))
        });
    let mut any = false;
    names.all(|path| {
        any = true;
        path.is_file()
    }) && any
}

/// Says how long a browser may keep a file.
pub(super) async fn cache(request: Request, next: Next) -> Response {
    let immutable = has_hash(request.uri().path());
    let get = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = next.run(request).await;
    if get && (response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED) {
        let value = if immutable {
            HeaderValue::from_static("public, max-age=31536000, immutable")
        } else {
            HeaderValue::from_static("no-cache")
        };
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(value);
        // A proxy must not hand what was compressed before to who cannot read it.
        headers
            .entry(header::VARY)
            .or_insert(HeaderValue::from_static("accept-encoding"));
    }
    response
}

/// `hozon.<hash>.wasm`: the hash is 22 letters of URL-safe base64.
fn has_hash(path: &str) -> bool {
    let mut parts = path.rsplit('/').next().unwrap_or_default().rsplit('.');
    let known = matches!(parts.next(), Some("js" | "wasm" | "css"));
    known
        && path.starts_with("/pkg/")
        && parts.next().is_some_and(|hash| {
            hash.len() == 22
                && hash
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
        && parts.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hashed_name_is_kept_for_ever() {
        assert!(has_hash("/pkg/hozon.5z1pYwPPXzLzKhRG1hWPGw.wasm"));
        for path in [
            "/pkg/hozon.wasm",
            "/pkg/hozon.js",
            "/favicon.svg",
            "/pkg/5z1pYwPPXzLzKhRG1hWPGw.js",
            "/other/hozon.5z1pYwPPXzLzKhRG1hWPGw.js",
        ] {
            assert!(!has_hash(path), "{path}");
        }
    }
}
