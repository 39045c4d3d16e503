//! `select` and `exec` in their written form.

use super::lex::Token;
use super::value::{Column, Value};
use super::{Read, Reader};

impl Reader<'_> {
    /// `select[n;>column] distinct columns by columns from table where conditions`.
    pub(super) fn select(&mut self, word: usize) -> Read<Value> {
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
    pub(super) fn find_from(&self, word: usize) -> Read<usize> {
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
    pub(super) fn limits(&mut self) -> Read<()> {
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
    pub(super) fn phrases(&mut self, from: usize) -> Read<Vec<Column>> {
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
}
