//! PostgreSQL and MySQL servers that hang, lie about lengths or ask for a file: a typed error within the deadline,
//! and memory stays where it was. (`src/target/kdb/tests.rs` has those that speak q.)

use queryforge::query::{self, Dialect, ReadOnly, Verdict};
use queryforge::schema::Schema;
use queryforge::target::mysql::MySqlTarget;
use queryforge::target::postgres::PostgresTarget;
use queryforge::target::{RunLimits, Target, TargetError, mysql, postgres};
use serde_json::json;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const LIMITS: RunLimits = RunLimits {
    max_rows: 100,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(2),
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bad {
    SaysNothing,
    SpeaksHttp,
    HangsAfterTheGreeting,
    ClosesAfterTheGreeting,
    AnnouncesWhatNeverComes,
    AnnouncesANegativeLength,
    AsksForAFile,
}

const PASSWD: &str = "/etc/passwd";

/// Everything that clients sent to it.
type Heard = Arc<Mutex<Vec<u8>>>;

async fn server(dialect: Dialect, bad: Bad) -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let heard = Heard::default();
    let ears = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let ears = Arc::clone(&ears);
            tokio::spawn(async move {
                match dialect {
                    Dialect::Mysql => as_mysql(socket, bad, ears).await,
                    _ => as_postgres(socket, bad, ears).await,
                }
            });
        }
    });
    (port, heard)
}

async fn listen(socket: &mut TcpStream, ears: &Heard) -> usize {
    let mut buffer = vec![0; 1 << 16];
    let count = socket.read(&mut buffer).await.unwrap_or(0);
    ears.lock().expect("no panic").extend(&buffer[..count]);
    count
}

async fn for_ever() {
    std::future::pending::<()>().await;
}

fn packet(number: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("small").to_le_bytes();
    let mut packet = vec![length[0], length[1], length[2], number];
    packet.extend(payload);
    packet
}

async fn as_mysql(mut socket: TcpStream, bad: Bad, ears: Heard) {
    match bad {
        Bad::SaysNothing => for_ever().await,
        Bad::SpeaksHttp => {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            for_ever().await;
        }
        _ => {}
    }
    let mut greeting = vec![10];
    greeting.extend(b"8.0.30\0");
    greeting.extend([1, 0, 0, 0]);
    greeting.extend(b"abcdefgh\0");
    // protocol 4.1, secure connection, plugins, transactions, LOCAL files
    let capabilities: u32 = 0x0008_0000 | 0x8000 | 0x2000 | 0x0200 | 0x0080 | 0x1;
    greeting.extend(&capabilities.to_le_bytes()[..2]);
    greeting.extend([45, 2, 0]);
    greeting.extend(&capabilities.to_le_bytes()[2..]);
    greeting.push(21);
    greeting.extend([0; 10]);
    greeting.extend(b"ijklmnopqrst\0");
    greeting.extend(b"mysql_native_password\0");
    let _ = socket.write_all(&packet(0, &greeting)).await;
    listen(&mut socket, &ears).await;
    let _ = socket.write_all(&packet(2, &[0, 0, 0, 2, 0, 0, 0])).await;
    loop {
        if listen(&mut socket, &ears).await == 0 {
            return;
        }
        match bad {
            Bad::ClosesAfterTheGreeting => return,
            Bad::AnnouncesWhatNeverComes => {
                // the longest packet, and then nothing
                let _ = socket.write_all(&[0xff, 0xff, 0xff, 1, 0]).await;
                for_ever().await;
            }
            Bad::AnnouncesANegativeLength => {
                // a text longer than all memory within a short packet
                let lie = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
                let _ = socket.write_all(&packet(1, &lie)).await;
            }
            Bad::AsksForAFile => {
                let mut ask = vec![0xfb];
                ask.extend(PASSWD.as_bytes());
                let _ = socket.write_all(&packet(1, &ask)).await;
            }
            _ => for_ever().await,
        }
    }
}

async fn as_postgres(mut socket: TcpStream, bad: Bad, ears: Heard) {
    match bad {
        Bad::SaysNothing => for_ever().await,
        Bad::SpeaksHttp => {
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            for_ever().await;
        }
        _ => {}
    }
    listen(&mut socket, &ears).await;
    // trusted, and ready
    let mut greeting = vec![b'R', 0, 0, 0, 8, 0, 0, 0, 0];
    greeting.extend(b"S\0\0\0\x18server_version\x0015.0\0");
    greeting.extend([b'K', 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1]);
    greeting.extend([b'Z', 0, 0, 0, 5, b'I']);
    let _ = socket.write_all(&greeting).await;
    loop {
        if listen(&mut socket, &ears).await == 0 {
            return;
        }
        match bad {
            Bad::ClosesAfterTheGreeting => return,
            Bad::AnnouncesWhatNeverComes => {
                let _ = socket.write_all(b"D\x7f\xff\xff\xff\0\x01").await;
                for_ever().await;
            }
            Bad::AnnouncesANegativeLength => {
                let _ = socket.write_all(b"D\xff\xff\xff\xff\0\x01").await;
            }
            _ => for_ever().await,
        }
    }
}

fn resident_kib() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| line.trim().split(' ').next()?.parse().ok())
        .unwrap_or(0)
}

fn query(dialect: Dialect) -> ReadOnly {
    let schema: Schema = serde_json::from_value(
        json!({"tables": [{"name": "t", "columns": [{"name": "a", "type": "int"}]}]}),
    )
    .expect("a schema");
    match query::check("select a from t", dialect, &schema) {
        Verdict::Accept(query) => query,
        Verdict::Reject(findings) => panic!("{findings:?}"),
    }
}

/// In a process of its own, or the memory of other tests would be counted.
#[test]
fn a_bad_server_costs_neither_time_nor_memory_nor_files() {
    let output = Command::new(std::env::current_exe().expect("we run"))
        .args(["--ignored", "--exact", "bad_servers::alone"])
        // a trace of a panic of the driver's, which it survives, reads a hundred megabytes of symbols
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
#[ignore = "a_bad_server_costs_neither_time_nor_memory_nor_files runs it"]
async fn alone() {
    queryforge::llm::install_crypto();
    let all = [
        Bad::SaysNothing,
        Bad::SpeaksHttp,
        Bad::HangsAfterTheGreeting,
        Bad::ClosesAfterTheGreeting,
        Bad::AnnouncesWhatNeverComes,
        Bad::AnnouncesANegativeLength,
        Bad::AsksForAFile,
    ];
    for dialect in [Dialect::Mysql, Dialect::Postgres] {
        // all at once: most of them are there to be waited for
        let before = resident_kib();
        let outcomes = futures::future::join_all(all.map(|bad| against(dialect, bad))).await;
        let grown = resident_kib().saturating_sub(before);
        for (bad, outcome) in all.iter().zip(outcomes) {
            println!("{dialect:?} {bad:?}: {outcome}");
        }
        assert!(grown < 64 << 10, "{dialect:?}: {grown} KiB more");
    }
}

async fn against(dialect: Dialect, bad: Bad) -> String {
    let (port, heard) = server(dialect, bad).await;
    let target: Box<dyn Target> = match dialect {
        Dialect::Mysql => Box::new(MySqlTarget::new(
            MySqlConnectOptions::new()
                .host("127.0.0.1")
                .port(port)
                .username("reader")
                .password("secret")
                .database("shop")
                .ssl_mode(MySqlSslMode::Disabled),
            mysql::Settings::default(),
        )),
        _ => Box::new(PostgresTarget::new(
            PgConnectOptions::new_without_pgpass()
                .host("127.0.0.1")
                .port(port)
                .username("reader")
                .database("shop")
                .ssl_mode(PgSslMode::Disable),
            postgres::Settings::default(),
        )),
    };
    let begun = Instant::now();
    let never = CancellationToken::new();
    let query = query(dialect);
    let outcome =
        tokio::time::timeout(Duration::from_secs(60), target.run(&query, &LIMITS, &never))
            .await
            .unwrap_or_else(|_| panic!("{dialect:?} {bad:?} held us"));
    let error = outcome.expect_err("it is no answer");
    assert!(
        matches!(
            error,
            TargetError::Unreachable(_)
                | TargetError::Timeout(_)
                | TargetError::Other(_)
                | TargetError::Query { .. }
        ),
        "{error:?}"
    );
    let heard = heard.lock().expect("no panic");
    let said = String::from_utf8_lossy(&heard);
    assert!(!said.contains("root:"), "{bad:?}: a file was sent");
    format!("{error} after {:?}", begun.elapsed())
}
