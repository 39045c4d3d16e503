//! A [`Plan`] as q: one table, its filters, groups, measures and order. Whatever else a plan may hold (joins,
//! subqueries, shares) has no rendering here, and the caller says so.

use crate::builtin::catalogue::{Catalogue, ColumnId, DateForm, Kind};
use crate::builtin::dates::{Grain, Period};
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{Aggregate, Comparator, TextHow};
use crate::builtin::render::plain_number;
use crate::schema::{Schema, ValueKind};
use chrono::NaiveDate;

/// Writes plans in q for one schema.
#[derive(Clone, Copy)]
pub struct QRenderer<'a> {
    pub schema: &'a Schema,
    pub catalogue: &'a Catalogue,
}

impl QRenderer<'_> {
    /// None for a plan that has no rendering in q here.
    pub fn render(&self, plan: &Plan) -> Option<String> {
        let from = plan.from?;
        let nested = plan.over_groups.is_some() || !plan.within.is_empty();
        if !plan.joins.is_empty() || nested || plan.offset > 0 {
            return None;
        }
        let mut table = name(&self.schema.tables[from.table].name)?.to_owned();
        // a column that orders and is not shown orders before
        let shown = |expr: &Expr| {
            plan.select
                .iter()
                .any(|(out, _)| out == expr || matches!(out, Expr::Star(_)))
                || plan.group.contains(expr)
        };
        let order_before = plan.order.iter().all(|(expr, _)| {
            matches!(expr, Expr::Column(..)) && !shown(expr) && plan.group.is_empty()
        });
        if order_before && !plan.order.is_empty() {
            table = self.sorted(plan, &format!("select from {table}"))?;
        }
        let by: Vec<String> = plan
            .group
            .iter()
            .map(|expr| self.output(plan, expr))
            .collect::<Option<_>>()?;
        let columns: Vec<String> = plan
            .select
            .iter()
            .filter(|(expr, _)| !plan.group.contains(expr) && !matches!(expr, Expr::Star(_)))
            .map(|(expr, _)| self.output(plan, expr))
            .collect::<Option<_>>()?;
        let mut q = String::from("select ");
        if plan.distinct {
            q.push_str("distinct ");
        }
        q.push_str(&columns.join(", "));
        if !by.is_empty() {
            // groups alone: which ones there are
            if columns.is_empty() {
                q.push_str("n:count i");
            }
            q.push_str(" by ");
            q.push_str(&by.join(", "));
        }
        q = format!("{} from {table}", q.trim_end());
        // on a partitioned table the date comes first, and anywhere it leaves the least to look at
        let (dates, others): (Vec<_>, Vec<_>) = plan
            .filters
            .iter()
            .partition(|condition| matches!(condition, Condition::During { .. }));
        let conditions: Vec<String> = dates
            .into_iter()
            .chain(others)
            .map(|condition| self.condition(condition))
            .collect::<Option<_>>()?;
        if !conditions.is_empty() {
            q = format!("{q} where {}", conditions.join(", "));
        }
        if !plan.having.is_empty() {
            let conditions: Vec<String> = plan
                .having
                .iter()
                .map(|condition| self.condition_on_groups(plan, condition))
                .collect::<Option<_>>()?;
            q = format!("select from ({q}) where {}", conditions.join(", "));
        }
        if !order_before {
            q = self.sorted(plan, &q)?;
        }
        // `#` would begin again from the first row where there are too few
        Some(match plan.limit {
            Some(limit) => format!("{limit} sublist {q}"),
            None => q,
        })
    }

    /// The last key is sorted by first: sorting keeps the order of what is equal.
    fn sorted(&self, plan: &Plan, q: &str) -> Option<String> {
        let mut out = q.to_owned();
        for (expr, descending) in plan.order.iter().rev() {
            let word = if *descending { "xdesc" } else { "xasc" };
            out = format!("`{} {word} {out}", self.label(plan, expr)?);
        }
        Some(out)
    }

    /// The name that an expression has in the result.
    fn label(&self, plan: &Plan, expr: &Expr) -> Option<String> {
        let named = plan
            .select
            .iter()
            .find(|(out, _)| out == expr)
            .and_then(|(_, name)| name.as_deref());
        match (named, expr) {
            (Some(given), _) => {
                // verbs of q are no names
                let word: String = given
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                    .collect();
                Some(match word.as_str() {
                    "count" => "n".to_owned(),
                    word if name(word).is_none() => format!("{}_value", word.trim_matches('_')),
                    word => word.to_owned(),
                })
            }
            (None, Expr::Column(place, column)) => self.column(*place, *column),
            (None, Expr::Truncated(grain, _)) => Some(format!("per_{}", grain.name())),
            (None, Expr::CountAll | Expr::CountDistinct(_)) => Some("n".to_owned()),
            (None, Expr::Aggregate(aggregate, _)) => Some(format!("{}_value", verb(*aggregate))),
            _ => None,
        }
    }

    fn output(&self, plan: &Plan, expr: &Expr) -> Option<String> {
        let label = self.label(plan, expr)?;
        let text = self.expr(expr)?;
        Some(if label == text {
            text
        } else {
            format!("{label}:{text}")
        })
    }

    fn column(&self, place: Place, column: usize) -> Option<String> {
        if self.catalogue.column(at(place, column)).numeric_text {
            return None;
        }
        name(&self.schema.tables[place.table].columns[column].name).map(str::to_owned)
    }

    /// q reads from right to left and knows no precedence, so every part is in brackets.
    fn part(&self, expr: &Expr) -> Option<String> {
        let text = self.expr(expr)?;
        Some(match expr {
            Expr::Column(..) | Expr::Number(_) => text,
            _ => format!("({text})"),
        })
    }

    fn expr(&self, expr: &Expr) -> Option<String> {
        Some(match expr {
            Expr::Column(place, column) => self.column(*place, *column)?,
            Expr::CountAll => "count i".to_owned(),
            Expr::CountDistinct(inner) => format!("count distinct {}", self.expr(inner)?),
            // SQL counts what is there
            Expr::Aggregate(Aggregate::Count, inner) => {
                format!("sum not null {}", self.expr(inner)?)
            }
            Expr::Aggregate(aggregate, inner) => {
                format!("{} {}", verb(*aggregate), self.expr(inner)?)
            }
            Expr::Number(number) => plain_number(*number),
            Expr::Product(parts) => parts
                .iter()
                .map(|part| self.part(part))
                .collect::<Option<Vec<_>>>()?
                .join("*"),
            Expr::Complement(inner) => format!("1-{}", self.expr(inner)?),
            Expr::Ratio(a, b) => format!("{}%{}", self.part(a)?, self.part(b)?),
            Expr::Truncated(grain, inner) => self.truncated(*grain, inner)?,
            Expr::Indicator(_)
            | Expr::OverAll(_)
            | Expr::DaysBetween(..)
            | Expr::Query(_)
            | Expr::Star(_) => return None,
        })
    }

    fn truncated(&self, grain: Grain, expr: &Expr) -> Option<String> {
        let Expr::Column(place, column) = expr else {
            return None;
        };
        let has_time = match self.catalogue.kind(at(*place, *column)) {
            Kind::Date(DateForm::Date) => false,
            Kind::Date(DateForm::Timestamp) => true,
            _ => return None,
        };
        let column = self.column(*place, *column)?;
        let day = if has_time {
            format!("{column}.date")
        } else {
            column.clone()
        };
        Some(match grain {
            Grain::Year => format!("{column}.year"),
            Grain::Month => format!("{column}.month"),
            Grain::Quarter => format!("3 xbar {column}.month"),
            // q counts from a Saturday
            Grain::Week => format!("2+7 xbar {day}-2"),
            Grain::Day => day,
            Grain::Weekday => format!("({day}+6) mod 7"),
            Grain::Hour if has_time => format!("0D01:00:00 xbar {column}"),
            Grain::HourOfDay if has_time => format!("{column}.hh"),
            Grain::Hour | Grain::HourOfDay => return None,
        })
    }

    fn condition(&self, condition: &Condition) -> Option<String> {
        Some(match condition {
            Condition::Compare(a, comparator, b) => {
                format!("{}{}{}", self.part(a)?, sign(*comparator), self.part(b)?)
            }
            Condition::OneOf {
                column,
                values,
                negated,
            } => negate(self.one_of(column, values)?, *negated),
            Condition::Between(expr, low, high) => format!(
                "{} within ({};{})",
                self.part(expr)?,
                plain_number(*low),
                plain_number(*high)
            ),
            Condition::Text {
                column,
                how,
                text,
                negated,
            } => {
                // what means something in a pattern stands for itself within brackets
                let text: String = text
                    .to_lowercase()
                    .chars()
                    .map(|c| match c {
                        '*' | '?' | '[' | ']' => format!("[{c}]"),
                        c => c.to_string(),
                    })
                    .collect();
                let pattern = match how {
                    TextHow::Starts => format!("{text}*"),
                    TextHow::Ends => format!("*{text}"),
                    TextHow::Contains => format!("*{text}*"),
                };
                let like = format!("(lower {}) like {}", self.expr(column)?, string(&pattern)?);
                negate(like, *negated)
            }
            Condition::During {
                column,
                periods,
                negated,
            } => negate(self.during(column, periods)?, *negated),
            Condition::Months {
                column,
                months,
                negated,
            } => {
                let list: Vec<String> = months.iter().map(u32::to_string).collect();
                let month = format!("(`mm${})", self.expr(column)?);
                // a list of one needs its comma
                let list = match list.as_slice() {
                    [one] => format!("enlist {one}"),
                    many => many.join(" "),
                };
                negate(format!("{month} in {list}"), *negated)
            }
            Condition::IsNull(expr, negated) => {
                negate(format!("null {}", self.expr(expr)?), *negated)
            }
            Condition::Any(parts) => self.either(parts)?,
            Condition::Exists { .. } => return None,
        })
    }

    fn either(&self, parts: &[Condition]) -> Option<String> {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| self.condition(part))
            .collect::<Option<_>>()?;
        Some(any(&parts))
    }

    fn one_of(&self, expr: &Expr, values: &[String]) -> Option<String> {
        let Expr::Column(place, at_column) = expr else {
            return None;
        };
        let column = self.column(*place, *at_column)?;
        let declared = &self.schema.tables[place.table].columns[*at_column];
        let is_symbol = declared.data_type == "symbol";
        match declared.kind() {
            ValueKind::Text if is_symbol && values.iter().all(|value| is_plain_symbol(value)) => {
                let symbols: Vec<String> = values.iter().map(|value| format!("`{value}")).collect();
                Some(match symbols.as_slice() {
                    [one] => format!("{column}={one}"),
                    many => format!("{column} in {}", many.concat()),
                })
            }
            // a symbol with a blank in it, or a string: patterns without anything that is one
            ValueKind::Text => {
                let parts: Vec<String> = values
                    .iter()
                    .map(|value| {
                        let plain = !value.contains(['*', '?', '[', ']']);
                        Some(format!(
                            "{column} like {}",
                            string(value).filter(|_| plain)?
                        ))
                    })
                    .collect::<Option<_>>()?;
                Some(any(&parts))
            }
            ValueKind::Boolean => match values {
                [one] => Some(format!(
                    "{column}={}",
                    if one.eq_ignore_ascii_case("true") {
                        "1b"
                    } else {
                        "0b"
                    }
                )),
                _ => None,
            },
            kind if kind.is_number() => {
                let numbers: Option<Vec<f64>> = values.iter().map(|v| v.parse().ok()).collect();
                let numbers: Vec<String> = numbers?.into_iter().map(plain_number).collect();
                Some(match numbers.as_slice() {
                    [one] => format!("{column}={one}"),
                    many => format!("{column} in ({})", many.join(";")),
                })
            }
            _ => None,
        }
    }

    fn during(&self, expr: &Expr, periods: &[Period]) -> Option<String> {
        let Expr::Column(place, at_column) = expr else {
            return None;
        };
        let column = self.column(*place, *at_column)?;
        let kind = self.catalogue.kind(at(*place, *at_column));
        if !matches!(kind, Kind::Date(DateForm::Date | DateForm::Timestamp)) {
            return None;
        }
        let date = |day: NaiveDate| day.format("%Y.%m.%d").to_string();
        let parts: Vec<String> = periods
            .iter()
            .map(|period| {
                Some(match (period.from, period.to) {
                    (Some(from), Some(to)) if kind == Kind::Date(DateForm::Date) => {
                        let last = to.pred_opt()?;
                        if from == last {
                            format!("{column}={}", date(from))
                        } else {
                            format!("{column} within {} {}", date(from), date(last))
                        }
                    }
                    (Some(from), Some(to)) => {
                        format!("({column}>={})&{column}<{}", date(from), date(to))
                    }
                    (Some(from), None) => format!("{column}>={}", date(from)),
                    (None, Some(to)) => format!("{column}<{}", date(to)),
                    (None, None) => format!("not null {column}"),
                })
            })
            .collect::<Option<_>>()?;
        Some(any(&parts))
    }

    /// A condition on a group's measure, which by then is a column with a name.
    fn condition_on_groups(&self, plan: &Plan, condition: &Condition) -> Option<String> {
        let side = |expr: &Expr| match expr {
            Expr::Number(number) => Some(plain_number(*number)),
            measure => {
                let is_shown = plan.select.iter().any(|(out, _)| out == measure);
                self.label(plan, measure).filter(|_| is_shown)
            }
        };
        match condition {
            Condition::Compare(a, comparator, b) => {
                Some(format!("{}{}{}", side(a)?, sign(*comparator), side(b)?))
            }
            Condition::Between(expr, low, high) => Some(format!(
                "{} within ({};{})",
                side(expr)?,
                plain_number(*low),
                plain_number(*high)
            )),
            _ => None,
        }
    }
}

fn at(place: Place, column: usize) -> ColumnId {
    ColumnId {
        table: place.table,
        column,
    }
}

fn negate(condition: String, negated: bool) -> String {
    if negated {
        format!("not {condition}")
    } else {
        condition
    }
}

fn any(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        many => many
            .iter()
            .map(|part| format!("({part})"))
            .collect::<Vec<_>>()
            .join("|"),
    }
}

fn sign(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::More => ">",
        Comparator::Least => ">=",
        Comparator::Less => "<",
        Comparator::Most => "<=",
        Comparator::Equal => "=",
        Comparator::NotEqual => "<>",
    }
}

fn verb(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Count => "count",
        Aggregate::Sum => "sum",
        Aggregate::Average => "avg",
        Aggregate::Min => "min",
        Aggregate::Max => "max",
    }
}

/// What can stand as a name in q: letters and digits, and no word that q has for itself.
fn name(word: &str) -> Option<&str> {
    let plain = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (plain && !crate::query::is_word_of_q(word)).then_some(word)
}

fn is_plain_symbol(value: &str) -> bool {
    !value.is_empty()
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

/// A string of q; none for what would need an escape that a pattern reads differently.
fn string(text: &str) -> Option<String> {
    (!text.contains(['"', '\\', '\n', '\r'])).then(|| format!("\"{text}\""))
}

#[cfg(test)]
mod tests {
    use crate::builtin::{Generator, Previous, Reply, Request};
    use crate::query::{self, Dialect, Verdict};
    use crate::schema::Schema;
    use chrono::NaiveDate;
    use serde_json::json;
    use std::sync::Arc;

    fn ticks() -> Schema {
        serde_json::from_value(json!({"tables": [
            {"name": "trade", "row_estimate": 6000, "columns": [
                {"name": "date", "type": "date", "range": ["2023.01.02", "2024.12.30"]},
                {"name": "time", "type": "time", "range": ["09:30:00.000", "16:00:00.000"]},
                {"name": "sym", "type": "symbol", "values": ["AAPL", "MSFT", "GOOG"], "values_complete": true},
                {"name": "price", "type": "float", "range": ["10", "900"]},
                {"name": "size", "type": "long", "range": ["1", "9000"]},
                {"name": "side", "type": "symbol", "values": ["buy", "sell"], "values_complete": true}]},
            {"name": "customers", "row_estimate": 50, "primary_key": ["id"], "columns": [
                {"name": "id", "type": "long"},
                {"name": "name", "type": "string", "values": ["Ann", "Bob"]},
                {"name": "city", "type": "symbol", "values": ["New York", "Oslo"], "values_complete": true},
                {"name": "joined", "type": "timestamp", "range": ["2020.01.01D00:00:00.000000000", "2024.12.30D00:00:00.000000000"]}]}
        ]}))
        .expect("a schema in the upload format")
    }

    fn ask(question: &str, previous: Option<&str>) -> Reply {
        let schema = ticks();
        Generator::new(Arc::new(schema.clone()), Dialect::Kdb).generate(&Request {
            question,
            schema: &schema,
            dialect: Dialect::Kdb,
            today: NaiveDate::from_ymd_opt(2024, 11, 20).expect("a day"),
            previous: previous.map(|query| Previous {
                question: "",
                query,
            }),
            choice: None,
        })
    }

    #[test]
    fn a_question_about_one_table_becomes_q_that_the_checker_accepts() {
        let schema = ticks();
        let mut wrong = Vec::new();
        for (question, expected) in [
            ("show me the trades", "100 sublist select from trade"),
            (
                "How many trades are there?",
                "select trade_count:count i from trade",
            ),
            (
                "What is the average price of trades?",
                "select average_price:avg price from trade",
            ),
            (
                "total size by sym",
                "`total_size xdesc select total_size:sum size by sym from trade",
            ),
            (
                "How many trades per side?",
                "`trade_count xdesc select trade_count:count i by side from trade",
            ),
            (
                "number of trades in AAPL",
                "select trade_count:count i from trade where sym=`AAPL",
            ),
            (
                "number of trades with a price over 100 in 2024",
                "select trade_count:count i from trade where date within 2024.01.01 2024.12.31, price>100",
            ),
            (
                "customers in New York",
                "select name from customers where city like \"New York\"",
            ),
            (
                "how many customers joined in 2023?",
                "select customer_count:count i from customers where (joined>=2023.01.01)&joined<2024.01.01",
            ),
            (
                "number of trades by month",
                "`month xasc select trade_count:count i by month:date.month from trade",
            ),
            (
                "top 2 syms by total size",
                "2 sublist `total_size xdesc select total_size:sum size by sym from trade",
            ),
            (
                "how many different syms are there in trades?",
                "select sym_count:count distinct sym from trade",
            ),
        ] {
            let sql = match ask(question, None) {
                Reply::Query { sql, .. } => sql,
                other => {
                    wrong.push(format!("{question}: {other:?}"));
                    continue;
                }
            };
            if sql != expected {
                wrong.push(format!("{question}: {sql}"));
            }
            let verdict = query::check(&sql, Dialect::Kdb, &schema);
            if !matches!(verdict, Verdict::Accept(_)) {
                wrong.push(format!("{sql}: {verdict:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_q_is_not_written_for_is_said() {
        let previous = "select from trade";
        for (question, previous) in [
            ("now only for AAPL", Some(previous)),
            ("share of total size by sym in percent", None),
        ] {
            match ask(question, previous) {
                Reply::Cannot { message, .. } => assert!(message.contains("of q"), "{message}"),
                other => panic!("{question}: {other:?}"),
            }
        }
    }
}
