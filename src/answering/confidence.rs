//! How sure we are of a query, from several signals and not only from what its writer says.

use super::generation::Candidate;
use super::retrieval::Retrieved;
use super::validation::Checked;

/// From here on a valid query is shown as verified (requirements 0.1).
pub const VERIFIED_FROM: f32 = 0.85;

/// In 0..=1.
///
/// The writer's own figure is the start. A query that needed several attempts, or whose tables
/// retrieval did not find, is worth less; one that the built-in generator wrote too is worth more. The
/// weights are judgement, not measurement: calibration on feedback is owed.
pub fn of(candidate: &Candidate, checked: &Checked, retrieved: &Retrieved, attempt: u32) -> f32 {
    let mut confidence = candidate.confidence;
    let repeated = 0.93_f32.powi(attempt.saturating_sub(1).min(8) as i32);
    confidence *= repeated;
    let known: Vec<usize> = retrieved.found.tables.iter().map(|hit| hit.table).collect();
    let surprising = checked
        .tables
        .iter()
        .filter(|table| !known.contains(table))
        .count();
    if !checked.tables.is_empty() && !known.is_empty() {
        let share = surprising as f32 / checked.tables.len() as f32;
        confidence *= 1.0 - 0.15 * share;
    }
    if candidate.agrees_with_builtin {
        confidence += (1.0 - confidence) * 0.3;
    }
    confidence.clamp(0.0, 1.0)
}
