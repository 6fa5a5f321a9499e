//! Projects: what clusters belong to, and what their plan lets one do with them.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClusterId, ProjectId};

/// What a project was bought with, in the vendor's words. Which verbs a plan includes is a table of the configuration.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum ProjectPlan {
    /// The smallest.
    #[default]
    Standard,
    /// With exports, by the vendor's rules.
    Enterprise,
    /// With copies in other regions, too.
    BusinessCritical,
}

impl ProjectPlan {
    /// Every plan, the smallest first.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Enterprise, Self::BusinessCritical];

    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Enterprise => "Enterprise",
            Self::BusinessCritical => "BusinessCritical",
        }
    }
}

impl fmt::Display for ProjectPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProjectPlan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|plan| plan.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                format!("`{text}` is no plan; use `Standard`, `Enterprise` or `BusinessCritical`")
            })
    }
}

/// What kind of service a cluster is, in the vendor's words. One that somebody runs themselves is `Dedicated`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DeploymentOption {
    /// A cluster of its own.
    #[default]
    Dedicated,
    /// A share of a service, paid by use.
    Serverless,
    /// A small share of a service, not paid for.
    Free,
}

impl DeploymentOption {
    /// Every option.
    pub const ALL: [Self; 3] = [Self::Dedicated, Self::Serverless, Self::Free];

    /// The name used in commands and APIs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dedicated => "Dedicated",
            Self::Serverless => "Serverless",
            Self::Free => "Free",
        }
    }
}

impl fmt::Display for DeploymentOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeploymentOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|option| option.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                format!("`{text}` is no deployment option; use `Dedicated`, `Serverless` or `Free`")
            })
    }
}

/// What clusters, integrations and backups belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Identifies the project for ever.
    pub id: ProjectId,
    /// Unique, chosen by the operator.
    pub name: String,
    /// What was bought.
    pub plan: ProjectPlan,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many clusters are registered in it.
    pub clusters: u64,
}

/// A project to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewProject {
    /// 1 to 64 characters of any language.
    pub name: String,
    /// What was bought.
    #[serde(default)]
    pub plan: ProjectPlan,
}

/// What is to change about a project; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectEdit {
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another plan.
    #[serde(default)]
    pub plan: Option<ProjectPlan>,
}

/// A part of the organization: a project, or some clusters of it with their backups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The project.
    pub project_id: ProjectId,
    /// Only these clusters; empty: the whole project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cluster_ids: Vec<ClusterId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_vendors() {
        for plan in ProjectPlan::ALL {
            assert_eq!(plan.as_str().parse(), Ok(plan));
            assert_eq!(serde_json::to_value(plan).unwrap(), plan.as_str());
        }
        for option in DeploymentOption::ALL {
            assert_eq!(option.as_str().parse(), Ok(option));
            assert_eq!(serde_json::to_value(option).unwrap(), option.as_str());
        }
        assert_eq!("enterprise".parse(), Ok(ProjectPlan::Enterprise));
        assert!("Gold".parse::<ProjectPlan>().is_err());
        assert!("".parse::<DeploymentOption>().is_err());
        assert!(ProjectPlan::Standard < ProjectPlan::BusinessCritical);
    }
}
