//! What PostgreSQL's types are called, and what their values are as JSON.

use crate::schema::ValueKind;
use serde_json::Value;
use sqlx::TypeInfo;
use sqlx::postgres::{PgTypeInfo, PgTypeKind};

/// The largest integer every JSON reader keeps exactly: 2^53.
const EXACT: u64 = 1 << 53;

/// One result column's type.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub engine_name: String,
    pub kind: ValueKind,
}

impl Shape {
    pub fn of(type_info: &PgTypeInfo) -> Self {
        let engine_name = engine_name(type_info.name());
        let kind = match type_info.kind() {
            PgTypeKind::Domain(base) => Self::of(base).kind,
            PgTypeKind::Enum(_) => ValueKind::Text,
            PgTypeKind::Array(_) => ValueKind::Array,
            _ => ValueKind::of_declared(&engine_name),
        };
        Self { engine_name, kind }
    }

    /// From the server's own text form.
    pub fn value(&self, text: &str) -> Value {
        let number = match self.kind {
            ValueKind::Integer => text
                .parse()
                .ok()
                .filter(|number: &i64| number.unsigned_abs() <= EXACT)
                .map(Value::from),
            // NaN and the infinities are no JSON numbers
            ValueKind::Float => text
                .parse()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map(Value::Number),
            ValueKind::Boolean => match text {
                "true" | "t" => Some(Value::Bool(true)),
                "false" | "f" => Some(Value::Bool(false)),
                _ => None,
            },
            _ => None,
        };
        number.unwrap_or_else(|| Value::String(text.to_owned()))
    }
}

/// As `format_type` would print it, without the modifier, which a result does not carry here.
fn engine_name(sqlx_name: &str) -> String {
    if let Some(element) = sqlx_name.strip_suffix("[]") {
        return format!("{}[]", engine_name(element));
    }
    let name = match sqlx_name {
        "INT2" => "smallint",
        "INT4" => "integer",
        "INT8" => "bigint",
        "FLOAT4" => "real",
        "FLOAT8" => "double precision",
        "BOOL" => "boolean",
        "VARCHAR" => "character varying",
        "CHAR" => "character",
        "TIMESTAMP" => "timestamp without time zone",
        "TIMESTAMPTZ" => "timestamp with time zone",
        "TIME" => "time without time zone",
        "TIMETZ" => "time with time zone",
        "VARBIT" => "bit varying",
        // a type of the customer's keeps its case
        other if other.chars().any(|char| char.is_ascii_lowercase()) => other,
        other => return other.to_ascii_lowercase(),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_keeps_every_digit() {
        for (kind, text, value) in [
            (
                ValueKind::Integer,
                "9007199254740992",
                json!(9007199254740992_i64),
            ),
            (
                ValueKind::Integer,
                "9007199254740993",
                json!("9007199254740993"),
            ),
            (
                ValueKind::Integer,
                "-9223372036854775808",
                json!("-9223372036854775808"),
            ),
            (ValueKind::Decimal, "1.10", json!("1.10")),
            (ValueKind::Float, "0.1", json!(0.1)),
            (ValueKind::Float, "NaN", json!("NaN")),
            (ValueKind::Float, "-Infinity", json!("-Infinity")),
            (ValueKind::Boolean, "false", json!(false)),
            (ValueKind::Date, "infinity", json!("infinity")),
            (ValueKind::Text, "12", json!("12")),
        ] {
            let shape = Shape {
                engine_name: String::new(),
                kind,
            };
            assert_eq!(shape.value(text), value, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_type_is_called_what_the_engine_calls_it() {
        for (sqlx_name, name) in [
            ("INT4", "integer"),
            ("TIMESTAMPTZ[]", "timestamp with time zone[]"),
            ("NUMERIC", "numeric"),
            ("mpaa_rating", "mpaa_rating"),
        ] {
            assert_eq!(engine_name(sqlx_name), name);
        }
    }
}
