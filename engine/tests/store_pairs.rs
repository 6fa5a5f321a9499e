//! Every store as a repository, and every store as the place that a backup leaves for: an export and a copy of each pair,
//! by real servers. No Milvus takes part: a backup that is made by hand is found by an engine that knows nothing.
#![allow(clippy::unwrap_used)]

mod repository_world;
mod store_places;

use std::{collections::BTreeSet, path::Path};

use hozon_engine::{
    Engine, EngineConfig, RepositoryConfig, Result,
    archive::layout,
    model::{
        Actor, BackupId, CopyOptions, ExportFormat, ExportOptions, JobState, JobSummary,
        NewCopyRepository, NewIntegration, ProofLevel, StorageCredentials, VerifyOptions,
    },
    repository::{
        Repository,
        manifest::{CollectionDocument, FORMAT, FileEntry, Manifest, SegmentEntry},
    },
    store::{Digest, Store, digest},
};
use jiff::Timestamp;
use repository_world::{begin, cluster, description};
use store_places::{Place, Server, bytes, clear, local, paths};
use tokio_util::sync::CancellationToken;

/// Makes a test of each pair that begins at one store.
macro_rules! from {
    ($module:ident, $from:ident) => {
        from!($module, $from,
            to_a_directory Directory
            to_seaweedfs SeaweedFs
            to_the_second_s3 SecondS3
            to_azure Azure
            to_google Google
        );
    };
    ($module:ident, $from:ident, $($name:ident $to:ident)*) => {
        mod $module {
            use super::{Kind, leaves_whole};

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                leaves_whole(Kind::$from, Kind::$to).await;
            })*
        }
    };
}

from!(from_a_directory, Directory);
from!(from_seaweedfs, SeaweedFs);
from!(from_the_second_s3, SecondS3);
from!(from_azure, Azure);
from!(from_google, Google);

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Directory,
    SeaweedFs,
    SecondS3,
    Azure,
    Google,
}

/// A fresh place of its own, and what opens it.
struct Spot {
    place: Place,
    credentials: StorageCredentials,
}

impl Kind {
    /// In a bucket that `fresh` chooses, where it is one of a server.
    async fn spot(self, fresh: fn(&Server) -> Place) -> Spot {
        let server = match self {
            Self::Directory => {
                return Spot {
                    place: local().await,
                    credentials: StorageCredentials::Machine,
                };
            }
            Self::SeaweedFs => Server::s3(),
            Self::SecondS3 => Server::second_s3(),
            Self::Azure => Server::azure(),
            Self::Google => Server::google(),
        };
        Spot {
            place: fresh(&server),
            credentials: server.credentials,
        }
    }
}

impl Spot {
    fn store(&self) -> &dyn Store {
        &*self.place.store
    }

    fn repository(&self) -> RepositoryConfig {
        RepositoryConfig {
            location: self.store().location().clone(),
            credentials: self.credentials.clone(),
        }
    }

    /// An engine whose repository this is, and that remembers nothing.
    async fn engine(&self, directory: &Path) -> Engine {
        let config = EngineConfig {
            repository: self.repository(),
            ..EngineConfig::local(directory)
        };
        Engine::open(config).await.unwrap()
    }
}

/// A file of the backup: its segment, where it lies in a repository, where in an archive, and its bytes.
struct File {
    segment: i64,
    path: &'static str,
    archived: &'static str,
    content: Vec<u8>,
}

fn files() -> [File; 5] {
    let file = |segment, path, archived, length: usize| File {
        segment,
        path,
        archived,
        content: bytes(length, length as u64),
    };
    [
        file(
            448_002,
            "insert_log/448000/448001/448002/0/1",
            "binlogs/insert_log/448000/448001/448002/448002/0/1",
            1,
        ),
        file(
            448_002,
            "insert_log/448000/448001/448002/100/2",
            "binlogs/insert_log/448000/448001/448002/448002/100/2",
            70_000,
        ),
        file(
            448_002,
            "insert_log/448000/448001/448002/101/3",
            "binlogs/insert_log/448000/448001/448002/448002/101/3",
            (1 << 20) + 7,
        ),
        file(
            448_003,
            "insert_log/448000/448001/448003/100/4",
            "binlogs/insert_log/448000/448001/448003/448003/100/4",
            1_000,
        ),
        file(
            448_003,
            "delta_log/448000/448001/448003/5",
            "binlogs/delta_log/448000/448001/448003/448003/5",
            333,
        ),
    ]
}

impl File {
    fn stored(&self) -> String {
        Repository::data_path(&cluster(), self.path)
    }

    fn digest(&self) -> Digest {
        Digest {
            size: self.content.len() as u64,
            blake3: blake3::hash(&self.content).to_hex().to_string(),
        }
    }

    fn entry(&self) -> FileEntry {
        let Digest { size, blake3 } = self.digest();
        FileEntry {
            path: self.path.to_owned(),
            size,
            blake3,
        }
    }
}

/// One collection of two segments, made in the order that the command keeps to.
async fn back_up(spot: &Spot, files: &[File]) -> BackupId {
    let repository = Repository::open(spot.place.store.clone()).await.unwrap();
    let begin = begin("backup0_0123456789abcde");
    repository.begin(&begin).await.unwrap();
    for file in files {
        let content = file.content.clone().into();
        spot.store().put(&file.stored(), content).await.unwrap();
    }
    let segment = |id| SegmentEntry {
        id,
        partition_id: 448_001,
        rows: 10,
        live_rows: 9,
        files: files
            .iter()
            .filter(|file| file.segment == id)
            .map(File::entry)
            .collect(),
    };
    let document = CollectionDocument {
        format: FORMAT,
        description: description(),
        cutoff_ms: 1_700_000_000_000,
        segments: vec![segment(448_002), segment(448_003)],
    };
    let entry = repository.write_collection(&begin.id, 0, &document, 0);
    let manifest = Manifest {
        collections: vec![entry.await.unwrap()],
        begin,
        finished_at: Timestamp::now(),
        milvus_version: "v2.3.5".to_owned(),
    };
    repository.commit(&manifest).await.unwrap().begin.id
}

fn actor() -> Actor {
    Actor {
        name: "pairs".to_owned(),
        origin: "test".to_owned(),
    }
}

/// Runs a job that must succeed; what its log says.
async fn succeed(engine: &Engine, job: Result<JobSummary>) -> Vec<String> {
    let stop = CancellationToken::new();
    let ended = engine.run_job(&job.unwrap().id, stop).await.unwrap();
    let log = engine.job(&ended.id).await.unwrap().log;
    assert_eq!(
        ended.state,
        JobState::Successful,
        "{:?}\n{log:#?}",
        ended.reason
    );
    log.into_iter().map(|line| line.text).collect()
}

/// The log tells the one way and not the other.
fn assert_told(log: &[String], by_service: bool, [service, stream]: [&str; 2]) {
    let told = |words: &str| log.iter().any(|line| line.contains(words));
    assert_eq!(
        (told(service), told(stream)),
        (by_service, !by_service),
        "{log:#?}"
    );
    assert!(!told("does not copy by itself"), "{log:#?}");
}

async fn export(engine: &Engine, id: &BackupId, files: &[File], to: &Spot, by_service: bool) {
    let RepositoryConfig {
        location,
        credentials,
    } = to.repository();
    let new = NewIntegration {
        name: "out".to_owned(),
        storage_url: location.url,
        endpoint: location.endpoint,
        region: location.region,
        credentials,
        ..NewIntegration::default()
    };
    let integration = engine.add_integration(&actor(), new).await.unwrap();
    let options = ExportOptions {
        backup_id: id.clone(),
        integration_id: integration.id,
        directory: "輸出".to_owned(),
        format: ExportFormat::MilvusBackup,
        bandwidth_limit: None,
    };
    let job = engine.export_backup(&actor(), options).await;
    let log = succeed(engine, job).await;
    let copied = [
        "copied 5 files within the service,",
        "copied 5 files, found 0",
    ];
    assert_told(&log, by_service, copied);

    let below = format!("輸出/{id}/");
    for file in files {
        let path = format!("{below}{}", file.archived);
        let found = to.store().get(&path).await.unwrap();
        assert!(found == file.content, "{path}");
    }
    let written = files.iter().map(|file| file.archived);
    let expected: BTreeSet<String> = written
        .chain(layout::DOCUMENTS)
        .map(|path| format!("{below}{path}"))
        .collect();
    let there: BTreeSet<String> = paths(to.store(), "").await.into_iter().collect();
    assert_eq!(there, expected);
}

async fn copy(engine: &Engine, id: &BackupId, files: &[File], to: &Spot, by_service: bool) {
    let RepositoryConfig {
        location,
        credentials,
    } = to.repository();
    let new = NewCopyRepository {
        name: "copies".to_owned(),
        storage: location,
        credentials,
    };
    engine.add_repository(&actor(), new).await.unwrap();
    let options = CopyOptions {
        backup_id: id.clone(),
        repository: "copies".to_owned(),
        bandwidth_limit: None,
    };
    let plan = engine.plan_copy(&options).await.unwrap();
    let bytes: u64 = files.iter().map(|file| file.digest().size).sum();
    assert_eq!(plan.by_service, by_service);
    assert_eq!((plan.new_files, plan.new_bytes), (5, bytes));
    let job = engine.copy_backup(&actor(), options).await;
    let log = succeed(engine, job).await;
    let moved = [
        "the service copies them by itself",
        "they pass through this process",
    ];
    assert_told(&log, by_service, moved);

    for file in files {
        let (path, stop) = (file.stored(), CancellationToken::new());
        let found = digest((to.store(), &path), &|_| {}, &stop).await.unwrap();
        assert_eq!(found, file.digest(), "{path}");
    }
}

/// The copy is read through as a repository of its own, and is whole there.
async fn verify(directory: &Path, id: &BackupId, files: &[File], at: &Spot) {
    let engine = at.engine(directory).await;
    let options = VerifyOptions {
        backup_id: id.clone(),
        level: ProofLevel::Read,
    };
    let job = engine.verify_backup(&actor(), options).await;
    let log = succeed(&engine, job).await;
    let bytes: u64 = files.iter().map(|file| file.digest().size).sum();
    let said = format!("5 files, {bytes} bytes verified at level `read`");
    assert!(log.iter().any(|line| line.contains(&said)), "{log:#?}");
    let proof = engine.backup(id.as_str()).await.unwrap().summary.proof;
    assert_eq!(proof.unwrap().level, ProofLevel::Read);
}

/// From a repository in one store: exported to the other and copied there. Where both are buckets of one server, no byte
/// passes through here. Both stay whole when the original is gone.
async fn leaves_whole(from: Kind, to: Kind) {
    let (files, directory) = (files(), tempfile::tempdir().unwrap());
    let by_service = from == to && from != Kind::Directory;
    let original = from.spot(Server::fresh).await;
    let (exports, copies) = (
        to.spot(Server::fresh_elsewhere).await,
        to.spot(Server::fresh_elsewhere).await,
    );
    let id = back_up(&original, &files).await;
    let engine = original.engine(&directory.path().join("first")).await;
    export(&engine, &id, &files, &exports, by_service).await;
    copy(&engine, &id, &files, &copies, by_service).await;

    clear(original.store()).await;
    verify(&directory.path().join("next"), &id, &files, &copies).await;
    clear(exports.store()).await;
    clear(copies.store()).await;
}
