//! The call of `/v2` that does what a dialog is about to do, as `curl` sends it.
//!
//! Written from the form's own fields, like the command line, and from the identifiers behind the names in them. A call
//! stands here only where it does the same as the form: a wish that `/v2` has no word for leaves none.

mod json;
mod restore;

#[cfg(test)]
mod tests;

use hozon_model::{
    Backup, BackupScope, ClockTime, Cluster, ClusterId, CollectionName, ExportFormat, Integration,
    IntegrationId, LoadState, PolicyCopy, ProjectId, Retention,
};
use serde::{Deserialize, Serialize};

use self::json::Json;
use super::{
    command::{Fields, Verb, quoted},
    form::Form,
};

/// Hours of the window in which a policy of `/v2` begins.
const WINDOW: u8 = 2;
/// Days for which a policy of `/v2` can keep a backup at most.
const LONGEST_RETENTION: u32 = 30;

/// What a call needs and the form does not hold: names are no identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Where the server is reached, `https://hozon.example.org`.
    pub origin: String,
    /// The cluster that the form is about, or that its backup was taken from.
    pub cluster_id: Option<ClusterId>,
    /// Clusters that can be chosen by name.
    pub clusters: Vec<KnownCluster>,
    /// Integrations that can be chosen by name.
    pub integrations: Vec<(String, IntegrationId)>,
    /// The backup that can be restored.
    pub held: Held,
}

/// A cluster that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCluster {
    /// By this name.
    pub name: String,
    /// What it stands for.
    pub id: ClusterId,
    /// The cluster's project.
    pub project_id: ProjectId,
}

/// What is in a backup that can be restored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whether it is of a whole cluster.
    pub whole: bool,
    /// Its collections.
    pub collections: Vec<HeldCollection>,
}

/// A collection in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCollection {
    /// Its name there.
    pub name: CollectionName,
    /// Whether it was loaded.
    pub loaded: bool,
    /// Whether it has aliases.
    pub aliased: bool,
}

impl Known {
    /// For a form about a cluster, or about a backup of it.
    pub fn of(cluster_id: &ClusterId) -> Self {
        Self {
            cluster_id: Some(cluster_id.clone()),
            ..Self::default()
        }
    }

    /// With clusters to choose from.
    #[must_use]
    pub fn with_clusters(mut self, clusters: &[Cluster]) -> Self {
        let known = clusters.iter().map(|cluster| KnownCluster {
            name: cluster.name.clone(),
            id: cluster.id.clone(),
            project_id: cluster.project_id.clone(),
        });
        self.clusters.extend(known);
        self
    }

    /// With integrations to choose from.
    #[must_use]
    pub fn with_integrations(mut self, integrations: &[Integration]) -> Self {
        let known = integrations
            .iter()
            .map(|integration| (integration.name.clone(), integration.id.clone()));
        self.integrations.extend(known);
        self
    }

    /// With a backup to restore.
    #[must_use]
    pub fn holding(mut self, backup: &Backup) -> Self {
        let collections = backup.collection_list.iter().map(|one| HeldCollection {
            name: CollectionName {
                database: one.database.clone(),
                name: one.name.clone(),
            },
            loaded: one.load_state == LoadState::Loaded,
            aliased: !one.aliases.is_empty(),
        });
        self.held = Held {
            whole: backup.summary.scope == BackupScope::Cluster,
            collections: collections.collect(),
        };
        self
    }

    fn cluster(&self, name: &str) -> Option<&KnownCluster> {
        self.clusters.iter().find(|one| one.name == name)
    }

    fn integration(&self, name: &str) -> Option<&IntegrationId> {
        let named = self.integrations.iter().find(|(known, _)| known == name);
        named.map(|(_, id)| id)
    }
}

/// The call for a form's fields; none where no call does the same.
pub fn call(verb: Verb, fields: &Fields, known: &Known) -> Option<String> {
    request(verb, Form(fields), known).map(|request| request.curl(&known.origin))
}

fn request(verb: Verb, form: Form<'_>, known: &Known) -> Option<Request> {
    let of_cluster = |tail: &str| {
        let cluster = known.cluster_id.as_ref()?;
        Some(format!("/clusters/{cluster}/backups/{tail}"))
    };
    let of_backup = |tail: &str| of_cluster(&format!("{}{tail}", form.one("id")?));
    Some(match verb {
        Verb::Create => create(form, known)?,
        Verb::Restore => restore::request(form, known, of_backup)?,
        Verb::Verify => {
            let level = Json::text(form.one("level")?);
            Request::post(of_backup("/verify")?, [("level", level)])
        }
        Verb::Delete => Request::delete(of_backup("")?),
        Verb::Export => Request::post(of_backup("/export")?, export(form, known)?),
        Verb::Rename => {
            let name = Json::text(form.one("name")?);
            Request::post(of_backup("/rename")?, [("backupName", name)])
        }
        Verb::Copy => {
            let repository = Json::text(form.one("to")?);
            Request::post(of_backup("/copy")?, [("regionId", repository)])
        }
        Verb::Adopt => Request::post("/backups/adopt".to_owned(), adopt(form, known)?),
        Verb::Policy => Request::post(of_cluster("policy")?, policy(form)?),
        Verb::PolicyOff => Request::post(of_cluster("policy")?, [("enabled", Json::Flag(false))]),
        Verb::RemoveIntegration => {
            Request::delete(format!("/storageIntegrations/{}", form.one("id")?))
        }
        Verb::CreateProject => {
            let plan = form.one("plan").unwrap_or("Standard");
            let name = Json::text(form.one("name").unwrap_or_default());
            Request::post(
                "/projects".to_owned(),
                [("projectName", name), ("plan", Json::text(plan))],
            )
        }
        Verb::RemoveProject => Request::delete(format!("/projects/{}", form.one("id")?)),
        Verb::AddRepository
        | Verb::EditProject
        | Verb::CreateKey
        | Verb::RemoveKey
        | Verb::AddMember
        | Verb::GrantRole
        | Verb::RemoveMember
        | Verb::TotpOff
        | Verb::CreateRole
        | Verb::EditRole
        | Verb::RemoveRole
        | Verb::RemoveCluster
        | Verb::AddCluster
        | Verb::EditCluster
        | Verb::AddIntegration => return None,
    })
}

/// `/v2` names backups by itself, and makes none of one database.
fn create(form: Form<'_>, known: &Known) -> Option<Request> {
    let cluster = known.cluster(form.one("cluster")?)?;
    let body = match (form.one("name"), form.one("scope")) {
        (Some(_), _) | (None, Some("database")) => return None,
        (None, Some("collections")) => vec![
            ("backupType", Json::text("COLLECTION")),
            ("dbCollections", in_one_database(&form.collections()?)?),
        ],
        (None, _) => vec![("backupType", Json::text("CLUSTER"))],
    };
    let path = format!("/clusters/{}/backups/create", cluster.id);
    Some(Request::post(path, body))
}

/// All collections of a backup of `/v2` are in one database.
fn in_one_database(chosen: &[CollectionName]) -> Option<Json> {
    let Some(CollectionName { database, .. }) = chosen.first() else {
        return Some(Json::List(Vec::new()));
    };
    if chosen.iter().any(|one| one.database != *database) {
        return None;
    }
    let names = chosen.iter().map(|one| Json::text(one.name.as_str()));
    Some(Json::List(vec![Json::object([
        ("dbName", Json::text(database.as_str())),
        ("collectionNames", Json::List(names.collect())),
    ])]))
}

/// `/v2` knows one format.
fn export(form: Form<'_>, known: &Known) -> Option<Vec<(&'static str, Json)>> {
    let usual = ExportFormat::default().as_str();
    if form.one("format").is_some_and(|format| format != usual) {
        return None;
    }
    let integration = known.integration(form.one("integration")?)?;
    let mut body = vec![("integrationId", Json::text(integration.as_str()))];
    if let Some(directory) = form.one("directory") {
        body.push(("directory", Json::text(directory)));
    }
    Some(body)
}

fn adopt(form: Form<'_>, known: &Known) -> Option<Vec<(&'static str, Json)>> {
    let integration = known.integration(form.one("integration")?)?;
    let mut body = vec![
        ("integrationId", Json::text(integration.as_str())),
        (
            "directory",
            Json::text(form.one("directory").unwrap_or_default()),
        ),
    ];
    if let Some(backup) = form.one("backup") {
        body.push(("archivedBackupId", Json::text(backup)));
    }
    if let Some(cluster) = form.one("cluster") {
        let id = &known.cluster(cluster)?.id;
        body.push(("clusterId", Json::text(id.as_str())));
    }
    if let Some(name) = form.one("name") {
        body.push(("backupName", Json::text(name)));
    }
    Some(body)
}

/// `/v2` knows weekdays, a window of two hours in UTC, and days.
fn policy(form: Form<'_>) -> Option<Vec<(&'static str, Json)>> {
    let rules = ["last", "daily", "weekly", "monthly", "yearly"];
    let other_rules = rules.iter().any(|rule| {
        let count = form.one(&format!("keep_{rule}"));
        count.is_some_and(|count| count.trim() != "0")
    });
    let sayable = !matches!(form.one("kind"), Some("monthly" | "cron"))
        && form.one("window").is_some()
        && matches!(form.one("zone").map(str::trim), Some("UTC" | "Etc/UTC"))
        && !other_rules;
    if !sayable {
        return None;
    }
    let from: ClockTime = form.one("at")?.trim().parse().ok()?;
    let to = ClockTime {
        hour: (from.hour + WINDOW) % 24,
        ..from
    };
    let days = match form.one("keep_days") {
        Some(days) => days.trim().parse().ok()?,
        None => Retention::default().days,
    };
    if !(1..=LONGEST_RETENTION).contains(&days) {
        return None;
    }
    let mut body = vec![
        ("enabled", Json::Flag(true)),
        ("frequency", Json::text(form.all("weekdays[]").join(","))),
        ("startTime", Json::text(format!("{from}-{to}"))),
        ("retentionDays", Json::Number(days)),
    ];
    let copies = copies(form)?;
    if !copies.is_empty() {
        body.push(("crossRegionCopies", Json::List(copies)));
    }
    Some(body)
}

/// The chosen repositories; names and days of all go by their places, so what is empty counts, too.
fn copies(form: Form<'_>) -> Option<Vec<Json>> {
    let chosen = form.every("copies[]");
    let days = form.every("copy_days[]");
    form.every("copy_names[]")
        .into_iter()
        .zip(days)
        .filter(|(name, _)| chosen.contains(name))
        .map(|(name, days)| {
            let days = match days.trim() {
                "" => PolicyCopy::USUAL_DAYS,
                days => days.parse().ok()?,
            };
            (1..=PolicyCopy::MOST_DAYS).contains(&days).then(|| {
                Json::object([
                    ("regionId", Json::text(name)),
                    ("retentionDays", Json::Number(days)),
                ])
            })
        })
        .collect()
}

impl Form<'_> {
    /// The chosen collections; none where one of them is no name.
    fn collections(self) -> Option<Vec<CollectionName>> {
        self.all("collections[]")
            .into_iter()
            .map(|name| name.parse().ok())
            .collect()
    }
}

/// A request, below `/v2`.
struct Request {
    method: &'static str,
    path: String,
    body: Option<Json>,
}

impl Request {
    fn post(path: String, body: impl IntoIterator<Item = (&'static str, Json)>) -> Self {
        Self {
            method: "POST",
            path,
            body: Some(Json::object(body)),
        }
    }

    fn delete(path: String) -> Self {
        Self {
            method: "DELETE",
            path,
            body: None,
        }
    }

    /// As a shell takes it. The key stays in the environment.
    fn curl(&self, origin: &str) -> String {
        let url = quoted(&format!("{origin}/v2{}", self.path));
        let mut text = format!(
            "curl -X {} {url} \\\n  -H \"Authorization: Bearer $HOZON_API_KEY\"",
            self.method
        );
        if let Some(body) = &self.body {
            text.push_str(" \\\n  -H 'Content-Type: application/json' \\\n  -d ");
            text.push_str(&quoted(&body.to_string()));
        }
        text
    }
}
