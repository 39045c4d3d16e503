//! "shipped late", "delivered on time": one date of a row against the date by which it was due.

use super::{Filter, Planner, column};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::plan::Condition;
use crate::builtin::reading::{At, Comparator};

/// Words (stems) of columns that say when something had to be done.
const DUE: &[&str] = &[
    "requir", "due", "deadlin", "promis", "expect", "target", "plan", "schedul", "estim", "need",
];

/// Words (stems) of columns that say when it was done; the likeliest first.
const DONE: &[&str] = &[
    "deliv", "deliveri", "ship", "arriv", "arrival", "complet", "finish", "fulfil", "return",
    "actual", "receiv", "close", "paid",
];

/// A condition on punctuality that the question holds.
pub(super) struct Timely {
    pub filter: Filter,
    /// The words it was read from.
    pub first: At,
    pub end: At,
}

impl Planner<'_> {
    pub(super) fn timeliness(&mut self, home: TableId) -> Option<Timely> {
        let word = |at: At, words: &[&str]| {
            self.reading
                .units
                .get(at)
                .is_some_and(|unit| unit.is(words))
        };
        let free = |at: At| !self.reading.used[at];
        let (first, end, late) = (0..self.reading.units.len()).find_map(|at| {
            if word(at, &["late", "delayed", "belated", "belatedly"]) && free(at) {
                Some((at, at + 1, true))
            } else if word(at, &["on", "in"]) && word(at + 1, &["time", "schedule"]) && free(at + 1)
            {
                Some((at, at + 2, false))
            } else if word(at, &["punctually", "punctual", "early"]) && free(at) {
                Some((at, at + 1, false))
            } else {
                None
            }
        })?;
        let (due, done) = self.due_and_done(home)?;
        let negated = (1..=3)
            .filter_map(|back| first.checked_sub(back))
            .any(|at| word(at, &["not", "never", "n't", "no"]));
        let late = late != negated;
        let (due_name, done_name) = (self.column_name(due), self.column_name(done));
        self.note(if late {
            format!("Late means: {done_name} after {due_name}.")
        } else {
            format!("On time means: {done_name} not after {due_name}.")
        });
        let comparator = if late {
            Comparator::More
        } else {
            Comparator::Most
        };
        Some(Timely {
            filter: Filter::new(
                Condition::Compare(column(done), comparator, column(due)),
                vec![due.table],
            ),
            first,
            end,
        })
    }

    /// The two dates, in the table asked about or the nearest that has both.
    fn due_and_done(&self, home: TableId) -> Option<(ColumnId, ColumnId)> {
        let mut near: Vec<(usize, TableId)> = (0..self.schema.tables.len())
            .filter_map(|table| Some((self.hops(home, table)?, table)))
            .collect();
        near.sort_unstable();
        near.into_iter().find_map(|(_, table)| {
            let due = self.date_among(table, DUE)?;
            let done = self.done_date(table)?;
            (done != due).then_some((due, done))
        })
    }

    /// When what a row of `table` speaks of was done: the verb of the question names the date, if it names one.
    pub(super) fn done_date(&self, table: TableId) -> Option<ColumnId> {
        let said: Vec<&str> = DONE
            .iter()
            .copied()
            .filter(|word| self.hints.iter().any(|hint| hint == word))
            .collect();
        self.date_among(table, &said)
            .or_else(|| self.date_among(table, DONE))
    }

    fn date_among(&self, table: TableId, words: &[&str]) -> Option<ColumnId> {
        self.catalogue()
            .column_with_word(table, words, |id| self.catalogue().is_date(id))
    }
}
