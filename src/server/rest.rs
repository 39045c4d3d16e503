//! The REST API below `/api/v1`, one file per noun, and its OpenAPI document.

mod conversations;
mod execute;
mod feedback;
mod query;
mod results;
mod schemas;
mod status;

use super::{ApiError, Server};
use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::routing::{any, get};
use serde::de::DeserializeOwned;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "QueryForge",
        description = "Ask a database a question in plain language. What streams over `GET /ws/{conversation_id}` is described in the README; these routes wait for the end of the same turns."
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

/// A JSON body whose errors have our shape and say which member is wrong.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Server> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, ApiError> {
        match axum::Json::<T>::from_request(request, server).await {
            Ok(body) => Ok(Self(body.0)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::new(
                axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send JSON with the header Content-Type: application/json.",
            )),
            Err(JsonRejection::BytesRejection(error)) => Err(ApiError::new(
                error.status(),
                "body_too_large",
                "The body could not be read; it may have at most 2 MiB.",
            )),
            Err(error) => Err(ApiError::bad_request(format!(
                "The body is not as documented: {}.",
                error.body_text()
            ))),
        }
    }
}
