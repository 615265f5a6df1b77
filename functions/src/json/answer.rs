//! Answers in JSON.

use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use lambda_http::{Body, Response};
use serde_json::Value;

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
