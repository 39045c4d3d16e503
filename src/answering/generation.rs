//! Stage 4: the query is written, token by token, by a model or by the built-in generator.

use super::analysis::Analysis;
use super::clarification::Ask;
use super::context::TextStream;
use super::refinement::Guidance;
use super::retrieval::Retrieved;
use super::{Context, TurnError};
use crate::builtin::{self, Reply};
use crate::llm::reply::{self, Parsed, Splitter};
use crate::llm::switchboard::{CallOptions, Switchboard};
use crate::llm::{ChatRequest, Chunk, LlmError, Message, Role, StopReason};
use crate::prompts::{self, Exchange, GenerateQuery, Previous};
use crate::protocol::{GeneratorKind, GeneratorName, StageName, TextKind};
use futures::StreamExt;

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

fn spoken(generator: &GeneratorName) -> String {
    match generator.kind {
        GeneratorKind::Builtin => format!("the {}", generator.name),
        GeneratorKind::Model => generator.name.clone(),
    }
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
    guidance: &Guidance,
    attempt: u32,
) -> Result<Generated, TurnError> {
    context
        .stage(StageName::QueryGeneration, attempt, async {
            let model = context.app.models.pick(&context.question.model_config);
            let generated = match model {
                Some(models) => {
                    by_model(context, models, retrieved, analysis, guidance, attempt).await?
                }
                None => by_rules(context, analysis),
            };
            let finding = match &generated {
                Generated::Query(candidate) => {
                    if candidate.generator.kind == GeneratorKind::Builtin {
                        show_query(context, &candidate.sql, attempt).await?;
                    }
                    format!(
                        "By {}, confidence {:.0} %",
                        spoken(&candidate.generator),
                        candidate.confidence * 100.0
                    )
                }
                Generated::Unclear(ask) => format!("Unclear: {}", ask.message),
                Generated::Cannot(cannot) => format!("Beyond {}", spoken(&cannot.generator)),
            };
            Ok((generated, finding))
        })
        .await
}

/// What a model says of itself when it says nothing.
const UNSTATED_CONFIDENCE: f32 = 0.7;

/// A model's reply, its query shown as it arrives.
async fn by_model(
    context: &Context<'_>,
    models: &Switchboard,
    retrieved: &Retrieved,
    analysis: &Analysis,
    guidance: &Guidance,
    attempt: u32,
) -> Result<Generated, TurnError> {
    let request = request(context, retrieved, analysis, guidance);
    let options = CallOptions {
        provider: context.question.model_config.provider.clone(),
        scope: context.question.workspace_id.to_string(),
        // another try of the same question must not be given the same words
        fresh: attempt > 1 || context.question.feedback.is_some(),
    };
    let mut call = context
        .or_cancelled(async { Ok(models.call(request, &options).await?) })
        .await?;
    let generator = GeneratorName {
        kind: GeneratorKind::Model,
        name: call.model.clone(),
        provider: Some(call.provider.clone()),
    };
    for passed in &call.passed_over {
        tracing::warn!(provider = passed.provider, model = passed.model, error = %passed.error, "a model was passed over");
    }

    let message_id = format!("{}-a{attempt}", context.question.turn_id);
    let mut splitter = Splitter::new();
    let mut text = None;
    let stop = loop {
        let due = async {
            match &text {
                Some(text) => TextStream::wait_due(text).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = context.cancel.cancelled() => return Err(TurnError::Cancelled),
            chunk = call.chunks.next() => match chunk {
                None => return Err(LlmError::Broken("it ended without a stop reason".to_owned()).into()),
                Some(Err(error)) => return Err(error.into()),
                Some(Ok(Chunk::Text(piece))) => {
                    // PostgreSQL keeps no NUL, and no query needs one
                    for event in splitter.feed(&piece.replace('\0', "")) {
                        if let reply::Event::QueryDelta(delta) = event {
                            push(context, &mut text, &message_id, &delta, attempt).await?;
                        }
                    }
                }
                Some(Ok(Chunk::Usage(usage))) => context.add_usage(&generator, usage),
                Some(Ok(Chunk::ToolCall(_))) => {}
                Some(Ok(Chunk::Stop(stop))) => break stop,
            },
            () = due => {
                if let Some(text) = &mut text {
                    text.flush().await?;
                }
            }
        }
    };
    drop(call);
    let (events, parsed) = splitter.finish();
    for event in events {
        if let reply::Event::QueryDelta(delta) = event {
            push(context, &mut text, &message_id, &delta, attempt).await?;
        }
    }
    if let Some(text) = text {
        text.end().await?;
    }
    let mut generated = read(context, parsed, stop, generator);
    if let Generated::Query(candidate) = &mut generated {
        compare(context, analysis, candidate);
    }
    Ok(generated)
}

/// Holds a model's query against the built-in generator's: the same one makes us surer, another one is
/// another way to read the question.
fn compare(context: &Context<'_>, analysis: &Analysis, candidate: &mut Candidate) {
    let Generated::Query(ours) = by_rules(context, analysis) else {
        return;
    };
    if same_words(&ours.sql, &candidate.sql) {
        candidate.agrees_with_builtin = true;
    } else if context.question.choice.is_none()
        && !candidate.explanation.is_empty()
        && candidate.explanation != ours.explanation
    {
        candidate.alternatives = Some(Ask {
            message: "I am not sure how you mean this. Which one is it?".to_owned(),
            options: vec![candidate.explanation.clone(), ours.explanation],
        });
    }
}

/// The same but for case, layout and a closing semicolon.
fn same_words(one: &str, other: &str) -> bool {
    let words = |sql: &str| {
        sql.trim_end_matches([';', ' ', '\n'])
            .to_lowercase()
            .split_whitespace()
            .collect::<String>()
    };
    words(one) == words(other)
}

/// What the whole reply comes to.
fn read(
    context: &Context<'_>,
    parsed: Parsed,
    stop: StopReason,
    generator: GeneratorName,
) -> Generated {
    match parsed {
        Parsed::Query {
            query,
            explanation,
            confidence,
            others,
            open_ended,
        } => {
            let mut confidence = confidence.unwrap_or(UNSTATED_CONFIDENCE).clamp(0.0, 1.0);
            // a reply that was cut short, or that held several queries, is worth less
            if open_ended || stop == StopReason::Length {
                confidence *= 0.5;
            }
            if others > 0 {
                confidence *= 0.8;
            }
            Generated::Query(Candidate {
                sql: query,
                explanation: explanation.unwrap_or_default(),
                confidence,
                generator,
                alternatives: None,
                agrees_with_builtin: false,
            })
        }
        // asked once is enough: a model that asks again after a choice has nothing to go on
        Parsed::Clarify { message, options }
            if context.question.choice.is_none() && options.len() > 1 =>
        {
            Generated::Unclear(Ask { message, options })
        }
        Parsed::Clarify { message, .. } | Parsed::Words(message) => Generated::Cannot(Cannot {
            message: if message.trim().is_empty() {
                TurnError::NoQuery.user_message()
            } else {
                message
            },
            suggestions: context.dataset.generator.suggestions(3),
            generator,
        }),
    }
}

/// Opens the text with its first delta: a reply without a query shows none.
async fn push<'a>(
    context: &'a Context<'_>,
    text: &mut Option<TextStream<'a>>,
    message_id: &str,
    delta: &str,
    attempt: u32,
) -> Result<(), TurnError> {
    if text.is_none() {
        *text = Some(
            context
                .text(TextKind::Query, message_id.to_owned(), attempt)
                .await?,
        );
    }
    match text {
        Some(text) => text.push(delta).await,
        None => Ok(()),
    }
}

/// The stable part, dialect guide and schema, is the system prompt, which providers can cache.
fn request(
    context: &Context<'_>,
    retrieved: &Retrieved,
    analysis: &Analysis,
    guidance: &Guidance,
) -> ChatRequest {
    let question = context.question;
    let live = context.dataset;
    // in the schema's order: the same tables give the same prefix, whatever their rank
    let mut positions = retrieved.tables.clone();
    positions.sort_unstable();
    let names: Vec<&str> = positions
        .iter()
        .map(|at| live.schema.tables[*at].name.as_str())
        .collect();
    let schema = prompts::schema_text(&live.schema, &names, live.dialect());
    let conversation: Vec<Exchange<'_>> = question
        .references
        .iter()
        .map(|reference| Exchange {
            question: &reference.question,
            query: reference.query.as_deref(),
            answer: reference.answer.as_deref(),
        })
        .collect();
    let today = chrono::Utc::now().date_naive().to_string();
    let rendered = GenerateQuery {
        dialect: live.dialect(),
        schema: &schema,
        glossary: "",
        examples: &[],
        summary: "",
        conversation: &conversation,
        previous: question
            .previous()
            .map(|(question, query)| Previous { question, query }),
        today: &today,
        plan: &analysis.plan,
        question: &question.text,
        choice: question.choice.as_deref(),
        attempt: guidance.refused.as_deref(),
        guidance: &guidance.items,
    }
    .render();
    ChatRequest {
        system: rendered.system,
        messages: vec![Message {
            role: Role::User,
            content: rendered.user,
            tool_calls: Vec::new(),
            tool_call_id: None,
        }],
        temperature: question.model_config.temperature,
        model: question.model_config.model.clone(),
        ..ChatRequest::default()
    }
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
    match context.dataset.generator.generate(&request) {
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
async fn show_query(context: &Context<'_>, sql: &str, attempt: u32) -> Result<(), TurnError> {
    let message_id = format!("{}-a{attempt}", context.question.turn_id);
    let mut text = context.text(TextKind::Query, message_id, attempt).await?;
    for piece in sql.split_inclusive([' ', '\n']) {
        text.push(piece).await?;
    }
    text.end().await
}
