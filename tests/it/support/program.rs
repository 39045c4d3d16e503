//! The program itself, as a child process that may die at any moment.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// What every process of an installation is given.
#[derive(Clone, Debug, Default)]
pub struct Variables(Vec<(String, String)>);

impl Variables {
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_string()));
        self
    }
}

pub struct Program {
    process: Child,
    pub address: SocketAddr,
    /// Standard error.
    log: PathBuf,
}

impl Program {
    /// Starts it and waits until it listens; its log goes to `dir`.
    pub async fn start(variables: &Variables, dir: &Path) -> Self {
        let mut said = String::new();
        // one that is to die at a point may reach it while it starts, over a turn that another left behind
        for _ in 0..8 {
            match Self::try_start(variables, dir).await {
                Ok(program) => return program,
                Err(why) => said = why,
            }
        }
        panic!("it did not start: {said}");
    }

    async fn try_start(variables: &Variables, dir: &Path) -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let log = dir.join(format!("program-{number}.log"));
        let stderr = std::fs::File::create(&log).expect("the directory is ours");
        let mut command = Command::new(env!("CARGO_BIN_EXE_queryforge"));
        command
            .env("QF_OLLAMA_DISCOVERY", "off")
            .env("PORT", "0")
            .env("QF_SUBMITS_PER_MINUTE", "0")
            .env("QF_RUNNING_TURNS", "0")
            .env("QF_SOCKETS", "0")
            .env("QF_WORKSPACE_TURNS", "0")
            .env("QF_PROCESS_TURNS", "0")
            .envs(variables.0.iter().map(|(name, value)| (name, value)))
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr);
        let mut process = command.spawn().expect("it runs");
        let said = process.stdout.take().expect("piped");
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            let _ = BufReader::new(said).read_line(&mut line);
            line
        });
        let line = tokio::time::timeout(Duration::from_secs(60), line).await;
        let line = line.expect("it starts within 60 s").expect("reading ends");
        let address = line.trim().strip_prefix("QueryForge is at http://");
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let _ = process.kill();
            let _ = process.wait();
            return Err(tail(&log));
        };
        Ok(Self {
            process,
            address,
            log,
        })
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// What it said last.
    pub fn log(&self) -> String {
        tail(&self.log)
    }

    /// Whether it wrote this into its log.
    pub fn said(&self, words: &str) -> bool {
        std::fs::read_to_string(&self.log).is_ok_and(|log| log.contains(words))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
