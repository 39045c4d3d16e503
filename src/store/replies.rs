//! Model replies, stored before they are used: a turn that is retried after a crash does not pay for a
//! finished call again.

use super::{Lease, Result, Store};
use crate::ids::TurnId;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use std::time::Duration;

/// A whole reply, as it is replayed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredReply {
    pub provider: String,
    pub model: String,
    pub text: String,
    pub usage: crate::llm::Usage,
    pub stop: crate::llm::StopReason,
}

impl Store {
    /// Keeps the reply of one call of a running turn. `false`: the turn is no longer the caller's.
    pub async fn keep_reply(
        &self,
        lease: Lease,
        task: &str,
        attempt: u32,
        request_hash: &[u8],
        reply: &StoredReply,
    ) -> Result<bool> {
        let done = sqlx::query(
            "insert into model_replies (turn_id, task, attempt, request_hash, reply)
             select id, $3, $4, $5, $6 from turns
              where id = $1 and fence = $2 and status = 'running'
             on conflict (turn_id, task, attempt) do update
                set request_hash = excluded.request_hash, reply = excluded.reply",
        )
        .bind(lease.turn)
        .bind(lease.fence as i64)
        .bind(task)
        .bind(attempt as i32)
        .bind(request_hash)
        .bind(Json(reply))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What a call of that turn with the same words was answered.
    pub async fn kept_reply(
        &self,
        turn: TurnId,
        task: &str,
        attempt: u32,
        request_hash: &[u8],
    ) -> Result<Option<StoredReply>> {
        let reply: Option<Json<StoredReply>> = sqlx::query_scalar(
            "select reply from model_replies
              where turn_id = $1 and task = $2 and attempt = $3 and request_hash = $4",
        )
        .bind(turn)
        .bind(task)
        .bind(attempt as i32)
        .bind(request_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(reply.map(|reply| reply.0))
    }

    /// Deletes replies that no retry will ask for any more.
    pub async fn delete_old_replies(&self, lifetime: Duration) -> Result<u64> {
        let done = sqlx::query(
            "delete from model_replies where created_at < now() - make_interval(secs => $1)",
        )
        .bind(lifetime.as_secs_f64())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}
