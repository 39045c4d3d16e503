//! An event stream over HTTP, read event by event.

use super::server::TestServer;
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::Value;
use std::time::Duration;

/// No event may take longer: a test that waits for ever says nothing.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct EventStream {
    pieces: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    buffer: String,
    /// What stood behind `data:`, in order.
    pub frames: Vec<String>,
    /// The last `id:`.
    pub cursor: Option<u64>,
    /// Comments that came, which keep the connection alive.
    pub comments: usize,
}

impl EventStream {
    /// The stream, or the status and the body of a refusal.
    pub async fn post(
        server: &TestServer,
        input: &Value,
        after: Option<u64>,
    ) -> Result<Self, (u16, Value)> {
        let mut request = reqwest::Client::new()
            .post(server.url("/api/v1/agui"))
            .json(input);
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        Self::of(request).await
    }

    pub async fn get(server: &TestServer, query: &str) -> Result<Self, (u16, Value)> {
        Self::of(reqwest::Client::new().get(server.url(&format!("/api/v1/agui?{query}")))).await
    }

    async fn of(request: reqwest::RequestBuilder) -> Result<Self, (u16, Value)> {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        if status != 200 {
            return Err((status, response.json().await.expect("refusals are JSON")));
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Ok(Self {
            pieces: response.bytes_stream().boxed(),
            buffer: String::new(),
            frames: Vec::new(),
            cursor: None,
            comments: 0,
        })
    }

    /// Reads, events and all, until a comment comes.
    pub async fn until_comment(&mut self) {
        let before = self.comments;
        while self.comments == before {
            while self.take_event().is_some() {}
            self.take_piece().await.expect("the stream goes on");
        }
    }

    /// The next event; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(event) = self.take_event() {
                return Some(event);
            }
            self.take_piece().await?;
        }
    }

    async fn take_piece(&mut self) -> Option<()> {
        let piece = tokio::time::timeout(PATIENCE, self.pieces.next())
            .await
            .expect("something within 30 s")?;
        let piece = piece.expect("the connection stays");
        self.buffer
            .push_str(std::str::from_utf8(&piece).expect("the tests' events are ASCII"));
        Some(())
    }

    fn take_event(&mut self) -> Option<Value> {
        while let Some(end) = self.buffer.find("\n\n") {
            let event: String = self.buffer.drain(..end + 2).collect();
            let mut data = None;
            for line in event.lines() {
                if let Some(id) = line.strip_prefix("id: ") {
                    self.cursor = Some(id.parse().expect("a number"));
                } else if let Some(text) = line.strip_prefix("data: ") {
                    data = Some(text.to_owned());
                } else if line.starts_with(':') {
                    self.comments += 1;
                }
            }
            if let Some(data) = data {
                let event = serde_json::from_str(&data).expect("events are JSON");
                self.frames.push(data);
                return Some(event);
            }
        }
        None
    }

    pub async fn until(&mut self, last: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            let done = last(&event);
            events.push(event);
            if done {
                return events;
            }
        }
    }

    /// All that is left.
    pub async fn rest(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}
