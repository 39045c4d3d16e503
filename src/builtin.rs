//! The built-in generator: questions to queries without any model.
//!
//! Deterministic and pure: no network, no clock (today is an argument), no I/O. A question goes through
//! `tokens` (words), `linking` (words to names and values of the schema), `reading` (the grammar),
//! `planning` (what is meant, and how it joins) and `render` (one dialect). What it does not understand
//! it says, rather than guess.

mod catalogue;
mod conversation;
mod dates;
mod follow_up;
mod glossary;
mod joins;
mod lexicon;
mod linking;
mod plan;
mod planning;
mod reading;
mod render;
mod render_q;
mod suggest;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

pub use dates::MONTHS;
pub use glossary::{Effect, Entry, Kind};
pub use linking::Already;
pub use words::narrate;

use crate::query::Dialect;
use crate::schema::Schema;
use chrono::NaiveDate;
use glossary::Glossary;
use linking::Linker;
use planning::{Outcome, Planner};
use render::Renderer;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Before a follow-up that could not be made a change of the previous query.
const ON_ITS_OWN: &str = "I could not make this a change of the previous query, so I read it on its own: nothing of that query is kept.";

/// Words of a question that are read. Each reading looks around itself, so time grows faster than the words do;
/// nobody asks one question in more.
const MOST_WORDS: usize = 400;

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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
pub struct Generator {
    /// As the checker knows it.
    plain: Arc<Schema>,
    /// With the words of the glossary as further columns.
    schema: Arc<Schema>,
    glossary: Glossary,
    linker: Linker,
    dialect: Dialect,
}

impl Generator {
    pub fn new(schema: Arc<Schema>, dialect: Dialect) -> Self {
        Self::with_glossary(schema, dialect, &[])
    }

    /// As [`Self::new`], with the organisation's own words.
    pub fn with_glossary(schema: Arc<Schema>, dialect: Dialect, entries: &[Entry<'_>]) -> Self {
        let (extended, glossary) = if entries.is_empty() || dialect == Dialect::Kdb {
            (schema.clone(), Glossary::default())
        } else {
            let (extended, glossary) = glossary::extend(&schema, dialect, entries);
            (Arc::new(extended), glossary)
        };
        Self {
            linker: Linker::build(&extended),
            plain: schema,
            schema: extended,
            glossary,
            dialect,
        }
    }

    /// What this generator makes of a word of the glossary; `None` when it does not understand it.
    pub fn effect(&self, key: &str) -> Option<Effect> {
        self.glossary.effect(key)
    }

    /// What a word of the glossary would mean without it.
    pub fn meant_already(&self, key: &str) -> Option<Already> {
        self.linker.meant_already(key, &self.plain)
    }

    /// The reply to `request`; its schema and dialect are those the generator was built with.
    pub fn generate(&self, request: &Request<'_>) -> Reply {
        if conversation::wants_to_write(request.question, request.previous.is_some()) {
            return self.cannot(
                "I only read: I cannot add, change or delete anything in the data.".into(),
            );
        }
        let words = tokens::tokens(request.question).len();
        if words > MOST_WORDS {
            return self.cannot(format!(
                "I am the built-in generator; this question has {words} words, and I read at most {MOST_WORDS}. Ask it in fewer."
            ));
        }
        if self.dialect == Dialect::Kdb {
            return self.in_q(request);
        }
        if let Some(reply) = self.follow_up(request) {
            return reply;
        }
        let leans = request.previous.is_some()
            && conversation::intent(request.question, &self.linker, true).follow_up;
        match self.outcome(request) {
            Outcome::Planned(mut planned) => {
                if leans {
                    // its filters are gone, which nobody may find out from the rows
                    planned.explanation = format!("{ON_ITS_OWN} {}", planned.explanation);
                    planned.confidence *= 0.7;
                }
                Reply::Query {
                    sql: self
                        .renderer()
                        .render(&self.glossary.regrouped(planned.plan)),
                    explanation: planned.explanation,
                    confidence: planned.confidence,
                }
            }
            Outcome::Unclear { message, options } => Reply::Clarify { message, options },
            Outcome::NotUnderstood(message) => self.cannot(message),
        }
    }

    /// One table's rows, counts, sums and averages, by groups, filtered and ranked; not what needs more.
    fn in_q(&self, request: &Request<'_>) -> Reply {
        let leans = request.previous.is_some()
            && conversation::intent(request.question, &self.linker, true).follow_up;
        if leans {
            return self.cannot(
                "I am the built-in generator; I do not change a query of q. Please ask the whole question again."
                    .into(),
            );
        }
        let renderer = render_q::QRenderer {
            schema: &self.schema,
            catalogue: &self.linker.catalogue,
        };
        match self.outcome(request) {
            Outcome::Planned(planned) => match renderer.render(&planned.plan) {
                Some(sql) => Reply::Query {
                    sql,
                    explanation: planned.explanation,
                    confidence: planned.confidence,
                },
                None => self.cannot(
                    "I am the built-in generator; of q I write questions about one table: lists, counts, sums, \
                     averages, groups, filters, the first few."
                        .into(),
                ),
            },
            Outcome::Unclear { message, options } => Reply::Clarify { message, options },
            Outcome::NotUnderstood(message) => self.cannot(message),
        }
    }

    fn outcome(&self, request: &Request<'_>) -> Outcome {
        // an option is worded so that it completes the question
        let question = match request.choice {
            Some(choice) if !planning::is_whole(choice) => format!(
                "{} {choice}",
                request.question.trim_end_matches(['?', '.', '!', ' '])
            ),
            _ => request.question.to_owned(),
        };
        let (reading, given) = self.read(&question, request.today);
        self.planned(&reading, given, request.choice)
    }

    fn planned(
        &self,
        reading: &reading::Reading,
        given: Vec<glossary::Given>,
        choice: Option<&str>,
    ) -> Outcome {
        let named: Vec<_> = given.iter().map(|given| given.column).collect();
        let outcome = Planner::new(&self.schema, &self.linker, reading, choice)
            .given(given)
            .plan();
        let columns = reading
            .units
            .iter()
            .filter_map(|unit| Some(unit.best_column()?.0))
            .chain(named);
        match outcome {
            Outcome::Planned(mut planned) => {
                for sentence in self.glossary.sentences(columns) {
                    planned.explanation.push(' ');
                    planned.explanation.push_str(&sentence);
                }
                Outcome::Planned(planned)
            }
            other => other,
        }
    }

    /// The previous query with this message's changes, when it is one that leans on it.
    fn follow_up(&self, request: &Request<'_>) -> Option<Reply> {
        let previous = request.previous?;
        let intent = conversation::intent(request.question, &self.linker, true);
        if !intent.follow_up {
            return None;
        }
        let question = match request.choice {
            Some(choice) if !planning::is_whole(choice) => {
                format!("{} {choice}", request.question)
            }
            _ => request.question.to_owned(),
        };
        let (reading, given) = self.read(&question, request.today);
        let edited = self
            .editor()
            .edit(previous.query, &reading, &given, request.choice)?;
        let changes = edited.changes.join(", ");
        Some(Reply::Query {
            sql: edited.sql,
            explanation: format!("I kept the previous query and {changes}."),
            confidence: (0.97 * intent.confidence - edited.doubts).clamp(0.1, 0.95),
        })
    }

    fn read(&self, question: &str, today: NaiveDate) -> (reading::Reading, Vec<glossary::Given>) {
        let (words, given) = self.glossary.spoken(tokens::tokens(question));
        let reading = reading::read(self.linker.units(&words), &self.linker, today);
        (reading, given)
    }

    fn renderer(&self) -> Renderer<'_> {
        Renderer {
            schema: &self.schema,
            catalogue: &self.linker.catalogue,
            dialect: self.dialect,
            glossary: &self.glossary,
        }
    }

    fn editor(&self) -> follow_up::Editor<'_> {
        follow_up::Editor {
            schema: &self.schema,
            linker: &self.linker,
            renderer: self.renderer(),
        }
    }

    fn cannot(&self, message: String) -> Reply {
        Reply::Cannot {
            message,
            suggestions: self.suggestions(3),
        }
    }

    /// What a message is for, by rules alone.
    pub fn intent(&self, question: &str, has_previous: bool) -> Intent {
        conversation::intent(question, &self.linker, has_previous)
    }

    /// Answers "what tables are there", "describe orders" in short Markdown.
    pub fn describe(&self, question: &str) -> String {
        conversation::describe(question, &self.plain, &self.linker)
    }

    pub fn greet(&self, question: &str) -> String {
        conversation::greet(question, &self.plain, &self.suggestions(3))
    }
}

/// For one call over a schema that is not kept; see [`Generator::generate`].
pub fn generate(request: &Request<'_>) -> Reply {
    Generator::new(Arc::new(request.schema.clone()), request.dialect).generate(request)
}
