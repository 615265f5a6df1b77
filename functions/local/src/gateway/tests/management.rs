use super::*;
use aws_sdk_apigatewaymanagement::{
    Client as Posts,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
    error::SdkError,
    operation::post_to_connection::PostToConnectionError,
    primitives::Blob,
};

fn posts(running: &Running) -> Posts {
    let config = aws_sdk_apigatewaymanagement::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(format!("http://{}", running.address))
        .retry_config(RetryConfig::disabled())
        .build();
    Posts::from_conf(config)
}

async fn post(posts: &Posts, id: &str, text: &str) -> Result<(), PostToConnectionError> {
    let data = Blob::new(text.as_bytes());
    let posted = posts.post_to_connection().connection_id(id).data(data).send().await;
    posted.map(|_| ()).map_err(SdkError::into_service_error)
}

#[tokio::test]
async fn posts_arrive_in_their_order() {
    let mut running = Running::start(Limits::default()).await;
    let (mut client, id) = running.connection().await;
    let posts = posts(&running);
    for number in 0..50 {
        post(&posts, &id, &number.to_string()).await.unwrap();
    }
    for number in 0..50 {
        assert_eq!(next(&mut client).await, Message::text(number.to_string()));
    }
    let large = "é".repeat(64 * 1024);
    post(&posts, &id, &large).await.unwrap();
    assert_eq!(next(&mut client).await, Message::text(large));
}

#[tokio::test]
async fn a_connection_can_be_looked_at() {
    let mut running = Running::start(Limits::default()).await;
    let (mut client, id) = running.connection().await;
    client.send(Message::Ping("x".into())).await.unwrap();
    next(&mut client).await;
    let seen = posts(&running).get_connection().connection_id(&id).send().await.unwrap();
    assert_eq!(seen.identity().unwrap().source_ip(), Some("127.0.0.1"));
    assert!(seen.last_active_at() >= seen.connected_at());
    assert!(seen.connected_at().is_some());
}

#[tokio::test]
async fn a_delete_writes_what_waits_and_closes_with_1000() {
    let mut running = Running::start(Limits::default()).await;
    let (mut client, id) = running.connection().await;
    let posts = posts(&running);
    post(&posts, &id, "last words").await.unwrap();
    posts.delete_connection().connection_id(&id).send().await.unwrap();
    let gone = post(&posts, &id, "too late").await.unwrap_err();
    assert!(gone.is_gone_exception());
    assert_eq!(next(&mut client).await, Message::text("last words"));
    assert_eq!(close_code(&mut client).await, 1000);
    let context = running.event("$disconnect").await["requestContext"].clone();
    assert_eq!(context["disconnectStatusCode"], 1000);
    let again = posts.delete_connection().connection_id(&id).send().await.unwrap_err();
    assert!(again.into_service_error().is_gone_exception());
}

#[tokio::test]
async fn posts_to_who_has_left_are_gone() {
    let mut running = Running::start(Limits::default()).await;
    let (client, id) = running.connection().await;
    drop(client);
    running.event("$disconnect").await;
    let gone = post(&posts(&running), &id, "hello?").await.unwrap_err();
    assert!(gone.is_gone_exception());
    let never = post(&posts(&running), "never-was=", "hello?").await.unwrap_err();
    assert!(never.is_gone_exception());
}

#[tokio::test]
async fn a_post_over_128_kb_is_refused() {
    let mut running = Running::start(Limits::default()).await;
    let (_client, id) = running.connection().await;
    let large = "a".repeat(128 * 1024 + 1);
    let refused = post(&posts(&running), &id, &large).await.unwrap_err();
    assert!(refused.is_payload_too_large_exception());
}

#[tokio::test]
async fn a_client_that_does_not_read_fills_its_own_queue_only() {
    let mut running = Running::start(Limits { queue: 2, ..Limits::default() }).await;
    let (_deaf, deaf) = running.connection().await;
    let (mut client, id) = running.connection().await;
    let posts = posts(&running);
    let large = "a".repeat(128 * 1024);
    let mut refused = None;
    for _ in 0..1000 {
        if let Err(error) = post(&posts, &deaf, &large).await {
            refused = Some(error);
            break;
        }
    }
    assert!(refused.expect("a bound").is_limit_exceeded_exception());
    post(&posts, &id, "hello").await.unwrap();
    assert_eq!(next(&mut client).await, Message::text("hello"));
}
