//! The answers that need no state. Requests are made of events as the HTTP API sends them.

use lambda_http::{Body, Request, Response};
use serde_json::json;

use super::*;
use crate::metric::FAULTS;
use crate::observe::tests::counted_by;
use crate::testing;

async fn send(request: Request) -> Response<Body> {
    handle(&testing::app(), request).await.expect("an answer")
}

fn webhook(channel: &str, body: &str) -> Request {
    let headers = [("x-signature", "sha256=00")];
    testing::request("POST", &format!("/channels/webhook/{channel}"), "", &headers, Some(body))
}

#[tokio::test]
async fn there_are_two_places_here_and_they_take_posts() {
    for (method, path, status, allowed) in [
        ("GET", "/widget/token", 405, "POST, OPTIONS"),
        ("GET", "/channels/webhook/demo", 405, "POST"),
        ("OPTIONS", "/channels/webhook/demo", 405, "POST"),
        ("POST", "/channels/webhook", 404, ""),
        ("POST", "/channels/webhook/", 404, ""),
        ("POST", "/channels/webhook/a/b", 404, ""),
        ("POST", "/", 404, ""),
    ] {
        let response = send(testing::request(method, path, "", &[], Some("{}"))).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(testing::header(&response, "allow"), allowed);
        assert_eq!(testing::body(&response)["error"]["requestId"], "r-1");
    }
}

#[tokio::test]
async fn a_body_is_bounded_before_anything_is_read() {
    let response = send(webhook("demo-support", &"x".repeat(64 * 1024 + 1))).await;
    assert_eq!(response.status(), 413);
    let long = "x".repeat(64 * 1024);
    let response = send(testing::request("POST", "/widget/token", "", &[], Some(&long))).await;
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn a_channel_that_cannot_be_is_not_found() {
    let response = send(webhook(&"x".repeat(200), "{}")).await;
    assert_eq!(response.status(), 404);
}

#[tokio::test]
async fn a_state_that_is_away_may_be_asked_again() {
    let response = send(webhook("demo-support", "{}")).await;
    assert_eq!(response.status(), 503);
    assert_eq!(testing::header(&response, "retry-after"), "1");
    assert_eq!(testing::body(&response)["error"]["code"], "UNAVAILABLE");
}

#[tokio::test]
async fn the_widget_may_ask_from_any_page_and_reads_what_is_wrong() {
    let headers = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    let response = send(testing::request("OPTIONS", "/widget/token", "", &headers, None)).await;
    assert_eq!(response.status(), 204);
    assert_eq!(testing::header(&response, "access-control-allow-origin"), "*");
    assert_eq!(
        testing::header(&response, "access-control-allow-headers"),
        "authorization, content-type"
    );
    for (body, status, code) in [
        (json!({}), 400, "BAD_USER_INPUT"),
        (json!({ "liveChatId": "nonsense" }), 404, "NOT_FOUND"),
    ] {
        let body = body.to_string();
        let response = send(testing::request("POST", "/widget/token", "", &[], Some(&body))).await;
        assert_eq!(response.status(), status);
        assert_eq!(testing::header(&response, "access-control-allow-origin"), "*");
        assert_eq!(testing::body(&response)["error"]["code"], code);
    }
}

#[test]
fn too_much_at_once_says_when_to_come_again_in_whole_seconds() {
    for (millis, seconds) in [(None, "1"), (Some(0), "1"), (Some(1), "1"), (Some(1001), "2")] {
        let refusal = domain::Refusal::Limit { message: "Too fast.", retry_after_millis: millis };
        let response = Refused::from(refusal).respond("r-1");
        assert_eq!(response.status(), 429);
        assert_eq!(testing::header(&response, "retry-after"), seconds);
    }
}

#[tokio::test]
async fn a_panic_is_answered_and_the_next_request_is_fine() {
    let app = testing::broken_app();
    let ask = async || handle(&app, webhook("demo-support", "{}")).await.expect("an answer");
    for _ in 0..2 {
        let response = ask().await;
        assert_eq!(response.status(), 500);
        let error = &testing::body(&response)["error"];
        assert_eq!((&error["code"], &error["requestId"]), (&json!("INTERNAL"), &json!("r-1")));
        assert!(!error.to_string().contains("no "), "{error}");
    }
    let request = testing::request("GET", "/widget/token", "", &[], None);
    assert_eq!(handle(&app, request).await.expect("an answer").status(), 405);
}

#[test]
fn each_fault_is_counted_once_and_what_the_sender_did_wrong_is_none() {
    let send = |app: &App, request| {
        let answer = testing::block_on(handle(app, request)).expect("an answer");
        answer.status().as_u16()
    };
    for (app, request, status, faults) in [
        (testing::app(), webhook("demo-support", "{}"), 503, Some(1)),
        (testing::broken_app(), webhook("demo-support", "{}"), 500, Some(1)),
        (testing::app(), webhook(&"x".repeat(200), "{}"), 404, None),
        (testing::app(), testing::request("GET", "/widget/token", "", &[], None), 405, None),
    ] {
        let (answered, counted) = counted_by(|| send(&app, request));
        assert_eq!((answered, counted(FAULTS)), (status, faults));
    }
}
