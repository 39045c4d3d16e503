//! An OpenAI-compatible model that answers at once, with the same words to everybody.

use super::thread::on_own_thread;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures::stream;
use serde_json::json;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

pub const MODEL: &str = "scripted";

pub struct ScriptedModel {
    address: SocketAddr,
    /// One server-sent event each.
    reply: Reply,
    /// Before its first event.
    delay: Delay,
}

type Delay = Arc<Mutex<Duration>>;

type Reply = Arc<Mutex<Arc<Vec<Bytes>>>>;

impl ScriptedModel {
    pub fn start() -> Self {
        let reply = Reply::default();
        let delay = Delay::default();
        let said = (reply.clone(), delay.clone());
        let (address, _) = on_own_thread("model", || async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("bound");
            let router = Router::new()
                .route("/v1/chat/completions", post(answer))
                .with_state(said);
            tokio::spawn(async { axum::serve(listener, router).await });
            address
        });
        Self {
            address,
            reply,
            delay,
        }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// From now on every reply begins so late.
    #[allow(dead_code, reason = "not every bench has a slow model")]
    pub fn after(&self, delay: Duration) {
        *self.delay.lock().expect("nothing panics with it") = delay;
    }

    /// From now on every call is answered with these tokens, an event for each.
    pub fn say<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) {
        let event = |choices, usage| {
            let chunk = json!({"id": "chatcmpl-0123456789abcdefghijklmnopqrs", "object": "chat.completion.chunk",
                "created": 1_760_000_000, "model": MODEL, "choices": choices, "usage": usage});
            Bytes::from(format!("data: {chunk}\n\n"))
        };
        let none = serde_json::Value::Null;
        let mut events: Vec<Bytes> = tokens
            .into_iter()
            .map(|token| {
                event(
                    json!([{"index": 0, "delta": {"content": token}, "finish_reason": none}]),
                    none.clone(),
                )
            })
            .collect();
        let count = events.len();
        events.push(event(
            json!([{"index": 0, "delta": {}, "finish_reason": "stop"}]),
            none.clone(),
        ));
        events.push(event(
            json!([]),
            json!({"prompt_tokens": 1000, "completion_tokens": count, "total_tokens": 1000 + count}),
        ));
        events.push(Bytes::from_static(b"data: [DONE]\n\n"));
        *self.reply.lock().expect("nothing panics with it") = Arc::new(events);
    }
}

async fn answer(State((reply, delay)): State<(Reply, Delay)>, _request: Bytes) -> Response {
    let delay = *delay.lock().expect("nothing panics with it");
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let events = reply.lock().expect("nothing panics with it").clone();
    let count = events.len();
    let body = stream::iter((0..count).map(move |at| Ok::<_, Infallible>(events[at].clone())));
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(body),
    )
        .into_response()
}
