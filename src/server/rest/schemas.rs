//! Datasets: made from DDL, JSON or a database; what is in them; refreshed; how they do.

use super::Body;
use crate::access::Caller;
use crate::ids::DatasetId;
use crate::knowledge::drift::Report;
use crate::knowledge::onboarding::{self, MAX_SCHEMA_BYTES, Onboarded, SchemaNode};
use crate::knowledge::overview::{self, QualityReport, StarterKit, Stats};
use crate::knowledge::{DatasetError, LiveDataset, Refreshed};
use crate::protocol::ByName;
use crate::query::Dialect;
use crate::server::extract::{Path, Query, at_least};
use crate::server::{ApiError, Server};
use crate::store::{DatasetConnection, LOCAL_WORKSPACE, NewDataset, Origin};
use crate::target::Rights;
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Sample values of a column in a response.
const SHOWN_VALUES: usize = 20;
const MAX_NAME_CHARS: usize = 120;
const MAX_DESCRIPTION_CHARS: usize = 4_000;
const MAX_QUESTIONS: usize = 20;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, delete))
        .routes(routes!(refresh))
        .routes(routes!(report))
        .routes(routes!(stats))
        .routes(routes!(quality))
        .routes(routes!(starter_kit))
        .layer(DefaultBodyLimit::max(MAX_SCHEMA_BYTES))
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
    origin: Origin,
    /// Queries can run; otherwise they are checked only.
    live: bool,
    /// Of the snapshot in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    /// Why it cannot be asked just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// Absent while its database cannot be reached and was never read.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column_count: Option<usize>,
    /// Verified and negative ones that take part in answering.
    #[serde(skip_serializing_if = "Option::is_none")]
    example_count: Option<usize>,
    /// To begin with.
    questions: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct DatasetSchema {
    dataset_id: DatasetId,
    name: String,
    dialect: Dialect,
    description: String,
    origin: Origin,
    live: bool,
    /// Why the account of its connection could change something, a sentence each; empty: it can only read. Absent
    /// without a database, or while the database does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    can_write: Option<Vec<String>>,
    /// Of the snapshot; it rises when a refresh finds a change.
    version: i32,
    /// Of descriptions, relationships and the glossary; it rises with every edit.
    knowledge_version: i64,
    /// `{"tables":[{"name","columns":[{"name","type",…}],"primary_key":[…],"foreign_keys":[…]}]}`, with what
    /// experts added.
    #[schema(value_type = Object)]
    schema: serde_json::Value,
    /// What a refresh broke; absent when it changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
    /// What of the schema that was sent could not be used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// One of `ddl`, `schema` and `connection`.
#[derive(Deserialize, ToSchema)]
struct NewSchema {
    name: String,
    #[serde(default)]
    description: String,
    /// Needed with `ddl`; `postgres` where it is absent with `schema`.
    #[serde(default)]
    dialect: Option<Dialect>,
    /// CREATE TABLE statements, or a whole dump.
    #[serde(default)]
    ddl: Option<String>,
    /// As `docs/schema-format.md` describes it.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    schema: Option<serde_json::Value>,
    /// `{"kind": "postgres", "host", "port", "database", "user", "password_file"}` or `{"kind": "sqlite", "path"}`;
    /// `docs/datasets.md` has the others.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    connection: Option<DatasetConnection>,
    /// To begin with.
    #[serde(default)]
    questions: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct Created {
    dataset_id: DatasetId,
    name: String,
    dialect: Dialect,
    version: i32,
    table_count: usize,
    column_count: usize,
    schema_nodes: Vec<SchemaNode>,
    /// What of the schema could not be used, a sentence each.
    notes: Vec<String>,
}

/// Absent members mean: read the database.
#[derive(Default, Deserialize, ToSchema)]
struct NewReading {
    #[serde(default)]
    ddl: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    schema: Option<serde_json::Value>,
}

#[derive(Deserialize, IntoParams)]
struct Weeks {
    /// 1 to 104; default 12.
    weeks: Option<i64>,
}

/// How long the list waits for a dataset that is not open yet.
const OPENED_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);

/// All datasets, the oldest first.
#[utoipa::path(get, path = "/schemas", responses((status = OK, body = Datasets)))]
async fn list(State(server): State<Server>) -> Json<Datasets> {
    let app = server.app();
    let mut items = Vec::new();
    for dataset in app.datasets().await {
        let opened = tokio::time::timeout(OPENED_WITHIN, app.dataset(dataset.id)).await;
        let (live, problem) = match opened {
            Err(_) => (
                None,
                Some("It is being made ready; look again in a while.".to_owned()),
            ),
            Ok(Ok(live)) => (Some(live), None),
            Ok(Err(error)) => {
                tracing::warn!(%error, dataset = %dataset.id, "dataset {} cannot be read", dataset.id);
                (None, Some(ApiError::from(error).message().to_owned()))
            }
        };
        items.push(DatasetSummary {
            dataset_id: dataset.id,
            name: dataset.name,
            dialect: dataset.dialect,
            description: dataset.description,
            origin: dataset.origin,
            live: dataset.connection.is_live(),
            version: live.as_ref().map(|live| live.version),
            problem,
            table_count: live.as_ref().map(|live| live.schema.tables.len()),
            column_count: live.as_ref().map(|live| column_count(live)),
            example_count: live.as_ref().map(|live| live.examples.len()),
            questions: dataset.questions,
        });
    }
    Json(Datasets { items })
}

/// Where password files lie that a request may name, below the data directory and for the whole machine: its content goes
/// to the host that the same request names.
const SECRETS: &str = "secrets";
const RUN_SECRETS: &str = "/run/secrets";

async fn may_be_read(file: &std::path::Path, data_dir: &std::path::Path) -> Result<(), ApiError> {
    let folders = [data_dir.join(SECRETS), RUN_SECRETS.into()];
    let file = tokio::fs::canonicalize(file).await.ok();
    for folder in &folders {
        let folder = tokio::fs::canonicalize(folder).await.ok();
        if let (Some(file), Some(folder)) = (&file, folder)
            && file.starts_with(folder)
        {
            return Ok(());
        }
    }
    Err(ApiError::bad_request(format!(
        "A password_file in a request has to be a file in {} or {RUN_SECRETS}; QF_DATASETS may name others.",
        folders[0].display()
    )))
}

/// Makes a dataset from DDL, from JSON or from a live database.
///
/// Without a database its questions are answered with a query that was checked and not run.
#[utoipa::path(post, path = "/schemas", request_body = NewSchema, responses(
    (status = CREATED, body = Created),
    (status = BAD_REQUEST, body = super::super::error::ErrorBody),
    (status = CONFLICT, body = super::super::error::ErrorBody),
    (status = UNPROCESSABLE_ENTITY, body = super::super::error::ErrorBody)))]
async fn create(
    State(server): State<Server>,
    Body(request): Body<NewSchema>,
) -> Result<(StatusCode, Json<Created>), ApiError> {
    let name = request.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(ApiError::bad_request(format!(
            "Give the dataset a name of 1 to {MAX_NAME_CHARS} characters."
        )));
    }
    if request.description.chars().count() > MAX_DESCRIPTION_CHARS {
        return Err(ApiError::bad_request(format!(
            "A description has at most {MAX_DESCRIPTION_CHARS} characters."
        )));
    }
    if request.questions.len() > MAX_QUESTIONS {
        return Err(ApiError::bad_request(format!(
            "At most {MAX_QUESTIONS} questions to begin with can be kept."
        )));
    }
    let (connection, origin, handed_in) = match (request.ddl, request.schema, request.connection) {
        (Some(ddl), None, None) => {
            let dialect = request.dialect.ok_or_else(|| {
                ApiError::bad_request(
                    "Say in which dialect the DDL is: postgres, mysql, sqlite, duckdb or kdb.",
                )
            })?;
            let read = read_ddl(ddl, dialect).await?;
            (DatasetConnection::None { dialect }, Origin::Ddl, Some(read))
        }
        (None, Some(schema), None) => {
            let dialect = request.dialect.unwrap_or(Dialect::Postgres);
            let read = read_json(schema).await?;
            (
                DatasetConnection::None { dialect },
                Origin::Json,
                Some(read),
            )
        }
        (None, None, Some(connection)) => {
            if matches!(
                connection,
                DatasetConnection::Embedded { .. } | DatasetConnection::None { .. }
            ) {
                return Err(ApiError::bad_request(
                    "A connection is one of sqlite, postgres, mysql, duckdb and kdb.",
                ));
            }
            if let DatasetConnection::Postgres(of)
            | DatasetConnection::Mysql(of)
            | DatasetConnection::Kdb(of) = &connection
                && let Some(file) = &of.password_file
            {
                may_be_read(file, &server.app().settings.data_dir).await?;
            }
            (connection, Origin::Connection, None)
        }
        _ => {
            return Err(ApiError::bad_request(
                "Send exactly one of ddl, schema and connection.",
            ));
        }
    };
    let new = NewDataset {
        workspace_id: LOCAL_WORKSPACE,
        name,
        description: request.description,
        dialect: connection.dialect(),
        connection,
        questions: request.questions,
        origin,
    };
    let (schema, notes) =
        handed_in.map_or((None, Vec::new()), |read| (Some(read.schema), read.notes));
    let created = server.app().create_dataset(&new, schema).await;
    let live = created.map_err(|error| not_read(error, new.dialect))?;
    Ok((
        StatusCode::CREATED,
        Json(Created {
            dataset_id: live.dataset.id,
            name: live.dataset.name.clone(),
            dialect: live.dialect(),
            version: live.version,
            table_count: live.schema.tables.len(),
            column_count: column_count(&live),
            schema_nodes: onboarding::nodes(&live.schema),
            notes,
        }),
    ))
}

fn not_read(error: DatasetError, dialect: Dialect) -> ApiError {
    match error {
        DatasetError::Target(error) => {
            tracing::info!(%error, "the schema of a database cannot be read");
            ApiError::of_connection(&error, dialect)
        }
        error => error.into(),
    }
}

async fn read_ddl(ddl: String, dialect: Dialect) -> Result<Onboarded, ApiError> {
    let read = tokio::task::spawn_blocking(move || onboarding::from_ddl(&ddl, dialect));
    Ok(read.await.expect("reading DDL does not panic")?)
}

async fn read_json(schema: serde_json::Value) -> Result<Onboarded, ApiError> {
    let read = tokio::task::spawn_blocking(move || onboarding::from_json(schema));
    Ok(read.await.expect("reading JSON does not panic")?)
}

/// A dataset with its tables, columns, keys, descriptions and some of the values.
#[utoipa::path(get, path = "/schemas/{id}", params(("id" = DatasetId, Path)), responses((status = OK, body = DatasetSchema)))]
async fn get(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<DatasetSchema>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let rights = app.rights(&live).await;
    Ok(Json(shown(live, rights, None, Vec::new())))
}

/// Removes a dataset with everything that is known about it; its conversations stay.
#[utoipa::path(delete, path = "/schemas/{id}", params(("id" = DatasetId, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<StatusCode, ApiError> {
    server.app().delete_dataset(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads the schema anew from the database, or takes the one sent, and says what of the knowledge no longer fits.
#[utoipa::path(post, path = "/schemas/{id}/refresh", params(("id" = DatasetId, Path)),
    request_body(content = Option<NewReading>), responses((status = OK, body = DatasetSchema)))]
async fn refresh(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    body: axum::body::Bytes,
) -> Result<Json<DatasetSchema>, ApiError> {
    // no body at all is fine: it means the database
    let reading: NewReading = if body.iter().all(u8::is_ascii_whitespace) {
        NewReading::default()
    } else {
        serde_json::from_slice(&body)
            .map(|body: ByName<_>| body.0)
            .map_err(|error| {
                ApiError::bad_request(format!("The body is not as documented: {error}."))
            })?
    };
    let app = server.app();
    let dialect = app.known_dataset(id).await?.dialect;
    server.refreshes.take(&caller.owner)?;
    let read = match (reading.ddl, reading.schema) {
        (None, None) => None,
        (Some(ddl), None) => Some(read_ddl(ddl, dialect).await?),
        (None, Some(schema)) => Some(read_json(schema).await?),
        (Some(_), Some(_)) => {
            return Err(ApiError::bad_request(
                "Send one of ddl and schema, not both.",
            ));
        }
    };
    let (schema, notes) = read.map_or((None, Vec::new()), |read| (Some(read.schema), read.notes));
    let refreshed = app.refresh(id, schema).await;
    let Refreshed { live, report } = refreshed.map_err(|error| not_read(error, dialect))?;
    let rights = app.rights(&live).await;
    Ok(Json(shown(live, rights, report, notes)))
}

/// What the newest change of the schema broke, with proposed rewrites; `null` when no refresh changed anything.
#[utoipa::path(get, path = "/schemas/{id}/report", params(("id" = DatasetId, Path)), responses((status = OK, body = Option<Report>)))]
async fn report(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<Option<serde_json::Value>>, ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    Ok(Json(app.store.refresh_report(id).await?))
}

/// How the dataset does: examples, questions of the last 30 days, coverage, trend, categories.
#[utoipa::path(get, path = "/schemas/{id}/stats", params(("id" = DatasetId, Path)), responses((status = OK, body = Stats)))]
async fn stats(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<Stats>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    Ok(Json(overview::stats(&app.store, &live).await?))
}

/// The share of good answers week by week, with the goal of 90 %.
#[utoipa::path(get, path = "/schemas/{id}/quality", params(("id" = DatasetId, Path), Weeks), responses((status = OK, body = QualityReport)))]
async fn quality(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
    Query(weeks): Query<Weeks>,
) -> Result<Json<QualityReport>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let weeks = at_least("weeks", weeks.weeks, 12, 1..=104)?;
    let weeks = i32::try_from(weeks).expect("at most 104");
    Ok(Json(overview::quality(&app.store, &live, weeks).await?))
}

/// Core questions to verify first, while there are fewer than five verified examples.
#[utoipa::path(get, path = "/schemas/{id}/starter-kit", params(("id" = DatasetId, Path)), responses((status = OK, body = StarterKit)))]
async fn starter_kit(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<StarterKit>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    Ok(Json(overview::starter_kit(&app.store, &live).await?))
}

fn column_count(live: &LiveDataset) -> usize {
    let tables = live.schema.tables.iter();
    tables.map(|table| table.columns.len()).sum()
}

fn shown(
    live: Arc<LiveDataset>,
    rights: Option<Rights>,
    report: Option<Report>,
    notes: Vec<String>,
) -> DatasetSchema {
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
        origin: live.dataset.origin,
        live: live.is_live(),
        can_write: rights.map(|rights| rights.can_write),
        version: live.version,
        knowledge_version: live.knowledge_version,
        schema: serde_json::to_value(&schema).expect("a schema has string keys"),
        report,
        notes,
    }
}
