//! Layer 4: the functions a query may call, per engine.
//!
//! The lists are text, so that they can be read: `name(parameters) result`, a parameter being a
//! class of values with `?` when it may be left out and `*` when it may repeat. What is not listed
//! cannot be called: it has side effects, reads files, runs text, waits, allocates without bound,
//! or nobody has needed it yet.

use super::Dialect;
use crate::schema::ValueKind;
use std::collections::HashMap;
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Scalar,
    /// May also stand before OVER.
    Aggregate,
    /// Only before OVER.
    Window,
    /// Only in FROM (some engines also allow it in SELECT).
    Table,
}

/// What a parameter takes, or a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    Any,
    Number,
    Text,
    /// A date, a time or both.
    When,
    /// A number or an interval.
    Sum,
    Kind(ValueKind),
    /// As the first argument.
    First,
    /// As all arguments.
    Common,
}

#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    pub class: Class,
    pub parameters: Vec<Values>,
    pub least: usize,
    /// None: as many as one likes, each as the last parameter.
    pub most: Option<usize>,
    pub gives: Values,
}

/// The function of that name (lower case), if it may be called.
pub(super) fn function(name: &str, dialect: Dialect) -> Option<&'static Function> {
    list(dialect).get(name)
}

/// Names to suggest.
pub(super) fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    list(dialect).keys().copied()
}

/// Whether an engine has such a function and it does more than compute, so that the refusal can say so.
pub(super) fn is_known_harmful(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "pg_",
        "lo_",
        "dblink",
        "query_to_",
        "table_to_",
        "cursor_to_",
        "schema_to_",
        "database_to_",
        "ts_stat",
        "crosstab",
        "read_",
        "write",
        "sniff_",
        "parquet_",
        "duckdb_",
        "pragma_",
        "fts3",
        "sqlite_",
        "load_",
        "inet_server_",
        "inet_client_",
        "master_pos",
        "wsrep_",
        "get_lock",
        "release_",
        "is_free",
        "is_used",
        "xpath",
        "set_",
        "has_",
        "txid_",
        "postgres_fdw",
        "lastval",
        "currval",
        "nextval",
    ];
    const NAMES: &[&str] = &[
        "sleep",
        "benchmark",
        "version",
        "user",
        "current_user",
        "session_user",
        "system_user",
        "database",
        "schema",
        "current_database",
        "current_schema",
        "current_setting",
        "setval",
        "readfile",
        "edit",
        "shell",
        "system",
        "sys_exec",
        "sys_eval",
        "randomblob",
        "zeroblob",
        "eval",
        "query",
        "query_table",
        "glob",
        "getenv",
        "notify",
        "connection_id",
        "last_insert_id",
        "last_insert_rowid",
        "changes",
        "total_changes",
        "extractvalue",
        "updatexml",
        "uuid_short",
        "found_rows",
        "row_count",
        "name_const",
        "load_extension",
        "fsdir",
        "lsmode",
        "zipfile",
        "current_role",
        "current_catalog",
        "inet_client_addr",
        "inet_server_addr",
        "xmlparse",
        "source_pos_wait",
        "current_query",
        "array_fill",
        "which_secret",
        "getvariable",
        "generate_subscripts",
        "fts5",
        "rtreecheck",
        "tokenizer",
        "icu_load_collation",
        "import_database",
        "set_config",
    ];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name)
}

fn list(dialect: Dialect) -> &'static HashMap<&'static str, Function> {
    static LISTS: [OnceLock<HashMap<&'static str, Function>>; 4] = [const { OnceLock::new() }; 4];
    let (at, text) = match dialect {
        Dialect::Postgres => (0, include_str!("functions/postgres.txt")),
        Dialect::Sqlite => (1, include_str!("functions/sqlite.txt")),
        Dialect::Mysql => (2, include_str!("functions/mysql.txt")),
        Dialect::Duckdb | Dialect::Kdb => (3, include_str!("functions/duckdb.txt")),
    };
    LISTS[at].get_or_init(|| read(text).expect("a test reads every list"))
}

fn read(text: &'static str) -> Result<HashMap<&'static str, Function>, String> {
    let mut functions = HashMap::new();
    let mut class = Class::Scalar;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or("").trim();
        match line {
            "" => continue,
            "[scalar]" => class = Class::Scalar,
            "[aggregate]" => class = Class::Aggregate,
            "[window]" => class = Class::Window,
            "[table]" => class = Class::Table,
            _ => {
                let function = read_line(line, class).ok_or_else(|| line.to_owned())?;
                functions.insert(function.name, function);
            }
        }
    }
    Ok(functions)
}

fn read_line(line: &'static str, class: Class) -> Option<Function> {
    let (name, rest) = line.split_once('(')?;
    let (inside, gives) = rest.split_once(')')?;
    let mut parameters = Vec::new();
    let (mut least, mut most) = (0, Some(0));
    for word in inside.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        if let Some(word) = word.strip_suffix('*') {
            parameters.push(values(word)?);
            most = None;
        } else {
            match word.strip_suffix('?') {
                Some(word) => parameters.push(values(word)?),
                None => {
                    parameters.push(values(word)?);
                    least += 1;
                }
            }
            most = most.map(|m: usize| m + 1);
        }
    }
    Some(Function {
        name: name.trim(),
        class,
        parameters,
        least,
        most,
        gives: values(gives.trim())?,
    })
}

fn values(word: &str) -> Option<Values> {
    Some(match word {
        "any" | "" => Values::Any,
        "number" => Values::Number,
        "text" => Values::Text,
        "when" => Values::When,
        "sum" => Values::Sum,
        "first" => Values::First,
        "common" => Values::Common,
        "integer" => Values::Kind(ValueKind::Integer),
        "decimal" => Values::Kind(ValueKind::Decimal),
        "float" => Values::Kind(ValueKind::Float),
        "boolean" => Values::Kind(ValueKind::Boolean),
        "date" => Values::Kind(ValueKind::Date),
        "time" => Values::Kind(ValueKind::Time),
        "timestamp" => Values::Kind(ValueKind::Timestamp),
        "interval" => Values::Kind(ValueKind::Interval),
        "json" => Values::Kind(ValueKind::Json),
        "array" => Values::Kind(ValueKind::Array),
        "binary" => Values::Kind(ValueKind::Binary),
        "uuid" => Values::Kind(ValueKind::Uuid),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQL: [Dialect; 4] = [
        Dialect::Postgres,
        Dialect::Sqlite,
        Dialect::Mysql,
        Dialect::Duckdb,
    ];

    #[test]
    fn every_list_can_be_read_and_holds_nothing_harmful() {
        for dialect in SQL {
            assert!(names(dialect).count() > 60, "{dialect:?}");
            for name in names(dialect) {
                assert!(!is_known_harmful(name), "{dialect:?} {name}");
            }
        }
    }

    #[test]
    fn a_line_says_how_many_arguments_there_are() {
        let lower = function("lower", Dialect::Postgres).expect("lower");
        assert_eq!((lower.least, lower.most), (1, Some(1)));
        let coalesce = function("coalesce", Dialect::Sqlite).expect("coalesce");
        assert_eq!((coalesce.least, coalesce.most), (2, None));
        assert!(function("pg_sleep", Dialect::Postgres).is_none());
    }
}
