//! A file that has not got its name yet. It lies beside its target, so that giving it the name is one step.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustix::{fs::FallocateFlags, io::Errno};

use crate::store::path::UNFINISHED;

/// Directories may be cleared away by a deletion between making them and using them; this often we try again.
const ATTEMPTS: usize = 16;

/// Dropped without being published, nothing of it stays.
#[derive(Debug)]
pub(super) struct Unfinished {
    file: File,
    own: PathBuf,
    target: PathBuf,
    reserved: u64,
    written: u64,
}

impl Unfinished {
    /// Makes the directories below `root` and the file.
    pub(super) fn create(root: &Path, target: PathBuf) -> io::Result<Self> {
        let directory = target.parent().unwrap_or(root).to_owned();
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let own = directory.join(format!("{UNFINISHED}{:016x}", u64::from_be_bytes(bytes)));
        let mut attempt = 0;
        loop {
            match OpenOptions::new().write(true).create_new(true).open(&own) {
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound
                        && attempt < ATTEMPTS
                        && root.is_dir() =>
                {
                    attempt += 1;
                    fs::create_dir_all(&directory)?;
                }
                opened => {
                    return opened.map(|file| Self {
                        file,
                        own,
                        target,
                        reserved: 0,
                        written: 0,
                    });
                }
            }
        }
    }

    /// The file it will be.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// Takes the space at once, so that a full disk shows before the copying. File systems that cannot are forgiven.
    pub(super) fn reserve(&mut self, size: u64) -> io::Result<()> {
        if size == 0 {
            return Ok(());
        }
        self.reserved = size;
        match rustix::fs::fallocate(&self.file, FallocateFlags::KEEP_SIZE, 0, size) {
            Err(Errno::NOSPC) => Err(Errno::NOSPC.into()),
            Err(Errno::DQUOT) => Err(Errno::DQUOT.into()),
            _ => Ok(()),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.file.write_all(bytes)
    }

    /// Gives back what was reserved and not used.
    fn trim(&self) -> io::Result<()> {
        if self.reserved > self.written {
            self.file.set_len(self.written)?;
        }
        Ok(())
    }

    /// Takes the target's name, replacing what had it.
    pub(super) fn publish(self) -> io::Result<()> {
        self.trim()?;
        fs::rename(&self.own, &self.target)
    }

    /// Takes the target's name if nothing has it, and does not return before that survives a power cut.
    pub(super) fn publish_new(self, root: &Path) -> io::Result<bool> {
        self.trim()?;
        self.file.sync_all()?;
        match self.take_free_name() {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            named => named?,
        }
        let mut directory = self.target.parent();
        while let Some(path) = directory {
            File::open(path)?.sync_all()?;
            if path == root {
                break;
            }
            directory = path.parent();
        }
        Ok(true)
    }

    /// A hard link fails if the name is taken; so does renaming in this mode, for file systems that know no links.
    fn take_free_name(&self) -> io::Result<()> {
        match fs::hard_link(&self.own, &self.target) {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
                ) =>
            {
                rename_if_free(&self.own, &self.target)
            }
            linked => linked,
        }
    }
}

#[cfg(target_os = "linux")]
fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags};

    rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(Into::into)
}

#[cfg(not(target_os = "linux"))]
fn rename_if_free(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.own);
    }
}
