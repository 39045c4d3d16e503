//! The checker against its corpora, against mutations of them, and against SQLite itself.

use super::{Checker, Dialect, Verdict, bare_table_limit, ddl};
use std::path::PathBuf;

const SQL: [(Dialect, &str); 4] = [
    (Dialect::Postgres, "postgres"),
    (Dialect::Sqlite, "sqlite"),
    (Dialect::Mysql, "mysql"),
    (Dialect::Duckdb, "duckdb"),
];

fn corpus(path: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpora")
        .join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The statements of a corpus with the class that stands above each.
fn statements(path: &str) -> Vec<(String, String)> {
    let mut class = String::new();
    let mut found = Vec::new();
    for line in corpus(path).lines() {
        if let Some(name) = line.strip_prefix("-- class: ") {
            class = name.to_owned();
        } else if !line.trim().is_empty() && !line.starts_with("-- ") {
            found.push((class.clone(), line.replace('␊', "\n").replace('␍', "\r")));
        }
    }
    found
}

fn checker(dialect: Dialect, folder: &str) -> Checker {
    let ddl = corpus(&format!("{folder}/schema.sql"));
    let schema = ddl::schema_from_ddl(&ddl, dialect).expect("the corpus has a schema");
    assert_eq!(schema.tables.len(), 8, "{folder}");
    Checker::new(&schema, dialect)
}

fn honest(folder: &str) -> Vec<String> {
    let mut found = statements("common/honest.sql");
    found.extend(statements(&format!("{folder}/honest.sql")));
    found.into_iter().map(|(_, statement)| statement).collect()
}

fn codes(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Accept(_) => Vec::new(),
        Verdict::Reject(findings) => findings.iter().map(|f| f.code.clone()).collect(),
    }
}

/// Applies `change` to what is outside quotes and comments.
fn outside_quotes(text: &str, mut change: impl FnMut(char) -> String) -> String {
    let mut quote = None;
    let mut comment = false;
    let mut before = ' ';
    let mut changed = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if comment => comment = c != '\n',
            None if c == '-' && before == '-' => comment = true,
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            None if c == '[' && before != 'y' => quote = Some(']'),
            None if !text.contains(['#', '$']) => {
                changed.push_str(&change(c));
                before = c;
                continue;
            }
            None => {}
        }
        changed.push(c);
        before = c;
    }
    changed
}

/// The name before the first bracket, quoted by `quote`.
fn quote_function(text: &str, quote: impl Fn(&str) -> String) -> Option<String> {
    for (at, _) in text.match_indices('(') {
        let start = text[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .map_or(0, |before| before + 1);
        let name = &text[start..at];
        let keyword = [
            "in", "from", "values", "exists", "as", "and", "or", "filter", "by",
        ]
        .contains(&name.to_ascii_lowercase().as_str());
        if !name.is_empty() && !keyword && start > 0 && text.starts_with("select") {
            return Some(format!("{}{}{}", &text[..start], quote(name), &text[at..]));
        }
    }
    None
}

/// Ten and more ways to write the same thing or hide it in another.
fn disguises(text: &str, dialect: Dialect, respell: bool) -> Vec<String> {
    let body = text.trim_end_matches([';', ' ']);
    let mut written = vec![
        format!("select * from ({body}) q"),
        format!("with q as ({body}) select * from q"),
        format!("select 1; {text}"),
        format!("select 1;\n\n{text};"),
        format!("{text};"),
        format!("{text} -- the end"),
        format!("{text}\n/* the end */"),
        format!("/* select 1 */ {text}"),
        format!("-- select 1\n{text}"),
        format!("select 1 union all {body}"),
        format!("select 1 where exists ({body})"),
        format!("({body})"),
        format!("explain {text}"),
    ];
    if respell {
        written.push(outside_quotes(text, |c| match c {
            ' ' => "/**/".to_owned(),
            c => c.to_string(),
        }));
        written.push(outside_quotes(text, |c| match c {
            ' ' => "\n\t ".to_owned(),
            c => c.to_string(),
        }));
        let mut at = 0;
        written.push(outside_quotes(text, |c| {
            at += 1;
            if at % 2 == 0 {
                c.to_ascii_uppercase().to_string()
            } else {
                c.to_ascii_lowercase().to_string()
            }
        }));
        written.extend(quote_function(text, |name| match dialect {
            Dialect::Mysql => format!("`{name}`"),
            _ => format!("\"{name}\""),
        }));
        written.extend(quote_function(text, |name| {
            let escaped: String = name
                .chars()
                .map(|c| format!("\\{:04x}", c as u32))
                .collect();
            format!("U&\"{escaped}\"")
        }));
    }
    written
}

#[test]
fn honest_queries_are_accepted() {
    for (dialect, folder) in SQL {
        let checker = checker(dialect, folder);
        let honest = honest(folder);
        assert!(honest.len() >= 300, "{folder}: {}", honest.len());
        let refused: Vec<String> = honest
            .iter()
            .filter_map(|query| match checker.check(query) {
                Verdict::Accept(_) => None,
                Verdict::Reject(findings) => Some(format!("{query}\n    {findings:?}")),
            })
            .collect();
        println!("{folder}: {}", refused.join("\n"));
        assert!(
            refused.len() * 100 <= honest.len(),
            "{folder}: {} of {} refused\n{}",
            refused.len(),
            honest.len(),
            refused.join("\n")
        );
    }
}

#[test]
fn honest_queries_stay_honest_with_comments_and_around_a_subquery() {
    for (dialect, folder) in SQL {
        let checker = checker(dialect, folder);
        let (mut all, mut refused) = (0, Vec::new());
        for query in honest(folder) {
            let body = query.split(" -- ").next().unwrap_or(&query);
            let body = body.trim_end_matches(';');
            let limit_inside = format!("with q as ({body}) select count(*) from q");
            for text in [
                format!("{body} ; -- thanks"),
                format!("/* asked by Ann; drop table x */ {body}"),
                body.replace(" from ", "\n  from /* here */ "),
                limit_inside,
            ] {
                // a string may hold the word
                if query.contains('\'') && text.contains("here */") {
                    continue;
                }
                all += 1;
                if let Verdict::Reject(findings) = checker.check(&text) {
                    refused.push(format!("{text}\n    {findings:?}"));
                }
            }
        }
        assert!(
            refused.len() * 100 <= all,
            "{folder}: {} of {all} refused\n{}",
            refused.len(),
            refused.join("\n")
        );
    }
}

#[test]
fn no_hostile_query_is_accepted_in_any_disguise() {
    for (dialect, folder) in SQL {
        let checker = checker(dialect, folder);
        let hostile = statements(&format!("{folder}/hostile.sql"));
        assert!(hostile.len() >= 300, "{folder}: {}", hostile.len());
        let mut tried = 0;
        for (class, query) in &hostile {
            let mut texts = vec![query.clone()];
            if class != "empty" && class != "cap" {
                texts.extend(disguises(query, dialect, class != "spelling"));
            }
            for text in texts {
                tried += 1;
                let verdict = checker.check(&text);
                assert!(
                    matches!(&verdict, Verdict::Reject(findings) if !findings.is_empty()),
                    "{folder}: accepted {text:?} (from {query:?}, {class})"
                );
            }
        }
        assert!(tried > hostile.len() * 10, "{folder}: {tried}");
    }
}

#[test]
fn what_the_parser_is_shown_in_another_spelling_hides_nothing() {
    use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
    for (dialect, query, code) in [
        (Postgres, "table orders for update", "locking_clause"),
        (
            Postgres,
            "with x as (table orders for share) select * from x",
            "locking_clause",
        ),
        (
            Postgres,
            "select id from orders where total between symmetric nme and 2",
            "unknown_column",
        ),
        (Mysql, "table customers for update", "locking_clause"),
        (
            Mysql,
            "select extract(year_month from nme) from customers",
            "unknown_column",
        ),
        (
            Mysql,
            "select sql_no_cache sleep(1)",
            "side_effect_function",
        ),
        (
            Sqlite,
            "select name from customers where nme not glob 'a'",
            "unknown_column",
        ),
        (
            Sqlite,
            "with x as materialized (select nme from customers) select * from x",
            "unknown_column",
        ),
        (
            Duckdb,
            "pivot orders on missing in ('a') using sum(total)",
            "unknown_column",
        ),
        (
            Duckdb,
            "pivot orders on status in (getenv('x') as a) using sum(total)",
            "side_effect_function",
        ),
        (
            Duckdb,
            "pivot orders on status in ('a') using sum(total) group by nme",
            "unknown_column",
        ),
        (
            Duckdb,
            "pivot orders on status using sum(total)",
            "unsupported",
        ),
        (
            Duckdb,
            "unpivot products on price, nme into name n value v",
            "unknown_column",
        ),
        (
            Duckdb,
            "select count(*) filter (nme = 1) from orders",
            "unknown_column",
        ),
        (
            Duckdb,
            "select * from orders o asof join events e on o.nme >= e.\"at\"",
            "unknown_column",
        ),
    ] {
        let verdict = checker(dialect, dialect.as_str()).check(query);
        assert!(
            codes(&verdict).iter().any(|it| it == code),
            "{query}: {verdict:?}"
        );
    }
}

#[test]
fn what_is_refused_for_its_size_is_refused_for_nothing_else() {
    let sizes = ["too_large", "unbounded_recursion", "cartesian_product"];
    for (dialect, folder) in SQL {
        let checker = checker(dialect, folder);
        let mut others = Vec::new();
        for (class, query) in statements(&format!("{folder}/hostile.sql")) {
            if class != "size" {
                continue;
            }
            let codes = codes(&checker.check(&query));
            if !codes.iter().all(|code| sizes.contains(&code.as_str())) {
                others.push(format!("{codes:?} {query}"));
            }
        }
        assert!(others.is_empty(), "{folder}:\n{}", others.join("\n"));
    }
}

#[test]
fn the_deepest_trees_the_caps_allow_fit_the_stack() {
    let schema = crate::schema::Schema::default();
    let deep = super::lex::MAX_NESTING - 2;
    let wide = super::lex::MAX_OPERATORS - 5;
    for (dialect, _) in SQL {
        let checker = Checker::new(&schema, dialect);
        for text in [
            format!("select {}1{}", "(".repeat(deep), ")".repeat(deep)),
            format!("select {}1{}", "abs(".repeat(deep), ")".repeat(deep)),
            format!("select {}1{}", "(select ".repeat(deep), ")".repeat(deep)),
            format!(
                "select {}1{}",
                "case when 1=1 then ".repeat(deep),
                " end".repeat(deep)
            ),
            format!("select {}1", "1+".repeat(wide)),
            format!("select {}1", "not ".repeat(wide)),
            format!("select 1{}", " union all select 1".repeat(wide)),
            format!("select * from {}x{}", "(".repeat(deep), ")".repeat(deep)),
            format!(
                "{}select 1 as a{}",
                "with x as (".repeat(deep),
                ") select a from x".repeat(deep)
            ),
        ] {
            // the verdict does not matter: coming back does, and in time
            let started = std::time::Instant::now();
            let _ = checker.check(&text);
            assert!(
                started.elapsed().as_millis() < 2_000,
                "{dialect:?} {} took {:?}",
                &text[..60],
                started.elapsed()
            );
        }
    }
}

#[test]
fn a_small_stack_is_enough_for_a_caller() {
    let schema = crate::schema::Schema::default();
    std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || {
            for (dialect, _) in SQL {
                let checker = Checker::new(&schema, dialect);
                for depth in [5, 10, 15, 20, 40, 60, 80, 96] {
                    for text in [
                        format!("select {}1{}", "(".repeat(depth), ")".repeat(depth)),
                        format!("select {}1{}", "abs(".repeat(depth), ")".repeat(depth)),
                        format!("select {}1{}", "(select ".repeat(depth), ")".repeat(depth)),
                        format!("select {}1", "1+".repeat(depth * 4)),
                        format!("select {}1", "- ".repeat(depth * 4)),
                        format!("select 1{}", " union select 1".repeat(depth * 4)),
                        format!(
                            "select {}1{}",
                            "case when 1=1 then ".repeat(depth),
                            " end".repeat(depth)
                        ),
                    ] {
                        let _ = checker.check(&text);
                    }
                }
            }
        })
        .expect("a thread")
        .join()
        .expect("no overflow");
}

/// The queries of a q corpus; a line that begins with space belongs to the one before.
fn q_queries(file: &str) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    for line in corpus(file).lines() {
        match queries.last_mut() {
            Some(last) if line.starts_with("  ") => {
                last.push('\n');
                last.push_str(line);
            }
            _ if line.trim().is_empty() => {}
            _ => queries.push(line.to_owned()),
        }
    }
    queries
}

fn q_checker() -> Checker {
    let schema = serde_json::from_str(&corpus("q/schema.json")).expect("the schema is JSON");
    Checker::new(&schema, Dialect::Kdb)
}

#[test]
fn honest_q_is_accepted() {
    let checker = q_checker();
    let honest = q_queries("q/honest.q");
    assert!(honest.len() >= 200, "{}", honest.len());
    for query in honest {
        let verdict = checker.check(&query);
        assert!(
            matches!(verdict, Verdict::Accept(_)),
            "{query}: {verdict:?}"
        );
    }
}

#[test]
fn no_hostile_q_is_accepted_in_any_disguise() {
    let checker = q_checker();
    let hostile = q_queries("q/hostile.q");
    assert!(hostile.len() >= 200, "{}", hostile.len());
    for query in hostile {
        for text in [
            query.clone(),
            format!("  {query}"),
            format!("{query} / the end"),
            format!("/ first\n{query}"),
            format!("({query})"),
            format!("count {query}"),
            format!("select from ({query})"),
            format!("select from trade where sym in ({query}"),
            format!("select from trade;{query}"),
            format!("{query};"),
            format!("10#{query}"),
            format!("select from trade\n{query}"),
        ] {
            // a number or a symbol alone is harmless inside a query
            let verdict = checker.check(&text);
            assert!(matches!(verdict, Verdict::Reject(_)), "accepted {text:?}");
        }
    }
}

#[test]
fn sql_in_q_is_answered_with_how_q_says_it() {
    let checker = q_checker();
    for (query, code, said) in [
        (
            "select top 10 from trade",
            "syntax_error",
            "`select[10] from trade` or `10 sublist select from trade`",
        ),
        (
            "select from trade limit 5",
            "syntax_error",
            "`select[5] from trade`",
        ),
        (
            "select pric from trade",
            "unknown_column",
            "did you mean `price`",
        ),
        ("select from trad", "unknown_table", "did you mean `trade`"),
        (
            "select bid from trade",
            "unknown_column",
            "exists in table `quote`",
        ),
        (
            "select from trade where price>1 and size<5",
            "syntax_error",
            "use a comma",
        ),
        (
            "update price:0 from trade",
            "write_statement",
            "only select and exec",
        ),
        (
            "select from trade where sym='AAPL'",
            "operator_not_allowed",
            "`AAPL",
        ),
    ] {
        let Verdict::Reject(findings) = checker.check(query) else {
            panic!("accepted {query}");
        };
        assert_eq!(findings[0].code, code, "{query}: {findings:?}");
        assert!(findings[0].message.contains(said), "{query}: {findings:?}");
    }
}

#[test]
fn a_proven_q_query_says_what_it_reads_and_gives() {
    let checker = q_checker();
    let query =
        "select vwap:size wavg price, count i, last ex by sym from trade where date=2024.01.02";
    let Verdict::Accept(proof) = checker.check(query) else {
        panic!("{:?}", codes(&checker.check(query)));
    };
    assert_eq!(proof.tables, ["trade"]);
    let columns: Vec<_> = proof.columns.iter().map(|c| c.column.as_str()).collect();
    assert_eq!(columns, ["date", "sym", "price", "size", "ex"]);
    let output: Vec<_> = proof
        .output
        .iter()
        .map(|column| format!("{} {:?}", column.name, column.kind))
        .collect();
    assert_eq!(
        output,
        [
            "sym Some(Text)",
            "vwap Some(Float)",
            "x Some(Integer)",
            "ex Some(Text)"
        ]
    );
    assert!(proof.output[0].origin.is_some() && proof.output[3].origin.is_none());
    assert_eq!(
        bare_table_limit("select sym,price from trade", Dialect::Kdb).as_deref(),
        Some("select[100] sym,price from trade")
    );
    assert_eq!(
        bare_table_limit("select max price from trade", Dialect::Kdb),
        None
    );
}

#[test]
fn what_is_far_too_long_is_answered_at_once() {
    let checker = Checker::new(&crate::schema::Schema::default(), Dialect::Postgres);
    for text in [
        format!("select {}1", "1+".repeat(32 * 1024)),
        format!("select {}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        "(".repeat(10_000),
    ] {
        let quickest = (0..20)
            .map(|_| {
                let started = std::time::Instant::now();
                assert!(matches!(checker.check(&text), Verdict::Reject(_)));
                started.elapsed()
            })
            .min();
        // the others may have been interrupted by whatever else runs
        assert!(
            quickest < Some(std::time::Duration::from_millis(5)),
            "{quickest:?}"
        );
    }
}

#[test]
fn a_wrong_name_is_answered_with_the_right_one() {
    let checker = checker(Dialect::Postgres, "postgres");
    for (query, code, line, column, suggestion) in [
        ("select nme from customers", "unknown_column", 1, 8, "name"),
        (
            "select\n  c.nmae\nfrom customers c",
            "unknown_column",
            2,
            3,
            "c.name",
        ),
        (
            "select c.total from customers c join orders o on o.customer_id = c.id",
            "unknown_column",
            1,
            8,
            "o.total",
        ),
        (
            "select salary from customers",
            "unknown_column",
            1,
            8,
            "employees.salary",
        ),
        (
            "select * from custmers",
            "unknown_table",
            1,
            15,
            "customers",
        ),
        (
            "select * from Targets",
            "unknown_table",
            1,
            15,
            "\"Targets\"",
        ),
        (
            "select Region from \"Targets\"",
            "unknown_column",
            1,
            8,
            "\"Region\"",
        ),
        (
            "select id from customers c join orders o on o.customer_id = c.id",
            "ambiguous_column",
            1,
            8,
            "c.id",
        ),
        (
            "select nvl(name, 'x') from customers",
            "unknown_function",
            1,
            8,
            "coalesce",
        ),
        (
            "select customers.name from customers c",
            "unknown_alias",
            1,
            8,
            "c.name",
        ),
    ] {
        let Verdict::Reject(findings) = checker.check(query) else {
            panic!("accepted {query}");
        };
        let first = &findings[0];
        assert_eq!(
            (
                first.code.as_str(),
                first.line,
                first.column,
                first.suggestion.as_deref()
            ),
            (code, line, column, Some(suggestion)),
            "{query}: {first:?}"
        );
    }
}

#[test]
fn in_sqlite_a_text_in_double_quotes_is_a_text_unless_it_is_a_misspelt_column() {
    let checker = checker(Dialect::Sqlite, "sqlite");
    for (query, warned, refused) in [
        (
            "select name from customers where country = \"France\"",
            Some("'France'"),
            None,
        ),
        ("select \"name\" from customers", None, None),
        (
            "select name from customers where name = \"it's\"",
            Some("'it''s'"),
            None,
        ),
        ("select \"nmae\" from customers", None, Some("name")),
        (
            "select name from customers where \"county\" = 'France'",
            None,
            Some("country"),
        ),
        ("select c.\"France\" from customers c", None, Some("")),
        ("select name from \"custmers\"", None, Some("customers")),
    ] {
        match checker.check(query) {
            Verdict::Accept(proof) => {
                assert_eq!(refused, None, "{query}");
                let said = proof
                    .warnings
                    .first()
                    .and_then(|it| it.suggestion.as_deref());
                assert_eq!(said, warned, "{query}");
            }
            Verdict::Reject(findings) => {
                let said = findings[0].suggestion.as_deref().unwrap_or_default();
                assert_eq!(Some(said), refused, "{query}: {findings:?}");
            }
        }
    }
}

#[test]
fn what_the_parser_does_not_read_is_answered_with_what_it_does() {
    for (dialect, folder, query, message) in [
        (
            Dialect::Sqlite,
            "sqlite",
            "select name from customers where id in orders",
            "IN takes a list or a query in brackets here, not a table's name",
        ),
        (
            Dialect::Duckdb,
            "duckdb",
            "select * like 'n%' from customers",
            "columns chosen by `* LIKE` are not understood here",
        ),
        (
            Dialect::Postgres,
            "postgres",
            "select xmlelement(name a, c.name) from customers c",
            "XML cannot be made here",
        ),
    ] {
        let Verdict::Reject(findings) = checker(dialect, folder).check(query) else {
            panic!("{query} is not understood");
        };
        assert_eq!(findings[0].code, "unsupported", "{query}: {findings:?}");
        assert_eq!(findings[0].message, message, "{query}");
        assert!(findings[0].suggestion.is_some(), "{query}");
    }
}

#[test]
fn every_unknown_column_is_told_at_once() {
    let checker = checker(Dialect::Sqlite, "sqlite");
    let verdict =
        checker.check("select c.one, c.two from customers c where c.three = 1 order by c.four");
    assert_eq!(codes(&verdict), ["unknown_column"; 4]);
}

#[test]
fn a_proven_query_says_what_it_reads_and_gives() {
    let checker = checker(Dialect::Postgres, "postgres");
    let text = "with t as (select customer_id as who, sum(total) as s from orders group by 1) \
        select c.name, t.s, count(*) as n, max(o.ordered_at)::date as last, c.country \
        from customers c join t on t.who = c.id join orders o on o.customer_id = c.id \
        group by c.id, t.s";
    let Verdict::Accept(query) = checker.check(text) else {
        panic!("{:?}", codes(&checker.check(text)));
    };
    assert_eq!(query.text(), text);
    assert_eq!(query.tables, ["customers", "orders"]);
    let columns: Vec<String> = query
        .columns
        .iter()
        .map(|column| format!("{}.{}", column.table, column.column))
        .collect();
    assert_eq!(
        columns,
        [
            "customers.id",
            "customers.name",
            "customers.country",
            "orders.customer_id",
            "orders.ordered_at",
            "orders.total",
        ]
    );
    let output: Vec<String> = query
        .output
        .iter()
        .map(|column| {
            let origin = column
                .origin
                .as_ref()
                .map(|o| format!("{}.{}", o.table, o.column));
            format!(
                "{} {:?} {}",
                column.name,
                column.kind,
                origin.unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        output,
        [
            "name Some(Text) customers.name",
            "s Some(Decimal) ",
            "n Some(Integer) ",
            "last Some(Date) ",
            "country Some(Text) customers.country",
        ]
    );
}

#[test]
fn a_bare_table_gets_a_limit_and_nothing_else_does() {
    for (query, limited) in [
        (
            "select * from customers",
            Some("select * from customers LIMIT 100"),
        ),
        (
            "select name from customers order by name;",
            Some("select name from customers order by name LIMIT 100;"),
        ),
        (
            "select * from customers -- all",
            Some("select * from customers LIMIT 100 -- all"),
        ),
        (
            "select 'ü' as \"ö\", name from customers ; ",
            Some("select 'ü' as \"ö\", name from customers LIMIT 100 ; "),
        ),
        ("select * from customers where vip", None),
        ("select * from customers limit 5", None),
        ("select count(*) from customers", None),
        ("select round(avg(total)) + 1 from orders", None),
        ("select distinct name from customers", None),
        ("select name from customers group by name", None),
        ("select * from customers c, orders o", None),
        ("select * from generate_series(1, 3)", None),
        ("select 1", None),
        ("with c as (select 1) select * from c", None),
        ("select 1 union select 2", None),
    ] {
        assert_eq!(
            bare_table_limit(query, Dialect::Postgres).as_deref(),
            limited,
            "{query}"
        );
    }
}
