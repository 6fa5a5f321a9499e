//! Help: the list of guides, and a guide. For everybody, signed in or not, in the language of the address.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Link;

use crate::{
    help::{self, Guide, Heading, Written},
    layout::{Page, Section, status},
    pages::not_found::NotFound,
    text::{self, LOCALES, Locale, say},
    visit::Visit,
    widgets::{Glyph, Icon},
};

/// `/<language>/help` lists the guides, `/<language>/help/<guide>` is one of them. Without a language it leads to the
/// visitor's.
#[component]
pub(crate) fn HelpPage() -> impl IntoView {
    let here = Visit::current().address.path;
    let slug = super::part("guide");
    if help::locale_of(&here).is_none() && super::part("lang").is_empty() {
        leptos_axum::redirect(&format!("/{}{here}", text::tag(text::locale())));
        return ().into_any();
    }
    match Guide::named(&slug) {
        _ if help::locale_of(&here).is_none() => view! { <NotFound /> }.into_any(),
        Some(guide) => guide_page(guide),
        None if slug.is_empty() => guides_page(),
        None => nothing(),
    }
}

/// Every guide, with what it is about.
pub(crate) fn guides_page() -> AnyView {
    let locale = text::locale();
    let groups = [
        (
            say!(help.first_steps),
            &[Guide::BeforeYouStart, Guide::MilvusBackup][..],
        ),
        (
            say!(help.backups),
            &[
                Guide::Create,
                Guide::Schedule,
                Guide::View,
                Guide::Restore,
                Guide::Export,
                Guide::Delete,
            ][..],
        ),
        (
            say!(help.running),
            &[
                Guide::S3,
                Guide::Azure,
                Guide::Gcs,
                Guide::Projects,
                Guide::Access,
                Guide::Audit,
                Guide::Jobs,
            ][..],
        ),
    ];
    view! {
        <Page section=Section::Help title=say!(help.title) about=say!(help.about)>
            <Languages />
            {groups
                .into_iter()
                .map(|(name, guides)| view! { <Group name guides locale /> })
                .collect::<Vec<_>>()}
        </Page>
    }
    .into_any()
}

#[component]
fn Group(name: &'static str, guides: &'static [Guide], locale: Locale) -> impl IntoView {
    view! {
        <section class="guides">
            <h2>{name}</h2>
            <ul>
                {guides
                    .iter()
                    .map(|guide| {
                        let written = guide.read(locale);
                        view! {
                            <li>
                                <a href=guide.href(locale)>{written.title.as_str()}</a>
                                <p>{written.about.as_str()}</p>
                            </li>
                        }
                    })
                    .collect::<Vec<_>>()}
            </ul>
        </section>
    }
}

/// The page of a guide.
pub(crate) fn guide_page(guide: Guide) -> AnyView {
    let locale = text::locale();
    let Written {
        title,
        about,
        parts,
        html,
    } = guide.read(locale);
    let crumbs = vec![(help::index(locale), say!(help.title).to_owned())];
    view! {
        <Page section=Section::Help title=title.clone() about=about.clone() crumbs>
            <Languages />
            <div class="guide">
                <Contents parts=parts.as_slice() />
                <div class="guide-body">
                    <article class="prose" inner_html=html.as_str()></article>
                    <Onward guide locale />
                </div>
            </div>
        </Page>
    }
    .into_any()
}

/// A guide that is not there; the others are.
fn nothing() -> AnyView {
    status(StatusCode::NOT_FOUND);
    view! {
        <Page section=Section::Help title=say!(problem.not_found) about=say!(problem.not_found_about)>
            <p><a href=help::index(text::locale())>{say!(help.all)}</a></p>
        </Page>
    }
    .into_any()
}

/// This page in the other languages, for people and for machines.
#[component]
fn Languages() -> impl IntoView {
    let visit = Visit::current();
    let here = visit.address.path.as_str();
    let to = |locale| help::translated(here, locale);
    let alternates: Vec<_> = LOCALES
        .into_iter()
        .map(|locale| view! { <Link rel="alternate" hreflang=text::tag(locale) href=to(locale) /> })
        .collect();
    let links: Vec<_> = LOCALES
        .into_iter()
        .filter(|locale| *locale != visit.locale)
        .map(|locale| {
            let language = text::tag(locale);
            view! { <li><a href=to(locale) hreflang=language lang=language>{text::own_name(locale)}</a></li> }
        })
        .collect();
    view! {
        {alternates}
        <Link rel="alternate" hreflang="x-default" href=to(Locale::en) />
        <nav class="languages" aria-label=say!(help.languages)>
            <Icon glyph=Glyph::Globe />
            <ul>{links}</ul>
        </nav>
    }
}

#[component]
fn Contents(parts: &'static [Heading]) -> impl IntoView {
    view! {
        <nav class="contents" aria-labelledby="contents-title">
            <h2 id="contents-title">{say!(help.contents)}</h2>
            <ul>
                {parts
                    .iter()
                    .map(|part| view! { <li><a href=format!("#{}", part.id)>{part.title.as_str()}</a></li> })
                    .collect::<Vec<_>>()}
            </ul>
        </nav>
    }
}

/// The guides before and after.
#[component]
fn Onward(guide: Guide, locale: Locale) -> impl IntoView {
    let at = Guide::ALL
        .iter()
        .position(|one| *one == guide)
        .unwrap_or_default();
    let link = |to: Option<&Guide>, glyph, word: &'static str| {
        to.map(|to| {
            view! {
                <a href=to.href(locale)>
                    <Icon glyph />
                    <span class="only-heard">{word}": "</span>
                    {to.read(locale).title.as_str()}
                </a>
            }
        })
    };
    let before = at.checked_sub(1).and_then(|at| Guide::ALL.get(at));
    view! {
        <nav class="onward" aria-label=say!(help.onward)>
            {link(before, Glyph::ChevronLeft, say!(help.previous))}
            {link(Guide::ALL.get(at + 1), Glyph::ChevronRight, say!(help.next))}
        </nav>
    }
}
