//! A conversation as an actor: the one owner of its running turn, and the log that everyone reads.
//!
//! Closing a socket never cancels a turn; only an abort, a time limit or a restart does. A turn's
//! terminal row commits before its terminal event is published, so whoever saw the end can fetch it.

mod closing;
pub mod log;
pub mod registry;
pub mod replay;
mod state;
mod submit;
mod turn;

pub use log::{ConversationLog, Frame, Tail};
pub use registry::{Conversations, OpenError, OpenSocket};
pub use submit::{Accepted, Refusal, Submit};

use crate::answering::TurnError;
use crate::app::App;
use crate::failpoint::reached;
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{Event, OnBusy, PROTOCOL_VERSION, RefusalCode};
use crate::store::{Begun, StoreError};
use bytes::Bytes;
use state::{Action, State};
use std::sync::Arc;
use submit::Prepared;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Submits and aborts that may wait for one actor; the next sender waits, none is dropped.
const MAILBOX: usize = 16;

/// Messages that a snapshot shows at most.
const SNAPSHOT_MESSAGES: i64 = 200;

/// The handle: what a socket, a stream or a REST call holds.
pub struct Conversation {
    pub id: ConversationId,
    pub owner: String,
    log: Arc<ConversationLog>,
    app: Arc<App>,
    mailbox: mpsc::Sender<Message>,
}

enum Message {
    Submit {
        prepared: Box<Prepared>,
        reply: oneshot::Sender<Result<Accepted, Refusal>>,
    },
    Abort(TurnId),
}

impl Conversation {
    /// A handle and the actor behind it, which ends when the last handle is gone and no turn runs.
    fn channel(
        app: Arc<App>,
        id: ConversationId,
        owner: String,
        tip: u64,
        last: Option<(TurnId, Bytes)>,
        shared: Arc<registry::Shared>,
    ) -> (Arc<Self>, Actor) {
        let log = Arc::new(ConversationLog::new(id, tip, last));
        let (mailbox, messages) = mpsc::channel(MAILBOX);
        let handle = Arc::new(Self {
            id,
            owner,
            log: log.clone(),
            app: app.clone(),
            mailbox,
        });
        let actor = Actor {
            app,
            id,
            log,
            messages,
            shared,
            state: State::Idle,
            cancel: CancellationToken::new(),
            held: None,
            turns: JoinSet::new(),
        };
        (handle, actor)
    }

    pub fn log(&self) -> &ConversationLog {
        &self.log
    }

    /// Starts a turn, or attaches to it when the same submit came before.
    ///
    /// `Ok` means that it is committed; its RUN_STARTED is in the log or was.
    pub async fn submit(&self, submit: Submit) -> Result<Accepted, Refusal> {
        let prepared = submit::prepare(&self.app, &self.owner, submit).await?;
        let (reply, answer) = oneshot::channel();
        let message = Message::Submit {
            prepared: Box::new(prepared),
            reply,
        };
        if self.mailbox.send(message).await.is_err() {
            return Err(Refusal::draining());
        }
        answer.await.unwrap_or_else(|_| Err(Refusal::draining()))
    }

    /// Stops the turn if it is the one that is running.
    pub async fn abort(&self, turn: TurnId) {
        // a closed mailbox means that nothing runs
        let _ = self.mailbox.send(Message::Abort(turn)).await;
    }

    /// Stops whatever turn is running.
    pub async fn abort_any(&self) {
        if let Some(turn) = self.log.running_turn() {
            self.abort(turn).await;
        }
    }

    /// The whole state for a client that has no cursor, and the cursor it has then.
    pub async fn snapshot(&self) -> Result<(Vec<Frame>, u64), StoreError> {
        loop {
            let turns_begun = self.log.turns_begun();
            let history = self.app.store.messages(self.id, SNAPSHOT_MESSAGES).await?;
            if let Some(snapshot) = self.log.snapshot(&history, turns_begun) {
                return Ok(snapshot);
            }
        }
    }
}

/// Owns one conversation's running turn.
struct Actor {
    app: Arc<App>,
    id: ConversationId,
    log: Arc<ConversationLog>,
    messages: mpsc::Receiver<Message>,
    shared: Arc<registry::Shared>,
    state: State,
    /// Of the running turn.
    cancel: CancellationToken,
    held: Option<Held>,
    /// At most one.
    turns: JoinSet<TurnId>,
}

type Reply = oneshot::Sender<Result<Accepted, Refusal>>;

struct Held {
    prepared: Box<Prepared>,
    reply: Reply,
}

impl Actor {
    async fn run(mut self) {
        loop {
            tokio::select! {
                message = self.messages.recv() => match message {
                    Some(message) => self.on_message(message).await,
                    // the last handle is gone; a running turn is finished all the same
                    None => break,
                },
                Some(ended) = self.turns.join_next() => self.on_ended(ended.ok()).await,
            }
        }
        while let Some(ended) = self.turns.join_next().await {
            self.on_ended(ended.ok()).await;
        }
    }

    async fn on_message(&mut self, message: Message) {
        match message {
            Message::Abort(turn) => {
                let (state, actions) = self.state.on_message(state::Message::Abort { turn });
                self.state = state;
                if actions.contains(&Action::CancelRunning) {
                    self.cancel.cancel();
                }
            }
            Message::Submit { prepared, reply } => {
                let (state, actions) = self.state.on_message(state::Message::Submit {
                    turn: prepared.turn.id,
                    on_busy: prepared.options.on_busy.unwrap_or(OnBusy::Reject),
                });
                self.state = state;
                let mut submit = Some((prepared, reply));
                for action in actions {
                    match action {
                        // attaching is decided by the store too: it knows whether the content is the same
                        Action::Begin | Action::Attach => {
                            if let Some((prepared, reply)) = submit.take() {
                                self.begin(prepared, reply).await;
                            }
                        }
                        Action::Hold => {
                            self.held = submit
                                .take()
                                .map(|(prepared, reply)| Held { prepared, reply });
                        }
                        Action::CancelRunning => self.cancel.cancel(),
                        Action::RefuseBusy => {
                            if let Some((_, reply)) = submit.take() {
                                // whoever asked may be gone; then nobody is told
                                let _ = reply.send(Err(Refusal::busy()));
                            }
                        }
                        Action::BeginHeld => {}
                    }
                }
            }
        }
    }

    async fn on_ended(&mut self, turn: Option<TurnId>) {
        let turn = match (turn, self.state) {
            (Some(turn), _) => turn,
            // the task panicked outside of a stage: nobody has said the end yet. The row follows when
            // its lease runs out
            (None, State::Running(turn) | State::Yielding(turn)) => {
                let error = TurnError::Panicked;
                let (message, code) = (error.user_message(), error.code().to_owned());
                self.log.append(&Event::RunError { message, code }, None);
                turn
            }
            (None, State::Idle) => return,
        };
        let (state, _) = self.state.on_message(state::Message::Ended { turn });
        self.state = state;
        if let Some(Held { prepared, reply }) = self.held.take() {
            self.begin(prepared, reply).await;
        }
    }

    /// Commits the submit; when it is new, its turn starts.
    async fn begin(&mut self, prepared: Box<Prepared>, reply: Reply) {
        let turn = prepared.turn.id;
        if self.shared.is_draining() {
            let _ = reply.send(Err(Refusal::draining()));
            return;
        }
        reached(format_args!("turn.before_commit"));
        let begun = self.app.store.begin_turn(&prepared.turn).await;
        reached(format_args!("turn.after_commit"));
        let answer = match begun {
            Ok(Begun::Started { sequence_after }) => {
                self.start(prepared, sequence_after).await;
                Ok(Accepted {
                    turn,
                    started: true,
                })
            }
            Ok(Begun::Attached) => Ok(Accepted {
                turn,
                started: false,
            }),
            Ok(Begun::Reused) => Err(Refusal::new(
                RefusalCode::RunIdReused,
                "This runId was used with other content. Send a new question with a new runId.",
            )),
            Ok(Begun::Busy) => Err(Refusal::busy()),
            Err(error) => Err(error.into()),
        };
        let _ = reply.send(answer);
    }

    async fn start(&mut self, prepared: Box<Prepared>, sequence_after: u64) {
        let turn = prepared.turn.id;
        self.cancel = CancellationToken::new();
        self.state = self.state.began(turn);
        self.log.begin_turn(turn, prepared.turn.messages.clone());
        self.log
            .extend_sequence(sequence_after + 1..=sequence_after + crate::store::SEQUENCE_BLOCK);
        self.log.append(
            &Event::RunStarted {
                thread_id: self.id,
                run_id: turn,
                protocol_version: PROTOCOL_VERSION,
                input: Some(Box::new(prepared.echo())),
            },
            None,
        );
        reached(format_args!("after RUN_STARTED"));
        metrics::counter!("queryforge_turns_started").increment(1);
        let running = self
            .shared
            .turn_began(turn, &prepared.turn.owner, self.cancel.clone());
        let run = turn::run(
            running,
            self.app.clone(),
            self.log.clone(),
            *prepared,
            self.cancel.clone(),
            self.shared.clone(),
        );
        self.turns.spawn(run);
    }
}
