//! Feedback: what a person said of a turn.

use super::{Result, Store};
use crate::ids::{ConversationId, FeedbackId, TurnId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Rating {
    Up,
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FeedbackCategory {
    WrongTable,
    WrongColumns,
    WrongFilter,
    WrongAggregation,
    SyntaxError,
    Incomplete,
    Other,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Feedback {
    pub rating: Rating,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<FeedbackCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The query as it should have been.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
    pub given_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewFeedback {
    pub rating: Rating,
    #[serde(default)]
    pub category: Option<FeedbackCategory>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub correction: Option<String>,
}

impl Feedback {
    /// From a row that was joined to `feedback`; `None` where there was none.
    pub(super) fn of_row(row: &sqlx::postgres::PgRow) -> Result<Option<Self>> {
        let Some(rating) = row.try_get::<Option<Rating>, _>("rating")? else {
            return Ok(None);
        };
        Ok(Some(Self {
            rating,
            category: row.try_get("category")?,
            text: row.try_get("comment")?,
            correction: row.try_get("correction")?,
            given_at: row.try_get("feedback_at")?,
        }))
    }
}

impl Store {
    /// Saves it; a second one of the same person for the same turn replaces the first.
    ///
    /// Fails with [`super::StoreError::NotFound`] when the turn is not the owner's or still running.
    pub async fn give_feedback(
        &self,
        owner: &str,
        conversation: ConversationId,
        turn: TurnId,
        new: &NewFeedback,
    ) -> Result<Feedback> {
        let row = sqlx::query(
            "insert into feedback (id, turn_id, owner, rating, category, comment, correction)
             select $1, t.id, $2, $5, $6, $7, $8
               from turns t join conversations c on c.id = t.conversation_id
              where t.id = $4 and c.id = $3 and c.owner = $2 and c.deleted_at is null
                and t.status <> 'running'
             on conflict (turn_id, owner) do update
                set rating = excluded.rating, category = excluded.category,
                    comment = excluded.comment, correction = excluded.correction,
                    updated_at = now()
             returning rating, category, comment, correction, updated_at as feedback_at",
        )
        .bind(FeedbackId::new())
        .bind(owner)
        .bind(conversation)
        .bind(turn)
        .bind(new.rating)
        .bind(new.category)
        .bind(&new.text)
        .bind(&new.correction)
        .fetch_one(&self.pool)
        .await?;
        Ok(Feedback::of_row(&row)?.expect("rating is not null"))
    }
}

/// All feedback of a person's turns, counted.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FeedbackStats {
    pub total: i64,
    pub up: i64,
    pub down: i64,
    /// Thumbs down by category.
    #[schema(value_type = Object)]
    pub categories: std::collections::BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct RecentFeedback {
    pub turn_id: TurnId,
    pub conversation_id: ConversationId,
    pub question: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    pub rating: Rating,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<FeedbackCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
    pub given_at: DateTime<Utc>,
}

impl Store {
    /// The conversation that a turn of the owner's belongs to.
    pub async fn conversation_of_turn(&self, owner: &str, turn: TurnId) -> Result<ConversationId> {
        Ok(sqlx::query_scalar(
            "select c.id from turns t join conversations c on c.id = t.conversation_id
              where t.id = $2 and c.owner = $1 and c.deleted_at is null",
        )
        .bind(owner)
        .bind(turn)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn feedback_stats(
        &self,
        owner: &str,
        dataset: Option<crate::ids::DatasetId>,
    ) -> Result<FeedbackStats> {
        let rows: Vec<(Rating, Option<String>, i64)> = sqlx::query_as(
            "select f.rating, f.category, count(*)
               from feedback f join turns t on t.id = f.turn_id
              where f.owner = $1 and ($2::uuid is null or t.dataset_id = $2)
              group by 1, 2",
        )
        .bind(owner)
        .bind(dataset)
        .fetch_all(&self.pool)
        .await?;
        let mut stats = FeedbackStats {
            total: 0,
            up: 0,
            down: 0,
            categories: std::collections::BTreeMap::new(),
        };
        for (rating, category, count) in rows {
            stats.total += count;
            match rating {
                Rating::Up => stats.up += count,
                Rating::Down => {
                    stats.down += count;
                    let category = category.unwrap_or_else(|| "uncategorized".to_owned());
                    *stats.categories.entry(category).or_default() += count;
                }
            }
        }
        Ok(stats)
    }

    /// The newest first.
    pub async fn recent_feedback(
        &self,
        owner: &str,
        dataset: Option<crate::ids::DatasetId>,
        limit: i64,
    ) -> Result<Vec<RecentFeedback>> {
        Ok(sqlx::query_as(
            "select t.id as turn_id, t.conversation_id, t.question, t.result ->> 'query' as query, f.rating,
                    f.category, f.comment as text, f.correction, f.updated_at as given_at
               from feedback f join turns t on t.id = f.turn_id
              where f.owner = $1 and ($2::uuid is null or t.dataset_id = $2)
              order by f.updated_at desc limit $3",
        )
        .bind(owner)
        .bind(dataset)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?)
    }
}
