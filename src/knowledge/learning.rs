//! From what people say to what is known: examples are made, executed, verified, and taken back.

use super::{LiveDataset, wording};
use crate::ids::{ExampleId, WorkspaceId};
use crate::query::{Dialect, Finding, Verdict};
use crate::store::{
    Example, ExampleKind, ExampleTrust, NewExample, NewFeedback, NewReviewItem, Priority,
    Provenance, Rating, ReviewReason, Source, Store, StoreError, Turn,
};
use crate::target::{Rows, RunLimits, TargetError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

/// An example as somebody writes it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct ExampleDraft {
    pub question: String,
    pub query: String,
    /// Other wordings of the same question.
    #[serde(default)]
    pub variants: Vec<String>,
    /// `category`, `complexity`, `business_rule`, `department`, `frequency`.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    #[serde(default)]
    pub note: String,
    /// The query is wrong for this question: it must not be given again.
    #[serde(default)]
    pub negative: bool,
}

/// Tags that an example may have.
pub const TAGS: [&str; 5] = [
    "category",
    "complexity",
    "business_rule",
    "department",
    "frequency",
];

const MAX_TEXT_BYTES: usize = 16 * 1024;
const MAX_VARIANTS: usize = 50;
const MAX_TAG_BYTES: usize = 200;

#[derive(Debug, thiserror::Error)]
pub enum LearnError {
    /// What the person has to put right.
    #[error("{0}")]
    Invalid(String),
    /// The query may not run, or does not fit the schema.
    #[error("the query is refused")]
    Refused(Vec<Finding>),
    #[error(
        "This dataset has no database behind it, so nothing can be executed and nothing verified."
    )]
    NotLive,
    #[error("A pipeline is not executed here.")]
    NotAQuery,
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ExampleDraft {
    /// Checked against the schema; a wrong query may be anything, a right one must be harmless and fit.
    pub fn checked(
        self,
        live: &LiveDataset,
        provenance: Provenance,
    ) -> Result<NewExample, LearnError> {
        let trimmed = |text: &str| text.trim().to_owned();
        let question = trimmed(&self.question);
        let query = trimmed(&self.query);
        for (what, text) in [("question", &question), ("query", &query)] {
            if text.is_empty() {
                return Err(LearnError::Invalid(format!("The {what} is empty.")));
            }
        }
        let variants: Vec<String> = self
            .variants
            .iter()
            .map(|variant| trimmed(variant))
            .filter(|variant| !variant.is_empty())
            .collect();
        if variants.len() > MAX_VARIANTS {
            return Err(LearnError::Invalid(format!(
                "An example has at most {MAX_VARIANTS} variants."
            )));
        }
        let texts = [&question, &query, &self.note];
        if texts
            .into_iter()
            .chain(&variants)
            .any(|text| text.len() > MAX_TEXT_BYTES)
        {
            return Err(LearnError::Invalid(
                "A text of an example has at most 16 KiB.".to_owned(),
            ));
        }
        for (tag, value) in &self.tags {
            if !TAGS.contains(&tag.as_str()) {
                return Err(LearnError::Invalid(format!(
                    "There is no tag '{tag}'; there are {}.",
                    TAGS.join(", ")
                )));
            }
            if value.len() > MAX_TAG_BYTES {
                return Err(LearnError::Invalid(
                    "A tag has at most 200 bytes.".to_owned(),
                ));
            }
        }
        let reads = match live.check(&query) {
            Verdict::Accept(query) => query.tables,
            Verdict::Reject(_) if self.negative => Vec::new(),
            Verdict::Reject(findings) => return Err(LearnError::Refused(findings)),
        };
        Ok(NewExample {
            question_key: wording::key(&question),
            question,
            variants,
            query,
            kind: if live.dialect() == Dialect::Kdb {
                ExampleKind::Q
            } else {
                ExampleKind::Sql
            },
            trust: if self.negative {
                ExampleTrust::Negative
            } else {
                ExampleTrust::Staged
            },
            tags: self
                .tags
                .into_iter()
                .filter(|(_, value)| !value.trim().is_empty())
                .collect(),
            provenance,
            note: trimmed(&self.note),
            reads,
            row_count: None,
        })
    }
}

/// Runs an example's query as any other: checked again, read-only, with limits.
pub async fn run(
    live: &LiveDataset,
    example: &Example,
    limits: &RunLimits,
    cancel: &CancellationToken,
) -> Result<Rows, LearnError> {
    if example.kind == ExampleKind::Pipeline {
        return Err(LearnError::NotAQuery);
    }
    if !live.is_live() {
        return Err(LearnError::NotLive);
    }
    let query = match live.check(&example.query) {
        Verdict::Accept(query) => query,
        Verdict::Reject(findings) => return Err(LearnError::Refused(findings)),
    };
    Ok(live.target.run(&query, limits, cancel).await?)
}

/// Executes the example and, when that went well, calls it verified by whoever asked.
pub async fn verify(
    store: &Store,
    live: &LiveDataset,
    example: &Example,
    by: &str,
    limits: &RunLimits,
    cancel: &CancellationToken,
) -> Result<Example, LearnError> {
    let rows = run(live, example, limits, cancel).await?;
    Ok(store
        .example_was_executed(
            live.dataset.id,
            example.example_id,
            &example.query,
            row_count(&rows),
            Some(by),
        )
        .await?)
}

pub fn row_count(rows: &Rows) -> i32 {
    i32::try_from(rows.rows.len()).unwrap_or(i32::MAX)
}

/// What a thumb leads to (requirements, decision 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    Verify,
    Review(ReviewReason, Priority),
}

pub fn consequence(rating: Rating, confidence: f32, stands_alone: bool) -> Consequence {
    match rating {
        Rating::Down => Consequence::Review(ReviewReason::ThumbsDown, Priority::High),
        Rating::Up if confidence >= 0.9 && stands_alone => Consequence::Verify,
        Rating::Up if confidence >= 0.7 => {
            Consequence::Review(ReviewReason::ThumbsUp, Priority::Low)
        }
        Rating::Up => Consequence::Review(ReviewReason::ThumbsUp, Priority::Normal),
    }
}

/// How a turn ended, as far as an expert may want to look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ending {
    /// Answered with a query; a verified example's needs no look.
    Answered { confidence: f32, by_example: bool },
    /// No query passed the checks within the attempts it had.
    GaveUp,
    /// It asked the person back, `again` where that was about the same question.
    Asked { again: bool },
}

/// Below this an answer waits for an expert (requirements, decision 1).
const REVIEW_BELOW: f32 = 0.7;

/// Why an expert should look at a turn that nobody has said anything about.
pub fn doubt(ending: Ending) -> Option<(ReviewReason, Priority)> {
    match ending {
        Ending::Answered {
            confidence,
            by_example: false,
        } if confidence < REVIEW_BELOW => Some((ReviewReason::LowConfidence, Priority::Normal)),
        Ending::GaveUp => Some((ReviewReason::FailedValidation, Priority::Normal)),
        Ending::Asked { again: true } => Some((ReviewReason::Clarifications, Priority::Low)),
        Ending::Answered { .. } | Ending::Asked { again: false } => None,
    }
}

/// What became of feedback, for the person who gave it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Learnt {
    /// It is a verified example now, and can be taken back by taking back the thumb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_example: Option<ExampleId>,
    /// The corrected query waits there to be executed and verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staged_example: Option<ExampleId>,
    /// It waits for an expert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<Priority>,
}

/// What was asked and answered, as far as learning is concerned.
pub struct Told<'a> {
    pub workspace: WorkspaceId,
    pub turn: &'a Turn,
    /// The question in full.
    pub question: &'a str,
    /// It was decided by a choice, or leans on what was said before: its words alone do not say what was meant.
    pub stands_alone: bool,
    pub feedback: &'a NewFeedback,
    pub by: &'a str,
}

/// Acts on feedback that was saved: an example, or the review queue.
pub async fn learn(
    store: &Store,
    live: &LiveDataset,
    told: &Told<'_>,
) -> Result<Learnt, LearnError> {
    let (turn, feedback) = (told.turn, told.feedback);
    let dataset = live.dataset.id;
    let mut learnt = Learnt::default();
    let provenance = |source| Provenance {
        source,
        turn_id: Some(turn.turn_id),
        by: told.by.to_owned(),
    };
    let draft = |query: &str| ExampleDraft {
        question: told.question.to_owned(),
        query: query.to_owned(),
        variants: Vec::new(),
        tags: BTreeMap::new(),
        note: String::new(),
        negative: false,
    };
    // a second thumb replaces the first with all that came of it
    store.withdraw_review(turn.turn_id).await?;
    if feedback.rating == Rating::Down {
        store
            .unverify_examples_of_turn(dataset, turn.turn_id, told.by)
            .await?;
    }
    if let Some(correction) = &feedback.correction {
        let new = draft(correction).checked(live, provenance(Source::Correction))?;
        learnt.staged_example = match store.add_example(dataset, &new).await {
            Ok(example) => Some(example.example_id),
            // it is there already
            Err(StoreError::Conflict(_)) => None,
            Err(error) => return Err(error.into()),
        };
    }
    let Some(query) = &turn.result.query else {
        return Ok(learnt);
    };
    // what a verified example answered teaches nothing new by being liked
    if feedback.rating == Rating::Up && turn.result.example.is_some() {
        return Ok(learnt);
    }
    let confidence = turn.result.confidence.unwrap_or(0.0);
    let executed = turn.result.row_count;
    let contradicted = live
        .examples
        .same(told.question)
        .iter()
        .any(|known| !known.negative && !same_query(&known.query, query));
    let mut consequence = consequence(feedback.rating, confidence, told.stands_alone);
    if consequence == Consequence::Verify && (executed.is_none() || contradicted) {
        consequence = Consequence::Review(ReviewReason::ThumbsUp, Priority::Low);
    }
    match consequence {
        Consequence::Verify => {
            let mut new = match draft(query).checked(live, provenance(Source::Feedback)) {
                Ok(new) => new,
                // the schema changed since
                Err(LearnError::Refused(_)) => return Ok(learnt),
                Err(error) => return Err(error),
            };
            new.trust = ExampleTrust::Verified;
            new.row_count = executed.map(|rows| i32::try_from(rows).unwrap_or(i32::MAX));
            learnt.verified_example = match store.add_example(dataset, &new).await {
                Ok(example) => Some(example.example_id),
                Err(StoreError::Conflict(_)) => None,
                Err(error) => return Err(error.into()),
            };
        }
        Consequence::Review(reason, priority) => {
            store
                .queue_review(&NewReviewItem {
                    workspace_id: told.workspace,
                    dataset_id: Some(dataset),
                    turn_id: turn.turn_id,
                    reason,
                    priority,
                    question: told.question,
                    query: Some(query),
                    confidence: Some(confidence),
                    category: feedback.category,
                    comment: feedback.text.as_deref(),
                    correction: feedback.correction.as_deref(),
                })
                .await?;
            learnt.review = Some(priority);
        }
    }
    Ok(learnt)
}

/// The same but for case, layout and a closing semicolon.
pub fn same_query(one: &str, other: &str) -> bool {
    let words = |sql: &str| {
        let mut quoted = false;
        sql.trim_end_matches([';', ' ', '\n', '\t', '\r'])
            .chars()
            .filter_map(|c| {
                quoted ^= c == '\'';
                match c {
                    _ if quoted => Some(c),
                    _ if c.is_whitespace() => None,
                    _ => c.to_lowercase().next(),
                }
            })
            .collect::<String>()
    };
    words(one) == words(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumb_counts_by_how_sure_the_answer_was() {
        use Consequence::{Review, Verify};
        for (rating, confidence, alone, expected) in [
            (Rating::Up, 0.95, true, Verify),
            (Rating::Up, 0.9, true, Verify),
            (
                Rating::Up,
                0.95,
                false,
                Review(ReviewReason::ThumbsUp, Priority::Low),
            ),
            (
                Rating::Up,
                0.89,
                true,
                Review(ReviewReason::ThumbsUp, Priority::Low),
            ),
            (
                Rating::Up,
                0.69,
                true,
                Review(ReviewReason::ThumbsUp, Priority::Normal),
            ),
            (
                Rating::Down,
                0.99,
                true,
                Review(ReviewReason::ThumbsDown, Priority::High),
            ),
        ] {
            assert_eq!(
                consequence(rating, confidence, alone),
                expected,
                "{rating:?} {confidence}"
            );
        }
    }

    #[test]
    fn a_turn_waits_for_an_expert_when_it_was_not_sure_gave_up_or_asked_twice() {
        let answered = |confidence, by_example| Ending::Answered {
            confidence,
            by_example,
        };
        for (ending, reason) in [
            (answered(0.69, false), Some(ReviewReason::LowConfidence)),
            (answered(0.7, false), None),
            (answered(0.5, true), None),
            (Ending::GaveUp, Some(ReviewReason::FailedValidation)),
            (Ending::Asked { again: false }, None),
            (
                Ending::Asked { again: true },
                Some(ReviewReason::Clarifications),
            ),
        ] {
            assert_eq!(doubt(ending).map(|(why, _)| why), reason, "{ending:?}");
        }
    }

    #[test]
    fn layout_and_case_do_not_make_another_query_but_values_do() {
        assert!(same_query("SELECT a\nFROM t;", "select a from T"));
        assert!(!same_query("select 'A' from t", "select 'a' from t"));
        assert!(!same_query("select 'a b' from t", "select 'ab' from t"));
    }
}
