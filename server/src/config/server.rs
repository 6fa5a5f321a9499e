//! The configuration's `[server]`: what the HTTP server takes, for how long, from whom, and its certificate.

use std::{net::IpAddr, ops::RangeInclusive, path::PathBuf, time::Duration};

use hozon_engine::Error;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Deserialize;

use super::{
    resolve::{Environment, path},
    unacceptable,
};
use crate::http::{Limits, TlsFiles};

const CONNECTIONS: RangeInclusive<u64> = 1..=100_000;
/// The HTTP parser's own buffer is never smaller.
const HEADER_BYTES: RangeInclusive<u64> = 8 * 1024..=1024 * 1024;
const BODY_BYTES: RangeInclusive<u64> = 64 * 1024..=64 * 1024 * 1024;
const SECONDS: RangeInclusive<u64> = 1..=3600;
/// Two years, the most that browsers are ever asked for.
const HSTS_SECONDS: RangeInclusive<u64> = 0..=63_072_000;

/// The table as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) connections: Option<u64>,
    pub(super) header_bytes: Option<u64>,
    pub(super) header_seconds: Option<u64>,
    pub(super) body_bytes: Option<u64>,
    pub(super) body_seconds: Option<u64>,
    pub(super) write_seconds: Option<u64>,
    pub(super) answer_seconds: Option<u64>,
    pub(super) shutdown_seconds: Option<u64>,
    pub(super) hsts_seconds: Option<u64>,
    pub(super) tls: Tls,
}

/// Its `[server.tls]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Tls {
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// The limits that are set, and the defaults of the others.
pub(super) fn limits(file: &Contents) -> Result<Limits, Error> {
    let mut limits = Limits::default();
    for (name, range, given, limit) in [
        (
            "connections",
            CONNECTIONS,
            file.connections,
            &mut limits.connections,
        ),
        (
            "header_bytes",
            HEADER_BYTES,
            file.header_bytes,
            &mut limits.header_bytes,
        ),
        (
            "body_bytes",
            BODY_BYTES,
            file.body_bytes,
            &mut limits.body_bytes,
        ),
    ] {
        if let Some(given) = given {
            *limit = usize::try_from(within(name, &range, given)?)
                .map_err(|error| unacceptable(name, error.to_string()))?;
        }
    }
    for (name, range, given, limit) in [
        (
            "header_seconds",
            SECONDS,
            file.header_seconds,
            &mut limits.header_time,
        ),
        (
            "body_seconds",
            SECONDS,
            file.body_seconds,
            &mut limits.body_time,
        ),
        (
            "write_seconds",
            SECONDS,
            file.write_seconds,
            &mut limits.write_time,
        ),
        (
            "answer_seconds",
            SECONDS,
            file.answer_seconds,
            &mut limits.answer_time,
        ),
        (
            "shutdown_seconds",
            SECONDS,
            file.shutdown_seconds,
            &mut limits.shutdown_time,
        ),
        (
            "hsts_seconds",
            HSTS_SECONDS,
            file.hsts_seconds,
            &mut limits.hsts,
        ),
    ] {
        if let Some(given) = given {
            *limit = Duration::from_secs(within(name, &range, given)?);
        }
    }
    Ok(limits)
}

fn within(name: &str, range: &RangeInclusive<u64>, given: u64) -> Result<u64, Error> {
    if range.contains(&given) {
        return Ok(given);
    }
    let (least, most) = (range.start(), range.end());
    Err(unacceptable(
        name,
        format!("{given} is not between {least} and {most}"),
    ))
}

/// Certificate and key: both or neither.
pub(super) fn tls(environment: Environment<'_>, file: Tls) -> Result<Option<TlsFiles>, Error> {
    let certificate = path(
        environment,
        "HOZON_SERVER_TLS_CERTIFICATE",
        file.certificate,
    )?;
    let key = path(environment, "HOZON_SERVER_TLS_KEY", file.key)?;
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (certificate, _) => {
            let missing = if certificate.is_some() {
                "key"
            } else {
                "certificate"
            };
            Err(
                unacceptable("server.tls", format!("`{missing}` is missing"))
                    .hint("name two PEM files: the certificates, the server's own first, and its private key"),
            )
        }
    }
}

/// The proxies whose word counts. Where none are named and a proxy is known to be there, those on this machine.
pub(super) fn trusted_proxies(
    environment: Environment<'_>,
    file: Option<Vec<String>>,
    behind_tls: bool,
) -> Result<Vec<IpNet>, Error> {
    let given = environment("HOZON_SERVER_TRUSTED_PROXIES")
        .map(|list| list.split(',').map(|net| net.trim().to_owned()).collect())
        .or(file);
    match given {
        Some(list) => list.iter().map(|text| network(text)).collect(),
        None if behind_tls => Ok(vec![
            IpNet::V4(Ipv4Net::new_assert([127, 0, 0, 0].into(), 8)),
            IpNet::V6(Ipv6Net::new_assert(std::net::Ipv6Addr::LOCALHOST, 128)),
        ]),
        None => Ok(Vec::new()),
    }
}

fn network(text: &str) -> Result<IpNet, Error> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| {
            unacceptable(
                "trusted_proxies",
                format!("`{text}` is neither an address nor a network"),
            )
            .hint("write it like `10.0.0.0/8` or `192.0.2.7`")
        })
}
