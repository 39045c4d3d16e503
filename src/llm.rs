//! Chat models: one request, one stream of chunks, whichever provider answers it.

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

/// A model that answers chat requests.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// `openai`, `anthropic`, `gemini`, `ollama`.
    fn provider(&self) -> &str;

    fn model(&self) -> &str;

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

#[derive(Clone, Debug, PartialEq)]
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
