//! The audit: who did what, newest first, and whether the chain of its lines is whole.

pub(crate) mod chain;
mod filters;
mod table;

use hozon_model::{AuditLine, AuditQuery, Page as ListPage};
use leptos::prelude::*;

use self::{
    chain::{Chain, ChainCard},
    filters::Filters,
    table::LinesTable,
};
use crate::{
    help::Guide,
    layout::{Page, Section, loaded},
    session,
    text::say,
    visit::{Address, Visit},
    widgets::{ButtonLink, Drawing, Empty, Glyph, Pager},
};

/// The audit, filtered as the address says.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    loaded(Section::Audit, async {
        let visit = Visit::current();
        let (engine, actor) = (session::engine(), session::actor().await?);
        let query = filters::query(&visit.address, &visit.zone)?;
        let lines = engine.audit_lines(&actor, &query).await?;
        let asked = visit.address.query.get("check").is_some();
        let chain = chain::look(&engine, &actor, asked).await?;
        Ok(page(lines, chain, &query, filters::address(&visit.address)))
    })
}

/// The page for what a query found, under the list's own address.
pub(crate) fn page(
    lines: ListPage<AuditLine>,
    chain: Chain,
    query: &AuditQuery,
    address: Address,
) -> AnyView {
    let filtered = filters::any(&address);
    let content = match (lines.items.is_empty(), filtered) {
        (true, false) => {
            view! { <Empty drawing=Drawing::Sheet title=say!(audit.empty_title) about=say!(audit.empty_about) /> }
                .into_any()
        }
        (true, true) => {
            view! { <Empty drawing=Drawing::Lantern title=say!(audit.empty_filtered) /> }.into_any()
        }
        (false, _) => view! {
            <LinesTable lines=lines.items />
            <Pager address=address.clone() page=lines.page page_size=lines.page_size total=lines.total />
        }
        .into_any(),
    };
    let action = view! {
        <ButtonLink glyph=Glyph::Export href=filters::file(query, "csv") label=say!(audit.export_csv) />
        <ButtonLink glyph=Glyph::Export href=filters::file(query, "jsonl") label=say!(audit.export_jsonl) />
    };
    view! {
        <Page section=Section::Audit title=say!(audit.title) about=say!(audit.about) help=Guide::Audit action=action.into_any()>
            <ChainCard chain address=address.clone() />
            <Filters address />
            {content}
        </Page>
    }
    .into_any()
}
