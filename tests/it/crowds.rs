//! More people than can be answered: whoever is refused costs less than whoever is answered.
//!
//! The store is kept busy by a lock of the test's own, so that whatever asks it waits.

use crate::support::client::{Client, submit};
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::server::TestServer;
use bytes::Bytes;
use queryforge::conversation::{OpenError, SubmitError};
use queryforge::ids::ConversationId;
use queryforge::protocol::{ClientFrame, RefusalCode, RunAgentInput};
use serde_json::json;
use sqlx::PgConnection;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

/// Nothing here may take longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Nobody else reads or writes a turn until the session is dropped.
async fn lock_turns(server: &TestServer) -> PgConnection {
    let mut session = server.session().await;
    for statement in ["begin", "lock table turns in access exclusive mode"] {
        sqlx::query(statement)
            .execute(&mut session)
            .await
            .expect("the table is there");
    }
    session
}

fn question(dataset: &str) -> RunAgentInput {
    let frame = submit(
        Uuid::now_v7(),
        Uuid::now_v7(),
        dataset,
        "How many orders are there?",
    );
    match ClientFrame::decode(&frame.to_string()).expect("a submit") {
        ClientFrame::Submit(input) => *input,
        ClientFrame::Abort { .. } => unreachable!("it is a submit"),
    }
}

/// What the next of the crowd was told.
async fn refused(crowd: &mut JoinSet<Option<RefusalCode>>) -> Option<Option<RefusalCode>> {
    let next = timeout(PATIENCE, crowd.join_next()).await;
    Some(next.expect("it is told")?.expect("no panic"))
}

#[tokio::test]
async fn a_full_process_refuses_without_asking_the_store() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("```sql\nselect 1\n```")
            .chunked(1)
            .delay(Duration::from_secs(3)),
    );
    let server = TestServer::with_model_and(&model, &[("QF_PROCESS_TURNS", "1")]).await;
    let dataset = server.dataset("Northwind").await;
    let mut first = Client::open(&server, Uuid::now_v7()).await;
    let run = first.submit(&dataset, "for ever").await;
    first.until(|event| event["type"] == "RUN_STARTED").await;
    let mut second = Client::open(&server, Uuid::now_v7()).await;

    let locked = lock_turns(&server).await;
    second.submit(&dataset, "no room").await;
    // with the store it would be `unavailable`
    let refused = second.next().await.expect("an answer");
    assert_eq!(refused["code"], "overloaded");
    drop(locked);

    first.send(json!({"type": "abort", "runId": run})).await;
    first.until_terminal().await;
    second.submit(&dataset, "room").await;
    let answer = second.next().await.expect("an answer");
    assert_eq!(answer["type"], "RUN_STARTED");
}

#[tokio::test]
async fn questions_that_cannot_begin_within_two_seconds_are_refused_and_the_others_are_answered() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let locked = lock_turns(&server).await;
    let mut crowd = JoinSet::new();
    for _ in 0..100 {
        let conversations = server.conversations.clone();
        let input = question(&dataset);
        crowd.spawn(async move {
            let done = conversations
                .open_and_submit("local", input, "trace".to_owned())
                .await;
            match done {
                Err(SubmitError::Refused(refusal)) => Some(refusal.code),
                Err(SubmitError::Open(_)) | Ok(_) => None,
            }
        });
    }
    // all but the 16 that ask the store: those may be told, later, that it cannot be used
    let mut overloaded = 0;
    while overloaded < 84 {
        match refused(&mut crowd).await.expect("100 were asked") {
            Some(RefusalCode::Overloaded) => overloaded += 1,
            other => assert_eq!(other, Some(RefusalCode::Unavailable)),
        }
    }
    drop(locked);
    while let Some(refused) = refused(&mut crowd).await {
        assert!(
            matches!(refused, None | Some(RefusalCode::Unavailable)),
            "{refused:?}"
        );
    }
    // as does everybody who comes now
    let ask = async {
        loop {
            let (status, answer) = server
                .post(
                    "/api/v1/query",
                    json!({"query": "How many orders are there?", "dataset_id": dataset}),
                )
                .await;
            match status {
                200 => break,
                // a store that was silent for long is asked again after half a second
                503 => tokio::time::sleep(Duration::from_millis(100)).await,
                _ => panic!("{status} {answer}"),
            }
        }
    };
    timeout(PATIENCE, ask).await.expect("it is answered");
}

#[tokio::test]
async fn conversations_that_cannot_be_read_within_two_seconds_are_not_waited_for() {
    let server = TestServer::start_with(&[]).await;
    let known = Uuid::now_v7();
    let _open = Client::open(&server, known).await;
    let locked = lock_turns(&server).await;
    let mut crowd = JoinSet::new();
    for _ in 0..100 {
        let conversations = server.conversations.clone();
        crowd.spawn(async move {
            conversations
                .open("local", ConversationId(Uuid::now_v7()))
                .await
                .err()
        });
    }
    // all but the four that ask the store: those may be told, later, that it cannot be used
    let mut overloaded = 0;
    while overloaded < 96 {
        let refused = timeout(PATIENCE, crowd.join_next()).await;
        let refused = refused.expect("it is told").expect("there are 100");
        match refused.expect("no panic") {
            Some(OpenError::Overloaded) => overloaded += 1,
            other => assert!(matches!(other, Some(OpenError::Store(_))), "{other:?}"),
        }
    }
    // what is open already costs no read
    let open = server.conversations.open("local", ConversationId(known));
    assert!(timeout(PATIENCE, open).await.expect("at once").is_ok());
    crowd.abort_all();
    drop(locked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_on_a_conversation_that_is_being_written_shares_its_snapshots() {
    const CROWD: usize = 300;
    let model = ScriptedModel::start().await;
    let long = format!("-- {}\nselect 1", "so much was said ".repeat(20_000));
    model.on(asked("much"), Reply::text(format!("```sql\n{long}\n```")));
    model.on(
        asked("on and on"),
        Reply::text(format!(
            "```sql\n{}\n```",
            "select 1 -- a word\n".repeat(1_000)
        ))
        .chunked(7)
        .delay(Duration::from_millis(20)),
    );
    let server = TestServer::with_model(&model).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "much").await;
    client.until_terminal().await;
    let run = client.submit(&dataset, "on and on").await;
    client
        .until(|event| event["type"] == "TEXT_MESSAGE_CONTENT")
        .await;

    let id = client.conversation.to_string().parse().expect("a UUID");
    let open = server
        .conversations
        .open("local", id)
        .await
        .expect("it is there");
    let mut texts: Vec<Bytes> = Vec::new();
    let mut cursors = Vec::new();
    for _ in 0..CROWD {
        let snapshot = open.recent_snapshot().await.expect("a snapshot");
        let messages = &snapshot.frames[1].bytes;
        assert!(messages.starts_with(b"{\"type\":\"MESSAGES_SNAPSHOT\""));
        assert!(open.log().holds(snapshot.cursor), "the rest follows");
        if !texts.iter().any(|text| text.as_ptr() == messages.as_ptr()) {
            texts.push(messages.clone());
        }
        cursors.push(open.log().tip());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    cursors.dedup();
    assert!(cursors.len() > 5, "it was written meanwhile: {cursors:?}");
    assert!(texts.len() <= 2, "{} snapshots were made", texts.len());

    // so it is through the door
    let mut told: Vec<String> = Vec::new();
    for _ in 0..5 {
        let mut one = Client::open(&server, client.conversation).await;
        let snapshot = one
            .until(|event| event["type"] == "MESSAGES_SNAPSHOT")
            .await
            .pop()
            .expect("its last")
            .to_string();
        told.push(snapshot);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    told.dedup();
    assert!(told.len() <= 2, "{} snapshots were made", told.len());
    client.send(json!({"type": "abort", "runId": run})).await;
    client.until_terminal().await;
}
