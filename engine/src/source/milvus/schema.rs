//! Collection schemas: stored exactly, shown readably, and looked through for what a restore could not bring back.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use milvus::proto::{
    common::KeyValuePair,
    schema::{CollectionSchema, DataType, FieldSchema},
};
use prost::Message;

use crate::source::FieldDescription;

/// The exact message as text.
pub(crate) fn encode(schema: &CollectionSchema) -> String {
    BASE64_STANDARD.encode(schema.encode_to_vec())
}

/// The message from its text.
pub(crate) fn decode(text: &str) -> Result<CollectionSchema, String> {
    let bytes = BASE64_STANDARD
        .decode(text)
        .map_err(|error| format!("its schema is not base64: {error}"))?;
    CollectionSchema::decode(bytes.as_slice())
        .map_err(|error| format!("its schema cannot be decoded: {error}"))
}

/// The fields, readable.
pub(crate) fn fields(schema: &CollectionSchema) -> Vec<FieldDescription> {
    schema
        .fields
        .iter()
        .map(|field| FieldDescription {
            id: field.field_id,
            name: field.name.clone(),
            data_type: field.data_type().as_str_name().to_owned(),
            primary_key: field.is_primary_key,
            partition_key: field.is_partition_key,
            params: map(&field.type_params),
        })
        .collect()
}

/// Why the binlog import of Milvus 2.3 could not bring a collection back; none if it can.
///
/// The server's own newer types are in the message, so each is named rather than met as a failed import.
pub(crate) fn obstacle(schema: &CollectionSchema) -> Option<String> {
    if let Some(function) = schema.functions.first() {
        return Some(format!("it has the function `{}`", function.name));
    }
    if let Some(array) = schema.struct_array_fields.first() {
        return Some(format!("it has the array of structs `{}`", array.name));
    }
    if !schema.external_source.is_empty() {
        return Some("its rows lie in an external source".to_owned());
    }
    if schema.enable_namespace {
        return Some("it uses namespaces".to_owned());
    }
    schema.fields.iter().find_map(field_obstacle)
}

fn field_obstacle(field: &FieldSchema) -> Option<String> {
    let name = &field.name;
    if field.nullable || field.element_nullable {
        return Some(format!("field `{name}` may be null"));
    }
    if field.is_clustering_key {
        return Some(format!("field `{name}` is a clustering key"));
    }
    if field.is_function_output {
        return Some(format!("field `{name}` is computed by a function"));
    }
    if !field.external_field.is_empty() {
        return Some(format!("field `{name}` lies in an external source"));
    }
    let Ok(data_type) = DataType::try_from(field.data_type) else {
        return Some(format!(
            "field `{name}` has the unknown type {}",
            field.data_type
        ));
    };
    let known = matches!(
        data_type,
        DataType::Bool
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::Float
            | DataType::Double
            | DataType::VarChar
            | DataType::Array
            | DataType::Json
            | DataType::BinaryVector
            | DataType::FloatVector
    );
    (!known).then(|| format!("field `{name}` has the type {}", data_type.as_str_name()))
}

/// Key-value pairs as a map.
pub(crate) fn map(pairs: &[KeyValuePair]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|pair| (pair.key.clone(), pair.value.clone()))
        .collect()
}

/// A map as key-value pairs.
pub(super) fn pairs(map: &BTreeMap<String, String>) -> Vec<KeyValuePair> {
    map.iter()
        .map(|(key, value)| KeyValuePair {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use milvus::proto::schema::FunctionSchema;

    use super::*;

    fn schema(field: FieldSchema) -> CollectionSchema {
        CollectionSchema {
            name: "c".to_owned(),
            fields: vec![field],
            ..Default::default()
        }
    }

    fn field(data_type: DataType) -> FieldSchema {
        FieldSchema {
            name: "f".to_owned(),
            data_type: data_type as i32,
            ..Default::default()
        }
    }

    #[test]
    fn what_an_import_cannot_bring_back_is_named() {
        assert_eq!(obstacle(&schema(field(DataType::VarChar))), None);
        let why = |schema| obstacle(&schema).expect("an obstacle");
        assert_eq!(
            why(schema(field(DataType::SparseFloatVector))),
            "field `f` has the type SparseFloatVector"
        );
        let mut nullable = field(DataType::Int64);
        nullable.nullable = true;
        assert_eq!(why(schema(nullable)), "field `f` may be null");
        let mut unknown = field(DataType::Int64);
        unknown.data_type = 999;
        assert_eq!(why(schema(unknown)), "field `f` has the unknown type 999");
        let mut with_function = schema(field(DataType::VarChar));
        with_function.functions.push(FunctionSchema {
            name: "bm25".to_owned(),
            ..Default::default()
        });
        assert_eq!(why(with_function), "it has the function `bm25`");
    }

    #[test]
    fn a_schema_comes_back_as_it_was_stored() {
        let stored = schema(field(DataType::Json));
        assert_eq!(decode(&encode(&stored)), Ok(stored));
        assert!(decode("no base64!").is_err());
        assert!(decode("AAAA").is_err());
    }
}
