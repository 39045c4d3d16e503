use super::*;
use crate::query::{Dialect, Verdict, check};
use serde_json::json;

fn shop() -> Schema {
    serde_json::from_value(json!({"tables": [
        {"name": "customers", "primary_key": ["id"], "columns": [
            {"name": "id", "type": "integer"}, {"name": "name", "type": "text"},
            {"name": "country", "type": "text"}, {"name": "status", "type": "text"}]},
        {"name": "orders", "primary_key": ["id"], "columns": [
            {"name": "id", "type": "integer"}, {"name": "customer_id", "type": "integer"},
            {"name": "ordered_on", "type": "date"}, {"name": "total", "type": "numeric"},
            {"name": "discount", "type": "numeric"}, {"name": "A16", "type": "integer"}]},
        {"name": "trade", "columns": [
            {"name": "price", "type": "numeric"}, {"name": "size", "type": "integer"}]}]}))
    .expect("a schema")
}

fn hit(mention: &str, value: &str) -> ValueHit {
    ValueHit {
        table: "customers".to_owned(),
        column: "country".to_owned(),
        value: value.to_owned(),
        mention: mention.to_owned(),
        score: 1.0,
    }
}

fn directive(key: &str, value: &str) -> Directive {
    Directive {
        directive_id: crate::ids::DirectiveId::new(),
        key: key.to_owned(),
        value: value.to_owned(),
        context: String::new(),
        author: "local".to_owned(),
        broken: None,
        updated_at: chrono::Utc::now(),
    }
}

fn found(question: &str, values: &[ValueHit], directives: &[Directive], sql: &str) -> Vec<Finding> {
    let schema = shop();
    let Verdict::Accept(query) = check(sql, Dialect::Postgres, &schema) else {
        panic!("{sql} is a query");
    };
    missing(
        &constraints(question, values, directives, &schema),
        &query,
        &schema,
    )
}

#[test]
fn what_a_question_says_is_listed() {
    for (question, expected) in [
        ("orders in 1997", vec!["1997"]),
        ("orders from 1996-1997", vec!["1996", "1997"]),
        ("orders on 1998-05-06", vec!["1998"]),
        ("customers named 'Alfreds'", vec!["'Alfreds'"]),
        ("top 5 customers", vec!["5", "an order for \"top 5\""]),
        (
            "orders over $10,000",
            vec!["10,000", "a comparison for \"over 10,000\""],
        ),
        (
            "customers with more than two orders",
            vec!["two", "a comparison for \"more than two\""],
        ),
        (
            "How many customers have no discount above 20%?",
            vec![
                "20%",
                "a number for \"how many\"",
                "a comparison for \"above 20%\"",
            ],
        ),
        (
            "average order of customers without a country",
            vec!["an average", "a negation for \"without\""],
        ),
        ("revenue of last month", vec!["a period for \"last month\""]),
        (
            "revenue of the last 30 days",
            vec!["a period for \"last 30 days\""],
        ),
        ("orders of March 2012", vec!["2012", "March"]),
        ("2012년 주문", vec!["2012"]),
        ("상위 5개", vec!["5"]),
        // what says nothing that a query must show
        ("the last name of each customer", vec![]),
        ("column A16 of K-12 schools", vec![]),
        ("tracks of 5 minutes", vec![]),
        ("the two tables and their columns", vec![]),
        ("customers with at least 1 order", vec![]),
        ("what may the May Street office sell", vec![]),
        ("what does a customer's status mean", vec![]),
        ("holiday paper on top shelves", vec![]),
        ("paragraph 1.2.3", vec![]),
    ] {
        let listed = constraints(question, &[], &[], &shop());
        let spoken: Vec<String> = listed.iter().map(Constraint::spoken).collect();
        assert_eq!(spoken, expected, "{question}");
    }
}

#[test]
fn a_query_that_leaves_out_what_was_said_is_found_out_and_no_other_is() {
    let all = "select name from customers";
    for (question, sql, lacks) in [
        (
            "orders in 1997",
            "select id from orders where ordered_on >= '1997-01-01'",
            false,
        ),
        (
            "orders in 1997",
            "select id from orders where extract(year from ordered_on) = 1997",
            false,
        ),
        (
            "orders since 1997",
            "select id from orders where ordered_on > '1996-12-31'",
            false,
        ),
        (
            "orders in 1997",
            "select id from orders where total > 97",
            true,
        ),
        // whoever names a column so keeps to themselves what year it is of
        ("crimes in 1996", "select \"A16\" from orders", false),
        (
            "orders over $10,000",
            "select id from orders where total > 10000",
            false,
        ),
        (
            "orders over 10k",
            "select id from orders where total > 10000",
            false,
        ),
        (
            "orders over 2 million",
            "select id from orders where total > 2000000",
            false,
        ),
        (
            "orders over 10,000",
            "select id from orders where total > 1000",
            true,
        ),
        (
            "orders of more than 5",
            "select id from orders where total >= 6",
            false,
        ),
        (
            "orders of more than 5",
            "select id from orders where total = 5",
            true,
        ),
        (
            "a discount above 20%",
            "select id from orders where discount > 0.2",
            false,
        ),
        (
            "top 3 orders",
            "select id from orders order by total desc limit 3",
            false,
        ),
        (
            "top 3 orders",
            "select id from orders order by total desc limit 10",
            true,
        ),
        (
            "the largest order",
            "select id from orders where total = (select max(total) from orders)",
            false,
        ),
        ("the largest order", "select id, total from orders", true),
        ("how many orders", "select count(*) from orders", false),
        ("how many orders", "select id from orders", true),
        ("how many customers", all, true),
        (
            "how large is the total of the order",
            "select total from orders",
            false,
        ),
        (
            "average total",
            "select sum(total) / count(*) from orders",
            false,
        ),
        ("average total", "select sum(total) from orders", true),
        (
            "customers without orders",
            "select name from customers c where not exists (select 1 from orders o where o.customer_id = c.id)",
            false,
        ),
        (
            "customers without orders",
            "select name from customers c left join orders o on o.customer_id = c.id",
            false,
        ),
        ("customers without orders", all, true),
        (
            "the customer \"Alfreds Futterkiste\"",
            "select id from customers where name ilike '%alfreds%futterkiste%'",
            false,
        ),
        (
            "the customer \"Alfreds Futterkiste\"",
            "select id from customers where name = 'Around the Horn'",
            true,
        ),
        (
            "orders of last month",
            "select id from orders where ordered_on >= date '2026-10-01'",
            false,
        ),
        (
            "orders of last month",
            "select id from orders where ordered_on >= current_date - interval '1 month'",
            false,
        ),
        ("orders of last month", "select id from orders", true),
        (
            "orders of January",
            "select id from orders where extract(month from ordered_on) = 1",
            false,
        ),
        ("orders of January", "select id from orders", true),
        // what only a comment says, the query does not do
        ("orders in 1997", "select id from orders -- in 1997", true),
    ] {
        let findings = found(question, &[], &[], sql);
        assert_eq!(
            !findings.is_empty(),
            lacks,
            "{question}: {sql}: {findings:?}"
        );
        assert!(findings.iter().all(|finding| finding.code == MISMATCH));
    }
    let said = found("orders in 1997", &[], &[], "select id from orders");
    assert_eq!(
        said[0].message,
        "The question says 1997; the query does not use it."
    );
}

#[test]
fn a_value_of_the_data_is_there_in_any_of_its_spellings() {
    let germans = [hit("germany", "Germany")];
    let americans = [hit("USA", "USA"), hit("USA", "Usa")];
    for (values, sql, lacks) in [
        (
            &germans[..],
            "select name from customers where country = 'Germany'",
            false,
        ),
        (
            &germans[..],
            "select name from customers where lower(country) like 'german%'",
            false,
        ),
        (
            &germans[..],
            "select name from customers where country = 'France'",
            true,
        ),
        (
            &americans[..],
            "select name from customers where country in ('usa', 'x')",
            false,
        ),
        (&americans[..], "select name from customers", true),
        // all countries are shown, each with its rows
        (
            &americans[..],
            "select country, count(*) from customers group by country",
            false,
        ),
    ] {
        let findings = found("people of germany, people of the USA", values, &[], sql);
        assert_eq!(!findings.is_empty(), lacks, "{sql}");
    }
    for (mention, value) in [("worth", "WARTH"), ("german food", "Germany")] {
        let alike = [hit(mention, value)];
        assert!(
            found(
                "names of worth, german food",
                &alike,
                &[],
                "select name from customers"
            )
            .is_empty()
        );
    }
    assert!(
        !found(
            "names of masters",
            &[hit("masters", "Master")],
            &[],
            "select name from customers"
        )
        .is_empty()
    );
    let inside = [hit("bc", "BC")];
    let marked = "customers (ref 2b8086f21a944c31818de45ff54591bc)";
    assert!(found(marked, &inside, &[], "select name from customers").is_empty());
    assert!(
        !found(
            "customers of bc",
            &inside,
            &[],
            "select name from customers"
        )
        .is_empty()
    );
    let unsure = [ValueHit {
        score: 0.5,
        ..hit("german", "Germany")
    }];
    assert!(
        found(
            "names of Germany",
            &unsure,
            &[],
            "select name from customers"
        )
        .is_empty()
    );
}

#[test]
fn a_term_of_the_glossary_needs_its_columns_and_literals() {
    let glossary = [
        directive("VIP", "customers with over 10000 in total"),
        directive("active", "status = 'A'"),
        directive("VWAP", "sum(price * size) / sum(size)"),
        directive("good customer", "whoever we like"),
    ];
    for (question, sql, lacks) in [
        (
            "our VIP customers",
            "select customer_id from orders group by 1 having sum(total) > 10000",
            None,
        ),
        (
            "the VIP customers of ours",
            "select customer_id from orders group by 1 having sum(total) > 1000",
            Some("10000"),
        ),
        (
            "the active customers",
            "select name from customers where status = 'A'",
            None,
        ),
        (
            "the active customers",
            "select name from customers",
            Some("status and 'A'"),
        ),
        (
            "the active customers",
            "select name from customers where status = 'active'",
            Some("'A'"),
        ),
        (
            "what is the VWAP",
            "select sum(price * size) / sum(size) from trade",
            None,
        ),
        (
            "what is the VWAP",
            "select avg(price) from trade",
            Some("size"),
        ),
        ("the good customers", "select name from customers", None),
        ("the inactive ones", "select name from customers", None),
    ] {
        let findings = found(question, &[], &glossary, sql);
        let rules: Vec<&Finding> = findings.iter().filter(|f| f.code == RULE_MISSED).collect();
        match lacks {
            None => assert!(rules.is_empty(), "{question}: {sql}: {rules:?}"),
            Some(lacks) => {
                assert!(!rules.is_empty(), "{question}: {sql}");
                let end = format!("the query does not use {lacks}.");
                assert!(rules[0].message.ends_with(&end), "{}", rules[0].message);
            }
        }
    }
}

#[test]
fn q_is_read_by_its_words() {
    let schema = shop();
    for (question, query, lacks) in [
        ("how many trades", "select count i from trade", false),
        ("top 3 trades", "3#`price xdesc trade", false),
        (
            "trades over 100",
            "select from trade where price>100",
            false,
        ),
        ("trades over 100", "select from trade", true),
    ] {
        let Verdict::Accept(accepted) = check(query, Dialect::Kdb, &schema) else {
            panic!("{query} is q");
        };
        let findings = missing(
            &constraints(question, &[], &[], &schema),
            &accepted,
            &schema,
        );
        assert_eq!(
            !findings.is_empty(),
            lacks,
            "{question}: {query}: {findings:?}"
        );
    }
}
