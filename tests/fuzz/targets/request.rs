//! Bodies and headers of the GraphQL function: every request has an answer of JSON.
#![no_main]

mod stage;

use functions::graphql;
use lambda_http::http::{HeaderName, HeaderValue, Method, Request};
use lambda_http::{Body, RequestExt};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 6] =
    ["content-type", "accept", "authorization", "origin", "x-forwarded-for", "content-length"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let mut parts = rest.split(|byte| *byte == b'\n');
    let methods = [Method::POST, Method::POST, Method::GET, Method::PUT, Method::OPTIONS];
    let mut request = Request::new(Body::Empty);
    *request.method_mut() = methods[usize::from(*first) % methods.len()].clone();
    for _ in 0..first >> 5 {
        let Some((name, value)) = parts.next().and_then(|line| line.split_first()) else { break };
        let name = HeaderName::from_static(NAMES[usize::from(*name) % NAMES.len()]);
        if let Ok(value) = HeaderValue::from_bytes(value) {
            request.headers_mut().append(name, value);
        }
    }
    if first & 16 == 0 {
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert("content-type", json);
    }
    let body = parts.collect::<Vec<_>>().join(&b'\n');
    let text = String::from_utf8_lossy(&body).into_owned();
    let given = std::collections::HashMap::from([("query".to_owned(), vec![text.clone()])]);
    *request.body_mut() = Body::Text(text);
    let request = request.with_query_string_parameters(given);
    let answer = stage::wait(graphql::handle(stage::app(), request)).expect("an answer");
    let status = answer.status().as_u16();
    assert!(status < 500, "{status}");
    if status != 204 {
        assert!(serde_json::from_slice::<serde_json::Value>(answer.body()).is_ok());
    }
});
