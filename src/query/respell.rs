//! What an engine's own grammar allows and the parser's does not, spelled as the parser knows it.
//!
//! The engine runs the text as it was sent; only the parser is shown these spellings. So each must keep every
//! name, call and value of the text before the resolver's eyes: what is left out is words that name nothing
//! (`EXCLUDE TIES`, `MATERIALIZED`, `USING SAMPLE 10%`), each in its exact place, and nothing else.

mod duckdb;
mod mysql;
mod postgres;

pub(super) use self::postgres::{AddedKind, carried};

use super::Dialect;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Whitespace};

/// The tokens without white space, respelled.
pub(super) fn respelled(tokens: Vec<TokenWithSpan>, dialect: Dialect) -> Vec<TokenWithSpan> {
    let mut given = Text {
        tokens: solid(tokens, dialect),
        dialect,
    };
    match dialect {
        Dialect::Duckdb => given.wholes_of_duckdb(),
        Dialect::Postgres => given.wholes_of_postgres(),
        Dialect::Mysql | Dialect::Sqlite | Dialect::Kdb => {}
    }
    let mut written = Vec::with_capacity(given.tokens.len() + 4);
    let mut at = 0;
    while at < given.tokens.len() {
        at = given.respell(at, &mut written);
    }
    written
}

/// What the engine allows, the parser does not read and no other spelling says: what to write instead.
pub(super) fn instead(
    tokens: &[TokenWithSpan],
    dialect: Dialect,
) -> Option<(&'static str, &'static str)> {
    // what stands last is followed by the end
    let solid: Vec<&Token> = tokens
        .iter()
        .map(|it| &it.token)
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .chain([&Token::EOF])
        .collect();
    let says = |token: &Token, words: &[&str]| words.iter().any(|word| is_word(token, word));
    solid.windows(3).find_map(|three| match dialect {
        Dialect::Duckdb
            if *three[0] == Token::Mul
                && says(three[1], &["like", "ilike", "glob", "similar", "not"]) =>
        {
            Some((
                "columns chosen by `* LIKE` are not understood here",
                "COLUMNS(c -> c LIKE '…')",
            ))
        }
        Dialect::Sqlite
            if says(three[0], &["in"])
                && matches!(three[1], Token::Word(_))
                && *three[2] != Token::LParen =>
        {
            Some((
                "IN takes a list or a query in brackets here, not a table's name",
                "IN (SELECT column FROM table)",
            ))
        }
        Dialect::Postgres if says(three[0], &["xmlelement", "xmlforest", "xmlserialize"]) => {
            Some((
                "XML cannot be made here",
                "json_build_object('name', value)",
            ))
        }
        _ => None,
    })
}

/// Without white space, which means something only between the parts of a PostgreSQL string.
fn solid(tokens: Vec<TokenWithSpan>, dialect: Dialect) -> Vec<TokenWithSpan> {
    let mut solid: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut newline = false;
    for token in tokens {
        match &token.token {
            Token::Whitespace(Whitespace::Newline) => newline = true,
            Token::Whitespace(_) => {}
            Token::SingleQuotedString(more)
                if newline
                    && dialect == Dialect::Postgres
                    && matches!(
                        solid.last().map(|last| &last.token),
                        Some(Token::SingleQuotedString(_))
                    ) =>
            {
                if let Some(Token::SingleQuotedString(text)) =
                    solid.last_mut().map(|last| &mut last.token)
                {
                    text.push_str(more);
                }
                newline = false;
            }
            _ => {
                newline = false;
                solid.push(token);
            }
        }
    }
    solid
}

struct Text {
    tokens: Vec<TokenWithSpan>,
    dialect: Dialect,
}

impl Text {
    fn token(&self, at: usize) -> &Token {
        self.tokens.get(at).map_or(&Token::EOF, |it| &it.token)
    }

    /// Whether these words, unquoted, stand from `at` on.
    fn says(&self, at: usize, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(ahead, wanted)| is_word(self.token(at + ahead), wanted))
    }

    fn span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or(Span::empty(), |it| it.span)
    }

    /// Where the bracket that opens at `open` is closed.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in open..self.tokens.len() {
            match self.token(at) {
                Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
                Token::RParen | Token::RBracket | Token::RBrace => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Where the bracket that is closed at `close` opens.
    fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..=close).rev() {
            match self.token(at) {
                Token::RParen | Token::RBracket | Token::RBrace => depth += 1,
                Token::LParen | Token::LBracket | Token::LBrace => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The first place from `from` to `to`, outside brackets, where `is` holds.
    fn outside(&self, from: usize, to: usize, is: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = from;
        while at < to {
            if is(at) {
                return Some(at);
            }
            at = match self.token(at) {
                Token::LParen | Token::LBracket | Token::LBrace => self.closing(at)? + 1,
                _ => at + 1,
            };
        }
        None
    }

    /// Writes what stands at `at`, and says where to go on.
    fn respell(&self, at: usize, written: &mut Vec<TokenWithSpan>) -> usize {
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        let span = self.span(at);
        let mut write = |token: Token| written.push(TokenWithSpan { token, span });
        match self.dialect {
            Postgres | Sqlite | Duckdb if self.frame_exclusion(at).is_some() => {
                return self.frame_exclusion(at).unwrap_or(at + 1);
            }
            Postgres
                if self.says(at, &["between"])
                    && (self.says(at + 1, &["symmetric"])
                        || self.says(at + 1, &["asymmetric"])) =>
            {
                write(self.token(at).clone());
                return at + 2;
            }
            // the parser's own TABLE swallows the word behind the name, FOR UPDATE among others
            Postgres | Mysql | Duckdb if self.begins_table_query(at) => {
                for token in ["select", "*", "from"] {
                    write(match token {
                        "*" => Token::Mul,
                        token => word(token),
                    });
                }
                return at + 1;
            }
            Sqlite | Duckdb if self.says(at, &["as"]) => {
                let words = usize::from(self.says(at + 1, &["not"]));
                if self.says(at + 1 + words, &["materialized"])
                    && *self.token(at + 2 + words) == Token::LParen
                {
                    write(self.token(at).clone());
                    return at + 2 + words;
                }
            }
            _ => {}
        }
        match self.dialect {
            Sqlite if self.says(at, &["not", "glob"]) => {
                write(word("not"));
                write(word("like"));
                at + 2
            }
            Sqlite
                if self.says(at, &["indexed", "by"])
                    && at > 0
                    && self.names_something(at - 1)
                    && self.names_something(at + 2)
                    && *self.token(at + 3) != Token::LParen =>
            {
                at + 3
            }
            Sqlite
                if self.says(at, &["not", "indexed"]) && at > 0 && self.names_something(at - 1) =>
            {
                at + 2
            }
            Postgres => match self.respell_postgres(at, written) {
                Some(next) => next,
                None => {
                    written.push(TokenWithSpan {
                        token: self.token(at).clone(),
                        span,
                    });
                    at + 1
                }
            },
            Mysql if self.is_remainder(at) => {
                write(Token::Mod);
                at + 1
            }
            Mysql if let Some(end) = self.character_set(at) => end,
            Mysql if *self.token(at) == Token::ExclamationMark => {
                write(word("not"));
                at + 1
            }
            Mysql if self.says(at, &["sounds", "like"]) => {
                write(word("like"));
                at + 2
            }
            Mysql if self.says(at, &["select"]) => {
                write(self.token(at).clone());
                let mut next = at + 1;
                while SELECT_HINTS.iter().any(|hint| self.says(next, &[hint]))
                    && !matches!(
                        self.token(next + 1),
                        Token::Comma | Token::Period | Token::LParen | Token::EOF
                    )
                    && !self.says(next + 1, &["from"])
                {
                    next += 1;
                }
                next
            }
            Mysql if self.composite_unit(at).is_some() => {
                write(word(self.composite_unit(at).unwrap_or("day")));
                at + 1
            }
            Mysql if self.says(at, &["interval"]) && self.is_interval_function(at) => {
                write(Token::make_word("interval", Some('`')));
                at + 1
            }
            Duckdb => self.respell_duckdb(at, written),
            _ => {
                write(self.token(at).clone());
                at + 1
            }
        }
    }

    fn respell_duckdb(&self, at: usize, written: &mut Vec<TokenWithSpan>) -> usize {
        let span = self.span(at);
        let mut write = |token: Token| written.push(TokenWithSpan { token, span });
        let operand_before = at > 0
            && (self.names_something(at - 1)
                || matches!(
                    self.token(at - 1),
                    Token::RParen
                        | Token::RBracket
                        | Token::Number(..)
                        | Token::SingleQuotedString(_)
                ));
        if self.says(at, &["asof"]) {
            let mut next = at + 1;
            if ["left", "right", "inner", "full"]
                .iter()
                .any(|side| self.says(next, &[side]))
            {
                next += 1 + usize::from(self.says(next + 1, &["outer"]));
            }
            if self.says(next, &["join"]) {
                return at + 1;
            }
        }
        if self.says(at, &["positional", "join"]) {
            write(word("cross"));
            return at + 1;
        }
        if self.says(at, &["filter"])
            && at > 0
            && *self.token(at - 1) == Token::RParen
            && *self.token(at + 1) == Token::LParen
            && !self.says(at + 2, &["where"])
        {
            write(self.token(at).clone());
            write(Token::LParen);
            write(word("where"));
            return at + 2;
        }
        if let Some(end) = self.table_sample(at) {
            return end;
        }
        if operand_before && self.says(at, &["using", "sample"]) {
            if let Some(end) = self.sample_end(at + 2) {
                return end;
            }
        }
        if self.says(at, &["limit"])
            && matches!(self.token(at + 1), Token::Number(..))
            && *self.token(at + 2) == Token::Mod
            && matches!(
                self.token(at + 3),
                Token::EOF | Token::RParen | Token::SemiColon
            )
        {
            write(self.token(at).clone());
            write(self.token(at + 1).clone());
            return at + 3;
        }
        let followed = !matches!(
            self.token(at + 1),
            Token::LParen | Token::Comma | Token::RParen | Token::Period | Token::EOF
        );
        if operand_before && self.says(at, &["glob"]) && followed {
            write(word("like"));
            return at + 1;
        }
        // a list may end in a comma; the parser would take a table called `top` for such an end
        let list_ends = self.says(at + 1, &["from"])
            || matches!(
                self.token(at + 1),
                Token::EOF | Token::RParen | Token::RBracket | Token::RBrace | Token::SemiColon
            );
        if *self.token(at) == Token::Comma && operand_before | self.ends_item(at) && list_ends {
            return at + 1;
        }
        match self.token(at) {
            Token::CaretAt => {
                write(word("like"));
                at + 1
            }
            Token::Mul
                if operand_before
                    && *self.token(at + 1) == Token::Mul
                    && self.span(at).end == self.span(at + 1).start =>
            {
                write(Token::Caret);
                at + 2
            }
            token => {
                write(token.clone());
                at + 1
            }
        }
    }

    /// `EXCLUDE TIES` at the end of a window's frame: where it ends.
    fn frame_exclusion(&self, at: usize) -> Option<usize> {
        let after_frame = at > 0
            && ["row", "preceding", "following"]
                .iter()
                .any(|end| is_word(self.token(at - 1), end));
        if !after_frame || !self.says(at, &["exclude"]) {
            return None;
        }
        let end = if self.says(at + 1, &["ties"]) || self.says(at + 1, &["group"]) {
            at + 2
        } else if self.says(at + 1, &["current", "row"]) || self.says(at + 1, &["no", "others"]) {
            at + 3
        } else {
            return None;
        };
        (*self.token(end) == Token::RParen).then_some(end)
    }

    /// What stands before `at` may end an item of a list.
    fn ends_item(&self, at: usize) -> bool {
        at > 0
            && matches!(
                self.token(at - 1),
                Token::Mul | Token::RBrace | Token::Word(_)
            )
    }

    /// `TABLE t`, where a query may begin.
    fn begins_table_query(&self, at: usize) -> bool {
        let begins = at == 0
            || matches!(self.token(at - 1), Token::LParen | Token::RParen)
            || ["union", "all", "except", "intersect", "distinct"]
                .iter()
                .any(|before| self.says(at - 1, &[before]));
        begins && self.says(at, &["table"]) && self.names_something(at + 1)
    }

    /// A name, quoted or none of the words that stand between names.
    fn names_something(&self, at: usize) -> bool {
        match self.token(at) {
            Token::Word(word) => {
                word.quote_style.is_some()
                    || !BETWEEN_NAMES
                        .iter()
                        .any(|it| word.value.eq_ignore_ascii_case(it))
            }
            _ => false,
        }
    }

    /// `INTERVAL '1:30' HOUR_MINUTE`, `EXTRACT(YEAR_MONTH FROM …)`: the unit it ends in.
    fn composite_unit(&self, at: usize) -> Option<&'static str> {
        let Token::Word(unit) = self.token(at) else {
            return None;
        };
        if unit.quote_style.is_some() {
            return None;
        }
        let (_, last) = COMPOSITE_UNITS
            .iter()
            .find(|(composite, _)| unit.value.eq_ignore_ascii_case(composite))?;
        let extracted = at > 1
            && is_word(self.token(at - 2), "extract")
            && *self.token(at - 1) == Token::LParen
            && self.says(at + 1, &["from"]);
        let of_interval = at > 1 && is_word(self.token(at - 2), "interval");
        (extracted || of_interval).then_some(*last)
    }

    /// `INTERVAL(n, 10, 100)`, the function, which has more than one argument.
    fn is_interval_function(&self, at: usize) -> bool {
        *self.token(at + 1) == Token::LParen
            && self.closing(at + 1).is_some_and(|end| {
                self.outside(at + 2, end, |comma| *self.token(comma) == Token::Comma)
                    .is_some()
            })
    }

    /// `10%`, `10 percent (bernoulli)`, `reservoir(50 rows) repeatable (42)`: where it ends.
    fn sample_end(&self, from: usize) -> Option<usize> {
        let amount = |at: usize| -> Option<usize> {
            if !matches!(self.token(at), Token::Number(..)) {
                return None;
            }
            let unit = *self.token(at + 1) == Token::Mod
                || self.says(at + 1, &["percent"])
                || self.says(at + 1, &["rows"]);
            Some(at + 1 + usize::from(unit))
        };
        let method = |at: usize| {
            ["reservoir", "bernoulli", "system"]
                .iter()
                .any(|it| self.says(at, &[it]))
        };
        let mut end = if method(from) && *self.token(from + 1) == Token::LParen {
            let end = amount(from + 2)?;
            (*self.token(end) == Token::RParen).then_some(end + 1)?
        } else {
            let mut end = amount(from)?;
            if *self.token(end) == Token::LParen && method(end + 1) {
                end += 2;
                if *self.token(end) == Token::Comma
                    && matches!(self.token(end + 1), Token::Number(..))
                {
                    end += 2;
                }
                (*self.token(end) == Token::RParen).then_some(())?;
                end += 1;
            }
            end
        };
        if self.says(end, &["repeatable"])
            && *self.token(end + 1) == Token::LParen
            && matches!(self.token(end + 2), Token::Number(..))
            && *self.token(end + 3) == Token::RParen
        {
            end += 4;
        }
        Some(end)
    }

    /// DuckDB's statement PIVOT is the standard's, taken apart: `PIVOT t ON a IN (…) USING sum(b) GROUP BY c` is
    /// `SELECT * FROM t PIVOT (sum(b) FOR a IN (…) GROUP BY c)`. Of both, GROUP BY is carried where the parser
    /// reads another engine's DEFAULT ON NULL.
    fn pivots(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            let begins = at == 0 || *self.token(at - 1) == Token::LParen;
            let written = if begins && self.says(at, &["pivot"]) {
                self.pivot_statement(at)
            } else if begins && self.says(at, &["unpivot"]) {
                self.unpivot_statement(at)
            } else if at > 0 && self.says(at, &["pivot"]) && *self.token(at + 1) == Token::LParen {
                self.grouped_pivot(at)
            } else {
                None
            };
            if let Some((end, written)) = written {
                let ends = at + written.len();
                self.tokens.splice(at..end, written);
                // what is within it comes next, except for the word itself
                at = ends.min(at + 1);
            } else {
                at += 1;
            }
        }
    }

    /// Where the statement at `at` ends, and the words that may end its parts.
    fn statement_end(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for end in at..self.tokens.len() {
            match self.token(end) {
                Token::LParen => depth += 1,
                Token::RParen if depth == 0 => return end,
                Token::RParen => depth -= 1,
                Token::SemiColon if depth == 0 => return end,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// What is pivoted: a name or something in brackets. Where it ends.
    fn source_end(&self, at: usize) -> Option<usize> {
        if *self.token(at) == Token::LParen {
            return Some(self.closing(at)? + 1);
        }
        let mut end = self.names_something(at).then_some(at + 1)?;
        while *self.token(end) == Token::Period && self.names_something(end + 1) {
            end += 2;
        }
        Some(end)
    }

    fn pivot_statement(&self, at: usize) -> Option<(usize, Vec<TokenWithSpan>)> {
        let end = self.statement_end(at);
        let on = self.source_end(at + 1)?;
        let using = self.outside(on, end, |it| self.says(it, &["using"]))?;
        let tail = self
            .outside(using, end, |it| {
                self.says(it, &["order", "by"]) || self.says(it, &["limit"])
            })
            .unwrap_or(end);
        let group = self.outside(using, tail, |it| self.says(it, &["group", "by"]));
        if !self.says(on, &["on"]) || !self.says(on + 2, &["in"]) {
            return None;
        }
        let span = self.span(at);
        let mut written = spelled(&["select", "*", "from"], span);
        written.extend_from_slice(&self.tokens[at + 1..on]);
        written.extend(spelled(&["pivot", "("], span));
        written.extend_from_slice(&self.tokens[using + 1..group.unwrap_or(tail)]);
        written.extend(spelled(&["for"], span));
        written.extend_from_slice(&self.tokens[on + 1..using]);
        if let Some(group) = group {
            written.extend(grouped(&self.tokens[group + 2..tail], span));
        }
        written.extend(spelled(&[")"], span));
        written.extend_from_slice(&self.tokens[tail..end]);
        Some((end, written))
    }

    fn unpivot_statement(&self, at: usize) -> Option<(usize, Vec<TokenWithSpan>)> {
        let end = self.statement_end(at);
        let on = self.source_end(at + 1)?;
        let into = self.outside(on, end, |it| self.says(it, &["into", "name"]))?;
        let fits = self.says(on, &["on"])
            && self.names_something(into + 2)
            && self.says(into + 3, &["value"])
            && self.names_something(into + 4);
        if !fits {
            return None;
        }
        let span = self.span(at);
        let mut written = spelled(&["select", "*", "from"], span);
        written.extend_from_slice(&self.tokens[at + 1..on]);
        written.extend(spelled(&["unpivot", "("], span));
        written.push(self.tokens[into + 4].clone());
        written.extend(spelled(&["for"], span));
        written.push(self.tokens[into + 2].clone());
        written.extend(spelled(&["in", "("], span));
        written.extend_from_slice(&self.tokens[on + 1..into]);
        written.extend(spelled(&[")", ")"], span));
        written.extend_from_slice(&self.tokens[into + 5..end]);
        Some((end, written))
    }

    fn grouped_pivot(&self, at: usize) -> Option<(usize, Vec<TokenWithSpan>)> {
        let end = self.closing(at + 1)?;
        let group = self.outside(at + 2, end, |it| self.says(it, &["group", "by"]))?;
        let span = self.span(group);
        let mut written = self.tokens[at..group].to_vec();
        written.extend(grouped(&self.tokens[group + 2..end], span));
        Some((end, written))
    }
}

/// Words of MySQL's after SELECT that change how a query runs, never what it does.
const SELECT_HINTS: &[&str] = &[
    "sql_no_cache",
    "sql_small_result",
    "sql_big_result",
    "sql_buffer_result",
];

/// MySQL's units of two parts, and the part that the resolver may take them for.
const COMPOSITE_UNITS: &[(&str, &str)] = &[
    ("second_microsecond", "microsecond"),
    ("minute_microsecond", "microsecond"),
    ("minute_second", "second"),
    ("hour_microsecond", "microsecond"),
    ("hour_second", "second"),
    ("hour_minute", "minute"),
    ("day_microsecond", "microsecond"),
    ("day_second", "second"),
    ("day_minute", "minute"),
    ("day_hour", "hour"),
    ("year_month", "month"),
];

/// Words that cannot be a name where these rules look for one.
const BETWEEN_NAMES: &[&str] = &[
    "select", "where", "and", "or", "not", "on", "when", "then", "else", "having", "by", "in",
    "is", "case", "from", "join", "using", "as", "values", "with", "union", "limit", "order",
    "group", "set", "like", "between", "distinct", "all", "qualify",
];

fn is_word(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(wanted))
}

fn word(word: &str) -> Token {
    Token::make_keyword(word)
}

fn spelled(words: &[&str], span: Span) -> Vec<TokenWithSpan> {
    words
        .iter()
        .map(|it| {
            let token = match *it {
                "(" => Token::LParen,
                ")" => Token::RParen,
                "*" => Token::Mul,
                it => word(it),
            };
            TokenWithSpan { token, span }
        })
        .collect()
}

/// `DEFAULT ON NULL ((a, b))`.
fn grouped(keys: &[TokenWithSpan], span: Span) -> Vec<TokenWithSpan> {
    let mut written = spelled(&["default", "on", "null", "(", "("], span);
    written.extend_from_slice(keys);
    written.extend(spelled(&[")", ")"], span));
    written
}
