//! The REST API below `/api/v1`, one file per noun, and its OpenAPI document.

mod annotations;
mod conversations;
mod diagnostics;
mod directives;
mod examples;
mod execute;
mod feedback;
mod query;
mod results;
mod schemas;
mod status;
mod turns;
mod usage;

pub(super) use query::answer_to_pending;

use super::extract::Body;
use super::{ApiError, Server, agui};
use axum::Router;
use axum::routing::{any, get};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "QueryForge",
        description = "Ask a database a question in plain language. `POST /agui` streams a turn's events; `docs/api.md` describes them, the WebSocket `GET /ws/{conversation_id}` and the Socket.IO façade. The other routes wait for the end of the same turns."
    ),
    components(schemas(super::error::ErrorBody))
)]
struct Document;

pub fn router() -> Router<Server> {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .nest("/api/v1", status::router())
        .nest("/api/v1", query::router())
        .nest("/api/v1", execute::router())
        .nest("/api/v1", conversations::router())
        .nest("/api/v1", feedback::router())
        .nest("/api/v1", results::router())
        .nest("/api/v1", schemas::router())
        .nest("/api/v1", turns::router())
        .nest("/api/v1", agui::router())
        .nest("/api/v1", usage::router())
        .nest("/api/v1", diagnostics::router())
        .nest("/api/v1", annotations::router())
        .nest("/api/v1", directives::router())
        .nest("/api/v1", examples::router())
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    router
        .merge(utoipa_swagger_ui::SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", document))
        .route(
            "/api/v1/",
            get(|| async { axum::response::Redirect::to("/api/docs/") }),
        )
        .route(
            "/api/{*path}",
            any(|| async { ApiError::not_found("route") }),
        )
}
