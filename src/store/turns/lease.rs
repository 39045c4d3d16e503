//! Leases: who may write a running turn, how they say that they are alive, who takes over when they are not.

use super::{OpenItems, Result, SEQUENCE_BLOCK, SavedProgress, StageRecord, Store};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{TokenUsage, WireMessage};
use sqlx::Row as _;
use sqlx::types::Json;
use std::time::Duration;
use uuid::Uuid;

/// The right to write a running turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub turn: TurnId,
    pub conversation: ConversationId,
    /// Also the last of the sequence numbers that came with it.
    pub fence: u64,
}

impl Lease {
    /// The numbers that came with it.
    pub fn numbers(&self) -> std::ops::RangeInclusive<u64> {
        self.fence - SEQUENCE_BLOCK + 1..=self.fence
    }
}

/// A lease that is still the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewed {
    pub turn: TurnId,
    pub fence: u64,
    /// Somebody asked for the turn to be stopped.
    pub cancel: bool,
}

/// A dead owner's turn, now the caller's to end.
#[derive(Clone, Debug)]
pub struct TakenOver {
    pub lease: Lease,
    pub owner: String,
    pub trace_id: String,
    pub messages: Vec<WireMessage>,
    pub stages: Vec<StageRecord>,
    pub usage: Vec<TokenUsage>,
}

impl Store {
    /// A fresh block of sequence numbers: the highest of the 4096 that are now the lease's. `None`: the
    /// lease is somebody else's by now.
    pub async fn allocate_sequence(&self, lease: Lease) -> Result<Option<u64>> {
        let high: Option<i64> = sqlx::query_scalar(
            "update conversations set seq_hi = seq_hi + $3
              where id = $1 and fence = $2 returning seq_hi",
        )
        .bind(lease.conversation)
        .bind(lease.fence as i64)
        .bind(SEQUENCE_BLOCK as i64)
        .fetch_optional(&self.pool)
        .await?;
        Ok(high.map(|high| high as u64))
    }

    /// Saves what running turns have so far: for other processes, and for the case that this one dies. A turn that is
    /// not among the answers is no longer the caller's.
    ///
    /// It is not waited for until it is on disk: what a crash of the database takes with it is the last second of a
    /// turn that has said nothing final yet.
    pub async fn save_progress(&self, all: &[(Lease, &SavedProgress)]) -> Result<Vec<TurnId>> {
        let leases = all.iter().map(|(lease, _)| lease);
        let turns: Vec<Uuid> = leases.clone().map(|lease| lease.turn.0).collect();
        let fences: Vec<i64> = leases.map(|lease| lease.fence as i64).collect();
        let progress = all.iter().map(|(_, progress)| progress);
        let stages: Vec<_> = progress.clone().map(|one| Json(&one.stages)).collect();
        let messages: Vec<_> = progress.clone().map(|one| Json(&one.messages)).collect();
        let open: Vec<_> = progress.clone().map(|one| Json(&one.open)).collect();
        let numbers: Vec<i64> = progress.map(|one| one.seq as i64).collect();
        Ok(sqlx::query_scalar(
            "with relaxed as (
                select set_config('synchronous_commit', 'off', true)
             ), saved as (
                select * from unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::jsonb[], $5::jsonb[],
                                     $6::bigint[])
                              as saved (turn, fence, stages, partial, open_items, seq)
             ), held as (
                -- in the same order as whoever else takes several
                select turns.id from turns join saved on turns.id = saved.turn and turns.fence = saved.fence
                 where turns.status = 'running'
                 order by turns.id for no key update of turns
             )
             update turns
                set stages = saved.stages, partial = saved.partial, open_items = saved.open_items,
                    progress_seq = saved.seq
               from relaxed, saved join held on held.id = saved.turn
              where turns.id = held.id
             returning turns.id",
        )
        .bind(turns)
        .bind(fences)
        .bind(stages)
        .bind(messages)
        .bind(open)
        .bind(numbers)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Says that the owner of these turns is alive. A lease that is not among the answers is lost.
    pub async fn renew_leases(&self, leases: &[Lease], length: Duration) -> Result<Vec<Renewed>> {
        let turns: Vec<Uuid> = leases.iter().map(|lease| lease.turn.0).collect();
        let fences: Vec<i64> = leases.iter().map(|lease| lease.fence as i64).collect();
        let rows: Vec<(TurnId, i64, bool)> = sqlx::query_as(
            "with held as (
                -- in the same order as whoever else takes several
                select turns.id
                  from turns join unnest($1::uuid[], $2::bigint[]) as held (turn, fence)
                       on turns.id = held.turn and turns.fence = held.fence
                 where turns.status = 'running'
                 order by turns.id for no key update of turns
             )
             update turns set lease_until = now() + make_interval(secs => $3)
               from held
              where turns.id = held.id
             returning turns.id, turns.fence, turns.cancel_at is not null",
        )
        .bind(turns)
        .bind(fences)
        .bind(length.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        let renewed = rows.into_iter().map(|(turn, fence, cancel)| Renewed {
            turn,
            fence: fence as u64,
            cancel,
        });
        Ok(renewed.collect())
    }

    /// Turns of this owner that somebody wants stopped.
    pub async fn cancels_requested(&self, lease_owner: Uuid) -> Result<Vec<TurnId>> {
        Ok(sqlx::query_scalar(
            "select id from turns
              where lease_owner = $1 and status = 'running' and cancel_at is not null",
        )
        .bind(lease_owner)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Asks the owner of a running turn, wherever it is, to stop it; `turn: None` means whichever runs.
    /// `false`: none does.
    pub async fn request_cancel(
        &self,
        conversation: ConversationId,
        turn: Option<TurnId>,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update turns set cancel_at = coalesce(cancel_at, now())
              where conversation_id = $1 and status = 'running' and ($2::uuid is null or id = $2)",
        )
        .bind(conversation)
        .bind(turn)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Running turns whose owner is silent.
    pub async fn expired_turns(&self) -> Result<Vec<(TurnId, ConversationId)>> {
        Ok(sqlx::query_as(
            "select id, conversation_id from turns
              where status = 'running' and lease_until < now()
              order by lease_until limit 1000",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Takes a dead owner's turn, with sequence numbers above all that the dead one had. From here on the
    /// old owner's writes find nothing. Whoever takes it has `length` to end it. `None`: somebody else did, or the owner is alive after all.
    pub async fn take_over(
        &self,
        turn: TurnId,
        conversation: ConversationId,
        lease_owner: Uuid,
        length: Duration,
    ) -> Result<Option<TakenOver>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "with locked as (
                select id, seq_hi + {SEQUENCE_BLOCK} as fence from conversations
                 where id = $2 for update
             ), turn as (
                update turns t set lease_owner = $3, fence = locked.fence,
                                   lease_until = now() + make_interval(secs => $4)
                  from locked
                 where t.id = $1 and t.conversation_id = locked.id
                   and t.status = 'running' and t.lease_until < now()
                returning t.conversation_id, t.fence, t.owner, t.trace_id, t.partial, t.stages, t.usage
             ), numbers as (
                update conversations c set seq_hi = turn.fence, fence = turn.fence
                  from turn where c.id = turn.conversation_id
             )
             select * from turn"
        )))
        .bind(turn)
        .bind(conversation)
        .bind(lease_owner)
        .bind(length.as_secs_f64())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let fence: i64 = row.try_get("fence")?;
        let messages: Json<Vec<WireMessage>> = row.try_get("partial")?;
        let stages: Json<Vec<StageRecord>> = row.try_get("stages")?;
        let usage: Json<Vec<TokenUsage>> = row.try_get("usage")?;
        Ok(Some(TakenOver {
            lease: Lease {
                turn,
                conversation,
                fence: fence as u64,
            },
            owner: row.try_get("owner")?,
            trace_id: row.try_get("trace_id")?,
            messages: messages.0,
            stages: stages.0,
            usage: usage.0,
        }))
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
}

/// From a row of `turns`.
pub(super) fn progress(row: &sqlx::postgres::PgRow) -> Result<SavedProgress> {
    let seq: i64 = row.try_get("progress_seq")?;
    let messages: Json<Vec<WireMessage>> = row.try_get("partial")?;
    let stages: Json<Vec<StageRecord>> = row.try_get("stages")?;
    let open: Json<OpenItems> = row.try_get("open_items")?;
    Ok(SavedProgress {
        seq: seq as u64,
        messages: messages.0,
        stages: stages.0,
        open: open.0,
    })
}
