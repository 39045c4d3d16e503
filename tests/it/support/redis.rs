//! A Redis of a test's own.

use super::server::scratch;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct RedisServer {
    process: Child,
    pub address: SocketAddr,
    dir: tempfile::TempDir,
}

impl RedisServer {
    pub fn start() -> Self {
        let dir = scratch();
        let address = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port");
        let server = Self {
            process: spawn(address, dir.path()),
            address,
            dir,
        };
        server.answers();
        server
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub fn connection(&self) -> Option<redis::Connection> {
        redis::Client::open(self.url()).ok()?.get_connection().ok()
    }

    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Runs a command that answers nothing of interest.
    pub fn command(&self, words: &[&str]) {
        let mut connection = self.connection().expect("Redis answers");
        let mut command = redis::cmd(words[0]);
        for word in &words[1..] {
            command.arg(*word);
        }
        let _: redis::Value = command.query(&mut connection).expect(words[0]);
    }

    /// Where it was, with nothing in it; does not wait for it.
    pub fn restart(&mut self) {
        self.kill();
        self.process = spawn(self.address, self.dir.path());
    }

    /// Waits until it does.
    fn answers(&self) {
        let began = Instant::now();
        while self.connection().is_none() {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "Redis does not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(address: SocketAddr, dir: &std::path::Path) -> Child {
    Command::new("redis-server")
        .args(["--port", &address.port().to_string()])
        .args(["--bind", "127.0.0.1", "--save", ""])
        .current_dir(dir)
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed; `make test` sees to it")
}
