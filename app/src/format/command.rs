//! The command line that does what a dialog is about to do.
//!
//! Written from the form's own fields, on the server for the first picture and in the browser as they change.

mod access;
mod places;

use serde::{Deserialize, Serialize};

/// Which dialog the command belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verb {
    /// `hozon backup create`
    Create,
    /// `hozon backup restore`
    Restore,
    /// `hozon backup verify`
    Verify,
    /// `hozon backup delete`
    Delete,
    /// `hozon backup export`
    Export,
    /// `hozon integration remove`
    RemoveIntegration,
    /// `hozon key create`
    CreateKey,
    /// `hozon key remove`
    RemoveKey,
    /// `hozon backup rename`
    Rename,
    /// `hozon policy set`
    Policy,
    /// `hozon policy off`
    PolicyOff,
    /// `hozon backup copy`
    Copy,
    /// `hozon backup adopt`
    Adopt,
    /// `hozon repository add`, with what is to be filled in
    AddRepository,
    /// `hozon user add`
    AddMember,
    /// `hozon user grant`
    GrantRole,
    /// `hozon user remove`
    RemoveMember,
    /// `hozon user totp off`
    TotpOff,
    /// `hozon role create`
    CreateRole,
    /// `hozon role edit`
    EditRole,
    /// `hozon role remove`
    RemoveRole,
    /// `hozon project create`
    CreateProject,
    /// `hozon project edit`
    EditProject,
    /// `hozon project remove`
    RemoveProject,
    /// `hozon cluster remove`
    RemoveCluster,
    /// `hozon cluster add`
    AddCluster,
    /// `hozon cluster edit`
    EditCluster,
    /// `hozon integration add`
    AddIntegration,
}

/// The fields of a form, in the order in which it would send them.
pub type Fields = Vec<(String, String)>;

/// The command for a form's fields.
pub fn line(verb: Verb, fields: &Fields) -> String {
    let one = |name: &str| {
        fields
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    };
    let all = |name: &str| {
        fields
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
    };
    let collections = || Some(all("collections[]").join(",")).filter(|chosen| !chosen.is_empty());
    let mut command = Command::new(match verb {
        Verb::AddIntegration | Verb::RemoveIntegration => "hozon integration",
        Verb::CreateKey | Verb::RemoveKey => "hozon key",
        Verb::Policy | Verb::PolicyOff => "hozon policy",
        Verb::AddRepository => "hozon repository",
        Verb::AddMember | Verb::GrantRole | Verb::RemoveMember | Verb::TotpOff => "hozon user",
        Verb::CreateRole | Verb::EditRole | Verb::RemoveRole => "hozon role",
        Verb::CreateProject | Verb::EditProject | Verb::RemoveProject => "hozon project",
        Verb::AddCluster | Verb::EditCluster | Verb::RemoveCluster => "hozon cluster",
        _ => "hozon backup",
    });
    match verb {
        Verb::Create => {
            command
                .word("create")
                .option("--cluster", one("cluster"))
                .option("--name", one("name"));
            match one("scope") {
                Some("database") => command.option("--database", one("database")),
                Some("collections") => command.option("--collections", collections().as_deref()),
                _ => &mut command,
            };
        }
        Verb::Restore => {
            command
                .word("restore")
                .value(one("id"))
                .option("--suffix", one("suffix"))
                .option("--cluster", one("cluster"))
                .option("--collections", collections().as_deref())
                .option("--rename", one("renames"))
                .option("--database", one("database"))
                .option(
                    "--existing",
                    one("existing").filter(|wish| *wish != "refuse"),
                )
                .option("--indexes", one("indexes").filter(|wish| *wish != "keep"))
                .option("--until", until(one("until"), one("zone")).as_deref())
                .option(
                    "--load-state",
                    one("load").filter(|wish| *wish == "release"),
                );
        }
        Verb::Verify => {
            command
                .word("verify")
                .value(one("id"))
                .option("--level", one("level"));
        }
        Verb::Copy => {
            command
                .word("copy")
                .value(one("id"))
                .option("--to", one("to"));
        }
        Verb::Adopt => {
            // The root of the place is an empty word, and a word all the same.
            command
                .word("adopt")
                .word(&quoted(one("directory").unwrap_or_default()))
                .option("--integration", one("integration"))
                .option("--backup", one("backup"))
                .option("--cluster", one("cluster"))
                .option("--name", one("name"));
        }
        Verb::AddRepository => {
            command.word("add").word("NAME").word("--url").word("URL");
        }
        Verb::Delete => {
            command.word("delete").value(one("id"));
        }
        Verb::Export => {
            command
                .word("export")
                .value(one("id"))
                .option("--integration", one("integration"))
                .option("--directory", one("directory"))
                .option(
                    "--format",
                    one("format").filter(|format| *format == "repository"),
                );
        }
        Verb::AddMember => access::add_member(&mut command, fields),
        Verb::GrantRole => access::grant_role(&mut command, fields),
        Verb::CreateRole => access::create_role(&mut command, fields),
        Verb::EditRole => access::edit_role(&mut command, fields),
        Verb::AddCluster => places::add_cluster(&mut command, fields),
        Verb::EditCluster => places::edit_cluster(&mut command, fields),
        Verb::AddIntegration => places::add_integration(&mut command, fields),
        Verb::RemoveMember | Verb::RemoveRole => {
            command.word("remove").value(one("name"));
        }
        Verb::TotpOff => {
            command.word("totp").word("off").value(one("name"));
        }
        Verb::RemoveIntegration => {
            command.word("remove").value(one("integration"));
        }
        Verb::CreateKey => access::create_key(&mut command, fields),
        Verb::RemoveKey => {
            command.word("remove").value(one("key"));
        }
        Verb::Rename => {
            command.word("rename").value(one("id")).value(one("name"));
        }
        Verb::PolicyOff => {
            command.word("off").value(one("cluster"));
        }
        Verb::CreateProject => {
            command
                .word("create")
                .value(one("name"))
                .option("--plan", one("plan").filter(|plan| *plan != "Standard"));
        }
        Verb::EditProject => {
            let (name, plan) = (one("name"), one("plan"));
            let other_name = name.filter(|_| name != one("project"));
            // The command wants one of the two at least.
            let other_plan = plan.filter(|_| other_name.is_none() || plan != one("old_plan"));
            command
                .word("edit")
                .value(one("project"))
                .option("--name", other_name)
                .option("--plan", other_plan);
        }
        Verb::RemoveProject => {
            command.word("remove").value(one("project"));
        }
        Verb::RemoveCluster => {
            command.word("remove").value(one("cluster"));
        }
        Verb::Policy => {
            command.word("set").value(one("cluster"));
            schedule(&mut command, one("kind"), &all("weekdays[]"), one);
            command.option("--time-zone", one("zone"));
            for rule in ["days", "last", "daily", "weekly", "monthly", "yearly"] {
                // What is not said stays as it was; a policy that is new has nothing that could stay.
                let usual = if rule == "days" { "7" } else { "0" };
                let new = one("replaces").is_none();
                let count = one(&format!("keep_{rule}")).filter(|count| !new || *count != usual);
                command.option(&format!("--keep-{rule}"), count);
            }
            copies(&mut command, &all, one("copied").is_some());
        }
    }
    command.0
}

/// Where backups are copied to. The chosen ones are said by name; names and days of all go by their places.
fn copies<'a>(command: &mut Command, all: &impl Fn(&str) -> Vec<&'a str>, copied: bool) {
    let (chosen, names, days) = (all("copies[]"), all("copy_names[]"), all("copy_days[]"));
    if chosen.is_empty() && copied {
        command.word("--no-copies");
    }
    for (name, days) in names.into_iter().zip(days) {
        if chosen.contains(&name) {
            let days = Some(days.trim()).filter(|days| !days.is_empty());
            let copy = format!("{name}:{}", days.unwrap_or("7"));
            command.option("--copy-to", Some(copy.as_str()));
        }
    }
}

/// A moment with the zone that it was meant in.
fn until(until: Option<&str>, zone: Option<&str>) -> Option<String> {
    Some(format!("{}[{}]", until?, zone.unwrap_or("UTC")))
}

fn schedule<'a>(
    command: &mut Command,
    kind: Option<&str>,
    weekdays: &[&str],
    one: impl Fn(&str) -> Option<&'a str>,
) {
    match kind {
        Some("cron") => {
            command.option("--cron", one("cron"));
            return;
        }
        Some("monthly") => command.option("--monthly", one("day")),
        _ if weekdays.len() == WEEKDAYS.len() => command.word("--daily"),
        _ => {
            let named: Vec<_> = WEEKDAYS
                .iter()
                .zip(1_u8..)
                .filter(|(_, day)| weekdays.contains(&day.to_string().as_str()))
                .map(|(name, _)| *name)
                .collect();
            let named = named.join(",");
            command.option(
                "--weekly",
                Some(named.as_str()).filter(|days| !days.is_empty()),
            )
        }
    };
    command.option("--at", one("at"));
    if kind != Some("monthly") && one("window").is_some() {
        command.word("--window");
    }
}

/// The weekdays as the command line knows them, from Monday on.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

struct Command(String);

impl Command {
    fn new(start: &str) -> Self {
        Self(start.to_owned())
    }

    fn word(&mut self, word: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(word);
        self
    }

    fn value(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.word(&quoted(value)),
            None => self,
        }
    }

    fn option(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.word(name).word(&quoted(value)),
            None => self,
        }
    }
}

/// Quotes what a shell would take apart.
pub(super) fn quoted(value: &str) -> String {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ',' | '/' | ':' | '@')
    };
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let form = fields(&[
            ("cluster", "demo"),
            ("name", ""),
            ("scope", "cluster"),
            ("collections[]", "default.a"),
        ]);
        assert_eq!(
            line(Verb::Create, &form),
            "hozon backup create --cluster demo"
        );
    }

    #[test]
    fn names_of_any_language_survive_a_shell() {
        let form = fields(&[
            ("cluster", "demo"),
            ("name", "毎日の'控え'"),
            ("scope", "collections"),
            ("collections[]", "default.a"),
            ("collections[]", "文書.記事"),
        ]);
        assert_eq!(
            line(Verb::Create, &form),
            r"hozon backup create --cluster demo --name '毎日の'\''控え'\''' --collections default.a,文書.記事"
        );
    }

    #[test]
    fn an_export_says_where_it_goes() {
        let form = fields(&[
            ("id", "backup0_1"),
            ("provider", "s3"),
            ("integration", "書庫"),
            ("directory", "exports/2026"),
            ("format", "milvus-backup"),
        ]);
        assert_eq!(
            line(Verb::Export, &form),
            "hozon backup export backup0_1 --integration 書庫 --directory exports/2026"
        );
    }

    #[test]
    fn an_adoption_says_where_from_and_for_which_cluster() {
        let form = fields(&[
            ("integration", "書庫"),
            ("within", "exports"),
            ("directory", "exports/a b"),
            ("backup", "backup0_1"),
            ("cluster", "demo"),
            ("name", ""),
        ]);
        assert_eq!(
            line(Verb::Adopt, &form),
            "hozon backup adopt 'exports/a b' --integration 書庫 --backup backup0_1 --cluster demo"
        );
        let form = fields(&[("integration", "disk"), ("directory", "")]);
        assert_eq!(
            line(Verb::Adopt, &form),
            "hozon backup adopt '' --integration disk"
        );
    }

    #[test]
    fn a_policy_is_switched_off_by_its_cluster() {
        let form = fields(&[("cluster", "本番 1")]);
        assert_eq!(line(Verb::PolicyOff, &form), "hozon policy off '本番 1'");
    }

    #[test]
    fn a_key_says_its_role_its_place_and_its_end() {
        let form = fields(&[
            ("name", "夜間"),
            ("role", "read_write"),
            ("place", "clusters"),
            ("project", "search"),
            ("clusters[]", "search/main"),
            ("clusters[]", "search/staging"),
            ("expires", "30"),
            ("until", "2026-12-31T18:00"),
            ("zone", "Asia/Tokyo"),
        ]);
        assert_eq!(
            line(Verb::CreateKey, &form),
            "hozon key create 夜間 --role read_write@search/main,staging --days 30"
        );
        let form = fields(&[
            ("name", "all of it"),
            ("role", "read_only"),
            ("place", "everywhere"),
            ("project", "search"),
            ("expires", "date"),
            ("until", "2026-12-31T18:00"),
            ("zone", "Asia/Tokyo"),
        ]);
        assert_eq!(
            line(Verb::CreateKey, &form),
            "hozon key create 'all of it' --role read_only --until '2026-12-31T18:00[Asia/Tokyo]'"
        );
        let form = fields(&[
            ("name", "k"),
            ("role", "project_admin"),
            ("place", "project"),
            ("project", "search"),
            ("expires", "never"),
        ]);
        assert_eq!(
            line(Verb::CreateKey, &form),
            "hozon key create k --role project_admin@search"
        );
        let form = fields(&[("id", "key-1"), ("key", "k")]);
        assert_eq!(line(Verb::RemoveKey, &form), "hozon key remove k");
    }

    #[test]
    fn a_project_says_what_is_to_be_another() {
        let form = fields(&[("name", "検索 1"), ("plan", "Standard")]);
        assert_eq!(
            line(Verb::CreateProject, &form),
            "hozon project create '検索 1'"
        );
        let edit = |name, plan| {
            let form = fields(&[
                ("id", "proj-1"),
                ("project", "search"),
                ("old_plan", "Standard"),
                ("name", name),
                ("plan", plan),
            ]);
            line(Verb::EditProject, &form)
        };
        for (name, plan, command) in [
            ("search", "Standard", "search --plan Standard"),
            ("search", "Enterprise", "search --plan Enterprise"),
            ("find", "Standard", "search --name find"),
            ("find", "Enterprise", "search --name find --plan Enterprise"),
        ] {
            assert_eq!(edit(name, plan), format!("hozon project edit {command}"));
        }
        let form = fields(&[("id", "in01-1"), ("cluster", "demo")]);
        assert_eq!(
            line(Verb::RemoveCluster, &form),
            "hozon cluster remove demo"
        );
    }

    #[test]
    fn a_policy_says_its_days_its_zone_and_what_it_keeps() {
        let form = fields(&[
            ("cluster", "demo"),
            ("kind", "weekly"),
            ("weekdays[]", "1"),
            ("weekdays[]", "4"),
            ("window", "on"),
            ("day", "1"),
            ("at", "02:30"),
            ("cron", "0 2 * * *"),
            ("zone", "Asia/Tokyo"),
            ("keep_days", "7"),
            ("keep_last", "0"),
            ("keep_monthly", "12"),
        ]);
        assert_eq!(
            line(Verb::Policy, &form),
            "hozon policy set demo --weekly mon,thu --at 02:30 --window --time-zone Asia/Tokyo --keep-monthly 12"
        );
        let form = fields(&[
            ("cluster", "demo"),
            ("kind", "cron"),
            ("cron", "0 2 * * *"),
            ("keep_days", "30"),
            ("keep_last", "0"),
        ]);
        assert_eq!(
            line(Verb::Policy, &form),
            "hozon policy set demo --cron '0 2 * * *' --keep-days 30"
        );
        let form = [form, fields(&[("replaces", "on")])].concat();
        assert_eq!(
            line(Verb::Policy, &form),
            "hozon policy set demo --cron '0 2 * * *' --keep-days 30 --keep-last 0"
        );
    }

    #[test]
    fn a_policy_says_where_it_copies_to() {
        let form = |chosen: &[(&str, &str)]| {
            let about = [("cluster", "demo"), ("kind", "cron"), ("cron", "@daily")];
            let there = [
                ("copy_names[]", "osaka"),
                ("copy_days[]", "14"),
                ("copy_names[]", "a:5"),
                ("copy_days[]", ""),
            ];
            line(
                Verb::Policy,
                &fields(&[&about[..], chosen, &there[..]].concat()),
            )
        };
        assert_eq!(form(&[]), "hozon policy set demo --cron @daily");
        let both = form(&[("copies[]", "osaka"), ("copies[]", "a:5")]);
        assert!(
            both.ends_with(" --copy-to osaka:14 --copy-to a:5:7"),
            "{both}"
        );
        let none = form(&[("replaces", "on"), ("copied", "on")]);
        assert!(none.ends_with(" --no-copies"), "{none}");
    }

    #[test]
    fn restore_says_only_what_differs_from_the_usual() {
        let form = fields(&[("id", "backup0_1"), ("suffix", "_old"), ("load", "keep")]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --suffix _old"
        );
        let form = fields(&[("id", "backup0_1"), ("suffix", ""), ("load", "release")]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --load-state release"
        );
        let form = fields(&[
            ("id", "backup0_1"),
            ("renames", "shop.a:shop.b"),
            ("existing", "replace"),
            ("indexes", "keep"),
            ("until", "2026-11-21T09:00"),
            ("zone", "Asia/Tokyo"),
        ]);
        assert_eq!(
            line(Verb::Restore, &form),
            "hozon backup restore backup0_1 --rename shop.a:shop.b --existing replace \
             --until '2026-11-21T09:00[Asia/Tokyo]'"
        );
    }
}
