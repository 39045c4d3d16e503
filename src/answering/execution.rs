//! Stage 7: run the query read-only, keep the rows, show the first of them.

use super::chart;
use super::journal::Failure;
use super::validation::{Checked, Problem, refused};
use super::{Context, TurnError};
use crate::failpoint::reached;
use crate::ids::ResultId;
use crate::protocol::{Chart, Event, MAX_EVENT_BYTES, RESULT_ACTIVITY, ResultContent, StageName};
use crate::store::NewResult;
use crate::target::{Rows, RunLimits, TargetError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows that travel with the event; the others are fetched by reference.
const SHOWN_ROWS: usize = 200;
/// For the event around the rows: ids, names of columns, metadata.
const EVENT_ROOM_BYTES: usize = 32 * 1024;

pub enum Outcome {
    Rows(ResultRows),
    /// The engine refused it while running: material for another attempt.
    Failed(Problem),
}

/// The stored result of a query.
#[derive(Clone, Debug)]
pub struct ResultRows {
    pub id: ResultId,
    pub rows: Rows,
    pub chart: Option<Chart>,
}

pub async fn execute(
    context: &Context<'_>,
    checked: &Checked,
    attempt: u32,
) -> Result<Outcome, TurnError> {
    context
        .stage(StageName::QueryExecution, attempt, async {
            let result = match run(context, checked, attempt).await? {
                Ran::Rows(result) => result,
                Ran::Refused {
                    message,
                    position,
                    hint,
                } => {
                    let finding = refused(checked.query.text(), message, position, hint);
                    let problem = Problem {
                        findings: vec![finding],
                        escalate: false,
                    };
                    let finding = format!("The database stopped it: {}", problem.summary());
                    return Ok((Outcome::Failed(problem), finding));
                }
            };
            show(context, &result).await?;
            let finding = format!(
                "{} in {} ms{}",
                count(result.rows.rows.len()),
                result.rows.elapsed_ms,
                if result.rows.truncated {
                    "; there are more, this is where the limit cuts"
                } else {
                    ""
                }
            );
            Ok((Outcome::Rows(result), finding))
        })
        .await
}

fn count(rows: usize) -> String {
    if rows == 1 {
        "1 row".to_owned()
    } else {
        format!("{rows} rows")
    }
}

enum Ran {
    Rows(ResultRows),
    Refused {
        message: String,
        position: Option<usize>,
        hint: Option<String>,
    },
}

/// [`Ran`] as the journal keeps it: the rows are in the store already.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Recorded {
    Rows(ResultId),
    Refused {
        message: String,
        position: Option<usize>,
        hint: Option<String>,
    },
}

async fn run(context: &Context<'_>, checked: &Checked, attempt: u32) -> Result<Ran, TurnError> {
    let mut fresh = None;
    let running = async {
        let limits = RunLimits::of(&context.app.settings.limits);
        // not raced against the cancellation: the target stops the statement on its server first
        match context
            .dataset
            .target
            .run(&checked.query, &limits, context.cancel)
            .await
        {
            Ok(rows) => {
                let result = keep(context, rows.with_visible_nul()).await?;
                let id = result.id;
                fresh = Some(result);
                Ok(Recorded::Rows(id))
            }
            Err(TargetError::Cancelled) => Err(TurnError::Cancelled),
            Err(TargetError::Query {
                message,
                position,
                hint,
            }) => Ok(Recorded::Refused {
                message,
                position,
                hint,
            }),
            Err(error) => Err(TurnError::Target(error)),
        }
    };
    let recorded = context
        .journal
        .fetched(format!("run/{attempt}"), running)
        .await?;
    Ok(match recorded {
        Recorded::Refused {
            message,
            position,
            hint,
        } => Ran::Refused {
            message,
            position,
            hint,
        },
        Recorded::Rows(id) => Ran::Rows(match fresh {
            Some(result) => result,
            None => kept(context, id).await?,
        }),
    })
}

/// A result that was kept when the turn first ran.
async fn kept(context: &Context<'_>, id: ResultId) -> Result<ResultRows, TurnError> {
    match context.app.store.whole_result(id).await? {
        Some((rows, chart)) => Ok(ResultRows { id, rows, chart }),
        None => Err(TurnError::Recorded(Failure {
            code: "RESULT_GONE".to_owned(),
            message: "The result of this turn is older than results are kept (QF_RESULT_HOURS)."
                .to_owned(),
            retryable: false,
        })),
    }
}

async fn keep(context: &Context<'_>, rows: Rows) -> Result<ResultRows, TurnError> {
    let id = ResultId::new();
    let chart = chart::suggest(&rows);
    let question = context.question;
    reached(format_args!("result.before_commit"));
    context
        .app
        .store
        .add_result(&NewResult {
            id,
            workspace_id: question.workspace_id,
            owner: &question.owner,
            turn_id: Some(question.turn_id),
            rows: &rows,
            chart: chart.as_ref(),
        })
        .await?;
    reached(format_args!("result.after_commit"));
    let room = context.app.settings.limits.stored_bytes;
    context
        .app
        .store
        .trim_results(&question.owner, id, room)
        .await?;
    Ok(ResultRows { id, rows, chart })
}

async fn show(context: &Context<'_>, result: &ResultRows) -> Result<(), TurnError> {
    let content = shown(result.id, &result.rows, result.chart.clone());
    context
        .emit(
            Event::ActivitySnapshot {
                message_id: format!("{}-result", context.question.turn_id),
                activity_type: RESULT_ACTIVITY,
                content: Box::new(content),
            },
            None,
        )
        .await
}

/// As much of a result as an event may carry.
fn shown(id: ResultId, rows: &Rows, chart: Option<Chart>) -> ResultContent {
    let mut size_bytes = serde_json::to_string(&rows.columns).map_or(0, |text| text.len());
    let room_bytes = MAX_EVENT_BYTES - EVENT_ROOM_BYTES;
    let first: Vec<Vec<Value>> = rows
        .rows
        .iter()
        .take(SHOWN_ROWS)
        .take_while(|row| {
            size_bytes += serde_json::to_string(row).map_or(0, |text| text.len() + 1);
            size_bytes <= room_bytes
        })
        .cloned()
        .collect();
    ResultContent {
        result_id: id,
        columns: rows.columns.clone(),
        rows: first,
        row_count: rows.rows.len(),
        truncated: rows.truncated,
        elapsed_ms: rows.elapsed_ms,
        chart,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ValueKind;
    use crate::target::ResultColumn;

    #[test]
    fn rows_too_large_for_an_event_stay_behind() {
        let rows = Rows {
            columns: vec![ResultColumn {
                name: "a".into(),
                data_type: "text".into(),
                kind: ValueKind::Text,
            }],
            rows: (0..300)
                .map(|_| vec![Value::String("x".repeat(10_000))])
                .collect(),
            truncated: false,
            elapsed_ms: 1,
        };
        let content = shown(ResultId::new(), &rows, None);
        assert_eq!(content.row_count, 300);
        assert!(
            (10..30).contains(&content.rows.len()),
            "{}",
            content.rows.len()
        );
    }
}
