//! What this server is.

use crate::access::Caller;
use crate::protocol::GeneratorName;
use crate::server::{ApiError, Server};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(issue_ticket))
}

#[derive(Serialize, ToSchema)]
struct Status {
    version: &'static str,
    /// Who writes queries: the configured model, or the built-in generator.
    generator: GeneratorName,
    datasets: usize,
    limits: StatusLimits,
}

#[derive(Serialize, ToSchema)]
struct StatusLimits {
    question_bytes: usize,
    result_rows: usize,
    submits_per_minute: u32,
}

/// Version, generator, limits.
#[utoipa::path(get, path = "/status", responses((status = OK, body = Status)))]
async fn status(State(server): State<Server>) -> Json<Status> {
    let app = server.app();
    let limits = &app.settings.limits;
    Json(Status {
        version: env!("CARGO_PKG_VERSION"),
        generator: app.models.name(),
        datasets: app.datasets().await.len(),
        limits: StatusLimits {
            question_bytes: limits.question_bytes,
            result_rows: limits.result_rows,
            submits_per_minute: limits.submits_per_minute,
        },
    })
}

#[derive(Serialize, ToSchema)]
struct IssuedTicket {
    /// Give it as `?ticket=` when opening one socket, within 30 s.
    ticket: String,
    expires_in_seconds: u32,
}

/// A single-use word that opens one WebSocket, for clients that cannot set headers.
#[utoipa::path(post, path = "/ws-ticket", responses((status = OK, body = IssuedTicket)))]
async fn issue_ticket(
    State(server): State<Server>,
    caller: Caller,
) -> Result<Json<IssuedTicket>, ApiError> {
    Ok(Json(IssuedTicket {
        ticket: server.issue_ticket(&caller).await?,
        expires_in_seconds: 30,
    }))
}
