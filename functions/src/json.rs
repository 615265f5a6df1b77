//! JSON over HTTP, for what is not GraphQL: reads bodies, and writes answers.

pub mod body;
mod refused;

use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use lambda_http::{Body, Response};
use serde_json::Value;

pub use refused::Refused;

/// Returns an answer with status 200.
#[must_use]
pub fn respond(body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::Text(body.to_string()));
    for (name, value) in
        [(CONTENT_TYPE, "application/json; charset=utf-8"), (CACHE_CONTROL, "no-store")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
