//! What crosses the WebSocket and the event stream: AG-UI 1.0 events, client frames, codes.
//!
//! Nothing else reaches a browser. An optional member is left out, never `null`: the public
//! verifier of AG-UI refuses `null` in several places.

mod by_name;

pub use by_name::ByName;

use crate::ids::{ConversationId, ResultId, TurnId};
use crate::target::ResultColumn;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub const PROTOCOL_VERSION: &str = "1.0";

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "ag-ui.v1";

/// No event is larger; results beyond it go by reference.
pub const MAX_EVENT_BYTES: usize = 256 * 1024;

/// No client frame is larger.
pub const MAX_CLIENT_FRAME_BYTES: usize = 1024 * 1024;

/// Why we close a socket. Whoever may not come in is refused before, with an HTTP status; 1002 and 1007
/// are the WebSocket protocol's own.
pub mod close {
    /// Frames are text.
    pub const UNSUPPORTED: u16 = 1003;
    pub const TOO_LARGE: u16 = 1009;
    /// Our database cannot be used.
    pub const INTERNAL: u16 = 1011;
    /// Draining: come back with the cursor.
    pub const RESTART: u16 = 1012;
    /// Many frames in a row that are not ours.
    pub const BAD_FRAME: u16 = 4400;
    /// Two pings were not answered: come back with the cursor.
    pub const IDLE: u16 = 4408;
    /// The cursor was evicted: come back without `after`.
    pub const CURSOR_GONE: u16 = 4410;
}

// ---------------------------------------------------------------- server to client

/// One AG-UI event, without its metadata.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// Acknowledges a submit (its row is committed) and shows the question in other tabs.
    RunStarted {
        thread_id: ConversationId,
        run_id: TurnId,
        protocol_version: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        input: Option<Box<EchoedInput>>,
    },
    StepStarted {
        step_name: StageName,
    },
    StepFinished {
        step_name: StageName,
    },
    TextMessageStart {
        message_id: String,
        role: &'static str,
    },
    TextMessageContent {
        message_id: String,
        delta: String,
    },
    TextMessageEnd {
        message_id: String,
    },
    ActivitySnapshot {
        message_id: String,
        activity_type: &'static str,
        content: Box<ResultContent>,
    },
    /// Only inside a snapshot.
    MessagesSnapshot {
        messages: Vec<WireMessage>,
    },
    RunFinished {
        thread_id: ConversationId,
        run_id: TurnId,
        outcome: Outcome,
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<Box<RunResult>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        usage: Vec<TokenUsage>,
    },
    RunError {
        /// Safe to show.
        message: String,
        code: String,
    },
}

/// The question as the server understood it: only what is new.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EchoedInput {
    pub thread_id: ConversationId,
    pub run_id: TurnId,
    pub messages: Vec<WireMessage>,
    pub tools: [(); 0],
    pub context: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded_props: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<ResumeEntry>,
}

/// A stage of answering; its name on the wire.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    IntentClassification,
    SchemaRetrieval,
    QueryAnalysis,
    QueryGeneration,
    QueryValidation,
    QueryRefinement,
    QueryExecution,
}

impl StageName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IntentClassification => "intent_classification",
            Self::SchemaRetrieval => "schema_retrieval",
            Self::QueryAnalysis => "query_analysis",
            Self::QueryGeneration => "query_generation",
            Self::QueryValidation => "query_validation",
            Self::QueryRefinement => "query_refinement",
            Self::QueryExecution => "query_execution",
        }
    }
}

/// A message of the conversation as a client keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "lowercase")]
pub enum WireMessage {
    User {
        id: String,
        content: String,
    },
    Assistant {
        id: String,
        content: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        metadata: Option<Value>,
    },
    Activity {
        id: String,
        #[serde(rename = "activityType")]
        activity_type: String,
        content: Value,
    },
}

impl WireMessage {
    pub fn id(&self) -> &str {
        match self {
            Self::User { id, .. } | Self::Assistant { id, .. } | Self::Activity { id, .. } => id,
        }
    }
}

pub const RESULT_ACTIVITY: &str = "queryforge.result";

/// The first rows of a result; the rest by `GET /api/v1/results/{resultId}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultContent {
    pub result_id: ResultId,
    pub columns: Vec<ResultColumn>,
    pub rows: Vec<Vec<Value>>,
    pub row_count: usize,
    pub truncated: bool,
    pub elapsed_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
}

/// How a result may be drawn; closed, so that nothing a model writes is ever a chart program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Chart {
    pub kind: ChartKind,
    /// Column of the horizontal axis.
    pub x: String,
    /// Columns drawn over it.
    pub y: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    Bar,
    Line,
    Scatter,
    /// One number, shown large.
    Value,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Outcome {
    Success,
    Interrupt { interrupts: Vec<Interrupt> },
    Cancelled,
}

/// Something the turn needs from the person before it can go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interrupt {
    pub id: String,
    pub reason: InterruptReason,
    pub message: String,
    /// JSON Schema of the `payload` that resolves it.
    #[schema(value_type = Object)]
    pub response_schema: Value,
    pub expires_at: chrono::DateTime<chrono::Utc>,
    /// What is asked about, when the reason is `cost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<PendingQuery>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterruptReason {
    Clarification,
    /// The query would read more than the workspace's limit.
    Cost,
}

/// A query that waits for its person to say that it may run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PendingQuery {
    pub query: String,
    pub explanation: String,
    pub confidence: f32,
    pub generator: GeneratorName,
    /// About how many rows it would read.
    pub rows_read: f64,
    /// The verified example that answered, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleUse>,
    /// Of the nearest example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl Interrupt {
    /// The choices of a clarification, in the order they are shown.
    pub fn options(&self) -> Vec<&str> {
        self.response_schema["properties"]["choice"]["enum"]
            .as_array()
            .map(|options| options.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    }
}

/// What a successful turn came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunResult {
    pub kind: AnswerKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<crate::query::Dialect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// In 0..=1.
    pub confidence: f32,
    pub trust: Trust,
    pub attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_id: Option<ResultId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    pub generator: GeneratorName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Questions that could come next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// The verified example that answered, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleUse>,
    /// Of the nearest example, for statistics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The dataset that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<DatasetName>,
}

/// How a verified example answered a question, and why it is believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExampleUse {
    pub id: crate::ids::ExampleId,
    /// As it was verified.
    pub question: String,
    /// Values that the question has in place of the example's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<ReplacedValue>,
    /// Where it came from, in words: "an expert".
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<chrono::DateTime<chrono::Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReplacedValue {
    pub was: String,
    pub now: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DatasetName {
    pub id: crate::ids::DatasetId,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    Query,
    Schema,
    Greeting,
    /// Said plainly that it cannot be answered, and what can.
    Cannot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    Verified,
    Unverified,
}

/// Who wrote the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GeneratorName {
    pub kind: GeneratorKind,
    /// `built-in generator`, or the model.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GeneratorKind {
    Builtin,
    Model,
    /// Nobody wrote it now: it was verified before.
    Example,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenUsage {
    pub provider: String,
    pub model: String,
    pub input_tokens: u64,
    pub output_tokens: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached_input_tokens: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What we say beside an AG-UI event, under `metadata.qf`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Qf {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<TextKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<crate::query::Dialect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retryable: Option<bool>,
}

/// What a streamed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextKind {
    Query,
    Answer,
}

#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(rename = "qf.seq", skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    qf: Option<&'a Qf>,
}

#[derive(Serialize)]
struct Framed<'a> {
    #[serde(flatten)]
    event: &'a Event,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
}

impl Event {
    /// The event as it crosses the wire, JSON text.
    pub fn encode(&self, seq: Option<u64>, qf: Option<&Qf>) -> Bytes {
        let metadata = (seq.is_some() || qf.is_some()).then_some(Metadata { seq, qf });
        serde_json::to_vec(&Framed {
            event: self,
            metadata,
        })
        .expect("an event has string keys and no failing serializer")
        .into()
    }

    /// Its type on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RunStarted { .. } => "RUN_STARTED",
            Self::StepStarted { .. } => "STEP_STARTED",
            Self::StepFinished { .. } => "STEP_FINISHED",
            Self::TextMessageStart { .. } => "TEXT_MESSAGE_START",
            Self::TextMessageContent { .. } => "TEXT_MESSAGE_CONTENT",
            Self::TextMessageEnd { .. } => "TEXT_MESSAGE_END",
            Self::ActivitySnapshot { .. } => "ACTIVITY_SNAPSHOT",
            Self::MessagesSnapshot { .. } => "MESSAGES_SNAPSHOT",
            Self::RunFinished { .. } => "RUN_FINISHED",
            Self::RunError { .. } => "RUN_ERROR",
        }
    }

    /// Ends its turn.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::RunFinished { .. } | Self::RunError { .. })
    }
}

/// Transport control: lower case, not an AG-UI event, outside every sequence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
pub enum Control {
    Ping,
    /// An input was refused before its turn started; the socket stays open.
    Error {
        #[serde(skip_serializing_if = "Option::is_none")]
        run_id: Option<String>,
        code: RefusalCode,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
}

impl Control {
    pub fn encode(&self) -> Bytes {
        serde_json::to_vec(self)
            .expect("a control frame has string keys")
            .into()
    }
}

/// Why an input was refused before its turn started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    ThreadBusy,
    BadFrame,
    Forbidden,
    NotFound,
    RateLimited,
    TooLarge,
    ExpiredInterrupt,
    /// `modelConfig.provider` names one that is not configured.
    UnknownProvider,
    /// The same `runId` was used with other content.
    RunIdReused,
    Draining,
    Unavailable,
    /// Too much is running already; the newest is refused.
    Overloaded,
}

// ---------------------------------------------------------------- client to server

/// A frame a client sends, decoded.
#[derive(Clone, Debug)]
pub enum ClientFrame {
    Submit(Box<RunAgentInput>),
    Abort { run_id: TurnId },
}

/// AG-UI's input of one run; members we do not use are ignored.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunAgentInput {
    pub thread_id: ConversationId,
    pub run_id: TurnId,
    #[serde(default)]
    pub messages: Vec<InputMessage>,
    #[serde(default)]
    pub forwarded_props: Option<Value>,
    #[serde(default)]
    pub resume: Option<Vec<ResumeEntry>>,
}

/// A message of the history a client sends; only a user's new ones matter, the rest is ours already.
#[derive(Clone, Debug, Deserialize)]
pub struct InputMessage {
    pub id: String,
    pub role: String,
    #[serde(default)]
    pub content: Value,
}

impl InputMessage {
    /// Its text: a string, or the text parts of a list.
    pub fn text(&self) -> String {
        match &self.content {
            Value::String(text) => text.clone(),
            Value::Array(parts) => parts
                .iter()
                .filter_map(|part| part["text"].as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            _ => String::new(),
        }
    }
}

/// Whether a person would see nothing: only spaces, control characters and characters without a shape.
pub fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    })
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResumeEntry {
    pub interrupt_id: String,
    pub status: ResumeStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResumeStatus {
    Resolved,
    Cancelled,
}

/// What is ours under `forwardedProps.qf`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<crate::ids::DatasetId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_config: Option<ModelConfig>,
    /// Run the query once it is valid; default yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execute: Option<bool>,
    /// The turn whose question is tried again; the user's message is the feedback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<TurnId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_busy: Option<OnBusy>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ModelConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnBusy {
    Reject,
    Interrupt,
}

/// A frame that is not one of the two a client may send.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadFrame {
    /// The `runId`, when that much could be read.
    pub run_id: Option<String>,
    pub message: String,
}

impl ClientFrame {
    /// Decodes JSON text; the error says what was expected.
    pub fn decode(text: &str) -> Result<Self, BadFrame> {
        let value: Value = serde_json::from_str(text).map_err(|error| BadFrame {
            run_id: None,
            message: format!("A frame is one JSON object; this is not JSON: {error}."),
        })?;
        let run_id = value["runId"].as_str().map(str::to_owned);
        let bad = |message: String| BadFrame {
            run_id: run_id.clone(),
            message,
        };
        if !value.is_object() {
            return Err(bad("A frame is one JSON object.".to_owned()));
        }
        match value
            .get("type")
            .map(|kind| kind.as_str().unwrap_or("(not a text)"))
        {
            Some("abort") => {
                let run_id = run_id
                    .as_deref()
                    .and_then(|id| id.parse().ok())
                    .ok_or_else(|| bad("An abort names its runId, a UUID.".to_owned()))?;
                Ok(Self::Abort { run_id })
            }
            Some(other) => Err(bad(format!(
                "Unknown frame type '{}'. Send a RunAgentInput, or {{\"type\":\"abort\",\"runId\":…}}.",
                other.chars().take(40).collect::<String>()
            ))),
            None => RunAgentInput::decode(value).map(|input| Self::Submit(Box::new(input))),
        }
    }
}

impl RunAgentInput {
    /// The error says what was expected.
    pub fn decode(value: Value) -> Result<Self, BadFrame> {
        let run_id = value["runId"].as_str().map(str::to_owned);
        let decoded = ByName::deserialize(value).map_err(|error: serde_json::Error| BadFrame {
            run_id,
            message: format!(
                "This is not a RunAgentInput ({error}). It needs threadId and runId (UUIDs) and messages."
            ),
        })?;
        let ByName(input) = decoded;
        Ok(input)
    }

    /// Our own options; unknown members are ignored, wrong ones refused.
    pub fn options(&self) -> Result<Options, BadFrame> {
        let props = match &self.forwarded_props {
            None | Some(Value::Null) => None,
            Some(Value::Object(props)) => Some(props),
            Some(_) => {
                return Err(BadFrame {
                    run_id: Some(self.run_id.to_string()),
                    message: "forwardedProps is a JSON object, or left out.".to_owned(),
                });
            }
        };
        match props.and_then(|props| props.get("qf")) {
            None | Some(Value::Null) => Ok(Options::default()),
            Some(options) => match ByName::deserialize(options) {
                Ok(ByName(options)) => Ok(options),
                Err(error) => Err(BadFrame {
                    run_id: Some(self.run_id.to_string()),
                    message: format!("forwardedProps.qf is not as documented: {error}."),
                }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_member_is_absent_and_never_null() {
        let event = Event::RunError {
            message: "x".into(),
            code: "GENERATION_FAILED".into(),
        };
        assert_eq!(
            event.encode(Some(7), None),
            r#"{"type":"RUN_ERROR","message":"x","code":"GENERATION_FAILED","metadata":{"qf.seq":7}}"#
        );
    }

    #[test]
    fn a_text_without_a_visible_character_says_nothing() {
        for (text, expected) in [
            ("", true),
            (" \t\n", true),
            ("\u{0}\u{1b}", true),
            ("\u{200b}\u{feff}\u{2060}", true),
            ("\u{202e}\u{ad}\u{3164}", true),
            ("?", false),
            ("\u{200b}a", false),
            ("\u{1F600}", false),
            ("\u{645}", false),
        ] {
            assert_eq!(says_nothing(text), expected, "{text:?}");
        }
    }

    #[test]
    fn options_in_anything_but_an_object_are_refused_and_not_left_out() {
        for (props, fine) in [
            ("null", true),
            ("{}", true),
            (r#"{"qf":{"execute":false}}"#, true),
            ("[]", false),
            (r#"[["qf",{"execute":false}]]"#, false),
            (r#""x""#, false),
            ("5", false),
        ] {
            let frame = format!(
                r#"{{"threadId":"0193f3b2-0000-7000-8000-000000000001","runId":"0193f3b2-0000-7000-8000-000000000002","messages":[],"forwardedProps":{props}}}"#
            );
            let Ok(ClientFrame::Submit(input)) = ClientFrame::decode(&frame) else {
                panic!("{frame}");
            };
            assert_eq!(input.options().is_ok(), fine, "{props}");
        }
    }

    #[test]
    fn frames_that_are_not_ours_say_what_was_expected() {
        for (frame, expected) in [
            ("", "not JSON"),
            ("[]", "one JSON object"),
            ("{}", "RunAgentInput"),
            (r#"{"type":"subscribe"}"#, "Unknown frame type 'subscribe'"),
            (r#"{"type":["abort"]}"#, "Unknown frame type"),
            (r#"{"type":"abort"}"#, "names its runId"),
            (r#"{"type":"abort","runId":"1"}"#, "names its runId"),
            (r#"{"threadId":"x","runId":"y"}"#, "UUID"),
            (
                r#"{"threadId":"0193f3b2-0000-7000-8000-000000000001","runId":"0193f3b2-0000-7000-8000-000000000002","messages":[["1","user","How many?"]]}"#,
                "not a RunAgentInput (invalid type: sequence",
            ),
        ] {
            let error = ClientFrame::decode(frame).expect_err(frame);
            assert!(error.message.contains(expected), "{frame}: {error}");
        }
    }
}
