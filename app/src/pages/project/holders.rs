//! Who may do what in a project: the users and API keys with a role that holds there.

use hozon_engine::{Engine, access::Caller};
use hozon_model::{Action, Cluster, Grant, Place, ProjectId, Resource, Scope};
use leptos::prelude::*;

use crate::{
    error::AppResult,
    text::{self, say},
    visit::Visit,
    widgets::{Column, Table},
};

/// Somebody, or a program, with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub name: String,
    pub kind: HolderKind,
    /// The role, and where it holds.
    pub grant: Grant,
}

/// Who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HolderKind {
    /// A person.
    User,
    /// A program.
    Key,
    /// A program that is let in no more.
    ExpiredKey,
}

/// Everybody with a role in a project, as far as whoever looks may see them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holding {
    pub holders: Vec<Holder>,
    /// The rights without which some are left out.
    pub missing: Vec<Resource>,
}

impl Holding {
    /// Users first, then keys, each by name.
    pub(super) async fn of(
        engine: &Engine,
        actor: &Caller,
        project: &ProjectId,
    ) -> AppResult<Self> {
        let here = Place::Project(project.clone());
        let mut holding = Self::default();
        if actor.may(Resource::User, Action::View, &Place::Organization) {
            for user in engine.users().await? {
                holding.add(user.name, HolderKind::User, user.grants, project);
            }
        } else {
            holding.missing.push(Resource::User);
        }
        if actor.may(Resource::Key, Action::View, &here) {
            let now = Visit::current().now;
            for key in engine.keys_for(actor).await? {
                let kind = if key.expires_at.is_some_and(|end| end <= now) {
                    HolderKind::ExpiredKey
                } else {
                    HolderKind::Key
                };
                holding.add(key.name, kind, key.grants, project);
            }
        } else {
            holding.missing.push(Resource::Key);
        }
        Ok(holding)
    }

    fn add(&mut self, name: String, kind: HolderKind, grants: Vec<Grant>, project: &ProjectId) {
        let here = grants.into_iter().filter(|grant| holds(grant, project));
        self.holders.extend(here.map(|grant| Holder {
            name: name.clone(),
            kind,
            grant,
        }));
    }
}

/// Whether a grant holds in a project, or in a part of it.
fn holds(grant: &Grant, project: &ProjectId) -> bool {
    grant
        .scope
        .as_ref()
        .is_none_or(|scope| scope.project_id == *project)
}

/// Who may do what here; and which rights are missing to see all of them.
#[component]
pub(super) fn Holders(
    holding: Holding,
    /// Those of the project, for their names.
    clusters: Vec<Cluster>,
) -> impl IntoView {
    let Holding { holders, missing } = holding;
    let hidden: Vec<_> = missing
        .into_iter()
        .map(|resource| {
            let right = format!("{}:{}", resource.as_str(), Action::View.as_str());
            let what = match resource {
                Resource::Key => say!(project.keys_hidden),
                _ => say!(project.users_hidden),
            };
            view! { <p class="hint">{what} " " {say!(withheld.needs)} " " <code>{right}</code></p> }
        })
        .collect();
    let content = (!holders.is_empty()).then(|| view! { <HoldersTable holders clusters /> });
    view! {
        <section class="part" aria-labelledby="holders-title">
            <h2 id="holders-title">{say!(project.holders)}</h2>
            {content}
            {hidden}
        </section>
    }
}

#[component]
fn HoldersTable(holders: Vec<Holder>, clusters: Vec<Cluster>) -> impl IntoView {
    let rows: Vec<_> = holders
        .into_iter()
        .map(|holder| {
            let kind = match holder.kind {
                HolderKind::User => say!(project.user),
                HolderKind::Key => say!(project.key),
                HolderKind::ExpiredKey => say!(project.expired_key),
            };
            let place = place(holder.grant.scope.as_ref(), &clusters);
            view! {
                <tr>
                    <th scope="row" class="name">{holder.name}</th>
                    <td data-label=say!(project.kind)>{kind}</td>
                    <td data-label=say!(project.role)>{text::role(&holder.grant.role)}</td>
                    <td data-label=say!(project.place)>{place}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <Table
            caption=say!(project.holders)
            columns=vec![
                Column::of(say!(projects.name)),
                Column::of(say!(project.kind)),
                Column::of(say!(project.role)),
                Column::of(say!(project.place)),
            ]
        >
            {rows}
        </Table>
    }
}

/// Where a role holds: everywhere, in the project, or for some clusters of it by their names.
fn place(scope: Option<&Scope>, clusters: &[Cluster]) -> String {
    let Some(scope) = scope else {
        return say!(project.everywhere).to_owned();
    };
    if scope.cluster_ids.is_empty() {
        return say!(project.whole_project).to_owned();
    }
    let named = scope.cluster_ids.iter().map(|id| {
        let cluster = clusters.iter().find(|cluster| cluster.id == *id);
        cluster.map_or_else(|| id.to_string(), |cluster| cluster.name.clone())
    });
    named.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use hozon_model::Role;

    use super::*;

    #[test]
    fn a_role_holds_in_its_own_project_and_everywhere_without_one() {
        let grant = |project: Option<&str>| Grant {
            role: Role::ReadOnly,
            scope: project.map(|project| Scope {
                project_id: ProjectId::new(project),
                cluster_ids: Vec::new(),
            }),
        };
        let here = ProjectId::new("proj-1");
        for (project, expected) in [
            (None, true),
            (Some("proj-1"), true),
            (Some("proj-2"), false),
        ] {
            assert_eq!(holds(&grant(project), &here), expected, "{project:?}");
        }
    }
}
