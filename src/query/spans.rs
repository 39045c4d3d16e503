//! Where the words and literals of a query stand, for whoever edits a query without writing it anew.

use super::Dialect;
use super::grammar::grammar;
use sqlparser::tokenizer::{Location, Token, Tokenizer};

/// A word, literal or sign of a query; blanks and comments are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Bytes `start..end` of the query, quotes included.
    pub start: usize,
    pub end: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A name or keyword, without its quotes.
    Word {
        value: String,
        quoted: bool,
    },
    /// A text literal, unescaped.
    Text(String),
    /// A number as written.
    Number(String),
    Sign(String),
}

/// `None` for a text that is no SQL of the dialect, and for q.
pub fn spans(text: &str, dialect: Dialect) -> Option<Vec<Span>> {
    if dialect == Dialect::Kdb {
        return None;
    }
    let tokens = Tokenizer::new(grammar(dialect), text)
        .tokenize_with_location()
        .ok()?;
    let lines = Lines::of(text);
    let mut spans = Vec::new();
    for token in tokens {
        let what = match token.token {
            Token::Whitespace(_) | Token::EOF => continue,
            Token::Word(word) => What::Word {
                quoted: word.quote_style.is_some(),
                value: word.value,
            },
            Token::SingleQuotedString(text) => What::Text(text),
            Token::DoubleQuotedString(text) => What::Word {
                value: text,
                quoted: true,
            },
            Token::Number(digits, _) => What::Number(digits),
            sign => What::Sign(sign.to_string()),
        };
        spans.push(Span {
            start: lines.offset(token.span.start)?,
            end: lines.offset(token.span.end)?,
            what,
        });
    }
    Some(spans)
}

/// The byte at which a position of a finding stands (1-based line, column in characters).
pub fn offset(text: &str, line: u64, column: u64) -> Option<usize> {
    Lines::of(text).offset(Location { line, column })
}

struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { text, starts }
    }

    fn offset(&self, at: Location) -> Option<usize> {
        let line = usize::try_from(at.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
        let start = *self.starts.get(line)?;
        let rest = &self.text[start..];
        Some(
            start
                + rest
                    .char_indices()
                    .nth(column)
                    .map_or(rest.len(), |(at, _)| at),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_literal_is_where_it_says() {
        let sql = "select \"Größe\", 'it''s'\n  from t where a > 1.5 -- 7\n";
        let spans = spans(sql, Dialect::Postgres).expect("SQL");
        let of = |what: &What| {
            let span = spans.iter().find(|span| span.what == *what).expect("there");
            &sql[span.start..span.end]
        };
        assert_eq!(of(&What::Text("it's".into())), "'it''s'");
        assert_eq!(of(&What::Number("1.5".into())), "1.5");
        let name = What::Word {
            value: "Größe".into(),
            quoted: true,
        };
        assert_eq!(of(&name), "\"Größe\"");
        assert_eq!(offset(sql, 2, 3), Some(sql.find("from").expect("there")));
    }
}
