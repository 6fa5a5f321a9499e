//! Whether every line of the audit is there and none was changed.

use hozon_engine::{Engine, access::Caller};
use hozon_model::{AuditProof, AuditQuery, ErrorCode, ErrorReport};
use leptos::prelude::*;

use crate::{
    error::AppResult,
    format::count,
    text::say,
    visit::Address,
    widgets::{Button, ChainBadge, CopyableId, Problem},
};

/// So many lines are looked through on every visit; more of them only when somebody asks for it.
const LOOKED_THROUGH: u64 = 5_000;

/// What is known of the chain.
#[derive(Clone, Debug)]
pub(crate) enum Chain {
    /// Nothing: there are many lines, and nobody asked.
    Unchecked,
    /// It is whole.
    Whole(AuditProof),
    /// It is not, and why; with the number of the first bad line, where that line is there to be shown.
    Broken(ErrorReport, Option<u64>),
}

/// Looks through the chain, if that is asked for or soon done.
pub(super) async fn look(engine: &Engine, by: &Caller, asked: bool) -> AppResult<Chain> {
    if !asked {
        let newest = AuditQuery {
            page_size: 1,
            ..AuditQuery::default()
        };
        if engine.audit_lines(by, &newest).await?.total > LOOKED_THROUGH {
            return Ok(Chain::Unchecked);
        }
    }
    match engine.verify_audit(by, None).await {
        Ok(proof) => Ok(Chain::Whole(proof)),
        Err(error) if error.code() == ErrorCode::AuditBroken => {
            let report = error.into_report();
            let line = match bad_line(&report) {
                Some(number) => engine.audit_line(by, number).await?,
                None => None,
            };
            Ok(Chain::Broken(report, line.map(|found| found.line.id)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The line that a report names.
fn bad_line(report: &ErrorReport) -> Option<u64> {
    report.subject.strip_prefix("line ")?.parse().ok()
}

/// What is known of the chain, and the button that looks again.
#[component]
pub(super) fn ChainCard(
    chain: Chain,
    /// The list's address, which stays as it is.
    address: Address,
) -> impl IntoView {
    let whole = match &chain {
        Chain::Unchecked => None,
        Chain::Whole(_) => Some(true),
        Chain::Broken(..) => Some(false),
    };
    let found = match chain {
        Chain::Unchecked => view! { <p>{say!(audit.many_lines)}</p> }.into_any(),
        Chain::Whole(proof) => view! { <Whole proof /> }.into_any(),
        Chain::Broken(report, line) => view! { <Broken report line /> }.into_any(),
    };
    view! {
        <section class="card chain" aria-labelledby="chain-title">
            <header>
                <h2 id="chain-title">{say!(audit.chain)}</h2>
                <ChainBadge whole />
                <form action="/audit">
                    {address
                        .query
                        .0
                        .into_iter()
                        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                        .collect::<Vec<_>>()}
                    <input type="hidden" name="check" value="now" />
                    <Button label=say!(audit.check) />
                </form>
            </header>
            {found}
            <p class="hint">{say!(audit.chain_about)}</p>
        </section>
    }
}

#[component]
fn Whole(proof: AuditProof) -> impl IntoView {
    let AuditProof { lines, head } = proof;
    let head = (!head.is_empty()).then(|| {
        view! {
            <p>{say!(audit.head)} " " <CopyableId id=head /></p>
            <p class="hint">{say!(audit.head_about)}</p>
        }
    });
    view! {
        <p>{say!(audit.lines_whole, count = lines, n = count(lines)).to_string()}</p>
        {head}
    }
}

#[component]
fn Broken(report: ErrorReport, line: Option<u64>) -> impl IntoView {
    let link = line.map(|number| {
        let label = say!(audit.show_line, n = number).to_string();
        view! { <p><a href=format!("/audit/{number}")>{label}</a></p> }
    });
    view! {
        <Problem report title=say!(audit.broken_title) />
        {link}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_line_is_read_from_what_the_engine_reports() {
        let report = |subject: &str| ErrorReport {
            code: ErrorCode::AuditBroken,
            subject: subject.to_owned(),
            detail: String::new(),
            hint: String::new(),
        };
        assert_eq!(bad_line(&report("line 4")), Some(4));
        assert_eq!(bad_line(&report("a1b2c3")), None);
    }
}
