//! Which collections a request names: `filter`, `db_collections`, `collection_names`.

use std::collections::BTreeMap;

use hozon_model::CollectionName;
use serde_json::Value;

use super::answer::Refusal;
use crate::body::{Fields, Wrong, texts};

/// The database that is meant where none is named.
pub(super) const DEFAULT_DATABASE: &str = "default";

/// What is chosen of one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// All of it.
    All,
    /// These collections, of which there may be none.
    These(Vec<String>),
}

/// What is chosen, by database.
pub(super) type Chosen = BTreeMap<String, Share>;

/// `filter`: databases with their `colls`, where `*` stands for all. None if it is not given.
pub(super) fn filter(fields: &mut Fields) -> Result<Option<Chosen>, Wrong> {
    let Some(databases) = fields.object_map("filter")? else {
        return Ok(None);
    };
    let mut chosen = Chosen::new();
    for (database, mut inside) in databases {
        let collections = inside.texts("colls")?;
        let share = if collections.iter().any(|name| name == "*") {
            Share::All
        } else {
            Share::These(collections)
        };
        chosen.insert(database_or_default(&database), share);
    }
    Ok(Some(chosen))
}

/// `db_collections`, as an object or as JSON in a string; an empty list stands for all of a database. None if it is not
/// given, or is of another type, which the original takes for the same.
pub(super) fn db_collections(value: Option<Value>) -> Result<Option<Chosen>, Refusal> {
    let object = match value {
        Some(Value::Object(object)) => object,
        Some(Value::String(text)) if !text.trim().is_empty() => match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => object,
            Ok(Value::Null) => return Ok(None),
            _ => {
                return Err(Refusal::parameter(format!(
                    "`{text}` is no JSON object of databases with their collections, like {{\"db\":[\"coll\"]}}"
                )));
            }
        },
        _ => return Ok(None),
    };
    let mut chosen = Chosen::new();
    for (database, collections) in object {
        let names = match &collections {
            Value::Null => Vec::new(),
            list => texts(list).ok_or_else(|| {
                Refusal::parameter(format!(
                    "the collections of database `{database}` are no list of names"
                ))
            })?,
        };
        let share = if names.is_empty() {
            Share::All
        } else {
            Share::These(names)
        };
        chosen.insert(database_or_default(&database), share);
    }
    Ok(Some(chosen))
}

/// `collection_names`: `coll` or `db.coll`. None if there are none.
pub(super) fn collection_names(names: &[String]) -> Result<Option<Chosen>, Refusal> {
    let mut chosen = Chosen::new();
    for text in names {
        let CollectionName { database, name } = text.parse().map_err(Refusal::parameter)?;
        match chosen
            .entry(database)
            .or_insert_with(|| Share::These(Vec::new()))
        {
            Share::These(names) => names.push(name),
            Share::All => {}
        }
    }
    Ok((!chosen.is_empty()).then_some(chosen))
}

/// Whether a collection is chosen.
pub(super) fn includes(chosen: &Chosen, collection: &CollectionName) -> bool {
    match chosen.get(&collection.database) {
        None => false,
        Some(Share::All) => true,
        Some(Share::These(names)) => names.contains(&collection.name),
    }
}

/// A collection that is chosen and is not among those that are there.
pub(super) fn missing(chosen: &Chosen, there: &[CollectionName]) -> Option<CollectionName> {
    chosen.iter().find_map(|(database, share)| {
        let Share::These(names) = share else {
            return None;
        };
        names
            .iter()
            .map(|name| CollectionName {
                database: database.clone(),
                name: name.clone(),
            })
            .find(|name| !there.contains(name))
    })
}

fn database_or_default(name: &str) -> String {
    if name.is_empty() {
        DEFAULT_DATABASE.to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn these(names: &[&str]) -> Share {
        Share::These(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_filter_tells_all_some_and_none_apart() {
        let mut fields = Fields::of_body(
            br#"{"filter":{"a":{"colls":["*"]},"b":{"colls":["x","y"]},"c":{"colls":[]},"d":null,"":{"colls":["z"]}}}"#,
        )
        .unwrap();
        let chosen = filter(&mut fields).unwrap().unwrap();
        assert_eq!(chosen["a"], Share::All);
        assert_eq!(chosen["b"], these(&["x", "y"]));
        assert_eq!(chosen["c"], these(&[]));
        assert_eq!(chosen["d"], these(&[]));
        assert_eq!(chosen["default"], these(&["z"]));
        assert_eq!(filter(&mut Fields::of_body(b"{}").unwrap()).unwrap(), None);
    }

    #[test]
    fn db_collections_is_an_object_or_a_string_of_one() {
        let wanted = Chosen::from([
            ("d".to_owned(), these(&["x"])),
            ("e".to_owned(), Share::All),
        ]);
        let object = json!({ "d": ["x"], "e": [] });
        let text = Value::String(object.to_string());
        for value in [object, text] {
            assert_eq!(db_collections(Some(value)).unwrap(), Some(wanted.clone()));
        }
        for unset in [
            None,
            Some(json!("")),
            Some(json!(["a"])),
            Some(json!(7)),
            Some(json!(true)),
        ] {
            assert_eq!(db_collections(unset).unwrap(), None);
        }
        for bad in [
            json!("{"),
            json!("[1]"),
            json!({ "d": "x" }),
            json!({ "d": [1] }),
        ] {
            assert!(db_collections(Some(bad)).is_err());
        }
    }

    #[test]
    fn names_without_a_database_are_of_the_default_one() {
        let names = [
            "books".to_owned(),
            "shop.books".to_owned(),
            "shop.prices".to_owned(),
        ];
        let chosen = collection_names(&names).unwrap().unwrap();
        assert_eq!(chosen["default"], these(&["books"]));
        assert_eq!(chosen["shop"], these(&["books", "prices"]));
        assert_eq!(collection_names(&[]).unwrap(), None);
        assert!(collection_names(&["a.b.c".to_owned()]).is_err());
        let there = [
            "default.books".parse().unwrap(),
            "shop.books".parse().unwrap(),
        ];
        assert!(includes(&chosen, &there[1]));
        assert_eq!(missing(&chosen, &there).unwrap().to_string(), "shop.prices");
    }
}
