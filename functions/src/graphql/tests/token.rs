//! Tests of tokens in requests: which callers are answered.

use std::sync::Arc;

use super::*;
use crate::identity::{Identity, Source};
use crate::metric::FAULTS;
use crate::observe::tests::counted_by;

async fn with_token(authorization: &str) -> Response<Body> {
    let headers = [("content-type", JSON), ("accept", MODERN), ("authorization", authorization)];
    let body = json!({ "query": "{ __typename }" }).to_string();
    send(testing::request("POST", "/graphql", "", &headers, Some(&body))).await
}

fn token(id: &str, expires_at_seconds: i64) -> String {
    let ann = Employee { id: id.to_owned(), name: "Ann".to_owned(), is_administrator: false };
    let app = testing::app();
    let signer = app.identity.signer().expect("a secret");
    let token = signer.sign_employee("demo", ann, expires_at_seconds).expect("a token");
    format!("Bearer {token}")
}

const FAR: i64 = 32_503_680_000;

#[tokio::test]
async fn a_token_that_is_not_accepted_is_401_and_nothing_is_executed() {
    for (authorization, code) in [
        ("Bearer nonsense".to_owned(), "UNAUTHENTICATED"),
        ("Basic YTpi".to_owned(), "UNAUTHENTICATED"),
        (String::new(), "UNAUTHENTICATED"),
        (format!("{}x", token("ann", FAR)), "UNAUTHENTICATED"),
        // Signed by us, and still no id.
        (token("ann bob", FAR), "UNAUTHENTICATED"),
        (token("ann", 1), "TOKEN_EXPIRED"),
    ] {
        let response = with_token(&authorization).await;
        assert_eq!(response.status(), 401, "{authorization}");
        assert!(testing::header(&response, "www-authenticate").starts_with("Bearer"));
        assert_is_request_error(&response, code);
    }
}

#[tokio::test]
async fn a_query_that_needs_no_state_is_answered_when_the_state_is_away() {
    let response = with_token(&token("ann", FAR)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(testing::body(&response), json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn a_panic_is_answered_and_the_next_request_is_fine() {
    let app = testing::broken_app();
    let ask = async |authorization: &str| {
        let headers =
            [("content-type", JSON), ("accept", MODERN), ("authorization", authorization)];
        let request = testing::request("POST", "/graphql", "", &headers, Some("nonsense"));
        handle(&app, request).await.expect("an answer")
    };
    for _ in 0..2 {
        let response = ask(&token("ann", FAR)).await;
        assert_eq!(response.status(), 500);
        assert_is_request_error(&response, "INTERNAL");
        assert!(!testing::body(&response).to_string().contains("no time"));
    }
}

#[test]
fn a_fault_is_counted_whatever_the_status_of_its_answer() {
    let unknown = App {
        identity: Arc::new(
            Identity::new(None, Source::File("/there/is/none".into())).expect("an identity"),
        ),
        ..testing::app()
    };
    let authorization = token("ann", FAR);
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("authorization", authorization.as_str()),
    ];
    let body = json!({ "query": "{ viewer { counters { queue } } }" }).to_string();
    for (app, status, faults) in [
        (testing::app(), 200, Some(1)),
        (unknown, 503, Some(1)),
        (testing::broken_app(), 500, Some(1)),
    ] {
        let request = testing::request("POST", "/graphql", "", &headers, Some(&body));
        let (answer, counted) = counted_by(|| testing::block_on(handle(&app, request)));
        assert_eq!(answer.expect("an answer").status(), status);
        assert_eq!(counted(FAULTS), faults, "{status}");
    }
}
