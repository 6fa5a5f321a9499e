//! What is in a backup, what was done with it, and what proved it.

use hozon_model::{
    Backup, BackupState, CollectionInBackup, JobSummary, LoadState, Privilege, Proof,
};
use leptos::prelude::*;

use super::copies::Copies;
use crate::{
    format::{count, size},
    pages::jobs::JobsTable,
    text::{self, say},
    visit::{Address, Visit},
    widgets::{Column, Drawing, Empty, Seal, Tab, Table, Tabs, When},
};

/// The tabs and the chosen one.
#[component]
pub(super) fn Parts(
    backup: Backup,
    jobs: Vec<JobSummary>,
    address: Address,
    /// What is missing to copy it.
    copy: Option<Privilege>,
) -> impl IntoView {
    let visit = Visit::current();
    let current = visit
        .address
        .query
        .get("tab")
        .filter(|name| ["jobs", "proofs", "copies"].contains(name))
        .unwrap_or("collections")
        .to_owned();
    let tab = |name: &'static str, label: &'static str, number: usize| {
        let href = address
            .clone()
            .with("tab", if name == "collections" { "" } else { name })
            .to_string();
        view! { <Tab href label count=count(number as u64) current=current == name /> }
    };
    let tabs = (
        tab(
            "collections",
            say!(backup.tab_collections),
            backup.collection_list.len(),
        ),
        tab("jobs", say!(backup.tab_jobs), jobs.len()),
        tab("proofs", say!(backup.tab_proofs), backup.proofs.len()),
        tab("copies", say!(backup.tab_copies), backup.copies.len()),
    );
    let part = match current.as_str() {
        "jobs" if jobs.is_empty() => {
            view! { <Empty drawing=Drawing::Sheet title=say!(backup.no_jobs) /> }.into_any()
        }
        "jobs" => view! { <JobsTable jobs /> }.into_any(),
        "proofs" => view! { <Proofs proofs=backup.proofs /> }.into_any(),
        "copies" => {
            view! { <Copies backup=backup.summary copies=backup.copies address=address.clone() missing=copy /> }
                .into_any()
        }
        _ if backup.collection_list.is_empty() => {
            let title = match backup.summary.state {
                _ if backup.summary.finished_at.is_some() => say!(backup.empty_backup),
                BackupState::Failed => say!(backup.kept_nothing),
                _ => say!(backup.no_collections),
            };
            view! { <Empty drawing=Drawing::Sheet title /> }.into_any()
        }
        _ => view! { <Collections collections=backup.collection_list /> }.into_any(),
    };
    view! {
        <Tabs label=say!(backup.tabs)>{tabs}</Tabs>
        {part}
    }
}

#[component]
fn Collections(collections: Vec<CollectionInBackup>) -> impl IntoView {
    view! {
        <Table
            caption=say!(backup.tab_collections)
            columns=vec![
                Column::of(say!(backup.collection)),
                Column::of(say!(backup.database)),
                Column::of(say!(backup.rows)).number(),
                Column::of(say!(backup.size)).number(),
                Column::of(say!(backup.partitions)).number().minor(),
                Column::of(say!(backup.indexes)).minor(),
                Column::of(say!(backup.load)).minor(),
            ]
        >
            {collections.into_iter().map(|collection| view! { <CollectionRow collection /> }).collect::<Vec<_>>()}
        </Table>
    }
}

#[component]
fn CollectionRow(collection: CollectionInBackup) -> impl IntoView {
    let load = match collection.load_state {
        LoadState::Loaded => say!(backup.loaded),
        LoadState::NotLoaded => say!(backup.not_loaded),
    };
    let aliases = (!collection.aliases.is_empty())
        .then(|| view! { <p class="hint">{format!("{}: {}", say!(backup.aliases), collection.aliases.join(", "))}</p> });
    let indexes = if collection.indexes.is_empty() {
        "–".to_owned()
    } else {
        collection.indexes.join(", ")
    };
    view! {
        <tr>
            <th scope="row" class="name">
                <details class="schema">
                    <summary>{collection.name}</summary>
                    <ul aria-label=say!(backup.fields)>
                        {collection.fields.into_iter().map(|field| view! { <li><code>{field}</code></li> }).collect::<Vec<_>>()}
                    </ul>
                    {aliases}
                </details>
            </th>
            <td data-label=say!(backup.database)>{collection.database}</td>
            <td class="number" data-label=say!(backup.rows)>{count(collection.rows)}</td>
            <td class="number" data-label=say!(backup.size)>{size(collection.bytes)}</td>
            <td class="number minor" data-label=say!(backup.partitions)>{count(collection.partitions)}</td>
            <td class="minor" data-label=say!(backup.indexes)>{indexes}</td>
            <td class="minor" data-label=say!(backup.load)>{load}</td>
        </tr>
    }
}

#[component]
fn Proofs(proofs: Vec<Proof>) -> impl IntoView {
    if proofs.is_empty() {
        return view! { <Empty drawing=Drawing::Sheet title=say!(proofs.empty) /> }.into_any();
    }
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class="only-heard">{say!(backup.tab_proofs)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(proofs.level)}</th>
                        <th scope="col">{say!(proofs.at)}</th>
                    </tr>
                </thead>
                <tbody>
                    {proofs
                        .into_iter()
                        .map(|proof| {
                            view! {
                                <tr>
                                    <td><Seal proof=Some(proof) /><p class="hint">{text::proof_about(proof.level)}</p></td>
                                    <td><When at=proof.at exact=true /></td>
                                </tr>
                            }
                        })
                        .collect::<Vec<_>>()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
