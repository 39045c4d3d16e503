//! The reply to `classify_intent`.

use serde::{Deserialize, Serialize};

/// What a message is for, as a model reads it. What the model leaves out has its mildest value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    pub kind: Kind,
    #[serde(default)]
    pub follow_up: bool,
    #[serde(default)]
    pub complexity: Complexity,
    #[serde(default)]
    pub query_type: QueryType,
    /// As the model spells them; some may not exist.
    #[serde(default)]
    pub tables: Vec<String>,
    #[serde(default)]
    pub plan: Vec<String>,
    #[serde(default)]
    pub ambiguities: Vec<Ambiguity>,
    /// In 0..=1.
    #[serde(default = "half")]
    pub confidence: f32,
    #[serde(default)]
    pub reasoning: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    QueryGeneration,
    SchemaDescription,
    Clarification,
    Greeting,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Complexity {
    #[default]
    SingleLine,
    MultiLine,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryType {
    #[default]
    SelectBasic,
    SelectWithFilter,
    Aggregation,
    Join,
    Temporal,
    Complex,
}

/// Two or more readings with different results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ambiguity {
    pub question: String,
    pub options: Vec<String>,
}

impl Classification {
    /// Reads a reply: JSON alone, in a block, or among words and thoughts. `None` when there is none of
    /// the right form.
    pub fn read(reply: &str) -> Option<Self> {
        let reply = reply
            .rsplit_once("</think>")
            .map_or(reply, |(_, said)| said);
        let mut read: Self = reply.match_indices('{').take(20).find_map(|(at, _)| {
            serde_json::Deserializer::from_str(&reply[at..])
                .into_iter()
                .next()?
                .ok()
        })?;
        read.confidence = match read.confidence {
            share if (0.0..=1.0).contains(&share) => share,
            percent if (1.0..=100.0).contains(&percent) => percent / 100.0,
            _ => half(),
        };
        // One reading is none to choose from.
        read.ambiguities
            .retain(|ambiguity| ambiguity.options.len() > 1);
        Some(read)
    }
}

fn half() -> f32 {
    0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_classification_is_found_wherever_a_model_puts_it() {
        let json = r#"{"kind": "query_generation", "follow_up": true, "complexity": "MULTI_LINE", "query_type": "join",
            "tables": ["orders"], "plan": ["join {x}"], "ambiguities": [{"question": "Which?", "options": ["a", "b"]},
            {"question": "Sure?", "options": ["yes"]}], "confidence": 85, "reasoning": "r", "more": 1}"#;
        for reply in [
            json.to_owned(),
            format!("```json\n{json}\n```"),
            format!("Here {{you}} are:\n{json}\nHope it helps {{really}}"),
            format!("<think>{{\"kind\": \"greeting\"}}</think>{json}"),
        ] {
            let read = Classification::read(&reply).unwrap_or_else(|| panic!("{reply}"));
            assert_eq!(read.kind, Kind::QueryGeneration, "{reply}");
            assert_eq!(read.complexity, Complexity::MultiLine);
            assert_eq!(read.confidence, 0.85);
            assert_eq!(read.ambiguities.len(), 1);
            assert!(read.follow_up);
        }
        let least = Classification::read(r#"{"kind": "greeting"}"#).expect("enough");
        assert_eq!(
            (least.confidence, least.query_type),
            (0.5, QueryType::SelectBasic)
        );
        for reply in [
            "",
            "hello",
            "{",
            r#"{"kind": "world_domination"}"#,
            r#"{"kind": "greet"#,
        ] {
            assert_eq!(Classification::read(reply), None, "{reply}");
        }
    }
}
