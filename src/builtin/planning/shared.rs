//! "Countries with customers but no suppliers": values of one column that other tables have as well.

use super::assemble::Draft;
use super::{Filter, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::At;

impl Planner<'_> {
    /// The draft of such a question, when it is nothing else.
    pub(super) fn shared_column(&mut self) -> Option<Draft> {
        let reading = self.reading;
        let &[at] = reading.outputs.as_slice() else {
            return None;
        };
        let plain = reading.measures.is_empty()
            && reading.groups.is_empty()
            && reading.top.is_none()
            && reading.values.is_empty()
            && reading.comparisons.is_empty()
            && reading.moments.is_empty()
            && reading.texts.is_empty()
            && reading.flags.is_empty()
            && self.given.is_empty();
        if !plain
            || self
                .unit(at)
                .is(&["name", "names", "id", "ids", "title", "titles"])
        {
            return None;
        }
        let column_in = |table: TableId| -> Option<ColumnId> {
            let columns = &self.unit(at).columns;
            columns
                .iter()
                .find(|(id, score)| id.table == table && *score >= 0.9)
                .map(|(id, _)| *id)
        };
        // who has it, and who must not
        let mut sides: Vec<(ColumnId, bool)> = Vec::new();
        let nouns: Vec<(At, bool)> = reading
            .context
            .iter()
            .map(|&noun| (noun, false))
            .chain(
                reading
                    .absences
                    .iter()
                    .filter_map(|absence| Some((absence.noun?, !absence.present))),
            )
            .collect();
        for (noun, absent) in nouns {
            let (table, score) = self.unit(noun).best_table()?;
            if score < 0.8 {
                return None;
            }
            sides.push((column_in(table)?, absent));
        }
        sides.sort_by_key(|(_, absent)| *absent);
        let [(first, false), others @ ..] = sides.as_slice() else {
            return None;
        };
        if others.is_empty() || others.iter().any(|(id, _)| id.table == first.table) {
            return None;
        }
        let role = 10;
        let filters = others
            .iter()
            .map(|(id, absent)| {
                let inner = Place {
                    table: id.table,
                    role,
                };
                let query = Plan {
                    select: vec![(Expr::Number(1.0), None)],
                    from: Some(inner),
                    ..Plan::default()
                };
                let condition = Condition::Exists {
                    negated: *absent,
                    query: Box::new(query),
                    link: vec![(
                        place(first.table).column(first.column),
                        inner.column(id.column),
                    )],
                };
                Filter::new(condition, vec![first.table])
            })
            .collect();
        let names: Vec<String> = sides
            .iter()
            .map(|(id, _)| self.full_column_name(*id))
            .collect();
        self.note(format!("I compared the values of {}.", names.join(" and ")));
        Some(Draft {
            root: first.table,
            outputs: vec![column(*first)],
            distinct: true,
            filters,
            ..Draft::default()
        })
    }
}
