//! What the server does under load: many sockets, many streams, more than it can do, and readers that do not read.
//!
//! `cargo bench --bench load [-- <scenario> [name=value …]]`; what each measures, and how, is in
//! `benches/README.md`. Without a scenario all of them run, small.
//!
//! The server is the program itself, in a process of its own; so is the bare server that it is compared with.
//! Model and clients are ours and run here. All traffic is on loopback.

mod bare;
mod churn;
mod figures;
mod idle;
mod model;
mod overload;
mod paced;
mod resume;
mod silent;
mod socket;
mod stand;
mod storm;

use std::collections::HashMap;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Files that this process, and each of its children, may have open: one end of ten thousand sockets, and more.
const OPEN_FILES: usize = 12_000;

const SCENARIOS: [&str; 8] = [
    "idle",
    "paced",
    "saturation",
    "churn",
    "storm",
    "resume",
    "overload",
    "silent",
];

/// `name=value` arguments of a scenario.
pub struct Options(HashMap<String, String>);

impl Options {
    pub fn number(&self, name: &str, default: u64) -> u64 {
        match self.0.get(name) {
            None => default,
            Some(value) => value
                .parse()
                .unwrap_or_else(|_| panic!("{name} is a whole number, not {value}")),
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == bare::VERB) {
        return bare::serve();
    }
    raise_limit();
    queryforge::llm::install_crypto();
    let (options, names): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        // cargo says --bench
        .filter(|argument| !argument.starts_with("--"))
        .partition(|argument| argument.contains('='));
    let options = Options(
        options
            .into_iter()
            .filter_map(|option| option.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    );
    let all = names.is_empty();
    for name in SCENARIOS {
        if !all && !names.iter().any(|named| *named == name) {
            continue;
        }
        println!("\n== {name}");
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
            .block_on(async {
                match name {
                    "idle" => idle::measure(&options, all).await,
                    "paced" => paced::measure(&options, all).await,
                    "saturation" => overload::saturation(&options, all).await,
                    "churn" => churn::measure(&options, all).await,
                    "storm" => storm::measure(&options, all).await,
                    "resume" => resume::measure(&options, all).await,
                    "overload" => overload::measure(&options, all).await,
                    "silent" => silent::measure(&options, all).await,
                    _ => unreachable!("it is one of the list"),
                }
            });
    }
    for name in names {
        assert!(
            SCENARIOS.contains(&name.as_str()),
            "no scenario is called {name}; there are {SCENARIOS:?}"
        );
    }
}

/// Starts this program again with more files, where it may have too few.
fn raise_limit() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .and_then(|line| line.split_whitespace().nth(3))
        .and_then(|soft| soft.parse::<usize>().ok());
    if soft.is_none_or(|soft| soft >= OPEN_FILES) {
        return;
    }
    let error = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -Sn {OPEN_FILES} && exec \"$0\" \"$@\""),
        ])
        .args(std::env::args())
        .exec();
    panic!("{OPEN_FILES} open files are needed: {error}");
}
