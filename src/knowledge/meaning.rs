//! Search by meaning beside search by words: vectors made in the background, kept in our store, and missed gracefully.
//!
//! Nothing here can fail a question. While a schema's vectors are being made, while the embedder is down, and when
//! it answers nonsense, the question is searched by words alone and a notice says so.

use super::search::{Found, SearchIndex};
use crate::cache::Cache;
use crate::embedding::{EmbedError, Embedder};
use crate::schema::Schema;
use crate::store::Store;
use crate::store::vectors::TextHash;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Texts embedded and kept at a time: what a restart may lose.
const CHUNK: usize = 64;
/// Before the second try at a schema's vectors; doubled for each further one.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// After an embedder kept a question waiting in vain, others do not wait for it for so long.
const REST: Duration = Duration::from_secs(15);

/// The embedder, with what it has made already.
pub struct Meaning {
    embedder: Arc<dyn Embedder>,
    store: Store,
    cache: Cache,
    /// Of a question.
    patience: Duration,
    /// One schema's texts at a time: questions come first.
    background: Semaphore,
    resting: Mutex<Option<(Instant, EmbedError)>>,
}

impl Meaning {
    pub fn new(
        embedder: Arc<dyn Embedder>,
        store: Store,
        cache: Cache,
        patience: Duration,
    ) -> Arc<Self> {
        Arc::new(Self {
            embedder,
            store,
            cache,
            patience,
            background: Semaphore::new(1),
            resting: Mutex::default(),
        })
    }

    /// Vectors of texts that stay (names, descriptions, examples): made once, kept in the store.
    pub async fn of_knowledge(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for chunk in texts.chunks(CHUNK) {
            vectors.extend(self.of_chunk(chunk, true).await?);
        }
        Ok(vectors)
    }

    /// Vectors of a question's texts, within the patience a question has.
    pub async fn of_question(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        if let Some((until, error)) = &*self.resting.lock().expect("nothing panics with it")
            && *until > Instant::now()
        {
            return Err(error.clone());
        }
        let made = tokio::time::timeout(self.patience, self.of_chunk(texts, false))
            .await
            .unwrap_or(Err(EmbedError::Timeout(self.patience.as_millis() as u64)));
        let rest = match &made {
            Err(error) if error.retryable() => Some((Instant::now() + REST, error.clone())),
            _ => None,
        };
        *self.resting.lock().expect("nothing panics with it") = rest;
        made
    }

    /// Known ones from the cache, then from the store; the embedder is asked for the others only.
    async fn of_chunk(&self, texts: &[String], keep: bool) -> Result<Vec<Vec<f32>>, EmbedError> {
        let embedder = self.embedder.id();
        let hashes: Vec<TextHash> = texts
            .iter()
            .map(|text| Sha256::digest(text).into())
            .collect();
        let sound = |vector: &Vec<f32>| {
            vector.len() == self.embedder.dimension() && vector.iter().all(|x| x.is_finite())
        };
        let mut known: HashMap<TextHash, Vec<f32>> = self
            .cache
            .vectors(embedder, &hashes)
            .await
            .into_iter()
            .zip(&hashes)
            .filter_map(|(vector, hash)| Some((*hash, vector.filter(sound)?)))
            .collect();
        let missing = |known: &HashMap<TextHash, Vec<f32>>| {
            let mut missing: Vec<usize> = (0..texts.len())
                .filter(|i| !known.contains_key(&hashes[*i]))
                .collect();
            missing.sort_by_key(|i| hashes[*i]);
            missing.dedup_by_key(|i| hashes[*i]);
            missing
        };
        let mut unknown = missing(&known);
        let mut fresh: Vec<(TextHash, Vec<f32>)> = Vec::new();
        if keep && !unknown.is_empty() {
            let wanted: Vec<TextHash> = unknown.iter().map(|i| hashes[*i]).collect();
            match self.store.vectors(embedder, &wanted).await {
                Ok(stored) => fresh.extend(stored.into_iter().filter(|(_, v)| sound(v))),
                Err(error) => tracing::warn!(%error, "vectors cannot be read; making them anew"),
            }
            known.extend(fresh.iter().cloned());
            unknown = missing(&known);
        }
        if !unknown.is_empty() {
            let asked: Vec<String> = unknown.iter().map(|i| texts[*i].clone()).collect();
            let made = self.embedder.embed(&asked).await?;
            // whatever the embedder is, nothing that does not fit is compared or kept
            if made.len() != asked.len() || !made.iter().all(sound) {
                return Err(EmbedError::BadReply("vectors that do not fit".to_owned()));
            }
            let made: Vec<(TextHash, Vec<f32>)> =
                unknown.iter().map(|i| hashes[*i]).zip(made).collect();
            if keep && let Err(error) = self.store.keep_vectors(embedder, &made).await {
                tracing::warn!(%error, "vectors cannot be kept; they will be made again");
            }
            fresh.extend(made.iter().cloned());
            known.extend(made);
        }
        self.cache.keep_vectors(embedder, &fresh).await;
        Ok(hashes.iter().map(|hash| known[hash].clone()).collect())
    }
}

/// One snapshot's search: by words at once, by meaning as well as soon as its vectors are there.
pub struct Search {
    index: Arc<SearchIndex>,
    meaning: Option<Arc<Meaning>>,
    /// Why the vectors are not there, when making them failed.
    failed: Mutex<Option<EmbedError>>,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    pub found: Found,
    /// A sentence for the person: why meaning did not count, where an embedder is configured.
    pub notice: Option<String>,
}

impl Search {
    pub fn new(index: SearchIndex, meaning: Option<Arc<Meaning>>) -> Arc<Self> {
        Arc::new(Self {
            index: Arc::new(index),
            meaning,
            failed: Mutex::default(),
        })
    }

    pub fn index(&self) -> &Arc<SearchIndex> {
        &self.index
    }

    /// As [`Self::find`], by words alone: no embedder is asked.
    pub async fn by_words(&self, question: &str, limit: usize) -> Found {
        let index = self.index.clone();
        let question = question.to_owned();
        tokio::task::spawn_blocking(move || index.search(&question, limit))
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }

    /// At most `limit` tables for `question`, computed off the asynchronous workers; never fails.
    pub async fn find(&self, question: &str, limit: usize) -> Searched {
        let mut notice = None;
        let mut vectors = Vec::new();
        if let Some(meaning) = &self.meaning {
            let failed = self.failed.lock().expect("nothing panics with it").clone();
            match (self.index.embedder(), failed) {
                (Some(_), _) => match meaning.of_question(&SearchIndex::asked(question)).await {
                    Ok(made) => vectors = made,
                    Err(error) => {
                        tracing::warn!(%error, "a question is searched by words alone");
                        notice = Some(why_words(&error));
                    }
                },
                (None, Some(error)) => notice = Some(why_words(&error)),
                (None, None) => {
                    notice = Some(
                        "searched by words alone: this schema's vectors are still being made"
                            .to_owned(),
                    );
                }
            }
        }
        let index = self.index.clone();
        let question = question.to_owned();
        let found = tokio::task::spawn_blocking(move || {
            if vectors.is_empty() {
                index.search(&question, limit)
            } else {
                index.search_near(&question, &vectors, limit)
            }
        })
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        Searched { found, notice }
    }

    /// Makes the vectors of `schema`, trying again for as long as anybody holds the search.
    pub async fn learn(search: Weak<Self>, schema: Arc<Schema>) {
        let Some(index) = search.upgrade().map(|search| search.index.clone()) else {
            return;
        };
        let texts = tokio::task::spawn_blocking(move || index.texts(&schema))
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        let mut wait = FIRST_WAIT;
        loop {
            let Some(meaning) = search.upgrade().and_then(|s| s.meaning.clone()) else {
                return;
            };
            let made = {
                let _turn = meaning.background.acquire().await;
                meaning.of_knowledge(&texts).await
            };
            let Some(search) = search.upgrade() else {
                return;
            };
            let error = match made {
                Ok(vectors) => match search.index.learn(meaning.embedder.id(), &vectors) {
                    Ok(()) => {
                        tracing::info!(texts = texts.len(), "a schema's vectors are there");
                        return;
                    }
                    Err(error) => EmbedError::BadReply(error.to_string()),
                },
                Err(error) => error,
            };
            tracing::warn!(%error, wait_s = wait.as_secs(), "a schema's vectors could not be made");
            *search.failed.lock().expect("nothing panics with it") = Some(error);
            drop(search);
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// In words that give away nothing of the provider's answer.
fn why_words(error: &EmbedError) -> String {
    let why = match error {
        EmbedError::Unreachable(_) => "the embedder cannot be reached",
        EmbedError::Timeout(_) => "the embedder did not answer in time",
        EmbedError::RateLimited { .. } => "the embedder is busy",
        EmbedError::Unauthorized => "the embedder refused the key",
        EmbedError::BadRequest { .. } => "the embedder refused the request",
        EmbedError::Provider { .. } => "the embedder failed",
        EmbedError::BadReply(_) => "the embedder's answer cannot be used",
    };
    format!("searched by words alone: {why}")
}
