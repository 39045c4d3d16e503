//! Layers 2 to 4 over a parsed query: it only reads, every name resolves, every call is listed.
//!
//! Each kind of syntax the parser knows is matched by name, without a catch-all that accepts: what
//! is not handled is refused, so a new version of the parser cannot open a hole.

mod bounds;
mod call;
mod expression;
mod from;
mod grouping;
mod joins;
mod length;
mod misnamed;
mod names;
mod operator;
mod output;
mod pivot;
mod place;
mod product;
mod recursion;
mod select;
mod table_function;

pub(super) use misnamed::nearest;

use super::catalog::{Catalog, ColumnId, TableId};
use super::respell::{AddedKind, carried};
use super::types::Ty;
use super::{Dialect, Finding, OutputColumn};
use crate::schema::ValueKind;
use sqlparser::ast::{
    Cte, Expr, GroupByExpr, Query, SelectItem, SetExpr, SetOperator, SetQuantifier, Statement,
    TableFactor,
};
use sqlparser::tokenizer::Location;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What a proven query reads and gives.
#[derive(Debug)]
pub(super) struct Resolved {
    pub tables: BTreeSet<TableId>,
    pub columns: BTreeSet<ColumnId>,
    pub output: Vec<OutputColumn>,
    pub rows_read: f64,
    pub sizes: Vec<(String, f64)>,
    /// Every table has an estimate.
    pub rows_counted: bool,
    pub warnings: Vec<Finding>,
}

/// Resolves `statement`, collecting everything that is wrong with it.
pub(super) fn resolve(catalog: &Catalog, statement: &Statement) -> Result<Resolved, Vec<Finding>> {
    let mut resolver = Resolver::new(catalog);
    let output = match statement {
        Statement::Query(query) => resolver.query(query, &mut None),
        other => {
            resolver.refuse(
                "not_a_query",
                "only a query may run",
                statement_start(other),
            );
            Vec::new()
        }
    };
    if resolver.findings.is_empty() {
        let output = output
            .iter()
            .map(|column| OutputColumn {
                name: column.name.clone(),
                origin: column.origin.map(|id| catalog.column_ref(id)),
                kind: column.ty.kind(),
            })
            .collect();
        Ok(Resolved {
            tables: resolver.tables,
            columns: resolver.columns,
            output,
            rows_read: resolver.rows_read,
            sizes: resolver.sizes,
            rows_counted: resolver.rows_counted,
            warnings: resolver.warnings,
        })
    } else {
        let mut findings = resolver.findings;
        // a name used twice makes others unclear: it is told first
        findings.sort_by_key(|finding| {
            let later = finding.code != "duplicate_alias";
            (later, finding.line, finding.column)
        });
        findings.dedup();
        Err(findings)
    }
}

/// Whether the query shows every row of one table: no filter, group, aggregate or limit of its own.
pub(super) fn is_bare_table(statement: &Statement, dialect: Dialect) -> bool {
    let Statement::Query(query) = statement else {
        return false;
    };
    let SetExpr::Select(select) = query.body.as_ref() else {
        return false;
    };
    let one_table = matches!(
        select.from.as_slice(),
        [item] if item.joins.is_empty()
            && matches!(&item.relation, TableFactor::Table { args: None, .. })
    );
    let ungrouped = match &select.group_by {
        GroupByExpr::All(_) => false,
        GroupByExpr::Expressions(keys, _) => keys.is_empty(),
    };
    let plain = query.with.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none()
        && query.locks.is_empty()
        && select.distinct.is_none()
        && select.selection.is_none()
        && select.having.is_none()
        && select.qualify.is_none();
    one_table
        && ungrouped
        && plain
        && select.projection.iter().all(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                !grouping::aggregates(expr, dialect)
            }
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => true,
            SelectItem::ExprWithAliases { .. } => false,
        })
}

/// A column of a derived table or of a result.
#[derive(Clone, Debug)]
struct Output {
    /// As [`super::catalog::column_key`] folds it.
    key: String,
    name: String,
    ty: Ty,
    origin: Option<ColumnId>,
    /// Its values come from the data, not from the query's text alone.
    rooted: bool,
    /// Characters that its text can have, as far as the query tells.
    longest: f64,
    /// It contains an aggregate, so that its alias does too.
    aggregate: bool,
    window: bool,
    /// It was given a name with AS.
    named: bool,
}

/// What an expression is.
#[derive(Clone, Copy, Debug)]
struct Value {
    ty: Ty,
    origin: Option<ColumnId>,
    rooted: bool,
    /// Characters that its text can have, as far as the query tells.
    longest: f64,
    /// Values side by side: more than one for a row.
    width: usize,
}

impl Value {
    fn of(ty: Ty) -> Self {
        Self {
            ty,
            origin: None,
            rooted: false,
            longest: ty.usual_length(),
            width: 1,
        }
    }

    fn longest(mut self, longest: f64) -> Self {
        self.longest = longest;
        self
    }

    fn rooted(mut self, rooted: bool) -> Self {
        self.rooted = rooted;
        self
    }
}

/// Something that stands in FROM.
#[derive(Clone, Debug)]
struct Relation {
    key: String,
    shown: String,
    namespace: Option<String>,
    columns: Columns,
    /// About how many; see [`product`].
    rows: f64,
}

#[derive(Clone, Debug)]
enum Columns {
    Table(TableId),
    Derived(Rc<[Output]>),
    /// Unknown, after a finding: every name is taken for good so that one mistake is told once.
    Open,
}

/// Columns that USING or NATURAL made one.
#[derive(Clone, Debug)]
struct Merge {
    key: String,
    /// Positions in `Scope::relations`.
    sides: Vec<usize>,
}

/// The names one SELECT can see in its own FROM and select list.
#[derive(Clone, Debug, Default)]
struct Scope {
    relations: Vec<Relation>,
    merges: Vec<Merge>,
    /// Result columns that have an alias.
    aliases: Vec<Output>,
    alias_use: AliasUse,
    windows: Vec<String>,
    /// Relations before this one are out of sight (another item of FROM, for an ON).
    visible_from: usize,
}

/// When a bare name may be a result column's alias.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum AliasUse {
    #[default]
    Never,
    /// When no column has the name.
    Fallback,
    /// Before columns.
    First,
}

/// The part of a SELECT being read: it decides where aggregates and windows may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Select,
    Where,
    On,
    From,
    GroupBy,
    Having,
    Qualify,
    Window,
    OrderBy,
    Limit,
    Values,
}

/// What is known while one SELECT is read.
#[derive(Clone, Copy, Debug)]
struct Reading {
    clause: Clause,
    in_aggregate: bool,
    in_window: bool,
    /// Aggregates of this SELECT seen so far.
    aggregates: usize,
    windows: usize,
    /// References to this SELECT's own columns seen so far.
    own_columns: usize,
}

impl Reading {
    fn new(clause: Clause) -> Self {
        Self {
            clause,
            in_aggregate: false,
            in_window: false,
            aggregates: 0,
            windows: 0,
            own_columns: 0,
        }
    }
}

struct NamedCte {
    key: String,
    columns: Columns,
    rows: f64,
    /// Still being read: naming it is recursion.
    open: bool,
}

/// A recursive CTE whose first branch has still to be read.
struct Pending<'q> {
    cte: &'q Cte,
}

struct Resolver<'a> {
    catalog: &'a Catalog,
    dialect: Dialect,
    findings: Vec<Finding>,
    warnings: Vec<Finding>,
    scopes: Vec<Scope>,
    ctes: Vec<NamedCte>,
    tables: BTreeSet<TableId>,
    columns: BTreeSet<ColumnId>,
    reading: Reading,
    /// Rows that generating functions make, multiplied.
    generated: f64,
    /// About how many rows the relation or query read last gives; see [`product`].
    rows: f64,
    /// Rows that all SELECTs together look at.
    rows_read: f64,
    /// What stood in a FROM, by the name it had there and by its table's, and about how many rows it has.
    sizes: Vec<(String, f64)>,
    /// No table so far without an estimate.
    rows_counted: bool,
    /// While set, names resolve without being counted or complained about.
    quiet: bool,
    /// References to the recursive CTE being read.
    recursive_uses: usize,
    /// The innermost scope of which a column was named, since somebody last asked.
    deepest: Option<usize>,
    /// For each subquery being read: the scope around it, and in which clause of that it stands.
    around: Vec<(usize, Clause)>,
    /// Scopes to which an aggregate in a subquery belongs, because it names only their columns.
    aggregated: Vec<usize>,
    /// Rows that SELECTs of the query being read look at, when they give them as they find them.
    streamed: f64,
    /// Columns that `COLUMNS(*)` stands for in the item being read.
    spread: Option<Vec<Output>>,
    /// CTEs around what is being read.
    within_ctes: usize,
}

/// No more findings than a person or a model would read.
const MAX_FINDINGS: usize = 20;

impl<'a> Resolver<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            dialect: catalog.dialect,
            findings: Vec::new(),
            warnings: Vec::new(),
            scopes: Vec::new(),
            ctes: Vec::new(),
            tables: BTreeSet::new(),
            columns: BTreeSet::new(),
            reading: Reading::new(Clause::Select),
            generated: 1.0,
            rows: 1.0,
            rows_read: 0.0,
            sizes: Vec::new(),
            rows_counted: true,
            quiet: false,
            recursive_uses: 0,
            deepest: None,
            around: Vec::new(),
            aggregated: Vec::new(),
            streamed: 0.0,
            spread: None,
            within_ctes: 0,
        }
    }

    fn refuse(&mut self, code: &str, message: impl Into<String>, at: Location) {
        self.refuse_with(code, message, at, None);
    }

    fn refuse_with(
        &mut self,
        code: &str,
        message: impl Into<String>,
        at: Location,
        suggestion: Option<String>,
    ) {
        if self.quiet || self.findings.len() >= MAX_FINDINGS {
            return;
        }
        self.findings.push(Finding {
            code: code.to_owned(),
            message: message.into(),
            line: at.line,
            column: at.column,
            suggestion,
        });
    }

    /// Says what is odd, once, without refusing the query.
    fn warn(&mut self, code: &str, message: String, at: Location, suggestion: Option<String>) {
        let warning = Finding {
            code: code.to_owned(),
            message,
            line: at.line,
            column: at.column,
            suggestion,
        };
        if !self.quiet && self.warnings.len() < MAX_FINDINGS && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn unsupported(&mut self, what: &str, at: Location) {
        let engine = engine_name(self.dialect);
        self.refuse("syntax_error", format!("{what} is not {engine}"), at);
    }

    /// The columns of `query`.
    fn query<'q>(&mut self, query: &'q Query, pending: &mut Option<Pending<'q>>) -> Vec<Output> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let at = place::start_of_query(query);
        if !locks.iter().all(|lock| carried(lock).is_some()) {
            self.refuse(
                "locking_clause",
                "FOR UPDATE and FOR SHARE lock rows; a question only reads",
                at,
            );
        }
        if for_clause.is_some() {
            self.unsupported("FOR XML or FOR JSON", at);
        }
        if settings.is_some() || format_clause.is_some() {
            self.unsupported("SETTINGS or FORMAT", at);
        }
        if !pipe_operators.is_empty() {
            self.unsupported("the pipe operator |>", at);
        }

        let streamed_before = std::mem::take(&mut self.streamed);
        let ctes_before = self.ctes.len();
        if let Some(with) = with {
            self.with(with.recursive, &with.cte_tables);
        }
        let outputs = match body.as_ref() {
            SetExpr::Select(select) => {
                let outputs = self.select(select, order_by.as_ref());
                self.began(pending, &outputs);
                outputs
            }
            other => {
                let (outputs, all) = self.set_expr(other, pending);
                if let Some(order_by) = order_by {
                    self.order_set(order_by, &all);
                }
                outputs
            }
        };
        let rows = self.rows;
        self.limit(limit_clause.as_ref(), at);
        self.rows = product::limited(rows, limit_clause.as_ref(), fetch.as_ref());
        // what is not sorted or grouped is read only until there is enough of it
        let mut enough = self.rows.max(1.0);
        if self.scopes.is_empty() && self.within_ctes == 0 {
            enough = enough.min(product::SHOWN);
        }
        let streamed = std::mem::replace(&mut self.streamed, streamed_before);
        self.rows_read += streamed.min(enough);
        if let Some(fetch) = fetch {
            if matches!(self.dialect, Dialect::Sqlite | Dialect::Duckdb) {
                self.unsupported("FETCH FIRST", at);
            }
            if fetch.percent {
                self.unsupported("FETCH … PERCENT", at);
            }
            if let Some(quantity) = &fetch.quantity {
                self.in_clause(Clause::Limit, |me| {
                    me.expr(quantity);
                });
            }
        }
        self.ctes.truncate(ctes_before);
        outputs
    }

    fn with(&mut self, recursive: bool, ctes: &[Cte]) {
        // SQLite takes any of them as recursive, whatever the keyword
        let recursive = recursive || self.dialect == Dialect::Sqlite;
        let first = self.ctes.len();
        for cte in ctes {
            if cte.from.is_some() {
                self.unsupported("FROM after a CTE", cte.alias.name.span.start);
            }
            let key = self.table_key(&cte.alias.name);
            if self.ctes[first..].iter().any(|known| known.key == key) {
                self.refuse(
                    "duplicate_alias",
                    format!("two CTEs are called `{}`", cte.alias.name.value),
                    cte.alias.name.span.start,
                );
            }
            let before = self.ctes.len();
            let uses_before = std::mem::take(&mut self.recursive_uses);
            let mut pending = recursive.then_some(Pending { cte });
            self.within_ctes += 1;
            let outputs = self.query(&cte.query, &mut pending);
            self.within_ctes -= 1;
            self.ctes.truncate(before);
            let recursed = std::mem::replace(&mut self.recursive_uses, uses_before) > 0;
            let mut outputs = outputs;
            if recursed {
                self.check_growth(&mut outputs, cte);
            }
            let rows = if recursed {
                product::RECURSED
            } else {
                self.rows
            };
            let mut columns = self.renamed(outputs, &cte.alias.columns, &cte.alias.name);
            if recursed {
                self.check_recursion(cte, &columns);
            }
            for lock in &cte.query.locks {
                columns = self.walked(columns, lock, cte, recursed);
            }
            self.ctes.push(NamedCte {
                key,
                columns,
                rows,
                open: false,
            });
        }
    }

    /// With the columns that SEARCH and CYCLE add to a recursive CTE.
    fn walked(
        &mut self,
        columns: Columns,
        lock: &sqlparser::ast::LockClause,
        cte: &Cte,
        recursed: bool,
    ) -> Columns {
        let (Some(walk), Columns::Derived(outputs)) = (carried(lock), &columns) else {
            return columns;
        };
        let at = cte.alias.name.span.start;
        if !recursed {
            self.unsupported("SEARCH or CYCLE of a CTE that does not repeat", at);
        }
        let mut outputs = outputs.to_vec();
        for key in walk.keys {
            if !outputs.iter().any(|output| output.key == key) {
                self.refuse(
                    "unknown_column",
                    format!("`{}` has no column `{key}`", cte.alias.name.value),
                    at,
                );
            }
        }
        for added in walk.added {
            if outputs.iter().any(|output| output.key == added.name) {
                self.refuse(
                    "duplicate_alias",
                    format!(
                        "`{}` has a column `{}` already",
                        cte.alias.name.value, added.name
                    ),
                    at,
                );
            }
            let ty = match added.kind {
                AddedKind::Path => Ty::of(ValueKind::Array),
                AddedKind::Mark => Ty::of(ValueKind::Boolean),
                AddedKind::Other => Ty::Any,
            };
            outputs.push(Output {
                key: added.name.clone(),
                name: added.name,
                ty,
                origin: None,
                rooted: true,
                longest: length::GATHERED,
                aggregate: false,
                window: false,
                named: false,
            });
        }
        Columns::Derived(outputs.into())
    }

    /// After the first branch of a recursive CTE: from here on it can be named.
    fn began(&mut self, pending: &mut Option<Pending<'_>>, outputs: &[Output]) {
        if let Some(Pending { cte }) = pending.take() {
            let key = self.table_key(&cte.alias.name);
            let mut outputs = outputs.to_vec();
            for output in &mut outputs {
                output.longest = self.repeated_length(output.ty);
            }
            self.root_counters(cte, &mut outputs);
            let columns = self.renamed(outputs, &cte.alias.columns, &cte.alias.name);
            self.ctes.push(NamedCte {
                key,
                columns,
                rows: product::RECURSED,
                open: true,
            });
        }
    }

    /// The columns of a set expression, and those of all its branches one after another.
    fn set_expr<'q>(
        &mut self,
        body: &'q SetExpr,
        pending: &mut Option<Pending<'q>>,
    ) -> (Vec<Output>, Vec<Vec<Output>>) {
        match body {
            SetExpr::Select(select) => {
                let outputs = self.select(select, None);
                self.began(pending, &outputs);
                (outputs.clone(), vec![outputs])
            }
            SetExpr::Query(query) => {
                let outputs = self.query(query, pending);
                (outputs.clone(), vec![outputs])
            }
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => {
                let (left_outputs, mut all) = self.set_expr(left, pending);
                let left_rows = self.rows;
                let (right_outputs, right_all) = self.set_expr(right, &mut None);
                let at = place::start_of_set(right);
                self.set_quantifier(*op, *set_quantifier, at);
                let by_name = matches!(
                    set_quantifier,
                    SetQuantifier::ByName
                        | SetQuantifier::AllByName
                        | SetQuantifier::DistinctByName
                );
                if !by_name && left_outputs.len() != right_outputs.len() && self.findings.is_empty()
                {
                    self.refuse(
                        "setop_arity",
                        format!(
                            "both sides of {op} need the same number of columns: {} and {}",
                            left_outputs.len(),
                            right_outputs.len()
                        ),
                        at,
                    );
                }
                let mut outputs = left_outputs;
                for (output, other) in outputs.iter_mut().zip(&right_outputs) {
                    if self.dialect == Dialect::Postgres && output.ty.clashes(other.ty) {
                        self.refuse(
                            "type_mismatch",
                            format!(
                                "{op} cannot match column `{}`: {} and {}",
                                output.name,
                                output.ty.shown(),
                                other.ty.shown()
                            ),
                            at,
                        );
                    }
                    output.ty = output.ty.or(other.ty);
                    // two strings that nothing has given another type are text by now
                    if self.dialect == Dialect::Postgres && output.ty == Ty::Literal {
                        output.ty = Ty::of(ValueKind::Text);
                    }
                    if output.origin != other.origin {
                        output.origin = None;
                    }
                    output.rooted |= other.rooted;
                    output.longest = output.longest.max(other.longest);
                }
                self.rows += left_rows;
                if by_name {
                    for other in right_outputs {
                        if !outputs.iter().any(|output| output.key == other.key) {
                            outputs.push(other);
                        }
                    }
                }
                all.extend(right_all);
                (outputs, all)
            }
            SetExpr::Values(values) => {
                if self.dialect == Dialect::Mysql && !values.explicit_row {
                    // MariaDB takes it; MySQL wants ROW
                }
                let outputs = self.values(&values.rows);
                self.began(pending, &outputs);
                (outputs.clone(), vec![outputs])
            }
            SetExpr::Table(_) => {
                self.unsupported("TABLE so written", Location::empty());
                (Vec::new(), Vec::new())
            }
            SetExpr::Insert(statement)
            | SetExpr::Update(statement)
            | SetExpr::Delete(statement)
            | SetExpr::Merge(statement) => {
                self.refuse(
                    "write_statement",
                    "the query would change data; only reading is allowed",
                    statement_start(statement),
                );
                (Vec::new(), Vec::new())
            }
        }
    }

    fn set_quantifier(&mut self, op: SetOperator, quantifier: SetQuantifier, at: Location) {
        let fine = match quantifier {
            SetQuantifier::None => true,
            SetQuantifier::All => self.dialect != Dialect::Sqlite || op == SetOperator::Union,
            SetQuantifier::Distinct => self.dialect != Dialect::Sqlite,
            SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                self.dialect == Dialect::Duckdb
            }
        };
        if !fine {
            self.unsupported(&format!("{op} {quantifier}"), at);
        }
        if op == SetOperator::Minus {
            self.unsupported("MINUS", at);
        }
    }

    fn values(&mut self, rows: &[sqlparser::ast::Parens<Vec<Expr>>]) -> Vec<Output> {
        let mut columns: Vec<Value> = Vec::new();
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Values));
        for (index, row) in rows.iter().enumerate() {
            let values: Vec<Value> = row.content.iter().map(|expr| self.expr(expr)).collect();
            if index == 0 {
                columns = values;
                continue;
            }
            if values.len() != columns.len() {
                let at = row
                    .content
                    .first()
                    .map_or_else(Location::empty, place::start_of);
                self.refuse("setop_arity", "the rows of VALUES differ in length", at);
                break;
            }
            for (column, value) in columns.iter_mut().zip(values) {
                column.ty = column.ty.or(value.ty);
                column.rooted |= value.rooted;
                column.longest = column.longest.max(value.longest);
            }
        }
        self.reading = outer;
        self.rows = rows.len() as f64;
        columns
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let name = match self.dialect {
                    Dialect::Duckdb => format!("col{index}"),
                    Dialect::Mysql => format!("column_{index}"),
                    _ => format!("column{}", index + 1),
                };
                Output {
                    key: name.clone(),
                    name,
                    ty: value.ty,
                    origin: None,
                    rooted: value.rooted,
                    longest: value.longest,
                    aggregate: false,
                    window: false,
                    named: false,
                }
            })
            .collect()
    }

    fn in_clause<T>(&mut self, clause: Clause, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.reading.clause, clause);
        let result = read(self);
        self.reading.clause = outer;
        result
    }
}

pub(super) fn engine_name(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
        Dialect::Sqlite => "SQLite",
        Dialect::Duckdb => "DuckDB",
        Dialect::Kdb => "q",
    }
}

fn statement_start(statement: &Statement) -> Location {
    use sqlparser::ast::Spanned;
    statement.span().start
}
