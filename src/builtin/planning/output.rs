//! What is shown of the things asked for, what tells them apart, and in which order they come.

use super::assemble::{Draft, push_all};
use super::{Entity, Noun, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::plan::Expr;
use crate::builtin::reading::{At, By};

impl Planner<'_> {
    /// Columns to show for an entity.
    pub(super) fn shown(&self, entity: &Entity) -> Vec<Expr> {
        match entity {
            Entity::Columns(columns) => columns.iter().map(|id| column(*id)).collect(),
            Entity::Table(table) => {
                let label = self.catalogue().label_or_key(*table);
                if label.is_empty() {
                    return vec![Expr::Star(place(*table))];
                }
                let mut shown: Vec<Expr> = label.iter().copied().map(column).collect();
                // two playlists of one name are told apart by their key
                if let [only] = label.as_slice()
                    && let [key] = self.catalogue().tables[*table].key.as_slice()
                {
                    let facts = &self.schema.tables[*table].columns[only.column];
                    let rows = self.schema.tables[*table].row_estimate.unwrap_or(0);
                    if facts.values_complete
                        && !facts.values.is_empty()
                        && (facts.values.len() as u64) < rows
                        && *key != only.column
                    {
                        shown.insert(0, place(*table).column(*key));
                    }
                }
                shown
            }
        }
    }

    /// Columns that tell the entity's rows apart.
    pub(super) fn keys(&self, entity: &Entity) -> Vec<Expr> {
        match entity {
            Entity::Columns(columns) => columns.iter().map(|id| column(*id)).collect(),
            Entity::Table(table) => self.catalogue().tables[*table]
                .key
                .iter()
                .map(|&at| place(*table).column(at))
                .collect(),
        }
    }

    /// Outputs of the same table as a table entity are its columns: "stadium name and capacity" of a stadium.
    pub(super) fn fold(
        &self,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        counted: Option<TableId>,
    ) -> (Vec<Expr>, Vec<Expr>) {
        let mut shown: Vec<Expr> = Vec::new();
        let mut keys: Vec<Expr> = Vec::new();
        let all: Vec<&Entity> = groups
            .iter()
            .chain(outputs)
            .map(|(_, entity)| entity)
            .collect();
        let column_tables: Vec<TableId> = outputs
            .iter()
            .filter_map(|(_, entity)| match entity {
                Entity::Columns(columns) => Some(columns[0].table),
                Entity::Table(_) => None,
            })
            .collect();
        for entity in &all {
            match entity {
                Entity::Table(table) => {
                    if Some(*table) == counted && all.len() > 1 {
                        continue;
                    }
                    push_all(&mut keys, self.keys(entity));
                    // its columns are asked for by name
                    if !column_tables.contains(table) {
                        push_all(&mut shown, self.shown(entity));
                    } else {
                        // the name still belongs there when it was not among them
                        let label = &self.catalogue().tables[*table].label;
                        let named = outputs.iter().any(|(_, entity)| match entity {
                            Entity::Columns(columns) => columns
                                .iter()
                                .any(|id| id.table == *table && label.contains(&id.column)),
                            Entity::Table(_) => false,
                        });
                        if self.reading.top.is_some() && !named && !label.is_empty() {
                            push_all(&mut shown, self.shown(entity));
                        }
                    }
                }
                Entity::Columns(columns) => {
                    let table = columns[0].table;
                    let of_entity = all.iter().any(|other| **other == Entity::Table(table))
                        && Some(table) != counted;
                    let is_label = columns.iter().all(|id| {
                        self.catalogue().tables[table].label.contains(&id.column)
                            || self.catalogue().tables[table].key == [id.column]
                    });
                    if of_entity || is_label && Some(table) != counted {
                        push_all(&mut keys, self.keys(&Entity::Table(table)));
                    }
                    push_all(&mut shown, self.shown(entity));
                }
            }
        }
        (shown, keys)
    }

    pub(super) fn group_by(&self, draft: &mut Draft, shown: Vec<Expr>, keys: Vec<Expr>) {
        for expr in keys.iter().chain(&shown) {
            if !draft.groups.contains(expr) && !matches!(expr, Expr::Star(_)) {
                draft.groups.push(expr.clone());
            }
        }
        for expr in shown {
            if !draft.outputs.contains(&expr) {
                draft.outputs.push(expr);
            }
        }
    }

    pub(super) fn ordering(&mut self, draft: &mut Draft, home: TableId) {
        for order in &self.reading.orders {
            let entity_measure = draft.measures.first().map(|(expr, _)| expr.clone());
            let expr = match order.by {
                By::Unit(at) => {
                    let as_count = matches!(self.noun(at, Some(home), true), Some(Noun::Table(_)));
                    let as_output = self.column_of(at, Some(draft.root), &|_| true).map(|(id, _)| id);
                    let aggregated = as_output.and_then(|id| draft.measures.iter().find(|(expr, _)| matches!(expr, Expr::Aggregate(_, inner) if **inner == column(id))).map(|(expr, _)| expr.clone()));
                    if aggregated.is_some() {
                        aggregated
                    } else if as_count && !draft.measures.is_empty() && draft.measures.iter().any(|(expr, _)| matches!(expr, Expr::CountAll)) {
                        entity_measure
                    } else if self.unit(at).is(&["name", "names"]) {
                        let label = self.catalogue().label_or_key(home);
                        label.last().map(|id| column(*id))
                    } else {
                        as_output.map(column).or(entity_measure)
                    }
                }
                By::Revenue | By::Quantity | By::Measure | By::Events => entity_measure.or_else(|| {
                    // "sorted descending" without a number: the last number shown
                    draft.outputs.iter().rev().find(|expr| matches!(expr, Expr::Column(place, at) if self.catalogue().is_measure(ColumnId { table: place.table, column: *at }))).or(draft.outputs.first()).cloned()
                }),
                By::Adjective(found) => match entity_measure.filter(|_| found.dates.is_empty()) {
                    Some(measure) => Some(measure),
                    None => {
                        let resolved = self.adjective_column(found, draft.root);
                        if let Some((id, large)) = resolved {
                            let descending = if found.large == order.descending { large } else { !large };
                            draft.order.push((column(id), descending));
                            continue;
                        }
                        draft.outputs.first().cloned()
                    }
                },
                By::Unsaid | By::Sequence => draft.outputs.iter().find(|expr| !matches!(expr, Expr::Star(_))).cloned().or_else(|| self.catalogue().label_or_key(draft.root).first().map(|id| column(*id))),
            };
            match expr {
                Some(expr) if !matches!(expr, Expr::Star(_)) => {
                    draft.order.push((expr, order.descending))
                }
                _ => self.doubt(0.15, "I could not tell what to sort by"),
            }
        }
        if draft.order.is_empty() && draft.over_groups.is_none() {
            if let Some((expr, _)) = &draft.grain {
                draft.order.push((expr.clone(), false));
            } else if !draft.groups.is_empty()
                && let Some((expr, _)) = draft.measures.first()
            {
                draft.order.push((expr.clone(), true));
            }
        }
    }
}
