//! Queries as text that may or may not be harmless, and the proof that one is.
//!
//! [`check`] is the only maker of [`ReadOnly`], and `target` runs nothing else: a query that was not
//! proven harmless cannot reach a customer's database by mistake of ours.
//!
//! The layers, in order: `lex` caps the text and finds comments and quotes as the engine does;
//! `checker` parses one statement on a stack that cannot overflow (`respell` shows the parser what it has no grammar
//! for); `resolve` reads the tree, each kind of syntax by name, resolves every table and column, and lets only
//! listed `functions`, operators and casts through. `q` does the same for KDB/q.
//!
//! The proof holds for sessions in which a backslash and a double quote mean what they mean by default:
//! `standard_conforming_strings = on` in PostgreSQL, no `ANSI_QUOTES`, `NO_BACKSLASH_ESCAPES` or
//! `PIPES_AS_CONCAT` in MySQL's `sql_mode`, and a `search_path` that no stranger can create functions in.
//! `target` sets them.

mod catalog;
mod checker;
pub mod ddl;
mod functions;
mod grammar;
mod lex;
pub mod lint;
mod q;
mod resolve;
mod respell;
pub mod spans;
pub mod spelling;
mod types;

#[cfg(test)]
mod tests;

pub use checker::Checker;

use crate::schema::{Schema, ValueKind};
use serde::{Deserialize, Serialize};

/// What a target database understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    #[serde(alias = "postgresql")]
    Postgres,
    #[serde(alias = "mariadb")]
    Mysql,
    Sqlite,
    Duckdb,
    #[serde(alias = "q")]
    Kdb,
}

impl Dialect {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Sqlite => "sqlite",
            Self::Duckdb => "duckdb",
            Self::Kdb => "kdb",
        }
    }
}

impl std::str::FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => Self::Postgres,
            "mysql" | "mariadb" => Self::Mysql,
            "sqlite" => Self::Sqlite,
            "duckdb" => Self::Duckdb,
            "kdb" | "q" => Self::Kdb,
            _ => return Err(UnknownDialect(text.to_owned())),
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no dialect; there are postgres, mysql, sqlite, duckdb and kdb")]
pub struct UnknownDialect(pub String);

/// A query that was proven harmless against one schema snapshot; made by [`check`] alone.
///
/// `text()` is byte for byte what was checked.
#[derive(Clone, Debug)]
pub struct ReadOnly {
    text: String,
    dialect: Dialect,
    /// Tables it reads, as the schema spells them, without repeats.
    pub tables: Vec<String>,
    /// Columns it reads.
    pub columns: Vec<ColumnRef>,
    /// Its result columns, in order.
    pub output: Vec<OutputColumn>,
    /// Rows it works through, from the schema's estimates: those of its tables, and each with each where no condition
    /// equates them. A table without an estimate counts as a small one.
    pub rows_read: f64,
    /// Names that a plan may call what is read, and about how many rows each has; see [`ReadOnly::size_of`].
    sizes: Vec<(String, f64)>,
    /// Every table it reads has such an estimate.
    pub rows_counted: bool,
    /// What is odd about it and no reason to refuse it.
    pub warnings: Vec<Finding>,
}

impl ReadOnly {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// About how many rows there are of what the query calls `name`, a table or an alias; the most, where several are
    /// called so.
    pub fn size_of(&self, name: &str) -> Option<f64> {
        self.sizes
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, rows)| *rows)
            .reduce(f64::max)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ColumnRef {
    pub table: String,
    pub column: String,
}

/// One column of a result, and where its values come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputColumn {
    pub name: String,
    /// The column it is a plain copy of, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<ColumnRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ValueKind>,
}

/// What is wrong with a query, in words for the person who wrote it (or for the model).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// Stable, for programs: `unknown_column`, `not_read_only`, …
    pub code: String,
    pub message: String,
    /// 1-based; 0 when there is no position.
    pub line: u64,
    pub column: u64,
    /// What to write instead, when that is clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// The outcome of [`check`].
#[derive(Clone, Debug)]
pub enum Verdict {
    Accept(ReadOnly),
    /// At least one finding.
    Reject(Vec<Finding>),
}

/// Proves `text` harmless over `schema`, or says why not.
///
/// Whoever checks more than once keeps a [`Checker`].
pub fn check(text: &str, dialect: Dialect, schema: &Schema) -> Verdict {
    Checker::new(schema, dialect).check(text)
}

/// Whether q has a meaning of its own for `word`, so that nothing can be named so.
pub fn is_word_of_q(word: &str) -> bool {
    q::is_word(word)
}

/// `text` with ` LIMIT 100` added, when it is an accepted query that shows all rows of one table.
///
/// Only `SELECT … FROM one_table`, perhaps ordered, gets a limit: a filter, a group, an aggregate or a
/// limit of its own says how much the asker wants. The result has to be checked again before it runs.
pub fn bare_table_limit(text: &str, dialect: Dialect) -> Option<String> {
    checker::bare_table_limit(text, dialect)
}

/// `text` as it can stand in brackets: without comments, and without a semicolon at its end.
pub fn as_subquery(text: &str, dialect: Dialect) -> Option<String> {
    checker::as_subquery(text, dialect)
}

/// Tests of what stands behind the checker need what it would never let through.
#[cfg(test)]
pub(crate) fn unchecked(text: &str, dialect: Dialect) -> ReadOnly {
    ReadOnly {
        text: text.to_owned(),
        dialect,
        tables: Vec::new(),
        columns: Vec::new(),
        output: Vec::new(),
        rows_read: 0.0,
        sizes: Vec::new(),
        rows_counted: false,
        warnings: Vec::new(),
    }
}
