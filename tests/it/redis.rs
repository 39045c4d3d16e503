//! With a real Redis: what is cached there, and that nothing depends on it.

use crate::support::embedder::FakeEmbedder;
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::redis::RedisServer;
use crate::support::server::TestServer;
use redis::Commands;
use std::time::{Duration, Instant};

#[tokio::test]
async fn snapshots_are_cached_in_redis_and_its_death_is_only_a_miss() {
    let mut redis = RedisServer::start();
    let server = TestServer::start_with(&[("REDIS_URL", &redis.url())]).await;
    server
        .ask("Northwind", "How many customers are there?")
        .await;
    let keys: Vec<String> = redis
        .connection()
        .expect("Redis answers")
        .keys("qf:schema:*")
        .expect("keys");
    assert!(!keys.is_empty(), "nothing was cached");
    redis.kill();
    let answer = server
        .ask("Bike share", "How many stations are there?")
        .await;
    assert_eq!(answer["status"], "success");
}

#[tokio::test]
async fn a_redis_that_was_never_there_stops_nobody() {
    let server = TestServer::start_with(&[("REDIS_URL", "redis://127.0.0.1:1")]).await;
    let answer = server
        .ask("Northwind", "How many customers are there?")
        .await;
    assert_eq!(answer["status"], "success");
}

#[tokio::test]
async fn vectors_are_cached_in_redis_for_a_day() {
    let redis = RedisServer::start();
    let embedder = FakeEmbedder::start().await;
    let mut variables = embedder.variables();
    variables.push(("REDIS_URL", redis.url()));
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let server = TestServer::start_with(&variables).await;
    server
        .ask("Northwind", "How many customers are there?")
        .await;
    let key = cached(&redis, "qf:vector:*").await;
    let seconds: i64 = redis
        .connection()
        .and_then(|mut connection| connection.ttl(key).ok())
        .expect("a lifetime");
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    assert!(seconds > 80_000, "{seconds}");
}

#[tokio::test]
async fn a_reply_at_temperature_0_is_remembered_for_every_process_for_half_an_hour() {
    let mut redis = RedisServer::start();
    let url = redis.url();
    let model = ScriptedModel::start().await;
    let count = "```sql\nselect count(*) from customers\n```\nConfidence: 0.9";
    model.on(anything(), Reply::text(count));
    let variables = [("REDIS_URL", url.as_str()), ("QF_TEMPERATURE", "0")];
    let one = TestServer::with_model_and(&model, &variables).await;
    let base_url = model.base_url();
    let other = one
        .beside(&[
            ("REDIS_URL", &url),
            ("QF_TEMPERATURE", "0"),
            ("OPENAI_BASE_URL", &base_url),
            ("OPENAI_MODEL", "scripted"),
        ])
        .await;

    // a Redis that is late for once is not waited for, which on a busy machine happens
    let mut asked = 0;
    let question = loop {
        asked += 1;
        assert!(asked <= 20, "the other process never remembers");
        let question = format!("How many customers are there, {asked}?");
        one.ask("Northwind", &question).await;
        let before = model.requests().len();
        other.ask("Northwind", &question).await;
        if model.requests().len() == before {
            break question;
        }
    };
    let key = cached(&redis, "qf:reply:*").await;
    let seconds: i64 = redis
        .connection()
        .and_then(|mut connection| connection.ttl(key).ok())
        .expect("a lifetime");
    assert!((1_600..=1_800).contains(&seconds), "{seconds}");

    redis.kill();
    let before = model.requests().len();
    let answer = other.ask("Northwind", &question).await;
    assert_eq!(answer["status"], "success", "{answer}");
    assert_eq!(model.requests().len(), before + 1, "the model is asked");
}

/// The first key of such a kind, once there is one.
async fn cached(redis: &RedisServer, pattern: &str) -> String {
    let began = Instant::now();
    loop {
        let found = redis
            .connection()
            .and_then(|mut connection| connection.keys::<_, Vec<String>>(pattern).ok());
        if let Some(key) = found.and_then(|keys| keys.into_iter().next()) {
            return key;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "no {pattern} was cached"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
