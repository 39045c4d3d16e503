//! Everybody comes back in the same second.

use super::Options;
use super::figures::{Times, load};
use super::model::question;
use super::overload::Ended;
use super::socket::{Socket, is_kind, submit};
use super::stand::{Process, Stand};
use futures::stream::{self, StreamExt};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use uuid::Uuid;

pub async fn measure(options: &Options, small: bool) {
    let sockets = options.number("sockets", if small { 500 } else { 5_000 }) as usize;
    let conversations = options.number("conversations", sockets as u64 / 10) as usize;
    let mut stand = Stand::start().await;
    println!(
        "{sockets} sockets on {conversations} conversations, all gone and back within a second; load {}",
        load()
    );
    let ids: Vec<Uuid> = (0..conversations).map(|_| Uuid::now_v7()).collect();
    let cursors: Vec<(Uuid, u64)> = stream::iter(ids)
        .map(|id| asked(&stand.server, &stand.dataset, id))
        .buffer_unordered(16)
        .collect()
        .await;
    Times::head("milliseconds until a socket is open");
    let bare = back(stand.bare.address, &cursors, sockets).await;
    bare.0.row("bare");
    for name in ["ours, that knows them", "ours, just started"] {
        if name == "ours, just started" {
            stand.server = stand.another();
        }
        // what a process asks by itself, over as long as the count of the storm takes
        let at_rest = stand.statements().await;
        let before = stand.statements().await;
        let by_itself = before - at_rest;
        let (times, refused, took) = back(stand.server.address, &cursors, sockets).await;
        let reads = (stand.statements().await - before - by_itself).max(0);
        times.row(name);
        println!(
            "    all in {:.1} s, {refused} refused; {:.2} database reads a conversation (goal: at most 1; {by_itself} at rest left out), {:.1} times bare's p99",
            took.as_secs_f64(),
            reads as f64 / conversations as f64,
            times.percentile(99.0) / bare.0.percentile(99.0)
        );
    }
    stand.stop().await;
}

/// A conversation with a turn that has ended, and where a tab of it stands.
async fn asked(process: &Process, dataset: &str, id: Uuid) -> (Uuid, u64) {
    let mut socket = Socket::open(process.address, &format!("/ws/{id}"))
        .await
        .expect("it opens");
    let text = question(Duration::ZERO, 20);
    socket
        .send(submit(id, dataset, &text))
        .await
        .expect("it is taken");
    let last = socket.ended().await.expect("it ends");
    let ended = match is_kind(&last, "RUN_FINISHED") {
        true => Ended::Finished,
        false => Ended::Refused,
    };
    assert_eq!(ended, Ended::Finished, "{last}");
    (id, socket.cursor.expect("an event has a number"))
}

/// Opens them all, spread over one second; how long each took, how many were refused, how long all took.
async fn back(
    address: SocketAddr,
    cursors: &[(Uuid, u64)],
    count: usize,
) -> (Times, usize, Duration) {
    let began = Instant::now();
    let all = (0..count).map(|at| async move {
        tokio::time::sleep(Duration::from_secs(1) * at as u32 / count as u32).await;
        let (id, cursor) = cursors[at % cursors.len()];
        let came = Instant::now();
        let opened = Socket::open(address, &format!("/ws/{id}?after={cursor}")).await;
        (opened, came.elapsed())
    });
    let opened = futures::future::join_all(all).await;
    let took = began.elapsed();
    let mut times = Times::default();
    let mut refused = 0;
    for (socket, time) in &opened {
        match socket {
            Ok(_) => times.add(*time),
            Err(_) => refused += 1,
        }
    }
    (times, refused, took)
}
