//! Verbs applied to what stands around them: what comes out, and what they must not be given.

use super::lex::Token;
use super::value::{Column, Value, joined, last_name};
use super::verbs::{self, Use};
use super::{MAX_LISTS, MAX_MADE, Read, Reader};
use crate::schema::ValueKind;

/// Columns that `n!table` may make keys.
const MAX_KEYS: f64 = 16.0;

impl Reader<'_> {
    pub(super) fn monad(&mut self, name: &str, argument: Value, at: usize) -> Read<Value> {
        if name == "til" {
            let fine = argument
                .numbers
                .as_deref()
                .is_some_and(|numbers| matches!(numbers, [n] if *n <= MAX_MADE));
            if !fine {
                return Err(self.error_at(
                    at,
                    "too_large",
                    "`til` takes a plain number up to a million",
                ));
            }
        }
        // a count is repeated that often
        if name == "where" && argument.column.kind != Some(ValueKind::Boolean) {
            return Err(self.error_at(
                at,
                "too_large",
                "`where` takes a comparison here, such as `where price>100`",
            ));
        }
        // of a symbol they look at files and at the server's own names
        if matches!(name, "key" | "keys" | "cols" | "meta") && argument.table.is_none() {
            if !self.findings.is_empty() {
                return Ok(Value::default());
            }
            return Err(self.error_at(at, "unknown_table", format!("`{name}` takes a table")));
        }
        if argument.table.is_some() {
            let keeps = matches!(
                name,
                "distinct"
                    | "first"
                    | "last"
                    | "reverse"
                    | "asc"
                    | "desc"
                    | "ungroup"
                    | "flip"
                    | "fills"
                    | "enlist"
                    | "raze"
                    | "next"
                    | "prev"
            );
            let table = if keeps {
                argument.table
            } else if name == "meta" {
                Some(
                    ["c", "t", "f", "a"]
                        .map(|name| Column {
                            name: name.to_owned(),
                            ..Column::default()
                        })
                        .to_vec(),
                )
            } else {
                None
            };
            return Ok(Value {
                table,
                column: Column {
                    name: "x".to_owned(),
                    origin: None,
                    kind: verbs::gives(name),
                },
                listed: name == "enlist",
                ..Value::default()
            });
        }
        let kind =
            verbs::gives(name).or_else(|| argument.column.kind.filter(|_| verbs::keeps_type(name)));
        Ok(Value {
            column: Column {
                name: argument.column.name,
                origin: None,
                kind,
            },
            listed: name == "enlist",
            ..Value::default()
        })
    }

    pub(super) fn dyad(&mut self, name: &str, left: Value, right: Value, at: usize) -> Read<Value> {
        match name {
            "fby" if !left.begins_with_verb => Err(self.error_at(
                at,
                "function_not_allowed",
                "`fby` takes a verb and a column before it: (max;price) fby sym",
            )),
            "xasc" | "xdesc" | "xkey" | "xgroup" | "xcols" => {
                let (Some(symbols), Some(columns)) = (left.symbols, right.table) else {
                    if !self.findings.is_empty() {
                        return Ok(Value::default());
                    }
                    return Err(self.error_at(
                        at,
                        "syntax_error",
                        format!("`{name}` takes column names (`a`b) and a table"),
                    ));
                };
                self.all_in(&symbols, &columns, at);
                Ok(Value {
                    table: Some(columns),
                    ..Value::default()
                })
            }
            "xcol" => {
                let (Some(symbols), Some(mut columns)) = (left.symbols, right.table) else {
                    return Err(self.error_at(
                        at,
                        "syntax_error",
                        "`xcol` takes names (`a`b) and a table",
                    ));
                };
                for (column, name) in columns.iter_mut().zip(symbols) {
                    column.name = name;
                }
                Ok(Value {
                    table: Some(columns),
                    ..Value::default()
                })
            }
            "lj" | "ljf" | "ij" | "ijf" | "uj" | "ujf" | "pj" => match (left.table, right.table) {
                (Some(one), Some(two)) => Ok(joined(one, two)),
                _ if !self.findings.is_empty() => Ok(Value::default()),
                _ => Err(self.error_at(at, "syntax_error", format!("`{name}` joins two tables"))),
            },
            "sublist" | "rotate" | "cut" => {
                let table = right.table.clone();
                Ok(Value {
                    table: if name == "cut" { None } else { table },
                    ..right.plain()
                })
            }
            "union" | "inter" | "except" if left.table.is_some() => Ok(Value {
                table: left.table,
                ..Value::default()
            }),
            _ => {
                let kind = verbs::gives(name).or(match name {
                    "and" | "or" | "xbar" | "msum" | "mmax" | "mmin" | "wsum" | "mod" => {
                        right.column.kind
                    }
                    "div" => Some(ValueKind::Integer),
                    _ => None,
                });
                let name = last_name(&left, &right);
                Ok(Value {
                    column: Column {
                        name,
                        origin: None,
                        kind,
                    },
                    ..Value::default()
                })
            }
        }
    }

    pub(super) fn operator(
        &mut self,
        sign: &str,
        left: Value,
        right: Value,
        start: usize,
    ) -> Read<Value> {
        match sign {
            "#" => {
                if let (Some(symbols), Some(columns)) = (&left.symbols, &right.table) {
                    self.all_in(symbols, columns, start);
                    let kept = columns
                        .iter()
                        .filter(|column| symbols.contains(&column.name))
                        .cloned()
                        .collect();
                    return Ok(Value {
                        table: Some(kept),
                        ..Value::default()
                    });
                }
                let size = left
                    .numbers
                    .as_deref()
                    .map(|numbers| numbers.iter().map(|n| n.abs()).product::<f64>());
                // `raze` makes one of them all
                let most = if right.listed { MAX_LISTS } else { MAX_MADE };
                if !size.is_some_and(|size| size <= most) {
                    return Err(self.error_at(
                        start,
                        "too_large",
                        "`#` takes a plain number of rows up to a million",
                    ));
                }
                Ok(Value {
                    table: right.table.clone(),
                    ..right.plain()
                })
            }
            "_" => Ok(Value {
                table: right.table.clone(),
                ..right.plain()
            }),
            "$" => {
                // `$"BRK.B" is a symbol that cannot be written otherwise
                let unnamed = matches!(left.symbols.as_deref(), Some([one]) if one.is_empty());
                let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
                if let Some(Token::Text(text)) = before.map(|word| &word.token)
                    && unnamed
                    && right.text
                    && !text.starts_with(':')
                    && !text.contains('\\')
                {
                    return Ok(Value {
                        symbols: Some(vec![text.clone()]),
                        ..Value::default()
                    });
                }
                let fine = left.text
                    || left
                        .symbols
                        .as_deref()
                        .is_some_and(|symbols| matches!(symbols, [one] if !one.is_empty()));
                if !fine {
                    return Err(self.error_at(
                        start,
                        "cast_not_allowed",
                        "a cast names its type: `date$time or \"i\"$size",
                    ));
                }
                let kind = left.symbols.as_deref().and_then(|symbols| {
                    Some(match symbols.first()?.as_str() {
                        "date" => ValueKind::Date,
                        "time" | "minute" | "second" => ValueKind::Time,
                        "timestamp" | "datetime" => ValueKind::Timestamp,
                        "int" | "long" | "short" => ValueKind::Integer,
                        "float" | "real" => ValueKind::Float,
                        "boolean" => ValueKind::Boolean,
                        _ => return None,
                    })
                });
                Ok(Value {
                    column: Column {
                        name: right.column.name,
                        origin: None,
                        kind,
                    },
                    ..Value::default()
                })
            }
            "," if left.table.is_some() || right.table.is_some() => match (left.table, right.table)
            {
                (Some(one), Some(_)) => Ok(Value {
                    table: Some(one),
                    ..Value::default()
                }),
                _ => Err(self.error_at(start, "syntax_error", "`,` joins two tables here")),
            },
            // of a table itself, never of its name: that would change the server's
            "!" => {
                let keys = matches!(
                    left.numbers.as_deref(),
                    Some([keys]) if keys.fract() == 0.0 && (0.0..=MAX_KEYS).contains(keys)
                );
                if keys && right.table.is_some() || !self.findings.is_empty() {
                    return Ok(Value {
                        table: right.table,
                        ..Value::default()
                    });
                }
                Err(self.error_at(
                    start,
                    "operator_not_allowed",
                    "`!` stands only between a number and a table, as in 0!select … by …; not equal is <>",
                ))
            }
            "?" => Err(self.error_at(
                start,
                "operator_not_allowed",
                "`?` between two things is not allowed; use `in` or select",
            )),
            _ => {
                if left.table.is_some() || right.table.is_some() {
                    return Err(self.error_at(
                        start,
                        "syntax_error",
                        format!("`{sign}` cannot compute with a table"),
                    ));
                }
                let kind = match sign {
                    "=" | "<>" | "<" | ">" | "<=" | ">=" | "~" => Some(ValueKind::Boolean),
                    "%" => Some(ValueKind::Float),
                    "+" | "-" | "*" | "&" | "|" => match (left.column.kind, right.column.kind) {
                        (Some(a), Some(b)) if a == b => Some(a),
                        (Some(a), None) if right.numbers.is_some() => Some(a),
                        (None, Some(b)) if left.numbers.is_some() => Some(b),
                        _ => None,
                    },
                    _ => None,
                };
                let name = last_name(&left, &right);
                Ok(Value {
                    column: Column {
                        name,
                        origin: None,
                        kind,
                    },
                    ..Value::default()
                })
            }
        }
    }

    pub(super) fn bracket_call(
        &mut self,
        name: &str,
        arguments: Vec<Value>,
        at: usize,
    ) -> Read<Value> {
        if matches!(name, "each" | "prior") {
            return Err(self.error_at(
                at,
                "function_not_allowed",
                format!("`{name}` stands after a verb here: `string {name} x`"),
            ));
        }
        let wanted = if verbs::verb(name) == Some(Use::Brackets) {
            3
        } else {
            2
        };
        if arguments.len() != wanted {
            return Err(self.error_at(
                at,
                "wrong_arity",
                format!("`{name}` takes {wanted} arguments, not {}", arguments.len()),
            ));
        }
        let mut arguments = arguments.into_iter();
        let (Some(first), Some(second)) = (arguments.next(), arguments.next()) else {
            return Err(self.error_at(at, "wrong_arity", "arguments are missing"));
        };
        let Some(third) = arguments.next() else {
            return self.dyad(name, first, second, at);
        };
        match (first.symbols, second.table, third.table) {
            (Some(symbols), Some(one), Some(two)) => {
                self.all_in(&symbols, &one, at);
                self.all_in(&symbols, &two, at);
                Ok(joined(one, two))
            }
            _ if !self.findings.is_empty() => Ok(Value::default()),
            _ => Err(self.error_at(
                at,
                "syntax_error",
                format!("`{name}` takes column names (`a`b) and two tables"),
            )),
        }
    }
}
