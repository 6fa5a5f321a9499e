//! Commands about the policy of a cluster.

use super::{Command, Form};

/// The weekdays as the command line knows them, from Monday on.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// `hozon policy set`
pub(super) fn set(form: Form<'_>) -> Command {
    let command = Command::new("hozon policy set").value(form.one("cluster"));
    let mut command = schedule(command, form).option("--time-zone", form.one("zone"));
    for rule in ["days", "last", "daily", "weekly", "monthly", "yearly"] {
        // What is not said stays as it was; a policy that is new has nothing that could stay.
        let usual = if rule == "days" { "7" } else { "0" };
        let new = form.one("replaces").is_none();
        let count = form.one(&format!("keep_{rule}"));
        let count = count.filter(|count| !new || *count != usual);
        command = command.option(&format!("--keep-{rule}"), count);
    }
    copies(command, form)
}

/// `hozon policy off`
pub(super) fn off(form: Form<'_>) -> Command {
    Command::new("hozon policy off").value(form.one("cluster"))
}

fn schedule(command: Command, form: Form<'_>) -> Command {
    let kind = form.one("kind");
    let weekdays = form.all("weekdays[]");
    let command = match kind {
        Some("cron") => return command.option("--cron", form.one("cron")),
        Some("monthly") => command.option("--monthly", form.one("day")),
        _ if weekdays.len() == WEEKDAYS.len() => command.word("--daily"),
        _ => {
            let named: Vec<_> = WEEKDAYS
                .iter()
                .zip(1_u8..)
                .filter(|(_, day)| weekdays.contains(&day.to_string().as_str()))
                .map(|(name, _)| *name)
                .collect();
            command.list("--weekly", &named)
        }
    };
    let command = command.option("--at", form.one("at"));
    if kind != Some("monthly") && form.one("window").is_some() {
        command.word("--window")
    } else {
        command
    }
}

/// Where backups are copied to. The chosen ones are said by name; names and days of all go by their places.
fn copies(mut command: Command, form: Form<'_>) -> Command {
    let chosen = form.all("copies[]");
    if chosen.is_empty() && form.one("copied").is_some() {
        command = command.word("--no-copies");
    }
    let days = form.every("copy_days[]");
    for (name, days) in form.every("copy_names[]").into_iter().zip(days) {
        if chosen.contains(&name) {
            let days = Some(days.trim()).filter(|days| !days.is_empty());
            let copy = format!("{name}:{}", days.unwrap_or("7"));
            command = command.option("--copy-to", Some(copy.as_str()));
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, tests::said};

    #[test]
    fn a_policy_is_switched_off_by_its_cluster() {
        let form = [("cluster", "本番 1")];
        assert_eq!(said(Verb::PolicyOff, &form), "hozon policy off '本番 1'");
    }

    #[test]
    fn a_policy_says_its_days_its_zone_and_what_it_keeps() {
        let form = [
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
        ];
        assert_eq!(
            said(Verb::Policy, &form),
            "hozon policy set demo --weekly mon,thu --at 02:30 --window --time-zone Asia/Tokyo --keep-monthly 12"
        );
        let form = [
            ("cluster", "demo"),
            ("kind", "cron"),
            ("cron", "0 2 * * *"),
            ("keep_days", "30"),
            ("keep_last", "0"),
        ];
        assert_eq!(
            said(Verb::Policy, &form),
            "hozon policy set demo --cron '0 2 * * *' --keep-days 30"
        );
        let form = [&form[..], &[("replaces", "on")]].concat();
        assert_eq!(
            said(Verb::Policy, &form),
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
            said(Verb::Policy, &[&about[..], chosen, &there[..]].concat())
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
}
