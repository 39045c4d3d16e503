//! What only DuckDB says: queries that begin with FROM, `[x for x in l]`, `name.upper()`, `n: expression`, `x in list`.

use super::{Text, is_word, spelled, word};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// Calls and brackets that respelling may put around what had none: each is a level that the parser has to descend,
/// and the text's own nesting does not tell of it.
const MOST_WOVEN: usize = 10;
/// Other wholes of one kind that are spelled anew; each moves all tokens behind it.
const MOST: usize = 100;

/// Where a method's object would be another schema than the one of a column.
const NAMESPACES: &[&str] = &[
    "main",
    "temp",
    "system",
    "memory",
    "pg_catalog",
    "information_schema",
];

/// Words after which a bracket opens no call.
const NO_CALLS: &[&str] = &[
    "any", "some", "exists", "over", "filter", "values", "array", "within", "exclude", "replace",
];

impl Text {
    /// Each of these spells a whole of several parts, so they go over the text one after another.
    pub(super) fn wholes_of_duckdb(&mut self) {
        self.queries_from();
        self.pivots();
        let mut woven = 0;
        self.comprehensions(&mut woven);
        self.methods(&mut woven);
        self.membership();
        self.aliases_before();
    }

    fn write(&mut self, from: usize, to: usize, tokens: Vec<TokenWithSpan>) {
        self.tokens.splice(from..to, tokens);
    }

    fn make(&self, token: Token, at: usize) -> TokenWithSpan {
        TokenWithSpan {
            token,
            span: self.span(at),
        }
    }

    /// `FROM t WHERE …` shows everything: `SELECT * FROM t WHERE …`.
    fn queries_from(&mut self) {
        let (mut at, mut count) = (0, 0);
        while at < self.tokens.len() && count < MOST {
            if self.says(at, &["from"]) && self.begins_query(at) {
                let ends = |it: usize| {
                    matches!(self.token(it), Token::RParen | Token::SemiColon)
                        || ["union", "except", "intersect", "select"]
                            .iter()
                            .any(|word| self.says(it, &[word]))
                };
                let end = self.outside(at + 1, self.tokens.len(), ends);
                if !end.is_some_and(|end| self.says(end, &["select"])) {
                    let shown = spelled(&["select", "*"], self.span(at));
                    self.write(at, at, shown);
                    at += 2;
                    count += 1;
                }
            }
            at += 1;
        }
    }

    /// A query may stand at `at`, and nothing that is written with FROM.
    fn begins_query(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return true;
        };
        match self.token(before) {
            Token::LParen => {
                !(before > 0
                    && ["trim", "substring", "overlay", "extract", "position"]
                        .iter()
                        .any(|call| self.says(before - 1, &[call])))
            }
            Token::RParen => self.ends_ctes(before),
            _ => {
                let by_name = before > 1 && self.says(before - 1, &["by", "name"]);
                let before = before - 2 * usize::from(by_name);
                let all =
                    usize::from(self.says(before, &["all"]) || self.says(before, &["distinct"]));
                ["union", "except", "intersect"]
                    .iter()
                    .any(|word| before >= all && self.says(before - all, &[word]))
            }
        }
    }

    /// The bracket at `close` ends the last CTE of a WITH.
    fn ends_ctes(&self, close: usize) -> bool {
        let mut close = close;
        loop {
            let Some(mut at) = self.opening(close).and_then(|open| open.checked_sub(1)) else {
                return false;
            };
            if self.says(at, &["materialized"]) {
                let not = at > 0 && self.says(at - 1, &["not"]);
                let Some(before) = at.checked_sub(1 + usize::from(not)) else {
                    return false;
                };
                at = before;
            }
            if !self.says(at, &["as"]) || at == 0 {
                return false;
            }
            at -= 1;
            if *self.token(at) == Token::RParen {
                let Some(before) = self.opening(at).and_then(|open| open.checked_sub(1)) else {
                    return false;
                };
                at = before;
            }
            // here stands its name
            match at.checked_sub(1) {
                Some(before) if self.says(before, &["with"]) => return true,
                Some(before) if self.says(before, &["recursive"]) => return true,
                Some(before)
                    if *self.token(before) == Token::Comma
                        && before > 0
                        && *self.token(before - 1) == Token::RParen =>
                {
                    close = before - 1;
                }
                _ => return false,
            }
        }
    }

    /// `[f(x) for x in l if g(x)]` is `list_transform(list_filter(l, x -> g(x)), x -> (f(x)))`.
    fn comprehensions(&mut self, woven: &mut usize) {
        let mut at = 0;
        while at < self.tokens.len() && *woven < MOST_WOVEN {
            if *self.token(at) == Token::LBracket
                && let Some((end, written)) = self.comprehension(at)
            {
                self.write(at, end, written);
                *woven += 1;
            }
            at += 1;
        }
    }

    fn comprehension(&self, open: usize) -> Option<(usize, Vec<TokenWithSpan>)> {
        let close = self.closing(open)?;
        let named = self.outside(open + 1, close, |at| self.says(at, &["for"]))?;
        let two = *self.token(named + 2) == Token::Comma;
        let within = named + 2 + 2 * usize::from(two);
        let fits = named > open + 1
            && self.names_something(named + 1)
            && (!two || self.names_something(named + 3))
            && self.says(within, &["in"])
            && within + 1 < close;
        if !fits {
            return None;
        }
        let condition = self.outside(within + 2, close, |at| {
            self.says(at, &["if"]) && self.ends_operand(at - 1)
        });
        let list_end = condition.unwrap_or(close);
        let mut names = Vec::new();
        if two {
            names.push(self.make(Token::LParen, named));
        }
        names.extend_from_slice(&self.tokens[named + 1..within]);
        if two {
            names.push(self.make(Token::RParen, named));
        }
        names.push(self.make(Token::Arrow, named));
        names.push(self.make(Token::LParen, named));

        let mut written = spelled(&["list_transform", "("], self.span(open));
        if condition.is_some() {
            written.extend(spelled(&["list_filter", "("], self.span(open)));
        }
        written.extend_from_slice(&self.tokens[within + 1..list_end]);
        if let Some(condition) = condition {
            written.push(self.make(Token::Comma, condition));
            written.extend_from_slice(&names);
            written.extend_from_slice(&self.tokens[condition + 1..close]);
            written.extend(spelled(&[")", ")"], self.span(close)));
        }
        written.push(self.make(Token::Comma, named));
        written.extend_from_slice(&names);
        written.extend_from_slice(&self.tokens[open + 1..named]);
        written.extend(spelled(&[")", ")"], self.span(close)));
        Some((close + 1, written))
    }

    /// `x.f(y)` is `f(x, y)`, unless `x` can only be a schema.
    fn methods(&mut self, woven: &mut usize) {
        let mut at = 1;
        while at < self.tokens.len() && *woven < MOST_WOVEN {
            let is_call = *self.token(at) == Token::Period
                && matches!(self.token(at + 1), Token::Word(_))
                && *self.token(at + 2) == Token::LParen;
            if is_call && let Some(start) = self.operand_start(at - 1) {
                let mut written = vec![self.tokens[at + 1].clone(), self.tokens[at + 2].clone()];
                written.extend_from_slice(&self.tokens[start..at]);
                if *self.token(at + 3) != Token::RParen {
                    written.push(self.make(Token::Comma, at));
                }
                self.write(start, at + 3, written);
                *woven += 1;
            }
            at += 1;
        }
    }

    /// Where the operand that ends at `last` begins; None where it may be none.
    fn operand_start(&self, last: usize) -> Option<usize> {
        let mut last = last;
        let start = loop {
            let start = match self.token(last) {
                Token::RParen => {
                    let open = self.opening(last)?;
                    let called = open > 0
                        && self.names_something(open - 1)
                        && !NO_CALLS.iter().any(|word| self.says(open - 1, &[word]));
                    open - usize::from(called)
                }
                Token::RBracket => {
                    let open = self.opening(last)?;
                    if open > 0 && self.ends_operand(open - 1) {
                        last = open - 1;
                        continue;
                    }
                    open
                }
                Token::RBrace => self.opening(last)?,
                Token::Word(_) if self.names_something(last) && !self.says(last, &["end"]) => last,
                Token::SingleQuotedString(_) => last,
                _ => return None,
            };
            match start.checked_sub(1).map(|before| self.token(before)) {
                Some(Token::Period | Token::DoubleColon) if start > 1 => last = start - 2,
                _ => break start,
            }
        };
        let begins_from =
            start > 0 && (self.says(start - 1, &["from"]) || self.says(start - 1, &["join"]));
        let is_schema = NAMESPACES.iter().any(|name| {
            matches!(self.token(start), Token::Word(word) if word.value.eq_ignore_ascii_case(name))
        });
        (!begins_from && !is_schema).then_some(start)
    }

    fn ends_operand(&self, at: usize) -> bool {
        self.names_something(at)
            || matches!(
                self.token(at),
                Token::RParen
                    | Token::RBracket
                    | Token::RBrace
                    | Token::Number(..)
                    | Token::SingleQuotedString(_)
            )
    }

    /// `x in ['a', 'b']` and `x in list` are `x in ('a', 'b')` and `x in (list)`.
    fn membership(&mut self) {
        let (mut at, mut count) = (1, 0);
        while at < self.tokens.len() && count < MOST {
            if self.says(at, &["in"]) {
                if *self.token(at + 1) == Token::LBracket
                    && let Some(close) = self.closing(at + 1)
                    && !matches!(self.token(close + 1), Token::LBracket | Token::Period)
                {
                    self.tokens[at + 1].token = Token::LParen;
                    self.tokens[close].token = Token::RParen;
                } else if self.names_something(at + 1) {
                    let mut end = at + 2;
                    while *self.token(end) == Token::Period && self.names_something(end + 1) {
                        end += 2;
                    }
                    if !matches!(
                        self.token(end),
                        Token::LParen | Token::LBracket | Token::Period
                    ) {
                        let (open, close) = (self.span(at + 1), self.span(end - 1));
                        self.write(end, end, spelled(&[")"], close));
                        self.write(at + 1, at + 1, spelled(&["("], open));
                        count += 1;
                    }
                }
            }
            at += 1;
        }
    }

    /// `SELECT n: expression` and `FROM t: table`, the name before what it is given to.
    fn aliases_before(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.says(at, &["select"]) {
                self.aliases_in_list(at + 1);
            } else if (self.says(at, &["from"]) || self.says(at, &["join"]))
                && self.is_alias_before(at + 1)
                && let Some(mut end) = self.source_end(at + 3)
            {
                if *self.token(end) == Token::LParen {
                    let Some(close) = self.closing(end) else {
                        return;
                    };
                    end = close + 1;
                }
                self.alias_behind(at + 1, end);
            }
            at += 1;
        }
    }

    fn aliases_in_list(&mut self, first: usize) {
        const ENDS: &[&str] = &[
            "from",
            "where",
            "group",
            "having",
            "qualify",
            "window",
            "order",
            "limit",
            "offset",
            "union",
            "except",
            "intersect",
            "using",
            "fetch",
        ];
        let mut at = first;
        if self.says(at, &["distinct"]) || self.says(at, &["all"]) {
            at += 1;
            if self.says(at, &["on"]) && *self.token(at + 1) == Token::LParen {
                let Some(close) = self.closing(at + 1) else {
                    return;
                };
                at = close + 1;
            }
        }
        loop {
            let ends = |it: usize| {
                matches!(
                    self.token(it),
                    Token::Comma | Token::RParen | Token::SemiColon
                ) || ENDS.iter().any(|word| self.says(it, &[word]))
            };
            let end = self
                .outside(at, self.tokens.len(), ends)
                .unwrap_or(self.tokens.len());
            if self.is_alias_before(at) && at + 2 < end {
                self.alias_behind(at, end);
            }
            if *self.token(end) != Token::Comma {
                return;
            }
            at = end + 1;
        }
    }

    fn is_alias_before(&self, at: usize) -> bool {
        self.names_something(at) && *self.token(at + 1) == Token::Colon
    }

    /// `n: x` from `at` to `end` becomes `x as n`, which is as long.
    fn alias_behind(&mut self, at: usize, end: usize) {
        let mut written = self.tokens[at + 2..end].to_vec();
        written.push(self.make(word("as"), at));
        written.push(self.tokens[at].clone());
        self.write(at, end, written);
    }

    /// `TABLESAMPLE 10%` behind a table: where it ends.
    pub(super) fn table_sample(&self, at: usize) -> Option<usize> {
        let fits = at > 0 && self.ends_operand(at - 1) && is_word(self.token(at), "tablesample");
        if fits { self.sample_end(at + 1) } else { None }
    }
}
