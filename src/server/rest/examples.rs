//! Examples of a dataset: added, listed, executed, verified, rejected, imported.

use super::Body;
use crate::access::Caller;
use crate::ids::{DatasetId, ExampleId};
use crate::knowledge::example_files;
use crate::knowledge::learning::{self, ExampleDraft, LearnError};
use crate::protocol::ByName;
use crate::query::Finding;
use crate::server::extract::{Path, Query, at_least};
use crate::server::{ApiError, Server};
use crate::store::{
    Example, ExampleFilter, ExamplePage, ExampleTrust, NewExample, Provenance, Source,
};
use crate::target::{ResultColumn, RunLimits};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Examples in one import.
const MAX_IMPORT: usize = 20_000;
const MAX_IMPORT_BYTES: usize = 32 * 1024 * 1024;
/// Rows shown of an example that is run.
const SHOWN_ROWS: usize = 200;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(get, update, delete))
        .routes(routes!(run))
        .routes(routes!(verify))
        .routes(routes!(reject))
        .routes(routes!(import))
        .layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES))
}

#[derive(Deserialize, IntoParams)]
struct Listing {
    trust: Option<ExampleTrust>,
    /// `category:sales`, or a value of any tag.
    tag: Option<String>,
    /// Somewhere in question, variants, query or note, whatever the case.
    text: Option<String>,
    /// Only those that do not fit the schema any more.
    broken: Option<bool>,
    offset: Option<i64>,
    /// 1 to 500; default 50.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct Ran {
    columns: Vec<ResultColumn>,
    /// At most 200.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<serde_json::Value>>,
    row_count: usize,
    truncated: bool,
    elapsed_ms: u64,
    example: Example,
}

#[derive(Default, Deserialize, ToSchema)]
struct Rejection {
    /// Why the query is wrong.
    #[serde(default)]
    note: Option<String>,
}

/// One of `items` and `text`.
#[derive(Deserialize, ToSchema)]
struct Import {
    #[serde(default)]
    items: Option<Vec<ExampleDraft>>,
    /// A file, as `docs/schema-format.md` describes it.
    #[serde(default)]
    text: Option<String>,
    /// What the file is; JSON lines when absent.
    #[serde(default)]
    format: FileFormat,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum FileFormat {
    #[default]
    Jsonl,
    Markdown,
}

#[derive(Serialize, ToSchema)]
struct Imported {
    /// New ones; all of them staged, or negative.
    added: u64,
    /// Those that were there already.
    known: u64,
    errors: Vec<ImportError>,
}

#[derive(Serialize, ToSchema)]
struct ImportError {
    /// Position in `items`, from 0; of what the file has.
    item: usize,
    /// Where it begins in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
}

/// The newest change first.
#[utoipa::path(get, path = "/schemas/{id}/examples", params(("id" = DatasetId, Path), Listing), responses((status = OK, body = ExamplePage)))]
async fn list(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
    Query(listing): Query<Listing>,
) -> Result<Json<ExamplePage>, ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let filter = ExampleFilter {
        trust: listing.trust,
        tag: given(listing.tag),
        text: given(listing.text),
        broken: listing.broken.unwrap_or(false),
        offset: at_least("offset", listing.offset, 0, 0..=i64::MAX)?,
        limit: at_least("limit", listing.limit, 50, 1..=500)?,
    };
    Ok(Json(app.store.examples(id, &filter).await?))
}

/// Adds an example, staged (or negative); its query is checked against the schema.
#[utoipa::path(post, path = "/schemas/{id}/examples", params(("id" = DatasetId, Path)), request_body = ExampleDraft, responses(
    (status = CREATED, body = Example), (status = UNPROCESSABLE_ENTITY, body = super::super::error::ErrorBody)))]
async fn add(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    Body(draft): Body<ExampleDraft>,
) -> Result<(StatusCode, Json<Example>), ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let new = draft.checked(&live, provenance(Source::Written, caller))?;
    let made = app.store.add_example(id, &new).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[utoipa::path(get, path = "/schemas/{id}/examples/{example}", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), responses((status = OK, body = Example)))]
async fn get(
    State(server): State<Server>,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
) -> Result<Json<Example>, ApiError> {
    Ok(Json(server.app().store.example(id, example).await?))
}

/// Replaces question, query, variants, tags and note. With another query it is staged again.
#[utoipa::path(put, path = "/schemas/{id}/examples/{example}", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), request_body = ExampleDraft, responses((status = OK, body = Example)))]
async fn update(
    State(server): State<Server>,
    caller: Caller,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
    Body(mut draft): Body<ExampleDraft>,
) -> Result<Json<Example>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let old = app.store.example(id, example).await?;
    draft.negative = old.trust == ExampleTrust::Negative;
    let new = draft.checked(&live, provenance(Source::Written, caller))?;
    Ok(Json(app.store.update_example(id, example, &new).await?))
}

#[utoipa::path(delete, path = "/schemas/{id}/examples/{example}", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(server): State<Server>,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
) -> Result<StatusCode, ApiError> {
    server.app().store.delete_example(id, example).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Executes the example's query, to look at its rows before it is verified.
#[utoipa::path(post, path = "/schemas/{id}/examples/{example}/run", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), responses((status = OK, body = Ran)))]
async fn run(
    State(server): State<Server>,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
) -> Result<Json<Ran>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let example = app.store.example(id, example).await?;
    let limits = RunLimits::of(&app.settings.limits);
    // whoever goes away while waiting stops the statement
    let cancel = CancellationToken::new();
    let _stop_when_gone = cancel.clone().drop_guard();
    let mut rows = learning::run(&live, &example, &limits, &cancel)
        .await?
        .with_visible_nul();
    let count = learning::row_count(&rows);
    let example = app
        .store
        .example_was_executed(id, example.example_id, &example.query, count, None)
        .await?;
    let row_count = rows.rows.len();
    rows.rows.truncate(SHOWN_ROWS);
    Ok(Json(Ran {
        columns: rows.columns,
        rows: rows.rows,
        row_count,
        truncated: rows.truncated,
        elapsed_ms: rows.elapsed_ms,
        example,
    }))
}

/// Verifies the example: its query is executed now, and only when that succeeds is it verified.
#[utoipa::path(post, path = "/schemas/{id}/examples/{example}/verify", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), responses(
    (status = OK, body = Example), (status = UNPROCESSABLE_ENTITY, body = super::super::error::ErrorBody)))]
async fn verify(
    State(server): State<Server>,
    caller: Caller,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
) -> Result<Json<Example>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let example = app.store.example(id, example).await?;
    let limits = RunLimits::of(&app.settings.limits);
    let cancel = CancellationToken::new();
    let _stop_when_gone = cancel.clone().drop_guard();
    let verified =
        learning::verify(&app.store, &live, &example, &caller.owner, &limits, &cancel).await?;
    Ok(Json(verified))
}

/// Rejects the example: it becomes negative, and its query is not given for such a question again.
#[utoipa::path(post, path = "/schemas/{id}/examples/{example}/reject", params(("id" = DatasetId, Path), ("example" = ExampleId, Path)), request_body(content = Option<Rejection>), responses((status = OK, body = Example)))]
async fn reject(
    State(server): State<Server>,
    Path((id, example)): Path<(DatasetId, ExampleId)>,
    body: axum::body::Bytes,
) -> Result<Json<Example>, ApiError> {
    let rejection: Rejection = if body.iter().all(u8::is_ascii_whitespace) {
        Rejection::default()
    } else {
        serde_json::from_slice(&body)
            .map(|body: ByName<_>| body.0)
            .map_err(|error| {
                ApiError::bad_request(format!("The body is not as documented: {error}."))
            })?
    };
    let note = rejection
        .note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.len() > 16 * 1024) {
        return Err(ApiError::bad_request("A note has at most 16 KiB."));
    }
    let store = &server.app().store;
    Ok(Json(
        store
            .demote_example(id, example, ExampleTrust::Negative, note.as_deref())
            .await?,
    ))
}

/// Adds many, all staged (or negative); each is checked, and what is wrong with one keeps no other from being added.
#[utoipa::path(post, path = "/schemas/{id}/examples/import", params(("id" = DatasetId, Path)), request_body = Import, responses((status = OK, body = Imported)))]
async fn import(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    Body(import): Body<Import>,
) -> Result<Json<Imported>, ApiError> {
    let entries: Vec<(Option<usize>, Result<ExampleDraft, String>)> =
        match (import.items, import.text) {
            (Some(items), None) => items.into_iter().map(|draft| (None, Ok(draft))).collect(),
            (None, Some(text)) => {
                let read = tokio::task::spawn_blocking(move || match import.format {
                    FileFormat::Jsonl => example_files::json_lines(&text),
                    FileFormat::Markdown => example_files::markdown(&text),
                });
                let read = read.await.expect("reading a file does not panic");
                read.into_iter()
                    .map(|(line, entry)| (Some(line), entry))
                    .collect()
            }
            _ => {
                return Err(ApiError::bad_request("Send one of items and text."));
            }
        };
    if entries.len() > MAX_IMPORT {
        return Err(ApiError::bad_request(format!(
            "At most {MAX_IMPORT} examples can be imported at once; send the rest after them."
        )));
    }
    let app = server.app();
    let live = app.dataset(id).await?;
    let from = provenance(Source::Import, caller);
    let checking = tokio::task::spawn_blocking(move || {
        let mut good: Vec<NewExample> = Vec::new();
        let mut errors = Vec::new();
        for (item, (line, entry)) in entries.into_iter().enumerate() {
            let checked = match entry {
                Ok(draft) => draft.checked(&live, from.clone()),
                Err(message) => Err(LearnError::Invalid(message)),
            };
            match checked {
                Ok(new) => good.push(new),
                Err(LearnError::Refused(findings)) => errors.push(ImportError {
                    item,
                    line,
                    message: findings
                        .first()
                        .map_or_else(String::new, |finding| finding.message.clone()),
                    findings,
                }),
                Err(error) => errors.push(ImportError {
                    item,
                    line,
                    message: error.to_string(),
                    findings: Vec::new(),
                }),
            }
        }
        (good, errors)
    });
    let (good, errors) = checking.await.expect("the checker does not panic");
    let added = if good.is_empty() {
        0
    } else {
        app.store.import_examples(id, &good).await?
    };
    Ok(Json(Imported {
        added,
        known: good.len() as u64 - added,
        errors,
    }))
}

fn provenance(source: Source, caller: Caller) -> Provenance {
    Provenance {
        source,
        turn_id: None,
        by: caller.owner,
    }
}
