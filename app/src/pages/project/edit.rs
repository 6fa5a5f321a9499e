//! The dialog that gives a project another name or plan.

use hozon_model::Project;
use leptos::{prelude::*, server_fn::ServerFn};

use super::plans::{Plans, plan_in};
use crate::{
    actions::EditProject,
    flash::{Flash, Form},
    format::command::Verb,
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Field, Input, Look, Problem},
};

/// The dialog, with what was typed before.
pub(super) fn dialog(
    project: &Project,
    raise_only: bool,
    address: &Address,
    here: &Address,
) -> AnyView {
    let (id, close) = (project.id.to_string(), here.at(super::OPEN_EDIT));
    let name = address
        .query
        .get("name")
        .unwrap_or(&project.name)
        .to_owned();
    let plan = plan_in(&address.query).unwrap_or(project.plan);
    let (old_name, old_plan) = (project.name.clone(), project.plan.as_str());
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let fields = vec![
        field("project", &old_name),
        field("old_plan", old_plan),
        field("name", &name),
        field("plan", plan.as_str()),
    ];
    view! {
        <Dialog close=close.clone() title=say!(project.edit_title) about=say!(project.edit_about)>
            <form method="post" action=EditProject::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="project" value=old_name />
                <input type="hidden" name="old_plan" value=old_plan />
                <div class="dialog-body">
                    {Flash::refusal(Form::EditProject).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="project-name" label=say!(projects.name)>
                        <Input id="project-name" name="name" value=name required=true autofocus=true longest=64 />
                    </Field>
                    <Plans chosen=plan raise_only />
                </div>
                <Command verb=Verb::EditProject fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(project.save) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
