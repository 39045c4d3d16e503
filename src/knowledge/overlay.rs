//! What experts know, laid over what the database says.
//!
//! The snapshot stays as it was read. Descriptions, synonyms, value dictionaries and declared relationships
//! are kept apart and merged for every version of either.

use crate::schema::{ForeignKey, Schema, Table};
use crate::store::{Annotation, AnnotationStatus, Meaning, Relationship, RelationshipKind};

/// The table that a name means: alone, or with its namespace (`sales.orders`).
pub fn find_table(schema: &Schema, name: &str) -> Option<usize> {
    let named = |table: &Table| table.name == name;
    schema.tables.iter().position(named).or_else(|| {
        schema.tables.iter().position(|table| {
            table
                .namespace
                .as_ref()
                .is_some_and(|namespace| format!("{namespace}.{}", table.name) == name)
        })
    })
}

/// The snapshot with everything approved laid over it; what does not fit is left out.
pub fn merged(
    snapshot: &Schema,
    annotations: &[Annotation],
    relationships: &[Relationship],
) -> Schema {
    let mut schema = snapshot.clone();
    for annotation in annotations {
        if annotation.status != AnnotationStatus::Approved {
            continue;
        }
        let Some(at) = find_table(&schema, &annotation.table) else {
            continue;
        };
        let table = &mut schema.tables[at];
        match &annotation.column {
            None => {
                describe(&mut table.description, &annotation.description);
                add_synonyms(&mut table.synonyms, &annotation.synonyms);
            }
            Some(name) => {
                let Some(column) = table.columns.iter_mut().find(|column| column.name == *name)
                else {
                    continue;
                };
                describe(&mut column.description, &annotation.description);
                add_synonyms(&mut column.synonyms, &annotation.synonyms);
                if !annotation.meanings.is_empty() {
                    let words = dictionary(&annotation.meanings);
                    column.description = Some(match column.description.take() {
                        Some(description) => format!("{description} ({words})"),
                        None => words,
                    });
                    column.meanings = annotation
                        .meanings
                        .iter()
                        .map(|meaning| (meaning.value.clone(), meaning.meaning.clone()))
                        .collect();
                    for meaning in &annotation.meanings {
                        if !column.values.contains(&meaning.value) {
                            column.values.push(meaning.value.clone());
                        }
                    }
                }
            }
        }
    }
    for relationship in relationships {
        // a foreign key points from the many to the one
        let (from, columns, to, to_columns) = match relationship.kind {
            RelationshipKind::OneToMany => (
                &relationship.to_table,
                &relationship.to_columns,
                &relationship.from_table,
                &relationship.from_columns,
            ),
            _ => (
                &relationship.from_table,
                &relationship.from_columns,
                &relationship.to_table,
                &relationship.to_columns,
            ),
        };
        let (Some(from), Some(to)) = (find_table(&schema, from), find_table(&schema, to)) else {
            continue;
        };
        let has = |at: usize, names: &[String]| {
            names
                .iter()
                .all(|name| schema.tables[at].column(name).is_some())
        };
        if !has(from, columns) || !has(to, to_columns) {
            continue;
        }
        let key = ForeignKey {
            columns: columns.clone(),
            ref_namespace: schema.tables[to].namespace.clone(),
            ref_table: schema.tables[to].name.clone(),
            ref_columns: to_columns.clone(),
        };
        let known = schema.tables[from]
            .foreign_keys
            .iter()
            .any(|known| known.columns == key.columns && known.ref_table == key.ref_table);
        if !known {
            schema.tables[from].foreign_keys.push(key);
        }
    }
    schema
}

/// An expert's words replace the database's comment; no words leave it.
fn describe(description: &mut Option<String>, expert: &str) {
    if !expert.trim().is_empty() {
        *description = Some(expert.trim().to_owned());
    }
}

fn add_synonyms(synonyms: &mut Vec<String>, more: &[String]) {
    for word in more {
        if !synonyms.contains(word) {
            synonyms.push(word.clone());
        }
    }
}

fn dictionary(meanings: &[Meaning]) -> String {
    let all: Vec<String> = meanings
        .iter()
        .map(|meaning| format!("{} = {}", meaning.value, meaning.meaning))
        .collect();
    all.join(", ")
}

/// How rows of two tables belong together, for every foreign key of the schema.
pub fn kind_of(table: &Table, key: &ForeignKey) -> RelationshipKind {
    let same_set = |a: &[String], b: &[String]| {
        !a.is_empty() && a.len() == b.len() && a.iter().all(|name| b.contains(name))
    };
    if same_set(&key.columns, &table.primary_key) {
        RelationshipKind::OneToOne
    } else {
        RelationshipKind::ManyToOne
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AnnotationId, RelationshipId};
    use serde_json::json;

    fn annotation(table: &str, column: Option<&str>, description: &str) -> Annotation {
        Annotation {
            annotation_id: AnnotationId::new(),
            table: table.into(),
            column: column.map(str::to_owned),
            description: description.into(),
            synonyms: vec!["client".into()],
            meanings: Vec::new(),
            status: AnnotationStatus::Approved,
            author: "local".into(),
            source: "expert".into(),
            broken: None,
            updated_at: chrono::Utc::now(),
        }
    }

    #[test]
    fn an_experts_words_lie_over_the_snapshot_and_what_does_not_fit_is_left_out() {
        let snapshot: Schema = serde_json::from_value(json!({"tables": [
            {"name": "customers", "namespace": "sales", "primary_key": ["id"], "description": "old", "columns": [
                {"name": "id", "type": "int"}, {"name": "state", "type": "text"}]},
            {"name": "orders", "columns": [{"name": "customer", "type": "int"}]}]}))
        .expect("a schema");
        let mut state = annotation("sales.customers", Some("state"), "of the contract");
        state.meanings = vec![Meaning {
            value: "A".into(),
            meaning: "active".into(),
        }];
        let mut suggested = annotation("orders", None, "a suggestion");
        suggested.status = AnnotationStatus::Suggested;
        let relationship = Relationship {
            relationship_id: RelationshipId::new(),
            from_table: "customers".into(),
            from_columns: vec!["id".into()],
            to_table: "orders".into(),
            to_columns: vec!["customer".into()],
            kind: RelationshipKind::OneToMany,
            note: String::new(),
            author: "local".into(),
            broken: None,
        };
        let schema = merged(
            &snapshot,
            &[
                annotation("customers", None, "who buys"),
                annotation("gone", None, "x"),
                state,
                suggested,
            ],
            &[relationship],
        );
        let customers = &schema.tables[0];
        assert_eq!(customers.description.as_deref(), Some("who buys"));
        assert_eq!(customers.synonyms, ["client"]);
        assert_eq!(
            customers.columns[1].description.as_deref(),
            Some("of the contract (A = active)")
        );
        assert_eq!(customers.columns[1].values, ["A"]);
        assert_eq!(schema.tables[1].description, None);
        assert_eq!(schema.tables[1].foreign_keys[0].columns, ["customer"]);
        assert_eq!(snapshot.tables[0].description.as_deref(), Some("old"));
    }
}
