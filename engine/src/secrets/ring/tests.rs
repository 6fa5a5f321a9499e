//! Stopped between any two steps, the right key is found again.

use std::path::PathBuf;

use hozon_model::{Actor, Integration, NewIntegration};

use super::*;
use crate::{Engine, EngineConfig};

struct World {
    directory: tempfile::TempDir,
    integration: Integration,
}

impl World {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let exports = directory.path().join("exports");
        fs::create_dir(&exports).unwrap();
        let engine = Engine::open(EngineConfig::local(directory.path()))
            .await
            .unwrap();
        let new = NewIntegration {
            name: "exports".to_owned(),
            storage_url: format!("file://{}", exports.display()),
            ..NewIntegration::default()
        };
        let integration = engine.add_integration(&operator(), new).await.unwrap();
        Self {
            directory,
            integration,
        }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("secret.key")
    }

    fn key_text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    async fn open(&self) -> Result<Engine> {
        Engine::open(EngineConfig::local(self.directory.path())).await
    }

    async fn opened(&self, engine: &Engine) {
        let core = engine.core();
        let id = self.integration.id.as_str();
        core.integration_with_secrets(id).await.unwrap();
    }
}

fn operator() -> Actor {
    Actor {
        name: "cli:root".to_owned(),
        origin: "cli".to_owned(),
    }
}

#[tokio::test]
async fn every_secret_opens_with_the_new_key_and_none_with_the_old_one() {
    let world = World::new().await;
    let (engine, old_text) = (world.open().await.unwrap(), world.key_text());
    let (_, sealed) = engine
        .catalog()
        .integration("exports")
        .await
        .unwrap()
        .unwrap();
    let rotated = engine.rotate_secret_key(&operator(), None).await.unwrap();
    assert_eq!(rotated.secrets, 1);
    world.opened(&engine).await;
    world.opened(&world.open().await.unwrap()).await;

    let old = SecretKey::parse(&old_text).unwrap();
    let (_, resealed) = engine
        .catalog()
        .integration("exports")
        .await
        .unwrap()
        .unwrap();
    assert_ne!(sealed, resealed);
    assert!(
        old.unseal(world.integration.id.as_str(), &resealed)
            .is_err()
    );
    assert_ne!(world.key_text(), old_text);
    assert!(!beside(&world.file()).exists());

    // The old file put back is told apart from damage, at once.
    let new_text = world.key_text();
    fs::write(world.file(), &old_text).unwrap();
    let refused = world.open().await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SecretKeyWrong);
    assert!(refused.report().detail.contains("replaced"), "{refused}");
    fs::write(world.file(), &new_text).unwrap();
    world.opened(&world.open().await.unwrap()).await;

    // Nor can anybody go back to it.
    let back = engine.rotate_secret_key(&operator(), Some(old)).await;
    assert_eq!(back.unwrap_err().code(), ErrorCode::SecretKeyWrong);
    let same = SecretKey::parse(&new_text).unwrap();
    let back = engine.rotate_secret_key(&operator(), Some(same)).await;
    assert_eq!(back.unwrap_err().code(), ErrorCode::SecretKeyWrong);
    world.opened(&engine).await;
}

#[tokio::test]
async fn stopped_before_the_secrets_were_sealed_anew() {
    let world = World::new().await;
    let old_text = world.key_text();
    {
        let engine = world.open().await.unwrap();
        let ring = engine.core().ring();
        ring.prepare(engine.catalog(), None).await.unwrap();
        assert!(beside(&world.file()).exists());
    }
    let engine = world.open().await.unwrap();
    world.opened(&engine).await;
    assert_eq!(world.key_text(), old_text);
    // What was left beside does not stand in the way of the next one.
    engine.rotate_secret_key(&operator(), None).await.unwrap();
    world.opened(&world.open().await.unwrap()).await;
}

#[tokio::test]
async fn stopped_before_the_new_file_was_in_place() {
    let world = World::new().await;
    let old_text = world.key_text();
    {
        let engine = world.open().await.unwrap();
        let (ring, catalog) = (engine.core().ring(), engine.catalog());
        let next = ring.prepare(catalog, None).await.unwrap();
        assert_eq!(ring.reseal(catalog, &next).await.unwrap(), 1);
    }
    assert_eq!(world.key_text(), old_text);
    let engine = world.open().await.unwrap();
    assert_ne!(world.key_text(), old_text);
    assert!(!beside(&world.file()).exists());
    world.opened(&engine).await;
}

#[tokio::test]
async fn a_process_beside_takes_the_new_key_up() {
    let world = World::new().await;
    let (one, other) = (world.open().await.unwrap(), world.open().await.unwrap());
    one.rotate_secret_key(&operator(), None).await.unwrap();
    world.opened(&other).await;
    one.rotate_secret_key(&operator(), None).await.unwrap();
    let sealed = other.core().seal("purpose", b"plain").await.unwrap();
    assert_eq!(
        one.core().unseal("purpose", &sealed).await.unwrap(),
        b"plain"
    );
}

#[tokio::test]
async fn a_secret_that_does_not_open_stops_all_of_it() {
    let world = World::new().await;
    let (engine, old_text) = (world.open().await.unwrap(), world.key_text());
    let mut strange = world.integration.clone();
    strange.id = hozon_model::IntegrationId::new("integ-strange");
    strange.name = "strange".to_owned();
    let sealed = SecretKey::random()
        .unwrap()
        .seal("integ-strange", b"{}")
        .unwrap();
    engine
        .catalog()
        .add_integration(&strange, &sealed)
        .await
        .unwrap();
    let refused = engine
        .rotate_secret_key(&operator(), None)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SecretKeyWrong);
    assert_eq!(refused.report().subject, "integ-strange");
    assert_eq!(world.key_text(), old_text);
    world.opened(&engine).await;
    world.opened(&world.open().await.unwrap()).await;
}

#[tokio::test]
async fn a_key_of_the_configuration_needs_a_new_one_named() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new) = (SecretKey::random().unwrap(), SecretKey::random().unwrap());
    let config = |key: &SecretKey| EngineConfig {
        secret_key: Some(key.clone()),
        ..EngineConfig::local(directory.path())
    };
    let engine = Engine::open(config(&old)).await.unwrap();
    let sealed = engine.core().seal("p", b"plain").await.unwrap();
    let refused = engine.rotate_secret_key(&operator(), None).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::InvalidInput);
    engine
        .rotate_secret_key(&operator(), Some(new.clone()))
        .await
        .unwrap();
    assert!(!directory.path().join("secret.key").exists());
    let refused = Engine::open(config(&old)).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SecretKeyWrong);
    let engine = Engine::open(config(&new)).await.unwrap();
    assert!(
        engine.core().unseal("p", &sealed).await.is_err(),
        "it was never stored"
    );
}

#[tokio::test]
async fn what_the_old_key_sealed_meanwhile_is_not_taken() {
    let world = World::new().await;
    let engine = world.open().await.unwrap();
    let mut late = world.integration.clone();
    late.id = hozon_model::IntegrationId::new("integ-late");
    late.name = "late".to_owned();
    let sealed = engine.core().seal("integ-late", b"{}").await.unwrap();
    engine.rotate_secret_key(&operator(), None).await.unwrap();
    let refused = engine.catalog().add_integration(&late, &sealed).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::SecretKeyWrong);
}
