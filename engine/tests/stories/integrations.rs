//! An integration is made by doing what it is for; what is missing is named, and nothing is kept then.

use hozon_engine::{
    ErrorCode,
    model::{CheckOutcome, IntegrationCheckSubject, IntegrationProvider, NewIntegration},
};

use crate::world::{Server, World, directory_integration, snapshot};

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_tried_and_left_as_it_was() {
    let world = World::new().await;
    let (integration, directory) = directory_integration(&world).await;
    assert_eq!(integration.provider, IntegrationProvider::Local);
    assert!(snapshot(&directory).is_empty());
    let check = world
        .engine
        .check_integration(&integration.id)
        .await
        .unwrap();
    let subjects: Vec<_> = check.items.iter().map(|item| item.subject).collect();
    assert_eq!(
        subjects,
        [
            IntegrationCheckSubject::List,
            IntegrationCheckSubject::Write,
            IntegrationCheckSubject::Read,
            IntegrationCheckSubject::Keep,
            IntegrationCheckSubject::Delete,
        ]
    );
    assert!(
        check
            .items
            .iter()
            .all(|item| item.outcome == CheckOutcome::Passed),
        "{check:#?}"
    );
    assert_eq!(check.policy, None);
    std::fs::remove_dir(&directory).unwrap();
    let check = world.engine.check_integration(&integration.id).await;
    assert!(!check.unwrap().passed());
    assert!(!directory.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_tried_and_its_policy_is_shown() {
    let (world, server) = (World::new().await, Server::s3());
    let new = NewIntegration {
        name: "書庫".into(),
        ..server.integration()
    };
    let check = world
        .engine
        .check_new_integration(&world.actor, &new)
        .await
        .unwrap();
    assert!(check.passed(), "{check:#?}");
    assert!(check.policy.unwrap().contains("s3:PutObject"));
    assert!(world.engine.integrations().await.unwrap().is_empty());
    let made = world
        .engine
        .add_integration(&world.actor, new.clone())
        .await
        .unwrap();
    assert_eq!(made.provider, IntegrationProvider::S3Compatible);
    let found = world.engine.integration("書庫").await.unwrap();
    assert_eq!((found.id, found.storage), (made.id, made.storage));
    let error = world.engine.add_integration(&world.actor, new).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::IntegrationNameTaken);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named() {
    let (world, server) = (World::new().await, Server::s3());
    let good = NewIntegration {
        name: "n".into(),
        ..server.integration()
    };
    let wrong_key = server.integration_with_key("not-the-secret-key");
    for (new, code) in [
        (
            NewIntegration {
                storage_url: "s3://no-such-bucket/here".into(),
                ..good.clone()
            },
            ErrorCode::StorageUnreadable,
        ),
        (
            NewIntegration {
                name: "n".into(),
                ..wrong_key
            },
            ErrorCode::StorageUnreadable,
        ),
        (
            NewIntegration {
                storage_url: "file:///nowhere/at/all".into(),
                name: "n".into(),
                ..NewIntegration::default()
            },
            ErrorCode::StorageUnreadable,
        ),
        (
            NewIntegration {
                storage_url: "ftp://somewhere".into(),
                name: "n".into(),
                ..NewIntegration::default()
            },
            ErrorCode::InvalidInput,
        ),
        (
            NewIntegration {
                name: "  ".into(),
                ..good.clone()
            },
            ErrorCode::InvalidInput,
        ),
    ] {
        let error = world
            .engine
            .add_integration(&world.actor, new.clone())
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        assert!(!error.report().detail.is_empty(), "{error:?}");
        assert!(!format!("{error:?} {error} {new:?}").contains("not-the-secret-key"));
    }
    assert!(world.engine.integrations().await.unwrap().is_empty());
}
