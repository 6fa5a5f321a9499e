//! Which lines of the audit are shown: as the address says it, as the engine is asked, and as somebody sets it.

use hozon_engine::AUDIT_ACTIONS;
use hozon_model::{AuditQuery, ErrorCode};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use leptos::prelude::*;

use crate::{
    error::{AppError, AppResult},
    text::{self, say},
    visit::Address,
    widgets::{Button, Field, Filter, Input},
};

/// What is chosen from what there is.
const CHOSEN: [&str; 2] = ["action", "outcome"];
/// What is typed.
const TYPED: [&str; 4] = ["who", "on", "from", "to"];
/// Outcomes to choose from, beside one that the address names.
const OUTCOMES: [&str; 3] = ["ok", "failed", "permission_denied"];

/// The list's own address, without what belongs to one visit alone.
pub(super) fn address(address: &Address) -> Address {
    let kept = CHOSEN.iter().chain(&TYPED).chain(&["page"]);
    kept.fold(Address::new("/audit"), |list, name| {
        list.with(name, address.query.get(name).unwrap_or_default())
    })
}

/// Whether anything is filtered.
pub(super) fn any(address: &Address) -> bool {
    let mut filters = CHOSEN.iter().chain(&TYPED);
    filters.any(|name| address.query.get(name).is_some())
}

/// What the engine is asked for. Days begin and end by the clock of whoever looks.
///
/// # Errors
/// `InvalidInput` for what is no day: to show more than was asked for would mislead.
pub(super) fn query(address: &Address, zone: &TimeZone) -> AppResult<AuditQuery> {
    let text = |name: &str| address.query.get(name).map(str::to_owned);
    let (first, last) = (day(address, "from")?, day(address, "to")?);
    Ok(AuditQuery {
        actor: text("who").map(|who| who.trim().to_owned()),
        action: text("action"),
        target: text("on"),
        outcome: text("outcome"),
        since: first.and_then(|day| start(day, zone)),
        until: last.and_then(|day| start(day.tomorrow().ok()?, zone)),
        page: text("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        page_size: 25,
    })
}

fn day(address: &Address, name: &str) -> AppResult<Option<Date>> {
    let Some(text) = address.query.get(name) else {
        return Ok(None);
    };
    match text.trim().parse::<Date>() {
        Ok(day) => Ok(Some(day)),
        Err(error) => Err(AppError::new(
            ErrorCode::InvalidInput,
            name,
            error.to_string(),
        )),
    }
}

fn start(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let start = day.to_zoned(zone.clone()).ok()?;
    Some(start.timestamp())
}

/// Where the lines of a query are downloaded, all pages of them.
pub(super) fn file(query: &AuditQuery, format: &str) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let time = |value: Option<Timestamp>| value.map(|at| at.to_string()).unwrap_or_default();
    Address::new("/audit/export")
        .with("format", format)
        .with("actor", text(&query.actor))
        .with("action", text(&query.action))
        .with("target", text(&query.target))
        .with("outcome", text(&query.outcome))
        .with("since", time(query.since))
        .with("until", time(query.until))
        .to_string()
}

/// Chips for what is chosen, and a form for what is typed.
#[component]
pub(super) fn Filters(address: Address) -> impl IntoView {
    let text = |name: &str| address.query.get(name).unwrap_or_default().to_owned();
    let [action, outcome] = CHOSEN.map(text);
    let [who, target, from, to] = TYPED.map(text);
    let (kinds, outcomes) = (kinds(&action), outcomes(&outcome));
    let kept: Vec<_> = CHOSEN
        .into_iter()
        .zip([action, outcome])
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect();
    let clear = any(&address).then(|| {
        let clear = Address::new("/audit").to_string();
        view! { <a class="clear" href=clear>{say!(common.clear_all)}</a> }
    });
    view! {
        <div class="filters" role="search" aria-label=say!(backups.filters)>
            <form action="/audit" class="narrow">
                {kept}
                <Field id="who" label=say!(audit.who)>
                    <Input id="who" name="who" value=who />
                </Field>
                <Field id="on" label=say!(audit.target)>
                    <Input id="on" name="on" value=target />
                </Field>
                <Field id="from" label=say!(audit.from)>
                    <Input id="from" name="from" kind="date" value=from />
                </Field>
                <Field id="to" label=say!(audit.to)>
                    <Input id="to" name="to" kind="date" value=to />
                </Field>
                <Button label=say!(audit.apply) />
            </form>
            <Filter address=address.clone() key="action" label=say!(audit.kind) options=kinds />
            <Filter address=address.clone() key="outcome" label=say!(audit.outcome) options=outcomes />
            {clear}
        </div>
    }
}

/// Every kind of thing that something is done to; and one action alone, where the address names it.
fn kinds(chosen: &str) -> Vec<(String, String)> {
    let locale = text::locale();
    let mut kinds: Vec<&str> = AUDIT_ACTIONS
        .iter()
        .filter_map(|action| action.split_once('.'))
        .map(|(kind, _)| kind)
        .collect();
    kinds.dedup();
    let mut options: Vec<_> = kinds
        .into_iter()
        .map(|kind| {
            let words = text::audit_kind(locale, kind).unwrap_or(kind);
            (kind.to_owned(), words.to_owned())
        })
        .collect();
    if let Some(words) = text::audit_action(locale, chosen) {
        options.push((chosen.to_owned(), words.to_owned()));
    }
    options
}

fn outcomes(chosen: &str) -> Vec<(String, String)> {
    let other = (!chosen.is_empty() && !OUTCOMES.contains(&chosen)).then_some(chosen);
    OUTCOMES
        .into_iter()
        .chain(other)
        .map(|outcome| (outcome.to_owned(), text::audit_outcome(outcome)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> AppResult<AuditQuery> {
        let uri = format!("/audit?{query}").parse().expect("an address");
        let zone = TimeZone::get("Asia/Tokyo").expect("a zone");
        super::query(&Address::of(&uri), &zone)
    }

    #[test]
    fn days_are_those_of_whoever_looks() {
        let query = asked("from=2026-11-21&to=2026-11-21&who=+alice+").expect("both are days");
        let at = |text: &str| text.parse::<Timestamp>().ok();
        assert_eq!(query.since, at("2026-11-20T15:00:00Z"));
        assert_eq!(query.until, at("2026-11-21T15:00:00Z"));
        assert_eq!(query.actor.as_deref(), Some("alice"));
        for odd in ["from=2026-02-31", "to=yesterday"] {
            let report = asked(odd).expect_err("no day").report;
            assert_eq!(report.code, ErrorCode::InvalidInput, "{odd}");
        }
    }

    #[test]
    fn what_is_downloaded_is_what_is_shown() {
        let query = asked("action=backup&outcome=failed&on=a+b&to=2026-11-21&page=3");
        assert_eq!(
            file(&query.expect("a query"), "csv"),
            "/audit/export?format=csv&action=backup&target=a+b&outcome=failed&until=2026-11-21T15%3A00%3A00Z"
        );
    }

    #[test]
    fn an_address_keeps_what_filters() {
        let uri = "/audit?check=now&page=2&who=a&other=x";
        let kept = address(&Address::of(&uri.parse().expect("an address")));
        assert_eq!(kept.to_string(), "/audit?who=a&page=2");
        assert!(any(&kept) && !any(&Address::new("/audit").with("page", "2")));
    }
}
