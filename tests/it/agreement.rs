//! Names and types resolve exactly when the engine's own prepare says that they do.
//!
//! Over the corpora, the corpora with a word replaced, and made-up queries. What we refuse by rule, whatever the
//! engine says, is left out of the comparison. Where we differ on purpose, [`DELIBERATE`] says why.

use crate::support::queries::{Dice, checker, corpus, honest, hostile, made_up, with_another_word};
use crate::support::server::cluster;
use queryforge::query::{Dialect, Verdict};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr};

/// Codes of refusals that are rules of ours.
const BY_RULE: &[&str] = &[
    "side_effect_function",
    "system_catalog",
    "too_large",
    "too_long",
    "too_complex",
    "nul_byte",
    "unfilled_placeholder",
    "unbounded_recursion",
    "cartesian_product",
    "function_not_allowed",
    "operator_not_allowed",
    "cast_not_allowed",
    "executable_comment",
    "multiple_statements",
    "write_statement",
    "ddl_statement",
    "not_a_query",
    "select_into",
    "locking_clause",
    "variable",
    "unsupported",
];

/// Where we and the engine differ on purpose: whether this is such a query, and why it is.
type Reason = (fn(query: &str, message: &str) -> bool, &'static str);

const DELIBERATE: &[Reason] = &[
    (
        |query, message| message == PREPARES && query.rfind("/*") > query.rfind("*/"),
        "a comment that is never closed is a slip",
    ),
    (
        |query, message| message == PREPARES && query.contains(" replace into "),
        "a write behind WITH, which the parser does not know: refused as wrong syntax",
    ),
    (
        |query, message| message == PREPARES && query.contains(" in ()"),
        "SQLite does not look at what is sought in an empty list",
    ),
    (
        |query, message| {
            let slips = ["(*)", "(distinct "];
            message == PREPARES && slips.iter().any(|slip| query.contains(slip))
        },
        "SQLite takes `f(*)` and `f(distinct x)` of any function",
    ),
    (
        |query, message| {
            let clauses = ["xmlelement(", "xmlserialize("];
            message == PREPARES && clauses.iter().any(|clause| query.contains(clause))
        },
        "clauses that the parser does not know: refused as wrong syntax",
    ),
    (
        |query, message| {
            let forms = [".count", ").pg_", ".*::", " only "];
            message == PREPARES && forms.iter().any(|form| query.contains(form))
        },
        "a function written as a column, a row taken whole, ONLY: written otherwise",
    ),
    (
        |_, message| message.contains(".*\" must appear in the GROUP BY"),
        "a whole row beside an aggregate is seen by the dry run",
    ),
    (
        |query, _| {
            query.starts_with("with w1 as (")
                && !["from w1", "join w1", ", w1"]
                    .iter()
                    .any(|use_of| query.contains(use_of))
        },
        "SQLite does not read a CTE that nothing names; we do",
    ),
    (
        |query, message| query.contains("rows between") && message == PREPARES,
        "SQLite looks at the ends of a frame when it runs",
    ),
    (
        |query, message| message == PREPARES && query.contains('\r'),
        "a carriage return within a comment: other tools take it for the comment's end",
    ),
    (
        |query, message| message == PREPARES && query.contains("json_extract()"),
        "a call without what it is to look at is a slip",
    ),
    (
        |query, message| message == PREPARES && query.contains("cast(1 as)"),
        "a cast to no type is a slip",
    ),
    (
        |query, message| message == PREPARES && (query.contains("U&") || query.contains("u&")),
        "names and strings are written plainly",
    ),
    (
        |query, message| {
            message == PREPARES && query.trim().is_empty() | (query.trim() == "select")
        },
        "a query shows something",
    ),
    (
        |query, message| {
            let system = ["ctid", "xmin", "xmax", "tableoid", "cmin"];
            message == PREPARES && system.iter().any(|column| query.contains(column))
        },
        "PostgreSQL's system columns are no data",
    ),
    (
        |query, message| {
            message == PREPARES
                && ["for no key", "for key", "rows from"]
                    .iter()
                    .any(|it| query.contains(it))
        },
        "a lock, and a form of FROM that the parser does not know: refused as wrong syntax",
    ),
    (
        |query, message| message.contains("no such index") && query.contains("indexed by"),
        "the schema has no names of indexes",
    ),
    (
        |_, message| message.contains("(unknown, employees)"),
        "whether a function takes a row is seen by the dry run",
    ),
    (
        |_, message| message.contains("invalid input syntax for type"),
        "whether a string in the text is a number is seen by the dry run",
    ),
];

/// Said of what the engine takes.
const PREPARES: &str = "it prepares";

/// Where the made-up and the changed queries begin.
const SEED: u64 = 20_261_120;

/// Every query that is compared.
fn queries(dialect: Dialect) -> Vec<String> {
    let folder = dialect.as_str();
    let mut dice = Dice(SEED);
    let honest = honest(folder);
    let mut all = honest.clone();
    all.extend(hostile(folder));
    for query in &honest {
        // of its own, so that another query in the corpus changes none of the others' words
        let mut dice = Dice(query.bytes().fold(SEED, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(u64::from(byte))
        }));
        for _ in 0..5 {
            all.push(with_another_word(query, &mut dice));
        }
    }
    for _ in 0..2_500 {
        all.push(made_up(dialect, &mut dice));
    }
    all
}

/// Compares us with what the engine said of each query.
fn judge(dialect: Dialect, said: Vec<(String, Result<(), String>)>) {
    let checker = checker(dialect);
    let (mut refused, mut by_rule, mut deliberate) = (0, 0, 0);
    let mut apart = Vec::new();
    let mut reasons = std::collections::BTreeSet::new();
    let tried = said.len();
    for (query, theirs) in said {
        let ours = match checker.check(&query) {
            Verdict::Accept(_) => Vec::new(),
            Verdict::Reject(findings) => findings,
        };
        refused += usize::from(theirs.is_err());
        if ours.iter().any(|it| BY_RULE.contains(&it.code.as_str())) {
            by_rule += 1;
        } else if theirs.is_ok() != ours.is_empty() {
            let message = theirs.err().unwrap_or_else(|| PREPARES.to_owned());
            // functions are allowed by name, whatever else the engine has
            let unlisted = message == PREPARES
                && ours
                    .iter()
                    .all(|it| ["unknown_function", "not_a_statement"].contains(&it.code.as_str()));
            if unlisted {
                by_rule += 1;
            } else if let Some((_, reason)) =
                DELIBERATE.iter().find(|(is_so, _)| is_so(&query, &message))
            {
                reasons.insert(*reason);
                deliberate += 1;
            } else {
                let ours: Vec<String> = ours
                    .iter()
                    .map(|it| format!("{} {}", it.code, it.message))
                    .collect();
                apart.push(format!(
                    "{query}\n    {dialect:?}: {message}\n    ours: {ours:?}"
                ));
            }
        }
    }
    println!(
        "{dialect:?}: {tried} tried, {refused} refused by the engine, {by_rule} by a rule of ours, \
         {deliberate} apart on purpose, {} apart",
        apart.len()
    );
    for reason in reasons {
        println!("    on purpose: {reason}");
    }
    assert!(tried >= 4_000 && refused >= 500, "{tried} {refused}");
    assert!(tried - by_rule >= 3_000, "{by_rule} of {tried}");
    assert!(
        apart.is_empty(),
        "{} of {tried} apart:\n{}",
        apart.len(),
        apart.join("\n")
    );
}

#[test]
fn names_resolve_as_sqlite_resolves_them() {
    let connection = rusqlite::Connection::open_in_memory().expect("in memory");
    connection
        .execute_batch(&corpus("sqlite/schema.sql"))
        .expect("the schema is SQLite's");
    let said = queries(Dialect::Sqlite)
        .into_iter()
        .map(|query| {
            let theirs = match connection.prepare(&query) {
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            };
            (query, theirs)
        })
        .collect();
    judge(Dialect::Sqlite, said);
}

#[tokio::test]
async fn names_resolve_as_postgresql_resolves_them() {
    let cluster = cluster().await;
    cluster
        .ensure_database("agreement")
        .await
        .expect("a database");
    let mut connection = PgConnection::connect_with(&cluster.options("agreement"))
        .await
        .expect("connected");
    for statement in corpus("postgres/schema.sql").split(";\n") {
        if !statement.trim().is_empty() {
            sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
                .execute(&mut connection)
                .await
                .expect("the schema is PostgreSQL's");
        }
    }
    let mut said = Vec::new();
    for query in queries(Dialect::Postgres) {
        let theirs = match connection
            .prepare(AssertSqlSafe(query.clone()).into_sql_str())
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        connection
            .clear_cached_statements()
            .await
            .expect("connected");
        said.push((query, theirs));
    }
    judge(Dialect::Postgres, said);
}
