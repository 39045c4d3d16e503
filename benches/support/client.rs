//! A client that reads text frames and does as little else as it can.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

/// A measurement that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    pub async fn open(address: SocketAddr, path: &str) -> Self {
        let request = format!("ws://{address}{path}")
            .into_client_request()
            .expect("a URL");
        let (socket, _) = tokio_tungstenite::connect_async(request)
            .await
            .expect("the socket opens");
        Self { socket }
    }

    pub async fn send(&mut self, text: impl Into<Utf8Bytes>) {
        let message = Message::Text(text.into());
        self.socket
            .send(message)
            .await
            .expect("the socket takes it");
    }

    pub async fn next(&mut self) -> Utf8Bytes {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame within the time a measurement has");
            match message
                .expect("the socket stays open")
                .expect("it does not break")
            {
                Message::Text(text) => return text,
                Message::Close(frame) => panic!("the server closed: {frame:?}"),
                _ => {}
            }
        }
    }
}

/// A question as the browser app would send it.
pub fn submit(conversation: Uuid, dataset: &str, question: &str, provider: Option<&str>) -> String {
    let run = Uuid::now_v7();
    let mut qf = json!({"datasetId": dataset});
    if let Some(provider) = provider {
        qf["modelConfig"] = json!({"provider": provider});
    }
    json!({
        "threadId": conversation,
        "runId": run,
        "protocolVersion": "1.0",
        "messages": [{"id": run, "role": "user", "content": question}],
        "tools": [],
        "context": [],
        "forwardedProps": {"qf": qf},
    })
    .to_string()
}

pub fn is_kind(frame: &str, kind: &str) -> bool {
    frame
        .strip_prefix(r#"{"type":""#)
        .and_then(|rest| rest.strip_prefix(kind))
        .is_some_and(|rest| rest.starts_with('"'))
}

/// Of an event that must not be a refusal.
pub fn decode(frame: &str) -> Value {
    let event: Value = serde_json::from_str(frame).expect("frames are JSON");
    assert_ne!(event["type"], "error", "refused: {frame}");
    event
}
