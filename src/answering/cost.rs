//! The cost budget: a query that would read very much runs only after its person said so.

use super::clarification::{self, Ask};
use super::generation::{self, Candidate};
use super::precedent::Precedents;
use super::retrieval::{Breadth, retrieve};
use super::validation::{self, Checked, Demands, Validated};
use super::{Answer, Context, TurnError, confidence, execution, summary};
use crate::protocol::{Interrupt, InterruptReason, PendingQuery};

/// The choices, as they are shown and as they come back.
pub const RUN: &str = "Run it";
pub const NARROW: &str = "Narrow it down";

/// Whether that many rows are more than one may read unasked.
pub fn is_above(rows_read: Option<f64>, limit: usize) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "an estimate")]
    rows_read.filter(|rows| *rows > limit as f64)
}

/// `40 million`.
pub fn spoken(rows: f64) -> String {
    let (count, unit) = match rows {
        rows if rows >= 1e12 => (rows / 1e12, " trillion"),
        rows if rows >= 1e9 => (rows / 1e9, " billion"),
        rows if rows >= 1e6 => (rows / 1e6, " million"),
        rows if rows >= 1e4 => (rows / 1e3, " thousand"),
        rows => (rows, ""),
    };
    if count >= 10.0 || count.fract() < 0.05 {
        format!("{count:.0}{unit}")
    } else {
        format!("{count:.1}{unit}")
    }
}

/// The question, when the query is above the limit and nobody agreed to it yet.
pub fn question(
    context: &Context<'_>,
    candidate: &Candidate,
    checked: &Checked,
    confidence: f32,
    category: Option<String>,
) -> Result<Option<Box<Interrupt>>, TurnError> {
    let Some(rows) = is_above(checked.rows_read, context.bounds().ask_above_rows) else {
        return Ok(None);
    };
    let mut interrupt = clarification::ask(
        context,
        Ask {
            message: format!("About {} rows would be read. Run it?", spoken(rows)),
            options: vec![RUN.to_owned(), NARROW.to_owned()],
        },
    )?;
    interrupt.reason = InterruptReason::Cost;
    interrupt.pending = Some(PendingQuery {
        query: checked.query.text().to_owned(),
        explanation: summary::explained(candidate, checked),
        confidence,
        generator: candidate.generator.clone(),
        rows_read: rows,
        example: candidate.example.clone(),
        category,
    });
    Ok(Some(interrupt))
}

/// The person said that it may run: checked again, and run as it was shown.
pub async fn confirmed(context: &Context<'_>, pending: &PendingQuery) -> Result<Answer, TurnError> {
    let candidate = Candidate {
        sql: pending.query.clone(),
        explanation: pending.explanation.clone(),
        confidence: pending.confidence,
        generator: pending.generator.clone(),
        reading: None,
        passed_over: Vec::new(),
        agrees_with_builtin: false,
        example: pending.example.clone(),
    };
    let retrieved = retrieve(context, &Precedents::default(), Breadth::Normal, 1).await?;
    generation::show_again(context, &candidate).await?;
    let problem = match validation::validate(context, &candidate, Demands::NONE, 1).await? {
        Validated::Valid(checked) | Validated::Lacking(checked, _) => {
            let signals = confidence::signals(&candidate, &checked, &retrieved, 1);
            // what lowered it then, this look at the query alone does not see
            let confidence = confidence::of(context, &signals).min(pending.confidence);
            match execution::execute(context, &checked, 1).await? {
                execution::Outcome::Rows(result) => {
                    let outline = summary::Outline {
                        candidate: &candidate,
                        checked: &checked,
                        category: pending.category.clone(),
                        confidence: confidence::vouched_for(&candidate, confidence),
                        attempt: 1,
                    };
                    return summary::of_rows(context, &outline, result).await;
                }
                execution::Outcome::Failed(problem) => problem,
            }
        }
        Validated::Invalid(problem) => problem,
    };
    // the schema changed, or the data did: another question makes another query
    Err(TurnError::MaxAttempts {
        reason: problem.summary(),
        best: candidate.sql,
        attempts: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_said_as_one_says_them() {
        for (rows, said) in [
            (950.0, "950"),
            (40_000_000.0, "40 million"),
            (1_500_000.0, "1.5 million"),
            (2e9, "2 billion"),
            (25_000.0, "25 thousand"),
        ] {
            assert_eq!(spoken(rows), said);
        }
    }

    #[test]
    fn only_more_than_the_limit_is_asked_about() {
        assert_eq!(is_above(Some(11.0), 10), Some(11.0));
        assert_eq!(is_above(Some(10.0), 10), None);
        assert_eq!(is_above(None, 10), None);
    }
}
