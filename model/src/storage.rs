//! Where files lie, and what opens the place.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where the files of a cluster, or of a repository, lie. Holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageLocation {
    /// `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`.
    pub url: String,
    /// The address of the service, `http://host:port`; none for the cloud's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The bucket's region, where the service has such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// What opens a place where files lie. `Debug` tells the kind alone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StorageCredentials {
    /// What the machine that Hozon runs on provides: rights on a directory, an instance's role, a workload identity.
    #[default]
    Machine,
    /// Static keys of S3 or of a service that speaks it.
    S3Keys {
        /// The access key's identifier.
        access_key: String,
        /// The secret access key.
        secret_key: String,
        /// The token that comes with keys which expire.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session_token: Option<String>,
    },
    /// A role of S3's cloud, which lends keys for a while.
    S3Role {
        /// The role's ARN.
        role_arn: String,
        /// What its trust policy wants to hear of whoever asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_id: Option<String>,
        /// The access key of who asks; with none, this machine asks as who it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        access_key: Option<String>,
        /// The secret access key of who asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_key: Option<String>,
    },
    /// The key of an Azure storage account.
    AzureKey {
        /// In Base64, as the portal shows it.
        key: String,
    },
    /// A shared access signature of Azure.
    AzureSas {
        /// The query string, with or without `?`.
        token: String,
    },
    /// An application registered with Microsoft Entra.
    AzureClient {
        /// The directory (tenant) it belongs to.
        tenant_id: String,
        /// The application (client) identifier.
        client_id: String,
        /// A client secret of it.
        client_secret: String,
    },
    /// A service account of Google Cloud.
    GoogleServiceAccount {
        /// Its key file, JSON.
        json: String,
    },
}

impl fmt::Debug for StorageCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Machine => "Machine",
            Self::S3Keys { .. } => "S3Keys(…)",
            Self::S3Role { .. } => "S3Role(…)",
            Self::AzureKey { .. } => "AzureKey(…)",
            Self::AzureSas { .. } => "AzureSas(…)",
            Self::AzureClient { .. } => "AzureClient(…)",
            Self::GoogleServiceAccount { .. } => "GoogleServiceAccount(…)",
        })
    }
}

/// Credentials in parts, as settings, flags and forms have them. Which part means what depends on the service.
#[derive(Clone, Default)]
pub struct CredentialParts {
    /// S3: the access key's identifier.
    pub access_key: Option<String>,
    /// S3: the secret key. Azure: the account's key, a shared access signature, or the client's secret.
    /// Google Cloud: the JSON of a service account's key file.
    pub secret_key: Option<String>,
    /// Azure: the directory of an application.
    pub tenant_id: Option<String>,
    /// Azure: an application.
    pub client_id: Option<String>,
    /// S3: a role that lends keys to whoever the other parts say.
    pub role_arn: Option<String>,
    /// S3: what the role's trust policy wants to hear.
    pub external_id: Option<String>,
}

impl fmt::Debug for CredentialParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialParts(…)")
    }
}

/// Why parts make no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialFault {
    /// One of access key and secret key is missing.
    HalfAKey,
    /// An application's directory, identifier or secret is missing.
    HalfAnApplication,
    /// There is an external id and no role.
    ExternalIdAlone,
    /// What should be a role's ARN is none.
    NotARole,
    /// The service at this URL takes none of the parts that were given.
    NotForThisService,
}

impl CredentialParts {
    /// What opens the place at `url`.
    ///
    /// # Errors
    /// What is missing, or not for this service.
    pub fn into_credentials(self, url: &str) -> Result<StorageCredentials, CredentialFault> {
        let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
        if self.role_arn.is_some() || self.external_id.is_some() {
            return self.into_role(scheme);
        }
        match (scheme, self.application(), self.access_key, self.secret_key) {
            (_, Some(Err(fault)), ..) => Err(fault),
            ("az", Some(Ok((tenant_id, client_id))), None, Some(client_secret)) => {
                Ok(StorageCredentials::AzureClient {
                    tenant_id,
                    client_id,
                    client_secret,
                })
            }
            ("az", Some(Ok(_)), None, None) => Err(CredentialFault::HalfAnApplication),
            (_, None, None, None) => Ok(StorageCredentials::Machine),
            ("az", None, None, Some(secret)) if secret.contains("sig=") && secret.contains('&') => {
                Ok(StorageCredentials::AzureSas { token: secret })
            }
            ("az", None, None, Some(key)) => Ok(StorageCredentials::AzureKey { key }),
            ("gs", None, None, Some(json)) => Ok(StorageCredentials::GoogleServiceAccount { json }),
            (_, Some(Ok(_)), ..) | ("az" | "gs" | "file", ..) => {
                Err(CredentialFault::NotForThisService)
            }
            (_, None, Some(access_key), Some(secret_key)) => Ok(StorageCredentials::S3Keys {
                access_key,
                secret_key,
                session_token: None,
            }),
            _ => Err(CredentialFault::HalfAKey),
        }
    }

    fn into_role(self, scheme: &str) -> Result<StorageCredentials, CredentialFault> {
        let application = self.tenant_id.is_some() || self.client_id.is_some();
        if matches!(scheme, "az" | "gs" | "file") || application {
            return Err(CredentialFault::NotForThisService);
        }
        if self.access_key.is_some() != self.secret_key.is_some() {
            return Err(CredentialFault::HalfAKey);
        }
        let role_arn = self.role_arn.ok_or(CredentialFault::ExternalIdAlone)?;
        if !is_a_role(&role_arn) {
            return Err(CredentialFault::NotARole);
        }
        Ok(StorageCredentials::S3Role {
            role_arn,
            external_id: self.external_id,
            access_key: self.access_key,
            secret_key: self.secret_key,
        })
    }

    fn application(&self) -> Option<Result<(String, String), CredentialFault>> {
        match (&self.tenant_id, &self.client_id) {
            (None, None) => None,
            (Some(tenant), Some(client)) => Some(Ok((tenant.clone(), client.clone()))),
            _ => Some(Err(CredentialFault::HalfAnApplication)),
        }
    }
}

/// `arn:partition:iam::account:role/name`, as clouds and servers of one's own write it.
fn is_a_role(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_graphic());
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "iam", _, _, resource] = parts[..] else {
        return false;
    };
    plain
        && !partition.is_empty()
        && resource
            .strip_prefix("role/")
            .is_some_and(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(access: &str, secret: &str, tenant: &str, client: &str) -> CredentialParts {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        CredentialParts {
            access_key: given(access),
            secret_key: given(secret),
            tenant_id: given(tenant),
            client_id: given(client),
            ..CredentialParts::default()
        }
    }

    fn role(arn: &str, external: &str, given: CredentialParts) -> CredentialParts {
        let typed = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        CredentialParts {
            role_arn: typed(arn),
            external_id: typed(external),
            ..given
        }
    }

    const ROLE: &str = "arn:aws:iam::123456789012:role/hozon";

    #[test]
    fn a_role_may_be_asked_for_with_keys_or_by_the_machine() {
        for (given, asks) in [
            (parts("a", "s", "", ""), Some("a")),
            (parts("", "", "", ""), None),
        ] {
            let found = role(ROLE, "x", given).into_credentials("s3://b").unwrap();
            assert_eq!(format!("{found:?}"), "S3Role(…)");
            let StorageCredentials::S3Role {
                role_arn,
                external_id,
                access_key,
                ..
            } = &found
            else {
                panic!("{found:?}");
            };
            assert_eq!(
                (role_arn.as_str(), external_id.as_deref()),
                (ROLE, Some("x"))
            );
            assert_eq!(access_key.as_deref(), asks);
            let sealed = serde_json::to_string(&found).unwrap();
            let opened: StorageCredentials = serde_json::from_str(&sealed).unwrap();
            assert_eq!(opened, found);
        }
    }

    #[test]
    fn what_is_no_role_is_refused() {
        let none = || parts("", "", "", "");
        for (url, given, fault) in [
            (
                "s3://b",
                role("", "x", none()),
                CredentialFault::ExternalIdAlone,
            ),
            (
                "s3://b",
                role("hozon", "", none()),
                CredentialFault::NotARole,
            ),
            (
                "s3://b",
                role("arn:aws:iam::1:user/x", "", none()),
                CredentialFault::NotARole,
            ),
            (
                "s3://b",
                role("arn:aws:iam::1:role/", "", none()),
                CredentialFault::NotARole,
            ),
            (
                "s3://b",
                role("arn:aws:iam::1:role/a b", "", none()),
                CredentialFault::NotARole,
            ),
            (
                "s3://b",
                role(ROLE, "", parts("a", "", "", "")),
                CredentialFault::HalfAKey,
            ),
            (
                "az://a/c",
                role(ROLE, "", none()),
                CredentialFault::NotForThisService,
            ),
            (
                "file:///x",
                role(ROLE, "", none()),
                CredentialFault::NotForThisService,
            ),
        ] {
            assert_eq!(given.into_credentials(url).unwrap_err(), fault, "{url}");
        }
    }

    #[test]
    fn the_service_says_what_a_part_means() {
        for (url, given, kind) in [
            ("file:///x", parts("", "", "", ""), "Machine"),
            ("s3://b", parts("", "", "", ""), "Machine"),
            ("s3://b", parts("a", "s", "", ""), "S3Keys(…)"),
            ("az://a/c", parts("", "a2V5", "", ""), "AzureKey(…)"),
            ("az://a/c", parts("", "?sv=1&sig=x", "", ""), "AzureSas(…)"),
            ("az://a/c", parts("", "s", "t", "c"), "AzureClient(…)"),
            ("gs://b", parts("", "{}", "", ""), "GoogleServiceAccount(…)"),
        ] {
            let found = given.into_credentials(url).unwrap();
            assert_eq!(format!("{found:?}"), kind, "{url}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (url, given, fault) in [
            ("s3://b", parts("a", "", "", ""), CredentialFault::HalfAKey),
            ("s3://b", parts("", "s", "", ""), CredentialFault::HalfAKey),
            (
                "s3://b",
                parts("a", "s", "t", "c"),
                CredentialFault::NotForThisService,
            ),
            (
                "az://a/c",
                parts("", "s", "t", ""),
                CredentialFault::HalfAnApplication,
            ),
            (
                "az://a/c",
                parts("", "", "t", "c"),
                CredentialFault::HalfAnApplication,
            ),
            (
                "gs://b",
                parts("a", "s", "", ""),
                CredentialFault::NotForThisService,
            ),
            (
                "file:///x",
                parts("a", "s", "", ""),
                CredentialFault::NotForThisService,
            ),
        ] {
            assert_eq!(given.into_credentials(url).unwrap_err(), fault, "{url}");
        }
    }

    #[test]
    fn nothing_secret_shows() {
        let given = parts("hush", "hush", "", "");
        assert!(!format!("{given:?}").contains("hush"));
        let credentials = given.into_credentials("s3://b").unwrap();
        assert!(!format!("{credentials:?}").contains("hush"));
    }
}
