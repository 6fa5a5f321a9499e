//! Bodies as Go's `encoding/json` reads them: names in any case, unknown ones passed over, `null` for "not given", and
//! another type than expected refused.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What is wrong with a body, in words.
pub(crate) type Wrong = String;

/// A JSON object whose fields are taken out one by one.
#[derive(Debug)]
pub(crate) struct Fields {
    /// Where it stands in the body, for messages; empty at the top.
    place: String,
    fields: BTreeMap<String, Value>,
}

impl Fields {
    /// The object that a body holds.
    pub(crate) fn of_body(body: &[u8]) -> Result<Self, Wrong> {
        match serde_json::from_slice(body).map_err(|error| error.to_string())? {
            Value::Object(object) => Ok(Self::new(String::new(), object)),
            Value::Null => Ok(Self::new(String::new(), Map::new())),
            other => Err(format!("the body is {}, not an object", kind(&other))),
        }
    }

    fn new(place: String, object: Map<String, Value>) -> Self {
        let fields = object
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect();
        Self { place, fields }
    }

    /// A field as it is; none if it is absent or `null`.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(&name.to_lowercase())
    }

    /// A text; empty if it is not given.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Wrong> {
        match self.value(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(self.unexpected(name, "a string", &other)),
        }
    }

    /// A switch; off if it is not given.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Wrong> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(self.unexpected(name, "a boolean", &other)),
        }
    }

    /// A number; zero if it is not given.
    pub(crate) fn int32(&mut self, name: &str) -> Result<i32, Wrong> {
        match self.value(name) {
            None => Ok(0),
            Some(value) => value
                .as_i64()
                .and_then(|number| i32::try_from(number).ok())
                .ok_or_else(|| self.unexpected(name, "an integer of 32 bits", &value)),
        }
    }

    /// Several texts; none if it is not given.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Wrong> {
        match self.value(name) {
            None => Ok(Vec::new()),
            Some(value) => {
                texts(&value).ok_or_else(|| self.unexpected(name, "a list of strings", &value))
            }
        }
    }

    /// Texts by their keys, whose case matters; none if it is not given.
    pub(crate) fn text_map(&mut self, name: &str) -> Result<Vec<(String, String)>, Wrong> {
        let Some(value) = self.value(name) else {
            return Ok(Vec::new());
        };
        let Value::Object(object) = value else {
            return Err(self.unexpected(name, "an object of strings", &value));
        };
        object
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(text) => Ok((key, text)),
                Value::Null => Ok((key, String::new())),
                other => Err(self.unexpected(&format!("{name}.{key}"), "a string", &other)),
            })
            .collect()
    }

    /// An object with fields of its own; none if it is not given.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Self>, Wrong> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self::new(self.path(name), object))),
            Some(other) => Err(self.unexpected(name, "an object", &other)),
        }
    }

    /// Several such objects.
    pub(crate) fn objects(&mut self, name: &str) -> Result<Vec<Self>, Wrong> {
        let Some(value) = self.value(name) else {
            return Ok(Vec::new());
        };
        let Value::Array(list) = value else {
            return Err(self.unexpected(name, "a list of objects", &value));
        };
        list.into_iter()
            .enumerate()
            .map(|(at, value)| match value {
                Value::Object(object) => Ok(Self::new(self.path(&format!("{name}[{at}]")), object)),
                Value::Null => Ok(Self::new(self.path(name), Map::new())),
                other => Err(self.unexpected(&format!("{name}[{at}]"), "an object", &other)),
            })
            .collect()
    }

    /// Such objects by their keys, whose case matters; none if it is not given.
    pub(crate) fn object_map(&mut self, name: &str) -> Result<Option<Vec<(String, Self)>>, Wrong> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let Value::Object(object) = value else {
            return Err(self.unexpected(name, "an object of objects", &value));
        };
        let each = object.into_iter().map(|(key, value)| {
            let place = self.path(&format!("{name}.{key}"));
            match value {
                Value::Object(object) => Ok((key, Self::new(place, object))),
                Value::Null => Ok((key, Self::new(place, Map::new()))),
                other => Err(self.unexpected(&format!("{name}.{key}"), "an object", &other)),
            }
        });
        each.collect::<Result<_, _>>().map(Some)
    }

    fn path(&self, name: &str) -> String {
        if self.place.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.place)
        }
    }

    fn unexpected(&self, name: &str, wanted: &str, found: &Value) -> Wrong {
        format!("`{}` is {}, not {wanted}", self.path(name), kind(found))
    }
}

/// A list of texts; `null` in it counts as an empty one.
pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|entry| match entry {
            Value::String(text) => Some(text.clone()),
            Value::Null => Some(String::new()),
            _ => None,
        })
        .collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Fields {
        Fields::of_body(body.as_bytes()).unwrap()
    }

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_passed_over() {
        let mut body =
            fields(r#"{"Backup_NAME":"b","metaonly":true,"other":{},"maxShardNum":2,"x":null}"#);
        assert_eq!(body.text("backup_name").unwrap(), "b");
        assert!(body.flag("metaOnly").unwrap());
        assert_eq!(body.int32("maxShardNum").unwrap(), 2);
        assert_eq!(body.text("x").unwrap(), "");
        assert_eq!(body.text("absent").unwrap(), "");
    }

    #[test]
    fn keys_of_maps_keep_their_case() {
        let mut body =
            fields(r#"{"filter":{"Shop":{"COLLS":["Books"]}},"collection_renames":{"A":"B"}}"#);
        let (database, mut inside) = body.object_map("filter").unwrap().unwrap().remove(0);
        assert_eq!(database, "Shop");
        assert_eq!(inside.texts("colls").unwrap(), ["Books"]);
        let renames = body.text_map("collection_renames").unwrap();
        assert_eq!(renames, [("A".to_owned(), "B".to_owned())]);
    }

    #[test]
    fn another_type_is_named_with_its_place() {
        let mut body = fields(
            r#"{"backup_name":1,"async":"yes","maxShardNum":3000000000,"filter":{"d":{"colls":[1]}},"half":1.5}"#,
        );
        assert_eq!(
            body.text("backup_name").unwrap_err(),
            "`backup_name` is a number, not a string"
        );
        assert_eq!(
            body.flag("async").unwrap_err(),
            "`async` is a string, not a boolean"
        );
        assert!(body.int32("maxShardNum").is_err());
        assert!(body.int32("half").is_err());
        let (_, mut inside) = body.object_map("filter").unwrap().unwrap().remove(0);
        assert_eq!(
            inside.texts("colls").unwrap_err(),
            "`filter.d.colls` is a list, not a list of strings"
        );
        for bad in ["", "{", "[]", "\"a\"", "1"] {
            assert!(Fields::of_body(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(Fields::of_body(deep.as_bytes()).is_err());
    }
}
