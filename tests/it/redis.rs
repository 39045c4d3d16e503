//! With a real Redis: what is cached there, and that nothing depends on it.

use crate::support::redis::RedisServer;
use crate::support::server::TestServer;
use redis::Commands;

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
