//! The thread that owns the server: makes its directory, starts it, waits for it, starts it again.
//!
//! A thread and not a task, because on Linux a child can be told to die with its parent, and
//! "parent" there means the *thread* that started it: a worker of a pool would do so too early.

use super::programs::{Account, Programs};
use super::{EmbeddedError, PORT, START_DEADLINE, SUPERUSER};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// `sun_path` has 108 bytes with its closing zero.
const SOCKET_PATH_BYTES: usize = 107;
/// Between two looks at a server that is starting: a start takes about 100 ms.
const POLL: Duration = Duration::from_millis(5);
/// A fast stop writes a checkpoint; after this long it is not going to.
const STOP_PATIENCE: Duration = Duration::from_secs(10);
const BACKOFF_FIRST: Duration = Duration::from_millis(50);
const BACKOFF_LAST: Duration = Duration::from_secs(5);
/// After this long a server counts as healthy, and its next death as its first.
const HEALTHY: Duration = Duration::from_secs(30);
/// A new cluster takes about 30 MB; with less than this it would die soon after.
const FREE_BYTES: u64 = 96 * 1024 * 1024;
/// The log is begun anew at a start that finds it larger.
const LOG_BYTES: u64 = 4 * 1024 * 1024;

/// Handle of the supervising thread.
pub(super) struct Supervisor {
    shared: Arc<Shared>,
    ended: watch::Receiver<bool>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Wakes the pause before a restart when we are to stop.
    stop: Condvar,
}

#[derive(Default)]
struct State {
    /// Set while the process exists and is not reaped: the only time when its number is surely its own.
    postmaster: Option<Pid>,
    ready: bool,
    stopping: bool,
}

impl Supervisor {
    /// Returns when the server accepts connections, with the directory of its socket.
    pub async fn start(data_dir: &Path) -> Result<(Self, PathBuf), EmbeddedError> {
        let shared = Arc::new(Shared::default());
        let (ready, is_ready) = oneshot::channel();
        let (ended_sender, ended) = watch::channel(false);
        let data_dir = data_dir.to_path_buf();
        let supervisor = Self {
            shared: Arc::clone(&shared),
            ended,
        };
        thread::Builder::new()
            .name("postgres-supervisor".into())
            .spawn(move || {
                supervise(&data_dir, &shared, ready);
                let _ = ended_sender.send(true);
            })
            .map_err(|source| EmbeddedError::Io {
                what: "cannot start a thread for PostgreSQL",
                source,
            })?;
        let socket_dir = is_ready.await.unwrap_or_else(|_| {
            Err(EmbeddedError::Io {
                what: "the supervisor of PostgreSQL ended",
                source: io::Error::other("see the log"),
            })
        })?;
        Ok((supervisor, socket_dir))
    }

    pub fn is_running(&self) -> bool {
        self.shared.lock().ready
    }

    pub fn pid(&self) -> Option<u32> {
        let pid = self.shared.lock().postmaster?;
        u32::try_from(pid.as_raw()).ok()
    }

    pub fn ask_to_stop(&self) {
        self.shared.ask_to_stop(Signal::SIGINT);
    }

    pub async fn stop(&self) {
        self.ask_to_stop();
        let mut ended = self.ended.clone();
        if tokio::time::timeout(STOP_PATIENCE, ended.wait_for(|ended| *ended))
            .await
            .is_err()
        {
            tracing::warn!("the embedded PostgreSQL does not stop; stopping it hard");
            self.shared.ask_to_stop(Signal::SIGQUIT);
            let _ = tokio::time::timeout(STOP_PATIENCE, ended.wait_for(|ended| *ended)).await;
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while holding it")
    }

    fn ask_to_stop(&self, signal: Signal) {
        let mut state = self.lock();
        state.stopping = true;
        if let Some(pid) = state.postmaster {
            let _ = kill(pid, signal);
        }
        self.stop.notify_all();
    }

    /// False when we are to stop.
    fn pause(&self, pause: Duration) -> bool {
        let (state, _) = self
            .stop
            .wait_timeout_while(self.lock(), pause, |state| !state.stopping)
            .expect("no code panics while holding it");
        !state.stopping
    }
}

type Ready = oneshot::Sender<Result<PathBuf, EmbeddedError>>;

fn supervise(data_dir: &Path, shared: &Shared, ready: Ready) {
    let (home, mut server) = match Home::prepare(data_dir)
        .and_then(|home| home.launch(shared).map(|server| (home, server)))
    {
        Ok(both) => both,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    if ready.send(Ok(home.socket_dir.clone())).is_err() {
        shared.ask_to_stop(Signal::SIGINT);
    }
    home.sync_once();
    let mut backoff = BACKOFF_FIRST;
    loop {
        let started = Instant::now();
        let status = wait_until_ended(&mut server, shared);
        if shared.lock().stopping {
            break;
        }
        tracing::error!(status, "the embedded PostgreSQL died; starting it again");
        if started.elapsed() > HEALTHY {
            backoff = BACKOFF_FIRST;
        }
        server = loop {
            if !shared.pause(backoff) {
                return home.leave();
            }
            backoff = (backoff * 2).min(BACKOFF_LAST);
            match home.launch(shared) {
                Ok(server) => break server,
                Err(error) => {
                    tracing::warn!(%error, "the embedded PostgreSQL did not start again yet");
                }
            }
        };
        tracing::info!("the embedded PostgreSQL runs again");
    }
    home.leave();
}

/// Waits without reaping first, so that nobody can signal a number that has become another process's.
fn wait_until_ended(server: &mut Child, shared: &Shared) -> String {
    let pid = pid_of(server);
    while let Err(Errno::EINTR) = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)
    {
    }
    let mut state = shared.lock();
    state.postmaster = None;
    state.ready = false;
    match server.wait() {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("process ids fit an i32"))
}

/// The directories of one cluster, locked.
struct Home {
    pgdata: PathBuf,
    socket_dir: PathBuf,
    log: PathBuf,
    programs: Programs,
    account: Account,
    /// Made by this start, so not surely on disk yet.
    is_new: bool,
    /// Locked while this lives.
    _lock: File,
}

impl Home {
    fn prepare(data_dir: &Path) -> Result<Self, EmbeddedError> {
        make_dir(data_dir, if is_root() { 0o711 } else { 0o700 })?;
        let data_dir = fs::canonicalize(data_dir).map_err(not_writable(data_dir))?;
        let lock = lock(&data_dir)?;

        let pgdata = data_dir.join("postgres");
        let account = Account::choose(&pgdata)?;
        account.must_reach(&data_dir)?;
        let installed = Programs::installed();
        let newest = installed.first().ok_or(EmbeddedError::NoPostgres)?;
        let made_by = version_of(&pgdata)?;
        let programs = match made_by {
            None => newest.clone(),
            Some(data) => installed
                .iter()
                .find(|programs| programs.major == data)
                .cloned()
                .ok_or_else(|| EmbeddedError::OtherVersion {
                    dir: pgdata.clone(),
                    data,
                    installed: installed.iter().map(|programs| programs.major).collect(),
                })?,
        };
        if made_by.is_none() {
            make_cluster(&data_dir, &pgdata, &programs, &account)?;
        } else {
            stop_leftover(&pgdata)?;
        }
        Ok(Self {
            socket_dir: make_socket_dir(&data_dir, &account)?,
            log: data_dir.join("postgres.log"),
            pgdata,
            programs,
            account,
            is_new: made_by.is_none(),
            _lock: lock,
        })
    }

    /// Starts the server and waits until it accepts connections.
    fn launch(&self, shared: &Shared) -> Result<Child, EmbeddedError> {
        let io = |what| move |source| EmbeddedError::Io { what, source };
        let mut log = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&self.log)
            .map_err(not_writable(&self.log))?;
        let mut log_start = log.metadata().map_err(io("cannot read the log"))?.len();
        if log_start > LOG_BYTES {
            log.set_len(0).map_err(io("cannot empty the log"))?;
            log_start = 0;
        }
        let mut command = self.programs.command("postgres", &self.account);
        command
            .arg("-D")
            .arg(&self.pgdata)
            .args(settings(&self.socket_dir))
            .stdout(log.try_clone().map_err(io("cannot share the log"))?)
            .stderr(log.try_clone().map_err(io("cannot share the log"))?)
            // a Ctrl-C in the terminal is for us to answer: the server stops after our last turn
            .process_group(0);
        die_with_us(&mut command);

        let mut server = {
            let mut state = shared.lock();
            let server = command.spawn().map_err(io("cannot run postgres"))?;
            state.postmaster = Some(pid_of(&server));
            if state.stopping {
                let _ = kill(pid_of(&server), Signal::SIGINT);
            }
            server
        };
        let deadline = Instant::now() + START_DEADLINE;
        loop {
            if says_ready(&self.pgdata, server.id()) {
                shared.lock().ready = true;
                return Ok(server);
            }
            let late = Instant::now() > deadline;
            if late {
                let _ = kill(pid_of(&server), Signal::SIGQUIT);
            }
            if late || has_ended(&server) {
                wait_until_ended(&mut server, shared);
                let last_lines = tail(&mut log, log_start);
                return Err(if last_lines.contains("No space left on device") {
                    EmbeddedError::DiskFull {
                        dir: self.pgdata.clone(),
                    }
                } else {
                    EmbeddedError::StartFailed {
                        log: self.log.clone(),
                        last_lines,
                    }
                });
            }
            thread::sleep(POLL);
        }
    }

    /// initdb left its files in the system's cache to be quick; nobody waits for them here.
    fn sync_once(&self) {
        if !self.is_new {
            return;
        }
        let synced = self
            .programs
            .command("initdb", &self.account)
            .arg("--sync-only")
            .arg("-D")
            .arg(&self.pgdata)
            .output();
        if !synced.is_ok_and(|output| output.status.success()) {
            tracing::warn!("the new cluster could not be synced to disk");
        }
    }

    /// Takes along the socket's directory, where it is not below the data directory; only when empty.
    fn leave(&self) {
        if self.socket_dir.parent() != self.pgdata.parent() {
            let _ = fs::remove_dir(&self.socket_dir);
        }
    }
}

/// What is not said here is the server's default; `fsync` and `synchronous_commit` stay on.
fn settings(socket_dir: &Path) -> Vec<String> {
    let mut arguments = Vec::new();
    for (name, value) in [
        ("listen_addresses", ""),
        ("port", &PORT.to_string()),
        (
            "unix_socket_directories",
            // a list, so a comma or a quote in the path would be read as two paths
            &format!("\"{}\"", socket_dir.to_string_lossy().replace('"', "\"\"")),
        ),
        ("unix_socket_permissions", "0700"),
        ("cluster_name", "queryforge"),
        // a slot costs some kilobytes; harnesses run twenty processes of ours on one of these
        ("max_connections", "400"),
        // nobody replicates from here, and each of these would be one process more to start
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("max_logical_replication_workers", "0"),
        ("jit", "off"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        // to our own file, and no statement's text in it
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        ("log_min_messages", "log"),
        ("log_min_error_statement", "panic"),
        ("log_checkpoints", "off"),
    ] {
        arguments.push("-c".to_owned());
        arguments.push(format!("{name}={value}"));
    }
    arguments
}

/// The kernel tells the server to stop (a fast stop, as a clean one of ours is) when our thread is gone,
/// even by kill -9.
#[cfg(target_os = "linux")]
fn die_with_us(command: &mut Command) {
    let us = nix::unistd::getpid();
    let before_exec = move || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGINT)?;
        // died in between: nobody would ever tell
        if nix::unistd::getppid() != us {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe calls are allowed; these are two system
    // calls, and neither allocates nor takes a lock. The wrapper program that would avoid `unsafe`
    // (setpriv) is not installed everywhere.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(before_exec);
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_us(_: &mut Command) {}

fn has_ended(child: &Child) -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
    !matches!(
        waitid(Id::Pid(pid_of(child)), flags),
        Ok(WaitStatus::StillAlive) | Err(Errno::EINTR)
    )
}

/// The server's own word: the first line of its file is its process, the eighth its state.
fn says_ready(pgdata: &Path, pid: u32) -> bool {
    let Ok(text) = fs::read_to_string(pgdata.join("postmaster.pid")) else {
        return false;
    };
    let mut lines = text.lines();
    lines.next().and_then(|line| line.trim().parse().ok()) == Some(pid)
        && lines.nth(6).is_some_and(|line| line.trim() == "ready")
}

fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

fn not_writable(dir: &Path) -> impl FnOnce(io::Error) -> EmbeddedError {
    let dir = dir.to_path_buf();
    |source| {
        if source.kind() == io::ErrorKind::StorageFull {
            EmbeddedError::DiskFull { dir }
        } else {
            EmbeddedError::NotWritable { dir, source }
        }
    }
}

/// Directories above are made too; one that exists keeps its mode.
fn make_dir(dir: &Path, mode: u32) -> Result<(), EmbeddedError> {
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(dir)
        .map_err(not_writable(dir))
}

fn lock(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("queryforge.lock");
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .map_err(not_writable(data_dir))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = file.read_to_string(&mut pid);
            return Err(EmbeddedError::InUse {
                dir: data_dir.to_path_buf(),
                pid: pid.trim().to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(not_writable(data_dir)(source)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(not_writable(data_dir))?;
    Ok(file)
}

/// The major version that made the cluster; none where there is no cluster yet.
fn version_of(pgdata: &Path) -> Result<Option<u32>, EmbeddedError> {
    match fs::read_to_string(pgdata.join("PG_VERSION")) {
        Ok(text) => {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            Ok(Some(digits.parse().unwrap_or(0)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(not_writable(pgdata)(source)),
    }
}

/// Made under another name and renamed when complete, so a half-made cluster is never taken for one.
fn make_cluster(
    data_dir: &Path,
    pgdata: &Path,
    programs: &Programs,
    account: &Account,
) -> Result<(), EmbeddedError> {
    #[allow(clippy::useless_conversion, reason = "32 bits on some systems")]
    let free = nix::sys::statvfs::statvfs(data_dir)
        .map(|disk| u64::from(disk.blocks_available()) * u64::from(disk.fragment_size()));
    if free.is_ok_and(|bytes| bytes < FREE_BYTES) {
        return Err(EmbeddedError::DiskFull {
            dir: data_dir.to_path_buf(),
        });
    }
    // unique, so that one left behind by a kill is no obstacle (and nothing of it is ever reused)
    let being_made = data_dir.join(format!("postgres-{}.new", uuid::Uuid::now_v7().simple()));
    make_dir(&being_made, 0o700)?;
    give_to(&being_made, account)?;
    let mut last_lines = String::new();
    // Debian and newer C libraries have C.UTF-8; where it is missing, C sorts the same
    for locale in ["C.UTF-8", "C"] {
        let made = programs
            .command("initdb", account)
            .arg("-D")
            .arg(&being_made)
            .args(["-U", SUPERUSER, "-A", "trust", "-E", "UTF8"])
            .args(["--no-sync", "--no-instructions", "--wal-segsize=4"])
            .arg(format!("--locale={locale}"))
            .output()
            .map_err(|source| EmbeddedError::Io {
                what: "cannot run initdb",
                source,
            })?;
        if made.status.success() {
            return fs::rename(&being_made, pgdata).map_err(not_writable(pgdata));
        }
        let said = [made.stdout, made.stderr].concat();
        last_lines = last(&String::from_utf8_lossy(&said));
        if !last_lines.contains("locale") {
            break;
        }
    }
    // initdb emptied it; if it could not, it stays and the error says why
    let _ = fs::remove_dir(&being_made);
    Err(if last_lines.contains("No space left on device") {
        EmbeddedError::DiskFull {
            dir: data_dir.to_path_buf(),
        }
    } else {
        EmbeddedError::InitFailed { last_lines }
    })
}

fn give_to(dir: &Path, account: &Account) -> Result<(), EmbeddedError> {
    if !account.change {
        return Ok(());
    }
    std::os::unix::fs::lchown(dir, Some(account.uid.as_raw()), Some(account.gid.as_raw()))
        .map_err(not_writable(dir))
}

/// We hold the lock, so a server that still runs there is one that a killed process of ours left.
fn stop_leftover(pgdata: &Path) -> Result<(), EmbeddedError> {
    let pid_file = pgdata.join("postmaster.pid");
    let Some(pid) = fs::read_to_string(&pid_file)
        .ok()
        .and_then(|text| text.lines().next()?.trim().parse().ok())
        .filter(|pid| *pid > 1)
        .map(Pid::from_raw)
    else {
        return Ok(());
    };
    if !is_postmaster_of(pid, pgdata) {
        // The number has become another process's, as it often does in containers. The server would
        // refuse to start for it; what it checks beside (shared memory in use) stays checked.
        if kill(pid, None).is_ok() {
            let _ = fs::remove_file(&pid_file);
        }
        return Ok(());
    }
    tracing::info!(
        pid = pid.as_raw(),
        "stopping a PostgreSQL that a killed process left behind"
    );
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        let _ = kill(pid, signal);
        let deadline = Instant::now() + STOP_PATIENCE;
        while Instant::now() < deadline {
            if !is_postmaster_of(pid, pgdata) {
                return Ok(());
            }
            thread::sleep(POLL);
        }
    }
    Err(EmbeddedError::InUse {
        dir: pgdata.to_path_buf(),
        pid: pid.to_string(),
    })
}

/// By its command line, which anybody may read: `postgres -D <pgdata> …`, as we start it.
#[cfg(target_os = "linux")]
fn is_postmaster_of(pid: Pid, pgdata: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else {
        return false;
    };
    let mut words = line.split(|byte| *byte == 0);
    words
        .next()
        .is_some_and(|program| program.ends_with(b"postgres"))
        && words.any(|word| word == pgdata.as_os_str().as_bytes())
}

#[cfg(not(target_os = "linux"))]
fn is_postmaster_of(pid: Pid, pgdata: &Path) -> bool {
    let Ok(said) = Command::new("ps")
        .args(["-o", "command=", "-p", &pid.to_string()])
        .output()
    else {
        return false;
    };
    let line = String::from_utf8_lossy(&said.stdout);
    line.contains("postgres") && line.contains(&*pgdata.to_string_lossy())
}

/// Below the data directory where the path is short enough, else in the temporary directory.
fn make_socket_dir(data_dir: &Path, account: &Account) -> Result<PathBuf, EmbeddedError> {
    let near = data_dir.join("postgres-socket");
    let fits = |dir: &Path| {
        dir.as_os_str().len() + format!("/.s.PGSQL.{PORT}.lock").len() <= SOCKET_PATH_BYTES
    };
    let dir = if fits(&near) {
        near
    } else {
        let hash = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
        let name = format!(
            "queryforge-{}-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}",
            account.uid, hash[0], hash[1], hash[2], hash[3], hash[4], hash[5]
        );
        let far = std::env::temp_dir().join(name);
        account.must_reach(&std::env::temp_dir())?;
        far
    };
    match DirBuilder::new().mode(0o700).create(&dir) {
        Ok(()) => give_to(&dir, account)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(not_writable(&dir)(source)),
    }
    // somebody else may have put a directory, or a link to one, under a name that can be guessed
    let found = fs::symlink_metadata(&dir).map_err(not_writable(&dir))?;
    let private = found.is_dir()
        && found.uid() == account.uid.as_raw()
        && found.permissions().mode() & 0o077 == 0;
    if !private {
        return Err(EmbeddedError::NotWritable {
            source: io::Error::other(format!(
                "it is not a directory of mode 0700 that belongs to {}",
                account.name
            )),
            dir,
        });
    }
    Ok(dir)
}

fn tail(log: &mut File, from: u64) -> String {
    let mut text = Vec::new();
    let _ = log
        .seek(SeekFrom::Start(from))
        .and_then(|_| log.take(64 * 1024).read_to_end(&mut text));
    last(&String::from_utf8_lossy(&text))
}

fn last(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
