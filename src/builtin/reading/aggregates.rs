//! "how many", "average", "total", "revenue".

use super::{Aggregate, At, Measure, Of, Reading};
use crate::builtin::dates::Grain;
use crate::builtin::lexicon::is_revenue;
use crate::builtin::linking::Linker;

impl Reading {
    pub(super) fn aggregates(&mut self, linker: &Linker) {
        let mut at = 0;
        let mut pending: Vec<(Aggregate, At)> = Vec::new();
        // "how many orders per customer on average"
        if let Some(on) =
            (1..self.units.len()).find(|&at| self.is(at, &["average"]) && self.is(at - 1, &["on"]))
            && !self.used[on]
        {
            self.mark(on - 1, on + 1);
            pending.push((Aggregate::Average, on));
        }
        // "how long does it take to ship": from one date to another
        if self.wants_number
            && self.is(1, &["long"])
            && let Some(takes) =
                (2..self.units.len().min(9)).find(|&at| self.is(at, &["take", "takes", "took"]))
        {
            self.mark(0, takes + 1);
            self.measures.push(Measure {
                aggregate: Aggregate::Average,
                of: Of::Elapsed(takes),
                distinct: false,
                at: takes,
            });
            pending.clear();
        }
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
                }) || self.flags.iter().any(|flag| flag.0 == noun_at)
                    || self.units.get(noun_at).is_some_and(|unit| unit.is(&["s"])))
                    && !self.is_noun(noun_at)
                {
                    noun_at += 1;
                }
                let from = if at > 0 && self.is(at - 1, &["total"]) {
                    at - 1
                } else {
                    at
                };
                if Grain::of_word(self.text(noun_at)) == Some(Grain::Day)
                    && self.is(noun_at + 1, &["does", "do", "did", "it", "between"])
                {
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
                    let aggregate = pending.pop().map(|(aggregate, said)| {
                        self.used[said] = true;
                        aggregate
                    });
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
                    // "the maximum number of products in an order"
                    let one = ["a", "an", "any", "one", "single"];
                    let links = ["in", "on", "of", "for", "within", "per", "by"];
                    let mut of = at + 1;
                    while self.is(of, &one) {
                        of += 1;
                    }
                    if aggregate.is_some() && of > at + 1 && self.is(at, &links) && self.is_noun(of)
                    {
                        self.groups.push(of);
                        self.mark(at, of + 1);
                        at = of + 1;
                    }
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
                // "the average total": the total is what is averaged
                && (aggregate != Some(Aggregate::Sum) || !pending.is_empty())
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
            // "average delivery time", when no column is called so: from one date to another
            if let Some((aggregate, from)) = pending.last().copied()
                && aggregate != Aggregate::Sum
                && self.is(
                    at,
                    &[
                        "delivery",
                        "shipping",
                        "shipment",
                        "handling",
                        "processing",
                        "fulfillment",
                        "fulfilment",
                        "lead",
                        "turnaround",
                        "resolution",
                    ],
                )
                && self.is(at + 1, &["time", "times", "duration", "delay"])
                && !(at..at + 2).any(|at| {
                    self.units[at]
                        .columns
                        .iter()
                        .any(|hit| hit.1 > 0.6 && linker.catalogue.is_measure(hit.0))
                })
            {
                self.mark(from, at + 2);
                pending.clear();
                self.measures.push(Measure {
                    aggregate,
                    of: Of::Elapsed(at),
                    distinct: false,
                    at,
                });
                at += 2;
                continue;
            }
            // "average order value", "the mean size of an order" is money, whatever holds it
            if let Some((Aggregate::Average, from)) = pending.last().copied()
                && self.is_noun(at)
                && self.units[at].best_table().is_some_and(|hit| hit.1 >= 0.8)
                && self.is(at + 1, &["value", "values", "worth", "size", "amount"])
                && !self.is_noun(at + 1)
            {
                self.mark(from, at + 2);
                pending.clear();
                self.measures.push(Measure {
                    aggregate: Aggregate::Average,
                    of: Of::Worth(at),
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
}
