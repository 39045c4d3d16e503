//! One turn from RUN_STARTED to its terminal event.

use super::closing::{Closing, Told};
use super::registry::{RunningTurn, Shared};
use super::submit::Prepared;
use super::{ConversationLog, Frame};
use crate::answering::context::shortened;
use crate::answering::{self, Answer, Context, Sink, TurnError};
use crate::app::App;
use crate::failpoint::reached;
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{Event, Outcome, Qf, TokenUsage};
use crate::store::{ErrorRecord, FinishedTurn, StoreError, TurnStatus};
use async_trait::async_trait;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How often a running turn's partial text is saved.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// How long a cancelled turn may take to stop its model and its statement before it is dropped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// How long the end of a turn waits for a store that is down.
const COMMIT_WITHIN: Duration = Duration::from_secs(60);

/// Fewer numbers than this left, and the next block is fetched.
const SEQUENCE_RESERVE: u64 = 64;

/// Answers, commits, publishes; returns which turn it was.
pub async fn run(
    _running: RunningTurn,
    app: Arc<App>,
    log: Arc<ConversationLog>,
    prepared: Prepared,
    cancel: CancellationToken,
    shared: Arc<Shared>,
) -> TurnId {
    let (began, began_at) = (Instant::now(), chrono::Utc::now());
    let turn = prepared.turn.id;
    let sink = LogSink {
        app: &app,
        log: &log,
        conversation: prepared.turn.conversation_id,
        told: Told::default(),
    };
    let context = Context::new(&app, &prepared.question, &prepared.dataset, &sink, &cancel);
    let done = if prepared.declined {
        Err(TurnError::Cancelled)
    } else {
        answer(&app, &log, &prepared, &context, &cancel).await
    };
    let stage = *context.stage.lock().expect("nothing panics with it");
    let usage = context
        .usage
        .lock()
        .expect("nothing panics with it")
        .clone();
    let mut closing = Closing::of(&prepared, &context, began_at);
    drop(context);
    let restarting = shared.is_draining();
    let (mut event, qf, mut row) = end(&prepared, done, stage, usage.clone(), restarting);
    if !matches!(event, Event::RunError { .. }) {
        for (closing, qf) in log.closing_events() {
            sink.told.add(&closing, qf.as_ref());
            log.append(&closing, qf.as_ref());
        }
    }
    let progress = log.progress();
    row.stages = progress.stages;
    row.messages = progress.messages;
    let mut frame = seal(&log, &mut row, &event, qf.as_ref());
    sink.told.add(&event, qf.as_ref());
    closing.ended(&row, restarting, sink.told.digests());
    reached(format_args!("end.before_commit"));
    let (committed, ()) = tokio::join!(commit(&app, &row), closing.keep(&app, &prepared));
    if let Err(error) = committed {
        // what cannot be kept is not announced: the turn ends as failed, without what it said
        let is_down = matches!(error, StoreError::Unavailable(_));
        let (failed, qf, bare) = end(&prepared, Err(error.into()), stage, usage, restarting);
        (event, row) = (failed, bare);
        frame = seal(&log, &mut row, &event, qf.as_ref());
        if !is_down {
            // if even this cannot be kept, its lease runs out, and a sweeper ends it
            let _ = commit(&app, &row).await;
        }
    }
    reached(format_args!("end.after_commit"));
    log.append_terminal(frame, &event);
    reached(format_args!("after the terminal event"));
    closing.afterwards(app, &prepared, &row);

    metrics::counter!("queryforge_turns_ended", "status" => format!("{:?}", row.status).to_lowercase())
        .increment(1);
    metrics::histogram!("queryforge_turn_seconds").record(began.elapsed().as_secs_f64());
    tracing::info!(%turn, trace_id = prepared.turn.trace_id, status = ?row.status, ms = began.elapsed().as_millis() as u64, "turn {turn} ended");
    turn
}

/// The answer, or the reason there is none; never longer than a turn may take.
async fn answer(
    app: &App,
    log: &ConversationLog,
    prepared: &Prepared,
    context: &Context<'_>,
    cancel: &CancellationToken,
) -> Result<Answer, TurnError> {
    let work = AssertUnwindSafe(answering::answer(context)).catch_unwind();
    let saving = async {
        loop {
            tokio::time::sleep(SAVE_EVERY).await;
            let progress = log.progress();
            let (id, owner) = (prepared.turn.id, prepared.turn.lease_owner);
            reached(format_args!("progress.before_commit"));
            // only of use after a crash: the next second tries again
            let _ = app
                .store
                .save_progress(id, owner, &progress.stages, &progress.messages)
                .await;
            reached(format_args!("progress.after_commit"));
        }
    };
    let time_limit = async {
        match app.settings.limits.turn {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(work);
    let stopped = tokio::select! {
        done = &mut work => return done.unwrap_or_else(panicked),
        () = saving => unreachable!("it goes on for ever"),
        () = cancel.cancelled() => TurnError::Cancelled,
        () = time_limit => TurnError::TimeLimit,
    };
    cancel.cancel();
    // it stops the statement on its server; what it comes to is not asked any more
    let _ = tokio::time::timeout(STOP_WITHIN, &mut work).await;
    Err(stopped)
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Result<Answer, TurnError> {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(message, "a stage panicked");
    Err(TurnError::Panicked)
}

/// The terminal event and the row that belongs to it.
pub(super) fn end(
    prepared: &Prepared,
    done: Result<Answer, TurnError>,
    stage: Option<crate::protocol::StageName>,
    usage: Vec<TokenUsage>,
    restarting: bool,
) -> (Event, Option<Qf>, FinishedTurn) {
    let (thread_id, run_id) = (prepared.turn.conversation_id, prepared.turn.id);
    let mut row = FinishedTurn {
        id: run_id,
        conversation_id: thread_id,
        lease_owner: prepared.turn.lease_owner,
        status: TurnStatus::Succeeded,
        stages: Vec::new(),
        result: None,
        error: None,
        interrupt: None,
        usage: usage.clone(),
        messages: Vec::new(),
        terminal_event: String::new(),
        terminal_seq: 0,
    };
    let finished = |outcome, result| Event::RunFinished {
        thread_id,
        run_id,
        outcome,
        result,
        usage: usage.clone(),
    };
    match done {
        Ok(Answer::Finished(mut result)) => {
            // an event has a size; the rows are there by reference, the words are not worth more
            for text in [&mut result.answer, &mut result.explanation] {
                *text = text.take().map(|text| shortened(&text, MAX_WORDS_CHARS));
            }
            row.result = Some((*result).clone());
            (finished(Outcome::Success, Some(result)), None, row)
        }
        Ok(Answer::Asked(interrupt)) => {
            row.status = TurnStatus::Interrupted;
            row.interrupt = Some((*interrupt).clone());
            let interrupts = vec![*interrupt];
            (finished(Outcome::Interrupt { interrupts }, None), None, row)
        }
        Err(TurnError::Cancelled) if !restarting => {
            row.status = TurnStatus::Cancelled;
            (finished(Outcome::Cancelled, None), None, row)
        }
        Err(error) => {
            let (code, message, retryable) = match error {
                TurnError::Cancelled => ("SERVER_RESTART", RESTARTED.to_owned(), true),
                ref error => (
                    error.code(),
                    shortened(&error.user_message(), MAX_ERROR_CHARS),
                    error.retryable(),
                ),
            };
            tracing::warn!(turn = %run_id, trace_id = prepared.turn.trace_id, code, error = error.for_log(), "turn {run_id} failed");
            row.status = TurnStatus::Failed;
            row.error = Some(ErrorRecord {
                code: code.to_owned(),
                message: message.clone(),
                stage,
                retryable,
            });
            let qf = Qf {
                trace_id: Some(prepared.turn.trace_id.clone()),
                stage,
                retryable: Some(retryable),
                ..Qf::default()
            };
            let code = code.to_owned();
            (Event::RunError { message, code }, Some(qf), row)
        }
    }
}

/// Of an answer or an explanation in the terminal event.
const MAX_WORDS_CHARS: usize = 16 * 1024;
/// Of an error's message: engines quote whole values in theirs.
const MAX_ERROR_CHARS: usize = 2_000;

pub const RESTARTED: &str =
    "The server was restarted while it worked on this. Nothing is lost; ask again.";

/// The terminal event as it will be published, and in the row that is committed first.
fn seal(log: &ConversationLog, row: &mut FinishedTurn, event: &Event, qf: Option<&Qf>) -> Frame {
    let frame = log.prepare_terminal(event, qf);
    row.terminal_event = String::from_utf8(frame.bytes.to_vec()).expect("JSON is UTF-8");
    row.terminal_seq = frame.seq;
    frame
}

/// Commits the end of a turn; waits for a store that is down.
async fn commit(app: &App, row: &FinishedTurn) -> Result<(), StoreError> {
    let began = Instant::now();
    let mut pause = Duration::from_millis(50);
    loop {
        match app.store.finish_turn(row).await {
            Ok(true) => return Ok(()),
            Ok(false) => {
                tracing::error!(turn = %row.id, "turn {} was ended by somebody else", row.id);
                return Ok(());
            }
            Err(StoreError::Unavailable(error)) if began.elapsed() < COMMIT_WITHIN => {
                tracing::warn!(turn = %row.id, %error, "the end of turn {} waits for the store", row.id);
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            Err(error) => {
                tracing::error!(turn = %row.id, %error, "the end of turn {} could not be committed", row.id);
                return Err(error);
            }
        }
    }
}

/// Events go to the conversation's log, numbers come from the store.
struct LogSink<'a> {
    app: &'a App,
    log: &'a ConversationLog,
    conversation: ConversationId,
    told: Told,
}

#[async_trait]
impl Sink for LogSink<'_> {
    async fn ready(&self) -> Result<(), TurnError> {
        if self.log.remaining_sequence() < SEQUENCE_RESERVE {
            let high = self.app.store.allocate_sequence(self.conversation).await?;
            self.log
                .extend_sequence(high - crate::store::SEQUENCE_BLOCK + 1..=high);
        }
        Ok(())
    }

    fn emit(&self, event: Event, qf: Option<Qf>) {
        self.told.add(&event, qf.as_ref());
        reached(format_args!("before {}", event.name()));
        self.log.append(&event, qf.as_ref());
        reached(format_args!("after {}", event.name()));
    }
}
