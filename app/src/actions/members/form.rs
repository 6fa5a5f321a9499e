//! A role and where it shall hold: as it stands in an address, as it is posted, and as the engine wants it.

use hozon_engine::Engine;
use hozon_model::{ErrorCode, Grant, Role, Scope};

use crate::{
    error::{AppError, AppResult},
    format::command::Fields,
    visit::{Address, Query},
};

/// The field of the clusters that are chosen, each as `project/cluster`.
pub(crate) const CLUSTERS: &str = "clusters[]";

/// A role to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GrantForm {
    /// The role, by its name.
    pub role: String,
    /// `everywhere`, `project` or `clusters`: which of the two fields below counts.
    pub place: String,
    /// The project, by its name or identifier.
    pub project: String,
    /// The clusters, each as `project/cluster`.
    pub clusters: Vec<String>,
}

impl GrantForm {
    /// The form that stands in an address; where none does, to look, at the usual kind of place.
    pub(crate) fn of(query: &Query, usual_place: &str) -> Self {
        let text = |name, otherwise: &str| query.get(name).unwrap_or(otherwise).to_owned();
        Self {
            role: text("role", Role::ReadOnly.as_str()),
            place: text("place", usual_place),
            project: text("project", ""),
            clusters: query.all(CLUSTERS),
        }
    }

    /// An address with the form in it.
    pub(crate) fn kept_in(&self, address: Address) -> Address {
        address
            .with("role", &self.role)
            .with("place", &self.place)
            .with("project", &self.project)
            .and(CLUSTERS, self.clusters.iter().map(String::as_str))
    }

    /// The fields as the form would send them.
    pub(crate) fn fields(&self) -> Fields {
        let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        [
            one("role", &self.role),
            one("place", &self.place),
            one("project", &self.project),
        ]
        .into_iter()
        .chain(self.clusters.iter().map(|value| one(CLUSTERS, value)))
        .collect()
    }

    /// What the engine is to grant: for clusters, a grant for each project of theirs.
    ///
    /// # Errors
    /// `InvalidInput` on `role`, `place` or `clusters`; `ProjectNotFound`, `ClusterNotFound`.
    pub(crate) async fn grants(&self, engine: &Engine) -> AppResult<Vec<Grant>> {
        let refused = |field: &str, why: &str| AppError::new(ErrorCode::InvalidInput, field, why);
        if self.role.is_empty() {
            return Err(refused("role", "no role was chosen"));
        }
        let scopes = match self.place.as_str() {
            "everywhere" => vec![None],
            "project" => vec![Some(Scope {
                project_id: engine.project(&self.project).await?.id,
                cluster_ids: Vec::new(),
            })],
            "clusters" if self.clusters.is_empty() => {
                return Err(refused("clusters", "no cluster was chosen"));
            }
            "clusters" => self.clusters(engine).await?,
            _ => return Err(refused("place", "it is not said where the role shall hold")),
        };
        let grant = |scope| Grant {
            role: Role::from(self.role.clone()),
            scope,
        };
        Ok(scopes.into_iter().map(grant).collect())
    }

    async fn clusters(&self, engine: &Engine) -> AppResult<Vec<Option<Scope>>> {
        let mut scopes: Vec<Scope> = Vec::new();
        for chosen in &self.clusters {
            let (_, name) = chosen.split_once('/').unwrap_or(("", chosen.as_str()));
            let cluster = engine.cluster(name).await?;
            let known = scopes
                .iter_mut()
                .find(|scope| scope.project_id == cluster.project_id);
            match known {
                Some(scope) => scope.cluster_ids.push(cluster.id),
                None => scopes.push(Scope {
                    project_id: cluster.project_id,
                    cluster_ids: vec![cluster.id],
                }),
            }
        }
        Ok(scopes.into_iter().map(Some).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_survives_its_address() {
        let form = GrantForm {
            role: "備份員".to_owned(),
            place: "clusters".to_owned(),
            project: "search".to_owned(),
            clusters: vec!["search/main".to_owned(), "other/a b".to_owned()],
        };
        let address = form.kept_in(Address::new("/access/members/new").with("name", "alice"));
        let uri = address.to_string().parse().expect("an address is a URI");
        assert_eq!(GrantForm::of(&Address::of(&uri).query, "everywhere"), form);
    }

    #[test]
    fn who_says_nothing_only_looks() {
        let form = GrantForm::of(&Address::new("/").query, "everywhere");
        assert_eq!(
            (&*form.role, &*form.place, form.clusters.len()),
            ("read_only", "everywhere", 0)
        );
    }
}
