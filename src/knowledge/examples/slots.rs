//! The same question with other values: "customers in Germany" answered by what was verified for France.
//!
//! Only when it is certain. Every word but the values is the same; each value of the example stands once in
//! its question and once, as a whole literal, in its query; the new value is one that the same column is known
//! to hold; and there is one way only to read it so.

use super::KnownExample;
use crate::knowledge::wording::{self, Word};
use crate::query::spans::{self, What};
use crate::query::{ColumnRef, Dialect};
use crate::schema::Schema;
use std::ops::Range;

/// A query with its values exchanged, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub query: String,
    /// What the example has, and what the question has instead.
    pub replaced: Vec<(String, String)>,
}

/// A value may be "Trinidad and Tobago", hardly more.
const MAX_WORDS: usize = 6;

struct Slot {
    /// Words of the example's wording.
    words: Range<usize>,
    /// Bytes of the query.
    literal: Range<usize>,
    text: String,
    is_text: bool,
}

/// `columns` are those that the example's query reads.
pub fn fill(
    example: &KnownExample,
    question: &str,
    columns: &[ColumnRef],
    schema: &Schema,
    dialect: Dialect,
) -> Option<Filled> {
    let asked = wording::words_of(question);
    std::iter::once(&example.question)
        .chain(&example.variants)
        .find_map(|wording| {
            let own = wording::words_of(wording);
            fill_wording(&own, &asked, &example.query, columns, schema, dialect)
        })
}

fn fill_wording(
    own: &[Word],
    asked: &[Word],
    query: &str,
    columns: &[ColumnRef],
    schema: &Schema,
    dialect: Dialect,
) -> Option<Filled> {
    let slots = slots(own, query, dialect)?;
    if slots.is_empty() {
        return None;
    }
    let mut readings = Vec::new();
    align(own, asked, &slots, 0, 0, &mut Vec::new(), &mut readings);
    let [reading] = readings.as_slice() else {
        return None;
    };
    let mut replaced = Vec::new();
    let mut text = query.to_owned();
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (slot, words) in slots.iter().zip(reading) {
        let same = own[slot.words.clone()]
            .iter()
            .map(|word| &word.folded)
            .eq(asked[words.clone()].iter().map(|word| &word.folded));
        if same {
            continue;
        }
        let spoken: Vec<&str> = asked[words.clone()]
            .iter()
            .map(|word| word.folded.as_str())
            .collect();
        let new = if slot.is_text {
            let value = known_value(&slot.text, &spoken.join(" "), columns, schema)?;
            // an engine may read a backslash in its own way
            if value.contains('\\') || value.contains('\0') {
                return None;
            }
            changes.push((
                slot.literal.clone(),
                format!("'{}'", value.replace('\'', "''")),
            ));
            value
        } else {
            let [number] = spoken.as_slice() else {
                return None;
            };
            let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            // a limit stays whole, and a year stays a year
            if !plain(number) || !plain(&slot.text) || (number.len() == 4) != (slot.text.len() == 4)
            {
                return None;
            }
            changes.push((slot.literal.clone(), (*number).to_owned()));
            (*number).to_owned()
        };
        replaced.push((slot.text.clone(), new));
    }
    if replaced.is_empty() {
        return None;
    }
    changes.extend(renamed(query, &replaced, schema, dialect)?);
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, new) in changes {
        text.replace_range(range, &new);
    }
    Some(Filled {
        query: text,
        replaced,
    })
}

/// Names of the query's own making that say an old value: `germany_total` becomes `france_total`, as whoever reads
/// the result would believe the name. `None` where that cannot be done for certain.
fn renamed(
    query: &str,
    replaced: &[(String, String)],
    schema: &Schema,
    dialect: Dialect,
) -> Option<Vec<(Range<usize>, String)>> {
    let words = |text: &str| -> Vec<String> {
        wording::words_of(&text.replace('_', " "))
            .into_iter()
            .map(|word| word.folded)
            .collect()
    };
    let is_of_schema = |name: &str| {
        schema.tables.iter().any(|table| {
            table.name.eq_ignore_ascii_case(name)
                || table
                    .columns
                    .iter()
                    .any(|c| c.name.eq_ignore_ascii_case(name))
        })
    };
    let mut changes = Vec::new();
    for span in spans::spans(query, dialect)? {
        let What::Word { value, quoted } = &span.what else {
            continue;
        };
        if is_of_schema(value) {
            continue;
        }
        let mut said = words(value);
        let mut is_old = false;
        for (old, new) in replaced {
            let old = words(old);
            // a number in a name is hardly that number
            if old.is_empty() || old.concat().bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            while let Some(at) = said.windows(old.len()).position(|window| window == old) {
                let new = words(new);
                // a value that holds the old one would be found in itself for ever
                if new.windows(old.len()).any(|window| window == old) {
                    return None;
                }
                said.splice(at..at + old.len(), new);
                is_old = true;
            }
        }
        if is_old {
            let quote = &query[span.start..span.start + 1];
            let name = if *quoted {
                format!("{quote}{}{quote}", said.join(" "))
            } else {
                said.join("_")
            };
            if !said.concat().is_ascii() || name.len() > MAX_NAME_BYTES {
                return None;
            }
            changes.push((span.start..span.end, name));
        }
    }
    Some(changes)
}

/// PostgreSQL cuts longer ones.
const MAX_NAME_BYTES: usize = 63;

/// The literals of the query that the wording names, in the wording's order; `None` when one of them is
/// there twice.
fn slots(own: &[Word], query: &str, dialect: Dialect) -> Option<Vec<Slot>> {
    let spans = spans::spans(query, dialect)?;
    let folded: Vec<&str> = own.iter().map(|word| word.folded.as_str()).collect();
    let mut found: Vec<Slot> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for span in &spans {
        let (text, is_text) = match &span.what {
            What::Text(text) => (text, true),
            What::Number(digits) => (digits, false),
            _ => continue,
        };
        let key = wording::words_of(text);
        let key: Vec<&str> = key.iter().map(|word| word.folded.as_str()).collect();
        if key.is_empty() || key.len() > MAX_WORDS {
            continue;
        }
        let places: Vec<usize> = folded
            .windows(key.len())
            .enumerate()
            .filter(|(_, window)| *window == key.as_slice())
            .map(|(at, _)| at)
            .collect();
        let joined = key.join(" ");
        match places.as_slice() {
            [] => continue,
            // the value is named twice, or the query has it twice: which is which is a guess
            _ if places.len() > 1 || seen.contains(&joined) => return None,
            [at] => found.push(Slot {
                words: *at..at + key.len(),
                literal: span.start..span.end,
                text: text.clone(),
                is_text,
            }),
            _ => continue,
        }
        seen.push(joined);
    }
    found.sort_by_key(|slot| slot.words.start);
    let apart = found
        .windows(2)
        .all(|pair| pair[0].words.end <= pair[1].words.start);
    apart.then_some(found)
}

/// All ways in which `asked` is `own` with other words in the slots; two are enough to know that it is unclear.
fn align(
    own: &[Word],
    asked: &[Word],
    slots: &[Slot],
    at_own: usize,
    at_asked: usize,
    taken: &mut Vec<Range<usize>>,
    readings: &mut Vec<Vec<Range<usize>>>,
) {
    if readings.len() > 1 {
        return;
    }
    let Some(slot) = slots.get(taken.len()) else {
        let rest = own[at_own..].iter().map(|word| &word.folded);
        if rest.eq(asked[at_asked..].iter().map(|word| &word.folded)) {
            readings.push(taken.clone());
        }
        return;
    };
    let before = &own[at_own..slot.words.start];
    let Some(start) = asked[at_asked..]
        .get(..before.len())
        .filter(|said| said.iter().zip(before).all(|(a, b)| a.folded == b.folded))
        .map(|said| at_asked + said.len())
    else {
        return;
    };
    let longest = if slot.is_text { MAX_WORDS } else { 1 };
    for end in start + 1..=(start + longest).min(asked.len()) {
        taken.push(start..end);
        align(own, asked, slots, slot.words.end, end, taken, readings);
        taken.pop();
    }
}

/// The spelling of `spoken` in every column that also holds `old`, when they agree on one.
fn known_value(old: &str, spoken: &str, columns: &[ColumnRef], schema: &Schema) -> Option<String> {
    let mut found: Option<&String> = None;
    let mut holders = 0;
    for column in columns {
        let bare = column.table.rsplit('.').next().unwrap_or(&column.table);
        let Some(facts) = schema
            .table(&column.table)
            .or_else(|| schema.table(bare))
            .and_then(|table| table.column(&column.column))
        else {
            continue;
        };
        if !facts.values.iter().any(|value| value == old) {
            continue;
        }
        holders += 1;
        let new = facts
            .values
            .iter()
            .find(|value| wording::key(value) == spoken)?;
        if found.is_some_and(|found| found != new) {
            return None;
        }
        found = Some(new);
    }
    found.filter(|_| holders > 0).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::examples::tests::example;
    use crate::store::ExampleTrust;
    use serde_json::json;

    fn schema() -> Schema {
        serde_json::from_value(json!({"tables": [{"name": "customers", "columns": [
            {"name": "country", "type": "text", "values": ["Germany", "France", "Côte d'Ivoire", "Trinidad and Tobago"]},
            {"name": "city", "type": "text", "values": ["Berlin", "Paris"]},
            {"name": "age", "type": "integer"}]}]}))
        .expect("a schema")
    }

    fn filled(own: &str, query: &str, asked: &str) -> Option<String> {
        let columns: Vec<ColumnRef> = ["country", "city", "age"]
            .iter()
            .map(|column| ColumnRef {
                table: "customers".into(),
                column: (*column).into(),
            })
            .collect();
        let example = super::super::known(example(own, query, ExampleTrust::Verified))?;
        fill(&example, asked, &columns, &schema(), Dialect::Postgres).map(|filled| filled.query)
    }

    #[test]
    fn values_are_exchanged_only_where_it_is_certain() {
        let by_country = "select count(*) from customers where country = 'Germany'";
        let top = "select city from customers order by age desc limit 5";
        for (own, query, asked, expected) in [
            (
                "How many customers are in Germany?",
                by_country,
                "how many customers are in france",
                Some("select count(*) from customers where country = 'France'"),
            ),
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are in Côte d'Ivoire?",
                Some("select count(*) from customers where country = 'Côte d''Ivoire'"),
            ),
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are in Trinidad and Tobago?",
                Some("select count(*) from customers where country = 'Trinidad and Tobago'"),
            ),
            // not a value of that column
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are in Paris?",
                None,
            ),
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are in Atlantis?",
                None,
            ),
            // another question
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are not in France?",
                None,
            ),
            (
                "How many customers are in Germany?",
                by_country,
                "How many customers are in Germany?",
                None,
            ),
            (
                "The 5 oldest cities",
                top,
                "the 7 oldest cities",
                Some("select city from customers order by age desc limit 7"),
            ),
            (
                "The 5 oldest cities",
                top,
                "the seven oldest cities",
                Some("select city from customers order by age desc limit 7"),
            ),
            // what the query itself calls it says the new value
            (
                "How many customers are in Germany?",
                "select count(*) as germany_customers from customers where country = 'Germany'",
                "How many customers are in France?",
                Some("select count(*) as france_customers from customers where country = 'France'"),
            ),
            (
                "How many customers are in Germany?",
                "select count(*) as \"In Germany\" from customers where country = 'Germany'",
                "How many customers are in Trinidad and Tobago?",
                Some(
                    "select count(*) as \"in trinidad and tobago\" from customers where country = 'Trinidad and Tobago'",
                ),
            ),
            // which 5 is meant?
            (
                "The 5 oldest over 5",
                "select city from customers where age > 5 order by age limit 5",
                "the 7 oldest over 5",
                None,
            ),
            // the query has only a part of it
            (
                "Customers like Ger",
                "select * from customers where country like 'Ger%'",
                "customers like Fra",
                None,
            ),
        ] {
            assert_eq!(filled(own, query, asked).as_deref(), expected, "{asked}");
        }
    }
}
