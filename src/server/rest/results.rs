//! Rows by reference: pages, and the whole as CSV, Excel or Parquet.

mod export;

use self::export::Format;
use crate::access::Caller;
use crate::ids::ResultId;
use crate::server::extract::{Path, Query, count_at_least};
use crate::server::{ApiError, Server};
use crate::store::ResultPage;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_PAGE_ROWS: usize = 10_000;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(page))
}

#[derive(Deserialize, IntoParams)]
struct Paging {
    /// The row to begin with; `next_cursor` of the page before.
    cursor: Option<i64>,
    /// 1 to 10000 rows; default 500.
    limit: Option<i64>,
}

/// A page of a result; `{id}.csv`, `{id}.xlsx` and `{id}.parquet` give all its rows as a file.
#[utoipa::path(get, path = "/results/{id}", params(("id" = String, Path), Paging), responses((status = OK, body = ResultPage)))]
async fn page(
    State(server): State<Server>,
    caller: Caller,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Response, ApiError> {
    let (id, format) = match Format::of_name(&name) {
        Some((id, format)) => (id, Some(format)),
        None => (name.as_str(), None),
    };
    let id: ResultId = id
        .parse()
        .map_err(|_| ApiError::not_found("result: its id is a UUID"))?;
    let store = &server.app().store;
    if let Some(format) = format {
        let result = store.result(&caller.owner, id).await?;
        return export::export(store, &result, format).await;
    }
    let limit = count_at_least("limit", paging.limit, 500, 1, MAX_PAGE_ROWS)?;
    let cursor = count_at_least("cursor", paging.cursor, 0, 0, usize::MAX)?;
    let page = store.result_page(&caller.owner, id, cursor, limit).await?;
    Ok(Json(page).into_response())
}
