//! Work on somebody else's server: it waits for its turn, has a deadline, and is stopped on the server.
//!
//! An errand runs in a task of its own, so that a dropped future leaves nothing half-done. When it has to be
//! stopped, a second connection asks the server to, and the first is closed and never used again. Some
//! calls cannot be interrupted by any server: the asker then gets the answer on time, and the slot stays taken until
//! the server says that the session is gone. So there are never more statements on a server than it has slots.

use super::TargetError;
use async_trait::async_trait;
use futures::future::BoxFuture;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A statement's own timeout is the server's; ours comes this much later, when the server did not keep it.
const GRACE: Duration = Duration::from_millis(400);
/// The server is asked to stop, and given time to say that it did; then the asker is answered.
const STOPPING: Duration = Duration::from_secs(1);
/// A session is open and its settings are made, or the server is not there.
const OPENED_WITHIN: Duration = Duration::from_secs(10);
/// To open a second connection, and to close the first.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks whether a session is gone: at first, and at last.
const LOOKS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// A session that is still there after this belongs to the server's administrator.
const GIVEN_UP: Duration = Duration::from_secs(3_600);
/// So many failures in a row to ask mean that the server is gone, and its sessions too.
const UNANSWERED: u32 = 5;

/// The outcome of one errand.
pub(super) type Outcome<T> = Result<T, TargetError>;

/// What is done with one session.
pub(super) trait Work<S, T>:
    for<'a> FnOnce(&'a mut S) -> BoxFuture<'a, Outcome<T>> + Send + 'static
{
}

impl<S, T, F> Work<S, T> for F where
    F: for<'a> FnOnce(&'a mut S) -> BoxFuture<'a, Outcome<T>> + Send + 'static
{
}

/// A server with its sessions, as an errand needs it.
#[async_trait]
pub(super) trait Server: Send + Sync + 'static {
    type Session: Send + 'static;
    /// By which another connection can name a session.
    type Id: Clone + std::fmt::Debug + Send + Sync + 'static;

    /// A session on which nothing of a customer's runs yet.
    async fn open(&self) -> Outcome<Self::Session>;

    fn id(session: &Self::Session) -> Self::Id;

    /// From a second connection: stops what the session runs.
    async fn stop(&self, id: &Self::Id) -> Result<(), sqlx::Error>;

    /// From a second connection: whether the server still has the session.
    async fn is_there(&self, id: &Self::Id) -> Result<bool, sqlx::Error>;

    /// After work that ended by itself; `answer` hands its outcome over, which needs no more than a rollback.
    async fn finish(&self, session: Self::Session, answer: Box<dyn FnOnce() + Send>);

    /// Closes without a word: nobody knows which of the session's answers are still on the way.
    async fn abandon(session: Self::Session);
}

/// The right to use a server, for so many at once.
pub(super) struct Errands<S> {
    pub server: Arc<S>,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl<S: Server> Errands<S> {
    pub fn new(server: S, at_once: usize) -> Self {
        Self {
            server: Arc::new(server),
            slots: Arc::new(Semaphore::new(at_once.max(1))),
            tasks: TaskTracker::new(),
        }
    }

    /// Does `work` in at most `allowed`, counted from when it has a session; it may wait `patience` for its turn.
    pub async fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        allowed: Duration,
        cancel: &CancellationToken,
        work: impl Work<S::Session, T>,
    ) -> Outcome<T> {
        let stop = cancel.child_token();
        let _stop_when_dropped = stop.clone().drop_guard();
        // nothing runs yet, so this may simply be dropped
        let slot = tokio::select! {
            slot = Arc::clone(&self.slots).acquire_owned() => slot.expect("nobody closes it"),
            () = stop.cancelled() => return Err(TargetError::Cancelled),
            () = sleep(patience) => return Err(busy()),
        };
        let (sender, outcome) = oneshot::channel();
        let server = Arc::clone(&self.server);
        self.tasks
            .spawn(errand(server, slot, allowed, stop, work, sender));
        outcome
            .await
            .unwrap_or_else(|_| Err(TargetError::Other("the query's task ended".into())))
    }
}

/// What is said to those who waited in vain.
pub(super) fn busy() -> TargetError {
    TargetError::Other("every connection to the database is busy; ask again in a moment".into())
}

/// How work ended.
enum Ended<T> {
    Itself(Outcome<T>),
    /// We stopped it, for this reason.
    Stopped(TargetError),
}

async fn errand<S: Server, T: Send + 'static>(
    server: Arc<S>,
    slot: OwnedSemaphorePermit,
    allowed: Duration,
    stop: CancellationToken,
    work: impl Work<S::Session, T>,
    sender: oneshot::Sender<Outcome<T>>,
) {
    let opened = tokio::select! {
        opened = server.open() => opened,
        () = stop.cancelled() => Err(TargetError::Cancelled),
        () = sleep(OPENED_WITHIN) => Err(TargetError::Unreachable(format!(
            "it took the connection and then said nothing for {} s",
            OPENED_WITHIN.as_secs()
        ))),
    };
    let mut session = match opened {
        Ok(session) => session,
        Err(error) => {
            let _ = sender.send(Err(error));
            return;
        }
    };
    let id = S::id(&session);
    let deadline = Instant::now() + allowed + GRACE;
    let ended = {
        let mut running = pin!(work(&mut session));
        let reason = tokio::select! {
            outcome = &mut running => Ok(outcome),
            () = stop.cancelled() => Err(TargetError::Cancelled),
            () = sleep_until(deadline) => Err(TargetError::Timeout(allowed)),
        };
        match reason {
            Ok(outcome) => Ended::Itself(outcome),
            Err(reason) => {
                let stopped = async {
                    asked_to_stop(server.as_ref(), &id).await;
                    // the server says that it stopped; what else it says is of no interest
                    let _ = running.await;
                };
                let _ = timeout(STOPPING, stopped).await;
                Ended::Stopped(reason)
            }
        }
    };
    match ended {
        Ended::Itself(outcome) => {
            let answer = Box::new(move || {
                let _ = sender.send(outcome);
            });
            server.finish(session, answer).await;
        }
        Ended::Stopped(reason) => {
            let _ = sender.send(Err(reason));
            let _ = timeout(PATIENCE, S::abandon(session)).await;
            until_gone(server.as_ref(), &id).await;
        }
    }
    drop(slot);
}

async fn asked_to_stop<S: Server>(server: &S, id: &S::Id) {
    match timeout(PATIENCE, server.stop(id)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, ?id, "a statement could not be cancelled on the server");
        }
        Err(_) => {
            tracing::warn!(
                ?id,
                "a statement could not be cancelled on the server in time"
            );
        }
    }
}

/// Waits until the server has forgotten the session, asking it to stop as long as it has not.
async fn until_gone<S: Server>(server: &S, id: &S::Id) {
    let begun = Instant::now();
    let mut pause = LOOKS.0;
    let mut unanswered = 0;
    loop {
        match timeout(PATIENCE, server.is_there(id)).await {
            Ok(Ok(false)) => return,
            Ok(Ok(true)) => unanswered = 0,
            Ok(Err(_)) | Err(_) => unanswered += 1,
        }
        if unanswered == UNANSWERED || begun.elapsed() > GIVEN_UP {
            tracing::warn!(?id, "a stopped statement may still run on its server");
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LOOKS.1);
        asked_to_stop(server, id).await;
    }
}
