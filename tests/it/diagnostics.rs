//! `GET /api/v1/diagnostics`: what works and what does not.

use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::redis::RedisServer;
use crate::support::server::{TestServer, scratch};
use serde_json::{Value, json};

#[tokio::test]
async fn it_says_what_works_what_does_not_and_why() {
    let mut redis = RedisServer::start();
    let url = redis.url();
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::status(503));
    let variables = [
        ("REDIS_URL", url.as_str()),
        ("GENERATION_MODEL", "openai:writer"),
    ];
    let server = TestServer::with_model_and(&model, &variables).await;
    let dir = scratch();
    let path = dir.path().join("shop.sqlite");
    let shop = rusqlite::Connection::open(&path).expect("a file");
    shop.execute_batch("create table sale (id integer primary key)")
        .expect("a table");
    drop(shop);
    for body in [
        json!({"name": "Gone", "connection": {"kind": "sqlite", "path": path}}),
        json!({"name": "Paper", "dialect": "postgres", "ddl": "create table t (a int)"}),
    ] {
        let (status, made) = server.post("/api/v1/schemas", body).await;
        assert_eq!(status, 201, "{made}");
    }

    let well = diagnose(&server).await;
    assert_eq!(well["store"]["ok"], true, "{well}");
    assert_eq!(well["redis"]["ok"], true, "{well}");
    assert_eq!(
        well["models"],
        json!([
            {"provider": "openai", "model": "scripted"},
            {"provider": "openai", "model": "writer"},
        ])
    );
    let gone = dataset(&well, "Gone");
    assert_eq!(gone["database"]["ok"], true, "{gone}");
    assert!(gone["server_version"].is_string(), "{gone}");
    assert!(dataset(&well, "Paper").get("database").is_none(), "{well}");

    let northwind = server.dataset("Northwind").await;
    redis.kill();
    std::fs::remove_file(&path).expect("it is there");
    for question in [
        "How many customers are there?",
        "How many orders are there?",
    ] {
        let body = json!({"query": question, "dataset_id": northwind});
        let (status, answer) = server.post("/api/v1/query", body).await;
        assert_eq!(status, 503, "{answer}");
    }
    let ill = diagnose(&server).await;
    assert_eq!(ill["store"]["ok"], true, "{ill}");
    assert_eq!(ill["redis"]["ok"], false, "{ill}");
    assert!(ill["redis"]["problem"].is_string(), "{ill}");
    assert!(ill["models"][1]["rests_for_ms"].is_u64(), "{ill}");
    let gone = dataset(&ill, "Gone");
    assert_eq!(gone["database"]["ok"], false, "{gone}");
    let problem = gone["database"]["problem"].as_str().expect("a problem");
    assert!(problem.contains("shop.sqlite"), "{problem}");
    assert_eq!(dataset(&ill, "Northwind")["database"]["ok"], true, "{ill}");
}

async fn diagnose(server: &TestServer) -> Value {
    let (status, body) = server.get("/api/v1/diagnostics").await;
    assert_eq!(status, 200, "{body}");
    body
}

fn dataset<'a>(diagnostics: &'a Value, name: &str) -> &'a Value {
    let datasets = diagnostics["datasets"].as_array().expect("a list");
    let found = datasets.iter().find(|dataset| dataset["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {diagnostics}"))
}
