use super::*;
use proptest::prelude::*;

fn split(text: &str, sizes: &[usize]) -> (String, Vec<Event>, Parsed) {
    let mut splitter = Splitter::new();
    let mut events = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut rest = &chars[..];
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*size).clamp(1, rest.len()));
        events.extend(splitter.feed(&piece.iter().collect::<String>()));
        rest = after;
    }
    let (last, parsed) = splitter.finish();
    events.extend(last);
    let mut joined = String::new();
    events.retain(|event| match event {
        Event::QueryDelta(delta) => {
            joined.push_str(delta);
            false
        }
        _ => true,
    });
    (joined, events, parsed)
}

fn query(query: &str, explanation: Option<&str>, confidence: Option<f32>) -> Parsed {
    Parsed::Query {
        query: query.into(),
        explanation: explanation.map(str::to_owned),
        confidence,
        alternatives: Vec::new(),
        others: 0,
        open_ended: false,
    }
}

fn clarify(message: &str, options: &[&str]) -> Parsed {
    Parsed::Clarify {
        message: message.into(),
        options: options.iter().map(|o| (*o).to_owned()).collect(),
    }
}

fn cases() -> Vec<(&'static str, Parsed)> {
    let one = || query("select 1", None, None);
    vec![
        (
            "```sql\nSELECT a\nFROM t\n```\nExplanation: All of a.\nConfidence: 0.92\n",
            query("SELECT a\nFROM t", Some("All of a."), Some(0.92)),
        ),
        ("```sql\nselect 1;\n```", one()),
        ("```\nselect 1\n```", one()),
        ("```SQL\n\n  select 1 ; \n\n```\n", one()),
        ("```postgresql\nselect 1\n```", one()),
        ("```sql select 1```", one()),
        ("```select 1```", one()),
        (
            "Sure! ```sql\nselect 1\n``` Hope it helps.",
            query("select 1", Some("Sure!  Hope it helps."), None),
        ),
        (
            "Here is the query you asked for:\n\n```sql\nselect 1\n```",
            query("select 1", Some("Here is the query you asked for:"), None),
        ),
        ("select 1", one()),
        (
            "  select 1;\n\nExplanation: One.\nConfidence: 85%",
            query("select 1", Some("One."), Some(0.85)),
        ),
        (
            "SELECT\n  1\nConfidence: .7",
            query("SELECT\n  1", None, Some(0.7)),
        ),
        (
            "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
            query("WITH x AS (SELECT 1 AS a) SELECT a FROM x", None, None),
        ),
        (
            "with recursive x(n) as not materialized (select 1) select n from x",
            query(
                "with recursive x(n) as not materialized (select 1) select n from x",
                None,
                None,
            ),
        ),
        (
            "With pleasure. Use this:\n```sql\nselect 1\n```",
            query("select 1", Some("With pleasure. Use this:"), None),
        ),
        (
            "Select is what you need (really):\n```sql\nselect 1\n```",
            query("select 1", Some("Select is what you need (really):"), None),
        ),
        (
            "The answer:\nSELECT 1\nFROM t",
            query("SELECT 1\nFROM t", Some("The answer:"), None),
        ),
        // a fence that is never closed
        (
            "```sql\nselect 1",
            Parsed::Query {
                query: "select 1".into(),
                explanation: None,
                confidence: None,
                alternatives: Vec::new(),
                others: 0,
                open_ended: true,
            },
        ),
        (
            "```sql\nselect 1\n\nExplanation: One.\nConfidence: 0.9",
            query("select 1", Some("One."), Some(0.9)),
        ),
        // labels in Markdown, and words that only begin like labels
        (
            "```sql\nselect 1\n```\n**Explanation:** One.\n\n**Confidence**: 0.9",
            query("select 1", Some("One."), Some(0.9)),
        ),
        (
            "```sql\nselect 1\n```\n### Explanation:\nOne.\nTwo.\n\nConfidence: 9/10",
            query("select 1", Some("One.\nTwo."), Some(0.9)),
        ),
        (
            "```sql\nselect\nexplanation, confidence\nfrom t\n```",
            query("select\nexplanation, confidence\nfrom t", None, None),
        ),
        (
            "```sql\nselect *\nfrom t\nwhere a\n> 1\n```",
            query("select *\nfrom t\nwhere a\n> 1", None, None),
        ),
        (
            "```sql\nselect a from exp\n```",
            query("select a from exp", None, None),
        ),
        (
            "Explanation: One.\nConfidence: 0.5\n```sql\nselect 1\n```",
            query("select 1", Some("One."), Some(0.5)),
        ),
        // backticks of MySQL next to fences
        (
            "```sql\nselect `a` from `t`\n```",
            query("select `a` from `t`", None, None),
        ),
        (
            "```sql select `a` from `t````",
            query("select `a` from `t`", None, None),
        ),
        ("```sql\nselect '`'\n```", query("select '`'", None, None)),
        (
            "select `a` from `t`",
            query("select `a` from `t`", None, None),
        ),
        // two queries, and blocks that are none
        (
            "```sql\nselect 1\n```\nor\n```sql\nselect 2\n```",
            Parsed::Query {
                query: "select 1".into(),
                explanation: Some("or".into()),
                confidence: None,
                alternatives: Vec::new(),
                others: 1,
                open_ended: false,
            },
        ),
        ("```text\nthinking…\n```\n```sql\nselect 1\n```", one()),
        ("``` ```\n```sql\nselect 1\n```", one()),
        ("```sql\n```\n```sql\nselect 1\n```", one()),
        (
            "```sql\nselect 1\n```\n```text\n1 row\n```\nConfidence: 1",
            query("select 1", None, Some(1.0)),
        ),
        // JSON, bare and in blocks
        (
            r#"{"query": "select 1;", "explanation": "One.", "confidence": 0.8}"#,
            query("select 1", Some("One."), Some(0.8)),
        ),
        (
            "```json\n{\"sql\": \"select 1\", \"confidence\": \"80%\"}\n```",
            query("select 1", None, Some(0.8)),
        ),
        ("```\n{\"sql\": \"select 1\"}\n```", one()),
        (
            "```json\n{\"plan\": [\"count\"]}\n```\n```sql\nselect 1\n```",
            one(),
        ),
        (
            r#"{"clarification": "Which year?", "options": ["2024", "2025"]}"#,
            clarify("Which year?", &["2024", "2025"]),
        ),
        // thoughts
        (
            "<think>\nMaybe ```sql\nselect 2\n``` no.\n</think>\n\n```sql\nselect 1\n```",
            one(),
        ),
        ("I wonder.\n</think>\n```sql\nselect 1\n```", one()),
        // unclear
        (
            "CLARIFY: Which revenue?\n- gross\n- net\n",
            clarify("Which revenue?", &["gross", "net"]),
        ),
        (
            "**CLARIFY:** Which\nrevenue?\n1. gross\n2) net\n\nTell me.",
            clarify("Which revenue?", &["gross", "net"]),
        ),
        (
            "CLARIFY: Like ```select 1```?",
            clarify("Like ```select 1```?", &[]),
        ),
        // nothing
        ("", Parsed::Words(String::new())),
        (
            "I cannot help with that.",
            Parsed::Words("I cannot help with that.".into()),
        ),
        (
            "{\"query\": \"select",
            Parsed::Words("{\"query\": \"select".into()),
        ),
        ("<think>endless", Parsed::Words(String::new())),
    ]
}

#[test]
fn replies_of_all_kinds_are_understood() {
    for (text, expected) in cases() {
        let (joined, events, parsed) = split(text, &[usize::MAX]);
        assert_eq!(parsed, expected, "{text}");
        if let Parsed::Query {
            query,
            explanation,
            confidence,
            ..
        } = &parsed
        {
            assert_eq!(&joined, query, "the deltas of {text}");
            let said = usize::from(explanation.is_some()) + usize::from(confidence.is_some());
            assert_eq!(events.len(), said, "{text}: {events:?}");
        } else {
            assert_eq!(joined, "", "{text}");
        }
    }
}

#[test]
fn one_character_at_a_time_is_the_same_reply() {
    for (text, expected) in cases() {
        for sizes in [&[1][..], &[2], &[3], &[1, 5, 2]] {
            let (joined, _, parsed) = split(text, sizes);
            assert_eq!(parsed, expected, "{text} in pieces of {sizes:?}");
            if let Parsed::Query { query, .. } = &parsed {
                assert_eq!(&joined, query, "{text}");
            }
        }
    }
}

#[test]
fn the_query_streams_while_it_is_written() {
    let mut splitter = Splitter::new();
    let mut seen = Vec::new();
    for piece in [
        "``",
        "`sq",
        "l\nSEL",
        "ECT a ",
        "FROM t",
        ";\n",
        "``",
        "`\nExpl",
        "anation: x",
    ] {
        seen.push(splitter.feed(piece));
    }
    let delta = |text: &str| vec![Event::QueryDelta(text.into())];
    assert_eq!(
        seen,
        [
            vec![],
            vec![],
            delta("SEL"),
            delta("ECT a"),
            delta(" FROM t"),
            vec![],
            vec![],
            vec![],
            vec![]
        ]
    );
}

proptest! {
    #[test]
    fn any_cut_of_any_text_gives_the_same_result(
        parts in prop::collection::vec(
            prop_oneof![
                Just("```".to_owned()), Just("`".to_owned()), Just("sql\n".to_owned()), Just("\n".to_owned()),
                Just("select 1".to_owned()), Just("WITH x AS (".to_owned()), Just("Explanation:".to_owned()),
                Just("**Confidence**: 0.5".to_owned()), Just("CLARIFY:".to_owned()), Just("- a\n".to_owned()),
                Just("{\"sql\": \"select 2\"}".to_owned()), Just("<think>".to_owned()), Just("</think>".to_owned()),
                Just("json\n".to_owned()), Just(";".to_owned()), Just(" ".to_owned()), "[a-zé😀 `:{}*\n;]{0,8}",
            ],
            0..12,
        ),
        sizes in prop::collection::vec(1_usize..7, 1..5),
    ) {
        let text = parts.concat();
        let (joined_whole, events_whole, whole) = split(&text, &[usize::MAX]);
        let (joined, events, parsed) = split(&text, &sizes);
        prop_assert_eq!(&parsed, &whole);
        prop_assert_eq!(&joined, &joined_whole);
        prop_assert_eq!(events, events_whole);
        match &parsed {
            Parsed::Query { query, .. } => prop_assert_eq!(&joined, query),
            _ => prop_assert_eq!(joined, ""),
        }
    }
}
