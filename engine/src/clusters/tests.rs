use hozon_model::{Actor, DeploymentOption, StorageCredentials};

use super::*;
use crate::EngineConfig;

fn operator() -> Actor {
    Actor {
        name: "cli:root".to_owned(),
        origin: "cli".to_owned(),
    }
}

fn new() -> NewCluster {
    NewCluster {
        name: "本番".to_owned(),
        address: "http://127.0.0.1:1".to_owned(),
        username: Some("root".to_owned()),
        password: Some(" hush".to_owned()),
        storage_url: "file:///nowhere".to_owned(),
        ..NewCluster::default()
    }
}

/// An engine with a cluster that was registered while it still answered.
async fn with_cluster() -> (tempfile::TempDir, Engine, Cluster) {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::local(directory.path()))
        .await
        .unwrap();
    let cluster = described(&new(), ProjectId::default()).unwrap();
    let sealed = engine
        .core()
        .seal_cluster(&cluster.id, &ClusterSecrets::from(&new()))
        .await
        .unwrap();
    engine
        .catalog()
        .add_cluster(&cluster, &sealed)
        .await
        .unwrap();
    // As the catalog has it: its clock knows no fractions of a microsecond.
    let cluster = engine.cluster("本番").await.unwrap();
    (directory, engine, cluster)
}

#[tokio::test]
async fn what_does_not_reach_it_is_changed_without_reaching_it() {
    let (_directory, engine, cluster) = with_cluster().await;
    let edit = ClusterEdit {
        name: Some("staging".to_owned()),
        cloud_region: Some("aws-us-west-2".to_owned()),
        deployment_option: Some(DeploymentOption::Serverless),
        ..ClusterEdit::default()
    };
    let edited = engine
        .edit_cluster(&operator(), "本番", edit)
        .await
        .unwrap();
    let expected = Cluster {
        name: "staging".to_owned(),
        cloud_region: Some("aws-us-west-2".to_owned()),
        deployment_option: DeploymentOption::Serverless,
        ..cluster.clone()
    };
    assert_eq!(edited, expected);
    let (found, secrets) = engine.core().cluster_with_secrets("staging").await.unwrap();
    assert_eq!(found, expected);
    assert_eq!(secrets.password.as_deref(), Some(" hush"));

    let edit = ClusterEdit {
        cloud_region: Some(String::new()),
        ..ClusterEdit::default()
    };
    let edited = engine.edit_cluster(&operator(), "staging", edit).await;
    assert_eq!(edited.unwrap().cloud_region, None);
}

#[tokio::test]
async fn what_reaches_it_is_tried_first() {
    let (_directory, engine, cluster) = with_cluster().await;
    for edit in [
        ClusterEdit {
            address: Some("http://127.0.0.1:2".to_owned()),
            ..ClusterEdit::default()
        },
        ClusterEdit {
            password: Some("other".to_owned()),
            ..ClusterEdit::default()
        },
        ClusterEdit {
            token: Some("token".to_owned()),
            ..ClusterEdit::default()
        },
        ClusterEdit {
            storage_url: Some("file:///elsewhere".to_owned()),
            ..ClusterEdit::default()
        },
    ] {
        let refused = engine.edit_cluster(&operator(), "本番", edit).await;
        assert_eq!(refused.unwrap_err().code(), ErrorCode::ClusterUnreachable);
    }
    let (found, secrets) = engine.core().cluster_with_secrets("本番").await.unwrap();
    assert_eq!(found, cluster);
    assert!(secrets == ClusterSecrets::from(&new()));
}

#[tokio::test]
async fn what_is_not_acceptable_changes_nothing() {
    let (_directory, engine, cluster) = with_cluster().await;
    let text = |text: &str| Some(text.to_owned());
    for (field, edit) in [
        (
            "name",
            ClusterEdit {
                name: text(" "),
                ..ClusterEdit::default()
            },
        ),
        (
            "address",
            ClusterEdit {
                address: text("milvus"),
                ..ClusterEdit::default()
            },
        ),
        (
            "cloud region",
            ClusterEdit {
                cloud_region: text("us west"),
                ..ClusterEdit::default()
            },
        ),
        (
            "token",
            ClusterEdit {
                username: text("root"),
                token: text("t"),
                ..ClusterEdit::default()
            },
        ),
    ] {
        let refused = engine.edit_cluster(&operator(), "本番", edit).await;
        let report = refused.unwrap_err().into_report();
        assert_eq!(report.code, ErrorCode::InvalidInput);
        assert_eq!(report.subject, field);
    }
    let unknown = engine
        .edit_cluster(&operator(), "nowhere", ClusterEdit::default())
        .await;
    assert_eq!(unknown.unwrap_err().code(), ErrorCode::ClusterNotFound);
    let in_no_project = NewCluster {
        project: text("nowhere"),
        name: "second".to_owned(),
        ..new()
    };
    let refused = engine.add_cluster(&operator(), in_no_project).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::ProjectNotFound);
    assert_eq!(engine.clusters().await.unwrap(), [cluster]);
}

#[test]
fn of_user_and_token_one_takes_the_others_place() {
    let cluster = described(&new(), ProjectId::default()).unwrap();
    let secrets = ClusterSecrets::from(&new());
    let with_token = ClusterEdit {
        token: Some("t".to_owned()),
        storage_credentials: Some(StorageCredentials::AzureKey {
            key: "k".to_owned(),
        }),
        ..ClusterEdit::default()
    };
    let by_token = edited(&cluster, &secrets, with_token);
    assert_eq!((&by_token.username, &by_token.password), (&None, &None));
    assert_eq!(by_token.token.as_deref(), Some("t"));
    assert_eq!(format!("{:?}", by_token.storage_credentials), "AzureKey(…)");

    let cluster = described(&by_token, ProjectId::default()).unwrap();
    let secrets = ClusterSecrets::from(&by_token);
    let with_user = ClusterEdit {
        username: Some("root".to_owned()),
        password: Some("p".to_owned()),
        ..ClusterEdit::default()
    };
    let by_user = edited(&cluster, &secrets, with_user);
    assert_eq!(by_user.username.as_deref(), Some("root"));
    assert_eq!(by_user.token, None);
    let kept = edited(&cluster, &secrets, ClusterEdit::default());
    assert_eq!(kept.token.as_deref(), Some("t"));
    assert_eq!(format!("{:?}", kept.storage_credentials), "AzureKey(…)");
}

/// Somebody from outside with every right cannot have what others stored sent to a server of theirs.
#[tokio::test]
async fn stored_secrets_go_to_no_other_server() {
    let (_directory, engine, cluster) = with_cluster().await;
    let rights = engine.rights(&[hozon_model::Grant::owner()]).await.unwrap();
    let owner = crate::access::Caller::new(operator(), rights);
    let text = |text: &str| Some(text.to_owned());
    for address in [
        "http://127.0.0.1:2",
        "https://127.0.0.1:1",
        "http://evil.example:1",
    ] {
        let edit = ClusterEdit {
            address: text(address),
            ..ClusterEdit::default()
        };
        let refused = engine.edit_cluster(&owner, "本番", edit.clone()).await;
        let report = refused.unwrap_err().into_report();
        assert_eq!(
            (report.code, &*report.subject),
            (ErrorCode::InvalidInput, "password")
        );
    }
    // With the password given again, or on the server itself, it is tried (and nobody answers).
    let given = ClusterEdit {
        address: text("http://127.0.0.1:2"),
        password: text("again"),
        ..ClusterEdit::default()
    };
    let tried = engine.edit_cluster(&owner, "本番", given).await;
    assert_eq!(tried.unwrap_err().code(), ErrorCode::ClusterUnreachable);
    let moved = ClusterEdit {
        address: text("http://127.0.0.1:2"),
        ..ClusterEdit::default()
    };
    let tried = engine.edit_cluster(&operator(), "本番", moved).await;
    assert_eq!(tried.unwrap_err().code(), ErrorCode::ClusterUnreachable);
    assert_eq!(engine.clusters().await.unwrap(), [cluster]);
}
