//! The codec against somebody else's, the target against a server made of that, and against servers that lie.
//!
//! The live parts need `make kdb-peer`, and say so where it was not run.

use super::decode::{DecodeError, HEADER, Header, MAX_DEPTH};
use super::encode::{Endian, Purpose, message};
use super::value::{Items, Kind, Symbols, Table};
use super::*;
use crate::query::unchecked;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const LIMITS: RunLimits = RunLimits {
    max_rows: 1_000,
    max_bytes: 1_000_000,
    timeout: Duration::from_secs(30),
};
const BUDGET: usize = 1 << 20;

fn vector(kind: Kind, items: Items) -> K {
    K::vector(kind, items)
}

fn symbols(names: &[&str]) -> K {
    vector(
        Kind::Symbol,
        Items::Symbols(names.iter().copied().collect()),
    )
}

fn longs(numbers: &[i64]) -> K {
    vector(Kind::Long, Items::Longs(numbers.to_vec()))
}

fn table(names: &[&str], columns: Vec<K>) -> K {
    K::Table(Table {
        names: names.iter().copied().collect(),
        columns,
        attribute: 0,
    })
}

const SYM: [&str; 6] = ["AAPL", "MSFT", "AAPL", "GOOG", "MSFT", "AAPL"];
const GUID: [u8; 16] = *b"\x0a\x36\x90\x37\x75\xd3\xb2\x4d\x67\x21\x5a\x1d\x44\xd4\xbe\xd5";

/// What the values of `tests/kdb-peer/vectors.tsv` are to us.
fn named(name: &str) -> Option<K> {
    use Items::{Bytes, Floats, Guids, Ints, Longs, Reals, Shorts};
    let atom = |kind, scalar| Some(K::Atom(kind, scalar));
    let many = |kind, items| Some(vector(kind, items));
    // days, months and so on since 2000
    const LEAP_DAY: i32 = 8825;
    match name {
        "boolean" => atom(Kind::Boolean, Scalar::Byte(1)),
        "booleans" => many(Kind::Boolean, Bytes(vec![1, 0, 1])),
        "guid" => atom(Kind::Guid, Scalar::Guid(GUID)),
        "guids" => many(Kind::Guid, Guids(vec![GUID, [0; 16]])),
        "byte" => atom(Kind::Byte, Scalar::Byte(0xfe)),
        "bytes" => many(Kind::Byte, Bytes(vec![0, 1, 0xff])),
        "short" => atom(Kind::Short, Scalar::Short(-5)),
        "shorts" => many(Kind::Short, Shorts(vec![1, i16::MIN, i16::MAX, -i16::MAX])),
        "int" => atom(Kind::Int, Scalar::Int(-70_000)),
        "ints" => many(Kind::Int, Ints(vec![1, i32::MIN, i32::MAX, -i32::MAX])),
        "long" => Some(K::long(9_007_199_254_740_993)),
        "longs" => Some(longs(&[1, i64::MIN, i64::MAX, -i64::MAX])),
        "sorted longs" => Some(K::Vector {
            kind: Kind::Long,
            attribute: 1,
            items: Longs(vec![1, 2, 3]),
        }),
        "real" => atom(Kind::Real, Scalar::Real(0.1)),
        "reals" => many(
            Kind::Real,
            Reals(vec![1.5, f32::INFINITY, f32::NEG_INFINITY]),
        ),
        "float" => atom(Kind::Float, Scalar::Float(0.1)),
        "floats" => many(
            Kind::Float,
            Floats(vec![1.5, f64::INFINITY, f64::NEG_INFINITY]),
        ),
        "char" => atom(Kind::Char, Scalar::Byte(b'q')),
        "string" => Some(K::text("a text")),
        "empty string" => Some(K::text("")),
        "symbol" => Some(K::symbol("AAPL")),
        "symbols" => Some(symbols(&["AAPL", "", "Zoë"])),
        "timestamp" => atom(Kind::Timestamp, Scalar::Long(762_514_200_123_456_789)),
        "timestamps" => many(Kind::Timestamp, Longs(vec![-1_000_000_000, 0])),
        "month" => atom(Kind::Month, Scalar::Int(289)),
        "months" => many(Kind::Month, Ints(vec![-1, 0])),
        "date" => atom(Kind::Date, Scalar::Int(LEAP_DAY)),
        "dates" => many(Kind::Date, Ints(vec![-1, 0])),
        "datetime" => atom(Kind::Datetime, Scalar::Float(f64::from(LEAP_DAY) + 0.5)),
        "datetimes" => many(Kind::Datetime, Floats(vec![0.25])),
        "timespan" => atom(Kind::Timespan, Scalar::Long(93_784_000_000_005)),
        "timespans" => many(Kind::Timespan, Longs(vec![-1, 172_800_000_000_000])),
        "minute" => atom(Kind::Minute, Scalar::Int(570)),
        "minutes" => many(Kind::Minute, Ints(vec![0, 1439])),
        "second" => atom(Kind::Second, Scalar::Int(34_200)),
        "seconds" => many(Kind::Second, Ints(vec![0, 86_399])),
        "time" => atom(Kind::Time, Scalar::Int(34_200_123)),
        "times" => many(Kind::Time, Ints(vec![0, 86_399_999])),
        "list" => Some(K::List(vec![
            K::long(1),
            symbols(&["a", "b"]),
            K::text("text"),
            K::Nothing,
        ])),
        "nested list" => Some(K::List(vec![
            K::List(vec![K::Atom(Kind::Boolean, Scalar::Byte(1)), K::text("x")]),
            longs(&[1, 2]),
        ])),
        "empty list" => Some(K::List(vec![])),
        "null" => Some(K::Nothing),
        "dictionary" => Some(K::Dictionary {
            keys: Box::new(symbols(&["a", "b"])),
            values: Box::new(longs(&[1, 2])),
            sorted: false,
        }),
        "table" => Some(trade()),
        "keyed table" => Some(K::Dictionary {
            keys: Box::new(table(&["sym"], vec![symbols(&["AAPL", "GOOG", "MSFT"])])),
            values: Box::new(table(&["sector"], vec![symbols(&["Tech", "Ads", "Tech"])])),
            sorted: false,
        }),
        "lambda" => Some(K::Lambda {
            context: Vec::new(),
            body: Box::new(K::text("{x+y}")),
        }),
        "compressed bytes" => many(Kind::Byte, Bytes(vec![7; 20_000])),
        "compressed longs" => Some(longs(&(0..5_000).collect::<Vec<i64>>())),
        "compressed symbols" => Some(symbols(&["AAPL", "MSFT", "GOOG"].repeat(2_000))),
        "compressed table" => Some(table(
            &["n", "side"],
            vec![
                longs(&(0..3_000).map(|n| n % 7).collect::<Vec<i64>>()),
                symbols(&["buy", "sell"].repeat(1_500)),
            ],
        )),
        _ => None,
    }
}

fn trade() -> K {
    let notes = ["first", "", "a \"quote\"", "Zoë", "x", "y"].map(K::text);
    table(
        &["date", "time", "sym", "price", "size", "note"],
        vec![
            vector(Kind::Date, Items::Ints(vec![8767; 6])),
            vector(
                Kind::Time,
                Items::Ints((0..6).map(|n| 34_200_000 + n).collect()),
            ),
            symbols(&SYM),
            vector(
                Kind::Float,
                Items::Floats(vec![100.5, 200.25, 101.5, 150.0, 199.75, 102.0]),
            ),
            longs(&[100, 50, 300, 9_007_199_254_740_993, 150, 100]),
            K::List(notes.to_vec()),
        ],
    )
}

/// Name, message, and how the other codec writes the value in q.
fn vectors() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    include_str!("../../../tests/kdb-peer/vectors.tsv")
        .lines()
        .map(|line| {
            let mut parts = line.split('\t');
            let mut part = || parts.next().expect("three columns");
            (part(), bytes(part()), part())
        })
        .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).expect("hex") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] * 16 + pair[1])
        .collect()
}

fn read(whole: &[u8]) -> Result<K, DecodeError> {
    let (header, body) = whole
        .split_first_chunk::<HEADER>()
        .ok_or(DecodeError::Cut)?;
    let header = Header::read(*header)?;
    if header.length != body.len() {
        return Err(DecodeError::Cut);
    }
    decode::body(&header, body, BUDGET)
}

#[test]
fn what_another_codec_wrote_is_read_and_written_the_same() {
    let vectors = vectors();
    assert!(vectors.len() >= 50, "{}", vectors.len());
    for (name, whole, _) in vectors {
        let expected = named(name).unwrap_or_else(|| panic!("{name} is not known here"));
        assert_eq!(read(&whole), Ok(expected.clone()), "{name}");
        if name.starts_with("compressed") {
            assert_eq!(whole[2], 1, "{name} came compressed");
        } else {
            let ours = message(Purpose::Answer, &expected, Endian::Little);
            assert_eq!(ours, whole, "{name}");
        }
        let big = message(Purpose::Answer, &expected, Endian::Big);
        assert_eq!(read(&big), Ok(expected), "{name}, the other end first");
    }
}

/// The tests of npm `node-q` hold what a real q answered to `-8!` and `-18!`: those bytes are read, and written the same.
#[test]
fn what_a_real_q_wrote_is_read_and_written_the_same() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kdb-peer/node-q/package/test");
    let mut messages = 0;
    for file in ["c.js", "compress.js"] {
        let Ok(text) = std::fs::read_to_string(tests.join(file)) else {
            println!("skipped: `make kdb-peer` fetches what this test reads");
            return;
        };
        for part in text.split("deserialize(hexstr_to_bin(\"").skip(1) {
            let hex = part.split('"').next().expect("a string ends");
            let whole = bytes(hex);
            let value = read(&whole).unwrap_or_else(|error| panic!("{hex}: {error}"));
            if whole[2] == 0 {
                let ours = message(Purpose::Async, &value, Endian::Little);
                // the purpose is not the value's
                assert_eq!(ours[2..], whole[2..], "{hex}");
            }
            messages += 1;
        }
    }
    println!("{messages} messages of a real q");
    assert!(messages >= 100, "{messages}");
}

/// Values that the other codec cannot make, or reads otherwise.
#[test]
fn nulls_functions_and_sorted_dictionaries_survive_both_ways() {
    for value in [
        vector(Kind::Float, Items::Floats(vec![f64::NAN, 1.0])),
        vector(Kind::Real, Items::Reals(vec![f32::NAN])),
        K::Dictionary {
            keys: Box::new(symbols(&["a"])),
            values: Box::new(longs(&[1])),
            sorted: true,
        },
        K::Primitive {
            code: 101,
            index: 12,
        },
        K::Primitive {
            code: 102,
            index: 1,
        },
        K::Derived {
            code: 104,
            parts: vec![
                K::Primitive {
                    code: 102,
                    index: 1,
                },
                K::long(1),
            ],
        },
        K::Derived {
            code: 106,
            parts: vec![K::Primitive {
                code: 102,
                index: 1,
            }],
        },
        table(&[], vec![]),
        K::Error("type".into()),
    ] {
        for endian in [Endian::Little, Endian::Big] {
            let whole = message(Purpose::Answer, &value, endian);
            let read = read(&whole).expect("our own");
            // NaN is not equal to itself, its bytes are
            assert_eq!(message(Purpose::Answer, &read, endian), whole, "{value:?}");
        }
    }
}

#[test]
fn lies_are_found_out_before_they_cost_memory() {
    let long = |count: i32| {
        let mut body = vec![7, 0];
        body.extend(count.to_le_bytes());
        body.extend([0; 16]);
        body
    };
    let list = |count: i32| {
        let mut body = vec![0, 0];
        body.extend(count.to_le_bytes());
        body
    };
    let mut deep = Vec::new();
    for _ in 0..=MAX_DEPTH {
        deep.extend(list(1));
    }
    deep.extend([101, 0]);
    // a symbol vector of many empty symbols, and a list of as many atoms: small on the wire, large in memory
    let mut atoms = list(100_000);
    atoms.extend([101, 0].repeat(100_000));
    let ragged = {
        let mut whole = message(
            Purpose::Answer,
            &table(&["a", "b"], vec![longs(&[1]), longs(&[1])]),
            Endian::Little,
        );
        let last = whole.len() - 12;
        whole[last] = 0;
        whole.truncate(whole.len() - 8);
        whole[HEADER..].to_vec()
    };
    for (story, body, expected) in [
        ("nothing", vec![], DecodeError::Cut),
        (
            "two thousand million longs",
            long(i32::MAX),
            DecodeError::TooLarge(BUDGET),
        ),
        ("more than there are", long(3), DecodeError::Cut),
        ("fewer than there are", long(1), DecodeError::LeftOver(8)),
        (
            "a negative number of them",
            long(-1),
            DecodeError::Length(-1),
        ),
        ("a list that is not there", list(i32::MAX), DecodeError::Cut),
        ("forty-nine lists in each other", deep, DecodeError::TooDeep),
        (
            "a hundred thousand atoms",
            atoms,
            DecodeError::TooLarge(BUDGET),
        ),
        (
            "a type that is none",
            vec![77, 0],
            DecodeError::UnknownType(77),
        ),
        ("a symbol without end", vec![245, b'a'], DecodeError::Cut),
        (
            "a table of one atom",
            vec![98, 0, 101, 0],
            DecodeError::Table,
        ),
        ("columns of two lengths", ragged, DecodeError::Table),
    ] {
        assert_eq!(
            decode::value(Endian::Little, &body, BUDGET),
            Err(expected),
            "{story}"
        );
    }
    let header = |bytes: [u8; 8]| Header::read(bytes);
    for bytes in [
        [2, 2, 0, 0, 9, 0, 0, 0],
        [1, 3, 0, 0, 9, 0, 0, 0],
        [1, 2, 2, 0, 9, 0, 0, 0],
        [1, 2, 0, 1, 9, 0, 0, 0],
        [1, 2, 0, 0, 8, 0, 0, 0],
        [1, 2, 0, 0, 0, 0, 0, 0],
        *b"HTTP/1.1",
    ] {
        assert_eq!(header(bytes), Err(DecodeError::Header), "{bytes:?}");
    }
}

#[test]
fn a_compressed_message_cannot_grow_beyond_what_it_says() {
    let (_, whole, _) = vectors()
        .into_iter()
        .find(|(name, ..)| *name == "compressed longs")
        .expect("it is there");
    for size in [0, 7, 9, 100, u32::MAX] {
        let mut lying = whole.clone();
        lying[8..12].copy_from_slice(&size.to_le_bytes());
        assert!(read(&lying).is_err(), "{size}");
    }
    // two bytes that say: repeat 257 bytes, again and again
    let mut bomb = vec![1, 2, 1, 0, 0, 0, 0, 0];
    bomb.extend((16_u32 << 20).to_le_bytes());
    bomb.extend([0xff].repeat(1 << 17));
    let length = u32::try_from(bomb.len()).expect("small").to_le_bytes();
    bomb[4..8].copy_from_slice(&length);
    assert_eq!(read(&bomb), Err(DecodeError::TooLarge(BUDGET)));
}

/// Every vector cut at every byte, and changed in every byte: an error or another value, never a panic.
#[test]
fn damaged_messages_are_read_or_refused() {
    let mut seed = 1_u32;
    for (_, whole, _) in vectors() {
        let step = (whole.len() / 300).max(1);
        for at in (0..whole.len()).step_by(step) {
            let _ = read(&whole[..at]);
            let mut changed = whole.clone();
            for _ in 0..8 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                changed[at] = (seed >> 24) as u8;
                let _ = read(&changed);
            }
            if at >= HEADER {
                let mut cut = whole[..at].to_vec();
                let length = u32::try_from(at).expect("small").to_le_bytes();
                cut[4..8].copy_from_slice(&length);
                assert!(read(&cut).is_err(), "cut at {at}");
            }
        }
    }
}

#[test]
fn a_value_becomes_json_without_losing_digits() {
    let int = |kind, number| (kind, Items::Ints(vec![number]));
    let long = |kind, number| (kind, Items::Longs(vec![number]));
    for ((kind, items), expected) in [
        ((Kind::Boolean, Items::Bytes(vec![1])), json!(true)),
        (
            (Kind::Guid, Items::Guids(vec![GUID])),
            json!("0a369037-75d3-b24d-6721-5a1d44d4bed5"),
        ),
        ((Kind::Guid, Items::Guids(vec![[0; 16]])), Value::Null),
        ((Kind::Byte, Items::Bytes(vec![255])), json!(255)),
        ((Kind::Short, Items::Shorts(vec![i16::MIN])), Value::Null),
        ((Kind::Short, Items::Shorts(vec![i16::MAX])), json!("0Wh")),
        (int(Kind::Int, -7), json!(-7)),
        (int(Kind::Int, i32::MIN), Value::Null),
        (int(Kind::Int, -i32::MAX), json!("-0Wi")),
        (long(Kind::Long, 1 << 53), json!(9_007_199_254_740_992_i64)),
        (long(Kind::Long, (1 << 53) + 1), json!("9007199254740993")),
        (long(Kind::Long, i64::MIN), Value::Null),
        (long(Kind::Long, i64::MAX), json!("0W")),
        ((Kind::Real, Items::Reals(vec![0.1])), json!(0.1)),
        ((Kind::Float, Items::Floats(vec![0.1])), json!(0.1)),
        ((Kind::Float, Items::Floats(vec![f64::NAN])), Value::Null),
        (
            (Kind::Float, Items::Floats(vec![f64::NEG_INFINITY])),
            json!("-0w"),
        ),
        ((Kind::Char, Items::Bytes(vec![b' '])), json!(" ")),
        (
            (Kind::Symbol, Items::Symbols(["Zoë"].into_iter().collect())),
            json!("Zoë"),
        ),
        (
            (Kind::Symbol, Items::Symbols([""].into_iter().collect())),
            Value::Null,
        ),
        (
            long(Kind::Timestamp, 762_514_200_123_456_789),
            json!("2024-02-29 09:30:00.123456789"),
        ),
        (
            long(Kind::Timestamp, i64::MAX - 1),
            json!("2292-04-10 23:47:16.854775806"),
        ),
        (long(Kind::Timestamp, i64::MAX), json!("0Wp")),
        (int(Kind::Month, 289), json!("2024-02")),
        (int(Kind::Month, -1), json!("1999-12")),
        (int(Kind::Date, 8825), json!("2024-02-29")),
        (int(Kind::Date, 2_921_940), json!("+10000-01-01")),
        (
            int(Kind::Date, 2_000_000_000),
            json!("2000-01-01 +2000000000 days"),
        ),
        (
            (Kind::Datetime, Items::Floats(vec![8825.5])),
            json!("2024-02-29 12:00:00.000"),
        ),
        (
            (Kind::Datetime, Items::Floats(vec![1e300])).clone(),
            json!(format!("2000-01-01 {:+} days", 1e300)),
        ),
        (
            long(Kind::Timespan, 93_784_000_000_005),
            json!("1D02:03:04.000000005"),
        ),
        (long(Kind::Timespan, -1), json!("-0D00:00:00.000000001")),
        (int(Kind::Minute, 570), json!("09:30")),
        (int(Kind::Second, 34_200), json!("09:30:00")),
        (int(Kind::Time, 34_200_123), json!("09:30:00.123")),
        (int(Kind::Time, -1), json!("-00:00:00.001")),
    ] {
        let column = table(&["x"], vec![vector(kind, items)]);
        let rows = json::rows(column.clone(), 1, &[], &LIMITS);
        assert_eq!(rows.rows, [[expected]], "{column:?}");
    }
}

#[test]
fn whatever_a_query_gives_becomes_rows() {
    let dictionary = |keys, values| K::Dictionary {
        keys: Box::new(keys),
        values: Box::new(values),
        sorted: false,
    };
    let nested = K::List(vec![
        longs(&[1, 2]),
        symbols(&["a"]),
        K::text("text"),
        trade(),
    ]);
    for (value, columns, first) in [
        (K::long(7), vec!["value long"], json!([7])),
        (K::text("text"), vec!["value string"], json!(["text"])),
        (longs(&[3, 4]), vec!["value long"], json!([3])),
        (
            dictionary(symbols(&["a"]), longs(&[1])),
            vec!["key symbol", "value long"],
            json!(["a", 1]),
        ),
        (
            named("keyed table").expect("known"),
            vec!["sym symbol", "sector symbol"],
            json!(["AAPL", "Tech"]),
        ),
        (
            dictionary(table(&["sym"], vec![symbols(&["A"])]), longs(&[1])),
            vec!["sym symbol", "value long"],
            json!(["A", 1]),
        ),
        (nested, vec!["value list"], json!(["[1, 2]"])),
        (
            table(&["x"], vec![K::List(vec![K::text("a"), K::text("")])]),
            vec!["x string"],
            json!(["a"]),
        ),
    ] {
        let rows = json::rows(value.clone(), 1, &[], &LIMITS);
        let shown: Vec<String> = rows
            .columns
            .iter()
            .map(|column| format!("{} {}", column.name, column.data_type))
            .collect();
        assert_eq!(shown, columns, "{value:?}");
        assert_eq!(json!(rows.rows[0]), first, "{value:?}");
    }
    let few = RunLimits {
        max_rows: 2,
        ..LIMITS
    };
    let rows = json::rows(trade(), 6, &[], &few);
    assert_eq!((rows.rows.len(), rows.truncated), (2, true));
    let rows = json::rows(longs(&[1, 2]), 1_000, &[], &LIMITS);
    assert!(rows.truncated, "the server had more");
}

/// A server made of somebody else's codec; None, with a printed line, where it was not built.
struct Peer {
    process: Child,
    port: u16,
}

fn program() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kdb-peer/debug/kdb-peer");
    if !built.exists() {
        println!("skipped: `make kdb-peer` builds what this test speaks with");
        return None;
    }
    Some(built)
}

impl Peer {
    async fn start() -> Option<Self> {
        let mut process = Command::new(program()?)
            .args(["serve", "reader", "secret"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let out = process.stdout.take().expect("it is piped");
        let out = tokio::process::ChildStdout::from_std(out).expect("a pipe");
        let mut lines = BufReader::new(out).lines();
        let port = tokio::time::timeout(Duration::from_secs(30), lines.next_line())
            .await
            .expect("it prints its port")
            .expect("text")
            .expect("a line");
        Some(Self {
            process,
            port: port.parse().expect("a port"),
        })
    }

    fn target(&self, password: &str) -> KdbTarget {
        target(self.port, password)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn target(port: u16, password: &str) -> KdbTarget {
    let address = Address {
        host: "127.0.0.1".into(),
        port,
        user: "reader".into(),
        password: Some(SecretString::from(password.to_owned())),
    };
    let settings = Settings {
        explain_timeout: Duration::from_secs(30),
        ..Settings::default()
    };
    KdbTarget::new(address, settings)
}

async fn run(target: &KdbTarget, q: &str, limits: &RunLimits) -> Result<Rows, TargetError> {
    let query = unchecked(q, Dialect::Kdb);
    target.run(&query, limits, &CancellationToken::new()).await
}

/// Every value of ours, in both orders of bytes, is to the other codec what its own is.
#[test]
fn what_we_write_another_codec_reads() {
    let Some(program) = program() else { return };
    let mut process = Command::new(program)
        .arg("read")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = process.stdin.take().expect("it is piped");
    let written = std::thread::spawn(move || {
        for (name, ..) in vectors() {
            let value = named(name).expect("known");
            for endian in [Endian::Little, Endian::Big] {
                let whole = message(Purpose::Answer, &value, endian);
                let hex: String = whole.iter().map(|byte| format!("{byte:02x}")).collect();
                writeln!(input, "{name}\t{hex}").expect("it reads");
            }
        }
    });
    let output = process.wait_with_output().expect("it ends");
    written.join().expect("written");
    let read = String::from_utf8(output.stdout).expect("text");
    let expected: Vec<String> = vectors()
        .into_iter()
        .flat_map(|(name, _, shown)| [format!("{name}\t{shown}"), format!("{name}\t{shown}")])
        .collect();
    let read: Vec<&str> = read.lines().collect();
    assert_eq!(read, expected);
}

#[tokio::test]
async fn a_server_of_another_codec_is_read_and_asked() {
    let Some(peer) = Peer::start().await else {
        return;
    };
    let kdb = peer.target("secret");
    let rights = kdb.probe().await.expect("probed");
    assert_eq!(rights.can_write, [""; 0]);
    assert_eq!(rights.server_version, "kdb+ 4.1 2024-02-13");

    let schema = kdb.introspect().await.expect("introspected");
    let trade = schema.table("trade").expect("there");
    let shown: Vec<String> = trade
        .columns
        .iter()
        .map(|column| {
            format!(
                "{} {} {:?} {:?}",
                column.name, column.data_type, column.values, column.range
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert_eq!(trade.row_estimate, Some(6));
    assert_eq!(schema.table("ref").expect("there").primary_key, ["sym"]);

    let rows = run(&kdb, "select from trade", &LIMITS).await.expect("rows");
    assert_eq!(rows.rows.len(), 6);
    assert_eq!(
        json!(rows.rows[3]),
        json!([
            "2024-01-02",
            "09:30:00.003",
            "GOOG",
            150.0,
            "9007199254740993",
            "Zoë"
        ])
    );
    let two = RunLimits {
        max_rows: 2,
        ..LIMITS
    };
    let rows = run(&kdb, "select from trade", &two).await.expect("rows");
    assert_eq!((rows.rows.len(), rows.truncated), (2, true));
    let rows = run(&kdb, "select n:count i by sym from trade", &LIMITS)
        .await
        .expect("rows");
    assert_eq!(
        json!(rows.rows),
        json!([["AAPL", 3], ["GOOG", 1], ["MSFT", 2]])
    );

    let refused = run(&kdb, "select price+sym from trade", &LIMITS).await;
    match refused {
        Err(TargetError::Query { message, .. }) => {
            assert_eq!(message, "'type (an argument has the wrong type)");
        }
        other => panic!("{other:?}"),
    }
    let never = CancellationToken::new();
    let query = unchecked("select wrong( from trade", Dialect::Kdb);
    let refused = kdb.explain(&query, &never).await;
    assert!(
        matches!(refused, Err(TargetError::Query { .. })),
        "{refused:?}"
    );
    let query = unchecked("select from trade", Dialect::Kdb);
    kdb.explain(&query, &never).await.expect("parsed");

    let stranger = peer.target("wrong").probe().await;
    match stranger {
        Err(TargetError::Unreachable(said)) => assert!(said.contains("refused the user"), "{said}"),
        other => panic!("{other:?}"),
    }
}

/// The other codec's own acceptor greets us and sends compressed answers.
#[tokio::test]
async fn the_acceptor_of_another_library_lets_us_in() {
    let Some(program) = program() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let accounts = dir.path().join("accounts");
    // SHA-1 of "secret"
    std::fs::write(
        &accounts,
        "reader:e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4\n",
    )
    .expect("written");
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        free.local_addr().expect("bound").port()
    };
    let mut process = Command::new(program)
        .args(["accept", "reader", "secret", &port.to_string()])
        .env("KDBPLUS_ACCOUNT_FILE", &accounts)
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    let address = Address {
        host: "127.0.0.1".into(),
        port,
        user: "reader".into(),
        password: Some(SecretString::from("secret".to_owned())),
    };
    let begun = Instant::now();
    let mut session = loop {
        match Session::open(&address).await {
            Ok(session) => break session,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    for name in ["list", "table", "compressed longs", "compressed symbols"] {
        let value = named(name).expect("known");
        let answer = session.ask(&value, BUDGET).await.expect("sent back");
        assert_eq!(answer, value, "{name}");
    }
    drop(session);
    let _ = process.kill();
    let _ = process.wait();
}

#[tokio::test]
async fn a_cancel_or_a_timeout_ends_the_wait() {
    let Some(peer) = Peer::start().await else {
        return;
    };
    let kdb = Arc::new(peer.target("secret"));
    let brief = RunLimits {
        timeout: Duration::from_millis(300),
        ..LIMITS
    };
    let outcome = run(&kdb, "select sums price from trade", &brief).await;
    assert!(
        matches!(outcome, Err(TargetError::Timeout(_))),
        "{outcome:?}"
    );
    let cancel = CancellationToken::new();
    let asking = tokio::spawn({
        let (kdb, cancel) = (Arc::clone(&kdb), cancel.clone());
        async move {
            let query = unchecked("select sums price from trade", Dialect::Kdb);
            kdb.run(&query, &LIMITS, &cancel).await
        }
    });
    tokio::task::yield_now().await;
    cancel.cancel();
    let outcome = asking.await.expect("no panic");
    assert!(
        matches!(outcome, Err(TargetError::Cancelled)),
        "{outcome:?}"
    );
    run(&kdb, "count trade", &LIMITS)
        .await
        .expect("the next one works");
}

/// What a server of the test's own does with each connection.
#[derive(Clone, Copy, Debug)]
enum Bad {
    SaysNothing,
    GreetsAndHangs,
    ClosesAfterTheQuestion,
    AnnouncesTwoGigabytes,
    AnnouncesMoreThanItSends,
    SendsARowTooLarge,
    AnswersInHttp,
    AsksBack,
    PushesForEver,
    AnswersSomethingElse,
    Bomb,
}

async fn bad_server(bad: Bad) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                if socket.read(&mut buffer).await.is_err() || matches!(bad, Bad::SaysNothing) {
                    std::future::pending::<()>().await;
                }
                if matches!(bad, Bad::AnswersInHttp) {
                    let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                    std::future::pending::<()>().await;
                }
                let _ = socket.write_all(&[3]).await;
                let _ = socket.read(&mut buffer).await;
                let zeros = vec![0_u8; 1 << 20];
                match bad {
                    Bad::ClosesAfterTheQuestion => return,
                    Bad::AnnouncesTwoGigabytes => {
                        let _ = socket.write_all(&[1, 2, 0, 0, 0, 0, 0, 0x80]).await;
                        while socket.write_all(&zeros).await.is_ok() {}
                    }
                    Bad::AnnouncesMoreThanItSends => {
                        let _ = socket.write_all(&[1, 2, 0, 0, 0xff, 0, 0, 0, 7, 0]).await;
                        return;
                    }
                    Bad::SendsARowTooLarge => {
                        let size = 64_u32 << 20;
                        let mut head = vec![1, 2, 0, 0];
                        head.extend((size + 14).to_le_bytes());
                        head.extend([10, 0]);
                        head.extend(size.to_le_bytes());
                        let _ = socket.write_all(&head).await;
                        while socket.write_all(&zeros).await.is_ok() {}
                    }
                    Bad::AsksBack => {
                        let ask = message(Purpose::Question, &K::text("1+1"), Endian::Little);
                        let _ = socket.write_all(&ask).await;
                    }
                    Bad::PushesForEver => {
                        let push = message(Purpose::Async, &K::long(1), Endian::Little);
                        while socket.write_all(&push).await.is_ok() {}
                    }
                    Bad::AnswersSomethingElse => {
                        let answer = message(Purpose::Answer, &K::long(1), Endian::Little);
                        let _ = socket.write_all(&answer).await;
                    }
                    Bad::Bomb => {
                        let mut bomb = vec![1, 2, 1, 0];
                        bomb.extend(65_548_u32.to_le_bytes());
                        bomb.extend(u32::MAX.to_le_bytes());
                        bomb.extend([0xff].repeat(65_536));
                        let _ = socket.write_all(&bomb).await;
                    }
                    _ => {}
                }
                std::future::pending::<()>().await;
            });
        }
    });
    port
}

fn resident_kib() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| line.trim().split(' ').next()?.parse().ok())
        .unwrap_or(0)
}

/// In a process of its own, or the memory of other tests would be counted.
#[test]
fn a_bad_server_costs_neither_time_nor_memory() {
    let output = Command::new(std::env::current_exe().expect("we run"))
        .args([
            "--ignored",
            "--exact",
            "target::kdb::tests::bad_servers_alone",
        ])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
#[ignore = "a_bad_server_costs_neither_time_nor_memory runs it"]
async fn bad_servers_alone() {
    let limits = RunLimits {
        timeout: Duration::from_secs(1),
        ..LIMITS
    };
    for (bad, expected) in [
        (Bad::SaysNothing, "longer than"),
        (Bad::GreetsAndHangs, "longer than"),
        (Bad::ClosesAfterTheQuestion, "closed the connection"),
        (Bad::AnnouncesTwoGigabytes, "larger than"),
        (Bad::AnnouncesMoreThanItSends, "closed the connection"),
        (Bad::SendsARowTooLarge, "larger than"),
        (Bad::AnswersInHttp, "does not begin as a message"),
        (Bad::AsksBack, "does not begin as a message"),
        (Bad::PushesForEver, "nobody asked for"),
        (Bad::AnswersSomethingElse, "something else"),
        (Bad::Bomb, "larger than"),
    ] {
        let kdb = target(bad_server(bad).await, "secret");
        let before = resident_kib();
        let outcome = tokio::time::timeout(
            Duration::from_secs(30),
            run(&kdb, "select from trade", &limits),
        )
        .await
        .unwrap_or_else(|_| panic!("{bad:?} held us"));
        let grown = resident_kib().saturating_sub(before);
        let said = outcome.expect_err("it is no answer").to_string();
        assert!(said.contains(expected), "{bad:?}: {said}");
        assert!(grown < 32 << 10, "{bad:?}: {grown} KiB more");
    }
}

#[test]
fn an_old_server_is_told_apart() {
    let answer = |version| {
        rights(&K::List(vec![
            K::Atom(Kind::Float, Scalar::Float(version)),
            K::Atom(Kind::Date, Scalar::Int(0)),
        ]))
    };
    assert_eq!(answer(4.1).expect("read").can_write, [""; 0]);
    assert!(answer(3.2).expect("read").can_write[0].contains("no reval"));
    assert_eq!(rights(&K::long(1)), None);
}

#[test]
fn symbols_are_found_by_their_place() {
    let mut names = Symbols::default();
    for name in ["", "a", "bc", ""] {
        names.push(name.as_bytes());
    }
    let all: Vec<&[u8]> = names.iter().collect();
    assert_eq!(all, [&b""[..], b"a", b"bc", b""]);
    assert_eq!(names.get(4), None);
}
