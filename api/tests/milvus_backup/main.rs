//! `/api/v1` as clients of milvus-backup see it, on a real engine; one test on a real Milvus, named in
//! `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod answers;
mod drop_in;
#[path = "../world/mod.rs"]
mod world;

use axum::Router;
use hozon_api::v1::{self, Options};
use hozon_engine::Engine;

use crate::world::{Api, World};

/// Without a key, with the one cluster that is registered.
const OPEN: Api = (v1::BASE, open);

fn open(engine: &Engine) -> Router {
    v1::router(engine, Options::default())
}

/// Every request is called `r-1`.
async fn world() -> World {
    World::new(OPEN).await.with_header("request_id", "r-1")
}

async fn holding(backups: &[&str]) -> World {
    World::holding(OPEN, backups)
        .await
        .with_header("request_id", "r-1")
}
