//! People who come, ask once and go: turns a second, and what they leave behind.

use super::Options;
use super::figures::{Times, load, resident_bytes};
use super::overload::one_turn;
use super::stand::Stand;
use std::time::{Duration, Instant};

pub async fn measure(options: &Options, small: bool) {
    let seconds = options.number("seconds", if small { 5 } else { 60 });
    let people = options.number("people", 16);
    let stand = Stand::start().await;
    println!(
        "{people} at a time come, ask, read the answer and go; {seconds} s, load {}",
        load()
    );
    let pid = stand.server.pid();
    Times::head("milliseconds, from coming to going");
    let mut rates = Vec::new();
    let mut memory = vec![resident_bytes(pid)];
    for name in ["bare", "ours", "ours, again"] {
        let (process, dataset) = match name {
            "bare" => (&stand.bare, None),
            _ => (&stand.server, Some(stand.dataset.as_str())),
        };
        let began = Instant::now();
        let workers = (0..people).map(|_| async {
            let mut times = Times::default();
            while began.elapsed() < Duration::from_secs(seconds) {
                let came = Instant::now();
                one_turn(process.address, dataset, 20)
                    .await
                    .expect("it is answered");
                times.add(came.elapsed());
            }
            times
        });
        let mut times = Times::default();
        for one in futures::future::join_all(workers).await {
            times.join(one);
        }
        times.row(name);
        rates.push(times.len() as f64 / began.elapsed().as_secs_f64());
        memory.push(resident_bytes(pid));
    }
    println!(
        "  {:.0} turns a second, bare {:.0}: {:.2} of it",
        rates[1],
        rates[0],
        rates[1] / rates[0]
    );
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "  memory {:.1} MB before, {:.1} after once, {:.1} after twice",
        mb(memory[1]),
        mb(memory[2]),
        mb(memory[3])
    );
    if !small {
        // what nobody looks at is forgotten after a minute
        tokio::time::sleep(Duration::from_secs(75)).await;
        println!("  and {:.1} MB when all are gone", mb(resident_bytes(pid)));
    }
    stand.stop().await;
}
