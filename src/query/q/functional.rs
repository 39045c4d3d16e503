//! `?[table;conditions;by;columns]`: a select written as data.
//!
//! Data that q evaluates: a list's first item is applied to the others, and a symbol there is the name of any
//! function at all. So these trees are read by a grammar of their own, in which only a listed verb or an operator
//! can stand first, and every symbol that is not `enlist`ed is a column.

use super::lex::Token;
use super::value::{Column, Value};
use super::verbs::{self, Use};
use super::{Read, Reader, is_operator};

impl Reader<'_> {
    /// Stands behind the `?`.
    pub(super) fn functional(&mut self, verb_at: usize) -> Read<Value> {
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
                // no telling what the rest means
                self.at = self.words.len();
                return Ok(Value::default());
            }
            return Err(self.error_at(verb_at, "unknown_table", "the first argument is no table"));
        };
        self.scope.push(columns.clone());
        self.next_argument(verb_at)?;
        self.conditions()?;
        self.next_argument(verb_at)?;
        let by = self.tree_columns(true)?;
        self.next_argument(verb_at)?;
        let shown = self.tree_columns(false)?;
        self.scope.pop();
        if self.peek() != Some(&Token::Close(']')) {
            return Err(self.error_at(verb_at, "wrong_arity", FOUR));
        }
        self.at += 1;
        let table = match shown {
            Some(shown) => by.unwrap_or_default().into_iter().chain(shown).collect(),
            None => {
                for column in &columns {
                    self.resolved.columns.extend(column.origin);
                }
                columns
            }
        };
        Ok(Value {
            table: Some(table),
            ..Value::default()
        })
    }

    fn next_argument(&mut self, verb_at: usize) -> Read<()> {
        if self.peek() != Some(&Token::Semicolon) {
            return Err(self.error_at(verb_at, "wrong_arity", FOUR));
        }
        self.at += 1;
        Ok(())
    }

    /// `()`, `enlist tree` or `(tree;tree)`.
    fn conditions(&mut self) -> Read<()> {
        match self.peek() {
            Some(Token::Name(name)) if name == "enlist" => {
                self.at += 1;
                self.tree()
            }
            Some(Token::Open('(')) => {
                self.at += 1;
                self.trees()
            }
            _ => Err(self.error(
                "syntax_error",
                "conditions are a list: enlist(=;`column;value)",
            )),
        }
    }

    /// `0b`, `()`, or names and trees as a dictionary: `` `a`b!(tree;tree) ``; None for all columns.
    fn tree_columns(&mut self, is_by: bool) -> Read<Option<Vec<Column>>> {
        let at = self.at;
        match self.peek().cloned() {
            // 0b and 1b are no plain numbers
            Some(Token::Number(None)) if is_by => {
                self.at += 1;
                return Ok(None);
            }
            Some(Token::Open('('))
                if self.words.get(at + 1).map(|word| &word.token) == Some(&Token::Close(')')) =>
            {
                self.at += 2;
                return Ok(None);
            }
            _ => {}
        }
        let names = self.names()?;
        if self.peek() != Some(&Token::Sign("!")) {
            return Err(self.error(
                "syntax_error",
                "columns are a dictionary: `name`other!(tree;tree)",
            ));
        }
        self.at += 1;
        match self.peek().cloned() {
            Some(Token::Symbols(columns)) => {
                self.at += 1;
                for column in &columns {
                    self.tree_column(column, self.at - 1)?;
                }
            }
            Some(Token::Name(name)) if name == "enlist" => {
                self.at += 1;
                self.tree()?;
            }
            Some(Token::Open('(')) => {
                self.at += 1;
                self.trees()?;
            }
            _ => return Err(self.error("syntax_error", "the columns' trees are missing here")),
        }
        let columns = names.into_iter().map(|name| Column {
            name,
            ..Column::default()
        });
        Ok(Some(columns.collect()))
    }

    /// `` `a`b ``, `` enlist`a `` or either in brackets.
    fn names(&mut self) -> Read<Vec<String>> {
        let bracketed = self.peek() == Some(&Token::Open('('));
        if bracketed {
            self.at += 1;
        }
        if self.peek() == Some(&Token::Name("enlist".to_owned())) {
            self.at += 1;
        }
        let Some(Token::Symbols(names)) = self.peek().cloned() else {
            return Err(self.error("syntax_error", "names of columns are missing here"));
        };
        self.at += 1;
        if bracketed {
            if self.peek() != Some(&Token::Close(')')) {
                return Err(self.error("syntax_error", "the bracket ( is never closed"));
            }
            self.at += 1;
        }
        Ok(names)
    }

    /// Trees up to the closing bracket.
    fn trees(&mut self) -> Read<()> {
        if self.peek() == Some(&Token::Close(')')) {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.tree()?;
            match self.peek() {
                Some(Token::Semicolon) => self.at += 1,
                Some(Token::Close(')')) => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.error("syntax_error", "the bracket ( is never closed")),
            }
        }
    }

    /// A column, a value, or `(verb;tree;tree)`.
    fn tree(&mut self) -> Read<()> {
        let at = self.at;
        let Some(token) = self.peek().cloned() else {
            return Err(self.error("syntax_error", "the query ends too early"));
        };
        self.at += 1;
        match token {
            Token::Number(_) => {
                while let Some(Token::Number(_)) = self.peek() {
                    self.at += 1;
                }
                Ok(())
            }
            Token::Text(_) => Ok(()),
            Token::Symbols(symbols) => match symbols.as_slice() {
                [column] => self.tree_column(column, at),
                _ => Err(self.error_at(
                    at,
                    "syntax_error",
                    "several symbols here are names of columns; values are enlisted",
                )),
            },
            // what is enlisted is a value
            Token::Name(name) if name == "enlist" => match self.peek() {
                Some(Token::Symbols(_) | Token::Text(_) | Token::Number(_)) => {
                    self.at += 1;
                    Ok(())
                }
                _ => Err(self.error("syntax_error", "`enlist` takes a value here")),
            },
            Token::Name(name) if verbs::clock(&name).is_some() => Ok(()),
            Token::Open('(') => {
                self.head()?;
                match self.peek() {
                    Some(Token::Semicolon) => {
                        self.at += 1;
                        self.trees()
                    }
                    _ => Err(self.error("syntax_error", "a verb and its arguments: (avg;`price)")),
                }
            }
            Token::Open('{') | Token::Colon => Err(self.error_at(
                at,
                "function_not_allowed",
                "functions and assignments are not allowed",
            )),
            Token::Name(name) => Err(self.harmful_at(&name, at)),
            Token::Sign(sign) => {
                self.at = at;
                Err(self.sign_error(sign))
            }
            _ => Err(self.error_at(at, "syntax_error", "something is missing here")),
        }
    }

    /// The first item of a list is applied, so it is a verb of q and nothing else.
    fn head(&mut self) -> Read<()> {
        let allowed = match self.peek() {
            // with a number before it `!` is any of q's internal functions, `-6!` for one evaluates
            Some(Token::Sign(sign)) => is_operator(sign) && !matches!(*sign, "?" | "$" | "#" | "!"),
            Some(Token::Name(name)) => {
                matches!(verbs::verb(name), Some(Use::One | Use::Two))
                    && !matches!(
                        name.as_str(),
                        "each"
                            | "prior"
                            | "fby"
                            | "til"
                            | "where"
                            | "key"
                            | "keys"
                            | "cols"
                            | "meta"
                    )
            }
            _ => false,
        };
        if !allowed {
            return Err(match self.peek().cloned() {
                Some(Token::Name(name)) if verbs::is_harmful(&name) => self.harmful(&name),
                _ => self.error(
                    "function_not_allowed",
                    "a list here begins with a verb of q, such as (avg;`price) or (>;`price;100)",
                ),
            });
        }
        self.at += 1;
        Ok(())
    }

    fn tree_column(&mut self, name: &str, at: usize) -> Read<()> {
        // a computed name (time.hh) is a column too
        let stem = name.split('.').next().unwrap_or(name);
        if self.in_sight(name).is_none() && self.in_sight(stem).is_none() && name != "i" {
            let columns = self.scope.last().cloned().unwrap_or_default();
            self.all_in(std::slice::from_ref(&name.to_owned()), &columns, at);
            return Ok(());
        }
        if let Some(column) = self.in_sight(name).or_else(|| self.in_sight(stem)) {
            self.resolved.columns.extend(column.origin);
        }
        Ok(())
    }
}

const FOUR: &str = "?[table;conditions;by;columns] takes four arguments";
