//! q's values as JSON and as text, without losing digits.

use super::value::{K, Kind, Scalar, Table};
use crate::query::OutputColumn;
use crate::schema::ValueKind;
use crate::target::{ResultColumn, Rows, RunLimits};
use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;
use std::fmt::Write;

/// The largest integer every JSON reader keeps exactly: 2^53.
const EXACT: u64 = 1 << 53;
/// A longer value is cut and ends in `…`. In characters.
const VALUE_CHARS: usize = 65_536;

/// A result of which the server had `count` rows. A table's columns keep their names; anything else becomes one
/// or two columns, named as `output` says where it does.
pub(super) fn rows(value: K, count: usize, output: &[OutputColumn], limits: &RunLimits) -> Rows {
    let named = |at: usize, otherwise: &str| {
        let name = output.get(at).map(|column| column.name.clone());
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| otherwise.to_owned())
    };
    let columns: Vec<(String, K)> = match value {
        K::Table(table) => columns(table),
        K::Dictionary { keys, values, .. } => match (*keys, *values) {
            // a keyed table, of a server that did not take the keys off
            (K::Table(keys), K::Table(values)) => {
                columns(keys).into_iter().chain(columns(values)).collect()
            }
            // exec by several columns
            (K::Table(keys), values) => {
                let at = keys.columns.len();
                let mut all = columns(keys);
                all.push((named(at, "value"), as_list(values)));
                all
            }
            (keys, values) => vec![
                (named(0, "key"), as_list(keys)),
                (named(1, "value"), as_list(values)),
            ],
        },
        // a list of texts and the like is a column
        list @ K::List(_) => vec![(named(0, "value"), list)],
        vector @ K::Vector { .. } if vector.chars().is_none() => vec![(named(0, "value"), vector)],
        one => vec![(named(0, "value"), K::List(vec![one]))],
    };
    let given = columns
        .iter()
        .filter_map(|(_, column)| column.count())
        .max()
        .unwrap_or(0);
    let mut truncated = count > given;
    let mut rows = Vec::new();
    let mut bytes = 0;
    'rows: for at in 0..given {
        if at == limits.max_rows {
            truncated = true;
            break;
        }
        let mut row = Vec::with_capacity(columns.len());
        for (_, column) in &columns {
            let (value, size, cut) = cell(column, at);
            bytes += size;
            if bytes > limits.max_bytes {
                truncated = true;
                break 'rows;
            }
            truncated |= cut;
            row.push(value);
        }
        rows.push(row);
    }
    Rows {
        columns: columns
            .into_iter()
            .map(|(name, column)| {
                let (data_type, kind) = shape(&column);
                ResultColumn {
                    name,
                    data_type,
                    kind,
                }
            })
            .collect(),
        rows,
        truncated,
        elapsed_ms: 0,
    }
}

fn columns(table: Table) -> Vec<(String, K)> {
    let names: Vec<String> = table
        .names
        .iter()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    names.into_iter().zip(table.columns).collect()
}

fn as_list(value: K) -> K {
    match value.count() {
        Some(_) => value,
        None => K::List(vec![value]),
    }
}

/// What a column holds.
fn shape(column: &K) -> (String, ValueKind) {
    match column {
        K::Vector { kind, .. } => (kind.name().to_owned(), value_kind(*kind)),
        K::List(items) => {
            let mut kinds = items.iter().map(|item| match item {
                K::Atom(kind, _) => Some(*kind),
                _ => None,
            });
            if !items.is_empty() && items.iter().all(|item| item.chars().is_some()) {
                return ("string".to_owned(), ValueKind::Text);
            }
            match kinds.next().flatten() {
                Some(first) if kinds.all(|kind| kind == Some(first)) => {
                    (first.name().to_owned(), value_kind(first))
                }
                _ => ("list".to_owned(), ValueKind::Array),
            }
        }
        _ => ("list".to_owned(), ValueKind::Other),
    }
}

pub(super) fn value_kind(kind: Kind) -> ValueKind {
    match kind {
        Kind::Boolean => ValueKind::Boolean,
        Kind::Guid => ValueKind::Uuid,
        Kind::Byte | Kind::Short | Kind::Int | Kind::Long => ValueKind::Integer,
        Kind::Real | Kind::Float => ValueKind::Float,
        Kind::Char | Kind::Symbol => ValueKind::Text,
        Kind::Timestamp | Kind::Datetime => ValueKind::Timestamp,
        // of no calendar that a chart knows
        Kind::Month => ValueKind::Text,
        Kind::Date => ValueKind::Date,
        Kind::Timespan => ValueKind::Interval,
        Kind::Minute | Kind::Second | Kind::Time => ValueKind::Time,
    }
}

/// One value of a column, its size in bytes, and whether it was cut.
fn cell(column: &K, at: usize) -> (Value, usize, bool) {
    match column {
        K::Vector { kind, items, .. } => match items.get(at) {
            Some(value) => scalar(*kind, &value),
            None => (Value::Null, 5, false),
        },
        K::List(items) => match items.get(at) {
            Some(K::Atom(kind, value)) => scalar(*kind, value),
            Some(K::Nothing) | None => (Value::Null, 5, false),
            Some(other) => texted(text(other)),
        },
        K::Table(table) => texted(text_of_row(table, at)),
        other => texted(text(other)),
    }
}

fn scalar(kind: Kind, value: &Scalar) -> (Value, usize, bool) {
    let value = match (kind, value) {
        (Kind::Boolean, Scalar::Byte(byte)) => Value::Bool(*byte != 0),
        (Kind::Byte, Scalar::Byte(byte)) => Value::from(*byte),
        _ if is_null(kind, value) => Value::Null,
        _ if infinity(kind, value).is_some() => return texted(scalar_text(kind, value)),
        (Kind::Short, Scalar::Short(number)) => Value::from(*number),
        (Kind::Int, Scalar::Int(number)) => Value::from(*number),
        (Kind::Long, Scalar::Long(number)) if number.unsigned_abs() <= EXACT => {
            Value::from(*number)
        }
        (Kind::Real, Scalar::Real(number)) => {
            // through its shortest text, or 0.1 would become 0.10000000149011612
            return (
                float(number.to_string().parse().unwrap_or(f64::NAN)),
                12,
                false,
            );
        }
        (Kind::Float, Scalar::Float(number)) => return (float(*number), 12, false),
        _ => return texted(scalar_text(kind, value)),
    };
    (value, 8, false)
}

fn float(number: f64) -> Value {
    serde_json::Number::from_f64(number)
        .map_or_else(|| Value::String(number.to_string()), Value::Number)
}

fn texted(whole: String) -> (Value, usize, bool) {
    let (value, cut) = match whole.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => (format!("{}…", &whole[..end]), true),
        None => (whole, false),
    };
    let size = value.len() + 3;
    (Value::String(value), size, cut)
}

/// A value as a person reads it; within lists too.
pub(super) fn text(value: &K) -> String {
    match value {
        K::Atom(kind, value) => scalar_text(*kind, value),
        K::Vector {
            kind: Kind::Byte,
            items: super::value::Items::Bytes(bytes),
            ..
        } => {
            let mut hex = String::from("\\x");
            for byte in bytes.iter().take(VALUE_CHARS) {
                let _ = write!(hex, "{byte:02x}");
            }
            hex
        }
        _ if value.chars().is_some() => {
            String::from_utf8_lossy(value.chars().unwrap_or_default()).into_owned()
        }
        K::Vector { kind, items, .. } => listed(
            items.len(),
            (0..items.len()).filter_map(|at| Some(scalar_text(*kind, &items.get(at)?))),
        ),
        K::List(items) => listed(items.len(), items.iter().map(text)),
        K::Table(table) => listed(
            table.rows(),
            (0..table.rows()).map(|row| text_of_row(table, row)),
        ),
        K::Dictionary { keys, values, .. } => format!("{}!{}", text(keys), text(values)),
        K::Nothing => "::".to_owned(),
        K::Lambda { body, .. } => text(body),
        K::Primitive { .. } | K::Derived { .. } => "a function".to_owned(),
        K::Error(said) => format!("'{said}"),
    }
}

/// `[a, b, c]`, of long lists only what is shown.
fn listed(count: usize, items: impl Iterator<Item = String>) -> String {
    let mut out = String::from("[");
    for (at, item) in items.enumerate() {
        if out.len() > 4 * VALUE_CHARS {
            let _ = write!(out, ", … {} more", count - at);
            break;
        }
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&item);
    }
    out.push(']');
    out
}

fn text_of_row(table: &Table, row: usize) -> String {
    let parts = table
        .names
        .iter()
        .zip(&table.columns)
        .map(|(name, column)| {
            let (value, _, _) = cell(column, row);
            let shown = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            format!("{}: {shown}", String::from_utf8_lossy(name))
        });
    let parts: Vec<String> = parts.collect();
    format!("{{{}}}", parts.join(", "))
}

fn is_null(kind: Kind, value: &Scalar) -> bool {
    match (kind, value) {
        (Kind::Guid, Scalar::Guid(bytes)) => *bytes == [0; 16],
        (Kind::Symbol, Scalar::Symbol(name)) => name.is_empty(),
        (_, Scalar::Short(number)) => *number == i16::MIN,
        (_, Scalar::Int(number)) => *number == i32::MIN,
        (_, Scalar::Long(number)) => *number == i64::MIN,
        (_, Scalar::Real(number)) => number.is_nan(),
        (_, Scalar::Float(number)) => number.is_nan(),
        // a blank is q's null char, but who looks at texts wants to see it as it is
        _ => false,
    }
}

/// Some(is it positive) for the value that q calls `0W`.
fn infinity(kind: Kind, value: &Scalar) -> Option<bool> {
    let (is_most, is_least) = match (kind, value) {
        (Kind::Short, Scalar::Short(number)) => (*number == i16::MAX, *number == -i16::MAX),
        (_, Scalar::Int(number)) => (*number == i32::MAX, *number == -i32::MAX),
        (_, Scalar::Long(number)) => (*number == i64::MAX, *number == -i64::MAX),
        (_, Scalar::Real(number)) => (*number == f32::INFINITY, *number == f32::NEG_INFINITY),
        (_, Scalar::Float(number)) => (*number == f64::INFINITY, *number == f64::NEG_INFINITY),
        _ => (false, false),
    };
    (is_most || is_least).then_some(is_most)
}

/// As a person reads it: dates as ISO has them, infinities as q has them; a null is empty.
fn scalar_text(kind: Kind, value: &Scalar) -> String {
    if is_null(kind, value) {
        return String::new();
    }
    if let Some(positive) = infinity(kind, value) {
        let sign = if positive { "" } else { "-" };
        return match kind {
            Kind::Float => format!("{sign}0w"),
            Kind::Long => format!("{sign}0W"),
            kind => format!("{sign}0W{}", kind.letter()),
        };
    }
    match (kind, value) {
        (Kind::Boolean, Scalar::Byte(byte)) => (*byte != 0).to_string(),
        (Kind::Char, Scalar::Byte(byte)) => String::from_utf8_lossy(&[*byte]).into_owned(),
        (Kind::Byte, Scalar::Byte(byte)) => byte.to_string(),
        (_, Scalar::Byte(byte)) => byte.to_string(),
        (_, Scalar::Guid(bytes)) => uuid::Uuid::from_bytes(*bytes).to_string(),
        (_, Scalar::Short(number)) => number.to_string(),
        (Kind::Month, Scalar::Int(months)) => {
            let months = i64::from(*months);
            format!(
                "{:04}-{:02}",
                2000 + months.div_euclid(12),
                months.rem_euclid(12) + 1
            )
        }
        (Kind::Date, Scalar::Int(days)) => date(i64::from(*days)),
        (Kind::Minute, Scalar::Int(minutes)) => clock(i64::from(*minutes) * 60_000_000_000, 0),
        (Kind::Second, Scalar::Int(seconds)) => clock(i64::from(*seconds) * 1_000_000_000, 1),
        (Kind::Time, Scalar::Int(millis)) => clock(i64::from(*millis) * 1_000_000, 4),
        (_, Scalar::Int(number)) => number.to_string(),
        (Kind::Timestamp, Scalar::Long(nanos)) => timestamp(*nanos),
        (Kind::Timespan, Scalar::Long(nanos)) => timespan(*nanos),
        (_, Scalar::Long(number)) => number.to_string(),
        (_, Scalar::Real(number)) => number.to_string(),
        (Kind::Datetime, Scalar::Float(days)) => datetime(*days),
        (_, Scalar::Float(number)) => number.to_string(),
        (_, Scalar::Symbol(name)) => String::from_utf8_lossy(name).into_owned(),
    }
}

/// Where q's calendar begins.
fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date")
}

fn date(days: i64) -> String {
    let found = match u64::try_from(days) {
        Ok(after) => epoch().checked_add_days(Days::new(after)),
        Err(_) => epoch().checked_sub_days(Days::new(days.unsigned_abs())),
    };
    // q has days that no calendar has
    found.map_or_else(
        || format!("2000-01-01 {days:+} days"),
        |date| date.to_string(),
    )
}

fn timestamp(nanos: i64) -> String {
    let since = NaiveDateTime::new(epoch(), NaiveTime::MIN);
    (since + Duration::nanoseconds(nanos))
        .format("%Y-%m-%d %H:%M:%S%.f")
        .to_string()
}

/// Days as a float: exact to the millisecond, which is what q shows.
fn datetime(days: f64) -> String {
    let since = NaiveDateTime::new(epoch(), NaiveTime::MIN);
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it saturates, and is then out of range"
    )]
    let millis = (days * 86_400_000.0).round() as i64;
    Duration::try_milliseconds(millis)
        .and_then(|duration| since.checked_add_signed(duration))
        .map_or_else(
            || format!("2000-01-01 {days:+} days"),
            |time| time.format("%Y-%m-%d %H:%M:%S%.3f").to_string(),
        )
}

/// `09:30`, `09:30:00` or `09:30:00.000` by `fields` 0, 1 or 4; hours go on beyond 23.
fn clock(nanos: i64, fields: u8) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let millis = nanos.unsigned_abs() / 1_000_000;
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let (seconds, millis) = (millis / 1_000 % 60, millis % 1_000);
    match fields {
        0 => format!("{sign}{hours:02}:{minutes:02}"),
        1 => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"),
    }
}

/// `2D03:04:05.000000006`, as q has it.
fn timespan(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let seconds = nanos / 1_000_000_000;
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    let fraction = nanos % 1_000_000_000;
    format!("{sign}{days}D{hours:02}:{minutes:02}:{seconds:02}.{fraction:09}")
}

/// A value as a query would write it, for the ranges and values that a schema shows.
pub(super) fn literal(value: &K) -> Option<String> {
    let K::Atom(kind, scalar) = value else {
        return value
            .chars()
            .map(|chars| String::from_utf8_lossy(chars).into_owned());
    };
    if is_null(*kind, scalar) || infinity(*kind, scalar).is_some() {
        return None;
    }
    let text = scalar_text(*kind, scalar);
    Some(match kind {
        Kind::Date => text.replace('-', "."),
        Kind::Month => format!("{}m", text.replace('-', ".")),
        Kind::Timestamp => text.replace('-', ".").replacen(' ', "D", 1),
        Kind::Datetime => text.replace('-', ".").replacen(' ', "T", 1),
        _ => text,
    })
}
