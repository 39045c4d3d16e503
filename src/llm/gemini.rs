//! Google's Gemini: the Gemini API with a key, or Vertex AI with a bearer token.

use super::failure::{self, Redactor};
use super::google::GoogleTokens;
use super::parameters::Parameters;
use super::reach::Reach;
use super::sse::{self, Decode, Step};
use super::{
    ChatModel, ChatRequest, Chunk, ChunkStream, Limits, LlmError, Message, Role, StopReason,
    ToolCall, Usage, base_url, http_client, key_header, rounded,
};
use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// How long a thought's signature may be asked for again: longer than any turn with tools takes.
const SIGNATURE_LIFETIME: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug)]
pub enum GeminiAuth {
    ApiKey(SecretString),
    /// An access token of Google Cloud, for Vertex. It is used as it is and not renewed.
    Bearer(SecretString),
    /// The same, renewed.
    Tokens(Arc<GoogleTokens>),
}

#[derive(Clone, Debug)]
pub struct GeminiSettings {
    /// Up to where `/models/…` follows.
    pub base_url: String,
    pub auth: GeminiAuth,
    pub model: String,
    /// What calls are accounted under: `gemini`, `vertex`.
    pub provider: &'static str,
    /// For requests that name none.
    pub temperature: Option<f32>,
    /// For requests that name none.
    pub max_tokens: Option<u32>,
    pub limits: Limits,
    pub reach: Reach,
}

impl GeminiSettings {
    /// The Gemini API.
    pub fn new(api_key: SecretString, model: impl Into<String>) -> Self {
        Self {
            base_url: "https://generativelanguage.googleapis.com/v1beta".into(),
            auth: GeminiAuth::ApiKey(api_key),
            model: model.into(),
            provider: "gemini",
            temperature: None,
            max_tokens: None,
            limits: Limits::default(),
            reach: Reach::default(),
        }
    }

    /// Vertex AI, in one location or `global`.
    pub fn vertex(
        project: &str,
        location: &str,
        auth: GeminiAuth,
        model: impl Into<String>,
    ) -> Self {
        let host = match location {
            "global" => "aiplatform.googleapis.com".to_owned(),
            _ => format!("{location}-aiplatform.googleapis.com"),
        };
        Self {
            base_url: format!(
                "https://{host}/v1/projects/{project}/locations/{location}/publishers/google"
            ),
            auth,
            provider: "vertex",
            ..Self::new(SecretString::default(), model)
        }
    }
}

pub struct Gemini {
    settings: GeminiSettings,
    base: Url,
    client: reqwest::Client,
    /// None when a token is fetched for each call.
    authorization: Option<(&'static str, HeaderValue)>,
    redactor: Redactor,
    parameters: Parameters,
    /// Signatures of thoughts by the id of the call they came with. The model wants them back with the
    /// call, and they have no place in a [`ToolCall`].
    signatures: moka::sync::Cache<String, String>,
}

/// Each has an older form that is sent where the newer one is refused.
const JSON_SCHEMA: &str = "responseJsonSchema";
const PARAMETERS_JSON_SCHEMA: &str = "parametersJsonSchema";

impl Gemini {
    /// Fails with [`LlmError::BadRequest`] when the base URL is none, or the key cannot be sent.
    pub fn new(settings: GeminiSettings) -> Result<Self, LlmError> {
        let base = base_url(&settings.base_url)?;
        let (authorization, key) = match &settings.auth {
            GeminiAuth::ApiKey(key) => (Some(("x-goog-api-key", key_header("", key)?)), Some(key)),
            GeminiAuth::Bearer(token) => (Some(("authorization", bearer(token)?)), Some(token)),
            GeminiAuth::Tokens(_) => (None, None),
        };
        Ok(Self {
            client: http_client(&base, &settings.limits, settings.reach)?,
            base,
            authorization,
            redactor: Redactor::new(key),
            parameters: Parameters::new(&["temperature", JSON_SCHEMA, PARAMETERS_JSON_SCHEMA]),
            signatures: moka::sync::Cache::builder()
                .max_capacity(10_000)
                .time_to_live(SIGNATURE_LIFETIME)
                .build(),
            settings,
        })
    }

    /// How this call says who we are, and what keeps that out of errors.
    async fn identity(&self) -> Result<(&'static str, HeaderValue, Redactor), LlmError> {
        match (&self.authorization, &self.settings.auth) {
            (None, GeminiAuth::Tokens(tokens)) => {
                let token = tokens.token().await?;
                Ok((
                    "authorization",
                    bearer(&token)?,
                    Redactor::new(Some(&token)),
                ))
            }
            (Some((name, value)), _) => Ok((name, value.clone(), self.redactor.clone())),
            (None, _) => Err(LlmError::Unauthorized),
        }
    }

    /// The name is one segment of the path, whatever is in it.
    fn url(&self, model: &str) -> Url {
        let mut url = self.base.clone();
        let model = model.strip_prefix("models/").unwrap_or(model);
        url.path_segments_mut()
            .expect("an http URL has a path; checked when it was made")
            .pop_if_empty()
            .push("models")
            .push(&format!("{model}:streamGenerateContent"));
        url.query_pairs_mut().append_pair("alt", "sse");
        url
    }

    fn body(&self, request: &ChatRequest, without: &BTreeSet<&'static str>) -> Value {
        let mut body = json!({"contents": self.contents(&request.messages)});
        if !request.system.is_empty() {
            body["systemInstruction"] = json!({"parts": [{"text": request.system}]});
        }
        let mut config = Map::new();
        if let Some(temperature) = request.temperature.or(self.settings.temperature)
            && !without.contains("temperature")
        {
            config.insert("temperature".into(), json!(rounded(temperature)));
        }
        if let Some(most) = request.max_tokens.or(self.settings.max_tokens) {
            config.insert("maxOutputTokens".into(), json!(most));
        }
        if let Some(schema) = &request.response_schema {
            config.insert("responseMimeType".into(), json!("application/json"));
            let (name, schema) = match without.contains(JSON_SCHEMA) {
                false => (JSON_SCHEMA, schema.clone()),
                true => ("responseSchema", plain_schema(schema)),
            };
            config.insert(name.into(), schema);
        }
        if !config.is_empty() {
            body["generationConfig"] = Value::Object(config);
        }
        if !request.tools.is_empty() {
            let declarations: Vec<Value> = request
                .tools
                .iter()
                .map(|tool| {
                    let (name, schema) = match without.contains(PARAMETERS_JSON_SCHEMA) {
                        false => (PARAMETERS_JSON_SCHEMA, tool.parameters.clone()),
                        true => ("parameters", plain_schema(&tool.parameters)),
                    };
                    json!({"name": tool.name, "description": tool.description, name: schema})
                })
                .collect();
            body["tools"] = json!([{"functionDeclarations": declarations}]);
        }
        body
    }

    fn contents(&self, messages: &[Message]) -> Vec<Value> {
        let mut out: Vec<(&str, Vec<Value>)> = Vec::new();
        for message in messages {
            let mut parts = Vec::new();
            if message.role == Role::Tool {
                parts.push(function_response(message, messages));
            } else if !message.content.is_empty() {
                parts.push(json!({"text": message.content}));
            }
            for call in &message.tool_calls {
                let mut part = json!({"functionCall": {"name": call.name, "args": call.arguments}});
                if !call.id.starts_with(OWN_ID) {
                    part["functionCall"]["id"] = json!(call.id);
                }
                if let Some(signature) = self.signatures.get(&call.id) {
                    part["thoughtSignature"] = json!(signature);
                }
                parts.push(part);
            }
            let role = match message.role {
                Role::Assistant => "model",
                Role::User | Role::Tool => "user",
            };
            match out.last_mut() {
                _ if parts.is_empty() => {}
                Some((last, all)) if *last == role => all.extend(parts),
                _ => out.push((role, parts)),
            }
        }
        out.into_iter()
            .map(|(role, parts)| json!({"role": role, "parts": parts}))
            .collect()
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, LlmError> {
    key_header("Bearer ", token)
}

/// Ids of calls that the model gave none; they are not sent back to it.
const OWN_ID: &str = "gemini-call-";

fn function_response(message: &Message, messages: &[Message]) -> Value {
    let id = message.tool_call_id.as_deref().unwrap_or_default();
    let name = messages
        .iter()
        .flat_map(|message| &message.tool_calls)
        .find(|call| call.id == id)
        .map_or("unknown", |call| call.name.as_str());
    let response = match serde_json::from_str::<Value>(&message.content) {
        Ok(object @ Value::Object(_)) => object,
        Ok(other) => json!({"result": other}),
        Err(_) => json!({"result": message.content}),
    };
    let mut part = json!({"functionResponse": {"name": name, "response": response}});
    if !id.is_empty() && !id.starts_with(OWN_ID) {
        part["functionResponse"]["id"] = json!(id);
    }
    part
}

/// A JSON Schema without what the older dialect (OpenAPI 3.0) does not know.
fn plain_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => object
            .iter()
            .filter(|(name, _)| {
                !matches!(name.as_str(), "additionalProperties" | "$schema" | "$id")
            })
            .map(|(name, value)| (name.clone(), plain_schema(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(list) => list.iter().map(plain_schema).collect(),
        other => other.clone(),
    }
}

impl std::fmt::Debug for Gemini {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gemini")
            .field("host", &self.base.host_str())
            .field("model", &self.settings.model)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl ChatModel for Gemini {
    fn provider(&self) -> &str {
        self.settings.provider
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
        let url = self.url(&model);
        let (name, value, redactor) = self.identity().await?;
        let mut without = self.parameters.refused(&model);
        loop {
            let body = self.body(&request, &without);
            let post = self
                .client
                .post(url.clone())
                .header(name, value.clone())
                .json(&body);
            let outcome = sse::call(
                post,
                Reply::new(redactor.clone(), self.signatures.clone()),
                self.settings.limits,
                redactor.clone(),
            )
            .await;
            let sent = |name: &str| match name {
                PARAMETERS_JSON_SCHEMA => !request.tools.is_empty() && !without.contains(name),
                name => body["generationConfig"].get(name).is_some(),
            };
            let mut more = without.clone();
            if !self.parameters.learn(&model, &outcome, sent, &mut more) {
                return outcome;
            }
            without = more;
        }
    }
}

/// The decoder of one reply.
struct Reply {
    calls: Vec<ToolCall>,
    usage: Usage,
    stop: Option<StopReason>,
    redactor: Redactor,
    signatures: moka::sync::Cache<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(default)]
    candidates: Vec<Candidate>,
    prompt_feedback: Option<Feedback>,
    usage_metadata: Option<WireUsage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    #[serde(default)]
    index: u64,
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    text: Option<String>,
    /// The text is what the model thinks, not what it says.
    #[serde(default)]
    thought: bool,
    function_call: Option<FunctionCall>,
    thought_signature: Option<String>,
}

#[derive(Deserialize)]
struct FunctionCall {
    id: Option<String>,
    name: String,
    args: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feedback {
    block_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireUsage {
    prompt_token_count: Option<u64>,
    candidates_token_count: Option<u64>,
    /// Billed as output, and not part of `candidates_token_count`.
    thoughts_token_count: Option<u64>,
    cached_content_token_count: Option<u64>,
}

impl Reply {
    fn new(redactor: Redactor, signatures: moka::sync::Cache<String, String>) -> Self {
        Self {
            calls: Vec::new(),
            usage: Usage::default(),
            stop: None,
            redactor,
            signatures,
        }
    }

    fn read(&mut self, response: Response, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        if let Some(error) = response.error.filter(|error| !error.is_null()) {
            return Err(failure::of_event(&error, &self.redactor));
        }
        let mut step = Step::Waiting;
        for candidate in response.candidates {
            if candidate.index != 0 {
                continue;
            }
            for part in candidate.content.map(|c| c.parts).unwrap_or_default() {
                step = Step::Alive;
                self.part(part, out);
            }
            if let Some(reason) = candidate.finish_reason {
                self.stop = Some(stop_reason(&reason)?);
            }
        }
        if let Some(usage) = response.usage_metadata {
            self.usage(&usage, out);
        }
        // The prompt itself was refused: there is no candidate and will be none.
        if response
            .prompt_feedback
            .is_some_and(|feedback| feedback.block_reason.is_some())
        {
            self.stop = Some(StopReason::Refusal);
        }
        Ok(step)
    }

    fn part(&mut self, part: Part, out: &mut VecDeque<Chunk>) {
        if let Some(call) = part.function_call {
            let id = call
                .id
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| format!("{OWN_ID}{}", uuid::Uuid::now_v7()));
            if let Some(signature) = part.thought_signature {
                self.signatures.insert(id.clone(), signature);
            }
            self.calls.push(ToolCall {
                id,
                name: call.name,
                arguments: call.args.unwrap_or_else(|| json!({})),
            });
        }
        if let Some(text) = part.text.filter(|text| !text.is_empty() && !part.thought) {
            out.push_back(Chunk::Text(text));
        }
    }

    /// Running totals come with every event; the caller hears of the changes.
    fn usage(&mut self, usage: &WireUsage, out: &mut VecDeque<Chunk>) {
        let latest = Usage {
            input_tokens: usage.prompt_token_count.unwrap_or(0),
            output_tokens: usage.candidates_token_count.unwrap_or(0)
                + usage.thoughts_token_count.unwrap_or(0),
            cached_input_tokens: usage.cached_content_token_count.unwrap_or(0),
        };
        if latest != self.usage {
            self.usage = latest;
            out.push_back(Chunk::Usage(latest));
        }
    }

    fn malformed(&self, error: &serde_json::Error) -> LlmError {
        LlmError::Broken(
            self.redactor
                .clean(&format!("an event that is none of Gemini's: {error}")),
        )
    }
}

fn stop_reason(reason: &str) -> Result<StopReason, LlmError> {
    match reason {
        "MAX_TOKENS" => Ok(StopReason::Length),
        "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "LANGUAGE"
        | "MODEL_ARMOR" => Ok(StopReason::Refusal),
        // The model tried to call a tool and failed at it: another try may go better.
        "MALFORMED_FUNCTION_CALL"
        | "UNEXPECTED_TOOL_CALL"
        | "MALFORMED_RESPONSE"
        | "MISSING_THOUGHT_SIGNATURE"
        | "TOO_MANY_TOOL_CALLS"
        | "OTHER" => Err(LlmError::Broken(format!("the model gave up: {reason}"))),
        _ => Ok(StopReason::End),
    }
}

impl Decode for Reply {
    fn event(&mut self, data: &str, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        let response = serde_json::from_str(data).map_err(|error| self.malformed(&error))?;
        self.read(response, out)
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Chunk>) -> Result<(), LlmError> {
        let responses: Vec<Response> = match body.trim_start().starts_with('[') {
            true => serde_json::from_str(body),
            false => serde_json::from_str(body).map(|one| vec![one]),
        }
        .map_err(|error| self.malformed(&error))?;
        for response in responses {
            self.read(response, out)?;
        }
        Ok(())
    }

    fn stop(&mut self, out: &mut VecDeque<Chunk>) -> Result<Option<StopReason>, LlmError> {
        let Some(stop) = self.stop else {
            return Ok(None);
        };
        if self.calls.is_empty() || matches!(stop, StopReason::Length | StopReason::Refusal) {
            return Ok(Some(stop));
        }
        out.extend(self.calls.drain(..).map(Chunk::ToolCall));
        Ok(Some(StopReason::ToolCalls))
    }

    fn stopped(&self) -> bool {
        self.stop.is_some()
    }
}
