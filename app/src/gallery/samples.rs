//! Sample data, in the scripts that names really come in.

use hozon_engine::accounts::TotpSetup;
use hozon_model::*;
use jiff::{SignedDuration, Timestamp};

use crate::pages::access_sessions::two_steps::TwoSteps;

pub(super) fn now() -> Timestamp {
    "2026-11-21T09:30:00Z".parse().expect("a time")
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(super) fn user() -> User {
    User {
        name: "admin".to_owned(),
        grants: vec![Grant::owner()],
        created_at: ago(60 * 24 * 40),
        has_password: false,
        has_totp: false,
        has_identity: false,
    }
}

fn summary(
    name: &str,
    state: BackupState,
    minutes: i64,
    bytes: u64,
    new_bytes: u64,
    proof: Option<(ProofLevel, i64)>,
) -> BackupSummary {
    BackupSummary {
        id: BackupId::new(format!("backup0_{minutes:015x}")),
        name: name.to_owned(),
        project_id: ProjectId::default(),
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        cluster_name: "demo".to_owned(),
        state,
        scope: BackupScope::Cluster,
        method: BackupMethod::Manual,
        created_at: ago(minutes),
        finished_at: (!matches!(state, BackupState::Creating | BackupState::Failed))
            .then(|| ago(minutes - 2)),
        bytes,
        new_bytes,
        rows: bytes / 612,
        files: bytes / 300_000,
        collections: 7,
        proof: proof.map(|(level, minutes)| Proof {
            level,
            at: ago(minutes),
        }),
        job_id: Some(JobId::new("job-abcdefghijklmnopqrstuv")),
        milvus_version: Some("2.3.5".to_owned()),
        pinned: false,
        expires_at: None,
    }
}

pub(super) fn backups() -> Vec<BackupSummary> {
    use BackupState::*;
    vec![
        summary("demo 2026-11-21 18:28", Creating, 2, 0, 0, None),
        summary(
            "before the upgrade to 2.4",
            Available,
            63,
            1_243_000_000,
            12_400_000,
            Some((ProofLevel::Read, 41)),
        ),
        summary(
            "毎日のバックアップ 11月20日",
            Available,
            60 * 26,
            1_230_600_000,
            38_200_000,
            Some((ProofLevel::List, 60 * 20)),
        ),
        summary(
            "每日备份 11 月 19 日",
            Available,
            60 * 50,
            1_192_400_000,
            1_192_400_000,
            None,
        ),
        summary(
            "weekly",
            Damaged,
            60 * 24 * 8,
            988_000_000,
            988_000_000,
            Some((ProofLevel::Drill, 60 * 24 * 7)),
        ),
        summary("try", Failed, 60 * 24 * 9, 0, 0, None),
        summary(
            "old",
            Deleting,
            60 * 24 * 45,
            503_000_000,
            503_000_000,
            None,
        ),
    ]
}

fn collection(database: &str, name: &str, rows: u64, load_state: LoadState) -> CollectionInBackup {
    CollectionInBackup {
        database: database.to_owned(),
        name: name.to_owned(),
        rows,
        bytes: rows * 3_100,
        files: 120,
        partitions: 1,
        fields: vec![
            "id: Int64 (primary key)".to_owned(),
            "title: VarChar(512)".to_owned(),
            "vector: FloatVector(768)".to_owned(),
        ],
        indexes: vec!["vector: HNSW".to_owned()],
        aliases: vec!["articles".to_owned()],
        load_state,
    }
}

pub(super) fn backup() -> Backup {
    let mut line = summary(
        "before the upgrade to 2.4",
        BackupState::Available,
        63,
        1_243_000_000,
        12_400_000,
        Some((ProofLevel::Read, 41)),
    );
    line.id = BackupId::new("backup0_0123456789abcde");
    Backup {
        proofs: line.proof.into_iter().collect(),
        summary: line,
        collection_list: vec![
            collection("default", "medium_articles", 5_979, LoadState::Loaded),
            collection("default", "hello_milvus", 100_000, LoadState::NotLoaded),
            collection("east_asian_library", "蔵書", 2_400, LoadState::Loaded),
        ],
        reason: None,
        copies: Vec::new(),
    }
}

pub(super) fn clusters() -> Vec<Cluster> {
    vec![Cluster {
        id: ClusterId::new("in01-0123456789abcde"),
        name: "demo".to_owned(),
        project_id: ProjectId::default(),
        deployment_option: DeploymentOption::Dedicated,
        cloud_region: None,
        address: "http://127.0.0.1:19530".to_owned(),
        username: Some("root".to_owned()),
        storage: StorageLocation {
            url: "s3://milvus/files".to_owned(),
            endpoint: Some("http://127.0.0.1:8333".to_owned()),
            region: None,
        },
        created_at: ago(60 * 24 * 40),
        milvus_version: Some("2.3.5".to_owned()),
    }]
}

pub(super) fn collections() -> Vec<CollectionName> {
    [
        "default.medium_articles",
        "default.hello_milvus",
        "east_asian_library.books",
    ]
    .map(|name| name.parse().expect("a name"))
    .into()
}

fn job(kind: JobKind, state: JobState, minutes: i64) -> JobSummary {
    JobSummary {
        id: JobId::new(format!("job-{minutes:022}")),
        kind,
        state,
        retry_of: None,
        backup_id: Some(BackupId::new("backup0_0123456789abcde")),
        project_id: ProjectId::default(),
        backup_name: Some("before the upgrade to 2.4".to_owned()),
        cluster_id: Some(ClusterId::new("in01-0123456789abcde")),
        cluster_name: Some("demo".to_owned()),
        created_at: ago(minutes),
        started_at: (state != JobState::Pending).then(|| ago(minutes)),
        finished_at: state.is_final().then(|| ago(minutes - 3)),
        created_by: "admin".to_owned(),
        progress: JobProgress {
            phase: if state.is_final() {
                JobPhase::Finished
            } else {
                JobPhase::Copying
            },
            bytes_done: 522_060_000,
            bytes_total: 1_243_000_000,
            files_done: 504,
            files_total: 1_204,
            rows_done: 0,
            rows_total: 0,
            bytes_per_second: 86_400_000,
            seconds_left: Some(8),
        },
        reason: None,
        attempts: 1,
    }
}

pub(super) fn refusal() -> ErrorReport {
    ErrorReport {
        code: ErrorCode::BackupNameTaken,
        subject: "毎日".to_owned(),
        detail: "backup0_0123456789abcde bears it".to_owned(),
        hint: "choose another name".to_owned(),
    }
}

fn failed() -> JobSummary {
    JobSummary {
        reason: Some(ErrorReport {
            code: ErrorCode::SourceFileVanished,
            subject: "files/insert_log/449/450/451/101/452".to_owned(),
            detail: "GET http://127.0.0.1:8333/milvus/files/insert_log/449/450/451/101/452: 404 Not Found".to_owned(),
            hint: "try again".to_owned(),
        }),
        ..job(JobKind::Backup, JobState::Failed, 200)
    }
}

pub(super) fn jobs() -> Vec<JobSummary> {
    vec![
        job(JobKind::Backup, JobState::InProgress, 2),
        job(JobKind::Restore, JobState::Pending, 3),
        job(JobKind::Verify, JobState::Successful, 45),
        failed(),
        job(JobKind::Delete, JobState::Canceled, 60 * 30),
    ]
}

fn log(level: LogLevel, seconds: i64, text: &str) -> JobLogLine {
    JobLogLine {
        at: ago(2) + SignedDuration::from_secs(seconds),
        level,
        text: text.to_owned(),
    }
}

pub(super) fn running_job() -> Job {
    Job {
        summary: jobs().remove(0),
        log: vec![
            log(LogLevel::Info, 0, "7 collections in 2 databases"),
            log(LogLevel::Info, 2, "flushed in 2.1 s"),
            log(LogLevel::Warning, 3, "drafts has no index and no rows"),
            log(LogLevel::Info, 3, "1,204 files, 700 of them stored already"),
        ],
    }
}

pub(super) fn failed_job() -> Job {
    Job {
        summary: failed(),
        log: vec![log(
            LogLevel::Error,
            4,
            "a file vanished from the cluster's storage",
        )],
    }
}

pub(super) fn restore_plan() -> RestorePlan {
    let planned = |name: &str, action| PlannedRestore {
        source: name.parse().expect("a name"),
        target: format!("{name}_restored").parse().expect("a name"),
        rows: Some(5_979),
        bytes: 18_500_000,
        action,
    };
    RestorePlan {
        cluster_name: "demo".to_owned(),
        new_databases: vec!["east_asian_library".to_owned()],
        collections: vec![
            planned("default.medium_articles", RestoreAction::Refuse),
            planned("east_asian_library.蔵書", RestoreAction::Make),
        ],
    }
}

pub(super) fn delete_plan() -> DeletePlan {
    DeletePlan {
        files: 1_204,
        bytes: 12_400_000,
        shared_files: 3_980,
        shared_bytes: 1_230_600_000,
    }
}

pub(super) fn check() -> ClusterCheck {
    let item = |subject, outcome, detail: &str, hint: Option<&str>| CheckItem {
        subject,
        outcome,
        detail: detail.to_owned(),
        hint: hint.map(str::to_owned),
    };
    ClusterCheck {
        items: vec![
            item(
                CheckSubject::Connection,
                CheckOutcome::Passed,
                "answered in 3 ms",
                None,
            ),
            item(
                CheckSubject::Credentials,
                CheckOutcome::Passed,
                "root",
                None,
            ),
            item(
                CheckSubject::Version,
                CheckOutcome::Warning,
                "2.3.5",
                Some("this version was tried; 2.4 is newer"),
            ),
            item(
                CheckSubject::StorageRead,
                CheckOutcome::Failed,
                "403 Forbidden",
                Some("allow s3:ListBucket"),
            ),
            item(CheckSubject::StorageWrite, CheckOutcome::Skipped, "", None),
        ],
    }
}

pub(super) fn integrations() -> Vec<Integration> {
    let one = |name: &str, url: &str, endpoint: Option<&str>, region: Option<&str>| {
        let storage = StorageLocation {
            url: url.to_owned(),
            endpoint: endpoint.map(str::to_owned),
            region: region.map(str::to_owned),
        };
        Integration {
            id: IntegrationId::new(format!("integ-{name}")),
            name: name.to_owned(),
            project_id: ProjectId::default(),
            description: String::new(),
            provider: IntegrationProvider::of(&storage).expect("a provider"),
            identity: region.map(|_| "AKIAEXAMPLE".to_owned()),
            storage,
            created_at: ago(60 * 24),
        }
    };
    vec![
        one("書庫", "s3://exports/hozon", None, Some("ap-northeast-1")),
        one("own", "s3://exports", Some("http://localhost:8333"), None),
        one("disk", "file:///srv/exports", None, None),
    ]
}

pub(super) fn archives() -> FoundArchives {
    let one = |directory: &str, name: &str, format| FoundArchive {
        directory: directory.to_owned(),
        format,
        backup_id: None,
        name: name.to_owned(),
        cluster_name: None,
        collections: ["a", "b", "c", "d", "e"]
            .map(|name| format!("default.{name}").parse().expect("a name"))
            .to_vec(),
        made_at: Some(ago(60)),
        damage: None,
    };
    FoundArchives {
        archives: vec![
            FoundArchive {
                backup_id: Some(BackupId::new("backup0_1")),
                cluster_name: Some("demo".to_owned()),
                ..one("exports/b", "毎日", ExportFormat::Repository)
            },
            one("by_hand", "手作り", ExportFormat::MilvusBackup),
            FoundArchive {
                collections: Vec::new(),
                made_at: None,
                damage: Some(refusal()),
                ..one("torn", "torn", ExportFormat::MilvusBackup)
            },
        ],
        complete: false,
    }
}

pub(super) fn probe() -> IntegrationCheck {
    use IntegrationCheckSubject::*;
    let item = |subject, outcome, detail: &str| IntegrationCheckItem {
        subject,
        outcome,
        detail: detail.to_owned(),
        hint: None,
    };
    IntegrationCheck {
        items: vec![
            item(List, CheckOutcome::Passed, "s3://exports"),
            item(Write, CheckOutcome::Passed, "s3://exports"),
            item(Read, CheckOutcome::Passed, "s3://exports"),
            item(
                Keep,
                CheckOutcome::Warning,
                "it does not honour If-None-Match",
            ),
            item(Delete, CheckOutcome::Passed, "s3://exports"),
        ],
        policy: None,
    }
}

pub(super) fn policy() -> Policy {
    Policy {
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        cluster_name: "demo".to_owned(),
        state: PolicyState::Enabled,
        options: PolicyOptions {
            schedule: Schedule::Weekly {
                days: vec![1, 4],
                at: ClockTime {
                    hour: 2,
                    minute: 30,
                },
            },
            time_zone: "Asia/Tokyo".to_owned(),
            retention: Retention {
                weekly: 4,
                ..Retention::default()
            },
            copies: Vec::new(),
        },
        counted_from: ago(600),
        changed_at: ago(600),
        changed_by: "admin".to_owned(),
    }
}

pub(super) fn policy_runs() -> Vec<PolicyRun> {
    let run = |minutes: i64, cause, state: Option<JobState>| PolicyRun {
        cluster_id: ClusterId::new("in01-0123456789abcde"),
        due_at: ago(minutes),
        made_at: ago(minutes),
        cause,
        job_id: state.map(|_| JobId::new("job-abcdefghijklmnopqrstuv")),
        job_state: state,
        backup_id: state.map(|_| BackupId::new("backup0_0123456789abcde")),
        backup_name: state.map(|_| "demo_auto_2026-11-21_02-30".to_owned()),
    };
    vec![
        run(20, RunCause::Asked, None),
        run(400, RunCause::Missed, Some(JobState::Failed)),
        run(2_000, RunCause::First, Some(JobState::Successful)),
    ]
}

pub(super) fn policy_preview() -> PolicyPreview {
    let kept = [
        vec![KeepRule::Manual],
        vec![KeepRule::LastGood, KeepRule::Days],
        Vec::new(),
    ];
    PolicyPreview {
        next_runs: (1..=5)
            .map(|day| now() + SignedDuration::from_hours(24 * day))
            .collect(),
        backups: backups()
            .into_iter()
            .skip(1)
            .zip(kept)
            .map(|(backup, kept_by)| BackupOutlook { backup, kept_by })
            .collect(),
    }
}

pub(super) fn api_keys() -> Vec<ApiKey> {
    let key = |name: &str, cluster_ids: Vec<ClusterId>, expires_at: Option<Timestamp>| ApiKey {
        id: KeyId::new(format!("key-{name}")),
        name: name.to_owned(),
        grants: vec![Grant {
            role: Role::ReadWrite,
            scope: Some(Scope {
                project_id: ProjectId::default(),
                cluster_ids,
            }),
        }],
        created_by: "admin".to_owned(),
        created_at: ago(60 * 24 * 40),
        expires_at,
        last_used_at: expires_at.map(|_| ago(60)),
    };
    let cluster = ClusterId::new("in01-0123456789abcde");
    vec![
        key("夜間ジョブ", Vec::new(), None),
        key("terraform", vec![cluster], Some(ago(10))),
    ]
}

pub(super) fn sessions() -> Vec<Session> {
    let session = |id: &str, minutes: i64| Session {
        id: id.to_owned(),
        user: "admin".to_owned(),
        created_at: ago(minutes),
        expires_at: ago(minutes) + SignedDuration::from_hours(12),
        origin: format!("console 10.0.0.{minutes}"),
    };
    vec![session("here", 5), session("elsewhere", 90)]
}

/// With recovery codes that were just made, or a secret that waits for its first code.
pub(super) fn two_steps(on: bool) -> TwoSteps {
    let setup = TotpSetup {
        secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(),
        url: "otpauth://totp/Hozon:admin?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hozon"
            .to_owned(),
    };
    TwoSteps {
        has_password: true,
        on,
        left: 9,
        setup: (!on).then_some(setup),
        made: on.then(|| ["abcd-efgh-ijkl-mnop"; 10].join("\n")),
    }
}

pub(super) fn served_apis() -> Vec<ServedApi> {
    let api = |base: &str, method: &str, path: &str, name: &str| ServedApi {
        base: base.to_owned(),
        operations: vec![ApiOperation {
            method: method.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
        }],
    };
    vec![
        api("/v2", "GET", "/backups", "listBackups"),
        api("/api/v1", "POST", "/create", "create"),
    ]
}
