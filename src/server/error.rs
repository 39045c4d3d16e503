//! Errors as the REST API shows them: one shape, a sentence that says what to do, a trace id.

use crate::answering::{TurnError, validation};
use crate::conversation::{OpenError, Refusal, SubmitError};
use crate::knowledge::DatasetError;
use crate::knowledge::learning::LearnError;
use crate::knowledge::onboarding::OnboardError;
use crate::llm::LlmError;
use crate::protocol::RefusalCode;
use crate::query::{Dialect, Finding};
use crate::store::{BudgetScope, ErrorRecord, StoreError};
use crate::target::TargetError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// `{status:"error", error:{code, message, details}, trace_id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Always `error`.
    status: &'static str,
    error: ErrorContent,
    trace_id: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ErrorContent {
    /// Stable, for programs.
    code: String,
    /// What happened and what to do.
    message: String,
    details: ErrorDetails,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ErrorDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<crate::protocol::StageName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What is wrong with a query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
    /// About how many rows a query would read.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows_read: Option<f64>,
}

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    content: ErrorContent,
    trace_id: Option<String>,
    retry_after_ms: Option<u64>,
}

/// Of what a database's server says, as much as a person reads.
const MAX_CAUSE_CHARS: usize = 400;

impl ApiError {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            content: ErrorContent {
                code: code.to_owned(),
                message: message.into(),
                details: ErrorDetails::default(),
            },
            trace_id: None,
            retry_after_ms: None,
        }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    pub fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no such {what}."),
        )
    }

    /// What happened and what to do.
    pub fn message(&self) -> &str {
        &self.content.message
    }

    /// Stable, for programs.
    pub fn code(&self) -> &str {
        &self.content.code
    }

    pub fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_ms
    }

    /// The one of its turn, or a new one.
    pub fn trace_id(&self) -> String {
        self.trace_id
            .clone()
            .unwrap_or_else(|| Uuid::now_v7().simple().to_string())
    }

    /// What the database said of a query it was asked to run, with the place in that query.
    pub fn of_query(query: &str, error: TargetError) -> Self {
        match error {
            TargetError::Query {
                message,
                position,
                hint,
            } => Self::refused_query(vec![validation::refused(query, message, position, hint)]),
            error => error.into(),
        }
    }

    /// A database that was to be read for its schema, and could not be: whoever keeps the dataset has to know why. What a
    /// server says of it names users, databases and hosts, which stand in the connection, and never a password.
    pub fn of_connection(error: &TargetError, dialect: Dialect) -> Self {
        let said = match error {
            TargetError::Query { message, .. } => {
                format!("the database refused to be read: {message}")
            }
            TargetError::Other(said) => format!("the database cannot be read: {said}"),
            error => error.to_string(),
        };
        let mut said: String = said
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .filter(|char| !char.is_control())
            .take(MAX_CAUSE_CHARS)
            .collect();
        if let Some(first) = said.get(..1) {
            let first = first.to_uppercase();
            said.replace_range(..1, &first);
        }
        let stop = if said.ends_with(['.', '!']) { "" } else { "." };
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "connection_failed",
            format!("{said}{stop} {}", error.remedy(dialect)).trim_end(),
        )
    }

    /// A query that may not run.
    pub fn refused_query(findings: Vec<Finding>) -> Self {
        let message = findings.first().map_or_else(
            || "The query is not valid.".to_owned(),
            |finding| finding.message.clone(),
        );
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "query_refused", message);
        error.content.details.findings = findings;
        error
    }

    /// A query that would read more rows than one may read unasked.
    pub fn too_costly(rows_read: f64) -> Self {
        let mut error = Self::new(
            StatusCode::CONFLICT,
            "confirm_cost",
            format!(
                "About {} rows would be read. Narrow the query, or send it again with confirm_cost: true.",
                crate::answering::cost::spoken(rows_read)
            ),
        );
        error.content.details.rows_read = Some(rows_read);
        error
    }

    /// A model that was asked outside of a turn.
    pub fn of_model(error: &LlmError) -> Self {
        let turn = TurnError::Model(error.clone());
        let status = match turn.code() {
            "LLM_TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, turn.code(), turn.user_message())
    }

    /// Tokens that are used up, outside of a turn.
    pub fn of_budget(scope: BudgetScope, day: chrono::NaiveDate) -> Self {
        let turn = crate::answering::context::over_budget(scope, day);
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            turn.code(),
            turn.user_message(),
        )
    }

    /// A turn that ended with an error.
    pub fn of_turn(error: ErrorRecord, trace_id: String) -> Self {
        let status = match error.code.as_str() {
            "LLM_TIMEOUT" | "DB_TIMEOUT" | "LIMIT" => StatusCode::GATEWAY_TIMEOUT,
            "LLM_UNAVAILABLE" | "DB_UNAVAILABLE" | "STORE_UNAVAILABLE" | "SERVER_RESTART" => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            "TOKEN_BUDGET" => StatusCode::TOO_MANY_REQUESTS,
            "NO_RELEVANT_SCHEMA" | "EMPTY_SCHEMA" | "MAX_ATTEMPTS" | "GENERATION_FAILED"
            | "DB_ERROR" => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut api = Self::new(status, &error.code, error.message);
        api.content.details.stage = error.stage;
        api.trace_id = Some(trace_id);
        api
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let trace_id = self.trace_id();
        if self.status.is_server_error() {
            tracing::warn!(
                trace_id,
                code = self.content.code,
                "answered {}",
                self.status
            );
        }
        let body = ErrorBody {
            status: "error",
            error: self.content,
            trace_id,
        };
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UPGRADE_REQUIRED {
            let (name, version) = (header::UPGRADE, header::SEC_WEBSOCKET_VERSION);
            let headers = response.headers_mut();
            headers.insert(name, HeaderValue::from_static("websocket"));
            headers.insert(version, HeaderValue::from_static("13"));
        }
        if let Some(wait_ms) = self.retry_after_ms {
            let seconds = wait_ms.div_ceil(1000);
            if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found("thing, or it is somebody else's"),
            // which constraint it was says nothing to whoever asked
            StoreError::Conflict(_) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "This id or name is taken. Choose another.",
            ),
            StoreError::OutOfRange(_) => {
                tracing::debug!(%error, "a value does not fit our database");
                Self::bad_request(
                    "A date or a number in this request is outside of what can be kept. Correct it.",
                )
            }
            StoreError::TooLarge(_) => {
                tracing::debug!(%error, "a value is too large for our database");
                Self::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too_large",
                    "A text in this request is too large to be kept. Shorten it.",
                )
            }
            StoreError::Nul => Self::bad_request(
                "A text in this request holds a NUL character (\\u0000). Remove it.",
            ),
            StoreError::Unavailable(_) => {
                tracing::error!(%error, "the store cannot be used");
                let mut api = Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "store_unavailable",
                    "QueryForge's own database cannot be used right now. Try again in a moment.",
                );
                api.retry_after_ms = Some(2000);
                api
            }
            StoreError::Statement(_) | StoreError::Newer(_) => {
                tracing::error!(%error, "a statement of ours failed");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong inside QueryForge. The log has the details under this trace id.",
                )
            }
        }
    }
}

impl From<OnboardError> for ApiError {
    fn from(error: OnboardError) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<LearnError> for ApiError {
    fn from(error: LearnError) -> Self {
        match error {
            LearnError::Invalid(_) | LearnError::NotAQuery => Self::bad_request(error.to_string()),
            LearnError::Refused(findings) => Self::refused_query(findings),
            LearnError::NotLive => {
                Self::new(StatusCode::CONFLICT, "not_connected", error.to_string())
            }
            LearnError::Target(error) => error.into(),
            LearnError::Store(error) => error.into(),
        }
    }
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotFound => Self::not_found("conversation"),
            OpenError::Draining => Refusal::draining().into(),
            OpenError::Overloaded => Self {
                retry_after_ms: Refusal::overloaded().retry_after_ms,
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "overloaded",
                    error.to_string(),
                )
            },
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Open(error) => error.into(),
            SubmitError::Refused(refusal) => refusal.into(),
        }
    }
}

impl From<DatasetError> for ApiError {
    fn from(error: DatasetError) -> Self {
        match error {
            DatasetError::NotFound => Self::new(
                StatusCode::NOT_FOUND,
                "dataset_not_found",
                error.to_string(),
            ),
            DatasetError::Store(error) => error.into(),
            DatasetError::Target(error) => error.into(),
            DatasetError::NoSource => Self::bad_request(error.to_string()),
        }
    }
}

impl From<TargetError> for ApiError {
    fn from(error: TargetError) -> Self {
        match error {
            // of a query of ours, whose places say nothing to whoever asked
            TargetError::Query { .. } => Self::of_query("", without_position(error)),
            error => {
                let record = TurnError::Target(error);
                let status = match record.code() {
                    "DB_TIMEOUT" => StatusCode::GATEWAY_TIMEOUT,
                    _ => StatusCode::SERVICE_UNAVAILABLE,
                };
                Self::new(status, record.code(), record.user_message())
            }
        }
    }
}

fn without_position(error: TargetError) -> TargetError {
    match error {
        TargetError::Query { message, hint, .. } => TargetError::Query {
            message,
            position: None,
            hint,
        },
        other => other,
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.code {
            RefusalCode::ThreadBusy | RefusalCode::RunIdReused | RefusalCode::ExpiredInterrupt => {
                StatusCode::CONFLICT
            }
            RefusalCode::BadFrame => StatusCode::BAD_REQUEST,
            RefusalCode::UnknownProvider => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalCode::Forbidden => StatusCode::FORBIDDEN,
            RefusalCode::NotFound => StatusCode::NOT_FOUND,
            RefusalCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            RefusalCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalCode::Draining | RefusalCode::Unavailable | RefusalCode::Overloaded => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        let code = serde_json::to_value(refusal.code)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default();
        Self {
            retry_after_ms: refusal.retry_after_ms,
            ..Self::new(status, &code, refusal.message)
        }
    }
}
