//! From parts, as an operator gives them, to credentials, with words for what is missing.

use hozon_model::{CredentialFault, CredentialParts, StorageCredentials};
use serde_json::{Value, json};

use crate::{Error, ErrorCode, Result};

/// What opens the place at `url`.
///
/// # Errors
/// `InvalidInput` that says which part is missing, or that the service takes none of this kind.
pub fn credentials(url: &str, parts: CredentialParts) -> Result<StorageCredentials> {
    parts.into_credentials(url).map_err(|fault| {
        let (why, hint) = match fault {
            CredentialFault::HalfAKey => (
                "one of access key and secret key is missing",
                "give both, or neither to use what the machine provides",
            ),
            CredentialFault::HalfAnApplication => (
                "one of tenant, client and client secret is missing",
                "give all three, with the client secret as the secret key",
            ),
            CredentialFault::ExternalIdAlone => (
                "there is an external id and no role",
                "give the ARN of the role whose trust policy asks for it",
            ),
            CredentialFault::NotARole => (
                "this is not the ARN of a role",
                "write it like `arn:aws:iam::123456789012:role/hozon`",
            ),
            CredentialFault::NotForThisService => (
                "this kind of storage takes no such credentials",
                "S3 takes an access key and a secret key, and the ARN of a role; Azure an account key, a shared access signature or a client \
                 secret as the secret key; Google Cloud the JSON of a service account as the secret key; a directory none",
            ),
        };
        unusable(why).hint(hint)
    })
}

/// Credentials that are of no use here. What they hold is not repeated.
pub(super) fn unusable(why: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, "storage credentials").because(why)
}

/// A service account's key file without what does not belong into one: a key file must not say where requests go.
pub(super) fn service_account(json: &str) -> Result<String> {
    let hint = "paste the JSON file that Google Cloud made for a key of a service account";
    let file: Value = serde_json::from_str(json)
        .map_err(|_| unusable("the service account's key is not JSON").hint(hint))?;
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let whole = text("client_email").zip(text("private_key"));
    let Some((email, key)) =
        whole.filter(|_| text("type").is_none_or(|kind| kind == "service_account"))
    else {
        return Err(unusable("this JSON is not the key of a service account").hint(hint));
    };
    let id = text("private_key_id").unwrap_or_default();
    Ok(json!({ "client_email": email, "private_key": key, "private_key_id": id }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_cannot_say_where_requests_go() {
        let file = r#"{"type":"service_account","client_email":"a@b","private_key":"p","private_key_id":"1",
                       "gcs_base_url":"http://169.254.169.254","disable_oauth":true}"#;
        let kept = service_account(file).unwrap();
        assert!(
            !kept.contains("169") && !kept.contains("disable_oauth"),
            "{kept}"
        );
        for wrong in [
            "",
            "{}",
            "[]",
            r#"{"type":"authorized_user","client_email":"a","private_key":"hush"}"#,
        ] {
            let error = service_account(wrong).unwrap_err();
            assert!(!format!("{error:?}").contains("hush"));
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let parts = CredentialParts {
            access_key: Some("hush".into()),
            ..CredentialParts::default()
        };
        let error = credentials("s3://b", parts).unwrap_err();
        assert!(
            error.to_string().contains("secret key is missing"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("hush"));
    }
}
