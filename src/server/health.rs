//! For those who run the server: alive, ready, and the numbers.

use super::Server;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// It can do its work: our database answers and it is not stopping.
pub async fn readyz(State(server): State<Server>) -> (StatusCode, Json<Value>) {
    let store = server.app().store.ping().await.is_ok();
    let draining = server.conversations.is_draining();
    let status = if store && !draining {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({"ready": status == StatusCode::OK, "store": store, "draining": draining});
    (status, Json(body))
}

/// Prometheus' text format.
pub async fn metrics(State(server): State<Server>) -> String {
    ::metrics::gauge!("queryforge_turns_running").set(server.conversations.running_turns() as f64);
    ::metrics::gauge!("queryforge_uptime_seconds").set(server.started.elapsed().as_secs_f64());
    server.metrics.render()
}
