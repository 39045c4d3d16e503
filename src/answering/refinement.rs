//! Stage 6: what the next attempt must do differently.

use super::context::Question;
use super::generation::Candidate;
use super::validation::Problem;
use super::{Context, TurnError};
use crate::protocol::StageName;

/// What an attempt is told besides the question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guidance {
    /// The query that was refused.
    pub refused: Option<String>,
    /// One thing to heed each.
    pub items: Vec<String>,
}

impl Guidance {
    /// For the first attempt: what the person said of an earlier answer, if they did.
    pub fn of_question(question: &Question) -> Self {
        match &question.feedback {
            None => Self::default(),
            Some(retry) => Self {
                refused: retry.query.clone(),
                items: vec![format!(
                    "The person did not want that query; they said: {}",
                    retry.feedback
                )],
            },
        }
    }
}

/// For the next attempt, one item per problem; `attempt` is the one it is for.
pub async fn guide(
    context: &Context<'_>,
    candidate: &Candidate,
    problem: &Problem,
    attempt: u32,
) -> Result<Guidance, TurnError> {
    context
        .stage(StageName::QueryRefinement, attempt, async {
            let mut items = Guidance::of_question(context.question).items;
            for finding in &problem.findings {
                let mut item = finding.message.clone();
                if finding.line > 0 {
                    item.push_str(&format!(
                        " (line {}, column {})",
                        finding.line, finding.column
                    ));
                }
                if let Some(suggestion) = &finding.suggestion {
                    item.push_str(&format!(" Suggestion: {suggestion}"));
                }
                items.push(item);
            }
            let guidance = Guidance {
                refused: Some(candidate.sql.clone()),
                items,
            };
            let finding = if problem.escalate {
                format!(
                    "Back to the analysis with more tables: {}",
                    problem.summary()
                )
            } else {
                format!("Another attempt: {}", problem.summary())
            };
            Ok((guidance, finding))
        })
        .await
}
