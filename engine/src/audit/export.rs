//! The audit as text: a line of JSON each, or CSV for a spreadsheet.

use std::str::FromStr;

use futures::{StreamExt, stream, stream::BoxStream};
use hozon_model::{Action, AuditLine, AuditQuery, Place, Resource};

use crate::{
    Engine, Error, ErrorCode, Result,
    access::{Acts, ask},
};

/// Lines that are read together.
const PAGE: u64 = 500;

/// The shape of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditFormat {
    /// One JSON object a line.
    #[default]
    JsonLines,
    /// Comma-separated, with a line of titles; what a spreadsheet would take for a formula is quoted.
    Csv,
}

impl FromStr for AuditFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "jsonl" => Ok(Self::JsonLines),
            "csv" => Ok(Self::Csv),
            _ => Err(format!(
                "`{text}` is no format of the audit; use `jsonl` or `csv`"
            )),
        }
    }
}

impl Engine {
    /// The lines of the audit that a query asks for (its page counts for nothing), oldest first, as pieces of text.
    ///
    /// # Errors
    /// `PermissionDenied`; later, what keeps the catalog from being read.
    pub async fn export_audit(
        &self,
        by: &dyn Acts,
        query: AuditQuery,
        format: AuditFormat,
    ) -> Result<BoxStream<'static, Result<String>>> {
        let allowed = ask(by, Resource::Audit, Action::View, &Place::Organization);
        self.audit(by.actor(), "audit.export", "audit", &allowed)
            .await?;
        allowed?;
        let title = match format {
            AuditFormat::JsonLines => String::new(),
            AuditFormat::Csv => TITLES.join(",") + "\r\n",
        };
        let engine = self.clone();
        let pages = stream::try_unfold(Some(0), move |after| {
            let (engine, query) = (engine.clone(), query.clone());
            async move {
                let Some(after) = after else {
                    return Ok(None);
                };
                let lines = engine.catalog().audit_after(&query, after, PAGE).await?;
                let Some(last) = lines.last() else {
                    return Ok(None);
                };
                let next = (lines.len() as u64 == PAGE).then_some(last.id);
                let mut text = String::new();
                for line in &lines {
                    text.push_str(&written(line, format)?);
                }
                Ok(Some((text, next)))
            }
        });
        let title = stream::iter((!title.is_empty()).then_some(Ok(title)));
        Ok(title.chain(pages).boxed())
    }
}

const TITLES: [&str; 10] = [
    "id", "at", "actor", "origin", "action", "target", "outcome", "before", "after", "hash",
];

fn written(line: &AuditLine, format: AuditFormat) -> Result<String> {
    match format {
        AuditFormat::JsonLines => {
            let text = serde_json::to_string(line)
                .map_err(|error| Error::new(ErrorCode::Internal, "audit").caused_by(error))?;
            Ok(text + "\n")
        }
        AuditFormat::Csv => {
            let json = |value: &Option<serde_json::Value>| {
                value.as_ref().map(ToString::to_string).unwrap_or_default()
            };
            let cells = [
                line.id.to_string(),
                line.at.to_string(),
                line.actor.clone(),
                line.origin.clone(),
                line.action.clone(),
                line.target.clone(),
                line.outcome.clone(),
                json(&line.before),
                json(&line.after),
                line.hash.clone(),
            ];
            let cells: Vec<_> = cells.iter().map(|cell| quoted(cell)).collect();
            Ok(cells.join(",") + "\r\n")
        }
    }
}

/// A cell. Whoever names a backup `=HYPERLINK(…)` does not get it run by the spreadsheet of an auditor.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_csv() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("毎日", "毎日"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"a\"", "\"say \"\"a\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
            ("-1", "'-1"),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
