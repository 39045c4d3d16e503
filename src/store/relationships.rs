//! Joins that experts declared.

use super::{Result, Store};
use crate::ids::{DatasetId, RelationshipId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RelationshipKind {
    OneToOne,
    OneToMany,
    ManyToOne,
    ManyToMany,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema, sqlx::FromRow)]
pub struct Relationship {
    #[sqlx(rename = "id")]
    pub relationship_id: RelationshipId,
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub kind: RelationshipKind,
    pub note: String,
    pub author: String,
    /// Why it no longer fits the schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewRelationship {
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub kind: RelationshipKind,
    #[serde(default)]
    pub note: String,
}

const COLUMNS: &str =
    "id, from_table, from_columns, to_table, to_columns, kind, note, author, broken";

impl Store {
    pub async fn relationships(&self, dataset: DatasetId) -> Result<Vec<Relationship>> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from relationships where dataset_id = $1 order by from_table, to_table, id"
        )))
        .bind(dataset)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Fails with a conflict when the same columns are related already.
    pub async fn add_relationship(
        &self,
        dataset: DatasetId,
        author: &str,
        new: &NewRelationship,
    ) -> Result<Relationship> {
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $2
             )
             insert into relationships (id, dataset_id, from_table, from_columns, to_table, to_columns, kind, note, author)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             returning {COLUMNS}"
        )))
        .bind(RelationshipId::new())
        .bind(dataset)
        .bind(&new.from_table)
        .bind(&new.from_columns)
        .bind(&new.to_table)
        .bind(&new.to_columns)
        .bind(new.kind)
        .bind(&new.note)
        .bind(author)
        .fetch_one(&self.pool)
        .await?)
    }

    pub async fn delete_relationship(&self, dataset: DatasetId, id: RelationshipId) -> Result<()> {
        sqlx::query_scalar::<_, RelationshipId>(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $1
             )
             delete from relationships where id = $2 and dataset_id = $1 returning id",
        )
        .bind(dataset)
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        Ok(())
    }

    /// Writes down what no longer fits the schema, and clears what does again: `(id, why)`, all of a dataset.
    pub async fn mark_broken_knowledge(
        &self,
        dataset: DatasetId,
        broken: &[(uuid::Uuid, String)],
    ) -> Result<()> {
        let broken: serde_json::Map<String, serde_json::Value> = broken
            .iter()
            .map(|(id, why)| (id.to_string(), why.clone().into()))
            .collect();
        sqlx::query(
            "with touched as (
                update datasets set knowledge_version = knowledge_version + 1 where id = $1
             ), marked_annotations as (
                update annotations set broken = $2 ->> id::text
                 where dataset_id = $1 and broken is distinct from ($2 ->> id::text)
             ), marked_directives as (
                update directives set broken = $2 ->> id::text
                 where dataset_id = $1 and broken is distinct from ($2 ->> id::text)
             )
             update relationships set broken = $2 ->> id::text
              where dataset_id = $1 and broken is distinct from ($2 ->> id::text)",
        )
        .bind(dataset)
        .bind(Json(broken))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
