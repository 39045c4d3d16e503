//! What stands in FROM: tables, CTEs, subqueries, functions, and how joins merge them.

use super::misnamed::nearest;
use super::place::{start_of, start_of_name, start_of_query};
use super::table_function::made;
use super::{Clause, Columns, Output, Relation, Resolver, Scope};
use crate::query::Dialect;
use crate::query::catalog::TableFound;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{
    Expr, Ident, ObjectName, TableAlias, TableAliasColumnDef, TableFactor, TableSampleKind,
    TableWithJoins,
};
use sqlparser::tokenizer::Location;

impl Resolver<'_> {
    pub(super) fn from(&mut self, items: &[TableWithJoins]) -> Scope {
        let mut scope = Scope::default();
        for item in items {
            self.item(item, &mut scope);
        }
        scope.visible_from = 0;
        scope
    }

    /// The conditions of all joins, with all of FROM in sight.
    pub(super) fn on_conditions(&mut self, items: &[TableWithJoins]) {
        let mut conditions = Vec::new();
        for item in items {
            super::product::conditions_of(item, &mut conditions);
        }
        for condition in conditions {
            self.in_clause(Clause::On, |me| me.condition(condition));
        }
    }

    fn item(&mut self, item: &TableWithJoins, scope: &mut Scope) {
        let start = scope.relations.len();
        self.factor(&item.relation, scope);
        for join in &item.joins {
            self.join(join, start, scope);
        }
    }

    pub(super) fn factor(&mut self, factor: &TableFactor, scope: &mut Scope) {
        use Dialect::{Duckdb, Mysql, Postgres};
        match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                let at = start_of_name(name);
                if !with_hints.is_empty()
                    || version.is_some()
                    || json_path.is_some()
                    || !partitions.is_empty()
                {
                    self.unsupported("that addition to a table", at);
                }
                if !index_hints.is_empty() && self.dialect != Mysql {
                    self.unsupported("an index hint", at);
                }
                self.sample(sample.as_ref(), at);
                if let Some(args) = args {
                    if args.settings.is_some() {
                        self.unsupported("SETTINGS", at);
                    }
                    self.table_function(name, &args.args, *with_ordinality, alias.as_ref(), scope);
                    return;
                }
                if *with_ordinality {
                    self.unsupported("WITH ORDINALITY after a table", at);
                }
                let columns = self.named_relation(name, alias.as_ref());
                let columns = match alias {
                    Some(alias) if !alias.columns.is_empty() => {
                        let outputs = self.star_of(&columns);
                        self.renamed(outputs, &alias.columns, &alias.name)
                    }
                    _ => columns,
                };
                let parts: Vec<&Ident> = name.0.iter().filter_map(|p| p.as_ident()).collect();
                let own = parts.last().copied();
                let namespace = match (alias, parts.as_slice()) {
                    (None, [.., namespace, _]) => Some(self.column_key(namespace)),
                    (None, _) => {
                        crate::query::catalog::default_namespace(self.dialect).map(str::to_owned)
                    }
                    (Some(_), _) => None,
                };
                let ident = alias.as_ref().map(|alias| &alias.name).or(own);
                self.add(ident, namespace, columns, scope);
                self.alias_extras(alias.as_ref());
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                sample,
            } => {
                let at = start_of_query(subquery);
                self.sample(sample.as_ref(), at);
                if *lateral && !matches!(self.dialect, Postgres | Duckdb | Mysql) {
                    self.unsupported("LATERAL", at);
                }
                let outputs = if *lateral {
                    self.beside(scope, |me| me.subquery(subquery))
                } else {
                    self.subquery(subquery)
                };
                match alias {
                    Some(alias) => {
                        let columns = self.renamed(outputs, &alias.columns, &alias.name);
                        self.add(Some(&alias.name), None, columns, scope);
                        self.alias_extras(Some(alias));
                    }
                    None => {
                        if matches!(self.dialect, Postgres | Mysql) {
                            self.refuse_with(
                                "missing_alias",
                                "a subquery in FROM needs an alias",
                                at,
                                Some("(…) AS sub".to_owned()),
                            );
                        }
                        self.add(None, None, Columns::Derived(outputs.into()), scope);
                    }
                }
            }
            TableFactor::Function {
                lateral: _,
                name,
                args,
                with_ordinality,
                alias,
            } => self.table_function(name, args, *with_ordinality, alias.as_ref(), scope),
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset,
                with_offset_alias,
                with_ordinality,
            } => {
                let at = array_exprs.first().map_or_else(Location::empty, start_of);
                if *with_offset || with_offset_alias.is_some() {
                    self.unsupported("WITH OFFSET", at);
                }
                if !matches!(self.dialect, Postgres | Duckdb) {
                    self.unsupported("UNNEST", at);
                }
                let values = self.beside(scope, |me| {
                    me.in_clause(Clause::From, |me| {
                        array_exprs
                            .iter()
                            .map(|expr| me.expr(expr))
                            .collect::<Vec<_>>()
                    })
                });
                let mut outputs: Vec<Output> = values
                    .iter()
                    .map(|value| Output {
                        longest: value.longest,
                        ..made("unnest", Ty::Any, value.rooted)
                    })
                    .collect();
                self.rows = 1.0;
                if *with_ordinality {
                    outputs.push(made("ordinality", Ty::of(ValueKind::Integer), true));
                }
                self.add_function("unnest", outputs, alias.as_ref(), scope);
            }
            TableFactor::JsonTable {
                json_expr,
                json_path: _,
                columns,
                alias,
            } => {
                if self.dialect != Mysql {
                    self.unsupported("JSON_TABLE", start_of(json_expr));
                }
                self.beside(scope, |me| {
                    me.in_clause(Clause::From, |me| me.expr(json_expr));
                });
                let mut outputs = Vec::new();
                self.json_columns(columns, &mut outputs);
                self.rows = 1.0;
                self.add_function("json_table", outputs, alias.as_ref(), scope);
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => match alias {
                None => self.item(table_with_joins, scope),
                Some(alias) => {
                    let inner = self.from(std::slice::from_ref(table_with_joins));
                    self.scopes.push(inner);
                    let depth = self.scopes.len() - 1;
                    if self.dialect == Dialect::Sqlite {
                        self.on_conditions(std::slice::from_ref(table_with_joins));
                    }
                    let outputs = self.star(depth);
                    self.scopes.pop();
                    let columns = self.renamed(outputs, &alias.columns, &alias.name);
                    self.add(Some(&alias.name), None, columns, scope);
                }
            },
            TableFactor::TableFunction { expr, alias: _ } => {
                self.unsupported("TABLE(…)", start_of(expr));
                self.add(None, None, Columns::Open, scope);
            }
            TableFactor::Pivot {
                table,
                aggregate_functions,
                value_column,
                value_source,
                default_on_null,
                alias,
            } => self.pivot(
                &super::pivot::Pivot {
                    table,
                    aggregates: aggregate_functions,
                    by: value_column,
                    values: value_source,
                    keys: default_on_null.as_ref(),
                    alias: alias.as_ref(),
                },
                scope,
            ),
            TableFactor::Unpivot {
                table,
                value,
                // which rows are left out changes no name
                null_inclusion: _,
                name,
                columns,
                alias,
            } => self.unpivot(table, (value, name), columns, alias.as_ref(), scope),
            TableFactor::OpenJsonTable { .. }
            | TableFactor::UnpivotExpr { .. }
            | TableFactor::MatchRecognize { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. } => {
                self.refuse(
                    "unsupported",
                    "that form of table cannot be checked",
                    Location::empty(),
                );
                self.add(None, None, Columns::Open, scope);
            }
        }
    }

    /// Reads something that can see the tables before it.
    pub(super) fn beside<T>(&mut self, scope: &mut Scope, read: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(std::mem::take(scope));
        let result = read(self);
        *scope = self.scopes.pop().unwrap_or_default();
        result
    }

    fn alias_extras(&mut self, alias: Option<&TableAlias>) {
        if let Some(at) = alias.and_then(|alias| alias.at.as_ref()) {
            self.unsupported("AT after an alias", at.span.start);
        }
    }

    fn sample(&mut self, sample: Option<&TableSampleKind>, at: Location) {
        let Some(
            TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample),
        ) = sample
        else {
            return;
        };
        if !matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) || sample.bucket.is_some() {
            self.unsupported("TABLESAMPLE", at);
        }
        if let Some(quantity) = &sample.quantity {
            self.limit_value(&quantity.value);
        }
        if let Some(offset) = &sample.offset {
            self.limit_value(offset);
        }
    }

    /// A table, a view or a CTE by its name.
    pub(super) fn named_relation(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
    ) -> Columns {
        let _ = alias;
        let at = start_of_name(name);
        let parts: Option<Vec<&Ident>> = name.0.iter().map(|part| part.as_ident()).collect();
        let Some(parts) = parts else {
            self.unsupported("a computed table name", at);
            return Columns::Open;
        };
        let (namespace, ident) = match parts.as_slice() {
            [ident] => (None, *ident),
            [namespace, ident] => (Some(self.column_key(namespace)), *ident),
            _ => {
                self.refuse(
                    "unknown_table",
                    format!("`{name}` names a table of another database"),
                    at,
                );
                return Columns::Open;
            }
        };
        if ident.quote_style == Some('\'') {
            self.refuse(
                "unknown_table",
                format!("`{name}` is a string, not a table"),
                at,
            );
            return Columns::Open;
        }
        let key = self.table_key(ident);
        if namespace.is_none()
            && let Some(cte) = self.ctes.iter().rev().find(|cte| cte.key == key)
        {
            if cte.open {
                self.recursive_uses += 1;
            }
            self.rows = cte.rows;
            return cte.columns.clone();
        }
        if self.is_system(namespace.as_deref(), &key) {
            self.refuse(
                "system_catalog",
                format!("`{name}` is a system catalog; only the dataset's tables may be read"),
                at,
            );
            return Columns::Open;
        }
        match self.catalog.find(namespace.as_deref(), &key) {
            TableFound::One(id) => {
                if !self.quiet {
                    self.tables.insert(id);
                }
                let rows = self.catalog.table(id).rows;
                self.rows_counted &= rows.is_some();
                self.rows = rows.unwrap_or(super::product::UNKNOWN);
                Columns::Table(id)
            }
            TableFound::Elsewhere(id) => {
                let table = self.catalog.table(id);
                let full = match &table.namespace {
                    Some(namespace) => {
                        format!("{}.{}", self.spelled(namespace), self.spelled(&table.name))
                    }
                    None => self.spelled(&table.name),
                };
                self.refuse_with(
                    "unknown_table",
                    format!(
                        "the table `{}` has to be named with its schema",
                        ident.value
                    ),
                    at,
                    Some(full),
                );
                Columns::Open
            }
            TableFound::None
                if self.dialect == Dialect::Mysql
                    && namespace.is_none()
                    && ident.quote_style.is_none()
                    && key.eq_ignore_ascii_case("dual") =>
            {
                // one row without columns, which MySQL has although nobody made it
                self.rows = 1.0;
                Columns::Derived([].into())
            }
            TableFound::None => {
                self.unknown_table(name, ident, namespace.is_some());
                Columns::Open
            }
        }
    }

    fn unknown_table(&mut self, name: &ObjectName, ident: &Ident, qualified: bool) {
        let at = start_of_name(name);
        let ctes: Vec<String> = self.ctes.iter().map(|cte| cte.key.clone()).collect();
        let names = self
            .catalog
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .chain(ctes.iter().map(String::as_str));
        let exact = qualified
            .then(|| {
                self.catalog
                    .tables
                    .iter()
                    .find(|table| table.name == ident.value)
            })
            .flatten()
            .map(|table| table.name.as_str());
        let suggestion = exact
            .or_else(|| nearest(&ident.value, names))
            .map(|name| self.spelled(name));
        let message = match &suggestion {
            Some(other) => format!("there is no table `{name}`; did you mean `{other}`?"),
            None => format!("there is no table `{name}`"),
        };
        self.refuse_with("unknown_table", message, at, suggestion);
    }

    pub(super) fn is_system(&self, namespace: Option<&str>, key: &str) -> bool {
        let key = key.to_ascii_lowercase();
        let namespace = namespace.map(str::to_ascii_lowercase);
        let schema_is = |names: &[&str]| {
            namespace
                .as_deref()
                .is_some_and(|namespace| names.contains(&namespace))
        };
        match self.dialect {
            Dialect::Postgres => {
                schema_is(&["pg_catalog", "information_schema", "pg_toast"])
                    || (namespace.is_none() && key.starts_with("pg_"))
            }
            Dialect::Mysql => {
                schema_is(&["information_schema", "mysql", "performance_schema", "sys"])
            }
            Dialect::Sqlite => {
                key.starts_with("sqlite_") || key.starts_with("pragma_") || key == "dbstat"
            }
            Dialect::Duckdb => {
                schema_is(&["information_schema", "pg_catalog", "system", "temp"])
                    || key.starts_with("sqlite_")
                    || key.starts_with("duckdb_")
                    || key.starts_with("pragma_")
                    || key.starts_with("pg_")
            }
            Dialect::Kdb => false,
        }
    }

    pub(super) fn add(
        &mut self,
        ident: Option<&Ident>,
        namespace: Option<String>,
        columns: Columns,
        scope: &mut Scope,
    ) {
        let (key, shown) = match ident {
            Some(ident) => (self.table_key(ident), ident.value.clone()),
            None => (String::new(), String::new()),
        };
        if let Some(ident) = ident
            && ident.quote_style.is_none()
            && matches!(
                ident.value.to_ascii_lowercase().as_str(),
                "null" | "true" | "false"
            )
        {
            self.unsupported("that word as an alias", ident.span.start);
        }
        let twice = !key.is_empty()
            && self.dialect != Dialect::Sqlite
            && scope
                .relations
                .iter()
                .any(|known| known.key == key && known.namespace == namespace);
        if twice {
            self.refuse(
                "duplicate_alias",
                format!("`{shown}` stands in FROM twice; give each its own alias"),
                ident.map_or_else(Location::empty, |ident| ident.span.start),
            );
        }
        scope.relations.push(Relation {
            key,
            shown,
            namespace,
            columns,
            rows: self.rows,
        });
    }

    /// Columns under the names of `t(a, b)`.
    pub(super) fn renamed(
        &mut self,
        mut outputs: Vec<Output>,
        names: &[TableAliasColumnDef],
        of: &Ident,
    ) -> Columns {
        let whole = matches!(self.dialect, Dialect::Sqlite | Dialect::Mysql);
        let wrong = names.len() > outputs.len() || (whole && names.len() < outputs.len());
        if !names.is_empty() && wrong && self.findings.is_empty() {
            self.refuse(
                "setop_arity",
                format!(
                    "`{}` has {} columns but {} names are given",
                    of.value,
                    outputs.len(),
                    names.len()
                ),
                of.span.start,
            );
        }
        for (output, name) in outputs.iter_mut().zip(names) {
            output.key = self.column_key(&name.name);
            output.name = name.name.value.clone();
        }
        for output in &mut outputs {
            // what was an aggregate inside is a plain column outside
            output.aggregate = false;
            output.window = false;
            // a string that nothing has given another type is text by now
            if self.dialect == Dialect::Postgres && output.ty == Ty::Literal {
                output.ty = Ty::of(ValueKind::Text);
            }
        }
        Columns::Derived(outputs.into())
    }
}

pub(super) fn factor_start(factor: &TableFactor) -> Location {
    match factor {
        TableFactor::Table { name, .. } | TableFactor::Function { name, .. } => start_of_name(name),
        TableFactor::Derived { subquery, .. } => start_of_query(subquery),
        TableFactor::UNNEST { array_exprs, .. } => {
            array_exprs.first().map_or_else(Location::empty, start_of)
        }
        TableFactor::NestedJoin {
            table_with_joins, ..
        } => factor_start(&table_with_joins.relation),
        TableFactor::TableFunction { expr, .. } => start_of_expr(expr),
        _ => Location::empty(),
    }
}

fn start_of_expr(expr: &Expr) -> Location {
    start_of(expr)
}
