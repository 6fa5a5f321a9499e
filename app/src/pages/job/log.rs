//! A job's log, as it was written.

use hozon_model::{JobLogLine, LogLevel};
use leptos::prelude::*;

use crate::{
    islands::CopyButton,
    text::{Moment, say},
};

/// The log, oldest first.
#[component]
pub(super) fn Log(lines: Vec<JobLogLine>) -> impl IntoView {
    let text = lines
        .iter()
        .map(|line| format!("{} {:?} {}", line.at, line.level, line.text))
        .collect::<Vec<_>>()
        .join("\n");
    let empty = lines.is_empty();
    view! {
        <section class="log" aria-labelledby="log-title">
            <header>
                <h2 id="log-title">{say!(job.log)}</h2>
                {(!empty).then(|| view! { <CopyButton text label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() /> })}
            </header>
            {if empty {
                view! { <p class="hint">{say!(job.log_empty)}</p> }.into_any()
            } else {
                view! { <ol tabindex="0" aria-labelledby="log-title">{lines.into_iter().map(|line| view! { <Line line /> }).collect::<Vec<_>>()}</ol> }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Line(line: JobLogLine) -> impl IntoView {
    let (class, level) = match line.level {
        LogLevel::Info => ("info", say!(job.info)),
        LogLevel::Warning => ("warning", say!(job.warning)),
        LogLevel::Error => ("error", say!(job.error)),
    };
    let moment = Moment::of(line.at);
    view! {
        <li class=class>
            <time datetime=moment.machine title=moment.exact>{moment.clock}</time>
            <span class="log-level">{level}</span>
            <span class="log-text" lang="en">{line.text}</span>
        </li>
    }
}
