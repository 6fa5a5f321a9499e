//! Sessions: where somebody is signed in, and how: their password, and whether a code follows it.

pub(crate) mod password;
mod table;
pub(crate) mod two_steps;

use std::collections::BTreeSet;

use hozon_model::{Action, ErrorCode, Place, Resource, Session};
use leptos::{prelude::*, server_fn::ServerFn};

use self::{
    table::SessionsTable,
    two_steps::{TwoSteps, TwoStepsPart},
};
use super::access::{AccessTab, AccessTabs};
use crate::{
    actions::EndOtherSessions,
    help::Guide,
    layout::{Page, Section, loaded},
    recovery_codes, session,
    text::say,
    visit::{Address, Visit},
    widgets::{Button, ButtonLink, Drawing, Empty, Filter, Glyph},
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_PASSWORD: &str = "open-password";

/// Everything that the page tells. Nothing prints it: it may hold secrets.
#[derive(Clone)]
pub(crate) struct Told {
    /// One's own sessions, newest first.
    pub own: Vec<Session>,
    /// Which of them this is.
    pub here: Option<String>,
    /// Those of everybody else; none where they may not be seen.
    pub others: Option<Vec<Session>>,
    /// Whether those may be ended, too.
    pub may_end: bool,
    /// The second step of one's own signing in.
    pub two_steps: TwoSteps,
}

/// One's own sessions, and those of others to whoever may look at them.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    loaded(Section::Access, async {
        let (engine, caller) = (session::engine(), session::actor().await?);
        let query = Visit::current().address.query;
        let user = session::user();
        let name = user
            .as_ref()
            .map(|user| user.name.clone())
            .unwrap_or_default();
        let two_steps = TwoSteps {
            has_password: user.as_ref().is_some_and(|user| user.has_password),
            on: user.as_ref().is_some_and(|user| user.has_totp),
            left: engine.own_recovery_codes(&caller).await?,
            setup: engine.awaited_totp(&caller).await?,
            made: recovery_codes::take(),
        };
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
            two_steps,
        };
        let wanted = query.get("user").map(str::to_owned);
        Ok(page(told, wanted, query.get("dialog")))
    })
}

/// The page for what is known; `wanted` is the one other user whose sessions are shown, `open` names the dialog.
pub(crate) fn page(told: Told, wanted: Option<String>, open: Option<&str>) -> AnyView {
    let here = Address::new("/access/sessions").with("user", wanted.as_deref().unwrap_or_default());
    let action = view! {
        <ButtonLink id=OPEN_PASSWORD glyph=Glyph::Key href=here.clone().with("dialog", "password").to_string() label=say!(password.title) />
    };
    let steps = told.two_steps;
    let dialog = match (open, &steps.setup) {
        (Some("password"), _) => Some(password::dialog(&here)),
        (Some("two-steps"), Some(setup)) => Some(two_steps::setup_dialog(setup, &here)),
        (Some("two-steps-off"), _) if steps.on => Some(two_steps::off_dialog(&here)),
        _ => None,
    };
    let own_here = here.clone();
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
            <TwoStepsPart told=steps here=own_here />
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
