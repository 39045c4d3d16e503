//! What a changed schema breaks in what is known about it.
//!
//! Every example, annotation, relationship and expression of the glossary is checked against the new schema with
//! the same checker that guards the database. What broke is reported with the reason and the place, and with a
//! rewrite where that is certain; everything else is kept as it is.

use super::overlay::find_table;
use crate::ids::ExampleId;
use crate::query::spans::{self, What};
use crate::query::{Checker, Dialect, Finding, Verdict};
use crate::schema::{Column, Schema, Table};
use crate::store::{Annotation, Directive, Example, ExampleKind, Relationship};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a refresh found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Of the snapshot before, and of the one that is in force now.
    pub previous_version: i32,
    pub version: i32,
    pub changes: Vec<Change>,
    pub broken: Vec<Broken>,
    /// Examples, annotations, relationships and directives that were looked at.
    pub checked: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub what: ChangeKind,
    pub table: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The new name or type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    TableAdded,
    TableRemoved,
    /// The same columns and keys under another name.
    TableRenamed,
    ColumnAdded,
    ColumnRemoved,
    /// The same type at the same place under another name.
    ColumnRenamed,
    TypeChanged,
}

/// Something that does not fit the schema any more. It is kept, and takes no part in answering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Broken {
    pub kind: BrokenKind,
    pub id: Uuid,
    /// The question, the key, the name of the table or column.
    pub title: String,
    pub findings: Vec<Finding>,
    /// A rewrite that was proven to read what the old one read, under the new names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BrokenKind {
    Example,
    Directive,
    Annotation,
    Relationship,
}

/// Everything that is known about a dataset besides its schema.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub examples: Vec<Example>,
    pub directives: Vec<Directive>,
    pub annotations: Vec<Annotation>,
    pub relationships: Vec<Relationship>,
}

/// What changed from `old` to `new`, renames recognised where they are certain.
pub fn changes(old: &Schema, new: &Schema) -> Vec<Change> {
    let renames = Renames::between(old, new);
    let mut changes = Vec::new();
    let mut change = |what, table: &Table, column: Option<&str>, now: Option<&str>| {
        changes.push(Change {
            what,
            table: shown(table),
            column: column.map(str::to_owned),
            now: now.map(str::to_owned),
        });
    };
    for (at, table) in old.tables.iter().enumerate() {
        let Some(&now) = renames.tables.get(&at) else {
            change(ChangeKind::TableRemoved, table, None, None);
            continue;
        };
        let now = &new.tables[now];
        if table.name != now.name {
            change(ChangeKind::TableRenamed, table, None, Some(&now.name));
        }
        for (place, column) in table.columns.iter().enumerate() {
            match renames.columns.get(&(at, place)) {
                None => change(ChangeKind::ColumnRemoved, table, Some(&column.name), None),
                Some(&found) => {
                    let found = &now.columns[found];
                    if found.name != column.name {
                        let (own, now) = (Some(column.name.as_str()), Some(found.name.as_str()));
                        change(ChangeKind::ColumnRenamed, table, own, now);
                    }
                    if !same_type(found, column) {
                        let (own, now) =
                            (Some(column.name.as_str()), Some(found.data_type.as_str()));
                        change(ChangeKind::TypeChanged, table, own, now);
                    }
                }
            }
        }
        let kept: Vec<usize> = (0..table.columns.len())
            .filter_map(|place| renames.columns.get(&(at, place)).copied())
            .collect();
        for (place, column) in now.columns.iter().enumerate() {
            if !kept.contains(&place) {
                change(ChangeKind::ColumnAdded, now, Some(&column.name), None);
            }
        }
    }
    let kept: Vec<usize> = renames.tables.values().copied().collect();
    for (at, table) in new.tables.iter().enumerate() {
        if !kept.contains(&at) {
            change(ChangeKind::TableAdded, table, None, None);
        }
    }
    changes
}

/// All that does not fit `new`. `old` says what a name meant before.
pub fn broken(old: &Schema, new: &Schema, dialect: Dialect, known: &Known) -> Vec<Broken> {
    let renames = Renames::between(old, new);
    let now = Checker::new(new, dialect);
    // only what broke needs to be read as it was before
    let mut before: Option<Checker> = None;
    let mut out = Vec::new();
    for example in &known.examples {
        if example.deleted || example.kind == ExampleKind::Pipeline {
            continue;
        }
        if let Verdict::Reject(findings) = now.check(&example.query) {
            let before = before.get_or_insert_with(|| Checker::new(old, dialect));
            let rewrite = Rewrite {
                old,
                new,
                renames: &renames,
                before,
                now: &now,
                dialect,
            };
            out.push(Broken {
                kind: BrokenKind::Example,
                id: example.example_id.0,
                title: example.question.clone(),
                proposal: rewrite.of(&example.query, &findings),
                findings,
            });
        }
    }
    for directive in &known.directives {
        if let Some(findings) = broken_expression(&directive.value, old, new, dialect) {
            out.push(Broken {
                kind: BrokenKind::Directive,
                id: directive.directive_id.0,
                title: directive.key.clone(),
                findings,
                proposal: None,
            });
        }
    }
    for annotation in &known.annotations {
        let column = annotation.column.as_deref();
        if let Some(finding) = missing(new, &annotation.table, column) {
            let place = |table: &str, column: Option<&str>| match column {
                Some(column) => format!("{table}.{column}"),
                None => table.to_owned(),
            };
            out.push(Broken {
                kind: BrokenKind::Annotation,
                id: annotation.annotation_id.0,
                title: place(&annotation.table, column),
                findings: vec![finding],
                proposal: renames
                    .name(old, new, &annotation.table, column)
                    .map(|(table, column)| place(&table, column.as_deref())),
            });
        }
    }
    for relationship in &known.relationships {
        let ends = [
            (&relationship.from_table, &relationship.from_columns),
            (&relationship.to_table, &relationship.to_columns),
        ];
        let findings: Vec<Finding> = ends
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(move |column| (table, column)))
            .filter_map(|(table, column)| missing(new, table, Some(column)))
            .collect();
        if !findings.is_empty() {
            let named = |name: &dyn Fn(&str, &str) -> Option<String>| -> Option<String> {
                let mut sides = Vec::new();
                for (table, columns) in ends {
                    let all: Option<Vec<String>> =
                        columns.iter().map(|column| name(table, column)).collect();
                    sides.push(all?.join(", "));
                }
                Some(sides.join(" = "))
            };
            out.push(Broken {
                kind: BrokenKind::Relationship,
                id: relationship.relationship_id.0,
                title: named(&|table, column| Some(format!("{table}.{column}")))
                    .unwrap_or_default(),
                findings,
                proposal: named(&|table, column| {
                    let (table, column) = match missing(new, table, Some(column)) {
                        None => (table.to_owned(), column.to_owned()),
                        Some(_) => {
                            let (table, column) = renames.name(old, new, table, Some(column))?;
                            (table, column?)
                        }
                    };
                    Some(format!("{table}.{column}"))
                }),
            });
        }
    }
    out
}

/// By id, for the store.
pub fn broken_examples(broken: &[Broken]) -> Vec<(ExampleId, Vec<Finding>)> {
    broken
        .iter()
        .filter(|one| one.kind == BrokenKind::Example)
        .map(|one| (ExampleId(one.id), one.findings.clone()))
        .collect()
}

pub fn broken_knowledge(broken: &[Broken]) -> Vec<(Uuid, String)> {
    broken
        .iter()
        .filter(|one| one.kind != BrokenKind::Example)
        .map(|one| {
            let why: Vec<&str> = one.findings.iter().map(|f| f.message.as_str()).collect();
            (one.id, why.join(" "))
        })
        .collect()
}

fn missing(schema: &Schema, table: &str, column: Option<&str>) -> Option<Finding> {
    let message = match (find_table(schema, table), column) {
        (None, _) => format!("there is no table `{table}`"),
        (Some(at), Some(column)) if schema.tables[at].column(column).is_none() => {
            format!("there is no column `{column}` in `{table}`")
        }
        _ => return None,
    };
    Some(Finding {
        code: if column.is_some() && find_table(schema, table).is_some() {
            "unknown_column".to_owned()
        } else {
            "unknown_table".to_owned()
        },
        message,
        line: 0,
        column: 0,
        suggestion: None,
    })
}

/// Why an expression of the glossary, which some table of `old` could compute, can be computed by none of `new`.
///
/// Words of a language are no expression, and always fit.
fn broken_expression(
    value: &str,
    old: &Schema,
    new: &Schema,
    dialect: Dialect,
) -> Option<Vec<Finding>> {
    let computed = |schema: &Schema, checker: &Checker| -> Result<(), Vec<Finding>> {
        let mut nearest: Option<(usize, Vec<Finding>)> = None;
        let words: Vec<String> = spans::spans(value, dialect)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|span| match span.what {
                What::Word { value, .. } => Some(value.to_lowercase()),
                _ => None,
            })
            .collect();
        for table in &schema.tables {
            // which of its columns are named: only such a table can be meant
            let named = table
                .columns
                .iter()
                .filter(|column| words.contains(&column.name.to_lowercase()))
                .count();
            if named == 0 {
                continue;
            }
            match checker.check(&probe(value, table, dialect)) {
                Verdict::Accept(_) => return Ok(()),
                Verdict::Reject(mut findings) => {
                    for finding in &mut findings {
                        finding.column = finding.column.saturating_sub("select ".len() as u64);
                    }
                    if nearest.as_ref().is_none_or(|(most, _)| named > *most) {
                        nearest = Some((named, findings));
                    }
                }
            }
        }
        Err(nearest.map_or_else(
            || {
                vec![Finding {
                    code: "unknown_column".to_owned(),
                    message: "no table has the columns that it names".to_owned(),
                    line: 0,
                    column: 0,
                    suggestion: None,
                }]
            },
            |(_, findings)| findings,
        ))
    };
    let is_expression = value.contains(['(', '=', '<', '>', '*', '/']);
    if !is_expression || computed(old, &Checker::new(old, dialect)).is_err() {
        return None;
    }
    computed(new, &Checker::new(new, dialect)).err()
}

/// A query that computes `value` over one table.
pub fn probe(value: &str, table: &Table, dialect: Dialect) -> String {
    let quote = |name: &str| match dialect {
        Dialect::Mysql => format!("`{}`", name.replace('`', "``")),
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    };
    let from = match &table.namespace {
        Some(namespace) => format!("{}.{}", quote(namespace), quote(&table.name)),
        None => quote(&table.name),
    };
    format!("select {value} from {from}")
}

fn shown(table: &Table) -> String {
    match &table.namespace {
        Some(namespace) if namespace != "public" => format!("{namespace}.{}", table.name),
        _ => table.name.clone(),
    }
}

fn same_type(one: &Column, other: &Column) -> bool {
    one.data_type
        .trim()
        .eq_ignore_ascii_case(other.data_type.trim())
}

/// Which table and column of the new schema is which of the old one.
struct Renames {
    tables: HashMap<usize, usize>,
    columns: HashMap<(usize, usize), usize>,
}

impl Renames {
    fn between(old: &Schema, new: &Schema) -> Self {
        let name = |table: &Table| (table.namespace.clone(), table.name.clone());
        let by_name: HashMap<_, usize> = new
            .tables
            .iter()
            .enumerate()
            .map(|(at, table)| (name(table), at))
            .collect();
        let mut tables: HashMap<usize, usize> = HashMap::new();
        for (at, table) in old.tables.iter().enumerate() {
            if let Some(&now) = by_name.get(&name(table)) {
                tables.insert(at, now);
            }
        }
        let taken: std::collections::HashSet<usize> = tables.values().copied().collect();
        let gone: Vec<usize> = (0..old.tables.len())
            .filter(|at| !tables.contains_key(at))
            .collect();
        let fresh: Vec<usize> = (0..new.tables.len())
            .filter(|at| !taken.contains(at))
            .collect();
        for &at in &gone {
            let candidates: Vec<usize> = fresh
                .iter()
                .copied()
                .filter(|&now| same_shape(&old.tables[at], &new.tables[now]))
                .collect();
            if let [now] = candidates.as_slice() {
                let rivals = gone
                    .iter()
                    .filter(|&&other| same_shape(&old.tables[other], &new.tables[*now]))
                    .count();
                if rivals == 1 {
                    tables.insert(at, *now);
                }
            }
        }
        let mut columns = HashMap::new();
        for (&at, &now) in &tables {
            for (place, found) in columns_between(&old.tables[at], &new.tables[now]) {
                columns.insert((at, place), found);
            }
        }
        Self { tables, columns }
    }

    /// What a place is called now.
    fn name(
        &self,
        old: &Schema,
        new: &Schema,
        table: &str,
        column: Option<&str>,
    ) -> Option<(String, Option<String>)> {
        let at = find_table(old, table)?;
        let now = *self.tables.get(&at)?;
        let column = match column {
            None => None,
            Some(column) => {
                let place = old.tables[at]
                    .columns
                    .iter()
                    .position(|own| own.name == column)?;
                let found = self.columns.get(&(at, place))?;
                Some(new.tables[now].columns[*found].name.clone())
            }
        };
        Some((new.tables[now].name.clone(), column))
    }
}

/// The same columns in the same order, and the same keys.
fn same_shape(one: &Table, other: &Table) -> bool {
    one.columns.len() == other.columns.len()
        && one.primary_key == other.primary_key
        && one
            .columns
            .iter()
            .zip(&other.columns)
            .all(|(a, b)| a.name == b.name && same_type(a, b))
}

fn columns_between(old: &Table, new: &Table) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (place, column) in old.columns.iter().enumerate() {
        if let Some(now) = new
            .columns
            .iter()
            .position(|other| other.name == column.name)
        {
            found.push((place, now));
        }
    }
    let gone: Vec<usize> = (0..old.columns.len())
        .filter(|place| !found.iter().any(|(own, _)| own == place))
        .collect();
    let fresh: Vec<usize> = (0..new.columns.len())
        .filter(|place| !found.iter().any(|(_, now)| now == place))
        .collect();
    // between the same columns that stayed, of the same type, with the same part in keys
    let fits = |place: usize, now: usize| {
        let (own, other) = (&old.columns[place], &new.columns[now]);
        let stayed = |column: &&Column| {
            old.column(&column.name).is_some() && new.column(&column.name).is_some()
        };
        let name = |column: &Column| column.name.clone();
        let before = old.columns[..place].iter().rev().find(stayed).map(name)
            == new.columns[..now].iter().rev().find(stayed).map(name);
        let after = old.columns[place + 1..].iter().find(stayed).map(name)
            == new.columns[now + 1..].iter().find(stayed).map(name);
        let keys = |table: &Table, name: &str| {
            let foreign: Vec<(String, Vec<String>)> = table
                .foreign_keys
                .iter()
                .filter(|key| key.columns.iter().any(|column| column == name))
                .map(|key| (key.ref_table.clone(), key.ref_columns.clone()))
                .collect();
            (
                table.primary_key.iter().position(|key| key == name),
                foreign,
            )
        };
        same_type(own, other)
            && own.nullable == other.nullable
            && before
            && after
            && keys(old, &own.name) == keys(new, &other.name)
    };
    for &place in &gone {
        let candidates: Vec<usize> = fresh
            .iter()
            .copied()
            .filter(|&now| fits(place, now))
            .collect();
        if let [now] = candidates.as_slice()
            && gone.iter().filter(|&&other| fits(other, *now)).count() == 1
        {
            found.push((place, *now));
        }
    }
    found
}

/// Exchanges names in a query, one finding after the other, and proves the result.
struct Rewrite<'a> {
    old: &'a Schema,
    new: &'a Schema,
    renames: &'a Renames,
    before: &'a Checker,
    now: &'a Checker,
    dialect: Dialect,
}

impl Rewrite<'_> {
    /// The query under the new names; `None` when it is not certain to read what it read.
    fn of(&self, query: &str, findings: &[Finding]) -> Option<String> {
        let Verdict::Accept(was) = self.before.check(query) else {
            return None;
        };
        let new_table = |name: &str| self.renames.name(self.old, self.new, name, None);
        let mut text = query.to_owned();
        let mut findings = findings.to_vec();
        for _ in 0..64 {
            let finding = findings
                .iter()
                .find(|f| f.line > 0 && f.code.starts_with("unknown_"))?;
            let at = spans::offset(&text, finding.line, finding.column)?;
            let word = spans::spans(&text, self.dialect)?;
            // a qualified name is reported where it begins; what is unknown in it may be any part
            let mut place = word.iter().position(|span| span.start == at)?;
            let replacement = loop {
                let What::Word { value, .. } = &word[place].what else {
                    return None;
                };
                let found = self.replacement(value, &was, &new_table);
                let dotted = matches!(word.get(place + 1).map(|span| &span.what), Some(What::Sign(sign)) if sign == ".");
                match found {
                    Some(name) => break name,
                    None if dotted => place += 2,
                    None => return None,
                }
            };
            let span = &word[place];
            let quoted = text[span.start..].starts_with(['"', '`', '[']);
            let plain = replacement
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                && replacement.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
            let written = match (quoted || !plain, self.dialect) {
                (false, _) => replacement,
                (true, Dialect::Mysql) => format!("`{}`", replacement.replace('`', "``")),
                (true, _) => format!("\"{}\"", replacement.replace('"', "\"\"")),
            };
            text.replace_range(span.start..span.end, &written);
            match self.now.check(&text) {
                Verdict::Reject(next) => findings = next,
                Verdict::Accept(is) => {
                    // the proof: it reads the columns that the old query read, under their new names
                    let mut expected: Vec<(String, String)> = was
                        .columns
                        .iter()
                        .map(|column| {
                            let (table, name) = self.renames.name(
                                self.old,
                                self.new,
                                &column.table,
                                Some(&column.column),
                            )?;
                            Some((table, name?))
                        })
                        .collect::<Option<_>>()?;
                    let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
                    let mut reads: Vec<(String, String)> = is
                        .columns
                        .iter()
                        .map(|column| (bare(&column.table), column.column.clone()))
                        .collect();
                    expected.sort();
                    expected.dedup();
                    reads.sort();
                    reads.dedup();
                    return (expected == reads).then_some(text);
                }
            }
        }
        None
    }

    /// What a name of the old query is called now, when all tables it reads agree on it.
    fn replacement(
        &self,
        name: &str,
        was: &crate::query::ReadOnly,
        new_table: &dyn Fn(&str) -> Option<(String, Option<String>)>,
    ) -> Option<String> {
        let same = |one: &str| one.eq_ignore_ascii_case(name);
        for table in &was.tables {
            let bare = table.rsplit('.').next().unwrap_or(table);
            if same(bare) {
                let (now, _) = new_table(table)?;
                return (now != bare).then_some(now);
            }
        }
        let mut names: Vec<String> = was
            .columns
            .iter()
            .filter(|column| same(&column.column))
            .filter_map(|column| {
                let table = &column.table;
                self.renames
                    .name(self.old, self.new, table, Some(&column.column))?
                    .1
            })
            .filter(|now| !same(now))
            .collect();
        names.sort();
        names.dedup();
        match names.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
