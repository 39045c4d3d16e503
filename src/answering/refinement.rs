//! Stage 6: what the next attempt must do differently.

use super::generation::Candidate;
use super::validation::Problem;
use super::{Context, TurnError};
use crate::protocol::StageName;

/// Guidance for the next attempt, one item per problem; `attempt` is the one it is for.
pub async fn guide(
    context: &Context<'_>,
    candidate: &Candidate,
    problem: &Problem,
    attempt: u32,
) -> Result<Vec<String>, TurnError> {
    context
        .stage(StageName::QueryRefinement, attempt, async {
            let mut guidance = context.question.guidance();
            guidance.push(format!("This query was refused:\n{}", candidate.sql));
            for finding in &problem.findings {
                let mut line = finding.message.clone();
                if finding.line > 0 {
                    line.push_str(&format!(
                        " (line {}, column {})",
                        finding.line, finding.column
                    ));
                }
                if let Some(suggestion) = &finding.suggestion {
                    line.push_str(&format!(" Suggestion: {suggestion}"));
                }
                guidance.push(line);
            }
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
