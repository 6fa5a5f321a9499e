//! `POST …/backups/create`: the name is made here, as the vendor makes it.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::{ErrorCode, access::Caller};
use hozon_model::{
    Action, BackupOptions, BackupQuery, Cluster, CollectionName, CopyRepository, JobSummary,
    Resource,
};
use serde::Serialize;

use super::super::{
    Api, codes, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    request::{Asked, fields, wrong},
};
use crate::body::Fields;

/// Names that are tried before giving up; others may be making backups, too.
const TRIES: u64 = 100;

/// What a new backup is called.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BackupCreated)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Created {
    backup_id: String,
    backup_name: String,
    job_id: String,
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    collections: Vec<CollectionName>,
    regions: Vec<String>,
}

#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/create", tag = "backups", operation_id = "createBackup",
    params(("cluster" = String, Path, description = "The cluster's identifier")),
    request_body = docs::CreateBackup,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Created>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn create(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Created> {
    let (cluster, actor) = asked
        .cluster(&api, Resource::Backup, Action::Create)
        .await?;
    let wanted = read(fields(body)?)?;
    let repositories = if wanted.regions.is_empty() {
        Vec::new()
    } else {
        api.engine.repositories().await?
    };
    let copies = wanted
        .regions
        .iter()
        .map(|region| repository_of(region, &repositories))
        .collect::<Result<_, _>>()?;
    let options = BackupOptions {
        cluster_id: cluster.id.clone(),
        name: None,
        database: None,
        collections: wanted.collections,
        copies,
        bandwidth_limit: None,
    };
    let (job, backup_name) = named(&api, actor, &cluster, options).await?;
    Ok(Good(Created {
        backup_id: job.backup_id.map(|id| id.to_string()).unwrap_or_default(),
        backup_name,
        job_id: job.id.to_string(),
    }))
}

/// Asks for the backup under the next name that is free: `<cluster>_backup<n>` or `<collection>_backup<n>`.
async fn named(
    api: &Api,
    actor: &Caller,
    cluster: &Cluster,
    options: BackupOptions,
) -> Result<(JobSummary, String), Failure> {
    let of_cluster = BackupQuery {
        cluster_id: Some(cluster.id.clone()),
        page_size: 1,
        ..BackupQuery::default()
    };
    let first = api.engine.backups(&of_cluster).await?.total + 1;
    let stem = options
        .collections
        .first()
        .map_or(&cluster.name, |one| &one.name);
    let mut number = first;
    loop {
        let name = format!("{stem}_backup{number}");
        let options = BackupOptions {
            name: Some(name.clone()),
            ..options.clone()
        };
        match api.engine.create_backup(actor, options).await {
            Err(error) if error.code() == ErrorCode::BackupNameTaken && number - first < TRIES => {
                number += 1;
            }
            job => return Ok((job?, name)),
        }
    }
}

fn read(mut fields: Fields) -> Result<Wanted, Failure> {
    let kind = fields.text("backupType").map_err(wrong)?;
    let mut collections = Vec::new();
    for mut database in fields.objects("dbCollections").map_err(wrong)? {
        let name = database.text("dbName").map_err(wrong)?;
        let name = if name.is_empty() {
            "default".to_owned()
        } else {
            name
        };
        for collection in database.texts("collectionNames").map_err(wrong)? {
            collections.push(CollectionName {
                database: name.clone(),
                name: collection,
            });
        }
    }
    let mut regions = Vec::new();
    for mut copy in fields.objects("crossRegionCopies").map_err(wrong)? {
        regions.push(copy.text("regionId").map_err(wrong)?);
    }
    match kind.as_str() {
        "CLUSTER" => collections.clear(),
        "COLLECTION" if collections.is_empty() => {
            return Err(Failure::parameter(
                "`backupType` `COLLECTION` needs `dbCollections` with `collectionNames`",
            ));
        }
        "COLLECTION" => {
            let first = &collections[0].database;
            if collections.iter().any(|one| one.database != *first) {
                return Err(Failure::parameter(
                    "all collections of `dbCollections` must be in one database",
                ));
            }
        }
        other => {
            return Err(Failure::parameter(format!(
                "`backupType` is `{other}`, neither `CLUSTER` nor `COLLECTION`"
            )));
        }
    }
    Ok(Wanted {
        collections,
        regions,
    })
}

/// The repository of copies that stands for a region: one of its name, or else the only one in it.
pub(super) fn repository_of(
    region: &str,
    repositories: &[CopyRepository],
) -> Result<String, Failure> {
    if let Some(named) = repositories.iter().find(|one| one.name == region) {
        return Ok(named.name.clone());
    }
    let mut there = repositories
        .iter()
        .filter(|one| one.storage.region.as_deref() == Some(region));
    match (there.next(), there.next()) {
        (Some(only), None) => Ok(only.name.clone()),
        (None, _) => Err(Failure::new(
            codes::UNKNOWN_REGION,
            format!(
                "no repository of copies is called `{region}` or lies there; register one with `hozon repository add`"
            ),
        )),
        (Some(_), Some(_)) => Err(Failure::new(
            codes::UNKNOWN_REGION,
            format!(
                "several repositories of copies lie in `{region}`; give the name of one of them"
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(body: &str) -> Result<Wanted, i32> {
        read(Fields::of_body(body.as_bytes()).unwrap()).map_err(|failure| failure.code)
    }

    #[test]
    fn the_two_kinds_of_backups() {
        let whole = wanted(
            r#"{"backupType":"CLUSTER","crossRegionCopies":[{"regionId":"aws-us-west-2"}]}"#,
        )
        .unwrap();
        assert_eq!((whole.collections.len(), whole.regions.len()), (0, 1));
        let some = wanted(
            r#"{"backupType":"COLLECTION","dbCollections":[{"dbName":"shop","collectionNames":["a","b"]}],"crossRegionCopies":null}"#,
        )
        .unwrap();
        assert_eq!(
            some.collections,
            ["shop.a".parse().unwrap(), "shop.b".parse().unwrap()]
        );
        let of_default =
            wanted(r#"{"backupType":"COLLECTION","dbCollections":[{"collectionNames":["a"]}]}"#)
                .unwrap();
        assert_eq!(of_default.collections, ["a".parse().unwrap()]);
        for bad in [
            "{}",
            r#"{"backupType":"DATABASE"}"#,
            r#"{"backupType":"COLLECTION"}"#,
            r#"{"backupType":"COLLECTION","dbCollections":[{"dbName":"a"}]}"#,
            r#"{"backupType":"COLLECTION","dbCollections":[{"dbName":"a","collectionNames":["x"]},{"dbName":"b","collectionNames":["x"]}]}"#,
        ] {
            assert_eq!(wanted(bad).unwrap_err(), codes::PARAMETER, "{bad}");
        }
        assert_eq!(wanted(r#"{"backupType":1}"#).unwrap_err(), codes::BODY);
    }

    #[test]
    fn a_region_stands_for_a_repository() {
        let repository = |name: &str, region: &str| CopyRepository {
            name: name.into(),
            storage: hozon_model::StorageLocation {
                url: format!("s3://{name}"),
                endpoint: None,
                region: Some(region.into()),
            },
            repository_id: name.into(),
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let all = [
            repository("a", "eu"),
            repository("b", "us"),
            repository("c", "us"),
            repository("eu-2", "x"),
        ];
        assert_eq!(repository_of("eu", &all).unwrap(), "a");
        assert_eq!(repository_of("eu-2", &all).unwrap(), "eu-2");
        for unknown in ["us", "mars"] {
            assert_eq!(
                repository_of(unknown, &all).unwrap_err().code,
                codes::UNKNOWN_REGION
            );
        }
    }
}
