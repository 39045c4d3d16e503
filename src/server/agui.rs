//! AG-UI over HTTP: a `RunAgentInput` is posted, its events come back as `text/event-stream`.
//!
//! The events are the WebSocket's, byte for byte, and `id:` is their sequence number. Whoever loses the
//! connection posts the same input again with `Last-Event-ID`, or joins with `GET ?runId=`. Hanging up
//! cancels nothing; `POST /api/v1/turns/{id}/cancel` does.

use super::extract::{Body, Query};
use super::follow::{Follower, Step};
use super::{ApiError, Server, auth};
use crate::access::Caller;
use crate::conversation::{Frame, OpenSocket, Refusal};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{BadFrame, RefusalCode, RunAgentInput, WireMessage};
use axum::Json;
use axum::body::Body as ResponseBody;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Messages that are shown to whoever comes back.
const SHOWN_MESSAGES: i64 = 200;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(run, join))
}

/// Starts a turn, or attaches to it when the same input came before, and streams its events.
///
/// The body is AG-UI's `RunAgentInput`; with `Last-Event-ID` the stream goes on after that event. The
/// stream ends after the turn's terminal event. A refusal is an ordinary error.
#[utoipa::path(post, path = "/agui", request_body = Object,
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event that was received.")),
    responses((status = OK, description = "AG-UI events", content_type = "text/event-stream", body = String),
              (status = "4XX", body = super::error::ErrorBody)))]
async fn run(
    State(server): State<Server>,
    caller: Caller,
    headers: HeaderMap,
    Body(input): Body<Value>,
) -> Result<Response, ApiError> {
    let after = last_event_id(&headers)?;
    let input = named(&caller.owner, input)?;
    let turn = input.run_id;
    let counted = server.counted(&caller)?;
    let conversation = server
        .conversations
        .open(&caller.owner, input.thread_id)
        .await?;
    let tip = conversation.log().tip();
    let trace_id = Uuid::now_v7().simple().to_string();
    let accepted = server
        .conversations
        .submit(&conversation, input, trace_id, None)
        .await?;
    let follower = if accepted.started && after.is_none() {
        Follower::started(&server.conversations, conversation, turn, tip)
    } else {
        Follower::attached(&server.conversations, conversation, turn, after).await?
    };
    Ok(stream(&server, follower, counted))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
struct Joining {
    /// The turn to follow.
    run_id: Option<String>,
    /// Or the conversation, whose newest turn is followed.
    thread_id: Option<String>,
    /// The last event that was received; -1 for all.
    offset: Option<String>,
    /// Instead of a cookie or a header.
    ticket: Option<String>,
}

/// Follows a turn that was begun elsewhere; nothing is started.
///
/// With `threadId` and `Accept: application/json` it tells the messages so far and which turn is running.
#[utoipa::path(get, path = "/agui", params(Joining),
    responses((status = OK, description = "AG-UI events", content_type = "text/event-stream", body = String),
              (status = "4XX", body = super::error::ErrorBody)))]
async fn join(
    State(server): State<Server>,
    caller: Caller,
    headers: HeaderMap,
    Query(joining): Query<Joining>,
) -> Result<Response, ApiError> {
    let caller = auth::with_ticket(&server, caller, joining.ticket.as_deref()).await?;
    let after = match last_event_id(&headers)? {
        Some(after) => Some(after),
        None => offset(joining.offset.as_deref())?,
    };
    let store = &server.app().store;
    let (conversation, turn) = match (&joining.run_id, &joining.thread_id) {
        (Some(run), _) => {
            let turn = store
                .turn(&caller.owner, TurnId(id_of("turn", &caller.owner, run)))
                .await?;
            (turn.conversation_id, Some(turn.turn_id))
        }
        (None, Some(thread)) => {
            let id = ConversationId(id_of("conversation", &caller.owner, thread));
            if wants_json(&headers) {
                return told(&server, &caller, id).await;
            }
            store.conversation(&caller.owner, id).await?;
            let newest = store.recent_turns(&caller.owner, id, 1).await?;
            (id, newest.last().map(|turn| turn.turn_id))
        }
        (None, None) => {
            return Err(ApiError::bad_request(
                "Name what to follow: ?runId= for a turn, or ?threadId= for a conversation.",
            ));
        }
    };
    let conversation = server
        .conversations
        .open(&caller.owner, conversation)
        .await?;
    let turn = conversation
        .log()
        .running_turn()
        .filter(|_| joining.run_id.is_none())
        .or(turn)
        .ok_or_else(|| ApiError::not_found("turn: nothing was asked in this conversation yet"))?;
    let counted = server.counted(&caller)?;
    let follower = Follower::attached(&server.conversations, conversation, turn, after).await?;
    Ok(stream(&server, follower, counted))
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"))
}

/// The conversation as a reloaded page needs it: its texts, and the turn to join if one is running.
async fn told(server: &Server, caller: &Caller, id: ConversationId) -> Result<Response, ApiError> {
    let store = &server.app().store;
    let messages = match store.conversation(&caller.owner, id).await {
        Ok(_) => store.messages(id, SHOWN_MESSAGES).await?,
        // one that nobody has asked anything in
        Err(crate::store::StoreError::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let messages: Vec<Value> = messages
        .iter()
        .filter_map(|message| match message {
            WireMessage::User { id, content } => Some(("user", id, content)),
            WireMessage::Assistant { id, content, .. } => Some(("assistant", id, content)),
            WireMessage::Activity { .. } => None,
        })
        .map(|(role, id, content)| {
            json!({"id": id, "role": role, "parts": [{"type": "text", "content": content}]})
        })
        .collect();
    let running = server
        .conversations
        .open(&caller.owner, id)
        .await?
        .log()
        .running_turn();
    let active = running.map(|turn| json!({"runId": turn}));
    Ok(Json(json!({"messages": messages, "activeRun": active})).into_response())
}

impl Server {
    /// Counts one more open connection of the person.
    pub(super) fn counted(&self, caller: &Caller) -> Result<OpenSocket, ApiError> {
        self.conversations.socket(&caller.owner).ok_or_else(|| {
            Refusal {
                retry_after_ms: Some(5000),
                ..Refusal::new(
                    RefusalCode::RateLimited,
                    "Too many open connections. Close another tab first.",
                )
            }
            .into()
        })
    }
}

// ------------------------------------------------------------------------- names

/// The input, with UUIDs for the names its client chose.
///
/// AG-UI's ids are any text, ours are UUIDs: another name always stands for the same UUID of its person.
fn named(owner: &str, mut input: Value) -> Result<RunAgentInput, ApiError> {
    for (member, kind) in [("threadId", "conversation"), ("runId", "turn")] {
        if let Some(Value::String(name)) = input.get(member) {
            let id = id_of(kind, owner, name);
            input[member] = Value::String(id.to_string());
        }
    }
    RunAgentInput::decode(input).map_err(|error: BadFrame| Refusal::from(error).into())
}

pub(super) fn id_of(kind: &str, owner: &str, name: &str) -> Uuid {
    name.parse().unwrap_or_else(|_| {
        let digest = Sha256::digest(json!([kind, owner, name]).to_string());
        let bytes = std::array::from_fn(|at| digest[at]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    })
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    headers
        .get("last-event-id")
        .map_or(Ok(None), |value| offset(value.to_str().ok()))
}

/// A cursor that is no number is one we never gave out: as if there was none, it begins anew.
fn offset(text: Option<&str>) -> Result<Option<u64>, ApiError> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some("-1") => Ok(Some(0)),
        Some(text) if text.starts_with('-') => Err(ApiError::bad_request(
            "An event's number is 0 or more; -1 asks for all of them.",
        )),
        Some(text) if text.len() <= 40 => Ok(Some(text.parse().unwrap_or(u64::MAX))),
        Some(_) => Err(ApiError::bad_request(
            "This is no event's number: it is what stood behind `id:` in the stream.",
        )),
    }
}

// ------------------------------------------------------------------------ the stream

struct Streaming {
    follower: Follower,
    keep_alive: Duration,
    _counted: OpenSocket,
}

fn stream(server: &Server, follower: Follower, counted: OpenSocket) -> Response {
    let streaming = Streaming {
        follower,
        keep_alive: server.app().settings.limits.silence(),
        _counted: counted,
    };
    let body = futures::stream::unfold(streaming, |mut streaming| async move {
        let step = tokio::time::timeout(streaming.keep_alive, streaming.follower.next()).await;
        let bytes = match step {
            Err(_) => Bytes::from_static(b": keep-alive\n\n"),
            Ok(Ok(Step::Frames(frames))) => encoded(&frames),
            // without a terminal event, so that the client comes back
            Ok(Ok(Step::Ended | Step::Stopped)) => return None,
            Ok(Err(_)) => return None,
        };
        Some((Ok::<_, std::convert::Infallible>(bytes), streaming))
    });
    let mut response = Response::new(ResponseBody::from_stream(body));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache, no-transform"),
        // nginx would collect the stream otherwise
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Frames as the event stream has them. A frame of a snapshot that is not its last has no number.
fn encoded(frames: &[Frame]) -> Bytes {
    let size = frames.iter().map(|frame| frame.bytes.len() + 40).sum();
    let mut text = BytesMut::with_capacity(size);
    for frame in frames {
        if frame.seq > 0 {
            text.put_slice(b"id: ");
            text.put_slice(frame.seq.to_string().as_bytes());
            text.put_u8(b'\n');
        }
        text.put_slice(b"data: ");
        // JSON has no line breaks of its own
        text.put_slice(&frame.bytes);
        text.put_slice(b"\n\n");
    }
    text.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_an_id_and_always_the_same_one() {
        let own = Uuid::now_v7();
        assert_eq!(id_of("turn", "ann", &own.to_string()), own);
        let named = id_of("turn", "ann", "run-1");
        assert_eq!(id_of("turn", "ann", "run-1"), named);
        for (kind, owner, name) in [
            ("turn", "ann", "run-2"),
            ("turn", "bob", "run-1"),
            ("conversation", "ann", "run-1"),
        ] {
            assert_ne!(id_of(kind, owner, name), named, "{kind} {owner} {name}");
        }
    }

    #[test]
    fn a_frame_is_an_event_with_its_number() {
        let frame = |seq, text: &'static str| Frame {
            seq,
            bytes: Bytes::from_static(text.as_bytes()),
        };
        assert_eq!(
            encoded(&[frame(0, "{}"), frame(7, "[1]")]),
            "data: {}\n\nid: 7\ndata: [1]\n\n"
        );
    }

    #[test]
    fn cursors_that_were_never_given_out_are_not_errors() {
        for (text, cursor) in [
            (None, None),
            (Some(""), None),
            (Some("-1"), Some(0)),
            (Some("12"), Some(12)),
            (Some("18446744073709551616"), Some(u64::MAX)),
            (Some("x"), Some(u64::MAX)),
        ] {
            assert_eq!(offset(text).expect("a cursor"), cursor, "{text:?}");
        }
        assert!(offset(Some(&"9".repeat(100))).is_err());
        assert!(offset(Some("-5")).is_err(), "no event has such a number");
    }
}
