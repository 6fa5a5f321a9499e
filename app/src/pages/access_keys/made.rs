//! The secret of a key that was just made: the one time that it is shown.

use leptos::prelude::*;

use crate::{islands::CopyButton, made_key::MadeKey, reference, text::say};

/// The secret, and a command to try it with.
#[component]
pub(super) fn Made(
    made: MadeKey,
    /// Where this server is.
    address: String,
) -> impl IntoView {
    let MadeKey { name, secret } = made;
    let example = reference::example(&address, &secret);
    view! {
        <section class="card made-key" aria-labelledby="made-title">
            <h2 id="made-title">{say!(api_keys.made_title, name = name).to_string()}</h2>
            <p>{say!(api_keys.made_about)}</p>
            <div class="document">
                <pre tabindex="0" class="secret" aria-labelledby="made-title">{secret.clone()}</pre>
                <CopyButton text=secret label=say!(api_keys.copy_secret).to_owned() done=say!(common.copied).to_owned() />
            </div>
            <p id="made-example">{say!(api_keys.made_example)}</p>
            <div class="document">
                <pre tabindex="0" aria-labelledby="made-example">{example.clone()}</pre>
                <CopyButton text=example label=say!(api_keys.copy_example).to_owned() done=say!(common.copied).to_owned() />
            </div>
        </section>
    }
}
