//! What is known of a value's type: enough to name result kinds and to catch plain mistakes.

use super::Dialect;
use super::catalog::Catalog;
use crate::schema::ValueKind;
use sqlparser::ast::{ArrayElemTypeDef, DataType};

/// A value's type as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// Not known.
    Any,
    /// A string or NULL in the query's text: it becomes what its neighbour is.
    Literal,
    /// A whole row of a table: nothing that PostgreSQL compares with a value.
    Row,
    Known(ValueKind),
}

impl Ty {
    pub fn of(kind: ValueKind) -> Self {
        match kind {
            ValueKind::Other => Self::Any,
            kind => Self::Known(kind),
        }
    }

    pub fn kind(self) -> Option<ValueKind> {
        match self {
            Self::Any | Self::Row => None,
            Self::Literal => Some(ValueKind::Text),
            Self::Known(kind) => Some(kind),
        }
    }

    /// This type, or the other's when this one does not say.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(one), Self::Known(two)) if one != two => {
                if one.is_number() && two.is_number() {
                    Self::Known(wider(one, two))
                } else {
                    Self::Any
                }
            }
            (Self::Literal | Self::Any, other) => other,
            (known, _) => known,
        }
    }

    /// Two types that a strict engine will not compare.
    pub fn clashes(self, other: Self) -> bool {
        let (one, two) = match (self, other) {
            (Self::Known(one), Self::Known(two)) => (one, two),
            (Self::Row, Self::Known(_)) | (Self::Known(_), Self::Row) => return true,
            _ => return false,
        };
        let family = |kind: ValueKind| match kind {
            ValueKind::Integer | ValueKind::Decimal | ValueKind::Float => Some(0),
            ValueKind::Text => Some(1),
            ValueKind::Boolean => Some(2),
            ValueKind::Date | ValueKind::Timestamp => Some(3),
            ValueKind::Time => Some(4),
            ValueKind::Interval => Some(5),
            _ => None,
        };
        match (family(one), family(two)) {
            (Some(one), Some(two)) => one != two,
            _ => false,
        }
    }

    pub fn shown(self) -> &'static str {
        match self {
            Self::Any => "unknown",
            Self::Row => "a row",
            Self::Literal | Self::Known(ValueKind::Text) => "text",
            Self::Known(ValueKind::Integer) => "integer",
            Self::Known(ValueKind::Decimal) => "decimal",
            Self::Known(ValueKind::Float) => "float",
            Self::Known(ValueKind::Boolean) => "boolean",
            Self::Known(ValueKind::Date) => "date",
            Self::Known(ValueKind::Time) => "time",
            Self::Known(ValueKind::Timestamp) => "timestamp",
            Self::Known(ValueKind::Interval) => "interval",
            Self::Known(ValueKind::Uuid) => "uuid",
            Self::Known(ValueKind::Json) => "json",
            Self::Known(ValueKind::Array) => "array",
            Self::Known(ValueKind::Binary) => "binary",
            Self::Known(ValueKind::Other) => "other",
        }
    }
}

fn wider(one: ValueKind, two: ValueKind) -> ValueKind {
    use ValueKind::{Decimal, Float, Integer};
    match (one, two) {
        (Float, _) | (_, Float) => Float,
        (Decimal, _) | (_, Decimal) => Decimal,
        _ => Integer,
    }
}

/// What a cast gives, or None when a query may not cast to that type.
///
/// A cast calls the type's input function, and some (`regclass`) look at the system catalog.
pub(super) fn cast(data_type: &DataType, catalog: &Catalog) -> Option<Ty> {
    let dialect = catalog.dialect;
    if let DataType::Array(element) = data_type {
        if !matches!(dialect, Dialect::Postgres | Dialect::Duckdb) {
            return None;
        }
        return match element {
            ArrayElemTypeDef::SquareBracket(inner, _)
            | ArrayElemTypeDef::AngleBracket(inner)
            | ArrayElemTypeDef::Parenthesis(inner) => {
                cast(inner, catalog).map(|_| Ty::of(ValueKind::Array))
            }
            ArrayElemTypeDef::None | ArrayElemTypeDef::Qualified(..) => None,
        };
    }
    if dialect == Dialect::Sqlite {
        // SQLite casts to an affinity read from any words at all
        return match data_type {
            DataType::Custom(name, _) if name.0.len() > 1 => None,
            other => Some(Ty::of(ValueKind::of_declared(&other.to_string()))),
        };
    }
    // a type of another schema only looks like one of ours
    if let DataType::Custom(name, _) = data_type
        && let [first, _, ..] = name.0.as_slice()
    {
        let system = first.as_ident().is_some_and(|ident| {
            dialect == Dialect::Postgres && ident.value.eq_ignore_ascii_case("pg_catalog")
        });
        let own = name.0.get(1).and_then(|part| part.as_ident());
        return match own {
            Some(own) if system && name.0.len() == 2 => {
                let word = own.value.to_ascii_lowercase();
                POSTGRES
                    .contains(&word.as_str())
                    .then(|| Ty::of(ValueKind::of_declared(&word)))
            }
            _ => None,
        };
    }
    let text = data_type.to_string().to_ascii_lowercase();
    let word = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .next()
        .unwrap_or("");
    let listed = match dialect {
        Dialect::Postgres => POSTGRES.contains(&word),
        Dialect::Mysql => MYSQL.contains(&word),
        _ => DUCKDB.contains(&word),
    };
    if listed {
        let kind = match (word, dialect) {
            ("signed" | "unsigned", _) => ValueKind::Integer,
            ("nchar", _) => ValueKind::Text,
            _ => ValueKind::of_declared(&text),
        };
        return Some(Ty::of(kind));
    }
    match data_type {
        // an enum or a domain of the customer's own
        DataType::Custom(name, modifiers) if name.0.len() == 1 && modifiers.is_empty() => {
            let ident = name.0[0].as_ident()?;
            let harmless = !ident.value.to_ascii_lowercase().starts_with("reg");
            (harmless && catalog.declares(&ident.value)).then_some(Ty::Any)
        }
        _ => None,
    }
}

const POSTGRES: &[&str] = &[
    "smallint",
    "int2",
    "integer",
    "int",
    "int4",
    "bigint",
    "int8",
    "numeric",
    "decimal",
    "dec",
    "real",
    "float4",
    "float",
    "float8",
    "double",
    "money",
    "text",
    "varchar",
    "character",
    "char",
    "bpchar",
    "citext",
    "name",
    "boolean",
    "bool",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "json",
    "jsonb",
    "bytea",
    "bit",
    "varbit",
    "daterange",
    "tsrange",
    "tstzrange",
    "int4range",
    "int8range",
    "numrange",
    "inet",
    "cidr",
    "macaddr",
    "tsvector",
    "tsquery",
    "point",
    "jsonpath",
    "ltree",
    "nchar",
];
const MYSQL: &[&str] = &[
    "signed", "unsigned", "char", "nchar", "binary", "date", "datetime", "time", "decimal",
    "double", "float", "real", "json", "year", "integer", "int", "varchar", "dec", "numeric",
];
const DUCKDB: &[&str] = &[
    "tinyint",
    "smallint",
    "int2",
    "integer",
    "int",
    "int1",
    "int4",
    "bigint",
    "int8",
    "hugeint",
    "utinyint",
    "usmallint",
    "uinteger",
    "ubigint",
    "uhugeint",
    "long",
    "short",
    "signed",
    "numeric",
    "decimal",
    "dec",
    "real",
    "float",
    "float4",
    "float8",
    "double",
    "text",
    "varchar",
    "char",
    "bpchar",
    "string",
    "boolean",
    "bool",
    "logical",
    "date",
    "time",
    "timetz",
    "timestamp",
    "timestamptz",
    "timestamp_s",
    "timestamp_ms",
    "timestamp_ns",
    "datetime",
    "interval",
    "uuid",
    "json",
    "blob",
    "bytea",
    "binary",
    "varbinary",
    "bit",
    "int16",
    "int32",
    "int64",
    "int128",
];
