//! Describing collections of a real Milvus, making them again, and what Milvus says when it cannot.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod support;

use std::time::Duration;

use hozon_engine::{
    ErrorCode,
    model::{CollectionName, LoadState},
    source::milvus::{MilvusAddress, connect},
};
use milvus::proto::schema::DataType;
use support::{
    Server,
    backup::{Cluster, hnsw},
    dropping,
    rows::{Writer, field, key_schema, pair},
    suffix, unique,
};
use tokio::runtime::Handle;

fn in_database(database: &str, name: &CollectionName) -> CollectionName {
    CollectionName {
        database: database.to_owned(),
        name: name.name.clone(),
    }
}

#[tokio::test]
async fn a_described_collection_is_made_again_the_same() {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let milvus = &cluster.milvus;
    let (source, copy) = (unique("describe"), unique("describe_copy"));
    dropping(milvus, &[&source, &copy], async {
        let mut schema = key_schema(&source, DataType::VarChar, true);
        for (name, data_type) in [
            ("flag", DataType::Bool),
            ("tiny", DataType::Int8),
            ("ratio", DataType::Double),
            ("notes", DataType::Json),
            ("labels", DataType::Array),
        ] {
            schema.fields.push(field(name, data_type));
        }
        let labels = schema.fields.last_mut().unwrap();
        labels.element_type = DataType::VarChar as i32;
        labels.type_params = vec![pair("max_capacity", "8"), pair("max_length", "50")];
        writer.create_with(&source, schema, 0).await;
        writer.create_partition(&source, "north").await;
        let alias = format!("alias_{}", suffix());
        milvus.create_alias(&source, &alias).await.unwrap();
        cluster.index_and_load(&source).await;

        let described = milvus.describe(&source).await.unwrap();
        assert_eq!(described.name, source);
        assert_eq!(described.aliases, [alias.as_str()]);
        assert_eq!(described.load_state, LoadState::Loaded);
        assert_eq!(described.replicas, 1);
        assert_eq!(described.shards, 2);
        assert_eq!(described.consistency_level, 1);
        assert_eq!(described.indexes, [hnsw()]);
        let partitions: Vec<_> = described
            .partitions
            .iter()
            .map(|p| p.name.as_str())
            .collect();
        assert_eq!(partitions, ["_default", "north"]);
        assert_eq!(described.fields[0].name, "pk");
        assert_eq!(described.fields[0].id, 100);
        assert!(described.fields[0].primary_key);
        assert_eq!(described.fields[0].params["max_length"], "200");

        milvus.create_collection(&copy, &described).await.unwrap();
        let again = milvus.describe(&copy).await.unwrap();
        assert_eq!(again.fields, described.fields);
        assert_eq!(again.shards, described.shards);
        assert_eq!(again.consistency_level, described.consistency_level);
        assert_eq!(again.load_state, LoadState::NotLoaded);
        assert_eq!(again.replicas, 0);
        assert!(again.indexes.is_empty());
        let names: Vec<_> = again.partitions.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, partitions);

        let refused = milvus
            .create_collection(&copy, &described)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), ErrorCode::CollectionExists);
        // An alias takes the name as well.
        let by_alias = CollectionName {
            name: alias,
            ..source.clone()
        };
        assert!(milvus.has_collection(&by_alias).await.unwrap());
        let refused = milvus
            .create_collection(&by_alias, &described)
            .await
            .unwrap_err();
        assert_eq!(refused.code(), ErrorCode::CollectionExists);
        let refused = milvus.describe(&by_alias).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::CollectionNotFound);
        assert!(
            refused
                .to_string()
                .contains(&format!("alias of `{}`", source.name)),
            "{refused}"
        );
    })
    .await;
}

/// A restore imports under a temporary name and renames at the end; index and memory must survive that.
async fn renamed(database: &str) {
    let server = Server::local();
    let writer = Writer::connect(&server).await;
    let cluster = Cluster::of(server).await;
    let milvus = &cluster.milvus;
    let source = in_database(database, &unique("rename_source"));
    let temporary = in_database(database, &unique("hozon_restore"));
    let wanted = in_database(database, &unique("wanted"));
    dropping(milvus, &[&source, &temporary, &wanted], async {
        writer.create(&source, DataType::Int64, false).await;
        writer.insert(&source, "", 0..50).await;
        let cutoff_ms = cluster.flush(&source).await;
        let segments = cluster.list(&source).await;
        let description = milvus.describe(&source).await.unwrap();
        milvus
            .create_collection(&temporary, &description)
            .await
            .unwrap();
        // Half of the segments before the index, half after it: both are indexed in the end.
        for (number, listed) in segments.iter().enumerate() {
            if number == 1 {
                milvus.create_index(&temporary, &hnsw()).await.unwrap();
            }
            cluster
                .import_segment(&temporary, "_default", listed, cutoff_ms)
                .await;
        }
        if segments.len() == 1 {
            milvus.create_index(&temporary, &hnsw()).await.unwrap();
        }
        cluster.indexed(&temporary).await;
        cluster.load(&temporary).await;
        assert_eq!(milvus.count_rows(&temporary).await.unwrap(), 50);

        milvus
            .rename_collection(&temporary, &wanted.name)
            .await
            .unwrap();
        assert!(!milvus.has_collection(&temporary).await.unwrap());
        let described = milvus.describe(&wanted).await.unwrap();
        assert_eq!(described.load_state, LoadState::Loaded);
        assert_eq!(described.indexes, [hnsw()]);
        assert_eq!(milvus.count_rows(&wanted).await.unwrap(), 50);
        assert_eq!(
            milvus.index_progress(&wanted, "by_vector").await.unwrap(),
            (50, 50)
        );

        let alias = format!("alias_{}", suffix());
        milvus.create_alias(&wanted, &alias).await.unwrap();
        assert_eq!(milvus.describe(&wanted).await.unwrap().aliases, [alias]);
        let taken = milvus
            .rename_collection(&wanted, &source.name)
            .await
            .unwrap_err();
        assert_eq!(taken.code(), ErrorCode::CollectionExists, "{taken}");
        milvus.release(&wanted).await.unwrap();
        assert_eq!(
            milvus.describe(&wanted).await.unwrap().load_state,
            LoadState::NotLoaded
        );
        let not_loaded = milvus.count_rows(&wanted).await.unwrap_err();
        assert_eq!(not_loaded.code(), ErrorCode::MilvusFailed);
        assert!(
            not_loaded.report().hint.contains("load it first"),
            "{not_loaded}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_loaded_collection_is_renamed_in_the_default_database() {
    renamed("default").await;
}

#[tokio::test]
async fn a_loaded_collection_is_renamed_in_another_database() {
    let milvus = Server::local().connect().await;
    milvus.create_database("hozon_tests").await.unwrap();
    milvus.create_database("hozon_tests").await.unwrap();
    assert!(
        milvus
            .databases()
            .await
            .unwrap()
            .contains(&"hozon_tests".to_owned())
    );
    renamed("hozon_tests").await;
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let milvus = Server::local().connect().await;
    assert!(milvus.version().await.unwrap().starts_with("v2.3"));
    let nothing = unique("nothing");
    assert!(!milvus.has_collection(&nothing).await.unwrap());
    milvus.drop_collection(&nothing).await.unwrap();
    let refusals = [
        milvus.describe(&nothing).await.unwrap_err(),
        milvus.segments(&nothing).await.unwrap_err(),
        milvus.load(&nothing, 1).await.unwrap_err(),
        milvus
            .rename_collection(&nothing, "other")
            .await
            .unwrap_err(),
        milvus.create_alias(&nothing, "other").await.unwrap_err(),
        milvus.create_index(&nothing, &hnsw()).await.unwrap_err(),
        milvus
            .index_progress(&nothing, "by_vector")
            .await
            .unwrap_err(),
        milvus.count_rows(&nothing).await.unwrap_err(),
    ];
    for refused in refusals {
        assert_eq!(refused.code(), ErrorCode::CollectionNotFound, "{refused}");
        assert_eq!(refused.report().subject, nothing.to_string());
        assert!(!refused.report().hint.is_empty());
    }
    let nowhere = in_database("nowhere", &nothing);
    let refused = milvus.collections("nowhere").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::DatabaseNotFound, "{refused}");
    let refused = milvus.describe(&nowhere).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::CollectionNotFound, "{refused}");
    assert!(
        refused.report().detail.contains("database=nowhere"),
        "{refused}"
    );
    assert!(!milvus.has_collection(&nowhere).await.unwrap());
    milvus.drop_collection(&nowhere).await.unwrap();
}

#[tokio::test]
async fn credentials_are_checked_when_connecting() {
    let address = Server::local().milvus_address();
    let user = |password: &str| Some(("root".to_owned(), password.to_owned()));
    let token = |token: &str| Some(token.to_owned());
    let refused = [
        MilvusAddress {
            user: user("wrong"),
            ..address.clone()
        },
        MilvusAddress {
            user: None,
            ..address.clone()
        },
        MilvusAddress {
            user: None,
            token: token("root:wrong"),
            ..address.clone()
        },
    ];
    for address in refused {
        let error = connect(&address).await.unwrap_err();
        assert_eq!(
            error.code(),
            ErrorCode::ClusterCredentialsRefused,
            "{error}"
        );
        assert!(!format!("{error:?} {error}").contains("wrong"), "{error}");
    }
    let (name, password) = address.user.clone().unwrap();
    let by_token = MilvusAddress {
        user: None,
        token: token(&format!("{name}:{password}")),
        ..address
    };
    connect(&by_token).await.unwrap();
    assert!(!format!("{by_token:?}").contains(&password));
}

#[tokio::test]
async fn an_address_where_no_milvus_is_gets_a_clear_error() {
    let code = async |url: &str| {
        let address = MilvusAddress {
            url: url.to_owned(),
            user: None,
            token: None,
            ca_certificate: None,
        };
        let error = connect(&address).await.unwrap_err();
        println!("{error} (hint: {})", error.report().hint);
        assert!(!error.report().hint.is_empty());
        error.code()
    };
    assert_eq!(
        code("http://127.0.0.1:1").await,
        ErrorCode::ClusterUnreachable
    );
    assert_eq!(
        code("http://no-such-host.invalid:19530").await,
        ErrorCode::ClusterUnreachable
    );
    for url in [
        "127.0.0.1:19530",
        "ftp://127.0.0.1",
        "http://",
        "http://root:secret@127.0.0.1:1",
        "",
    ] {
        assert_eq!(code(url).await, ErrorCode::InvalidInput, "{url}");
    }
    // Milvus's port for health checks speaks HTTP, but no gRPC; its gRPC port speaks no TLS.
    let server = Server::local();
    assert_eq!(
        code(&server.address.replace("19530", "9091")).await,
        ErrorCode::ClusterUnreachable
    );
    assert_eq!(
        code(&server.address.replace("http:", "https:")).await,
        ErrorCode::ClusterUnreachable
    );
}

/// Milvus 2.3.5 itself dies when it loses the caller of `GetImportState` while it answers.
#[tokio::test]
async fn asking_for_an_import_and_not_waiting_leaves_milvus_alive() {
    let milvus = Server::local().connect().await;
    assert!(milvus.version().await.is_ok());
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for step in 0..400_u64 {
        let patience = Duration::from_micros(step % 40 * 50);
        // An import that nobody asked for: whether there was time for the refusal is of no matter.
        let _refused_or_left = tokio::time::timeout(patience, milvus.import_state(1)).await;
    }
    // The end of the test would cut off what is still being answered; no call takes longer than 30 seconds.
    let patience = tokio::time::Instant::now() + Duration::from_secs(35);
    while tasks() > before && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(milvus.version().await.is_ok());
}
