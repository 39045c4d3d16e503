//! The browser app, built by Vite and embedded in the binary.

use super::ApiError;
use axum::body::Body;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/dist"]
#[allow_missing = true]
struct Assets;

/// A file of the app; any other path of a page gets the app itself, which knows its own routes.
pub async fn serve(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("ws/") {
        return ApiError::not_found("route").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This path can only be read.",
        )
        .into_response();
    }
    if let Some(file) = Assets::get(path).filter(|_| !path.is_empty()) {
        // Vite puts a hash of the content in the names below assets/
        let cache = if path.starts_with("assets/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        return file_response(file, cache);
    }
    if path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
    {
        return ApiError::not_found("file").into_response();
    }
    match Assets::get("index.html") {
        Some(file) => file_response(file, "no-cache"),
        None => ApiError::new(
            StatusCode::NOT_FOUND,
            "app_not_built",
            "The browser app is not in this binary. Build it with `make app`, then build the server again.",
        )
        .into_response(),
    }
}

fn file_response(file: rust_embed::EmbeddedFile, cache: &'static str) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, file.metadata.mimetype())
        .header(header::CACHE_CONTROL, cache)
        .body(Body::from(file.data))
        .expect("its headers are valid")
}
