//! Numbers asked for: where the schema keeps revenue, quantities and what adjectives speak of.

use super::{Noun, Planner, column};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::lexicon::{Adjective, REVENUE_COLUMNS};
use crate::builtin::plan::Expr;
use crate::builtin::reading::{Aggregate, Measure, Of};

/// An expression over the rows of one table, not yet aggregated.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    pub table: TableId,
    pub expr: Expr,
    pub name: String,
}

impl Planner<'_> {
    /// Where money taken in is kept, given the tables that the answer also needs.
    ///
    /// A total per order cannot be split by product, so only a table from which all `needed` tables
    /// are reached without multiplying its rows will do.
    pub(super) fn revenue(&self, needed: &[TableId]) -> Option<Amount> {
        let mut candidates: Vec<(f32, Amount)> = Vec::new();
        for table in 0..self.schema.tables.len() {
            let Some((amount, worth)) = self.revenue_in(table) else {
                continue;
            };
            let Some(tree) = self.tree(table, needed) else {
                continue;
            };
            let multiplies = tree.steps.iter().any(|step| self.graph().multiplies(*step));
            let far = tree.steps.len() as f32;
            let mentioned = if self.is_mentioned(table) { 1.5 } else { 0.0 };
            candidates.push((
                worth + mentioned - 0.2 * far - if multiplies { 10.0 } else { 0.0 },
                amount,
            ));
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
        candidates
            .into_iter()
            .find(|(worth, _)| *worth > -5.0)
            .map(|(_, amount)| amount)
    }

    fn revenue_in(&self, table: TableId) -> Option<(Amount, f32)> {
        let facts = &self.catalogue().tables[table];
        let measure = |id: ColumnId| self.catalogue().is_measure(id);
        // a row that records something that happened: it points to others, or has a date
        let points = self.graph().edges_at(table).any(|edge| edge.child == table);
        let is_event = facts.main_date.is_some() || points;
        let price = self
            .catalogue()
            .column_with_word(table, &["price", "rate", "cost"], measure);
        let quantity =
            self.catalogue()
                .column_with_word(table, &["quantiti", "qty", "unit"], |id| {
                    measure(id)
                        && Some(id) != price
                        && !self
                            .catalogue()
                            .column(id)
                            .words
                            .iter()
                            .any(|word| ["stock", "order", "per", "price"].contains(&word.as_str()))
                });
        if let (Some(price), Some(quantity), true) = (price, quantity, is_event) {
            let mut factors = vec![column(price), column(quantity)];
            let discount = self
                .catalogue()
                .column_with_word(table, &["discount"], measure);
            if let Some(discount) = discount.filter(|id| self.is_fraction(*id)) {
                factors.push(Expr::Complement(Box::new(column(discount))));
            }
            let worth = 2.0;
            return Some((
                Amount {
                    table,
                    expr: Expr::Product(factors),
                    name: "revenue".into(),
                },
                worth,
            ));
        }
        let named = REVENUE_COLUMNS.iter().enumerate().find_map(|(rank, word)| {
            self.catalogue()
                .column_with_word(table, &[word], |id| {
                    measure(id)
                        && !self.catalogue().column(id).words.iter().any(|word| {
                            [
                                "tax", "discount", "unit", "count", "number", "id", "list",
                                "shelf", "ship", "quantiti", "cost",
                            ]
                            .contains(&word.as_str())
                        })
                })
                .map(|id| (id, rank))
        });
        let (id, rank) = named.filter(|_| is_event)?;
        // a price of a product is not revenue; a price on something dated is
        if rank == REVENUE_COLUMNS.len() - 1 && facts.main_date.is_none() {
            return None;
        }
        Some((
            Amount {
                table,
                expr: column(id),
                name: self.schema.tables[table].columns[id.column].name.clone(),
            },
            2.4 - 0.1 * rank as f32,
        ))
    }

    /// Every group has one value of it only: counting its values says nothing.
    pub(super) fn one_in_group(&self, id: ColumnId) -> bool {
        self.reading.groups.iter().any(|&at| {
            let group = self.noun(at, None, true);
            matches!(group, Some(Noun::Table(table)) if table == id.table || self.points_to(table, id.table))
        })
    }

    fn is_fraction(&self, id: ColumnId) -> bool {
        let column = &self.schema.tables[id.table].columns[id.column];
        match &column.range {
            Some((_, high)) => high.parse::<f64>().is_ok_and(|high| high <= 1.0),
            None => !column.kind().eq(&crate::schema::ValueKind::Integer),
        }
    }

    pub(super) fn quantity(&self, needed: &[TableId]) -> Option<Amount> {
        let mut found: Vec<(f32, Amount)> = (0..self.schema.tables.len())
            .filter_map(|table| {
                let id = self.catalogue().column_with_word(
                    table,
                    &["quantiti", "qty", "unit", "copi"],
                    |id| {
                        self.catalogue().is_measure(id)
                            && !self.catalogue().column(id).words.iter().any(|word| {
                                ["stock", "price", "order", "per", "cost"].contains(&word.as_str())
                            })
                    },
                )?;
                let tree = self.tree(table, needed)?;
                let multiplies = tree.steps.iter().any(|step| self.graph().multiplies(*step));
                let points = self.graph().edges_at(table).any(|edge| edge.child == table);
                let worth = if points { 2.0 } else { 0.0 }
                    - 0.2 * tree.steps.len() as f32
                    - if multiplies { 10.0 } else { 0.0 };
                Some((
                    worth,
                    Amount {
                        table,
                        expr: column(id),
                        name: "quantity".into(),
                    },
                ))
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found
            .into_iter()
            .find(|(worth, _)| *worth > -5.0)
            .map(|(_, amount)| amount)
    }

    pub(super) fn stock_value(&self) -> Option<Amount> {
        (0..self.schema.tables.len()).find_map(|table| {
            let stock = self.catalogue().column_with_word(
                table,
                &["stock", "inventori", "hand"],
                |id| self.catalogue().is_measure(id),
            )?;
            let price = self
                .catalogue()
                .column_with_word(table, &["price", "cost"], |id| {
                    self.catalogue().is_measure(id)
                })?;
            Some(Amount {
                table,
                expr: Expr::Product(vec![column(price), column(stock)]),
                name: "stock_value".into(),
            })
        })
    }

    /// The column an adjective speaks of, in `table` or a row it points to; with whether "most" is its largest value.
    pub(super) fn adjective_column(
        &self,
        adjective: Adjective,
        table: TableId,
    ) -> Option<(ColumnId, bool)> {
        let number = |id: ColumnId| {
            self.catalogue().is_measure(id) || self.catalogue().column(id).numeric_text
        };
        let dated =
            |id: ColumnId| self.catalogue().is_date(id) || self.catalogue().kind(id) == Kind::Year;
        let in_table = |table: TableId| {
            if let Some(found) = self.best_measure(table, adjective.columns, &number) {
                return Some((found, adjective.large));
            }
            // who was born first is oldest
            let turned = !adjective.columns.is_empty() && adjective.columns[0] == "age";
            // "most recently installed": the verb of the question names the date
            let hinted = (0..self.catalogue().tables[table].columns.len())
                .map(|column| ColumnId { table, column })
                .find(|id| {
                    dated(*id)
                        && self.catalogue().column(*id).words.iter().any(|word| {
                            !["date", "time", "at", "on", "day", "year"].contains(&word.as_str())
                                && self.hints.contains(word)
                        })
                });
            if let Some(found) = hinted.filter(|_| !adjective.dates.is_empty() && !turned) {
                return Some((found, adjective.large));
            }
            if !adjective.dates.is_empty()
                && !turned
                && let Some(main) = self.catalogue().tables[table].main_date
            {
                return Some((
                    ColumnId {
                        table,
                        column: main,
                    },
                    adjective.large,
                ));
            }
            self.catalogue()
                .column_with_word(table, adjective.dates, dated)
                .map(|found| (found, adjective.large != turned))
        };
        in_table(table).or_else(|| {
            let mut near: Vec<(usize, TableId)> = self
                .graph()
                .distances(table, 2)
                .into_iter()
                .filter(|(other, _)| *other != table)
                .map(|(other, hops)| (hops, other))
                .collect();
            near.sort();
            near.into_iter().find_map(|(_, other)| in_table(other))
        })
    }

    /// Of several fitting columns ("max temperature", "mean temperature") the one that the question's words favour.
    fn best_measure(
        &self,
        table: TableId,
        words: &[&str],
        fits: &dyn Fn(ColumnId) -> bool,
    ) -> Option<ColumnId> {
        words.iter().find_map(|word| {
            (0..self.catalogue().tables[table].columns.len())
                .map(|column| ColumnId { table, column })
                .filter(|id| {
                    fits(*id)
                        && self
                            .catalogue()
                            .column(*id)
                            .words
                            .iter()
                            .any(|own| own == word)
                })
                .max_by_key(|id| {
                    let words = &self.catalogue().column(*id).words;
                    let hinted = words.iter().filter(|own| self.hints.contains(own)).count();
                    let extreme = words.iter().any(|own| own == "max")
                        && self
                            .reading
                            .units
                            .iter()
                            .any(|unit| unit.is(&["hottest", "warmest"]))
                        || words.iter().any(|own| own == "min")
                            && self
                                .reading
                                .units
                                .iter()
                                .any(|unit| unit.is(&["coldest", "coolest"]));
                    (
                        hinted,
                        extreme,
                        std::cmp::Reverse(words.len()),
                        std::cmp::Reverse(id.column),
                    )
                })
        })
    }

    /// A measure's expression, its name, and the table whose rows it runs over.
    pub(super) fn measure(
        &mut self,
        measure: &Measure,
        home: Option<TableId>,
        needed: &[TableId],
    ) -> Option<(Expr, String, TableId)> {
        let word = match measure.aggregate {
            Aggregate::Count => "count",
            Aggregate::Sum => "total",
            Aggregate::Average => "average",
            Aggregate::Min => "minimum",
            Aggregate::Max => "maximum",
        };
        let aggregate = |amount: Amount| {
            let name = format!("{word}_{}", safe(&amount.name));
            (
                Expr::Aggregate(measure.aggregate, Box::new(amount.expr)),
                name,
                amount.table,
            )
        };
        match measure.of {
            Of::Revenue => self.revenue(needed).map(|amount| {
                let (expr, _, table) = aggregate(amount);
                (
                    expr,
                    if measure.aggregate == Aggregate::Sum {
                        "total_revenue".into()
                    } else {
                        format!("{word}_revenue")
                    },
                    table,
                )
            }),
            Of::Quantity => self.quantity(needed).map(aggregate),
            Of::Worth(at) => {
                let Some(Noun::Table(table)) = self.noun(at, home, true) else {
                    return None;
                };
                let one = singular(&self.table_name(table));
                let name = format!("{word}_{}_value", safe(&one));
                if let Some((amount, ..)) = self.revenue_in(table) {
                    let expr = Expr::Aggregate(measure.aggregate, Box::new(amount.expr));
                    return Some((expr, name, table));
                }
                // lines add up to the value of what they belong to
                let [key] = self.catalogue().tables[table].key.as_slice() else {
                    return None;
                };
                let key = super::place(table).column(*key);
                let amount = self.revenue(&[table])?;
                self.note(format!(
                    "A value is the sum of the {}.",
                    self.plural(amount.table)
                ));
                let total = Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr));
                let count = Expr::CountDistinct(Box::new(key));
                Some((
                    Expr::Ratio(Box::new(total), Box::new(count)),
                    name,
                    amount.table,
                ))
            }
            Of::StockValue => self.stock_value().map(aggregate),
            Of::Elapsed(_) => {
                let (from, to) = self.elapsed()?;
                let days = Expr::DaysBetween(Box::new(column(from)), Box::new(column(to)));
                self.note(format!(
                    "I took the days from {} to {}.",
                    self.column_name(from),
                    self.column_name(to)
                ));
                Some((
                    Expr::Aggregate(measure.aggregate, Box::new(days)),
                    "days".into(),
                    from.table,
                ))
            }
            Of::Unit(at) => {
                let rows = measure.aggregate == Aggregate::Count;
                match self.noun(at, home, rows)? {
                    Noun::Table(table) if rows || measure.distinct => {
                        let name =
                            format!("{}_count", safe(&singular(&self.schema.tables[table].name)));
                        Some((Expr::CountAll, name, table))
                    }
                    Noun::Table(table) => {
                        // "average order": the amount of a row
                        let amount = self
                            .revenue_in(table)
                            .map(|found| found.0)
                            .or_else(|| self.only_measure(table))?;
                        Some(aggregate(amount))
                    }
                    Noun::Column(_) => {
                        let numeric = |id: ColumnId| {
                            self.catalogue().is_measure(id)
                                || self.catalogue().column(id).numeric_text
                        };
                        if rows {
                            let (id, _) = self
                                .column_of(at, home, &|id| !self.one_in_group(id))
                                .or_else(|| self.column_of(at, home, &|_| true))?;
                            let is_amount = self.catalogue().is_measure(id) && !measure.distinct;
                            if is_amount {
                                let name = format!(
                                    "total_{}",
                                    safe(&self.schema.tables[id.table].columns[id.column].name)
                                );
                                return Some((
                                    Expr::Aggregate(Aggregate::Sum, Box::new(column(id))),
                                    name,
                                    id.table,
                                ));
                            }
                            let name = format!(
                                "{}_count",
                                safe(&self.schema.tables[id.table].columns[id.column].name)
                            );
                            return Some((
                                Expr::CountDistinct(Box::new(column(id))),
                                name,
                                id.table,
                            ));
                        }
                        let any = matches!(measure.aggregate, Aggregate::Min | Aggregate::Max);
                        let ranked = self.rank_columns(at, home, &|id| {
                            numeric(id)
                                || any
                                    && (self.catalogue().is_date(id)
                                        || self.catalogue().kind(id) == Kind::Year)
                        });
                        let id = match ranked.first() {
                            Some((id, _)) => *id,
                            None if any => self.column_of(at, home, &|_| true)?.0,
                            None => {
                                self.column_of(at, home, &|id| {
                                    matches!(self.catalogue().kind(id), Kind::Number | Kind::Year)
                                })?
                                .0
                            }
                        };
                        if let [first, second, ..] = ranked.as_slice()
                            && second.1 > first.1 - 0.04
                            && first.0.table == second.0.table
                        {
                            self.doubt(
                                0.2,
                                format!(
                                    "\"{}\" could also be {}",
                                    self.unit(at).raw,
                                    self.column_name(second.0)
                                ),
                            );
                        }
                        let name = format!(
                            "{word}_{}",
                            safe(&self.schema.tables[id.table].columns[id.column].name)
                        );
                        Some((
                            Expr::Aggregate(measure.aggregate, Box::new(column(id))),
                            name,
                            id.table,
                        ))
                    }
                }
            }
        }
    }

    fn only_measure(&self, table: TableId) -> Option<Amount> {
        let measures: Vec<usize> = (0..self.catalogue().tables[table].columns.len())
            .filter(|&at| self.catalogue().is_measure(ColumnId { table, column: at }))
            .collect();
        let [only] = measures.as_slice() else {
            return None;
        };
        let id = ColumnId {
            table,
            column: *only,
        };
        Some(Amount {
            table,
            expr: column(id),
            name: self.schema.tables[table].columns[*only].name.clone(),
        })
    }

    /// Two dates of one row that the question's words point to: "from order to shipping".
    pub(super) fn elapsed(&self) -> Option<(ColumnId, ColumnId)> {
        (0..self.schema.tables.len())
            .find_map(|table| {
                let dates: Vec<ColumnId> = (0..self.catalogue().tables[table].columns.len())
                    .map(|column| ColumnId { table, column })
                    .filter(|id| self.catalogue().is_date(*id))
                    .collect();
                let hinted = |id: &&ColumnId| {
                    self.catalogue()
                        .column(**id)
                        .words
                        .iter()
                        .any(|word| word != "date" && self.hints.contains(word))
                };
                let end = dates.iter().rev().find(|id| {
                    hinted(id) && Some(id.column) != self.catalogue().tables[table].main_date
                })?;
                let start = ColumnId {
                    table,
                    column: self.catalogue().tables[table].main_date?,
                };
                Some((start, *end))
            })
            .or_else(|| {
                (0..self.schema.tables.len()).find_map(|table| {
                    let start = self.catalogue().tables[table].main_date?;
                    let start = ColumnId {
                        table,
                        column: start,
                    };
                    let end = self.done_date(table).filter(|end| *end != start)?;
                    Some((start, end))
                })
            })
    }
}

/// A name that needs no quotes anywhere.
pub(super) fn safe(name: &str) -> String {
    let words = crate::builtin::tokens::identifier_words(name).join("_");
    words
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

/// One of them: `customers` is a customer.
pub fn singular(name: &str) -> String {
    let lower = name.to_lowercase();
    if let Some(stem) = lower.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if ["ses", "xes", "ches", "shes"]
        .iter()
        .any(|end| lower.ends_with(end))
        && !lower.ends_with("uses")
    {
        return lower[..lower.len() - 2].to_owned();
    }
    match lower.strip_suffix('s') {
        Some(stem)
            if !stem.ends_with('s')
                && !stem.ends_with('u')
                && !stem.ends_with("ie")
                && lower != "series" =>
        {
            stem.to_owned()
        }
        _ => lower,
    }
}
