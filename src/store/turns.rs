//! Turns: one question and everything done to answer it.
//!
//! Whoever runs a turn holds its [`Lease`]: a fencing number that rises whenever the lease is taken. Every
//! write names it, so that a process that was taken for dead, and is not, changes nothing any more. All
//! times are the database's.

mod elsewhere;
mod lease;

pub use elsewhere::{ElsewhereTurn, Opened, RunningTurn};
pub use lease::{Lease, Renewed, TakenOver};

use super::{Feedback, PagedResult, Result, Store, StoreError};
use crate::ids::{ConversationId, DatasetId, TurnId, WorkspaceId};
use crate::protocol::{Interrupt, Qf, RunResult, StageName, TokenUsage, WireMessage};
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

/// How often a submit looks for a free place when others take them at the same moment.
const SLOT_TRIES: u32 = 20;

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
    /// The verified example that answered, when one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<crate::protocol::ExampleUse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<crate::protocol::DatasetName>,
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
            example: result.example,
            category: result.category,
            dataset: result.dataset,
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

/// How many turns may run at once in all processes; `None`: any number.
#[derive(Clone, Copy, Debug, Default)]
pub struct TurnLimits {
    pub of_owner: Option<usize>,
    pub of_workspace: Option<usize>,
}

/// What became of a submit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is committed, and the caller holds its lease.
    Started {
        lease: Lease,
        /// Of the terminal event of the turn before it; 0 when there was none.
        previous_seq: u64,
    },
    /// The same submit came before: follow that turn.
    Attached {
        /// It is running and was begun by this very process, perhaps by a commit whose answer was lost.
        ours: Option<Lease>,
    },
    /// The id was used with other content.
    Reused,
    /// Another turn of the conversation is running.
    Busy,
    /// The person has as many running as they may.
    OwnerFull,
    /// The workspace has.
    WorkspaceFull,
}

/// What a running turn has said so far, and which event of it was the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedProgress {
    pub seq: u64,
    pub messages: Vec<WireMessage>,
    pub stages: Vec<StageRecord>,
    pub open: OpenItems,
}

/// What has begun and not ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenItems {
    #[serde(default)]
    pub stages: Vec<(StageName, u32)>,
    #[serde(default)]
    pub texts: Vec<OpenText>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenText {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qf: Option<Qf>,
}

/// What a turn came to.
#[derive(Clone, Debug)]
pub struct FinishedTurn {
    pub lease: Lease,
    pub status: TurnStatus,
    pub stages: Vec<StageRecord>,
    pub result: Option<RunResult>,
    pub error: Option<ErrorRecord>,
    pub interrupt: Option<Interrupt>,
    pub usage: Vec<TokenUsage>,
    pub messages: Vec<WireMessage>,
    /// What its query returned.
    pub rows: Option<PagedResult>,
    pub terminal_event: String,
    pub terminal_seq: u64,
}

/// Turns, the oldest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TurnPage {
    pub items: Vec<Turn>,
    /// Give it as `before` for the turns before these; absent when there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<super::Cursor>,
}

impl Store {
    /// Commits a submit, once: the conversation if it is new, the turn, the person's messages, and a
    /// block of sequence numbers. A submit that is refused changes nothing.
    ///
    /// Fails with [`StoreError::NotFound`] when the conversation is somebody else's.
    pub async fn begin_turn(&self, new: &NewTurn, limits: TurnLimits) -> Result<Begun> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_begin(new, limits).await {
                // another submit took the free place that this one saw
                Err(StoreError::Conflict(constraint))
                    if constraint == "one_turn_per_owner_slot" && tries < SLOT_TRIES => {}
                Err(StoreError::Conflict(constraint))
                    if constraint == "one_turn_per_workspace_slot" && tries < SLOT_TRIES => {}
                Err(StoreError::Conflict(constraint)) => {
                    return match constraint.as_str() {
                        "one_running_turn_per_conversation" => {
                            // its own repetition is no other turn
                            Ok(self.begun_before(new).await?.unwrap_or(Begun::Busy))
                        }
                        "one_turn_per_owner_slot" => Ok(Begun::OwnerFull),
                        "one_turn_per_workspace_slot" => Ok(Begun::WorkspaceFull),
                        // the same submit, committed by somebody else in this moment
                        "turns_pkey" => Ok(self.begun_before(new).await?.unwrap_or(Begun::Reused)),
                        _ => Err(StoreError::Conflict(constraint)),
                    };
                }
                begun => return begun,
            }
        }
    }

    async fn try_begin(&self, new: &NewTurn, limits: TurnLimits) -> Result<Begun> {
        let (ids, messages): (Vec<&str>, Vec<Json<&WireMessage>>) = new
            .messages
            .iter()
            .map(|message| (message.id(), Json(message)))
            .unzip();
        let places = |limit: Option<usize>| limit.and_then(|limit| i32::try_from(limit).ok());
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "with owner_slot as (
                select slot from generate_series(1, $14::int) slot
                 where not exists (select from turns
                                    where owner = $3 and owner_slot = slot and status = 'running')
                 order by random() limit 1
             ), workspace_slot as (
                select slot from generate_series(1, $15::int) slot
                 where not exists (select from turns
                                    where workspace_id = $2 and workspace_slot = slot
                                      and status = 'running')
                 order by random() limit 1
             ), conversation as (
                insert into conversations (id, workspace_id, owner, title, dataset_id, seq_hi, fence)
                select $1, $2, $3, $4, $5, {SEQUENCE_BLOCK}, {SEQUENCE_BLOCK}
                 where not exists (select from turns where id = $6)
                   and ($14::int is null or exists (select from owner_slot))
                   and ($15::int is null or exists (select from workspace_slot))
                on conflict (id) do update
                   set seq_hi = conversations.seq_hi + {SEQUENCE_BLOCK},
                       fence = conversations.seq_hi + {SEQUENCE_BLOCK},
                       updated_at = now(),
                       dataset_id = coalesce(excluded.dataset_id, conversations.dataset_id),
                       title = case when conversations.title = '' then excluded.title
                                    else conversations.title end
                 where conversations.owner = excluded.owner
                   and conversations.deleted_at is null
                returning id, seq_hi, terminal_seq
             ), turn as (
                insert into turns (id, conversation_id, workspace_id, owner, dataset_id, input_hash,
                                   input, question, status, lease_owner, lease_until, fence,
                                   owner_slot, workspace_slot, partial, progress_seq, trace_id)
                select $6, conversation.id, $2, $3, $5, $7, $8, $9,
                       'running', $10, now() + make_interval(secs => $16), conversation.seq_hi,
                       (select slot from owner_slot), (select slot from workspace_slot),
                       to_jsonb($13::jsonb[]), conversation.seq_hi - {SEQUENCE_BLOCK} + 1, $11
                  from conversation
                returning id
             ), said as (
                insert into messages (conversation_id, id, turn_id, message)
                select $1, new.id, turn.id, new.message
                  from turn, unnest($12::text[], $13::jsonb[]) with ordinality
                             as new (id, message, position)
                 order by new.position
                on conflict (conversation_id, id) do nothing
             )
             select exists (select from turn) as started,
                    (select seq_hi from conversation) as seq_hi,
                    (select terminal_seq from conversation) as terminal_seq,
                    $14::int is not null and not exists (select from owner_slot) as owner_full,
                    $15::int is not null and not exists (select from workspace_slot) as workspace_full"
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
        .bind(places(limits.of_owner))
        .bind(places(limits.of_workspace))
        .bind(new.lease.as_secs_f64())
        .fetch_one(&self.pool)
        .await?;
        if row.try_get::<bool, _>("started")? {
            let fence: i64 = row.try_get("seq_hi")?;
            let previous: i64 = row.try_get("terminal_seq")?;
            return Ok(Begun::Started {
                lease: Lease {
                    turn: new.id,
                    conversation: new.conversation_id,
                    fence: fence as u64,
                },
                previous_seq: previous as u64,
            });
        }
        if let Some(before) = self.begun_before(new).await? {
            return Ok(before);
        }
        if row.try_get::<bool, _>("owner_full")? {
            Ok(Begun::OwnerFull)
        } else if row.try_get::<bool, _>("workspace_full")? {
            Ok(Begun::WorkspaceFull)
        } else {
            Err(StoreError::NotFound)
        }
    }

    /// What became of this submit when it came before; `None`: it did not.
    pub async fn begun_before(&self, new: &NewTurn) -> Result<Option<Begun>> {
        let row: Option<(bool, bool, i64)> = sqlx::query_as(
            "select conversation_id = $2 and owner = $5 and input_hash = $3,
                    status = 'running' and lease_owner = $4, fence
               from turns where id = $1",
        )
        .bind(new.id)
        .bind(new.conversation_id)
        .bind(&new.input_hash)
        .bind(new.lease_owner)
        .bind(&new.owner)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(same, ours, fence)| match same {
            true => Begun::Attached {
                ours: ours.then_some(Lease {
                    turn: new.id,
                    conversation: new.conversation_id,
                    fence: fence as u64,
                }),
            },
            false => Begun::Reused,
        }))
    }

    /// Commits what a turn came to, with its rows. `false`: it is no longer the caller's to end; what it
    /// came to instead is [`Store::terminal_of`].
    pub async fn finish_turn(&self, turn: &FinishedTurn) -> Result<bool> {
        let (ids, messages): (Vec<&str>, Vec<Json<&WireMessage>>) = turn
            .messages
            .iter()
            .map(|message| (message.id(), Json(message)))
            .unzip();
        let rows = turn.rows.as_ref();
        let done = sqlx::query(
            "with locked as (
                select id from conversations where id = $2 for update
             ), turn as (
                update turns
                   set status = $4, stages = $5, result = $6, error = $7, interrupt = $8,
                       usage = $9, terminal_event = $10, terminal_seq = $11,
                       partial = '[]', open_items = '{}', finished_at = now()
                  from locked
                 where turns.id = $1 and turns.conversation_id = locked.id
                   and turns.fence = $3 and turns.status = 'running'
                returning turns.id, turns.conversation_id
             ), said as (
                insert into messages (conversation_id, id, turn_id, message)
                select turn.conversation_id, new.id, turn.id, new.message
                  from turn, unnest($12::text[], $13::jsonb[]) with ordinality
                             as new (id, message, position)
                 order by new.position
                on conflict (conversation_id, id) do update set message = excluded.message
             ), result as (
                insert into results (id, workspace_id, owner, turn_id, columns, row_count,
                                     truncated, elapsed_ms, chart, size_bytes)
                select $14, $15, $16, turn.id, $17, $18, $19, $20, $21, $24
                  from turn where $14::uuid is not null
                returning id
             ), pages as (
                insert into result_pages (result_id, first_row, rows)
                select result.id, page.first_row, page.rows
                  from result, unnest($22::int[], $23::text[]) as page (first_row, rows)
             ), replies as (
                -- only a retry after a crash asks for them
                delete from model_replies
                 where turn_id = (select id from turn)
                   and coalesce($7::jsonb ->> 'code', '') <> 'SERVER_RESTART'
             )
             update conversations set updated_at = now(), terminal_seq = $11
               from turn where conversations.id = turn.conversation_id",
        )
        .bind(turn.lease.turn)
        .bind(turn.lease.conversation)
        .bind(turn.lease.fence as i64)
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
        .bind(rows.map(|rows| rows.id))
        .bind(rows.map(|rows| rows.workspace_id))
        .bind(rows.map(|rows| rows.owner.as_str()))
        .bind(rows.map(|rows| Json(&rows.columns)))
        .bind(rows.map(|rows| rows.row_count))
        .bind(rows.map(|rows| rows.truncated))
        .bind(rows.map(|rows| rows.elapsed_ms))
        .bind(rows.and_then(|rows| rows.chart.as_ref()).map(Json))
        .bind(rows.map_or(&[][..], |rows| &rows.firsts))
        .bind(rows.map_or(&[][..], |rows| &rows.pages))
        .bind(rows.map(|rows| rows.size_bytes() as i64))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The terminal event of a turn that has ended, and its sequence number.
    pub async fn terminal_of(&self, turn: TurnId) -> Result<Option<(String, u64)>> {
        let row: Option<(String, i64)> = sqlx::query_as(
            "select terminal_event, terminal_seq from turns
              where id = $1 and terminal_event is not null and status <> 'running'",
        )
        .bind(turn)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(event, seq)| (event, seq as u64)))
    }

    /// The terminal event of a person's turn and its sequence number; `None` while it runs.
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

    /// How long it is until the person may ask again, when they have asked so many questions within the last
    /// minute, at whichever process.
    pub async fn pace_of(&self, owner: &str, per_minute: u32) -> Result<Option<Duration>> {
        let seconds: Option<f64> = sqlx::query_scalar(
            "select extract(epoch from started_at + interval '1 minute' - now())::float8
               from turns
              where owner = $1 and started_at > now() - interval '1 minute'
              order by started_at desc offset $2 limit 1",
        )
        .bind(owner)
        .bind(i64::from(per_minute) - 1)
        .fetch_optional(&self.pool)
        .await?;
        Ok(seconds.map(|seconds| Duration::from_secs_f64(seconds.clamp(0.0, 60.0))))
    }

    pub async fn knows_turn(&self, id: TurnId) -> Result<bool> {
        Ok(
            sqlx::query_scalar("select exists (select from turns where id = $1)")
                .bind(id)
                .fetch_one(&self.pool)
                .await?,
        )
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

    /// The newest `limit` turns of a conversation that began before the cursor.
    pub async fn turns(
        &self,
        owner: &str,
        conversation: ConversationId,
        before: Option<super::Cursor>,
        limit: i64,
    ) -> Result<TurnPage> {
        let mut items = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} {FROM}
              where t.conversation_id = $2 and c.owner = $1 and c.deleted_at is null
                and ($3::timestamptz is null or (t.started_at, t.id) < ($3, $4))
              order by t.started_at desc, t.id desc
              limit $5"
        )))
        .bind(owner)
        .bind(conversation)
        .bind(before.map(|before| before.at))
        .bind(before.map(|before| before.id))
        .bind(limit + 1)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(turn)
        .collect::<Result<Vec<_>>>()?;
        let more = items.len() as i64 > limit;
        items.truncate(usize::try_from(limit).unwrap_or(0));
        items.reverse();
        let next = items.first().filter(|_| more).map(|turn| super::Cursor {
            at: turn.started_at,
            id: turn.turn_id.0,
        });
        Ok(TurnPage { items, next })
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
                -- one that a restart ended said nothing
                and coalesce(t.error ->> 'code', '') <> 'SERVER_RESTART'
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
