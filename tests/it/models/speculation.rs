//! One call on the way to the first token, whatever else is asked beside it.

use super::{VAGUE, calls, outcomes, query, server};
use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything, task};
use serde_json::{Value, json};
use uuid::Uuid;

const COUNT: &str = "select count(*) as n from products";

#[tokio::test]
async fn rules_that_are_certain_ask_nobody_and_the_querys_own_call_is_the_only_one() {
    let model = ScriptedModel::start().await;
    model.on(task("generate_query"), query(COUNT, 0.9));
    let server = server(&model, &[("INTENT_MODEL", "openai:small")]).await;
    let answer = server
        .ask("Northwind", "How many products are there?")
        .await;
    let calls = calls(&server, &answer["turn"]).await;
    assert_eq!(outcomes(&calls), ["generate_query ok"]);
    assert_eq!(model.requests().len(), 1);
}

#[tokio::test]
async fn a_small_model_that_never_answers_keeps_no_query_waiting() {
    let model = ScriptedModel::start().await;
    // its answer never comes: were it on the way to the query, so would that never
    model.on(task("classify_intent"), Reply::text("x").stall_after(0));
    model.on(task("generate_query"), query(COUNT, 0.9));
    let server = server(&model, &[("INTENT_MODEL", "openai:small")]).await;
    let answer = server.ask("Northwind", VAGUE).await;
    assert_eq!(answer["turn"]["row_count"], 1, "{answer}");
    model.idle().await;
    let asked: Vec<Value> = model
        .requests()
        .iter()
        .map(|request| request.body["model"].clone())
        .collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked.contains(&json!("small")) && asked.contains(&json!("scripted")));
    let calls = calls(&server, &answer["turn"]).await;
    let mut outcomes = outcomes(&calls);
    outcomes.sort();
    assert_eq!(outcomes, ["classify_intent dropped", "generate_query ok"]);
}

#[tokio::test]
async fn a_query_begun_for_a_question_about_the_schema_is_dropped_unseen_and_accounted() {
    let model = ScriptedModel::start().await;
    let schema = json!({"kind": "schema_description", "confidence": 0.95,
        "reasoning": "It asks what is stored."});
    model.on(task("classify_intent"), Reply::json(schema));
    // it has begun to speak and would go on; what it says is no query yet
    model.on(
        task("generate_query"),
        Reply::text("Let me think about that for a while")
            .chunked(4)
            .stall_after(3),
    );
    let server = server(&model, &[("INTENT_MODEL", "openai:small")]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let run = client.submit(&dataset, VAGUE).await;
    let events = client.until_terminal().await;
    let end = events.last().expect("an end");
    assert_eq!(end["result"]["kind"], "schema", "{end}");
    assert!(
        !events
            .iter()
            .any(|e| e["metadata"]["qf"]["kind"] == "query"),
        "no query was shown"
    );
    let findings: Vec<&str> = events
        .iter()
        .filter_map(|event| event["metadata"]["qf"]["finding"].as_str())
        .collect();
    assert!(
        findings.contains(&"Dropped: the message asks for something else"),
        "{findings:?}"
    );
    assert!(
        findings
            .iter()
            .any(|f| f.starts_with("On second thought: a question about the schema"))
    );
    model.hung_up(1).await;
    let turn = json!({"conversation_id": client.conversation, "turn_id": run});
    let calls = calls(&server, &turn).await;
    let mut outcomes = outcomes(&calls);
    outcomes.sort();
    assert_eq!(outcomes, ["classify_intent ok", "generate_query dropped"]);
    let dropped = calls
        .iter()
        .find(|c| c["outcome"] == "dropped")
        .expect("it is there");
    assert_eq!(dropped["estimated"], true);
    assert!(
        dropped["usage"]["input_tokens"].as_u64() > Some(100),
        "{dropped}"
    );
}

#[tokio::test]
async fn a_message_that_a_model_finds_ambiguous_is_asked_back_before_any_query_is_shown() {
    let model = ScriptedModel::start().await;
    let doubt = json!({"kind": "query_generation", "confidence": 0.4, "ambiguities": [
        {"question": "Popular by what?", "options": ["by quantity sold", "by number of orders"]}]});
    model.on(task("classify_intent"), Reply::json(doubt));
    model.on(task("generate_query"), Reply::text("x").stall_after(0));
    let server = server(&model, &[("INTENT_MODEL", "openai:small")]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, VAGUE).await;
    let events = client.until_terminal().await;
    let interrupt = &events.last().expect("an end")["outcome"]["interrupts"][0];
    assert_eq!(interrupt["message"], "Popular by what?");
    assert_eq!(
        interrupt["responseSchema"]["properties"]["choice"]["enum"],
        json!(["by quantity sold", "by number of orders"])
    );
}

#[tokio::test]
async fn a_small_model_that_fails_leaves_the_rules_reading_as_it_is() {
    let model = ScriptedModel::start().await;
    model.on(task("classify_intent"), Reply::status(400));
    model.on(anything(), query(COUNT, 0.9));
    let server = server(&model, &[("INTENT_MODEL", "openai:small")]).await;
    let answer = server.ask("Northwind", VAGUE).await;
    assert_eq!(answer["turn"]["row_count"], 1, "{answer}");
}
