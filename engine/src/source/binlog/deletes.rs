//! Delta logs: which keys were deleted, and when last.

use std::collections::HashMap;

use serde::Deserialize;

use super::{column::Column, container::Damage};

/// Milvus's numbers of the types that a primary key can have.
const INT64: i64 = 5;
const VARCHAR: i64 = 21;

/// A row of a delta log: `{"pk":7,"ts":470614891732140032,"pkType":5}`.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    pk: Pk<'a>,
    ts: u64,
    #[serde(rename = "pkType")]
    pk_type: i64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pk<'a> {
    Number(i64),
    #[serde(borrow)]
    Text(std::borrow::Cow<'a, str>),
}

/// The last delete of each key, up to a moment.
#[derive(Debug, Default)]
pub(super) struct Deletes {
    numbers: HashMap<i64, u64>,
    texts: HashMap<Vec<u8>, u64>,
    /// The latest of all.
    pub(super) latest: u64,
}

impl Deletes {
    /// Takes in the rows of a delta log; those later than `cut` (a hybrid timestamp) do not count.
    pub(super) fn add(&mut self, column: &Column, cut: u64) -> Result<(), Damage> {
        let Column::Texts(rows) = column else {
            return Err(Damage(
                "it holds numbers where deletes should be".to_owned(),
            ));
        };
        for text in rows {
            let row: Row<'_> = serde_json::from_slice(text.data())
                .map_err(|error| Damage(format!("a delete cannot be understood: {error}")))?;
            if row.ts > cut {
                continue;
            }
            self.latest = self.latest.max(row.ts);
            let last = match (row.pk, row.pk_type) {
                (Pk::Number(key), INT64) => self.numbers.entry(key).or_default(),
                (Pk::Text(key), VARCHAR) => {
                    self.texts.entry(key.into_owned().into_bytes()).or_default()
                }
                (_, other) => {
                    return Err(Damage(format!("a delete's key is not of its type {other}")));
                }
            };
            *last = row.ts.max(*last);
        }
        Ok(())
    }

    /// How many of these rows are alive at `cut`: not later, and not deleted after they were written. A delete of
    /// the very timestamp of a row is the other half of the same upsert and spares it.
    pub(super) fn alive(&self, keys: &Column, timestamps: &[u64], cut: u64) -> Result<u64, Damage> {
        let deleted_at = |at: usize| match keys {
            Column::Numbers(keys) => self.numbers.get(&keys[at]),
            Column::Texts(keys) => self.texts.get(keys[at].data()),
        };
        let keys_length = match keys {
            Column::Numbers(keys) => keys.len(),
            Column::Texts(keys) => keys.len(),
        };
        if keys_length != timestamps.len() {
            return Err(Damage(format!(
                "it holds {keys_length} keys for {} timestamps",
                timestamps.len()
            )));
        }
        let alive = timestamps
            .iter()
            .enumerate()
            .filter(|&(at, &written)| {
                written <= cut && deleted_at(at).is_none_or(|&deleted| deleted <= written)
            })
            .count();
        Ok(alive as u64)
    }
}

#[cfg(test)]
mod tests {
    use parquet::data_type::ByteArray;

    use super::*;

    fn texts(rows: &[&str]) -> Column {
        Column::Texts(rows.iter().map(|row| ByteArray::from(*row)).collect())
    }

    fn deletes(rows: &[&str], cut: u64) -> Result<Deletes, Damage> {
        let mut deletes = Deletes::default();
        deletes.add(&texts(rows), cut).map(|()| deletes)
    }

    #[test]
    fn the_last_delete_up_to_the_cut_counts_in_whatever_order() {
        let rows = [
            r#"{"pk":1,"ts":30,"pkType":5}"#,
            r#"{"pk":1,"ts":10,"pkType":5}"#,
            r#"{"pk":2,"ts":99,"pkType":5}"#,
        ];
        let keys = Column::Numbers(vec![1, 1, 1, 2, 3]);
        let deletes = deletes(&rows, 50).unwrap();
        assert_eq!(deletes.latest, 30);
        // Written before, at and after the last delete; deleted after the cut; written after the cut.
        assert_eq!(deletes.alive(&keys, &[20, 30, 40, 20, 60], 50), Ok(3));
    }

    #[test]
    fn keys_may_be_texts_of_any_script() {
        let deletes = deletes(
            &[
                r#"{"pk":"東京<1>","ts":30,"pkType":21}"#,
                r#"{"pk":"\u4e0a海","ts":30,"pkType":21}"#,
            ],
            50,
        )
        .unwrap();
        assert_eq!(
            deletes.alive(&texts(&["東京<1>", "上海", "大阪"]), &[20, 20, 20], 50),
            Ok(1)
        );
    }

    #[test]
    fn a_delete_that_is_none_is_damage() {
        assert!(deletes(&["7,30"], 50).is_err());
        assert!(deletes(&[r#"{"pk":"7","ts":30,"pkType":5}"#], 50).is_err());
        assert!(
            Deletes::default()
                .add(&Column::Numbers(vec![1]), 50)
                .is_err()
        );
        let unequal = Deletes::default().alive(&Column::Numbers(vec![1]), &[1, 2], 50);
        assert!(unequal.is_err());
    }
}
