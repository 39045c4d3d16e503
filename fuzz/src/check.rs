//! The checker under a coverage-guided fuzzer: any bytes, in any dialect.
//!
//! A finding is a crash, a stack overflow, a panic (those that the checker catches too), or a check that takes more
//! than 50 ms of processor time. `fuzz/run SECONDS` builds this with the stable compiler and runs it from the
//! corpora in `tests/corpora`; the source of the checker is the product's own.

#![no_main]

// links to the product's own source
#[allow(dead_code)]
mod query;
#[allow(dead_code)]
mod schema;

use libfuzzer_sys::fuzz_target;
use query::{Checker, Dialect, Verdict, ddl};
use std::cell::OnceCell;
use std::time::Duration;

/// Of processor time, for one check.
const HANG: Duration = Duration::from_millis(50);

const DIALECTS: [(Dialect, &str); 5] = [
    (
        Dialect::Postgres,
        include_str!("../../tests/corpora/postgres/schema.sql"),
    ),
    (
        Dialect::Sqlite,
        include_str!("../../tests/corpora/sqlite/schema.sql"),
    ),
    (
        Dialect::Mysql,
        include_str!("../../tests/corpora/mysql/schema.sql"),
    ),
    (
        Dialect::Duckdb,
        include_str!("../../tests/corpora/duckdb/schema.sql"),
    ),
    (
        Dialect::Kdb,
        include_str!("../../tests/corpora/q/schema.json"),
    ),
];

fn checkers() -> Vec<Checker> {
    DIALECTS
        .iter()
        .map(|(dialect, text)| {
            let schema = match dialect {
                Dialect::Kdb => serde_json::from_str(text).expect("the schema is JSON"),
                _ => ddl::schema_from_ddl(text, *dialect).expect("the schema is DDL"),
            };
            Checker::new(&schema, *dialect)
        })
        .collect()
}

/// What this thread has worked so far; other processes do not count.
fn worked() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock exists on Linux, and `time` is ours
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

thread_local! {
    static CHECKERS: OnceCell<Vec<Checker>> = const { OnceCell::new() };
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    CHECKERS.with(|checkers_| {
        let all = checkers_.get_or_init(checkers);
        let checker = &all[usize::from(*first) % all.len()];
        let before = worked();
        let verdict = checker.check(&text);
        let took = worked() - before;
        assert!(took < HANG, "{took:?} for {text:?}");
        match verdict {
            Verdict::Accept(proof) => {
                assert_eq!(proof.text(), text, "the text that was checked");
                assert!(
                    matches!(checker.check(&text), Verdict::Accept(_)),
                    "once more, another verdict"
                );
            }
            Verdict::Reject(findings) => assert!(!findings.is_empty(), "a refusal without a reason"),
        }
    });
});
