//! The façade for Socket.IO clients: `generate_query` in; `query_progress`, `query_token`, `query_result`
//! and `query_error` out.
//!
//! Behind it is the same turn as everywhere: each query is a cursor into its conversation's log, so
//! nothing is queued here. A socket whose buffer is full is waited for, and what came meanwhile goes in
//! one piece; nothing is dropped. After a lost connection the same `query_id` attaches again, from
//! `after` on where the client names the last `seq` it saw.

use super::agui::id_of;
use super::follow::{Follower, Step};
use super::{ApiError, Server, auth};
use crate::access::Caller;
use crate::conversation::{Frame, OpenSocket};
use crate::ids::{ConversationId, DatasetId, MessageId, TurnId};
use crate::protocol::{
    ByName, InputMessage, MAX_CLIENT_FRAME_BYTES, ModelConfig, Options, RunAgentInput,
};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use socketioxide::{SendError, SocketError, SocketIo};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub const PATH: &str = "/socket.io";

/// A session that joins no namespace is closed after this.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long a full buffer is left alone: the first time, and at most.
const WAIT: Duration = Duration::from_millis(20);
const MAX_WAIT: Duration = Duration::from_secs(2);

/// The layer that answers below [`PATH`].
pub fn layer(server: Server) -> SocketIoLayer {
    let ping = server.app().settings.limits.ping;
    let (layer, io) = SocketIo::builder()
        .req_path(PATH)
        .ping_interval(ping)
        .ping_timeout(ping)
        .connect_timeout(CONNECT_WITHIN)
        .max_payload(MAX_CLIENT_FRAME_BYTES as u64)
        .ws_max_message_size(MAX_CLIENT_FRAME_BYTES)
        .ws_max_frame_size(MAX_CLIENT_FRAME_BYTES)
        .build_layer();
    let stopping = server.clone();
    let connected = move |socket: SocketRef| {
        let server = stopping.clone();
        async move { connected(&server, socket).await }
    };
    let admit = move |socket: SocketRef| {
        let admitted = admit(&server, &socket);
        async move { admitted }
    };
    io.ns("/", connected.with(admit));
    layer
}

/// Puts the caller of every request below [`PATH`] where the socket finds them; runs before the layer.
pub async fn identify(State(server): State<Server>, request: Request, next: Next) -> Response {
    if !is_ours(request.uri()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut parts, &server).await {
        Ok(caller) => caller,
        Err(refusal) => return refusal.into_response(),
    };
    // a ticket is spent by the handshake; later requests of the session name it again
    let is_handshake = !query(&parts.uri).any(|(name, _)| name == "sid");
    let ticket = ticket(&parts.uri).filter(|_| is_handshake);
    match auth::with_ticket(&server, caller, ticket).await {
        Ok(caller) => parts.extensions.insert(caller),
        Err(refusal) => return refusal.into_response(),
    };
    next.run(Request::from_parts(parts, body)).await
}

fn is_ours(uri: &Uri) -> bool {
    uri.path()
        .strip_prefix(PATH)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn query(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
}

fn ticket(uri: &Uri) -> Option<&str> {
    query(uri).find_map(|(name, value)| (name == "ticket").then_some(value))
}

/// What belongs to one socket.
#[derive(Clone)]
struct Guest {
    caller: Caller,
    /// Of all that is followed for it.
    gone: CancellationToken,
    /// By turn: asking for the same again replaces the follower, so that no token comes twice.
    followed: Arc<Mutex<HashMap<TurnId, CancellationToken>>>,
    _counted: Arc<OpenSocket>,
}

/// Before the client hears that it is connected: the limits, and what it may say.
fn admit(server: &Server, socket: &SocketRef) -> Result<(), String> {
    let parts = socket.req_parts();
    let caller = parts.extensions.get::<Caller>().cloned();
    let caller = caller.ok_or("Sign in first.")?;
    let counted = server
        .counted(&caller)
        .map_err(|refusal| refusal.message().to_owned())?;
    let guest = Guest {
        caller,
        gone: CancellationToken::new(),
        followed: Arc::default(),
        _counted: Arc::new(counted),
    };
    socket.extensions.insert(guest);
    let server = server.clone();
    socket.on(
        "generate_query",
        move |socket: SocketRef, TryData::<Value>(query), ack: AckSender| {
            let server = server.clone();
            async move {
                if let Some(guest) = socket.extensions.get::<Guest>() {
                    let query = query.unwrap_or(Value::Null);
                    generate(&server, &guest, &socket, query, ack).await;
                }
            }
        },
    );
    socket.on_disconnect(|socket: SocketRef| async move {
        // with it go the followers, and the place among the open connections
        if let Some(guest) = socket.extensions.remove::<Guest>() {
            guest.gone.cancel();
        }
    });
    Ok(())
}

/// Sends it away when the server stops.
async fn connected(server: &Server, socket: SocketRef) {
    let guest = socket.extensions.get::<Guest>();
    let Some(gone) = guest.map(|guest| guest.gone.clone()) else {
        return;
    };
    let stopped = server.conversations.stopped();
    tokio::select! {
        () = gone.cancelled() => {}
        () = stopped.cancelled() => {
            // a socket that is gone already needs no word
            let _ = socket.disconnect();
        }
    }
}

/// What a client asks; members we do not know are ignored.
#[derive(Deserialize)]
struct GenerateQuery {
    #[serde(default)]
    query: String,
    /// A dataset.
    #[serde(default)]
    schema_group_id: Option<DatasetId>,
    /// To follow up; a new conversation when absent.
    #[serde(default)]
    conversation_id: Option<String>,
    /// Made by the client: the same one again attaches to the same turn.
    #[serde(default)]
    query_id: Option<String>,
    /// The last `seq` that came, when it attaches.
    #[serde(default)]
    after: Option<u64>,
    #[serde(default)]
    execute: Option<bool>,
    #[serde(default)]
    model_config: Option<ModelConfig>,
    /// The option chosen, when the previous turn of the conversation asked.
    #[serde(default)]
    choice: Option<String>,
}

async fn generate(
    server: &Server,
    guest: &Guest,
    socket: &SocketRef,
    query: Value,
    ack: AckSender,
) {
    let named = query["query_id"].as_str().map(str::to_owned);
    match begin(server, guest, query).await {
        Ok((follower, turn, conversation, names)) => {
            // a client that asked for no acknowledgement gets none
            let _ = ack.send(&json!({"query_id": names.0, "conversation_id": names.1}));
            let stop = guest.gone.child_token();
            if let Some(other) = guest.followed().insert(turn, stop.clone()) {
                other.cancel();
            }
            let telling = Telling {
                socket,
                query_id: names.0,
                conversation: conversation.to_string(),
                turn,
                stop: stop.clone(),
                told: HashMap::new(),
                stages: Vec::new(),
            };
            telling.tell(follower).await;
            if !stop.is_cancelled() {
                guest.followed().remove(&turn);
            }
        }
        Err(refusal) => {
            let body = refusal.for_socket(named.as_deref());
            let _ = ack.send(&json!({"error": body}));
            let patience = guest.gone.child_token();
            emit(socket, &patience, "query_error", &body).await;
        }
    }
}

/// Submits, and finds where to begin; with the ids as the client knows them.
async fn begin(
    server: &Server,
    guest: &Guest,
    query: Value,
) -> Result<(Follower, TurnId, ConversationId, (String, String)), ApiError> {
    let ByName(asked) = ByName::<GenerateQuery>::deserialize(query).map_err(|error| {
        ApiError::bad_request(format!(
            "generate_query takes {{query, schema_group_id, conversation_id?, query_id?}}: {error}."
        ))
    })?;
    let owner = &guest.caller.owner;
    let turn = match &asked.query_id {
        Some(name) => TurnId(id_of("turn", owner, name)),
        None => TurnId::new(),
    };
    let conversation_id = match &asked.conversation_id {
        Some(name) => ConversationId(id_of("conversation", owner, name)),
        // who comes back with the id of a query alone means the conversation that it is in
        None => match server.app().store.turn(owner, turn).await {
            Ok(turn) => turn.conversation_id,
            Err(crate::store::StoreError::NotFound) => ConversationId::new(),
            Err(error) => return Err(error.into()),
        },
    };
    let names = (
        asked.query_id.unwrap_or_else(|| turn.to_string()),
        asked
            .conversation_id
            .unwrap_or_else(|| conversation_id.to_string()),
    );
    let options = Options {
        dataset_id: asked.schema_group_id,
        model_config: asked.model_config,
        execute: asked.execute,
        ..Options::default()
    };
    let resume = match asked.choice {
        None => None,
        Some(choice) => Some(vec![
            super::rest::answer_to_pending(server, &guest.caller, conversation_id, turn, choice)
                .await?,
        ]),
    };
    let says_something = !asked.query.trim().is_empty() || resume.is_none();
    let input = RunAgentInput {
        thread_id: conversation_id,
        run_id: turn,
        messages: says_something
            .then(|| InputMessage {
                // one message to a turn, so that a repeated call is the same input
                id: MessageId(turn.0).to_string(),
                role: "user".to_owned(),
                content: Value::String(asked.query),
            })
            .into_iter()
            .collect(),
        forwarded_props: Some(json!({"qf": options})),
        resume,
    };
    let conversation = server.conversations.open(owner, conversation_id).await?;
    let tip = conversation.log().tip();
    let trace_id = uuid::Uuid::now_v7().simple().to_string();
    let accepted = server
        .conversations
        .submit(&conversation, input, trace_id, None)
        .await?;
    let follower = if accepted.started {
        Follower::started(&server.conversations, conversation, turn, tip)
    } else {
        Follower::attached(&server.conversations, conversation, turn, asked.after).await?
    };
    Ok((follower, turn, conversation_id, names))
}

impl Guest {
    fn followed(&self) -> std::sync::MutexGuard<'_, HashMap<TurnId, CancellationToken>> {
        // a panic while it was held leaves a map that is still right
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells one socket about one turn.
struct Telling<'a> {
    socket: &'a SocketRef,
    /// As the client named it.
    query_id: String,
    conversation: String,
    turn: TurnId,
    stop: CancellationToken,
    /// How many bytes were sent of each text that was sent from its beginning: of these a snapshot adds
    /// only what is new; the others it replaces.
    told: HashMap<String, usize>,
    /// Begun and not finished.
    stages: Vec<String>,
}

impl Telling<'_> {
    async fn tell(mut self, mut follower: Follower) {
        let stop = self.stop.clone();
        loop {
            let step = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                step = follower.next() => step,
            };
            let frames = match step {
                Ok(Step::Frames(frames)) => frames,
                Ok(Step::Ended | Step::Stopped) => return,
                Err(error) => {
                    let body = error.for_socket(Some(&self.query_id));
                    emit(self.socket, &self.stop, "query_error", &body).await;
                    return;
                }
            };
            for (event, body) in self.translated(&frames) {
                if !emit(self.socket, &self.stop, event, &body).await {
                    return;
                }
            }
        }
    }

    /// Events as this door has them; tokens of one text that came together go together.
    fn translated(&mut self, frames: &[Frame]) -> Vec<(&'static str, Value)> {
        let mut out: Vec<(&'static str, Value)> = Vec::new();
        for frame in frames {
            let Ok(event) = serde_json::from_slice::<Value>(&frame.bytes) else {
                continue;
            };
            for (name, mut body) in self.of_event(&event) {
                body["query_id"] = Value::from(self.query_id.as_str());
                if let Some(seq) = event["metadata"]["qf.seq"].as_u64() {
                    body["seq"] = Value::from(seq);
                }
                if name == "query_token"
                    && let Some((last_name, last)) = out.last_mut()
                    && *last_name == name
                    && last["message_id"] == body["message_id"]
                {
                    let delta = [&last["delta"], &body["delta"]]
                        .map(|delta| delta.as_str().unwrap_or_default())
                        .concat();
                    last["delta"] = Value::String(delta);
                    last["seq"] = body["seq"].take();
                } else {
                    out.push((name, body));
                }
            }
        }
        out
    }

    fn of_event(&mut self, event: &Value) -> Vec<(&'static str, Value)> {
        let text = |name: &str| event[name].as_str().unwrap_or_default();
        let qf = &event["metadata"]["qf"];
        match text("type") {
            "STEP_STARTED" => {
                let stage = text("stepName");
                // a snapshot names again what is open
                if self.stages.iter().any(|open| open == stage) {
                    return vec![];
                }
                self.stages.push(stage.to_owned());
                vec![(
                    "query_progress",
                    json!({"stage": stage, "status": "started", "attempt": qf["attempt"]}),
                )]
            }
            "STEP_FINISHED" => {
                let stage = text("stepName");
                self.stages.retain(|open| open != stage);
                vec![(
                    "query_progress",
                    json!({"stage": stage, "status": "finished", "attempt": qf["attempt"],
                           "ms": qf["ms"], "finding": qf["finding"]}),
                )]
            }
            "TEXT_MESSAGE_START" => {
                self.told.entry(text("messageId").to_owned()).or_insert(0);
                vec![]
            }
            "TEXT_MESSAGE_CONTENT" => {
                let (id, delta) = (text("messageId"), text("delta"));
                if let Some(told) = self.told.get_mut(id) {
                    *told += delta.len();
                }
                vec![("query_token", json!({"delta": delta, "message_id": id}))]
            }
            "MESSAGES_SNAPSHOT" => self.rest_of_texts(&event["messages"]),
            "RUN_FINISHED" => vec![("query_result", self.result(event))],
            "RUN_ERROR" => vec![(
                "query_error",
                json!({"code": text("code"), "message": text("message"),
                       "details": {"stage": qf["stage"]}, "trace_id": qf["traceId"],
                       "retryable": qf["retryable"]}),
            )],
            _ => vec![],
        }
    }

    /// What a snapshot has of this turn's texts beyond what was sent.
    fn rest_of_texts(&mut self, messages: &Value) -> Vec<(&'static str, Value)> {
        let own = format!("{}-", self.turn);
        let mut out = Vec::new();
        for message in messages.as_array().into_iter().flatten() {
            let id = message["id"].as_str().unwrap_or_default();
            let content = message["content"].as_str().unwrap_or_default();
            if message["role"] != "assistant" || !id.starts_with(&own) {
                continue;
            }
            let told = self.told.insert(id.to_owned(), content.len());
            let new = content.get(told.unwrap_or(0)..).unwrap_or_default();
            if new.is_empty() {
                continue;
            }
            let mut body = json!({"delta": new, "message_id": id});
            if told.is_none() {
                body["replaces"] = Value::Bool(true);
            }
            out.push(("query_token", body));
        }
        out
    }

    fn result(&self, event: &Value) -> Value {
        let result = &event["result"];
        let mut body = json!({
            "conversation_id": self.conversation,
            "status": match event["outcome"]["type"].as_str() {
                Some("interrupt") => "clarification",
                Some("cancelled") => "cancelled",
                _ => "success",
            },
            "query": result["query"],
            "confidence": result["confidence"],
            "row_count": result["rowCount"],
            "result_id": result["resultId"],
            "dialect": result["dialect"],
            "trust": result["trust"],
            "answer": result["answer"],
        });
        if let Some(interrupt) = event["outcome"]["interrupts"].get(0) {
            body["clarification"] = json!({
                "message": interrupt["message"],
                "options": interrupt["responseSchema"]["properties"]["choice"]["enum"],
            });
        }
        body
    }
}

/// Waits while the socket's buffer is full; `false` when nobody is there any more.
///
/// The pause doubles, so that a slow client's buffer gets room again: a full one at the moment of a
/// heartbeat would end the session.
async fn emit(socket: &SocketRef, stop: &CancellationToken, event: &str, body: &Value) -> bool {
    let mut pause = WAIT;
    loop {
        match socket.emit(event, body) {
            Ok(()) => return true,
            Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                tokio::select! {
                    () = stop.cancelled() => return false,
                    () = tokio::time::sleep(pause) => pause = (pause * 2).min(MAX_WAIT),
                }
            }
            Err(_) => return false,
        }
    }
}

impl ApiError {
    fn for_socket(self, query_id: Option<&str>) -> Value {
        let mut body = json!({"query_id": query_id, "code": self.code(), "message": self.message(),
                              "details": {}, "trace_id": self.trace_id()});
        if let Some(wait_ms) = self.retry_after_ms() {
            body["retry_after_ms"] = Value::from(wait_ms);
        }
        body
    }
}
