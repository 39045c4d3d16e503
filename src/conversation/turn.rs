//! One turn from RUN_STARTED to its terminal event.

use super::begin::begin;
use super::cancel::{Cancel, Reason};
use super::closing::{Closing, Told};
use super::shared::{Place, Shared};
use super::submit::{Prepared, SERVER_RESTART};
use super::{Accepted, ConversationLog, Frame, Refusal};
use crate::answering::context::shortened;
use crate::answering::{self, Answer, Context, Sink, TurnError};
use crate::app::App;
use crate::failpoint::reached;
use crate::ids::TurnId;
use crate::protocol::{Event, Outcome, PROTOCOL_VERSION, Qf, TokenUsage};
use crate::store::{ErrorRecord, FinishedTurn, Lease, StoreError, TurnStatus};
use async_trait::async_trait;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How often a running turn's partial text is saved.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// How long a cancelled turn may take to stop its model and its statement before it is dropped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// How long the end of a turn waits for a store that is down.
const COMMIT_WITHIN: Duration = Duration::from_secs(60);

/// Fewer numbers than this left, and the next block is fetched.
const SEQUENCE_RESERVE: u64 = 64;

/// How long a turn that was taken over waits for what its new owner makes of it.
const ADOPT_WITHIN: Duration = Duration::from_secs(20);

/// How long a turn waits for the end of the one before it to be shown here, whose process has stored it.
const HEAR_WITHIN: Duration = Duration::from_secs(1);

/// A submit on its way to be a turn.
pub struct Work {
    pub app: Arc<App>,
    pub log: Arc<ConversationLog>,
    pub shared: Arc<Shared>,
    pub prepared: Prepared,
    /// Held while it is worked on.
    pub _place: Place,
    pub cancel: Cancel,
    /// Told once, when the submit is committed or refused.
    pub begun: watch::Sender<Option<Result<Accepted, Refusal>>>,
}

/// Commits the submit, answers, commits the end, publishes it; returns which turn it was.
pub async fn run(work: Work) -> TurnId {
    let turn = work.prepared.turn.id;
    let begun = begin(&work.app, &work.shared, &work.prepared, &work.cancel).await;
    let begin = match begun {
        Ok(Some(begin)) => begin,
        Ok(None) => {
            let started = false;
            work.begun
                .send_replace(Some(Ok(Accepted { turn, started })));
            return turn;
        }
        Err(refusal) => {
            work.begun.send_replace(Some(Err(refusal)));
            return turn;
        }
    };
    let lease = begin.lease;
    hear_the_end_before(&work, begin.previous_seq).await;
    let _running = work.shared.turn_began(lease, work.cancel.clone());
    let prepared = &work.prepared;
    work.log
        .begin_turn(turn, prepared.turn.messages.clone(), begin.previous_seq);
    work.log.extend_sequence(lease.numbers());
    work.log.append(
        &Event::RunStarted {
            thread_id: lease.conversation,
            run_id: turn,
            protocol_version: PROTOCOL_VERSION,
            input: Some(Box::new(prepared.echo())),
        },
        None,
    );
    reached(format_args!("after RUN_STARTED"));
    let started = true;
    work.begun
        .send_replace(Some(Ok(Accepted { turn, started })));
    metrics::counter!("queryforge_turns_started").increment(1);
    if AssertUnwindSafe(answer_and_end(&work, lease))
        .catch_unwind()
        .await
        .is_err()
    {
        // its lease is not renewed any more, and whoever sweeps next ends it
        tracing::error!(%turn, "turn {turn} panicked outside of a stage");
    }
    turn
}

/// Waits a moment for the end of a turn of another process that has just made room for ours: it is stored, and may
/// still be on its way here. Readers who miss it would have to come back for a snapshot.
async fn hear_the_end_before(work: &Work, previous_seq: u64) {
    let streamed = work.app.streams.as_ref().is_some_and(|one| one.is_up());
    if !streamed || previous_seq <= work.log.tip() {
        return;
    }
    // our lease is renewed from the moment after this
    let within = HEAR_WITHIN.min(work.app.settings.limits.lease / 4);
    let mut tip = work.log.watch();
    let _ = tokio::time::timeout(within, tip.wait_for(|tip| *tip >= previous_seq)).await;
}

async fn answer_and_end(work: &Work, lease: Lease) {
    let (began, began_at) = (Instant::now(), chrono::Utc::now());
    let Work {
        app,
        log,
        prepared,
        cancel,
        ..
    } = work;
    let turn = lease.turn;
    let sink = LogSink {
        app,
        log,
        lease,
        cancel,
        told: Told::default(),
    };
    let context = Context::new(
        app,
        &prepared.question,
        &prepared.dataset,
        &sink,
        cancel.token(),
    )
    .with_checkpoints(lease, prepared.resumes);
    let done = if prepared.declined {
        Err(TurnError::Cancelled)
    } else {
        answer(work, lease, &context).await
    };
    if matches!(done, Err(TurnError::Lost)) {
        cancel.cancel(Reason::Lost);
    }
    let stage = *context.stage.lock().expect("nothing panics with it");
    let usage = context
        .usage
        .lock()
        .expect("nothing panics with it")
        .clone();
    let rows = context
        .kept_result
        .lock()
        .expect("nothing panics with it")
        .take();
    let mut closing = Closing::of(prepared, &context, began_at);
    drop(context);
    if done.is_err() && cancel.reason() == Some(Reason::Lost) {
        return adopt(work, lease, None).await;
    }
    let restarting = cancel.reason() == Some(Reason::Restart);
    let (mut event, qf, mut row) = end(prepared, lease, done, stage, usage.clone(), restarting);
    if !matches!(event, Event::RunError { .. }) {
        for (closing, qf) in log.closing_events() {
            sink.told.add(&closing, qf.as_ref());
            log.append(&closing, qf.as_ref());
        }
    }
    let progress = log.progress();
    row.stages = progress.stages;
    row.messages = progress.messages;
    row.rows = rows;
    let mut frame = seal(log, &mut row, &event, qf.as_ref());
    sink.told.add(&event, qf.as_ref());
    closing.ended(&row, restarting, sink.told.digests());
    reached(format_args!("end.before_commit"));
    let (mut committed, ()) = tokio::join!(commit(app, &row), closing.keep(app, prepared));
    if let Err(error) = committed {
        // what cannot be kept is not announced: the turn ends as failed, without what it said
        let is_down = matches!(error, StoreError::Unavailable(_));
        let (failed, qf, bare) = end(prepared, lease, Err(error.into()), stage, usage, restarting);
        (event, row) = (failed, bare);
        frame = seal(log, &mut row, &event, qf.as_ref());
        // the end of a turn is shown when it is stored, and not before: without the store there is none
        committed = match is_down {
            true => Ok(false),
            false => commit(app, &row).await,
        };
    }
    reached(format_args!("end.after_commit"));
    match committed {
        Ok(true) => log.append_terminal(frame, &event),
        // an end that was committed all the same, by a statement whose answer was lost, or by somebody else
        Ok(false) => return adopt(work, lease, Some((frame, event))).await,
        Err(error) => {
            tracing::error!(%turn, %error, "turn {turn} could not be ended; its lease runs out");
            return adopt(work, lease, None).await;
        }
    }
    reached(format_args!("after the terminal event"));
    trim_results(app, &row);
    closing.afterwards(app.clone(), prepared, &row);
    metrics::counter!("queryforge_turns_ended", "status" => format!("{:?}", row.status).to_lowercase())
        .increment(1);
    metrics::histogram!("queryforge_turn_seconds").record(began.elapsed().as_secs_f64());
    tracing::info!(%turn, trace_id = prepared.turn.trace_id, status = ?row.status, ms = began.elapsed().as_millis() as u64, "turn {turn} ended");
}

/// Deletes the person's oldest results when they have too many; nobody waits for that.
fn trim_results(app: &Arc<App>, row: &FinishedTurn) {
    let Some(rows) = &row.rows else { return };
    let (store, owner, newest) = (app.store.clone(), rows.owner.clone(), rows.id);
    let stored_bytes = app.settings.limits.stored_bytes;
    if !store.results_grew(&owner, rows.size_bytes(), stored_bytes) {
        return;
    }
    // it is not due again soon
    app.owe(async move {
        if let Err(error) = store.trim_results(&owner, newest, stored_bytes).await {
            tracing::warn!(%error, "old results could not be deleted");
        }
    });
}

/// Shows the end that is stored, which is not `ours` when somebody else wrote it.
async fn adopt(work: &Work, lease: Lease, ours: Option<(Frame, Event)>) {
    let turn = lease.turn;
    let began = Instant::now();
    while began.elapsed() < ADOPT_WITHIN {
        match work.app.store.terminal_of(turn).await {
            Ok(Some((bytes, seq))) => {
                if let Some((frame, event)) = &ours
                    && frame.seq == seq
                    && frame.bytes == bytes.as_bytes()
                {
                    work.log.append_terminal(frame.clone(), event);
                    return;
                }
                tracing::warn!(%turn, "turn {turn} was ended by another process");
                let frame = Frame {
                    seq,
                    bytes: bytes.into(),
                };
                work.log.append_foreign(frame, None);
                return;
            }
            // whoever took it over has not ended it yet, or the store is away
            Ok(None) | Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
    tracing::error!(%turn, "turn {turn} has no end that could be shown");
    work.log.retire();
}

/// The answer, or the reason there is none; never longer than a turn may take.
async fn answer(work: &Work, lease: Lease, context: &Context<'_>) -> Result<Answer, TurnError> {
    let Work {
        app,
        log,
        shared,
        cancel,
        ..
    } = work;
    let answering = AssertUnwindSafe(answering::answer(context)).catch_unwind();
    let saving = async {
        let mut saved = log.tip();
        loop {
            tokio::time::sleep(SAVE_EVERY).await;
            if log.tip() == saved {
                continue;
            }
            let progress = log.progress();
            reached(format_args!("progress.before_commit"));
            let seq = progress.seq;
            let kept = shared.saver.save(lease, progress).await;
            reached(format_args!("progress.after_commit"));
            match kept {
                Some(true) => saved = seq,
                Some(false) => cancel.cancel(Reason::Lost),
                // only of use after a crash and elsewhere: the next second tries again
                None => {}
            }
        }
    };
    let time_limit = async {
        match app.settings.limits.turn {
            Some(limit) => tokio::time::sleep(limit).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(answering);
    let stopped = tokio::select! {
        done = &mut answering => return done.unwrap_or_else(panicked),
        () = saving => unreachable!("it goes on for ever"),
        () = cancel.token().cancelled() => TurnError::Cancelled,
        () = time_limit => TurnError::TimeLimit,
    };
    cancel.token().cancel();
    // it stops the statement on its server; what it comes to is not asked any more
    let _ = tokio::time::timeout(STOP_WITHIN, &mut answering).await;
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
    lease: Lease,
    done: Result<Answer, TurnError>,
    stage: Option<crate::protocol::StageName>,
    usage: Vec<TokenUsage>,
    restarting: bool,
) -> (Event, Option<Qf>, FinishedTurn) {
    let (thread_id, run_id) = (prepared.turn.conversation_id, prepared.turn.id);
    let mut row = FinishedTurn {
        lease,
        status: TurnStatus::Succeeded,
        stages: Vec::new(),
        result: None,
        error: None,
        interrupt: None,
        usage: usage.clone(),
        messages: Vec::new(),
        rows: None,
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
                TurnError::Cancelled => (SERVER_RESTART, RESTARTED.to_owned(), true),
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

/// Commits the end of a turn; waits for a store that is down. `false`: it has an end already.
async fn commit(app: &App, row: &FinishedTurn) -> Result<bool, StoreError> {
    let turn = row.lease.turn;
    let began = Instant::now();
    let mut pause = Duration::from_millis(50);
    loop {
        match app.store.finish_turn(row).await {
            Ok(ours) => return Ok(ours),
            Err(StoreError::Unavailable(error)) if began.elapsed() < COMMIT_WITHIN => {
                tracing::warn!(%turn, %error, "the end of turn {turn} waits for the store");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
            }
            Err(error) => {
                tracing::error!(%turn, %error, "the end of turn {turn} could not be committed");
                return Err(error);
            }
        }
    }
}

/// Events go to the conversation's log, numbers come from the store.
struct LogSink<'a> {
    app: &'a App,
    log: &'a ConversationLog,
    lease: Lease,
    cancel: &'a Cancel,
    told: Told,
}

#[async_trait]
impl Sink for LogSink<'_> {
    async fn ready(&self) -> Result<(), TurnError> {
        if self.log.remaining_sequence() < SEQUENCE_RESERVE {
            let Some(high) = self.app.store.allocate_sequence(self.lease).await? else {
                self.cancel.cancel(Reason::Lost);
                return Err(TurnError::Lost);
            };
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
