//! How documents are written and read. A JSON document ends with the BLAKE3 of everything before, so that a flipped
//! digit in a row count shows as well as a torn file; a newer format is recognised before anything else is believed.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::manifest::{CollectionDocument, FORMAT};
use crate::{Error, ErrorCode, Result};

const SEAL_BEGIN: &str = ",\n  \"blake3\": \"";
const SEAL_END: &str = "\"\n}\n";
const HEX_DIGITS: usize = 64;
/// Good enough and quick: documents are lists of numbers and hashes.
const ZSTD_LEVEL: i32 = 3;

/// Every document begins with this.
#[derive(Deserialize)]
struct Probe {
    format: u32,
}

/// Writes a JSON document with its seal.
pub(crate) fn seal<T: Serialize>(document: &T) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(document).map_err(not_written)?;
    bytes.truncate(bytes.trim_ascii_end().len().saturating_sub("\n}".len()));
    let blake3 = blake3::hash(&bytes).to_hex();
    for text in [SEAL_BEGIN, blake3.as_str(), SEAL_END] {
        bytes.extend_from_slice(text.as_bytes());
    }
    Ok(bytes)
}

/// Reads a JSON document, after checking format and seal.
pub(crate) fn unseal<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T> {
    check_format(path, bytes)?;
    let tail = SEAL_BEGIN.len() + HEX_DIGITS + SEAL_END.len();
    let (sealed, seal) = bytes
        .len()
        .checked_sub(tail)
        .map(|at| bytes.split_at(at))
        .ok_or_else(|| damaged(path, "it is too short"))?;
    let blake3 = seal
        .strip_prefix(SEAL_BEGIN.as_bytes())
        .and_then(|rest| rest.strip_suffix(SEAL_END.as_bytes()))
        .ok_or_else(|| damaged(path, "it does not end with its BLAKE3"))?;
    if blake3 != blake3::hash(sealed).to_hex().as_bytes() {
        return Err(damaged(path, "it does not agree with its BLAKE3"));
    }
    serde_json::from_slice(bytes).map_err(|error| damaged(path, &error.to_string()))
}

/// Writes a collection's document, compressed.
pub(super) fn compress(document: &CollectionDocument) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(document).map_err(not_written)?;
    zstd::encode_all(&*json, ZSTD_LEVEL)
        .map_err(|error| Error::new(ErrorCode::Internal, "document").caused_by(error))
}

/// Reads a collection's document whose BLAKE3 was found right.
pub(super) fn decompress(path: &str, bytes: &[u8]) -> Result<CollectionDocument> {
    let json = zstd::decode_all(bytes).map_err(|error| damaged(path, &error.to_string()))?;
    check_format(path, &json)?;
    serde_json::from_slice(&json).map_err(|error| damaged(path, &error.to_string()))
}

fn check_format(path: &str, json: &[u8]) -> Result<()> {
    let probe: Probe =
        serde_json::from_slice(json).map_err(|error| damaged(path, &error.to_string()))?;
    match probe.format {
        0 => Err(damaged(path, "its format is 0")),
        1..=FORMAT => Ok(()),
        newer => Err(Error::new(ErrorCode::RepositoryNewer, path)
            .because(format!(
                "its format is {newer}; this Hozon knows formats up to {FORMAT}"
            ))
            .hint("use a newer Hozon for this repository")),
    }
}

/// A document that cannot be believed.
pub(super) fn damaged(path: &str, why: &str) -> Error {
    Error::new(ErrorCode::RepositoryDamaged, path).because(why)
}

fn not_written(error: serde_json::Error) -> Error {
    Error::new(ErrorCode::Internal, "document").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Example {
        format: u32,
        name: String,
        rows: u64,
    }

    fn example(format: u32) -> Example {
        Example {
            format,
            name: "夜間バックアップ \"1\" }\n".to_owned(),
            rows: 12_345,
        }
    }

    #[test]
    fn a_sealed_document_is_json_and_is_read_back() {
        let bytes = seal(&example(1)).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json["rows"], 12_345);
        assert_eq!(json["blake3"].as_str().unwrap().len(), 64);
        assert_eq!(unseal::<Example>("x", &bytes).unwrap(), example(1));
    }

    #[test]
    fn no_changed_byte_passes() {
        let bytes = seal(&example(1)).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let error = unseal::<Example>("x", &changed).unwrap_err();
                let known = [ErrorCode::RepositoryDamaged, ErrorCode::RepositoryNewer];
                assert!(
                    known.contains(&error.code()),
                    "byte {at} bit {bit}: {error}"
                );
            }
        }
        for length in 0..bytes.len() {
            let error = unseal::<Example>("x", &bytes[..length]).unwrap_err();
            assert_eq!(error.code(), ErrorCode::RepositoryDamaged);
        }
    }

    #[test]
    fn a_newer_format_is_told_apart_from_damage() {
        let error = unseal::<Example>("x", &seal(&example(2)).unwrap()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::RepositoryNewer);
        let error = unseal::<Example>("x", b"{\"format\": 9, \"all\": \"else\"}").unwrap_err();
        assert_eq!(error.code(), ErrorCode::RepositoryNewer);
    }
}
