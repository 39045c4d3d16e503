//! A thousand sockets that never read, beside people who do.

use super::Options;
use super::figures::{Times, load, resident_bytes};
use super::model::question;
use super::paced::{Shown, shown, turn};
use super::socket::{Socket, now_us, submit};
use super::stand::Stand;
use futures::stream::{self, StreamExt};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::LocalSet;
use uuid::Uuid;

/// Conversations with much to say, a turn a second each: what nobody reads soon fills every buffer between.
const NOISY: u64 = 20;
const NOISY_TOKENS: u64 = 900;

pub async fn measure(options: &Options, small: bool) {
    let silent = options.number("sockets", if small { 200 } else { 1_000 });
    let seconds = options.number("seconds", if small { 20 } else { 600 });
    let readers = options.number("readers", 50);
    let stand = Stand::start().await;
    let pid = stand.server.pid();
    println!(
        "{readers} people read streams of 30 tokens a second, {NOISY} conversations have much to say, {silent} sockets never read; {seconds} s, load {}",
        load()
    );
    let stop = Rc::new(Cell::new(false));
    let local = LocalSet::new();
    local
        .run_until(async {
            let noisy: Vec<Uuid> = (0..NOISY).map(|_| Uuid::now_v7()).collect();
            for id in &noisy {
                let (id, stop) = (*id, stop.clone());
                let (address, dataset) = (stand.server.address, stand.dataset.clone());
                tokio::task::spawn_local(async move {
                    let mut socket = Socket::open(address, &format!("/ws/{id}"))
                        .await
                        .expect("it opens");
                    let mut due = Instant::now();
                    while !stop.get() {
                        let text = question(Duration::ZERO, NOISY_TOKENS);
                        let asked = socket.send(submit(id, &dataset, &text)).await;
                        if asked.is_err() || socket.ended().await.is_err() {
                            return;
                        }
                        due = (due + Duration::from_secs(1)).max(Instant::now());
                        tokio::time::sleep_until(due.into()).await;
                    }
                });
            }
            tokio::time::sleep(Duration::from_secs(3)).await;
            let undisturbed = Duration::from_secs(if small { 10 } else { 60 });
            let before = read(&stand, readers, undisturbed).await;

            let path = |at: u64| format!("/ws/{}", noisy[(at % NOISY) as usize]);
            let mute: Vec<TcpStream> = stream::iter(0..silent)
                .map(|at| never_reads(stand.server.address, path(at)))
                .buffer_unordered(50)
                .collect()
                .await;
            let mut memory = vec![resident_bytes(pid)];
            let began = Instant::now();
            let watching = async {
                while began.elapsed() < Duration::from_secs(seconds) {
                    tokio::time::sleep(Duration::from_secs(seconds.div_ceil(10))).await;
                    memory.push(resident_bytes(pid));
                }
            };
            let (after, ()) = tokio::join!(
                read(&stand, readers, Duration::from_secs(seconds)),
                watching
            );
            stop.set(true);
            Times::head("milliseconds added to a token");
            before.added.row("before");
            after.added.row("beside those that never read");
            println!(
                "  p99 {:+.0} % (goal: within 10)",
                (after.added.percentile(99.0) / before.added.percentile(99.0) - 1.0) * 100.0
            );
            let mb: Vec<String> = memory
                .iter()
                .map(|bytes| format!("{:.0}", *bytes as f64 / 1e6))
                .collect();
            println!("  memory in MB, tenth by tenth: {}", mb.join(" "));
            drop(mute);
        })
        .await;
    drop(local);
    stand.stop().await;
}

/// Everybody reads one turn of ten seconds after the other.
async fn read(stand: &Stand, readers: u64, during: Duration) -> Shown {
    const PACE: Duration = Duration::from_micros(33_333);
    let until = Instant::now() + during;
    let all = (0..readers).map(|reader| async move {
        tokio::time::sleep(PACE * reader as u32 / readers as u32).await;
        let id = Uuid::now_v7();
        let mut socket = opened(stand, id).await;
        let mut seen = Shown::default();
        while Instant::now() < until {
            let left = until.saturating_duration_since(Instant::now());
            let tokens = (left.min(Duration::from_secs(10)).as_millis() as u64 / 33).max(1);
            let text = question(PACE, tokens);
            let tokens = turn(&mut socket, id, Some(&stand.dataset), &text).await;
            seen.join(shown(&tokens, 0..now_us()));
        }
        seen
    });
    let mut seen = Shown::default();
    for one in futures::future::join_all(all).await {
        seen.join(one);
    }
    seen
}

/// Comes back as a client does while a thousand others are being told the whole of their conversations.
async fn opened(stand: &Stand, id: Uuid) -> Socket {
    let began = Instant::now();
    loop {
        match Socket::open(stand.server.address, &format!("/ws/{id}")).await {
            Ok(socket) => return socket,
            Err(why) => assert!(began.elapsed() < Duration::from_secs(30), "{why}"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// A socket that is opened as the protocol has it, with as little room on our side as the system allows, and
/// then left alone.
async fn never_reads(address: std::net::SocketAddr, path: String) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .set_recv_buffer_size(4096)
        .expect("the system takes it");
    let mut connection = socket.connect(address).await.expect("it connects");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    connection
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 101", "it is upgraded");
    connection
}
