//! A running server's API, for verbs that work through it.

use super::Done;
use clap::Args;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::error::Error;
use std::future::Future;

/// Who asks, for servers that want to know.
#[derive(Args, Default)]
pub struct Access {
    /// A token of the server; better in QF_TOKEN, where other processes cannot read it
    #[arg(long)]
    token: Option<String>,
}

impl Access {
    /// What stands in the header `Authorization`, if anything does.
    pub fn bearer(&self) -> Result<Option<HeaderValue>, RemoteError> {
        let given = self.token.clone().map(SecretString::from);
        let Some(token) = given.or_else(crate::config::server_token) else {
            return Ok(None);
        };
        let value = format!("Bearer {}", token.expose_secret().trim());
        let mut value = HeaderValue::try_from(value).map_err(|_| RemoteError::Token)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

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
    #[error("the token has characters that no token has. Correct QF_TOKEN (or replay's --token).")]
    Token,
    #[error("no HTTP client: {0}")]
    NoClient(reqwest::Error),
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
    /// With the token of `QF_TOKEN`, if it is set.
    pub fn new(server: &str) -> Result<Self, RemoteError> {
        Self::with_access(server, &Access::default())
    }

    /// Fails when the token cannot be sent.
    pub fn with_access(server: &str, access: &Access) -> Result<Self, RemoteError> {
        crate::llm::install_crypto();
        let mut headers = HeaderMap::new();
        if let Some(bearer) = access.bearer()? {
            headers.insert(AUTHORIZATION, bearer);
        }
        let client = reqwest::Client::builder()
            .default_headers(headers)
            // a redirect would carry the token elsewhere
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| RemoteError::NoClient(error.without_url()))?;
        Ok(Self {
            base: server.trim_end_matches('/').to_owned(),
            client,
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_token_is_sent_as_a_bearer_and_shown_to_nobody() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let serving = async {
            let (mut connection, _) = listener.accept().await.expect("a client");
            let mut bytes = Vec::new();
            while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
                let mut part = [0; 4096];
                let read = connection.read(&mut part).await.expect("a request");
                assert!(read > 0, "a whole request");
                bytes.extend_from_slice(&part[..read]);
            }
            let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            connection
                .write_all(answer.as_bytes())
                .await
                .expect("it listens");
            String::from_utf8_lossy(&bytes).to_lowercase()
        };
        let access = Access {
            token: Some("qf_secret".to_owned()),
        };
        let remote = Remote::with_access(&base, &access).expect("a client");
        let (request, answer) = tokio::join!(serving, remote.get("status"));
        answer.expect("it answers");
        assert!(
            request.contains("authorization: bearer qf_secret\r\n"),
            "{request}"
        );
        let wrong = Access {
            token: Some("two\nlines".to_owned()),
        };
        let error = wrong.bearer().expect_err("no header");
        assert!(!error.to_string().contains("lines"), "{error}");
    }
}
