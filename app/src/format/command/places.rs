//! Commands about clusters and integrations. What is secret is read from files, never typed on a command line.

use hozon_model::{DeploymentOption, ProjectId};

use super::{Command, Fields, quoted};
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
pub(super) fn add_cluster(command: &mut Command, fields: &Fields) {
    let usual = DeploymentOption::default().as_str();
    command
        .word("add")
        .value(one(fields, "name"))
        .option("--address", one(fields, "address"))
        .option("--project", project(fields))
        .option(
            "--deployment",
            one(fields, "deployment").filter(|kind| *kind != usual),
        )
        .option("--cloud-region", one(fields, "cloud_region"))
        .option("--username", one(fields, "username"));
    signing_in(command, fields);
    command
        .option("--storage", one(fields, "storage_url"))
        .option("--storage-endpoint", one(fields, "storage_endpoint"))
        .option("--storage-region", one(fields, "storage_region"));
    keys(command, fields);
}

/// `hozon cluster edit`: what is another than it was, also where it was emptied.
pub(super) fn edit_cluster(command: &mut Command, fields: &Fields) {
    command.word("edit").value(one(fields, "cluster"));
    for (name, option) in CHANGEABLE {
        let now = given(fields, name).unwrap_or_default();
        let was = given(fields, &format!("was_{name}")).unwrap_or_default();
        if now != was {
            command.word(option).word(&quoted(now));
        }
    }
    signing_in(command, fields);
    keys(command, fields);
}

/// `hozon integration add`
pub(super) fn add_integration(command: &mut Command, fields: &Fields) {
    let text = |name| one(fields, name).unwrap_or_default();
    let (account, bucket) = (text("account"), text("bucket"));
    let url = place_url(text("provider"), account, bucket, text("path"));
    command
        .word("add")
        .value(one(fields, "name"))
        .option("--storage", Some(url.as_str()))
        .option("--description", one(fields, "description"))
        .option("--project", project(fields))
        .option("--endpoint", one(fields, "endpoint"))
        .option("--region", one(fields, "region"))
        .option("--access-key", one(fields, "access_key"));
    file(command, fields, "secret_key", "--secret-key-file");
    command
        .option("--tenant-id", one(fields, "tenant_id"))
        .option("--client-id", one(fields, "client_id"));
    let role = one(fields, "role_arn");
    let external = one(fields, "external_id").filter(|_| role.is_some());
    command
        .option("--role-arn", role)
        .option("--external-id", external);
}

fn signing_in(command: &mut Command, fields: &Fields) {
    file(command, fields, "password", "--password-file");
    file(command, fields, "token", "--token-file");
    file(command, fields, "ca_certificate", "--ca-file");
}

fn keys(command: &mut Command, fields: &Fields) {
    command.option("--storage-access-key", one(fields, "storage_access_key"));
    file(
        command,
        fields,
        "storage_secret_key",
        "--storage-secret-key-file",
    );
}

/// What was typed stands in a file; which one, whoever runs the command knows.
fn file(command: &mut Command, fields: &Fields, name: &str, option: &str) {
    if one(fields, name).is_some() {
        command.word(option).word("FILE");
    }
}

/// The project, unless it is the one that is meant where none is said.
fn project(fields: &Fields) -> Option<&str> {
    one(fields, "project").filter(|project| *project != ProjectId::DEFAULT)
}

fn one<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    given(fields, name).filter(|value| !value.is_empty())
}

fn given<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let field = fields.iter().find(|(key, _)| key == name);
    field.map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, line};

    fn said(verb: Verb, pairs: &[(&str, &str)]) -> String {
        let fields = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        line(verb, &fields)
    }

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
