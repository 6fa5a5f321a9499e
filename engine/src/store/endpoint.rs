//! Which addresses Hozon lets a store be at.
//!
//! Whoever registers a store chooses where this server sends requests. The host's metadata service hands out the
//! host's own credentials and is never a store, under whatever name: so addresses are looked at when they are
//! typed, and again each time a name was resolved. Loopback and private addresses are where self-hosters keep
//! their stores; whoever runs Hozon for others switches them off.

use std::{
    error::Error as StdError,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{Error, ErrorCode, Result};

/// Names of the metadata service.
const METADATA_NAMES: [&str; 4] = [
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
];

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Metadata,
    Private,
    Public,
}

impl Reach {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) if is_metadata(v4) => Self::Metadata,
            IpAddr::V4(v4) => {
                let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
                if v4.is_private() || v4.is_loopback() || v4.is_unspecified() || shared {
                    Self::Private
                } else {
                    Self::Public
                }
            }
            IpAddr::V6(v6) if is_metadata_v6(v6) => Self::Metadata,
            IpAddr::V6(v6) => {
                if v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() {
                    Self::Private
                } else {
                    Self::Public
                }
            }
        }
    }
}

/// Link-local addresses, and those that clouds took for the same purpose.
fn is_metadata(v4: Ipv4Addr) -> bool {
    v4.is_link_local()
        || v4 == Ipv4Addr::new(100, 100, 100, 200)
        || v4 == Ipv4Addr::new(168, 63, 129, 16)
}

fn is_metadata_v6(v6: Ipv6Addr) -> bool {
    v6.is_unicast_link_local() || v6.segments()[..2] == [0xfd00, 0x0ec2]
}

/// An endpoint as an operator writes it.
///
/// # Errors
/// `InvalidInput` for what is no address of a service, holds credentials, or may not be reached.
pub(crate) fn parse(text: &str, private: bool) -> Result<Url> {
    let invalid = |why: &str| {
        Error::new(ErrorCode::InvalidInput, "storage endpoint")
            .because(why)
            .hint("write `http://host:port` or `https://host:port`")
    };
    let url = Url::parse(text).map_err(|_| invalid("it is not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "it holds credentials; they have settings of their own",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(invalid("it is not an address of HTTP or HTTPS"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it has more than a host, a port and a path"));
    }
    let reach = match url.host() {
        Some(Host::Ipv4(v4)) => Reach::of(v4.into()),
        Some(Host::Ipv6(v6)) => Reach::of(v6.into()),
        Some(Host::Domain(name)) => of_name(name),
        None => Reach::Public,
    };
    match reach {
        Reach::Metadata => Err(Error::new(ErrorCode::InvalidInput, "storage endpoint")
            .because("it is the metadata service of a host in the cloud")
            .hint("name the address of the store itself")),
        Reach::Private if !private => Err(Error::new(ErrorCode::InvalidInput, "storage endpoint")
            .because("it is a private address, and this server does not reach those")
            .hint("name a public address; or set `private_endpoints = true` under `[stores]`")),
        _ => Ok(url),
    }
}

fn of_name(name: &str) -> Reach {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if METADATA_NAMES.contains(&name.as_str()) {
        Reach::Metadata
    } else if name == "localhost" || name.ends_with(".localhost") {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Resolves names, and forgets the addresses that a store must not have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver {
    pub(super) private: bool,
}

impl Resolver {
    fn allows(self, address: IpAddr) -> bool {
        match Reach::of(address) {
            Reach::Metadata => false,
            Reach::Private => self.private,
            Reach::Public => true,
        }
    }

    async fn addresses(
        self,
        host: &str,
    ) -> std::result::Result<Vec<SocketAddr>, Box<dyn StdError + Send + Sync>> {
        let mut found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
        // This name is the machine's own way to its identity; as an endpoint it is refused when it is typed.
        if of_name(host) == Reach::Metadata {
            return Ok(found);
        }
        let some = !found.is_empty();
        found.retain(|address| self.allows(address.ip()));
        if some && found.is_empty() {
            return Err(format!("`{host}` leads to an address that must not be reached").into());
        }
        Ok(found)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let found = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str, private: bool) -> String {
        parse(text, private).unwrap_err().to_string()
    }

    #[test]
    fn the_metadata_service_is_no_store_however_it_is_written() {
        for text in [
            "http://169.254.169.254",
            "http://169.254.169.254:80/latest",
            "http://2852039166",
            "http://0xa9fea9fe",
            "http://[::ffff:169.254.169.254]",
            "http://[fd00:ec2::254]",
            "http://[fe80::1]",
            "http://169.254.170.2",
            "http://100.100.100.200",
            "http://168.63.129.16",
            "http://metadata.google.internal",
            "http://METADATA.google.internal./computeMetadata",
            "http://instance-data",
        ] {
            assert!(why(text, true).contains("metadata service"), "{text}");
        }
    }

    #[test]
    fn private_addresses_are_a_choice() {
        for text in [
            "http://127.0.0.1:9000",
            "http://localhost:9000",
            "http://10.1.2.3",
            "http://172.16.0.1",
            "http://192.168.1.1",
            "http://100.64.0.1",
            "http://0.0.0.0:9000",
            "http://[::1]:9000",
            "http://[fd12::1]:9000",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(parse(text, true).is_ok(), "{text}");
            assert!(why(text, false).contains("private address"), "{text}");
        }
        for text in ["https://s3.example.org", "http://203.0.113.7:9000"] {
            assert!(parse(text, false).is_ok(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_does_not_lead_to_a_refused_address() {
        let strict = Resolver { private: false };
        let error = strict.addresses("localhost").await.unwrap_err();
        assert!(error.to_string().contains("must not be reached"), "{error}");
        let open = Resolver { private: true };
        assert!(!open.addresses("localhost").await.unwrap().is_empty());
        let error = open.addresses("169.254.169.254").await.unwrap_err();
        assert!(error.to_string().contains("must not be reached"), "{error}");
    }
}
