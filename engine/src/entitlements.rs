//! What the plan of a project and the kind of a cluster include: one table, looked at by every verb.
//!
//! On somebody's own servers everything is included. The vendor's rules are there for those who want the same ones,
//! and each can be set otherwise.

use hozon_model::{BackupSummary, Cluster, DeploymentOption, ProjectId, ProjectPlan};

use crate::{Engine, Error, ErrorCode, Result};

/// What may be included or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Backups made by hand.
    Backup,
    /// Backups made by a policy.
    Policy,
    /// Restores into a cluster.
    Restore,
    /// Exports to integrations.
    Export,
    /// Copies in other repositories.
    Copy,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 5] = [
        Self::Backup,
        Self::Policy,
        Self::Restore,
        Self::Export,
        Self::Copy,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::Backup => "backups",
            Self::Policy => "automatic backups",
            Self::Restore => "restores",
            Self::Export => "exports",
            Self::Copy => "copies in other repositories",
        }
    }
}

/// Which plans and which kinds of clusters include a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// These plans.
    pub plans: Vec<ProjectPlan>,
    /// These kinds of clusters.
    pub deployment_options: Vec<DeploymentOption>,
}

impl Rule {
    /// Always included.
    pub fn all() -> Self {
        Self {
            plans: ProjectPlan::ALL.to_vec(),
            deployment_options: DeploymentOption::ALL.to_vec(),
        }
    }

    /// Included for dedicated clusters, from a plan upwards.
    fn dedicated(least: ProjectPlan) -> Self {
        Self {
            plans: ProjectPlan::ALL
                .into_iter()
                .filter(|plan| *plan >= least)
                .collect(),
            deployment_options: vec![DeploymentOption::Dedicated],
        }
    }
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlements {
    /// See [`Feature::Backup`].
    pub backup: Rule,
    /// See [`Feature::Policy`].
    pub policy: Rule,
    /// See [`Feature::Restore`]; counts for the cluster that is restored into.
    pub restore: Rule,
    /// See [`Feature::Export`].
    pub export: Rule,
    /// See [`Feature::Copy`].
    pub copy: Rule,
    /// For how many days a policy may keep every backup; none: as long as it likes.
    pub longest_retention_days: Option<u32>,
    /// Whether a project may change to a smaller plan.
    pub smaller_plan: bool,
}

impl Default for Entitlements {
    fn default() -> Self {
        Self::open()
    }
}

impl Entitlements {
    /// Everything that can be done is included.
    pub fn open() -> Self {
        Self {
            backup: Rule::all(),
            policy: Rule::all(),
            restore: Rule::all(),
            export: Rule::all(),
            copy: Rule::all(),
            longest_retention_days: None,
            smaller_plan: true,
        }
    }

    /// The managed vendor's rules: backups for dedicated clusters, exports from Enterprise upwards, copies for Business
    /// Critical, 30 days of retention, and no way to a smaller plan.
    pub fn vendor() -> Self {
        Self {
            backup: Rule::dedicated(ProjectPlan::Standard),
            policy: Rule::dedicated(ProjectPlan::Standard),
            restore: Rule::dedicated(ProjectPlan::Standard),
            export: Rule::dedicated(ProjectPlan::Enterprise),
            copy: Rule::dedicated(ProjectPlan::BusinessCritical),
            longest_retention_days: Some(30),
            smaller_plan: false,
        }
    }

    /// The rule for a feature.
    pub fn rule(&self, feature: Feature) -> &Rule {
        match feature {
            Feature::Backup => &self.backup,
            Feature::Policy => &self.policy,
            Feature::Restore => &self.restore,
            Feature::Export => &self.export,
            Feature::Copy => &self.copy,
        }
    }

    /// Refuses (`NotEntitled`) what is not included, and says what would include it. `kind` is none for what a cluster
    /// left that is not registered any more: then the plan alone counts.
    pub fn check(
        &self,
        feature: Feature,
        subject: &str,
        kind: Option<DeploymentOption>,
        plan: ProjectPlan,
    ) -> Result<()> {
        let rule = self.rule(feature);
        if let Some(kind) = kind.filter(|kind| !rule.deployment_options.contains(kind)) {
            let kinds = listed(&rule.deployment_options);
            let hint = match kind {
                _ if rule.deployment_options.is_empty() => {
                    "the configuration switches this off".to_owned()
                }
                DeploymentOption::Free => format!("upgrade it to {kinds} first"),
                _ => format!("migrate it to {kinds} first"),
            };
            return Err(Error::new(ErrorCode::NotEntitled, subject)
                .because(format!(
                    "the cluster is {kind}; {} are for {kinds} clusters",
                    feature.words()
                ))
                .hint(hint));
        }
        if !rule.plans.contains(&plan) {
            let plans = listed(&rule.plans);
            return Err(Error::new(ErrorCode::NotEntitled, subject)
                .because(format!(
                    "the plan of the project is {plan}; {} are for {plans}",
                    feature.words()
                ))
                .hint(if rule.plans.is_empty() {
                    "the configuration switches this off".to_owned()
                } else {
                    format!("change the plan of the project ({plans})")
                }));
        }
        Ok(())
    }

    /// Refuses (`NotEntitled`) a smaller plan where there is no way to one.
    pub(crate) fn check_plan(
        &self,
        project: &str,
        from: ProjectPlan,
        to: ProjectPlan,
    ) -> Result<()> {
        if to >= from || self.smaller_plan {
            return Ok(());
        }
        Err(Error::new(ErrorCode::NotEntitled, project)
            .because(format!(
                "a plan may only be raised, and {to} is less than {from}"
            ))
            .hint("make another project"))
    }
}

fn listed<T: ToString>(all: &[T]) -> String {
    let words: Vec<_> = all.iter().map(ToString::to_string).collect();
    if words.is_empty() {
        return "none".to_owned();
    }
    words.join(", ")
}

impl Engine {
    /// The table of the configuration.
    pub fn entitlements(&self) -> &Entitlements {
        &self.core().config().entitlements
    }

    /// Refuses what a cluster and its project do not include.
    pub(crate) async fn entitled(&self, feature: Feature, cluster: &Cluster) -> Result<()> {
        let plan = self.plan_of(&cluster.project_id).await?;
        self.entitlements().check(
            feature,
            &cluster.name,
            Some(cluster.deployment_option),
            plan,
        )
    }

    /// The same for a backup, whose cluster may be gone.
    pub(crate) async fn backup_entitled(
        &self,
        feature: Feature,
        backup: &BackupSummary,
    ) -> Result<()> {
        let cluster = self.catalog().cluster(backup.cluster_id.as_str()).await?;
        let kind = cluster.map(|(cluster, _)| cluster.deployment_option);
        let plan = self.plan_of(&backup.project_id).await?;
        self.entitlements().check(feature, &backup.name, kind, plan)
    }

    async fn plan_of(&self, project: &ProjectId) -> Result<ProjectPlan> {
        Ok(self.project(project.as_str()).await?.plan)
    }
}

#[cfg(test)]
mod tests;
