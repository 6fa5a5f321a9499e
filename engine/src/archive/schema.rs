//! A collection's schema between Milvus's own message and the JSON of an archive.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use milvus::proto::{
    common::KeyValuePair,
    schema::{CollectionSchema, FieldSchema, ValueField},
};
use prost::Message;

use super::document::{Field, Named, Pair, Schema};

/// The JSON of a message.
pub(super) fn to_json(schema: &CollectionSchema) -> Schema {
    Schema {
        name: schema.name.clone(),
        description: schema.description.clone(),
        auto_id: schema
            .fields
            .iter()
            .any(|field| field.is_primary_key && field.auto_id),
        fields: schema.fields.iter().map(field_to_json).collect(),
        enable_dynamic_field: schema.enable_dynamic_field,
        properties: pairs_to_json(&schema.properties),
        functions: schema
            .functions
            .iter()
            .map(|function| Named {
                name: function.name.clone(),
            })
            .collect(),
        struct_array_fields: schema
            .struct_array_fields
            .iter()
            .map(|array| Named {
                name: array.name.clone(),
            })
            .collect(),
    }
}

fn field_to_json(field: &FieldSchema) -> Field {
    Field {
        field_id: field.field_id,
        name: field.name.clone(),
        is_primary_key: field.is_primary_key,
        description: field.description.clone(),
        data_type: field.data_type,
        type_params: pairs_to_json(&field.type_params),
        index_params: pairs_to_json(&field.index_params),
        auto_id: field.auto_id,
        state: field.state,
        element_type: field.element_type,
        is_dynamic: field.is_dynamic,
        is_partition_key: field.is_partition_key,
        nullable: field.nullable,
        is_function_output: field.is_function_output,
        default_value_base64: field
            .default_value
            .as_ref()
            .map(|value| BASE64_STANDARD.encode(value.encode_to_vec()))
            .unwrap_or_default(),
    }
}

fn pairs_to_json(pairs: &[KeyValuePair]) -> Vec<Pair> {
    pairs
        .iter()
        .map(|pair| Pair {
            key: pair.key.clone(),
            value: pair.value.clone(),
        })
        .collect()
}

/// The message of a JSON. Milvus makes the field that holds dynamic rows by itself, so it is left out.
///
/// # Errors
/// Why a collection of this schema cannot be made.
pub(super) fn from_json(schema: &Schema) -> Result<CollectionSchema, String> {
    if let Some(function) = schema.functions.first() {
        return Err(format!("it has the function `{}`", function.name));
    }
    if let Some(array) = schema.struct_array_fields.first() {
        return Err(format!("it has the array of structs `{}`", array.name));
    }
    let fields = schema
        .fields
        .iter()
        .filter(|field| !field.is_dynamic)
        .map(field_from_json)
        .collect::<Result<_, _>>()?;
    Ok(CollectionSchema {
        name: schema.name.clone(),
        description: schema.description.clone(),
        fields,
        enable_dynamic_field: schema.enable_dynamic_field,
        properties: pairs_from_json(&schema.properties),
        ..CollectionSchema::default()
    })
}

fn field_from_json(field: &Field) -> Result<FieldSchema, String> {
    let default_value = if field.default_value_base64.is_empty() {
        None
    } else {
        let bytes = BASE64_STANDARD
            .decode(&field.default_value_base64)
            .map_err(|error| format!("the default value of field `{}`: {error}", field.name))?;
        let value = ValueField::decode(&*bytes)
            .map_err(|error| format!("the default value of field `{}`: {error}", field.name))?;
        Some(value)
    };
    Ok(FieldSchema {
        field_id: field.field_id,
        name: field.name.clone(),
        is_primary_key: field.is_primary_key,
        description: field.description.clone(),
        data_type: field.data_type,
        type_params: pairs_from_json(&field.type_params),
        index_params: pairs_from_json(&field.index_params),
        auto_id: field.auto_id,
        state: field.state,
        element_type: field.element_type,
        is_partition_key: field.is_partition_key,
        nullable: field.nullable,
        is_function_output: field.is_function_output,
        default_value,
        ..FieldSchema::default()
    })
}

fn pairs_from_json(pairs: &[Pair]) -> Vec<KeyValuePair> {
    pairs
        .iter()
        .map(|pair| KeyValuePair {
            key: pair.key.clone(),
            value: pair.value.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use milvus::proto::schema::{DataType, value_field::Data};

    use super::*;

    #[test]
    fn a_schema_goes_there_and_back() {
        let schema = CollectionSchema {
            name: "本".to_owned(),
            description: "棚".to_owned(),
            enable_dynamic_field: true,
            fields: vec![
                FieldSchema {
                    field_id: 100,
                    name: "書名".to_owned(),
                    is_primary_key: true,
                    auto_id: true,
                    data_type: DataType::Int64 as i32,
                    ..FieldSchema::default()
                },
                FieldSchema {
                    field_id: 101,
                    name: "n".to_owned(),
                    data_type: DataType::Array as i32,
                    element_type: DataType::VarChar as i32,
                    is_partition_key: true,
                    type_params: vec![KeyValuePair {
                        key: "max_length".to_owned(),
                        value: "42".to_owned(),
                    }],
                    default_value: Some(ValueField {
                        data: Some(Data::LongData(42)),
                    }),
                    ..FieldSchema::default()
                },
            ],
            ..CollectionSchema::default()
        };
        let json = to_json(&schema);
        assert_eq!(json.fields[1].default_value_base64, "GCo=");
        assert!(json.auto_id);
        assert_eq!(from_json(&json).unwrap(), schema);
    }

    #[test]
    fn the_field_of_dynamic_rows_is_milvus_s_to_make() {
        let json: Schema = serde_json::from_str(
            r#"{"name":"c","enable_dynamic_field":true,
                "fields":[{"fieldID":100,"name":"id","is_primary_key":true,"data_type":5},
                          {"fieldID":101,"name":"$meta","data_type":23,"is_dynamic":true}]}"#,
        )
        .unwrap();
        let schema = from_json(&json).unwrap();
        assert_eq!(schema.fields.len(), 1);
        assert!(schema.enable_dynamic_field);
        let bad = Schema {
            fields: vec![Field {
                default_value_base64: "!".to_owned(),
                ..Field::default()
            }],
            ..Schema::default()
        };
        assert!(from_json(&bad).is_err());
    }
}
