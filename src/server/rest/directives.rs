//! The glossary of a dataset: words, and what a query has to make of them.

use super::Body;
use crate::access::Caller;
use crate::app::App;
use crate::builtin::{Already, Effect, Kind};
use crate::ids::{DatasetId, DirectiveId};
use crate::knowledge::LiveDataset;
use crate::server::extract::Path;
use crate::server::{ApiError, Server};
use crate::store::{Directive, NewDirective};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_KEY_CHARS: usize = 200;
const MAX_VALUE_CHARS: usize = 4_000;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(update, delete))
}

#[derive(Serialize, ToSchema)]
struct Directives {
    items: Vec<ShownDirective>,
}

#[derive(Serialize, ToSchema)]
struct ShownDirective {
    #[serde(flatten)]
    directive: Directive,
    /// What it does to a query, a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
    /// What else it changes, if its key is a word that questions use anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

/// By key.
#[utoipa::path(get, path = "/schemas/{id}/directives", params(("id" = DatasetId, Path)), responses((status = OK, body = Directives)))]
async fn list(
    State(server): State<Server>,
    Path(id): Path<DatasetId>,
) -> Result<Json<Directives>, ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    let directives = app.store.directives(id).await?;
    // a database that is down keeps nobody from reading the glossary
    let live = app.dataset(id).await.ok();
    let items = directives
        .into_iter()
        .map(|directive| ShownDirective {
            effect: live.as_ref().map(|live| effect(live, &directive)),
            warning: live.as_ref().and_then(|live| warning(live, &directive.key)),
            directive,
        })
        .collect();
    Ok(Json(Directives { items }))
}

/// Adds a word: `{"key": "VWAP", "value": "sum(price * size) / sum(size)", "context": "trades"}`.
#[utoipa::path(post, path = "/schemas/{id}/directives", params(("id" = DatasetId, Path)), request_body = NewDirective, responses((status = CREATED, body = ShownDirective)))]
async fn add(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<DatasetId>,
    Body(new): Body<NewDirective>,
) -> Result<(StatusCode, Json<ShownDirective>), ApiError> {
    let app = server.app();
    app.known_dataset(id).await?;
    let new = tidied(new)?;
    let made = app.store.add_directive(id, &caller.owner, &new).await?;
    Ok((StatusCode::CREATED, Json(warned(app, id, made).await)))
}

#[utoipa::path(put, path = "/schemas/{id}/directives/{directive}", params(("id" = DatasetId, Path), ("directive" = DirectiveId, Path)), request_body = NewDirective, responses((status = OK, body = ShownDirective)))]
async fn update(
    State(server): State<Server>,
    caller: Caller,
    Path((id, directive)): Path<(DatasetId, DirectiveId)>,
    Body(new): Body<NewDirective>,
) -> Result<Json<ShownDirective>, ApiError> {
    let new = tidied(new)?;
    let app = server.app();
    let made = app
        .store
        .update_directive(id, directive, &caller.owner, &new)
        .await?;
    Ok(Json(warned(app, id, made).await))
}

#[utoipa::path(delete, path = "/schemas/{id}/directives/{directive}", params(("id" = DatasetId, Path), ("directive" = DirectiveId, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(server): State<Server>,
    Path((id, directive)): Path<(DatasetId, DirectiveId)>,
) -> Result<StatusCode, ApiError> {
    server.app().store.delete_directive(id, directive).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A word just written, with what its writer may not have meant; its effect is known once it is in force.
async fn warned(app: &App, id: DatasetId, directive: Directive) -> ShownDirective {
    // a database that is down keeps nobody from writing the glossary
    let live = app.dataset(id).await.ok();
    ShownDirective {
        effect: None,
        warning: live.and_then(|live| warning(&live, &directive.key)),
        directive,
    }
}

fn warning(live: &LiveDataset, key: &str) -> Option<String> {
    Some(match live.generator.meant_already(key)? {
        Already::Grammar => format!(
            "“{key}” are words that many questions have. Each of them is now read by this directive; choose a name of your own if that is not meant."
        ),
        Already::Name(name) => format!(
            "“{key}” is what questions call {name}. They are now read by this directive instead; choose another name if that is not meant."
        ),
    })
}

/// What a directive does to a query, for whoever wrote it.
fn effect(live: &LiveDataset, directive: &Directive) -> String {
    let Directive { key, value, .. } = directive;
    if directive.broken.is_some() {
        return "Not used: it does not fit the schema any more.".to_owned();
    }
    match live.generator.effect(key) {
        Some(Effect::Phrase) => format!("A question that says “{key}” is read as “{value}”."),
        Some(Effect::Column(kind, tables)) => {
            let names: Vec<&str> = tables
                .iter()
                .filter_map(|table| Some(live.schema.tables.get(*table)?.name.as_str()))
                .collect();
            let names = match names.as_slice() {
                [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
                _ => names.concat(),
            };
            match kind {
                Kind::Total => format!("“{key} by …” computes this for each group of {names}."),
                Kind::Row => {
                    format!("“Average {key}”, “total {key}”: computed for each row of {names}.")
                }
                Kind::Condition => format!(
                    "A question that says “{key}” keeps only the rows of {names} where this holds."
                ),
            }
        }
        None => "A language model is told this; the built-in generator does not understand it."
            .to_owned(),
    }
}

fn tidied(new: NewDirective) -> Result<NewDirective, ApiError> {
    let tidy = NewDirective {
        key: new.key.trim().to_owned(),
        value: new.value.trim().to_owned(),
        context: new.context.trim().to_owned(),
    };
    let within = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
    if !within(&tidy.key, MAX_KEY_CHARS)
        || !within(&tidy.value, MAX_VALUE_CHARS)
        || tidy.context.chars().count() > MAX_VALUE_CHARS
    {
        return Err(ApiError::bad_request(format!(
            "A key has 1 to {MAX_KEY_CHARS} characters, a value 1 to {MAX_VALUE_CHARS}, a context at most {MAX_VALUE_CHARS}."
        )));
    }
    Ok(tidy)
}
