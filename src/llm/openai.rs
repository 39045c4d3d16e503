//! Chat completions as OpenAI defined them, spoken by Azure, Ollama, vLLM, llama.cpp, LiteLLM, Databricks
//! and most gateways.

use super::failure::{self, Redactor};
use super::parameters::Parameters;
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

#[derive(Clone, Debug)]
pub struct OpenAiSettings {
    /// With its version: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`,
    /// `https://NAME.openai.azure.com/openai/v1`. A URL that ends in `/chat/completions` is taken as it is,
    /// and a query (`?api-version=…`) is kept.
    pub base_url: String,
    pub api_key: Option<SecretString>,
    pub model: String,
    /// What calls are accounted under: `openai`, `ollama`, …
    pub provider: String,
    /// For requests that name none.
    pub temperature: Option<f32>,
    /// For requests that name none.
    pub max_tokens: Option<u32>,
    pub limits: Limits,
}

impl OpenAiSettings {
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: None,
            model: model.into(),
            provider: "openai".into(),
            temperature: None,
            max_tokens: None,
            limits: Limits::default(),
        }
    }
}

/// An OpenAI-compatible endpoint.
pub struct OpenAi {
    settings: OpenAiSettings,
    url: Url,
    client: reqwest::Client,
    authorization: Option<(&'static str, HeaderValue)>,
    redactor: Redactor,
    parameters: Parameters,
}

/// What a request can do without.
const OPTIONAL: &[&str] = &[
    "temperature",
    "stream_options",
    "response_format",
    "max_tokens",
    "max_completion_tokens",
];

impl OpenAi {
    /// Fails with [`LlmError::BadRequest`] when the base URL is none, or the key cannot be sent.
    pub fn new(settings: OpenAiSettings) -> Result<Self, LlmError> {
        let base = base_url(&settings.base_url)?;
        let client = http_client(&base, &settings.limits)?;
        let url = if base
            .path()
            .trim_end_matches('/')
            .ends_with("/chat/completions")
        {
            base
        } else {
            join(&base, "chat/completions")
        };
        let authorization = match &settings.api_key {
            Some(key) if is_azure(url.host_str().unwrap_or_default()) => {
                Some(("api-key", key_header("", key)?))
            }
            Some(key) => Some(("authorization", key_header("Bearer ", key)?)),
            None => None,
        };
        Ok(Self {
            redactor: Redactor::new(settings.api_key.as_ref()),
            url,
            client,
            authorization,
            settings,
            parameters: Parameters::new(OPTIONAL),
        })
    }

    /// OpenAI and Azure deprecated `max_tokens`, and their newer models refuse it.
    fn is_openai_or_azure(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        host == "api.openai.com" || is_azure(host)
    }

    fn body(&self, request: &ChatRequest, without: &BTreeSet<&'static str>) -> Value {
        let mut messages = Vec::with_capacity(request.messages.len() + 1);
        if !request.system.is_empty() {
            messages.push(json!({"role": "system", "content": request.system}));
        }
        messages.extend(request.messages.iter().map(message));
        let mut body = json!({
            "model": request.model.as_deref().unwrap_or(&self.settings.model),
            "messages": messages,
            "stream": true,
        });
        let mut set = |name: &'static str, value: Value| {
            if !without.contains(name) {
                body[name] = value;
            }
        };
        set("stream_options", json!({"include_usage": true}));
        if let Some(temperature) = request.temperature.or(self.settings.temperature) {
            set("temperature", json!(rounded(temperature)));
        }
        if let Some(most) = request.max_tokens.or(self.settings.max_tokens) {
            let (usual, other) = if self.is_openai_or_azure() {
                ("max_completion_tokens", "max_tokens")
            } else {
                ("max_tokens", "max_completion_tokens")
            };
            let name = if without.contains(usual) {
                other
            } else {
                usual
            };
            set(name, json!(most));
        }
        if let Some(schema) = &request.response_schema {
            set(
                "response_format",
                json!({"type": "json_schema", "json_schema": {
                    "name": "reply", "schema": schema, "strict": is_closed(schema)}}),
            );
        }
        if !request.tools.is_empty() {
            let tools: Vec<Value> = request
                .tools
                .iter()
                .map(|tool| {
                    json!({"type": "function", "function": {"name": tool.name,
                        "description": tool.description, "parameters": tool.parameters}})
                })
                .collect();
            body["tools"] = Value::Array(tools);
        }
        body
    }

    fn post(&self, body: &Value) -> reqwest::RequestBuilder {
        let request = self.client.post(self.url.clone()).json(body);
        match &self.authorization {
            Some((name, value)) => request.header(*name, value.clone()),
            None => request,
        }
    }
}

impl std::fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAi")
            .field("provider", &self.settings.provider)
            .field("host", &self.url.host_str())
            .field("model", &self.settings.model)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl ChatModel for OpenAi {
    fn provider(&self) -> &str {
        &self.settings.provider
    }

    fn model(&self) -> &str {
        &self.settings.model
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        let model = request
            .model
            .clone()
            .unwrap_or_else(|| self.settings.model.clone());
        let mut without = self.parameters.refused(&model);
        loop {
            let body = self.body(&request, &without);
            let outcome = sse::call(
                self.post(&body),
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

fn is_azure(host: &str) -> bool {
    host.ends_with(".azure.com") || host.ends_with(".azure.us") || host.ends_with(".azure.cn")
}

/// OpenAI's strict mode takes only schemas whose objects allow nothing else and require everything.
fn is_closed(schema: &Value) -> bool {
    let Some(object) = schema.as_object() else {
        return true;
    };
    if let Some(properties) = object.get("properties").and_then(Value::as_object) {
        let required: BTreeSet<&str> = object
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if object.get("additionalProperties") != Some(&Value::Bool(false))
            || !properties
                .keys()
                .all(|name| required.contains(name.as_str()))
            || !properties.values().all(is_closed)
        {
            return false;
        }
    }
    object.get("items").is_none_or(is_closed)
}

fn message(message: &Message) -> Value {
    match message.role {
        Role::User => json!({"role": "user", "content": message.content}),
        Role::Tool => json!({"role": "tool", "content": message.content,
            "tool_call_id": message.tool_call_id}),
        Role::Assistant if message.tool_calls.is_empty() => {
            json!({"role": "assistant", "content": message.content})
        }
        Role::Assistant => {
            let calls: Vec<Value> = message
                .tool_calls
                .iter()
                .map(|call| {
                    json!({"id": call.id, "type": "function", "function": {
                        "name": call.name, "arguments": call.arguments.to_string()}})
                })
                .collect();
            let content = Some(&message.content).filter(|text| !text.is_empty());
            json!({"role": "assistant", "content": content, "tool_calls": calls})
        }
    }
}

/// The decoder of one reply.
struct Reply {
    calls: Vec<Fragments>,
    stop: Option<StopReason>,
    refused: bool,
    redactor: Redactor,
}

/// One tool call as it comes in.
#[derive(Default)]
struct Fragments {
    index: u64,
    id: String,
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<WireUsage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u64,
    /// `delta` in a stream, `message` in a whole reply.
    #[serde(alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<Value>,
    /// What a reasoning model thinks: a sign of life, not a part of the reply.
    #[serde(alias = "reasoning")]
    reasoning_content: Option<Value>,
    refusal: Option<String>,
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Deserialize)]
struct CallDelta {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionDelta>,
}

#[derive(Deserialize)]
struct FunctionDelta {
    name: Option<String>,
    /// A string by the standard; some servers send the object itself.
    arguments: Option<Value>,
}

#[derive(Deserialize)]
struct WireUsage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    prompt_tokens_details: Option<PromptTokens>,
}

#[derive(Deserialize)]
struct PromptTokens {
    cached_tokens: Option<u64>,
}

impl Reply {
    fn new(redactor: Redactor) -> Self {
        Self {
            calls: Vec::new(),
            stop: None,
            refused: false,
            redactor,
        }
    }

    fn read(&mut self, completion: Completion, out: &mut VecDeque<Chunk>) -> Step {
        let mut step = Step::Waiting;
        for choice in completion.choices {
            if choice.index != 0 {
                continue;
            }
            if let Some(delta) = choice.delta
                && self.delta(delta, out)
            {
                step = Step::Alive;
            }
            if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
                self.stop = Some(match reason.as_str() {
                    "length" | "max_tokens" => StopReason::Length,
                    "tool_calls" | "function_call" => StopReason::ToolCalls,
                    "content_filter" | "refusal" => StopReason::Refusal,
                    _ => StopReason::End,
                });
            }
        }
        if let Some(usage) = completion.usage {
            out.push_back(Chunk::Usage(Usage {
                input_tokens: usage.prompt_tokens.unwrap_or(0),
                output_tokens: usage.completion_tokens.unwrap_or(0),
                cached_input_tokens: usage
                    .prompt_tokens_details
                    .and_then(|details| details.cached_tokens)
                    .unwrap_or(0),
            }));
        }
        step
    }

    /// Whether there was anything in it.
    fn delta(&mut self, delta: Delta, out: &mut VecDeque<Chunk>) -> bool {
        let mut alive = delta
            .reasoning_content
            .is_some_and(|thought| !text_of(&thought).is_empty());
        let text = delta.content.as_ref().map(text_of).unwrap_or_default();
        if !text.is_empty() {
            out.push_back(Chunk::Text(text));
            alive = true;
        }
        if delta.refusal.is_some_and(|text| !text.is_empty()) {
            self.refused = true;
            alive = true;
        }
        for call in delta.tool_calls.into_iter().flatten() {
            self.call(call);
            alive = true;
        }
        alive
    }

    fn call(&mut self, delta: CallDelta) {
        let id = delta.id.unwrap_or_default();
        let (name, arguments) = match delta.function {
            Some(function) => (
                function.name.unwrap_or_default(),
                match function.arguments {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text,
                    Some(other) => other.to_string(),
                },
            ),
            None => Default::default(),
        };
        // The newest of that index. Some servers give every parallel call the index 0, or none: a
        // new id begins a new call.
        let index = delta.index;
        let known = self
            .calls
            .iter_mut()
            .rev()
            .find(|call| index.is_none_or(|index| call.index == index))
            .filter(|call| id.is_empty() || call.id.is_empty() || call.id == id);
        let call = match known {
            Some(call) => call,
            None => {
                self.calls.push(Fragments {
                    index: index.unwrap_or(self.calls.len() as u64),
                    ..Fragments::default()
                });
                self.calls.last_mut().expect("it was pushed just now")
            }
        };
        if call.id.is_empty() {
            call.id = id;
        }
        if call.name.is_empty() {
            call.name = name;
        }
        call.arguments.push_str(&arguments);
    }

    fn error(&self, completion: &Completion) -> Option<LlmError> {
        let error = completion.error.as_ref().filter(|error| !error.is_null())?;
        Some(failure::of_event(error, &self.redactor))
    }

    fn malformed(&self, error: &serde_json::Error) -> LlmError {
        LlmError::Broken(
            self.redactor
                .clean(&format!("an event that is no chat completion: {error}")),
        )
    }
}

/// Text, or the text parts of a list of parts (Databricks, Mistral).
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part.get("text")?.as_str())
            .collect(),
        _ => String::new(),
    }
}

impl Decode for Reply {
    fn event(&mut self, data: &str, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        if data.trim() == "[DONE]" {
            return Ok(Step::Done);
        }
        let completion: Completion =
            serde_json::from_str(data).map_err(|error| self.malformed(&error))?;
        match self.error(&completion) {
            Some(error) => Err(error),
            None => Ok(self.read(completion, out)),
        }
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Chunk>) -> Result<(), LlmError> {
        let completion: Completion =
            serde_json::from_str(body).map_err(|error| self.malformed(&error))?;
        self.read(completion, out);
        Ok(())
    }

    fn stop(&mut self, out: &mut VecDeque<Chunk>) -> Result<Option<StopReason>, LlmError> {
        let Some(stop) = self.stop else {
            return Ok(None);
        };
        if self.refused {
            return Ok(Some(StopReason::Refusal));
        }
        // A call that was cut short by the limit on tokens is no call.
        if self.calls.is_empty() || matches!(stop, StopReason::Length | StopReason::Refusal) {
            return Ok(Some(stop));
        }
        for (at, call) in self.calls.drain(..).enumerate() {
            let arguments = if call.arguments.trim().is_empty() {
                json!({})
            } else {
                serde_json::from_str(&call.arguments).map_err(|_| {
                    LlmError::Broken("the arguments of a tool call are not JSON".into())
                })?
            };
            out.push_back(Chunk::ToolCall(ToolCall {
                id: if call.id.is_empty() {
                    format!("call_{at}")
                } else {
                    call.id
                },
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
