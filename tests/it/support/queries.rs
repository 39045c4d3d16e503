//! Queries to check: the corpora in `tests/corpora`, changes to them, and made-up ones.

use queryforge::query::{Checker, Dialect, ddl};
use std::path::Path;

pub fn corpus(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpora")
        .join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn statements(path: &str) -> Vec<String> {
    corpus(path)
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with("-- "))
        .map(|line| line.replace('␊', "\n").replace('␍', "\r"))
        .collect()
}

/// Queries that may run, of every dialect and of this one.
pub fn honest(folder: &str) -> Vec<String> {
    let mut found = statements("common/honest.sql");
    found.extend(statements(&format!("{folder}/honest.sql")));
    found
}

/// Statements that must not run.
pub fn hostile(folder: &str) -> Vec<String> {
    statements(&format!("{folder}/hostile.sql"))
}

pub fn checker(dialect: Dialect) -> Checker {
    let ddl = corpus(&format!("{}/schema.sql", dialect.as_str()));
    let schema = ddl::schema_from_ddl(&ddl, dialect).expect("the corpus has a schema");
    Checker::new(&schema, dialect)
}

/// A generator that gives the same numbers on every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }

    /// True so often in a hundred.
    fn often(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

/// Where the words of a query stand that are outside quotes.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let in_word = quote.is_none() && (c.is_ascii_alphanumeric() || c == '_');
        match (start, in_word) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
        match quote {
            Some(end) if c == end => quote = None,
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            None if c == '[' => quote = Some(']'),
            _ => {}
        }
    }
    found
}

const POOL: &str = "id name total status country customer_id orders customers products c o p x employees category \
    price quantity order_id product_id oi n rowid month year amount email ordered_at events payload kind city totl \
    nme order_items e d salary department_id m0 t count sum max lower length strftime round";

/// `query` with one of its words replaced.
pub fn with_another_word(query: &str, dice: &mut Dice) -> String {
    let pool: Vec<&str> = POOL.split_whitespace().collect();
    let words = words(query);
    if words.is_empty() {
        return query.to_owned();
    }
    let (from, to) = words[dice.roll(words.len())];
    let word = pool[dice.roll(pool.len())];
    format!("{}{word}{}", &query[..from], &query[to..])
}

/// The corpora's tables, each column with its kind: number, text, date, truth.
const TABLES: &[(&str, &[(&str, char)])] = &[
    (
        "customers",
        &[
            ("id", 'n'),
            ("name", 't'),
            ("email", 't'),
            ("country", 't'),
            ("signup_date", 'd'),
            ("vip", 'b'),
            ("credit_limit", 'n'),
        ],
    ),
    (
        "orders",
        &[
            ("id", 'n'),
            ("customer_id", 'n'),
            ("status", 't'),
            ("total", 'n'),
            ("discount", 'n'),
            ("shipped_on", 'd'),
        ],
    ),
    (
        "products",
        &[
            ("id", 'n'),
            ("name", 't'),
            ("category", 't'),
            ("price", 'n'),
            ("discontinued", 'b'),
        ],
    ),
    (
        "order_items",
        &[
            ("order_id", 'n'),
            ("product_id", 'n'),
            ("quantity", 'n'),
            ("unit_price", 'n'),
        ],
    ),
    (
        "employees",
        &[
            ("id", 'n'),
            ("name", 't'),
            ("manager_id", 'n'),
            ("department_id", 'n'),
            ("salary", 'n'),
            ("hired_on", 'd'),
        ],
    ),
    (
        "departments",
        &[
            ("id", 'n'),
            ("name", 't'),
            ("budget", 'n'),
            ("location", 't'),
        ],
    ),
];

/// Something in FROM, as the made-up query knows it.
#[derive(Clone)]
struct Source {
    name: String,
    columns: Vec<(String, char)>,
}

/// A made-up query: names in scope and out of it, in every clause that has a scope of its own.
pub fn made_up(dialect: Dialect, dice: &mut Dice) -> String {
    Maker {
        dice,
        dialect,
        ctes: Vec::new(),
        number: 0,
    }
    .query(&[], 0)
}

struct Maker<'d> {
    dice: &'d mut Dice,
    dialect: Dialect,
    ctes: Vec<Source>,
    number: usize,
}

impl Maker<'_> {
    fn query(&mut self, outer: &[Source], depth: usize) -> String {
        let before = self.ctes.len();
        let mut text = String::new();
        if depth < 2 && self.dice.often(20) {
            self.number += 1;
            let name = format!("w{}", self.number);
            let (body, columns) = self.select(&[], depth + 1, None);
            text = format!("with {name} as ({body}) ");
            self.ctes.push(Source { name, columns });
        }
        let (body, columns) = self.select(outer, depth, None);
        text.push_str(&body);
        if self.dice.often(12) {
            let op = self
                .dice
                .one_of(&["union", "union all", "intersect", "except"]);
            let width = if self.dice.often(90) {
                columns.len()
            } else {
                columns.len() + 1
            };
            let (other, _) = self.select(outer, depth + 1, Some((width, &columns)));
            text = format!("{text} {op} {other}");
            if self.dice.often(40) {
                let key = match self.dice.roll(3) {
                    0 => "1".to_owned(),
                    1 => columns[0].0.clone(),
                    _ => "name".to_owned(),
                };
                text = format!("{text} order by {key}");
            }
        }
        self.ctes.truncate(before);
        text
    }

    fn source(&mut self, depth: usize, beside: &[Source]) -> (String, Source) {
        self.number += 1;
        let alias = format!(
            "{}{}",
            ["a", "b", "t"][self.dice.roll(3)],
            self.dice.roll(4)
        );
        if depth < 2 && self.dice.often(15) {
            let lateral = self.dialect == Dialect::Postgres && self.dice.often(40);
            let outer = if lateral { beside } else { &[] };
            let (body, columns) = self.select(outer, depth + 1, None);
            let word = if lateral { "lateral " } else { "" };
            return (
                format!("{word}({body}) as {alias}"),
                Source {
                    name: alias,
                    columns,
                },
            );
        }
        if !self.ctes.is_empty() && self.dice.often(50) {
            let at = self.dice.roll(self.ctes.len());
            let cte = self.ctes[at].clone();
            return (
                format!("{} as {alias}", cte.name),
                Source {
                    name: alias,
                    columns: cte.columns,
                },
            );
        }
        let (table, columns) = TABLES[self.dice.roll(TABLES.len())];
        let columns = columns
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .collect();
        if self.dice.often(30) {
            let name = table.to_owned();
            return (name.clone(), Source { name, columns });
        }
        (
            format!("{table} {alias}"),
            Source {
                name: alias,
                columns,
            },
        )
    }

    /// A column, mostly one that is in scope.
    fn column(&mut self, sources: &[Source], kind: Option<char>) -> String {
        let slip = self.dice.often(4);
        if slip || sources.is_empty() {
            let names = ["id", "name", "total", "nme", "country", "quantity", "w1"];
            let name = names[self.dice.roll(names.len())];
            return match self.dice.roll(3) {
                0 => format!("a{}.{name}", self.dice.roll(4)),
                _ => name.to_owned(),
            };
        }
        let source = &sources[self.dice.roll(sources.len())];
        let fitting: Vec<&(String, char)> = source
            .columns
            .iter()
            .filter(|(_, own)| kind.is_none_or(|kind| kind == *own))
            .collect();
        let (name, _) = match fitting.as_slice() {
            [] => return if kind == Some('t') { "'x'" } else { "1" }.to_owned(),
            some => some[self.dice.roll(some.len())],
        };
        if self.dice.often(60) {
            format!("{}.{name}", source.name)
        } else {
            name.clone()
        }
    }

    fn number(&mut self, sources: &[Source], depth: usize) -> String {
        match self.dice.roll(8) {
            0 => format!("{}", self.dice.roll(100)),
            1 => format!(
                "{} {} {}",
                self.column(sources, Some('n')),
                self.dice.one_of(&["+", "-", "*"]),
                self.column(sources, Some('n'))
            ),
            2 => format!("length({})", self.column(sources, Some('t'))),
            3 => format!("coalesce({}, 0)", self.column(sources, Some('n'))),
            4 if depth < 2 => {
                let (body, _) = self.select(sources, depth + 1, Some((1, &[("n".into(), 'n')])));
                format!("({body} limit 1)")
            }
            5 => format!(
                "case when {} then {} else 0 end",
                self.condition(sources, depth + 1),
                self.column(sources, Some('n'))
            ),
            _ => self.column(sources, Some('n')),
        }
    }

    fn condition(&mut self, sources: &[Source], depth: usize) -> String {
        match self.dice.roll(10) {
            0 => format!("{} is not null", self.column(sources, None)),
            1 => format!("{} like '%a%'", self.column(sources, Some('t'))),
            2 if depth < 2 => {
                let (body, _) = self.select(sources, depth + 1, Some((1, &[("n".into(), 'n')])));
                format!("{} in ({body})", self.column(sources, Some('n')))
            }
            3 if depth < 2 => {
                let (body, _) = self.select(sources, depth + 1, None);
                format!("exists ({body})")
            }
            4 if depth < 3 => format!(
                "({} or {})",
                self.condition(sources, depth + 1),
                self.condition(sources, depth + 1)
            ),
            5 => format!(
                "{} between 1 and {}",
                self.column(sources, Some('n')),
                self.column(sources, Some('n'))
            ),
            // an aggregate or a window where none may stand, now and then
            6 if self.dice.often(10) => format!("sum({}) > 1", self.column(sources, Some('n'))),
            7 => format!(
                "{} = {}",
                self.column(sources, Some('t')),
                self.column(sources, Some('t'))
            ),
            // sometimes a comparison that a strict engine does not have
            8 if self.dice.often(15) => format!(
                "{} = {}",
                self.column(sources, Some('t')),
                self.column(sources, Some('n'))
            ),
            _ => format!(
                "{} {} {}",
                self.number(sources, depth + 1),
                self.dice.one_of(&["=", "<", ">=", "<>"]),
                self.number(sources, depth + 1)
            ),
        }
    }

    /// A SELECT and its columns; `wanted`: how many, of which kinds.
    fn select(
        &mut self,
        outer: &[Source],
        depth: usize,
        wanted: Option<(usize, &[(String, char)])>,
    ) -> (String, Vec<(String, char)>) {
        let mut from = String::new();
        let mut own: Vec<Source> = Vec::new();
        let tables = [1, 1, 1, 2, 2, 3][self.dice.roll(6)];
        for at in 0..tables {
            let (text, source) = self.source(depth, &own);
            if at == 0 {
                from = text;
                own.push(source);
                continue;
            }
            let mut sight = own.clone();
            sight.push(source.clone());
            match self.dice.roll(6) {
                0 => from = format!("{from}, {text}"),
                1 => {
                    let shared = self.dice.one_of(&["id", "name", "customer_id"]);
                    from = format!("{from} join {text} using ({shared})");
                }
                2 => {
                    let kind = self.dice.one_of(&["natural join", "cross join"]);
                    from = format!("{from} {kind} {text}");
                }
                _ => {
                    let kind = self.dice.one_of(&["join", "left join"]);
                    let condition = format!(
                        "{} = {}",
                        self.column(&sight, Some('n')),
                        self.column(&sight, Some('n'))
                    );
                    from = format!("{from} {kind} {text} on {condition}");
                }
            }
            own.push(source);
        }
        let mut sight = own.clone();
        if self.dice.often(50) {
            sight.extend(outer.iter().cloned());
        }

        let width = wanted.map_or(1 + self.dice.roll(3), |(width, _)| width);
        let grouped = wanted.is_none() && self.dice.often(25);
        let mut keys: Vec<String> = Vec::new();
        let mut items = Vec::new();
        let mut columns: Vec<(String, char)> = Vec::new();
        for at in 0..width {
            let kind = wanted
                .and_then(|(_, kinds)| kinds.get(at))
                .map_or(['n', 't', 'n'][self.dice.roll(3)], |(_, kind)| *kind);
            let text = match kind {
                _ if grouped && at > 0 => {
                    let inner = self.column(&sight, Some('n'));
                    let aggregate = self.dice.one_of(&["sum", "count", "max", "avg"]);
                    format!("{aggregate}({inner})")
                }
                _ if grouped => {
                    let key = self.column(&own, Some(kind));
                    keys.push(key.clone());
                    key
                }
                'n' if wanted.is_none() && self.dice.often(12) => {
                    let order = self.column(&own, Some('n'));
                    let part = self.column(&own, None);
                    format!("row_number() over (partition by {part} order by {order})")
                }
                'n' => self.number(&sight, depth + 1),
                kind => self.column(&sight, Some(kind)),
            };
            let kind = if grouped && at > 0 { 'n' } else { kind };
            // always named: what an engine calls an unnamed column is its own affair
            let name = match self.dice.roll(4) {
                0 => "id".to_owned(),
                1 => "name".to_owned(),
                _ => format!("x{at}"),
            };
            items.push(format!("{text} as {name}"));
            columns.push((name, kind));
        }
        let star = wanted.is_none() && !grouped && self.dice.often(8);
        let mut text = if star {
            columns = own
                .iter()
                .flat_map(|source| source.columns.clone())
                .collect();
            format!("select * from {from}")
        } else {
            format!("select {} from {from}", items.join(", "))
        };
        if self.dice.often(45) {
            text = format!("{text} where {}", self.condition(&sight, depth));
            if self.dice.often(5) {
                text = format!("{text} and x0 > 1");
            }
        }
        if grouped {
            let key = match self.dice.roll(6) {
                0 => "1".to_owned(),
                1 => columns[0].0.clone(),
                2 => self.column(&own, None),
                _ => keys.join(", "),
            };
            text = format!("{text} group by {key}");
            if self.dice.often(30) {
                text = format!("{text} having count(*) > {}", self.dice.roll(5));
            }
        }
        if wanted.is_none() && depth == 0 && self.dice.often(40) {
            let key = match self.dice.roll(5) {
                0 => "1".to_owned(),
                1 => format!("{}", 1 + self.dice.roll(4)),
                2 | 3 => columns[self.dice.roll(columns.len())].0.clone(),
                _ => self.column(&own, None),
            };
            // a set operation after it needs brackets, which not every engine takes
            if !key.is_empty() {
                text = format!("select * from ({text} order by {key}) as sorted");
            }
        }
        (text, columns)
    }
}
