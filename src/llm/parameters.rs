//! Parameters that a request can do without, and endpoints that refuse them.
//!
//! The same request is right for one model and refused by its successor (`temperature` by reasoning
//! models, `stream_options` by older gateways, schemas by small servers). Nobody can keep a list of that,
//! so the endpoint's own words are the list.

use super::LlmError;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

/// Names of models come from requests too; past this many, what was learnt is learnt again.
const MODELS: usize = 200;

/// What one endpoint has refused, by model.
#[derive(Debug)]
pub struct Parameters {
    optional: &'static [&'static str],
    refused: Mutex<HashMap<String, BTreeSet<&'static str>>>,
}

impl Parameters {
    pub fn new(optional: &'static [&'static str]) -> Self {
        Self {
            optional,
            refused: Mutex::default(),
        }
    }

    /// What to leave out for `model`.
    pub fn refused(&self, model: &str) -> BTreeSet<&'static str> {
        self.lock().get(model).cloned().unwrap_or_default()
    }

    /// Whether `outcome` complains of an optional parameter that was `sent`. Then it is in `without`, and
    /// the request may go out again: a refused request was not answered, so nothing is billed twice.
    pub fn learn<T>(
        &self,
        model: &str,
        outcome: &Result<T, LlmError>,
        sent: impl Fn(&str) -> bool,
        without: &mut BTreeSet<&'static str>,
    ) -> bool {
        let Err(LlmError::BadRequest(said)) = outcome else {
            return false;
        };
        let Some(name) = self.named_by(said, sent) else {
            return false;
        };
        let mut refused = self.lock();
        if refused.len() >= MODELS {
            refused.clear();
        }
        refused.entry(model.to_owned()).or_default().insert(name);
        without.insert(name)
    }

    fn named_by(&self, said: &str, sent: impl Fn(&str) -> bool) -> Option<&'static str> {
        let lower = said.to_ascii_lowercase();
        let refuses = [
            "unsupported",
            "not support",
            "deprecated",
            "unrecognized",
            "unknown",
            "cannot find field",
            "not permitted",
            "extra inputs",
            "extra fields",
            "not allowed",
            "unexpected",
        ]
        .iter()
        .any(|sign| lower.contains(sign));
        if !refuses {
            return None;
        }
        // A sentence may name two ("'max_tokens' is not supported, use 'max_completion_tokens'"): the
        // one that was sent is meant.
        self.optional
            .iter()
            .copied()
            .filter(|name| sent(name) && lower.contains(&name.to_ascii_lowercase()))
            .max_by_key(|name| name.len())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, BTreeSet<&'static str>>> {
        self.refused
            .lock()
            .expect("nothing panics while it holds the map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_as_providers_word_them_name_the_parameter() {
        let parameters = Parameters::new(&[
            "temperature",
            "max_tokens",
            "max_completion_tokens",
            "stream_options",
            "responseJsonSchema",
        ]);
        for (said, sent, expected) in [
            (
                "400: `temperature` is deprecated for this model.",
                "temperature",
                true,
            ),
            (
                "400: temperature: Extra inputs are not permitted",
                "temperature",
                true,
            ),
            (
                "400: Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                "max_tokens",
                true,
            ),
            (
                "400: Unrecognized request argument supplied: stream_options",
                "stream_options",
                true,
            ),
            (
                "400: Invalid JSON payload received. Unknown name \"responseJsonSchema\" at 'generation_config': Cannot find field.",
                "responseJsonSchema",
                true,
            ),
            (
                "400: temperature must be between 0 and 1",
                "temperature",
                false,
            ),
            ("400: Unsupported parameter: 'top_p'", "temperature", false),
            ("400: Unsupported value", "max_tokens", false),
        ] {
            let outcome: Result<(), _> = Err(LlmError::BadRequest(said.into()));
            let mut without = BTreeSet::new();
            let learnt = parameters.learn("m", &outcome, |name| name == sent, &mut without);
            assert_eq!(learnt, expected, "{said}");
            assert_eq!(without.contains(sent), expected, "{said}");
            assert!(
                !parameters.learn("m", &outcome, |name| name == sent, &mut without),
                "only once: {said}"
            );
        }
        assert!(parameters.refused("m").contains("temperature"));
        assert!(parameters.refused("another").is_empty());
    }
}
