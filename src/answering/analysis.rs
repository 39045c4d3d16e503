//! Stage 3: how hard the question is and what the query will have to do.
//!
//! Rules over the question and what retrieval found; it costs no model call, so it never stands
//! between a question and the first token of its query.

use super::retrieval::Retrieved;
use super::sense::{self, Constraint};
use super::{Context, TurnError};
use crate::builtin::Intent;
use crate::protocol::StageName;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Complexity {
    SingleLine,
    MultiLine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryType {
    SelectBasic,
    SelectWithFilter,
    Aggregation,
    Join,
    Temporal,
    Complex,
}

#[derive(Clone, Debug)]
pub struct Analysis {
    pub complexity: Complexity,
    pub query_type: QueryType,
    pub follow_up: bool,
    /// Steps of the plan, one phrase each.
    pub plan: Vec<String>,
    /// What the question says and its query must show.
    pub constraints: Vec<Constraint>,
}

pub async fn analyse(
    context: &Context<'_>,
    intent: &Intent,
    retrieved: &Retrieved,
    attempt: u32,
) -> Result<Analysis, TurnError> {
    context
        .stage(StageName::QueryAnalysis, attempt, async {
            let mut analysis = read(&context.question.text, retrieved);
            analysis.follow_up = intent.follow_up;
            if intent.follow_up {
                analysis
                    .plan
                    .insert(0, "keep the previous query and its filters".to_owned());
            }
            // what people taught us is no part of a dataset's version
            analysis.constraints = context.journal.value(format!("constraints/{attempt}"), || {
                listed(context, retrieved)
            });
            let mut finding = format!(
                "{}: {}",
                match analysis.query_type {
                    QueryType::SelectBasic => "A simple list",
                    QueryType::SelectWithFilter => "A filtered list",
                    QueryType::Aggregation => "An aggregation",
                    QueryType::Join => "A join",
                    QueryType::Temporal => "A question over time",
                    QueryType::Complex => "Several steps",
                },
                analysis.plan.join("; ")
            );
            if !analysis.constraints.is_empty() {
                let spoken: Vec<String> = analysis
                    .constraints
                    .iter()
                    .map(Constraint::spoken)
                    .collect();
                finding.push_str(&format!("; the query has to show {}", spoken.join(", ")));
            }
            Ok((analysis, finding))
        })
        .await
}

/// What the question says, as far as it still holds.
fn listed(context: &Context<'_>, retrieved: &Retrieved) -> Vec<Constraint> {
    let (question, live) = (context.question, context.dataset);
    // "not 1997, I meant 1998": whoever objects may take back what the question said
    if question.feedback.is_some() {
        return sense::terms(&question.text, &live.directives, &live.schema);
    }
    sense::constraints(
        &question.text,
        &retrieved.found.values,
        &live.directives,
        &live.schema,
    )
}

const AGGREGATES: &[&str] = &[
    "how many",
    "number of",
    "count",
    "total",
    "sum",
    "average",
    "avg",
    "mean",
    "minimum",
    "maximum",
    "most",
    "least",
    "fewest",
    "top",
    "highest",
    "lowest",
    "per",
    "for each",
    "by each",
    "revenue",
];
const TEMPORAL: &[&str] = &[
    "year",
    "month",
    "quarter",
    "week",
    "day",
    "date",
    "since",
    "before",
    "after",
    "between",
    "last",
    "trend",
    "over time",
    "daily",
    "monthly",
    "yearly",
    "hour",
];

fn read(question: &str, retrieved: &Retrieved) -> Analysis {
    let lower = question.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let spoken = format!(" {} ", words.join(" "));
    let says = |words: &[&str]| {
        words.iter().any(|word| {
            spoken.contains(&format!(" {word} ")) || spoken.contains(&format!(" {word}s "))
        })
    };
    let aggregates = says(AGGREGATES);
    let temporal = says(TEMPORAL)
        || lower.split(|c: char| !c.is_ascii_digit()).any(|digits| {
            digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
        });
    let filters = !retrieved.found.values.is_empty();
    let tables = retrieved.found.tables.len();
    let joins =
        tables > 1 && retrieved.found.tables[1].score >= 0.5 * retrieved.found.tables[0].score;

    let mut plan = Vec::new();
    if joins {
        let names: Vec<&str> = retrieved
            .found
            .tables
            .iter()
            .take(4)
            .map(|hit| hit.name.as_str())
            .collect();
        plan.push(format!("combine {}", names.join(", ")));
    } else if let Some(table) = retrieved.found.tables.first() {
        plan.push(format!("read {}", table.name));
    }
    for value in retrieved.found.values.iter().take(3) {
        plan.push(format!("keep {} = '{}'", value.column, value.value));
    }
    if temporal {
        plan.push("restrict or group by time".to_owned());
    }
    if aggregates {
        plan.push("aggregate".to_owned());
    }

    let query_type = match (joins, aggregates, temporal, filters) {
        (true, true, true, _) => QueryType::Complex,
        (_, _, true, _) => QueryType::Temporal,
        (_, true, _, _) => QueryType::Aggregation,
        (true, _, _, _) => QueryType::Join,
        (_, _, _, true) => QueryType::SelectWithFilter,
        _ => QueryType::SelectBasic,
    };
    Analysis {
        complexity: if joins || query_type == QueryType::Complex {
            Complexity::MultiLine
        } else {
            Complexity::SingleLine
        },
        query_type,
        follow_up: false,
        plan,
        constraints: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::search::{Found, TableHit};

    #[test]
    fn the_type_follows_from_the_words_and_the_tables() {
        let hit = |name: &str, score| TableHit {
            table: 0,
            name: name.to_owned(),
            score,
            why: String::new(),
        };
        for (question, scores, expected) in [
            ("show me the tracks", vec![1.0], QueryType::SelectBasic),
            (
                "how many tracks are there",
                vec![1.0],
                QueryType::Aggregation,
            ),
            ("tracks and their albums", vec![1.0, 0.9], QueryType::Join),
            ("invoices in 2012", vec![1.0, 0.2], QueryType::Temporal),
            (
                "which country has holiday paper on top shelves",
                vec![1.0],
                QueryType::Aggregation,
            ),
            ("paper in each country", vec![1.0], QueryType::SelectBasic),
            (
                "total revenue per customer and month",
                vec![1.0, 0.9],
                QueryType::Complex,
            ),
        ] {
            let retrieved = Retrieved {
                found: Found {
                    tables: scores.into_iter().map(|score| hit("t", score)).collect(),
                    ..Found::default()
                },
                tables: vec![0],
                margin: 1.0,
            };
            assert_eq!(
                read(question, &retrieved).query_type,
                expected,
                "{question}"
            );
        }
    }
}
