use super::*;
use crate::schema::ValueKind::{self, *};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use calamine::{Data, Reader};
use serde_json::json;

fn columns() -> Vec<ResultColumn> {
    [
        ("id", Integer),
        ("huge", Integer),
        ("price", Decimal),
        ("exact", Decimal),
        ("ratio", Float),
        ("paid", Boolean),
        ("day", Date),
        ("odd day", Date),
        ("at", Timestamp),
        ("local", Timestamp),
        ("name", Text),
        ("name", Array),
    ]
    .into_iter()
    .map(|(name, kind): (&str, ValueKind)| ResultColumn {
        name: name.into(),
        data_type: String::new(),
        kind,
    })
    .collect()
}

fn rows() -> Vec<Vec<Value>> {
    vec![
        vec![
            json!(1),
            json!("9007199254740993"),
            json!("12.50"),
            json!("12345678901234567890.123456789"),
            json!(0.1),
            json!(true),
            json!("2024-02-29"),
            json!("2024-02-29"),
            json!("2024-02-29 21:59:59.123456+02"),
            json!("1999-12-31 23:59:59.25"),
            json!("=1+1"),
            json!("{1,NULL}"),
        ],
        vec![Value::Null; 12],
        vec![
            json!(-2),
            json!("-9223372036854775808"),
            json!("-0.05"),
            json!("1e131071"),
            json!("NaN"),
            json!(false),
            json!("1970-01-01"),
            json!("12024-01-01"),
            json!("1970-01-01 00:00:00+00"),
            json!("1970-01-01 00:00:00"),
            json!("Zoë"),
            json!("{{1},{2}}"),
        ],
    ]
}

#[test]
fn a_spreadsheet_reads_numbers_dates_and_texts_back() {
    let mut sheet = xlsx::Xlsx::new(&columns()).expect("begun");
    sheet.rows(&rows()).expect("written");
    let file = sheet.finish().expect("finished");
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::BufReader::new(file)).expect("a workbook");
    let sheet = book
        .worksheet_range_at(0)
        .expect("a sheet")
        .expect("readable");
    let rows: Vec<Vec<String>> = sheet
        .rows()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Data::DateTime(at) => {
                        let at = at.to_ymd_hms_milli();
                        format!(
                            "time {:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}",
                            at.0, at.1, at.2, at.3, at.4, at.5, at.6
                        )
                    }
                    Data::String(text) => format!("text {text}"),
                    Data::Float(number) => format!("number {number}"),
                    Data::Bool(truth) => format!("{truth}"),
                    Data::Empty => String::new(),
                    other => format!("{other:?}"),
                })
                .collect()
        })
        .collect();
    assert_eq!(
        rows[0],
        [
            "id", "huge", "price", "exact", "ratio", "paid", "day", "odd day", "at", "local",
            "name", "name_2"
        ]
        .map(|name| format!("text {name}"))
    );
    assert_eq!(
        rows[1],
        [
            "number 1",
            "text 9007199254740993",
            "number 12.5",
            "text 12345678901234567890.123456789",
            "number 0.1",
            "true",
            "time 2024-02-29 00:00:00.000",
            "time 2024-02-29 00:00:00.000",
            "text 2024-02-29 21:59:59.123456+02",
            "time 1999-12-31 23:59:59.250",
            "text =1+1",
            "text {1,NULL}",
        ]
    );
    assert!(rows[2].iter().all(String::is_empty), "{:?}", rows[2]);
    assert_eq!(rows[3][3], "text 1e131071");
    assert_eq!(rows[3][4], "text NaN");
    assert_eq!(rows[3][7], "text 12024-01-01");
    assert_eq!(rows[3][10], "text Zoë");
}

#[test]
fn parquet_keeps_every_digit_in_the_type_that_has_it() {
    let mut survey = parquet::Survey::new(&columns());
    survey.look_at(&rows());
    let mut sheet = parquet::Parquet::new(survey).expect("begun");
    sheet.rows(&rows()[..2]).expect("written");
    sheet.rows(&rows()[2..]).expect("written");
    let file = sheet.finish().expect("finished");
    let reader = SerializedFileReader::new(file).expect("a Parquet file");
    let read: Vec<Vec<(String, Field)>> = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| {
            row.expect("a row")
                .get_column_iter()
                .map(|(name, field)| (name.clone(), field.clone()))
                .collect()
        })
        .collect();
    let shown = |row: usize| -> Vec<String> {
        read[row]
            .iter()
            .map(|(name, field)| match field {
                Field::Str(text) => format!("{name} text {text}"),
                Field::Date(days) => format!("{name} day {days}"),
                Field::TimestampMicros(micros) => format!("{name} micros {micros}"),
                Field::Decimal(_) => format!("{name} decimal {field}"),
                other => format!("{name} {other}"),
            })
            .collect()
    };
    assert_eq!(
        shown(0),
        [
            "id 1",
            "huge 9007199254740993",
            "price decimal 12.50",
            "exact text 12345678901234567890.123456789",
            "ratio 0.1",
            "paid true",
            "day day 19782",
            "odd day text 2024-02-29",
            "at micros 1709236799123456",
            "local micros 946684799250000",
            "name text =1+1",
            "name_2 text {1,NULL}",
        ]
    );
    assert!(read[1].iter().all(|(_, field)| *field == Field::Null));
    let last = shown(2);
    assert_eq!(last[1], "huge -9223372036854775808");
    assert_eq!(last[2], "price decimal -0.05");
    assert_eq!(last[3], "exact text 1e131071");
    assert_eq!(last[4], "ratio NaN");
    assert_eq!(last[6], "day day 0");
    assert_eq!(last[8], "at micros 0");
}

#[test]
fn a_cell_is_never_a_formula() {
    for (value, expected) in [
        (json!(null), ""),
        (json!(-5), "-5"),
        (json!("-5.10"), "-5.10"),
        (json!("=1+1"), "'=1+1"),
        (json!("@SUM(A1)"), "'@SUM(A1)"),
        (json!("plain, with comma"), "plain, with comma"),
        (json!(true), "true"),
    ] {
        assert_eq!(cell(&value), expected);
    }
}
