//! Two processes whose clocks are ten years off, one ahead and one behind, and people whose clocks are, too.
//!
//! The clock is moved from outside: a few lines of C between the program and its C library.

use super::checker;
use super::questions::{Way, query, question};
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::program::{Program, Variables};
use crate::support::server::scratch;
use crate::support::tab::{Doors, Tab, input, retry};
use chrono::{Datelike, Utc};
use queryforge::store::embedded::Cluster;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use uuid::{NoContext, Timestamp, Uuid};

/// Shorter than the slow answers here take, and longer than a busy machine keeps a process waiting.
const LEASE_SECONDS: f64 = 3.0;
const TEN_YEARS_SECONDS: i64 = 10 * 365 * 24 * 3600;

const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long off(void) {
    const char *seconds = getenv("TEST_CLOCK_OFF");
    return seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, clock, at);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += off();
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
"#;

/// With the compiler that Rust links with.
fn build_clock(dir: &Path) -> PathBuf {
    let (source, library) = (dir.join("clock.c"), dir.join("clock.so"));
    std::fs::write(&source, CLOCK).expect("the directory is ours");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .status();
    assert!(
        built
            .expect("cc is there, or Rust could not link")
            .success()
    );
    library
}

/// An id that a client makes whose clock is so far off.
fn id_at(off_seconds: i64) -> Uuid {
    let seconds = Utc::now().timestamp() + off_seconds;
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds.unsigned_abs(), 0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_are_ten_years_off_end_nothing_early_and_nothing_late() {
    queryforge::llm::install_crypto();
    let dir = scratch();
    let clock = build_clock(dir.path());
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    cluster.ensure_database("clocks").await.expect("a database");
    let model = model().await;
    let with_clock = |off: i64| {
        Variables::default()
            .with("DATABASE_URL", cluster.url("clocks"))
            .with("QF_DATA_DIR", dir.path().join("data").display())
            .with("OPENAI_BASE_URL", model.base_url())
            .with("OPENAI_MODEL", "scripted")
            .with("QF_LEASE_SECONDS", LEASE_SECONDS)
            .with("LD_PRELOAD", clock.display())
            .with("TEST_CLOCK_OFF", off)
    };
    let mut ahead = Program::start(&with_clock(TEN_YEARS_SECONDS), dir.path()).await;
    let behind = Program::start(&with_clock(-TEN_YEARS_SECONDS), dir.path()).await;
    for (program, off) in [(&ahead, TEN_YEARS_SECONDS), (&behind, -TEN_YEARS_SECONDS)] {
        let year = (Utc::now() + chrono::Duration::seconds(off)).year();
        assert!(
            program.said(&format!("\"timestamp\":\"{year}-")),
            "its clock is right: {}",
            program.log()
        );
    }
    let pool = PgPool::connect(&cluster.url("clocks"))
        .await
        .expect("it is there");
    let dataset: Uuid = sqlx::query_scalar("select id from datasets where name = 'Northwind'")
        .fetch_one(&pool)
        .await
        .expect("the sample is installed");
    let dataset = dataset.to_string();
    let doors = Doors::default();
    doors.set(&[ahead.address, behind.address]);
    let conversation = id_at(TEN_YEARS_SECONDS);
    let mut at_ahead = Tab::new(conversation, &doors, 0);
    let mut at_behind = Tab::new(conversation, &doors, 1);
    at_behind.connect_if_needed().await;
    let mut runs = Vec::new();

    // longer than a lease, on either: nobody takes the other for dead
    for (first, off) in [(true, -TEN_YEARS_SECONDS), (false, TEN_YEARS_SECONDS)] {
        let run = id_at(off);
        let frame = input(conversation, run, &dataset, &question(Way::Slowly).0);
        let (asker, reader) = match first {
            true => (&mut at_ahead, &mut at_behind),
            false => (&mut at_behind, &mut at_ahead),
        };
        let (ended, seen) = tokio::join!(asker.ask(&frame), reader.follow(run));
        assert!(ended.succeeded(), "{}", ended.event);
        assert_eq!(seen.event, ended.event);
        runs.push(run);
    }

    // what one of them asks back, the other takes the answer to
    let run = id_at(0);
    let words = "Who are the best customers?";
    let ended = at_ahead
        .ask(&input(conversation, run, &dataset, words))
        .await;
    assert_eq!(
        ended.event["outcome"]["type"], "interrupt",
        "{}",
        ended.event
    );
    runs.push(run);
    let run = id_at(-TEN_YEARS_SECONDS);
    let mut answer = input(conversation, run, &dataset, "");
    answer["messages"] = json!([]);
    answer["resume"] = json!([{
        "interruptId": ended.event["outcome"]["interrupts"][0]["id"],
        "status": "resolved",
        "payload": {"choice": "by revenue"},
    }]);
    let ended = at_behind.ask(&answer).await;
    assert!(ended.succeeded(), "{}", ended.event);
    runs.push(run);

    // a ticket of the one that lives ten years later is not expired for the other
    for (issuer, taker) in [(&ahead, &behind), (&behind, &ahead)] {
        let url = format!("http://{}/api/v1/ws-ticket", issuer.address);
        let issued: Value = reqwest::Client::new()
            .post(url)
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        let ticket = issued["ticket"].as_str().expect("a ticket");
        let url = format!("ws://{}/ws/{conversation}?ticket={ticket}", taker.address);
        tokio_tungstenite::connect_async(url)
            .await
            .expect("it opens");
    }

    // a dead one's turn is ended after its lease, by a process that lives in another time
    let run = id_at(TEN_YEARS_SECONDS);
    let frame = input(conversation, run, &dataset, &question(Way::Slowly).0);
    let killing = async {
        let began = Instant::now();
        loop {
            let running: i64 = sqlx::query_scalar(
                "select count(*) from turns where id = $1 and status = 'running'",
            )
            .bind(run)
            .fetch_one(&pool)
            .await
            .expect("a count");
            if running == 1 {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it never begins");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        ahead.kill();
    };
    let (ended, ()) = tokio::join!(at_ahead.ask(&frame), killing);
    assert_eq!(ended.code(), "SERVER_RESTART", "{}", ended.event);
    let took: f64 = sqlx::query_scalar(
        "select extract(epoch from finished_at - started_at)::float8 from turns where id = $1",
    )
    .bind(run)
    .fetch_one(&pool)
    .await
    .expect("it has ended");
    assert!(
        (LEASE_SECONDS..60.0).contains(&took),
        "it was ended after {took} s"
    );
    runs.push(run);
    let again = id_at(-TEN_YEARS_SECONDS);
    let ended = at_ahead
        .ask(&retry(conversation, again, &dataset, run))
        .await;
    assert!(ended.succeeded(), "{}", ended.event);
    assert_eq!(ended.event["result"]["query"], query());
    runs.push(again);
    at_behind.follow(again).await;

    // in the order in which they were asked, and no time but the database's
    let turns: Value = reqwest::get(format!(
        "http://{}/api/v1/conversations/{conversation}/turns",
        behind.address
    ))
    .await
    .expect("an answer")
    .json()
    .await
    .expect("JSON");
    let items = turns["items"].as_array().expect("turns");
    let listed: Vec<&str> = items
        .iter()
        .filter_map(|turn| turn["turn_id"].as_str())
        .collect();
    let asked: Vec<String> = runs.iter().map(Uuid::to_string).collect();
    assert_eq!(listed, asked);
    for turn in items {
        for at in ["started_at", "finished_at"] {
            let at: chrono::DateTime<Utc> =
                serde_json::from_value(turn[at].clone()).expect("a time");
            assert!((Utc::now() - at).num_hours().abs() < 1, "{turn}");
        }
    }
    doors.set(&[behind.address]);
    let found = checker::conversation(&pool, &[&at_ahead, &at_behind], None, &doors).await;
    assert!(found.is_empty(), "{found:#?}\n{}", behind.log());
    cluster.stop().await;
}

async fn model() -> ScriptedModel {
    let reply = |in_ms: u64| {
        let text = format!("```sql\n{}\n```\nConfidence: 0.95\n", query());
        let pieces = text.chars().count().div_ceil(16) as u64;
        Reply::text(text)
            .chunked(16)
            .delay(Duration::from_micros(in_ms * 1000 / pieces))
    };
    let model = ScriptedModel::start().await;
    model
        .on(
            asked("the best customers"),
            Reply::text("CLARIFY: Best by what?\n- by revenue\n- by number of orders\n").times(1),
        )
        .on(asked("without haste"), reply(4500))
        .on(anything(), reply(100));
    model
}
