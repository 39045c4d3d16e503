//! The client's end of a socket, with small buffers: there are ten thousand of them.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use uuid::Uuid;

/// A measurement that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// The last sequence number.
    pub cursor: Option<u64>,
}

/// Why a socket has no next frame.
#[derive(Debug)]
pub struct Closed;

impl Socket {
    pub async fn open(address: SocketAddr, path: &str) -> Result<Self, String> {
        let request = format!("ws://{address}{path}")
            .into_client_request()
            .expect("a URL");
        let config = WebSocketConfig::default()
            .read_buffer_size(4096)
            .write_buffer_size(0);
        let opening = async {
            let connection = TcpStream::connect(address)
                .await
                .map_err(|error| error.to_string())?;
            let _ = connection.set_nodelay(true);
            let (stream, _) =
                tokio_tungstenite::client_async_with_config(request, connection, Some(config))
                    .await
                    .map_err(|error| error.to_string())?;
            Ok(Self {
                stream,
                cursor: None,
            })
        };
        match tokio::time::timeout(PATIENCE, opening).await {
            Ok(opened) => opened,
            Err(_) => Err("no answer".to_owned()),
        }
    }

    pub async fn send(&mut self, text: impl Into<Utf8Bytes>) -> Result<(), Closed> {
        let sending = self.stream.send(Message::Text(text.into()));
        sending.await.map_err(|_| Closed)
    }

    /// The next frame of text that is no ping.
    pub async fn next(&mut self) -> Result<Utf8Bytes, Closed> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match next.expect("a frame within the time a measurement has") {
                Some(Ok(Message::Text(text))) if text.as_str() == r#"{"type":"ping"}"# => {}
                Some(Ok(Message::Text(text))) => {
                    if let Some(seq) = sequence(&text) {
                        self.cursor = Some(seq);
                    }
                    return Ok(text);
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Closed),
                Some(Ok(_)) => {}
            }
        }
    }

    /// Waits for the end of a turn; its terminal event or its refusal.
    pub async fn ended(&mut self) -> Result<Utf8Bytes, Closed> {
        loop {
            let frame = self.next().await?;
            if ["RUN_FINISHED", "RUN_ERROR", "error"]
                .iter()
                .any(|kind| is_kind(&frame, kind))
            {
                return Ok(frame);
            }
        }
    }
}

fn sequence(frame: &str) -> Option<u64> {
    let (_, rest) = frame.rsplit_once(r#""qf.seq":"#)?;
    rest.split(|c: char| !c.is_ascii_digit())
        .next()
        .and_then(|seq| seq.parse().ok())
}

pub fn is_kind(frame: &str, kind: &str) -> bool {
    frame
        .strip_prefix(r#"{"type":""#)
        .and_then(|rest| rest.strip_prefix(kind))
        .is_some_and(|rest| rest.starts_with('"'))
}

/// A question as the browser app would send it.
pub fn submit(conversation: Uuid, dataset: &str, question: &str) -> String {
    let run = Uuid::now_v7();
    json!({
        "threadId": conversation,
        "runId": run,
        "protocolVersion": "1.0",
        "messages": [{"id": run, "role": "user", "content": question}],
        "tools": [],
        "context": [],
        "forwardedProps": {"qf": {"datasetId": dataset}},
    })
    .to_string()
}

/// The text of a TEXT_MESSAGE_CONTENT.
pub fn delta(frame: &str) -> String {
    let event: Value = serde_json::from_str(frame).expect("frames are JSON");
    event["delta"].as_str().unwrap_or_default().to_owned()
}

/// Microseconds since 1970: what the model writes into its tokens, and the same clock here.
pub fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.expect("it is later than 1970").as_micros() as u64
}

/// Stamps in a text: numbers of sixteen digits.
pub fn stamps(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 16)
        .filter_map(|digits| digits.parse().ok())
}
