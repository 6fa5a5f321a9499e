//! The second step: every collection that would be made, and what stands in its way.

use hozon_model::{PlannedRestore, RestoreAction, RestorePlan};
use leptos::prelude::*;

use super::Posted;
use crate::{
    actions::RestoreForm,
    error::AppResult,
    format::{call::Known, command::Verb, count, size},
    session,
    text::say,
    visit::Address,
    widgets::{Button, ButtonLink, Command, DialogButtons, Glyph, Icon, Look, Problem},
};

/// What the form would make.
pub(super) async fn plan(form: &RestoreForm) -> AppResult<RestorePlan> {
    let engine = session::engine();
    let options = form.options(&engine).await?;
    if let Some(cluster) = &options.cluster_id {
        session::seen().await?.cluster(cluster.as_str()).await?;
    }
    Ok(engine.plan_restore(&options).await?)
}

/// The plan, and a form that carries it out.
pub(super) fn step(
    form: RestoreForm,
    plan: AppResult<RestorePlan>,
    known: Known,
    here: &Address,
) -> AnyView {
    let back = form.address("options").to_string();
    let fields = form.fields();
    let close = here.at(super::super::OPEN_RESTORE);
    let (content, possible) = match plan {
        Ok(plan) => {
            let possible = plan
                .collections
                .iter()
                .all(|one| one.action != RestoreAction::Refuse);
            (view! { <Plan plan /> }.into_any(), possible)
        }
        Err(error) => (
            view! { <Problem report=error.report title=say!(problem.refused) /> }.into_any(),
            false,
        ),
    };
    view! {
        <div class="dialog-body">{content}</div>
        <Posted form>
            <Command verb=Verb::Restore fields known=Some(known) />
            <DialogButtons>
                <ButtonLink href=close label=say!(common.cancel) />
                <ButtonLink href=back label=say!(common.back) />
                <Button look=Look::Primary label=say!(restore.submit) disabled=!possible autofocus=possible />
            </DialogButtons>
        </Posted>
    }
    .into_any()
}

#[component]
fn Plan(plan: RestorePlan) -> impl IntoView {
    let refused = plan
        .collections
        .iter()
        .filter(|collection| collection.action == RestoreAction::Refuse)
        .count() as u64;
    let databases = (!plan.new_databases.is_empty())
        .then(|| say!(restore.databases, names = plan.new_databases.join(", ")).to_string());
    view! {
        <h3>{say!(restore.plan, cluster = plan.cluster_name.clone()).to_string()}</h3>
        {databases.map(|databases| view! { <p>{databases}</p> })}
        {(refused > 0)
            .then(|| {
                view! { <p class="refused" role="alert"><Icon glyph=Glyph::Alert />{say!(restore.refused, count = refused, n = count(refused)).to_string()}</p> }
            })}
        <div class="table-frame">
            <table class="table">
                <caption class="only-heard">{say!(restore.step_review)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(restore.source)}</th>
                        <th scope="col">{say!(restore.target)}</th>
                        <th scope="col" class="number">{say!(backup.rows)}</th>
                        <th scope="col" class="number">{say!(backup.size)}</th>
                        <th scope="col">{say!(restore.result)}</th>
                    </tr>
                </thead>
                <tbody>{plan.collections.into_iter().map(|collection| view! { <PlanRow collection /> }).collect::<Vec<_>>()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn PlanRow(collection: PlannedRestore) -> impl IntoView {
    let (class, glyph, label) = match collection.action {
        RestoreAction::Make => ("badge good", Glyph::Plus, say!(restore.made)),
        RestoreAction::Replace => ("badge late", Glyph::Alert, say!(restore.replaced)),
        RestoreAction::Skip => ("badge still", Glyph::Minus, say!(restore.skipped)),
        RestoreAction::Refuse => ("badge bad", Glyph::Cross, say!(restore.exists)),
    };
    let result = view! { <span class=class><Icon glyph=glyph />{label}</span> };
    let rows = collection.rows.map_or_else(|| "–".to_owned(), count);
    view! {
        <tr>
            <td>{collection.source.to_string()}</td>
            <td>{collection.target.to_string()}</td>
            <td class="number">{rows}</td>
            <td class="number">{size(collection.bytes)}</td>
            <td>{result}</td>
        </tr>
    }
}
