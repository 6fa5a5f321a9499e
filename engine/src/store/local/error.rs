//! What the operating system says, in the engine's words.

use std::{io, path::Path};

use rustix::io::Errno;

use super::Inner;
use crate::{Error, ErrorCode};

/// Which right was needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Reading,
    Writing,
}

impl Inner {
    /// Names what failed on `file`.
    pub(super) fn error(&self, doing: Doing, file: &Path, error: io::Error) -> Error {
        use io::ErrorKind as Kind;

        let refused = match doing {
            Doing::Reading => ErrorCode::StorageUnreadable,
            Doing::Writing => ErrorCode::StorageUnwritable,
        };
        let subject = file.display().to_string();
        match error.kind() {
            Kind::NotFound | Kind::NotADirectory if !self.root.is_dir() => {
                Error::new(refused, self.root.display().to_string())
                    .because("there is no such directory")
                    .hint("check the path; if it is a mounted disk, mount it")
            }
            Kind::NotFound | Kind::NotADirectory | Kind::IsADirectory
                if doing == Doing::Reading =>
            {
                Error::new(ErrorCode::FileMissing, subject).caused_by(error)
            }
            Kind::StorageFull | Kind::QuotaExceeded => Error::new(ErrorCode::StorageFull, subject)
                .caused_by(error)
                .hint("free space on that disk, raise the quota, or delete backups"),
            Kind::PermissionDenied => {
                Error::new(refused, subject)
                    .caused_by(error)
                    .hint(if doing == Doing::Reading {
                        "let the user that Hozon runs as read this directory"
                    } else {
                        "let the user that Hozon runs as write to this directory"
                    })
            }
            Kind::ReadOnlyFilesystem => Error::new(refused, subject)
                .caused_by(error)
                .hint("mount the disk for writing; a disk with faults is often mounted read-only"),
            Kind::InvalidFilename => Error::new(ErrorCode::InvalidInput, subject)
                .caused_by(error)
                .hint("choose a shorter directory for this storage"),
            Kind::TimedOut | Kind::StaleNetworkFileHandle | Kind::HostUnreachable => {
                Error::new(ErrorCode::StorageUnreachable, subject)
                    .caused_by(error)
                    .hint("check the connection to the file server behind this directory")
            }
            _ if has_too_many_files(&error) => Error::new(refused, subject)
                .caused_by(error)
                .hint("let Hozon keep more files open: raise `ulimit -n`"),
            _ => Error::new(refused, subject)
                .caused_by(error)
                .hint("look for faults of the disk in the system's log"),
        }
    }
}

fn has_too_many_files(error: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE]
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}
