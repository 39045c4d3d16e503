use super::*;
use crate::query::unchecked;
use crate::target::resident_kib;
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

const LIMITS: RunLimits = RunLimits {
    max_rows: 1_000,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(10),
};

#[path = "../../../tests/it/support/mariadb.rs"]
mod mariadb;

use mariadb::MariaDb;

fn target(mariadb: &MariaDb, user: &str) -> MySqlTarget {
    MySqlTarget::new(mariadb.options(user), Settings::default())
}

const SETUP: &str = "
create database shop character set utf8mb4;
create user reader@localhost;
grant select on shop.* to reader@localhost;
create table shop.customer (id int primary key auto_increment, name varchar(40) not null comment 'as they sign',
    vip tinyint(1) not null default 0, country enum('DE', 'US', 'FR'), code varchar(10) collate utf8mb4_bin) comment = 'who buys';
create table shop.orders (id bigint unsigned primary key, customer_id int not null, total decimal(10, 2), placed datetime(3),
    foreign key (customer_id) references shop.customer (id));
create table shop.pair (a int, b int, primary key (b, a));
insert into shop.customer (name, vip, country, code) values ('Ann', 1, 'DE', 'x'), ('Bob', 0, 'DE', 'X'), ('Zoë', 0, null, null);
insert into shop.orders values (9007199254740993, 1, 12.50, '2024-02-29 12:00:00.250'), (2, 2, 0.10, '2023-01-01');
create view shop.big as select * from shop.orders where total > 10;
create table shop.many as select a.seq as n from mysql.help_relation h, (select 1 as seq) a limit 0;
create procedure shop.wipe() modifies sql data delete from shop.orders;
";

/// A hundred million rows, if one waits for them.
const ENDLESS: &str = "with recursive d(i) as (select 0 union all select i + 1 from d where i < 99)
    select a.i, b.i, c.i, e.i from d as a, d as b, d as c, d as e";

async fn run_on(target: &MySqlTarget, sql: &str, limits: &RunLimits) -> Result<Rows, TargetError> {
    let query = unchecked(sql, Dialect::Mysql);
    target.run(&query, limits, &CancellationToken::new()).await
}

async fn running(root: &mut MySqlConnection) -> i64 {
    sqlx::query(
        "select count(*) from information_schema.processlist
          where user = 'reader' and command <> 'Sleep'",
    )
    .fetch_one(root)
    .await
    .expect("root sees all")
    .try_get_unchecked(0)
    .expect("a number")
}

/// One server for all of it: starting one takes longer than what is tested.
#[tokio::test]
async fn a_mariadb_is_read_and_never_changed() {
    let Some(mariadb) = MariaDb::start(SETUP).await else {
        return;
    };
    let mut root = mariadb.root("shop").await;
    schema_is_found(&mariadb).await;
    values_keep_their_digits(&mariadb).await;
    nothing_can_be_changed(&mariadb, &mut root).await;
    errors_say_whose_fault_it_was(&mariadb).await;
    lengths_of_columns_are_known(&mariadb).await;
    plans_say_how_many_rows_are_read(&mariadb, &mut root).await;
    a_row_larger_than_we_read_is_refused(&mariadb, &mut root).await;
    caps_and_time_limits_hold(&mariadb, &mut root).await;
    rights_are_told(&mariadb).await;
}

async fn schema_is_found(mariadb: &MariaDb) {
    let begun = Instant::now();
    let schema = target(mariadb, "reader")
        .introspect()
        .await
        .expect("introspected");
    println!("introspection: {:?}", begun.elapsed());
    let names: Vec<&str> = schema
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["big", "customer", "many", "orders", "pair"]);
    let customer = schema.table("customer").expect("there");
    assert_eq!(customer.description.as_deref(), Some("who buys"));
    assert_eq!(customer.primary_key, ["id"]);
    assert_eq!(customer.row_estimate, Some(3));
    let name = customer.column("name").expect("there");
    assert_eq!(name.data_type, "varchar(40)");
    assert_eq!((name.nullable, name.values_complete), (false, true));
    assert_eq!(name.values, ["Ann", "Bob", "Zoë"]);
    assert_eq!(name.description.as_deref(), Some("as they sign"));
    assert_eq!(customer.column("country").expect("there").values, ["DE"]);
    let orders = schema.table("orders").expect("there");
    assert_eq!(
        orders.foreign_keys,
        [crate::schema::ForeignKey {
            columns: vec!["customer_id".into()],
            ref_namespace: None,
            ref_table: "customer".into(),
            ref_columns: vec!["id".into()],
        }]
    );
    assert_eq!(
        orders.column("total").expect("there").range,
        Some(("0.10".into(), "12.50".into()))
    );
    assert_eq!(schema.table("pair").expect("there").primary_key, ["b", "a"]);
    assert!(schema.table("big").expect("there").is_view);
}

async fn values_keep_their_digits(mariadb: &MariaDb) {
    let rows = run_on(
        &target(mariadb, "reader"),
        "select o.id, o.total, o.placed, c.vip, c.country, c.code, cast(0.1 as float) as f, 0.1e0 as d, x'00ff' as b,
                timediff('30:00:00', '00:00:01') as t, date(o.placed) as day, null as nil, b'101' as bits, 1 as same,
                2 as same, -9223372036854775808 as least, json_object('a', 1) as j, year(o.placed) as y
           from orders as o join customer as c on c.id = o.customer_id order by o.id desc; -- the end",
        &LIMITS,
    )
    .await
    .expect("a query");
    let seen: Vec<String> = rows
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
    insta::assert_snapshot!(seen.join("\n"));
}

async fn nothing_can_be_changed(mariadb: &MariaDb, root: &mut MySqlConnection) {
    let state = async |root: &mut MySqlConnection| -> String {
        sqlx::query("select concat_ws(' ', (select count(*) from orders), (select count(*) from customer),
                            (select count(*) from information_schema.tables), (select sum(vip) from customer)) as state")
            .fetch_one(root)
            .await
            .expect("state")
            .try_get_unchecked(0)
            .expect("text")
    };
    let before = state(root).await;
    let out = mariadb.dir().join("stolen");
    let outfile = format!("select 1 into outfile '{}'", out.display());
    // as root: nothing but our session's settings stands between it and the data
    let target = target(mariadb, "root");
    for attack in [
        "delete from orders",
        "delete from orders returning *",
        "insert into pair values (1, 2) returning *",
        "update customer set vip = 1",
        "drop table pair",
        "create table stolen as select * from orders",
        "create or replace table pair as select 1",
        "truncate pair",
        "alter table pair add c int",
        "create temporary table stolen (n int)",
        "call wipe()",
        "set global max_connections = 1",
        "set session transaction read write",
        "commit",
        "select 1; delete from orders",
        "grant all on *.* to reader@localhost",
        "analyze table orders",
        "explain delete from orders",
        outfile.as_str(),
        "select 1 into @x",
        "handler orders open",
        "lock tables orders write",
        "load data infile '/etc/passwd' into table pair",
    ] {
        let outcome = run_on(&target, attack, &LIMITS).await;
        println!(
            "{attack}: {}",
            outcome
                .as_ref()
                .map_or_else(ToString::to_string, |rows| format!("{:?}", rows.rows))
        );
        if !attack.starts_with("explain") && !attack.starts_with("analyze") {
            assert!(outcome.is_err(), "{attack}: {outcome:?}");
        }
        let query = unchecked(attack, Dialect::Mysql);
        let _ = target.explain(&query, &CancellationToken::new()).await;
    }
    assert_eq!(state(root).await, before);
    assert!(!out.exists(), "no file was written");
}

async fn errors_say_whose_fault_it_was(mariadb: &MariaDb) {
    let target = target(mariadb, "reader");
    for (sql, at, words) in [
        ("select nmae from customer", None, "Unknown column 'nmae'"),
        ("select 'ä' frm customer", Some(16), "syntax"),
        ("select 1 +", Some(11), "syntax"),
        ("select * from missing", None, "doesn't exist"),
        ("select ?", None, "placeholder"),
        ("select user from mysql.user", None, "denied"),
    ] {
        match run_on(&target, sql, &LIMITS).await {
            Err(TargetError::Query {
                message, position, ..
            }) => {
                assert!(message.contains(words), "{sql}: {message}");
                assert_eq!(position, at, "{sql}: {message}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    for options in [
        mariadb.options("nobody-of-that-name"),
        mariadb.options("reader").database("missing"),
        MySqlConnectOptions::new().host("127.0.0.1").port(1),
    ] {
        let outcome = run_on(
            &MySqlTarget::new(options, Settings::default()),
            "select 1",
            &LIMITS,
        )
        .await;
        assert!(
            matches!(outcome, Err(TargetError::Unreachable(_))),
            "{outcome:?}"
        );
    }
    let query = unchecked(
        "select * from orders join customer on customer.id = customer_id",
        Dialect::Mysql,
    );
    let plan = target
        .explain(&query, &CancellationToken::new())
        .await
        .expect("planned");
    assert!(
        plan.text.contains("orders") && plan.estimated_cost.is_some_and(|cost| cost >= 2.0),
        "{plan:?}"
    );
}

/// The driver shows a column's length to people only; this says so when it no longer does.
async fn lengths_of_columns_are_known(mariadb: &MariaDb) {
    let mut connection = MySqlConnection::connect_with(&mariadb.options("reader"))
        .await
        .expect("in");
    let text =
        "select id, code, cast('x' as char(7)) as seven, repeat('x', 9) as nine from customer";
    let statement = connection
        .prepare(AssertSqlSafe(text).into_sql_str())
        .await
        .expect("prepared");
    let lengths: Vec<u64> = statement
        .columns()
        .iter()
        .map(|column| Shape::of(column.type_info()).longest_bytes)
        .collect();
    let unknown = u64::from(u32::MAX);
    assert!(
        lengths.iter().all(|length| *length < unknown),
        "{lengths:?}"
    );
    assert_eq!(&lengths[2..], [28, 36], "characters of up to four bytes");
}

async fn plans_say_how_many_rows_are_read(mariadb: &MariaDb, root: &mut MySqlConnection) {
    sqlx::raw_sql(
        "create table big_one (id int primary key, kind int, note varchar(20));
         insert into big_one select seq, seq % 10, 'x' from seq_1_to_20000;
         create table small_one (id int primary key, kind int); insert into small_one select seq, seq from seq_1_to_100;
         analyze table big_one, small_one",
    )
    .execute(&mut *root)
    .await
    .expect("root may");
    let target = target(mariadb, "reader");
    let schema = target.introspect().await.expect("introspected");
    let mut seen = String::new();
    for (sql, least, most) in [
        ("select count(*) from big_one", 15_000.0, 25_000.0),
        ("select * from big_one where id = 7", 0.0, 5.0),
        ("select * from big_one limit 10", 0.0, 20.0),
        (
            "select kind, count(*) from big_one group by kind order by 2 desc limit 3",
            15_000.0,
            30_000.0,
        ),
        // no index leads from one to the other: each with each
        (
            "select count(*) from big_one b join small_one s on s.kind = b.kind",
            1_000_000.0,
            3_000_000.0,
        ),
        (
            "select count(*) from big_one b join small_one s on s.id = b.kind",
            15_000.0,
            60_000.0,
        ),
        (
            "select s.id, (select count(*) from big_one b where b.kind = s.kind) from small_one s",
            1_000_000.0,
            3_000_000.0,
        ),
        (
            "select count(*) from big_one a, big_one b, small_one c where a.kind + b.kind + c.kind = -1",
            30e9,
            90e9,
        ),
        (
            "select a.id from big_one a, small_one s where a.kind + s.kind = -1 limit 10",
            1_500_000.0,
            3_000_000.0,
        ),
        // no cache stands between the two
        (
            "select count(*) from small_one s where s.kind not in (select b.kind + s.kind from big_one b)",
            1_500_000.0,
            3_000_000.0,
        ),
        (
            "select count(*) from small_one s where s.kind not in (select b.kind from big_one b)",
            15_000.0,
            60_000.0,
        ),
        (
            "select count(*) from big_one b where not exists (select 1 from small_one s where s.id = b.kind)",
            15_000.0,
            60_000.0,
        ),
        (
            "select * from (select kind, count(*) as n from big_one group by kind) x union all select 1, 2",
            15_000.0,
            60_000.0,
        ),
    ] {
        let query = match crate::query::check(sql, Dialect::Mysql, &schema) {
            crate::query::Verdict::Accept(query) => query,
            crate::query::Verdict::Reject(findings) => panic!("{sql}: {findings:?}"),
        };
        let plan = target
            .explain(&query, &CancellationToken::new())
            .await
            .expect(sql);
        let read = plan.rows_read.expect("an estimate");
        let _ = writeln!(seen, "{sql}: {read}");
        assert!(
            (least..=most).contains(&read),
            "{sql}: {read}\n{}",
            plan.text
        );
    }
    println!("{seen}");
    sqlx::raw_sql("drop table big_one, small_one")
        .execute(root)
        .await
        .expect("root may");
}

async fn a_row_larger_than_we_read_is_refused(mariadb: &MariaDb, root: &mut MySqlConnection) {
    sqlx::raw_sql(
        "create table documents (id int primary key, body longtext, facts json);
         insert into documents values (1, repeat('ä', 100000), '{\"a\": 1}'), (2, 'short', null), (3, repeat('x', 9000000), null)",
    )
    .execute(&mut *root)
    .await
    .expect("root may");
    let target = target(mariadb, "reader");
    for sql in [
        "select * from documents",
        "select id, body, body from documents where id = 3; -- again",
        "select repeat('x', 16000000), repeat('y', 16000000), repeat('z', 16000000)",
        "with d as (select body from documents) (select body from d) union all select concat(body, 'x') from d order by 1",
    ] {
        match run_on(&target, sql, &LIMITS).await {
            Err(TargetError::Query { message, hint, .. }) => {
                assert!(message.contains("bytes; at most"), "{sql}: {message}");
                assert!(hint.is_some_and(|hint| hint.contains("left(")), "{sql}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    for (sql, rows) in [
        (
            "select id, left(body, 3) as b from documents order by id desc",
            3,
        ),
        (
            "select facts, body, id as facts from documents where id < 3 order by body",
            2,
        ),
        (
            "select json_extract(facts, '$.a') as a from documents order by a",
            3,
        ),
    ] {
        let found = run_on(&target, sql, &LIMITS).await;
        assert_eq!(found.expect(sql).rows.len(), rows, "{sql}");
    }
    sqlx::raw_sql("drop table documents")
        .execute(root)
        .await
        .expect("root may");
}

/// `cargo test --lib -- --ignored mariadb_leave_memory_flat --nocapture`
#[tokio::test]
#[ignore = "it looks at the whole process's memory, so it has to be alone"]
async fn a_hundred_megabytes_in_one_row_and_ten_million_rows_of_mariadb_leave_memory_flat() {
    let Some(mariadb) = MariaDb::start(SETUP).await else {
        return;
    };
    let target = target(&mariadb, "reader");
    run_on(&target, "select 1", &LIMITS).await.expect("warm");
    let limits = RunLimits {
        max_rows: 10_000,
        max_bytes: 16 << 20,
        timeout: Duration::from_secs(60),
    };
    let row = format!("select {}", ["repeat('x', 16000000)"; 8].join(", "));
    for sql in [row.as_str(), ENDLESS] {
        let before = resident_kib();
        let outcome = run_on(&target, sql, &limits).await;
        assert!(outcome.is_ok_and(|rows| rows.truncated) == (sql == ENDLESS));
        let grown = resident_kib().saturating_sub(before);
        println!("{sql}: memory grew by {grown} KiB");
        assert!(grown < 32 * 1024, "{grown}");
    }
}

async fn caps_and_time_limits_hold(mariadb: &MariaDb, root: &mut MySqlConnection) {
    let target = Arc::new(target(mariadb, "reader"));
    let begun = Instant::now();
    let rows = run_on(&target, ENDLESS, &LIMITS).await.expect("capped");
    println!("first 1,000 of 100,000,000 rows: {:?}", begun.elapsed());
    assert!(rows.truncated);
    assert_eq!(rows.rows.len(), 1_000);
    // its own limit beats the session's, so we stop reading
    let rows = run_on(&target, &format!("{ENDLESS} limit 50000000"), &LIMITS)
        .await
        .expect("capped");
    assert!(rows.truncated);
    let limits = RunLimits {
        max_rows: 1_000_000,
        max_bytes: 10_000,
        ..LIMITS
    };
    assert!(
        run_on(&target, ENDLESS, &limits)
            .await
            .expect("capped")
            .rows
            .len()
            < 1_000
    );
    assert!(
        !run_on(&target, "select 1", &LIMITS)
            .await
            .expect("one")
            .truncated
    );

    let brief = RunLimits {
        timeout: Duration::from_millis(300),
        ..LIMITS
    };
    let slow = format!("select count(*) from ({ENDLESS}) as t(a, b, c, d)")
        .replace("as t(a, b, c, d)", "as t");
    let slow = slow.replace(
        "select a.i, b.i, c.i, e.i",
        "select a.i as a, b.i as b, c.i as c, e.i as e",
    );
    for sql in [slow.as_str(), "select sleep(20)"] {
        let begun = Instant::now();
        let outcome = run_on(&target, sql, &brief).await;
        println!("a timeout of 300 ms took {:?}", begun.elapsed());
        // MariaDB gives what sleep has when it is interrupted
        let slept = matches!(&outcome, Ok(rows) if rows.rows == [[json!(1)]]);
        assert!(
            matches!(outcome, Err(TargetError::Timeout(_))) || slept,
            "{sql}: {outcome:?}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    let cancel = CancellationToken::new();
    let long = RunLimits {
        timeout: Duration::from_secs(60),
        ..LIMITS
    };
    let task = tokio::spawn({
        let (target, cancel, slow) = (Arc::clone(&target), cancel.clone(), slow.clone());
        async move {
            target
                .run(&unchecked(&slow, Dialect::Mysql), &long, &cancel)
                .await
        }
    });
    while running(root).await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let begun = Instant::now();
    cancel.cancel();
    let outcome = task.await.expect("no panic");
    println!("cancel to the caller's answer: {:?}", begun.elapsed());
    assert!(
        matches!(outcome, Err(TargetError::Cancelled)),
        "{outcome:?}"
    );
    while running(root).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "still running");
    }
    let next = run_on(&target, "select 1", &LIMITS)
        .await
        .expect("the next works");
    assert_eq!(next.rows, [[json!(1)]]);
}

async fn rights_are_told(mariadb: &MariaDb) {
    let reader = target(mariadb, "reader").probe().await.expect("probed");
    assert_eq!(reader.can_write, [""; 0]);
    assert!(
        reader.server_version.starts_with("MariaDB 1"),
        "{}",
        reader.server_version
    );
    let root = target(mariadb, "root").probe().await.expect("probed");
    assert!(
        root.can_write[0].contains("ALL PRIVILEGES"),
        "{:?}",
        root.can_write
    );
}
