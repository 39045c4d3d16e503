use super::*;
use crate::query::unchecked;
use serde_json::json;
use tempfile::TempDir;

const LIMITS: RunLimits = RunLimits {
    max_rows: 1_000,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(10),
};

/// A sample of the product, and a directory that is this test's own.
fn sample(name: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("samples")
        .join(name);
    let path = dir.path().join(name);
    fs::copy(source, &path).expect("copied");
    (dir, path)
}

/// A file made with these statements, as a customer's program might.
fn made_with(sql: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("the temporary directory is writable");
    let path = dir.path().join("made.sqlite");
    let connection = Connection::open(&path).expect("writable");
    connection
        .execute_batch(sql)
        .expect("statements of this test");
    (dir, path)
}

fn target(path: &Path) -> SqliteTarget {
    SqliteTarget::new(path, Settings::default())
}

async fn run_on(target: &SqliteTarget, sql: &str, limits: &RunLimits) -> Result<Rows, TargetError> {
    let query = unchecked(sql, Dialect::Sqlite);
    target.run(&query, limits, &CancellationToken::new()).await
}

/// Ten million rows out of nothing.
const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000000)";

fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    pages * 4096
}

#[tokio::test]
async fn northwind_is_found_as_it_is() {
    let (_dir, path) = sample("northwind.sqlite");
    let begun = Instant::now();
    let schema = target(&path).introspect().await.expect("introspected");
    println!("introspection of northwind: {:?}", begun.elapsed());
    let mut seen = String::new();
    for table in &schema.tables {
        let _ = writeln!(
            seen,
            "{} ({} rows) key {}",
            table.name,
            table.row_estimate.unwrap_or_default(),
            table.primary_key.join(", ")
        );
        for column in &table.columns {
            let null = if column.nullable { "" } else { " not null" };
            let _ = write!(seen, "    {} {}{null}", column.name, column.data_type);
            if let Some((least, most)) = &column.range {
                let _ = write!(seen, " [{least} … {most}]");
            }
            if !column.values.is_empty() {
                let complete = if column.values_complete {
                    "all"
                } else {
                    "some"
                };
                let first = &column.values[..column.values.len().min(3)];
                let _ = write!(
                    seen,
                    " {complete} {}: {}",
                    column.values.len(),
                    first.join(" | ")
                );
            }
            seen.push('\n');
        }
        for key in &table.foreign_keys {
            let _ = writeln!(
                seen,
                "    {} -> {}.{}",
                key.columns.join(", "),
                key.ref_table,
                key.ref_columns.join(", ")
            );
        }
    }
    insta::assert_snapshot!(seen);
}

#[tokio::test]
async fn an_odd_catalogue_is_read_all_the_same() {
    let (_dir, path) = made_with(
        "create table \"a \"\"b\" (x integer primary key, anything, y text generated always as ('g') virtual,
                                   ok boolean not null default 1, day date);
         insert into \"a \"\"b\"(anything, ok, day) values ('one', 1, '2024-01-02'), (2, 0, '2023-05-06'), (x'00', 1, null);
         create table child (p1 int, p2 int, other int references \"a \"\"b\", foreign key (p1, p2) references pair(k1, k2));
         create table pair (k2 int, k1 int, primary key (k1, k2)) without rowid;
         create view broken as select * from gone;
         create view fine as select x from \"a \"\"b\";
         create virtual table notes using fts5(body);
         insert into notes values ('hello world');
         create table big (id integer primary key, word text, n int);
         create index big_n on big (n);
         with recursive i(i) as (select 1 union all select i + 1 from i where i < 60000)
         insert into big select i, 'w' || (i % 3), i * 2 from i;",
    );
    let target = target(&path);
    let schema = target.introspect().await.expect("introspected");
    let names: Vec<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["a \"b", "big", "child", "fine", "notes", "pair"]);
    let odd = &schema.tables[0];
    assert_eq!(odd.column("anything").expect("there").values, ["2", "one"]);
    assert_eq!(odd.column("y").expect("generated").values, ["g"]);
    assert_eq!(odd.column("ok").expect("there").values, ["1", "0"]);
    assert_eq!(
        odd.column("day").expect("there").range,
        Some(("2023-05-06".into(), "2024-01-02".into()))
    );
    let child = schema.table("child").expect("there");
    assert_eq!(child.foreign_keys.len(), 2);
    assert_eq!(
        child.foreign_keys[0].ref_columns, [""; 0],
        "the other table's key"
    );
    assert_eq!(child.foreign_keys[1].columns, ["p1", "p2"]);
    assert_eq!(child.foreign_keys[1].ref_columns, ["k1", "k2"]);
    assert_eq!(
        schema.table("pair").expect("there").primary_key,
        ["k1", "k2"]
    );
    let big = schema.table("big").expect("there");
    assert_eq!(big.row_estimate, Some(60_000));
    assert_eq!(
        big.column("n").expect("indexed").range,
        Some(("2".into(), "120000".into()))
    );
    let word = big.column("word").expect("there");
    assert_eq!((word.values.len(), word.values_complete), (3, false));

    let found = run_on(
        &target,
        "select body from notes where notes match 'hello'",
        &LIMITS,
    )
    .await;
    assert_eq!(
        found.expect("full-text search reads").rows,
        [[json!("hello world")]]
    );
}

#[tokio::test]
async fn values_are_what_they_are_whatever_was_declared() {
    let (_dir, path) = made_with(
        "create table t (i integer, d decimal(10,2), b boolean, day date, any_ blob, w integer);
         insert into t values (9007199254740993, 1.1, 1, '2024-02-29', x'00ff', 'word'), (1, 2, 0, null, null, 2);",
    );
    let rows = run_on(
        &target(&path),
        "select i, d, b, day, any_, w, i + 1 as e, 0.1 as f, 1e999 as inf, null as nil, 1 as same, 2 as same
           from t order by w desc; -- the end",
        &LIMITS,
    )
    .await
    .expect("a query");
    let columns: Vec<String> = rows
        .columns
        .iter()
        .map(|column| format!("{} {} {:?}", column.name, column.data_type, column.kind))
        .collect();
    assert_eq!(
        columns,
        [
            "i INTEGER Integer",
            "d decimal(10,2) Decimal",
            "b boolean Boolean",
            "day date Date",
            "any_ BLOB Binary",
            "w INTEGER Text",
            "e INTEGER Integer",
            "f REAL Float",
            "inf REAL Float",
            "nil  Other",
            "same INTEGER Integer",
            "same INTEGER Integer",
        ]
    );
    assert_eq!(
        rows.rows[0],
        [
            json!("9007199254740993"),
            json!(1.1),
            json!(true),
            json!("2024-02-29"),
            json!("\\x00ff"),
            json!("word"),
            json!("9007199254740994"),
            json!(0.1),
            json!("inf"),
            json!(null),
            json!(1),
            json!(2),
        ]
    );
}

#[tokio::test]
async fn what_gets_past_the_checker_changes_nothing() {
    let (dir, path) = sample("northwind.sqlite");
    let before = fs::read(&path).expect("there");
    let secret = dir.path().join("secret.sqlite");
    Connection::open(&secret)
        .and_then(|connection| {
            connection.execute_batch("create table s (n); insert into s values (42)")
        })
        .expect("another file");
    let target = target(&path);
    for attack in [
        "delete from orders".to_owned(),
        "delete from orders returning *".into(),
        "insert into region values (9, 'x')".into(),
        "update orders set freight = 0".into(),
        "drop table orders".into(),
        "create table t (n)".into(),
        "create temp table t (n)".into(),
        "create temp view v as select 1".into(),
        format!("attach '{}' as other", secret.display()),
        format!(
            "attach 'file:{}?mode=rwc' as other",
            dir.path().join("new").display()
        ),
        format!("vacuum into '{}'", dir.path().join("copy").display()),
        "vacuum".into(),
        "pragma query_only = off".into(),
        "pragma writable_schema = on".into(),
        "pragma journal_mode = wal".into(),
        "pragma temp_store_directory = '/tmp'".into(),
        "pragma hard_heap_limit = 0".into(),
        "pragma table_info('orders')".into(),
        "select * from pragma_table_info('orders')".into(),
        "select * from pragma_query_only(0)".into(),
        "select * from sqlite_schema".into(),
        "select * from SQLITE_MASTER".into(),
        "select load_extension('/tmp/x')".into(),
        "select \"load_extension\"('/tmp/x')".into(),
        "select writefile('/tmp/qf-stolen', 'x')".into(),
        "select readfile('/etc/passwd')".into(),
        "select fts3_tokenizer('simple')".into(),
        "select zeroblob(8000000)".into(),
        "select randomblob(8000000)".into(),
        "select * from dbstat".into(),
        "begin immediate".into(),
        "savepoint x".into(),
        "analyze".into(),
        "reindex".into(),
        "select 1; delete from orders".into(),
        "select 1; select 2".into(),
        "explain delete from orders".into(),
        "with x as (select 1) delete from orders".into(),
        String::new(),
        "-- nothing".into(),
    ] {
        let outcome = run_on(&target, &attack, &LIMITS).await;
        println!(
            "{attack}: {}",
            outcome
                .as_ref()
                .map_or_else(ToString::to_string, |rows| format!("{:?}", rows.rows))
        );
        assert!(
            matches!(outcome, Err(TargetError::Query { .. })),
            "{attack}: {outcome:?}"
        );
        let query = unchecked(&attack, Dialect::Sqlite);
        let planned = target.explain(&query, &CancellationToken::new()).await;
        assert!(planned.is_err(), "{attack}: {planned:?}");
    }
    assert_eq!(fs::read(&path).expect("there"), before);
    assert_eq!(
        fs::read_dir(dir.path()).expect("there").count(),
        2,
        "no file more than there was"
    );
    assert!(
        run_on(&target, "select count(*) from orders", &LIMITS)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn analysts_queries_are_not_in_the_way_of_all_that() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = target(&path);
    for sql in [
        "select strftime('%Y-%m', order_date) as month, round(sum(freight), 2), count(distinct customer_id)
           from orders group by 1 having count(*) > 1 order by 1",
        "select c.country, o.*, row_number() over (partition by c.country order by o.freight desc) as r,
                lag(o.freight) over (order by o.order_date), ntile(4) over (order by o.freight)
           from orders o join customers c using (customer_id)",
        "with recursive days(d) as (select date('1996-07-04') union all select date(d, '+1 day') from days where d < '1996-07-31')
         select d, (select count(*) from orders where order_date = d) from days",
        "select upper(substr(company_name, 1, 3)) || '…', iif(region is null, 'none', region), coalesce(fax, '-')
           from customers where contact_name like '%an%' and city glob 'B*' or country in ('Germany', 'Spain')",
        "select json_extract(json_object('a', freight), '$.a'), json_group_array(order_id) from orders group by 1 limit 3",
        "select value from json_each('[1,2,3]') union all select key from json_tree('[1]')",
        "select ceil(freight), round(power(freight, 0.5), 2), median(freight), ln(2), freight % 3 from orders",
        "select group_concat(product_name, ', '), total(unit_price), max(unit_price), typeof(unit_price) from products group by category_id",
        "select * from (select 1 union select 2 except select 2 intersect select 1)",
        "select cast(julianday('now') - julianday(order_date) as integer) from orders limit 1",
        "select printf('%.2f', avg(unit_price)), abs(-1), nullif(1, 1), instr('abc', 'b'), trim(' x ') from products",
    ] {
        let outcome = run_on(&target, sql, &LIMITS).await;
        assert!(outcome.as_ref().is_ok_and(|rows| !rows.rows.is_empty()), "{sql}: {outcome:?}");
    }
}

#[tokio::test]
async fn ten_million_rows_stop_at_the_cap_and_memory_stays_flat() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = target(&path);
    run_on(&target, "select 1", &LIMITS).await.expect("warm");
    let before = resident_bytes();
    let begun = Instant::now();
    let rows = run_on(
        &target,
        &format!("{ENDLESS} select i, 'x' || i from n"),
        &LIMITS,
    )
    .await
    .expect("capped");
    println!("first 1,000 of 10,000,000 rows: {:?}", begun.elapsed());
    assert!(rows.truncated);
    assert_eq!(rows.rows.len(), 1_000);
    let limits = RunLimits {
        max_rows: usize::MAX,
        max_bytes: 50_000,
        ..LIMITS
    };
    let rows = run_on(&target, &format!("{ENDLESS} select i from n"), &limits)
        .await
        .expect("capped");
    assert!(rows.truncated && rows.rows.len() < 50_000);
    let grown = resident_bytes().saturating_sub(before);
    println!("memory grew by {} kB", grown / 1024);
    assert!(grown < 32 * 1024 * 1024, "{grown}");

    let rows = run_on(
        &target,
        "select order_id from orders limit 1000",
        &RunLimits {
            max_rows: 830,
            ..LIMITS
        },
    )
    .await;
    assert!(
        !rows.expect("all").truncated,
        "exactly the cap is not more than the cap"
    );
}

#[tokio::test]
async fn a_long_value_is_cut() {
    let (_dir, path) = sample("northwind.sqlite");
    let rows = run_on(
        &target(&path),
        "select replace(hex('                                '), '20', printf('%20000s', 'ä')) as big, 1",
        &LIMITS,
    )
    .await
    .expect("cut");
    assert!(rows.truncated);
    let value = rows.rows[0][0].as_str().expect("text");
    assert_eq!(value.chars().count(), VALUE_CHARS + 1);
}

#[tokio::test]
async fn cancel_timeout_and_a_dropped_future_stop_the_thread() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = Arc::new(SqliteTarget::new(
        &path,
        Settings {
            connections: 1,
            ..Settings::default()
        },
    ));
    let slow = format!("{ENDLESS} select count(*) from n as a, n as b");
    let long = RunLimits {
        timeout: Duration::from_secs(60),
        ..LIMITS
    };

    let cancel = CancellationToken::new();
    let running = tokio::spawn({
        let (target, cancel, slow, long) = (
            Arc::clone(&target),
            cancel.clone(),
            slow.clone(),
            long.clone(),
        );
        async move {
            target
                .run(&unchecked(&slow, Dialect::Sqlite), &long, &cancel)
                .await
        }
    });
    while target.file.slots.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let begun = Instant::now();
    cancel.cancel();
    let outcome = running.await.expect("no panic");
    println!("cancel to the caller's answer: {:?}", begun.elapsed());
    assert!(
        matches!(outcome, Err(TargetError::Cancelled)),
        "{outcome:?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(20));

    let brief = RunLimits {
        timeout: Duration::from_millis(200),
        ..LIMITS
    };
    let begun = Instant::now();
    let outcome = run_on(&target, &slow, &brief).await;
    println!("a timeout of 200 ms took {:?}", begun.elapsed());
    assert!(
        matches!(outcome, Err(TargetError::Timeout(_))),
        "{outcome:?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(20));

    let dropped =
        tokio::time::timeout(Duration::from_millis(100), run_on(&target, &slow, &long)).await;
    assert!(dropped.is_err());
    // its thread holds the only slot: this runs once it has let go
    let begun = Instant::now();
    let next = run_on(&target, "select 1", &LIMITS)
        .await
        .expect("the next works");
    assert_eq!(next.rows, [[json!(1)]]);
    assert!(begun.elapsed() < Duration::from_secs(20));

    let waiting = run_on(&target, &slow, &long);
    let impatient = RunLimits {
        timeout: Duration::from_millis(100),
        ..LIMITS
    };
    tokio::select! {
        biased;
        _ = waiting => panic!("it is slow"),
        outcome = run_on(&target, "select 1", &impatient) => {
            assert!(matches!(outcome, Err(TargetError::Other(_))), "waiting for a slot has an end: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_call_that_cannot_be_interrupted_keeps_its_slot_and_nobody_waiting() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = SqliteTarget::new(
        &path,
        Settings {
            connections: 1,
            ..Settings::default()
        },
    );
    // some seconds within one instruction
    let slow = "select instr(replace(printf('%400000d', 1), ' ', 'a'),
                             replace(printf('%200000d', 1), ' ', 'a') || 'b')";
    let brief = RunLimits {
        timeout: Duration::from_millis(50),
        ..LIMITS
    };
    let outcome = run_on(&target, slow, &brief).await;
    assert!(
        matches!(outcome, Err(TargetError::Timeout(_))),
        "{outcome:?}"
    );
    assert_eq!(
        target.file.slots.available_permits(),
        0,
        "the thread still works"
    );
    let patient = RunLimits {
        timeout: Duration::from_secs(120),
        ..LIMITS
    };
    let next = run_on(&target, "select 1", &patient).await;
    assert_eq!(next.expect("its turn comes").rows, [[json!(1)]]);
}

#[tokio::test]
async fn a_text_in_double_quotes_is_a_text() {
    let (_dir, path) = sample("northwind.sqlite");
    let rows = run_on(
        &target(&path),
        "select count(*) from customers where country = \"Germany\"",
        &LIMITS,
    )
    .await
    .expect("SQLite takes it");
    assert_eq!(rows.rows, [[json!(11)]]);
}

#[tokio::test]
async fn a_query_that_would_eat_all_memory_is_told_so() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = target(&path);
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000)
               select count(*) from (select distinct printf('%900000d', i) as v from n)";
    let outcome = run_on(
        &target,
        sql,
        &RunLimits {
            timeout: Duration::from_secs(60),
            ..LIMITS
        },
    )
    .await;
    println!("{outcome:?}, memory {} MB", resident_bytes() / 1024 / 1024);
    assert!(resident_bytes() < 2 * 1024 * 1024 * 1024);
    assert!(
        matches!(&outcome, Err(TargetError::Other(said)) if said.contains("memory")),
        "{outcome:?}"
    );
    assert!(run_on(&target, "select 1", &LIMITS).await.is_ok());
}

#[tokio::test]
async fn an_error_points_into_the_text_that_was_checked() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = target(&path);
    for (sql, at, words) in [
        ("select nmae from orders", Some(8), "no such column"),
        ("select 'ä', nmae from orders", Some(13), "no such column"),
        ("select * from oders", None, "no such table"),
        ("select 1 +", None, "incomplete input"),
        ("select ?1", None, "placeholder"),
        ("select 1; select 2", None, "one statement"),
    ] {
        let outcome = run_on(&target, sql, &LIMITS).await;
        let planned = target
            .explain(&unchecked(sql, Dialect::Sqlite), &CancellationToken::new())
            .await;
        for outcome in [outcome.map(|_| ()), planned.map(|_| ())] {
            match outcome {
                Err(TargetError::Query {
                    message, position, ..
                }) => {
                    assert!(message.contains(words), "{sql}: {message}");
                    assert_eq!(position, at, "{sql}: {message}");
                }
                other => panic!("{sql}: {other:?}"),
            }
        }
    }
    let query = unchecked(
        "select * from orders join customers using (customer_id) where order_id = 10248",
        Dialect::Sqlite,
    );
    let plan = target
        .explain(&query, &CancellationToken::new())
        .await
        .expect("planned");
    assert!(
        plan.text
            .contains("SEARCH orders USING INTEGER PRIMARY KEY"),
        "{}",
        plan.text
    );
}

/// Northwind has 830 orders, 91 customers and 2,155 lines of orders.
#[tokio::test]
async fn a_plan_counts_what_is_worked_through_and_not_what_is_left() {
    let (_dir, path) = sample("northwind.sqlite");
    let target = target(&path);
    let schema = target.introspect().await.expect("introspected");
    let lines = 2_155.0;
    for (sql, least, most) in [
        (
            "select count(*) from order_details a, order_details b, order_details c
              where a.quantity + b.quantity + c.quantity = -1",
            lines * lines * lines,
            f64::MAX,
        ),
        (
            "select a.order_id from order_details a, order_details b where a.quantity + b.quantity = -1 limit 10",
            lines * lines,
            lines * lines * 1.1,
        ),
        (
            "select count(*) from orders o where not exists
              (select 1 from order_details d where d.quantity + o.order_id = -1)",
            830.0 * lines,
            830.0 * lines * 1.1,
        ),
        (
            "select count(*) from orders a join customers c on lower(a.customer_id) = lower(c.customer_id)",
            91.0 * 830.0,
            91.0 * 850.0,
        ),
        (
            "select c.company_name, count(*) from orders o join customers c using (customer_id)
               join order_details d using (order_id) group by 1",
            0.0,
            10_000.0,
        ),
        (
            "select count(*) from orders a join order_details d on d.order_id between a.order_id and a.order_id",
            0.0,
            100_000.0,
        ),
        (
            "select count(*) from orders where customer_id in (select customer_id from customers where country = 'UK')",
            0.0,
            5_000.0,
        ),
        ("select * from order_details limit 10", 0.0, 10.0),
    ] {
        let query = match crate::query::check(sql, Dialect::Sqlite, &schema) {
            crate::query::Verdict::Accept(query) => query,
            crate::query::Verdict::Reject(findings) => panic!("{sql}: {findings:?}"),
        };
        let plan = target
            .explain(&query, &CancellationToken::new())
            .await
            .expect(sql);
        let read = plan.rows_read.unwrap_or_default();
        assert!(
            (least..=most).contains(&read),
            "{sql}: {read}\n{}",
            plan.text
        );
    }
}

#[tokio::test]
async fn what_is_no_database_is_unreachable_and_a_replaced_file_is_seen() {
    let (dir, path) = sample("northwind.sqlite");
    let text = dir.path().join("text");
    fs::write(
        &text,
        "this is no database, however long it may be. ".repeat(100),
    )
    .expect("writable");
    for nothing in [text.as_path(), dir.path(), Path::new("/no/such/file")] {
        let target = target(nothing);
        let probed = target.probe().await;
        assert!(
            matches!(probed, Err(TargetError::Unreachable(_))),
            "{probed:?}"
        );
        let ran = run_on(&target, "select 1", &LIMITS).await;
        assert!(matches!(ran, Err(TargetError::Unreachable(_))), "{ran:?}");
    }
    let target = target(&path);
    let rights = target.probe().await.expect("probed");
    assert_eq!(rights.can_write, [""; 0]);
    assert!(
        rights.server_version.starts_with("SQLite 3."),
        "{}",
        rights.server_version
    );

    let (_other_dir, other) = sample("bike_1.sqlite");
    let beside = dir.path().join("upload");
    fs::copy(other, &beside).expect("copied");
    fs::rename(&beside, &path).expect("same directory");
    let rows = run_on(&target, "select count(*) from station", &LIMITS)
        .await
        .expect("the new file");
    assert_eq!(rows.rows, [[json!(70)]]);
}

#[tokio::test]
async fn a_file_that_somebody_writes_is_read_as_it_is_at_the_moment() {
    let (_dir, path) =
        made_with("pragma journal_mode = wal; create table t (n); insert into t values (1)");
    let writer = Connection::open(&path).expect("writable");
    let target = target(&path);
    let count = "select count(*) from t";
    assert_eq!(
        run_on(&target, count, &LIMITS).await.expect("read").rows,
        [[json!(1)]]
    );
    writer
        .execute_batch("begin immediate; insert into t values (2)")
        .expect("a writer at work");
    assert_eq!(
        run_on(&target, count, &LIMITS).await.expect("read").rows,
        [[json!(1)]]
    );
    writer.execute_batch("commit").expect("written");
    assert_eq!(
        run_on(&target, count, &LIMITS).await.expect("read").rows,
        [[json!(2)]]
    );
}
