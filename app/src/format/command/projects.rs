//! Commands about projects.

use super::{Command, Form};

/// `hozon project create`
pub(super) fn create(form: Form<'_>) -> Command {
    Command::new("hozon project create")
        .value(form.one("name"))
        .option(
            "--plan",
            form.one("plan").filter(|plan| *plan != "Standard"),
        )
}

/// `hozon project edit`
pub(super) fn edit(form: Form<'_>) -> Command {
    let (name, plan) = (form.one("name"), form.one("plan"));
    let other_name = name.filter(|_| name != form.one("project"));
    // The command wants one of the two at least.
    let other_plan = plan.filter(|_| other_name.is_none() || plan != form.one("old_plan"));
    Command::new("hozon project edit")
        .value(form.one("project"))
        .option("--name", other_name)
        .option("--plan", other_plan)
}

/// `hozon project remove`
pub(super) fn remove(form: Form<'_>) -> Command {
    Command::new("hozon project remove").value(form.one("project"))
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, tests::said};

    #[test]
    fn a_project_says_what_is_to_be_another() {
        let form = [("name", "検索 1"), ("plan", "Standard")];
        assert_eq!(
            said(Verb::CreateProject, &form),
            "hozon project create '検索 1'"
        );
        let edit = |name, plan| {
            let form = [
                ("id", "proj-1"),
                ("project", "search"),
                ("old_plan", "Standard"),
                ("name", name),
                ("plan", plan),
            ];
            said(Verb::EditProject, &form)
        };
        for (name, plan, command) in [
            ("search", "Standard", "search --plan Standard"),
            ("search", "Enterprise", "search --plan Enterprise"),
            ("find", "Standard", "search --name find"),
            ("find", "Enterprise", "search --name find --plan Enterprise"),
        ] {
            assert_eq!(edit(name, plan), format!("hozon project edit {command}"));
        }
    }
}
