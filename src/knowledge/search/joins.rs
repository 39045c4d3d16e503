//! Which tables can be joined, and through which others.

use crate::schema::Schema;
use std::collections::{HashMap, VecDeque};

/// Tables as points, foreign keys as lines.
pub(super) struct Joins {
    pub neighbours: Vec<Vec<u32>>,
}

impl Joins {
    pub fn build(schema: &Schema, table_group: &[u32]) -> Self {
        let mut by_name: HashMap<(u32, String), u32> = HashMap::new();
        let mut namespaces: HashMap<String, u32> = HashMap::new();
        for (number, table) in schema.tables.iter().enumerate() {
            let group = table_group[number];
            let bare = table.name.rsplit_once('.').map_or(&*table.name, |(_, b)| b);
            by_name.insert((group, table.name.to_lowercase()), number as u32);
            by_name
                .entry((group, bare.to_lowercase()))
                .or_insert(number as u32);
            if let Some(namespace) = &table.namespace {
                namespaces.entry(namespace.to_lowercase()).or_insert(group);
            }
        }
        let mut neighbours = vec![Vec::new(); schema.tables.len()];
        let mut join = |a: u32, b: u32| {
            if a != b {
                for (from, to) in [(a, b), (b, a)] {
                    let list: &mut Vec<u32> = &mut neighbours[from as usize];
                    if !list.contains(&to) {
                        list.push(to);
                    }
                }
            }
        };
        for (number, table) in schema.tables.iter().enumerate() {
            for key in &table.foreign_keys {
                let group = key
                    .ref_namespace
                    .as_ref()
                    .and_then(|n| namespaces.get(&n.to_lowercase()).copied())
                    .unwrap_or(table_group[number]);
                let target = key.ref_table.to_lowercase();
                if let Some(other) = by_name.get(&(group, target)) {
                    join(number as u32, *other);
                }
            }
        }
        Self { neighbours }
    }

    pub fn are_joined(&self, a: u32, b: u32) -> bool {
        self.neighbours[a as usize].contains(&b)
    }

    /// The tables between `from` and `to` on a shortest way, `through` at most that many; none if they are neighbours
    /// or no such way exists. Of several ways the one whose tables `score` best.
    pub fn between(&self, from: u32, to: u32, through: usize, score: &[f32]) -> Vec<u32> {
        if from == to || self.are_joined(from, to) {
            return Vec::new();
        }
        // best sum of scores per table at its distance
        let mut came: HashMap<u32, (usize, f32, u32)> = HashMap::from([(from, (0, 0.0, from))]);
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            let (steps, sum, _) = came[&at];
            if at == to || steps > through {
                continue;
            }
            for next in &self.neighbours[at as usize] {
                let gain = sum + score[*next as usize];
                match came.get(next) {
                    None => {
                        came.insert(*next, (steps + 1, gain, at));
                        queue.push_back(*next);
                    }
                    Some((known, best, _)) if *known == steps + 1 && gain > *best => {
                        came.insert(*next, (steps + 1, gain, at));
                    }
                    Some(_) => {}
                }
            }
        }
        let mut way = Vec::new();
        let mut at = to;
        while let Some((_, _, before)) = came.get(&at) {
            if *before == from || way.len() > through {
                break;
            }
            way.push(*before);
            at = *before;
        }
        if came.contains_key(&to) {
            way
        } else {
            Vec::new()
        }
    }
}
