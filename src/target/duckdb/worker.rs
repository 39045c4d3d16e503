//! The process that has a DuckDB file open: `queryforge duckdb-worker`.
//!
//! It reads one JSON line for each [`Request`] and writes one for each [`Answer`], and ends with its input. Before it
//! loads anything it gives up what it does not need: new privileges, core files, writing files at all, more memory
//! than it is given, processor time without end; where the kernel has them (network namespaces, Landlock) also the
//! network, and every file besides this one and what a program needs to be loaded.

use super::library::{Database, Opened};
use crate::target::Rows;
use landlock::{
    ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    path_beneath_rules,
};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

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
            ) => match confine(memory_mib + MEMORY_BESIDE, processor_seconds)
                .map_err(|error| error.to_string())
                .and_then(|()| {
                    see_only(&path, library.as_deref()).map_err(|error| error.to_string())
                }) {
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

/// What a program reads to be loaded and to know its machine.
const SYSTEM: [&str; 11] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/etc/ld.so.cache",
    "/proc/self",
    "/proc/meminfo",
    "/proc/cpuinfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
];

/// From here on this thread, and those it starts, can open nothing but these, and write nothing. On a kernel without
/// Landlock nothing changes.
fn see_only(file: &Path, library: Option<&Path>) -> Result<(), RulesetError> {
    let version = ABI::V3;
    // what was written to the file last, when it was not closed well
    let mut log = file.as_os_str().to_owned();
    log.push(".wal");
    let readable = SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain([file.to_owned(), PathBuf::from(log)])
        .chain(library.map(Path::to_owned));
    Ruleset::default()
        .handle_access(AccessFs::from_all(version))?
        .create()?
        // a path that is not there has no rule
        .add_rules(path_beneath_rules(readable, AccessFs::from_read(version)))?
        .restrict_self()?;
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

    /// In a process of its own: nothing of it can be undone.
    #[test]
    fn a_confined_process_sees_one_file_and_no_network() {
        let output = std::process::Command::new(std::env::current_exe().expect("we run"))
            .args([
                "--ignored",
                "--exact",
                "target::duckdb::worker::tests::confined_alone",
            ])
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}"
        );
    }

    #[test]
    #[ignore = "a_confined_process_sees_one_file_and_no_network runs it"]
    fn confined_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        let (own, other) = (dir.path().join("own"), dir.path().join("other"));
        for path in [&own, &other] {
            std::fs::write(path, "text").expect("written");
        }
        let server = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = server.local_addr().expect("bound");
        confine(4096, 600).expect("confined");
        see_only(&own, None).expect("blinkered");
        // a kernel that has neither proves nothing
        let has_landlock = std::fs::File::open("/etc/passwd").is_err();
        println!("Landlock: {has_landlock}");
        assert_eq!(std::fs::read_to_string(&own).expect("its own"), "text");
        if has_landlock {
            assert!(std::fs::read_to_string(&other).is_err());
            assert!(std::fs::read_dir(dir.path()).is_err());
            assert!(std::fs::write(&own, "changed").is_err());
            assert!(std::fs::write(dir.path().join("new"), "").is_err());
            assert!(std::fs::remove_file(&own).is_err());
        }
        let reached = std::net::TcpStream::connect(address);
        println!("network: {}", reached.is_ok());
        let namespace = std::fs::read_link("/proc/self/ns/net").ok();
        let outside = std::fs::read_link(format!(
            "/proc/{}/ns/net",
            std::os::unix::process::parent_id()
        ));
        if namespace.is_some() && outside.is_ok_and(|outside| Some(outside) != namespace) {
            assert!(reached.is_err());
        }
    }

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
