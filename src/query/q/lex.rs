//! q's words: what a text of q is made of.

use crate::query::{Finding, lex::Place};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number, a date or a time; its value where it is a plain number.
    Number(Option<f64>),
    /// `` `a`b ``; a lone backtick is one empty symbol.
    Symbols(Vec<String>),
    /// `"text"`: how long, and the text.
    Text(String),
    Name(String),
    /// An operator sign.
    Sign(&'static str),
    Open(char),
    Close(char),
    Semicolon,
    Colon,
}

#[derive(Clone, Debug)]
pub(super) struct Word {
    pub token: Token,
    pub from: usize,
    pub to: usize,
    pub at: Place,
}

const SIGNS: [&str; 22] = [
    "<>", "<=", ">=", "/:", "\\:", "':", "+", "-", "*", "%", "&", "|", "=", "<", ">", "~", ",",
    "#", "_", "^", "$", "?",
];
/// Signs that amend, apply, iterate or make dictionaries: not part of a question.
const OTHER_SIGNS: [&str; 6] = ["!", "@", ".", "/", "\\", "'"];

pub(super) fn words(text: &str) -> Result<Vec<Word>, Finding> {
    if text.len() > crate::query::lex::MAX_BYTES {
        return Err(refuse(
            "too_long",
            "the query is too long",
            Place::default(),
        ));
    }
    let bytes = text.as_bytes();
    let (mut at, mut line, mut line_start) = (0, 1, 0);
    let mut words: Vec<Word> = Vec::new();
    let mut open = 0_usize;
    while at < bytes.len() {
        let place = Place {
            line,
            column: text[line_start..at].chars().count() as u64 + 1,
        };
        let byte = bytes[at];
        match byte {
            0 => return Err(refuse("nul_byte", "the query contains a NUL byte", place)),
            b'\n' => {
                line += 1;
                at += 1;
                line_start = at;
                let next = bytes.get(at).copied();
                if !words.is_empty() && next.is_some_and(|b| !b.is_ascii_whitespace()) {
                    return Err(refuse(
                        "multiple_statements",
                        "in q a line that begins without space is another statement; indent it",
                        Place { line, column: 1 },
                    ));
                }
                continue;
            }
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'/' if at == line_start || bytes[at - 1].is_ascii_whitespace() => {
                let end = text[at..].find('\n').map_or(bytes.len(), |end| at + end);
                if text[at + 1..end].trim().is_empty() {
                    return Err(refuse(
                        "syntax_error",
                        "a lone `/` begins a block comment",
                        place,
                    ));
                }
                at = end;
                continue;
            }
            b'\\' if at == line_start || words.is_empty() => {
                return Err(refuse(
                    "not_a_query",
                    "system commands are not allowed; only a query may run",
                    place,
                ));
            }
            _ => {}
        }
        let from = at;
        let token = match byte {
            b'"' => {
                at += 1;
                loop {
                    match bytes.get(at) {
                        None => {
                            return Err(refuse(
                                "syntax_error",
                                "the quote \" is never closed",
                                place,
                            ));
                        }
                        Some(b'"') => break,
                        Some(b'\\') => at += 2,
                        Some(b'\n') => {
                            return Err(refuse(
                                "syntax_error",
                                "a string goes over the end of its line",
                                place,
                            ));
                        }
                        Some(_) => at += 1,
                    }
                }
                at += 1;
                Token::Text(text.get(from + 1..at - 1).unwrap_or("").to_owned())
            }
            b'`' => {
                let mut symbols = Vec::new();
                while bytes.get(at) == Some(&b'`') {
                    let start = at + 1;
                    at = start;
                    while bytes.get(at).is_some_and(|&b| {
                        b.is_ascii_alphanumeric() || b"_.".contains(&b) || b >= 0x80
                    }) {
                        at += 1;
                    }
                    symbols.push(text[start..at].to_owned());
                }
                if bytes.get(at) == Some(&b':') {
                    return Err(refuse(
                        "side_effect_function",
                        "a symbol with a colon is a file or a connection",
                        place,
                    ));
                }
                Token::Symbols(symbols)
            }
            b'0'..=b'9' => {
                at += number_length(&text[at..]);
                if bytes.get(at) == Some(&b':') {
                    return Err(refuse(
                        "side_effect_function",
                        "0:, 1: and 2: read and write files",
                        place,
                    ));
                }
                number(&text[from..at], place)?
            }
            b'-' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                && !words
                    .last()
                    .is_some_and(|word| is_noun(&word.token) && word.to == at) =>
            {
                at += 1;
                at += number_length(&text[at..]);
                if bytes.get(at) == Some(&b'!') {
                    return Err(refuse(
                        "side_effect_function",
                        "internal functions (-8! and the like) are not allowed",
                        place,
                    ));
                }
                number(&text[from..at], place)?
            }
            b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                at += 1;
                at += name_length(&bytes[at..]);
                Token::Name(text[from..at].to_owned())
            }
            b if b.is_ascii_alphabetic() => {
                at += name_length(&bytes[at..]);
                Token::Name(text[from..at].to_owned())
            }
            b'(' | b'[' | b'{' => {
                open += 1;
                if open > crate::query::lex::MAX_NESTING {
                    return Err(refuse("too_complex", "the query nests too deep", place));
                }
                at += 1;
                Token::Open(byte as char)
            }
            b')' | b']' | b'}' => {
                open = open.saturating_sub(1);
                at += 1;
                Token::Close(byte as char)
            }
            b';' => {
                at += 1;
                Token::Semicolon
            }
            b':' => {
                at += 1;
                Token::Colon
            }
            _ => {
                let sign = SIGNS
                    .iter()
                    .chain(&OTHER_SIGNS)
                    .find(|sign| text[at..].starts_with(**sign));
                match sign {
                    Some(sign) => {
                        at += sign.len();
                        Token::Sign(sign)
                    }
                    None => {
                        let c = text[at..].chars().next().unwrap_or('?');
                        return Err(refuse(
                            "syntax_error",
                            format!("`{c}` cannot stand here"),
                            place,
                        ));
                    }
                }
            }
        };
        words.push(Word {
            token,
            from,
            to: at,
            at: place,
        });
        if words.len() > crate::query::lex::MAX_OPERATORS * 3 {
            return Err(refuse("too_complex", "the query has too many words", place));
        }
    }
    Ok(words)
}

pub(super) fn is_noun(token: &Token) -> bool {
    matches!(
        token,
        Token::Number(_) | Token::Symbols(_) | Token::Text(_) | Token::Name(_) | Token::Close(_)
    )
}

fn name_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|&&b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
        .count()
}

/// A number, date or time as q writes them. What is none must not pass as one: `10f` is, `10system` is not.
fn number(text: &str, place: Place) -> Result<Token, Finding> {
    let digits = text.trim_start_matches('-');
    let is_one = match digits.get(..2) {
        Some("0x") => digits[2..].bytes().all(|b| b.is_ascii_hexdigit()),
        Some("0N" | "0n" | "0W" | "0w") => {
            digits.len() == 2
                || (digits.len() == 3 && b"ghijefcpmdznuvt".contains(&digits.as_bytes()[2]))
        }
        _ => {
            let body = digits
                .strip_suffix(|c: char| "bhijefpmdznuvt".contains(c))
                .unwrap_or(digits);
            // one letter between digits: a power of ten, or a date and its time
            let parts: Vec<&str> = body.split(['e', 'D', 'T']).collect();
            parts.len() <= 2
                && parts.iter().enumerate().all(|(at, part)| {
                    let part = if at > 0 {
                        part.trim_start_matches('-')
                    } else {
                        part
                    };
                    (at > 0 || !part.is_empty())
                        && part
                            .bytes()
                            .all(|b| b.is_ascii_digit() || b".:".contains(&b))
                })
        }
    };
    if !is_one {
        return Err(refuse(
            "syntax_error",
            format!("`{text}` is no number; put a space after one"),
            place,
        ));
    }
    let plain = text.trim_end_matches(['i', 'j', 'h', 'f', 'e']);
    Ok(Token::Number(plain.parse().ok()))
}

/// Digits with what belongs to numbers, dates, times and their types.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let more = byte.is_ascii_alphanumeric()
            || byte == b'.'
            || (byte == b':' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
            || (byte == b'-' && at > 0 && bytes[at - 1] == b'e');
        if !more {
            break;
        }
        at += 1;
    }
    at
}

pub(super) fn refuse(code: &str, message: impl Into<String>, at: Place) -> Finding {
    Finding {
        code: code.to_owned(),
        message: message.into(),
        line: at.line,
        column: at.column,
        suggestion: None,
    }
}
