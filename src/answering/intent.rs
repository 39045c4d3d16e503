//! Stage 1: what a message is for.
//!
//! Rules decide. They are certain about greetings, requests for help and questions about the schema
//! itself; everything else is taken for a question to the data, which the later stages would have to
//! find out anyway. So the first token of a query never waits for a model to classify a question.

use super::{Context, TurnError};
use crate::builtin::{Intent, IntentKind};
use crate::protocol::StageName;

pub async fn classify(context: &Context<'_>) -> Result<Intent, TurnError> {
    context
        .stage(StageName::IntentClassification, 1, async {
            let question = context.question;
            let mut intent = context
                .dataset
                .generator
                .intent(&question.text, question.previous().is_some());
            if question.choice.is_some() || question.feedback.is_some() {
                intent.kind = IntentKind::QueryGeneration;
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
