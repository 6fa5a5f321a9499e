//! Ten thousand requests that nobody should send: each gets an answer, and none of them is a defect's.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::num::NonZeroU32;

use axum::{
    Router,
    body::Body,
    http::{Method, Request},
};
use hozon_api::{
    v1::{self, document as described_v1},
    v2,
};
use hozon_engine::{
    Engine, EngineConfig,
    model::{Actor, Grant, NewApiKey},
};
use tower::ServiceExt;

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn value(&mut self, depth: usize) -> String {
        let leaf = [
            "null",
            "true",
            "-1",
            "1e400",
            "99999999999999999999",
            "\"\"",
            "\"a\"",
            "\"default.a\"",
            "\"{\"",
            "[]",
            "{}",
            "\"\\u0000\"",
            "\"proj-0000000000000000000000\"",
            "\"in01-0\"",
            "\"..\"",
            "\"CLUSTER\"",
            "\"*\"",
            "1.5",
            "\"夜\"",
            "0",
        ];
        match self.below(if depth > 3 { 1 } else { 4 }) {
            0 | 1 => self.one(&leaf).to_owned(),
            2 => format!("[{},{}]", self.value(depth + 1), self.value(depth + 1)),
            _ => self.object(depth + 1),
        }
    }

    fn object(&mut self, depth: usize) -> String {
        let keys = [
            "backup_name",
            "async",
            "filter",
            "db_collections",
            "collection_names",
            "collection_renames",
            "collection_suffix",
            "restorePlan",
            "mapping",
            "colls",
            "source",
            "target",
            "skipParams",
            "maxShardNum",
            "strategy",
            "format",
            "requestId",
            "id",
            "backupType",
            "dbCollections",
            "dbName",
            "collectionNames",
            "crossRegionCopies",
            "regionId",
            "enabled",
            "frequency",
            "startTime",
            "retentionDays",
            "destClusterId",
            "collections",
            "collectionName",
            "integrationId",
            "directory",
            "name",
            "bucketName",
            "storageUrl",
            "clusterName",
            "cuSize",
            "projectId",
            "collectionStatus",
            "level",
            "backupName",
            "x",
        ];
        let count = self.below(5);
        let fields: Vec<String> = (0..count)
            .map(|_| format!("\"{}\":{}", self.one(&keys), self.value(depth)))
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}

async fn pelt(router: &Router, base: &str, key: &str, paths: &[String], seed: u64) {
    let mut chance = Chance(seed);
    let segments = [
        "a",
        "in01-0",
        "policy",
        "create",
        "%00",
        "..%2f..",
        "%e5%a4%9c",
        "backup0_1",
        "job-1",
        "%ff",
        "integ-1",
    ];
    let queries = [
        "",
        "?",
        "?pageSize=-1",
        "?currentPage=99999999999999999999",
        "?backup_name=%00",
        "?id=%ff",
        "?start=x&end=%",
        "?backup_id=a",
    ];
    for _ in 0..5_000 {
        let mut path = paths[chance.below(paths.len())].clone();
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, chance.one(&segments));
        }
        let method =
            [Method::GET, Method::POST, Method::DELETE, Method::PUT][chance.below(4)].clone();
        let mut body = chance.object(0);
        if chance.below(8) == 0 {
            body.truncate(body.floor_char_boundary(chance.below(body.len() + 1)));
        }
        let uri = format!("{base}{path}{}", chance.one(&queries));
        let request = Request::builder()
            .method(method.clone())
            .uri(&uri)
            .header("authorization", format!("Bearer {key}"))
            .header(
                "request_id",
                chance
                    .one(&["", "r", "\u{1}x", "ÿ"])
                    .escape_default()
                    .to_string(),
            )
            .body(Body::from(body.clone()))
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let about_the_cluster = uri.contains("/check");
        assert!(
            !response.status().is_server_error() || about_the_cluster,
            "{} of {method} {uri} {body}",
            response.status()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_bad_requests_find_no_defect() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineConfig::local(directory.path().join("data")))
        .await
        .unwrap();
    let paths = |document: &utoipa::openapi::OpenApi| {
        document.paths.paths.keys().cloned().collect::<Vec<_>>()
    };
    let compat = v1::router(&engine, v1::Options::default());
    pelt(&compat, v1::BASE, "k", &paths(&described_v1()), 1).await;
    let options = v2::Options {
        requests_per_second: NonZeroU32::MAX,
        ..v2::Options::default()
    };
    let actor = Actor {
        name: "test".into(),
        origin: "test".into(),
    };
    let new = NewApiKey {
        name: "owner".into(),
        grants: vec![Grant::owner()],
        expires_at: None,
    };
    let key = engine.create_key(&actor, new).await.unwrap().secret;
    pelt(
        &v2::router(&engine, options),
        v2::BASE,
        &key,
        &paths(&v2::document()),
        2,
    )
    .await;
}
