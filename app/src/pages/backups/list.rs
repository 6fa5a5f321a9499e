//! The table of backups.

use hozon_model::{BackupSort, BackupState, BackupSummary, Page};
use leptos::prelude::*;

use crate::{
    format::{count, size},
    islands::JobPulse,
    pages::jobs::LIVE_ROWS,
    text::{self, say},
    visit::Address,
    widgets::{BackupBadge, Drawing, Empty, Glyph, Menu, MenuLink, Pager, Seal, SortHeader, When},
};

/// A page of the list.
#[component]
pub(super) fn BackupsTable(page: Page<BackupSummary>, address: Address) -> impl IntoView {
    let query = super::query(&address, &[]);
    let sorted = move |sort| (query.sort == sort).then_some(query.ascending);
    let header = {
        let address = address.clone();
        move |key, label: &'static str, sort, numeric| {
            view! { <SortHeader address=address.clone() key label sorted=sorted(sort) numeric /> }
        }
    };
    if page.items.is_empty() {
        return view! { <Empty drawing=Drawing::Lantern title=say!(backups.empty_filtered) /> }
            .into_any();
    }
    let mut live = 0;
    let rows: Vec<_> = page
        .items
        .into_iter()
        .map(|backup| {
            let follow = backup.state == BackupState::Creating && live < LIVE_ROWS;
            live += usize::from(follow);
            view! { <Row backup follow /> }
        })
        .collect();
    view! {
        <div class="table-frame">
            <table class="table cards">
                <caption class="only-heard">{say!(backups.list)}</caption>
                <thead>
                    <tr>
                        {header("name", say!(backups.name), BackupSort::Name, false)}
                        <th scope="col">{say!(backups.status)}</th>
                        <th scope="col">{say!(backups.proof)}</th>
                        <th scope="col" class="minor">{say!(backups.cluster)}</th>
                        <th scope="col" class="least">{say!(backups.scope)}</th>
                        {header("rows", say!(backups.rows), BackupSort::Rows, true)}
                        {header("size", say!(backups.size), BackupSort::Size, true)}
                        {header("created", say!(backups.created), BackupSort::Created, false)}
                        <th scope="col"><span class="only-heard">{say!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager address page=page.page page_size=page.page_size total=page.total />
    }
    .into_any()
}

#[component]
fn Row(backup: BackupSummary, follow: bool) -> impl IntoView {
    let href = format!("/backups/{}", backup.id);
    let known = backup.finished_at.is_some();
    let amount = |text: String| if known { text } else { "–".to_owned() };
    let shared = (known && backup.new_bytes < backup.bytes)
        .then(|| say!(backups.shared, size = size(backup.new_bytes)).to_string());
    let pulse = backup
        .job_id
        .as_ref()
        .filter(|_| follow)
        .map(|job| view! { <JobPulse id=job.to_string() percent=None /> });
    let scope = match backup.scope {
        hozon_model::BackupScope::Collection if known => {
            let collections = backup.collections;
            say!(
                common.collections,
                count = collections,
                n = count(collections)
            )
            .to_string()
        }
        scope => text::scope(scope).to_owned(),
    };
    view! {
        <tr>
            <th scope="row" class="name"><a href=href.clone() title=backup.name.clone()>{backup.name.clone()}</a></th>
            <td class="state"><BackupBadge state=backup.state />{pulse}</td>
            <td data-label=say!(backups.proof)><Seal proof=backup.proof damaged=backup.state == BackupState::Damaged /></td>
            <td class="minor plain" data-label=say!(backups.cluster)>{backup.cluster_name.clone()}</td>
            <td class="minor least plain" data-label=say!(backups.scope)>{scope}</td>
            <td class="number off-phone" data-label=say!(backups.rows)>{amount(count(backup.rows))}</td>
            <td class="number" data-label=say!(backups.size) title=shared>{amount(size(backup.bytes))}</td>
            <td data-label=say!(backups.created)><When at=backup.created_at /></td>
            <td class="menu-cell">
                <Menu id=format!("menu-{}", backup.id) label=say!(common.more, name = backup.name).to_string()>
                    <MenuLink href=href.clone() label=say!(backup.view) glyph=Glyph::Arrow />
                    {(backup.state == BackupState::Available)
                        .then(|| {
                            view! {
                                <MenuLink href=format!("{href}?dialog=verify") label=say!(backup.verify) glyph=Glyph::Seal />
                                <MenuLink href=format!("{href}?dialog=export") label=say!(backup.export) glyph=Glyph::Export />
                                <MenuLink href=format!("{href}?dialog=restore") label=say!(backup.restore) glyph=Glyph::Restore />
                            }
                        })}
                    {super::super::backup::deletable(backup.state)
                        .then(|| view! { <MenuLink href=format!("{href}?dialog=delete") label=say!(backup.delete) glyph=Glyph::Trash danger=true /> })}
                </Menu>
            </td>
        </tr>
    }
}
