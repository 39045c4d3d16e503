//! A schema from the statements that make it: hand-written DDL or a database's dump.
//!
//! Statements are cut out first and parsed one by one, so that one the parser does not know (a
//! trigger, a COPY block, a server setting) costs itself and nothing else.

use super::Dialect;
use crate::schema::{Column, ForeignKey, Schema, Table};
use sqlparser::ast::{
    AlterTableOperation, ColumnOption, CommentObject, CreateTable, Expr, IndexColumn, ObjectName,
    Statement, TableConstraint,
};
use sqlparser::parser::Parser;

/// Why a text gives no schema.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DdlError {
    #[error("no CREATE TABLE was found")]
    NoTables,
    /// CREATE TABLE statements were there, but none could be read; the first one's error.
    #[error("no CREATE TABLE could be read: {0}")]
    Unreadable(String),
}

/// The tables, keys and comments that `text` makes.
///
/// Statements other than CREATE TABLE, CREATE VIEW with named columns, ALTER TABLE and COMMENT ON are passed over, as are tables
/// that cannot be read while others can.
pub fn schema_from_ddl(text: &str, dialect: Dialect) -> Result<Schema, DdlError> {
    read(text, dialect).map(|read| read.schema)
}

/// What a text of DDL gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    pub schema: Schema,
    /// Views whose columns are only known from their query.
    pub views: Vec<View>,
    /// Tables that could not be read, a sentence each.
    pub unread: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub namespace: Option<String>,
    pub name: String,
    pub query: String,
}

/// As [`schema_from_ddl`], with what is left to do and what could not be done.
pub fn read(text: &str, dialect: Dialect) -> Result<Read, DdlError> {
    let mut read = Read::default();
    let schema = &mut read.schema;
    let mut first_error = None;
    for statement in statements(text, dialect) {
        let words: Vec<String> = statement
            .split(|c: char| c.is_whitespace() || c == '(')
            .filter(|word| !word.is_empty())
            .take(6)
            .map(str::to_ascii_lowercase)
            .collect();
        let starts = |word: &str| words.first().is_some_and(|first| first == word);
        if !(starts("create") || starts("alter") || starts("comment")) {
            continue;
        }
        let is_table = starts("create") && words.iter().any(|word| word == "table");
        match on_a_deep_stack(&statement, dialect) {
            Ok(parsed) => {
                for statement in parsed {
                    if let Statement::CreateView(view) = &statement
                        && view.columns.is_empty()
                    {
                        let (namespace, name) = split(&view.name, dialect);
                        read.views.push(View {
                            namespace,
                            name,
                            query: view.query.to_string(),
                        });
                    }
                    apply(statement, schema, dialect);
                }
            }
            Err(error) if is_table => {
                let shown: String = statement.chars().take(60).collect();
                read.unread
                    .push(format!("\"{shown}…\" could not be read: {error}."));
                first_error.get_or_insert(error);
            }
            Err(_) => {}
        }
    }
    if !read.schema.tables.is_empty() {
        return Ok(read);
    }
    Err(match first_error {
        Some(error) => DdlError::Unreadable(error),
        None => DdlError::NoTables,
    })
}

/// Longest single statement of DDL that is parsed, in bytes.
const MAX_STATEMENT_BYTES: usize = 512 * 1024;

fn on_a_deep_stack(statement: &str, dialect: Dialect) -> Result<Vec<Statement>, String> {
    if statement.len() > MAX_STATEMENT_BYTES {
        return Err("the statement is too long".to_owned());
    }
    let grammar = super::grammar::grammar(dialect);
    stacker::grow(16 * 1024 * 1024, || {
        Parser::parse_sql(grammar, statement).map_err(|error| error.to_string())
    })
}

fn apply(statement: Statement, schema: &mut Schema, dialect: Dialect) {
    match statement {
        Statement::CreateTable(create) => {
            let table = table_of(create, dialect);
            // IF NOT EXISTS: the first one stands
            if find(schema, table.namespace.as_deref(), &table.name).is_none() {
                schema.tables.push(table);
            }
        }
        Statement::CreateView(view) => {
            let (namespace, name) = split(&view.name, dialect);
            if !view.columns.is_empty() && find(schema, namespace.as_deref(), &name).is_none() {
                schema.tables.push(Table {
                    namespace,
                    name,
                    is_view: true,
                    columns: view
                        .columns
                        .iter()
                        .map(|column| Column {
                            name: name_of(&column.name, dialect),
                            data_type: column
                                .data_type
                                .as_ref()
                                .map_or_else(String::new, ToString::to_string),
                            nullable: true,
                            ..Column::default()
                        })
                        .collect(),
                    ..Table::default()
                });
            }
        }
        Statement::AlterTable(alter) => {
            let (namespace, name) = split(&alter.name, dialect);
            let Some(at) = find(schema, namespace.as_deref(), &name) else {
                return;
            };
            let table = &mut schema.tables[at];
            for operation in alter.operations {
                match operation {
                    AlterTableOperation::AddConstraint { constraint, .. } => {
                        constrain(table, &constraint, dialect);
                    }
                    AlterTableOperation::AddColumn { column_def, .. } => {
                        add_column(table, column_def, dialect);
                    }
                    _ => {}
                }
            }
        }
        Statement::Comment {
            object_type,
            object_name,
            comment: Some(comment),
            ..
        } => match object_type {
            CommentObject::Table | CommentObject::View => {
                let (namespace, name) = split(&object_name, dialect);
                if let Some(at) = find(schema, namespace.as_deref(), &name) {
                    schema.tables[at].description = Some(comment);
                }
            }
            CommentObject::Column => {
                let mut parts = object_name.0;
                let Some(column) = parts.pop() else { return };
                let Some(column) = column.as_ident().map(|ident| name_of(ident, dialect)) else {
                    return;
                };
                let (namespace, name) = split(&ObjectName(parts), dialect);
                if let Some(at) = find(schema, namespace.as_deref(), &name)
                    && let Some(column) = schema.tables[at]
                        .columns
                        .iter_mut()
                        .find(|known| known.name == column)
                {
                    column.description = Some(comment);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

fn table_of(create: CreateTable, dialect: Dialect) -> Table {
    let (namespace, name) = split(&create.name, dialect);
    let mut table = Table {
        namespace,
        name,
        ..Table::default()
    };
    for column in create.columns {
        add_column(&mut table, column, dialect);
    }
    for constraint in &create.constraints {
        constrain(&mut table, constraint, dialect);
    }
    if let Some(comment) = create.comment {
        let text = match comment {
            sqlparser::ast::CommentDef::WithEq(text)
            | sqlparser::ast::CommentDef::WithoutEq(text) => text,
        };
        table.description = Some(text);
    }
    for option in options_of(&create.table_options) {
        if let sqlparser::ast::SqlOption::Comment(
            sqlparser::ast::CommentDef::WithEq(text) | sqlparser::ast::CommentDef::WithoutEq(text),
        ) = option
        {
            table.description = Some(text.clone());
        }
    }
    table
}

fn options_of(options: &sqlparser::ast::CreateTableOptions) -> &[sqlparser::ast::SqlOption] {
    use sqlparser::ast::CreateTableOptions as Options;
    match options {
        Options::None => &[],
        Options::With(options)
        | Options::Options(options)
        | Options::Plain(options)
        | Options::TableProperties(options) => options,
    }
}

fn add_column(table: &mut Table, def: sqlparser::ast::ColumnDef, dialect: Dialect) {
    let mut column = Column {
        name: name_of(&def.name, dialect),
        data_type: match def.data_type {
            sqlparser::ast::DataType::Unspecified => String::new(),
            ref other => other.to_string(),
        },
        nullable: true,
        ..Column::default()
    };
    if let sqlparser::ast::DataType::Enum(members, _) = &def.data_type {
        column.values = members
            .iter()
            .map(|member| match member {
                sqlparser::ast::EnumMember::Name(name)
                | sqlparser::ast::EnumMember::NamedValue(name, _) => name.clone(),
            })
            .collect();
        column.values_complete = true;
    }
    for option in def.options {
        match option.option {
            ColumnOption::NotNull => column.nullable = false,
            ColumnOption::Default(expr) => column.default = Some(expr.to_string()),
            ColumnOption::PrimaryKey(_) => {
                table.primary_key.push(column.name.clone());
                column.nullable = false;
            }
            ColumnOption::ForeignKey(constraint) => {
                let (ref_namespace, ref_table) = split(&constraint.foreign_table, dialect);
                table.foreign_keys.push(ForeignKey {
                    columns: vec![column.name.clone()],
                    ref_namespace,
                    ref_table,
                    ref_columns: constraint
                        .referred_columns
                        .iter()
                        .map(|ident| name_of(ident, dialect))
                        .collect(),
                });
            }
            ColumnOption::Comment(text) => column.description = Some(text),
            _ => {}
        }
    }
    if table.column(&column.name).is_none() {
        table.columns.push(column);
    }
}

fn constrain(table: &mut Table, constraint: &TableConstraint, dialect: Dialect) {
    match constraint {
        TableConstraint::PrimaryKey(key) => {
            table.primary_key = key
                .columns
                .iter()
                .filter_map(|column| index_column(column, dialect))
                .collect();
        }
        TableConstraint::ForeignKey(key) => {
            let (ref_namespace, ref_table) = split(&key.foreign_table, dialect);
            table.foreign_keys.push(ForeignKey {
                columns: key
                    .columns
                    .iter()
                    .map(|ident| name_of(ident, dialect))
                    .collect(),
                ref_namespace,
                ref_table,
                ref_columns: key
                    .referred_columns
                    .iter()
                    .map(|ident| name_of(ident, dialect))
                    .collect(),
            });
        }
        _ => {}
    }
}

fn index_column(column: &IndexColumn, dialect: Dialect) -> Option<String> {
    match &column.column.expr {
        Expr::Identifier(ident) => Some(name_of(ident, dialect)),
        _ => None,
    }
}

fn split(name: &ObjectName, dialect: Dialect) -> (Option<String>, String) {
    let mut parts: Vec<String> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident().map(|ident| name_of(ident, dialect)))
        .collect();
    let last = parts.pop().unwrap_or_default();
    (parts.pop(), last)
}

/// As the engine stores it: PostgreSQL folds what is not quoted.
fn name_of(ident: &sqlparser::ast::Ident, dialect: Dialect) -> String {
    match (dialect, ident.quote_style) {
        (Dialect::Postgres, None) => ident.value.to_ascii_lowercase(),
        _ => ident.value.clone(),
    }
}

fn find(schema: &Schema, namespace: Option<&str>, name: &str) -> Option<usize> {
    schema.tables.iter().position(|table| {
        table.name == name
            && (namespace.is_none()
                || table.namespace.is_none()
                || table.namespace.as_deref() == namespace)
    })
}

/// `text` cut at semicolons that are outside quotes and comments, with data blocks and dump commands left out.
fn statements(text: &str, dialect: Dialect) -> Vec<String> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut current = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let line_start = at == 0 || bytes[at - 1] == b'\n';
        if line_start && current.trim().is_empty() && rest.starts_with('\\') {
            // a command of the dump's own program
            at += rest.find('\n').map_or(rest.len(), |end| end + 1);
            continue;
        }
        let skip = if rest.starts_with("--") || (dialect == Dialect::Mysql && rest.starts_with('#'))
        {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else {
            rest.strip_prefix("/*")
                .map(|comment| comment.find("*/").map_or(rest.len(), |end| end + 4))
        };
        if let Some(skip) = skip {
            current.push(' ');
            at += skip;
            continue;
        }
        let quoted = match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => Some(quoted_length(
                &bytes[at..],
                quote,
                dialect == Dialect::Mysql,
            )),
            b'$' if dialect == Dialect::Postgres => dollar_length(rest),
            _ => None,
        };
        if let Some(length) = quoted {
            current.push_str(&text[at..at + length]);
            at += length;
            continue;
        }
        if bytes[at] == b';' {
            let statement = std::mem::take(&mut current);
            let lower = statement.trim_start().get(..5).map(str::to_ascii_lowercase);
            at += 1;
            if lower.as_deref() == Some("copy ") && statement.to_ascii_lowercase().contains("stdin")
            {
                // the data follow, up to a line with \. alone
                at += text[at..]
                    .find("\n\\.")
                    .map_or(text.len() - at, |end| end + 3);
            }
            found.push(statement.trim().to_owned());
            continue;
        }
        let width = rest.chars().next().map_or(1, char::len_utf8);
        current.push_str(&rest[..width]);
        at += width;
    }
    found.push(current.trim().to_owned());
    found.retain(|statement| !statement.is_empty());
    found
}

/// Bytes of the quoted thing at the start, its quotes included.
fn quoted_length(bytes: &[u8], quote: u8, escapes: bool) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' && quote != b'`' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return at + 1;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn dollar_length(rest: &str) -> Option<usize> {
    let end = rest[1..].find('$')? + 2;
    let tag = &rest[..end];
    if !tag[1..end - 1]
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_')
    {
        return None;
    }
    Some(end + rest[end..].find(tag)? + tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_gives_its_tables_keys_and_comments() {
        let dump = r#"
            -- PostgreSQL database dump
            SET statement_timeout = 0;
            \connect shop
            SELECT pg_catalog.set_config('search_path', '', false);
            CREATE TYPE public.mood AS ENUM ('a;b', 'c');
            CREATE TABLE public.customers (
                id integer NOT NULL,
                "fullName" character varying(40) DEFAULT 'x;y',
                mood public.mood
            );
            CREATE FUNCTION f() RETURNS int AS $$ begin; drop table x; end; $$ LANGUAGE plpgsql;
            CREATE TABLE public.orders (id integer PRIMARY KEY, customer_id integer REFERENCES public.customers(id), total numeric(10,2));
            COPY public.customers (id, "fullName") FROM stdin;
1	it's; broken
\.
            ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
            COMMENT ON COLUMN public.orders.total IS 'in euro';
            COMMENT ON TABLE public.orders IS 'one row an order';
            CREATE INDEX i ON public.orders USING btree (total);
        "#;
        let schema = schema_from_ddl(dump, Dialect::Postgres).expect("a dump");
        let names: Vec<_> = schema.tables.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["customers", "orders"]);
        assert_eq!(schema.tables[0].primary_key, ["id"]);
        assert_eq!(schema.tables[0].columns[1].name, "fullName");
        assert!(!schema.tables[0].columns[0].nullable);
        let orders = &schema.tables[1];
        assert_eq!(orders.foreign_keys[0].ref_table, "customers");
        assert_eq!(orders.description.as_deref(), Some("one row an order"));
        assert_eq!(orders.columns[2].description.as_deref(), Some("in euro"));
    }

    #[test]
    fn postgres_folds_names_that_are_not_quoted() {
        let ddl = r#"CREATE TABLE Orders (ID int, "Total" int, primary key (Id));"#;
        let schema = schema_from_ddl(ddl, Dialect::Postgres).expect("DDL");
        assert_eq!(schema.tables[0].name, "orders");
        assert_eq!(schema.tables[0].columns[1].name, "Total");
        assert_eq!(schema.tables[0].primary_key, ["id"]);
    }

    #[test]
    fn other_engines_ddl_is_read_too() {
        let mysql = "CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT COMMENT 'key', `state` enum('on','off') DEFAULT 'on', PRIMARY KEY (`id`), KEY `k` (`state`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='things';";
        let schema = schema_from_ddl(mysql, Dialect::Mysql).expect("MySQL");
        assert_eq!(schema.tables[0].columns[1].values, ["on", "off"]);
        assert_eq!(schema.tables[0].primary_key, ["id"]);
        let sqlite = "create table if not exists [my table] (a, b integer primary key autoincrement, c text references u);";
        let schema = schema_from_ddl(sqlite, Dialect::Sqlite).expect("SQLite");
        assert_eq!(schema.tables[0].name, "my table");
        assert_eq!(schema.tables[0].columns[0].data_type, "");
        assert_eq!(schema.tables[0].foreign_keys[0].ref_columns.len(), 0);
    }

    #[test]
    fn a_text_without_tables_says_so() {
        assert_eq!(
            schema_from_ddl("hello", Dialect::Postgres),
            Err(DdlError::NoTables)
        );
        assert!(matches!(
            schema_from_ddl("create table t (", Dialect::Postgres),
            Err(DdlError::Unreadable(_))
        ));
    }
}
