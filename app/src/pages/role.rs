//! One role: what it may do, and who has it. One that is always there can only be looked at.

mod form;
mod holders;
pub(crate) mod remove;

use hozon_engine::{Engine, access::Caller};
use hozon_model::{Action, Place, Privilege, Resource, Role};
use leptos::prelude::*;

use self::{form::Edited, holders::HoldersTable};
pub(crate) use self::{form::Lock, holders::Holders};
use super::{
    access::{AccessTab, AccessTabs, opened},
    roles::looking,
};
use crate::{
    actions::{RoleForm, role_page},
    error::AppResult,
    help::Guide,
    layout::{Page, Section},
    session,
    text::{self, say},
    visit::{Address, Query, Visit},
    widgets::{ButtonLink, Glyph, Look, Withheld},
};

/// The link that opens the dialog, and has the focus again when it is left.
const OPEN_REMOVE: &str = "open-remove";

/// Everything that the page tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub role: Role,
    /// What the fields show.
    pub form: RoleForm,
    /// Why nothing can be changed; none: it can be.
    pub lock: Option<Lock>,
    pub holders: Holders,
    pub may_delete: bool,
}

impl Told {
    fn here(&self) -> Address {
        role_page(self.role.as_str())
    }
}

/// One role.
#[component]
pub(crate) fn RolePage() -> impl IntoView {
    opened(AccessTab::Roles, shown(super::part("name")))
}

/// The page of the role of that name, with the dialog that the address asks for.
pub(super) async fn shown(name: String) -> AppResult<AnyView> {
    let (engine, caller) = (session::engine(), looking().await?);
    let address = Visit::current().address;
    let told = told(&engine, &caller, name, &address.query).await?;
    let removable = matches!(told.role, Role::Custom(_)) && told.may_delete;
    let dialog = match address.query.get("dialog") {
        Some("remove") if removable => Some(remove::dialog(&told)),
        _ => None,
    };
    Ok(page(told, dialog))
}

async fn told(engine: &Engine, caller: &Caller, name: String, query: &Query) -> AppResult<Told> {
    let may = |action| caller.may(Resource::Role, action, &Place::Organization);
    let (may_edit, may_delete) = (may(Action::Edit), may(Action::Delete));
    let role = Role::from(name);
    let (form, lock) = if let Some(privileges) = role.privileges() {
        let form = RoleForm {
            name: role.to_string(),
            description: String::new(),
            privileges: privileges.iter().map(ToString::to_string).collect(),
        };
        (form, Some(Lock::BuiltIn))
    } else {
        let custom = engine.role(role.as_str()).await?;
        let lock = (!may_edit).then_some(Lock::NoRight);
        (RoleForm::editing(&custom, query), lock)
    };
    Ok(Told {
        holders: Holders::of(engine, caller, &role).await?,
        role,
        form,
        lock,
        may_delete,
    })
}

/// The page for what is known of a role.
pub(crate) fn page(told: Told, dialog: Option<AnyView>) -> AnyView {
    let remove = match (&told.role, told.may_delete) {
        (Role::Custom(_), true) => {
            let href = told.here().with("dialog", "remove").to_string();
            Some(view! { <ButtonLink id=OPEN_REMOVE look=Look::Quiet glyph=Glyph::Trash href label=say!(roles.remove) /> }.into_any())
        }
        (Role::Custom(_), false) => {
            let privilege = Privilege::new(Resource::Role, Action::Delete);
            Some(
                view! { <Withheld glyph=Glyph::Trash label=say!(roles.remove) missing=privilege /> }
                    .into_any(),
            )
        }
        _ => None,
    };
    let (name, about) = (text::role(&told.role), text::role_about(&told.role));
    view! {
        <Page
            section=Section::Access
            title=name
            about help=Guide::Access
            crumbs=vec![("/access/roles".to_owned(), say!(access.roles).to_owned())]
            action=remove.into_any()
            dialog
        >
            <AccessTabs current=AccessTab::Roles />
            <Edited form=told.form lock=told.lock />
            <HoldersTable holders=told.holders />
        </Page>
    }
    .into_any()
}
