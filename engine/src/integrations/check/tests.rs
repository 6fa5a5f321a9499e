//! Stores that look right and are not.

use std::{ops::Range, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use futures::stream::BoxStream;
use hozon_model::StorageLocation;

use super::*;
use crate::store::{ByteStream, Object, ObjectWriter};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Overwrites,
    Changes,
    KeepsForEver,
}

#[derive(Debug)]
struct Faulty {
    inner: Arc<dyn Store>,
    fault: Fault,
}

#[async_trait]
impl Store for Faulty {
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
        self.inner.size(path).await
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        let bytes = self.inner.get(path).await?;
        Ok(if self.fault == Fault::Changes {
            bytes.to_ascii_uppercase().into()
        } else {
            bytes
        })
    }

    async fn get_range(&self, path: &str, range: Range<u64>) -> Result<Bytes> {
        self.inner.get_range(path, range).await
    }

    async fn read(&self, path: &str) -> Result<ByteStream> {
        self.inner.read(path).await
    }

    async fn put(&self, path: &str, bytes: Bytes) -> Result<()> {
        self.inner.put(path, bytes).await
    }

    async fn put_new(&self, path: &str, bytes: Bytes) -> Result<bool> {
        if self.fault == Fault::Overwrites {
            self.inner.put(path, bytes).await?;
            return Ok(true);
        }
        self.inner.put_new(path, bytes).await
    }

    async fn writer(&self, path: &str, size: u64) -> Result<Box<dyn ObjectWriter>> {
        self.inner.writer(path, size).await
    }

    fn list(&self, prefix: &str) -> BoxStream<'static, Result<Object>> {
        self.inner.list(prefix)
    }

    async fn delete(&self, path: &str) -> Result<()> {
        if self.fault == Fault::KeepsForEver {
            return Ok(());
        }
        self.inner.delete(path).await
    }

    async fn settle(&self) -> Result<()> {
        self.inner.settle().await
    }
}

#[tokio::test]
async fn each_fault_is_named() {
    use CheckOutcome::{Failed, Passed, Warning};
    for (fault, outcomes, error) in [
        (Fault::None, [Passed, Passed, Passed, Passed, Passed], None),
        (
            Fault::Overwrites,
            [Passed, Passed, Passed, Warning, Passed],
            None,
        ),
        (
            Fault::Changes,
            [Passed, Passed, Failed, Passed, Passed],
            Some(ErrorCode::FileDamaged),
        ),
        (
            Fault::KeepsForEver,
            [Passed, Passed, Passed, Passed, Failed],
            Some(ErrorCode::StorageUnwritable),
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let location = StorageLocation {
            url: format!("file://{}", directory.path().display()),
            endpoint: None,
            region: None,
        };
        let inner = Stores::default()
            .open(&location, &StorageCredentials::Machine)
            .unwrap();
        let mut check = Check::default();
        check.try_all(&Faulty { inner, fault }).await;
        let found: Vec<_> = check.items.iter().map(|item| item.outcome).collect();
        assert_eq!(found, outcomes, "{fault:?}");
        assert_eq!(check.error.map(|error| error.code()), error, "{fault:?}");
        for item in &check.items {
            assert_eq!(item.hint.is_some(), item.outcome != Passed, "{item:?}");
        }
    }
}
