//! The call that restores: chosen collections under the names they get, or a whole cluster where only that says it.

use hozon_model::{BackupId, Rename, RestoreOptions};

use super::{Form, HeldCollection, Known, KnownCluster, Request, json::Json};

/// Where the API restores collections, and where a whole cluster, below a backup.
const COLLECTIONS: &str = "/restoreCollection";
const CLUSTER: &str = "/restoreCluster";

/// The call; `path` makes a path below the backup.
pub(super) fn request(
    form: Form<'_>,
    known: &Known,
    path: impl Fn(&str) -> Option<String>,
) -> Option<Request> {
    let options = options(form)?;
    let target = target(form, known)?;
    let held = chosen(&options, &known.held.collections)?;
    let as_it_was = options.collections.is_empty()
        && held.iter().all(|one| options.target(&one.name) == one.name);
    let cluster = ("destClusterId", Json::text(target.id.as_str()));
    match loaded(form, &held) {
        // Where nothing is named, everything comes back unloaded.
        Some(false) if as_it_was => Some(Request::post(path(COLLECTIONS)?, [cluster])),
        Some(loaded) => {
            let databases = Json::List(databases(&options, &held, loaded));
            let body = [cluster, ("dbCollections", databases)];
            Some(Request::post(path(COLLECTIONS)?, body))
        }
        // Each as it was, loaded or not, is said of a whole cluster only; it has to be empty then.
        None if as_it_was && known.held.whole => {
            let body = [
                ("projectId", Json::text(target.project_id.as_str())),
                ("clusterName", Json::text(target.name.as_str())),
                ("cuSize", Json::Number(1)),
                ("collectionStatus", Json::text("KEEP")),
            ];
            Some(Request::post(path(CLUSTER)?, body))
        }
        None => None,
    }
}

/// What the form wishes; none where `/v2` has no word for one of the wishes, or nobody could fulfil it.
fn options(form: Form<'_>) -> Option<RestoreOptions> {
    let usual = |name: &str, usual: &str| form.one(name).is_none_or(|wish| wish == usual);
    if !usual("existing", "refuse") || !usual("indexes", "keep") || form.one("until").is_some() {
        return None;
    }
    let renames = form.one("renames").unwrap_or_default();
    Some(RestoreOptions {
        collections: form.collections()?,
        suffix: form
            .one("suffix")
            .map(|suffix| suffix.trim().to_owned())
            .unwrap_or_default(),
        renames: renames
            .split([',', '\n'])
            .map(str::trim)
            .filter(|rename| !rename.is_empty())
            .map(|rename| rename.parse().ok())
            .collect::<Option<_>>()?,
        database: form
            .one("database")
            .map(|database| database.trim().to_owned()),
        ..RestoreOptions::whole(BackupId::new(form.one("id")?))
    })
}

/// The chosen cluster, or the one that the backup was taken from.
fn target<'a>(form: Form<'_>, known: &'a Known) -> Option<&'a KnownCluster> {
    match form.one("cluster") {
        Some(name) => known.cluster(name),
        None => known
            .clusters
            .iter()
            .find(|one| Some(&one.id) == known.cluster_id.as_ref()),
    }
}

/// What would be restored; none where the form would be refused, or more than names would change.
fn chosen<'a>(
    options: &RestoreOptions,
    held: &'a [HeldCollection],
) -> Option<Vec<&'a HeldCollection>> {
    let chosen: Vec<_> = held
        .iter()
        .filter(|one| options.collections.is_empty() || options.collections.contains(&one.name))
        .collect();
    let used = |rename: &Rename| {
        chosen
            .iter()
            .any(|one| Rename::closest(&one.name, &options.renames) == Some(rename))
    };
    let possible = chosen.len() >= options.collections.len() && options.renames.iter().all(used);
    // A suffix is put behind aliases, too; a new name leaves them as they are.
    let aliases_change = !options.suffix.is_empty() && chosen.iter().any(|one| one.aliased);
    (possible && !aliases_change).then_some(chosen)
}

/// Whether all of them come back loaded, or all unloaded; none where some do and some do not.
fn loaded(form: Form<'_>, chosen: &[&HeldCollection]) -> Option<bool> {
    let all = |loaded: bool| chosen.iter().all(|one| one.loaded == loaded);
    if form.one("load") == Some("release") || all(false) {
        Some(false)
    } else {
        all(true).then_some(true)
    }
}

/// The collections by their databases and those they go to.
fn databases(options: &RestoreOptions, chosen: &[&HeldCollection], loaded: bool) -> Vec<Json> {
    let status = if loaded { "LOADED" } else { "UNLOADED" };
    let mut databases: Vec<(&str, String, Vec<Json>)> = Vec::new();
    for one in chosen {
        let target = options.target(&one.name);
        let mut collection = vec![("collectionName", Json::text(one.name.name.as_str()))];
        if target.name != one.name.name {
            collection.push(("destCollectionName", Json::Text(target.name)));
        }
        collection.push(("destCollectionStatus", Json::text(status)));
        let collection = Json::Object(collection);
        let same = databases
            .iter_mut()
            .find(|(from, to, _)| *from == one.name.database && *to == target.database);
        if let Some((.., collections)) = same {
            collections.push(collection);
        } else {
            let from = one.name.database.as_str();
            databases.push((from, target.database, vec![collection]));
        }
    }
    databases
        .into_iter()
        .map(|(from, to, collections)| {
            let mut database = vec![("dbName", Json::text(from))];
            if to != from {
                database.push(("destDbName", Json::Text(to)));
            }
            database.push(("collections", Json::List(collections)));
            Json::Object(database)
        })
        .collect()
}
