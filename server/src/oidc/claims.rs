//! What a provider's word says: who somebody is, and what its claims give them here.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hozon_engine::{Engine, Error, ErrorCode, accounts::ProvidedIdentity};
use serde_json::Value;

use super::Options;
use crate::cli::grant;

/// The claims of an ID token that was found to hold.
pub(super) fn of(word: &str) -> Option<Value> {
    let payload = word.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// Who that is.
pub(super) async fn identity(
    engine: &Engine,
    options: &Options,
    issuer: &str,
    claims: &Value,
) -> Result<ProvidedIdentity, Error> {
    let text = |name: &str| {
        let text = claim(claims, name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let missing = |name: &str| {
        Error::new(ErrorCode::IdentityRefused, name)
            .because(format!("the provider's ID token has no claim `{name}`"))
            .hint("name another one in `name_claim`, or ask for the scope that it belongs to")
    };
    let (subject, name) = (text("sub"), text(&options.name_claim));
    let grants = if options.roles.is_empty() {
        None
    } else {
        let mut grants = Vec::new();
        for value in values(claims, &options.role_claim) {
            for role in options.roles.get(value).into_iter().flatten() {
                let grant = grant(engine, role).await?;
                if !grants.contains(&grant) {
                    grants.push(grant);
                }
            }
        }
        Some(grants)
    };
    Ok(ProvidedIdentity {
        issuer: issuer.to_owned(),
        subject: subject.ok_or_else(|| missing("sub"))?,
        name: name.ok_or_else(|| missing(&options.name_claim))?,
        grants,
    })
}

/// A claim by its name; of one that lies deeper, with dots between: `realm_access.roles`.
fn claim<'a>(claims: &'a Value, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| {
        name.split('.')
            .try_fold(claims, |claims, part| claims.get(part))
    })
}

/// The values of a claim that is a text or a list of them.
fn values<'a>(claims: &'a Value, name: &str) -> Vec<&'a str> {
    match claim(claims, name) {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_is_a_text_or_a_list_however_deep() {
        let claims = json!({
            "groups": ["a", 1, "b"],
            "role": "c",
            "realm_access": { "roles": ["d"] },
            "with.dots": "e",
            "admin": true,
        });
        for (name, expected) in [
            ("groups", &["a", "b"][..]),
            ("role", &["c"]),
            ("realm_access.roles", &["d"]),
            ("with.dots", &["e"]),
            ("admin", &[]),
            ("nothing", &[]),
            ("realm_access.nothing", &[]),
        ] {
            assert_eq!(values(&claims, name), expected, "{name}");
        }
    }

    #[test]
    fn the_claims_lie_in_the_middle_of_a_word() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"sub":"alice"}"#);
        let claims = of(&format!("header.{payload}.signature")).unwrap();
        assert_eq!(claims["sub"], "alice");
        for other in ["", "a.b", "a.!.c", "a"] {
            assert!(of(other).is_none(), "{other}");
        }
    }
}
