//! A private PostgreSQL, started and supervised by us, for whoever has not named a database of their own.
//!
//! What is where, below the data directory:
//!
//! | name | what |
//! |---|---|
//! | `postgres/` | the cluster (PGDATA), mode 0700, owned by the user the server runs as |
//! | `postgres-socket/` | its only door: a Unix socket in a 0700 directory, no TCP. A socket's path has at most 107 bytes; below a data directory too deep for that, the socket goes to `queryforge-<user>-<hash>` in the system's temporary directory |
//! | `postgres.log` | what the server says, without the text of any statement |
//! | `queryforge.lock` | locked while a server uses the directory, with its process id inside |
//!
//! Authentication is the directory's mode: whoever may open the socket is who they say they are. Root
//! cannot run PostgreSQL, so for root the cluster runs as the owner of an existing `postgres/`, else as
//! `postgres`, else as `nobody`; that user has to be able to walk to the data directory.
//!
//! Two roles besides the bootstrap superuser, which only this module and the samples use: `queryforge`
//! owns the database `queryforge`, and [`READER`] may read what it is granted and nothing else.
//!
//! The data is synced to disk at run time (`fsync` is on). Only the making of a cluster skips it, and
//! that is made up for in the background.

mod programs;
mod supervisor;

use self::supervisor::Supervisor;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Owner of our own database, and of every sample.
pub const OWNER: &str = "queryforge";
/// May log in and use what it is granted; it is granted SELECT on samples.
pub const READER: &str = "qf_reader";
const SUPERUSER: &str = "postgres";
/// Only the name of the socket's file: nothing listens on it.
const PORT: u16 = 5432;

/// A running cluster. Dropping it asks the server to stop; [`Cluster::stop`] also waits until it has.
pub struct Cluster {
    supervisor: Supervisor,
    socket_dir: PathBuf,
}

/// Why there is no embedded PostgreSQL, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "no PostgreSQL found on PATH or in /usr/lib/postgresql: install postgresql, or set DATABASE_URL to a server of yours"
    )]
    NoPostgres,
    #[error(
        "{} was made by PostgreSQL {data}, and only {} is installed: install postgresql-{data}, choose another data directory, or set DATABASE_URL",
        .dir.display(), list(.installed)
    )]
    OtherVersion {
        dir: PathBuf,
        data: u32,
        installed: Vec<u32>,
    },
    #[error("cannot write to {}: {source}: choose another data directory", .dir.display())]
    NotWritable { dir: PathBuf, source: io::Error },
    #[error(
        "PostgreSQL does not run as root, and the user {user} it would run as may not enter {}: choose a data directory below one that everybody may enter (such as /var/lib/queryforge), or chmod o+x it",
        .dir.display()
    )]
    NotTraversable { dir: PathBuf, user: String },
    #[error(
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody: add one, or set DATABASE_URL"
    )]
    NoUser,
    #[error("no space left for {}: free some, or choose another data directory", .dir.display())]
    DiskFull { dir: PathBuf },
    #[error("{} is in use by process {pid}: stop it, or choose another data directory", .dir.display())]
    InUse { dir: PathBuf, pid: String },
    #[error("initdb failed; its last lines:\n{last_lines}")]
    InitFailed { last_lines: String },
    #[error("PostgreSQL did not start; the last lines of {}:\n{last_lines}", .log.display())]
    StartFailed { log: PathBuf, last_lines: String },
    #[error("the embedded PostgreSQL refused to be set up: {0}")]
    Setup(#[from] sqlx::Error),
    #[error("{what}: {source}")]
    Io {
        what: &'static str,
        source: io::Error,
    },
}

impl Cluster {
    /// Starts the cluster below `data_dir`, making it first where there is none.
    ///
    /// A server that a killed process of ours left behind there is stopped first. Afterwards the
    /// server is started again whenever it dies. It does not outlive our process (on Linux the kernel
    /// sees to that; elsewhere the next start does).
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let (supervisor, socket_dir) = Supervisor::start(data_dir).await?;
        let cluster = Self {
            supervisor,
            socket_dir,
        };
        cluster.make_roles().await?;
        Ok(cluster)
    }

    /// For sqlx: `queryforge` itself in one of the databases.
    pub fn options(&self, database: &str) -> PgConnectOptions {
        self.options_as(OWNER, database)
    }

    /// For sqlx, as [`OWNER`] or as [`READER`].
    pub fn options_as(&self, role: &str, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_dir)
            .port(PORT)
            .username(role)
            .database(database)
            .application_name("queryforge")
    }

    /// The same as [`Cluster::options`], for whoever wants text.
    pub fn url(&self, database: &str) -> String {
        self.url_as(OWNER, database)
    }

    pub fn url_as(&self, role: &str, database: &str) -> String {
        format!(
            "postgres://{role}@localhost:{PORT}/{}?host={}",
            percent_encoded(database),
            percent_encoded(&self.socket_dir.to_string_lossy())
        )
    }

    /// The directory of the server's socket, for `psql -h`.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Whether the server accepts connections, as far as its supervisor knows.
    pub fn is_running(&self) -> bool {
        self.supervisor.is_running()
    }

    /// The postmaster's process id, while there is one.
    pub fn pid(&self) -> Option<u32> {
        self.supervisor.pid()
    }

    /// A database of that name exists afterwards, owned by [`OWNER`], closed to every other role.
    pub async fn ensure_database(&self, name: &str) -> Result<(), EmbeddedError> {
        let mut connection = self.connect_as_superuser("postgres").await?;
        make_database(&mut connection, name).await?;
        connection.close().await?;
        Ok(())
    }

    /// Stops the server: connections are closed, what is running is rolled back, a checkpoint is
    /// written. After ten seconds without success the server is stopped hard; its next start recovers.
    pub async fn stop(&self) {
        self.supervisor.stop().await;
    }

    pub(crate) async fn connect_as_superuser(
        &self,
        database: &str,
    ) -> Result<PgConnection, EmbeddedError> {
        let options = self.options_as(SUPERUSER, database);
        Ok(PgConnection::connect_with(&options).await?)
    }

    /// One round trip when all is there already.
    async fn make_roles(&self) -> Result<(), EmbeddedError> {
        let mut connection = self.connect_as_superuser("postgres").await?;
        let complete: bool = sqlx::query_scalar(
            "select (select count(*) from pg_roles where rolname in ($1, $2)) = 2
                and exists (select from pg_database where datname = $1)",
        )
        .bind(OWNER)
        .bind(READER)
        .fetch_one(&mut connection)
        .await?;
        if !complete {
            sqlx::raw_sql(ROLES).execute(&mut connection).await?;
            make_database(&mut connection, OWNER).await?;
        }
        connection.close().await?;
        Ok(())
    }
}

/// Safe to run again after it was interrupted anywhere.
const ROLES: &str = "
do $$ begin
    if not exists (select from pg_roles where rolname = 'queryforge') then
        create role queryforge login;
    end if;
    if not exists (select from pg_roles where rolname = 'qf_reader') then
        create role qf_reader login;
    end if;
end $$;
alter role qf_reader set default_transaction_read_only = on;
revoke connect, temporary on database postgres from public;
revoke connect, temporary on database template1 from public;
";

async fn make_database(connection: &mut PgConnection, name: &str) -> Result<(), EmbeddedError> {
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&mut *connection)
            .await?;
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    if !exists {
        // a statement of its own: it cannot run inside a transaction, which several would be
        sqlx::raw_sql(AssertSqlSafe(format!(
            "create database {quoted} owner {OWNER}"
        )))
        .execute(&mut *connection)
        .await?;
    }
    sqlx::raw_sql(AssertSqlSafe(format!(
        "revoke connect, temporary on database {quoted} from public"
    )))
    .execute(&mut *connection)
    .await?;
    Ok(())
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn list(versions: &[u32]) -> String {
    let words: Vec<String> = versions.iter().map(u32::to_string).collect();
    words.join(", ")
}

/// How long a start may take before we give up on it: crash recovery of a busy cluster included.
const START_DEADLINE: Duration = Duration::from_secs(60);

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
