//! Layer 1: what a text is made of, found out in one pass that needs no stack.
//!
//! It knows where comments and quoted things begin and end *for the engine that will run the text*.
//! The parser is shown the text with comments blanked out, and must find the same quoted things in
//! the same places: what the parser takes for a comment or a string, the engine does too.

use super::{Dialect, Finding};
use std::ops::Range;

/// Longest text looked at, in bytes: far above any report, far below what hurts a parser.
pub const MAX_BYTES: usize = 20 * 1024;
/// Most words, numbers, strings and signs in one text.
pub const MAX_TOKENS: usize = 3_000;
/// Most operators, keywords that join things included: each may be one level of the parsed tree.
pub const MAX_OPERATORS: usize = 400;
/// Most brackets (and CASEs) open at one time.
pub const MAX_NESTING: usize = 100;

/// What one pass over a text found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Byte ranges of comments.
    pub comments: Vec<Range<usize>>,
    /// Where quoted things begin and end.
    pub quoted: Vec<(Place, Place)>,
    /// The first words, lower-cased, brackets before them skipped.
    pub first_words: Vec<String>,
    /// Nothing but space and comments.
    pub empty: bool,
    /// Where something follows a semicolon.
    pub second_statement: Option<Place>,
    /// Levels that the parsed tree can have at most.
    pub depth: usize,
}

/// A position as people count: from 1, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub line: u64,
    pub column: u64,
}

/// Reads `text` as `dialect` would split it, up to the caps.
pub(super) fn scan(text: &str, dialect: Dialect) -> Result<Scan, Finding> {
    if text.len() > MAX_BYTES {
        return Err(finding(
            "too_long",
            format!("the query is longer than {} KiB", MAX_BYTES / 1024),
            Place::default(),
        ));
    }
    Lexer {
        text,
        bytes: text.as_bytes(),
        dialect,
        at: 0,
        line: 1,
        line_start: 0,
        tokens: 0,
        operators: 0,
        open: 0,
        cases: 0,
        nesting: 0,
        ended: false,
        scan: Scan {
            empty: true,
            ..Scan::default()
        },
    }
    .run()
}

/// The text with every comment turned into spaces, so that positions stay; borrowed when there is none.
pub(super) fn without_comments<'t>(text: &'t str, scan: &Scan) -> std::borrow::Cow<'t, str> {
    if scan.comments.is_empty() {
        return text.into();
    }
    let mut blank = String::with_capacity(text.len());
    let mut from = 0;
    for comment in &scan.comments {
        blank.push_str(&text[from..comment.start]);
        blank.extend(text[comment.clone()].chars().map(|c| match c {
            '\n' => '\n',
            _ => ' ',
        }));
        from = comment.end;
    }
    blank.push_str(&text[from..]);
    blank.into()
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    dialect: Dialect,
    at: usize,
    line: u64,
    /// Where the current line begins, in bytes.
    line_start: usize,
    tokens: usize,
    operators: usize,
    open: usize,
    cases: usize,
    /// The most that were open together.
    nesting: usize,
    /// A semicolon was seen: nothing may follow.
    ended: bool,
    scan: Scan,
}

impl Lexer<'_> {
    fn run(mut self) -> Result<Scan, Finding> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                0 => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                b'\n' => self.newline(),
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'-' if self.line_comment_here() => self.line_comment()?,
                b'#' if self.dialect == Dialect::Mysql => self.line_comment()?,
                b'/' if self.peek(1) == Some(b'*') => self.block_comment()?,
                b';' => {
                    self.ended = true;
                    self.at += 1;
                }
                _ => {
                    self.token(byte)?;
                    if self.tokens > MAX_TOKENS {
                        return Err(self.refuse(
                            "too_complex",
                            format!("the query has more than {MAX_TOKENS} words and signs"),
                        ));
                    }
                    if self.operators > MAX_OPERATORS {
                        return Err(self.refuse(
                            "too_complex",
                            format!("the query has more than {MAX_OPERATORS} operators"),
                        ));
                    }
                    self.nesting = self.nesting.max(self.open + self.cases);
                    if self.nesting > MAX_NESTING {
                        return Err(self.refuse(
                            "too_complex",
                            format!("the query nests more than {MAX_NESTING} levels deep"),
                        ));
                    }
                }
            }
        }
        // a bracket is a few levels: an expression, a query, its body
        self.scan.depth = self.operators + 4 * self.nesting;
        Ok(self.scan)
    }

    fn token(&mut self, byte: u8) -> Result<(), Finding> {
        if self.ended && self.scan.second_statement.is_none() {
            self.scan.second_statement = Some(self.place(self.at));
        }
        self.scan.empty = false;
        self.tokens += 1;
        match byte {
            b'\'' => self.quoted(self.at, b'\'', self.dialect == Dialect::Mysql),
            b'"' => self.quoted(self.at, b'"', self.dialect == Dialect::Mysql),
            b'`' if matches!(self.dialect, Dialect::Mysql | Dialect::Sqlite) => {
                self.quoted(self.at, b'`', false)
            }
            b'[' if self.dialect == Dialect::Sqlite => self.bracketed(),
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'(' | b'[' | b'{' => {
                self.open += 1;
                self.at += 1;
                Ok(())
            }
            b')' | b']' | b'}' => {
                self.open = self.open.saturating_sub(1);
                self.at += 1;
                Ok(())
            }
            b',' => {
                self.at += 1;
                Ok(())
            }
            b'.' if self.peek(1).is_some_and(|b| b.is_ascii_digit()) => self.number(),
            b'.' => {
                self.at += 1;
                Ok(())
            }
            _ if starts_word(byte) => self.word(),
            0x01..=0x1f | 0x7f => Err(self.refuse(
                "syntax_error",
                "the query contains a control character outside quotes",
            )),
            _ => {
                self.operators += 1;
                self.at += 1;
                Ok(())
            }
        }
    }

    fn word(&mut self) -> Result<(), Finding> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&b| in_word(b)) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if let Some(odd) = word.chars().find(|&c| is_odd(c)) {
            self.at = start;
            return Err(self.refuse(
                "syntax_error",
                format!("`{odd}` (U+{:04X}) cannot stand outside quotes", odd as u32),
            ));
        }
        // a prefix belongs to its string: E'…', N'…', X'…', B'…', U&'…'
        let next = self.bytes.get(self.at).copied();
        if word.len() == 1 && next == Some(b'\'') {
            let letter = word.as_bytes()[0].to_ascii_lowercase();
            let known = match self.dialect {
                Dialect::Postgres | Dialect::Duckdb => b"enxb".contains(&letter),
                Dialect::Mysql => b"nxb".contains(&letter),
                Dialect::Sqlite | Dialect::Kdb => letter == b'x',
            };
            if known {
                let escapes = letter == b'e' || self.dialect == Dialect::Mysql;
                return self.quoted(start, b'\'', escapes);
            }
        }
        if word.eq_ignore_ascii_case("u")
            && next == Some(b'&')
            && matches!(self.peek(1), Some(b'\'' | b'"'))
        {
            self.at = start;
            return Err(self.refuse(
                "syntax_error",
                "write the name or string plainly instead of with Unicode escapes (U&)",
            ));
        }
        let lower = word.to_ascii_lowercase();
        if JOINING.binary_search(&lower.as_str()).is_ok() {
            self.operators += 1;
        }
        match lower.as_str() {
            "case" => self.cases += 1,
            "end" => self.cases = self.cases.saturating_sub(1),
            _ => {}
        }
        if self.scan.first_words.len() < 6 {
            self.scan.first_words.push(lower);
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Finding> {
        let start = self.at;
        // signs in exponents are rare enough to count as operators
        while self
            .bytes
            .get(self.at)
            .is_some_and(|&b| in_word(b) || b == b'.')
        {
            self.at += 1;
        }
        // MySQL's names may begin with digits
        if self.dialect != Dialect::Mysql && !is_number(&self.bytes[start..self.at]) {
            self.at = start;
            return Err(self.refuse("syntax_error", "letters follow a number without a space"));
        }
        Ok(())
    }

    /// A quoted thing from its opening quote at `self.at`; `start` is where its prefix begins.
    fn quoted(&mut self, start: usize, quote: u8, escapes: bool) -> Result<(), Finding> {
        let from = self.place(start);
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                None => {
                    return Err(finding(
                        "syntax_error",
                        format!("the quote {} is never closed", quote as char),
                        from,
                    ));
                }
                Some(0) => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                Some(b'\n') => self.newline(),
                Some(b'\\') if escapes => {
                    self.at += 1;
                    match self.bytes.get(self.at) {
                        Some(b'\n') => self.newline(),
                        Some(_) => self.at += self.width(),
                        None => {}
                    }
                }
                Some(&b) if b == quote => {
                    self.at += 1;
                    if self.bytes.get(self.at) != Some(&quote) {
                        break;
                    }
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let to = self.place(self.at);
        self.scan.quoted.push((from, to));
        Ok(())
    }

    /// SQLite's `[name]`: up to the first bracket, with no escapes.
    fn bracketed(&mut self) -> Result<(), Finding> {
        let from = self.place(self.at);
        loop {
            match self.bytes.get(self.at) {
                None => {
                    return Err(finding(
                        "syntax_error",
                        "the bracket [ is never closed",
                        from,
                    ));
                }
                Some(0) => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                Some(b'\n') => self.newline(),
                Some(b']') => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let to = self.place(self.at);
        self.scan.quoted.push((from, to));
        Ok(())
    }

    /// `$1`, or `$tag$ … $tag$` where the engine has it.
    fn dollar(&mut self) -> Result<(), Finding> {
        let start = self.at;
        let from = self.place(start);
        let mut end = start + 1;
        while self
            .bytes
            .get(end)
            .is_some_and(|&b| in_word(b) && b != b'$')
        {
            end += 1;
        }
        let is_quote = matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb)
            && self.bytes.get(end) == Some(&b'$')
            && !self.bytes[start + 1].is_ascii_digit();
        if !is_quote {
            return Err(finding(
                "unfilled_placeholder",
                format!(
                    "`{}` is a placeholder; write the value itself",
                    &self.text[start..end]
                ),
                from,
            ));
        }
        let tag = &self.text[start..=end];
        let Some(length) = self.text[end + 1..].find(tag) else {
            return Err(finding(
                "syntax_error",
                format!("the quote {tag} is never closed"),
                from,
            ));
        };
        let stop = end + 1 + length + tag.len();
        while self.at < stop {
            match self.bytes[self.at] {
                0 => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                b'\n' => self.newline(),
                _ => self.at += 1,
            }
        }
        let to = self.place(self.at);
        self.scan.quoted.push((from, to));
        Ok(())
    }

    fn line_comment_here(&self) -> bool {
        self.peek(1) == Some(b'-')
            && (self.dialect != Dialect::Mysql
                || self.peek(2).is_none_or(|b| b.is_ascii_whitespace()))
    }

    fn line_comment(&mut self) -> Result<(), Finding> {
        let start = self.at;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => break,
                0 => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                // some engines end the comment here and some do not
                b'\r' if self.peek(1) != Some(b'\n') => {
                    return Err(self.refuse(
                        "syntax_error",
                        "a comment contains a carriage return that ends no line",
                    ));
                }
                _ => self.at += 1,
            }
        }
        self.scan.comments.push(start..self.at);
        Ok(())
    }

    fn block_comment(&mut self) -> Result<(), Finding> {
        let start = self.at;
        let executable = match self.dialect {
            Dialect::Mysql => {
                self.peek(2) == Some(b'!')
                    || (matches!(self.peek(2), Some(b'M' | b'm')) && self.peek(3) == Some(b'!'))
                    || self.peek(2) == Some(b'+')
            }
            _ => self.peek(2) == Some(b'+'),
        };
        if executable {
            return Err(self.refuse(
                "executable_comment",
                "a comment that the database would execute or take as a hint is not allowed",
            ));
        }
        let nests = matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb);
        let opened_at = self.place(start);
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(self.at) {
                None => {
                    return Err(finding(
                        "syntax_error",
                        "the comment /* is never closed",
                        opened_at,
                    ));
                }
                Some(0) => return Err(self.refuse("nul_byte", "the query contains a NUL byte")),
                Some(b'\n') => self.newline(),
                Some(b'/') if self.peek(1) == Some(b'*') => {
                    depth += 1;
                    if depth > 1 && !nests {
                        return Err(
                            self.refuse("syntax_error", "a comment begins inside a comment")
                        );
                    }
                    self.at += 2;
                }
                Some(b'*') if self.peek(1) == Some(b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                Some(_) => self.at += 1,
            }
        }
        self.scan.comments.push(start..self.at);
        Ok(())
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// Bytes of the character at `self.at`.
    fn width(&self) -> usize {
        match self.bytes[self.at] {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => 4,
        }
    }

    /// `at` must lie on the current line.
    fn place(&self, at: usize) -> Place {
        let before = &self.bytes[self.line_start.min(at)..at];
        let column = before.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u64 + 1;
        Place {
            line: self.line,
            column,
        }
    }

    fn refuse(&self, code: &str, message: impl Into<String>) -> Finding {
        finding(code, message, self.place(self.at))
    }
}

fn finding(code: &str, message: impl Into<String>, at: Place) -> Finding {
    Finding {
        code: code.to_owned(),
        message: message.into(),
        line: at.line,
        column: at.column,
        suggestion: None,
    }
}

/// `12`, `1_000`, `1.5`, `1e3` (a sign after the e stands apart), `0x1f`; `t1.5` never comes here.
fn is_number(word: &[u8]) -> bool {
    if let [b'0', b'x' | b'X' | b'b' | b'B' | b'o' | b'O', digits @ ..] = word {
        return digits.iter().all(|b| b.is_ascii_hexdigit() || *b == b'_');
    }
    let exponent = word.iter().position(|b| matches!(b, b'e' | b'E'));
    let (digits, after) = match exponent {
        Some(at) => (&word[..at], &word[at + 1..]),
        None => (word, &[][..]),
    };
    digits
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'_'))
        && after.iter().all(u8::is_ascii_digit)
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

/// Characters that one program takes for a space or a quote and another for part of a name.
fn is_odd(c: char) -> bool {
    !c.is_ascii() && !c.is_alphanumeric() && !is_mark(c)
}

/// Combining marks and joiners: parts of words in many scripts.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036f | 0x0900..=0x0dff | 0x0e30..=0x0e4f | 0x3099..=0x309a | 0x200c..=0x200d)
}

/// Words that join two things or wrap one, each a level of the parsed tree. Sorted.
const JOINING: &[&str] = &[
    "and",
    "apply",
    "at",
    "between",
    "collate",
    "distinct",
    "div",
    "escape",
    "except",
    "exists",
    "glob",
    "ilike",
    "in",
    "intersect",
    "is",
    "isnull",
    "join",
    "like",
    "match",
    "minus",
    "mod",
    "not",
    "notnull",
    "operator",
    "or",
    "overlaps",
    "regexp",
    "rlike",
    "similar",
    "union",
    "xor",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_joining_words_can_be_searched() {
        assert!(JOINING.is_sorted());
    }

    #[test]
    fn caps_are_answered_before_any_parser_runs() {
        let chain = format!("select {}1", "1+".repeat(9_000));
        let deep = format!("select {}1{}", "(".repeat(5_000), ")".repeat(5_000));
        let cases = [
            ("select 'x", "syntax_error"),
            ("select 1 /* x", "syntax_error"),
            ("select \u{a0}1", "syntax_error"),
            ("select ‘a’", "syntax_error"),
            ("select $1", "unfilled_placeholder"),
            ("select 1totl", "syntax_error"),
            ("select 1 \0", "nul_byte"),
            ("select /*+ Set(x 1) */ 1", "executable_comment"),
            ("select 1 --\r, pg_sleep(9)", "syntax_error"),
            ("select U&\"pg\\005fsleep\"(1)", "syntax_error"),
            (chain.as_str(), "too_complex"),
            (deep.as_str(), "too_complex"),
        ];
        for (text, code) in cases {
            let found = scan(text, Dialect::Postgres).expect_err(text).code;
            assert_eq!(found, code, "{}", &text[..text.len().min(60)]);
        }
    }

    #[test]
    fn what_is_quoted_hides_what_is_in_it() {
        for (text, dialect) in [
            ("select '; -- /* $1' from t;", Dialect::Postgres),
            ("select $q$; drop table t$q$ ; -- done", Dialect::Postgres),
            (
                "select E'it\\'s; $1' ; /* a /* b */ c */",
                Dialect::Postgres,
            ),
            ("select 'it\\'s; # $1' # done; $1", Dialect::Mysql),
            ("select [a;b], `c;d`, \"e;f\" ;;", Dialect::Sqlite),
        ] {
            scan(text, dialect).unwrap_or_else(|finding| panic!("{text}: {finding:?}"));
        }
    }

    #[test]
    fn only_space_and_comments_may_follow_a_semicolon() {
        for (text, second) in [
            ("select 1; -- x\n ;", None),
            ("select ';'", None),
            ("select 1;drop table t", Some(10)),
            ("select 1;;'x", Some(11)),
        ] {
            let column = match scan(text, Dialect::Postgres) {
                Ok(scan) => scan.second_statement.map(|at| at.column),
                Err(finding) => Some(finding.column),
            };
            assert_eq!(column, second, "{text}");
        }
    }

    #[test]
    fn places_count_characters_from_one() {
        let scan = scan("select\n  'ü', 'x\ny'", Dialect::Postgres).expect("plain");
        let places: Vec<_> = scan
            .quoted
            .iter()
            .map(|(from, to)| (from.line, from.column, to.line, to.column))
            .collect();
        assert_eq!(places, [(2, 3, 2, 6), (2, 8, 3, 3)]);
    }
}
