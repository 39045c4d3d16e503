//! What is worth keeping near: in Redis when there is one, else in this process.
//!
//! The cache never holds the only copy of anything and never fails: whatever goes wrong with Redis is a
//! miss, answered within a quarter of a second. All keys and lifetimes are here.

use crate::ids::DatasetId;
use crate::schema::Schema;
use moka::future::Cache as LocalCache;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use std::time::Duration;

/// A Redis that is slower than this is not there: reading our own database is as fast.
const PATIENCE: Duration = Duration::from_millis(250);

/// A snapshot never changes, so its lifetime only bounds memory.
const SCHEMA_LIFETIME: Duration = Duration::from_secs(3600);

/// What the cache of this process holds at most, in bytes.
const LOCAL_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Clone)]
pub enum Cache {
    Local(LocalCache<String, Vec<u8>>),
    Redis(ConnectionManager),
}

impl Cache {
    pub fn local() -> Self {
        Self::Local(
            LocalCache::builder()
                .max_capacity(LOCAL_BYTES)
                .weigher(|key: &String, value: &Vec<u8>| {
                    u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX)
                })
                .time_to_live(SCHEMA_LIFETIME)
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
        Ok(Self::Redis(ConnectionManager::new_lazy_with_config(
            client, config,
        )?))
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

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            Self::Local(cache) => cache.get(key).await,
            Self::Redis(connection) => {
                let mut connection = connection.clone();
                let got = tokio::time::timeout(PATIENCE, connection.get(key)).await;
                match got {
                    Ok(Ok(value)) => value,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "Redis failed; going on without it");
                        None
                    }
                    Err(_) => None,
                }
            }
        }
    }

    async fn put(&self, key: String, value: Vec<u8>, lifetime: Duration) {
        match self {
            Self::Local(cache) => cache.insert(key, value).await,
            Self::Redis(connection) => {
                let mut connection = connection.clone();
                let set = connection.set_ex::<_, _, ()>(key, value, lifetime.as_secs());
                if let Ok(Err(error)) = tokio::time::timeout(PATIENCE, set).await {
                    tracing::warn!(%error, "Redis failed; going on without it");
                }
            }
        }
    }
}

fn schema_key(dataset: DatasetId, version: i32) -> String {
    format!("qf:schema:{dataset}:{version}")
}
