//! With a real Redis: what is cached there, and that nothing depends on it.

use crate::support::server::{TestServer, scratch};
use redis::Commands;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct RedisServer {
    process: Child,
    url: String,
    _dir: tempfile::TempDir,
}

impl RedisServer {
    fn start() -> Self {
        let dir = scratch();
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port")
            .port();
        let process = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
            ])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed; `make test` sees to it");
        let server = Self {
            process,
            url: format!("redis://127.0.0.1:{port}"),
            _dir: dir,
        };
        let began = Instant::now();
        while server.connection().is_none() {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "Redis does not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn connection(&self) -> Option<redis::Connection> {
        redis::Client::open(self.url.as_str())
            .ok()?
            .get_connection()
            .ok()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn snapshots_are_cached_in_redis_and_its_death_is_only_a_miss() {
    let mut redis = RedisServer::start();
    let server = TestServer::start_with(&[("REDIS_URL", &redis.url)]).await;
    server
        .ask("Northwind", "How many customers are there?")
        .await;
    let keys: Vec<String> = redis
        .connection()
        .expect("Redis answers")
        .keys("qf:schema:*")
        .expect("keys");
    assert!(!keys.is_empty(), "nothing was cached");
    redis.process.kill().expect("it was running");
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
