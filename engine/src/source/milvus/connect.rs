//! Opens the channel: address, TLS, credentials.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use milvus::proto::milvus::milvus_service_client::MilvusServiceClient;
use tonic::{
    metadata::AsciiMetadataValue,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};

use super::{Client, MilvusAddress};
use crate::{Error, ErrorCode, Result};

/// Long enough for a far cluster; a person waits for it when registering one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Descriptions of collections with thousands of partitions and lists of segments are longer than gRPC's usual 4 MiB.
const LONGEST_ANSWER: usize = 512 * 1024 * 1024;

pub(super) async fn open(address: &MilvusAddress) -> Result<Client> {
    let endpoint = endpoint(address)?;
    let authorization = authorization(address)?;
    let connecting = tokio::time::timeout(CONNECT_TIMEOUT, endpoint.connect()).await;
    let channel: Channel = match connecting {
        Ok(Ok(channel)) => channel,
        Ok(Err(error)) => return Err(unreachable(address, error)),
        Err(_elapsed) => {
            return Err(Error::new(ErrorCode::ClusterUnreachable, &address.url)
                .because(format!(
                    "no connection within {} seconds",
                    CONNECT_TIMEOUT.as_secs()
                ))
                .hint("check host and port, and that no firewall is between"));
        }
    };
    Ok(Client {
        service: MilvusServiceClient::new(channel)
            .max_decoding_message_size(LONGEST_ANSWER)
            .max_encoding_message_size(LONGEST_ANSWER),
        address: address.url.clone(),
        authorization,
    })
}

fn endpoint(address: &MilvusAddress) -> Result<Endpoint> {
    let invalid = |why: String| {
        Error::new(ErrorCode::InvalidInput, "address")
            .because(why)
            .hint("write it as `http://host:19530`, or `https://…` where Milvus has TLS")
    };
    let url = url::Url::parse(&address.url)
        .map_err(|error| invalid(format!("`{}`: {error}", address.url)))?;
    let secure = match url.scheme() {
        "http" => false,
        "https" => true,
        other => return Err(invalid(format!("`{other}` is not a scheme Milvus speaks"))),
    };
    if url.host_str().is_none_or(str::is_empty) {
        return Err(invalid(format!("`{}` names no host", address.url)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(ErrorCode::InvalidInput, "address")
            .because("it holds a user or a password")
            .hint("give user and password in their own fields"));
    }
    let endpoint = Endpoint::from_shared(address.url.clone())
        .map_err(|error| invalid(format!("`{}`: {error}", address.url)))?
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .tcp_keepalive(Some(Duration::from_secs(30)))
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    if !secure {
        return Ok(endpoint);
    }
    endpoint
        .tls_config(tls(address)?)
        .map_err(|error| unreachable(address, error))
}

fn tls(address: &MilvusAddress) -> Result<ClientTlsConfig> {
    let Some(pem) = &address.ca_certificate else {
        return Ok(ClientTlsConfig::new().with_native_roots());
    };
    // A text without a certificate would be taken for an empty list of authorities, and every server refused.
    if !pem.contains("-----BEGIN CERTIFICATE-----") {
        return Err(Error::new(ErrorCode::InvalidInput, "ca_certificate")
            .because("there is no certificate in it")
            .hint("paste the authority's PEM text, from `-----BEGIN CERTIFICATE-----` on"));
    }
    Ok(ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)))
}

fn authorization(address: &MilvusAddress) -> Result<Option<AsciiMetadataValue>> {
    let plain = match (&address.token, &address.user) {
        (Some(token), _) => token.clone(),
        (None, Some((user, password))) => format!("{user}:{password}"),
        (None, None) => return Ok(None),
    };
    let mut value = AsciiMetadataValue::try_from(BASE64_STANDARD.encode(plain))
        .map_err(|error| Error::new(ErrorCode::Internal, "authorization").caused_by(error))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn unreachable(address: &MilvusAddress, error: tonic::transport::Error) -> Error {
    let error = Error::new(ErrorCode::ClusterUnreachable, &address.url).caused_by(error);
    let hint = hint(&error.report().detail, address);
    error.hint(hint)
}

/// What can be done about a connection that was not made, by what the libraries below say of it.
fn hint(detail: &str, address: &MilvusAddress) -> &'static str {
    let detail = detail.to_lowercase();
    let has = |part: &str| detail.contains(part);
    if has("unknownissuer") || has("badsignature") {
        if address.ca_certificate.is_some() {
            "the certificate was signed by another authority than the one given"
        } else {
            "the certificate was signed by an authority this machine does not know; give its PEM text"
        }
    } else if has("notvalidforname") || has("not valid for name") {
        "the certificate is for another host name; use the name that is in it"
    } else if has("certificate") {
        "look at the server's certificate: who signed it, for which name, and until when"
    } else if has("tls") || has("handshake") || has("invalidcontenttype") {
        "the server does not speak TLS on this port; try `http://`"
    } else if has("dns") || has("lookup") || has("resolve") {
        "check the host name"
    } else {
        "check host and port, and that Milvus is running"
    }
}
