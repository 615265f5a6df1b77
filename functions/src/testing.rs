//! Test support for the handlers: an app without a state behind it, and events as the HTTP API sends
//! them.

use std::sync::Arc;

use aws_sdk_dynamodb::config::{Credentials, Region};
use domain::Timestamp;
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};
use store::{Environment, Store, Tables};

use crate::app::{self, App};
use crate::connections::Connections;
use crate::environment::Machine;
use crate::identity::Identity;

/// Waits for a future, in a runtime of this thread, so that metrics are counted in this thread.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

pub const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

/// Builds an app with no DynamoDB at its address.
pub fn app() -> App {
    app_in(Arc::new(Machine))
}

/// Builds an app that panics wherever it asks for the time or for chance.
pub fn broken_app() -> App {
    struct Broken;
    impl Environment for Broken {
        fn now(&self) -> Timestamp {
            panic!("no time")
        }
        fn random(&self) -> u128 {
            panic!("no chance")
        }
    }
    app_in(Arc::new(Broken))
}

/// Builds an app with DynamoDB and gateway at this address.
pub fn app_at(endpoint: &str) -> App {
    app_of(Arc::new(Machine), endpoint)
}

fn app_in(environment: Arc<dyn Environment>) -> App {
    app_of(environment, "http://127.0.0.1:1")
}

fn app_of(environment: Arc<dyn Environment>, endpoint: &str) -> App {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let endpoint = Some(endpoint.to_owned());
    let db = app::client(Region::new("local"), credentials, endpoint.clone());
    let store = Store::new(db, Tables::default(), environment);
    let credentials = Credentials::new("test", "test", None, None, "test");
    let connections = Connections::at("local".to_owned(), credentials, endpoint);
    App::new(store, Identity::with_secret(SECRET).expect("a strong secret"), connections)
}

/// Returns an event of payload format 2.0.
pub fn event(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "api.example.com", "x-forwarded-proto": "https" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test",
            },
            "requestId": "r-1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:10:00:00 +0000",
            "timeEpoch": 1_795_341_600_000_i64,
        },
        "isBase64Encoded": false,
    })
}

/// Returns the request of such an event with headers, a query string and a body.
pub fn request(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Request {
    let mut event = event(method, path);
    event["rawQueryString"] = json!(query);
    for (name, value) in headers {
        event["headers"][name.to_ascii_lowercase()] = json!(value);
    }
    if let Some(body) = body {
        event["body"] = json!(body);
    }
    lambda_http::request::from_str(&event.to_string()).expect("an event")
}

pub fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

pub fn body(response: &Response<Body>) -> Value {
    serde_json::from_slice(response.body()).expect("a JSON body")
}
