//! Commands about members, roles and keys.

use super::{Command, Fields, until};

/// `hozon user add`: a password is read from a file, never typed on a command line.
pub(super) fn add_member(command: &mut Command, fields: &Fields) {
    command.word("add").value(one(fields, "name"));
    for grant in grants(fields) {
        command.option("--role", Some(&grant));
    }
    if one(fields, "password").is_some() {
        command.word("--password-file").word("FILE");
    }
}

/// `hozon user grant`, which says all that a member may do: the roles that stay, and the new one.
pub(super) fn grant_role(command: &mut Command, fields: &Fields) {
    command.word("grant").value(one(fields, "name"));
    for held in all(fields, "held[]") {
        command.option("--role", Some(held));
    }
    for grant in grants(fields) {
        command.option("--role", Some(&grant));
    }
}

/// `hozon role create`
pub(super) fn create_role(command: &mut Command, fields: &Fields) {
    command
        .word("create")
        .value(one(fields, "name"))
        .option("--description", one(fields, "description"));
    privileges(command, fields);
}

/// `hozon role edit`: an empty description is one, too.
pub(super) fn edit_role(command: &mut Command, fields: &Fields) {
    command
        .word("edit")
        .value(one(fields, "name"))
        .option("--description", all(fields, "description").first().copied());
    privileges(command, fields);
}

/// `hozon key create`
pub(super) fn create_key(command: &mut Command, fields: &Fields) {
    command.word("create").value(one(fields, "name"));
    for grant in grants(fields) {
        command.option("--role", Some(&grant));
    }
    let (expires, zone) = (one(fields, "expires"), one(fields, "zone"));
    match expires {
        Some("date") => command.option("--until", until(one(fields, "until"), zone).as_deref()),
        days => command.option("--days", days.filter(|days| *days != "never")),
    };
}

fn privileges(command: &mut Command, fields: &Fields) {
    let chosen = all(fields, "privileges[]").join(",");
    command.option(
        "--privilege",
        Some(chosen.as_str()).filter(|chosen| !chosen.is_empty()),
    );
}

/// `read_write@search/main,staging`: a role with where it holds, once for each project whose clusters are chosen.
fn grants(fields: &Fields) -> Vec<String> {
    let Some(role) = one(fields, "role") else {
        return Vec::new();
    };
    match one(fields, "place") {
        Some("project") => one(fields, "project")
            .map(|project| format!("{role}@{project}"))
            .into_iter()
            .collect(),
        Some("clusters") => {
            let mut projects: Vec<(&str, Vec<&str>)> = Vec::new();
            let chosen = all(fields, "clusters[]");
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

/// The first value of a field, unless it is empty.
fn one<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    all(fields, name)
        .into_iter()
        .find(|value| !value.is_empty())
}

fn all<'a>(fields: &'a Fields, name: &str) -> Vec<&'a str> {
    fields
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, Verb, line};

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_member_has_a_role_somewhere_and_no_password_on_the_line() {
        let form = fields(&[
            ("name", "alice"),
            ("role", "read_only"),
            ("place", "everywhere"),
            ("project", "default"),
            ("password", "correct horse battery"),
        ]);
        assert_eq!(
            line(Verb::AddMember, &form),
            "hozon user add alice --role read_only --password-file FILE"
        );
        let form = fields(&[
            ("name", "alice"),
            ("role", "検証 係"),
            ("place", "project"),
            ("project", "search"),
            ("password", ""),
        ]);
        assert_eq!(
            line(Verb::AddMember, &form),
            "hozon user add alice --role '検証 係@search'"
        );
    }

    #[test]
    fn a_role_is_given_beside_those_that_are_held() {
        let form = fields(&[
            ("name", "alice"),
            ("held[]", "read_only"),
            ("held[]", "project_admin@search"),
            ("role", "read_write"),
            ("place", "clusters"),
            ("project", "search"),
            ("clusters[]", "search/main"),
            ("clusters[]", "other/third"),
            ("clusters[]", "search/staging"),
        ]);
        assert_eq!(
            line(Verb::GrantRole, &form),
            "hozon user grant alice --role read_only --role project_admin@search \
             --role read_write@search/main,staging --role read_write@other/third"
        );
        let form = fields(&[("name", "alice")]);
        assert_eq!(line(Verb::RemoveMember, &form), "hozon user remove alice");
        assert_eq!(line(Verb::TotpOff, &form), "hozon user totp off alice");
    }

    #[test]
    fn a_role_names_its_privileges() {
        let form = fields(&[
            ("name", "Keepers"),
            ("description", ""),
            ("privileges[]", "backup:view"),
            ("privileges[]", "backup:verify"),
        ]);
        assert_eq!(
            line(Verb::CreateRole, &form),
            "hozon role create Keepers --privilege backup:view,backup:verify"
        );
        assert_eq!(
            line(Verb::EditRole, &form),
            "hozon role edit Keepers --description '' --privilege backup:view,backup:verify"
        );
        assert_eq!(line(Verb::RemoveRole, &form), "hozon role remove Keepers");
    }
}
