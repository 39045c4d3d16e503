//! What was asked, what it cost, and where it ends.

use super::{calls, outcomes, query, server};
use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything};
use queryforge::ids::TurnId;
use serde_json::{Value, json};
use uuid::Uuid;

const COUNT: &str = "select count(*) as n from customers";

#[tokio::test]
async fn every_try_is_stored_with_its_tokens_and_its_cost_and_summed_up() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::status(503).times(1));
    model.on(anything(), query(COUNT, 0.9).usage(1_000_000, 200_000));
    let server = server(&model, &[("QF_MODEL_PRICES", "scripted=2/0.5/10")]).await;
    let answer = server
        .ask("Northwind", "How many customers are there?")
        .await;
    let calls = calls(&server, &answer["turn"]).await;
    assert_eq!(
        outcomes(&calls),
        ["generate_query provider", "generate_query ok"]
    );
    assert_eq!(
        calls[0]["usage"]["input_tokens"], 0,
        "a refusal costs nothing"
    );
    let ok = &calls[1];
    assert_eq!(ok["cost"], 4.0);
    assert_eq!((&ok["tries"], &ok["attempt"]), (&json!(2), &json!(1)));
    assert!(ok["first_token_ms"].is_u64() && ok["ms"].is_u64());

    for (by, key) in [
        ("model", "openai:scripted"),
        ("user", "local"),
        ("task", "generate_query"),
    ] {
        let (status, report) = server.get(&format!("/api/v1/usage?by={by}")).await;
        assert_eq!(status, 200, "{report}");
        let row = &report["rows"][0];
        assert_eq!(row["key"], key);
        assert_eq!(
            (&row["calls"], &row["failed"]),
            (&json!(2), &json!(1)),
            "{row}"
        );
        assert_eq!(row["cost_usd"], 4.0);
        assert_eq!(row["input_tokens"], 1_000_000);
    }
    let (_, report) = server.get("/api/v1/usage?by=day&days=2").await;
    assert_eq!(report["rows"].as_array().expect("rows").len(), 1);
    assert_eq!(report["today"]["workspace"]["used"], 1_200_000);
    assert_eq!(report["today"]["workspace"]["reserved"], 0);
    let (status, _) = server.get("/api/v1/usage?by=star").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_same_question_at_temperature_0_is_answered_from_memory_at_no_cost() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(500, 50));
    let server = server(&model, &[("QF_TEMPERATURE", "0")]).await;
    server
        .ask("Northwind", "How many customers are there?")
        .await;
    let again = server
        .ask("Northwind", "How many customers are there?")
        .await;
    assert_eq!(model.requests().len(), 1, "the second one is remembered");
    let calls = calls(&server, &again["turn"]).await;
    assert_eq!(outcomes(&calls), ["generate_query remembered"]);
    assert_eq!(calls[0]["cost"], 0.0);
    assert_eq!(calls[0]["usage"]["input_tokens"], 0);
}

#[tokio::test]
async fn a_budget_is_never_passed_and_says_when_there_is_more() {
    const LIMIT: i64 = 20_000;
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(5_000, 1_000));
    let limit = LIMIT.to_string();
    let server = server(
        &model,
        &[
            ("QF_TOKENS_PER_DAY_PER_USER", limit.as_str()),
            ("QF_MAX_TOKENS", "1000"),
        ],
    )
    .await;
    let dataset = server.dataset("Northwind").await;
    let mut refused: Option<Value> = None;
    for turn in 0..10 {
        let question = json!({"query": "How many customers are there?", "dataset_id": dataset});
        let (status, body) = server.post("/api/v1/query", question).await;
        if status == 429 {
            assert!(turn > 0, "the first one fits: {body}");
            refused = Some(body);
            break;
        }
        assert_eq!(status, 200, "{body}");
    }
    let refused = refused.expect("ten turns are more than the budget");
    assert_eq!(refused["error"]["code"], "TOKEN_BUDGET");
    let message = refused["error"]["message"].as_str().expect("words");
    assert!(
        message.contains("Your tokens") && message.contains("00:00 UTC"),
        "{message}"
    );
    let (_, report) = server.get("/api/v1/usage").await;
    let user = &report["today"]["user"];
    assert!(user["used"].as_i64() <= Some(LIMIT), "{user}");
    assert_eq!(
        (&user["reserved"], &user["limit"]),
        (&json!(0), &json!(LIMIT))
    );

    // the built-in generator needs no tokens
    let question = json!({"query": "How many customers are there?", "dataset_id": dataset,
        "model_config": {"provider": "builtin"}});
    let (status, body) = server.post("/api/v1/query", question).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn turns_at_once_share_a_budget_and_none_slips_through() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(9_000, 500));
    let server = server(
        &model,
        &[("QF_TOKENS_PER_DAY", "20000"), ("QF_MAX_TOKENS", "9000")],
    )
    .await;
    let dataset = server.dataset("Northwind").await;
    let asked = (0..6).map(|_| {
        let question = json!({"query": "How many customers are there?", "dataset_id": dataset});
        server.post("/api/v1/query", question)
    });
    let answers = futures::future::join_all(asked).await;
    let count = |wanted: u16| {
        answers
            .iter()
            .filter(|(status, _)| *status == wanted)
            .count()
    };
    assert_eq!(count(200) + count(429), 6, "{answers:?}");
    // each holds 9,000 and its prompt, so a third one never fits beside two
    assert!((1..=2).contains(&count(200)), "{}", count(200));
    assert_eq!(model.requests().len(), count(200));
    let (_, report) = server.get("/api/v1/usage").await;
    assert_eq!(report["today"]["workspace"]["reserved"], 0);
    assert!(report["today"]["workspace"]["used"].as_i64() <= Some(20_000));
}

#[tokio::test]
async fn a_key_that_its_provider_echoes_is_in_no_event_no_record_and_no_account() {
    const KEY: &str = "sk-canary-51c7d0aa93fe4b82";
    let model = ScriptedModel::start().await;
    let body =
        json!({"error": {"message": format!("key {KEY} may not use this model"), "type": KEY}});
    model.on(
        anything(),
        Reply::status(400).body("application/json", body.to_string()),
    );
    let server = server(&model, &[("OPENAI_API_KEY", KEY)]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let run = client
        .submit(&dataset, "How many customers are there?")
        .await;
    let end = client.until_terminal().await.pop().expect("an end");
    assert_eq!(end["code"], "LLM_UNAVAILABLE", "{end}");
    assert_eq!(
        model.requests()[0].headers["authorization"],
        format!("Bearer {KEY}")
    );

    let mut everything = client.frames.clone();
    for path in ["", "/calls", "/replay"] {
        let base = format!("/api/v1/conversations/{}/turns", client.conversation);
        let path = match path {
            "" => base,
            path => format!("{base}/{run}{path}"),
        };
        let (status, body) = server.get(&path).await;
        assert_eq!(status, 200, "{path}: {body}");
        everything.push(body.to_string());
    }
    let record = server
        .app
        .store
        .turn_record(TurnId(run))
        .await
        .expect("a store");
    everything.push(record.expect("it is kept").record);
    // not even a part of it
    for text in everything {
        assert!(
            !text.contains("canary") && !text.contains("93fe4b82"),
            "{text}"
        );
    }
}
