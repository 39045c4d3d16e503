//! Anthropic's Messages API.
//!
//! The system prompt is marked for the provider's cache: prompts of ours put what stays first, so the
//! attempts of one turn, and turns over the same tables, pay a tenth for it.

use super::failure::{self, Redactor};
use super::parameters::Parameters;
use super::reach::Reach;
use super::sse::{self, Decode, Step};
use super::{
    ChatModel, ChatRequest, Chunk, ChunkStream, Limits, LlmError, Message, Role, StopReason,
    ToolCall, Usage, base_url, http_client, join, key_header, rounded,
};
use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};

/// The version whose wire format this file speaks. Later ones refuse `temperature` altogether.
const VERSION: &str = "2023-06-01";

#[derive(Clone, Debug)]
pub struct AnthropicSettings {
    /// `https://api.anthropic.com`, with or without `/v1`.
    pub base_url: String,
    pub api_key: SecretString,
    pub model: String,
    /// For requests that name none.
    pub temperature: Option<f32>,
    /// The API demands one; for requests that name none.
    pub max_tokens: u32,
    pub limits: Limits,
    pub reach: Reach,
}

impl AnthropicSettings {
    pub fn new(api_key: SecretString, model: impl Into<String>) -> Self {
        Self {
            base_url: "https://api.anthropic.com".into(),
            api_key,
            model: model.into(),
            temperature: None,
            max_tokens: 4096,
            limits: Limits::default(),
            reach: Reach::default(),
        }
    }
}

pub struct Anthropic {
    settings: AnthropicSettings,
    url: Url,
    client: reqwest::Client,
    key: HeaderValue,
    redactor: Redactor,
    parameters: Parameters,
}

impl Anthropic {
    /// Fails with [`LlmError::BadRequest`] when the base URL is none, or the key cannot be sent.
    pub fn new(settings: AnthropicSettings) -> Result<Self, LlmError> {
        let base = base_url(&settings.base_url)?;
        let path = base.path().trim_end_matches('/');
        let url = if path.ends_with("/messages") {
            base.clone()
        } else if path.ends_with("/v1") {
            join(&base, "messages")
        } else {
            join(&base, "v1/messages")
        };
        Ok(Self {
            client: http_client(&base, &settings.limits, settings.reach)?,
            url,
            key: key_header("", &settings.api_key)?,
            redactor: Redactor::new(Some(&settings.api_key)),
            parameters: Parameters::new(&["temperature", "output_config"]),
            settings,
        })
    }

    fn body(&self, request: &ChatRequest, without: &BTreeSet<&'static str>) -> Value {
        let mut body = json!({
            "model": request.model.as_deref().unwrap_or(&self.settings.model),
            "max_tokens": request.max_tokens.unwrap_or(self.settings.max_tokens),
            "messages": messages(&request.messages),
            "stream": true,
        });
        if !request.system.is_empty() {
            body["system"] = json!([{"type": "text", "text": request.system,
                "cache_control": {"type": "ephemeral"}}]);
        }
        if let Some(temperature) = request.temperature.or(self.settings.temperature)
            && !without.contains("temperature")
        {
            body["temperature"] = json!(rounded(temperature.clamp(0.0, 1.0)));
        }
        if let Some(schema) = &request.response_schema
            && !without.contains("output_config")
        {
            body["output_config"] = json!({"format": {"type": "json_schema", "schema": schema}});
        }
        if !request.tools.is_empty() {
            let tools: Vec<Value> = request
                .tools
                .iter()
                .map(|tool| {
                    json!({"name": tool.name, "description": tool.description,
                        "input_schema": tool.parameters})
                })
                .collect();
            body["tools"] = Value::Array(tools);
        }
        body
    }
}

impl std::fmt::Debug for Anthropic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Anthropic")
            .field("host", &self.url.host_str())
            .field("model", &self.settings.model)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl ChatModel for Anthropic {
    fn provider(&self) -> &str {
        "anthropic"
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    fn endpoint(&self) -> &str {
        &self.settings.base_url
    }

    fn temperature(&self) -> Option<f32> {
        self.settings.temperature
    }

    fn max_tokens(&self) -> Option<u32> {
        Some(self.settings.max_tokens)
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        let model = request
            .model
            .clone()
            .unwrap_or_else(|| self.settings.model.clone());
        let mut without = self.parameters.refused(&model);
        loop {
            let body = self.body(&request, &without);
            let post = self
                .client
                .post(self.url.clone())
                .header("x-api-key", self.key.clone())
                .header("anthropic-version", VERSION)
                .json(&body);
            let outcome = sse::call(
                post,
                Reply::new(self.redactor.clone()),
                self.settings.limits,
                self.redactor.clone(),
            )
            .await;
            let sent = |name: &str| body.get(name).is_some();
            if !self.parameters.learn(&model, &outcome, sent, &mut without) {
                return outcome;
            }
        }
    }
}

/// Neighbours of the same role become one message: results of parallel calls must come together. Empty
/// texts are left out: the API refuses them.
fn messages(messages: &[Message]) -> Vec<Value> {
    let mut out: Vec<(&str, Vec<Value>)> = Vec::new();
    for message in messages {
        let mut blocks = Vec::new();
        if message.role == Role::Tool {
            blocks.push(
                json!({"type": "tool_result", "tool_use_id": message.tool_call_id,
                "content": message.content}),
            );
        } else if !message.content.trim().is_empty() {
            blocks.push(json!({"type": "text", "text": message.content}));
        }
        for call in &message.tool_calls {
            blocks.push(json!({"type": "tool_use", "id": call.id, "name": call.name,
                "input": call.arguments}));
        }
        if blocks.is_empty() {
            continue;
        }
        let role = match message.role {
            Role::Assistant => "assistant",
            Role::User | Role::Tool => "user",
        };
        match out.last_mut() {
            Some((last, all)) if *last == role => all.extend(blocks),
            _ => out.push((role, blocks)),
        }
    }
    out.into_iter()
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect()
}

/// The decoder of one reply.
struct Reply {
    calls: Vec<PartialCall>,
    usage: Usage,
    stop: Option<StopReason>,
    redactor: Redactor,
}

struct PartialCall {
    index: u64,
    id: String,
    name: String,
    /// Arguments that came with the start; usually empty.
    input: Value,
    json: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: StartedMessage,
    },
    ContentBlockStart {
        index: u64,
        content_block: Block,
    },
    ContentBlockDelta {
        index: u64,
        delta: Delta,
    },
    MessageDelta {
        delta: MessageDelta,
        usage: Option<WireUsage>,
    },
    MessageStop,
    Error {
        error: Value,
    },
    /// `ping`, `content_block_stop`, and what is added later.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct StartedMessage {
    #[serde(default)]
    content: Vec<Block>,
    stop_reason: Option<String>,
    usage: Option<WireUsage>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Text {
        text: String,
    },
    ToolUse {
        id: String,
        name: String,
        #[serde(default)]
        input: Value,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: String },
    /// Thoughts, signatures, citations: signs of life.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct MessageDelta {
    stop_reason: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
struct WireUsage {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
}

impl Reply {
    fn new(redactor: Redactor) -> Self {
        Self {
            calls: Vec::new(),
            usage: Usage::default(),
            stop: None,
            redactor,
        }
    }

    fn read(&mut self, event: Event, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        match event {
            Event::MessageStart { message } => {
                self.usage(message.usage, out);
                Ok(Step::Waiting)
            }
            Event::ContentBlockStart {
                index,
                content_block,
            } => Ok(self.block(index, content_block, out)),
            Event::ContentBlockDelta { index, delta } => {
                match delta {
                    Delta::Text { text } if !text.is_empty() => {
                        out.push_back(Chunk::Text(text));
                    }
                    Delta::InputJson { partial_json } => {
                        if let Some(call) = self.calls.iter_mut().rev().find(|c| c.index == index) {
                            call.json.push_str(&partial_json);
                        }
                    }
                    Delta::Text { .. } | Delta::Other => {}
                }
                Ok(Step::Alive)
            }
            Event::MessageDelta { delta, usage } => {
                self.usage(usage, out);
                self.stopped_by(delta.stop_reason.as_deref());
                Ok(Step::Alive)
            }
            Event::MessageStop => Ok(Step::Done),
            Event::Error { error } => Err(failure::of_event(&error, &self.redactor)),
            Event::Other => Ok(Step::Waiting),
        }
    }

    fn block(&mut self, index: u64, block: Block, out: &mut VecDeque<Chunk>) -> Step {
        match block {
            Block::Text { text } => {
                if text.is_empty() {
                    return Step::Waiting;
                }
                out.push_back(Chunk::Text(text));
            }
            Block::ToolUse { id, name, input } => self.calls.push(PartialCall {
                index,
                id,
                name,
                input,
                json: String::new(),
            }),
            Block::Other => {}
        }
        Step::Alive
    }

    /// The counts of the API are running totals, and exclude what the cache served.
    fn usage(&mut self, usage: Option<WireUsage>, out: &mut VecDeque<Chunk>) {
        let Some(usage) = usage else {
            return;
        };
        if let Some(input) = usage.input_tokens {
            let cached = usage.cache_read_input_tokens.unwrap_or(0);
            self.usage.input_tokens =
                input + cached + usage.cache_creation_input_tokens.unwrap_or(0);
            self.usage.cached_input_tokens = cached;
        }
        if let Some(output) = usage.output_tokens {
            self.usage.output_tokens = output;
        }
        out.push_back(Chunk::Usage(self.usage));
    }

    fn stopped_by(&mut self, reason: Option<&str>) {
        let Some(reason) = reason else {
            return;
        };
        self.stop = Some(match reason {
            "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
            "tool_use" => StopReason::ToolCalls,
            "refusal" => StopReason::Refusal,
            _ => StopReason::End,
        });
    }

    fn malformed(&self, error: &serde_json::Error) -> LlmError {
        LlmError::Broken(self.redactor.clean(&format!(
            "an event that is none of the Messages API: {error}"
        )))
    }
}

impl Decode for Reply {
    fn event(&mut self, data: &str, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        let event = serde_json::from_str(data).map_err(|error| self.malformed(&error))?;
        self.read(event, out)
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Chunk>) -> Result<(), LlmError> {
        let message: StartedMessage =
            serde_json::from_str(body).map_err(|error| self.malformed(&error))?;
        for (index, block) in message.content.into_iter().enumerate() {
            self.block(index as u64, block, out);
        }
        self.usage(message.usage, out);
        self.stopped_by(message.stop_reason.as_deref());
        Ok(())
    }

    fn stop(&mut self, out: &mut VecDeque<Chunk>) -> Result<Option<StopReason>, LlmError> {
        let Some(stop) = self.stop else {
            return Ok(None);
        };
        // A call that was cut short by the limit on tokens is no call.
        if self.calls.is_empty() || matches!(stop, StopReason::Length | StopReason::Refusal) {
            return Ok(Some(stop));
        }
        for call in self.calls.drain(..) {
            let arguments = match call.json.trim() {
                "" if call.input.is_object() => call.input,
                "" => json!({}),
                json => serde_json::from_str(json).map_err(|_| {
                    LlmError::Broken("the arguments of a tool call are not JSON".into())
                })?,
            };
            out.push_back(Chunk::ToolCall(ToolCall {
                id: call.id,
                name: call.name,
                arguments,
            }));
        }
        Ok(Some(StopReason::ToolCalls))
    }

    fn stopped(&self) -> bool {
        self.stop.is_some()
    }
}
