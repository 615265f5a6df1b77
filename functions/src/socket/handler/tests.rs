//! Tests of messages whose handling fails.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;

use domain::Person;
use domain::{EmployeeId, TenantId};

use super::*;
use crate::identity::Employee;
use crate::metric::FAULTS;
use crate::observe::tests::counted_by;
use crate::testing;

fn event(route: &str, body: &Value) -> ApiGatewayWebsocketProxyRequest {
    let event = json!({
        "requestContext": { "routeKey": route, "connectionId": "c1", "requestId": "r-1",
            "connectedAt": 0, "requestTimeEpoch": 1000 },
        "multiValueHeaders": { "Sec-WebSocket-Protocol": [SUBPROTOCOL] },
        "body": body.to_string(),
        "isBase64Encoded": false,
    });
    serde_json::from_value(event).expect("an event")
}

/// On an error of the function the gateway sends a frame that ends clients for good.
#[tokio::test]
async fn a_panic_is_no_error_of_the_function() {
    let app = testing::broken_app();
    let ping = json!({ "type": "ping" });
    assert_eq!(handle(&app, event("$connect", &ping)).await, status(503));
    assert_eq!(handle(&app, event("$default", &ping)).await, status(200));
    assert_eq!(handle(&app, event("$disconnect", &ping)).await, status(200));
}

/// A DynamoDB that has one connection and accepts no writes, and a gateway that records its
/// requests.
#[derive(Clone)]
struct Failing {
    connection: Value,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(State(failing): State<Failing>, request: Request) -> (StatusCode, String) {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    match target {
        Some("DynamoDB_20120810.GetItem") => {
            (StatusCode::OK, json!({ "Item": failing.connection }).to_string())
        }
        Some(_) => (StatusCode::BAD_REQUEST, "{\"__type\":\"AccessDenied\"}".to_owned()),
        None => {
            let asked = format!("{} {}", request.method(), request.uri().path());
            failing.asked.lock().expect("unpoisoned").push(asked);
            (StatusCode::OK, String::new())
        }
    }
}

impl Failing {
    /// Returns the requests that the gateway receives when this message comes over this connection.
    async fn after(connection: Value, message: &Value) -> Vec<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = format!("http://{}", listener.local_addr().expect("an address"));
        let failing = Self { connection, asked: Arc::default() };
        let routes = Router::new().fallback(answer).with_state(failing.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let app = testing::app_at(&at);
        assert_eq!(handle(&app, event("$default", message)).await, status(200));
        std::mem::take(&mut *failing.asked.lock().expect("unpoisoned"))
    }
}

fn connection(phase: &str) -> Value {
    let far = "32503680000000";
    json!({ "ph": { "S": phase }, "at": { "N": "0" }, "ttl": { "N": far }, "exp": { "N": far } })
}

const RECYCLED: [&str; 1] = ["DELETE /@connections/c1"];

#[tokio::test]
async fn a_client_that_is_not_acknowledged_is_made_to_ask_again() {
    let signer = testing::app().identity.signer().cloned().expect("a secret");
    let ann = Employee { id: "ann".into(), name: "Ann".into(), is_administrator: false };
    let token = signer.sign_employee("demo", ann, 32_503_680_000).expect("a token");
    let payload = json!({ "authorization": format!("Bearer {token}") });
    let message = json!({ "type": "connection_init", "payload": payload });
    assert_eq!(Failing::after(connection("o"), &message).await, RECYCLED);
}

#[tokio::test]
async fn a_client_whose_operation_does_not_start_is_made_to_ask_again() {
    let query = "subscription { counters { version } }";
    let message = json!({ "type": "subscribe", "id": "1", "payload": { "query": query } });
    let person = Person {
        tenant: TenantId::parse("demo").unwrap(),
        id: EmployeeId::parse("ann").unwrap(),
        name: "Ann".to_owned(),
    };
    let caller = Caller::Employee { person, is_administrator: false };
    let mut known = connection("a");
    known["who"] = json!({ "S": serde_json::to_string(&caller).unwrap() });
    assert_eq!(Failing::after(known.clone(), &message).await, RECYCLED);
    // Nobody waits for an answer to these.
    for message in [json!({ "type": "ping" }), json!({ "type": "complete", "id": "1" })] {
        assert_eq!(Failing::after(known.clone(), &message).await, [""; 0]);
    }
}

#[test]
fn a_message_that_was_not_handled_is_counted_as_a_fault() {
    for app in [testing::app(), testing::broken_app()] {
        let ping = json!({ "type": "ping" });
        let handling = handle(&app, event("$connect", &ping));
        let (answer, counted) = counted_by(|| testing::block_on(handling));
        assert_eq!((answer, counted(FAULTS)), (status(503), Some(1)));
    }
}
