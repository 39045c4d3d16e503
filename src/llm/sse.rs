//! Reading a streamed reply: server-sent events in, chunks out, with every wait and every size limited.
//!
//! The lines are ours, not reqwest-eventsource's, for one reason: it keeps a line of any length and scans
//! all of it again with each piece, and nothing outside can see or stop that. One line of 10 MB cost it
//! 20 s of processor time, in which its task could not be cancelled. Here that line is refused after
//! `line_bytes`. Of its other habits this keeps what [`retry::Never`] meant: nothing is ever sent twice.
//!
//! [`retry::Never`]: https://docs.rs/reqwest-eventsource/0.6/reqwest_eventsource/retry/struct.Never.html

use super::echo::Echo;
use super::failure::{self, Redactor};
use super::{Chunk, ChunkStream, Limits, LlmError, StopReason};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use reqwest::{RequestBuilder, Response, StatusCode};
use std::borrow::Cow;
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
    let first_token_by = Instant::now() + limits.first_token;
    let request = request.header("accept", "text/event-stream");
    let response = timeout_at(first_token_by, request.send())
        .await
        .map_err(|_| LlmError::Timeout(limits.first_token.as_millis() as u64))?
        .map_err(|error| failure::of_transport(error, &redactor))?;
    let mut ready = VecDeque::new();
    let status = response.status();
    if status != StatusCode::OK {
        let headers = response.headers().clone();
        let body = body(response, ERROR_BODY_BYTES, limits.silence).await;
        return Err(failure::of_status(status, &headers, &body, &redactor));
    }
    let kind = response
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !kind.starts_with("text/event-stream") {
        let body = body(response, limits.reply_bytes, limits.first_token).await;
        whole(&mut decoder, &kind, &body, &mut ready, &redactor)?;
        let mut echo = redactor.echo();
        let safe: Vec<_> = ready
            .into_iter()
            .flat_map(|chunk| echo.chunks(chunk))
            .flatten()
            .map(Ok)
            .collect();
        return Ok(stream::iter(safe).boxed());
    }
    // boxed: the stream moves its state out and in again with every chunk
    let reading = Box::new(Reading {
        events: Events::new(response.bytes_stream().boxed(), &limits),
        decoder,
        limits,
        echo: redactor.echo(),
        redactor,
        first_token_by,
        alive: false,
        ready,
        last: None,
    });
    Ok(stream::unfold(Some(reading), |reading| async {
        let mut reading = reading?;
        match reading.safe().await {
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
    events: Events,
    decoder: D,
    limits: Limits,
    redactor: Redactor,
    first_token_by: Instant,
    alive: bool,
    ready: VecDeque<Chunk>,
    echo: Echo,
    /// Comes behind a text that was held back.
    last: Option<Chunk>,
}

impl<D: Decode> Reading<D> {
    /// The next chunk, without the provider's key.
    async fn safe(&mut self) -> Result<Option<Chunk>, LlmError> {
        if let Some(last) = self.last.take() {
            return Ok(Some(last));
        }
        loop {
            let Some(chunk) = self.next().await? else {
                return Ok(None);
            };
            match self.echo.chunks(chunk) {
                [None, None] => {}
                [Some(first), last] => {
                    self.last = last;
                    return Ok(Some(first));
                }
                [None, last] => return Ok(last),
            }
        }
    }

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
            let Ok(event) = timeout_at(deadline, self.events.next()).await else {
                if self.decoder.stopped() {
                    return self.end();
                }
                return Err(LlmError::Timeout(allowed.as_millis() as u64));
            };
            match event {
                Ok(Some(data)) => match self.decoder.event(&data, &mut self.ready)? {
                    Step::Waiting => {}
                    Step::Alive => self.alive = true,
                    Step::Done => {
                        // The end of the body usually came along; having read it, the connection
                        // serves the next call.
                        let _ = timeout(DRAIN, self.events.next()).await;
                        return self.end();
                    }
                },
                Ok(None) => return self.end(),
                // It said all it had to say before it broke.
                Err(_) if self.decoder.stopped() => return self.end(),
                Err(Fault::Transport(error)) => {
                    return Err(failure::of_transport(error, &self.redactor));
                }
                Err(Fault::TooLong(what)) => return Err(LlmError::Broken(what.into())),
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

/// Why no more events come.
#[derive(Debug)]
enum Fault {
    Transport(reqwest::Error),
    TooLong(&'static str),
}

/// The data of server-sent events out of a body's bytes. Names, ids and comments are of no use here.
struct Events {
    parts: BoxStream<'static, reqwest::Result<Bytes>>,
    /// What came and is not read yet.
    part: Bytes,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// The data of the event being read.
    data: Option<String>,
    line_bytes: usize,
    /// How much more the reply may bring.
    bytes_left: usize,
}

impl Events {
    fn new(parts: BoxStream<'static, reqwest::Result<Bytes>>, limits: &Limits) -> Self {
        Self {
            parts,
            part: Bytes::new(),
            line: Vec::new(),
            data: None,
            line_bytes: limits.line_bytes,
            bytes_left: limits.reply_bytes,
        }
    }

    /// The next event's data; `None` at the end of the body. Loses nothing when dropped while waiting.
    async fn next(&mut self) -> Result<Option<String>, Fault> {
        loop {
            if let Some(line) = self.line()? {
                if let Some(data) = self.field(&line) {
                    return Ok(Some(data));
                }
                continue;
            }
            match self.parts.next().await {
                Some(Ok(part)) => {
                    self.bytes_left = self
                        .bytes_left
                        .checked_sub(part.len())
                        .ok_or(Fault::TooLong("the reply is longer than allowed"))?;
                    self.part = part;
                }
                Some(Err(error)) => return Err(Fault::Transport(error)),
                None => {
                    // By the letter an event that no empty line ends is dropped, but providers' last
                    // events have come so, and a broken one fails to decode.
                    let line = std::mem::take(&mut self.line);
                    let last = self.field(&line).or_else(|| self.data.take());
                    return Ok(last);
                }
            }
        }
    }

    /// A whole line, without its end, out of what has come. Every byte is looked at once.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let end = self.part.iter().position(|byte| *byte == b'\n');
        let taken = self.part.split_to(end.unwrap_or(self.part.len()));
        if self.line.len() + taken.len() > self.line_bytes {
            return Err(Fault::TooLong("a line is longer than allowed"));
        }
        self.line.extend_from_slice(&taken);
        if end.is_none() {
            return Ok(None);
        }
        let _ = self.part.split_to(1);
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Some(line))
    }

    /// Takes one line in; the data of the event that it ends, if it ends one.
    fn field(&mut self, line: &[u8]) -> Option<String> {
        if line.is_empty() {
            return self.data.take();
        }
        let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
        if let Some(value) = line.strip_prefix(b"data:") {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            // nearly always valid, and to see that costs a fraction of looking for what is not
            let value = match std::str::from_utf8(value) {
                Ok(value) => Cow::Borrowed(value),
                Err(_) => String::from_utf8_lossy(value),
            };
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(&value);
                }
                None => self.data = Some(value.into_owned()),
            }
        }
        None
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The events of `body` when it comes in pieces of those sizes, round and round.
    fn events(body: &[u8], sizes: &[usize], limits: Limits) -> Result<Vec<String>, String> {
        let mut parts = Vec::new();
        let mut rest = body;
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (part, after) = rest.split_at((*size).clamp(1, rest.len()));
            parts.push(Ok(Bytes::copy_from_slice(part)));
            rest = after;
        }
        let mut events = Events::new(stream::iter(parts).boxed(), &limits);
        let mut all = Vec::new();
        futures::executor::block_on(async {
            loop {
                match events.next().await {
                    Ok(Some(data)) => all.push(data),
                    Ok(None) => return Ok(all),
                    Err(fault) => return Err(format!("{fault:?}")),
                }
            }
        })
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        for (body, expected) in [
            ("data: a\n\ndata: b\n\n", &["a", "b"][..]),
            ("data:a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]),
            ("\u{feff}data: a\n\n", &["a"]),
            (": a comment\n\nevent: x\nid: 7\ndata: a\n\n", &["a"]),
            ("data: one\ndata:  two\n\n", &["one\n two"]),
            ("data\n\ndatabase: a\n\n", &[]),
            ("\n\n\n", &[]),
            ("data: the end never came", &["the end never came"]),
            ("data: nor an empty line\n", &["nor an empty line"]),
            ("", &[]),
        ] {
            let read = events(body.as_bytes(), &[1], Limits::default()).expect("within limits");
            assert_eq!(read, expected, "{body:?}");
        }
    }

    #[test]
    fn a_line_and_a_reply_have_a_size() {
        let limits = Limits {
            line_bytes: 100,
            reply_bytes: 1000,
            ..Limits::default()
        };
        let line = format!("data: {}\n\n", "x".repeat(94));
        assert!(events(line.as_bytes(), &[7], limits).is_ok());
        let line = format!("data: {}\n\n", "x".repeat(95));
        let error = events(line.as_bytes(), &[7], limits).expect_err("101 bytes");
        assert!(error.contains("a line"), "{error}");
        let many = "data: y\n\n".repeat(112);
        let error = events(many.as_bytes(), &[64], limits).expect_err("1008 bytes");
        assert!(error.contains("the reply"), "{error}");
    }

    proptest! {
        #[test]
        fn any_cut_of_the_bytes_gives_the_same_events(
            texts in prop::collection::vec("[a-zé😀: ]{0,12}", 0..6),
            sizes in prop::collection::vec(1_usize..9, 1..6),
        ) {
            let body: String = texts.iter().map(|text| format!("data: {text}\r\n\r\n")).collect();
            let read = events(body.as_bytes(), &sizes, Limits::default()).expect("within limits");
            prop_assert_eq!(read, texts);
        }
    }
}
