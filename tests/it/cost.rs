//! The cost budget: what would read very much is asked about, in a turn and over REST.

use crate::support::client::Client;
use crate::support::server::TestServer;
use serde_json::{Value, json};
use uuid::Uuid;

/// Northwind has 830 orders and 2,155 lines of them.
async fn server() -> TestServer {
    TestServer::start_with(&[("QF_ASK_ABOVE_ROWS", "500")]).await
}

async fn answered(client: &mut Client, interrupt: &Value, choice: &str) -> Vec<Value> {
    client
        .send(json!({
            "threadId": client.conversation, "runId": Uuid::now_v7(), "messages": [], "tools": [],
            "context": [],
            "resume": [{"interruptId": interrupt["id"], "status": "resolved",
                        "payload": {"choice": choice}}],
        }))
        .await;
    client.until_terminal().await
}

#[tokio::test]
async fn a_query_over_the_budget_is_asked_about_and_runs_as_it_was_shown() {
    let server = server().await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many orders are there per customer?")
        .await;
    let events = client.until_terminal().await;
    let interrupt = &events.last().expect("a terminal event")["outcome"]["interrupts"][0];
    assert_eq!(interrupt["reason"], "cost", "{events:?}");
    let said = interrupt["message"].as_str().expect("words");
    assert!(said.contains("rows would be read"), "{said}");
    let query = interrupt["pending"]["query"].as_str().expect("the query");
    assert_eq!(
        interrupt["responseSchema"]["properties"]["choice"]["enum"],
        json!(["Run it", "Narrow it down"])
    );

    let events = answered(&mut client, interrupt, "Run it").await;
    let end = events.last().expect("a terminal event");
    assert_eq!(end["outcome"]["type"], "success", "{end}");
    assert_eq!(end["result"]["query"], query);
    assert!(end["result"]["rowCount"].as_u64() > Some(50), "{end}");
}

#[tokio::test]
async fn who_wants_less_gets_another_query_that_is_asked_about_in_its_turn() {
    let server = server().await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many orders are there per customer?")
        .await;
    let events = client.until_terminal().await;
    let interrupt = &events.last().expect("a terminal event")["outcome"]["interrupts"][0];
    let events = answered(&mut client, interrupt, "Narrow it down").await;
    let end = events.last().expect("a terminal event");
    // the built-in generator writes the same again, and it is not run unasked
    assert_ne!(end["outcome"]["type"], "success", "{end}");
}

#[tokio::test]
async fn a_written_query_over_the_budget_needs_a_word() {
    let server = server().await;
    let dataset = server.dataset("Northwind").await;
    let body = |query: &str, confirm: bool| json!({"query": query, "dataset_id": dataset, "confirm_cost": confirm});
    let all = "select customer_id, count(*) from orders group by customer_id";
    let (status, answer) = server.post("/api/v1/execute", body(all, false)).await;
    assert_eq!(status, 409, "{answer}");
    assert_eq!(answer["error"]["code"], "confirm_cost");
    assert_eq!(answer["error"]["details"]["rows_read"], json!(830.0));
    let (status, answer) = server.post("/api/v1/execute", body(all, true)).await;
    assert_eq!(status, 200, "{answer}");
    // what an index leads to, and what is cut short, costs little
    for small in [
        "select * from orders where order_id = 10248",
        "select * from orders limit 5",
    ] {
        let (status, answer) = server.post("/api/v1/execute", body(small, false)).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn combinations_are_asked_about_however_few_are_left_of_them() {
    let server = TestServer::start_with(&[("QF_ASK_ABOVE_ROWS", "1000000")]).await;
    let dataset = server.dataset("Northwind").await;
    let body = |query: &str| json!({"query": query, "dataset_id": dataset});
    for costly in [
        "select count(*) from order_details a, order_details b where a.quantity + b.quantity = -1",
        "select a.order_id from order_details a join order_details b on a.quantity < b.discount limit 5",
    ] {
        let (status, answer) = server.post("/api/v1/execute", body(costly)).await;
        assert_eq!(status, 409, "{costly}: {answer}");
        assert_eq!(answer["error"]["code"], "confirm_cost");
    }
    let joined = "select c.company_name, sum(d.quantity) as n from order_details d join orders o using (order_id) \
                  join customers c using (customer_id) group by c.company_name order by n desc";
    let (status, answer) = server.post("/api/v1/execute", body(joined)).await;
    assert_eq!(status, 200, "{answer}");
}
