//! Results: what executed queries returned, by reference and in pages.

use super::{Result, Store};
use crate::ids::{ResultId, TurnId, WorkspaceId};
use crate::protocol::Chart;
use crate::target::{ResultColumn, Rows};
use dashmap::DashMap;
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use std::time::Duration;
use utoipa::ToSchema;

/// Rows to a stored page.
const PAGE_ROWS: usize = 500;

fn position(row: usize) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}

pub struct NewResult<'a> {
    pub id: ResultId,
    pub workspace_id: WorkspaceId,
    pub owner: &'a str,
    pub turn_id: Option<TurnId>,
    pub rows: &'a Rows,
    pub chart: Option<&'a Chart>,
}

/// A stored result without its rows.
#[derive(Clone, Debug)]
pub struct StoredResult {
    pub id: ResultId,
    pub columns: Vec<ResultColumn>,
    pub row_count: usize,
    pub truncated: bool,
    pub elapsed_ms: u64,
    pub chart: Option<Chart>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResultPage {
    pub result_id: ResultId,
    pub columns: Vec<ResultColumn>,
    /// JSON scalars; integers beyond 2^53 and decimals are strings.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<Value>>,
    /// Give it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<usize>,
    pub row_count: usize,
    /// The query had more rows than the limits let through.
    pub truncated: bool,
    pub elapsed_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
}

/// A result cut into the pages that are stored.
#[derive(Clone, Debug)]
pub struct PagedResult {
    pub id: ResultId,
    pub workspace_id: WorkspaceId,
    pub owner: String,
    pub turn_id: Option<TurnId>,
    pub(super) columns: Vec<ResultColumn>,
    pub(super) row_count: i32,
    pub(super) truncated: bool,
    pub(super) elapsed_ms: i64,
    pub(super) chart: Option<Chart>,
    /// The first row of each page.
    pub(super) firsts: Vec<i32>,
    /// Each a JSON array of rows.
    pub(super) pages: Vec<String>,
}

impl PagedResult {
    /// Of the text of its pages.
    pub fn size_bytes(&self) -> usize {
        self.pages.iter().map(String::len).sum()
    }
}

/// What each person's results have grown by since somebody looked whether they are too many.
#[derive(Debug, Default)]
pub(super) struct Growth(DashMap<String, usize>);

/// People whose growth is remembered; of one more, nobody's is, and everybody's results are looked at again.
const REMEMBERED: usize = 10_000;

/// Results are looked at when they have grown by this part of what they may take: looking reads one line of an index
/// for each of them.
const LOOK_EVERY: usize = 64;

impl Growth {
    /// Whether it is time to look; the first time it always is.
    fn is_due(&self, owner: &str, added_bytes: usize, max_bytes: usize) -> bool {
        if self.0.len() >= REMEMBERED && !self.0.contains_key(owner) {
            self.0.clear();
        }
        let mut due = false;
        self.0
            .entry(owner.to_owned())
            .and_modify(|grown| {
                *grown = grown.saturating_add(added_bytes);
                due = *grown > max_bytes / LOOK_EVERY;
                if due {
                    *grown = 0;
                }
            })
            .or_insert_with(|| {
                due = true;
                0
            });
        due
    }
}

impl From<&NewResult<'_>> for PagedResult {
    fn from(new: &NewResult<'_>) -> Self {
        let (firsts, pages) = new
            .rows
            .rows
            .chunks(PAGE_ROWS)
            .enumerate()
            .map(|(page, rows)| {
                (
                    (page * PAGE_ROWS) as i32,
                    serde_json::to_string(rows).expect("JSON values are JSON"),
                )
            })
            .unzip();
        Self {
            id: new.id,
            workspace_id: new.workspace_id,
            owner: new.owner.to_owned(),
            turn_id: new.turn_id,
            columns: new.rows.columns.clone(),
            row_count: new.rows.rows.len() as i32,
            truncated: new.rows.truncated,
            elapsed_ms: new.rows.elapsed_ms as i64,
            chart: new.chart.cloned(),
            firsts,
            pages,
        }
    }
}

impl Store {
    /// Keeps a result that belongs to no running turn; a turn's is committed with its end, by
    /// [`Store::finish_turn`]. Returns the bytes it takes.
    pub async fn add_result(&self, new: &NewResult<'_>) -> Result<usize> {
        let new = PagedResult::from(new);
        let size_bytes = new.size_bytes();
        sqlx::query(
            "with result as (
                insert into results (id, workspace_id, owner, turn_id, columns, row_count,
                                     truncated, elapsed_ms, chart, size_bytes)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $12)
                returning id
             )
             insert into result_pages (result_id, first_row, rows)
             select result.id, page.first_row, page.rows
               from result, unnest($10::int[], $11::text[]) as page (first_row, rows)",
        )
        .bind(new.id)
        .bind(new.workspace_id)
        .bind(new.owner)
        .bind(new.turn_id)
        .bind(Json(new.columns))
        .bind(new.row_count)
        .bind(new.truncated)
        .bind(new.elapsed_ms)
        .bind(new.chart.map(Json))
        .bind(new.firsts)
        .bind(new.pages)
        .bind(position(size_bytes))
        .execute(&self.pool)
        .await?;
        Ok(size_bytes)
    }

    pub async fn result(&self, owner: &str, id: ResultId) -> Result<StoredResult> {
        let row: (Json<Vec<ResultColumn>>, i32, bool, i64, Option<Json<Chart>>) = sqlx::query_as(
            "select columns, row_count, truncated, elapsed_ms, chart
               from results where id = $1 and owner = $2",
        )
        .bind(id)
        .bind(owner)
        .fetch_one(&self.pool)
        .await?;
        Ok(StoredResult {
            id,
            columns: row.0.0,
            row_count: row.1 as usize,
            truncated: row.2,
            elapsed_ms: row.3 as u64,
            chart: row.4.map(|chart| chart.0),
        })
    }

    /// At most `limit` rows from row `cursor` on.
    pub async fn result_rows(
        &self,
        id: ResultId,
        cursor: usize,
        limit: usize,
    ) -> Result<Vec<Vec<Value>>> {
        let pages: Vec<(i32, String)> = sqlx::query_as(
            "select first_row, rows from result_pages
              where result_id = $1 and first_row > $2 and first_row < $3
              order by first_row",
        )
        .bind(id)
        // a page that begins up to its length before the cursor still holds it
        .bind(position(cursor) - PAGE_ROWS as i64)
        .bind(position(cursor.saturating_add(limit)))
        .fetch_all(&self.pool)
        .await?;
        let mut rows = Vec::new();
        for (first, page) in pages {
            let page: Vec<Vec<Value>> = match super::digits::rows(&page) {
                Some(page) => page,
                None => serde_json::from_str(&page)
                    .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            };
            for (at, row) in page.into_iter().enumerate() {
                let at = first as usize + at;
                if at >= cursor && at - cursor < limit {
                    rows.push(row);
                }
            }
        }
        Ok(rows)
    }

    pub async fn result_page(
        &self,
        owner: &str,
        id: ResultId,
        cursor: usize,
        limit: usize,
    ) -> Result<ResultPage> {
        let result = self.result(owner, id).await?;
        let rows = self.result_rows(id, cursor, limit).await?;
        let end = cursor.saturating_add(rows.len());
        Ok(ResultPage {
            result_id: id,
            columns: result.columns,
            next_cursor: (end < result.row_count && !rows.is_empty()).then_some(end),
            rows,
            row_count: result.row_count,
            truncated: result.truncated,
            elapsed_ms: result.elapsed_ms,
            chart: result.chart,
        })
    }

    /// Whether a person's results have grown by so much that [`Self::trim_results`] is due. They are looked at now
    /// and then: in each process they may take a 64th more than `max_bytes`.
    pub fn results_grew(&self, owner: &str, added_bytes: usize, max_bytes: usize) -> bool {
        self.growth.is_due(owner, added_bytes, max_bytes)
    }

    /// Deletes the person's oldest results until the others hold at most `max_bytes`; `newest` stays.
    pub async fn trim_results(
        &self,
        owner: &str,
        newest: ResultId,
        max_bytes: usize,
    ) -> Result<u64> {
        let done = sqlx::query(
            "delete from results
              where id in (
                select id from (
                    select id, sum(size_bytes) over (order by created_at desc, id desc) as kept_bytes
                      from results
                     where owner = $1) sized
                 where kept_bytes > $3 and id <> $2)",
        )
        .bind(owner)
        .bind(newest)
        .bind(position(max_bytes))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Deletes results older than `lifetime`; how many there were.
    pub async fn delete_old_results(&self, lifetime: Duration) -> Result<u64> {
        let done =
            sqlx::query("delete from results where created_at < now() - make_interval(secs => $1)")
                .bind(lifetime.as_secs_f64())
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_looked_at_first_and_then_when_they_have_grown() {
        let growth = Growth::default();
        let looks = |owner: &str| growth.is_due(owner, 400, 64_000);
        assert!(looks("ada"));
        assert_eq!(
            [looks("ada"), looks("ada"), looks("ada")],
            [false, false, true]
        );
        assert!(looks("bob"), "each person's are their own");
        assert_eq!(
            [looks("ada"), looks("ada"), looks("ada")],
            [false, false, true]
        );
        for other in 0..REMEMBERED {
            growth.is_due(&other.to_string(), 1, 64_000);
        }
        assert!(looks("ada"), "nothing grows for ever, this memory neither");
    }
}
