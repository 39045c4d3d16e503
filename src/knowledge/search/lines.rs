//! Questions and their tables as JSON lines, for the command line and for anyone who measures.

use super::{ColumnHit, Found, SearchIndex, TableHit, ValueHit};
use crate::query::{Dialect, ddl};
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Instant, SystemTime};

/// Tables answered when a line asks for no number.
const DEFAULT_LIMIT: usize = 10;
/// Names offered when nothing was found.
const NEAREST: usize = 3;

/// Answers every line of `input` with one line of `output`, in order.
///
/// A line is `{"id", "question", "schema" | "schema_file", "schemas"?, "limit"?}`:
/// `schema` is a schema as JSON or as DDL text; `schema_file` is a path, or several, to the same, or to a catalogue
/// (JSON lines or an array of `{"id", "tables"}`), which is searched as one with tables called `id.table`;
/// `schemas` picks some of a catalogue by id. Indexes are kept, so a file is read once.
///
/// The answer is `{"id", "tables", "columns", "values", "ms"}`, with `index_ms` where an index had to be built, and
/// `message` and `nearest` where nothing was found. A line that cannot be answered gets `{"id", "error"}`; only a
/// broken `output` ends the run.
///
/// What of a schema's DDL could not be read is told to `left_out`, a sentence each, once for each schema.
///
/// With an `embedder` search is by meaning as well; while it fails, by words alone, and `notice` says so.
pub fn search_lines(
    mut input: impl BufRead,
    mut output: impl Write,
    embedder: Option<&LineEmbedder<'_>>,
    left_out: &mut dyn FnMut(&str),
) -> io::Result<()> {
    let mut shelf = Shelf {
        embedder,
        files: HashMap::new(),
        catalogues: HashMap::new(),
        inline: None,
        left_out: Vec::new(),
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                write_line(
                    &mut output,
                    &Refused {
                        id: &Value::Null,
                        error: format!("reading: {error}"),
                    },
                )?;
                break;
            }
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let asked: Value = match serde_json::from_str(text) {
            Ok(asked) => asked,
            Err(error) => {
                write_line(
                    &mut output,
                    &Refused {
                        id: &Value::Null,
                        error: format!("not JSON: {error}"),
                    },
                )?;
                continue;
            }
        };
        let id = asked.get("id").unwrap_or(&Value::Null);
        let answer = shelf.answer(&asked);
        for note in shelf.left_out.drain(..) {
            left_out(&note);
        }
        match answer {
            Ok(answer) => write_line(&mut output, &Answer { id, ..answer })?,
            Err(error) => write_line(&mut output, &Refused { id, error })?,
        }
    }
    output.flush()
}

/// Makes vectors of texts where this thread may wait for them; what failed is in words.
pub struct LineEmbedder<'a> {
    pub id: &'a str,
    pub embed: &'a dyn Fn(&[String]) -> Result<Vec<Vec<f32>>, String>,
}

fn write_line(output: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")
}

#[derive(Serialize)]
struct Refused<'a> {
    id: &'a Value,
    error: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    tables: Vec<TableHit>,
    columns: Vec<ColumnHit>,
    values: Vec<ValueHit>,
    /// Milliseconds of searching.
    ms: f64,
    /// Milliseconds of reading and indexing, where this line was the first to need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    index_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    #[serde(default)]
    schema: Option<Value>,
    #[serde(default)]
    schema_file: Option<OneOrMore>,
    #[serde(default)]
    schemas: Vec<String>,
    #[serde(default)]
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(PathBuf),
    More(Vec<PathBuf>),
}

/// Indexes already built. Files stay; of the schemas given within a line only the last, as they tend to repeat.
struct Shelf<'a> {
    embedder: Option<&'a LineEmbedder<'a>>,
    files: HashMap<FilesKey, Rc<SearchIndex>>,
    catalogues: HashMap<(PathBuf, Option<SystemTime>), Rc<Catalogue>>,
    inline: Option<(Value, Rc<SearchIndex>)>,
    /// Of the schemas read for the line at hand.
    left_out: Vec<String>,
}

/// Paths with their time of change, and the schemas picked.
type FilesKey = (Vec<(PathBuf, Option<SystemTime>)>, Vec<String>);

impl Shelf<'_> {
    fn answer(&mut self, asked: &Value) -> Result<Answer<'static>, String> {
        let asked = Asked::deserialize(asked).map_err(|e| e.to_string())?;
        let began = Instant::now();
        let (index, fresh) = self.index(&asked)?;
        let index_ms = fresh.then(|| ms_since(began));
        let began = Instant::now();
        let limit = asked.limit.unwrap_or(DEFAULT_LIMIT);
        let mut notice = None;
        let mut vectors = Vec::new();
        if let Some(embedder) = self.embedder {
            match (
                index.embedder(),
                (embedder.embed)(&SearchIndex::asked(&asked.question)),
            ) {
                (Some(_), Ok(made)) => vectors = made,
                (None, Ok(_)) => {
                    notice = Some("searched by words alone: no vectors of the schema".to_owned())
                }
                (_, Err(error)) => notice = Some(format!("searched by words alone: {error}")),
            }
        }
        let Found {
            tables,
            columns,
            values,
        } = index.search_near(&asked.question, &vectors, limit);
        let ms = ms_since(began);
        let nothing = tables.is_empty();
        Ok(Answer {
            id: &Value::Null,
            tables,
            columns,
            values,
            ms,
            index_ms,
            message: nothing.then_some("No relevant schema found"),
            nearest: if nothing {
                index.nearest(&asked.question, NEAREST)
            } else {
                Vec::new()
            },
            notice,
        })
    }

    /// Gives a new index its vectors; one that cannot have them stays one of words.
    fn taught(&self, (index, schema): (SearchIndex, Schema)) -> Rc<SearchIndex> {
        if let Some(embedder) = self.embedder
            && let Ok(vectors) = (embedder.embed)(&index.texts(&schema))
            && let Err(error) = index.learn(embedder.id, &vectors)
        {
            tracing::warn!(%error, "the embedder's vectors do not fit");
        }
        Rc::new(index)
    }

    fn index(&mut self, asked: &Asked) -> Result<(Rc<SearchIndex>, bool), String> {
        match (&asked.schema, &asked.schema_file) {
            (Some(schema), None) => {
                if let Some((known, index)) = &self.inline
                    && known == schema
                {
                    return Ok((index.clone(), false));
                }
                let mut read = Catalogue::of_value(schema)?;
                self.left_out.append(&mut read.left_out);
                let index = self.taught(read.index(&asked.schemas)?);
                self.inline = Some((schema.clone(), index.clone()));
                Ok((index, true))
            }
            (None, Some(files)) => {
                let paths = match files {
                    OneOrMore::One(path) => std::slice::from_ref(path),
                    OneOrMore::More(paths) => paths,
                };
                let dated: Vec<_> = paths
                    .iter()
                    .map(|path| (path.clone(), changed(path)))
                    .collect();
                let key = (dated, asked.schemas.clone());
                if let Some(index) = self.files.get(&key) {
                    return Ok((index.clone(), false));
                }
                let mut all = Catalogue::default();
                for file in &key.0 {
                    let catalogue = match self.catalogues.get(file) {
                        Some(known) => known.clone(),
                        None => {
                            let mut read = Catalogue::of_file(&file.0)?;
                            let name = file.0.display();
                            let notes = std::mem::take(&mut read.left_out);
                            self.left_out
                                .extend(notes.iter().map(|note| format!("{name}: {note}")));
                            let read = Rc::new(read);
                            self.catalogues.insert(file.clone(), read.clone());
                            read
                        }
                    };
                    all.merged |= catalogue.merged || key.0.len() > 1;
                    all.schemas.extend(catalogue.schemas.iter().cloned());
                }
                let index = self.taught(all.index(&asked.schemas)?);
                self.files.insert(key, index.clone());
                Ok((index, true))
            }
            (None, None) => Err("neither \"schema\" nor \"schema_file\" is given".into()),
            (Some(_), Some(_)) => Err("both \"schema\" and \"schema_file\" are given".into()),
        }
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|m| m.modified()).ok()
}

fn ms_since(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// One schema, or several to be searched as one.
#[derive(Default)]
struct Catalogue {
    schemas: Vec<(String, Schema)>,
    /// Whether tables are called by their schema's id as well.
    merged: bool,
    /// What could not be read, a sentence each.
    left_out: Vec<String>,
}

impl Catalogue {
    fn of_file(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = path
            .file_stem()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut read = Self::of_text(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        for (id, _) in &mut read.schemas {
            if id.is_empty() {
                id.clone_from(&name);
            }
        }
        Ok(read)
    }

    fn of_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Self::of_text(text),
            Value::Array(several) => Self::several(several.iter().cloned()),
            one => Ok(Self {
                schemas: vec![schema_of(one.clone())?],
                ..Self::default()
            }),
        }
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        if !text.trim_start().starts_with(['{', '[']) {
            let (schema, left_out) = schema_from_ddl(text)?;
            return Ok(Self {
                schemas: vec![(String::new(), schema)],
                merged: false,
                left_out,
            });
        }
        match serde_json::from_str(text) {
            Ok(Value::String(_)) | Err(_) => {
                let rows: Vec<Value> = text
                    .lines()
                    .enumerate()
                    .filter(|(_, line)| !line.trim().is_empty())
                    .map(|(n, line)| {
                        serde_json::from_str(line).map_err(|e| format!("line {}: {e}", n + 1))
                    })
                    .collect::<Result<_, String>>()?;
                Self::several(rows.into_iter())
            }
            Ok(whole) => Self::of_value(&whole),
        }
    }

    fn several(values: impl Iterator<Item = Value>) -> Result<Self, String> {
        let schemas = values.map(schema_of).collect::<Result<_, String>>()?;
        Ok(Self {
            schemas,
            merged: true,
            left_out: Vec::new(),
        })
    }

    fn index(&self, picked: &[String]) -> Result<(SearchIndex, Schema), String> {
        for id in picked {
            if !self.schemas.iter().any(|(known, _)| known == id) {
                return Err(format!("no schema with id {id:?} in the catalogue"));
            }
        }
        let mut whole = Schema::default();
        for (id, schema) in &self.schemas {
            if !picked.is_empty() && !picked.contains(id) {
                continue;
            }
            for table in &schema.tables {
                let mut table = table.clone();
                if self.merged {
                    // a namespace of its own stays part of the name
                    if let Some(own) = table.namespace.take() {
                        table.name = format!("{own}.{}", table.name);
                    }
                    table.namespace = Some(id.clone());
                }
                whole.tables.push(table);
            }
        }
        Ok((SearchIndex::named(&whole, self.merged), whole))
    }
}

fn schema_of(mut value: Value) -> Result<(String, Schema), String> {
    let id = value
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    // `{"schema": {"tables": …}}` and a bare list of tables are read too
    if value.get("tables").is_none()
        && let Some(inner) = value.get_mut("schema")
    {
        value = inner.take();
    }
    let schema = serde_json::from_value(value).map_err(|e| match id.as_str() {
        "" => format!("schema: {e}"),
        id => format!("schema {id}: {e}"),
    })?;
    Ok((id, schema))
}

/// Reads DDL of any dialect: by the one that understands all of its tables, else the most.
fn schema_from_ddl(text: &str) -> Result<(Schema, Vec<String>), String> {
    let dialects = if text.contains('`') {
        [
            Dialect::Mysql,
            Dialect::Sqlite,
            Dialect::Postgres,
            Dialect::Duckdb,
        ]
    } else {
        [
            Dialect::Postgres,
            Dialect::Sqlite,
            Dialect::Mysql,
            Dialect::Duckdb,
        ]
    };
    let made = text.to_ascii_lowercase().matches("create table").count();
    let mut best: Result<ddl::Read, String> = Err("there is no dialect to read it by".into());
    for dialect in dialects {
        match ddl::read(text, dialect) {
            Ok(read) => {
                let tables = read.schema.tables.len();
                let whole = tables >= made;
                if best
                    .as_ref()
                    .map_or(true, |known| tables > known.schema.tables.len())
                {
                    best = Ok(read);
                }
                if whole {
                    break;
                }
            }
            Err(error) if best.is_err() => {
                best = Err(format!("neither a schema as JSON nor DDL: {error}"))
            }
            Err(_) => {}
        }
    }
    best.map(|read| {
        let mut left_out = read.unread;
        left_out.extend(read.views.iter().map(|view| {
            format!(
                "The columns of the view {} are not known, so it is left out.",
                view.name
            )
        }));
        (read.schema, left_out)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHOP: &str = r#"{"tables":[
        {"name":"customers","columns":[{"name":"id","type":"int"},{"name":"region","type":"text","values":["Bavaria","Hesse"]}],"primary_key":["id"]},
        {"name":"orders","columns":[{"name":"id","type":"int"},{"name":"customer_id","type":"int"}],
         "foreign_keys":[{"columns":["customer_id"],"ref_table":"customers"}]}]}"#;

    fn answers(lines: &[String]) -> Vec<Value> {
        let mut out = Vec::new();
        search_lines(lines.join("\n").as_bytes(), &mut out, None, &mut |_| {})
            .expect("a Vec takes every line");
        String::from_utf8(out)
            .expect("JSON is UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("every answer is JSON"))
            .collect()
    }

    fn names(answer: &Value) -> Vec<&str> {
        let tables = answer["tables"].as_array().expect("an answer has tables");
        tables.iter().filter_map(|t| t["name"].as_str()).collect()
    }

    #[test]
    fn a_line_is_answered_with_tables_columns_values_and_the_time() {
        let schema: Value = serde_json::from_str(SHOP).expect("the shop is JSON");
        let got = answers(&[
            json!({"id": 7, "question": "orders from Bavaria", "schema": schema}).to_string(),
        ]);
        assert_eq!(got[0]["id"], 7);
        assert_eq!(names(&got[0]), ["orders", "customers"]);
        assert_eq!(got[0]["tables"][0]["why"], "name matches \"orders\"");
        assert_eq!(got[0]["values"][0]["column"], "region");
        assert_eq!(got[0]["values"][0]["mention"], "Bavaria");
        assert!(got[0]["ms"].as_f64().is_some_and(|ms| ms < 1000.0));
    }

    #[test]
    fn with_an_embedder_meaning_counts_and_without_its_answer_words_do() {
        // to this model a flurb is an order and nothing else is like anything
        let along = |n: usize| (0..3).map(|i| if i == n { 1.0 } else { 0.0 }).collect();
        let knows = |texts: &[String]| -> Result<Vec<Vec<f32>>, String> {
            let vector = |text: &String| match text.as_str() {
                "flurbs" | "orders" => along(0),
                text if text.contains("flurbs") => along(1),
                _ => along(2),
            };
            Ok(texts.iter().map(vector).collect())
        };
        let fails = |_: &[String]| Err("the embedder is away".to_owned());
        let schema: Value = serde_json::from_str(SHOP).expect("the shop is JSON");
        let ask = |question: &str, embed: &dyn Fn(&[String]) -> Result<Vec<Vec<f32>>, String>| {
            let line = json!({"id": 1, "question": question, "schema": schema}).to_string();
            let embedder = LineEmbedder {
                id: "flurbs",
                embed,
            };
            let mut out = Vec::new();
            search_lines(line.as_bytes(), &mut out, Some(&embedder), &mut |_| {})
                .expect("a Vec takes it");
            serde_json::from_slice::<Value>(&out).expect("an answer is JSON")
        };
        let got = ask("all flurbs", &knows);
        assert_eq!(names(&got).first(), Some(&"orders"), "{got}");
        assert!(got.get("notice").is_none());
        let got = ask("all orders", &fails);
        assert_eq!(names(&got).first(), Some(&"orders"), "{got}");
        assert_eq!(
            got["notice"],
            "searched by words alone: the embedder is away"
        );
    }

    #[test]
    fn a_schema_may_be_the_statements_that_make_it() {
        for ddl in [
            "CREATE TABLE orders (id serial primary key, placed_on timestamptz); CREATE TABLE notes (id int);",
            "CREATE TABLE `orders` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;",
        ] {
            let got =
                answers(&[json!({"id": 1, "question": "all orders", "schema": ddl}).to_string()]);
            assert_eq!(names(&got[0]).first(), Some(&"orders"), "{}", got[0]);
        }
    }

    #[test]
    fn a_bad_line_is_answered_and_the_next_one_too() {
        let good = json!({"id": "last", "question": "orders", "schema": serde_json::from_str::<Value>(SHOP).expect("JSON")});
        let got = answers(&[
            "{not json".into(),
            json!({"id": "a", "question": "orders"}).to_string(),
            json!({"id": "b", "schema": {"tables": []}}).to_string(),
            json!({"id": "c", "question": "x", "schema": {"tables": [{"columns": []}]}})
                .to_string(),
            json!({"id": "d", "question": "x", "schema_file": "/nowhere/at/all.json"}).to_string(),
            json!({"id": "e", "question": "x", "schema": "no statements at all"}).to_string(),
            json!([1, 2]).to_string(),
            good.to_string(),
        ]);
        assert_eq!(got.len(), 8);
        for (answer, id) in got.iter().zip([
            json!(null),
            json!("a"),
            json!("b"),
            json!("c"),
            json!("d"),
            json!("e"),
            json!(null),
        ]) {
            assert_eq!(answer["id"], id);
            assert!(answer["error"].is_string(), "{answer}");
        }
        assert_eq!(names(&got[7]), ["orders", "customers"]);
    }

    #[test]
    fn a_catalogue_is_searched_as_one_and_its_tables_carry_the_id() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let lines = folder.path().join("all.jsonl");
        let shop = SHOP
            .replace('\n', " ")
            .replacen('{', r#"{"id":"x:shop","#, 1);
        let zoo = r#"{"id":"x:zoo","tables":[{"name":"animals","columns":[{"name":"species","type":"text"}]}]}"#;
        std::fs::write(&lines, format!("{shop}\n{zoo}\n")).expect("written");
        let array = folder.path().join("all.json");
        std::fs::write(&array, format!("[{shop},\n{zoo}]")).expect("written");
        let one = folder.path().join("one.json");
        std::fs::write(&one, SHOP).expect("written");
        let ask = |question: &str, file: &Path, more: Value| {
            let mut line = json!({"id": 1, "question": question, "schema_file": file});
            for (key, value) in more.as_object().expect("an object") {
                line[key] = value.clone();
            }
            line.to_string()
        };
        let got = answers(&[
            ask("how many animals", &lines, json!({})),
            ask("customers and their orders", &array, json!({})),
            ask(
                "customers and their orders",
                &array,
                json!({"schemas": ["x:zoo"]}),
            ),
            ask("orders", &array, json!({"schemas": ["x:none"]})),
            ask("orders", &one, json!({"limit": 1})),
            ask("how many animals", &lines, json!({})),
        ]);
        assert_eq!(names(&got[0]), ["x:zoo.animals"]);
        assert_eq!(names(&got[1])[..2], ["x:shop.orders", "x:shop.customers"]);
        assert_eq!(got[2]["message"], "No relevant schema found");
        assert_eq!(got[2]["nearest"], json!(["x:zoo.animals"]));
        assert!(got[3]["error"].is_string());
        assert_eq!(names(&got[4]), ["orders"]);
        assert!(
            got[0]["index_ms"].is_number() && got[5].get("index_ms").is_none(),
            "read once"
        );
    }

    #[test]
    fn what_of_a_ddl_could_not_be_read_is_told_once() {
        let ddl = "create table orders (id integer, customer text);\n\
                   create table customers (id integer primary key, name text, oops oops oops(;\n\
                   create view recent as select * from orders;";
        let line = serde_json::json!({"id": 1, "question": "orders", "schema": ddl}).to_string();
        let mut out = Vec::new();
        let mut told: Vec<String> = Vec::new();
        let twice = format!("{line}\n{line}");
        search_lines(twice.as_bytes(), &mut out, None, &mut |note| {
            told.push(note.to_owned());
        })
        .expect("a Vec takes every line");
        let out = String::from_utf8(out).expect("UTF-8");
        assert_eq!(out.lines().count(), 2, "{out}");
        assert!(out.contains("orders") && !out.contains("error"), "{out}");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("customers"), "{told:?}");
        assert!(told[1].contains("recent"), "{told:?}");
    }
}
