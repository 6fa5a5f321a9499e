//! Commands about members, roles and keys.

use super::{Command, Form, until};

/// `hozon user add`: a password is read from a file, never typed on a command line.
pub(super) fn add_member(form: Form<'_>) -> Command {
    let command = Command::new("hozon user add").value(form.one("name"));
    let command = granting(command, form);
    match form.one("password") {
        Some(_) => command.word("--password-file").word("FILE"),
        None => command,
    }
}

/// `hozon user grant`, which says all that a member may do: the roles that stay, and the new one.
pub(super) fn grant_role(form: Form<'_>) -> Command {
    let mut command = Command::new("hozon user grant").value(form.one("name"));
    for held in form.all("held[]") {
        command = command.option("--role", Some(held));
    }
    granting(command, form)
}

/// `hozon user remove`
pub(super) fn remove_member(form: Form<'_>) -> Command {
    Command::new("hozon user remove").value(form.one("name"))
}

/// `hozon user totp off`
pub(super) fn totp_off(form: Form<'_>) -> Command {
    Command::new("hozon user totp off").value(form.one("name"))
}

/// `hozon role create`
pub(super) fn create_role(form: Form<'_>) -> Command {
    Command::new("hozon role create")
        .value(form.one("name"))
        .option("--description", form.one("description"))
        .list("--privilege", &form.all("privileges[]"))
}

/// `hozon role edit`: an empty description is one, too.
pub(super) fn edit_role(form: Form<'_>) -> Command {
    Command::new("hozon role edit")
        .value(form.one("name"))
        .option("--description", form.every("description").first().copied())
        .list("--privilege", &form.all("privileges[]"))
}

/// `hozon role remove`
pub(super) fn remove_role(form: Form<'_>) -> Command {
    Command::new("hozon role remove").value(form.one("name"))
}

/// `hozon key create`
pub(super) fn create_key(form: Form<'_>) -> Command {
    let command = Command::new("hozon key create").value(form.one("name"));
    let command = granting(command, form);
    match form.one("expires") {
        Some("date") => command.option("--until", until(form).as_deref()),
        days => command.option("--days", days.filter(|days| *days != "never")),
    }
}

/// `hozon key remove`
pub(super) fn remove_key(form: Form<'_>) -> Command {
    Command::new("hozon key remove").value(form.one("key"))
}

/// The role that was chosen, where it holds.
fn granting(command: Command, form: Form<'_>) -> Command {
    grants(form).iter().fold(command, |command, grant| {
        command.option("--role", Some(grant))
    })
}

/// `read_write@search/main,staging`: a role with where it holds, once for each project whose clusters are chosen.
fn grants(form: Form<'_>) -> Vec<String> {
    let Some(role) = form.one("role") else {
        return Vec::new();
    };
    match form.one("place") {
        Some("project") => form
            .one("project")
            .map(|project| format!("{role}@{project}"))
            .into_iter()
            .collect(),
        Some("clusters") => {
            let mut projects: Vec<(&str, Vec<&str>)> = Vec::new();
            let chosen = form.all("clusters[]");
            for (project, cluster) in chosen.iter().filter_map(|chosen| chosen.split_once('/')) {
                match projects.iter_mut().find(|(known, _)| *known == project) {
                    Some((_, clusters)) => clusters.push(cluster),
                    None => projects.push((project, vec![cluster])),
                }
            }
            projects
                .into_iter()
                .map(|(project, clusters)| format!("{role}@{project}/{}", clusters.join(",")))
                .collect()
        }
        _ => vec![role.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, tests::said};

    #[test]
    fn a_key_says_its_role_its_place_and_its_end() {
        let form = [
            ("name", "夜間"),
            ("role", "read_write"),
            ("place", "clusters"),
            ("project", "search"),
            ("clusters[]", "search/main"),
            ("clusters[]", "search/staging"),
            ("expires", "30"),
            ("until", "2026-12-31T18:00"),
            ("zone", "Asia/Tokyo"),
        ];
        assert_eq!(
            said(Verb::CreateKey, &form),
            "hozon key create 夜間 --role read_write@search/main,staging --days 30"
        );
        let form = [
            ("name", "all of it"),
            ("role", "read_only"),
            ("place", "everywhere"),
            ("project", "search"),
            ("expires", "date"),
            ("until", "2026-12-31T18:00"),
            ("zone", "Asia/Tokyo"),
        ];
        assert_eq!(
            said(Verb::CreateKey, &form),
            "hozon key create 'all of it' --role read_only --until '2026-12-31T18:00[Asia/Tokyo]'"
        );
        let form = [
            ("name", "k"),
            ("role", "project_admin"),
            ("place", "project"),
            ("project", "search"),
            ("expires", "never"),
        ];
        assert_eq!(
            said(Verb::CreateKey, &form),
            "hozon key create k --role project_admin@search"
        );
        let form = [("id", "key-1"), ("key", "k")];
        assert_eq!(said(Verb::RemoveKey, &form), "hozon key remove k");
    }

    #[test]
    fn a_member_has_a_role_somewhere_and_no_password_on_the_line() {
        let form = [
            ("name", "alice"),
            ("role", "read_only"),
            ("place", "everywhere"),
            ("project", "default"),
            ("password", "correct horse battery"),
        ];
        assert_eq!(
            said(Verb::AddMember, &form),
            "hozon user add alice --role read_only --password-file FILE"
        );
        let form = [
            ("name", "alice"),
            ("role", "検証 係"),
            ("place", "project"),
            ("project", "search"),
            ("password", ""),
        ];
        assert_eq!(
            said(Verb::AddMember, &form),
            "hozon user add alice --role '検証 係@search'"
        );
    }

    #[test]
    fn a_role_is_given_beside_those_that_are_held() {
        let form = [
            ("name", "alice"),
            ("held[]", "read_only"),
            ("held[]", "project_admin@search"),
            ("role", "read_write"),
            ("place", "clusters"),
            ("project", "search"),
            ("clusters[]", "search/main"),
            ("clusters[]", "other/third"),
            ("clusters[]", "search/staging"),
        ];
        assert_eq!(
            said(Verb::GrantRole, &form),
            "hozon user grant alice --role read_only --role project_admin@search \
             --role read_write@search/main,staging --role read_write@other/third"
        );
        let form = [("name", "alice")];
        assert_eq!(said(Verb::RemoveMember, &form), "hozon user remove alice");
        assert_eq!(said(Verb::TotpOff, &form), "hozon user totp off alice");
    }

    #[test]
    fn a_role_names_its_privileges() {
        let form = [
            ("name", "Keepers"),
            ("description", ""),
            ("privileges[]", "backup:view"),
            ("privileges[]", "backup:verify"),
        ];
        assert_eq!(
            said(Verb::CreateRole, &form),
            "hozon role create Keepers --privilege backup:view,backup:verify"
        );
        assert_eq!(
            said(Verb::EditRole, &form),
            "hozon role edit Keepers --description '' --privilege backup:view,backup:verify"
        );
        assert_eq!(said(Verb::RemoveRole, &form), "hozon role remove Keepers");
    }
}
