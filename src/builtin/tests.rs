//! The generator over a lending library, a schema that none of its word lists was made for.

use super::*;
use crate::schema::ValueKind;
use crate::target::ResultColumn;
use serde_json::{Value, json};

fn library() -> Schema {
    serde_json::from_value(json!({"tables": [
        {"name": "branches", "row_estimate": 3, "primary_key": ["branch_id"], "columns": [
            {"name": "branch_id", "type": "integer", "nullable": false},
            {"name": "branch_name", "type": "text", "values": ["Harbour", "Old Town", "Station"], "values_complete": true},
            {"name": "city", "type": "text", "values": ["Bergen", "Oslo"], "values_complete": true},
            {"name": "shelves", "type": "integer", "range": ["4", "90"]}]},
        {"name": "members", "row_estimate": 500, "primary_key": ["member_id"],
         "foreign_keys": [{"columns": ["branch_id"], "ref_table": "branches"}], "columns": [
            {"name": "member_id", "type": "integer", "nullable": false},
            {"name": "first_name", "type": "text", "values": ["Ada", "Nils"]},
            {"name": "last_name", "type": "text", "values": ["Berg", "Dahl"]},
            {"name": "email", "type": "text"},
            {"name": "city", "type": "text", "values": ["Bergen", "Oslo", "Tromsø"], "values_complete": true},
            {"name": "birth_date", "type": "date", "range": ["1930-01-01", "2015-12-31"]},
            {"name": "active", "type": "boolean"},
            {"name": "branch_id", "type": "integer"}]},
        {"name": "books", "row_estimate": 900, "primary_key": ["book_id"], "synonyms": ["titles"], "columns": [
            {"name": "book_id", "type": "integer", "nullable": false},
            {"name": "title", "type": "text", "values": ["Hunger", "Growth of the Soil"]},
            {"name": "language", "type": "text", "values": ["Norwegian", "English", "Sami"], "values_complete": true},
            {"name": "pages", "type": "integer", "range": ["20", "1400"]},
            {"name": "price", "type": "numeric(8,2)", "range": ["3", "120"]}]},
        {"name": "loans", "row_estimate": 20000, "primary_key": ["loan_id"],
         "foreign_keys": [{"columns": ["book_id"], "ref_table": "books"}, {"columns": ["member_id"], "ref_table": "members"}], "columns": [
            {"name": "loan_id", "type": "integer", "nullable": false},
            {"name": "book_id", "type": "integer"},
            {"name": "member_id", "type": "integer"},
            {"name": "loan_date", "type": "date", "range": ["2020-01-01", "2026-10-31"]},
            {"name": "return_date", "type": "date"},
            {"name": "fine", "type": "numeric(8,2)", "range": ["0", "40"]}]},
        {"name": "payments", "row_estimate": 800, "primary_key": ["payment_id"],
         "foreign_keys": [{"columns": ["member_id"], "ref_table": "members"}], "columns": [
            {"name": "payment_id", "type": "integer", "nullable": false},
            {"name": "member_id", "type": "integer"},
            {"name": "paid_on", "type": "date"},
            {"name": "amount", "type": "numeric(8,2)"}]}
    ]}))
    .expect("a schema in the upload format")
}

fn generator(dialect: Dialect) -> Generator {
    Generator::new(Arc::new(library()), dialect)
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

fn reply(question: &str, dialect: Dialect, previous: Option<&str>, choice: Option<&str>) -> Reply {
    let schema = library();
    generate(&Request {
        question,
        schema: &schema,
        dialect,
        today: today(),
        previous: previous.map(|query| Previous {
            question: "",
            query,
        }),
        choice,
    })
}

fn sql(question: &str, dialect: Dialect) -> String {
    match reply(question, dialect, None, None) {
        Reply::Query { sql, .. } => sql.split_whitespace().collect::<Vec<_>>().join(" "),
        other => panic!("{question}: {other:?}"),
    }
}

#[test]
fn each_kind_of_question_has_its_query() {
    for (question, expected) in [
        (
            "How many members are there?",
            "SELECT COUNT(*) AS member_count FROM members",
        ),
        ("show me branches", "SELECT * FROM branches LIMIT 100"),
        (
            "titles of books in English",
            "SELECT title FROM books WHERE language = 'English'",
        ),
        (
            "How many books have more than 300 pages?",
            "SELECT COUNT(*) AS book_count FROM books WHERE pages > 300",
        ),
        (
            "What is the average price of books?",
            "SELECT AVG(price) AS average_price FROM books",
        ),
        (
            "the 3 longest books by pages",
            "SELECT title, pages FROM books ORDER BY pages DESC NULLS LAST LIMIT 3",
        ),
        (
            "What is the cheapest book?",
            "SELECT title, price FROM books WHERE price IS NOT NULL ORDER BY price LIMIT 1",
        ),
        (
            "members without an email",
            "SELECT first_name, last_name FROM members WHERE email IS NULL",
        ),
        (
            "loans not returned yet",
            "SELECT * FROM loans WHERE return_date IS NULL",
        ),
        (
            "active members in Oslo",
            "SELECT first_name, last_name FROM members WHERE city = 'Oslo' AND active = TRUE",
        ),
        ("members who never borrowed a book", "NOT EXISTS"),
        (
            "Number of loans per language",
            "SELECT b.language, COUNT(*) AS loan_count FROM loans AS l JOIN books AS b ON l.book_id = b.book_id GROUP BY b.language ORDER BY loan_count DESC NULLS LAST",
        ),
        (
            "Which branches have more than 100 members?",
            "HAVING COUNT(*) > 100",
        ),
        (
            "How many loans were there in 2025?",
            "loan_date >= '2025-01-01' AND loan_date < '2026-01-01'",
        ),
        ("loans in the last 7 days", "loan_date >= '2026-11-13'"),
        (
            "Loans by month in 2026",
            "date_trunc('month', loan_date) AS \"month\"",
        ),
        ("oldest member", "ORDER BY birth_date LIMIT 1"),
        (
            "How many English or Sami books do we have?",
            "language IN ('English', 'Sami')",
        ),
        ("books not in Norwegian", "language <> 'Norwegian'"),
        ("number of laons in 2025", "FROM loans"),
    ] {
        let made = sql(question, Dialect::Postgres);
        assert!(
            made.contains(expected),
            "{question}\n  wanted {expected}\n  made   {made}"
        );
    }
}

#[test]
fn dates_and_quotes_follow_the_dialect() {
    for (dialect, expected) in [
        (
            Dialect::Postgres,
            "date_trunc('month', loan_date) AS \"month\"",
        ),
        (Dialect::Sqlite, "strftime('%Y-%m', loan_date) AS \"month\""),
        (Dialect::Mysql, "DATE_FORMAT(loan_date, '%Y-%m') AS `month`"),
        (
            Dialect::Duckdb,
            "date_trunc('month', loan_date) AS \"month\"",
        ),
    ] {
        let made = sql("Number of loans by month", dialect);
        assert!(made.contains(expected), "{dialect:?}: {made}");
    }
}

#[test]
fn two_rankings_are_asked_about_and_the_choice_decides() {
    let Reply::Clarify { options, .. } = reply("top members", Dialect::Postgres, None, None) else {
        panic!("ranking members can mean two things");
    };
    assert!(options.len() >= 2, "{options:?}");
    for option in options {
        let chosen = reply("top members", Dialect::Postgres, None, Some(&option));
        assert!(
            matches!(&chosen, Reply::Query { sql, .. } if sql.contains("ORDER BY")),
            "{option}: {chosen:?}"
        );
    }
}

#[test]
fn what_is_not_in_the_data_is_said_and_answerable_questions_are_offered() {
    let Reply::Cannot {
        message,
        suggestions,
    } = reply(
        "What is the airspeed velocity of an unladen swallow?",
        Dialect::Sqlite,
        None,
        None,
    )
    else {
        panic!("nothing of this is in a library");
    };
    assert!(
        message.contains("built-in generator") && message.contains("swallow")
            || message.contains("airspeed"),
        "{message}"
    );
    assert_eq!(suggestions.len(), 3);
    for question in suggestions {
        assert!(
            matches!(
                reply(&question, Dialect::Sqlite, None, None),
                Reply::Query { .. }
            ),
            "{question}"
        );
    }
}

#[test]
fn words_that_were_not_used_are_named_and_lower_the_confidence() {
    let Reply::Query {
        confidence: plain, ..
    } = reply("How many books are there?", Dialect::Sqlite, None, None)
    else {
        panic!("a plain question");
    };
    let Reply::Query {
        confidence,
        explanation,
        ..
    } = reply(
        "How many purple books are there?",
        Dialect::Sqlite,
        None,
        None,
    )
    else {
        panic!("it still counts books");
    };
    assert!(
        confidence < plain && explanation.contains("purple"),
        "{confidence} {explanation}"
    );
}

#[test]
fn a_follow_up_edits_the_previous_query_and_keeps_its_filters() {
    let by_language = "SELECT b.language, COUNT(*) AS n FROM loans AS l JOIN books AS b ON b.book_id = l.book_id WHERE l.fine > 0 AND l.loan_date >= '2024-01-01' AND l.loan_date < '2025-01-01' GROUP BY b.language ORDER BY n DESC";
    for (message, kept, expected) in [
        (
            "now only for English",
            "l.fine > 0",
            "b.language = 'English'",
        ),
        (
            "same but for 2025",
            "l.fine > 0",
            "l.loan_date >= '2025-01-01'",
        ),
        ("only the top 2", "l.fine > 0", "LIMIT 2"),
        ("top 2", "ORDER BY n DESC", "LIMIT 2"),
        (
            "and 2025 as well",
            "l.loan_date < '2025-01-01') OR",
            "l.loan_date >= '2025-01-01'",
        ),
        (
            "as a share",
            "l.fine > 0",
            "100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS percent",
        ),
        ("by member instead", "ORDER BY n DESC", "GROUP BY"),
        (
            "and by month?",
            "b.language",
            "date_trunc('month', l.loan_date)",
        ),
        ("sort by language", "l.fine > 0", "ORDER BY b.language"),
        ("what about members in Oslo?", "l.fine > 0", "city = 'Oslo'"),
        ("exclude Sami", "l.fine > 0", "b.language <> 'Sami'"),
    ] {
        let Reply::Query { sql, .. } = reply(message, Dialect::Postgres, Some(by_language), None)
        else {
            panic!("{message}");
        };
        assert!(
            sql.contains(kept) && sql.contains(expected),
            "{message}: {sql}"
        );
    }
    let Reply::Query { sql, .. } = reply(
        "same but for 2025",
        Dialect::Postgres,
        Some(by_language),
        None,
    ) else {
        panic!("edited");
    };
    assert!(!sql.contains("2024-01-01"), "the old period is gone: {sql}");
    // a second answer to the same filter takes its place
    let oslo = "SELECT first_name FROM members WHERE city = 'Oslo' AND active";
    let Reply::Query { sql, .. } = reply("what about Bergen?", Dialect::Postgres, Some(oslo), None)
    else {
        panic!("edited");
    };
    assert!(
        sql.contains("city = 'Bergen'") && !sql.contains("Oslo") && sql.contains("active"),
        "{sql}"
    );
}

#[test]
fn the_best_of_each_group_is_ranked_within_it_and_follow_ups_keep_that() {
    for dialect in [
        Dialect::Postgres,
        Dialect::Mysql,
        Dialect::Sqlite,
        Dialect::Duckdb,
    ] {
        let made = sql("the 2 longest books by pages in each language", dialect);
        assert!(
            made.contains("PARTITION BY") && made.contains("WHERE place <= 2"),
            "{dialect:?}: {made}"
        );
        assert!(
            matches!(
                crate::query::check(&made, dialect, &library()),
                crate::query::Verdict::Accept(_)
            ),
            "{dialect:?}: {made}"
        );
    }
    let ranked = sql(
        "the 2 longest books by pages in each language",
        Dialect::Postgres,
    );
    for (message, expected) in [
        ("only the top 3", "place <= 3"),
        ("now only for English", "language = 'English'"),
        (
            "how many are there?",
            "SELECT COUNT(*) AS count FROM (SELECT",
        ),
    ] {
        let Reply::Query { sql, .. } = reply(message, Dialect::Postgres, Some(&ranked), None)
        else {
            panic!("{message}");
        };
        assert!(
            sql.contains("PARTITION BY") && sql.contains(expected),
            "{message}: {sql}"
        );
        if message.contains("English") {
            assert!(
                sql.find(expected) < sql.find("AS ranked"),
                "what is left out is left out before it is ranked: {sql}"
            );
        }
    }
}

#[test]
fn a_word_of_the_glossary_cannot_leave_its_brackets() {
    let schema = library();
    for value in [
        "pages > 500) or (1=1",
        "pages > 500)) or ((1=1",
        "pages > 500) or exists (select 1 from members where (1=1",
        "pages > 500) group by (1",
        "pages > 500; drop table books",
        "pages > 500 --",
    ] {
        let entries = [Entry {
            key: "long book",
            value,
            context: "",
        }];
        let generator = Generator::with_glossary(Arc::new(library()), Dialect::Postgres, &entries);
        let made = generator.generate(&Request {
            question: "How many long books in English?",
            schema: &schema,
            dialect: Dialect::Postgres,
            today: today(),
            previous: None,
            choice: None,
        });
        if let Reply::Query { sql, .. } = &made {
            assert!(
                !sql.contains("1=1") && !sql.contains("or ") && !sql.contains("drop"),
                "{value}: {sql}"
            );
        }
        assert_eq!(generator.effect("long book"), None, "{value}");
    }
}

#[test]
fn what_was_not_read_is_said_and_not_left_out() {
    for (question, word) in [
        ("loans from Bavaria", "Bavaria"),
        ("running total of loans by month", "running"),
        ("top 3 languages by loans and their share of loans", "share"),
        ("median price of books", "median"),
        ("loans by colour", "colour"),
        ("unsold books", "unsold"),
        ("members older than 60", "birth date"),
        (
            "members whose first name starts with A or M",
            "one beginning",
        ),
        ("loans between 7 and 9 am", "times of day"),
        ("loans on weekends", "weekends"),
        ("members who borrowed only Hunger", "only"),
    ] {
        let made = reply(question, Dialect::Sqlite, None, None);
        assert!(
            matches!(&made, Reply::Cannot { message, .. } if message.contains(word)),
            "{question}: {made:?}"
        );
    }
}

#[test]
fn a_follow_up_in_words_of_the_glossary_keeps_the_filters_before_it() {
    let entries = [
        Entry {
            key: "long book",
            value: "pages > 500",
            context: "",
        },
        Entry {
            key: "active member",
            value: "active = true",
            context: "",
        },
    ];
    let generator = Generator::with_glossary(Arc::new(library()), Dialect::Postgres, &entries);
    let schema = library();
    let before = "SELECT title, price FROM books WHERE language = 'English' ORDER BY price LIMIT 5";
    for (message, expected) in [
        (
            "now only long books",
            &["language = 'English'", "pages > 500", "LIMIT 5"][..],
        ),
        (
            "only long books in Sami",
            &["language = 'Sami'", "pages > 500", "LIMIT 5"],
        ),
    ] {
        let reply = generator.generate(&Request {
            question: message,
            schema: &schema,
            dialect: Dialect::Postgres,
            today: today(),
            previous: Some(Previous {
                question: "cheap English books",
                query: before,
            }),
            choice: None,
        });
        let Reply::Query { sql, .. } = reply else {
            panic!("{message}: {reply:?}");
        };
        for part in expected {
            assert!(sql.contains(part), "{message}: {part} is not in {sql}");
        }
    }
}

#[test]
fn a_follow_up_that_cannot_be_an_edit_says_that_it_keeps_nothing() {
    let union = "SELECT city FROM members UNION SELECT city FROM branches";
    let Reply::Query {
        explanation,
        confidence,
        ..
    } = reply(
        "and only members in Oslo?",
        Dialect::Postgres,
        Some(union),
        None,
    )
    else {
        panic!("read on its own");
    };
    assert!(explanation.starts_with(ON_ITS_OWN), "{explanation}");
    assert!(confidence < 0.75, "{confidence}");
}

#[test]
fn a_query_that_cannot_be_parsed_does_not_stop_a_whole_question() {
    let made = reply(
        "How many books are there?",
        Dialect::Sqlite,
        Some("select from where"),
        None,
    );
    assert!(matches!(made, Reply::Query { .. }), "{made:?}");
}

#[test]
fn rules_tell_what_a_message_is_for() {
    let generator = generator(Dialect::Sqlite);
    for (message, has_previous, kind, follow_up) in [
        ("hello", false, IntentKind::Greeting, false),
        ("thanks!", true, IntentKind::Greeting, false),
        ("what can you do?", false, IntentKind::Greeting, false),
        (
            "what tables are there?",
            false,
            IntentKind::SchemaDescription,
            false,
        ),
        (
            "describe loans",
            false,
            IntentKind::SchemaDescription,
            false,
        ),
        (
            "what columns does books have",
            true,
            IntentKind::SchemaDescription,
            false,
        ),
        (
            "how many loans were there in 2025",
            false,
            IntentKind::QueryGeneration,
            false,
        ),
        ("now only for Oslo", true, IntentKind::QueryGeneration, true),
        (
            "now only for Oslo",
            false,
            IntentKind::QueryGeneration,
            false,
        ),
        ("and by month?", true, IntentKind::QueryGeneration, true),
        (
            "top 5 members by number of loans",
            true,
            IntentKind::QueryGeneration,
            false,
        ),
        ("", false, IntentKind::Clarification, false),
    ] {
        let made = generator.intent(message, has_previous);
        assert_eq!(
            (made.kind, made.follow_up),
            (kind, follow_up),
            "{message}: {made:?}"
        );
        assert!((0.0..=1.0).contains(&made.confidence));
    }
}

#[test]
fn the_schema_is_described_in_words() {
    let generator = generator(Dialect::Sqlite);
    let all = generator.describe("what tables are there?");
    assert!(
        ["branches", "members", "books", "loans"]
            .iter()
            .all(|name| all.contains(name)),
        "{all}"
    );
    let one = generator.describe("describe loans");
    assert!(
        one.contains("`loan_date`")
            && one.contains("refers to `books`")
            && !one.contains("shelves"),
        "{one}"
    );
}

#[test]
fn suggestions_are_answered_by_the_generator_and_follow_ups_edit_the_query() {
    let generator = generator(Dialect::Postgres);
    let all = generator.suggestions(6);
    assert!(all.len() >= 4, "{all:?}");
    for question in &all {
        assert!(
            matches!(
                reply(question, Dialect::Postgres, None, None),
                Reply::Query { .. }
            ),
            "{question}"
        );
    }
    let query = sql("Number of loans per language", Dialect::Postgres);
    let next = generator.follow_ups("Number of loans per language", &query);
    assert!((1..=3).contains(&next.len()), "{next:?}");
    for message in next {
        let edited = reply(&message, Dialect::Postgres, Some(&query), None);
        assert!(
            matches!(&edited, Reply::Query { sql, .. } if *sql != query),
            "{message}: {edited:?}"
        );
    }
}

fn columns(all: &[(&str, ValueKind)]) -> Vec<ResultColumn> {
    all.iter()
        .map(|(name, kind)| ResultColumn {
            name: (*name).into(),
            data_type: String::new(),
            kind: *kind,
        })
        .collect()
}

#[test]
fn an_answer_in_words_says_what_the_rows_say() {
    let count = columns(&[("book_count", ValueKind::Integer)]);
    assert_eq!(
        narrate("How many books?", "", &count, &[vec![json!(1297)]], false),
        "The number of books is 1,297."
    );
    let countries = columns(&[("country_count", ValueKind::Integer)]);
    assert_eq!(
        narrate(
            "How many countries?",
            "",
            &countries,
            &[vec![json!(21)]],
            false
        ),
        "The number of countries is 21."
    );
    let top = columns(&[
        ("language", ValueKind::Text),
        ("loan_count", ValueKind::Integer),
    ]);
    let rows: Vec<Vec<Value>> = [
        ("English", 1297),
        ("Norwegian", 579),
        ("Sami", 374),
        ("Danish", 9),
    ]
    .iter()
    .map(|(name, n)| vec![json!(name), json!(n)])
    .collect();
    let told = narrate(
        "loans per language",
        "select … order by loan_count desc",
        &top,
        &rows,
        false,
    );
    assert_eq!(
        told,
        "English leads with 1,297; then Norwegian 579 and Sami 374. 4 rows in all."
    );
    let empty = narrate(
        "",
        "SELECT * FROM books WHERE language = 'Latin' AND pages > 10",
        &top,
        &[],
        false,
    );
    assert!(
        empty.contains("language = 'Latin'") && empty.contains("pages > 10"),
        "{empty}"
    );
    let nothing = narrate(
        "",
        "",
        &columns(&[("average_price", ValueKind::Decimal)]),
        &[vec![Value::Null]],
        false,
    );
    assert!(nothing.contains("no value"), "{nothing}");
}

#[test]
fn a_thousand_tables_are_linked_without_delay() {
    let mut schema = library();
    for table in 0..1_000 {
        let values: Vec<String> = (0..20)
            .map(|value| format!("Value {table} {value}"))
            .collect();
        let one: crate::schema::Table = serde_json::from_value(json!({
            "name": format!("archive_{table}"), "primary_key": ["id"],
            "columns": [{"name": "id", "type": "integer"}, {"name": format!("remark_{table}"), "type": "text", "values": values, "values_complete": true}]
        }))
        .expect("a table");
        schema.tables.push(one);
    }
    let schema = Arc::new(schema);
    let began = std::time::Instant::now();
    let generator = Generator::new(schema.clone(), Dialect::Postgres);
    let built = began.elapsed();
    let asked = std::time::Instant::now();
    let made = generator.generate(&Request {
        question: "How many loans per language in 2025?",
        schema: &schema,
        dialect: Dialect::Postgres,
        today: today(),
        previous: None,
        choice: None,
    });
    assert!(
        matches!(&made, Reply::Query { sql, .. } if sql.contains("loans")),
        "{made:?}"
    );
    // an unoptimised build on a busy machine; it is there to notice work that grows with the square of the tables
    assert!(
        built.as_secs() < 60 && asked.elapsed().as_secs() < 20,
        "{built:?} {:?}",
        asked.elapsed()
    );
}

#[test]
fn periods_are_ranked_by_what_happened_in_them() {
    for (question, group, order) in [
        (
            "Which month had the most loans?",
            "GROUP BY date_trunc('month', loan_date)",
            "ORDER BY loan_count DESC NULLS LAST LIMIT 1",
        ),
        (
            "which year had the fewest loans",
            "GROUP BY EXTRACT(year FROM loan_date)",
            "ORDER BY loan_count LIMIT 1",
        ),
        (
            "which weekday has the most loans",
            "GROUP BY EXTRACT(dow FROM loan_date)",
            "ORDER BY loan_count DESC NULLS LAST LIMIT 1",
        ),
        (
            "top 3 months by number of loans",
            "GROUP BY date_trunc('month', loan_date)",
            "ORDER BY loan_count DESC NULLS LAST LIMIT 3",
        ),
    ] {
        let sql = sql(question, Dialect::Postgres);
        assert!(sql.contains(group), "{question}: {sql}");
        assert!(sql.ends_with(order), "{question}: {sql}");
    }
}

#[test]
fn a_period_may_come_second_and_a_letter_may_be_an_article() {
    for (question, part) in [
        (
            "number of loans by language and year",
            "GROUP BY EXTRACT(year FROM l.loan_date), b.language",
        ),
        ("members whose last name starts with A", "last_name ILIKE"),
        ("members whose last name starts with a", "last_name ILIKE"),
    ] {
        let sql = sql(question, Dialect::Postgres);
        assert!(sql.contains(part), "{question}: {sql}");
    }
}

#[test]
fn an_hour_of_the_day_is_not_asked_of_a_date_without_one() {
    let reply = reply(
        "at what hour of the day do most loans start",
        Dialect::Postgres,
        None,
        None,
    );
    assert!(matches!(reply, Reply::Cannot { .. }), "{reply:?}");
}

#[test]
fn a_wish_to_change_data_is_declined_and_one_about_the_question_is_not() {
    for question in [
        "drop table members",
        "please delete all loans",
        "truncate payments",
        "update members set city = 'Oslo'",
        "insert into books values (1)",
        "can you remove every loan from 2020",
    ] {
        match reply(question, Dialect::Postgres, None, None) {
            Reply::Cannot { message, .. } => {
                assert!(message.starts_with("I only read"), "{message}")
            }
            other => panic!("{question}: {other:?}"),
        }
    }
    for question in ["create a list of members", "drop in loans by month"] {
        assert!(!conversation::wants_to_write(question, false), "{question}");
    }
    assert!(!conversation::wants_to_write(
        "remove the city filter",
        true
    ));
    assert!(conversation::wants_to_write("now drop table members", true));
}

#[test]
fn a_name_that_several_things_bear_is_asked_about() {
    let mut schema = library();
    schema.tables[0].columns[1].values.push("Hunger".into());
    let ask = |choice| {
        generate(&Request {
            question: "total fines for Hunger",
            schema: &schema,
            dialect: Dialect::Postgres,
            today: today(),
            previous: None,
            choice,
        })
    };
    let Reply::Clarify { message, options } = ask(None) else {
        panic!("{:?}", ask(None))
    };
    assert!(message.contains("more than one thing"), "{message}");
    assert_eq!(options, ["as the book title", "as the branch name"]);
    for (choice, expected) in [
        ("as the book title", "title = 'Hunger'"),
        ("as the branch name", "branch_name = 'Hunger'"),
    ] {
        match ask(Some(choice)) {
            Reply::Query { sql, .. } => assert!(sql.contains(expected), "{sql}"),
            other => panic!("{choice}: {other:?}"),
        }
    }
}

#[test]
fn of_each_or_on_average_is_asked() {
    let question = "number of loans per member by language";
    let Reply::Clarify { options, .. } = reply(question, Dialect::Postgres, None, None) else {
        panic!("{:?}", reply(question, Dialect::Postgres, None, None))
    };
    assert_eq!(options.len(), 2);
    let sql = |choice: &str| match reply(question, Dialect::Postgres, None, Some(choice)) {
        Reply::Query { sql, .. } => sql,
        other => panic!("{choice}: {other:?}"),
    };
    let average = sql(&options[0]);
    assert!(average.contains("COUNT(DISTINCT"), "{average}");
    assert!(!average.contains("first_name"), "{average}");
    assert!(
        sql(&options[1]).contains("first_name"),
        "{}",
        sql(&options[1])
    );
}

#[test]
fn a_question_of_too_many_words_is_refused_with_their_number() {
    let long = "books in English and ".repeat(200);
    let made = reply(&long, Dialect::Sqlite, None, None);
    assert!(
        matches!(&made, Reply::Cannot { message, .. } if message.contains("800 words") && message.contains("400")),
        "{made:?}"
    );
    // what it is for is still told, from its beginning
    let intent = generator(Dialect::Sqlite).intent(&format!("hello {long}"), false);
    assert!(intent.confidence > 0.0, "{intent:?}");
}

#[test]
fn a_word_of_the_glossary_that_questions_use_anyway_is_known_as_such() {
    let generator = generator(Dialect::Sqlite);
    for (key, expected) in [
        ("how many", Some(Already::Grammar)),
        ("top", Some(Already::Grammar)),
        ("per", Some(Already::Grammar)),
        ("loans", Some(Already::Name("the table loans".into()))),
        ("Loan", Some(Already::Name("the table loans".into()))),
        (
            "fine",
            Some(Already::Name("the column fine of loans".into())),
        ),
        ("AOV", None),
        ("long book", None),
        ("VIP member", None),
    ] {
        assert_eq!(generator.meant_already(key), expected, "{key}");
    }
}
