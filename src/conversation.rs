//! A conversation: one log that everyone reads, and an actor that owns what runs here.
//!
//! Closing a socket never cancels a turn; only an abort, a time limit or a restart does. A turn's
//! terminal row commits before its terminal event is published, so whoever saw the end can fetch it.
//!
//! Any process serves any conversation. The store says whose turn it is; the process that runs a turn writes
//! its events into its own log and into a Redis stream; the others follow the stream, or what the
//! owner saves every second where there is no stream (`follow.rs`). An owner that is silent for 15 s is dead:
//! another process takes its lease and ends its turn (`leases.rs`).

mod begin;
mod cancel;
mod closing;
mod follow;
mod gate;
mod leases;
mod line;
pub mod log;
pub mod registry;
pub mod replay;
mod saving;
mod shared;
mod state;
mod submit;
mod turn;

pub use line::{InLine, Line};
pub use log::{ConversationLog, Frame, Tail};
pub use registry::{Conversations, OpenError, OpenSocket, SubmitError};
pub use submit::{Accepted, Refusal, Submit};

use crate::app::App;
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{OnBusy, RefusalCode, WireMessage};
use crate::store::{Begun, StoreError};
use cancel::{Cancel, Reason};
use registry::Admitted;
use shared::{Place, Shared};
use state::{Action, State};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use submit::Prepared;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

/// Submits and aborts that may wait for one actor; the next sender waits, none is dropped.
const MAILBOX: usize = 16;

/// How long what was read for one snapshot serves the next, and the snapshot itself others.
const HISTORY_KEPT: Duration = Duration::from_secs(10);

/// How long a reader whose cursor is ahead of a log that follows waits for it.
const CATCH_UP: Duration = Duration::from_secs(1);
/// An owner's readers may have heard so many frames that are not in the stream yet; a cursor further ahead was never
/// given out.
const ON_THEIR_WAY: u64 = 1_000;
/// Between two looks whether they are.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The handle: what a socket, a stream or a REST call holds.
pub struct Conversation {
    pub id: ConversationId,
    pub owner: String,
    log: Arc<ConversationLog>,
    app: Arc<App>,
    shared: Arc<Shared>,
    /// Of the actor, which begins with the first submit or abort.
    mailbox: OnceLock<mpsc::Sender<Message>>,
    reading: tokio::sync::Mutex<()>,
    making: tokio::sync::Mutex<()>,
    kept: Mutex<Kept>,
}

/// What a crowd that comes at once shares.
#[derive(Default)]
struct Kept {
    history: Option<History>,
    snapshot: Option<Snapshot>,
}

/// The whole state in as few frames as possible.
#[derive(Clone)]
pub struct Snapshot {
    pub frames: Vec<Frame>,
    /// Where the log goes on.
    pub cursor: u64,
    /// The log's count: with the next turn it is old.
    turns_begun: u64,
    made: Instant,
}

#[derive(Clone)]
struct History {
    /// The log's count when it was read: with the next turn it is old.
    turns_begun: u64,
    messages: Arc<Vec<WireMessage>>,
    read: Instant,
}

enum Message {
    Submit {
        prepared: Box<Prepared>,
        place: Place,
        reply: Reply,
    },
    Abort(TurnId),
}

type Answer = Result<Accepted, Refusal>;
type Reply = oneshot::Sender<Answer>;

impl Conversation {
    fn new(
        app: Arc<App>,
        shared: Arc<Shared>,
        id: ConversationId,
        owner: String,
        log: ConversationLog,
    ) -> Self {
        Self {
            id,
            owner,
            log: Arc::new(log),
            app,
            shared,
            mailbox: OnceLock::new(),
            reading: tokio::sync::Mutex::default(),
            making: tokio::sync::Mutex::default(),
            kept: Mutex::default(),
        }
    }

    pub fn log(&self) -> &ConversationLog {
        &self.log
    }

    /// Starts a turn, or attaches to it when the same submit came before.
    ///
    /// `Ok` means that it is committed; its RUN_STARTED is in the log or was.
    async fn submit(&self, submit: Submit, admitted: Admitted, in_line: Option<InLine>) -> Answer {
        let Admitted { place, pass, known } = admitted;
        let prepared = submit::prepare(&self.app, &self.owner, submit, pass).await?;
        if known && let Some(answer) = self.came_before(&prepared).await {
            return answer;
        }
        let mut in_line = in_line;
        if let Some(in_line) = &mut in_line {
            in_line.reached().await;
        }
        let (reply, answer) = oneshot::channel();
        let message = Message::Submit {
            prepared: Box::new(prepared),
            place,
            reply,
        };
        if self.mailbox().send(message).await.is_err() {
            return Err(Refusal::draining());
        }
        drop(in_line);
        answer.await.unwrap_or_else(|_| Err(Refusal::draining()))
    }

    /// The answer to a submit whose turn has ended or runs elsewhere. It is not the actor's to give: a
    /// conversation that looks one up would be busy for whoever asks the next question.
    async fn came_before(&self, prepared: &Prepared) -> Option<Answer> {
        // of a store that stumbles the actor asks again
        match self.app.store.begun_before(&prepared.turn).await.ok()?? {
            Begun::Reused => Some(Err(Refusal::reused())),
            Begun::Attached { ours: None } => {
                self.shared.look_elsewhere.notify_one();
                Some(Ok(Accepted {
                    turn: prepared.turn.id,
                    started: false,
                }))
            }
            // the actor knows it, or else has to begin it
            _ => None,
        }
    }

    /// Stops the turn if it is the one that is running, here or in another process.
    pub async fn abort(&self, turn: TurnId) {
        // a closed mailbox means that this process ends, and its turns with it
        let _ = self.mailbox().send(Message::Abort(turn)).await;
    }

    /// Stops whatever turn is running.
    pub async fn abort_any(&self) {
        if let Some(turn) = self.log.running_turn() {
            self.abort(turn).await;
        }
    }

    /// Whether a client that saw `after` can go on with a tail; what another process wrote is fetched for
    /// it.
    pub async fn holds(&self, after: u64) -> bool {
        if self.log.holds(after) {
            return true;
        }
        let Some(streams) = &self.app.streams else {
            return false;
        };
        if after > self.log.tip() {
            // the client has just heard it from the owner, and the stream is on its way to us; or nobody ever
            // gave this number out
            let follows = async {
                loop {
                    let newest = streams.newest(self.id).await.unwrap_or(self.log.tip());
                    if newest >= after {
                        break;
                    }
                    if !streams.is_up() || after - newest > ON_THEIR_WAY {
                        return;
                    }
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                self.shared.look_elsewhere.notify_one();
                let _ = self.log.watch().wait_for(|tip| *tip >= after).await;
            };
            let _ = tokio::time::timeout(CATCH_UP, follows).await;
        } else {
            // one at a time: whoever waited finds what the first one fetched
            let _one = self.reading.lock().await;
            if after < self.log.floor() {
                self.log.prepend(&streams.backlog(self.id).await);
            }
        }
        self.log.holds(after)
    }

    /// The state a moment ago, for a reader of everything: what came since follows from the log.
    ///
    /// A thousand who come at once to a conversation that is being written share a few snapshots, and only
    /// one is made at a time.
    pub async fn recent_snapshot(&self) -> Result<Snapshot, StoreError> {
        if let Some(snapshot) = self.kept_snapshot() {
            return Ok(snapshot);
        }
        let _one = self.making.lock().await;
        match self.kept_snapshot() {
            Some(snapshot) => Ok(snapshot),
            None => self.snapshot().await,
        }
    }

    /// One that is cheaper to lead on from than to make again.
    fn kept_snapshot(&self) -> Option<Snapshot> {
        let snapshot = self.kept().snapshot.clone()?;
        let size_bytes: usize = snapshot.frames.iter().map(|frame| frame.bytes.len()).sum();
        let recent = snapshot.turns_begun == self.log.turns_begun()
            && snapshot.made.elapsed() <= HISTORY_KEPT;
        let since = self.log.bytes_after(snapshot.cursor)?;
        (recent && since <= size_bytes / 4).then_some(snapshot)
    }

    /// The state as it is now, the newest turn's included.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        loop {
            let turns_begun = self.log.turns_begun();
            let history = self.history(turns_begun).await?;
            let tip = self.log.tip();
            if let Some(snapshot) = &self.kept().snapshot
                && snapshot.cursor == tip
            {
                return Ok(snapshot.clone());
            }
            if let Some((frames, cursor)) = self.log.snapshot(&history, turns_begun) {
                let snapshot = Snapshot {
                    frames,
                    cursor,
                    turns_begun,
                    made: Instant::now(),
                };
                self.kept().snapshot = Some(snapshot.clone());
                return Ok(snapshot);
            }
        }
    }

    /// The stored messages, read once for all who ask while the count is the same.
    async fn history(&self, turns_begun: u64) -> Result<Arc<Vec<WireMessage>>, StoreError> {
        let kept = || {
            let kept = self.kept();
            let history = kept.history.as_ref()?;
            (history.turns_begun == turns_begun).then(|| history.messages.clone())
        };
        if let Some(messages) = kept() {
            return Ok(messages);
        }
        let _one = self.reading.lock().await;
        if let Some(messages) = kept() {
            return Ok(messages);
        }
        let opened = self
            .app
            .store
            .open_conversation(&self.owner, self.id)
            .await?;
        let messages = opened.map(|opened| opened.messages).unwrap_or_default();
        Ok(self.keep_history(turns_begun, messages))
    }

    fn keep_history(&self, turns_begun: u64, messages: Vec<WireMessage>) -> Arc<Vec<WireMessage>> {
        let messages = Arc::new(messages);
        self.kept().history = Some(History {
            turns_begun,
            messages: messages.clone(),
            read: Instant::now(),
        });
        messages
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops what was kept for a crowd that has gone.
    fn forget_history(&self) {
        let mut kept = self.kept();
        if kept
            .history
            .as_ref()
            .is_none_or(|history| history.read.elapsed() > HISTORY_KEPT)
        {
            *kept = Kept::default();
        }
    }

    fn mailbox(&self) -> &mpsc::Sender<Message> {
        self.mailbox.get_or_init(|| {
            let (mailbox, messages) = mpsc::channel(MAILBOX);
            let actor = Actor {
                app: self.app.clone(),
                id: self.id,
                log: self.log.clone(),
                messages,
                shared: self.shared.clone(),
                state: State::Idle,
                current: None,
                held: None,
                turns: JoinSet::new(),
                answers: JoinSet::new(),
            };
            self.shared.tasks.spawn(actor.run());
            mailbox
        })
    }
}

/// Owns what runs here of one conversation; ends when the last handle is gone and no turn runs.
///
/// It waits for nothing but messages: whatever takes time is done by the turn's own task.
struct Actor {
    app: Arc<App>,
    id: ConversationId,
    log: Arc<ConversationLog>,
    messages: mpsc::Receiver<Message>,
    shared: Arc<Shared>,
    state: State,
    current: Option<Ticket>,
    held: Option<Held>,
    /// At most one.
    turns: JoinSet<TurnId>,
    /// Replies that wait for a turn's commit, and requests to other processes.
    answers: JoinSet<()>,
}

/// What is known of a submit before its turn has begun and after.
struct Ticket {
    turn: TurnId,
    input_hash: Vec<u8>,
    cancel: Cancel,
    begun: watch::Receiver<Option<Answer>>,
}

struct Held {
    ticket: Ticket,
    prepared: Box<Prepared>,
    place: Place,
    begun: watch::Sender<Option<Answer>>,
}

impl Actor {
    async fn run(mut self) {
        loop {
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(message) => self.on_message(message),
                    // the last handle is gone; a running turn is finished all the same
                    None => break,
                },
                Some(ended) = self.turns.join_next() => self.on_ended(ended.ok()),
                Some(_) = self.answers.join_next() => {}
            }
        }
        while let Some(ended) = self.turns.join_next().await {
            self.on_ended(ended.ok());
        }
        while self.answers.join_next().await.is_some() {}
    }

    fn on_message(&mut self, message: Message) {
        match message {
            Message::Abort(turn) => {
                let (state, actions) = self.state.on_message(state::Message::Abort { turn });
                self.state = state;
                for action in actions {
                    match action {
                        Action::AbortElsewhere => self.abort_elsewhere(turn),
                        other => self.act(other, None),
                    }
                }
            }
            Message::Submit {
                prepared,
                place,
                reply,
            } => {
                // whoever saw the end may ask at once, while the turn's task still tidies up: that is not busy
                let tidying = self.is_tidying();
                let on_busy = match tidying {
                    true => OnBusy::Interrupt,
                    false => prepared.options.on_busy.unwrap_or(OnBusy::Reject),
                };
                let (state, mut actions) = self.state.on_message(state::Message::Submit {
                    turn: prepared.turn.id,
                    on_busy,
                });
                actions.retain(|action| !(tidying && *action == Action::CancelRunning));
                self.state = state;
                let mut submit = Some((prepared, place, reply));
                for action in actions {
                    let submit = match action {
                        Action::CancelRunning => None,
                        _ => submit.take(),
                    };
                    self.act(action, submit);
                }
            }
        }
    }

    /// The running turn has begun and its end is published; only its task is still there.
    fn is_tidying(&self) -> bool {
        let begun = |ticket: &Ticket| matches!(&*ticket.begun.borrow(), Some(Ok(_)));
        self.current.as_ref().is_some_and(begun) && !self.log.is_running()
    }

    fn act(&mut self, action: Action, submit: Option<(Box<Prepared>, Place, Reply)>) {
        match (action, submit) {
            (Action::Begin, Some((prepared, place, reply))) => {
                let held = self.ticket(prepared, place);
                self.answer(&held.ticket, true, reply);
                self.begin(held);
            }
            (Action::Hold, Some((prepared, place, reply))) => {
                let held = self.ticket(prepared, place);
                self.answer(&held.ticket, true, reply);
                self.held = Some(held);
            }
            (Action::AttachRunning | Action::AttachHeld, Some((prepared, _, reply))) => {
                let ticket = match action {
                    Action::AttachHeld => self.held.as_ref().map(|held| &held.ticket),
                    _ => self.current.as_ref(),
                };
                match ticket {
                    Some(ticket) if ticket.input_hash == prepared.turn.input_hash => {
                        let (begun, turn) = (ticket.begun.clone(), ticket.turn);
                        self.answers.spawn(answered(begun, turn, false, reply));
                    }
                    // whoever asked may be gone; then nobody is told
                    _ => drop(reply.send(Err(Refusal::reused()))),
                }
            }
            (Action::RefuseBusy, Some((_, _, reply))) => drop(reply.send(Err(Refusal::busy()))),
            (Action::CancelRunning, _) => {
                if let Some(current) = &self.current {
                    current.cancel.cancel(Reason::Person);
                }
            }
            (Action::CancelHeld, _) => {
                if let Some(held) = &self.held {
                    held.ticket.cancel.cancel(Reason::Person);
                }
            }
            (Action::BeginHeld, _) => {
                if let Some(held) = self.held.take() {
                    self.begin(held);
                }
            }
            (Action::AbortElsewhere, _) => {}
            (Action::Begin | Action::Hold | Action::RefuseBusy, None)
            | (Action::AttachRunning | Action::AttachHeld, None) => {
                unreachable!("only a submit leads to it")
            }
        }
    }

    fn ticket(&self, prepared: Box<Prepared>, place: Place) -> Held {
        let (begun, waiting) = watch::channel(None);
        Held {
            ticket: Ticket {
                turn: prepared.turn.id,
                input_hash: prepared.turn.input_hash.clone(),
                cancel: Cancel::default(),
                begun: waiting,
            },
            prepared,
            place,
            begun,
        }
    }

    fn answer(&mut self, ticket: &Ticket, first: bool, reply: Reply) {
        let begun = ticket.begun.clone();
        self.answers
            .spawn(answered(begun, ticket.turn, first, reply));
    }

    fn begin(&mut self, held: Held) {
        let work = turn::Work {
            app: self.app.clone(),
            log: self.log.clone(),
            shared: self.shared.clone(),
            prepared: *held.prepared,
            _place: held.place,
            cancel: held.ticket.cancel.clone(),
            begun: held.begun,
        };
        self.current = Some(held.ticket);
        self.turns.spawn(turn::run(work));
    }

    fn on_ended(&mut self, turn: Option<TurnId>) {
        // a task that panicked has said nothing; its row follows when its lease runs out
        let turn = turn.or_else(|| self.current.as_ref().map(|current| current.turn));
        self.current = None;
        let Some(turn) = turn else { return };
        let (state, actions) = self.state.on_message(state::Message::Ended { turn });
        self.state = state;
        for action in actions {
            self.act(action, None);
        }
    }

    fn abort_elsewhere(&mut self, turn: TurnId) {
        let (app, id) = (self.app.clone(), self.id);
        self.answers.spawn(async move {
            let mut tries = 0;
            // the person is waiting: a store that stumbles is asked again
            while let Err(error) = app.store.request_cancel(id, Some(turn)).await {
                tries += 1;
                if tries == 5 {
                    tracing::warn!(%turn, %error, "turn {turn} could not be stopped");
                    return;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
    }
}

/// Tells who asked what became of their submit, once it is known.
async fn answered(
    mut begun: watch::Receiver<Option<Answer>>,
    turn: TurnId,
    first: bool,
    reply: Reply,
) {
    let answer = match begun.wait_for(Option::is_some).await {
        Ok(answer) => answer.clone(),
        Err(_) => None,
    };
    let answer = match answer {
        Some(Ok(accepted)) => Ok(Accepted {
            turn,
            started: accepted.started && first,
        }),
        Some(Err(refusal)) => Err(refusal),
        None => Err(Refusal::new(
            RefusalCode::Unavailable,
            "Something went wrong inside QueryForge before your question was started. Send it again.",
        )),
    };
    let _ = reply.send(answer);
}
