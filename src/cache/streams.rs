//! Events on their way to other processes: one Redis stream per conversation.
//!
//! The owner of a turn writes, whoever has readers of that conversation follows. An entry is
//! `<seq>-0 f <bytes> p <seq before it>`. Redis refuses a number that is not above the last, which stops an
//! owner that was taken for dead; `p` makes a hole visible, since gaps between numbers are legal. A hole
//! (Redis was away, slow, flushed) is never filled by guessing: the reader goes back to the store.
//!
//! Writing never waits: frames go through a bounded queue to one task, which sends what has gathered as one
//! pipeline. What the queue has no room for is dropped, and so is everything while Redis is away.

use crate::breaker::Breaker;
use crate::ids::{ConversationId, TurnId};
use bytes::Bytes;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult, Value};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Frames that a stream keeps, about.
const STREAM_FRAMES: usize = 2000;
/// A stream that nobody writes to any more is forgotten.
const STREAM_LIFETIME: Duration = Duration::from_secs(3600);
/// Where it says that a turn has begun, for processes that do not follow its conversation yet.
const TURNS_KEY: &str = "qf:turns";
const TURNS_KEPT: usize = 1000;

/// What may wait to be written, in frames and in bytes.
const QUEUE_FRAMES: usize = 16_384;
const QUEUE_BYTES: usize = 64 * 1024 * 1024;
/// Of one pipeline.
const BATCH: usize = 256;

/// A pipeline or a backlog that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a reader waits for something new; a conversation that is followed from now on waits as long.
const BLOCK_MS: usize = 40;
/// Of one answer to a reader, for each stream.
const READ_FRAMES: usize = 500;

/// A frame as it is in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamFrame {
    pub seq: u64,
    /// The number of the frame before it; `None` where the writer did not know.
    pub previous: Option<u64>,
    pub bytes: Bytes,
}

/// A frame on its way into a stream.
#[derive(Clone, Debug)]
pub struct Entry {
    pub conversation: ConversationId,
    pub frame: StreamFrame,
    /// With this frame a turn of that person's begins.
    pub begins: Option<(TurnId, Arc<str>)>,
}

/// The streams of all conversations; one per process.
pub struct Streams {
    client: Client,
    connection: ConnectionManager,
    queue: mpsc::Sender<Entry>,
    queued_bytes: Arc<AtomicUsize>,
    breaker: Arc<Breaker>,
    refused: Arc<Notify>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Streams {
    /// Begins to write; fails only for a wrong address.
    pub fn open(url: &str) -> Result<Arc<Self>, RedisError> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        let (queue, entries) = mpsc::channel(QUEUE_FRAMES);
        let refused = Arc::new(Notify::new());
        let streams = Arc::new(Self {
            client,
            connection: connection.clone(),
            queue,
            queued_bytes: Arc::default(),
            breaker: Arc::new(Breaker::new(Duration::from_millis(500))),
            refused: refused.clone(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        });
        let writer = Writer {
            connection,
            entries,
            queued_bytes: streams.queued_bytes.clone(),
            breaker: streams.breaker.clone(),
            refused,
        };
        streams.tasks.spawn(writer.run(streams.stop.clone()));
        Ok(streams)
    }

    /// Waits until Redis refuses a frame because it has a later one: its writer may be taken for dead, which
    /// only the store can say.
    pub async fn refused(&self) {
        self.refused.notified().await;
    }

    /// Asks Redis whether it is there.
    pub async fn ping(&self) -> RedisResult<()> {
        let mut connection = self.connection.clone();
        redis::cmd("PING").query_async(&mut connection).await
    }

    /// Redis answered when it was last asked.
    pub fn is_up(&self) -> bool {
        !self.breaker.is_open()
    }

    /// Puts a frame on its way; never waits.
    pub fn publish(&self, entry: Entry) {
        let size_bytes = entry.frame.bytes.len();
        let queued = self.queued_bytes.fetch_add(size_bytes, Ordering::Relaxed);
        if queued + size_bytes > QUEUE_BYTES || self.queue.try_send(entry).is_err() {
            self.queued_bytes.fetch_sub(size_bytes, Ordering::Relaxed);
            metrics::counter!("queryforge_stream_frames_dropped").increment(1);
        }
    }

    /// Everything the stream of a conversation holds, oldest first; nothing when Redis is away.
    pub async fn backlog(&self, conversation: ConversationId) -> Vec<StreamFrame> {
        let mut connection = self.connection.clone();
        let mut ask = redis::cmd("XRANGE");
        ask.arg(key(conversation)).arg("-").arg("+");
        let reply: Option<StreamRangeReply> = self.asked(ask.query_async(&mut connection)).await;
        reply
            .map(|reply| reply.ids.iter().filter_map(frame).collect())
            .unwrap_or_default()
    }

    /// The number of the newest frame in the stream; `None` when there is none or Redis is away.
    pub async fn newest(&self, conversation: ConversationId) -> Option<u64> {
        let mut connection = self.connection.clone();
        let mut ask = redis::cmd("XREVRANGE");
        ask.arg(key(conversation))
            .arg("+")
            .arg("-")
            .arg("COUNT")
            .arg(1);
        let reply: StreamRangeReply = self.asked(ask.query_async(&mut connection)).await?;
        reply.ids.first().and_then(|entry| number(&entry.id))
    }

    async fn asked<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Option<T> {
        if !self.breaker.allows(Instant::now()) {
            return None;
        }
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(answer)) => {
                self.breaker.succeeded();
                Some(answer)
            }
            Ok(Err(_)) | Err(_) => {
                self.breaker.failed(Instant::now());
                None
            }
        }
    }

    /// A reader of its own connection: it blocks.
    pub fn reader(&self) -> StreamReader {
        StreamReader {
            client: self.client.clone(),
            connection: None,
            breaker: self.breaker.clone(),
            turns_from: None,
        }
    }

    /// Writes what is queued, for at most a second, and stops.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        let _ = tokio::time::timeout(PATIENCE, self.tasks.wait()).await;
    }
}

/// What a log publishes with.
#[derive(Clone)]
pub struct Publisher {
    streams: Arc<Streams>,
    conversation: ConversationId,
    owner: Arc<str>,
}

impl Publisher {
    pub fn new(streams: Arc<Streams>, conversation: ConversationId, owner: &str) -> Self {
        Self {
            streams,
            conversation,
            owner: owner.into(),
        }
    }

    pub fn publish(&self, frame: StreamFrame, begins: Option<TurnId>) {
        self.streams.publish(Entry {
            conversation: self.conversation,
            frame,
            begins: begins.map(|turn| (turn, self.owner.clone())),
        });
    }
}

struct Writer {
    connection: ConnectionManager,
    entries: mpsc::Receiver<Entry>,
    queued_bytes: Arc<AtomicUsize>,
    breaker: Arc<Breaker>,
    refused: Arc<Notify>,
}

impl Writer {
    async fn run(mut self, stop: CancellationToken) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let taken = tokio::select! {
                biased;
                taken = self.entries.recv_many(&mut batch, BATCH) => taken,
                () = stop.cancelled() => return,
            };
            if taken == 0 {
                return;
            }
            let size_bytes = batch.iter().map(|entry| entry.frame.bytes.len()).sum();
            self.queued_bytes.fetch_sub(size_bytes, Ordering::Relaxed);
            // a pipeline whose fate is unknown is not sent again: a number that Redis has already would be
            // refused, and we should take ourselves for dead
            if self.breaker.allows(Instant::now()) {
                self.write(&batch).await;
            } else {
                metrics::counter!("queryforge_stream_frames_dropped").increment(taken as u64);
            }
            batch.clear();
        }
    }

    async fn write(&mut self, batch: &[Entry]) {
        let mut pipeline = redis::pipe();
        pipeline.ignore_errors();
        for entry in batch {
            pipeline
                .cmd("XADD")
                .arg(key(entry.conversation))
                .arg("MAXLEN")
                .arg("~")
                .arg(STREAM_FRAMES)
                .arg(format!("{}-0", entry.frame.seq))
                .arg("f")
                .arg(&entry.frame.bytes[..]);
            if let Some(previous) = entry.frame.previous {
                // the same command goes on
                pipeline.arg("p").arg(previous);
            }
        }
        for (turn, owner, conversation) in batch.iter().filter_map(|entry| {
            let (turn, owner) = entry.begins.as_ref()?;
            Some((turn, owner, entry.conversation))
        }) {
            pipeline
                .cmd("XADD")
                .arg(TURNS_KEY)
                .arg("MAXLEN")
                .arg("~")
                .arg(TURNS_KEPT)
                .arg("*")
                .arg("c")
                .arg(conversation.to_string())
                .arg("t")
                .arg(turn.to_string())
                .arg("o")
                .arg(owner.as_bytes());
        }
        let conversations: HashSet<ConversationId> =
            batch.iter().map(|entry| entry.conversation).collect();
        for conversation in &conversations {
            pipeline
                .cmd("EXPIRE")
                .arg(key(*conversation))
                .arg(STREAM_LIFETIME.as_secs());
        }
        let sending = pipeline.query_async::<Vec<RedisResult<Value>>>(&mut self.connection);
        let answers = match tokio::time::timeout(PATIENCE, sending).await {
            Ok(Ok(answers)) => answers,
            Ok(Err(error)) => {
                if self.breaker.failed(Instant::now()) {
                    tracing::warn!(%error, "Redis is away; other processes follow through the store");
                }
                return;
            }
            Err(_) => {
                if self.breaker.failed(Instant::now()) {
                    tracing::warn!("Redis is slow; other processes follow through the store");
                }
                return;
            }
        };
        let mut failed = None;
        for (entry, answer) in batch.iter().zip(answers) {
            let Err(error) = answer else { continue };
            if error.to_string().contains("equal or smaller") {
                tracing::warn!(conversation = %entry.conversation, seq = entry.frame.seq, "Redis has a later frame: a lease may be lost");
                self.refused.notify_one();
            } else {
                failed = Some(error);
            }
        }
        match failed {
            None => self.breaker.succeeded(),
            Some(error) => {
                if self.breaker.failed(Instant::now()) {
                    tracing::warn!(%error, "Redis refuses frames; other processes follow through the store");
                }
            }
        }
    }
}

/// Follows many streams over one connection.
pub struct StreamReader {
    client: Client,
    connection: Option<MultiplexedConnection>,
    breaker: Arc<Breaker>,
    /// The last notice of a beginning turn that was read.
    turns_from: Option<String>,
}

/// What there was to read.
#[derive(Debug, Default)]
pub struct Read {
    /// Turns that began, in conversations that are followed or not.
    pub begun: Vec<(ConversationId, TurnId, String)>,
    pub frames: Vec<(ConversationId, Vec<StreamFrame>)>,
}

impl StreamReader {
    /// What came after these numbers, after a moment's wait when there is nothing.
    pub async fn read(&mut self, after: &[(ConversationId, u64)]) -> RedisResult<Read> {
        let read = self.try_read(after).await;
        match &read {
            // whoever writes may try again
            Ok(_) => self.breaker.succeeded(),
            // an answer that comes late would be taken for the next one's
            Err(_) => self.connection = None,
        }
        read
    }

    async fn try_read(&mut self, after: &[(ConversationId, u64)]) -> RedisResult<Read> {
        let mut connection = match &self.connection {
            Some(connection) => connection.clone(),
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(PATIENCE))
                    .set_response_timeout(Some(PATIENCE * 2));
                let connection = self
                    .client
                    .get_multiplexed_async_connection_with_config(&config)
                    .await?;
                self.connection = Some(connection.clone());
                connection
            }
        };
        let turns_from = match &self.turns_from {
            Some(from) => from.clone(),
            None => {
                let newest: StreamRangeReply = redis::cmd("XREVRANGE")
                    .arg(TURNS_KEY)
                    .arg("+")
                    .arg("-")
                    .arg("COUNT")
                    .arg(1)
                    .query_async(&mut connection)
                    .await?;
                let from = newest.ids.first().map_or("0-0", |entry| &entry.id);
                self.turns_from = Some(from.to_owned());
                from.to_owned()
            }
        };
        let mut ask = redis::cmd("XREAD");
        ask.arg("COUNT")
            .arg(READ_FRAMES)
            .arg("BLOCK")
            .arg(BLOCK_MS)
            .arg("STREAMS")
            .arg(TURNS_KEY);
        for (conversation, _) in after {
            ask.arg(key(*conversation));
        }
        ask.arg(&turns_from);
        for (_, seq) in after {
            ask.arg(format!("{seq}-0"));
        }
        let reply: Option<StreamReadReply> = ask.query_async(&mut connection).await?;
        let mut read = Read::default();
        for stream in reply.map(|reply| reply.keys).unwrap_or_default() {
            if stream.key == TURNS_KEY {
                self.turns_from = stream.ids.last().map(|entry| entry.id.clone());
                read.begun = stream.ids.iter().filter_map(notice).collect();
            } else if let Some(conversation) = conversation(&stream.key) {
                let frames = stream.ids.iter().filter_map(frame).collect();
                read.frames.push((conversation, frames));
            }
        }
        Ok(read)
    }
}

fn key(conversation: ConversationId) -> String {
    format!("qf:c:{conversation}")
}

fn conversation(key: &str) -> Option<ConversationId> {
    key.strip_prefix("qf:c:")?.parse().ok()
}

fn number(id: &str) -> Option<u64> {
    id.split('-').next()?.parse().ok()
}

fn frame(entry: &StreamId) -> Option<StreamFrame> {
    let bytes: Vec<u8> = entry.get("f")?;
    // what goes on to sockets as text is text
    std::str::from_utf8(&bytes).ok()?;
    Some(StreamFrame {
        seq: number(&entry.id)?,
        previous: entry.get("p"),
        bytes: bytes.into(),
    })
}

fn notice(entry: &StreamId) -> Option<(ConversationId, TurnId, String)> {
    let conversation: String = entry.get("c")?;
    let turn: String = entry.get("t")?;
    Some((
        conversation.parse().ok()?,
        turn.parse().ok()?,
        entry.get("o")?,
    ))
}
