//! Answers: makes an HTTP response of what a function answered.

use axum::{body::Body, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// These belong to the connection between the client and the gateway, not to a function.
const OWN: [HeaderName; 4] =
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::UPGRADE];

/// Returns a response of the gateway itself: `{"message": ...}`.
pub(super) fn message(status: StatusCode, text: &str) -> Response {
    json_response(status, &json!({ "message": text }))
}

/// Returns a JSON response of the gateway itself.
pub(super) fn json_response(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Builds API Gateway's answer to every failure of a function.
pub(super) fn internal() -> Response {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// Translates an answer of payload 2.0. An answer without a status is the body itself, with 200;
/// `None` is an answer that is no HTTP response.
pub(super) fn response(answer: &Value) -> Option<Response> {
    if answer.get("statusCode").is_none() {
        let text = match answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let mut response = json_response(StatusCode::OK, &Value::Null);
        *response.body_mut() = Body::from(text);
        return Some(response);
    }
    let mut response = Response::new(body(answer)?);
    *response.status_mut() = status(answer)?;
    *response.headers_mut() = headers(answer)?;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    let has_text = answer.get("body").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if has_text && !response.headers().contains_key(header::CONTENT_TYPE) {
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
    }
    Some(response)
}

/// Returns the status of an answer, when it has a valid one.
pub(super) fn status(answer: &Value) -> Option<StatusCode> {
    let status = answer.get("statusCode")?;
    let code = status.as_u64().or_else(|| status.as_str()?.parse().ok())?;
    let status = StatusCode::from_u16(u16::try_from(code).ok()?).ok()?;
    // 1xx would be no response at all.
    (status.as_u16() >= 200).then_some(status)
}

/// Returns the headers of an answer, names in any case, cookies included; `None` when one is
/// malformed.
pub(super) fn headers(answer: &Value) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in object(answer, "headers") {
        put(&mut headers, name, value, HeaderMap::insert)?;
    }
    for (name, values) in object(answer, "multiValueHeaders") {
        let name_only = HeaderName::try_from(name).ok()?;
        headers.remove(&name_only);
        for value in values.as_array()? {
            put(&mut headers, name, value, append)?;
        }
    }
    for cookie in answer.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        put(&mut headers, header::SET_COOKIE.as_str(), cookie, append)?;
    }
    for own in OWN {
        headers.remove(own);
    }
    Some(headers)
}

fn append(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) -> Option<HeaderValue> {
    headers.append(name, value);
    None
}

fn object<'a>(answer: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    answer.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn put(
    headers: &mut HeaderMap,
    name: &str,
    value: &Value,
    how: fn(&mut HeaderMap, HeaderName, HeaderValue) -> Option<HeaderValue>,
) -> Option<()> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    let name = HeaderName::try_from(name).ok()?;
    how(headers, name, HeaderValue::try_from(text).ok()?);
    Some(())
}

fn body(answer: &Value) -> Option<Body> {
    let text = match answer.get("body") {
        None | Some(Value::Null) => return Some(Body::empty()),
        Some(body) => body.as_str()?,
    };
    if answer.get("isBase64Encoded").and_then(Value::as_bool) == Some(true) {
        return STANDARD.decode(text).ok().map(Body::from);
    }
    Some(Body::from(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_three_kinds_reach_the_response() {
        let answer = json!({
            "statusCode": 201,
            "headers": {"X-One": "1", "content-length": "99", "x-number": 7},
            "multiValueHeaders": {"X-Many": ["a", "b"], "x-one": ["2"]},
            "cookies": ["c=1", "d=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        });
        let response = response(&answer).unwrap();
        assert_eq!(response.status(), 201);
        let headers = response.headers();
        assert_eq!(headers["x-one"], "2");
        assert_eq!(headers["x-number"], "7");
        assert_eq!(headers.get_all("x-many").iter().count(), 2);
        assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
        assert!(!headers.contains_key("content-length"));
    }

    #[test]
    fn an_answer_that_is_no_response_is_none() {
        assert!(response(&json!({"statusCode": 101})).is_none());
        assert!(response(&json!({"statusCode": "x"})).is_none());
        assert!(response(&json!({"statusCode": 200, "headers": {"a b": "c"}})).is_none());
        assert!(
            response(&json!({"statusCode": 200, "body": "!", "isBase64Encoded": true})).is_none()
        );
        assert_eq!(response(&json!({"ok": true})).unwrap().status(), 200);
    }
}
