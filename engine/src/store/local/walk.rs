//! Walks a directory tree. Symbolic links to directories are not followed below the prefix: they could lead in circles.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::{StreamExt, stream, stream::BoxStream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{Inner, below, error::Doing};
use crate::{
    Error, ErrorCode, Result,
    store::{
        Object,
        path::{UNFINISHED, check_prefix},
    },
};

/// Objects found ahead of the reader.
const AHEAD: usize = 1024;

pub(super) fn objects(inner: Arc<Inner>, prefix: &str) -> BoxStream<'static, Result<Object>> {
    if let Err(error) = check_prefix(prefix) {
        return stream::iter([Err(error)]).boxed();
    }
    let start = inner.root.join(prefix);
    let (found, objects) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let walked = walk(&inner, start, &mut |file, metadata| {
            if is_unfinished(file) {
                return Ok(true);
            }
            let path = below(&inner.root, file).ok_or_else(|| {
                Error::new(ErrorCode::StorageUnreadable, file.display().to_string())
                    .because("its name is not UTF-8")
                    .hint("remove it, or choose a directory that holds nothing else")
            })?;
            let size = metadata.len();
            Ok(found.blocking_send(Ok(Object { path, size })).is_ok())
        });
        if let Err(error) = walked {
            // Nobody listens any more if this fails.
            let _ = found.blocking_send(Err(error));
        }
    });
    ReceiverStream::new(objects).boxed()
}

pub(super) fn clear_unfinished(inner: &Inner, prefix: &str) -> Result<()> {
    walk(inner, inner.root.join(prefix), &mut |file, _| {
        if is_unfinished(file) {
            fs::remove_file(file)
                .or_else(|error| match error.kind() {
                    io::ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                })
                .map_err(|error| inner.error(Doing::Writing, file, error))?;
        }
        Ok(true)
    })
}

/// Shows every file to `visit`, which says whether to go on. What vanishes meanwhile is passed over.
fn walk(
    inner: &Inner,
    start: PathBuf,
    visit: &mut dyn FnMut(&Path, &fs::Metadata) -> Result<bool>,
) -> Result<()> {
    let mut directories = vec![start];
    while let Some(directory) = directories.pop() {
        let failed = |error| inner.error(Doing::Reading, &directory, error);
        let entries = match fs::read_dir(&directory) {
            Err(error) if is_gone(&error) && inner.root.is_dir() => continue,
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let path = entry.path();
            if kind.is_dir() {
                directories.push(path);
                continue;
            }
            let metadata = match fs::metadata(&path) {
                Err(error) if is_gone(&error) => continue,
                metadata => metadata.map_err(|error| inner.error(Doing::Reading, &path, error))?,
            };
            if metadata.is_file() && !visit(&path, &metadata)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn is_unfinished(file: &Path) -> bool {
    file.file_name()
        .and_then(OsStr::to_str)
        .is_some_and(|name| name.starts_with(UNFINISHED))
}
