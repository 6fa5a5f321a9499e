//! Whose certificates are trusted.

use hozon_engine::{
    ErrorCode,
    source::milvus::{MilvusAddress, connect},
};
use tonic::transport::Identity;

use crate::script::serve;

/// A certificate for `localhost`, with the authority that signed it.
fn certificate() -> (Identity, String) {
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(vec![]).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::from_params(&authority, &authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    (
        Identity::from_pem(leaf.pem(), key.serialize_pem()),
        authority_certificate.pem(),
    )
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_when_it_is_given() {
    // The test's own server has to be told; the client under test chooses by itself.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (identity, authority) = certificate();
    let host = serve(vec![], Some(identity));
    let address = |ca: Option<String>, host: &str| MilvusAddress {
        url: format!("https://{host}"),
        user: None,
        token: Some("secret".to_owned()),
        ca_certificate: ca,
    };
    let trusted = connect(&address(Some(authority.clone()), &host))
        .await
        .unwrap();
    assert_eq!(trusted.version().await.unwrap(), "v2.3.5");

    let (_, other_authority) = certificate();
    for (ca, host, hint) in [
        (None, host.clone(), "authority this machine does not know"),
        (Some(other_authority), host.clone(), "another authority"),
        (
            Some(authority),
            host.replace("localhost", "127.0.0.1"),
            "another host name",
        ),
    ] {
        let error = connect(&address(ca, &host)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClusterUnreachable, "{error}");
        assert!(
            error.report().hint.contains(hint),
            "{error} (hint: {})",
            error.report().hint
        );
    }
    let error = connect(&address(Some("no certificate".to_owned()), &host))
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
}
