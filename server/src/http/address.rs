//! The addresses by which people reach the console.

use std::net::SocketAddr;

use hozon_engine::accounts::Secret;
use url::Url;

use crate::config::Settings;

/// The console's address for people: the configured one, otherwise where it listens.
pub(crate) fn console(settings: &Settings, listen: SocketAddr) -> Url {
    settings.public_url.clone().unwrap_or_else(|| {
        let host = if listen.ip().is_unspecified() {
            "localhost".to_owned()
        } else {
            match listen.ip() {
                std::net::IpAddr::V4(ip) => ip.to_string(),
                std::net::IpAddr::V6(ip) => format!("[{ip}]"),
            }
        };
        let scheme = if settings.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Url::parse(&format!("{scheme}://{host}:{}/", listen.port()))
            .expect("an address and a port make a URL")
    })
}

/// The page that takes a one-time link.
pub(crate) fn welcome(console: &Url, secret: &Secret) -> String {
    format!(
        "{}/welcome/{}",
        console.as_str().trim_end_matches('/'),
        secret.reveal()
    )
}

/// The page of the first start.
pub(super) const SET_UP: &str = "/set-up";

/// That page, for whoever holds the token.
pub(crate) fn set_up(console: &Url, token: &Secret) -> String {
    format!(
        "{}{SET_UP}?token={}",
        console.as_str().trim_end_matches('/'),
        token.reveal()
    )
}

/// Whether a redirect may lead there: a path on this server, and nothing a browser takes for another host.
pub(crate) fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_local() {
        for path in ["/", "/backups?page=2", "/backups/毎日", "/jobs#log"] {
            assert!(is_local_path(path), "{path}");
        }
        for path in [
            "",
            "backups",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
        ] {
            assert!(!is_local_path(path), "{path}");
        }
    }
}
