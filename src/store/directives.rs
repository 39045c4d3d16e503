//! The glossary: words of an organisation and what a query makes of them.

use super::{Result, Store};
use crate::ids::{DatasetId, DirectiveId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Directive {
    #[sqlx(rename = "id")]
    pub directive_id: DirectiveId,
    /// `VWAP`, `VIP customer`
    pub key: String,
    /// An expression, a condition, or words: `sum(price * size) / sum(size)`, `total over 10000`
    pub value: String,
    /// When it applies, or to which table.
    pub context: String,
    pub author: String,
    /// Why it no longer fits the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewDirective {
    pub key: String,
    pub value: String,
    #[serde(default)]
    pub context: String,
}

const COLUMNS: &str = "id, key, value, context, author, broken, updated_at";

impl Store {
    /// By key.
    pub async fn directives(&self, dataset: DatasetId) -> Result<Vec<Directive>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from directives where dataset_id = $1 order by lower(key)"
        )))
        .bind(dataset)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Fails with a conflict (`one_directive_per_key`) when the key is taken, whatever its case.
    pub async fn add_directive(
        &self,
        dataset: DatasetId,
        author: &str,
        new: &NewDirective,
    ) -> Result<Directive> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $2
             )
             insert into directives (id, dataset_id, key, value, context, author)
             values ($1, $2, $3, $4, $5, $6) returning {COLUMNS}"
        )))
        .bind(DirectiveId::new())
        .bind(dataset)
        .bind(&new.key)
        .bind(&new.value)
        .bind(&new.context)
        .bind(author)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn update_directive(
        &self,
        dataset: DatasetId,
        id: DirectiveId,
        author: &str,
        new: &NewDirective,
    ) -> Result<Directive> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $2
             )
             update directives
                set key = $3, value = $4, context = $5, author = $6, broken = null, updated_at = now()
              where id = $1 and dataset_id = $2 returning {COLUMNS}"
        )))
        .bind(id)
        .bind(dataset)
        .bind(&new.key)
        .bind(&new.value)
        .bind(&new.context)
        .bind(author)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn delete_directive(&self, dataset: DatasetId, id: DirectiveId) -> Result<()> {
        sqlx::query_scalar::<_, DirectiveId>(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $1
             )
             delete from directives where id = $2 and dataset_id = $1 returning id",
        )
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }
}
