//! Reading a streamed reply: server-sent events in, chunks out, with every wait limited.

use super::failure::{self, Redactor};
use super::{Chunk, ChunkStream, Limits, LlmError, StopReason};
use futures::{StreamExt, stream};
use reqwest::{RequestBuilder, Response};
use reqwest_eventsource::{Event, EventSource, retry};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// As much of an error's body as is read.
const ERROR_BODY_BYTES: usize = 64 << 10;

/// How long a stream may take, after its stop reason, to say the rest (usage) and end.
const SETTLE: Duration = Duration::from_secs(2);

/// How long to wait, after the last event, for the connection to become reusable.
const DRAIN: Duration = Duration::from_millis(5);

/// What one event meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Keep-alives and preambles: the model has not begun.
    Waiting,
    /// The model is at work.
    Alive,
    /// The provider says that this was all.
    Done,
}

/// One provider's dialect of a streamed reply.
pub trait Decode: Send + 'static {
    /// Reads one event; what it completes goes to `out`. Never pushes [`Chunk::Stop`].
    fn event(&mut self, data: &str, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError>;

    /// Reads a reply that came whole, as JSON, from a server that does not stream.
    fn whole(&mut self, body: &str, out: &mut VecDeque<Chunk>) -> Result<(), LlmError>;

    /// Called once, when the stream has ended: hands over what is left. `None` when the reply never
    /// came to an end of its own, which makes it broken.
    fn stop(&mut self, out: &mut VecDeque<Chunk>) -> Result<Option<StopReason>, LlmError>;

    /// Whether a stop reason was seen already.
    fn stopped(&self) -> bool;
}

/// Sends `request` and reads its answer with `decoder`. Returns when the provider has accepted the
/// request; the limit on the first token keeps running.
///
/// Never sends twice: a POST that is sent again is a second bill.
pub async fn call<D: Decode>(
    request: RequestBuilder,
    mut decoder: D,
    limits: Limits,
    redactor: Redactor,
) -> Result<ChunkStream, LlmError> {
    let started = Instant::now();
    let first_token_by = started + limits.first_token;
    let mut source = EventSource::new(request)
        .map_err(|_| LlmError::BadRequest("the request's body cannot be sent".into()))?;
    source.set_retry_policy(Box::new(retry::Never));
    let opened = timeout_at(first_token_by, source.next())
        .await
        .map_err(|_| LlmError::Timeout(limits.first_token.as_millis() as u64))?;
    let mut ready = VecDeque::new();
    match opened {
        Some(Ok(Event::Open)) => {}
        Some(Err(reqwest_eventsource::Error::InvalidStatusCode(status, response))) => {
            let headers = response.headers().clone();
            let body = body(response, ERROR_BODY_BYTES, limits.silence).await;
            return Err(failure::of_status(status, &headers, &body, &redactor));
        }
        Some(Err(reqwest_eventsource::Error::InvalidContentType(kind, response))) => {
            let body = body(response, limits.reply_bytes, limits.first_token).await;
            whole(
                &mut decoder,
                kind.to_str().unwrap_or_default(),
                &body,
                &mut ready,
                &redactor,
            )?;
            return Ok(stream::iter(ready.into_iter().map(Ok)).boxed());
        }
        Some(Err(reqwest_eventsource::Error::Transport(error))) => {
            return Err(failure::of_transport(error, &redactor));
        }
        _ => return Err(LlmError::Broken("no answer".into())),
    }
    let reading = Reading {
        source,
        decoder,
        limits,
        redactor,
        first_token_by,
        alive: false,
        ready,
    };
    Ok(stream::unfold(Some(reading), |reading| async {
        let mut reading = reading?;
        match reading.next().await {
            Ok(Some(chunk @ Chunk::Stop(_))) => Some((Ok(chunk), None)),
            Ok(Some(chunk)) => Some((Ok(chunk), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed())
}

fn whole<D: Decode>(
    decoder: &mut D,
    content_type: &str,
    body: &str,
    ready: &mut VecDeque<Chunk>,
    redactor: &Redactor,
) -> Result<(), LlmError> {
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(body) {
        if let Some(error) = json.get("error").filter(|error| !error.is_null()) {
            return Err(failure::of_event(error, redactor));
        }
        decoder.whole(body, ready)?;
        let stop = decoder.stop(ready)?;
        if let Some(stop) = stop {
            ready.push_back(Chunk::Stop(stop));
            return Ok(());
        }
    }
    Err(LlmError::Broken(redactor.clean(&format!(
        "a stream was asked for and {} came: {}",
        if content_type.is_empty() {
            "something without a type"
        } else {
            content_type
        },
        failure::message_of(body)
    ))))
}

struct Reading<D> {
    source: EventSource,
    decoder: D,
    limits: Limits,
    redactor: Redactor,
    first_token_by: Instant,
    alive: bool,
    ready: VecDeque<Chunk>,
}

impl<D: Decode> Reading<D> {
    async fn next(&mut self) -> Result<Option<Chunk>, LlmError> {
        loop {
            if let Some(chunk) = self.ready.pop_front() {
                return Ok(Some(chunk));
            }
            let (deadline, allowed) = if self.decoder.stopped() {
                (Instant::now() + SETTLE, SETTLE)
            } else if self.alive {
                (Instant::now() + self.limits.silence, self.limits.silence)
            } else {
                (self.first_token_by, self.limits.first_token)
            };
            let Ok(event) = timeout_at(deadline, self.source.next()).await else {
                if self.decoder.stopped() {
                    return self.end();
                }
                return Err(LlmError::Timeout(allowed.as_millis() as u64));
            };
            match event {
                Some(Ok(Event::Open)) => {}
                Some(Ok(Event::Message(message))) => {
                    match self.decoder.event(&message.data, &mut self.ready)? {
                        Step::Waiting => {}
                        Step::Alive => self.alive = true,
                        Step::Done => {
                            // The end of the body usually came along; having read it, the
                            // connection serves the next call.
                            let _ = timeout(DRAIN, self.source.next()).await;
                            return self.end();
                        }
                    }
                }
                None | Some(Err(reqwest_eventsource::Error::StreamEnded)) => return self.end(),
                Some(Err(reqwest_eventsource::Error::Transport(error))) => {
                    if self.decoder.stopped() {
                        return self.end();
                    }
                    return Err(failure::of_transport(error, &self.redactor));
                }
                Some(Err(error)) => {
                    return Err(LlmError::Broken(self.redactor.clean(&error.to_string())));
                }
            }
        }
    }

    fn end(&mut self) -> Result<Option<Chunk>, LlmError> {
        let stop = self.decoder.stop(&mut self.ready)?;
        let stop = stop.ok_or_else(|| LlmError::Broken("it ended without a stop reason".into()))?;
        self.ready.push_back(Chunk::Stop(stop));
        Ok(self.ready.pop_front())
    }
}

/// At most `limit` bytes of a body, as text, in at most `wait`; what came by then is enough.
async fn body(response: Response, limit: usize, wait: Duration) -> String {
    let mut bytes = Vec::new();
    let mut parts = response.bytes_stream();
    let _ = timeout(wait, async {
        while let Some(Ok(part)) = parts.next().await {
            let room = limit - bytes.len();
            bytes.extend_from_slice(&part[..part.len().min(room)]);
            if bytes.len() == limit {
                break;
            }
        }
    })
    .await;
    String::from_utf8_lossy(&bytes).into_owned()
}
