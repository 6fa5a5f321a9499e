//! Where else a backup is kept, and the dialog that asks for one more copy.

use hozon_model::{BackupCopy, BackupState, BackupSummary, CopyState, Privilege};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::CopyBackup,
    flash::{Flash, Form},
    format::{call::Known, command::Verb, size},
    text::say,
    visit::Address,
    widgets::{
        At, BackupBadge, Button, ButtonLink, Column, Command, Dialog, DialogButtons, Drawing,
        Empty, Field, Glyph, GuardedLink, Look, Problem, Select, Table, When,
    },
};

/// The copies, and the way to one more.
#[component]
pub(super) fn Copies(
    backup: BackupSummary,
    copies: Vec<BackupCopy>,
    address: Address,
    missing: Option<Privilege>,
) -> impl IntoView {
    let href = address
        .with("tab", "copies")
        .with("dialog", "copy")
        .to_string();
    let button = (backup.state == BackupState::Available).then(
        || view! { <GuardedLink id=super::OPEN_COPY why="why-not-copy" glyph=Glyph::Archive href label=say!(copies.submit) missing /> },
    );
    if copies.is_empty() {
        return view! {
            <Empty drawing=Drawing::Storehouse title=say!(copies.empty) about=say!(copies.about)>{button}</Empty>
        }
        .into_any();
    }
    view! {
        <Table
            caption=say!(backup.tab_copies)
            columns=vec![
                Column::of(say!(copies.repository)),
                Column::of(say!(copies.status)),
                Column::of(say!(copies.finished)),
                Column::of(say!(copies.expires)).minor(),
                Column::of(say!(backup.size)).number(),
                Column::of(say!(copies.moved)).number().minor(),
            ]
        >
            {copies.into_iter().map(|copy| view! { <CopyRow copy /> }).collect::<Vec<_>>()}
        </Table>
        {button}
    }
    .into_any()
}

#[component]
fn CopyRow(copy: BackupCopy) -> impl IntoView {
    let state = match copy.state {
        CopyState::Copying => BackupState::Creating,
        CopyState::Available => BackupState::Available,
        CopyState::Failed => BackupState::Failed,
    };
    let name = match copy.job_id {
        Some(job) => view! { <a href=format!("/jobs/{job}")>{copy.repository}</a> }.into_any(),
        None => copy.repository.into_any(),
    };
    let finished = copy.finished_at.map(|at| view! { <When at exact=true /> });
    let expires = match copy.expires_at {
        Some(at) => view! { <At at /> }.into_any(),
        None => "–".into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="name">{name}</th>
            <td data-label=say!(copies.status)><BackupBadge state /></td>
            <td data-label=say!(copies.finished)>{finished}</td>
            <td class="minor" data-label=say!(copies.expires)>{expires}</td>
            <td class="number" data-label=say!(backup.size)>{size(copy.bytes)}</td>
            <td class="number minor" data-label=say!(copies.moved)>{size(copy.new_bytes)}</td>
        </tr>
    }
}

/// The dialog.
pub(super) fn dialog(
    backup: &BackupSummary,
    repositories: &[String],
    address: &Address,
    here: &Address,
) -> AnyView {
    let (id, close) = (backup.id.to_string(), here.at(super::OPEN_COPY));
    let about = say!(copies.dialog_about, name = backup.name.clone()).to_string();
    if repositories.is_empty() {
        return view! {
            <Dialog close=close.clone() title=say!(copies.title) about>
                <div class="dialog-body">
                    <p>{say!(copies.none)}</p>
                    <p>{say!(copies.none_hint)}</p>
                </div>
                <Command verb=Verb::AddRepository fields=Vec::new() />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                </DialogButtons>
            </Dialog>
        }
        .into_any();
    }
    let chosen = address
        .query
        .get("to")
        .or(repositories.first().map(String::as_str))
        .unwrap_or_default()
        .to_owned();
    let names = repositories
        .iter()
        .map(|name| (name.clone(), name.clone()))
        .collect();
    let fields = vec![
        ("id".to_owned(), id.clone()),
        ("to".to_owned(), chosen.clone()),
    ];
    let known = Known::of(&backup.cluster_id);
    view! {
        <Dialog
            close=close.clone()
            title=say!(copies.title)
            about
        >
            <form method="post" action=CopyBackup::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <div class="dialog-body">
                    {Flash::refusal(Form::Copy).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                    <Field id="copy-to" label=say!(copies.repository) hint=say!(copies.repository_hint)>
                        <Select id="copy-to" name="to" options=names value=chosen />
                    </Field>
                </div>
                <Command verb=Verb::Copy fields known=Some(known) />
                <DialogButtons>
                    <ButtonLink href=close label=say!(common.cancel) />
                    <Button look=Look::Primary label=say!(copies.submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
