//! The form of an API key: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_engine::Engine;
use hozon_model::{ErrorCode, Grant, NewApiKey, Role, Scope};
use jiff::{SignedDuration, Timestamp};

use super::super::moment;
use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// The name under which the form sends each chosen cluster.
pub(crate) const CLUSTERS: &str = "clusters[]";
/// After how many days a key ends, to choose from.
pub(crate) const DAYS: [&str; 3] = ["30", "90", "365"];

/// An API key to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyForm {
    /// The key's name.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// `everywhere`, `project` or `clusters`.
    pub place: String,
    /// The project's name.
    pub project: String,
    /// The clusters' names.
    pub clusters: Vec<String>,
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
            role: text("role", Role::ReadOnly.as_str()),
            place: text("place", "project"),
            project: text("project", ""),
            clusters: query.all(CLUSTERS),
            expires: text("expires", "90"),
            until: text("until", ""),
            zone: text("zone", ""),
        }
    }

    /// What the form would send.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![
            one("name", &self.name),
            one("role", &self.role),
            one("place", &self.place),
            one("project", &self.project),
        ];
        fields.extend(self.clusters.iter().map(|name| one(CLUSTERS, name)));
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
        let expires_at = self.end()?;
        let scope = self.scope(engine).await?;
        Ok(NewApiKey {
            name: self.name,
            grants: vec![Grant {
                role: Role::from(self.role),
                scope,
            }],
            expires_at,
        })
    }

    /// Where the role holds. Nothing chosen never means everything.
    async fn scope(&self, engine: &Engine) -> AppResult<Option<Scope>> {
        let names: &[String] = match self.place.as_str() {
            "everywhere" => return Ok(None),
            "project" => &[],
            "clusters" if !self.clusters.is_empty() => &self.clusters,
            "clusters" => return Err(refused("clusters", "no cluster was chosen")),
            _ => return Err(refused("place", "say where the key is to work")),
        };
        let mut scope = Scope {
            project_id: engine.project(&self.project).await?.id,
            cluster_ids: Vec::new(),
        };
        for name in names {
            scope.cluster_ids.push(engine.cluster(name).await?.id);
        }
        Ok(Some(scope))
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
            role: "read_write".to_owned(),
            place: "clusters".to_owned(),
            project: "search".to_owned(),
            clusters: vec!["main".to_owned(), "予備".to_owned()],
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
