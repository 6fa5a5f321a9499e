//! Sends one request: credentials, database, deadline; then looks at the answer's own status.

use std::{future::Future, time::Duration};

use hozon_model::CollectionName;
use milvus::proto::{
    common::Status as Body,
    milvus::{self as proto, milvus_service_client::MilvusServiceClient},
};
use tonic::{Request, Response, metadata::AsciiMetadataValue, transport::Channel};

use super::{Client, status};
use crate::Result;

/// For calls that answer from memory.
const SHORT: Duration = Duration::from_secs(30);

/// For calls that make Milvus change or compute something before it answers.
pub(super) const LONG: Duration = Duration::from_mins(3);

/// Which call, on what.
#[derive(Clone, Debug)]
pub(super) struct On {
    /// The RPC's name, for messages.
    pub(super) rpc: &'static str,
    /// What it is about, for messages.
    pub(super) subject: String,
    database: Option<String>,
    deadline: Duration,
}

impl On {
    /// A call about the server as a whole.
    pub(super) fn server(rpc: &'static str, client: &Client) -> Self {
        Self {
            rpc,
            subject: client.address.clone(),
            database: None,
            deadline: SHORT,
        }
    }

    /// A call about a database.
    pub(super) fn database(rpc: &'static str, database: &str) -> Self {
        Self {
            rpc,
            subject: database.to_owned(),
            database: Some(database.to_owned()),
            deadline: SHORT,
        }
    }

    /// A call about a collection.
    pub(super) fn collection(rpc: &'static str, name: &CollectionName) -> Self {
        Self {
            rpc,
            subject: name.to_string(),
            database: Some(name.database.clone()),
            deadline: SHORT,
        }
    }

    /// The same call, about something else than the server.
    pub(super) fn about(self, subject: String) -> Self {
        Self { subject, ..self }
    }

    /// A call that may take longer, or must take less.
    pub(super) fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }
}

/// An answer with a status of its own beside gRPC's.
pub(super) trait Answer {
    fn body(&self) -> Option<&Body>;
}

impl Answer for Body {
    fn body(&self) -> Option<&Body> {
        Some(self)
    }
}

macro_rules! answers {
    ($($message:ident),* $(,)?) => {
        $(impl Answer for proto::$message {
            fn body(&self) -> Option<&Body> {
                self.status.as_ref()
            }
        })*
    };
}

answers!(
    AllocTimestampResponse,
    BoolResponse,
    DescribeCollectionResponse,
    DescribeIndexResponse,
    FlushResponse,
    GetFlushStateResponse,
    GetImportStateResponse,
    GetLoadStateResponse,
    GetLoadingProgressResponse,
    GetPersistentSegmentInfoResponse,
    GetReplicasResponse,
    GetVersionResponse,
    ImportResponse,
    ListDatabasesResponse,
    QueryResults,
    ShowCollectionsResponse,
    ShowPartitionsResponse,
);

impl Client {
    /// Sends a request and fails if Milvus refuses it.
    pub(super) async fn call<Q, A, F, W>(&self, on: On, message: Q, send: F) -> Result<A>
    where
        A: Answer,
        F: FnOnce(MilvusServiceClient<Channel>, Request<Q>) -> W,
        W: Future<Output = Result<Response<A>, tonic::Status>>,
    {
        let answer = self.call_unchecked(on.clone(), message, send).await?;
        status::check(&on, answer.body())?;
        Ok(answer)
    }

    /// Sends a request; the caller looks at the answer's own status.
    pub(super) async fn call_unchecked<Q, A, F, W>(&self, on: On, message: Q, send: F) -> Result<A>
    where
        F: FnOnce(MilvusServiceClient<Channel>, Request<Q>) -> W,
        W: Future<Output = Result<Response<A>, tonic::Status>>,
    {
        let mut request = Request::new(message);
        request.set_timeout(on.deadline);
        let headers = request.metadata_mut();
        if let Some(authorization) = &self.authorization {
            headers.insert("authorization", authorization.clone());
        }
        // Calls without a field for the database take it from here. A name that no header can hold is no name of a
        // database either: Milvus then says so by the field.
        if let Some(Ok(database)) = on.database.as_deref().map(AsciiMetadataValue::try_from) {
            headers.insert("dbname", database);
        }
        match tokio::time::timeout(on.deadline, send(self.service.clone(), request)).await {
            Ok(Ok(answer)) => Ok(answer.into_inner()),
            Ok(Err(refused)) => Err(status::transport(&on, &self.address, &refused)),
            Err(_elapsed) => Err(status::too_late(&on, on.deadline)),
        }
    }
}

/// `ask!(client, on, method, message)`: calls an RPC by the name of its generated method.
macro_rules! ask {
    ($client:expr, $on:expr, $method:ident, $message:expr) => {
        $client
            .call($on, $message, |mut service, request| async move {
                service.$method(request).await
            })
            .await
    };
}

/// Like `ask!`, but leaves the answer's own status to the caller.
macro_rules! ask_unchecked {
    ($client:expr, $on:expr, $method:ident, $message:expr) => {
        $client
            .call_unchecked($on, $message, |mut service, request| async move {
                service.$method(request).await
            })
            .await
    };
}

pub(super) use {ask, ask_unchecked};
