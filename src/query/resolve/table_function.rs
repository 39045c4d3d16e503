//! Functions in FROM, and the columns that they make.

use super::call::Argument;
use super::place::start_of_name;
use super::{Clause, Columns, Output, Resolver, Scope, engine_name};
use crate::query::Dialect;
use crate::query::catalog::column_key;
use crate::query::functions::Class;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{FunctionArg, Ident, JsonTableColumn, ObjectName, TableAlias};
use sqlparser::tokenizer::Location;

impl Resolver<'_> {
    pub(super) fn table_function(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &mut Scope,
    ) {
        use Dialect::{Duckdb, Postgres};
        let at = start_of_name(name);
        if with_ordinality && !matches!(self.dialect, Postgres | Duckdb) {
            self.unsupported("WITH ORDINALITY", at);
        }
        let arguments = self.arguments(args, name);
        let generated = self.generated;
        let values = self.beside(scope, |me| {
            me.in_clause(Clause::From, |me| {
                arguments
                    .iter()
                    .map(|argument| match argument {
                        Argument::Expr(expr) => me.expr(expr),
                        Argument::Star => super::Value::of(Ty::Any),
                    })
                    .collect::<Vec<_>>()
            })
        });
        let Some(key) = self.function_key(name).filter(|key| {
            let system = self.is_system(None, key);
            if system {
                self.refuse(
                    "system_catalog",
                    format!("`{name}` shows the database's own catalog"),
                    at,
                );
            }
            !system
        }) else {
            self.add(alias.map(|alias| &alias.name), None, Columns::Open, scope);
            return;
        };
        let rooted = values.iter().any(|value| value.rooted);
        let record = matches!(
            key.as_str(),
            "json_to_recordset" | "jsonb_to_recordset" | "json_to_record" | "jsonb_to_record"
        ) && self.dialect == Postgres;
        let outputs = if record {
            self.record(alias, rooted, at)
        } else {
            let Some(function) = self.listed(&key, name, false) else {
                self.add(alias.map(|alias| &alias.name), None, Columns::Open, scope);
                return;
            };
            if function.class != Class::Table {
                let engine = engine_name(self.dialect);
                self.refuse(
                    "function_not_allowed",
                    format!("`{}` makes no rows for FROM in {engine}", function.name),
                    at,
                );
            }
            self.check_arity(function, &arguments, name);
            self.check_arguments(function, &arguments, &values);
            self.check_bounds(function.name, &arguments, &values, at);
            let given = self.given(function, &values);
            self.table_columns(function.name, given, rooted, values.len())
        };
        let mut outputs = outputs;
        if with_ordinality {
            outputs.push(made("ordinality", Ty::of(ValueKind::Integer), true));
        }
        for output in &mut outputs {
            // what is taken apart was together before
            output.longest = values
                .iter()
                .map(|v| v.longest)
                .fold(output.longest, f64::max);
        }
        self.rows = self.generated / generated;
        if record {
            self.add(
                alias.map(|alias| &alias.name),
                None,
                Columns::Derived(outputs.into()),
                scope,
            );
        } else {
            self.add_function(&key, outputs, alias, scope);
        }
    }

    fn table_columns(&self, name: &str, given: Ty, rooted: bool, arguments: usize) -> Vec<Output> {
        let text = Ty::of(ValueKind::Text);
        let integer = Ty::of(ValueKind::Integer);
        match (name, self.dialect) {
            ("json_each" | "json_tree", Dialect::Sqlite | Dialect::Duckdb) => [
                ("key", Ty::Any),
                ("value", Ty::Any),
                ("type", text),
                ("atom", Ty::Any),
                ("id", integer),
                ("parent", integer),
                ("fullkey", text),
                ("path", text),
            ]
            .into_iter()
            .map(|(name, ty)| made(name, ty, rooted))
            .collect(),
            ("json_each" | "jsonb_each", _) => vec![
                made("key", text, rooted),
                made("value", Ty::of(ValueKind::Json), rooted),
            ],
            ("json_each_text" | "jsonb_each_text", _) => {
                vec![made("key", text, rooted), made("value", text, rooted)]
            }
            (name, Dialect::Postgres) if name.contains("_array_elements") => {
                vec![made("value", given, rooted)]
            }
            ("unnest", _) => (0..arguments.max(1))
                .map(|_| made("unnest", Ty::Any, rooted))
                .collect(),
            (name, _) => vec![made(name, given, rooted)],
        }
    }

    /// `jsonb_to_recordset(…) AS t(a int, b text)`.
    fn record(&mut self, alias: Option<&TableAlias>, rooted: bool, at: Location) -> Vec<Output> {
        let Some(alias) = alias.filter(|alias| !alias.columns.is_empty()) else {
            self.refuse(
                "syntax_error",
                "a record function needs AS name(column type, …)",
                at,
            );
            return Vec::new();
        };
        let mut outputs = Vec::new();
        for column in &alias.columns {
            let ty = match &column.data_type {
                Some(data_type) => self.cast_to(data_type, column.name.span.start),
                None => Ty::Any,
            };
            let mut output = made(&column.name.value, ty, rooted);
            output.key = self.column_key(&column.name);
            outputs.push(output);
        }
        outputs
    }

    pub(super) fn json_columns(&mut self, columns: &[JsonTableColumn], outputs: &mut Vec<Output>) {
        for column in columns {
            let (name, ty) = match column {
                JsonTableColumn::Named(named) => {
                    let ty = self.cast_to(&named.r#type, named.name.span.start);
                    (&named.name, ty)
                }
                JsonTableColumn::ForOrdinality(name) => (name, Ty::of(ValueKind::Integer)),
                JsonTableColumn::Nested(nested) => {
                    self.json_columns(&nested.columns, outputs);
                    continue;
                }
            };
            let mut output = made(&name.value, ty, true);
            output.key = self.column_key(name);
            outputs.push(output);
        }
    }

    /// A function's columns, of which a single one takes the alias as its own name.
    pub(super) fn add_function(
        &mut self,
        name: &str,
        mut outputs: Vec<Output>,
        alias: Option<&TableAlias>,
        scope: &mut Scope,
    ) {
        match alias {
            Some(alias) if !alias.columns.is_empty() => {
                let columns = self.renamed(outputs, &alias.columns, &alias.name);
                self.add(Some(&alias.name), None, columns, scope);
            }
            Some(alias) => {
                if self.dialect == Dialect::Postgres
                    && let Some(first) = outputs.first_mut()
                    && first.name == name
                {
                    first.key = self.column_key(&alias.name);
                    first.name = alias.name.value.clone();
                }
                self.add(
                    Some(&alias.name),
                    None,
                    Columns::Derived(outputs.into()),
                    scope,
                );
            }
            None => {
                let ident = Ident::new(name);
                self.add(Some(&ident), None, Columns::Derived(outputs.into()), scope);
            }
        }
    }
}

pub(super) fn made(name: &str, ty: Ty, rooted: bool) -> Output {
    Output {
        key: column_key(name, Dialect::Postgres),
        name: name.to_owned(),
        ty,
        origin: None,
        rooted,
        longest: ty.usual_length(),
        aggregate: false,
        window: false,
        named: false,
    }
}
