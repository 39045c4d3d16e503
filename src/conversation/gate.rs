//! A door that lets a few through at once, lets more wait a moment, and turns the rest away.
//!
//! Whoever comes to a server that has too much to do must not queue before those who were let in: what happens
//! before a turn has begun reads the same store that running turns write to. So only a few do it at once. The store
//! shares itself out between them and the running turns, and with that the rate at which turns begin follows
//! the rate at which they end, on a small machine and on a large one, without a rate that anybody has to set.
//!
//! The queue is as long as the moment allows: who has waited [`PATIENCE`] is told to come back, so that a crowd after
//! a restart, which is served quickly, is let through, and a crowd that cannot be served does not pile up.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long somebody waits.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Waiting at most; one more is turned away at once.
const QUEUE: usize = 512;

pub struct Gate {
    /// Those inside and those who wait.
    queue: Arc<Semaphore>,
    inside: Arc<Semaphore>,
}

/// Inside for as long as it lives.
#[derive(Debug)]
pub struct Pass {
    // in this order: the next one enters before the queue is one shorter
    _inside: OwnedSemaphorePermit,
    _queue: OwnedSemaphorePermit,
}

impl Gate {
    pub fn new(at_once: usize) -> Self {
        Self {
            queue: Arc::new(Semaphore::new(at_once + QUEUE)),
            inside: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Waits for its turn; `None` when the queue is full, or does not move.
    pub async fn enter(&self) -> Option<Pass> {
        let queue = self.queue.clone().try_acquire_owned().ok()?;
        let inside = timeout(PATIENCE, self.inside.clone().acquire_owned()).await;
        Some(Pass {
            _inside: inside.ok()?.ok()?,
            _queue: queue,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::{BoxFuture, join_all};
    use std::pin::pin;

    #[tokio::test(start_paused = true)]
    async fn one_enters_and_the_others_wait_in_order() {
        let gate = Gate::new(1);
        let inside = gate.enter().await.expect("nobody is inside");
        let mut second = pin!(gate.enter());
        let mut third = pin!(gate.enter());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        drop(inside);
        assert!(third.as_mut().now_or_never().is_none(), "the second first");
        drop(second.await.expect("there is room"));
        assert!(third.await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_does_not_move_is_sent_away_and_a_full_one_grows_no_longer() {
        let gate = Gate::new(1);
        let _inside = gate.enter().await.expect("nobody is inside");
        let mut waiting: Vec<BoxFuture<Option<Pass>>> =
            (0..QUEUE).map(|_| gate.enter().boxed()).collect();
        for one in &mut waiting {
            assert!(one.now_or_never().is_none());
        }
        let full = gate.enter().now_or_never().expect("no wait");
        assert!(full.is_none());
        let began = tokio::time::Instant::now();
        assert!(join_all(waiting).await.iter().all(Option::is_none));
        assert!(began.elapsed() >= PATIENCE);
        let mut next = pin!(gate.enter());
        assert!(next.as_mut().now_or_never().is_none(), "it may wait again");
    }
}
