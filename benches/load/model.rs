//! An OpenAI-compatible model that does as the question says: `pace=<µs> tokens=<n>`.
//!
//! Its tokens are times: each says when it was sent, in microseconds since 1970. Without a pace they come as fast
//! as they are taken. The query they make is valid, and finds nothing.

use super::socket::now_us;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures::stream;
use serde_json::Value;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

pub const MODEL: &str = "scripted";

/// On a thread of its own, until the process ends.
pub fn start() -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let _ = sender.send(listener.local_addr().expect("bound"));
                let router = Router::new().route("/v1/chat/completions", post(answer));
                let listener = queryforge::server::without_delay(listener);
                axum::serve(listener, router).await.expect("it serves");
            });
    });
    receiver.recv().expect("the model's thread lives")
}

/// What a question asks of the model; words that the server's own rules do not read as anything else.
pub fn question(pace: Duration, tokens: u64) -> String {
    format!(
        "List the orders [pace={} tokens={tokens}]",
        pace.as_micros()
    )
}

async fn answer(body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let asked = request["messages"]
        .as_array()
        .and_then(|messages| messages.last())
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default();
    // the newest question comes last
    let number = |name: &str| -> u64 {
        asked
            .rsplit_once(name)
            .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next())
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    };
    let (pace, tokens) = (
        Duration::from_micros(number("[pace=")),
        number("tokens=").max(1),
    );
    let began = Instant::now();
    let body = stream::unfold(0_u64, move |at| async move {
        let piece = match at {
            0 => event("```sql\nselect * from orders where order_id in (0"),
            at if at <= tokens => {
                if !pace.is_zero() {
                    tokio::time::sleep_until(began + pace * (at as u32)).await;
                }
                event(&format!(", {}", now_us()))
            }
            at if at == tokens + 1 => event(")\n```\nExplanation: as asked.\nConfidence: 0.95\n"),
            at if at == tokens + 2 => last(tokens),
            _ => return None,
        };
        Some((Ok::<_, Infallible>(piece), at + 1))
    });
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(body),
    )
        .into_response()
}

fn event(token: &str) -> Bytes {
    let token = Value::from(token);
    Bytes::from(format!(
        "data: {{\"id\":\"chatcmpl-0\",\"object\":\"chat.completion.chunk\",\"model\":\"{MODEL}\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{token}}},\"finish_reason\":null}}]}}\n\n"
    ))
}

fn last(tokens: u64) -> Bytes {
    Bytes::from(format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n\
         data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":1000,\"completion_tokens\":{tokens},\"total_tokens\":{}}}}}\n\n\
         data: [DONE]\n\n",
        1000 + tokens
    ))
}
