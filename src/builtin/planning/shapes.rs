//! The shapes an answer can have: groups, lists, shares.

use super::assemble::{BARE_LIMIT, Draft, HUNDRED, push_all};
use super::filters::{Having, HavingOf, HavingTest};
use super::{Entity, Filter, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::plan::{Condition, Expr};
use crate::builtin::reading::{Aggregate, At, Comparator, Of};

impl Planner<'_> {
    pub(super) fn grouped(
        &mut self,
        draft: &mut Draft,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
    ) {
        let counted = self.counted_table(draft.root);
        // outputs that are just the thing counted are no group
        let outputs: Vec<(At, Entity)> = outputs
            .iter()
            .filter(|(_, entity)| {
                !(draft.measures.iter().any(|(expr, _)| expr.is_aggregate())
                    && *entity == Entity::Table(draft.root))
            })
            .cloned()
            .collect();
        let (shown, keys) = self.fold(&outputs, groups, counted);
        self.group_by(draft, shown, keys);
        // "average number of tracks per album", "average revenue per order": over the groups
        let average = self.reading.measures.first().filter(|measure| {
            let over = [Aggregate::Average, Aggregate::Min, Aggregate::Max];
            over.contains(&measure.aggregate) && draft.measures.len() == 1
        });
        if let Some(measure) = average {
            let over_counts = measure.distinct && matches!(measure.of, Of::Unit(_));
            let over_sums = measure.aggregate == Aggregate::Average
                && measure.of == Of::Revenue
                && groups.len() + usize::from(draft.grain.is_some()) == 1;
            let per_entity = groups
                .iter()
                .any(|(_, entity)| matches!(entity, Entity::Table(_)))
                || draft.grain.is_some();
            if (over_counts || over_sums) && per_entity && outputs.is_empty() {
                draft.over_groups = Some(measure.aggregate);
                if groups.len() + usize::from(draft.grain.is_some()) > 1 {
                    self.doubt(0.35, "I took one number over all of the groups together");
                }
                if let Some((expr, name)) = draft.measures.first_mut() {
                    if over_sums && let Expr::Aggregate(aggregate, _) = expr {
                        *aggregate = Aggregate::Sum;
                        *name = "total_revenue".into();
                    } else {
                        *expr = Expr::CountAll;
                    }
                }
            }
        }
    }

    pub(super) fn counted_table(&self, root: TableId) -> Option<TableId> {
        self.reading
            .measures
            .iter()
            .any(|measure| {
                matches!(measure.of, Of::Unit(_))
                    && (measure.aggregate == Aggregate::Count || measure.distinct)
            })
            .then_some(root)
    }

    pub(super) fn listed(
        &mut self,
        draft: &mut Draft,
        outputs: &[(At, Entity)],
        owners: &[At],
        home: TableId,
    ) {
        let column_tables: Vec<TableId> = outputs
            .iter()
            .filter_map(|(_, entity)| match entity {
                Entity::Columns(columns) => Some(columns[0].table),
                Entity::Table(_) => None,
            })
            .collect();
        for (_, entity) in outputs {
            match entity {
                // "names of customers": the table only says whose names
                Entity::Table(table) if column_tables.contains(table) => {}
                Entity::Table(table) => {
                    let facts = &self.catalogue().tables[*table];
                    let bare = self.reading.top.is_none()
                        && outputs.len() == 1
                        && owners.is_empty()
                        && self.reading.values.is_empty()
                        && self.reading.comparisons.is_empty()
                        && self.reading.moments.is_empty()
                        && self.reading.absences.is_empty()
                        && self.reading.texts.is_empty()
                        && self.reading.flags.is_empty()
                        && self.given.is_empty();
                    if facts.label.is_empty() || bare {
                        push_all(&mut draft.outputs, vec![Expr::Star(place(*table))]);
                        if bare && self.reading.orders.is_empty() {
                            draft.limit = Some(BARE_LIMIT);
                            self.note(format!("At most {BARE_LIMIT} rows are shown."));
                        }
                    } else {
                        push_all(&mut draft.outputs, self.shown(entity));
                    }
                }
                Entity::Columns(_) => push_all(&mut draft.outputs, self.shown(entity)),
            }
        }
        if draft.outputs.is_empty() {
            let entity = Entity::Table(home);
            let facts = &self.catalogue().tables[home];
            if facts.label.is_empty() {
                draft.outputs.push(Expr::Star(place(home)))
            } else {
                draft.outputs = self.shown(&entity)
            }
        }
        // which X: each once
        let first_is_plain = outputs.first().is_some_and(|(_, entity)| match entity {
            Entity::Columns(columns) => columns.iter().all(|id| {
                let facts = &self.catalogue().tables[id.table];
                !facts.label.contains(&id.column) && facts.key != [id.column]
            }),
            Entity::Table(table) => *table != home,
        });
        let which = self
            .reading
            .units
            .first()
            .is_some_and(|unit| unit.is(&["which", "who"]))
            && outputs.len() == 1;
        draft.distinct = first_is_plain && which || self.reading.distinct && !outputs.is_empty();
        // the child of all output tables is the one to start from
        let mut tables: Vec<TableId> = Vec::new();
        for (_, entity) in outputs {
            let table = self.table_of(entity);
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        if tables.len() > 1 {
            let single = tables.iter().copied().find(|&root| {
                self.tree(root, &tables).is_some_and(|tree| {
                    tree.steps
                        .iter()
                        .all(|step| !self.graph().multiplies(*step))
                })
            });
            draft.root = single.unwrap_or(home);
        } else if let Some(table) = tables.first() {
            draft.root = *table;
        }
    }

    pub(super) fn says_total(&self) -> bool {
        self.reading
            .units
            .iter()
            .any(|unit| unit.is(&["total", "sum", "combined", "overall"]))
    }

    pub(super) fn says_average(&self) -> bool {
        self.reading
            .units
            .iter()
            .any(|unit| unit.is(&["average", "mean", "avg"]))
    }

    pub(super) fn is_label(&self, columns: &[ColumnId]) -> bool {
        columns.iter().all(|id| {
            self.catalogue().tables[id.table].label.contains(&id.column)
                || self.catalogue().tables[id.table].key == [id.column]
        })
    }

    /// Values of the entity's columns stand in many rows.
    pub(super) fn repeats(&self, entities: &[(At, Entity)]) -> bool {
        entities.iter().all(|(_, entity)| match entity {
            Entity::Columns(columns) => columns.iter().all(|id| {
                self.catalogue().column(*id).is_key
                    && self.catalogue().tables[id.table].key != [id.column]
            }),
            Entity::Table(_) => false,
        })
    }

    pub(super) fn is_number_noun(&self, at: At, home: TableId) -> bool {
        let unit = self.unit(at);
        let column = self
            .column_of(at, Some(home), &|id| self.catalogue().is_measure(id))
            .map(|(id, _)| id);
        let score = column
            .and_then(|id| unit.columns.iter().find(|hit| hit.0 == id))
            .map_or(0.0, |hit| hit.1);
        score > unit.best_table().map_or(0.0, |hit| hit.1) + 0.05
    }

    pub(super) fn having(
        &mut self,
        draft: &mut Draft,
        having: &Having,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> Result<(), Outcome> {
        let has_own_groups = !groups.is_empty() || draft.grain.is_some();
        let entity_table = groups
            .iter()
            .chain(outputs)
            .map(|(_, entity)| self.table_of(entity))
            .next()
            .unwrap_or(home);
        let (expr, table) = match &having.subject {
            HavingOf::Rows(table) => (Expr::CountAll, *table),
            HavingOf::Total(id) => (
                Expr::Aggregate(Aggregate::Sum, Box::new(column(*id))),
                id.table,
            ),
            HavingOf::Average(id) => (
                Expr::Aggregate(Aggregate::Average, Box::new(column(*id))),
                id.table,
            ),
            HavingOf::Extreme(id, large) => {
                let aggregate = if *large {
                    Aggregate::Max
                } else {
                    Aggregate::Min
                };
                (Expr::Aggregate(aggregate, Box::new(column(*id))), id.table)
            }
            HavingOf::Values(id) => (Expr::CountDistinct(Box::new(column(*id))), id.table),
            HavingOf::Steps(id, grain) => {
                let step = Expr::Truncated(*grain, Box::new(column(*id)));
                (Expr::CountDistinct(Box::new(step)), id.table)
            }
            HavingOf::Revenue => {
                let Some(amount) = self.revenue(&[entity_table]) else {
                    return Err(Outcome::NotUnderstood("I am the built-in generator; I could not find sales or revenue in this dataset.".into()));
                };
                (
                    Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr)),
                    amount.table,
                )
            }
        };
        let conditions = match &having.test {
            HavingTest::Compare(comparator, right) => {
                vec![Condition::Compare(expr.clone(), *comparator, right.clone())]
            }
            HavingTest::Between(low, high) => {
                [(Comparator::Least, *low), (Comparator::Most, *high)]
                    .map(|(comparator, bound)| {
                        Condition::Compare(expr.clone(), comparator, Expr::Number(bound))
                    })
                    .to_vec()
            }
            HavingTest::ToAverage(comparator) => {
                draft.to_average = Some((*comparator, Some(expr.clone())));
                Vec::new()
            }
            HavingTest::During { periods, negated } => vec![Condition::During {
                column: expr.clone(),
                periods: periods.clone(),
                negated: *negated,
            }],
        };
        draft.having.extend(conditions);
        let counts_entity = draft.measures.len() == 1
            && draft.measures[0].0 == Expr::CountAll
            && table != draft.root
            && !has_own_groups
            && self.reading.top.is_none()
            && outputs
                .iter()
                .all(|(_, entity)| *entity == Entity::Table(home));
        if counts_entity {
            // "how many artists have more than 10 albums"
            let entity = Entity::Table(home);
            draft.measures.clear();
            draft.groups = self.keys(&entity);
            draft.outputs = self.keys(&entity);
            if draft.outputs.is_empty() {
                draft.outputs = self.shown(&entity);
                draft.groups = draft.outputs.clone();
            }
            draft.over_groups = Some(Aggregate::Count);
            draft.root = table;
            return Ok(());
        }
        if draft.groups.is_empty() || draft.measures.is_empty() {
            let mut entities = outputs.to_vec();
            if entities.is_empty() && groups.is_empty() {
                entities.push((0, Entity::Table(home)));
            }
            draft.groups.clear();
            draft.outputs.clear();
            let plain_columns = entities.iter().any(|(_, entity)| matches!(entity, Entity::Columns(columns) if columns[0].table == table));
            let (shown, keys) = self.fold(&entities, groups, plain_columns.then_some(table));
            let shown: Vec<Expr> = shown
                .into_iter()
                .filter(|expr| !matches!(expr, Expr::Star(_)))
                .collect();
            let shown = if shown.is_empty() {
                keys.clone()
            } else {
                shown
            };
            self.group_by(draft, shown, keys);
            draft.distinct = false;
        }
        if draft.measures.is_empty() {
            draft.root = table;
            if self.reading.top.is_none() {
                // the number itself is worth seeing, but was not asked for: it stays in HAVING
            }
        }
        Ok(())
    }

    /// Shares in percent: of all rows that fulfil the conditions, or of the total per group.
    pub(super) fn percentage(
        &mut self,
        draft: &mut Draft,
        filters: &mut Vec<Filter>,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> bool {
        let count = || (Expr::CountAll, "count".to_owned());
        if !groups.is_empty() || draft.grain.is_some() {
            let (expr, _) = draft.measures.first().cloned().unwrap_or_else(count);
            self.grouped(draft, &[], groups);
            draft.over_groups = None;
            let share = Expr::Ratio(
                Box::new(Expr::Product(vec![Expr::Number(HUNDRED), expr.clone()])),
                Box::new(Expr::OverAll(Box::new(expr))),
            );
            draft.measures = vec![(share, "percent".into())];
            return true;
        }
        let conditions: Vec<Condition> = filters
            .iter()
            .filter(|filter| !matches!(filter.condition, Condition::During { .. }))
            .map(|filter| filter.condition.clone())
            .collect();
        let (inside, outside): (Vec<Filter>, Vec<Filter>) = filters.drain(..).partition(|filter| {
            conditions.is_empty() || !matches!(filter.condition, Condition::During { .. })
        });
        if inside.is_empty() {
            *filters = outside;
            return false;
        }
        *filters = outside;
        let table = outputs
            .first()
            .map_or(home, |(_, entity)| self.table_of(entity));
        let amount = draft.measures.first().and_then(|(expr, _)| match expr {
            Expr::Aggregate(Aggregate::Sum, inner) => Some((**inner).clone()),
            _ => None,
        });
        if amount.is_none() {
            draft.root = table;
        }
        for filter in &inside {
            draft.required.extend(filter.tables.iter().copied());
        }
        let hit = Expr::Indicator(
            inside
                .iter()
                .map(|filter| filter.condition.clone())
                .collect(),
        );
        let (part, whole) = match amount {
            Some(amount) => (
                Expr::Aggregate(
                    Aggregate::Sum,
                    Box::new(Expr::Product(vec![hit, amount.clone()])),
                ),
                Expr::Aggregate(Aggregate::Sum, Box::new(amount)),
            ),
            None => (
                Expr::Aggregate(Aggregate::Sum, Box::new(hit)),
                Expr::CountAll,
            ),
        };
        let share = Expr::Ratio(
            Box::new(Expr::Product(vec![Expr::Number(HUNDRED), part])),
            Box::new(whole),
        );
        draft.measures = vec![(share, "percent".into())];
        true
    }
}
