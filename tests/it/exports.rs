//! Results as files, fetched over HTTP and read by programs that had no part in writing them.

use crate::support::server::TestServer;
use calamine::{Data, Reader};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};
use std::io::Cursor;

/// The kinds that files write differently; an odd name, and more rows than one page.
const QUERY: &str = "select o.order_id as id, o.order_id % 2 = 0 as \"even?\", o.freight as freight, \
                     case when o.order_id % 3 = 0 then null else '=' || c.company_name end as \"Company, name\" \
                     from orders o join customers c on c.customer_id = o.customer_id order by o.order_id";

async fn fetched(server: &TestServer, path: &str) -> (u16, String, String, Vec<u8>) {
    let response = reqwest::get(server.url(path)).await.expect("an answer");
    let header = |name| {
        let value = response.headers().get(name).map(|value| value.to_str());
        value.transpose().expect("text").unwrap_or("").to_owned()
    };
    let (kind, disposition) = (header(CONTENT_TYPE), header(CONTENT_DISPOSITION));
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body").to_vec();
    (status, kind, disposition, body)
}

#[tokio::test]
async fn a_result_is_fetched_as_csv_xlsx_and_parquet_with_the_rows_it_has() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let (status, page) = server
        .post(
            "/api/v1/execute",
            json!({"dataset_id": dataset, "query": QUERY}),
        )
        .await;
    assert_eq!(status, 200, "{page}");
    let id = page["result_id"].as_str().expect("an id");
    let (status, whole) = server
        .get(&format!("/api/v1/results/{id}?limit=10000"))
        .await;
    assert_eq!(status, 200, "{whole}");
    let rows: Vec<&Vec<Value>> = whole["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row.as_array().expect("a row"))
        .collect();
    assert_eq!(rows.len(), 830);
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let number = |value: &Value| -> f64 { text(value).parse().expect("a number") };

    let (status, kind, disposition, csv) =
        fetched(&server, &format!("/api/v1/results/{id}.csv")).await;
    assert_eq!(status, 200);
    assert!(kind.starts_with("text/csv"), "{kind}");
    assert!(disposition.contains(".csv"), "{disposition}");
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert_eq!(csv.trim_end().lines().count(), 831);
    assert!(csv.contains("\"Company, name\""), "{}", &csv[..200]);

    let (status, kind, disposition, xlsx) =
        fetched(&server, &format!("/api/v1/results/{id}.xlsx")).await;
    assert_eq!(status, 200);
    assert_eq!(
        kind,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    assert!(disposition.contains(".xlsx"), "{disposition}");
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(xlsx)).expect("a workbook");
    let sheet = book
        .worksheet_range_at(0)
        .expect("a sheet")
        .expect("readable");
    let sheet: Vec<&[Data]> = sheet.rows().collect();
    let names: Vec<String> = sheet[0].iter().map(ToString::to_string).collect();
    assert_eq!(names, ["id", "even?", "freight", "Company, name"]);
    assert_eq!(sheet.len(), 831);
    for (cells, row) in sheet[1..].iter().zip(&rows) {
        assert_eq!(cells[0], Data::Float(number(&row[0])), "{row:?}");
        assert_eq!(
            cells[2].to_string().parse().ok(),
            Some(number(&row[2])),
            "{row:?}"
        );
        match &row[3] {
            Value::Null => assert_eq!(cells[3], Data::Empty),
            // a text that begins like a formula stays a text
            name => assert_eq!(cells[3], Data::String(text(name))),
        }
    }

    let (status, kind, disposition, file) =
        fetched(&server, &format!("/api/v1/results/{id}.parquet")).await;
    assert_eq!(status, 200);
    assert_eq!(kind, "application/vnd.apache.parquet");
    assert!(disposition.contains(".parquet"), "{disposition}");
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).expect("Parquet");
    let read: Vec<Vec<(String, Field)>> = reader
        .get_row_iter(None)
        .expect("rows")
        .map(|row| row.expect("a row").into_columns())
        .collect();
    assert_eq!(read.len(), 830);
    for (fields, row) in read.iter().zip(&rows) {
        assert_eq!(
            fields[0],
            ("id".to_owned(), Field::Long(number(&row[0]) as i64))
        );
        match (&fields[3].1, &row[3]) {
            (Field::Null, Value::Null) => {}
            (Field::Str(name), row) => assert_eq!(*name, text(row)),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_file_of_no_result_and_of_no_format_is_not_found() {
    let server = TestServer::start_with(&[]).await;
    for name in [
        "01890000-0000-7000-8000-000000000000.xlsx",
        "none.parquet",
        "none.pdf",
    ] {
        let (status, _, _, _) = fetched(&server, &format!("/api/v1/results/{name}")).await;
        assert_eq!(status, 404, "{name}");
    }
}
