//! "Sorted by", "newest first", "in alphabetical order".

use super::{At, By, Order, Reading};
use crate::builtin::lexicon::{adjective, is_revenue};

impl Reading {
    pub(super) fn direction(&self, from: At) -> Option<(bool, At)> {
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

    pub(super) fn sorting(&mut self) {
        let mut at = 0;
        while at < self.units.len() {
            if self.used[at] {
                at += 1;
                continue;
            }
            let start = at;
            // "products ordered by customers in Germany": who ordered them
            let agent = self.is(at, &["ordered"])
                && self.is(at + 1, &["by"])
                && self.units.get(at + 2).is_some_and(|unit| {
                    unit.raw.ends_with('s')
                        && unit.best_table().is_some_and(|hit| hit.1 >= 0.8)
                        && at + 3 < self.units.len()
                        && !self.units[at + 3].punctuation
                });
            if agent {
                at += 1;
                continue;
            }
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
                        (By::Measure, next + 1)
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
                        (By::Measure, next + 1)
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
                    Some((found, _)) => By::Adjective(found),
                    None if alphabet => By::Unsaid,
                    None => By::Measure,
                };
                let descending = match by {
                    By::Adjective(found) => descending.unwrap_or(found.large),
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
    }
}
