//! From what matched to which tables: adding up, choosing the schema, completing joins, cutting.

use super::index::{Field, NONE, Unit};
use super::question::Question;
use super::values::Plainness;
use super::vectors::Nearness;
use super::words::{Language, is_little};
use super::{ColumnHit, Found, SearchIndex, TableHit, ValueHit};
use std::collections::HashMap;

/// What counts for how much. Tuned on one half of the questions, checked on the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    pub table_name: f32,
    pub table_synonym: f32,
    pub table_description: f32,
    pub column_name: f32,
    pub column_synonym: f32,
    pub column_description: f32,
    pub namespace: f32,
    pub value: f32,
    /// What a word keeps of its worth where the rest of the name is not mentioned.
    pub partial: f32,
    /// Weight of the schema's evidence against the table's own.
    pub group: f32,
    /// How much a schema of many words is held back.
    pub group_size: f32,
    /// Part of its best neighbour's score that a table inherits.
    pub neighbour: f32,
    pub second: f32,
    pub group_power: f32,
    /// What a schema with little evidence keeps of its tables' scores: (its evidence / the best)^this.
    pub group_rivalry: f32,
    /// What is left of `group` and `group_rivalry` where the groups are guessed from foreign keys.
    pub guessed: f32,
    pub dense_table: f32,
    pub dense_group: f32,
    pub dense_power: f32,
    pub dense_least: f32,
    pub dense_peak: f32,
    pub dense_alone: f32,
    pub dense_doubt: f32,
    /// Below this cosine meaning alone finds nothing.
    pub least_cosine: f32,
    pub quoted: f32,
    pub capital: f32,
    pub adverb: f32,
    /// Trust in a synonym where the schema has the word itself too.
    pub synonym_beside: f32,
    /// Trust in a synonym where the schema lacks the word.
    pub synonym_instead: f32,
    pub kind: f32,
    pub taken: f32,
    /// How much rarer than the word itself its synonym may be.
    pub above: f32,
    /// Tables below this part of the best are cut.
    pub cut: f32,
    /// The same where several schemas are searched as one: all tables of the right schema score high.
    pub cut_merged: f32,
    /// The same in a schema that could be shown whole.
    pub cut_small: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            table_name: 1.0,
            table_synonym: 1.0,
            table_description: 0.5,
            column_name: 0.6,
            column_synonym: 0.6,
            column_description: 0.35,
            namespace: 0.6,
            value: 0.8,
            partial: 0.5,
            group: 1.6,
            group_size: 0.1,
            neighbour: 0.15,
            second: 0.05,
            group_power: 1.0,
            group_rivalry: 0.5,
            guessed: 0.5,
            dense_table: 0.7,
            dense_group: 0.25,
            dense_power: 1.8,
            dense_least: 0.4,
            dense_peak: 1.5,
            dense_alone: 0.3,
            dense_doubt: 1.0,
            least_cosine: 0.4,
            quoted: 0.15,
            capital: 0.85,
            adverb: 0.9,
            synonym_beside: 0.8,
            synonym_instead: 1.0,
            kind: 0.8,
            taken: 0.25,
            above: 0.25,
            cut: 0.05,
            cut_merged: 0.4,
            cut_small: 0.02,
        }
    }
}

impl Weights {
    fn of(&self, field: Field) -> f32 {
        match field {
            Field::TableName => self.table_name,
            Field::TableSynonym => self.table_synonym,
            Field::TableDescription => self.table_description,
            Field::ColumnName => self.column_name,
            Field::ColumnSynonym => self.column_synonym,
            Field::ColumnDescription => self.column_description,
            Field::Namespace => self.namespace,
        }
    }
}

/// One concept found in one unit.
#[derive(Clone, Copy)]
struct Hit {
    unit: u32,
    strength: f32,
    table_idf: f32,
    group_idf: f32,
}

pub(super) fn rank(
    search: &SearchIndex,
    text: &str,
    asked: &Question,
    nearness: Option<&Nearness>,
    limit: usize,
) -> Found {
    let index = &search.index;
    let weights = &search.weights;
    let tables = search.tables.len();
    if tables == 0 || limit == 0 {
        return Found::default();
    }

    // which unit has which concept, and how much of each unit is mentioned
    let mut mentioned = vec![0.0f32; index.units.len()];
    let mut slot = vec![NONE; index.units.len()];
    let mut hits: Vec<Vec<Hit>> = Vec::with_capacity(asked.concepts.len());
    for concept in &asked.concepts {
        let mut of_concept: Vec<Hit> = Vec::new();
        for (term, trust) in &concept.terms {
            let (table_idf, group_idf) = (
                index.table_idf[*term as usize],
                index.group_idf[*term as usize],
            );
            for posting in &index.postings[*term as usize] {
                let hit = Hit {
                    unit: posting.unit,
                    strength: trust * posting.strength,
                    table_idf: table_idf.min(concept.ceiling.0),
                    group_idf: group_idf.min(concept.ceiling.1),
                };
                let at = slot[posting.unit as usize];
                if at == NONE {
                    slot[posting.unit as usize] = of_concept.len() as u32;
                    of_concept.push(hit);
                } else {
                    let known = &mut of_concept[at as usize];
                    if hit.strength * hit.table_idf > known.strength * known.table_idf {
                        *known = hit;
                    }
                }
            }
        }
        for hit in &of_concept {
            slot[hit.unit as usize] = NONE;
            mentioned[hit.unit as usize] += hit.strength * hit.table_idf;
        }
        hits.push(of_concept);
    }
    let fullness = |hit: &Hit, unit: &Unit| {
        let part = (mentioned[hit.unit as usize] / unit.mass.max(0.01)).min(1.0);
        weights.of(unit.field) * (weights.partial + (1.0 - weights.partial) * part)
    };

    // add up, each concept once per table and once per group
    let groups = index.group_tables.len();
    let mut own = vec![0.0f32; tables];
    let mut of_group = vec![0.0f32; groups];
    let mut best = vec![0.0f32; tables];
    let mut sum = vec![0.0f32; tables];
    let mut group_best = vec![0.0f32; groups];
    for (concept, of_concept) in asked.concepts.iter().zip(&hits) {
        let mut touched: Vec<u32> = Vec::new();
        let mut groups_touched: Vec<u32> = Vec::new();
        for hit in of_concept {
            let unit = &index.units[hit.unit as usize];
            let quality = hit.strength * fullness(hit, unit) * concept.weight;
            let group = &mut group_best[unit.group as usize];
            if *group == 0.0 {
                groups_touched.push(unit.group);
            }
            *group = group.max(quality * hit.group_idf);
            if unit.table != NONE {
                let table = unit.table as usize;
                if sum[table] == 0.0 {
                    touched.push(unit.table);
                }
                best[table] = best[table].max(quality * hit.table_idf);
                sum[table] += quality * hit.table_idf;
            }
        }
        for table in touched.iter().map(|t| *t as usize) {
            own[table] +=
                best[table] + weights.second * (sum[table] - best[table]).min(best[table]);
            best[table] = 0.0;
            sum[table] = 0.0;
        }
        for group in groups_touched.iter().map(|g| *g as usize) {
            of_group[group] += group_best[group];
            group_best[group] = 0.0;
        }
    }

    // values
    let little = Language::of_question(text);
    let mentions = search.values.mentions(text, &asked.words, |i| {
        let word = &asked.words[i];
        if is_little(&word.folded, little) || search.is_term(&word.folded) {
            Plainness::OfSchema
        } else if search.language.lexicon.is_known(&word.folded) {
            Plainness::Known
        } else {
            Plainness::None
        }
    });
    for mention in &mentions {
        let rarity = super::index::idf(tables, mention.places.len());
        for place in mention.places {
            let gain = weights.value * mention.score * rarity;
            own[place.table as usize] += gain;
            of_group[index.table_group[place.table as usize] as usize] +=
                gain / mention.places.len() as f32;
        }
    }

    let recognised = of_group.iter().any(|g| *g > 0.0) || own.iter().any(|o| *o > 0.0);
    if !recognised && nearness.is_none_or(|near| near.cosine < weights.least_cosine) {
        return Found::default();
    }
    // meaning weighs more the less the words explain
    if let Some(nearness) = nearness {
        let best_own = own.iter().copied().fold(0.0, f32::max).max(1.0);
        let best_group = of_group.iter().copied().fold(0.0, f32::max).max(1.0);
        let doubt = weights.dense_least
            + weights.dense_doubt * (1.0 - asked.explained(&index.table_idf, best_group));
        let mut near_group = vec![[0.0f32; 3]; groups];
        let mut nearest = 0;
        for (table, near) in nearness.tables.iter().enumerate() {
            let group = index.table_group[table] as usize;
            if *near == 1.0 {
                nearest = group;
            }
            let near = near.powf(weights.dense_power);
            let three = &mut near_group[group];
            if near > three[2] {
                three[2] = near;
                three.sort_by(|a, b| b.total_cmp(a));
            }
        }
        let sure = ((nearness.peak - weights.dense_peak) / 2.0).clamp(0.0, 1.0);
        let agree = (of_group[nearest] / best_group).min(1.0);
        let trust = doubt
            * if groups > 1 {
                sure * (weights.dense_alone + (1.0 - weights.dense_alone) * agree)
            } else {
                1.0
            };
        for (own, near) in own.iter_mut().zip(&nearness.tables) {
            *own += weights.dense_table * trust * best_own * near.powf(weights.dense_power);
        }
        if groups > 1 {
            for (found, three) in of_group.iter_mut().zip(&near_group) {
                let near = 0.6 * three[0] + 0.25 * three[1] + 0.15 * three[2];
                *found += weights.dense_group * trust * best_group * near;
            }
        }
    }

    // a question is about one schema
    let mut total: Vec<f32> = own.clone();
    if groups > 1 {
        let evidence: Vec<f32> = index
            .group_tables
            .iter()
            .zip(&of_group)
            .map(|(members, found)| {
                let columns: usize = members
                    .iter()
                    .map(|t| search.tables[*t as usize].columns.len())
                    .sum();
                let held_back = 1.0 + weights.group_size * (1.0 + columns as f32 / 30.0).ln();
                found.powf(weights.group_power) / held_back
            })
            .collect();
        let (group, group_rivalry) = if index.groups_are_named {
            (weights.group, weights.group_rivalry)
        } else {
            (
                weights.group * weights.guessed,
                weights.group_rivalry * weights.guessed,
            )
        };
        let most = evidence.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        for (members, evidence) in index.group_tables.iter().zip(&evidence) {
            let rivalry = (evidence / most).powf(group_rivalry);
            for table in members {
                let total = &mut total[*table as usize];
                *total = (*total + group * evidence) * rivalry;
            }
        }
    }
    // what can be joined to a good table is likelier than what cannot; two steps away a little
    let mut near = own.clone();
    for _ in 0..2 {
        near = search
            .joins
            .neighbours
            .iter()
            .zip(&own)
            .map(|(list, own)| {
                let best = list.iter().map(|n| near[*n as usize]).fold(0.0, f32::max);
                own.max(weights.neighbour * best)
            })
            .collect();
    }
    for (table, total) in total.iter_mut().enumerate() {
        let best = search.joins.neighbours[table]
            .iter()
            .map(|n| near[*n as usize])
            .fold(0.0, f32::max);
        *total += weights.neighbour * best;
    }

    let mut order: Vec<u32> = (0..tables as u32)
        .filter(|t| total[*t as usize] > 0.0)
        .collect();
    let by_total = |total: &[f32], a: &u32, b: &u32| {
        total[*b as usize]
            .total_cmp(&total[*a as usize])
            .then(a.cmp(b))
    };
    order.sort_by(|a, b| by_total(&total, a, b));
    if order.is_empty() {
        return Found::default();
    }

    // what lies between two strong tables comes along
    let strong: Vec<u32> = order.iter().take(limit.min(6)).copied().collect();
    let mut bridges: HashMap<u32, (u32, u32)> = HashMap::new();
    for (i, a) in strong.iter().enumerate() {
        for b in &strong[i + 1..] {
            let weaker = total[*a as usize].min(total[*b as usize]);
            if weaker < 0.5 * total[strong[0] as usize] {
                continue;
            }
            for between in search.joins.between(*a, *b, 2, &own) {
                if total[between as usize] < weaker * 0.98 {
                    bridges.entry(between).or_insert((*a, *b));
                    total[between as usize] = weaker * 0.98;
                }
            }
        }
    }
    order = (0..tables as u32)
        .filter(|t| total[*t as usize] > 0.0)
        .collect();
    order.sort_by(|a, b| by_total(&total, a, b));
    order.truncate(limit);
    let top = total[order[0] as usize];
    let cut = if groups > 1 && index.groups_are_named {
        weights.cut_merged
    } else if tables <= limit {
        weights.cut_small
    } else {
        weights.cut
    };
    order.retain(|t| total[*t as usize] >= cut * top);

    // why, and which columns
    let place_of: HashMap<u32, usize> = order.iter().enumerate().map(|(i, t)| (*t, i)).collect();
    let mut reasons: Vec<Option<(f32, String)>> = vec![None; order.len()];
    let mut columns: HashMap<(u32, u32), f32> = HashMap::new();
    for (concept, of_concept) in asked.concepts.iter().zip(&hits) {
        let mention = &text[concept.mention.0..concept.mention.1];
        for hit in of_concept {
            let unit = &index.units[hit.unit as usize];
            let Some(place) = place_of.get(&unit.table) else {
                continue;
            };
            let worth = hit.strength * hit.table_idf * fullness(hit, unit) * concept.weight;
            if unit.column != NONE {
                *columns.entry((unit.table, unit.column)).or_default() += worth;
            }
            let reason = &mut reasons[*place];
            if reason.as_ref().is_none_or(|(known, _)| worth > *known) {
                *reason = Some((worth, search.reason(unit, mention)));
            }
        }
    }
    let mut values = Vec::new();
    for mention in &mentions {
        let said = &text[mention.start..mention.end];
        for place in mention.places {
            let names = &search.tables[place.table as usize];
            let column = &names.columns[place.column as usize];
            if let Some(at) = place_of.get(&place.table) {
                *columns.entry((place.table, place.column)).or_default() += 2.0 * mention.score;
                let reason = &mut reasons[*at];
                let worth = 3.0 * mention.score;
                if reason.as_ref().is_none_or(|(known, _)| worth > *known) {
                    *reason = Some((worth, format!("value '{}' in {column}", place.text)));
                }
            }
            values.push(ValueHit {
                table: names.shown.clone(),
                column: column.clone(),
                value: place.text.to_string(),
                mention: said.to_owned(),
                score: mention.score,
            });
        }
    }
    values.truncate(30);
    let most = columns.values().copied().fold(0.01, f32::max);
    let mut columns: Vec<((u32, u32), f32)> = columns.into_iter().collect();
    columns.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    columns.truncate(40);
    let tables = order
        .iter()
        .zip(reasons)
        .map(|(table, reason)| {
            let why = match (bridges.get(table), reason) {
                (Some((a, b)), _) => format!(
                    "joins {} and {}",
                    search.tables[*a as usize].shown, search.tables[*b as usize].shown
                ),
                (None, Some((_, why))) => why,
                (None, None) => search.kinship(*table, &order),
            };
            TableHit {
                table: *table as usize,
                name: search.tables[*table as usize].shown.clone(),
                score: total[*table as usize] / top,
                why,
            }
        })
        .collect();
    Found {
        tables,
        columns: columns
            .into_iter()
            .map(|((table, column), score)| {
                let names = &search.tables[table as usize];
                ColumnHit {
                    table: names.shown.clone(),
                    name: names.columns[column as usize].clone(),
                    score: score / most,
                }
            })
            .collect(),
        values,
    }
}

impl SearchIndex {
    fn is_term(&self, folded: &str) -> bool {
        let stem = self.language.stemmers.stem(Language::English, folded);
        self.index.term(&stem).is_some()
    }

    fn reason(&self, unit: &Unit, mention: &str) -> String {
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
        match order
            .iter()
            .find(|other| self.joins.are_joined(table, **other))
        {
            Some(other) => format!("joins {}", self.tables[*other as usize].shown),
            None => "same schema as the tables above".to_owned(),
        }
    }
}

impl Weights {
    #[doc(hidden)]
    pub fn field(&mut self, name: &str) -> Option<&mut f32> {
        Some(match name {
            "table_name" => &mut self.table_name,
            "table_synonym" => &mut self.table_synonym,
            "table_description" => &mut self.table_description,
            "column_name" => &mut self.column_name,
            "column_synonym" => &mut self.column_synonym,
            "column_description" => &mut self.column_description,
            "namespace" => &mut self.namespace,
            "value" => &mut self.value,
            "partial" => &mut self.partial,
            "group" => &mut self.group,
            "group_size" => &mut self.group_size,
            "neighbour" => &mut self.neighbour,
            "second" => &mut self.second,
            "group_power" => &mut self.group_power,
            "group_rivalry" => &mut self.group_rivalry,
            "dense_table" => &mut self.dense_table,
            "dense_group" => &mut self.dense_group,
            "dense_power" => &mut self.dense_power,
            "dense_least" => &mut self.dense_least,
            "dense_doubt" => &mut self.dense_doubt,
            "least_cosine" => &mut self.least_cosine,
            "dense_peak" => &mut self.dense_peak,
            "dense_alone" => &mut self.dense_alone,
            "guessed" => &mut self.guessed,
            "quoted" => &mut self.quoted,
            "capital" => &mut self.capital,
            "adverb" => &mut self.adverb,
            "synonym_beside" => &mut self.synonym_beside,
            "synonym_instead" => &mut self.synonym_instead,
            "kind" => &mut self.kind,
            "taken" => &mut self.taken,
            "above" => &mut self.above,
            "cut_merged" => &mut self.cut_merged,
            "cut_small" => &mut self.cut_small,
            "cut" => &mut self.cut,
            _ => return None,
        })
    }
    #[doc(hidden)]
    pub fn set(&mut self, name: &str, value: f32) {
        if let Some(f) = self.field(name) {
            *f = value;
        }
    }
    #[doc(hidden)]
    pub fn get(mut self, name: &str) -> f32 {
        self.field(name).map_or(f32::NAN, |f| *f)
    }
}
