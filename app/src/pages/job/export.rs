//! What only the job of an export has: where it goes, and what it leaves when it does not end well.

use hozon_engine::Engine;
use hozon_model::{ErrorCode, ExportFormat, JobState, JobSummary, Privilege};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::SweepExport,
    error::AppResult,
    text::say,
    widgets::{Button, Fact, Glyph, Withheld},
};

/// Where an export goes.
#[derive(Clone, Debug)]
pub(crate) struct Exported {
    /// The integration's identifier.
    pub id: String,
    /// The integration's name; none where it is gone.
    pub name: Option<String>,
    /// The directory there.
    pub directory: String,
    /// In which shape.
    pub format: ExportFormat,
}

/// What the job was asked for.
pub(super) async fn exported(engine: &Engine, job: &JobSummary) -> AppResult<Exported> {
    let options = engine.export_options(&job.id).await?;
    let name = match engine.integration(options.integration_id.as_str()).await {
        Ok(integration) => Some(integration.name),
        Err(error) if error.code() == ErrorCode::IntegrationNotFound => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Exported {
        id: options.integration_id.to_string(),
        name,
        directory: options.directory,
        format: options.format,
    })
}

/// Integration, directory and format.
pub(super) fn facts(export: Exported) -> impl IntoView {
    let Exported {
        id,
        name,
        directory,
        format,
    } = export;
    let integration = match name {
        Some(name) => view! { <a href=format!("/integrations/{id}")>{name}</a> }.into_any(),
        None => view! { <code>{id}</code> }.into_any(),
    };
    let format = match format {
        ExportFormat::MilvusBackup => say!(export.format_archive),
        ExportFormat::Repository => say!(export.format_repository),
    };
    let directory = (!directory.is_empty()).then(
        || view! { <Fact name=say!(export.directory)><code class="long">{directory}</code></Fact> },
    );
    view! {
        <Fact name=say!(export.integration)>{integration}</Fact>
        {directory}
        <Fact name=say!(export.format)>{format}</Fact>
    }
}

/// What became of the files of an export that failed or was canceled, and the button that removes them.
pub(super) fn left(job: &JobSummary, missing: Option<Privilege>) -> Option<AnyView> {
    let unfinished = matches!(job.state, JobState::Failed | JobState::Canceled);
    let id = job.id.to_string();
    unfinished.then(|| {
        let sweep = match missing {
            Some(missing) => view! { <Withheld id="why-not-sweep" glyph=Glyph::Trash label=say!(job.sweep) missing /> }.into_any(),
            None => view! {
                <form method="post" action=SweepExport::url()>
                    <input type="hidden" name="id" value=id />
                    <Button glyph=Glyph::Trash label=say!(job.sweep) />
                </form>
            }
            .into_any(),
        };
        view! {
            <section class="card">
                <p>{say!(job.export_stays)}</p>
                {sweep}
            </section>
        }
        .into_any()
    })
}
