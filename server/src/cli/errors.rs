//! The catalogue of errors, as docs/ERRORS.md has it: one line of numbers for each, and its words in every language.

use hozon_engine::ErrorCode;
use serde_json::Value;

use super::exit::Exit;

/// Every error, in Markdown. A language is its tag and the words of the console in it, with `errors` and `advice`.
pub fn errors(languages: &[(&str, Value)]) -> String {
    let mut text = String::from(
        "# Errors\n\n\
         Every error has a code, a sentence and advice; beside them it tells on what it happened, why, and what to do about\n\
         just that. The code stands in JSON of the command line and in the log; numbers are those of the [APIs](API.md) and\n\
         exit codes of the [command line](CLI.md). A test keeps this file up to date:\n\
         `HOZON_WRITE_DOCS=1 cargo test -p hozon --test reference` writes it anew.\n\n\
         | code | `/v2` | HTTP | `/api/v1` | exit code | can pass by itself |\n\
         |---|---|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let name = name(*code);
        let (number, status) = hozon_api::v2::number_and_status(*code);
        text.push_str(&format!(
            "| [`{name}`](#{name}) | {number} | {status} | {} | {} | {} |\n",
            hozon_api::v1::number(*code),
            Exit::of(*code) as u8,
            if code.is_temporary() { "yes" } else { "" },
        ));
    }
    text.push_str(
        "\nThe HTTP status is that of `/v2`. `/api/v1` answers with 200, and `check` alone with 500 for whatever fails. Errors of a\n\
         request itself (a body that cannot be read, no key, too many requests) are in [API](API.md).\n",
    );
    for code in ErrorCode::ALL {
        let name = name(*code);
        text.push_str(&format!("\n## `{name}`\n\n"));
        for (tag, words) in languages {
            let say = |group: &str| words[group][&name].as_str().unwrap_or_default().to_owned();
            text.push_str(&format!(
                "- {tag}: {}\n  {}\n",
                say("errors"),
                say("advice")
            ));
        }
    }
    text
}

/// As JSON has it.
fn name(code: ErrorCode) -> String {
    let name = serde_json::to_value(code).ok();
    name.as_ref()
        .and_then(Value::as_str)
        .expect("a code is written as a word")
        .to_owned()
}
