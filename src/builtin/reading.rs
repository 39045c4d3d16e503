//! The grammar of a question: what is asked for, by what, under which conditions.
//!
//! Each pass reads one kind of phrase and marks its units as used. What a word names is only decided
//! in `planning`, where the tables of the whole question are known.

use crate::builtin::dates::{Grain, Moment, moments};
use crate::builtin::lexicon::{Adjective, adjective, is_filler, is_revenue};
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
    Adjective(Adjective, At),
    Revenue,
    Quantity,
    /// Whatever happens most: rows of the events around it.
    Events,
    /// "first", "last": by the date, or by the key.
    Sequence,
    /// "best", "top" and nothing else.
    Unsaid,
    Measure(usize),
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
    pub at: At,
    pub or_next: bool,
}

#[derive(Clone, Debug)]
pub enum Right {
    Number(f64, Option<&'static str>),
    Between(f64, f64, Option<&'static str>),
    Average(Option<At>),
    Extreme(bool, Option<At>),
    Column(At),
}

#[derive(Clone, Debug)]
pub struct TextMatch {
    pub column: Option<At>,
    pub how: TextHow,
    pub text: String,
    pub negated: bool,
    pub at: At,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextHow {
    Starts,
    Ends,
    Contains,
    Is,
}

/// A value that was found in the data, or a literal beside a column's name.
#[derive(Clone, Debug)]
pub struct ValueTest {
    pub at: At,
    /// The name beside it, which says where it belongs.
    pub beside: Option<At>,
    pub negated: bool,
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
    reading.grains();
    reading.sorting(linker);
    reading.compare_numbers(linker);
    reading.match_texts(linker);
    reading.superlatives(linker);
    reading.negations(linker);
    reading.flags(linker);
    reading.known_values(linker);
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
            .any(|unit| unit.is(&["compare", "versus", "vs", "comparison"]));
        self.percent = self.units.iter().any(|unit| {
            unit.is(&["percentage", "percent", "share", "proportion", "ratio"])
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
            // "year 2014", "in the year of"
        }
        self.moments = found;
    }

    fn grains(&mut self) {
        for at in 0..self.units.len() {
            if self.used[at] {
                continue;
            }
            let Some(grain) = Grain::of_word(self.text(at)) else {
                continue;
            };
            let adverb = self.text(at).ends_with("ly") && self.text(at) != "only"
                || self.is(at, &["annual"]);
            let before = at.checked_sub(1).map_or("", |at| self.text(at));
            let led = ["by", "per", "each", "every", "across"].contains(&before)
                || (before == "the" && at > 1 && self.is(at - 2, &["by", "per"]));
            let led = led || (before == "different" && at > 1 && self.is(at - 2, &["for"]));
            if (adverb || led) && self.text(at) != "date"
                || led && self.text(at) == "date" && self.units[at].columns.is_empty()
            {
                // "day of the week"
                let grain = if grain == Grain::Day
                    && self.is(at + 1, &["of"])
                    && (self.is(at + 2, &["week"]) || self.is(at + 3, &["week"]))
                {
                    let end = if self.is(at + 2, &["week"]) {
                        at + 3
                    } else {
                        at + 4
                    };
                    self.mark(at, end);
                    Grain::Weekday
                } else {
                    grain
                };
                self.grain = Some((grain, at));
                let from = if led { at - 1 } else { at };
                let from = if from > 0 && self.is(from - 1, &["for", "in", "of"]) {
                    from - 1
                } else {
                    from
                };
                self.mark(from, at + 1);
            }
        }
    }

    fn direction(&self, from: At) -> Option<(bool, At)> {
        let mut at = from;
        while self.is(
            at,
            &[
                "in", "the", "a", "from", "order", "of", "reverse", "reversed", "by", "their",
            ],
        ) && at < from + 3
            && !self.is(at, &["reverse", "reversed"])
        {
            at += 1;
        }
        let word = self.text(at);
        let end = at + 1;
        match word {
            "descending" | "desc" | "decreasing" => {
                Some((true, end + usize::from(self.is(end, &["order"]))))
            }
            "ascending" | "asc" | "increasing" => {
                Some((false, end + usize::from(self.is(end, &["order"]))))
            }
            "alphabetical" | "lexicographical" | "alphabetic" => {
                Some((false, end + usize::from(self.is(end, &["order"]))))
            }
            "alphabetically" | "lexicographically" => Some((false, end)),
            "reverse" | "reversed" => {
                let end = end
                    + usize::from(self.is(end, &["alphabetical", "lexicographical", "alphabetic"]));
                Some((true, end + usize::from(self.is(end, &["order"]))))
            }
            "highest" | "largest" | "newest" | "latest" | "biggest" | "most" | "greatest"
            | "longest" | "high" | "oldest" | "youngest" | "lowest" | "smallest" | "earliest"
            | "fewest" | "shortest" | "cheapest" | "low" | "expensive" | "recent" | "best"
            | "worst" => {
                let mut end = end;
                let mut word = word;
                if word == "most" || word == "least" {
                    if adjective(self.text(end)).is_some() {
                        word = self.text(end);
                        end += 1;
                    }
                }
                let first = self.is(end, &["first"]);
                let range = self.is(end, &["to"]);
                if !first && !range {
                    return None;
                }
                let large = match adjective(word) {
                    // the oldest person has the earliest date of birth, the largest age
                    Some(found) if word == "oldest" || word == "youngest" => found.large,
                    Some(found) => found.large,
                    None => [
                        "highest", "largest", "biggest", "most", "greatest", "high", "best",
                    ]
                    .contains(&word),
                };
                let end = if first {
                    end + 1
                } else {
                    (end + 1..self.units.len())
                        .find(|&at| {
                            self.is(
                                at,
                                &[
                                    "youngest",
                                    "oldest",
                                    "lowest",
                                    "highest",
                                    "smallest",
                                    "largest",
                                    "low",
                                    "high",
                                    "newest",
                                    "earliest",
                                    "latest",
                                    "least",
                                    "most",
                                    "shortest",
                                    "longest",
                                    "cheapest",
                                    "expensive",
                                ],
                            )
                        })
                        .map_or(end + 1, |at| at + 1)
                };
                Some((large, end))
            }
            _ => None,
        }
    }

    fn sorting(&mut self, linker: &Linker) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            let thing = at > 0
                && self.is(at, &["order", "rank"])
                && (self.is(
                    at - 1,
                    &[
                        "the", "single", "each", "per", "every", "an", "any", "average", "one",
                    ],
                ) || adjective(self.text(at - 1)).is_some()
                    || self.used[at - 1]);
            let sort_word = !thing
                && self.is(
                    at,
                    &[
                        "sorted", "ordered", "order", "sort", "arranged", "ranked", "rank",
                    ],
                )
                && {
                    let next = self.text(at + 1);
                    [
                        "by",
                        "in",
                        "alphabetically",
                        "descending",
                        "ascending",
                        "desc",
                        "asc",
                        "from",
                    ]
                    .contains(&next)
                        || next == "them"
                }
                && !(self.is(at, &["ordered"])
                    && self.is(at + 1, &["in", "from", "by"])
                    && self.direction(at + 1).is_none()
                    && !(self.is(at + 1, &["by"])
                        && self.noun_at(at + 2).is_some_and(|noun| {
                            !self.units[noun].columns.is_empty() || self.is(noun, &["the"])
                        })))
                && !(self.is(at, &["order"])
                    && self.is(at + 1, &["in", "from"])
                    && self.direction(at + 1).is_none());
            let in_order = self.is(at, &["in"])
                && self
                    .direction(at + 1)
                    .is_some_and(|(_, end)| self.is(end - 1, &["order"]) || self.is(end, &["of"]));
            let bare = self.direction(at).filter(|_| {
                (self.is(at, &["alphabetically", "descending", "ascending"])
                    || self.text(self.direction(at).map_or(0, |d| d.1 - 1)) == "first")
                    && !self.is(
                        at,
                        &["in", "the", "a", "from", "order", "of", "by", "their"],
                    )
            });
            if !sort_word && !in_order && bare.is_none() {
                at += 1;
                continue;
            }
            let mut next = at + usize::from(sort_word || in_order);
            let mut descending = None;
            let mut words_end = next;
            if let Some((large, end)) = bare.or_else(|| self.direction(next)) {
                descending = Some(large);
                words_end = end;
            }
            let adjective_word = (start..words_end).rev().find_map(|at| {
                adjective(self.text(at))
                    .map(|found| (found, at))
                    .filter(|(found, _)| descending == Some(found.large))
            });
            let alphabet = (start..words_end).any(|at| {
                self.is(
                    at,
                    &[
                        "alphabetical",
                        "alphabetically",
                        "lexicographical",
                        "lexicographically",
                    ],
                )
            });
            next = words_end;
            while self.is(
                next,
                &[
                    "by",
                    "of",
                    "in",
                    "order",
                    "the",
                    "their",
                    "its",
                    "them",
                    "according",
                    "to",
                ],
            ) {
                next += 1;
            }
            let mut orders = Vec::new();
            if sort_word || in_order || self.is(words_end, &["by", "of"]) {
                loop {
                    let (by, end) = if self.is(next, &["number", "count", "amount"])
                        && self.is(next + 1, &["of"])
                    {
                        match self.noun_at(next + 2) {
                            Some(noun) => (By::Unit(noun), noun + 1),
                            None => (By::Events, next + 2),
                        }
                    } else if is_revenue(self.text(next)) {
                        (By::Revenue, next + 1)
                    } else if self.is(next, &["total", "average", "sum"])
                        && is_revenue(self.text(next + 1))
                    {
                        (By::Revenue, next + 2)
                    } else if self.is(next, &["count"]) && !self.is_noun(next) {
                        (By::Measure(0), next + 1)
                    } else if let Some(noun) = self.noun_at(next) {
                        // "the unit price", "customer's last name"
                        let last = if self.is_noun(noun + 1)
                            && self.units[noun]
                                .columns
                                .first()
                                .is_none_or(|hit| hit.1 < 0.9)
                            && !self.units[noun + 1].columns.is_empty()
                        {
                            noun + 1
                        } else {
                            noun
                        };
                        (By::Unit(last), last + 1)
                    } else if self.is(next, &["total", "average", "amount", "value"]) {
                        (By::Measure(0), next + 1)
                    } else {
                        break;
                    };
                    self.mark(next, end);
                    next = end;
                    // "of the singers": whose it is
                    let mut own = descending;
                    if let Some((large, end)) = self.direction(next) {
                        own = Some(large);
                        self.mark(next, end);
                        next = end;
                    }
                    orders.push((by, own));
                    if self.is(next, &["and", "then", ","])
                        && (self.noun_at(next + 1).is_some() || self.is(next + 1, &["then", "by"]))
                    {
                        next += 1;
                        while self.is(next, &["then", "by", "the"]) {
                            next += 1;
                        }
                        continue;
                    }
                    break;
                }
            }
            if orders.is_empty() {
                let by = match adjective_word {
                    Some((found, at)) => By::Adjective(found, at),
                    None if alphabet => By::Unsaid,
                    None => By::Measure(0),
                };
                let descending = match by {
                    By::Adjective(found, _) => descending.unwrap_or(found.large),
                    _ => descending.unwrap_or(false),
                };
                self.orders.push(Order { by, descending });
            } else {
                for (by, descending) in orders {
                    self.orders.push(Order {
                        by,
                        descending: descending.unwrap_or(false),
                    });
                }
            }
            self.mark(start, next.max(words_end));
            at = next.max(words_end).max(start + 1);
        }
        let _ = linker;
    }

    /// The comparator at a position, and where the words after it begin.
    fn comparator(&self, at: At) -> Option<(Comparator, Option<Adjective>, At)> {
        use Comparator::{Equal, Least, Less, More, Most};
        let word = self.text(at);
        let next = self.text(at + 1);
        let negated = ["no", "not"].contains(&word);
        if negated && let Some((comparator, adjective, end)) = self.comparator(at + 1) {
            let turned = match comparator {
                More => Most,
                Less => Least,
                Least => Less,
                Most => More,
                other => other,
            };
            return Some((turned, adjective, end));
        }
        let than = next == "than";
        Some(match (word, next) {
            ("at", "least") => (Least, None, at + 2),
            ("at", "most") => (Most, None, at + 2),
            ("up", "to") => (Most, None, at + 2),
            ("more" | "greater" | "higher" | "larger" | "bigger" | "later", "than") => {
                (More, None, at + 2)
            }
            ("less" | "fewer" | "lower" | "smaller" | "earlier", "than") => (Less, None, at + 2),
            ("better" | "worse", "than") => {
                (if word == "better" { More } else { Less }, None, at + 2)
            }
            ("more", _) if adjective(next).is_some() && self.is(at + 2, &["than"]) => {
                let found = adjective(next)?;
                (if found.large { More } else { Less }, Some(found), at + 3)
            }
            ("less", _) if adjective(next).is_some() && self.is(at + 2, &["than"]) => {
                let found = adjective(next)?;
                (if found.large { Less } else { More }, Some(found), at + 3)
            }
            (word, "than") if adjective(word).is_some() => {
                let found = adjective(word)?;
                (if found.large { More } else { Less }, Some(found), at + 2)
            }
            ("over" | "above" | "exceeding" | "exceeds" | "exceed" | "beyond" | "exceeded", _) => {
                (More, None, at + 1)
            }
            ("under" | "below", _) => (Less, None, at + 1),
            ("after", _) => (More, None, at + 1),
            ("before", _) => (Less, None, at + 1),
            ("exactly", _) => (Equal, None, at + 1),
            ("equal" | "equals", "to") => (Equal, None, at + 2),
            ("equals", _) => (Equal, None, at + 1),
            ("minimum", "of") => (Least, None, at + 2),
            ("maximum", "of") => (Most, None, at + 2),
            _ if than => return None,
            _ => return None,
        })
    }

    fn number(&self, at: At) -> Option<(f64, Option<&'static str>, bool, At)> {
        let mut start = at;
        while self.is(start, &["a", "an", "the", "about", "around", "value", "of"])
            && !self.is(start, &["a", "an"])
        {
            start += 1;
        }
        if self.is(start, &["a", "an", "one", "half"])
            && let Some(unit) = time_unit(self.text(start + 1))
        {
            return Some((
                if self.is(start, &["half"]) { 0.5 } else { 1.0 },
                Some(unit),
                false,
                start + 2,
            ));
        }
        let unit = self.units.get(start).filter(|_| !self.used[start])?;
        let mut value = unit.number?;
        let mut end = start + 1;
        if unit.is_name() && !unit.digits && false {
            return None;
        }
        if let Some(factor) = self
            .units
            .get(end)
            .filter(|unit| unit.is(&["hundred", "thousand", "million", "billion"]))
            .map(|unit| match unit.text.as_str() {
                "hundred" => 100.0,
                "thousand" => 1e3,
                "million" => 1e6,
                _ => 1e9,
            })
        {
            value *= factor;
            end += 1;
        }
        let measure = time_unit(self.text(end));
        let money = unit.money || self.is(end, &["dollars", "dollar", "usd", "euros", "eur"]);
        if measure.is_some() || self.is(end, &["dollars", "dollar", "usd", "euros", "eur"]) {
            end += 1;
        }
        Some((value, measure, money, end))
    }

    fn compare_numbers(&mut self, linker: &Linker) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            // between X and Y
            if self.is(at, &["between", "from"])
                && let Some((low, unit_low, money_low, next)) = self.number(at + 1)
                && self.is(next, &["and", "to"])
                && let Some((high, unit_high, money_high, end)) = self.number(next + 1)
            {
                let right = Right::Between(low, high, unit_high.or(unit_low));
                self.push_comparison(
                    start,
                    end,
                    Comparator::Equal,
                    None,
                    right,
                    money_low || money_high,
                    linker,
                );
                at = end;
                continue;
            }
            // 3 or more friends
            if let Some((value, unit, money, next)) =
                self.number(at).filter(|_| self.units[at].number.is_some())
                && self.is(next, &["or", "and"])
                && self.is(
                    next + 1,
                    &[
                        "more", "above", "less", "fewer", "over", "under", "below", "higher",
                        "lower", "greater", "longer", "shorter",
                    ],
                )
            {
                let more = self.is(
                    next + 1,
                    &["more", "above", "over", "higher", "greater", "longer"],
                );
                let comparator = if more {
                    Comparator::Least
                } else {
                    Comparator::Most
                };
                self.push_comparison(
                    start,
                    next + 2,
                    comparator,
                    None,
                    Right::Number(value, unit),
                    money,
                    linker,
                );
                at = next + 2;
                continue;
            }
            let Some((comparator, adjective, next)) = self.comparator(at) else {
                at += 1;
                continue;
            };
            if let Some((value, unit, money, end)) = self.number(next) {
                self.push_comparison(
                    start,
                    end,
                    comparator,
                    adjective,
                    Right::Number(value, unit),
                    money,
                    linker,
                );
                at = end;
                continue;
            }
            let mut past = next;
            while self.is(past, &["the", "its", "their", "overall", "a", "an"]) {
                past += 1;
            }
            if self.is(past, &["average", "mean", "avg"])
                && !self.units[past].columns.first().is_some_and(|hit| {
                    hit.1 > 0.9 && self.units[past].end - self.units[past].first > 1
                })
            {
                let mut end = past + 1;
                if self.is(end, &["of"]) {
                    end += 1;
                }
                let noun = self.noun_at(end);
                let end = noun.map_or(end, |noun| noun + 1);
                self.push_comparison(
                    start,
                    end,
                    comparator,
                    adjective,
                    Right::Average(noun),
                    false,
                    linker,
                );
                at = end;
                continue;
            }
            if self.is_noun(past)
                && !self.units[past].columns.is_empty()
                && self.units[past].best_table().is_none_or(|hit| hit.1 < 0.9)
            {
                self.push_comparison(
                    start,
                    past + 1,
                    comparator,
                    adjective,
                    Right::Column(past),
                    false,
                    linker,
                );
                at = past + 1;
                continue;
            }
            at += 1;
        }
        // "older than average", "above average" have no article; they were read above
    }

    fn push_comparison(
        &mut self,
        start: At,
        end: At,
        comparator: Comparator,
        adjective: Option<Adjective>,
        right: Right,
        money: bool,
        linker: &Linker,
    ) {
        let is_number = |unit: &Unit| {
            unit.columns.iter().any(|(column, score)| {
                *score > 0.3
                    && (linker.catalogue.is_measure(*column)
                        || linker.catalogue.column(*column).numeric_text
                        || matches!(
                            linker.catalogue.kind(*column),
                            crate::builtin::catalogue::Kind::Year
                        )
                        || linker.catalogue.is_date(*column))
            })
        };
        // what stands before: "capacity of more than", "unit price over", "who spent more than"
        let mut left = None;
        let mut verb = None;
        let mut revenue = false;
        let mut before = start;
        for _ in 0..4 {
            let Some(at) = before.checked_sub(1) else {
                break;
            };
            before = at;
            if is_revenue(self.text(at)) && !self.used[at] {
                revenue = true;
                self.used[at] = true;
                if at > 0 && self.is(at - 1, &["total", "overall"]) {
                    self.used[at - 1] = true;
                }
                break;
            }
            if let Some(found) = measure_verb(self.text(at)) {
                verb = Some(found);
                self.used[at] = true;
                break;
            }
            let unit = &self.units[at];
            if unit.is_name() && !self.used[at] {
                if is_number(unit) && unit.best_table().is_none_or(|hit| hit.1 < 0.85) {
                    left = Some(at);
                }
                break;
            }
            if self.used[at]
                || !unit.is(&[
                    "is", "was", "are", "were", "of", "a", "the", "not", "no", "be", "value",
                ])
            {
                break;
            }
        }
        let negated = start > 0 && self.is(start - 1, &["not"]) && !self.used[start - 1];
        if negated {
            self.used[start - 1] = true;
        }
        let mut end = end;
        // "bikes made more than 40 trips": the noun after the number is a table
        if self.is_noun(end) && self.units[end].best_table().is_some_and(|hit| hit.1 >= 0.8) {
            left = None;
        }
        let mut noun = None;
        if left.is_none() && !revenue {
            let mut next = end;
            while self.is(next, &["different", "distinct", "total", "of", "unique"]) {
                next += 1;
            }
            if is_revenue(self.text(next)) && next == end {
                revenue = true;
                end = next + 1;
            } else if self.is_noun(next) && !(self.is(end, &["of"])) {
                let unit = &self.units[next];
                // "more than 10 albums" counts rows, "more than 20 units in stock" is a number of the row
                if !unit.tables.is_empty() || is_number(unit) || !unit.columns.is_empty() {
                    noun = Some(next);
                    end = next + 1;
                    // "car makers": two nouns that are one table
                    if self.is_noun(end)
                        && self.units[end].best_table().is_some_and(|hit| hit.1 > 0.9)
                        && !self.units[next].best_table().is_some_and(|hit| hit.1 > 0.9)
                    {
                        noun = Some(end);
                        end += 1;
                    }
                }
            }
        }
        if let Some(left) = left {
            self.used[left] = true;
        }
        let or_next = self.is(end, &["or"]);
        self.mark(start, end);
        self.comparisons.push(Comparison {
            comparator,
            right,
            left,
            noun,
            adjective: adjective.or(verb),
            money,
            revenue,
            negated,
            at: start,
            or_next,
        });
    }

    fn match_texts(&mut self, linker: &Linker) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            let how = match (self.text(at), self.text(at + 1)) {
                ("starts" | "start" | "starting" | "begins" | "beginning" | "begin", "with") => {
                    Some((TextHow::Starts, at + 2))
                }
                ("ends" | "end" | "ending", "with" | "in") if self.is(at + 1, &["with"]) => {
                    Some((TextHow::Ends, at + 2))
                }
                (
                    "contains" | "containing" | "contain" | "includes" | "including" | "include",
                    _,
                ) => Some((TextHow::Contains, at + 1)),
                ("has" | "have" | "having" | "with" | "has" | "the", _)
                    if self.quoted_substring(at).is_some() =>
                {
                    self.quoted_substring(at)
                        .map(|end| (TextHow::Contains, end))
                }
                ("like", _) if self.units.get(at + 1).is_some_and(|unit| unit.quoted) => {
                    Some((TextHow::Contains, at + 1))
                }
                ("substring", _) => Some((TextHow::Contains, at + 1)),
                _ => None,
            };
            let Some((how, mut next)) = how else {
                at += 1;
                continue;
            };
            while self.is(
                next,
                &[
                    "the",
                    "a",
                    "word",
                    "substring",
                    "letter",
                    "letters",
                    "string",
                    "text",
                    "of",
                    "in",
                ],
            ) {
                next += 1;
            }
            let Some(unit) = self.units.get(next) else {
                at += 1;
                continue;
            };
            let single = unit.end - unit.first == 1;
            // "playlists containing Rock tracks" is not about text
            if how == TextHow::Contains
                && !unit.quoted
                && (unit.number.is_some()
                    || is_filler(&unit.text)
                    || unit.is_name()
                    || !unit.raw.starts_with(|c: char| c.is_uppercase())
                        && !self.is(start, &["contains", "containing", "contain"])
                        && !(start..next).any(|at| {
                            self.is(at, &["substring", "word", "letter", "letters", "string"])
                        })
                    || self.is_noun(next + 1))
            {
                at += 1;
                continue;
            }
            let _ = single;
            let text = unit.raw.clone();
            let mut end = next + 1;
            // "in its name", "in the title"
            let mut column = None;
            if self.is(end, &["in", "as"]) {
                let mut named = end + 1;
                while self.is(named, &["their", "its", "the", "his", "her", "a"]) {
                    named += 1;
                }
                if self.is_noun(named) || self.is(named, &["name", "names", "title"]) {
                    column = Some(named);
                    end = named + 1;
                }
            }
            if column.is_none() {
                column = (start.saturating_sub(4)..start).rev().find(|&at| {
                    self.units[at].is_name() && !self.used[at] && !self.units[at].columns.is_empty()
                });
                // the tables after the column ("whose name")
            }
            let negated = (start.saturating_sub(2)..start).any(|at| self.is(at, &["not"]));
            if let Some(column) = column {
                self.used[column] = true;
            }
            self.mark(start, end);
            self.texts.push(TextMatch {
                column,
                how,
                text,
                negated,
                at: start,
            });
            at = end;
        }
        let _ = linker;
    }

    /// "have "love" in", "has the substring X", "with the word X".
    fn quoted_substring(&self, at: At) -> Option<At> {
        let mut next = at + 1;
        let mut said = false;
        while self.is(
            next,
            &[
                "the",
                "a",
                "word",
                "substring",
                "string",
                "letters",
                "letter",
            ],
        ) {
            said |= !self.is(next, &["the", "a"]);
            next += 1;
        }
        let unit = self.units.get(next)?;
        let quoted_in = unit.quoted && self.is(next + 1, &["in"]);
        (said && !self.is(at, &["the"]) || quoted_in).then_some(next)
    }

    fn superlatives(&mut self, linker: &Linker) {
        for at in 0..self.units.len() {
            if self.used[at] || self.top.is_some() {
                continue;
            }
            if let Some((mut top, from, to)) = self.superlative(at, linker) {
                self.mark(from, to);
                if !top.counted
                    && let Some((number, said)) = self.count_before(from)
                {
                    self.mark(said, said + 1);
                    top.limit = number;
                    top.counted = true;
                }
                self.top = Some(top);
            }
        }
    }

    /// How many are asked for ahead of a superlative: "which 5 artists have the most …".
    fn count_before(&self, superlative: At) -> Option<(u64, At)> {
        const LEADS: [&str; 9] = [
            "which", "what", "the", "list", "show", "me", "give", "find", "name",
        ];
        (1..superlative).find_map(|said| {
            let number = self.units[said]
                .number
                .filter(|n| n.fract() == 0.0 && *n >= 1.0 && *n <= 10_000.0)
                .filter(|_| !self.used[said] && self.is(said - 1, &LEADS))?;
            self.noun_at(said + 1)?;
            Some((number as u64, said))
        })
    }

    /// The superlative whose word stands at `at`, and the units it takes.
    fn superlative(&mut self, at: At, linker: &Linker) -> Option<(Top, At, At)> {
        let word = self.text(at).to_owned();
        let unit_is_name = self.units[at]
            .columns
            .first()
            .is_some_and(|hit| hit.1 >= 0.95);
        if unit_is_name && !["most", "top"].contains(&word.as_str()) {
            return None;
        }
        let mut from = at;
        let mut limit = None;
        let mut offset = 0;
        // before: "the 5 …", "the second …", "top 3 most …"
        if let Some(before) = at.checked_sub(1).filter(|&before| !self.used[before]) {
            if let Some(ordinal) = ordinal(self.text(before))
                && ordinal > 1
            {
                offset = ordinal - 1;
                from = before;
            } else if let Some(number) = self.units[before]
                .number
                .filter(|n| n.fract() == 0.0 && *n >= 1.0 && *n <= 10_000.0)
            {
                limit = Some(number as u64);
                from = before;
            }
        }
        let mut next = at + 1;
        let number_after = self
            .units
            .get(next)
            .and_then(|unit| unit.number)
            .filter(|n| n.fract() == 0.0 && *n >= 1.0 && *n <= 10_000.0)
            .filter(|_| !self.used[next]);
        let large;
        let mut by;
        match word.as_str() {
            "top" | "bottom" | "best" | "worst" => {
                large = word == "top" || word == "best";
                if let Some(number) = number_after {
                    limit = Some(number as u64);
                    next += 1;
                }
                by = By::Unsaid;
                if self.is(next, &["selling", "seller", "sellers", "sold"]) {
                    by = By::Quantity;
                    next += 1;
                } else if self.is(next, &["rated"]) {
                    by = By::Adjective(adjective("rated")?, next);
                    next += 1;
                } else if self.is(next, &["paid"]) {
                    by = By::Adjective(adjective("paid")?, next);
                    next += 1;
                } else if self.is(next, &["most", "least"])
                    || adjective(self.text(next)).is_some()
                    || self.is(next, &["highest", "lowest"])
                {
                    // "top 3 most expensive", "top 3 highest rating"
                    let (top, _, end) = self.superlative(next, linker)?;
                    return Some((
                        Top {
                            limit: limit.unwrap_or(top.limit),
                            counted: true,
                            ..top
                        },
                        from,
                        end,
                    ));
                }
            }
            "first" | "last" | "latest" | "earliest" | "newest" => {
                large = ["last", "latest", "newest"].contains(&word.as_str());
                if ["first", "last"].contains(&word.as_str())
                    && (self.is(next, &["name", "names", "and", "line"])
                        || self.is(next, &["column"])
                        || self.units[at].is_name()
                            && self.units[at].end - self.units[at].first > 1)
                {
                    return None;
                }
                if let Some(number) = number_after {
                    limit = Some(number as u64);
                    next += 1;
                }
                by = By::Sequence;
                // "the last transcript release date", "when was the first …": the date itself
                let noun = self.noun_at(next);
                if noun.is_some_and(|noun| {
                    self.units[noun].columns.first().is_some_and(|hit| {
                        hit.1 > 0.5
                            && linker.catalogue.is_date(hit.0)
                            && self.units[noun]
                                .tables
                                .first()
                                .is_none_or(|table| table.1 < hit.1)
                    })
                }) && limit.is_none()
                {
                    return None;
                }
                if noun.is_some_and(|noun| {
                    self.units[noun].columns.first().is_some_and(|hit| {
                        matches!(
                            linker.catalogue.kind(hit.0),
                            crate::builtin::catalogue::Kind::Year
                        )
                    })
                }) && let Some(noun) = noun
                {
                    by = By::Unit(noun);
                    next = noun + 1;
                }
            }
            "most" | "least" | "fewest" => {
                large = word == "most";
                while self.is(next, &["of", "the"]) {
                    next += 1;
                }
                if self.is(next, &["number", "amount", "quantity", "count", "total"])
                    && (self.is(next + 1, &["of"]) || self.noun_at(next + 1).is_some())
                    && !self.is_noun(next)
                {
                    next += 1 + usize::from(self.is(next + 1, &["of"]));
                }
                while self.is(
                    next,
                    &[
                        "different",
                        "highly",
                        "total",
                        "distinct",
                        "frequently",
                        "commonly",
                        "often",
                        "widely",
                    ],
                ) {
                    if self.is(next, &["frequently", "commonly", "often", "widely"])
                        && !self.is(
                            next + 1,
                            &[
                                "used",
                                "ordered",
                                "bought",
                                "sold",
                                "visited",
                                "played",
                                "rented",
                                "listened",
                                "purchased",
                            ],
                        )
                    {
                        break;
                    }
                    next += 1;
                }
                let text = self.text(next).to_owned();
                if is_revenue(&text) {
                    by = By::Revenue;
                    next += 1;
                } else if [
                    "popular",
                    "common",
                    "frequent",
                    "used",
                    "ordered",
                    "visited",
                    "played",
                    "rented",
                    "purchased",
                    "bought",
                    "frequently",
                    "commonly",
                    "often",
                    "active",
                    "prolific",
                    "busy",
                ]
                .contains(&text.as_str())
                {
                    by = By::Events;
                    next += 1;
                } else if text == "sold" || text == "selling" {
                    by = By::Quantity;
                    next += 1;
                } else if ["money"].contains(&text.as_str()) {
                    by = By::Revenue;
                    next += 1;
                } else if let Some(found) = adjective(&text).filter(|_| {
                    self.units[next]
                        .columns
                        .first()
                        .is_none_or(|hit| hit.1 < 0.9)
                }) {
                    let large_column = found.large == large;
                    by = By::Adjective(found, next);
                    next += 1;
                    // "recently installed": the verb may name the date
                    if self.is_noun(next)
                        && self.units[next].tables.is_empty()
                        && self.units[next]
                            .columns
                            .iter()
                            .any(|hit| linker.catalogue.is_date(hit.0))
                    {
                        by = By::Unit(next);
                        next += 1;
                    } else if self.text(next - 1) == "recently"
                        && !self.is_noun(next)
                        && next < self.units.len()
                    {
                        next += 1;
                    }
                    let counted = limit.is_some();
                    return Some((
                        Top {
                            limit: limit.unwrap_or(1),
                            offset,
                            large: large_column,
                            by,
                            at,
                            counted,
                        },
                        from,
                        next,
                    ));
                } else if let Some(noun) = self.noun_at(next) {
                    by = By::Unit(noun);
                    next = noun + 1;
                    if self.is_noun(next)
                        && self.units[next].best_table().is_some_and(|hit| hit.1 > 0.9)
                        && self.units[noun].best_table().is_none_or(|hit| hit.1 < 0.9)
                        && self.units[noun].best_column().is_none_or(|hit| hit.1 < 0.9)
                    {
                        by = By::Unit(next);
                        next += 1;
                    }
                    if !self.units[noun].columns.is_empty()
                        && self.units[noun].best_table().is_none_or(|t| t.1 < 0.7)
                        && self.is_noun(next)
                        && self.units[next].best_table().is_some()
                    {
                        // "most bikes stations"? keep the column
                    }
                } else {
                    // "ordered the most", "spent the most"
                    let before = at.checked_sub(1).map_or(0, |b| {
                        if self.is(b, &["the"]) {
                            b.saturating_sub(1)
                        } else {
                            b
                        }
                    });
                    let verb = self.text(before);
                    by = if is_revenue(verb) || ["earned", "paid", "sold"].contains(&verb) {
                        By::Revenue
                    } else {
                        By::Events
                    };
                    if self.is(next, &["by"]) {
                        next += 1;
                        (by, next) = self.metric(next, by);
                    }
                }
            }
            "highest" | "lowest" | "greatest" | "maximum" | "minimum" | "max" | "min"
            | "largest" | "smallest" | "biggest" | "longest" | "shortest" | "oldest"
            | "youngest" | "cheapest" => {
                let found = adjective(&word);
                large = found.map_or(
                    [
                        "highest", "greatest", "maximum", "max", "largest", "biggest",
                    ]
                    .contains(&word.as_str()),
                    |found| found.large,
                );
                if matches!(word.as_str(), "max" | "min" | "maximum" | "minimum")
                    && !self.after_with(at)
                {
                    return None;
                }
                if self.is(next, &["and", "or", ","])
                    && (adjective(self.text(next + 1)).is_some()
                        || self.is(
                            next + 1,
                            &[
                                "lowest", "highest", "minimum", "maximum", "average", "min", "max",
                                "mean",
                            ],
                        ))
                    && !self.after_with(at)
                {
                    return None; // "longest and shortest trip durations" are numbers
                }
                while self.is(next, &["single", "individual"]) {
                    next += 1;
                }
                let mut counted_noun = false;
                if self.is(next, &["number", "amount", "quantity", "count"])
                    && (self.is(next + 1, &["of"]) || !self.is_noun(next))
                    && !self.is_noun(next)
                {
                    next += 1;
                    next += usize::from(self.is(next, &["of"]));
                    counted_noun = true;
                }
                while self.is(next, &["total", "average", "different"]) && !self.is_noun(next) {
                    next += 1;
                }
                let metric = self.text(next).to_owned();
                if is_revenue(&metric) {
                    if !self.names_a_thing(at) {
                        return None;
                    }
                    by = By::Revenue;
                    next += 1;
                } else if let Some(noun) = self.noun_at(next) {
                    let unit = &self.units[noun];
                    let column_like = unit.best_column().is_some_and(|hit| {
                        hit.1 >= unit.best_table().map_or(0.0, |table| table.1 - 0.05)
                            && (linker.catalogue.is_measure(hit.0)
                                || linker.catalogue.column(hit.0).numeric_text
                                || linker.catalogue.is_date(hit.0)
                                || matches!(
                                    linker.catalogue.kind(hit.0),
                                    crate::builtin::catalogue::Kind::Year
                                ))
                    });
                    // "average" said before the noun: "the highest average attendance"
                    if column_like {
                        if !self.names_a_thing(at) && limit.is_none() {
                            return None; // "the highest dock count" is a number
                        }
                        by = By::Unit(noun);
                        next = noun + 1;
                    } else if counted_noun {
                        by = By::Unit(noun);
                        next = noun + 1;
                    } else if let Some(found) = found {
                        // "longest trip duration": a column after the thing
                        if self.is_noun(noun + 1)
                            && self.units[noun + 1]
                                .columns
                                .iter()
                                .any(|hit| hit.1 > 0.5 && linker.catalogue.is_measure(hit.0))
                            && !self.names_a_thing(at)
                        {
                            return None;
                        }
                        by = By::Adjective(found, at);
                    } else {
                        by = By::Unit(noun);
                        next = noun + 1;
                    }
                } else if let Some(found) = found {
                    by = By::Adjective(found, at);
                } else {
                    return None;
                }
            }
            _ => {
                let found =
                    adjective(&word).filter(|_| word.ends_with("est") || word.ends_with("most"))?;
                large = found.large;
                by = By::Adjective(found, at);
            }
        }
        // "… by Y" anywhere after
        if let Some(said) = (next..self.units.len().min(next + 7))
            .find(|&at| self.is(at, &["by"]) && !self.used[at])
        {
            let start = said + 1;
            let (metric, end) = self.metric(start, By::Unsaid);
            let textual = matches!(metric, By::Unit(unit) if !self.units[unit].columns.iter().any(|hit| linker.catalogue.is_measure(hit.0) || linker.catalogue.is_date(hit.0) || linker.catalogue.column(hit.0).numeric_text) && !self.is(start, &["number", "count"]) && !self.units[unit].tables.iter().any(|_| self.is(start, &["number", "count"])));
            if !matches!(metric, By::Unsaid) && !textual {
                by = metric;
                self.mark(said, end);
            }
        }
        let counted = limit.is_some();
        // plural without a number: "top customers", "best-selling artists"
        let plural = self.noun_at(next).is_some_and(|noun| {
            self.units[noun].raw.ends_with('s') && !self.units[noun].raw.ends_with("ss")
        });
        let limit = limit.unwrap_or(
            if matches!(by, By::Unsaid) && plural
                || plural && ["top", "bottom", "best", "worst"].contains(&word.as_str())
            {
                10
            } else {
                1
            },
        );
        Some((
            Top {
                limit,
                offset,
                large,
                by,
                at,
                counted,
            },
            from,
            next,
        ))
    }

    /// "revenue", "number of orders", "total quantity", "quantity".
    fn metric(&self, start: At, otherwise: By) -> (By, At) {
        let mut at = start;
        while self.is(
            at,
            &["total", "the", "overall", "their", "average", "sum", "of"],
        ) && (!self.is_noun(at)
            || self
                .units
                .get(at + 1)
                .is_some_and(|next| !is_filler(&next.text)))
        {
            at += 1;
        }
        if self.is(at, &["value", "worth", "amount", "money"]) && !self.is_noun(at) {
            return (By::Revenue, at + 1);
        }
        if is_revenue(self.text(at)) {
            return (By::Revenue, at + 1);
        }
        if self.is(at, &["number", "count", "amount"])
            && !(self.is_noun(at) && !self.is(at + 1, &["of"]))
        {
            let next = at + 1 + usize::from(self.is(at + 1, &["of"]));
            if let Some(noun) = self.noun_at(next) {
                // "number of tracks sold"
                if self.is(noun + 1, &["sold"]) {
                    return (By::Quantity, noun + 2);
                }
                return (By::Unit(noun), noun + 1);
            }
            return (By::Events, next);
        }
        if let Some(noun) = self.noun_at(at) {
            let second = self.is_noun(noun + 1)
                && !self.units[noun + 1].columns.is_empty()
                && self.units[noun].best_column().is_none_or(|hit| hit.1 < 0.8);
            let noun = if second { noun + 1 } else { noun };
            return (By::Unit(noun), noun + 1);
        }
        // "riding time", "playing time"
        if self.is(at + 1, &["time"]) && at + 1 < self.units.len() {
            if let Some(found) = adjective("longest") {
                return (By::Adjective(found, at), at + 2);
            }
        }
        (otherwise, start)
    }

    fn after_with(&self, at: At) -> bool {
        let mut before = at;
        while before > 0 && self.is(before - 1, &["the", "a"]) {
            before -= 1;
        }
        before > 0
            && self.is(
                before - 1,
                &[
                    "with",
                    "has",
                    "have",
                    "had",
                    "having",
                    "whose",
                    "got",
                    "gets",
                    "generates",
                    "generated",
                    "of",
                    "made",
                    "by",
                ],
            )
            && !(self.is(before - 1, &["by", "of"])
                && !self.units[..before - 1].iter().any(Unit::is_name))
    }

    /// The superlative describes a thing named elsewhere, rather than being the number asked for.
    fn names_a_thing(&self, at: At) -> bool {
        if self.after_with(at) {
            return true;
        }
        let before = self.units[..at]
            .iter()
            .enumerate()
            .any(|(at, unit)| unit.is_name() && !self.used[at]);
        before && (self.asks_which || self.is(at.saturating_sub(1), &["with"]))
    }

    fn negations(&mut self, linker: &Linker) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            let word = self.text(at).to_owned();
            let negative = [
                "without", "never", "no", "lacking", "missing", "not", "empty", "zero", "nothing",
                "null", "unknown",
            ]
            .contains(&word.as_str());
            if word == "out" && self.is(at + 1, &["of"]) && self.is_noun(at + 2) {
                self.mark(at, at + 3);
                self.absences.push(Absence {
                    noun: Some(at + 2),
                    verb: None,
                    at,
                    present: false,
                    end: at + 3,
                });
                at += 3;
                continue;
            }
            // "except for stadiums having a concert in 2014"
            if ["except", "excluding"].contains(&word.as_str()) {
                let link = (at + 1..self.units.len().min(at + 6))
                    .find(|&at| self.is(at, &["having", "with", "that", "which", "who"]));
                if let Some(noun) = link.and_then(|link| {
                    (link + 1..link + 4).find_map(|at| self.is_noun(at).then_some(at))
                }) {
                    self.mark(at, noun + 1);
                    self.absences.push(Absence {
                        noun: Some(noun),
                        verb: None,
                        at,
                        present: false,
                        end: noun + 1,
                    });
                    at = noun + 1;
                    continue;
                }
            }
            if !negative {
                at += 1;
                continue;
            }
            // "in stock", "out of stock" have their own words; "not in Germany" is a value
            let mut next = at + 1;
            let mut verb = None;
            while next < self.units.len() && !self.used[next] {
                let text = self.text(next);
                if [
                    "have", "has", "had", "any", "a", "an", "been", "yet", "single", "placed",
                    "place", "made", "make", "the", "one", "ever", "being", "is", "be", "are",
                    "with", "some", "get", "got", "gotten",
                ]
                .contains(&text)
                    && !(self.is_noun(next) && !["placed", "place", "made", "make"].contains(&text))
                {
                    next += 1;
                    continue;
                }
                break;
            }
            // whatever follows belongs to a value: "not from the USA"
            let value_next = self
                .units
                .get(next)
                .is_some_and(|unit| !unit.values.is_empty() && !unit.is_name() || unit.quoted)
                || self.is(
                    next,
                    &[
                        "in", "from", "by", "of", "named", "called", "using", "built", "written",
                        "directed",
                    ],
                ) && !self.is_noun(next);
            if value_next && word != "without" && word != "no" {
                at += 1;
                continue;
            }
            if self.is_noun(next) {
                let mut noun = next;
                // "fax number", "support rep": the better of two nouns in a row; "tracks sold" keeps the first
                if self.is_noun(next + 1)
                    && self.units[next].best_table().is_none_or(|hit| hit.1 < 0.9)
                    && self.units[next].best_column().is_none_or(|hit| hit.1 < 0.8)
                {
                    noun = next + 1;
                }
                let is_verb_like = word == "not" || word == "never";
                let named_date = self.units[noun]
                    .columns
                    .iter()
                    .any(|hit| linker.catalogue.is_date(hit.0))
                    && is_verb_like
                    && self.units[noun].best_table().is_none_or(|hit| hit.1 < 0.8);
                let mut end = noun + 1;
                while self.is(
                    end,
                    &[
                        "number", "starting", "yet", "there", "at", "all", "on", "file", "listed",
                        "recorded", "address", "anything", "placed", "made", "in",
                    ],
                ) && !self.is_noun(end)
                    && !(self.is(end, &["in", "at", "on"]) && !self.is(end + 1, &["all", "file"]))
                {
                    end += 1;
                }
                let _ = named_date;
                // "did not buy any tracks": the verb stood before
                self.mark(start, end);
                self.absences.push(Absence {
                    noun: Some(noun),
                    verb: Some(self.units[noun].stem.clone()),
                    at: start,
                    present: false,
                    end,
                });
                at = end;
                continue;
            }
            if (word == "not" || word == "never")
                && next < self.units.len()
                && self.units[next].number.is_none()
                && !self.units[next].punctuation
            {
                let text = self.text(next).to_owned();
                if !is_filler(&text) || crate::builtin::lexicon::is_weak(&text) {
                    verb = Some(self.units[next].stem.clone());
                    let mut end = next + 1;
                    let mut noun = None;
                    while self.is(
                        end,
                        &[
                            "a", "an", "any", "anything", "single", "the", "yet", "for", "one",
                            "in",
                        ],
                    ) && !(self.is(end, &["in", "for"]) && !self.is(end + 1, &["any", "a"]))
                    {
                        end += 1;
                    }
                    if self.is_noun(end) && (end > next + 1 || !self.units[end].tables.is_empty()) {
                        noun = Some(end);
                        end += 1;
                    }
                    // "not directed by Ben Jones": a value follows
                    let value_follows = self.is(end, &["by", "in", "from", "to"])
                        && self
                            .units
                            .get(end + 1)
                            .is_some_and(|unit| !unit.values.is_empty())
                        || self
                            .units
                            .get(end)
                            .is_some_and(|unit| !unit.values.is_empty() && !unit.is_name());
                    if !value_follows {
                        self.mark(start, end);
                        self.absences.push(Absence {
                            noun,
                            verb,
                            at: start,
                            present: false,
                            end,
                        });
                        at = end;
                        continue;
                    }
                }
            }
            let _ = verb;
            at += 1;
        }
    }

    /// "discontinued products": a column of yes and no is a condition when nobody asks to see it.
    fn flags(&mut self, linker: &Linker) {
        for at in 0..self.units.len() {
            if self.used[at] {
                continue;
            }
            let unit = &self.units[at];
            let Some((id, score)) = unit.best_column() else {
                continue;
            };
            let other_table = unit.best_table().is_some_and(|hit| hit.1 >= score);
            if score < 0.9 || other_table || !linker.catalogue.is_flag(id) {
                continue;
            }
            let counted = at > 0
                && self.is(
                    at - 1,
                    &["by", "per", "each", "of", "and", "show", "list", "the"],
                );
            if counted && !self.is(at + 1, &[""]) && !self.is_noun(at + 1) {
                continue;
            }
            let negated =
                (at.saturating_sub(2)..at).any(|at| self.is(at, &["not", "non", "never"]));
            self.used[at] = true;
            self.flags.push((at, !negated));
        }
    }

    fn known_values(&mut self, linker: &Linker) {
        let mut previous: Option<At> = None;
        for at in 0..self.units.len() {
            if self.used[at] {
                continue;
            }
            let unit = &self.units[at];
            let before = self.name_before(at);
            let number = unit.digits && unit.values.is_empty();
            // a known value, text in quotes, or a number beside a noun
            let named_here =
                at > 0 && self.is(at - 1, &["named", "called", "name", "is", "titled"]);
            let strong_name = unit
                .best_table()
                .map_or(0.0, |hit| hit.1)
                .max(unit.best_column().map_or(0.0, |hit| hit.1));
            let lower = !unit.raw.starts_with(|c: char| c.is_uppercase());
            let verb = lower
                && (crate::builtin::lexicon::is_weak(&unit.text)
                    || crate::builtin::linking::is_verb(&unit.text));
            let as_value = if unit.quoted {
                true
            } else if !unit.values.is_empty() && !verb {
                let exact_case = unit.raw.chars().next().is_some_and(char::is_uppercase) && at > 0;
                let tables_rank = strong_name < 0.6
                    || (exact_case && strong_name < 0.9 && unit.corrected.is_none())
                    || named_here && exact_case;
                tables_rank || before.is_some_and(|name| self.holds(name, at)) && exact_case
            } else {
                false
            };
            let literal = !as_value
                && !unit.is_name()
                && unit.number.is_none()
                && !is_filler(&unit.text)
                && at > 0
                && (self.is(at - 1, &["named", "called", "titled"])
                    || self.text(at - 1).ends_with(" named"))
                && unit.date.is_none();
            let one_digit_value = number
                && (before.is_some() && !self.units[at].money
                    || self.units[at].values.is_empty()
                        && at > 0
                        && self.is(at - 1, &["in", "for", "of", "or", "and"])
                        && previous.is_some());
            let number_after_name =
                number && (before.is_some() || self.is_noun(at + 1)) || one_digit_value;
            let identifier = number
                && at > 0
                && self.is(at - 1, &["in", "for", "at"])
                && self.text(at).len() >= 4;
            if !as_value && !literal && !number_after_name && !identifier {
                continue;
            }
            // "4 cylinders", "grade 10"
            let mut beside = before;
            let mut end = at + 1;
            let (mut and_before, mut or_before) = (false, false);
            if let Some(last) = previous {
                let between = &self.units[last + 1..at];
                // "in Haiti or have the phone number …"
                or_before = between.len() <= 9 && between.iter().any(|unit| unit.is(&["or"]));
                let only_links = between.iter().all(|unit| {
                    unit.is(&[
                        "or", "and", ",", "the", "from", "in", "by", "versus", "vs", "either",
                        "nor", "than",
                    ]) || unit.is_name() && Some(unit.first) == beside.map(|b| self.units[b].first)
                });
                if only_links {
                    or_before = between
                        .iter()
                        .any(|unit| unit.is(&["or", ",", "nor", "versus", "vs"]))
                        || between.is_empty();
                    and_before = !or_before && between.iter().any(|unit| unit.is(&["and"]));
                }
            }
            if beside.is_none() && self.is_noun(end) && (self.holds(end, at) || number) {
                beside = Some(end);
                end += 1;
            } else if beside.is_none()
                && self.is_noun(end)
                && self.is_noun(end + 1)
                && self.holds(end + 1, at)
                && !number
            {
                beside = Some(end + 1);
                end += 2;
            }
            let negated = (at.saturating_sub(5)..at)
                .rev()
                .take_while(|&at| !self.units[at].is_name() || Some(at) == beside || self.used[at])
                .filter(|&at| !self.used[at])
                .any(|at| {
                    self.is(
                        at,
                        &[
                            "not",
                            "except",
                            "exclude",
                            "excluding",
                            "remove",
                            "drop",
                            "ignore",
                            "outside",
                            "besides",
                            "neither",
                            "nor",
                            "without",
                            "no",
                        ],
                    ) && !(self.is(at, &["without"]) && beside.is_none() && false)
                })
                || (at >= 2 && self.is(at - 1, &["than"]) && self.is(at - 2, &["other"]));
            // "orders not from Germany or France": the negation goes on through the list
            let negated = negated
                || (or_before || and_before) && self.values.last().is_some_and(|last| last.negated);
            if let Some(name) = beside {
                if !self.units[name]
                    .tables
                    .first()
                    .is_some_and(|hit| hit.1 > 0.6 && name < at)
                {
                    self.used[name] = true;
                } else if self.holds(name, at) || number {
                    // stays a noun of the question: "customers in Paris", "order 10248"
                }
            }
            self.mark(at, end.min(at + 1));
            if beside == Some(at + 1) {
                self.used[at + 1] = true;
            }
            self.values.push(ValueTest {
                at,
                beside,
                negated,
                or_before,
                and_before,
                number,
            });
            previous = Some(beside.filter(|b| *b > at).unwrap_or(at));
        }
        let _ = linker;
    }

    /// The noun just before, across "is", "of", "named" and the like.
    fn name_before(&self, at: At) -> Option<At> {
        let mut before = at;
        for _ in 0..4 {
            before = before.checked_sub(1)?;
            let unit = &self.units[before];
            if unit.is_name() && !unit.quoted && !self.used[before] {
                let value = &self.units[at];
                let known = !value.values.is_empty() && !value.quoted;
                let across_by = (before + 1..at).any(|between| self.is(between, &["by"]));
                if known && !self.holds(before, at) || across_by && !unit.tables.is_empty() {
                    return None;
                }
                return Some(before);
            }
            if self.used[before]
                || !unit.is(&[
                    "is", "are", "was", "were", "of", "named", "called", "the", "a", "not", "be",
                    "equal", "to", "as", "by", "number", "in", "s", "name", "with", "from",
                ])
            {
                return None;
            }
            // across a preposition only a column can be meant: "composed by", "start at"
            if unit.is(&["in", "with", "from"]) {
                let previous = before.checked_sub(1)?;
                let unit = &self.units[previous];
                return (unit.is_name()
                    && unit.best_table().is_none_or(|hit| hit.1 < 0.6)
                    && !self.used[previous]
                    && self.holds(previous, at)
                    && previous > 0)
                    .then_some(previous);
            }
        }
        None
    }

    /// The value at `value` occurs in a column that the noun at `name` may mean, or in its table.
    fn holds(&self, name: At, value: At) -> bool {
        let (name, value) = (&self.units[name], &self.units[value]);
        value.values.iter().any(|hit| {
            name.columns.iter().any(|(column, _)| *column == hit.column)
                || name
                    .tables
                    .iter()
                    .any(|(table, score)| *table == hit.column.table && *score > 0.3)
        }) || value.quoted && !name.columns.is_empty() && value.values.is_empty()
    }

    fn aggregates(&mut self, linker: &Linker) {
        let mut at = 0;
        let mut pending: Vec<(Aggregate, At)> = Vec::new();
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let unit_is_column =
                self.units[at].end - self.units[at].first > 1 && self.units[at].is_name();
            if unit_is_column && pending.is_empty() {
                at += 1;
                continue;
            }
            // counts
            let count_end = if self.is(at, &["how"]) && self.is(at + 1, &["many"]) {
                Some(at + 2)
            } else if self.is(at, &["number", "count", "numbers", "amount"])
                && self.is(at + 1, &["of"])
                && !(at > 0 && self.is_noun(at - 1) && self.units[at - 1].tables.is_empty())
            {
                Some(at + 2)
            } else if at == 0 && self.is(at, &["count"]) {
                Some(at + 1)
            } else {
                None
            };
            if let Some(end) = count_end {
                let distinct = self.is(end, &["different", "distinct", "unique"]);
                let mut noun_at = end;
                while (self.is(
                    noun_at,
                    &[
                        "the",
                        "different",
                        "distinct",
                        "unique",
                        "total",
                        "all",
                        "of",
                        "our",
                        "times",
                    ],
                ) || self.units.get(noun_at).is_some_and(|unit| {
                    self.used[noun_at] && (!unit.values.is_empty() || unit.number.is_some())
                }) || self.units.get(noun_at).is_some_and(|unit| unit.is(&["s"])))
                    && !self.is_noun(noun_at)
                {
                    noun_at += 1;
                }
                let from = if at > 0 && self.is(at - 1, &["total"]) {
                    at - 1
                } else {
                    at
                };
                if let Some(elapsed) = Grain::of_word(self.text(noun_at))
                    .filter(|grain| *grain == Grain::Day)
                    .filter(|_| {
                        self.is(noun_at + 1, &["does", "do", "did", "it"])
                            || self.is(noun_at + 1, &["between"])
                    })
                {
                    let _ = elapsed;
                    let average = self
                        .units
                        .iter()
                        .any(|unit| unit.is(&["average", "mean", "avg"]));
                    for at in 0..self.units.len() {
                        if self.is(at, &["average", "mean", "avg", "take", "takes", "took"]) {
                            self.used[at] = true;
                        }
                    }
                    self.mark(from, noun_at + 1);
                    self.measures.push(Measure {
                        aggregate: if average {
                            Aggregate::Average
                        } else {
                            Aggregate::Sum
                        },
                        of: Of::Elapsed(noun_at),
                        distinct: false,
                        at,
                    });
                    at = noun_at + 1;
                    continue;
                }
                let sold = self
                    .units
                    .iter()
                    .any(|unit| unit.is(&["sold", "ordered", "bought", "purchased", "sell"]));
                if sold
                    && self.is(noun_at, &["units", "pieces", "copies", "items"])
                    && self.units[noun_at]
                        .best_table()
                        .is_none_or(|hit| hit.1 < 0.9)
                {
                    self.mark(from, noun_at + 1);
                    self.measures.push(Measure {
                        aggregate: Aggregate::Sum,
                        of: Of::Quantity,
                        distinct: false,
                        at: from,
                    });
                    at = noun_at + 1;
                    continue;
                }
                if self.is_noun(noun_at) {
                    // "bikes available", "units in stock" are columns; "car makers" is a table
                    let mut noun = noun_at;
                    if self.is_noun(noun + 1) && self.compound(noun) {
                        noun += 1;
                    }
                    self.mark(from, noun + 1);
                    self.used[noun] = true;
                    let aggregate = pending.pop().map(|pending| pending.0);
                    self.measures.push(Measure {
                        aggregate: Aggregate::Count,
                        of: Of::Unit(noun),
                        distinct,
                        at: from,
                    });
                    if let Some(outer) = aggregate {
                        // "average number of X", "minimum number of bikes available"
                        self.measures.last_mut().expect("just pushed").aggregate = outer;
                        let numeric = self.units[noun]
                            .columns
                            .iter()
                            .any(|hit| hit.1 > 0.6 && linker.catalogue.is_measure(hit.0))
                            && self.units[noun].best_table().is_none_or(|hit| hit.1 < 0.7);
                        if !numeric {
                            self.measures.last_mut().expect("just pushed").distinct = true;
                        }
                    }
                    at = noun + 1;
                    // "how many X and Y": a second noun
                    if distinct && self.is(at, &["and"]) && self.is_noun(at + 1) {
                        self.measures.push(Measure {
                            aggregate: Aggregate::Count,
                            of: Of::Unit(at + 1),
                            distinct: true,
                            at,
                        });
                        self.mark(at, at + 2);
                        at += 2;
                    }
                    continue;
                }
                // "how many times", "how many did each sell", "list … and the number"
                if self.is(noun_at, &["units", "pieces", "copies", "items"]) {
                    self.mark(from, noun_at + 1);
                    self.measures.push(Measure {
                        aggregate: Aggregate::Sum,
                        of: Of::Quantity,
                        distinct: false,
                        at: from,
                    });
                    at = noun_at + 1;
                    continue;
                }
                at = end;
                continue;
            }
            if self.is(at, &["how"]) && self.is(at + 1, &["much"]) {
                self.mark(at, at + 2);
                let revenue = (at + 2..self.units.len()).any(|at| {
                    is_revenue(self.text(at))
                        || self.is(
                            at,
                            &[
                                "sell", "sold", "spend", "spent", "earn", "earned", "make", "made",
                                "pay", "paid", "revenue", "money",
                            ],
                        )
                });
                if revenue
                    && !self.units[at + 2..].iter().any(|unit| {
                        unit.columns
                            .first()
                            .is_some_and(|hit| hit.1 > 0.9 && linker.catalogue.is_measure(hit.0))
                    })
                {
                    for word in at + 2..self.units.len() {
                        if is_revenue(self.text(word))
                            || self.is(word, &["sell", "sold", "spend", "earn", "earned", "money"])
                        {
                            self.used[word] = true;
                        }
                    }
                    self.measures.push(Measure {
                        aggregate: Aggregate::Sum,
                        of: Of::Revenue,
                        distinct: false,
                        at,
                    });
                } else {
                    pending.push((Aggregate::Sum, at));
                }
                at += 2;
                continue;
            }
            let aggregate = match self.text(at) {
                "average" | "avg" | "mean" => Some(Aggregate::Average),
                "total" | "sum" | "combined" => Some(Aggregate::Sum),
                "maximum" | "max" | "highest" | "largest" | "biggest" | "greatest" | "longest"
                | "latest" | "most" => Some(Aggregate::Max),
                "last" | "newest" => Some(Aggregate::Max),
                "minimum" | "min" | "lowest" | "smallest" | "shortest" | "cheapest"
                | "earliest" | "fewest" | "least" | "first" => Some(Aggregate::Min),
                _ => None,
            };
            let whole_name = self.units[at]
                .columns
                .first()
                .is_some_and(|hit| hit.1 >= 0.9)
                && aggregate != Some(Aggregate::Sum)
                && !self.is(at, &["average", "mean"]);
            if let Some(aggregate) = aggregate.filter(|_| !whole_name) {
                // a column called "total" with no noun after it stays a column
                let following = self.noun_at(at + 1).is_some()
                    || is_revenue(self.text(at + 1))
                    || self.is(at + 1, &["number", "of", "and", ",", "amount"])
                    || !self.units[at].is_name();
                if following {
                    pending.push((aggregate, at));
                    at += 1;
                    continue;
                }
            }
            if self.is(at, &["inventory", "stock"])
                && self.units[at + 1..]
                    .iter()
                    .any(|unit| unit.is(&["worth", "value"]))
                || self.is(at, &["value", "worth"])
                    && self.is(at + 1, &["of"])
                    && self.units[at + 1..]
                        .iter()
                        .any(|unit| unit.is(&["inventory", "stock"]))
            {
                for word in at..self.units.len() {
                    if self.is(word, &["inventory", "stock", "worth", "value"]) {
                        self.used[word] = true;
                    }
                }
                self.measures.push(Measure {
                    aggregate: Aggregate::Sum,
                    of: Of::StockValue,
                    distinct: false,
                    at,
                });
                at += 1;
                continue;
            }
            if is_revenue(self.text(at))
                && self.units[at]
                    .columns
                    .first()
                    .is_none_or(|hit| hit.1 < 0.9 || !linker.catalogue.is_measure(hit.0))
                && !(self.units[at].best_table().is_some_and(|hit| hit.1 > 0.95)
                    && pending.is_empty())
            {
                self.used[at] = true;
                let mut aggregate = Aggregate::Sum;
                if let Some((said, from)) = pending.pop() {
                    aggregate = said;
                    self.mark(from, at + 1);
                }
                pending.clear();
                self.measures.push(Measure {
                    aggregate,
                    of: Of::Revenue,
                    distinct: false,
                    at,
                });
                at += 1;
                continue;
            }
            // "quantity sold", "units sold"
            if self.is(at, &["quantity", "units", "pieces", "copies"])
                && (self.is(at + 1, &["sold", "ordered"]))
                && self.units[at].tables.is_empty()
            {
                self.mark(at, at + 2);
                if let Some((_, from)) = pending.pop() {
                    self.mark(from, at);
                }
                self.measures.push(Measure {
                    aggregate: Aggregate::Sum,
                    of: Of::Quantity,
                    distinct: false,
                    at,
                });
                at += 2;
                continue;
            }
            if !pending.is_empty() && self.is_noun(at) {
                let unit = &self.units[at];
                // "average trip duration": the table goes before its column
                let next_is_column = self.is_noun(at + 1)
                    && self.units[at + 1].columns.iter().any(|hit| {
                        hit.1 > 0.4
                            && (linker.catalogue.is_measure(hit.0)
                                || linker.catalogue.column(hit.0).numeric_text)
                    });
                let own_number = unit
                    .best_column()
                    .is_some_and(|hit| hit.1 >= 0.9 && linker.catalogue.is_measure(hit.0));
                if next_is_column
                    && !own_number
                    && !(pending.last().is_some_and(|p| p.0 == Aggregate::Count))
                {
                    at += 1;
                    continue;
                }
                let numeric = unit.columns.iter().any(|hit| {
                    hit.1 > 0.28
                        && (linker.catalogue.is_measure(hit.0)
                            || linker.catalogue.column(hit.0).numeric_text
                            || linker.catalogue.is_date(hit.0)
                            || matches!(
                                linker.catalogue.kind(hit.0),
                                crate::builtin::catalogue::Kind::Year
                            ))
                });
                let numeric_or_extreme = numeric
                    || pending
                        .iter()
                        .all(|p| matches!(p.0, Aggregate::Min | Aggregate::Max))
                        && !unit.columns.is_empty();
                if numeric_or_extreme
                    && unit.best_table().is_none_or(|table| {
                        table.1 < 0.95 || unit.best_column().is_some_and(|hit| hit.1 >= table.1)
                    })
                {
                    for (aggregate, from) in std::mem::take(&mut pending) {
                        self.used[from] = true;
                        self.measures.push(Measure {
                            aggregate,
                            of: Of::Unit(at),
                            distinct: false,
                            at: from,
                        });
                    }
                    self.used[at] = true;
                    at += 1;
                    // "average price and quantity"? the next noun keeps no aggregate
                    continue;
                }
                // "average order": a table; what of it is left to planning
                if pending.iter().any(|p| matches!(p.0, Aggregate::Sum))
                    && unit.best_table().is_some_and(|hit| hit.1 > 0.6)
                    && !(self.is_noun(at + 1))
                    && !self.is(at + 1, &["of"])
                {
                    // "total customers" counts
                    for (_, from) in std::mem::take(&mut pending) {
                        self.used[from] = true;
                    }
                    self.used[at] = true;
                    self.measures.push(Measure {
                        aggregate: Aggregate::Count,
                        of: Of::Unit(at),
                        distinct: false,
                        at,
                    });
                    at += 1;
                    continue;
                }
            }
            if self.is(at, &["."]) {
                pending.clear();
            }
            at += 1;
        }
        // "the average and maximum capacity": all found one; what is left found none
        for (_, from) in pending {
            let _ = from;
        }
        // a unit that begins with its aggregate ("maximum gust speed")
        for at in 0..self.units.len() {
            let led = [
                "max", "min", "mean", "average", "maximum", "minimum", "avg", "total",
            ]
            .iter()
            .any(|word| self.units[at].text.starts_with(&format!("{word} ")));
            if self.used[at]
                || !led
                || self
                    .measures
                    .iter()
                    .any(|measure| measure.of == Of::Unit(at))
            {
                continue;
            }
            let asks = self.is(0, &["what"])
                && self.is(1, &["is", "was"])
                && (2..at).all(|at| self.is(at, &["the"]));
            if asks
                && self.units[at]
                    .columns
                    .first()
                    .is_some_and(|hit| linker.catalogue.is_measure(hit.0))
            {
                let text = self.units[at].text.clone();
                let aggregate = if text.starts_with("max") {
                    Aggregate::Max
                } else if text.starts_with("min") {
                    Aggregate::Min
                } else if text.starts_with("total") {
                    Aggregate::Sum
                } else {
                    Aggregate::Average
                };
                self.used[at] = true;
                self.measures.push(Measure {
                    aggregate,
                    of: Of::Unit(at),
                    distinct: false,
                    at,
                });
            }
        }
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
        let mut last_output = None;
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
                    last_output = Some(at);
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
        let _ = last_output;
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

fn measure_verb(word: &str) -> Option<Adjective> {
    match word {
        "weighing" | "weighs" | "weighed" | "weigh" | "weighted" => adjective("heaviest"),
        "cost" | "costs" | "costing" | "priced" => adjective("expensive"),
        "last" | "lasts" | "lasted" | "lasting" | "took" | "take" | "takes" | "taking" => {
            adjective("longest")
        }
        "aged" => adjective("oldest"),
        _ => None,
    }
}

fn ordinal(word: &str) -> Option<u64> {
    Some(match word {
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" => 4,
        "fifth" | "5th" => 5,
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
