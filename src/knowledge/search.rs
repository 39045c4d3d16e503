//! Search over one schema snapshot: which tables, columns and values a question is about.
//!
//! A question becomes concepts (a word with its inflections, synonyms, abbreviations, typing errors); each concept
//! is weighed against every name, description and value of the schema; what it finds is added up per table and,
//! in a catalogue of several schemas, per schema, because one question is about one schema. Then joins are completed.

mod index;
mod joins;
mod languages;
mod lexicon;
mod lines;
mod question;
mod ranking;
mod reasons;
mod typos;
mod values;
mod vectors;
mod weights;
pub(in crate::knowledge) mod words;

use crate::schema::Schema;
use index::Index;
use joins::Joins;
use lexicon::Lexicon;
use question::{Meant, Question};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock, OnceLock};
use values::Values;
use vectors::{Nearness, SchemaVectors};
use words::{Language, Stemmers};

pub use lines::{LineEmbedder, search_lines};
pub use vectors::VectorMismatch;

/// An index over one snapshot; built once per version, shared, never changed.
pub struct SearchIndex {
    tables: Vec<TableNames>,
    index: Index,
    joins: Joins,
    values: Values,
    language: Arc<LanguageTools>,
    vectors: OnceLock<SchemaVectors>,
}

/// What the answers name; the snapshot itself is not kept.
struct TableNames {
    /// As people know it; with its namespace where the snapshot has several.
    shown: String,
    columns: Vec<String>,
}

struct LanguageTools {
    stemmers: Stemmers,
    lexicon: Lexicon,
}

static LANGUAGE: LazyLock<Arc<LanguageTools>> = LazyLock::new(|| {
    let stemmers = Stemmers::new();
    let lexicon = Lexicon::new(&stemmers);
    Arc::new(LanguageTools { stemmers, lexicon })
});

/// What a question seems to be about, each list best first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub tables: Vec<TableHit>,
    pub columns: Vec<ColumnHit>,
    pub values: Vec<ValueHit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableHit {
    /// Position in [`Schema::tables`].
    #[serde(skip)]
    pub table: usize,
    /// Its name, with its namespace in front (`sales.orders`) where the snapshot has several.
    pub name: String,
    /// In 0..=1, comparable within one search only.
    pub score: f32,
    /// One phrase: `name matches "orders"`, `joins orders and products`.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnHit {
    /// Named as in [`TableHit::name`].
    pub table: String,
    pub name: String,
    pub score: f32,
}

/// A word of the question that is a value in the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueHit {
    /// Named as in [`TableHit::name`].
    pub table: String,
    pub column: String,
    /// As it stands in the data.
    pub value: String,
    /// As it stands in the question.
    pub mention: String,
    pub score: f32,
}

impl SearchIndex {
    pub fn build(schema: &Schema) -> Self {
        Self::named(schema, false)
    }

    /// `qualified` puts the namespace before every name, even where there is only one.
    fn named(schema: &Schema, qualified: bool) -> Self {
        let language = LANGUAGE.clone();
        let mut groups = index::namespaces_of(schema);
        let joins = Joins::build(schema, &groups.0);
        let namespaces = groups.1.len();
        if namespaces == 1
            && let Some(parts) = index::parts_of_one(schema, &joins)
        {
            groups = parts;
        }
        let index = Index::build(schema, groups, &language.stemmers, &language.lexicon);
        let several = qualified || namespaces > 1;
        let tables = schema
            .tables
            .iter()
            .map(|table| TableNames {
                shown: match &table.namespace {
                    Some(namespace) if several => format!("{namespace}.{}", table.name),
                    _ => table.name.clone(),
                },
                columns: table.columns.iter().map(|c| c.name.clone()).collect(),
            })
            .collect();
        Self {
            tables,
            joins,
            values: Values::build(schema),
            language,
            vectors: OnceLock::new(),
            index,
        }
    }

    fn is_term(&self, folded: &str) -> bool {
        let stem = self
            .language
            .stemmers
            .stem(words::Language::English, folded);
        self.index.term(&stem).is_some()
    }

    /// At most `limit` tables; the cut is adaptive below that. No table at all means that nothing was recognised.
    pub fn search(&self, question: &str, limit: usize) -> Found {
        self.find(question, None, &Meant::new(), limit)
    }

    /// As [`Self::search`], with the question's meaning: `vectors` of its [`Self::asked`] texts, made by the embedder
    /// that the index has learnt from.
    ///
    /// Words come first; meaning weighs the more, the less of the question they explain. Vectors that do not fit
    /// leave the search by words.
    pub fn search_near(&self, question: &str, vectors: &[Vec<f32>], limit: usize) -> Found {
        let Some((known, whole)) = self.vectors.get().zip(vectors.first()) else {
            return self.search(question, limit);
        };
        let nearness = known.nearness(whole).map(|nearness| {
            let understood = known.understands(question);
            Nearness {
                understood,
                ..nearness
            }
        });
        let understood = nearness.as_ref().map_or(0.0, |near| near.understood);
        let meant = question::telling_words(question)
            .into_iter()
            .zip(&vectors[1..])
            .map(|(word, vector)| {
                let is_pair = word.contains(' ');
                let mut near = known.meant(vector, |term| is_pair || !self.index.is_phrase(term));
                near.retain_mut(|(_, trust)| {
                    *trust *= understood;
                    *trust > 0.0
                });
                (word, near)
            })
            .collect();
        self.find(question, nearness.as_ref(), &meant, limit)
    }

    fn find(
        &self,
        question: &str,
        nearness: Option<&Nearness>,
        meant: &Meant,
        limit: usize,
    ) -> Found {
        let LanguageTools { stemmers, lexicon } = &*self.language;
        let asked = Question::new(question, &self.index, stemmers, lexicon, meant);
        ranking::rank(self, question, &asked, nearness, limit)
    }

    /// The texts to embed for [`Self::learn`]: each table of the snapshot it was built of, the words of its names, and
    /// words that tell which languages the embedder knows.
    pub fn texts(&self, schema: &Schema) -> Vec<String> {
        let words = self.index.vocabulary().into_iter();
        let mut texts = vectors::documents(schema);
        texts.extend(words.map(|(_, word)| word));
        texts.extend(languages::probes());
        texts
    }

    /// The texts to embed for [`Self::search_near`]: the question itself, and its words.
    pub fn asked(question: &str) -> Vec<String> {
        let mut texts = vec![question.to_owned()];
        let words = question::telling_words(question);
        let is_english = Language::of_question(question) == Language::English;
        texts.extend(words.into_iter().map(|word| {
            if is_english {
                words::singular(&word)
            } else {
                word
            }
        }));
        texts
    }

    /// Takes the vectors of [`Self::texts`], made by the embedder of that id; an index learns once.
    pub fn learn(&self, embedder: &str, vectors: &[Vec<f32>]) -> Result<(), VectorMismatch> {
        let terms = self.index.vocabulary().into_iter();
        let terms = terms.map(|(term, _)| term).collect();
        let vectors = SchemaVectors::new(embedder, vectors, self.tables.len(), terms)?;
        // a second lesson is the same as the first
        let _ = self.vectors.set(vectors);
        Ok(())
    }

    /// Whose vectors these are; none when search is by words alone.
    pub fn embedder(&self) -> Option<&str> {
        self.vectors.get().map(SchemaVectors::embedder)
    }

    /// The `n` table names that look most like a word of the question, for when nothing was found.
    pub fn nearest(&self, question: &str, n: usize) -> Vec<String> {
        let asked: Vec<String> = words::spoken_words(question)
            .into_iter()
            .map(|word| word.folded)
            .filter(|word| {
                word.chars().count() > 2 && !words::is_little(word, words::Language::English)
            })
            .collect();
        let mut scored: Vec<(f64, &str)> = self
            .tables
            .iter()
            .map(|table| {
                let bare = table.shown.rsplit('.').next().unwrap_or(&table.shown);
                let whole = words::fold(bare);
                let parts = words::identifier_words(bare);
                let columns = table.columns.iter().map(|c| (0.7, words::fold(c)));
                let mut likeness = 0.0f64;
                for (trust, name) in parts
                    .into_iter()
                    .chain([whole])
                    .map(|p| (1.0, p))
                    .chain(columns)
                {
                    for word in &asked {
                        likeness = likeness.max(trust * strsim::jaro_winkler(word, &name));
                    }
                }
                (likeness, table.shown.as_str())
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored
            .into_iter()
            .take(n)
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Column, ForeignKey, Table};

    /// `"orders: id* customer_id>customers placed_on"`: a star for the key, an arrow for a foreign key,
    /// `region=Bavaria|Hesse` for values.
    fn schema(tables: &[&str]) -> Schema {
        let tables = tables
            .iter()
            .map(|line| {
                let (name, columns) = line.split_once(':').expect("a table and its columns");
                let mut table = Table {
                    name: name.to_owned(),
                    ..Table::default()
                };
                if let Some((namespace, bare)) = name.split_once('/') {
                    table.namespace = Some(namespace.to_owned());
                    table.name = bare.to_owned();
                }
                for column in columns.split_whitespace() {
                    let (column, values) = column.split_once('=').unwrap_or((column, ""));
                    let (column, target) = column.split_once('>').unwrap_or((column, ""));
                    let name = column.trim_end_matches('*');
                    if name != column {
                        table.primary_key.push(name.to_owned());
                    }
                    if !target.is_empty() {
                        table.foreign_keys.push(ForeignKey {
                            columns: vec![name.to_owned()],
                            ref_table: target.to_owned(),
                            ..ForeignKey::default()
                        });
                    }
                    let values = values.split('|').filter(|v| !v.is_empty());
                    table.columns.push(Column {
                        name: name.to_owned(),
                        values: values.map(|v| v.replace('~', " ")).collect(),
                        ..Column::default()
                    });
                }
                table
            })
            .collect();
        Schema { tables }
    }

    fn shop() -> Schema {
        schema(&[
            "customers: id* company_name city region=Bavaria|Upper~Austria|Hesse",
            "orders: id* customer_id>customers placed_on status=open|shipped|cancelled",
            "order_details: order_id>orders product_id>products unit_price qty",
            "products: id* product_name category_id>categories discontinued",
            "categories: id* category_name=Beverages|Condiments|Seafood",
            "shippers: id* company_name phone",
            "weblog: at url agent",
        ])
    }

    fn names(found: &Found) -> Vec<&str> {
        found.tables.iter().map(|t| t.name.as_str()).collect()
    }

    #[test]
    fn the_table_is_found_whatever_people_call_it() {
        let index = SearchIndex::build(&shop());
        for (question, first) in [
            ("How many orders are there?", "orders"),
            ("list all clients", "customers"),
            ("which custmers live where", "customers"),
            ("quantity and price per order detail", "order_details"),
            ("what goods do we sell", "products"),
            ("freight carriers", "shippers"),
            ("Wie viele Kunden gibt es?", "customers"),
            ("고객은 몇 명인가요?", "customers"),
            ("有多少个客户？", "customers"),
            ("顧客は何人いますか", "customers"),
            ("注文の一覧を見せて", "orders"),
            ("カテゴリーはいくつありますか", "categories"),
            ("Kundennummern auflisten", "customers"),
            ("Bestelldetails mit Menge", "order_details"),
            ("liste des catégories", "categories"),
        ] {
            let found = index.search(question, 10);
            assert_eq!(
                names(&found).first(),
                Some(&first),
                "{question}: {:?}",
                found.tables
            );
        }
    }

    #[test]
    fn every_table_says_why_it_is_there() {
        let index = SearchIndex::build(&shop());
        let why = |question: &str, table: &str| {
            let found = index.search(question, 10);
            let hit = found.tables.into_iter().find(|t| t.name == table);
            hit.unwrap_or_else(|| panic!("{question} finds no {table}"))
                .why
        };
        for (question, table, reason) in [
            ("show all orders", "orders", "name matches \"orders\""),
            (
                "what is the price",
                "order_details",
                "column unit_price matches \"price\"",
            ),
            ("who is in Hesse", "customers", "value 'Hesse' in region"),
            (
                "customers and products they bought",
                "order_details",
                "joins products and customers",
            ),
        ] {
            assert_eq!(why(question, table), reason, "{question}");
        }
    }

    #[test]
    fn tables_between_two_others_come_along() {
        let index = SearchIndex::build(&shop());
        let found = index.search("which customers bought which products", 4);
        let mut found = names(&found);
        found.sort_unstable();
        assert_eq!(found, ["customers", "order_details", "orders", "products"]);
    }

    #[test]
    fn a_value_finds_its_column_even_mistyped() {
        let index = SearchIndex::build(&shop());
        for (question, mention, column, value) in [
            ("orders from Bavaria", "Bavaria", "region", "Bavaria"),
            ("orders from Bavraia", "Bavraia", "region", "Bavaria"),
            ("orders from Bavria", "Bavria", "region", "Bavaria"),
            (
                "orders from bavaria's capital",
                "bavaria",
                "region",
                "Bavaria",
            ),
            ("Bestellungen aus Bávaria", "Bávaria", "region", "Bavaria"),
            (
                "orders from upper austria",
                "upper austria",
                "region",
                "Upper Austria",
            ),
            ("shipped orders", "shipped", "status", "shipped"),
            (
                "how many orders were canceled",
                "canceled",
                "status",
                "cancelled",
            ),
            (
                "products that are a beverage",
                "beverage",
                "category_name",
                "Beverages",
            ),
        ] {
            let found = index.search(question, 10);
            let hit = found
                .values
                .first()
                .unwrap_or_else(|| panic!("{question} mentions a value"));
            assert_eq!(
                (
                    hit.mention.as_str(),
                    hit.column.as_str(),
                    hit.value.as_str()
                ),
                (mention, column, value),
                "{question}"
            );
            assert!(
                names(&found).contains(&hit.table.as_str()),
                "{question}: its table is found"
            );
        }
        assert!(
            index
                .search("how many orders are there", 10)
                .values
                .is_empty()
        );
    }

    #[test]
    fn columns_come_best_first() {
        let index = SearchIndex::build(&shop());
        let found = index.search("unit price of discontinued products", 10);
        let columns: Vec<&str> = found.columns.iter().map(|c| c.name.as_str()).collect();
        assert!(
            columns[..2].contains(&"unit_price") && columns[..2].contains(&"discontinued"),
            "{columns:?}"
        );
    }

    #[test]
    fn nothing_recognised_means_no_table_but_the_nearest_names() {
        let index = SearchIndex::build(&shop());
        for question in [
            "",
            "   ",
            "hello!",
            "how many are there?",
            "quantum chromodynamics",
            "🙂",
        ] {
            assert_eq!(index.search(question, 10), Found::default(), "{question}");
        }
        assert_eq!(index.nearest("shiproad", 1), ["shippers"]);
        assert_eq!(index.nearest("", 2).len(), 2);
        assert_eq!(
            SearchIndex::build(&Schema::default()).search("orders", 10),
            Found::default()
        );
    }

    #[test]
    fn in_a_merged_catalogue_the_schema_is_chosen_by_all_its_tables() {
        let catalogue = schema(&[
            "school/student: id* name age",
            "school/course: id* title credits",
            "school/enrolled: student_id>student course_id>course grade",
            "club/student: id* name hobby",
            "club/visit: student_id>student on_day",
            "golf/course: id* holes par",
        ]);
        let index = SearchIndex::build(&catalogue);
        let found = index.search("Which grade did each student get in which course?", 3);
        let mut found = names(&found);
        found.sort_unstable();
        assert_eq!(
            found,
            ["school.course", "school.enrolled", "school.student"]
        );
        assert_eq!(
            index.search("holes of a course", 1).tables[0].name,
            "golf.course"
        );
    }

    #[test]
    fn glued_and_shortened_names_are_understood() {
        let index = SearchIndex::build(&schema(&[
            "custmast: custno* custname dob",
            "orderdetails: orderno qty unitprice",
            "whs: whsid* capacity",
        ]));
        for (question, first) in [
            ("customer names", "custmast"),
            ("date of birth", "custmast"),
            ("details of an order", "orderdetails"),
            ("quantity sold at which unit price", "orderdetails"),
            ("warehouses", "whs"),
        ] {
            let found = index.search(question, 5);
            assert_eq!(
                names(&found).first(),
                Some(&first),
                "{question}: {:?}",
                found.tables
            );
        }
    }

    #[test]
    fn an_experts_synonyms_and_descriptions_count() {
        let mut schema = shop();
        schema.tables[6].synonyms.push("웹 로그".to_owned());
        schema.tables[5].description = Some("Speditionen, die für uns fahren".to_owned());
        schema.tables[1].columns[2]
            .synonyms
            .push("Eingang".to_owned());
        let index = SearchIndex::build(&schema);
        for (question, first) in [
            ("웹 로그를 보여줘", "weblog"),
            ("welche Spedition ist das", "shippers"),
            ("Eingänge im Mai", "orders"),
        ] {
            assert_eq!(
                names(&index.search(question, 5)).first(),
                Some(&first),
                "{question}"
            );
        }
    }

    /// The shop with a vector for each table along an axis of its own, and its words along the last one.
    fn shop_with_axes() -> SearchIndex {
        let index = SearchIndex::build(&shop());
        let texts = index.texts(&shop()).len();
        let axes: Vec<Vec<f32>> = (0..texts).map(|n| axis(n.min(7), 8)).collect();
        index.learn("axes", &axes).expect("one for each table");
        index
    }

    fn axis(n: usize, dimension: usize) -> Vec<f32> {
        (0..dimension)
            .map(|i| if i == n { 1.0 } else { 0.0 })
            .collect()
    }

    #[test]
    fn meaning_finds_what_words_do_not_and_words_win_where_they_say_it_all() {
        let index = shop_with_axes();
        let unknown = "zzyzx of the quux";
        assert_eq!(index.search(unknown, 5), Found::default());
        let found = index.search_near(unknown, &[axis(5, 8)], 5);
        assert_eq!(
            (names(&found)[0], found.tables[0].why.as_str()),
            ("shippers", "close in meaning to the question")
        );
        // a vector that is near nothing finds nothing either
        assert_eq!(
            index.search_near(unknown, &[vec![-1.0; 8]], 5),
            Found::default()
        );
        // a misled model does not outvote the name itself
        assert_eq!(
            names(&index.search_near("list all orders", &[axis(6, 8)], 5))[0],
            "orders"
        );
    }

    #[test]
    fn vectors_that_do_not_fit_change_nothing() {
        let index = shop_with_axes();
        for question in ["orders from Bavaria", "zzyzx"] {
            for vectors in [
                vec![],
                vec![vec![1.0, 0.0]],
                vec![vec![f32::NAN; 8]],
                vec![vec![0.0; 8]],
            ] {
                assert_eq!(
                    index.search_near(question, &vectors, 5),
                    index.search(question, 5)
                );
            }
        }
        let fresh = SearchIndex::build(&shop());
        let texts = fresh.texts(&shop());
        let n = texts.len();
        for wrong in [
            vec![axis(0, 8)],
            vec![vec![f32::NAN; 8]; n],
            vec![vec![f32::INFINITY; 8]; n],
            vec![vec![0.0; 8]; n],
            vec![vec![]; n],
        ] {
            assert!(fresh.learn("axes", &wrong).is_err());
            assert_eq!(fresh.embedder(), None, "nothing is half learnt");
        }
        assert_eq!(index.embedder(), Some("axes"));
        assert_eq!(
            texts[2],
            "order details: order id, product id, unit price, qty"
        );
        assert!(texts[7..].contains(&"region".to_owned()));
    }

    #[test]
    fn a_word_that_no_list_knows_is_understood_by_its_meaning() {
        let index = SearchIndex::build(&shop());
        let texts = index.texts(&shop());
        let question = "which flurbs are there";
        // a model to which a flurb is a product, and nothing else is like anything
        let vector = |text: &str| match text {
            "flurb" | "product" => axis(0, 3),
            text if text == question => axis(1, 3),
            _ => axis(2, 3),
        };
        let vectors: Vec<Vec<f32>> = texts.iter().map(|text| vector(text)).collect();
        index.learn("flurbs", &vectors).expect("one for each text");
        let asked: Vec<Vec<f32>> = SearchIndex::asked(question)
            .iter()
            .map(|text| vector(text))
            .collect();
        assert_eq!(index.search(question, 5), Found::default());
        let found = index.search_near(question, &asked, 5);
        assert_eq!(names(&found)[0], "products", "{found:?}");
    }

    #[test]
    fn the_limit_is_a_cap_and_the_best_score_is_one() {
        let index = SearchIndex::build(&shop());
        for limit in [0, 1, 2, 100] {
            let found = index.search("orders of customers with products and prices", limit);
            assert!(found.tables.len() <= limit);
            assert!(found.tables.windows(2).all(|w| w[0].score >= w[1].score));
            assert!(found.tables.first().is_none_or(|t| t.score == 1.0));
        }
    }
}
