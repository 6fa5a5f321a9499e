//! Between Rust's values and what columns hold.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};

use crate::{Error, ErrorCode, Result};

/// A column's text as one of the model's words.
pub(super) fn word<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|error| strange(column, error))
}

/// The same where the column may be empty.
pub(super) fn word_opt<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<Option<T>> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_value(serde_json::Value::String(text)))
        .transpose()
        .map_err(|error| strange(column, error))
}

/// A column's JSON.
pub(super) fn json<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| strange(column, error))
}

/// The same where the column may be empty.
pub(super) fn json_opt<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<Option<T>> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| strange(column, error))
}

/// A column's time.
pub(super) fn time(row: &SqliteRow, column: &str) -> Result<Timestamp> {
    Timestamp::from_microsecond(row.try_get(column)?).map_err(|error| strange(column, error))
}

/// The same where the column may be empty.
pub(super) fn time_opt(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>> {
    let at: Option<i64> = row.try_get(column)?;
    at.map(Timestamp::from_microsecond)
        .transpose()
        .map_err(|error| strange(column, error))
}

/// A column's number of things or bytes.
pub(super) fn count(row: &SqliteRow, column: &str) -> Result<u64> {
    let number: i64 = row.try_get(column)?;
    Ok(number.max(0) as u64)
}

/// What a column of JSON is to hold.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorCode::Internal, "catalog").caused_by(error))
}

/// A number for a column; SQL has no unsigned ones.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The moment `span` from now, for a column.
pub(super) fn after(span: Duration) -> i64 {
    now().saturating_add(i64::try_from(span.as_micros()).unwrap_or(i64::MAX))
}

/// Now, for a column.
pub(super) fn now() -> i64 {
    Timestamp::now().as_microsecond()
}

/// What upper and lower case letters have in common, for search and order in any language.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// Page, page size, and the rows to skip, for what a query asks.
pub(super) fn window(page: u64, page_size: u64) -> (u64, u64, i64) {
    let page = page.max(1);
    let page_size = if page_size == 0 {
        25
    } else {
        page_size.min(100)
    };
    (
        page,
        page_size,
        number((page - 1).saturating_mul(page_size)),
    )
}

/// What to say where the name or the identity of a row is taken; any other failure stays what it is.
pub(super) fn unless_taken(error: sqlx::Error, taken: impl FnOnce() -> Error) -> Error {
    let is_taken = error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if is_taken { taken() } else { error.into() }
}

fn strange(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorCode::CatalogFailed, format!("catalog column {column}"))
        .caused_by(error)
        .hint("the catalog was changed by hand or by a newer Hozon")
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let full = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .is_some_and(|code| code == "13");
        if full {
            return Self::new(ErrorCode::StorageFull, "catalog")
                .caused_by(error)
                .hint("free some space where the data directory lies");
        }
        Self::new(ErrorCode::CatalogFailed, "catalog").caused_by(error)
    }
}
