use super::*;
use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use tokio_tungstenite::tungstenite::{
    self,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

fn typed(event: &Value) -> ApiGatewayWebsocketProxyRequest {
    serde_json::from_value(event.clone()).expect("the shape of AWS's event")
}

#[tokio::test]
async fn a_refusal_of_connect_is_the_status_of_the_handshake() {
    let running = Running::start(Limits::default()).await;
    let url = format!("ws://{}/graphql?refuse=403", running.address);
    let refused = connect_async(url).await.unwrap_err();
    let tungstenite::Error::Http(response) = refused else {
        panic!("not refused: {refused}");
    };
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn connect_and_disconnect_carry_headers_and_messages_none() {
    let mut running = Running::start(Limits::default()).await;
    let mut client = running.connect().await;
    let connect = typed(&running.event("$connect").await);
    assert_eq!(connect.headers["sec-websocket-protocol"], "other, graphql-transport-ws");
    assert!(connect.multi_value_headers.contains_key("host"));
    assert_eq!(connect.query_string_parameters.all("a"), Some(vec!["2"]));
    let context = &connect.request_context;
    assert_eq!(context.event_type.as_deref(), Some("CONNECT"));
    assert_eq!(context.identity.source_ip.as_deref(), Some("127.0.0.1"));
    assert!(context.connected_at > 1_600_000_000_000);

    send(&mut client, "hello").await;
    let event = running.event("$default").await;
    assert!(event.get("headers").is_none());
    let message = typed(&event);
    assert_eq!(message.body.as_deref(), Some("hello"));
    let of_message = &message.request_context;
    assert_eq!(of_message.event_type.as_deref(), Some("MESSAGE"));
    assert_eq!(of_message.connection_id, context.connection_id);
    assert_eq!(of_message.connected_at, context.connected_at);
    assert!(of_message.message_id.is_some());

    let code = tungstenite::protocol::frame::coding::CloseCode::from(4401);
    let frame = tungstenite::protocol::CloseFrame { code, reason: "bye".into() };
    client.close(Some(frame)).await.unwrap();
    assert_eq!(close_code(&mut client).await, 4401);
    let disconnect = typed(&running.event("$disconnect").await);
    assert!(disconnect.headers.contains_key("host"));
    assert_eq!(disconnect.request_context.disconnect_status_code, Some(4401));
    assert_eq!(disconnect.request_context.disconnect_reason.as_deref(), Some("bye"));
}

#[tokio::test]
async fn messages_of_one_connection_are_handled_side_by_side() {
    let mut running = Running::start(Limits::default()).await;
    let mut client = running.connect().await;
    // Each waits for the other.
    send(&mut client, "meet").await;
    send(&mut client, "meet").await;
    running.event("$default").await;
    running.event("$default").await;
}

#[tokio::test]
async fn no_more_messages_are_in_flight_than_may_be() {
    let limits = Limits { in_flight: 1, handler: Duration::from_millis(300), ..Limits::default() };
    let mut running = Running::start(limits).await;
    let mut client = running.connect().await;
    send(&mut client, "meet").await;
    send(&mut client, "meet").await;
    // The first is alone, so it times out.
    let error = next(&mut client).await.into_text().unwrap().to_string();
    assert!(error.contains("Internal server error"));
    drop(client);
    running.event("$disconnect").await;
}

#[tokio::test]
async fn a_failure_of_a_message_is_told_in_awss_own_words() {
    let mut running = Running::start(Limits::default()).await;
    let (mut client, id) = running.connection().await;
    for how in ["fail", "panic"] {
        send(&mut client, how).await;
        let event = running.event("$default").await;
        let text = next(&mut client).await.into_text().unwrap().to_string();
        let request = &event["requestContext"]["requestId"];
        let told = json!({
            "message": "Internal server error", "connectionId": id, "requestId": request,
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), told);
    }
}

#[tokio::test]
async fn pings_are_answered() {
    let running = Running::start(Limits::default()).await;
    let mut client = running.connect().await;
    client.send(Message::Ping("x".into())).await.unwrap();
    assert_eq!(next(&mut client).await, Message::Pong("x".into()));
}

#[tokio::test]
async fn what_is_too_big_or_binary_closes_the_connection() {
    let mut running = Running::start(Limits::default()).await;
    let mut client = running.connect().await;
    send(&mut client, &"a".repeat(32 * 1024)).await;
    running.event("$default").await;
    send(&mut client, &"a".repeat(32 * 1024 + 1)).await;
    assert_eq!(close_code(&mut client).await, 1009);
    let context = running.event("$disconnect").await["requestContext"].clone();
    assert_eq!(context["disconnectStatusCode"], 1009);

    let mut client = running.connect().await;
    for part in 0..5 {
        let kind = if part == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message("a".repeat(30 * 1024), OpCode::Data(kind), part == 4);
        client.send(Message::Frame(frame)).await.unwrap();
    }
    assert_eq!(close_code(&mut client).await, 1009);

    let mut client = running.connect().await;
    client.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(close_code(&mut client).await, 1003);
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_frames_keep_it_open() {
    let limits = Limits { idle: Duration::from_secs(1), ..Limits::default() };
    let mut running = Running::start(limits).await;
    let mut client = running.connect().await;
    let mut began = tokio::time::Instant::now();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        began = tokio::time::Instant::now();
        client.send(Message::Ping("x".into())).await.unwrap();
        assert!(next(&mut client).await.is_pong());
    }
    assert_eq!(close_code(&mut client).await, 1001);
    assert!(began.elapsed() >= Duration::from_millis(990));
    let context = running.event("$disconnect").await["requestContext"].clone();
    assert_eq!(context["disconnectReason"], "Going away");
}

#[tokio::test]
async fn an_old_connection_is_closed() {
    let limits = Limits { life: Duration::from_millis(50), ..Limits::default() };
    let running = Running::start(limits).await;
    let mut client = running.connect().await;
    assert_eq!(close_code(&mut client).await, 1001);
}

#[tokio::test]
async fn one_connection_too_many_is_refused() {
    let running = Running::start(Limits { connections: 1, ..Limits::default() }).await;
    let _first = running.connect().await;
    let second = connect_async(format!("ws://{}/graphql", running.address)).await;
    let Err(tungstenite::Error::Http(response)) = second else {
        panic!("not refused");
    };
    assert_eq!(response.status(), 429);
}

#[tokio::test]
async fn a_stop_closes_the_sockets_and_tells_of_each() {
    let mut running = Running::start(Limits::default()).await;
    let mut first = running.connect().await;
    let mut second = running.connect().await;
    running.stop.send(()).unwrap();
    assert_eq!(close_code(&mut first).await, 1001);
    assert_eq!(close_code(&mut second).await, 1001);
    timeout(DEADLINE, running.served).await.unwrap().unwrap().unwrap();
    let mut told = 0;
    while let Some(event) = running.events.recv().await {
        told += usize::from(event["requestContext"]["routeKey"] == "$disconnect");
    }
    assert_eq!(told, 2);
}
