//! How well a dataset is known, and what to begin with.

use super::LiveDataset;
use crate::builtin::{Reply, Request};
use crate::store::{
    CategoryCount, DatasetStats, DayStats, ExampleCounts, Store, StoreError, WeekQuality,
};
use chrono::Utc;
use serde::Serialize;
use std::collections::HashSet;
use utoipa::ToSchema;

/// Answers that were good, of all: below this the quality report says so.
pub const GOAL: f64 = 0.9;
/// With fewer verified examples than this the starter kit is shown.
pub const STARTER_EXAMPLES: i64 = 5;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stats {
    pub examples: ExampleCounts,
    /// Of the last 30 days.
    pub questions: DatasetStats,
    /// Of questions, those answered with a query and without a thumb down; absent without questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_rate: Option<f64>,
    pub coverage: Coverage,
    pub trend: Vec<DayStats>,
    pub categories: Vec<CategoryCount>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Coverage {
    pub tables: usize,
    /// That a verified example reads.
    pub tables_with_examples: usize,
    pub tables_described: usize,
    pub columns: usize,
    pub columns_described: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QualityReport {
    /// The share of good answers to reach.
    pub goal: f64,
    pub weeks: Vec<QualityWeek>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QualityWeek {
    #[serde(flatten)]
    pub counts: WeekQuality,
    pub success_rate: f64,
    pub below_goal: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StarterKit {
    /// Whether there are too few verified examples yet.
    pub shown: bool,
    pub verified: i64,
    pub wanted: i64,
    /// Core questions to check and verify first.
    pub proposals: Vec<Proposal>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Proposal {
    pub question: String,
    /// As the built-in generator would answer it; to be looked at, not believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

pub async fn stats(store: &Store, live: &LiveDataset) -> Result<Stats, StoreError> {
    const DAYS: i32 = 30;
    let id = live.dataset.id;
    let questions = store.dataset_stats(id, DAYS).await?;
    Ok(Stats {
        examples: store.example_counts(id).await?,
        success_rate: (questions.questions > 0)
            .then(|| questions.good as f64 / questions.questions as f64),
        questions,
        coverage: coverage(live),
        trend: store.daily_stats(id, DAYS).await?,
        categories: store.question_categories(id, DAYS).await?,
    })
}

fn coverage(live: &LiveDataset) -> Coverage {
    let read: HashSet<String> = live.examples.tables_read();
    let tables = &live.schema.tables;
    Coverage {
        tables: tables.len(),
        tables_with_examples: tables
            .iter()
            .filter(|table| {
                read.contains(&table.name)
                    || table.namespace.as_ref().is_some_and(|namespace| {
                        read.contains(&format!("{namespace}.{}", table.name))
                    })
            })
            .count(),
        tables_described: tables
            .iter()
            .filter(|table| table.description.is_some())
            .count(),
        columns: tables.iter().map(|table| table.columns.len()).sum(),
        columns_described: tables
            .iter()
            .flat_map(|table| &table.columns)
            .filter(|column| column.description.is_some())
            .count(),
    }
}

pub async fn quality(
    store: &Store,
    live: &LiveDataset,
    weeks: i32,
) -> Result<QualityReport, StoreError> {
    let weeks = store.weekly_quality(live.dataset.id, weeks).await?;
    Ok(QualityReport {
        goal: GOAL,
        weeks: weeks
            .into_iter()
            .map(|counts| {
                let success_rate = counts.good as f64 / counts.questions.max(1) as f64;
                QualityWeek {
                    below_goal: success_rate < GOAL,
                    success_rate,
                    counts,
                }
            })
            .collect(),
    })
}

pub async fn starter_kit(store: &Store, live: &LiveDataset) -> Result<StarterKit, StoreError> {
    let verified = store.example_counts(live.dataset.id).await?.verified;
    let shown = verified < STARTER_EXAMPLES;
    let mut questions = live.dataset.questions.clone();
    for question in live.generator.suggestions(8) {
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    let proposals = questions
        .into_iter()
        .filter(|question| live.examples.same(question).is_empty())
        .take(8)
        .map(|question| {
            let reply = live.generator.generate(&Request {
                question: &question,
                schema: &live.schema,
                dialect: live.dialect(),
                today: Utc::now().date_naive(),
                previous: None,
                choice: None,
            });
            Proposal {
                query: match reply {
                    Reply::Query { sql, .. } => Some(sql),
                    _ => None,
                },
                question,
            }
        })
        .collect();
    Ok(StarterKit {
        shown,
        verified,
        wanted: STARTER_EXAMPLES,
        proposals,
    })
}
