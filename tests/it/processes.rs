//! Two processes over one PostgreSQL and one Redis: any of them serves any conversation.
//!
//! A process is a server of its own here: its own pool, log, leases and connections to Redis. What `kill -9`
//! does to one is played by taking its lease away, as a sweeper does.

mod following;
mod people;

use crate::support::client::{Client, submit, transcript};
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::redis::RedisServer;
use crate::support::server::TestServer;
use crate::support::tab::{Doors, Tab};
use queryforge::store::{Begun, LOCAL_WORKSPACE, NewTurn, TurnLimits, TurnStatus};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use uuid::Uuid;

/// Everything here waits for something that comes; this is when it does not.
const PATIENCE: Duration = Duration::from_secs(30);

/// A model that writes a long query: about `ms` in all.
async fn slow_model(ms: u64) -> ScriptedModel {
    let model = ScriptedModel::start().await;
    model.on(anything(), slow_reply(ms));
    model
}

fn slow_reply(ms: u64) -> Reply {
    let columns: Vec<String> = (0..100).map(|n| format!("{n} as c{n}")).collect();
    let sql = format!("select {} from customers limit 1", columns.join(", "));
    let text = format!("```sql\n{sql}\n```\nConfidence: 0.9\n");
    let pieces = text.chars().count().div_ceil(12) as u64;
    Reply::text(text)
        .chunked(12)
        .delay(Duration::from_millis(ms / pieces.max(1)))
}

/// Two processes and what they share.
struct Two {
    a: TestServer,
    b: TestServer,
    redis: RedisServer,
    dataset: String,
}

async fn two(model: &ScriptedModel, more: &[(&'static str, &str)]) -> Two {
    let redis = RedisServer::start();
    let url = redis.url();
    let base_url = model.base_url();
    let mut variables = vec![
        ("OPENAI_BASE_URL", base_url.as_str()),
        ("OPENAI_MODEL", "scripted"),
        ("REDIS_URL", url.as_str()),
    ];
    variables.extend_from_slice(more);
    let a = TestServer::start_with(&variables).await;
    let b = a.beside(&variables).await;
    let dataset = a.dataset("Northwind").await;
    Two {
        a,
        b,
        redis,
        dataset,
    }
}

/// The same without Redis.
async fn two_without_redis(model: &ScriptedModel) -> (TestServer, TestServer, String) {
    let base_url = model.base_url();
    let variables = [
        ("OPENAI_BASE_URL", base_url.as_str()),
        ("OPENAI_MODEL", "scripted"),
    ];
    let a = TestServer::start_with(&variables).await;
    let b = a.beside(&variables).await;
    let dataset = a.dataset("Northwind").await;
    (a, b, dataset)
}

fn is_delta(event: &Value) -> bool {
    event["type"] == "TEXT_MESSAGE_CONTENT"
}

/// The terminal event and the messages of a client that comes back whenever it is sent away.
async fn until_end(server: &TestServer, conversation: Uuid, run: Uuid) -> (Value, Value) {
    until_end_from(Client::open(server, conversation).await, server, run).await
}

/// The same for one that is there already.
async fn until_end_from(mut client: Client, server: &TestServer, run: Uuid) -> (Value, Value) {
    let began = Instant::now();
    let mut messages = Value::Null;
    let mut current = Value::Null;
    loop {
        assert!(began.elapsed() < PATIENCE, "no end on this process");
        while let Some(event) = client.next().await {
            match event["type"].as_str().unwrap_or_default() {
                "RUN_STARTED" => current = event["runId"].clone(),
                "MESSAGES_SNAPSHOT" => messages = event["messages"].clone(),
                "RUN_FINISHED" | "RUN_ERROR" if current == json!(run) => return (event, messages),
                _ => {}
            }
        }
        client = Client::open(server, client.conversation).await;
    }
}

/// Reads until there is such an event, and comes back like a browser when it is sent away: on a busy machine a stream
/// may be late, and then readers are given a snapshot.
async fn sees(client: &mut Client, server: &TestServer, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < PATIENCE, "it is never seen");
        match client.next().await {
            Some(event) if wanted(&event) => return event,
            Some(_) => {}
            None => *client = Client::open(server, client.conversation).await,
        }
    }
}

/// Waits until the store says that the turn has ended.
async fn ended(server: &TestServer, run: Uuid) -> Value {
    let began = Instant::now();
    loop {
        let turn = server.app.store.turn("local", turn_id(run)).await;
        if let Ok(turn) = turn
            && turn.status != TurnStatus::Running
        {
            return serde_json::to_value(turn).expect("JSON");
        }
        assert!(began.elapsed() < PATIENCE, "turn {run} goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn turn_id(run: Uuid) -> queryforge::ids::TurnId {
    run.to_string().parse().expect("a UUID")
}

/// Ends a turn as a sweeper does that finds its owner dead; the owner goes on all the same.
async fn take_away(server: &TestServer, conversation: Uuid, run: Uuid) {
    use sqlx::Executor as _;
    let mut session = server.session().await;
    let expire = format!(
        "update turns set lease_until = now() - interval '1 second' where id = '{run}' and status = 'running'"
    );
    let began = Instant::now();
    let store = &server.app.store;
    let id = conversation.to_string().parse().expect("a UUID");
    // its owner may renew in between; then again
    loop {
        assert!(began.elapsed() < PATIENCE, "the lease cannot be taken");
        session
            .execute(sqlx::AssertSqlSafe(expire.clone()))
            .await
            .expect("it runs");
        let taken = store
            .take_over(turn_id(run), id, Uuid::now_v7(), Duration::from_secs(3))
            .await
            .expect("the store answers");
        if taken.is_some() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_are_cut_and_change_processes_see_the_bytes_of_an_undisturbed_socket() {
    let turns: usize =
        std::env::var("QF_CUT_TURNS").map_or(2, |turns| turns.parse().expect("a number"));
    let model = slow_model(2500).await;
    let two = two(&model, &[]).await;
    let mut cuts = 0;
    for round in 0..turns as u64 {
        let conversation = Uuid::now_v7();
        let mut undisturbed = Client::open(&two.a, conversation).await;
        // tabs that were open before the question, on either process
        let mut tabs = Vec::new();
        for tab in 0..10 {
            let server = if tab % 2 == 0 { &two.a } else { &two.b };
            tabs.push(Client::open(server, conversation).await);
        }
        undisturbed.submit(&two.dataset, "the whole table").await;
        let first = undisturbed.next().await.expect("it begins");
        let start = first["metadata"]["qf.seq"].as_u64().expect("a number");
        let readers: Vec<_> = (0..10_u64)
            .map(|reader| cut_reader(&two, conversation, start, round * 31 + reader * 7))
            .collect();
        let tabs = tabs.into_iter().map(|mut tab| async move {
            tab.until_terminal().await;
            tab.frames
        });
        let whole = async {
            undisturbed.until_terminal().await;
            undisturbed.frames.clone()
        };
        let (whole, cut, tabs) = tokio::join!(
            whole,
            futures::future::join_all(readers),
            futures::future::join_all(tabs)
        );
        for frames in tabs {
            assert_same(&frames, &whole, "a tab");
        }
        for (frames, times) in cut {
            cuts += times;
            assert_same(&frames, &whole[1..], "a cut reader");
        }
        // and long after the end, by the process that did not run it
        let mut late = Client::resume(&two.b, conversation, start).await;
        late.until_terminal().await;
        assert_same(&late.frames, &whole[1..], "a late reader");
    }
    assert!(cuts > 20, "{cuts} cuts try nothing");
    println!("{cuts} cuts over {turns} turns");
}

/// Byte for byte, and if not, where.
fn assert_same(seen: &[String], sent: &[String], who: &str) {
    let at = seen.iter().zip(sent).position(|(seen, sent)| seen != sent);
    if let Some(at) = at {
        panic!("{who} saw at {at}: {} instead of {}", seen[at], sent[at]);
    }
    assert_eq!(seen.len(), sent.len(), "{who} saw more or less");
}

/// Cuts itself after every few frames and goes on with the other process.
async fn cut_reader(two: &Two, conversation: Uuid, start: u64, seed: u64) -> (Vec<String>, usize) {
    let mut frames: Vec<String> = Vec::new();
    let mut cursor = start;
    let mut cuts = 0;
    let mut random = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    loop {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let server = if cuts % 2 == 0 { &two.b } else { &two.a };
        let mut client = Client::resume(server, conversation, cursor).await;
        for _ in 0..1 + (random >> 33) % 8 {
            let event = client.next().await.expect("open");
            if event["type"] == "ping" {
                continue;
            }
            frames.push(client.frames.last().expect("just came").clone());
            cursor = client
                .cursor
                .unwrap_or_else(|| panic!("frames carry numbers: {event}"));
            if event["type"] == "RUN_FINISHED" || event["type"] == "RUN_ERROR" {
                return (frames, cuts);
            }
        }
        cuts += 1;
    }
}

#[tokio::test]
async fn a_client_without_a_cursor_joins_a_turn_of_another_process() {
    let model = slow_model(20_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let run = first.submit(&two.dataset, "slowly, please").await;
    first.until(is_delta).await;
    let mut joined = Client::open(&two.b, conversation).await;
    let started = joined.next().await.expect("a frame");
    assert_eq!(started["runId"], json!(run));
    let snapshot = joined.next().await.expect("a frame");
    assert_eq!(snapshot["messages"][0]["content"], "slowly, please");
    // what is written from here on comes as it is written
    joined.until(is_delta).await;
    model.hurry(true);
    joined.until_terminal().await;
    first.until_terminal().await;
    assert_eq!(joined.frames.last(), first.frames.last(), "byte for byte");
    let (_, here) = until_end(&two.a, conversation, run).await;
    let (_, there) = until_end(&two.b, conversation, run).await;
    assert_eq!(here, there);
    // cursors that nobody gave out lead to the same
    for cursor in ["", "-1", "18446744073709551616", "99999999", "abc"] {
        let mut late = Client::connect(&two.b, conversation, Some(cursor.to_owned())).await;
        assert_eq!(
            late.next().await.expect("a frame")["type"],
            "RUN_STARTED",
            "{cursor}"
        );
        assert_eq!(
            late.next().await.expect("a frame")["messages"],
            here,
            "{cursor}"
        );
    }
}

#[tokio::test]
async fn without_redis_another_process_shows_the_turn_and_its_end() {
    let model = slow_model(60_000).await;
    let (a, b, dataset) = two_without_redis(&model).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&a, conversation).await;
    let run = first.submit(&dataset, "slowly, please").await;
    first.until(is_delta).await;
    let mut joined = Client::open(&b, conversation).await;
    assert_eq!(joined.next().await.expect("a frame")["runId"], json!(run));
    // in steps of what its owner saves: the same messages, whole each time
    let mut texts = Vec::new();
    while let Some(event) = joined.next().await {
        if event["type"] == "MESSAGES_SNAPSHOT" {
            let messages = event["messages"].as_array().expect("messages");
            texts.push(messages.last().map_or(0, |last| last.to_string().len()));
            model.hurry(texts.len() > 1);
        }
    }
    assert!(texts.len() > 1, "it stood still: {texts:?}");
    let (end, there) = timeout(PATIENCE, until_end(&b, conversation, run))
        .await
        .expect("it ends");
    assert_eq!(end["outcome"]["type"], "success");
    first.until_terminal().await;
    let (_, here) = until_end(&a, conversation, run).await;
    assert_eq!(here, there);
}

#[tokio::test]
async fn of_many_submits_of_one_run_id_on_two_processes_one_runs() {
    let model = slow_model(800).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let run = Uuid::now_v7();
    let input = submit(conversation, run, &two.dataset, "once");
    let mut clients = Vec::new();
    for number in 0..10 {
        let server = if number % 2 == 0 { &two.a } else { &two.b };
        let mut client = Client::open(server, conversation).await;
        client.send(input.clone()).await;
        clients.push(client);
    }
    let mut all = Vec::new();
    for client in &mut clients {
        let events = client.until_terminal().await;
        let end = events.last().expect("an end");
        assert_eq!(end["outcome"]["type"], "success", "{}", transcript(&events));
        all.push(client.frames.clone());
    }
    assert!(all.iter().all(|frames| *frames == all[0]));
    assert_eq!(model.requests().len(), 1, "one turn, one call");
    // the same id with other words is refused by either
    for server in [&two.a, &two.b] {
        let mut other = input.clone();
        other["messages"][0]["content"] = json!("other words");
        other["messages"][0]["id"] = json!("another message");
        let mut client = Client::open(server, conversation).await;
        client.until_terminal().await;
        client.send(other).await;
        let refused = client.until(|event| event["type"] == "error").await;
        assert_eq!(refused.last().expect("a refusal")["code"], "run_id_reused");
    }
}

#[tokio::test]
async fn a_turn_is_stopped_through_another_process() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let run = first.submit(&two.dataset, "for ever").await;
    first.until(is_delta).await;
    let mut other = Client::open(&two.b, conversation).await;
    other.send(json!({"type": "abort", "runId": run})).await;
    let end = first.until_terminal().await.pop().expect("an end");
    assert_eq!(end["outcome"]["type"], "cancelled");
    assert_eq!(other.until_terminal().await.pop(), Some(end));
    timeout(PATIENCE, model.hung_up(1))
        .await
        .expect("the model is dropped");
    assert_eq!(ended(&two.b, run).await["status"], "cancelled");
}

#[tokio::test]
async fn on_busy_interrupt_stops_a_turn_of_another_process() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let run = first.submit(&two.dataset, "first").await;
    first.until(is_delta).await;
    let mut other = Client::open(&two.b, conversation).await;
    let next = other.submit(&two.dataset, "refused").await;
    let refused = other.until(|event| event["type"] == "error").await;
    assert_eq!(refused.last().expect("a refusal")["code"], "thread_busy");
    assert_eq!(refused.last().expect("a refusal")["runId"], json!(next));
    let second = Uuid::now_v7();
    let mut input = submit(conversation, second, &two.dataset, "second");
    input["forwardedProps"]["qf"]["onBusy"] = json!("interrupt");
    other.send(input).await;
    // the first tab sees the second question, which runs in the other process
    let begins = |event: &Value| event["type"] == "RUN_STARTED" && event["runId"] == json!(second);
    sees(&mut first, &two.a, begins).await;
    let mut third = Client::open(&two.b, conversation).await;
    third.send(json!({"type": "abort", "runId": second})).await;
    assert_eq!(ended(&two.a, second).await["status"], "cancelled");
    assert_eq!(ended(&two.a, run).await["status"], "cancelled");
}

#[tokio::test]
async fn a_clarification_is_answered_in_another_process_and_once() {
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
    let (a, b, dataset) = (&two.a, &two.b, &two.dataset);
    let conversation = Uuid::now_v7();
    let mut client = Client::open(a, conversation).await;
    client.submit(dataset, "Who are the best customers?").await;
    let asked = client.until_terminal().await.pop().expect("an end");
    assert_eq!(asked["outcome"]["type"], "interrupt", "{asked}");
    let interrupt = &asked["outcome"]["interrupts"][0];
    let choice = &interrupt["responseSchema"]["properties"]["choice"]["enum"][0];
    let answer = |run: Uuid, id: &Value| {
        let mut input = submit(conversation, run, dataset, "");
        input["messages"] = json!([]);
        input["resume"] =
            json!([{"interruptId": id, "status": "resolved", "payload": {"choice": choice}}]);
        input
    };
    let mut other = Client::open(b, conversation).await;
    assert_eq!(
        other.until_terminal().await.pop(),
        Some(asked.clone()),
        "it reappears"
    );
    other.send(answer(Uuid::now_v7(), &json!("unknown"))).await;
    assert_eq!(
        other.next().await.expect("open")["code"],
        "expired_interrupt"
    );
    let run = Uuid::now_v7();
    other.send(answer(run, &interrupt["id"])).await;
    let end = other.until_terminal().await.pop().expect("an end");
    assert_eq!(end["outcome"]["type"], "success", "{end}");
    assert_eq!(client.until_terminal().await.pop(), Some(end));
    client.send(answer(Uuid::now_v7(), &interrupt["id"])).await;
    assert_eq!(
        client.next().await.expect("open")["code"],
        "expired_interrupt"
    );
}

#[tokio::test]
async fn an_owner_that_lost_its_lease_writes_nothing_more_and_shows_the_end_that_is_stored() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let run = first.submit(&two.dataset, "for ever").await;
    first.until(is_delta).await;
    let mut other = Client::open(&two.b, conversation).await;
    // somebody takes the lease and dies as well: a sweeper finds that out and ends the turn
    take_away(&two.b, conversation, run).await;
    let (here, there) = tokio::join!(first.until_terminal(), other.until_terminal());
    let end = here.last().expect("an end");
    assert_eq!(end["code"], "SERVER_RESTART");
    assert_eq!(end["metadata"]["qf"]["retryable"], true);
    assert_eq!(there.last(), Some(end), "one end on every process");
    timeout(PATIENCE, model.hung_up(1))
        .await
        .expect("its work is stopped");
    let turn = ended(&two.a, run).await;
    assert_eq!(turn["error"]["code"], "SERVER_RESTART");
    // the conversation goes on, and its numbers with it
    let next = other.submit(&two.dataset, "again").await;
    let begun = first.next().await.expect("it begins");
    assert_eq!(begun["runId"], json!(next));
    other.send(json!({"type": "abort", "runId": next})).await;
    first.until_terminal().await;
}

/// A lease that runs out soon, and one whose process looks for dead owners so seldom that another one ends
/// their turns.
const SHORT_LEASE: (&str, &str) = ("QF_LEASE_SECONDS", "1");
const LONG_LEASE: (&str, &str) = ("QF_LEASE_SECONDS", "3600");

/// Commits a first turn whose owner dies before it has said a word, also to Redis.
async fn begin_and_die(server: &TestServer, conversation: Uuid, run: Uuid) {
    let said = json!([{"id": run, "role": "user", "content": "Is anybody there?"}]);
    let turn = NewTurn {
        id: turn_id(run),
        conversation_id: conversation.to_string().parse().expect("a UUID"),
        workspace_id: LOCAL_WORKSPACE,
        owner: "local".to_owned(),
        dataset_id: None,
        input_hash: Vec::new(),
        input: json!({}),
        question: "Is anybody there?".to_owned(),
        title: String::new(),
        messages: serde_json::from_value(said).expect("a message"),
        lease_owner: Uuid::now_v7(),
        lease: Duration::from_millis(500),
        trace_id: String::new(),
    };
    let begun = server
        .app
        .store
        .begin_turn(&turn, TurnLimits::default())
        .await
        .expect("it is committed");
    assert!(matches!(begun, Begun::Started { .. }), "{begun:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_there_before_the_conversation_hears_the_end_of_a_first_turn_that_never_spoke()
{
    let redis = RedisServer::start();
    let url = redis.url();
    for (redis, swept_by_the_readers_own) in
        [(true, true), (true, false), (false, true), (false, false)]
    {
        let with = |lease| match redis {
            true => vec![("REDIS_URL", url.as_str()), lease],
            false => vec![lease],
        };
        let (of_a, of_b) = match swept_by_the_readers_own {
            true => (LONG_LEASE, SHORT_LEASE),
            false => (SHORT_LEASE, LONG_LEASE),
        };
        let a = TestServer::start_with(&with(of_a)).await;
        let b = a.beside(&with(of_b)).await;
        let (conversation, run) = (Uuid::now_v7(), Uuid::now_v7());
        let reader = Client::open(&b, conversation).await;
        begin_and_die(&a, conversation, run).await;
        let (end, messages) = timeout(PATIENCE, until_end_from(reader, &b, run))
            .await
            .unwrap_or_else(|_| {
                panic!("no end with redis: {redis}, swept by its own: {swept_by_the_readers_own}")
            });
        assert_eq!(end["code"], "SERVER_RESTART", "{end}");
        assert_eq!(end["metadata"]["qf"]["retryable"], true);
        assert_eq!(messages[0]["content"], "Is anybody there?");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submit_that_comes_again_while_its_dead_turn_is_being_ended_does_not_begin_it_once_more()
{
    use sqlx::Executor as _;
    let model = slow_model(60_000).await;
    let base_url = model.base_url();
    let with = |lease| {
        [
            ("OPENAI_BASE_URL", base_url.as_str()),
            ("OPENAI_MODEL", "scripted"),
            lease,
        ]
    };
    let a = TestServer::start_with(&with(LONG_LEASE)).await;
    let b = a.beside(&with(SHORT_LEASE)).await;
    let dataset = a.dataset("Northwind").await;
    let (conversation, run) = (Uuid::now_v7(), Uuid::now_v7());
    let input = submit(conversation, run, &dataset, "for ever");
    let mut first = Client::open(&a, conversation).await;
    first.send(input.clone()).await;
    first.until(is_delta).await;
    let reader = Client::open(&b, conversation).await;
    // whoever ends a turn as failed waits for us
    let mut session = b.session().await;
    let held = format!(
        "create function wait_for_test() returns trigger language plpgsql as
             'begin perform pg_advisory_xact_lock(42); return new; end';
         create trigger wait_for_test before update on turns for each row
             when (new.status = 'failed') execute function wait_for_test();
         select pg_advisory_lock(42);
         update turns set lease_until = now() - interval '1 second' where id = '{run}'"
    );
    session
        .execute(sqlx::AssertSqlSafe(held))
        .await
        .expect("it runs");
    let began = Instant::now();
    loop {
        let waiting: bool = sqlx::query_scalar(
            "select exists (select from pg_locks l join pg_database d on d.oid = l.database
              where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)",
        )
        .fetch_one(&mut session)
        .await
        .expect("locks");
        if waiting {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "nobody ends it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let input = serde_json::from_value(input).expect("an input");
    let again = b
        .conversations
        .open_and_submit("local", input, String::new());
    let again = timeout(PATIENCE, again).await.expect("an answer");
    assert!(again.is_ok(), "it is attached");
    session
        .execute("select pg_advisory_unlock(42)")
        .await
        .expect("it runs");
    let (end, _) = timeout(PATIENCE, until_end_from(reader, &b, run))
        .await
        .expect("an end");
    assert_eq!(end["code"], "SERVER_RESTART", "{end}");
    assert_eq!(model.requests().len(), 1, "it is not run once more");
}

#[tokio::test]
async fn a_tab_that_loses_its_socket_after_every_frame_comes_to_the_end() {
    let server = TestServer::start_with(&[SHORT_LEASE]).await;
    let (conversation, run) = (Uuid::now_v7(), Uuid::now_v7());
    begin_and_die(&server, conversation, run).await;
    ended(&server, run).await;
    let doors = Doors::default();
    doors.set(&[server.address]);
    let mut tab = Tab::new(conversation, &doors, 0);
    tab.cut_every = Some(1);
    let end = timeout(PATIENCE, tab.follow(run)).await;
    let end = end.unwrap_or_else(|_| panic!("{} cuts and no end", tab.cuts));
    assert_eq!(end.code(), "SERVER_RESTART");
}

#[tokio::test]
async fn a_turn_that_is_done_over_pays_only_for_the_call_that_was_cut_off() {
    let model = ScriptedModel::start().await;
    // the first attempt names a column that is not there, the second is slow
    model.on(
        anything(),
        Reply::text("```sql\nselect nothing_like_it from customers\n```\nConfidence: 0.9\n")
            .times(1),
    );
    model.on(anything(), slow_reply(60_000).times(1));
    model.on(
        anything(),
        Reply::text("```sql\nselect count(*) as n from customers\n```\nConfidence: 0.9\n"),
    );
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut client = Client::open(&two.a, conversation).await;
    let run = client.submit(&two.dataset, "How many are there?").await;
    client
        .until(|event| {
            is_delta(event)
                && event["messageId"]
                    .as_str()
                    .is_some_and(|id| id.ends_with("-a2"))
        })
        .await;
    take_away(&two.b, conversation, run).await;
    let end = client.until_terminal().await.pop().expect("an end");
    assert_eq!(end["code"], "SERVER_RESTART");
    assert_eq!(model.requests().len(), 2);
    // the other process does it over
    let mut other = Client::open(&two.b, conversation).await;
    other.until_terminal().await;
    let again = Uuid::now_v7();
    let mut input = submit(conversation, again, &two.dataset, "");
    input["messages"] = json!([]);
    input["forwardedProps"]["qf"] = json!({"retryOf": run});
    other.send(input).await;
    let events = other.until_terminal().await;
    let end = events.last().expect("an end");
    assert_eq!(end["outcome"]["type"], "success", "{}", transcript(&events));
    assert_eq!(end["result"]["attempts"], 2);
    assert_eq!(model.requests().len(), 3, "one call more, and not two");
}

#[tokio::test]
async fn a_flushed_redis_costs_steps_and_no_text() {
    let model = slow_model(20_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let mut other = Client::open(&two.b, conversation).await;
    let run = first.submit(&two.dataset, "slowly, please").await;
    sees(&mut other, &two.b, is_delta).await;
    two.redis.command(&["FLUSHALL"]);
    let mut late = Client::open(&two.b, conversation).await;
    late.next().await.expect("a frame");
    two.redis.command(&["FLUSHALL"]);
    model.hurry(true);
    first.until_terminal().await;
    let (_, here) = until_end(&two.a, conversation, run).await;
    let (end, there) = until_end(&two.b, conversation, run).await;
    assert_eq!(end["outcome"]["type"], "success");
    assert_eq!(here, there);
}

#[tokio::test]
async fn a_redis_that_dies_disturbs_nobody_in_the_owners_process() {
    let model = slow_model(20_000).await;
    let mut two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let mut tab = Client::open(&two.a, conversation).await;
    let mut other = Client::open(&two.b, conversation).await;
    let run = first.submit(&two.dataset, "slowly, please").await;
    sees(&mut other, &two.b, is_delta).await;
    two.redis.kill();
    model.hurry(true);
    let (whole, _) = tokio::join!(first.until_terminal(), tab.until_terminal());
    assert_eq!(whole.last().expect("an end")["outcome"]["type"], "success");
    assert_eq!(first.frames, tab.frames);
    let (_, here) = until_end(&two.a, conversation, run).await;
    let (_, there) = until_end(&two.b, conversation, run).await;
    assert_eq!(here, there);
    // it comes back, and so does the stream
    two.redis.restart();
    let began = Instant::now();
    loop {
        let conversation = Uuid::now_v7();
        let mut there = Client::open(&two.b, conversation).await;
        let mut here = Client::open(&two.a, conversation).await;
        here.submit(&two.dataset, "again").await;
        let deltas = here
            .until_terminal()
            .await
            .iter()
            .filter(|event| is_delta(event))
            .count();
        let mut seen = 0;
        while let Some(event) = there.next().await {
            seen += usize::from(is_delta(&event));
            if event["type"] == "RUN_FINISHED" {
                break;
            }
        }
        if seen == deltas {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "no stream any more");
    }
}

#[tokio::test]
async fn a_person_has_as_many_turns_as_they_may_on_all_processes_together() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[("QF_RUNNING_TURNS", "3")]).await;
    let mut clients = Vec::new();
    for number in 0..12 {
        let server = if number % 2 == 0 { &two.a } else { &two.b };
        let mut client = Client::open(server, Uuid::now_v7()).await;
        let run = client.submit(&two.dataset, "at once").await;
        clients.push((client, run));
    }
    let mut started = Vec::new();
    for (mut client, run) in clients {
        let event = client.next().await.expect("an answer");
        match event["type"].as_str() {
            Some("RUN_STARTED") => started.push((client, run)),
            _ => {
                assert_eq!(event["code"], "rate_limited", "{event}");
                assert!(event["retryAfterMs"].as_u64().is_some());
            }
        }
    }
    assert_eq!(started.len(), 3);
    // a place that is free again can be taken
    let (mut client, run) = started.pop().expect("three");
    client.send(json!({"type": "abort", "runId": run})).await;
    client.until_terminal().await;
    client.submit(&two.dataset, "one more").await;
    assert_eq!(
        client.next().await.expect("an answer")["type"],
        "RUN_STARTED"
    );
}

#[tokio::test]
async fn the_newest_is_refused_when_a_process_is_full_and_stops_and_answers_are_not() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[("QF_PROCESS_TURNS", "1")]).await;
    let mut first = Client::open(&two.a, Uuid::now_v7()).await;
    let run = first.submit(&two.dataset, "for ever").await;
    first.until(is_delta).await;
    let mut second = Client::open(&two.a, Uuid::now_v7()).await;
    second.submit(&two.dataset, "no room").await;
    let refused = second.next().await.expect("an answer");
    assert_eq!(refused["code"], "overloaded");
    assert!(refused["retryAfterMs"].as_u64().expect("a wait") >= 1000);
    let (status, body) = two
        .a
        .post(
            "/api/v1/query",
            json!({"query": "no room", "dataset_id": two.dataset}),
        )
        .await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (503, &json!("overloaded"))
    );
    // what runs can be asked for again, and stopped
    let same = submit(first.conversation, run, &two.dataset, "for ever");
    first.send(same).await;
    first.send(json!({"type": "abort", "runId": run})).await;
    let end = first.until_terminal().await.pop().expect("an end");
    assert_eq!(end["outcome"]["type"], "cancelled");
    let mut room = Client::open(&two.a, Uuid::now_v7()).await;
    room.submit(&two.dataset, "room").await;
    assert_eq!(room.next().await.expect("an answer")["type"], "RUN_STARTED");
}

#[tokio::test]
async fn what_a_person_stops_while_the_server_stops_is_stopped_by_them() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let mut stopped = Client::open(&two.a, Uuid::now_v7()).await;
    let run = stopped.submit(&two.dataset, "for ever").await;
    stopped.until(is_delta).await;
    let mut ended_by_us = Client::open(&two.a, Uuid::now_v7()).await;
    let other = ended_by_us.submit(&two.dataset, "for ever").await;
    ended_by_us.until(is_delta).await;
    // held until the first has ended, which is after the server began to stop
    let held = Uuid::now_v7();
    let draining = two.a.conversations.drain();
    let person = async {
        while !two.a.conversations.is_draining() {
            tokio::task::yield_now().await;
        }
        assert_eq!(two.a.get("/readyz").await.0, 503);
        let mut input = submit(stopped.conversation, held, &two.dataset, "held");
        input["forwardedProps"]["qf"]["onBusy"] = json!("interrupt");
        stopped.send(input).await;
        let refused = stopped.until(|event| event["type"] == "error").await;
        let refused = refused.last().expect("a refusal");
        assert_eq!(refused["code"], "draining");
        assert!(refused["retryAfterMs"].as_u64().is_some());
        stopped.send(json!({"type": "abort", "runId": run})).await;
        let end = stopped.until_terminal().await.pop().expect("an end");
        assert_eq!(end["outcome"]["type"], "cancelled");
        let end = ended_by_us.until_terminal().await.pop().expect("an end");
        assert_eq!(end["code"], "SERVER_RESTART");
    };
    tokio::join!(draining, person);
    assert_eq!(ended(&two.b, run).await["status"], "cancelled");
    assert_eq!(
        ended(&two.b, other).await["error"]["code"],
        "SERVER_RESTART"
    );
    assert_eq!(stopped.closed().await, Some(1012));
    // the other process goes on with the conversation
    let mut client = Client::open(&two.b, ended_by_us.conversation).await;
    assert_eq!(
        client.until_terminal().await.last().expect("an end")["code"],
        "SERVER_RESTART"
    );
}

#[tokio::test]
async fn an_abort_overtakes_the_submit_before_it_on_the_same_socket() {
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let mut client = Client::open(&two.a, Uuid::now_v7()).await;
    for _ in 0..10 {
        let run = client.submit(&two.dataset, "for ever").await;
        client.send(json!({"type": "abort", "runId": run})).await;
        let end = client.until_terminal().await.pop().expect("an end");
        assert_eq!(end["outcome"]["type"], "cancelled", "{end}");
    }
    // one that is held is stopped too, and never asks a model
    let first = client.submit(&two.dataset, "for ever").await;
    client.until(is_delta).await;
    let calls = model.requests().len();
    let held = Uuid::now_v7();
    let mut input = submit(client.conversation, held, &two.dataset, "held");
    input["forwardedProps"]["qf"]["onBusy"] = json!("interrupt");
    client.send(input).await;
    client.send(json!({"type": "abort", "runId": held})).await;
    for run in [first, held] {
        client.until_terminal().await;
        assert_eq!(ended(&two.a, run).await["status"], "cancelled");
    }
    assert_eq!(model.requests().len(), calls);
}

/// Statements that a database has committed.
async fn commits(session: &mut sqlx::PgConnection, database: &str) -> i64 {
    sqlx::query_scalar("select xact_commit from pg_stat_database where datname = $1")
        .bind(database)
        .fetch_one(session)
        .await
        .expect("statistics")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_on_one_conversation_reads_the_store_once() {
    let storm: usize =
        std::env::var("QF_STORM").map_or(1000, |storm| storm.parse().expect("a number"));
    let model = slow_model(60_000).await;
    let two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut client = Client::open(&two.a, conversation).await;
    let run = client.submit(&two.dataset, "for ever").await;
    client.until(is_delta).await;
    let mut session = two.b.session().await;
    let database = two.b.database.clone().expect("in the cluster");
    // what a session did is counted when it rests
    let counted = Duration::from_secs(2);
    tokio::time::sleep(counted).await;
    let before = commits(&mut session, &database).await;
    let began = Instant::now();
    let id: queryforge::ids::ConversationId = conversation.to_string().parse().expect("a UUID");
    let opened = (0..storm).map(|_| async {
        let open = two
            .b
            .conversations
            .open("local", id)
            .await
            .expect("it is there");
        open.recent_snapshot()
            .await
            .expect("a snapshot")
            .frames
            .len()
    });
    let frames = futures::future::join_all(opened).await;
    assert!(frames.iter().all(|frames| *frames >= 2));
    tokio::time::sleep(counted).await;
    let took = began.elapsed();
    let after = commits(&mut session, &database).await;
    // two processes look at their leases, at each other and at the dead several times a second meanwhile
    tokio::time::sleep(took).await;
    let (read, otherwise) = (
        after - before,
        commits(&mut session, &database).await - after,
    );
    assert!(
        read < otherwise + 100,
        "{read} statements for {storm} readers, {otherwise} in as much time without them"
    );
    client.send(json!({"type": "abort", "runId": run})).await;
    client.until_terminal().await;
}

#[tokio::test]
async fn an_exhausted_pool_is_an_answer_and_not_a_hang() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    // every connection is busy with something that takes its time
    let busy: Vec<_> = (0..12)
        .map(|_| {
            let store = server.app.store.clone();
            tokio::spawn(async move {
                store
                    .in_transaction(|transaction| {
                        Box::pin(async move {
                            sqlx::query("select pg_sleep(60)")
                                .execute(transaction)
                                .await?;
                            Ok(())
                        })
                    })
                    .await
            })
        })
        .collect();
    let mut session = server.session().await;
    let began = Instant::now();
    loop {
        let sleeping: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
              where datname = current_database() and query like 'select pg_sleep%' and state = 'active'",
        )
        .fetch_one(&mut session)
        .await
        .expect("statistics");
        if sleeping == 12 {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{sleeping} of 12 are busy");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let asked = timeout(PATIENCE, server.get("/api/v1/conversations"))
        .await
        .expect("an answer");
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    let first = client.next().await.expect("an answer");
    // enough of it
    let began = Instant::now();
    while !busy.iter().all(tokio::task::JoinHandle::is_finished) {
        assert!(began.elapsed() < PATIENCE, "they sleep on");
        sqlx::query(
            "select pg_cancel_backend(pid) from pg_stat_activity
              where datname = current_database() and query like 'select pg_sleep%' and state = 'active'",
        )
        .execute(&mut session)
        .await
        .expect("it runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for done in busy {
        let _ = done.await.expect("no panic");
    }
    // whichever was first in line may have been lucky; nobody waits for ever and nobody sees anything else
    if asked.0 != 200 {
        assert_eq!(
            (asked.0, &asked.1["error"]["code"]),
            (503, &json!("store_unavailable"))
        );
    }
    assert!(
        first["code"] == "unavailable" || first["type"] == "RUN_STARTED",
        "{first}"
    );
    assert!(
        asked.0 == 503 || first["code"] == "unavailable",
        "the pool was never exhausted"
    );
    // and afterwards all is well
    let began = Instant::now();
    while server.get("/api/v1/conversations").await.0 != 200 {
        assert!(began.elapsed() < PATIENCE, "it does not recover");
    }
}

#[tokio::test]
async fn a_thousand_cancels_leave_no_transaction_open_and_lose_nothing_acknowledged() {
    let cancels: u64 =
        std::env::var("QF_CANCELS").map_or(1000, |cancels| cancels.parse().expect("a number"));
    let server = TestServer::start_with(&[]).await;
    let mut session = server.session().await;
    sqlx::query("create table kept (id bigint primary key, half integer not null)")
        .execute(&mut session)
        .await
        .expect("a table");
    let mut acknowledged = Vec::new();
    let mut random: u64 = 42;
    for number in 0..cancels as i64 {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // anywhere between not begun and done
        let patience = Duration::from_micros((random >> 33) % 3000);
        let insert = server.app.store.in_transaction(move |transaction| {
            Box::pin(async move {
                for half in [0, 1] {
                    sqlx::query(
                        "insert into kept (id, half) values ($1, $2)
                         on conflict (id) do update set half = kept.half + 1",
                    )
                    .bind(number)
                    .bind(half)
                    .execute(&mut *transaction)
                    .await?;
                }
                Ok(())
            })
        });
        if let Ok(done) = timeout(patience, insert).await {
            done.expect("it is committed");
            acknowledged.push(number);
        }
        // single statements that are dropped in the middle, on the same sessions
        let _ = timeout(patience / 2, server.app.store.ping()).await;
    }
    // those whose caller went away come to their end
    let began = Instant::now();
    loop {
        let open: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()
                and (state like 'idle in transaction%' or state = 'active' and query like '%kept%')",
        )
        .fetch_one(&mut session)
        .await
        .expect("statistics");
        if open == 0 {
            break;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "{open} sessions are left in a transaction"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let kept: Vec<i64> = sqlx::query_scalar("select id from kept order by id")
        .fetch_all(&mut session)
        .await
        .expect("rows");
    let halves: i64 = sqlx::query_scalar("select count(*) from kept where half <> 1")
        .fetch_one(&mut session)
        .await
        .expect("a count");
    assert_eq!(halves, 0, "a transaction is whole or not there");
    for number in &acknowledged {
        assert!(
            kept.binary_search(number).is_ok(),
            "{number} was acknowledged and is lost"
        );
    }
    assert!(!acknowledged.is_empty() && acknowledged.len() < cancels as usize);
    // every session is of use: more at once than the pool has
    let all = (0..50).map(|_| server.app.store.ping());
    for answer in futures::future::join_all(all).await {
        answer.expect("no session is poisoned");
    }
    println!(
        "{} of {cancels} were acknowledged, {} are kept",
        acknowledged.len(),
        kept.len()
    );
}

#[tokio::test]
async fn turns_and_conversations_come_in_pages_that_miss_none() {
    use sqlx::Executor as _;
    let server = TestServer::start_with(&[]).await;
    let mut session = server.session().await;
    let conversation = Uuid::now_v7();
    let mut client = Client::open(&server, conversation).await;
    let dataset = server.dataset("Northwind").await;
    for _ in 0..5 {
        client
            .submit(&dataset, "How many customers are there?")
            .await;
        client.until_terminal().await;
    }
    for _ in 0..6 {
        server
            .post("/api/v1/conversations", json!({"title": "empty"}))
            .await;
    }
    // all of one moment: a time alone is no cursor
    for table in ["turns set started_at", "conversations set updated_at"] {
        let same = format!("update {table} = '2026-01-01T00:00:00Z'");
        session
            .execute(sqlx::AssertSqlSafe(same))
            .await
            .expect("it runs");
    }
    for (path, size) in [
        (format!("/api/v1/conversations/{conversation}/turns"), 5),
        ("/api/v1/conversations".to_owned(), 7),
    ] {
        let mut seen = std::collections::HashSet::new();
        let mut before = String::new();
        loop {
            let (status, page) = server.get(&format!("{path}?limit=2{before}")).await;
            assert_eq!(status, 200, "{page}");
            for item in page["items"].as_array().expect("items") {
                let id = item.get("turn_id").unwrap_or(&item["conversation_id"]);
                assert!(seen.insert(id.to_string()), "{id} came twice");
            }
            match page["next"].as_str() {
                Some(next) => before = format!("&before={}", next.replace('+', "%2B")),
                None => break,
            }
        }
        assert_eq!(seen.len(), size, "{path}");
    }
    let (status, _) = server.get("/api/v1/conversations?before=yesterday").await;
    assert_eq!(status, 400);
}
