//! A plain client that makes collections and writes rows, apart from the code under test.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hozon_engine::model::CollectionName;
use milvus::proto::{
    common::KeyValuePair,
    milvus::{self as proto, milvus_service_client::MilvusServiceClient},
    schema::{
        CollectionSchema, DataType, FieldData, FieldSchema, FloatArray, JsonArray, LongArray,
        ScalarField, StringArray, VectorField, field_data::Field, scalar_field::Data, vector_field,
    },
};
use prost::Message;
use tonic::{Request, transport::Channel};

use super::Server;

/// Writes rows.
#[derive(Clone)]
pub(crate) struct Writer {
    service: MilvusServiceClient<Channel>,
    authorization: String,
}

/// Primary keys of one kind.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

impl Keys {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(keys) => keys.len(),
            Self::Texts(keys) => keys.len(),
        }
    }

    /// `pk in [...]`
    pub(crate) fn expression(&self) -> String {
        match self {
            Self::Numbers(keys) => format!("pk in {keys:?}"),
            Self::Texts(keys) => format!(
                "pk in [{}]",
                keys.iter()
                    .map(|key| format!("'{key}'"))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
        }
    }

    fn column(&self, name: &str) -> FieldData {
        match self {
            Self::Numbers(keys) => scalar(
                name,
                DataType::Int64,
                Data::LongData(LongArray { data: keys.clone() }),
            ),
            Self::Texts(keys) => scalar(
                name,
                DataType::VarChar,
                Data::StringData(StringArray { data: keys.clone() }),
            ),
        }
    }
}

impl From<std::ops::Range<i64>> for Keys {
    fn from(range: std::ops::Range<i64>) -> Self {
        Self::Numbers(range.collect())
    }
}

pub(crate) const DIM: usize = 4;

macro_rules! send {
    ($writer:expr, $method:ident, $message:expr) => {{
        let mut request = Request::new($message);
        request.metadata_mut().insert(
            "authorization",
            $writer.authorization.parse().expect("a header"),
        );
        $writer
            .service
            .clone()
            .$method(request)
            .await
            .expect(stringify!($method))
            .into_inner()
    }};
}

#[allow(deprecated)]
fn accept(status: Option<&milvus::proto::common::Status>) {
    if let Some(status) = status {
        assert!(status.code == 0 && status.error_code == 0, "{status:?}");
    }
}

impl Writer {
    pub(crate) async fn connect(server: &Server) -> Self {
        let channel = Channel::from_shared(server.address.clone())
            .expect("an address")
            .connect()
            .await
            .expect("a connection");
        let plain = format!("{}:{}", server.username, server.password());
        Self {
            service: MilvusServiceClient::new(channel),
            authorization: BASE64_STANDARD.encode(plain),
        }
    }

    /// Fields `pk` (Int64 or VarChar) and `v` (FloatVector of four), and the dynamic field if wished.
    pub(crate) async fn create(&self, name: &CollectionName, key: DataType, dynamic: bool) {
        self.create_with(name, key_schema(name, key, dynamic), 0)
            .await;
    }

    /// A collection of any schema; `partitions` counts for a partition key only.
    pub(crate) async fn create_with(
        &self,
        name: &CollectionName,
        schema: CollectionSchema,
        partitions: i64,
    ) {
        let request = proto::CreateCollectionRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            schema: schema.encode_to_vec(),
            shards_num: 2,
            consistency_level: 1,
            num_partitions: partitions,
            ..Default::default()
        };
        accept(Some(&send!(self, create_collection, request)));
    }

    pub(crate) async fn create_partition(&self, name: &CollectionName, partition: &str) {
        let request = proto::CreatePartitionRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            partition_name: partition.to_owned(),
            ..Default::default()
        };
        accept(Some(&send!(self, create_partition, request)));
    }

    /// Inserts rows with these keys.
    pub(crate) async fn insert(
        &self,
        name: &CollectionName,
        partition: &str,
        keys: impl Into<Keys>,
    ) {
        let keys = keys.into();
        self.insert_columns(name, partition, keys.len(), columns(&keys, false))
            .await;
    }

    /// Inserts rows with these keys and `{"n": key}` in the dynamic field.
    pub(crate) async fn insert_dynamic(&self, name: &CollectionName, keys: impl Into<Keys>) {
        let keys = keys.into();
        self.insert_columns(name, "", keys.len(), columns(&keys, true))
            .await;
    }

    pub(crate) async fn insert_columns(
        &self,
        name: &CollectionName,
        partition: &str,
        rows: usize,
        columns: Vec<FieldData>,
    ) {
        let request = proto::InsertRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            partition_name: partition.to_owned(),
            fields_data: columns,
            num_rows: u32::try_from(rows).expect("few rows"),
            ..Default::default()
        };
        accept(send!(self, insert, request).status.as_ref());
    }

    /// Inserts rows with `tenant` and the dynamic `n` equal to the key.
    pub(crate) async fn insert_tenants(&self, name: &CollectionName, keys: std::ops::Range<i64>) {
        let tenants = LongArray {
            data: keys.clone().collect(),
        };
        let rows = usize::try_from(keys.end - keys.start).expect("few rows");
        let mut columns = columns(&keys.into(), true);
        columns.push(scalar("tenant", DataType::Int64, Data::LongData(tenants)));
        self.insert_columns(name, "", rows, columns).await;
    }

    /// Asks for a compaction; it begins some time later.
    pub(crate) async fn compact(&self, collection: i64) {
        let request = proto::ManualCompactionRequest {
            collection_id: collection,
            ..Default::default()
        };
        accept(send!(self, manual_compaction, request).status.as_ref());
    }

    /// Inserts or replaces rows with these keys.
    pub(crate) async fn upsert(
        &self,
        name: &CollectionName,
        partition: &str,
        keys: impl Into<Keys>,
    ) {
        let keys = keys.into();
        let request = proto::UpsertRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            partition_name: partition.to_owned(),
            fields_data: columns(&keys, false),
            num_rows: u32::try_from(keys.len()).expect("few rows"),
            ..Default::default()
        };
        accept(send!(self, upsert, request).status.as_ref());
    }

    /// Deletes rows with these keys.
    pub(crate) async fn delete(&self, name: &CollectionName, keys: impl Into<Keys>) {
        let request = proto::DeleteRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            expr: keys.into().expression(),
            ..Default::default()
        };
        accept(send!(self, delete, request).status.as_ref());
    }

    /// Milvus's clock, physical milliseconds.
    pub(crate) async fn clock_ms(&self) -> u64 {
        send!(
            self,
            alloc_timestamp,
            proto::AllocTimestampRequest::default()
        )
        .timestamp
            >> 18
    }

    /// The keys that a query with strong consistency finds, sorted; the collection must be loaded.
    pub(crate) async fn numbers(&self, name: &CollectionName, filter: &str) -> Vec<i64> {
        let request = proto::QueryRequest {
            db_name: name.database.clone(),
            collection_name: name.name.clone(),
            expr: filter.to_owned(),
            output_fields: vec!["pk".to_owned()],
            ..Default::default()
        };
        let answer = send!(self, query, request);
        accept(answer.status.as_ref());
        let mut keys: Vec<i64> = answer
            .fields_data
            .into_iter()
            .filter_map(|column| match column.field? {
                Field::Scalars(ScalarField {
                    data: Some(Data::LongData(numbers)),
                    ..
                }) => Some(numbers.data),
                _ => None,
            })
            .flatten()
            .collect();
        keys.sort_unstable();
        keys
    }
}

/// See [`Writer::create`].
pub(crate) fn key_schema(name: &CollectionName, key: DataType, dynamic: bool) -> CollectionSchema {
    let mut pk = field("pk", key);
    pk.is_primary_key = true;
    if key == DataType::VarChar {
        pk.type_params = vec![pair("max_length", "200")];
    }
    let mut vector = field("v", DataType::FloatVector);
    vector.type_params = vec![pair("dim", &DIM.to_string())];
    CollectionSchema {
        name: name.name.clone(),
        description: "試験 測試".to_owned(),
        fields: vec![pk, vector],
        enable_dynamic_field: dynamic,
        ..Default::default()
    }
}

pub(crate) fn field(name: &str, data_type: DataType) -> FieldSchema {
    FieldSchema {
        name: name.to_owned(),
        data_type: data_type as i32,
        ..Default::default()
    }
}

pub(crate) fn pair(key: &str, value: &str) -> KeyValuePair {
    KeyValuePair {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

pub(crate) fn scalar(name: &str, data_type: DataType, data: Data) -> FieldData {
    FieldData {
        field_name: name.to_owned(),
        r#type: data_type as i32,
        field: Some(Field::Scalars(ScalarField {
            data: Some(data),
            ..Default::default()
        })),
        ..Default::default()
    }
}

fn columns(keys: &Keys, dynamic: bool) -> Vec<FieldData> {
    let mut columns = vec![keys.column("pk"), vectors("v", keys.len())];
    if dynamic {
        let rows = (0..keys.len())
            .map(|n| format!(r#"{{"n":{n}}}"#).into_bytes())
            .collect();
        let mut meta = scalar(
            "$meta",
            DataType::Json,
            Data::JsonData(JsonArray { data: rows }),
        );
        meta.is_dynamic = true;
        columns.push(meta);
    }
    columns
}

/// A column of vectors.
pub(crate) fn vectors(name: &str, rows: usize) -> FieldData {
    let data = (0..rows * DIM).map(|n| n as f32 / 8.0).collect();
    FieldData {
        field_name: name.to_owned(),
        r#type: DataType::FloatVector as i32,
        field: Some(Field::Vectors(VectorField {
            dim: DIM as i64,
            data: Some(vector_field::Data::FloatVector(FloatArray { data })),
            ..Default::default()
        })),
        ..Default::default()
    }
}
