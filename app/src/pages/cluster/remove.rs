//! The dialog that asks whether a cluster shall go.

use hozon_model::Cluster;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::RemoveCluster,
    flash::{Flash, Form},
    format::command::Verb,
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, Dialog, DialogButtons, Look, Problem},
};

/// The dialog. Its safe button has the focus.
pub(super) fn dialog(cluster: &Cluster, here: &Address) -> AnyView {
    let (id, close) = (cluster.id.to_string(), here.at(super::OPEN_REMOVE));
    let name = cluster.name.clone();
    let fields = vec![("cluster".to_owned(), name.clone())];
    view! {
        <Dialog
            close=close.clone()
            title=say!(cluster_edit.remove_question, name = name.clone()).to_string()
            about=say!(cluster_edit.remove_about)
        >
            <form method="post" action=RemoveCluster::url() class="dialog-form">
                <input type="hidden" name="id" value=id />
                <input type="hidden" name="cluster" value=name />
                <div class="dialog-body">
                    {Flash::refusal(Form::RemoveCluster).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
                </div>
                <Command verb=Verb::RemoveCluster fields />
                <DialogButtons>
                    <ButtonLink href=close label=say!(cluster_edit.remove_keep) autofocus=true />
                    <Button look=Look::Danger label=say!(cluster_edit.remove_submit) />
                </DialogButtons>
            </form>
        </Dialog>
    }
    .into_any()
}
