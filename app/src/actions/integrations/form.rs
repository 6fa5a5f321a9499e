//! The form of an integration: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_engine::store::credentials;
use hozon_model::{
    CheckOutcome, CredentialParts, IntegrationCheck, IntegrationCheckSubject, IntegrationProvider,
    NewIntegration, StorageLocation,
};

use super::super::typed;
use crate::{
    error::AppResult,
    format::{command::Fields, place_url},
    visit::{Address, Query},
};

/// The name under which an address says what became of each thing that was tried.
pub(super) const TRIED: &str = "tried";
const SUBJECTS: [IntegrationCheckSubject; 5] = [
    IntegrationCheckSubject::List,
    IntegrationCheckSubject::Write,
    IntegrationCheckSubject::Read,
    IntegrationCheckSubject::Keep,
    IntegrationCheckSubject::Delete,
];
const OUTCOMES: [(CheckOutcome, char); 4] = [
    (CheckOutcome::Passed, 'p'),
    (CheckOutcome::Warning, 'w'),
    (CheckOutcome::Failed, 'f'),
    (CheckOutcome::Skipped, 's'),
];

/// An integration to make, without its secrets.
#[derive(Clone, Debug, Default)]
pub(crate) struct IntegrationForm {
    /// Of [`IntegrationProvider`], by its name.
    pub provider: String,
    /// The integration's name.
    pub name: String,
    /// The project, by identifier or name.
    pub project: String,
    /// For people.
    pub description: String,
    /// Azure's storage account.
    pub account: String,
    /// The bucket's name, or the container's.
    pub bucket: String,
    /// In the bucket; of a local directory the whole path.
    pub path: String,
    /// Where the service is not the cloud's own.
    pub endpoint: String,
    /// The bucket's.
    pub region: String,
    /// The public half of S3's key.
    pub access_key: String,
    /// The directory (tenant) of an application registered with Microsoft Entra.
    pub tenant_id: String,
    /// The application (client).
    pub client_id: String,
    /// A role that lends keys of S3.
    pub role_arn: String,
}

impl IntegrationForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query) -> Self {
        let text = |name| query.get(name).unwrap_or_default().to_owned();
        Self {
            provider: text("provider"),
            name: text("name"),
            project: text("project"),
            description: text("description"),
            account: text("account"),
            bucket: text("bucket"),
            path: text("path"),
            endpoint: text("endpoint"),
            region: text("region"),
            access_key: text("access_key"),
            tenant_id: text("tenant_id"),
            client_id: text("client_id"),
            role_arn: text("role_arn"),
        }
    }

    /// The provider; Amazon S3 where none is chosen.
    pub(crate) fn provider(&self) -> IntegrationProvider {
        IntegrationProvider::ALL
            .into_iter()
            .find(|provider| provider.as_str() == self.provider)
            .unwrap_or(IntegrationProvider::S3)
    }

    /// What the form would send, but secrets.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![
            one("provider", self.provider().as_str()),
            one("name", &self.name),
            one("project", &self.project),
            one("description", &self.description),
            one("account", &self.account),
            one("bucket", &self.bucket),
            one("path", &self.path),
            one("endpoint", &self.endpoint),
            one("region", &self.region),
            one("access_key", &self.access_key),
            one("tenant_id", &self.tenant_id),
            one("client_id", &self.client_id),
            one("role_arn", &self.role_arn),
        ]
    }

    /// The page with the form as it is.
    pub(crate) fn address(&self) -> Address {
        let page = Address::new("/integrations/new");
        self.fields()
            .into_iter()
            .fold(page, |page, (name, value)| page.with(&name, value))
    }

    /// The place that the form names.
    pub(crate) fn location(&self) -> StorageLocation {
        let url = place_url(
            self.provider().as_str(),
            &self.account,
            &self.bucket,
            &self.path,
        );
        StorageLocation {
            url,
            endpoint: typed(Some(self.endpoint.clone())),
            region: typed(Some(self.region.clone())),
        }
    }

    /// What the engine is to make.
    ///
    /// # Errors
    /// `InvalidInput` for credentials that the provider does not take.
    pub(super) fn into_new(
        self,
        secret_key: String,
        external_id: String,
    ) -> AppResult<NewIntegration> {
        let StorageLocation {
            url,
            endpoint,
            region,
        } = self.location();
        let parts = CredentialParts {
            access_key: typed(Some(self.access_key)),
            secret_key: typed(Some(secret_key)),
            tenant_id: typed(Some(self.tenant_id)),
            client_id: typed(Some(self.client_id)),
            role_arn: typed(Some(self.role_arn)),
            external_id: typed(Some(external_id)),
        };
        Ok(NewIntegration {
            name: self.name,
            project: typed(Some(self.project)),
            description: self.description,
            credentials: credentials(&url, parts)?,
            storage_url: url,
            endpoint,
            region,
        })
    }
}

/// What became of each thing that was tried, a letter each.
pub(super) fn letters(check: &IntegrationCheck) -> String {
    let outcome = |subject| {
        let item = check.items.iter().find(|item| item.subject == subject)?;
        let (_, letter) = OUTCOMES.iter().find(|(known, _)| *known == item.outcome)?;
        Some(*letter)
    };
    SUBJECTS.into_iter().filter_map(outcome).collect()
}

/// What an address says of each thing that was tried.
pub(crate) fn tried(query: &Query) -> Vec<(IntegrationCheckSubject, CheckOutcome)> {
    let letters = query.get(TRIED).unwrap_or_default().chars();
    SUBJECTS
        .into_iter()
        .zip(letters)
        .filter_map(|(subject, letter)| {
            let (outcome, _) = OUTCOMES.iter().find(|(_, known)| *known == letter)?;
            Some((subject, *outcome))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_made_of_what_was_typed() {
        for (provider, bucket, path, url) in [
            ("s3", "exports", "", "s3://exports"),
            ("s3", " exports ", "/hozon/", "s3://exports/hozon"),
            ("s3_compatible", "備份", "a/b", "s3://備份/a/b"),
            ("local", "", "/srv/exports", "file:///srv/exports"),
            ("gcs", "exports", "a", "gs://exports/a"),
            ("azure", "container", "", "az://account/container"),
        ] {
            let form = IntegrationForm {
                provider: provider.to_owned(),
                account: "account".to_owned(),
                bucket: bucket.to_owned(),
                path: path.to_owned(),
                ..IntegrationForm::default()
            };
            assert_eq!(form.location().url, url);
        }
    }

    #[test]
    fn what_was_tried_survives_an_address() {
        let query = Address::new("/").with(TRIED, "pwfsz").query;
        let found = tried(&query);
        assert_eq!(found.len(), 4);
        assert_eq!(
            found[1],
            (IntegrationCheckSubject::Write, CheckOutcome::Warning)
        );
    }
}
