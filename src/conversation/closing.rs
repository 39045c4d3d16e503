//! What is kept of a turn when it ends, besides its row: its record, its calls, its trace.
//!
//! None of it may fail a turn: what cannot be kept is logged, and the turn ends as it would have.

use super::submit::Prepared;
use crate::answering::context::{Context, Noted, Question};
use crate::answering::earlier;
use crate::answering::journal::Written;
use crate::app::App;
use crate::ids::DatasetId;
use crate::knowledge::learning::{self, Ending};
use crate::llm::ledger::CallRecord;
use crate::protocol::{Event, InterruptReason, Options, Qf, ResumeEntry, WireMessage};
use crate::store::{CallsOf, FinishedTurn, NewReviewItem, StoreError, TurnRecord, TurnStatus};
use crate::telemetry::{Attribute, Span, SpanKind, names};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A digest of each event of a turn, in order: to see later whether they come out the same.
#[derive(Debug, Default)]
pub struct Told(Mutex<Vec<String>>);

/// Of an event's digest: 64 bits.
const DIGEST_BYTES: usize = 8;

impl Told {
    pub fn add(&self, event: &Event, qf: Option<&Qf>) {
        let bytes = event.encode(None, qf);
        let mut digest = String::with_capacity(2 * DIGEST_BYTES);
        for byte in Sha256::digest(&bytes).iter().take(DIGEST_BYTES) {
            let _ = write!(digest, "{byte:02x}");
        }
        self.0.lock().expect("nothing panics with it").push(digest);
    }

    pub fn digests(&self) -> Vec<String> {
        self.0.lock().expect("nothing panics with it").clone()
    }
}

/// All that a turn can be played again from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub question: Question,
    pub dataset: DatasetId,
    pub trace_id: String,
    pub messages: Vec<WireMessage>,
    pub options: Options,
    #[serde(default)]
    pub resume: Vec<ResumeEntry>,
    pub declined: bool,
    /// The server was stopping.
    pub restarting: bool,
    /// It took longer than a turn may take.
    pub timed_out: bool,
    pub written: Written,
    /// Of every event after RUN_STARTED.
    pub digests: Vec<String>,
}

pub struct Closing {
    record: Record,
    calls: Vec<CallRecord>,
    noted: Noted,
    began: DateTime<Utc>,
}

impl Closing {
    pub fn of(prepared: &Prepared, context: &Context<'_>, began: DateTime<Utc>) -> Self {
        Self {
            record: Record {
                question: prepared.question.clone(),
                dataset: prepared.dataset.dataset.id,
                trace_id: prepared.turn.trace_id.clone(),
                messages: prepared.turn.messages.clone(),
                options: prepared.options.clone(),
                resume: prepared.resume.clone(),
                declined: prepared.declined,
                restarting: false,
                timed_out: false,
                written: context.written(),
                digests: Vec::new(),
            },
            calls: context.ledger.records(),
            noted: context
                .noted
                .lock()
                .expect("nothing panics with it")
                .clone(),
            began,
        }
    }

    pub fn ended(&mut self, row: &FinishedTurn, restarting: bool, digests: Vec<String>) {
        self.record.restarting = restarting;
        self.record.timed_out = row
            .error
            .as_ref()
            .is_some_and(|error| error.code == "LIMIT");
        self.record.digests = digests;
    }

    /// Keeps the record and the calls; what was held of budgets is settled.
    pub async fn keep(&self, app: &App, prepared: &Prepared) {
        let (turn, question) = (prepared.turn.id, &prepared.question);
        let record = TurnRecord {
            dataset_version: prepared.dataset.version,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            record: serde_json::to_string(&self.record).expect("a record has string keys"),
        };
        let signals = self
            .noted
            .signals
            .as_ref()
            .map(|signals| serde_json::to_value(signals).expect("signals have string keys"));
        let signals = signals.as_ref().zip(self.noted.confidence);
        let (recorded, accounted) =
            tokio::join!(app.store.keep_turn_record(turn, &record, signals), async {
                if self.calls.is_empty() && self.noted.held_on.is_none() {
                    return Ok(());
                }
                let of = CallsOf {
                    workspace: question.workspace_id,
                    owner: &question.owner,
                    turn,
                    day: self.noted.held_on,
                };
                app.store.add_model_calls(of, &self.calls).await
            },);
        for (what, done) in [("record", recorded), ("calls", accounted)] {
            if let Err(error) = done {
                tracing::error!(%turn, %error, "the {what} of turn {turn} could not be kept");
            }
        }
    }

    /// What follows when the end is published: its trace, a doubt for the review queue, the conversation's summary, a new
    /// calibration.
    pub fn afterwards(self, app: Arc<App>, prepared: &Prepared, row: &FinishedTurn) {
        if app.telemetry.is_on() {
            app.telemetry.trace(self.trace(&app, prepared, row));
        }
        self.doubt(&app, prepared, row);
        if row.status != TurnStatus::Succeeded {
            return;
        }
        let question = &prepared.question;
        let (workspace, conversation) = (question.workspace_id, question.conversation_id);
        let owner = question.owner.clone();
        let is_long = question.references.len() as i64 >= earlier::SHOWN_TURNS;
        app.clone().afterwards(async move {
            let done: Result<(), StoreError> = async {
                if is_long {
                    earlier::summarise(&app, workspace, &owner, conversation).await?;
                }
                app.calibrate_when_due().await
            }
            .await;
            if let Err(error) = done {
                tracing::warn!(%error, %conversation, "what follows a turn could not be done");
            }
        });
    }

    /// Puts the turn before an expert, when it says itself that somebody should look.
    fn doubt(&self, app: &Arc<App>, prepared: &Prepared, row: &FinishedTurn) {
        let question = &prepared.question;
        let result = row.result.as_ref();
        let ending = match row.status {
            TurnStatus::Succeeded => match result.filter(|result| result.query.is_some()) {
                Some(result) => Ending::Answered {
                    confidence: result.confidence,
                    by_example: result.example.is_some(),
                },
                None => return,
            },
            TurnStatus::Failed if row.error.as_ref().is_some_and(|e| e.code == "MAX_ATTEMPTS") => {
                Ending::GaveUp
            }
            TurnStatus::Interrupted
                if row
                    .interrupt
                    .as_ref()
                    .is_some_and(|i| i.reason == InterruptReason::Clarification) =>
            {
                Ending::Asked {
                    again: question.choice.is_some(),
                }
            }
            _ => return,
        };
        let Some((reason, priority)) = learning::doubt(ending) else {
            return;
        };
        let (workspace_id, turn_id) = (question.workspace_id, question.turn_id);
        let dataset_id = Some(prepared.dataset.dataset.id);
        let text = question.text.clone();
        let query = result.and_then(|result| result.query.clone());
        let confidence = result.map(|result| result.confidence);
        let store = app.store.clone();
        app.owe(async move {
            let new = NewReviewItem {
                workspace_id,
                dataset_id,
                turn_id,
                reason,
                priority,
                question: &text,
                query: query.as_deref(),
                confidence,
                category: None,
                comment: None,
                correction: None,
            };
            if let Err(error) = store.queue_doubt(&new).await {
                tracing::warn!(%error, turn = %turn_id, "turn {turn_id} could not be queued for review");
            }
        });
    }

    fn trace(&self, app: &App, prepared: &Prepared, row: &FinishedTurn) -> Vec<Span> {
        let question = &prepared.question;
        let trace_id = prepared.turn.trace_id.clone();
        let root = span_id();
        let text = |text: &str| Attribute::Text(text.to_owned());
        let number = |number: u64| Attribute::Number(i64::try_from(number).unwrap_or(i64::MAX));
        let mut attributes = vec![
            (names::OPERATION, text(names::OPERATION_AGENT)),
            (names::AGENT, text("queryforge")),
            (
                names::CONVERSATION,
                Attribute::Text(question.conversation_id.to_string()),
            ),
            (
                names::SESSION,
                Attribute::Text(question.conversation_id.to_string()),
            ),
            (names::USER, text(&question.owner)),
            (names::TURN, Attribute::Text(question.turn_id.to_string())),
            (
                names::DATASET,
                Attribute::Text(prepared.dataset.dataset.id.to_string()),
            ),
        ];
        if let Some(confidence) = self.noted.confidence {
            attributes.push((names::CONFIDENCE, Attribute::Share(f64::from(confidence))));
        }
        let content = app.telemetry.wants_content();
        if content {
            attributes.push((names::INPUT_MESSAGES, said("user", &question.text)));
            if let Some(answer) = row
                .result
                .as_ref()
                .and_then(|result| result.answer.as_ref())
            {
                attributes.push((names::OUTPUT_MESSAGES, said("assistant", answer)));
            }
        }
        let ended = Utc::now();
        let mut spans = vec![Span {
            trace_id: trace_id.clone(),
            span_id: root.clone(),
            parent: None,
            name: "invoke_agent queryforge".to_owned(),
            kind: SpanKind::Internal,
            began: self.began,
            ended,
            attributes,
            error: row.error.as_ref().map(|error| error.code.clone()),
        }];
        for stage in &self.noted.stages {
            spans.push(Span {
                trace_id: trace_id.clone(),
                span_id: span_id(),
                parent: Some(root.clone()),
                name: stage.name.as_str().to_owned(),
                kind: SpanKind::Internal,
                began: stage.began,
                ended: stage.ended,
                attributes: vec![(names::ATTEMPT, number(u64::from(stage.attempt)))],
                error: stage.failed.map(str::to_owned),
            });
        }
        let stages = spans[1..].to_vec();
        for call in &self.calls {
            let call_ended = call.started_at
                + chrono::Duration::milliseconds(i64::try_from(call.ms).unwrap_or(0));
            // the stage it began in; else the turn itself
            let parent = stages
                .iter()
                .rev()
                .find(|stage| stage.began <= call.started_at && call.started_at <= stage.ended)
                .map_or(&root, |stage| &stage.span_id);
            let mut attributes = vec![
                (names::OPERATION, text(names::OPERATION_CHAT)),
                (names::PROVIDER, text(names::provider(&call.provider))),
                (names::REQUEST_MODEL, text(&call.model)),
                (names::RESPONSE_MODEL, text(&call.model)),
                (names::INPUT_TOKENS, number(call.usage.input_tokens)),
                (names::OUTPUT_TOKENS, number(call.usage.output_tokens)),
                (names::CACHED_TOKENS, number(call.usage.cached_input_tokens)),
                (names::TASK, text(&call.task)),
                (names::ATTEMPT, number(u64::from(call.attempt))),
                (names::TRIES, number(u64::from(call.tries))),
                (names::OUTCOME, text(&call.outcome)),
                (names::ESTIMATED, Attribute::Flag(call.estimated)),
            ];
            if let Some(cost) = call.cost {
                attributes.push((names::COST_USD, Attribute::Share(cost)));
            }
            if let Some(ms) = call.first_token_ms {
                attributes.push((names::FIRST_TOKEN_MS, number(ms)));
            }
            let failed = !call.succeeded() && call.outcome != "dropped";
            if failed {
                attributes.push((names::ERROR_TYPE, text(&call.outcome)));
            } else {
                let reason = match call.outcome.as_str() {
                    "ok" | "remembered" => "stop",
                    other => other,
                };
                attributes.push((
                    names::FINISH_REASONS,
                    Attribute::List(vec![reason.to_owned()]),
                ));
            }
            if content && let Some(exchanged) = self.exchanged(call) {
                attributes.push((names::SYSTEM_INSTRUCTIONS, text(&exchanged.system)));
                attributes.push((names::INPUT_MESSAGES, said("user", &exchanged.user)));
                attributes.push((names::OUTPUT_MESSAGES, said("assistant", &exchanged.text)));
            }
            spans.push(Span {
                trace_id: trace_id.clone(),
                span_id: span_id(),
                parent: Some(parent.clone()),
                name: format!("chat {}", call.model),
                kind: SpanKind::Client,
                began: call.started_at,
                ended: call_ended,
                attributes,
                error: failed.then(|| call.outcome.clone()),
            });
        }
        spans
    }

    fn exchanged(&self, call: &CallRecord) -> Option<crate::answering::asking::Exchanged> {
        let at = format!("call/{}/{}", call.task, call.attempt);
        let entries = &self.record.written.entries;
        let entry = entries.iter().find(|entry| entry.at == at)?;
        serde_json::from_value(entry.value.clone()).ok()
    }
}

/// One message, as the conventions write them.
fn said(role: &str, text: &str) -> Attribute {
    let message = serde_json::json!([{"role": role, "parts": [{"type": "text", "content": text}]}]);
    Attribute::Text(message.to_string())
}

fn span_id() -> String {
    let id = Uuid::new_v4().simple().to_string();
    id[..16].to_owned()
}
