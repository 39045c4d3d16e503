//! Finding what a name means.

use super::{AliasUse, Clause, Columns, Output, Resolver, Scope, Value};
use crate::query::Dialect;
use crate::query::catalog::{ColumnId, column_key, table_key};
use crate::query::types::Ty;
use sqlparser::ast::Ident;
use sqlparser::tokenizer::Location;

/// What a column's name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Located {
    Column {
        depth: usize,
        relation: usize,
        column: u32,
    },
    Alias {
        depth: usize,
        index: usize,
    },
    /// Something whose columns are unknown after a finding.
    Open,
    Ambiguous {
        depth: usize,
    },
    /// The relation is there (for a qualified name), the column is not.
    NoColumn {
        depth: usize,
        relation: usize,
    },
    Missing,
}

impl Resolver<'_> {
    pub(super) fn column_key(&self, ident: &Ident) -> String {
        match (self.dialect, ident.quote_style) {
            (Dialect::Postgres, None) => ident.value.to_ascii_lowercase(),
            _ => column_key(&ident.value, self.dialect),
        }
    }

    pub(super) fn table_key(&self, ident: &Ident) -> String {
        match (self.dialect, ident.quote_style) {
            (Dialect::Postgres, None) => ident.value.to_ascii_lowercase(),
            _ => table_key(&ident.value, self.dialect),
        }
    }

    /// A bare name.
    pub(super) fn locate(&self, key: &str) -> Located {
        for depth in (0..self.scopes.len()).rev() {
            let scope = &self.scopes[depth];
            if scope.alias_use == AliasUse::First
                && let Some(index) = scope.aliases.iter().position(|alias| alias.key == key)
            {
                return self.one_alias(depth, index);
            }
            let mut hits = scope
                .relations
                .iter()
                .enumerate()
                .skip(scope.visible_from)
                .filter_map(|(relation, it)| Some((relation, self.find_in(&it.columns, key)?)));
            if let Some((relation, column)) = hits.next() {
                let merged = scope.merges.iter().find(|merge| merge.key == key);
                let another = hits.any(|(other, _)| {
                    if self.dialect == Dialect::Sqlite {
                        // what USING brought in on the right is never a second meaning
                        !scope.merged_after(key, other)
                    } else {
                        !merged.is_some_and(|merge| merge.joins(relation, other))
                    }
                });
                let twice = self.is_twice_in(&scope.relations[relation].columns, key);
                return if another || twice {
                    Located::Ambiguous { depth }
                } else {
                    Located::Column {
                        depth,
                        relation,
                        column,
                    }
                };
            }
            if scope.relations[scope.visible_from..]
                .iter()
                .any(|relation| matches!(relation.columns, Columns::Open))
            {
                return Located::Open;
            }
            if scope.alias_use == AliasUse::Fallback
                && let Some(index) = scope.aliases.iter().position(|alias| alias.key == key)
            {
                return self.one_alias(depth, index);
            }
        }
        Located::Missing
    }

    /// PostgreSQL wants a result column's name to mean one value; the others take the first.
    fn one_alias(&self, depth: usize, index: usize) -> Located {
        let aliases = &self.scopes[depth].aliases;
        let first = &aliases[index];
        let another = self.dialect == Dialect::Postgres
            && aliases[index + 1..].iter().any(|other| {
                other.key == first.key && (first.origin.is_none() || other.origin != first.origin)
            });
        if another {
            Located::Ambiguous { depth }
        } else {
            Located::Alias { depth, index }
        }
    }

    /// `relation.column`, both folded.
    pub(super) fn locate_in(&self, namespace: Option<&str>, relation: &str, key: &str) -> Located {
        let mut nearest = None;
        for depth in (0..self.scopes.len()).rev() {
            let scope = &self.scopes[depth];
            let mut seen = None;
            let mut found = None;
            for (index, it) in scope.relations.iter().enumerate().skip(scope.visible_from) {
                let named = it.key == relation
                    && namespace.is_none_or(|wanted| it.namespace.as_deref() == Some(wanted));
                if !named {
                    continue;
                }
                if matches!(it.columns, Columns::Open) {
                    return Located::Open;
                }
                seen.get_or_insert(index);
                if let Some(column) = self.find_in(&it.columns, key) {
                    if found.is_some()
                        && self.dialect == Dialect::Sqlite
                        && scope.merged_after(key, index)
                    {
                        continue;
                    }
                    if found.is_some() || self.is_twice_in(&it.columns, key) {
                        return Located::Ambiguous { depth };
                    }
                    found = Some((index, column));
                }
            }
            match (found, seen) {
                (Some((relation, column)), _) => {
                    return Located::Column {
                        depth,
                        relation,
                        column,
                    };
                }
                (None, Some(relation)) => {
                    let missing = Located::NoColumn { depth, relation };
                    // SQLite goes on looking for the same name further out
                    if self.dialect != Dialect::Sqlite {
                        return missing;
                    }
                    nearest.get_or_insert(missing);
                }
                (None, None) => {}
            }
        }
        nearest.unwrap_or(Located::Missing)
    }

    /// The value of a bare name.
    pub(super) fn bare(&mut self, ident: &Ident) -> Value {
        let key = self.column_key(ident);
        let at = ident.span.start;
        match self.locate(&key) {
            Located::Column {
                depth,
                relation,
                column,
            } => self.taken(depth, relation, column),
            Located::Alias { depth, index } => self.alias(depth, index, at),
            Located::Open => Value::of(Ty::Any).rooted(true),
            Located::Ambiguous { depth } => {
                self.ambiguous(ident, &key, depth);
                Value::of(Ty::Any).rooted(true)
            }
            Located::NoColumn { .. } | Located::Missing => self.no_column(ident, &key),
        }
    }

    /// The value of `table.column` or `namespace.table.column`.
    pub(super) fn qualified(&mut self, parts: &[Ident]) -> Value {
        let (namespace, table, column) = match parts {
            [table, column] => (None, table, column),
            [namespace, table, column] => (Some(namespace), table, column),
            _ => {
                let at = parts.first().map_or_else(Location::empty, |p| p.span.start);
                self.refuse("unknown_column", "a name has too many parts", at);
                return Value::of(Ty::Any);
            }
        };
        let key = self.column_key(column);
        let relation_key = self.table_key(table);
        let namespace_key = namespace.map(|ident| self.column_key(ident));
        match self.locate_in(namespace_key.as_deref(), &relation_key, &key) {
            Located::Column {
                depth,
                relation,
                column,
            } => self.taken(depth, relation, column),
            Located::Alias { .. } | Located::Open => Value::of(Ty::Any).rooted(true),
            Located::Ambiguous { .. } => {
                self.refuse(
                    "ambiguous_column",
                    format!(
                        "`{}.{}` could be of several tables",
                        table.value, column.value
                    ),
                    table.span.start,
                );
                Value::of(Ty::Any).rooted(true)
            }
            Located::NoColumn { depth, relation } => {
                self.no_column_in(depth, relation, table, column, &key)
            }
            Located::Missing => self.no_relation(table, column, &key, namespace.is_some()),
        }
    }

    pub(super) fn taken(&mut self, depth: usize, relation: usize, column: u32) -> Value {
        if depth + 1 == self.scopes.len() {
            self.reading.own_columns += 1;
        }
        self.deepest = self.deepest.max(Some(depth));
        match &self.scopes[depth].relations[relation].columns {
            Columns::Table(table) => {
                let id = (*table, column);
                self.read(id);
                Value {
                    // SQLite's column types are wishes; the others keep to them
                    ty: Ty::of(self.catalog.column(id).kind),
                    origin: Some(id),
                    rooted: true,
                    longest: Ty::of(self.catalog.column(id).kind).usual_length(),
                    width: 1,
                }
            }
            Columns::Derived(outputs) => {
                let output = &outputs[column as usize];
                Value {
                    ty: output.ty,
                    origin: output.origin,
                    rooted: output.rooted,
                    longest: output.longest,
                    width: 1,
                }
            }
            Columns::Open => Value::of(Ty::Any).rooted(true),
        }
    }

    pub(super) fn read(&mut self, id: ColumnId) {
        if !self.quiet {
            self.columns.insert(id);
        }
    }

    fn alias(&mut self, depth: usize, index: usize, at: Location) -> Value {
        let output = &self.scopes[depth].aliases[index];
        let value = Value {
            ty: output.ty,
            origin: output.origin,
            rooted: output.rooted,
            longest: output.longest,
            width: 1,
        };
        let (aggregate, window, name) = (output.aggregate, output.window, output.name.clone());
        let clause = self.reading.clause;
        let early = matches!(clause, Clause::Where | Clause::On | Clause::GroupBy);
        if aggregate && (early || self.reading.in_aggregate) {
            self.refuse(
                "aggregate_misuse",
                format!("`{name}` is an aggregate and cannot be used here; filter it with HAVING"),
                at,
            );
        }
        if window && (early || clause == Clause::Having) {
            self.refuse(
                "window_misuse",
                format!("`{name}` is a window function and cannot be used here; wrap the query"),
                at,
            );
        }
        value
    }

    /// A relation in sight by its name.
    pub(super) fn relation(&self, key: &str) -> Option<(usize, usize)> {
        (0..self.scopes.len()).rev().find_map(|depth| {
            let scope = &self.scopes[depth];
            let index = scope
                .relations
                .iter()
                .skip(scope.visible_from)
                .position(|relation| relation.key == key)?;
            Some((depth, index + scope.visible_from))
        })
    }

    pub(super) fn whole_row(&mut self, depth: usize, index: usize) -> Value {
        let columns = self.scopes[depth].relations[index].columns.clone();
        if depth + 1 == self.scopes.len() {
            self.reading.own_columns += 1;
        }
        let outputs = self.star_of(&columns);
        let ty = match outputs.as_slice() {
            [only] if matches!(columns, Columns::Derived(_)) => only.ty,
            _ => Ty::Row,
        };
        Value::of(ty)
            .rooted(outputs.iter().any(|output| output.rooted))
            .longest(outputs.iter().map(|output| output.longest).sum())
    }

    pub(super) fn find_in(&self, columns: &Columns, key: &str) -> Option<u32> {
        match columns {
            Columns::Table(id) => self.catalog.table(*id).find(key),
            Columns::Derived(outputs) => outputs
                .iter()
                .position(|output| output.key == key)
                .map(|at| at as u32),
            Columns::Open => None,
        }
    }

    fn is_twice_in(&self, columns: &Columns, key: &str) -> bool {
        match columns {
            Columns::Derived(outputs) if self.dialect == Dialect::Postgres => {
                outputs.iter().filter(|output| output.key == key).count() > 1
            }
            _ => false,
        }
    }

    /// The columns that `*` stands for, each marked as read.
    pub(super) fn star_of(&mut self, columns: &Columns) -> Vec<Output> {
        match columns {
            Columns::Table(id) => {
                let catalog = self.catalog;
                (0..catalog.table(*id).columns.len() as u32)
                    .map(|at| {
                        let id = (*id, at);
                        self.read(id);
                        let column = catalog.column(id);
                        Output {
                            key: column.key.clone(),
                            name: column.name.clone(),
                            ty: Ty::of(column.kind),
                            origin: Some(id),
                            rooted: true,
                            longest: Ty::of(column.kind).usual_length(),
                            aggregate: false,
                            window: false,
                            named: false,
                        }
                    })
                    .collect()
            }
            Columns::Derived(outputs) => outputs.to_vec(),
            Columns::Open => Vec::new(),
        }
    }
}

impl super::Merge {
    fn joins(&self, one: usize, other: usize) -> bool {
        self.sides.contains(&one) && self.sides.contains(&other)
    }
}

impl Scope {
    pub(super) fn merged_after(&self, key: &str, relation: usize) -> bool {
        self.merges.iter().any(|merge| {
            merge.key == key
                && merge.sides.contains(&relation)
                && merge.sides.iter().min() != Some(&relation)
        })
    }
}
