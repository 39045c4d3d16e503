//! Why a turn ended without an answer, and what follows from it.

use super::journal::Failure;
use crate::llm::LlmError;
use crate::store::{BudgetScope, StoreError};
use crate::target::TargetError;

#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    #[error("the person stopped it")]
    Cancelled,
    /// Another process took the turn over; nothing this one does counts any more.
    #[error("the turn is another process's by now")]
    Lost,
    #[error("the turn took longer than allowed")]
    TimeLimit,
    #[error("no relevant schema; nearest: {nearest:?}")]
    NoRelevantSchema { nearest: Vec<String> },
    #[error("the dataset has no tables")]
    EmptySchema,
    #[error("gave up after {attempts} attempts: {reason}")]
    MaxAttempts {
        reason: String,
        best: String,
        attempts: u32,
    },
    #[error("the model failed: {0}")]
    Model(#[from] LlmError),
    /// Today's tokens are used up.
    #[error("the token budget is used up until {resets_at}")]
    Budget {
        scope: BudgetScope,
        resets_at: chrono::DateTime<chrono::Utc>,
    },
    /// The model's reply held no query.
    #[error("the model's reply held no query")]
    NoQuery,
    #[error("the target database failed: {0}")]
    Target(TargetError),
    #[error("our store failed: {0}")]
    Store(#[from] StoreError),
    #[error("a prompt cannot be rendered: {0}")]
    Prompt(String),
    #[error("the stage panicked")]
    Panicked,
    /// A turn that is played again fails as it failed.
    #[error("as recorded: {}", .0.code)]
    Recorded(Failure),
}

impl TurnError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "CANCELLED",
            Self::Lost => "SERVER_RESTART",
            Self::TimeLimit => "LIMIT",
            Self::NoRelevantSchema { .. } => "NO_RELEVANT_SCHEMA",
            Self::EmptySchema => "EMPTY_SCHEMA",
            Self::MaxAttempts { .. } => "MAX_ATTEMPTS",
            Self::Model(LlmError::Timeout(_)) => "LLM_TIMEOUT",
            Self::Model(_) => "LLM_UNAVAILABLE",
            Self::Budget { .. } => "TOKEN_BUDGET",
            Self::NoQuery => "GENERATION_FAILED",
            Self::Target(TargetError::Timeout(_)) => "DB_TIMEOUT",
            Self::Target(TargetError::Unreachable(_)) => "DB_UNAVAILABLE",
            Self::Target(_) => "DB_ERROR",
            Self::Store(_) => "STORE_UNAVAILABLE",
            Self::Prompt(_) | Self::Panicked => "INTERNAL",
            Self::Recorded(failure) => known_code(&failure.code),
        }
    }

    /// For the log: what failed, without a word that a person, a model or an engine wrote about the query.
    pub fn for_log(&self) -> String {
        match self {
            Self::NoRelevantSchema { .. } => "no relevant schema".to_owned(),
            Self::MaxAttempts { attempts, .. } => format!("gave up after {attempts} attempts"),
            Self::Model(LlmError::BadRequest(_)) => "the provider refused the request".to_owned(),
            Self::Model(LlmError::Broken(_)) => "the model's stream broke off".to_owned(),
            Self::Target(TargetError::Query { .. } | TargetError::Other(_)) => {
                "the target database failed".to_owned()
            }
            Self::Prompt(_) => "a prompt cannot be rendered".to_owned(),
            Self::Recorded(failure) => format!("as recorded: {}", failure.code),
            Self::Cancelled
            | Self::Lost
            | Self::TimeLimit
            | Self::Budget { .. }
            | Self::EmptySchema
            | Self::Model(_)
            | Self::NoQuery
            | Self::Target(_)
            | Self::Store(_)
            | Self::Panicked => self.to_string(),
        }
    }

    /// Whether the same question may succeed if it is asked again.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Lost | Self::TimeLimit | Self::Store(_) | Self::NoQuery | Self::Panicked => true,
            Self::Model(error) => !matches!(
                error,
                LlmError::Unauthorized | LlmError::ContextTooLong | LlmError::BadRequest(_)
            ),
            Self::Target(error) => {
                matches!(error, TargetError::Timeout(_) | TargetError::Unreachable(_))
            }
            Self::Cancelled
            | Self::NoRelevantSchema { .. }
            | Self::EmptySchema
            | Self::MaxAttempts { .. }
            | Self::Budget { .. }
            | Self::Prompt(_) => false,
            Self::Recorded(failure) => failure.retryable,
        }
    }

    /// What the person reads: what happened and what to do; nothing internal.
    pub fn user_message(&self) -> String {
        match self {
            Self::Cancelled => "Stopped.".to_owned(),
            Self::Lost => "The server was restarted while it worked on this. Ask again.".to_owned(),
            Self::TimeLimit => {
                "This took longer than a turn may take. Ask for less at once, or try again.".to_owned()
            }
            Self::NoRelevantSchema { nearest } if nearest.is_empty() => {
                "No relevant schema found. Name a table or column of this dataset.".to_owned()
            }
            Self::NoRelevantSchema { nearest } => format!(
                "No relevant schema found. The nearest names here are: {}.",
                nearest.join(", ")
            ),
            Self::EmptySchema => "This dataset has no tables that the connection may read. \
                 Check its rights, then refresh the schema."
                .to_owned(),
            Self::MaxAttempts { reason, attempts, .. } => {
                let times = if *attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
                format!(
                    "Unable to generate query. Please rephrase your question. \
                     Max attempts exceeded ({times}): {reason}"
                )
            }
            Self::Model(LlmError::Timeout(_)) => {
                "The model did not answer in time. Try again; if it stays so, check the model's endpoint.".to_owned()
            }
            Self::Model(LlmError::Unauthorized) => {
                "The model's provider refused the key. An administrator must set a valid one.".to_owned()
            }
            Self::Model(LlmError::RateLimited { .. }) => {
                "The model's provider is busy. Try again in a minute.".to_owned()
            }
            Self::Model(LlmError::ContextTooLong) => {
                "The question with its schema is too long for the model. Ask about fewer tables, or configure a model with a larger context.".to_owned()
            }
            Self::Model(_) => {
                "The model cannot be used right now. Try again; if it stays so, check the model's endpoint.".to_owned()
            }
            Self::Budget { scope, resets_at } => {
                let whose = match scope {
                    BudgetScope::Workspace => "This workspace's",
                    BudgetScope::Owner => "Your",
                };
                format!(
                    "{whose} tokens for today are used up. There are new ones at {}. Until then the built-in generator answers: choose it as the model.",
                    resets_at.format("%Y-%m-%d %H:%M UTC")
                )
            }
            Self::Recorded(failure) => failure.message.clone(),
            Self::NoQuery => "Unable to generate query. Please rephrase your question.".to_owned(),
            Self::Target(TargetError::Timeout(limit)) => format!(
                "The database did not finish the query within {} s. Ask for less at once: a shorter period, fewer rows, one group.",
                limit.as_secs()
            ),
            Self::Target(TargetError::Unreachable(_)) => {
                "The database of this dataset cannot be reached. Your question is kept; try again when it is back.".to_owned()
            }
            Self::Target(TargetError::MayWrite(_)) => {
                "The account that reaches this dataset's database can change data, so it is not used. An administrator must set one that only reads, or allow it for this connection.".to_owned()
            }
            Self::Target(TargetError::TooOld(said)) => {
                format!("This dataset cannot be asked: {said}. An administrator must upgrade it.")
            }
            Self::Target(_) => {
                "The database failed while running the query. Try again, or rephrase the question.".to_owned()
            }
            Self::Store(_) => {
                "QueryForge's own database cannot be used right now. Your question is kept; try again in a moment.".to_owned()
            }
            Self::Prompt(_) | Self::Panicked => {
                "Something went wrong inside QueryForge. Try again; the log has the details under this trace id.".to_owned()
            }
        }
    }
}

/// Every code that a turn may end with.
const CODES: [&str; 16] = [
    "CANCELLED",
    "LIMIT",
    "NO_RELEVANT_SCHEMA",
    "EMPTY_SCHEMA",
    "MAX_ATTEMPTS",
    "LLM_TIMEOUT",
    "LLM_UNAVAILABLE",
    "TOKEN_BUDGET",
    "GENERATION_FAILED",
    "DB_TIMEOUT",
    "DB_UNAVAILABLE",
    "DB_ERROR",
    "STORE_UNAVAILABLE",
    "INTERNAL",
    "SERVER_RESTART",
    "RESULT_GONE",
];

fn known_code(code: &str) -> &'static str {
    CODES
        .iter()
        .find(|known| **known == code)
        .copied()
        .unwrap_or("INTERNAL")
}
