//! How a dataset does: counts over its turns, thumbs and examples.

use super::{Result, Store};
use crate::ids::DatasetId;
use chrono::NaiveDate;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, FromRow)]
pub struct ExampleCounts {
    pub total: i64,
    pub verified: i64,
    pub staged: i64,
    pub negative: i64,
    /// That do not fit the newest schema.
    pub broken: i64,
}

/// Of the questions that asked for data.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, FromRow)]
pub struct DatasetStats {
    pub questions: i64,
    /// Answered with a query, and without a thumb down.
    pub good: i64,
    pub failed: i64,
    /// Answered by a verified example.
    pub trusted: i64,
    pub thumbs_up: i64,
    pub thumbs_down: i64,
    pub average_confidence: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, FromRow)]
pub struct DayStats {
    pub day: NaiveDate,
    pub questions: i64,
    pub good: i64,
    pub average_confidence: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, FromRow)]
pub struct CategoryCount {
    /// `uncategorized` where no example of a category was near.
    pub category: String,
    pub questions: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, FromRow)]
pub struct WeekQuality {
    /// The Monday it began with.
    pub week: NaiveDate,
    pub questions: i64,
    pub good: i64,
    pub thumbs_up: i64,
    pub thumbs_down: i64,
    pub average_confidence: Option<f64>,
}

/// Turns that asked for data, with what became of them.
const ASKED: &str = "asked as (
    select t.id, t.started_at, t.result ->> 'trust' as trust, t.status,
           (t.result ->> 'confidence')::float8 as confidence,
           coalesce(nullif(t.result ->> 'category', ''), 'uncategorized') as category,
           exists (select from feedback f where f.turn_id = t.id and f.rating = 'up') as up,
           exists (select from feedback f where f.turn_id = t.id and f.rating = 'down') as down,
           t.status = 'succeeded' and t.result ->> 'kind' = 'query' as answered
      from turns t
     where t.dataset_id = $1 and t.status in ('succeeded', 'failed')
       and (t.status = 'failed' or t.result ->> 'kind' in ('query', 'cannot'))
 )";

impl Store {
    pub async fn example_counts(&self, dataset: DatasetId) -> Result<ExampleCounts> {
        Ok(sqlx::query_as(
            "select count(*) as total,
                    count(*) filter (where trust = 'verified') as verified,
                    count(*) filter (where trust = 'staged') as staged,
                    count(*) filter (where trust = 'negative') as negative,
                    count(*) filter (where broken is not null) as broken
               from examples where dataset_id = $1 and deleted_at is null",
        )
        .bind(dataset)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Over the last `days`.
    pub async fn dataset_stats(&self, dataset: DatasetId, days: i32) -> Result<DatasetStats> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {ASKED}
             select count(*) as questions,
                    count(*) filter (where answered and not down) as good,
                    count(*) filter (where not answered) as failed,
                    count(*) filter (where answered and trust = 'verified') as trusted,
                    count(*) filter (where up) as thumbs_up,
                    count(*) filter (where down) as thumbs_down,
                    avg(confidence) filter (where answered) as average_confidence
               from asked where started_at > now() - make_interval(days => $2)"
        )))
        .bind(dataset)
        .bind(days)
        .fetch_one(&self.pool)
        .await?)
    }

    /// One entry a day that had questions, the oldest first.
    pub async fn daily_stats(&self, dataset: DatasetId, days: i32) -> Result<Vec<DayStats>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {ASKED}
             select (started_at at time zone 'utc')::date as day, count(*) as questions,
                    count(*) filter (where answered and not down) as good,
                    avg(confidence) filter (where answered) as average_confidence
               from asked where started_at > now() - make_interval(days => $2)
              group by 1 order by 1"
        )))
        .bind(dataset)
        .bind(days)
        .fetch_all(&self.pool)
        .await?)
    }

    /// The most frequent first.
    pub async fn question_categories(
        &self,
        dataset: DatasetId,
        days: i32,
    ) -> Result<Vec<CategoryCount>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {ASKED}
             select category, count(*) as questions
               from asked where started_at > now() - make_interval(days => $2)
              group by 1 order by 2 desc, 1"
        )))
        .bind(dataset)
        .bind(days)
        .fetch_all(&self.pool)
        .await?)
    }

    /// One entry a week that had questions, the oldest first.
    pub async fn weekly_quality(&self, dataset: DatasetId, weeks: i32) -> Result<Vec<WeekQuality>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {ASKED}
             select date_trunc('week', started_at at time zone 'utc')::date as week, count(*) as questions,
                    count(*) filter (where answered and not down) as good,
                    count(*) filter (where up) as thumbs_up,
                    count(*) filter (where down) as thumbs_down,
                    avg(confidence) filter (where answered) as average_confidence
               from asked where started_at > now() - make_interval(weeks => $2)
              group by 1 order by 1"
        )))
        .bind(dataset)
        .bind(weeks)
        .fetch_all(&self.pool)
        .await?)
    }
}
