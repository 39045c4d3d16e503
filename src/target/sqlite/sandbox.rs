//! What SQLite is allowed to do for a statement, decided by SQLite itself.

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Who a connection works for at the moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Access {
    /// A customer's query.
    Query,
    /// Our own questions to the catalogue: some pragmas besides.
    Catalogue,
}

/// Somebody may be writing; a reader waits so long for them to finish.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// For all SQLite in this process together: sorting and grouping happen in memory here.
const HEAP_BYTES: i64 = 1 << 30;

/// Read-only, with everything off that a reader has no use for. `path` must not contain links.
pub(super) fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    for (option, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
        // "text" in double quotes, as people and models write it; the checker tells it from a misspelt column
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, true),
    ] {
        connection.set_db_config(option, value)?;
    }
    for (limit, value) in [
        // the largest text, blob or row: a call over two of them cannot be interrupted
        (Limit::SQLITE_LIMIT_LENGTH, 1024 * 1024),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 256 * 1024),
        (Limit::SQLITE_LIMIT_COLUMN, 2_000),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 400),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 10),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "hard_heap_limit", HEAP_BYTES)?;
    Ok(connection)
}

/// From now on the connection can do what `access` needs and nothing else.
pub(super) fn confine(connection: &Connection, access: Access) -> Result<(), rusqlite::Error> {
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if may(&context, access) {
            Authorization::Allow
        } else {
            Authorization::Deny
        }
    }))
}

fn may(context: &AuthContext<'_>, access: Access) -> bool {
    match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Read { table_name, .. } => {
            access == Access::Catalogue || !is_internal(table_name)
        }
        AuthAction::Function { function_name } => {
            let name = function_name.to_ascii_lowercase();
            FUNCTIONS.binary_search(&name.as_str()).is_ok()
        }
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => match access {
            // full-text search asks whether its table was written to
            Access::Query => pragma_name == "data_version" && pragma_value.is_none(),
            Access::Catalogue => PRAGMAS.contains(&pragma_name),
        },
        _ => false,
    }
}

/// SQLite's own tables and the pragmas that can be read like tables: nothing anybody asks about.
fn is_internal(table: &str) -> bool {
    ["sqlite_", "pragma_", "dbstat"].iter().any(|own| {
        table
            .get(..own.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(own))
    })
}

const PRAGMAS: [&str; 6] = [
    "table_list",
    "table_xinfo",
    "foreign_key_list",
    "index_list",
    "index_info",
    "schema_version",
];

/// Functions that only compute, sorted. What is missing either has effects (`load_extension`), makes
/// large values out of nothing (`zeroblob`, `randomblob`), or tells about the process (`sqlite_source_id`).
const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "bm25",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "degrees",
    "dense_rank",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "highlight",
    "if",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_tree",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "match",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "snippet",
    "soundex",
    "sqlite_version",
    "sqrt",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "timediff",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unistr",
    "unixepoch",
    "unlikely",
    "upper",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(FUNCTIONS.is_sorted(), "binary search needs that");
    }

    #[test]
    fn what_the_checker_lets_through_is_there_and_allowed_here() {
        let connection = Connection::open_in_memory().expect("memory");
        let mut missing = Vec::new();
        let list = include_str!("../../query/functions/sqlite.txt");
        // functions that are tables exist from their first use on; a query in the tests uses them
        let (list, _) = list.split_once("[table]").expect("its last section");
        for line in list.lines() {
            let Some((name, _)) = line.split_once('(') else {
                continue;
            };
            let exists: bool = connection
                .query_row(
                    "select exists (select 1 from pragma_function_list where name = ?1)",
                    (name,),
                    |row| row.get(0),
                )
                .expect("asked");
            if !exists || FUNCTIONS.binary_search(&name).is_err() {
                missing.push(name);
            }
        }
        assert_eq!(
            missing, [""; 0],
            "in query/functions/sqlite.txt, but not to be had"
        );
    }
}
