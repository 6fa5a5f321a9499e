//! The ways back: under other names, beside or in place of what is there, with other indexes, to an earlier moment.

use hozon_engine::{
    ErrorCode,
    model::{CollectionName, Existing, IndexWish, LoadState, RestoreAction, RestoreOptions},
};
use jiff::Timestamp;
use milvus::proto::schema::DataType;

use crate::{
    support::{Server as Direct, rows::Writer, unique},
    world::{Server, World, drop_all, names, restore, suffix},
};

#[tokio::test(flavor = "multi_thread")]
async fn under_other_names_and_in_another_database() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world
        .back_up(&cluster, "b", &["drafts", "east_asian_library.books"])
        .await;
    let tail = suffix();
    let wish = RestoreOptions {
        renames: vec![
            format!("drafts:sketches{tail}").parse().unwrap(),
            "east_asian_library.*:attic.*".parse().unwrap(),
        ],
        ..restore(&made, &tail)
    };
    world
        .succeed(
            world
                .engine
                .restore_backup(&world.actor, wish.clone())
                .await,
        )
        .await;
    let milvus = server.connect().await;
    let targets = names(&[&format!("sketches{tail}"), &format!("attic.books{tail}")]);
    for target in &targets {
        assert!(milvus.has_collection(target).await.unwrap(), "{target}");
    }
    drop_all(&*milvus, &targets).await;

    for renames in [
        vec!["nothing:something".parse().unwrap()],
        vec![
            "drafts:same".parse().unwrap(),
            "east_asian_library.books:same".parse().unwrap(),
        ],
        vec!["drafts:1st".parse().unwrap()],
    ] {
        let wish = RestoreOptions {
            renames: renames.clone(),
            ..wish.clone()
        };
        let refused = world.engine.plan_restore(&wish).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidInput, "{renames:?}");
    }
}

/// A collection of the test's own: rows `0..10` are in the backup, `0..15` are there afterwards.
async fn changed_since(world: &World, server: &Server) -> (CollectionName, RestoreOptions, Writer) {
    let writer = Writer::connect(&Direct::local()).await;
    let milvus = server.connect().await;
    let cluster = world.add(server).await;
    let name = unique("ways");
    writer.create(&name, DataType::Int64, false).await;
    writer.insert(&name, "", 0..10).await;
    milvus
        .create_alias(&name, &format!("{}_then", name.name))
        .await
        .unwrap();
    let made = world.back_up(&cluster, "b", &[&name.name]).await;
    writer.insert(&name, "", 10..15).await;
    milvus
        .create_alias(&name, &format!("{}_since", name.name))
        .await
        .unwrap();
    (name, restore(&made, ""), writer)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_left_or_replaced_as_asked() {
    let (world, server) = (World::new().await, Server::local());
    let (name, wish, _) = changed_since(&world, &server).await;
    let milvus = server.connect().await;
    let before = milvus.describe(&name).await.unwrap();

    let refused = world
        .engine
        .restore_backup(&world.actor, wish.clone())
        .await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::CollectionExists);

    let skip = RestoreOptions {
        existing: Existing::Skip,
        ..wish.clone()
    };
    let plan = world.engine.plan_restore(&skip).await.unwrap();
    assert_eq!(plan.collections[0].action, RestoreAction::Skip);
    world
        .succeed(world.engine.restore_backup(&world.actor, skip).await)
        .await;
    assert_eq!(milvus.describe(&name).await.unwrap(), before);

    let replace = RestoreOptions {
        existing: Existing::Replace,
        ..wish.clone()
    };
    let plan = world.engine.plan_restore(&replace).await.unwrap();
    assert_eq!(plan.collections[0].action, RestoreAction::Replace);
    world
        .succeed(
            world
                .engine
                .restore_backup(&world.actor, replace.clone())
                .await,
        )
        .await;
    let after = milvus.describe(&name).await.unwrap();
    assert_ne!(after.id, before.id);
    assert_eq!(after.aliases, before.aliases, "aliases move with the name");
    let rows: u64 = milvus
        .segments(&name)
        .await
        .unwrap()
        .iter()
        .map(|segment| segment.rows)
        .sum();
    assert_eq!(rows, 10);
    let left = milvus.collections("default").await.unwrap();
    assert!(
        !left
            .iter()
            .any(|left| left.starts_with("hozon_") && left.contains(&name.name)),
        "{left:?}"
    );

    // An alias has the name: what it stands for is not replaced.
    let alias: CollectionName = format!("{}_then", name.name).parse().unwrap();
    let onto_alias = RestoreOptions {
        renames: vec![format!("{name}:{alias}").parse().unwrap()],
        ..replace
    };
    let refused = world.engine.restore_backup(&world.actor, onto_alias).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::CollectionExists);
    assert_eq!(milvus.describe(&name).await.unwrap().id, after.id);
    drop_all(&*milvus, &[name]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_other_indexes_or_none() {
    let (world, server) = (World::new().await, Server::local());
    let cluster = world.add(&server).await;
    let made = world.back_up(&cluster, "b", &["hello_milvus"]).await;
    let milvus = server.connect().await;
    let before = milvus.describe(&names(&["hello_milvus"])[0]).await.unwrap();
    assert!(!before.indexes.is_empty());
    for wish in [IndexWish::Auto, IndexWish::None] {
        let tail = suffix();
        let options = RestoreOptions {
            indexes: wish,
            ..restore(&made, &tail)
        };
        world
            .succeed(world.engine.restore_backup(&world.actor, options).await)
            .await;
        let target = format!("hello_milvus{tail}").parse().unwrap();
        let after = milvus.describe(&target).await.unwrap();
        if wish == IndexWish::None {
            assert!(after.indexes.is_empty(), "{:?}", after.indexes);
            assert_eq!(after.load_state, LoadState::NotLoaded);
        } else {
            assert_eq!(after.indexes.len(), before.indexes.len());
            for (old, new) in before.indexes.iter().zip(&after.indexes) {
                assert_eq!((&old.name, &old.field), (&new.name, &new.field));
                assert_eq!(old.params.get("metric_type"), new.params.get("metric_type"));
                assert_eq!(new.params["index_type"], "AUTOINDEX");
            }
        }
        drop_all(&*milvus, &[target]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_an_earlier_moment_within_the_backup() {
    let (world, server) = (World::new().await, Server::local());
    let writer = Writer::connect(&Direct::local()).await;
    let milvus = server.connect().await;
    let cluster = world.add(&server).await;
    let name = unique("moments");
    writer.create(&name, DataType::Int64, false).await;
    let index = hozon_engine::source::IndexDescription {
        name: "v".to_owned(),
        field: "v".to_owned(),
        params: [("index_type", "FLAT"), ("metric_type", "L2")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
    };
    milvus.create_index(&name, &index).await.unwrap();
    milvus.load(&name, 1).await.unwrap();

    let mut moments = Vec::new();
    let mut moment = async || {
        // The clock of Milvus goes in steps of 50 milliseconds.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let now = i64::try_from(writer.clock_ms().await).unwrap();
        moments.push(Timestamp::from_millisecond(now).unwrap());
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    writer.insert(&name, "", 0..20).await;
    moment().await;
    writer.delete(&name, 0..5).await;
    moment().await;
    writer.insert(&name, "", 20..30).await;
    writer.delete(&name, 5..7).await;
    moment().await;
    writer.insert(&name, "", 30..40).await;
    let made = world.back_up(&cluster, "b", &[&name.name]).await;

    let expected = [(0..20).collect(), (5..20).collect(), (7..30).collect()];
    for (until, keys) in moments.into_iter().zip::<[Vec<i64>; 3]>(expected) {
        let tail = suffix();
        let wish = RestoreOptions {
            until: Some(until),
            ..restore(&made, &tail)
        };
        world
            .succeed(world.engine.restore_backup(&world.actor, wish).await)
            .await;
        let target = format!("{}{tail}", name.name).parse().unwrap();
        assert_eq!(writer.numbers(&target, "pk >= 0").await, keys, "{until}");
        drop_all(&*milvus, &[target]).await;
    }

    let late = RestoreOptions {
        until: Some(Timestamp::now()),
        ..restore(&made, "_late")
    };
    let refused = world.engine.plan_restore(&late).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidInput);
    drop_all(&*milvus, &[name]).await;
}
