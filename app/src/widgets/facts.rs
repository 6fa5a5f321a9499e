//! Names and values of one thing.

use leptos::prelude::*;

/// A list of facts.
#[component]
pub(crate) fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One fact.
#[component]
pub(crate) fn Fact(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
