//! Which tables can be joined, and through which others.

use crate::schema::Schema;
use std::collections::{HashMap, VecDeque};

/// Tables as points, foreign keys as lines.
pub(super) struct Joins {
    pub neighbours: Vec<Vec<u32>>,
}

impl Joins {
    pub fn build(schema: &Schema, table_group: &[u32]) -> Self {
        let mut by_name: HashMap<(u32, String), Vec<u32>> = HashMap::new();
        let mut namespaces: HashMap<String, u32> = HashMap::new();
        for (number, table) in schema.tables.iter().enumerate() {
            let group = table_group[number];
            let whole = table.name.to_lowercase();
            if let Some((_, bare)) = whole.rsplit_once('.') {
                by_name
                    .entry((group, bare.to_owned()))
                    .or_default()
                    .push(number as u32);
            }
            by_name
                .entry((group, whole))
                .or_default()
                .push(number as u32);
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
                // where a merged catalogue has the name more than once, a schema's tables stand together
                let other = by_name
                    .get(&(group, target))
                    .and_then(|all| all.iter().min_by_key(|other| other.abs_diff(number as u32)));
                if let Some(other) = other {
                    join(number as u32, *other);
                }
            }
        }
        for (a, b) in unwritten_keys(schema, table_group) {
            join(a, b);
        }
        Self { neighbours }
    }

    /// Tables that hang together, each under the number of its neighbourhood.
    pub fn neighbourhoods(&self) -> Vec<u32> {
        let mut of = vec![u32::MAX; self.neighbours.len()];
        let mut number = 0;
        for start in 0..of.len() {
            if of[start] != u32::MAX {
                continue;
            }
            let mut open = vec![start as u32];
            of[start] = number;
            while let Some(at) = open.pop() {
                for next in &self.neighbours[at as usize] {
                    if of[*next as usize] == u32::MAX {
                        of[*next as usize] = number;
                        open.push(*next);
                    }
                }
            }
            number += 1;
        }
        of
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

/// Joins that no foreign key declares but the names give away: `orders.customer_id` with `customers`,
/// by its key `customer_id`, or by its key `id` and its own name.
fn unwritten_keys(schema: &Schema, table_group: &[u32]) -> Vec<(u32, u32)> {
    let mut keys: HashMap<(u32, String), Vec<u32>> = HashMap::new();
    for (number, table) in schema.tables.iter().enumerate() {
        let [key] = table.primary_key.as_slice() else {
            continue;
        };
        let key = key.to_lowercase();
        let name = table.name.to_lowercase();
        let group = table_group[number];
        let mut called = vec![];
        if !is_plain(&key) {
            called.push(key.clone());
        } else {
            let singular = name
                .strip_suffix("ies")
                .map(|stem| format!("{stem}y"))
                .or_else(|| name.strip_suffix('s').map(String::from));
            for name in std::iter::once(name).chain(singular) {
                called.push(format!("{name}_{key}"));
                called.push(format!("{name}{key}"));
            }
        }
        for called in called {
            keys.entry((group, called)).or_default().push(number as u32);
        }
    }
    let mut joins = Vec::new();
    for (number, table) in schema.tables.iter().enumerate() {
        for column in &table.columns {
            let name = column.name.to_lowercase();
            if is_plain(&name) {
                continue;
            }
            // a key that several tables have says which belong together only by a foreign key
            if let Some([other]) = keys.get(&(table_group[number], name)).map(Vec::as_slice) {
                joins.push((number as u32, *other));
            }
        }
    }
    joins
}

/// Key names that every table may have.
fn is_plain(key: &str) -> bool {
    matches!(
        key,
        "id" | "uuid" | "guid" | "key" | "code" | "name" | "no" | "pk" | "rowid" | "year" | "date"
    )
}
