//! The configuration's `[entitlements]`: a profile, and what is set otherwise.

use std::str::FromStr;

use hozon_engine::{
    Entitlements, Error, Rule,
    model::{DeploymentOption, ProjectPlan},
};
use serde::Deserialize;

use super::unacceptable;

/// The table as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Contents {
    pub(super) profile: Option<Profile>,
    longest_retention_days: Option<u32>,
    smaller_plan: Option<bool>,
    backup: Option<Change>,
    policy: Option<Change>,
    restore: Option<Change>,
    export: Option<Change>,
    copy: Option<Change>,
}

/// Whose rules hold where nothing else is set.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Profile {
    #[default]
    Open,
    Vendor,
}

impl FromStr for Profile {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "open" => Ok(Self::Open),
            "vendor" => Ok(Self::Vendor),
            _ => Err("it is neither `open` nor `vendor`"),
        }
    }
}

/// A rule that is set otherwise, in whole or in part.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Change {
    plans: Option<Vec<ProjectPlan>>,
    deployment_options: Option<Vec<DeploymentOption>>,
}

impl Change {
    fn apply(self, rule: &mut Rule) {
        if let Some(plans) = self.plans {
            rule.plans = plans;
        }
        if let Some(options) = self.deployment_options {
            rule.deployment_options = options;
        }
    }
}

impl Contents {
    /// The whole table.
    pub(super) fn table(self, profile: Option<Profile>) -> Result<Entitlements, Error> {
        let mut table = match profile.unwrap_or_default() {
            Profile::Open => Entitlements::open(),
            Profile::Vendor => Entitlements::vendor(),
        };
        if self.longest_retention_days == Some(0) {
            return Err(unacceptable(
                "entitlements.longest_retention_days",
                "0 days would keep nothing",
            ));
        }
        table.longest_retention_days = self.longest_retention_days.or(table.longest_retention_days);
        table.smaller_plan = self.smaller_plan.unwrap_or(table.smaller_plan);
        for (change, rule) in [
            (self.backup, &mut table.backup),
            (self.policy, &mut table.policy),
            (self.restore, &mut table.restore),
            (self.export, &mut table.export),
            (self.copy, &mut table.copy),
        ] {
            change.unwrap_or_default().apply(rule);
        }
        Ok(table)
    }
}
