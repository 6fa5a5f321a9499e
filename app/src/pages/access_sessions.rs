//! Sessions: where somebody is signed in, and their password.

pub(crate) mod password;
mod table;

use std::collections::BTreeSet;

use hozon_model::{Action, ErrorCode, Place, Resource, Session};
use leptos::{prelude::*, server_fn::ServerFn};

use self::table::SessionsTable;
use super::access::{AccessTab, AccessTabs};
use crate::{
    actions::EndOtherSessions,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{Button, ButtonLink, Drawing, Empty, Filter, Glyph},
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_PASSWORD: &str = "open-password";

/// Everything that the page tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// One's own sessions, newest first.
    pub own: Vec<Session>,
    /// Which of them this is.
    pub here: Option<String>,
    /// Those of everybody else; none where they may not be seen.
    pub others: Option<Vec<Session>>,
    /// Whether those may be ended, too.
    pub may_end: bool,
}

/// One's own sessions, and those of others to whoever may look at them.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    loaded(Section::Access, async {
        let (engine, caller) = (session::engine(), session::actor().await?);
        let query = Visit::current().address.query;
        let name = session::user().map(|user| user.name).unwrap_or_default();
        let own = engine.sessions(&caller, Some(name.as_str())).await?;
        let others = match engine.sessions(&caller, None).await {
            Ok(mut all) => {
                all.retain(|session| session.user != name);
                Some(all)
            }
            Err(error) if error.code() == ErrorCode::PermissionDenied => None,
            Err(error) => return Err(error.into()),
        };
        let told = Told {
            own,
            here: session::id(),
            others,
            may_end: caller.may(Resource::User, Action::Edit, &Place::Organization),
        };
        let wanted = query.get("user").map(str::to_owned);
        let changing = query.get("dialog") == Some("password");
        Ok(page(told, wanted, changing))
    })
}

/// The page for what is known; `wanted` is the one other user whose sessions are shown, `changing` asks for a new password.
pub(crate) fn page(told: Told, wanted: Option<String>, changing: bool) -> AnyView {
    let here = Address::new("/access/sessions").with("user", wanted.as_deref().unwrap_or_default());
    let action = view! {
        <ButtonLink id=OPEN_PASSWORD glyph=Glyph::Key href=here.clone().with("dialog", "password").to_string() label=say!(password.title) />
    };
    let dialog = changing.then(|| password::dialog(&here));
    let alone = told.own.len() < 2;
    let others = match told.others {
        Some(sessions) => {
            let may_end = told.may_end;
            view! { <Others sessions wanted here may_end /> }.into_any()
        }
        None => view! {
            <p class="hint">{say!(sessions.others_missing)} " " <code>"user:view"</code></p>
        }
        .into_any(),
    };
    view! {
        <Page section=Section::Access title=say!(sessions.title) about=say!(sessions.about) help=Guide::Access action=action.into_any() dialog>
            <AccessTabs current=AccessTab::Sessions />
            <section class="part" aria-labelledby="own-title">
                <header class="part-head">
                    <h2 id="own-title">{say!(sessions.own)}</h2>
                    {(!alone).then(|| view! {
                        <form method="post" action=EndOtherSessions::url()>
                            <Button label=say!(sessions.end_others) />
                        </form>
                    })}
                </header>
                <SessionsTable caption=say!(sessions.own) sessions=told.own here=told.here may_end=true />
            </section>
            {others}
        </Page>
    }
    .into_any()
}

/// The sessions of everybody else, or of one of them.
#[component]
fn Others(
    sessions: Vec<Session>,
    /// The one user whose sessions are shown.
    wanted: Option<String>,
    /// The address of the list.
    here: Address,
    may_end: bool,
) -> impl IntoView {
    let users: BTreeSet<_> = sessions
        .iter()
        .map(|session| session.user.clone())
        .chain(wanted.clone())
        .collect();
    let users: Vec<_> = users.into_iter().map(|name| (name.clone(), name)).collect();
    let shown: Vec<_> = sessions
        .into_iter()
        .filter(|session| wanted.as_ref().is_none_or(|name| session.user == *name))
        .collect();
    let content = if shown.is_empty() {
        view! { <Empty drawing=Drawing::Sheet title=say!(sessions.others_none) /> }.into_any()
    } else {
        view! { <SessionsTable caption=say!(sessions.others) sessions=shown named=true may_end /> }
            .into_any()
    };
    let filter = (!users.is_empty()).then(|| {
        view! {
            <div class="filters" role="search" aria-label=say!(backups.filters)>
                <Filter address=here key="user" label=say!(sessions.user) options=users />
            </div>
        }
    });
    view! {
        <section class="part" aria-labelledby="others-title">
            <h2 id="others-title">{say!(sessions.others)}</h2>
            {filter}
            {content}
        </section>
    }
}
