//! The reference of the REST APIs: where they are, how one comes in, what they offer, and their own pages in a frame.
//!
//! The frame needs scripts; everything above it does not.

use hozon_model::ServedApi;
use leptos::prelude::*;

use super::access::{AccessTab, AccessTabs};
use crate::{
    help::Guide,
    islands::CopyButton,
    layout::{Page, Section, loaded},
    reference, session,
    text::say,
    visit::{Address, Theme, Visit},
    widgets::{CopyableId, Drawing, Empty, Fact, Facts, Tab, Tabs},
};

/// The base of the control plane; the other API is milvus-backup's.
const CONTROL_PLANE: &str = "/v2";

/// The API that the address names, or the first one.
#[component]
pub(crate) fn ApiPage() -> impl IntoView {
    loaded(Section::Access, async {
        let visit = Visit::current();
        let chosen = visit.address.query.get("api");
        Ok(page(
            &reference::served(),
            chosen,
            &session::reached_at(),
            visit.theme,
        ))
    })
}

/// The page for the APIs that are served at an address.
pub(crate) fn page(
    served: &[ServedApi],
    chosen: Option<&str>,
    address: &str,
    theme: Theme,
) -> AnyView {
    let named = |api: &&ServedApi| Some(key(api)) == chosen;
    let content = match served.iter().find(named).or(served.first()) {
        None => {
            view! { <Empty drawing=Drawing::Lantern title=say!(api_reference.none) /> }.into_any()
        }
        Some(api) => {
            let tabs = (served.len() > 1).then(|| tabs(served, api));
            let (api, alone) = (api.clone(), served.len() == 1);
            let address = address.to_owned();
            view! {
                {tabs}
                <Reference api address theme alone />
            }
            .into_any()
        }
    };
    view! {
        <Page section=Section::Access title=say!(api_reference.title) about=say!(api_reference.about) help=Guide::Access>
            <AccessTabs current=AccessTab::Api />
            {content}
        </Page>
    }
    .into_any()
}

/// An API in the page's address.
fn key(api: &ServedApi) -> &str {
    api.base.trim_start_matches('/')
}

fn name(api: &ServedApi) -> String {
    let title = if api.base == CONTROL_PLANE {
        say!(api_reference.control_plane)
    } else {
        "milvus-backup"
    };
    format!("{title} ({})", api.base)
}

fn tabs(served: &[ServedApi], current: &ServedApi) -> impl IntoView + use<> {
    let tabs: Vec<_> = served
        .iter()
        .map(|api| {
            let href = Address::new(reference::PAGE)
                .with("api", key(api))
                .to_string();
            view! { <Tab href label=name(api) current=api.base == current.base /> }
        })
        .collect();
    view! { <Tabs label=say!(api_reference.which)>{tabs}</Tabs> }
}

#[component]
fn Reference(
    api: ServedApi,
    address: String,
    theme: Theme,
    /// Whether no other API is served.
    alone: bool,
) -> impl IntoView {
    let control_plane = api.base == CONTROL_PLANE;
    let base = format!("{address}{}", api.base);
    let (document, pages) = (
        format!("{}/docs/doc.json", api.base),
        format!("{}/docs/index.html", api.base),
    );
    let frame = format!("{pages}?theme={}", theme.as_str());
    let (guard, example) = if control_plane {
        (
            view! {
                <p>
                    {say!(api_reference.guard_key)}
                    " "
                    <code>"Authorization: Bearer …"</code>
                    " "
                    <a href="/access/keys">{say!(api_keys.title)}</a>
                </p>
            }
            .into_any(),
            reference::example(&address, "$HOZON_API_KEY"),
        )
    } else {
        (
            say!(api_reference.guard_own).into_any(),
            format!("curl {base}/list"),
        )
    };
    view! {
        <Facts>
            <Fact name=say!(api_reference.base)><CopyableId id=base /></Fact>
            <Fact name=say!(api_reference.guard)>{guard}</Fact>
            <Fact name=say!(api_reference.document)><a href=document>{say!(api_reference.openapi)}</a></Fact>
            <Fact name=say!(api_reference.pages)><a href=pages target="_blank">{say!(api_reference.apart)}</a></Fact>
        </Facts>
        <section class="card" aria-labelledby="example-title">
            <h2 id="example-title">{say!(api_reference.example)}</h2>
            <div class="document">
                <pre tabindex="0" aria-labelledby="example-title">{example.clone()}</pre>
                <CopyButton text=example label=say!(common.copy).to_owned() done=say!(common.copied).to_owned() />
            </div>
            {alone.then(|| view! {
                <p class="hint">{say!(api_reference.switched_off)} " " <code>"hozon serve --compat-milvus-backup"</code></p>
            })}
        </section>
        <Operations api />
        <iframe class="api-pages" src=frame title=say!(api_reference.frame)></iframe>
    }
}

/// Everything that the API offers, for those whose browser runs no scripts.
#[component]
fn Operations(api: ServedApi) -> impl IntoView {
    let ServedApi { base, operations } = api;
    let number = operations.len();
    let rows: Vec<_> = operations
        .into_iter()
        .map(|operation| {
            let path = format!("{base}{}", operation.path);
            view! {
                <tr>
                    <td><code>{operation.method}</code></td>
                    <td><code>{path}</code></td>
                    <td><code>{operation.name}</code></td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="card operations">
            <summary>{say!(api_reference.operations, n = number).to_string()}</summary>
            <table class="table">
                <caption class="only-heard">{say!(api_reference.operations, n = number).to_string()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say!(api_reference.method)}</th>
                        <th scope="col">{say!(api_reference.path)}</th>
                        <th scope="col">{say!(api_reference.operation)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}
