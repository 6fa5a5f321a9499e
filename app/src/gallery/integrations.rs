//! Integrations, and an export to one.

use super::{
    each, owner, projects,
    samples::{self, backup, jobs},
};
use crate::{
    actions::ExportForm,
    flash::{Flash, Form},
    pages,
    visit::Address,
};

#[test]
fn integrations_and_an_export() {
    each(
        "integrations",
        "/integrations",
        None,
        || pages::integrations::page(samples::integrations(), None),
        |_, html| assert!(html.contains("書庫") && html.contains("s3://exports/hozon")),
    );
    each(
        "integration",
        "/integrations/x",
        None,
        || {
            let integration = samples::integrations().remove(0);
            let policy = Some("{ \"Version\": \"2012-10-17\" }".to_owned());
            let missing = pages::integration::Lacking::default();
            pages::integration::page(
                integration,
                policy,
                missing,
                Some(Ok(samples::probe())),
                None,
            )
        },
        |_, html| assert!(html.contains("If-None-Match") && html.contains("2012-10-17")),
    );
    let refused = Flash::Refused(Form::Integration, samples::refusal());
    each(
        "integration-add",
        "/integrations/new?provider=s3_compatible",
        Some(refused),
        || {
            let query = Address::new("/")
                .with("provider", "s3_compatible")
                .with("name", "書庫")
                .with("tried", "pfsss")
                .query;
            pages::integration_add::page(&query, None, projects::projects())
        },
        |_, html| {
            assert!(html.contains("value=\"書庫\"") && html.contains("id=\"endpoint\""));
            assert!(html.contains("id=\"project\"") && html.contains("hozon integration add"));
        },
    );
    for (name, integrations) in [
        ("export", samples::integrations()),
        ("export-none", Vec::new()),
    ] {
        let page = move || {
            let here = Address::new("/backups/x");
            let form = ExportForm::of(&here.query, "backup0_1");
            let region = Some("ap-northeast-1".to_owned());
            let summary = backup().summary;
            let dialog = pages::backup::export::form(&summary, region, &integrations, form, &here);
            pages::backup::page(backup(), jobs(), &owner(), &here, Some(dialog))
        };
        each(name, "/backups/x?dialog=export", None, page, |_, html| {
            assert!(html.contains("ap-northeast-1") || html.contains("/integrations/new"));
        });
    }
}
