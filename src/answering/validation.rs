//! Stage 5: is the query harmless, does it fit the schema, would the engine take it, and does it take in what the
//! question says?

use super::context::shortened;
use super::generation::Candidate;
use super::sense::{self, Constraint};
use super::{Context, TurnError, precedent};
use crate::protocol::{GeneratorKind, StageName};
use crate::query::{Finding, ReadOnly, Verdict};
use crate::target::TargetError;
use serde::{Deserialize, Serialize};

/// A query that may run.
#[derive(Clone, Debug)]
pub struct Checked {
    pub query: ReadOnly,
    /// Positions in the schema of the tables it reads.
    pub tables: Vec<usize>,
    /// About how many rows it would read, by the engine's estimate.
    pub rows_read: Option<f64>,
    /// What the question says and it does not show: told to the person with the answer.
    pub lacks: Vec<Finding>,
}

/// Why a query may not run, for the person and for the next attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    pub findings: Vec<Finding>,
    /// The query is wrong at the root (`INVALID_ESCALATE`): other tables, another plan.
    pub escalate: bool,
}

impl Problem {
    /// In one line.
    pub fn summary(&self) -> String {
        self.findings.first().map_or_else(
            || "the query is not valid".to_owned(),
            |finding| finding.message.clone(),
        )
    }
}

pub enum Validated {
    Valid(Box<Checked>),
    /// It may run, and leaves out what the question says: worth one more attempt (`INVALID_REFINABLE`).
    Lacking(Box<Checked>, Problem),
    Invalid(Problem),
}

/// What a query is held against besides the schema and the engine.
#[derive(Clone, Copy, Debug)]
pub struct Demands<'a> {
    pub constraints: &'a [Constraint],
    /// Another attempt may still be made for one of them.
    pub may_insist: bool,
}

impl Demands<'_> {
    /// For a query that was held against them before.
    pub const NONE: Self = Self {
        constraints: &[],
        may_insist: false,
    };
}

pub async fn validate(
    context: &Context<'_>,
    candidate: &Candidate,
    demands: Demands<'_>,
    attempt: u32,
) -> Result<Validated, TurnError> {
    context
        .stage(StageName::QueryValidation, attempt, async {
            let query = match context.dataset.check_generated(&candidate.sql) {
                Verdict::Accept(query) => query,
                Verdict::Reject(findings) => {
                    let problem = Problem {
                        escalate: findings
                            .iter()
                            .any(|finding| finding.code == "unknown_table"),
                        findings,
                    };
                    let finding = format!("Refused: {}", problem.summary());
                    return Ok((Validated::Invalid(problem), finding));
                }
            };
            if candidate.example.is_none()
                && let Some(known) = precedent::rejected(context, &candidate.sql, attempt)
            {
                let problem = Problem {
                    findings: vec![known.finding()],
                    escalate: false,
                };
                let finding = format!("Refused: {}", problem.summary());
                return Ok((Validated::Invalid(problem), finding));
            }
            match explain(context, &query, attempt).await? {
                Explained::Passed { rows_read } => {
                    let tables = query.tables.join(", ");
                    let mut finding =
                        format!("Harmless, fits the schema, dry run passed; reads {tables}");
                    if !context.dataset.is_live() {
                        finding = format!(
                            "Harmless and fits the schema; there is no database to try it on; reads {tables}"
                        );
                    } else if tables.is_empty() {
                        finding = "Harmless, dry run passed; reads no table".to_owned();
                    }
                    let checked = Box::new(Checked {
                        tables: context.dataset.positions(&query.tables),
                        lacks: lacks(context, candidate, demands.constraints, &query),
                        query,
                        rows_read,
                    });
                    if checked.lacks.is_empty() {
                        return Ok((Validated::Valid(checked), finding));
                    }
                    let problem = Problem {
                        findings: checked.lacks.clone(),
                        escalate: false,
                    };
                    finding = format!("{finding}. {}", told(&checked.lacks));
                    if demands.may_insist {
                        Ok((Validated::Lacking(checked, problem), finding))
                    } else {
                        Ok((Validated::Valid(checked), finding))
                    }
                }
                Explained::Refused {
                    message,
                    position,
                    hint,
                } => {
                    let problem = Problem {
                        findings: vec![refused(&candidate.sql, message, position, hint)],
                        escalate: false,
                    };
                    let finding = format!("The database refused it: {}", problem.summary());
                    Ok((Validated::Invalid(problem), finding))
                }
            }
        })
        .await
}

/// What a model's query leaves out. The built-in generator has its own rules for that, a verified example was judged
/// by a person, and what both writers came to is right nearly always.
fn lacks(
    context: &Context<'_>,
    candidate: &Candidate,
    constraints: &[Constraint],
    query: &ReadOnly,
) -> Vec<Finding> {
    let by_model = candidate.generator.kind == GeneratorKind::Model;
    if !by_model || candidate.agrees_with_builtin {
        return Vec::new();
    }
    sense::missing(constraints, query, &context.dataset.schema)
}

/// The messages of findings, one after the other.
pub fn told(findings: &[Finding]) -> String {
    let messages: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
    messages.join(" ")
}

/// What a dry run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Explained {
    Passed {
        rows_read: Option<f64>,
    },
    Refused {
        message: String,
        position: Option<usize>,
        hint: Option<String>,
    },
}

async fn explain(
    context: &Context<'_>,
    query: &ReadOnly,
    attempt: u32,
) -> Result<Explained, TurnError> {
    let dry_run = context.or_cancelled(async {
        match context.dataset.target.explain(query, context.cancel).await {
            Ok(plan) => Ok(Explained::Passed {
                rows_read: plan.rows_read,
            }),
            Err(TargetError::Query {
                message,
                position,
                hint,
            }) => Ok(Explained::Refused {
                message,
                position,
                hint,
            }),
            Err(TargetError::Cancelled) => Err(TurnError::Cancelled),
            Err(error) => Err(TurnError::Target(error)),
        }
    });
    context
        .journal
        .fetched(format!("explain/{attempt}"), dry_run)
        .await
}

/// Engines quote whole values in their messages.
const MAX_MESSAGE_CHARS: usize = 2_000;

/// What an engine said of a query, as a finding with line and column.
pub fn refused(
    sql: &str,
    message: String,
    position: Option<usize>,
    hint: Option<String>,
) -> Finding {
    let message = shortened(&message, MAX_MESSAGE_CHARS);
    let (line, column) = position.map_or((0, 0), |position| {
        let before: String = sql.chars().take(position.saturating_sub(1)).collect();
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() as u64 + 1;
        (line, column)
    });
    Finding {
        code: "refused_by_database".to_owned(),
        message,
        line,
        column,
        suggestion: hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_position_becomes_a_line_and_a_column() {
        let finding = refused("select a\nfrom tä where x", "no".into(), Some(16), None);
        assert_eq!((finding.line, finding.column), (2, 7));
    }
}
