//! Parquet: a typed column where every value of it has an exact place in that type, else a column of text.

use super::{Sheet, day, distinct_names, instant, rewound, text};
use crate::schema::ValueKind;
use crate::target::ResultColumn;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use serde_json::Value;
use std::fs::File;
use std::io::{Error, Result};
use std::sync::Arc;

/// Digits of Parquet's longest decimal.
const DIGITS: usize = 38;

/// What a column is written as.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Integer,
    Decimal { scale: usize },
    Double,
    Boolean,
    Date,
    Timestamp { utc: bool },
    Text,
}

/// What the values of a result fit into; it has to see all of them before the first is written.
pub(super) struct Survey {
    names: Vec<String>,
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    kind: ValueKind,
    fits: bool,
    /// Of decimals: digits before and after the point, at most.
    whole: usize,
    scale: usize,
    /// Of timestamps: with a zone, and without.
    zoned: bool,
    unzoned: bool,
}

impl Survey {
    pub fn new(columns: &[ResultColumn]) -> Self {
        Self {
            names: distinct_names(columns),
            columns: columns
                .iter()
                .map(|column| Column {
                    kind: column.kind,
                    fits: true,
                    whole: 1,
                    scale: 0,
                    zoned: false,
                    unzoned: false,
                })
                .collect(),
        }
    }

    pub fn look_at(&mut self, rows: &[Vec<Value>]) {
        for row in rows {
            for (column, value) in self.columns.iter_mut().zip(row) {
                if column.fits
                    && let Some(text) = text(value)
                {
                    column.look_at(value, &text);
                }
            }
        }
    }
}

impl Column {
    fn look_at(&mut self, value: &Value, text: &str) {
        self.fits = match self.kind {
            ValueKind::Integer => text.parse::<i64>().is_ok(),
            ValueKind::Decimal => match digits(text) {
                Some((whole, scale)) => {
                    self.whole = self.whole.max(whole);
                    self.scale = self.scale.max(scale);
                    self.whole + self.scale <= DIGITS
                }
                None => false,
            },
            ValueKind::Float => text.parse::<f64>().is_ok(),
            ValueKind::Boolean => value.is_boolean(),
            ValueKind::Date => day(text).is_some(),
            ValueKind::Timestamp => match micros(text) {
                Some((_, zoned)) => {
                    self.zoned |= zoned;
                    self.unzoned |= !zoned;
                    !(self.zoned && self.unzoned)
                }
                None => false,
            },
            _ => false,
        };
    }

    fn form(&self) -> Form {
        match self.kind {
            _ if !self.fits => Form::Text,
            ValueKind::Integer => Form::Integer,
            ValueKind::Decimal => Form::Decimal { scale: self.scale },
            ValueKind::Float => Form::Double,
            ValueKind::Boolean => Form::Boolean,
            ValueKind::Date => Form::Date,
            ValueKind::Timestamp => Form::Timestamp { utc: self.zoned },
            _ => Form::Text,
        }
    }
}

/// Digits before and after the point of a plain decimal.
fn digits(text: &str) -> Option<(usize, usize)> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!whole.is_empty() && all_digits(whole) && all_digits(fraction))
        .then_some((whole.len(), fraction.len()))
}

/// Microseconds since 1970, and whether that is in UTC; None when there are finer parts.
fn micros(text: &str) -> Option<(i64, bool)> {
    let (instant, zone) = instant(text)?;
    let instant = instant.and_utc();
    if instant.timestamp_subsec_nanos() % 1_000 != 0 {
        return None;
    }
    let micros = instant.timestamp_micros() - i64::from(zone.unwrap_or(0)) * 1_000_000;
    Some((micros, zone.is_some()))
}

/// A decimal as a whole number of its last places, most significant byte first.
fn unscaled(text: &str, scale: usize) -> Option<FixedLenByteArray> {
    let (_, own) = digits(text)?;
    let plain: String = text.chars().filter(|c| *c != '.').collect();
    let number: i128 = plain.parse().ok()?;
    let number = number.checked_mul(10_i128.checked_pow(u32::try_from(scale - own).ok()?)?)?;
    Some(ByteArray::from(number.to_be_bytes().to_vec()).into())
}

pub(super) struct Parquet {
    writer: SerializedFileWriter<File>,
    forms: Vec<Form>,
}

impl Parquet {
    pub fn new(survey: Survey) -> Result<Self> {
        let forms: Vec<Form> = survey.columns.iter().map(Column::form).collect();
        let fields = survey
            .names
            .iter()
            .zip(&forms)
            .map(|(name, form)| field(name, *form).map(Arc::new))
            .collect::<Result<Vec<_>>>()?;
        let schema = Type::group_type_builder("result")
            .with_fields(fields)
            .build()
            .map_err(Error::other)?;
        let writer = SerializedFileWriter::new(
            tempfile::tempfile()?,
            Arc::new(schema),
            Arc::new(WriterProperties::builder().build()),
        )
        .map_err(Error::other)?;
        Ok(Self { writer, forms })
    }
}

fn field(name: &str, form: Form) -> Result<Type> {
    let (physical, logical) = match form {
        Form::Integer => (Physical::INT64, None),
        Form::Decimal { .. } => (Physical::FIXED_LEN_BYTE_ARRAY, None),
        Form::Double => (Physical::DOUBLE, None),
        Form::Boolean => (Physical::BOOLEAN, None),
        Form::Date => (Physical::INT32, Some(LogicalType::Date)),
        Form::Timestamp { utc } => (
            Physical::INT64,
            Some(LogicalType::timestamp(utc, TimeUnit::MICROS)),
        ),
        Form::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let mut builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if let Form::Decimal { scale } = form {
        let (scale, digits) = (scale as i32, DIGITS as i32);
        builder = builder
            .with_logical_type(Some(LogicalType::decimal(scale, digits)))
            .with_length(16)
            .with_precision(digits)
            .with_scale(scale);
    }
    builder.build().map_err(Error::other)
}

impl Sheet for Parquet {
    /// A row group for each page.
    fn rows(&mut self, rows: &[Vec<Value>]) -> Result<()> {
        let mut group = self.writer.next_row_group().map_err(Error::other)?;
        for (at, form) in self.forms.iter().enumerate() {
            let values: Vec<Option<String>> =
                rows.iter().map(|row| row.get(at).and_then(text)).collect();
            let mut column = group
                .next_column()
                .map_err(Error::other)?
                .expect("the schema has as many columns");
            write(&mut column, *form, &values).map_err(Error::other)?;
            column.close().map_err(Error::other)?;
        }
        group.close().map_err(Error::other)?;
        Ok(())
    }

    fn finish(mut self) -> Result<File> {
        self.writer.finish().map_err(Error::other)?;
        rewound(self.writer.inner().try_clone()?)
    }
}

fn write(
    column: &mut SerializedColumnWriter<'_>,
    form: Form,
    values: &[Option<String>],
) -> parquet::errors::Result<usize> {
    let levels: Vec<i16> = values
        .iter()
        .map(|value| i16::from(value.is_some()))
        .collect();
    let there = values.iter().flatten();
    // the survey saw that every value fits
    match form {
        Form::Integer => {
            let values: Vec<i64> = there.filter_map(|text| text.parse().ok()).collect();
            column
                .typed::<Int64Type>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Decimal { scale } => {
            let values: Vec<FixedLenByteArray> =
                there.filter_map(|text| unscaled(text, scale)).collect();
            column
                .typed::<FixedLenByteArrayType>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Double => {
            let values: Vec<f64> = there.filter_map(|text| text.parse().ok()).collect();
            column
                .typed::<DoubleType>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Boolean => {
            let values: Vec<bool> = there.map(|text| text == "true").collect();
            column
                .typed::<BoolType>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Date => {
            let values: Vec<i32> = there
                .filter_map(|text| day(text))
                .filter_map(|day| {
                    i32::try_from((day - chrono::NaiveDate::default()).num_days()).ok()
                })
                .collect();
            column
                .typed::<Int32Type>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Timestamp { .. } => {
            let values: Vec<i64> = there
                .filter_map(|text| micros(text))
                .map(|(micros, _)| micros)
                .collect();
            column
                .typed::<Int64Type>()
                .write_batch(&values, Some(&levels), None)
        }
        Form::Text => {
            let values: Vec<ByteArray> = there.map(|text| text.as_str().into()).collect();
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, Some(&levels), None)
        }
    }
}
