//! Feedback on a turn, and what is learnt from it.

use super::Body;
use crate::access::Caller;
use crate::ids::{ConversationId, DatasetId, TurnId};
use crate::knowledge::learning::{self, LearnError, Learnt, Told};
use crate::query::Verdict;
use crate::server::extract::Query;
use crate::server::extract::{Path, at_least};
use crate::server::{ApiError, Server};
use crate::store::{
    Feedback, FeedbackCategory, FeedbackStats, LOCAL_WORKSPACE, NewFeedback, Rating, RecentFeedback,
};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const MAX_TEXT_BYTES: usize = 16 * 1024;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(give))
        .routes(routes!(give_by_turn))
        .routes(routes!(stats))
        .routes(routes!(recent))
}

#[derive(Serialize, ToSchema)]
struct Given {
    #[serde(flatten)]
    feedback: Feedback,
    /// What became of it: an example, or a place in the review queue.
    learnt: Learnt,
}

/// Feedback that names its turn.
#[derive(Deserialize, ToSchema)]
struct FeedbackOnTurn {
    /// Also called `query_id`.
    #[serde(alias = "query_id")]
    turn_id: TurnId,
    rating: Rating,
    #[serde(default)]
    category: Option<FeedbackCategory>,
    #[serde(default)]
    text: Option<String>,
    /// The query as it should have been.
    #[serde(default)]
    correction: Option<String>,
}

#[derive(Deserialize, IntoParams)]
struct OfDataset {
    dataset_id: Option<DatasetId>,
    /// 1 to 200; default 50.
    limit: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct Recent {
    items: Vec<RecentFeedback>,
}

/// Thumb, category, words, a corrected query; a second one replaces the first.
///
/// A thumb up for an answer that is sure makes a verified example; every other one goes to the review queue. A
/// correction becomes a staged example.
#[utoipa::path(post, path = "/conversations/{c}/turns/{t}/feedback",
    params(("c" = ConversationId, Path), ("t" = TurnId, Path)),
    request_body = NewFeedback, responses((status = OK, body = Given)))]
async fn give(
    State(server): State<Server>,
    caller: Caller,
    Path((conversation, turn)): Path<(ConversationId, TurnId)>,
    Body(feedback): Body<NewFeedback>,
) -> Result<Json<Given>, ApiError> {
    take(&server, &caller, conversation, turn, feedback)
        .await
        .map(Json)
}

/// As `/conversations/{c}/turns/{t}/feedback`, with the turn in the body.
#[utoipa::path(post, path = "/feedback", request_body = FeedbackOnTurn, responses((status = OK, body = Given)))]
async fn give_by_turn(
    State(server): State<Server>,
    caller: Caller,
    Body(given): Body<FeedbackOnTurn>,
) -> Result<Json<Given>, ApiError> {
    let store = &server.app().store;
    let conversation = store
        .conversation_of_turn(&caller.owner, given.turn_id)
        .await?;
    let feedback = NewFeedback {
        rating: given.rating,
        category: given.category,
        text: given.text,
        correction: given.correction,
    };
    take(&server, &caller, conversation, given.turn_id, feedback)
        .await
        .map(Json)
}

/// All of one's feedback, counted; thumbs down by category.
#[utoipa::path(get, path = "/feedback/stats", params(OfDataset), responses((status = OK, body = FeedbackStats)))]
async fn stats(
    State(server): State<Server>,
    caller: Caller,
    Query(of): Query<OfDataset>,
) -> Result<Json<FeedbackStats>, ApiError> {
    let store = &server.app().store;
    Ok(Json(
        store.feedback_stats(&caller.owner, of.dataset_id).await?,
    ))
}

/// The newest first.
#[utoipa::path(get, path = "/feedback/recent", params(OfDataset), responses((status = OK, body = Recent)))]
async fn recent(
    State(server): State<Server>,
    caller: Caller,
    Query(of): Query<OfDataset>,
) -> Result<Json<Recent>, ApiError> {
    let limit = at_least("limit", of.limit, 50, 1..=200)?;
    let items = server
        .app()
        .store
        .recent_feedback(&caller.owner, of.dataset_id, limit)
        .await?;
    Ok(Json(Recent { items }))
}

async fn take(
    server: &Server,
    caller: &Caller,
    conversation: ConversationId,
    turn: TurnId,
    mut feedback: NewFeedback,
) -> Result<Given, ApiError> {
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
    let app = server.app();
    let store = &app.store;
    let asked = store.turn(&caller.owner, turn).await?;
    let live = match asked.dataset_id {
        Some(dataset) => Some(app.dataset(dataset).await?),
        None => None,
    };
    // a correction is only of use when it could be run
    if let (Some(correction), Some(live)) = (&feedback.correction, &live)
        && let Verdict::Reject(findings) = live.check(correction)
    {
        return Err(ApiError::refused_query(findings));
    }
    let saved = store
        .give_feedback(&caller.owner, conversation, turn, &feedback)
        .await?;
    let mut learnt = Learnt::default();
    if let Some(live) = live {
        let input = store.turn_input(turn).await?;
        let question = input["question"].as_str().unwrap_or(&asked.question);
        // an answer to a question of ours, or words that lean on what was said before, mean nothing alone
        let stands_alone =
            input["choice"].is_null() && !live.generator.intent(question, true).follow_up;
        let told = Told {
            workspace: LOCAL_WORKSPACE,
            turn: &asked,
            question,
            stands_alone,
            feedback: &feedback,
            by: &caller.owner,
        };
        learnt = match learning::learn(store, &live, &told).await {
            Ok(learnt) => learnt,
            Err(LearnError::Store(error)) => return Err(error.into()),
            // the thumb is kept; nothing can be learnt from it
            Err(error) => {
                tracing::warn!(%error, %turn, "nothing was learnt from the feedback on turn {turn}");
                Learnt::default()
            }
        };
    }
    Ok(Given {
        feedback: saved,
        learnt,
    })
}
