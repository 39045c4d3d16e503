//! Layers 2 to 4 over a parsed query: it only reads, every name resolves, every call is listed.
//!
//! Each kind of syntax the parser knows is matched by name, without a catch-all that accepts: what
//! is not handled is refused, so a new version of the parser cannot open a hole.

mod bounds;
mod call;
mod expression;
mod from;
mod grouping;
mod length;
mod names;
mod output;
mod product;
mod recursion;

pub(super) use names::nearest;

use super::catalog::{Catalog, ColumnId, TableId};
use super::types::Ty;
use super::{Dialect, Finding, OutputColumn};
use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, GroupByWithModifier, Ident, LimitClause, NamedWindowExpr,
    ObjectName, OrderBy, OrderByExpr, OrderByKind, Query, Select, SelectFlavor, SelectItem,
    SetExpr, SetOperator, SetQuantifier, Statement, TableFactor, WindowSpec,
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
            quiet: false,
            recursive_uses: 0,
            deepest: None,
            around: Vec::new(),
            aggregated: Vec::new(),
            streamed: 0.0,
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
        let at = names::start_of_query(query);
        if !locks.is_empty() {
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
            let columns = self.renamed(outputs, &cte.alias.columns, &cte.alias.name);
            if recursed {
                self.check_recursion(cte, &columns);
            }
            self.ctes.push(NamedCte {
                key,
                columns,
                rows,
                open: false,
            });
        }
    }

    /// After the first branch of a recursive CTE: from here on it can be named.
    fn began(&mut self, pending: &mut Option<Pending<'_>>, outputs: &[Output]) {
        if let Some(Pending { cte }) = pending.take() {
            let key = self.table_key(&cte.alias.name);
            let mut outputs = outputs.to_vec();
            for output in &mut outputs {
                output.longest = self.repeated_length(output.ty);
            }
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
                let at = names::start_of_set(right);
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
            SetExpr::Table(table) => {
                let outputs = match (&table.table_name, self.dialect) {
                    (Some(name), Dialect::Postgres | Dialect::Mysql | Dialect::Duckdb) => {
                        let mut parts = Vec::new();
                        if let Some(schema) = &table.schema_name {
                            parts.push(Ident::new(schema.clone()));
                        }
                        parts.push(Ident::new(name.clone()));
                        let columns = self.named_relation(&ObjectName::from(parts), None);
                        self.star_of(&columns)
                    }
                    _ => {
                        self.unsupported("TABLE …", Location::empty());
                        Vec::new()
                    }
                };
                self.began(pending, &outputs);
                (outputs.clone(), vec![outputs])
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
                    .map_or_else(Location::empty, names::start_of);
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

    fn select(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Vec<Output> {
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::From));
        self.select_extras(select);

        let scope = self.from(&select.from);
        self.scopes.push(scope);
        let depth = self.scopes.len() - 1;
        for window in &select.named_window {
            let key = self.column_key(&window.0);
            self.scopes[depth].windows.push(key);
        }
        if self.dialect == Dialect::Duckdb {
            // DuckDB lets a select list use its own aliases
            self.scopes[depth].aliases = self.alias_names(&select.projection);
            self.scopes[depth].alias_use = AliasUse::Fallback;
        }

        self.reading.clause = Clause::Select;
        if let Some(Distinct::On(keys)) = &select.distinct {
            if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
                let aliases = self.alias_names(&select.projection);
                let kept = std::mem::replace(&mut self.scopes[depth].aliases, aliases);
                self.scopes[depth].alias_use = AliasUse::First;
                for key in keys {
                    self.expr(key);
                }
                self.scopes[depth].aliases = kept;
                self.scopes[depth].alias_use = AliasUse::Never;
            } else {
                self.unsupported("DISTINCT ON", select.select_token.0.span.start);
            }
        }
        if self.dialect == Dialect::Duckdb {
            self.scopes[depth].alias_use = AliasUse::Fallback;
        }
        let outputs = match select.flavor {
            // FROM alone shows everything
            SelectFlavor::FromFirstNoSelect => self.star(depth),
            SelectFlavor::Standard | SelectFlavor::FromFirst => {
                self.projection(&select.projection, select.select_token.0.span.start)
            }
        };
        self.scopes[depth].aliases = outputs
            .iter()
            .filter(|output| output.named || self.dialect != Dialect::Sqlite)
            .cloned()
            .collect();

        if self.dialect == Dialect::Sqlite {
            self.with_aliases(depth, AliasIn::Where);
            self.on_conditions(&select.from);
        }
        if let Some(condition) = &select.selection {
            self.with_aliases(depth, AliasIn::Where);
            self.reading.clause = Clause::Where;
            self.condition(condition);
        }
        self.with_aliases(depth, AliasIn::GroupBy);
        self.reading.clause = Clause::GroupBy;
        self.group_by(&select.group_by, &outputs);
        if let Some(having) = &select.having {
            self.with_aliases(depth, AliasIn::Having);
            self.reading.clause = Clause::Having;
            self.condition(having);
        }
        self.scopes[depth].alias_use = AliasUse::Never;
        for window in &select.named_window {
            self.reading.clause = Clause::Window;
            match &window.1 {
                NamedWindowExpr::NamedWindow(name) => self.window_name(name),
                NamedWindowExpr::WindowSpec(spec) => self.window_spec(spec),
            }
        }
        if let Some(qualify) = &select.qualify {
            if self.dialect == Dialect::Duckdb {
                self.with_aliases(depth, AliasIn::Having);
                self.reading.clause = Clause::Qualify;
                self.condition(qualify);
            } else {
                self.unsupported("QUALIFY", names::start_of(qualify));
            }
        }
        if let Some(order_by) = order_by {
            self.with_aliases(depth, AliasIn::OrderBy);
            self.reading.clause = Clause::OrderBy;
            self.order_by(order_by, &outputs);
        }
        self.scopes[depth].alias_use = AliasUse::Never;
        self.check_grouping(select, order_by, &outputs);
        self.check_product(select, order_by.is_some());
        self.scopes.pop();
        self.aggregated.retain(|scope| *scope < depth);
        self.reading = outer;
        outputs
    }

    /// Clauses that none of our engines has, or that only one has.
    fn select_extras(&mut self, select: &Select) {
        let Select {
            select_token,
            optimizer_hints,
            distinct: _,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection: _,
            exclude,
            into,
            from: _,
            lateral_views,
            prewhere,
            selection: _,
            connect_by,
            group_by: _,
            cluster_by,
            distribute_by,
            sort_by,
            having: _,
            named_window: _,
            qualify: _,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        let at = select_token.0.span.start;
        if into.is_some() {
            self.refuse(
                "select_into",
                "INTO would write the result somewhere; only reading is allowed",
                at,
            );
        }
        if !optimizer_hints.is_empty() {
            self.refuse("executable_comment", "optimizer hints are not allowed", at);
        }
        if top.is_some() {
            self.refuse_with(
                "syntax_error",
                format!("TOP is not {}", engine_name(self.dialect)),
                at,
                Some("LIMIT n at the end".to_owned()),
            );
        }
        if let Some(modifiers) = select_modifiers {
            let harmless = self.dialect == Dialect::Mysql && modifiers.straight_join;
            if !harmless || modifiers.sql_calc_found_rows {
                self.unsupported("that word after SELECT", at);
            }
        }
        if !lateral_views.is_empty()
            || prewhere.is_some()
            || !connect_by.is_empty()
            || !cluster_by.is_empty()
            || !distribute_by.is_empty()
            || !sort_by.is_empty()
            || value_table_mode.is_some()
            || exclude.is_some()
        {
            self.unsupported("one of the clauses", at);
        }
        match flavor {
            SelectFlavor::Standard => {}
            SelectFlavor::FromFirst | SelectFlavor::FromFirstNoSelect => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("FROM before SELECT", at);
                }
            }
        }
    }

    fn group_by(&mut self, group_by: &GroupByExpr, outputs: &[Output]) {
        let (keys, modifiers) = match group_by {
            GroupByExpr::All(modifiers) => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("GROUP BY ALL", Location::empty());
                }
                (&[][..], modifiers)
            }
            GroupByExpr::Expressions(keys, modifiers) => (&keys[..], modifiers),
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::Rollup if self.dialect == Dialect::Mysql => {}
                GroupByWithModifier::Rollup
                | GroupByWithModifier::Cube
                | GroupByWithModifier::Totals => {
                    self.unsupported("WITH ROLLUP, CUBE or TOTALS", Location::empty());
                }
                GroupByWithModifier::GroupingSets(sets) => {
                    if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
                        self.expr(sets);
                    } else {
                        self.unsupported("GROUPING SETS", names::start_of(sets));
                    }
                }
            }
        }
        for key in keys {
            match names::ordinal(key) {
                Some(position) => {
                    self.ordinal("GROUP BY", position, outputs, names::start_of(key));
                    if let Some(output) = position
                        .checked_sub(1)
                        .and_then(|index| outputs.get(index as usize))
                        && output.aggregate
                    {
                        self.refuse(
                            "aggregate_misuse",
                            "GROUP BY cannot name a column that is an aggregate",
                            names::start_of(key),
                        );
                    }
                }
                None => {
                    self.no_constant("GROUP BY", key);
                    self.expr(key);
                }
            }
        }
    }

    /// PostgreSQL takes a number for a position and no other constant.
    fn no_constant(&mut self, clause: &str, key: &Expr) {
        if self.dialect == Dialect::Postgres && matches!(key, Expr::Value(_)) {
            self.refuse(
                "syntax_error",
                format!("{clause} takes a column or its position, not a constant"),
                names::start_of(key),
            );
        }
    }

    fn order_by(&mut self, order_by: &OrderBy, outputs: &[Output]) {
        for key in self.order_keys(order_by) {
            match names::ordinal(&key.expr) {
                Some(position) => {
                    self.ordinal("ORDER BY", position, outputs, names::start_of(&key.expr));
                }
                None => {
                    // an alias comes first only where it stands alone
                    let depth = self.scopes.len() - 1;
                    self.scopes[depth].alias_use = match (&key.expr, self.dialect) {
                        (Expr::Identifier(_), _) => AliasUse::First,
                        (_, Dialect::Postgres) => AliasUse::Never,
                        _ => AliasUse::Fallback,
                    };
                    self.no_constant("ORDER BY", &key.expr);
                    self.expr(&key.expr);
                }
            }
        }
    }

    /// ORDER BY of a set operation: it knows the result's columns and nothing else.
    fn order_set(&mut self, order_by: &OrderBy, branches: &[Vec<Output>]) {
        let first = branches.first().cloned().unwrap_or_default();
        let mut seen = first.clone();
        if self.dialect == Dialect::Sqlite {
            for branch in branches.iter().skip(1) {
                for output in branch {
                    if !seen.iter().any(|known| known.key == output.key) {
                        seen.push(output.clone());
                    }
                }
            }
        }
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Values));
        self.scopes.push(Scope {
            aliases: seen,
            alias_use: AliasUse::First,
            ..Scope::default()
        });
        for key in self.order_keys(order_by) {
            match names::ordinal(&key.expr) {
                Some(position) => {
                    self.ordinal("ORDER BY", position, &first, names::start_of(&key.expr));
                }
                None if self.dialect == Dialect::Postgres
                    && !matches!(
                        names::without_brackets(&key.expr),
                        Expr::Identifier(_) | Expr::Collate { .. }
                    ) =>
                {
                    self.refuse(
                        "syntax_error",
                        "ORDER BY after a set operation can only name a result column",
                        names::start_of(&key.expr),
                    );
                }
                None if self.dialect == Dialect::Sqlite
                    && matches!(key.expr, Expr::CompoundIdentifier(_) | Expr::Function(_)) =>
                {
                    // it must equal a term of one of the SELECTs, which have gone out of sight
                    self.set_order_term(&key.expr, branches);
                }
                None => {
                    self.expr(&key.expr);
                }
            }
        }
        self.scopes.pop();
        self.reading = outer;
    }

    fn set_order_term(&mut self, term: &Expr, branches: &[Vec<Output>]) {
        let text = term.to_string().to_lowercase();
        let last = match term {
            Expr::CompoundIdentifier(parts) => parts.last().map(|part| self.column_key(part)),
            _ => None,
        };
        let known = branches
            .iter()
            .flatten()
            .any(|output| Some(&output.key) == last.as_ref() || output.name.to_lowercase() == text);
        if !known {
            self.refuse(
                "unknown_column",
                "ORDER BY after a set operation must name a result column",
                names::start_of(term),
            );
        }
    }

    /// The keys of an ORDER BY, its other parts checked.
    fn order_keys<'q>(&mut self, order_by: &'q OrderBy) -> &'q [OrderByExpr] {
        if order_by.interpolate.is_some() {
            self.unsupported("INTERPOLATE", Location::empty());
        }
        match &order_by.kind {
            OrderByKind::All(_) => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("ORDER BY ALL", Location::empty());
                }
                &[]
            }
            OrderByKind::Expressions(keys) => {
                for key in keys {
                    self.order_options(key);
                }
                keys
            }
        }
    }

    fn order_options(&mut self, key: &OrderByExpr) {
        let at = names::start_of(&key.expr);
        if key.with_fill.is_some() {
            self.unsupported("WITH FILL", at);
        }
        if key.options.nulls_first.is_some() && self.dialect == Dialect::Mysql {
            self.unsupported("NULLS FIRST or LAST", at);
        }
        if let Some(sqlparser::ast::OrderBySort::Using(_)) = &key.options.sort {
            self.unsupported("ORDER BY … USING", at);
        }
    }

    fn ordinal(&mut self, clause: &str, position: i64, outputs: &[Output], at: Location) {
        if (position < 1 || position as usize > outputs.len()) && self.findings.is_empty() {
            self.refuse(
                "unknown_column",
                format!(
                    "{clause} {position}: the result has {} columns",
                    outputs.len()
                ),
                at,
            );
        }
    }

    fn limit(&mut self, clause: Option<&LimitClause>, at: Location) {
        match clause {
            None => {}
            Some(LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            }) => {
                if !limit_by.is_empty() {
                    self.unsupported("LIMIT BY", at);
                }
                if limit.is_none()
                    && offset.is_some()
                    && matches!(self.dialect, Dialect::Sqlite | Dialect::Mysql)
                {
                    self.unsupported("OFFSET without LIMIT", at);
                }
                let exprs = limit.iter().chain(offset.iter().map(|o| &o.value));
                for expr in exprs {
                    self.limit_value(expr);
                }
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                if !matches!(self.dialect, Dialect::Mysql | Dialect::Sqlite) {
                    self.unsupported("LIMIT offset, count", at);
                }
                self.limit_value(offset);
                self.limit_value(limit);
            }
        }
    }

    fn limit_value(&mut self, expr: &Expr) {
        // LIMIT knows no column of the query
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Limit));
        self.expr(expr);
        self.reading = outer;
    }

    fn window_spec(&mut self, spec: &WindowSpec) {
        let WindowSpec {
            window_name,
            partition_by,
            order_by,
            window_frame,
        } = spec;
        if let Some(name) = window_name {
            self.window_name(name);
        }
        for expr in partition_by {
            self.expr(expr);
        }
        for key in order_by {
            self.order_options(key);
            self.expr(&key.expr);
        }
        if let Some(frame) = window_frame {
            for bound in [Some(&frame.start_bound), frame.end_bound.as_ref()]
                .into_iter()
                .flatten()
            {
                use sqlparser::ast::WindowFrameBound;
                match bound {
                    WindowFrameBound::CurrentRow
                    | WindowFrameBound::Preceding(None)
                    | WindowFrameBound::Following(None) => {}
                    WindowFrameBound::Preceding(Some(expr))
                    | WindowFrameBound::Following(Some(expr)) => {
                        self.expr(expr);
                    }
                }
            }
        }
    }

    fn window_name(&mut self, name: &Ident) {
        let key = self.column_key(name);
        let known = self
            .scopes
            .last()
            .is_some_and(|scope| scope.windows.contains(&key));
        if !known {
            self.refuse(
                "unknown_window",
                format!("there is no window called `{}`", name.value),
                name.span.start,
            );
        }
    }

    fn in_clause<T>(&mut self, clause: Clause, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.reading.clause, clause);
        let result = read(self);
        self.reading.clause = outer;
        result
    }

    /// Makes aliases visible as the engine does in that clause.
    fn with_aliases(&mut self, depth: usize, place: AliasIn) {
        use AliasUse::{Fallback, First, Never};
        self.scopes[depth].alias_use = match (self.dialect, place) {
            (_, AliasIn::OrderBy) => First,
            (Dialect::Sqlite | Dialect::Duckdb, _) => Fallback,
            (Dialect::Mysql, AliasIn::GroupBy | AliasIn::Having) => Fallback,
            (Dialect::Postgres, AliasIn::GroupBy) => Fallback,
            (Dialect::Mysql | Dialect::Postgres | Dialect::Kdb, _) => Never,
        };
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AliasIn {
    Where,
    GroupBy,
    Having,
    OrderBy,
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
