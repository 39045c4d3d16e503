//! Between the product and its models: what every call goes through, whichever provider answers it.
//!
//! A call waits for one of a fixed number of lines, tries the providers in order, each a few times with
//! growing random pauses, and passes over those that keep failing. All of that ends with the first piece of
//! a reply: from then on the caller has one provider's text, to its end or to its error, and never two
//! spliced together. Who answered, and who failed before, stands in the [`Call`].
//!
//! Calls at temperature 0 are remembered for a while, and the same call made twice at once is made once.

mod breaker;
mod memory;
mod running;

use super::ledger::{Account, Open};
use super::prices::Prices;
use super::{ChatModel, ChatRequest, Chunk, ChunkStream, LlmError, StopReason, ToolCall, Usage};
use crate::cache::{Cache, REPLY_LIFETIME};
use breaker::Breaker;
use futures::{StreamExt, stream};
use memory::{Key, Memory, Remembered};
use running::{Labels, Running};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

#[derive(Clone, Debug)]
pub struct SwitchboardSettings {
    /// Tries of one provider after the first.
    pub retries: u32,
    /// The first pause is random between nothing and this, and each further one up to twice as long.
    pub first_pause: Duration,
    pub longest_pause: Duration,
    /// After so long no further try begins.
    pub patience: Duration,
    /// Calls at once, over all providers.
    pub lines: usize,
    /// Calls that may wait for a line; the next one is refused at once.
    pub waiting: usize,
    /// How long a call waits for a line.
    pub line_wait: Duration,
    /// Failures in a row after which a model rests.
    pub failures: u32,
    pub rest: Duration,
    /// How long a reply at temperature 0 is remembered; zero turns it off.
    pub memory: Duration,
    pub memory_bytes: u64,
    /// Calls of models that are not in here cost nothing known.
    pub prices: Prices,
    /// Names besides the models' own that the installation uses, and under which calls are counted.
    pub known_models: Vec<String>,
}

/// What a model's provider charges, in US dollars for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    pub input: f64,
    /// For the part of the input that the provider had cached.
    pub cached_input: f64,
    pub output: f64,
}

impl Price {
    /// In US dollars.
    pub fn of(&self, usage: Usage) -> f64 {
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        let fresh = usage.input_tokens - cached;
        (fresh as f64 * self.input
            + cached as f64 * self.cached_input
            + usage.output_tokens as f64 * self.output)
            / 1_000_000.0
    }
}

impl Default for SwitchboardSettings {
    fn default() -> Self {
        Self {
            retries: 3,
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(8),
            patience: Duration::from_secs(60),
            lines: 32,
            waiting: 64,
            line_wait: Duration::from_secs(10),
            failures: 5,
            rest: Duration::from_secs(30),
            memory: REPLY_LIFETIME,
            memory_bytes: 64 << 20,
            prices: Prices::listed(),
            known_models: Vec::new(),
        }
    }
}

/// How one call differs from another, beside what is asked.
#[derive(Clone, Debug, Default)]
pub struct CallOptions {
    /// This provider first; the others stay behind it. Unknown names change nothing.
    pub provider: Option<String>,
    /// Who may share a remembered reply: the workspace. One never sees another's.
    pub scope: String,
    /// Ask anew, even if a reply is remembered.
    pub fresh: bool,
    /// Where each try is written down.
    pub account: Option<Account>,
}

/// A call that was answered: its first piece has come.
pub struct Call {
    pub provider: String,
    pub model: String,
    /// Providers that were tried before this one, and why they did not answer.
    pub passed_over: Vec<PassedOver>,
    /// Tries of this provider; 1 when the first one went well, 0 when the reply was remembered.
    pub tries: u32,
    /// Since the call began, waiting and failures included.
    pub first_token: Duration,
    pub remembered: bool,
    /// For the usage that comes with the chunks.
    pub price: Option<Price>,
    pub chunks: ChunkStream,
}

#[derive(Clone, Debug)]
pub struct PassedOver {
    pub provider: String,
    pub model: String,
    pub error: LlmError,
}

/// A reply that was read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub text: String,
    pub tool_calls: Vec<ToolCall>,
    pub usage: Usage,
    pub stop: StopReason,
}

/// How it is with a model.
#[derive(Clone, Debug, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct ModelState {
    pub provider: String,
    pub model: String,
    /// It failed several times in a row, and is not called before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_for_ms: Option<u64>,
}

pub struct Switchboard {
    models: Vec<Arc<dyn ChatModel>>,
    settings: SwitchboardSettings,
    lines: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// By provider and model. Bounded, because a request may name any model.
    breakers: moka::sync::Cache<(String, String), Arc<Mutex<Breaker>>>,
    budget: RetryBudget,
    memory: Arc<Memory>,
}

impl Switchboard {
    /// `models` in the order they are tried.
    pub fn new(models: Vec<Arc<dyn ChatModel>>, settings: SwitchboardSettings) -> Self {
        Self {
            models,
            lines: Arc::new(Semaphore::new(settings.lines)),
            waiting: AtomicUsize::new(0),
            breakers: moka::sync::Cache::new(1_000),
            budget: RetryBudget::default(),
            memory: Arc::new(Memory::new(settings.memory, settings.memory_bytes, None)),
            settings,
        }
    }

    /// With replies remembered for all processes that have this cache, for as long as it keeps them.
    pub fn sharing(self, cache: Cache) -> Self {
        let Self { settings, .. } = &self;
        let memory = Memory::new(settings.memory, settings.memory_bytes, Some(cache));
        Self {
            memory: Arc::new(memory),
            ..self
        }
    }

    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    pub fn models(&self) -> &[Arc<dyn ChatModel>] {
        &self.models
    }

    /// How it is with a provider's model, whoever names it.
    pub fn state(&self, provider: &str, model: &str) -> ModelState {
        let rest = lock(&self.breaker(provider, model)).rest(Instant::now());
        ModelState {
            provider: provider.to_owned(),
            model: model.to_owned(),
            rests_for_ms: rest.map(|rest| u64::try_from(rest.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// Starts a call and waits for the first piece of its reply.
    ///
    /// Fails with the last provider's error when none answers. Dropping the future or the chunks hangs up.
    pub async fn call(
        &self,
        request: ChatRequest,
        options: &CallOptions,
    ) -> Result<Call, LlmError> {
        let began = Instant::now();
        let order = self.order(options.provider.as_deref());
        let Some(first) = order.first() else {
            return Err(LlmError::Unreachable("no model is configured".into()));
        };
        let key = Key::of(first.as_ref(), &request, &options.scope);
        let mut flight = None;
        if let Some(key) = &key
            && !self.settings.memory.is_zero()
        {
            match self.memory.recall(key, options.fresh).await {
                Ok(found) => {
                    if let Some(account) = &options.account {
                        account.remembered(&found.provider, &found.model);
                    }
                    return Ok(replay(found, began));
                }
                Err(leading) => flight = Some(leading),
            }
        }
        let line = self.line().await?;
        let mut passed_over: Vec<PassedOver> = Vec::new();
        for (at, model) in order.into_iter().enumerate() {
            let mut request = request.clone();
            if at > 0 {
                // Another provider does not know the model that the caller named.
                request.model = None;
            }
            let name = request
                .model
                .clone()
                .unwrap_or_else(|| model.model().to_owned());
            let account = options.account.as_ref();
            match self
                .tries(model.as_ref(), &name, request, began, account)
                .await
            {
                Ok(Begun {
                    tries,
                    first,
                    rest,
                    record,
                }) => {
                    let first_token = began.elapsed();
                    let labels = self.labels(model.as_ref(), &name);
                    labels.first_token(first_token);
                    let breaker = self.breaker(model.provider(), &name);
                    let price = self.settings.prices.of(model.provider(), &name);
                    let running = Running {
                        labels,
                        model: name.clone(),
                        price,
                        breaker,
                        rest_for: self.settings.rest,
                        began,
                        ready: first,
                        rest,
                        usage: Usage::default(),
                        outcome: None,
                        record,
                        // Only the wanted provider's words are remembered as its words.
                        memory: flight
                            .filter(|_| at == 0)
                            .map(|flight| (flight, Vec::new())),
                        _line: line,
                    };
                    return Ok(Call {
                        provider: model.provider().to_owned(),
                        model: name,
                        passed_over,
                        tries,
                        first_token,
                        remembered: false,
                        price,
                        chunks: running.into_stream(),
                    });
                }
                Err(error) => {
                    // The caller has it in `passed_over` or as the error, and logs it there.
                    self.labels(model.as_ref(), &name).failed(&error);
                    passed_over.push(PassedOver {
                        provider: model.provider().to_owned(),
                        model: name,
                        error,
                    });
                }
            }
        }
        let last = passed_over.pop().expect("there is at least one model");
        Err(last.error)
    }

    /// A whole reply, for calls that nobody watches.
    pub async fn complete(
        &self,
        request: ChatRequest,
        options: &CallOptions,
    ) -> Result<(Call, Reply), LlmError> {
        let mut call = self.call(request, options).await?;
        let chunks = std::mem::replace(&mut call.chunks, stream::empty().boxed());
        let reply = read(chunks).await?;
        Ok((call, reply))
    }

    fn order(&self, provider: Option<&str>) -> Vec<Arc<dyn ChatModel>> {
        let mut order = self.models.clone();
        if let Some(wanted) = provider {
            // Stable: the others keep their order.
            order.sort_by_key(|model| model.provider() != wanted);
        }
        order
    }

    /// One of the lines, at once or after a short wait in a bounded queue.
    async fn line(&self) -> Result<OwnedSemaphorePermit, LlmError> {
        if let Ok(line) = self.lines.clone().try_acquire_owned() {
            return Ok(line);
        }
        let busy = LlmError::RateLimited {
            retry_after_ms: Some(self.settings.line_wait.as_millis() as u64),
        };
        let place = Place::take(&self.waiting, self.settings.waiting).ok_or(busy.clone())?;
        let line = timeout(self.settings.line_wait, self.lines.clone().acquire_owned()).await;
        drop(place);
        match line {
            Ok(line) => Ok(line.expect("the semaphore is never closed")),
            Err(_) => {
                metrics::counter!("queryforge_llm_refused_total").increment(1);
                Err(busy)
            }
        }
    }

    fn labels(&self, model: &dyn ChatModel, name: &str) -> Labels {
        let known = self.settings.known_models.iter().any(|known| known == name);
        Labels::of(model, name, known)
    }

    fn breaker(&self, provider: &str, model: &str) -> Arc<Mutex<Breaker>> {
        self.breakers
            .get_with((provider.to_owned(), model.to_owned()), || {
                Arc::new(Mutex::new(Breaker::new(self.settings.failures)))
            })
    }

    /// Tries one provider until it has begun to answer: the number of tries, what came, what will come.
    async fn tries(
        &self,
        model: &dyn ChatModel,
        name: &str,
        request: ChatRequest,
        began: Instant,
        account: Option<&Account>,
    ) -> Result<Begun, LlmError> {
        let breaker = self.breaker(model.provider(), name);
        self.budget.call();
        for tries in 1.. {
            let admitted = Admitted::by(&breaker, self.settings.rest)?;
            let mut record = account.map(|account| account.begin(model.provider(), name, tries));
            if let Some(record) = &mut record {
                record.sent(&request);
            }
            let sent = Instant::now();
            let error = match begin(model, request.clone()).await {
                Ok((first, rest)) => {
                    admitted.succeeded();
                    if let Some(record) = &mut record {
                        record.first_token(sent.elapsed());
                    }
                    return Ok(Begun {
                        tries,
                        first,
                        rest,
                        record,
                    });
                }
                Err(error) => error,
            };
            admitted.failed(&error);
            if let Some(record) = record {
                record.failed(&error);
            }
            if !error.retryable() || tries > self.settings.retries {
                return Err(error);
            }
            let Some(pause) = self.pause(tries, &error) else {
                return Err(error);
            };
            if began.elapsed() + pause >= self.settings.patience || !self.budget.retry() {
                return Err(error);
            }
            metrics::counter!("queryforge_llm_retries_total", "provider" => model.provider().to_owned())
                .increment(1);
            tokio::time::sleep(pause).await;
        }
        unreachable!("the loop ends by returning")
    }

    /// Before the next try; `None` when the provider wants a longer one than anybody would wait.
    fn pause(&self, tries: u32, error: &LlmError) -> Option<Duration> {
        let most = self
            .settings
            .first_pause
            .saturating_mul(1 << (tries - 1).min(16))
            .min(self.settings.longest_pause);
        // Anywhere between nothing and the most: calls that failed together do not come back together.
        let jitter = most.mul_f64(rand::random::<f64>());
        match error {
            LlmError::RateLimited {
                retry_after_ms: Some(ms),
            } => {
                let asked = Duration::from_millis(*ms);
                (asked <= self.settings.longest_pause).then(|| asked + jitter)
            }
            _ => Some(jitter),
        }
    }
}

/// A reply that has begun.
struct Begun {
    tries: u32,
    first: VecDeque<Chunk>,
    rest: ChunkStream,
    record: Option<Open>,
}

/// Calls until the reply has begun: the chunks up to its first text, tool call or stop.
async fn begin(
    model: &dyn ChatModel,
    request: ChatRequest,
) -> Result<(VecDeque<Chunk>, ChunkStream), LlmError> {
    let mut chunks = model.stream(request).await?;
    let mut first = VecDeque::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let begun = !matches!(chunk, Chunk::Usage(_));
        first.push_back(chunk);
        if begun {
            return Ok((first, chunks));
        }
    }
    Err(LlmError::Broken("an empty reply".into()))
}

/// Reads a reply to its end.
pub async fn read(mut chunks: ChunkStream) -> Result<Reply, LlmError> {
    let mut reply = Reply {
        text: String::new(),
        tool_calls: Vec::new(),
        usage: Usage::default(),
        stop: StopReason::End,
    };
    let mut stopped = false;
    while let Some(chunk) = chunks.next().await {
        match chunk? {
            Chunk::Text(text) => reply.text.push_str(&text),
            Chunk::ToolCall(call) => reply.tool_calls.push(call),
            Chunk::Usage(usage) => reply.usage = usage,
            Chunk::Stop(stop) => {
                reply.stop = stop;
                stopped = true;
            }
        }
    }
    match stopped {
        true => Ok(reply),
        false => Err(LlmError::Broken("it ended without a stop reason".into())),
    }
}

fn replay(found: Arc<Remembered>, began: Instant) -> Call {
    metrics::counter!("queryforge_llm_remembered_total", "provider" => found.provider.clone())
        .increment(1);
    Call {
        provider: found.provider.clone(),
        model: found.model.clone(),
        passed_over: Vec::new(),
        tries: 0,
        first_token: began.elapsed(),
        remembered: true,
        // What it once cost was counted then.
        price: None,
        chunks: stream::iter(found.chunks.clone().into_iter().map(Ok)).boxed(),
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        waiting
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| {
                (count < most).then_some(count + 1)
            })
            .ok()
            .map(|_| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Retries may be a tenth of calls: when a provider is down, trying again three times makes it worse.
struct RetryBudget(AtomicI64);

/// In tenths of a retry. Quiet times do not save up more than this.
const BUDGET_MOST: i64 = 200;

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicI64::new(BUDGET_MOST))
    }
}

impl RetryBudget {
    fn call(&self) {
        let _ = self
            .0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |tenths| {
                Some((tenths + 1).min(BUDGET_MOST))
            });
    }

    fn retry(&self) -> bool {
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |tenths| {
                (tenths >= 10).then_some(tenths - 10)
            })
            .is_ok()
    }
}

/// A try that a breaker let through. Dropped without a word (the caller went away), it says nothing
/// about the provider.
struct Admitted<'a> {
    breaker: &'a Mutex<Breaker>,
    rest: Duration,
    reported: bool,
}

impl<'a> Admitted<'a> {
    fn by(breaker: &'a Mutex<Breaker>, rest: Duration) -> Result<Self, LlmError> {
        lock(breaker).admit(Instant::now()).map_err(|wait| {
            LlmError::Unreachable(format!(
                "its last calls failed; it is tried again in {} s",
                wait.as_secs_f64().ceil()
            ))
        })?;
        Ok(Self {
            breaker,
            rest,
            reported: false,
        })
    }

    fn succeeded(mut self) {
        self.reported = true;
        lock(self.breaker).succeeded();
    }

    fn failed(mut self, error: &LlmError) {
        self.reported = true;
        if blames_provider(error) {
            lock(self.breaker).failed(Instant::now(), self.rest);
        } else {
            lock(self.breaker).succeeded();
        }
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if !self.reported {
            lock(self.breaker).abandoned(Instant::now());
        }
    }
}

/// A busy provider is alive, and a bad request is ours.
fn blames_provider(error: &LlmError) -> bool {
    match error {
        LlmError::Unreachable(_)
        | LlmError::Timeout(_)
        | LlmError::Unauthorized
        | LlmError::Provider { .. }
        | LlmError::Broken(_) => true,
        LlmError::RateLimited { .. } | LlmError::ContextTooLong | LlmError::BadRequest(_) => false,
    }
}

fn lock(breaker: &Mutex<Breaker>) -> std::sync::MutexGuard<'_, Breaker> {
    breaker
        .lock()
        .expect("nothing panics while it holds a breaker")
}

#[cfg(test)]
mod tests;
