//! Datasets and what is in them.

use crate::access::Caller;
use crate::ids::DatasetId;
use crate::knowledge::LiveDataset;
use crate::query::Dialect;
use crate::server::extract::Path;
use crate::server::{ApiError, Server};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Sample values of a column in a response.
const SHOWN_VALUES: usize = 20;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(refresh))
}

#[derive(Serialize, ToSchema)]
struct Datasets {
    items: Vec<DatasetSummary>,
}

#[derive(Serialize, ToSchema)]
struct DatasetSummary {
    dataset_id: DatasetId,
    name: String,
    dialect: Dialect,
    description: String,
    /// Absent while its database cannot be reached and was never read.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_count: Option<usize>,
    /// To begin with.
    questions: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct DatasetSchema {
    dataset_id: DatasetId,
    name: String,
    dialect: Dialect,
    description: String,
    /// Of the snapshot; it rises when a refresh finds a change.
    version: i32,
    /// `{"tables":[{"name","columns":[{"name","type",…}],"primary_key":[…],"foreign_keys":[…]}]}`
    #[schema(value_type = Object)]
    schema: serde_json::Value,
}

/// All datasets, the oldest first.
#[utoipa::path(get, path = "/schemas", responses((status = OK, body = Datasets)))]
async fn list(State(server): State<Server>) -> Json<Datasets> {
    let app = server.app();
    let mut items = Vec::new();
    for dataset in app.datasets().await {
        let live = match app.dataset(dataset.id).await {
            Ok(live) => Some(live),
            Err(error) => {
                tracing::warn!(%error, dataset = %dataset.id, "dataset {} cannot be read", dataset.id);
                None
            }
        };
        items.push(DatasetSummary {
            dataset_id: dataset.id,
            name: dataset.name,
            dialect: dataset.dialect,
            description: dataset.description,
            table_count: live.as_ref().map(|live| live.schema.tables.len()),
            column_count: live.as_ref().map(|live| {
                live.schema
                    .tables
                    .iter()
                    .map(|table| table.columns.len())
                    .sum()
            }),
            questions: dataset.questions,
        });
    }
    Json(Datasets { items })
}

/// A dataset with its tables, columns, keys and some of the values.
#[utoipa::path(get, path = "/schemas/{id}", params(("id" = DatasetId, Path)), responses((status = OK, body = DatasetSchema)))]
async fn get(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<DatasetSchema>, ApiError> {
    Ok(Json(shown(server.app().dataset(id).await?)))
}

/// Reads the schema anew from the database.
#[utoipa::path(post, path = "/schemas/{id}/refresh", params(("id" = DatasetId, Path)), responses((status = OK, body = DatasetSchema)))]
async fn refresh(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
) -> Result<Json<DatasetSchema>, ApiError> {
    server.app().known_dataset(id).await?;
    server.refreshes.take(&caller.owner)?;
    Ok(Json(shown(server.app().refresh(id, None).await?.live)))
}

fn shown(live: Arc<LiveDataset>) -> DatasetSchema {
    let mut schema = (*live.schema).clone();
    for column in schema
        .tables
        .iter_mut()
        .flat_map(|table| &mut table.columns)
    {
        column.values_complete &= column.values.len() <= SHOWN_VALUES;
        column.values.truncate(SHOWN_VALUES);
    }
    DatasetSchema {
        dataset_id: live.dataset.id,
        name: live.dataset.name.clone(),
        dialect: live.dialect(),
        description: live.dataset.description.clone(),
        version: live.version,
        schema: serde_json::to_value(&schema).expect("a schema has string keys"),
    }
}
