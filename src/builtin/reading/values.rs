//! Values found in the data, flags, and what is said to be missing.

use super::{Absence, At, Reading, ValueTest};
use crate::builtin::lexicon::is_filler;
use crate::builtin::linking::Linker;

/// Words that turn the value behind them round.
const DENIALS: &[&str] = &[
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
    "never",
];

impl Reading {
    pub(super) fn negations(&mut self, linker: &Linker) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            let word = self.text(at).to_owned();
            // "but not", "but never": the turn is in what follows
            let turns = [
                "not", "never", "no", "without", "did", "have", "has", "who", "with",
            ];
            if word == "but" && self.is(at + 1, &turns) {
                self.used[at] = true;
            }
            let negative = [
                "without", "never", "no", "lacking", "missing", "not", "empty", "zero", "nothing",
                "null", "unknown",
            ]
            .contains(&word.as_str());
            // "whose composer is unknown", "where the fax is not empty"
            let states = ["unknown", "missing", "empty", "null", "blank"];
            if states.contains(&word.as_str()) && at >= 2 {
                let not = usize::from(self.is(at - 1, &["not"]));
                let verb = self.is(at - 1 - not, &["is", "are", "was", "were"]);
                let noun = (at - not)
                    .checked_sub(2)
                    .filter(|&noun| verb && self.is_noun(noun));
                if let Some(noun) = noun {
                    self.mark(noun, at + 1);
                    self.absences.push(Absence {
                        noun: Some(noun),
                        verb: None,
                        at: noun,
                        present: not == 1,
                        end: at + 1,
                    });
                    at += 1;
                    continue;
                }
            }
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
                if let Some(noun) =
                    link.and_then(|link| (link + 1..link + 4).find(|at| self.is_noun(*at)))
                {
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
            // "no Rock tracks", "without discontinued products": the word between says which of them
            let which = next < self.units.len()
                && ["no", "without", "never", "not"].contains(&word.as_str())
                && self.is_noun(next + 1)
                && self.units[next + 1]
                    .best_table()
                    .is_some_and(|hit| hit.1 >= 0.8)
                && (!self.units[next].values.is_empty() && !self.units[next].is_name()
                    || self.is_flag(next, linker));
            if which {
                self.mark(start, next);
                self.used[next + 1] = true;
                self.absences.push(Absence {
                    noun: Some(next + 1),
                    verb: None,
                    at: start,
                    present: false,
                    end: next,
                });
                at = next + 2;
                continue;
            }
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
                    let verb = Some(self.units[next].stem.clone());
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
                        && !self.used[end]
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
            at += 1;
        }
    }

    /// The unit names a column of yes and no, and nothing better.
    fn is_flag(&self, at: At, linker: &Linker) -> bool {
        let unit = &self.units[at];
        unit.best_column().is_some_and(|(id, score)| {
            score >= 0.9
                && linker.catalogue.is_flag(id)
                && unit.best_table().is_none_or(|hit| hit.1 < score)
        })
    }

    /// "discontinued products": a column of yes and no is a condition when nobody asks to see it.
    pub(super) fn flags(&mut self, linker: &Linker) {
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
            let denials = ["not", "non", "never", "excluding", "exclude", "except"];
            let denial = (at.saturating_sub(2)..at).find(|&at| self.is(at, &denials));
            let negated = denial.is_some();
            if let Some(denial) = denial {
                self.used[denial] = true;
            }
            self.used[at] = true;
            self.flags.push((at, !negated));
        }
    }

    pub(super) fn known_values(&mut self) {
        let mut previous: Option<At> = None;
        for at in 0..self.units.len() {
            if self.used[at] {
                continue;
            }
            let unit = &self.units[at];
            let before = self.name_before(at);
            let number = unit.digits
                && unit.values.is_empty()
                // "within 5 days" is a span
                && crate::builtin::dates::Grain::of_word(self.text(at + 1)).is_none();
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
            let denial = (at.saturating_sub(5)..at)
                .rev()
                .take_while(|&before| {
                    // "not by customers in France": whose place it is
                    let owner = before + 2 == at
                        && self.is(at - 1, &["in", "from"])
                        && self.units[before]
                            .best_table()
                            .is_some_and(|hit| hit.1 >= 0.8);
                    !self.units[before].is_name()
                        || Some(before) == beside
                        || self.used[before]
                        || owner
                })
                .filter(|&at| !self.used[at])
                .find(|&at| self.is(at, DENIALS));
            let other = at >= 2 && self.is(at - 1, &["than"]) && self.is(at - 2, &["other"]);
            let negated = denial.is_some() || other;
            let mut absent = denial.is_some_and(|denial| self.denies_a_row(denial));
            if let Some(denial) = denial.filter(|&at| !self.is(at, &["not"])) {
                self.used[denial] = true;
            }
            // "orders not from Germany or France": the negation goes on through the list
            let goes_on = or_before || and_before;
            if let Some(last) = self.values.last().filter(|last| last.negated && goes_on) {
                absent = absent || !negated && last.absent;
            }
            let negated = negated || goes_on && self.values.last().is_some_and(|last| last.negated);
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
                absent,
                or_before,
                and_before,
                number,
            });
            previous = Some(beside.filter(|b| *b > at).unwrap_or(at));
        }
        // "A, B and C" is as much a list of "and" as "A and B"
        for at in (1..self.values.len()).rev() {
            let (from, to) = (self.values[at - 1].at, self.values[at].at);
            let comma = !(from + 1..to).any(|at| self.is(at, &["or", "nor"]));
            let goes_on = self.values.get(at + 1).is_some_and(|next| next.and_before);
            if self.values[at].or_before && comma && to > from + 1 && goes_on {
                self.values[at].or_before = false;
                self.values[at].and_before = true;
            }
        }
    }

    /// "who never bought X": no row may be so, rather than some row be another.
    fn denies_a_row(&self, denial: At) -> bool {
        if self.is(denial, &["never", "neither", "nor", "without", "no"]) {
            return true;
        }
        if !self.is(denial, &["not"]) {
            return false;
        }
        const SMALL: &[&str] = &[
            "did", "do", "does", "have", "has", "had", "been", "is", "are", "was", "were", "ever",
        ];
        let before = (0..denial).rev().find(|&at| !self.is(at, SMALL));
        before.is_some_and(|at| {
            self.is(at, &["who", "that", "which", "whom"])
                || self.units[..at].iter().all(|unit| !unit.is_name())
                    && self.units[at].best_table().is_some_and(|hit| hit.1 >= 0.8)
                    && !self.is(denial + 1, &["in", "from", "by", "of"])
        })
    }

    /// The noun just before, across "is", "of", "named" and the like.
    pub(super) fn name_before(&self, at: At) -> Option<At> {
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
    pub(super) fn holds(&self, name: At, value: At) -> bool {
        let (name, value) = (&self.units[name], &self.units[value]);
        value.values.iter().any(|hit| {
            name.columns.iter().any(|(column, _)| *column == hit.column)
                || name
                    .tables
                    .iter()
                    .any(|(table, score)| *table == hit.column.table && *score > 0.3)
        }) || value.quoted && !name.columns.is_empty() && value.values.is_empty()
    }
}
