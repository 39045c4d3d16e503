//! Readers of a turn that another process runs, when what lies between the two is slow or was away.

use super::{PATIENCE, ended, is_delta, sees, slow_model, two};
use crate::support::client::{Client, submit};
use crate::support::proxy::{Proxy, Weather};
use crate::support::redis::RedisServer;
use crate::support::server::TestServer;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_redis_is_back_readers_get_each_frame_again_before_the_turn_ends() {
    let model = slow_model(120_000).await;
    let mut two = two(&model, &[]).await;
    let conversation = Uuid::now_v7();
    let mut first = Client::open(&two.a, conversation).await;
    let mut other = Client::open(&two.b, conversation).await;
    let run = first.submit(&two.dataset, "slowly, please").await;
    sees(&mut other, &two.b, is_delta).await;
    two.redis.kill();
    let in_steps = |event: &Value| event["type"] == "MESSAGES_SNAPSHOT";
    sees(&mut other, &two.b, in_steps).await;
    two.redis.restart();
    sees(&mut other, &two.b, is_delta).await;
    // which are those of the owner's process, byte for byte
    let seen = other.frames.last().expect("a frame").clone();
    let began = Instant::now();
    while !first.frames.contains(&seen) {
        assert!(began.elapsed() < PATIENCE, "{seen} is no frame of the log");
        first.next().await.expect("the owner's readers stay");
    }
    first.send(json!({"type": "abort", "runId": run})).await;
    assert_eq!(ended(&two.b, run).await["status"], "cancelled");
    let is_end = |event: &Value| event["type"] == "RUN_FINISHED";
    let end = sees(&mut other, &two.b, is_end).await;
    assert_eq!(end["outcome"]["type"], "cancelled");
}

/// The store says at once that the other process has made room; the stream says so later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_something_else_sees_the_end_of_what_ran_elsewhere_although_redis_is_slow() {
    let model = slow_model(60_000).await;
    let redis = RedisServer::start();
    let door = Proxy::before_tcp(redis.address).await;
    let (near, far) = (redis.url(), format!("redis://{}", door.address));
    let base_url = model.base_url();
    let with = |redis| {
        [
            ("OPENAI_BASE_URL", base_url.as_str()),
            ("OPENAI_MODEL", "scripted"),
            ("REDIS_URL", redis),
        ]
    };
    let a = TestServer::start_with(&with(&near)).await;
    let b = a.beside(&with(&far)).await;
    let dataset = a.dataset("Northwind").await;
    door.set(Weather::Slow(Duration::from_millis(120)));
    // on a busy machine it may be slower than anybody waits for
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut owner = Client::open(&a, Uuid::now_v7()).await;
        let run = owner.submit(&dataset, "first").await;
        owner.until(is_delta).await;
        let mut reader = Client::open(&b, owner.conversation).await;
        reader.until(is_delta).await;
        let second = Uuid::now_v7();
        let mut input = submit(owner.conversation, second, &dataset, "second");
        input["forwardedProps"]["qf"]["onBusy"] = json!("interrupt");
        reader.send(input).await;
        let mut saw_the_end = false;
        let stayed = loop {
            let Some(event) = reader.next().await else {
                break false;
            };
            saw_the_end |= event["type"] == "RUN_FINISHED" && event["runId"] == json!(run);
            if event["type"] == "RUN_STARTED" && event["runId"] == json!(second) {
                break true;
            }
        };
        let mut third = Client::open(&b, owner.conversation).await;
        third.send(json!({"type": "abort", "runId": second})).await;
        assert_eq!(ended(&a, second).await["status"], "cancelled");
        if stayed && saw_the_end {
            return;
        }
        assert!(attempts < 4, "readers are sent away every time");
    }
}
