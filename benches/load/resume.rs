//! From coming back to the first frame that was missed: out of memory, and out of Redis.

use super::Options;
use super::figures::{Times, load};
use super::model::question;
use super::socket::{Socket, submit};
use super::stand::{Process, Stand};
use futures::stream::{self, StreamExt};
use std::time::{Duration, Instant};
use uuid::Uuid;

pub async fn measure(options: &Options, small: bool) {
    let count = options.number("resumes", if small { 100 } else { 1_000 }) as usize;
    let stand = Stand::start_with(&[], true).await;
    println!(
        "{count} resumes in the middle of a turn, 8 at a time; load {}",
        load()
    );
    let cursors: Vec<(Uuid, u64)> = stream::iter(0..count)
        .map(|_| asked(&stand.server, &stand.dataset))
        .buffer_unordered(16)
        .collect()
        .await;
    Times::head("milliseconds");
    let mut bare = Times::default();
    for _ in 0..count {
        let came = Instant::now();
        let path = format!("/ws/{}", Uuid::now_v7());
        let _socket = Socket::open(stand.bare.address, &path)
            .await
            .expect("it opens");
        bare.add(came.elapsed());
    }
    bare.row("bare: only opening the socket");
    let memory = first_frames(&stand.server, &cursors).await;
    memory.row("from memory (goal: p99 at most 50)");
    // another process, which has never seen any of them
    let other = stand.another();
    // it connects to everything once
    asked(&other, &stand.dataset).await;
    let redis = first_frames(&other, &cursors).await;
    redis.row("from Redis, in another process (goal: p99 at most 100)");
    println!(
        "  p50 of bare's opening: {:.1} times from memory, {:.1} times from Redis",
        memory.percentile(50.0) / bare.percentile(50.0),
        redis.percentile(50.0) / bare.percentile(50.0)
    );
    drop(other);
    stand.stop().await;
}

/// A turn that has ended, and a number in its middle.
async fn asked(process: &Process, dataset: &str) -> (Uuid, u64) {
    let id = Uuid::now_v7();
    let mut socket = Socket::open(process.address, &format!("/ws/{id}"))
        .await
        .expect("it opens");
    let text = question(Duration::ZERO, 200);
    socket
        .send(submit(id, dataset, &text))
        .await
        .expect("it is taken");
    socket.next().await.expect("it begins");
    let first = socket.cursor.expect("an event has a number");
    socket.next().await.expect("it goes on");
    let second = socket.cursor.expect("an event has a number");
    assert!(second > first);
    socket.ended().await.expect("it ends");
    (id, second)
}

async fn first_frames(process: &Process, cursors: &[(Uuid, u64)]) -> Times {
    let all: Vec<Duration> = stream::iter(cursors)
        .map(|(id, cursor)| async move {
            let came = Instant::now();
            let path = format!("/ws/{id}?after={cursor}");
            let mut socket = Socket::open(process.address, &path)
                .await
                .expect("it opens");
            socket.next().await.expect("what was missed");
            let took = came.elapsed();
            assert!(
                socket.cursor.is_some_and(|seen| seen > *cursor),
                "the first frame is the next one, not a snapshot"
            );
            took
        })
        .buffer_unordered(8)
        .collect()
        .await;
    let mut times = Times::default();
    all.into_iter().for_each(|time| times.add(time));
    times
}
