//! Which REST APIs are served, and what guards them.

use std::path::PathBuf;

use hozon_api::{Key, v1, v2};
use hozon_engine::Error;

use super::{
    Flags,
    file::{CompatMilvusBackup, ControlPlane},
    resolve::{Environment, parsed, path, read_secret},
    unacceptable,
};

pub(super) fn compat_milvus_backup(
    flags: &Flags,
    environment: Environment<'_>,
    file: CompatMilvusBackup,
    largest_body: usize,
) -> Result<Option<v1::Options>, Error> {
    let enabled = parsed(environment, "HOZON_COMPAT_MILVUS_BACKUP", file.enabled)?;
    if !flags.compat_milvus_backup && !enabled.unwrap_or(false) {
        return Ok(None);
    }
    Ok(Some(v1::Options {
        cluster: environment("HOZON_COMPAT_CLUSTER").or(file.cluster),
        key: key(environment, "HOZON_COMPAT_KEY", file.key_file)?,
        largest_body,
    }))
}

/// There is no need to switch it on: whoever has no API key does not come in.
pub(super) fn control_plane(
    environment: Environment<'_>,
    file: ControlPlane,
    largest_body: usize,
) -> Result<v2::Options, Error> {
    let mut options = v2::Options {
        largest_body,
        ..v2::Options::default()
    };
    if let Some(region) = environment("HOZON_CONTROL_PLANE_REGION").or(file.region) {
        if region.is_empty() || region.chars().any(char::is_whitespace) {
            return Err(
                unacceptable("region", format!("`{region}` is empty or holds a space"))
                    .hint("write it like `aws-us-west-2`"),
            );
        }
        options.region = region;
    }
    let rate = parsed(
        environment,
        "HOZON_CONTROL_PLANE_PER_SECOND",
        file.requests_per_second,
    )?;
    if let Some(rate) = rate {
        options.requests_per_second = rate;
    }
    Ok(options)
}

/// A key from a variable, or from the file that `<variable>_FILE` or the configuration names.
fn key(
    environment: Environment<'_>,
    variable: &str,
    file: Option<PathBuf>,
) -> Result<Option<Key>, Error> {
    if let Some(text) = environment(variable) {
        return Ok(Some(Key::new(text.trim())));
    }
    let file = path(environment, &format!("{variable}_FILE"), file)?;
    match file {
        Some(file) => Ok(Some(Key::new(read_secret(&file)?.trim()))),
        None => Ok(None),
    }
}
