//! `POST …/restoreCollection`: chosen collections, or all of them, into a cluster that runs.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use hozon_engine::access::place_of_cluster;
use hozon_model::{
    Action, ClusterId, CollectionInBackup, CollectionName, LoadState, LoadStateWish, Rename,
    Resource, RestoreOptions,
};

use super::super::{
    Api, docs,
    envelope::{Answer, Failure, FailureBody, Good},
    jobs::Started,
    request::{Asked, cluster, fields, wrong},
};
use crate::body::Fields;

const DEFAULT_DATABASE: &str = "default";

#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    cluster: String,
    collections: Vec<Rename>,
    /// Whether they are loaded, those that are to be.
    load: bool,
}

#[utoipa::path(
    post, path = "/clusters/{cluster}/backups/{backup}/restoreCollection", tag = "backups", operation_id = "restoreCollection",
    params(("cluster" = String, Path, description = "The cluster's identifier"), ("backup" = String, Path, description = "The backup's identifier")),
    request_body = docs::RestoreCollection,
    responses(
        (status = 200, description = "Its job is in the queue; or an error with its `code`", body = docs::Reply<Started>),
        (status = 400, description = "The body cannot be read", body = FailureBody),
        (status = 413, description = "The body is too large", body = FailureBody),
        (status = 401, description = "The key is missing or wrong", body = FailureBody),
        (status = 429, description = "More requests than are allowed", body = FailureBody),
    ),
)]
pub(in super::super) async fn restore_collection(
    State(api): State<Api>,
    asked: Asked,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Started> {
    let (backup, _) = asked.backup(&api, Action::View).await?;
    let wanted = read(fields(body)?)?;
    let id = ClusterId::new(wanted.cluster.as_str());
    let cluster = cluster(&api, &id).await?;
    let actor = asked.may(
        Resource::Backup,
        Action::Restore,
        &place_of_cluster(&cluster),
    )?;
    if wanted.load {
        refuse_unloaded(&wanted.collections, &backup.collection_list)?;
    }
    let options = RestoreOptions {
        cluster_id: Some(cluster.id),
        collections: wanted
            .collections
            .iter()
            .map(|one| one.from.clone())
            .collect(),
        renames: wanted.collections,
        load_state: if wanted.load {
            LoadStateWish::Keep
        } else {
            LoadStateWish::Release
        },
        ..RestoreOptions::whole(backup.summary.id)
    };
    Ok(Good(
        api.engine.restore_backup(actor, options).await?.into(),
    ))
}

/// A collection that was not loaded when it was backed up comes back as it was.
fn refuse_unloaded(wanted: &[Rename], held: &[CollectionInBackup]) -> Result<(), Failure> {
    let was_unloaded = |name: &CollectionName| {
        held.iter().any(|one| {
            (&one.database, &one.name, one.load_state)
                == (&name.database, &name.name, LoadState::NotLoaded)
        })
    };
    match wanted.iter().find(|one| was_unloaded(&one.from)) {
        None => Ok(()),
        Some(one) => Err(Failure::parameter(format!(
            "`{}` was not loaded when it was backed up; restore it as `UNLOADED`, and load it afterwards",
            one.from
        ))),
    }
}

fn read(mut fields: Fields) -> Result<Wanted, Failure> {
    let cluster = either(&mut fields, "destClusterId", "targetClusterId")?;
    if cluster.is_empty() {
        return Err(Failure::parameter("give `destClusterId`"));
    }
    let mut collections = Vec::new();
    let mut states = Vec::new();
    for mut database in fields.objects("dbCollections").map_err(wrong)? {
        let from = database.text("dbName").map_err(wrong)?;
        let from = if from.is_empty() {
            DEFAULT_DATABASE.to_owned()
        } else {
            from
        };
        let to = either(&mut database, "destDbName", "targetDbName")?;
        let to = if to.is_empty() { from.clone() } else { to };
        for mut collection in database.objects("collections").map_err(wrong)? {
            let name = collection.text("collectionName").map_err(wrong)?;
            let new = either(
                &mut collection,
                "destCollectionName",
                "targetCollectionName",
            )?;
            states.push(either(
                &mut collection,
                "destCollectionStatus",
                "targetCollectionStatus",
            )?);
            collections.push(Rename {
                to: CollectionName {
                    database: to.clone(),
                    name: if new.is_empty() { name.clone() } else { new },
                },
                from: CollectionName {
                    database: from.clone(),
                    name,
                },
            });
        }
        if collections.is_empty() {
            return Err(Failure::parameter(
                "`dbCollections` names no collection; leave it out to restore all of them",
            ));
        }
    }
    Ok(Wanted {
        cluster,
        collections,
        load: load(&states)?,
    })
}

/// One wish for all: the engine knows no other.
fn load(states: &[String]) -> Result<bool, Failure> {
    let wishes = states
        .iter()
        .map(|state| match state.as_str() {
            "LOADED" => Ok(true),
            "" | "UNLOADED" => Ok(false),
            other => Err(Failure::parameter(format!(
                "`destCollectionStatus` is `{other}`, neither `LOADED` nor `UNLOADED`"
            ))),
        })
        .collect::<Result<Vec<bool>, _>>()?;
    match wishes.first() {
        None => Ok(false),
        Some(first) if wishes.iter().all(|wish| wish == first) => Ok(*first),
        Some(_) => Err(Failure::parameter(
            "`destCollectionStatus` must be the same for all collections of one request",
        )),
    }
}

/// A field under the name of the documents, or under that of the older guides.
fn either(fields: &mut Fields, new: &str, old: &str) -> Result<String, Failure> {
    let found = fields.text(new).map_err(wrong)?;
    if found.is_empty() {
        fields.text(old).map_err(wrong)
    } else {
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v2::codes;

    fn wanted(body: &str) -> Result<Wanted, i32> {
        read(Fields::of_body(body.as_bytes()).unwrap()).map_err(|failure| failure.code)
    }

    #[test]
    fn new_and_old_names_mean_the_same() {
        let new = wanted(
            r#"{"destClusterId":"in01-b","dbCollections":[{"dbName":"shop","destDbName":"store","collections":[
                {"collectionName":"a","destCollectionName":"b","destCollectionStatus":"LOADED"}]}]}"#,
        )
        .unwrap();
        let old = wanted(
            r#"{"targetProjectId":"proj-x","targetClusterId":"in01-b","dbCollections":[{"dbName":"shop","targetDbName":"store",
                "collections":[{"collectionName":"a","targetCollectionName":"b","targetCollectionStatus":"LOADED"}]}]}"#,
        )
        .unwrap();
        assert_eq!(new, old);
        assert_eq!(new.collections[0].to_string(), "shop.a:store.b");
        assert!(new.load);
    }

    #[test]
    fn without_collections_all_come_back_unloaded() {
        let all = wanted(r#"{"destClusterId":"in01-b"}"#).unwrap();
        assert!(all.collections.is_empty() && !all.load);
        let same = wanted(
            r#"{"destClusterId":"in01-b","dbCollections":[{"collections":[{"collectionName":"a"}]}]}"#,
        );
        assert_eq!(
            same.unwrap().collections[0].to_string(),
            "default.a:default.a"
        );
        for bad in [
            "{}",
            r#"{"destClusterId":"b","dbCollections":[{"dbName":"shop"}]}"#,
            r#"{"destClusterId":"b","dbCollections":[{"collections":[{"collectionName":"a","destCollectionStatus":"HALF"}]}]}"#,
            r#"{"destClusterId":"b","dbCollections":[{"collections":[{"collectionName":"a","destCollectionStatus":"LOADED"},
                {"collectionName":"b"}]}]}"#,
        ] {
            assert_eq!(wanted(bad).unwrap_err(), codes::PARAMETER, "{bad}");
        }
    }
}
