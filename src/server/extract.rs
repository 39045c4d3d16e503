//! What handlers take from a request, with errors in our shape that say what to do.

use super::{ApiError, Server};
use crate::protocol::ByName;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;

/// What was sent is quoted up to here.
const QUOTED_CHARS: usize = 80;

/// Parts of the address.
pub struct Path<T>(pub T);

/// Parameters behind the `?`.
pub struct Query<T>(pub T);

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, server).await {
            Ok(path) => Ok(Self(path.0)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => {
                let what = match error.into_kind() {
                    ErrorKind::ParseErrorAtKey { key, value, .. }
                    | ErrorKind::DeserializeError { key, value, .. } => {
                        format!("'{}' is no valid `{key}`", quoted(&value))
                    }
                    ErrorKind::InvalidUtf8InPathParam { key } => {
                        format!("`{key}` is not UTF-8")
                    }
                    _ => "an id is not valid".to_owned(),
                };
                Err(ApiError::bad_request(format!(
                    "This address is wrong: {what}. Ids are UUIDs, as our answers have them."
                )))
            }
            Err(_) => Err(ApiError::not_found("route")),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<Server> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, server).await {
            Ok(query) => Ok(Self(query.0)),
            Err(error) => {
                let text = error.body_text();
                let reason = text
                    .split_once(": ")
                    .map_or(text.as_str(), |(_, reason)| reason);
                Err(ApiError::bad_request(format!(
                    "A parameter behind the ? is not as documented: {}. /api/docs/ lists them.",
                    quoted(reason)
                )))
            }
        }
    }
}

impl<T: DeserializeOwned> FromRequest<Server> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, ApiError> {
        match axum::Json::<ByName<T>>::from_request(request, server).await {
            Ok(body) => Ok(Self(body.0.0)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send JSON with the header Content-Type: application/json.",
            )),
            Err(JsonRejection::BytesRejection(error))
                if error.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "body_too_large",
                    "The body is larger than this route takes; docs/api.md has the limits. Send less at once.",
                ))
            }
            Err(JsonRejection::BytesRejection(_)) => Err(ApiError::bad_request(
                "The body could not be read to its end. Send it again.",
            )),
            Err(error) => Err(ApiError::bad_request(format!(
                "The body is not as documented: {}. /api/docs/ shows what is expected.",
                shortened(&error.body_text(), 300)
            ))),
        }
    }
}

/// A number from a request: `usual` without one, the largest where more is asked for.
///
/// Less than the least is refused: nobody means it, and taken for the least it would look like an answer.
pub fn at_least(
    name: &str,
    given: Option<i64>,
    usual: i64,
    allowed: RangeInclusive<i64>,
) -> Result<i64, ApiError> {
    let (least, most) = (*allowed.start(), *allowed.end());
    match given {
        None => Ok(usual),
        Some(number) if number < least => Err(ApiError::bad_request(if most == i64::MAX {
            format!("`{name}` is {number}, but it has to be {least} or more.")
        } else {
            format!("`{name}` is {number}, but it has to be from {least} to {most}.")
        })),
        Some(number) => Ok(number.min(most)),
    }
}

/// As [`at_least`], for what is counted in memory.
pub fn count_at_least(
    name: &str,
    given: Option<i64>,
    usual: usize,
    least: usize,
    most: usize,
) -> Result<usize, ApiError> {
    let bound = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let number = at_least(name, given, bound(usual), bound(least)..=bound(most))?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

fn quoted(text: &str) -> String {
    shortened(text, QUOTED_CHARS)
}

/// One line, cut to so many characters.
fn shortened(text: &str, chars: usize) -> String {
    let mut line: String = text
        .chars()
        .take(chars)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().count() > chars {
        line.push('…');
    }
    line
}
