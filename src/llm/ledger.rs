//! What calls came to, one record per try: what is stored, summed up, charged to a budget and traced.
//!
//! A record is written when its try ends, in whichever way: by its last chunk, by an error, or because
//! whoever asked went away. Nothing is billed that is not in here.

use super::{ChatRequest, LlmError, StopReason, Usage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use uuid::Uuid;

/// Characters to a token, about: for tries whose provider never said.
const CHARS_PER_TOKEN: u64 = 4;

/// How many tokens a request's words make, about.
pub fn estimated_tokens(request: &ChatRequest) -> u64 {
    let chars: usize = request.system.chars().count()
        + request
            .messages
            .iter()
            .map(|message| message.content.chars().count())
            .sum::<usize>();
    (chars as u64).div_ceil(CHARS_PER_TOKEN)
}

/// One try of one provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CallRecord {
    pub id: Uuid,
    /// The prompt's folder: `generate_query`.
    pub task: String,
    /// Of the turn.
    pub attempt: u32,
    /// Of this provider within the call, from 1; 0 when the reply was remembered.
    pub tries: u32,
    pub provider: String,
    pub model: String,
    /// `ok`, `length`, `refusal`, `remembered`; a failure's kind (`timeout`, `rate_limited`, …); `hung_up`
    /// when whoever asked went away, `dropped` when what it was asked for turned out not to be wanted.
    pub outcome: String,
    pub usage: Usage,
    /// The provider did not say how many tokens; they are counted from the words.
    pub estimated: bool,
    /// In US dollars; none when the model's price is not known.
    pub cost: Option<f64>,
    pub first_token_ms: Option<u64>,
    pub ms: u64,
    pub started_at: DateTime<Utc>,
}

impl CallRecord {
    /// It brought what it was made for.
    pub fn succeeded(&self) -> bool {
        matches!(self.outcome.as_str(), "ok" | "length" | "remembered")
    }
}

/// Where records go; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    records: Vec<CallRecord>,
    /// Tasks and attempts whose replies are not wanted any more.
    unwanted: Vec<(String, u32)>,
}

impl Ledger {
    /// All records so far, in the order in which their tries ended.
    pub fn records(&self) -> Vec<CallRecord> {
        self.lock().records.clone()
    }

    /// An account for one call: what its tries are for.
    pub fn account(&self, task: &str, attempt: u32) -> Account {
        Account {
            ledger: self.clone(),
            task: task.to_owned(),
            attempt,
        }
    }

    /// From here on, a call for that is given up because its reply is not wanted.
    pub fn not_wanted(&self, task: &str, attempt: u32) {
        self.lock().unwanted.push((task.to_owned(), attempt));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.0
            .lock()
            .expect("nothing panics while it holds a ledger")
    }
}

/// What one call's tries are written under.
#[derive(Clone, Debug)]
pub struct Account {
    ledger: Ledger,
    task: String,
    attempt: u32,
}

impl Account {
    pub(super) fn begin(&self, provider: &str, model: &str, tries: u32) -> Open {
        Open {
            account: self.clone(),
            began: Instant::now(),
            reached: false,
            record: Some(CallRecord {
                id: Uuid::now_v7(),
                task: self.task.clone(),
                attempt: self.attempt,
                tries,
                provider: provider.to_owned(),
                model: model.to_owned(),
                outcome: String::new(),
                usage: Usage::default(),
                estimated: false,
                cost: None,
                first_token_ms: None,
                ms: 0,
                started_at: Utc::now(),
            }),
            request_tokens: 0,
            reply_chars: 0,
        }
    }

    /// A reply from memory: it cost nothing.
    pub(super) fn remembered(&self, provider: &str, model: &str) {
        let mut open = self.begin(provider, model, 0);
        open.reached = false;
        open.end("remembered", Usage::default(), None);
    }
}

/// A try that is under way. Dropped before it ended, it is written down as given up.
#[derive(Debug)]
pub(super) struct Open {
    account: Account,
    began: Instant,
    /// The provider has taken the request, so it may bill it.
    reached: bool,
    record: Option<CallRecord>,
    request_tokens: u64,
    reply_chars: u64,
}

impl Open {
    /// What the request would cost if its provider never says.
    pub(super) fn sent(&mut self, request: &ChatRequest) {
        self.request_tokens = estimated_tokens(request);
        self.reached = true;
    }

    pub(super) fn first_token(&mut self, after: Duration) {
        if let Some(record) = &mut self.record {
            record.first_token_ms = Some(after.as_millis() as u64);
        }
    }

    pub(super) fn said(&mut self, text: &str) {
        self.reply_chars += text.chars().count() as u64;
    }

    pub(super) fn failed(mut self, error: &LlmError) {
        // a refusal costs nothing; one that took the request and fell silent may
        self.reached &= matches!(error, LlmError::Timeout(_) | LlmError::Broken(_));
        self.end(kind(error), Usage::default(), None);
    }

    pub(super) fn end(
        &mut self,
        outcome: &str,
        usage: Usage,
        price: Option<super::switchboard::Price>,
    ) {
        let Some(mut record) = self.record.take() else {
            return;
        };
        record.outcome = outcome.to_owned();
        record.usage = usage;
        if self.reached && usage == Usage::default() {
            record.estimated = true;
            record.usage = Usage {
                input_tokens: self.request_tokens,
                output_tokens: self.reply_chars.div_ceil(CHARS_PER_TOKEN),
                cached_input_tokens: 0,
            };
        }
        record.cost = match outcome {
            "remembered" => Some(0.0),
            _ => price.map(|price| price.of(record.usage)),
        };
        record.ms = self.began.elapsed().as_millis() as u64;
        self.account.ledger.lock().records.push(record);
    }

    /// What becomes of a try that nobody waits for any more.
    pub(super) fn given_up(&self) -> &'static str {
        let pages = self.account.ledger.lock();
        let (task, attempt) = (&self.account.task, self.account.attempt);
        match pages
            .unwanted
            .iter()
            .any(|(t, a)| t == task && *a == attempt)
        {
            true => "dropped",
            false => "hung_up",
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let outcome = self.given_up();
        self.end(outcome, Usage::default(), None);
    }
}

/// A failure's kind, as it is counted.
pub fn kind(error: &LlmError) -> &'static str {
    match error {
        LlmError::Unreachable(_) => "unreachable",
        LlmError::Timeout(_) => "timeout",
        LlmError::RateLimited { .. } => "rate_limited",
        LlmError::Unauthorized => "unauthorized",
        LlmError::ContextTooLong => "context_too_long",
        LlmError::BadRequest(_) => "bad_request",
        LlmError::Provider { .. } => "provider",
        LlmError::Broken(_) => "broken",
    }
}

/// How a reply that came to its end is counted.
pub fn end(stop: StopReason) -> &'static str {
    match stop {
        StopReason::End | StopReason::ToolCalls => "ok",
        StopReason::Length => "length",
        StopReason::Refusal => "refusal",
    }
}
