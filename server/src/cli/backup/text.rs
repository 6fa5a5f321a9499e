//! Backups, plans and outcomes as people read them.

use hozon_model::{
    AdoptPlan, Backup, BackupPlan, BackupSummary, CopyPlan, DeletePlan, ExportPlan, JobKind,
    JobSummary, LoadState, RestoreAction, RestorePlan,
};

use crate::cli::{
    repository::copies,
    table::{Align, Table, facts},
    words,
};

pub(super) fn backups(items: &[BackupSummary]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Name", Align::Left),
        ("State", Align::Left),
        ("Cluster", Align::Left),
        ("Created", Align::Left),
        ("Size", Align::Right),
        ("New", Align::Right),
        ("Rows", Align::Right),
        ("Proof", Align::Left),
        ("ID", Align::Left),
    ]);
    for backup in items {
        table.row([
            backup.name.clone(),
            words::backup_state(backup.state).to_owned(),
            backup.cluster_name.clone(),
            words::time(backup.created_at),
            words::bytes(backup.bytes),
            words::bytes(backup.new_bytes),
            words::number(backup.rows),
            words::proof(backup.proof),
            backup.id.to_string(),
        ]);
    }
    table.render()
}

pub(super) fn backup(backup: &Backup) -> String {
    let summary = &backup.summary;
    let mut text = facts([
        ("Name", summary.name.clone()),
        ("ID", summary.id.to_string()),
        ("State", words::backup_state(summary.state).to_owned()),
        (
            "Reason",
            backup
                .reason
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
        (
            "Cluster",
            format!("{} ({})", summary.cluster_name, summary.cluster_id),
        ),
        ("Milvus", summary.milvus_version.clone().unwrap_or_default()),
        ("Scope", words::backup_scope(summary.scope).to_owned()),
        ("Made", words::backup_method(summary.method).to_owned()),
        ("Pinned", if summary.pinned { "yes" } else { "" }.to_owned()),
        (
            "Expires",
            summary
                .expires_at
                .filter(|_| !summary.pinned)
                .map(words::time)
                .unwrap_or_default(),
        ),
        ("Created", words::time(summary.created_at)),
        (
            "Finished",
            summary.finished_at.map(words::time).unwrap_or_default(),
        ),
        ("Size", words::bytes(summary.bytes)),
        ("Added", words::bytes(summary.new_bytes)),
        ("Rows", words::number(summary.rows)),
        ("Files", words::number(summary.files)),
        ("Proof", words::proof(summary.proof)),
        (
            "Job",
            summary
                .job_id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        ),
    ]);
    if !backup.collection_list.is_empty() {
        let mut table = Table::new([
            ("Database", Align::Left),
            ("Collection", Align::Left),
            ("Rows", Align::Right),
            ("Size", Align::Right),
            ("Partitions", Align::Right),
            ("Indexes", Align::Left),
            ("Loaded", Align::Left),
        ]);
        for collection in &backup.collection_list {
            table.row([
                collection.database.clone(),
                collection.name.clone(),
                words::number(collection.rows),
                words::bytes(collection.bytes),
                words::number(collection.partitions),
                if collection.indexes.is_empty() {
                    words::dash()
                } else {
                    collection.indexes.join(", ")
                },
                match collection.load_state {
                    LoadState::Loaded => "yes",
                    LoadState::NotLoaded => "no",
                }
                .to_owned(),
            ]);
        }
        text.push('\n');
        text.push_str(&table.render());
    }
    if !backup.copies.is_empty() {
        text.push('\n');
        text.push_str(&copies(&backup.copies, "Repository", |copy| {
            copy.repository.clone()
        }));
    }
    text
}

pub(super) fn copy_plan(plan: &CopyPlan) -> String {
    facts([
        ("Target", plan.target.clone()),
        (
            "Way",
            if plan.by_service {
                "the service copies by itself"
            } else {
                "through this process"
            }
            .to_owned(),
        ),
        ("Files", words::number(plan.files)),
        ("Size", words::bytes(plan.bytes)),
        ("New files", words::number(plan.new_files)),
        ("New", words::bytes(plan.new_bytes)),
    ])
}

pub(super) fn backup_plan(plan: &BackupPlan) -> String {
    let mut table = Table::new([
        ("Collection", Align::Left),
        ("Segments", Align::Right),
        ("Rows", Align::Right),
        ("Files", Align::Right),
        ("Size", Align::Right),
        ("New", Align::Right),
    ]);
    for planned in &plan.collections {
        table.row([
            planned.collection.to_string(),
            words::number(planned.segments),
            words::number(planned.rows),
            words::number(planned.files),
            words::bytes(planned.bytes),
            words::bytes(planned.new_bytes),
        ]);
    }
    let total: u64 = plan
        .collections
        .iter()
        .map(|planned| planned.new_bytes)
        .sum();
    format!(
        "Backup `{}` would take {} and copy {}; a flush may add to it\n\n{}",
        plan.name,
        words::count(plan.collections.len() as u64, "collection", "collections"),
        words::bytes(total),
        table.render()
    )
}

pub(super) fn restore_plan(plan: &RestorePlan) -> String {
    let mut table = Table::new([
        ("From", Align::Left),
        ("To", Align::Left),
        ("Rows", Align::Right),
        ("Size", Align::Right),
        ("In the way", Align::Left),
    ]);
    for planned in &plan.collections {
        table.row([
            planned.source.to_string(),
            planned.target.to_string(),
            planned.rows.map_or_else(|| "-".to_owned(), words::number),
            words::bytes(planned.bytes),
            match planned.action {
                RestoreAction::Make => "-",
                RestoreAction::Replace => "is replaced",
                RestoreAction::Skip => "is left as it is",
                RestoreAction::Refuse => "exists already",
            }
            .to_owned(),
        ]);
    }
    let made = plan
        .collections
        .iter()
        .filter(|planned| planned.action != RestoreAction::Skip)
        .count() as u64;
    let mut text = format!(
        "Restore into cluster `{}` would make {}",
        plan.cluster_name,
        words::count(made, "collection", "collections"),
    );
    if !plan.new_databases.is_empty() {
        text.push_str(&format!(
            " and {}: {}",
            words::count(plan.new_databases.len() as u64, "database", "databases"),
            plan.new_databases.join(", ")
        ));
    }
    if plan
        .collections
        .iter()
        .any(|planned| planned.action == RestoreAction::Refuse)
    {
        text.push_str("\nIt would be refused: a collection is in the way; give a `--suffix`, or say `--existing`");
    }
    text.push_str("\n\n");
    text.push_str(&table.render());
    text
}

pub(super) fn export_plan(plan: &ExportPlan) -> String {
    let mut text = format!(
        "Export to `{}` would write {} ({})\n",
        plan.target,
        words::count(plan.files - plan.present_files, "file", "files"),
        words::bytes(plan.bytes - plan.present_bytes),
    );
    if plan.present_files > 0 {
        text.push_str(&format!(
            "{} ({}) there already would be read and compared\n",
            words::count(plan.present_files, "file", "files"),
            words::bytes(plan.present_bytes),
        ));
    }
    text
}

pub(super) fn adopt_plan(plan: &AdoptPlan) -> String {
    let mut text = format!(
        "Adoption would make backup `{}` of {}, {}, {} ({}), taken from Milvus {}\n",
        plan.name,
        words::count(plan.collections.len() as u64, "collection", "collections"),
        words::count(plan.rows, "row", "rows"),
        words::count(plan.files, "file", "files"),
        words::bytes(plan.bytes),
        plan.milvus_version,
    );
    if let Some(id) = &plan.adopted_as {
        text.push_str(&format!(
            "It was adopted before, as backup {id}; nothing would be done\n"
        ));
    } else if plan.new_files < plan.files {
        text.push_str(&format!(
            "{} ({}) of these would be copied; the repository holds the others\n",
            words::count(plan.new_files, "file", "files"),
            words::bytes(plan.new_bytes),
        ));
    }
    text.push_str(if plan.has_checksums {
        "The archive has a checksum of every file; all would be compared\n"
    } else {
        "The archive has no checksums; files would be checked by their sizes and their rows\n"
    });
    if plan.unnamed_files > 0 {
        text.push_str(&format!(
            "{} that it does not name would be left out\n",
            words::count(plan.unnamed_files, "file", "files"),
        ));
    }
    for collection in &plan.collections {
        text.push_str(&format!("  {collection}\n"));
    }
    text
}

pub(super) fn delete_plan(plan: &DeletePlan) -> String {
    format!(
        "{} ({}) would go, {} ({}) that other backups need would stay\n",
        words::count(plan.files, "file", "files"),
        words::bytes(plan.bytes),
        words::count(plan.shared_files, "file", "files"),
        words::bytes(plan.shared_bytes),
    )
}

pub(super) fn queued(job: &JobSummary) -> String {
    let about = match &job.backup_name {
        Some(name) => format!(" of backup `{name}`"),
        None => String::new(),
    };
    format!(
        "Queued {}{about} as job `{}`",
        words::job_kind(job.kind),
        job.id
    )
}

pub(super) fn done(job: &JobSummary, backup: Option<&Backup>) -> String {
    let took = words::duration(job.started_at.unwrap_or(job.created_at), job.finished_at);
    let name = job.backup_name.as_deref().unwrap_or("?");
    let cluster = job.cluster_name.as_deref().unwrap_or("?");
    match (job.kind, backup.map(|backup| &backup.summary)) {
        (JobKind::Backup, Some(backup)) => format!(
            "Backed up cluster `{cluster}` as `{name}` ({}) in {took}: {}, {}, {} ({} new)",
            backup.id,
            words::count(backup.collections, "collection", "collections"),
            words::count(backup.rows, "row", "rows"),
            words::bytes(backup.bytes),
            words::bytes(backup.new_bytes),
        ),
        (JobKind::Verify, Some(backup)) => {
            let level = backup.proof.map_or("list", |proof| proof.level.as_str());
            format!(
                "Verified backup `{name}` in {took}: {}, {}; proven at level `{level}`",
                words::count(backup.files, "file", "files"),
                words::bytes(backup.bytes),
            )
        }
        (JobKind::Adopt, Some(backup)) => format!(
            "Adopted `{name}` ({}) in {took}: {}, {}, {}",
            backup.id,
            words::count(backup.collections, "collection", "collections"),
            words::count(backup.rows, "row", "rows"),
            words::bytes(backup.bytes),
        ),
        (JobKind::Backup | JobKind::Verify | JobKind::Adopt, None) => {
            format!(
                "Finished {} of `{name}` in {took}",
                words::job_kind(job.kind)
            )
        }
        (JobKind::Restore, _) => {
            format!("Restored backup `{name}` into cluster `{cluster}` in {took}")
        }
        (JobKind::Copy, _) => format!("Copied backup `{name}` in {took}"),
        (JobKind::Delete, _) => format!("Deleted backup `{name}` in {took}"),
        (JobKind::Export, _) => format!("Exported backup `{name}` in {took}"),
    }
}
