//! The command line: `serve` by default, the other verbs beside it.

use clap::{Parser, Subcommand};
use queryforge::commands;
use std::process::ExitCode;

/// In `benches/load`, beside glibc's: 250 turns a second and not 200, and a waiting socket takes 5.4 kB and not 9.8.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(
    name = "queryforge",
    version,
    about = "Ask a database a question in plain language; watch the query being made, checked and run."
)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve the browser app and the API (what happens without a verb)
    Serve,
    /// Bring the tables of our own database up to date, and stop
    Migrate,
    /// Ask a question of a running server, and watch its turn
    Ask(commands::ask::Arguments),
    /// Play a turn again from what was kept of it, exactly or as of today
    Replay(commands::replay::Arguments),
    /// Check queries: JSON lines {id, dialect, schema | schema_file, sql} on standard input
    Check(commands::check::Arguments),
    /// Make a dataset of a running server from DDL, schema JSON or an SQLite database
    Onboard(commands::onboard::Arguments),
    /// Import examples from JSON lines or Markdown into a dataset of a running server
    Import(commands::import::Arguments),
    /// Search schemas: JSON lines {id, question, schema | schema_file} on standard input
    Search(commands::search::Arguments),
    /// Read a DuckDB file for another of our processes; of no use by hand
    #[command(hide = true)]
    DuckdbWorker,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.verb.unwrap_or(Verb::Serve) {
        Verb::Serve => commands::serve::run(),
        Verb::Migrate => commands::serve::migrate(),
        Verb::Ask(arguments) => commands::ask::run(arguments),
        Verb::Replay(arguments) => commands::replay::run(arguments),
        Verb::Check(arguments) => commands::check::run(&arguments),
        Verb::Onboard(arguments) => commands::onboard::run(arguments),
        Verb::Import(arguments) => commands::import::run(arguments),
        Verb::Search(arguments) => commands::search::run(&arguments),
        Verb::DuckdbWorker => commands::duckdb_worker(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("queryforge: {error}");
            ExitCode::FAILURE
        }
    }
}
