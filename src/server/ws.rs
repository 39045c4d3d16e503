//! The WebSocket: `GET /ws/{conversation_id}?after=<seq>`.
//!
//! The URL is the subscription. One task per socket walks a cursor through the conversation's log;
//! what a slow socket has not taken yet stays in the log, shared with everybody else.
//!
//! Most sockets wait most of the time, and there may be ten thousand of them: what a task needs only while it does
//! something is in a box of its own, so that it costs nothing while it waits.

pub mod socket;

use super::extract::{Path, Query};
use super::{ApiError, Server, auth};
use crate::access::Caller;
use crate::conversation::{Conversation, Frame, Line, Refusal, Tail};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{ClientFrame, Control, RefusalCode, close};
use axum::extract::State;
use axum::response::Response;
use futures::{FutureExt, StreamExt};
use serde::Deserialize;
use socket::{Data, Gone, Socket, Upgrade, write_close, write_message, write_ping, write_texts};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

/// Frames taken from the log at once.
const BATCH_BYTES: usize = 256 * 1024;
/// Inputs of one socket that are being committed; the next one is refused.
const SUBMITS_AT_ONCE: usize = 16;
/// Sockets of a process that stops are closed over this time.
const JITTER: Duration = Duration::from_secs(2);
/// A peer that sends so many bad frames in a row is not one of ours.
const MAX_BAD_FRAMES: u32 = 100;

#[derive(Deserialize)]
pub struct Parameters {
    /// The last sequence number the client saw.
    after: Option<String>,
    ticket: Option<String>,
}

pub async fn upgrade(
    State(server): State<Server>,
    Path(conversation_id): Path<String>,
    Query(parameters): Query<Parameters>,
    caller: Caller,
    // before the ticket is spent
    upgrade: Upgrade,
) -> Result<Response, ApiError> {
    let caller = auth::with_ticket(&server, caller, parameters.ticket.as_deref()).await?;
    let id: ConversationId = conversation_id
        .parse()
        .map_err(|_| ApiError::not_found("conversation: its id is a UUID"))?;
    let socket_count = server.counted(&caller)?;
    let conversation = server.conversations.open(&caller.owner, id).await?;
    // one that is no number, or below none, we never gave out: a browser's socket could not be told so, and begins anew
    let after = parameters
        .after
        .map(|after| after.parse::<u64>().unwrap_or(u64::MAX));
    Ok(upgrade.then(move |socket| async move {
        let _counted = socket_count;
        let connection = Connection {
            server,
            conversation,
            cursor: 0,
            bad_frames: 0,
            submits: JoinSet::new(),
            line: Line::default(),
            under_way: Vec::new(),
            aborted: HashSet::new(),
        };
        run(connection, Box::new(socket), after).await;
    }))
}

struct Connection {
    server: Server,
    conversation: Arc<Conversation>,
    /// The last frame that was sent.
    cursor: u64,
    /// In a row.
    bad_frames: u32,
    /// Inputs that are being committed; reading goes on meanwhile, so that an abort overtakes them.
    submits: JoinSet<(TurnId, Option<Refusal>)>,
    /// In the order in which they came.
    line: Line,
    under_way: Vec<TurnId>,
    /// Stopped before they had begun: stopped again once they have.
    aborted: HashSet<TurnId>,
}

/// Why a connection ends.
enum End {
    /// Tell the peer.
    Close(u16, &'static str),
    /// The peer closed: it is owed an answer, which goes out while we read on.
    Answer,
    /// There is nobody to tell.
    Gone,
}

async fn run(mut connection: Connection, mut socket: Box<Socket>, after: Option<u64>) {
    let end = match connection.begin(&mut socket, after).boxed().await {
        Ok(()) => connection.pump(&mut socket).await,
        Err(end) => end,
    };
    // what was asked is asked, also when nobody waits for it here any more
    connection.submits.detach_all();
    end.tell(&mut socket).boxed().await;
}

impl End {
    async fn tell(self, socket: &mut Socket) {
        match self {
            Self::Gone => {}
            Self::Answer => read_to_the_end(socket).await,
            Self::Close(code, reason) => {
                let frame = CloseFrame {
                    code: code.into(),
                    reason: Utf8Bytes::from_static(reason),
                };
                if write_close(socket, frame).await.is_err() {
                    return;
                }
                if matches!(code, close::TOO_LARGE | 1002 | 1007) {
                    // what it is still sending cannot be read; dropping the socket at once would reset
                    // the connection before the peer has seen why
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    return;
                }
                // until the peer has answered, or the close is unclean
                read_to_the_end(socket).await;
            }
        }
    }
}

impl Connection {
    /// Tail or snapshot, and where to go on.
    async fn begin(&mut self, socket: &mut Socket, after: Option<u64>) -> Result<(), End> {
        if let Some(after) = after
            && self.conversation.holds(after).await
        {
            self.cursor = after;
            return Ok(());
        }
        let snapshot = self.conversation.recent_snapshot().await.map_err(|error| {
            tracing::error!(%error, conversation = %self.conversation.id, "no snapshot of a conversation");
            End::Close(close::INTERNAL, "our database cannot be used; try again")
        })?;
        self.cursor = snapshot.cursor;
        self.send(socket, snapshot.frames).await
    }

    async fn pump(&mut self, socket: &mut Socket) -> End {
        let limits = &self.server.app().settings.limits;
        let (ping_every, silence, peer_gone) = (limits.ping, limits.silence(), limits.peer_gone());
        let mut tip = self.conversation.log().watch();
        let stopped = self.server.conversations.stopped();
        let mut heard = Instant::now();
        let mut pinged = Instant::now();
        let mut said = Instant::now();
        loop {
            match self.conversation.log().read_after(self.cursor, BATCH_BYTES) {
                Tail::Gone => return End::Close(close::CURSOR_GONE, "reconnect without after"),
                Tail::Frames(frames) if !frames.is_empty() => {
                    self.cursor = frames.last().map_or(self.cursor, |frame| frame.seq);
                    if let Err(end) = self.send(socket, frames).boxed().await {
                        return end;
                    }
                    said = Instant::now();
                    while let Some(done) = self.submits.try_join_next() {
                        if let Err(end) = self.on_submitted(socket, done).boxed().await {
                            return end;
                        }
                    }
                    // whatever the peer said meanwhile is heard before the next batch
                    while let Some(message) = ready(socket) {
                        heard = Instant::now();
                        if let Some(end) = self.on_message(socket, message).boxed().await {
                            return end;
                        }
                    }
                    continue;
                }
                Tail::Frames(_) => {}
            }
            let timer = (said + silence).min(pinged + ping_every);
            tokio::select! {
                biased;
                () = stopped.cancelled() => {
                    // or all of them would come back to the other processes at once
                    tokio::time::sleep(JITTER.mul_f64(rand::random())).await;
                    return End::Close(close::RESTART, "the server restarts; reconnect with your cursor");
                }
                more = more_than(&mut tip, self.cursor) => {
                    if !more {
                        return End::Close(close::RESTART, "reconnect with your cursor");
                    }
                }
                Some(done) = self.submits.join_next() => {
                    if let Err(end) = self.on_submitted(socket, done).boxed().await {
                        return end;
                    }
                }
                message = socket.next() => {
                    heard = Instant::now();
                    if let Some(end) = self.on_message(socket, message).boxed().await {
                        return end;
                    }
                }
                () = tokio::time::sleep_until(timer.into()) => {
                    if heard.elapsed() > peer_gone {
                        return End::Close(close::IDLE, "nothing was heard from you; reconnect with your cursor");
                    }
                    if pinged.elapsed() >= ping_every {
                        pinged = Instant::now();
                        if write_ping(socket).boxed().await.is_err() {
                            return End::Gone;
                        }
                    }
                    if said.elapsed() >= silence {
                        said = Instant::now();
                        if let Err(end) = self.send_control(socket, &Control::Ping).boxed().await {
                            return end;
                        }
                    }
                }
            }
        }
    }

    async fn on_message(
        &mut self,
        socket: &mut Socket,
        message: Option<Result<Message, Error>>,
    ) -> Option<End> {
        match message {
            None => Some(End::Gone),
            Some(Err(error)) => Some(broken(&error)),
            Some(Ok(Message::Close(_))) => Some(End::Answer),
            // a frame by itself is never read
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => None,
            Some(Ok(Message::Binary(_))) => {
                Some(End::Close(close::UNSUPPORTED, "frames are JSON text"))
            }
            Some(Ok(Message::Text(text))) => self.on_frame(socket, &text).await.err(),
        }
    }

    async fn on_frame(&mut self, socket: &mut Socket, text: &str) -> Result<(), End> {
        let decoded = ClientFrame::decode(text);
        self.bad_frames = match decoded {
            Ok(_) => 0,
            Err(_) if self.bad_frames == MAX_BAD_FRAMES => {
                return Err(End::Close(
                    close::BAD_FRAME,
                    "too many frames that are not ours",
                ));
            }
            Err(_) => self.bad_frames + 1,
        };
        match decoded {
            Err(error) => {
                let run_id = error.run_id.clone();
                self.refuse(socket, run_id, error.into()).await
            }
            Ok(ClientFrame::Abort { run_id }) => {
                if self.under_way.contains(&run_id) {
                    self.aborted.insert(run_id);
                }
                self.conversation.abort(run_id).await;
                Ok(())
            }
            Ok(ClientFrame::Submit(input)) => {
                let run_id = input.run_id;
                if self.submits.len() >= SUBMITS_AT_ONCE {
                    let refusal = Refusal {
                        retry_after_ms: Some(1000),
                        ..Refusal::new(
                            RefusalCode::RateLimited,
                            "Too many questions at once on one connection. Wait for an answer first.",
                        )
                    };
                    return self.refuse(socket, Some(run_id.to_string()), refusal).await;
                }
                let trace_id = uuid::Uuid::now_v7().simple().to_string();
                let conversations = self.server.conversations.clone();
                let conversation = self.conversation.clone();
                self.under_way.push(run_id);
                let in_line = self.line.join();
                self.submits.spawn(async move {
                    let done = conversations
                        .submit(&conversation, *input, trace_id, Some(in_line))
                        .await;
                    (run_id, done.err())
                });
                Ok(())
            }
        }
    }

    async fn on_submitted(
        &mut self,
        socket: &mut Socket,
        done: Result<(TurnId, Option<Refusal>), JoinError>,
    ) -> Result<(), End> {
        let Ok((run_id, refused)) = done else {
            return Err(End::Close(
                close::INTERNAL,
                "something went wrong inside; reconnect",
            ));
        };
        if let Some(at) = self.under_way.iter().position(|turn| *turn == run_id) {
            self.under_way.swap_remove(at);
        }
        let aborted = match self.under_way.contains(&run_id) {
            true => self.aborted.contains(&run_id),
            false => self.aborted.remove(&run_id),
        };
        match refused {
            None if aborted => {
                self.conversation.abort(run_id).await;
                Ok(())
            }
            None => Ok(()),
            Some(refusal) => self.refuse(socket, Some(run_id.to_string()), refusal).await,
        }
    }

    async fn refuse(
        &self,
        socket: &mut Socket,
        run_id: Option<String>,
        refusal: Refusal,
    ) -> Result<(), End> {
        let control = Control::Error {
            run_id,
            code: refusal.code,
            message: refusal.message,
            retry_after_ms: refusal.retry_after_ms,
        };
        self.send_control(socket, &control).await
    }

    async fn send(&self, socket: &mut Socket, frames: Vec<Frame>) -> Result<(), End> {
        let texts = frames.into_iter().map(|frame| frame.bytes);
        Ok(write_texts(socket, texts).await?)
    }

    async fn send_control(&self, socket: &mut Socket, control: &Control) -> Result<(), End> {
        Ok(write_message(socket, Data::Text, control.encode()).await?)
    }
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

async fn read_to_the_end(socket: &mut Socket) {
    let _ = tokio::time::timeout(Duration::from_secs(2), async {
        while let Some(Ok(_)) = socket.next().await {}
    })
    .await;
}

/// What the peer has said already, without waiting.
fn ready(socket: &mut Socket) -> Option<Option<Result<Message, Error>>> {
    socket.next().now_or_never()
}

/// Waits until the log is past `cursor`; `false` when the log is gone.
async fn more_than(tip: &mut watch::Receiver<u64>, cursor: u64) -> bool {
    tip.wait_for(|tip| *tip > cursor).await.is_ok()
}

/// What a broken stream deserves: a close code where the protocol has one.
fn broken(error: &Error) -> End {
    match error {
        Error::Capacity(_) => End::Close(close::TOO_LARGE, "a frame is at most 1 MiB"),
        Error::Utf8(_) => End::Close(1007, "text is UTF-8"),
        Error::Protocol(_) => End::Close(1002, "not as the WebSocket protocol has it"),
        _ => End::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a task holds for as long as its socket is open.
    #[test]
    fn a_socket_that_waits_costs_little() {
        fn future_bytes<F>(_: impl Fn(Connection, Box<Socket>, Option<u64>) -> F) -> usize {
            size_of::<F>()
        }
        let task_bytes = future_bytes(run);
        let socket_bytes = size_of::<Socket>();
        println!("a task of {task_bytes} bytes, a socket of {socket_bytes}");
        assert!(task_bytes <= 1280, "{task_bytes} bytes");
    }
}
