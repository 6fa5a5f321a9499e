//! Which collections of a backup come back, and under which names.
//!
//! The engine is told each collection with its name, so that what is meant here is what is done there.

use std::collections::BTreeMap;

use hozon_model::{CollectionName, Rename};

use super::{
    answer::Refusal,
    chosen::{self, Chosen, DEFAULT_DATABASE, includes, missing},
    restore_request::{Mapping, Plan, RestoreRequest},
};

/// Every collection that comes back, with its name after the restore.
pub(super) fn targets(
    request: &RestoreRequest,
    held: &[CollectionName],
) -> Result<Vec<Rename>, Refusal> {
    let sources = sources(request, held)?;
    let (named, filter) = if let Some(plan) = &request.plan {
        (by_plan(plan, sources)?, plan.filter.clone())
    } else {
        let rules = rules(&request.collection_renames, held)?;
        let named = sources
            .into_iter()
            .map(|from| Rename {
                to: renamed(&from, &rules, &request.collection_suffix),
                from,
            })
            .collect();
        (named, None)
    };
    let after = chosen::db_collections(request.db_collections_after_rename.clone())?;
    let wanted = |name: &CollectionName, chosen: &Option<Chosen>| {
        chosen.as_ref().is_none_or(|chosen| includes(chosen, name))
    };
    let left: Vec<Rename> = named
        .into_iter()
        .filter(|one| wanted(&one.to, &filter) && wanted(&one.to, &after))
        .collect();
    if left.is_empty() {
        return Err(Refusal::parameter("nothing of this backup is chosen"));
    }
    let mut seen = BTreeMap::new();
    for one in &left {
        if let Some(other) = seen.insert(&one.from, &one.to) {
            return Err(Refusal::unsupported(format!(
                "`{}` cannot come back as both `{other}` and `{}` at once; restore it twice",
                one.from, one.to
            )));
        }
    }
    Ok(left)
}

/// What is chosen by its names in the backup.
fn sources(
    request: &RestoreRequest,
    held: &[CollectionName],
) -> Result<Vec<CollectionName>, Refusal> {
    let chosen = match chosen::db_collections(request.db_collections.clone())? {
        None => chosen::collection_names(&request.collection_names)?,
        chosen => chosen,
    };
    let Some(chosen) = chosen else {
        return Ok(held.to_vec());
    };
    if let Some(name) = missing(&chosen, held) {
        return Err(Refusal::parameter(format!(
            "the backup does not hold `{name}`"
        )));
    }
    Ok(held
        .iter()
        .filter(|name| includes(&chosen, name))
        .cloned()
        .collect())
}

/// New names, from the closest rule to the widest.
#[derive(Debug, Default)]
struct Rules {
    collections: BTreeMap<CollectionName, CollectionName>,
    databases: BTreeMap<String, String>,
}

/// Reads `db1.*` to `db2.*`, `db.coll` to `db.coll`, `coll` to `coll`; `db1.` to `db2.` is passed over, as it means
/// databases without their collections.
fn rules(renames: &[(String, String)], held: &[CollectionName]) -> Result<Rules, Refusal> {
    let mut rules = Rules::default();
    for (from, to) in renames {
        let bad = || {
            Refusal::parameter(format!(
                "`{from}` to `{to}` is no new name: write `db1.*` to `db2.*`, `db.coll` to `db.coll`, or `coll` to `coll`"
            ))
        };
        match (from.split_once('.'), to.split_once('.')) {
            (Some((from_db, "*")), Some((to_db, "*")))
                if !from_db.is_empty() && !to_db.is_empty() =>
            {
                rules.databases.insert(from_db.to_owned(), to_db.to_owned());
            }
            (Some((from_db, "")), Some((to_db, "")))
                if !from_db.is_empty() && !to_db.is_empty() => {}
            (Some((_, "*" | "")), _)
            | (_, Some((_, "*" | "")))
            | (Some(_), None)
            | (None, Some(_)) => return Err(bad()),
            _ => {
                let source: CollectionName = from.parse().map_err(|_| bad())?;
                if !held.contains(&source) {
                    return Err(Refusal::parameter(format!(
                        "the backup does not hold `{source}`, which was to be renamed"
                    )));
                }
                rules
                    .collections
                    .insert(source, to.parse().map_err(|_| bad())?);
            }
        }
    }
    Ok(rules)
}

fn renamed(from: &CollectionName, rules: &Rules, suffix: &str) -> CollectionName {
    let mut to = rules
        .collections
        .get(from)
        .cloned()
        .unwrap_or_else(|| CollectionName {
            database: rules
                .databases
                .get(&from.database)
                .unwrap_or(&from.database)
                .clone(),
            name: from.name.clone(),
        });
    to.name.push_str(suffix);
    to
}

/// The names that a plan gives. What it does not mention comes back under its own.
fn by_plan(plan: &Plan, sources: Vec<CollectionName>) -> Result<Vec<Rename>, Refusal> {
    let mut named = Vec::new();
    for mapping in &plan.mapping {
        check_mapping(mapping, &sources)?;
    }
    for from in sources {
        let before = named.len();
        for mapping in plan
            .mapping
            .iter()
            .filter(|one| database(&one.source) == from.database)
        {
            let target = |name: &str| CollectionName {
                database: database(&mapping.target).to_owned(),
                name: name.to_owned(),
            };
            let listed: Vec<_> = mapping
                .collections
                .iter()
                .filter(|(source, _)| *source == from.name)
                .map(|(_, to)| target(to))
                .collect();
            // A database that is mapped without naming this collection takes it along.
            let targets = if mapping.collections.is_empty() {
                vec![target(&from.name)]
            } else {
                listed
            };
            named.extend(targets.into_iter().map(|to| Rename {
                from: from.clone(),
                to,
            }));
        }
        if named.len() == before {
            named.push(Rename {
                to: from.clone(),
                from,
            });
        }
    }
    Ok(named)
}

fn check_mapping(mapping: &Mapping, sources: &[CollectionName]) -> Result<(), Refusal> {
    let pairs = [(&mapping.source, &mapping.target)].into_iter().chain(
        mapping
            .collections
            .iter()
            .map(|(source, target)| (source, target)),
    );
    for (source, target) in pairs {
        if source.is_empty() || target.is_empty() {
            return Err(Refusal::parameter(
                "a mapping of `restorePlan` needs both `source` and `target`",
            ));
        }
    }
    for (source, _) in &mapping.collections {
        let name = CollectionName {
            database: database(&mapping.source).to_owned(),
            name: source.clone(),
        };
        if !sources.contains(&name) {
            return Err(Refusal::parameter(format!(
                "the backup does not hold `{name}`, which `restorePlan` maps"
            )));
        }
    }
    Ok(())
}

fn database(name: &str) -> &str {
    if name.is_empty() {
        DEFAULT_DATABASE
    } else {
        name
    }
}

#[cfg(test)]
mod tests;
