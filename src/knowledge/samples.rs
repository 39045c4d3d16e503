//! Three databases to ask before one has connected one's own: Chinook, Northwind and a bike share.
//!
//! Their files are in `samples/`, where `LICENSES.md` says whose they are, and travel in the binary.

use crate::query::Dialect;
use crate::store::embedded::{Cluster, EmbeddedError, OWNER, READER};
use crate::store::{DatasetConnection, LOCAL_WORKSPACE, NewDataset, Origin};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where the samples are, once installed.
#[derive(Clone, Debug)]
pub struct Samples {
    /// A digital media store, 11 tables, in PostgreSQL; as a role that can only read.
    pub chinook: PgConnectOptions,
    /// A trading company, 14 tables, an SQLite file.
    pub northwind: PathBuf,
    /// A bike share, 4 tables, an SQLite file.
    pub bike_1: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum SamplesError {
    #[error(transparent)]
    Cluster(#[from] EmbeddedError),
    #[error("the sample {0} could not be loaded: {1}")]
    Load(&'static str, sqlx::Error),
    #[error("cannot write {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
}

const CHINOOK: &str = include_str!("../../samples/chinook.postgres.sql");
const NORTHWIND: &[u8] = include_bytes!("../../samples/northwind.sqlite");
const BIKE_1: &[u8] = include_bytes!("../../samples/bike_1.sqlite");

/// Puts the samples in place; what is there already stays as it is.
///
/// Each appears whole or not at all: Chinook in one transaction, files under another name first.
pub async fn install(cluster: &Cluster, data_dir: &Path) -> Result<Samples, SamplesError> {
    cluster.ensure_database("chinook").await?;
    load_chinook(cluster)
        .await
        .map_err(|error| SamplesError::Load("chinook", error))?;
    let (northwind, bike_1) = install_files(data_dir).await?;
    Ok(Samples {
        chinook: cluster.options_as(READER, "chinook"),
        northwind,
        bike_1,
    })
}

/// The two SQLite files alone.
async fn install_files(data_dir: &Path) -> Result<(PathBuf, PathBuf), SamplesError> {
    let dir = data_dir.join("samples");
    let place = move || {
        Ok::<_, SamplesError>((
            write_once(&dir, "northwind.sqlite", NORTHWIND)?,
            write_once(&dir, "bike_1.sqlite", BIKE_1)?,
        ))
    };
    tokio::task::spawn_blocking(place)
        .await
        .expect("writing files does not panic")
}

/// Installs the samples and describes them as datasets. Without a cluster of our own there is no Chinook.
pub async fn datasets(
    cluster: Option<&Cluster>,
    data_dir: &Path,
) -> Result<Vec<NewDataset>, SamplesError> {
    let (northwind, bike_1) = match cluster {
        Some(cluster) => {
            let samples = install(cluster, data_dir).await?;
            (samples.northwind, samples.bike_1)
        }
        None => install_files(data_dir).await?,
    };
    let chinook = cluster.map(|_| {
        dataset(
            "Chinook",
            "A digital media store: artists, albums, tracks, customers, invoices",
            Dialect::Postgres,
            DatasetConnection::Embedded {
                database: "chinook".to_owned(),
            },
            &[
                "Which 5 artists have the most tracks?",
                "Total sales by country, highest first",
                "How many customers are there per country?",
                "Average invoice total by year",
                "List the customers in Brazil",
            ],
        )
    });
    let files = [
        dataset(
            "Northwind",
            "A trading company: customers, orders, products, suppliers, employees",
            Dialect::Sqlite,
            DatasetConnection::Sqlite { path: northwind },
            &[
                "Top 5 customers by revenue",
                "How many orders were placed per month in 1997?",
                "Which products are out of stock?",
                "Revenue by category",
                "List the suppliers in Germany",
            ],
        ),
        dataset(
            "Bike share",
            "Bike sharing in San Francisco: stations, trips, station status, weather",
            Dialect::Sqlite,
            DatasetConnection::Sqlite { path: bike_1 },
            &[
                "How many stations does each city have?",
                "What is the average trip duration in minutes?",
                "Which 10 start stations have the most trips?",
                "What was the maximum temperature per month?",
                "List the stations in San Jose",
            ],
        ),
    ];
    Ok(chinook.into_iter().chain(files).collect())
}

fn dataset(
    name: &str,
    description: &str,
    dialect: Dialect,
    connection: DatasetConnection,
    questions: &[&str],
) -> NewDataset {
    NewDataset {
        workspace_id: LOCAL_WORKSPACE,
        name: name.to_owned(),
        description: description.to_owned(),
        dialect,
        connection,
        questions: questions
            .iter()
            .map(|question| (*question).to_owned())
            .collect(),
        origin: Origin::Sample,
    }
}

async fn load_chinook(cluster: &Cluster) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(&cluster.options_as(OWNER, "chinook")).await?;
    let is_loaded: bool = sqlx::query_scalar("select to_regclass('public.track') is not null")
        .fetch_one(&mut connection)
        .await?;
    if !is_loaded {
        let mut transaction = connection.begin().await?;
        sqlx::raw_sql(CHINOOK).execute(&mut *transaction).await?;
        sqlx::raw_sql(LET_READ).execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    connection.close().await
}

const LET_READ: &str = "
grant connect on database chinook to qf_reader;
grant usage on schema public to qf_reader;
grant select on all tables in schema public to qf_reader;
-- the catalogue's own tables are not ours to analyze, and the server says so once for each
set client_min_messages = error;
analyze;
";

/// Read-only, and only written when it is not there or not what we would write.
fn write_once(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, SamplesError> {
    let path = dir.join(name);
    if fs::read(&path).is_ok_and(|found| found == bytes) {
        return Ok(path);
    }
    // a name of this process's own, so that two that start together do not write into one file
    let unfinished = dir.join(format!("{name}.{}", uuid::Uuid::now_v7().simple()));
    let write = || {
        fs::create_dir_all(dir)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o444)
            .open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    match write() {
        Ok(()) => Ok(path),
        Err(source) => {
            let _ = fs::remove_file(&unfinished);
            Err(SamplesError::Write { path, source })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::embedded::testing::{scratch, shared};
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    #[tokio::test]
    async fn chinook_is_whole_and_its_reader_only_reads() {
        let shared = shared().await;
        let mut reader = PgConnection::connect_with(&shared.samples.chinook)
            .await
            .expect("the reader gets in");
        let tracks: i64 = sqlx::query_scalar("select count(*) from track")
            .fetch_one(&mut reader)
            .await
            .expect("the reader reads");
        assert_eq!(tracks, 3503);
        sqlx::raw_sql("set default_transaction_read_only = off")
            .execute(&mut reader)
            .await
            .expect("a role may do that, so it must not be what protects the data");
        for attack in [
            "delete from track",
            "create table t (n int)",
            "create temporary table t (n int)",
            "truncate track",
            "alter table track rename to stolen",
        ] {
            let refused = sqlx::raw_sql(attack).execute(&mut reader).await;
            let refused = refused.map(|_| ()).expect_err(attack).to_string();
            assert!(
                refused.contains("permission denied") || refused.contains("must be owner"),
                "{attack}: {refused}"
            );
        }
        reader.close().await.expect("closed");
    }

    #[tokio::test]
    async fn installing_again_changes_nothing_and_is_quick() {
        let shared = shared().await;
        let dir = scratch();
        let before = Instant::now();
        install(&shared.cluster, dir.path()).await.expect("again");
        println!("install with chinook there: {:?}", before.elapsed());
        let first = fs::metadata(dir.path().join("samples/northwind.sqlite")).expect("written");
        assert_eq!(first.permissions().mode() & 0o222, 0, "nobody may write it");
        install(&shared.cluster, dir.path()).await.expect("again");
        let second = fs::metadata(dir.path().join("samples/northwind.sqlite")).expect("there");
        assert_eq!(
            first.modified().expect("has a time"),
            second.modified().expect("has a time")
        );
    }

    #[test]
    fn a_damaged_sample_is_put_right_and_leaves_nothing_beside_it() {
        let dir = scratch();
        fs::write(dir.path().join("s.sqlite"), "half a fi").expect("writable");
        write_once(dir.path(), "s.sqlite", b"a file").expect("written");
        assert_eq!(
            fs::read(dir.path().join("s.sqlite")).expect("there"),
            b"a file"
        );
        assert_eq!(fs::read_dir(dir.path()).expect("there").count(), 1);
    }
}
