use super::*;
use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use reqwest::{Client as Http, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn url(running: &Running, path: &str) -> String {
    format!("http://{}{path}", running.address)
}

fn typed(event: Value) -> ApiGatewayV2httpRequest {
    serde_json::from_value(event).expect("the shape of AWS's event")
}

#[tokio::test]
async fn a_request_becomes_an_event_of_payload_2() {
    let mut running = Running::start(Limits::default()).await;
    let request = Http::new()
        .post(url(&running, "/graphql?a=1&a=2&b=%C3%A9"))
        .header("Cookie", "one=1; two=2")
        .header("X-Many", "first")
        .header("X-Many", "second")
        .header("Content-Type", "application/json; charset=utf-8")
        .header("User-Agent", "test")
        .body("{\"query\":\"é\"}");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 202);
    assert_eq!(response.headers()["content-type"], "application/graphql-response+json");
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.text().await.unwrap(), "{\"data\":null}");

    let event = typed(running.event("ANY /graphql").await);
    assert_eq!(event.version.as_deref(), Some("2.0"));
    assert_eq!(event.raw_path.as_deref(), Some("/graphql"));
    assert_eq!(event.raw_query_string.as_deref(), Some("a=1&a=2&b=%C3%A9"));
    assert_eq!(event.query_string_parameters.first("b"), Some("é"));
    assert_eq!(event.query_string_parameters.all("a"), Some(vec!["1", "2"]));
    assert_eq!(event.cookies.unwrap(), ["one=1", "two=2"]);
    assert_eq!(event.headers["x-many"], "first,second");
    assert!(!event.headers.contains_key("cookie"));
    assert_eq!(event.body.as_deref(), Some("{\"query\":\"é\"}"));
    assert!(!event.is_base64_encoded);
    let context = event.request_context;
    assert_eq!(context.http.method, "POST");
    assert_eq!(context.http.protocol.as_deref(), Some("HTTP/1.1"));
    assert_eq!(context.http.source_ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(context.http.user_agent.as_deref(), Some("test"));
    assert_eq!(context.stage.as_deref(), Some("$default"));
    assert!(context.time_epoch > 1_600_000_000_000);
}

#[tokio::test]
async fn bodies_that_are_no_text_come_in_base64() {
    let mut running = Running::start(Limits::default()).await;
    let request = Http::new()
        .post(url(&running, "/channels/webhook/demo"))
        .header("Content-Type", "application/octet-stream")
        .body(vec![0, 159, 146, 150]);
    assert_eq!(request.send().await.unwrap().status(), 202);
    let event = typed(running.event("POST /channels/{proxy+}").await);
    assert_eq!(event.body.as_deref(), Some("AJ+Slg=="));
    assert!(event.is_base64_encoded);
    assert_eq!(event.path_parameters["proxy"], "webhook/demo");
}

#[tokio::test]
async fn every_method_of_graphql_passes_and_other_routes_are_api_gateways_404() {
    let mut running = Running::start(Limits::default()).await;
    let http = Http::new();
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::DELETE] {
        let request = http.request(method.clone(), url(&running, "/graphql"));
        assert_eq!(request.send().await.unwrap().status(), 202);
        let event = running.event("ANY /graphql").await;
        assert_eq!(event["requestContext"]["http"]["method"], method.as_str());
    }
    let home = http.get(url(&running, "/")).send().await.unwrap();
    assert_eq!(home.text().await.unwrap(), "home");
    // A messenger asks there whether an address is a channel's.
    let asked = http.get(url(&running, "/channels/whatsapp/demo?hub.mode=subscribe")).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    running.event("GET /channels/{proxy+}").await;
    for path in ["/nowhere", "/channels/webhook/demo", "/widget/token"] {
        let response = http.get(url(&running, path)).send().await.unwrap();
        assert_eq!(response.status(), 404);
        assert_eq!(response.text().await.unwrap(), "{\"message\":\"Not Found\"}");
    }
}

#[tokio::test]
async fn a_failure_a_timeout_and_nonsense_are_500() {
    let limits = Limits { handler: Duration::from_millis(50), ..Limits::default() };
    let running = Running::start(limits).await;
    for body in ["fail", "hang", "nonsense"] {
        let request = Http::new().post(url(&running, "/graphql")).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 500, "{body}");
        let text = response.text().await.unwrap();
        assert_eq!(text, "{\"message\":\"Internal Server Error\"}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let running = Running::start(Limits { body_bytes: 1000, ..Limits::default() }).await;
    let http = Http::new();
    for (length, status) in [(1000, 202), (1001, 413), (3000, 413)] {
        let request = http.post(url(&running, "/graphql")).body("a".repeat(length));
        assert_eq!(request.send().await.unwrap().status(), status, "{length}");
    }
}

/// Returns a raw connection on which a head is begun and not ended.
async fn begun(running: &Running, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Waits until the gateway has ended a connection.
async fn ended(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset ends it as well.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut rest)).await.expect("it is ended");
}

#[tokio::test]
async fn a_head_that_is_never_sent_whole_ends_its_connection() {
    let limits = Limits { head: Duration::from_millis(200), ..Limits::default() };
    let running = Running::start(limits).await;
    for head in ["", "GET", "POST /graphql HTTP/1.1\r\nHost: here\r\nX-Slow: "] {
        ended(&mut begun(&running, head).await).await;
    }
    // A byte now and then is no more than none.
    let mut stream = begun(&running, "POST /graphql HTTP/1.1\r\nX-Slow: ").await;
    let dripping = async {
        while stream.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(DEADLINE, dripping).await.expect("it is ended");
    // A client that sends a whole head is served.
    assert_eq!(Http::new().get(url(&running, "/")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_socket_outlives_the_patience_for_heads() {
    let limits = Limits { head: Duration::from_millis(100), ..Limits::default() };
    let mut running = Running::start(limits).await;
    let (mut client, _) = running.connection().await;
    ended(&mut begun(&running, "GET").await).await;
    send(&mut client, "{\"type\":\"ping\"}").await;
    running.event("$default").await;
}
