//! The documents under docs/openapi say what the APIs do.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{fs, path::Path};

fn is_up_to_date(name: &str, document: &utoipa::openapi::OpenApi) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/openapi")
        .join(name);
    let text = document.to_pretty_json().unwrap() + "\n";
    if std::env::var_os("HOZON_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/openapi/{name} is old; write it anew with `HOZON_WRITE_DOCS=1 cargo test -p hozon-api --test documents`"
    );
    assert!(text.contains(r#""openapi": "3.1.0""#));
}

#[test]
fn what_is_served_is_told_in_full() {
    for (api, base, document) in [
        (
            hozon_api::v1::served(),
            hozon_api::v1::BASE,
            hozon_api::v1::document(),
        ),
        (
            hozon_api::v2::served(),
            hozon_api::v2::BASE,
            hozon_api::v2::document(),
        ),
    ] {
        assert_eq!(api.base, base);
        let document = serde_json::to_value(&document).unwrap();
        for operation in &api.operations {
            let described =
                &document["paths"][&operation.path][operation.method.to_lowercase()]["operationId"];
            assert_eq!(described, &operation.name, "{operation:?}");
        }
        let all = document["paths"].as_object().unwrap().values();
        let all: usize = all.map(|item| item.as_object().unwrap().len()).sum();
        assert_eq!(api.operations.len(), all);
    }
}

#[test]
fn the_document_of_milvus_backups_api_is_up_to_date() {
    is_up_to_date("milvus-backup.json", &hozon_api::v1::document());
}

#[test]
fn the_document_of_the_control_plane_is_up_to_date() {
    is_up_to_date("control-plane.json", &hozon_api::v2::document());
}
