//! From what was read to a [`Plan`]: which table is asked about, which columns are meant, how it all joins.

mod absences;
mod assemble;
mod changes;
mod filters;
mod finish;
mod home;
mod left_out;
mod measures;
mod output;
mod resolve;
mod shapes;
mod shared;
mod superlatives;
mod timeliness;
mod values;
mod verdict;

pub use measures::singular;
pub use verdict::plural;

use crate::builtin::catalogue::{Catalogue, ColumnId, TableId};
use crate::builtin::glossary::Given;
use crate::builtin::joins::Graph;
use crate::builtin::linking::Linker;
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{At, Reading};
use crate::schema::Schema;

/// How options begin that are a reading of the whole question, not words to add to it.
const AVERAGE_OVER: &str = "the average over the";
const ROW_FOR_EACH: &str = "one row for each";

/// This option decides without being part of the question.
pub fn is_whole(choice: &str) -> bool {
    [AVERAGE_OVER, ROW_FOR_EACH, "as the"]
        .iter()
        .any(|start| choice.starts_with(start))
}

/// A plan, or why there is none.
#[derive(Debug)]
pub enum Outcome {
    Planned(Planned),
    /// More than one reading; each option is a phrase that decides it when given as the choice.
    Unclear {
        message: String,
        options: Vec<String>,
    },
    /// In words for the user.
    NotUnderstood(String),
}

#[derive(Debug)]
pub struct Planned {
    pub plan: Plan,
    /// How it was read, in one or two sentences.
    pub explanation: String,
    pub confidence: f32,
}

/// A noun of the question, decided.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Noun {
    Table(TableId),
    Column(ColumnId),
}

/// What the rows of the answer are about.
#[derive(Clone, Debug, PartialEq)]
enum Entity {
    Table(TableId),
    /// Distinct values of these columns.
    Columns(Vec<ColumnId>),
}

/// A condition and the tables it needs.
#[derive(Clone, Debug)]
struct Filter {
    condition: Condition,
    tables: Vec<TableId>,
    /// Stands apart from others of the same table: "both X and Y".
    alone: bool,
    /// Where the question says it, when one place does.
    at: Option<At>,
    /// No row may fulfil it, rather than some row not fulfil it: "who never ordered X".
    absent: bool,
}

impl Filter {
    fn new(condition: Condition, tables: Vec<TableId>) -> Self {
        Self {
            condition,
            tables,
            alone: false,
            at: None,
            absent: false,
        }
    }

    fn said_at(self, at: At) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }
}

pub struct Planner<'a> {
    pub schema: &'a Schema,
    pub linker: &'a Linker,
    pub reading: &'a Reading,
    /// The option chosen when we asked, if we did.
    pub choice: Option<&'a str>,
    /// Lowers the confidence, with the reason for the explanation.
    doubts: Vec<(f32, String)>,
    notes: Vec<String>,
    /// Tables named in the question, strongest first where they tie in place.
    mentioned: Vec<(At, TableId)>,
    hints: Vec<String>,
    /// Why we have to ask, found while deciding something else.
    unclear: Option<Outcome>,
    /// Columns that the previous query filters: values are looked for there first.
    preferred: Vec<ColumnId>,
    /// "both X and Y" of one column of the rows asked about: how many of its values there must be.
    each_of: Option<(ColumnId, usize)>,
    /// Dates that have to be missing: no period can be of them.
    missing_dates: Vec<ColumnId>,
    /// Conditions of the glossary that the question names.
    given: Vec<Given>,
}

impl<'a> Planner<'a> {
    pub fn new(
        schema: &'a Schema,
        linker: &'a Linker,
        reading: &'a Reading,
        choice: Option<&'a str>,
    ) -> Self {
        let mut planner = Self {
            schema,
            linker,
            reading,
            choice,
            doubts: Vec::new(),
            notes: Vec::new(),
            mentioned: Vec::new(),
            hints: crate::builtin::reading::stems(reading),
            unclear: None,
            preferred: Vec::new(),
            each_of: None,
            missing_dates: Vec::new(),
            given: Vec::new(),
        };
        planner.mentioned = planner.tables_mentioned();
        planner
    }

    /// With what the glossary took out of the question.
    pub fn given(mut self, given: Vec<Given>) -> Self {
        self.given = given;
        self
    }

    fn catalogue(&self) -> &'a Catalogue {
        &self.linker.catalogue
    }

    fn graph(&self) -> &'a Graph {
        &self.linker.graph
    }

    fn table_name(&self, table: TableId) -> String {
        readable(&self.schema.tables[table].name)
    }

    fn column_name(&self, id: ColumnId) -> String {
        readable(&self.schema.tables[id.table].columns[id.column].name)
    }

    fn doubt(&mut self, weight: f32, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.doubts.iter().any(|(_, other)| *other == reason) {
            self.doubts.push((weight, reason));
        }
    }

    fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn hops(&self, from: TableId, to: TableId) -> Option<usize> {
        if from == to {
            return Some(0);
        }
        self.graph().distances(from, 6).get(&to).copied()
    }
}

/// `unit_price` as "unit price".
pub fn readable(name: &str) -> String {
    let words = crate::builtin::tokens::identifier_words(name).join(" ");
    if words.is_empty() {
        name.to_owned()
    } else {
        words
    }
}

fn place(table: TableId) -> Place {
    Place::of(table)
}

fn column(id: ColumnId) -> Expr {
    Expr::of(id)
}
