//! Which part of a list this is, and the way to the rest.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{format::count, text::say, visit::Address};

/// The pages of a list. Shown only where there is something to count.
#[component]
pub(crate) fn Pager(
    /// The address of this page.
    address: Address,
    page: u64,
    page_size: u64,
    total: u64,
) -> impl IntoView {
    let pages = total.div_ceil(page_size.max(1)).max(1);
    let from = (page.saturating_sub(1)) * page_size + 1;
    let to = (page * page_size).min(total);
    let at = move |number: u64| {
        let number = if number <= 1 {
            String::new()
        } else {
            number.to_string()
        };
        address.clone().with("page", number).to_string()
    };
    let step = |name: &'static str, glyph, target: Option<String>, rel| {
        match target {
        Some(href) => view! { <a class="pager-step" href=href rel=rel aria-label=name title=name><Icon glyph /></a> }.into_any(),
        None => view! { <span class="pager-step" aria-hidden="true"><Icon glyph /></span> }.into_any(),
    }
    };
    (total > 0).then(|| {
        view! {
            <nav class="pager" aria-label=say!(pager.label)>
                <span>{say!(pager.range, from = count(from), to = count(to), total = count(total)).to_string()}</span>
                {(pages > 1)
                    .then(|| {
                        (
                            step(say!(pager.previous), Glyph::ChevronLeft, (page > 1).then(|| at(page - 1)), "prev"),
                            step(say!(pager.next), Glyph::ChevronRight, (page < pages).then(|| at(page + 1)), "next"),
                        )
                    })}
            </nav>
        }
    })
}
