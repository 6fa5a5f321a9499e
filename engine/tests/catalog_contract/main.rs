//! What every catalog must do, whatever database it is kept in. Each test is given an empty catalog.
#![allow(clippy::unwrap_used)]

mod access;
mod accounts;
mod backups;
mod clusters;
mod copies;
mod exclusion;
mod keeping;
mod narrowing;
mod policies;
mod projects;
mod queue;
mod samples;
mod sqlite;
mod upgrade;

/// Runs a suite's tests on SQLite. A second database adds a second line for each.
macro_rules! contract {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    let directory = tempfile::tempdir().unwrap();
                    let file = directory.path().join("catalog.db");
                    let catalog = hozon_engine::catalog::sqlite::open(&file).await.unwrap();
                    super::$test(&*catalog).await;
                }
            )*
        }
    };
}
pub(crate) use contract;
