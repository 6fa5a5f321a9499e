//! The dialog that asks whether a project shall go, and names what stands in the way.

use hozon_model::ProjectId;
use leptos::{prelude::*, server_fn::ServerFn};

use super::Told;
use crate::{
    actions::RemoveProject,
    flash::{Flash, Form},
    format::{call::Known, command::Verb, count},
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(super) fn dialog(told: &Told, here: &Address) -> AnyView {
    let project = &told.project;
    let (id, close) = (project.id.to_string(), here.at(super::OPEN_REMOVE));
    let name = project.name.clone();
    let fields = vec![("project".to_owned(), name.clone())];
    let belongings = belongings(told);
    let more = told
        .backups
        .total
        .saturating_sub(told.backups.items.len() as u64);
    let stays = project.id == ProjectId::default();
    let possible = belongings.is_empty() && !stays;
    let in_the_way = (!belongings.is_empty()).then(|| {
        let more = (more > 0).then(|| {
            let more = say!(project.more_backups, count = more, n = count(more)).to_string();
            view! { <li>{more}</li> }
        });
        let listed: Vec<_> = belongings
            .into_iter()
            .map(|(kind, href, name)| view! { <li>{kind} " " <a href=href>{name}</a></li> })
            .collect();
        view! {
            <p>{say!(project.in_the_way)}</p>
            <ul class="belongings">{listed}{more}</ul>
        }
    });
    view! {
        <Dialog
            close=close.clone()
            title=say!(project.remove_question, name = name.clone()).to_string()
            about=say!(project.remove_about)
        >
            <form method="post" action=RemoveProject::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="project" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveProject).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    {stays.then(|| view! { <p>{say!(project.stays)}</p> })}
                    {in_the_way}
                </div>
                <Command verb=Verb::RemoveProject fields known=Some(Known::default()) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(project.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(project.remove_submit) disabled=!possible />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}

/// What has to go first: what it is, its page and its name.
fn belongings(told: &Told) -> Vec<(&'static str, String, String)> {
    let clusters = told.clusters.iter().map(|cluster| {
        let page = format!("/clusters/{}", cluster.id);
        (say!(project.cluster), page, cluster.name.clone())
    });
    let integrations = told.integrations.iter().map(|integration| {
        let page = format!("/integrations/{}", integration.id);
        (say!(project.integration), page, integration.name.clone())
    });
    let backups = told.backups.items.iter().map(|backup| {
        let page = format!("/backups/{}", backup.id);
        (say!(project.backup), page, backup.name.clone())
    });
    clusters.chain(integrations).chain(backups).collect()
}
