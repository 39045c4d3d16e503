//! What an expression is, as far as it is known before it runs.

use crate::query::catalog::ColumnId;
use crate::schema::ValueKind;

/// A column of a table in q.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub name: String,
    pub origin: Option<ColumnId>,
    pub kind: Option<ValueKind>,
}

/// What an expression is.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    /// It is a table with these columns.
    pub table: Option<Vec<Column>>,
    /// For what is no table: the name a column of it would get, its origin and kind.
    pub column: Column,
    pub symbols: Option<Vec<String>>,
    /// Numbers that stand in the text.
    pub numbers: Option<Vec<f64>>,
    /// A string in the text.
    pub text: bool,
    /// A list of what may be lists: `enlist x`, `(x;y)`.
    pub listed: bool,
    /// A list in brackets that begins with a verb by itself: `(max;price)`.
    pub begins_with_verb: bool,
}

impl Value {
    /// What is left of a value that was computed with: its kind and name.
    pub fn plain(self) -> Self {
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

pub(super) fn joined(mut one: Vec<Column>, two: Vec<Column>) -> Value {
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
pub(super) fn last_name(left: &Value, right: &Value) -> String {
    let usable = |value: &Value| {
        (!value.column.name.is_empty() && value.column.name != "x")
            .then(|| value.column.name.clone())
    };
    usable(right)
        .or_else(|| usable(left))
        .unwrap_or_else(|| "x".to_owned())
}
