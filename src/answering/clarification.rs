//! Asking back: the turn ends with a question of ours, and goes on when it is answered.

use super::generation::Candidate;
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

/// A query of low confidence is not run on a guess when there is another way to read the question,
/// whether or not it is valid.
pub fn when_unsure(confidence: f32, candidate: &Candidate) -> Option<Ask> {
    candidate
        .alternatives
        .clone()
        .filter(|ask| confidence < ASK_BELOW && ask.options.len() > 1)
}

pub fn ask(context: &Context<'_>, ask: Ask) -> Result<Box<Interrupt>, TurnError> {
    let lifetime = context.app.settings.limits.clarification_lifetime;
    Ok(Box::new(Interrupt {
        id: Uuid::now_v7().to_string(),
        reason: InterruptReason::Clarification,
        message: ask.message,
        response_schema: json!({
            "type": "object",
            "properties": {"choice": {"type": "string", "enum": ask.options}},
            "required": ["choice"],
        }),
        expires_at: chrono::Utc::now()
            + chrono::Duration::from_std(lifetime).unwrap_or(chrono::Duration::days(36_500)),
    }))
}
