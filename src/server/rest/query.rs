//! Ask and wait: the same turn as over the WebSocket, answered in one response.

use super::Body;
use crate::access::Caller;
use crate::conversation::Conversation;
use crate::ids::{ConversationId, DatasetId, MessageId, TurnId};
use crate::protocol::{
    InputMessage, ModelConfig, Options, ResumeEntry, ResumeStatus, RunAgentInput,
};
use crate::server::{ApiError, Server};
use crate::store::{ResultPage, Turn, TurnStatus};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Rows in the response; the others by `GET /results/{result_id}`.
const ROWS: usize = 200;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(query))
        .routes(routes!(retry))
}

#[derive(Deserialize, ToSchema)]
pub struct Query {
    /// The question, in plain language.
    pub query: String,
    /// Which dataset; the one that fits best when absent.
    #[serde(default)]
    pub dataset_id: Option<DatasetId>,
    /// To follow up; a new conversation when absent.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
    /// Made by the client: the same one again gives the same turn, never a second.
    #[serde(default)]
    pub query_id: Option<TurnId>,
    /// Run the query once it is valid; default true.
    #[serde(default)]
    pub execute: Option<bool>,
    #[serde(default)]
    pub model_config: Option<ModelConfig>,
    /// The option chosen, when the previous turn of the conversation asked.
    #[serde(default)]
    pub choice: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct RetryRequest {
    /// The turn whose question is tried again.
    query_id: TurnId,
    /// What was wrong.
    #[serde(default)]
    feedback: String,
}

#[derive(Serialize, ToSchema)]
pub struct QueryAnswer {
    /// `success`, `clarification` (see `interrupt`) or `cancelled`.
    pub status: &'static str,
    /// The same as `turn.turn_id`.
    pub query_id: TurnId,
    pub conversation_id: ConversationId,
    pub turn: Turn,
    /// The first rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultPage>,
}

/// Asks a question and waits for the end of its turn.
#[utoipa::path(post, path = "/query", request_body = Query, responses(
    (status = OK, body = QueryAnswer), (status = "4XX", body = super::super::error::ErrorBody), (status = "5XX", body = super::super::error::ErrorBody)))]
async fn query(
    State(server): State<Server>,
    caller: Caller,
    Body(request): Body<Query>,
) -> Result<Json<QueryAnswer>, ApiError> {
    let conversation = request.conversation_id.unwrap_or_else(ConversationId::new);
    ask(&server, &caller, conversation, request).await.map(Json)
}

/// Tries a turn's question again, guided by what was wrong.
#[utoipa::path(post, path = "/retry", request_body = RetryRequest, responses(
    (status = OK, body = QueryAnswer), (status = "4XX", body = super::super::error::ErrorBody)))]
async fn retry(
    State(server): State<Server>,
    caller: Caller,
    Body(request): Body<RetryRequest>,
) -> Result<Json<QueryAnswer>, ApiError> {
    let turn = server
        .app()
        .store
        .turn(&caller.owner, request.query_id)
        .await?;
    let options = Options {
        dataset_id: turn.dataset_id,
        retry_of: Some(request.query_id),
        ..Options::default()
    };
    let input = input(
        turn.conversation_id,
        TurnId::new(),
        request.feedback.trim(),
        &options,
        vec![],
    );
    run(&server, &caller, input).await.map(Json)
}

/// Submits and waits; what `POST /conversations/{id}/turns` does too.
pub async fn ask(
    server: &Server,
    caller: &Caller,
    conversation: ConversationId,
    request: Query,
) -> Result<QueryAnswer, ApiError> {
    let options = Options {
        dataset_id: request.dataset_id,
        model_config: request.model_config,
        execute: request.execute,
        ..Options::default()
    };
    let turn = request.query_id.unwrap_or_else(TurnId::new);
    let resume = match request.choice {
        None => Vec::new(),
        Some(choice) => vec![answer_to_pending(server, caller, conversation, turn, choice).await?],
    };
    let input = input(conversation, turn, &request.query, &options, resume);
    run(server, caller, input).await
}

/// The choice as an answer to what the conversation asked; also when `turn` gave it already.
pub async fn answer_to_pending(
    server: &Server,
    caller: &Caller,
    conversation: ConversationId,
    turn: TurnId,
    choice: String,
) -> Result<ResumeEntry, ApiError> {
    let turns = server
        .app()
        .store
        .recent_turns(&caller.owner, conversation, 2)
        .await?;
    let interrupt = turns
        .into_iter()
        .rev()
        .find(|earlier| earlier.turn_id != turn)
        .and_then(|turn| turn.interrupt)
        .ok_or_else(|| {
            ApiError::bad_request(
                "`choice` answers a clarification, and none is open in this conversation.",
            )
        })?;
    Ok(ResumeEntry {
        interrupt_id: interrupt.id,
        status: ResumeStatus::Resolved,
        payload: Some(json!({"choice": choice})),
    })
}

fn input(
    conversation: ConversationId,
    turn: TurnId,
    text: &str,
    options: &Options,
    resume: Vec<ResumeEntry>,
) -> RunAgentInput {
    let messages = if text.trim().is_empty() {
        vec![]
    } else {
        vec![InputMessage {
            // one message to a turn, so that a repeated call is the same input
            id: MessageId(turn.0).to_string(),
            role: "user".to_owned(),
            content: Value::String(text.to_owned()),
        }]
    };
    RunAgentInput {
        thread_id: conversation,
        run_id: turn,
        messages,
        forwarded_props: Some(json!({"qf": options})),
        resume: (!resume.is_empty()).then_some(resume),
    }
}

async fn run(
    server: &Server,
    caller: &Caller,
    input: RunAgentInput,
) -> Result<QueryAnswer, ApiError> {
    let id = input.run_id;
    let trace_id = uuid::Uuid::now_v7().simple().to_string();
    let conversation = server
        .conversations
        .open_and_submit(&caller.owner, input, trace_id)
        .await?;
    let turn = ended(server, caller, &conversation, id).await?;
    let status = match turn.status {
        TurnStatus::Succeeded => "success",
        TurnStatus::Interrupted => "clarification",
        TurnStatus::Cancelled | TurnStatus::Running => "cancelled",
        TurnStatus::Failed => {
            let error = turn.error.unwrap_or(crate::store::ErrorRecord {
                code: "INTERNAL".to_owned(),
                message: "The turn failed.".to_owned(),
                stage: None,
                retryable: true,
            });
            return Err(ApiError::of_turn(error, turn.trace_id));
        }
    };
    let result = match turn.result.result_id {
        Some(result) => Some(
            server
                .app()
                .store
                .result_page(&caller.owner, result, 0, ROWS)
                .await?,
        ),
        None => None,
    };
    Ok(QueryAnswer {
        status,
        query_id: turn.turn_id,
        conversation_id: turn.conversation_id,
        turn,
        result,
    })
}

/// Waits for the turn's terminal event, which is published after its row is committed.
pub async fn ended(
    server: &Server,
    caller: &Caller,
    conversation: &Conversation,
    id: TurnId,
) -> Result<Turn, ApiError> {
    let mut tip = conversation.log().watch();
    loop {
        tip.borrow_and_update();
        let turn = server.app().store.turn(&caller.owner, id).await?;
        if turn.status != TurnStatus::Running {
            return Ok(turn);
        }
        // until the log knows of its end, and now and then all the same: it may run in another process
        let _ = tokio::time::timeout(LOOK_AGAIN, async {
            while conversation.log().running_turn() == Some(id) {
                if tip.changed().await.is_err() {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        })
        .await;
    }
}

/// How often the store is asked about a turn whose end the log does not show.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
