//! What every stage is given: the question, the dataset, the way to the events, the way to be stopped.

use super::TurnError;
use super::journal::{Journal, Written};
use crate::app::App;
use crate::calibration::Signals;
use crate::failpoint::reached;
use crate::ids::{ConversationId, TurnId, WorkspaceId};
use crate::knowledge::LiveDataset;
use crate::llm::ledger::Ledger;
use crate::prompts::Exchange;
use crate::protocol::{
    DatasetName, Event, GeneratorName, ModelConfig, Qf, StageName, TextKind, TokenUsage,
};
use crate::store::{BudgetScope, Lease, PagedResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Where a turn's events go.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Waits until an event can be taken.
    async fn ready(&self) -> Result<(), TurnError>;

    fn emit(&self, event: Event, qf: Option<Qf>);
}

/// One question, with everything that belongs to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Question {
    pub turn_id: TurnId,
    pub conversation_id: ConversationId,
    pub workspace_id: WorkspaceId,
    pub owner: String,
    pub text: String,
    /// What the person chose when they were asked.
    pub choice: Option<String>,
    /// The newest turns that this one may refer to, oldest first.
    pub references: Vec<Reference>,
    /// Of what came before those, in a few sentences.
    #[serde(default)]
    pub summary: Option<String>,
    /// What was wrong with an earlier answer, when this is another try.
    pub feedback: Option<Retry>,
    /// A query that the person agreed to, whatever it costs.
    #[serde(default)]
    pub confirmed: Option<crate::protocol::PendingQuery>,
    /// Run the query once it is valid.
    pub execute: bool,
    pub model_config: ModelConfig,
    /// Why this dataset is asked, when nobody named one.
    #[serde(default)]
    pub dataset_reason: Option<String>,
}

/// An earlier question of the conversation and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub question: String,
    pub query: Option<String>,
    pub answer: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    pub query: Option<String>,
    pub feedback: String,
}

impl Question {
    /// The newest earlier question that has a query: what a follow-up edits.
    pub fn previous(&self) -> Option<(&str, &str)> {
        self.references.iter().rev().find_map(|reference| {
            reference
                .query
                .as_deref()
                .map(|query| (reference.question.as_str(), query))
        })
    }

    /// What was said before, for a prompt.
    pub fn exchanges(&self) -> Vec<Exchange<'_>> {
        self.references
            .iter()
            .map(|reference| Exchange {
                question: &reference.question,
                query: reference.query.as_deref(),
                answer: reference.answer.as_deref(),
            })
            .collect()
    }

    /// What retrieval searches for: a follow-up and a choice need the words that came before.
    pub fn search_text(&self) -> String {
        let mut text = self.text.clone();
        if let Some(choice) = &self.choice {
            text.push('\n');
            text.push_str(choice);
        }
        if let Some(retry) = &self.feedback {
            text.push('\n');
            text.push_str(&retry.feedback);
        }
        text
    }
}

pub struct Context<'a> {
    pub app: &'a App,
    pub question: &'a Question,
    pub dataset: &'a LiveDataset,
    pub sink: &'a dyn Sink,
    pub cancel: &'a CancellationToken,
    pub usage: Mutex<Vec<TokenUsage>>,
    /// The stage that is running, or that failed.
    pub stage: Mutex<Option<StageName>>,
    pub journal: Journal,
    pub ledger: Ledger,
    pub noted: Mutex<Noted>,
    /// What the query returned: committed with the end of the turn.
    pub kept_result: Mutex<Option<PagedResult>>,
    /// Where model replies are kept before they are used.
    pub checkpoints: Option<Checkpoints>,
    bounds: OnceLock<Bounds>,
}

/// Settings that decide how a turn goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    pub refinements: u32,
    pub escalations: u32,
    pub retrieved_tables: usize,
    /// About rows that a query would read.
    pub ask_above_rows: usize,
}

/// The turn that replies are kept for, and the one that this turn does over.
#[derive(Clone, Copy, Debug)]
pub struct Checkpoints {
    pub lease: Lease,
    pub resumes: Option<TurnId>,
}

/// What is kept of a turn besides its events.
#[derive(Clone, Debug, Default)]
pub struct Noted {
    pub stages: Vec<StageSpan>,
    /// Of the answer that was given.
    pub signals: Option<Signals>,
    pub confidence: Option<f32>,
    /// On whose budget tokens are held for its calls, UTC; none when there is no budget.
    pub held_on: Option<NaiveDate>,
}

/// When a stage ran.
#[derive(Clone, Debug)]
pub struct StageSpan {
    pub name: StageName,
    pub attempt: u32,
    pub began: DateTime<Utc>,
    pub ended: DateTime<Utc>,
    /// Of its error, if it failed.
    pub failed: Option<&'static str>,
}

impl<'a> Context<'a> {
    pub fn new(
        app: &'a App,
        question: &'a Question,
        dataset: &'a LiveDataset,
        sink: &'a dyn Sink,
        cancel: &'a CancellationToken,
    ) -> Self {
        Self {
            app,
            question,
            dataset,
            sink,
            cancel,
            usage: Mutex::default(),
            stage: Mutex::default(),
            journal: Journal::live(),
            ledger: Ledger::default(),
            noted: Mutex::default(),
            kept_result: Mutex::default(),
            checkpoints: None,
            bounds: OnceLock::new(),
        }
    }

    /// For a turn that is committed: its model calls outlive a crash.
    pub fn with_checkpoints(mut self, lease: Lease, resumes: Option<TurnId>) -> Self {
        self.checkpoints = Some(Checkpoints { lease, resumes });
        self
    }

    /// Plays a turn again instead of asking the world.
    pub fn with_journal(self, journal: Journal) -> Self {
        Self { journal, ..self }
    }

    /// UTC
    pub fn today(&self) -> NaiveDate {
        self.journal
            .value("today", || self.app.store.now().date_naive())
    }

    /// Those in force, or that were in force when this turn first ran.
    pub fn bounds(&self) -> Bounds {
        let limits = &self.app.settings.limits;
        *self.bounds.get_or_init(|| {
            self.journal.value("bounds", || Bounds {
                refinements: limits.refinements,
                escalations: limits.escalations,
                retrieved_tables: limits.retrieved_tables,
                ask_above_rows: limits.ask_above_rows,
            })
        })
    }

    /// As it was called when it was asked.
    pub fn dataset_name(&self) -> DatasetName {
        let dataset = &self.dataset.dataset;
        DatasetName {
            id: dataset.id,
            name: self.journal.value("dataset", || dataset.name.clone()),
        }
    }

    /// Questions that may be asked next.
    pub fn suggestions(&self) -> Vec<String> {
        self.journal
            .value("suggestions", || self.dataset.generator.suggestions(3))
    }

    pub fn written(&self) -> Written {
        self.journal.written()
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut Noted)) {
        change(&mut self.noted.lock().expect("nothing panics with it"));
    }

    /// Holds so many tokens of today's budgets, if there are any.
    pub(super) async fn reserve(&self, tokens: u64) -> Result<(), TurnError> {
        let limits = &self.app.settings.limits;
        if limits.tokens_per_workspace.is_none() && limits.tokens_per_owner.is_none() {
            return Ok(());
        }
        let held_on = self.noted.lock().expect("nothing panics with it").held_on;
        let day = held_on.unwrap_or_else(|| self.app.store.now().date_naive());
        // before it is held: a turn that is stopped meanwhile gives it back all the same
        self.note(|noted| noted.held_on = Some(day));
        let question = self.question;
        self.app
            .hold_tokens(
                question.workspace_id,
                &question.owner,
                question.turn_id,
                day,
                tokens,
            )
            .await?
            .map_err(|scope| over_budget(scope, day))
    }

    pub async fn emit(&self, event: Event, qf: Option<Qf>) -> Result<(), TurnError> {
        self.sink.ready().await?;
        self.sink.emit(event, qf);
        Ok(())
    }

    /// Runs one stage: its start, its work, its finish with the time and what it found.
    ///
    /// `work` returns its value and the finding, a short sentence that a person reads.
    pub async fn stage<T>(
        &self,
        name: StageName,
        attempt: u32,
        work: impl Future<Output = Result<(T, String), TurnError>>,
    ) -> Result<T, TurnError> {
        if self.cancel.is_cancelled() {
            return Err(TurnError::Cancelled);
        }
        self.journal
            .enter(format!("stage/{}/{attempt}", name.as_str()))?;
        *self.stage.lock().expect("nothing panics with it") = Some(name);
        let (began, began_at) = (Instant::now(), Utc::now());
        let qf = Qf {
            attempt: Some(attempt),
            ..Qf::default()
        };
        reached(format_args!("before {}", name.as_str()));
        self.emit(Event::StepStarted { step_name: name }, Some(qf.clone()))
            .await?;
        reached(format_args!("in {}", name.as_str()));
        let done = work.await;
        let elapsed = began.elapsed();
        metrics::histogram!("queryforge_stage_seconds", "stage" => name.as_str())
            .record(elapsed.as_secs_f64());
        self.note(|noted| {
            noted.stages.push(StageSpan {
                name,
                attempt,
                began: began_at,
                ended: Utc::now(),
                failed: done.as_ref().err().map(TurnError::code),
            });
        });
        let finding = match &done {
            Ok((_, finding)) => shortened(finding, MAX_FINDING_CHARS),
            Err(error) => shortened(&error.user_message(), MAX_FINDING_CHARS),
        };
        tracing::debug!(
            stage = name.as_str(),
            attempt,
            ms = elapsed.as_millis() as u64,
            "stage done"
        );
        if !matches!(done, Err(TurnError::Cancelled)) {
            let at = format!("ms/{}/{attempt}", name.as_str());
            let ms = self.journal.value(at, || elapsed.as_millis() as u64);
            self.emit(
                Event::StepFinished { step_name: name },
                Some(Qf {
                    ms: Some(ms),
                    finding: Some(finding),
                    ..qf
                }),
            )
            .await?;
            reached(format_args!("after {}", name.as_str()));
        }
        done.map(|(value, _)| value)
    }

    /// Waits for `work`, or for the person to stop the turn; `work` is dropped then.
    pub async fn or_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, TurnError>>,
    ) -> Result<T, TurnError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(TurnError::Cancelled),
            done = work => done,
        }
    }

    /// Begins a text that streams to the person.
    pub async fn text(
        &self,
        kind: TextKind,
        message_id: String,
        attempt: u32,
    ) -> Result<TextStream<'_>, TurnError> {
        self.emit(
            Event::TextMessageStart {
                message_id: message_id.clone(),
                role: "assistant",
            },
            Some(Qf {
                attempt: Some(attempt),
                kind: Some(kind),
                dialect: (kind == TextKind::Query).then(|| self.dataset.dialect()),
                ..Qf::default()
            }),
        )
        .await?;
        Ok(TextStream {
            context: self,
            message_id,
            pending: String::new(),
            flushed: None,
        })
    }

    pub fn add_usage(&self, generator: &GeneratorName, usage: crate::llm::Usage) {
        let mut all = self.usage.lock().expect("nothing panics with it");
        let provider = generator.provider.clone().unwrap_or_default();
        if let Some(same) = all
            .iter_mut()
            .find(|entry| entry.model == generator.name && entry.provider == provider)
        {
            same.input_tokens += usage.input_tokens;
            same.output_tokens += usage.output_tokens;
            same.cached_input_tokens += usage.cached_input_tokens;
        } else {
            all.push(TokenUsage {
                provider,
                model: generator.name.clone(),
                input_tokens: usage.input_tokens,
                output_tokens: usage.output_tokens,
                cached_input_tokens: usage.cached_input_tokens,
            });
        }
    }
}

pub fn over_budget(scope: BudgetScope, day: NaiveDate) -> TurnError {
    let midnight = day
        .succ_opt()
        .unwrap_or(day)
        .and_time(chrono::NaiveTime::MIN);
    TurnError::Budget {
        scope,
        resets_at: midnight.and_utc(),
    }
}

/// A finding is a short sentence, also where an engine's message with a value in it is quoted.
const MAX_FINDING_CHARS: usize = 2_000;

/// The text, cut with an ellipsis when it has more characters than that.
pub fn shortened(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

/// How long a delta may wait for more: at 30 frames a second nobody sees the difference, and a
/// fast model costs a tenth of the events.
const COALESCE: Duration = Duration::from_millis(33);
const COALESCE_BYTES: usize = 1024;

/// A text on its way: the first delta at once, then one event per window or kilobyte.
pub struct TextStream<'a> {
    context: &'a Context<'a>,
    message_id: String,
    pending: String,
    flushed: Option<Instant>,
}

impl TextStream<'_> {
    pub async fn push(&mut self, delta: &str) -> Result<(), TurnError> {
        self.pending.push_str(delta);
        if self.context.journal.is_exact() {
            return self.repeat_cuts().await;
        }
        if self.due().is_zero() || self.pending.len() >= COALESCE_BYTES {
            self.flush().await?;
        }
        Ok(())
    }

    /// When the pending text must go out; never, when there is none.
    pub async fn wait_due(&self) {
        if self.pending.is_empty() || self.context.journal.is_exact() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(self.due()).await;
    }

    fn due(&self) -> Duration {
        self.flushed.map_or(Duration::ZERO, |flushed| {
            COALESCE.saturating_sub(flushed.elapsed())
        })
    }

    pub async fn flush(&mut self) -> Result<(), TurnError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.flushed = Some(Instant::now());
        // one event may hold at most 256 KiB, and every character may need six bytes in JSON
        let mut rest = std::mem::take(&mut self.pending);
        while !rest.is_empty() {
            let mut cut = rest.len().min(32 * 1024);
            while !rest.is_char_boundary(cut) {
                cut -= 1;
            }
            let tail = rest.split_off(cut);
            self.send(rest).await?;
            rest = tail;
        }
        Ok(())
    }

    async fn send(&self, delta: String) -> Result<(), TurnError> {
        self.context
            .journal
            .wrote_cut(&self.message_id, delta.len());
        let message_id = self.message_id.clone();
        self.context
            .emit(Event::TextMessageContent { message_id, delta }, None)
            .await
    }

    /// Sends what is pending in the pieces it was sent in when the turn first ran.
    async fn repeat_cuts(&mut self) -> Result<(), TurnError> {
        let journal = &self.context.journal;
        while let Some(cut) = journal.next_cut(&self.message_id, self.pending.len()) {
            if !self.pending.is_char_boundary(cut) {
                break;
            }
            let tail = self.pending.split_off(cut);
            let delta = std::mem::replace(&mut self.pending, tail);
            self.send(delta).await?;
        }
        Ok(())
    }

    pub async fn end(mut self) -> Result<(), TurnError> {
        self.flush().await?;
        let message_id = std::mem::take(&mut self.message_id);
        self.context
            .emit(Event::TextMessageEnd { message_id }, None)
            .await
    }
}
