//! What `hozon config import` tells: what it made, or would, and what became of every key.

use hozon_engine::{Error, ErrorCode};
use hozon_model::{Cluster, ClusterId, Integration, IntegrationId, StorageLocation};
use serde::Serialize;

use super::settings::{SECRET_FILE, Target};
use crate::{
    cli::{
        exit::Failure,
        table::{Align, Table, facts},
    },
    milvus_backup::{Left, Plan, SettingsFile, Taken},
};

/// How something came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// It is not there yet.
    Planned,
    /// It was made just now.
    Made,
    /// It was there before.
    There,
}

/// The answer.
#[derive(Serialize)]
pub(crate) struct Report {
    file: String,
    version: &'static str,
    pub(crate) dry_run: bool,
    pub(crate) cluster: ClusterPart,
    pub(crate) integration: IntegrationPart,
    pub(crate) settings: SettingsPart,
    taken: Vec<Taken>,
    left: Vec<Left>,
    notes: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct ClusterPart {
    pub(crate) outcome: Outcome,
    pub(crate) name: String,
    id: Option<ClusterId>,
    address: String,
    username: Option<String>,
    storage: StorageLocation,
}

#[derive(Serialize)]
pub(crate) struct IntegrationPart {
    pub(crate) outcome: Outcome,
    pub(crate) name: String,
    id: Option<IntegrationId>,
    storage: StorageLocation,
}

#[derive(Default, Serialize)]
pub(crate) struct SettingsPart {
    /// None where no file is named for them.
    pub(crate) outcome: Option<Outcome>,
    pub(crate) file: Option<String>,
    pub(crate) text: String,
}

impl ClusterPart {
    pub(crate) fn is_made(&mut self, cluster: &Cluster) {
        self.outcome = Outcome::Made;
        self.id = Some(cluster.id.clone());
    }
}

impl IntegrationPart {
    pub(crate) fn is_made(&mut self, integration: &Integration) {
        self.outcome = Outcome::Made;
        self.id = Some(integration.id.clone());
    }
}

impl SettingsPart {
    pub(crate) fn new(settings: &SettingsFile, target: Option<&Target>) -> Result<Self, Failure> {
        if let Some(target) = target {
            return Ok(Self {
                outcome: Some(target.outcome),
                file: Some(target.path.display().to_string()),
                text: target.text.clone(),
            });
        }
        if settings.is_empty() {
            return Ok(Self::default());
        }
        let text = settings
            .render(SECRET_FILE)
            .map_err(|error| Error::new(ErrorCode::Internal, "settings").caused_by(error))?;
        Ok(Self {
            text,
            ..Self::default()
        })
    }
}

impl Report {
    /// What is there and what is not, before anything is made.
    pub(crate) fn new(
        file: String,
        plan: &Plan,
        cluster: Option<&Cluster>,
        integration: Option<&Integration>,
        settings: SettingsPart,
    ) -> Self {
        let (new, place) = (&plan.cluster, &plan.integration);
        let mut notes = plan.notes.clone();
        if let Some(cluster) = cluster {
            notes.push(format!(
                "the cluster is registered as `{}`; its user, password and keys stay: `hozon cluster edit` changes them",
                cluster.name
            ));
        }
        if let Some(integration) = integration {
            notes.push(format!(
                "the integration is there as `{}`; its keys stay",
                integration.name
            ));
        }
        Self {
            file,
            version: plan.version.as_str(),
            dry_run: false,
            cluster: ClusterPart {
                outcome: outcome(cluster.is_some()),
                name: cluster.map_or_else(|| new.name.clone(), |cluster| cluster.name.clone()),
                id: cluster.map(|cluster| cluster.id.clone()),
                address: new.address.clone(),
                username: match cluster {
                    Some(cluster) => cluster.username.clone(),
                    None => new.username.clone(),
                },
                storage: StorageLocation {
                    url: new.storage_url.clone(),
                    endpoint: new.storage_endpoint.clone(),
                    region: new.storage_region.clone(),
                },
            },
            integration: IntegrationPart {
                outcome: outcome(integration.is_some()),
                name: integration.map_or_else(|| place.name.clone(), |one| one.name.clone()),
                id: integration.map(|integration| integration.id.clone()),
                storage: StorageLocation {
                    url: place.storage_url.clone(),
                    endpoint: place.endpoint.clone(),
                    region: place.region.clone(),
                },
            },
            settings,
            taken: plan.taken.clone(),
            left: plan.left.clone(),
            notes,
        }
    }
}

fn outcome(is_there: bool) -> Outcome {
    if is_there {
        Outcome::There
    } else {
        Outcome::Planned
    }
}

/// The answer for people.
pub(crate) fn text(report: &Report) -> String {
    let (cluster, integration, settings) = (&report.cluster, &report.integration, &report.settings);
    let words = |outcome, made: &str| match outcome {
        Outcome::Planned => format!("to be {made}"),
        Outcome::Made => made.to_owned(),
        Outcome::There => "there already".to_owned(),
    };
    let mut text = facts([
        (
            "Configuration",
            format!("{} ({})", report.file, report.version),
        ),
        (
            "Cluster",
            format!("{}, {}", cluster.name, words(cluster.outcome, "registered")),
        ),
        (
            "Milvus",
            match &cluster.username {
                Some(user) => format!("{} as `{user}`", cluster.address),
                None => cluster.address.clone(),
            },
        ),
        ("Its files", place(&cluster.storage)),
        (
            "Integration",
            format!(
                "{}, {}",
                integration.name,
                words(integration.outcome, "made")
            ),
        ),
        ("Its place", place(&integration.storage)),
        (
            "Settings",
            match (&settings.file, settings.outcome) {
                (Some(file), Some(outcome)) => format!("{file}, {}", words(outcome, "written")),
                _ => String::new(),
            },
        ),
    ]);
    let mut taken = Table::new([
        ("Taken", Align::Left),
        ("Value", Align::Left),
        ("From", Align::Left),
    ]);
    for one in &report.taken {
        taken.row([
            one.key.to_owned(),
            one.value.clone().unwrap_or_else(|| "(secret)".to_owned()),
            one.source.to_string(),
        ]);
    }
    text.push_str(&format!("\n{}", taken.render()));
    if !report.left.is_empty() {
        let mut left = Table::new([
            ("Left", Align::Left),
            ("From", Align::Left),
            ("Why", Align::Left),
        ]);
        for one in &report.left {
            left.row([one.key.to_owned(), one.source.to_string(), one.why.clone()]);
        }
        text.push_str(&format!("\n{}", left.render()));
    }
    if !report.notes.is_empty() {
        text.push('\n');
    }
    for note in &report.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    if settings.file.is_none() && !settings.text.is_empty() {
        text.push_str(&format!(
            "\nSettings for a configuration file:\n\n{}",
            settings.text
        ));
    }
    text
}

/// `s3://bucket/path at http://host:9000`.
fn place(storage: &StorageLocation) -> String {
    match &storage.endpoint {
        Some(endpoint) => format!("{} at {endpoint}", storage.url),
        None => storage.url.clone(),
    }
}
