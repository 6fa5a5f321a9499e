//! The storage is cut off at every single call of a backup and of a deletion. Whatever is left must be harmless, and
//! doing the same again must finish.
#![allow(clippy::unwrap_used)]

mod repository_world;
mod store_places;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hozon_engine::{ErrorCode, repository::Repository, store::Store};
use repository_world::{
    Chance, Failing, Last, assert_whole, back_up, begin, delete, leases_run_out, stored, sweep,
};
use store_places::{local, paths};

fn numbers(range: std::ops::Range<u32>) -> BTreeSet<u32> {
    range.collect()
}

async fn repository(store: &Arc<dyn Store>) -> Repository {
    Repository::open(store.clone()).await.unwrap()
}

#[tokio::test]
async fn a_backup_cut_off_anywhere_is_whole_or_not_there() {
    for last in [Last::Lost, Last::Unanswered] {
        for calls in 0.. {
            let place = local().await;
            let clean = repository(&place.store).await;
            back_up(&clean, "backup0_a", &numbers(0..4)).await.unwrap();

            let failing = Failing::after(calls, last, &place.store);
            let result = match Repository::open(failing.clone()).await {
                Ok(cut_off) => back_up(&cut_off, "backup0_b", &numbers(2..6))
                    .await
                    .map(drop),
                Err(error) => Err(error),
            };
            let found = assert_whole(&clean).await;
            assert!(found.contains_key("backup0_a"), "{last:?} {calls}");
            if let Err(error) = &result {
                assert_eq!(
                    error.code(),
                    ErrorCode::StorageUnreachable,
                    "{last:?} {calls}"
                );
            } else {
                assert!(found.contains_key("backup0_b"), "{last:?} {calls}");
            }

            leases_run_out(&*place.store).await;
            back_up(&clean, "backup0_b", &numbers(2..6)).await.unwrap();
            let found = assert_whole(&clean).await;
            assert_eq!(found["backup0_b"], numbers(2..6), "{last:?} {calls}");
            assert!(clean.unfinished().await.unwrap().is_empty());
            if !failing.has_failed() {
                assert!(calls > 15, "a backup takes more calls than {calls}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_deletion_cut_off_anywhere_harms_nobody_and_can_be_finished() {
    for last in [Last::Lost, Last::Unanswered] {
        for calls in 0.. {
            let place = local().await;
            let clean = repository(&place.store).await;
            back_up(&clean, "backup0_a", &numbers(0..4)).await.unwrap();
            back_up(&clean, "backup0_b", &numbers(2..6)).await.unwrap();
            back_up(&clean, "backup0_c", &numbers(5..9)).await.unwrap();

            let failing = Failing::after(calls, last, &place.store);
            if let Ok(cut_off) = Repository::open(failing.clone()).await {
                let _ = delete(&cut_off, "backup0_b").await;
            }
            let found = assert_whole(&clean).await;
            assert_eq!(found["backup0_a"], numbers(0..4), "{last:?} {calls}");
            assert_eq!(found["backup0_c"], numbers(5..9), "{last:?} {calls}");

            leases_run_out(&*place.store).await;
            delete(&clean, "backup0_b").await.unwrap();
            let found = assert_whole(&clean).await;
            assert_eq!(found.len(), 2, "{last:?} {calls}");
            assert_eq!(
                stored(&*place.store).await,
                numbers(0..9).difference(&numbers(4..5)).copied().collect(),
                "{last:?} {calls}"
            );
            assert!(
                paths(&*place.store, "trash/").await.is_empty(),
                "{last:?} {calls}"
            );
            assert!(paths(&*place.store, "backups/backup0_b/").await.is_empty());
            assert!(paths(&*place.store, "leases/").await.is_empty());
            if !failing.has_failed() {
                assert!(calls > 20, "a deletion takes more calls than {calls}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_failed_attempt_cut_off_while_it_is_cleared_away_is_cleared_in_the_end() {
    for calls in 0.. {
        let place = local().await;
        let clean = repository(&place.store).await;
        back_up(&clean, "backup0_a", &numbers(0..3)).await.unwrap();
        let half_way = Failing::after(14, Last::Lost, &place.store);
        let cut_off = Repository::open(half_way).await.unwrap();
        back_up(&cut_off, "backup0_b", &numbers(1..9))
            .await
            .unwrap_err();
        leases_run_out(&*place.store).await;
        assert!(stored(&*place.store).await.len() > 3);

        let failing = Failing::after(calls, Last::Lost, &place.store);
        if let Ok(cut_off) = Repository::open(failing.clone()).await {
            let _ = delete(&cut_off, "backup0_b").await;
        }
        assert_whole(&clean).await;
        leases_run_out(&*place.store).await;
        delete(&clean, "backup0_b").await.unwrap();
        assert_eq!(assert_whole(&clean).await["backup0_a"], numbers(0..3));
        assert_eq!(stored(&*place.store).await, numbers(0..3));
        assert!(paths(&*place.store, "backups/backup0_b/").await.is_empty());
        if !failing.has_failed() {
            break;
        }
    }
}

/// A long life in any order: backups, deletions and sweeps, each of which may be cut off at any call.
#[tokio::test]
async fn a_long_life_with_many_cuts_loses_nothing() {
    for seed in 1..=6 {
        let mut chance = Chance::new(seed);
        let place = local().await;
        let clean = repository(&place.store).await;
        let mut expected = BTreeMap::<String, BTreeSet<u32>>::new();
        for step in 0..60_u32 {
            let calls = if chance.below(2) == 0 {
                i64::MAX
            } else {
                chance.below(45) as i64
            };
            let last = [Last::Lost, Last::Unanswered][chance.below(2) as usize];
            let failing = Failing::after(calls, last, &place.store);
            let Ok(worker) = Repository::open(failing).await else {
                continue;
            };
            match chance.below(3) {
                0 => {
                    let some = (step / 4..step / 4 + 8)
                        .filter(|_| chance.below(3) > 0)
                        .collect();
                    let id = format!("backup0_{step}");
                    let made = back_up(&worker, &id, &some).await;
                    if made.is_ok() || clean.manifest(&begin(&id).id).await.unwrap().is_some() {
                        expected.insert(id, some);
                    }
                }
                1 if !expected.is_empty() => {
                    let at = chance.below(expected.len() as u64) as usize;
                    let id = expected.keys().nth(at).unwrap().clone();
                    let _ = delete(&worker, &id).await;
                    if clean.manifest(&begin(&id).id).await.unwrap().is_none() {
                        expected.remove(&id);
                    }
                }
                _ => {
                    let _ = sweep(&worker).await;
                }
            }
            leases_run_out(&*place.store).await;
            assert_eq!(
                assert_whole(&clean).await,
                expected,
                "seed {seed} step {step}"
            );
        }
        for begun in clean.unfinished().await.unwrap() {
            clean.retire(&begun.id).await.unwrap();
        }
        sweep(&clean).await.unwrap();
        expected = assert_whole(&clean).await;
        let named: BTreeSet<u32> = expected.values().flatten().copied().collect();
        assert_eq!(stored(&*place.store).await, named, "seed {seed}");
        assert!(paths(&*place.store, "trash/").await.is_empty());
    }
}
