//! KDB/q: q-SQL and the verbs around it, read by rules of our own.
//!
//! Accepted are `select` and `exec`, joins and sorts of their results, and listed verbs over columns.
//! A lambda, an assignment, an apply, a file, a connection or a string that runs is refused by its form.
//!
//! A symbol is the name of any function of the server: q calls it wherever it stands in a function's place. So
//! nothing but a listed verb may stand there: not before brackets (`` `f[x] ``), not before an adverb, not as an
//! argument of a verb that applies it (`fby`, `each`, `prior`), not at the head of a parse tree (`functional`).

mod application;
mod expression;
mod functional;
mod lex;
mod names;
mod refusal;
mod select;
mod value;
mod verbs;

use super::catalog::{Catalog, ColumnId, TableId};
use super::lex::Place;
use super::{Finding, OutputColumn};
use lex::{Token, Word, refuse};
use std::collections::BTreeSet;
use value::Column;

/// What a proven q query reads and gives.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub tables: BTreeSet<TableId>,
    pub columns: BTreeSet<ColumnId>,
    pub output: Vec<OutputColumn>,
}

/// Largest list that a query may make out of nothing.
const MAX_MADE: f64 = 1_000_000.0;
/// Lists that it may repeat: `raze` makes one of them all.
const MAX_LISTS: f64 = 100.0;

/// Proves `text` harmless, or says why not. Runs on the deep stack.
pub(super) fn prove(text: &str, catalog: &Catalog) -> Result<Resolved, Vec<Finding>> {
    let words = lex::words(text).map_err(|finding| vec![finding])?;
    if words.is_empty() {
        return Err(vec![refuse(
            "not_a_statement",
            "there is no query",
            Place::default(),
        )]);
    }
    if let Some(finding) = refusal::in_sql(text, &words) {
        return Err(vec![finding]);
    }
    let mut reader = Reader {
        text,
        words: &words,
        at: 0,
        catalog,
        scope: Vec::new(),
        resolved: Resolved::default(),
        findings: Vec::new(),
    };
    match reader.whole() {
        Ok(value) if reader.findings.is_empty() => {
            let mut resolved = reader.resolved;
            resolved.output = value
                .table
                .unwrap_or_else(|| vec![value.column])
                .into_iter()
                .map(|column| OutputColumn {
                    name: column.name,
                    origin: column.origin.map(|id| catalog.column_ref(id)),
                    kind: column.kind,
                })
                .collect();
            Ok(resolved)
        }
        Ok(_) => Err(reader.findings),
        Err(finding) => {
            let mut findings = reader.findings;
            findings.push(finding);
            Err(findings)
        }
    }
}

/// A verb, a phrase, or anything else that cannot be a name.
pub(super) fn is_word(word: &str) -> bool {
    verbs::verb(word).is_some()
        || verbs::is_harmful(word)
        || is_phrase(word)
        || matches!(word, "select" | "exec" | "i" | "do" | "if" | "while")
}

/// `select from t` and `select a,b from t` with `[100]` after the first word.
pub(super) fn bare_table_limit(text: &str) -> Option<String> {
    let words = lex::words(text).ok()?;
    let (first, rest) = words.split_first()?;
    let is = |word: &Word, name: &str| word.token == Token::Name(name.to_owned());
    let from = rest.iter().position(|word| is(word, "from"))?;
    let plain = rest[..from].iter().all(|word| {
        matches!(&word.token, Token::Name(name) if verbs::verb(name).is_none() && name != "by")
            || word.token == Token::Sign(",")
    });
    let one_table = matches!(
        &rest[from + 1..],
        [Word {
            token: Token::Name(_),
            ..
        }]
    );
    (is(first, "select") && plain && one_table)
        .then(|| format!("{}[100]{}", &text[..first.to], &text[first.to..]))
}

struct Reader<'a> {
    text: &'a str,
    words: &'a [Word],
    at: usize,
    catalog: &'a Catalog,
    /// Columns in sight, one list for each select being read.
    scope: Vec<Vec<Column>>,
    resolved: Resolved,
    findings: Vec<Finding>,
}

type Read<T> = Result<T, Finding>;

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at).map(|word| &word.token)
    }

    /// Nothing more that could be an argument.
    fn ends(&self) -> bool {
        match self.peek() {
            None => true,
            Some(Token::Name(name)) => is_phrase(name),
            Some(token) => matches!(token, Token::Close(_) | Token::Semicolon),
        }
    }
}

fn is_operator(sign: &str) -> bool {
    [
        "+", "-", "*", "%", "&", "|", "=", "<>", "<", ">", "<=", ">=", "~", ",", "#", "_", "^",
        "$", "?", "!",
    ]
    .contains(&sign)
}

fn is_phrase(name: &str) -> bool {
    matches!(name, "by" | "from" | "where")
}
