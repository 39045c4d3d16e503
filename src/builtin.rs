//! The built-in generator: questions to queries without any model.
//!
//! Deterministic and pure: no network, no clock (today is an argument), no I/O.

use crate::query::Dialect;
use crate::schema::Schema;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentKind {
    QueryGeneration,
    SchemaDescription,
    Clarification,
    Greeting,
}

/// A reading of a message by rules alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    pub kind: IntentKind,
    /// It continues the previous question ("now only for AAPL").
    pub follow_up: bool,
    /// In 0..=1; at 0.9 and more the rules are certain and no model need be asked.
    pub confidence: f32,
    pub reasoning: String,
}

/// One question and all that may be known when answering it.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub question: &'a str,
    pub schema: &'a Schema,
    pub dialect: Dialect,
    pub today: NaiveDate,
    /// The turn before this one, when this one follows up on it.
    pub previous: Option<Previous<'a>>,
    /// The option that the user chose when asked, if this question was unclear.
    pub choice: Option<&'a str>,
}

#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    pub question: &'a str,
    pub query: &'a str,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Query {
        sql: String,
        /// One or two sentences on how the question was read.
        explanation: String,
        /// In 0..=1.
        confidence: f32,
    },
    /// More than one plausible reading.
    Clarify {
        message: String,
        options: Vec<String>,
    },
    /// Said plainly, with questions of the same schema that can be answered.
    Cannot {
        message: String,
        suggestions: Vec<String>,
    },
}

pub fn intent(question: &str, schema: &Schema, has_previous: bool) -> Intent {
    let _ = (question, schema, has_previous);
    Intent {
        kind: IntentKind::QueryGeneration,
        follow_up: false,
        confidence: 0.5,
        reasoning: String::new(),
    }
}

pub fn generate(request: &Request<'_>) -> Reply {
    let _ = request;
    Reply::Cannot {
        message: String::new(),
        suggestions: Vec::new(),
    }
}
