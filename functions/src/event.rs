//! Events of the HTTP API: translates them to requests for a handler and its answers back.

use http::header::{HOST, HeaderName};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, Error, Request, Response, service_fn};
use lambda_runtime::{Context, LambdaEvent};
use serde_json::Value;
use tower::ServiceExt as _;

/// Runs a handler as a Lambda function until Lambda ends it.
///
/// # Errors
/// The runtime's.
pub async fn run<H, F>(handle: H) -> Result<(), Error>
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Response<Body>, Error>> + Send + 'static,
{
    let adapter = Adapter::from(service_fn(handle));
    lambda_runtime::run(adapter.map_request(|event: LambdaEvent<LambdaRequest>| {
        LambdaEvent::new(tame(event.payload), event.context)
    }))
    .await
}

/// Changes an event so that `lambda_http` accepts it without a panic. That library makes a URI of
/// the path, the query string and the `Host`, and the client may have written anything into them.
/// The host is not used here.
fn tame(request: LambdaRequest) -> LambdaRequest {
    match request {
        LambdaRequest::ApiGatewayV2(mut event) => {
            event.headers.remove(HOST);
            event.headers.remove(HeaderName::from_static("x-forwarded-proto"));
            event.request_context.domain_name = None;
            let path = event.raw_path.as_deref().unwrap_or_default();
            event.raw_path = Some(encoded(&format!("/{}", path.trim_start_matches('/'))));
            event.raw_query_string = event.raw_query_string.as_deref().map(encoded);
            LambdaRequest::ApiGatewayV2(event)
        }
        other => other,
    }
}

/// Returns the text with everything percent-encoded that cannot stand in a URI.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Answers one event of payload format 2.0 with a handler, in the same format.
///
/// # Errors
/// The handler's, or that it is no such event.
pub async fn answer<H, F>(handle: H, event: Value) -> Result<Value, String>
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Response<Body>, Error>> + Send + 'static,
{
    let request: LambdaRequest =
        serde_json::from_str(&event.to_string()).map_err(|error| error.to_string())?;
    let event = LambdaEvent::new(tame(request), Context::default());
    let adapter = Adapter::from(service_fn(handle));
    let response = adapter.oneshot(event).await.map_err(|error| error.to_string())?;
    serde_json::to_value(response).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{graphql, testing};

    async fn answer(event: Value) -> Result<Value, String> {
        let handle = async |request| graphql::handle(&testing::app(), request).await;
        super::answer(handle, event).await
    }

    #[tokio::test]
    async fn an_event_goes_in_and_an_answer_comes_out() {
        let mut event = testing::event("GET", "/graphql");
        event["rawQueryString"] = json!("query=%7B__typename%7D");
        let answer = answer(event).await.expect("an answer");
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["isBase64Encoded"], false);
        assert_eq!(answer["body"], json!({ "data": { "__typename": "Query" } }).to_string());
    }

    #[tokio::test]
    async fn nothing_that_a_client_writes_into_the_address_is_too_much() {
        for (path, query) in [
            ("/graphql", "query={__typename}&x=<\"я\u{7f} >"),
            ("no slash", ""),
            ("//@[::", "%"),
            ("/graphql#?", "#"),
        ] {
            let mut event = testing::event("GET", path);
            event["rawQueryString"] = json!(query);
            event["headers"]["host"] = json!("a b:\u{e9}");
            event["headers"]["x-forwarded-proto"] = json!(":");
            assert!(answer(event).await.is_ok(), "{path} {query}");
        }
    }

    #[tokio::test]
    async fn what_is_no_event_is_an_error() {
        assert!(answer(json!({ "hello": 1 })).await.is_err());
    }
}
