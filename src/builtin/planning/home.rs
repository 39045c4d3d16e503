//! Which table a question is about.

use super::{Noun, Planner};
use crate::builtin::catalogue::TableId;
use crate::builtin::reading::{Aggregate, By, Of};

impl Planner<'_> {
    /// The table the question is about.
    pub(super) fn home(&self) -> Option<TableId> {
        let reading = self.reading;
        let first_mentioned = self
            .mentioned
            .first()
            .map(|(_, table)| *table)
            .or_else(|| self.voted())
            .or_else(|| self.given.first().map(|given| given.column.table));
        for measure in &reading.measures {
            if let Of::Unit(at) = measure.of
                && let Some(noun) = self.noun(at, None, measure.aggregate == Aggregate::Count)
            {
                return Some(match noun {
                    Noun::Table(table) => table,
                    Noun::Column(id) => self
                        .column_of(at, first_mentioned, &|id| {
                            measure.aggregate == Aggregate::Count && !self.one_in_group(id)
                                || self.catalogue().is_measure(id)
                                || self.catalogue().column(id).numeric_text
                        })
                        .map_or(id.table, |hit| hit.0.table),
                });
            }
        }
        let nouns = reading
            .outputs
            .iter()
            .chain(&reading.groups)
            .chain(&reading.context);
        // a table asked for first, else the owner of the first column asked for
        for &at in nouns {
            match self.noun(at, first_mentioned, false) {
                Some(Noun::Table(table)) => return Some(table),
                Some(Noun::Column(_))
                    if self
                        .unit(at)
                        .is(&["name", "names", "id", "ids", "title", "titles"])
                        && self.owner(at).is_none()
                        && first_mentioned.is_some() =>
                {
                    return first_mentioned;
                }
                Some(Noun::Column(id)) => {
                    if let Some(parent) = self.parent_of(id)
                        && self.owner(at).is_none()
                        && !self.unit(at).is(&["id", "ids"])
                        && reading.measures.is_empty()
                        && first_mentioned.is_none_or(|table| table == id.table)
                    {
                        return Some(parent);
                    }
                    // "last name of customers": the table follows
                    if let Some(table) = self.owner(at) {
                        return Some(table);
                    }
                    return self
                        .column_of(at, first_mentioned, &|_| true)
                        .map(|hit| hit.0.table);
                }
                None => {}
            }
        }
        if let Some(table) = first_mentioned {
            return Some(table);
        }
        if let Some(top) = &reading.top
            && let By::Unit(at) = top.by
            && let Some((id, _)) = self.column_of(at, None, &|_| true)
        {
            return Some(id.table);
        }
        for test in &reading.comparisons {
            if let Some(at) = test.left.or(test.noun)
                && let Some((id, _)) = self.column_of(at, None, &|_| true)
            {
                return Some(id.table);
            }
        }
        let ranked_by = reading.top.as_ref().map(|top| top.by);
        if matches!(ranked_by, Some(By::Revenue))
            || reading
                .measures
                .iter()
                .any(|measure| measure.of == Of::Revenue)
        {
            return self.revenue(&[]).map(|amount| amount.table);
        }
        if matches!(ranked_by, Some(By::Quantity))
            || reading
                .measures
                .iter()
                .any(|measure| measure.of == Of::Quantity)
        {
            return self.quantity(&[]).map(|amount| amount.table);
        }
        if reading
            .measures
            .iter()
            .any(|measure| measure.of == Of::StockValue)
        {
            return self.stock_value().map(|amount| amount.table);
        }
        if reading
            .measures
            .iter()
            .any(|measure| matches!(measure.of, Of::Elapsed(_)))
        {
            return self.elapsed().map(|(from, _)| from.table);
        }
        let value = reading.values.iter().find_map(|test| {
            self.unit(test.at)
                .values
                .first()
                .map(|hit| hit.column.table)
        });
        if value.is_some() {
            return value;
        }
        if let Some(top) = &reading.top
            && let By::Adjective(found) = top.by
        {
            return (0..self.schema.tables.len()).find(|&table| {
                self.adjective_column(found, table)
                    .is_some_and(|(id, _)| id.table == table)
            });
        }
        None
    }

    /// Without the name of any table: the one with most of the columns and values spoken of.
    fn voted(&self) -> Option<TableId> {
        let mut votes = vec![0.0f32; self.schema.tables.len()];
        for (at, unit) in self.reading.units.iter().enumerate() {
            let mut best: std::collections::HashMap<TableId, f32> =
                std::collections::HashMap::new();
            for (id, score) in &unit.columns {
                let own = best.entry(id.table).or_default();
                *own = own.max(*score);
            }
            let value = self.reading.values.iter().any(|test| test.at == at);
            for hit in unit.values.iter().filter(|_| value) {
                let own = best.entry(hit.column.table).or_default();
                *own = own.max(0.6);
                // "the cheapest beverages": things of a category are called by it
                for edge in self.graph().edges_at(hit.column.table) {
                    if edge.parent == hit.column.table && edge.child != edge.parent {
                        let near = best.entry(edge.child).or_default();
                        *near = near.max(0.3);
                    }
                }
            }
            for (table, score) in best {
                votes[table] += score;
            }
        }
        if let Some(top) = &self.reading.top
            && let By::Adjective(found) = top.by
        {
            for (table, vote) in votes.iter_mut().enumerate() {
                if self
                    .adjective_column(found, table)
                    .is_some_and(|(id, _)| id.table == table)
                {
                    *vote += 1.0;
                }
            }
        }
        let (table, vote) = votes
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
        (*vote > 0.3).then_some(table)
    }
}
