//! Ollama on this machine, found without being told.

use super::openai::{OpenAi, OpenAiSettings};
use super::reach::Reach;
use super::{Limits, base_url, http_client, join};
use serde::Deserialize;
use std::time::Duration;

/// Where Ollama listens unless told otherwise.
pub const DEFAULT_BASE: &str = "http://127.0.0.1:11434";

/// Something on this machine answers at once or is not there.
const ASK: Duration = Duration::from_millis(300);

/// A model is loaded from disk before its first token.
const FIRST_TOKEN: Duration = Duration::from_secs(60);

/// The Ollama at `base` with the model of its own that suits queries best; `None` when nobody answers
/// there within 300 ms or no model is installed.
pub async fn discover(base: &str) -> Option<OpenAi> {
    let limits = Limits {
        connect: ASK,
        first_token: FIRST_TOKEN,
        ..Limits::default()
    };
    let url = base_url(base).ok()?;
    let client = http_client(&url, &limits, Reach::Anywhere).ok()?;
    let tags: Tags = tokio::time::timeout(ASK, async {
        let answer = client.get(join(&url, "api/tags")).send().await.ok()?;
        answer.error_for_status().ok()?.json().await.ok()
    })
    .await
    .ok()??;
    let model = choose(&tags.models)?;
    let mut settings = OpenAiSettings::new(join(&url, "v1"), model);
    settings.provider = "ollama".into();
    settings.limits = limits;
    OpenAi::new(settings).ok()
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    models: Vec<Installed>,
}

#[derive(Deserialize)]
struct Installed {
    name: String,
    #[serde(default)]
    size: u64,
}

/// Models made for SQL, then for code, then for talk; of the same kind the largest up to 20 GB, because
/// a larger one hardly fits a desk. Embedding models cannot chat.
fn choose(models: &[Installed]) -> Option<&str> {
    const FITS_BYTES: u64 = 20 << 30;
    let rank = |model: &Installed| {
        let name = model.name.to_ascii_lowercase();
        let kind = if name.contains("sql") {
            3
        } else if name.contains("coder") || name.contains("code") || name.contains("devstral") {
            2
        } else {
            1
        };
        let fits = model.size <= FITS_BYTES;
        let size = if fits {
            model.size
        } else {
            u64::MAX - model.size
        };
        (fits, kind, size)
    };
    models
        .iter()
        .filter(|model| {
            let name = model.name.to_ascii_lowercase();
            !["embed", "bge-", "minilm", "rerank"]
                .iter()
                .any(|word| name.contains(word))
        })
        .max_by_key(|model| rank(model))
        .map(|model| model.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_that_suits_queries_best_is_chosen() {
        for (installed, chosen) in [
            (&[][..], None),
            (&[("nomic-embed-text:latest", 1)], None),
            (
                &[("llama3.2:3b", 2), ("llama3.1:8b", 5), ("bge-m3", 1)],
                Some("llama3.1:8b"),
            ),
            (
                &[("llama3.1:8b", 5), ("qwen2.5-coder:7b", 4)],
                Some("qwen2.5-coder:7b"),
            ),
            (
                &[("qwen2.5-coder:7b", 4), ("sqlcoder:7b", 3)],
                Some("sqlcoder:7b"),
            ),
            (
                &[("llama3.1:405b", 230), ("llama3.1:8b", 5)],
                Some("llama3.1:8b"),
            ),
            (
                &[("llama3.1:405b", 230), ("llama3.1:70b", 40)],
                Some("llama3.1:70b"),
            ),
        ] {
            let models: Vec<Installed> = installed
                .iter()
                .map(|(name, gb)| Installed {
                    name: (*name).to_owned(),
                    size: gb << 30,
                })
                .collect();
            assert_eq!(choose(&models), chosen, "{installed:?}");
        }
    }
}
