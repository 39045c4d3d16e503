//! What only PostgreSQL says: SEARCH and CYCLE behind a recursive CTE, `LIKE ANY (array)`, `(row).field`.

use super::{Text, spelled, word};
use sqlparser::ast::{Ident, LockClause, LockType, ObjectName, ObjectNamePart};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// Quotes what the parser is given to carry to the resolver: no text can hold such a name.
const CARRIER: char = '\u{1}';
/// Between the parts of what is carried: a text with one is refused before anything reads it.
const BETWEEN: char = '\0';

/// Fields of rows that are spelled anew; each moves all tokens behind it.
const MOST: usize = 100;

/// What SEARCH and CYCLE say of a CTE.
#[derive(Debug, Default, PartialEq)]
pub(in crate::query) struct Walk {
    /// Columns that have to be there, as they are looked up.
    pub keys: Vec<String>,
    /// Columns that the CTE has besides.
    pub added: Vec<Added>,
}

#[derive(Debug, PartialEq)]
pub(in crate::query) struct Added {
    pub name: String,
    pub kind: AddedKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::query) enum AddedKind {
    /// An array of rows.
    Path,
    /// True or false.
    Mark,
    /// Whatever the two constants are, or what can only be sorted by.
    Other,
}

/// Of a locking clause that none is.
pub(in crate::query) fn carried(lock: &LockClause) -> Option<Walk> {
    let (LockType::Share, Some(ObjectName(parts))) = (&lock.lock_type, &lock.of) else {
        return None;
    };
    let [
        ObjectNamePart::Identifier(Ident {
            value,
            quote_style: Some(CARRIER),
            ..
        }),
    ] = parts.as_slice()
    else {
        return None;
    };
    let mut walk = Walk::default();
    for part in value.split(BETWEEN) {
        let kind = match part.get(..1)? {
            "k" => {
                walk.keys.push(part.get(1..)?.to_owned());
                continue;
            }
            "p" => AddedKind::Path,
            "m" => AddedKind::Mark,
            _ => AddedKind::Other,
        };
        walk.added.push(Added {
            name: part.get(1..)?.to_owned(),
            kind,
        });
    }
    Some(walk)
}

impl Text {
    pub(super) fn wholes_of_postgres(&mut self) {
        self.walks();
        self.fields_of_rows();
    }

    /// `AS (…) SEARCH DEPTH FIRST BY a SET o CYCLE b SET c USING p`: what they add goes into the brackets, where the
    /// parser reads on which tables a lock is.
    fn walks(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            if *self.token(at) == Token::RParen
                && (self.says(at + 1, &["search"]) || self.says(at + 1, &["cycle"]))
                && self.closes_cte(at)
                && let Some((end, carried)) = self.walk(at + 1)
            {
                let span = self.span(at + 1);
                let mut written = spelled(&["for", "share", "of"], span);
                written.push(TokenWithSpan {
                    token: Token::make_word(&carried, Some(CARRIER)),
                    span,
                });
                written.push(self.tokens[at].clone());
                self.tokens.splice(at..end, written);
            }
            at += 1;
        }
    }

    fn closes_cte(&self, close: usize) -> bool {
        self.opening(close)
            .and_then(|open| open.checked_sub(1))
            .is_some_and(|before| {
                self.says(before, &["as"])
                    || self.says(before, &["materialized"])
                        && before > 0
                        && (self.says(before - 1, &["as"]) || self.says(before - 1, &["not"]))
            })
    }

    /// Where the clauses end, and what they say.
    fn walk(&self, from: usize) -> Option<(usize, String)> {
        let mut parts: Vec<String> = Vec::new();
        let mut at = from;
        if self.says(at, &["search"]) {
            let depth = self.says(at + 1, &["depth"]);
            if !(depth || self.says(at + 1, &["breadth"])) || !self.says(at + 2, &["first", "by"]) {
                return None;
            }
            at = self.keys(at + 4, &mut parts)?;
            at = self.added(at, "set", if depth { 'p' } else { 'o' }, &mut parts)?;
        }
        if self.says(at, &["cycle"]) {
            at = self.keys(at + 1, &mut parts)?;
            let mark = parts.len();
            at = self.added(at, "set", 'm', &mut parts)?;
            if self.says(at, &["to"]) {
                if !self.is_constant(at + 1)
                    || !self.says(at + 2, &["default"])
                    || !self.is_constant(at + 3)
                {
                    return None;
                }
                parts[mark].replace_range(..1, "o");
                at += 4;
            }
            at = self.added(at, "using", 'p', &mut parts)?;
        }
        Some((at, parts.join(&BETWEEN.to_string())))
    }

    fn keys(&self, from: usize, parts: &mut Vec<String>) -> Option<usize> {
        let mut at = from;
        loop {
            parts.push(format!("k{}", self.folded(at)?));
            if *self.token(at + 1) != Token::Comma {
                return Some(at + 1);
            }
            at += 2;
        }
    }

    fn added(&self, at: usize, word: &str, kind: char, parts: &mut Vec<String>) -> Option<usize> {
        if !self.says(at, &[word]) {
            return None;
        }
        parts.push(format!("{kind}{}", self.folded(at + 1)?));
        Some(at + 2)
    }

    /// A name as PostgreSQL looks it up.
    fn folded(&self, at: usize) -> Option<String> {
        match self.token(at) {
            Token::Word(word) if word.quote_style.is_some() => Some(word.value.clone()),
            Token::Word(word) if self.names_something(at) => Some(word.value.to_lowercase()),
            _ => None,
        }
    }

    fn is_constant(&self, at: usize) -> bool {
        self.says(at, &["true"])
            || self.says(at, &["false"])
            || matches!(
                self.token(at),
                Token::SingleQuotedString(_) | Token::Number(..)
            )
    }

    /// `(o).id`, where `o` is a table of FROM, is `o.id`.
    fn fields_of_rows(&mut self) {
        let (mut at, mut count) = (0, 0);
        while at < self.tokens.len() && count < MOST {
            let fits = *self.token(at) == Token::LParen
                && self.names_something(at + 1)
                && *self.token(at + 2) == Token::RParen
                && *self.token(at + 3) == Token::Period
                && (*self.token(at + 4) == Token::Mul || self.names_something(at + 4))
                && *self.token(at + 5) != Token::LParen
                // no call: `f(o).id` is a field of what it gives
                && !(at > 0 && self.names_something(at - 1));
            if fits {
                self.tokens.remove(at + 2);
                self.tokens.remove(at);
                count += 1;
            }
            at += 1;
        }
    }

    /// `LIKE ANY (array)` compares with each of them, as `= ANY (array)` does.
    pub(super) fn like_each(&self, at: usize) -> bool {
        (self.says(at, &["like"]) || self.says(at, &["ilike"]))
            && ["any", "some", "all"]
                .iter()
                .any(|each| self.says(at + 1, &[each]))
            && *self.token(at + 2) == Token::LParen
    }

    pub(super) fn respell_postgres(
        &self,
        at: usize,
        written: &mut Vec<TokenWithSpan>,
    ) -> Option<usize> {
        let negated = usize::from(self.says(at, &["not"]));
        if !self.like_each(at + negated) {
            return None;
        }
        let span = self.span(at);
        // `<>` and `=` want the same of their sides as LIKE does: texts
        let token = if negated > 0 { Token::Neq } else { Token::Eq };
        written.push(TokenWithSpan { token, span });
        if self.says(at + negated + 1, &["some"]) {
            written.push(TokenWithSpan {
                token: word("any"),
                span,
            });
            return Some(at + negated + 2);
        }
        Some(at + negated + 1)
    }
}
