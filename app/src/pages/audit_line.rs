//! One line of the audit: everything that it tells, what it changed, and what binds it to the line before.

mod difference;

use hozon_model::{AuditLine, BoundAuditLine};
use leptos::prelude::*;

use self::difference::Differences;
use super::not_found::NotFound;
use crate::{
    format::count,
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::{self, say},
    visit::Address,
    widgets::{CopyableId, Fact, Facts, OutcomeBadge, When},
};

/// One line, by its number.
#[component]
pub(crate) fn AuditLinePage() -> impl IntoView {
    let number: Option<u64> = super::part("number").parse().ok();
    loaded(Section::Audit, async move {
        let (engine, actor) = (session::engine(), session::actor().await?);
        let found = engine.audit_line(&actor, number.unwrap_or(0)).await?;
        Ok(match found {
            Some(found) => page(found),
            None => view! { <NotFound /> }.into_any(),
        })
    })
}

/// The page for a line.
pub(crate) fn page(found: BoundAuditLine) -> AnyView {
    let BoundAuditLine { line, hash_before } = found;
    let words = text::audit_action(text::locale(), &line.action);
    let title = words.map_or_else(|| line.action.clone(), str::to_owned);
    let badge = view! { <OutcomeBadge outcome=line.outcome.clone() /> };
    let (before, after) = (line.before.clone(), line.after.clone());
    let (is_first, hash) = (line.id == 1, line.hash.clone());
    view! {
        <Page
            section=Section::Audit
            title help=Guide::Audit
            crumbs=vec![("/audit".to_owned(), say!(audit.title).to_owned())]
            badge=badge.into_any()
        >
            {refusal(&line.outcome)}
            <LineFacts line />
            <Differences before after />
            <Bond is_first hash hash_before />
        </Page>
    }
    .into_any()
}

/// The error that was met: what failed, what to do, and its code.
fn refusal(outcome: &str) -> Option<impl IntoView + use<>> {
    let locale = text::locale();
    let words = text::audit_error(outcome).map(|code| {
        view! {
            <p>{text::sentence(locale, code)}</p>
            <p class="hint">{text::advice(locale, code)}</p>
        }
    });
    let code = outcome.to_owned();
    (outcome != "ok").then(|| {
        view! {
            <section class="card" aria-labelledby="error-title">
                <h2 id="error-title">{say!(audit.error)}</h2>
                {words}
                <p><code>{code}</code></p>
            </section>
        }
    })
}

/// Who, when, from where, what and on what; each leads to the lines that it has in common with others.
#[component]
fn LineFacts(line: AuditLine) -> impl IntoView {
    let alike = |name: &str, value: &str| Address::new("/audit").with(name, value).to_string();
    let (by, with, on) = (
        alike("who", &line.actor),
        alike("action", &line.action),
        alike("on", &line.target),
    );
    view! {
        <Facts>
            <Fact name=say!(audit.when)><When at=line.at exact=true /></Fact>
            <Fact name=say!(audit.who)><a href=by>{line.actor}</a></Fact>
            <Fact name=say!(audit.origin)><code>{line.origin}</code></Fact>
            <Fact name=say!(audit.action)><a href=with><code>{line.action}</code></a></Fact>
            <Fact name=say!(audit.target)><a href=on><code>{line.target}</code></a></Fact>
            <Fact name=say!(audit.number)>{count(line.id)}</Fact>
        </Facts>
    }
}

/// The hashes that show whether this line, or the one before it, was changed.
#[component]
fn Bond(is_first: bool, hash: String, hash_before: Option<String>) -> impl IntoView {
    let before = match hash_before {
        Some(hash) => view! { <CopyableId id=hash /> }.into_any(),
        None if is_first => view! { <span>{say!(audit.first_line)}</span> }.into_any(),
        None => view! { <span>{say!(audit.before_missing)}</span> }.into_any(),
    };
    view! {
        <section class="hashes" aria-labelledby="bond-title">
            <h2 id="bond-title">{say!(audit.chain)}</h2>
            <Facts>
                <Fact name=say!(audit.hash)><CopyableId id=hash /></Fact>
                <Fact name=say!(audit.hash_before)>{before}</Fact>
            </Facts>
        </section>
    }
}
