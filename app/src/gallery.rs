//! Pages made from sample data, in every language: a test that they can be made, and pictures to look at.
//!
//! Written to `target/gallery/*.html`, beside which the built styles lie in `target/site`.

mod access;
mod adopt;
mod audit;
mod backup;
mod backups;
mod clusters;
mod door;
mod help;
mod integrations;
mod jobs;
mod keys;
mod policies;
mod projects;
mod samples;
mod sessions;

use std::{fs, path::PathBuf, sync::Arc};

use hozon_model::Role;
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use self::samples::user;
use crate::{
    flash::Flash,
    rights::Rights,
    text::{self, LOCALES, Locale},
    visit::{Address, Theme, Visit},
};

fn visit(locale: Locale, theme: Theme, path: &str) -> Visit {
    let uri = path.parse().expect("a path");
    Visit {
        locale,
        theme,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").expect("a zone"),
        now: samples::now(),
        address: Address::of(&uri),
    }
}

/// The rights of somebody who may do everything.
fn owner() -> Rights {
    Rights::of_role(&Role::OrganizationOwner)
}

/// Those of somebody who only looks.
fn reader() -> Rights {
    Rights::of_role(&Role::ReadOnly)
}

/// Renders a page as the server would, around a context that the server would give.
fn render<V: IntoView + 'static>(
    visit: Visit,
    flash: Option<Flash>,
    page: impl FnOnce() -> V + Send + 'static,
) -> String {
    let (lang, theme) = (text::tag(visit.locale), visit.theme.as_str());
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let body = owner.with(|| {
        provide_context(visit);
        provide_context(Some(user()));
        provide_context(flash);
        leptos_meta::provide_meta_context();
        page().into_view().to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"../site/pkg/hozon.css\"><body>{body}</body></html>"
    )
}

fn keep(name: &str, locale: Locale, theme: Theme, html: &str) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    fs::create_dir_all(&directory).expect("a directory under target");
    let path = directory.join(format!(
        "{name}-{}-{}.html",
        text::tag(locale),
        theme.as_str()
    ));
    fs::write(&path, html).expect("a file under target");
}

/// Every page in every language and both themes; `check` sees each.
fn each(
    name: &str,
    path: &'static str,
    flash: Option<Flash>,
    page: impl Fn() -> AnyView + Clone + Send + 'static,
    check: impl Fn(Locale, &str),
) {
    for locale in LOCALES {
        for theme in [Theme::Light, Theme::Dark] {
            let page = page.clone();
            let html = render(visit(locale, theme, path), flash.clone(), page);
            keep(name, locale, theme, &html);
            assert!(
                !html.contains("{{"),
                "{name} in {locale:?} has a word with a hole"
            );
            check(locale, &html);
        }
    }
}
