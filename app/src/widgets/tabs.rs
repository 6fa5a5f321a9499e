//! Parts of a page, one at a time; which one is in the address.

use leptos::prelude::*;

/// A row of tabs.
#[component]
pub(crate) fn Tabs(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{children()}</ul>
        </nav>
    }
}

/// One tab.
#[component]
pub(crate) fn Tab(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] count: Option<String>,
    current: bool,
) -> impl IntoView {
    view! {
        <li>
            <a href=href aria-current=current.then_some("page")>
                {label}
                {count.map(|count| view! { <span class="tab-count">{count}</span> })}
            </a>
        </li>
    }
}
