//! The form of an API key: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_engine::Engine;
use hozon_model::{ErrorCode, NewApiKey};
use jiff::{SignedDuration, Timestamp};

use super::super::{GrantForm, moment};
use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// After how many days a key ends, to choose from.
pub(crate) const DAYS: [&str; 3] = ["30", "90", "365"];

/// An API key to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyForm {
    /// The key's name.
    pub name: String,
    /// What it may do, and where.
    pub grant: GrantForm,
    /// `never`, a number of days, or `date`.
    pub expires: String,
    /// A date and time in `zone`, as the browser writes it.
    pub until: String,
    /// The visitor's time zone.
    pub zone: String,
}

impl KeyForm {
    /// The form that stands in an address.
    pub(crate) fn of(query: &Query) -> Self {
        let text = |name, usual: &str| query.get(name).unwrap_or(usual).to_owned();
        Self {
            name: text("name", ""),
            grant: GrantForm::of(query, "project"),
            expires: text("expires", "90"),
            until: text("until", ""),
            zone: text("zone", ""),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![one("name", &self.name)];
        fields.extend(self.grant.fields());
        fields.extend([
            one("expires", &self.expires),
            one("until", &self.until),
            one("zone", &self.zone),
        ]);
        fields
    }

    /// The page with the form as it is.
    pub(super) fn address(&self) -> Address {
        self.fields()
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .fold(
                Address::new("/access/keys/new"),
                |address, (name, value)| address.and(&name, [value]),
            )
    }

    /// What the engine is to make.
    pub(super) async fn into_new(self, engine: &Engine) -> AppResult<NewApiKey> {
        Ok(NewApiKey {
            expires_at: self.end()?,
            grants: self.grant.grants(engine).await?,
            name: self.name,
        })
    }

    /// When the key stops working; none: never.
    fn end(&self) -> AppResult<Option<Timestamp>> {
        match self.expires.as_str() {
            "never" => Ok(None),
            "date" if self.until.trim().is_empty() => Err(refused("until", "no date was given")),
            "date" => moment(self.until.trim(), &self.zone).map(Some),
            days => {
                let days: u16 = days
                    .parse()
                    .map_err(|_| refused("expires", format!("`{days}` is no number of days")))?;
                let lasts = SignedDuration::from_hours(24 * i64::from(days));
                Ok(Some(Timestamp::now() + lasts))
            }
        }
    }
}

fn refused(field: &str, why: impl Into<String>) -> AppError {
    AppError::new(ErrorCode::InvalidInput, field, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> KeyForm {
        KeyForm {
            name: "夜間 & 毎日".to_owned(),
            grant: GrantForm {
                role: "read_write".to_owned(),
                place: "clusters".to_owned(),
                project: "search".to_owned(),
                clusters: vec!["search/main".to_owned(), "search/予備".to_owned()],
            },
            expires: "date".to_owned(),
            until: "2026-12-31T18:00".to_owned(),
            zone: "Asia/Tokyo".to_owned(),
        }
    }

    #[test]
    fn a_key_survives_its_address() {
        let address = form().address();
        let uri = address.to_string().parse().expect("an address is a URI");
        assert_eq!(KeyForm::of(&Address::of(&uri).query), form());
    }

    #[test]
    fn a_key_ends_when_it_was_meant_to() {
        let at = |expires: &str, until: &str| {
            let form = KeyForm {
                expires: expires.to_owned(),
                until: until.to_owned(),
                ..form()
            };
            form.end()
                .map(|end| end.map(|end| end.to_string()))
                .map_err(|error| error.report.subject)
        };
        assert_eq!(
            at("date", "2026-12-31T18:00"),
            Ok(Some("2026-12-31T09:00:00Z".to_owned()))
        );
        assert_eq!(at("never", ""), Ok(None));
        assert_eq!(at("date", " "), Err("until".to_owned()));
        assert_eq!(at("date", "tomorrow"), Err("tomorrow".to_owned()));
        assert_eq!(at("soon", ""), Err("expires".to_owned()));
        for days in DAYS {
            assert!(matches!(at(days, ""), Ok(Some(_))), "{days}");
        }
    }
}
