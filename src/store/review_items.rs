//! The review queue's rows: answers that an expert should look at.

use super::{Result, Store};
use crate::ids::{DatasetId, ReviewItemId, TurnId, WorkspaceId};
use crate::store::FeedbackCategory;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReviewReason {
    LowConfidence,
    FailedValidation,
    ThumbsDown,
    /// Liked, but not sure enough to be believed without a look.
    ThumbsUp,
    Clarifications,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Priority {
    Low,
    Normal,
    High,
}

#[derive(Clone, Debug)]
pub struct NewReviewItem<'a> {
    pub workspace_id: WorkspaceId,
    pub dataset_id: Option<DatasetId>,
    pub turn_id: TurnId,
    pub reason: ReviewReason,
    pub priority: Priority,
    pub question: &'a str,
    pub query: Option<&'a str>,
    pub confidence: Option<f32>,
    pub category: Option<FeedbackCategory>,
    pub comment: Option<&'a str>,
    pub correction: Option<&'a str>,
}

impl Store {
    /// Puts the turn into the queue; one that is open already takes the new reason.
    pub async fn queue_review(&self, new: &NewReviewItem<'_>) -> Result<ReviewItemId> {
        Ok(sqlx::query_scalar(
            "insert into review_items (id, workspace_id, dataset_id, turn_id, reason, priority, question, query,
                                       confidence, category, comment, correction)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             on conflict (turn_id) where status = 'open' do update
                set reason = excluded.reason, priority = excluded.priority, category = excluded.category,
                    comment = excluded.comment, correction = excluded.correction, updated_at = now()
             returning id",
        )
        .bind(ReviewItemId::new())
        .bind(new.workspace_id)
        .bind(new.dataset_id)
        .bind(new.turn_id)
        .bind(new.reason)
        .bind(new.priority)
        .bind(new.question)
        .bind(new.query)
        .bind(new.confidence)
        .bind(new.category)
        .bind(new.comment)
        .bind(new.correction)
        .fetch_one(&self.pool)
        .await?)
    }

    /// As [`Self::queue_review`] for what nobody has said anything about: a person's word that came first stays.
    pub async fn queue_doubt(&self, new: &NewReviewItem<'_>) -> Result<()> {
        sqlx::query(
            "insert into review_items (id, workspace_id, dataset_id, turn_id, reason, priority, question, query, confidence)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (turn_id) where status = 'open' do nothing",
        )
        .bind(ReviewItemId::new())
        .bind(new.workspace_id)
        .bind(new.dataset_id)
        .bind(new.turn_id)
        .bind(new.reason)
        .bind(new.priority)
        .bind(new.question)
        .bind(new.query)
        .bind(new.confidence)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The reason and priority under which the turn waits, if it does.
    pub async fn open_review(&self, turn: TurnId) -> Result<Option<(ReviewReason, Priority)>> {
        Ok(sqlx::query_as(
            "select reason, priority from review_items where turn_id = $1 and status = 'open'",
        )
        .bind(turn)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// What a thumb put there goes when the thumb is taken back.
    pub async fn withdraw_review(&self, turn: TurnId) -> Result<()> {
        sqlx::query(
            "delete from review_items
              where turn_id = $1 and status = 'open' and reason in ('thumbs_up', 'thumbs_down')",
        )
        .bind(turn)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
