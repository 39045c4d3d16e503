//! A scripted model behind real HTTP: OpenAI's, Anthropic's and Gemini's way of streaming, Ollama's list
//! of models, and every fault a provider can have.
//!
//! ```ignore
//! let model = ScriptedModel::start().await;
//! model.on(asked("top customers"), Reply::text("```sql\nselect 1\n```"));
//! model.on(task("classify_intent"), Reply::text(r#"{"kind":"greeting"}"#));
//! model.on(anything(), Reply::status(503));
//! ```
//! The first rule that matches answers; a rule with `times(n)` steps aside after n answers.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct ScriptedModel {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    rules: Mutex<Vec<Rule>>,
    requests: Mutex<Vec<Recorded>>,
    /// Names for Ollama's `/api/tags`; without them that path is not there.
    installed: Mutex<Vec<String>>,
    counts: watch::Sender<Counts>,
    hurried: watch::Sender<bool>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    requests: usize,
    /// Streams that the client gave up before their end.
    hung_up: usize,
    /// Streams being sent now.
    open: usize,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
    /// The system prompt and the last message of the user, whatever the wire format.
    pub system: String,
    pub last_user: String,
}

struct Rule {
    when: When,
    reply: Reply,
    left: Option<usize>,
}

/// When a rule applies.
#[derive(Clone, Debug)]
pub enum When {
    Anything,
    /// The last user message contains it.
    Asked(String),
    /// The system prompt is of that task of `prompts/`.
    Task(String),
    /// The system prompt contains it.
    Told(String),
    Both(Box<When>, Box<When>),
}

pub fn anything() -> When {
    When::Anything
}

pub fn asked(part: &str) -> When {
    When::Asked(part.to_owned())
}

pub fn task(name: &str) -> When {
    When::Task(name.to_owned())
}

pub fn told(part: &str) -> When {
    When::Told(part.to_owned())
}

impl When {
    pub fn and(self, other: When) -> When {
        When::Both(Box::new(self), Box::new(other))
    }

    fn applies(&self, request: &Recorded) -> bool {
        match self {
            Self::Anything => true,
            Self::Asked(part) => request.last_user.contains(part.as_str()),
            Self::Task(name) => {
                let mark = format!("Task: {name}");
                request.system.lines().any(|line| line.trim() == mark)
            }
            Self::Told(part) => request.system.contains(part.as_str()),
            Self::Both(one, other) => one.applies(request) && other.applies(request),
        }
    }
}

/// What the model says, and how it fails to.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    /// Instead of a stream.
    body: Option<String>,
    /// Instead of frames made from `parts`.
    raw: Option<Vec<Bytes>>,
    parts: Vec<Part>,
    stop: &'static str,
    usage: (u64, u64),
    text_chars: usize,
    split_bytes: Option<usize>,
    first_delay: Duration,
    delay: Duration,
    fault: Option<(usize, Fault)>,
    times: Option<usize>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Call { name: String, arguments: Value },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// The connection breaks.
    Cut,
    /// Nothing more comes, and the connection stays.
    Stall,
    /// The stream ends as if it were whole.
    End,
    /// A frame that is no JSON.
    Malformed,
}

impl Reply {
    fn empty() -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: None,
            raw: None,
            parts: Vec::new(),
            stop: "end",
            usage: (100, 20),
            text_chars: 12,
            split_bytes: None,
            first_delay: Duration::ZERO,
            delay: Duration::ZERO,
            fault: None,
            times: None,
        }
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self {
            parts: vec![Part::Text(text.into())],
            ..Self::empty()
        }
    }

    pub fn json(value: Value) -> Self {
        Self::text(value.to_string())
    }

    /// One more tool call at the end of the reply.
    pub fn call(mut self, name: &str, arguments: Value) -> Self {
        self.parts.push(Part::Call {
            name: name.to_owned(),
            arguments,
        });
        self.stop = "tool_calls";
        self
    }

    pub fn tool_call(name: &str, arguments: Value) -> Self {
        Self::empty().call(name, arguments)
    }

    /// A refusal with that status and an error object in OpenAI's form.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            body: Some(json!({"error": {"message": format!("scripted {status}")}}).to_string()),
            ..Self::empty()
        }
    }

    /// A body of its own, not streamed.
    pub fn body(mut self, content_type: &str, body: impl Into<String>) -> Self {
        self.headers
            .push(("content-type".into(), content_type.into()));
        self.body = Some(body.into());
        self
    }

    /// These very bytes as the stream.
    pub fn raw<P: Into<Bytes>>(pieces: impl IntoIterator<Item = P>) -> Self {
        Self {
            raw: Some(pieces.into_iter().map(Into::into).collect()),
            ..Self::empty()
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// `length` or `refusal` instead of a normal end.
    pub fn stop(mut self, reason: &'static str) -> Self {
        self.stop = reason;
        self
    }

    /// Input and output tokens.
    pub fn usage(mut self, input: u64, output: u64) -> Self {
        self.usage = (input, output);
        self
    }

    /// Characters of text in one event.
    pub fn chunked(mut self, chars: usize) -> Self {
        self.text_chars = chars.max(1);
        self
    }

    /// Cuts the stream into pieces of so many bytes, wherever that falls.
    pub fn split_bytes(mut self, bytes: usize) -> Self {
        self.split_bytes = Some(bytes.max(1));
        self
    }

    /// Before the status line.
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = delay;
        self
    }

    /// Before every piece.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub fn cut_after(mut self, pieces: usize) -> Self {
        self.fault = Some((pieces, Fault::Cut));
        self
    }

    pub fn stall_after(mut self, pieces: usize) -> Self {
        self.fault = Some((pieces, Fault::Stall));
        self
    }

    pub fn end_after(mut self, pieces: usize) -> Self {
        self.fault = Some((pieces, Fault::End));
        self
    }

    pub fn malformed_after(mut self, pieces: usize) -> Self {
        self.fault = Some((pieces, Fault::Malformed));
        self
    }

    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }
}

impl ScriptedModel {
    /// On a free port of the loopback interface, until dropped.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port on loopback");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared::default());
        let router = Router::new().fallback(serve).with_state(shared.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("axum serves until it is aborted");
        });
        Self {
            address,
            shared,
            server,
        }
    }

    pub fn on(&self, when: When, reply: Reply) -> &Self {
        let left = reply.times;
        self.shared
            .rules
            .lock()
            .expect("no test panics in here")
            .push(Rule { when, reply, left });
        self
    }

    /// Makes it an Ollama with these models.
    pub fn installed(&self, names: &[&str]) -> &Self {
        *self.shared.installed.lock().expect("no panic in here") =
            names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// `http://127.0.0.1:PORT`, for Anthropic, Gemini and Ollama.
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// For OpenAI.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.shared
            .requests
            .lock()
            .expect("no panic in here")
            .clone()
    }

    /// Requests by what `key` makes of them.
    pub fn tally(
        &self,
        key: impl Fn(&Recorded) -> Option<String>,
    ) -> std::collections::HashMap<String, usize> {
        let requests = self.shared.requests.lock().expect("no panic in here");
        let mut tally = std::collections::HashMap::new();
        for key in requests.iter().filter_map(key) {
            *tally.entry(key).or_default() += 1;
        }
        tally
    }

    /// Whether it says the rest without any delay. A test of a turn that runs slows its model down so much that no
    /// machine is too busy to see it run, and lets it hurry when it has seen enough.
    pub fn hurry(&self, hurried: bool) {
        self.shared.hurried.send_replace(hurried);
    }

    /// Waits until so many requests have arrived.
    pub async fn received(&self, count: usize) {
        self.wait("requests", |counts| counts.requests >= count)
            .await;
    }

    /// Waits until clients have given up so many streams before their end.
    pub async fn hung_up(&self, count: usize) {
        self.wait("clients that hang up", |counts| counts.hung_up >= count)
            .await;
    }

    /// Waits until no stream is being sent.
    pub async fn idle(&self) {
        self.wait("idleness", |counts| counts.open == 0).await;
    }

    async fn wait(&self, what: &str, done: impl FnMut(&Counts) -> bool) {
        let mut counts = self.shared.counts.subscribe();
        tokio::time::timeout(Duration::from_secs(30), counts.wait_for(done))
            .await
            .unwrap_or_else(|_| panic!("the scripted model waited 30 s for {what}"))
            .expect("the sender lives as long as the model");
    }
}

impl Drop for ScriptedModel {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    if method == Method::GET && path == "/api/tags" {
        let installed = shared.installed.lock().expect("no panic in here").clone();
        let models: Vec<Value> = installed
            .iter()
            .map(|name| json!({"name": name, "size": 1}))
            .collect();
        return match models.is_empty() {
            true => plain(404, Body::empty()),
            false => plain(200, Body::from(json!({"models": models}).to_string())),
        };
    }
    let Some(wire) = Wire::of(&path) else {
        return plain(404, Body::from("no such path"));
    };
    let recorded = wire.record(path, headers, &body);
    let reply = shared.reply_to(&recorded);
    shared
        .requests
        .lock()
        .expect("no panic in here")
        .push(recorded);
    let sending = Sending::begin(shared.clone());
    tokio::time::sleep(reply.first_delay).await;

    let mut response = Response::builder().status(reply.status);
    let typed = reply.headers.iter().any(|(name, _)| name == "content-type");
    if !typed {
        let kind = match reply.body {
            Some(_) => "application/json",
            None => "text/event-stream",
        };
        response = response.header("content-type", kind);
    }
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    let body = match &reply.body {
        Some(body) => {
            sending.finish();
            Body::from(body.clone())
        }
        None => Body::from_stream(frames_in_time(wire.frames(&reply), &reply, sending)),
    };
    response.body(body).expect("the script's headers are valid")
}

fn plain(status: u16, body: Body) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).expect("a status"))
        .header("content-type", "application/json")
        .body(body)
        .expect("a valid response")
}

impl Shared {
    fn reply_to(&self, request: &Recorded) -> Reply {
        let mut rules = self.rules.lock().expect("no panic in here");
        let rule = rules
            .iter_mut()
            .find(|rule| rule.left != Some(0) && rule.when.applies(request));
        match rule {
            Some(rule) => {
                if let Some(left) = &mut rule.left {
                    *left -= 1;
                }
                rule.reply.clone()
            }
            None => Reply::status(501).body(
                "application/json",
                json!({"error": {"message": "nothing is scripted for this request"}}).to_string(),
            ),
        }
    }
}

/// An answer under way; given up when it is dropped before its end.
struct Sending {
    shared: Arc<Shared>,
    whole: bool,
}

impl Sending {
    /// From the moment the request is there.
    fn begin(shared: Arc<Shared>) -> Self {
        shared.counts.send_modify(|counts| {
            counts.requests += 1;
            counts.open += 1;
        });
        Self {
            shared,
            whole: false,
        }
    }

    fn finish(mut self) {
        self.whole = true;
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let whole = self.whole;
        self.shared.counts.send_modify(|counts| {
            counts.open -= 1;
            counts.hung_up += usize::from(!whole);
        });
    }
}

fn frames_in_time(
    frames: Vec<Bytes>,
    reply: &Reply,
    sending: Sending,
) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + use<> {
    let pieces: VecDeque<Bytes> = match reply.split_bytes {
        Some(size) => frames
            .concat()
            .chunks(size)
            .map(Bytes::copy_from_slice)
            .collect(),
        None => frames.into(),
    };
    let (delay, fault) = (reply.delay, reply.fault);
    futures::stream::unfold(
        (pieces, 0_usize, sending, false),
        move |(mut pieces, sent, sending, ended)| async move {
            if ended {
                sending.finish();
                return None;
            }
            if !delay.is_zero() {
                let mut hurried = sending.shared.hurried.subscribe();
                let _ = tokio::time::timeout(delay, hurried.wait_for(|hurried| *hurried)).await;
            }
            let fault = fault.filter(|(after, _)| *after == sent).map(|(_, f)| f);
            let piece = match fault {
                Some(Fault::Stall) => std::future::pending().await,
                Some(Fault::Cut) => {
                    // What was sent before must be on its way: a broken body drops what is buffered.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(std::io::Error::other("cut by the script"))
                }
                Some(Fault::End) => {
                    sending.finish();
                    return None;
                }
                Some(Fault::Malformed) => Ok(Bytes::from_static(b"data: {\"choices\": [{\n\n")),
                None => match pieces.pop_front() {
                    Some(piece) => Ok(piece),
                    None => {
                        sending.finish();
                        return None;
                    }
                },
            };
            let ended = piece.is_err();
            Some((piece, (pieces, sent + 1, sending, ended)))
        },
    )
}

/// How a provider puts it on the wire.
#[derive(Clone, Copy)]
enum Wire {
    OpenAi,
    Anthropic,
    Gemini,
}

impl Wire {
    fn of(path: &str) -> Option<Self> {
        if path.ends_with("/chat/completions") {
            Some(Self::OpenAi)
        } else if path.ends_with("/messages") {
            Some(Self::Anthropic)
        } else if path.ends_with(":streamGenerateContent") {
            Some(Self::Gemini)
        } else {
            None
        }
    }

    fn record(self, path: String, headers: HeaderMap, body: &[u8]) -> Recorded {
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let (system, messages) = match self {
            Self::OpenAi => {
                let of = |role: &str| {
                    body["messages"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter(|m| m["role"] == role)
                        .map(|m| text_of(&m["content"]))
                        .collect::<Vec<_>>()
                };
                (of("system").join("\n"), of("user"))
            }
            Self::Anthropic => (
                text_of(&body["system"]),
                users(&body["messages"], "content"),
            ),
            Self::Gemini => (
                text_of(&body["systemInstruction"]["parts"]),
                users(&body["contents"], "parts"),
            ),
        };
        Recorded {
            path,
            headers,
            system,
            last_user: messages.last().cloned().unwrap_or_default(),
            body,
        }
    }

    fn frames(self, reply: &Reply) -> Vec<Bytes> {
        if let Some(raw) = &reply.raw {
            return raw.clone();
        }
        match self {
            Self::OpenAi => openai_frames(reply),
            Self::Anthropic => anthropic_frames(reply),
            Self::Gemini => gemini_frames(reply),
        }
    }
}

fn users(messages: &Value, content: &str) -> Vec<String> {
    messages
        .as_array()
        .into_iter()
        .flatten()
        .filter(|message| message["role"] == "user")
        .map(|message| text_of(&message[content]))
        .collect()
}

fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

fn pieces_of(text: &str, chars: usize) -> Vec<String> {
    text.chars()
        .collect::<Vec<_>>()
        .chunks(chars)
        .map(|piece| piece.iter().collect())
        .collect()
}

fn data(value: Value) -> Bytes {
    Bytes::from(format!("data: {value}\n\n"))
}

fn openai_frames(reply: &Reply) -> Vec<Bytes> {
    let chunk = |delta: Value, finish: Value| {
        data(
            json!({"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}),
        )
    };
    let mut frames = vec![chunk(
        json!({"role": "assistant", "content": ""}),
        Value::Null,
    )];
    let mut calls = 0;
    for part in &reply.parts {
        match part {
            Part::Text(text) => {
                for piece in pieces_of(text, reply.text_chars) {
                    frames.push(chunk(json!({"content": piece}), Value::Null));
                }
            }
            Part::Call { name, arguments } => {
                frames.push(chunk(
                    json!({"tool_calls": [{"index": calls, "id": format!("call_{calls}"),
                        "type": "function", "function": {"name": name, "arguments": ""}}]}),
                    Value::Null,
                ));
                for piece in pieces_of(&arguments.to_string(), reply.text_chars) {
                    frames.push(chunk(
                        json!({"tool_calls": [{"index": calls, "function": {"arguments": piece}}]}),
                        Value::Null,
                    ));
                }
                calls += 1;
            }
        }
    }
    let finish = match reply.stop {
        "end" => "stop",
        "refusal" => "content_filter",
        other => other,
    };
    frames.push(chunk(json!({}), json!(finish)));
    let (input, output) = reply.usage;
    frames.push(data(
        json!({"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "choices": [],
        "usage": {"prompt_tokens": input, "completion_tokens": output,
                  "total_tokens": input + output}}),
    ));
    frames.push(Bytes::from_static(b"data: [DONE]\n\n"));
    frames
}

fn anthropic_frames(reply: &Reply) -> Vec<Bytes> {
    let event = |value: Value| {
        let name = value["type"].as_str().expect("every event has a type");
        Bytes::from(format!("event: {name}\ndata: {value}\n\n"))
    };
    let (input, output) = reply.usage;
    let mut frames = vec![
        event(
            json!({"type": "message_start", "message": {"id": "msg_scripted", "type": "message",
            "role": "assistant", "model": "scripted", "content": [], "stop_reason": null,
            "usage": {"input_tokens": input, "cache_read_input_tokens": 0,
                      "cache_creation_input_tokens": 0, "output_tokens": 1}}}),
        ),
        event(json!({"type": "ping"})),
    ];
    for (index, part) in reply.parts.iter().enumerate() {
        let (start, deltas): (Value, Vec<Value>) = match part {
            Part::Text(text) => (
                json!({"type": "text", "text": ""}),
                pieces_of(text, reply.text_chars)
                    .into_iter()
                    .map(|piece| json!({"type": "text_delta", "text": piece}))
                    .collect(),
            ),
            Part::Call { name, arguments } => (
                json!({"type": "tool_use", "id": format!("call_{index}"), "name": name, "input": {}}),
                pieces_of(&arguments.to_string(), reply.text_chars)
                    .into_iter()
                    .map(|piece| json!({"type": "input_json_delta", "partial_json": piece}))
                    .collect(),
            ),
        };
        frames.push(event(
            json!({"type": "content_block_start", "index": index, "content_block": start}),
        ));
        for delta in deltas {
            frames.push(event(
                json!({"type": "content_block_delta", "index": index, "delta": delta}),
            ));
        }
        frames.push(event(json!({"type": "content_block_stop", "index": index})));
    }
    let stop = match reply.stop {
        "end" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        other => other,
    };
    frames.push(event(
        json!({"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": null},
        "usage": {"output_tokens": output}}),
    ));
    frames.push(event(json!({"type": "message_stop"})));
    frames
}

fn gemini_frames(reply: &Reply) -> Vec<Bytes> {
    let (input, output) = reply.usage;
    let mut frames = Vec::new();
    for part in &reply.parts {
        let parts: Vec<Value> = match part {
            Part::Text(text) => pieces_of(text, reply.text_chars)
                .into_iter()
                .map(|piece| json!({"text": piece}))
                .collect(),
            Part::Call { name, arguments } => {
                vec![json!({"functionCall": {"name": name, "args": arguments}})]
            }
        };
        for part in parts {
            frames.push(data(json!({"candidates": [
                {"content": {"role": "model", "parts": [part]}, "index": 0}]})));
        }
    }
    let stop = match reply.stop {
        "length" => "MAX_TOKENS",
        "refusal" => "SAFETY",
        _ => "STOP",
    };
    frames.push(data(json!({"candidates": [
        {"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": stop, "index": 0}],
        "usageMetadata": {"promptTokenCount": input, "candidatesTokenCount": output,
                          "totalTokenCount": input + output}})));
    frames
}
