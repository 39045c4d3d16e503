//! The select list: what a result's columns are called and where they come from.

use super::{Clause, Output, Resolver};
use crate::query::Dialect;
use crate::query::types::Ty;
use sqlparser::ast::{
    ExcludeSelectItem, Expr, FunctionArguments, Ident, RenameSelectItem, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions,
};
use sqlparser::tokenizer::Location;

impl Resolver<'_> {
    pub(super) fn projection(&mut self, items: &[SelectItem], at: Location) -> Vec<Output> {
        if items.is_empty() && self.dialect != Dialect::Postgres {
            self.refuse("syntax_error", "SELECT names no column", at);
        }
        let mut outputs = Vec::with_capacity(items.len());
        for item in items {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let output = self.output(expr, None);
                    match self.spread.take() {
                        // a pattern may fit fewer: they are all named, so that none is unknown further out
                        Some(columns) => outputs.extend(columns.into_iter().map(|column| Output {
                            key: column.key,
                            name: column.name,
                            origin: None,
                            ..output.clone()
                        })),
                        None => outputs.push(output),
                    }
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    if alias.quote_style == Some('\'') && self.dialect == Dialect::Postgres {
                        self.unsupported("a name in single quotes", alias.span.start);
                    }
                    let output = self.output(expr, Some(alias));
                    self.spread = None;
                    outputs.push(output);
                }
                SelectItem::ExprWithAliases { expr, aliases: _ } => {
                    self.unsupported("several aliases", super::place::start_of(expr));
                }
                SelectItem::Wildcard(options) => {
                    let at = options.wildcard_token.0.span.start;
                    let depth = self.scopes.len() - 1;
                    if self.scopes[depth].relations.is_empty() {
                        self.refuse("syntax_error", "SELECT * needs a FROM", at);
                    }
                    let mut columns = self.star(depth);
                    // ORDER BY can name them as if they had been given their names
                    for column in &mut columns {
                        column.named |= self.dialect == Dialect::Sqlite;
                    }
                    self.wildcard_options(options, &mut columns);
                    outputs.extend(columns);
                    self.reading.own_columns += 1;
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    let mut columns = self.qualified_star(kind, options);
                    self.wildcard_options(options, &mut columns);
                    outputs.extend(columns);
                    self.reading.own_columns += 1;
                }
            }
        }
        outputs
    }

    fn output(&mut self, expr: &Expr, alias: Option<&Ident>) -> Output {
        let (aggregates, windows) = (self.reading.aggregates, self.reading.windows);
        self.reading.clause = Clause::Select;
        let value = self.expr(expr);
        let name = match alias {
            Some(alias) if self.dialect == Dialect::Postgres && alias.quote_style.is_none() => {
                alias.value.to_ascii_lowercase()
            }
            Some(alias) => alias.value.clone(),
            None => self.implied_name(expr),
        };
        let key = match alias {
            Some(alias) => self.column_key(alias),
            None => crate::query::catalog::column_key(&name, self.dialect),
        };
        Output {
            key,
            name,
            ty: value.ty,
            origin: value.origin,
            rooted: value.rooted,
            longest: value.longest,
            aggregate: self.reading.aggregates > aggregates,
            window: self.reading.windows > windows,
            named: alias.is_some(),
        }
    }

    /// The aliases of a select list before it is read: their values are not known yet.
    pub(super) fn alias_names(&self, items: &[SelectItem]) -> Vec<Output> {
        items
            .iter()
            .filter_map(|item| match item {
                SelectItem::ExprWithAlias { alias, .. } => Some((self.column_key(alias), alias)),
                _ => None,
            })
            .map(|(key, alias)| Output {
                key,
                name: alias.value.clone(),
                ty: Ty::Any,
                origin: None,
                rooted: true,
                // not read yet: it may be anything
                longest: super::length::GATHERED,
                aggregate: false,
                window: false,
                named: true,
            })
            .collect()
    }

    /// `*`: every column in sight, merged ones once.
    pub(super) fn star(&mut self, depth: usize) -> Vec<Output> {
        let scope = self.scopes[depth].clone();
        let mut outputs = Vec::new();
        if self.dialect != Dialect::Sqlite {
            for merge in &scope.merges {
                let Some(&first) = merge.sides.iter().min() else {
                    continue;
                };
                let columns = &scope.relations[first].columns;
                let all = self.star_of(columns);
                outputs.extend(all.into_iter().find(|column| column.key == merge.key));
            }
        }
        for (index, relation) in scope.relations.iter().enumerate() {
            let columns = self.star_of(&relation.columns);
            let shown = columns.into_iter().filter(|column| {
                let merged = scope
                    .merges
                    .iter()
                    .any(|merge| merge.key == column.key && merge.sides.contains(&index));
                if self.dialect == Dialect::Sqlite {
                    !scope.merged_after(&column.key, index)
                } else {
                    !merged
                }
            });
            outputs.extend(shown);
        }
        outputs
    }

    fn qualified_star(
        &mut self,
        kind: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
    ) -> Vec<Output> {
        let at = options.wildcard_token.0.span.start;
        let name = match kind {
            SelectItemQualifiedWildcardKind::ObjectName(name) => name,
            SelectItemQualifiedWildcardKind::Expr(_) => {
                self.unsupported("(expression).*", at);
                return Vec::new();
            }
        };
        let parts: Option<Vec<&Ident>> = name.0.iter().map(|part| part.as_ident()).collect();
        let table = match parts.as_deref() {
            Some([table]) | Some([_, table]) => *table,
            _ => {
                self.unsupported("that form of `*`", at);
                return Vec::new();
            }
        };
        let key = self.table_key(table);
        match self.relation(&key) {
            Some((depth, index)) => {
                let columns = self.scopes[depth].relations[index].columns.clone();
                self.star_of(&columns)
            }
            None => {
                let shown: Vec<String> = self
                    .scopes
                    .last()
                    .map(|scope| scope.relations.iter().map(|r| r.shown.clone()).collect())
                    .unwrap_or_default();
                let suggestion =
                    super::misnamed::nearest(&table.value, shown.iter().map(String::as_str))
                        .map(|name| format!("{}.*", self.spelled(name)));
                self.refuse_with(
                    "unknown_alias",
                    format!("`{}` is no table or alias in FROM", table.value),
                    table.span.start,
                    suggestion,
                );
                Vec::new()
            }
        }
    }

    fn wildcard_options(&mut self, options: &WildcardAdditionalOptions, columns: &mut Vec<Output>) {
        let WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let at = wildcard_token.0.span.start;
        if opt_ilike.is_some() || opt_except.is_some() || opt_alias.is_some() {
            self.unsupported("that addition to `*`", at);
        }
        if (opt_exclude.is_some() || opt_replace.is_some() || opt_rename.is_some())
            && self.dialect != Dialect::Duckdb
        {
            self.unsupported("EXCLUDE, REPLACE or RENAME after `*`", at);
            return;
        }
        if let Some(exclude) = opt_exclude {
            let names = match exclude {
                ExcludeSelectItem::Single(name) => std::slice::from_ref(name),
                ExcludeSelectItem::Multiple(names) => names.as_slice(),
            };
            for name in names {
                let Some(ident) = name.0.last().and_then(|part| part.as_ident()) else {
                    continue;
                };
                let key = self.column_key(ident);
                let before = columns.len();
                columns.retain(|column| column.key != key);
                if columns.len() == before {
                    self.refuse(
                        "unknown_column",
                        format!("there is no column `{}` to leave out", ident.value),
                        ident.span.start,
                    );
                }
            }
        }
        if let Some(renames) = opt_rename {
            self.rename(renames, columns);
        }
        if let Some(replace) = opt_replace {
            for item in &replace.items {
                let value = self.expr(&item.expr);
                let key = self.column_key(&item.column_name);
                match columns.iter_mut().find(|column| column.key == key) {
                    Some(column) => {
                        column.ty = value.ty;
                        column.origin = value.origin;
                    }
                    None => self.refuse(
                        "unknown_column",
                        format!("there is no column `{}` to replace", item.column_name.value),
                        item.column_name.span.start,
                    ),
                }
            }
        }
    }

    fn rename(&mut self, renames: &RenameSelectItem, columns: &mut [Output]) {
        let renames = match renames {
            RenameSelectItem::Single(one) => std::slice::from_ref(one),
            RenameSelectItem::Multiple(all) => all.as_slice(),
        };
        for rename in renames {
            let key = self.column_key(&rename.ident);
            let new = self.column_key(&rename.alias);
            match columns.iter_mut().find(|column| column.key == key) {
                Some(column) => {
                    column.key = new;
                    column.name = rename.alias.value.clone();
                }
                None => self.refuse(
                    "unknown_column",
                    format!("there is no column `{}` to rename", rename.ident.value),
                    rename.ident.span.start,
                ),
            }
        }
    }

    /// What the engine calls a column that has no alias.
    fn implied_name(&self, expr: &Expr) -> String {
        let expr = match self.dialect {
            Dialect::Postgres | Dialect::Mysql => super::place::without_brackets(expr),
            _ => expr,
        };
        match expr {
            Expr::Identifier(ident) => self.column_name(ident),
            Expr::CompoundIdentifier(parts) => parts
                .last()
                .map_or_else(String::new, |ident| self.column_name(ident)),
            _ if self.dialect == Dialect::Postgres => postgres_name(expr),
            _ => expr.to_string(),
        }
    }

    /// A column's name as the result shows it: as the schema spells it.
    fn column_name(&self, ident: &Ident) -> String {
        let key = self.column_key(ident);
        match self.locate(&key) {
            super::names::Located::Column {
                depth,
                relation,
                column,
            } => match &self.scopes[depth].relations[relation].columns {
                super::Columns::Table(id) => self.catalog.column((*id, column)).name.clone(),
                super::Columns::Derived(outputs) => outputs[column as usize].name.clone(),
                super::Columns::Open => ident.value.clone(),
            },
            _ if self.dialect == Dialect::Postgres && ident.quote_style.is_none() => {
                ident.value.to_ascii_lowercase()
            }
            _ => ident.value.clone(),
        }
    }
}

/// PostgreSQL names a column after the outermost function, and gives up on the rest.
fn postgres_name(expr: &Expr) -> String {
    let name = match expr {
        Expr::Function(function) => {
            let last = function.name.0.last().and_then(|part| part.as_ident());
            let name = last.map_or("?column?", |ident| ident.value.as_str());
            let plain = matches!(
                function.args,
                FunctionArguments::None | FunctionArguments::List(_)
            );
            return if plain {
                name.to_ascii_lowercase()
            } else {
                "?column?".to_owned()
            };
        }
        Expr::Cast {
            expr, data_type, ..
        } => {
            let inner = postgres_name(expr);
            return if inner == "?column?" {
                data_type.to_string().to_ascii_lowercase()
            } else {
                inner
            };
        }
        Expr::Identifier(ident) => return ident.value.clone(),
        Expr::CompoundIdentifier(parts) => {
            return parts
                .last()
                .map_or_else(String::new, |ident| ident.value.clone());
        }
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => return postgres_name(inner),
        Expr::Case { .. } => "case",
        Expr::Exists { .. } => "exists",
        Expr::Extract { .. } => "extract",
        Expr::Ceil { .. } => "ceil",
        Expr::Floor { .. } => "floor",
        Expr::Position { .. } => "position",
        Expr::Substring { .. } => "substring",
        Expr::Trim { .. } => "btrim",
        Expr::Overlay { .. } => "overlay",
        Expr::Array(_) => "array",
        Expr::AtTimeZone { .. } => "timezone",
        _ => "?column?",
    };
    name.to_owned()
}
