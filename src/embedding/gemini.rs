//! Google's embeddings: the Gemini API with a key, Vertex AI with a token.

use super::{EmbedError, Embedder, Limits, client, embed_in_batches, numbers};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// Which of Google's two doors.
#[derive(Clone, Debug)]
pub enum GeminiDoor {
    /// `generativelanguage.googleapis.com`, with an API key.
    Api { key: SecretString },
    /// `LOCATION-aiplatform.googleapis.com`, with an access token that whoever makes the embedder keeps fresh.
    Vertex {
        project: String,
        location: String,
        token: SecretString,
    },
}

#[derive(Clone, Debug)]
pub struct GeminiEmbedderSettings {
    pub door: GeminiDoor,
    /// Instead of Google's host; for tests and proxies.
    pub base_url: Option<String>,
    /// `gemini-embedding-001`, `text-embedding-005`.
    pub model: String,
    /// Asked for by name: these models give several.
    pub dimension: usize,
    pub limits: Limits,
}

pub struct GeminiEmbedder {
    settings: GeminiEmbedderSettings,
    id: String,
    url: String,
    client: reqwest::Client,
}

impl GeminiEmbedder {
    pub fn new(settings: GeminiEmbedderSettings) -> Result<Self, EmbedError> {
        let model = &settings.model;
        let (provider, url) = match &settings.door {
            GeminiDoor::Api { .. } => {
                let host = "https://generativelanguage.googleapis.com";
                let base = settings
                    .base_url
                    .as_deref()
                    .unwrap_or(host)
                    .trim_end_matches('/');
                (
                    "gemini",
                    format!("{base}/v1beta/models/{model}:batchEmbedContents"),
                )
            }
            GeminiDoor::Vertex {
                project, location, ..
            } => {
                let host = format!("https://{location}-aiplatform.googleapis.com");
                let base = settings
                    .base_url
                    .as_deref()
                    .unwrap_or(&host)
                    .trim_end_matches('/');
                let place = format!("projects/{project}/locations/{location}");
                (
                    "vertex",
                    format!("{base}/v1/{place}/publishers/google/models/{model}:predict"),
                )
            }
        };
        Ok(Self {
            id: format!("{provider}/{model}/{}", settings.dimension),
            client: client(&settings.limits, &url)?,
            url,
            settings,
        })
    }
}

#[async_trait]
impl Embedder for GeminiEmbedder {
    fn id(&self) -> &str {
        &self.id
    }

    fn dimension(&self) -> usize {
        self.settings.dimension
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let GeminiEmbedderSettings {
            door,
            model,
            dimension,
            limits,
            ..
        } = &self.settings;
        let request = |batch: &[&str]| match door {
            GeminiDoor::Api { key } => {
                let requests: Vec<Value> = batch
                    .iter()
                    .map(|text| {
                        json!({
                            "model": format!("models/{model}"),
                            "content": {"parts": [{"text": text}]},
                            "outputDimensionality": dimension,
                        })
                    })
                    .collect();
                self.client
                    .post(&self.url)
                    .header("x-goog-api-key", key.expose_secret())
                    .json(&json!({"requests": requests}))
            }
            GeminiDoor::Vertex { token, .. } => {
                let instances: Vec<Value> =
                    batch.iter().map(|text| json!({"content": text})).collect();
                self.client
                    .post(&self.url)
                    .bearer_auth(token.expose_secret())
                    .json(&json!({
                        "instances": instances,
                        "parameters": {"outputDimensionality": dimension},
                    }))
            }
        };
        embed_in_batches(texts, *dimension, limits, request, vectors_of).await
    }
}

fn vectors_of(reply: &Value) -> Option<Vec<Vec<f32>>> {
    if let Some(rows) = reply["embeddings"].as_array() {
        return rows.iter().map(|row| numbers(&row["values"])).collect();
    }
    let rows = reply["predictions"].as_array()?;
    rows.iter()
        .map(|row| numbers(&row["embeddings"]["values"]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wiremock::matchers::{body_partial_json, header, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    async fn embed_by(door: GeminiDoor, server: &MockServer) -> Vec<Vec<f32>> {
        let embedder = GeminiEmbedder::new(GeminiEmbedderSettings {
            door,
            base_url: Some(server.uri()),
            model: "m".to_owned(),
            dimension: 2,
            limits: Limits::default(),
        })
        .expect("the settings are sound");
        embedder.embed(&["a".to_owned()]).await.expect("a vector")
    }

    #[tokio::test]
    async fn both_doors_are_asked_and_read_in_their_own_way() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v1beta/models/m:batchEmbedContents"))
            .and(header("x-goog-api-key", "k"))
            .and(body_partial_json(
                json!({"requests": [{"model": "models/m", "outputDimensionality": 2}]}),
            ))
            .respond_with(
                ResponseTemplate::new(200)
                    .set_body_json(json!({"embeddings": [{"values": [3, 4]}]})),
            )
            .expect(1)
            .mount(&server)
            .await;
        Mock::given(method("POST"))
            .and(path(
                "/v1/projects/p/locations/l/publishers/google/models/m:predict",
            ))
            .and(header("authorization", "Bearer t"))
            .and(body_partial_json(json!({"instances": [{"content": "a"}]})))
            .respond_with(
                ResponseTemplate::new(200)
                    .set_body_json(json!({"predictions": [{"embeddings": {"values": [0, 2]}}]})),
            )
            .expect(1)
            .mount(&server)
            .await;
        let key = GeminiDoor::Api {
            key: "k".to_owned().into(),
        };
        assert_eq!(embed_by(key, &server).await, [[0.6, 0.8]]);
        let token = GeminiDoor::Vertex {
            project: "p".to_owned(),
            location: "l".to_owned(),
            token: "t".to_owned().into(),
        };
        assert_eq!(embed_by(token, &server).await, [[0.0, 1.0]]);
    }
}
