//! Which embedder search uses besides words.

use super::{FOREVER, Reader, SettingError};
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct EmbeddingSettings {
    pub provider: EmbeddingProvider,
    /// Of each vector; a local model knows its own.
    pub dimension: usize,
    /// How long a question may wait for its vector before it is searched by words alone.
    pub question_wait: Duration,
}

#[derive(Clone, Debug)]
pub enum EmbeddingProvider {
    OpenAi {
        base_url: String,
        api_key: Option<SecretString>,
        model: String,
    },
    Gemini {
        base_url: Option<String>,
        api_key: SecretString,
        model: String,
    },
    Vertex {
        base_url: Option<String>,
        project: String,
        location: String,
        /// An access token; whoever sets it renews it.
        token: SecretString,
        model: String,
    },
    /// A sentence transformer that runs here.
    Local { folder: PathBuf },
}

impl EmbeddingSettings {
    /// None where no provider is named: search is by words, and everything works.
    pub(super) fn read(read: &Reader<'_>) -> Result<Option<Self>, SettingError> {
        let needed = |name: &'static str, expected: &'static str| {
            (read.variable)(name).ok_or_else(|| SettingError {
                name,
                value: String::new(),
                expected,
            })
        };
        let model = |default: &str| read.text("EMBEDDING_MODEL", default);
        let base_url = (read.variable)("EMBEDDING_BASE_URL");
        if let Some(url) = &base_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(SettingError {
                name: "EMBEDDING_BASE_URL",
                value: url.clone(),
                expected: "an http:// or https:// address",
            });
        }
        let key = (read.variable)("EMBEDDING_API_KEY");
        let named = read.text("EMBEDDING_PROVIDER", "none").to_lowercase();
        let provider = match named.as_str() {
            "none" | "off" => return Ok(None),
            "openai" => EmbeddingProvider::OpenAi {
                base_url: base_url
                    .unwrap_or_else(|| read.text("OPENAI_BASE_URL", "https://api.openai.com/v1")),
                api_key: key
                    .or_else(|| (read.variable)("OPENAI_API_KEY"))
                    .map(SecretString::from),
                model: model("text-embedding-3-small"),
            },
            "gemini" => EmbeddingProvider::Gemini {
                base_url,
                api_key: match key {
                    Some(key) => key,
                    None => needed("GEMINI_API_KEY", "a key of the Gemini API")?,
                }
                .into(),
                model: model("gemini-embedding-001"),
            },
            "vertex" => EmbeddingProvider::Vertex {
                base_url,
                project: needed("GOOGLE_CLOUD_PROJECT", "the name of a Google Cloud project")?,
                location: read.text("GOOGLE_CLOUD_LOCATION", "us-central1"),
                token: needed("EMBEDDING_API_KEY", "an access token of Google Cloud")?.into(),
                model: model("text-embedding-005"),
            },
            "local" => EmbeddingProvider::Local {
                folder: needed(
                    "EMBEDDING_MODEL",
                    "the folder of a sentence transformer (config.json, vocab.txt, model.safetensors)",
                )?
                .into(),
            },
            _ => {
                return Err(SettingError {
                    name: "EMBEDDING_PROVIDER",
                    value: named,
                    expected: "none, openai, gemini, vertex or local",
                });
            }
        };
        const DIMENSION: &str = "a number of dimensions, 1 to 8192";
        let dimension: usize = read.parsed("EMBEDDING_DIMENSION", "768", DIMENSION)?;
        if !(1..=8192).contains(&dimension) {
            return Err(SettingError {
                name: "EMBEDDING_DIMENSION",
                value: dimension.to_string(),
                expected: DIMENSION,
            });
        }
        Ok(Some(Self {
            provider,
            dimension,
            question_wait: read
                .seconds("QF_EMBEDDING_SECONDS", "0.8")?
                .unwrap_or(FOREVER),
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    fn read(variables: &[(&'static str, &str)]) -> Result<Settings, super::SettingError> {
        Settings::from_variables(|asked| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn no_provider_means_words_alone() {
        for variables in [
            &[][..],
            &[("EMBEDDING_PROVIDER", "none")],
            &[("EMBEDDING_MODEL", "m")],
        ] {
            let settings = read(variables).expect("nothing is wrong");
            assert!(settings.embedding.is_none(), "{variables:?}");
        }
    }

    #[test]
    fn what_a_provider_lacks_is_named() {
        for (variables, name) in [
            (
                &[("EMBEDDING_PROVIDER", "word2vec")][..],
                "EMBEDDING_PROVIDER",
            ),
            (&[("EMBEDDING_PROVIDER", "local")], "EMBEDDING_MODEL"),
            (&[("EMBEDDING_PROVIDER", "gemini")], "GEMINI_API_KEY"),
            (&[("EMBEDDING_PROVIDER", "vertex")], "GOOGLE_CLOUD_PROJECT"),
            (
                &[
                    ("EMBEDDING_PROVIDER", "vertex"),
                    ("GOOGLE_CLOUD_PROJECT", "p"),
                ],
                "EMBEDDING_API_KEY",
            ),
            (
                &[
                    ("EMBEDDING_PROVIDER", "openai"),
                    ("EMBEDDING_DIMENSION", "0"),
                ],
                "EMBEDDING_DIMENSION",
            ),
            (
                &[
                    ("EMBEDDING_PROVIDER", "openai"),
                    ("EMBEDDING_BASE_URL", "here"),
                ],
                "EMBEDDING_BASE_URL",
            ),
            (
                &[
                    ("EMBEDDING_PROVIDER", "openai"),
                    ("QF_EMBEDDING_SECONDS", "soon"),
                ],
                "QF_EMBEDDING_SECONDS",
            ),
        ] {
            let error = read(variables).expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
