//! The guides.

use super::each;
use crate::{help::Guide, pages};

#[test]
fn help() {
    each(
        "help",
        "/en/help",
        None,
        pages::help::guides_page,
        |locale, html| {
            for guide in Guide::ALL {
                assert!(html.contains(&guide.href(locale)), "{}", guide.slug());
            }
        },
    );
    each(
        "guide",
        "/en/help/restore",
        None,
        || pages::help::guide_page(Guide::Restore),
        |_, html| {
            assert!(html.contains("<h2 id=\"names\">") && html.contains("href=\"#names\""));
        },
    );
}
