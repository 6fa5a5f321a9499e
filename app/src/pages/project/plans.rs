//! The choice of a plan.

use hozon_model::ProjectPlan;
use leptos::prelude::*;

use crate::{
    text::{self, say},
    visit::Query,
    widgets::{Choice, Choices},
};

/// The plan that an address names.
pub(crate) fn plan_in(query: &Query) -> Option<ProjectPlan> {
    query.get("plan")?.parse().ok()
}

/// One of the plans.
#[component]
pub(crate) fn Plans(
    chosen: ProjectPlan,
    /// Whether there is no way to a smaller one.
    raise_only: bool,
) -> impl IntoView {
    let hint = if raise_only {
        say!(project.raise_only)
    } else {
        say!(project.plan_about)
    };
    let plans: Vec<_> = ProjectPlan::ALL
        .into_iter()
        .map(|plan| {
            view! { <Choice name="plan" value=plan.as_str() label=text::plan(plan) checked=plan == chosen /> }
        })
        .collect();
    view! { <Choices legend=say!(projects.plan) hint>{plans}</Choices> }
}
