//! Text that is there to be copied: identifiers, and commands.

use leptos::prelude::*;

use crate::{
    format::{
        call::Known,
        command::{Fields, Verb},
    },
    islands::{CommandLine, CommandWords, CopyButton},
    session,
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

/// The command line that does the same as the form around it, and the call of `/v2` where there is one; one of them is
/// shown.
#[component]
pub(crate) fn Command(
    verb: Verb,
    fields: Fields,
    /// What the call needs and the form does not hold; none where no call does the same, whatever is chosen.
    #[prop(optional_no_strip)]
    known: Option<Known>,
) -> impl IntoView {
    let known = known.map(|known| Known {
        origin: session::reached_at(),
        ..known
    });
    let words = CommandWords {
        copy: say!(common.copy).to_owned(),
        copied: say!(common.copied).to_owned(),
        no_call: say!(call.none).to_owned(),
    };
    let head = if known.is_some() {
        view! { <Ways verb /> }.into_any()
    } else {
        view! { <span class="command-label">{say!(common.command)}</span> }.into_any()
    };
    view! {
        <div class="command">
            {head}
            <CommandLine verb fields known words />
        </div>
    }
}

/// The choice between the two. It belongs to no form, so that none sends it.
#[component]
fn Ways(verb: Verb) -> impl IntoView {
    let name = format!("ways-{verb:?}").to_lowercase();
    let label = format!("{name}-label");
    let id = label.clone();
    let way = |value: &'static str, word: &'static str, checked: bool| {
        view! {
            <label class="command-way">
                <input type="radio" name=name.clone() value=value checked=checked form="no-form" />
                <span>{word}</span>
            </label>
        }
    };
    view! {
        <div class="command-ways" role="radiogroup" aria-labelledby=label>
            <span class="command-label" id=id>{say!(call.same)}</span>
            {way("command", say!(call.cli), true)}
            {way("call", say!(call.api), false)}
        </div>
    }
}
