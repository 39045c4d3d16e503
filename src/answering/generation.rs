//! Stage 4: the query is written, token by token, by a model or by the built-in generator.

use super::analysis::Analysis;
use super::clarification::Ask;
use super::retrieval::Retrieved;
use super::{Context, TurnError};
use crate::builtin::{self, Reply};
use crate::protocol::{GeneratorKind, GeneratorName, StageName, TextKind};

/// A query as its writer left it: unchecked text.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub sql: String,
    pub explanation: String,
    /// What its writer says of it, in 0..=1.
    pub confidence: f32,
    pub generator: GeneratorName,
    /// Other plausible readings, if there are any.
    pub alternatives: Option<Ask>,
    /// A model and the built-in generator came to the same query.
    pub agrees_with_builtin: bool,
}

/// What cannot be answered, and what can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cannot {
    pub message: String,
    pub suggestions: Vec<String>,
    pub generator: GeneratorName,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Generated {
    Query(Candidate),
    Unclear(Ask),
    Cannot(Cannot),
}

pub fn builtin_name() -> GeneratorName {
    GeneratorName {
        kind: GeneratorKind::Builtin,
        name: "built-in generator".to_owned(),
        provider: None,
    }
}

pub async fn generate(
    context: &Context<'_>,
    retrieved: &Retrieved,
    analysis: &Analysis,
    guidance: &[String],
    attempt: u32,
) -> Result<Generated, TurnError> {
    let _ = (retrieved, guidance);
    context
        .stage(StageName::QueryGeneration, attempt, async {
            let generated = by_rules(context, analysis);
            let finding = match &generated {
                Generated::Query(candidate) => {
                    stream_query(context, &candidate.sql, attempt).await?;
                    format!(
                        "By the {}, confidence {:.0} %",
                        candidate.generator.name,
                        candidate.confidence * 100.0
                    )
                }
                Generated::Unclear(ask) => format!("Unclear: {}", ask.message),
                Generated::Cannot(_) => "Beyond the built-in generator".to_owned(),
            };
            Ok((generated, finding))
        })
        .await
}

/// The built-in generator's answer.
fn by_rules(context: &Context<'_>, analysis: &Analysis) -> Generated {
    let question = context.question;
    let request = builtin::Request {
        question: &question.text,
        schema: &context.dataset.schema,
        dialect: context.dataset.dialect(),
        today: chrono::Utc::now().date_naive(),
        previous: question
            .previous()
            .filter(|_| analysis.follow_up)
            .map(|(question, query)| builtin::Previous { question, query }),
        choice: question.choice.as_deref(),
    };
    match builtin::generate(&request) {
        Reply::Query {
            sql,
            explanation,
            confidence,
        } => Generated::Query(Candidate {
            sql,
            explanation,
            confidence,
            generator: builtin_name(),
            alternatives: None,
            agrees_with_builtin: false,
        }),
        Reply::Clarify { message, options } => Generated::Unclear(Ask { message, options }),
        Reply::Cannot {
            message,
            suggestions,
        } => Generated::Cannot(Cannot {
            message,
            suggestions,
            generator: builtin_name(),
        }),
    }
}

/// Shows a query that is whole already, a line at a time, as a model's would arrive.
async fn stream_query(context: &Context<'_>, sql: &str, attempt: u32) -> Result<(), TurnError> {
    let message_id = format!("{}-a{attempt}", context.question.turn_id);
    let mut text = context.text(TextKind::Query, message_id, attempt).await?;
    for piece in sql.split_inclusive([' ', '\n']) {
        text.push(piece).await?;
    }
    text.end().await
}
