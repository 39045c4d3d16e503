//! Chat completions as OpenAI defined them, spoken by Azure, Ollama, vLLM, llama.cpp, LiteLLM, Databricks
//! and most gateways.

mod reply;

use super::failure::Redactor;
use super::parameters::Parameters;
use super::reach::Reach;
use super::sse;
use super::{
    ChatModel, ChatRequest, ChunkStream, Limits, LlmError, Message, Role, base_url, http_client,
    join, key_header, rounded,
};
use async_trait::async_trait;
use reply::Reply;
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
    pub reach: Reach,
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
            reach: Reach::default(),
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
        let client = http_client(&base, &settings.limits, settings.reach)?;
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

    fn endpoint(&self) -> &str {
        &self.settings.base_url
    }

    fn temperature(&self) -> Option<f32> {
        self.settings.temperature
    }

    fn max_tokens(&self) -> Option<u32> {
        self.settings.max_tokens
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
