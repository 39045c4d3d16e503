//! Finding what a name means, and what was meant when it means nothing.

use super::{AliasUse, Clause, Columns, Output, Resolver, Scope, Value};
use crate::query::Dialect;
use crate::query::catalog::{ColumnId, TableId, column_key, table_key};
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{Expr, Ident, Query, SetExpr, Value as Literal};
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

    fn taken(&mut self, depth: usize, relation: usize, column: u32) -> Value {
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

    fn ambiguous(&mut self, ident: &Ident, key: &str, depth: usize) {
        let homes: Vec<String> = self.scopes[depth]
            .relations
            .iter()
            .filter(|relation| self.find_in(&relation.columns, key).is_some())
            .map(|relation| relation.shown.clone())
            .collect();
        let suggestion = homes
            .first()
            .filter(|home| !home.is_empty())
            .map(|home| format!("{}.{}", self.spelled(home), self.spelled(&ident.value)));
        let message = format!(
            "`{}` is ambiguous: {} have it",
            ident.value,
            homes.join(" and ")
        );
        self.refuse_with("ambiguous_column", message, ident.span.start, suggestion);
    }

    /// A bare name that is no column: a row, a row id, a string, or a mistake.
    fn no_column(&mut self, ident: &Ident, key: &str) -> Value {
        if self.dialect == Dialect::Mysql && key.starts_with('@') && ident.quote_style.is_none() {
            self.refuse(
                "variable",
                format!(
                    "`{}` is a variable; a query may only use columns and values",
                    ident.value
                ),
                ident.span.start,
            );
            return Value::of(Ty::Any);
        }
        if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
            let relation_key = self.table_key(ident);
            if let Some((depth, index)) = self.relation(&relation_key) {
                return self.whole_row(depth, index);
            }
        }
        if self.dialect == Dialect::Sqlite {
            if matches!(key, "rowid" | "oid" | "_rowid_")
                && self.scopes.iter().rev().any(|scope| {
                    let tables = scope
                        .relations
                        .iter()
                        .filter(|relation| matches!(relation.columns, Columns::Table(_)));
                    tables.count() == 1
                })
            {
                return Value::of(Ty::of(ValueKind::Integer)).rooted(true);
            }
            // what stands in double quotes and is no name is a string, unless it is a name with a slip in it
            if ident.quote_style == Some('"') && !self.looks_misspelt(ident) {
                self.warn(
                    "double_quoted_string",
                    format!(
                        "\"{}\" is no column, so SQLite takes it as a text; texts stand in single quotes",
                        ident.value
                    ),
                    ident.span.start,
                    Some(format!("'{}'", ident.value.replace('\'', "''"))),
                );
                return Value::of(Ty::Literal).longest(ident.value.len().max(1) as f64);
            }
        }
        let at = ident.span.start;
        // spelled otherwise, in what FROM has
        let in_sight: Vec<(String, String)> = self.names_in_sight();
        let nearest = nearest(
            &ident.value,
            in_sight.iter().map(|(_, column)| column.as_str()),
        );
        let homes = self.catalog.homes(key);
        let (message, suggestion) = if let Some(name) = nearest {
            let name = self.spelled(name);
            (
                format!(
                    "there is no column `{}`; did you mean `{name}`?",
                    ident.value
                ),
                Some(name),
            )
        } else if self.scopes.iter().all(|scope| scope.relations.is_empty()) {
            (
                format!(
                    "there is no column `{}`: the query has no FROM here",
                    ident.value
                ),
                None,
            )
        } else if let Some(&home) = homes.first() {
            self.elsewhere(&ident.value, home)
        } else {
            (format!("there is no column `{}`", ident.value), None)
        };
        self.refuse_with("unknown_column", message, at, suggestion);
        Value::of(Ty::Any).rooted(true)
    }

    /// Whether a quoted name that is no column was meant to be one: it is spelt almost as one in sight.
    fn looks_misspelt(&self, ident: &Ident) -> bool {
        let plain = |name: &str| name.to_lowercase().replace([' ', '_'], "");
        let wanted = plain(&ident.value);
        // short words are near to everything
        let slips = match wanted.chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        self.names_in_sight()
            .iter()
            .any(|(_, column)| strsim::damerau_levenshtein(&wanted, &plain(column)) <= slips)
    }

    fn no_column_in(
        &mut self,
        depth: usize,
        relation: usize,
        table: &Ident,
        column: &Ident,
        key: &str,
    ) -> Value {
        let it = &self.scopes[depth].relations[relation];
        if self.dialect == Dialect::Sqlite
            && matches!(key, "rowid" | "oid" | "_rowid_")
            && matches!(it.columns, Columns::Table(_))
        {
            return Value::of(Ty::of(ValueKind::Integer)).rooted(true);
        }
        let names = self.names_of(&it.columns);
        let also_known_as = match it.columns {
            Columns::Table(id) if self.catalog.table(id).name != table.value => {
                format!(" ({})", self.catalog.table(id).name)
            }
            _ => String::new(),
        };
        let nearest = nearest(&column.value, names.iter().map(String::as_str));
        let elsewhere = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| &scope.relations)
            .find(|other| !other.key.is_empty() && self.find_in(&other.columns, key).is_some())
            .map(|other| other.shown.clone());
        let said = format!(
            "`{}`{also_known_as} has no column `{}`",
            table.value, column.value
        );
        let (message, suggestion) = match (nearest, elsewhere) {
            (_, Some(other)) => {
                let name = format!("{}.{}", self.spelled(&other), self.spelled(&column.value));
                (format!("{said}; did you mean `{name}`?"), Some(name))
            }
            (Some(name), None) => {
                let name = format!("{}.{}", self.spelled(&table.value), self.spelled(name));
                (format!("{said}; did you mean `{name}`?"), Some(name))
            }
            (None, None) => match self.catalog.homes(key).first() {
                Some(&home) => {
                    let (more, suggestion) = self.elsewhere(&column.value, home);
                    (format!("{said}; {more}"), suggestion)
                }
                None => (said, None),
            },
        };
        self.refuse_with("unknown_column", message, table.span.start, suggestion);
        Value::of(Ty::Any).rooted(true)
    }

    fn no_relation(
        &mut self,
        table: &Ident,
        column: &Ident,
        key: &str,
        has_namespace: bool,
    ) -> Value {
        let at = table.span.start;
        // DuckDB: a field of a structure
        if self.dialect == Dialect::Duckdb && !has_namespace {
            let column_key = self.column_key(table);
            if let Located::Column {
                depth,
                relation,
                column,
            } = self.locate(&column_key)
            {
                let value = self.taken(depth, relation, column);
                if matches!(
                    value.ty.kind(),
                    None | Some(ValueKind::Other | ValueKind::Json | ValueKind::Array)
                ) {
                    return Value::of(Ty::Any).rooted(true);
                }
            }
        }
        let shown: Vec<String> = self
            .scopes
            .iter()
            .flat_map(|scope| &scope.relations)
            .filter(|relation| !relation.key.is_empty())
            .map(|relation| relation.shown.clone())
            .collect();
        let holder = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| &scope.relations)
            .find(|relation| {
                !relation.key.is_empty() && self.find_in(&relation.columns, key).is_some()
            })
            .map(|relation| relation.shown.clone());
        let nearest = nearest(&table.value, shown.iter().map(String::as_str)).map(str::to_owned);
        let known = self
            .catalog
            .tables
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(&table.value));
        let said = if known {
            format!("the table `{}` is not in FROM under that name", table.value)
        } else {
            format!("`{}` is no table or alias in FROM", table.value)
        };
        let (message, suggestion) = match holder.or(nearest) {
            Some(name) => {
                let name = format!("{}.{}", self.spelled(&name), self.spelled(&column.value));
                (format!("{said}; did you mean `{name}`?"), Some(name))
            }
            None => (said, None),
        };
        self.refuse_with("unknown_alias", message, at, suggestion);
        Value::of(Ty::Any).rooted(true)
    }

    fn elsewhere(&self, column: &str, home: TableId) -> (String, Option<String>) {
        let table = self.catalog.shown(home);
        (
            format!("column `{column}` exists in table `{table}`, which is not in FROM"),
            Some(format!("{}.{}", self.spelled(&table), self.spelled(column))),
        )
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

    fn names_of(&self, columns: &Columns) -> Vec<String> {
        match columns {
            Columns::Table(id) => self
                .catalog
                .table(*id)
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect(),
            Columns::Derived(outputs) => outputs.iter().map(|output| output.name.clone()).collect(),
            Columns::Open => Vec::new(),
        }
    }

    fn names_in_sight(&self) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for scope in self.scopes.iter().rev() {
            for relation in &scope.relations {
                for name in self.names_of(&relation.columns) {
                    names.push((relation.shown.clone(), name));
                }
            }
            if scope.alias_use != AliasUse::Never {
                for alias in &scope.aliases {
                    names.push((String::new(), alias.name.clone()));
                }
            }
        }
        names
    }

    /// A name as it has to be written in a query.
    pub(super) fn spelled(&self, name: &str) -> String {
        let plain = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii())
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && !is_reserved(name);
        let folds =
            self.dialect == Dialect::Postgres && name.chars().any(|c| c.is_ascii_uppercase());
        if plain && !folds {
            name.to_owned()
        } else if self.dialect == Dialect::Mysql {
            format!("`{}`", name.replace('`', "``"))
        } else {
            format!("\"{}\"", name.replace('"', "\"\""))
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

/// Words that cannot be a name without quotes in some engine of ours; the common ones.
fn is_reserved(name: &str) -> bool {
    const RESERVED: &[&str] = &[
        "all",
        "and",
        "as",
        "asc",
        "between",
        "by",
        "case",
        "check",
        "column",
        "create",
        "cross",
        "default",
        "desc",
        "distinct",
        "drop",
        "else",
        "end",
        "except",
        "exists",
        "false",
        "for",
        "foreign",
        "from",
        "full",
        "group",
        "having",
        "in",
        "index",
        "inner",
        "insert",
        "intersect",
        "into",
        "is",
        "join",
        "key",
        "left",
        "like",
        "limit",
        "natural",
        "not",
        "null",
        "offset",
        "on",
        "or",
        "order",
        "outer",
        "primary",
        "references",
        "right",
        "select",
        "set",
        "table",
        "then",
        "to",
        "true",
        "union",
        "unique",
        "update",
        "user",
        "using",
        "values",
        "when",
        "where",
        "window",
        "with",
    ];
    RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

/// The name most like `wanted`, if one is like enough to be meant.
pub(in crate::query) fn nearest<'n>(
    wanted: &str,
    names: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted_plain = plain(wanted);
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let name_plain = plain(name);
        let score = if name_plain == wanted_plain {
            1.0
        } else {
            let edits = strsim::normalized_damerau_levenshtein(&wanted_plain, &name_plain);
            let contains = name_plain.len().min(wanted_plain.len()) >= 4
                && (name_plain.contains(&wanted_plain) || wanted_plain.contains(&name_plain));
            if contains { edits.max(0.7) } else { edits }
        };
        if score >= 0.6 && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The number, when an expression of ORDER BY or GROUP BY is a column's position.
pub(super) fn ordinal(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Literal::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn without_brackets(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// Where an expression begins, as far as the parser remembers; found without recursion.
pub(super) fn start_of(expr: &Expr) -> Location {
    let mut expr = expr;
    loop {
        expr = match expr {
            Expr::Identifier(ident) => return ident.span.start,
            Expr::CompoundIdentifier(parts) => {
                return parts.first().map_or_else(Location::empty, |p| p.span.start);
            }
            Expr::Value(value) => return value.span.start,
            Expr::TypedString(typed) => return typed.value.span.start,
            Expr::Function(function) => return start_of_name(&function.name),
            Expr::Case { case_token, .. } => return case_token.0.span.start,
            Expr::Wildcard(token) | Expr::QualifiedWildcard(_, token) => return token.0.span.start,
            Expr::Subquery(query)
            | Expr::Exists {
                subquery: query, ..
            } => {
                return start_of_query(query);
            }
            Expr::BinaryOp { left, .. } | Expr::AnyOp { left, .. } | Expr::AllOp { left, .. } => {
                left
            }
            Expr::UnaryOp { expr, .. }
            | Expr::Nested(expr)
            | Expr::Cast { expr, .. }
            | Expr::Convert { expr, .. }
            | Expr::Collate { expr, .. }
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::IsTrue(expr)
            | Expr::IsNotTrue(expr)
            | Expr::IsFalse(expr)
            | Expr::IsNotFalse(expr)
            | Expr::IsUnknown(expr)
            | Expr::IsNotUnknown(expr)
            | Expr::InList { expr, .. }
            | Expr::InSubquery { expr, .. }
            | Expr::Between { expr, .. }
            | Expr::Like { expr, .. }
            | Expr::ILike { expr, .. }
            | Expr::RLike { expr, .. }
            | Expr::SimilarTo { expr, .. }
            | Expr::Extract { expr, .. }
            | Expr::Ceil { expr, .. }
            | Expr::Floor { expr, .. }
            | Expr::Position { expr, .. }
            | Expr::Substring { expr, .. }
            | Expr::Trim { expr, .. }
            | Expr::CompoundFieldAccess { root: expr, .. }
            | Expr::AtTimeZone {
                timestamp: expr, ..
            } => expr,
            Expr::Tuple(exprs) => match exprs.first() {
                Some(first) => first,
                None => return Location::empty(),
            },
            _ => return Location::empty(),
        };
    }
}

pub(super) fn start_of_name(name: &sqlparser::ast::ObjectName) -> Location {
    name.0
        .first()
        .and_then(|part| part.as_ident())
        .map_or_else(Location::empty, |ident| ident.span.start)
}

pub(super) fn start_of_query(query: &Query) -> Location {
    match &query.with {
        Some(with) => with.with_token.0.span.start,
        None => start_of_set(&query.body),
    }
}

pub(super) fn start_of_set(body: &SetExpr) -> Location {
    let mut body = body;
    loop {
        body = match body {
            SetExpr::Select(select) => return select.select_token.0.span.start,
            SetExpr::Query(query) => match &query.with {
                Some(with) => return with.with_token.0.span.start,
                None => &query.body,
            },
            SetExpr::SetOperation { left, .. } => left,
            SetExpr::Values(values) => {
                return values
                    .rows
                    .first()
                    .and_then(|row| row.content.first())
                    .map_or_else(Location::empty, start_of);
            }
            _ => return Location::empty(),
        };
    }
}
