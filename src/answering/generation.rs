//! Stage 4: the query is written, token by token, by a model or by the built-in generator.

use super::analysis::Analysis;
use super::asking::{self, Memory, Piece};
use super::clarification::Ask;
use super::context::TextStream;
use super::intent::{Opinion, SecondOpinion};
use super::precedent::{self, Precedents};
use super::refinement::Guidance;
use super::retrieval::Retrieved;
use super::{Context, TurnError};
use crate::app::Use;
use crate::builtin::{self, Reply};
use crate::failpoint::reached;
use crate::llm::StopReason;
use crate::llm::reply::{self, Parsed, Splitter};
use crate::prompts::{self, GenerateQuery, Previous, Rendered};
use crate::protocol::{ExampleUse, GeneratorKind, GeneratorName, StageName, TextKind};
use crate::store::Directive;

/// A query as its writer left it: unchecked text.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub sql: String,
    pub explanation: String,
    /// What its writer says of it, in 0..=1.
    pub confidence: f32,
    pub generator: GeneratorName,
    /// Another plausible reading, if there is one.
    pub reading: Option<Reading>,
    /// Models that were asked before its writer, and why they did not answer.
    pub passed_over: Vec<String>,
    /// A model and the built-in generator came to the same query.
    pub agrees_with_builtin: bool,
    /// The verified example that it is.
    pub example: Option<ExampleUse>,
}

/// Another way to read the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub words: String,
    pub sql: String,
    /// The query's own writer named it; otherwise it is the built-in generator's.
    pub by_writer: bool,
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
    /// It was begun for a message that is for something else.
    Misread(Opinion),
}

fn spoken(generator: &GeneratorName) -> String {
    match generator.kind {
        GeneratorKind::Builtin => format!("the {}", generator.name),
        GeneratorKind::Example => format!("a {}", generator.name),
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
    precedents: &Precedents,
    analysis: &Analysis,
    guidance: &Guidance,
    opinion: &mut SecondOpinion<'_>,
    attempt: u32,
) -> Result<Generated, TurnError> {
    context
        .stage(StageName::QueryGeneration, attempt, async {
            if let Some(trusted) = &precedents.trusted {
                let candidate = trusted.candidate();
                show_query(context, &candidate.sql, attempt).await?;
                return Ok((Generated::Query(candidate), trusted.finding()));
            }
            let prompt = prompt(context, retrieved, precedents, analysis, guidance);
            let generated = match by_model(context, &prompt, analysis, opinion, attempt).await? {
                Some(generated) => generated,
                None => not_again(context, by_rules(context, analysis, attempt), attempt),
            };
            let finding = match &generated {
                Generated::Query(candidate) => {
                    if candidate.generator.kind == GeneratorKind::Builtin {
                        show_query(context, &candidate.sql, attempt).await?;
                    }
                    let mut finding = format!(
                        "By {}, confidence {:.0} %",
                        spoken(&candidate.generator),
                        candidate.confidence * 100.0
                    );
                    if !candidate.passed_over.is_empty() {
                        let others = candidate.passed_over.join(", ");
                        finding = format!("{finding}; it stands in for {others}");
                    }
                    finding
                }
                // not the question itself: it comes with its choices, when the turn that asks it is stored
                Generated::Unclear(ask) => {
                    format!("Unclear: {} ways to read it", ask.options.len())
                }
                Generated::Cannot(cannot) => format!("Beyond {}", spoken(&cannot.generator)),
                Generated::Misread(_) => "Dropped: the message asks for something else".to_owned(),
            };
            Ok((generated, finding))
        })
        .await
}

/// What a model says of itself when it says nothing.
const UNSTATED_CONFIDENCE: f32 = 0.7;

/// A model's reply, its query shown as it arrives; a first attempt's only when nobody objects to the reading.
async fn by_model(
    context: &Context<'_>,
    prompt: &Rendered,
    analysis: &Analysis,
    opinion: &mut SecondOpinion<'_>,
    attempt: u32,
) -> Result<Option<Generated>, TurnError> {
    if opinion.objects() {
        return Ok(Some(misread(context, opinion, prompt, attempt)));
    }
    // another try of the same question must not be given the same words
    let memory = if attempt > 1 || context.question.feedback.is_some() {
        Memory::Fresh
    } else {
        Memory::MayRecall
    };
    reached(format_args!("before the model's call"));
    let asking = asking::ask(context, Use::Generation, prompt, attempt, memory);
    let Some(asked) = opinion.unless_objecting(asking).await else {
        return Ok(Some(misread(context, opinion, prompt, attempt)));
    };
    let Some(mut asked) = asked? else {
        return Ok(None);
    };
    let generator = asked.generator();
    let message_id = format!("{}-a{attempt}", context.question.turn_id);
    let mut splitter = Splitter::new();
    let mut text: Option<TextStream<'_>> = None;
    // a query is shown once its reading is settled
    let mut settled = false;
    let mut events = Vec::new();
    let stop = loop {
        let due = async {
            match &text {
                Some(text) => text.wait_due().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = context.cancel.cancelled() => return Err(TurnError::Cancelled),
            piece = asked.next() => match piece? {
                Piece::Text(piece) => {
                    events.extend(splitter.feed(&piece));
                    if events.is_empty() {
                        continue;
                    }
                    if !settled {
                        opinion.or_grace().await;
                        if opinion.objects() {
                            return Ok(Some(misread(context, opinion, prompt, attempt)));
                        }
                        opinion.taken();
                        settled = true;
                    }
                    show(context, &mut text, &message_id, &mut events, attempt).await?;
                }
                Piece::Stop(stop) => break stop,
            },
            () = due => {
                if let Some(text) = &mut text {
                    text.flush().await?;
                }
            }
            () = opinion.heard(), if !settled => {
                if opinion.objects() {
                    return Ok(Some(misread(context, opinion, prompt, attempt)));
                }
                opinion.taken();
                settled = true;
            }
        }
    };
    reached(format_args!("after the model's reply"));
    if !settled {
        opinion.or_grace().await;
        if opinion.objects() {
            return Ok(Some(misread(context, opinion, prompt, attempt)));
        }
        opinion.taken();
    }
    let passed_over = asked.passed_over().to_vec();
    drop(asked);
    let (rest, parsed) = splitter.finish();
    events.extend(rest);
    show(context, &mut text, &message_id, &mut events, attempt).await?;
    if let Some(text) = text {
        text.end().await?;
    }
    let mut generated = read(context, parsed, stop, generator);
    if let Generated::Query(candidate) = &mut generated {
        candidate.passed_over = passed_over;
        compare(context, analysis, candidate, attempt);
    }
    Ok(Some(generated))
}

/// The query's call is not wanted: it is hung up when its caller returns.
fn misread(
    context: &Context<'_>,
    opinion: &mut SecondOpinion<'_>,
    prompt: &Rendered,
    attempt: u32,
) -> Generated {
    context.ledger.not_wanted(prompt.task, attempt);
    Generated::Misread(opinion.taken())
}

/// Sends the query's part of `events` on.
async fn show<'a>(
    context: &'a Context<'_>,
    text: &mut Option<TextStream<'a>>,
    message_id: &str,
    events: &mut Vec<reply::Event>,
    attempt: u32,
) -> Result<(), TurnError> {
    for event in events.drain(..) {
        if let reply::Event::QueryDelta(delta) = event {
            push(context, text, message_id, &delta, attempt).await?;
        }
    }
    Ok(())
}

/// Holds a model's query against the built-in generator's: the same one makes us surer, another one is
/// another way to read the question.
fn compare(context: &Context<'_>, analysis: &Analysis, candidate: &mut Candidate, attempt: u32) {
    let Generated::Query(ours) = by_rules(context, analysis, attempt) else {
        return;
    };
    if same_words(&ours.sql, &candidate.sql) {
        candidate.agrees_with_builtin = true;
    } else if candidate.reading.is_none()
        && context.question.choice.is_none()
        && !candidate.explanation.is_empty()
        && candidate.explanation != ours.explanation
    {
        candidate.reading = Some(Reading {
            words: ours.explanation,
            sql: ours.sql,
            by_writer: false,
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
            alternatives,
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
                // after a choice there is one reading
                reading: alternatives
                    .into_iter()
                    .find(|other| !other.reading.is_empty() && !other.query.is_empty())
                    .filter(|_| context.question.choice.is_none())
                    .map(|other| Reading {
                        words: other.reading,
                        sql: other.query,
                        by_writer: true,
                    }),
                passed_over: Vec::new(),
                agrees_with_builtin: false,
                example: None,
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
            suggestions: context.suggestions(),
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
fn prompt(
    context: &Context<'_>,
    retrieved: &Retrieved,
    precedents: &Precedents,
    analysis: &Analysis,
    guidance: &Guidance,
) -> Rendered {
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
    let today = context.today().to_string();
    let examples: Vec<prompts::Example<'_>> = precedents
        .near
        .iter()
        .take(MAX_EXAMPLES)
        .map(|near| prompts::Example {
            question: &near.question,
            query: &near.query,
            negative: near.negative,
        })
        .collect();
    let glossary = glossary(&live.directives);
    GenerateQuery {
        dialect: live.dialect(),
        schema: &schema,
        glossary: &glossary,
        examples: &examples,
        summary: question.summary.as_deref().unwrap_or_default(),
        conversation: &question.exchanges(),
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
    .render()
}

/// Of the nearest examples, so many are put before a model.
const MAX_EXAMPLES: usize = 5;
/// The glossary is part of every prompt.
const MAX_GLOSSARY_BYTES: usize = 12 * 1024;

/// One line a word: `VWAP: sum(price * size) / sum(size) (of trades)`.
pub fn glossary(directives: &[Directive]) -> String {
    let mut text = String::new();
    for directive in directives {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut line = format!(
            "{}: {}",
            one_line(&directive.key),
            one_line(&directive.value)
        );
        if !directive.context.trim().is_empty() {
            line.push_str(&format!(" ({})", one_line(&directive.context)));
        }
        if text.len() + line.len() > MAX_GLOSSARY_BYTES {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// A query that was marked wrong for such a question is not given a second time.
fn not_again(context: &Context<'_>, generated: Generated, attempt: u32) -> Generated {
    let Generated::Query(candidate) = &generated else {
        return generated;
    };
    match precedent::rejected(context, &candidate.sql, attempt) {
        None => generated,
        Some(known) => Generated::Cannot(Cannot {
            message: known.refusal(),
            suggestions: context.suggestions(),
            generator: candidate.generator.clone(),
        }),
    }
}

/// What the built-in generator is asked.
fn request<'a>(context: &'a Context<'_>, analysis: &Analysis) -> builtin::Request<'a> {
    let question = context.question;
    builtin::Request {
        question: &question.text,
        schema: &context.dataset.schema,
        dialect: context.dataset.dialect(),
        today: context.today(),
        previous: question
            .previous()
            .filter(|_| analysis.follow_up)
            .map(|(question, query)| builtin::Previous { question, query }),
        choice: question.choice.as_deref(),
    }
}

/// The built-in generator's answer.
fn by_rules(context: &Context<'_>, analysis: &Analysis, attempt: u32) -> Generated {
    let reply = context.journal.value(format!("rules/{attempt}"), || {
        context
            .dataset
            .generator
            .generate(&request(context, analysis))
    });
    match reply {
        Reply::Query {
            sql,
            explanation,
            confidence,
        } => Generated::Query(Candidate {
            sql,
            explanation,
            confidence: confidence.min(super::confidence::BUILTIN_AT_MOST),
            generator: builtin_name(),
            reading: None,
            passed_over: Vec::new(),
            agrees_with_builtin: false,
            example: None,
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

/// A query that was written in an earlier turn.
pub async fn show_again(context: &Context<'_>, candidate: &Candidate) -> Result<(), TurnError> {
    context
        .stage(StageName::QueryGeneration, 1, async {
            show_query(context, &candidate.sql, 1).await?;
            Ok(((), "As it was shown before".to_owned()))
        })
        .await
}

/// Shows a query that is whole already, a word at a time, as a model's would arrive.
async fn show_query(context: &Context<'_>, sql: &str, attempt: u32) -> Result<(), TurnError> {
    let message_id = format!("{}-a{attempt}", context.question.turn_id);
    let mut text = context.text(TextKind::Query, message_id, attempt).await?;
    for piece in sql.split_inclusive([' ', '\n']) {
        text.push(piece).await?;
    }
    text.end().await
}
