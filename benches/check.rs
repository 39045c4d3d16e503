//! How long a check takes on a schema of 1,000 tables, beside parsing alone.
//!
//! `cargo bench --bench check`

use criterion::{Criterion, criterion_group, criterion_main};
use queryforge::query::{Checker, Dialect, Verdict};
use queryforge::schema::{Column, Schema, Table};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use std::hint::black_box;

const QUERIES: [(&str, &str); 3] = [
    (
        "small",
        "select name, value from table_17 where status = 'open' order by value desc limit 10",
    ),
    (
        "middle",
        "select a.status, count(*) as n, sum(b.value) as total from table_3 a \
         join table_4 b on b.parent_id = a.id where a.created_at >= '2024-01-01' and b.value > 10 \
         group by a.status having count(*) > 5 order by total desc limit 20",
    ),
    (
        "large",
        "with monthly as (select date_trunc('month', a.created_at) as m, a.status, sum(b.value) as s \
         from table_500 a join table_501 b on b.parent_id = a.id left join table_502 c on c.id = b.parent_id \
         where a.status in ('open', 'paid') and (c.value is null or c.value between 1 and 100) group by 1, 2), \
         ranked as (select m, status, s, rank() over (partition by m order by s desc) as r, \
         s - lag(s) over (partition by status order by m) as change from monthly) \
         select r.m, r.status, round(r.s, 2) as s, r.change, \
         case when r.change > 0 then 'up' when r.change < 0 then 'down' else 'same' end as trend \
         from ranked r where r.r <= 3 and exists (select 1 from table_999 x where x.status = r.status) \
         order by r.m, r.r limit 100",
    ),
];

fn schema(tables: usize) -> Schema {
    let columns = [
        ("id", "bigint"),
        ("parent_id", "bigint"),
        ("name", "text"),
        ("status", "text"),
        ("value", "numeric(12,2)"),
        ("created_at", "timestamp"),
    ];
    let table = |n: usize| Table {
        name: format!("table_{n}"),
        columns: columns
            .iter()
            .map(|(name, data_type)| Column {
                name: (*name).to_owned(),
                data_type: (*data_type).to_owned(),
                nullable: true,
                ..Column::default()
            })
            .collect(),
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    };
    Schema {
        tables: (0..tables).map(table).collect(),
    }
}

fn checks(criterion: &mut Criterion) {
    let checker = Checker::new(&schema(1_000), Dialect::Postgres);
    for (name, text) in QUERIES {
        let verdict = checker.check(text);
        assert!(matches!(verdict, Verdict::Accept(_)), "{name}: {verdict:?}");
        criterion.bench_function(&format!("check {name}"), |bencher| {
            bencher.iter(|| checker.check(black_box(text)));
        });
        criterion.bench_function(&format!("parse {name}"), |bencher| {
            bencher.iter(|| Parser::parse_sql(&PostgreSqlDialect {}, black_box(text)));
        });
    }
    let misspelt = QUERIES[1].1.replace("b.value)", "b.valeu)");
    criterion.bench_function("check a wrong name", |bencher| {
        bencher.iter(|| checker.check(black_box(&misspelt)));
    });
    let schema = schema(1_000);
    criterion.bench_function("make a checker for 1,000 tables", |bencher| {
        bencher.iter(|| Checker::new(black_box(&schema), Dialect::Postgres));
    });
}

criterion_group!(benches, checks);
criterion_main!(benches);
