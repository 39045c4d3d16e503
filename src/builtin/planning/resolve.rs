//! Nouns to tables and columns, with the whole question in view.

use super::{Entity, Noun, Planner};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::linking::Unit;
use crate::builtin::reading::At;

impl Planner<'_> {
    pub(super) fn unit(&self, at: At) -> &Unit {
        &self.reading.units[at]
    }

    pub(super) fn tables_mentioned(&self) -> Vec<(At, TableId)> {
        let mut out = Vec::new();
        for (at, unit) in self.reading.units.iter().enumerate() {
            let Some((table, score)) = self.best_table(unit) else {
                continue;
            };
            let column = unit.best_column().map_or(0.0, |hit| hit.1);
            if score >= 0.5 && score + 0.25 >= column && !unit.quoted {
                out.push((at, table));
            }
        }
        out
    }

    /// The best table; of equals, the one with more to it than keys.
    fn best_table(&self, unit: &Unit) -> Option<(TableId, f32)> {
        let best = unit.tables.iter().map(|hit| hit.1).fold(0.0, f32::max);
        unit.tables
            .iter()
            .filter(|hit| hit.1 >= best - 0.02)
            .min_by_key(|hit| {
                (
                    self.catalogue().tables[hit.0].is_bridge,
                    self.catalogue().tables[hit.0].words.len(),
                )
            })
            .copied()
    }

    pub(super) fn is_mentioned(&self, table: TableId) -> bool {
        self.mentioned
            .iter()
            .any(|(_, mentioned)| *mentioned == table)
    }

    /// The table whose column is meant: the noun just before, or the one after "of".
    pub(super) fn owner(&self, at: At) -> Option<TableId> {
        let strong = |at: At| {
            let unit = self.reading.units.get(at)?;
            let (table, score) = self.best_table(unit)?;
            (score >= 0.5 && unit.best_column().is_none_or(|hit| hit.1 <= score + 0.1))
                .then_some(table)
        };
        if let Some(table) = at.checked_sub(1).and_then(strong) {
            return Some(table);
        }
        // "maker full name, id": the list goes on with the same owner
        if let Some(before) = at.checked_sub(1) {
            let link = self.unit(before).is(&[",", "and"]);
            let previous = if link { before.checked_sub(1) } else { None };
            let previous = previous.map(|previous| {
                if self.unit(previous).punctuation {
                    previous.saturating_sub(1)
                } else {
                    previous
                }
            });
            if let Some(previous) = previous
                && !self.unit(previous).columns.is_empty()
                && self
                    .unit(previous)
                    .best_table()
                    .is_none_or(|hit| hit.1 < 0.9)
                && self.reading.outputs.contains(&previous)
                && let Some(table) = self.owner(previous)
            {
                return Some(table);
            }
            if let Some(previous) = previous
                && self.reading.outputs.contains(&previous)
                && let Some(table) = strong(previous)
            {
                return Some(table);
            }
        }
        // "names and cities of customers", "name of each stadium"
        let mut next = at + 1;
        while let Some(unit) = self.reading.units.get(next) {
            if unit.is(&["of", "for", "from"]) {
                let mut noun = next + 1;
                while self.reading.units.get(noun).is_some_and(|unit| {
                    unit.is(&[
                        "the",
                        "all",
                        "each",
                        "every",
                        "our",
                        "any",
                        "those",
                        "a",
                        "an",
                        "different",
                        "distinct",
                        "these",
                    ])
                }) {
                    noun += 1;
                }
                if let Some(table) = strong(noun) {
                    return Some(table);
                }
                // "name of the oldest singer", "the country of the customer"
                for skip in 1..=3 {
                    if let Some(table) = strong(noun + skip) {
                        return Some(table);
                    }
                }
                return None;
            }
            let list = unit.is(&["and", ",", "the", "their", "its", "or", "as", "well"])
                || !unit.columns.is_empty();
            if !list || next > at + 9 {
                break;
            }
            next += 1;
        }
        None
    }

    /// Which column a noun means, and how sure that is.
    pub(super) fn column_of(
        &self,
        at: At,
        home: Option<TableId>,
        fits: &dyn Fn(ColumnId) -> bool,
    ) -> Option<(ColumnId, f32)> {
        self.rank_columns(at, home, fits).into_iter().next()
    }

    /// All columns a noun may mean, best first.
    pub(super) fn rank_columns(
        &self,
        at: At,
        home: Option<TableId>,
        fits: &dyn Fn(ColumnId) -> bool,
    ) -> Vec<(ColumnId, f32)> {
        let owner = self.owner(at);
        let unit = self.unit(at);
        let mut ranked: Vec<(ColumnId, f32)> = unit
            .columns
            .iter()
            .filter(|(id, _)| fits(*id))
            .map(|&(id, score)| {
                let mut rank = score;
                if owner == Some(id.table) {
                    rank += 0.5;
                }
                if self.is_mentioned(id.table) {
                    rank += 0.22;
                }
                if let Some(home) = home {
                    rank += match self.hops(home, id.table) {
                        Some(0) => 0.25,
                        Some(hops) => -0.07 * hops as f32,
                        None => -0.5,
                    };
                }
                let facts = self.catalogue().column(id);
                // a key only when it is asked for
                if facts.is_key
                    && !unit
                        .text
                        .split(' ')
                        .any(|word| ["id", "ids", "code", "number", "key"].contains(&word))
                {
                    rank -= 0.2;
                }
                if self.catalogue().tables[id.table].label.contains(&id.column) {
                    rank += 0.05;
                }
                if facts.kind == Kind::Opaque {
                    rank -= 0.6;
                }
                // "bikes used on every day": a number is no thing that does something
                if self.reading.covers.is_some()
                    && self.reading.outputs.contains(&at)
                    && self.catalogue().is_measure(id)
                {
                    rank -= 0.6;
                }
                // other words of the column are in the question too ("start" of "start station")
                let others = facts
                    .words
                    .iter()
                    .filter(|word| {
                        !unit
                            .text
                            .split(' ')
                            .any(|own| crate::builtin::tokens::stem(own) == **word)
                            && self.hints.contains(word)
                    })
                    .count();
                rank += 0.08 * others as f32;
                // all of the column's name is there: "which countries do we ship to" is the ship country
                if others > 0
                    && others + 1 == facts.words.len()
                    && unit.text.split(' ').count() == 1
                {
                    rank += 0.25;
                }
                (id, rank)
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked
    }

    /// A noun as a table or a column, leaning to the one or the other.
    pub(super) fn noun(&self, at: At, home: Option<TableId>, lean_to_table: bool) -> Option<Noun> {
        let unit = self.unit(at);
        let table = self.best_table(unit);
        let column = self.column_of(at, home, &|_| true);
        let own_score = column
            .and_then(|(id, _)| unit.columns.iter().find(|hit| hit.0 == id))
            .map_or(0.0, |hit| hit.1);
        match (table, column) {
            (Some((table, score)), Some((id, _))) => {
                let margin = if lean_to_table { -0.3 } else { 0.0 };
                let owned = self
                    .owner(at)
                    .is_some_and(|owner| owner == id.table && owner != table);
                if score >= own_score + margin && !(owned && own_score >= 0.8 && !lean_to_table) {
                    Some(Noun::Table(table))
                } else {
                    Some(Noun::Column(id))
                }
            }
            (Some((table, _)), None) => Some(Noun::Table(table)),
            (None, Some((id, _))) => Some(Noun::Column(id)),
            (None, None) => None,
        }
    }

    /// A noun that rows are grouped by or listed as: a foreign key stands for what it points to.
    pub(super) fn entity(
        &self,
        at: At,
        home: Option<TableId>,
        lean_to_table: bool,
    ) -> Option<Entity> {
        // "name" and "id" are of whatever is talked about
        let word = self.unit(at);
        let owner = self.owner(at).or(home);
        if word.is(&["name", "names", "title", "titles"])
            && let Some(table) = owner
        {
            let label = &self.catalogue().tables[table].label;
            let exact = word
                .columns
                .iter()
                .find(|(id, score)| id.table == table && *score >= 0.95);
            match exact {
                Some((id, _)) if !label.contains(&id.column) => {
                    return Some(Entity::Columns(vec![*id]));
                }
                _ if !label.is_empty() => {
                    return Some(Entity::Columns(self.catalogue().label_or_key(table)));
                }
                _ => {}
            }
        }
        if word.is(&["id", "ids"])
            && let Some(table) = owner
            && !self.catalogue().tables[table].key.is_empty()
        {
            let key = &self.catalogue().tables[table].key;
            return Some(Entity::Columns(
                key.iter()
                    .map(|&column| ColumnId { table, column })
                    .collect(),
            ));
        }
        Some(match self.noun(at, home, lean_to_table)? {
            Noun::Table(table) => Entity::Table(table),
            Noun::Column(id) => {
                let says_id = self
                    .unit(at)
                    .text
                    .split(' ')
                    .any(|word| ["id", "ids", "code", "key", "number"].contains(&word));
                let is_name_word = self.unit(at).is(&[
                    "name",
                    "names",
                    "title",
                    "titles",
                    "full name",
                    "full names",
                ]);
                if is_name_word {
                    let label = self.catalogue().label_or_key(id.table);
                    // the label stands for "name", unless another column is called exactly so
                    let exact =
                        self.catalogue().column(id).words.len() == 1 && !label.contains(&id);
                    return Some(Entity::Columns(if exact { vec![id] } else { label }));
                }
                match self.parent_of(id).filter(|_| !says_id) {
                    Some(parent) => Entity::Table(parent),
                    None => Entity::Columns(vec![id]),
                }
            }
        })
    }

    /// The table that a foreign-key column points to, when it has a readable label.
    pub(super) fn parent_of(&self, id: ColumnId) -> Option<TableId> {
        self.graph()
            .edges_at(id.table)
            .find(|edge| {
                edge.child == id.table
                    && edge.child_columns == [id.column]
                    && edge.parent != id.table
                    && edge.origin != crate::builtin::joins::Origin::SameName
            })
            .map(|edge| edge.parent)
            .filter(|&parent| !self.catalogue().tables[parent].label.is_empty())
    }

    /// The table of an entity.
    pub(super) fn table_of(&self, entity: &Entity) -> TableId {
        match entity {
            Entity::Table(table) => *table,
            Entity::Columns(columns) => columns[0].table,
        }
    }

    /// Tables whose rows belong to one row of `table`: orders of a customer. Nearest and largest first.
    pub(super) fn events_of(&self, table: TableId) -> Vec<TableId> {
        let mut found: Vec<TableId> = self
            .graph()
            .edges_at(table)
            .filter(|edge| {
                edge.parent == table
                    && edge.child != table
                    && edge.origin != crate::builtin::joins::Origin::SameName
            })
            .map(|edge| edge.child)
            .collect();
        found.dedup();
        // a log of events has a date or a quantity, a bridge has neither
        found.sort_by_key(|&child| {
            let facts = &self.catalogue().tables[child];
            let quantity = self
                .catalogue()
                .column_with_word(child, &["quantiti", "qty", "amount", "total"], |id| {
                    self.catalogue().is_measure(id)
                })
                .is_some();
            let rows = self.schema.tables[child].row_estimate.unwrap_or(0);
            (
                facts.main_date.is_none() && !quantity,
                std::cmp::Reverse(rows),
            )
        });
        found
    }
}
