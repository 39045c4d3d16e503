//! A running server's API, for verbs that work through it.

use super::Done;
use serde_json::Value;
use std::error::Error;
use std::future::Future;

pub struct Remote {
    base: String,
    client: reqwest::Client,
}

#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error(
        "no server at {server} ({reason}). Start one with `queryforge serve`, or name it with --server."
    )]
    NoServer { server: String, reason: String },
    #[error("{0}")]
    Refused(String),
    #[error("there is no dataset '{name}'; there are {}", .known.join(", "))]
    NoDataset { name: String, known: Vec<String> },
}

pub fn block_on(work: impl Future<Output = Done>) -> Done {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

impl Remote {
    pub fn new(server: &str) -> Self {
        crate::llm::install_crypto();
        Self {
            base: server.trim_end_matches('/').to_owned(),
            client: reqwest::Client::new(),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Value, Box<dyn Error>> {
        self.send(self.client.get(self.url(path))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
        self.send(self.client.post(self.url(path)).json(body)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.base)
    }

    /// The body; the server's own sentence when it refuses.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Box<dyn Error>> {
        let response = request
            .send()
            .await
            .map_err(|error| RemoteError::NoServer {
                server: self.base.clone(),
                reason: error.without_url().to_string(),
            })?;
        let status = response.status();
        let body: Value = response.json().await.unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(body);
        }
        let message = body["error"]["message"].as_str();
        Err(RemoteError::Refused(
            message.map_or_else(|| format!("the server answered {status}"), str::to_owned),
        )
        .into())
    }
}

/// The id of the dataset of that name or id.
pub async fn dataset_id(remote: &Remote, name: &str) -> Result<String, Box<dyn Error>> {
    let listed = remote.get("schemas").await?;
    let datasets = listed["items"].as_array().cloned().unwrap_or_default();
    let found = datasets.iter().find(|dataset| {
        let is = |member: &str| {
            dataset[member]
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case(name))
        };
        is("dataset_id") || is("name")
    });
    match found.and_then(|dataset| dataset["dataset_id"].as_str()) {
        Some(id) => Ok(id.to_owned()),
        None => Err(RemoteError::NoDataset {
            name: name.to_owned(),
            known: datasets
                .iter()
                .filter_map(|dataset| dataset["name"].as_str().map(str::to_owned))
                .collect(),
        }
        .into()),
    }
}
