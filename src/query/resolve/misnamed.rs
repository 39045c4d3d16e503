//! What was meant by a name that means nothing.

use super::names::Located;
use super::{AliasUse, Columns, Resolver, Value};
use crate::query::Dialect;
use crate::query::catalog::TableId;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::Ident;

impl Resolver<'_> {
    pub(super) fn ambiguous(&mut self, ident: &Ident, key: &str, depth: usize) {
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
    pub(super) fn no_column(&mut self, ident: &Ident, key: &str) -> Value {
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

    pub(super) fn no_column_in(
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
        let columns = self.columns_of(&it.columns);
        let names: Vec<String> = columns.into_iter().map(|(_, name)| name).collect();
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

    pub(super) fn no_relation(
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

    fn names_in_sight(&self) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for scope in self.scopes.iter().rev() {
            for relation in &scope.relations {
                for (_, name) in self.columns_of(&relation.columns) {
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
        crate::query::spelling::written(name, self.dialect)
    }
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
            // counting edits is slow, and lengths so different make too many of them
            let (one, two) = (wanted_plain.chars().count(), name_plain.chars().count());
            let edits = if one.min(two) * 10 < one.max(two) * 6 {
                0.0
            } else {
                strsim::normalized_damerau_levenshtein(&wanted_plain, &name_plain)
            };
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
