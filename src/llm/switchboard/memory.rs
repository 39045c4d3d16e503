//! Replies at temperature 0, remembered for a while, and made once when asked for twice at once.
//!
//! With a cache that processes share they are remembered there too. What is found there is not remembered here: it
//! would begin a second life.

use crate::cache::Cache;
use crate::llm::{ChatModel, ChatRequest, Chunk};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How long a call waits for the same call of somebody else before it goes on its own.
const FOLLOW: Duration = Duration::from_secs(30);

/// Everything that a reply depends on, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// `None` when the call is not deterministic: only temperature 0 is, the request's or else the model's own.
    pub fn of(model: &dyn ChatModel, request: &ChatRequest, scope: &str) -> Option<Self> {
        if request.temperature.or(model.temperature()) != Some(0.0) {
            return None;
        }
        let request = serde_json::to_vec(request).ok()?;
        let mut hasher = Sha256::new();
        // Lengths first, so that no two different lists hash the same bytes.
        for part in [
            scope.as_bytes(),
            model.provider().as_bytes(),
            model.endpoint().as_bytes(),
            model.model().as_bytes(),
            &model.max_tokens().unwrap_or(0).to_le_bytes(),
            &request,
        ] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Some(Self(hasher.finalize().into()))
    }
}

/// A whole reply.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remembered {
    pub provider: String,
    pub model: String,
    pub chunks: Vec<Chunk>,
    #[serde(skip, default = "Instant::now")]
    since: Instant,
}

pub struct Memory {
    replies: moka::sync::Cache<Key, Arc<Remembered>>,
    lifetime: Duration,
    /// Where other processes look too.
    shared: Option<Cache>,
    /// Calls under way; the channel closes when its call ends, well or not.
    flights: Mutex<HashMap<Key, watch::Receiver<()>>>,
}

impl Memory {
    pub fn new(lifetime: Duration, bytes: u64, shared: Option<Cache>) -> Self {
        let size = |_: &Key, reply: &Arc<Remembered>| {
            let chunks: usize = reply
                .chunks
                .iter()
                .map(|chunk| match chunk {
                    Chunk::Text(text) => text.len() + 48,
                    Chunk::ToolCall(call) => call.arguments.to_string().len() + 200,
                    Chunk::Usage(_) | Chunk::Stop(_) => 48,
                })
                .sum();
            u32::try_from(chunks + 200).unwrap_or(u32::MAX)
        };
        Self {
            replies: moka::sync::Cache::builder()
                .weigher(size)
                .max_capacity(bytes)
                .time_to_live(lifetime.max(Duration::from_secs(1)))
                .build(),
            lifetime,
            shared,
            flights: Mutex::default(),
        }
    }

    /// The reply, from memory or from the same call of somebody else; else the right and the duty to
    /// make it.
    pub async fn recall(
        self: &Arc<Self>,
        key: &Key,
        fresh: bool,
    ) -> Result<Arc<Remembered>, Flight> {
        if fresh {
            self.replies.invalidate(key);
        }
        if !fresh
            && self.get(key).is_none()
            && let Some(found) = self.elsewhere(key).await
        {
            return Ok(Arc::new(found));
        }
        let mut followed = false;
        loop {
            if let Some(found) = self.get(key) {
                return Ok(found);
            }
            match self.join(key) {
                Ok(flight) => return Err(flight),
                // Waited long enough: on its own, and nobody follows it.
                Err(_) if followed => return Err(Flight::alone(self.clone(), *key)),
                Err(other) => followed = timeout(FOLLOW, closed(other)).await.is_err(),
            }
        }
    }

    /// The lead in this call, or whoever leads in it already.
    fn join(self: &Arc<Self>, key: &Key) -> Result<Flight, watch::Receiver<()>> {
        let mut flights = self.flights();
        if let Some(other) = flights.get(key) {
            return Err(other.clone());
        }
        let (done, flight) = watch::channel(());
        flights.insert(*key, flight);
        Ok(Flight {
            memory: self.clone(),
            key: *key,
            leads: Some(done),
        })
    }

    async fn elsewhere(&self, key: &Key) -> Option<Remembered> {
        let bytes = self.shared.as_ref()?.reply(&key.0).await?;
        serde_json::from_slice(&bytes).ok()
    }

    fn get(&self, key: &Key) -> Option<Arc<Remembered>> {
        self.replies
            .get(key)
            .filter(|reply| reply.since.elapsed() < self.lifetime)
    }

    fn flights(&self) -> std::sync::MutexGuard<'_, HashMap<Key, watch::Receiver<()>>> {
        self.flights
            .lock()
            .expect("nothing panics while it holds the flights")
    }
}

async fn closed(mut flight: watch::Receiver<()>) {
    while flight.changed().await.is_ok() {}
}

/// A call that is being made. Dropping it lets those who wait for it go on.
pub struct Flight {
    memory: Arc<Memory>,
    key: Key,
    leads: Option<watch::Sender<()>>,
}

impl Flight {
    fn alone(memory: Arc<Memory>, key: Key) -> Self {
        Self {
            memory,
            key,
            leads: None,
        }
    }

    pub fn remember(self, provider: &str, model: &str, chunks: Vec<Chunk>) {
        let reply = Remembered {
            provider: provider.to_owned(),
            model: model.to_owned(),
            chunks,
            since: Instant::now(),
        };
        if let Some(shared) = self.memory.shared.clone()
            && let Ok(bytes) = serde_json::to_vec(&reply)
        {
            let key = self.key.0;
            tokio::spawn(async move { shared.keep_reply(&key, bytes).await });
        }
        self.memory.replies.insert(self.key, Arc::new(reply));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(done) = self.leads.take() {
            self.memory.flights().remove(&self.key);
            drop(done);
        }
    }
}
