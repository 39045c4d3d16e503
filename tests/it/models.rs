//! What models cost, how they are asked, and what is kept of it.

mod accounting;
mod calibrating;
mod odd_replies;
mod readings;
mod recorded;
mod replay;
mod speculation;
mod telemetry;
mod words;

use crate::support::model::{Reply, ScriptedModel};
use crate::support::server::TestServer;
use serde_json::Value;

/// A question that rules take for one to the data without being sure of it.
const VAGUE: &str = "Compare the popularity of our gadgets";

fn query(sql: &str, confidence: f32) -> Reply {
    Reply::text(format!(
        "```sql\n{sql}\n```\nExplanation: as asked.\nConfidence: {confidence}\n"
    ))
    .chunked(9)
}

async fn server(model: &ScriptedModel, more: &[(&'static str, &str)]) -> TestServer {
    let base = model.base_url();
    let mut all = vec![
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_MODEL", "scripted"),
    ];
    all.extend_from_slice(more);
    TestServer::start_with(&all).await
}

/// Calls of a turn as `task outcome`, in the order they began.
async fn calls(server: &TestServer, turn: &Value) -> Vec<Value> {
    let path = format!(
        "/api/v1/conversations/{}/turns/{}/calls",
        turn["conversation_id"].as_str().expect("an id"),
        turn["turn_id"].as_str().expect("an id")
    );
    let (status, calls) = server.get(&path).await;
    assert_eq!(status, 200, "{calls}");
    calls.as_array().expect("a list").clone()
}

fn outcomes(calls: &[Value]) -> Vec<String> {
    calls
        .iter()
        .map(|call| {
            let word = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}", word("task"), word("outcome"))
        })
        .collect()
}
