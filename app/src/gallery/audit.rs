//! The audit, and one of its lines.

use hozon_model::{
    AuditLine, AuditProof, AuditQuery, BoundAuditLine, ErrorCode, ErrorReport, Page,
};
use leptos::prelude::AnyView;
use serde_json::json;

use super::{each, samples};
use crate::{
    pages::{self, audit::chain::Chain},
    visit::Address,
};

fn lines() -> Vec<AuditLine> {
    let line = |id, action: &str, outcome: &str| AuditLine {
        id,
        at: samples::now(),
        actor: "admin".to_owned(),
        origin: "console 127.0.0.1".to_owned(),
        action: action.to_owned(),
        target: "検索".to_owned(),
        outcome: outcome.to_owned(),
        before: Some(json!({ "name": "検索", "plan": "Standard" })),
        after: Some(json!({ "name": "search", "plan": "Standard" })),
        hash: "5f".repeat(32),
    };
    vec![
        line(4, "backup.sing", "ok"),
        line(3, "project.edit", "ok"),
        line(2, "project.remove", "permission_denied"),
        line(1, "user.add", "no_such_code"),
    ]
}

fn audit_page(lines: Vec<AuditLine>, chain: Chain, address: &str) -> AnyView {
    let list = Page {
        total: lines.len() as u64,
        items: lines,
        page: 1,
        page_size: 25,
    };
    let address = Address::of(&address.parse().expect("an address"));
    let query = AuditQuery {
        outcome: Some("failed".to_owned()),
        ..AuditQuery::default()
    };
    pages::audit::page(list, chain, &query, address)
}

#[test]
fn the_audit() {
    let whole = Chain::Whole(AuditProof {
        lines: 4,
        head: "5f".repeat(32),
    });
    each(
        "audit",
        "/audit?outcome=failed",
        None,
        move || audit_page(lines(), whole.clone(), "/audit?outcome=failed"),
        |_, html| {
            assert!(html.contains("backup.sing") && html.contains("no_such_code"));
            assert!(html.contains("/audit/export?format=csv"));
        },
    );
    let report = ErrorReport {
        code: ErrorCode::AuditBroken,
        subject: "line 3".to_owned(),
        detail: "it is missing".to_owned(),
        hint: String::new(),
    };
    each(
        "audit-broken",
        "/audit",
        None,
        move || audit_page(Vec::new(), Chain::Broken(report.clone(), Some(3)), "/audit"),
        |_, html| assert!(html.contains("href=\"/audit/3\"") && html.contains("role=\"alert\"")),
    );
    each(
        "audit-unchecked",
        "/audit?who=nobody",
        None,
        || audit_page(Vec::new(), Chain::Unchecked, "/audit?who=nobody"),
        |_, html| assert!(html.contains("value=\"nobody\"")),
    );
}

#[test]
fn a_line_of_the_audit() {
    for (index, name) in [(1, "audit-line"), (2, "audit-line-refused")] {
        let found = BoundAuditLine {
            line: lines().remove(index),
            hash_before: (index == 1).then(|| "6e".repeat(32)),
        };
        each(
            name,
            "/audit/3",
            None,
            move || pages::audit_line::page(found.clone()),
            |_, html| assert!(html.contains("search") && html.contains("5f5f5f")),
        );
    }
}
