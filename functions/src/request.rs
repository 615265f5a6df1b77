//! HTTP requests: reads what the handlers need beside the body.

use http::HeaderMap;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

use crate::app::App;

/// The longest request id that is taken from a header, in bytes.
const ID_BYTES: usize = 100;

/// Returns the id of the request: the gateway's, else the function's, else the client's, else a
/// fresh one.
#[must_use]
pub fn id(app: &App, request: &Request) -> String {
    let gateway = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    };
    gateway
        .or_else(|| request.lambda_context_ref().map(|context| context.request_id.clone()))
        .filter(|id| !id.is_empty())
        .or_else(|| header_id(request.headers()))
        .unwrap_or_else(|| domain::id::fresh(app.store.random()))
}

fn header_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    let is_id =
        (1..=ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| id.to_owned())
}

/// Returns the address that the gateway saw the request come from. The request's own headers are
/// ignored: a client can write anything into them.
#[must_use]
pub fn source_ip(request: &Request) -> Option<&str> {
    match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
        _ => None,
    }
}

/// Returns the parts of the path, without the stage that may stand before them.
#[must_use]
pub fn path(request: &Request) -> Vec<&str> {
    request.raw_http_path().split('/').filter(|part| !part.is_empty()).collect()
}
