//! What the turns of this process share: who runs, how many may, and whether it ends.

use super::cancel::{Cancel, Reason};
use super::saving::Saver;
use crate::ids::{ConversationId, TurnId};
use crate::store::Lease;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

pub struct Shared {
    draining: AtomicBool,
    running: Mutex<Vec<Running>>,
    /// Turns that this process takes on at a time.
    places: Arc<Semaphore>,
    /// Actors and everything else that outlives a request.
    pub tasks: TaskTracker,
    /// This process, as the owner of turns.
    pub lease_owner: Uuid,
    /// Something happened elsewhere that we should look at.
    pub look_elsewhere: Notify,
    /// A lease may be lost.
    pub look_at_leases: Notify,
    pub saver: Saver,
}

struct Running {
    lease: Lease,
    cancel: Cancel,
}

/// The right of one submit to be worked on; `None` for an answer to a question of ours, which is never
/// shed.
pub type Place = Option<OwnedSemaphorePermit>;

/// Counts a running turn while it lives.
pub struct RunningTurn {
    shared: Arc<Shared>,
    turn: TurnId,
}

impl Shared {
    pub fn new(places: usize, saver: Saver) -> Self {
        Self {
            draining: AtomicBool::new(false),
            running: Mutex::default(),
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            tasks: TaskTracker::new(),
            lease_owner: Uuid::now_v7(),
            look_elsewhere: Notify::new(),
            look_at_leases: Notify::new(),
            saver,
        }
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub fn begin_to_drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// A place for one more turn; `None` when all are taken.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    fn running(&self) -> MutexGuard<'_, Vec<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn turn_began(self: &Arc<Self>, lease: Lease, cancel: Cancel) -> RunningTurn {
        self.running().push(Running { lease, cancel });
        RunningTurn {
            shared: self.clone(),
            turn: lease.turn,
        }
    }

    pub fn leases(&self) -> Vec<Lease> {
        self.running().iter().map(|running| running.lease).collect()
    }

    pub fn running_turns(&self) -> usize {
        self.running().len()
    }

    pub fn runs(&self, turn: TurnId) -> bool {
        self.running()
            .iter()
            .any(|running| running.lease.turn == turn)
    }

    pub fn runs_in(&self, conversation: ConversationId) -> bool {
        self.running()
            .iter()
            .any(|running| running.lease.conversation == conversation)
    }

    pub fn cancel(&self, turn: TurnId, reason: Reason) {
        for running in self.running().iter() {
            if running.lease.turn == turn {
                running.cancel.cancel(reason);
            }
        }
    }

    pub fn cancel_all(&self, reason: Reason) {
        for running in self.running().iter() {
            running.cancel.cancel(reason);
        }
    }
}

impl Drop for RunningTurn {
    fn drop(&mut self) {
        self.shared
            .running()
            .retain(|running| running.lease.turn != self.turn);
    }
}
