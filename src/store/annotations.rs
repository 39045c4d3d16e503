//! What experts say tables and columns mean, and what models suggest.

use super::{Result, Store};
use crate::ids::{AnnotationId, DatasetId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum AnnotationStatus {
    Suggested,
    Approved,
    Rejected,
}

/// A stored value and what people call it: `{"value": "A", "meaning": "active"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Meaning {
    pub value: String,
    pub meaning: String,
}

/// Description, synonyms and value dictionary of a table or column.
#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Annotation {
    #[sqlx(rename = "id")]
    pub annotation_id: AnnotationId,
    #[sqlx(rename = "table_name")]
    pub table: String,
    /// Absent: about the table itself.
    #[sqlx(rename = "column_name")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Empty: the database's own comment stands.
    pub description: String,
    pub synonyms: Vec<String>,
    #[sqlx(json)]
    pub meanings: Vec<Meaning>,
    pub status: AnnotationStatus,
    pub author: String,
    /// `expert`, or the model that suggested it.
    pub source: String,
    /// Why it no longer fits the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub struct NewAnnotation {
    pub table: String,
    pub column: Option<String>,
    pub description: String,
    pub synonyms: Vec<String>,
    pub meanings: Vec<Meaning>,
    pub source: String,
}

const COLUMNS: &str = "id, table_name, column_name, description, synonyms, meanings, status, author, source, broken, updated_at";

impl Store {
    /// Of a dataset, by table and column; of one status, or of all but the rejected ones.
    pub async fn annotations(
        &self,
        dataset: DatasetId,
        status: Option<AnnotationStatus>,
    ) -> Result<Vec<Annotation>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from annotations
              where dataset_id = $1
                and (status = $2 or ($2 is null and status <> 'rejected'))
              order by table_name, column_name nulls first, status"
        )))
        .bind(dataset)
        .bind(status)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Saves them, each in the place of the one of the same status that was there.
    pub async fn save_annotations(
        &self,
        dataset: DatasetId,
        author: &str,
        status: AnnotationStatus,
        new: &[NewAnnotation],
    ) -> Result<Vec<Annotation>> {
        let ids: Vec<AnnotationId> = new.iter().map(|_| AnnotationId::new()).collect();
        let tables: Vec<&str> = new.iter().map(|one| one.table.as_str()).collect();
        let columns: Vec<Option<&str>> = new.iter().map(|one| one.column.as_deref()).collect();
        let descriptions: Vec<&str> = new.iter().map(|one| one.description.as_str()).collect();
        let synonyms: Vec<Json<&[String]>> = new
            .iter()
            .map(|one| Json(one.synonyms.as_slice()))
            .collect();
        let meanings: Vec<Json<&[Meaning]>> = new
            .iter()
            .map(|one| Json(one.meanings.as_slice()))
            .collect();
        let sources: Vec<&str> = new.iter().map(|one| one.source.as_str()).collect();
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $1
             )
             insert into annotations (id, dataset_id, table_name, column_name, description, synonyms,
                                      meanings, source, status, author)
             select n.id, $1, n.table_name, n.column_name, n.description,
                    array(select jsonb_array_elements_text(n.synonyms)), n.meanings, n.source, $9, $10
               from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::text[])
                 as n (id, table_name, column_name, description, synonyms, meanings, source)
             on conflict (dataset_id, table_name, column_name, status) where status <> 'rejected' do update
                set description = excluded.description, synonyms = excluded.synonyms,
                    meanings = excluded.meanings, source = excluded.source, author = excluded.author,
                    broken = null, updated_at = now()
             returning {COLUMNS}"
        )))
        .bind(dataset)
        .bind(ids)
        .bind(tables)
        .bind(columns)
        .bind(descriptions)
        .bind(synonyms)
        .bind(meanings)
        .bind(sources)
        .bind(status)
        .bind(author)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Makes a suggestion the description in force: what it leaves empty stays as it was.
    pub async fn approve_annotation(
        &self,
        dataset: DatasetId,
        id: AnnotationId,
        author: &str,
    ) -> Result<Annotation> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with suggested as (
                delete from annotations where id = $2 and dataset_id = $1 and status = 'suggested'
                returning *
             ), touched as (
                update datasets set knowledge_version = knowledge_version + 1
                 where id = $1 and exists (select from suggested)
             )
             insert into annotations (id, dataset_id, table_name, column_name, description, synonyms,
                                      meanings, source, status, author)
             select id, dataset_id, table_name, column_name, description, synonyms, meanings, source, 'approved', $3
               from suggested
             on conflict (dataset_id, table_name, column_name, status) where status <> 'rejected' do update
                set description = case when excluded.description = '' then annotations.description else excluded.description end,
                    synonyms = case when excluded.synonyms = '{{}}' then annotations.synonyms else excluded.synonyms end,
                    meanings = case when excluded.meanings = '[]' then annotations.meanings else excluded.meanings end,
                    source = excluded.source, author = excluded.author, broken = null, updated_at = now()
             returning {COLUMNS}"
        )))
        .bind(dataset)
        .bind(id)
        .bind(author)
        .fetch_one(&self.pool)
        .await?)
    }

    /// Turns a suggestion down; it stays on record and is not suggested again.
    pub async fn reject_annotation(&self, dataset: DatasetId, id: AnnotationId) -> Result<()> {
        sqlx::query_scalar::<_, AnnotationId>(
            "update annotations set status = 'rejected', updated_at = now()
              where id = $2 and dataset_id = $1 and status = 'suggested' returning id",
        )
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }

    pub async fn delete_annotation(&self, dataset: DatasetId, id: AnnotationId) -> Result<()> {
        sqlx::query_scalar::<_, AnnotationId>(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $1
             )
             delete from annotations where id = $2 and dataset_id = $1 returning id",
        )
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }
}
