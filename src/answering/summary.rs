//! The words at the end: what the rows say, what the schema holds, what cannot be done.

use super::context::shortened;
use super::execution::ResultRows;
use super::generation::{Candidate, Cannot, builtin_name};
use super::precedent::Precedents;
use super::validation::{self, Checked};
use super::{Answer, Context, TurnError, asking, confidence};
use crate::app::Use;
use crate::builtin;
use crate::prompts::{AnswerQuestion, DescribeSchema, schema_text};
use crate::protocol::{AnswerKind, GeneratorKind, GeneratorName, RunResult, TextKind, Trust};
use crate::target::Rows;
use serde_json::Value;

/// A query that may be answered with, before it has run.
pub struct Outline<'a> {
    pub candidate: &'a Candidate,
    pub checked: &'a Checked,
    pub category: Option<String>,
    pub confidence: f32,
    pub attempt: u32,
}

impl Outline<'_> {
    /// The query alone.
    pub fn not_executed(&self, context: &Context<'_>) -> RunResult {
        RunResult {
            query: Some(self.checked.query.text().to_owned()),
            dialect: Some(context.dataset.dialect()),
            explanation: Some(explained(self.candidate, self.checked)),
            confidence: self.confidence,
            attempts: self.attempt,
            generator: self.candidate.generator.clone(),
            example: self.candidate.example.clone(),
            category: self.category.clone(),
            dataset: Some(context.dataset_name()),
            ..result(AnswerKind::Query, None)
        }
    }
}

/// How its writer read the question, and what the query leaves out of it.
pub fn explained(candidate: &Candidate, checked: &Checked) -> String {
    let explanation = candidate.explanation.trim_end();
    match (explanation.is_empty(), checked.lacks.is_empty()) {
        (_, true) => candidate.explanation.clone(),
        (true, false) => validation::told(&checked.lacks),
        (false, false) => format!("{explanation} {}", validation::told(&checked.lacks)),
    }
}

/// A dataset without a database: the query is the answer, and it is said why there are no rows.
pub async fn not_connected(
    context: &Context<'_>,
    outline: &Outline<'_>,
) -> Result<Answer, TurnError> {
    let answer = "This dataset was made from a schema alone: there is no database behind it. \
                  The query was checked against the schema and not run.";
    say(context, answer).await?;
    Ok(Answer::finished(RunResult {
        answer: Some(answer.to_owned()),
        ..outline.not_executed(context)
    }))
}

/// A short answer grounded in the rows: every number it says is one of them.
pub async fn of_rows(
    context: &Context<'_>,
    outline: &Outline<'_>,
    kept: ResultRows,
) -> Result<Answer, TurnError> {
    let (candidate, checked, attempt) = (outline.candidate, outline.checked, outline.attempt);
    let rows = &kept.rows;
    let answer = match by_model(context, checked.query.text(), rows, attempt).await? {
        Some(answer) => answer,
        None => builtin::narrate(
            &context.question.text,
            checked.query.text(),
            &rows.columns,
            &rows.rows,
            rows.truncated,
        ),
    };
    say(context, &answer).await?;
    // the built-in generator is believed through an example only
    let is_builtin = candidate.generator.kind == GeneratorKind::Builtin;
    let is_sure = outline.confidence >= confidence::VERIFIED_FROM && !is_builtin;
    let trust = if candidate.example.is_some() || is_sure {
        Trust::Verified
    } else {
        Trust::Unverified
    };
    Ok(Answer::finished(RunResult {
        trust,
        result_id: Some(kept.id),
        row_count: Some(rows.rows.len()),
        truncated: Some(rows.truncated),
        answer: Some(answer),
        suggestions: context.journal.value("follow_ups", || {
            let generator = &context.dataset.generator;
            generator.follow_ups(&context.question.text, checked.query.text())
        }),
        ..outline.not_executed(context)
    }))
}

/// The answer in a model's words; `None` when no model is there for it, or when it says a number that is not in
/// the rows.
async fn by_model(
    context: &Context<'_>,
    query: &str,
    rows: &Rows,
    attempt: u32,
) -> Result<Option<String>, TurnError> {
    let prompt = AnswerQuestion {
        question: &context.question.text,
        query,
        rows,
    }
    .render();
    let said = match asking::complete(context, Use::Answer, &prompt, attempt).await {
        Ok(said) => said,
        Err(TurnError::Cancelled) => return Err(TurnError::Cancelled),
        // the rows are there; a template says them
        Err(error) => {
            tracing::warn!(
                error = error.for_log(),
                "the answer could not be put into words by a model"
            );
            None
        }
    };
    let known = [context.question.text.as_str(), query];
    Ok(said
        .map(|(answer, _)| shortened(answer.trim(), MAX_ANSWER_CHARS))
        .filter(|answer| !answer.is_empty() && is_grounded(answer, rows, &known)))
}

/// A few sentences.
const MAX_ANSWER_CHARS: usize = 2_000;

/// Whether every number of `answer` is a value of the rows (rounded or not), their count, or was said before.
fn is_grounded(answer: &str, rows: &Rows, known: &[&str]) -> bool {
    let mut values: Vec<f64> = vec![rows.rows.len() as f64];
    for value in rows.rows.iter().flatten() {
        match value {
            Value::Number(number) => values.extend(number.as_f64()),
            Value::String(text) => values.extend(numbers(text).iter().map(|(value, _)| *value)),
            _ => {}
        }
    }
    for text in known {
        values.extend(numbers(text).iter().map(|(value, _)| *value));
    }
    numbers(answer).iter().all(|(number, decimals)| {
        let half = 0.5 * 10f64.powi(-(*decimals as i32)) + 1e-9;
        values
            .iter()
            // 0.42 may be said as 42 %
            .any(|value| (value - number).abs() <= half || (value * 100.0 - number).abs() <= half)
    })
}

/// The numbers in a text, with how many decimals each has; "1,234.5" is one.
fn numbers(text: &str) -> Vec<(f64, usize)> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .filter_map(|word| {
            let word = word.trim_matches(['.', ',']).replace(',', "");
            let decimals = word.split_once('.').map_or(0, |(_, after)| after.len());
            word.parse().ok().map(|number| (number, decimals))
        })
        .collect()
}

pub async fn greet(context: &Context<'_>) -> Result<Answer, TurnError> {
    let answer = context.journal.value("greeting", || {
        context.dataset.generator.greet(&context.question.text)
    });
    say(context, &answer).await?;
    Ok(Answer::finished(RunResult {
        suggestions: context.suggestions(),
        ..result(AnswerKind::Greeting, Some(answer))
    }))
}

pub async fn describe_schema(context: &Context<'_>) -> Result<Answer, TurnError> {
    let (answer, generator) = match described_by_model(context).await? {
        Some((answer, generator)) => (answer, generator),
        None => {
            let by_rules = context.journal.value("description", || {
                context.dataset.generator.describe(&context.question.text)
            });
            (by_rules, builtin_name())
        }
    };
    say(context, &answer).await?;
    Ok(Answer::finished(RunResult {
        suggestions: context.suggestions(),
        generator,
        ..result(AnswerKind::Schema, Some(answer))
    }))
}

async fn described_by_model(
    context: &Context<'_>,
) -> Result<Option<(String, GeneratorName)>, TurnError> {
    let (question, live) = (context.question, context.dataset);
    let all = &live.schema.tables;
    let limit = context.bounds().retrieved_tables;
    let shown: Vec<&str> = if all.len() <= limit {
        all.iter().map(|table| table.name.as_str()).collect()
    } else {
        let found = live.search.by_words(&question.text, limit).await;
        let hits = found.tables.iter();
        hits.map(|hit| all[hit.table].name.as_str()).collect()
    };
    let more_tables: Vec<String> = all
        .iter()
        .filter(|table| !shown.contains(&table.name.as_str()))
        .take(MORE_TABLES)
        .map(|table| table.name.clone())
        .collect();
    let prompt = DescribeSchema {
        dialect: live.dialect(),
        schema: &schema_text(&live.schema, &shown, live.dialect()),
        more_tables: &more_tables,
        glossary: &super::generation::glossary(&live.directives),
        conversation: &question.exchanges(),
        question: &question.text,
    }
    .render();
    match asking::complete(context, Use::Answer, &prompt, 1).await {
        Ok(said) => Ok(said.filter(|(answer, _)| !answer.trim().is_empty())),
        Err(TurnError::Cancelled) => Err(TurnError::Cancelled),
        Err(error) => {
            tracing::warn!(
                error = error.for_log(),
                "the schema could not be described by a model"
            );
            Ok(None)
        }
    }
}

/// Names of tables that a description's prompt lists besides those it shows.
const MORE_TABLES: usize = 200;

pub async fn cannot(
    context: &Context<'_>,
    cannot: Cannot,
    precedents: &Precedents,
    attempt: u32,
) -> Result<Answer, TurnError> {
    say(context, &cannot.message).await?;
    Ok(Answer::finished(RunResult {
        attempts: attempt,
        confidence: 0.0,
        generator: cannot.generator,
        suggestions: cannot.suggestions,
        category: precedents.category.clone(),
        dataset: Some(context.dataset_name()),
        ..result(AnswerKind::Cannot, Some(cannot.message))
    }))
}

/// What every answer begins as: words alone, from nobody in particular.
fn result(kind: AnswerKind, answer: Option<String>) -> RunResult {
    RunResult {
        kind,
        query: None,
        dialect: None,
        explanation: None,
        confidence: 1.0,
        trust: Trust::Unverified,
        attempts: 0,
        result_id: None,
        row_count: None,
        truncated: None,
        generator: builtin_name(),
        answer,
        suggestions: Vec::new(),
        example: None,
        category: None,
        dataset: None,
    }
}

async fn say(context: &Context<'_>, answer: &str) -> Result<(), TurnError> {
    let message_id = format!("{}-answer", context.question.turn_id);
    let mut text = context.text(TextKind::Answer, message_id, 1).await?;
    for piece in answer.split_inclusive(' ') {
        text.push(piece).await?;
    }
    text.end().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_that_is_not_in_the_rows_is_not_said() {
        let rows = Rows {
            rows: serde_json::from_value(json!([
                ["Germany", 11, "1234.567"],
                ["France", 0.42, null]
            ]))
            .expect("rows"),
            ..Rows::default()
        };
        for (answer, expected) in [
            (
                "Germany leads with 11 customers and 1,234.57 in sales.",
                true,
            ),
            ("Germany leads with 1,235; France has 42 %.", true),
            ("There are 2 rows.", true),
            ("Since 1997 it grew.", true),
            ("Germany leads with 12 customers.", false),
            ("About 1,300 in all.", false),
        ] {
            let found = is_grounded(answer, &rows, &["customers in 1997"]);
            assert_eq!(found, expected, "{answer}");
        }
    }
}
