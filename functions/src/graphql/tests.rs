//! GraphQL over HTTP, sentence by sentence. Requests are made of events as the HTTP API sends them.

use http::Method;
use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::*;
use crate::identity::Employee;
use crate::testing;

mod form;
mod token;

const MODERN: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

async fn send(request: Request) -> Response<Body> {
    handle(&testing::app(), request).await.expect("an answer")
}

async fn get(query: &str, accept: &str) -> Response<Body> {
    send(testing::request("GET", "/graphql", query, &[("accept", accept)], None)).await
}

async fn post(body: &Value, accept: &str) -> Response<Body> {
    post_text(&body.to_string(), accept).await
}

async fn post_text(body: &str, accept: &str) -> Response<Body> {
    let headers = [("content-type", JSON), ("accept", accept)];
    send(testing::request("POST", "/graphql", "", &headers, Some(body))).await
}

/// Checks that this is a GraphQL answer without data, whose errors have a code and the request's
/// id.
fn assert_is_request_error(response: &Response<Body>, code: &str) {
    let body = testing::body(response);
    assert!(body.get("data").is_none(), "{body}");
    let errors = body["errors"].as_array().expect("errors");
    assert!(!errors.is_empty());
    for error in errors {
        assert!(!error["message"].as_str().expect("a message").is_empty());
        assert_eq!(error["extensions"], json!({ "code": code, "requestId": "r-1" }));
    }
}

#[tokio::test]
async fn the_answer_is_in_a_media_type_that_the_client_accepts() {
    let query = json!({ "query": "{ __typename }" });
    for (accept, content_type) in [
        (MODERN, "application/graphql-response+json; charset=utf-8"),
        (JSON, "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=utf-8",
        ),
    ] {
        let response = post(&query, accept).await;
        assert_eq!(response.status(), 200, "{accept}");
        assert_eq!(testing::header(&response, "content-type"), content_type);
        assert_eq!(testing::body(&response), json!({ "data": { "__typename": "Query" } }));
        assert_eq!(testing::header(&response, "access-control-allow-origin"), "*");
        assert_eq!(testing::header(&response, "cache-control"), "no-store");
    }
    let headers = [("content-type", JSON)];
    let body = query.to_string();
    let response = send(testing::request("POST", "/graphql", "", &headers, Some(&body))).await;
    assert_eq!(testing::header(&response, "content-type"), "application/json; charset=utf-8");
    let response = post(&query, "text/html").await;
    assert_eq!(response.status(), 406);
    assert_is_request_error(&response, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_document_that_cannot_be_executed_is_400_and_to_old_clients_200() {
    for body in [
        json!({ "query": "{" }),
        json!({ "query": "" }),
        json!({ "query": "{ noSuchField }" }),
        json!({ "query": "query a { __typename } query b { __typename }" }),
        json!({ "query": "query a { __typename }", "operationName": "b" }),
        json!({ "query": "query ($id: ID!) { __typename }", "variables": { "id": null } }),
        json!({ "query": "query ($id: ID!) { __typename }" }),
        json!({ "query": "fragment f on Query { __typename }" }),
        json!({ "query": "subscription { __typename }" }),
    ] {
        for (accept, status) in [(MODERN, 400), (JSON, 200)] {
            let response = post(&body, accept).await;
            assert_eq!(response.status(), status, "{body} {accept}");
            assert_is_request_error(&response, "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn parameters_that_are_right_are_taken() {
    let typed = "query Type($name: String!) { __type(name: $name) { name } }";
    for body in [
        json!({ "query": "{ __typename }", "variables": null, "operationName": null, "extensions": null }),
        json!({ "query": "query a { __typename }", "operationName": "a" }),
        json!({ "query": "{ __typename }", "operationName": "" }),
        json!({ "query": "{ __typename }", "extensions": { "some": "value" } }),
        json!({ "query": "{ __typename }", "reserved": 1 }),
        json!({ "query": typed, "variables": { "name": "Run🏃Swim🏊" } }),
    ] {
        for accept in [MODERN, JSON] {
            let response = post(&body, accept).await;
            assert_eq!(response.status(), 200, "{body}");
            assert!(testing::body(&response).get("errors").is_none(), "{body}");
        }
    }
}

#[tokio::test]
async fn queries_come_by_get_too() {
    let typed = "query=query%20Type(%24name%3A%20String!)%7B__type(name%3A%24name)%7Bname%7D%7D";
    for query in [
        "query=%7B__typename%7D".to_owned(),
        "query=%7B+__typename+%7D&operationName=".to_owned(),
        "query=query+a%7B__typename%7D+query+b%7B__typename%7D&operationName=a".to_owned(),
        format!("{typed}&variables=%7B%22name%22%3A%22Query%22%7D&extensions=%7B%7D"),
    ] {
        for accept in [MODERN, JSON, "*/*"] {
            let response = get(&query, accept).await;
            assert_eq!(response.status(), 200, "{query}");
            assert!(testing::body(&response).get("errors").is_none(), "{query}");
        }
    }
}

#[tokio::test]
async fn nothing_but_queries_is_executed_by_get() {
    for query in [
        "query=mutation%7B__typename%7D",
        "query=subscription%7B__typename%7D",
        "query=query+a%7B__typename%7D+mutation+b%7B__typename%7D&operationName=b",
    ] {
        for accept in [MODERN, JSON] {
            let response = get(query, accept).await;
            assert_eq!(response.status(), 405, "{query}");
            assert_eq!(testing::header(&response, "allow"), "POST");
            assert_is_request_error(&response, "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    for method in [Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE] {
        let request = testing::request(method.as_str(), "/graphql", "query=%7Ba%7D", &[], None);
        let response = send(request).await;
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(testing::header(&response, "allow"), "GET, POST, OPTIONS");
    }
}

#[tokio::test]
async fn a_page_of_any_origin_may_ask() {
    let headers = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let response = send(testing::request("OPTIONS", "/graphql", "", &headers, None)).await;
    assert_eq!(response.status(), 204);
    assert_eq!(testing::header(&response, "access-control-allow-origin"), "*");
    assert_eq!(testing::header(&response, "access-control-allow-methods"), "GET, POST");
    let allowed = testing::header(&response, "access-control-allow-headers");
    assert_eq!(allowed, "authorization, content-type");
}
