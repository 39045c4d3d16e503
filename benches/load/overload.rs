//! As much as it can do, and five times as much as that.

use super::Options;
use super::figures::{Times, load};
use super::model::question;
use super::socket::{Socket, is_kind, submit};
use super::stand::{Process, Stand};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;
use uuid::Uuid;

/// Of one turn; it is all said at once.
const TOKENS: u64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Finished,
    /// Refused before it began, or ended with an error that says so.
    Refused,
}

/// Comes, asks, reads to the end, goes.
pub async fn one_turn(
    address: SocketAddr,
    dataset: Option<&str>,
    tokens: u64,
) -> Result<Ended, String> {
    let conversation = Uuid::now_v7();
    let mut socket = Socket::open(address, &format!("/ws/{conversation}")).await?;
    let text = question(Duration::ZERO, tokens);
    let gone = |_| "the socket went".to_owned();
    let Some(dataset) = dataset else {
        socket.send(text).await.map_err(gone)?;
        while !socket.next().await.map_err(gone)?.is_empty() {}
        return Ok(Ended::Finished);
    };
    socket
        .send(submit(conversation, dataset, &text))
        .await
        .map_err(gone)?;
    let last = socket.ended().await.map_err(gone)?;
    match is_kind(&last, "RUN_FINISHED") {
        true => Ok(Ended::Finished),
        false => Ok(Ended::Refused),
    }
}

/// Turns a second with so many people who ask again as soon as they are answered.
async fn closed_loop(
    process: &Process,
    dataset: Option<&str>,
    people: u64,
    during: Duration,
) -> (f64, Times) {
    let began = Instant::now();
    let workers = (0..people).map(|_| async {
        let mut times = Times::default();
        while began.elapsed() < during {
            let came = Instant::now();
            match one_turn(process.address, dataset, TOKENS).await {
                Ok(Ended::Finished) => times.add(came.elapsed()),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        times
    });
    let mut times = Times::default();
    for one in futures::future::join_all(workers).await {
        times.join(one);
    }
    (times.len() as f64 / began.elapsed().as_secs_f64(), times)
}

pub async fn saturation(options: &Options, small: bool) {
    let seconds = options.number("seconds", if small { 2 } else { 8 });
    let stand = Stand::start().await;
    println!(
        "turns of {TOKENS} tokens as fast as they go, {seconds} s each; load {}",
        load()
    );
    let during = Duration::from_secs(seconds);
    closed_loop(&stand.server, Some(&stand.dataset), 4, during / 2).await;
    println!(
        "  {:>8}{:>16}{:>12}{:>12}{:>16}{:>12}",
        "people", "ours, turns/s", "p50 ms", "p99 ms", "bare, turns/s", "ours/bare"
    );
    for people in [1, 2, 4, 8, 16, 32, 64] {
        let (bare, _) = closed_loop(&stand.bare, None, people, during).await;
        let (ours, times) = closed_loop(&stand.server, Some(&stand.dataset), people, during).await;
        println!(
            "  {people:>8}{ours:>16.0}{:>12.1}{:>12.1}{bare:>16.0}{:>12.2}",
            times.percentile(50.0),
            times.percentile(99.0),
            ours / bare
        );
    }
    stand.stop().await;
}

/// People whom we let wait at once; more would be a measurement of ourselves.
const OUTSTANDING: usize = 4_000;

pub async fn measure(options: &Options, small: bool) {
    let seconds = options.number("seconds", if small { 8 } else { 60 });
    let times_over = options.number("times", 5);
    // as an installation has it by default, except that all of these people are one
    let defaults = [
        ("QF_MODEL_CALLS", "32"),
        ("QF_WORKSPACE_TURNS", "256"),
        ("QF_PROCESS_TURNS", "512"),
    ];
    let stand = Stand::start_with(&defaults, false).await;
    let dataset = Some(stand.dataset.as_str());
    let warm = Duration::from_secs(3);
    closed_loop(&stand.server, dataset, 16, warm).await;
    let (peak, before) = closed_loop(
        &stand.server,
        dataset,
        16,
        Duration::from_secs(if small { 3 } else { 15 }),
    )
    .await;
    println!(
        "peak {peak:.0} turns a second with 16 people (p50 {:.0} ms); now {times_over} times that for {seconds} s, load {}",
        before.percentile(50.0),
        load()
    );
    let report = Rc::new(RefCell::new(Counts::default()));
    let local = LocalSet::new();
    let began = Instant::now();
    let during = Duration::from_secs(seconds);
    local
        .run_until(async {
            let every = Duration::from_secs_f64(1.0 / (peak * times_over as f64));
            let mut due = Instant::now();
            while began.elapsed() < during {
                due += every;
                tokio::time::sleep_until(due.into()).await;
                let counts = report.clone();
                counts.borrow_mut().offered += 1;
                if counts.borrow().waiting >= OUTSTANDING {
                    counts.borrow_mut().not_sent += 1;
                    continue;
                }
                counts.borrow_mut().waiting += 1;
                let (address, dataset) = (stand.server.address, stand.dataset.clone());
                tokio::task::spawn_local(async move {
                    let came = Instant::now();
                    let ended = one_turn(address, Some(&dataset), TOKENS).await;
                    let mut counts = counts.borrow_mut();
                    counts.waiting -= 1;
                    match ended {
                        Ok(Ended::Finished) if began.elapsed() <= during => {
                            counts.finished += 1;
                            counts.times.add(came.elapsed());
                        }
                        Ok(Ended::Finished) => counts.late += 1,
                        Ok(Ended::Refused) => counts.refused += 1,
                        Err(_) => counts.turned_away += 1,
                    }
                });
            }
            // the crowd is gone at once; those who were let in are still answered
            {
            let counts = report.borrow();
            let goodput = counts.finished as f64 / during.as_secs_f64();
            println!(
                "  offered {}, answered {} (p50 {:.0} ms, p99 {:.0} ms), refused {}, turned away at the door {}, waiting {}, not sent {}",
                counts.offered,
                counts.finished,
                counts.times.percentile(50.0),
                counts.times.percentile(99.0),
                counts.refused,
                counts.turned_away,
                counts.waiting,
                counts.not_sent
            );
            println!(
                "  goodput {goodput:.0} turns a second, {:.2} of the peak (goal: at least 0.8)",
                goodput / peak
            );
            }
            let gone = Instant::now();
            let mut normal = None;
            while gone.elapsed() < Duration::from_secs(30) {
                let (rate, times) =
                    closed_loop(&stand.server, dataset, 16, Duration::from_secs(1)).await;
                println!(
                    "  {:.0} s after: {rate:.0} turns a second, p50 {:.0} ms, {} of the crowd waiting",
                    gone.elapsed().as_secs_f64(),
                    times.percentile(50.0),
                    report.borrow().waiting
                );
                if rate >= 0.8 * peak && times.percentile(50.0) <= 1.5 * before.percentile(50.0) {
                    normal = Some(gone.elapsed());
                    break;
                }
            }
            match normal {
                Some(after) => println!(
                    "  normal again {:.0} s after (goal: within 10)",
                    after.as_secs_f64()
                ),
                None => println!("  not normal again within 30 s (goal: within 10)"),
            }
        })
        .await;
    drop(local);
    stand.stop().await;
}

#[derive(Default)]
struct Counts {
    offered: usize,
    waiting: usize,
    finished: usize,
    /// After the crowd had gone.
    late: usize,
    refused: usize,
    turned_away: usize,
    not_sent: usize,
    times: Times,
}
