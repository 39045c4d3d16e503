//! What DuckDB's types are called, and what their values are as JSON.

use super::library::Vector;
use crate::schema::ValueKind;
use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::{Map, Value};
use std::fmt::Write;

/// The largest integer every JSON reader keeps exactly: 2^53.
const EXACT: u128 = 1 << 53;
/// A longer value is cut and ends in `…`. In characters.
pub(super) const VALUE_CHARS: usize = 65_536;
/// Of a nested value, so many values are made before it is cut.
const MOST_NESTED: usize = 20_000;

/// A type with what is needed to read its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueType {
    pub shape: Shape,
    /// What it is called, where that is not what it is: JSON is a text.
    pub alias: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Boolean,
    /// Of so many bytes.
    Signed(u8),
    Unsigned(u8),
    Float,
    Double,
    Decimal {
        width: u8,
        scale: u8,
        /// The type's number of the integer that it is kept in.
        internal: u32,
    },
    Text,
    Blob,
    Bit,
    BigNumber,
    Uuid,
    Date,
    /// In units of which so many make a second.
    Time(i64),
    TimeWithZone,
    Timestamp(i64),
    TimestampWithZone,
    Interval,
    Enum {
        internal: u32,
        labels: Vec<String>,
    },
    List(Box<ValueType>),
    Array(Box<ValueType>, usize),
    Map(Box<ValueType>, Box<ValueType>),
    Struct(Vec<(String, ValueType)>),
    Union(Vec<(String, ValueType)>),
    Null,
    /// By its number; its values are not shown.
    Unknown(u32),
}

impl Shape {
    /// Of the types that have nothing inside.
    pub fn of_id(id: u32) -> Self {
        match id {
            1 => Self::Boolean,
            2 => Self::Signed(1),
            3 => Self::Signed(2),
            4 => Self::Signed(4),
            5 => Self::Signed(8),
            16 => Self::Signed(16),
            6 => Self::Unsigned(1),
            7 => Self::Unsigned(2),
            8 => Self::Unsigned(4),
            9 => Self::Unsigned(8),
            32 => Self::Unsigned(16),
            10 => Self::Float,
            11 => Self::Double,
            17 | 37 => Self::Text,
            18 => Self::Blob,
            29 => Self::Bit,
            35 => Self::BigNumber,
            27 => Self::Uuid,
            13 => Self::Date,
            14 => Self::Time(1_000_000),
            39 => Self::Time(1_000_000_000),
            30 => Self::TimeWithZone,
            20 => Self::Timestamp(1),
            21 => Self::Timestamp(1_000),
            12 => Self::Timestamp(1_000_000),
            22 => Self::Timestamp(1_000_000_000),
            31 => Self::TimestampWithZone,
            15 => Self::Interval,
            36 => Self::Null,
            other => Self::Unknown(other),
        }
    }
}

impl ValueType {
    pub fn of(shape: Shape) -> Self {
        Self { shape, alias: None }
    }

    /// As DuckDB names it.
    pub fn name(&self) -> String {
        if let Some(alias) = &self.alias {
            return alias.clone();
        }
        let fields = |fields: &[(String, Self)]| {
            let all: Vec<String> = fields
                .iter()
                .map(|(name, kind)| format!("{name} {}", kind.name()))
                .collect();
            all.join(", ")
        };
        match &self.shape {
            Shape::Boolean => "BOOLEAN".into(),
            Shape::Signed(1) => "TINYINT".into(),
            Shape::Signed(2) => "SMALLINT".into(),
            Shape::Signed(4) => "INTEGER".into(),
            Shape::Signed(8) => "BIGINT".into(),
            Shape::Signed(_) => "HUGEINT".into(),
            Shape::Unsigned(1) => "UTINYINT".into(),
            Shape::Unsigned(2) => "USMALLINT".into(),
            Shape::Unsigned(4) => "UINTEGER".into(),
            Shape::Unsigned(8) => "UBIGINT".into(),
            Shape::Unsigned(_) => "UHUGEINT".into(),
            Shape::Float => "FLOAT".into(),
            Shape::Double => "DOUBLE".into(),
            Shape::Decimal { width, scale, .. } => format!("DECIMAL({width},{scale})"),
            Shape::Text => "VARCHAR".into(),
            Shape::Blob => "BLOB".into(),
            Shape::Bit => "BIT".into(),
            Shape::BigNumber => "BIGNUM".into(),
            Shape::Uuid => "UUID".into(),
            Shape::Date => "DATE".into(),
            Shape::Time(1_000_000) => "TIME".into(),
            Shape::Time(_) => "TIME_NS".into(),
            Shape::TimeWithZone => "TIME WITH TIME ZONE".into(),
            Shape::Timestamp(1) => "TIMESTAMP_S".into(),
            Shape::Timestamp(1_000) => "TIMESTAMP_MS".into(),
            Shape::Timestamp(1_000_000) => "TIMESTAMP".into(),
            Shape::Timestamp(_) => "TIMESTAMP_NS".into(),
            Shape::TimestampWithZone => "TIMESTAMP WITH TIME ZONE".into(),
            Shape::Interval => "INTERVAL".into(),
            Shape::Enum { .. } => "ENUM".into(),
            Shape::List(child) => format!("{}[]", child.name()),
            Shape::Array(child, size) => format!("{}[{size}]", child.name()),
            Shape::Map(key, value) => format!("MAP({}, {})", key.name(), value.name()),
            Shape::Struct(all) => format!("STRUCT({})", fields(all)),
            Shape::Union(all) => format!("UNION({})", fields(all)),
            Shape::Null => "NULL".into(),
            Shape::Unknown(id) => format!("type {id}"),
        }
    }

    pub fn kind(&self) -> ValueKind {
        if self.alias.as_deref() == Some("JSON") {
            return ValueKind::Json;
        }
        match &self.shape {
            Shape::Boolean => ValueKind::Boolean,
            Shape::Signed(_) | Shape::Unsigned(_) | Shape::BigNumber => ValueKind::Integer,
            Shape::Float | Shape::Double => ValueKind::Float,
            Shape::Decimal { .. } => ValueKind::Decimal,
            Shape::Text | Shape::Enum { .. } | Shape::Bit => ValueKind::Text,
            Shape::Blob => ValueKind::Binary,
            Shape::Uuid => ValueKind::Uuid,
            Shape::Date => ValueKind::Date,
            Shape::Time(_) | Shape::TimeWithZone => ValueKind::Time,
            Shape::Timestamp(_) | Shape::TimestampWithZone => ValueKind::Timestamp,
            Shape::Interval => ValueKind::Interval,
            Shape::List(_) | Shape::Array(..) => ValueKind::Array,
            Shape::Map(..) | Shape::Struct(_) | Shape::Union(_) => ValueKind::Json,
            Shape::Null | Shape::Unknown(_) => ValueKind::Other,
        }
    }

    /// As a JSON scalar (what is nested becomes JSON text), its size in bytes, and whether it was cut.
    pub fn value(&self, vector: &Vector<'_>, row: usize, chars: usize) -> (Value, usize, bool) {
        let mut left = MOST_NESTED;
        let value = self.read(vector, row, &mut left);
        match value {
            Value::Null => (Value::Null, 5, false),
            Value::String(whole) => cut(whole, chars, left == 0),
            nested @ (Value::Array(_) | Value::Object(_)) => {
                cut(nested.to_string(), chars, left == 0)
            }
            number => (number, 12, false),
        }
    }

    fn read(&self, vector: &Vector<'_>, row: usize, left: &mut usize) -> Value {
        if vector.is_null(row) || *left == 0 {
            return Value::Null;
        }
        *left -= 1;
        match &self.shape {
            Shape::Boolean => Value::Bool(vector.fixed::<1>(row) != [0]),
            Shape::Signed(size) => integer(signed(vector, row, *size)),
            Shape::Unsigned(size) => unsigned_integer(unsigned(vector, row, *size)),
            // through its shortest text, or 0.1 would become 0.10000000149011612
            Shape::Float => {
                let number = f32::from_ne_bytes(vector.fixed(row));
                float(number.to_string().parse().unwrap_or(f64::NAN))
            }
            Shape::Double => float(f64::from_ne_bytes(vector.fixed(row))),
            Shape::Decimal {
                scale, internal, ..
            } => Value::String(decimal(signed(vector, row, width_of(*internal)), *scale)),
            Shape::Text => Value::String(beginning(vector.bytes(row))),
            Shape::Blob => Value::String(hex(vector.bytes(row))),
            Shape::Bit => Value::String(bits(vector.bytes(row))),
            Shape::BigNumber => Value::String(big_number(vector.bytes(row))),
            Shape::Uuid => {
                // its first bit is turned, so that it sorts
                let number = i128::from_ne_bytes(vector.fixed(row)) ^ i128::MIN;
                Value::String(uuid::Uuid::from_u128(number.cast_unsigned()).to_string())
            }
            Shape::Date => Value::String(date(i32::from_ne_bytes(vector.fixed(row)))),
            Shape::Time(units) => {
                Value::String(clock(i64::from_ne_bytes(vector.fixed(row)), *units))
            }
            Shape::TimeWithZone => Value::String(zoned(u64::from_ne_bytes(vector.fixed(row)))),
            Shape::Timestamp(units) => {
                Value::String(timestamp(i64::from_ne_bytes(vector.fixed(row)), *units))
            }
            Shape::TimestampWithZone => {
                let text = timestamp(i64::from_ne_bytes(vector.fixed(row)), 1_000_000);
                let zone = if text.ends_with("infinity") {
                    ""
                } else {
                    "+00"
                };
                Value::String(text + zone)
            }
            Shape::Interval => Value::String(interval(vector.fixed(row))),
            Shape::Enum { internal, labels } => {
                let at = unsigned(vector, row, width_of(*internal));
                let label = usize::try_from(at).ok().and_then(|at| labels.get(at));
                label.map_or(Value::Null, |label| Value::String(label.clone()))
            }
            Shape::List(child) => {
                let (from, length) = span(vector, row);
                let inner = vector.list_child();
                items(child, &inner, from, length, left)
            }
            Shape::Array(child, size) => {
                let inner = vector.array_child();
                items(child, &inner, row * size, *size, left)
            }
            Shape::Map(key, value) => {
                let (from, length) = span(vector, row);
                let pairs = vector.list_child();
                let (keys, values) = (pairs.struct_child(0), pairs.struct_child(1));
                let mut map = Map::new();
                for at in from..from + length {
                    if *left == 0 {
                        break;
                    }
                    let name = match key.read(&keys, at, left) {
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    map.insert(name, value.read(&values, at, left));
                }
                Value::Object(map)
            }
            Shape::Struct(fields) => {
                let mut map = Map::new();
                for (at, (name, kind)) in fields.iter().enumerate() {
                    map.insert(name.clone(), kind.read(&vector.struct_child(at), row, left));
                }
                Value::Object(map)
            }
            // the member's number comes first
            Shape::Union(members) => {
                let [tag] = vector.struct_child(0).fixed::<1>(row);
                match members.get(usize::from(tag)) {
                    Some((_, kind)) => {
                        kind.read(&vector.struct_child(usize::from(tag) + 1), row, left)
                    }
                    None => Value::Null,
                }
            }
            Shape::Null => Value::Null,
            Shape::Unknown(id) => Value::String(format!("a value of type {id}")),
        }
    }
}

fn items(
    child: &ValueType,
    inner: &Vector<'_>,
    from: usize,
    length: usize,
    left: &mut usize,
) -> Value {
    let mut all = Vec::new();
    for at in from..from + length {
        if *left == 0 {
            break;
        }
        all.push(child.read(inner, at, left));
    }
    Value::Array(all)
}

/// Where a list's items are in its child: offset and length.
fn span(vector: &Vector<'_>, row: usize) -> (usize, usize) {
    let both: [u8; 16] = vector.fixed(row);
    let (from, length) = both.split_at(8);
    let number = |bytes: &[u8]| {
        let number = u64::from_ne_bytes(bytes.try_into().expect("half of sixteen"));
        usize::try_from(number).unwrap_or(0)
    };
    (number(from), number(length))
}

/// Bytes of the integer types that decimals and enums are kept in.
fn width_of(internal: u32) -> u8 {
    match Shape::of_id(internal) {
        Shape::Signed(size) | Shape::Unsigned(size) => size,
        _ => 16,
    }
}

fn signed(vector: &Vector<'_>, row: usize, size: u8) -> i128 {
    match size {
        1 => i8::from_ne_bytes(vector.fixed(row)).into(),
        2 => i16::from_ne_bytes(vector.fixed(row)).into(),
        4 => i32::from_ne_bytes(vector.fixed(row)).into(),
        8 => i64::from_ne_bytes(vector.fixed(row)).into(),
        _ => i128::from_ne_bytes(vector.fixed(row)),
    }
}

fn unsigned(vector: &Vector<'_>, row: usize, size: u8) -> u128 {
    match size {
        1 => u8::from_ne_bytes(vector.fixed(row)).into(),
        2 => u16::from_ne_bytes(vector.fixed(row)).into(),
        4 => u32::from_ne_bytes(vector.fixed(row)).into(),
        8 => u64::from_ne_bytes(vector.fixed(row)).into(),
        _ => u128::from_ne_bytes(vector.fixed(row)),
    }
}

fn integer(number: i128) -> Value {
    match i64::try_from(number) {
        Ok(small) if number.unsigned_abs() <= EXACT => Value::from(small),
        _ => Value::String(number.to_string()),
    }
}

fn unsigned_integer(number: u128) -> Value {
    match u64::try_from(number) {
        Ok(small) if number <= EXACT => Value::from(small),
        _ => Value::String(number.to_string()),
    }
}

fn float(number: f64) -> Value {
    serde_json::Number::from_f64(number)
        .map_or_else(|| Value::String(number.to_string()), Value::Number)
}

fn decimal(number: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// As much of a text as can be shown, and a character more, so that it is seen to be longer.
fn beginning(bytes: &[u8]) -> String {
    const MOST: usize = 4 * (VALUE_CHARS + 1);
    String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::from("\\x");
    for byte in bytes.iter().take(VALUE_CHARS) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The first byte says how many bits of the second are padding.
fn bits(bytes: &[u8]) -> String {
    let Some((padding, bytes)) = bytes.split_first() else {
        return String::new();
    };
    let all = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    all.skip(usize::from(*padding))
        .take(VALUE_CHARS + 1)
        .map(|bit| if bit == 1 { '1' } else { '0' })
        .collect()
}

/// Three bytes of sign and length, then the number's bytes, the largest first; all turned for a negative one.
fn big_number(bytes: &[u8]) -> String {
    let Some((header, bytes)) = bytes.split_first_chunk::<3>() else {
        return "0".to_owned();
    };
    let negative = header[0] & 0x80 == 0;
    // digits in groups of nine, the smallest first
    let mut groups: Vec<u64> = vec![0];
    for byte in bytes.iter().take(4_096) {
        let mut carry = u64::from(if negative { !byte } else { *byte });
        for group in &mut groups {
            carry += *group << 8;
            *group = carry % 1_000_000_000;
            carry /= 1_000_000_000;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut text = String::from(if negative { "-" } else { "" });
    let mut rest = groups.iter().rev();
    let _ = write!(text, "{}", rest.next().unwrap_or(&0));
    for group in rest {
        let _ = write!(text, "{group:09}");
    }
    text
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date")
}

fn date(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        days if days == -i32::MAX => "-infinity".to_owned(),
        // DuckDB's calendar goes on for twenty times as long as anybody's
        days => epoch()
            .checked_add_signed(Duration::days(days.into()))
            .map_or_else(
                || format!("1970-01-01 {days:+} days"),
                |date| date.to_string(),
            ),
    }
}

/// Of a time of day, in units of which so many make a second.
fn clock(time: i64, units: i64) -> String {
    let (seconds, fraction) = (time.div_euclid(units), time.rem_euclid(units));
    let nanos = fraction * (1_000_000_000 / units);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{:02}", seconds % 60);
    if nanos > 0 {
        let digits = format!("{nanos:09}");
        let _ = write!(text, ".{}", digits.trim_end_matches('0'));
    }
    text
}

/// Microseconds in the upper forty bits, the offset below, counted down from the largest one.
fn zoned(both: u64) -> String {
    const LARGEST: i64 = 16 * 3_600 - 1;
    let micros = i64::try_from(both >> 24).unwrap_or(0);
    let offset = LARGEST - i64::try_from(both & 0xff_ffff).unwrap_or(0);
    let sign = if offset < 0 { '-' } else { '+' };
    let offset = offset.unsigned_abs();
    let mut text = format!("{}{sign}{:02}", clock(micros, 1_000_000), offset / 3_600);
    if !offset.is_multiple_of(3_600) {
        let _ = write!(text, ":{:02}", offset / 60 % 60);
    }
    if !offset.is_multiple_of(60) {
        let _ = write!(text, ":{:02}", offset % 60);
    }
    text
}

fn timestamp(time: i64, units: i64) -> String {
    match time {
        i64::MAX => return "infinity".to_owned(),
        time if time == -i64::MAX => return "-infinity".to_owned(),
        _ => {}
    }
    let (seconds, fraction) = (time.div_euclid(units), time.rem_euclid(units));
    let nanos = fraction * (1_000_000_000 / units);
    let begin = NaiveDateTime::new(epoch(), NaiveTime::MIN);
    Duration::try_seconds(seconds)
        .and_then(|seconds| begin.checked_add_signed(seconds))
        .and_then(|whole| whole.checked_add_signed(Duration::nanoseconds(nanos)))
        .map_or_else(
            || format!("1970-01-01 {seconds:+} seconds"),
            |time| time.format("%Y-%m-%d %H:%M:%S%.f").to_string(),
        )
}

/// Months, days and microseconds, which are not to be had from one another.
fn interval(bytes: [u8; 16]) -> String {
    let part = |from: usize| {
        i32::from_ne_bytes(bytes[from..from + 4].try_into().expect("four of sixteen"))
    };
    let (months, days) = (part(0), part(4));
    let micros = i64::from_ne_bytes(bytes[8..].try_into().expect("eight of sixteen"));
    let mut parts = Vec::new();
    for (number, unit) in [(months / 12, "year"), (months % 12, "month"), (days, "day")] {
        if number != 0 {
            let plural = if number.abs() == 1 { "" } else { "s" };
            parts.push(format!("{number} {unit}{plural}"));
        }
    }
    if micros != 0 || parts.is_empty() {
        let sign = if micros < 0 { "-" } else { "" };
        let micros = i64::try_from(micros.unsigned_abs()).unwrap_or(i64::MAX);
        parts.push(format!("{sign}{}", clock(micros, 1_000_000)));
    }
    parts.join(" ")
}

fn cut(whole: String, chars: usize, was_cut: bool) -> (Value, usize, bool) {
    let (value, cut) = match whole.char_indices().nth(chars) {
        Some((end, _)) => (format!("{}…", &whole[..end]), true),
        None => (whole, false),
    };
    let size = value.len() + 3;
    (Value::String(value), size, cut || was_cut)
}
