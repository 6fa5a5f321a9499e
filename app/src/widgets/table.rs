//! What tables share: their frame and the heads of their columns; and headers that sort, and filters, both as links:
//! their state is the address.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{text::say, visit::Address};

/// The head of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    label: &'static str,
    minor: bool,
    number: bool,
    only_heard: bool,
}

impl Column {
    pub(crate) fn of(label: &'static str) -> Self {
        Self {
            label,
            minor: false,
            number: false,
            only_heard: false,
        }
    }

    /// The last one, with what can be done with each row.
    pub(crate) fn actions() -> Self {
        Self {
            only_heard: true,
            ..Self::of(say!(common.actions))
        }
    }

    /// Left out where there is little room.
    pub(crate) fn minor(self) -> Self {
        Self {
            minor: true,
            ..self
        }
    }

    /// Of numbers.
    pub(crate) fn number(self) -> Self {
        Self {
            number: true,
            ..self
        }
    }

    fn head(self) -> AnyView {
        let Self {
            label,
            minor,
            number,
            only_heard,
        } = self;
        let label = if only_heard {
            view! { <span class="only-heard">{label}</span> }.into_any()
        } else {
            label.into_any()
        };
        view! { <th scope="col" class:minor=minor class:number=number>{label}</th> }.into_any()
    }
}

/// A table; where there is little room each of its rows becomes a card.
#[component]
pub(crate) fn Table(
    /// Heard before the rows, not seen.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table cards">
                <caption class="only-heard">{caption}</caption>
                <thead>
                    <tr>{columns.into_iter().map(Column::head).collect::<Vec<_>>()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

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
