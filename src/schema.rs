//! What a database looks like: tables, columns, keys, what they mean and what is in them.
//!
//! A [`Schema`] is an immutable snapshot. It is what the checker resolves names against, what search
//! indexes and what a prompt shows; nobody reads a live catalogue while answering.

use serde::{Deserialize, Serialize};

/// One snapshot of a dataset's schema.
///
/// Its JSON is also the format of uploads and of the command line:
/// `{"tables":[{"name","columns":[{"name","type"}],"primary_key":[…],"foreign_keys":[…]}]}`;
/// everything else is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub tables: Vec<Table>,
}

/// A table, a view, or whatever else can stand behind FROM.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The database's own schema or namespace (`public`), where the engine has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// With the case it was created with.
    pub name: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_view: bool,
    pub columns: Vec<Column>,
    #[serde(default)]
    pub primary_key: Vec<String>,
    #[serde(default)]
    pub foreign_keys: Vec<ForeignKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other words people use for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// The engine's estimate, or a count where that is cheap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_estimate: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    /// As the engine declares it: `numeric(10,2)`, `VARCHAR(40)`, `timestamp without time zone`.
    #[serde(rename = "type", default)]
    pub data_type: String,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub nullable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Values found in the data, most frequent first: all of them when `values_complete`, else a sample.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub values_complete: bool,
    /// A value and what people call it, from an expert's value dictionary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<(String, String)>,
    /// Smallest and largest value, for numbers and dates, as the engine prints them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_namespace: Option<String>,
    pub ref_table: String,
    /// Empty means the other table's primary key.
    #[serde(default)]
    pub ref_columns: Vec<String>,
}

/// What a value is for arithmetic, comparison and charts, whatever the engine calls its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    Integer,
    /// Exact, with a fraction.
    Decimal,
    Float,
    Boolean,
    Text,
    Date,
    Time,
    Timestamp,
    Interval,
    Uuid,
    Json,
    Array,
    Binary,
    Other,
}

impl ValueKind {
    /// From a declared type of any of our engines; [`ValueKind::Other`] when nothing fits.
    ///
    /// SQLite declares what it likes, so this reads words, not a grammar.
    pub fn of_declared(data_type: &str) -> Self {
        let lower = data_type.trim().to_ascii_lowercase();
        let word = lower
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .unwrap_or("");
        if lower.ends_with("[]") || word == "array" || word == "list" {
            return Self::Array;
        }
        match word {
            "int" | "integer" | "int2" | "int4" | "int8" | "bigint" | "smallint" | "tinyint"
            | "mediumint" | "serial" | "bigserial" | "smallserial" | "hugeint" | "ubigint"
            | "uinteger" | "usmallint" | "utinyint" | "uhugeint" | "year" | "long" | "short"
            | "byte" => Self::Integer,
            "numeric" | "decimal" | "money" | "dec" | "number" => Self::Decimal,
            "real" | "float" | "float4" | "float8" | "double" => Self::Float,
            "bool" | "boolean" => Self::Boolean,
            "date" => Self::Date,
            // of q: minute, second, timespan, guid, month
            "time" | "timetz" | "minute" | "second" => Self::Time,
            "timestamp" | "timestamptz" | "timestamp_s" | "timestamp_ms" | "timestamp_ns"
            | "datetime" | "datetime2" | "smalldatetime" => Self::Timestamp,
            "interval" | "timespan" => Self::Interval,
            "uuid" | "guid" => Self::Uuid,
            "json" | "jsonb" => Self::Json,
            "bytea" | "blob" | "binary" | "varbinary" | "longblob" | "mediumblob" | "tinyblob"
            | "image" => Self::Binary,
            "text" | "varchar" | "char" | "character" | "bpchar" | "nvarchar" | "nchar"
            | "varying" | "citext" | "name" | "clob" | "string" | "enum" | "longtext"
            | "mediumtext" | "tinytext" | "symbol" | "month" => Self::Text,
            _ => Self::Other,
        }
    }

    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal | Self::Float)
    }

    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Timestamp)
    }
}

impl Schema {
    /// The table of that name, exactly as written; the first one where several namespaces have it.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Table {
    /// The column of that name, exactly as written.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    pub fn kind(&self) -> ValueKind {
        ValueKind::of_declared(&self.data_type)
    }
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}

fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_type_of_any_engine_has_a_kind() {
        for (declared, kind) in [
            ("numeric(10,2)", ValueKind::Decimal),
            ("INTEGER", ValueKind::Integer),
            ("character varying(40)", ValueKind::Text),
            ("NVARCHAR(160)", ValueKind::Text),
            ("timestamp without time zone", ValueKind::Timestamp),
            ("DATETIME", ValueKind::Timestamp),
            ("double precision", ValueKind::Float),
            ("text[]", ValueKind::Array),
            ("geometry", ValueKind::Other),
            ("timespan", ValueKind::Interval),
            ("guid", ValueKind::Uuid),
            ("TIMESTAMP_NS", ValueKind::Timestamp),
            ("", ValueKind::Other),
        ] {
            assert_eq!(ValueKind::of_declared(declared), kind, "{declared}");
        }
    }

    #[test]
    fn the_upload_format_needs_names_and_types_only() {
        let schema: Schema = serde_json::from_str(
            r#"{"tables":[{"name":"t","columns":[{"name":"a","type":"int"}]}]}"#,
        )
        .expect("the smallest schema");
        assert!(schema.tables[0].columns[0].nullable);
    }
}
