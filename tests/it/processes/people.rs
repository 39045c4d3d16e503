//! What a person may, whichever process they come to.

use super::{ended, is_delta, slow_model, two};
use crate::support::client::{Client, submit};
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::server::TestServer;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test]
async fn a_ticket_of_one_process_opens_one_socket_at_another() {
    let a = TestServer::start_with(&[]).await;
    let b = a.beside(&[]).await;
    let issue = async || {
        let (status, issued) = a.post("/api/v1/ws-ticket", json!({})).await;
        assert_eq!(status, 200, "{issued}");
        issued["ticket"].as_str().expect("a ticket").to_owned()
    };
    let knock = async |at: &TestServer, ticket: &str| {
        let url = format!("ws://{}/ws/{}?ticket={ticket}", at.address, Uuid::now_v7());
        match tokio_tungstenite::connect_async(url.as_str()).await {
            Ok(_) => 101,
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                response.status().as_u16()
            }
            Err(other) => panic!("{other}"),
        }
    };
    let ticket = issue().await;
    assert_eq!(knock(&b, &ticket).await, 101);
    for at in [&a, &b] {
        assert_eq!(knock(at, &ticket).await, 401, "it was used");
    }
    // of many who come with it at once, one gets in
    let ticket = issue().await;
    let all = (0..8).map(|at| knock(if at % 2 == 0 { &a } else { &b }, &ticket));
    let all = futures::future::join_all(all).await;
    let opened = all.iter().filter(|status| **status == 101).count();
    assert_eq!(opened, 1, "{all:?}");
    // what has expired by the database's clock opens nothing
    let ticket = issue().await;
    let mut session = a.session().await;
    sqlx::query("update tickets set expires_at = now()")
        .execute(&mut session)
        .await
        .expect("it runs");
    assert_eq!(knock(&b, &ticket).await, 401);
    // and the word itself is nowhere
    let kept: Vec<String> =
        sqlx::query_scalar("select encode(digest, 'escape') || encode(digest, 'hex') from tickets")
            .fetch_all(&mut session)
            .await
            .expect("rows");
    assert!(kept.iter().all(|kept| !kept.contains(&ticket)));
}

#[tokio::test]
async fn a_person_asks_so_many_questions_a_minute_on_all_processes_together() {
    let limit = [("QF_SUBMITS_PER_MINUTE", "3")];
    let a = TestServer::start_with(&limit).await;
    let b = a.beside(&limit).await;
    let dataset = a.dataset("Northwind").await;
    let mut first = None;
    for at in [&a, &b, &a] {
        let mut client = Client::open(at, Uuid::now_v7()).await;
        let run = client
            .submit(&dataset, "How many customers are there?")
            .await;
        client.until_terminal().await;
        first.get_or_insert((client.conversation, run));
    }
    for at in [&a, &b] {
        let mut client = Client::open(at, Uuid::now_v7()).await;
        client
            .submit(&dataset, "How many customers are there?")
            .await;
        let refused = client.next().await.expect("an answer");
        assert_eq!(refused["code"], "rate_limited", "{refused}");
        let wait = refused["retryAfterMs"].as_u64().expect("a wait");
        assert!(wait <= 60_000, "{wait} ms");
    }
    // one that is known only attaches
    let (conversation, run) = first.expect("three were asked");
    let input = submit(conversation, run, &dataset, "How many customers are there?");
    let input = serde_json::from_value(input).expect("an input");
    let again = b
        .conversations
        .open_and_submit("local", input, String::new())
        .await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn a_clarification_that_expired_is_not_answered_any_more_and_the_next_question_is() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("CLARIFY: Best by what?\n- by revenue\n- by number of orders\n").times(1),
    );
    model.on(
        anything(),
        Reply::text("```sql\nselect count(*) from customers\n```\nConfidence: 0.9\n"),
    );
    let two = two(&model, &[]).await;
    let mut client = Client::open(&two.a, Uuid::now_v7()).await;
    client
        .submit(&two.dataset, "Who are the best customers?")
        .await;
    let asked = client.until_terminal().await.pop().expect("an end");
    assert_eq!(asked["outcome"]["type"], "interrupt", "{asked}");
    let mut session = two.a.session().await;
    let moved = sqlx::query(
        "update turns set interrupt = jsonb_set(interrupt, '{expiresAt}', to_jsonb(now() - interval '1 second'))
          where interrupt ->> 'expiresAt' is not null",
    )
    .execute(&mut session)
    .await
    .expect("it runs");
    assert_eq!(moved.rows_affected(), 1);
    let mut other = Client::open(&two.b, client.conversation).await;
    other.until_terminal().await;
    for client in [&mut client, &mut other] {
        let mut input = submit(client.conversation, Uuid::now_v7(), &two.dataset, "");
        input["messages"] = json!([]);
        input["resume"] = json!([{
            "interruptId": asked["outcome"]["interrupts"][0]["id"],
            "status": "resolved",
            "payload": {"choice": "by revenue"},
        }]);
        client.send(input).await;
        let refused = client.next().await.expect("an answer");
        assert_eq!(refused["code"], "expired_interrupt", "{refused}");
    }
    client
        .submit(&two.dataset, "How many customers are there?")
        .await;
    let end = client.until_terminal().await.pop().expect("an end");
    assert_eq!(end["outcome"]["type"], "success", "{end}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_is_sent_again_after_its_end_is_not_in_the_way_of_the_next() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for _ in 0..12 {
        let run = Uuid::now_v7();
        let input = submit(
            client.conversation,
            run,
            &dataset,
            "How many customers are there?",
        );
        client.send(input.clone()).await;
        client.until_terminal().await;
        // by way of a double click, a reload, a proxy that tries again
        for _ in 0..3 {
            client.send(input.clone()).await;
        }
        let next = client
            .submit(&dataset, "How many customers are there?")
            .await;
        let end = client.until_terminal().await;
        assert_eq!(end[0]["runId"], json!(next), "{}", end[0]);
        assert_eq!(end.last().expect("an end")["outcome"]["type"], "success");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submit_whose_turn_runs_elsewhere_attaches_and_other_words_are_refused() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let mut client = Client::open(&two.a, Uuid::now_v7()).await;
    let run = client.submit(&two.dataset, "for ever").await;
    client.until(is_delta).await;
    let again = async |words: &str| {
        let input = submit(client.conversation, run, &two.dataset, words);
        let input = serde_json::from_value(input).expect("an input");
        let conversations = Arc::clone(&two.b.conversations);
        conversations
            .open_and_submit("local", input, String::new())
            .await
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(again("for ever").await, None);
    let refused = again("for ever and a day").await.expect("a refusal");
    assert!(refused.contains("other content"), "{refused}");
    client.send(json!({"type": "abort", "runId": run})).await;
    assert_eq!(ended(&two.a, run).await["status"], "cancelled");
    assert_eq!(model.requests().len(), 1);
}
