//! Datasets and their schema snapshots.

use super::{DatasetConnection, Result, Store};
use crate::ids::{DatasetId, WorkspaceId};
use crate::query::Dialect;
use crate::schema::Schema;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

/// A named schema that questions are asked about.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub id: DatasetId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub description: String,
    pub dialect: Dialect,
    pub connection: DatasetConnection,
    /// Questions to begin with.
    pub questions: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub origin: Origin,
}

/// How a dataset was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Origin {
    Sample,
    Ddl,
    Json,
    Connection,
}

/// What a process needs to know to be sure that what it holds of a dataset is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Versions {
    /// Of the newest snapshot, if the dataset was ever read.
    pub snapshot: Option<i32>,
    /// Of annotations, relationships and directives.
    pub knowledge: i64,
    pub examples: i64,
}

#[derive(Clone, Debug)]
pub struct NewDataset {
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub description: String,
    pub dialect: Dialect,
    pub connection: DatasetConnection,
    pub questions: Vec<String>,
    pub origin: Origin,
}

type Row = (
    DatasetId,
    WorkspaceId,
    String,
    String,
    String,
    Json<DatasetConnection>,
    Json<Vec<String>>,
    DateTime<Utc>,
    Origin,
);

const COLUMNS: &str =
    "id, workspace_id, name, description, dialect, connection, questions, created_at, origin";

fn dataset(row: Row) -> Result<Dataset> {
    Ok(Dataset {
        id: row.0,
        workspace_id: row.1,
        name: row.2,
        description: row.3,
        dialect: row.4.parse().map_err(|_| {
            sqlx::Error::Decode(format!("datasets.dialect holds '{}'", row.4).into())
        })?,
        connection: row.5.0,
        questions: row.6.0,
        created_at: row.7,
        origin: row.8,
    })
}

impl Store {
    /// Makes the dataset, or brings the one of that name up to date.
    pub async fn upsert_dataset(&self, new: &NewDataset) -> Result<Dataset> {
        let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "insert into datasets (id, workspace_id, name, description, dialect, connection, questions, origin)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (workspace_id, name) do update
                set description = excluded.description,
                    dialect = excluded.dialect,
                    connection = excluded.connection,
                    questions = excluded.questions
             returning {COLUMNS}"
        )))
        .bind(DatasetId::new())
        .bind(new.workspace_id)
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.dialect.as_str())
        .bind(Json(&new.connection))
        .bind(Json(&new.questions))
        .bind(new.origin)
        .fetch_one(&self.pool)
        .await?;
        dataset(row)
    }

    /// A new dataset with its first snapshot, or neither.
    ///
    /// Fails with a conflict (`datasets_name_is_taken`) when there is one of that name.
    pub async fn create_dataset(&self, new: &NewDataset, schema: &Schema) -> Result<Dataset> {
        let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "with made as (
                insert into datasets (id, workspace_id, name, description, dialect, connection, questions, origin)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                returning {COLUMNS}
             ), first as (
                insert into schema_snapshots (dataset_id, version, schema) select id, 1, $9 from made
             )
             select {COLUMNS} from made"
        )))
        .bind(DatasetId::new())
        .bind(new.workspace_id)
        .bind(&new.name)
        .bind(&new.description)
        .bind(new.dialect.as_str())
        .bind(Json(&new.connection))
        .bind(Json(&new.questions))
        .bind(new.origin)
        .bind(Json(schema))
        .fetch_one(&self.pool)
        .await?;
        dataset(row)
    }

    pub async fn dataset(&self, id: DatasetId) -> Result<Dataset> {
        let row: Row = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from datasets where id = $1"
        )))
        .bind(id)
        .fetch_one(&self.pool)
        .await?;
        dataset(row)
    }

    /// With its snapshots and all its knowledge.
    pub async fn delete_dataset(&self, id: DatasetId) -> Result<()> {
        sqlx::query_scalar::<_, DatasetId>("delete from datasets where id = $1 returning id")
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// One small read per question: what this process holds is the newest, or it is not.
    pub async fn versions(&self, dataset: DatasetId) -> Result<Versions> {
        Ok(sqlx::query_as(
            "select (select max(version) from schema_snapshots where dataset_id = d.id) as snapshot,
                    knowledge_version as knowledge, examples_version as examples
               from datasets d where id = $1",
        )
        .bind(dataset)
        .fetch_one(&self.pool)
        .await?)
    }

    /// What the refresh that made this snapshot broke.
    pub async fn save_refresh_report(
        &self,
        dataset: DatasetId,
        version: i32,
        report: &serde_json::Value,
    ) -> Result<()> {
        sqlx::query(
            "insert into refresh_reports (dataset_id, version, report) values ($1, $2, $3)
             on conflict (dataset_id, version) do update set report = excluded.report, created_at = now()",
        )
        .bind(dataset)
        .bind(version)
        .bind(Json(report))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The newest one, if a refresh ever changed the schema.
    pub async fn refresh_report(&self, dataset: DatasetId) -> Result<Option<serde_json::Value>> {
        let report: Option<Json<serde_json::Value>> = sqlx::query_scalar(
            "select report from refresh_reports where dataset_id = $1 order by version desc limit 1",
        )
        .bind(dataset)
        .fetch_optional(&self.pool)
        .await?;
        Ok(report.map(|report| report.0))
    }

    /// All of a workspace, the oldest first.
    pub async fn datasets(&self, workspace: WorkspaceId) -> Result<Vec<Dataset>> {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "select {COLUMNS} from datasets where workspace_id = $1 order by created_at, name"
        )))
        .bind(workspace)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(dataset).collect()
    }

    /// Adds a snapshot as the newest and returns its version; the same schema again keeps the version.
    pub async fn add_snapshot(&self, dataset: DatasetId, schema: &Schema) -> Result<i32> {
        let version: i32 = sqlx::query_scalar(
            "with newest as (
                select version, schema from schema_snapshots
                 where dataset_id = $1 order by version desc limit 1
             ), added as (
                insert into schema_snapshots (dataset_id, version, schema)
                select $1, coalesce((select version from newest), 0) + 1, $2
                 where not exists (select from newest where schema = $2)
                returning version
             )
             select coalesce((select version from added), (select version from newest))",
        )
        .bind(dataset)
        .bind(Json(schema))
        .fetch_one(&self.pool)
        .await?;
        Ok(version)
    }

    /// Of the newest snapshot, if the dataset was ever read.
    pub async fn newest_version(&self, dataset: DatasetId) -> Result<Option<i32>> {
        Ok(
            sqlx::query_scalar("select max(version) from schema_snapshots where dataset_id = $1")
                .bind(dataset)
                .fetch_one(&self.pool)
                .await?,
        )
    }

    pub async fn snapshot(&self, dataset: DatasetId, version: i32) -> Result<Schema> {
        let schema: Json<Schema> = sqlx::query_scalar(
            "select schema from schema_snapshots where dataset_id = $1 and version = $2",
        )
        .bind(dataset)
        .bind(version)
        .fetch_one(&self.pool)
        .await?;
        Ok(schema.0)
    }
}
