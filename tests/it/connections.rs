//! Databases that cannot be read: whoever names one is told why, and what to check.

use crate::duckdb::library;
use crate::support::mariadb::MariaDb;
use crate::support::server::{TestServer, cluster, scratch};
use queryforge::store::embedded::OWNER;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::io::{Read, Write};
use std::net::TcpListener;

/// Never to be seen in an answer.
const PASSWORD: &str = "correct-horse-7";
const WRONG: &str = "wrong-battery-8";

struct Asker {
    server: TestServer,
    count: usize,
}

impl Asker {
    /// `said` is in the message, which names the cause, and `advice`, which names what to check.
    async fn is_told(&mut self, what: &str, connection: Value, said: &str, advice: &str) {
        self.count += 1;
        let name = format!("Broken {}", self.count);
        let body = json!({"name": name, "connection": connection});
        let (status, answer) = self.server.post("/api/v1/schemas", body).await;
        assert_eq!(status, 422, "{what}: {answer}");
        assert_eq!(answer["error"]["code"], "connection_failed", "{what}");
        let message = answer["error"]["message"].as_str().expect("a message");
        println!("{what}: {message}");
        for wanted in [said, advice] {
            let found = message.to_lowercase().contains(&wanted.to_lowercase());
            assert!(found, "{what}: no {wanted:?} in {message:?}");
        }
        let whole = answer.to_string();
        assert!(
            !whole.contains(PASSWORD) && !whole.contains(WRONG),
            "{whole}"
        );
        let (_, list) = self.server.get("/api/v1/schemas").await;
        assert!(!list.to_string().contains(&name), "it was kept: {list}");
    }

    /// A password file where a request may name one.
    fn password(&self, password: &str) -> std::path::PathBuf {
        let folder = self.server.app.settings.data_dir.join("secrets");
        std::fs::create_dir_all(&folder).expect("writable");
        let file = folder.join(password);
        std::fs::write(&file, password).expect("writable");
        file
    }
}

async fn asker(variables: &[(&'static str, &str)]) -> Asker {
    Asker {
        server: TestServer::start_with(variables).await,
        count: 0,
    }
}

/// A port where nobody listens.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port()
}

#[tokio::test]
async fn a_postgresql_that_cannot_be_read_is_told_with_its_cause() {
    let mut asker = asker(&[]).await;
    let cluster = cluster().await;
    let superuser = cluster.options_as("postgres", "postgres");
    let mut admin = PgConnection::connect_with(&superuser).await.expect("in");
    // one role of this cluster needs a password, as everybody does elsewhere
    let hba: String = sqlx::query_scalar("show hba_file")
        .fetch_one(&mut admin)
        .await
        .expect("a path");
    let rules = std::fs::read_to_string(&hba).expect("readable");
    std::fs::write(&hba, format!("local all locked scram-sha-256\n{rules}")).expect("writable");
    let setup = format!(
        "set password_encryption = 'scram-sha-256'; create role locked login password '{PASSWORD}';"
    );
    sqlx::raw_sql(AssertSqlSafe(setup))
        .execute(&mut admin)
        .await
        .expect("may");
    sqlx::query("select pg_reload_conf()")
        .execute(&mut admin)
        .await
        .expect("may");
    let socket = superuser.get_socket().expect("a socket").clone();
    let at = |more: Value| {
        let mut connection = json!({"kind": "postgres", "socket": socket, "port": superuser.get_port(),
            "database": "postgres", "user": "locked"});
        for (key, value) in more.as_object().expect("an object") {
            connection[key] = value.clone();
        }
        connection
    };
    let right = asker.password(PASSWORD);
    let wrong = asker.password(WRONG);
    let elsewhere = |host: &str, port: u16| {
        json!({"kind": "postgres", "host": host, "port": port, "database": "postgres", "user": "locked",
               "password_file": right})
    };
    let stranger = TcpListener::bind("127.0.0.1:0").expect("a port");
    let strangers_port = stranger.local_addr().expect("bound").port();
    let stranger = std::thread::spawn(move || {
        let (mut peer, _) = stranger.accept().expect("somebody comes");
        let _ = peer.read(&mut [0; 64]);
        let _ = peer.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    for (what, connection, said, advice) in [
        (
            "wrong password",
            at(json!({"password_file": wrong})),
            "password authentication failed",
            "password_file",
        ),
        ("no password", at(json!({})), "password", "password_file"),
        (
            "unknown database",
            at(json!({"password_file": right, "database": "nowhere"})),
            "\"nowhere\" does not exist",
            "database's name",
        ),
        (
            "unknown user",
            at(json!({"user": "nobody_here"})),
            "nobody_here",
            "check the user",
        ),
        (
            "an owner",
            at(json!({"user": OWNER, "database": OWNER})),
            "can do more than read",
            "may_write",
        ),
        (
            "no socket",
            at(json!({"socket": "/nowhere/at/all"})),
            "no such file",
            "socket",
        ),
        (
            "wrong port",
            elsewhere("127.0.0.1", closed_port()),
            "refused",
            "check host and port",
        ),
        (
            "unknown host",
            elsewhere("no-such-host.invalid", 5432),
            "reached",
            "host is spelled",
        ),
        (
            "another program",
            elsewhere("127.0.0.1", strangers_port),
            "read",
            "check",
        ),
    ] {
        asker.is_told(what, connection, said, advice).await;
    }
    stranger.join().expect("it does not panic");
}

#[tokio::test]
async fn a_mariadb_that_cannot_be_read_is_told_with_its_cause() {
    let setup = format!(
        "create database shop;\ncreate database hidden;\ncreate user reader@localhost identified by '{PASSWORD}';\n
         grant select on shop.* to reader@localhost;\n"
    );
    let Some(mariadb) = MariaDb::start(&setup).await else {
        return;
    };
    let mut asker = asker(&[]).await;
    let right = asker.password(PASSWORD);
    let wrong = asker.password(WRONG);
    let at = |more: Value| {
        let mut connection = json!({"kind": "mysql", "socket": mariadb.data_dir().join("s"), "database": "shop",
            "user": "reader", "password_file": right});
        for (key, value) in more.as_object().expect("an object") {
            connection[key] = value.clone();
        }
        connection
    };
    let port = closed_port();
    for (what, connection, said, advice) in [
        (
            "wrong password",
            at(json!({"password_file": wrong})),
            "access denied",
            "password_file",
        ),
        (
            "unknown user",
            at(json!({"user": "stranger"})),
            "access denied",
            "check the user",
        ),
        (
            "unknown database",
            at(json!({"database": "nowhere"})),
            "nowhere",
            "database's name",
        ),
        (
            "somebody else's",
            at(json!({"database": "hidden"})),
            "hidden",
            "account may use it",
        ),
        (
            "an owner",
            at(json!({"user": "root", "password_file": null})),
            "can do more than read",
            "may_write",
        ),
        (
            "no socket",
            at(json!({"socket": "/nowhere/at/all"})),
            "no such file",
            "socket",
        ),
        (
            "wrong port",
            json!({"kind": "mysql", "host": "127.0.0.1", "port": port, "database": "shop", "user": "reader"}),
            "refused",
            "check host and port",
        ),
        (
            "unknown host",
            json!({"kind": "mysql", "host": "no-such-host.invalid", "database": "shop", "user": "reader"}),
            "reached",
            "host is spelled",
        ),
    ] {
        asker.is_told(what, connection, said, advice).await;
    }
}

#[tokio::test]
async fn a_server_that_is_too_old_is_told_with_its_version() {
    let setup = "create database shop;\ncreate user reader@localhost;\ngrant select on shop.* to reader@localhost;\n";
    let Some(mariadb) = MariaDb::start_with(setup, &["--version=10.1.48-MariaDB"]).await else {
        return;
    };
    let connection = json!({"kind": "mysql", "socket": mariadb.data_dir().join("s"), "database": "shop", "user": "reader"});
    asker(&[])
        .await
        .is_told(
            "an old server",
            connection,
            "MariaDB 10.1.48",
            "MariaDB 10.2",
        )
        .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_told_with_its_cause() {
    let library = library();
    let path = library.as_ref().map(|it| it.display().to_string());
    let library_path = path.as_deref().unwrap_or_default();
    let mut asker = asker(&[("QF_DUCKDB_LIBRARY", library_path)]).await;
    let dir = scratch();
    let text = dir.path().join("letter.txt");
    std::fs::write(&text, "Dear Ann, this is no database. ".repeat(100)).expect("writable");
    let missing = dir.path().join("missing");
    let memory = std::path::PathBuf::from("/proc/self/mem");
    let port = closed_port();
    let kdb = json!({"kind": "kdb", "host": "127.0.0.1", "port": port});
    asker
        .is_told("no kdb", kdb, "refused", "check host and port")
        .await;
    let mut files = vec![
        ("sqlite", &missing, "no such file"),
        ("sqlite", &text, "not a database"),
        ("sqlite", &memory, "disk i/o"),
    ];
    if library.is_some() {
        files.extend([("duckdb", &missing, "missing"), ("duckdb", &text, "duckdb")]);
    }
    for (kind, path, said) in files {
        let connection = json!({"kind": kind, "path": path});
        let what = format!("{} for {kind}", path.display());
        asker
            .is_told(&what, connection, said, "check the path")
            .await;
    }
}

#[tokio::test]
async fn a_refresh_of_a_database_that_is_gone_is_told_with_its_cause_and_the_schema_stays() {
    let server = TestServer::start_with(&[]).await;
    let dir = scratch();
    let path = dir.path().join("shop.sqlite");
    let shop = rusqlite::Connection::open(&path).expect("a file");
    shop.execute_batch("create table sale (id integer primary key, total real)")
        .expect("a table");
    drop(shop);
    let connection = json!({"kind": "sqlite", "path": path});
    let body = json!({"name": "Shop", "connection": connection});
    let (status, made) = server.post("/api/v1/schemas", body).await;
    assert_eq!(status, 201, "{made}");
    let id = made["dataset_id"].as_str().expect("an id");

    std::fs::remove_file(&path).expect("it is there");
    let refresh = format!("/api/v1/schemas/{id}/refresh");
    let (status, answer) = server.post(&refresh, json!({})).await;
    assert_eq!(status, 422, "{answer}");
    assert_eq!(answer["error"]["code"], "connection_failed");
    let message = answer["error"]["message"].as_str().expect("a message");
    assert!(message.contains("Check the path"), "{message}");
    let (status, kept) = server.get(&format!("/api/v1/schemas/{id}")).await;
    assert_eq!(
        (status, &kept["schema"]["tables"][0]["name"]),
        (200, &json!("sale"))
    );
}
