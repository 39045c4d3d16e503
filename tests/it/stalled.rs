//! Sockets that never read: what they cost the server and the others.
//!
//! ```sh
//! QF_STALL_SECONDS=600 cargo test --release --test it stalled -- --ignored --nocapture
//! ```

use crate::support::client::Client;
use crate::support::raw::{Raw, frame};
use crate::support::server::{cluster, scratch};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Resident memory.
    fn size_kb(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("it runs");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .expect("Linux");
        let size = line.split_whitespace().nth(1).expect("a size");
        size.parse().expect("a number")
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "as long as QF_STALL_SECONDS says, and as long again for comparison"]
async fn a_thousand_sockets_that_never_read_cost_a_bounded_amount() {
    let seconds = number("QF_STALL_SECONDS", 60);
    let sockets = number("QF_STALL_SOCKETS", 1000);
    let cluster = cluster().await;
    cluster
        .ensure_database("stalled")
        .await
        .expect("a database");
    let url = cluster.url("stalled");
    let dir = scratch();
    let mut child = Command::new(env!("CARGO_BIN_EXE_queryforge"));
    child
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    for (name, value) in [
        ("QF_DATA_DIR", dir.path().join("data").display().to_string()),
        ("DATABASE_URL", url),
        ("PORT", "0".into()),
        ("QF_OLLAMA_DISCOVERY", "off".into()),
        ("QF_SUBMITS_PER_MINUTE", "0".into()),
        ("QF_RUNNING_TURNS", "0".into()),
        ("QF_SOCKETS", "0".into()),
    ] {
        child.env(name, value);
    }
    let mut child = child.spawn().expect("it runs");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let server = Process(child);
    let base = line
        .trim()
        .strip_prefix("QueryForge is at ")
        .expect("its address")
        .to_owned();
    let address: SocketAddr = base
        .strip_prefix("http://")
        .expect("HTTP")
        .parse()
        .expect("an address");
    queryforge::llm::install_crypto();
    let schemas: serde_json::Value = reqwest::get(format!("{base}/api/v1/schemas"))
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let items = schemas["items"].as_array().expect("items");
    let northwind = items
        .iter()
        .find(|item| item["name"] == "Northwind")
        .expect("a sample");
    let dataset = northwind["dataset_id"].as_str().expect("an id").to_owned();

    // somebody whose answers everybody in their conversation gets
    let crowded = Uuid::now_v7();
    let talking = {
        let dataset = dataset.clone();
        tokio::spawn(async move {
            let mut talker = Client::at(address, crowded, None).await;
            loop {
                talker
                    .submit(&dataset, "How many customers are there per country?")
                    .await;
                talker.until_terminal().await;
                talker.frames.clear();
            }
        })
    };
    let others = async |seconds: u64| {
        let mut asking = Client::at(address, Uuid::now_v7(), None).await;
        let mut times = Vec::new();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(seconds) {
            let asked = Instant::now();
            asking.submit(&dataset, "How many orders are there?").await;
            let events = asking.until_terminal().await;
            let end = events.last().expect("an end");
            assert_eq!(end["outcome"]["type"], "success", "{end}");
            asking.frames.clear();
            times.push(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        times.sort();
        let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1000.0;
        (times.len(), at(50), at(99))
    };
    others(5).await;
    let alone = others(seconds).await;
    let before_kb = server.size_kb();

    let reopened = Arc::new(AtomicU64::new(0));
    let mut stalled = tokio::task::JoinSet::new();
    for number in 0..sockets {
        let reopened = reopened.clone();
        stalled.spawn(async move {
            // a hundred a second: this is about sockets that stall, not about a storm of them
            tokio::time::sleep(Duration::from_millis(10 * number)).await;
            loop {
                let mut raw = Raw::open(address, crowded).await;
                // it never reads; that the server dropped it shows when it writes
                while raw.write(&frame(0x8a, &[])).await {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
                reopened.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let watching = async {
        let mut sizes_kb = Vec::new();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(seconds) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            sizes_kb.push(server.size_kb());
        }
        sizes_kb
    };
    let (beside, sizes_kb) = tokio::join!(others(seconds), watching);
    stalled.abort_all();
    talking.abort();
    let (first, second) = sizes_kb.split_at(sizes_kb.len() / 2);
    let most = |sizes: &[u64]| sizes.iter().copied().max().expect("some seconds");
    println!(
        "{sockets} stalled sockets for {seconds} s, {} of them dropped and opened again\n\
         memory: {before_kb} kB before, at most {} kB in the first half and {} kB in the second\n\
         others: {} answers, p50 {:.1} ms, p99 {:.1} ms alone; {} answers, p50 {:.1} ms, p99 {:.1} ms beside them",
        reopened.load(Ordering::Relaxed),
        most(first),
        most(second),
        alone.0,
        alone.1,
        alone.2,
        beside.0,
        beside.1,
        beside.2,
    );
    assert!(
        most(second) <= most(first) + 20_000,
        "memory grows: {sizes_kb:?}"
    );
    assert!(
        most(second) - before_kb <= 100 * sockets,
        "more than 100 kB a socket"
    );
}
