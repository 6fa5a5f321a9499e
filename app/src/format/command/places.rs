//! Commands about clusters, integrations and repositories. What is secret is read from files, never typed on a
//! command line.

use hozon_model::{DeploymentOption, ProjectId};

use super::{Command, Form, quoted};
use crate::format::place_url;

/// Fields of a cluster that can be changed, and how the command line names them.
const CHANGEABLE: [(&str, &str); 8] = [
    ("name", "--name"),
    ("address", "--address"),
    ("deployment", "--deployment"),
    ("cloud_region", "--cloud-region"),
    ("username", "--username"),
    ("storage_url", "--storage"),
    ("storage_endpoint", "--storage-endpoint"),
    ("storage_region", "--storage-region"),
];

/// `hozon cluster add`
pub(super) fn add_cluster(form: Form<'_>) -> Command {
    let usual = DeploymentOption::default().as_str();
    let command = Command::new("hozon cluster add")
        .value(typed(form, "name"))
        .option("--address", typed(form, "address"))
        .option("--project", project(form))
        .option(
            "--deployment",
            typed(form, "deployment").filter(|kind| *kind != usual),
        )
        .option("--cloud-region", typed(form, "cloud_region"))
        .option("--username", typed(form, "username"));
    let command = signing_in(command, form)
        .option("--storage", typed(form, "storage_url"))
        .option("--storage-endpoint", typed(form, "storage_endpoint"))
        .option("--storage-region", typed(form, "storage_region"));
    keys(command, form)
}

/// `hozon cluster edit`: what is another than it was, also where it was emptied.
pub(super) fn edit_cluster(form: Form<'_>) -> Command {
    let mut command = Command::new("hozon cluster edit").value(typed(form, "cluster"));
    for (name, option) in CHANGEABLE {
        let now = typed(form, name).unwrap_or_default();
        let was = typed(form, &format!("was_{name}")).unwrap_or_default();
        if now != was {
            command = command.word(option).word(&quoted(now));
        }
    }
    keys(signing_in(command, form), form)
}

/// `hozon cluster remove`
pub(super) fn remove_cluster(form: Form<'_>) -> Command {
    Command::new("hozon cluster remove").value(form.one("cluster"))
}

/// `hozon integration add`
pub(super) fn add_integration(form: Form<'_>) -> Command {
    let text = |name| typed(form, name).unwrap_or_default();
    let (account, bucket) = (text("account"), text("bucket"));
    let url = place_url(text("provider"), account, bucket, text("path"));
    let role = typed(form, "role_arn");
    let external = typed(form, "external_id").filter(|_| role.is_some());
    let command = Command::new("hozon integration add")
        .value(typed(form, "name"))
        .option("--storage", Some(url.as_str()))
        .option("--description", typed(form, "description"))
        .option("--project", project(form))
        .option("--endpoint", typed(form, "endpoint"))
        .option("--region", typed(form, "region"))
        .option("--access-key", typed(form, "access_key"));
    file(command, form, "secret_key", "--secret-key-file")
        .option("--tenant-id", typed(form, "tenant_id"))
        .option("--client-id", typed(form, "client_id"))
        .option("--role-arn", role)
        .option("--external-id", external)
}

/// `hozon integration remove`
pub(super) fn remove_integration(form: Form<'_>) -> Command {
    Command::new("hozon integration remove").value(form.one("integration"))
}

/// `hozon repository add`, with what is to be filled in
pub(super) fn add_repository() -> Command {
    Command::new("hozon repository add NAME --url URL")
}

fn signing_in(command: Command, form: Form<'_>) -> Command {
    let command = file(command, form, "password", "--password-file");
    let command = file(command, form, "token", "--token-file");
    file(command, form, "ca_certificate", "--ca-file")
}

fn keys(command: Command, form: Form<'_>) -> Command {
    let command = command.option("--storage-access-key", typed(form, "storage_access_key"));
    file(
        command,
        form,
        "storage_secret_key",
        "--storage-secret-key-file",
    )
}

/// What was typed stands in a file; which one, whoever runs the command knows.
fn file(command: Command, form: Form<'_>, name: &str, option: &str) -> Command {
    match form.one(name) {
        Some(_) => command.word(option).word("FILE"),
        None => command,
    }
}

/// The project, unless it is the one that is meant where none is said.
fn project(form: Form<'_>) -> Option<&str> {
    typed(form, "project").filter(|project| *project != ProjectId::DEFAULT)
}

/// What was typed, without the blanks that came along.
fn typed<'a>(form: Form<'a>, name: &str) -> Option<&'a str> {
    form.one(name).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, tests::said};

    #[test]
    fn a_cluster_is_added_with_its_secrets_in_files() {
        let form = [
            ("name", "本番"),
            ("address", "https://milvus:19530"),
            ("project", "proj-0000000000000000000001"),
            ("deployment", "Dedicated"),
            ("cloud_region", "aws-us-west-2"),
            ("username", "root"),
            ("password", "secret"),
            ("token", ""),
            ("ca_certificate", "-----BEGIN CERTIFICATE-----"),
            ("storage_url", "s3://milvus/files"),
            ("storage_endpoint", ""),
            ("storage_access_key", "key"),
            ("storage_secret_key", "very secret"),
        ];
        assert_eq!(
            said(Verb::AddCluster, &form),
            "hozon cluster add 本番 --address https://milvus:19530 --project proj-0000000000000000000001 \
             --cloud-region aws-us-west-2 --username root --password-file FILE --ca-file FILE \
             --storage s3://milvus/files --storage-access-key key --storage-secret-key-file FILE"
        );
    }

    #[test]
    fn a_cluster_is_changed_only_where_it_is_another() {
        let form = [
            ("cluster", "demo"),
            ("name", "demo"),
            ("was_name", "demo"),
            ("cloud_region", ""),
            ("was_cloud_region", "aws-us-west-2"),
            ("deployment", "Free"),
            ("was_deployment", "Dedicated"),
        ];
        assert_eq!(
            said(Verb::EditCluster, &form),
            "hozon cluster edit demo --deployment Free --cloud-region ''"
        );
    }

    #[test]
    fn a_cluster_is_removed_by_its_name() {
        let form = [("id", "in01-1"), ("cluster", "demo")];
        assert_eq!(
            said(Verb::RemoveCluster, &form),
            "hozon cluster remove demo"
        );
    }

    #[test]
    fn an_integration_says_its_place_as_a_url() {
        let form = [
            ("provider", "azure"),
            ("name", "書庫"),
            ("account", "acc"),
            ("bucket", "backups"),
            ("path", "/hozon/"),
            ("secret_key", "very secret"),
        ];
        assert_eq!(
            said(Verb::AddIntegration, &form),
            "hozon integration add 書庫 --storage az://acc/backups/hozon --secret-key-file FILE"
        );
        let form = [("provider", "local"), ("name", "disk"), ("path", "/srv/x")];
        assert_eq!(
            said(Verb::AddIntegration, &form),
            "hozon integration add disk --storage file:///srv/x"
        );
    }
}
