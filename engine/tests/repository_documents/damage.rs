//! What is damaged, lost or hostile: named, and it leads nowhere.

use bytes::Bytes;
use hozon_engine::{ErrorCode, repository::Repository};
use hozon_model::BackupId;
use serde_json::{Value, json};

use crate::{
    numbers, open,
    repository_world::{
        assert_whole, back_up, begin, cluster, delete, document, file_path, seal, stored, unseal,
    },
    store_places::{Place, local, paths},
};

async fn flip(place: &Place, path: &str) {
    let mut bytes = place.store.get(path).await.unwrap().to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    place.store.put(path, bytes.into()).await.unwrap();
}

#[tokio::test]
async fn a_damaged_manifest_is_named_and_its_backup_can_still_be_deleted() {
    let place = local().await;
    let repository = open(&place).await;
    back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    back_up(&repository, "backup0_b", &numbers(2..6))
        .await
        .unwrap();
    flip(&place, "backups/backup0_a/manifest.json").await;
    for error in [
        repository.manifests().await.map(drop).unwrap_err(),
        repository
            .known_files(&cluster(), &[])
            .await
            .map(drop)
            .unwrap_err(),
    ] {
        assert_eq!(error.code(), ErrorCode::RepositoryDamaged);
        assert!(
            error
                .report()
                .subject
                .contains("backups/backup0_a/manifest.json")
        );
        assert!(error.report().hint.contains("backup0_a"));
    }
    let except = [BackupId::new("backup0_a")];
    let known = repository.known_files(&cluster(), &except).await.unwrap();
    assert_eq!(known.files.len(), 4);
    delete(&repository, "backup0_a").await.unwrap();
    assert_eq!(assert_whole(&repository).await["backup0_b"], numbers(2..6));
    assert_eq!(stored(&*place.store).await, numbers(2..6));
}

#[tokio::test]
async fn a_damaged_document_stops_nobody_but_its_backup() {
    let place = local().await;
    let repository = open(&place).await;
    let manifest = back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    back_up(&repository, "backup0_b", &numbers(2..6))
        .await
        .unwrap();
    back_up(&repository, "backup0_c", &numbers(8..9))
        .await
        .unwrap();
    let damaged = &manifest.collections[0].document;
    flip(&place, damaged).await;
    let error = repository
        .collection(&manifest.collections[0])
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::RepositoryDamaged);
    let known = repository.known_files(&cluster(), &[]).await.unwrap();
    assert_eq!(known.unreadable, std::slice::from_ref(damaged));
    assert!(!known.files.contains_key(&file_path(0)) && known.files.contains_key(&file_path(1)));

    // Nobody knows what `a` names, so nothing may go until it is deleted itself.
    delete(&repository, "backup0_c").await.unwrap();
    assert!(stored(&*place.store).await.contains(&8));
    let (own, _) = repository
        .files_only_in(&BackupId::new("backup0_b"))
        .await
        .unwrap();
    assert!(own.is_empty());
    delete(&repository, "backup0_a").await.unwrap();
    assert_eq!(stored(&*place.store).await, numbers(2..6));
    assert!(paths(&*place.store, "trash/").await.is_empty());
}

#[tokio::test]
async fn a_lost_file_is_not_known() {
    let place = local().await;
    let repository = open(&place).await;
    back_up(&repository, "backup0_a", &numbers(0..4))
        .await
        .unwrap();
    let path = |number| Repository::data_path(&cluster(), &file_path(number));
    place.store.delete(&path(1)).await.unwrap();
    place
        .store
        .put(&path(2), Bytes::from_static(b"cut"))
        .await
        .unwrap();
    back_up(&repository, "backup0_b", &numbers(0..4))
        .await
        .unwrap();
    assert_eq!(
        assert_whole(&repository).await.len(),
        2,
        "the second healed the first"
    );
}

/// Documents come from a place that others may write to. None leads outside the repository.
#[tokio::test]
async fn hostile_documents_lead_nowhere() {
    let place = local().await;
    let repository = open(&place).await;
    let victim = place
        .store
        .local_file("")
        .unwrap()
        .parent()
        .unwrap()
        .join("victim");
    std::fs::write(&victim, "precious").unwrap();
    back_up(&repository, "backup0_a", &numbers(0..2))
        .await
        .unwrap();
    let path = "backups/backup0_a/manifest.json";
    let good = unseal(&place.store.get(path).await.unwrap());

    let hostile = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        seal(&changed)
    };
    for bytes in [
        hostile(&|m| m["id"] = json!("backup0_b")),
        hostile(&|m| m["cluster_id"] = json!("../..")),
        hostile(&|m| m["collections"][0]["document"] = json!("../victim")),
        hostile(&|m| {
            m["collections"][0]["document"] =
                json!("backups/backup0_a/collections/../../../../victim");
        }),
        hostile(&|m| m["collections"][0]["document"] = json!("hozon.json")),
        hostile(&|m| m["collections"] = json!(5)),
    ] {
        place.store.put(path, bytes).await.unwrap();
        let error = repository.manifests().await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RepositoryDamaged, "{error}");
    }

    for (file, blake3) in [
        ("../../../victim", "0".repeat(64)),
        ("insert_log/../../../../victim", "0".repeat(64)),
        ("/etc/passwd", "0".repeat(64)),
        ("stats_log/1/2/3", "0".repeat(64)),
        ("insert_log/1", "short".to_owned()),
    ] {
        let mut hostile = serde_json::to_value(document(&numbers(0..1))).unwrap();
        hostile["segments"][0]["files"][0]["path"] = json!(file);
        hostile["segments"][0]["files"][0]["blake3"] = json!(blake3);
        let bytes = zstd::encode_all(hostile.to_string().as_bytes(), 3).unwrap();
        let mut manifest = good.clone();
        let entry = &mut manifest["collections"][0];
        entry["document_size"] = json!(bytes.len());
        entry["document_blake3"] = json!(blake3::hash(&bytes).to_hex().as_str());
        let name = entry["document"].as_str().unwrap().to_owned();
        place.store.put(&name, bytes.into()).await.unwrap();
        place.store.put(path, seal(&manifest)).await.unwrap();
        let read = repository.manifests().await.unwrap();
        let error = repository
            .collection(&read[0].collections[0])
            .await
            .unwrap_err();
        assert_eq!(
            error.code(),
            ErrorCode::RepositoryDamaged,
            "{file}: {error}"
        );
    }
    delete(&repository, "backup0_a").await.unwrap();
    assert_eq!(std::fs::read(&victim).unwrap(), b"precious");

    for id in ["", "..", "a/b", "a\0", &"x".repeat(65)] {
        let id = BackupId::new(id);
        let error = repository.retire(&id).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        let error = repository.begin(&begin(id.as_str())).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
    }
}
