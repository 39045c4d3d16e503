//! The words at the end: what the rows say, what the schema holds, what cannot be done.

use super::execution::ResultRows;
use super::generation::{Candidate, Cannot, builtin_name};
use super::validation::Checked;
use super::{Answer, Context, TurnError, confidence};
use crate::builtin;
use crate::protocol::{AnswerKind, RunResult, TextKind, Trust};

/// A short answer grounded in the rows: every number it says is one of them.
pub async fn of_rows(
    context: &Context<'_>,
    candidate: &Candidate,
    checked: &Checked,
    result: ResultRows,
    confidence: f32,
    attempt: u32,
) -> Result<RunResult, TurnError> {
    let rows = &result.rows;
    let answer = builtin::narrate(
        &context.question.text,
        checked.query.text(),
        &rows.columns,
        &rows.rows,
        rows.truncated,
    );
    say(context, &answer).await?;
    let trust = if confidence >= confidence::VERIFIED_FROM {
        Trust::Verified
    } else {
        Trust::Unverified
    };
    Ok(RunResult {
        kind: AnswerKind::Query,
        query: Some(checked.query.text().to_owned()),
        dialect: Some(context.dataset.dialect()),
        explanation: Some(candidate.explanation.clone()),
        confidence,
        trust,
        attempts: attempt,
        result_id: Some(result.id),
        row_count: Some(rows.rows.len()),
        truncated: Some(rows.truncated),
        generator: candidate.generator.clone(),
        answer: Some(answer),
        suggestions: context
            .dataset
            .generator
            .follow_ups(&context.question.text, checked.query.text()),
    })
}

pub async fn greet(context: &Context<'_>) -> Result<Answer, TurnError> {
    let answer = context.dataset.generator.greet(&context.question.text);
    let suggestions = context.dataset.generator.suggestions(3);
    in_words(context, AnswerKind::Greeting, answer, suggestions).await
}

pub async fn describe_schema(context: &Context<'_>) -> Result<Answer, TurnError> {
    let answer = context.dataset.generator.describe(&context.question.text);
    let suggestions = context.dataset.generator.suggestions(3);
    in_words(context, AnswerKind::Schema, answer, suggestions).await
}

pub async fn cannot(
    context: &Context<'_>,
    cannot: Cannot,
    attempt: u32,
) -> Result<Answer, TurnError> {
    say(context, &cannot.message).await?;
    Ok(Answer::Finished(Box::new(RunResult {
        attempts: attempt,
        confidence: 0.0,
        generator: cannot.generator,
        suggestions: cannot.suggestions,
        ..words(AnswerKind::Cannot, cannot.message)
    })))
}

async fn in_words(
    context: &Context<'_>,
    kind: AnswerKind,
    answer: String,
    suggestions: Vec<String>,
) -> Result<Answer, TurnError> {
    say(context, &answer).await?;
    Ok(Answer::Finished(Box::new(RunResult {
        suggestions,
        ..words(kind, answer)
    })))
}

/// A result that is words alone.
fn words(kind: AnswerKind, answer: String) -> RunResult {
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
        answer: Some(answer),
        suggestions: Vec::new(),
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
