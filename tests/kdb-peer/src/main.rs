//! What the tests of the kdb target speak with, made of somebody else's codec (crate `kdb_codec`).
//!
//! - `kdb-peer vectors`: one line for each value: name, message in hex, how the codec writes the value in q.
//!   `vectors.tsv` is its output.
//! - `kdb-peer read`: for each line of hex on standard input, how the codec writes the value in q.
//! - `kdb-peer serve USER PASSWORD`: a server that knows two tables, the fixed functions of the target, and a
//!   few queries. It prints its port.
//! - `kdb-peer accept USER PASSWORD PORT`: one connection, accepted and greeted by the codec's own acceptor;
//!   each question is sent back as its answer.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures::{SinkExt, StreamExt};
use kdb_codec::{
    CompressionMode, ConnectionMethod, K, KdbCodec, KdbMessage, QStream, ValidationMode,
    qattribute, qmsg_type, qtype,
};
use std::io::BufRead;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::Framed;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["vectors"] => {
            for (name, value) in values() {
                let message =
                    value.ipc_msg_encode(qmsg_type::response, name.starts_with("compressed"));
                println!("{name}\t{}\t{}", hex(&message), shown(&name, &value));
            }
        }
        ["read"] => {
            for line in std::io::stdin().lock().lines() {
                let line = line.expect("text");
                let (name, message) = line.split_once('\t').expect("a name and a message");
                match K::ipc_msg_decode(&bytes(message)) {
                    Ok((_, value)) => println!("{name}\t{}", shown(name, &value)),
                    Err(error) => println!("{name}\tcannot be read: {error:?}"),
                }
            }
        }
        ["serve", user, password] => serve(format!("{user}:{password}")).await,
        ["accept", user, password, port] => {
            // the acceptor wants a file of names and SHA-1 of passwords, named by a variable
            let _ = (user, password);
            accept(port.parse().expect("a port")).await;
        }
        _ => panic!("vectors, read, serve or accept"),
    }
}

fn shown(name: &str, value: &K) -> String {
    if name.starts_with("compressed") {
        return format!("{} items", value.len());
    }
    format!("{value}").replace(['\n', '\t'], " ")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn symbols(names: &[&str]) -> K {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    K::new_symbol_list(names, qattribute::NONE)
}

fn table(names: &[&str], columns: Vec<K>) -> K {
    K::new_dictionary(symbols(names), K::new_compound_list(columns))
        .expect("as many names as columns")
        .flip()
        .expect("columns")
}

fn text(text: &str) -> K {
    K::new_string(text.to_owned(), qattribute::NONE)
}

/// Every type, as atom and vector, with nulls and infinities where the codec can say them.
fn values() -> Vec<(String, K)> {
    const NONE: i8 = qattribute::NONE;
    let guid = *b"\x0a\x36\x90\x37\x75\xd3\xb2\x4d\x67\x21\x5a\x1d\x44\xd4\xbe\xd5";
    let all: Vec<(&str, K)> = vec![
        ("boolean", K::new_bool(true)),
        ("booleans", K::new_bool_list(vec![true, false, true], NONE)),
        ("guid", K::new_guid(guid)),
        ("guids", K::new_guid_list(vec![guid, [0; 16]], NONE)),
        ("byte", K::new_byte(0xfe)),
        ("bytes", K::new_byte_list(vec![0, 1, 0xff], NONE)),
        ("short", K::new_short(-5)),
        (
            "shorts",
            K::new_short_list(vec![1, i16::MIN, i16::MAX, -i16::MAX], NONE),
        ),
        ("int", K::new_int(-70_000)),
        (
            "ints",
            K::new_int_list(vec![1, i32::MIN, i32::MAX, -i32::MAX], NONE),
        ),
        ("long", K::new_long(9_007_199_254_740_993)),
        (
            "longs",
            K::new_long_list(vec![1, i64::MIN, i64::MAX, -i64::MAX], NONE),
        ),
        (
            "sorted longs",
            K::new_long_list(vec![1, 2, 3], qattribute::SORTED),
        ),
        ("real", K::new_real(0.1)),
        (
            "reals",
            K::new_real_list(vec![1.5, f32::INFINITY, f32::NEG_INFINITY], NONE),
        ),
        ("float", K::new_float(0.1)),
        (
            "floats",
            K::new_float_list(vec![1.5, f64::INFINITY, f64::NEG_INFINITY], NONE),
        ),
        ("char", K::new_char('q')),
        ("string", text("a text")),
        ("empty string", text("")),
        ("symbol", K::new_symbol("AAPL".to_owned())),
        ("symbols", symbols(&["AAPL", "", "Zoë"])),
        (
            "timestamp",
            K::new_timestamp(time("2024-02-29T09:30:00.123456789Z")),
        ),
        (
            "timestamps",
            K::new_timestamp_list(
                vec![time("1999-12-31T23:59:59Z"), time("2000-01-01T00:00:00Z")],
                NONE,
            ),
        ),
        ("month", K::new_month(day("2024-02-01"))),
        (
            "months",
            K::new_month_list(vec![day("1999-12-01"), day("2000-01-01")], NONE),
        ),
        ("date", K::new_date(day("2024-02-29"))),
        (
            "dates",
            K::new_date_list(vec![day("1999-12-31"), day("2000-01-01")], NONE),
        ),
        ("datetime", K::new_datetime(time("2024-02-29T12:00:00Z"))),
        (
            "datetimes",
            K::new_datetime_list(vec![time("2000-01-01T06:00:00Z")], NONE),
        ),
        (
            "timespan",
            K::new_timespan(Duration::nanoseconds(93_784_000_000_005)),
        ),
        (
            "timespans",
            K::new_timespan_list(vec![Duration::nanoseconds(-1), Duration::days(2)], NONE),
        ),
        ("minute", K::new_minute(Duration::minutes(570))),
        (
            "minutes",
            K::new_minute_list(vec![Duration::minutes(0), Duration::minutes(1439)], NONE),
        ),
        ("second", K::new_second(Duration::seconds(34_200))),
        (
            "seconds",
            K::new_second_list(vec![Duration::seconds(0), Duration::seconds(86_399)], NONE),
        ),
        ("time", K::new_time(Duration::milliseconds(34_200_123))),
        (
            "times",
            K::new_time_list(
                vec![
                    Duration::milliseconds(0),
                    Duration::milliseconds(86_399_999),
                ],
                NONE,
            ),
        ),
        (
            "list",
            K::new_compound_list(vec![
                K::new_long(1),
                symbols(&["a", "b"]),
                text("text"),
                K::new_null(),
            ]),
        ),
        (
            "nested list",
            K::new_compound_list(vec![
                K::new_compound_list(vec![K::new_bool(true), text("x")]),
                K::new_long_list(vec![1, 2], NONE),
            ]),
        ),
        ("empty list", K::new_compound_list(vec![])),
        ("null", K::new_null()),
        (
            "dictionary",
            K::new_dictionary(symbols(&["a", "b"]), K::new_long_list(vec![1, 2], NONE))
                .expect("pairs"),
        ),
        ("table", trade()),
        (
            "keyed table",
            reference().enkey(1).expect("a column to be the key"),
        ),
        ("lambda", K::new_lambda(String::new(), "{x+y}".to_owned())),
        ("compressed bytes", K::new_byte_list(vec![7; 20_000], NONE)),
        (
            "compressed longs",
            K::new_long_list((0..5_000).collect(), NONE),
        ),
        (
            "compressed symbols",
            symbols(&["AAPL", "MSFT", "GOOG"].repeat(2_000)),
        ),
        (
            "compressed table",
            table(
                &["n", "side"],
                vec![
                    K::new_long_list((0..3_000).map(|n| n % 7).collect(), NONE),
                    symbols(&["buy", "sell"].repeat(1_500)),
                ],
            ),
        ),
    ];
    all.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

const SYM: [&str; 6] = ["AAPL", "MSFT", "AAPL", "GOOG", "MSFT", "AAPL"];
const PRICE: [f64; 6] = [100.5, 200.25, 101.5, 150.0, 199.75, 102.0];
const SIZE: [i64; 6] = [100, 50, 300, 9_007_199_254_740_993, 150, 100];

fn trade() -> K {
    table(
        &["date", "time", "sym", "price", "size", "note"],
        vec![
            K::new_date_list(vec![day("2024-01-02"); 6], qattribute::NONE),
            K::new_time_list(
                (0..6)
                    .map(|n| Duration::milliseconds(34_200_000 + n))
                    .collect(),
                qattribute::NONE,
            ),
            symbols(&SYM),
            K::new_float_list(PRICE.to_vec(), qattribute::NONE),
            K::new_long_list(SIZE.to_vec(), qattribute::NONE),
            K::new_compound_list(
                ["first", "", "a \"quote\"", "Zoë", "x", "y"]
                    .map(text)
                    .to_vec(),
            ),
        ],
    )
}

fn reference() -> K {
    table(
        &["sym", "sector"],
        vec![
            symbols(&["AAPL", "GOOG", "MSFT"]),
            symbols(&["Tech", "Ads", "Tech"]),
        ],
    )
}

async fn accept(port: u16) {
    println!("ready");
    let mut stream = QStream::accept_with_options(
        ConnectionMethod::TCP,
        "127.0.0.1",
        port,
        CompressionMode::Always,
        ValidationMode::Strict,
    )
    .await
    .expect("a connection");
    while let Ok((purpose, question)) = stream.receive_message().await {
        assert_eq!(purpose, qmsg_type::synchronous);
        stream
            .send_message(&question, qmsg_type::response)
            .await
            .expect("somebody listens");
    }
}

async fn serve(credentials: String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("bound").port());
    tokio::spawn(async {
        // whoever started us is gone when this ends
        let _ = tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await;
        std::process::exit(0);
    });
    loop {
        let (socket, _) = listener.accept().await.expect("a connection");
        tokio::spawn(attend(socket, credentials.clone()));
    }
}

async fn attend(mut socket: TcpStream, credentials: String) {
    let mut greeting = Vec::new();
    loop {
        match socket.read_u8().await {
            Ok(0) => break,
            Ok(byte) => greeting.push(byte),
            Err(_) => return,
        }
    }
    let capability = greeting.pop().unwrap_or_default();
    if greeting != credentials.as_bytes() || socket.write_u8(capability.min(3)).await.is_err() {
        return;
    }
    let codec = KdbCodec::builder()
        .is_local(false)
        .compression_mode(CompressionMode::Always)
        .validation_mode(ValidationMode::Strict)
        .build();
    let mut stream = Framed::new(socket, codec);
    while let Some(Ok(question)) = stream.next().await {
        let sent = match answer(&question.payload).await {
            Ok(reply) => {
                let reply = KdbMessage::new(qmsg_type::response, reply);
                stream.send(reply).await
            }
            // the codec reads errors, but cannot write them
            Err(said) => {
                let length = u32::try_from(said.len() + 10).expect("a word");
                let mut message = vec![1, qmsg_type::response, 0, 0];
                message.extend(length.to_le_bytes());
                message.push(128);
                message.extend(said.as_bytes());
                message.push(0);
                stream.get_mut().write_all(&message).await
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

/// The value of a question, or the word that q would say.
async fn answer(question: &K) -> Result<K, &'static str> {
    if let Ok(asked) = question.as_string() {
        return match asked {
            "(.z.K;.z.k)" => Ok(K::new_compound_list(vec![
                K::new_float(4.1),
                K::new_date(day("2024-02-13")),
            ])),
            _ => Err("nyi"),
        };
    }
    if question.get_type() != qtype::COMPOUND_LIST {
        return Err("type");
    }
    let parts = question.as_vec::<K>().map_err(|_| "type")?;
    let (function, arguments) = parts.split_first().ok_or("rank")?;
    let function = function.as_string().map_err(|_| "type")?;
    match arguments {
        [_] if function.starts_with("{[x] p:@[value;`.Q.pt;") => Ok(tables()),
        [text] if function.starts_with("{[t] parse t;") => {
            let text = text.as_string().map_err(|_| "type")?;
            if text.contains("wrong(") {
                Err("parse")
            } else {
                Ok(K::new_null())
            }
        }
        [text, rows, _bytes] if function.starts_with("{[t;n;b] p:parse t;") => {
            if !function.contains("reval p") {
                return Err("noupdate");
            }
            let text = text.as_string().map_err(|_| "type")?;
            let rows = rows.get_long().map_err(|_| "type")?;
            let value = run(text).await?;
            cut(value, usize::try_from(rows).map_err(|_| "type")?)
        }
        [table, column, partition, _, _] if function.starts_with("{[t;c;f;m;n]") => {
            assert_eq!(partition.get_symbol().map_err(|_| "type")?, "");
            match (table.get_symbol(), column.get_symbol()) {
                (Ok("trade"), Ok("sym")) => Ok(symbols(&["AAPL", "MSFT", "GOOG"])),
                (Ok("trade"), Ok("note")) => {
                    Ok(K::new_compound_list(["first", "x"].map(text).to_vec()))
                }
                (Ok("ref"), Ok("sym")) => Ok(symbols(&["AAPL", "GOOG", "MSFT"])),
                (Ok("ref"), Ok("sector")) => Ok(symbols(&["Tech", "Ads"])),
                _ => Err("length"),
            }
        }
        [table, column, _, _] if function.starts_with("{[t;c;f;m]") => {
            match (table.get_symbol(), column.get_symbol()) {
                (Ok("trade"), Ok("date")) => Ok(K::new_date_list(
                    vec![day("2024-01-02"); 2],
                    qattribute::NONE,
                )),
                (Ok("trade"), Ok("time")) => Ok(K::new_time_list(
                    vec![
                        Duration::milliseconds(34_200_000),
                        Duration::milliseconds(34_200_005),
                    ],
                    qattribute::NONE,
                )),
                (Ok("trade"), Ok("price")) => {
                    Ok(K::new_float_list(vec![100.5, 200.25], qattribute::NONE))
                }
                (Ok("trade"), Ok("size")) => {
                    Ok(K::new_long_list(vec![50, SIZE[3]], qattribute::NONE))
                }
                _ => Err("length"),
            }
        }
        _ => Err("rank"),
    }
}

fn tables() -> K {
    let meta = |names: &[&str], letters: &str| {
        table(
            &["c", "t", "f", "a"],
            vec![
                symbols(names),
                text(letters),
                symbols(&vec![""; names.len()]),
                symbols(&vec![""; names.len()]),
            ],
        )
    };
    let one = |name: &str, meta: K, keys: &[&str], rows: i64| {
        K::new_compound_list(vec![
            K::new_symbol(name.to_owned()),
            meta,
            symbols(keys),
            K::new_bool(false),
            K::new_long(rows),
        ])
    };
    K::new_compound_list(vec![
        K::new_symbol(String::new()),
        K::new_compound_list(vec![
            one(
                "trade",
                meta(&["date", "time", "sym", "price", "size", "note"], "dtsfjC"),
                &[],
                6,
            ),
            one("ref", meta(&["sym", "sector"], "ss"), &["sym"], 3),
        ]),
    ])
}

/// The queries that the tests ask, computed over the rows above.
async fn run(query: &str) -> Result<K, &'static str> {
    let words: Vec<&str> = query.split_whitespace().collect();
    let of = |name: &str| (0..6).filter(|&at| SYM[at] == name).collect::<Vec<usize>>();
    let groups = ["AAPL", "GOOG", "MSFT"];
    let per_group = |name: &str, value: K| {
        table(&["sym", name], vec![symbols(&groups), value])
            .enkey(1)
            .expect("a column to be the key")
    };
    let query = words.join(" ");
    // `select name:count i …`, whatever the name
    if let Some((name, rest)) = query
        .strip_prefix("select ")
        .and_then(|rest| rest.split_once(":count i "))
    {
        return match rest {
            "from trade" => Ok(table(
                &[name],
                vec![K::new_long_list(vec![6], qattribute::NONE)],
            )),
            "from trade where sym=`AAPL" => Ok(table(
                &[name],
                vec![K::new_long_list(vec![3], qattribute::NONE)],
            )),
            "by sym from trade" => {
                let counts = groups.map(|group| of(group).len() as i64);
                Ok(per_group(
                    name,
                    K::new_long_list(counts.to_vec(), qattribute::NONE),
                ))
            }
            _ => Err("nyi"),
        };
    }
    match query.as_str() {
        "select from trade" | "select[100] from trade" | "trade" => Ok(trade()),
        "select from ref" | "select[100] from ref" => Ok(reference().enkey(1).expect("a key")),
        "select vwap:size wavg price by sym from trade" => {
            let vwap = groups.map(|group| {
                let rows = of(group);
                let weight: f64 = rows.iter().map(|&at| SIZE[at] as f64).sum();
                rows.iter()
                    .map(|&at| SIZE[at] as f64 * PRICE[at])
                    .sum::<f64>()
                    / weight
            });
            Ok(per_group(
                "vwap",
                K::new_float_list(vwap.to_vec(), qattribute::NONE),
            ))
        }
        "count trade" => Ok(K::new_long(6)),
        "exec distinct sym from trade" => Ok(symbols(&["AAPL", "MSFT", "GOOG"])),
        "exec max price by sym from trade" => K::new_dictionary(
            symbols(&groups),
            K::new_float_list(vec![102.0, 150.0, 200.25], qattribute::NONE),
        )
        .map_err(|_| "type"),
        "select price+sym from trade" => Err("type"),
        "select sums price from trade" => {
            tokio::time::sleep(std::time::Duration::from_secs(600)).await;
            Err("stop")
        }
        _ => Err("nyi"),
    }
}

/// What the target's function does with a value: keys off, the first rows, and how many there were.
fn cut(value: K, rows: usize) -> Result<K, &'static str> {
    let keyed = value.get_type() == qtype::DICTIONARY
        && value
            .as_vec::<K>()
            .is_ok_and(|parts| parts[0].get_type() == qtype::TABLE);
    let value = if keyed {
        value.unkey().map_err(|_| "type")?
    } else {
        value
    };
    let count = match value.get_type() {
        qtype::TABLE => {
            let columns = value.get_dictionary().map_err(|_| "type")?;
            let columns = columns.as_vec::<K>().map_err(|_| "type")?;
            columns[1]
                .as_vec::<K>()
                .map_err(|_| "type")?
                .first()
                .map_or(0, K::len)
        }
        kind if kind < 0 => 1,
        _ => value.len(),
    };
    let value = if value.get_type() == qtype::TABLE && rows < count {
        let columns = value.get_dictionary().map_err(|_| "type")?;
        let columns = columns.as_vec::<K>().map_err(|_| "type")?;
        let names = columns[0].clone();
        let shorter: Result<Vec<K>, _> = columns[1]
            .as_vec::<K>()
            .map_err(|_| "type")?
            .iter()
            .map(|column| first(column.clone(), rows))
            .collect();
        K::new_dictionary(names, K::new_compound_list(shorter?))
            .and_then(K::flip)
            .map_err(|_| "type")?
    } else {
        value
    };
    Ok(K::new_compound_list(vec![
        K::new_long(i64::try_from(count).map_err(|_| "limit")?),
        value,
    ]))
}

fn first(mut column: K, rows: usize) -> Result<K, &'static str> {
    while column.len() > rows {
        column.pop().map_err(|_| "type")?;
    }
    Ok(column)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] * 16 + pair[1]) as u8)
        .collect()
}
