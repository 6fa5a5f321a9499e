//! Which indexes a restored collection gets.

use hozon_model::IndexWish;

use crate::source::IndexDescription;

/// The indexes to make of those there were.
pub(super) fn wished(indexes: Vec<IndexDescription>, wish: IndexWish) -> Vec<IndexDescription> {
    match wish {
        IndexWish::Keep => indexes,
        IndexWish::None => Vec::new(),
        IndexWish::Auto => indexes.into_iter().map(automatic).collect(),
    }
}

/// Only indexes on vectors have a metric; Milvus chooses all else of an AUTOINDEX by itself.
fn automatic(index: IndexDescription) -> IndexDescription {
    const METRIC: &str = "metric_type";
    let Some(metric) = index.params.get(METRIC).cloned() else {
        return index;
    };
    let params = [
        ("index_type".to_owned(), "AUTOINDEX".to_owned()),
        (METRIC.to_owned(), metric),
    ];
    IndexDescription {
        params: params.into(),
        ..index
    }
}
