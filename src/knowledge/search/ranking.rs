//! From what matched to which tables: adding up, choosing the schema, completing joins, cutting.

use super::index::{NONE, Unit};
use super::question::Question;
use super::reasons;
use super::values::{Mention, Plainness};
use super::vectors::Nearness;
use super::weights::WEIGHTS;
use super::words::{Language, is_little};
use super::{Found, SearchIndex};
use std::collections::HashMap;

/// One concept found in one unit.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub unit: u32,
    strength: f32,
    table_idf: f32,
    group_idf: f32,
    /// How well it fits there: its strength, the field, how much of the name is mentioned, the concept's weight.
    quality: f32,
}

impl Hit {
    /// What it adds to its table.
    pub fn worth(&self) -> f32 {
        self.quality * self.table_idf
    }
}

/// The tables to answer with, and how they came to be there.
pub(super) struct Ranked<'a> {
    /// Per concept of the question.
    pub hits: Vec<Vec<Hit>>,
    pub mentions: Vec<Mention<'a>>,
    /// Best first.
    pub order: Vec<u32>,
    /// Per table of the snapshot.
    pub scores: Vec<f32>,
    /// Tables that are there because two others are joined through them.
    pub bridges: HashMap<u32, (u32, u32)>,
}

pub(super) fn rank(
    search: &SearchIndex,
    text: &str,
    asked: &Question,
    nearness: Option<&Nearness>,
    limit: usize,
) -> Found {
    if search.tables.is_empty() || limit == 0 {
        return Found::default();
    }
    let hits = hits(search, asked);
    let mut evidence = Evidence::add_up(search, &hits);
    let mentions = mentions(search, text, asked);
    evidence.add_values(search, &mentions);
    if evidence.is_none() && nearness.is_none_or(|near| near.cosine < WEIGHTS.least_cosine) {
        return Found::default();
    }
    if let Some(nearness) = nearness {
        evidence.add_meaning(search, asked, nearness);
    }
    let mut scores = evidence.by_schema(search);
    add_neighbours(search, &evidence.own, &mut scores);
    let bridges = complete_joins(search, &evidence.own, &mut scores, limit);
    let order = cut(search, in_order(&scores), &scores, limit);
    if order.is_empty() {
        return Found::default();
    }
    let ranked = Ranked {
        hits,
        mentions,
        order,
        scores,
        bridges,
    };
    reasons::explain(search, text, asked, &ranked)
}

/// Which unit has which concept, each pair once, by its best term.
fn hits(search: &SearchIndex, asked: &Question) -> Vec<Vec<Hit>> {
    let index = &search.index;
    let mut mentioned = vec![0.0f32; index.units.len()];
    let mut place = vec![NONE; index.units.len()];
    let mut hits: Vec<Vec<Hit>> = Vec::with_capacity(asked.concepts.len());
    for concept in &asked.concepts {
        let mut of_concept: Vec<Hit> = Vec::new();
        for (term, trust) in &concept.terms {
            let table_idf = index.table_idf[*term as usize].min(concept.ceiling.0);
            let group_idf = index.group_idf[*term as usize].min(concept.ceiling.1);
            for posting in &index.postings[*term as usize] {
                let strength = trust * posting.strength;
                let hit = Hit {
                    unit: posting.unit,
                    strength,
                    table_idf,
                    group_idf,
                    quality: 0.0,
                };
                match place[posting.unit as usize] {
                    NONE => {
                        place[posting.unit as usize] = of_concept.len() as u32;
                        of_concept.push(hit);
                    }
                    at => {
                        let known = &mut of_concept[at as usize];
                        if strength * table_idf > known.strength * known.table_idf {
                            *known = hit;
                        }
                    }
                }
            }
        }
        for hit in &of_concept {
            place[hit.unit as usize] = NONE;
            mentioned[hit.unit as usize] += hit.strength * hit.table_idf;
        }
        hits.push(of_concept);
    }
    let quality = |hit: &Hit, unit: &Unit, weight: f32| {
        let full = (mentioned[hit.unit as usize] / unit.mass.max(0.01)).min(1.0);
        let fit = WEIGHTS.partial + (1.0 - WEIGHTS.partial) * full;
        hit.strength * WEIGHTS.of(unit.field) * fit * weight
    };
    for (concept, hits) in asked.concepts.iter().zip(&mut hits) {
        for hit in hits {
            hit.quality = quality(hit, &index.units[hit.unit as usize], concept.weight);
        }
    }
    hits
}

fn mentions<'a>(search: &'a SearchIndex, text: &str, asked: &Question) -> Vec<Mention<'a>> {
    let language = Language::of_question(text);
    search.values.mentions(text, &asked.words, |i| {
        let word = &asked.words[i];
        if is_little(&word.folded, language) || search.is_term(&word.folded) {
            Plainness::OfSchema
        } else if search.language.lexicon.is_known(&word.folded) {
            Plainness::Known
        } else {
            Plainness::None
        }
    })
}

/// What speaks for each table by itself, and for each group of tables as a whole.
struct Evidence {
    own: Vec<f32>,
    of_group: Vec<f32>,
}

impl Evidence {
    /// Each concept counts once per table and once per group, by its best hit there.
    fn add_up(search: &SearchIndex, hits: &[Vec<Hit>]) -> Self {
        let index = &search.index;
        let mut own = vec![0.0f32; search.tables.len()];
        let mut of_group = vec![0.0f32; index.group_tables.len()];
        let mut best = vec![0.0f32; own.len()];
        let mut sum = vec![0.0f32; own.len()];
        let mut group_best = vec![0.0f32; of_group.len()];
        for of_concept in hits {
            let mut tables: Vec<u32> = Vec::new();
            let mut groups: Vec<u32> = Vec::new();
            for hit in of_concept {
                let unit = &index.units[hit.unit as usize];
                let group = &mut group_best[unit.group as usize];
                if *group == 0.0 {
                    groups.push(unit.group);
                }
                *group = group.max(hit.quality * hit.group_idf);
                if unit.table != NONE {
                    let table = unit.table as usize;
                    if sum[table] == 0.0 {
                        tables.push(unit.table);
                    }
                    best[table] = best[table].max(hit.worth());
                    sum[table] += hit.worth();
                }
            }
            for table in tables.into_iter().map(|t| t as usize) {
                let best = std::mem::take(&mut best[table]);
                let sum = std::mem::take(&mut sum[table]);
                own[table] += best + WEIGHTS.second * (sum - best).min(best);
            }
            for group in groups.into_iter().map(|g| g as usize) {
                of_group[group] += std::mem::take(&mut group_best[group]);
            }
        }
        Self { own, of_group }
    }

    fn add_values(&mut self, search: &SearchIndex, mentions: &[Mention<'_>]) {
        for mention in mentions {
            let places = mention.places.len();
            let rarity = super::index::idf(search.tables.len(), places);
            let gain = WEIGHTS.value * mention.score * rarity;
            for place in mention.places {
                self.own[place.table as usize] += gain;
                let group = search.index.table_group[place.table as usize];
                self.of_group[group as usize] += gain / places as f32;
            }
        }
    }

    fn is_none(&self) -> bool {
        self.own
            .iter()
            .chain(&self.of_group)
            .all(|found| *found == 0.0)
    }

    /// Meaning weighs more the less the words explain. In a catalogue it must stand out, and it counts less where the
    /// words point elsewhere: a model that does not know the language is near to anything.
    fn add_meaning(&mut self, search: &SearchIndex, asked: &Question, nearness: &Nearness) {
        let index = &search.index;
        let best_own = self.own.iter().copied().fold(1.0, f32::max);
        let best_group = self.of_group.iter().copied().fold(1.0, f32::max);
        let unexplained = 1.0 - asked.explained(&index.table_idf, best_group);
        // where words found nothing, a model that hardly knows the language is better than none
        let understood = if self.is_none() {
            1.0
        } else {
            nearness.understood
        };
        let doubt = understood * (WEIGHTS.dense_least + WEIGHTS.dense_doubt * unexplained);
        let mut near_group = vec![[0.0f32; 3]; self.of_group.len()];
        let mut nearest = 0;
        let near: Vec<f32> = nearness
            .tables
            .iter()
            .map(|near| near.powf(WEIGHTS.dense_power))
            .collect();
        for (near, group) in near.iter().zip(&index.table_group) {
            if *near == 1.0 {
                nearest = *group as usize;
            }
            let three = &mut near_group[*group as usize];
            if *near > three[2] {
                three[2] = *near;
                three.sort_by(|a, b| b.total_cmp(a));
            }
        }
        let several = self.of_group.len() > 1;
        let mut trust = doubt;
        if several {
            let chance = (2.0 * (search.tables.len() as f32).ln()).sqrt();
            let above = nearness.peak - chance + WEIGHTS.dense_peak;
            let stands_out = (above / WEIGHTS.dense_range).clamp(0.0, 1.0);
            let agreed = (self.of_group[nearest] / best_group).min(1.0);
            trust *= stands_out * (WEIGHTS.dense_alone + (1.0 - WEIGHTS.dense_alone) * agreed);
        }
        for (own, near) in self.own.iter_mut().zip(&near) {
            *own += WEIGHTS.dense_table * trust * best_own * near;
        }
        if several {
            for (found, three) in self.of_group.iter_mut().zip(&near_group) {
                let near = 0.6 * three[0] + 0.25 * three[1] + 0.15 * three[2];
                *found += WEIGHTS.dense_group * trust * best_group * near;
            }
        }
    }

    /// Scores of the tables: their own evidence, their schema's, and less where another schema has far more.
    fn by_schema(&self, search: &SearchIndex) -> Vec<f32> {
        let index = &search.index;
        let mut scores = self.own.clone();
        if index.group_tables.len() < 2 {
            return scores;
        }
        let evidence: Vec<f32> = index
            .group_tables
            .iter()
            .zip(&self.of_group)
            .map(|(members, found)| {
                let columns: usize = members
                    .iter()
                    .map(|t| search.tables[*t as usize].columns.len())
                    .sum();
                found / (1.0 + WEIGHTS.group_size * (1.0 + columns as f32 / 30.0).ln())
            })
            .collect();
        let part = if index.groups_are_named {
            1.0
        } else {
            WEIGHTS.guessed
        };
        let most = evidence.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        for (members, evidence) in index.group_tables.iter().zip(&evidence) {
            let rivalry = (evidence / most).powf(WEIGHTS.group_rivalry * part);
            for table in members {
                let score = &mut scores[*table as usize];
                *score = (*score + WEIGHTS.group * part * evidence) * rivalry;
            }
        }
        scores
    }
}

/// What can be joined to a good table is likelier than what cannot; two steps away a little.
fn add_neighbours(search: &SearchIndex, own: &[f32], scores: &mut [f32]) {
    let neighbours = &search.joins.neighbours;
    let best_near = |near: &[f32], table: usize| {
        neighbours[table]
            .iter()
            .map(|n| near[*n as usize])
            .fold(0.0, f32::max)
    };
    let mut near = own.to_vec();
    for _ in 0..2 {
        near = (0..own.len())
            .map(|table| own[table].max(WEIGHTS.neighbour * best_near(&near, table)))
            .collect();
    }
    for (table, score) in scores.iter_mut().enumerate() {
        *score += WEIGHTS.neighbour * best_near(&near, table);
    }
}

/// Tables among which to look for joins to complete.
const STRONG: usize = 6;
/// Tables between two strong ones, at most.
const BRIDGES: usize = 2;

/// What lies between two strong tables comes along, just below the weaker of them.
fn complete_joins(
    search: &SearchIndex,
    own: &[f32],
    scores: &mut [f32],
    limit: usize,
) -> HashMap<u32, (u32, u32)> {
    let mut strong = in_order(scores);
    strong.truncate(limit.min(STRONG));
    let mut bridges: HashMap<u32, (u32, u32)> = HashMap::new();
    for (i, a) in strong.iter().enumerate() {
        for b in &strong[i + 1..] {
            let weaker = scores[*a as usize].min(scores[*b as usize]);
            if weaker < 0.5 * scores[strong[0] as usize] {
                continue;
            }
            for between in search.joins.between(*a, *b, BRIDGES, own) {
                let score = &mut scores[between as usize];
                if *score < weaker * 0.98 {
                    bridges.entry(between).or_insert((*a, *b));
                    *score = weaker * 0.98;
                }
            }
        }
    }
    bridges
}

/// Tables with any score, best first.
fn in_order(scores: &[f32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..scores.len() as u32)
        .filter(|t| scores[*t as usize] > 0.0)
        .collect();
    order.sort_by(|a, b| {
        scores[*b as usize]
            .total_cmp(&scores[*a as usize])
            .then(a.cmp(b))
    });
    order
}

fn cut(search: &SearchIndex, mut order: Vec<u32>, scores: &[f32], limit: usize) -> Vec<u32> {
    let part = if search.index.group_tables.len() > 1 && search.index.groups_are_named {
        WEIGHTS.cut_merged
    } else if search.tables.len() <= limit {
        WEIGHTS.cut_small
    } else {
        WEIGHTS.cut
    };
    order.truncate(limit);
    let best = order.first().map_or(0.0, |t| scores[*t as usize]);
    order.retain(|t| scores[*t as usize] >= part * best);
    order
}
