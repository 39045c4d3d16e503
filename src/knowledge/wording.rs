//! When two questions are the same question, and how near two that are not.

use crate::knowledge::search::words;
use std::sync::LazyLock;

/// Openings that ask without saying what for.
const OPENINGS: &[&[&str]] = &[
    &["please"],
    &["can", "you"],
    &["could", "you"],
    &["would", "you"],
    &["i", "want", "to", "see"],
    &["i", "want", "to", "know"],
    &["i", "would", "like", "to", "see"],
    &["i", "would", "like", "to", "know"],
    &["i", "d", "like", "to", "see"],
    &["show", "me"],
    &["show"],
    &["give", "me"],
    &["tell", "me"],
    &["list"],
    &["display"],
    &["find"],
    &["get"],
    &["return"],
    &["what", "is"],
    &["what", "s"],
    &["what", "are"],
    &["what", "was"],
    &["what", "were"],
];
const ARTICLES: &[&str] = &["the", "a", "an"];
/// What changes a question although it is no letter.
const SIGNS: &str = "<>=%+#*/&€$£@!≥≤≠";

/// A word of a question as it is compared, and as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub folded: String,
    pub raw: String,
}

/// The words that make a question this one: no case, accents, punctuation, politeness or articles.
///
/// Order stays, and so does every other word: "with" and "without" are not the same question.
pub fn words_of(question: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let chars: Vec<char> = question.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        let start = at;
        if c.is_ascii_digit() || c == '-' && digit(at + 1) && (at == 0 || chars[at - 1] == ' ') {
            at += 1;
            while at < chars.len()
                && (chars[at].is_alphanumeric() || matches!(chars[at], '.' | ',') && digit(at + 1))
            {
                at += 1;
            }
            let raw: String = chars[start..at].iter().collect();
            let folded = raw.replace(',', "");
            all.push(Word {
                folded: words::fold(&folded),
                raw,
            });
        } else if c.is_alphanumeric() {
            while at < chars.len() && (chars[at].is_alphanumeric() || is_joined_mark(chars[at])) {
                at += 1;
            }
            let raw: String = chars[start..at].iter().collect();
            all.push(Word {
                folded: number_of(&words::fold(&raw)),
                raw,
            });
        } else {
            if SIGNS.contains(c) && !(c == '!' && chars.get(at + 1) != Some(&'=')) {
                all.push(Word {
                    folded: c.to_string(),
                    raw: c.to_string(),
                });
            }
            at += 1;
        }
    }
    let mut begins = 0;
    'opening: loop {
        for opening in OPENINGS {
            let rest = &all[begins..];
            if rest.len() > opening.len()
                && rest
                    .iter()
                    .zip(*opening)
                    .all(|(word, part)| word.folded == *part)
            {
                begins += opening.len();
                continue 'opening;
            }
        }
        break;
    }
    let mut kept: Vec<Word> = all
        .drain(begins..)
        .filter(|word| !ARTICLES.contains(&word.folded.as_str()))
        .collect();
    while kept.len() > 1
        && kept
            .last()
            .is_some_and(|word| ["please", "thanks"].contains(&word.folded.as_str()))
    {
        kept.pop();
    }
    kept
}

/// Equal keys are one question.
pub fn key(question: &str) -> String {
    words_of(question)
        .iter()
        .map(|word| word.folded.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Accents that stand as characters of their own belong to their letter.
fn is_joined_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// "five" and "5" are the same number.
fn number_of(word: &str) -> String {
    const NUMBERS: &[&str] = &[
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    // "one" is more often a pronoun
    match NUMBERS.iter().position(|number| *number == word) {
        Some(value) if value > 1 => value.to_string(),
        _ => word.to_owned(),
    }
}

/// The stems by which questions are near each other, without repeats; little words are left out.
pub fn stems(question: &str) -> Vec<String> {
    static STEMMERS: LazyLock<words::Stemmers> = LazyLock::new(words::Stemmers::new);
    let language = words::Language::of_question(question);
    let mut out: Vec<String> = Vec::new();
    for word in words::spoken_words(question) {
        let all = if word.paired {
            words::pairs(&word.folded)
        } else if words::is_little(&word.folded, language) {
            continue;
        } else {
            vec![STEMMERS.stem(language, &word.folded)]
        };
        for stem in all {
            if !out.contains(&stem) {
                out.push(stem);
            }
        }
    }
    out
}

/// A question about "last month" has another answer each month: a query with fixed dates goes stale.
pub fn speaks_of_now(question: &str) -> bool {
    const NOW: &[&str] = &[
        "today",
        "yesterday",
        "tomorrow",
        "now",
        "current",
        "currently",
        "recent",
        "recently",
        "ago",
        "heute",
        "gestern",
        "hier",
        "hoy",
        "ayer",
    ];
    const PERIODS: &[&str] = &[
        "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years",
        "hour", "hours", "minutes",
    ];
    let words = words_of(question);
    words.iter().enumerate().any(|(at, word)| {
        NOW.contains(&word.folded.as_str())
            || ["this", "last", "past", "previous", "next"].contains(&word.folded.as_str())
                && words[at + 1..]
                    .iter()
                    .take(2)
                    .any(|next| PERIODS.contains(&next.folded.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_has_one_key_and_another_question_another() {
        for (one, other, same) in [
            (
                "How many customers are there?",
                "how many customers are there",
                true,
            ),
            (
                "Please show me the top 5 artists!",
                "top five artists",
                true,
            ),
            ("What is the total revenue?", "total revenue", true),
            ("Café sales", "cafe sales", true),
            ("orders over 1,000", "orders over 1000", true),
            ("customers with orders", "customers without orders", false),
            ("top customer", "top customers", false),
            ("orders from A to B", "orders from B to A", false),
            ("total > 5", "total < 5", false),
            ("sales in 2012", "sales in 2013", false),
            ("고객 수", "고객 수", true),
        ] {
            assert_eq!(key(one) == key(other), same, "{one} | {other}");
        }
        assert_eq!(key("show"), "show", "something is always left");
    }

    #[test]
    fn what_depends_on_today_is_known_by_its_words() {
        for (question, now) in [
            ("orders of last month", true),
            ("revenue of the last 30 days", true),
            ("who signed up today", true),
            ("the last name of each customer", false),
            ("orders in March 2012", false),
        ] {
            assert_eq!(speaks_of_now(question), now, "{question}");
        }
    }
}
