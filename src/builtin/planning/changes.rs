//! What a follow-up says, for the editor of the previous query.

use super::{Entity, Filter, Planner};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::dates::Grain;
use crate::builtin::lexicon::Adjective;
use crate::builtin::plan::{Condition, Expr};
use crate::builtin::reading::At;

impl Planner<'_> {
    /// Conditions with the column each is on, and how unsure they are.
    ///
    /// A value is looked for first in `filtered` columns, then in `tables`, then anywhere.
    pub fn follow_up_filters(
        &mut self,
        home: TableId,
        tables: &[TableId],
        filtered: &[ColumnId],
    ) -> (Vec<(ColumnId, Condition)>, f32) {
        self.preferred = filtered.to_vec();
        self.mentioned
            .extend(tables.iter().map(|table| (usize::MAX, *table)));
        let mut filters = self.value_filters(Some(home));
        filters.extend(self.text_filters(Some(home)));
        for test in self.reading.comparisons.clone() {
            if let Some(Ok(filter)) = self.comparison(&test, Some(home)) {
                filters.push(filter);
            }
        }
        for at in 0..self.reading.absences.len() {
            filters.extend(self.absence(at, home, &[], &[]).map(|found| found.0));
        }
        for moment in self.reading.moments.clone() {
            let same = filtered.iter().copied().find(|id| {
                self.catalogue().is_date(*id)
                    || self.catalogue().kind(*id) == Kind::Year && moment.grain == Grain::Year
            });
            let filter = match same {
                Some(id) => Some(Filter::new(
                    Condition::During {
                        column: Expr::of(id),
                        periods: moment.periods.clone(),
                        negated: moment.negated,
                    },
                    vec![id.table],
                )),
                None => {
                    let near: Vec<TableId> = tables.to_vec();
                    self.moment_filter(&moment, Some(home), &near)
                }
            };
            filters.extend(filter);
        }
        filters.extend(self.given_filters());
        let doubts = self.doubts.iter().map(|(weight, _)| weight).sum();
        let out = filters
            .into_iter()
            .filter_map(|filter| Some((column_of(&filter.condition)?, filter.condition)))
            .collect();
        (out, doubts)
    }

    /// Columns that a noun is grouped by or shown as.
    pub fn group_columns(&self, at: At, home: TableId) -> Vec<ColumnId> {
        match self.entity(at, Some(home), true) {
            Some(Entity::Table(table)) => self.catalogue().label_or_key(table),
            Some(Entity::Columns(columns)) => columns,
            None => Vec::new(),
        }
    }

    pub fn date_for(
        &self,
        home: TableId,
        tables: &[TableId],
        grain: Grain,
        at: At,
    ) -> Option<ColumnId> {
        self.date_column(Some(home), grain, tables, Some(at))
    }

    pub fn is_year(&self, id: ColumnId) -> bool {
        self.catalogue().kind(id) == Kind::Year
    }

    pub fn adjective_for(&self, adjective: Adjective, home: TableId) -> Option<ColumnId> {
        self.adjective_column(adjective, home).map(|found| found.0)
    }
}

fn column_of(condition: &Condition) -> Option<ColumnId> {
    let expr = match condition {
        Condition::Compare(expr, ..)
        | Condition::Between(expr, ..)
        | Condition::IsNull(expr, _)
        | Condition::OneOf { column: expr, .. }
        | Condition::Text { column: expr, .. }
        | Condition::During { column: expr, .. }
        | Condition::Months { column: expr, .. } => expr,
        Condition::Any(parts) => return parts.first().and_then(column_of),
        Condition::Exists { link, .. } => &link.first()?.0,
    };
    match expr {
        Expr::Column(place, column) => Some(ColumnId {
            table: place.table,
            column: *column,
        }),
        _ => None,
    }
}
