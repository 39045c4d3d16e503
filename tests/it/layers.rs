//! The house's layers: imports point down only. Changing the list is a reviewed line.

use std::fs;
use std::path::{Path, PathBuf};

const LAYERS: &[&[&str]] = &[
    &[
        "protocol",
        "ids",
        "access",
        "query",
        "schema",
        "config",
        "failpoint",
        "calibration",
        "breaker",
    ],
    &[
        "store",
        "cache",
        "llm",
        "embedding",
        "target",
        "prompts",
        "builtin",
        "telemetry",
    ],
    &["knowledge"],
    &["app"],
    &["answering"],
    &["conversation"],
    &["server"],
    &["commands"],
];

/// Upward exceptions, each with its reason.
const ALLOWED: &[(&str, &str)] = &[
    // an event shows a result's columns as the target describes them
    ("protocol", "target"),
    // the app names the built-in generator as answering does
    ("app", "answering"),
];

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

fn files(dir: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            all.push(path);
        }
    }
}

#[test]
fn imports_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    let mut wrong = Vec::new();
    for path in all {
        let relative = path.strip_prefix(&src).expect("below src");
        let room = relative.iter().next().expect("a name").to_string_lossy();
        let room = room.trim_end_matches(".rs").to_owned();
        if room == "lib" || room == "main" {
            continue;
        }
        let own = layer(&room).unwrap_or_else(|| panic!("{room} has no layer: add it to the list"));
        if path.ends_with("tests.rs") || path.ends_with("testing.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("readable");
        // what tests import is not the house's structure
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for used in code.split("crate::").skip(1) {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let Some(other) = layer(&used) else { continue };
                if other > own && !ALLOWED.contains(&(room.as_str(), used.as_str())) {
                    wrong.push(format!(
                        "{}:{}: {room} imports {used}, which is above it",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
