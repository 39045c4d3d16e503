//! Asking back: the turn ends with a question of ours, and goes on when it is answered.

use super::confidence::VERIFIED_FROM;
use super::generation::{Candidate, Reading};
use super::{Context, TurnError};
use crate::protocol::{Interrupt, InterruptReason};
use serde_json::json;
use uuid::Uuid;

/// Below this, and with more than one plausible reading, we ask (requirements 0.1).
pub const ASK_BELOW: f32 = 0.6;

/// A question to the person, with concrete options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub message: String,
    /// Two or more.
    pub options: Vec<String>,
}

/// A query of low confidence is not refined on a guess when there is another way to read the question.
pub fn when_unsure(confidence: f32, candidate: &Candidate) -> Option<Ask> {
    let reading = candidate.reading.as_ref()?;
    (confidence < ASK_BELOW).then(|| Ask {
        message: "I am not sure how you mean this. Which one is it?".to_owned(),
        options: vec![candidate.explanation.clone(), reading.words.clone()],
    })
}

/// Whether a difference between two readings is worth a question. One that the writer named itself is, unless
/// it is sure; the built-in generator's is when we are unsure.
pub fn is_worth_asking(confidence: f32, reading: &Reading) -> bool {
    let below = if reading.by_writer {
        VERIFIED_FROM
    } else {
        ASK_BELOW
    };
    confidence < below
}

pub fn ask(context: &Context<'_>, ask: Ask) -> Result<Box<Interrupt>, TurnError> {
    let lifetime = context.app.settings.limits.clarification_lifetime;
    let (id, expires_at) = context.journal.value("interrupt", || {
        let lifetime =
            chrono::Duration::from_std(lifetime).unwrap_or(chrono::Duration::days(36_500));
        (
            Uuid::now_v7().to_string(),
            context.app.store.now() + lifetime,
        )
    });
    Ok(Box::new(Interrupt {
        id,
        reason: InterruptReason::Clarification,
        message: ask.message,
        response_schema: json!({
            "type": "object",
            "properties": {"choice": {"type": "string", "enum": ask.options}},
            "required": ["choice"],
        }),
        expires_at,
        pending: None,
    }))
}
