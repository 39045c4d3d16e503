//! How sure we are of a query, from several signals and not only from what its writer says.
//!
//! The signals are gathered here; what they are worth is [`crate::calibration`]'s, which learns it from what
//! people said of answers.

use super::Context;
use super::generation::Candidate;
use super::retrieval::Retrieved;
use super::validation::Checked;
use crate::calibration::Signals;
use crate::protocol::GeneratorKind;

/// From here on a valid query is shown as verified (requirements 0.1).
pub const VERIFIED_FROM: f32 = 0.85;

/// What speaks for and against the query of this attempt.
pub fn signals(
    candidate: &Candidate,
    checked: &Checked,
    retrieved: &Retrieved,
    attempt: u32,
) -> Signals {
    let known: Vec<usize> = retrieved.found.tables.iter().map(|hit| hit.table).collect();
    let surprising = checked
        .tables
        .iter()
        .filter(|table| !known.contains(table))
        .count();
    let share = if checked.tables.is_empty() || known.is_empty() {
        0.0
    } else {
        surprising as f32 / checked.tables.len() as f32
    };
    Signals {
        stated: candidate.confidence,
        builtin: candidate.generator.kind == GeneratorKind::Builtin,
        refused: attempt.saturating_sub(1),
        surprising: share,
        margin: retrieved.margin,
        agrees: candidate.agrees_with_builtin,
        differs: false,
        example: None,
        lacks: !checked.lacks.is_empty(),
    }
}

/// The built-in generator is right about three times in four where it is surest, on schemas it has not seen: not sure
/// enough to be called verified.
pub const BUILTIN_AT_MOST: f32 = 0.84;

/// Of a query that leaves out what the question says: below what is shown as verified.
const DOUBTED_AT_MOST: f32 = 0.84;

/// What a verified example answers was executed before, and somebody stands for it.
pub fn vouched_for(candidate: &Candidate, confidence: f32) -> f32 {
    if candidate.example.is_some() {
        candidate.confidence
    } else {
        confidence
    }
}

/// In 0..=1, by the weights in force; kept with the turn.
pub fn of(context: &Context<'_>, signals: &Signals) -> f32 {
    let calibration = context
        .journal
        .value("calibration", || (*context.app.calibration()).clone());
    let mut confidence = calibration.confidence(signals);
    if signals.builtin {
        confidence = confidence.min(BUILTIN_AT_MOST);
    }
    // whoever is told of a doubt is not told that the answer is verified
    if signals.lacks {
        confidence = confidence.min(DOUBTED_AT_MOST);
    }
    context.note(|noted| {
        noted.signals = Some(signals.clone());
        noted.confidence = Some(confidence);
    });
    confidence
}
