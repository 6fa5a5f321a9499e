//! A backup and a restore in a few lines: enough to see what Milvus makes of a cut-off.

use std::{sync::Arc, time::Duration};

use futures::TryStreamExt as _;
use hozon_engine::{
    model::CollectionName,
    repository::manifest::FileEntry,
    source::{ImportFiles, ImportState, IndexDescription, Milvus, Segment, binlog::live_rows},
    store::Store,
};
use tokio_util::sync::CancellationToken;

use super::Server;

/// One server with its segments' store.
pub(crate) struct Cluster {
    pub(crate) server: Server,
    pub(crate) milvus: Arc<dyn Milvus>,
    pub(crate) store: Arc<dyn Store>,
}

/// A segment with its files as they were listed.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) segment: Segment,
    /// `<collection>/<partition>/<segment>`
    pub(crate) path: String,
    pub(crate) files: Vec<FileEntry>,
}

impl Cluster {
    pub(crate) async fn of(server: Server) -> Self {
        Self {
            milvus: server.connect().await,
            store: server.store(),
            server,
        }
    }

    pub(crate) async fn flush(&self, name: &CollectionName) -> u64 {
        let cancel = CancellationToken::new();
        self.milvus
            .flush(name, Duration::from_mins(2), &cancel)
            .await
            .expect("a flush")
    }

    /// The live segments with their files.
    pub(crate) async fn list(&self, name: &CollectionName) -> Vec<Listed> {
        let collection = self.milvus.describe(name).await.expect("a description").id;
        let mut listed = Vec::new();
        for segment in self.milvus.segments(name).await.expect("the segments") {
            let path = format!("{collection}/{}/{}", segment.partition_id, segment.id);
            let mut files = self.files(&format!("insert_log/{path}/")).await;
            files.extend(self.files(&format!("delta_log/{path}/")).await);
            listed.push(Listed {
                segment,
                path,
                files,
            });
        }
        listed
    }

    pub(crate) async fn files(&self, prefix: &str) -> Vec<FileEntry> {
        let objects: Vec<_> = self
            .store
            .list(prefix)
            .try_collect()
            .await
            .expect("a listing");
        objects
            .into_iter()
            .map(|object| FileEntry {
                path: object.path,
                size: object.size,
                blake3: String::new(),
            })
            .collect()
    }

    /// Live rows of segments whose primary key is field 100.
    pub(crate) async fn live_rows(&self, segments: &[Listed], cutoff_ms: u64) -> u64 {
        let mut live = 0;
        for listed in segments {
            live += live_rows(
                &*self.store,
                "",
                &listed.files,
                100,
                listed.segment.rows,
                cutoff_ms,
            )
            .await
            .expect("live rows");
        }
        live
    }

    /// Imports a segment from where it lies and waits; the rows that arrived.
    pub(crate) async fn import_segment(
        &self,
        target: &CollectionName,
        partition: &str,
        listed: &Listed,
        cutoff_ms: u64,
    ) -> u64 {
        let has_deletes = listed
            .files
            .iter()
            .any(|file| file.path.starts_with("delta_log/"));
        let files = ImportFiles {
            target: target.clone(),
            partition: partition.to_owned(),
            insert_path: self.store.full_path(&format!("insert_log/{}", listed.path)),
            delta_path: has_deletes
                .then(|| self.store.full_path(&format!("delta_log/{}", listed.path))),
            end_ts_ms: cutoff_ms,
        };
        let task = self.milvus.import(&files).await.expect("an import task");
        match self.imported(task).await {
            ImportState::Completed(rows) => rows,
            other => panic!("{other:?}"),
        }
    }

    /// Waits for the end of an import.
    pub(crate) async fn imported(&self, task: i64) -> ImportState {
        loop {
            match self
                .milvus
                .import_state(task)
                .await
                .expect("an import state")
            {
                ImportState::Running(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                done => return done,
            }
        }
    }

    /// Builds an index on `v` and loads the collection.
    pub(crate) async fn index_and_load(&self, name: &CollectionName) {
        self.milvus
            .create_index(name, &hnsw())
            .await
            .expect("an index");
        self.indexed(name).await;
        self.load(name).await;
    }

    pub(crate) async fn indexed(&self, name: &CollectionName) {
        loop {
            let (done, total) = self
                .milvus
                .index_progress(name, &hnsw().name)
                .await
                .expect("progress");
            if done == total {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub(crate) async fn load(&self, name: &CollectionName) {
        self.milvus.load(name, 1).await.expect("loading");
        while self.milvus.load_progress(name).await.expect("progress") < 100 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// An index on the field `v`.
pub(crate) fn hnsw() -> IndexDescription {
    IndexDescription {
        name: "by_vector".to_owned(),
        field: "v".to_owned(),
        params: [
            ("index_type", "HNSW"),
            ("metric_type", "L2"),
            ("params", r#"{"M":8,"efConstruction":64}"#),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect(),
    }
}
