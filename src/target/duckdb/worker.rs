//! The process that has a DuckDB file open: `queryforge duckdb-worker`.
//!
//! It reads one JSON line for each [`Request`] and writes one for each [`Answer`], and ends with its input. Before it
//! loads anything it gives up what it does not need: new privileges, core files, writing files at all, more memory
//! than it is given, processor time without end, and the network where the kernel allows that.

use super::library::{Database, Opened};
use crate::target::Rows;
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// The first one, and only once.
    Open {
        library: Option<PathBuf>,
        path: PathBuf,
        memory_mib: u64,
        threads: u32,
        processor_seconds: u64,
    },
    Run {
        sql: String,
        max_rows: usize,
        max_bytes: usize,
    },
    Explain {
        sql: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Opened {
        version: String,
    },
    Rows(Rows),
    Plan {
        text: String,
    },
    Failed {
        message: String,
        /// Of a query, in characters from 1.
        position: Option<usize>,
        /// It is about the library or the file, not about a query.
        unreachable: bool,
    },
}

/// What DuckDB needs beside its own limit: its code, its threads' stacks, what is counted nowhere. In MiB.
const MEMORY_BESIDE: u64 = 2048;
const OPEN_FILES: u64 = 128;

/// Serves standard input until it ends.
pub fn serve() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = String::new();
    let mut database: Option<Database> = None;
    while input.read_line(&mut line)? > 0 {
        let answer = match (serde_json::from_str(&line), &database) {
            (
                Ok(Request::Open {
                    library,
                    path,
                    memory_mib,
                    threads,
                    processor_seconds,
                }),
                None,
            ) => match confine(memory_mib + MEMORY_BESIDE, processor_seconds) {
                Ok(()) => match Database::open(library.as_deref(), &path, memory_mib, threads) {
                    Ok(Opened {
                        database: opened,
                        version,
                    }) => {
                        database = Some(opened);
                        Answer::Opened { version }
                    }
                    Err(message) => failed(message, true),
                },
                Err(error) => failed(
                    format!("DuckDB's process cannot be confined: {error}"),
                    true,
                ),
            },
            (
                Ok(Request::Run {
                    sql,
                    max_rows,
                    max_bytes,
                }),
                Some(database),
            ) => match database.run(&sql, max_rows, max_bytes) {
                Ok(rows) => Answer::Rows(rows),
                Err(message) => of_query(&message, &sql),
            },
            (Ok(Request::Explain { sql }), Some(database)) => match database.explain(&sql) {
                Ok(text) => Answer::Plan { text },
                Err(message) => of_query(&message, &sql),
            },
            _ => failed("the worker was asked out of turn".to_owned(), true),
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

/// For the rest of this process's life. What cannot be had is an error, except for the network's absence.
fn confine(memory_mib: u64, processor_seconds: u64) -> nix::Result<()> {
    prctl::set_no_new_privs()?;
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    let memory = memory_mib << 20;
    for (resource, limit) in [
        (Resource::RLIMIT_CORE, 0),
        // a pipe is no file: answers still go out
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_AS, memory),
        (Resource::RLIMIT_CPU, processor_seconds),
        (Resource::RLIMIT_NOFILE, OPEN_FILES),
    ] {
        setrlimit(resource, limit, limit)?;
    }
    // without root a network of one's own wants a user space of one's own, which not every kernel gives
    if unshare(CloneFlags::CLONE_NEWNET).is_err() {
        let _ = unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET);
    }
    Ok(())
}

fn failed(message: String, unreachable: bool) -> Answer {
    Answer::Failed {
        message,
        position: None,
        unreachable,
    }
}

/// DuckDB shows the line and a caret below the place: the place is read from there, the picture is left out.
fn of_query(message: &str, sql: &str) -> Answer {
    let position = place(message, sql);
    let message = message.split("\n\nLINE ").next().unwrap_or(message).trim();
    Answer::Failed {
        message: message.to_owned(),
        position,
        unreachable: false,
    }
}

fn place(message: &str, sql: &str) -> Option<usize> {
    let (_, picture) = message.split_once("\n\nLINE ")?;
    let (line, caret) = picture.split_once('\n')?;
    let (number, shown) = line.split_once(": ")?;
    let number: usize = number.parse().ok()?;
    // a long line is cut at its beginning
    if shown.starts_with("...") {
        return None;
    }
    let before = "LINE : ".len() + line.split(':').next()?.len();
    let column = caret.find('^')?.checked_sub(before)?;
    let mut lines = sql.split('\n').map(|line| line.chars().count() + 1);
    let before: usize = lines.by_ref().take(number.checked_sub(1)?).sum();
    // a line that is not there has no place
    lines.next().map(|_| before + column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_is_a_position_in_the_query() {
        let sql = "select 1,\n  nmae from t";
        let said = "Binder Error: Referenced column \"nmae\" not found\n\nLINE 2:   nmae from t\n          ^";
        assert_eq!(place(said, sql), Some(13));
        assert_eq!(place("Binder Error: no picture", sql), None);
        assert_eq!(place("x\n\nLINE 2: ... from t\n   ^", sql), None);
        assert_eq!(place("x\n\nLINE 99: a\n         ^", sql), None);
    }
}
