//! KDB/q: q-SQL and the verbs around it, read by rules of our own.
//!
//! Accepted are `select` and `exec`, joins and sorts of their results, and listed verbs over columns.
//! A lambda, an assignment, an apply, a file, a connection or a string that runs is refused by its form.

mod lex;
mod verbs;

use super::catalog::{Catalog, ColumnId, TableFound, TableId};
use super::lex::Place;
use super::resolve::nearest;
use super::{Finding, OutputColumn};
use crate::schema::ValueKind;
use lex::{Token, Word, is_noun, refuse};
use std::collections::BTreeSet;
use verbs::Use;

/// What a proven q query reads and gives.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    pub tables: BTreeSet<TableId>,
    pub columns: BTreeSet<ColumnId>,
    pub output: Vec<OutputColumn>,
}

/// Largest list that a query may make out of nothing.
const MAX_MADE: f64 = 1_000_000.0;

/// Proves `text` harmless, or says why not. Runs on the deep stack.
pub(super) fn prove(text: &str, catalog: &Catalog) -> Result<Resolved, Vec<Finding>> {
    let words = lex::words(text).map_err(|finding| vec![finding])?;
    if words.is_empty() {
        return Err(vec![refuse(
            "not_a_statement",
            "there is no query",
            Place::default(),
        )]);
    }
    if let Some(finding) = in_sql(text, &words) {
        return Err(vec![finding]);
    }
    let mut reader = Reader {
        text,
        words: &words,
        at: 0,
        catalog,
        scope: Vec::new(),
        resolved: Resolved::default(),
        findings: Vec::new(),
    };
    match reader.whole() {
        Ok(value) if reader.findings.is_empty() => {
            let mut resolved = reader.resolved;
            resolved.output = value
                .table
                .unwrap_or_else(|| vec![value.column])
                .into_iter()
                .map(|column| OutputColumn {
                    name: column.name,
                    origin: column.origin.map(|id| catalog.column_ref(id)),
                    kind: column.kind,
                })
                .collect();
            Ok(resolved)
        }
        Ok(_) => Err(reader.findings),
        Err(finding) => {
            let mut findings = reader.findings;
            findings.push(finding);
            Err(findings)
        }
    }
}

/// `select from t` and `select a,b from t` with `[100]` after the first word.
pub(super) fn bare_table_limit(text: &str) -> Option<String> {
    let words = lex::words(text).ok()?;
    let (first, rest) = words.split_first()?;
    let is = |word: &Word, name: &str| word.token == Token::Name(name.to_owned());
    let from = rest.iter().position(|word| is(word, "from"))?;
    let plain = rest[..from].iter().all(|word| {
        matches!(&word.token, Token::Name(name) if verbs::verb(name).is_none() && name != "by")
            || word.token == Token::Sign(",")
    });
    let one_table = matches!(
        &rest[from + 1..],
        [Word {
            token: Token::Name(_),
            ..
        }]
    );
    (is(first, "select") && plain && one_table)
        .then(|| format!("{}[100]{}", &text[..first.to], &text[first.to..]))
}

/// A column of a table in q.
#[derive(Clone, Debug, Default)]
struct Column {
    name: String,
    origin: Option<ColumnId>,
    kind: Option<ValueKind>,
}

/// What an expression is.
#[derive(Clone, Debug, Default)]
struct Value {
    /// It is a table with these columns.
    table: Option<Vec<Column>>,
    /// For what is no table: the name a column of it would get, its origin and kind.
    column: Column,
    symbols: Option<Vec<String>>,
    /// Numbers that stand in the text.
    numbers: Option<Vec<f64>>,
    /// A string in the text.
    text: bool,
}

struct Reader<'a> {
    text: &'a str,
    words: &'a [Word],
    at: usize,
    catalog: &'a Catalog,
    /// Columns in sight, one list for each select being read.
    scope: Vec<Vec<Column>>,
    resolved: Resolved,
    findings: Vec<Finding>,
}

type Read<T> = Result<T, Finding>;

impl Reader<'_> {
    fn whole(&mut self) -> Read<Value> {
        let value = self.expr(false)?;
        match self.peek() {
            None => {}
            Some(Token::Semicolon) if self.at + 1 == self.words.len() => {
                return Err(
                    self.error("syntax_error", "a semicolon at the end discards the result")
                );
            }
            Some(Token::Semicolon) => {
                return Err(self.error("multiple_statements", "only one query may be sent"));
            }
            Some(_) => {
                return Err(self.error("syntax_error", "something is left over here"));
            }
        }
        if self.resolved.tables.is_empty() && self.findings.is_empty() {
            return Err(self.error_at(
                0,
                "not_a_query",
                "this reads no table; write `select … from table`",
            ));
        }
        Ok(value)
    }

    /// Right to left, as q evaluates: a noun, a verb and an expression. `commas` separate columns.
    fn expr(&mut self, commas: bool) -> Read<Value> {
        self.expr_after(commas, false)
    }

    /// `computing`: an operator stands before this, and would take all of it as its right side.
    fn expr_after(&mut self, commas: bool, computing: bool) -> Read<Value> {
        let start = self.at;
        let left = match self.prefix(commas)? {
            Some(value) => return Ok(value),
            None => self.noun()?,
        };
        let Some(token) = self.peek().cloned() else {
            return Ok(left);
        };
        match token {
            Token::Close(_) | Token::Semicolon => Ok(left),
            Token::Sign(",") if commas => Ok(left),
            Token::Sign(sign) => {
                if !is_operator(sign) {
                    return Err(self.sign_error(sign));
                }
                self.at += 1;
                self.no_adverb()?;
                let right = self.expr_after(commas, true)?;
                self.operator(sign, left, right, start)
            }
            Token::Name(name) if is_phrase(&name) => Ok(left),
            Token::Name(name) if verbs::verb(&name) == Some(Use::Two) => {
                let verb_at = self.at;
                self.at += 1;
                if name == "each" {
                    return Err(self.error_at(
                        verb_at,
                        "syntax_error",
                        "`each` needs a verb before it",
                    ));
                }
                if matches!(name.as_str(), "and" | "or") && computing {
                    return Err(self.error_at(
                        verb_at,
                        "syntax_error",
                        "q reads from right to left: put brackets around what stands before `and`, or use a comma",
                    ));
                }
                let right = self.expr(commas)?;
                self.dyad(&name, left, right, verb_at)
            }
            Token::Colon => Err(self.error(
                "write_statement",
                "assignments are not allowed; only a query may run",
            )),
            Token::Name(name) if verbs::is_harmful(&name) => Err(self.harmful(&name)),
            _ => Err(self.error("syntax_error", "two things stand side by side here")),
        }
    }

    /// A verb before its argument, with brackets or without; None when a noun stands here.
    fn prefix(&mut self, commas: bool) -> Read<Option<Value>> {
        let Some(token) = self.peek().cloned() else {
            return Err(self.error("syntax_error", "the query ends too early"));
        };
        match token {
            Token::Name(name) => {
                if self.in_sight(&name).is_some() {
                    return Ok(None);
                }
                match verbs::verb(&name) {
                    // `where` and the like begin a phrase, except within brackets
                    Some(_) if is_phrase(&name) && !self.opens_expression() => Err(self.error(
                        "syntax_error",
                        format!("something is missing before `{name}`"),
                    )),
                    Some(Use::One) => {
                        let verb_at = self.at;
                        self.at += 1;
                        if self.peek() == Some(&Token::Open('[')) {
                            let arguments = self.arguments()?;
                            let [argument] = <[Value; 1]>::try_from(arguments).map_err(|_| {
                                self.error_at(
                                    verb_at,
                                    "wrong_arity",
                                    format!("`{name}` takes one argument"),
                                )
                            })?;
                            let value = self.monad(&name, argument, verb_at)?;
                            return self.continued(value, commas, verb_at).map(Some);
                        }
                        if self.peek() == Some(&Token::Name("each".to_owned())) {
                            self.at += 1;
                            let argument = self.expr(commas)?;
                            let mut value = self.monad(&name, argument, verb_at)?;
                            value.table = None;
                            return Ok(Some(value));
                        }
                        if self.ends() {
                            return Err(self.error_at(
                                verb_at,
                                "syntax_error",
                                format!("`{name}` has nothing to work on"),
                            ));
                        }
                        let argument = self.expr(commas)?;
                        self.monad(&name, argument, verb_at).map(Some)
                    }
                    Some(Use::Two | Use::Brackets) => {
                        let verb_at = self.at;
                        self.at += 1;
                        if self.peek() != Some(&Token::Open('[')) {
                            return Err(self.error_at(
                                verb_at,
                                "syntax_error",
                                format!("`{name}` needs something before it"),
                            ));
                        }
                        let arguments = self.arguments()?;
                        let value = self.bracket_call(&name, arguments, verb_at)?;
                        self.continued(value, commas, verb_at).map(Some)
                    }
                    None => Ok(None),
                }
            }
            Token::Sign("$")
                if self.words.get(self.at + 1).map(|w| &w.token) == Some(&Token::Open('[')) =>
            {
                // $[condition;then;else]
                let verb_at = self.at;
                self.at += 1;
                let arguments = self.arguments()?;
                if arguments.len() < 3 {
                    return Err(self.error_at(
                        verb_at,
                        "wrong_arity",
                        "$[condition;then;else] takes three arguments or more",
                    ));
                }
                let value = arguments.into_iter().nth(1).unwrap_or_default().plain();
                self.continued(value, commas, verb_at).map(Some)
            }
            Token::Sign("?")
                if self.words.get(self.at + 1).map(|w| &w.token) == Some(&Token::Open('[')) =>
            {
                let verb_at = self.at;
                self.at += 1;
                if self.scope.is_empty() {
                    return self.functional(verb_at).map(Some);
                }
                let arguments = self.arguments()?;
                if arguments.len() != 3 {
                    return Err(self.error_at(
                        verb_at,
                        "wrong_arity",
                        "?[condition;yes;no] takes three arguments",
                    ));
                }
                let value = arguments.into_iter().nth(1).unwrap_or_default().plain();
                self.continued(value, commas, verb_at).map(Some)
            }
            Token::Sign("*") => Err(self.error(
                "syntax_error",
                "q has no `*` for all columns: write `select from table`",
            )),
            Token::Sign(sign) => Err(self.sign_error(sign)),
            Token::Colon => Err(self.error(
                "write_statement",
                "assignments are not allowed; only a query may run",
            )),
            Token::Close(_) | Token::Semicolon => {
                Err(self.error("syntax_error", "something is missing here"))
            }
            Token::Number(_) | Token::Symbols(_) | Token::Text(_) | Token::Open(_) => Ok(None),
        }
    }

    /// After a bracketed call: it may be the left side of more.
    fn continued(&mut self, left: Value, commas: bool, start: usize) -> Read<Value> {
        match self.peek().cloned() {
            Some(Token::Sign(",")) if commas => Ok(left),
            Some(Token::Sign(sign)) if is_operator(sign) => {
                self.at += 1;
                self.no_adverb()?;
                let right = self.expr(commas)?;
                self.operator(sign, left, right, start)
            }
            Some(Token::Name(name))
                if !is_phrase(&name) && verbs::verb(&name) == Some(Use::Two) =>
            {
                let verb_at = self.at;
                self.at += 1;
                let right = self.expr(commas)?;
                self.dyad(&name, left, right, verb_at)
            }
            _ => Ok(left),
        }
    }

    fn noun(&mut self) -> Read<Value> {
        let at = self.at;
        let token = self.words[at].token.clone();
        self.at += 1;
        let mut value = match token {
            Token::Number(number) => {
                let mut numbers = vec![number];
                while let Some(Token::Number(next)) = self.peek() {
                    numbers.push(*next);
                    self.at += 1;
                }
                Value {
                    numbers: numbers.into_iter().collect(),
                    column: Column {
                        name: "x".to_owned(),
                        ..Column::default()
                    },
                    ..Value::default()
                }
            }
            Token::Symbols(symbols) => Value {
                symbols: Some(symbols),
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(ValueKind::Text),
                    ..Column::default()
                },
                ..Value::default()
            },
            Token::Text(_) => Value {
                text: true,
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(ValueKind::Text),
                    ..Column::default()
                },
                ..Value::default()
            },
            Token::Open('(') => self.brackets(at)?,
            Token::Open('{') => {
                return Err(self.error_at(
                    at,
                    "function_not_allowed",
                    "functions {…} are not allowed; use the verbs of q",
                ));
            }
            Token::Name(name) => match name.as_str() {
                "select" | "exec" => return self.select(at),
                "update" | "delete" | "insert" | "upsert" => {
                    return Err(self.error_at(
                        at,
                        "write_statement",
                        format!("`{name}` changes tables; only select and exec may run"),
                    ));
                }
                _ => self.named(&name, at)?,
            },
            _ => return Err(self.error_at(at, "syntax_error", "this cannot stand here")),
        };
        while self.peek() == Some(&Token::Open('[')) {
            self.arguments()?;
            value = value.plain();
        }
        Ok(value)
    }

    /// `(expression)`, or a list `(a;b)` of which an item may be a verb.
    fn brackets(&mut self, open: usize) -> Read<Value> {
        let mut values = Vec::new();
        if self.peek() == Some(&Token::Close(')')) {
            self.at += 1;
            return Ok(Value::default());
        }
        if self.peek() == Some(&Token::Open('[')) {
            return Err(self.error_at(
                open,
                "unsupported",
                "tables written out ([] …) are not allowed",
            ));
        }
        loop {
            let alone = matches!(
                self.words.get(self.at + 1).map(|w| &w.token),
                Some(Token::Semicolon | Token::Close(')'))
            );
            match self.peek().cloned() {
                Some(Token::Name(name))
                    if alone && verbs::verb(&name).is_some() && self.in_sight(&name).is_none() =>
                {
                    self.at += 1;
                    values.push(Value::default());
                }
                Some(Token::Sign(sign)) if alone && is_operator(sign) => {
                    self.at += 1;
                    values.push(Value::default());
                }
                _ => values.push(self.expr(false)?),
            }
            match self.peek() {
                Some(Token::Semicolon) => self.at += 1,
                Some(Token::Close(')')) => {
                    self.at += 1;
                    break;
                }
                _ => {
                    return Err(self.error_at(
                        open,
                        "syntax_error",
                        "the bracket ( is never closed",
                    ));
                }
            }
        }
        if values.len() == 1 {
            return Ok(values.pop().unwrap_or_default());
        }
        let column = values.last().map_or_else(Column::default, |value| Column {
            name: value.column.name.clone(),
            ..Column::default()
        });
        Ok(Value {
            column,
            ..Value::default()
        })
    }

    /// `[a;b;c]`.
    fn arguments(&mut self) -> Read<Vec<Value>> {
        let open = self.at;
        self.at += 1;
        let mut values = Vec::new();
        if self.peek() == Some(&Token::Close(']')) {
            self.at += 1;
            return Ok(values);
        }
        loop {
            values.push(self.expr(false)?);
            match self.peek() {
                Some(Token::Semicolon) => self.at += 1,
                Some(Token::Close(']')) => {
                    self.at += 1;
                    return Ok(values);
                }
                _ => {
                    return Err(self.error_at(
                        open,
                        "syntax_error",
                        "the bracket [ is never closed",
                    ));
                }
            }
        }
    }

    /// A name that is no verb: a column in sight, a table, the clock, or a mistake.
    fn named(&mut self, name: &str, at: usize) -> Read<Value> {
        if let Some(column) = self.in_sight(name) {
            if let Some(id) = column.origin {
                self.resolved.columns.insert(id);
            }
            return Ok(Value {
                column,
                ..Value::default()
            });
        }
        if !self.scope.is_empty() && name == "i" {
            return Ok(Value {
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(ValueKind::Integer),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let Some((first, rest)) = name.split_once('.')
            && !first.is_empty()
            && let Some(column) = self.in_sight(first)
        {
            // along a foreign key, or a part of a date
            if let Some(id) = column.origin {
                self.resolved.columns.insert(id);
            }
            return Ok(Value {
                column: Column {
                    name: rest.rsplit('.').next().unwrap_or(rest).to_owned(),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let Some(kind) = verbs::clock(name) {
            return Ok(Value {
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(kind),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let TableFound::One(id) | TableFound::Elsewhere(id) = self.catalog.find(None, name) {
            return Ok(self.table(id));
        }
        if verbs::is_harmful(name) {
            return Err(self.harmful_at(name, at));
        }
        let (code, what) = if self.scope.is_empty() {
            ("unknown_table", "table")
        } else {
            ("unknown_column", "column")
        };
        let names: Vec<&str> = if self.scope.is_empty() {
            self.catalog
                .tables
                .iter()
                .map(|table| table.name.as_str())
                .collect()
        } else {
            let columns = self.scope.iter().rev().flatten();
            columns.map(|column| column.name.as_str()).collect()
        };
        let home = self
            .catalog
            .homes(name)
            .first()
            .filter(|_| !self.scope.is_empty());
        let suggestion = nearest(name, names.into_iter())
            .or_else(|| {
                let verbs = verbs::names().filter(|_| home.is_none());
                nearest(name, verbs)
            })
            .map(str::to_owned);
        let message = match (&suggestion, home) {
            (Some(other), _) => format!("there is no {what} `{name}`; did you mean `{other}`?"),
            (None, Some(&home)) => format!(
                "column `{name}` exists in table `{}`, which is not in FROM",
                self.catalog.shown(home)
            ),
            (None, None) => format!("there is no {what} `{name}`"),
        };
        let mut finding = self.error_at(at, code, message);
        finding.suggestion = suggestion;
        self.findings.push(finding);
        Ok(Value::default())
    }

    fn table(&mut self, id: TableId) -> Value {
        self.resolved.tables.insert(id);
        let columns = self
            .catalog
            .table(id)
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| Column {
                name: column.name.clone(),
                origin: Some((id, at as u32)),
                kind: Some(column.kind).filter(|kind| *kind != ValueKind::Other),
            })
            .collect();
        Value {
            table: Some(columns),
            ..Value::default()
        }
    }

    fn in_sight(&self, name: &str) -> Option<Column> {
        self.scope
            .iter()
            .rev()
            .flatten()
            .find(|column| column.name == name)
            .cloned()
    }

    /// `select[n;>column] distinct columns by columns from table where conditions`.
    fn select(&mut self, word: usize) -> Read<Value> {
        let is_exec = self.words[word].token == Token::Name("exec".to_owned());
        // the table decides what the columns mean, and stands after them
        let columns_at = self.at;
        let from = self.find_from(word)?;
        self.at = from + 1;
        if self.ends() {
            return Err(self.error("syntax_error", "there is no table after `from`"));
        }
        let source = match self.peek().cloned() {
            Some(Token::Symbols(_)) => {
                return Err(self.error("syntax_error", "write the table's name without a backtick"));
            }
            _ => self.expr(true)?,
        };
        let columns = match source.table {
            Some(columns) => columns,
            None if !self.findings.is_empty() => return Ok(Value::default()),
            None => {
                return Err(self.error_at(from + 1, "unknown_table", "this is no table"));
            }
        };
        self.scope.push(columns.clone());
        if self.peek() == Some(&Token::Name("where".to_owned())) {
            self.at += 1;
            loop {
                self.expr(true)?;
                if self.peek() != Some(&Token::Sign(",")) {
                    break;
                }
                self.at += 1;
            }
        }
        let end = self.at;

        self.at = columns_at;
        if self.peek() == Some(&Token::Open('[')) && !is_exec {
            self.limits()?;
        }
        if self.peek() == Some(&Token::Name("distinct".to_owned())) && self.at + 1 != from {
            self.at += 1;
        }
        let shown = self.phrases(from)?;
        let mut by = Vec::new();
        if self.peek() == Some(&Token::Name("by".to_owned())) && self.at < from {
            self.at += 1;
            by = self.phrases(from)?;
            if by.is_empty() {
                return Err(self.error("syntax_error", "there is nothing after `by`"));
            }
        }
        if self.at != from {
            return Err(self.error("syntax_error", "this cannot stand before `from`"));
        }
        self.scope.pop();
        self.at = end;
        let shown = if shown.is_empty() {
            for column in &columns {
                self.resolved.columns.extend(column.origin);
            }
            columns
                .into_iter()
                .filter(|column| !by.iter().any(|key| key.name == column.name))
                .collect()
        } else {
            shown
        };
        by.extend(shown);
        let alone = is_exec && by.len() == 1;
        let column = by.first().cloned().unwrap_or_default();
        Ok(Value {
            column,
            table: (!alone).then_some(by),
            ..Value::default()
        })
    }

    /// The `from` that belongs to the select at `word`.
    fn find_from(&self, word: usize) -> Read<usize> {
        let mut open = 0;
        for (index, word) in self.words.iter().enumerate().skip(word + 1) {
            match &word.token {
                Token::Open(_) => open += 1,
                Token::Close(_) if open == 0 => break,
                Token::Close(_) => open -= 1,
                Token::Semicolon if open == 0 => break,
                Token::Name(name) if name == "from" && open == 0 => return Ok(index),
                _ => {}
            }
        }
        Err(self.error_at(word, "syntax_error", "`select` needs `from` and a table"))
    }

    /// `[10]`, `[-5;>price]`, `[<time]` after select.
    fn limits(&mut self) -> Read<()> {
        self.at += 1;
        loop {
            if let Some(Token::Sign("<" | ">" | "<=" | ">=")) = self.peek() {
                self.at += 1;
                let at = self.at;
                match self.peek().cloned() {
                    Some(Token::Name(name)) => {
                        self.at += 1;
                        self.named(&name, at)?;
                    }
                    _ => return Err(self.error("syntax_error", "a column is missing here")),
                }
            } else {
                let at = self.at;
                let value = self.expr(false)?;
                if value.numbers.is_none() {
                    return Err(self.error_at(
                        at,
                        "syntax_error",
                        "a number of rows is wanted here",
                    ));
                }
            }
            match self.peek() {
                Some(Token::Semicolon) => self.at += 1,
                Some(Token::Close(']')) => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.error("syntax_error", "the bracket [ is never closed")),
            }
        }
    }

    /// `a, b:expression, …` up to `by` or `from`.
    fn phrases(&mut self, from: usize) -> Read<Vec<Column>> {
        let mut columns: Vec<Column> = Vec::new();
        while self.at < from && self.peek() != Some(&Token::Name("by".to_owned())) {
            let label = match (
                self.peek().cloned(),
                self.words.get(self.at + 1).map(|word| &word.token),
            ) {
                (Some(Token::Name(name)), Some(Token::Colon)) => {
                    self.at += 2;
                    Some(name)
                }
                _ => None,
            };
            let at = self.at;
            let value = self.expr(true)?;
            if value.table.is_some() {
                return Err(self.error_at(at, "syntax_error", "a table cannot be a column"));
            }
            let mut column = value.column;
            if let Some(label) = label {
                column.name = label;
            }
            if column.name.is_empty() {
                column.name = "x".to_owned();
            }
            while columns.iter().any(|known| known.name == column.name) {
                column.name.push('1');
            }
            columns.push(column);
            if self.peek() == Some(&Token::Sign(",")) {
                self.at += 1;
                if self.at == from {
                    return Err(self.error("syntax_error", "a column is missing after the comma"));
                }
            } else {
                break;
            }
        }
        Ok(columns)
    }

    /// `?[table;conditions;by;columns]`: a select written as data; columns are symbols there.
    fn functional(&mut self, verb_at: usize) -> Read<Value> {
        self.at += 1;
        let source = match self.peek().cloned() {
            // `trade stands for the table here
            Some(Token::Symbols(symbols)) if symbols.len() == 1 => {
                let at = self.at;
                self.at += 1;
                self.named(&symbols[0], at)?
            }
            _ => self.expr(false)?,
        };
        let Some(columns) = source.table else {
            if !self.findings.is_empty() {
                return Ok(Value::default());
            }
            return Err(self.error_at(verb_at, "unknown_table", "the first argument is no table"));
        };
        let (mut open, mut parts) = (1, 1);
        while open > 0 {
            let at = self.at;
            let Some(token) = self.peek().cloned() else {
                return Err(self.error_at(
                    verb_at,
                    "syntax_error",
                    "the bracket [ is never closed",
                ));
            };
            self.at += 1;
            match token {
                Token::Open('{') | Token::Colon => {
                    return Err(self.error_at(
                        at,
                        "function_not_allowed",
                        "functions and assignments are not allowed",
                    ));
                }
                Token::Open(_) => open += 1,
                Token::Close(_) => open -= 1,
                Token::Semicolon if open == 1 => parts += 1,
                Token::Name(name) => {
                    if verbs::verb(&name).is_none() && verbs::clock(&name).is_none() {
                        return Err(self.harmful_at(&name, at));
                    }
                }
                Token::Sign(sign) => {
                    let makes_a_dictionary = sign == "!"
                        && at > 0
                        && matches!(
                            self.words[at - 1].token,
                            Token::Symbols(_) | Token::Close(')')
                        );
                    if !is_operator(sign) && !makes_a_dictionary {
                        return Err(self.error_at(
                            at,
                            "operator_not_allowed",
                            format!("`{sign}` is not allowed here"),
                        ));
                    }
                }
                Token::Symbols(symbols) => {
                    for symbol in symbols {
                        // a symbol may also be a value or a new name; what is a column is read
                        if let Some(column) = columns.iter().find(|c| c.name == symbol) {
                            self.resolved.columns.extend(column.origin);
                        }
                    }
                }
                Token::Semicolon | Token::Number(_) | Token::Text(_) => {}
            }
        }
        if parts != 4 {
            return Err(self.error_at(
                verb_at,
                "wrong_arity",
                "?[table;conditions;by;columns] takes four arguments",
            ));
        }
        Ok(Value {
            table: Some(columns),
            ..Value::default()
        })
    }

    fn monad(&mut self, name: &str, argument: Value, at: usize) -> Read<Value> {
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
            ..Value::default()
        })
    }

    fn dyad(&mut self, name: &str, left: Value, right: Value, at: usize) -> Read<Value> {
        match name {
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

    fn operator(&mut self, sign: &str, left: Value, right: Value, start: usize) -> Read<Value> {
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
                if !size.is_some_and(|size| size <= MAX_MADE) {
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

    fn bracket_call(&mut self, name: &str, arguments: Vec<Value>, at: usize) -> Read<Value> {
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

    fn all_in(&mut self, symbols: &[String], columns: &[Column], at: usize) {
        for symbol in symbols {
            match columns.iter().find(|column| column.name == *symbol) {
                Some(column) => self.resolved.columns.extend(column.origin),
                None => {
                    let names = columns.iter().map(|column| column.name.as_str());
                    let suggestion = nearest(symbol, names).map(|name| format!("`{name}"));
                    let mut finding = self.error_at(
                        at,
                        "unknown_column",
                        format!("the table has no column `{symbol}`"),
                    );
                    finding.suggestion = suggestion;
                    self.findings.push(finding);
                }
            }
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at).map(|word| &word.token)
    }

    /// Nothing more that could be an argument.
    fn ends(&self) -> bool {
        match self.peek() {
            None => true,
            Some(Token::Name(name)) => is_phrase(name),
            Some(token) => matches!(token, Token::Close(_) | Token::Semicolon),
        }
    }

    /// At the beginning of brackets `where` is a verb.
    fn opens_expression(&self) -> bool {
        self.at > 0
            && matches!(
                self.words[self.at - 1].token,
                Token::Open(_) | Token::Semicolon
            )
    }

    fn no_adverb(&self) -> Read<()> {
        match self.peek() {
            Some(Token::Sign(sign @ ("/" | "\\" | "'" | "/:" | "\\:" | "':"))) => {
                Err(self.sign_error(sign))
            }
            _ => Ok(()),
        }
    }

    fn sign_error(&self, sign: &str) -> Finding {
        let message = match sign {
            "'" => "strings stand in double quotes and symbols after a backtick: `AAPL".to_owned(),
            "!" => "`!` is not allowed; not equal is <>".to_owned(),
            "=" | "<" | ">" | "<>" | "<=" | ">=" => format!("something is missing before `{sign}`"),
            _ => format!("`{sign}` is not allowed here"),
        };
        self.error("operator_not_allowed", message)
    }

    fn harmful(&self, name: &str) -> Finding {
        self.harmful_at(name, self.at)
    }

    fn harmful_at(&self, name: &str, at: usize) -> Finding {
        if matches!(name, "update" | "delete" | "insert" | "upsert") {
            return self.error_at(
                at,
                "write_statement",
                format!("`{name}` changes tables; only select and exec may run"),
            );
        }
        self.error_at(
            at,
            "side_effect_function",
            format!("`{name}` is not allowed; only verbs that compute are"),
        )
    }

    fn error(&self, code: &str, message: impl Into<String>) -> Finding {
        self.error_at(self.at, code, message)
    }

    fn error_at(&self, at: usize, code: &str, message: impl Into<String>) -> Finding {
        let place = self.words.get(at).map_or_else(
            || Place {
                line: self.text.lines().count().max(1) as u64,
                column: self.text.lines().last().map_or(0, |l| l.chars().count()) as u64 + 1,
            },
            |word| word.at,
        );
        refuse(code, message, place)
    }
}

impl Value {
    /// What is left of a value that was computed with: its kind and name.
    fn plain(self) -> Self {
        Self {
            column: Column {
                name: self.column.name,
                origin: None,
                kind: self.column.kind,
            },
            ..Self::default()
        }
    }
}

fn joined(mut one: Vec<Column>, two: Vec<Column>) -> Value {
    for column in two {
        if !one.iter().any(|known| known.name == column.name) {
            one.push(column);
        }
    }
    Value {
        table: Some(one),
        ..Value::default()
    }
}

/// q names a computed column after the last column in it.
fn last_name(left: &Value, right: &Value) -> String {
    let usable = |value: &Value| {
        (!value.column.name.is_empty() && value.column.name != "x")
            .then(|| value.column.name.clone())
    };
    usable(right)
        .or_else(|| usable(left))
        .unwrap_or_else(|| "x".to_owned())
}

fn is_operator(sign: &str) -> bool {
    [
        "+", "-", "*", "%", "&", "|", "=", "<>", "<", ">", "<=", ">=", "~", ",", "#", "_", "^",
        "$", "?",
    ]
    .contains(&sign)
}

fn is_phrase(name: &str) -> bool {
    matches!(name, "by" | "from" | "where")
}

/// SQL written where q was wanted, with how q says it.
fn in_sql(text: &str, words: &[Word]) -> Option<Finding> {
    let name = |at: usize| match words.get(at).map(|word| &word.token) {
        Some(Token::Name(name)) => name.to_ascii_lowercase(),
        _ => String::new(),
    };
    let number = |at: usize| match words.get(at).map(|word| &word.token) {
        Some(Token::Number(Some(number))) => Some(*number as i64),
        _ => None,
    };
    let without_star = |rest: &str| rest.trim_start_matches([' ', '*']).to_owned();
    if name(0) == "select"
        && name(1) == "top"
        && let Some(rows) = number(2)
    {
        let rest = without_star(&text[words[2].to..]);
        let mut finding = refuse(
            "syntax_error",
            format!("q has no TOP: write `select[{rows}] {rest}` or `{rows}#select {rest}`"),
            words[1].at,
        );
        finding.suggestion = Some(format!("select[{rows}] {rest}"));
        return Some(finding);
    }
    for (at, word) in words.iter().enumerate().skip(1) {
        if name(at) == "limit"
            && let Some(rows) = number(at + 1)
        {
            let before = text[..word.from].trim_end();
            let rest = without_star(
                before
                    .trim_start_matches("select")
                    .trim_start_matches("SELECT"),
            );
            let mut finding = refuse(
                "syntax_error",
                format!("q has no LIMIT: write `select[{rows}] {rest}` or `{rows}#select {rest}`"),
                word.at,
            );
            finding.suggestion = Some(format!("select[{rows}] {rest}"));
            return Some(finding);
        }
        let followed_by = |word: &str| name(at + 1) == word;
        let said = match name(at).as_str() {
            "group" if followed_by("by") => {
                "q has no GROUP BY: write `select … by column from table`"
            }
            "order" if followed_by("by") => "q has no ORDER BY: write `` `column xasc select … ``",
            "having" => "q has no HAVING: select from the grouped select with where",
            "join" if at > 1 => "q has no JOIN: use lj, ij or aj",
            _ => continue,
        };
        if words.get(at + 1).is_some_and(|next| is_noun(&next.token)) {
            return Some(refuse("syntax_error", said, word.at));
        }
    }
    None
}
