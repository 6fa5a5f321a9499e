//! Following a job, whoever works on it: at once by word from this process, soon by looking again.

use std::time::Duration;

use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use hozon_model::{JobId, JobSummary};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::JobQueue;
use crate::Result;

/// How often it is looked for changes that other processes make.
const LOOK: Duration = Duration::from_millis(500);

struct Watch {
    queue: JobQueue,
    id: JobId,
    changes: Receiver<JobId>,
    shown: Option<JobSummary>,
    over: bool,
}

impl JobQueue {
    /// The job now, then each time it changes; ends after its final state, or after an error.
    pub fn watch(&self, id: &JobId) -> BoxStream<'static, Result<JobSummary>> {
        let watch = Watch {
            queue: self.clone(),
            id: id.clone(),
            changes: self.parts.changes.subscribe(),
            shown: None,
            over: false,
        };
        stream::unfold(watch, |mut watch| async {
            let item = watch.next().await?;
            Some((item, watch))
        })
        .boxed()
    }
}

impl Watch {
    async fn next(&mut self) -> Option<Result<JobSummary>> {
        while !self.over {
            if self.shown.is_some() {
                tokio::select! {
                    () = change_of(&self.id, &mut self.changes) => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
            match self.queue.summary(&self.id).await {
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
                Ok(job) if self.shown.as_ref() != Some(&job) => {
                    self.over = job.state.is_final();
                    self.shown = Some(job.clone());
                    return Some(Ok(job));
                }
                Ok(_) => {}
            }
        }
        None
    }
}

/// Comes when this process changed the job, or so much that nobody could keep up.
pub(super) async fn change_of(id: &JobId, changes: &mut Receiver<JobId>) {
    loop {
        match changes.recv().await {
            Ok(changed) if changed != *id => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
