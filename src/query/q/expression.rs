//! Expressions: right to left, as q evaluates, a noun, a verb and an expression.

use super::lex::Token;
use super::value::{Column, Value};
use super::verbs::{self, Use};
use super::{Read, Reader, is_operator, is_phrase};
use crate::schema::ValueKind;

impl Reader<'_> {
    pub(super) fn whole(&mut self) -> Read<Value> {
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
    pub(super) fn expr(&mut self, commas: bool) -> Read<Value> {
        self.expr_after(commas, false)
    }

    /// `computing`: an operator stands before this, and would take all of it as its right side.
    pub(super) fn expr_after(&mut self, commas: bool, computing: bool) -> Read<Value> {
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
    pub(super) fn prefix(&mut self, commas: bool) -> Read<Option<Value>> {
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
    pub(super) fn continued(&mut self, left: Value, commas: bool, start: usize) -> Read<Value> {
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

    pub(super) fn noun(&mut self) -> Read<Value> {
        let at = self.at;
        let token = self.words[at].token.clone();
        self.at += 1;
        let is_named = matches!(token, Token::Name(_));
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
                        super::refusal::writing(&name),
                    ));
                }
                _ => self.named(&name, at)?,
            },
            _ => return Err(self.error_at(at, "syntax_error", "this cannot stand here")),
        };
        while self.peek() == Some(&Token::Open('[')) {
            // a symbol there would be called, whatever it names
            if !is_named {
                return Err(self.error(
                    "function_not_allowed",
                    "only a column or a table can stand before brackets",
                ));
            }
            self.arguments()?;
            value = value.plain();
        }
        Ok(value)
    }

    /// `(expression)`, or a list `(a;b)` of which an item may be a verb.
    pub(super) fn brackets(&mut self, open: usize) -> Read<Value> {
        let mut values = Vec::new();
        let mut begins_with_verb = false;
        if self.peek() == Some(&Token::Close(')')) {
            self.at += 1;
            return Ok(Value::default());
        }
        // keys side by side: `(max;price) fby ([]sym;date)`
        let keys = open > 0
            && matches!(&self.words[open - 1].token, Token::Name(name) if name == "fby")
            && self.words.get(self.at + 1).map(|word| &word.token) == Some(&Token::Close(']'));
        if keys && self.peek() == Some(&Token::Open('[')) {
            self.at += 2;
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
                    begins_with_verb |= values.is_empty();
                    self.at += 1;
                    values.push(Value::default());
                }
                Some(Token::Sign(sign)) if alone && is_operator(sign) => {
                    begins_with_verb |= values.is_empty();
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
            listed: true,
            begins_with_verb,
            ..Value::default()
        })
    }

    /// `[a;b;c]`.
    pub(super) fn arguments(&mut self) -> Read<Vec<Value>> {
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

    /// At the beginning of brackets `where` is a verb.
    pub(super) fn opens_expression(&self) -> bool {
        self.at > 0
            && matches!(
                self.words[self.at - 1].token,
                Token::Open(_) | Token::Semicolon
            )
    }
}
