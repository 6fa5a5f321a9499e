//! What was tried at the place of an integration, and the policy that allows it.

use hozon_model::IntegrationCheckItem;
use leptos::prelude::*;

use crate::{
    islands::CopyButton,
    text::{self, say},
    widgets::CheckBadge,
};

/// What was tried, and what came of it.
#[component]
pub(crate) fn Checks(items: Vec<IntegrationCheckItem>) -> impl IntoView {
    view! {
        <ul class="checks">
            {items
                .into_iter()
                .map(|item| {
                    let detail = (!item.detail.is_empty()).then(|| view! { <p class="hint" lang="en">{item.detail}</p> });
                    view! {
                        <li>
                            <CheckBadge outcome=item.outcome />
                            <div>
                                <strong>{text::probe(item.subject)}</strong>
                                {detail}
                                {item.hint.map(|hint| view! { <p class="hint" lang="en">{hint}</p> })}
                            </div>
                        </li>
                    }
                })
                .collect::<Vec<_>>()}
        </ul>
    }
}

/// The policy document to paste.
#[component]
pub(crate) fn Policy(policy: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="policy-title">
            <h2 id="policy-title">{say!(integrations.policy)}</h2>
            <p>{say!(integrations.policy_about)}</p>
            <div class="document">
                <pre tabindex="0" aria-labelledby="policy-title">{policy.clone()}</pre>
                <CopyButton text=policy label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() />
            </div>
        </section>
    }
}
