//! "over 100", "between 5 and 10", "below the average", "starts with".

use super::{At, Comparator, Comparison, Reading, Right, TextHow, TextMatch, time_unit};
use crate::builtin::lexicon::{Adjective, adjective, is_filler, is_revenue};
use crate::builtin::linking::{Linker, Unit};

impl Reading {
    pub(super) fn compare_numbers(&mut self, linker: &Linker) {
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
            // "customers with 3 orders": as many, not the third
            let counted = at > 0
                && self.units[at].number.is_some()
                && self.is(
                    at - 1,
                    &["with", "have", "has", "had", "having", "placed", "made"],
                )
                && self.is_noun(at + 1)
                && self.units[at + 1].raw.ends_with('s')
                && self.units[at + 1]
                    .best_table()
                    .is_some_and(|hit| hit.1 >= 0.8);
            if let Some((value, unit, money, end)) = self.number(at).filter(|_| counted) {
                let right = Right::Number(value, unit);
                self.push_comparison(start, end, Comparator::Equal, None, right, money, linker);
                at = end;
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
                let mut of = None;
                let mut within = self.within_thing(end);
                if within.is_none() {
                    end += usize::from(self.is(end, &["of"]));
                    of = self.noun_at(end);
                    end = of.map_or(end, |noun| noun + 1);
                    within = self.within_thing(end);
                }
                let end = within.map_or(end, |noun| noun + 1);
                self.push_comparison(
                    start,
                    end,
                    comparator,
                    adjective,
                    Right::Average { of, within },
                    false,
                    linker,
                );
                at = end;
                continue;
            }
            // "cheaper than Chai", "hired after Nancy Davolio"
            let named = |at: At| {
                self.units.get(at).is_some_and(|unit| {
                    !unit.values.is_empty() && unit.number.is_none() && !unit.is_name()
                }) && !self.used[at]
            };
            if named(past) {
                let end = past + 1 + usize::from(named(past + 1));
                self.push_comparison(
                    start,
                    end,
                    comparator,
                    adjective,
                    Right::Thing(past, end),
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

    /// The thing within which an average is taken: "of their category", "in its genre".
    fn within_thing(&self, at: At) -> Option<At> {
        let led = self.is(at, &["of", "in", "for", "within"])
            && self.is(at + 1, &["their", "its", "his", "her", "the"]);
        let noun = at + 2 + usize::from(self.is(at + 2, &["own", "same"]));
        let owned = !self.is(at + 1, &["the"]) || self.is(at + 2, &["same"]);
        let table = self.units.get(noun)?.best_table()?;
        (led && owned && self.is_noun(noun) && table.1 >= 0.6).then_some(noun)
    }

    /// The comparator at a position, and where the words after it begin.
    pub(super) fn comparator(&self, at: At) -> Option<(Comparator, Option<Adjective>, At)> {
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
            // "countries with only one customer"
            ("only" | "just", _)
                if at > 0
                    && self.is(
                        at - 1,
                        &["with", "have", "has", "had", "having", "placed", "made"],
                    )
                    && self
                        .units
                        .get(at + 1)
                        .is_some_and(|unit| unit.number.is_some())
                    && self.is_noun(at + 2) =>
            {
                (Equal, None, at + 1)
            }
            ("equal" | "equals", "to") => (Equal, None, at + 2),
            ("equals", _) => (Equal, None, at + 1),
            ("minimum", "of") => (Least, None, at + 2),
            ("maximum", "of") => (Most, None, at + 2),
            _ if than => return None,
            _ => return None,
        })
    }

    pub(super) fn number(&self, at: At) -> Option<(f64, Option<&'static str>, bool, At)> {
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
        let spelt = self.is(end, &["percent", "pct"]);
        if unit.percent || spelt {
            return Some((value, Some(super::PERCENT), false, end + usize::from(spelt)));
        }
        let measure = time_unit(self.text(end));
        let money = unit.money || self.is(end, &["dollars", "dollar", "usd", "euros", "eur"]);
        if measure.is_some() || self.is(end, &["dollars", "dollar", "usd", "euros", "eur"]) {
            end += 1;
        }
        Some((value, measure, money, end))
    }

    pub(super) fn push_comparison(
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
            // "orders with a total above 5000"
            let unit = &self.units[at];
            if self.is(at, &["total", "totals", "worth"]) && !unit.is_name() && !self.used[at] {
                revenue = true;
                self.used[at] = true;
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
        let mut which = None;
        if left.is_none() && !revenue {
            // "0.5 inches of precipitation"
            const UNITS: &[&str] = &[
                "inches", "inch", "miles", "mile", "degrees", "feet", "meters", "metres", "km",
                "kg", "mph", "cm", "mm",
            ];
            if self.is(end, UNITS) && self.is(end + 1, &["of"]) && self.is_noun(end + 2) {
                end += 2;
            }
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
                        // "more than 2 discontinued products": which of them is still to be read
                        which = Some(next).filter(|&next| {
                            self.units[next].best_column().is_some_and(|(id, score)| {
                                score >= 0.9 && linker.catalogue.is_flag(id)
                            })
                        });
                        noun = Some(end);
                        end += 1;
                    }
                }
            }
        }
        let times = noun.is_none() && left.is_none() && self.is(end, &["times"]);
        end += usize::from(times);
        if let Some(left) = left {
            self.used[left] = true;
        }
        self.mark(start, end);
        if let Some(which) = which {
            self.used[which] = false;
        }
        self.comparisons.push(Comparison {
            comparator,
            right,
            left,
            noun,
            adjective: adjective.or(verb),
            money,
            revenue,
            negated,
            times,
            at: start,
        });
    }

    pub(super) fn match_texts(&mut self) {
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
                // "starts with A": the letter, not the article
                let last = next + 1 >= self.units.len() || self.units[next + 1].punctuation;
                let name = self.units[next].raw.starts_with(|c: char| c.is_uppercase());
                let letter = last && self.units[next].text.chars().count() == 1;
                if letter || name && how != TextHow::Contains || last && how != TextHow::Contains {
                    break;
                }
                next += 1;
            }
            let Some(unit) = self.units.get(next) else {
                at += 1;
                continue;
            };
            // "playlists containing Rock tracks" is not about text
            if how == TextHow::Contains
                && !unit.quoted
                && unit.text.chars().count() > 1
                && (unit.number.is_some()
                    || is_filler(&unit.text) && !unit.raw.starts_with(|c: char| c.is_uppercase())
                    || unit.is_name()
                    || !unit.raw.starts_with(|c: char| c.is_uppercase())
                        && !self.is(start, &["contains", "containing", "contain"])
                        && !(start..next).any(|at| {
                            self.is(at, &["substring", "word", "letter", "letters", "string"])
                        })
                    || self.is_noun(next + 1)
                    || self.is_of_another_thing(start, next))
            {
                at += 1;
                continue;
            }
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
                at: start,
                column,
                how,
                text,
                negated,
            });
            at = end;
        }
    }

    /// "orders containing Chai": a known value, but none of an order.
    fn is_of_another_thing(&self, link: At, value: At) -> bool {
        let thing = (0..link).rev().find_map(|at| self.units[at].best_table());
        let values = &self.units[value].values;
        thing.is_some_and(|(table, _)| {
            !values.is_empty() && values.iter().all(|hit| hit.column.table != table)
        })
    }

    /// "have "love" in", "has the substring X", "with the word X".
    pub(super) fn quoted_substring(&self, at: At) -> Option<At> {
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
