//! What experts say tables and columns mean and how they join; suggestions of a model for it.

use super::Body;
use crate::access::Caller;
use crate::app::{App, Use};
use crate::ids::{AnnotationId, DatasetId, RelationshipId, TurnId};
use crate::knowledge::enrichment::SuggestError;
use crate::knowledge::{enrichment, overlay};
use crate::llm::ledger::Ledger;
use crate::protocol::ModelConfig;
use crate::server::extract::{Path, Query};
use crate::server::{ApiError, Server};
use crate::store::{
    Annotation, AnnotationStatus, CallsOf, LOCAL_WORKSPACE, Meaning, NewAnnotation,
    NewRelationship, Relationship, StoreError,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use futures::FutureExt;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_DESCRIPTION_CHARS: usize = 2_000;
const MAX_SYNONYMS: usize = 50;
const MAX_MEANINGS: usize = 500;
const MAX_WORD_CHARS: usize = 200;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, put))
        .routes(routes!(delete))
        .routes(routes!(approve))
        .routes(routes!(reject))
        .routes(routes!(enrich))
        .routes(routes!(relationships, relate))
        .routes(routes!(unrelate))
}

#[derive(Deserialize, IntoParams)]
struct Listing {
    /// `suggested`, `approved` or `rejected`; all but the rejected ones without it.
    status: Option<AnnotationStatus>,
}

#[derive(Serialize, ToSchema)]
struct Annotations {
    items: Vec<Annotation>,
}

#[derive(Serialize, ToSchema)]
struct Relationships {
    items: Vec<Relationship>,
}

/// About a table, or one of its columns; it replaces what was said of that place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Said {
    table: String,
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    synonyms: Vec<String>,
    /// A column's value dictionary.
    #[serde(default)]
    meanings: Vec<Meaning>,
}

/// Descriptions, synonyms and value dictionaries, by table and column.
#[utoipa::path(get, path = "/schemas/{id}/annotations", params(("id" = DatasetId, Path), Listing), responses((status = OK, body = Annotations)))]
async fn list(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
    Query(listing): Query<Listing>,
) -> Result<Json<Annotations>, ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    let items = app.store.annotations(id, listing.status).await?;
    Ok(Json(Annotations { items }))
}

/// Says what a table or column means. Kept apart from the schema that was read, and laid over every version of it.
#[utoipa::path(put, path = "/schemas/{id}/annotations", params(("id" = DatasetId, Path)), request_body = Said, responses((status = OK, body = Annotation)))]
async fn put(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    Body(said): Body<Said>,
) -> Result<Json<Annotation>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let table = overlay::find_table(&live.schema, &said.table)
        .ok_or_else(|| ApiError::bad_request(format!("There is no table '{}'.", said.table)))?;
    let column = said.column.filter(|column| !column.is_empty());
    if let Some(column) = &column
        && live.schema.tables[table].column(column).is_none()
    {
        return Err(ApiError::bad_request(format!(
            "There is no column '{column}' in '{}'.",
            said.table
        )));
    }
    let words = |words: Vec<String>| -> Vec<String> {
        words
            .iter()
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect()
    };
    let new = NewAnnotation {
        table: said.table,
        column,
        description: said.description.trim().to_owned(),
        synonyms: words(said.synonyms),
        meanings: said.meanings,
        source: "expert".to_owned(),
    };
    let too_long = |text: &String| text.chars().count() > MAX_WORD_CHARS;
    if new.description.chars().count() > MAX_DESCRIPTION_CHARS
        || new.synonyms.len() > MAX_SYNONYMS
        || new.meanings.len() > MAX_MEANINGS
        || new.synonyms.iter().any(too_long)
        || new
            .meanings
            .iter()
            .any(|one| too_long(&one.value) || too_long(&one.meaning))
    {
        return Err(ApiError::bad_request(format!(
            "A description has at most {MAX_DESCRIPTION_CHARS} characters; there are at most {MAX_SYNONYMS} synonyms and \
             {MAX_MEANINGS} meanings of {MAX_WORD_CHARS} characters."
        )));
    }
    if new.column.is_none() && !new.meanings.is_empty() {
        return Err(ApiError::bad_request(
            "Only a column has a value dictionary.",
        ));
    }
    let saved = app
        .store
        .save_annotations(id, &caller.owner, AnnotationStatus::Approved, &[new])
        .await?;
    saved
        .into_iter()
        .next()
        .map(Json)
        .ok_or_else(|| ApiError::not_found("dataset"))
}

/// Takes back what was said of a place.
#[utoipa::path(delete, path = "/schemas/{id}/annotations/{annotation}", params(("id" = DatasetId, Path), ("annotation" = AnnotationId, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(server): State<Server>,
    Path((id, annotation)): Path<(DatasetId, AnnotationId)>,
) -> Result<StatusCode, ApiError> {
    server.app().store.delete_annotation(id, annotation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a suggestion the description in force.
#[utoipa::path(post, path = "/schemas/{id}/annotations/{annotation}/approve", params(("id" = DatasetId, Path), ("annotation" = AnnotationId, Path)), responses((status = OK, body = Annotation)))]
async fn approve(
    State(server): State<Server>,
    caller: Caller,
    Path((id, annotation)): Path<(DatasetId, AnnotationId)>,
) -> Result<Json<Annotation>, ApiError> {
    let store = &server.app().store;
    Ok(Json(
        store
            .approve_annotation(id, annotation, &caller.owner)
            .await?,
    ))
}

/// Turns a suggestion down; the same place gets no other one.
#[utoipa::path(post, path = "/schemas/{id}/annotations/{annotation}/reject", params(("id" = DatasetId, Path), ("annotation" = AnnotationId, Path)), responses((status = NO_CONTENT)))]
async fn reject(
    State(server): State<Server>,
    Path((id, annotation)): Path<(DatasetId, AnnotationId)>,
) -> Result<StatusCode, ApiError> {
    server.app().store.reject_annotation(id, annotation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has a model suggest descriptions where there are none; nothing is used before somebody approves it.
#[utoipa::path(post, path = "/schemas/{id}/enrich", params(("id" = DatasetId, Path)), responses((status = OK, body = Annotations)))]
async fn enrich(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
) -> Result<Json<Annotations>, ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    let Some(chosen) = app.models.pick(Use::Generation, &ModelConfig::default()) else {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "no_model",
            "No language model is configured, and the built-in generator cannot describe a schema. Configure one, or write the descriptions yourself.",
        ));
    };
    let mut known = app.store.annotations(id, None).await?;
    known.extend(
        app.store
            .annotations(id, Some(AnnotationStatus::Rejected))
            .await?,
    );
    let bill = Bill::new(app.clone(), &caller.owner);
    let suggested = enrichment::suggest(
        &live,
        chosen.board,
        &enrichment::Terms {
            apply: &|request, options| chosen.apply(request, options),
            ledger: &bill.ledger,
            hold: &|tokens| {
                app.hold_tokens(LOCAL_WORKSPACE, &caller.owner, bill.held, bill.day, tokens)
                    .boxed()
            },
            reply_tokens: chosen.reply_tokens(),
        },
        &known,
    )
    .await;
    let day = bill.day;
    bill.settle().await?;
    let suggested = suggested.map_err(|error| match error {
        SuggestError::Model(error) => ApiError::of_model(&error),
        SuggestError::Budget(scope) => ApiError::of_budget(scope, day),
        SuggestError::Store(error) => error.into(),
    })?;
    let items = app
        .store
        .save_annotations(id, &caller.owner, AnnotationStatus::Suggested, &suggested)
        .await?;
    Ok(Json(Annotations { items }))
}

/// The calls of a request, which are paid for also when whoever made it goes away.
struct Bill {
    app: Arc<App>,
    owner: String,
    ledger: Ledger,
    /// No turn, but what is held for the calls is settled under an id as a turn's is.
    held: TurnId,
    /// UTC
    day: NaiveDate,
    settled: bool,
}

impl Bill {
    fn new(app: Arc<App>, owner: &str) -> Self {
        Self {
            owner: owner.to_owned(),
            ledger: Ledger::default(),
            held: TurnId::new(),
            day: app.store.now().date_naive(),
            settled: false,
            app,
        }
    }

    async fn settle(mut self) -> Result<(), StoreError> {
        keep(&self.app, &self.owner, self.held, self.day, &self.ledger).await?;
        self.settled = true;
        Ok(())
    }
}

impl Drop for Bill {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        let (app, owner, ledger) = (self.app.clone(), self.owner.clone(), self.ledger.clone());
        let (held, day) = (self.held, self.day);
        self.app.owe(async move {
            if let Err(error) = keep(&app, &owner, held, day, &ledger).await {
                tracing::error!(%error, "the calls of a request that was given up could not be kept");
            }
        });
    }
}

async fn keep(
    app: &App,
    owner: &str,
    held: TurnId,
    day: NaiveDate,
    ledger: &Ledger,
) -> Result<(), StoreError> {
    let of = CallsOf {
        workspace: LOCAL_WORKSPACE,
        owner,
        turn: held,
        day: Some(day),
    };
    app.store.add_model_calls(of, &ledger.records()).await
}

/// Joins that experts declared, beside the database's own foreign keys.
#[utoipa::path(get, path = "/schemas/{id}/relationships", params(("id" = DatasetId, Path)), responses((status = OK, body = Relationships)))]
async fn relationships(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<Relationships>, ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    let items = app.store.relationships(id).await?;
    Ok(Json(Relationships { items }))
}

/// Declares how two tables join.
#[utoipa::path(post, path = "/schemas/{id}/relationships", params(("id" = DatasetId, Path)), request_body = NewRelationship, responses((status = CREATED, body = Relationship)))]
async fn relate(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    Body(new): Body<NewRelationship>,
) -> Result<(StatusCode, Json<Relationship>), ApiError> {
    let app = server.app();
    let live = app.dataset(id).await?;
    if new.from_columns.is_empty() || new.from_columns.len() != new.to_columns.len() {
        return Err(ApiError::bad_request(
            "Name as many columns on one side as on the other, and at least one.",
        ));
    }
    for (table, columns) in [
        (&new.from_table, &new.from_columns),
        (&new.to_table, &new.to_columns),
    ] {
        let at = overlay::find_table(&live.schema, table)
            .ok_or_else(|| ApiError::bad_request(format!("There is no table '{table}'.")))?;
        for column in columns {
            if live.schema.tables[at].column(column).is_none() {
                return Err(ApiError::bad_request(format!(
                    "There is no column '{column}' in '{table}'."
                )));
            }
        }
    }
    let made = app.store.add_relationship(id, &caller.owner, &new).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[utoipa::path(delete, path = "/schemas/{id}/relationships/{relationship}", params(("id" = DatasetId, Path), ("relationship" = RelationshipId, Path)), responses((status = NO_CONTENT)))]
async fn unrelate(
    State(server): State<Server>,
    Path((id, relationship)): Path<(DatasetId, RelationshipId)>,
) -> Result<StatusCode, ApiError> {
    server
        .app()
        .store
        .delete_relationship(id, relationship)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
