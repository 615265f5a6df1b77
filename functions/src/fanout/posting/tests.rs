//! Tests of posts that hang and of posts that are refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::*;
use crate::connections::PATIENCE;
use crate::testing;

/// The way the gateway answers posts to a connection.
#[derive(Clone, Copy)]
enum Way {
    Takes,
    Hangs,
    Throttles,
}

/// A gateway, and a DynamoDB that accepts every write and holds nothing. Both record their
/// requests.
#[derive(Clone)]
struct Gateway {
    way: fn(&str) -> Way,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    at: Arc<Mutex<String>>,
}

async fn answer(State(gateway): State<Gateway>, request: Request) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let path = request.uri().path();
    let asked = match target {
        Some(target) => target.rsplit('.').next().unwrap().to_owned(),
        None => format!("{} {path}", request.method()),
    };
    *gateway.asked.lock().unwrap().entry(asked.clone()).or_default() += 1;
    let way = if asked.starts_with("POST /") { (gateway.way)(path) } else { Way::Takes };
    match way {
        Way::Takes => json!({}).to_string().into_response(),
        Way::Hangs => std::future::pending().await,
        Way::Throttles => {
            let mut refused = StatusCode::TOO_MANY_REQUESTS.into_response();
            let kind = HeaderValue::from_static("LimitExceededException");
            refused.headers_mut().insert("x-amzn-errortype", kind);
            refused
        }
    }
}

impl Gateway {
    async fn new(way: fn(&str) -> Way) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = format!("http://{}", listener.local_addr().unwrap());
        let gateway = Self { way, asked: Arc::default(), at: Arc::new(Mutex::new(at)) };
        let routes = Router::new().fallback(answer).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        gateway
    }

    /// Posts so many frames to each of so many connections.
    async fn post(&self, connections: usize, frames: usize) {
        let app = testing::app_at(&self.at.lock().unwrap().clone());
        let parcel = |number: usize| Parcel {
            operation: number.to_string(),
            registered_at: None,
            frame: Frame::ping(None),
            is_last: false,
        };
        let outbox = |number| Outbox::new(format!("c{number}"), (0..frames).map(parcel).collect());
        post_all(&app, (0..connections).map(outbox).collect(), "r-1").await.unwrap();
    }

    fn asked(&self, what: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(name, _)| name.starts_with(what)).map(|(_, times)| times).sum()
    }
}

#[tokio::test]
async fn a_post_that_hangs_is_not_tried_again_and_its_connection_is_recycled() {
    let gateway =
        Gateway::new(|path| if path.ends_with("/c39") { Way::Hangs } else { Way::Takes }).await;
    let began = Instant::now();
    gateway.post(40, 3).await;
    assert_eq!(gateway.asked("POST /@connections/c39"), 1);
    assert_eq!(gateway.asked("POST "), 39 * 3 + 1);
    assert_eq!(gateway.asked("DELETE "), 1);
    assert_eq!(gateway.asked("DELETE /@connections/c39"), 1);
    // Not a measure of speed: three posts that may each take their time take three seconds.
    assert!(began.elapsed() < 3 * PATIENCE, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_connection_that_is_throttled_stays_and_what_it_lost_is_noted() {
    let gateway =
        Gateway::new(|path| if path.ends_with("/c7") { Way::Throttles } else { Way::Takes }).await;
    gateway.post(20, 3).await;
    assert_eq!(gateway.asked("POST /@connections/c7"), 2, "tried again once");
    assert_eq!(gateway.asked("DELETE "), 0);
    assert_eq!(gateway.asked("UpdateItem"), 1, "noted");
    assert_eq!(gateway.asked("POST "), 19 * 3 + 2);
}

#[tokio::test]
async fn where_everybody_is_throttled_it_is_waited_a_little_and_nobody_is_closed() {
    let gateway = Gateway::new(|_| Way::Throttles).await;
    gateway.post(1000, 3).await;
    assert_eq!(gateway.asked("DELETE "), 0);
    assert_eq!(gateway.asked("UpdateItem"), 1000, "each is noted");
    // A round ends when so many in a row are refused, with what was under way.
    let most = (1 + MASS_PAUSES.len()) * (MASS + IN_FLIGHT);
    assert!(gateway.asked("POST ") <= most, "{}", gateway.asked("POST "));
}

#[tokio::test]
async fn where_nobody_is_answered_connections_stay() {
    let gateway = Gateway::new(|_| Way::Hangs).await;
    gateway.post(MASS + 8, 3).await;
    assert!((MASS..=MASS + 8).contains(&gateway.asked("POST ")));
    assert_eq!(gateway.asked("DELETE "), 0);
    assert_eq!(gateway.asked("UpdateItem"), MASS + 8);
}
