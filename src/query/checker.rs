//! The layers one after another, over one text.

use super::catalog::{Catalog, ColumnId, TableId};
use super::grammar::grammar;
use super::lex::{self, Place, Scan};
use super::respell::{self, respelled};
use super::{ColumnRef, Dialect, Finding, ReadOnly, Verdict, q, resolve};
use crate::schema::Schema;
use sqlparser::ast::Statement;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer, Whitespace};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;

/// Stack for parsing, resolving and dropping one query, in bytes.
///
/// The caps of [`lex`] bound how deep a tree can be; a test parses the deepest in a debug build.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// Stack for one level of the tree, in bytes, in a debug build, which uses most.
const LEVEL_BYTES: usize = 24 * 1024;
/// Stack that a query takes however flat it is, in bytes; respelling weaves ten calls into it, of two levels each.
const BASE_BYTES: usize = 768 * 1024;
/// What the parser may descend; it counts several levels for one bracket.
const PARSER_DEPTH: usize = 4 * lex::MAX_NESTING + 50;

/// Checks queries against one schema snapshot, its names looked up once.
#[derive(Debug)]
pub struct Checker {
    catalog: Catalog,
}

impl Checker {
    pub fn new(schema: &Schema, dialect: Dialect) -> Self {
        Self {
            catalog: Catalog::new(schema, dialect),
        }
    }

    pub fn dialect(&self) -> Dialect {
        self.catalog.dialect
    }

    /// Proves `text` harmless, or says why not.
    pub fn check(&self, text: &str) -> Verdict {
        match self.prove(text) {
            Ok(proof) => Verdict::Accept(proof),
            Err(findings) => Verdict::Reject(findings),
        }
    }

    fn prove(&self, text: &str) -> Result<ReadOnly, Vec<Finding>> {
        let dialect = self.catalog.dialect;
        if dialect == Dialect::Kdb {
            let q::Resolved {
                tables,
                columns,
                output,
            } = on_a_deep_stack(usize::from(u16::MAX), || q::prove(text, &self.catalog))?;
            return Ok(ReadOnly {
                text: text.to_owned(),
                dialect,
                tables: self.shown(&tables),
                columns: self.refs(&columns),
                output,
                rows_read: 0.0,
                sizes: Vec::new(),
                rows_counted: false,
                warnings: Vec::new(),
            });
        }
        let scan = lex::scan(text, dialect).map_err(|finding| vec![finding])?;
        opening(&scan, dialect).map_err(|finding| vec![finding])?;
        if let Some(at) = scan.second_statement {
            return Err(vec![Finding {
                code: "multiple_statements".to_owned(),
                message: "only one statement may be sent; something follows the semicolon"
                    .to_owned(),
                line: at.line,
                column: at.column,
                suggestion: None,
            }]);
        }
        let resolved = on_a_deep_stack(scan.depth, || {
            let statement = parse(text, dialect, &scan).map_err(|finding| vec![finding])?;
            resolve::resolve(&self.catalog, &statement)
        })?;
        Ok(ReadOnly {
            text: text.to_owned(),
            dialect,
            tables: self.shown(&resolved.tables),
            columns: self.refs(&resolved.columns),
            output: resolved.output,
            rows_read: resolved.rows_read,
            sizes: resolved.sizes,
            rows_counted: resolved.rows_counted,
            warnings: resolved.warnings,
        })
    }

    fn shown(&self, tables: &BTreeSet<TableId>) -> Vec<String> {
        tables.iter().map(|&id| self.catalog.shown(id)).collect()
    }

    fn refs(&self, columns: &BTreeSet<ColumnId>) -> Vec<ColumnRef> {
        columns
            .iter()
            .map(|&id| self.catalog.column_ref(id))
            .collect()
    }
}

/// Runs `work` where a tree of `depth` levels fits: here, or on a stack of its own that the caps
/// cannot exhaust. A panic in the parser is a refusal.
fn on_a_deep_stack<T>(
    depth: usize,
    work: impl FnOnce() -> Result<T, Vec<Finding>>,
) -> Result<T, Vec<Finding>> {
    let needed = (BASE_BYTES + depth * LEVEL_BYTES).min(STACK_BYTES);
    std::panic::catch_unwind(AssertUnwindSafe(|| {
        stacker::maybe_grow(needed, STACK_BYTES, work)
    }))
    .unwrap_or_else(|_| {
        Err(vec![plain(
            "parser_failed",
            "the query could not be read; write it more simply",
        )])
    })
}

/// See [`super::bare_table_limit`].
pub(super) fn bare_table_limit(text: &str, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::Kdb {
        return q::bare_table_limit(text);
    }
    let scan = lex::scan(text, dialect).ok()?;
    let bare = on_a_deep_stack(scan.depth, || {
        let statement = parse(text, dialect, &scan).map_err(|finding| vec![finding])?;
        Ok(resolve::is_bare_table(&statement, dialect))
    });
    if !bare.unwrap_or(false) {
        return None;
    }
    // before the semicolon, and on a line of its own when the text ends in a comment
    let visible = lex::without_comments(text, &scan);
    let end = visible
        .trim_end_matches(|c: char| c == ';' || c.is_whitespace())
        .len();
    // comments are blanked character by character, so the visible end is found in characters
    let characters = visible[..end].chars().count();
    let end = text
        .char_indices()
        .nth(characters)
        .map_or(text.len(), |(at, _)| at);
    Some(format!("{} LIMIT 100{}", &text[..end], &text[end..]))
}

/// See [`super::as_subquery`].
pub(super) fn as_subquery(text: &str, dialect: Dialect) -> Option<String> {
    let scan = lex::scan(text, dialect).ok()?;
    let visible = lex::without_comments(text, &scan);
    let bare = visible.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    Some(bare.to_owned())
}

/// What the first words say, before any parser runs.
fn opening(scan: &Scan, dialect: Dialect) -> Result<(), Finding> {
    if scan.empty {
        return Err(plain("not_a_statement", "there is no query"));
    }
    let first = scan.first_words.first().map_or("", String::as_str);
    let has = |words: &[&str]| {
        scan.first_words
            .iter()
            .any(|word| words.contains(&word.as_str()))
    };
    const WRITES: &[&str] = &[
        "insert", "update", "delete", "merge", "replace", "upsert", "load", "import",
    ];
    const CHANGES: &[&str] = &[
        "create", "alter", "drop", "truncate", "rename", "comment", "reindex", "cluster", "grant",
        "revoke", "optimize", "repair", "refresh", "reassign", "security",
    ];
    const OTHERS: &[&str] = &[
        "explain",
        "set",
        "reset",
        "show",
        "describe",
        "desc",
        "pragma",
        "attach",
        "detach",
        "vacuum",
        "analyze",
        "analyse",
        "call",
        "do",
        "begin",
        "start",
        "commit",
        "rollback",
        "end",
        "savepoint",
        "release",
        "lock",
        "unlock",
        "copy",
        "execute",
        "prepare",
        "deallocate",
        "declare",
        "fetch",
        "close",
        "move",
        "listen",
        "notify",
        "unlisten",
        "discard",
        "checkpoint",
        "use",
        "handler",
        "flush",
        "kill",
        "purge",
        "check",
        "install",
        "uninstall",
        "export",
        "summarize",
        "cache",
        "shutdown",
        "restart",
        "binlog",
        "change",
        "stop",
        "xa",
        "signal",
        "help",
        "abort",
        "delimiter",
        "source",
    ];
    let (code, message) = match first {
        "select" | "with" | "values" => return Ok(()),
        "table"
            if matches!(
                dialect,
                Dialect::Postgres | Dialect::Duckdb | Dialect::Mysql
            ) =>
        {
            return Ok(());
        }
        "from" | "pivot" | "unpivot" if dialect == Dialect::Duckdb => return Ok(()),
        "pivot" | "unpivot" => ("not_a_query", "begins no query here"),
        word if WRITES.contains(&word) => ("write_statement", "changes data"),
        word if CHANGES.contains(&word) => ("ddl_statement", "changes the database"),
        "explain" if has(WRITES) => ("write_statement", "of a change may carry it out"),
        // prose may begin with such a word where it is no statement
        "show" | "use" | "do" | "set" | "help" if dialect == Dialect::Sqlite => {
            ("not_a_statement", "begins no statement")
        }
        word if OTHERS.contains(&word) => ("not_a_query", "is no query"),
        "" => ("syntax_error", "a query begins with a word"),
        word if resolve::nearest(word, ["select", "with"].into_iter()).is_some() => {
            ("syntax_error", "is no word that begins a query")
        }
        _ => ("not_a_statement", "begins no statement"),
    };
    Err(Finding {
        code: code.to_owned(),
        message: format!(
            "{} {message}; only a query (SELECT or WITH) may run",
            first.to_uppercase()
        ),
        line: 1,
        column: 1,
        suggestion: None,
    })
}

/// The one statement of `text`; on the deep stack only.
fn parse(text: &str, dialect: Dialect, scan: &Scan) -> Result<Statement, Finding> {
    let grammar = grammar(dialect);
    let visible = lex::without_comments(text, scan);
    let tokens = Tokenizer::new(grammar, &visible)
        .tokenize_with_location()
        .map_err(|error| Finding {
            code: "syntax_error".to_owned(),
            message: error.message,
            line: error.location.line,
            column: error.location.column,
            suggestion: None,
        })?;
    compare(&tokens, scan)?;
    let instead = respell::instead(&tokens, dialect);
    let mut parser = Parser::new(grammar)
        .with_recursion_limit(PARSER_DEPTH)
        .with_tokens_with_locations(respelled(tokens, dialect));
    if scan
        .first_words
        .first()
        .is_some_and(|word| word.ends_with("pivot"))
        && matches!(parser.peek_token().token, Token::Word(word) if word.value.to_ascii_lowercase().ends_with("pivot"))
    {
        return Err(plain(
            "unsupported",
            "write PIVOT as `PIVOT t ON column IN ('a', 'b') USING sum(x) GROUP BY y`, UNPIVOT as `UNPIVOT t ON a, b \
             INTO NAME n VALUE v`: which columns they give must be plain to see",
        ));
    }
    let mut statements = parser.parse_statements().map_err(|error| {
        let mut finding = syntax_error(error);
        if let Some((message, suggestion)) = instead {
            finding.code = "unsupported".to_owned();
            finding.message = message.to_owned();
            finding.suggestion = Some(suggestion.to_owned());
        }
        finding
    })?;
    match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => Ok(statement),
        (None, _) => Err(plain("not_a_statement", "there is no query")),
        (Some(_), false) => Err(plain(
            "multiple_statements",
            "only one statement may be sent",
        )),
    }
}

/// The parser's tokens and ours must agree on what is quoted, and the parser must see no comment.
fn compare(tokens: &[TokenWithSpan], scan: &Scan) -> Result<(), Finding> {
    let place = |location: sqlparser::tokenizer::Location| Place {
        line: location.line,
        column: location.column,
    };
    let mut ours = scan.quoted.iter();
    for token in tokens {
        let quoted = match &token.token {
            Token::Whitespace(
                Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_),
            ) => return Err(disagreement(place(token.span.start))),
            Token::Word(word) => word.quote_style.is_some(),
            Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::DollarQuotedString(_)
            | Token::SingleQuotedByteStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::EscapedStringLiteral(_) => true,
            // x'1f', and also 0x1f, which has no quotes
            Token::HexStringLiteral(_) => ours
                .clone()
                .next()
                .is_some_and(|(from, _)| *from == place(token.span.start)),
            Token::TripleSingleQuotedString(_)
            | Token::TripleDoubleQuotedString(_)
            | Token::DoubleQuotedByteStringLiteral(_)
            | Token::TripleSingleQuotedByteStringLiteral(_)
            | Token::TripleDoubleQuotedByteStringLiteral(_)
            | Token::SingleQuotedRawStringLiteral(_)
            | Token::DoubleQuotedRawStringLiteral(_)
            | Token::TripleSingleQuotedRawStringLiteral(_)
            | Token::TripleDoubleQuotedRawStringLiteral(_)
            | Token::QuoteDelimitedStringLiteral(_)
            | Token::NationalQuoteDelimitedStringLiteral(_)
            | Token::UnicodeStringLiteral(_) => {
                return Err(disagreement(place(token.span.start)));
            }
            _ => false,
        };
        if quoted {
            let here = (place(token.span.start), place(token.span.end));
            if ours.next() != Some(&here) {
                return Err(disagreement(here.0));
            }
        }
    }
    match ours.next() {
        None => Ok(()),
        Some((from, _)) => Err(disagreement(*from)),
    }
}

fn disagreement(at: Place) -> Finding {
    Finding {
        code: "syntax_error".to_owned(),
        message: "what is quoted here could be read in two ways; write it more plainly".to_owned(),
        line: at.line,
        column: at.column,
        suggestion: None,
    }
}

fn syntax_error(error: ParserError) -> Finding {
    let (code, message) = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            ("syntax_error", message)
        }
        ParserError::RecursionLimitExceeded => (
            "too_complex",
            "the query nests too deep to be checked".to_owned(),
        ),
    };
    // the parser writes its position at the end of the sentence
    let (said, line, column) = match message.rsplit_once(" at Line: ") {
        Some((said, position)) => {
            let mut numbers = position
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|digits| digits.parse().ok());
            (
                said.to_owned(),
                numbers.next().unwrap_or(0),
                numbers.next().unwrap_or(0),
            )
        }
        None => (message, 0, 0),
    };
    let is_write = said.contains("found: INTO") && code == "syntax_error";
    Finding {
        code: if is_write { "select_into" } else { code }.to_owned(),
        message: said,
        line,
        column,
        suggestion: None,
    }
}

fn plain(code: &str, message: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        message: message.to_owned(),
        line: 0,
        column: 0,
        suggestion: None,
    }
}
