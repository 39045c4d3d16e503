//! "top 5 X by Y", "the cheapest X", "the X with the most Y".

use super::{At, By, Reading, Top};
use crate::builtin::lexicon::{adjective, is_filler, is_revenue};
use crate::builtin::linking::{Linker, Unit};

impl Reading {
    pub(super) fn superlatives(&mut self, linker: &Linker) {
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
        (0..superlative).find_map(|said| {
            let number = self.units[said]
                .number
                .filter(|n| n.fract() == 0.0 && *n >= 1.0 && *n <= 10_000.0)
                .filter(|_| !self.used[said] && (said == 0 || self.is(said - 1, &LEADS)))?;
            self.noun_at(said + 1)?;
            Some((number as u64, said))
        })
    }

    /// The superlative whose word stands at `at`, and the units it takes.
    pub(super) fn superlative(&mut self, at: At, linker: &Linker) -> Option<(Top, At, At)> {
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
                && (2..=10_000).contains(&ordinal)
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
            "top" | "bottom" | "best" | "worst" | "busiest" => {
                large = !["bottom", "worst"].contains(&word.as_str());
                if let Some(number) = number_after {
                    limit = Some(number as u64);
                    next += 1;
                }
                by = if word == "busiest" {
                    By::Events
                } else {
                    By::Unsaid
                };
                if self.is(next, &["selling", "seller", "sellers", "sold"]) {
                    by = By::Quantity;
                    next += 1;
                } else if self.is(next, &["rated"]) {
                    by = By::Adjective(adjective("rated")?);
                    next += 1;
                } else if self.is(next, &["paid"]) {
                    by = By::Adjective(adjective("paid")?);
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
                    by = By::Adjective(found);
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
                    by = if is_revenue(verb)
                        || ["earned", "earn", "paid", "sold", "sell"].contains(&verb)
                    {
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
                    // "the highest average product price": the thing stands before its number
                    let owned = self.is_noun(noun + 1)
                        && self.units[noun].best_table().is_some_and(|hit| hit.1 > 0.6)
                        && self.units[noun + 1].tables.is_empty()
                        && self.units[noun + 1]
                            .columns
                            .iter()
                            .any(|hit| hit.1 > 0.4 && linker.catalogue.is_measure(hit.0));
                    let noun = if owned { noun + 1 } else { noun };
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
                        by = By::Adjective(found);
                    } else {
                        by = By::Unit(noun);
                        next = noun + 1;
                    }
                } else if let Some(found) = found {
                    by = By::Adjective(found);
                } else {
                    return None;
                }
            }
            _ => {
                let found =
                    adjective(&word).filter(|_| word.ends_with("est") || word.ends_with("most"))?;
                large = found.large;
                by = By::Adjective(found);
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
    pub(super) fn metric(&self, start: At, otherwise: By) -> (By, At) {
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
                return (By::Adjective(found), at + 2);
            }
        }
        (otherwise, start)
    }

    pub(super) fn after_with(&self, at: At) -> bool {
        let mut before = at;
        while before > 0
            && (self.is(before - 1, &["the", "a"]) || ordinal(self.text(before - 1)).is_some())
        {
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
    pub(super) fn names_a_thing(&self, at: At) -> bool {
        if self.after_with(at) || self.ranked_grain {
            return true;
        }
        let before = self.units[..at]
            .iter()
            .enumerate()
            .any(|(at, unit)| unit.is_name() && !self.used[at]);
        before && (self.asks_which || self.is(at.saturating_sub(1), &["with"]))
    }
}

fn ordinal(word: &str) -> Option<u64> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if let (Ok(number), "st" | "nd" | "rd" | "th") = (digits.parse(), &word[digits.len()..]) {
        return Some(number);
    }
    Some(match word {
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        _ => return None,
    })
}
