//! `/v2` as the vendor's clients see it, on a real engine; one test on a real Milvus, named in
//! `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod answers;
mod flow;
#[path = "../world/mod.rs"]
mod world;

use std::sync::Arc;

use axum::Router;
use hozon_api::{
    Key,
    v2::{self, OneKey, Options},
};
use hozon_engine::Engine;

use crate::world::{Api, World};

const API: Api = (v2::BASE, serve);

fn serve(engine: &Engine) -> Router {
    let authority = OneKey::new(Key::new("open sesame"), "api:test");
    v2::router(engine, Options::new(Arc::new(authority)))
}

async fn world() -> World {
    World::new(API)
        .await
        .with_header("authorization", "Bearer open sesame")
}

async fn holding(backups: &[&str]) -> World {
    let world = World::holding(API, backups).await;
    world.with_header("authorization", "Bearer open sesame")
}
