//! Random changes of a schema under a thousand examples, with SQLite's own `prepare` to say which of them broke.

use super::*;
use crate::knowledge::examples::tests::example;
use crate::store::ExampleTrust;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::collections::HashSet;
use std::time::Instant;

const TYPES: [&str; 4] = ["integer", "text", "real", "date"];

fn column(name: String, data_type: &str) -> Column {
    Column {
        name,
        data_type: data_type.to_owned(),
        nullable: true,
        ..Column::default()
    }
}

/// Twelve tables of eight columns, each pointing to the one before.
fn shop(random: &mut StdRng) -> Schema {
    let tables = (0..12)
        .map(|at| {
            let mut columns = vec![column("id".to_owned(), "integer")];
            if at > 0 {
                columns.push(column(format!("t{}_id", at - 1), "integer"));
            }
            for place in 0..6 {
                let data_type = TYPES.choose(random).expect("there are four");
                columns.push(column(format!("c{at}_{place}"), data_type));
            }
            Table {
                name: format!("t{at}"),
                columns,
                primary_key: vec!["id".to_owned()],
                ..Table::default()
            }
        })
        .collect();
    Schema { tables }
}

/// Queries of many shapes over random tables.
fn queries(schema: &Schema, count: usize, random: &mut StdRng) -> Vec<String> {
    (0..count)
        .map(|_| {
            let at = random.random_range(1..schema.tables.len());
            let (table, parent) = (&schema.tables[at], &schema.tables[at - 1]);
            let mut any = |table: &Table| {
                let place = random.random_range(0..table.columns.len());
                table.columns[place].name.clone()
            };
            let (a, b, p) = (any(table), any(table), any(parent));
            let (name, above) = (&table.name, &parent.name);
            let link = format!("{above}_id");
            match random.random_range(0..9) {
                0 => format!("select {a} from {name}"),
                1 => format!("select x.{a}, x.{b} as other from {name} x where x.{b} is not null"),
                2 => format!("select count(*) as n, {a} from {name} group by {a} having count({b}) > 1"),
                3 => format!("select x.{a}, y.{p} from {name} as x join {above} as y on x.{link} = y.id"),
                4 => format!("select {a} from {name} where {link} in (select id from {above} where {p} is null)"),
                5 => format!("with s as (select {a} as v, {b} from {name}) select max(v) from s"),
                6 => format!("select * from {name} order by {a} limit 5"),
                7 => format!("select y.{p} from {above} y where exists (select 1 from {name} x where x.{link} = y.id and x.{a} > 0)"),
                _ => format!("select count(*) from {name}"),
            }
        })
        .collect()
}

/// Renames, drops, adds or retypes something.
fn change(schema: &mut Schema, step: usize, random: &mut StdRng) -> &'static str {
    let at = random.random_range(0..schema.tables.len());
    let place = random.random_range(1..schema.tables[at].columns.len());
    match random.random_range(0..7) {
        0 => {
            schema.tables[at].name = format!("renamed_{step}");
            "table renamed"
        }
        1 if schema.tables.len() > 6 => {
            schema.tables.remove(at);
            "table dropped"
        }
        2 => {
            schema.tables[at].columns[place].name = format!("column_{step}");
            "column renamed"
        }
        3 if schema.tables[at].columns.len() > 3 => {
            schema.tables[at].columns.remove(place);
            "column dropped"
        }
        4 => {
            let new = column(format!("added_{step}"), "text");
            schema.tables[at].columns.insert(place, new);
            "column added"
        }
        5 => {
            schema.tables[at].columns[place].data_type = "blob".to_owned();
            "type changed"
        }
        _ => {
            // two tables of a join have it now: a bare name may have become ambiguous
            let name = schema.tables[at].columns[place].name.clone();
            let other = (at + 1) % schema.tables.len();
            if schema.tables[other].column(&name).is_none() {
                schema.tables[other].columns.push(column(name, "text"));
            }
            "the same name elsewhere"
        }
    }
}

fn engine(schema: &Schema) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().expect("a database in memory");
    for table in &schema.tables {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("{} {}", column.name, column.data_type))
            .collect();
        connection
            .execute_batch(&format!(
                "create table {} ({})",
                table.name,
                columns.join(", ")
            ))
            .expect("a plain table");
    }
    connection
}

#[test]
fn fifty_changes_under_a_thousand_examples_break_what_the_engine_says_and_nothing_else() {
    let mut random = StdRng::seed_from_u64(5);
    let mut schema = shop(&mut random);
    let mut examples: Vec<Example> = queries(&schema, 1_000, &mut random)
        .iter()
        .map(|query| example(query, query, ExampleTrust::Verified))
        .collect();
    let (mut found, mut proposed, mut kinds) = (0, 0, HashSet::new());
    let mut spent = std::time::Duration::ZERO;
    for step in 0..50 {
        let old = schema.clone();
        kinds.insert(change(&mut schema, step, &mut random));
        let known = Known {
            examples: examples.clone(),
            ..Known::default()
        };
        let began = Instant::now();
        let broken = broken(&old, &schema, Dialect::Sqlite, &known);
        spent += began.elapsed();
        let engine = engine(&schema);
        let flagged: HashSet<ExampleId> = broken.iter().map(|one| ExampleId(one.id)).collect();
        for example in &examples {
            let sound = engine.prepare(&example.query);
            assert_eq!(
                flagged.contains(&example.example_id),
                sound.is_err(),
                "step {step}: {} {:?}",
                example.query,
                sound.err()
            );
        }
        for one in &broken {
            assert!(!one.findings.is_empty());
            assert!(
                one.findings[0].line > 0,
                "{:?} has no place",
                one.findings[0]
            );
            if let Some(proposal) = &one.proposal {
                engine.prepare(proposal).expect("a proposal is sound");
                proposed += 1;
            }
        }
        found += broken.len();
        // people take the proposals and write the others anew
        examples.retain_mut(|example| {
            match broken.iter().find(|one| one.id == example.example_id.0) {
                None => true,
                Some(Broken {
                    proposal: Some(proposal),
                    ..
                }) => {
                    example.query.clone_from(proposal);
                    true
                }
                Some(_) => false,
            }
        });
        let missing = 1_000 - examples.len();
        examples.extend(
            queries_of_now(&schema, missing, &mut random)
                .iter()
                .map(|query| {
                    crate::knowledge::examples::tests::example(query, query, ExampleTrust::Verified)
                }),
        );
    }
    println!("{found} broke in 50 changes, {proposed} with a proposal; looking took {spent:?}");
    assert!(
        kinds.len() >= 6 && found > 100 && proposed > 20,
        "{kinds:?} {found} {proposed}"
    );
}

/// Of one table each, as links may be gone.
fn queries_of_now(schema: &Schema, count: usize, random: &mut StdRng) -> Vec<String> {
    (0..count)
        .map(|_| {
            let table = schema.tables.choose(random).expect("there are tables");
            let a = &table.columns.choose(random).expect("it has columns").name;
            let b = &table.columns.choose(random).expect("it has columns").name;
            format!(
                "select x.{a}, count(x.{b}) from {} x where x.{b} is not null group by x.{a}",
                table.name
            )
        })
        .collect()
}

#[test]
fn a_rename_is_certain_only_between_the_same_neighbours_with_the_same_type() {
    let table = |columns: &[(&str, &str)]| Schema {
        tables: vec![Table {
            name: "t".to_owned(),
            columns: columns
                .iter()
                .map(|(name, data_type)| column((*name).to_owned(), data_type))
                .collect(),
            ..Table::default()
        }],
    };
    let old = table(&[("a", "int"), ("b", "text"), ("c", "int")]);
    let renamed = |new: &Schema| {
        changes(&old, new)
            .into_iter()
            .find(|change| change.what == ChangeKind::ColumnRenamed)
            .map(|change| {
                (
                    change.column.unwrap_or_default(),
                    change.now.unwrap_or_default(),
                )
            })
    };
    let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    assert_eq!(
        renamed(&table(&[("a", "int"), ("x", "text"), ("c", "int")])),
        pair("b", "x")
    );
    assert_eq!(
        renamed(&table(&[("a", "int"), ("x", "int"), ("c", "int")])),
        None
    );
    assert_eq!(
        renamed(&table(&[("a", "int"), ("c", "int"), ("x", "text")])),
        None
    );
    let known = Known {
        examples: vec![example(
            "q",
            "select b as b, t.b from t where b = 'b'",
            ExampleTrust::Verified,
        )],
        ..Known::default()
    };
    let new = table(&[("a", "int"), ("Größe", "text"), ("c", "int")]);
    let found = broken(&old, &new, Dialect::Postgres, &known);
    assert_eq!(
        found[0].proposal.as_deref(),
        Some("select \"Größe\" as b, t.\"Größe\" from t where \"Größe\" = 'b'")
    );
}
