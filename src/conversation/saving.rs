//! What running turns have said so far, saved about every second, all turns of this process together.
//!
//! A statement for each turn would be as many commits a second as there are turns, and at five hundred of them those
//! that matter, beginnings and ends, would wait for a connection.

use crate::store::{Lease, SavedProgress, Store};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Turns of one statement. Each may hold a result of 256 KiB.
const BATCH: usize = 64;
/// Turns that may wait to be saved; the next one waits to be one of them.
const QUEUE: usize = 1024;
/// How long more turns are waited for.
const GATHER: Duration = Duration::from_millis(50);

pub fn channel(store: Store) -> (Saver, Saving) {
    let (queue, waiting) = mpsc::channel(QUEUE);
    (Saver { queue }, Saving { store, waiting })
}

/// The handle.
pub struct Saver {
    queue: mpsc::Sender<Unsaved>,
}

struct Unsaved {
    lease: Lease,
    progress: SavedProgress,
    saved: oneshot::Sender<bool>,
}

impl Saver {
    /// Whether it is saved, or else (`Some(false)`) the turn is no longer ours. `None`: the store is away.
    pub async fn save(&self, lease: Lease, progress: SavedProgress) -> Option<bool> {
        let (saved, answer) = oneshot::channel();
        let unsaved = Unsaved {
            lease,
            progress,
            saved,
        };
        self.queue.send(unsaved).await.ok()?;
        answer.await.ok()
    }
}

pub struct Saving {
    store: Store,
    waiting: mpsc::Receiver<Unsaved>,
}

impl Saving {
    pub async fn run(mut self, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                taken = self.waiting.recv_many(&mut batch, 1) => if taken == 0 { return },
            }
            tokio::time::sleep(GATHER).await;
            while batch.len() < BATCH
                && let Ok(one) = self.waiting.try_recv()
            {
                batch.push(one);
            }
            self.save(&mut batch).await;
        }
    }

    async fn save(&self, batch: &mut Vec<Unsaved>) {
        let all: Vec<(Lease, &SavedProgress)> =
            batch.iter().map(|one| (one.lease, &one.progress)).collect();
        // whoever is not answered tries again in a second
        let Ok(ours) = self.store.save_progress(&all).await else {
            batch.clear();
            return;
        };
        for one in batch.drain(..) {
            // a turn that has ended meanwhile does not listen any more
            let _ = one.saved.send(ours.contains(&one.lease.turn));
        }
    }
}
