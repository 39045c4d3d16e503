//! Turns: one question and everything done to answer it.

use super::{Feedback, Result, Store, StoreError};
use crate::ids::{ConversationId, DatasetId, TurnId, WorkspaceId};
use crate::protocol::{Interrupt, RunResult, StageName, TokenUsage, WireMessage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::types::Json;
use std::time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

/// Sequence numbers are handed out in blocks of this many, so that an event costs no statement.
pub const SEQUENCE_BLOCK: u64 = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum TurnStatus {
    Running,
    Succeeded,
    Failed,
    Cancelled,
    /// It asked the person something.
    Interrupted,
}

/// A turn as the REST API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Turn {
    pub turn_id: TurnId,
    pub conversation_id: ConversationId,
    pub dataset_id: Option<DatasetId>,
    pub question: String,
    pub status: TurnStatus,
    pub stages: Vec<StageRecord>,
    #[serde(flatten)]
    pub result: TurnResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupt: Option<Interrupt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Feedback>,
    pub usage: Vec<TokenUsage>,
    pub trace_id: String,
    pub started_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

/// [`RunResult`] with the names of the REST API; all absent when the turn did not succeed.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TurnResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<crate::protocol::AnswerKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<crate::query::Dialect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// In 0..=1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust: Option<crate::protocol::Trust>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_id: Option<crate::ids::ResultId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generator: Option<crate::protocol::GeneratorName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

impl From<RunResult> for TurnResult {
    fn from(result: RunResult) -> Self {
        Self {
            kind: Some(result.kind),
            query: result.query,
            dialect: result.dialect,
            explanation: result.explanation,
            confidence: Some(result.confidence),
            trust: Some(result.trust),
            attempts: Some(result.attempts),
            result_id: result.result_id,
            row_count: result.row_count,
            truncated: result.truncated,
            generator: Some(result.generator),
            answer: result.answer,
            suggestions: result.suggestions,
        }
    }
}

/// One run of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StageRecord {
    pub name: StageName,
    pub attempt: u32,
    pub ms: u64,
    pub finding: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorRecord {
    pub code: String,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    #[serde(default)]
    pub retryable: bool,
}

#[derive(Clone, Debug)]
pub struct NewTurn {
    pub id: TurnId,
    pub conversation_id: ConversationId,
    pub workspace_id: WorkspaceId,
    pub owner: String,
    pub dataset_id: Option<DatasetId>,
    pub input_hash: Vec<u8>,
    pub input: Value,
    pub question: String,
    /// For a conversation that has none yet.
    pub title: String,
    /// The person's new messages.
    pub messages: Vec<WireMessage>,
    pub lease_owner: Uuid,
    /// How long the owner may be silent before the turn is taken for dead.
    pub lease: Duration,
    pub trace_id: String,
}

/// What became of a submit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is committed, and the caller owns the sequence numbers above `sequence_after`.
    Started { sequence_after: u64 },
    /// The same submit came before: follow that turn.
    Attached,
    /// The id was used with other content.
    Reused,
    /// Another turn of the conversation is running.
    Busy,
}

/// What a turn came to.
#[derive(Clone, Debug)]
pub struct FinishedTurn {
    pub id: TurnId,
    pub conversation_id: ConversationId,
    pub lease_owner: Uuid,
    pub status: TurnStatus,
    pub stages: Vec<StageRecord>,
    pub result: Option<RunResult>,
    pub error: Option<ErrorRecord>,
    pub interrupt: Option<Interrupt>,
    pub usage: Vec<TokenUsage>,
    pub messages: Vec<WireMessage>,
    pub terminal_event: String,
    pub terminal_seq: u64,
}

/// A turn whose owner has been silent too long.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct ExpiredTurn {
    pub id: TurnId,
    pub conversation_id: ConversationId,
}

impl Store {
    /// Commits a submit, once: the conversation if it is new, the turn, the person's messages, and a
    /// block of sequence numbers.
    ///
    /// Fails with [`StoreError::NotFound`] when the conversation is somebody else's.
    pub async fn begin_turn(&self, new: &NewTurn) -> Result<Begun> {
        let (ids, messages): (Vec<&str>, Vec<Json<&WireMessage>>) = new
            .messages
            .iter()
            .map(|message| (message.id(), Json(message)))
            .unzip();
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "with conversation as (
                insert into conversations (id, workspace_id, owner, title, dataset_id, seq_hi)
                select $1, $2, $3, $4, $5, {SEQUENCE_BLOCK}
                 -- a submit that comes again, or is refused, changes nothing
                 where not exists (select from turns where id = $6)
                on conflict (id) do update
                   set seq_hi = conversations.seq_hi + {SEQUENCE_BLOCK},
                       updated_at = now(),
                       dataset_id = coalesce(excluded.dataset_id, conversations.dataset_id),
                       title = case when conversations.title = '' then excluded.title
                                    else conversations.title end
                 where conversations.owner = excluded.owner
                   and conversations.deleted_at is null
                returning id, seq_hi
             ), turn as (
                insert into turns (id, conversation_id, dataset_id, input_hash, input, question,
                                   status, lease_owner, lease_until, trace_id)
                select $6, conversation.id, $5, $7, $8, $9,
                       'running', $10, now() + make_interval(secs => $14), $11
                  from conversation
                on conflict (id) do nothing
                returning id
             ), said as (
                insert into messages (conversation_id, id, turn_id, message)
                select $1, new.id, turn.id, new.message
                  from turn, unnest($12::text[], $13::jsonb[]) with ordinality
                             as new (id, message, position)
                 order by new.position
                on conflict (conversation_id, id) do nothing
             )
             select conversation.seq_hi, turn.id is not null as started
               from conversation left join turn on true"
        )))
        .bind(new.conversation_id)
        .bind(new.workspace_id)
        .bind(&new.owner)
        .bind(&new.title)
        .bind(new.dataset_id)
        .bind(new.id)
        .bind(&new.input_hash)
        .bind(Json(&new.input))
        .bind(&new.question)
        .bind(new.lease_owner)
        .bind(&new.trace_id)
        .bind(ids)
        .bind(messages)
        .bind(new.lease.as_secs_f64())
        .fetch_optional(&self.pool)
        .await;
        let row = match row.map_err(StoreError::from) {
            Ok(row) => row,
            Err(StoreError::Conflict(constraint))
                if constraint == "one_running_turn_per_conversation" =>
            {
                return Ok(Begun::Busy);
            }
            Err(error) => return Err(error),
        };
        let conversation_is_ours = row.is_some();
        if let Some(row) = row
            && row.try_get::<bool, _>("started")?
        {
            let high: i64 = row.try_get("seq_hi")?;
            return Ok(Begun::Started {
                sequence_after: high as u64 - SEQUENCE_BLOCK,
            });
        }
        let same: Option<bool> = sqlx::query_scalar(
            "select conversation_id = $2 and input_hash = $3 from turns where id = $1",
        )
        .bind(new.id)
        .bind(new.conversation_id)
        .bind(&new.input_hash)
        .fetch_optional(&self.pool)
        .await?;
        match same {
            Some(true) => Ok(Begun::Attached),
            Some(false) => Ok(Begun::Reused),
            None if conversation_is_ours => Ok(Begun::Reused),
            None => Err(StoreError::NotFound),
        }
    }

    /// Saves what a running turn has so far, for the case that its process dies.
    pub async fn save_progress(
        &self,
        id: TurnId,
        lease_owner: Uuid,
        stages: &[StageRecord],
        partial: &[WireMessage],
    ) -> Result<()> {
        sqlx::query(
            "update turns set stages = $3, partial = $4
              where id = $1 and lease_owner = $2 and status = 'running'",
        )
        .bind(id)
        .bind(lease_owner)
        .bind(Json(stages))
        .bind(Json(partial))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Commits what a turn came to. `false`: it was no longer the caller's to end.
    pub async fn finish_turn(&self, turn: &FinishedTurn) -> Result<bool> {
        let (ids, messages): (Vec<&str>, Vec<Json<&WireMessage>>) = turn
            .messages
            .iter()
            .map(|message| (message.id(), Json(message)))
            .unzip();
        let ended: Option<TurnId> = sqlx::query_scalar(
            "with turn as (
                update turns
                   set status = $3, stages = $4, result = $5, error = $6, interrupt = $7,
                       usage = $8, terminal_event = $9, terminal_seq = $10,
                       partial = '[]', finished_at = now()
                 where id = $1 and lease_owner = $2 and status = 'running'
                 returning id, conversation_id
             ), said as (
                insert into messages (conversation_id, id, turn_id, message)
                select turn.conversation_id, new.id, turn.id, new.message
                  from turn, unnest($11::text[], $12::jsonb[]) with ordinality
                             as new (id, message, position)
                 order by new.position
                on conflict (conversation_id, id) do update set message = excluded.message
             ), touched as (
                update conversations set updated_at = now()
                 where id = (select conversation_id from turn)
             )
             select id from turn",
        )
        .bind(turn.id)
        .bind(turn.lease_owner)
        .bind(turn.status)
        .bind(Json(&turn.stages))
        .bind(turn.result.as_ref().map(Json))
        .bind(turn.error.as_ref().map(Json))
        .bind(turn.interrupt.as_ref().map(Json))
        .bind(Json(&turn.usage))
        .bind(&turn.terminal_event)
        .bind(turn.terminal_seq as i64)
        .bind(ids)
        .bind(messages)
        .fetch_optional(&self.pool)
        .await?;
        Ok(ended.is_some())
    }

    /// Says that the owner of these turns is alive.
    pub async fn renew_leases(
        &self,
        lease_owner: Uuid,
        turns: &[TurnId],
        lease: Duration,
    ) -> Result<()> {
        sqlx::query(
            "update turns set lease_until = now() + make_interval(secs => $3)
              where lease_owner = $1 and status = 'running' and id = any($2)",
        )
        .bind(lease_owner)
        .bind(turns)
        .bind(lease.as_secs_f64())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Running turns whose owner is silent.
    pub async fn expired_turns(&self) -> Result<Vec<ExpiredTurn>> {
        Ok(sqlx::query_as(
            "select id, conversation_id from turns
              where status = 'running' and lease_until < now()",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Ends a dead owner's turn; what it had said so far becomes its messages.
    pub async fn end_expired_turn(
        &self,
        turn: ExpiredTurn,
        error: &ErrorRecord,
        terminal_event: &str,
        terminal_seq: u64,
    ) -> Result<bool> {
        let ended: Option<TurnId> = sqlx::query_scalar(
            "with turn as (
                update turns
                   set status = 'failed', error = $2, terminal_event = $3, terminal_seq = $4,
                       finished_at = now()
                 where id = $1 and status = 'running' and lease_until < now()
                 returning id, conversation_id, partial
             ), said as (
                insert into messages (conversation_id, id, turn_id, message)
                select turn.conversation_id, part ->> 'id', turn.id, part
                  from turn, jsonb_array_elements(turn.partial) part
                on conflict (conversation_id, id) do nothing
             )
             select id from turn",
        )
        .bind(turn.id)
        .bind(Json(error))
        .bind(terminal_event)
        .bind(terminal_seq as i64)
        .fetch_optional(&self.pool)
        .await?;
        Ok(ended.is_some())
    }

    /// The newest turn that has ended: its id, its terminal event, its sequence number.
    pub async fn last_terminal(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<(TurnId, String, u64)>> {
        let row: Option<(TurnId, String, i64)> = sqlx::query_as(
            "select id, terminal_event, terminal_seq from turns
              where conversation_id = $1 and terminal_seq is not null
              order by terminal_seq desc limit 1",
        )
        .bind(conversation)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(id, event, seq)| (id, event, seq as u64)))
    }

    /// The terminal event of a turn and its sequence number; `None` while it runs.
    pub async fn terminal_event(&self, owner: &str, id: TurnId) -> Result<Option<(String, u64)>> {
        let row: (Option<String>, Option<i64>) = sqlx::query_as(
            "select t.terminal_event, t.terminal_seq
               from turns t join conversations c on c.id = t.conversation_id
              where t.id = $2 and c.owner = $1 and c.deleted_at is null",
        )
        .bind(owner)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(row.0.zip(row.1).map(|(event, seq)| (event, seq as u64)))
    }

    pub async fn turn(&self, owner: &str, id: TurnId) -> Result<Turn> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} {FROM} where t.id = $2 and c.owner = $1 and c.deleted_at is null"
        )))
        .bind(owner)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        turn(&row)
    }

    pub async fn knows_turn(&self, id: TurnId) -> Result<bool> {
        Ok(
            sqlx::query_scalar("select exists (select from turns where id = $1)")
                .bind(id)
                .fetch_one(&self.pool)
                .await?,
        )
    }

    /// Makes every running turn one whose owner is dead: for a store that only we use, when we begin.
    pub async fn expire_running_turns(&self) -> Result<()> {
        sqlx::query(
            "update turns set lease_until = now() - interval '1 second' where status = 'running'",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// What a turn was begun with.
    pub async fn turn_input(&self, id: TurnId) -> Result<Value> {
        let input: Json<Value> = sqlx::query_scalar("select input from turns where id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        Ok(input.0)
    }

    /// Which of these messages belong to another turn of the conversation.
    pub async fn messages_of_other_turns(
        &self,
        conversation: ConversationId,
        turn: TurnId,
        ids: &[&str],
    ) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "select id from messages
              where conversation_id = $1 and turn_id <> $2 and id = any($3)",
        )
        .bind(conversation)
        .bind(turn)
        .bind(ids)
        .fetch_all(&self.pool)
        .await?)
    }

    /// All of a conversation, oldest first.
    pub async fn turns(&self, owner: &str, conversation: ConversationId) -> Result<Vec<Turn>> {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} {FROM}
              where t.conversation_id = $2 and c.owner = $1 and c.deleted_at is null
              order by t.started_at"
        )))
        .bind(owner)
        .bind(conversation)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(turn)
        .collect()
    }

    /// The newest `limit` turns that have ended, oldest first: what a follow-up may refer to.
    pub async fn recent_turns(
        &self,
        owner: &str,
        conversation: ConversationId,
        limit: i64,
    ) -> Result<Vec<Turn>> {
        let mut turns = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} {FROM}
              where t.conversation_id = $2 and c.owner = $1 and c.deleted_at is null
                and t.status <> 'running'
              order by t.started_at desc
              limit $3"
        )))
        .bind(owner)
        .bind(conversation)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(turn)
        .collect::<Result<Vec<_>>>()?;
        turns.reverse();
        Ok(turns)
    }
}

const COLUMNS: &str = "t.id, t.conversation_id, t.dataset_id, t.question, t.status, t.stages,
    t.result, t.error, t.interrupt, t.usage, t.trace_id, t.started_at, t.finished_at,
    f.rating, f.category, f.comment, f.correction, f.updated_at as feedback_at";

const FROM: &str = "from turns t
    join conversations c on c.id = t.conversation_id
    left join feedback f on f.turn_id = t.id and f.owner = $1";

fn turn(row: &sqlx::postgres::PgRow) -> Result<Turn> {
    let result: Option<Json<RunResult>> = row.try_get("result")?;
    let error: Option<Json<ErrorRecord>> = row.try_get("error")?;
    let interrupt: Option<Json<Interrupt>> = row.try_get("interrupt")?;
    let stages: Json<Vec<StageRecord>> = row.try_get("stages")?;
    let usage: Json<Vec<TokenUsage>> = row.try_get("usage")?;
    Ok(Turn {
        turn_id: row.try_get("id")?,
        conversation_id: row.try_get("conversation_id")?,
        dataset_id: row.try_get("dataset_id")?,
        question: row.try_get("question")?,
        status: row.try_get("status")?,
        stages: stages.0,
        result: result.map(|result| result.0.into()).unwrap_or_default(),
        interrupt: interrupt.map(|interrupt| interrupt.0),
        error: error.map(|error| error.0),
        feedback: Feedback::of_row(row)?,
        usage: usage.0,
        trace_id: row.try_get("trace_id")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
    })
}
