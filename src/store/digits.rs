//! Rows read back with every digit they were written with.
//!
//! serde_json reads a float to within one unit of its last place unless a feature says otherwise, and 102074.30999999998
//! comes back as 102074.31. Rows hold scalars only, so reading them exactly takes little.

use serde_json::{Number, Value};

/// The rows of a stored page: a JSON array of arrays of scalars, as serde_json wrote it. `None` for anything else.
pub fn rows(page: &str) -> Option<Vec<Vec<Value>>> {
    let mut rest = page.trim().strip_prefix('[')?.trim_start();
    let mut rows = Vec::new();
    if let Some(end) = rest.strip_prefix(']') {
        return end.is_empty().then_some(rows);
    }
    loop {
        rest = rest.strip_prefix('[')?;
        let mut row = Vec::new();
        if let Some(after) = rest.strip_prefix(']') {
            rest = after;
        } else {
            loop {
                let (value, after) = scalar(rest)?;
                row.push(value);
                match after.as_bytes().first()? {
                    b',' => rest = &after[1..],
                    b']' => {
                        rest = &after[1..];
                        break;
                    }
                    _ => return None,
                }
            }
        }
        rows.push(row);
        match rest {
            "]" => return Some(rows),
            _ => rest = rest.strip_prefix(',')?,
        }
    }
}

/// The scalar that `text` begins with, and what follows it.
fn scalar(text: &str) -> Option<(Value, &str)> {
    let end = if let Some(inside) = text.strip_prefix('"') {
        let mut escaped = false;
        let closing = inside.bytes().position(|byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        closing + 2
    } else {
        text.find([',', ']'])?
    };
    let (token, after) = text.split_at(end);
    let is_float = token.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && token.contains(['.', 'e', 'E']);
    let value = if is_float {
        Value::Number(Number::from_f64(token.parse().ok()?)?)
    } else {
        serde_json::from_str(token).ok()?
    };
    Some((value, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_page_comes_back_as_it_was() {
        for page in [
            json!([]),
            json!([[]]),
            json!([[1, "a,]\"\\", null, true], [-2, "ü\n", 0.5, false]]),
            json!([[102074.30999999998, 1e300, -0.1]]),
        ] {
            let text = page.to_string();
            let read = rows(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
        }
        for wrong in ["", "[", "[[1]", "[1]", "{}", "[[1],]", "[[1]]x"] {
            assert_eq!(rows(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_float_loses_a_digit(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let text = json!([[number]]).to_string();
            let read = rows(&text).expect("a page");
            prop_assert_eq!(read[0][0].as_f64().expect("a number").to_bits(), number.to_bits());
        }
    }
}
