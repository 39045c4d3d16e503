//! A browser's tab as the wire sees it: it comes back after every loss, with its cursor, to whichever process is
//! there, and keeps every frame it was ever shown.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

/// A question that has no end by then has none: the longest honest wait is a lease.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where the processes of an installation listen, the preferred one first; changes while they die.
#[derive(Clone, Default)]
pub struct Doors(Arc<Mutex<Vec<SocketAddr>>>);

impl Doors {
    pub fn set(&self, addresses: &[SocketAddr]) {
        *self.0.lock().expect("nothing panics with it") = addresses.to_vec();
    }

    pub fn all(&self) -> Vec<SocketAddr> {
        self.0.lock().expect("nothing panics with it").clone()
    }
}

/// Frames that came one after another without a gap, as far as the tab can know.
#[derive(Debug, Default)]
pub struct Stretch {
    /// It begins after this one: a cursor, or where a snapshot stands. `None`: not known yet.
    pub after: Option<u64>,
    pub frames: Vec<(u64, String)>,
    /// The processes that showed them.
    pub doors: HashSet<SocketAddr>,
}

/// What a turn came to, as the tab saw it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The terminal event.
    pub event: Value,
}

impl Ended {
    pub fn succeeded(&self) -> bool {
        self.event["type"] == "RUN_FINISHED" && self.event["outcome"]["type"] == "success"
    }

    pub fn code(&self) -> &str {
        self.event["code"].as_str().unwrap_or_default()
    }

    pub fn retryable(&self) -> bool {
        self.event["metadata"]["qf"]["retryable"] == true
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Tab {
    pub conversation: Uuid,
    doors: Doors,
    /// Which of the doors it tries first.
    first_door: usize,
    socket: Option<Socket>,
    door: Option<SocketAddr>,
    cursor: Option<u64>,
    /// Frames of a snapshot that is not whole yet.
    in_snapshot: bool,
    pub stretches: Vec<Stretch>,
    /// Runs whose RUN_STARTED it saw: submits that were acknowledged.
    pub acknowledged: HashSet<Uuid>,
    /// Terminal frames it saw, by run, as they came.
    pub terminals: BTreeMap<Uuid, Vec<String>>,
    current_run: Option<Uuid>,
    /// What it would show: content by message id.
    pub messages: BTreeMap<String, String>,
    /// Drops its socket, without a word, after so many frames, again and again.
    pub cut_every: Option<usize>,
    frames_since_cut: usize,
    /// A snapshot has several frames and begins anew on each socket: a tab that lost every one of them after the
    /// first would never see the last. So the next one after a cut comes whole.
    was_cut_in_snapshot: bool,
    pub cuts: usize,
    /// How often it was told to come back without a cursor, or got a snapshot instead of a tail.
    pub snapshots: usize,
    /// How often it was shown what a turn had saved instead of its events.
    pub steps: usize,
}

impl Tab {
    pub fn new(conversation: Uuid, doors: &Doors, first_door: usize) -> Self {
        Self {
            conversation,
            doors: doors.clone(),
            first_door,
            socket: None,
            door: None,
            cursor: None,
            in_snapshot: false,
            stretches: vec![Stretch::default()],
            acknowledged: HashSet::new(),
            terminals: BTreeMap::new(),
            current_run: None,
            messages: BTreeMap::new(),
            cut_every: None,
            frames_since_cut: 0,
            was_cut_in_snapshot: false,
            cuts: 0,
            snapshots: 0,
            steps: 0,
        }
    }

    /// Sends the input until it is acknowledged, and follows its turn to the end, through any number of losses.
    pub async fn ask(&mut self, input: &Value) -> Ended {
        let run: Uuid = input["runId"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("an input has a runId");
        let began = Instant::now();
        let mut sent = false;
        loop {
            assert!(
                began.elapsed() < PATIENCE,
                "{run} of {} has no end after {PATIENCE:?}; it saw the ends {:?}, and last {:?}",
                self.conversation,
                self.terminals,
                self.stretches.last()
            );
            if let Some(ended) = self.ended(run) {
                return ended;
            }
            if self.socket.is_none() {
                self.connect().await;
                sent = false;
            }
            if !sent && !self.acknowledged.contains(&run) {
                sent = self.send(input).await;
            }
            let wait = Duration::from_secs(2);
            let Some(event) = self.next(wait).await else {
                // nothing for a while, or the socket went: an unacknowledged submit is sent again
                sent = sent && self.socket.is_some();
                continue;
            };
            if event["type"] == "error" {
                assert!(
                    ["thread_busy", "unavailable", "draining", "overloaded"]
                        .contains(&event["code"].as_str().unwrap_or_default()),
                    "refused: {event}"
                );
                let pause = event["retryAfterMs"].as_u64().unwrap_or(200).min(250);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                sent = false;
            }
        }
    }

    /// Follows the conversation until the run has ended.
    pub async fn follow(&mut self, run: Uuid) -> Ended {
        let began = Instant::now();
        loop {
            assert!(
                began.elapsed() < PATIENCE,
                "{run} of {} has no end for a reader after {PATIENCE:?} with {} cuts (every {:?} frames) and {} snapshots; it saw the ends {:?}, and last {:?}",
                self.conversation,
                self.cuts,
                self.cut_every,
                self.snapshots,
                self.terminals,
                self.stretches.last()
            );
            if let Some(ended) = self.ended(run) {
                return ended;
            }
            self.connect_if_needed().await;
            self.next(Duration::from_secs(2)).await;
        }
    }

    pub fn ended(&self, run: Uuid) -> Option<Ended> {
        let frame = self.terminals.get(&run)?.last()?;
        Some(Ended {
            event: serde_json::from_str(frame).expect("frames are JSON"),
        })
    }

    pub async fn connect_if_needed(&mut self) {
        if self.socket.is_none() {
            self.connect().await;
        }
    }

    async fn send(&mut self, input: &Value) -> bool {
        let Some(socket) = &mut self.socket else {
            return false;
        };
        let sent = socket.send(Message::text(input.to_string())).await.is_ok();
        if !sent {
            self.socket = None;
        }
        sent
    }

    /// Through the first door that opens; they are tried for ever.
    async fn connect(&mut self) {
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < PATIENCE, "no process takes a socket");
            let doors = self.doors.all();
            for at in 0..doors.len() {
                let door = doors[(self.first_door + at) % doors.len()];
                if let Some(socket) = self.knock(door).await {
                    self.socket = Some(socket);
                    self.door = Some(door);
                    self.in_snapshot = false;
                    self.frames_since_cut = 0;
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn knock(&self, door: SocketAddr) -> Option<Socket> {
        let after = self
            .cursor
            .map_or_else(String::new, |cursor| format!("?after={cursor}"));
        let url = format!("ws://{door}/ws/{}{after}", self.conversation);
        let mut request = url.into_client_request().expect("a URL");
        let protocol = "ag-ui.v1".parse().expect("a value");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let connecting = tokio_tungstenite::connect_async(request);
        let connected = tokio::time::timeout(Duration::from_secs(15), connecting).await;
        Some(connected.ok()?.ok()?.0)
    }

    /// The next event; `None` when there was none for so long, or the socket is gone.
    pub async fn next(&mut self, wait: Duration) -> Option<Value> {
        loop {
            let socket = self.socket.as_mut()?;
            let message = tokio::time::timeout(wait, socket.next()).await.ok()?;
            let text = match message {
                Some(Ok(Message::Text(text))) => text.to_string(),
                Some(Ok(Message::Close(frame))) => {
                    if frame.is_some_and(|frame| u16::from(frame.code) == 4410) {
                        self.cursor = None;
                    }
                    self.socket = None;
                    return None;
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => {
                    self.socket = None;
                    return None;
                }
            };
            let event: Value = serde_json::from_str(&text).expect("frames are JSON");
            match event["type"].as_str() {
                Some("ping") => continue,
                Some("error") => return Some(event),
                _ => {}
            }
            self.take(text, &event);
            self.frames_since_cut += 1;
            let due = |every| self.frames_since_cut >= every;
            if self.cut_every.is_some_and(due) && !(self.in_snapshot && self.was_cut_in_snapshot) {
                self.cuts += 1;
                self.was_cut_in_snapshot = self.in_snapshot;
                self.socket = None;
            }
            return Some(event);
        }
    }

    /// Files a frame: part of a snapshot, or the next one of a stretch.
    fn take(&mut self, text: String, event: &Value) {
        let seq = event["metadata"]["qf.seq"].as_u64();
        if !self.in_snapshot && seq.is_none() {
            // only a snapshot has frames without a number
            self.in_snapshot = true;
            self.snapshots += 1;
            self.stretches.push(Stretch::default());
            self.messages.clear();
            // what it shows stands nowhere until the snapshot is whole: cut off now, it comes back without
            self.cursor = None;
        }
        if !self.in_snapshot && event["type"] == "MESSAGES_SNAPSHOT" {
            // what the owner of a turn had saved, where its events could not be had: a snapshot in one frame
            self.in_snapshot = true;
            self.steps += 1;
            self.stretches.push(Stretch::default());
        }
        self.apply(&text, event);
        let Some(seq) = seq else { return };
        let stretch = self.stretches.last_mut().expect("there is always one");
        if self.in_snapshot {
            // its last frame says where it stands
            self.in_snapshot = false;
            stretch.after = Some(seq);
            self.cursor = Some(seq);
            return;
        }
        if let Some(cursor) = self.cursor {
            assert!(
                seq > cursor,
                "{seq} came after {cursor} in {}: {text}",
                self.conversation
            );
        }
        if stretch.after.is_none() {
            // a socket that was there before the conversation was: everything that ever comes
            stretch.after = Some(self.cursor.unwrap_or(0));
        }
        stretch.doors.extend(self.door);
        stretch.frames.push((seq, text));
        self.cursor = Some(seq);
    }

    /// As a browser would show it.
    fn apply(&mut self, text: &str, event: &Value) {
        let id = |event: &Value| event["messageId"].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str().unwrap_or_default() {
            "RUN_STARTED" => {
                let run = event["runId"].as_str().and_then(|run| run.parse().ok());
                let run: Uuid = run.expect("RUN_STARTED names its run");
                self.current_run = Some(run);
                self.acknowledged.insert(run);
                for message in event["input"]["messages"].as_array().into_iter().flatten() {
                    self.show(message);
                }
            }
            "MESSAGES_SNAPSHOT" => {
                self.messages.clear();
                for message in event["messages"].as_array().into_iter().flatten() {
                    self.show(message);
                }
            }
            "TEXT_MESSAGE_START" => {
                self.messages.entry(id(event)).or_default();
            }
            "TEXT_MESSAGE_CONTENT" => {
                let content = self.messages.entry(id(event)).or_default();
                content.push_str(event["delta"].as_str().unwrap_or_default());
            }
            "ACTIVITY_SNAPSHOT" => {
                self.messages.insert(id(event), content_of(event));
            }
            "RUN_FINISHED" | "RUN_ERROR" => {
                let run = event["runId"].as_str().and_then(|run| run.parse().ok());
                let run = run
                    .or(self.current_run)
                    .expect("a run began before it ends");
                let seen = self.terminals.entry(run).or_default();
                // a snapshot shows it again
                if seen.last().is_none_or(|last| last != text) {
                    seen.push(text.to_owned());
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, message: &Value) {
        let id = message["id"].as_str().unwrap_or_default().to_owned();
        self.messages.insert(id, content_of(message));
    }
}

/// What of a message is compared: its text, or its content as JSON with its members in order.
pub fn content_of(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        other => {
            let mut ordered = other.clone();
            ordered.sort_all_objects();
            ordered.to_string()
        }
    }
}

/// An input as the browser app sends it.
pub fn input(conversation: Uuid, run: Uuid, dataset: &str, question: &str) -> Value {
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

/// The same question once more, after its turn was lost to a crash.
pub fn retry(conversation: Uuid, run: Uuid, dataset: &str, failed: Uuid) -> Value {
    json!({
        "threadId": conversation,
        "runId": run,
        "protocolVersion": "1.0",
        "messages": [],
        "tools": [],
        "context": [],
        "forwardedProps": {"qf": {"datasetId": dataset, "retryOf": failed}},
    })
}
