//! Why each table is in the answer, in words a person understands, and which columns and values speak for it.

use super::index::{Field, NONE, Unit};
use super::question::Question;
use super::ranking::Ranked;
use super::{ColumnHit, Found, SearchIndex, TableHit, ValueHit};
use std::collections::HashMap;

/// Columns and values told of; more is noise.
const COLUMNS: usize = 40;
const VALUES: usize = 30;
/// Against the worth of a name that matches: a value in the data is the better reason.
const VALUE_WORTH: f32 = 3.0;

enum Reason<'a> {
    Words {
        unit: &'a Unit,
        mention: (usize, usize),
    },
    Value {
        text: &'a str,
        column: &'a str,
    },
}

pub(super) fn explain(
    search: &SearchIndex,
    text: &str,
    asked: &Question,
    ranked: &Ranked<'_>,
) -> Found {
    let order = &ranked.order;
    let place_of: HashMap<u32, usize> = order.iter().enumerate().map(|(i, t)| (*t, i)).collect();
    let mut reasons: Vec<Option<(f32, Reason<'_>)>> = order.iter().map(|_| None).collect();
    let mut columns: HashMap<(u32, u32), f32> = HashMap::new();
    for (concept, hits) in asked.concepts.iter().zip(&ranked.hits) {
        for hit in hits {
            let unit = &search.index.units[hit.unit as usize];
            let Some(place) = place_of.get(&unit.table) else {
                continue;
            };
            if unit.column != NONE {
                *columns.entry((unit.table, unit.column)).or_default() += hit.worth();
            }
            prefer(
                &mut reasons[*place],
                hit.worth(),
                Reason::Words {
                    unit,
                    mention: concept.mention,
                },
            );
        }
    }
    let mut values: Vec<(bool, ValueHit)> = Vec::new();
    for mention in &ranked.mentions {
        for value in mention.places {
            let names = &search.tables[value.table as usize];
            let column = &names.columns[value.column as usize];
            let place = place_of.get(&value.table);
            if let Some(place) = place {
                *columns.entry((value.table, value.column)).or_default() +=
                    VALUE_WORTH * mention.score;
                prefer(
                    &mut reasons[*place],
                    VALUE_WORTH * mention.score,
                    Reason::Value {
                        text: &value.text,
                        column,
                    },
                );
            }
            let hit = ValueHit {
                table: names.shown.clone(),
                column: column.clone(),
                value: value.text.to_string(),
                mention: text[mention.start..mention.end].to_owned(),
                score: mention.score,
            };
            values.push((place.is_none(), hit));
        }
    }
    // a value in a table that was left out is the lesser news; the order is otherwise the mentions'
    values.sort_by_key(|(elsewhere, _)| *elsewhere);
    values.truncate(VALUES);
    let best = ranked.scores[order[0] as usize];
    let tables = order
        .iter()
        .zip(&reasons)
        .map(|(table, reason)| TableHit {
            table: *table as usize,
            name: search.tables[*table as usize].shown.clone(),
            score: ranked.scores[*table as usize] / best,
            why: match (ranked.bridges.get(table), reason) {
                (Some((a, b)), _) => {
                    let name = |table: &u32| &search.tables[*table as usize].shown;
                    format!("joins {} and {}", name(a), name(b))
                }
                (None, Some((_, Reason::Value { text, column }))) => {
                    format!("value '{text}' in {column}")
                }
                (None, Some((_, Reason::Words { unit, mention }))) => {
                    search.matched(unit, &text[mention.0..mention.1])
                }
                (None, None) => search.kinship(*table, order),
            },
        })
        .collect();
    Found {
        tables,
        columns: best_columns(search, columns),
        values: values.into_iter().map(|(_, value)| value).collect(),
    }
}

/// Keeps the weightier reason.
fn prefer<'a>(known: &mut Option<(f32, Reason<'a>)>, worth: f32, reason: Reason<'a>) {
    if known.as_ref().is_none_or(|(best, _)| worth > *best) {
        *known = Some((worth, reason));
    }
}

fn best_columns(search: &SearchIndex, columns: HashMap<(u32, u32), f32>) -> Vec<ColumnHit> {
    let most = columns.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    let mut columns: Vec<((u32, u32), f32)> = columns.into_iter().collect();
    columns.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    columns.truncate(COLUMNS);
    columns
        .into_iter()
        .map(|((table, column), worth)| {
            let names = &search.tables[table as usize];
            ColumnHit {
                table: names.shown.clone(),
                name: names.columns[column as usize].clone(),
                score: worth / most,
            }
        })
        .collect()
}

impl SearchIndex {
    fn matched(&self, unit: &Unit, mention: &str) -> String {
        let column = || &self.tables[unit.table as usize].columns[unit.column as usize];
        match unit.field {
            Field::TableName => format!("name matches \"{mention}\""),
            Field::TableSynonym => format!("also called \"{mention}\""),
            Field::TableDescription => format!("description mentions \"{mention}\""),
            Field::ColumnName | Field::ColumnSynonym => {
                format!("column {} matches \"{mention}\"", column())
            }
            Field::ColumnDescription => {
                format!("description of {} mentions \"{mention}\"", column())
            }
            Field::Namespace => format!("schema matches \"{mention}\""),
        }
    }

    /// Why a table that nothing of the question names is there all the same.
    fn kinship(&self, table: u32, order: &[u32]) -> String {
        let joined = order
            .iter()
            .find(|other| self.joins.are_joined(table, **other));
        match joined {
            Some(other) => format!("joins {}", self.tables[*other as usize].shown),
            None if self.vectors.get().is_some() => "close in meaning to the question".to_owned(),
            None => "belongs with the tables above".to_owned(),
        }
    }
}
