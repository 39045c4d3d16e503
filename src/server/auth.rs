//! Who may talk to us: hosts, origins, tickets.
//!
//! Local mode is safe on loopback only because of two lists. The **Host** a request names must be ours,
//! so that a name rebound to 127.0.0.1 gets nothing; the **Origin** a browser names must be ours or
//! allowed, so that another site's page gets nothing, cookie or not. Programs name no Origin and pass.

use super::{ApiError, Server};
use crate::access::Caller;
use crate::config::Settings;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use std::net::IpAddr;
use std::time::Duration;
use tower_http::cors::CorsLayer;

/// A ticket opens one socket within this.
const TICKET_LIFETIME: Duration = Duration::from_secs(30);

/// Which hosts and origins are ours.
#[derive(Clone, Debug)]
pub struct Policy {
    hosts: Vec<String>,
    origins: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "HOST is {0}, and without sign-in QueryForge answers on loopback only: whoever could reach that address would be its owner. Set HOST=127.0.0.1 and put a proxy that authenticates in front."
)]
pub struct NotLoopback(IpAddr);

impl Policy {
    /// Fails when the settings would offer local mode to a network.
    pub fn local(settings: &Settings) -> Result<Self, NotLoopback> {
        if !settings.host.is_loopback() {
            return Err(NotLoopback(settings.host));
        }
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(String::from).into();
        hosts.extend(
            settings
                .allowed_hosts
                .iter()
                .map(|host| host.to_lowercase()),
        );
        Ok(Self {
            hosts,
            origins: settings
                .allowed_origins
                .iter()
                .map(|origin| origin.to_lowercase())
                .collect(),
        })
    }

    /// Lets pages of the allowed origins read our answers; cookies stay at home.
    pub fn cross_origin(&self) -> CorsLayer {
        let origins: Vec<HeaderValue> = self
            .origins
            .iter()
            .filter_map(|origin| origin.parse().ok())
            .collect();
        CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([
                Method::GET,
                Method::POST,
                Method::PATCH,
                Method::PUT,
                Method::DELETE,
            ])
            .allow_headers([
                header::ACCEPT,
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                HeaderName::from_static("last-event-id"),
                // a stock client of event streams sends it
                HeaderName::from_static("x-run-id"),
            ])
            .expose_headers([header::RETRY_AFTER])
            .max_age(Duration::from_secs(600))
    }

    /// A name or address of ours, on any port: the port was chosen by whoever reached us.
    fn allows_host(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host.as_str(),
        };
        self.hosts.iter().any(|ours| ours == name)
    }

    /// The origin of our own pages under the host that was asked, or one of the allowed ones.
    fn allows_origin(&self, origin: &str, host: &str) -> bool {
        let origin = origin.to_lowercase();
        let host = host.to_lowercase();
        origin == format!("http://{host}")
            || origin == format!("https://{host}")
            || self.origins.contains(&origin)
    }
}

/// Refuses foreign hosts and origins before anything else looks at the request.
pub async fn only_allowed(State(server): State<Server>, request: Request, next: Next) -> Response {
    match allowed(&server.policy, request.headers(), request.uri()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn allowed(policy: &Policy, headers: &HeaderMap, uri: &Uri) -> Result<(), ApiError> {
    // of two, whoever stands before us may have looked at the other one
    for name in [header::HOST, header::ORIGIN] {
        if headers.get_all(&name).iter().count() > 1 {
            return Err(ApiError::bad_request(format!(
                "The request has more than one {name} header. Send one."
            )));
        }
    }
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(header::HOST)
        .or_else(|| uri.authority().map(|authority| authority.as_str()))
        .unwrap_or_default();
    if !policy.allows_host(host) {
        return Err(ApiError::forbidden(
            "This host name is not one of QueryForge's. Use the address it printed, or add the name to ALLOWED_HOSTS.",
        ));
    }
    match text(header::ORIGIN) {
        Some(origin) if !policy.allows_origin(origin, host) => Err(ApiError::forbidden(
            "Requests from pages of this origin are not allowed. Add it to ALLOWED_ORIGINS if it is yours.",
        )),
        Some(_) => Ok(()),
        // a browser that hides the origin of a page still says that the page is another site's
        None if text(header::HeaderName::from_static("sec-fetch-site")) == Some("cross-site")
            && text(header::HeaderName::from_static("sec-fetch-mode")) != Some("navigate") =>
        {
            Err(ApiError::forbidden(
                "Requests from other sites' pages are not allowed.",
            ))
        }
        None => Ok(()),
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = Infallible;

    /// In local mode whoever passes [`only_allowed`] is the owner, with or without a cookie.
    async fn from_request_parts(_: &mut Parts, _: &Server) -> Result<Self, Self::Rejection> {
        Ok(Self::local())
    }
}

impl Server {
    /// A single-use word that opens one socket, at whichever process, for clients that cannot set headers.
    pub async fn issue_ticket(&self, caller: &Caller) -> Result<String, ApiError> {
        // 128 bits that nobody guesses; no id of ours, so no UUID
        let ticket = format!("{:032x}", rand::random::<u128>());
        let store = &self.app().store;
        store
            .keep_ticket(&ticket, &caller.owner, TICKET_LIFETIME)
            .await?;
        Ok(ticket)
    }
}

/// Whose ticket it is, or else who the caller was already.
pub async fn with_ticket(
    server: &Server,
    caller: Caller,
    ticket: Option<&str>,
) -> Result<Caller, ApiError> {
    let Some(ticket) = ticket else {
        return Ok(caller);
    };
    match server.app().store.redeem_ticket(ticket).await? {
        Some(owner) => Ok(Caller::known_as(owner)),
        None => Err(ApiError::new(
            StatusCode::UNAUTHORIZED,
            "ticket_expired",
            "This ticket was used or has expired. Ask for a new one with POST /api/v1/ws-ticket.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_hosts_and_origins_pass() {
        let settings = Settings::from_variables(|name| {
            (name == "ALLOWED_ORIGINS").then(|| "https://bi.example.com/".into())
        })
        .expect("valid");
        let policy = Policy::local(&settings).expect("loopback");
        for (host, origin, site, passes) in [
            ("localhost:8000", None, None, true),
            ("127.0.0.1:8000", Some("http://127.0.0.1:8000"), None, true),
            ("[::1]:8000", Some("http://[::1]:8000"), None, true),
            ("LOCALHOST:8000", Some("http://localhost:8000"), None, true),
            ("localhost:8000", Some("https://bi.example.com"), None, true),
            ("localhost:8000", Some("https://evil.example"), None, false),
            ("localhost:8000", Some("http://localhost:9999"), None, false),
            ("localhost:8000", Some("null"), None, false),
            ("evil.example:8000", None, None, false),
            ("evil.example", Some("http://evil.example"), None, false),
            ("127.0.0.1.evil.example", None, None, false),
            ("", None, None, false),
            ("localhost:8000", None, Some("cross-site"), false),
            ("localhost:8000", None, Some("same-origin"), true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            let uri = Uri::from_static("/");
            assert_eq!(
                allowed(&policy, &headers, &uri).is_ok(),
                passes,
                "{host} {origin:?} {site:?}"
            );
        }
    }

    #[test]
    fn a_second_host_or_origin_is_refused_whatever_it_says() {
        let settings = Settings::from_variables(|_| None).expect("valid");
        let policy = Policy::local(&settings).expect("loopback");
        for (name, ours, second) in [
            (header::HOST, "localhost:8000", "evil.example"),
            (header::HOST, "localhost:8000", "localhost:8000"),
            (
                header::ORIGIN,
                "http://localhost:8000",
                "https://evil.example",
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost:8000"));
            headers.insert(name.clone(), HeaderValue::from_static(ours));
            let uri = Uri::from_static("/");
            assert!(allowed(&policy, &headers, &uri).is_ok(), "{name}");
            headers.append(name.clone(), HeaderValue::from_static(second));
            let refused = allowed(&policy, &headers, &uri).expect_err("two of them");
            assert_eq!(
                refused.into_response().status(),
                StatusCode::BAD_REQUEST,
                "{name}"
            );
        }
    }

    #[test]
    fn local_mode_is_never_offered_to_a_network() {
        let settings = Settings::from_variables(|name| (name == "HOST").then(|| "0.0.0.0".into()))
            .expect("valid");
        assert!(Policy::local(&settings).is_err());
    }
}
