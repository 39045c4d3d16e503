//! Work that follows a turn and that nobody waits for.

use std::future::Future;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Pieces of work at once that the next turn would do again; one more of them is left out.
const AT_ONCE: usize = 16;

/// How long stopping waits for what is being dropped, and for what is owed.
const STOP_WITHIN: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub struct Afterwards {
    tasks: TaskTracker,
    owed: TaskTracker,
    stopping: CancellationToken,
}

impl Afterwards {
    /// Work that the next turn does again, if this one's is left out or dropped.
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

    /// Work that nobody does again: never left out, and stopping waits for it.
    pub fn owe(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.owed.spawn(work);
    }

    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.owed.close();
        // what does not stop is dropped with the runtime
        let _ = tokio::time::timeout(STOP_WITHIN, self.tasks.wait()).await;
        if tokio::time::timeout(STOP_WITHIN, self.owed.wait())
            .await
            .is_err()
        {
            let left = self.owed.len();
            tracing::error!(left, "stopped before {left} pieces of work were done");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn what_is_owed_is_done_however_much_there_is_and_though_the_app_stops() {
        let afterwards = Afterwards::default();
        let done = Arc::new(AtomicUsize::new(0));
        let slowly = |done: Arc<AtomicUsize>| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            done.fetch_add(1, Ordering::SeqCst);
        };
        for _ in 0..AT_ONCE * 4 {
            afterwards.owe(slowly(done.clone()));
        }
        afterwards.stop().await;
        afterwards.owe(slowly(done.clone()));
        assert_eq!(done.load(Ordering::SeqCst), AT_ONCE * 4);
    }
}
