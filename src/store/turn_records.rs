//! What turns can be played again from, and what spoke for and against their answers.

use super::{Result, Store};
use crate::ids::{ConversationId, ResultId, TurnId, WorkspaceId};
use crate::protocol::Chart;
use crate::target::Rows;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;

/// A record as it was kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TurnRecord {
    pub dataset_version: i32,
    /// Of the program that ran the turn.
    pub version: String,
    /// JSON
    pub record: String,
}

/// What spoke for an answer, and what somebody said of it.
#[derive(Clone, Debug)]
pub struct JudgedAnswer {
    pub signals: Value,
    pub confidence: f32,
    pub right: bool,
}

impl Store {
    pub async fn keep_turn_record(
        &self,
        turn: TurnId,
        record: &TurnRecord,
        signals: Option<(&Value, f32)>,
    ) -> Result<()> {
        sqlx::query(
            "with kept as (
                insert into turn_records (turn_id, dataset_version, version, record)
                values ($1, $2, $3, $4)
                on conflict (turn_id) do update
                   set dataset_version = excluded.dataset_version, version = excluded.version,
                       record = excluded.record
             )
             insert into turn_signals (turn_id, signals, confidence)
             select $1, $5, $6 where $5::jsonb is not null
             on conflict (turn_id) do update
                set signals = excluded.signals, confidence = excluded.confidence",
        )
        .bind(turn)
        .bind(record.dataset_version)
        .bind(&record.version)
        .bind(&record.record)
        .bind(signals.map(|(signals, _)| Json(signals)))
        .bind(signals.map(|(_, confidence)| confidence))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// `None` for a turn that ended without one: its process died, or it is older than records are.
    pub async fn turn_record(&self, turn: TurnId) -> Result<Option<TurnRecord>> {
        Ok(sqlx::query_as(
            "select dataset_version, version, record from turn_records where turn_id = $1",
        )
        .bind(turn)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// A result with all its rows, whoever it belongs to; `None` when it is too old to be there.
    pub async fn whole_result(&self, id: ResultId) -> Result<Option<(Rows, Option<Chart>)>> {
        let owner: Option<String> = sqlx::query_scalar("select owner from results where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(owner) = owner else {
            return Ok(None);
        };
        let result = self.result(&owner, id).await?;
        let rows = Rows {
            rows: self.result_rows(id, 0, result.row_count).await?,
            columns: result.columns,
            truncated: result.truncated,
            elapsed_ms: result.elapsed_ms,
        };
        Ok(Some((rows, result.chart)))
    }

    /// Answers that people judged, the newest first: thumbs, of all who gave one.
    pub async fn judged_answers(
        &self,
        workspace: WorkspaceId,
        limit: i64,
    ) -> Result<Vec<JudgedAnswer>> {
        let rows: Vec<(Json<Value>, f32, bool)> = sqlx::query_as(
            "select s.signals, s.confidence, bool_and(f.rating = 'up')
               from turn_signals s
               join turns t on t.id = s.turn_id
               join conversations c on c.id = t.conversation_id
               join feedback f on f.turn_id = s.turn_id
              where c.workspace_id = $1
              group by s.turn_id
              order by max(f.updated_at) desc
              limit $2",
        )
        .bind(workspace)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(signals, confidence, right)| JudgedAnswer {
                signals: signals.0,
                confidence,
                right,
            })
            .collect())
    }

    /// The older part of a conversation in a few sentences, and up to which turn's start it goes.
    pub async fn summary(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<(String, DateTime<Utc>)>> {
        Ok(sqlx::query_as(
            "select summary, upto from conversation_summaries where conversation_id = $1",
        )
        .bind(conversation)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Keeps a summary, unless a newer one is there.
    pub async fn keep_summary(
        &self,
        conversation: ConversationId,
        summary: &str,
        upto: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "insert into conversation_summaries as s (conversation_id, summary, upto)
             select id, $2, $3 from conversations where id = $1
             on conflict (conversation_id) do update
                set summary = excluded.summary, upto = excluded.upto, updated_at = now()
              where s.upto < excluded.upto",
        )
        .bind(conversation)
        .bind(summary)
        .bind(upto)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
