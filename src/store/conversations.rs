//! Conversations: one chat of one person.

use super::{Result, Store, StoreError};
use crate::ids::{ConversationId, DatasetId, WorkspaceId};
use crate::protocol::WireMessage;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::types::Json;
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Conversation {
    #[sqlx(rename = "id")]
    pub conversation_id: ConversationId,
    /// The first question, until somebody renames it.
    pub title: String,
    pub dataset_id: Option<DatasetId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// A turn is running right now.
    pub running: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationPage {
    pub items: Vec<Conversation>,
    /// Give it as `before` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<super::Cursor>,
}

const COLUMNS: &str = "c.id, c.title, c.dataset_id, c.created_at, c.updated_at,
    exists (select from turns t where t.conversation_id = c.id and t.status = 'running') as running";

impl Store {
    /// Fails with [`StoreError::Conflict`] when the id is taken.
    pub async fn create_conversation(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        id: ConversationId,
        title: &str,
        dataset: Option<DatasetId>,
    ) -> Result<Conversation> {
        Ok(sqlx::query_as(
            "insert into conversations (id, workspace_id, owner, title, dataset_id)
             values ($1, $2, $3, $4, $5)
             returning id, title, dataset_id, created_at, updated_at, false as running",
        )
        .bind(id)
        .bind(workspace)
        .bind(owner)
        .bind(title)
        .bind(dataset)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn conversation(&self, owner: &str, id: ConversationId) -> Result<Conversation> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from conversations c
              where c.id = $1 and c.owner = $2 and c.deleted_at is null"
        )))
        .bind(id)
        .bind(owner)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Newest first. `search` is matched within titles and questions, whatever the case.
    pub async fn conversations(
        &self,
        owner: &str,
        search: Option<&str>,
        before: Option<super::Cursor>,
        limit: i64,
    ) -> Result<ConversationPage> {
        let mut items: Vec<Conversation> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from conversations c
              where c.owner = $1 and c.deleted_at is null
                and ($2::timestamptz is null or (c.updated_at, c.id) < ($2, $5))
                and ($3::text is null
                     or position(lower($3) in lower(c.title)) > 0
                     or exists (select from turns t
                                 where t.conversation_id = c.id
                                   and position(lower($3) in lower(t.question)) > 0))
              order by c.updated_at desc, c.id desc
              limit $4"
        )))
        .bind(owner)
        .bind(before.map(|before| before.at))
        .bind(search)
        .bind(limit + 1)
        .bind(before.map(|before| before.id))
        .fetch_all(&self.pool)
        .await?;
        let more = items.len() as i64 > limit;
        items.truncate(usize::try_from(limit).unwrap_or(0));
        let next = items
            .last()
            .filter(|_| more)
            .map(|conversation| super::Cursor {
                at: conversation.updated_at,
                id: conversation.conversation_id.0,
            });
        Ok(ConversationPage { items, next })
    }

    pub async fn rename_conversation(
        &self,
        owner: &str,
        id: ConversationId,
        title: &str,
    ) -> Result<Conversation> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with c as (
                update conversations set title = $3
                 where id = $1 and owner = $2 and deleted_at is null
                 returning *)
             select {COLUMNS} from c"
        )))
        .bind(id)
        .bind(owner)
        .bind(title)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn delete_conversation(&self, owner: &str, id: ConversationId) -> Result<()> {
        let done = sqlx::query(
            "update conversations set deleted_at = now()
              where id = $1 and owner = $2 and deleted_at is null",
        )
        .bind(id)
        .bind(owner)
        .execute(&self.pool)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    /// The newest `limit` messages, oldest first.
    pub async fn messages(&self, id: ConversationId, limit: i64) -> Result<Vec<WireMessage>> {
        let rows: Vec<Json<WireMessage>> = sqlx::query_scalar(
            "select message from (
                select message, position from messages
                 where conversation_id = $1 order by position desc limit $2) newest
              order by position",
        )
        .bind(id)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|message| message.0).collect())
    }
}
