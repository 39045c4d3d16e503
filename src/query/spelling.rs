//! How a name has to be written in a query: plain, or in quotes.

use super::Dialect;

/// `name` as a query of that dialect writes it.
///
/// In quotes wherever one of the engines would need them: a word reserved in one alone costs two signs in the others. q has
/// no quotes, and its names are plain.
pub fn written(name: &str, dialect: Dialect) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = starts && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // PostgreSQL alone folds a plain name to lower case before it looks for it
    let folds = dialect == Dialect::Postgres && name.bytes().any(|b| b.is_ascii_uppercase());
    match dialect {
        Dialect::Kdb => name.to_owned(),
        _ if plain && !folds && !is_reserved(name) => name.to_owned(),
        Dialect::Mysql => format!("`{}`", name.replace('`', "``")),
        Dialect::Postgres | Dialect::Sqlite | Dialect::Duckdb => {
            format!("\"{}\"", name.replace('"', "\"\""))
        }
    }
}

/// Whether some engine of ours takes the word, in whatever case, for its own and not for a name.
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word.to_ascii_lowercase().as_str())
}

/// Those that name tables, columns or aliases in practice.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "all", "alter", "analyse", "analyze", "and", "any", "array", "as", "asc", "at", "between", "both", "by", "case",
    "cast", "check", "collate", "column", "condition", "constraint", "create", "cross", "current_date", "current_time",
    "current_timestamp", "current_user", "database", "default", "deferrable", "delete", "desc", "distinct", "do", "drop",
    "else", "end", "except", "exists", "false", "fetch", "for", "foreign", "from", "full", "grant", "group", "groups",
    "having", "if", "in", "index", "inner", "insert", "int", "intersect", "interval", "into", "is", "join", "key", "keys",
    "lateral", "lead", "leading", "left", "like", "limit", "localtime", "month", "natural", "no", "not", "null", "of",
    "offset", "on", "only", "or", "order", "outer", "over", "overlaps", "partition", "placing", "primary", "range",
    "rank", "read", "references", "returning", "right", "row", "rows", "select", "session_user", "set", "share", "show",
    "similar", "some", "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "update", "user",
    "using", "values", "verbose", "virtual", "when", "where", "window", "with", "write", "year",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_quoted_where_an_engine_would_not_take_it_for_one() {
        use Dialect::{Duckdb, Kdb, Mysql, Postgres, Sqlite};
        for (name, dialect, said) in [
            ("orders", Postgres, "orders"),
            ("Orders", Postgres, "\"Orders\""),
            ("Orders", Sqlite, "Orders"),
            ("order", Duckdb, "\"order\""),
            ("Order", Mysql, "`Order`"),
            ("order details", Sqlite, "\"order details\""),
            ("a\"b", Postgres, "\"a\"\"b\""),
            ("a`b", Mysql, "`a``b`"),
            ("1st", Duckdb, "\"1st\""),
            ("", Duckdb, "\"\""),
            ("Größe", Sqlite, "\"Größe\""),
            ("by", Kdb, "by"),
        ] {
            assert_eq!(written(name, dialect), said, "{name} {dialect:?}");
        }
    }
}
