//! Two ways to read one question: whether they differ, and by what.
//!
//! Both queries run, within the limits of any query. When their results are the same there is nothing to ask;
//! when they are not, the person is asked with the difference before them.

use super::clarification::Ask;
use super::context::shortened;
use super::generation::{Candidate, Reading};
use super::validation::Checked;
use super::{Context, TurnError};
use crate::protocol::StageName;
use crate::query::{ReadOnly, Verdict};
use crate::target::{Rows, RunLimits, TargetError};
use serde::{Deserialize, Serialize};

/// What running both came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Compared {
    /// The other one cannot be run, so it is no alternative.
    Alone,
    Same,
    Different(Ask),
}

/// A result, as much of it as comparing needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Outcome {
    rows: usize,
    truncated: bool,
    /// The one value, when it is one.
    value: Option<String>,
    /// Of all rows, whatever their order and their columns' names.
    digest: u64,
}

/// Runs the candidate and another reading of the question, and compares.
///
/// Runs within the stage of analysis: what is found out is what the question means.
pub async fn compare(
    context: &Context<'_>,
    candidate: &Candidate,
    checked: &Checked,
    other: &Reading,
    attempt: u32,
) -> Result<Compared, TurnError> {
    let Verdict::Accept(theirs) = context.dataset.check_generated(&other.sql) else {
        return Ok(Compared::Alone);
    };
    if theirs.text() == checked.query.text() {
        return Ok(Compared::Same);
    }
    context
        .stage(StageName::QueryAnalysis, attempt, async {
            let mine = probe(context, &checked.query, &format!("probe/{attempt}/a")).await?;
            let theirs = probe(context, &theirs, &format!("probe/{attempt}/b")).await?;
            let (Some(mine), Some(theirs)) = (mine, theirs) else {
                let finding = "Another reading cannot be run, so this one stands";
                return Ok((Compared::Alone, finding.to_owned()));
            };
            if mine == theirs {
                let finding = format!(
                    "Another reading comes to the same result: {}",
                    shortened(&other.words, SHOWN_CHARS)
                );
                return Ok((Compared::Same, finding));
            }
            let difference = difference(&candidate.explanation, &mine, &other.words, &theirs);
            let ask = Ask {
                message: format!(
                    "This can be read in two ways. {difference} Which one do you mean?"
                ),
                options: vec![candidate.explanation.clone(), other.words.clone()],
            };
            Ok((
                Compared::Different(ask),
                format!("Two readings differ. {difference}"),
            ))
        })
        .await
}

/// Of a reading's words, where it is only named.
const SHOWN_CHARS: usize = 160;

/// "A returns 412 rows, B 390", in the readings' own words.
fn difference(mine: &str, one: &Outcome, theirs: &str, other: &Outcome) -> String {
    let name = |words: &str| shortened(words.trim().trim_end_matches('.'), SHOWN_CHARS);
    let (mine, theirs) = (name(mine), name(theirs));
    match (&one.value, &other.value) {
        (Some(a), Some(b)) => format!("“{mine}” gives {a}; “{theirs}” gives {b}."),
        _ if one.rows == other.rows && !one.truncated => format!(
            "“{mine}” and “{theirs}” both return {}, with other values.",
            count(one)
        ),
        _ => format!(
            "“{mine}” returns {}; “{theirs}” returns {}.",
            count(one),
            count(other)
        ),
    }
}

fn count(outcome: &Outcome) -> String {
    let more = if outcome.truncated { "more than " } else { "" };
    let s = if outcome.rows == 1 { "" } else { "s" };
    format!("{more}{} row{s}", outcome.rows)
}

/// `None` when the engine will not run it.
async fn probe(
    context: &Context<'_>,
    query: &ReadOnly,
    at: &str,
) -> Result<Option<Outcome>, TurnError> {
    context
        .journal
        .fetched(at, async {
            let limits = RunLimits::of(&context.app.settings.limits);
            match context
                .dataset
                .target
                .run(query, &limits, context.cancel)
                .await
            {
                Ok(rows) => Ok(Some(outcome(&rows))),
                Err(TargetError::Cancelled) => Err(TurnError::Cancelled),
                // the reading that is kept says so itself, when it is run for its rows
                Err(_) => Ok(None),
            }
        })
        .await
}

fn outcome(rows: &Rows) -> Outcome {
    let value = match rows.rows.as_slice() {
        [row] => match row.as_slice() {
            [serde_json::Value::String(text)] => Some(shortened(text, 60)),
            [value] => Some(value.to_string()),
            _ => None,
        },
        _ => None,
    };
    // summed, so that order does not matter
    let digest = rows
        .rows
        .iter()
        .map(|row| {
            use sha2::Digest as _;
            let text = serde_json::to_string(row).unwrap_or_default();
            let hash = sha2::Sha256::digest(text);
            let first: [u8; 8] = hash[..8].try_into().expect("a digest has 32 bytes");
            u64::from_le_bytes(first)
        })
        .fold(0, u64::wrapping_add);
    Outcome {
        rows: rows.rows.len(),
        truncated: rows.truncated,
        value,
        digest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(rows: serde_json::Value) -> Rows {
        Rows {
            rows: serde_json::from_value(rows).expect("rows"),
            ..Rows::default()
        }
    }

    #[test]
    fn order_is_no_difference_and_a_value_is() {
        let one = outcome(&rows(json!([[1, "a"], [2, "b"]])));
        assert_eq!(one, outcome(&rows(json!([[2, "b"], [1, "a"]]))));
        assert_ne!(one, outcome(&rows(json!([[2, "b"], [1, "c"]]))));
        assert_ne!(one, outcome(&rows(json!([[1, "a"], [2, "b"], [2, "b"]]))));
    }

    #[test]
    fn the_difference_is_said_in_the_readings_own_words() {
        let said = |a: serde_json::Value, b: serde_json::Value| {
            difference(
                "All orders.",
                &outcome(&rows(a)),
                "without cancelled ones",
                &outcome(&rows(b)),
            )
        };
        assert_eq!(
            said(json!([[412]]), json!([[390]])),
            "“All orders” gives 412; “without cancelled ones” gives 390."
        );
        assert_eq!(
            said(json!([[1, 2], [3, 4]]), json!([[1, 2]])),
            "“All orders” returns 2 rows; “without cancelled ones” returns 1 row."
        );
        assert_eq!(
            said(json!([[1, 2]]), json!([[1, 3]])),
            "“All orders” and “without cancelled ones” both return 1 row, with other values."
        );
    }
}
