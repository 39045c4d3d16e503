//! A door that lets a few through at once, a few more wait, and turns the rest away at once.
//!
//! Whoever comes to a server that has too much to do must not queue before those who were let in: what happens
//! before a turn has begun reads the same store that running turns write to. So only a few do it at once. The store
//! shares itself out between them and the running turns, and with that the rate at which turns begin follows
//! the rate at which they end, on a small machine and on a large one, without a rate that anybody has to set.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub struct Gate {
    /// Those inside and those in line.
    line: Arc<Semaphore>,
    inside: Arc<Semaphore>,
}

/// Inside for as long as it lives.
#[derive(Debug)]
pub struct Pass {
    // in this order: the next one in line enters before the line is one shorter
    _inside: OwnedSemaphorePermit,
    _line: OwnedSemaphorePermit,
}

impl Gate {
    pub fn new(at_once: usize, waiting: usize) -> Self {
        Self {
            line: Arc::new(Semaphore::new(at_once + waiting)),
            inside: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Waits for its turn; `None` at once when the line is full.
    pub async fn enter(&self) -> Option<Pass> {
        let line = self.line.clone().try_acquire_owned().ok()?;
        let inside = self.inside.clone().acquire_owned().await.ok()?;
        Some(Pass {
            _inside: inside,
            _line: line,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;

    #[test]
    fn a_few_enter_a_few_wait_in_order_and_the_newest_is_turned_away() {
        let gate = Gate::new(1, 2);
        let inside = gate.enter().now_or_never().expect("nobody is inside");
        let mut second = pin!(gate.enter());
        let mut third = pin!(gate.enter());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(third.as_mut().now_or_never().is_none());
        assert!(gate.enter().now_or_never().expect("no wait").is_none());

        drop(inside);
        assert!(
            third.as_mut().now_or_never().is_none(),
            "not before the second"
        );
        let second = second.now_or_never().flatten().expect("there is room");
        drop(second);
        assert!(third.now_or_never().flatten().is_some());
    }

    #[test]
    fn whoever_stops_waiting_leaves_the_line() {
        let gate = Gate::new(1, 1);
        let _inside = gate
            .enter()
            .now_or_never()
            .flatten()
            .expect("there is room");
        {
            let mut gone = pin!(gate.enter());
            assert!(gone.as_mut().now_or_never().is_none());
        }
        let mut next = pin!(gate.enter());
        assert!(next.as_mut().now_or_never().is_none(), "it may wait");
    }
}
