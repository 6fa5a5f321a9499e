//! Who may do what: one table of roles, resources and actions that console, APIs and commands share.

use std::{collections::BTreeSet, fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClusterId, ProjectId, Scope};

/// A kind of thing that something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// The whole installation: its secret key.
    Organization,
    /// People who can sign in, their sessions and what they are granted.
    User,
    /// Roles made from privileges.
    Role,
    /// API keys.
    Key,
    /// Who did what.
    Audit,
    /// Projects.
    Project,
    /// Registered clusters.
    Cluster,
    /// Backups and their copies.
    Backup,
    /// Policies.
    Policy,
    /// Places for exports.
    Integration,
    /// Repositories of copies. They belong to the organization.
    Repository,
    /// Jobs.
    Job,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Look at it, in lists too.
    View,
    /// Make one.
    Create,
    /// Change it.
    Edit,
    /// Remove it.
    Delete,
    /// Check it closely.
    Verify,
    /// Bring it back: counts in the cluster that it is restored into, too.
    Restore,
    /// Write it to an integration.
    Export,
    /// Copy it into another repository.
    Copy,
    /// Let it work now.
    Run,
    /// Stop it.
    Cancel,
    /// Do it again.
    Retry,
}

/// What a role may do: an action on a kind of thing, written `backup:create`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Privilege {
    resource: Resource,
    action: Action,
}

/// A set of privileges that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// May do everything. Only for the whole organization.
    OrganizationOwner,
    /// May do everything in a project but change the project itself.
    ProjectAdmin,
    /// Makes, verifies and restores backups, and deletes none.
    ReadWrite,
    /// Looks.
    ReadOnly,
    /// A role made here, by its name.
    Custom(String),
}

use Action::{Cancel, Create, Delete, Edit, Export, Restore, Retry, Run, Verify, View};
use Resource::{
    Audit, Backup, Cluster, Integration, Job, Key, Organization, Policy, Project, Repository, User,
};

const YES: bool = true;
const NO: bool = false;

/// The table: everything that can be allowed, and the roles that are always there.
#[rustfmt::skip]
const TABLE: &[(Resource, Action, [bool; 4])] = &[
    //                         owner admin write read
    (Organization, Edit,      [YES,  NO,   NO,   NO]),
    (User,         View,      [YES,  NO,   NO,   NO]),
    (User,         Create,    [YES,  NO,   NO,   NO]),
    (User,         Edit,      [YES,  NO,   NO,   NO]),
    (User,         Delete,    [YES,  NO,   NO,   NO]),
    (Resource::Role, View,    [YES,  YES,  YES,  YES]),
    (Resource::Role, Create,  [YES,  NO,   NO,   NO]),
    (Resource::Role, Edit,    [YES,  NO,   NO,   NO]),
    (Resource::Role, Delete,  [YES,  NO,   NO,   NO]),
    (Key,          View,      [YES,  YES,  NO,   NO]),
    (Key,          Create,    [YES,  YES,  NO,   NO]),
    (Key,          Delete,    [YES,  YES,  NO,   NO]),
    (Audit,        View,      [YES,  NO,   NO,   NO]),
    (Project,      View,      [YES,  YES,  YES,  YES]),
    (Project,      Create,    [YES,  NO,   NO,   NO]),
    (Project,      Edit,      [YES,  NO,   NO,   NO]),
    (Project,      Delete,    [YES,  NO,   NO,   NO]),
    (Cluster,      View,      [YES,  YES,  YES,  YES]),
    (Cluster,      Create,    [YES,  YES,  NO,   NO]),
    (Cluster,      Edit,      [YES,  YES,  NO,   NO]),
    (Cluster,      Delete,    [YES,  YES,  NO,   NO]),
    (Backup,       View,      [YES,  YES,  YES,  YES]),
    (Backup,       Create,    [YES,  YES,  YES,  NO]),
    (Backup,       Edit,      [YES,  YES,  YES,  NO]),
    (Backup,       Verify,    [YES,  YES,  YES,  NO]),
    (Backup,       Restore,   [YES,  YES,  YES,  NO]),
    (Backup,  Action::Copy,   [YES,  YES,  YES,  NO]),
    (Backup,       Export,    [YES,  YES,  NO,   NO]),
    (Backup,       Delete,    [YES,  YES,  NO,   NO]),
    (Policy,       View,      [YES,  YES,  YES,  YES]),
    (Policy,       Run,       [YES,  YES,  YES,  NO]),
    (Policy,       Edit,      [YES,  YES,  NO,   NO]),
    (Policy,       Delete,    [YES,  YES,  NO,   NO]),
    (Integration,  View,      [YES,  YES,  YES,  YES]),
    (Integration,  Create,    [YES,  YES,  NO,   NO]),
    (Integration,  Delete,    [YES,  YES,  NO,   NO]),
    (Repository,   View,      [YES,  YES,  YES,  YES]),
    (Repository,   Create,    [YES,  NO,   NO,   NO]),
    (Repository,   Delete,    [YES,  NO,   NO,   NO]),
    (Job,          View,      [YES,  YES,  YES,  YES]),
    (Job,          Cancel,    [YES,  YES,  NO,   NO]),
    (Job,          Retry,     [YES,  YES,  NO,   NO]),
];

impl Privilege {
    /// A privilege that is in the table.
    ///
    /// # Panics
    /// Where it is not: code asks for none that nobody could be granted.
    pub fn new(resource: Resource, action: Action) -> Self {
        let known = Self { resource, action };
        assert!(known.row().is_some(), "`{known}` is not in the table");
        known
    }

    /// Every privilege there is, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE
            .iter()
            .map(|&(resource, action, _)| Self { resource, action })
    }

    /// On what kind of thing.
    pub fn resource(self) -> Resource {
        self.resource
    }

    /// What may be done.
    pub fn action(self) -> Action {
        self.action
    }

    fn row(self) -> Option<&'static [bool; 4]> {
        TABLE
            .iter()
            .find(|(resource, action, _)| (*resource, *action) == (self.resource, self.action))
            .map(|(_, _, roles)| roles)
    }
}

impl Role {
    /// The roles that are always there, the mightiest first.
    pub const BUILT_IN: [Self; 4] = [
        Self::OrganizationOwner,
        Self::ProjectAdmin,
        Self::ReadWrite,
        Self::ReadOnly,
    ];

    /// The name used in commands and APIs.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OrganizationOwner => "organization_owner",
            Self::ProjectAdmin => "project_admin",
            Self::ReadWrite => "read_write",
            Self::ReadOnly => "read_only",
            Self::Custom(name) => name,
        }
    }

    /// What a role that is always there may do; none for one made here, which the catalog knows.
    pub fn privileges(&self) -> Option<BTreeSet<Privilege>> {
        let column = Self::BUILT_IN.iter().position(|role| role == self)?;
        let allowed = TABLE
            .iter()
            .filter(|(_, _, roles)| roles[column])
            .map(|&(resource, action, _)| Privilege { resource, action });
        Some(allowed.collect())
    }
}

/// A role, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The project, or some clusters of it; none: the whole organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

impl Grant {
    /// Everything, everywhere.
    pub fn owner() -> Self {
        Self {
            role: Role::OrganizationOwner,
            scope: None,
        }
    }
}

/// A role made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomRole {
    /// Unique; 1 to 64 characters.
    pub name: String,
    /// For people; may be empty.
    #[serde(default)]
    pub description: String,
    /// What it may do.
    pub privileges: BTreeSet<Privilege>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Where something lies that somebody wants to do something to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// What belongs to the organization itself.
    Organization,
    /// A project, and what belongs to it but to no cluster.
    Project(ProjectId),
    /// A cluster with its backups, jobs and policy.
    Cluster(ProjectId, ClusterId),
}

impl Place {
    /// Whether a grant for `scope` holds here.
    pub fn is_within(&self, scope: Option<&Scope>) -> bool {
        let Some(scope) = scope else {
            return true;
        };
        match self {
            Self::Organization => false,
            Self::Project(project) => scope.project_id == *project && scope.cluster_ids.is_empty(),
            Self::Cluster(project, cluster) => {
                scope.project_id == *project
                    && (scope.cluster_ids.is_empty() || scope.cluster_ids.contains(cluster))
            }
        }
    }
}

impl Resource {
    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Role => "role",
            Self::Key => "key",
            Self::Audit => "audit",
            Self::Project => "project",
            Self::Cluster => "cluster",
            Self::Backup => "backup",
            Self::Policy => "policy",
            Self::Integration => "integration",
            Self::Repository => "repository",
            Self::Job => "job",
        }
    }
}

impl Action {
    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Verify => "verify",
            Self::Restore => "restore",
            Self::Export => "export",
            Self::Copy => "copy",
            Self::Run => "run",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
        }
    }
}

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource.as_str(), self.action.as_str())
    }
}

impl FromStr for Privilege {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|privilege| privilege.to_string() == text)
            .ok_or_else(|| {
                format!("`{text}` is no privilege; see `hozon role privileges` for all of them")
            })
    }
}

impl TryFrom<String> for Privilege {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Privilege> for String {
    fn from(privilege: Privilege) -> Self {
        privilege.to_string()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let built_in = Self::BUILT_IN
            .into_iter()
            .find(|role| role.as_str() == text);
        Ok(built_in.unwrap_or_else(|| Self::Custom(text.to_owned())))
    }
}

impl From<String> for Role {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(role) => role,
            Err(never) => match never {},
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests;
