//! Describing collections of a real Milvus and making them again.
mod support;

use std::time::Duration;

use hozon_engine::{
    ErrorCode,
    model::{CollectionName, LoadState},
    source::IndexDescription,
};
use milvus::proto::schema::DataType;
use support::{Server, dropping, rows::Writer, suffix, unique};

fn hnsw() -> IndexDescription {
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

async fn until_indexed_and_loaded(
    milvus: &dyn hozon_engine::source::Milvus,
    name: &CollectionName,
) {
    loop {
        let (done, total) = milvus.index_progress(name, "by_vector").await.unwrap();
        if done == total {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    milvus.load(name, 1).await.unwrap();
    while milvus.load_progress(name).await.unwrap() < 100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_described_collection_is_made_again_the_same() {
    let server = Server::local();
    let milvus = server.connect().await;
    let writer = Writer::connect(&server).await;
    let source = unique("describe");
    let copy = unique("describe_copy");
    dropping(&milvus, &[&source, &copy], async {
        writer.create(&source, DataType::VarChar, true).await;
        writer.create_partition(&source, "north").await;
        let alias = format!("alias_{}", suffix());
        milvus.create_alias(&source, &alias).await.unwrap();
        milvus.create_index(&source, &hnsw()).await.unwrap();
        until_indexed_and_loaded(&*milvus, &source).await;

        let described = milvus.describe(&source).await.unwrap();
        assert_eq!(described.name, source);
        assert_eq!(described.aliases, [alias.clone()]);
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
        let by_alias = CollectionName {
            name: alias,
            ..source.clone()
        };
        let refused = milvus
            .create_collection(&by_alias, &described)
            .await
            .unwrap_err();
        println!("{refused}");
        let refused = milvus.describe(&by_alias).await.unwrap_err();
        println!("{refused}");
    })
    .await;
}
