//! A stored result as a file: CSV, Excel or Parquet, written page by page.
//!
//! A file never holds more of the rows in memory than a page. What a format cannot hold exactly (a number of forty
//! digits in a spreadsheet, a year beyond 9999) stands in it as text, digit for digit.

mod parquet;
mod xlsx;

use crate::ids::ResultId;
use crate::server::ApiError;
use crate::store::{Store, StoredResult};
use crate::target::ResultColumn;
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::Value;
use std::io::{Read, Seek};

/// Rows fetched and written at once.
const PAGE_ROWS: usize = 2_000;
/// Bytes read from a finished file at once.
const CHUNK_BYTES: usize = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Xlsx,
    Parquet,
}

impl Format {
    /// The id in front of a file name's ending, and the format that the ending names.
    pub fn of_name(name: &str) -> Option<(&str, Self)> {
        let (id, ending) = name.rsplit_once('.')?;
        let format = match ending {
            "csv" => Self::Csv,
            "xlsx" => Self::Xlsx,
            "parquet" => Self::Parquet,
            _ => return None,
        };
        Some((id, format))
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    fn disposition(self) -> &'static str {
        match self {
            Self::Csv => "attachment; filename=\"queryforge.csv\"",
            Self::Xlsx => "attachment; filename=\"queryforge.xlsx\"",
            Self::Parquet => "attachment; filename=\"queryforge.parquet\"",
        }
    }
}

/// Pages of one result, from the first to the last.
struct Pages {
    store: Store,
    id: ResultId,
    next: usize,
    count: usize,
}

impl Pages {
    fn of(store: &Store, result: &StoredResult) -> Self {
        Self {
            store: store.clone(),
            id: result.id,
            next: 0,
            count: result.row_count,
        }
    }

    /// None after the last one.
    async fn page(&mut self) -> crate::store::Result<Option<Vec<Vec<Value>>>> {
        if self.next >= self.count {
            return Ok(None);
        }
        let rows = self
            .store
            .result_rows(self.id, self.next, PAGE_ROWS)
            .await?;
        self.next += PAGE_ROWS;
        Ok(Some(rows))
    }
}

/// A file being written, rows after rows.
trait Sheet: Send + 'static {
    fn rows(&mut self, rows: &[Vec<Value>]) -> std::io::Result<()>;

    /// From its beginning.
    fn finish(self) -> std::io::Result<std::fs::File>;
}

pub(super) async fn export(
    store: &Store,
    result: &StoredResult,
    format: Format,
) -> Result<Response, ApiError> {
    let body = match format {
        Format::Csv => csv(store, result),
        Format::Xlsx => {
            let sheet = xlsx::Xlsx::new(&result.columns).map_err(|error| unwritten(&error))?;
            written(Pages::of(store, result), sheet).await?
        }
        Format::Parquet => {
            let mut survey = parquet::Survey::new(&result.columns);
            let mut pages = Pages::of(store, result);
            while let Some(rows) = pages.page().await? {
                survey.look_at(&rows);
            }
            let sheet = parquet::Parquet::new(survey).map_err(|error| unwritten(&error))?;
            written(Pages::of(store, result), sheet).await?
        }
    };
    let headers = [
        (header::CONTENT_TYPE, format.content_type()),
        (header::CONTENT_DISPOSITION, format.disposition()),
    ];
    Ok((headers, body).into_response())
}

fn unwritten(error: &std::io::Error) -> ApiError {
    tracing::error!(%error, "a result could not be written as a file");
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "The rows could not be written as a file.",
    )
}

/// Writes into a file that has no name, and sends that: both formats put their table of contents at the end.
async fn written<S: Sheet>(mut pages: Pages, mut sheet: S) -> Result<Body, ApiError> {
    let failed = |error: tokio::task::JoinError| unwritten(&std::io::Error::other(error));
    while let Some(rows) = pages.page().await? {
        sheet = tokio::task::spawn_blocking(move || sheet.rows(&rows).map(|()| sheet))
            .await
            .map_err(failed)?
            .map_err(|error| unwritten(&error))?;
    }
    let file = tokio::task::spawn_blocking(move || sheet.finish())
        .await
        .map_err(failed)?
        .map_err(|error| unwritten(&error))?;
    let chunks = stream::try_unfold(file, |mut file| async move {
        tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let read = file.read(&mut chunk)?;
            chunk.truncate(read);
            Ok((read > 0).then_some((Bytes::from(chunk), file)))
        })
        .await
        .unwrap_or_else(|error| Err(std::io::Error::other(error)))
    });
    Ok(Body::from_stream(chunks))
}

/// A file of our own from its beginning.
fn rewound(mut file: std::fs::File) -> std::io::Result<std::fs::File> {
    file.rewind()?;
    Ok(file)
}

/// RFC 4180, UTF-8 with a byte-order mark, so that spreadsheets read accents.
fn csv(store: &Store, result: &StoredResult) -> Body {
    let names: Vec<Value> = result
        .columns
        .iter()
        .map(|column| Value::from(column.name.as_str()))
        .collect();
    let header = (Some(vec![names]), Pages::of(store, result));
    let chunks = stream::try_unfold(header, |(header, mut pages)| async move {
        let (rows, mark) = match header {
            Some(rows) => (rows, "\u{feff}"),
            None => match pages.page().await.map_err(std::io::Error::other)? {
                Some(rows) => (rows, ""),
                None => return Ok::<_, std::io::Error>(None),
            },
        };
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(mark.as_bytes().to_vec());
        for row in &rows {
            writer.write_record(row.iter().map(cell))?;
        }
        let bytes = writer.into_inner().expect("a Vec takes every byte");
        Ok(Some((Bytes::from(bytes), (None, pages))))
    });
    Body::from_stream(chunks)
}

/// A value as a spreadsheet should read it. Text that a spreadsheet would take for a formula gets an
/// apostrophe in front; numbers, negative ones too, stay as they are.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            if formula && text.parse::<f64>().is_err() {
                format!("'{text}")
            } else {
                text.clone()
            }
        }
        other => other.to_string(),
    }
}

/// Any value as text; None for NULL.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A point in time as the engines write it, `2024-02-29 12:00:00.25+00` or without a zone, and its zone.
fn instant(text: &str) -> Option<(chrono::NaiveDateTime, Option<i32>)> {
    let text = text.trim();
    let (text, zone) = match text.strip_suffix('Z') {
        Some(text) => (text, Some(0)),
        None => match text.rfind(['+', '-']).filter(|at| *at > 10) {
            Some(at) => {
                let (text, zone) = text.split_at(at);
                let mut parts = zone[1..].split(':');
                let hours: i32 = parts.next()?.parse().ok()?;
                let minutes: i32 = match parts.next() {
                    Some(minutes) => minutes.parse().ok()?,
                    None => 0,
                };
                let seconds = hours * 3_600 + minutes * 60;
                let seconds = if zone.starts_with('-') {
                    -seconds
                } else {
                    seconds
                };
                (text, Some(seconds))
            }
            None => (text, None),
        },
    };
    let text = text.replacen('T', " ", 1);
    let (date, time) = text.split_once(' ')?;
    // chrono reads years of five digits only with a sign
    let date = day(date)?;
    let time = chrono::NaiveTime::parse_from_str(time, "%H:%M:%S%.f").ok()?;
    Some((date.and_time(time), zone))
}

/// A date as `2024-02-29`.
fn day(text: &str) -> Option<chrono::NaiveDate> {
    (text.len() == 10)
        .then(|| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

/// Names without repeats: a file's columns are found by name.
fn distinct_names(columns: &[ResultColumn]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = column.name.clone();
        let mut number = 1;
        while names.contains(&name) {
            number += 1;
            name = format!("{}_{number}", column.name);
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests;
