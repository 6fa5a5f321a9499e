//! Who may do what here: callers with their rights, and the users, roles and keys that rights come from.
//!
//! Every mutation of the engine asks whoever wants it, at the one door; a front that forgets to look cannot let anybody
//! in. Reading is not asked about there: fronts that show things to callers read through [`Seen`].

mod keys;
mod roles;
mod seen;
mod sessions;
#[cfg(test)]
mod tests;
mod users;

use std::{collections::BTreeSet, fmt};

use hozon_model::{
    Action, Actor, BackupSummary, Cluster, Grant, JobSummary, Place, Privilege, Resource, Role,
    Scope, User,
};

pub use seen::Seen;
pub use sessions::session_id;
pub(crate) use users::checked_name;

use crate::{Engine, Error, ErrorCode, Result};

/// Whoever asks the engine for a change.
pub trait Acts: fmt::Debug + Send + Sync {
    /// Who it is, for the audit.
    fn actor(&self) -> &Actor;

    /// Whether the request came from elsewhere than this process's own terminal: such a caller is not trusted with
    /// secrets that others stored.
    fn is_outside(&self) -> bool;

    /// Refuses what may not be done.
    ///
    /// # Errors
    /// `PermissionDenied` names the privilege that is missing.
    fn check(&self, privilege: Privilege, place: &Place) -> Result<()>;

    /// Refuses to hand rights on that whoever asks does not have. `rights` are what the grants would give.
    ///
    /// # Errors
    /// `PermissionDenied`.
    fn check_handing_on(&self, rights: &[Right]) -> Result<()>;
}

/// Somebody who runs the engine's own process, on the server itself: nothing is forbidden. Whoever comes in from outside
/// acts as a [`Caller`].
impl Acts for Actor {
    fn actor(&self) -> &Actor {
        self
    }

    fn is_outside(&self) -> bool {
        false
    }

    fn check(&self, _: Privilege, _: &Place) -> Result<()> {
        Ok(())
    }

    fn check_handing_on(&self, _: &[Right]) -> Result<()> {
        Ok(())
    }
}

/// Privileges, and where they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The project, or some clusters of it; none: the whole organization.
    pub scope: Option<Scope>,
    /// What may be done there.
    pub privileges: BTreeSet<Privilege>,
}

/// A user or a program that came in from outside, with what it may do at this moment. Made anew for each request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    actor: Actor,
    rights: Vec<Right>,
}

impl Caller {
    /// Somebody with these rights and no others.
    pub fn new(actor: Actor, rights: Vec<Right>) -> Self {
        Self { actor, rights }
    }

    /// Whether something may be done.
    pub fn may(&self, resource: Resource, action: Action, place: &Place) -> bool {
        self.holds(Privilege::new(resource, action), place)
    }

    fn holds(&self, privilege: Privilege, place: &Place) -> bool {
        self.rights.iter().any(|right| {
            right.privileges.contains(&privilege) && place.is_within(right.scope.as_ref())
        })
    }

    /// Where this caller may look at a kind of thing, for [`hozon_model::BackupQuery::within`] and its like: none means
    /// everywhere, an empty list nowhere.
    pub fn visible(&self, resource: Resource) -> Option<Vec<Scope>> {
        let view = Privilege::new(resource, Action::View);
        let mut scopes = Vec::new();
        for right in &self.rights {
            if right.privileges.contains(&view) {
                scopes.push(right.scope.clone()?);
            }
        }
        Some(scopes)
    }

    /// The projects that this caller may look at, in whole or in part: none means all.
    pub fn projects(&self) -> Option<BTreeSet<hozon_model::ProjectId>> {
        let scopes = self.visible(Resource::Project)?;
        Some(scopes.into_iter().map(|scope| scope.project_id).collect())
    }
}

impl Acts for Caller {
    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn is_outside(&self) -> bool {
        true
    }

    fn check(&self, privilege: Privilege, place: &Place) -> Result<()> {
        if self.holds(privilege, place) {
            return Ok(());
        }
        let place = match place {
            Place::Organization => "the organization".to_owned(),
            Place::Project(project) => format!("project `{project}`"),
            Place::Cluster(project, cluster) => {
                format!("cluster `{cluster}` of project `{project}`")
            }
        };
        Err(denied(
            privilege,
            format!("`{}` has no role with it for {place}", self.actor.name),
        ))
    }

    fn check_handing_on(&self, rights: &[Right]) -> Result<()> {
        for right in rights {
            for privilege in &right.privileges {
                let covered = self.rights.iter().any(|own| {
                    own.privileges.contains(privilege)
                        && covers(own.scope.as_ref(), right.scope.as_ref())
                });
                if !covered {
                    return Err(denied(
                        *privilege,
                        "nobody hands on a right that they do not have themselves".to_owned(),
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Whether everything in `part` is in `whole`.
fn covers(whole: Option<&Scope>, part: Option<&Scope>) -> bool {
    match (whole, part) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(whole), Some(part)) => {
            whole.project_id == part.project_id
                && (whole.cluster_ids.is_empty()
                    || (!part.cluster_ids.is_empty()
                        && part
                            .cluster_ids
                            .iter()
                            .all(|cluster| whole.cluster_ids.contains(cluster))))
        }
    }
}

fn denied(privilege: Privilege, why: String) -> Error {
    Error::new(ErrorCode::PermissionDenied, privilege.to_string())
        .because(why)
        .hint("ask an owner of the organization for a role with this right")
}

/// Where a cluster lies.
pub fn place_of_cluster(cluster: &Cluster) -> Place {
    Place::Cluster(cluster.project_id.clone(), cluster.id.clone())
}

/// Where a backup lies, also when its cluster is gone.
pub fn place_of_backup(backup: &BackupSummary) -> Place {
    Place::Cluster(backup.project_id.clone(), backup.cluster_id.clone())
}

/// Where somebody needs the right to hand a grant on or to take it back: for clusters, in the whole of their project.
pub fn place_of_grant(grant: &Grant) -> Place {
    match &grant.scope {
        Some(scope) => Place::Project(scope.project_id.clone()),
        None => Place::Organization,
    }
}

/// Asks whether `by` may do something.
pub(crate) fn ask(by: &dyn Acts, resource: Resource, action: Action, place: &Place) -> Result<()> {
    by.check(Privilege::new(resource, action), place)
}

/// A directory of the server itself is the organization's, not a project's: whoever could name any could read and write
/// files of everybody.
pub(crate) fn ask_for_directory(by: &dyn Acts, url: &str) -> Result<()> {
    let directory = url.trim_start().to_ascii_lowercase().starts_with("file:");
    if by.is_outside() && directory {
        return ask(
            by,
            Resource::Organization,
            Action::Edit,
            &Place::Organization,
        );
    }
    Ok(())
}

impl Engine {
    /// A user who signed in, with what they may do now.
    ///
    /// # Errors
    /// Where the catalog does not answer.
    pub async fn caller_of(&self, user: &User, origin: &str) -> Result<Caller> {
        let actor = Actor {
            name: user.name.clone(),
            origin: origin.to_owned(),
        };
        Ok(Caller::new(actor, self.rights(&user.grants).await?))
    }

    /// Where a job lies: with the backup it is about.
    ///
    /// # Errors
    /// `BackupNotFound` for a job about none that is known.
    pub async fn place_of_job(&self, job: &JobSummary) -> Result<Place> {
        let id = job.backup_id.as_ref().map_or("", |id| id.as_str());
        Ok(place_of_backup(&self.core().backup(id).await?.summary))
    }

    /// What grants give. A role that is gone gives nothing.
    pub(crate) async fn rights(&self, grants: &[Grant]) -> Result<Vec<Right>> {
        let made_here = grants
            .iter()
            .any(|grant| matches!(grant.role, Role::Custom(_)));
        let roles = if made_here {
            self.catalog().roles().await?
        } else {
            Vec::new()
        };
        let rights = grants.iter().filter_map(|grant| {
            let privileges = grant.role.privileges().or_else(|| {
                let role = roles.iter().find(|role| role.name == grant.role.as_str())?;
                Some(role.privileges.clone())
            })?;
            Some(Right {
                scope: grant.scope.clone(),
                privileges,
            })
        });
        Ok(rights.collect())
    }

    /// Grants as they may be kept: the projects and clusters are there, and an owner owns everything.
    pub(crate) async fn checked_grants(&self, grants: Vec<Grant>) -> Result<Vec<Grant>> {
        let wrong = |why: String| Error::new(ErrorCode::InvalidInput, "grants").because(why);
        let mut checked: Vec<Grant> = Vec::new();
        for mut grant in grants {
            if let Some(scope) = &mut grant.scope {
                if grant.role == Role::OrganizationOwner {
                    return Err(wrong(
                        "an owner owns the whole organization, not a part of it".into(),
                    )
                    .hint("use `project_admin` for a project"));
                }
                scope.project_id = self.project(scope.project_id.as_str()).await?.id;
                for cluster_id in &mut scope.cluster_ids {
                    let cluster = self.cluster(cluster_id.as_str()).await?;
                    if cluster.project_id != scope.project_id {
                        return Err(wrong(format!(
                            "cluster `{}` belongs to another project",
                            cluster.name
                        ))
                        .hint("name clusters of the project alone"));
                    }
                    *cluster_id = cluster.id;
                }
            }
            if !checked.contains(&grant) {
                checked.push(grant);
            }
        }
        Ok(checked)
    }
}
