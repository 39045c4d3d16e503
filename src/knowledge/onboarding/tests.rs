//! Schemas as people have them.

use super::*;
use crate::store::RelationshipKind;
use std::fmt::Write as _;

fn names(onboarded: &Onboarded) -> Vec<&str> {
    let tables = onboarded.schema.tables.iter();
    tables.map(|table| table.name.as_str()).collect()
}

#[test]
fn dumps_of_four_engines_give_their_tables_views_and_keys() {
    let postgres = r#"
        -- PostgreSQL database dump
        SET client_encoding = 'UTF8'; SELECT pg_catalog.set_config('search_path', '', false);
        CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
        CREATE TYPE public.mood AS ENUM ('good', 'bad');
        CREATE TABLE public.kunden ( id integer NOT NULL, "Straße" text, mood public.mood DEFAULT 'good'::public.mood );
        CREATE SEQUENCE public.kunden_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
        ALTER SEQUENCE public.kunden_id_seq OWNED BY public.kunden.id;
        CREATE TABLE public.events ( at timestamp with time zone NOT NULL, kunde integer ) PARTITION BY RANGE (at);
        CREATE TABLE public.events_2024 PARTITION OF public.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE VIEW public.recent AS SELECT events.at, kunden."Straße" FROM (public.events JOIN public.kunden ON ((kunden.id = events.kunde)));
        CREATE VIEW public.streets AS SELECT DISTINCT recent."Straße" FROM public.recent;
        COPY public.kunden (id, "Straße") FROM stdin;
1	Hauptstraße; drop
\.
        ALTER TABLE ONLY public.kunden ADD CONSTRAINT kunden_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY public.events ADD CONSTRAINT events_kunde_fkey FOREIGN KEY (kunde) REFERENCES public.kunden(id);
        CREATE TRIGGER t AFTER INSERT ON public.events FOR EACH ROW EXECUTE FUNCTION public.f();
        GRANT SELECT ON TABLE public.kunden TO reader;
    "#;
    let read = from_ddl(postgres, Dialect::Postgres).expect("a dump");
    assert_eq!(
        names(&read),
        ["kunden", "events", "recent", "streets"],
        "{:?}",
        read.notes
    );
    let streets = &read.schema.tables[3];
    assert!(streets.is_view);
    assert_eq!(
        (
            streets.columns[0].name.as_str(),
            streets.columns[0].data_type.as_str()
        ),
        ("Straße", "TEXT")
    );
    assert_eq!(read.schema.tables[1].foreign_keys[0].ref_table, "kunden");

    let mysql = "/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `order`;\n\
        CREATE TABLE `order` (\n  `id` int unsigned NOT NULL AUTO_INCREMENT,\n  `größe` decimal(10,2) DEFAULT NULL COMMENT 'it''s; big',\n  \
        `made` datetime DEFAULT CURRENT_TIMESTAMP,\n  PRIMARY KEY (`id`),\n  KEY `k` (`made`)\n) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4;\n\
        LOCK TABLES `order` WRITE;\nINSERT INTO `order` VALUES (1,'a;b\\'c',NULL);\nUNLOCK TABLES;\n\
        CREATE VIEW `big` AS select `order`.`id` AS `id` from `order` where (`order`.`größe` > 10);\n";
    let read = from_ddl(mysql, Dialect::Mysql).expect("a dump");
    assert_eq!(names(&read), ["order", "big"], "{:?}", read.notes);
    assert_eq!(
        read.schema.tables[0].columns[1].description.as_deref(),
        Some("it's; big")
    );

    let sqlite = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE [my table] (a, \"b c\" INTEGER PRIMARY KEY, d REFERENCES u(x)) WITHOUT ROWID;\n\
        INSERT INTO \"my table\" VALUES('x;y',1,2);\nCREATE TABLE IF NOT EXISTS u (x INT UNIQUE);\nCREATE VIEW v AS SELECT a, count(*) AS n FROM [my table] GROUP BY a;\nCOMMIT;\n";
    let read = from_ddl(sqlite, Dialect::Sqlite).expect("a dump");
    assert_eq!(names(&read), ["my table", "u", "v"], "{:?}", read.notes);

    let duckdb = "CREATE SCHEMA main;\nCREATE TABLE trips (id BIGINT, tags VARCHAR[], fare DECIMAL(8,2), at TIMESTAMP);\n\
        CREATE VIEW fares AS SELECT fare FROM trips;\n";
    let read = from_ddl(duckdb, Dialect::Duckdb).expect("a dump");
    assert_eq!(names(&read), ["trips", "fares"], "{:?}", read.notes);
}

#[test]
fn half_a_dump_gives_what_is_whole_and_says_what_is_not() {
    let read = from_ddl(
        "create table a (id int primary key); create table b (id int, a_id int references a(id), name te",
        Dialect::Postgres,
    )
    .expect("one table is whole");
    assert_eq!(names(&read), ["a"]);
    assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
    assert!(read.notes[0].contains("create table b"), "{:?}", read.notes);
}

#[test]
fn odd_schemas_are_taken_as_they_are() {
    // no keys at all, keys in a circle, a key to nowhere, two tables that differ by case
    let read = from_ddl(
        "create table t (a int); create table \"T\" (a int); create table \"T \" (a int);
         create table x (id int primary key, y_id int); create table y (id int primary key, x_id int references x(id));
         alter table x add foreign key (y_id) references y(id);
         create table z (id int references gone(id), parent int references z(id));",
        Dialect::Postgres,
    )
    .expect("odd, but a schema");
    assert_eq!(names(&read), ["t", "T", "T ", "x", "y", "z"]);
    assert_eq!(
        read.notes,
        ["A foreign key of z to gone leads nowhere and is left out."]
    );
    assert!(nodes(&read.schema).contains(&SchemaNode::Relationship {
        from_table: "x".into(),
        from_columns: vec!["y_id".into()],
        to_table: "y".into(),
        to_columns: vec!["id".into()],
        relationship: RelationshipKind::ManyToOne,
    }));
    // a key that is its table's own key has one row there
    let read = from_ddl(
        "create table people (id int primary key);
         create table passports (person_id int primary key references people(id));",
        Dialect::Postgres,
    )
    .expect("two tables");
    assert!(nodes(&read.schema).contains(&SchemaNode::Relationship {
        from_table: "passports".into(),
        from_columns: vec!["person_id".into()],
        to_table: "people".into(),
        to_columns: vec!["id".into()],
        relationship: RelationshipKind::OneToOne,
    }));
    for (json, said) in [
        (
            r#"{"tables":[{"name":"a","columns":[{"name":"b"},{"name":"b"}]}]}"#,
            "twice",
        ),
        (
            r#"{"tables":[{"name":"a","columns":[{"name":"b"}]},{"name":"a","columns":[{"name":"b"}]}]}"#,
            "twice",
        ),
        (
            r#"{"tables":[{"name":" ","columns":[{"name":"b"}]}]}"#,
            "no name",
        ),
        (
            r#"{"tables":[{"name":"a\u0000","columns":[{"name":"b"}]}]}"#,
            "NUL",
        ),
        (r#"{"tables":[]}"#, "no tables"),
        (r#"[]"#, "not as documented"),
    ] {
        let value = serde_json::from_str(json).expect("JSON");
        let error = from_json(value).expect_err(json).to_string();
        assert!(error.contains(said), "{json}: {error}");
    }
}

#[test]
fn large_schemas_are_read() {
    let mut wide = String::from("create table wide (");
    for at in 0..1_600 {
        let _ = write!(wide, "{}c{at} integer", if at == 0 { "" } else { ", " });
    }
    wide.push_str(");");
    let read = from_ddl(&wide, Dialect::Postgres).expect("a wide table");
    assert_eq!(read.schema.tables[0].columns.len(), 1_600);

    let read = from_ddl(&many(10_000), Dialect::Postgres).expect("many tables");
    assert_eq!(read.schema.tables.len(), 10_000);
}

fn many(count: usize) -> String {
    let mut ddl = String::new();
    for at in 0..count {
        let _ = writeln!(
            ddl,
            "create table public.t{at} (id integer primary key, name text, amount numeric(10,2), t_id integer references public.t{}(id));",
            at / 2
        );
    }
    ddl
}
