//! The long help's last part, and the whole reference as docs/CLI.md has it.

use clap::CommandFactory;

use super::{Cli, exit::Exit};

/// Variables that no flag stands for.
const VARIABLES: &[(&str, &str)] = &[
    ("HOZON_CONFIG", "configuration file"),
    (
        "HOZON_DATA_DIR",
        "directory of the catalog and the secret key",
    ),
    (
        "HOZON_SECRET_KEY_FILE",
        "file of the key that protects stored secrets",
    ),
    ("HOZON_SECRET_KEY", "the key itself, in place of a file"),
    (
        "HOZON_NEW_SECRET_KEY",
        "the key that `secrets rotate` puts in its place",
    ),
    ("HOZON_WORKERS", "jobs that run at a time"),
    (
        "HOZON_LEASE_SECONDS",
        "how long a dead worker keeps its job",
    ),
    ("HOZON_PROFILE", "whose rules hold: `open` or `vendor`"),
    ("HOZON_BIND", "address that `serve` listens on"),
    ("HOZON_PORT", "port that `serve` listens on"),
    (
        "HOZON_PUBLIC_URL",
        "address that people type to reach the console",
    ),
    (
        "HOZON_BEHIND_TLS",
        "`true` when a proxy in front speaks TLS",
    ),
    (
        "HOZON_SERVER_TRUSTED_PROXIES",
        "whose `X-Forwarded-…` counts: `10.0.0.0/8,192.0.2.7`",
    ),
    (
        "HOZON_SERVER_TLS_CERTIFICATE",
        "the server's own certificate (PEM)",
    ),
    ("HOZON_SERVER_TLS_KEY", "file of its private key (PEM)"),
    (
        "HOZON_ADMIN_PASSWORD",
        "password of `admin`, at the first start",
    ),
    ("HOZON_REPOSITORY_URL", "where backups are kept"),
    (
        "HOZON_REPOSITORY_ENDPOINT",
        "address of a service that is not the cloud's own",
    ),
    ("HOZON_REPOSITORY_REGION", "region of the bucket"),
    (
        "HOZON_REPOSITORY_ACCESS_KEY",
        "access key of an S3 repository",
    ),
    (
        "HOZON_REPOSITORY_SECRET_KEY",
        "secret key, or what its service takes in place of one",
    ),
    ("HOZON_REPOSITORY_SECRET_KEY_FILE", "file that holds it"),
    (
        "HOZON_REPOSITORY_TENANT_ID",
        "directory of an application, for Azure",
    ),
    ("HOZON_REPOSITORY_CLIENT_ID", "the application"),
    (
        "HOZON_STORES_PRIVATE_ENDPOINTS",
        "`false` refuses stores at loopback and private addresses",
    ),
    (
        "HOZON_STORES_PATIENCE_SECONDS",
        "how long a service may answer nothing but \"slow down\"",
    ),
    (
        "HOZON_TRANSFER_BANDWIDTH_LIMIT",
        "how much may pass between this process and services, `100 MB/s`",
    ),
    (
        "HOZON_PROVISIONING_URL",
        "service that makes clusters for restores",
    ),
    (
        "HOZON_PROVISIONING_SECRET",
        "what signs the questions to it",
    ),
    ("HOZON_PROVISIONING_SECRET_FILE", "file that holds it"),
    (
        "HOZON_COMPAT_MILVUS_BACKUP",
        "`true` serves milvus-backup's API",
    ),
    (
        "HOZON_COMPAT_CLUSTER",
        "the one cluster that its clients know",
    ),
    ("HOZON_COMPAT_KEY", "what its clients must send"),
    ("HOZON_COMPAT_KEY_FILE", "file that holds it"),
    (
        "HOZON_CONTROL_PLANE_REGION",
        "region of clusters that name none",
    ),
    (
        "HOZON_CONTROL_PLANE_PER_SECOND",
        "requests that one key may send to one endpoint in a second",
    ),
    ("HOZON_OIDC_ISSUER", "identity provider that lets people in"),
    ("HOZON_OIDC_CLIENT_ID", "what this console is called there"),
    ("HOZON_OIDC_CLIENT_SECRET", "what it proves that with there"),
    ("HOZON_OIDC_CLIENT_SECRET_FILE", "file that holds it"),
    (
        "HOZON_OIDC_LET_IN_UNKNOWN",
        "`true` lets people in whom nobody added",
    ),
    (
        "HOZON_SERVER",
        "the server that commands are for, in place of this machine",
    ),
    ("HOZON_KEY_FILE", "file that holds the API key for it"),
    ("HOZON_KEY", "the key itself"),
    ("HOZON_SERVER_CA_FILE", "PEM file of its private authority"),
    ("HOZON_LOG", "log filter, `info,hozon_engine=debug`"),
    ("NO_COLOR", "no colours, if set"),
];

pub(super) fn after_help() -> String {
    let mut text = "Exit codes:\n".to_owned();
    for exit in Exit::ALL {
        text.push_str(&format!("  {:>3}  {}\n", exit as u8, exit.meaning()));
    }
    text.push_str("\nEnvironment (flags win over it, it wins over the configuration file):\n");
    for (name, meaning) in VARIABLES {
        text.push_str(&format!("  {name:33} {meaning}\n"));
    }
    text.push_str(
        "\nWith `--json` stdout carries exactly one document: the answer, or `{\"error\": …}`\n\
         where the exit code is not 0 (`cluster check` answers with the check either way).\n\
         Messages and progress go to stderr.",
    );
    text
}

/// The reference of every command, in Markdown.
pub fn reference() -> String {
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut text = String::from(
        "# The command line\n\n\
         What `--help` says of every command. A test keeps this file up to date:\n\
         `HOZON_WRITE_DOCS=1 cargo test -p hozon --test reference` writes it anew.\n\n\
         ## The configuration file\n\n\
         Named by `--config` or `HOZON_CONFIG`. Every key may be left out; one that is not known is an \
         error. No secret stands in it.\n\n",
    );
    text.push_str(&format!("```toml\n{}```\n", crate::config::EXAMPLE));
    describe(&mut root, &mut text);
    text
}

fn describe(command: &mut clap::Command, text: &mut String) {
    let name = command
        .get_bin_name()
        .unwrap_or(command.get_name())
        .to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    text.push_str(&format!(
        "\n## `{name}`\n\n```text\n{}\n```\n",
        help.join("\n")
    ));
    for sub in command.get_subcommands_mut() {
        if sub.get_name() != "help" {
            describe(sub, text);
        }
    }
}
