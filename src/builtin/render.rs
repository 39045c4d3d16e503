//! A [`Plan`] as text of one dialect.

use crate::builtin::catalogue::{Catalogue, ColumnId, DateForm, Kind};
use crate::builtin::dates::{Grain, Period};
use crate::builtin::glossary::{self, Glossary};
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{Aggregate, Comparator, TextHow};
use crate::query::{Dialect, spelling};
use crate::schema::Schema;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

/// How the query of ranked rows is called, and their rank in it; a follow-up knows it by these.
pub const RANKED: &str = "ranked";
pub const PLACE: &str = "place";

/// Writes plans for one schema and one dialect.
#[derive(Clone, Copy)]
pub struct Renderer<'a> {
    pub schema: &'a Schema,
    pub catalogue: &'a Catalogue,
    pub dialect: Dialect,
    pub glossary: &'a Glossary,
}

/// Aliases of the places of a query and of those around it.
#[derive(Clone, Default)]
struct Scope {
    aliases: HashMap<Place, String>,
}

impl Renderer<'_> {
    pub fn render(&self, plan: &Plan) -> String {
        self.query(plan, &Scope::default(), 0)
    }

    /// A condition within a query that is already written, where the places have these aliases.
    pub fn condition_among(
        &self,
        condition: &Condition,
        aliases: HashMap<Place, String>,
    ) -> String {
        self.condition(condition, &Scope { aliases }, 0)
    }

    pub fn expr_among(&self, expr: &Expr, aliases: HashMap<Place, String>) -> String {
        self.expr(expr, &Scope { aliases }, 0)
    }

    fn query(&self, plan: &Plan, outer: &Scope, depth: usize) -> String {
        let mut scope = outer.clone();
        let places: Vec<Place> = plan
            .from
            .into_iter()
            .chain(plan.joins.iter().map(|join| join.to))
            .collect();
        let bare = places.len() == 1 && outer.aliases.is_empty() && !uses_subquery(plan);
        for place in &places {
            let alias = if bare {
                String::new()
            } else {
                self.alias(*place, &scope)
            };
            scope.aliases.insert(*place, alias);
        }
        let indent = "  ".repeat(depth);
        let line = format!("\n{indent}");
        let mut sql = String::from("SELECT ");
        if plan.distinct {
            sql.push_str("DISTINCT ");
        }
        let ranked = !plan.within.is_empty();
        let headings = if ranked {
            self.headings(plan)
        } else {
            Vec::new()
        };
        let mut named: Vec<String> = plan
            .select
            .iter()
            .enumerate()
            .map(|(at, (expr, name))| {
                let name = headings.get(at).or(name.as_ref());
                let text = self.expr(expr, &scope, depth);
                match name.map(|name| self.name(name)) {
                    Some(name) if text != name && !text.ends_with(&format!(".{name}")) => {
                        format!("{text} AS {name}")
                    }
                    _ => text,
                }
            })
            .collect();
        if ranked {
            let keys: Vec<String> = plan
                .within
                .iter()
                .map(|expr| self.expr(expr, &scope, depth))
                .collect();
            let order: Vec<String> = plan
                .order
                .iter()
                .map(|(expr, descending)| {
                    let way = if *descending { self.descending() } else { "" };
                    format!("{}{way}", self.sortable(expr, &scope, depth))
                })
                .collect();
            named.push(format!(
                "RANK() OVER (PARTITION BY {} ORDER BY {}) AS {PLACE}",
                keys.join(", "),
                order.join(", ")
            ));
        }
        sql.push_str(&named.join(", "));
        if let Some(from) = plan.from {
            sql.push_str(&format!("{line}FROM {}", self.source(from, &scope)));
        }
        for join in &plan.joins {
            let (child, parent) =
                if join.edge.child == join.to.table && join.edge.parent != join.edge.child {
                    (join.to, join.from)
                } else if join.edge.parent == join.edge.child {
                    // a table joined to itself: role 0 is the child
                    if join.from.role < join.to.role {
                        (join.from, join.to)
                    } else {
                        (join.to, join.from)
                    }
                } else {
                    (join.from, join.to)
                };
            let on: Vec<String> = join
                .edge
                .child_columns
                .iter()
                .zip(&join.edge.parent_columns)
                .map(|(own, key)| {
                    format!(
                        "{} = {}",
                        self.column(child, *own, &scope),
                        self.column(parent, *key, &scope)
                    )
                })
                .collect();
            let word = if join.left { "LEFT JOIN" } else { "JOIN" };
            sql.push_str(&format!(
                "{line}{word} {} ON {}",
                self.source(join.to, &scope),
                on.join(" AND ")
            ));
        }
        let clause = |word: &str, parts: Vec<String>, glue: &str| {
            if parts.is_empty() {
                String::new()
            } else {
                format!("{line}{word} {}", parts.join(glue))
            }
        };
        let conditions = |all: &[Condition]| {
            all.iter()
                .map(|condition| self.condition(condition, &scope, depth))
                .collect::<Vec<_>>()
        };
        sql.push_str(&clause("WHERE", conditions(&plan.filters), " AND "));
        sql.push_str(&clause(
            "GROUP BY",
            plan.group
                .iter()
                .map(|expr| self.expr(expr, &scope, depth))
                .collect(),
            ", ",
        ));
        sql.push_str(&clause("HAVING", conditions(&plan.having), " AND "));
        if ranked {
            return self.best_of_each(plan, &headings, &sql, &line);
        }
        let order = plan
            .order
            .iter()
            .map(|(expr, descending)| {
                let named = plan
                    .select
                    .iter()
                    .find(|(out, name)| out == expr && name.is_some())
                    .and_then(|(_, name)| name.as_ref());
                let text = named.map_or_else(
                    || self.sortable(expr, &scope, depth),
                    |name| self.name(name),
                );
                format!("{text}{}", if *descending { self.descending() } else { "" })
            })
            .collect();
        sql.push_str(&clause("ORDER BY", order, ", "));
        if let Some(limit) = plan.limit {
            sql.push_str(&format!("{line}LIMIT {limit}"));
            if plan.offset > 0 {
                sql.push_str(&format!(" OFFSET {}", plan.offset));
            }
        }
        match plan.over_groups {
            None => sql,
            Some(aggregate) => {
                let inner = sql.replace('\n', "\n  ");
                let number = plan
                    .select
                    .last()
                    .and_then(|(_, name)| name.clone())
                    .unwrap_or_else(|| "n".into());
                match aggregate {
                    Aggregate::Count => {
                        format!("SELECT COUNT(*) AS count\nFROM (\n  {inner}\n) AS per_group")
                    }
                    aggregate => format!(
                        "SELECT {}({}) AS {}_{number}\nFROM (\n  {inner}\n) AS per_group",
                        function(aggregate),
                        self.name(&number),
                        function(aggregate).to_ascii_lowercase()
                    ),
                }
            }
        }
    }

    /// What each column of the query is called, so that a query around it can name them apart.
    fn headings(&self, plan: &Plan) -> Vec<String> {
        let mut taken: Vec<String> = Vec::new();
        for (expr, name) in &plan.select {
            let mut heading = match (name, expr) {
                (Some(name), _) => name.clone(),
                (None, Expr::Column(place, column)) => {
                    let table = &self.schema.tables[place.table];
                    let own = table.columns[*column].name.clone();
                    if taken.contains(&own) {
                        format!("{}_{own}", super::planning::singular(&table.name))
                    } else {
                        own
                    }
                }
                (None, _) => format!("column_{}", taken.len() + 1),
            };
            while taken.contains(&heading) {
                heading.push('2');
            }
            taken.push(heading);
        }
        taken
    }

    /// `ranked` with only the best of each group, group by group.
    fn best_of_each(&self, plan: &Plan, headings: &[String], ranked: &str, line: &str) -> String {
        let names: Vec<String> = headings.iter().map(|name| self.name(name)).collect();
        // groups are shown by what stands for them, which need not be what tells them apart
        let group_order: Vec<&str> = plan
            .select
            .iter()
            .zip(&names)
            .filter(|((expr, _), _)| {
                plan.within.iter().any(|key| {
                    expr == key
                        || matches!((expr, key), (Expr::Column(own, _), Expr::Column(of, _)) if own == of)
                })
            })
            .map(|(_, name)| name.as_str())
            .take(plan.within.len())
            .chain([PLACE])
            .collect();
        let last = plan.offset + plan.limit.unwrap_or(1);
        let after = match plan.offset {
            0 => String::new(),
            offset => format!("{PLACE} > {offset} AND "),
        };
        let inner = ranked.replace('\n', "\n  ");
        format!(
            "SELECT {}{line}FROM ({line}  {inner}{line}) AS {RANKED}{line}WHERE {after}{PLACE} <= {last}{line}ORDER BY {}",
            names.join(", "),
            group_order.join(", ")
        )
    }

    /// Postgres and DuckDB sort nulls first when descending; nobody who asks for the top wants them.
    fn descending(&self) -> &'static str {
        match self.dialect {
            Dialect::Postgres | Dialect::Duckdb => " DESC NULLS LAST",
            _ => " DESC",
        }
    }

    pub fn table_name(&self, table: crate::builtin::catalogue::TableId) -> String {
        let table = &self.schema.tables[table];
        match &table.namespace {
            Some(namespace)
                if namespace != "public" && namespace != "main" && !namespace.is_empty() =>
            {
                format!("{}.{}", self.name(namespace), self.name(&table.name))
            }
            _ => self.name(&table.name),
        }
    }

    fn source(&self, place: Place, scope: &Scope) -> String {
        let mut name = self.table_name(place.table);
        let alias = &scope.aliases[&place];
        if !alias.is_empty() {
            name.push_str(&format!(" AS {alias}"));
        }
        name
    }

    /// First letters of the words, with a number when taken.
    fn alias(&self, place: Place, scope: &Scope) -> String {
        let mut letters: String = self.catalogue.tables[place.table]
            .words
            .iter()
            .filter_map(|word| word.chars().next())
            .filter(char::is_ascii_alphabetic)
            .collect();
        if letters.is_empty() {
            letters.push('t');
        }
        if spelling::is_reserved(&letters) {
            letters.push('1');
        }
        let taken = |name: &String| scope.aliases.values().any(|other| other == name);
        let mut alias = letters.clone();
        let mut number = 2;
        while taken(&alias) {
            alias = format!("{letters}{number}");
            number += 1;
        }
        alias
    }

    fn column(&self, place: Place, column: usize, scope: &Scope) -> String {
        let name = self.name(&self.schema.tables[place.table].columns[column].name);
        match scope.aliases.get(&place) {
            Some(alias) if !alias.is_empty() => format!("{alias}.{name}"),
            _ => name,
        }
    }

    /// Quoted only where the dialect needs it.
    pub fn name(&self, name: &str) -> String {
        spelling::written(name, self.dialect)
    }

    pub fn text(&self, text: &str) -> String {
        let text = text.replace('\'', "''");
        match self.dialect {
            Dialect::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
            _ => format!("'{text}'"),
        }
    }

    fn expr(&self, expr: &Expr, scope: &Scope, depth: usize) -> String {
        let inner = |expr: &Expr| self.expr(expr, scope, depth);
        match expr {
            Expr::Column(place, column) => match self.glossary.computed(*place, *column) {
                None => self.column(*place, *column, scope),
                Some(computed) => {
                    let text = computed.written(|column| self.column(*place, column, scope));
                    match computed.kind() {
                        glossary::Kind::Total => text,
                        glossary::Kind::Row => format!("({text})"),
                        glossary::Kind::Condition => {
                            format!("CASE WHEN {text} THEN 1 ELSE 0 END")
                        }
                    }
                }
            },
            Expr::Star(place) => self.star(*place, scope),
            Expr::CountAll => "COUNT(*)".into(),
            Expr::CountDistinct(expr) => format!("COUNT(DISTINCT {})", inner(expr)),
            // it is one already
            Expr::Aggregate(_, expr) if self.is_total(expr) => inner(expr),
            Expr::Aggregate(aggregate, expr) => {
                let argument = self.sortable(expr, scope, depth);
                format!("{}({argument})", function(*aggregate))
            }
            Expr::Number(number) => plain_number(*number),
            Expr::Product(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" * "),
            Expr::Complement(expr) => format!("(1 - {})", inner(expr)),
            // a literal with a point keeps engines from dividing integers
            Expr::Ratio(a, b) => format!("1.0 * {} / {}", inner(a), inner(b)),
            Expr::Indicator(conditions) => {
                let all: Vec<String> = conditions
                    .iter()
                    .map(|condition| self.condition(condition, scope, depth))
                    .collect();
                format!("CASE WHEN {} THEN 1 ELSE 0 END", all.join(" AND "))
            }
            Expr::OverAll(expr) => format!("SUM({}) OVER ()", inner(expr)),
            Expr::Truncated(grain, expr) => self.truncated(*grain, expr, scope),
            Expr::DaysBetween(a, b) => self.days_between(a, b, scope),
            Expr::Query(plan) => format!(
                "({})",
                self.query(plan, scope, depth + 1)
                    .replace('\n', " ")
                    .replace("  ", " ")
            ),
        }
    }

    /// A date kept as text such as 8/29/2013 sorts by its date, numbers kept as text by their number.
    fn is_total(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Column(place, column) if self
            .glossary
            .computed(*place, *column)
            .is_some_and(|computed| computed.kind() == glossary::Kind::Total))
    }

    fn sortable(&self, expr: &Expr, scope: &Scope, depth: usize) -> String {
        match self.date_form(expr) {
            Some(DateForm::MonthFirstText { .. } | DateForm::DayFirstText { .. }) => {
                self.as_date(expr, scope)
            }
            _ => self.numeric(expr, scope, depth),
        }
    }

    /// As a number, where the column keeps numbers as text.
    fn numeric(&self, expr: &Expr, scope: &Scope, depth: usize) -> String {
        let text = self.expr(expr, scope, depth);
        match expr {
            Expr::Column(place, column) if self.facts(*place, *column).numeric_text => {
                let kind = match self.dialect {
                    Dialect::Postgres => "numeric",
                    Dialect::Mysql => "decimal(30, 6)",
                    Dialect::Duckdb => "double",
                    _ => "real",
                };
                format!("CAST({text} AS {kind})")
            }
            _ => text,
        }
    }

    fn facts(&self, place: Place, column: usize) -> &crate::builtin::catalogue::ColumnFacts {
        self.catalogue.column(ColumnId {
            table: place.table,
            column,
        })
    }

    fn star(&self, place: Place, scope: &Scope) -> String {
        let facts = &self.catalogue.tables[place.table].columns;
        if facts.iter().all(|column| column.kind != Kind::Opaque) {
            let alias = &scope.aliases[&place];
            return if alias.is_empty() {
                "*".into()
            } else {
                format!("{alias}.*")
            };
        }
        (0..facts.len())
            .filter(|&column| facts[column].kind != Kind::Opaque)
            .filter(|&column| !self.glossary.is_computed(place.table, column))
            .map(|column| self.column(place, column, scope))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn condition(&self, condition: &Condition, scope: &Scope, depth: usize) -> String {
        match condition {
            Condition::Compare(a, comparator, b) => {
                let sign = match comparator {
                    Comparator::More => ">",
                    Comparator::Least => ">=",
                    Comparator::Less => "<",
                    Comparator::Most => "<=",
                    Comparator::Equal => "=",
                    Comparator::NotEqual => "<>",
                };
                format!(
                    "{} {sign} {}",
                    self.numeric(a, scope, depth),
                    self.numeric(b, scope, depth)
                )
            }
            Condition::OneOf {
                column: Expr::Column(place, column),
                values,
                negated,
            } if self
                .glossary
                .computed(*place, *column)
                .is_some_and(|computed| computed.kind() == glossary::Kind::Condition) =>
            {
                let computed = self
                    .glossary
                    .computed(*place, *column)
                    .expect("the guard found it");
                let text = computed.written(|column| self.column(*place, column, scope));
                let holds = values.iter().any(|value| value == "true" || value == "1");
                if holds != *negated {
                    format!("({text})")
                } else {
                    format!("NOT ({text})")
                }
            }
            Condition::OneOf {
                column,
                values,
                negated,
            } => {
                let left = self.expr(column, scope, depth);
                let literal = |value: &String| match column {
                    Expr::Column(place, at)
                        if matches!(self.facts(*place, *at).kind, Kind::Number | Kind::Year)
                            && value.parse::<f64>().is_ok()
                            && !self.facts(*place, *at).numeric_text
                            && self.schema.tables[place.table].columns[*at]
                                .kind()
                                .is_number() =>
                    {
                        value.clone()
                    }
                    Expr::Column(place, at) if self.facts(*place, *at).kind == Kind::Boolean => {
                        value.to_ascii_uppercase()
                    }
                    _ => self.text(value),
                };
                let list: Vec<String> = values.iter().map(literal).collect();
                match (list.as_slice(), negated) {
                    ([one], false) => format!("{left} = {one}"),
                    ([one], true) => format!("{left} <> {one}"),
                    (_, false) => format!("{left} IN ({})", list.join(", ")),
                    (_, true) => format!("{left} NOT IN ({})", list.join(", ")),
                }
            }
            Condition::Between(expr, low, high) => {
                format!(
                    "{} BETWEEN {} AND {}",
                    self.numeric(expr, scope, depth),
                    plain_number(*low),
                    plain_number(*high)
                )
            }
            Condition::Text {
                column,
                how,
                text,
                negated,
            } => {
                let left = self.expr(column, scope, depth);
                let escaped = text.replace('%', "").replace(
                    '_',
                    if self.dialect == Dialect::Postgres {
                        "\\_"
                    } else {
                        "_"
                    },
                );
                let pattern = match how {
                    TextHow::Starts => format!("{escaped}%"),
                    TextHow::Ends => format!("%{escaped}"),
                    TextHow::Contains => format!("%{escaped}%"),
                };
                let like = match self.dialect {
                    Dialect::Postgres | Dialect::Duckdb => "ILIKE",
                    _ => "LIKE",
                };
                format!(
                    "{left} {}{like} {}",
                    if *negated { "NOT " } else { "" },
                    self.text(&pattern)
                )
            }
            Condition::During {
                column,
                periods,
                negated,
            } => self.during(column, periods, *negated, scope),
            Condition::Months {
                column,
                months,
                negated,
            } => {
                let date = self.as_date(column, scope);
                let month = match self.dialect {
                    Dialect::Postgres | Dialect::Duckdb => format!("EXTRACT(month FROM {date})"),
                    Dialect::Mysql => format!("MONTH({date})"),
                    _ => format!("CAST(strftime('%m', {date}) AS integer)"),
                };
                let list: Vec<String> = months.iter().map(u32::to_string).collect();
                match (list.as_slice(), negated) {
                    ([one], false) => format!("{month} = {one}"),
                    ([one], true) => format!("{month} <> {one}"),
                    (_, false) => format!("{month} IN ({})", list.join(", ")),
                    (_, true) => format!("{month} NOT IN ({})", list.join(", ")),
                }
            }
            Condition::IsNull(expr, negated) => {
                let text = self.expr(expr, scope, depth);
                let blank = match expr {
                    Expr::Column(place, at) => {
                        let column = &self.schema.tables[place.table].columns[*at];
                        column.kind() == crate::schema::ValueKind::Text
                            && column.values.iter().any(String::is_empty)
                    }
                    _ => false,
                };
                match (blank, negated) {
                    (true, false) => format!("({text} IS NULL OR {text} = '')"),
                    (true, true) => format!("({text} IS NOT NULL AND {text} <> '')"),
                    (false, false) => format!("{text} IS NULL"),
                    (false, true) => format!("{text} IS NOT NULL"),
                }
            }
            Condition::Any(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| self.condition(part, scope, depth))
                    .collect();
                format!("({})", parts.join(" OR "))
            }
            Condition::Exists {
                negated,
                query,
                link,
            } => {
                let mut query = (**query).clone();
                for (outer, inner) in link.iter().rev() {
                    query.filters.insert(
                        0,
                        Condition::Compare(inner.clone(), Comparator::Equal, outer.clone()),
                    );
                }
                let text = self.query(&query, scope, depth + 1);
                format!(
                    "{}EXISTS ({})",
                    if *negated { "NOT " } else { "" },
                    text.replace('\n', " ").replace("  ", " ")
                )
            }
        }
    }

    fn date_form(&self, expr: &Expr) -> Option<DateForm> {
        match expr {
            Expr::Column(place, column) => match self.facts(*place, *column).kind {
                Kind::Date(form) => Some(form),
                _ => None,
            },
            _ => None,
        }
    }

    /// A date column as something that compares as a date.
    fn as_date(&self, expr: &Expr, scope: &Scope) -> String {
        let text = self.expr(expr, scope, 0);
        let form = self.date_form(expr).unwrap_or(DateForm::Date);
        match (form, self.dialect) {
            (DateForm::MonthFirstText { .. }, Dialect::Postgres) => {
                format!("to_date({text}, 'MM/DD/YYYY')")
            }
            (DateForm::DayFirstText { .. }, Dialect::Postgres) => {
                format!("to_date({text}, 'DD/MM/YYYY')")
            }
            (DateForm::MonthFirstText { .. }, Dialect::Mysql) => {
                format!("str_to_date({text}, '%m/%d/%Y')")
            }
            (DateForm::DayFirstText { .. }, Dialect::Mysql) => {
                format!("str_to_date({text}, '%d/%m/%Y')")
            }
            (DateForm::MonthFirstText { .. }, Dialect::Duckdb) => {
                format!("strptime(split_part({text}, ' ', 1), '%m/%d/%Y')")
            }
            (DateForm::DayFirstText { .. }, Dialect::Duckdb) => {
                format!("strptime(split_part({text}, ' ', 1), '%d/%m/%Y')")
            }
            (DateForm::MonthFirstText { .. } | DateForm::DayFirstText { .. }, _) => {
                let rest = format!("substr({text}, instr({text}, '/') + 1)");
                let first = format!("substr('0' || CAST({text} AS integer), -2)");
                let second = format!("substr('0' || CAST({rest} AS integer), -2)");
                let year = format!("substr({rest}, instr({rest}, '/') + 1, 4)");
                let (month, day) = if matches!(form, DateForm::MonthFirstText { .. }) {
                    (first, second)
                } else {
                    (second, first)
                };
                format!("({year} || '-' || {month} || '-' || {day})")
            }
            (DateForm::IsoText { .. }, Dialect::Postgres | Dialect::Duckdb) => {
                format!("CAST({text} AS timestamp)")
            }
            _ => text,
        }
    }

    /// As [`Self::as_date`], with the time of day where text holds one.
    fn as_time(&self, expr: &Expr, scope: &Scope) -> String {
        let text = self.expr(expr, scope, 0);
        let (month_first, form) = match self.date_form(expr) {
            Some(DateForm::MonthFirstText { time: true }) => (true, "MM/DD/YYYY HH24:MI"),
            Some(DateForm::DayFirstText { time: true }) => (false, "DD/MM/YYYY HH24:MI"),
            _ => return self.as_date(expr, scope),
        };
        let order = if month_first { "%m/%d" } else { "%d/%m" };
        match self.dialect {
            Dialect::Postgres => format!("to_timestamp({text}, '{form}')"),
            Dialect::Mysql => format!("str_to_date({text}, '{order}/%Y %H:%i')"),
            Dialect::Duckdb => format!("strptime({text}, '{order}/%Y %H:%M')"),
            _ => {
                let clock = format!("substr({text}, instr({text}, ' ') + 1)");
                format!(
                    "({} || ' ' || substr('0' || CAST({clock} AS integer), -2) || substr({clock}, instr({clock}, ':'), 3))",
                    self.as_date(expr, scope)
                )
            }
        }
    }

    fn during(&self, column: &Expr, periods: &[Period], negated: bool, scope: &Scope) -> String {
        if let Expr::Column(place, at) = column
            && self.facts(*place, *at).kind == Kind::Year
        {
            return self.during_years(column, periods, negated, scope);
        }
        let date = self.as_date(column, scope);
        let parts: Vec<String> = merged(periods)
            .iter()
            .map(|period| {
                let from = period.from.map(|from| format!("{date} >= '{from}'"));
                let to = period.to.map(|to| format!("{date} < '{to}'"));
                from.into_iter().chain(to).collect::<Vec<_>>().join(" AND ")
            })
            .collect();
        let text = match parts.as_slice() {
            [one] => one.clone(),
            many => format!(
                "({})",
                many.iter()
                    .map(|part| format!("({part})"))
                    .collect::<Vec<_>>()
                    .join(" OR ")
            ),
        };
        if negated {
            format!("NOT ({text})")
        } else {
            text
        }
    }

    fn during_years(
        &self,
        column: &Expr,
        periods: &[Period],
        negated: bool,
        scope: &Scope,
    ) -> String {
        let is_text = matches!(column, Expr::Column(place, at) if !self.schema.tables[place.table].columns[*at].kind().is_number());
        let left = self.expr(column, scope, 0);
        let literal = |year: i32| {
            if is_text {
                format!("'{year}'")
            } else {
                year.to_string()
            }
        };
        let last = |to: NaiveDate| {
            if to.ordinal() == 1 {
                to.year() - 1
            } else {
                to.year()
            }
        };
        let parts: Vec<String> = periods
            .iter()
            .map(|period| match (period.from, period.to) {
                (Some(from), Some(to)) if last(to) == from.year() => {
                    format!("{left} = {}", literal(from.year()))
                }
                (Some(from), Some(to)) => format!(
                    "{left} BETWEEN {} AND {}",
                    literal(from.year()),
                    literal(last(to))
                ),
                (Some(from), None) => format!(
                    "{left} >= {}",
                    literal(if from.ordinal() == 1 {
                        from.year()
                    } else {
                        from.year() + 1
                    })
                ),
                (None, Some(to)) => format!("{left} <= {}", literal(last(to))),
                (None, None) => format!("{left} IS NOT NULL"),
            })
            .collect();
        let text = if parts.len() == 1 {
            parts[0].clone()
        } else {
            format!("({})", parts.join(" OR "))
        };
        if negated {
            format!("NOT ({text})")
        } else {
            text
        }
    }

    fn truncated(&self, grain: Grain, expr: &Expr, scope: &Scope) -> String {
        let date = if grain.needs_time() {
            self.as_time(expr, scope)
        } else {
            self.as_date(expr, scope)
        };
        match self.dialect {
            Dialect::Postgres | Dialect::Duckdb => match grain {
                Grain::HourOfDay => format!("EXTRACT(hour FROM {date})"),
                Grain::Year => format!("EXTRACT(year FROM {date})"),
                Grain::Weekday => format!("EXTRACT(dow FROM {date})"),
                Grain::Day => format!("CAST({date} AS date)"),
                grain => format!("date_trunc('{}', {date})", grain.name()),
            },
            Dialect::Mysql => match grain {
                Grain::Year => format!("YEAR({date})"),
                Grain::Quarter => format!("CONCAT(YEAR({date}), '-Q', QUARTER({date}))"),
                Grain::Month => format!("DATE_FORMAT({date}, '%Y-%m')"),
                Grain::Week => format!("DATE_FORMAT({date}, '%x-W%v')"),
                Grain::Day => format!("DATE({date})"),
                Grain::Hour => format!("DATE_FORMAT({date}, '%Y-%m-%d %H:00')"),
                Grain::Weekday => format!("DAYOFWEEK({date}) - 1"),
                Grain::HourOfDay => format!("HOUR({date})"),
            },
            _ => match grain {
                Grain::Year => format!("strftime('%Y', {date})"),
                Grain::Quarter => format!(
                    "strftime('%Y', {date}) || '-Q' || ((CAST(strftime('%m', {date}) AS integer) + 2) / 3)"
                ),
                Grain::Month => format!("strftime('%Y-%m', {date})"),
                Grain::Week => format!("strftime('%Y-W%W', {date})"),
                Grain::Day => format!("date({date})"),
                Grain::Hour => format!("strftime('%Y-%m-%d %H:00', {date})"),
                Grain::Weekday => format!("strftime('%w', {date})"),
                Grain::HourOfDay => format!("CAST(strftime('%H', {date}) AS integer)"),
            },
        }
    }

    fn days_between(&self, a: &Expr, b: &Expr, scope: &Scope) -> String {
        let (a_text, b_text) = (self.as_date(a, scope), self.as_date(b, scope));
        match self.dialect {
            Dialect::Postgres | Dialect::Duckdb => {
                format!("(CAST({b_text} AS date) - CAST({a_text} AS date))")
            }
            Dialect::Mysql => format!("DATEDIFF({b_text}, {a_text})"),
            _ => format!("(julianday({b_text}) - julianday({a_text}))"),
        }
    }
}

/// Periods that touch are one.
fn merged(periods: &[Period]) -> Vec<Period> {
    let mut sorted = periods.to_vec();
    sorted.sort_by_key(|period| period.from);
    let mut out: Vec<Period> = Vec::new();
    for period in sorted {
        match out.last_mut() {
            Some(last) if last.to.is_some() && last.to == period.from => last.to = period.to,
            _ => out.push(period),
        }
    }
    out
}

pub fn function(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Count => "COUNT",
        Aggregate::Sum => "SUM",
        Aggregate::Average => "AVG",
        Aggregate::Min => "MIN",
        Aggregate::Max => "MAX",
    }
}

pub fn plain_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

fn uses_subquery(plan: &Plan) -> bool {
    let in_condition = |condition: &Condition| match condition {
        Condition::Exists { .. } => true,
        Condition::Any(parts) => parts
            .iter()
            .any(|part| matches!(part, Condition::Exists { .. })),
        Condition::Compare(_, _, Expr::Query(_)) => true,
        _ => false,
    };
    plan.filters.iter().any(in_condition)
}
