//! The archives that were found.

use hozon_model::{ExportFormat, FoundArchive, FoundArchives};
use leptos::prelude::*;

use crate::{
    actions::AdoptForm,
    format::count,
    text::{self, say},
    widgets::{Column, Table, When},
};

/// Collections that are named; of more it is said how many there are.
const NAMED: usize = 4;

/// What was found, newest first.
#[component]
pub(super) fn Found(found: FoundArchives, form: AdoptForm) -> impl IntoView {
    let FoundArchives { archives, complete } = found;
    let incomplete = (!complete).then(|| view! { <p>{say!(adopt.incomplete)}</p> });
    let content = if archives.is_empty() {
        view! {
            <p>{say!(adopt.none)}</p>
            <p class="hint">{say!(adopt.none_hint)}</p>
        }
        .into_any()
    } else {
        let rows = archives.into_iter().map(|archive| {
            let form = form.clone();
            view! { <Row archive form /> }
        });
        let rows: Vec<_> = rows.collect();
        view! {
            <Table
                caption=say!(adopt.list)
                columns=vec![
                    Column::of(say!(adopt.name)),
                    Column::of(say!(adopt.collections)),
                    Column::of(say!(adopt.made)),
                    Column::of(say!(adopt.directory)).minor(),
                    Column::of(say!(adopt.format)).minor(),
                    Column::actions(),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="found-title">
            <h2 id="found-title">{say!(adopt.found)}</h2>
            {incomplete}
            {content}
        </section>
    }
}

#[component]
fn Row(archive: FoundArchive, form: AdoptForm) -> impl IntoView {
    let name = archive.name.clone();
    let what = match &archive.damage {
        Some(damage) => text::sentence(text::locale(), damage.code).to_owned(),
        None => collections(&archive),
    };
    let adopt = archive.damage.is_none().then(|| {
        let href = AdoptForm {
            directory: archive.directory.clone(),
            backup: archive
                .backup_id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            ..form
        };
        let href = href.address().to_string();
        let label = say!(adopt.choose_name, name = name.clone()).to_string();
        view! { <a class="button" href=href aria-label=label>{say!(adopt.choose)}</a> }
    });
    let made = match archive.made_at {
        Some(at) => view! { <When at /> }.into_any(),
        None => "–".into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="name">{name}</th>
            <td data-label=say!(adopt.collections)>{what}</td>
            <td data-label=say!(adopt.made)>{made}</td>
            <td class="minor" data-label=say!(adopt.directory)><code class="long">{archive.directory}</code></td>
            <td class="minor" data-label=say!(adopt.format)>{format_name(archive.format)}</td>
            <td>{adopt}</td>
        </tr>
    }
}

fn format_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::MilvusBackup => say!(export.format_archive),
        ExportFormat::Repository => say!(export.format_repository),
    }
}

fn collections(archive: &FoundArchive) -> String {
    let total = archive.collections.len();
    let named = archive.collections.iter().take(NAMED);
    let names: Vec<_> = named.map(ToString::to_string).collect();
    let names = names.join(", ");
    if total <= NAMED {
        return names;
    }
    say!(
        adopt.more_collections,
        names = names,
        n = count(total as u64)
    )
    .to_string()
}
