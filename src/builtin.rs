//! The built-in generator: questions to queries without any model.
//!
//! Deterministic and pure: no network, no clock (today is an argument), no I/O. A question goes through
//! `tokens` (words), `linking` (words to names and values of the schema), `reading` (the grammar),
//! `planning` (what is meant, and how it joins) and `render` (one dialect). What it does not understand
//! it says, rather than guess.

mod catalogue;
mod dates;
mod joins;
mod lexicon;
mod linking;
mod plan;
mod planning;
mod reading;
mod render;
mod tokens;
mod words;

pub use words::{describe, follow_ups, greet, narrate, suggestions};

use crate::query::Dialect;
use crate::schema::Schema;
use chrono::NaiveDate;
use linking::Linker;
use planning::{Outcome, Planner};
use render::Renderer;
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

/// A schema made ready for questions; building it costs more than asking.
#[derive(Debug)]
pub struct Generator<'a> {
    schema: &'a Schema,
    linker: Linker,
    dialect: Dialect,
}

impl<'a> Generator<'a> {
    pub fn new(schema: &'a Schema, dialect: Dialect) -> Self {
        Self {
            schema,
            linker: Linker::build(schema),
            dialect,
        }
    }

    /// The reply to `request`; its schema and dialect are those the generator was built with.
    pub fn generate(&self, request: &Request<'_>) -> Reply {
        if self.dialect == Dialect::Kdb {
            return self.cannot("I am the built-in generator; I do not write q yet.".into());
        }
        match self.outcome(request) {
            Outcome::Planned(planned) => Reply::Query {
                sql: self.renderer().render(&planned.plan),
                explanation: planned.explanation,
                confidence: planned.confidence,
            },
            Outcome::Unclear { message, options } => Reply::Clarify { message, options },
            Outcome::NotUnderstood(message) => self.cannot(message),
        }
    }

    fn outcome(&self, request: &Request<'_>) -> Outcome {
        // an option is worded so that it completes the question
        let question = match request.choice {
            Some(choice) => format!(
                "{} {choice}",
                request.question.trim_end_matches(['?', '.', '!', ' '])
            ),
            None => request.question.to_owned(),
        };
        let words = tokens::tokens(&question);
        let units = self.linker.units(&words);
        let reading = reading::read(units, &self.linker, request.today);
        Planner::new(
            self.schema,
            &self.linker,
            &reading,
            request.today,
            request.choice,
        )
        .plan()
    }

    fn renderer(&self) -> Renderer<'_> {
        Renderer {
            schema: self.schema,
            catalogue: &self.linker.catalogue,
            dialect: self.dialect,
        }
    }

    fn cannot(&self, message: String) -> Reply {
        Reply::Cannot {
            message,
            suggestions: Vec::new(),
        }
    }
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

/// One question over a schema that is not kept; [`Generator`] is for several.
pub fn generate(request: &Request<'_>) -> Reply {
    Generator::new(request.schema, request.dialect).generate(request)
}
