//! What can be known of a schema before any question: kinds, labels, main dates, prices, keys.

use crate::builtin::tokens::{identifier_words, stem};
use crate::schema::{Column, Schema, Table, ValueKind};

/// Position of a table in [`Schema::tables`].
pub type TableId = usize;

/// One column of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId {
    pub table: TableId,
    pub column: usize,
}

/// The same positions as [`Schema::tables`].
#[derive(Debug, Default)]
pub struct Catalogue {
    pub tables: Vec<TableFacts>,
}

#[derive(Debug, Default)]
pub struct TableFacts {
    pub columns: Vec<ColumnFacts>,
    /// Stemmed words of its name.
    pub words: Vec<String>,
    /// What a person reads to know which row it is (`name`, or `first_name` and `last_name`); may be empty.
    pub label: Vec<usize>,
    pub key: Vec<usize>,
    /// The date of the event that a row records.
    pub main_date: Option<usize>,
    /// It holds little more than the keys of two other tables.
    pub is_bridge: bool,
}

#[derive(Debug)]
pub struct ColumnFacts {
    pub kind: Kind,
    /// Stemmed words of its name.
    pub words: Vec<String>,
    /// Part of the primary key or of a foreign key, or named like one.
    pub is_key: bool,
    /// Boolean, or a number that is only ever 0 or 1.
    pub flag: bool,
    /// Text that is all numbers: it is compared and summed as a number.
    pub numeric_text: bool,
}

/// What a column is for a question; finer than its declared type, because values were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    /// With the way it is written down.
    Date(DateForm),
    /// A year in a number or a text column.
    Year,
    Time,
    Boolean,
    /// Pictures, documents, arrays: never listed, never compared.
    Opaque,
}

impl Kind {
    /// It says when on a day, not only which day.
    pub fn has_time(self) -> bool {
        matches!(
            self,
            Self::Date(
                DateForm::Timestamp
                    | DateForm::IsoText { time: true }
                    | DateForm::MonthFirstText { time: true }
                    | DateForm::DayFirstText { time: true }
            )
        )
    }
}

/// How a date is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    Date,
    Timestamp,
    /// Text that begins with `2013-08-29`.
    IsoText {
        time: bool,
    },
    /// Text such as `8/29/2013` or `8/29/2013 17:03`.
    MonthFirstText {
        time: bool,
    },
    /// Text such as `29/8/2013`.
    DayFirstText {
        time: bool,
    },
}

impl Catalogue {
    pub fn build(schema: &Schema) -> Self {
        Self {
            tables: schema.tables.iter().map(table_facts).collect(),
        }
    }

    pub fn column(&self, id: ColumnId) -> &ColumnFacts {
        &self.tables[id.table].columns[id.column]
    }

    pub fn kind(&self, id: ColumnId) -> Kind {
        self.column(id).kind
    }

    /// Label columns, or the key where nothing reads like a name.
    pub fn label_or_key(&self, table: TableId) -> Vec<ColumnId> {
        let facts = &self.tables[table];
        let columns = if facts.label.is_empty() {
            &facts.key
        } else {
            &facts.label
        };
        columns
            .iter()
            .map(|&column| ColumnId { table, column })
            .collect()
    }

    /// Numbers that can be added up: no key, no year.
    pub fn is_measure(&self, id: ColumnId) -> bool {
        let facts = self.column(id);
        (facts.kind == Kind::Number || facts.numeric_text) && !facts.is_key
    }

    /// A column of yes and no, whatever it is declared as.
    pub fn is_flag(&self, id: ColumnId) -> bool {
        self.column(id).flag
    }

    pub fn is_date(&self, id: ColumnId) -> bool {
        matches!(self.kind(id), Kind::Date(_))
    }

    /// The first column of `table` whose name has one of `words` (stems), best words first.
    pub fn column_with_word(
        &self,
        table: TableId,
        words: &[&str],
        fits: impl Fn(ColumnId) -> bool,
    ) -> Option<ColumnId> {
        let columns = &self.tables[table].columns;
        words.iter().find_map(|word| {
            (0..columns.len())
                .map(|column| ColumnId { table, column })
                .filter(|id| fits(*id) && columns[id.column].words.iter().any(|own| own == word))
                .min_by_key(|id| columns[id.column].words.len())
        })
    }
}

fn table_facts(table: &Table) -> TableFacts {
    let words: Vec<String> = identifier_words(&table.name)
        .iter()
        .map(|word| stem(word))
        .collect();
    let position = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let key: Vec<usize> = table.primary_key.iter().filter_map(position).collect();
    let foreign: Vec<usize> = table
        .foreign_keys
        .iter()
        .flat_map(|foreign| foreign.columns.iter().filter_map(position))
        .collect();
    let columns: Vec<ColumnFacts> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| column_facts(column, key.contains(&at) || foreign.contains(&at)))
        .collect();
    let is_bridge = foreign.len() >= 2
        && columns.len() <= foreign.len() + 1
        && (0..columns.len())
            .filter(|at| !foreign.contains(at))
            .all(|at| columns[at].is_key);
    let label = label(&words, &columns, &key, &foreign);
    let main_date = main_date(&words, &columns);
    TableFacts {
        columns,
        words,
        label,
        key,
        main_date,
        is_bridge,
    }
}

fn column_facts(column: &Column, in_a_key: bool) -> ColumnFacts {
    let words: Vec<String> = identifier_words(&column.name)
        .iter()
        .map(|word| stem(word))
        .collect();
    let named_key = matches!(
        words.last().map(String::as_str),
        Some("id" | "uuid" | "guid" | "key")
    ) || column.name.len() > 2 && column.name.ends_with("ID");
    let (kind, numeric_text) = kind(column, &words);
    ColumnFacts {
        flag: kind == Kind::Boolean
            || kind == Kind::Number
                && column
                    .range
                    .as_ref()
                    .is_some_and(|(low, high)| low == "0" && high == "1"),
        kind,
        words,
        is_key: in_a_key || named_key,
        numeric_text,
    }
}

fn kind(column: &Column, words: &[String]) -> (Kind, bool) {
    let declared = column.kind();
    let is_year = words.last().is_some_and(|word| word == "year");
    let by_name = |kind: ValueKind| match kind {
        ValueKind::Other => match column.data_type.to_ascii_lowercase().as_str() {
            "" | "text" | "others" => ValueKind::Text,
            _ => ValueKind::Other,
        },
        kind => kind,
    };
    match by_name(declared) {
        ValueKind::Integer | ValueKind::Decimal | ValueKind::Float if is_year => {
            (Kind::Year, false)
        }
        ValueKind::Integer | ValueKind::Decimal | ValueKind::Float => (Kind::Number, false),
        ValueKind::Boolean => (Kind::Boolean, false),
        ValueKind::Date => match text_date(&column.values) {
            Some(form @ (DateForm::MonthFirstText { .. } | DateForm::DayFirstText { .. })) => {
                (Kind::Date(form), false)
            }
            _ => (Kind::Date(DateForm::Date), false),
        },
        ValueKind::Timestamp => match text_date(&column.values) {
            Some(form @ (DateForm::MonthFirstText { .. } | DateForm::DayFirstText { .. })) => {
                (Kind::Date(form), false)
            }
            _ => (Kind::Date(DateForm::Timestamp), false),
        },
        ValueKind::Time => (Kind::Time, false),
        ValueKind::Text | ValueKind::Uuid => {
            if let Some(form) = text_date(&column.values) {
                return (Kind::Date(form), false);
            }
            let missing = |value: &&String| {
                ["", "null", "na", "n/a", "nan", "-"]
                    .contains(&value.trim().to_ascii_lowercase().as_str())
            };
            let numbers = column
                .values
                .iter()
                .any(|value| value.trim().parse::<f64>().is_ok())
                && column
                    .values
                    .iter()
                    .filter(|value| !missing(value))
                    .all(|value| value.trim().parse::<f64>().is_ok());
            if numbers && is_year {
                return (Kind::Year, true);
            }
            // codes are digits too: leading zeros and names such as zip, phone, code say so
            let code = column
                .values
                .iter()
                .any(|value| value.len() > 1 && value.starts_with('0') && !value.contains('.'))
                || words.iter().any(|word| {
                    [
                        "zip", "postal", "phone", "code", "fax", "id", "ssn", "number", "no",
                        "mobil", "cell",
                    ]
                    .contains(&word.as_str())
                });
            (Kind::Text, numbers && !code)
        }
        ValueKind::Json | ValueKind::Array | ValueKind::Binary => (Kind::Opaque, false),
        ValueKind::Interval | ValueKind::Other => (Kind::Text, false),
    }
}

fn text_date(values: &[String]) -> Option<DateForm> {
    let values: Vec<&str> = values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .take(200)
        .collect();
    if values.is_empty() {
        return None;
    }
    let mut time = false;
    let (mut iso, mut slashes, mut first_over_12, mut second_over_12) = (true, true, false, false);
    for value in values {
        let (day, rest) = value.split_at(value.find([' ', 'T']).unwrap_or(value.len()));
        time |= rest.len() > 1;
        let parts: Vec<&str> = day.split(['-', '/']).collect();
        let [a, b, c] = parts.as_slice() else {
            return None;
        };
        if ![a, b, c]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        {
            return None;
        }
        iso &= a.len() == 4 && day.contains('-') && b.len() == 2;
        slashes &= c.len() == 4 && day.contains('/');
        first_over_12 |= a.parse::<u32>().is_ok_and(|n| n > 12);
        second_over_12 |= b.parse::<u32>().is_ok_and(|n| n > 12);
    }
    if iso {
        Some(DateForm::IsoText { time })
    } else if slashes && first_over_12 && !second_over_12 {
        Some(DateForm::DayFirstText { time })
    } else if slashes {
        Some(DateForm::MonthFirstText { time })
    } else {
        None
    }
}

/// The columns that name a row.
fn label(
    table: &[String],
    columns: &[ColumnFacts],
    key: &[usize],
    foreign: &[usize],
) -> Vec<usize> {
    let text = |at: usize| {
        columns[at].kind == Kind::Text && !columns[at].numeric_text && !foreign.contains(&at)
    };
    let find = |fits: &dyn Fn(&[String]) -> bool| {
        (0..columns.len()).find(|&at| text(at) && fits(&columns[at].words))
    };
    let is =
        |words: &[String], name: &[&str]| words.iter().map(String::as_str).eq(name.iter().copied());
    let first = find(&|words| {
        is(words, &["first", "name"])
            || is(words, &["firstnam"])
            || is(words, &["fname"])
            || is(words, &["given", "name"])
            || is(words, &["forenam"])
    });
    let last = find(&|words| {
        is(words, &["last", "name"])
            || is(words, &["lastnam"])
            || is(words, &["lname"])
            || is(words, &["surnam"])
            || is(words, &["famili", "name"])
    });
    // "customer_name" and "name" are the row's own; "ship_name" is not
    let own = |words: &[String], noun: &str| {
        words.last().is_some_and(|word| word == noun)
            && words[..words.len() - 1]
                .iter()
                .all(|word| table.contains(word) || squeezed(table).contains(word.as_str()))
    };
    if let Some(at) = find(&|words| own(words, "name")) {
        return vec![at];
    }
    if let (Some(first), Some(last)) = (first, last) {
        return vec![first, last];
    }
    let named = find(&|words| {
        is(words, &["full", "name"]) || is(words, &["fullnam"]) || is(words, &["display", "name"])
    })
    .or_else(|| find(&|words| own(words, "titl")))
    .or_else(|| {
        find(&|words| {
            ["compani", "organ", "busi", "busines"]
                .iter()
                .any(|noun| is(words, &[noun, "name"]))
        })
    })
    .or_else(|| {
        // the only name there is, whatever it is called
        let names: Vec<usize> = (0..columns.len())
            .filter(|&at| text(at) && columns[at].words.last().is_some_and(|word| word == "name"))
            .collect();
        let about_it = names
            .iter()
            .find(|&&at| columns[at].words.iter().any(|word| table.contains(word)));
        about_it
            .or_else(|| {
                names.first().filter(|&&at| {
                    let foreign = columns[at].words.iter().any(|word| {
                        ["ship", "bill", "contact", "start", "end", "file", "path"]
                            .contains(&word.as_str())
                    });
                    !foreign && (names.len() == 1 || columns.len() <= 4)
                })
            })
            .copied()
    })
    .or_else(|| find(&|words| own(words, "label")))
    // a table "genre" with a column "genre"; "continents" with "Continent"
    .or_else(|| find(&|words| !words.is_empty() && words.iter().all(|word| table.contains(word))))
    .or_else(|| find(&|words| own(words, "descript") || own(words, "desc")))
    .or_else(|| {
        find(&|words| {
            words
                .last()
                .is_some_and(|word| word == "name" || word == "titl")
                && words.len() <= 2
                && !words
                    .iter()
                    .any(|w| ["ship", "bill", "contact", "job"].contains(&w.as_str()))
        })
    });
    if let Some(at) = named {
        return vec![at];
    }
    if let Some(last) = last {
        return vec![last];
    }
    if key.len() == 1 && text(key[0]) && columns.len() <= 3 {
        return vec![key[0]];
    }
    let texts: Vec<usize> = (0..columns.len())
        .filter(|&at| text(at) && !columns[at].is_key)
        .collect();
    match texts.as_slice() {
        [only] if columns.len() <= 4 => vec![*only],
        _ => Vec::new(),
    }
}

fn squeezed(words: &[String]) -> String {
    words.concat()
}

fn main_date(table: &[String], columns: &[ColumnFacts]) -> Option<usize> {
    let dates: Vec<usize> = (0..columns.len())
        .filter(|&at| matches!(columns[at].kind, Kind::Date(_)))
        .collect();
    let with = |words: &[&str]| {
        dates.iter().copied().find(|&at| {
            columns[at]
                .words
                .iter()
                .any(|word| words.contains(&word.as_str()))
        })
    };
    dates
        .iter()
        .copied()
        .find(|&at| columns[at].words.iter().any(|word| table.contains(word)))
        .or_else(|| {
            dates.iter().copied().find(|&at| {
                columns[at].words.len() == 1
                    && ["date", "time", "day", "timestamp"].contains(&columns[at].words[0].as_str())
            })
        })
        .or_else(|| {
            with(&[
                "start", "order", "invoic", "transact", "purchas", "sale", "payment", "paid",
                "issu", "event", "book", "trade", "visit",
            ])
        })
        .or_else(|| {
            with(&[
                "creat", "regist", "open", "hire", "join", "releas", "publish",
            ])
        })
        .or_else(|| dates.first().copied())
}
