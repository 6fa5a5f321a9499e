//! Mounts what `hozon_app` exports, and gives it what it may ask the context for.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use hozon_app::{
    App,
    reference::{self, Apis},
    session::{BehindTls, IdentityProvider, Listen, PublicUrl},
    shell,
};
use hozon_model::User;
use leptos::{
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    LeptosRoutes, ResponseOptions, generate_route_list, render_app_async_with_context,
};

use super::{Console, headers, origin};

/// The console's pages and its server functions.
pub(super) fn routes(console: &Console) -> Router<Console> {
    let options = console.leptos.clone();
    Router::new().leptos_routes_with_context(
        console,
        generate_route_list(App),
        context(console),
        move || shell(options.clone()),
    )
}

/// What somebody sees who asks for a page that is not there.
pub(super) fn not_found(console: &Console) -> MethodRouter {
    let (context, options) = (context(console), console.leptos.clone());
    any(async move |request: Request| -> Response {
        if !origin::wants_page(request.headers()) {
            return (StatusCode::NOT_FOUND, "Nothing is here.\n").into_response();
        }
        let page = render_app_async_with_context(context, move || shell(options.clone()));
        let mut response = page(request).await;
        if response.status().is_success() {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    })
}

fn context(console: &Console) -> impl Fn() + Clone + Send + Sync + 'static {
    let engine = console.engine.clone();
    let public_url = PublicUrl(console.site.public_url.clone());
    let listen = Listen(console.site.listen);
    let provider = console.site.oidc.as_ref();
    let provider = IdentityProvider(provider.map(|door| door.name().to_owned()));
    let apis = Apis {
        served: console.site.served.clone().into(),
    };
    move || {
        provide_context(engine.clone());
        provide_context(public_url.clone());
        provide_context(listen);
        provide_context(provider.clone());
        provide_context(apis.clone());
        let request = use_context::<Parts>();
        let behind_tls = request
            .as_ref()
            .and_then(|request| request.extensions.get::<BehindTls>().copied());
        provide_context(behind_tls.unwrap_or_default());
        let frames = request
            .as_ref()
            .is_some_and(|request| request.uri.path() == reference::PAGE);
        let user: Option<User> = request
            .and_then(|request| request.extensions.get::<Option<User>>().cloned())
            .flatten();
        provide_context(user);
        // Only pages have a nonce; the answers of server functions run no code at all.
        if let (Some(nonce), Some(answer)) = (use_nonce(), use_context::<ResponseOptions>()) {
            let policy = HeaderValue::from_str(&headers::page_policy(&nonce, frames))
                .expect("a nonce is URL-safe base64");
            answer.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
