//! One question to one answer: the recipe, top to bottom, is [`answer`].
//!
//! Each stage is a file of its own, named as on the wire. Stages take what they need and return what
//! they found; there is no shared bag that they fill. With a model or without one, the stages, the
//! checks and the events are the same: only [`generation`] asks who writes the query.

pub mod analysis;
pub mod asking;
pub mod chart;
pub mod checkpoint;
pub mod clarification;
pub mod confidence;
pub mod context;
pub mod cost;
pub mod earlier;
pub mod error;
pub mod execution;
pub mod generation;
pub mod intent;
pub mod journal;
pub mod precedent;
pub mod readings;
pub mod refinement;
pub mod retrieval;
pub mod sense;
pub mod summary;
pub mod validation;

pub use context::{Context, Question, Reference, Sink};
pub use error::TurnError;

use crate::builtin::IntentKind;
use crate::protocol::{Interrupt, RunResult};
use validation::{Checked, Demands, Problem, Validated};

/// What a turn came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Finished(Box<RunResult>),
    /// It goes on when the person has answered.
    Asked(Box<Interrupt>),
}

impl Answer {
    fn finished(result: RunResult) -> Self {
        Self::Finished(Box::new(result))
    }
}

/// Answers the question, or says why not.
///
/// Every model call, check and statement happens inside a stage, and every stage can be cancelled.
pub async fn answer(context: &Context<'_>) -> Result<Answer, TurnError> {
    if let Some(pending) = &context.question.confirmed {
        return cost::confirmed(context, pending).await;
    }
    let intent = intent::classify(context).await?;
    match intent.kind {
        IntentKind::Greeting => return summary::greet(context).await,
        IntentKind::SchemaDescription => return summary::describe_schema(context).await,
        IntentKind::QueryGeneration | IntentKind::Clarification => {}
    }

    let bounds = context.bounds();
    let mut opinion = intent::SecondOpinion::of(context, &intent);
    let mut precedents = precedent::find(context, &intent);
    let preparing = async {
        let breadth = retrieval::Breadth::Normal;
        let retrieved = retrieval::retrieve(context, &precedents, breadth, 1).await?;
        let analysis = analysis::analyse(context, &intent, &retrieved, 1).await?;
        Ok::<_, TurnError>((retrieved, analysis))
    };
    let (mut retrieved, mut analysis) = opinion.beside(preparing).await?;
    let mut attempts = Attempts::new(bounds.refinements, bounds.escalations);
    let mut guidance = refinement::Guidance::of_question(context.question);

    // a query that may run and leaves out what the question says: for when nothing better comes
    let mut lacking: Option<Passed> = None;
    let mut insisted = false;

    loop {
        let attempt = attempts.current();
        let generated = generation::generate(
            context,
            &retrieved,
            &precedents,
            &analysis,
            &guidance,
            &mut opinion,
            attempt,
        )
        .await;
        let generated = match (generated, lacking.take()) {
            (Ok(generation::Generated::Query(candidate)), kept) => {
                lacking = kept;
                generation::Generated::Query(candidate)
            }
            // asked for better, the model fails or gives up: its first query still answers
            (Ok(generation::Generated::Cannot(_)), Some(kept)) => {
                return kept.answer(context, &retrieved, &precedents, attempt).await;
            }
            (Err(error), Some(kept))
                if !matches!(error, TurnError::Cancelled | TurnError::Lost) =>
            {
                tracing::warn!(%error, "asked for a better query, the model failed; its first one answers");
                return kept.answer(context, &retrieved, &precedents, attempt).await;
            }
            (generated, _) => generated?,
        };
        let mut candidate = match generated {
            generation::Generated::Query(candidate) => candidate,
            generation::Generated::Unclear(ask) => {
                return clarification::ask(context, ask).map(Answer::Asked);
            }
            generation::Generated::Cannot(cannot) => {
                return summary::cannot(context, cannot, &precedents, attempt).await;
            }
            generation::Generated::Misread(opinion) => {
                return misread(context, &opinion).await;
            }
        };

        let demands = Demands {
            constraints: &analysis.constraints,
            may_insist: !insisted && attempts.may_refine(),
        };
        let problem = match validation::validate(context, &candidate, demands, attempt).await? {
            Validated::Valid(checked) => {
                let kept = lacking
                    .take_if(|kept| kept.checked.lacks.len() < checked.lacks.len())
                    .unwrap_or(Passed {
                        candidate: candidate.clone(),
                        checked,
                        written: attempt,
                    });
                match settle(context, &kept, &retrieved, &precedents, attempt).await? {
                    Settled::Answered(answer) => return Ok(answer),
                    Settled::Failed(problem) => {
                        candidate = kept.candidate;
                        problem
                    }
                }
            }
            Validated::Lacking(checked, problem) => {
                let stated = candidate.confidence;
                if let Some(ask) = clarification::when_unsure(stated, &candidate) {
                    return clarification::ask(context, ask).map(Answer::Asked);
                }
                insisted = true;
                lacking = Some(Passed {
                    candidate: candidate.clone(),
                    checked,
                    written: attempt,
                });
                problem
            }
            Validated::Invalid(problem) => {
                if let Some(kept) = lacking {
                    return kept.answer(context, &retrieved, &precedents, attempt).await;
                }
                // whether or not the query is valid: another attempt would only guess again
                let stated = candidate.confidence;
                if let Some(ask) = clarification::when_unsure(stated, &candidate) {
                    return clarification::ask(context, ask).map(Answer::Asked);
                }
                problem
            }
        };

        // what was verified once and does not hold any more is not tried again
        precedents.trusted = None;
        match attempts.next(problem.escalate, candidate.generator.kind) {
            Next::Refine => {
                guidance =
                    refinement::guide(context, &candidate, &problem, attempts.current()).await?;
            }
            Next::Escalate => {
                guidance =
                    refinement::guide(context, &candidate, &problem, attempts.current()).await?;
                let breadth = retrieval::Breadth::Wide;
                retrieved =
                    retrieval::retrieve(context, &precedents, breadth, attempts.current()).await?;
                analysis =
                    analysis::analyse(context, &intent, &retrieved, attempts.current()).await?;
            }
            Next::GiveUp => {
                if let Some(kept) = lacking {
                    return kept.answer(context, &retrieved, &precedents, attempt).await;
                }
                return Err(TurnError::MaxAttempts {
                    reason: problem.summary(),
                    best: candidate.sql,
                    attempts: attempt,
                });
            }
        }
    }
}

/// A query that may run.
struct Passed {
    candidate: generation::Candidate,
    checked: Box<Checked>,
    /// The attempt that wrote it.
    written: u32,
}

impl Passed {
    /// With this query, because there is no better one.
    async fn answer(
        self,
        context: &Context<'_>,
        retrieved: &retrieval::Retrieved,
        precedents: &precedent::Precedents,
        attempt: u32,
    ) -> Result<Answer, TurnError> {
        match settle(context, &self, retrieved, precedents, attempt).await? {
            Settled::Answered(answer) => Ok(answer),
            Settled::Failed(problem) => Err(TurnError::MaxAttempts {
                reason: problem.summary(),
                best: self.candidate.sql,
                attempts: attempt,
            }),
        }
    }
}

enum Settled {
    Answered(Answer),
    /// The engine refused it while running.
    Failed(Problem),
}

/// What a query that may run comes to: an answer, a question to the person, or a failure while it ran.
async fn settle(
    context: &Context<'_>,
    passed: &Passed,
    retrieved: &retrieval::Retrieved,
    precedents: &precedent::Precedents,
    attempt: u32,
) -> Result<Settled, TurnError> {
    let (candidate, checked) = (&passed.candidate, passed.checked.as_ref());
    let mut signals = confidence::signals(candidate, checked, retrieved, passed.written);
    signals.example = precedents.nearest_verified();
    let mut confidence = confidence::of(context, &signals);
    if let Some(reading) = &candidate.reading
        && clarification::is_worth_asking(confidence, reading)
    {
        match readings::compare(context, candidate, checked, reading, attempt).await? {
            readings::Compared::Alone => {}
            readings::Compared::Same => {
                signals.agrees = true;
                confidence = confidence::of(context, &signals);
            }
            readings::Compared::Different(ask) => {
                let asked = clarification::ask(context, ask)?;
                return Ok(Settled::Answered(Answer::Asked(asked)));
            }
        }
    }
    let outline = summary::Outline {
        candidate,
        checked,
        category: precedents.category.clone(),
        confidence: confidence::vouched_for(candidate, confidence),
        attempt,
    };
    if !context.dataset.is_live() {
        let answer = summary::not_connected(context, &outline).await?;
        return Ok(Settled::Answered(answer));
    }
    if !context.question.execute {
        let answer = Answer::finished(outline.not_executed(context));
        return Ok(Settled::Answered(answer));
    }
    if let Some(ask) = cost::question(
        context,
        candidate,
        checked,
        outline.confidence,
        outline.category.clone(),
    )? {
        return Ok(Settled::Answered(Answer::Asked(ask)));
    }
    match execution::execute(context, checked, attempt).await? {
        execution::Outcome::Rows(result) => {
            let answer = summary::of_rows(context, &outline, result).await?;
            Ok(Settled::Answered(answer))
        }
        execution::Outcome::Failed(problem) => Ok(Settled::Failed(problem)),
    }
}

/// What a message comes to that was no question to the data after all.
async fn misread(context: &Context<'_>, opinion: &intent::Opinion) -> Result<Answer, TurnError> {
    let kind = intent::revise(context, opinion).await?;
    match (kind, opinion.ask()) {
        (_, Some(ask)) => clarification::ask(context, ask).map(Answer::Asked),
        (IntentKind::Greeting, None) => summary::greet(context).await,
        (_, None) => summary::describe_schema(context).await,
    }
}

/// Counts attempts against the limits of requirements 0.3: refinements, escalations, and both.
struct Attempts {
    refinements_left: u32,
    escalations_left: u32,
    current: u32,
}

enum Next {
    Refine,
    Escalate,
    GiveUp,
}

impl Attempts {
    fn new(refinements: u32, escalations: u32) -> Self {
        Self {
            refinements_left: refinements,
            escalations_left: escalations,
            current: 1,
        }
    }

    fn current(&self) -> u32 {
        self.current
    }

    fn may_refine(&self) -> bool {
        self.refinements_left > 0
    }

    fn next(&mut self, escalate: bool, generator: crate::protocol::GeneratorKind) -> Next {
        // the built-in generator is deterministic: asked again, it would write the same
        if generator == crate::protocol::GeneratorKind::Builtin {
            return Next::GiveUp;
        }
        self.current += 1;
        if escalate && self.escalations_left > 0 {
            self.escalations_left -= 1;
            Next::Escalate
        } else if self.refinements_left > 0 {
            self.refinements_left -= 1;
            Next::Refine
        } else if self.escalations_left > 0 {
            self.escalations_left -= 1;
            Next::Escalate
        } else {
            Next::GiveUp
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::GeneratorKind::{Builtin, Model};

    #[test]
    fn a_turn_gives_up_after_three_refinements_and_two_escalations() {
        let mut attempts = Attempts::new(3, 2);
        let mut steps = String::new();
        loop {
            match attempts.next(false, Model) {
                Next::Refine => steps.push('r'),
                Next::Escalate => steps.push('e'),
                Next::GiveUp => break,
            }
        }
        assert_eq!(steps, "rrree");
        let mut attempts = Attempts::new(3, 2);
        assert!(matches!(attempts.next(true, Model), Next::Escalate));
        assert!(matches!(attempts.next(false, Builtin), Next::GiveUp));
    }
}
