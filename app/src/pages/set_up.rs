//! The first start. Whoever holds the link that the server printed makes the first owner; everybody else is told where that
//! link lies. How this server is set is for the one with the link alone.

use std::net::SocketAddr;

use axum::http::StatusCode;
use hozon_engine::accounts::Secret;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{AGAIN, SetUp},
    error::AppResult,
    flash::{Flash, Form},
    help::Guide,
    layout::{Plain, status},
    session::{self, BehindTls, Listen},
    text::say,
    visit::{Query, Visit},
    widgets::{
        Alert, Button, ButtonLink, Fact, Facts, Field, Glyph, HelpLink, Input, Look, Problem,
    },
};

/// The form, or why there is none.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let query = Visit::current().address.query;
    Suspend::new(async move {
        if session::user().is_some() {
            leptos_axum::redirect("/backups");
            return ().into_any();
        }
        match page(&query).await {
            Ok(page) => page,
            Err(error) => {
                status(StatusCode::SERVICE_UNAVAILABLE);
                view! {
                    <Plain title=say!(problem.title)>
                        <Problem report=error.report title=say!(problem.title) />
                    </Plain>
                }
                .into_any()
            }
        }
    })
}

async fn page(query: &Query) -> AppResult<AnyView> {
    let engine = session::engine();
    if engine.is_set_up().await? {
        return Ok(over());
    }
    let Some(token) = query.get("token") else {
        let wait = query
            .get("wait")
            .and_then(|seconds| seconds.parse::<u32>().ok());
        return Ok(waiting(wait));
    };
    if !engine.may_set_up(&Secret::new(token)).await? {
        status(StatusCode::FORBIDDEN);
        return Ok(wrong());
    }
    let set = Set {
        repository: engine.repository_location().url.clone(),
        listen: use_context::<Listen>().and_then(|Listen(address)| address),
        tls: use_context::<BehindTls>().is_some_and(|BehindTls(tls)| tls),
    };
    let name = query.get("name").unwrap_or("admin");
    Ok(form(token.to_owned(), name.to_owned(), set))
}

/// How this server is set.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    /// Where backups are kept.
    pub repository: String,
    /// Where the console listens.
    pub listen: Option<SocketAddr>,
    /// Whether this page came by TLS.
    pub tls: bool,
}

/// For who holds the token.
pub(crate) fn form(token: String, name: String, set: Set) -> AnyView {
    view! {
        <Plain title=say!(set_up.title)>
            <p class="door-about">{say!(set_up.about)}</p>
            {refusal()}
            <form method="post" action=SetUp::url() class="stack">
                <input type="hidden" name="token" value=token />
                <Field id="name" label=say!(sign_in.name)>
                    <Input id="name" name="name" value=name autocomplete="username" required=true longest=64 />
                </Field>
                <Field id="password" label=say!(sign_in.password) hint=say!(welcome.password_hint)>
                    <Input
                        id="password"
                        name="password"
                        kind="password"
                        autocomplete="new-password"
                        required=true
                        shortest=12
                        autofocus=true
                        hinted=true
                    />
                </Field>
                <Field id="again" label=say!(set_up.again)>
                    <Input id="again" name="again" kind="password" autocomplete="new-password" required=true shortest=12 />
                </Field>
                <Button look=Look::Primary label=say!(set_up.title) />
                <p class="hint">{say!(set_up.next)}</p>
            </form>
            <h2>{say!(set_up.settings)}</h2>
            {facts(set)}
            <p class="hint">{say!(set_up.change)} " " <HelpLink guide=Guide::BeforeYouStart apart=true /></p>
        </Plain>
    }
    .into_any()
}

/// Why what was sent is not taken.
fn refusal() -> Option<AnyView> {
    let report = Flash::refusal(Form::SetUp)?;
    if report.subject == AGAIN {
        return Some(view! { <Alert text=say!(set_up.differs) /> }.into_any());
    }
    Some(view! { <Problem report title=say!(problem.refused) /> }.into_any())
}

fn facts(set: Set) -> impl IntoView {
    let alone = set.listen.is_some_and(|address| address.ip().is_loopback());
    let listens = set.listen.map(|address| {
        let reach = if alone {
            say!(set_up.this_machine)
        } else {
            say!(set_up.other_machines)
        };
        view! { <Fact name=say!(set_up.listens)><code>{address.to_string()}</code> " " {reach}</Fact> }
    });
    let encryption = match (set.tls, alone) {
        (true, _) => "TLS",
        (false, true) => say!(set_up.not_needed),
        (false, false) => say!(set_up.in_the_clear),
    };
    view! {
        <Facts>
            <Fact name=say!(set_up.repository)><code>{set.repository}</code></Fact>
            {listens}
            <Fact name=say!(set_up.encryption)>{encryption}</Fact>
        </Facts>
    }
}

/// For whoever came without the link. An identity provider may vouch for an owner meanwhile.
pub(crate) fn waiting(wait: Option<u32>) -> AnyView {
    let provider = session::provider().map(|name| {
        let label = say!(oidc.button, name = name).to_string();
        view! { <ButtonLink glyph=Glyph::Key href="/oidc/sign-in" label /> }
    });
    view! {
        <Plain title=say!(set_up.waiting_title)>
            {wait.map(|seconds| view! { <Alert text=say!(sign_in.wait, seconds = seconds.to_string()).to_string() /> })}
            <p class="door-about">{say!(set_up.waiting_about)}</p>
            <p>{say!(set_up.waiting_where)} " " <code>"hozon serve"</code></p>
            {provider}
            {lost()}
        </Plain>
    }
    .into_any()
}

/// For whoever came with another link.
pub(crate) fn wrong() -> AnyView {
    view! {
        <Plain title=say!(welcome.used_title)>
            <Alert text=say!(set_up.wrong) />
            <p>{say!(set_up.waiting_where)} " " <code>"hozon serve"</code></p>
            {lost()}
        </Plain>
    }
    .into_any()
}

/// How to come by a link.
fn lost() -> impl IntoView {
    view! { <p class="door-hint">{say!(set_up.lost)} " " <code>"hozon admin link"</code></p> }
}

/// There is somebody already.
pub(crate) fn over() -> AnyView {
    view! {
        <Plain title=say!(set_up.over_title)>
            <p class="door-about">{say!(set_up.over_about)}</p>
            <ButtonLink look=Look::Primary href="/sign-in" label=say!(sign_in.title) />
            <p class="door-hint">{say!(sign_in.lost)} " " <code>"hozon admin link"</code></p>
        </Plain>
    }
    .into_any()
}
