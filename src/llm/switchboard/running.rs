//! A call that is being answered, and what is counted of it.

use super::breaker::Breaker;
use super::memory::Flight;
use super::{Price, blames_provider, lock};
use crate::llm::ledger::{self, Open};
use crate::llm::{ChatModel, Chunk, ChunkStream, LlmError, Usage};
use futures::{StreamExt, stream};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

/// What a call is counted under.
#[derive(Clone)]
pub(super) struct Labels {
    provider: String,
    model: String,
}

impl Labels {
    /// A model that a request named itself is `named`: people could make up any number of them.
    pub(super) fn of(model: &dyn ChatModel, name: &str, known: bool) -> Self {
        Self {
            provider: model.provider().to_owned(),
            model: if known || name == model.model() {
                name.to_owned()
            } else {
                "named".to_owned()
            },
        }
    }

    fn list(&self) -> [(&'static str, String); 2] {
        [
            ("provider", self.provider.clone()),
            ("model", self.model.clone()),
        ]
    }

    pub(super) fn first_token(&self, after: Duration) {
        metrics::histogram!("queryforge_llm_first_token_seconds", &self.list())
            .record(after.as_secs_f64());
    }

    pub(super) fn failed(&self, error: &LlmError) {
        self.ended(ledger::kind(error));
    }

    fn ended(&self, outcome: &'static str) {
        metrics::counter!(
            "queryforge_llm_calls_total",
            "provider" => self.provider.clone(),
            "model" => self.model.clone(),
            "outcome" => outcome
        )
        .increment(1);
    }

    /// Counters are whole numbers: millionths of a dollar.
    fn cost(&self, dollars: f64) {
        metrics::counter!("queryforge_llm_cost_microdollars_total", &self.list())
            .increment((dollars * 1_000_000.0).round() as u64);
    }

    fn tokens(&self, usage: Usage) {
        for (kind, count) in [
            ("input", usage.input_tokens),
            ("output", usage.output_tokens),
            ("cached_input", usage.cached_input_tokens),
        ] {
            metrics::counter!(
                "queryforge_llm_tokens_total",
                "provider" => self.provider.clone(),
                "model" => self.model.clone(),
                "kind" => kind
            )
            .increment(count);
        }
    }
}

/// A reply on its way to the caller. Holds its line until it ends or is dropped.
pub(super) struct Running {
    pub(super) labels: Labels,
    pub(super) model: String,
    pub(super) price: Option<Price>,
    pub(super) breaker: Arc<Mutex<Breaker>>,
    pub(super) rest_for: Duration,
    pub(super) began: Instant,
    pub(super) ready: VecDeque<Chunk>,
    pub(super) rest: ChunkStream,
    pub(super) usage: Usage,
    /// How it ended; none yet, or the caller hung up.
    pub(super) outcome: Option<&'static str>,
    pub(super) record: Option<Open>,
    /// To be remembered when it ends well.
    pub(super) memory: Option<(Flight, Vec<Chunk>)>,
    pub(super) _line: OwnedSemaphorePermit,
}

impl Running {
    pub(super) fn into_stream(self) -> ChunkStream {
        stream::unfold(Some(self), |running| async {
            let mut running = running?;
            let chunk = match running.ready.pop_front() {
                Some(chunk) => Some(Ok(chunk)),
                None => running.rest.next().await,
            };
            let chunk = chunk
                .unwrap_or_else(|| Err(LlmError::Broken("it ended without a stop reason".into())));
            match &chunk {
                Ok(chunk) => running.took(chunk),
                Err(error) => {
                    running.outcome = Some(ledger::kind(error));
                    if blames_provider(error) {
                        lock(&running.breaker).failed(Instant::now(), running.rest_for);
                    }
                }
            }
            let over = !matches!(chunk, Ok(ref chunk) if !matches!(chunk, Chunk::Stop(_)));
            Some((chunk, (!over).then_some(running)))
        })
        .boxed()
    }

    fn took(&mut self, chunk: &Chunk) {
        if let Some((_, chunks)) = &mut self.memory {
            chunks.push(chunk.clone());
        }
        match chunk {
            Chunk::Usage(usage) => self.usage = *usage,
            Chunk::Stop(stop) => {
                self.outcome = Some(ledger::end(*stop));
                // A reply that was cut off or refused may go better next time.
                if self.outcome == Some("ok")
                    && let Some((flight, chunks)) = self.memory.take()
                {
                    flight.remember(&self.labels.provider, &self.model, chunks);
                }
            }
            Chunk::Text(text) => {
                if let Some(record) = &mut self.record {
                    record.said(text);
                }
            }
            Chunk::ToolCall(_) => {}
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let given_up = self.record.as_ref().map_or("hung_up", Open::given_up);
        let outcome = self.outcome.unwrap_or(given_up);
        self.labels.ended(outcome);
        if let Some(record) = &mut self.record {
            record.end(outcome, self.usage, self.price);
        }
        self.labels.tokens(self.usage);
        if let Some(price) = self.price {
            self.labels.cost(price.of(self.usage));
        }
        metrics::histogram!("queryforge_llm_call_seconds", &self.labels.list())
            .record(self.began.elapsed().as_secs_f64());
    }
}
