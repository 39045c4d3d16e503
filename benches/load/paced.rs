//! Many streams at a model's pace: how much later a token is shown than the model said it.

use super::Options;
use super::bare::WINDOW;
use super::figures::{Times, load, processor_time};
use super::model::question;
use super::socket::{Socket, delta, is_kind, now_us, stamps, submit};
use super::stand::{Process, Stand};
use std::time::{Duration, Instant};
use uuid::Uuid;

pub async fn measure(options: &Options, small: bool) {
    let turns = options.number("turns", if small { 50 } else { 500 });
    let rate = options.number("rate", 30);
    let seconds = options.number("seconds", if small { 5 } else { 20 });
    let stand = Stand::start().await;
    let plan = Plan {
        turns,
        pace: Duration::from_secs(1) / rate as u32,
        // they begin one after the other, as people do
        ramp: Duration::from_millis(turns * 10),
        counted: Duration::from_secs(seconds),
    };
    println!("{turns} turns at once, {rate} tokens a second each, {seconds} s; milliseconds");
    let mut p99 = Vec::new();
    for name in ["bare", "ours"] {
        let (process, dataset) = match name {
            "ours" => (&stand.server, Some(stand.dataset.as_str())),
            _ => (&stand.bare, None),
        };
        let before = (Instant::now(), processor_time(process.pid()));
        let shown = streams(process, dataset, &plan).await;
        let busy = (processor_time(process.pid()) - before.1).as_secs_f64()
            / before.0.elapsed().as_secs_f64();
        Times::head(&format!("{name}, load {}, {busy:.2} cores", load()));
        shown.added.row("added to a token, coalescing apart");
        shown.coalescing.row("the coalescing window");
        shown.whole.row("from the model's word to the reader's eye");
        p99.push(shown.added.percentile(99.0));
    }
    println!(
        "  ours adds {:.2} ms at p99 (goal: at most 10), {:.1} times what bare does",
        p99[1],
        p99[1] / p99[0]
    );
    stand.stop().await;
}

pub struct Plan {
    pub turns: u64,
    pub pace: Duration,
    pub ramp: Duration,
    pub counted: Duration,
}

#[derive(Default)]
pub struct Shown {
    /// What is left when coalescing is taken off.
    pub added: Times,
    /// How long a perfect relay with the same window would have held the token.
    pub coalescing: Times,
    pub whole: Times,
}

impl Shown {
    pub fn join(&mut self, other: Shown) {
        self.added.join(other.added);
        self.coalescing.join(other.coalescing);
        self.whole.join(other.whole);
    }
}

async fn streams(process: &Process, dataset: Option<&str>, plan: &Plan) -> Shown {
    let length = plan.ramp * 2 + plan.counted;
    let tokens = (length.as_secs_f64() / plan.pace.as_secs_f64()) as u64;
    let began = now_us();
    let from = began + (plan.ramp.as_micros() as u64) * 3 / 2;
    let counted = from..from + plan.counted.as_micros() as u64;
    let all = (0..plan.turns).map(|turn| {
        let counted = counted.clone();
        async move {
            tokio::time::sleep(plan.ramp * turn as u32 / plan.turns as u32).await;
            let text = question(plan.pace, tokens);
            let seen = one(process, dataset, &text).await;
            shown(&seen, counted)
        }
    });
    let mut shown = Shown::default();
    for one in futures::future::join_all(all).await {
        shown.join(one);
    }
    assert!(
        shown.whole.len() as f64
            > plan.turns as f64 * plan.counted.as_secs_f64() / plan.pace.as_secs_f64() * 0.9,
        "only {} tokens were shown",
        shown.whole.len()
    );
    shown
}

/// Tokens of one turn as (said, shown), in microseconds since 1970.
pub async fn one(process: &Process, dataset: Option<&str>, question: &str) -> Vec<(u64, u64)> {
    let conversation = Uuid::now_v7();
    let mut socket = Socket::open(process.address, &format!("/ws/{conversation}"))
        .await
        .expect("the socket opens");
    turn(&mut socket, conversation, dataset, question).await
}

/// The same on a socket that is open.
pub async fn turn(
    socket: &mut Socket,
    conversation: Uuid,
    dataset: Option<&str>,
    question: &str,
) -> Vec<(u64, u64)> {
    let frame = match dataset {
        Some(dataset) => submit(conversation, dataset, question),
        None => question.to_owned(),
    };
    socket.send(frame).await.expect("it is taken");
    let mut seen = Vec::new();
    let mut said = false;
    loop {
        let frame = socket.next().await.expect("the socket stays open");
        let now = now_us();
        let text = match dataset {
            None if frame.is_empty() => return seen,
            None => frame.to_string(),
            Some(_) if is_kind(&frame, "RUN_FINISHED") => return seen,
            // the first text is the query; the answer may quote it
            Some(_) if is_kind(&frame, "TEXT_MESSAGE_CONTENT") && !said => delta(&frame),
            Some(_) => {
                said |= is_kind(&frame, "TEXT_MESSAGE_END");
                assert!(
                    !is_kind(&frame, "RUN_ERROR") && !is_kind(&frame, "error"),
                    "it failed: {frame}"
                );
                continue;
            }
        };
        seen.extend(stamps(&text).map(|said| (said, now)));
    }
}

/// Takes the window apart from the rest.
///
/// A relay with this window sends when it has something to say and the last frame is a window ago. So what is
/// later than that is added: by the turn, by timers that are late, by the way there and by the reader. Each
/// frame is held against the one before it as it came, so that a frame that comes late does not count
/// against the next.
pub fn shown(seen: &[(u64, u64)], counted: std::ops::Range<u64>) -> Shown {
    let window = WINDOW.as_micros() as u64;
    let mut shown = Shown::default();
    let mut before: Option<u64> = None;
    // tokens of one frame were shown at the same moment
    for frame in seen.chunk_by(|one, other| one.1 == other.1) {
        let (first, at) = frame[0];
        let due = before.map_or(first, |before| (before + window).max(first));
        // a kilobyte does not wait for the window
        let due = due.min(at);
        before = Some(at);
        for (said, _) in frame {
            if !counted.contains(said) {
                continue;
            }
            let ms = |from: u64, to: u64| to.saturating_sub(from) as f64 / 1000.0;
            shown.added.add_ms(ms(due, at));
            shown.coalescing.add_ms(ms(*said, due));
            shown.whole.add_ms(ms(*said, at));
        }
    }
    shown
}
