//! The wire: resume, cancel, busy, bad frames, foreign pages.

use crate::support::client::{Client, submit};
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::server::TestServer;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

/// A model that writes a long query slowly: about `ms` in all.
async fn slow_model(ms: u64) -> ScriptedModel {
    let model = ScriptedModel::start().await;
    let columns: Vec<String> = (0..100).map(|n| format!("{n} as c{n}")).collect();
    let sql = format!("select {} from customers limit 1", columns.join(", "));
    let text = format!("```sql\n{sql}\n```\nConfidence: 0.9\n");
    let pieces = text.chars().count().div_ceil(12) as u64;
    model.on(
        anything(),
        Reply::text(text)
            .chunked(12)
            .delay(Duration::from_millis(ms / pieces.max(1))),
    );
    model
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_random_cuts_give_the_bytes_of_an_undisturbed_socket() {
    let model = slow_model(1500).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut cuts = 0;
    let mut round: u64 = 0;
    while cuts < 200 {
        round += 1;
        let conversation = Uuid::now_v7();
        let mut undisturbed = Client::open(&server, conversation).await;
        undisturbed
            .submit(&dataset, "the whole table, slowly")
            .await;
        // ten readers, each cut again and again at places of their own
        let readers: Vec<_> = (0..10_u64)
            .map(|reader| cut_reader(&server, conversation, round * 31 + reader * 7))
            .collect();
        let whole = async {
            undisturbed.until_terminal().await;
            undisturbed.frames.clone()
        };
        let (whole, read) = tokio::join!(whole, futures::future::join_all(readers));
        for (frames, times) in read {
            cuts += times;
            let from = whole.len() - frames.len().min(whole.len());
            assert_eq!(frames, whole[from..], "a cut reader lost or changed bytes");
            assert!(
                from <= 1,
                "all but perhaps RUN_STARTED, which came before the reader did"
            );
        }
    }
    println!("{cuts} cuts over {round} turns");
}

/// Joins a running turn from its first event on and cuts itself after every few frames.
async fn cut_reader(server: &TestServer, conversation: Uuid, seed: u64) -> (Vec<String>, usize) {
    let mut frames: Vec<String> = Vec::new();
    let mut cursor = None;
    let mut cuts = 0;
    let mut random = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    // until the turn has begun there is nothing to read
    let mut client = Client::resume(server, conversation, 0).await;
    loop {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let take = 1 + (random >> 33) % 6;
        for _ in 0..take {
            let event = client.next().await.expect("open");
            frames.push(client.frames.last().expect("just came").clone());
            cursor = client.cursor.or(cursor);
            if event["type"] == "RUN_FINISHED" || event["type"] == "RUN_ERROR" {
                return (frames, cuts);
            }
        }
        drop(client);
        cuts += 1;
        client = Client::resume(server, conversation, cursor.expect("frames carry numbers")).await;
    }
}

#[tokio::test]
async fn without_a_usable_cursor_a_snapshot_leads_to_the_same_messages() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&server, conversation).await;
    first.submit(&dataset, "slowly, please").await;
    first
        .until(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .await;
    for cursor in ["", "-1", "18446744073709551616", "99999", "abc"] {
        let mut late = Client::connect(&server, conversation, Some(cursor.to_owned())).await;
        let started = late.next().await.expect("a frame");
        assert_eq!(started["type"], "RUN_STARTED", "{cursor}");
        let snapshot = late.next().await.expect("a frame");
        assert_eq!(snapshot["type"], "MESSAGES_SNAPSHOT", "{cursor}");
        assert_eq!(snapshot["messages"][0]["content"], "slowly, please");
    }
    let mut late = Client::open(&server, conversation).await;
    model.hurry(true);
    let from_late = messages(&late.until_terminal().await);
    let from_first = {
        first.until_terminal().await;
        let events: Vec<Value> = first
            .frames
            .iter()
            .map(|frame| serde_json::from_str(frame).expect("JSON"))
            .collect();
        messages(&events)
    };
    assert_eq!(from_late, from_first);
    // idle again: the snapshot ends with the stored terminal event
    let mut idle = Client::open(&server, conversation).await;
    let events = idle.until_terminal().await;
    assert_eq!(messages(&events), from_first);
    assert_eq!(idle.frames.last(), first.frames.last(), "byte for byte");
}

/// The text of every message, as a client that applies the events has it.
fn messages(events: &[Value]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for event in events {
        match event["type"].as_str().unwrap_or_default() {
            "RUN_STARTED" => {
                for message in event["input"]["messages"].as_array().into_iter().flatten() {
                    all.push((text(&message["id"]), text(&message["content"])));
                }
            }
            "MESSAGES_SNAPSHOT" => {
                all = event["messages"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|message| (text(&message["id"]), text(&message["content"])))
                    .collect();
            }
            "TEXT_MESSAGE_START" => {
                let id = text(&event["messageId"]);
                if !all.iter().any(|(known, _)| *known == id) {
                    all.push((id, String::new()));
                }
            }
            "TEXT_MESSAGE_CONTENT" => {
                let id = text(&event["messageId"]);
                let (_, content) = all
                    .iter_mut()
                    .find(|(known, _)| *known == id)
                    .expect("it was begun");
                content.push_str(event["delta"].as_str().unwrap_or_default());
            }
            "ACTIVITY_SNAPSHOT" => all.push((text(&event["messageId"]), text(&event["content"]))),
            _ => {}
        }
    }
    all
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn an_abort_closes_what_is_open_and_hangs_up_on_the_model() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let run = client.submit(&dataset, "for ever").await;
    client
        .until(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .await;
    client.send(json!({"type": "abort", "runId": run})).await;
    let events = client.until_terminal().await;
    let kinds: Vec<&str> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert_eq!(
        kinds[kinds.len() - 3..],
        ["TEXT_MESSAGE_END", "STEP_FINISHED", "RUN_FINISHED"]
    );
    assert_eq!(
        events.last().expect("an end")["outcome"]["type"],
        "cancelled"
    );
    model.hung_up(1).await;
}

#[tokio::test]
async fn aborts_at_every_moment_end_in_exactly_one_terminal_event() {
    let model = slow_model(150).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for delay_ms in (0..260).step_by(10) {
        let run = client.submit(&dataset, "quickly").await;
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        client.send(json!({"type": "abort", "runId": run})).await;
        let events = client.until_terminal().await;
        let ends = events
            .iter()
            .filter(|event| event["type"] == "RUN_FINISHED" || event["type"] == "RUN_ERROR")
            .count();
        assert_eq!(ends, 1);
        let end = events.last().expect("an end");
        assert!(
            ["cancelled", "success"].contains(&end["outcome"]["type"].as_str().unwrap_or("?")),
            "{end}"
        );
    }
    let path = format!("/api/v1/conversations/{}/turns", client.conversation);
    let (_, turns) = server.get(&path).await;
    let turns = turns["items"].as_array().expect("turns").clone();
    assert_eq!(turns.len(), 26);
    assert!(turns.iter().all(|turn| turn["status"] != "running"));
}

#[tokio::test]
async fn of_two_submits_at_once_one_runs_and_the_same_run_id_is_one_turn() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let conversation = Uuid::now_v7();
    let mut a = Client::open(&server, conversation).await;
    let mut b = Client::open(&server, conversation).await;
    let run = Uuid::now_v7();
    let input = submit(conversation, run, &dataset, "once");
    for _ in 0..5 {
        a.send(input.clone()).await;
        b.send(input.clone()).await;
    }
    // submits of one socket are worked on side by side: what comes once the turn has begun finds it running
    b.until(|event| event["type"] == "RUN_STARTED").await;
    b.submit(&dataset, "something else").await;
    let refused = b.until(|event| event["type"] == "error").await;
    assert_eq!(refused.last().expect("a refusal")["code"], "thread_busy");
    model.hurry(true);
    a.until_terminal().await;
    assert_eq!(model.requests().len(), 1, "one turn, one call");

    let mut other = input;
    other["messages"][0]["content"] = json!("other words");
    other["messages"][0]["id"] = json!("another message");
    a.send(other).await;
    let refused = a.until(|event| event["type"] == "error").await;
    assert_eq!(refused.last().expect("a refusal")["code"], "run_id_reused");
}

/// The first has a long history to be looked up, so that the second could be ready before it.
#[tokio::test]
async fn two_questions_right_behind_each_other_are_taken_in_their_order() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    for round in 0..12 {
        let mut client = Client::open(&server, Uuid::now_v7()).await;
        let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
        let mut long = submit(client.conversation, first, &dataset, "the first");
        let messages = long["messages"].as_array_mut().expect("a list");
        for number in 0..2_000 {
            messages.push(json!({
                "id": format!("{round}-{number}"), "role": "user", "content": "more",
            }));
        }
        client.send(long).await;
        client
            .send(submit(client.conversation, second, &dataset, "the second"))
            .await;
        let mut started = None;
        let mut refused = None;
        while started.is_none() || refused.is_none() {
            let event = client.next().await.expect("an answer");
            match event["type"].as_str() {
                Some("RUN_STARTED") => started = Some(event["runId"].clone()),
                Some("error") => refused = Some(event),
                _ => {}
            }
        }
        assert_eq!(started, Some(json!(first)), "round {round}");
        let refused = refused.expect("it is set");
        assert_eq!(refused["code"], "thread_busy");
        assert_eq!(refused["runId"], json!(second));
        client.send(json!({"type": "abort", "runId": first})).await;
        client.until_terminal().await;
    }
}

#[tokio::test]
async fn on_busy_interrupt_stops_the_running_turn_and_starts_the_new_one() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "first").await;
    client
        .until(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .await;
    let run = Uuid::now_v7();
    let mut input = submit(client.conversation, run, &dataset, "second");
    input["forwardedProps"]["qf"]["onBusy"] = json!("interrupt");
    client.send(input).await;
    let first = client.until_terminal().await;
    assert_eq!(
        first.last().expect("an end")["outcome"]["type"],
        "cancelled"
    );
    let started = client.next().await.expect("the second begins");
    assert_eq!(started["runId"], json!(run));
    client.send(json!({"type": "abort", "runId": run})).await;
    client.until_terminal().await;
}

#[tokio::test]
async fn bad_frames_are_refused_and_the_socket_stays_of_use() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for frame in [
        "",
        "nonsense",
        "[1]",
        "{}",
        r#"{"type":"subscribe"}"#,
        "\u{1F600}",
    ] {
        client.send_text(frame.to_owned()).await;
        let refusal = client.next().await.expect("still open");
        assert_eq!(refusal["code"], "bad_frame", "{frame}");
    }
    client.submit(&dataset, "a NUL \u{0} in the middle").await;
    assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
    let empty = submit(client.conversation, Uuid::now_v7(), &dataset, "  ");
    client.send(empty).await;
    assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
    let foreign = submit(Uuid::now_v7(), Uuid::now_v7(), &dataset, "hello");
    client.send(foreign).await;
    assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
    client.submit(&dataset, &"long ".repeat(4096)).await;
    assert_eq!(client.next().await.expect("open")["code"], "too_large");
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");

    let mut binary = Client::open(&server, Uuid::now_v7()).await;
    binary.send_message(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(binary.closed().await, Some(1003));
    let mut large = Client::open(&server, Uuid::now_v7()).await;
    large.send_text("x".repeat(2 * 1024 * 1024)).await;
    assert_eq!(large.closed().await, Some(1009));
}

#[tokio::test]
async fn odd_questions_get_an_answer_and_lose_nothing() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for question in [
        "?",
        "\u{1F600}\u{1F600}",
        "독일 고객은 몇 명입니까?",
        "select * from customers; drop table customers",
        "'; drop table customers; --",
        "<script>alert(1)</script>",
        "\u{202e}reversed",
        &"why ".repeat(1000),
    ] {
        client.submit(&dataset, question).await;
        let events = client.until_terminal().await;
        let end = events.last().expect("an end");
        assert!(
            end["type"] == "RUN_FINISHED" || end["type"] == "RUN_ERROR",
            "{question}: {end}"
        );
    }
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
}

#[tokio::test]
async fn another_sites_page_gets_403_and_not_one_byte() {
    let server = TestServer::start_with(&[]).await;
    let url = format!("ws://{}/ws/{}", server.address, Uuid::now_v7());
    for (name, value) in [("origin", "https://evil.example"), ("host", "evil.example")] {
        let mut request = url.as_str().into_client_request().expect("a URL");
        request
            .headers_mut()
            .insert(name, value.parse().expect("a value"));
        request
            .headers_mut()
            .insert("cookie", "session=valid".parse().expect("a value"));
        let refused = tokio_tungstenite::connect_async(request).await;
        match refused {
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                assert_eq!(response.status(), 403, "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    let response = reqwest::Client::new()
        .get(server.url("/api/v1/conversations"))
        .header("origin", "https://evil.example")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn a_ticket_opens_one_socket() {
    let server = TestServer::start_with(&[]).await;
    let (_, issued) = server.post("/api/v1/ws-ticket", json!({})).await;
    let ticket = issued["ticket"].as_str().expect("a ticket");
    let url = format!(
        "ws://{}/ws/{}?ticket={ticket}",
        server.address,
        Uuid::now_v7()
    );
    tokio_tungstenite::connect_async(url.as_str())
        .await
        .expect("the first opens");
    match tokio_tungstenite::connect_async(url.as_str()).await {
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
            assert_eq!(response.status(), 401);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_echoed_has_a_size_and_an_oversized_input_harms_nobody() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let input = |change: &dyn Fn(&mut Value)| {
        let mut input = submit(
            client.conversation,
            Uuid::now_v7(),
            &dataset,
            "How many customers?",
        );
        change(&mut input);
        input
    };
    let huge = "m".repeat(300 * 1024);
    let inputs = [
        input(&|input| input["forwardedProps"]["qf"]["modelConfig"] = json!({"model": huge})),
        input(&|input| input["messages"][0]["id"] = json!(huge)),
        input(&|input| {
            input["resume"] = json!([{"interruptId": "x", "status": "resolved", "payload": huge}]);
        }),
    ];
    for input in inputs {
        client.send(input).await;
        assert_eq!(client.next().await.expect("open")["code"], "too_large");
    }
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    let events = client.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
}

#[tokio::test]
async fn a_conversation_full_of_large_results_can_be_opened_again() {
    let model = ScriptedModel::start().await;
    let wide: Vec<String> = (0..12)
        .map(|n| format!("printf('%100s', order_id) as c{n}"))
        .collect();
    let sql = format!("select {} from orders where order_id > 0", wide.join(", "));
    model.on(
        anything(),
        Reply::text(format!("```sql\n{sql}\n```\nConfidence: 0.9")),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for _ in 0..10 {
        client.submit(&dataset, "All of it, wide").await;
        let events = client.until_terminal().await;
        assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
    }
    let mut again = Client::open(&server, client.conversation).await;
    let events = again.until_terminal().await;
    assert_eq!(events[1]["type"], "MESSAGES_SNAPSHOT");
    let size = again.frames[1].len();
    assert!(size > 1024 * 1024, "{size} bytes try nothing");
}

#[tokio::test]
async fn too_many_questions_wait_but_one_that_is_known_attaches() {
    let server = TestServer::start_with(&[("QF_SUBMITS_PER_MINUTE", "2")]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let run = Uuid::now_v7();
    let first = submit(
        client.conversation,
        run,
        &dataset,
        "How many customers are there?",
    );
    client.send(first.clone()).await;
    client.until_terminal().await;
    client.submit(&dataset, "How many orders are there?").await;
    client.until_terminal().await;
    client
        .submit(&dataset, "How many products are there?")
        .await;
    let refused = client.next().await.expect("open");
    assert_eq!(refused["code"], "rate_limited");
    assert!(refused["retryAfterMs"].as_u64().expect("a wait") > 1000);
    // the first once more: it only attaches, so nothing is refused and nothing new is said
    client.send(first).await;
    client.send_text("nonsense".to_owned()).await;
    assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
}

#[tokio::test]
async fn a_restart_ends_the_running_turn_as_retryable_and_sends_sockets_away() {
    let model = slow_model(60_000).await;
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "for ever").await;
    client
        .until(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .await;
    let (events, ()) = tokio::join!(client.until_terminal(), server.conversations.drain());
    let end = events.last().expect("an end");
    assert_eq!(end["code"], "SERVER_RESTART");
    assert_eq!(end["metadata"]["qf"]["retryable"], true);
    assert_eq!(client.closed().await, Some(1012));
}
