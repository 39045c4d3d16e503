//! Conversations and their turns.

use super::{Body, query};
use crate::access::Caller;
use crate::ids::{ConversationId, DatasetId};
use crate::protocol::says_nothing;
use crate::server::extract::{Path, Query, at_least};
use crate::server::{ApiError, Server};
use crate::store::{Conversation, ConversationPage, Cursor, LOCAL_WORKSPACE, Turn, TurnPage};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_TITLE_CHARS: usize = 200;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, rename, delete))
        .routes(routes!(turns, ask))
}

#[derive(Deserialize, IntoParams)]
struct Listing {
    /// Within titles and questions, whatever the case.
    search: Option<String>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
    /// `next` of the page before.
    before: Option<String>,
}

/// Turns that one answer holds.
const TURNS: i64 = 100;

#[derive(Deserialize, IntoParams)]
struct TurnListing {
    /// 1 to 200; default 100.
    limit: Option<i64>,
    /// `next` of the page that came before this one: turns older than those.
    before: Option<String>,
}

fn cursor(before: Option<&str>) -> Result<Option<Cursor>, ApiError> {
    before
        .map(|before| before.parse().map_err(ApiError::bad_request))
        .transpose()
}

/// Conversations, the newest first.
#[utoipa::path(get, path = "/conversations", params(Listing), responses((status = OK, body = ConversationPage)))]
async fn list(
    State(server): State<Server>,
    caller: Caller,
    Query(listing): Query<Listing>,
) -> Result<Json<ConversationPage>, ApiError> {
    let search = listing
        .search
        .as_deref()
        .map(str::trim)
        .filter(|search| !search.is_empty());
    let limit = at_least("limit", listing.limit, 50, 1..=200)?;
    let page = server
        .app()
        .store
        .conversations(
            &caller.owner,
            search,
            cursor(listing.before.as_deref())?,
            limit,
        )
        .await?;
    Ok(Json(page))
}

#[derive(Default, Deserialize, ToSchema)]
struct NewConversation {
    /// Made by the client if it likes.
    #[serde(default)]
    conversation_id: Option<ConversationId>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    dataset_id: Option<DatasetId>,
}

/// An empty conversation. A first question on a new id makes one too.
#[utoipa::path(post, path = "/conversations", request_body = NewConversation, responses((status = CREATED, body = Conversation)))]
async fn create(
    State(server): State<Server>,
    caller: Caller,
    Body(new): Body<NewConversation>,
) -> Result<(StatusCode, Json<Conversation>), ApiError> {
    if let Some(dataset) = new.dataset_id {
        server.app().known_dataset(dataset).await?;
    }
    let conversation = server
        .app()
        .store
        .create_conversation(
            LOCAL_WORKSPACE,
            &caller.owner,
            new.conversation_id.unwrap_or_else(ConversationId::new),
            &title(&new.title)?,
            new.dataset_id,
        )
        .await?;
    Ok((StatusCode::CREATED, Json(conversation)))
}

#[derive(Serialize, ToSchema)]
struct ConversationWithTurns {
    #[serde(flatten)]
    conversation: Conversation,
    turns: Vec<Turn>,
    /// Give it as `before` to `/conversations/{id}/turns` for the turns before these.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Cursor>,
}

/// A conversation with its newest turns, oldest first.
#[utoipa::path(get, path = "/conversations/{id}", params(("id" = ConversationId, Path)), responses((status = OK, body = ConversationWithTurns)))]
async fn get(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationWithTurns>, ApiError> {
    let store = &server.app().store;
    let conversation = store.conversation(&caller.owner, id).await?;
    let page = store.turns(&caller.owner, id, None, TURNS).await?;
    Ok(Json(ConversationWithTurns {
        conversation,
        turns: page.items,
        next: page.next,
    }))
}

#[derive(Deserialize, ToSchema)]
struct Rename {
    title: String,
}

/// Renames a conversation.
#[utoipa::path(patch, path = "/conversations/{id}", params(("id" = ConversationId, Path)), request_body = Rename, responses((status = OK, body = Conversation)))]
async fn rename(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Body(request): Body<Rename>,
) -> Result<Json<Conversation>, ApiError> {
    let title = title(&request.title)?;
    if title.is_empty() {
        return Err(ApiError::bad_request(
            "A title needs a character that can be seen.",
        ));
    }
    let conversation = server
        .app()
        .store
        .rename_conversation(&caller.owner, id, &title)
        .await?;
    Ok(Json(conversation))
}

/// Deletes a conversation; a turn that runs is stopped.
#[utoipa::path(delete, path = "/conversations/{id}", params(("id" = ConversationId, Path)), responses((status = NO_CONTENT)))]
async fn delete(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode, ApiError> {
    server
        .app()
        .store
        .delete_conversation(&caller.owner, id)
        .await?;
    server.conversations.close(&caller.owner, id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The turns of a conversation, oldest first; without `before` the newest ones.
#[utoipa::path(get, path = "/conversations/{id}/turns", params(("id" = ConversationId, Path), TurnListing), responses((status = OK, body = TurnPage)))]
async fn turns(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(listing): Query<TurnListing>,
) -> Result<Json<TurnPage>, ApiError> {
    let store = &server.app().store;
    store.conversation(&caller.owner, id).await?;
    let limit = at_least("limit", listing.limit, TURNS, 1..=200)?;
    let before = cursor(listing.before.as_deref())?;
    let page = store.turns(&caller.owner, id, before, limit).await?;
    Ok(Json(page))
}

/// Asks a question in a conversation and waits for the end of its turn.
#[utoipa::path(post, path = "/conversations/{id}/turns", params(("id" = ConversationId, Path)), request_body = query::Query, responses((status = OK, body = query::QueryAnswer)))]
async fn ask(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Body(request): Body<query::Query>,
) -> Result<Json<query::QueryAnswer>, ApiError> {
    query::ask(&server, &caller, id, request).await.map(Json)
}

fn title(title: &str) -> Result<String, ApiError> {
    if says_nothing(title) && !title.is_empty() {
        return Err(ApiError::bad_request(
            "A title needs a character that can be seen.",
        ));
    }
    let title = title.trim();
    if title.chars().count() > MAX_TITLE_CHARS {
        return Err(ApiError::bad_request(format!(
            "A title has at most {MAX_TITLE_CHARS} characters."
        )));
    }
    Ok(title.to_owned())
}
