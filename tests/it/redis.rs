//! With a real Redis: what is cached there, and that nothing depends on it.

use crate::support::embedder::FakeEmbedder;
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
    let began = Instant::now();
    let mut connection = redis.connection().expect("Redis answers");
    let keys: Vec<String> = loop {
        let keys: Vec<String> = connection.keys("qf:vector:*").expect("keys");
        if !keys.is_empty() {
            break keys;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "no vector was cached"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let seconds: i64 = connection.ttl(&keys[0]).expect("a lifetime");
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    assert!(seconds > 80_000, "{seconds}");
}
