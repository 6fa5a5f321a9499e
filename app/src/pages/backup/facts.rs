//! What a backup is, and how far it is proven.

use hozon_model::{BackupState, BackupSummary, Privilege};
use leptos::prelude::*;

use super::keeping::Kept;
use crate::{
    format::{count, size},
    text::{self, say},
    widgets::{CopyableId, Fact, Facts, Glyph, Icon, When},
};

/// The proof, then the facts.
#[component]
pub(super) fn BackupFacts(
    summary: BackupSummary,
    verifiable: bool,
    verify: String,
    /// What is missing to pin it.
    keep: Option<Privilege>,
) -> impl IntoView {
    let took = summary
        .finished_at
        .map(|end| text::duration(summary.created_at, end));
    let exact = |bytes: u64| say!(common.exact_bytes, n = count(bytes)).to_string();
    // Only a whole backup has amounts; zeros would look like facts.
    let amounts = summary.finished_at.map(|_| {
        view! {
            <Fact name=say!(backup.rows)>{count(summary.rows)}</Fact>
            <Fact name=say!(backup.size)><span title=exact(summary.bytes)>{size(summary.bytes)}</span></Fact>
            <Fact name=say!(backup.new_size)><span title=exact(summary.new_bytes)>{size(summary.new_bytes)}</span></Fact>
            <Fact name=say!(backup.files)>{count(summary.files)}</Fact>
        }
    });
    let cluster = format!("/clusters/{}", summary.cluster_id);
    let (backup, kept) = (summary.clone(), summary.clone());
    view! {
        <div class="split">
            <Facts>
                <Fact name=say!(backup.cluster)><a href=cluster>{summary.cluster_name.clone()}</a></Fact>
                <Fact name=say!(backup.scope)>{text::scope(summary.scope)}</Fact>
                {amounts}
                <Fact name=say!(backup.created)><When at=summary.created_at exact=true /></Fact>
                {took.map(|took| view! { <Fact name=say!(backup.took)>{took}</Fact> })}
                <Fact name=say!(backup.method)>{text::method(summary.method)}</Fact>
                <Kept backup=kept missing=keep />
                {summary.milvus_version.map(|version| view! { <Fact name=say!(backup.milvus)>{version}</Fact> })}
                <Fact name=say!(backup.id)><CopyableId id=summary.id.to_string() /></Fact>
            </Facts>
            <ProofCard backup verifiable verify />
        </div>
    }
}

/// The seal, large: the first thing to know about a backup.
#[component]
fn ProofCard(backup: BackupSummary, verifiable: bool, verify: String) -> impl IntoView {
    let damaged = backup.state == BackupState::Damaged;
    let body = match backup.proof {
        Some(proof) if damaged => view! {
            <p class="proof-level"><strong>{say!(backup.proof_void)}</strong></p>
            <p>{say!(backup.proof_was)} " " {text::proof_level(proof.level)}" · "<When at=proof.at /></p>
        }
        .into_any(),
        Some(proof) => view! {
            <p class="proof-level"><strong>{text::proof_level(proof.level)}</strong>" · "<When at=proof.at /></p>
            <p>{text::proof_about(proof.level)}</p>
        }
        .into_any(),
        None => view! {
            <p class="proof-level"><strong>{say!(backup.proof_none)}</strong></p>
            {verifiable.then(|| view! { <p>{say!(backup.proof_advice)} " " <a href=verify>{say!(backup.verify)}</a></p> })}
        }
        .into_any(),
    };
    let proven = backup.proof.is_some() && !damaged;
    view! {
        <section class="proof-card" class:proven=proven aria-labelledby="proof-title">
            <Icon glyph=if proven { Glyph::Seal } else { Glyph::Minus } />
            <div>
                <h2 id="proof-title">{say!(backup.proof)}</h2>
                {body}
            </div>
        </section>
    }
}
