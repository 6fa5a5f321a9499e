//! Clusters and integrations, how a check of each went, and what was found in a place.

use hozon_model::*;

use super::{ago, refusal};

pub(in crate::gallery) fn clusters() -> Vec<Cluster> {
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

pub(in crate::gallery) fn check() -> ClusterCheck {
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

pub(in crate::gallery) fn integrations() -> Vec<Integration> {
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

pub(in crate::gallery) fn archives() -> FoundArchives {
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

pub(in crate::gallery) fn probe() -> IntegrationCheck {
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
