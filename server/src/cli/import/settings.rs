//! The file that `hozon config import --settings` writes, and the one for its secret beside it: new, whole, and for
//! their owner alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use hozon_engine::{Error, ErrorCode};

use super::report::Outcome;
use crate::{cli::exit::Failure, milvus_backup::SettingsFile};

/// What the secret's file is called where no settings file is named.
pub(crate) const SECRET_FILE: &str = "hozon.repository-key";

/// A settings file that is to be written, or is there.
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    pub(crate) outcome: Outcome,
    pub(crate) text: String,
    secret: Option<(PathBuf, String)>,
}

impl Target {
    /// Looks whether it is there. Another one of its name is not touched.
    pub(crate) fn look(path: PathBuf, settings: &SettingsFile) -> Result<Self, Failure> {
        let secret_path = path.with_extension("repository-key");
        let secret_name = secret_path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .ok_or_else(|| taken(&path, "it names no file"))?;
        let text = settings
            .render(&secret_name)
            .map_err(|error| Error::new(ErrorCode::Internal, "settings").caused_by(error))?;
        let secret = settings
            .secret
            .clone()
            .map(|secret| (secret_path, format!("{secret}\n")));
        let outcome = match contents(&path)? {
            None => Outcome::Planned,
            Some(found) if found == text => Outcome::There,
            Some(_) => return Err(taken(&path, "it is there, and says otherwise")),
        };
        if let Some((path, secret)) = &secret
            && contents(path)?.is_some_and(|found| found != *secret)
        {
            return Err(taken(path, "it is there, and holds another secret"));
        }
        Ok(Self {
            path,
            outcome,
            text,
            secret,
        })
    }

    /// Writes what is not there, the secret first: settings never name a file that is missing.
    pub(crate) fn write(self) -> Result<Outcome, Failure> {
        if let Some((path, secret)) = &self.secret
            && contents(path)?.is_none()
        {
            write_new(path, secret)?;
        }
        if self.outcome == Outcome::Planned {
            write_new(&self.path, &self.text)?;
            return Ok(Outcome::Made);
        }
        Ok(self.outcome)
    }
}

fn contents(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(taken(path, &error.to_string())),
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| taken(path, &error.to_string()))?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a file would be taken for another one the next time. That it failed is told either way.
        let _removed = fs::remove_file(path);
        taken(path, &error.to_string())
    })
}

fn taken(path: &Path, why: &str) -> Failure {
    Failure::usage(
        &path.display().to_string(),
        why,
        "name a file with `--settings` that is not there, in a directory that can be written",
    )
}
