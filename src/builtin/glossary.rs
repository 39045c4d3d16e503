//! The organisation's own words, as columns that no table has.
//!
//! `VWAP` means `sum(price * size) / sum(size)`; a `VIP customer` is one with "total over 10000". Such a word joins
//! the schema that the generator reads as one more column, so that the whole grammar applies to it ("VWAP by symbol",
//! "top 5 symbols by VWAP", "revenue of VIP customers"); the renderer writes what it stands for.

use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::linking::Linker;
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::planning::{Outcome, Planner, readable};
use crate::builtin::reading::{self, Aggregate};
use crate::builtin::render::Renderer;
use crate::builtin::tokens::{Token, tokens};
use crate::query::Dialect;
use crate::query::spans::{self, What};
use crate::schema::{Column, Schema};
use chrono::NaiveDate;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token as SqlToken;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A word and what a query makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// `VWAP`, `VIP customer`
    pub key: &'a str,
    /// An expression, a condition, or words: `total over 10000`.
    pub value: &'a str,
    /// May name the table that it is about.
    pub context: &'a str,
}

#[derive(Debug, Default)]
pub struct Glossary {
    computed: HashMap<(TableId, usize), Computed>,
    phrases: Vec<Phrase>,
    /// Words of a question that say a computed column, and what they become.
    words: Vec<Word>,
}

/// A total is asked for as one asks for totals; a condition leaves the question and becomes a filter.
#[derive(Debug)]
struct Word {
    stems: Vec<String>,
    what: Kind,
    column: ColumnId,
}

/// A condition that a question names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    pub column: ColumnId,
    pub negated: bool,
}

/// A column that is computed.
#[derive(Debug)]
pub struct Computed {
    key: String,
    value: String,
    /// As people say it, without the table's name.
    spoken: String,
    /// As a result column.
    name: String,
    what: Kind,
    pieces: Vec<Piece>,
}

/// What the built-in generator makes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A column that these tables do not have.
    Column(Kind, Vec<TableId>),
    /// Other words for the same.
    Phrase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value of a row.
    Row,
    /// A value of a group of rows: it is an aggregate already.
    Total,
    /// True or not of a row.
    Condition,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Column(usize),
}

/// Words that stand for other words.
#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    words: Vec<Token>,
}

const LONGEST_EXPRESSION: usize = 20_000;

const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "is",
    "null",
    "in",
    "between",
    "like",
    "ilike",
    "case",
    "when",
    "then",
    "else",
    "end",
    "true",
    "false",
    "distinct",
    "as",
    "cast",
    "interval",
    "date",
    "timestamp",
    "numeric",
    "decimal",
    "integer",
    "real",
    "double",
    "precision",
    "float",
    "filter",
    "where",
    "current_date",
    "current_timestamp",
    "extract",
    "year",
    "month",
    "day",
    "from",
];
const AGGREGATES: &[&str] = &[
    "sum", "avg", "count", "min", "max", "total", "stddev", "variance", "wavg",
];

/// The schema with the words of the glossary as further columns, and what they stand for.
///
/// What cannot be read is left out: a model is told all of it, the built-in generator what it understands.
pub fn extend(schema: &Schema, dialect: Dialect, entries: &[Entry<'_>]) -> (Schema, Glossary) {
    let mut glossary = Glossary::default();
    let mut extended = schema.clone();
    if entries.is_empty() {
        return (extended, glossary);
    }
    let reader = Reader {
        schema,
        dialect,
        linker: Linker::build(schema),
    };
    for entry in entries {
        match reader.read(entry) {
            Some(Meant::Columns(columns)) => {
                for (table, name, computed) in columns {
                    let columns = &mut extended.tables[table].columns;
                    if columns
                        .iter()
                        .any(|column| column.name.eq_ignore_ascii_case(&name))
                    {
                        continue;
                    }
                    columns.push(Column {
                        name,
                        data_type: match computed.what {
                            Kind::Condition => "boolean".to_owned(),
                            Kind::Row | Kind::Total => "double precision".to_owned(),
                        },
                        nullable: true,
                        ..Column::default()
                    });
                    let column = ColumnId {
                        table,
                        column: columns.len() - 1,
                    };
                    glossary.words.push(Word {
                        stems: tokens(&computed.spoken)
                            .into_iter()
                            .map(|token| token.stem)
                            .collect(),
                        what: computed.what,
                        column,
                    });
                    glossary
                        .computed
                        .insert((table, columns.len() - 1), computed);
                }
            }
            Some(Meant::Phrase(phrase)) => glossary.phrases.push(phrase),
            None => {}
        }
    }
    (extended, glossary)
}

impl Glossary {
    /// `None`: it is not understood.
    pub fn effect(&self, key: &str) -> Option<Effect> {
        let mut tables = Vec::new();
        let mut what = None;
        for ((table, _), computed) in &self.computed {
            if computed.key == key {
                tables.push(*table);
                what = Some(computed.what);
            }
        }
        if let Some(what) = what {
            tables.sort_unstable();
            return Some(Effect::Column(what, tables));
        }
        let stems: Vec<String> = tokens(key).into_iter().map(|token| token.stem).collect();
        self.phrases
            .iter()
            .any(|phrase| phrase.stems == stems)
            .then_some(Effect::Phrase)
    }
}

enum Meant {
    /// One for each table that can compute it.
    Columns(Vec<(TableId, String, Computed)>),
    Phrase(Phrase),
}

struct Reader<'a> {
    schema: &'a Schema,
    dialect: Dialect,
    linker: Linker,
}

impl Reader<'_> {
    fn read(&self, entry: &Entry<'_>) -> Option<Meant> {
        let (name, noun) = self.name_and_noun(entry.key)?;
        let about = noun.or_else(|| self.table_in(entry.context));
        // code that is no expression is not read as words either: that would leave a part of it out
        let is_code = entry.value.contains(['(', ')', ';', '"', '`']) || entry.value.contains("--");
        let is_expression = is_one_expression(entry.value, self.dialect);
        if is_code && !is_expression {
            return None;
        }
        if is_expression && let Some(found) = self.expression(entry, &name, noun, about) {
            return Some(Meant::Columns(found));
        }
        if let Some(table) = about
            && let Some(pieces) = self.rows_like(table, entry.value)
        {
            let computed = self.computed(entry, &name, Kind::Condition, pieces);
            return Some(Meant::Columns(vec![(table, name, computed)]));
        }
        let looks_like_code = entry.value.contains(['(', '=', '<', '>', '*', '"']);
        let stems: Vec<String> = tokens(entry.key)
            .into_iter()
            .map(|token| token.stem)
            .collect();
        let words = tokens(entry.value);
        (!looks_like_code && !words.is_empty() && words.len() <= 12 && !stems.is_empty())
            .then_some(Meant::Phrase(Phrase { stems, words }))
    }

    fn computed(&self, entry: &Entry<'_>, name: &str, what: Kind, pieces: Vec<Piece>) -> Computed {
        Computed {
            key: entry.key.to_owned(),
            value: entry.value.to_owned(),
            spoken: name.to_owned(),
            name: crate::builtin::tokens::identifier_words(name).join("_"),
            what,
            pieces,
        }
    }

    /// "VIP customer" is `VIP` of the table customers.
    fn name_and_noun(&self, key: &str) -> Option<(String, Option<TableId>)> {
        let words = tokens(key);
        let units = self.linker.units(&words);
        let last = units.last()?;
        let table = last
            .best_table()
            .filter(|hit| hit.1 >= 0.9)
            .map(|hit| hit.0);
        if let Some(table) = table
            && units.len() > 1
        {
            let own: Vec<&str> = words[..last.first].iter().map(|t| t.raw.as_str()).collect();
            return Some((own.join(" "), Some(table)));
        }
        Some((key.trim().to_owned(), None)).filter(|(name, _)| !name.is_empty())
    }

    fn table_in(&self, text: &str) -> Option<TableId> {
        self.linker
            .units(&tokens(text))
            .iter()
            .filter_map(|unit| unit.best_table())
            .find(|hit| hit.1 >= 0.9)
            .map(|hit| hit.0)
    }

    /// The value as an expression over the columns of a table, for every table that has them.
    fn expression(
        &self,
        entry: &Entry<'_>,
        name: &str,
        noun: Option<TableId>,
        about: Option<TableId>,
    ) -> Option<Vec<(TableId, String, Computed)>> {
        let spans = spans::spans(entry.value, self.dialect)?;
        let signs = spans.iter().any(|span| matches!(&span.what, What::Sign(_)));
        if !signs {
            return None;
        }
        let total = spans.windows(2).any(|pair| {
            matches!(&pair[0].what, What::Word { value, .. } if AGGREGATES.contains(&value.to_lowercase().as_str()))
                && matches!(&pair[1].what, What::Sign(sign) if sign == "(")
        });
        let condition = compares(&spans);
        let tables: Vec<TableId> = match about {
            // what is said of a customer may be computed from the rows that point to them
            Some(table) => std::iter::once(table).chain(self.children(table)).collect(),
            None => (0..self.schema.tables.len()).collect(),
        };
        let mut found = Vec::new();
        for table in tables {
            let Some(pieces) = self.pieces(entry.value, &spans, table) else {
                continue;
            };
            let direct = noun.is_none_or(|noun| noun == table);
            let what = match (condition, total) {
                (true, false) => Kind::Condition,
                (false, true) => Kind::Total,
                (false, false) => Kind::Row,
                (true, true) => Kind::Condition,
            };
            if direct && !(condition && total) {
                found.push((
                    table,
                    name.to_owned(),
                    self.computed(entry, name, what, pieces),
                ));
            } else if condition && let Some(owner) = about.filter(|owner| *owner != table) {
                let pieces = self.through(owner, table, &pieces, total)?;
                let computed = self.computed(entry, name, Kind::Condition, pieces);
                found.push((owner, name.to_owned(), computed));
            }
            if about.is_some() && !found.is_empty() {
                break;
            }
        }
        (!found.is_empty()).then_some(found)
    }

    fn children(&self, table: TableId) -> Vec<TableId> {
        let edges = self.linker.graph.edges_at(table);
        edges
            .filter(|edge| edge.parent == table && edge.child != table)
            .map(|edge| edge.child)
            .collect()
    }

    /// `value` with its columns found in `table`; `None` when it names anything else.
    fn pieces(&self, value: &str, spans: &[spans::Span], table: TableId) -> Option<Vec<Piece>> {
        let facts = &self.schema.tables[table];
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut end = 0;
        let mut columns = 0;
        let mut at = 0;
        while at < spans.len() {
            let span = &spans[at];
            text.push_str(&value[end..span.start]);
            end = span.end;
            let sign = |at: usize, wanted: &str| matches!(spans.get(at).map(|span| &span.what), Some(What::Sign(sign)) if sign == wanted);
            if let What::Word {
                value: word,
                quoted,
            } = &span.what
            {
                let lower = word.to_lowercase();
                let is_call = sign(at + 1, "(") && !quoted;
                let of_table = sign(at + 1, ".") && word.eq_ignore_ascii_case(&facts.name);
                if of_table {
                    // the table's own name before a column: the column follows
                    at += 2;
                    end = spans.get(at)?.start;
                    continue;
                }
                if let Some(column) = facts
                    .columns
                    .iter()
                    .position(|column| column.name.eq_ignore_ascii_case(word))
                    .filter(|_| !is_call)
                {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(Piece::Column(column));
                    columns += 1;
                } else if is_call || !quoted && KEYWORDS.contains(&lower.as_str()) {
                    text.push_str(&value[span.start..span.end]);
                } else {
                    return None;
                }
            } else {
                text.push_str(&value[span.start..span.end]);
            }
            at += 1;
        }
        pieces.push(Piece::Text(text));
        (columns > 0).then_some(pieces)
    }

    /// A condition on the rows of `child`, or on all of one owner's together, as a condition on `owner`.
    fn through(
        &self,
        owner: TableId,
        child: TableId,
        pieces: &[Piece],
        total: bool,
    ) -> Option<Vec<Piece>> {
        let edge = self
            .linker
            .graph
            .edges_at(owner)
            .find(|edge| edge.child == child && edge.parent == owner)?;
        let ([own], [key]) = (
            edge.child_columns.as_slice(),
            edge.parent_columns.as_slice(),
        ) else {
            return None;
        };
        let renderer = self.renderer(&NONE);
        let name = |column: usize| renderer.name(&self.schema.tables[child].columns[column].name);
        let inner: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Column(column) => name(*column),
            })
            .collect();
        let link = name(*own);
        let from = renderer.table_name(child);
        let query = if total {
            format!("SELECT {link} FROM {from} GROUP BY {link} HAVING {inner}")
        } else {
            format!("SELECT {link} FROM {from} WHERE {inner}")
        };
        Some(vec![
            Piece::Column(*key),
            Piece::Text(format!(" IN ({query})")),
        ])
    }

    /// The rows of `table` that words describe, as a condition on its key: the generator's own grammar says which.
    fn rows_like(&self, table: TableId, value: &str) -> Option<Vec<Piece>> {
        let [key] = self.linker.catalogue.tables[table].key.as_slice() else {
            return None;
        };
        let noun = crate::builtin::planning::plural(&readable(&self.schema.tables[table].name));
        let value = value.trim();
        let lower = value.to_lowercase();
        let mut asked: Vec<String> = Vec::new();
        // "over 10000 in total": all of it together, not one row of it
        let of_all = lower
            .strip_prefix("total ")
            .or_else(|| lower.strip_suffix(" in total"))
            .or_else(|| lower.strip_suffix(" overall"));
        if let Some(rest) = of_all {
            asked.push(format!("{noun} with revenue {rest}"));
        }
        asked.push(format!("{noun} {value}"));
        asked.push(format!("{noun} with {value}"));
        asked.push(format!("{noun} whose {value}"));
        asked.push(value.to_owned());
        let today = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");
        for question in asked {
            let words = tokens(&question);
            let reading = reading::read(self.linker.units(&words), &self.linker, today);
            if !reading.moments.is_empty() {
                // a period counted from today would be wrong tomorrow
                continue;
            }
            let Outcome::Planned(planned) =
                Planner::new(self.schema, &self.linker, &reading, None).plan()
            else {
                continue;
            };
            let mut plan = planned.plan;
            let place = Place::of(table);
            let is_there =
                plan.from == Some(place) || plan.joins.iter().any(|join| join.to == place);
            let restricts = !plan.filters.is_empty() || !plan.having.is_empty();
            if planned.confidence < 0.8 || !is_there || !restricts || plan.over_groups.is_some() {
                continue;
            }
            plan.select = vec![(place.column(*key), None)];
            plan.order.clear();
            plan.limit = None;
            plan.distinct = false;
            let query = self.renderer(&NONE).render(&plan);
            let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
            return Some(vec![
                Piece::Column(*key),
                Piece::Text(format!(" IN ({query})")),
            ]);
        }
        None
    }

    fn renderer<'r>(&'r self, glossary: &'r Glossary) -> Renderer<'r> {
        Renderer {
            schema: self.schema,
            catalogue: &self.linker.catalogue,
            dialect: self.dialect,
            glossary,
        }
    }
}

/// A comparison outside of brackets makes it a condition.
fn compares(spans: &[spans::Span]) -> bool {
    let mut depth = 0;
    spans.iter().any(|span| match &span.what {
        What::Sign(sign) => {
            match sign.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth == 0 && ["=", "<", ">", "<=", ">=", "<>", "!="].contains(&sign.as_str())
        }
        What::Word { value, quoted } => {
            depth == 0
                && !quoted
                && ["like", "ilike", "between", "in", "is"].contains(&value.to_lowercase().as_str())
        }
        _ => false,
    })
}

/// Without a word in it.
static NONE: LazyLock<Glossary> = LazyLock::new(Glossary::default);

impl Glossary {
    pub fn computed(&self, place: Place, column: usize) -> Option<&Computed> {
        self.computed.get(&(place.table, column))
    }

    pub fn is_computed(&self, table: TableId, column: usize) -> bool {
        self.computed.contains_key(&(table, column))
    }

    /// The question's words with what the glossary makes of them, and the conditions that they named.
    pub fn spoken(&self, question: Vec<Token>) -> (Vec<Token>, Vec<Given>) {
        let mut words = question;
        let mut given: Vec<Given> = Vec::new();
        for word in &self.words {
            let length = word.stems.len();
            let found = words.windows(length.max(1)).position(|window| {
                window.len() == length
                    && window
                        .iter()
                        .zip(&word.stems)
                        .all(|(said, stem)| said.stem == *stem)
            });
            match (found, word.what) {
                (Some(at), Kind::Condition) => {
                    let negated =
                        at > 0 && ["non", "not", "no"].contains(&words[at - 1].text.as_str());
                    words.drain(at - usize::from(negated)..at + length);
                    given.push(Given {
                        column: word.column,
                        negated,
                    });
                }
                // a group's number is asked for like a sum
                (Some(at), Kind::Total)
                    if !words[..at].last().is_some_and(|before| {
                        [
                            "total", "average", "highest", "lowest", "maximum", "minimum",
                        ]
                        .contains(&before.text.as_str())
                    }) =>
                {
                    words.splice(at..at, tokens("total"));
                }
                _ => {}
            }
        }
        for phrase in &self.phrases {
            let length = phrase.stems.len();
            let found = words.windows(length).position(|window| {
                window
                    .iter()
                    .zip(&phrase.stems)
                    .all(|(word, stem)| word.stem == *stem)
            });
            if let Some(at) = found {
                words.splice(at..at + length, phrase.words.iter().cloned());
            }
        }
        (words, given)
    }

    /// What of the glossary these columns are, a sentence each.
    pub fn sentences(&self, columns: impl Iterator<Item = ColumnId>) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for id in columns {
            if let Some(computed) = self.computed.get(&(id.table, id.column)) {
                let sentence = format!(
                    "By the glossary, {} means {}.",
                    computed.key, computed.value
                );
                if !out.contains(&sentence) {
                    out.push(sentence);
                }
            }
        }
        out
    }

    /// Puts totals where only a group can have them: what stood beside such a column groups it.
    pub fn regrouped(&self, mut plan: Plan) -> Plan {
        if self.computed.is_empty() {
            return plan;
        }
        let total = |expr: &Expr| match expr {
            Expr::Column(place, column) => self
                .computed(*place, *column)
                .filter(|computed| computed.what == Kind::Total),
            _ => None,
        };
        let raised = |expr: &mut Expr| {
            let is_total = total(expr).is_some();
            if is_total {
                *expr = Expr::Aggregate(Aggregate::Sum, Box::new(expr.clone()));
            }
            is_total
        };
        let mut changed = false;
        for (expr, name) in &mut plan.select {
            let bare = raised(expr);
            changed |= bare;
            if let Expr::Aggregate(_, inner) = expr
                && let Some(computed) = total(inner)
            {
                *name = Some(computed.name.clone());
            }
        }
        for (expr, _) in &mut plan.order {
            changed |= raised(expr);
        }
        let groups = plan.group.len();
        plan.group.retain(|expr| total(expr).is_none());
        changed |= plan.group.len() < groups;
        let (mut kept, mut having) = (Vec::new(), Vec::new());
        for mut condition in std::mem::take(&mut plan.filters) {
            let moved = match &mut condition {
                Condition::Compare(a, _, b) => raised(a) | raised(b),
                Condition::Between(a, ..) => raised(a),
                Condition::IsNull(a, _) if total(a).is_some() => continue,
                _ => false,
            };
            if moved {
                having.push(condition);
            } else {
                kept.push(condition);
            }
        }
        changed |= !having.is_empty();
        plan.filters = kept;
        plan.having.extend(having);
        if changed && plan.group.is_empty() {
            plan.group = plan
                .select
                .iter()
                .map(|(expr, _)| expr.clone())
                .filter(|expr| !expr.is_aggregate() && !matches!(expr, Expr::Star(_)))
                .collect();
            plan.distinct = false;
        }
        plan
    }
}

impl Computed {
    pub fn kind(&self) -> Kind {
        self.what
    }

    /// As it is written where a column is written like this.
    pub fn written(&self, column: impl Fn(usize) -> String) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Column(at) => column(*at),
            })
            .collect()
    }
}

/// It is an expression and nothing behind it: `a > 1) or (1 = 1` would leave the brackets that it is put in.
fn is_one_expression(value: &str, dialect: Dialect) -> bool {
    // a comment would take the closing bracket with it
    let comments = value.contains("--")
        || value.contains("/*")
        || dialect == Dialect::Mysql && value.contains('#');
    if comments || value.len() > LONGEST_EXPRESSION {
        return false;
    }
    let grammar = super::follow_up::grammar(dialect);
    let parser = Parser::new(grammar.as_ref()).with_recursion_limit(60);
    parser.try_with_sql(value).is_ok_and(|mut parser| {
        parser.parse_expr().is_ok() && parser.peek_token().token == SqlToken::EOF
    })
}
