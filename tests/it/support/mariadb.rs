//! A MariaDB of one test's own, where it is installed.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct MariaDb {
    server: Child,
    dir: TempDir,
}

impl MariaDb {
    /// Runs the statements of `setup` as root; they make the database `shop`. None, with a printed line, where
    /// MariaDB is not installed.
    pub async fn start(setup: &str) -> Option<Self> {
        Self::start_with(setup, &[]).await
    }

    /// With more options of the server's.
    pub async fn start_with(setup: &str, options: &[&str]) -> Option<Self> {
        let found = [
            "/usr/sbin/mariadbd",
            "/usr/bin/mariadbd",
            "/usr/local/bin/mariadbd",
        ]
        .into_iter()
        .find(|path| Path::new(path).exists());
        let Some(program) = found else {
            println!("skipped: mariadbd is not installed");
            return None;
        };
        let dir = tempfile::Builder::new()
            .prefix("qf-")
            .permissions(std::fs::Permissions::from_mode(0o777))
            .tempdir()
            .expect("the temporary directory is writable");
        // whatever the umask says: the server is another user
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777))
            .expect("it is ours");
        let data = dir.path().join("data");
        let user = if nix::unistd::Uid::effective().is_root() {
            "mysql".to_owned()
        } else {
            nix::unistd::User::from_uid(nix::unistd::Uid::effective())
                .ok()
                .flatten()
                .map_or_else(String::new, |user| user.name)
        };
        let made = Command::new("mariadb-install-db")
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", data.display()))
            .output()
            .expect("it comes with the server");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let server = Command::new(program)
            .args(["--no-defaults", "--skip-networking", "--skip-log-bin"])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", data.join("s").display()))
            .arg(format!("--tmpdir={}", dir.path().display()))
            .arg("--innodb-buffer-pool-size=16M")
            .args(options)
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(dir.path().join("log")).expect("writable"))
            .spawn()
            .expect("it runs");
        let mariadb = Self { server, dir };
        let deadline = Instant::now() + Duration::from_secs(60);
        while let Err(error) =
            MySqlConnection::connect_with(&mariadb.options("root").database("mysql")).await
        {
            let log = std::fs::read_to_string(mariadb.dir.path().join("log"));
            assert!(
                Instant::now() < deadline,
                "it does not start: {error} {log:?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut root = mariadb.root("mysql").await;
        for statement in setup.split(";\n").filter(|text| !text.trim().is_empty()) {
            sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
                .execute(&mut root)
                .await
                .expect(statement);
        }
        Some(mariadb)
    }

    pub fn options(&self, user: &str) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .socket(self.data_dir().join("s"))
            .username(user)
            .database("shop")
    }

    pub async fn root(&self, database: &str) -> MySqlConnection {
        MySqlConnection::connect_with(&self.options("root").database(database))
            .await
            .expect("root gets in")
    }

    /// The test's own directory, in which the server keeps its temporary files too.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.server.id() as i32);
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.server.wait();
    }
}
