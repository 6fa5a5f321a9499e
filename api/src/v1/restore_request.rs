//! What `restore` is asked for, and what of it cannot be done.

use serde_json::Value;

use super::{
    answer::Refusal,
    chosen::{self, Chosen},
};
use crate::body::{Fields, Wrong};

/// A mapping of a restore plan: a database to a database, with some of its collections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mapping {
    pub(super) source: String,
    pub(super) target: String,
    /// Collections by name, from and to.
    pub(super) collections: Vec<(String, String)>,
}

/// A restore plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) mapping: Vec<Mapping>,
    /// Of the targets.
    pub(super) filter: Option<Chosen>,
}

/// What is asked for.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // the original's fields
pub(super) struct RestoreRequest {
    pub(super) request_id: String,
    pub(super) id: String,
    pub(super) backup_name: String,
    pub(super) is_async: bool,
    pub(super) collection_names: Vec<String>,
    pub(super) db_collections: Option<Value>,
    pub(super) db_collections_after_rename: Option<Value>,
    pub(super) collection_suffix: String,
    pub(super) collection_renames: Vec<(String, String)>,
    pub(super) plan: Option<Plan>,
    pub(super) restore_index: bool,
    pub(super) use_auto_index: bool,
    pub(super) drop_exist_collection: bool,
    pub(super) max_shard_num: i32,
    /// Names of what was asked for and cannot be done.
    pub(super) impossible: Vec<&'static str>,
    skip_create_collection: bool,
}

impl RestoreRequest {
    pub(super) fn read(mut fields: Fields) -> Result<Self, Wrong> {
        // Read for their types only: rows later than a backup's cut-off are never restored, how files are handed to
        // Milvus is the engine's affair, and a collection that is made or replaced has no index to drop.
        for name in [
            "truncateBinlogByTs",
            "useV2Restore",
            "skipImportDiskQuotaCheck",
            "dropExistIndex",
        ] {
            fields.flag(name)?;
        }
        let skip_create_collection = fields.flag("skipCreateCollection")?;
        let mut impossible = Vec::new();
        let mut note = |name: &'static str, asked: bool| {
            if asked {
                impossible.push(name);
            }
        };
        note("skipCreateCollection", skip_create_collection);
        for name in ["metaOnly", "rbac"] {
            note(name, fields.flag(name)?);
        }
        for name in ["bucket_name", "path"] {
            note(name, !fields.text(name)?.is_empty());
        }
        note("ezkMapping", !fields.text_map("ezkMapping")?.is_empty());
        if let Some(mut skip) = fields.object("skipParams")? {
            for name in [
                "collectionProperties",
                "fieldIndexParams",
                "fieldTypeParams",
                "indexParams",
            ] {
                note("skipParams", !skip.texts(name)?.is_empty());
            }
        }
        let plan = match fields.object("restorePlan")? {
            Some(plan) => Some(read_plan(plan, &mut note)?),
            None => None,
        };
        Ok(Self {
            request_id: fields.text("requestId")?,
            id: fields.text("id")?,
            backup_name: fields.text("backup_name")?,
            is_async: fields.flag("async")?,
            collection_names: fields.texts("collection_names")?,
            db_collections: fields.value("db_collections"),
            db_collections_after_rename: fields.value("db_collections_after_rename"),
            collection_suffix: fields.text("collection_suffix")?,
            collection_renames: fields.text_map("collection_renames")?,
            plan,
            restore_index: fields.flag("restoreIndex")?,
            use_auto_index: fields.flag("useAutoIndex")?,
            drop_exist_collection: fields.flag("dropExistCollection")?,
            max_shard_num: fields.int32("maxShardNum")?,
            impossible,
            skip_create_collection,
        })
    }

    /// Refuses what contradicts itself, and what the engine cannot do: it is never passed over.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.backup_name.is_empty() {
            return Err(Refusal::parameter("give `backup_name`"));
        }
        if self.skip_create_collection && self.drop_exist_collection {
            return Err(Refusal::parameter(
                "`skipCreateCollection` and `dropExistCollection` exclude each other",
            ));
        }
        let named = !self.collection_suffix.is_empty() || !self.collection_renames.is_empty();
        if self.plan.is_some() && named {
            return Err(Refusal::parameter(
                "`restorePlan` excludes `collection_suffix` and `collection_renames`",
            ));
        }
        if !self
            .collection_suffix
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        {
            return Err(Refusal::parameter(format!(
                "`{}` is no suffix: use letters, digits and `_`",
                self.collection_suffix
            )));
        }
        if self.max_shard_num < 0 {
            return Err(Refusal::parameter("`maxShardNum` is less than zero"));
        }
        match self.impossible.first() {
            None => Ok(()),
            Some(name) => Err(Refusal::unsupported(format!(
                "`{name}` cannot be done; leave it out"
            ))),
        }
    }
}

fn read_plan(mut plan: Fields, note: &mut impl FnMut(&'static str, bool)) -> Result<Plan, Wrong> {
    let mut mapping = Vec::new();
    for mut database in plan.objects("mapping")? {
        note("restorePlan.mapping.withProp", database.flag("withProp")?);
        let mut collections = Vec::new();
        for mut collection in database.objects("colls")? {
            if let Some(mut change) = collection.object("override")? {
                note(
                    "restorePlan.mapping.colls.override.shardNum",
                    change.int32("shardNum")? != 0,
                );
                let described = !change.text("description")?.is_empty();
                note("restorePlan.mapping.colls.override.description", described);
            }
            collections.push((collection.text("source")?, collection.text("target")?));
        }
        mapping.push(Mapping {
            source: database.text("source")?,
            target: database.text("target")?,
            collections,
        });
    }
    Ok(Plan {
        mapping,
        filter: chosen::filter(&mut plan)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::answer::Code;

    fn request(body: &str) -> RestoreRequest {
        RestoreRequest::read(Fields::of_body(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn every_field_of_the_original_is_read() {
        let asked = request(
            r#"{"requestId":"r","id":"t","backup_name":"b","async":true,"collection_names":["a"],
                "collection_suffix":"_recover","collection_renames":{"x":"y"},"restoreIndex":true,"useAutoIndex":true,
                "dropExistCollection":true,"maxShardNum":2,"useV2Restore":true,"truncateBinlogByTs":true,
                "skipImportDiskQuotaCheck":true,"dropExistIndex":true,"skipParams":{"indexParams":[]},"ezkMapping":{}}"#,
        );
        asked.check().unwrap();
        assert!(
            asked.is_async
                && asked.restore_index
                && asked.use_auto_index
                && asked.drop_exist_collection
        );
        assert_eq!(
            (
                asked.request_id.as_str(),
                asked.id.as_str(),
                asked.max_shard_num
            ),
            ("r", "t", 2)
        );
        assert_eq!(asked.collection_renames, [("x".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn a_plan_is_read_with_what_it_overrides() {
        let asked = request(
            r#"{"backup_name":"b","restorePlan":{"mapping":[{"source":"d","target":"e",
                "colls":[{"source":"a","target":"b","override":{"shardNum":0}}]}],"filter":{"e":{"colls":["b"]}}}}"#,
        );
        asked.check().unwrap();
        let plan = asked.plan.unwrap();
        assert_eq!(
            plan.mapping[0].collections,
            [("a".to_owned(), "b".to_owned())]
        );
        assert!(plan.filter.unwrap().contains_key("e"));
    }

    #[test]
    fn what_cannot_be_done_and_what_contradicts_itself_is_refused() {
        for (body, code) in [
            (r"{}", Code::ParameterError),
            (
                r#"{"backup_name":"b","collection_suffix":"-x"}"#,
                Code::ParameterError,
            ),
            (
                r#"{"backup_name":"b","collection_suffix":"_x","restorePlan":{}}"#,
                Code::ParameterError,
            ),
            (
                r#"{"backup_name":"b","collection_renames":{"a":"b"},"restorePlan":{}}"#,
                Code::ParameterError,
            ),
            (
                r#"{"backup_name":"b","skipCreateCollection":true,"dropExistCollection":true}"#,
                Code::ParameterError,
            ),
            (
                r#"{"backup_name":"b","maxShardNum":-1}"#,
                Code::ParameterError,
            ),
            (
                r#"{"backup_name":"b","skipCreateCollection":true}"#,
                Code::NotSupport,
            ),
            (r#"{"backup_name":"b","metaOnly":true}"#, Code::NotSupport),
            (r#"{"backup_name":"b","rbac":true}"#, Code::NotSupport),
            (
                r#"{"backup_name":"b","path":"elsewhere"}"#,
                Code::NotSupport,
            ),
            (
                r#"{"backup_name":"b","ezkMapping":{"a":"b"}}"#,
                Code::NotSupport,
            ),
            (
                r#"{"backup_name":"b","skipParams":{"indexParams":["M"]}}"#,
                Code::NotSupport,
            ),
            (
                r#"{"backup_name":"b","restorePlan":{"mapping":[{"source":"a","target":"b","withProp":true}]}}"#,
                Code::NotSupport,
            ),
        ] {
            assert_eq!(request(body).check().unwrap_err().code, code, "{body}");
        }
    }
}
