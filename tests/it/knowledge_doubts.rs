//! Answers that nobody complained of and that an expert should see all the same; and examples that cost much.

use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::server::TestServer;
use queryforge::ids::TurnId;
use queryforge::store::{Priority, ReviewReason};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Why the turn waits for an expert; what follows a turn is done when nobody waits for it.
async fn until_queued(server: &TestServer, turn: TurnId) -> (ReviewReason, Priority) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let open = server.app.store.open_review(turn).await;
        if let Some(open) = open.expect("our store answers") {
            return open;
        }
        assert!(Instant::now() < deadline, "{turn} is not in the queue");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn turn_of(value: &Value) -> TurnId {
    let id = value["turn_id"].as_str().or(value["runId"].as_str());
    id.and_then(|id| id.parse().ok()).expect("a turn")
}

fn query(sql: &str, confidence: f32) -> Reply {
    Reply::text(format!(
        "```sql\n{sql}\n```\nExplanation: as asked.\nConfidence: {confidence}\n"
    ))
}

#[tokio::test]
async fn an_unsure_answer_and_one_that_was_given_up_wait_for_an_expert_and_a_sure_one_does_not() {
    let model = ScriptedModel::start().await;
    model.on(
        asked("customers"),
        query("select count(*) as n from customers", 0.1),
    );
    model.on(asked("unicorns"), query("select horn from unicorns", 0.9));
    model.on(
        anything(),
        query("select count(*) as n from products", 0.97),
    );
    let server = TestServer::with_model(&model).await;
    let sure = server
        .ask("Northwind", "How many products are there?")
        .await["turn"]
        .take();
    assert!(sure["confidence"].as_f64() >= Some(0.7), "{sure}");
    let unsure = server
        .ask("Northwind", "How many customers wear hats?")
        .await["turn"]
        .take();
    assert!(unsure["confidence"].as_f64() < Some(0.7), "{unsure}");
    assert_eq!(
        until_queued(&server, turn_of(&unsure)).await,
        (ReviewReason::LowConfidence, Priority::Normal)
    );

    let id = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&id, "Which unicorns are there?").await;
    let events = client.until_terminal().await;
    let end = events.last().expect("a terminal event");
    assert_eq!(end["code"], "MAX_ATTEMPTS", "{end}");
    let begun = events.iter().find(|event| event["type"] == "RUN_STARTED");
    assert_eq!(
        until_queued(&server, turn_of(begun.expect("it began"))).await,
        (ReviewReason::FailedValidation, Priority::Normal)
    );
    // both came after it
    let open = server.app.store.open_review(turn_of(&sure)).await;
    assert_eq!(open.expect("our store answers"), None);

    // what a person says of it counts more than our own doubt
    let path = format!(
        "/api/v1/conversations/{}/turns/{}/feedback",
        unsure["conversation_id"].as_str().expect("an id"),
        unsure["turn_id"].as_str().expect("an id")
    );
    let (status, body) = server.post(&path, json!({"rating": "down"})).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        until_queued(&server, turn_of(&unsure)).await,
        (ReviewReason::ThumbsDown, Priority::High)
    );
}

#[tokio::test]
async fn a_verified_example_that_costs_much_is_still_one_when_it_was_agreed_to() {
    let server = TestServer::start_with(&[("QF_ASK_ABOVE_ROWS", "500")]).await;
    let id = server.dataset("Northwind").await;
    let question = "Orders of each customer";
    let sql = "select customer_id, count(*) as n from orders group by customer_id";
    let path = format!("/api/v1/schemas/{id}/examples");
    let (status, body) = server
        .post(
            &path,
            json!({"question": question, "query": sql, "tags": {"category": "sales"}}),
        )
        .await;
    assert_eq!(status, 201, "{body}");
    let example = body["example_id"].as_str().expect("an id");
    let (status, body) = server
        .post(&format!("{path}/{example}/verify"), json!({}))
        .await;
    assert_eq!(status, 200, "{body}");
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&id, question).await;
    let events = client.until_terminal().await;
    let interrupt = &events.last().expect("a terminal event")["outcome"]["interrupts"][0];
    assert_eq!(interrupt["reason"], "cost", "{events:?}");
    client
        .send(json!({
            "threadId": client.conversation, "runId": Uuid::now_v7(), "messages": [], "tools": [], "context": [],
            "resume": [{"interruptId": interrupt["id"], "status": "resolved", "payload": {"choice": "Run it"}}],
        }))
        .await;
    let events = client.until_terminal().await;
    let result = &events.last().expect("a terminal event")["result"];
    assert_eq!(result["example"]["id"], example, "{result}");
    assert_eq!(result["trust"], "verified", "{result}");
    assert_eq!(result["category"], "sales", "{result}");
}
