//! The policy of one cluster: whether it is at work, what is asked of it, and what it does and will do.
//!
//! Off is a state like the others: the page then shows what would happen, and switching on is sending the form.

mod form;
mod outlook;
mod switches;

use hozon_engine::{Engine, access::place_of_cluster};
use hozon_model::{
    Action, Cluster, ErrorCode, ErrorReport, Policy, PolicyOptions, PolicyPreview, PolicyRun,
    Resource,
};
use jiff::tz::TimeZone;
use leptos::prelude::*;

pub(crate) use self::outlook::RunTime;
use self::{
    form::Asked,
    outlook::{NextRuns, Outlook, Runs},
    switches::Switches,
};
use crate::{
    AppError,
    actions::PolicyForm,
    error::AppResult,
    help::Guide,
    layout::{Page, Section, loaded},
    rights::Rights,
    session,
    text::say,
    visit::Visit,
    widgets::{Drawing, Empty, PolicyBadge, Problem},
};

/// How many runs the page looks back.
const RUNS_SHOWN: u64 = 10;

/// Everything that the page tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub cluster: Cluster,
    /// None: it is switched off.
    pub policy: Option<Policy>,
    /// What the fields show.
    pub form: PolicyForm,
    /// Whether that is what somebody tries, and not what is set.
    pub trying: bool,
    /// What would come of the fields as they are, or why nothing can.
    pub preview: Result<(PolicyOptions, PolicyPreview), ErrorReport>,
    /// What the policy did.
    pub runs: Vec<PolicyRun>,
    /// How long backups may be kept at most, in days.
    pub longest: u32,
    /// What whoever looks may do with it.
    pub rights: Rights,
}

/// One cluster's policy.
#[component]
pub(crate) fn PolicyPage() -> impl IntoView {
    let cluster = super::part("cluster");
    loaded(Section::Policies, async move {
        let visit = Visit::current();
        let told = told(&session::engine(), &cluster, &visit).await?;
        let leaving = visit.address.query.get("dialog") == Some("off");
        Ok(page(told, leaving))
    })
}

async fn told(engine: &Engine, cluster: &str, visit: &Visit) -> AppResult<Told> {
    let seen = session::seen().await?;
    let cluster = seen.cluster_with(Resource::Policy, cluster).await?;
    let rights = Rights::of(&session::actor().await?, &place_of_cluster(&cluster));
    let id = cluster.id.as_str();
    let policy = match engine.policy(id).await {
        Ok(policy) => Some(policy),
        Err(error) if error.code() == ErrorCode::PolicyNotFound => None,
        Err(error) => return Err(error.into()),
    };
    let tried = PolicyForm::in_query(&visit.address.query, &cluster.name);
    let trying = tried.is_some();
    let form = match (tried, &policy) {
        (Some(form), _) => form,
        (None, Some(policy)) => PolicyForm::of(&cluster.name, &policy.options),
        (None, None) => PolicyForm::new(&cluster.name, visit.zone.iana_name().unwrap_or("UTC")),
    };
    let repositories = engine.repositories().await?;
    let form = form.offering(repositories.into_iter().map(|one| one.name));
    let preview = async {
        let options = form.options()?;
        let preview = engine
            .preview_policy(id, Some(&options))
            .await
            .map_err(AppError::from)?;
        Ok((options, preview))
    };
    Ok(Told {
        preview: preview.await.map_err(|error: AppError| error.report),
        runs: engine.policy_runs(id, RUNS_SHOWN).await?,
        longest: engine.longest_retention(),
        rights,
        cluster,
        policy,
        form,
        trying,
    })
}

/// The page for what is known; `leaving` asks whether the policy shall be switched off.
pub(crate) fn page(told: Told, leaving: bool) -> AnyView {
    let state = told.policy.as_ref().map(|policy| policy.state);
    let badge = view! { <PolicyBadge state /> };
    let here = format!("/policies/{}", told.cluster.id);
    let switches = state.map(|state| {
        view! { <Switches cluster=told.cluster.name.clone() here=here.clone() state rights=told.rights.clone() /> }
    });
    let may_leave = told.rights.may(Resource::Policy, Action::Delete);
    let dialog =
        (leaving && may_leave && state.is_some()).then(|| switches::off(&told.cluster, &here));
    let about = if state.is_some() {
        say!(policy.about)
    } else {
        say!(policy.about_off)
    };
    let future = match told.preview.clone() {
        Ok((options, preview)) => {
            let zone = TimeZone::get(&options.time_zone).unwrap_or(TimeZone::UTC);
            view! {
                <Outlook backups=preview.backups trying=told.trying on=state.is_some() />
                <NextRuns runs=preview.next_runs zone trying=told.trying state />
            }
            .into_any()
        }
        Err(report) => view! { <Problem report title=say!(policy.no_preview) /> }.into_any(),
    };
    let runs = match (told.runs.is_empty(), state) {
        (true, None) => None,
        (true, Some(_)) => {
            Some(view! { <Empty drawing=Drawing::Sheet title=say!(policy.no_runs) /> }.into_any())
        }
        (false, _) => Some(view! { <Runs runs=told.runs.clone() /> }.into_any()),
    };
    view! {
        <Page
            section=Section::Policies
            title=told.cluster.name.clone() help=Guide::Schedule
            about
            crumbs=vec![("/policies".to_owned(), say!(policies.title).to_owned())]
            badge=badge.into_any()
            action=switches.into_any()
            dialog
        >
            <div class="policy">
                <Asked told=told.clone() here />
                {future}
            </div>
            {runs}
        </Page>
    }
    .into_any()
}
