//! Tickets: single-use words that open one socket, for clients that cannot set headers.
//!
//! They are here and not in a process, so that the socket may come to another one than the ticket did.

use super::{Result, Store};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Unused ones of one person; the oldest go first.
const KEPT: i64 = 1000;

impl Store {
    /// Keeps a ticket; only its digest is stored.
    pub async fn keep_ticket(&self, ticket: &str, owner: &str, lifetime: Duration) -> Result<()> {
        sqlx::query(
            "with gone as (
                delete from tickets
                 where expires_at <= now()
                    or digest in (select digest from tickets where owner = $2
                                   order by expires_at desc offset $4)
             )
             insert into tickets (digest, owner, expires_at)
             values ($1, $2, now() + make_interval(secs => $3))",
        )
        .bind(digest(ticket))
        .bind(owner)
        .bind(lifetime.as_secs_f64())
        .bind(KEPT)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whose ticket it is; it is used up. `None`: it never was one, was used, or has expired.
    pub async fn redeem_ticket(&self, ticket: &str) -> Result<Option<String>> {
        let owner: Option<Option<String>> = sqlx::query_scalar(
            "delete from tickets where digest = $1
             returning case when expires_at > now() then owner end",
        )
        .bind(digest(ticket))
        .fetch_optional(&self.pool)
        .await?;
        Ok(owner.flatten())
    }
}

fn digest(ticket: &str) -> Vec<u8> {
    Sha256::digest(ticket).to_vec()
}
