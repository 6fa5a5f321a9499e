//! The seal: how far a backup was proven restorable, and how long ago. No proof is said, not hidden.

use hozon_model::Proof;
use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    time::When,
};
use crate::text::{self, say};

/// A backup's best proof. What was proven of a backup that is damaged by now holds no more.
#[component]
pub(crate) fn Seal(proof: Option<Proof>, #[prop(optional)] damaged: bool) -> impl IntoView {
    match proof {
        _ if damaged => view! { <span class="seal unproven"><Icon glyph=Glyph::Minus />{say!(proofs.void)}</span> }
            .into_any(),
        Some(proof) => view! {
            <span class="seal proven" title=text::proof_about(proof.level)>
                <Icon glyph=Glyph::Seal />
                <span>{text::proof_level(proof.level)}</span>
                <span class="seal-age"><When at=proof.at /></span>
            </span>
        }
        .into_any(),
        None => view! { <span class="seal unproven"><Icon glyph=Glyph::Minus />{say!(proofs.none)}</span> }.into_any(),
    }
}
