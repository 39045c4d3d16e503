//! What a person sees of a turn, as transcripts.

use crate::support::client::{Client, transcript};
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::server::TestServer;
use insta::assert_snapshot;
use serde_json::json;
use uuid::Uuid;

fn reply(sql: &str, confidence: f32) -> Reply {
    Reply::text(format!(
        "```sql\n{sql}\n```\nExplanation: as asked.\nConfidence: {confidence}\n"
    ))
    .chunked(7)
}

#[tokio::test]
async fn a_question_is_answered_by_the_built_in_generator() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    assert_snapshot!(transcript(&client.until_terminal().await));
}

#[tokio::test]
async fn a_model_that_names_an_unknown_column_is_told_and_tries_again() {
    let model = ScriptedModel::start().await;
    model.on(
        asked("there is no column `land`"),
        reply(
            "select count(*) from customers where country = 'Germany'",
            0.9,
        ),
    );
    model.on(
        anything(),
        reply("select count(*) from customers where land = 'Germany'", 0.9),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many customers are in Germany?")
        .await;
    assert_snapshot!(transcript(&client.until_terminal().await));
    assert_eq!(model.requests().len(), 2);
}

#[tokio::test]
async fn a_model_that_writes_a_delete_is_never_run_and_the_turn_gives_up_saying_why() {
    let model = ScriptedModel::start().await;
    model.on(anything(), reply("delete from customers", 0.99));
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "Remove all customers").await;
    let events = client.until_terminal().await;
    let end = events.last().expect("a terminal event");
    assert_eq!(end["type"], "RUN_ERROR");
    assert_eq!(end["code"], "MAX_ATTEMPTS");
    let message = end["message"].as_str().expect("words");
    assert!(
        message.contains("Max attempts exceeded") && message.contains("DELETE"),
        "{message}"
    );
    assert!(
        !events
            .iter()
            .any(|event| event["stepName"] == "query_execution"),
        "it was executed"
    );
    // the first attempt, three refinements, two escalations
    assert_eq!(model.requests().len(), 6);
}

#[tokio::test]
async fn an_unclear_question_is_asked_back_and_goes_on_with_the_choice() {
    let model = ScriptedModel::start().await;
    model.on(
        asked("by number of orders"),
        reply("select customer_id, count(*) as orders from orders group by 1 order by 2 desc limit 10", 0.9),
    );
    model.on(
        anything(),
        Reply::text("CLARIFY: Best by what?\n- by revenue\n- by number of orders\n"),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "Who are the best customers?").await;
    let events = client.until_terminal().await;
    let (end, before) = events.split_last().expect("a terminal event");
    let interrupt = &end["outcome"]["interrupts"][0];
    assert_eq!(interrupt["message"], "Best by what?");
    assert_eq!(
        interrupt["responseSchema"]["properties"]["choice"]["enum"],
        json!(["by revenue", "by number of orders"])
    );
    let shown = json!(before).to_string();
    assert!(
        shown.contains("Unclear: 2 ways to read it") && !shown.contains("Best by what?"),
        "the question is shown without its choices: {shown}"
    );
    let run = Uuid::now_v7();
    let resume = json!({
        "threadId": client.conversation, "runId": run, "messages": [], "tools": [], "context": [],
        "resume": [{"interruptId": interrupt["id"], "status": "resolved",
                    "payload": {"choice": "by number of orders"}}],
    });
    client.send(resume.clone()).await;
    let events = client.until_terminal().await;
    let end = events.last().expect("a terminal event");
    assert_eq!(end["outcome"]["type"], "success", "{end}");
    let last = model.requests().pop().expect("a request");
    assert!(
        last.body
            .to_string()
            .contains("Who are the best customers?"),
        "the question is kept"
    );

    // the same answer once more, as a new turn: it was answered already
    let mut again = resume;
    again["runId"] = json!(Uuid::now_v7());
    client.send(again).await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["code"], "expired_interrupt");
}

#[tokio::test]
async fn a_follow_up_keeps_the_filters_of_the_query_before() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "List the customers in Germany")
        .await;
    let first = client.until_terminal().await;
    let all = first.last().expect("an end")["result"]["rowCount"].as_u64();
    assert_eq!(all, Some(11));
    client.submit(&dataset, "now only those in Berlin").await;
    let second = client.until_terminal().await;
    let result = &second.last().expect("an end")["result"];
    let query = result["query"].as_str().expect("a query");
    assert!(
        query.contains("Germany") && query.contains("Berlin"),
        "{query}"
    );
    assert_eq!(result["rowCount"], 1);
}

#[tokio::test]
async fn greetings_and_questions_about_the_schema_run_no_query() {
    let server = TestServer::start_with(&[]).await;
    for (question, kind) in [
        ("hello", "greeting"),
        ("what tables are there?", "schema"),
        ("describe the orders table", "schema"),
    ] {
        let answer = server.ask("Northwind", question).await;
        assert_eq!(answer["turn"]["kind"], kind, "{question}");
        assert!(answer["turn"]["query"].is_null(), "{question}");
        assert!(!answer["turn"]["answer"].as_str().expect("words").is_empty());
    }
    let tables = server.ask("Northwind", "what tables are there?").await;
    assert!(
        tables["turn"]["answer"]
            .as_str()
            .expect("words")
            .contains("order_details")
    );
}

#[tokio::test]
async fn a_bare_table_request_gets_a_limit_of_100() {
    let model = ScriptedModel::start().await;
    model.on(anything(), reply("select * from order_details", 0.95));
    let server = TestServer::with_model(&model).await;
    let answer = server.ask("Northwind", "show me the order details").await;
    assert_eq!(
        answer["turn"]["row_count"], 100,
        "{}",
        answer["turn"]["query"]
    );
    let without_model = TestServer::start_with(&[]).await;
    let answer = without_model
        .ask("Northwind", "show the order details")
        .await;
    assert_eq!(
        answer["turn"]["row_count"], 100,
        "{}",
        answer["turn"]["query"]
    );
}

#[tokio::test]
async fn when_the_model_is_down_the_turn_says_so_and_the_conversation_goes_on() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::status(401).times(1));
    model.on(anything(), reply("select count(*) from customers", 0.9));
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "How many customers?").await;
    let events = client.until_terminal().await;
    let end = events.last().expect("an end");
    assert_eq!(end["code"], "LLM_UNAVAILABLE");
    assert!(
        end["message"]
            .as_str()
            .expect("words")
            .contains("refused the key")
    );
    client.submit(&dataset, "How many customers?").await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
}

#[tokio::test]
async fn a_database_that_is_down_is_said_and_the_conversation_goes_on_when_it_is_back() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let file = server
        .app
        .settings
        .data_dir
        .join("samples/northwind.sqlite");
    let away = file.with_extension("away");
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    client.until_terminal().await;
    std::fs::rename(&file, &away).expect("the file is moved away");
    client
        .submit(&dataset, "How many products are there?")
        .await;
    let events = client.until_terminal().await;
    let end = events.last().expect("an end");
    assert_eq!(
        (&end["type"], &end["code"]),
        (&json!("RUN_ERROR"), &json!("DB_UNAVAILABLE"))
    );
    assert_eq!(end["metadata"]["qf"]["retryable"], true);
    assert!(
        end["message"]
            .as_str()
            .expect("words")
            .contains("try again when it is back")
    );
    std::fs::rename(&away, &file).expect("and back");
    client
        .submit(&dataset, "How many products are there?")
        .await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
}

#[tokio::test]
async fn millions_of_rows_stop_at_the_limit_and_are_paged() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    // 2,155 squared: 4.6 million
    let query =
        "select a.order_id, b.order_id as other from order_details a cross join order_details b";
    let (status, page) = server
        .post(
            "/api/v1/execute",
            json!({"dataset_id": dataset, "query": query, "limit": 3}),
        )
        .await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(
        (&page["row_count"], &page["truncated"]),
        (&json!(10_000), &json!(true))
    );
    let path = format!(
        "/api/v1/results/{}?cursor=9999",
        page["result_id"].as_str().expect("an id")
    );
    let (_, last) = server.get(&path).await;
    assert_eq!(last["rows"].as_array().expect("rows").len(), 1);
}

#[tokio::test]
async fn with_nothing_configured_a_live_postgres_is_asked_read_only() {
    let server = TestServer::with_samples().await;
    let answer = server
        .ask("Chinook", "How many customers are there per country?")
        .await;
    assert_eq!(answer["turn"]["dialect"], "postgres");
    assert_eq!(answer["turn"]["row_count"], 24);
    assert_eq!(answer["turn"]["generator"]["kind"], "builtin");
}

#[tokio::test]
async fn an_unsure_model_whose_query_reads_the_question_otherwise_asks_which_is_meant() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("```sql\nselect count(distinct city) from customers\n```\nExplanation: Cities with customers.\nConfidence: 0.4\n"),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    let events = client.until_terminal().await;
    let outcome = &events.last().expect("an end")["outcome"];
    assert_eq!(outcome["type"], "interrupt", "{outcome}");
    let options = &outcome["interrupts"][0]["responseSchema"]["properties"]["choice"]["enum"];
    assert_eq!(options[0], "Cities with customers.");
    assert_eq!(options.as_array().expect("options").len(), 2);
    assert!(
        !events
            .iter()
            .any(|event| event["stepName"] == "query_execution")
    );
}
