//! Work that follows a turn and that nobody waits for.

use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Pieces of work at once; the next one is left out, because each is of the kind that the next turn does again.
const AT_ONCE: usize = 16;

/// How long stopping waits for what is being dropped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub struct Afterwards {
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Afterwards {
    pub fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        if self.tasks.len() >= AT_ONCE || self.stopping.is_cancelled() {
            return;
        }
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            // `None`: it was stopped
            let _ = stopping.run_until_cancelled(work).await;
        });
    }

    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        // what does not stop is dropped with the runtime
        let _ = tokio::time::timeout(STOP_WITHIN, self.tasks.wait()).await;
    }
}
