//! Backups without a Milvus, and a store that fails when told to.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "every test binary uses its own part; a failure here is a failed test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{TryStreamExt, stream::BoxStream};
use hozon_engine::{
    Error, ErrorCode, Result,
    repository::{
        LeaseKind, Repository,
        manifest::{Begin, CollectionDocument, FORMAT, FileEntry, Manifest, SegmentEntry},
    },
    source::{CollectionDescription, FieldDescription, IndexDescription, PartitionDescription},
    store::{ByteStream, Object, ObjectWriter, Store},
};
use hozon_model::{
    BackupId, BackupMethod, BackupScope, ClusterId, CollectionName, LoadState, StorageLocation,
};
use jiff::Timestamp;

pub(crate) const LEASE: Duration = Duration::from_mins(1);

pub(crate) fn cluster() -> ClusterId {
    ClusterId::new("in01-0123456789abcde")
}

pub(crate) fn begin(id: &str) -> Begin {
    Begin {
        format: FORMAT,
        id: BackupId::new(id),
        name: format!("夜間 {id}"),
        cluster_id: cluster(),
        cluster_name: "本番".to_owned(),
        scope: BackupScope::Cluster,
        created_by: "admin".to_owned(),
        method: BackupMethod::Manual,
        created_at: Timestamp::now(),
        adopted: None,
    }
}

pub(crate) fn description() -> CollectionDescription {
    CollectionDescription {
        name: CollectionName {
            database: "default".to_owned(),
            name: "hello_milvus".to_owned(),
        },
        id: 448_000,
        schema: "CgVoZWxsbw==".to_owned(),
        fields: vec![
            FieldDescription {
                id: 100,
                name: "id".to_owned(),
                data_type: "Int64".to_owned(),
                primary_key: true,
                partition_key: false,
                params: BTreeMap::new(),
            },
            FieldDescription {
                id: 101,
                name: "vector".to_owned(),
                data_type: "FloatVector".to_owned(),
                primary_key: false,
                partition_key: false,
                params: BTreeMap::from([("dim".to_owned(), "128".to_owned())]),
            },
        ],
        shards: 1,
        consistency_level: 2,
        has_partition_key: false,
        has_dynamic_fields: false,
        partitions: vec![PartitionDescription {
            id: 448_001,
            name: "_default".to_owned(),
        }],
        indexes: vec![IndexDescription {
            name: "vector_index".to_owned(),
            field: "vector".to_owned(),
            params: BTreeMap::from([("index_type".to_owned(), "HNSW".to_owned())]),
        }],
        aliases: vec!["hello".to_owned()],
        properties: BTreeMap::new(),
        load_state: LoadState::Loaded,
        replicas: 1,
    }
}

/// Where the file of that number lies below its cluster, each in a segment of its own.
pub(crate) fn file_path(number: u32) -> String {
    format!(
        "insert_log/448000/448001/{number}/100/{}",
        u64::from(number) + 900
    )
}

pub(crate) fn content(number: u32) -> Bytes {
    format!("binlog {number} ")
        .repeat(number as usize % 7 + 1)
        .into()
}

pub(crate) fn document(numbers: &BTreeSet<u32>) -> CollectionDocument {
    let segment = |number: &u32| SegmentEntry {
        id: i64::from(*number),
        partition_id: 448_001,
        rows: 10,
        live_rows: 9,
        files: vec![FileEntry {
            path: file_path(*number),
            size: content(*number).len() as u64,
            blake3: blake3::hash(&content(*number)).to_hex().to_string(),
        }],
    };
    CollectionDocument {
        format: FORMAT,
        description: description(),
        cutoff_ms: 1_700_000_000_000,
        segments: numbers.iter().map(segment).collect(),
    }
}

/// Makes a backup the way the command does: lease, begin, what is known, data, documents, manifest.
/// The numbers are spread over two collections.
pub(crate) async fn back_up(
    repository: &Repository,
    id: &str,
    numbers: &BTreeSet<u32>,
) -> Result<Manifest> {
    let lease = repository.lease(LeaseKind::Shared, id, LEASE).await?;
    let begin = begin(id);
    repository.begin(&begin).await?;
    let known = repository.known_files(&cluster(), &[]).await?;
    for number in numbers {
        if !known.files.contains_key(&file_path(*number)) {
            let path = Repository::data_path(&cluster(), &file_path(*number));
            repository.store().put(&path, content(*number)).await?;
        }
    }
    let mut collections = Vec::new();
    for half in 0..2 {
        let part = numbers
            .iter()
            .copied()
            .filter(|number| number % 2 == half)
            .collect();
        collections.push(
            repository
                .write_collection(&begin.id, half as usize, &document(&part), 7)
                .await?,
        );
    }
    let manifest = Manifest {
        begin,
        finished_at: Timestamp::now(),
        milvus_version: "v2.3.5".to_owned(),
        collections,
    };
    let counts = repository.commit_under_lease(&manifest, &lease).await?;
    repository.release(&lease).await?;
    Ok(counts)
}

pub(crate) async fn delete(repository: &Repository, id: &str) -> Result<()> {
    repository.retire(&BackupId::new(id)).await?;
    sweep(repository).await
}

pub(crate) async fn sweep(repository: &Repository) -> Result<()> {
    let lease = repository
        .lease(LeaseKind::Exclusive, "sweep", LEASE)
        .await?;
    repository.sweep(&|_, _| {}).await?;
    repository.release(&lease).await
}

/// Every backup that exists can be restored: each document reads, each file is there, whole.
pub(crate) async fn assert_whole(repository: &Repository) -> BTreeMap<String, BTreeSet<u32>> {
    let mut found = BTreeMap::new();
    for manifest in repository.manifests().await.unwrap() {
        let mut numbers = BTreeSet::new();
        for entry in &manifest.collections {
            let document = repository.collection(entry).await.unwrap();
            for segment in document.segments {
                for file in segment.files {
                    let path = Repository::data_path(&manifest.begin.cluster_id, &file.path);
                    let bytes = repository.store().get(&path).await.unwrap();
                    assert_eq!(
                        blake3::hash(&bytes).to_hex().as_str(),
                        file.blake3,
                        "{path}"
                    );
                    numbers.insert(segment.id as u32);
                }
            }
        }
        found.insert(manifest.begin.id.to_string(), numbers);
    }
    found
}

/// The numbers of the files that lie in the repository.
pub(crate) async fn stored(store: &dyn Store) -> BTreeSet<u32> {
    let objects: Vec<Object> = store.list("data/").try_collect().await.unwrap();
    let number = |object: &Object| object.path.split('/').nth(5).unwrap().parse().unwrap();
    objects.iter().map(number).collect()
}

/// A process that died left its leases; they run out.
pub(crate) async fn leases_run_out(store: &dyn Store) {
    let objects: Vec<Object> = store.list("leases/").try_collect().await.unwrap();
    for object in objects {
        store.delete(&object.path).await.unwrap();
    }
}

/// What becomes of the call at which a [`Failing`] store stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// It never arrives.
    Lost,
    /// It is done, but the answer is lost.
    Unanswered,
}

/// Lets some calls through and then none any more.
#[derive(Debug)]
pub(crate) struct Failing {
    inner: Arc<dyn Store>,
    left: AtomicI64,
    last: Last,
}

impl Failing {
    pub(crate) fn after(calls: i64, last: Last, inner: &Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            inner: inner.clone(),
            left: AtomicI64::new(calls),
            last,
        })
    }

    /// Whether some call was refused.
    pub(crate) fn has_failed(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }

    async fn call<T>(&self, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return work.await;
        }
        if left == 0 && self.last == Last::Unanswered {
            work.await?;
        }
        Err(Error::new(ErrorCode::StorageUnreachable, "test").because("the cable is cut"))
    }
}

#[async_trait]
impl Store for Failing {
    fn location(&self) -> &StorageLocation {
        self.inner.location()
    }

    fn full_path(&self, path: &str) -> String {
        self.inner.full_path(path)
    }

    fn local_file(&self, _path: &str) -> Option<PathBuf> {
        None
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        self.call(self.inner.size(path)).await
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        self.call(self.inner.get(path)).await
    }

    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        self.call(self.inner.get_range(path, range)).await
    }

    async fn read(&self, path: &str) -> Result<ByteStream> {
        self.call(self.inner.read(path)).await
    }

    async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        self.call(self.inner.put(path, bytes)).await
    }

    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        self.call(self.inner.put_new(path, bytes)).await
    }

    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>> {
        self.call(self.inner.writer(path, size)).await
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>> {
        self.inner.list(prefix)
    }

    async fn delete(&self, path: &str) -> Result<()> {
        self.call(self.inner.delete(path)).await
    }

    async fn clear_unfinished(&self, prefix: &str) -> Result<()> {
        self.call(self.inner.clear_unfinished(prefix)).await
    }

    async fn settle(&self) -> Result<()> {
        self.call(self.inner.settle()).await
    }
}

/// Numbers that look like chance and are the same each time.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

/// Seals a JSON document by the words of `docs/REPOSITORY-FORMAT.md`, independently of the program.
pub(crate) fn seal(document: &serde_json::Value) -> Bytes {
    let text = serde_json::to_string_pretty(document).unwrap();
    let head = text.strip_suffix("\n}").unwrap();
    let blake3 = blake3::hash(head.as_bytes()).to_hex();
    format!("{head},\n  \"blake3\": \"{blake3}\"\n}}\n").into()
}

/// What `seal` is undone by, with the checks a reader must make.
pub(crate) fn unseal(bytes: &[u8]) -> serde_json::Value {
    let (head, tail) = bytes.split_at(bytes.len() - 83);
    let tail = std::str::from_utf8(tail).unwrap();
    let blake3 = tail
        .strip_prefix(",\n  \"blake3\": \"")
        .and_then(|rest| rest.strip_suffix("\"\n}\n"))
        .unwrap();
    assert_eq!(blake3, blake3::hash(head).to_hex().as_str());
    let mut document: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    document.as_object_mut().unwrap().remove("blake3");
    document
}

/// Every object of a store with its bytes.
pub(crate) async fn snapshot(store: &dyn Store) -> BTreeMap<String, Bytes> {
    let objects: Vec<Object> = store.list("").try_collect().await.unwrap();
    let mut snapshot = BTreeMap::new();
    for object in objects {
        let bytes = store.get(&object.path).await.unwrap();
        snapshot.insert(object.path, bytes);
    }
    snapshot
}
