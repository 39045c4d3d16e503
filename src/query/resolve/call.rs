//! Function calls: listed, with the right number of arguments, where the engine allows them.

use super::misnamed::nearest;
use super::place::{start_of, start_of_name};
use super::{Clause, Resolver, Value};
use crate::query::Dialect;
use crate::query::functions::{self, Class, Values};
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator,
    FunctionArgumentClause, FunctionArguments, Ident, ObjectName, WindowType,
};

/// Arguments of `make_interval`.
const INTERVAL_PARTS: [&str; 7] = ["years", "months", "weeks", "days", "hours", "mins", "secs"];

/// An argument as written.
pub(super) enum Argument<'q> {
    Expr(&'q Expr),
    Star,
}

impl Resolver<'_> {
    pub(super) fn call(&mut self, call: &Function) -> Value {
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = call;
        let at = start_of_name(name);
        if *uses_odbc_syntax {
            self.unsupported("{fn …}", at);
        }
        if !matches!(parameters, FunctionArguments::None) {
            self.unsupported("a function with parameters", at);
        }
        let (arguments, distinct, clauses) = match args {
            FunctionArguments::None => (Vec::new(), false, &[][..]),
            FunctionArguments::Subquery(query) => {
                // DuckDB's ARRAY(SELECT …) and PostgreSQL's
                let is_array = name.0.len() == 1
                    && name.0[0]
                        .as_ident()
                        .is_some_and(|ident| ident.value.eq_ignore_ascii_case("array"));
                if !is_array || !matches!(self.dialect, Postgres | Duckdb) {
                    self.unsupported("a function of a query", at);
                }
                let outputs = self.subquery(query);
                if outputs.len() > 1 {
                    self.refuse("scalar_subquery_arity", "ARRAY takes one column", at);
                }
                return Value::of(Ty::Known(ValueKind::Array))
                    .rooted(true)
                    .longest(super::length::GATHERED);
            }
            FunctionArguments::List(list) => (
                self.arguments(&list.args, name),
                list.duplicate_treatment == Some(DuplicateTreatment::Distinct),
                list.clauses.as_slice(),
            ),
        };
        let Some(key) = self.function_key(name) else {
            for argument in &arguments {
                if let Argument::Expr(expr) = argument {
                    self.expr(expr);
                }
            }
            return Value::of(Ty::Any).rooted(true);
        };
        if self.dialect == Duckdb && key == "columns" && over.is_none() && filter.is_none() {
            return self.spread(&arguments, at);
        }
        let bare = matches!(args, FunctionArguments::None);
        let Some(function) = self.listed(&key, name, bare) else {
            // the arguments may hold more mistakes worth telling
            for argument in &arguments {
                if let Argument::Expr(expr) = argument {
                    self.expr(expr);
                }
            }
            return Value::of(Ty::Any).rooted(true);
        };
        let mut class = function.class;
        // SQLite's min and max of several values compare them
        if self.dialect == Sqlite && matches!(function.name, "min" | "max") && arguments.len() > 1 {
            class = Class::Scalar;
        }
        self.check_arity(function, &arguments, name);

        let windowed = over.is_some();
        if class == Class::Window && !windowed && within_group.is_empty() {
            self.refuse(
                "window_misuse",
                format!("`{}` needs OVER (…)", function.name),
                at,
            );
        }
        if windowed && !matches!(class, Class::Window | Class::Aggregate) {
            self.refuse(
                "window_misuse",
                format!(
                    "`{}` is no window function and takes no OVER",
                    function.name
                ),
                at,
            );
        }
        if class != Class::Aggregate && (distinct || filter.is_some() && !windowed) {
            self.refuse(
                "aggregate_misuse",
                format!(
                    "DISTINCT and FILTER need an aggregate; `{}` is none",
                    function.name
                ),
                at,
            );
        }
        if class == Class::Table && !self.may_generate_here(function.name) {
            self.refuse(
                "function_not_allowed",
                format!("`{}` makes rows and can only stand in FROM", function.name),
                at,
            );
        }

        let aggregates = class == Class::Aggregate && !windowed;
        let outer = self.reading;
        if aggregates {
            self.reading.in_aggregate = true;
        }
        if windowed {
            self.reading.in_window = true;
        }
        let own_before = self.reading.own_columns;
        let deepest_before = self.deepest.take();
        let mut values = Vec::with_capacity(arguments.len());
        for argument in &arguments {
            values.push(match argument {
                Argument::Expr(expr) if values.is_empty() => self.first(expr, function.name),
                Argument::Expr(expr) => self.expr(expr),
                Argument::Star => Value::of(Ty::Any),
            });
        }
        for clause in clauses {
            self.clause(clause, function.name, class);
        }
        if distinct && self.dialect == Postgres {
            self.check_distinct_aggregate(&arguments, clauses);
        }
        if let Some(condition) = filter {
            if self.dialect == Mysql {
                self.unsupported("FILTER", start_of(condition));
            }
            self.condition(condition);
        }
        if !within_group.is_empty() && !matches!(self.dialect, Postgres | Duckdb | Mysql) {
            self.unsupported("WITHIN GROUP", at);
        }
        for key in within_group {
            self.order_options(key);
            let value = self.expr(&key.expr);
            values.push(value);
        }
        if null_treatment.is_some() && self.dialect != Duckdb {
            self.unsupported("IGNORE NULLS", at);
        }
        match over {
            None => {}
            Some(WindowType::NamedWindow(window)) => self.window_name(window),
            Some(WindowType::WindowSpec(spec)) => self.window_spec(spec),
        }
        self.reading.in_aggregate = outer.in_aggregate;
        self.reading.in_window = outer.in_window;

        let deepest = self.deepest;
        self.deepest = deepest.max(deepest_before);
        let rooted = values.iter().any(|value| value.rooted);
        if aggregates {
            let of_outer_query = self.scopes.len() > 1
                && rooted
                && self.reading.own_columns == own_before
                && !arguments.is_empty();
            match deepest {
                Some(scope) if of_outer_query => self.aggregate_outside(function.name, scope, at),
                _ if of_outer_query => {}
                _ => {
                    self.aggregate_here(function.name, outer, at);
                    self.reading.aggregates += 1;
                }
            }
        }
        if windowed {
            self.window_here(function.name, outer, at);
            self.reading.windows += 1;
        }
        self.check_arguments(function, &arguments, &values);
        self.check_bounds(function.name, &arguments, &values, at);
        let counts = function.name.starts_with("count");
        let given = self.given(function, &values);
        let longest = self.call_length(function.name, &arguments, &values, given, at);
        Value::of(given).rooted(rooted || counts).longest(longest)
    }

    /// DuckDB's `COLUMNS(*)`, `COLUMNS('pattern')`, `COLUMNS(c -> …)`: the expression, once for each column.
    fn spread(&mut self, arguments: &[Argument<'_>], at: sqlparser::tokenizer::Location) -> Value {
        let fits = match arguments {
            [Argument::Star] => true,
            [Argument::Expr(of @ (Expr::Value(_) | Expr::Lambda(_)))] => {
                self.expr(of);
                true
            }
            _ => false,
        };
        if !fits || self.reading.clause != Clause::Select {
            self.refuse(
                "unsupported",
                "COLUMNS is understood in a select list, as COLUMNS(*), COLUMNS('pattern') or COLUMNS(c -> …); \
                 elsewhere name the columns",
                at,
            );
        }
        let columns = match self.scopes.len() {
            0 => Vec::new(),
            depth => self.star(depth - 1),
        };
        let longest = columns
            .iter()
            .map(|column| column.longest)
            .fold(super::length::COLUMN, f64::max);
        self.spread = Some(columns);
        self.reading.own_columns += 1;
        Value::of(Ty::Any).rooted(true).longest(longest)
    }

    /// An aggregate over columns of a query further out is that query's.
    fn aggregate_outside(&mut self, name: &str, scope: usize, at: sqlparser::tokenizer::Location) {
        let clause = self
            .around
            .iter()
            .rev()
            .find(|(around, _)| *around == scope)
            .map(|(_, clause)| *clause);
        self.aggregated.push(scope);
        // SQLite lets it stand in WHERE and counts over what is left
        if let Some(clause) = clause.filter(|_| self.dialect != Dialect::Sqlite) {
            self.aggregate_here(name, super::Reading::new(clause), at);
        }
    }

    fn aggregate_here(
        &mut self,
        name: &str,
        outer: super::Reading,
        at: sqlparser::tokenizer::Location,
    ) {
        if outer.in_aggregate {
            self.refuse(
                "aggregate_misuse",
                format!("the aggregate `{name}` stands inside another aggregate"),
                at,
            );
            return;
        }
        let place = match outer.clause {
            Clause::Where => "WHERE; use HAVING",
            Clause::On => "JOIN … ON",
            Clause::From => "FROM",
            Clause::GroupBy => "GROUP BY",
            Clause::Limit => "LIMIT",
            Clause::Values => "VALUES",
            Clause::Select
            | Clause::Having
            | Clause::Qualify
            | Clause::Window
            | Clause::OrderBy => return,
        };
        self.refuse(
            "aggregate_misuse",
            format!("the aggregate `{name}` cannot stand in {place}"),
            at,
        );
    }

    fn window_here(
        &mut self,
        name: &str,
        outer: super::Reading,
        at: sqlparser::tokenizer::Location,
    ) {
        if outer.in_window || outer.in_aggregate {
            self.refuse(
                "window_misuse",
                format!("the window function `{name}` stands inside another window or aggregate"),
                at,
            );
            return;
        }
        if !matches!(
            outer.clause,
            Clause::Select | Clause::OrderBy | Clause::Qualify
        ) {
            self.refuse(
                "window_misuse",
                format!("the window function `{name}` cannot stand here; wrap the query"),
                at,
            );
        }
    }

    /// MySQL's units in TIMESTAMPDIFF(unit, …) look like columns.
    fn first(&mut self, expr: &Expr, function: &str) -> Value {
        if let (Expr::Identifier(ident), Dialect::Mysql, "timestampdiff" | "timestampadd") =
            (expr, self.dialect, function)
        {
            const UNITS: &[&str] = &[
                "microsecond",
                "second",
                "minute",
                "hour",
                "day",
                "week",
                "month",
                "quarter",
                "year",
            ];
            let word = ident.value.to_ascii_lowercase();
            if UNITS.contains(&word.trim_start_matches("sql_tsi_")) {
                return Value::of(Ty::Any);
            }
            self.refuse(
                "syntax_error",
                format!("`{function}` begins with a unit: DAY, MONTH, …"),
                ident.span.start,
            );
            return Value::of(Ty::Any);
        }
        if let (Expr::Identifier(ident), Dialect::Mysql, "get_format") =
            (expr, self.dialect, function)
            && ["date", "time", "datetime", "timestamp"]
                .contains(&ident.value.to_ascii_lowercase().as_str())
        {
            return Value::of(Ty::Any);
        }
        self.expr(expr)
    }

    pub(super) fn arguments<'q>(
        &mut self,
        args: &'q [FunctionArg],
        name: &ObjectName,
    ) -> Vec<Argument<'q>> {
        let mut arguments = Vec::with_capacity(args.len());
        for arg in args {
            let (expr, operator) = match arg {
                FunctionArg::Unnamed(expr) => (expr, None),
                FunctionArg::Named {
                    name: named,
                    arg,
                    operator,
                }
                | FunctionArg::ExprNamed {
                    name: Expr::Identifier(named),
                    arg,
                    operator,
                } => {
                    self.check_named(named, name);
                    (arg, Some(operator))
                }
                FunctionArg::ExprNamed { .. } => {
                    self.unsupported("a computed argument name", start_of_name(name));
                    continue;
                }
            };
            let named_fine = match operator {
                None => true,
                Some(FunctionArgOperator::RightArrow | FunctionArgOperator::Assignment) => {
                    matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb)
                }
                Some(
                    FunctionArgOperator::Equals
                    | FunctionArgOperator::Colon
                    | FunctionArgOperator::Value
                    | FunctionArgOperator::Space,
                ) => false,
            };
            if !named_fine {
                self.unsupported("that form of argument", start_of_name(name));
            }
            match expr {
                FunctionArgExpr::Expr(expr) => arguments.push(Argument::Expr(expr)),
                FunctionArgExpr::Wildcard => arguments.push(Argument::Star),
                // whole rows, to be counted
                FunctionArgExpr::QualifiedWildcard(of)
                    if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb)
                        && of.0.len() == 1
                        && of.0[0].as_ident().is_some_and(|table| {
                            let key = self.table_key(table);
                            self.relation(&key).is_some()
                        }) =>
                {
                    arguments.push(Argument::Star);
                }
                FunctionArgExpr::QualifiedWildcard(_) => {
                    self.unsupported("`table.*` as an argument", start_of_name(name));
                }
                FunctionArgExpr::WildcardWithOptions(_) => {
                    self.unsupported("that addition to `*`", start_of_name(name));
                }
            }
        }
        arguments
    }

    /// The name as it is listed; None after a finding.
    pub(super) fn function_key(&mut self, name: &ObjectName) -> Option<String> {
        let parts: Option<Vec<&Ident>> = name.0.iter().map(|part| part.as_ident()).collect();
        let at = start_of_name(name);
        let ident = match (parts.as_deref(), self.dialect) {
            (Some([ident]), _) => *ident,
            (Some([schema, ident]), Dialect::Postgres)
                if self.column_key(schema) == "pg_catalog" =>
            {
                *ident
            }
            _ => {
                self.refuse(
                    "function_not_allowed",
                    format!("`{name}` is a function of another schema, which is not allowed"),
                    at,
                );
                return None;
            }
        };
        Some(match (self.dialect, ident.quote_style) {
            (Dialect::Postgres, Some(_)) => ident.value.clone(),
            _ => ident.value.to_ascii_lowercase(),
        })
    }

    pub(super) fn listed(
        &mut self,
        key: &str,
        name: &ObjectName,
        bare: bool,
    ) -> Option<&'static functions::Function> {
        let at = start_of_name(name);
        let found = functions::function(key, self.dialect);
        if let Some(function) = found {
            let without_brackets =
                key.starts_with("current_") || key.starts_with("local") || key.starts_with("utc_");
            let brackets_forbidden = !bare
                && without_brackets
                && function.most == Some(0)
                && matches!(self.dialect, Dialect::Postgres | Dialect::Sqlite);
            if bare && !without_brackets || brackets_forbidden {
                self.unsupported(&format!("`{name}` so written"), at);
            }
            return found;
        }
        let lower = key.to_ascii_lowercase();
        if functions::is_known_harmful(&lower) {
            self.refuse(
                "side_effect_function",
                format!("`{name}` does more than compute a value and is not allowed"),
                at,
            );
            return None;
        }
        let suggestion = equivalent(&lower, self.dialect)
            .or_else(|| nearest(&lower, functions::names(self.dialect)))
            .map(str::to_owned);
        let message = match &suggestion {
            Some(other) => {
                format!("there is no function `{name}` to use here; did you mean `{other}`?")
            }
            None => format!("there is no function `{name}` to use here"),
        };
        self.refuse_with("unknown_function", message, at, suggestion);
        None
    }

    pub(super) fn check_arity(
        &mut self,
        function: &functions::Function,
        arguments: &[Argument<'_>],
        name: &ObjectName,
    ) {
        let at = start_of_name(name);
        let starred = arguments
            .iter()
            .any(|argument| matches!(argument, Argument::Star));
        if starred {
            if function.name != "count" || arguments.len() != 1 {
                self.refuse(
                    "wrong_arity",
                    format!("`{}` does not take `*`", function.name),
                    at,
                );
            }
            return;
        }
        let given = arguments.len();
        let too_few = given < function.least;
        let too_many = function.most.is_some_and(|most| given > most);
        if too_few || too_many {
            let wanted = match function.most {
                Some(most) if most == function.least => most.to_string(),
                Some(most) => format!("{} to {most}", function.least),
                None => format!("{} or more", function.least),
            };
            self.refuse(
                "wrong_arity",
                format!("`{}` takes {wanted} arguments, not {given}", function.name),
                at,
            );
        }
    }

    fn clause(&mut self, clause: &FunctionArgumentClause, name: &str, class: Class) {
        use Dialect::{Duckdb, Mysql, Postgres};
        let at = sqlparser::tokenizer::Location::empty();
        match clause {
            FunctionArgumentClause::OrderBy(keys) => {
                if class != Class::Aggregate {
                    self.unsupported(&format!("ORDER BY in `{name}`"), at);
                }
                for key in keys {
                    self.order_options(key);
                    self.expr(&key.expr);
                }
            }
            FunctionArgumentClause::Separator(value) => {
                if self.dialect != Mysql {
                    self.unsupported("SEPARATOR", value.span.start);
                }
            }
            FunctionArgumentClause::Limit(expr) => {
                if self.dialect != Mysql {
                    self.unsupported("LIMIT in a function", start_of(expr));
                }
                self.limit_value(expr);
            }
            FunctionArgumentClause::IgnoreOrRespectNulls(_) => {
                if self.dialect != Duckdb {
                    self.unsupported("IGNORE NULLS", at);
                }
            }
            FunctionArgumentClause::JsonNullClause(_) => {
                if self.dialect != Postgres {
                    self.unsupported("NULL ON NULL", at);
                }
            }
            FunctionArgumentClause::Where(expr) => {
                self.unsupported("WHERE in a function", start_of(expr));
            }
            FunctionArgumentClause::OnOverflow(_)
            | FunctionArgumentClause::Having(_)
            | FunctionArgumentClause::JsonReturningClause(_) => {
                self.unsupported("that clause in a function", at);
            }
        }
    }

    /// Of functions whose arguments are usually named, the names are known.
    fn check_named(&mut self, named: &Ident, function: &ObjectName) {
        if function.to_string().eq_ignore_ascii_case("make_interval")
            && !INTERVAL_PARTS.contains(&named.value.to_lowercase().as_str())
        {
            self.refuse(
                "unknown_argument",
                format!(
                    "`make_interval` has no argument `{}`; it has {}",
                    named.value,
                    INTERVAL_PARTS.join(", ")
                ),
                named.span.start,
            );
        }
    }

    /// PostgreSQL sorts by what it has made distinct, and by nothing else.
    fn check_distinct_aggregate(
        &mut self,
        arguments: &[Argument<'_>],
        clauses: &[FunctionArgumentClause],
    ) {
        let given: Vec<String> = arguments
            .iter()
            .filter_map(|argument| match argument {
                Argument::Expr(expr) => Some(self.plain(expr)),
                Argument::Star => None,
            })
            .collect();
        for clause in clauses {
            let FunctionArgumentClause::OrderBy(keys) = clause else {
                continue;
            };
            for key in keys {
                if !given.contains(&self.plain(&key.expr)) {
                    self.refuse(
                        "distinct_order",
                        "an aggregate with DISTINCT can only be ordered by what it takes",
                        start_of(&key.expr),
                    );
                }
            }
        }
    }

    /// Functions that make rows may stand in a select list of some engines.
    fn may_generate_here(&self, name: &str) -> bool {
        match self.dialect {
            Dialect::Postgres => self.reading.clause == Clause::Select,
            Dialect::Duckdb => {
                matches!(name, "generate_series" | "range") || self.reading.clause == Clause::Select
            }
            Dialect::Sqlite | Dialect::Mysql | Dialect::Kdb => false,
        }
    }

    /// PostgreSQL picks functions by the types of their arguments.
    pub(super) fn check_arguments(
        &mut self,
        function: &functions::Function,
        arguments: &[Argument<'_>],
        values: &[Value],
    ) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        for (index, (argument, value)) in arguments.iter().zip(values).enumerate() {
            let Argument::Expr(expr) = argument else {
                continue;
            };
            let Some(parameter) = function
                .parameters
                .get(index)
                .or_else(|| function.parameters.last())
            else {
                continue;
            };
            if !fits(*parameter, value.ty) {
                self.refuse(
                    "type_mismatch",
                    format!(
                        "`{}` does not take {} as argument {}; cast it",
                        function.name,
                        value.ty.shown(),
                        index + 1
                    ),
                    start_of(expr),
                );
            }
        }
        if function.name == "round"
            && let [_, Argument::Expr(digits)] = arguments
            && let Some(Ty::Known(ValueKind::Decimal | ValueKind::Float)) =
                values.get(1).map(|value| value.ty)
        {
            self.refuse(
                "type_mismatch",
                "`round` takes a whole number of digits; cast it to integer",
                start_of(digits),
            );
        }
        if function.name == "round"
            && values.len() == 2
            && values[0].ty == Ty::Known(ValueKind::Float)
            && let [Argument::Expr(expr), _] = arguments
        {
            self.refuse_with(
                "type_mismatch",
                "`round` with a number of digits takes numeric, not a float",
                start_of(expr),
                Some(format!("round(({expr})::numeric, …)")),
            );
        }
        if matches!(function.name, "coalesce" | "greatest" | "least") {
            let mut first: Option<Value> = None;
            for (argument, value) in arguments.iter().zip(values) {
                let Argument::Expr(expr) = argument else {
                    continue;
                };
                if let Some(first) = first {
                    self.check_comparable(function.name, first, *value, start_of(expr));
                }
                first = Some(match first {
                    Some(first) => Value::of(first.ty.or(value.ty)),
                    None => *value,
                });
            }
        }
    }

    pub(super) fn given(&self, function: &functions::Function, values: &[Value]) -> Ty {
        let first = values.first().map_or(Ty::Any, |value| value.ty);
        match function.gives {
            Values::Any => self.computed(function.name, first),
            Values::First => match first {
                Ty::Literal => Ty::Any,
                ty => ty,
            },
            Values::Common => values
                .iter()
                .map(|value| value.ty)
                .reduce(Ty::or)
                .unwrap_or(Ty::Any),
            Values::Kind(kind) => Ty::of(kind),
            Values::Number | Values::Text | Values::When | Values::Sum => Ty::Any,
        }
    }

    /// Results that depend on the argument in a way of their own.
    fn computed(&self, name: &str, first: Ty) -> Ty {
        use ValueKind::{Decimal, Float, Integer, Interval, Timestamp};
        let Some(kind) = first.kind() else {
            return Ty::Any;
        };
        let exact = match self.dialect {
            Dialect::Postgres | Dialect::Mysql => Decimal,
            _ => Float,
        };
        match (name, kind) {
            ("sum", kind) if kind.is_number() => Ty::Known(kind),
            ("sum" | "avg", Interval) => Ty::Known(Interval),
            (
                "avg" | "stddev" | "stddev_pop" | "stddev_samp" | "variance" | "var_pop"
                | "var_samp",
                Integer | Decimal,
            ) => Ty::Known(exact),
            (
                "avg" | "stddev" | "stddev_pop" | "stddev_samp" | "variance" | "var_pop"
                | "var_samp",
                Float,
            ) => Ty::Known(Float),
            ("sqrt" | "exp" | "ln" | "log" | "log10" | "power" | "pow", Decimal) => {
                Ty::Known(exact)
            }
            ("sqrt" | "exp" | "ln" | "log" | "log10" | "power" | "pow", Integer | Float) => {
                Ty::Known(Float)
            }
            ("date_trunc", ValueKind::Date | Timestamp) => Ty::Known(Timestamp),
            (
                "round" | "truncate" | "ceil" | "ceiling" | "floor" | "min" | "max" | "median",
                kind,
            ) if kind.is_number() => Ty::Known(kind),
            ("min" | "max", kind) => Ty::Known(kind),
            _ => Ty::Any,
        }
    }
}

/// Whether PostgreSQL finds the function for an argument of that type.
fn fits(parameter: Values, ty: Ty) -> bool {
    use ValueKind::{
        Array, Boolean, Date, Decimal, Float, Integer, Interval, Json, Text, Time, Timestamp, Uuid,
    };
    let kind = match ty {
        Ty::Known(kind) => kind,
        Ty::Row => {
            return matches!(parameter, Values::Any | Values::First | Values::Common);
        }
        Ty::Any | Ty::Literal => return true,
    };
    match parameter {
        Values::Any | Values::First | Values::Common => true,
        Values::Number => !matches!(
            kind,
            Text | Boolean | Date | Time | Timestamp | Json | Uuid | Array
        ),
        Values::Sum => !matches!(
            kind,
            Text | Boolean | Date | Timestamp | Json | Uuid | Array
        ),
        Values::Text => !matches!(
            kind,
            Integer | Decimal | Float | Boolean | Date | Time | Timestamp | Interval | Json | Array
        ),
        Values::When => !matches!(
            kind,
            Integer | Decimal | Float | Boolean | Text | Json | Uuid | Array
        ),
        Values::Kind(Integer) => matches!(kind, Integer | Decimal | Float),
        Values::Kind(Boolean) => kind == Boolean,
        Values::Kind(Json) => kind == Json,
        Values::Kind(_) => true,
    }
}

/// What another engine's function is called in this one.
fn equivalent(name: &str, dialect: Dialect) -> Option<&'static str> {
    use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
    Some(match (name, dialect) {
        ("nvl" | "ifnull" | "isnull", Postgres) => "coalesce",
        ("nvl", _) => "ifnull",
        ("len", _) => "length",
        ("getdate" | "sysdate", Postgres | Duckdb) => "now",
        ("getdate" | "now", Sqlite) => "datetime",
        ("charindex" | "instr" | "locate", Postgres) => "strpos",
        ("strpos" | "charindex" | "locate" | "position", Sqlite) => "instr",
        ("group_concat" | "listagg", Postgres) => "string_agg",
        ("string_agg" | "listagg", Mysql) => "group_concat",
        ("year" | "month" | "day" | "hour", Postgres) => "extract",
        (
            "year" | "month" | "day" | "hour" | "date_format" | "to_char" | "date_part" | "extract"
            | "date_trunc",
            Sqlite,
        ) => "strftime",
        ("date_format" | "strftime", Postgres) => "to_char",
        ("strftime" | "to_char", Mysql) => "date_format",
        ("datediff" | "julianday", Postgres) => "age",
        ("datediff", Sqlite) => "julianday",
        ("concat", Sqlite) => "||",
        ("if", Postgres) => "case",
        _ => return None,
    })
}
