//! What a change made different: field by field, named as in the APIs.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use serde_json::Value;

use crate::{
    format::count,
    text::say,
    widgets::{Column, Table},
};

/// A field that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// The fields that are not what they were, and how many stayed.
fn differences(before: Option<&Value>, after: Option<&Value>) -> (Vec<Difference>, u64) {
    let fields = |value: Option<&Value>| {
        let mut fields = BTreeMap::new();
        if let Some(value) = value {
            collect(String::new(), value, &mut fields);
        }
        fields
    };
    let (mut before, mut after) = (fields(before), fields(after));
    let names: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    let mut same = 0;
    let mut found = Vec::new();
    for field in names {
        let (before, after) = (before.remove(&field), after.remove(&field));
        if before == after {
            same += 1;
        } else {
            found.push(Difference {
                field,
                before,
                after,
            });
        }
    }
    (found, same)
}

/// Every value inside a value by its path, `grants[0].role`. What is nothing, or empty, is not there.
fn collect(path: String, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                collect(path, value, fields);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for (index, value) in items.iter().enumerate() {
                collect(format!("{path}[{index}]"), value, fields);
            }
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            keep(path, items.join(", "), fields);
        }
        value => keep(path, plain(value), fields),
    }
}

fn keep(path: String, text: String, fields: &mut BTreeMap<String, String>) {
    if !text.is_empty() {
        fields.insert(path, text);
    }
}

/// A text as it is; anything else as JSON has it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The table of what is different.
#[component]
pub(super) fn Differences(before: Option<Value>, after: Option<Value>) -> impl IntoView {
    let (found, same) = differences(before.as_ref(), after.as_ref());
    let stayed = (same > 0).then(|| {
        let stayed = say!(audit.stayed, count = same, n = count(same)).to_string();
        view! { <p class="hint">{stayed}</p> }
    });
    let content = if found.is_empty() {
        view! { <p class="hint">{say!(audit.no_difference)}</p> }.into_any()
    } else {
        view! { <DifferenceTable found /> }.into_any()
    };
    view! {
        <section class="part" aria-labelledby="difference-title">
            <h2 id="difference-title">{say!(audit.difference)}</h2>
            {content}
            {stayed}
        </section>
    }
}

#[component]
fn DifferenceTable(found: Vec<Difference>) -> impl IntoView {
    let shown = |value: Option<String>| match value {
        Some(value) => view! { <code class="long">{value}</code> }.into_any(),
        None => view! { <span>"–"</span> }.into_any(),
    };
    let rows: Vec<_> = found
        .into_iter()
        .map(|difference| {
            view! {
                <tr>
                    <th scope="row" class="name"><code>{difference.field}</code></th>
                    <td data-label=say!(audit.before)>{shown(difference.before)}</td>
                    <td data-label=say!(audit.after)>{shown(difference.after)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table
            caption=say!(audit.difference)
            columns=vec![
                Column::of(say!(audit.field)),
                Column::of(say!(audit.before)),
                Column::of(say!(audit.after)),
            ]
        >
            {rows}
        </Table>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: Option<&Value>, after: Option<&Value>) -> (Vec<String>, u64) {
        let (found, same) = differences(before, after);
        let told = found.into_iter().map(|difference| {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
            format!(
                "{}: {} → {}",
                difference.field,
                shown(difference.before),
                shown(difference.after)
            )
        });
        (told.collect(), same)
    }

    #[test]
    fn a_change_tells_what_it_changed_and_no_more() {
        let before = json!({
            "name": "検索", "plan": "Standard", "region": null,
            "storage": { "url": "s3://a" }, "grants": [{ "role": "read_only" }], "days": [1, 4],
        });
        let after = json!({
            "name": "search", "plan": "Standard", "region": "aws",
            "storage": { "url": "s3://b" }, "grants": [], "days": [1, 4],
        });
        let (found, same) = told(Some(&before), Some(&after));
        assert_eq!(
            found,
            [
                "grants[0].role: read_only → –",
                "name: 検索 → search",
                "region: – → aws",
                "storage.url: s3://a → s3://b",
            ]
        );
        assert_eq!(same, 2);
    }

    #[test]
    fn what_is_new_or_gone_has_one_side() {
        let value = json!({ "name": "k", "pinned": true });
        let (made, _) = told(None, Some(&value));
        assert_eq!(made, ["name: – → k", "pinned: – → true"]);
        let (gone, _) = told(Some(&value), None);
        assert_eq!(gone, ["name: k → –", "pinned: true → –"]);
        assert_eq!(told(None, None), (Vec::new(), 0));
    }
}
