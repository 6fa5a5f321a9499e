//! The one column of a binlog's Parquet file.

use bytes::Bytes;
use parquet::{
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
};

use super::container::{Damage, payloads};

/// Rows decoded at a time.
const BATCH: usize = 8192;

/// A column of a kind that keys, timestamps and deletes are kept in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// Numbers: keys, timestamps.
    Numbers(Vec<i64>),
    /// Texts: keys, deletes.
    Texts(Vec<ByteArray>),
}

impl From<ParquetError> for Damage {
    fn from(error: ParquetError) -> Self {
        Self(error.to_string())
    }
}

/// Every value of a whole binlog, of all its payloads in order.
pub(super) fn read(bytes: &Bytes) -> Result<Column, Damage> {
    let (_, ranges) = payloads(bytes)?;
    let mut column = None;
    for range in ranges {
        let file = SerializedFileReader::new(bytes.slice(range))?;
        read_file(&file, &mut column)?;
    }
    column.ok_or_else(|| Damage("it holds no column".to_owned()))
}

fn read_file(
    file: &SerializedFileReader<Bytes>,
    column: &mut Option<Column>,
) -> Result<(), Damage> {
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    if schema.num_columns() != 1 {
        return Err(Damage(format!("it holds {} columns", schema.num_columns())));
    }
    let levels = schema.column(0);
    if levels.max_def_level() > 1 || levels.max_rep_level() > 0 {
        return Err(Damage("its column is nested".to_owned()));
    }
    let empty = match levels.physical_type() {
        parquet::basic::Type::INT64 => Column::Numbers(Vec::new()),
        parquet::basic::Type::BYTE_ARRAY => Column::Texts(Vec::new()),
        other => return Err(Damage(format!("its column is of the type {other}"))),
    };
    let column = column.get_or_insert(empty);
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows())
            .map_err(|_| Damage("it holds a negative number of rows".to_owned()))?;
        let reader = group.get_column_reader(0)?;
        match (reader, &mut *column) {
            (ColumnReader::Int64ColumnReader(reader), Column::Numbers(values)) => {
                read_group(reader, rows, values)?;
            }
            (ColumnReader::ByteArrayColumnReader(reader), Column::Texts(values)) => {
                read_group(reader, rows, values)?;
            }
            _ => {
                return Err(Damage(
                    "its parts hold columns of different types".to_owned(),
                ));
            }
        }
    }
    Ok(())
}

fn read_group<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    values: &mut Vec<T::T>,
) -> Result<(), Damage> {
    let before = values.len();
    let mut levels = Vec::new();
    loop {
        levels.clear();
        let (records, found, _levels) =
            reader.read_records(BATCH, Some(&mut levels), None, values)?;
        if found != records {
            return Err(Damage("it holds empty values".to_owned()));
        }
        if records == 0 {
            break;
        }
    }
    let read = values.len() - before;
    if read != rows {
        return Err(Damage(format!("it holds {read} values and says {rows}")));
    }
    Ok(())
}

/// Reads a column where it may take its time. A defect in the Parquet library ends here, as damage.
pub(super) async fn read_apart(bytes: Bytes) -> Result<Column, Damage> {
    tokio::task::spawn_blocking(move || read(&bytes))
        .await
        .unwrap_or_else(|error| {
            Err(Damage(format!(
                "its Parquet file cannot be decoded: {error}"
            )))
        })
}
