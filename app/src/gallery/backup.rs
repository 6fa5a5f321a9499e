//! One backup with its dialogs.

use super::{
    each, owner, reader,
    samples::{self, backup, jobs, restore_plan},
};
use crate::{pages, visit::Address};

#[test]
fn one_backup_with_its_dialogs() {
    let here = || Address::new("/backups/backup0_0123456789abcde");
    each(
        "backup",
        "/backups/x",
        None,
        move || pages::backup::page(backup(), jobs(), &owner(), &here(), None),
        |_, html| {
            assert!(html.contains("medium_articles") && html.contains("蔵書"));
        },
    );
    let verify = move || {
        let dialog = pages::backup::verify::dialog(&backup().summary, &Address::default(), &here());
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "verify",
        "/backups/x?dialog=verify",
        None,
        verify,
        |_, html| {
            assert!(html.contains("hozon backup verify backup0_0123456789abcde --level read"));
            let path = "in01-0123456789abcde/backups/backup0_0123456789abcde/verify";
            assert!(html.contains(&format!(
                "curl -X POST http://localhost:8790/v2/clusters/{path}"
            )));
        },
    );
    let delete = move || {
        let dialog = pages::backup::delete::confirmation(
            &backup().summary,
            Ok(samples::delete_plan()),
            &here(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "delete",
        "/backups/x?dialog=delete",
        None,
        delete,
        |_, html| {
            assert!(html.contains("autofocus") && html.contains("1,204"));
        },
    );
    let restore = move || {
        let dialog = pages::backup::restore::at_options(
            &backup(),
            samples::clusters(),
            &here(),
            &Address::default(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "restore",
        "/backups/x?dialog=restore",
        None,
        restore,
        |_, html| assert!(html.contains("_restored") || html.contains("suffix")),
    );
    let review = move || {
        let dialog = pages::backup::restore::at_review(
            &backup(),
            Ok(restore_plan()),
            &samples::clusters(),
            &here(),
            &Address::default(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "review",
        "/backups/x?dialog=restore&step=review",
        None,
        review,
        |_, html| {
            assert!(
                html.contains("disabled"),
                "a restore that would be refused can be asked for"
            );
        },
    );
}

#[test]
fn what_may_not_be_done_with_a_backup_is_shown_with_the_privilege_that_is_missing() {
    let here = || Address::new("/backups/backup0_0123456789abcde");
    each(
        "backup-reader",
        "/backups/x",
        None,
        move || pages::backup::page(backup(), jobs(), &reader(), &here(), None),
        |_, html| {
            for action in ["edit", "delete", "verify", "export", "restore"] {
                assert!(html.contains(&format!("backup:{action}")), "{action}");
            }
            assert!(!html.contains("dialog=delete") && !html.contains("/api/pin_backup"));
        },
    );
}
