//! Feedback on a turn.

use super::Body;
use crate::access::Caller;
use crate::ids::{ConversationId, TurnId};
use crate::query::Verdict;
use crate::server::extract::Path;
use crate::server::{ApiError, Server};
use crate::store::{Feedback, NewFeedback};
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_TEXT_BYTES: usize = 16 * 1024;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(give))
}

/// Thumb, category, words, a corrected query; a second one replaces the first.
#[utoipa::path(post, path = "/conversations/{c}/turns/{t}/feedback",
    params(("c" = ConversationId, Path), ("t" = TurnId, Path)),
    request_body = NewFeedback, responses((status = OK, body = Feedback)))]
async fn give(
    State(server): State<Server>,
    caller: Caller,
    Path((conversation, turn)): Path<(ConversationId, TurnId)>,
    Body(mut feedback): Body<NewFeedback>,
) -> Result<Json<Feedback>, ApiError> {
    for text in [&mut feedback.text, &mut feedback.correction] {
        *text = text
            .take()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if text
            .as_ref()
            .is_some_and(|text| text.len() > MAX_TEXT_BYTES)
        {
            return Err(ApiError::bad_request(
                "Feedback has at most 16 KiB of text.",
            ));
        }
    }
    let store = &server.app().store;
    // a correction is only of use when it could be run
    if let Some(correction) = &feedback.correction {
        let turn = store.turn(&caller.owner, turn).await?;
        if let Some(dataset) = turn.dataset_id {
            let live = server.app().dataset(dataset).await?;
            if let Verdict::Reject(findings) = live.check(correction) {
                return Err(ApiError::refused_query(findings));
            }
        }
    }
    let feedback = store
        .give_feedback(&caller.owner, conversation, turn, &feedback)
        .await?;
    Ok(Json(feedback))
}
