//! The grammar of a question: what is asked for, by what, under which conditions.
//!
//! Each pass reads one kind of phrase and marks its units as used. What a word names is only decided
//! in `planning`, where the tables of the whole question are known.

mod aggregates;
mod comparisons;
mod order;
mod superlatives;
mod values;

use crate::builtin::dates::{Grain, Moment, moments};
use crate::builtin::lexicon::{Adjective, is_filler};
use crate::builtin::linking::{Linker, Unit};
use chrono::NaiveDate;

/// Position of a unit in [`Reading::units`].
pub type At = usize;

/// A question taken apart.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub units: Vec<Unit>,
    pub used: Vec<bool>,
    pub moments: Vec<Moment>,
    pub grain: Option<(Grain, At)>,
    /// "which month had the most …": the grain is what is ranked.
    pub ranked_grain: bool,
    pub measures: Vec<Measure>,
    /// Nouns after "per", "by", "for each".
    pub groups: Vec<At>,
    pub top: Option<Top>,
    pub orders: Vec<Order>,
    pub comparisons: Vec<Comparison>,
    pub texts: Vec<TextMatch>,
    pub values: Vec<ValueTest>,
    /// "without X", "never …".
    pub absences: Vec<Absence>,
    /// "whose last order was before 1998".
    pub extremes: Vec<Extreme>,
    /// "who ordered in every month": the grain, and where it stands.
    pub covers: Option<(Grain, At)>,
    /// Nouns asked for, in their order.
    pub outputs: Vec<At>,
    /// Nouns that only say which rows are meant.
    pub context: Vec<At>,
    /// Columns of yes and no that are required to be so.
    pub flags: Vec<(At, bool)>,
    pub percent: bool,
    pub distinct: bool,
    pub compare: bool,
    /// "how long was the longest …" wants the number, not the thing.
    pub wants_number: bool,
    /// Begins with which/who/what: superlatives name a thing.
    pub asks_which: bool,
    /// "in minutes".
    pub shown_unit: Option<&'static str>,
    /// "all", "every" was said.
    pub all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Count,
    Sum,
    Average,
    Min,
    Max,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub aggregate: Aggregate,
    pub of: Of,
    pub distinct: bool,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Unit(At),
    /// Money taken in, wherever the schema keeps it.
    Revenue,
    /// Pieces sold.
    Quantity,
    /// Price times stock.
    StockValue,
    /// Money taken in by one of the unit's rows: "order value".
    Worth(At),
    /// Days from one date to another, by the words around.
    Elapsed(At),
}

/// "top 5 X by Y", "the cheapest X", "X with the most Y".
#[derive(Clone, Debug)]
pub struct Top {
    pub limit: u64,
    pub offset: u64,
    pub large: bool,
    pub by: By,
    pub at: At,
    /// A number of rows was said.
    pub counted: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum By {
    /// Rows of the unit's table, or a number in its column.
    Unit(At),
    Adjective(Adjective),
    Revenue,
    Quantity,
    /// Whatever happens most: rows of the events around it.
    Events,
    /// "first", "last": by the date, or by the key.
    Sequence,
    /// "best", "top" and nothing else.
    Unsaid,
    /// The number that is shown.
    Measure,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub by: By,
    pub descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    More,
    Least,
    Less,
    Most,
    Equal,
    NotEqual,
}

#[derive(Clone, Debug)]
pub struct Comparison {
    pub comparator: Comparator,
    pub right: Right,
    /// The noun before it ("capacity between …").
    pub left: Option<At>,
    /// The noun after the number ("more than 10 albums").
    pub noun: Option<At>,
    pub adjective: Option<Adjective>,
    pub money: bool,
    pub revenue: bool,
    pub negated: bool,
    /// "more than 50 times": how often it happened.
    pub times: bool,
    pub at: At,
}

#[derive(Clone, Debug)]
pub enum Right {
    Number(f64, Option<&'static str>),
    Between(f64, f64, Option<&'static str>),
    /// Of a number, or of what is compared; within the thing at `within` when one is said ("of its category").
    Average {
        of: Option<At>,
        within: Option<At>,
    },
    Column(At),
    /// The same number of the thing that the units from one to the other name: "cheaper than Chai".
    Thing(At, At),
}

#[derive(Clone, Debug)]
pub struct TextMatch {
    pub at: At,
    pub column: Option<At>,
    pub how: TextHow,
    pub text: String,
    pub negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextHow {
    Starts,
    Ends,
    Contains,
}

/// A value that was found in the data, or a literal beside a column's name.
#[derive(Clone, Debug)]
pub struct ValueTest {
    pub at: At,
    /// The name beside it, which says where it belongs.
    pub beside: Option<At>,
    pub negated: bool,
    /// Negated so that no row may have it: "who never bought X".
    pub absent: bool,
    /// Joined to the one before by "or" (or a comma of such a list).
    pub or_before: bool,
    /// Joined to the one before by "and".
    pub and_before: bool,
    /// A number that stands for a key: "order 10248".
    pub number: bool,
}

#[derive(Clone, Debug)]
pub struct Absence {
    /// The noun that is missing.
    pub noun: Option<At>,
    pub verb: Option<String>,
    pub at: At,
    /// "with a fax" rather than "without".
    pub present: bool,
    /// "not yet", "never": a date that is not there counts too.
    pub end: At,
}

/// The first or last of a thing's rows, and the time it must lie in.
#[derive(Clone, Debug)]
pub struct Extreme {
    /// "order" of "last order"; none for a verb ("last purchase").
    pub noun: Option<At>,
    pub stem: String,
    pub large: bool,
    pub moment: Moment,
}

/// The unit of "20 %" in a [`Right`].
pub const PERCENT: &str = "percent";

const BREAKERS: &[&str] = &[
    "with",
    "who",
    "that",
    "whose",
    "which",
    "where",
    "having",
    "in",
    "from",
    "for",
    "by",
    "on",
    "at",
    "when",
    "if",
    "has",
    "have",
    "had",
    "did",
    "does",
    "do",
    "among",
    "within",
    "are",
    "is",
    "was",
    "were",
    "without",
    "whom",
    "using",
    "between",
    "not",
    "than",
    "to",
    "containing",
    "but",
    "except",
    "ordered",
    "sorted",
    "as",
    "over",
    "under",
    "above",
    "below",
    "per",
    "each",
    "never",
    "there",
    "across",
    "during",
    "since",
    "after",
    "before",
    "can",
];

impl Reading {
    pub fn text(&self, at: At) -> &str {
        self.units.get(at).map_or("", |unit| unit.text.as_str())
    }

    fn is(&self, at: At, words: &[&str]) -> bool {
        words.contains(&self.text(at))
    }

    fn mark(&mut self, from: At, to: At) {
        for at in from..to.min(self.used.len()) {
            self.used[at] = true;
        }
    }

    /// A noun of the schema that no phrase has taken yet.
    fn is_noun(&self, at: At) -> bool {
        let always = |unit: &Unit| unit.is(&["name", "names", "id", "ids"]);
        self.units
            .get(at)
            .is_some_and(|unit| (unit.is_name() || always(unit)) && !unit.quoted)
            && !self.used[at]
    }

    /// Two nouns in a row that name one table: "car models".
    fn compound(&self, at: At) -> bool {
        let (first, second) = (&self.units[at], &self.units[at + 1]);
        let (Some(table), column) = (second.best_table(), second.best_column()) else {
            return false;
        };
        let is_table = table.1 >= 0.6 && column.is_none_or(|hit| hit.1 <= table.1 + 0.35);
        is_table && first.best_table() != Some(table) && (table.1 > 0.9 || !first.tables.is_empty())
    }

    fn noun_at(&self, mut at: At) -> Option<At> {
        while self.is(
            at,
            &[
                "of",
                "the",
                "a",
                "an",
                "all",
                "their",
                "its",
                "his",
                "her",
                "our",
                "different",
                "distinct",
                "any",
                "any",
                "some",
                "total",
                "unique",
                "these",
                "those",
                "in",
            ],
        ) && !self.is_noun(at)
        {
            at += 1;
        }
        self.is_noun(at).then_some(at)
    }
}

/// Reads a question; never fails, only understands less.
pub fn read(units: Vec<Unit>, linker: &Linker, today: NaiveDate) -> Reading {
    let mut reading = Reading {
        used: vec![false; units.len()],
        units,
        ..Reading::default()
    };
    reading.opening();
    reading.periods(linker, today);
    reading.extremes();
    reading.grains();
    reading.sorting();
    reading.compare_numbers(linker);
    reading.match_texts();
    reading.superlatives(linker);
    reading.negations(linker);
    reading.flags(linker);
    reading.known_values();
    reading.aggregates(linker);
    reading.grouping();
    reading.nouns();
    reading
}

impl Reading {
    fn opening(&mut self) {
        let opening: Vec<String> = (0..4).map(|at| self.text(at).to_owned()).collect();
        self.wants_number = opening[0] == "how"
            && !["many", "much", "do", "does", "did"].contains(&opening[1].as_str());
        if self.wants_number {
            self.mark(0, 2);
        }
        self.asks_which = ["which", "who", "what", "whose", "where"].contains(&opening[0].as_str());
        self.all = self
            .units
            .iter()
            .any(|unit| unit.is(&["all", "every", "each"]));
        self.compare = self
            .units
            .iter()
            .any(|unit| unit.is(&["compare", "compared", "versus", "vs", "comparison"]));
        self.percent = self.units.iter().enumerate().any(|(at, unit)| {
            unit.is(&["percentage", "percent", "share", "proportion", "ratio"])
                // "in percent" is how it is shown
                && !(at > 0 && unit.is(&["percent"]) && self.is(at - 1, &["in"]))
                && unit.columns.first().is_none_or(|hit| hit.1 < 0.9)
                || unit.percent && !unit.digits
        });
        self.shown_unit = (1..self.units.len()).find_map(|at| {
            time_unit(self.text(at))
                .filter(|_| self.is(at - 1, &["in"]) && self.units[at].text != "second")
        });
        self.distinct = self
            .units
            .iter()
            .any(|unit| unit.is(&["distinct", "different", "unique", "various"]));
    }

    fn periods(&mut self, linker: &Linker, today: NaiveDate) {
        let measures: Vec<bool> = self
            .units
            .iter()
            .map(|unit| {
                unit.best_column().is_some_and(|(column, score)| {
                    score > 0.4 && linker.catalogue.is_measure(column)
                }) && unit.tables.is_empty()
            })
            .collect();
        let found = moments(&self.units, today, &|at| measures[at]);
        for moment in &found {
            self.mark(moment.first, moment.end);
            if moment.negated && self.is(moment.first - 1, &["neither", "nor", "none"]) {
                self.used[moment.first - 1] = true;
                if moment.first > 1 && self.is(moment.first - 2, &["but"]) {
                    self.used[moment.first - 2] = true;
                }
            }
            // "year 2014", "in the year of"
        }
        self.moments = found;
    }

    /// "whose last order was before 1998", "who placed their first order in 1998".
    fn extremes(&mut self) {
        for at in 1..self.units.len() {
            let (large, noun) = match self.text(at) {
                "last" | "latest" | "newest" => (true, at + 1),
                "most" if self.is(at + 1, &["recent"]) => (true, at + 2),
                "first" | "earliest" => (false, at + 1),
                _ => continue,
            };
            let owners = ["whose", "their", "its", "his", "her", "with", "a"];
            let goes_on = self.is(at - 1, &["and"]) && !self.extremes.is_empty();
            let owned = (self.is(at - 1, &owners) || goes_on)
                && self.units[..at - 1].iter().any(|unit| unit.is_name());
            let event = self.is_noun(noun)
                || self
                    .units
                    .get(noun)
                    .is_some_and(|unit| crate::builtin::lexicon::is_weak(&unit.text));
            if self.used[at] || !owned || !event {
                continue;
            }
            let mut next = noun + 1;
            const LINKS: &[&str] = &[
                "was", "is", "were", "date", "dates", "dated", "happened", "placed", "made",
                "came", "took", "place", "occurred",
            ];
            while self.is(next, LINKS) {
                next += 1;
            }
            let Some(moment) = self.moments.iter().position(|moment| moment.first == next) else {
                continue;
            };
            let moment = self.moments.remove(moment);
            self.extremes.push(Extreme {
                noun: Some(noun).filter(|&noun| self.is_noun(noun)),
                stem: self.units[noun].stem.clone(),
                large,
                moment,
            });
            self.mark(at, next);
        }
    }

    /// "who ordered in every month": all of them, rather than each on its own.
    fn covered(&self, at: At) -> bool {
        let numbers = [
            "many", "number", "count", "total", "average", "much", "sum", "share",
        ];
        let who = ["who", "that", "which"];
        // "how many customers ordered in every year" counts those, once
        let how_many = self.is(0, &["how"])
            && self.is(1, &["many"])
            && (2..at).any(|at| crate::builtin::linking::is_verb(self.text(at)));
        let numbers = &numbers[usize::from(how_many)..];
        at > 0
            && self.is(at - 1, &["every", "each"])
            && ((1..at).any(|at| self.is(at, &who))
                || self.is(at - 1, &["every"]) && (how_many || self.is(0, &["which", "who"])))
            && !self
                .units
                .iter()
                .any(|unit| unit.is(numbers) || crate::builtin::lexicon::is_revenue(&unit.text))
    }

    fn grains(&mut self) {
        for at in 0..self.units.len() {
            if self.used[at] {
                continue;
            }
            let Some((grain, end)) = self.grain_at(at) else {
                continue;
            };
            if self.covered(at) {
                let from =
                    at - 1 - usize::from(at > 1 && self.is(at - 2, &["in", "during", "for"]));
                self.covers = Some((grain, at));
                self.mark(from, end);
                continue;
            }
            let adverb = self.text(at).ends_with("ly") && self.text(at) != "only"
                || self.is(at, &["annual"]);
            let before = at.checked_sub(1).map_or("", |at| self.text(at));
            let led = ["by", "per", "each", "every", "across"].contains(&before)
                || (before == "the" && at > 1 && self.is(at - 2, &["by", "per"]));
            // "by country and year"
            let led = led
                || ["and", ","].contains(&before)
                    && (2..=5)
                        .filter_map(|back| at.checked_sub(back))
                        .any(|at| self.is(at, &["by", "per"]));
            let led = led || (before == "different" && at > 1 && self.is(at - 2, &["for"]));
            let ranked = self.ranks(at, end);
            let asked = ["which", "what"].contains(&before);
            if (adverb || led || ranked) && self.text(at) != "date"
                || led && self.text(at) == "date" && self.units[at].columns.is_empty()
            {
                self.grain = Some((grain, at));
                self.ranked_grain = ranked;
                let from = if led || ranked && asked { at - 1 } else { at };
                let from = if from > 0 && self.is(from - 1, &["for", "in", "of", "at", "on"]) {
                    from - 1
                } else {
                    from
                };
                self.mark(from, end);
            }
        }
    }

    /// The grain that the words from `at` name, and where they end: "month", "day of the week".
    fn grain_at(&self, at: At) -> Option<(Grain, At)> {
        if self.is(at, &["time"]) {
            return self.of_a(at, &["day"]).map(|end| (Grain::HourOfDay, end));
        }
        let grain = Grain::of_word(self.text(at))?;
        Some(match grain {
            Grain::Day => match self.of_a(at, &["week"]) {
                Some(end) => (Grain::Weekday, end),
                None => (grain, at + 1),
            },
            Grain::Hour => match self.of_a(at, &["day", "days"]) {
                Some(end) => (Grain::HourOfDay, end),
                None => (grain, at + 1),
            },
            _ => (grain, at + 1),
        })
    }

    /// Where "of the day" ends, when it follows `at`.
    fn of_a(&self, at: At, words: &[&str]) -> Option<At> {
        if !self.is(at + 1, &["of"]) {
            return None;
        }
        let noun = at + 2 + usize::from(self.is(at + 2, &["the", "a"]));
        self.is(noun, words).then_some(noun + 1)
    }

    /// "which month had the most", "the busiest hour", "top 3 months by", "the year with the fewest".
    fn ranks(&self, at: At, end: At) -> bool {
        const SUPERLATIVES: &[&str] = &[
            "most", "least", "fewest", "highest", "lowest", "greatest", "largest", "biggest",
            "smallest", "best", "worst", "busiest", "top",
        ];
        let back = |steps: usize| at.checked_sub(steps).map_or("", |at| self.text(at));
        let after = (end..self.units.len()).any(|at| self.is(at, SUPERLATIVES));
        let leads = ["top", "best", "worst", "busiest", "bottom"];
        let numbered = at > 0 && self.units[at - 1].number.is_some();
        leads.contains(&back(1))
            || numbered && leads.contains(&back(2))
            || after
                && (["which", "what"].contains(&back(1))
                    || numbered && ["which", "what", "the"].contains(&back(2))
                    || self.is(end, &["with", "when", "where"]) && at < 4)
    }

    fn grouping(&mut self) {
        for at in 0..self.units.len() {
            if self.used[at]
                || !self.is(
                    at,
                    &[
                        "per",
                        "by",
                        "each",
                        "every",
                        "across",
                        "different",
                        "versus",
                    ],
                )
            {
                continue;
            }
            let mut next = at + 1;
            if self.is(at, &["versus"]) {
                continue;
            }
            if self.is(at, &["different"])
                && !(at > 0
                    && self.is(at - 1, &["for", "the", "by", "across"])
                    && (at < 2
                        || self.is(at - 1, &["for"])
                        || self.is(at - 2, &["for", "all", "across"])))
            {
                continue;
            }
            // "ordered by customers": who did it
            let did = at > 0
                && self.is(at, &["by"])
                && self.measures.is_empty()
                && !self.used[at - 1]
                && !self.is(at - 1, &["grouped", "sorted", "ranked", "divided"])
                && (crate::builtin::linking::is_verb(self.text(at - 1))
                    || self.is(at - 1, &["not", "never"]))
                && self.units.get(next).is_some_and(|unit| {
                    unit.raw.ends_with('s') && unit.best_table().is_some_and(|hit| hit.1 >= 0.8)
                });
            if did {
                continue;
            }
            while self.is(
                next,
                &[
                    "the",
                    "of",
                    "a",
                    "different",
                    "number",
                    "all",
                    "their",
                    "one",
                    "each",
                    "single",
                    "for",
                    "listed",
                ],
            ) && !self.is_noun(next)
            {
                next += 1;
            }
            // "per start city": a word that says which of two
            if !self.is_noun(next)
                && self.is_noun(next + 1)
                && crate::builtin::linking::is_verb(self.text(next))
            {
                next += 1;
            }
            if !self.is_noun(next) {
                continue;
            }
            // "car maker", "product category": the last of a row of nouns, unless it is a column of the first
            let mut noun = next;
            while self.is_noun(noun + 1) && !self.is(at, &["every"]) {
                let (first, second) = (&self.units[noun], &self.units[noun + 1]);
                let second_is_column = second.best_table().is_none()
                    || second.best_table().is_some_and(|hit| hit.1 < 0.7);
                if second_is_column
                    && first.best_table().is_some_and(|hit| hit.1 > 0.8)
                    && second.best_column().is_none_or(|hit| hit.1 < 0.6)
                {
                    break;
                }
                noun += 1;
            }
            self.mark(at, noun + 1);
            if at > 0 && self.is(at - 1, &["for", "in", "of", "broken", "grouped", "from"]) {
                self.used[at - 1] = true;
            }
            self.groups.push(noun);
            let mut end = noun + 1;
            while self.is(end, &["and", ","])
                && self.is_noun(end + 1)
                && self.is(at, &["by", "per"])
                && !self.is(end + 2, &["of"])
            {
                self.groups.push(end + 1);
                self.mark(end, end + 2);
                end += 2;
            }
        }
    }

    fn nouns(&mut self) {
        let mut asked = true;
        let mut seen = false;
        let mut sentence = 0;
        for at in 0..self.units.len() {
            if self.is(at, &["."]) {
                asked = self.is(
                    at + 1,
                    &[
                        "list", "show", "give", "return", "find", "also", "only", "please",
                        "include", "what",
                    ],
                );
                seen = false;
                sentence = at;
                continue;
            }
            // ", and what year was it", "and how many …", "along with"
            if seen
                && (self.is(at, &["what"]) && at > 0 && self.is(at - 1, &["and", ","])
                    || self.is(at, &["along", "together"])
                    || self.is(at, &["list", "show", "return"]))
            {
                asked = true;
                seen = false;
                continue;
            }
            if self.is_noun(at) && self.is_noun(at + 1) && self.compound(at) {
                self.used[at] = true; // "car models": the first says which models
                continue;
            }
            if self.is_noun(at) {
                if asked {
                    self.outputs.push(at);
                    seen = true;
                } else {
                    self.context.push(at);
                }
                self.used[at] = true;
                continue;
            }
            let breaker = self.is(at, BREAKERS)
                && (seen
                    || !self.measures.is_empty()
                        && self
                            .measures
                            .iter()
                            .any(|measure| (sentence..at).contains(&measure.at))
                    || self
                        .top
                        .as_ref()
                        .is_some_and(|top| (sentence..at).contains(&top.at)));
            let breaker = breaker
                || seen
                    && !self.units[at].is_name()
                    && !self.used[at]
                    && crate::builtin::linking::is_verb(self.text(at));
            let after_along = at > 0 && self.is(at - 1, &["along", "together"]);
            if breaker && !after_along && !(self.is(at, &["is", "are", "was", "were"]) && !seen) {
                asked = false;
            }
        }
    }
}

fn time_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "second" | "seconds" | "sec" | "secs" => "second",
        "minute" | "minutes" | "min" | "mins" => "minute",
        "hour" | "hours" | "hrs" => "hour",
        "day" | "days" => "day",
        "millisecond" | "milliseconds" | "ms" => "millisecond",
        _ => return None,
    })
}

/// Stems that a question has, for choosing among foreign keys.
pub fn stems(reading: &Reading) -> Vec<String> {
    reading
        .units
        .iter()
        .flat_map(|unit| {
            unit.text
                .split(' ')
                .map(crate::builtin::tokens::stem)
                .collect::<Vec<_>>()
        })
        .filter(|stem| !is_filler(stem))
        .collect()
}
