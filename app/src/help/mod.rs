//! The guides: how to do what Hozon does, in three languages.
//!
//! They are Markdown files in `app/help`, compiled into the server and made into HTML there; none of it reaches the
//! browser's code. Their language is that of the address, so that a link says what somebody will read. Their pictures are
//! served from `public/help`.

mod pictures;
mod render;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::LazyLock};

use hozon_model::IntegrationProvider;

pub(crate) use render::{Heading, Written};

use crate::text::{LOCALES, Locale, tag};

/// Every guide once: its name in code, and its name in addresses and files. One that a language lacks does not compile.
macro_rules! guides {
    ($($name:ident = $slug:literal),* $(,)?) => {
        /// A guide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Guide {
            $(#[doc = $slug] $name,)*
        }

        impl Guide {
            /// Every guide, in the order in which one might read them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in addresses.
            pub(crate) fn slug(self) -> &'static str {
                match self {
                    $(Self::$name => $slug,)*
                }
            }

            fn source(self, locale: Locale) -> &'static str {
                match (self, locale) {
                    $(
                        (Self::$name, Locale::en) => include_str!(concat!("../../help/en/", $slug, ".md")),
                        (Self::$name, Locale::ja) => include_str!(concat!("../../help/ja/", $slug, ".md")),
                        (Self::$name, Locale::zh) => include_str!(concat!("../../help/zh/", $slug, ".md")),
                    )*
                }
            }
        }
    };
}

guides! {
    BeforeYouStart = "before-you-start",
    Create = "create",
    Schedule = "schedule",
    View = "view",
    Restore = "restore",
    Export = "export",
    Delete = "delete",
    S3 = "s3",
    Azure = "azure",
    Gcs = "gcs",
    Projects = "projects",
    Access = "access",
    Audit = "audit",
    Jobs = "jobs",
    MilvusBackup = "milvus-backup",
}

static GUIDES: LazyLock<BTreeMap<(Guide, &str), Written>> = LazyLock::new(|| {
    let written = |guide: Guide, locale| {
        (
            (guide, tag(locale)),
            render::written(guide.source(locale), locale, pictures::TAKEN),
        )
    };
    Guide::ALL
        .iter()
        .flat_map(|guide| LOCALES.map(|locale| written(*guide, locale)))
        .collect()
});

impl Guide {
    /// The guide of that name.
    pub(crate) fn named(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|guide| guide.slug() == slug)
    }

    /// What it says.
    pub(crate) fn read(self, locale: Locale) -> &'static Written {
        GUIDES
            .get(&(self, tag(locale)))
            .expect("every guide is kept in every language")
    }

    /// The one about a place for exports.
    pub(crate) fn of_provider(provider: IntegrationProvider) -> Self {
        match provider {
            IntegrationProvider::Azure => Self::Azure,
            IntegrationProvider::Gcs => Self::Gcs,
            IntegrationProvider::S3
            | IntegrationProvider::S3Compatible
            | IntegrationProvider::Local => Self::S3,
        }
    }

    /// Where it is.
    pub(crate) fn href(self, locale: Locale) -> String {
        format!("{}/{}", index(locale), self.slug())
    }
}

/// Where the list of guides is.
pub(crate) fn index(locale: Locale) -> String {
    format!("/{}/help", tag(locale))
}

/// Whether a path is help. Help tells nobody anything about this installation, so it needs no session: who cannot
/// sign in needs it most.
pub fn is_help(path: &str) -> bool {
    let anywhere = path.strip_prefix("/help");
    anywhere.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        || parts(path).is_some()
}

/// The language in which a path is to be answered, where the path says so.
pub(crate) fn locale_of(path: &str) -> Option<Locale> {
    parts(path).map(|(locale, _)| locale)
}

/// The same help in another language. Other addresses have no language, and stay as they are.
pub(crate) fn translated(address: &str, locale: Locale) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    match parts(path) {
        Some((_, below)) => format!("{}{below}{rest}", index(locale)),
        None => address.to_owned(),
    }
}

/// The language of a help path, and what follows `/help`.
fn parts(path: &str) -> Option<(Locale, &str)> {
    let (language, below) = path.strip_prefix('/')?.split_once("/help")?;
    let locale = LOCALES
        .into_iter()
        .find(|locale| tag(*locale) == language)?;
    (below.is_empty() || below.starts_with('/')).then_some((locale, below))
}
