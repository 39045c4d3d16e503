//! What is said to be missing, and rows of other tables that must or must not be there.

use super::filters::verb_means;
use super::{Filter, Noun, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::dates::Moment;
use crate::builtin::plan::{Condition, Expr, Plan};
use crate::builtin::reading::{At, Comparator};

impl Planner<'_> {
    /// "without X": no row of another table, or an empty column.
    ///
    /// Of the conditions `said` behind it those that are on such rows go into it; where they stand in the question
    /// is returned with it.
    pub(super) fn absence(
        &mut self,
        at: usize,
        home: TableId,
        inner_moments: &[Moment],
        said: &[Filter],
    ) -> Option<(Filter, Vec<At>)> {
        let absence = self.reading.absences[at].clone();
        let noun = absence.noun;
        // a date that has not come: "not yet shipped"
        let own_column = noun.is_some_and(|noun| {
            self.unit(noun)
                .columns
                .iter()
                .any(|(id, score)| id.table == home && *score >= 0.9)
        });
        if let Some(verb) = absence.verb.as_ref().filter(|_| !own_column) {
            let dates: Vec<ColumnId> = (0..self.catalogue().tables[home].columns.len())
                .map(|column| ColumnId {
                    table: home,
                    column,
                })
                .filter(|id| {
                    self.catalogue().is_date(*id)
                        && self
                            .catalogue()
                            .column(*id)
                            .words
                            .iter()
                            .any(|word| verb_means(verb, word))
                })
                .collect();
            let own_noun = noun.is_some_and(|noun| {
                self.unit(noun)
                    .best_table()
                    .is_some_and(|hit| hit.1 > 0.8 && hit.0 != home)
            });
            if let Some(id) = dates.first().filter(|_| !own_noun) {
                return Some((
                    Filter::new(Condition::IsNull(column(*id), absence.present), vec![home]),
                    Vec::new(),
                ));
            }
        }
        let mut table = None;
        if let Some(noun) = noun {
            match self.noun(noun, Some(home), false) {
                Some(Noun::Column(id)) => {
                    let own = self.column_of(noun, Some(home), &|id| id.table == home);
                    if let Some((id, _)) =
                        own.filter(|_| id.table == home || self.unit(noun).best_table().is_none())
                    {
                        // "no bikes available" is a zero, not a gap
                        let number = self.catalogue().is_measure(id);
                        let nullable = self.schema.tables[home].columns[id.column].nullable;
                        let condition = if number && (!nullable || self.starts_at_zero(id)) {
                            Condition::Compare(
                                column(id),
                                if absence.present {
                                    Comparator::More
                                } else {
                                    Comparator::Equal
                                },
                                Expr::Number(0.0),
                            )
                        } else {
                            Condition::IsNull(column(id), absence.present)
                        };
                        return Some((Filter::new(condition, vec![home]), Vec::new()));
                    }
                    // "orders without discount": no line has one
                    if self.catalogue().is_measure(id) && !self.points_to(home, id.table) {
                        let once = self.reading.units.iter().any(|unit| {
                            unit.is(&["ever", "once", "sometimes", "point", "moment", "time"])
                        });
                        // "had no bikes at some point": one row with none will do
                        let comparator = if once && !absence.present {
                            Comparator::Equal
                        } else {
                            Comparator::More
                        };
                        let some = Condition::Compare(column(id), comparator, Expr::Number(0.0));
                        let some = Filter::new(some, vec![id.table]);
                        let none = !absence.present && !once;
                        if none {
                            let (name, one) = (self.column_name(id), self.table_name(id.table));
                            self.note(format!("No row of {one} may have a {name} above 0."));
                        }
                        let condition = self.exists(home, id.table, &[some], none)?;
                        return Some((Filter::new(condition, vec![home]), Vec::new()));
                    }
                    if self.catalogue().is_measure(id) {
                        let condition =
                            Condition::Compare(column(id), Comparator::Equal, Expr::Number(0.0));
                        return Some((Filter::new(condition, vec![id.table]), Vec::new()));
                    }
                    table = Some(id.table);
                }
                Some(Noun::Table(found)) => {
                    // "orders without a region" are those whose own ship region is empty, if regions are far away
                    let far = self.hops(home, found).is_none_or(|hops| hops > 1);
                    let stem = self.unit(noun).stem.clone();
                    let own = self.catalogue().column_with_word(home, &[&stem], |id| {
                        self.schema.tables[home].columns[id.column].nullable
                    });
                    if let Some(id) = own.filter(|_| far) {
                        return Some((
                            Filter::new(Condition::IsNull(column(id), absence.present), vec![home]),
                            Vec::new(),
                        ));
                    }
                    table = Some(found)
                }
                None => {}
            }
        }
        if table == Some(home) {
            table = None;
        }
        let table = match table {
            Some(table) => table,
            // "never been sold", "did not buy anything": what happens to it
            None => {
                let events = self.events_of(home);
                let verb = absence.verb.clone().unwrap_or_default();
                events
                    .iter()
                    .copied()
                    .find(|&child| {
                        self.catalogue().tables[child]
                            .words
                            .iter()
                            .any(|word| verb_means(&verb, word))
                    })
                    .or_else(|| events.first().copied())?
            }
        };
        let mut inner: Vec<Filter> = said
            .iter()
            .filter(|filter| {
                filter.tables.iter().all(|other| {
                    *other != home && (*other == table || !self.points_to(home, *other))
                })
            })
            .cloned()
            .collect();
        let taken = inner.iter().filter_map(|filter| filter.at).collect();
        for moment in inner_moments {
            if let Some(filter) = self.moment_filter(moment, Some(table), &[table]) {
                inner.push(filter);
            }
        }
        let condition = self.exists(home, table, &inner, !absence.present)?;
        Some((Filter::new(condition, vec![home]), taken))
    }

    /// Where what a negation at `at` denies ends: at the next clause.
    pub(super) fn denied_until(&self, at: At) -> At {
        const LINKS: [&str; 3] = ["and", ",", "but"];
        const CLAUSES: [&str; 14] = [
            "who", "that", "which", "whose", "with", "have", "has", "had", "are", "is", "live",
            "did", "do", "were",
        ];
        let units = &self.reading.units;
        (at + 1..units.len())
            .find(|&next| {
                units[next].is(&["but"])
                    || units[next].is(&LINKS)
                        && units.get(next + 1).is_some_and(|unit| unit.is(&CLAUSES))
            })
            .unwrap_or(units.len())
    }

    /// "who never ordered X": no such row, with what else is said of it.
    pub(super) fn denied(
        &mut self,
        filter: Filter,
        home: TableId,
        moments: &[Moment],
    ) -> Option<Filter> {
        let table = filter.tables[0];
        let at = filter.at;
        let mut inner = vec![Filter {
            condition: affirmed(filter.condition),
            ..Filter::new(Condition::Any(Vec::new()), filter.tables)
        }];
        for moment in moments {
            inner.extend(self.moment_filter(moment, Some(table), &[table]));
        }
        let condition = self.exists(home, table, &inner, true)?;
        Some(Filter {
            at,
            ..Filter::new(condition, vec![home])
        })
    }

    fn starts_at_zero(&self, id: ColumnId) -> bool {
        self.schema.tables[id.table].columns[id.column]
            .range
            .as_ref()
            .and_then(|range| range.0.parse::<f64>().ok())
            == Some(0.0)
    }

    /// A row of `table` that belongs to the row of `home`, with conditions of its own.
    pub(super) fn exists(
        &mut self,
        home: TableId,
        table: TableId,
        inner: &[Filter],
        negated: bool,
    ) -> Option<Condition> {
        let mut targets = vec![table];
        targets.extend(
            inner
                .iter()
                .flat_map(|filter| filter.tables.iter().copied()),
        );
        targets.retain(|target| *target != home);
        let tree = self.tree(home, &targets)?;
        let first = tree.steps.first()?;
        if tree.guessed {
            self.doubt(
                0.08,
                "no declared foreign key joins the tables, so I matched their column names",
            );
        }
        let shift = |place: crate::builtin::plan::Place| crate::builtin::plan::Place {
            table: place.table,
            role: 10,
        };
        let edge = self.graph().edges[first.edge].clone();
        let (home_columns, inner_columns) = if edge.child == first.to {
            (&edge.parent_columns, &edge.child_columns)
        } else {
            (&edge.child_columns, &edge.parent_columns)
        };
        let link = home_columns
            .iter()
            .zip(inner_columns)
            .map(|(outer, own)| {
                (
                    place(home).column(*outer),
                    shift(place(first.to)).column(*own),
                )
            })
            .collect();
        // two branches from home cannot hang on one subquery
        if tree.steps.iter().skip(1).any(|step| step.from == home) {
            return None;
        }
        let mut plan = Plan {
            select: vec![(Expr::Number(1.0), None)],
            from: Some(shift(place(first.to))),
            ..Plan::default()
        };
        for step in &tree.steps[1..] {
            plan.joins.push(crate::builtin::plan::Join {
                from: shift(place(step.from)),
                to: shift(place(step.to)),
                edge: self.graph().edges[step.edge].clone(),
                left: false,
            });
        }
        plan.filters = inner
            .iter()
            .map(|filter| moved(&filter.condition, 10))
            .collect();
        Some(Condition::Exists {
            negated,
            query: Box::new(plan),
            link,
        })
    }

    pub(super) fn tree(
        &self,
        root: TableId,
        targets: &[TableId],
    ) -> Option<crate::builtin::joins::Tree> {
        let hints = |word: &str| {
            self.hints.iter().any(|hint| hint == word) && !crate::builtin::lexicon::is_light(word)
        };
        self.graph().tree(self.catalogue(), root, targets, &hints)
    }
}

/// The condition without its "not".
pub(super) fn affirmed(condition: Condition) -> Condition {
    match condition {
        Condition::OneOf { column, values, .. } => Condition::OneOf {
            column,
            values,
            negated: false,
        },
        Condition::During {
            column, periods, ..
        } => Condition::During {
            column,
            periods,
            negated: false,
        },
        Condition::Months { column, months, .. } => Condition::Months {
            column,
            months,
            negated: false,
        },
        other => other,
    }
}

/// The same condition inside a subquery.
pub(super) fn moved(condition: &Condition, role: u8) -> Condition {
    let place = |place: crate::builtin::plan::Place| crate::builtin::plan::Place {
        table: place.table,
        role,
    };
    let expr = |expr: &Expr| match expr {
        Expr::Column(at, column) => Expr::Column(place(*at), *column),
        other => other.clone(),
    };
    match condition {
        Condition::Compare(a, comparator, b) => Condition::Compare(expr(a), *comparator, expr(b)),
        Condition::OneOf {
            column,
            values,
            negated,
        } => Condition::OneOf {
            column: expr(column),
            values: values.clone(),
            negated: *negated,
        },
        Condition::Between(a, low, high) => Condition::Between(expr(a), *low, *high),
        Condition::Text {
            column,
            how,
            text,
            negated,
        } => Condition::Text {
            column: expr(column),
            how: *how,
            text: text.clone(),
            negated: *negated,
        },
        Condition::During {
            column,
            periods,
            negated,
        } => Condition::During {
            column: expr(column),
            periods: periods.clone(),
            negated: *negated,
        },
        Condition::Months {
            column,
            months,
            negated,
        } => Condition::Months {
            column: expr(column),
            months: months.clone(),
            negated: *negated,
        },
        Condition::IsNull(a, negated) => Condition::IsNull(expr(a), *negated),
        Condition::Any(parts) => {
            Condition::Any(parts.iter().map(|part| moved(part, role)).collect())
        }
        Condition::Exists { .. } => condition.clone(),
    }
}
