//! Traces of turns, as a collector sees them.

use super::{query, server};
use crate::support::model::{Reply, ScriptedModel, anything};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use serde_json::Value;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// What a collector was sent.
struct Sent {
    path: String,
    headers: HeaderMap,
    body: Value,
}

struct Collector {
    url: String,
    sent: mpsc::Receiver<Sent>,
    serving: tokio::task::JoinHandle<()>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        // more than any test here sends
        let (sender, sent) = mpsc::channel(64);
        let router = Router::new().fallback(take).with_state(sender);
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self { url, sent, serving }
    }

    async fn next(&mut self) -> Sent {
        tokio::time::timeout(Duration::from_secs(30), self.sent.recv())
            .await
            .expect("a trace within 30 s")
            .expect("it serves")
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(
    State(sender): State<mpsc::Sender<Sent>>,
    uri: Uri,
    headers: HeaderMap,
    axum::Json(body): axum::Json<Value>,
) {
    let path = uri.path().to_owned();
    sender
        .send(Sent {
            path,
            headers,
            body,
        })
        .await
        .expect("the test listens");
}

fn attribute<'a>(span: &'a Value, name: &str) -> &'a Value {
    span["attributes"]
        .as_array()
        .expect("attributes")
        .iter()
        .find(|attribute| attribute["key"] == name)
        .map_or(&Value::Null, |attribute| &attribute["value"])
}

fn spans(sent: &Sent) -> Vec<Value> {
    sent.body["resourceSpans"][0]["scopeSpans"][0]["spans"]
        .as_array()
        .expect("spans")
        .clone()
}

const QUESTION: &str = "How many customers are there?";

#[tokio::test]
async fn one_turn_is_one_trace_with_its_stages_and_its_calls_and_no_words() {
    let mut collector = Collector::start().await;
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::status(503).times(1));
    model.on(
        anything(),
        query("select count(*) as n from customers", 0.9).usage(120, 30),
    );
    let server = server(
        &model,
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-house=yes"),
        ],
    )
    .await;
    let answer = server.ask("Northwind", QUESTION).await;
    let sent = collector.next().await;
    assert_eq!(
        (sent.path.as_str(), sent.headers["x-house"].as_bytes()),
        ("/v1/traces", &b"yes"[..])
    );
    let spans = spans(&sent);
    let trace = answer["turn"]["trace_id"].as_str().expect("an id");
    assert!(
        spans.iter().all(|span| span["traceId"] == trace),
        "one trace"
    );
    let roots: Vec<&Value> = spans
        .iter()
        .filter(|span| span["parentSpanId"].is_null())
        .collect();
    assert_eq!(roots.len(), 1);
    assert_eq!(roots[0]["name"], "invoke_agent queryforge");
    assert_eq!(
        attribute(roots[0], "gen_ai.operation.name")["stringValue"],
        "invoke_agent"
    );
    let stage = spans
        .iter()
        .find(|span| span["name"] == "query_generation")
        .expect("a stage");
    assert_eq!(stage["parentSpanId"], roots[0]["spanId"]);
    let calls: Vec<&Value> = spans
        .iter()
        .filter(|span| span["name"] == "chat scripted")
        .collect();
    assert_eq!(calls.len(), 2, "the failed try and the one that went well");
    for call in &calls {
        assert_eq!(call["parentSpanId"], stage["spanId"]);
        assert_eq!(
            attribute(call, "gen_ai.provider.name")["stringValue"],
            "openai"
        );
    }
    let failed = calls
        .iter()
        .find(|call| call["status"]["code"] == 2)
        .expect("one failed");
    assert_eq!(attribute(failed, "error.type")["stringValue"], "provider");
    let ok = calls
        .iter()
        .find(|call| call["status"]["code"] == 0)
        .expect("one went well");
    assert_eq!(
        attribute(ok, "gen_ai.usage.input_tokens")["intValue"],
        "120"
    );
    assert_eq!(
        attribute(ok, "gen_ai.usage.output_tokens")["intValue"],
        "30"
    );
    let all = sent.body.to_string();
    assert!(
        !all.contains(QUESTION) && !all.contains("select count"),
        "words were not asked for"
    );
}

#[tokio::test]
async fn langfuse_is_told_with_its_keys_and_with_the_words_when_they_are_wanted() {
    let mut collector = Collector::start().await;
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        query("select count(*) as n from customers", 0.9),
    );
    let server = server(
        &model,
        &[
            ("LANGFUSE_HOST", collector.url.as_str()),
            ("LANGFUSE_PUBLIC_KEY", "pk-lf-1"),
            ("LANGFUSE_SECRET_KEY", "sk-lf-2"),
            ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
        ],
    )
    .await;
    server.ask("Northwind", QUESTION).await;
    let sent = collector.next().await;
    assert_eq!(sent.path, "/api/public/otel/v1/traces");
    // "pk-lf-1:sk-lf-2"
    assert_eq!(sent.headers["authorization"], "Basic cGstbGYtMTpzay1sZi0y");
    let spans = spans(&sent);
    let call = spans
        .iter()
        .find(|span| span["name"] == "chat scripted")
        .expect("a call");
    let said = attribute(call, "gen_ai.output.messages")["stringValue"]
        .as_str()
        .expect("words");
    assert!(
        said.contains("select count(*) as n from customers"),
        "{said}"
    );
    let root = spans
        .iter()
        .find(|span| span["parentSpanId"].is_null())
        .expect("a root");
    let asked = attribute(root, "gen_ai.input.messages")["stringValue"]
        .as_str()
        .expect("words");
    assert!(asked.contains(QUESTION), "{asked}");
}

#[tokio::test]
async fn a_collector_that_is_gone_costs_no_answer() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        query("select count(*) as n from customers", 0.9),
    );
    let server = server(
        &model,
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")],
    )
    .await;
    for _ in 0..3 {
        let answer = server.ask("Northwind", QUESTION).await;
        assert_eq!(answer["turn"]["row_count"], 1);
    }
}
