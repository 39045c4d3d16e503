//! Datasets that an installation lists in a file; `docs/datasets.md` describes it.

use crate::store::{DatasetConnection, LOCAL_WORKSPACE, NewDataset, Origin};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file cannot be used; says where and why.
#[derive(Debug, thiserror::Error)]
pub enum ConfiguredError {
    #[error("QF_DATASETS: {} cannot be read: {source}", .path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("QF_DATASETS: {} is not as docs/datasets.md describes it: {source}", .path.display())]
    Malformed {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("QF_DATASETS: {} names the dataset '{name}' twice", .path.display())]
    Twice { path: PathBuf, name: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    datasets: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    description: String,
    connection: DatasetConnection,
    /// To begin with.
    #[serde(default)]
    questions: Vec<String>,
}

/// The datasets of the file at `path`.
pub fn read(path: &Path) -> Result<Vec<NewDataset>, ConfiguredError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfiguredError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let file: File = serde_json::from_str(&text).map_err(|source| ConfiguredError::Malformed {
        path: path.to_owned(),
        source,
    })?;
    let mut datasets: Vec<NewDataset> = Vec::new();
    for entry in file.datasets {
        if datasets.iter().any(|known| known.name == entry.name) {
            return Err(ConfiguredError::Twice {
                path: path.to_owned(),
                name: entry.name,
            });
        }
        datasets.push(NewDataset {
            workspace_id: LOCAL_WORKSPACE,
            name: entry.name,
            description: entry.description,
            dialect: entry.connection.dialect(),
            connection: entry.connection,
            questions: entry.questions,
            origin: Origin::Connection,
        });
    }
    Ok(datasets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Dialect;
    use crate::store::{ServerConnection, Tls};

    fn read_text(text: &str) -> Result<Vec<NewDataset>, ConfiguredError> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("written");
        read(file.path())
    }

    #[test]
    fn every_engine_can_be_listed() {
        let datasets = read_text(
            r#"{"datasets": [
                {"name": "Shop", "connection": {"kind": "mariadb", "host": "db", "database": "shop", "user": "reader",
                    "password_file": "/run/secrets/shop", "tls": "verify"}},
                {"name": "Ticks", "description": "trades", "questions": ["how many trades?"],
                    "connection": {"kind": "kdb", "port": 5010}},
                {"name": "Books", "connection": {"kind": "postgres", "socket": "/run/postgresql", "database": "books"}},
                {"name": "File", "connection": {"kind": "sqlite", "path": "/data/a.sqlite"}},
                {"name": "Duck", "connection": {"kind": "duckdb", "path": "/data/a.duckdb"}}]}"#,
        )
        .expect("a good file");
        let dialects: Vec<Dialect> = datasets.iter().map(|dataset| dataset.dialect).collect();
        assert_eq!(
            dialects,
            [
                Dialect::Mysql,
                Dialect::Kdb,
                Dialect::Postgres,
                Dialect::Sqlite,
                Dialect::Duckdb
            ]
        );
        assert_eq!(
            datasets[0].connection,
            DatasetConnection::Mysql(ServerConnection {
                host: "db".into(),
                database: "shop".into(),
                user: "reader".into(),
                password_file: Some("/run/secrets/shop".into()),
                tls: Tls::Verify,
                ..ServerConnection::default()
            })
        );
        // as the store keeps it, and reads it again
        for dataset in datasets {
            let kept = serde_json::to_value(&dataset.connection).expect("JSON");
            let read: DatasetConnection = serde_json::from_value(kept).expect("the same");
            assert_eq!(read, dataset.connection);
        }
    }

    #[test]
    fn a_mistake_in_the_file_is_named() {
        for (text, said) in [
            ("", "EOF"),
            (
                r#"{"datasets": [{"name": "A"}]}"#,
                "missing field `connection`",
            ),
            (
                r#"{"datasets": [{"name": "A", "connection": {"kind": "oracle"}}]}"#,
                "unknown variant `oracle`",
            ),
            (
                r#"{"datasets": [{"name": "A", "connection": {"kind": "mysql", "password": "x"}}]}"#,
                "unknown field `password`",
            ),
            (
                r#"{"datasets": [{"name": "A", "connection": {"kind": "kdb"}}, {"name": "A", "connection": {"kind": "kdb"}}]}"#,
                "'A' twice",
            ),
        ] {
            let error = read_text(text).map(|_| ()).expect_err(text).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
