//! `POST /create`: makes a backup, and waits for it unless asked not to.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use hozon_model::{BackupOptions, ClusterId, CollectionName, JobState};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Api,
    answer::{Answer, Code, Refusal, Undecodable},
    brief::{BackupInfoBrief, brief},
    chosen::{self, Chosen, Share},
    docs::CreateBackupRequest,
    request::{self, Caller},
};
use crate::body::{Fields, Wrong};
use crate::follow;

/// What is asked for.
#[derive(Debug)]
struct CreateRequest {
    backup_name: String,
    is_async: bool,
    filter: Option<Chosen>,
    db_collections: Option<Value>,
    collection_names: Vec<String>,
    strategy: String,
    format: String,
    meta_only: bool,
    rbac: bool,
    backup_root_path: String,
}

impl CreateRequest {
    fn read(mut fields: Fields) -> Result<Self, Wrong> {
        // Read for their types only. A flush, index parameters and what Milvus keeps meanwhile are the engine's affair.
        for name in ["force", "with_index_extra", "gc_pause_enable"] {
            fields.flag(name)?;
        }
        fields.int32("gc_pause_seconds")?;
        for name in ["gc_pause_address", "requestId"] {
            fields.text(name)?;
        }
        Ok(Self {
            backup_name: fields.text("backup_name")?,
            is_async: fields.flag("async")?,
            filter: chosen::filter(&mut fields)?,
            db_collections: fields.value("db_collections"),
            collection_names: fields.texts("collection_names")?,
            strategy: fields.text("strategy")?,
            format: fields.text("format")?,
            meta_only: fields.flag("meta_only")?,
            rbac: fields.flag("rbac")?,
            backup_root_path: fields.text("backup_root_path")?,
        })
    }

    /// Refuses what the engine cannot do, and what nobody can.
    fn check(&self) -> Result<(), Refusal> {
        match self.strategy.as_str() {
            "" | "auto" | "bulk_flush" | "serial_flush" | "skip_flush" if !self.meta_only => {}
            "snapshot" => {
                return Err(Refusal::parameter(
                    "`snapshot` is no strategy; it is a format",
                ));
            }
            "meta_only" | "" | "auto" | "bulk_flush" | "serial_flush" | "skip_flush" => {
                return Err(Refusal::unsupported(
                    "a backup of schemas without rows cannot be made",
                ));
            }
            other => {
                return Err(Refusal::parameter(format!(
                    "`{other}` is no strategy; use `bulk_flush`, `serial_flush` or `skip_flush`, or leave it out"
                )));
            }
        }
        match self.format.as_str() {
            "" | "auto" | "binlog" => {}
            "snapshot" => {
                return Err(Refusal::unsupported(
                    "the format `snapshot` cannot be made; leave `format` out",
                ));
            }
            other => {
                return Err(Refusal::parameter(format!(
                    "`{other}` is no format; leave `format` out"
                )));
            }
        }
        if self.rbac {
            return Err(Refusal::unsupported(
                "users and roles cannot be backed up; leave out `rbac`",
            ));
        }
        if !self.backup_root_path.is_empty() {
            return Err(Refusal::unsupported(
                "backups are kept in the configured repository; leave out `backup_root_path`",
            ));
        }
        check_name(&self.backup_name)
    }

    fn chosen(&self) -> Result<Option<Chosen>, Refusal> {
        if self.filter.is_some() {
            return Ok(self.filter.clone());
        }
        match chosen::db_collections(self.db_collections.clone())? {
            None => chosen::collection_names(&self.collection_names),
            chosen => Ok(chosen),
        }
    }
}

#[utoipa::path(
    post, path = "/create", tag = "backups", operation_id = "create",
    params(("request_id" = Option<String>, Header, description = "What the client calls its request")),
    request_body = CreateBackupRequest,
    responses(
        (status = 200, description = "Success, or an error with its `code`", body = Answer<BackupInfoBrief>),
        (status = 400, description = "The body cannot be read", body = Undecodable),
        (status = 401, description = "The key is missing or wrong", body = Answer<String>),
        (status = 413, description = "The body is too large", body = Undecodable),
    ),
)]
pub(super) async fn create(
    State(api): State<Api>,
    Caller(actor): Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refusal = |_: &str| "Invalid request body".to_owned();
    let wanted = match request::fields(body, refusal) {
        Ok(fields) => {
            CreateRequest::read(fields).map_err(|wrong| request::bad_request(&wrong, refusal))
        }
        Err(undecodable) => Err(undecodable),
    };
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(undecodable) => return undecodable.into_response(),
    };
    let id = request::or_new(request::given_id(&headers));
    match make(&api, &actor, &wanted, &id).await {
        Ok(None) => {
            let msg = "create backup is executing asynchronously";
            Answer::<()>::good(id, msg, None).into_response()
        }
        Ok(Some(made)) => made.into_response(),
        Err(refusal) => refusal.of(id).into_response(),
    }
}

/// Makes a backup; none if it is not waited for.
async fn make(
    api: &Api,
    actor: &hozon_model::Actor,
    wanted: &CreateRequest,
    id: &str,
) -> Result<Option<Answer<BackupInfoBrief>>, Refusal> {
    wanted.check()?;
    let chosen = wanted.chosen()?;
    let cluster = api.cluster().await?;
    let there = match &chosen {
        Some(chosen) if chosen.len() > 1 => api.engine.cluster_collections(&cluster.id).await?,
        _ => Vec::new(),
    };
    let name = if wanted.backup_name.is_empty() {
        Timestamp::now()
            .strftime("backup_%Y_%m_%d_%H_%M_%S_%N")
            .to_string()
    } else {
        wanted.backup_name.clone()
    };
    let options = options(cluster.id, name, chosen, &there)?;
    let job = api.engine.create_backup_as(actor, options, id).await?;
    if wanted.is_async {
        return Ok(None);
    }
    let backup_id = job.backup_id.clone();
    let ended = follow::ended(&api.engine, job).await?;
    let backup = match backup_id {
        Some(backup) => {
            let backup = api.engine.backup(backup.as_str()).await?;
            Some(brief(&api.engine, id.to_owned(), &backup).await?)
        }
        None => None,
    };
    if ended.state == JobState::Successful {
        return Ok(Some(Answer::good(id, "success", backup)));
    }
    let refusal = ended.reason.as_ref().map_or_else(
        || Refusal::new(Code::Fail, "the backup was canceled"),
        Refusal::from,
    );
    Ok(Some(Answer {
        request_id: id.to_owned(),
        code: Code::Fail,
        msg: refusal.msg,
        data: backup,
    }))
}

/// What the engine is to back up. `there` are the cluster's collections, where they must be known.
fn options(
    cluster_id: ClusterId,
    name: String,
    chosen: Option<Chosen>,
    there: &[CollectionName],
) -> Result<BackupOptions, Refusal> {
    let mut options = BackupOptions {
        cluster_id,
        name: Some(name),
        database: None,
        collections: Vec::new(),
        copies: Vec::new(),
        bandwidth_limit: None,
    };
    let Some(chosen) = chosen else {
        return Ok(options);
    };
    let one = chosen.len() == 1;
    for (database, share) in chosen {
        match share {
            Share::All if one => options.database = Some(database),
            Share::All => {
                let all = there.iter().filter(|name| name.database == database);
                options.collections.extend(all.cloned());
            }
            Share::These(names) => {
                let named = names.into_iter().map(|name| CollectionName {
                    database: database.clone(),
                    name,
                });
                options.collections.extend(named);
            }
        }
    }
    // To the engine no choice at all means the whole cluster.
    if options.database.is_none() && options.collections.is_empty() {
        return Err(Refusal::parameter(
            "what is chosen holds no collection; leave the choice out to back up everything",
        ));
    }
    Ok(options)
}

/// The original's rule; an empty name gets one from the time.
fn check_name(name: &str) -> Result<(), Refusal> {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let fits = name.len() <= 128
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if name.is_empty() || (begins && fits) {
        return Ok(());
    }
    Err(Refusal::parameter(format!(
        "`{name}` is no name of a backup: use letters, digits and `_`, at most 128, and begin with a letter or `_`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> CreateRequest {
        CreateRequest::read(Fields::of_body(body.as_bytes()).unwrap()).unwrap()
    }

    fn asked(body: &str, there: &[&str]) -> Result<BackupOptions, Refusal> {
        let there: Vec<_> = there.iter().map(|name| name.parse().unwrap()).collect();
        options(
            ClusterId::new("in01-a"),
            "b".to_owned(),
            request(body).chosen()?,
            &there,
        )
    }

    #[test]
    fn the_newer_way_of_choosing_goes_first() {
        let body = r#"{"filter":{"a":{"colls":["x"]}},"db_collections":{"b":["y"]},"collection_names":["z"]}"#;
        assert_eq!(
            asked(body, &[]).unwrap().collections,
            ["a.x".parse().unwrap()]
        );
        let body = r#"{"db_collections":"{\"b\":[\"y\"]}","collection_names":["z"]}"#;
        assert_eq!(
            asked(body, &[]).unwrap().collections,
            ["b.y".parse().unwrap()]
        );
        let body = r#"{"collection_names":["z","b.y"]}"#;
        let names = asked(body, &[]).unwrap().collections;
        assert_eq!(
            names,
            ["b.y".parse().unwrap(), "default.z".parse().unwrap()]
        );
    }

    #[test]
    fn nothing_chosen_is_everything_but_an_empty_choice_is_refused() {
        let everything = asked("{}", &[]).unwrap();
        assert!(everything.database.is_none() && everything.collections.is_empty());
        let database = asked(r#"{"filter":{"a":{"colls":["*"]}}}"#, &[]).unwrap();
        assert_eq!(database.database.as_deref(), Some("a"));
        let both = asked(
            r#"{"db_collections":{"a":[],"b":["y"]}}"#,
            &["a.x", "b.y", "b.z"],
        )
        .unwrap();
        assert_eq!(
            both.collections,
            ["a.x".parse().unwrap(), "b.y".parse().unwrap()]
        );
        for empty in [
            r#"{"filter":{}}"#,
            r#"{"filter":{"a":{"colls":[]}}}"#,
            r#"{"db_collections":{}}"#,
        ] {
            assert!(asked(empty, &[]).is_err(), "{empty}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for (body, code) in [
            (r#"{"backup_name":"1st"}"#, Code::ParameterError),
            (r#"{"backup_name":"a-b"}"#, Code::ParameterError),
            (r#"{"backup_name":"a b"}"#, Code::ParameterError),
            (r#"{"strategy":"snapshot"}"#, Code::ParameterError),
            (r#"{"strategy":"quick"}"#, Code::ParameterError),
            (r#"{"format":"tar"}"#, Code::ParameterError),
            (r#"{"format":"snapshot"}"#, Code::NotSupport),
            (r#"{"strategy":"meta_only"}"#, Code::NotSupport),
            (r#"{"meta_only":true}"#, Code::NotSupport),
            (r#"{"rbac":true}"#, Code::NotSupport),
            (r#"{"backup_root_path":"elsewhere"}"#, Code::NotSupport),
        ] {
            assert_eq!(request(body).check().unwrap_err().code, code, "{body}");
        }
        for fine in [
            r#"{"backup_name":"_nightly_1","force":true,"gc_pause_enable":true,"gc_pause_seconds":60}"#,
            r#"{"strategy":"bulk_flush","format":"binlog","with_index_extra":true}"#,
            "{}",
        ] {
            request(fine).check().unwrap();
        }
        let wrong = Fields::of_body(br#"{"force":"yes"}"#).unwrap();
        assert!(CreateRequest::read(wrong).is_err());
    }
}
