//! Events of the HTTP API: translates them to requests for a handler and its answers back, on Lambda
//! and in the local run.

use http::header::{HOST, HeaderName};
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, Error, Request, Response, service_fn};
use lambda_runtime::LambdaEvent;
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

/// Returns a handler as the local gateway calls it: an event of payload format 2.0 in, an answer of
/// the same format out.
#[cfg(feature = "local")]
fn local<H, F>(handle: H) -> impl Fn(serde_json::Value) -> Answer + Send + Sync + Clone + 'static
where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Error>> + Send + 'static,
{
    let handle = std::sync::Arc::new(handle);
    move |event| {
        let handle = std::sync::Arc::clone(&handle);
        Box::pin(async move {
            let request: LambdaRequest =
                serde_json::from_str(&event.to_string()).map_err(|error| error.to_string())?;
            let event = LambdaEvent::new(tame(request), lambda_runtime::Context::default());
            let adapter = Adapter::from(service_fn(move |request| handle(request)));
            let response = adapter.oneshot(event).await.map_err(|error| error.to_string())?;
            serde_json::to_value(response).map_err(|error| error.to_string())
        })
    }
}

/// The answer of a function, once it comes.
#[cfg(feature = "local")]
pub type Answer = futures::future::BoxFuture<'static, Result<serde_json::Value, String>>;

/// Returns the GraphQL function as the local gateway calls it.
#[cfg(feature = "local")]
pub fn graphql_function(
    app: crate::app::App,
) -> impl Fn(serde_json::Value) -> Answer + Send + Sync + Clone + 'static {
    local(move |request| {
        let app = app.clone();
        async move { crate::graphql::handle(&app, request).await }
    })
}

/// Returns the inbound function as the local gateway calls it.
#[cfg(feature = "local")]
pub fn inbound_function(
    app: crate::app::App,
) -> impl Fn(serde_json::Value) -> Answer + Send + Sync + Clone + 'static {
    local(move |request| {
        let app = app.clone();
        async move { crate::inbound::handle(&app, request).await }
    })
}

#[cfg(all(test, feature = "local"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn an_event_goes_in_and_an_answer_comes_out() {
        let function = graphql_function(testing::app());
        let mut event = testing::event("GET", "/graphql");
        event["rawQueryString"] = json!("query=%7B__typename%7D");
        let answer = function(event).await.expect("an answer");
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["isBase64Encoded"], false);
        assert_eq!(answer["body"], json!({ "data": { "__typename": "Query" } }).to_string());
    }

    #[tokio::test]
    async fn nothing_that_a_client_writes_into_the_address_is_too_much() {
        let function = graphql_function(testing::app());
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
            assert!(function(event).await.is_ok(), "{path} {query}");
        }
    }

    #[tokio::test]
    async fn what_is_no_event_is_an_error() {
        let function = graphql_function(testing::app());
        assert!(function(json!({ "hello": 1 })).await.is_err());
    }
}
