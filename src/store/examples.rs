//! Examples: questions with the query that answers them, or that must not.

use super::{Result, Store};
use crate::ids::{DatasetId, ExampleId, TurnId};
use crate::query::Finding;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder, Row};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ExampleTrust {
    /// Waits to be looked at; it takes no part in answering.
    Staged,
    /// It was executed, and somebody stands for it.
    Verified,
    /// The query must not be given for this question.
    Negative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ExampleKind {
    Sql,
    Q,
    Pipeline,
}

/// Where an example came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    pub source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    /// Who.
    pub by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Somebody wrote it.
    Written,
    /// A thumb under an answer.
    Feedback,
    /// A corrected query given with feedback.
    Correction,
    Import,
    /// A generator wrote it.
    Generated,
    Review,
}

impl Source {
    /// As in "verified, from …".
    pub fn spoken(self) -> &'static str {
        match self {
            Self::Written => "an expert",
            Self::Feedback => "a thumbs up",
            Self::Correction => "a correction",
            Self::Import => "an import",
            Self::Generated => "a generated query",
            Self::Review => "a review",
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Example {
    pub example_id: ExampleId,
    pub question: String,
    /// Other wordings of the same question.
    pub variants: Vec<String>,
    pub query: String,
    pub kind: ExampleKind,
    pub trust: ExampleTrust,
    /// `category`, `complexity`, `business_rule`, `department`, `frequency`.
    pub tags: BTreeMap<String, String>,
    pub provenance: Provenance,
    pub note: String,
    /// Tables that the query reads.
    pub reads: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executed_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<String>,
    /// Why the query does not fit the newest schema; it takes no part in answering then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Vec<Finding>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub deleted: bool,
}

#[derive(Clone, Debug)]
pub struct NewExample {
    pub question: String,
    /// See `knowledge::wording`.
    pub question_key: String,
    pub variants: Vec<String>,
    pub query: String,
    pub kind: ExampleKind,
    pub trust: ExampleTrust,
    pub tags: BTreeMap<String, String>,
    pub provenance: Provenance,
    pub note: String,
    pub reads: Vec<String>,
    /// Rows it returned, if it was executed now.
    pub row_count: Option<i32>,
}

#[derive(Clone, Debug, Default)]
pub struct ExampleFilter {
    pub trust: Option<ExampleTrust>,
    /// `category:sales`, or a value of any tag.
    pub tag: Option<String>,
    /// Somewhere in question, variants, query or note.
    pub text: Option<String>,
    /// Only those that do not fit the schema any more.
    pub broken: bool,
    pub offset: i64,
    pub limit: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExamplePage {
    /// The newest change first.
    pub items: Vec<Example>,
    /// Of all that fit the filter.
    pub total: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_offset: Option<i64>,
}

const COLUMNS: &str = "id, question, variants, query, kind, trust, tags, provenance, note, reads, executed_at,
    row_count, verified_at, verified_by, broken, created_at, updated_at, deleted_at is not null as deleted";

impl FromRow<'_, sqlx::postgres::PgRow> for Example {
    fn from_row(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            example_id: row.try_get("id")?,
            question: row.try_get("question")?,
            variants: row.try_get("variants")?,
            query: row.try_get("query")?,
            kind: row.try_get("kind")?,
            trust: row.try_get("trust")?,
            tags: row.try_get::<Json<_>, _>("tags")?.0,
            provenance: row.try_get::<Json<_>, _>("provenance")?.0,
            note: row.try_get("note")?,
            reads: row.try_get("reads")?,
            executed_at: row.try_get("executed_at")?,
            row_count: row.try_get("row_count")?,
            verified_at: row.try_get("verified_at")?,
            verified_by: row.try_get("verified_by")?,
            broken: row
                .try_get::<Option<Json<Vec<Finding>>>, _>("broken")?
                .map(|broken| broken.0),
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            deleted: row.try_get("deleted")?,
        })
    }
}

/// Every change takes the next version of the dataset's examples; the row lock keeps them in order.
const NEXT_VERSION: &str = "next as (
        update datasets set examples_version = examples_version + 1 where id = $1 returning examples_version as version
    )";

impl Store {
    /// Fails with a conflict (`example_is_there`) when the same question has the same query already.
    pub async fn add_example(&self, dataset: DatasetId, new: &NewExample) -> Result<Example> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             insert into examples (id, dataset_id, question, question_key, variants, query, kind, trust, tags,
                                   provenance, note, reads, executed_at, row_count, verified_at, verified_by, version)
             select $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                    case when $13::integer is not null then now() end, $13,
                    case when $8 = 'verified' then now() end, case when $8 = 'verified' then $14 end, version
               from next
             returning {COLUMNS}"
        )))
        .bind(dataset)
        .bind(ExampleId::new())
        .bind(&new.question)
        .bind(&new.question_key)
        .bind(&new.variants)
        .bind(&new.query)
        .bind(new.kind)
        .bind(new.trust)
        .bind(Json(&new.tags))
        .bind(Json(&new.provenance))
        .bind(&new.note)
        .bind(&new.reads)
        .bind(new.row_count)
        .bind(&new.provenance.by)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Many at once, all of them staged or negative; how many were not there yet.
    pub async fn import_examples(&self, dataset: DatasetId, new: &[NewExample]) -> Result<u64> {
        let rows: Vec<serde_json::Value> = new
            .iter()
            .map(|new| {
                serde_json::json!({
                    "id": ExampleId::new(), "question": new.question, "question_key": new.question_key,
                    "variants": new.variants, "query": new.query, "kind": new.kind, "trust": new.trust,
                    "tags": new.tags, "provenance": new.provenance, "note": new.note, "reads": new.reads,
                })
            })
            .collect();
        let done = sqlx::query(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             insert into examples (id, dataset_id, question, question_key, variants, query, kind, trust, tags,
                                   provenance, note, reads, version)
             select n.id, $1, n.question, n.question_key, array(select jsonb_array_elements_text(n.variants)),
                    n.query, n.kind, n.trust, n.tags, n.provenance, n.note,
                    array(select jsonb_array_elements_text(n.reads)), next.version
               from next, jsonb_to_recordset($2) as n (id uuid, question text, question_key text, variants jsonb,
                    query text, kind text, trust text, tags jsonb, provenance jsonb, note text, reads jsonb)
             on conflict do nothing"
        )))
        .bind(dataset)
        .bind(Json(rows))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    pub async fn example(&self, dataset: DatasetId, id: ExampleId) -> Result<Example> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from examples where dataset_id = $1 and id = $2 and deleted_at is null"
        )))
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn examples(
        &self,
        dataset: DatasetId,
        filter: &ExampleFilter,
    ) -> Result<ExamplePage> {
        let where_clause = |query: &mut QueryBuilder<sqlx::Postgres>| {
            query.push(" from examples where dataset_id = ");
            query.push_bind(dataset);
            query.push(" and deleted_at is null");
            if let Some(trust) = filter.trust {
                query.push(" and trust = ").push_bind(trust);
            }
            if let Some(tag) = &filter.tag {
                match tag.split_once(':') {
                    Some((name, value)) => {
                        query
                            .push(" and tags ->> ")
                            .push_bind(name.trim().to_owned());
                        query.push(" = ").push_bind(value.trim().to_owned());
                    }
                    None => {
                        query
                            .push(
                                " and exists (select from jsonb_each_text(tags) t where t.value = ",
                            )
                            .push_bind(tag.clone())
                            .push(")");
                    }
                }
            }
            if let Some(text) = &filter.text {
                // strpos knows no wildcards, so nothing in the text has to be escaped
                query
                    .push(" and strpos(lower(question || ' ' || array_to_string(variants, ' ') || ' ' || query || ' ' || note), lower(")
                    .push_bind(text.clone())
                    .push(")) > 0");
            }
            if filter.broken {
                query.push(" and broken is not null");
            }
        };
        let mut count = QueryBuilder::new("select count(*)");
        where_clause(&mut count);
        let total: i64 = count.build_query_scalar().fetch_one(&self.pool).await?;
        let mut page = QueryBuilder::new(format!("select {COLUMNS}"));
        where_clause(&mut page);
        page.push(" order by updated_at desc, id limit ")
            .push_bind(filter.limit)
            .push(" offset ")
            .push_bind(filter.offset);
        let items: Vec<Example> = page.build_query_as().fetch_all(&self.pool).await?;
        let next = filter.offset + items.len() as i64;
        Ok(ExamplePage {
            next_offset: (next < total && !items.is_empty()).then_some(next),
            items,
            total,
        })
    }

    /// All that changed after `version`, the deleted ones too, and the version that this brings one to.
    pub async fn examples_since(
        &self,
        dataset: DatasetId,
        version: i64,
    ) -> Result<(i64, Vec<Example>)> {
        // read first: what commits in between is read twice rather than never
        let newest: i64 = sqlx::query_scalar("select examples_version from datasets where id = $1")
            .bind(dataset)
            .fetch_one(&self.pool)
            .await?;
        let changed = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from examples where dataset_id = $1 and version > $2 order by version, id"
        )))
        .bind(dataset)
        .bind(version)
        .fetch_all(&self.pool)
        .await?;
        Ok((newest, changed))
    }

    /// Question, query, variants, tags and note anew; with another query it is staged again.
    pub async fn update_example(
        &self,
        dataset: DatasetId,
        id: ExampleId,
        new: &NewExample,
    ) -> Result<Example> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e
                set question = $3, question_key = $4, variants = $5, query = $6, kind = $7, tags = $8, note = $9,
                    reads = $10, broken = null, updated_at = now(), version = next.version,
                    trust = case when e.query = $6 or e.trust = 'negative' then e.trust else 'staged' end,
                    executed_at = case when e.query = $6 then e.executed_at end,
                    row_count = case when e.query = $6 then e.row_count end,
                    verified_at = case when e.query = $6 then e.verified_at end,
                    verified_by = case when e.query = $6 then e.verified_by end
               from next
              where e.id = $2 and e.dataset_id = $1 and e.deleted_at is null
             returning {columns}",
            columns = qualified()
        )))
        .bind(dataset)
        .bind(id)
        .bind(&new.question)
        .bind(&new.question_key)
        .bind(&new.variants)
        .bind(&new.query)
        .bind(new.kind)
        .bind(Json(&new.tags))
        .bind(&new.note)
        .bind(&new.reads)
        .fetch_one(&self.pool)
        .await?)
    }

    /// That it was executed just now, and to what trust that brings it.
    pub async fn example_was_executed(
        &self,
        dataset: DatasetId,
        id: ExampleId,
        query: &str,
        row_count: i32,
        verified_by: Option<&str>,
    ) -> Result<Example> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e
                set executed_at = now(), row_count = $4, broken = null, version = next.version, updated_at = now(),
                    trust = case when $5::text is null then e.trust else 'verified' end,
                    verified_at = case when $5 is null then e.verified_at else now() end,
                    verified_by = coalesce($5, e.verified_by)
               from next
              where e.id = $2 and e.dataset_id = $1 and e.deleted_at is null and e.query = $3
             returning {columns}",
            columns = qualified()
        )))
        .bind(dataset)
        .bind(id)
        .bind(query)
        .bind(row_count)
        .bind(verified_by)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Back to staged, or to negative.
    pub async fn demote_example(
        &self,
        dataset: DatasetId,
        id: ExampleId,
        trust: ExampleTrust,
        note: Option<&str>,
    ) -> Result<Example> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e
                set trust = $3, note = coalesce($4, e.note), verified_at = null, verified_by = null,
                    updated_at = now(), version = next.version
               from next
              where e.id = $2 and e.dataset_id = $1 and e.deleted_at is null
             returning {columns}",
            columns = qualified()
        )))
        .bind(dataset)
        .bind(id)
        .bind(trust)
        .bind(note)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn delete_example(&self, dataset: DatasetId, id: ExampleId) -> Result<()> {
        sqlx::query_scalar::<_, ExampleId>(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e set deleted_at = now(), version = next.version
               from next
              where e.id = $2 and e.dataset_id = $1 and e.deleted_at is null returning e.id"
        )))
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }

    /// Those that a thumb of this turn verified go back to the queue: the thumb was taken back.
    pub async fn unverify_examples_of_turn(
        &self,
        dataset: DatasetId,
        turn: TurnId,
        by: &str,
    ) -> Result<u64> {
        let done = sqlx::query(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e
                set trust = 'staged', verified_at = null, verified_by = null, updated_at = now(), version = next.version
               from next
              where e.dataset_id = $1 and e.deleted_at is null and e.trust = 'verified'
                and e.provenance ->> 'turn_id' = $2 and e.provenance ->> 'source' = 'feedback'
                and e.verified_by = $3"
        )))
        .bind(dataset)
        .bind(turn.to_string())
        .bind(by)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Writes down which examples do not fit the schema, and clears those that do: all of a dataset.
    pub async fn mark_broken_examples(
        &self,
        dataset: DatasetId,
        broken: &[(ExampleId, Vec<Finding>)],
    ) -> Result<()> {
        let broken: serde_json::Map<String, serde_json::Value> = broken
            .iter()
            .map(|(id, findings)| {
                let findings = serde_json::to_value(findings).expect("findings have string keys");
                (id.to_string(), findings)
            })
            .collect();
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "with {NEXT_VERSION}
             update examples e set broken = $2 -> e.id::text, version = next.version
               from next
              where e.dataset_id = $1 and e.deleted_at is null and e.broken is distinct from ($2 -> e.id::text)"
        )))
        .bind(dataset)
        .bind(Json(broken))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// The columns where another table is in view that has some of the names.
fn qualified() -> String {
    let names = COLUMNS.replace("deleted_at is not null as deleted", "");
    let mut all: Vec<String> = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| format!("e.{name}"))
        .collect();
    all.push("e.deleted_at is not null as deleted".to_owned());
    all.join(", ")
}
