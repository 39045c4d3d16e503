//! Excel's format, one sheet, its rows on disk while it is written.

use super::{Sheet, day, distinct_names, instant, rewound, text};
use crate::schema::ValueKind;
use crate::target::ResultColumn;
use chrono::{Datelike, Timelike};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;
use std::fs::File;
use std::io::{Error, Result};

/// Digits that a spreadsheet's number keeps.
const EXACT_DIGITS: usize = 15;
/// Characters that a cell takes.
const CELL_CHARS: usize = 32_767;
/// Rows that a sheet takes, its header among them.
const SHEET_ROWS: u32 = 1_048_576;

pub(super) struct Xlsx {
    book: Workbook,
    kinds: Vec<ValueKind>,
    next: u32,
    date: Format,
    time: Format,
}

impl Xlsx {
    pub fn new(columns: &[ResultColumn]) -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book
            .add_worksheet_with_constant_memory()
            .map_err(Error::other)?;
        let bold = Format::new().set_bold();
        for (at, name) in distinct_names(columns).iter().enumerate() {
            sheet
                .write_string_with_format(0, column(at)?, shortened(name), &bold)
                .map_err(Error::other)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(Error::other)?;
        Ok(Self {
            book,
            kinds: columns.iter().map(|column| column.kind).collect(),
            next: 1,
            date: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
        })
    }
}

impl Sheet for Xlsx {
    fn rows(&mut self, rows: &[Vec<Value>]) -> Result<()> {
        let Self {
            book,
            kinds,
            next,
            date,
            time,
        } = self;
        let sheet = book.worksheet_from_index(0).map_err(Error::other)?;
        for row in rows {
            if *next == SHEET_ROWS {
                return Ok(());
            }
            for (at, value) in row.iter().enumerate() {
                let column = column(at)?;
                let kind = kinds.get(at).copied().unwrap_or(ValueKind::Other);
                let written = match cell(value, kind) {
                    Cell::Empty => continue,
                    Cell::Number(number) => sheet.write_number(*next, column, number),
                    Cell::Boolean(truth) => sheet.write_boolean(*next, column, truth),
                    Cell::Date(day) => sheet.write_datetime_with_format(*next, column, day, date),
                    Cell::Time(instant) => {
                        sheet.write_datetime_with_format(*next, column, instant, time)
                    }
                    // a string cell: nothing in it is ever a formula
                    Cell::Text(text) => sheet.write_string(*next, column, text),
                };
                written.map_err(Error::other)?;
            }
            *next += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(&mut file).map_err(Error::other)?;
        rewound(file)
    }
}

enum Cell {
    Empty,
    Number(f64),
    Boolean(bool),
    Date(ExcelDateTime),
    Time(ExcelDateTime),
    Text(String),
}

fn column(at: usize) -> Result<u16> {
    u16::try_from(at).map_err(Error::other)
}

fn shortened(text: &str) -> String {
    // Excel counts UTF-16 units
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= CELL_CHARS
        })
        .collect()
}

fn cell(value: &Value, kind: ValueKind) -> Cell {
    let Some(text) = text(value) else {
        return Cell::Empty;
    };
    let found = match (value, kind) {
        (Value::Bool(truth), _) => Some(Cell::Boolean(*truth)),
        (Value::Number(value), _) => number(&text, !value.is_f64()),
        (_, ValueKind::Integer | ValueKind::Decimal) => number(&text, true),
        (_, ValueKind::Float) => number(&text, false),
        (_, ValueKind::Date) => day(&text).and_then(date).map(Cell::Date),
        (_, ValueKind::Timestamp) => time(&text).map(Cell::Time),
        _ => None,
    };
    found.unwrap_or_else(|| Cell::Text(shortened(&text)))
}

/// A number, unless the sheet would lose digits of an exact one.
fn number(text: &str, exact: bool) -> Option<Cell> {
    let number: f64 = text
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    let digits = text
        .split(['e', 'E'])
        .next()
        .unwrap_or_default()
        .trim_start_matches(['-', '+', '0', '.'])
        .chars()
        .filter(char::is_ascii_digit)
        .count();
    (!exact || digits <= EXACT_DIGITS).then_some(Cell::Number(number))
}

fn date(day: chrono::NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year())
        .ok()
        .filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8).ok()
}

/// In UTC; None when the sheet would lose a part of the second.
fn time(text: &str) -> Option<ExcelDateTime> {
    let (instant, zone) = instant(text)?;
    let instant =
        instant.checked_sub_signed(chrono::Duration::seconds(zone.unwrap_or(0).into()))?;
    if instant.nanosecond() % 1_000_000 != 0 {
        return None;
    }
    date(instant.date())?
        .and_hms_milli(
            instant.hour() as u16,
            instant.minute() as u8,
            instant.second() as u8,
            (instant.nanosecond() / 1_000_000) as u16,
        )
        .ok()
}
