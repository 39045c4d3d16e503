//! What a process that does not run a turn can know of it.

use super::lease::progress;
use super::{Result, SavedProgress, Store};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::WireMessage;
use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

/// Messages that a snapshot shows at most, and their size.
const HISTORY_MESSAGES: i64 = 200;
const HISTORY_BYTES: i64 = 2 * 1024 * 1024;

/// A conversation as a process finds it that holds no log of it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whether the asking person may see it.
    pub allowed: bool,
    /// The newest turn that has ended: its terminal event and its sequence number.
    pub ended: Option<(TurnId, String, u64)>,
    pub running: Option<RunningTurn>,
    /// The newest ones, oldest first.
    pub messages: Vec<WireMessage>,
}

/// A turn that is running, as its owner last saved it.
#[derive(Clone, Debug)]
pub struct RunningTurn {
    pub id: TurnId,
    pub lease_owner: Uuid,
    pub progress: SavedProgress,
}

/// How a turn of another process stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ElsewhereTurn {
    pub id: TurnId,
    pub conversation_id: ConversationId,
    pub owner: String,
    pub running: bool,
    progress_seq: i64,
    terminal_seq: Option<i64>,
}

impl ElsewhereTurn {
    /// The newest event that the store knows of.
    pub fn seq(&self) -> u64 {
        self.terminal_seq.unwrap_or(self.progress_seq) as u64
    }
}

impl Store {
    /// Everything that a log begins with, in one statement; `None` when there is no such conversation.
    pub async fn open_conversation(
        &self,
        owner: &str,
        id: ConversationId,
    ) -> Result<Option<Opened>> {
        let row = sqlx::query(
            "select c.owner = $2 and c.deleted_at is null as allowed,
                    e.id as ended, e.terminal_event, e.terminal_seq,
                    r.id as running, r.lease_owner, r.progress_seq, r.partial, r.stages, r.open_items,
                    (select coalesce(jsonb_agg(m.message order by m.position), '[]')
                       from (select message, position,
                                    sum(length(message::text)) over (order by position desc) as size
                               from (select message, position from messages
                                      where conversation_id = c.id
                                      order by position desc limit $3) newest) m
                      where m.size <= $4) as messages
               from conversations c
               left join lateral (
                    select id, terminal_event, terminal_seq from turns
                     where conversation_id = c.id and terminal_seq is not null
                     order by terminal_seq desc limit 1) e on true
               left join turns r on r.conversation_id = c.id and r.status = 'running'
              where c.id = $1",
        )
        .bind(id)
        .bind(owner)
        .bind(HISTORY_MESSAGES)
        .bind(HISTORY_BYTES)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let ended: Option<TurnId> = row.try_get("ended")?;
        let running: Option<TurnId> = row.try_get("running")?;
        let messages: Json<Vec<WireMessage>> = row.try_get("messages")?;
        Ok(Some(Opened {
            allowed: row.try_get("allowed")?,
            ended: match ended {
                None => None,
                Some(id) => {
                    let seq: i64 = row.try_get("terminal_seq")?;
                    Some((id, row.try_get("terminal_event")?, seq as u64))
                }
            },
            running: match running {
                None => None,
                Some(id) => Some(RunningTurn {
                    id,
                    lease_owner: row.try_get("lease_owner")?,
                    progress: progress(&row)?,
                }),
            },
            messages: messages.0,
        }))
    }

    /// What a running turn has said, as far as its owner saved it; `None` once it has ended.
    pub async fn progress_of(&self, turn: TurnId) -> Result<Option<SavedProgress>> {
        sqlx::query(
            "select progress_seq, partial, stages, open_items from turns
              where id = $1 and status = 'running'",
        )
        .bind(turn)
        .fetch_optional(&self.pool)
        .await?
        .as_ref()
        .map(progress)
        .transpose()
    }

    /// Turns of other processes that are running or have ended since, and those that are asked for.
    pub async fn turns_elsewhere(
        &self,
        lease_owner: Uuid,
        since: DateTime<Utc>,
        asked_for: &[TurnId],
    ) -> Result<Vec<ElsewhereTurn>> {
        Ok(sqlx::query_as(
            "select id, conversation_id, owner, status = 'running' as running,
                    progress_seq, terminal_seq
               from turns
              where lease_owner <> $1 and status = 'running'
             union
             select id, conversation_id, owner, false, progress_seq, terminal_seq
               from turns
              where lease_owner <> $1 and finished_at > $2
             union
             select id, conversation_id, owner, status = 'running', progress_seq, terminal_seq
               from turns
              where id = any($3)",
        )
        .bind(lease_owner)
        .bind(since)
        .bind(asked_for)
        .fetch_all(&self.pool)
        .await?)
    }
}
