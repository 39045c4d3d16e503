//! What a question says that its query must show.

use super::{Constraint, Stored, Term};
use crate::builtin::MONTHS;
use crate::knowledge::search::ValueHit;
use crate::knowledge::wording;
use crate::schema::Schema;
use crate::store::Directive;

/// A word of a question, or a number with what belongs to it.
#[derive(Clone, Debug)]
struct Said {
    raw: String,
    lower: String,
    number: Option<Number>,
    /// Years of a date or a range: "1993-03-22", "1996-1997".
    years: Vec<u16>,
}

#[derive(Clone, Copy, Debug)]
struct Number {
    value: f64,
    /// Four digits and nothing else.
    year: Option<u16>,
    /// "20%"
    percent: bool,
    /// "10k"
    times: f64,
    /// What follows at once says what it counts: "5개".
    counted: bool,
}

const YEARS: std::ops::RangeInclusive<u32> = 1900..=2099;

/// Splits a text into words and numbers; whatever stands in `quoted` is left out.
fn words(text: &str) -> Vec<Said> {
    let chars: Vec<char> = text.chars().collect();
    let at = |at: usize| chars.get(at).copied();
    let mut all = Vec::new();
    let mut here = 0;
    while let Some(c) = at(here) {
        if c.is_ascii_digit() {
            let start = here;
            while at(here).is_some_and(|c| c.is_ascii_digit())
                || at(here).is_some_and(|c| ".,/:-–".contains(c))
                    && at(here + 1).is_some_and(|c| c.is_ascii_digit())
            {
                here += 1;
            }
            let digits: String = chars[start..here].iter().collect();
            let suffix_start = here;
            while at(here).is_some_and(char::is_alphanumeric) {
                here += 1;
            }
            let mut suffix: String = chars[suffix_start..here].iter().collect();
            if at(here) == Some('%') {
                suffix.push('%');
                here += 1;
            }
            // "K-12", "A16", "1990-s": a part of a name
            let before = start.checked_sub(1).and_then(at);
            let in_name = before == Some('_')
                || before == Some('-')
                    && start > 1
                    && at(start - 2).is_some_and(char::is_alphanumeric)
                || at(here) == Some('_')
                || at(here) == Some('-') && at(here + 1).is_some_and(char::is_alphanumeric);
            let raw: String = chars[start..here].iter().collect();
            let (number, years) = if in_name {
                (None, Vec::new())
            } else {
                numeral(&digits, &suffix)
            };
            all.push(Said {
                lower: raw.to_lowercase(),
                raw,
                number,
                years,
            });
        } else if c.is_alphabetic() {
            let start = here;
            while at(here).is_some_and(char::is_alphanumeric)
                || matches!(at(here), Some('\'' | '’'))
                    && at(here + 1).is_some_and(char::is_alphabetic)
            {
                here += 1;
            }
            let raw: String = chars[start..here].iter().collect();
            all.push(Said {
                lower: raw.to_lowercase().replace('’', "'"),
                raw,
                number: None,
                years: Vec::new(),
            });
        } else {
            here += 1;
        }
    }
    all
}

/// The number that digits and what follows them at once make, or the years in them.
fn numeral(digits: &str, suffix: &str) -> (Option<Number>, Vec<u16>) {
    let year_of = |part: &str| {
        let year: u32 = part.parse().ok().filter(|_| part.len() == 4)?;
        YEARS.contains(&year).then_some(year as u16)
    };
    if digits.contains(['/', ':', '-', '–']) || digits.matches('.').count() > 1 {
        let parts = digits.split(['/', ':', '-', '–', '.']);
        return (None, parts.filter_map(year_of).collect());
    }
    let groups: Vec<&str> = digits.split(',').collect();
    let well_grouped = groups.len() == 1
        || groups[1..]
            .iter()
            .all(|group| group.split('.').next().is_some_and(|g| g.len() == 3));
    if !well_grouped {
        return (None, Vec::new());
    }
    let Ok(value) = groups.concat().parse::<f64>() else {
        return (None, Vec::new());
    };
    let year = year_of(digits);
    let number = |times: f64| Number {
        value,
        year: year.filter(|_| times == 1.0),
        percent: suffix == "%",
        times,
        counted: !suffix.is_empty() && !suffix.is_ascii(),
    };
    let number = match suffix.to_lowercase().as_str() {
        "" | "%" | "개" | "명" | "개의" | "명의" => Some(number(1.0)),
        "k" => Some(number(1e3)),
        "m" => Some(number(1e6)),
        "년" | "년에" | "년의" | "년도" | "年" if year.is_some() => Some(number(1.0)),
        _ => None,
    };
    (number, Vec::new())
}

/// Stretches in quotes, and the text without them.
fn quoted(question: &str) -> (Vec<String>, String) {
    let chars: Vec<char> = question.chars().collect();
    let mut texts = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    while at < chars.len() {
        let close = match chars[at] {
            '"' => Some('"'),
            '\'' => Some('\''),
            '“' | '„' => Some('”'),
            '‘' => Some('’'),
            '«' => Some('»'),
            _ => None,
        };
        let opens = at == 0 || matches!(chars[at - 1], ' ' | '(' | '\n' | ',' | ':' | '=');
        let end = close.filter(|_| opens).and_then(|close| {
            (at + 2..chars.len()).find(|&end| {
                chars[end] == close && chars.get(end + 1).is_none_or(|c| !c.is_alphanumeric())
            })
        });
        match end {
            Some(end) => {
                texts.push(chars[at + 1..end].iter().collect::<String>());
                rest.push(' ');
                at = end + 1;
            }
            None => {
                rest.push(chars[at]);
                at += 1;
            }
        }
    }
    (texts, rest)
}

/// What a number counts, when a query may write it another way: 5 minutes are 300,000 ms.
const UNITS: &[&str] = &[
    "second", "minute", "min", "hour", "day", "week", "month", "quarter", "year", "decade", "kb",
    "mb", "gb", "km", "kg", "am", "pm", "o'clock", "th", "st", "nd", "rd",
];
/// Words before which or behind which a written number is meant as one.
const COUNTING: &[&str] = &[
    "top", "first", "least", "most", "than", "over", "exactly", "only", "under", "above", "below",
];
const WRITTEN: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

fn is_unit(word: &Said) -> bool {
    let singular = word.lower.strip_suffix('s').unwrap_or(&word.lower);
    UNITS.contains(&singular) || UNITS.contains(&word.lower.as_str())
}

/// Years, numbers and quoted texts.
pub(super) fn literals(question: &str) -> Vec<Constraint> {
    let (texts, rest) = quoted(question);
    let mut all: Vec<Constraint> = Vec::new();
    let mut add = |constraint: Constraint| {
        if !all.contains(&constraint) {
            all.push(constraint);
        }
    };
    for text in texts {
        if text.chars().any(char::is_alphanumeric) {
            add(Constraint::Quoted(text));
        }
    }
    let words = words(&rest);
    for (at, word) in words.iter().enumerate() {
        for year in &word.years {
            add(Constraint::Year(*year));
        }
        let next = words.get(at + 1);
        if next.is_some_and(is_unit) {
            continue;
        }
        if let Some(number) = word.number {
            let times = match next.map(|next| next.lower.as_str()) {
                Some("thousand") => 1e3,
                Some("million") => 1e6,
                Some("billion") => 1e9,
                _ => number.times,
            };
            if let Some(year) = number.year.filter(|_| times == 1.0) {
                add(Constraint::Year(year));
            } else if number.value > 1.0 || number.percent {
                let mut values = vec![number.value];
                if times != 1.0 {
                    values.push(number.value * times);
                }
                if number.percent
                    || next.is_some_and(|next| ["percent", "per"].contains(&next.lower.as_str()))
                {
                    values.push(number.value / 100.0);
                }
                let digits = word
                    .raw
                    .trim_end_matches(|c: char| !c.is_ascii() && number.counted);
                add(Constraint::Number {
                    said: digits.to_owned(),
                    values,
                });
            }
        } else if let Some(value) = WRITTEN.iter().position(|written| *written == word.lower)
            && at > 0
            && COUNTING.contains(&words[at - 1].lower.as_str())
        {
            add(Constraint::Number {
                said: word.raw.clone(),
                values: vec![(value + 2) as f64],
            });
        }
    }
    all
}

/// Below this a word is only perhaps a value.
const LEAST_SURE: f32 = 0.85;

/// Words that are values of the data, each once with all that it may be; a likeness in spelling is too little, and
/// what stands in quotes is looked for as it stands.
pub(super) fn values(question: &str, hits: &[ValueHit]) -> Vec<Constraint> {
    let (texts, _) = quoted(question);
    let sure = |hit: &&ValueHit| {
        let (said, value) = (folded(&hit.mention), folded(&hit.value));
        let is_quoted = texts.iter().any(|text| folded(text).contains(&said));
        let same = said == value
            || said.strip_suffix('s') == Some(&value)
            || value.strip_suffix('s') == Some(&said);
        hit.score >= LEAST_SURE && same && !is_quoted && stands_alone(question, &hit.mention)
    };
    let mut all: Vec<(String, Vec<Stored>)> = Vec::new();
    for hit in hits.iter().filter(sure) {
        let at = match all.iter().position(|(said, _)| *said == hit.mention) {
            Some(at) => at,
            None => {
                all.push((hit.mention.clone(), Vec::new()));
                all.len() - 1
            }
        };
        let values = &mut all[at].1;
        values.push(Stored {
            table: hit.table.clone(),
            column: hit.column.clone(),
            value: hit.value.clone(),
        });
    }
    all.into_iter()
        .map(|(said, values)| Constraint::Value { said, values })
        .collect()
}

/// Whether the mention is somewhere a word of its own: "4591bc" names no British Columbia.
fn stands_alone(question: &str, mention: &str) -> bool {
    question.match_indices(mention).any(|(at, _)| {
        let before = question[..at].chars().next_back();
        let after = question[at + mention.len()..].chars().next();
        // scripts without spaces write on after a name
        let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !goes_on(before) && !goes_on(after)
    })
}

/// Its words without case and accents.
fn folded(text: &str) -> String {
    let words = wording::words_of(text);
    let words: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    words.join(" ")
}

const EXTREMES: &[&str] = &[
    "most", "least", "highest", "lowest", "largest", "smallest", "biggest", "oldest", "youngest",
    "earliest", "latest", "best", "worst", "longest", "shortest", "maximum", "minimum", "fewest",
    "tallest", "heaviest", "lightest", "fastest", "slowest", "greatest", "cheapest", "newest",
];
const NEGATIONS: &[&str] = &[
    "not",
    "without",
    "never",
    "except",
    "excluding",
    "neither",
    "cannot",
];
const THAN: &[&str] = &[
    "more", "greater", "less", "fewer", "higher", "lower", "larger", "smaller", "bigger", "older",
    "younger", "longer", "shorter", "heavier", "lighter",
];
const BEYOND: &[&str] = &["over", "above", "below", "exceeds", "exceeding", "exceed"];
const LASTING: &[&str] = &["last", "past", "previous", "this", "current", "next"];
const TIMES: &[&str] = &["hour", "day", "week", "month", "quarter", "year"];
const DAYS: &[&str] = &["today", "yesterday", "tomorrow"];

/// Words that owe the query a computation, an order, a comparison or a period. English only.
pub(super) fn computations(question: &str) -> Vec<Constraint> {
    let (_, rest) = quoted(question);
    let words = words(&rest);
    let word = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let is_number = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| word.number.is_some() || WRITTEN.contains(&word.lower.as_str()))
    };
    let mut all: Vec<Constraint> = Vec::new();
    let mut add = |constraint: Constraint| {
        let known = all.iter().any(|known| known.kind() == constraint.kind());
        if !known || matches!(constraint, Constraint::Month { .. }) {
            all.push(constraint);
        }
    };
    for at in 0..words.len() {
        let (before, here, after) = (at.checked_sub(1).map_or("", word), word(at), word(at + 1));
        let is_name = at > 0 && words[at].raw.starts_with(char::is_uppercase);
        match here {
            "how" if after == "many" => add(Constraint::Count("how many".to_owned())),
            "total" if !is_name => add(Constraint::Count("total".to_owned())),
            "average" | "avg" if !is_name => add(Constraint::Average("average".to_owned())),
            "top" if is_number(at + 1) => {
                add(Constraint::Extreme(format!("top {}", words[at + 1].raw)));
            }
            _ => {}
        }
        if EXTREMES.contains(&here) && !is_name && before != "at" && after != "of" {
            add(Constraint::Extreme(here.to_owned()));
        }
        if (NEGATIONS.contains(&here) || here.ends_with("n't"))
            && !(here == "not" && (before == "or" || after == "only"))
        {
            add(Constraint::Negation(here.to_owned()));
        }
        if THAN.contains(&here) && after == "than" && is_number(at + 2) {
            let number = &words[at + 2].raw;
            add(Constraint::Comparison(format!("{here} than {number}")));
        }
        if BEYOND.contains(&here) && is_number(at + 1) {
            let number = &words[at + 1].raw;
            add(Constraint::Comparison(format!("{here} {number}")));
        }
        if let Some(month) = MONTHS.iter().position(|month| *month == here) {
            let ordinary = ["march", "may", "august"].contains(&here);
            let dated = [
                "in", "since", "until", "of", "from", "during", "before", "after",
            ]
            .contains(&before)
                || words.get(at + 1).is_some_and(|next| next.number.is_some());
            if !ordinary || is_name && dated {
                add(Constraint::Month {
                    said: words[at].raw.clone(),
                    number: month as u32 + 1,
                });
            }
        }
        if DAYS.contains(&here) {
            add(Constraint::Period(here.to_owned()));
        }
        if LASTING.contains(&here) {
            let counted = usize::from(is_number(at + 1));
            let unit = word(at + 1 + counted);
            let unit = unit.strip_suffix("'s").unwrap_or(unit);
            if TIMES.contains(&unit.strip_suffix('s').unwrap_or(unit)) {
                let said: Vec<&str> = (at..=at + 1 + counted).map(word).collect();
                add(Constraint::Period(said.join(" ")));
            }
        }
    }
    all
}

/// The glossary's terms in a question whose meaning has columns, texts or numbers to look for.
pub(super) fn terms(question: &str, directives: &[Directive], schema: &Schema) -> Vec<Constraint> {
    let asked = format!(" {} ", wording::stems(question).join(" "));
    directives
        .iter()
        .filter(|directive| {
            let key = wording::stems(&directive.key).join(" ");
            !key.is_empty() && asked.contains(&format!(" {key} "))
        })
        .map(|directive| term(directive, schema))
        .filter(|term| {
            !(term.columns.is_empty() && term.texts.is_empty() && term.numbers.is_empty())
        })
        .map(Constraint::Term)
        .collect()
}

fn term(directive: &Directive, schema: &Schema) -> Term {
    let definition = directive.value.trim();
    let (texts, rest) = quoted(definition);
    let numbers = literals(&rest)
        .into_iter()
        .filter_map(|constraint| match constraint {
            Constraint::Year(year) => Some(f64::from(year)),
            // the largest of "10k" is what it means
            Constraint::Number { values, .. } if values.len() == 1 => values.first().copied(),
            _ => None,
        });
    // words speak of a column loosely; an expression computes with it
    let is_expression = definition.contains(['(', '=', '<', '>', '*', '/', '+']);
    let mut columns: Vec<String> = Vec::new();
    if is_expression {
        let names = rest.split(|c: char| !c.is_alphanumeric() && c != '_');
        for name in names.filter(|name| !name.is_empty()) {
            let known = schema
                .tables
                .iter()
                .flat_map(|table| &table.columns)
                .find(|column| column.name.eq_ignore_ascii_case(name));
            if let Some(column) = known
                && !columns.contains(&column.name)
            {
                columns.push(column.name.clone());
            }
        }
    }
    Term {
        key: directive.key.clone(),
        definition: definition.to_owned(),
        columns,
        texts,
        numbers: numbers.collect(),
    }
}
