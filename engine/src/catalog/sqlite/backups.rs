//! What is known of backups: a cache of the repositories' manifests, with those that are being made or are gone.

use hozon_model::{
    Backup, BackupId, BackupNarrowing, BackupQuery, BackupSort, BackupState, BackupSummary,
    ClusterId, ErrorReport, JobId, Page, ProjectId, Proof,
};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{SqliteCatalog, copies, row, scope};
use crate::{
    Error, ErrorCode, Result,
    catalog::{NewBackup, NewJob, word},
    repository::manifest::Manifest,
};

impl SqliteCatalog {
    pub(super) async fn select_backups(&self, query: &BackupQuery) -> Result<Page<BackupSummary>> {
        let (page, page_size, skip) = row::window(query.page, query.page_size);
        let mut counting = QueryBuilder::new("SELECT count(*) FROM backups WHERE ");
        filter(&mut counting, query);
        let total: i64 = counting
            .build_query_scalar()
            .fetch_one(&self.readers)
            .await?;

        // Skipped rows are passed over in the index; only the page's own rows are fetched from the table.
        let mut listing = QueryBuilder::new(
            "SELECT * FROM backups JOIN (SELECT id AS on_page FROM backups WHERE ",
        );
        filter(&mut listing, query);
        let order = order(query);
        listing.push(" ORDER BY ").push(&order);
        listing.push(" LIMIT ").push_bind(row::number(page_size));
        listing.push(" OFFSET ").push_bind(skip);
        listing.push(") ON id = on_page ORDER BY ").push(&order);
        let items = listing
            .build()
            .fetch_all(&self.readers)
            .await?
            .iter()
            .map(summary)
            .collect::<Result<_>>()?;
        Ok(Page {
            items,
            total: total as u64,
            page,
            page_size,
        })
    }

    pub(super) async fn select_backup(&self, id_or_name: &str) -> Result<Option<Backup>> {
        let mut snapshot = self.readers.begin().await?;
        let found = sqlx::query(
            "SELECT *, 0 AS place FROM backups WHERE id = ?1
             UNION ALL
             SELECT *, CASE state WHEN 'FAILED' THEN 2 ELSE 1 END FROM backups
             WHERE name_folded = ?2 AND name = ?1 AND state <> 'DELETED'
             ORDER BY place, created_at DESC LIMIT 1",
        )
        .bind(id_or_name)
        .bind(row::folded(id_or_name))
        .fetch_optional(&mut *snapshot)
        .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let summary = summary(&found)?;
        let collections =
            sqlx::query("SELECT collection_list FROM backup_collections WHERE backup_id = ?")
                .bind(summary.id.as_str())
                .fetch_optional(&mut *snapshot)
                .await?;
        let collection_list = match collections {
            Some(line) => row::json(&line, "collection_list")?,
            None => Vec::new(),
        };
        let copies = copies::of_backup(&mut snapshot, &summary.id).await?;
        let proofs = sqlx::query(
            "SELECT level, at FROM backup_proofs WHERE backup_id = ? ORDER BY at DESC, id DESC",
        )
        .bind(summary.id.as_str())
        .fetch_all(&mut *snapshot)
        .await?
        .iter()
        .map(|line| {
            Ok(Proof {
                level: row::word(line, "level")?,
                at: row::time(line, "at")?,
            })
        })
        .collect::<Result<_>>()?;
        Ok(Some(Backup {
            summary,
            collection_list,
            proofs,
            reason: row::json_opt(&found, "reason")?,
            copies,
        }))
    }

    /// What was found damaged, or is being deleted, stays so: reading its manifest proves nothing about its bytes.
    pub(super) async fn upsert_manifest(&self, manifest: &Manifest) -> Result<()> {
        let begin = &manifest.begin;
        let totals = manifest.totals();
        let mut transaction = self.begin().await?;
        let name = free_name(&mut transaction, &begin.id, &begin.name).await?;
        sqlx::query(
            "INSERT INTO backups (id, name, name_folded, cluster_id, cluster_name, state, scope, method, created_at,
                                  finished_at, bytes, new_bytes, row_count, file_count, milvus_version, collection_count,
                                  project_id)
             VALUES (?1, ?2, ?3, ?4, ?5, 'AVAILABLE', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                     coalesce((SELECT project_id FROM clusters WHERE id = ?4), ?16))
             ON CONFLICT (id) DO UPDATE SET
                 name = CASE WHEN renamed THEN name ELSE excluded.name END,
                 name_folded = CASE WHEN renamed THEN name_folded ELSE excluded.name_folded END,
                 state = CASE WHEN state IN ('DAMAGED', 'DELETING') THEN state ELSE 'AVAILABLE' END,
                 reason = CASE WHEN state IN ('DAMAGED', 'DELETING') THEN reason END,
                 finished_at = excluded.finished_at, bytes = excluded.bytes, new_bytes = excluded.new_bytes,
                 row_count = excluded.row_count, file_count = excluded.file_count,
                 milvus_version = excluded.milvus_version, collection_count = excluded.collection_count",
        )
        .bind(begin.id.as_str())
        .bind(&name)
        .bind(row::folded(&name))
        .bind(begin.counted_cluster().as_str())
        .bind(&begin.cluster_name)
        .bind(word(&begin.scope))
        .bind(word(&begin.method))
        .bind(begin.created_at.as_microsecond())
        .bind(manifest.finished_at.as_microsecond())
        .bind(row::number(totals.bytes))
        .bind(row::number(totals.new_bytes))
        .bind(row::number(totals.rows))
        .bind(row::number(totals.files))
        .bind(&manifest.milvus_version)
        .bind(row::number(manifest.collections.len() as u64))
        .bind(ProjectId::DEFAULT)
        .execute(&mut *transaction)
        .await?;
        let collections: Vec<_> = manifest
            .collections
            .iter()
            .map(|entry| &entry.summary)
            .collect();
        sqlx::query(
            "INSERT INTO backup_collections (backup_id, collection_list) VALUES (?, ?)
             ON CONFLICT (backup_id) DO UPDATE SET collection_list = excluded.collection_list",
        )
        .bind(begin.id.as_str())
        .bind(row::to_json(&collections)?)
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn update_backup_state(
        &self,
        id: &BackupId,
        state: BackupState,
        reason: Option<&ErrorReport>,
    ) -> Result<()> {
        let changed = sqlx::query("UPDATE backups SET state = ?, reason = ? WHERE id = ?")
            .bind(word(&state))
            .bind(reason.map(row::to_json).transpose()?)
            .bind(id.as_str())
            .execute(&self.writer)
            .await
            .map_err(|error| name_taken(error, id.as_str()))?;
        if changed.rows_affected() == 0 {
            return Err(Error::new(ErrorCode::BackupNotFound, id.as_str()));
        }
        Ok(())
    }

    pub(super) async fn insert_proof(&self, id: &BackupId, proof: Proof) -> Result<()> {
        let mut transaction = self.begin().await?;
        let line = sqlx::query("SELECT proof_level, proof_at FROM backups WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or_else(|| Error::new(ErrorCode::BackupNotFound, id.as_str()))?;
        sqlx::query("INSERT INTO backup_proofs (backup_id, level, at) VALUES (?, ?, ?)")
            .bind(id.as_str())
            .bind(word(&proof.level))
            .bind(proof.at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        if best_proof(&line)?.is_none_or(|best| (proof.level, proof.at) > (best.level, best.at)) {
            sqlx::query("UPDATE backups SET proof_level = ?, proof_at = ? WHERE id = ?")
                .bind(word(&proof.level))
                .bind(proof.at.as_microsecond())
                .bind(id.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Adds the row of a backup whose job is being put into the queue.
pub(super) async fn insert_new(
    connection: &mut SqliteConnection,
    backup: &NewBackup,
    job: &NewJob,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO backups (id, name, name_folded, cluster_id, cluster_name, state, scope, method, created_at, job_id,
                              project_id)
         VALUES (?1, ?2, ?3, ?4, ?5, 'CREATING', ?6, ?7, ?8, ?9,
                 coalesce((SELECT project_id FROM clusters WHERE id = ?4),
                          (SELECT project_id FROM integrations WHERE id = ?10), ?11))",
    )
    .bind(backup.id.as_str())
    .bind(&backup.name)
    .bind(row::folded(&backup.name))
    .bind(backup.cluster_id.as_str())
    .bind(&backup.cluster_name)
    .bind(word(&backup.scope))
    .bind(word(&backup.method))
    .bind(job.created_at.as_microsecond())
    .bind(job.id.as_str())
    .bind(job.options["integration_id"].as_str())
    .bind(ProjectId::DEFAULT)
    .execute(connection)
    .await
    .map_err(|error| name_taken(error, &backup.name))?;
    Ok(())
}

/// A manifest that was found is never hidden because of its name: if another backup has it, the identifier is added.
pub(super) async fn free_name(
    connection: &mut SqliteConnection,
    id: &BackupId,
    name: &str,
) -> Result<String> {
    let taken: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM backups WHERE name = ? AND id <> ? AND state NOT IN ('FAILED', 'DELETED')",
    )
    .bind(name)
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(match taken {
        Some(_) => format!("{name} ({id})"),
        None => name.to_owned(),
    })
}

pub(super) fn name_taken(error: sqlx::Error, name: &str) -> Error {
    row::unless_taken(error, || {
        Error::new(ErrorCode::BackupNameTaken, name)
            .because("another backup that is neither deleted nor failed has this name")
            .hint("choose another name")
    })
}

fn filter(sql: &mut QueryBuilder<Sqlite>, query: &BackupQuery) {
    match query.state {
        Some(state) => sql.push("state = ").push_bind(word(&state)),
        None => sql.push("state <> 'DELETED'"),
    };
    if let Some(cluster) = &query.cluster_id {
        sql.push(" AND cluster_id = ")
            .push_bind(cluster.as_str().to_owned());
    }
    scope::narrow(sql, query.project_id.as_ref(), query.within.as_deref());
    if let Some(text) = query.search.as_deref().filter(|text| !text.is_empty()) {
        sql.push(" AND instr(name_folded, ")
            .push_bind(row::folded(text))
            .push(") > 0");
    }
    narrow(sql, &query.narrowing);
}

fn narrow(sql: &mut QueryBuilder<Sqlite>, narrowing: &BackupNarrowing) {
    let one_of = |sql: &mut QueryBuilder<Sqlite>, column: &str, words: Vec<String>| {
        if !words.is_empty() {
            sql.push(format!(" AND {column} IN ("));
            let mut list = sql.separated(", ");
            for word in words {
                list.push_bind(word);
            }
            sql.push(")");
        }
    };
    one_of(sql, "state", narrowing.states.iter().map(word).collect());
    one_of(sql, "scope", narrowing.scopes.iter().map(word).collect());
    one_of(sql, "method", narrowing.method.iter().map(word).collect());
    if let Some(since) = narrowing.since {
        sql.push(" AND created_at >= ")
            .push_bind(since.as_microsecond());
    }
    if let Some(until) = narrowing.until {
        sql.push(" AND created_at <= ")
            .push_bind(until.as_microsecond());
    }
}

fn order(query: &BackupQuery) -> String {
    let column = match query.sort {
        BackupSort::Created => "created_at",
        BackupSort::Name => "name_folded",
        BackupSort::Size => "bytes",
        BackupSort::Rows => "row_count",
    };
    let way = if query.ascending { "ASC" } else { "DESC" };
    format!("{column} {way}, id {way}")
}

fn best_proof(line: &SqliteRow) -> Result<Option<Proof>> {
    let level = row::word_opt(line, "proof_level")?;
    let at = row::time_opt(line, "proof_at")?;
    Ok(level.zip(at).map(|(level, at)| Proof { level, at }))
}

pub(super) fn summary(line: &SqliteRow) -> Result<BackupSummary> {
    Ok(BackupSummary {
        id: BackupId::new(line.try_get::<String, _>("id")?),
        name: line.try_get("name")?,
        project_id: ProjectId::new(line.try_get::<String, _>("project_id")?),
        cluster_id: ClusterId::new(line.try_get::<String, _>("cluster_id")?),
        cluster_name: line.try_get("cluster_name")?,
        state: row::word(line, "state")?,
        scope: row::word(line, "scope")?,
        method: row::word(line, "method")?,
        created_at: row::time(line, "created_at")?,
        finished_at: row::time_opt(line, "finished_at")?,
        bytes: row::count(line, "bytes")?,
        new_bytes: row::count(line, "new_bytes")?,
        rows: row::count(line, "row_count")?,
        files: row::count(line, "file_count")?,
        collections: row::count(line, "collection_count")?,
        proof: best_proof(line)?,
        job_id: line.try_get::<Option<String>, _>("job_id")?.map(JobId::new),
        milvus_version: line.try_get("milvus_version")?,
        pinned: line.try_get("pinned")?,
        expires_at: row::time_opt(line, "expires_at")?,
    })
}
