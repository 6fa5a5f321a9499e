//! Words for projects: their plans.

use hozon_model::ProjectPlan;

use super::{locale, say_in};

/// A plan, as the vendor names it.
pub(crate) fn plan(value: ProjectPlan) -> &'static str {
    let locale = locale();
    match value {
        ProjectPlan::Standard => say_in!(locale, plans.standard),
        ProjectPlan::Enterprise => say_in!(locale, plans.enterprise),
        ProjectPlan::BusinessCritical => say_in!(locale, plans.business_critical),
    }
}
