//! AG-UI over HTTP: the same turns and bytes as on the WebSocket, and every way to come back.

use crate::support::client::{Client, submit};
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::server::TestServer;
use crate::support::sse::EventStream;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// A model that writes a long query in about `ms`, and a server that asks it.
async fn slow(ms: u64) -> (ScriptedModel, TestServer, String) {
    let model = ScriptedModel::start().await;
    let columns: Vec<String> = (0..100).map(|n| format!("{n} as c{n}")).collect();
    let text = format!(
        "```sql\nselect {} from customers limit 1\n```\nConfidence: 0.9\n",
        columns.join(", ")
    );
    let pieces = text.len().div_ceil(12) as u64;
    model.on(
        anything(),
        Reply::text(text)
            .chunked(12)
            .delay(Duration::from_millis(ms / pieces.max(1))),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    (model, server, dataset)
}

fn is_text(event: &Value) -> bool {
    event["type"] == "TEXT_MESSAGE_CONTENT"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_has_the_bytes_of_the_socket_however_often_it_is_lost() {
    let (model, server, dataset) = slow(10_000).await;
    let conversation = Uuid::now_v7();
    let mut socket = Client::resume(&server, conversation, 0).await;
    let input = submit(conversation, Uuid::now_v7(), &dataset, "the whole, slowly");
    let mut stream = EventStream::post(&server, &input, None).await.expect("200");
    let mut frames = Vec::new();
    let mut cursor = None;
    let mut cuts = 0;
    'turn: loop {
        for _ in 0..1 + cuts % 4 {
            let Some(event) = stream.next().await else {
                break 'turn;
            };
            frames.push(stream.frames.last().expect("just came").clone());
            cursor = stream.cursor.or(cursor);
            assert_eq!(cursor, event["metadata"]["qf.seq"].as_u64());
            if event["type"] == "RUN_FINISHED" {
                assert!(
                    stream.next().await.is_none(),
                    "the stream ends with its turn"
                );
                break 'turn;
            }
        }
        drop(stream);
        cuts += 1;
        if cuts == 12 {
            model.hurry(true);
        }
        stream = EventStream::post(&server, &input, cursor)
            .await
            .expect("200");
    }
    socket.until_terminal().await;
    assert_eq!(frames, socket.frames, "after {cuts} cuts");
    assert!(cuts >= 10, "{cuts} cuts try nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_late_is_told_the_state_and_follows_to_the_end() {
    let (model, server, dataset) = slow(60_000).await;
    let thread = Uuid::now_v7();
    let run = Uuid::now_v7();
    let input = submit(thread, run, &dataset, "slowly, please");
    let mut first = EventStream::post(&server, &input, None).await.expect("200");
    first.until(is_text).await;

    // everything, from the first event on
    let mut whole = EventStream::get(&server, &format!("runId={run}&offset=-1"))
        .await
        .expect("200");
    // the state, and what follows; by the turn, by the conversation, by posting again without a cursor
    let mut late = vec![
        EventStream::get(&server, &format!("runId={run}"))
            .await
            .expect("200"),
        EventStream::get(&server, &format!("threadId={thread}"))
            .await
            .expect("200"),
        EventStream::post(&server, &input, None).await.expect("200"),
        EventStream::get(&server, &format!("runId={run}&offset=99999"))
            .await
            .expect("200"),
    ];
    let request = reqwest::Client::new()
        .get(server.url(&format!("/api/v1/agui?threadId={thread}")))
        .header("accept", "application/json");
    let told: Value = request
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(told["activeRun"]["runId"], json!(run));
    assert_eq!(told["messages"][0]["parts"][0]["content"], "slowly, please");

    model.hurry(true);
    first.rest().await;
    whole.rest().await;
    assert_eq!(whole.frames, first.frames);
    for late in &mut late {
        let events = late.rest().await;
        assert_eq!(events[0]["type"], "RUN_STARTED");
        assert_eq!(events[0]["runId"], json!(run));
        assert_eq!(events[1]["type"], "MESSAGES_SNAPSHOT");
        assert_eq!(late.frames.last(), first.frames.last(), "byte for byte");
        assert_eq!(late.cursor, first.cursor);
    }

    // after another turn the first one can still be fetched, and its end is what it was
    let mut second = EventStream::post(
        &server,
        &submit(thread, Uuid::now_v7(), &dataset, "another"),
        None,
    )
    .await
    .expect("200");
    assert_eq!(second.rest().await[0]["type"], "RUN_STARTED");
    let mut again = EventStream::get(&server, &format!("runId={run}"))
        .await
        .expect("200");
    let events = again.rest().await;
    assert_eq!(events[0]["runId"], json!(run));
    assert_eq!(again.frames.last(), first.frames.last());
    // with a cursor, too: behind its end nothing is left but the end
    let cursor = first.cursor.expect("numbers");
    let mut after = EventStream::post(&server, &input, Some(cursor))
        .await
        .expect("200");
    assert_eq!(
        after.rest().await.last().expect("its end")["metadata"],
        json!({"qf.seq": cursor})
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hanging_up_cancels_nothing_and_the_cancel_route_does() {
    let (model, server, dataset) = slow(60_000).await;
    let input = submit(Uuid::now_v7(), Uuid::now_v7(), &dataset, "left alone");
    let mut stream = EventStream::post(&server, &input, None).await.expect("200");
    stream.until(is_text).await;
    drop(stream);
    let path = format!(
        "runId={}&offset=-1",
        input["runId"].as_str().expect("an id")
    );
    let mut joined = EventStream::get(&server, &path).await.expect("200");
    model.hurry(true);
    let end = joined.rest().await.pop().expect("an end");
    assert_eq!(end["outcome"]["type"], "success");

    model.hurry(false);
    let input = submit(Uuid::now_v7(), Uuid::now_v7(), &dataset, "stopped");
    let mut stream = EventStream::post(&server, &input, None).await.expect("200");
    stream.until(is_text).await;
    let cancel = format!(
        "/api/v1/turns/{}/cancel",
        input["runId"].as_str().expect("an id")
    );
    let (status, turn) = server.post(&cancel, json!({})).await;
    assert_eq!(
        (status, &turn["status"]),
        (200, &json!("cancelled")),
        "{turn}"
    );
    let events = stream.rest().await;
    assert_eq!(
        events.last().expect("an end")["outcome"]["type"],
        "cancelled"
    );
    model.hung_up(1).await;
    // what has ended stays as it is
    let (status, again) = server.post(&cancel, json!({})).await;
    assert_eq!((status, &again), (200, &turn));
    let nobody = format!("/api/v1/turns/{}/cancel", Uuid::now_v7());
    assert_eq!(server.post(&nobody, json!({})).await.0, 404);
}

#[tokio::test]
async fn names_that_are_no_uuids_stand_for_the_same_turn_each_time() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut input = submit(
        Uuid::now_v7(),
        Uuid::now_v7(),
        &dataset,
        "How many customers are there?",
    );
    input["threadId"] = json!("support-42");
    input["runId"] = json!("run-1700000000000-abc");
    let mut first = EventStream::post(&server, &input, None).await.expect("200");
    first.rest().await;
    let mut again = EventStream::get(&server, "runId=run-1700000000000-abc&offset=-1")
        .await
        .expect("200");
    again.rest().await;
    assert_eq!(again.frames, first.frames);
    let (_, page) = server.get("/api/v1/conversations").await;
    assert_eq!(page["items"].as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn a_refusal_is_an_ordinary_error() {
    let (_model, server, dataset) = slow(20_000).await;
    let thread = Uuid::now_v7();
    let input = submit(thread, Uuid::now_v7(), &dataset, "first");
    let mut stream = EventStream::post(&server, &input, None).await.expect("200");
    stream.until(is_text).await;
    let mut other = input.clone();
    other["messages"][0] = json!({"id": "other", "role": "user", "content": "other words"});
    let mut empty = submit(
        Uuid::now_v7(),
        Uuid::now_v7(),
        &dataset,
        "\u{200b}\u{feff}\u{2060}",
    );
    empty["extra"] = json!(null);
    for (input, status, code) in [
        (
            submit(thread, Uuid::now_v7(), &dataset, "second"),
            409,
            "thread_busy",
        ),
        (other, 409, "run_id_reused"),
        (json!({}), 400, "bad_frame"),
        (json!([]), 400, "bad_frame"),
        (
            json!({"threadId": "x", "runId": 5, "messages": []}),
            400,
            "bad_frame",
        ),
        (empty, 400, "bad_frame"),
        (
            submit(
                Uuid::now_v7(),
                Uuid::now_v7(),
                &dataset,
                &"x".repeat(20_000),
            ),
            413,
            "too_large",
        ),
        (
            submit(
                Uuid::now_v7(),
                Uuid::now_v7(),
                &Uuid::now_v7().to_string(),
                "x",
            ),
            404,
            "not_found",
        ),
    ] {
        let Err((got, body)) = EventStream::post(&server, &input, None).await else {
            panic!("{input} was taken");
        };
        assert_eq!(
            (got, &body["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
    }
    for query in ["", "runId=", "offset=5", "runId=nobody", "threadId=nobody"] {
        let Err((status, body)) = EventStream::get(&server, query).await else {
            panic!("?{query} was taken");
        };
        assert!([400, 404].contains(&status), "?{query}: {body}");
        assert_eq!(body["status"], "error");
    }
    let cancel = format!(
        "/api/v1/turns/{}/cancel",
        input["runId"].as_str().expect("an id")
    );
    server.post(&cancel, json!({})).await;
    stream.rest().await;
}

#[tokio::test]
async fn open_streams_are_kept_alive_and_count_as_connections() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("```sql\nselect 1").chunked(4).stall_after(1),
    );
    let server =
        TestServer::with_model_and(&model, &[("QF_SOCKETS", "1"), ("QF_PING_SECONDS", "0.2")])
            .await;
    let dataset = server.dataset("Northwind").await;
    let input = submit(Uuid::now_v7(), Uuid::now_v7(), &dataset, "one");
    let mut stream = EventStream::post(&server, &input, None).await.expect("200");
    // the model stalls, and still something is heard
    stream.until_comment().await;
    let other = submit(Uuid::now_v7(), Uuid::now_v7(), &dataset, "two");
    let Err((status, body)) = EventStream::post(&server, &other, None).await else {
        panic!("a second stream was opened");
    };
    assert_eq!(
        (status, &body["error"]["code"]),
        (429, &json!("rate_limited"))
    );
    drop(stream);
    // the server notices when it next writes; then there is room
    let began = std::time::Instant::now();
    while EventStream::post(&server, &input, None).await.is_err() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "its place is never given back"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_socketio_session_counts_as_a_connection_and_one_too_many_is_told_why() {
    let server = TestServer::start_with(&[("QF_SOCKETS", "1")]).await;
    let client = reqwest::Client::new();
    let path = server.url("/socket.io/?EIO=4&transport=polling");
    // a session, and what the server says when it joins
    let join = async || {
        let open = client
            .get(&path)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("text");
        let open: Value = serde_json::from_str(&open[1..]).expect("an open packet");
        let session = format!("{path}&sid={}", open["sid"].as_str().expect("an id"));
        client
            .post(&session)
            .body("40")
            .send()
            .await
            .expect("an answer");
        let joined = client.get(&session).send().await.expect("an answer");
        (session, joined.text().await.expect("text"))
    };
    let (session, joined) = join().await;
    assert!(packet(&joined, "40").is_some(), "{joined}");
    let (_, refused) = join().await;
    let why = packet(&refused, "44").expect("it is refused");
    assert!(why.contains("Too many"), "{why}");
    // it leaves, and there is room again
    client
        .post(&session)
        .body("41")
        .send()
        .await
        .expect("an answer");
    let began = std::time::Instant::now();
    while packet(&join().await.1, "40").is_none() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "its place is never given back"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The packet of that kind, among those of one answer.
fn packet<'a>(answer: &'a str, kind: &str) -> Option<&'a str> {
    answer
        .split('\u{1e}')
        .find(|packet| packet.starts_with(kind))
}
