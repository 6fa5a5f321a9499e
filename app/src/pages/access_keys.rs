//! API keys: which programs may come in, and how far.

pub(crate) mod add;
mod made;
mod remove;

use axum::http::StatusCode;
use hozon_engine::access::{Acts, Caller, place_of_grant};
use hozon_model::{Action, ApiKey, ErrorReport, Place, Privilege, Project, Resource};
use jiff::Timestamp;
use leptos::prelude::*;

use self::made::Made;
use super::access::{AccessTab, AccessTabs, places::Places};
use crate::{
    help::Guide,
    layout::{Page, Section, loaded, status},
    made_key::MadeKey,
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{
        At, ButtonLink, Column, Drawing, Empty, ExpiredBadge, Glyph, Look, Problem, Table, When,
        Withheld,
    },
};

/// Everything that the page tells.
pub(crate) struct Told {
    /// The keys that may be seen; or why none may.
    pub keys: Result<Vec<Line>, ErrorReport>,
    /// The one that was just made.
    pub made: Option<MadeKey>,
    /// Whether whoever looks may make any.
    pub may_make: bool,
    /// Where this server is.
    pub address: String,
}

/// A key as the list has it.
pub(crate) struct Line {
    pub key: ApiKey,
    /// What it may do and where, in words.
    pub grants: Vec<(String, String)>,
    pub expired: bool,
    pub may_remove: bool,
}

/// Every key that may be seen, by name.
#[component]
pub(crate) fn KeysPage() -> impl IntoView {
    loaded(Section::Access, async {
        let (engine, caller) = (session::engine(), session::actor().await?);
        let projects = engine.projects().await?;
        let visit = Visit::current();
        let may_make = check_anywhere(&caller, Action::Create, &projects).is_ok();
        let keys = match check_anywhere(&caller, Action::View, &projects) {
            Ok(()) => {
                let keys = engine.keys_for(&caller).await?;
                let clusters = engine.clusters().await?;
                let places = Places { projects, clusters };
                Ok(lines(keys, &places, &caller, visit.now))
            }
            Err(error) => {
                status(StatusCode::FORBIDDEN);
                Err(error.into_report())
            }
        };
        let here = Address::new("/access/keys");
        let dialog = keys
            .as_ref()
            .ok()
            .and_then(|lines| remove::dialog(lines, &visit.address.query, &here));
        let told = Told {
            keys,
            made: MadeKey::take(),
            may_make,
            address: session::reached_at(),
        };
        Ok(page(told, dialog))
    })
}

/// Refuses what somebody may do with the keys of no place at all.
fn check_anywhere(
    caller: &Caller,
    action: Action,
    projects: &[Project],
) -> hozon_engine::Result<()> {
    let privilege = Privilege::new(Resource::Key, action);
    let within = |project: &Project| {
        let place = Place::Project(project.id.clone());
        caller.check(privilege, &place).is_ok()
    };
    if projects.iter().any(within) {
        return Ok(());
    }
    caller.check(privilege, &Place::Organization)
}

fn lines(keys: Vec<ApiKey>, places: &Places, caller: &Caller, now: Timestamp) -> Vec<Line> {
    let line = |key: ApiKey| Line {
        grants: places.grants(&key.grants),
        expired: key.expires_at.is_some_and(|end| end <= now),
        may_remove: key
            .grants
            .iter()
            .all(|grant| caller.may(Resource::Key, Action::Delete, &place_of_grant(grant))),
        key,
    };
    keys.into_iter().map(line).collect()
}

/// The page for what is known.
pub(crate) fn page(told: Told, dialog: Option<AnyView>) -> AnyView {
    let may_make = told.may_make;
    let make = || view! { <ButtonLink look=Look::Primary glyph=Glyph::Plus href="/access/keys/new" label=say!(key_add.title) /> };
    let action = if may_make {
        make().into_any()
    } else {
        let missing = Privilege::new(Resource::Key, Action::Create);
        view! { <Withheld label=say!(key_add.title) missing /> }.into_any()
    };
    let content = match told.keys {
        Err(report) => {
            view! { <Problem report title=say!(problem.no_right) /> }.into_any()
        }
        Ok(lines) if lines.is_empty() => view! {
            <Empty drawing=Drawing::Storehouse title=say!(api_keys.empty_title) about=say!(api_keys.empty_about)>
                {may_make.then(make)}
            </Empty>
        }
        .into_any(),
        Ok(lines) => view! { <KeysTable lines /> }.into_any(),
    };
    let made = told.made.map(|made| {
        let address = told.address;
        view! { <Made made address /> }
    });
    view! {
        <Page section=Section::Access title=say!(api_keys.title) about=say!(api_keys.about) help=Guide::Access action dialog>
            <AccessTabs current=AccessTab::Keys />
            {made}
            {content}
        </Page>
    }
    .into_any()
}

#[component]
fn KeysTable(lines: Vec<Line>) -> impl IntoView {
    view! {
        <Table
            caption=say!(api_keys.list)
            columns=vec![
                Column::of(say!(api_keys.name)),
                Column::of(say!(api_keys.role)),
                Column::of(say!(api_keys.made)).minor(),
                Column::of(say!(api_keys.expires)),
                Column::of(say!(api_keys.used)),
                Column::actions(),
            ]
        >
            {lines.into_iter().map(|line| view! { <Row line /> }).collect::<Vec<_>>()}
        </Table>
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let Line {
        key,
        grants,
        expired,
        may_remove,
    } = line;
    let ends = match key.expires_at {
        None => say!(api_keys.never).into_any(),
        Some(at) => view! {
            {expired.then(|| view! { <ExpiredBadge /> " " })}
            <At at />
        }
        .into_any(),
    };
    let used = match key.last_used_at {
        None => say!(api_keys.unused).into_any(),
        Some(at) => view! { <When at /> }.into_any(),
    };
    let remove = if may_remove {
        let href = Address::new("/access/keys")
            .with("dialog", "remove")
            .with("id", key.id.as_str())
            .to_string();
        let name = key.name.clone();
        view! {
            <a class="button quiet" id=remove::opener(&key.id) href=href>
                {say!(api_keys.remove)}
                <span class="only-heard">" " {name}</span>
            </a>
        }
        .into_any()
    } else {
        let missing = Privilege::new(Resource::Key, Action::Delete);
        view! { <Withheld label=say!(api_keys.remove) missing /> }.into_any()
    };
    view! {
        <tr>
            <th scope="row" class="name">{key.name}</th>
            <td data-label=say!(api_keys.role)>
                {grants
                    .into_iter()
                    .map(|(role, place)| view! { <div>{role} " " <span class="hint">{place}</span></div> })
                    .collect::<Vec<_>>()}
            </td>
            <td class="minor" data-label=say!(api_keys.made)>
                <When at=key.created_at />
                <div class="hint">{key.created_by}</div>
            </td>
            <td data-label=say!(api_keys.expires)>{ends}</td>
            <td data-label=say!(api_keys.used)>{used}</td>
            <td class="row-action">{remove}</td>
        </tr>
    }
}
