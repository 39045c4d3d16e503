use super::*;
use crate::query::unchecked;
use crate::store::embedded::testing::{Shared, shared};
use crate::store::embedded::{OWNER, READER};
use crate::target::TargetError;
use crate::target::resident_kib;
use serde_json::json;
use sqlx::Connection;
use std::sync::Arc;

const LIMITS: RunLimits = RunLimits {
    max_rows: 1_000,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(10),
};

fn reader(shared: &Shared) -> PostgresTarget {
    PostgresTarget::new(shared.samples.chinook.clone(), Settings::default())
}

/// Whoever owns the tables: nothing but our own layers stands between it and them.
fn owner(shared: &Shared) -> PostgresTarget {
    PostgresTarget::new(
        shared.cluster.options_as(OWNER, "chinook"),
        Settings::default(),
    )
}

async fn run_on(
    target: &PostgresTarget,
    sql: &str,
    limits: &RunLimits,
) -> Result<Rows, TargetError> {
    let query = unchecked(sql, Dialect::Postgres);
    target.run(&query, limits, &CancellationToken::new()).await
}

async fn admin(shared: &Shared) -> PgConnection {
    shared
        .cluster
        .connect_as_superuser("chinook")
        .await
        .expect("the superuser gets in")
}

/// Statements of ours that the server still works on.
async fn still_running(admin: &mut PgConnection, marker: &str) -> i64 {
    sqlx::query_scalar(
        "select count(*) from pg_stat_activity
          where pid <> pg_backend_pid() and state <> 'idle' and query like '%' || $1 || '%'",
    )
    .bind(marker)
    .fetch_one(admin)
    .await
    .expect("the superuser sees all")
}

async fn until_gone(admin: &mut PgConnection, marker: &str) -> Duration {
    let begun = Instant::now();
    while still_running(admin, marker).await > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "still running on the server"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    begun.elapsed()
}

async fn until_running(admin: &mut PgConnection, marker: &str) {
    let begun = Instant::now();
    while still_running(admin, marker).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never begins");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn chinook_is_found_as_it_is() {
    let shared = shared().await;
    let target = reader(&shared);
    let begun = Instant::now();
    let schema = target.introspect().await.expect("introspected");
    println!("introspection of chinook: {:?}", begun.elapsed());
    let mut seen = String::new();
    // other tests make tables of their own in the same database for a moment
    let own = |name: &str| ["locked", "stolen"].contains(&name);
    for table in schema.tables.iter().filter(|table| !own(&table.name)) {
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
async fn types_that_lose_digits_elsewhere_keep_them() {
    let shared = shared().await;
    let rows = run_on(
        &reader(&shared),
        "select 1::int2, 9007199254740993::int8, 42::int8, 0.1::float8, 'NaN'::float8, 1.10::numeric(10,2),
                12345678901234567890.123456789::numeric, true, null::int, 'a'::text, 'b'::char(3),
                '2024-02-29'::date, '2024-02-29 23:59:59.123456+02'::timestamptz, '1 day 02:00'::interval,
                '\\x00ff'::bytea, '{\"b\": 1, \"a\": [1.50]}'::json, array[1, null], row(1, 'x'),
                int4range(1, 5), '10.0.0.1/8'::inet, 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::uuid,
                '12.50'::money, 1 as same, 2 as same; -- the end",
        &LIMITS,
    )
    .await
    .expect("they all have a text form");
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

#[tokio::test]
async fn extension_types_enums_and_domains_are_read_like_others() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    sqlx::raw_sql(
        "create schema odd;
         grant usage on schema odd to qf_reader;
         create type odd.mood as enum ('sad', 'ok', 'glad');
         create domain odd.age as int check (value > 0);
         create table odd.\"Person \"\"x\"\"\" (id odd.age primary key, mood odd.mood, \"Full Name\" text,
                born date default current_date, doubled int generated always as (1) stored);
         comment on table odd.\"Person \"\"x\"\"\" is 'people';
         comment on column odd.\"Person \"\"x\"\"\".mood is 'how they are';
         insert into odd.\"Person \"\"x\"\"\" values (1, 'ok', 'A', '2020-01-02'), (2, 'ok', null, '2021-01-02');
         create view odd.v as select mood from odd.\"Person \"\"x\"\"\";
         grant select on all tables in schema odd to qf_reader;
         create table odd.secret (n int)",
    )
    .execute(&mut admin)
    .await
    .expect("the superuser may");
    let target = PostgresTarget::new(
        shared.samples.chinook.clone(),
        Settings {
            namespaces: vec!["odd".into()],
            ..Settings::default()
        },
    );
    let rows = run_on(
        &target,
        "select id, mood, doubled from \"Person \"\"x\"\"\" order by id",
        &LIMITS,
    )
    .await;
    let schema = target.introspect().await;
    sqlx::raw_sql("drop schema odd cascade")
        .execute(&mut admin)
        .await
        .expect("ours");

    let rows = rows.expect("unqualified names are found");
    assert_eq!(
        rows.rows,
        [
            [json!(1), json!("ok"), json!(1)],
            [json!(2), json!("ok"), json!(1)]
        ]
    );
    assert_eq!(rows.columns[1].data_type, "mood");
    assert_eq!(rows.columns[1].kind, crate::schema::ValueKind::Text);
    let schema = schema.expect("introspected");
    assert!(
        schema.table("secret").is_none(),
        "what may not be read is not shown"
    );
    assert!(schema.table("v").expect("the view").is_view);
    let person = schema.table("Person \"x\"").expect("the table");
    assert_eq!(person.namespace.as_deref(), Some("odd"));
    assert_eq!(person.description.as_deref(), Some("people"));
    assert_eq!(person.row_estimate, Some(2));
    let mood = person.column("mood").expect("the enum");
    assert_eq!(mood.values, ["ok", "sad", "glad"]);
    assert!(mood.values_complete);
    assert_eq!(mood.description.as_deref(), Some("how they are"));
    let id = person.column("id").expect("the domain");
    assert_eq!((id.data_type.as_str(), id.nullable), ("integer", false));
    assert_eq!(id.range, Some(("1".into(), "2".into())));
    assert_eq!(person.column("doubled").expect("generated").default, None);
    assert!(person.column("born").expect("a date").default.is_some());
}

#[tokio::test]
async fn of_a_large_table_a_sample_is_looked_at() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    sqlx::raw_sql(
        "create schema large; grant usage on schema large to qf_reader;
         create table large.events as
         select n as id, case when n % 10 = 0 then 'rare' else 'common' end as kind, md5(n::text) as hash,
                date '2020-01-01' + (n % 1000)::int as day
           from generate_series(1, 200000) as n;
         analyze large.events; grant select on large.events to qf_reader",
    )
    .execute(&mut admin)
    .await
    .expect("the superuser may");
    let begun = Instant::now();
    let schema = reader(&shared).introspect().await;
    println!(
        "introspection with 200,000 rows more: {:?}",
        begun.elapsed()
    );
    sqlx::raw_sql("drop schema large cascade")
        .execute(&mut admin)
        .await
        .expect("ours");
    let schema = schema.expect("introspected");
    let events = schema.table("events").expect("the table");
    assert!(
        events
            .row_estimate
            .is_some_and(|rows| (190_000..=210_000).contains(&rows))
    );
    let kind = events.column("kind").expect("there");
    assert_eq!(kind.values, ["common", "rare"]);
    assert!(!kind.values_complete, "a sample cannot know that");
    assert_eq!(events.column("hash").expect("there").values.len(), SAMPLED);
    let day = events
        .column("day")
        .expect("there")
        .range
        .clone()
        .expect("from statistics");
    assert_eq!(day.0, "2020-01-01");
}
const SAMPLED: usize = 200;

#[tokio::test]
async fn a_cancelled_query_leaves_nothing_on_the_server_and_the_next_one_works() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    let target = Arc::new(reader(&shared));
    let cancel = CancellationToken::new();
    let running = tokio::spawn({
        let (target, cancel) = (Arc::clone(&target), cancel.clone());
        async move {
            let query = unchecked("select pg_sleep(30), 'cancel me'", Dialect::Postgres);
            target
                .run(
                    &query,
                    &RunLimits {
                        timeout: Duration::from_secs(60),
                        ..LIMITS
                    },
                    &cancel,
                )
                .await
        }
    });
    until_running(&mut admin, "fetch forward").await;
    let begun = Instant::now();
    cancel.cancel();
    let outcome = running.await.expect("no panic");
    println!("cancel to the caller's answer: {:?}", begun.elapsed());
    assert!(
        matches!(outcome, Err(TargetError::Cancelled)),
        "{outcome:?}"
    );
    until_gone(&mut admin, "fetch forward").await;
    assert!(begun.elapsed() < Duration::from_secs(20));
    let next = run_on(&target, "select 1", &LIMITS)
        .await
        .expect("the next works");
    assert_eq!(next.rows, [[json!(1)]]);
}

#[tokio::test]
async fn a_dropped_future_leaves_nothing_on_the_server_either() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    let target = reader(&shared);
    // another page size than in the other tests, so that they do not see each other's statements
    let limits = RunLimits {
        max_rows: 76,
        timeout: Duration::from_secs(60),
        ..LIMITS
    };
    {
        let query = unchecked("select pg_sleep(30)", Dialect::Postgres);
        let token = CancellationToken::new();
        let running = target.run(&query, &limits, &token);
        tokio::select! {
            _ = running => panic!("it sleeps for half a minute"),
            () = until_running(&mut admin, "fetch forward 77") => {}
        }
    }
    until_gone(&mut admin, "fetch forward 77").await;
    let next = run_on(&target, "select 1", &LIMITS)
        .await
        .expect("the next works");
    assert_eq!(next.rows, [[json!(1)]]);
}

#[tokio::test]
async fn a_query_over_its_time_is_a_timeout_whoever_notices() {
    let shared = shared().await;
    let target = reader(&shared);
    let limits = RunLimits {
        timeout: Duration::from_millis(300),
        ..LIMITS
    };
    for sql in [
        "select pg_sleep(20)",
        // each page on its own is quick: the sum is what counts
        "select n, pg_sleep(0.002) from generate_series(1, 100000) as n",
        // in planning and in preparing, where no statement of ours waits for rows
        "select count(*) from generate_series(1, 100000000000)",
    ] {
        let begun = Instant::now();
        let outcome = run_on(&target, sql, &limits).await;
        assert!(
            matches!(outcome, Err(TargetError::Timeout(_))),
            "{sql}: {outcome:?}"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{sql}: {:?}",
            begun.elapsed()
        );
    }
    assert!(run_on(&target, "select 1", &LIMITS).await.is_ok());
}

#[tokio::test]
async fn ten_million_rows_stop_at_the_cap() {
    let shared = shared().await;
    let target = reader(&shared);
    let begun = Instant::now();
    let rows = run_on(
        &target,
        "select n, n::text from generate_series(1, 10000000) as n",
        &LIMITS,
    )
    .await
    .expect("capped");
    println!("first 1,000 of 10,000,000 rows: {:?}", begun.elapsed());
    assert!(rows.truncated);
    assert_eq!(rows.rows.len(), 1_000);
    assert_eq!(rows.rows[999], [json!(1000), json!("1000")]);

    let rows = run_on(
        &target,
        "select n from generate_series(1, 1000) as n",
        &LIMITS,
    )
    .await
    .expect("all");
    assert!(!rows.truncated, "exactly the cap is not more than the cap");
    assert_eq!(rows.rows.len(), 1_000);
}

#[tokio::test]
async fn bytes_are_capped_while_reading() {
    let shared = shared().await;
    let target = reader(&shared);
    let limits = RunLimits {
        max_rows: 1_000_000,
        max_bytes: 100_000,
        ..LIMITS
    };
    let rows = run_on(
        &target,
        "select repeat('x', 1000) from generate_series(1, 10000000)",
        &limits,
    )
    .await
    .expect("capped");
    assert!(rows.truncated);
    assert_eq!(rows.rows.len(), 99);

    let begun = Instant::now();
    let rows = run_on(&target, "select repeat('x', 100000000) as big, 1", &LIMITS)
        .await
        .expect("cut");
    println!("one value of 100 MB: {:?}", begun.elapsed());
    assert!(rows.truncated);
    let value = rows.rows[0][0].as_str().expect("text");
    assert_eq!(value.chars().count(), VALUE_CHARS + 1);
    assert!(value.ends_with('…'));
}

#[tokio::test]
async fn an_error_points_into_the_text_that_was_checked() {
    let shared = shared().await;
    let target = reader(&shared);
    let cases = [
        ("select nmae from artist", Some(8), "does not exist"),
        ("select 'ä', nmae from artist", Some(13), "does not exist"),
        ("select 1 +", Some(11), "syntax error"),
        ("select 1; select 2", None, "multiple commands"),
        ("select $1", None, "placeholder"),
        (
            "select 1 / (artist_id - artist_id) from artist",
            None,
            "division by zero",
        ),
        ("select from artist", None, "no columns"),
    ];
    for (sql, at, words) in cases {
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
    let query = unchecked("select nmae from artist", Dialect::Postgres);
    match target.explain(&query, &CancellationToken::new()).await {
        Err(TargetError::Query { position, hint, .. }) => {
            assert_eq!(position, Some(8));
            assert!(hint.is_some(), "the server knows a better name");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_plan_says_what_the_server_expects() {
    let shared = shared().await;
    let target = reader(&shared);
    let query = unchecked(
        "select * from track join album using (album_id) order by track.name;",
        Dialect::Postgres,
    );
    let plan = target
        .explain(&query, &CancellationToken::new())
        .await
        .expect("planned");
    assert_eq!(plan.estimated_rows, Some(3503.0));
    assert!(plan.estimated_cost.is_some_and(|cost| cost > 100.0));
    assert!(
        plan.text.contains("Hash Join") && plan.text.contains("on track"),
        "{}",
        plan.text
    );
}

/// The table `track` has 3,503 rows.
#[tokio::test]
async fn a_plan_counts_what_is_worked_through_and_not_what_is_left() {
    let shared = shared().await;
    let target = reader(&shared);
    let pairs = 3503.0 * 3503.0;
    let cases = [
        // few rows, or none, of very many combinations
        (
            "select count(*) from track a, track b, track c where a.bytes + b.bytes + c.bytes = -1",
            pairs * 3503.0,
            f64::MAX,
        ),
        (
            "select * from track a, track b where a.bytes + b.bytes = -1 limit 10",
            pairs,
            2.1 * pairs,
        ),
        (
            "select a.name from track a join track b on a.bytes < b.milliseconds and a.name > b.name",
            pairs,
            3.0 * pairs,
        ),
        (
            "select count(*) from track a join track b on a.genre_id = b.genre_id where a.bytes + b.bytes = -1",
            pairs / 25.0,
            pairs,
        ),
        (
            "select count(*) from track a where (select count(*) from track b where b.bytes + a.bytes = 1) = 0",
            pairs,
            2.1 * pairs,
        ),
        (
            "select track_id, (select count(*) from track b where b.bytes * a.bytes = 1) from track a",
            pairs,
            2.1 * pairs,
        ),
        (
            "with t as materialized (select bytes from track) select count(*) from t a, t b where a.bytes + b.bytes = -1",
            pairs,
            3.0 * pairs,
        ),
        // and what anybody asks
        (
            "select a.name, b.title from track a join album b using (album_id)",
            0.0,
            20_000.0,
        ),
        (
            "select g.name, count(*) from track a join genre g using (genre_id) join album b using (album_id)
              where lower(a.name) = 'x' group by g.name",
            0.0,
            30_000.0,
        ),
        (
            "select count(*) from track where genre_id not in (select genre_id from genre where name = 'Rock')",
            0.0,
            10_000.0,
        ),
        (
            "select b.title, (select count(*) from track a where a.album_id = b.album_id) from album b",
            0.0,
            20_000.0,
        ),
        ("select * from track where lower(name) = 'x' limit 10", 0.0, 4_000.0),
        ("select * from track order by track_id limit 10", 0.0, 100.0),
    ];
    let mut wrong = String::new();
    for (sql, least, most) in cases {
        let plan = target
            .explain(
                &unchecked(sql, Dialect::Postgres),
                &CancellationToken::new(),
            )
            .await
            .expect(sql);
        let read = plan.rows_read.expect("an estimate");
        println!("{sql}: {read}");
        if !(least..=most).contains(&read) {
            let _ = writeln!(wrong, "{sql}: {read}\n{}", plan.text);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test]
async fn what_gets_past_the_checker_changes_nothing_even_for_the_owner() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    sqlx::raw_sql("create sequence counter; grant all on sequence counter to queryforge")
        .execute(&mut admin)
        .await
        .expect("the superuser may");
    let state = "select (select count(*) from track)::text || ' ' || (select last_value from counter)
                     || ' ' || (select count(*) from pg_largeobject_metadata) || ' ' || (select count(*) from pg_class)";
    let before: String = sqlx::query_scalar(state)
        .fetch_one(&mut admin)
        .await
        .expect("state");
    let target = owner(&shared);
    for attack in [
        "delete from playlist_track",
        "delete from playlist_track returning *",
        "with gone as (delete from playlist_track returning *) select * from gone",
        "select nextval('counter')",
        "select setval('counter', 999)",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'x')",
        "create table stolen as select * from track",
        "select * into stolen from track",
        "create temporary table stolen (n int)",
        "drop table playlist_track",
        "truncate playlist_track",
        "commit",
        "commit; drop table playlist_track",
        "select 1) as q(c1); drop table playlist_track; --",
        "select set_config('transaction_read_only', 'off', true), (select nextval('counter'))",
        "set transaction read write",
        "copy track to program 'touch /tmp/qf-stolen'",
        "copy (select 1) to stdout",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",
        "explain analyze delete from playlist_track",
        "do $$ begin delete from playlist_track; end $$",
        "call something()",
        "listen x",
        "vacuum track",
        "select * from track for update",
        "prepare p as select 1",
        "begin",
        "rollback",
    ] {
        let outcome = run_on(&target, attack, &LIMITS).await;
        println!(
            "{attack}: {}",
            outcome
                .as_ref()
                .map_or_else(ToString::to_string, |rows| format!("{:?}", rows.rows))
        );
        // PostgreSQL 15 makes large objects even in a read-only transaction, which we roll back
        if !attack.starts_with("select lo_") {
            assert!(outcome.is_err(), "{attack}: {outcome:?}");
        }
    }
    let after: String = sqlx::query_scalar(state)
        .fetch_one(&mut admin)
        .await
        .expect("state");
    sqlx::raw_sql("drop sequence counter")
        .execute(&mut admin)
        .await
        .expect("ours");
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_slot_comes_back_when_the_server_has_let_go_and_the_answer_before() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    let target = PostgresTarget::new(
        shared.samples.chinook.clone(),
        Settings {
            connections: 1,
            ..Settings::default()
        },
    );
    // some seconds within one call, which PostgreSQL cannot interrupt
    let slow = "select strpos(repeat('a', 150000), 'b' || repeat('a', 75000)), 'one slot'";
    let brief = RunLimits {
        timeout: Duration::from_millis(100),
        ..LIMITS
    };
    let outcome = run_on(&target, slow, &brief).await;
    assert!(
        matches!(outcome, Err(TargetError::Timeout(_))),
        "{outcome:?}"
    );
    let patient = RunLimits {
        timeout: Duration::from_secs(120),
        ..LIMITS
    };
    let next = run_on(&target, "select 1", &patient).await;
    assert_eq!(next.expect("its turn comes").rows, [[json!(1)]]);
    assert_eq!(still_running(&mut admin, "one slot").await, 0);
}

#[tokio::test]
async fn a_dry_run_that_waits_for_its_turn_keeps_its_own_time() {
    let shared = shared().await;
    let target = PostgresTarget::new(
        shared.samples.chinook.clone(),
        Settings {
            connections: 1,
            explain_timeout: Duration::from_secs(2),
            ..Settings::default()
        },
    );
    let mut admin = admin(&shared).await;
    // a page size that no other test has: the server shows the fetch, not the query
    let limits = RunLimits {
        max_rows: 55,
        timeout: Duration::from_secs(120),
        ..LIMITS
    };
    let (long, cancel) = (
        unchecked("select pg_sleep(120)", Dialect::Postgres),
        CancellationToken::new(),
    );
    let query = unchecked("select count(*) from track", Dialect::Postgres);
    let (slept, plan) = tokio::join!(target.run(&long, &limits, &cancel), async {
        until_running(&mut admin, "fetch forward 56").await;
        let never = CancellationToken::new();
        let explained = target.explain(&query, &never);
        let freed = async {
            // longer than a dry run may take
            tokio::time::sleep(Duration::from_secs(3)).await;
            cancel.cancel();
        };
        tokio::join!(explained, freed).0
    });
    assert!(matches!(slept, Err(TargetError::Cancelled)), "{slept:?}");
    assert!(plan.is_ok(), "{plan:?}");
}

#[tokio::test]
async fn a_statement_has_its_share_of_memory_and_disk() {
    let shared = shared().await;
    let superuser = PostgresTarget::new(
        shared.cluster.options_as("postgres", "chinook"),
        Settings::default(),
    );
    let sql = "select current_setting('temp_file_limit'), pg_size_bytes(current_setting('work_mem')) <= 67108864";
    let rows = run_on(&superuser, sql, &LIMITS).await.expect("settings");
    assert_eq!(rows.rows, [[json!("4GB"), json!(true)]]);
    // a reader may not set the first, and runs all the same
    let rows = run_on(&reader(&shared), sql, &LIMITS)
        .await
        .expect("settings");
    assert_eq!(rows.rows[0][1], json!(true));
}

#[tokio::test]
async fn values_at_the_edges_are_shown_as_they_are() {
    let shared = shared().await;
    let rows = run_on(
        &reader(&shared),
        "select '12024-01-01'::date, 'infinity'::timestamptz, '0044-03-15 BC'::date, 'NaN'::numeric, '-infinity'::float8,
                array[[1, 2], [3, null]], '{\"a\": [NaN]}'::text, 1 as same, 2 as same, 1e131071::numeric as long",
        &LIMITS,
    )
    .await
    .expect("a query");
    assert!(rows.truncated, "131,072 digits are cut");
    let long = rows.rows[0][9].as_str().expect("digits");
    assert_eq!(long.chars().count(), VALUE_CHARS + 1);
    assert_eq!(
        rows.rows[0][..9],
        [
            json!("12024-01-01"),
            json!("infinity"),
            json!("0044-03-15 BC"),
            json!("NaN"),
            json!("-Infinity"),
            json!("{{1,2},{3,NULL}}"),
            json!("{\"a\": [NaN]}"),
            json!(1),
            json!(2),
        ]
    );
    let names: Vec<&str> = rows.columns[7..9]
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["same", "same"]);
}

#[tokio::test]
async fn a_table_that_goes_or_changes_after_the_check_is_the_querys_fault() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    sqlx::raw_sql("create table passing (n int, m int); grant select on passing to qf_reader")
        .execute(&mut admin)
        .await
        .expect("the superuser may");
    let target = reader(&shared);
    let sql = "select m from passing";
    run_on(&target, sql, &LIMITS).await.expect("there");
    for (change, said) in [
        ("alter table passing alter m type text using m::text", None),
        (
            "alter table passing drop column m",
            Some("column \"m\" does not exist"),
        ),
        (
            "drop table passing",
            Some("relation \"passing\" does not exist"),
        ),
    ] {
        sqlx::raw_sql(change)
            .execute(&mut admin)
            .await
            .expect(change);
        match (run_on(&target, sql, &LIMITS).await, said) {
            (Ok(_), None) => {}
            (Err(TargetError::Query { message, .. }), Some(said)) => {
                assert!(message.contains(said), "{message}");
            }
            (other, _) => panic!("{change}: {other:?}"),
        }
    }
}

/// `cargo test --lib -- --ignored a_gigabyte_in_one_row --nocapture`
#[tokio::test]
#[ignore = "needs a gigabyte on the server's side"]
async fn a_gigabyte_in_one_row_and_ten_million_rows_leave_memory_flat() {
    let shared = shared().await;
    let target = reader(&shared);
    run_on(&target, "select 1", &LIMITS).await.expect("warm");
    for sql in [
        "select repeat('x', 268435456), repeat('y', 268435456), repeat('z', 268435456), repeat('ä', 134217728)",
        "select n, n * 2, 'row ' || n from generate_series(1, 10000000) as n",
    ] {
        // the product's own limits
        let limits = RunLimits {
            max_rows: 10_000,
            max_bytes: 16 << 20,
            timeout: Duration::from_secs(60),
        };
        let before = resident_kib();
        let rows = run_on(&target, sql, &limits).await.expect("cut");
        assert!(rows.truncated);
        drop(rows);
        let grown = resident_kib().saturating_sub(before);
        println!("{sql}: memory grew by {grown} KiB");
        assert!(grown < 32 * 1024, "{grown}");
    }
}

#[tokio::test]
async fn nothing_of_one_query_is_left_for_the_next() {
    let shared = shared().await;
    let target = PostgresTarget::new(
        shared.samples.chinook.clone(),
        Settings {
            connections: 1,
            ..Settings::default()
        },
    );
    for attack in [
        "select set_config('search_path', 'pg_catalog', false)",
        "select set_config('statement_timeout', '1', false)",
        "select set_config('timezone', 'Asia/Tokyo', false), pg_advisory_lock(7)",
    ] {
        run_on(&target, attack, &LIMITS)
            .await
            .expect("a role may set these");
    }
    let rows = run_on(
        &target,
        "select current_setting('timezone'), (select count(*) from artist),
                (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
                (select count(*) from pg_prepared_statements where statement like 'select set_config(''search%')",
        &LIMITS,
    )
    .await
    .expect("the next user's query");
    assert_eq!(rows.rows, [[json!("UTC"), json!(275), json!(0), json!(0)]]);
}

#[tokio::test]
async fn a_lock_of_somebody_else_is_not_the_querys_fault() {
    let shared = shared().await;
    let mut admin = admin(&shared).await;
    sqlx::raw_sql("create table locked (n int); grant select on locked to qf_reader")
        .execute(&mut admin)
        .await
        .expect("the superuser may");
    let mut transaction = admin.begin().await.expect("begun");
    sqlx::raw_sql("lock table locked in access exclusive mode")
        .execute(&mut *transaction)
        .await
        .expect("locked");
    let limits = RunLimits {
        timeout: Duration::from_millis(300),
        ..LIMITS
    };
    let outcome = run_on(&reader(&shared), "select * from locked", &limits).await;
    transaction.rollback().await.expect("released");
    sqlx::raw_sql("drop table locked")
        .execute(&mut admin)
        .await
        .expect("ours");
    assert!(
        matches!(
            outcome,
            Err(TargetError::Timeout(_) | TargetError::Other(_))
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_reader_passes_the_probe_and_an_owner_does_not() {
    let shared = shared().await;
    let rights = reader(&shared).probe().await.expect("probed");
    assert_eq!(
        rights.can_write, [""; 0],
        "the reader of the sample only reads"
    );
    assert!(
        rights.server_version.starts_with("PostgreSQL "),
        "{}",
        rights.server_version
    );

    let owner = owner(&shared)
        .probe()
        .await
        .expect("probed")
        .can_write
        .join("\n");
    for words in [
        "delete in album",
        "truncate",
        "create objects in public",
        "create schemas",
    ] {
        assert!(owner.contains(words), "{words}: {owner}");
    }
    let superuser = PostgresTarget::new(
        shared.cluster.options_as("postgres", "chinook"),
        Settings::default(),
    );
    let superuser = superuser
        .probe()
        .await
        .expect("probed")
        .can_write
        .join("\n");
    assert!(superuser.contains("superuser"), "{superuser}");

    let mut admin = admin(&shared).await;
    sqlx::raw_sql(
        "create role qf_odd login; grant connect on database chinook to qf_odd;
         grant pg_write_server_files to qf_odd; grant update (name) on artist to qf_odd",
    )
    .execute(&mut admin)
    .await
    .expect("the superuser may");
    let odd = PostgresTarget::new(
        shared.cluster.options_as("qf_odd", "chinook"),
        Settings::default(),
    )
    .probe()
    .await;
    sqlx::raw_sql("drop owned by qf_odd; drop role qf_odd")
        .execute(&mut admin)
        .await
        .expect("ours");
    assert_eq!(
        odd.expect("probed").can_write,
        [
            "The role qf_odd is a member of pg_write_server_files.",
            "The role qf_odd has the right to update in artist."
        ]
    );
}

#[tokio::test]
async fn no_server_and_no_entry_are_unreachable() {
    let shared = shared().await;
    let nowhere = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(1);
    for options in [
        nowhere,
        shared.cluster.options_as(READER, "postgres"),
        shared.cluster.options_as("nobody-of-that-name", "chinook"),
        shared.cluster.options_as(READER, "no-such-database"),
    ] {
        let target = PostgresTarget::new(options, Settings::default());
        let outcome = run_on(&target, "select 1", &LIMITS).await;
        assert!(
            matches!(outcome, Err(TargetError::Unreachable(_))),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn more_queries_than_connections_take_turns() {
    let shared = shared().await;
    let target = PostgresTarget::new(
        shared.samples.chinook.clone(),
        Settings {
            connections: 2,
            ..Settings::default()
        },
    );
    let begun = Instant::now();
    let runs = (0..100).map(|_| run_on(&target, "select count(*) from track", &LIMITS));
    for outcome in futures::future::join_all(runs).await {
        assert_eq!(outcome.expect("each gets its turn").rows, [[json!(3503)]]);
    }
    println!("100 queries over 2 connections: {:?}", begun.elapsed());
}
