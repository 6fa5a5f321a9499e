//! `/v2` as the vendor's clients see it, on a real engine; one test on a real Milvus, named in
//! `HOZON_TEST_MILVUS_LOCAL`.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod answers;
mod documented;
mod flow;
mod integrations;
mod new_cluster;
mod permissions;
#[path = "../world/mod.rs"]
mod world;

use axum::Router;
use hozon_api::v2::{self, Options};
use hozon_engine::{Engine, model::Grant};

use crate::world::{Api, World};

const API: Api = (v2::BASE, serve);

fn serve(engine: &Engine) -> Router {
    v2::router(engine, Options::default())
}

async fn world() -> World {
    World::new(API)
        .await
        .with_key("owner", vec![Grant::owner()])
        .await
}

async fn holding(backups: &[&str]) -> World {
    let world = World::holding(API, backups).await;
    world.with_key("owner", vec![Grant::owner()]).await
}
