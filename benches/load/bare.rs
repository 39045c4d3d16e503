//! What it is compared with: an axum server that relays a model's tokens and does nothing else, in a process of
//! its own.
//!
//! It coalesces as ours does (33 ms or a kilobyte), has the same buffers, and reads the model with the same
//! client. It keeps nothing, checks nothing, and nobody can come back to it.

use super::model::MODEL;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use futures::StreamExt;
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::{ChatModel, ChatRequest, Chunk, Message as Said, Role};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

pub const VERB: &str = "serve-bare";

/// The address of its model is in the environment; its own is the one line that it says.
pub fn serve() {
    queryforge::llm::install_crypto();
    let model = std::env::var("BARE_MODEL").expect("the address of the model");
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            let model = OpenAi::new(OpenAiSettings::new(model, MODEL)).expect("a valid URL");
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("bound");
            println!("bare is at http://{address}");
            let router = Router::new()
                .route("/ws/{conversation}", get(upgrade))
                .with_state(Arc::new(model));
            axum::serve(queryforge::server::without_delay(listener), router)
                .await
                .expect("it serves");
        });
}

async fn upgrade(
    State(model): State<Arc<OpenAi>>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    upgrade
        .read_buffer_size(4096)
        .write_buffer_size(16 * 1024)
        .on_upgrade(move |socket| async move {
            // a client that has what it wanted goes away
            let _ = relay(socket, &model).await;
        })
}

async fn relay(mut socket: WebSocket, model: &OpenAi) -> Result<(), axum::Error> {
    while let Some(Ok(Message::Text(question))) = socket.next().await {
        let request = ChatRequest {
            messages: vec![Said {
                role: Role::User,
                content: question.to_string(),
                tool_calls: Vec::new(),
                tool_call_id: None,
            }],
            ..ChatRequest::default()
        };
        let mut tokens = model.stream(request).await.expect("the model answers");
        let mut pending = String::new();
        let mut sent: Option<Instant> = None;
        loop {
            let due = async {
                match sent {
                    Some(sent) if !pending.is_empty() => {
                        tokio::time::sleep(WINDOW.saturating_sub(sent.elapsed())).await;
                    }
                    _ => std::future::pending().await,
                }
            };
            let ended = tokio::select! {
                biased;
                chunk = tokens.next() => match chunk {
                    Some(Ok(Chunk::Text(token))) => {
                        pending.push_str(&token);
                        if pending.len() < 1024 && sent.is_some_and(|sent| sent.elapsed() < WINDOW) {
                            continue;
                        }
                        false
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => panic!("the model's stream broke: {error}"),
                    None => true,
                },
                () = due => false,
            };
            if !pending.is_empty() {
                sent = Some(Instant::now());
                socket
                    .send(Message::text(std::mem::take(&mut pending)))
                    .await?;
            }
            if ended {
                break;
            }
        }
        // it is said
        socket.send(Message::text("")).await?;
    }
    Ok(())
}

pub const WINDOW: Duration = Duration::from_millis(33);
