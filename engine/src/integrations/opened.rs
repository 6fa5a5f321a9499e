//! From an integration to the store behind it, rooted in a directory there.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use hozon_model::{Integration, IntegrationId, StorageCredentials, StorageLocation};

use crate::{
    Error, ErrorCode, Result,
    core::Core,
    store::{Object, Store, Stores, check_path},
};

/// The half of what an integration signs in with that may be shown.
pub(super) fn identity(credentials: &StorageCredentials) -> Option<String> {
    match credentials {
        StorageCredentials::S3Keys { access_key, .. } => Some(access_key.clone()),
        StorageCredentials::S3Role { role_arn, .. } => Some(role_arn.clone()),
        StorageCredentials::AzureClient { client_id, .. } => Some(client_id.clone()),
        StorageCredentials::GoogleServiceAccount { json } => {
            let file: serde_json::Value = serde_json::from_str(json).ok()?;
            file.get("client_email")?.as_str().map(str::to_owned)
        }
        StorageCredentials::Machine
        | StorageCredentials::AzureKey { .. }
        | StorageCredentials::AzureSas { .. } => None,
    }
}

/// A directory as it was typed, without the slash at its end: relative, and leading nowhere else.
///
/// # Errors
/// `InvalidInput` for `..`, absolute paths and whatever else a path must not have.
pub(crate) fn check_directory(typed: &str) -> Result<String> {
    let typed = typed.trim();
    let directory = typed.strip_suffix('/').unwrap_or(typed);
    if typed.is_empty() || check_path(directory).is_ok() {
        return Ok(directory.to_owned());
    }
    let why = if typed.starts_with('/') {
        "it is absolute; it lies below the place of the integration"
    } else {
        "it has `.`, `..`, an empty part or a control character"
    };
    Err(Error::new(ErrorCode::InvalidInput, "directory")
        .because(why)
        .hint("write it like `exports/2026`, or leave it empty"))
}

/// A directory of an integration.
#[derive(Debug)]
pub(crate) struct Place {
    /// The integration's own place, which must be there: a disk that is not mounted is not an empty one.
    whole: Arc<dyn Store>,
    directory: String,
    /// The directory, which need not be there yet.
    pub(crate) store: Arc<dyn Store>,
}

impl Place {
    /// What lies in the directory, by paths relative to it; fails where the integration's place is gone.
    pub(crate) fn objects(&self) -> BoxStream<'_, Result<Object>> {
        let prefix = self.prefix();
        self.whole
            .list(&prefix)
            .map_ok(move |mut object| {
                object.path.drain(..prefix.len());
                object
            })
            .boxed()
    }

    /// Removes what writers that died left in the directory and that [`Self::objects`] does not show; the directory need
    /// not be there. Call it only while nobody writes there.
    pub(crate) async fn clear_unfinished(&self) -> Result<()> {
        self.whole.clear_unfinished(&self.prefix()).await
    }

    fn prefix(&self) -> String {
        if self.directory.is_empty() {
            String::new()
        } else {
            format!("{}/", self.directory)
        }
    }

    /// Whether nothing lies in the directory; fails where the integration's place is gone.
    pub(crate) async fn is_empty(&self) -> Result<bool> {
        Ok(self.objects().try_next().await?.is_none())
    }
}

impl Core {
    /// A directory of an integration.
    pub(crate) async fn integration_place(
        &self,
        id: &IntegrationId,
        directory: String,
    ) -> Result<Place> {
        let (integration, credentials) = self.integration_with_secrets(id.as_str()).await?;
        Ok(Place {
            whole: open(self.stores(), &integration, &credentials, "")?,
            store: open(self.stores(), &integration, &credentials, &directory)?,
            directory,
        })
    }

    /// An integration with what opens it.
    pub(crate) async fn integration_with_secrets(
        &self,
        id_or_name: &str,
    ) -> Result<(Integration, StorageCredentials)> {
        let found = self.catalog().integration(id_or_name).await?;
        let (integration, sealed) = found.ok_or_else(|| {
            Error::new(ErrorCode::IntegrationNotFound, id_or_name)
                .hint("run `hozon integration list` to see the integrations")
        })?;
        let plain = self.unseal(integration.id.as_str(), &sealed).await?;
        let credentials = serde_json::from_slice(&plain).map_err(|error| {
            Error::new(ErrorCode::CatalogFailed, integration.name.as_str()).caused_by(error)
        })?;
        Ok((integration, credentials))
    }
}

/// The store at a directory of an integration.
pub(super) fn open(
    stores: &Stores,
    integration: &Integration,
    credentials: &StorageCredentials,
    directory: &str,
) -> Result<Arc<dyn Store>> {
    let location = StorageLocation {
        url: below(&integration.storage.url, directory),
        ..integration.storage.clone()
    };
    stores.open(&location, credentials)
}

/// The URL of a directory below another.
fn below(url: &str, directory: &str) -> String {
    if directory.is_empty() {
        return url.to_owned();
    }
    format!("{}/{directory}", url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_leads_nowhere_else() {
        for (typed, directory) in [
            ("", ""),
            (" destdir/ ", "destdir"),
            ("a/b", "a/b"),
            ("備份", "備份"),
        ] {
            assert_eq!(check_directory(typed).unwrap(), directory);
        }
        for typed in ["/", "/etc", "..", "a/../b", "a//b", "a/./b", "a\nb", "a//"] {
            let error = check_directory(typed).unwrap_err();
            assert_eq!(error.report().subject, "directory", "{typed}");
        }
    }

    #[test]
    fn a_directory_is_below_its_place() {
        assert_eq!(below("s3://b", "x"), "s3://b/x");
        assert_eq!(below("file:///a", ""), "file:///a");
    }
}
