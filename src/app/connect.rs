//! From a dataset's connection to its target.

use crate::knowledge::live::OpenTarget;
use crate::store::embedded::{Cluster, READER};
use crate::store::{DatasetConnection, ServerConnection, Tls};
use crate::target::duckdb::{self, DuckDbTarget};
use crate::target::kdb::{self, KdbTarget};
use crate::target::mysql::{self, MySqlTarget};
use crate::target::postgres::{self, PostgresTarget};
use crate::target::sqlite::{self, SqliteTarget};
use crate::target::{Target, TargetError, Unconnected};
use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::sync::Arc;

/// Where a kdb+ process listens when nobody says.
const KDB_PORT: u16 = 5000;

pub(super) fn open_target(cluster: Option<Arc<Cluster>>, duckdb: duckdb::Settings) -> OpenTarget {
    Arc::new(move |connection| -> Result<Arc<dyn Target>, TargetError> {
        Ok(match connection {
            DatasetConnection::None { dialect } => Arc::new(Unconnected(*dialect)),
            DatasetConnection::Sqlite { path } => {
                Arc::new(SqliteTarget::new(path.clone(), sqlite::Settings::default()))
            }
            DatasetConnection::Embedded { database } => {
                let cluster = cluster.as_ref().ok_or_else(|| {
                    TargetError::Unreachable(
                        "this sample lives in the private PostgreSQL, which is not running because DATABASE_URL is set".to_owned(),
                    )
                })?;
                Arc::new(PostgresTarget::new(
                    cluster.options_as(READER, database),
                    postgres::Settings::default(),
                ))
            }
            DatasetConnection::Postgres(server) => Arc::new(PostgresTarget::new(
                postgres_options(server)?,
                postgres::Settings::default(),
            )),
            DatasetConnection::Mysql(server) => Arc::new(MySqlTarget::new(
                mysql_options(server)?,
                mysql::Settings::default(),
            )),
            DatasetConnection::Kdb(server) => Arc::new(KdbTarget::new(
                kdb_address(server)?,
                kdb::Settings::default(),
            )),
            DatasetConnection::Duckdb { path } => {
                Arc::new(DuckDbTarget::new(path.clone(), duckdb.clone()))
            }
        })
    })
}

fn postgres_options(server: &ServerConnection) -> Result<PgConnectOptions, TargetError> {
    // nothing from the environment: PGPASSWORD and its like are meant for somebody else
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(server.host())
        .port(server.port.unwrap_or(5432))
        .username(&server.user)
        .database(&server.database)
        .ssl_mode(match server.tls {
            Tls::Off => PgSslMode::Disable,
            Tls::Prefer => PgSslMode::Prefer,
            Tls::Require => PgSslMode::Require,
            Tls::Verify => PgSslMode::VerifyFull,
        });
    if let Some(socket) = &server.socket {
        options = options.socket(socket);
    }
    if let Some(password) = password(server)? {
        options = options.password(password.expose_secret());
    }
    Ok(options)
}

fn mysql_options(server: &ServerConnection) -> Result<MySqlConnectOptions, TargetError> {
    let mut options = MySqlConnectOptions::new()
        .host(server.host())
        .port(server.port.unwrap_or(3306))
        .username(&server.user)
        .database(&server.database)
        .ssl_mode(match server.tls {
            Tls::Off => MySqlSslMode::Disabled,
            Tls::Prefer => MySqlSslMode::Preferred,
            Tls::Require => MySqlSslMode::Required,
            Tls::Verify => MySqlSslMode::VerifyIdentity,
        });
    if let Some(socket) = &server.socket {
        options = options.socket(socket);
    }
    if let Some(password) = password(server)? {
        options = options.password(password.expose_secret());
    }
    Ok(options)
}

fn kdb_address(server: &ServerConnection) -> Result<kdb::Address, TargetError> {
    if matches!(server.tls, Tls::Require | Tls::Verify) || server.socket.is_some() {
        return Err(TargetError::Unreachable(
            "kdb+ is reached over plain TCP only; put a tunnel in front of it where that is not enough"
                .to_owned(),
        ));
    }
    Ok(kdb::Address {
        host: server.host().to_owned(),
        port: server.port.unwrap_or(KDB_PORT),
        user: server.user.clone(),
        password: password(server)?,
    })
}

fn password(server: &ServerConnection) -> Result<Option<SecretString>, TargetError> {
    let Some(path) = &server.password_file else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        TargetError::Unreachable(format!(
            "the password file {} cannot be read: {error}",
            path.display()
        ))
    })?;
    Ok(Some(SecretString::from(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    )))
}
