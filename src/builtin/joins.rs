//! The graph of foreign keys, and the smallest tree of joins that holds some tables together.

use crate::builtin::catalogue::{Catalogue, Kind, TableId};
use crate::schema::Schema;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

/// All ways two tables can be joined.
#[derive(Debug, Default)]
pub struct Graph {
    pub edges: Vec<Edge>,
    /// Edges at each table.
    at: Vec<Vec<usize>>,
}

/// `child.child_columns = parent.parent_columns`, many children to one parent.
#[derive(Clone, Debug)]
pub struct Edge {
    pub child: TableId,
    pub child_columns: Vec<usize>,
    pub parent: TableId,
    pub parent_columns: Vec<usize>,
    pub origin: Origin,
}

/// Why we believe in an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A declared foreign key.
    Declared,
    /// `station_id` beside a table `station` with the key `id`.
    Named,
    /// Two columns of the same name (`zip_code`); neither is a key, so rows may multiply.
    SameName,
}

/// One join of a tree: `to` is joined to `from`, which is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub edge: usize,
    pub from: TableId,
    pub to: TableId,
}

/// Tables held together.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub steps: Vec<Step>,
    /// Another foreign key between the same two tables would do as well.
    pub ambiguous: bool,
    /// Some join is not a declared foreign key.
    pub guessed: bool,
}

impl Graph {
    pub fn build(schema: &Schema, catalogue: &Catalogue) -> Self {
        let mut edges = declared(schema, catalogue);
        // engines report keys in any order; of two to the same table the first column comes first
        edges.sort_by_key(|edge| (edge.child, edge.parent, edge.child_columns.clone()));
        named(schema, catalogue, &mut edges);
        same_name(catalogue, &mut edges);
        let mut at = vec![Vec::new(); schema.tables.len()];
        for (edge, Edge { child, parent, .. }) in edges.iter().enumerate() {
            at[*child].push(edge);
            if parent != child {
                at[*parent].push(edge);
            }
        }
        Self { edges, at }
    }

    /// Joins of `table` to others.
    pub fn edges_at(&self, table: TableId) -> impl Iterator<Item = &Edge> {
        self.at[table].iter().map(|&edge| &self.edges[edge])
    }

    /// A foreign key of `table` to itself (`reports_to`).
    pub fn self_edge(&self, table: TableId) -> Option<&Edge> {
        self.edges_at(table).find(|edge| edge.child == edge.parent)
    }

    /// The cheapest tree from `root` that reaches all `targets`; `None` when one cannot be reached.
    ///
    /// `hints` are stems of the question: where two foreign keys lead to the same table, the one whose
    /// column has such a word is taken ("start" for `start_station_id`).
    pub fn tree(
        &self,
        catalogue: &Catalogue,
        root: TableId,
        targets: &[TableId],
        hints: &dyn Fn(&str) -> bool,
    ) -> Option<Tree> {
        let mut tree = Tree::default();
        let mut inside: BTreeSet<TableId> = BTreeSet::from([root]);
        let mut rest: Vec<TableId> = targets
            .iter()
            .copied()
            .filter(|table| *table != root)
            .collect();
        rest.dedup();
        while !rest.is_empty() {
            rest.retain(|table| !inside.contains(table));
            if rest.is_empty() {
                break;
            }
            let (came, reached) = self.nearest(catalogue, &inside, &rest, hints)?;
            let mut path = Vec::new();
            let mut table = reached;
            while let Some(&edge) = came.get(&table) {
                let Edge { child, parent, .. } = self.edges[edge];
                let from = if child == table { parent } else { child };
                path.push(Step {
                    edge,
                    from,
                    to: table,
                });
                table = from;
                if inside.contains(&table) {
                    break;
                }
            }
            for step in path.into_iter().rev() {
                inside.insert(step.to);
                tree.guessed |= self.edges[step.edge].origin != Origin::Declared;
                tree.ambiguous |= self.has_rival(catalogue, step, hints);
                tree.steps.push(step);
            }
        }
        Some(tree)
    }

    /// Number of joins between two tables, at most `limit`.
    pub fn distances(&self, from: TableId, limit: usize) -> HashMap<TableId, usize> {
        let mut found = HashMap::from([(from, 0)]);
        let mut edge_of_search = vec![from];
        for distance in 1..=limit {
            let mut next = Vec::new();
            for table in edge_of_search {
                for edge in self.edges_at(table) {
                    let other = if edge.child == table {
                        edge.parent
                    } else {
                        edge.child
                    };
                    let far = distance
                        + if edge.origin == Origin::SameName {
                            2
                        } else {
                            0
                        };
                    found.entry(other).or_insert_with(|| {
                        next.push(other);
                        far
                    });
                }
            }
            edge_of_search = next;
        }
        found
    }

    /// The step leads from one row to possibly many.
    pub fn multiplies(&self, step: Step) -> bool {
        let edge = &self.edges[step.edge];
        edge.origin == Origin::SameName || (edge.parent == step.from && edge.child == step.to)
    }

    fn nearest(
        &self,
        catalogue: &Catalogue,
        inside: &BTreeSet<TableId>,
        targets: &[TableId],
        hints: &dyn Fn(&str) -> bool,
    ) -> Option<(HashMap<TableId, usize>, TableId)> {
        let mut cost: HashMap<TableId, u32> = inside.iter().map(|table| (*table, 0)).collect();
        let mut came = HashMap::new();
        let mut queue: BinaryHeap<Reverse<(u32, TableId)>> =
            inside.iter().map(|table| Reverse((0, *table))).collect();
        while let Some(Reverse((here, table))) = queue.pop() {
            if cost.get(&table).is_some_and(|best| *best < here) {
                continue;
            }
            if targets.contains(&table) {
                return Some((came, table));
            }
            for &edge in &self.at[table] {
                let Edge { child, parent, .. } = self.edges[edge];
                let other = if child == table { parent } else { child };
                let there = here + self.cost(catalogue, edge, hints);
                if cost.get(&other).is_none_or(|best| there < *best) {
                    cost.insert(other, there);
                    came.insert(other, edge);
                    queue.push(Reverse((there, other)));
                }
            }
        }
        None
    }

    fn cost(&self, catalogue: &Catalogue, edge: usize, hints: &dyn Fn(&str) -> bool) -> u32 {
        let Edge {
            child,
            child_columns,
            origin,
            ..
        } = &self.edges[edge];
        let hinted = child_columns.iter().any(|&column| {
            // "friends" says nothing about friend_id of the table friend
            let facts = &catalogue.tables[*child];
            // nor does "stations" about start_station_id
            let other = &catalogue.tables[self.edges[edge].parent].words;
            facts.columns[column]
                .words
                .iter()
                .any(|word| hints(word) && !facts.words.contains(word) && !other.contains(word))
        });
        let base = match origin {
            Origin::Declared => 100,
            Origin::Named => 110,
            Origin::SameName => 400,
        };
        base - if hinted { 20 } else { 0 }
    }

    fn has_rival(&self, catalogue: &Catalogue, step: Step, hints: &dyn Fn(&str) -> bool) -> bool {
        let own = self.cost(catalogue, step.edge, hints);
        let Edge { child, parent, .. } = self.edges[step.edge];
        self.at[step.to].iter().any(|&edge| {
            let other = &self.edges[edge];
            edge != step.edge
                && other.child == child
                && other.parent == parent
                && self.cost(catalogue, edge, hints) == own
        })
    }
}

fn declared(schema: &Schema, catalogue: &Catalogue) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (child, table) in schema.tables.iter().enumerate() {
        for foreign in &table.foreign_keys {
            let Some(parent) = schema.tables.iter().position(|other| {
                other.name.eq_ignore_ascii_case(&foreign.ref_table)
                    && (foreign.ref_namespace.is_none() || foreign.ref_namespace == other.namespace)
            }) else {
                continue;
            };
            let position = |table: TableId, name: &String| {
                schema.tables[table]
                    .columns
                    .iter()
                    .position(|column| column.name.eq_ignore_ascii_case(name))
            };
            let child_columns: Vec<usize> = foreign
                .columns
                .iter()
                .filter_map(|name| position(child, name))
                .collect();
            let parent_columns: Vec<usize> = if foreign.ref_columns.is_empty() {
                catalogue.tables[parent].key.clone()
            } else {
                foreign
                    .ref_columns
                    .iter()
                    .filter_map(|name| position(parent, name))
                    .collect()
            };
            if child_columns.is_empty() || child_columns.len() != parent_columns.len() {
                continue;
            }
            edges.push(Edge {
                child,
                child_columns,
                parent,
                parent_columns,
                origin: Origin::Declared,
            });
        }
    }
    edges
}

/// `start_station_id` beside `station(id)`, `customer_id` beside `customer(customer_id)`.
fn named(schema: &Schema, catalogue: &Catalogue, edges: &mut Vec<Edge>) {
    let mut by_name: HashMap<String, Vec<TableId>> = HashMap::new();
    for (table, facts) in catalogue.tables.iter().enumerate() {
        by_name.entry(facts.words.concat()).or_default().push(table);
    }
    for (child, facts) in catalogue.tables.iter().enumerate() {
        for (at, column) in facts.columns.iter().enumerate() {
            let taken = edges
                .iter()
                .any(|edge| edge.child == child && edge.child_columns.contains(&at));
            if taken || !column.is_key || column.words.len() < 2 || facts.key == [at] {
                continue;
            }
            let last = column.words.last().map(String::as_str);
            if !matches!(last, Some("id" | "key" | "code" | "no" | "number")) {
                continue;
            }
            let noun = &column.words[..column.words.len() - 1];
            let parent = (0..noun.len()).find_map(|skip| {
                let tables = by_name.get(&noun[skip..].concat())?;
                tables
                    .iter()
                    .copied()
                    .find(|&table| table != child && catalogue.tables[table].key.len() == 1)
            });
            let Some(parent) = parent else { continue };
            let key = catalogue.tables[parent].key[0];
            let same_kind = schema.tables[parent].columns[key].kind().is_number()
                == schema.tables[child].columns[at].kind().is_number();
            if same_kind {
                edges.push(Edge {
                    child,
                    child_columns: vec![at],
                    parent,
                    parent_columns: vec![key],
                    origin: Origin::Named,
                });
            }
        }
    }
}

/// The last resort for tables that nothing else connects: the same column name in few tables.
fn same_name(catalogue: &Catalogue, edges: &mut Vec<Edge>) {
    let mut by_words: HashMap<String, Vec<(TableId, usize)>> = HashMap::new();
    for (table, facts) in catalogue.tables.iter().enumerate() {
        for (at, column) in facts.columns.iter().enumerate() {
            let specific = column.words.len() > 1
                || column.is_key
                || column.words.first().is_some_and(|word| word == "state");
            let plain = matches!(column.kind, Kind::Text | Kind::Number)
                && !column.words.iter().any(|word| {
                    [
                        "name", "descript", "detail", "note", "comment", "price", "amount",
                        "total", "count",
                    ]
                    .contains(&word.as_str())
                });
            if specific && plain && column.words != ["id"] {
                by_words
                    .entry(column.words.concat())
                    .or_default()
                    .push((table, at));
            }
        }
    }
    let mut names: Vec<_> = by_words
        .into_iter()
        .filter(|(_, places)| (2..=3).contains(&places.len()))
        .collect();
    names.sort();
    let mut part: Vec<TableId> = (0..catalogue.tables.len()).collect();
    for edge in edges.iter() {
        let (from, to) = (part[edge.child], part[edge.parent]);
        part.iter_mut()
            .filter(|own| **own == from)
            .for_each(|own| *own = to);
    }
    for (_, places) in names {
        for (first, a) in places.iter().enumerate() {
            for b in &places[first + 1..] {
                if part[a.0] == part[b.0] {
                    continue;
                }
                // the side that has it as its key is the parent
                let (parent, child) = if catalogue.tables[a.0].key == [a.1] {
                    (a, b)
                } else {
                    (b, a)
                };
                let keyed = catalogue.tables[parent.0].key == [parent.1];
                edges.push(Edge {
                    child: child.0,
                    child_columns: vec![child.1],
                    parent: parent.0,
                    parent_columns: vec![parent.1],
                    origin: if keyed {
                        Origin::Named
                    } else {
                        Origin::SameName
                    },
                });
            }
        }
    }
}
