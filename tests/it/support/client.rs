//! A client of the WebSocket that keeps what a browser would: a cursor, and the frames it saw.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

use super::server::TestServer;

/// No frame may take longer: a test that waits for ever says nothing.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub conversation: Uuid,
    /// Every frame as it came, pings left out.
    pub frames: Vec<String>,
    /// The last sequence number seen.
    pub cursor: Option<u64>,
}

impl Client {
    pub async fn open(server: &TestServer, conversation: Uuid) -> Self {
        Self::connect(server, conversation, None).await
    }

    /// Comes back with a cursor.
    pub async fn resume(server: &TestServer, conversation: Uuid, after: u64) -> Self {
        Self::connect(server, conversation, Some(after.to_string())).await
    }

    pub async fn connect(server: &TestServer, conversation: Uuid, after: Option<String>) -> Self {
        Self::at(server.address, conversation, after).await
    }

    pub async fn at(address: SocketAddr, conversation: Uuid, after: Option<String>) -> Self {
        let query = after.map_or_else(String::new, |after| format!("?after={after}"));
        let url = format!("ws://{address}/ws/{conversation}{query}");
        let mut request = url.into_client_request().expect("a URL");
        request.headers_mut().insert(
            "sec-websocket-protocol",
            "ag-ui.v1".parse().expect("a value"),
        );
        let (socket, response) = tokio_tungstenite::connect_async(request)
            .await
            .expect("the socket opens");
        assert_eq!(
            response
                .headers()
                .get("sec-websocket-protocol")
                .map(|value| value.as_bytes()),
            Some(&b"ag-ui.v1"[..])
        );
        Self {
            socket,
            conversation,
            frames: Vec::new(),
            cursor: None,
        }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: String) {
        self.send_message(Message::text(text)).await;
    }

    pub async fn send_message(&mut self, message: Message) {
        self.socket
            .send(message)
            .await
            .expect("the socket takes it");
    }

    /// Submits a question; its run id.
    pub async fn submit(&mut self, dataset: &str, question: &str) -> Uuid {
        let run = Uuid::now_v7();
        self.send(submit(self.conversation, run, dataset, question))
            .await;
        run
    }

    /// The next frame that is not a ping; `None` when the socket is closed.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame within 30 s");
            let text = match message? {
                Ok(Message::Text(text)) => text,
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => continue,
            };
            let event: Value = serde_json::from_str(&text).expect("frames are JSON");
            if event["type"] == "ping" {
                continue;
            }
            if let Some(seq) = event["metadata"]["qf.seq"].as_u64() {
                if let Some(cursor) = self.cursor {
                    assert!(seq >= cursor, "{seq} came after {cursor}");
                }
                self.cursor = Some(seq);
            }
            self.frames.push(text.to_string());
            return Some(event);
        }
    }

    /// The close code, after whatever came before it.
    pub async fn closed(mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a close within 30 s")?;
            match message {
                Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Reads to the terminal event of the turn, which is returned last.
    pub async fn until_terminal(&mut self) -> Vec<Value> {
        self.until(|event| {
            matches!(
                event["type"].as_str(),
                Some("RUN_FINISHED" | "RUN_ERROR" | "error")
            )
        })
        .await
    }

    pub async fn until(&mut self, last: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.expect("the socket stays open");
            let done = last(&event);
            let ended = matches!(event["type"].as_str(), Some("RUN_FINISHED" | "RUN_ERROR"));
            events.push(event);
            if done {
                return events;
            }
            assert!(
                !ended,
                "the turn ended before that:\n{}",
                transcript(&events)
            );
        }
    }
}

pub fn submit(conversation: Uuid, run: Uuid, dataset: &str, question: &str) -> Value {
    json!({
        "threadId": conversation,
        "runId": run,
        "protocolVersion": "1.0",
        "messages": [{"id": run.to_string(), "role": "user", "content": question}],
        "tools": [],
        "context": [],
        "forwardedProps": {"qf": {"datasetId": dataset}},
    })
}

/// A transcript: one line per event, ids and times left out.
pub fn transcript(events: &[Value]) -> String {
    let mut lines = Vec::new();
    let mut text = String::new();
    for event in events {
        let kind = event["type"].as_str().unwrap_or("?");
        let qf = &event["metadata"]["qf"];
        if kind == "TEXT_MESSAGE_CONTENT" {
            text.push_str(event["delta"].as_str().unwrap_or_default());
            continue;
        }
        if !text.is_empty() {
            lines.push(format!(
                "  text {}",
                std::mem::take(&mut text).replace('\n', " ")
            ));
        }
        lines.push(match kind {
            "STEP_STARTED" => format!("{kind} {} {}", event["stepName"], qf["attempt"]),
            "STEP_FINISHED" => format!(
                "{kind} {} {} {}",
                event["stepName"],
                qf["attempt"],
                without_times(qf["finding"].as_str().unwrap_or_default())
            ),
            "TEXT_MESSAGE_START" => format!("{kind} {}", qf["kind"]),
            "ACTIVITY_SNAPSHOT" => format!(
                "{kind} {} rows {}",
                event["content"]["rowCount"], event["content"]["rows"][0]
            ),
            "RUN_FINISHED" => match event["outcome"]["type"].as_str() {
                Some("interrupt") => format!(
                    "{kind} interrupt {} {}",
                    event["outcome"]["interrupts"][0]["message"],
                    event["outcome"]["interrupts"][0]["responseSchema"]["properties"]["choice"]["enum"]
                ),
                outcome => format!(
                    "{kind} {} {} {}",
                    outcome.unwrap_or("?"),
                    event["result"]["kind"],
                    event["result"]["trust"]
                ),
            },
            "RUN_ERROR" => format!("{kind} {} {}", event["code"], event["message"]),
            "error" => format!("{kind} {}", event["code"]),
            _ => kind.to_owned(),
        });
    }
    lines.join("\n")
}

fn without_times(finding: &str) -> String {
    let mut words: Vec<&str> = finding.split(' ').collect();
    for at in 1..words.len() {
        if words[at].starts_with("ms") && words[at - 1].parse::<u64>().is_ok() {
            words[at - 1] = "[n]";
        }
    }
    words.join(" ")
}
