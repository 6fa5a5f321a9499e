//! `hozon cluster …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use hozon_engine::store::credentials;
use hozon_model::{
    CheckItem, Cluster, ClusterCheck, CredentialParts, DeploymentOption, NewCluster,
};

use super::{
    cluster_edit::Edit,
    door::Desk,
    exit::{Exit, Failure},
    table::{Align, Table, facts},
    words,
};
use crate::config::{read_secret, secret};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Register a cluster, after checking that it answers and owns the storage
    Add(Box<Add>),
    /// List the registered clusters
    List,
    /// Show one cluster
    Show(One),
    /// Change what is known of a cluster; what is not given stays, secrets too
    Edit(Box<Edit>),
    /// Try everything that backups and restores of a cluster need
    Check(One),
    /// Forget a cluster and its secrets; its backups stay
    Remove(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// Name or identifier of the cluster
    cluster: String,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name to register it under
    name: String,
    /// Where Milvus answers, `http://host:19530` or `https://host:19530`
    #[arg(long, value_name = "URL")]
    address: String,
    /// Project it belongs to, by name or identifier; the first one where nothing is said
    #[arg(long)]
    project: Option<String>,
    /// What kind of service it is: `Dedicated`, `Serverless` or `Free`
    #[arg(long, value_name = "KIND", default_value_t = DeploymentOption::Dedicated)]
    deployment: DeploymentOption,
    /// Where it runs, like `aws-us-west-2`
    #[arg(long, value_name = "REGION")]
    cloud_region: Option<String>,
    /// Milvus user; its password comes from `--password-file` or `HOZON_CLUSTER_PASSWORD`
    #[arg(long, value_name = "USER", conflicts_with = "token_file")]
    username: Option<String>,
    /// File that holds the user's password
    #[arg(long, value_name = "FILE", requires = "username")]
    password_file: Option<PathBuf>,
    /// File that holds a token, in place of user and password
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// PEM file of the authority that signed the server's certificate
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Milvus's root path: `file:///absolute/path`, `s3://bucket/path`, `az://account/container/path` or `gs://bucket/path`
    #[arg(long, value_name = "URL")]
    storage: String,
    /// Address of the storage service, `http://host:port`, where it is not the cloud's own
    #[arg(long, value_name = "URL")]
    storage_endpoint: Option<String>,
    /// Region of the bucket
    #[arg(long, value_name = "REGION")]
    storage_region: Option<String>,
    /// Access key of an S3 storage
    #[arg(long, value_name = "KEY")]
    storage_access_key: Option<String>,
    /// File that holds the secret of the storage; or `HOZON_CLUSTER_STORAGE_SECRET_KEY`: S3's secret key, Azure's
    /// account key, shared access signature or client secret, Google Cloud's service account (JSON)
    #[arg(long, value_name = "FILE")]
    storage_secret_key_file: Option<PathBuf>,
    /// Directory (tenant) of an application registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "storage_client_id")]
    storage_tenant_id: Option<String>,
    /// An application (client) registered with Microsoft Entra
    #[arg(long, value_name = "ID", requires = "storage_tenant_id")]
    storage_client_id: Option<String>,
}

pub(crate) async fn run(desk: &Desk, command: Command) -> Result<(), Failure> {
    let Desk { door, output } = desk;
    match command {
        Command::Add(add) => {
            let (engine, actor) = door.here("cluster add")?;
            let cluster = engine.add_cluster(actor, add.into_new()?).await?;
            output.answer(&cluster, |cluster| {
                format!("Registered cluster `{}` ({})", cluster.name, cluster.id)
            })?;
            output.hint(&format!(
                "back it up with `hozon backup create --cluster {}`",
                cluster.name
            ));
            Ok(())
        }
        Command::List => {
            let clusters = door.clusters().await?;
            output.answer(&clusters, list)?;
            if clusters.is_empty() {
                output.note("No clusters are registered");
                output.hint("register one with `hozon cluster add`");
            }
            Ok(())
        }
        Command::Show(One { cluster }) => {
            let cluster = door.cluster(&cluster).await?;
            output.answer(&cluster, show)
        }
        Command::Edit(edit) => {
            let (engine, actor) = door.here("cluster edit")?;
            let cluster = edit.cluster.clone();
            let edit = edit.into_edit(engine).await?;
            let cluster = engine.edit_cluster(actor, &cluster, edit).await?;
            output.answer(&cluster, show)
        }
        Command::Check(One { cluster }) => {
            let (engine, _) = door.here("cluster check")?;
            let cluster = engine.cluster(&cluster).await?;
            let check = engine.check_cluster(&cluster.id).await?;
            output.answer(&check, check_lines)?;
            if check.passed() {
                Ok(())
            } else {
                Err(Failure::Silent(Exit::Unreachable))
            }
        }
        Command::Remove(One { cluster }) => {
            let (engine, actor) = door.here("cluster remove")?;
            let cluster = engine.cluster(&cluster).await?;
            engine.remove_cluster(actor, &cluster.id).await?;
            output.answer(&cluster, |cluster| {
                format!("Removed cluster `{}`; its backups stay", cluster.name)
            })
        }
    }
}

impl Add {
    fn into_new(self) -> Result<NewCluster, Failure> {
        let password = match &self.username {
            Some(user) => match secret(self.password_file, "HOZON_CLUSTER_PASSWORD")? {
                Some(password) => Some(password),
                None => {
                    return Err(Failure::usage(
                        "--username",
                        &format!("no password was given for `{user}`"),
                        "name a file with `--password-file` or set `HOZON_CLUSTER_PASSWORD`",
                    ));
                }
            },
            None => None,
        };
        let storage_secret_key = secret(
            self.storage_secret_key_file,
            "HOZON_CLUSTER_STORAGE_SECRET_KEY",
        )?;
        if self.storage_access_key.is_some() && storage_secret_key.is_none() {
            return Err(Failure::usage(
                "--storage-access-key",
                "no secret key was given for it",
                "name a file with `--storage-secret-key-file` or set `HOZON_CLUSTER_STORAGE_SECRET_KEY`",
            ));
        }
        let parts = CredentialParts {
            access_key: self.storage_access_key,
            secret_key: storage_secret_key,
            tenant_id: self.storage_tenant_id,
            client_id: self.storage_client_id,
            ..CredentialParts::default()
        };
        let storage_credentials = credentials(&self.storage, parts)?;
        Ok(NewCluster {
            name: self.name,
            address: self.address,
            project: self.project,
            deployment_option: self.deployment,
            cloud_region: self.cloud_region,
            username: self.username,
            password,
            token: self.token_file.as_deref().map(read_secret).transpose()?,
            ca_certificate: self.ca_file.as_deref().map(read_secret).transpose()?,
            storage_url: self.storage,
            storage_endpoint: self.storage_endpoint,
            storage_region: self.storage_region,
            storage_credentials,
        })
    }
}

fn list(clusters: &Vec<Cluster>) -> String {
    if clusters.is_empty() {
        return String::new();
    }
    let mut table = Table::new([
        ("Name", Align::Left),
        ("ID", Align::Left),
        ("Address", Align::Left),
        ("Milvus", Align::Left),
        ("Storage", Align::Left),
    ]);
    for cluster in clusters {
        table.row([
            cluster.name.clone(),
            cluster.id.to_string(),
            cluster.address.clone(),
            cluster.milvus_version.clone().unwrap_or_else(words::dash),
            cluster.storage.url.clone(),
        ]);
    }
    table.render()
}

fn show(cluster: &Cluster) -> String {
    facts([
        ("Name", cluster.name.clone()),
        ("ID", cluster.id.to_string()),
        ("Project", cluster.project_id.to_string()),
        ("Kind", cluster.deployment_option.to_string()),
        (
            "Cloud region",
            cluster.cloud_region.clone().unwrap_or_default(),
        ),
        ("Address", cluster.address.clone()),
        ("User", cluster.username.clone().unwrap_or_default()),
        ("Milvus", cluster.milvus_version.clone().unwrap_or_default()),
        ("Storage", cluster.storage.url.clone()),
        (
            "Endpoint",
            cluster.storage.endpoint.clone().unwrap_or_default(),
        ),
        ("Region", cluster.storage.region.clone().unwrap_or_default()),
        ("Registered", words::time(cluster.created_at)),
    ])
}

fn check_lines(check: &ClusterCheck) -> String {
    let line = |item: &CheckItem| {
        let subject = words::check_subject(item.subject);
        words::check_line(item.outcome, subject, &item.detail, item.hint.as_deref())
    };
    check.items.iter().map(line).collect()
}
