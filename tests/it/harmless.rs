//! What the checker accepts changes nothing, though it runs as the owner of the tables.
//!
//! Accepted queries of the corpora, of the corpora with a word replaced, and made-up ones run through `target` as in
//! the product; before and after, everything that a query could change has the same checksum. The short form
//! runs with all tests; `cargo test --test it harmless -- --ignored` runs some thousands more.

use crate::support::mariadb::MariaDb;
use crate::support::queries::{Dice, checker, corpus, honest, hostile, made_up, with_another_word};
use crate::support::server::{cluster, scratch};
use queryforge::query::{Dialect, ReadOnly, Verdict};
use queryforge::store::embedded::OWNER;
use queryforge::target::{RunLimits, Target, mysql, postgres, sqlite};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LIMITS: RunLimits = RunLimits {
    max_rows: 200,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(10),
};

/// Every query that is accepted, and how many were not.
fn accepted(dialect: Dialect, more: usize) -> (Vec<ReadOnly>, usize) {
    let folder = dialect.as_str();
    let checker = checker(dialect);
    let mut dice = Dice(4_711);
    let honest = honest(folder);
    let mut texts = honest.clone();
    texts.extend(hostile(folder));
    // what is hostile with one word changed may slip through and must still be harmless
    for query in hostile(folder).iter().filter(|it| it.len() < 2_000) {
        if query.chars().any(|c| c.is_ascii_alphanumeric()) {
            texts.push(with_another_word(query, &mut dice));
        }
    }
    for round in 0..more {
        texts.push(with_another_word(&honest[round % honest.len()], &mut dice));
        texts.push(made_up(dialect, &mut dice));
    }
    let tried = texts.len();
    let accepted: Vec<ReadOnly> = texts
        .iter()
        .filter_map(|text| match checker.check(text) {
            Verdict::Accept(query) => Some(query),
            Verdict::Reject(_) => None,
        })
        .collect();
    let refused = tried - accepted.len();
    (accepted, refused)
}

/// Runs them all; how many gave rows.
async fn run_all(target: &dyn Target, queries: &[ReadOnly]) -> usize {
    let mut ran = 0;
    for query in queries {
        let outcome = target.run(query, &LIMITS, &CancellationToken::new()).await;
        ran += usize::from(outcome.is_ok());
    }
    ran
}

/// Rows for the corpora's tables, in the SQL that all three engines take.
const ROWS: &str = "insert into departments (id, name, budget, location) values (1, 'Sales', 1000.50, 'Berlin'), (2, 'IT', null, 'Paris');
insert into customers (id, name, email, country, city, signup_date) values (1, 'Ann', 'a@x.de', 'Germany', 'Bonn', '2023-01-05'), (2, 'Bob', null, 'France', 'Lyon', '2024-02-29');
insert into products (id, name, category, price) values (1, 'Pen', 'Office', 1.50), (2, 'Desk', 'Office', 99.90);
insert into orders (id, customer_id, status, total, shipped_on) values (1, 1, 'shipped', 10.00, '2024-01-01'), (2, 2, 'new', 20.00, null);
insert into employees (id, name, manager_id, department_id, salary, hired_on) values (1, 'Eva', null, 1, 5000.00, '2020-01-01'), (2, 'Max', 1, 2, 4000.00, '2021-01-01');
insert into order_items (order_id, product_id, quantity, unit_price) values (1, 1, 3, 1.50), (2, 2, 1, 99.90);
insert into events (id, user_id, kind) values (1, 1, 'click'), (2, 2, 'view')";

/// Names of all files below `dir`, as far as they can be seen.
fn files(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.display().to_string());
            }
        }
    }
    found
}

// ------------------------------------------------------------------------------------------ PostgreSQL

/// Tables, sequences, large objects, what there is of objects, roles and settings: a line each.
async fn postgres_state(connection: &mut PgConnection) -> Vec<String> {
    let mut state = Vec::new();
    let tables: Vec<String> = sqlx::query_scalar(
        "select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind = 'r' and n.nspname = 'public' order by 1",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("tables");
    assert!(tables.len() >= 8, "{tables:?}");
    for table in tables {
        let sum: String = sqlx::query_scalar(AssertSqlSafe(format!(
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t"
        )))
        .fetch_one(&mut *connection)
        .await
        .expect("a checksum");
        state.push(format!("{table} {sum}"));
    }
    for (what, sql) in [
        (
            "sequences",
            "select coalesce(string_agg(schemaname::text || sequencename::text || coalesce(last_value, -1)::text, ','), '') from pg_sequences",
        ),
        (
            "large objects",
            "select count(*) || coalesce(md5(string_agg(loid::text || md5(data), ',' order by loid, pageno)), '') from pg_largeobject",
        ),
        (
            "relations",
            "select count(*) || md5(string_agg(oid::text || relname::text || relkind::text || coalesce(relacl::text, ''), ',' order by oid)) from pg_class where relnamespace = 'public'::regnamespace or relpersistence = 't'",
        ),
        ("functions", "select count(*)::text from pg_proc"),
        (
            "types",
            "select count(*)::text from pg_type where typnamespace = 'public'::regnamespace",
        ),
        (
            "schemas",
            "select string_agg(nspname, ',' order by nspname) from pg_namespace where nspname !~ '^pg_(toast_)?temp'",
        ),
        (
            "extensions",
            "select string_agg(extname, ',' order by extname) from pg_extension",
        ),
        (
            "settings of roles",
            "select count(*) || coalesce(md5(string_agg(setconfig::text, ',')), '') from pg_db_role_setting where setdatabase in (0, (select oid from pg_database where datname = current_database()))",
        ),
        ("publications", "select count(*)::text from pg_publication"),
        ("notify", "select pg_notification_queue_usage()::text"),
        ("slots", "select count(*)::text from pg_replication_slots"),
        (
            "settings",
            "select md5(string_agg(name || '=' || setting, ',' order by name)) from pg_settings where source <> 'session' and name !~ 'transaction'",
        ),
        (
            "prepared transactions",
            "select count(*)::text from pg_prepared_xacts",
        ),
        (
            "locks held",
            "select count(*)::text from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
        ),
    ] {
        let sum: String = sqlx::query_scalar(sql)
            .fetch_one(&mut *connection)
            .await
            .expect(sql);
        state.push(format!("{what} {sum}"));
    }
    state
}

async fn postgres_is_not_changed(database: &str, more: usize) {
    let cluster = cluster().await;
    cluster.ensure_database(database).await.expect("a database");
    let options = cluster.options_as(OWNER, database);
    let mut owner = PgConnection::connect_with(&options).await.expect("in");
    let setup = format!(
        "{};\n{ROWS};\ncreate sequence counter; select nextval('counter'); select lo_from_bytea(0, 'kept');
         create function change() returns int language sql volatile as 'update orders set total = 0 returning 1';
         create view harm as select change() as c",
        corpus("postgres/schema.sql").trim_end().trim_end_matches(';')
    );
    sqlx::raw_sql(AssertSqlSafe(setup))
        .execute(&mut owner)
        .await
        .expect("set up");
    let superuser = cluster.options_as("postgres", database);
    let mut superuser = PgConnection::connect_with(&superuser).await.expect("in");
    let directory: String = sqlx::query_scalar("select current_setting('data_directory')")
        .fetch_one(&mut superuser)
        .await
        .expect("a directory");
    // the server's own files come and go below base, pg_wal and others; a COPY would write here
    let written = |all: BTreeSet<String>| -> BTreeSet<String> {
        all.into_iter()
            .filter(|file| {
                let below = file.strip_prefix(&directory).unwrap_or(file);
                below.matches('/').count() < 2
            })
            .filter(|file| !file.ends_with("postmaster.pid") && !file.contains("pg_internal"))
            .collect()
    };
    let files_before = written(files(Path::new(&directory)));
    let before = postgres_state(&mut superuser).await;

    let (queries, refused) = accepted(Dialect::Postgres, more);
    let target = postgres::PostgresTarget::new(options, postgres::Settings::default());
    let ran = run_all(&target, &queries).await;
    println!(
        "PostgreSQL: {} accepted, {refused} refused, {ran} gave rows",
        queries.len()
    );
    assert!(ran > 300, "{ran}");
    assert_eq!(before, postgres_state(&mut superuser).await);
    assert_eq!(files_before, written(files(Path::new(&directory))));
}

#[tokio::test]
async fn what_is_accepted_changes_nothing_in_postgresql() {
    postgres_is_not_changed("harmless", 300).await;
}

#[tokio::test]
#[ignore = "the long form"]
async fn what_is_accepted_changes_nothing_in_postgresql_at_length() {
    postgres_is_not_changed("harmless_long", 5_000).await;
}

// ---------------------------------------------------------------------------------------------- SQLite

async fn sqlite_is_not_changed(more: usize) {
    let dir = scratch();
    let path = dir.path().join("harmless.sqlite");
    let connection = rusqlite::Connection::open(&path).expect("writable");
    connection
        .execute_batch(&format!("{}\n{ROWS}", corpus("sqlite/schema.sql")))
        .expect("set up");
    drop(connection);
    let state = || {
        let sum = Sha256::digest(std::fs::read(&path).expect("readable"));
        (format!("{sum:x}"), files(dir.path()))
    };
    let before = state();
    let (queries, refused) = accepted(Dialect::Sqlite, more);
    let target = sqlite::SqliteTarget::new(&path, sqlite::Settings::default());
    let ran = run_all(&target, &queries).await;
    println!(
        "SQLite: {} accepted, {refused} refused, {ran} gave rows",
        queries.len()
    );
    assert!(ran > 300, "{ran}");
    assert_eq!(before, state());
}

#[tokio::test]
async fn what_is_accepted_changes_nothing_in_sqlite() {
    sqlite_is_not_changed(300).await;
}

#[tokio::test]
#[ignore = "the long form"]
async fn what_is_accepted_changes_nothing_in_sqlite_at_length() {
    sqlite_is_not_changed(5_000).await;
}

// --------------------------------------------------------------------------------------------- MariaDB

/// Checksums of all tables, what there is of objects, accounts and settings: a line each.
async fn mariadb_state(mariadb: &MariaDb) -> Vec<String> {
    let mut root = mariadb.root("shop").await;
    let mut state = Vec::new();
    let tables = sqlx::query(
        "select table_name from information_schema.tables where table_schema = 'shop' order by 1",
    )
    .fetch_all(&mut root)
    .await
    .expect("tables");
    assert!(tables.len() >= 8, "{}", tables.len());
    for table in tables {
        let name: String = table.try_get_unchecked(0).expect("a name");
        let sum = sqlx::query(AssertSqlSafe(format!("checksum table `{name}`")))
            .fetch_one(&mut root)
            .await
            .expect("a checksum");
        let sum: Option<i64> = sum.try_get_unchecked(1).expect("a number");
        state.push(format!("{name} {sum:?}"));
    }
    for sql in [
        "select count(*) from information_schema.tables",
        "select count(*) from information_schema.routines",
        "select count(*) from mysql.global_priv",
        "select count(*) from information_schema.triggers",
        "select count(*) from information_schema.schemata",
    ] {
        let count: i64 = sqlx::query(sql)
            .fetch_one(&mut root)
            .await
            .expect(sql)
            .try_get_unchecked(0)
            .expect("a number");
        state.push(format!("{sql} {count}"));
    }
    let settings = sqlx::query("show global variables")
        .fetch_all(&mut root)
        .await
        .expect("settings");
    for setting in settings {
        let name: String = setting.try_get_unchecked(0).expect("a name");
        let value: String = setting.try_get_unchecked(1).expect("a value");
        // the server's own notes on what it did last
        if !name.starts_with("gtid_") && !name.starts_with("innodb_buffer_pool") {
            state.push(format!("{name} {value}"));
        }
    }
    state
}

async fn mariadb_is_not_changed(more: usize) {
    let setup = format!(
        "create database shop character set utf8mb4;\nuse shop;\n{}\n{ROWS};\n
         create procedure wipe() modifies sql data delete from orders;\n",
        corpus("mysql/schema.sql")
    );
    let Some(mariadb) = MariaDb::start(&setup).await else {
        return;
    };
    let written = || -> BTreeSet<String> {
        files(mariadb.dir())
            .into_iter()
            .filter(|file| {
                !file.contains("/#innodb") && !file.contains("ib_") && !file.contains("aria_log")
            })
            .collect()
    };
    let files_before = written();
    let before = mariadb_state(&mariadb).await;
    let (queries, refused) = accepted(Dialect::Mysql, more);
    let target = mysql::MySqlTarget::new(mariadb.options("root"), mysql::Settings::default());
    let ran = run_all(&target, &queries).await;
    println!(
        "MariaDB: {} accepted, {refused} refused, {ran} gave rows",
        queries.len()
    );
    assert!(ran > 350, "{ran}");
    // what is honest runs, but for a few words that MySQL 8 has and MariaDB has not
    let checker = checker(Dialect::Mysql);
    let (mut honest_ones, mut refused) = (0, Vec::new());
    for text in honest("mysql") {
        if let Verdict::Accept(query) = checker.check(&text) {
            honest_ones += 1;
            let outcome = target.run(&query, &LIMITS, &CancellationToken::new()).await;
            refused.extend(outcome.err().map(|error| format!("{text}: {error}")));
        }
    }
    assert!(refused.len() * 50 <= honest_ones, "{}", refused.join("\n"));
    assert_eq!(before, mariadb_state(&mariadb).await);
    assert_eq!(files_before, written());
}

#[tokio::test]
async fn what_is_accepted_changes_nothing_in_mariadb() {
    mariadb_is_not_changed(100).await;
}

#[tokio::test]
#[ignore = "the long form"]
async fn what_is_accepted_changes_nothing_in_mariadb_at_length() {
    mariadb_is_not_changed(5_000).await;
}
