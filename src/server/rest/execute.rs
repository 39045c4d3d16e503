//! Run a query that a person wrote or edited: checked like any other.

use super::Body;
use crate::access::Caller;
use crate::answering::{chart, cost};
use crate::ids::{ConversationId, DatasetId, ResultId};
use crate::query::Verdict;
use crate::server::extract::count_at_least;
use crate::server::{ApiError, Server};
use crate::store::{LOCAL_WORKSPACE, NewResult, ResultPage};
use crate::target::RunLimits;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(execute))
}

#[derive(Deserialize, ToSchema)]
struct Execute {
    /// The query, in the dataset's dialect.
    query: String,
    #[serde(default)]
    dataset_id: Option<DatasetId>,
    /// Whose dataset is asked, when `dataset_id` is absent.
    #[serde(default)]
    conversation_id: Option<ConversationId>,
    /// Rows in the response: 1 to 10000, default 200.
    #[serde(default)]
    limit: Option<i64>,
    /// Rows to skip in the response.
    #[serde(default)]
    offset: Option<i64>,
    /// Run it however many rows it reads; otherwise more than the limit is answered with 409.
    #[serde(default)]
    confirm_cost: bool,
}

#[derive(Serialize, ToSchema)]
struct Executed {
    /// As it ran.
    query: String,
    #[serde(flatten)]
    result: ResultPage,
}

/// Checks a query and runs it read-only; 422 with `error.details.findings` when it may not run, 409 with
/// `error.details.rows_read` when it would read very much and `confirm_cost` is not set.
#[utoipa::path(post, path = "/execute", request_body = Execute, responses(
    (status = OK, body = Executed), (status = CONFLICT, body = super::super::error::ErrorBody), (status = UNPROCESSABLE_ENTITY, body = super::super::error::ErrorBody)))]
async fn execute(
    State(server): State<Server>,
    caller: Caller,
    Body(request): Body<Execute>,
) -> Result<Json<Executed>, ApiError> {
    // before anything runs
    let limit = count_at_least("limit", request.limit, 200, 1, 10_000)?;
    let offset = count_at_least("offset", request.offset, 0, 0, usize::MAX)?;
    let app = server.app();
    let dataset = match (request.dataset_id, request.conversation_id) {
        (Some(dataset), _) => Some(dataset),
        (None, Some(conversation)) => {
            app.store
                .conversation(&caller.owner, conversation)
                .await?
                .dataset_id
        }
        (None, None) => None,
    };
    let dataset = dataset.ok_or_else(|| {
        ApiError::bad_request(
            "Name the dataset: dataset_id, or conversation_id of a conversation that has one.",
        )
    })?;
    let live = app.dataset(dataset).await?;
    let query = match live.check(&request.query) {
        Verdict::Accept(query) => query,
        Verdict::Reject(findings) => return Err(ApiError::refused_query(findings)),
    };
    server.executions.take(&caller.owner)?;
    let limits = RunLimits::of(&app.settings.limits);
    // whoever goes away while waiting stops the statement
    let cancel = CancellationToken::new();
    let _stop_when_gone = cancel.clone().drop_guard();
    if !request.confirm_cost {
        // a dry run that fails says nothing of cost; the run itself will say why
        let plan = live.target.explain(&query, &cancel).await;
        let rows = plan.ok().and_then(|plan| plan.rows_read);
        if let Some(rows) = cost::is_above(rows, app.settings.limits.ask_above_rows) {
            return Err(ApiError::too_costly(rows));
        }
    }
    let rows = live
        .target
        .run(&query, &limits, &cancel)
        .await
        .map_err(|error| ApiError::of_query(query.text(), error))?
        .with_visible_nul();
    let id = ResultId::new();
    let chart = chart::suggest(&rows);
    let added_bytes = app
        .store
        .add_result(&NewResult {
            id,
            workspace_id: LOCAL_WORKSPACE,
            owner: &caller.owner,
            turn_id: None,
            rows: &rows,
            chart: chart.as_ref(),
        })
        .await?;
    let stored_bytes = app.settings.limits.stored_bytes;
    if app
        .store
        .results_grew(&caller.owner, added_bytes, stored_bytes)
    {
        app.store
            .trim_results(&caller.owner, id, stored_bytes)
            .await?;
    }
    let result = app
        .store
        .result_page(&caller.owner, id, offset, limit)
        .await?;
    Ok(Json(Executed {
        query: query.text().to_owned(),
        result,
    }))
}
