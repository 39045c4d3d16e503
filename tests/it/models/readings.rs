//! Two ways to read a question: asked with the difference, never guessed.

use super::{query, server};
use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything};
use serde_json::{Value, json};
use uuid::Uuid;

fn with_alternative(sql: &str, confidence: f32, other: &str, other_sql: &str) -> Reply {
    Reply::text(format!(
        "```sql\n{sql}\n```\nExplanation: All orders.\nConfidence: {confidence}\nAlternative: {other}\n```sql\n{other_sql}\n```\n"
    ))
    .chunked(11)
}

async fn ends(model: &ScriptedModel) -> (Value, Vec<Value>) {
    let server = server(model, &[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "How many orders are there?").await;
    let events = client.until_terminal().await;
    (events.last().expect("an end").clone(), events)
}

#[tokio::test]
async fn a_model_that_names_another_reading_is_asked_about_when_the_results_differ() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        with_alternative(
            "select count(*) from orders",
            0.7,
            "leaves out orders that were not shipped",
            "select count(*) from orders where shipped_date is not null",
        ),
    );
    let (end, events) = ends(&model).await;
    assert_eq!(end["outcome"]["type"], "interrupt", "{end}");
    let interrupt = &end["outcome"]["interrupts"][0];
    assert_eq!(
        interrupt["message"],
        "This can be read in two ways. “All orders” gives 830; “leaves out orders that were not shipped” gives 809. Which one do you mean?"
    );
    assert_eq!(
        interrupt["responseSchema"]["properties"]["choice"]["enum"],
        json!(["All orders.", "leaves out orders that were not shipped"])
    );
    // the query that was shown is the one, not the other
    let shown: String = events
        .iter()
        .filter(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .filter_map(|event| event["delta"].as_str())
        .collect();
    assert_eq!(shown, "select count(*) from orders");
}

#[tokio::test]
async fn readings_that_come_to_the_same_rows_are_no_question_and_make_us_surer() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        with_alternative(
            "select count(*) from orders",
            0.7,
            "counts orders with a customer",
            "select count(*) from orders where customer_id is not null",
        ),
    );
    let (end, _) = ends(&model).await;
    assert_eq!(end["outcome"]["type"], "success", "{end}");
    let confidence = end["result"]["confidence"].as_f64().expect("a number");
    assert!(confidence > 0.7, "{confidence}");
}

#[tokio::test]
async fn an_alternative_that_would_write_is_not_run() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        with_alternative(
            "select count(*) from orders",
            0.7,
            "empties it",
            "with x as (select 1) delete from orders",
        ),
    );
    let (end, _) = ends(&model).await;
    assert_eq!(end["outcome"]["type"], "success", "{end}");
}

#[tokio::test]
async fn what_people_say_of_answers_changes_how_sure_the_next_ones_are() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query("select count(*) from order_details", 0.9));
    let server = server(&model, &[]).await;
    let mut first = None;
    for _ in 0..12 {
        let answer = server
            .ask("Northwind", "How many order details are there?")
            .await;
        let turn = &answer["turn"];
        first.get_or_insert(turn["confidence"].as_f64().expect("a number"));
        let path = format!(
            "/api/v1/conversations/{}/turns/{}/feedback",
            turn["conversation_id"].as_str().expect("an id"),
            turn["turn_id"].as_str().expect("an id")
        );
        let (status, body) = server.post(&path, json!({"rating": "down"})).await;
        assert_eq!(status, 200, "{body}");
    }
    let (status, report) = server.get("/api/v1/usage/reliability").await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["shown"]["answers"], 12);
    let error = |which: &str| {
        report[which]["calibration_error"]
            .as_f64()
            .expect("a number")
    };
    assert!(
        error("shown") > 0.8,
        "it was sure and always wrong: {report}"
    );
    assert!(error("now") < error("shown") - 0.1, "{report}");
    assert_eq!(report["weights"][1]["signal"], "stated");
    let later = server
        .ask("Northwind", "How many order details are there?")
        .await;
    let later = later["turn"]["confidence"].as_f64().expect("a number");
    assert!(later < first.expect("it was asked") - 0.1, "{later}");
}

#[tokio::test]
async fn a_verified_example_near_the_question_makes_us_surer_of_a_models_query() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        query("select city, count(*) from customers group by city", 0.7),
    );
    let server = server(&model, &[]).await;
    let question = "How many customers are there in each city, the busiest first?";
    let confidence = async || {
        let answer = server.ask("Northwind", question).await;
        answer["turn"]["confidence"].as_f64().expect("a number")
    };
    let before = confidence().await;
    let dataset = format!("/api/v1/schemas/{}", server.dataset("Northwind").await);
    let example = json!({"question": "How many customers are there in each city?",
        "query": "select city, count(*) as customers from customers group by city order by 2 desc"});
    let (status, body) = server.post(&format!("{dataset}/examples"), example).await;
    assert_eq!(status, 201, "{body}");
    let path = format!(
        "{dataset}/examples/{}/verify",
        body["example_id"].as_str().expect("an id")
    );
    let (status, body) = server.post(&path, json!({})).await;
    assert_eq!(status, 200, "{body}");
    let after = confidence().await;
    assert!(after > before + 0.01, "{before} {after}");
}
