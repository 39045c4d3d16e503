//! Access tokens of Google Cloud, for Vertex: made from a service account's key, renewed before they end.

use super::failure::{self, Redactor};
use super::reach::Reach;
use super::{Limits, LlmError, base_url, http_client};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Google's longest.
const LIFETIME: Duration = Duration::from_secs(3600);

/// A token that has less than this left is not used: a call may take some time.
const EARLY: Duration = Duration::from_secs(300);

/// A service account, and the token it has now.
pub struct GoogleTokens {
    email: String,
    key: RsaKeyPair,
    key_id: Option<String>,
    url: reqwest::Url,
    client: reqwest::Client,
    limits: Limits,
    /// Held while a new one is fetched, so that one is enough.
    token: tokio::sync::Mutex<Option<(SecretString, Instant)>>,
}

#[derive(Deserialize)]
struct KeyFile {
    client_email: String,
    #[serde(deserialize_with = "secret")]
    private_key: SecretString,
    #[serde(default)]
    private_key_id: Option<String>,
    token_uri: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(deserialize_with = "secret")]
    access_token: SecretString,
    #[serde(default)]
    expires_in: Option<u64>,
}

fn secret<'de, D: serde::Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

impl GoogleTokens {
    /// From a key file as Google's console makes it. Fails with [`LlmError::BadRequest`], which says what is
    /// wrong with the file.
    pub fn from_file(path: &Path, limits: Limits) -> Result<Self, LlmError> {
        let bad = |what: &str| {
            LlmError::BadRequest(format!(
                "GOOGLE_APPLICATION_CREDENTIALS names {}, {what}",
                path.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|_| bad("which cannot be read"))?;
        let file: KeyFile = serde_json::from_str(&text)
            .map_err(|_| bad("which is no service account's key file"))?;
        let pem: String = file
            .private_key
            .expose_secret()
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .collect();
        let der = STANDARD
            .decode(pem.trim())
            .map_err(|_| bad("whose private_key is no PEM"))?;
        let key = RsaKeyPair::from_pkcs8(&der)
            .map_err(|_| bad("whose private_key is no RSA key in PKCS #8"))?;
        let url = base_url(&file.token_uri)?;
        Ok(Self {
            client: http_client(&url, &limits, Reach::Anywhere)?,
            email: file.client_email,
            key,
            key_id: file.private_key_id,
            url,
            limits,
            token: tokio::sync::Mutex::default(),
        })
    }

    /// A token that is good for some minutes at least.
    pub async fn token(&self) -> Result<SecretString, LlmError> {
        let mut held = self.token.lock().await;
        if let Some((token, until)) = &*held
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let answer = self.fetch().await?;
        let lifetime = answer.expires_in.map_or(LIFETIME, Duration::from_secs);
        let until = Instant::now() + lifetime.saturating_sub(EARLY);
        *held = Some((answer.access_token.clone(), until));
        Ok(answer.access_token)
    }

    async fn fetch(&self) -> Result<Answer, LlmError> {
        let form = format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={}",
            self.assertion()?
        );
        let redactor = Redactor::default();
        let send = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send();
        let response = tokio::time::timeout(self.limits.first_token, send)
            .await
            .map_err(|_| LlmError::Timeout(self.limits.first_token.as_millis() as u64))?
            .map_err(|error| failure::of_transport(error, &redactor))?;
        match response.status() {
            status if status.is_success() => response
                .json()
                .await
                .map_err(|_| LlmError::Broken("Google's token is not as documented".into())),
            // a key that was deleted is answered with 400
            status if status.is_client_error() => Err(LlmError::Unauthorized),
            status => Err(LlmError::Provider {
                status: status.as_u16(),
            }),
        }
    }

    /// A JWT by which the account says who it is.
    fn assertion(&self) -> Result<String, LlmError> {
        let now = chrono::Utc::now().timestamp();
        let mut header = json!({"alg": "RS256", "typ": "JWT"});
        if let Some(id) = &self.key_id {
            header["kid"] = json!(id);
        }
        let claims = json!({"iss": self.email, "scope": SCOPE, "aud": self.url.as_str(),
            "iat": now, "exp": now + LIFETIME.as_secs() as i64});
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| LlmError::BadRequest("the service account's key cannot sign".into()))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&signature)))
    }
}

impl std::fmt::Debug for GoogleTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoogleTokens").finish_non_exhaustive()
    }
}
