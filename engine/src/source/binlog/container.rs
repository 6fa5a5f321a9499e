//! The container of a binlog: what Milvus says of the payload, and where the payload lies.
//!
//! ```text
//! magic          u32 0x00fffabc                                   everything little endian
//! event          timestamp i64, type i8, length i32, next i32     17 bytes, length counts from the event's first byte
//!   descriptor   collection, partition, segment, field i64; start, end u64; data type i32;
//!                8 bytes of post-header lengths; length i32 of a JSON text such as {"original_size":"48000"}
//!   data         start, end u64; one complete Parquet file with one column
//! ```
//! The first event is the descriptor; the others hold data. Nothing here trusts a length: a damaged file is an error.

use std::{fmt, ops::Range};

/// Of every binlog.
const MAGIC: u32 = 0x00ff_fabc;

/// Bytes before an event's own part.
const EVENT_HEADER: usize = 17;

/// Bytes of a data event between its header and its Parquet file.
const DATA_HEADER: usize = 16;

/// The field number in the descriptor of a delta log.
pub(super) const DELTA: i64 = -1;

/// What is wrong with a file, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage(pub(super) String);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the kind of an event may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Descriptor,
    Insert,
    Delete,
}

/// What Milvus says of a file at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Descriptor {
    /// The segment the file belongs to.
    pub(super) segment: i64,
    /// The field it holds; [`DELTA`] for deletes.
    pub(super) field: i64,
    /// The earliest hybrid timestamp of its rows.
    pub(super) start: u64,
    /// The latest.
    pub(super) end: u64,
    /// Bytes of the values before they were encoded: eight for each row of a column of timestamps.
    pub(super) original_size: Option<u64>,
    /// Where the next event begins.
    next: usize,
}

/// Reads the descriptor; the beginning of a file is enough.
pub(super) fn descriptor(bytes: &[u8]) -> Result<Descriptor, Damage> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.u32()? != MAGIC {
        return Err(Damage("it does not begin as a binlog does".to_owned()));
    }
    let event = reader.event()?;
    if event.kind != Kind::Descriptor {
        return Err(Damage("its first event is no descriptor".to_owned()));
    }
    let (_collection, _partition) = (reader.i64()?, reader.i64()?);
    let (segment, field) = (reader.i64()?, reader.i64()?);
    let (start, end) = (reader.u64()?, reader.u64()?);
    let _data_type = reader.i32()?;
    reader.skip(8)?;
    let extra_length = reader.length()?;
    let extra = reader.take(extra_length)?;
    if reader.at != event.end {
        return Err(Damage(
            "its descriptor has another length than it says".to_owned(),
        ));
    }
    Ok(Descriptor {
        segment,
        field,
        start,
        end,
        original_size: original_size(extra),
        next: event.end,
    })
}

fn original_size(extra: &[u8]) -> Option<u64> {
    let extra: serde_json::Value = serde_json::from_slice(extra).ok()?;
    extra.get("original_size")?.as_str()?.parse().ok()
}

/// Finds the Parquet files of a whole binlog.
pub(super) fn payloads(bytes: &[u8]) -> Result<(Descriptor, Vec<Range<usize>>), Damage> {
    let descriptor = descriptor(bytes)?;
    let wanted = if descriptor.field == DELTA {
        Kind::Delete
    } else {
        Kind::Insert
    };
    let mut payloads = Vec::new();
    let mut reader = Reader {
        bytes,
        at: descriptor.next,
    };
    while reader.at < bytes.len() {
        let event = reader.event()?;
        if event.kind != wanted {
            return Err(Damage(format!(
                "it holds an event of another kind: {:?}",
                event.kind
            )));
        }
        reader.skip(DATA_HEADER)?;
        if reader.at > event.end {
            return Err(Damage("an event is shorter than its own header".to_owned()));
        }
        payloads.push(reader.at..event.end);
        reader.skip(event.end - reader.at)?;
    }
    if payloads.is_empty() {
        return Err(Damage("it ends after its descriptor".to_owned()));
    }
    Ok((descriptor, payloads))
}

struct Event {
    kind: Kind,
    /// One past its last byte.
    end: usize,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn event(&mut self) -> Result<Event, Damage> {
        let begin = self.at;
        let _timestamp = self.u64()?;
        let kind = match self.take(1)?[0] {
            0 => Kind::Descriptor,
            1 => Kind::Insert,
            2 => Kind::Delete,
            other => {
                return Err(Damage(format!(
                    "it holds an event of the unknown kind {other}"
                )));
            }
        };
        let length = self.length()?;
        let next = self.length()?;
        let end = begin + length;
        if length < EVENT_HEADER || next != end {
            return Err(Damage(format!(
                "the event at byte {begin} has an impossible length"
            )));
        }
        Ok(Event { kind, end })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Damage> {
        let taken = self
            .at
            .checked_add(length)
            .and_then(|end| self.bytes.get(self.at..end))
            .ok_or_else(|| {
                Damage(format!(
                    "it ends too early, after {} bytes",
                    self.bytes.len()
                ))
            })?;
        self.at += length;
        Ok(taken)
    }

    fn skip(&mut self, length: usize) -> Result<(), Damage> {
        self.take(length).map(|_| ())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u32(&mut self) -> Result<u32, Damage> {
        self.array().map(u32::from_le_bytes)
    }

    fn i32(&mut self) -> Result<i32, Damage> {
        self.array().map(i32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Damage> {
        self.array().map(u64::from_le_bytes)
    }

    fn i64(&mut self) -> Result<i64, Damage> {
        self.array().map(i64::from_le_bytes)
    }

    fn length(&mut self) -> Result<usize, Damage> {
        let length = self.i32()?;
        usize::try_from(length)
            .map_err(|_| Damage(format!("it holds the negative length {length}")))
    }
}
