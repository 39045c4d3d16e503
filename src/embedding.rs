//! Text to vectors, so that words of one meaning are near each other. Optional: without it search is lexical.
//!
//! One file per provider; what they share stands here: batches, retries, and vectors of length one, so that a dot
//! product is a cosine.

mod configured;
pub mod gemini;
pub mod local;
pub mod openai;

pub use configured::{ConfiguredError, configured};

use async_trait::async_trait;
use rand::Rng;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// Makes vectors of texts.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Provider, model and dimension: vectors of different ids must never be compared.
    fn id(&self) -> &str;

    /// Numbers in each vector.
    fn dimension(&self) -> usize;

    /// One vector of length one for each text, in their order.
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError>;
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum EmbedError {
    #[error("the embedding endpoint cannot be reached: {0}")]
    Unreachable(String),
    #[error("the embedding endpoint did not answer within {0} ms")]
    Timeout(u64),
    #[error("the embedding provider is busy")]
    RateLimited { retry_after_ms: Option<u64> },
    #[error("the embedding provider refused the key")]
    Unauthorized,
    #[error("the embedding provider refused the request with status {status}")]
    BadRequest { status: u16 },
    #[error("the embedding provider failed with status {status}")]
    Provider { status: u16 },
    /// An answer that is not what was asked for: too few vectors, another dimension, no numbers.
    #[error("the embedding provider's answer cannot be used: {0}")]
    BadReply(String),
}

impl EmbedError {
    /// Whether the same request may go better a moment later.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Timeout(_)
            | Self::RateLimited { .. }
            | Self::Provider { .. } => true,
            Self::Unauthorized | Self::BadRequest { .. } | Self::BadReply(_) => false,
        }
    }
}

/// How a remote embedder behaves, whichever provider it speaks to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Texts per request.
    pub batch: usize,
    /// Of each request.
    pub timeout: Duration,
    /// Further tries after the first.
    pub retries: u32,
    /// Before the first retry; doubled before each further one, with up to half as much again at random.
    pub backoff: Duration,
    /// Characters; longer texts are cut, as every model cuts them somewhere.
    pub text_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch: 96,
            timeout: Duration::from_secs(30),
            retries: 2,
            backoff: Duration::from_millis(250),
            text_chars: 8_000,
        }
    }
}

/// No provider's wish to wait is followed further than this.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

fn client(limits: &Limits, url: &str) -> Result<reqwest::Client, EmbedError> {
    // the crate is built without a default provider of cryptography: another room may have set it already
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .timeout(limits.timeout)
        // a redirect would carry the key elsewhere
        .redirect(reqwest::redirect::Policy::none());
    let host = reqwest::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(String::from));
    if host.is_some_and(|host| host == "localhost" || host == "[::1]" || host.starts_with("127.")) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|e| EmbedError::Unreachable(e.without_url().to_string()))
}

/// Sends `texts` in batches, each tried again where that may help, and checks what comes back.
async fn embed_in_batches(
    texts: &[String],
    dimension: usize,
    limits: &Limits,
    request: impl Fn(&[&str]) -> RequestBuilder,
    vectors_of: impl Fn(&Value) -> Option<Vec<Vec<f32>>>,
) -> Result<Vec<Vec<f32>>, EmbedError> {
    let mut vectors = Vec::with_capacity(texts.len());
    for batch in texts.chunks(limits.batch.max(1)) {
        // providers refuse an empty text
        let batch: Vec<&str> = batch
            .iter()
            .map(|text| {
                if text.trim().is_empty() {
                    "-"
                } else {
                    clipped(text, limits.text_chars)
                }
            })
            .collect();
        let mut tried = 0;
        let reply = loop {
            match send(request(&batch), limits).await {
                Ok(reply) => break reply,
                Err(error) if error.retryable() && tried < limits.retries => {
                    tokio::time::sleep(wait(&error, tried, limits)).await;
                    tried += 1;
                }
                Err(error) => return Err(error),
            }
        };
        let got = vectors_of(&reply)
            .ok_or_else(|| EmbedError::BadReply("it holds no vectors".to_owned()))?;
        if got.len() != batch.len() {
            return Err(EmbedError::BadReply(format!(
                "{} vectors for {} texts",
                got.len(),
                batch.len()
            )));
        }
        for vector in got {
            if vector.len() != dimension {
                return Err(EmbedError::BadReply(format!(
                    "vectors of dimension {} where {dimension} is configured",
                    vector.len()
                )));
            }
            vectors.push(
                unit(vector)
                    .ok_or_else(|| EmbedError::BadReply("a vector of no length".to_owned()))?,
            );
        }
    }
    Ok(vectors)
}

async fn send(request: RequestBuilder, limits: &Limits) -> Result<Value, EmbedError> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            EmbedError::Timeout(limits.timeout.as_millis() as u64)
        } else {
            // the URL may hold a key
            EmbedError::Unreachable(error.without_url().to_string())
        }
    };
    let reply = request.send().await.map_err(failed)?;
    let status = reply.status();
    if status.is_success() {
        return match reply.json().await {
            Ok(value) => Ok(value),
            Err(error) if error.is_decode() => {
                Err(EmbedError::BadReply("it is not JSON".to_owned()))
            }
            Err(error) => Err(failed(error)),
        };
    }
    Err(match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => EmbedError::Unauthorized,
        StatusCode::TOO_MANY_REQUESTS => EmbedError::RateLimited {
            retry_after_ms: reply
                .headers()
                .get(reqwest::header::RETRY_AFTER)
                .and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok())
                .map(|seconds| seconds.saturating_mul(1_000)),
        },
        StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT => EmbedError::Provider {
            status: status.as_u16(),
        },
        status if status.is_server_error() => EmbedError::Provider {
            status: status.as_u16(),
        },
        status => EmbedError::BadRequest {
            status: status.as_u16(),
        },
    })
}

fn wait(error: &EmbedError, tried: u32, limits: &Limits) -> Duration {
    if let EmbedError::RateLimited {
        retry_after_ms: Some(ms),
    } = error
    {
        return Duration::from_millis(*ms).min(LONGEST_WAIT);
    }
    let base = limits.backoff.saturating_mul(1 << tried.min(8));
    base.mul_f64(1.0 + rand::rng().random_range(0.0..0.5))
        .min(LONGEST_WAIT)
}

fn clipped(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(end, _)| &text[..end])
}

/// `vector` scaled to length one; none when it has no direction.
pub fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector
        .iter()
        .map(|x| f64::from(*x) * f64::from(*x))
        .sum::<f64>()
        .sqrt() as f32;
    if !length.is_finite() || length < f32::MIN_POSITIVE {
        return None;
    }
    for x in &mut vector {
        *x /= length;
    }
    Some(vector)
}

/// A JSON array of numbers.
fn numbers(value: &Value) -> Option<Vec<f32>> {
    value
        .as_array()?
        .iter()
        .map(|x| x.as_f64().map(|x| x as f32))
        .collect()
}
