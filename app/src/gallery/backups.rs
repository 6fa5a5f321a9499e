//! The list of backups, also where there is none, and the dialog that makes one.

use hozon_model::Page as ListPage;
use leptos::prelude::*;

use super::{
    each,
    samples::{self, backups},
};
use crate::{
    flash::{Done, Flash, Form},
    layout::{Page, Section},
    pages,
    text::say,
    visit::Address,
};

#[test]
fn the_list_of_backups() {
    let page = || {
        let list = ListPage {
            items: backups(),
            total: 131,
            page: 2,
            page_size: 25,
        };
        view! {
            <Page section=Section::Backups title=say!(backups.title) about=say!(backups.about) action=pages::backups::create_link("/backups?dialog=create".to_owned(), pages::backups::Lacking::default()).into_any()>
                {pages::backups::filtered_list(list, Address::new("/backups").with("state", "available"), Vec::new())}
            </Page>
        }
        .into_any()
    };
    each(
        "backups",
        "/backups?state=available",
        Some(Flash::Done(Done::Backup)),
        page,
        |locale, html| {
            for backup in backups() {
                assert!(
                    html.contains(&backup.name),
                    "{locale:?} lacks {}",
                    backup.name
                );
            }
        },
    );
}

#[test]
fn nothing_yet() {
    let page = || {
        view! { <Page section=Section::Backups title=say!(backups.title)>{pages::backups::nothing_yet(false, "/".to_owned(), pages::backups::Lacking::default())}</Page> }.into_any()
    };
    each("empty", "/backups", None, page, |_, html| {
        assert!(html.contains("class=\"drawing\""));
    });
}

#[test]
fn creating_a_backup() {
    let page = || {
        let query = Address::of(
            &"/backups?dialog=create&scope=collections&name=%E6%AF%8E%E6%97%A5"
                .parse()
                .expect("a path"),
        )
        .query;
        let dialog = pages::backups::create::form(
            &query,
            "/backups".to_owned(),
            &samples::clusters(),
            Ok(samples::collections()),
        );
        view! { <Page section=Section::Backups title=say!(backups.title) dialog=Some(dialog)>{pages::backups::nothing_yet(false, "/".to_owned(), pages::backups::Lacking::default())}</Page> }.into_any()
    };
    let refused = Flash::Refused(Form::Create, samples::refusal());
    each(
        "create",
        "/backups?dialog=create",
        Some(refused),
        page,
        |_, html| {
            assert!(html.contains("毎日"), "what was typed is lost");
            assert!(html.contains("role=\"alert\""), "the refusal is not shown");
        },
    );
}
