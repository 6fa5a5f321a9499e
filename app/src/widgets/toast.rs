//! A short word about what was just done. Made by the server, gone with the next page.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{flash::Done, text::say, visit::Visit};

/// What was just done.
#[component]
pub(crate) fn Toast(done: Done) -> impl IntoView {
    let message = match done {
        Done::Backup => say!(done.backup),
        Done::Restore => say!(done.restore),
        Done::Verify => say!(done.verify),
        Done::Delete => say!(done.delete),
        Done::Cancel => say!(done.cancel),
        Done::Cluster => say!(done.cluster),
    };
    view! {
        <div class="toast" role="status">
            <Icon glyph=Glyph::Check />
            <span>{message}</span>
            <a href=Visit::current().address.to_string() aria-label=say!(common.dismiss)><Icon glyph=Glyph::Cross /></a>
        </div>
    }
}
