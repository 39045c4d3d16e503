//! What works and what does not, asked now: our database, Redis, the models, every dataset's database.

use crate::access::Caller;
use crate::ids::DatasetId;
use crate::llm::switchboard::ModelState;
use crate::query::Dialect;
use crate::server::{ApiError, Server};
use crate::store::Dataset;
use axum::Json;
use axum::extract::State;
use futures::{StreamExt, stream};
use serde::Serialize;
use std::fmt::Display;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Whatever takes longer does not work. Our longest statement there ends after 15 s: it is not left behind.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// Datasets asked at once.
const AT_ONCE: usize = 32;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(diagnostics))
}

#[derive(Serialize, ToSchema)]
struct Diagnostics {
    version: &'static str,
    uptime_seconds: u64,
    /// It stops: nothing new is begun here.
    draining: bool,
    turns_running: usize,
    store: Checked,
    /// None: not configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    redis: Option<Checked>,
    /// None of them is asked: that would cost tokens.
    models: Vec<ModelState>,
    datasets: Vec<DatasetChecked>,
}

#[derive(Serialize, ToSchema)]
struct Checked {
    ok: bool,
    ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct DatasetChecked {
    id: DatasetId,
    name: String,
    dialect: Dialect,
    /// None: it was made without a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<Checked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_version: Option<String>,
    /// Why its account could change something, one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    can_write: Vec<String>,
}

/// Asks our database, Redis and every dataset's database now, each for up to 20 s, and says which models rest after
/// failures. For administrators.
#[utoipa::path(get, path = "/diagnostics", responses(
    (status = OK, body = Diagnostics),
    (status = FORBIDDEN, description = "Not an administrator"),
    (status = TOO_MANY_REQUESTS, description = "More than 12 a minute"),
))]
async fn diagnostics(
    State(server): State<Server>,
    caller: Caller,
) -> Result<Json<Diagnostics>, ApiError> {
    if !caller.role.can_diagnose() {
        return Err(ApiError::forbidden(
            "Diagnostics are for administrators. /api/v1/status is for everybody.",
        ));
    }
    server.diagnoses.take(&caller.owner)?;
    let app = server.app();
    let redis = async {
        match &app.streams {
            Some(streams) => Some(checked(streams.ping()).await.0),
            None => None,
        }
    };
    let datasets = async {
        let datasets = app.datasets().await;
        stream::iter(datasets)
            .map(|dataset| dataset_checked(&server, dataset))
            .buffered(AT_ONCE)
            .collect()
            .await
    };
    let ((store, _), redis, datasets) = tokio::join!(checked(app.store.ping()), redis, datasets);
    Ok(Json(Diagnostics {
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: server.started.elapsed().as_secs(),
        draining: server.conversations.is_draining(),
        turns_running: server.conversations.running_turns(),
        store,
        redis,
        models: app.models.states(),
        datasets,
    }))
}

async fn dataset_checked(server: &Server, dataset: Dataset) -> DatasetChecked {
    let (database, rights) = if dataset.connection.is_live() {
        let (database, rights) = checked(server.app().probe(&dataset.connection)).await;
        (Some(database), rights)
    } else {
        (None, None)
    };
    let rights = rights.unwrap_or_default();
    DatasetChecked {
        id: dataset.id,
        name: dataset.name,
        dialect: dataset.dialect,
        database,
        server_version: Some(rights.server_version).filter(|version| !version.is_empty()),
        can_write: rights.can_write,
    }
}

async fn checked<T, E: Display>(asked: impl Future<Output = Result<T, E>>) -> (Checked, Option<T>) {
    let began = Instant::now();
    let answer = tokio::time::timeout(ANSWERS_WITHIN, asked).await;
    let (answer, problem) = match answer {
        Ok(Ok(answer)) => (Some(answer), None),
        Ok(Err(error)) => (None, Some(error.to_string())),
        Err(_) => (
            None,
            Some(format!("no answer within {} s", ANSWERS_WITHIN.as_secs())),
        ),
    };
    let checked = Checked {
        ok: problem.is_none(),
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        problem,
    };
    (checked, answer)
}
