//! Tells the server in which time zone its pages are read.

use leptos::prelude::*;

/// The cookie that keeps the name of the visitor's time zone.
pub const ZONE_COOKIE: &str = "hozon_zone";

/// Keeps the browser's time zone in a cookie; pages are written in it from the next one on.
#[island]
pub fn TimeZoneCookie() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(|_| {
        if let Some(cookie) = cookie() {
            use wasm_bindgen::JsCast;
            if let Some(document) = super::browser::document()
                .and_then(|document| document.dyn_into::<web_sys::HtmlDocument>().ok())
            {
                // Without the cookie times are told in UTC, and say so.
                _ = document.set_cookie(&cookie);
            }
        }
    });
}

#[cfg(feature = "hydrate")]
fn cookie() -> Option<String> {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new())
        .resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into())
        .ok()?
        .as_string()?;
    let value = js_sys::encode_uri_component(&zone);
    Some(format!(
        "{ZONE_COOKIE}={value}; Path=/; Max-Age=31536000; SameSite=Lax"
    ))
}
