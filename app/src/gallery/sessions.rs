//! Sessions, what lies in an account's own hands, and the reference of the APIs.

use super::{each, samples};
use crate::{
    flash::{Flash, Form},
    pages,
    visit::Theme,
};

#[test]
fn sessions_and_the_reference_of_the_apis() {
    let told = |others| pages::access_sessions::Told {
        own: samples::sessions(),
        here: Some("here".to_owned()),
        others,
        may_end: false,
        two_steps: samples::two_steps(false),
    };
    each(
        "sessions",
        "/access/sessions",
        None,
        move || pages::access_sessions::page(told(Some(samples::sessions())), None, None),
        |_, html| {
            assert!(html.contains("/api/end_session") && html.contains("/api/end_other_sessions"));
            assert!(html.contains("user:edit") && html.contains("10.0.0.90"));
        },
    );
    let refused = Flash::Refused(Form::Password, samples::refusal());
    each(
        "password",
        "/access/sessions?dialog=password",
        Some(refused),
        move || pages::access_sessions::page(told(None), None, Some("password")),
        |_, html| {
            assert!(html.contains("user:view") && html.contains("current-password"));
            assert!(html.contains("role=\"alert\""), "the refusal is not shown");
        },
    );
    each(
        "two-steps",
        "/access/sessions?dialog=two-steps",
        Some(Flash::Refused(Form::ConfirmTotp, samples::refusal())),
        move || pages::access_sessions::page(told(None), None, Some("two-steps")),
        |_, html| {
            assert!(html.contains("class=\"qr\"") && html.contains("GEZDGNBVGY3TQOJQ"));
            assert!(html.contains("/api/confirm_totp") && html.contains("role=\"alert\""));
        },
    );
    each(
        "two-steps-off",
        "/access/sessions?dialog=two-steps-off",
        None,
        move || {
            let told = pages::access_sessions::Told {
                two_steps: samples::two_steps(true),
                ..told(None)
            };
            pages::access_sessions::page(told, None, Some("two-steps-off"))
        },
        |_, html| {
            assert!(html.contains("/api/end_totp") && html.contains("abcd-efgh-ijkl-mnop"));
            assert!(!html.contains("/api/begin_totp"));
        },
    );
    each(
        "api-reference",
        "/access/api?api=api/v1",
        None,
        || {
            let (served, address) = (samples::served_apis(), "http://localhost:8790");
            pages::access_api::page(&served, Some("api/v1"), address, Theme::Dark)
        },
        |_, html| {
            assert!(html.contains("/api/v1/docs/index.html?theme=dark"));
            assert!(html.contains("curl http://localhost:8790/api/v1/list"));
        },
    );
}
