//! A hook that is a program: the question on its standard input, the answer on its standard output.
//!
//! It runs with fixed arguments and an empty environment but for `PATH`, so nothing that this process knows reaches it
//! by accident. What takes too long is killed, with everything that it started.

use std::{ffi::OsString, io, path::Path, process::Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
};

use super::{LONGEST, Trouble};

/// Where this process has no `PATH` itself.
const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

pub(super) async fn ask(
    path: &Path,
    arguments: &[String],
    document: &[u8],
) -> Result<Vec<u8>, Trouble> {
    let search = std::env::var_os("PATH").unwrap_or_else(|| OsString::from(USUAL_PATH));
    let mut child = Command::new(path)
        .args(arguments)
        .env_clear()
        .env("PATH", search)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(Trouble::NotStarted)?;
    let mut group = Group::of(&child);
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let told = async {
        let Some(mut stdin) = stdin else {
            return Ok(());
        };
        match stdin.write_all(document).await {
            // A program that knows enough need not read to the end.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            told => told,
        }
    };
    let answered = async {
        let mut taken = Vec::new();
        if let Some(stdout) = stdout {
            let mut some = stdout.take(LONGEST as u64 + 1);
            some.read_to_end(&mut taken).await?;
        }
        Ok::<_, io::Error>(taken)
    };
    let ((), taken) = tokio::try_join!(told, answered).map_err(Trouble::Broken)?;
    if taken.len() > LONGEST {
        return Err(Trouble::TooLong);
    }
    let ended = child.wait().await.map_err(Trouble::Broken)?;
    group.0 = None;
    if !ended.success() {
        return Err(Trouble::Ended(ended));
    }
    Ok(taken)
}

/// The program and what it started, killed together unless the program ended by itself. It must go before the [`Child`]
/// does: until that is waited for, nobody else gets its number.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let number = child.id().and_then(|id| i32::try_from(id).ok());
        Self(number.and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0
            && let Err(error) = kill_process_group(leader, Signal::KILL)
        {
            tracing::warn!(%error, "a provisioning hook that took too long was not killed");
        }
    }
}
