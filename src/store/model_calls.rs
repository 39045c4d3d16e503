//! Calls of models: what they came to, what they cost, and the budgets they are held to.

use super::{Result, Store};
use crate::ids::{TurnId, WorkspaceId};
use crate::llm::ledger::CallRecord;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use std::time::Duration;
use utoipa::ToSchema;

/// Whose budget is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetScope {
    Workspace,
    Owner,
}

/// Tokens a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    pub workspace: Option<u64>,
    pub owner: Option<u64>,
}

/// Tokens to hold for a call that is about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// What the call is made for; what it holds is settled at its end.
    pub turn: TurnId,
    /// UTC
    pub day: NaiveDate,
    pub tokens: u64,
    /// It is given back after this, whoever made it.
    pub lifetime: Duration,
}

/// What calls were made for.
#[derive(Clone, Copy, Debug)]
pub struct CallsOf<'a> {
    pub workspace: WorkspaceId,
    pub owner: &'a str,
    /// Or the id that tokens were held under, for what is done outside of turns.
    pub turn: TurnId,
    /// On which they are charged, UTC: the one whose tokens were held for them. None: today.
    pub day: Option<NaiveDate>,
}

/// What usage is summed up by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UsageBy {
    #[default]
    Day,
    Model,
    User,
    /// What the calls were for.
    Task,
}

/// Calls that belong together, summed up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UsageRow {
    /// A day (`2026-11-20`, UTC), `provider:model`, a person or a task.
    pub key: String,
    pub calls: i64,
    /// That did not bring a reply.
    pub failed: i64,
    /// Speculative calls whose reply was not wanted.
    pub dropped: i64,
    /// Answered from memory, at no cost.
    pub remembered: i64,
    pub input_tokens: i64,
    /// Part of `input_tokens` that the provider had cached.
    pub cached_input_tokens: i64,
    pub output_tokens: i64,
    /// In US dollars, of the calls whose price is known.
    pub cost_usd: f64,
    /// Calls whose price is not known.
    pub unpriced: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_ms_p50: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_ms_p95: Option<f64>,
}

/// What of today's tokens is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenDay {
    pub used: i64,
    /// By calls that are under way.
    pub reserved: i64,
}

/// The workspace as a whole, among owners.
const EVERYBODY: &str = "";

impl Store {
    /// Holds tokens for a call that is about to be made; `Err` names the budget that has too few.
    pub async fn reserve_tokens(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        budget: Budget,
        wanted: Reservation,
    ) -> Result<std::result::Result<(), BudgetScope>> {
        let held = self.hold_tokens(workspace, owner, budget, wanted).await?;
        // what a process held that died may be all that is missing
        if held.is_err() && self.forget_expired_reservations().await? > 0 {
            return self.hold_tokens(workspace, owner, budget, wanted).await;
        }
        Ok(held)
    }

    async fn hold_tokens(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        budget: Budget,
        wanted: Reservation,
    ) -> Result<std::result::Result<(), BudgetScope>> {
        let number = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
        let held: Vec<String> = sqlx::query_scalar(
            "with wanted (owner, most) as (values ('', $4::bigint), ($2, $5::bigint)),
             held as (
                insert into token_days as d (workspace_id, owner, day, reserved)
                select $1, owner, $3, $6 from wanted where most is not null and $6 <= most
                on conflict (workspace_id, owner, day) do update
                   set reserved = d.reserved + excluded.reserved
                 where d.used + d.reserved + excluded.reserved
                       <= case when d.owner = '' then $4::bigint else $5::bigint end
                returning owner
             )
             insert into token_reservations as r (turn_id, workspace_id, owner, day, tokens, expires_at)
             select $7, $1, owner, $3, $6, now() + make_interval(secs => $8) from held
             on conflict (turn_id, owner) do update
                set tokens = r.tokens + excluded.tokens, expires_at = excluded.expires_at
             returning owner",
        )
        .bind(workspace)
        .bind(owner)
        .bind(wanted.day)
        .bind(budget.workspace.map(number))
        .bind(budget.owner.map(number))
        .bind(number(wanted.tokens))
        .bind(wanted.turn)
        .bind(wanted.lifetime.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        let has = |owner: &str| held.iter().any(|held| held == owner);
        let refused = if budget.workspace.is_some() && !has(EVERYBODY) {
            BudgetScope::Workspace
        } else if budget.owner.is_some() && !has(owner) {
            BudgetScope::Owner
        } else {
            return Ok(Ok(()));
        };
        if !held.is_empty() {
            sqlx::query(
                "with less as (
                    update token_reservations set tokens = tokens - $2
                     where turn_id = $1 and owner = any($3)
                    returning workspace_id, owner, day
                 )
                 update token_days as d set reserved = greatest(d.reserved - $2, 0)
                   from less
                  where (d.workspace_id, d.owner, d.day) = (less.workspace_id, less.owner, less.day)",
            )
            .bind(wanted.turn)
            .bind(number(wanted.tokens))
            .bind(&held)
            .execute(&self.pool)
            .await?;
        }
        Ok(Err(refused))
    }

    /// Keeps what calls came to, and settles what was held for their turn.
    pub async fn add_model_calls(&self, of: CallsOf<'_>, calls: &[CallRecord]) -> Result<()> {
        let day = of.day.unwrap_or_else(|| self.now().date_naive());
        sqlx::query(
            "with calls as (
                insert into model_calls (id, workspace_id, owner, turn_id, task, attempt, tries, provider,
                                         model, outcome, input_tokens, cached_input_tokens, output_tokens,
                                         estimated, cost_usd, first_token_ms, ms, started_at)
                select c.id, $1, $2, (select id from turns where id = $3), c.task, c.attempt, c.tries,
                       c.provider, c.model, c.outcome, (c.usage ->> 'input_tokens')::bigint,
                       (c.usage ->> 'cached_input_tokens')::bigint, (c.usage ->> 'output_tokens')::bigint,
                       c.estimated, c.cost, c.first_token_ms, c.ms, c.started_at
                  from jsonb_to_recordset($4) as c (id uuid, task text, attempt integer, tries integer,
                       provider text, model text, outcome text, usage jsonb, estimated boolean,
                       cost double precision, first_token_ms bigint, ms bigint, started_at timestamptz)
                on conflict (id) do nothing
                returning input_tokens + output_tokens as tokens
             ),
             -- calls that are kept again were counted before
             used (tokens) as (select coalesce(sum(tokens), 0)::bigint from calls),
             back as (
                delete from token_reservations where turn_id = $3 returning owner, tokens
             )
             insert into token_days as d (workspace_id, owner, day, used)
             select $1, o.owner, $5, used.tokens
               from used, (values ('', 1), ($2, 2)) as o (owner, position) order by o.position
             on conflict (workspace_id, owner, day) do update
                set used = d.used + excluded.used,
                    reserved = greatest(d.reserved
                        - coalesce((select tokens from back where back.owner = d.owner), 0), 0)",
        )
        .bind(of.workspace)
        .bind(of.owner)
        .bind(of.turn)
        .bind(sqlx::types::Json(calls))
        .bind(day)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives back what was held by processes that died; how many there were.
    pub async fn forget_expired_reservations(&self) -> Result<u64> {
        let days = sqlx::query(
            "with gone as (
                delete from token_reservations where expires_at < now()
                returning workspace_id, owner, day, tokens
             ),
             sums as (
                select workspace_id, owner, day, sum(tokens)::bigint as tokens
                  from gone group by workspace_id, owner, day
             ),
             -- in the order in which others lock them
             locked as (
                select workspace_id, owner, day, sums.tokens
                  from token_days as d join sums using (workspace_id, owner, day)
                 order by workspace_id, owner, day for update of d
             )
             update token_days as d set reserved = greatest(d.reserved - locked.tokens, 0)
               from locked
              where (d.workspace_id, d.owner, d.day) = (locked.workspace_id, locked.owner, locked.day)",
        )
        .execute(&self.pool)
        .await?;
        Ok(days.rows_affected())
    }

    /// Gives back what processes held that are gone. For a store that only this process uses.
    pub async fn forget_reservations(&self) -> Result<()> {
        sqlx::query(
            "with gone as (delete from token_reservations)
             update token_days set reserved = 0 where reserved > 0",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Sums over the last `days` days; `owner` narrows them to one person. The newest day, else the dearest,
    /// comes first.
    pub async fn usage(
        &self,
        workspace: WorkspaceId,
        owner: Option<&str>,
        by: UsageBy,
        days: u32,
    ) -> Result<Vec<UsageRow>> {
        let (key, order) = match by {
            UsageBy::Day => (
                "to_char(started_at at time zone 'utc', 'YYYY-MM-DD')",
                "key desc",
            ),
            UsageBy::Model => ("provider || ':' || model", "cost_usd desc, calls desc, key"),
            UsageBy::User => ("owner", "cost_usd desc, calls desc, key"),
            UsageBy::Task => ("task", "cost_usd desc, calls desc, key"),
        };
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "select {key} as key, count(*) as calls,
                    count(*) filter (where outcome not in ('ok', 'length', 'refusal', 'remembered', 'dropped'))
                        as failed,
                    count(*) filter (where outcome = 'dropped') as dropped,
                    count(*) filter (where outcome = 'remembered') as remembered,
                    sum(input_tokens)::bigint as input_tokens,
                    sum(cached_input_tokens)::bigint as cached_input_tokens,
                    sum(output_tokens)::bigint as output_tokens,
                    coalesce(sum(cost_usd), 0) as cost_usd,
                    count(*) filter (where cost_usd is null and input_tokens + output_tokens > 0) as unpriced,
                    percentile_cont(0.5) within group (order by first_token_ms) as p50,
                    percentile_cont(0.95) within group (order by first_token_ms) as p95
               from model_calls
              where workspace_id = $1 and ($2::text is null or owner = $2)
                and started_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'
                                  - make_interval(days => $3)
              group by 1
              order by {order}
              limit 1000"
        )))
        .bind(workspace)
        .bind(owner)
        .bind(i32::try_from(days.saturating_sub(1)).unwrap_or(i32::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UsageRow {
                    key: row.try_get("key")?,
                    calls: row.try_get("calls")?,
                    failed: row.try_get("failed")?,
                    dropped: row.try_get("dropped")?,
                    remembered: row.try_get("remembered")?,
                    input_tokens: row.try_get("input_tokens")?,
                    cached_input_tokens: row.try_get("cached_input_tokens")?,
                    output_tokens: row.try_get("output_tokens")?,
                    cost_usd: row.try_get("cost_usd")?,
                    unpriced: row.try_get("unpriced")?,
                    first_token_ms_p50: row.try_get("p50")?,
                    first_token_ms_p95: row.try_get("p95")?,
                })
            })
            .collect()
    }

    /// Of one turn, in the order they began.
    pub async fn calls_of_turn(&self, turn: TurnId) -> Result<Vec<CallRecord>> {
        let rows = sqlx::query(
            "select id, task, attempt, tries, provider, model, outcome, input_tokens,
                    cached_input_tokens, output_tokens, estimated, cost_usd, first_token_ms, ms, started_at
               from model_calls where turn_id = $1 order by started_at, id",
        )
        .bind(turn)
        .fetch_all(&self.pool)
        .await?;
        let count = |row: &sqlx::postgres::PgRow, name: &str| -> Result<u64> {
            let number: i64 = row.try_get(name)?;
            Ok(number.max(0) as u64)
        };
        rows.iter()
            .map(|row| {
                Ok(CallRecord {
                    id: row.try_get("id")?,
                    task: row.try_get("task")?,
                    attempt: row.try_get::<i32, _>("attempt")? as u32,
                    tries: row.try_get::<i32, _>("tries")? as u32,
                    provider: row.try_get("provider")?,
                    model: row.try_get("model")?,
                    outcome: row.try_get("outcome")?,
                    usage: crate::llm::Usage {
                        input_tokens: count(row, "input_tokens")?,
                        output_tokens: count(row, "output_tokens")?,
                        cached_input_tokens: count(row, "cached_input_tokens")?,
                    },
                    estimated: row.try_get("estimated")?,
                    cost: row.try_get("cost_usd")?,
                    first_token_ms: row
                        .try_get::<Option<i64>, _>("first_token_ms")?
                        .map(|ms| ms.max(0) as u64),
                    ms: count(row, "ms")?,
                    started_at: row.try_get("started_at")?,
                })
            })
            .collect()
    }

    /// Today's tokens of the workspace and of one person.
    pub async fn token_day(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        day: NaiveDate,
    ) -> Result<(TokenDay, TokenDay)> {
        self.forget_expired_reservations().await?;
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "select owner, used, reserved from token_days
              where workspace_id = $1 and owner in ('', $2) and day = $3",
        )
        .bind(workspace)
        .bind(owner)
        .bind(day)
        .fetch_all(&self.pool)
        .await?;
        let of = |wanted: &str| {
            rows.iter()
                .find(|(owner, ..)| owner == wanted)
                .map(|(_, used, reserved)| TokenDay {
                    used: *used,
                    reserved: *reserved,
                })
                .unwrap_or_default()
        };
        Ok((of(EVERYBODY), of(owner)))
    }
}
