//! `kill -9` while keys are replaced over and over: what is stored opens afterwards, and can be replaced again.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use hozon_engine::{
    Engine, EngineConfig,
    model::{Actor, NewIntegration},
};

const PLACE: &str = "HOZON_TEST_ROTATION";
const KILLS: u64 = 20;

fn actor() -> Actor {
    Actor {
        name: "rotator".to_owned(),
        origin: "test".to_owned(),
    }
}

async fn open(place: &Path) -> Engine {
    Engine::open(EngineConfig::local(place)).await.unwrap()
}

/// The child is this same test: the environment tells it which part to play.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_loses_no_secret() {
    if let Some(place) = std::env::var_os(PLACE) {
        let engine = open(Path::new(&place)).await;
        fs::write(Path::new(&place).join("began"), "").unwrap();
        loop {
            engine.rotate_secret_key(&actor(), None).await.unwrap();
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let (place, exports) = (
        directory.path().join("data"),
        directory.path().join("exports"),
    );
    fs::create_dir(&exports).unwrap();
    let engine = open(&place).await;
    let mut integrations = Vec::new();
    for name in ["one", "two", "three"] {
        let new = NewIntegration {
            name: name.to_owned(),
            storage_url: format!("file://{}", exports.display()),
            ..NewIntegration::default()
        };
        integrations.push(engine.add_integration(&actor(), new).await.unwrap().id);
    }
    drop(engine);

    let key_file = place.join("secret.key");
    let mut keys_seen = std::collections::HashSet::new();
    for kill in 0..KILLS {
        let began = place.join("began");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_killed_rotation_loses_no_secret"])
            .env(PLACE, &place)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !began.exists() {
            assert!(
                child.try_wait().unwrap().is_none(),
                "the child ended by itself"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_micros(kill * 1_700)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        fs::remove_file(&began).unwrap();

        let engine = open(&place).await;
        for id in &integrations {
            let check = engine.check_integration(id).await.unwrap();
            assert!(check.passed(), "{check:?}");
        }
        keys_seen.insert(fs::read(&key_file).unwrap());
    }
    assert!(keys_seen.len() > 5, "the children replaced hardly any key");
}
