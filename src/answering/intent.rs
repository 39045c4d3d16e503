//! Stage 1: what a message is for.
//!
//! Rules decide first. Where they are certain, nobody else is asked. Where they are not, and a small model is
//! configured for it (`INTENT_MODEL`), that model is asked while retrieval and generation go on as if the rules
//! were right: [`SecondOpinion`]. A query is shown only after it has agreed, or when it is late; one that turns
//! out not to be wanted is dropped. So the first token of a query never waits for a model to classify a
//! question: one call is on its way, and it is the query's own.

use super::asking;
use super::clarification::Ask;
use super::{Context, TurnError};
use crate::app::Use;
use crate::builtin::{Intent, IntentKind};
use crate::prompts::{Classification, ClassifyIntent, Exchange, Kind, Previous, schema_text};
use crate::protocol::StageName;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// From here on rules are certain.
const CERTAIN: f32 = 0.9;

/// How long a query whose first token is there waits for the second opinion.
const GRACE: Duration = Duration::from_millis(50);

/// Below this, and with two readings named, the model's doubt is the person's to settle.
const UNSURE: f32 = 0.6;

pub async fn classify(context: &Context<'_>) -> Result<Intent, TurnError> {
    context
        .stage(StageName::IntentClassification, 1, async {
            let question = context.question;
            let mut intent = context.journal.value("classified", || {
                context
                    .dataset
                    .generator
                    .intent(&question.text, question.previous().is_some())
            });
            if question.choice.is_some() || question.feedback.is_some() {
                intent.kind = IntentKind::QueryGeneration;
                intent.confidence = 1.0;
            }
            let finding = match intent.kind {
                IntentKind::QueryGeneration if question.choice.is_some() => {
                    "A question to the data, now clear".to_owned()
                }
                IntentKind::QueryGeneration if intent.follow_up => {
                    "A follow-up to the previous question".to_owned()
                }
                IntentKind::QueryGeneration => "A question to the data".to_owned(),
                IntentKind::SchemaDescription => "A question about the schema".to_owned(),
                IntentKind::Clarification => "An answer to a question of ours".to_owned(),
                IntentKind::Greeting => "A greeting or a call for help".to_owned(),
            };
            Ok((intent, finding))
        })
        .await
}

/// What a model made of a message that the rules took for a question to the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Opinion {
    /// It agrees, was late, or could not be asked: the rules stand.
    Kept,
    /// The message is for something else.
    Other { kind: Kind, reasoning: String },
    /// It can be read in several ways.
    Ambiguous {
        question: String,
        options: Vec<String>,
    },
}

impl Opinion {
    pub fn ask(&self) -> Option<Ask> {
        match self {
            Self::Ambiguous { question, options } => Some(Ask {
                message: question.clone(),
                options: options.clone(),
            }),
            _ => None,
        }
    }
}

/// A model that is asked beside the work. Dropped, it is hung up on.
pub struct SecondOpinion<'a> {
    context: &'a Context<'a>,
    state: State<'a>,
}

enum State<'a> {
    Asking(futures::future::BoxFuture<'a, Opinion>),
    Said(Opinion),
    /// Nobody was asked, or it was said once.
    Over,
}

impl<'a> SecondOpinion<'a> {
    /// Begins to ask where the rules are unsure; nothing is sent until somebody waits beside it.
    pub fn of(context: &'a Context<'a>, intent: &Intent) -> Self {
        let wanted = intent.kind == IntentKind::QueryGeneration
            && intent.confidence < CERTAIN
            && context
                .app
                .models
                .pick(Use::Intent, &context.question.model_config)
                .is_some();
        let state = if !wanted {
            State::Over
        } else if !context.journal.is_live() {
            State::Said(
                context
                    .journal
                    .read("intent/opinion")
                    .unwrap_or(Opinion::Kept),
            )
        } else {
            State::Asking(Box::pin(opinion(context)))
        };
        Self { context, state }
    }

    /// Does `work`, and lets the model be asked meanwhile; `None` when it objects before the work is done.
    pub async fn unless_objecting<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = self.said(), if matches!(self.state, State::Asking(_)) => {
                    if self.objects() {
                        return None;
                    }
                }
            }
        }
    }

    /// Does `work`, and lets the model be asked meanwhile.
    pub async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.said(), if matches!(self.state, State::Asking(_)) => {}
            }
        }
    }

    /// Waits until the model has spoken; for ever, when it is not asked.
    pub async fn heard(&mut self) {
        if matches!(self.state, State::Over) || !self.context.journal.is_live() {
            std::future::pending::<()>().await;
        }
        self.said().await;
    }

    /// Whether what was heard speaks against the rules.
    pub fn objects(&self) -> bool {
        matches!(&self.state, State::Said(opinion) if *opinion != Opinion::Kept)
    }

    /// Gives it a short while to speak, now that a query is there.
    pub async fn or_grace(&mut self) {
        // its time is over either way
        let _ = tokio::time::timeout(GRACE, self.said()).await;
    }

    /// The opinion, as far as there is one; nobody is asked any more then.
    pub fn taken(&mut self) -> Opinion {
        if matches!(self.state, State::Over) {
            return Opinion::Kept;
        }
        let opinion = match std::mem::replace(&mut self.state, State::Over) {
            State::Said(opinion) => opinion,
            State::Asking(asking) => {
                self.context.ledger.not_wanted("classify_intent", 1);
                drop(asking);
                Opinion::Kept
            }
            State::Over => Opinion::Kept,
        };
        self.context.journal.write("intent/opinion", &opinion);
        opinion
    }

    async fn said(&mut self) {
        if let State::Asking(asking) = &mut self.state {
            let opinion = asking.await;
            self.state = State::Said(opinion);
        }
    }
}

async fn opinion(context: &Context<'_>) -> Opinion {
    let question = context.question;
    let schema = schema_text(
        &context.dataset.schema,
        &names(context).await,
        context.dataset.dialect(),
    );
    let conversation: Vec<Exchange<'_>> = question.exchanges();
    let today = context.today().to_string();
    let prompt = ClassifyIntent {
        schema: &schema,
        glossary: "",
        summary: question.summary.as_deref().unwrap_or_default(),
        conversation: &conversation,
        previous: question
            .previous()
            .map(|(question, query)| Previous { question, query }),
        today: &today,
        question: &question.text,
    }
    .render();
    match asking::complete(context, Use::Intent, &prompt, 1).await {
        Ok(Some((reply, _))) => read(&reply),
        Ok(None) => Opinion::Kept,
        // the query's own call will say what is wrong with the models
        Err(error) => {
            tracing::warn!(
                error = error.for_log(),
                "the message could not be classified by a model"
            );
            Opinion::Kept
        }
    }
}

/// What a classification says against the rules.
fn read(reply: &str) -> Opinion {
    let Some(said) = Classification::read(reply) else {
        return Opinion::Kept;
    };
    match said.kind {
        Kind::SchemaDescription | Kind::Greeting if said.confidence >= UNSURE => Opinion::Other {
            kind: said.kind,
            reasoning: said.reasoning,
        },
        Kind::QueryGeneration if said.confidence < UNSURE => match said.ambiguities.first() {
            Some(ambiguity) => Opinion::Ambiguous {
                question: ambiguity.question.clone(),
                options: ambiguity.options.clone(),
            },
            None => Opinion::Kept,
        },
        _ => Opinion::Kept,
    }
}

/// Tables to choose from: those that search finds, or all of a small schema. Names are what a kind is told by.
async fn names<'a>(context: &'a Context<'_>) -> Vec<&'a str> {
    let schema = &context.dataset.schema;
    let limit = context.bounds().retrieved_tables;
    if schema.tables.len() <= limit {
        return schema.tables.iter().map(|t| t.name.as_str()).collect();
    }
    let found = context
        .dataset
        .search
        .by_words(&context.question.text, limit)
        .await;
    found
        .tables
        .iter()
        .map(|hit| schema.tables[hit.table].name.as_str())
        .collect()
}

/// Says that the first reading was wrong; what the message is for instead.
pub async fn revise(context: &Context<'_>, opinion: &Opinion) -> Result<IntentKind, TurnError> {
    context
        .stage(StageName::IntentClassification, 1, async {
            let (kind, words) = match opinion {
                Opinion::Other {
                    kind: Kind::Greeting,
                    ..
                } => (IntentKind::Greeting, "a greeting or a call for help"),
                Opinion::Other {
                    kind: Kind::SchemaDescription,
                    ..
                } => (IntentKind::SchemaDescription, "a question about the schema"),
                Opinion::Ambiguous { .. } => (IntentKind::Clarification, "unclear"),
                Opinion::Other { .. } | Opinion::Kept => {
                    (IntentKind::QueryGeneration, "a question to the data")
                }
            };
            let mut finding = format!("On second thought: {words}");
            if let Opinion::Other { reasoning, .. } = opinion
                && !reasoning.is_empty()
            {
                finding = format!("{finding}. {reasoning}");
            }
            Ok((kind, finding))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_overrules_the_rules_only_when_it_is_sure_or_names_two_readings() {
        for (reply, expected) in [
            (r#"{"kind":"query_generation","confidence":0.9}"#, "Kept"),
            (r#"{"kind":"schema_description","confidence":0.9}"#, "Other"),
            (r#"{"kind":"greeting","confidence":0.95}"#, "Other"),
            (r#"{"kind":"greeting","confidence":0.3}"#, "Kept"),
            (r#"{"kind":"clarification","confidence":0.9}"#, "Kept"),
            (
                r#"{"kind":"query_generation","confidence":0.4,"ambiguities":[{"question":"Best by what?","options":["revenue","orders"]}]}"#,
                "Ambiguous",
            ),
            (
                r#"{"kind":"query_generation","confidence":0.9,"ambiguities":[{"question":"Best by what?","options":["revenue","orders"]}]}"#,
                "Kept",
            ),
            ("I cannot say.", "Kept"),
        ] {
            let opinion = format!("{:?}", read(reply));
            assert!(opinion.starts_with(expected), "{reply}: {opinion}");
        }
    }
}
