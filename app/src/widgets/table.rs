//! What tables share: headers that sort, and filters, both as links: their state is the address.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{text::say, visit::Address};

/// A header that sorts its column; once more turns the order round.
#[component]
pub(crate) fn SortHeader(
    /// The list's address.
    address: Address,
    /// The name of this order in the address.
    key: &'static str,
    #[prop(into)] label: String,
    /// Whether the list is sorted by this column, and if so whether smallest first.
    sorted: Option<bool>,
    #[prop(optional)] numeric: bool,
) -> impl IntoView {
    let ascending = match sorted {
        Some(ascending) => !ascending,
        None => key == "name",
    };
    let href = address
        .without(&["page"])
        .with("sort", key)
        .with("order", if ascending { "asc" } else { "desc" })
        .to_string();
    let (glyph, aria) = match sorted {
        Some(true) => (Glyph::SortUp, "ascending"),
        Some(false) => (Glyph::SortDown, "descending"),
        None => (Glyph::Sort, "none"),
    };
    view! {
        <th scope="col" aria-sort=aria class:number=numeric>
            <a class="sort" class:sorted=sorted.is_some() href=href>{label}<Icon glyph /></a>
        </th>
    }
}

/// One filter: a chip that opens its values; the chosen one shows on it.
#[component]
pub(crate) fn Filter(
    /// The list's address.
    address: Address,
    /// The name of the filter in the address, and of its menu.
    key: &'static str,
    #[prop(into)] label: String,
    /// Values, and what they are called.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let chosen = address.query.get(key).map(str::to_owned);
    let chosen_label = chosen.as_ref().map(|value| {
        options
            .iter()
            .find(|(key, _)| key == value)
            .map_or(value.clone(), |(_, label)| label.clone())
    });
    let menu = format!("filter-{key}");
    let address = address.without(&["page"]);
    let line = {
        let (address, chosen) = (address.clone(), chosen.clone());
        move |value: &str, label: String| {
            let current = chosen.as_deref().unwrap_or_default() == value;
            view! {
                <li>
                    <a href=address.clone().with(key, value).to_string() aria-current=current.then_some("true")>
                        {current.then(|| view! { <Icon glyph=Glyph::Check /> })}
                        {label}
                    </a>
                </li>
            }
        }
    };
    view! {
        <div class="filter">
            <button type="button" class="chip" class:on=chosen.is_some() popovertarget=menu.clone()>
                {label}
                {chosen_label.map(|value| view! { ": " <strong>{value}</strong> })}
            </button>
            <div class="menu" popover id=menu>
                <ul>
                    {line("", say!(common.all).to_owned())}
                    {options.into_iter().map(|(value, label)| line(&value, label)).collect::<Vec<_>>()}
                </ul>
            </div>
        </div>
    }
}
