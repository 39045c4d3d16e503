//! How to reach a dataset's database. Typed fields only, and never a secret: a password stands in a file of the
//! installation's, of which the name is kept.

use crate::query::Dialect;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How to reach a dataset's database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum DatasetConnection {
    Sqlite {
        path: PathBuf,
    },
    /// A database of our own private cluster, read as its SELECT-only role.
    Embedded {
        database: String,
    },
    #[serde(alias = "postgresql")]
    Postgres(ServerConnection),
    /// MariaDB too.
    #[serde(alias = "mariadb")]
    Mysql(ServerConnection),
    /// `database` means nothing here: a kdb+ process has one.
    Kdb(ServerConnection),
    Duckdb {
        path: PathBuf,
    },
    /// No database: a schema from DDL or JSON, whose queries are checked but not run.
    None {
        dialect: Dialect,
    },
}

/// A database server somewhere on the network, or behind a socket of this machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConnection {
    /// Empty: this machine.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// Absent: the engine's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// A Unix socket instead of host and port: for PostgreSQL its directory, for MySQL itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub database: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// Read when the dataset is opened or its schema read anew. A line break at its end is not part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    #[serde(default)]
    pub tls: Tls,
    /// The account may have rights to write, and somebody has decided that this is all right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_write: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    Off,
    /// Where the server has it.
    #[default]
    Prefer,
    Require,
    /// And the certificate is good for the host.
    Verify,
}

impl DatasetConnection {
    /// What its database understands.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Embedded { .. } | Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
            Self::Kdb(_) => Dialect::Kdb,
            Self::Duckdb { .. } => Dialect::Duckdb,
            Self::None { dialect } => *dialect,
        }
    }

    /// There is a database to run a query on.
    pub fn is_live(&self) -> bool {
        !matches!(self, Self::None { .. })
    }

    /// Whether an account that can write is accepted here. Files are opened so that nobody can.
    pub fn may_write(&self) -> bool {
        match self {
            Self::Postgres(server) | Self::Mysql(server) | Self::Kdb(server) => server.may_write,
            Self::Sqlite { .. }
            | Self::Embedded { .. }
            | Self::Duckdb { .. }
            | Self::None { .. } => false,
        }
    }
}

impl ServerConnection {
    /// The host to connect to.
    pub fn host(&self) -> &str {
        match self.host.as_str() {
            "" => "127.0.0.1",
            host => host,
        }
    }
}
