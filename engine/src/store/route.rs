//! The way from one store to another: the service copies where one keeps both, else bytes stream through here.

use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

use super::{
    Digest, Pace, Store,
    cloud::Asked,
    copy::{copy, unless_canceled},
};
use crate::Result;

/// Two stores, and how files get from the first to the second.
#[derive(Debug)]
pub struct Route {
    from: Arc<dyn Store>,
    to: Arc<dyn Store>,
    one_service: bool,
    refusal: OnceLock<String>,
}

impl Route {
    /// Looks at both ends; nothing is sent yet.
    pub fn new(from: Arc<dyn Store>, to: Arc<dyn Store>) -> Self {
        let one_service = match (from.as_cloud(), to.as_cloud()) {
            (Some(from), Some(to)) => to.shares_service_with(from),
            _ => false,
        };
        Self {
            from,
            to,
            one_service,
            refusal: OnceLock::new(),
        }
    }

    /// Whether the service copies: one keeps both ends, and it has not refused.
    pub fn is_by_service(&self) -> bool {
        self.one_service && self.refusal.get().is_none()
    }

    /// How many files may be on their way at a time, from here on.
    pub fn pace(&self) -> Pace {
        let ends = [&self.from, &self.to];
        if self.is_by_service() {
            Pace::by_a_service(&ends)
        } else {
            Pace::of(&ends)
        }
    }

    /// How many bytes of a file pass through this process: none while the service copies.
    pub(crate) fn passing(&self, size: u64) -> u64 {
        if self.is_by_service() { 0 } else { size }
    }

    /// Why bytes stream although one service keeps both ends.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.get().map(String::as_str)
    }

    /// Copies one file. What a service copies it guards itself: the size is compared with what is expected, and
    /// the source must not change meanwhile. What streams is hashed on the way and compared, too. After a service
    /// refused once it is not asked again.
    ///
    /// # Errors
    /// As [`copy`].
    pub async fn carry(
        &self,
        path: &str,
        to_path: &str,
        expected: &Digest,
        progress: &(dyn Fn(u64) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<()> {
        if self.is_by_service()
            && let (Some(from), Some(to)) = (self.from.as_cloud(), self.to.as_cloud())
        {
            let asked = to.copy_by_service(to_path, from, path, expected);
            match unless_canceled(cancel, path, asked).await? {
                Asked::Copied => {
                    progress(expected.size);
                    return Ok(());
                }
                Asked::Refused(why) => {
                    // Of several at once, the first reason is kept.
                    let _ = self.refusal.set(why);
                }
            }
        }
        let (from, to) = ((&*self.from, path), (&*self.to, to_path));
        copy(from, to, Some(expected), progress, cancel)
            .await
            .map(drop)
    }
}
