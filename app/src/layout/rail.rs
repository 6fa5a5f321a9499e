//! The rail: where one can go, and at its foot how one likes it. On a phone it is a drawer.

use leptos::prelude::*;

use super::switches::{AccountMenu, LanguageSwitch, ThemeSwitch};
use crate::{
    help,
    text::{self, say},
    widgets::{Glyph, Icon, WordMark},
};

/// The parts of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Backups.
    Backups,
    /// Jobs.
    Jobs,
    /// Policies.
    Policies,
    /// Integrations.
    Integrations,
    /// Clusters.
    Clusters,
    /// Who may do what.
    Access,
    /// Projects.
    Projects,
    /// The audit.
    Audit,
    /// Help.
    Help,
    /// None of them.
    Elsewhere,
}

/// The rail.
#[component]
pub(super) fn Rail(section: Section) -> impl IntoView {
    let link = move |to: Section, href: String, glyph, name: &'static str| {
        view! {
            <li>
                <a href=href title=name aria-current=(to == section).then_some("page")>
                    <Icon glyph />
                    <span class="rail-word">{name}</span>
                </a>
            </li>
        }
    };
    view! {
        <header class="top-bar">
            <button type="button" class="menu-button" popovertarget="rail" aria-label=say!(nav.open)><Icon glyph=Glyph::Lines /></button>
            <a href="/backups" class="top-bar-home"><WordMark /></a>
        </header>
        <nav class="rail" id="rail" popover aria-label=say!(nav.main)>
            <a href="/backups" class="rail-home" aria-label="Hozon"><WordMark /></a>
            <ul class="rail-links">
                {link(Section::Backups, "/backups".to_owned(), Glyph::Archive, say!(nav.backups))}
                {link(Section::Jobs, "/jobs".to_owned(), Glyph::Jobs, say!(nav.jobs))}
                {link(Section::Policies, "/policies".to_owned(), Glyph::Clock, say!(nav.policies))}
                {link(Section::Integrations, "/integrations".to_owned(), Glyph::Export, say!(nav.integrations))}
                {link(Section::Clusters, "/clusters".to_owned(), Glyph::Cluster, say!(nav.clusters))}
                {link(Section::Projects, "/projects".to_owned(), Glyph::Folder, say!(projects.title))}
                {link(Section::Access, "/access/members".to_owned(), Glyph::People, say!(nav.access))}
                {link(Section::Audit, "/audit".to_owned(), Glyph::Ledger, say!(audit.title))}
                {link(Section::Help, help::index(text::locale()), Glyph::Book, say!(nav.help))}
            </ul>
            <div class="rail-foot">
                <ThemeSwitch />
                <LanguageSwitch id="rail-language" />
                <AccountMenu />
            </div>
        </nav>
    }
}
