//! What models were asked and what it cost; how true confidence is; turns played again.

use crate::access::Caller;
use crate::calibration::{Reliability, Weight};
use crate::conversation::replay::{ReplayError, World, replay};
use crate::ids::{ConversationId, TurnId};
use crate::llm::ledger::CallRecord;
use crate::server::extract::{Path, Query, at_least};
use crate::server::{ApiError, Server};
use crate::store::{LOCAL_WORKSPACE, TokenDay, UsageBy, UsageRow};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(usage))
        .routes(routes!(reliability))
        .routes(routes!(calls))
        .routes(routes!(replayed))
}

#[derive(Deserialize, IntoParams)]
struct Window {
    /// What is summed up: `day`, `model`, `user` or `task`.
    #[serde(default)]
    by: UsageBy,
    /// 1 to 366, today included; default 30.
    days: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct UsageReport {
    by: UsageBy,
    days: u32,
    rows: Vec<UsageRow>,
    today: Today,
}

#[derive(Serialize, ToSchema)]
struct Today {
    /// For administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<Spent>,
    user: Spent,
    /// When today's tokens are counted from nothing again.
    resets_at: DateTime<Utc>,
}

#[derive(Serialize, ToSchema)]
struct Spent {
    #[serde(flatten)]
    tokens: TokenDay,
    /// None: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

/// Calls of models, tokens and cost: one's own; everybody's for an administrator.
#[utoipa::path(get, path = "/usage", params(Window), responses((status = OK, body = UsageReport)))]
async fn usage(
    State(server): State<Server>,
    caller: Caller,
    Query(window): Query<Window>,
) -> Result<Json<UsageReport>, ApiError> {
    let app = server.app();
    let days = at_least("days", window.days, 30, 1..=366)?;
    let days = u32::try_from(days).expect("at most 366");
    let today = Utc::now().date_naive();
    let whose = caller.sees_usage_of();
    let rows = app
        .store
        .usage(LOCAL_WORKSPACE, whose, window.by, days)
        .await?;
    let (workspace, user) = app
        .store
        .token_day(LOCAL_WORKSPACE, &caller.owner, today)
        .await?;
    let limits = &app.settings.limits;
    let tomorrow = today.succ_opt().unwrap_or(today);
    Ok(Json(UsageReport {
        by: window.by,
        days,
        rows,
        today: Today {
            workspace: whose.is_none().then_some(Spent {
                tokens: workspace,
                limit: limits.tokens_per_workspace,
            }),
            user: Spent {
                tokens: user,
                limit: limits.tokens_per_owner,
            },
            resets_at: tomorrow.and_time(NaiveTime::MIN).and_utc(),
        },
    }))
}

#[derive(Serialize, ToSchema)]
struct ReliabilityReport {
    /// Of answers as they were shown.
    shown: Reliability,
    /// Of the same answers by the weights in force now.
    now: Reliability,
    weights: Vec<Weight>,
}

/// As many answers as the plot is made of, the newest.
const PLOTTED: i64 = 5_000;

/// How often answers of a confidence were right, by what people said of them.
#[utoipa::path(get, path = "/usage/reliability", responses((status = OK, body = ReliabilityReport)))]
async fn reliability(
    State(server): State<Server>,
    _caller: Caller,
) -> Result<Json<ReliabilityReport>, ApiError> {
    let app = server.app();
    app.calibrate().await?;
    let calibration = app.calibration();
    let judged = app.store.judged_answers(LOCAL_WORKSPACE, PLOTTED).await?;
    let shown = judged
        .iter()
        .map(|answer| (answer.confidence, answer.right));
    let now = judged.iter().filter_map(|answer| {
        let signals = serde_json::from_value(answer.signals.clone()).ok()?;
        Some((calibration.confidence(&signals), answer.right))
    });
    Ok(Json(ReliabilityReport {
        shown: Reliability::of(shown),
        now: Reliability::of(now),
        weights: calibration.weights(),
    }))
}

/// Every try of every call that a turn made.
#[utoipa::path(get, path = "/conversations/{c}/turns/{t}/calls",
    params(("c" = ConversationId, Path), ("t" = TurnId, Path)),
    responses((status = OK, body = Vec<CallRecord>)))]
async fn calls(
    State(server): State<Server>,
    caller: Caller,
    Path((_conversation, turn)): Path<(ConversationId, TurnId)>,
) -> Result<Json<Vec<CallRecord>>, ApiError> {
    let store = &server.app().store;
    store.turn(&caller.owner, turn).await?;
    Ok(Json(store.calls_of_turn(turn).await?))
}

#[derive(Deserialize, IntoParams)]
struct Which {
    /// Play it with the schema, rules and settings of today; models are quoted.
    #[serde(default)]
    today: bool,
}

#[derive(Serialize, ToSchema)]
struct ReplayReport {
    /// The turn came to the very events it came to.
    identical: bool,
    /// From RUN_STARTED to the end, without sequence numbers.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Value>,
    /// Positions in `events` of those that differ.
    changed: Vec<usize>,
    /// Events of the recorded turn that did not come.
    missing: usize,
    schema_version_then: i32,
    schema_version_now: i32,
    /// Of QueryForge, when the turn ran.
    program_then: String,
    /// What differs today and why.
    differences: Vec<String>,
}

/// Plays a turn again from what was kept of it.
#[utoipa::path(get, path = "/conversations/{c}/turns/{t}/replay",
    params(("c" = ConversationId, Path), ("t" = TurnId, Path), Which),
    responses((status = OK, body = ReplayReport)))]
async fn replayed(
    State(server): State<Server>,
    caller: Caller,
    Path((_conversation, turn)): Path<(ConversationId, TurnId)>,
    Query(which): Query<Which>,
) -> Result<Json<ReplayReport>, ApiError> {
    let app = server.app();
    app.store.turn(&caller.owner, turn).await?;
    let world = if which.today {
        World::Today
    } else {
        World::AsItWas
    };
    let replayed = replay(app, turn, world)
        .await
        .map_err(|error| match error {
            ReplayError::NoRecord(_) => {
                ApiError::new(StatusCode::NOT_FOUND, "no_record", error.to_string())
            }
            ReplayError::Unreadable(..) => {
                ApiError::new(StatusCode::CONFLICT, "record_unreadable", error.to_string())
            }
            ReplayError::Store(error) => error.into(),
            ReplayError::Dataset(error) => error.into(),
        })?;
    Ok(Json(ReplayReport {
        identical: replayed.is_identical(),
        events: replayed.events,
        changed: replayed.changed,
        missing: replayed.missing,
        schema_version_then: replayed.versions.0,
        schema_version_now: replayed.versions.1,
        program_then: replayed.program,
        differences: replayed.differences,
    }))
}
