//! Text that is there to be copied: identifiers, and commands.

use leptos::prelude::*;

use crate::{
    format::command::{Fields, Verb, line},
    islands::{CommandLine, CopyButton},
    text::say,
};

/// An identifier, whole to whoever copies it.
#[component]
pub(crate) fn CopyableId(#[prop(into)] id: String) -> impl IntoView {
    view! {
        <span class="copyable">
            <code>{id.clone()}</code>
            <CopyButton text=id label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() />
        </span>
    }
}

/// The command line that does the same as the form around it.
#[component]
pub(crate) fn Command(verb: Verb, fields: Fields) -> impl IntoView {
    let text = line(verb, &fields);
    view! {
        <div class="command">
            <span class="command-label">{say!(common.command)}</span>
            <span class="command-line">
                <CommandLine verb fields />
                <CopyButton text label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() />
            </span>
        </div>
    }
}
