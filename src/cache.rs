//! What is worth keeping near: in Redis when there is one, else in this process.
//!
//! The cache never holds the only copy of anything and never fails: whatever goes wrong with Redis is a
//! miss, answered within a quarter of a second. All keys and lifetimes are here.

mod streams;

pub use streams::{Entry, Publisher, Read, StreamFrame, StreamReader, Streams};

use crate::breaker::Breaker;
use crate::ids::DatasetId;
use crate::schema::Schema;
use crate::store::vectors::{TextHash, bytes, numbers};
use moka::Expiry;
use moka::future::Cache as LocalCache;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A Redis that is slower than this is not there: reading our own database is as fast.
const PATIENCE: Duration = Duration::from_millis(250);

/// A snapshot never changes, so its lifetime only bounds memory.
const SCHEMA_LIFETIME: Duration = Duration::from_secs(3600);

/// A text's vector never changes either; a day is what its embedder's terms allow at least.
const VECTOR_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// A model's reply: somebody who asks again wants a new one sooner than a new schema.
pub const REPLY_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// What the cache of this process holds at most, in bytes.
const LOCAL_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Clone)]
pub enum Cache {
    Local(LocalCache<String, Vec<u8>>),
    Redis(ConnectionManager, Arc<Breaker>),
}

/// A Redis that failed is left alone for so long.
const REST: Duration = Duration::from_secs(1);

impl Cache {
    pub fn local() -> Self {
        Self::Local(
            LocalCache::builder()
                .max_capacity(LOCAL_BYTES)
                .weigher(|key: &String, value: &Vec<u8>| {
                    u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX)
                })
                .expire_after(Lifetimes)
                .build(),
        )
    }

    /// Connects when it is first used, and again whenever Redis comes back; fails only for a wrong address.
    pub fn redis(url: &str) -> Result<Self, redis::RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let client = redis::Client::open(url)?;
        Ok(Self::Redis(
            ConnectionManager::new_lazy_with_config(client, config)?,
            Arc::new(Breaker::new(REST)),
        ))
    }

    pub async fn schema(&self, dataset: DatasetId, version: i32) -> Option<Schema> {
        let bytes = self.get(&schema_key(dataset, version)).await?;
        serde_json::from_slice(&bytes).ok()
    }

    pub async fn keep_schema(&self, dataset: DatasetId, version: i32, schema: &Schema) {
        let bytes = serde_json::to_vec(schema).expect("a schema has string keys");
        self.put(schema_key(dataset, version), bytes, SCHEMA_LIFETIME)
            .await;
    }

    /// Of each text its vector, where one is known.
    pub async fn vectors(&self, embedder: &str, texts: &[TextHash]) -> Vec<Option<Vec<f32>>> {
        let keys: Vec<String> = texts
            .iter()
            .map(|text| vector_key(embedder, text))
            .collect();
        let found: Vec<Option<Vec<u8>>> = match self {
            Self::Local(cache) => {
                futures::future::join_all(keys.iter().map(|key| cache.get(key))).await
            }
            Self::Redis(connection, breaker) => {
                let mut connection = connection.clone();
                within_patience(breaker, connection.mget(&keys))
                    .await
                    .unwrap_or_default()
            }
        };
        let mut found: Vec<Option<Vec<f32>>> = found
            .into_iter()
            .map(|bytes| bytes.map(|bytes| numbers(&bytes)))
            .collect();
        found.resize(texts.len(), None);
        found
    }

    pub async fn keep_vectors(&self, embedder: &str, vectors: &[(TextHash, Vec<f32>)]) {
        let kept = vectors.iter().map(|(text, vector)| {
            self.put(vector_key(embedder, text), bytes(vector), VECTOR_LIFETIME)
        });
        futures::future::join_all(kept).await;
    }

    /// Whether other processes read what this one keeps.
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Redis(..))
    }

    /// A model's reply, as it was kept, for caches that are shared (a process remembers its own by itself); `call` is the hash of all that it depends on.
    pub async fn reply(&self, call: &[u8; 32]) -> Option<Vec<u8>> {
        self.get(&reply_key(call)).await
    }

    pub async fn keep_reply(&self, call: &[u8; 32], reply: Vec<u8>) {
        self.put(reply_key(call), reply, REPLY_LIFETIME).await;
    }

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            Self::Local(cache) => cache.get(key).await,
            Self::Redis(connection, breaker) => {
                let mut connection = connection.clone();
                within_patience(breaker, connection.get(key))
                    .await
                    .flatten()
            }
        }
    }

    async fn put(&self, key: String, value: Vec<u8>, lifetime: Duration) {
        match self {
            Self::Local(cache) => cache.insert(key, value).await,
            Self::Redis(connection, breaker) => {
                let mut connection = connection.clone();
                let set = connection.set_ex::<_, _, ()>(key, value, lifetime.as_secs());
                // kept or not, nobody waits for it
                let _ = within_patience(breaker, set).await;
            }
        }
    }
}

/// The answer, if Redis has one in time; while it is down, nobody asks.
async fn within_patience<T>(
    breaker: &Breaker,
    asked: impl Future<Output = redis::RedisResult<T>>,
) -> Option<T> {
    if !breaker.allows(Instant::now()) {
        return None;
    }
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => {
            breaker.succeeded();
            Some(answer)
        }
        Ok(Err(error)) => {
            breaker.failed(Instant::now());
            tracing::warn!(%error, "Redis failed; going on without it");
            None
        }
        Err(_) => {
            breaker.failed(Instant::now());
            None
        }
    }
}

/// How long this process keeps what it has no Redis for, by kind.
struct Lifetimes;

impl Expiry<String, Vec<u8>> for Lifetimes {
    fn expire_after_create(&self, key: &String, _: &Vec<u8>, _: Instant) -> Option<Duration> {
        Some(if key.starts_with(VECTORS) {
            VECTOR_LIFETIME
        } else {
            SCHEMA_LIFETIME
        })
    }
}

const VECTORS: &str = "qf:vector:";
const REPLIES: &str = "qf:reply:";

fn vector_key(embedder: &str, text: &TextHash) -> String {
    format!("{VECTORS}{embedder}:{}", hexadecimal(text))
}

fn reply_key(call: &[u8; 32]) -> String {
    format!("{REPLIES}{}", hexadecimal(call))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn schema_key(dataset: DatasetId, version: i32) -> String {
    format!("qf:schema:{dataset}:{version}")
}
