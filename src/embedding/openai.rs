//! Embeddings as OpenAI defined them, spoken by Azure, Ollama, vLLM, LiteLLM, Databricks and most gateways.

use super::{EmbedError, Embedder, Limits, client, embed_in_batches, numbers};
use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct OpenAiEmbedderSettings {
    /// With its version: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`. `/embeddings` is added.
    pub base_url: String,
    pub api_key: Option<SecretString>,
    pub model: String,
    /// What the model gives.
    pub dimension: usize,
    /// Ask for `dimension` by name: for models that can give several. Others refuse the parameter.
    pub ask_dimension: bool,
    pub limits: Limits,
}

/// An OpenAI-compatible embedding endpoint.
pub struct OpenAiEmbedder {
    settings: OpenAiEmbedderSettings,
    id: String,
    url: String,
    client: reqwest::Client,
}

impl OpenAiEmbedder {
    pub fn new(settings: OpenAiEmbedderSettings) -> Result<Self, EmbedError> {
        Ok(Self {
            id: format!("openai/{}/{}", settings.model, settings.dimension),
            url: format!("{}/embeddings", settings.base_url.trim_end_matches('/')),
            client: client(&settings.limits, &settings.base_url)?,
            settings,
        })
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn id(&self) -> &str {
        &self.id
    }

    fn dimension(&self) -> usize {
        self.settings.dimension
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let settings = &self.settings;
        let request = |batch: &[&str]| {
            let mut body =
                json!({"model": settings.model, "input": batch, "encoding_format": "float"});
            if settings.ask_dimension {
                body["dimensions"] = json!(settings.dimension);
            }
            let request = self.client.post(&self.url).json(&body);
            match &settings.api_key {
                Some(key) => request.bearer_auth(key.expose_secret()),
                None => request,
            }
        };
        embed_in_batches(
            texts,
            settings.dimension,
            &settings.limits,
            request,
            vectors_of,
        )
        .await
    }
}

/// The vectors in the order of their `index`, which an answer need not keep.
fn vectors_of(reply: &Value) -> Option<Vec<Vec<f32>>> {
    let mut rows: Vec<(u64, Vec<f32>)> = reply["data"]
        .as_array()?
        .iter()
        .enumerate()
        .map(|(place, row)| {
            Some((
                row["index"].as_u64().unwrap_or(place as u64),
                numbers(&row["embedding"])?,
            ))
        })
        .collect::<Option<_>>()?;
    rows.sort_by_key(|(index, _)| *index);
    Some(rows.into_iter().map(|(_, vector)| vector).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use wiremock::matchers::{body_partial_json, header, method, path};
    use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

    fn embedder(server: &MockServer) -> OpenAiEmbedder {
        OpenAiEmbedder::new(OpenAiEmbedderSettings {
            base_url: format!("{}/v1/", server.uri()),
            api_key: Some("sk-secret".to_owned().into()),
            model: "tiny".to_owned(),
            dimension: 2,
            ask_dimension: false,
            limits: Limits {
                batch: 2,
                timeout: Duration::from_millis(400),
                backoff: Duration::from_millis(1),
                ..Limits::default()
            },
        })
        .expect("the settings are sound")
    }

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    /// Answers each text by a vector that names it: (its length, 1), in reverse order.
    struct Backwards;

    impl Respond for Backwards {
        fn respond(&self, request: &Request) -> ResponseTemplate {
            let body: Value = serde_json::from_slice(&request.body).expect("a request is JSON");
            let input = body["input"].as_array().expect("a request has its texts");
            let mut data: Vec<Value> = input
                .iter()
                .enumerate()
                .map(|(i, text)| json!({"index": i, "embedding": [text.as_str().expect("text").len(), 1]}))
                .collect();
            data.reverse();
            ResponseTemplate::new(200).set_body_json(json!({"data": data}))
        }
    }

    #[tokio::test]
    async fn vectors_come_in_the_order_of_the_texts_in_batches_and_of_length_one() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/v1/embeddings"))
            .and(header("authorization", "Bearer sk-secret"))
            .and(body_partial_json(json!({"model": "tiny"})))
            .respond_with(Backwards)
            .expect(2)
            .mount(&server)
            .await;
        let got = embedder(&server)
            .embed(&texts(&["a", "bbbb", "cc"]))
            .await
            .expect("three vectors");
        let slopes: Vec<f32> = got.iter().map(|v| (v[0] / v[1]).round()).collect();
        assert_eq!(slopes, [1.0, 4.0, 2.0]);
        for vector in got {
            assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }

    #[tokio::test]
    async fn a_failure_that_may_pass_is_tried_twice_more() {
        for (status, tries) in [(500, 3), (429, 3), (503, 3), (401, 1), (400, 1)] {
            let server = MockServer::start().await;
            Mock::given(method("POST"))
                .respond_with(ResponseTemplate::new(status).set_body_string("sk-secret is wrong"))
                .expect(tries)
                .mount(&server)
                .await;
            let error = embedder(&server)
                .embed(&texts(&["a"]))
                .await
                .expect_err("it failed");
            assert_eq!(error.retryable(), tries > 1, "{status}");
            assert!(
                !error.to_string().contains("sk-secret"),
                "no key in {error}"
            );
        }
    }

    #[tokio::test]
    async fn the_second_try_may_succeed() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(502))
            .up_to_n_times(1)
            .mount(&server)
            .await;
        Mock::given(method("POST"))
            .respond_with(Backwards)
            .expect(1)
            .mount(&server)
            .await;
        assert_eq!(
            embedder(&server)
                .embed(&texts(&["a"]))
                .await
                .expect("a vector")
                .len(),
            1
        );
    }

    #[tokio::test]
    async fn an_answer_that_does_not_fit_is_refused() {
        for (name, reply) in [
            ("too few", json!({"data": []})),
            (
                "another dimension",
                json!({"data": [{"index": 0, "embedding": [1, 2, 3]}]}),
            ),
            (
                "no numbers",
                json!({"data": [{"index": 0, "embedding": ["1", "2"]}]}),
            ),
            (
                "no direction",
                json!({"data": [{"index": 0, "embedding": [0, 0]}]}),
            ),
            ("nothing", json!({"error": "none"})),
        ] {
            let server = MockServer::start().await;
            Mock::given(method("POST"))
                .respond_with(ResponseTemplate::new(200).set_body_json(reply))
                .expect(1)
                .mount(&server)
                .await;
            let error = embedder(&server)
                .embed(&texts(&["a"]))
                .await
                .expect_err(name);
            assert!(matches!(error, EmbedError::BadReply(_)), "{name}: {error}");
        }
    }

    #[tokio::test]
    async fn silence_ends_in_a_timeout_and_a_closed_port_in_unreachable() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(5)))
            .expect(3)
            .mount(&server)
            .await;
        let error = embedder(&server)
            .embed(&texts(&["a"]))
            .await
            .expect_err("silence");
        assert!(matches!(error, EmbedError::Timeout(400)), "{error}");

        let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = closed.local_addr().expect("bound").port();
        drop(closed);
        let mut settings = embedder(&server).settings;
        settings.base_url = format!("http://127.0.0.1:{port}/v1");
        let unreachable = OpenAiEmbedder::new(settings).expect("sound");
        let error = unreachable
            .embed(&texts(&["a"]))
            .await
            .expect_err("nobody listens");
        assert!(matches!(error, EmbedError::Unreachable(_)), "{error}");
    }

    #[tokio::test]
    async fn no_texts_are_no_request() {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(Backwards)
            .expect(0)
            .mount(&server)
            .await;
        assert!(
            embedder(&server)
                .embed(&[])
                .await
                .expect("nothing to do")
                .is_empty()
        );
    }
}
