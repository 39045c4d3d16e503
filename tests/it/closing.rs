//! How sockets end: every close code of ours, and a hundred thousand frames that are none.

use crate::support::client::{Client, submit};
use crate::support::raw::{Ended, Raw, frame, head};
use crate::support::server::TestServer;
use queryforge::protocol::close;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

const TEXT: u8 = 0x81;

#[tokio::test]
async fn a_close_is_answered_and_a_peer_that_closes_sees_its_own_code() {
    let server = TestServer::start_with(&[]).await;
    for (payload, code) in [
        (&[][..], 1005),
        (&1000_u16.to_be_bytes()[..], 1000),
        (&1001_u16.to_be_bytes()[..], 1001),
        (&4999_u16.to_be_bytes()[..], 4999),
    ] {
        let mut raw = Raw::open(server.address, Uuid::now_v7()).await;
        raw.write(&frame(0x88, payload)).await;
        assert_eq!(raw.ended().await, Ended::Closed(code));
    }
}

#[tokio::test]
async fn so_many_bad_frames_in_a_row_end_the_socket_and_a_good_one_in_between_counts_anew() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for _ in 0..90 {
        client.send_text("nonsense".to_owned()).await;
        assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
    }
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    client.until_terminal().await;
    for _ in 0..100 {
        client.send_text("nonsense".to_owned()).await;
        assert_eq!(client.next().await.expect("open")["code"], "bad_frame");
    }
    client.send_text("nonsense".to_owned()).await;
    assert_eq!(client.closed().await, Some(close::BAD_FRAME));
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_sent_away_and_one_that_does_stays() {
    let server = TestServer::start_with(&[("QF_PING_SECONDS", "2")]).await;
    let mut silent = Raw::open(server.address, Uuid::now_v7()).await;
    let mut polite = Raw::open(server.address, Uuid::now_v7()).await;
    let (ended, pings) = tokio::join!(silent.ended(), async {
        let (mut pings, mut visible) = (0, 0);
        while pings < 3 {
            let (opcode, payload) = polite.frame().await.expect("it stays open");
            match opcode {
                9 => {
                    pings += 1;
                    assert!(polite.write(&frame(0x8a, &payload)).await);
                }
                1 => {
                    let event: Value = serde_json::from_slice(&payload).expect("JSON");
                    assert_eq!(event["type"], "ping");
                    visible += 1;
                }
                other => panic!("opcode {other}"),
            }
        }
        (pings, visible)
    });
    assert_eq!(ended, Ended::Closed(close::IDLE));
    assert!(pings.1 > 0, "a page can see a ping, too");
}

#[tokio::test]
async fn a_cursor_that_was_evicted_is_told_to_come_back_without_it() {
    let server = TestServer::start_with(&[]).await;
    let conversation = Uuid::now_v7();
    let client = Client::open(&server, conversation).await;
    let id = conversation.to_string().parse().expect("a UUID");
    let handle = server.conversations.open("local", id).await.expect("open");
    handle.log().retire();
    assert_eq!(client.closed().await, Some(close::CURSOR_GONE));
}

#[tokio::test]
async fn without_our_database_a_socket_ends_as_an_internal_error() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(&dataset, "How many customers are there?")
        .await;
    client.until_terminal().await;
    server.app.store.close().await;
    // what was open stays open, and says what cannot be done
    client
        .send(submit(
            client.conversation,
            Uuid::now_v7(),
            &dataset,
            "And now?",
        ))
        .await;
    assert_eq!(client.next().await.expect("open")["code"], "unavailable");
    let again = Client::open(&server, client.conversation).await;
    assert_eq!(again.closed().await, Some(close::INTERNAL));
    let (status, body) = server.get("/api/v1/conversations").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (503, &"store_unavailable".into())
    );
    assert_eq!(server.get("/readyz").await.0, 503);
}

// ------------------------------------------------------------------ malformed frames

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_malformed_frames_get_the_right_codes_and_harm_nobody() {
    malformed(2_000).await;
}

/// `cargo test --test it hundred_thousand -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "some minutes"]
async fn a_hundred_thousand_malformed_frames_get_the_right_codes_and_harm_nobody() {
    malformed(100_000).await;
}

async fn malformed(frames: u64) {
    // the bystander says nothing meanwhile, and is not to be taken for gone
    let server = TestServer::start_with(&[("QF_PING_SECONDS", "3600")]).await;
    let dataset = server.dataset("Northwind").await;
    let mut bystander = Client::open(&server, Uuid::now_v7()).await;
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut peers = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (next, address, conversation) = (next.clone(), server.address, Uuid::now_v7());
        peers.spawn(async move {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= frames {
                    return;
                }
                send_malformed(address, conversation, seed).await;
            }
        });
    }
    while let Some(peer) = peers.join_next().await {
        peer.expect("every frame was answered as it should be");
    }
    println!(
        "{frames} malformed frames in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    bystander
        .submit(&dataset, "How many customers are there?")
        .await;
    let events = bystander.until_terminal().await;
    assert_eq!(events.last().expect("an end")["outcome"]["type"], "success");
}

/// One malformed frame of a kind, made from the seed, and what must come of it.
async fn send_malformed(address: SocketAddr, conversation: Uuid, seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let text: Vec<u8> = (0..dice.below(200))
        .map(|_| b' ' + dice.below(90) as u8)
        .collect();
    let (bytes, expected): (Vec<u8>, &[Ended]) = match seed % 16 {
        0 => (
            // reserved bits
            frame(TEXT | [0x10, 0x20, 0x40, 0x70][dice.below(4)], &text),
            &[Ended::Closed(1002)],
        ),
        1 => (
            // reserved opcodes
            frame(
                0x80 | [3, 4, 5, 6, 7, 11, 12, 13, 14, 15][dice.below(10)],
                &text,
            ),
            &[Ended::Closed(1002)],
        ),
        2 => {
            let mut bytes = head(TEXT, text.len() as u64, false);
            bytes.extend(&text);
            (bytes, &[Ended::Closed(1002)])
        }
        3 => (
            // a control frame that is too long
            frame(
                [0x88, 0x89, 0x8a][dice.below(3)],
                &vec![b'x'; 126 + dice.below(900)],
            ),
            &[Ended::Closed(1002)],
        ),
        4 => (
            // a control frame in pieces
            frame([8, 9, 10][dice.below(3)], &text[..text.len().min(125)]),
            &[Ended::Closed(1002)],
        ),
        // a continuation of nothing
        5 => (frame(0x80, &text), &[Ended::Closed(1002)]),
        6 => {
            // a new message within one in pieces
            let mut bytes = frame(1, b"{\"a\":");
            bytes.extend(frame(TEXT, b"1}"));
            (bytes, &[Ended::Closed(1002)])
        }
        7 => {
            let broken: [&[u8]; 4] = [b"\xff\xfe", b"\xc3(", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"];
            let mut bytes = text.clone();
            bytes.extend(broken[dice.below(4)]);
            (frame(TEXT, &bytes), &[Ended::Closed(1007)])
        }
        8 => {
            // in pieces, the break within a later one
            let mut bytes = frame(1, "{\"ä\":".as_bytes());
            bytes.extend(frame(0, b"\xf0\x9f"));
            bytes.extend(frame(0x80, b"x"));
            (bytes, &[Ended::Closed(1007)])
        }
        9 => {
            // a length that nobody has
            let mut bytes = head(TEXT, 1 << (21 + dice.below(40)), true);
            bytes.extend([1, 2, 3, 4]);
            (bytes, &[Ended::Closed(close::TOO_LARGE)])
        }
        10 => {
            let code = [0, 999, 1004, 1005, 1006, 1016, 2999, 5000, 65535][dice.below(9)];
            (frame(0x88, &u16::to_be_bytes(code)), &[Ended::Closed(1002)])
        }
        // half a code
        11 => (
            frame(0x88, &[3]),
            &[Ended::Closed(1002), Ended::Closed(1007)],
        ),
        12 => {
            // a reason that is no text
            let mut payload = 1000_u16.to_be_bytes().to_vec();
            payload.extend(b"\xff\xff");
            (
                frame(0x88, &payload),
                &[Ended::Closed(1002), Ended::Closed(1007)],
            )
        }
        13 => (frame(0x82, &text), &[Ended::Closed(close::UNSUPPORTED)]),
        14 => return not_json(address, conversation, &text).await,
        _ => {
            // noise, and then nothing: whatever the server says, it must go on
            let noise: Vec<u8> = (0..1 + dice.below(64))
                .map(|_| dice.below(256) as u8)
                .collect();
            let mut raw = Raw::open(address, conversation).await;
            raw.write(&noise).await;
            raw.reset();
            return;
        }
    };
    let mut raw = Raw::open(address, conversation).await;
    raw.write(&bytes).await;
    let ended = raw.ended().await;
    assert!(
        expected.contains(&ended),
        "seed {seed}, kind {}: {ended:?}",
        seed % 16
    );
    raw.reset();
}

/// A whole frame that is no message of ours is refused, and the socket stays.
async fn not_json(address: SocketAddr, conversation: Uuid, text: &[u8]) {
    let mut raw = Raw::open(address, conversation).await;
    let mut payload = b"{".to_vec();
    payload.extend(text);
    raw.write(&frame(TEXT, &payload)).await;
    let (opcode, answer) = raw.frame().await.expect("an answer");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    assert_eq!(
        (opcode, &answer["code"]),
        (1, &"bad_frame".into()),
        "{answer}"
    );
    raw.write(&frame(0x88, &1000_u16.to_be_bytes())).await;
    assert_eq!(raw.ended().await, Ended::Closed(1000));
    raw.reset();
}

/// Numbers that depend on the seed alone.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % below
    }
}
