//! Memory of a socket that says nothing: on a conversation of its own, the application's state included.

use super::Options;
use super::figures::resident_bytes;
use super::socket::Socket;
use super::stand::{Process, Stand};
use futures::stream::{self, StreamExt};
use std::time::Duration;
use uuid::Uuid;

/// Sockets that are being opened at once.
const AT_ONCE: usize = 100;

pub async fn measure(options: &Options, small: bool) {
    let sockets = options.number("sockets", if small { 1_000 } else { 10_000 }) as usize;
    let stand = Stand::start().await;
    println!("{sockets} sockets that say nothing, each on a conversation of its own");
    let ours = per_socket(&stand.server, sockets).await;
    let bare = per_socket(&stand.bare, sockets).await;
    println!(
        "  ours {:.1} kB a socket (goal: at most 12), bare {:.1} kB: {:.1} times as much",
        ours / 1000.0,
        bare / 1000.0,
        ours / bare
    );
    stand.stop().await;
}

/// Bytes.
async fn per_socket(process: &Process, count: usize) -> f64 {
    // what the first ones cost besides: threads, connections to the database, caches
    let first = open(process, 200).await;
    drop(first);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = resident_bytes(process.pid());
    let sockets = open(process, count).await;
    assert_eq!(sockets.len(), count, "every socket opens");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let after = resident_bytes(process.pid());
    after.saturating_sub(before) as f64 / count as f64
}

async fn open(process: &Process, count: usize) -> Vec<Socket> {
    stream::iter(0..count)
        .map(|_| async {
            let path = format!("/ws/{}", Uuid::now_v7());
            Socket::open(process.address, &path).await
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(|socket| async {
            match socket {
                Ok(socket) => Some(socket),
                Err(error) => {
                    println!("  a socket was refused: {error}");
                    None
                }
            }
        })
        .collect()
        .await
}
