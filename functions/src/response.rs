//! Responses: gives errors their code and request id, decides when there is data, and chooses the
//! status code.

use async_graphql::{Response, ServerError, Value};
use graphql::error::{Code, INTERNAL, finish};
use http::StatusCode;
use serde::Serialize;

use crate::media::Media;

/// A response as it is written. Errors stand first, so that readers do not miss them.
#[derive(Serialize)]
struct Rendered<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

/// Renders the response as JSON. Each error has a code and the request's id. There is no `data`
/// entry when the execution has not begun, or the caller is not authenticated.
#[must_use]
pub fn render(mut response: Response, request_id: &str) -> String {
    let has_data = has_data(&response);
    annotate(&mut response, request_id);
    let Response { data, errors, extensions, .. } = &response;
    let rendered = Rendered { errors, data: has_data.then_some(data), extensions };
    serde_json::to_string(&rendered).unwrap_or_else(|error| {
        crate::metric::fault();
        tracing::error!(request_id, %error, "a response cannot be written");
        failure(Code::Internal, INTERNAL, request_id)
    })
}

/// Returns an answer to a request that was not executed, as JSON.
#[must_use]
pub fn failure(code: Code, message: &str, request_id: &str) -> String {
    serde_json::json!({ "errors": [unexecuted(code, message, request_id)] }).to_string()
}

/// Returns the error of an operation that was not executed or has ended, as JSON.
#[must_use]
pub fn unexecuted(code: Code, message: &str, request_id: &str) -> serde_json::Value {
    let mut error = code.unexecuted(message);
    finish(&mut error, request_id);
    serde_json::json!(error)
}

/// Builds the response to a caller over the limit.
#[must_use]
pub fn limited(seconds: u64) -> Response {
    let message = format!("Too many requests: try again in {seconds} s.");
    Response::from_errors(vec![Code::RateLimited.unexecuted(message)])
}

/// Returns the status code of a response in a media type.
#[must_use]
pub fn status(response: &Response, media: Media) -> StatusCode {
    if has_data(response) {
        return StatusCode::OK;
    }
    if is_unauthenticated(response) {
        return StatusCode::UNAUTHORIZED;
    }
    if media == Media::Json {
        return StatusCode::OK;
    }
    match response.errors.first().map_or(Code::Internal, Code::of) {
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Errors of the execution have a path, errors before it have none: async-graphql answers both with
/// `data: null`.
fn has_data(response: &Response) -> bool {
    let has_begun = response.errors.iter().any(|error| !error.path.is_empty());
    response.errors.is_empty()
        || response.data != Value::Null
        || (has_begun && !is_unauthenticated(response))
}

/// Returns true if there is no data, and every error says that the caller has to authenticate.
fn is_unauthenticated(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response
            .errors
            .iter()
            .all(|error| matches!(Code::of(error), Code::Unauthenticated | Code::TokenExpired))
}

/// Completes the errors of a response for the client.
pub fn annotate(response: &mut Response, request_id: &str) {
    for error in &mut response.errors {
        finish(error, request_id);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_graphql::{PathSegment, value};

    use super::*;

    fn error(code: Option<&str>, path: &[&str]) -> ServerError {
        let mut error = ServerError::new("No.", None)
            .with_path(path.iter().map(|field| PathSegment::Field((*field).to_owned())).collect());
        if let Some(code) = code {
            error.extensions.get_or_insert_default().set("code", code);
        }
        error
    }

    fn failed(code: Option<&str>, path: &[&str]) -> Response {
        Response::from_errors(vec![error(code, path)])
    }

    fn rendered(response: Response) -> serde_json::Value {
        serde_json::from_str(&render(response, "r-1")).expect("JSON")
    }

    #[test]
    fn a_request_error_has_no_data_and_a_field_error_has_data_even_when_it_is_null() {
        let request_error = rendered(failed(None, &[]));
        assert_eq!(
            request_error,
            serde_json::json!({ "errors": [{
                "message": "No.",
                "extensions": { "code": "BAD_USER_INPUT", "requestId": "r-1" },
            }] })
        );
        let field_error = rendered(failed(Some("FORBIDDEN"), &["viewer"]));
        assert!(field_error.as_object().unwrap().contains_key("data"));
        assert_eq!(field_error["data"], serde_json::Value::Null);
        assert_eq!(field_error["errors"][0]["extensions"]["code"], "FORBIDDEN");
        assert_eq!(
            rendered(Response::new(value!({ "a": 1 }))),
            serde_json::json!({ "data": { "a": 1 } })
        );
    }

    #[test]
    fn errors_stand_before_data() {
        let mut response = Response::new(value!({ "a": null }));
        response.errors.push(error(Some("FORBIDDEN"), &["a"]));
        assert!(render(response, "r").starts_with("{\"errors\":"));
    }

    #[test]
    fn what_was_not_meant_for_the_client_is_not_told() {
        let mut wrapped = error(None, &["a"]);
        wrapped.source = Some(Arc::new("secret".to_owned()));
        "secret".clone_into(&mut wrapped.message);
        let text = render(Response::from_errors(vec![wrapped]), "r-1");
        assert!(!text.contains("secret"), "{text}");
        assert!(text.contains("\"INTERNAL\"") && text.contains("r-1"), "{text}");
    }

    #[test]
    fn the_status_is_that_of_the_specification() {
        let (modern, json) = (Media::GraphqlResponse, Media::Json);
        let partial = || {
            let mut response = Response::new(value!({ "a": null }));
            response.errors.push(error(Some("UNAUTHENTICATED"), &["a"]));
            response
        };
        for (response, in_modern, in_json) in [
            (Response::new(value!({ "a": 1 })), 200, 200),
            (partial(), 200, 200),
            (failed(Some("FORBIDDEN"), &["viewer"]), 200, 200),
            (failed(Some("UNAUTHENTICATED"), &["viewer"]), 401, 401),
            (failed(Some("UNAUTHENTICATED"), &[]), 401, 401),
            (failed(Some("TOKEN_EXPIRED"), &[]), 401, 401),
            (failed(None, &[]), 400, 200),
            (failed(Some("TOO_COMPLEX"), &[]), 400, 200),
            (failed(Some("FORBIDDEN"), &[]), 403, 200),
            (failed(Some("RATE_LIMITED"), &[]), 429, 200),
            (failed(Some("UNAVAILABLE"), &[]), 503, 200),
            (failed(Some("INTERNAL"), &[]), 500, 200),
        ] {
            assert_eq!(status(&response, modern).as_u16(), in_modern, "{response:?}");
            assert_eq!(status(&response, json).as_u16(), in_json, "{response:?}");
        }
    }
}
