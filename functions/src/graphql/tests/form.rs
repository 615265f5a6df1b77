//! Requests that are not well-formed.

use super::*;

#[tokio::test]
async fn a_body_that_is_no_request_is_400() {
    let mut bodies: Vec<String> = ["", "{ \"not a JSON", "NONSENSE", "\"text\"", "7", "null", "{}"]
        .map(str::to_owned)
        .to_vec();
    bodies.push("{\"query\":\"{ __typename }\"} {}".to_owned());
    bodies.push(json!([{ "query": "{ __typename }" }]).to_string());
    bodies.push(json!({ "qeury": "{ __typename }" }).to_string());
    for wrong in [json!({ "obj": "ect" }), json!(0), json!(false), json!(["array"]), json!(null)] {
        bodies.push(json!({ "query": wrong }).to_string());
    }
    for wrong in [json!({ "obj": "ect" }), json!(0), json!(false), json!(["array"])] {
        bodies.push(json!({ "query": "{ __typename }", "operationName": wrong }).to_string());
    }
    for wrong in [json!("string"), json!(0), json!(false), json!(["array"])] {
        bodies.push(json!({ "query": "{ __typename }", "variables": wrong }).to_string());
        bodies.push(json!({ "query": "{ __typename }", "extensions": wrong }).to_string());
    }
    bodies.push("[".repeat(100_000));
    for body in bodies {
        for accept in [MODERN, JSON] {
            let response = post_text(&body, accept).await;
            assert_eq!(response.status(), 400, "{}", domain::text::cut(&body, 100));
            assert_is_request_error(&response, "BAD_USER_INPUT");
        }
    }
}

#[tokio::test]
async fn a_query_string_that_is_no_request_is_400() {
    for query in [
        "",
        "qeury=%7B__typename%7D",
        "query=%7B__typename%7D&query=%7B__typename%7D",
        "query=%7B__typename%7D&variables=x",
        "query=%7B__typename%7D&variables=%5B7%5D",
        "query=%7B__typename%7D&variables=7",
        "query=%7B__typename%7D&extensions=%22x%22",
    ] {
        let response = get(query, MODERN).await;
        assert_eq!(response.status(), 400, "{query}");
        assert_is_request_error(&response, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn a_body_is_json_in_utf8_and_says_so() {
    let body = json!({ "query": "{ __typename }" }).to_string();
    for (content_type, status) in [
        (Some("application/json"), 200),
        (Some("application/json; charset=utf-8"), 200),
        (Some("application/json; charset=latin1"), 415),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("multipart/form-data"), 415),
        (None, 415),
    ] {
        let headers: Vec<_> =
            content_type.map(|value| ("content-type", value)).into_iter().collect();
        let request = testing::request("POST", "/graphql", "", &headers, Some(&body));
        assert_eq!(send(request).await.status(), status, "{content_type:?}");
    }
    let mut request =
        testing::request("POST", "/graphql", "", &[("content-type", JSON)], Some(&body));
    *request.body_mut() = Body::Binary(b"{\"query\":\"{ __typename } # \xff\"}".to_vec());
    assert_eq!(send(request).await.status(), 400);
}

#[tokio::test]
async fn a_body_has_a_megabyte_at_most() {
    let sized = |length: usize| {
        let frame = json!({ "query": "{ __typename }", "pad": "" }).to_string().len();
        json!({ "query": "{ __typename }", "pad": "x".repeat(length - frame) }).to_string()
    };
    assert_eq!(post_text(&sized(BODY_BYTES), MODERN).await.status(), 200);
    let response = post_text(&sized(BODY_BYTES + 1), MODERN).await;
    assert_eq!(response.status(), 413);
    assert_is_request_error(&response, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_document_that_is_too_much_is_refused_before_it_is_parsed() {
    for query in ["{a".repeat(40_000), "#".repeat(graphql::DOCUMENT_BYTES + 1)] {
        let response = post(&json!({ "query": query }), MODERN).await;
        assert_eq!(response.status(), 400);
        assert_is_request_error(&response, "TOO_COMPLEX");
    }
}
