//! All conversations that somebody looks at or that run, in this process; limits per person; leases.

use super::turn::RESTARTED;
use super::{Accepted, Conversation, Refusal, Submit};
use crate::app::App;
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{Event, Qf, RefusalCode, RunAgentInput};
use crate::store::{ErrorRecord, ExpiredTurn, StoreError};
use dashmap::DashMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// A conversation that nobody looks at is forgotten after this, and its frames before.
const FORGET_AFTER: Duration = Duration::from_secs(60);
/// At least: a lease of nothing would be renewed all the time.
const SWEEP_EVERY: Duration = Duration::from_millis(100);
/// About how often old results are looked for.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);

/// How long a stop waits for turns to end by themselves, and then for them to be stopped.
const DRAIN: Duration = Duration::from_secs(8);
const STOP: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Somebody else's looks like one that does not exist.
    #[error("There is no such conversation.")]
    NotFound,
    #[error("The server is restarting. Come back in a moment.")]
    Draining,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub struct Conversations {
    app: Arc<App>,
    open: DashMap<(ConversationId, String), Arc<Conversation>>,
    people: DashMap<String, Person>,
    shared: Arc<Shared>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// This process, as the owner of turns.
    lease_owner: Uuid,
}

/// What running turns share with the registry.
pub struct Shared {
    draining: AtomicBool,
    running: Mutex<Vec<Running>>,
}

struct Running {
    turn: TurnId,
    owner: String,
    cancel: CancellationToken,
}

#[derive(Default)]
struct Person {
    /// Within the last minute.
    submits: VecDeque<Instant>,
    sockets: usize,
}

/// Counts a running turn while it lives.
pub struct RunningTurn {
    shared: Arc<Shared>,
    turn: TurnId,
}

impl Shared {
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub fn turn_began(
        self: &Arc<Self>,
        turn: TurnId,
        owner: &str,
        cancel: CancellationToken,
    ) -> RunningTurn {
        self.running
            .lock()
            .expect("nothing panics with it")
            .push(Running {
                turn,
                owner: owner.to_owned(),
                cancel,
            });
        RunningTurn {
            shared: self.clone(),
            turn,
        }
    }

    fn running_turns(&self) -> Vec<TurnId> {
        self.running
            .lock()
            .expect("nothing panics with it")
            .iter()
            .map(|running| running.turn)
            .collect()
    }

    fn running(&self, owner: Option<&str>) -> usize {
        self.running
            .lock()
            .expect("nothing panics with it")
            .iter()
            .filter(|running| owner.is_none_or(|owner| owner == running.owner))
            .count()
    }
}

impl Drop for RunningTurn {
    fn drop(&mut self) {
        self.shared
            .running
            .lock()
            .expect("nothing panics with it")
            .retain(|running| running.turn != self.turn);
    }
}

/// Counts a socket while it lives.
pub struct OpenSocket {
    conversations: Arc<Conversations>,
    owner: String,
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        if let Some(mut person) = self.conversations.people.get_mut(&self.owner) {
            person.sockets = person.sockets.saturating_sub(1);
        }
    }
}

impl Conversations {
    /// The registry, with its background work begun.
    pub fn start(app: Arc<App>) -> Arc<Self> {
        let conversations = Arc::new(Self {
            app,
            open: DashMap::new(),
            people: DashMap::new(),
            shared: Arc::new(Shared {
                draining: AtomicBool::new(false),
                running: Mutex::default(),
            }),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            lease_owner: Uuid::now_v7(),
        });
        let sweeping = conversations.clone();
        conversations
            .tasks
            .spawn(async move { sweeping.sweep().await });
        conversations
    }

    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub fn is_draining(&self) -> bool {
        self.shared.is_draining()
    }

    pub fn running_turns(&self) -> usize {
        self.shared.running(None)
    }

    /// The conversation, as `owner` may see it; one that does not exist yet is made by its first submit.
    pub async fn open(
        &self,
        owner: &str,
        id: ConversationId,
    ) -> Result<Arc<Conversation>, OpenError> {
        if self.stop.is_cancelled() {
            return Err(OpenError::Draining);
        }
        let key = (id, owner.to_owned());
        if let Some(open) = self.open.get(&key) {
            return Ok(open.clone());
        }
        let last = match self.app.store.conversation_access(owner, id).await? {
            Some(false) => return Err(OpenError::NotFound),
            Some(true) => self.app.store.last_terminal(id).await?,
            None => None,
        };
        let tip = last.as_ref().map_or(0, |(_, _, seq)| *seq);
        let last = last.map(|(turn, event, _)| (turn, event.into()));
        let entry = self.open.entry(key).or_insert_with(|| {
            let (handle, actor) = Conversation::channel(
                self.app.clone(),
                id,
                owner.to_owned(),
                tip,
                last,
                self.shared.clone(),
            );
            self.tasks.spawn(actor.run());
            handle
        });
        Ok(entry.clone())
    }

    /// Stops and forgets a conversation that was deleted.
    pub async fn close(&self, owner: &str, id: ConversationId) {
        if let Some((_, conversation)) = self.open.remove(&(id, owner.to_owned())) {
            conversation.abort_any().await;
        }
    }

    /// Submits within the person's limits.
    pub async fn submit(
        &self,
        conversation: &Conversation,
        input: RunAgentInput,
        trace_id: String,
    ) -> Result<Accepted, Refusal> {
        if self.is_draining() {
            return Err(Refusal::draining());
        }
        if input.thread_id != conversation.id {
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "threadId names another conversation than this socket's. Open a socket for that one.",
            ));
        }
        // what is known already only attaches, and an answer to a question of ours is never shed
        let is_new = input.resume.as_ref().is_none_or(Vec::is_empty)
            && !self.app.store.knows_turn(input.run_id).await?;
        if is_new {
            self.within_limits(&conversation.owner)?;
        }
        conversation
            .submit(Submit {
                input,
                trace_id,
                lease_owner: self.lease_owner,
            })
            .await
    }

    fn within_limits(&self, owner: &str) -> Result<(), Refusal> {
        let limits = &self.app.settings.limits;
        let minute = Duration::from_secs(60);
        let mut person = self.people.entry(owner.to_owned()).or_default();
        while person
            .submits
            .front()
            .is_some_and(|submit| submit.elapsed() >= minute)
        {
            person.submits.pop_front();
        }
        if person.submits.len() >= limits.submits_per_minute as usize {
            let wait = person
                .submits
                .front()
                .map_or(minute, |submit| minute.saturating_sub(submit.elapsed()));
            return Err(Refusal {
                retry_after_ms: Some(wait.as_millis() as u64),
                ..Refusal::new(
                    RefusalCode::RateLimited,
                    format!(
                        "More than {} questions a minute. Ask again in {} s.",
                        limits.submits_per_minute,
                        wait.as_secs() + 1
                    ),
                )
            });
        }
        if self.shared.running(Some(owner)) >= limits.running_turns_per_owner {
            return Err(Refusal {
                retry_after_ms: Some(2000),
                ..Refusal::new(
                    RefusalCode::RateLimited,
                    format!(
                        "{} of your questions are being answered already. Wait for one of them, or stop one.",
                        limits.running_turns_per_owner
                    ),
                )
            });
        }
        person.submits.push_back(Instant::now());
        Ok(())
    }

    /// Counts a socket of the person's; `None` when they have too many.
    pub fn socket(self: &Arc<Self>, owner: &str) -> Option<OpenSocket> {
        let mut person = self.people.entry(owner.to_owned()).or_default();
        if person.sockets >= self.app.settings.limits.sockets_per_owner {
            return None;
        }
        person.sockets += 1;
        Some(OpenSocket {
            conversations: self.clone(),
            owner: owner.to_owned(),
        })
    }

    /// Tells sockets to close when it is done.
    pub fn stopped(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Refuses submits, lets running turns end, stops those that do not, then tells every socket.
    pub async fn drain(&self) {
        self.shared.draining.store(true, Ordering::Relaxed);
        self.wait_for_turns(DRAIN).await;
        for running in self
            .shared
            .running
            .lock()
            .expect("nothing panics with it")
            .iter()
        {
            running.cancel.cancel();
        }
        self.wait_for_turns(STOP).await;
        self.stop.cancel();
        self.open.clear();
        self.tasks.close();
        // sockets hold handles, and so actors; they are closed by their own owner
        let _ = tokio::time::timeout(STOP, self.tasks.wait()).await;
    }

    async fn wait_for_turns(&self, at_most: Duration) {
        let began = Instant::now();
        while self.running_turns() > 0 && began.elapsed() < at_most {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Renews our leases, ends the turns of owners that died, forgets what nobody looks at.
    async fn sweep(&self) {
        let lease = self.app.settings.limits.lease;
        let mut tick = tokio::time::interval((lease / 5).max(SWEEP_EVERY));
        let mut cleaned: Option<Instant> = None;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let ours = self.shared.running_turns();
            let renewed = self.app.store.renew_leases(self.lease_owner, &ours, lease);
            match renewed.await {
                Ok(()) => {
                    if let Err(error) = self.end_expired().await {
                        tracing::warn!(%error, "turns of dead owners could not be looked for");
                    }
                }
                // a store that did not hear of us must not be asked who is dead
                Err(error) => tracing::warn!(%error, "leases could not be renewed"),
            }
            self.forget_idle();
            if cleaned.is_none_or(|cleaned| cleaned.elapsed() >= CLEAN_EVERY) {
                cleaned = Some(Instant::now());
                let lifetime = self.app.settings.limits.result_lifetime;
                if let Err(error) = self.app.store.delete_old_results(lifetime).await {
                    tracing::warn!(%error, "old results could not be deleted");
                }
            }
        }
    }

    async fn end_expired(&self) -> Result<(), StoreError> {
        for turn in self.app.store.expired_turns().await? {
            if self.shared.running_turns().contains(&turn.id) {
                continue;
            }
            if let Err(error) = self.end_expired_turn(turn).await {
                tracing::warn!(turn = %turn.id, %error, "turn {} could not be ended", turn.id);
            }
        }
        Ok(())
    }

    async fn end_expired_turn(&self, turn: ExpiredTurn) -> Result<(), StoreError> {
        let seq = self
            .app
            .store
            .allocate_sequence(turn.conversation_id)
            .await?;
        let event = Event::RunError {
            message: RESTARTED.to_owned(),
            code: "SERVER_RESTART".to_owned(),
        };
        let qf = Qf {
            retryable: Some(true),
            ..Qf::default()
        };
        let bytes = event.encode(Some(seq), Some(&qf));
        let error = ErrorRecord {
            code: "SERVER_RESTART".to_owned(),
            message: RESTARTED.to_owned(),
            stage: None,
            retryable: true,
        };
        let text = std::str::from_utf8(&bytes).expect("JSON is UTF-8");
        if self
            .app
            .store
            .end_expired_turn(turn, &error, text, seq)
            .await?
        {
            tracing::warn!(turn = %turn.id, "turn {} was ended: its owner died", turn.id);
            // whoever looks at it gets a new log, which knows this end
            self.open.retain(|(id, _), conversation| {
                let stays = *id != turn.conversation_id;
                if !stays {
                    conversation.log().retire();
                }
                stays
            });
        }
        Ok(())
    }

    fn forget_idle(&self) {
        self.open.retain(|_, conversation| {
            let idle = conversation.log().forget_if_idle(FORGET_AFTER);
            // one count is this map's own
            !idle || Arc::strong_count(conversation) > 1
        });
        self.people.retain(|_, person| {
            person.sockets > 0
                || person
                    .submits
                    .back()
                    .is_some_and(|submit| submit.elapsed() < Duration::from_secs(60))
        });
    }
}
