use super::*;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;

#[tokio::test]
async fn a_group_with_a_message_in_flight_waits_and_another_does_not() {
    let running = Running::start().await;
    for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1")] {
        running.send(group, body).await;
    }
    let first = running.receive(1).await;
    assert_eq!(bodies(&first), ["a1"]);
    let other = running.receive(10).await;
    assert_eq!(bodies(&other), ["b1"]);
    assert!(running.receive(10).await.is_empty());
    running.delete(&first[0]).await;
    assert_eq!(bodies(&running.receive(10).await), ["a2"]);
}

#[tokio::test]
async fn a_batch_has_as_many_of_one_group_as_possible() {
    let running = Running::start().await;
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("b", "b2"), ("a", "a3")] {
        running.send(group, body).await;
    }
    assert_eq!(bodies(&running.receive(4).await), ["a1", "a2", "a3", "b1"]);
}

#[tokio::test]
async fn an_unhandled_message_comes_again_in_its_place() {
    let running = Running::start().await;
    for body in ["a1", "a2", "a3"] {
        running.send("a", body).await;
    }
    let first = running.receive(2).await;
    running.delete(&first[1]).await;
    running.pass(29);
    assert!(running.receive(10).await.is_empty());
    running.pass(1);
    assert_eq!(bodies(&running.receive(10).await), ["a1", "a3"]);
}

#[tokio::test]
async fn a_deduplication_id_has_an_effect_in_its_group_for_five_minutes() {
    let running = Running::start().await;
    let first = running.send("a", "same").await;
    assert_ne!(running.send("b", "same").await, first);
    let received = running.receive(1).await;
    running.delete(&received[0]).await;
    running.pass(299);
    assert_eq!(running.send("a", "same").await, first);
    assert_eq!(running.queue.len().await.unwrap(), 1, "the one of the other group");
    running.pass(1);
    assert_ne!(running.send("a", "same").await, first);
    assert_eq!(running.queue.len().await.unwrap(), 2);
}

#[tokio::test]
async fn a_receipt_handle_ends_with_its_visibility_timeout() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    let old = running.receive(1).await;
    running.pass(30);
    let delete = |message: &Received| {
        let handle = message.receipt_handle().unwrap();
        running.client.delete_message().queue_url(running.url()).receipt_handle(handle).send()
    };
    let error = delete(&old[0]).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    assert!(error.message().unwrap().ends_with("The receipt handle has expired."));
    let new = running.receive(1).await;
    assert!(delete(&old[0]).await.is_err(), "a newer one was given");
    delete(&new[0]).await.unwrap();
    delete(&new[0]).await.unwrap();
    assert!(running.queue.is_empty().await.unwrap());
}

#[tokio::test]
async fn visibility_can_be_changed_while_a_message_is_in_flight() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    let received = running.receive(1).await;
    running.change(&received[0], 100).await;
    running.pass(99);
    assert!(running.receive(1).await.is_empty());
    running.change(&received[0], 0).await;
    let again = running.receive(1).await;
    assert_eq!(bodies(&again), ["a1"]);
    let change = |message: &Received, seconds: i32| {
        let handle = message.receipt_handle().unwrap().to_owned();
        let change = running.client.change_message_visibility().queue_url(running.url());
        change.receipt_handle(handle).visibility_timeout(seconds).send()
    };
    let error = change(&received[0], 5).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"), "a newer handle was given");
    for seconds in [-1, 43_201] {
        let error = change(&again[0], seconds).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValue"));
    }
    running.pass(1);
    let error = change(&again[0], 43_200).await.unwrap_err();
    assert!(error.message().unwrap().contains("beyond the limit"));
    running.pass(29);
    let error = change(&again[0], 5).await.unwrap_err();
    assert!(error.into_service_error().is_message_not_inflight());
}

#[tokio::test]
async fn what_was_received_too_often_becomes_a_dead_letter() {
    let running = Running::start().await;
    running.send("a", "bad").await;
    running.send("a", "good").await;
    for _ in 0..5 {
        assert_eq!(bodies(&running.receive(1).await), ["bad"]);
        running.pass(30);
    }
    assert_eq!(bodies(&running.receive(10).await), ["good"]);
    assert_eq!(running.queue.dead().await.unwrap(), ["bad"]);
    let dead = running.client.receive_message().queue_url(running.dead_url());
    let dead = dead.message_system_attribute_names("All".into()).send().await.unwrap();
    let attributes = dead.messages()[0].attributes().unwrap();
    let of = |name: &str| attributes[&name.into()].as_str();
    assert_eq!(of("MessageGroupId"), "a");
    let source = "arn:aws:sqs:us-east-1:000000000000:outbound.fifo";
    assert_eq!(of("DeadLetterQueueSourceArn"), source);
    assert_eq!(of("SentTimestamp"), (START + 150_000).to_string());
}

#[tokio::test]
async fn a_message_is_kept_for_four_days() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    running.pass(4 * 24 * 60 * 60 - 1);
    assert_eq!(running.queue.len().await.unwrap(), 1);
    running.pass(1);
    assert_eq!(running.queue.len().await.unwrap(), 0);
}

#[tokio::test]
async fn a_receiver_that_waits_gets_a_message_when_it_is_sent() {
    let running = Running::start().await;
    let receive = running.client.receive_message().queue_url(running.url()).wait_time_seconds(20);
    let (received, _) = tokio::join!(receive.send(), running.send("a", "a1"));
    assert_eq!(bodies(received.unwrap().messages()), ["a1"]);
}

#[tokio::test]
async fn a_purge_keeps_deduplication_ids_and_a_loss_does_not() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    running.queue.purge().await.unwrap();
    running.send("a", "a1").await;
    assert!(running.queue.is_empty().await.unwrap());
    running.queue.lose().await.unwrap();
    running.send("a", "a1").await;
    assert_eq!(running.queue.len().await.unwrap(), 1);
}
