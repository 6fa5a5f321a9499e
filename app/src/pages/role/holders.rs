//! Who has a role, and where: members and API keys, as far as somebody may see them.

use hozon_engine::{Engine, access::Caller};
use hozon_model::{Action, Grant, Place, Privilege, Resource, Role};
use leptos::prelude::*;

use crate::{
    actions::member_page,
    error::AppResult,
    pages::access::places::Places,
    text::say,
    widgets::{Column, Missing, Table},
};

/// Who has a role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holders {
    /// Members with where it holds for them, a line for each grant; none for who may not see members.
    pub members: Option<Vec<(String, String)>>,
    /// The same of API keys, those that may be seen.
    pub keys: Vec<(String, String)>,
}

impl Holders {
    pub(super) async fn of(engine: &Engine, caller: &Caller, role: &Role) -> AppResult<Self> {
        let places = Places::seen(engine, caller).await?;
        let lines = |name: &str, grants: &[Grant]| -> Vec<(String, String)> {
            grants
                .iter()
                .filter(|grant| grant.role == *role)
                .map(|grant| (name.to_owned(), places.words(grant.scope.as_ref())))
                .collect()
        };
        let members = if caller.may(Resource::User, Action::View, &Place::Organization) {
            let users = engine.users().await?;
            let lines = users
                .iter()
                .flat_map(|user| lines(&user.name, &user.grants));
            Some(lines.collect())
        } else {
            None
        };
        let keys = engine.keys_for(caller).await?;
        let keys = keys.iter().flat_map(|key| lines(&key.name, &key.grants));
        Ok(Self {
            members,
            keys: keys.collect(),
        })
    }

    /// Whether nobody is known to have it.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.members.as_ref().is_none_or(Vec::is_empty)
    }

    /// The names, each once.
    pub(super) fn names(&self) -> Vec<String> {
        let members = self.members.iter().flatten();
        let mut names: Vec<_> = members
            .chain(&self.keys)
            .map(|(name, _)| name.clone())
            .collect();
        names.dedup();
        names
    }
}

/// Everybody who has the role.
#[component]
pub(super) fn HoldersTable(holders: Holders) -> impl IntoView {
    let empty = holders.is_empty();
    let hidden = holders.members.is_none().then(|| {
        let privilege = Privilege::new(Resource::User, Action::View);
        view! { <p><Missing privilege /></p> }
    });
    let members = holders
        .members
        .unwrap_or_default()
        .into_iter()
        .map(|(name, place)| {
            let href = member_page(&name).to_string();
            row(href, name, say!(roles.member), place)
        });
    let keys = holders
        .keys
        .into_iter()
        .map(|(name, place)| row("/access/keys".to_owned(), name, say!(roles.key), place));
    let rows: Vec<_> = members.chain(keys).collect();
    let content = if empty {
        // Who may not see the members cannot be told that there are none.
        hidden
            .is_none()
            .then(|| view! { <p class="hint">{say!(roles.nobody)}</p> })
            .into_any()
    } else {
        view! {
            <Table
                caption=say!(roles.holders)
                columns=vec![
                    Column::of(say!(roles.name)),
                    Column::of(say!(roles.kind)),
                    Column::of(say!(grants.place)),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section class="part" aria-labelledby="holders-title">
            <h2 id="holders-title">{say!(roles.holders)}</h2>
            {content}
            {hidden}
        </section>
    }
}

fn row(href: String, name: String, kind: &'static str, place: String) -> AnyView {
    view! {
        <tr>
            <th scope="row" class="name"><a href=href>{name}</a></th>
            <td data-label=say!(roles.kind)>{kind}</td>
            <td data-label=say!(grants.place)>{place}</td>
        </tr>
    }
    .into_any()
}
