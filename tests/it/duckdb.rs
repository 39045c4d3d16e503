//! DuckDB files, read by a process of their own. The library comes with `make duckdb-library`; where it is not, the
//! tests say so and pass.

use crate::support::queries::{checker, corpus, honest};
use crate::support::server::{TestServer, scratch};
use insta::assert_snapshot;
use queryforge::query::{self, Dialect, ReadOnly, Verdict};
use queryforge::schema::Schema;
use queryforge::target::duckdb::worker::{Answer, Request};
use queryforge::target::duckdb::{DuckDbTarget, Settings};
use queryforge::target::{Rows, RunLimits, Target, TargetError};
use serde_json::json;
use std::ffi::{CString, c_char, c_void};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const LIMITS: RunLimits = RunLimits {
    max_rows: 1_000,
    max_bytes: 4_000_000,
    timeout: Duration::from_secs(60),
};

pub fn library() -> Option<PathBuf> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/duckdb/libduckdb.so");
    if !library.exists() {
        println!("skipped: `make duckdb-library` fetches what this test needs");
        return None;
    }
    Some(library)
}

/// Makes a file; what the product has cannot write one.
#[allow(unsafe_code, reason = "a C library has no other door")]
fn make(library: &Path, file: &Path, statements: &str) {
    type Handle = *mut c_void;
    let file = CString::new(file.display().to_string()).expect("a path");
    let statements = CString::new(statements).expect("SQL");
    // SAFETY: five functions as DuckDB's header declares them, called in order
    unsafe {
        let library = libloading::Library::new(library).expect("it loads");
        let open: libloading::Symbol<unsafe extern "C" fn(*const c_char, *mut Handle) -> u32> =
            library.get(b"duckdb_open").expect("there");
        let connect: libloading::Symbol<unsafe extern "C" fn(Handle, *mut Handle) -> u32> =
            library.get(b"duckdb_connect").expect("there");
        let query: libloading::Symbol<
            unsafe extern "C" fn(Handle, *const c_char, *mut c_void) -> u32,
        > = library.get(b"duckdb_query").expect("there");
        let disconnect: libloading::Symbol<unsafe extern "C" fn(*mut Handle)> =
            library.get(b"duckdb_disconnect").expect("there");
        let close: libloading::Symbol<unsafe extern "C" fn(*mut Handle)> =
            library.get(b"duckdb_close").expect("there");
        let (mut database, mut connection) = (std::ptr::null_mut(), std::ptr::null_mut());
        assert_eq!(open(file.as_ptr(), &raw mut database), 0);
        assert_eq!(connect(database, &raw mut connection), 0);
        let done = query(connection, statements.as_ptr(), std::ptr::null_mut());
        assert_eq!(done, 0, "{statements:?}");
        disconnect(&raw mut connection);
        close(&raw mut database);
        // its threads may still be ending
        std::mem::forget(library);
    }
}

const SHOP: &str = "
create type mood as enum ('happy', 'it''s fine');
create table customers (id integer primary key, name varchar not null, country varchar, joined date);
create table orders (id bigint primary key, customer_id integer references customers (id), total decimal(20, 2));
insert into customers values (1, 'Ann', 'Germany', '2024-01-31'), (2, 'Bob', 'Germany', '2023-02-28'),
    (3, 'Zoë', 'France', null);
insert into orders values (9007199254740993, 1, 12.50), (2, 3, 0.10);
comment on table customers is 'who buys';
create view big as select * from orders where total > 10;
create table many as select i from range(10000) as r(i);
create table types as select
    true as a_boolean, 127::tinyint as a_tinyint, (-32768)::smallint as a_smallint, 2147483647 as an_integer,
    9007199254740993 as a_bigint, 9007199254740992 as an_exact_bigint,
    170141183460469231731687303715884105727::hugeint as a_hugeint, (-12)::hugeint as a_small_hugeint,
    255::utinyint as a_utinyint, 18446744073709551615::ubigint as a_ubigint,
    340282366920938463463374607431768211455::uhugeint as a_uhugeint,
    0.1::float as a_float, 0.1::double as a_double, 'nan'::double as a_nan, 'infinity'::double as an_infinity,
    1.10::decimal(4, 2) as a_small_decimal, (-0.05)::decimal(9, 2) as a_decimal,
    1234567890123456.789::decimal(19, 3) as a_larger_decimal,
    (-12345678901234567890123456789012345.678)::decimal(38, 3) as a_large_decimal,
    'short' as a_text, 'a text of more than twelve bytes, Zoë' as a_long_text, '' as an_empty_text,
    '\\x00\\xff'::blob as a_blob, '0101001'::bit as a_bit,
    '0a369037-75d3-b24d-6721-5a1d44d4bed5'::uuid as a_uuid, 'happy'::mood as an_enum,
    date '2024-02-29' as a_date, 'infinity'::date as a_late_date, date '10000-01-01' as a_far_date,
    time '23:59:59.000001' as a_time, '12:00:00+05:30'::timetz as a_timetz,
    timestamp '2024-02-29 12:00:00.25' as a_timestamp, '2024-02-29 12:00:00.123456789'::timestamp_ns as a_timestamp_ns,
    '2024-02-29 12:00:00'::timestamp_s as a_timestamp_s, '2024-02-29 12:00:00.5'::timestamp_ms as a_timestamp_ms,
    timestamptz '2024-02-29 12:00:00+00' as a_timestamptz, 'infinity'::timestamp as a_late_timestamp,
    interval '14 months 3 days 04:05:06.7' as an_interval, interval '-1 second' as a_negative_interval,
    [1, null, 3] as a_list, [[9007199254740993], []] as a_nested_list, [1.5, 2.5]::double[2] as an_array,
    {'a': 1, 'b': ['x', null], 'c': {'d': 1.10::decimal(4, 2)}} as a_struct, map {'k': 1, 'l': 2} as a_map,
    map {1: 'one'} as a_map_of_numbers, union_value(n := 5)::union(s varchar, n integer) as a_union,
    null::integer as a_null, '123456789012345678901234567890'::bignum as a_bignum,
    '-123456789012345678901234567890'::bignum as a_negative_bignum;
";

/// The shop's file in a directory of its own, read by workers that this test can tell from others'.
struct Shop {
    target: Arc<DuckDbTarget>,
    schema: Schema,
    settings: Settings,
    dir: TempDir,
}

impl Shop {
    /// None where the library is not.
    async fn open() -> Option<Self> {
        let library = library()?;
        let dir = scratch();
        let file = dir.path().join("shop.duckdb");
        make(&library, &file, SHOP);
        let program = dir.path().join("queryforge");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_queryforge"), &program).expect("linked");
        let settings = Settings {
            explain_timeout: Duration::from_secs(60),
            ..Settings::new(program, Some(library))
        };
        let target = Arc::new(DuckDbTarget::new(&file, settings.clone()));
        let schema = target.introspect().await.expect("introspected");
        Some(Self {
            target,
            schema,
            settings,
            dir,
        })
    }

    fn checked(&self, sql: &str) -> ReadOnly {
        match query::check(sql, Dialect::Duckdb, &self.schema) {
            Verdict::Accept(query) => query,
            Verdict::Reject(findings) => panic!("{sql}: {findings:?}"),
        }
    }

    async fn run(&self, sql: &str, limits: &RunLimits) -> Result<Rows, TargetError> {
        let never = CancellationToken::new();
        self.target.run(&self.checked(sql), limits, &never).await
    }

    /// Workers of this test that are alive.
    fn workers(&self) -> usize {
        let program = self.settings.program.display().to_string();
        let Ok(all) = std::fs::read_dir("/proc") else {
            return 0;
        };
        all.flatten()
            .filter(|entry| {
                let read = |name: &str| {
                    std::fs::read_to_string(entry.path().join(name)).unwrap_or_default()
                };
                read("cmdline").starts_with(&program) && !read("status").contains("State:\tZ")
            })
            .count()
    }

    async fn until_workers_are(&self, count: usize) {
        let begun = Instant::now();
        while self.workers() != count {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{} workers, not {count}",
                self.workers()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn a_duckdb_file_tells_its_tables_keys_comments_and_values() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let rights = shop.target.probe().await.expect("probed");
    assert_eq!(rights.can_write, [""; 0]);
    assert!(
        rights.server_version.starts_with("DuckDB 1."),
        "{}",
        rights.server_version
    );
    let customers = shop.schema.table("customers").expect("there");
    assert_eq!(customers.description.as_deref(), Some("who buys"));
    assert_eq!(customers.primary_key, ["id"]);
    let country = customers.column("country").expect("there");
    assert_eq!(country.values, ["Germany", "France"]);
    assert!(country.values_complete);
    assert_eq!(
        customers.column("joined").expect("there").range,
        Some(("2023-02-28".into(), "2024-01-31".into()))
    );
    let orders = shop.schema.table("orders").expect("there");
    assert_eq!(orders.foreign_keys[0].ref_table, "customers");
    assert!(shop.schema.table("big").expect("there").is_view);
    let types = shop.schema.table("types").expect("there");
    assert_eq!(
        types.column("an_enum").expect("there").values,
        ["happy", "it's fine"]
    );
}

#[tokio::test]
async fn every_type_of_duckdb_keeps_its_digits() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let rows = shop
        .run("select * from types", &LIMITS)
        .await
        .expect("rows");
    let shown: Vec<String> = rows
        .columns
        .iter()
        .zip(&rows.rows[0])
        .map(|(column, value)| {
            format!(
                "{} {} {:?} {value}",
                column.name, column.data_type, column.kind
            )
        })
        .collect();
    assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn a_plan_of_duckdb_says_how_many_rows_it_expects() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let never = CancellationToken::new();
    let plan = shop
        .target
        .explain(&shop.checked("select i from many"), &never)
        .await
        .expect("planned");
    assert_eq!(plan.estimated_rows, Some(10_000.0), "{}", plan.text);
}

#[tokio::test]
async fn a_plan_of_duckdb_counts_what_is_worked_through_and_not_what_is_left() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let never = CancellationToken::new();
    let mut wrong = Vec::new();
    for (sql, least, most) in [
        (
            "select count(*) from many a, many b, many c where (a.i + b.i + c.i) % 7 = 1",
            1e12,
            f64::MAX,
        ),
        (
            "select a.i from many a, many b where (a.i * b.i) % 7 = 3 limit 10",
            1e8,
            2e8,
        ),
        (
            "select count(*) from many a join many b on a.i <> b.i",
            1e8,
            2e8,
        ),
        (
            "select count(*) from many a join many b on a.i = b.i or a.i = b.i + 1",
            1e8,
            2e8,
        ),
        (
            "select count(*) from many a join many b on a.i = b.i join many c on c.i = b.i + 1",
            0.0,
            1e5,
        ),
        (
            "select count(*) from many a join many b on a.i % 3 = b.i % 10000",
            0.0,
            1e5,
        ),
        (
            "select count(*) from many where i not in (select i from many where i % 2 = 0)",
            0.0,
            1e5,
        ),
        ("select * from many limit 10", 0.0, 10.0),
    ] {
        let plan = shop
            .target
            .explain(&shop.checked(sql), &never)
            .await
            .expect(sql);
        let read = plan.rows_read.expect("an estimate");
        if !(least..=most).contains(&read) {
            wrong.push(format!("{sql}: {read}\n{}", plan.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ten thousand rows beside themselves: a hundred million, if one waits for them.
const MANY: &str = "select a.i, b.i as j from many a cross join many b";

#[tokio::test]
async fn a_result_of_duckdb_ends_at_its_caps() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let rows = shop.run(MANY, &LIMITS).await.expect("rows");
    assert_eq!((rows.rows.len(), rows.truncated), (1_000, true));
    let few_bytes = RunLimits {
        max_rows: 1_000_000,
        max_bytes: 10_000,
        ..LIMITS
    };
    let rows = shop.run(MANY, &few_bytes).await.expect("rows");
    assert!(rows.truncated && !rows.rows.is_empty() && rows.rows.len() < 1_000);
}

/// `cargo test --test it duckdb -- --ignored --nocapture`
#[tokio::test]
#[ignore = "it looks at the whole process's memory, so it has to be alone, and makes a file of 200 MB"]
async fn a_gigabyte_in_one_row_and_a_hundred_million_rows_of_duckdb_leave_memory_flat() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let file = shop.dir.path().join("long.duckdb");
    let library = shop.settings.library.as_deref().expect("there");
    make(
        library,
        &file,
        "create table long as select repeat('x', 200000000) as t;
        create table many as select i from range(10000) as r(i)",
    );
    let target = DuckDbTarget::new(&file, shop.settings.clone());
    let schema = target.introspect().await.expect("introspected");
    let resident_kib = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
        let line = status.lines().find(|line| line.starts_with("VmRSS"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        kib.and_then(|kib| kib.parse().ok()).expect("a number")
    };
    let limits = RunLimits {
        max_rows: 10_000,
        max_bytes: 16 << 20,
        ..LIMITS
    };
    for sql in [
        "select t as a, t as b, t as c, t as d, t as e from long",
        MANY,
    ] {
        let Verdict::Accept(query) = query::check(sql, Dialect::Duckdb, &schema) else {
            panic!("{sql}");
        };
        let before = resident_kib();
        let rows = target.run(&query, &limits, &CancellationToken::new()).await;
        assert!(rows.expect("cut").truncated);
        let grown = resident_kib().saturating_sub(before);
        println!("{sql}: memory grew by {grown} KiB");
        assert!(grown < 32 * 1024, "{grown}");
    }
}

/// What does not fit into its memory ends with it, or in an error of its own; not with us.
#[tokio::test]
async fn a_query_that_needs_more_memory_than_it_may_have_fails_alone() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let small = Settings {
        memory_mib: 32,
        ..shop.settings.clone()
    };
    let never = CancellationToken::new();
    let target = DuckDbTarget::new(shop.dir.path().join("shop.duckdb"), small);
    let sorted = shop.checked(&format!("{MANY} order by a.i + b.i desc, b.i"));
    let outcome = target.run(&sorted, &LIMITS, &never).await;
    assert!(matches!(outcome, Err(TargetError::Other(_))), "{outcome:?}");
    let rows = shop.run("select count(*) as n from many", &LIMITS).await;
    assert_eq!(json!(rows.expect("rows").rows), json!([[10_000]]));
}

/// A third of every pair and of every third row: 10^11 combinations, none of which is kept.
const LONG: &str = "select count(*) as n from many a join many b on a.i % 3 = b.i % 3 \
                    join many c on b.i % 3 = c.i % 3 where a.i + b.i <> c.i * 7";

#[tokio::test]
async fn a_worker_of_duckdb_dies_with_its_time_or_when_it_is_cancelled() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let brief = RunLimits {
        timeout: Duration::from_secs(2),
        ..LIMITS
    };
    let outcome = shop.run(LONG, &brief).await;
    assert!(
        matches!(outcome, Err(TargetError::Timeout(_))),
        "{outcome:?}"
    );
    shop.until_workers_are(0).await;

    let cancel = CancellationToken::new();
    let running = tokio::spawn({
        let (target, cancel) = (Arc::clone(&shop.target), cancel.clone());
        let long = shop.checked(LONG);
        async move { target.run(&long, &LIMITS, &cancel).await }
    });
    shop.until_workers_are(1).await;
    cancel.cancel();
    let outcome = running.await.expect("no panic");
    assert!(
        matches!(outcome, Err(TargetError::Cancelled)),
        "{outcome:?}"
    );
    shop.until_workers_are(0).await;
}

#[tokio::test]
async fn a_missing_library_a_missing_file_and_a_file_of_another_kind_are_named() {
    let Some(shop) = Shop::open().await else {
        return;
    };
    let file = shop.dir.path().join("shop.duckdb");
    let text = shop.dir.path().join("text");
    std::fs::write(&text, "no database at all").expect("written");
    let without = Settings {
        library: Some("/nowhere.so".into()),
        ..shop.settings.clone()
    };
    for (settings, file, words) in [
        (without, file, "library"),
        (
            shop.settings.clone(),
            shop.dir.path().join("missing"),
            "No such file",
        ),
        (shop.settings.clone(), text, "text"),
    ] {
        let outcome = DuckDbTarget::new(file, settings).probe().await;
        match outcome {
            Err(TargetError::Unreachable(said)) => assert!(said.contains(words), "{said}"),
            other => panic!("{words}: {other:?}"),
        }
    }
}

/// A worker's process, spoken to without a target around it.
struct Worker {
    process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn open(library: PathBuf, file: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_queryforge"))
            .arg("duckdb-worker")
            .env("QF_CANARY", "canary")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut worker = Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().expect("it is piped")).lines(),
            process,
        };
        let opened = worker.ask(&Request::Open {
            library: Some(library),
            path: file.to_owned(),
            memory_mib: 256,
            threads: 1,
            processor_seconds: 120,
        });
        assert!(matches!(opened, Answer::Opened { .. }), "{opened:?}");
        worker
    }

    fn ask(&mut self, request: &Request) -> Answer {
        let input = self.input.as_mut().expect("it is piped");
        writeln!(input, "{}", serde_json::to_string(request).expect("JSON")).expect("it reads");
        let line = self.output.next().expect("it answers").expect("text");
        serde_json::from_str(&line).expect("an answer")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // it ends with its input
        self.input = None;
        let _ = self.process.wait();
    }
}

/// The corpus is honest only if the engine takes it.
#[test]
fn what_the_corpus_calls_honest_runs_on_duckdb() {
    let Some(library) = library() else { return };
    let dir = scratch();
    let file = dir.path().join("corpus.duckdb");
    let mut tables: Vec<String> = corpus("duckdb/schema.sql")
        .lines()
        .map(str::to_owned)
        .collect();
    // tables that others refer to come first
    tables.sort_by_key(|table| table.contains(" references "));
    make(&library, &file, &tables.join("\n"));
    let mut worker = Worker::open(library, &file);
    let checker = checker(Dialect::Duckdb);
    let (mut ran, mut refused) = (0, Vec::new());
    for sql in honest("duckdb") {
        let Verdict::Accept(query) = checker.check(&sql) else {
            continue;
        };
        let answer = worker.ask(&Request::Run {
            sql: query.text().to_owned(),
            max_rows: 10,
            max_bytes: 100_000,
        });
        match answer {
            Answer::Rows(_) => ran += 1,
            other => refused.push(format!("{sql}: {other:?}")),
        }
    }
    assert!(ran > 400, "{ran}");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// What stands behind the checker: the process itself, asked for what no checker would let through.
#[test]
fn the_worker_refuses_whatever_writes_reaches_out_or_looks_around() {
    let Some(library) = library() else { return };
    let dir = scratch();
    let file = dir.path().join("shop.duckdb");
    make(&library, &file, SHOP);
    let before = std::fs::read(&file).expect("a file");
    let stolen = dir.path().join("stolen");
    let secret = dir.path().join("secret.csv");
    std::fs::write(&secret, "a,b\n1,2\n").expect("written");
    let mut worker = Worker::open(library, &file);
    let (out, csv) = (stolen.display(), secret.display());
    for attack in [
        "delete from orders".to_owned(),
        "insert into orders values (1, 1, 1)".to_owned(),
        "create table stolen as select * from orders".to_owned(),
        "create temporary table t as select 1".to_owned(),
        "drop table orders".to_owned(),
        "truncate orders".to_owned(),
        format!("copy orders to '{out}'"),
        format!("copy (select 1) to '{out}' (format csv)"),
        format!("export database '{out}'"),
        format!("attach '{out}' as other"),
        format!("select * from read_csv('{csv}')"),
        format!("select * from read_text('{csv}')"),
        format!("select * from read_blob('{csv}')"),
        format!("select * from '{csv}'"),
        format!("select * from glob('{}/*')", dir.path().display()),
        "install httpfs".to_owned(),
        "load httpfs".to_owned(),
        "select * from 'http://127.0.0.1:9/x.csv'".to_owned(),
        "set memory_limit = '100GB'".to_owned(),
        "set enable_external_access = true".to_owned(),
        "set threads = 64".to_owned(),
        "pragma enable_external_access = true".to_owned(),
        "checkpoint".to_owned(),
        "vacuum".to_owned(),
        "begin transaction".to_owned(),
        "call pragma_version()".to_owned(),
        "select 1; delete from orders".to_owned(),
        "explain analyze delete from orders".to_owned(),
        "select ?".to_owned(),
        "create secret s (type s3, key_id 'a', secret 'b')".to_owned(),
        "select nextval('missing')".to_owned(),
        "select getenv('QF_CANARY')".to_owned(),
        "prepare p as delete from orders".to_owned(),
        "with x as (delete from orders returning *) select * from x".to_owned(),
        "select * from query('delete from orders')".to_owned(),
    ] {
        let answer = worker.ask(&Request::Run {
            sql: attack.clone(),
            max_rows: 10,
            max_bytes: 10_000,
        });
        match answer {
            Answer::Failed {
                unreachable: false, ..
            } => {}
            other => panic!("{attack}: {other:?}"),
        }
        let explained = worker.ask(&Request::Explain {
            sql: attack.clone(),
        });
        assert!(
            !matches!(explained, Answer::Rows(_)),
            "{attack}: {explained:?}"
        );
    }
    let answer = worker.ask(&Request::Run {
        sql: "select (select count(*) from orders), (select count(*) from duckdb_tables())".into(),
        max_rows: 10,
        max_bytes: 10_000,
    });
    match answer {
        Answer::Rows(rows) => assert_eq!(json!(rows.rows), json!([[2, 4]])),
        other => panic!("{other:?}"),
    }
    drop(worker);
    assert!(!stolen.exists(), "a file was written");
    assert!(
        std::fs::read(&file).expect("a file") == before,
        "the file changed"
    );
}

#[tokio::test]
async fn a_duckdb_dataset_is_listed_read_and_asked() {
    let Some(library) = library() else { return };
    let dir = scratch();
    let file = dir.path().join("shop.duckdb");
    make(&library, &file, SHOP);
    let listed = dir.path().join("datasets.json");
    let datasets =
        json!({"datasets": [{"name": "Shop", "connection": {"kind": "duckdb", "path": file}}]});
    std::fs::write(&listed, datasets.to_string()).expect("written");
    let server = TestServer::start_with(&[
        ("QF_DATASETS", &listed.display().to_string()),
        ("QF_DUCKDB_LIBRARY", &library.display().to_string()),
    ])
    .await;
    let answer = server
        .ask("Shop", "How many customers are there per country?")
        .await;
    assert_eq!(
        answer["result"]["rows"],
        json!([["Germany", 2], ["France", 1]]),
        "{answer}"
    );
    let id = server.dataset("Shop").await;
    for (query, status) in [
        (
            "select name from customers where joined >= date '2024-01-01'",
            200,
        ),
        ("select nmae from customers", 422),
        ("copy customers to '/tmp/x'", 422),
        ("select * from read_csv('/etc/passwd')", 422),
    ] {
        let (answered, page) = server
            .post("/api/v1/execute", json!({"dataset_id": id, "query": query}))
            .await;
        assert_eq!(answered, status, "{query}: {page}");
    }
}
