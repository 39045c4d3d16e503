//! HTTP and sockets: the router, and everything that knows axum.

mod agui;
mod assets;
pub mod auth;
mod error;
mod extract;
mod follow;
mod health;
mod pace;
mod rest;
mod socketio;
pub mod ws;

pub use error::ApiError;

use crate::conversation::Conversations;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::{Listener, ListenerExt};
use metrics_exporter_prometheus::PrometheusHandle;
use nix::sys::socket::{setsockopt, sockopt};
use pace::Pace;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// A peer that takes nothing of what was sent for this long loses its connection, whatever runs over it.
const PEER_TAKES_WITHIN: Duration = Duration::from_secs(60);

/// A listener whose connections send every write at once, and end when their peer does not read.
///
/// Otherwise the second small frame of a turn waits until the client has acknowledged the first (Nagle's
/// algorithm), which a client puts off by 40 ms: ten times what the turn itself took.
pub fn without_delay(
    listener: TcpListener,
) -> impl Listener<Io = TcpStream, Addr = std::net::SocketAddr> {
    listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its small writes back");
        }
        let within = u32::try_from(PEER_TAKES_WITHIN.as_millis()).expect("a minute in ms");
        if let Err(error) = setsockopt(connection, sockopt::TcpUserTimeout, &within) {
            tracing::debug!(%error, "a connection may be kept by a peer that does not read");
        }
    })
}

/// What every handler can reach; cheap to clone.
#[derive(Clone)]
pub struct Server {
    pub conversations: Arc<Conversations>,
    pub policy: Arc<auth::Policy>,
    pub metrics: PrometheusHandle,
    executions: Arc<Pace>,
    refreshes: Arc<Pace>,
    diagnoses: Arc<Pace>,
    started: Instant,
}

/// Each connects to every database.
const DIAGNOSES_PER_MINUTE: u32 = 12;

/// No request body is larger.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Nothing is loaded from elsewhere, nothing is framed, no script but our own runs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

impl Server {
    pub fn new(
        conversations: Arc<Conversations>,
        policy: auth::Policy,
        metrics: PrometheusHandle,
    ) -> Self {
        let limits = &conversations.app().settings.limits;
        let (executions, refreshes) = (limits.executes_per_minute, limits.refreshes_per_minute);
        Self {
            conversations,
            policy: Arc::new(policy),
            metrics,
            executions: Arc::new(Pace::new(executions, "queries")),
            refreshes: Arc::new(Pace::new(refreshes, "refreshes")),
            diagnoses: Arc::new(Pace::new(DIAGNOSES_PER_MINUTE, "diagnoses")),
            started: Instant::now(),
        }
    }

    pub fn app(&self) -> &Arc<crate::app::App> {
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
            .method_not_allowed_fallback(no_such_method)
            .layer(socketio::layer(self.clone()))
            .layer(axum::middleware::from_fn_with_state(
                self.clone(),
                socketio::identify,
            ))
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .layer(CompressionLayer::new().gzip(true))
            .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(header(header::REFERRER_POLICY, "same-origin"))
            .layer(header(
                header::CONTENT_SECURITY_POLICY,
                CONTENT_SECURITY_POLICY,
            ))
            .layer(self.policy.cross_origin())
            .layer(axum::middleware::from_fn_with_state(
                self.clone(),
                auth::only_allowed,
            ))
            .layer(CatchPanicLayer::custom(panicked))
            .with_state(self)
    }
}

async fn no_such_method(method: Method) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("{method} is not possible here. The header Allow and /api/docs/ say what is."),
    )
}

/// A bug of ours; the panic itself is on standard error.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong inside QueryForge. Try again; the log has the details.",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_frame_does_not_wait_for_the_first_to_be_acknowledged() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut listener = without_delay(listener);
        let address = Listener::local_addr(&listener).expect("bound");
        let _client = TcpStream::connect(address).await.expect("it accepts");
        let (connection, _) = listener.accept().await;
        assert!(connection.nodelay().expect("a TCP connection"));
    }
}
