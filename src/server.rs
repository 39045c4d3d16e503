//! HTTP and sockets: the router, and everything that knows axum.

mod assets;
pub mod auth;
mod error;
mod health;
mod rest;
mod ws;

pub use error::ApiError;

use crate::conversation::Conversations;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::get;
use dashmap::DashMap;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use std::time::Instant;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// What every handler can reach; cheap to clone.
#[derive(Clone)]
pub struct Server {
    pub conversations: Arc<Conversations>,
    pub policy: Arc<auth::Policy>,
    pub metrics: PrometheusHandle,
    tickets: Arc<DashMap<String, auth::Ticket>>,
    started: Instant,
}

/// No request body is larger.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Nothing is loaded from elsewhere, nothing is framed, no script but our own runs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

impl Server {
    pub fn new(
        conversations: Arc<Conversations>,
        policy: auth::Policy,
        metrics: PrometheusHandle,
    ) -> Self {
        Self {
            conversations,
            policy: Arc::new(policy),
            metrics,
            tickets: Arc::default(),
            started: Instant::now(),
        }
    }

    pub fn app(&self) -> &crate::app::App {
        self.conversations.app()
    }

    /// All routes behind the checks of host and origin.
    pub fn router(self) -> Router {
        let header = |name: HeaderName, value: &'static str| {
            SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
        };
        Router::new()
            .route("/healthz", get(health::healthz))
            .route("/readyz", get(health::readyz))
            .route("/metrics", get(health::metrics))
            .route("/ws/{conversation_id}", get(ws::upgrade))
            .merge(rest::router())
            .fallback(assets::serve)
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .layer(CompressionLayer::new().gzip(true))
            .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(header(header::REFERRER_POLICY, "same-origin"))
            .layer(header(
                header::CONTENT_SECURITY_POLICY,
                CONTENT_SECURITY_POLICY,
            ))
            .layer(axum::middleware::from_fn_with_state(
                self.clone(),
                auth::only_allowed,
            ))
            .with_state(self)
    }
}
