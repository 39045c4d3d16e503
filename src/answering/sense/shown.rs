//! What a query shows of a question: its words, literals and signs, and what is known of the columns it reads.

use super::{Constraint, Stored};
use crate::query::spans::{self, What};
use crate::query::{ColumnRef, ReadOnly};
use crate::schema::{Column, Schema, ValueKind};
use std::collections::BTreeSet;

/// The traces that a query leaves.
pub(super) struct Shown {
    /// The query without its comments, and what is known of the columns it reads; lower case.
    text: String,
    /// [`Self::text`] with letters and digits alone.
    squeezed: String,
    /// Names, keywords and functions; lower case.
    words: BTreeSet<String>,
    signs: BTreeSet<String>,
    /// Text literals; lower case.
    texts: BTreeSet<String>,
    numbers: Vec<f64>,
    /// Runs of digits, wherever they stand, without zeros before them.
    digits: BTreeSet<String>,
    /// One of its columns is named like `A16`: what is in it, no word says.
    coded: bool,
    /// A number is among what it returns.
    gives_number: bool,
    /// Columns that it returns as they are.
    given: Vec<ColumnRef>,
}

impl Shown {
    pub fn of(query: &ReadOnly, schema: &Schema) -> Self {
        let mut words = BTreeSet::new();
        let mut signs = BTreeSet::new();
        let mut texts = BTreeSet::new();
        let mut text = String::new();
        match spans::spans(query.text(), query.dialect()) {
            Some(spans) => {
                for span in spans {
                    text.push_str(&query.text()[span.start..span.end].to_lowercase());
                    text.push(' ');
                    match span.what {
                        What::Word { value, quoted } => {
                            let value = value.to_lowercase();
                            // in MySQL and SQLite double quotes may hold a text
                            if quoted {
                                texts.insert(value.clone());
                            }
                            words.insert(value);
                        }
                        What::Text(value) => {
                            texts.insert(value.to_lowercase());
                        }
                        What::Sign(sign) => {
                            signs.insert(sign);
                        }
                        What::Number(_) => {}
                    }
                }
            }
            None => {
                text.push_str(&query.text().to_lowercase());
                let name = |c: char| !c.is_alphanumeric() && c != '_';
                words.extend(text.split(name).map(str::to_owned));
                texts.clone_from(&words);
                signs.extend(
                    text.chars()
                        .filter(char::is_ascii_punctuation)
                        .map(String::from),
                );
            }
        }
        let read: Vec<&Column> = query
            .columns
            .iter()
            .filter_map(|read| {
                let bare = read.table.rsplit('.').next().unwrap_or(&read.table);
                let table = schema
                    .tables
                    .iter()
                    .find(|table| table.name == read.table || table.name == bare)?;
                table.column(&read.column)
            })
            .collect();
        let (numbers, digits) = numerals(&text);
        for column in &read {
            for known in std::iter::once(&column.name)
                .chain(&column.description)
                .chain(&column.synonyms)
            {
                text.push(' ');
                text.push_str(&known.to_lowercase());
            }
        }
        let (_, described) = numerals(&text);
        Self {
            squeezed: squeezed(&text),
            words,
            signs,
            texts,
            numbers,
            digits: digits.into_iter().chain(described).collect(),
            coded: read.iter().any(|column| is_code(column)),
            gives_number: query.output.iter().any(|column| {
                column.kind.is_none_or(|kind| {
                    use ValueKind::{Decimal, Float, Integer, Interval, Other};
                    matches!(kind, Integer | Decimal | Float | Interval | Other)
                }) && !is_key(column.origin.as_ref().map_or("", |origin| &origin.column))
            }),
            given: query
                .output
                .iter()
                .filter_map(|column| column.origin.clone())
                .collect(),
            text,
        }
    }

    /// Whether there is any trace of it.
    pub fn has(&self, constraint: &Constraint) -> bool {
        match constraint {
            Constraint::Year(year) => {
                self.coded
                    || (year - 1..=year + 1).any(|year| {
                        let year = year.to_string();
                        self.digits.iter().any(|run| run.contains(&year))
                    })
            }
            // "more than 5" may be ">= 6"
            Constraint::Number { values, .. } => values.iter().any(|value| {
                self.has_number(*value)
                    || self.has_number(value - 1.0)
                    || self.has_number(value + 1.0)
            }),
            Constraint::Quoted(said) => self.has_words(said),
            Constraint::Value { said, values } => {
                self.has_value(said)
                    || values
                        .iter()
                        .any(|stored| self.has_value(&stored.value) || self.gives(stored))
            }
            Constraint::Count(_) => {
                self.gives_number || self.computes() || self.text.contains("total")
            }
            Constraint::Average(_) => {
                self.coded
                    || ["avg", "average", "mean"]
                        .iter()
                        .any(|word| self.text.contains(word))
                    || self.signs.contains("/")
                    || self.any_word(&["div"])
            }
            Constraint::Extreme(said) => {
                self.any_word(ORDERING)
                    || self.has_comparison()
                    // a column that is the extreme itself: low_grade, max_capacity
                    || EXTREME_NAMES
                        .iter()
                        .any(|(word, name)| word == said && self.text.contains(name))
            }
            Constraint::Comparison(said) => {
                // a column may be named for it: num_over_1500
                let number: String = said.chars().filter(char::is_ascii_digit).collect();
                let is_named = |word: &String| !number.is_empty() && word.contains(&number);
                self.words.iter().any(is_named)
                    || self.has_comparison()
                    || self.any_word(&["between", "within", "not", "having"])
            }
            Constraint::Negation(_) => {
                self.any_word(&["not", "except", "minus", "left", "anti", "isnull", "null"])
                    || self.has_comparison()
                    || self.signs.contains("!")
                    || self.signs.contains("~")
                    || self.numbers.contains(&0.0)
                    || ["no", "n", "f", "false", "none", ""]
                        .iter()
                        .any(|text| self.texts.contains(*text))
                    || self.any_word(&["false"])
            }
            Constraint::Month { said, number } => {
                self.coded
                    || self.text.contains(&said.to_lowercase()[..3])
                    || self.digits.contains(&number.to_string())
                    || self.digits.contains(&(number % 12 + 1).to_string())
            }
            Constraint::Period(said) => {
                self.any_word(CLOCK)
                    || self.text.contains(".z.")
                    || self.digits.iter().any(|run| {
                        run.get(..4)
                            .is_some_and(|year| year.starts_with("19") || year.starts_with("20"))
                    })
                    || said
                        .rsplit(' ')
                        .next()
                        .is_some_and(|unit| self.text.contains(unit.trim_end_matches("s")))
            }
            Constraint::Term(_) => true,
        }
    }

    pub fn has_number(&self, value: f64) -> bool {
        let near = |number: &f64| (number - value).abs() <= 1e-9 * value.abs().max(1.0);
        self.numbers.iter().any(near)
            || value >= 0.0 && value.fract() == 0.0 && self.digits.contains(&value.to_string())
    }

    /// Whether a column of that name is used.
    pub fn names(&self, column: &str) -> bool {
        self.words.contains(&column.to_lowercase())
    }

    /// Whether the text stands in it, whatever its case and signs.
    pub fn contains(&self, text: &str) -> bool {
        let squeezed = squeezed(text);
        // a short one is a literal of its own, not two letters of a name
        if squeezed.chars().count() < SHORT {
            let lower = text.to_lowercase();
            return self.texts.iter().any(|text| {
                let mut words = text.split(|c: char| !c.is_alphanumeric());
                *text == lower || words.any(|word| word == lower)
            });
        }
        self.squeezed.contains(&squeezed)
    }

    /// Whether the text, or the beginning of each of its words, stands in it.
    fn has_words(&self, said: &str) -> bool {
        self.squeezed.contains(&squeezed(said))
            || said
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .all(|word| self.begins(word))
    }

    /// Whether the value's column is among what it returns: all values are shown then, this one too.
    fn gives(&self, stored: &Stored) -> bool {
        self.given.iter().any(|given| {
            let table = stored.table.rsplit('.').next();
            given.column == stored.column && given.table.rsplit('.').next() == table
        })
    }

    /// Whether a value, or the beginning of one of its words, stands in it.
    fn has_value(&self, value: &str) -> bool {
        self.contains(value)
            || value
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.chars().count() >= SHORT)
                .any(|word| self.begins(word))
    }

    /// "Germans" is there when "german" is.
    fn begins(&self, word: &str) -> bool {
        let chars = word.chars().count();
        let stem: String = word
            .to_lowercase()
            .chars()
            .take(SHORT.max(chars.saturating_sub(3)))
            .collect();
        self.squeezed.contains(&stem)
    }

    fn any_word(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(*word))
    }

    fn computes(&self) -> bool {
        self.any_word(COMPUTING) || self.signs.contains("+") || self.signs.contains("*")
    }

    fn has_comparison(&self) -> bool {
        self.signs
            .iter()
            .any(|sign| sign.contains(['<', '>']) && !sign.contains('-'))
    }
}

/// Letters of a word that tell something.
const SHORT: usize = 4;

const COMPUTING: &[&str] = &[
    "count",
    "sum",
    "avg",
    "max",
    "min",
    "total",
    "med",
    "median",
    "rank",
    "dense_rank",
    "row_number",
    "quantile",
    "stddev",
    "distinct",
];
/// Of SQL and of q.
const ORDERING: &[&str] = &[
    "order",
    "max",
    "min",
    "limit",
    "rank",
    "dense_rank",
    "row_number",
    "fetch",
    "top",
    "all",
    "not",
    "except",
    "greatest",
    "least",
    "xdesc",
    "xasc",
    "idesc",
    "iasc",
    "desc",
    "asc",
    "first",
    "last",
    "first_value",
    "last_value",
    "nth_value",
    "percent_rank",
    "ntile",
    "max_by",
    "min_by",
    "arg_max",
    "arg_min",
    "argmax",
    "argmin",
];
const EXTREME_NAMES: &[(&str, &str)] = &[
    ("highest", "high"),
    ("highest", "max"),
    ("lowest", "low"),
    ("lowest", "min"),
    ("maximum", "max"),
    ("minimum", "min"),
    ("best", "best"),
    ("worst", "worst"),
    ("latest", "last"),
    ("latest", "latest"),
    ("earliest", "first"),
    ("longest", "long"),
    ("largest", "larg"),
];
/// What reads or takes apart a time.
const CLOCK: &[&str] = &[
    "current_date",
    "current_timestamp",
    "current_time",
    "localtimestamp",
    "now",
    "today",
    "curdate",
    "date",
    "datetime",
    "strftime",
    "julianday",
    "date_trunc",
    "date_sub",
    "date_add",
    "date_part",
    "interval",
    "extract",
    "year",
    "month",
    "timestamp",
    "age",
    "datediff",
];

fn is_code(column: &Column) -> bool {
    let letters = column.name.chars().take_while(char::is_ascii_alphabetic);
    let letters = letters.count();
    let rest = &column.name[letters..];
    (1..=2).contains(&letters)
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_digit())
        && column.description.as_deref().is_none_or(str::is_empty)
}

/// `id`, `customer_id`, `CustomerID`: a number that counts nothing.
fn is_key(column: &str) -> bool {
    let lower = column.to_lowercase();
    lower == "id" || lower.ends_with("_id") || column.ends_with("Id") || column.ends_with("ID")
}

fn squeezed(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The numbers of a text, and its runs of digits.
///
/// `1e6` and `10_000` are one number each, where no name goes before them.
fn numerals(text: &str) -> (Vec<f64>, BTreeSet<String>) {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let in_name = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
    };
    let (mut numbers, mut runs) = (Vec::new(), BTreeSet::new());
    let mut at = 0;
    while at < bytes.len() {
        if !is_digit(at) && bytes[at] != b'.' {
            at += 1;
            continue;
        }
        let start = at;
        let alone = start == 0 || !in_name(start - 1);
        while is_digit(at)
            || bytes.get(at) == Some(&b'.')
            || alone && bytes.get(at) == Some(&b'_') && is_digit(at - 1) && is_digit(at + 1)
        {
            at += 1;
        }
        let mut number = text[start..at].replace('_', "");
        if let Some(end) = exponent(bytes, at).filter(|end| alone && !in_name(*end))
            && let Ok(value) = format!("{number}{}", &text[at..end]).parse::<f64>()
            && value.is_finite()
        {
            at = end;
            number = value.to_string();
        }
        numbers.extend(number.trim_end_matches('.').parse::<f64>());
        let parts = number.split('.').filter(|run| !run.is_empty());
        runs.extend(parts.map(|run| match run.trim_start_matches('0') {
            "" => "0".to_owned(),
            run => run.to_owned(),
        }));
    }
    (numbers, runs)
}

/// Where the `e-3` that begins at `at` ends.
fn exponent(text: &[u8], at: usize) -> Option<usize> {
    if !matches!(text.get(at)?, b'e' | b'E') {
        return None;
    }
    let digits = at + 1 + usize::from(matches!(text.get(at + 1)?, b'+' | b'-'));
    let count = text[digits..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (count > 0).then_some(digits + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_whole_however_it_is_written() {
        for (text, numbers, digits) in [
            ("total > 1e6", vec![1e6], vec!["1000000"]),
            ("total > 10_000", vec![10_000.0], vec!["10000"]),
            ("x<2.5e-1", vec![0.25], vec!["0", "25"]),
            (
                "1.50, 007 and .5",
                vec![1.5, 7.0, 0.5],
                vec!["1", "5", "50", "7"],
            ),
            (
                "'1998-05-06'",
                vec![1998.0, 5.0, 6.0],
                vec!["1998", "5", "6"],
            ),
            // no number: names, and what only looks like one
            (
                "num_10_000 a1e6",
                vec![10.0, 0.0, 1.0, 6.0],
                vec!["0", "1", "10", "6"],
            ),
            ("12ef 3e 4e+", vec![12.0, 3.0, 4.0], vec!["12", "3", "4"]),
            ("1.2.3", vec![], vec!["1", "2", "3"]),
            ("1e999", vec![1.0, 999.0], vec!["1", "999"]),
        ] {
            let (found, runs) = numerals(text);
            assert_eq!(found, numbers, "{text}");
            let digits: BTreeSet<String> = digits.into_iter().map(str::to_owned).collect();
            assert_eq!(runs, digits, "{text}");
        }
    }
}
