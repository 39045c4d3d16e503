//! Chat models: one request, one stream of chunks, whichever provider answers it.
//!
//! One file per provider ([`openai`] speaks for everything that imitates it). What they share: `sse`
//! reads a reply and keeps time, [`failure`] says what a refusal means and keeps keys out of it.

pub mod anthropic;
mod echo;
pub mod failure;
pub mod gemini;
pub mod google;
pub mod ledger;
pub mod ollama;
pub mod openai;
mod parameters;
pub mod prices;
pub mod reach;
pub mod reply;
mod sse;
pub mod switchboard;

use async_trait::async_trait;
use futures::stream::BoxStream;
use reach::Reach;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A model that answers chat requests.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// `openai`, `anthropic`, `gemini`, `ollama`.
    fn provider(&self) -> &str;

    fn model(&self) -> &str;

    /// Where it is called: at two places one name may be two models.
    fn endpoint(&self) -> &str;

    /// For requests that name none.
    fn temperature(&self) -> Option<f32> {
        None
    }

    /// For requests that name none.
    fn max_tokens(&self) -> Option<u32> {
        None
    }

    /// Starts a call. Dropping the stream closes the provider's connection and so stops paying.
    async fn stream(&self, request: ChatRequest) -> Result<ChunkStream, LlmError>;
}

pub type ChunkStream = BoxStream<'static, Result<Chunk, LlmError>>;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChatRequest {
    pub system: String,
    pub messages: Vec<Message>,
    pub temperature: Option<f32>,
    pub max_tokens: Option<u32>,
    /// A JSON Schema for the reply, where the provider can hold the model to one.
    pub response_schema: Option<serde_json::Value>,
    #[serde(default)]
    pub tools: Vec<Tool>,
    /// Instead of the configured one, for this call.
    pub model: Option<String>,
}

impl ChatRequest {
    /// One question under one system prompt.
    pub fn asking(system: impl Into<String>, user: impl Into<String>) -> Self {
        Self {
            system: system.into(),
            messages: vec![Message {
                role: Role::User,
                content: user.into(),
                tool_calls: Vec::new(),
                tool_call_id: None,
            }],
            ..Self::default()
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
    /// What an assistant asked to have called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The call that a message of [`Role::Tool`] answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Assistant,
    Tool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub description: String,
    /// JSON Schema of the arguments.
    pub parameters: serde_json::Value,
}

/// A whole call, its arguments parsed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    pub id: String,
    pub name: String,
    pub arguments: serde_json::Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Chunk {
    Text(String),
    /// Emitted once per call, when its arguments are whole.
    ToolCall(ToolCall),
    /// The last word on tokens; providers may send it more than once, the latest counts.
    Usage(Usage),
    /// Always the last chunk of a stream that ended well.
    Stop(StopReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    End,
    Length,
    ToolCalls,
    Refusal,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Part of `input_tokens` that the provider had cached.
    pub cached_input_tokens: u64,
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum LlmError {
    #[error("the model's endpoint cannot be reached: {0}")]
    Unreachable(String),
    #[error("the model did not answer within {0} ms")]
    Timeout(u64),
    #[error("the model's provider is busy")]
    RateLimited { retry_after_ms: Option<u64> },
    #[error("the provider refused the key")]
    Unauthorized,
    #[error("the request does not fit the model's context")]
    ContextTooLong,
    #[error("the provider refused the request: {0}")]
    BadRequest(String),
    #[error("the provider failed with status {status}")]
    Provider { status: u16 },
    #[error("the stream broke off: {0}")]
    Broken(String),
}

impl LlmError {
    /// Whether the same request may go better a moment later.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Timeout(_)
            | Self::RateLimited { .. }
            | Self::Provider { .. }
            | Self::Broken(_) => true,
            Self::Unauthorized | Self::ContextTooLong | Self::BadRequest(_) => false,
        }
    }
}

/// How long a provider may take, and how much it may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// TCP and TLS.
    pub connect: Duration,
    /// From the start of the call to the first sign of a reply; keep-alives do not count.
    pub first_token: Duration,
    /// Between one event of the stream and the next, while somebody waits for it.
    pub silence: Duration,
    /// One line of the stream; a longer one is an error, not memory.
    pub line_bytes: usize,
    /// A whole reply as it comes over the network.
    pub reply_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_token: Duration::from_secs(20),
            silence: Duration::from_secs(30),
            line_bytes: 1 << 20,
            reply_bytes: 16 << 20,
        }
    }
}

/// Makes *ring* the process's TLS provider. Every client of this module does it first; calling it again
/// is harmless.
///
/// reqwest is built without a provider of its own (aws-lc takes half a minute to compile) and panics
/// when there is none.
pub fn install_crypto() {
    // An error means that somebody installed one already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client with what every provider needs: no redirects (a redirect would carry the key to another
/// host), and no proxy between here and a model on this machine.
fn http_client(
    base: &reqwest::Url,
    limits: &Limits,
    reach: Reach,
) -> Result<reqwest::Client, LlmError> {
    install_crypto();
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.connect)
        .tcp_keepalive(Duration::from_secs(30))
        .user_agent(concat!("queryforge/", env!("CARGO_PKG_VERSION")));
    if is_loopback(base) {
        builder = builder.no_proxy();
    }
    if reach == Reach::Public {
        reach::check_literal(base)?;
        builder = builder
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(reach::PublicOnly));
    }
    builder
        .build()
        .map_err(|error| LlmError::BadRequest(format!("no HTTP client: {}", error.without_url())))
}

/// A header value that carries a key and never shows in a debug print.
fn key_header(prefix: &str, key: &SecretString) -> Result<reqwest::header::HeaderValue, LlmError> {
    let text = format!("{prefix}{}", key.expose_secret().trim());
    let mut value = reqwest::header::HeaderValue::try_from(text)
        .map_err(|_| LlmError::BadRequest("the API key has characters no key has".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// The base URL of a provider, with or without a closing slash.
fn base_url(text: &str) -> Result<reqwest::Url, LlmError> {
    let url = reqwest::Url::parse(text.trim())
        .map_err(|error| LlmError::BadRequest(format!("the model's base URL: {error}")))?;
    match url.scheme() {
        // It would be shown wherever the URL is.
        _ if !url.username().is_empty() || url.password().is_some() => Err(LlmError::BadRequest(
            "the model's base URL carries a name or password; give the key by itself".into(),
        )),
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(LlmError::BadRequest(
            "the model's base URL is not http or https".into(),
        )),
    }
}

/// `base` with `path` behind its own path and its query kept (Azure wants `?api-version=`).
fn join(base: &reqwest::Url, path: &str) -> reqwest::Url {
    let mut url = base.clone();
    let joined = format!("{}/{path}", base.path().trim_end_matches('/'));
    url.set_path(&joined);
    url
}

/// 0.2_f32 is 0.20000000298… in JSON otherwise.
fn rounded(temperature: f32) -> f64 {
    (f64::from(temperature) * 1000.0).round() / 1000.0
}
