//! The embedder that the settings ask for.

use super::gemini::{GeminiDoor, GeminiEmbedder, GeminiEmbedderSettings};
use super::local::LocalEmbedder;
use super::openai::{OpenAiEmbedder, OpenAiEmbedderSettings};
use super::{EmbedError, Embedder, Limits};
use crate::config::{EmbeddingProvider, EmbeddingSettings};
use std::sync::Arc;

/// Settings that no embedder can be made of; a provider that merely does not answer is no such thing.
#[derive(Debug, thiserror::Error)]
pub enum ConfiguredError {
    #[error("EMBEDDING_MODEL names no usable model: {0}")]
    Model(#[from] super::local::LoadError),
    #[error("the embedder cannot be used: {0}. Correct EMBEDDING_BASE_URL.")]
    Endpoint(#[from] EmbedError),
}

/// Reads the model's files where it is a local one.
pub fn configured(settings: &EmbeddingSettings) -> Result<Arc<dyn Embedder>, ConfiguredError> {
    let dimension = settings.dimension;
    let limits = Limits::default();
    let google = |door, base_url: &Option<String>, model: &String| {
        GeminiEmbedder::new(GeminiEmbedderSettings {
            door,
            base_url: base_url.clone(),
            model: model.clone(),
            dimension,
            limits,
        })
    };
    Ok(match &settings.provider {
        EmbeddingProvider::OpenAi {
            base_url,
            api_key,
            model,
        } => Arc::new(OpenAiEmbedder::new(OpenAiEmbedderSettings {
            base_url: base_url.clone(),
            api_key: api_key.clone(),
            model: model.clone(),
            dimension,
            // only this family gives several; others refuse the parameter
            ask_dimension: model.starts_with("text-embedding-3"),
            limits,
        })?),
        EmbeddingProvider::Gemini {
            base_url,
            api_key,
            model,
        } => {
            let key = api_key.clone();
            Arc::new(google(GeminiDoor::Api { key }, base_url, model)?)
        }
        EmbeddingProvider::Vertex {
            base_url,
            project,
            location,
            token,
            model,
        } => {
            let door = GeminiDoor::Vertex {
                project: project.clone(),
                location: location.clone(),
                token: token.clone(),
            };
            Arc::new(google(door, base_url, model)?)
        }
        EmbeddingProvider::Local { folder } => Arc::new(LocalEmbedder::load(folder)?),
    })
}
