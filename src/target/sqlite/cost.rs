//! How many rows a plan looks at, from EXPLAIN QUERY PLAN and the schema's estimates.
//!
//! SQLite joins by loops within loops: steps beside each other are such a nest, in order, and a correlated subquery is
//! a nest for each row around it. What is below MATERIALIZE, CO-ROUTINE, COMPOUND QUERY and the like runs once.

/// One row of the plan.
#[derive(Debug)]
pub(super) struct Step {
    pub id: i64,
    pub parent: i64,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Work {
    pub rows: f64,
    /// Something is read from end to end for each row of something else.
    pub nested: bool,
    /// Something is read from end to end.
    pub scans: bool,
}

/// Rows of what has no estimate.
const UNKNOWN: f64 = 2_000.0;
/// What SQLite takes for the part of an index that lies on one side of a value.
const ONE_SIDE: f64 = 0.25;
/// … and between two.
const BETWEEN: f64 = 1.0 / 64.0;

/// `size`: about how many rows there are of what the query calls so.
pub(super) fn of(steps: &[Step], size: &dyn Fn(&str) -> Option<f64>) -> Work {
    let mut work = Work {
        rows: 0.0,
        nested: false,
        scans: false,
    };
    nest(steps, 0, 1.0, size, &mut work);
    work
}

fn nest(
    steps: &[Step],
    parent: i64,
    outer: f64,
    size: &dyn Fn(&str) -> Option<f64>,
    work: &mut Work,
) {
    let mut times = outer;
    for step in steps.iter().filter(|step| step.parent == parent) {
        let detail = step.detail.as_str();
        match looked_at(detail, size) {
            Some((rows, scan)) => {
                work.rows += rows * times;
                work.scans |= scan;
                work.nested |= scan && times > 1.0 && rows > 1.0;
                times *= rows.max(1.0);
            }
            // below is how it is found, by one index after another
            None if detail.starts_with("MULTI-INDEX OR") => work.rows += times,
            None => {
                let again = detail.starts_with("CORRELATED");
                nest(steps, step.id, if again { times } else { 1.0 }, size, work);
            }
        }
    }
}

/// Rows that one run of a loop looks at, and whether it is all there are; None for what is no loop.
fn looked_at(detail: &str, size: &dyn Fn(&str) -> Option<f64>) -> Option<(f64, bool)> {
    if let Some(rest) = detail.strip_prefix("SCAN ") {
        if rest == "CONSTANT ROW" || rest.ends_with("-ROW VALUES CLAUSE") {
            return Some((1.0, false));
        }
        return Some((size(name(rest)).unwrap_or(UNKNOWN), true));
    }
    let rest = detail.strip_prefix("SEARCH ")?;
    // an indexed expression has no name, and its brackets compare nothing
    let conditions = rest
        .rsplit_once('(')
        .map_or("", |(_, conditions)| conditions)
        .replace("<expr>", "expr");
    let (above, below) = (conditions.contains('>'), conditions.contains('<'));
    // the least or greatest has no condition; an equal one is found at once
    let part = match (above, below) {
        (true, true) => BETWEEN,
        (true, false) | (false, true) => ONE_SIDE,
        (false, false) => 0.0,
    };
    if part > 0.0 && !conditions.contains("=? AND") {
        let rows = size(name(rest)).unwrap_or(UNKNOWN);
        return Some(((rows * part).max(1.0), false));
    }
    Some((1.0, false))
}

/// `o` of `o USING INDEX …`; a name of several words comes as it is, without quotes.
fn name(rest: &str) -> &str {
    let end = [" USING ", " VIRTUAL TABLE ", " LEFT-JOIN", " ("]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps by their indentation.
    fn steps(plan: &str) -> Vec<Step> {
        let mut above: Vec<i64> = vec![0];
        let mut steps = Vec::new();
        for (at, line) in plan
            .lines()
            .filter(|line| !line.trim().is_empty())
            .enumerate()
        {
            let detail = line.trim_start();
            let depth = (line.len() - detail.len()) / 2;
            above.truncate(depth + 1);
            let id = i64::try_from(at).expect("few steps") + 1;
            steps.push(Step {
                id,
                parent: *above.last().expect("the root"),
                detail: detail.to_owned(),
            });
            above.push(id);
        }
        steps
    }

    #[test]
    fn loops_within_loops_multiply_and_nothing_else_does() {
        let size = |name: &str| match name {
            "a" | "order details" => Some(1_000.0),
            "b" => Some(64_000.0),
            _ => None,
        };
        for (plan, rows, nested) in [
            ("SCAN a", 1_000.0, false),
            ("SCAN order details", 1_000.0, false),
            ("SCAN a\nSCAN b USING COVERING INDEX bx", 64_001_000.0, true),
            (
                "SCAN a\nSEARCH b USING INTEGER PRIMARY KEY (rowid=?)",
                2_000.0,
                false,
            ),
            (
                "SCAN a\nSEARCH b USING AUTOMATIC COVERING INDEX (x=?)",
                2_000.0,
                false,
            ),
            (
                "SCAN a\nSEARCH b USING INDEX bx (x>? AND x<?)",
                1_001_000.0,
                false,
            ),
            (
                "SCAN a\nSEARCH b USING INDEX bx (k=? AND x>?)",
                2_000.0,
                false,
            ),
            ("SEARCH b USING INDEX bl (<expr>=?)", 1.0, false),
            ("SEARCH b USING INDEX bl (<expr>>?)", 16_000.0, false),
            (
                "SCAN a\nCORRELATED SCALAR SUBQUERY 1\n  SCAN b",
                64_001_000.0,
                true,
            ),
            ("SCAN a\nLIST SUBQUERY 1\n  SCAN b", 65_000.0, false),
            (
                "MATERIALIZE q\n  SCAN a\nSCAN q\nSCAN b",
                128_003_000.0,
                true,
            ),
            (
                "COMPOUND QUERY\n  LEFT-MOST SUBQUERY\n    SCAN a\n  UNION ALL\n    SCAN b",
                65_000.0,
                false,
            ),
            ("SCAN CONSTANT ROW", 1.0, false),
            ("SEARCH b", 1.0, false),
        ] {
            let work = of(&steps(plan), &size);
            assert!((work.rows - rows).abs() < 0.5, "{plan}: {work:?}");
            assert_eq!(work.nested, nested, "{plan}: {work:?}");
        }
    }
}
