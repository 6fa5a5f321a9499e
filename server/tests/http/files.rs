//! The built console's files: small on the wire, kept by the browser where that is sound.

use axum::http::{StatusCode, header};

use crate::world::{World, get};

#[tokio::test]
async fn files_need_no_session_and_are_compressed() {
    let world = World::new().await;
    world.file("pkg/hozon.wasm", b"\0asm plain");
    world.file("pkg/hozon.wasm.br", b"brotli made before");
    world.file(
        "pkg/hozon.css",
        "body { color: black }\n".repeat(100).as_bytes(),
    );
    for (path, kind) in [
        ("/pkg/hozon.wasm", "application/wasm"),
        ("/pkg/hozon.css", "text/css"),
    ] {
        let mut request = get(path);
        request
            .headers_mut()
            .insert(header::ACCEPT_ENCODING, "gzip, br".parse().unwrap());
        let answer = world.ask(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("content-encoding"), "br", "{path}");
        assert!(answer.header("vary").contains("accept-encoding"), "{path}");
    }
    let plain = world.ask(get("/pkg/hozon.wasm")).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.body, "\0asm plain");
}

#[tokio::test]
async fn only_hashed_names_are_kept_without_asking() {
    let world = World::new().await;
    world.file("pkg/hozon.js", b"export {}");
    world.file("pkg/hozon.5z1pYwPPXzLzKhRG1hWPGw.js", b"export {}");
    let hashed = world.ask(get("/pkg/hozon.5z1pYwPPXzLzKhRG1hWPGw.js")).await;
    assert_eq!(
        hashed.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let plain = world.ask(get("/pkg/hozon.js")).await;
    assert_eq!(plain.header("cache-control"), "no-cache");
    let mut again = get("/pkg/hozon.js");
    again.headers_mut().insert(
        header::IF_MODIFIED_SINCE,
        plain.header("last-modified").parse().unwrap(),
    );
    let again = world.ask(again).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn pictures_of_guides_need_no_session() {
    let world = World::new().await;
    world.file("help/ja/create.webp", b"RIFF0000WEBP");
    let picture = world.ask(get("/help/ja/create.webp")).await;
    assert_eq!(picture.status, StatusCode::OK);
    assert_eq!(picture.header("content-type"), "image/webp");
    assert_eq!(picture.header("cache-control"), "no-cache");
    assert_eq!(picture.body, "RIFF0000WEBP");
}

#[tokio::test]
async fn nothing_outside_the_site_is_served() {
    let world = World::new().await;
    for path in [
        "/pkg/../../data/catalog.db",
        "/pkg/%2e%2e/%2e%2e/data/catalog.db",
        "/..%2fdata%2fcatalog.db",
        "/pkg/",
        "/pkg",
    ] {
        let answer = world.ask(get(path)).await;
        assert_ne!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.body.contains("SQLite"), "{path}");
    }
}
