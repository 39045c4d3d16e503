//! Rows by reference: pages, and the whole as CSV.

use crate::access::Caller;
use crate::ids::ResultId;
use crate::server::extract::{Path, Query};
use crate::server::{ApiError, Server};
use crate::store::ResultPage;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
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
    cursor: Option<usize>,
    /// 1 to 10000 rows; default 500.
    limit: Option<usize>,
}

/// A page of a result; `{id}.csv` gives all its rows as CSV.
#[utoipa::path(get, path = "/results/{id}", params(("id" = String, Path), Paging), responses((status = OK, body = ResultPage)))]
async fn page(
    State(server): State<Server>,
    caller: Caller,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Response, ApiError> {
    let (id, as_csv) = match name.strip_suffix(".csv") {
        Some(id) => (id, true),
        None => (name.as_str(), false),
    };
    let id: ResultId = id
        .parse()
        .map_err(|_| ApiError::not_found("result: its id is a UUID"))?;
    let store = &server.app().store;
    if as_csv {
        let result = store.result(&caller.owner, id).await?;
        let rows = store.result_rows(id, 0, result.row_count).await?;
        let names: Vec<&str> = result
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        return csv(&names, &rows);
    }
    let limit = paging.limit.unwrap_or(500).clamp(1, MAX_PAGE_ROWS);
    let page = store
        .result_page(&caller.owner, id, paging.cursor.unwrap_or(0), limit)
        .await?;
    Ok(Json(page).into_response())
}

/// RFC 4180, UTF-8 with a byte-order mark, so that spreadsheets read accents.
fn csv(names: &[&str], rows: &[Vec<Value>]) -> Result<Response, ApiError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let internal = |_| {
        ApiError::new(
            axum::http::StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The rows could not be written as CSV.",
        )
    };
    writer
        .write_record(names.iter().map(|name| cell(&Value::from(*name))))
        .map_err(internal)?;
    for row in rows {
        writer
            .write_record(row.iter().map(cell))
            .map_err(internal)?;
    }
    let bytes = writer.into_inner().expect("a Vec takes every byte");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"queryforge.csv\"",
        ),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// A value as a spreadsheet should read it. Text that a spreadsheet would take for a formula gets an
/// apostrophe in front; numbers, negative ones too, stay as they are.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            if formula && text.parse::<f64>().is_err() {
                format!("'{text}")
            } else {
                text.clone()
            }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (value, expected) in [
            (json!(null), ""),
            (json!(-5), "-5"),
            (json!("-5.10"), "-5.10"),
            (json!("=1+1"), "'=1+1"),
            (json!("@SUM(A1)"), "'@SUM(A1)"),
            (json!("plain, with comma"), "plain, with comma"),
            (json!(true), "true"),
        ] {
            assert_eq!(cell(&value), expected);
        }
    }
}
