//! What a role is for and what it may do, to be changed where that can be.

use hozon_model::{Action, Privilege, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{EditRole, RoleForm},
    flash::{Flash, Form},
    format::command::Verb,
    pages::access::privileges::PrivilegeFields,
    text::say,
    widgets::{Button, Command, Field, Input, Look, Missing, Problem},
};

/// Why a role cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// It is always there.
    BuiltIn,
    /// Whoever looks at it lacks the right.
    NoRight,
}

/// The form; behind a lock it only shows what is.
#[component]
pub(super) fn Edited(form: RoleForm, lock: Option<Lock>) -> impl IntoView {
    let locked = lock.is_some();
    let fields = form.fields();
    let RoleForm {
        name,
        description,
        privileges,
    } = form;
    let described = (lock != Some(Lock::BuiltIn)).then(|| {
        view! {
            <Field id="description" label=say!(roles.description) optional=true>
                <Input id="description" name="description" value=description longest=256 />
            </Field>
        }
    });
    let end = match lock {
        Some(Lock::BuiltIn) => view! { <p class="hint">{say!(roles.built_in)}</p> }.into_any(),
        Some(Lock::NoRight) => {
            let privilege = Privilege::new(Resource::Role, Action::Edit);
            view! { <p><Missing privilege /></p> }.into_any()
        }
        None => view! {
            <Command verb=Verb::EditRole fields />
            <footer class="sheet-buttons">
                <Button look=Look::Primary label=say!(roles.save) />
            </footer>
        }
        .into_any(),
    };
    view! {
        <form method="post" action=EditRole::url() class="sheet">
            {Flash::refusal(Form::EditRole).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <input type="hidden" name="name" value=name />
            <fieldset class="sheet-part" disabled=locked>
                <legend>{say!(roles.may)}</legend>
                {described}
                <PrivilegeFields chosen=privileges />
            </fieldset>
            {end}
        </form>
    }
}
