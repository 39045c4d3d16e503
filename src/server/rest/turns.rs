//! What can be done to a turn that is there.

use super::query::ended;
use crate::access::Caller;
use crate::ids::TurnId;
use crate::server::extract::Path;
use crate::server::{ApiError, Server};
use crate::store::{Turn, TurnStatus};
use axum::Json;
use axum::extract::State;
use std::time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Stopping a model and a statement takes up to 2 s; then the turn is shown as it is.
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(cancel))
}

/// Stops a turn, its model and its statement; one that has ended stays as it is.
#[utoipa::path(post, path = "/turns/{id}/cancel", params(("id" = TurnId, Path)),
    responses((status = OK, body = Turn), (status = NOT_FOUND, body = crate::server::error::ErrorBody)))]
async fn cancel(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<TurnId>,
) -> Result<Json<Turn>, ApiError> {
    let store = &server.app().store;
    let turn = store.turn(&caller.owner, id).await?;
    if turn.status != TurnStatus::Running {
        return Ok(Json(turn));
    }
    let conversation = server
        .conversations
        .open(&caller.owner, turn.conversation_id)
        .await?;
    conversation.abort(id).await;
    let waited = tokio::time::timeout(STOPPED_WITHIN, ended(&server, &caller, &conversation, id));
    match waited.await {
        Ok(turn) => turn.map(Json),
        Err(_) => Ok(Json(store.turn(&caller.owner, id).await?)),
    }
}
