use super::*;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry as Change, DeleteMessageBatchRequestEntry as Delete,
    QueueAttributeName as Attribute, SendMessageBatchRequestEntry as Entry,
};
use serde_json::{Value, json};

/// Calls an operation by hand. Returns the status, the header of the older protocol and the body.
async fn call(running: &Running, target: &str, body: &str) -> (u16, String, Value) {
    let request = Request::post("/")
        .header("x-amz-target", target)
        .body(axum::body::Body::from(body.to_owned()))
        .unwrap();
    let response = handle(State(running.queue.clone()), request).await;
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.0");
    assert!(response.headers().contains_key("x-amzn-requestid"));
    let error = response.headers().get("x-amzn-query-error");
    let error = error.map(|error| error.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, error, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn errors_have_the_shape_of_both_protocols() {
    let running = Running::start().await;
    let url = running.url();
    let other = json!({ "QueueUrl": "http://127.0.0.1/000000000000/other.fifo" }).to_string();
    let (status, error, body) = call(&running, "AmazonSQS.PurgeQueue", &other).await;
    assert_eq!(status, 400);
    assert_eq!(error, "AWS.SimpleQueueService.NonExistentQueue;Sender");
    assert_eq!(
        body,
        json!({
            "__type": "com.amazonaws.sqs#QueueDoesNotExist",
            "message": "The specified queue does not exist.",
        })
    );
    let handle = json!({ "QueueUrl": url, "ReceiptHandle": "none" }).to_string();
    let (status, error, body) = call(&running, "AmazonSQS.DeleteMessage", &handle).await;
    assert_eq!((status, error.as_str()), (404, "ReceiptHandleIsInvalid;Sender"));
    assert_eq!(body["__type"], "com.amazonaws.sqs#ReceiptHandleIsInvalid");
    let (_, error, _) = call(&running, "AmazonSQS.ListQueues", "{}").await;
    assert_eq!(error, "InvalidAction;Sender");
    let (_, error, _) = call(&running, "Other.PurgeQueue", "{}").await;
    assert_eq!(error, "InvalidAction;Sender");
    for malformed in ["", "{", "[]", r#"{"QueueUrl":1}"#, r#"{"Unknown":1}"#] {
        let (status, error, _) = call(&running, "AmazonSQS.PurgeQueue", malformed).await;
        assert_eq!((status, error.as_str()), (400, "MalformedInput;Sender"), "{malformed}");
    }
    let (_, error, _) = call(&running, "AmazonSQS.PurgeQueue", "{}").await;
    assert_eq!(error, "MissingParameter;Sender");
}

#[tokio::test]
async fn a_message_that_is_not_allowed_is_refused() {
    let running = Running::start().await;
    let code = async |group: Option<&str>, id: Option<&str>, body: String| {
        let send = running.client.send_message().queue_url(running.url()).message_body(body);
        let send = send.set_message_group_id(group.map(str::to_owned));
        let send = send.set_message_deduplication_id(id.map(str::to_owned));
        send.send().await.err().map(|error| error.code().unwrap().to_owned())
    };
    let (group, id, text) = (Some("a"), Some("1"), || "text".to_owned());
    let invalid = Some("InvalidParameterValue".to_owned());
    assert_eq!(code(None, id, text()).await, Some("MissingParameter".to_owned()));
    assert_eq!(code(group, id, String::new()).await, Some("MissingParameter".to_owned()));
    assert_eq!(code(group, None, text()).await, invalid);
    assert_eq!(code(Some("a b"), id, text()).await, invalid);
    assert_eq!(code(group, Some(&"1".repeat(129)), text()).await, invalid);
    let contents = code(group, id, "\u{1}".to_owned()).await;
    assert_eq!(contents, Some("InvalidMessageContents".to_owned()));
    assert_eq!(code(group, id, "x".repeat(1024 * 1024 + 1)).await, invalid);
    assert_eq!(running.queue.len().await.unwrap(), 0);
    assert_eq!(code(group, id, "x".repeat(1024 * 1024)).await, None);
    assert_eq!(running.queue.len().await.unwrap(), 1);
}

#[tokio::test]
async fn entries_of_a_batch_are_done_or_refused_one_by_one() {
    let running = Running::start().await;
    let entry = |id: &str, group: Option<&str>| {
        let group = group.map(str::to_owned);
        let entry = Entry::builder().id(id).message_body(id).message_deduplication_id(id);
        entry.set_message_group_id(group).build().unwrap()
    };
    let send = |entries: Vec<Entry>| {
        let send = running.client.send_message_batch().queue_url(running.url());
        send.set_entries(Some(entries)).send()
    };
    let sent =
        send(vec![entry("1", Some("a")), entry("2", None), entry("3", Some("a"))]).await.unwrap();
    assert_eq!(sent.successful().len(), 2);
    assert!(sent.successful()[0].sequence_number() < sent.successful()[1].sequence_number());
    assert_eq!(sent.failed()[0].id(), "2");
    assert_eq!(sent.failed()[0].code(), "MissingParameter");
    assert!(sent.failed()[0].sender_fault());

    let empty = send(Vec::new()).await.unwrap_err().into_service_error();
    assert!(empty.is_empty_batch_request());
    let many = (0..11).map(|id| entry(&id.to_string(), Some("a"))).collect();
    assert!(
        send(many).await.unwrap_err().into_service_error().is_too_many_entries_in_batch_request()
    );
    let twice = send(vec![entry("1", Some("a")), entry("1", Some("a"))]).await.unwrap_err();
    assert!(twice.into_service_error().is_batch_entry_ids_not_distinct());

    let received = running.receive(10).await;
    assert_eq!(bodies(&received), ["1", "3"]);
    let changed = running.client.change_message_visibility_batch().queue_url(running.url());
    let handle = received[1].receipt_handle().unwrap();
    let change = Change::builder().id("x").receipt_handle(handle).visibility_timeout(0);
    let changed = changed.entries(change.build().unwrap()).send().await.unwrap();
    assert_eq!(changed.successful().len(), 1);
    let delete =
        |id: &str, handle: &str| Delete::builder().id(id).receipt_handle(handle).build().unwrap();
    let deleted = running.client.delete_message_batch().queue_url(running.url());
    let deleted = deleted
        .entries(delete("x", received[0].receipt_handle().unwrap()))
        .entries(delete("y", "none"))
        .entries(delete("z", handle));
    let deleted = deleted.send().await.unwrap();
    assert_eq!(deleted.successful()[0].id(), "x");
    let codes: Vec<&str> = deleted.failed().iter().map(|failed| failed.code()).collect();
    assert_eq!(codes, ["ReceiptHandleIsInvalid", "InvalidParameterValue"]);
    assert_eq!(bodies(&running.receive(10).await), ["3"]);
}

#[tokio::test]
async fn a_received_message_shows_the_attributes_that_were_asked_for() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    running.pass(7);
    assert_eq!(running.receive(1).await[0].attributes(), None);
    running.pass(30);
    let receive = running.client.receive_message().queue_url(running.url());
    let received = receive.message_system_attribute_names("All".into()).send().await.unwrap();
    let message = &received.messages()[0];
    let of = |name: &str| message.attributes().unwrap()[&name.into()].as_str();
    assert_eq!(message.md5_of_body(), Some("8a8bb7cd343aa2ad99b7d762030857a2"));
    assert_eq!(of("ApproximateReceiveCount"), "2");
    assert_eq!(of("SentTimestamp"), START.to_string());
    assert_eq!(of("ApproximateFirstReceiveTimestamp"), (START + 7000).to_string());
    assert_eq!(of("MessageGroupId"), "a");
    assert_eq!(of("MessageDeduplicationId"), "a1");
    assert_eq!(of("SequenceNumber"), "10000000000000000001");
}

#[tokio::test]
async fn a_queue_tells_its_address_and_attributes() {
    let running = Running::start().await;
    let url = async |name: &str| {
        let url = running.client.get_queue_url().queue_name(name).send().await;
        url.map(|url| url.queue_url.unwrap()).map_err(|error| error.into_service_error())
    };
    assert_eq!(url("outbound.fifo").await.unwrap(), running.url());
    assert_eq!(url("outbound-dead.fifo").await.unwrap(), running.dead_url());
    assert!(url("other.fifo").await.unwrap_err().is_queue_does_not_exist());

    running.send("a", "a1").await;
    running.send("a", "a2").await;
    running.receive(1).await;
    let attributes = running.client.get_queue_attributes().queue_url(running.url());
    let attributes = attributes.attribute_names(Attribute::All).send().await.unwrap();
    let of = |name: Attribute| attributes.attributes().unwrap()[&name].as_str();
    assert_eq!(of(Attribute::ApproximateNumberOfMessages), "1");
    assert_eq!(of(Attribute::ApproximateNumberOfMessagesNotVisible), "1");
    assert_eq!(of(Attribute::FifoQueue), "true");
    assert_eq!(of(Attribute::VisibilityTimeout), "30");
    let policy: Value = serde_json::from_str(of(Attribute::RedrivePolicy)).unwrap();
    assert_eq!(policy["maxReceiveCount"], 5);
    running.client.purge_queue().queue_url(running.url()).send().await.unwrap();
    assert!(running.queue.is_empty().await.unwrap());
}
