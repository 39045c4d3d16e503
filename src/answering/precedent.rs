//! What examples say about a question: the query that was verified for it, those near it, and those that were wrong.

use super::Context;
use super::generation::Candidate;
use crate::builtin::Intent;
use crate::knowledge::examples::{KnownExample, slots};
use crate::knowledge::learning::same_query;
use crate::knowledge::wording;
use crate::protocol::{ExampleUse, GeneratorKind, GeneratorName, ReplacedValue};
use crate::query::spans::{self, What};
use crate::query::{Finding, Verdict};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Examples put before a model.
const SHOWN: usize = 5;
/// Below this an example is about something else.
const LEAST_SHOWN: f32 = 0.25;
/// From here on a query that was wrong for the example is wrong for the question, too.
const LEAST_REPEATED: f32 = 0.6;
/// From here on the category of an example is that of the question.
const LEAST_CATEGORY: f32 = 0.4;

/// What is known that is like the question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Precedents {
    /// Its query answers this question: identical, another wording, or the same with other values.
    pub trusted: Option<Trusted>,
    /// The nearest first.
    pub near: Vec<NearExample>,
    pub category: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NearExample {
    pub question: String,
    pub query: String,
    pub negative: bool,
    /// In 0..=1.
    pub similarity: f32,
    /// Tables that its query reads.
    pub reads: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trusted {
    pub query: String,
    pub explanation: String,
    pub used: ExampleUse,
    pub category: Option<String>,
}

/// A query that was marked wrong for such a question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rejected {
    pub question: String,
    /// Why, if somebody said so.
    pub note: String,
}

impl Precedents {
    /// How near the nearest verified example is.
    pub fn nearest_verified(&self) -> Option<f32> {
        self.near
            .iter()
            .filter(|near| !near.negative)
            .map(|near| near.similarity)
            .next()
    }
}

/// Looks the question up. One that leans on what was said before is not a question that an example can answer.
pub fn find(context: &Context<'_>, intent: &Intent) -> Precedents {
    context
        .journal
        .value("precedents", || look_up(context, intent))
}

fn look_up(context: &Context<'_>, intent: &Intent) -> Precedents {
    let question = context.question;
    let live = context.dataset;
    if live.examples.is_empty() {
        return Precedents::default();
    }
    let near = live.examples.near(&question.text, SHOWN, LEAST_SHOWN);
    let leans = intent.follow_up && question.previous().is_some();
    let trusted = if leans || question.choice.is_some() {
        None
    } else {
        trusted(context).filter(|trusted| {
            // another try wants another query
            question.feedback.as_ref().is_none_or(|retry| {
                retry
                    .query
                    .as_ref()
                    .is_none_or(|query| !same_query(query, &trusted.query))
            })
        })
    };
    let category = trusted
        .as_ref()
        .and_then(|trusted| trusted.category.clone())
        .or_else(|| {
            near.iter()
                .filter(|near| near.similarity >= LEAST_CATEGORY)
                .find_map(|near| near.example.category.clone())
        });
    Precedents {
        trusted,
        near: near
            .into_iter()
            .map(|near| NearExample {
                question: near.example.question.clone(),
                query: near.example.query.clone(),
                negative: near.example.negative,
                similarity: near.similarity,
                reads: near.example.reads.clone(),
            })
            .collect(),
        category,
    }
}

fn trusted(context: &Context<'_>) -> Option<Trusted> {
    let live = context.dataset;
    let question = &context.question.text;
    let is_usable = |known: &KnownExample| !known.negative && !is_stale(known);
    let same: Vec<Arc<KnownExample>> = live
        .examples
        .same(question)
        .into_iter()
        .filter(|known| is_usable(known))
        .collect();
    if let Some(first) = same.first() {
        // two answers to one question decide nothing
        if same
            .iter()
            .any(|other| !same_query(&other.query, &first.query))
        {
            return None;
        }
        return Some(used(first, first.query.clone(), Vec::new()));
    }
    let mut filled: Vec<Trusted> = Vec::new();
    for near in live.examples.near(question, 12, 0.0) {
        let known = &near.example;
        if !is_usable(known) {
            continue;
        }
        let Verdict::Accept(query) = live.check(&known.query) else {
            continue;
        };
        let found = slots::fill(
            known,
            question,
            &query.columns,
            &live.schema,
            live.dialect(),
        );
        if let Some(found) = found
            && matches!(live.check(&found.query), Verdict::Accept(_))
        {
            filled.push(used(known, found.query, found.replaced));
        }
    }
    let first = filled.first()?.clone();
    let agreed = filled
        .iter()
        .all(|other| same_query(&other.query, &first.query));
    // what was wrong for the question before is not certain
    let wrong = look_for_rejection(context, &first.query).is_some();
    (agreed && !wrong).then_some(first)
}

/// "Last month" was another month when the query with its fixed dates was verified.
fn is_stale(known: &KnownExample) -> bool {
    let dated = |query: &str| {
        let Some(spans) = spans::spans(query, crate::query::Dialect::Postgres) else {
            return true;
        };
        spans.iter().any(|span| match &span.what {
            What::Text(text) | What::Number(text) => {
                text.split(|c: char| !c.is_ascii_digit()).any(|digits| {
                    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
                })
            }
            _ => false,
        })
    };
    wording::speaks_of_now(&known.question) && dated(&known.query)
}

fn used(known: &KnownExample, query: String, replaced: Vec<(String, String)>) -> Trusted {
    let source = known.provenance.source.spoken();
    let mut explanation = format!(
        "This is the verified example \"{}\", from {source}",
        known.question
    );
    if let Some(at) = known.verified_at {
        explanation.push_str(&format!(", executed and verified on {}", at.date_naive()));
    }
    if let Some(by) = &known.verified_by {
        explanation.push_str(&format!(" by {by}"));
    }
    explanation.push('.');
    for (was, now) in &replaced {
        explanation.push_str(&format!(" It has {now} for {was}."));
    }
    Trusted {
        query,
        explanation,
        category: known.category.clone(),
        used: ExampleUse {
            id: known.id,
            question: known.question.clone(),
            replaced: replaced
                .into_iter()
                .map(|(was, now)| ReplacedValue { was, now })
                .collect(),
            source: source.to_owned(),
            verified_by: known.verified_by.clone(),
            verified_at: known.verified_at,
        },
    }
}

impl Trusted {
    pub fn candidate(&self) -> Candidate {
        Candidate {
            sql: self.query.clone(),
            explanation: self.explanation.clone(),
            confidence: 0.99,
            generator: GeneratorName {
                kind: GeneratorKind::Example,
                name: "verified example".to_owned(),
                provider: None,
            },
            reading: None,
            passed_over: Vec::new(),
            agrees_with_builtin: false,
            example: Some(self.used.clone()),
        }
    }

    pub fn finding(&self) -> String {
        let mut finding = format!("The verified example \"{}\"", self.used.question);
        for value in &self.used.replaced {
            finding.push_str(&format!(", with {} for {}", value.now, value.was));
        }
        finding
    }
}

/// The negative example that forbids this query for this question.
pub fn rejected(context: &Context<'_>, query: &str, attempt: u32) -> Option<Rejected> {
    context.journal.value(format!("rejected/{attempt}"), || {
        look_for_rejection(context, query)
    })
}

fn look_for_rejection(context: &Context<'_>, query: &str) -> Option<Rejected> {
    let live = context.dataset;
    let question = &context.question.text;
    let same = live.examples.same(question);
    // for exactly this question, what was verified counts
    if same
        .iter()
        .any(|known| !known.negative && same_query(&known.query, query))
    {
        return None;
    }
    let near = live.examples.near(question, 24, LEAST_REPEATED);
    same.into_iter()
        .chain(near.into_iter().map(|near| near.example))
        .find(|known| known.negative && same_query(&known.query, query))
        .map(|known| Rejected {
            question: known.question.clone(),
            note: known.note.clone(),
        })
}

impl Rejected {
    /// What is wrong with giving it again, for a model.
    pub fn finding(&self) -> Finding {
        let mut message = format!(
            "this query was marked wrong for the question \"{}\"",
            self.question
        );
        if !self.note.is_empty() {
            message.push_str(&format!(": {}", self.note));
        }
        Finding {
            code: "rejected_before".to_owned(),
            message,
            line: 0,
            column: 0,
            suggestion: None,
        }
    }

    /// From the built-in generator, which would write it again and again.
    pub fn refusal(&self) -> String {
        let why = if self.note.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.note)
        };
        format!(
            "I would answer with a query that was marked wrong for \"{}\"{why}, and I have no other reading of this \
             question. Ask it in other words, or write the query yourself.",
            self.question
        )
    }
}
