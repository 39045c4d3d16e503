//! Words by a model: answers, descriptions, and the summary of what came long before.

use super::{query, server};
use crate::support::model::{Reply, ScriptedModel, task};
use queryforge::ids::ConversationId;
use serde_json::json;
use std::time::Duration;

const COUNT: &str = "select count(*) as n from customers";

#[tokio::test]
async fn a_model_words_the_answer_and_a_number_it_made_up_is_not_said() {
    for (said, expected) in [
        (
            "There are 91 of them in all.",
            "There are 91 of them in all.",
        ),
        (
            "There are 92 of them in all.",
            "The number of customers is 91.",
        ),
        ("", "The number of customers is 91."),
    ] {
        let model = ScriptedModel::start().await;
        model.on(
            task("generate_query"),
            query("select count(*) as customer_count from customers", 0.9),
        );
        model.on(task("answer_question"), Reply::text(said));
        let server = server(&model, &[("ANSWER_MODEL", "openai:wordy")]).await;
        let answer = server
            .ask("Northwind", "How many customers are there?")
            .await;
        assert_eq!(answer["turn"]["answer"], expected, "{said}");
    }
}

#[tokio::test]
async fn a_model_that_cannot_word_the_answer_leaves_it_to_the_template() {
    let model = ScriptedModel::start().await;
    model.on(
        task("generate_query"),
        query("select count(*) as customer_count from customers", 0.9),
    );
    model.on(task("answer_question"), Reply::status(401));
    let server = server(&model, &[("ANSWER_MODEL", "openai:wordy")]).await;
    let answer = server
        .ask("Northwind", "How many customers are there?")
        .await;
    assert_eq!(answer["turn"]["answer"], "The number of customers is 91.");
}

#[tokio::test]
async fn a_model_describes_the_schema_where_one_is_configured_for_words() {
    let model = ScriptedModel::start().await;
    model.on(
        task("describe_schema"),
        Reply::text("Orders and their `order_details`."),
    );
    let server = server(&model, &[("ANSWER_MODEL", "openai:wordy")]).await;
    let answer = server.ask("Northwind", "what tables are there?").await;
    assert_eq!(answer["turn"]["kind"], "schema");
    assert_eq!(
        answer["turn"]["answer"],
        "Orders and their `order_details`."
    );
    assert_eq!(answer["turn"]["generator"]["name"], "wordy");
}

#[tokio::test]
async fn what_was_said_long_ago_reaches_later_prompts_as_a_summary() {
    let model = ScriptedModel::start().await;
    model.on(task("generate_query"), query(COUNT, 0.9));
    model.on(
        task("summarise_conversation"),
        Reply::text("They called German customers the home market."),
    );
    let server = server(&model, &[]).await;
    let dataset = server.dataset("Northwind").await;
    let conversation = ConversationId::new();
    let ask = async |question: String| {
        let body =
            json!({"query": question, "dataset_id": dataset, "conversation_id": conversation});
        let (status, body) = server.post("/api/v1/query", body).await;
        assert_eq!(status, 200, "{body}");
    };
    for turn in 0..6 {
        ask(format!("How many customers are there? ({turn})")).await;
    }
    // it is written when nobody waits
    let written = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            if let Some((summary, _)) = server
                .app
                .store
                .summary(conversation)
                .await
                .expect("a store")
            {
                return summary;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("a summary within 30 s");
    assert_eq!(written, "They called German customers the home market.");
    ask("How many customers are there now?".to_owned()).await;
    let requests = model.requests();
    let last = requests
        .iter()
        .rev()
        .find(|request| request.system.contains("Task: generate_query"))
        .expect("it was asked");
    assert!(
        last.last_user.contains("the home market"),
        "{}",
        last.last_user
    );
    let summed = requests
        .iter()
        .find(|request| request.system.contains("Task: summarise_conversation"))
        .expect("it was asked");
    assert!(summed.last_user.contains("(0)") && !summed.last_user.contains("(5)"));
    let (_, report) = server.get("/api/v1/usage?by=task").await;
    let tasks: Vec<&str> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["key"].as_str())
        .collect();
    assert!(tasks.contains(&"summarise_conversation"), "{tasks:?}");
}
