//! The list of jobs, and one job.

use hozon_model::ErrorCode;
use leptos::prelude::*;

use super::{
    each, owner, reader,
    samples::{failed_job, jobs, running_job},
};
use crate::{
    layout::{Page, Section},
    pages,
    text::{self, LOCALES, say},
};

#[test]
fn jobs_and_one_job() {
    let list = || {
        view! { <Page section=Section::Jobs title=say!(jobs.title)><pages::jobs::JobsTable jobs=jobs() /></Page> }.into_any()
    };
    each("jobs", "/jobs", None, list, |_, html| {
        assert!(html.contains("42 %"));
    });
    each(
        "job",
        "/jobs/x",
        None,
        || pages::job::page(running_job(), &owner(), None),
        |locale, html| {
            let words: [&str; 3] = ["Copying files", "ファイルをコピー中", "正在复制文件"];
            assert!(
                LOCALES
                    .iter()
                    .zip(words)
                    .any(|(known, word)| *known == locale && html.contains(word))
            );
        },
    );
    each(
        "failed",
        "/jobs/x",
        None,
        || pages::job::page(failed_job(), &owner(), None),
        |locale, html| {
            assert!(html.contains(text::sentence(locale, ErrorCode::SourceFileVanished)));
        },
    );
}

#[test]
fn what_may_not_be_done_with_a_job_is_shown_with_the_privilege_that_is_missing() {
    each(
        "job-reader",
        "/jobs/x",
        None,
        || pages::job::page(running_job(), &reader(), None),
        |_, html| assert!(html.contains("job:cancel") && !html.contains("/api/cancel_job")),
    );
}
