//! The two frames: with the rail for those who are signed in, and a plain one for those at the door.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    rail::{Rail, Section},
    switches::LanguageSwitch,
};
use crate::{
    flash::Flash,
    help::{self, Guide},
    text::{self, say},
    widgets::{Glyph, HelpLink, Icon, Problem, Toast, WordMark},
};

/// A page of the console: where it is, what it is for, the one thing to do, and its content.
#[component]
pub(crate) fn Page(
    section: Section,
    #[prop(into)] title: String,
    /// What leads here: addresses and names.
    #[prop(optional)]
    crumbs: Vec<(String, String)>,
    /// What the page is for, in a line.
    #[prop(into, optional)]
    about: Option<String>,
    /// The guide that tells more.
    #[prop(optional)]
    help: Option<Guide>,
    /// Beside the title: where what the page shows stands.
    #[prop(optional)]
    badge: Option<AnyView>,
    /// At the right of the title.
    #[prop(optional)]
    action: Option<AnyView>,
    /// Above everything else; the rest of the page is then out of reach.
    #[prop(optional_no_strip)]
    dialog: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let inert = dialog.is_some();
    let flash = use_context::<Option<Flash>>().flatten();
    let (toast, refused) = match flash {
        Some(Flash::Done(done)) => (Some(view! { <Toast done /> }), None),
        Some(Flash::Refused(form, report)) if form.is_gone(inert) => (
            None,
            Some(view! { <Problem report title=say!(problem.refused) /> }),
        ),
        _ => (None, None),
    };
    view! {
        <Title text=format!("{title} · Hozon") />
        <a class="skip" href="#content">{say!(common.skip)}</a>
        <div class="frame" inert=inert>
            <Rail section />
            <main id="content" tabindex="-1">
                <div class="page-top">
                {(!crumbs.is_empty())
                    .then(|| {
                        view! {
                            <nav class="crumbs" aria-label=say!(nav.breadcrumb)>
                                <ol>
                                    {crumbs
                                        .into_iter()
                                        .map(|(href, name)| view! { <li><a href=href>{name}</a></li> })
                                        .collect::<Vec<_>>()}
                                    <li aria-current="page">{title.clone()}</li>
                                </ol>
                            </nav>
                        }
                    })}
                <header class="page-head">
                    <h1>{title}</h1>
                    {badge}
                    {action.map(|action| view! { <div class="page-action">{action}</div> })}
                </header>
                {(about.is_some() || help.is_some())
                    .then(|| {
                        view! { <p class="page-about">{about} " " {help.map(|guide| view! { <HelpLink guide /> })}</p> }
                    })}
                </div>
                {refused}
                {children()}
            </main>
        </div>
        {dialog}
        {toast}
    }
}

/// A page for those who are not signed in.
#[component]
pub(crate) fn Plain(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <Title text=format!("{title} · Hozon") />
        <div class="door">
            <header><WordMark /></header>
            <main class="door-card">
                <h1>{title}</h1>
                {children()}
            </main>
            <footer>
                <a class="rail-button" href=help::index(text::locale())><Icon glyph=Glyph::Book />{say!(nav.help)}</a>
                <LanguageSwitch id="door-language" />
            </footer>
        </div>
    }
}
