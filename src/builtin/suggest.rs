//! Questions worth asking, each of which the generator itself answers.

use crate::builtin::catalogue::{ColumnId, Kind};
use crate::builtin::planning::{Outcome, plural, readable};
use crate::builtin::{Generator, Request};
use chrono::NaiveDate;

/// A day for trying questions out; none of the suggestions depends on it.
fn any_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day of the calendar")
}

impl Generator {
    /// Up to `limit` example questions of different kinds, each tried out.
    pub fn suggestions(&self, limit: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for candidate in self.candidates() {
            if out.len() == limit {
                break;
            }
            if !out.contains(&candidate) && self.answers(&candidate) {
                out.push(candidate);
            }
        }
        out
    }

    fn answers(&self, question: &str) -> bool {
        let request = Request {
            question,
            schema: &self.schema,
            dialect: self.dialect,
            today: any_day(),
            previous: None,
            choice: None,
        };
        matches!(self.outcome(&request), Outcome::Planned(planned) if planned.confidence >= 0.75)
    }

    /// The most telling tables first; kinds of question take turns.
    fn candidates(&self) -> Vec<String> {
        let catalogue = &self.linker.catalogue;
        let mut tables: Vec<usize> = (0..self.schema.tables.len())
            .filter(|&table| {
                !catalogue.tables[table].is_bridge && !self.schema.tables[table].columns.is_empty()
            })
            .collect();
        // tables that others refer to are what a dataset is about; empty ones are not
        tables.sort_by_key(|&table| {
            let linked = self.linker.graph.edges_at(table).count();
            let empty = self.schema.tables[table].row_estimate == Some(0);
            (
                empty,
                catalogue.tables[table].label.is_empty(),
                std::cmp::Reverse(linked),
            )
        });
        tables.truncate(12);
        let noun = |table: usize| plural(&readable(&self.schema.tables[table].name));
        let column = |id: ColumnId| readable(&self.schema.tables[id.table].columns[id.column].name);
        let all = |table: usize| {
            (0..catalogue.tables[table].columns.len()).map(move |column| ColumnId { table, column })
        };
        // values that come back in many rows, and are no names of people or places to live
        let categorical = |id: ColumnId| {
            let facts = catalogue.column(id);
            let column = &self.schema.tables[id.table].columns[id.column];
            let rows = self.schema.tables[id.table]
                .row_estimate
                .unwrap_or(u64::MAX);
            facts.kind == Kind::Text
                && !facts.is_key
                && !catalogue.tables[id.table].label.contains(&id.column)
                && column.values_complete
                && (2..=60).contains(&column.values.len())
                && (column.values.len() as u64).saturating_mul(2) <= rows
                && !facts.words.iter().any(|word| {
                    ["address", "name", "phone", "fax", "email", "postal", "zip"]
                        .contains(&word.as_str())
                })
        };
        let (mut tops, mut groups, mut filters, mut counts, mut times, mut averages) = (
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
        );
        for &table in &tables {
            counts.push(format!("How many {} are there?", noun(table)));
            for edge in self
                .linker
                .graph
                .edges_at(table)
                .filter(|edge| {
                    edge.parent == table
                        && edge.child != table
                        && !catalogue.tables[edge.child].is_bridge
                })
                .take(2)
            {
                if !catalogue.tables[table].label.is_empty() {
                    tops.push(format!(
                        "Top 5 {} by number of {}",
                        noun(table),
                        noun(edge.child)
                    ));
                    groups.push(format!(
                        "How many {} are there per {}?",
                        noun(edge.child),
                        crate::builtin::planning::singular(&readable(
                            &self.schema.tables[table].name
                        ))
                    ));
                }
            }
            if let Some(id) = all(table).find(|id| categorical(*id)) {
                groups.push(format!("Number of {} per {}", noun(table), column(id)));
                if let Some(value) = self.schema.tables[table].columns[id.column]
                    .values
                    .iter()
                    .find(|value| {
                        value.len() > 2
                            && value.len() < 30
                            && value.chars().all(|c| c.is_alphanumeric() || c == ' ')
                    })
                {
                    filters.push(format!(
                        "Show {} whose {} is {value}",
                        noun(table),
                        column(id)
                    ));
                }
            }
            if let Some(id) = all(table).find(|id| catalogue.is_measure(*id)) {
                averages.push(format!(
                    "What is the average {} of {}?",
                    column(id),
                    noun(table)
                ));
            }
            let lasting = |date: usize| {
                catalogue.tables[table].columns[date]
                    .words
                    .iter()
                    .any(|word| {
                        ["hire", "birth", "born", "instal", "open"].contains(&word.as_str())
                    })
            };
            if catalogue.tables[table]
                .main_date
                .is_some_and(|date| !lasting(date))
            {
                times.push(format!("Number of {} by month", noun(table)));
            }
        }
        let mut out = Vec::new();
        for turn in 0..4 {
            for kind in [&tops, &counts, &groups, &filters, &averages, &times] {
                out.extend(kind.get(turn).cloned());
            }
        }
        out
    }

    /// Up to three questions that go on from an answer.
    pub fn follow_ups(&self, question: &str, sql: &str) -> Vec<String> {
        let lower = sql.to_ascii_lowercase();
        let mut candidates: Vec<String> = Vec::new();
        let aggregate = ["count(", "sum(", "avg("]
            .iter()
            .any(|name| lower.contains(name));
        let grouped = lower.contains("group by");
        let tables: Vec<usize> = (0..self.schema.tables.len())
            .filter(|&table| {
                let name = self.schema.tables[table].name.to_ascii_lowercase();
                lower
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == name)
            })
            .collect();
        let asked = question.to_lowercase();
        for &table in &tables {
            let facts = &self.linker.catalogue.tables[table];
            if aggregate
                && facts.main_date.is_some()
                && !asked.contains("month")
                && !asked.contains("year")
            {
                candidates.push("And by month?".into());
            }
            for (at, column) in self.schema.tables[table].columns.iter().enumerate() {
                let id = ColumnId { table, column: at };
                let rows = self.schema.tables[table].row_estimate.unwrap_or(u64::MAX);
                let people = facts.columns[at].words.iter().any(|word| {
                    ["name", "address", "phone", "fax", "email", "postal", "zip"]
                        .contains(&word.as_str())
                });
                let small = column.values_complete
                    && (2..=60).contains(&column.values.len())
                    && (column.values.len() as u64).saturating_mul(2) <= rows
                    && !people
                    || facts.label == [at] && column.values_complete && column.values.len() <= 60;
                if self.linker.catalogue.kind(id) != Kind::Text
                    || !small
                    || facts.columns[at].is_key
                {
                    continue;
                }
                if let Some(value) = column.values.iter().find(|value| {
                    (3..30).contains(&value.len()) && !lower.contains(&value.to_ascii_lowercase())
                }) {
                    candidates.push(format!("Now only for {value}"));
                }
                if aggregate && !asked.contains(&readable(&column.name)) {
                    candidates.push(format!("And by {}?", readable(&column.name)));
                }
            }
        }
        if grouped && !lower.contains("limit") {
            candidates.insert(0, "Only the top 5".into());
        }
        if !aggregate {
            candidates.insert(0, "How many are there?".into());
        }
        let mut out: Vec<String> = Vec::new();
        for candidate in candidates {
            let kind: String = candidate.split(' ').take(2).collect();
            if out.len() < 3
                && !out
                    .iter()
                    .any(|other| other.split(' ').take(2).collect::<String>() == kind)
                && self.edits(&candidate, sql)
            {
                out.push(candidate);
            }
        }
        out
    }

    fn edits(&self, question: &str, sql: &str) -> bool {
        let (reading, _) = self.read(question, any_day());
        self.editor().edit(sql, &reading, &[], None).is_some()
    }
}
