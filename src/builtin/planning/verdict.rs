//! How sure a plan is, and the words that go with it.

use super::assemble::BARE_LIMIT;
use super::{Outcome, Planned, Planner};
use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::lexicon::{adjective, is_filler, is_revenue, is_weak};
use crate::builtin::plan::{Condition, Expr, Plan};
use crate::builtin::reading::At;

impl Planner<'_> {
    /// Content words that no phrase took.
    pub(super) fn unread(&self) -> Vec<At> {
        (0..self.reading.units.len())
            .filter(|&at| {
                let unit = self.unit(at);
                !self.reading.used[at]
                    && !unit.punctuation
                    && !is_filler(&unit.text)
                    && unit.text.len() > 1
            })
            .collect()
    }

    pub(super) fn missing(&self, unread: &[At]) -> String {
        let words: Vec<String> = unread
            .iter()
            .map(|&at| format!("\"{}\"", self.unit(at).raw))
            .take(3)
            .collect();
        if words.is_empty() {
            "I am the built-in generator; I could not find what this is about in this dataset."
                .into()
        } else {
            format!(
                "I am the built-in generator; I could not find {} in this dataset.",
                words.join(", ")
            )
        }
    }

    /// The plan with its explanation and how sure we are of it.
    pub(super) fn judged(self, plan: Plan, unread: Vec<At>) -> Outcome {
        // the longer the way, the likelier a wrong turn
        let subqueries = plan
            .filters
            .iter()
            .filter(|filter| matches!(filter, Condition::Exists { .. }))
            .count();
        let way = 0.025 * plan.joins.len().saturating_sub(1) as f32
            + 0.07 * subqueries as f32
            + if plan.over_groups.is_some() {
                0.03
            } else {
                0.0
            };
        let mut confidence = 0.95 - way.min(0.2);
        let mut unused = Vec::new();
        let taken = |at: &At| self.hints.contains(&format!("#{at}"));
        for at in unread.iter().filter(|at| !taken(at)) {
            let unit = self.unit(*at);
            let word = unit.text.as_str();
            let weight = if is_weak(word) {
                if ["average", "mean", "percent", "percentage", "share", "ratio"].contains(&word) {
                    0.15
                } else {
                    0.0
                }
            } else if is_revenue(word) || adjective(word).is_some() {
                0.12
            } else if unit.number.is_some() || unit.is_name() {
                0.12
            } else {
                0.2
            };
            if weight > 0.0 {
                confidence -= weight;
                unused.push(unit.raw.clone());
            }
        }
        for (weight, _) in &self.doubts {
            confidence -= weight;
        }
        for unit in &self.reading.units {
            if unit.corrected.is_some() {
                confidence -= 0.05;
            }
        }
        let open: Vec<At> = unread.iter().copied().filter(|at| !taken(at)).collect();
        if let Some(why) = self.must_not_be_left_out(&plan, &open) {
            return Outcome::NotUnderstood(format!("I am the built-in generator; {why}"));
        }
        if unused.len() >= 3 || confidence < 0.3 {
            let words: Vec<String> = unused
                .iter()
                .map(|word| format!("\"{word}\""))
                .take(4)
                .collect();
            let what = if words.is_empty() {
                "enough of what this asks for".to_owned()
            } else {
                words.join(", ")
            };
            return Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not find {what} in this dataset."
            ));
        }
        let mut sentences: Vec<String> = Vec::new();
        sentences.push(self.story(&plan));
        sentences.extend(self.notes.iter().cloned());
        for (_, doubt) in &self.doubts {
            sentences.push(format!("{}.", capitalised(doubt)));
        }
        for unit in self
            .reading
            .units
            .iter()
            .filter(|unit| unit.corrected.is_some())
        {
            let name = unit
                .tables
                .first()
                .map(|hit| self.table_name(hit.0))
                .or_else(|| unit.columns.first().map(|hit| self.column_name(hit.0)))
                .or_else(|| {
                    unit.values.first().map(|hit| {
                        self.schema.tables[hit.column.table].columns[hit.column.column].values
                            [hit.value]
                            .clone()
                    })
                });
            if let Some(name) = name {
                sentences.push(format!("I read \"{}\" as {name}.", unit.raw));
            }
        }
        if !unused.is_empty() {
            let words: Vec<String> = unused.iter().map(|word| format!("\"{word}\"")).collect();
            let noun = if words.len() == 1 { "word" } else { "words" };
            sentences.push(format!("I did not use the {noun} {}.", words.join(", ")));
        }
        Outcome::Planned(Planned {
            plan,
            explanation: sentences.join(" "),
            confidence: confidence.clamp(0.05, 0.97),
        })
    }

    /// What the query does, in one sentence.
    pub(super) fn story(&self, plan: &Plan) -> String {
        let root = plan.from.map_or(0, |place| place.table);
        let tables: Vec<String> = plan
            .joins
            .iter()
            .map(|join| self.table_name(join.to.table))
            .collect();
        let verb = if plan.over_groups.is_some() {
            "Computes over groups of"
        } else if plan
            .select
            .iter()
            .any(|(expr, _)| matches!(expr, Expr::CountAll | Expr::CountDistinct(_)))
        {
            "Counts"
        } else if plan.select.iter().any(|(expr, _)| expr.is_aggregate()) {
            "Computes from"
        } else {
            "Lists"
        };
        let mut text = format!("{verb} {}", self.table_name(root));
        if !tables.is_empty() {
            text.push_str(&format!(" with {}", tables.join(", ")));
        }
        if !plan.group.is_empty() {
            let names: Vec<String> = plan
                .select
                .iter()
                .filter(|(expr, _)| !expr.is_aggregate())
                .filter_map(|(expr, name)| match (expr, name) {
                    (_, Some(name)) => Some(name.clone()),
                    (Expr::Column(place, at), None) => Some(self.column_name(ColumnId {
                        table: place.table,
                        column: *at,
                    })),
                    _ => None,
                })
                .collect();
            if !names.is_empty() {
                text.push_str(&format!(", per {}", names.join(", ")));
            }
        }
        let conditions = plan.filters.len() + plan.having.len();
        if conditions > 0 {
            text.push_str(&format!(
                ", under {conditions} condition{}",
                if conditions == 1 { "" } else { "s" }
            ));
        }
        if let Some(limit) = plan.limit.filter(|limit| *limit != BARE_LIMIT) {
            text.push_str(&format!(", the first {limit}"));
        }
        if !plan.within.is_empty() {
            text.push_str(" within each group, equals included");
        }
        text.push('.');
        text
    }

    pub(super) fn plural(&self, table: TableId) -> String {
        plural(&self.table_name(table))
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Many of them.
pub fn plural(name: &str) -> String {
    let last = name.rsplit(' ').next().unwrap_or(name);
    if last.ends_with('s') && !last.ends_with("ss") && !last.ends_with("us") {
        name.to_owned()
    } else if last.ends_with('y')
        && !last.ends_with("ey")
        && !last.ends_with("ay")
        && !last.ends_with("oy")
    {
        format!("{}ies", &name[..name.len() - 1])
    } else if ["ss", "x", "ch", "sh", "us"]
        .iter()
        .any(|end| last.ends_with(end))
    {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}
