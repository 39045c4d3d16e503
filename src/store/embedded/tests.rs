use super::programs::{Account, Programs};
use super::testing::scratch;
use super::*;
use sqlx::postgres::PgPoolOptions;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Instant;

fn start_error(outcome: Result<Cluster, EmbeddedError>) -> EmbeddedError {
    match outcome {
        Ok(_) => panic!("a cluster started where none can"),
        Err(error) => error,
    }
}

async fn number(options: PgConnectOptions, sql: &'static str) -> Result<i32, sqlx::Error> {
    let mut connection = PgConnection::connect_with(&options).await?;
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(number)
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    begun.elapsed()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_second_start() {
    let dir = scratch();
    let begun = Instant::now();
    let cluster = Cluster::start(dir.path()).await.expect("a first start");
    let mut connection = PgConnection::connect_with(&cluster.options(OWNER))
        .await
        .expect("our role in our database");
    sqlx::raw_sql("create table kept as select 42 as n")
        .execute(&mut connection)
        .await
        .expect("the owner may create");
    println!("nothing to first statement: {:?}", begun.elapsed());

    let begun = Instant::now();
    cluster.stop().await;
    assert!(!cluster.is_running());
    println!("stop: {:?}", begun.elapsed());

    let begun = Instant::now();
    let cluster = Cluster::start(dir.path()).await.expect("a second start");
    let kept = number(cluster.options(OWNER), "select n from kept").await;
    println!("second start to first row: {:?}", begun.elapsed());
    assert_eq!(kept.expect("the table is there"), 42);
    let options: PgConnectOptions = cluster.url(OWNER).parse().expect("a URL sqlx reads");
    assert_eq!(
        number(options, "select n from kept")
            .await
            .expect("the same"),
        42
    );
    cluster.stop().await;
}

#[tokio::test]
async fn the_reader_gets_into_no_database_it_was_not_let_into() {
    let dir = scratch();
    let cluster = Cluster::start(dir.path()).await.expect("a start");
    cluster
        .ensure_database("weird \"name")
        .await
        .expect("any name will do");
    cluster
        .ensure_database("weird \"name")
        .await
        .expect("again is no error");
    assert_eq!(
        number(
            cluster.url("weird \"name").parse().expect("encoded"),
            "select 1"
        )
        .await
        .ok(),
        Some(1)
    );
    for database in [OWNER, "postgres", "template1", "weird \"name"] {
        let refused = number(cluster.options_as(READER, database), "select 1").await;
        let refused = refused.expect_err("not for the reader").to_string();
        assert!(
            refused.contains("permission denied"),
            "{database}: {refused}"
        );
    }
    cluster.stop().await;
}

#[tokio::test]
async fn a_second_server_on_the_same_directory_is_told_who_is_there() {
    let dir = scratch();
    let cluster = Cluster::start(dir.path()).await.expect("a start");
    match start_error(Cluster::start(dir.path()).await) {
        EmbeddedError::InUse { pid, .. } => assert_eq!(pid, std::process::id().to_string()),
        other => panic!("{other}"),
    }
    cluster.stop().await;
}

#[tokio::test]
async fn a_killed_postgres_comes_back_and_the_pool_finds_it() {
    let dir = scratch();
    let cluster = Cluster::start(dir.path()).await.expect("a start");
    let pool = PgPoolOptions::new()
        .connect_with(cluster.options(OWNER))
        .await
        .expect("a pool");
    sqlx::raw_sql("create table kept as select 42 as n")
        .execute(&pool)
        .await
        .expect("created");
    let pid = cluster.pid().expect("it runs");
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid as i32),
        nix::sys::signal::Signal::SIGKILL,
    )
    .expect("ours to kill");
    let took = until("the pool answers again", async || {
        cluster.pid() != Some(pid)
            && sqlx::query_scalar::<_, i32>("select n from kept")
                .fetch_one(&pool)
                .await
                .is_ok_and(|n| n == 42)
    })
    .await;
    println!("kill -9 of postgres to the next row: {took:?}");
    pool.close().await;
    cluster.stop().await;
}

/// Not a test: the process that the next one kills.
#[tokio::test]
#[ignore = "a child process of another test"]
async fn child_that_is_killed() {
    let Some(dir) = std::env::var_os("QF_TEST_CLUSTER") else {
        return;
    };
    let cluster = Cluster::start(Path::new(&dir)).await.expect("a start");
    number(
        cluster.options(OWNER),
        "create table kept as select 42 as n",
    )
    .await
    .ok();
    fs::write(
        Path::new(&dir).join("ready"),
        cluster.pid().expect("it runs").to_string(),
    )
    .expect("writable");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn when_we_are_killed_the_server_goes_too_and_the_next_start_finds_the_data() {
    let dir = scratch();
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--ignored",
            "--exact",
            "store::embedded::tests::child_that_is_killed",
        ])
        .env("QF_TEST_CLUSTER", dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test binary runs");
    let ready = dir.path().join("ready");
    until("the child's cluster runs", async || {
        fs::read_to_string(&ready).is_ok_and(|pid| !pid.is_empty())
    })
    .await;
    let postmaster = fs::read_to_string(&ready).expect("written");
    child.kill().expect("ours to kill");
    child.wait().expect("killed");
    if cfg!(target_os = "linux") {
        let proc_entry = Path::new("/proc").join(postmaster);
        let took = until("the server goes with us", async || !proc_entry.exists()).await;
        println!("kill -9 of us to the end of postgres: {took:?}");
    }
    let cluster = Cluster::start(dir.path())
        .await
        .expect("a start after a kill");
    let kept = number(cluster.options(OWNER), "select n from kept").await;
    assert_eq!(kept.expect("the table is there"), 42);
    cluster.stop().await;
}

#[tokio::test]
async fn a_server_left_behind_is_stopped_and_a_stale_number_is_not_believed() {
    let dir = scratch();
    Cluster::start(dir.path())
        .await
        .expect("a start")
        .stop()
        .await;
    let pgdata = fs::canonicalize(dir.path())
        .expect("there")
        .join("postgres");
    let account = Account::choose(&pgdata).expect("as before");
    let mut left = Programs::installed()[0]
        .command("postgres", &account)
        .arg("-D")
        .arg(&pgdata)
        .args([
            "-c",
            "listen_addresses=",
            "-c",
            "unix_socket_directories=../postgres-socket",
        ])
        .stderr(Stdio::null())
        .spawn()
        .expect("postgres runs");
    let pid_file = pgdata.join("postmaster.pid");
    until("the other server runs", async || {
        fs::read_to_string(&pid_file).is_ok_and(|text| text.contains("ready"))
    })
    .await;
    let cluster = Cluster::start(dir.path())
        .await
        .expect("a start over a leftover");
    assert!(
        left.wait().expect("ours").success(),
        "it was stopped cleanly"
    );
    cluster.stop().await;

    // as after a crash in a container, where process numbers begin at 1 each time
    let mut innocent = Command::new("sleep").arg("60").spawn().expect("sleep runs");
    fs::write(
        &pid_file,
        format!("{}\n{}\n", innocent.id(), pgdata.display()),
    )
    .expect("writable");
    let cluster = Cluster::start(dir.path())
        .await
        .expect("a start over a stale number");
    assert!(
        innocent.try_wait().expect("ours").is_none(),
        "a process that is no server of ours was left alone"
    );
    cluster.stop().await;
    innocent.kill().expect("ours");
    innocent.wait().expect("ours");
}

#[tokio::test]
async fn a_directory_too_deep_for_a_socket_works_all_the_same() {
    let dir = scratch();
    let deep = dir.path().join("d".repeat(60)).join("e".repeat(60));
    let cluster = Cluster::start(&deep).await.expect("a start");
    assert!(!cluster.socket_dir().starts_with(dir.path()));
    assert_eq!(
        number(cluster.options(OWNER), "select 1").await.ok(),
        Some(1)
    );
    let socket_dir = cluster.socket_dir().to_path_buf();
    cluster.stop().await;
    assert!(!socket_dir.exists(), "it is taken away at the end");
}

#[tokio::test]
async fn each_way_not_to_start_says_what_to_do() {
    let dir = scratch();
    let file = dir.path().join("file");
    fs::write(&file, "").expect("writable");
    let said = start_error(Cluster::start(&file).await).to_string();
    assert!(said.contains("choose another data directory"), "{said}");

    let old = dir.path().join("old");
    fs::create_dir_all(old.join("postgres")).expect("writable");
    fs::write(old.join("postgres/PG_VERSION"), "9\n").expect("writable");
    let said = start_error(Cluster::start(&old).await).to_string();
    assert!(
        said.contains("made by PostgreSQL 9") && said.contains("DATABASE_URL"),
        "{said}"
    );

    let full = dir.path().join("broken");
    fs::create_dir_all(full.join("postgres")).expect("writable");
    fs::write(full.join("postgres/PG_VERSION"), "15\n").expect("writable");
    let error = start_error(Cluster::start(&full).await);
    assert!(
        matches!(
            error,
            EmbeddedError::StartFailed { .. } | EmbeddedError::OtherVersion { .. }
        ),
        "{error}"
    );

    if nix::unistd::Uid::effective().is_root() {
        let closed = dir.path().join("closed");
        fs::create_dir(&closed).expect("writable");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("ours");
        let error = start_error(Cluster::start(&closed.join("below")).await);
        match error {
            EmbeddedError::NotTraversable { dir, .. } => assert!(dir.ends_with("closed")),
            other => panic!("{other}"),
        }
    }
}
