//! What MySQL's types are called, and what their values are as JSON.

use crate::schema::ValueKind;
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;
use sqlx::mysql::types::MySqlTime;
use sqlx::mysql::{MySql, MySqlRow, MySqlTypeInfo};
use sqlx::{Row, Type, TypeInfo};
use std::fmt::Write;

/// The largest integer every JSON reader keeps exactly: 2^53.
const EXACT: u64 = 1 << 53;
/// A longer value is cut and ends in `…`. In characters.
const VALUE_CHARS: usize = 65_536;

/// One result column's type.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub engine_name: String,
    pub kind: ValueKind,
    /// What the server says a value can have, in bytes.
    pub longest_bytes: u64,
    format: Format,
}

/// How a value arrives.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Signed,
    Unsigned,
    Boolean,
    Float,
    Double,
    Date,
    Timestamp,
    Time,
    Bits,
    /// Decimals too: the server sends their digits.
    Text,
    Bytes,
}

impl Shape {
    pub fn of(type_info: &MySqlTypeInfo) -> Self {
        let name = type_info.name();
        let is_text = <str as Type<MySql>>::compatible(type_info);
        let format = match name {
            "BOOLEAN" => Format::Boolean,
            "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => Format::Signed,
            "YEAR" => Format::Unsigned,
            unsigned if unsigned.ends_with(" UNSIGNED") => Format::Unsigned,
            "FLOAT" => Format::Float,
            "DOUBLE" => Format::Double,
            "DATE" => Format::Date,
            "DATETIME" | "TIMESTAMP" => Format::Timestamp,
            "TIME" => Format::Time,
            "BIT" => Format::Bits,
            "DECIMAL" | "ENUM" | "SET" | "JSON" | "NULL" => Format::Text,
            _ if is_text => Format::Text,
            _ => Format::Bytes,
        };
        // a collation ending in _bin makes a text look binary by its flags
        let engine_name = match (name, format) {
            ("BOOLEAN", _) => "tinyint(1)".to_owned(),
            ("BINARY", Format::Text) => "char".to_owned(),
            ("VARBINARY", Format::Text) => "varchar".to_owned(),
            ("BLOB" | "TINYBLOB" | "MEDIUMBLOB" | "LONGBLOB", Format::Text) => {
                name.to_ascii_lowercase().replace("blob", "text")
            }
            _ => name.to_ascii_lowercase(),
        };
        let kind = match format {
            Format::Boolean => ValueKind::Boolean,
            Format::Bits => ValueKind::Integer,
            Format::Bytes => ValueKind::Binary,
            _ if name == "SET" => ValueKind::Text,
            _ => ValueKind::of_declared(&engine_name),
        };
        Self {
            engine_name,
            kind,
            longest_bytes: longest_bytes(type_info),
            format,
        }
    }

    /// As JSON, its size in bytes, and whether it was cut.
    pub fn value(&self, row: &MySqlRow, place: usize) -> Result<(Value, usize, bool), sqlx::Error> {
        let null = (Value::Null, 5, false);
        Ok(match self.format {
            Format::Signed | Format::Boolean => {
                let Some(number) = row.try_get_unchecked::<Option<i64>, _>(place)? else {
                    return Ok(null);
                };
                let value = match number {
                    0 | 1 if self.format == Format::Boolean => Value::Bool(number == 1),
                    _ if number.unsigned_abs() <= EXACT => Value::from(number),
                    _ => Value::String(number.to_string()),
                };
                (value, 8, false)
            }
            Format::Unsigned => match row.try_get_unchecked::<Option<u64>, _>(place)? {
                Some(number) => (integer(number), 8, false),
                None => null,
            },
            Format::Bits => match row.try_get_unchecked::<Option<Vec<u8>>, _>(place)? {
                Some(bytes) => {
                    let number = bytes
                        .iter()
                        .fold(0, |all, byte| all << 8 | u64::from(*byte));
                    (integer(number), 8, false)
                }
                None => null,
            },
            Format::Float => match row.try_get_unchecked::<Option<f32>, _>(place)? {
                // through its shortest text, or 0.1 would become 0.10000000149011612
                Some(number) => (
                    float(number.to_string().parse().unwrap_or(f64::NAN)),
                    12,
                    false,
                ),
                None => null,
            },
            Format::Double => match row.try_get_unchecked::<Option<f64>, _>(place)? {
                Some(number) => (float(number), 12, false),
                None => null,
            },
            Format::Date => match row.try_get_unchecked::<Option<NaiveDate>, _>(place) {
                Ok(Some(date)) => text(date.to_string()),
                Ok(None) => null,
                // MySQL knows dates that no calendar knows
                Err(_) => text("0000-00-00".to_owned()),
            },
            Format::Timestamp => match row.try_get_unchecked::<Option<NaiveDateTime>, _>(place) {
                Ok(Some(time)) => text(time.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
                Ok(None) => null,
                Err(_) => text("0000-00-00 00:00:00".to_owned()),
            },
            Format::Time => match row.try_get_unchecked::<Option<MySqlTime>, _>(place)? {
                Some(time) => text(time.to_string()),
                None => null,
            },
            Format::Text => match row.try_get_unchecked::<Option<Vec<u8>>, _>(place)? {
                Some(bytes) => text(String::from_utf8_lossy(&bytes).into_owned()),
                None => null,
            },
            Format::Bytes => match row.try_get_unchecked::<Option<Vec<u8>>, _>(place)? {
                Some(bytes) => {
                    let shown = &bytes[..bytes.len().min(VALUE_CHARS / 2)];
                    let mut hex = String::with_capacity(2 + 2 * shown.len());
                    hex.push_str("\\x");
                    for byte in shown {
                        let _ = write!(hex, "{byte:02x}");
                    }
                    let cut = shown.len() < bytes.len();
                    if cut {
                        hex.push('…');
                    }
                    let size = hex.len() + 3;
                    (Value::String(hex), size, cut)
                }
                None => null,
            },
        })
    }
}

/// The driver knows it and shows it to people only: it has no other way to it. A test holds what it shows; should it
/// show something else one day, every column counts as one that may be long, and results are measured once more.
fn longest_bytes(type_info: &MySqlTypeInfo) -> u64 {
    let shown = format!("{type_info:?}");
    let digits = shown
        .split_once("max_size: Some(")
        .and_then(|(_, rest)| rest.split_once(')'))
        .and_then(|(digits, _)| digits.parse().ok());
    digits.unwrap_or(u64::from(u32::MAX))
}

fn integer(number: u64) -> Value {
    if number <= EXACT {
        Value::from(number)
    } else {
        Value::String(number.to_string())
    }
}

fn float(number: f64) -> Value {
    serde_json::Number::from_f64(number)
        .map_or_else(|| Value::String(number.to_string()), Value::Number)
}

fn text(whole: String) -> (Value, usize, bool) {
    let (value, cut) = match whole.char_indices().nth(VALUE_CHARS) {
        Some((end, _)) => (format!("{}…", &whole[..end]), true),
        None => (whole, false),
    };
    let size = value.len() + 3;
    (Value::String(value), size, cut)
}
