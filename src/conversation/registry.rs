//! All conversations that somebody looks at or that run, in this process, and the limits per person.

use super::cancel::Reason;
use super::follow::Followed;
use super::gate::{Gate, PATIENCE, Pass};
use super::log::TurnFold;
use super::shared::{Place, Shared};
use super::{Accepted, Conversation, ConversationLog, InLine, Refusal, Submit, saving};
use crate::app::App;
use crate::cache::Publisher;
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{RefusalCode, RunAgentInput};
use crate::store::{Opened, StoreError};
use dashmap::DashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// A conversation that nobody looks at is forgotten after this, and its frames before.
const FORGET_AFTER: Duration = Duration::from_secs(60);

/// Conversations that are read from the store at once. Of the pool's connections, so that the turns keep theirs.
const OPENING: usize = 4;

/// Questions that are prepared to be turns at once.
const BEGINNING: usize = 16;

/// How long sockets are given to close.
const CLOSING: Duration = Duration::from_secs(4);

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
    /// Too many are being opened.
    #[error(
        "More conversations are being opened than this server can take. Come back in a moment."
    )]
    Overloaded,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Two people may look at an id that does not exist yet; the first submit makes it one's.
pub(super) type Key = (ConversationId, String);

pub struct Conversations {
    pub(super) app: Arc<App>,
    pub(super) open: DashMap<Key, Arc<Conversation>>,
    /// Whoever is reading a conversation from the store; the others wait for it.
    opening: DashMap<Key, Arc<tokio::sync::Mutex<()>>>,
    to_open: Gate,
    to_begin: Gate,
    people: DashMap<String, Person>,
    pub(super) shared: Arc<Shared>,
    /// Turns of other processes, in conversations that are open here.
    pub(super) followed: DashMap<ConversationId, Followed>,
    pub(super) stop: CancellationToken,
}

#[derive(Default)]
struct Person {
    /// Within the last minute.
    submits: VecDeque<Instant>,
    sockets: usize,
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
        let (saver, saving) = saving::channel(app.store.clone());
        let shared = Shared::new(app.settings.limits.running_turns_per_process, saver);
        let conversations = Arc::new(Self {
            app,
            open: DashMap::new(),
            opening: DashMap::new(),
            to_open: Gate::new(OPENING),
            to_begin: Gate::new(BEGINNING),
            people: DashMap::new(),
            shared: Arc::new(shared),
            followed: DashMap::new(),
            stop: CancellationToken::new(),
        });
        let saving = saving.run(conversations.stop.clone());
        conversations.shared.tasks.spawn(saving);
        conversations.keep_leases();
        conversations.keep_sweeping();
        conversations.keep_following();
        conversations
    }

    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    pub fn is_draining(&self) -> bool {
        self.shared.is_draining()
    }

    pub fn running_turns(&self) -> usize {
        self.shared.running_turns()
    }

    /// The conversation, as `owner` may see it; one that does not exist yet is made by its first submit.
    ///
    /// However many ask at once, the store is read once.
    pub async fn open(
        &self,
        owner: &str,
        id: ConversationId,
    ) -> Result<Arc<Conversation>, OpenError> {
        if self.stop.is_cancelled() {
            return Err(OpenError::Draining);
        }
        let key = (id, owner.to_owned());
        if let Some(open) = self.opened(&key) {
            return Ok(open);
        }
        let turn_to_read = self.opening.entry(key.clone()).or_default().clone();
        let reading = timeout(PATIENCE, turn_to_read.lock()).await;
        let _reading = reading.map_err(|_| OpenError::Overloaded)?;
        if let Some(open) = self.opened(&key) {
            return Ok(open);
        }
        let done = self.read_and_keep(&key).await;
        self.opening.remove(&key);
        done
    }

    async fn read_and_keep(&self, key: &Key) -> Result<Arc<Conversation>, OpenError> {
        let _pass = self.to_open.enter().await.ok_or(OpenError::Overloaded)?;
        let (id, owner) = key;
        let opened = self.app.store.open_conversation(owner, *id).await?;
        match opened {
            Some(opened) if !opened.allowed => Err(OpenError::NotFound),
            opened => Ok(self.keep_open(key.clone(), opened)),
        }
    }

    fn opened(&self, key: &Key) -> Option<Arc<Conversation>> {
        let open = self.open.get(key)?;
        (!open.log().is_retired()).then(|| open.clone())
    }

    fn keep_open(&self, key: Key, opened: Option<Opened>) -> Arc<Conversation> {
        let (id, owner) = key.clone();
        let publisher = self
            .app
            .streams
            .as_ref()
            .map(|streams| Publisher::new(streams.clone(), id, &owner));
        let elsewhere = opened
            .as_ref()
            .and_then(|opened| opened.running.as_ref())
            .map(|running| running.id);
        let (tip, turn) = opened.as_ref().map_or((0, None), stands);
        let log = ConversationLog::new(id, tip, turn, publisher);
        let conversation = Arc::new(Conversation::new(
            self.app.clone(),
            self.shared.clone(),
            id,
            owner,
            log,
        ));
        // whoever opens a conversation asks for what was said next
        let messages = opened.map(|opened| opened.messages).unwrap_or_default();
        conversation.keep_history(0, messages);
        self.open.insert(key, conversation.clone());
        if let Some(turn) = elsewhere {
            self.follow(&conversation, turn);
        }
        conversation
    }

    /// Stops and forgets a conversation that was deleted.
    pub async fn close(&self, owner: &str, id: ConversationId) {
        let open = self.open.remove(&(id, owner.to_owned()));
        // wherever it runs
        if let Err(error) = self.app.store.request_cancel(id, None).await {
            tracing::warn!(conversation = %id, %error, "a deleted conversation's turn goes on to its end");
        }
        if let Some((_, conversation)) = open {
            conversation.abort_any().await;
        }
    }

    /// Submits within the person's limits, behind those that came before it on the same connection.
    pub async fn submit(
        &self,
        conversation: &Conversation,
        input: RunAgentInput,
        trace_id: String,
        in_line: Option<InLine>,
    ) -> Result<Accepted, Refusal> {
        if input.thread_id != conversation.id {
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "threadId names another conversation than this socket's. Open a socket for that one.",
            ));
        }
        let admitted = self.admit(&conversation.owner, &input).await?;
        let lease_owner = self.shared.lease_owner;
        conversation
            .submit(
                Submit {
                    input,
                    trace_id,
                    lease_owner,
                },
                admitted,
                in_line,
            )
            .await
    }

    /// Opens and submits, for those who hold no conversation yet: whoever is over a limit costs a look-up
    /// of one id.
    pub async fn open_and_submit(
        &self,
        owner: &str,
        input: RunAgentInput,
        trace_id: String,
    ) -> Result<Arc<Conversation>, SubmitError> {
        let admitted = self.admit(owner, &input).await?;
        let conversation = self.open(owner, input.thread_id).await?;
        let lease_owner = self.shared.lease_owner;
        let submit = Submit {
            input,
            trace_id,
            lease_owner,
        };
        conversation.submit(submit, admitted, None).await?;
        Ok(conversation)
    }

    /// Whether this input may be worked on. A refusal for want of room asks the store nothing: it has to cost
    /// less than an answer, or a crowd that is refused keeps those waiting who were let in.
    async fn admit(&self, owner: &str, input: &RunAgentInput) -> Result<Admitted, Refusal> {
        if self.is_draining() {
            return Err(Refusal::draining());
        }
        // the answer to a question of ours is never shed
        let resume = input.resume.as_ref();
        let resumes = resume.is_some_and(|resume| !resume.is_empty());
        let (place, pass) = match resumes || self.is_running(owner, input) {
            true => (None, None),
            // the newest is refused: whoever waits already has waited longer
            false => {
                let place = self.shared.place().ok_or_else(Refusal::overloaded)?;
                let pass = self.to_begin.enter().await;
                (Some(place), Some(pass.ok_or_else(Refusal::overloaded)?))
            }
        };
        // what is known already only attaches
        let known = self.app.store.knows_turn(input.run_id).await?;
        if !resumes && !known {
            self.keep_pace(owner).await?;
        }
        Ok(Admitted { place, pass, known })
    }

    /// A submit that came before, as far as this process shows its turn.
    fn is_running(&self, owner: &str, input: &RunAgentInput) -> bool {
        self.looked_at(input.thread_id, owner)
            .is_some_and(|open| open.log().running_turn() == Some(input.run_id))
    }

    /// Counts one more question of this person's within the last minute. What was refused later counts in this
    /// process alone; what was begun, in all of them.
    async fn keep_pace(&self, owner: &str) -> Result<(), Refusal> {
        let per_minute = self.app.settings.limits.submits_per_minute;
        // a limit that is off remembers nothing
        if per_minute == u32::MAX {
            return Ok(());
        }
        self.count_submit(owner, per_minute)?;
        match self.app.store.pace_of(owner, per_minute).await? {
            Some(wait) => Err(too_fast(per_minute, wait)),
            None => Ok(()),
        }
    }

    fn count_submit(&self, owner: &str, per_minute: u32) -> Result<(), Refusal> {
        let minute = Duration::from_secs(60);
        let mut person = self.people.entry(owner.to_owned()).or_default();
        while person
            .submits
            .front()
            .is_some_and(|submit| submit.elapsed() >= minute)
        {
            person.submits.pop_front();
        }
        if person.submits.len() >= per_minute as usize {
            let wait = person
                .submits
                .front()
                .map_or(minute, |submit| minute.saturating_sub(submit.elapsed()));
            return Err(too_fast(per_minute, wait));
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
        self.shared.begin_to_drain();
        self.wait_for_turns(DRAIN).await;
        // what a person stopped meanwhile stays stopped by them
        self.shared.cancel_all(Reason::Restart);
        self.wait_for_turns(STOP).await;
        self.stop.cancel();
        self.open.clear();
        self.followed.clear();
        self.shared.tasks.close();
        // sockets hold handles, and so actors; they are closed by their own owner
        let _ = tokio::time::timeout(STOP, self.shared.tasks.wait()).await;
        // a socket says why it closes, within its jitter; without a turn nothing else would wait for it
        let began = Instant::now();
        while self.people.iter().any(|person| person.sockets > 0) && began.elapsed() < CLOSING {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn wait_for_turns(&self, at_most: Duration) {
        let began = Instant::now();
        while self.running_turns() > 0 && began.elapsed() < at_most {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) fn forget_idle(&self) {
        // whoever gave up while it was being read
        self.opening
            .retain(|_, reading| Arc::strong_count(reading) > 1);
        self.open.retain(|_, conversation| {
            conversation.forget_history();
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

/// A submit that may be worked on.
pub(super) struct Admitted {
    pub place: Place,
    /// Until it waits for nothing of ours.
    pub pass: Option<Pass>,
    /// The store has a turn of its id.
    pub known: bool,
}

fn too_fast(per_minute: u32, wait: Duration) -> Refusal {
    Refusal {
        retry_after_ms: Some(wait.as_millis() as u64),
        ..Refusal::new(
            RefusalCode::RateLimited,
            format!(
                "More than {per_minute} questions a minute. Ask again in {} s.",
                wait.as_secs() + 1
            ),
        )
    }
}

/// Why nothing was submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Where a log begins that is opened now: its tip, and the newest turn as far as the store knows it.
pub(super) fn stands(opened: &Opened) -> (u64, Option<TurnFold>) {
    if let Some(running) = &opened.running {
        let saved = running.progress.clone();
        return (saved.seq, Some(TurnFold::saved(running.id, saved)));
    }
    match &opened.ended {
        Some((turn, event, seq)) => {
            let bytes = bytes::Bytes::from(event.clone());
            (*seq, Some(TurnFold::ended(*turn, *seq, bytes)))
        }
        None => (0, None),
    }
}

impl Conversations {
    /// The open conversation that this turn's owner looks at here.
    pub(super) fn looked_at(
        &self,
        conversation: ConversationId,
        owner: &str,
    ) -> Option<Arc<Conversation>> {
        self.opened(&(conversation, owner.to_owned()))
    }

    /// A turn that is not run by this process.
    pub(super) fn is_elsewhere(&self, turn: TurnId) -> bool {
        !self.shared.runs(turn)
    }
}
