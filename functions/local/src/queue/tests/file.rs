use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// Opens the files as they are when the process is killed now.
async fn killed(running: &Running) -> Running {
    let folder = tempfile::tempdir().unwrap();
    for name in ["queue.db", "queue.db-wal"] {
        fs::copy(running.folder.path().join(name), folder.path().join(name)).unwrap();
    }
    let queue = Queue::open(&folder.path().join("queue.db"), clock(&running.time)).unwrap();
    let (client, address) = serve(queue.clone()).await;
    Running { folder, time: Arc::clone(&running.time), queue, client, address }
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_file_though_nothing_closed_it() {
    let running = Running::start().await;
    for body in ["a1", "a2", "a3"] {
        running.send("a", body).await;
    }
    let received = running.receive(2).await;
    running.delete(&received[0]).await;
    running.change(&received[1], 60).await;

    let reopened = killed(&running).await;
    assert_eq!(reopened.queue.len().await.unwrap(), 2);
    assert!(reopened.receive(10).await.is_empty(), "it is in flight still");
    let again = reopened.send("a", "a1").await;
    assert_eq!(received[0].message_id(), Some(again.as_str()), "the id was used");
    // The handle holds in the next process as well.
    reopened.delete(&received[1]).await;
    assert_eq!(bodies(&reopened.receive(10).await), ["a3"]);
}

#[tokio::test]
async fn what_a_killed_process_had_received_is_released_and_what_it_had_hidden_is_not() {
    let running = Running::start().await;
    for (group, body) in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1")] {
        running.send(group, body).await;
    }
    let received = running.receive(3).await;
    assert_eq!(bodies(&received), ["a1", "a2", "b1"]);
    // As long as it would be in flight anyway.
    running.change(&received[2], 30).await;

    let reopened = killed(&running).await;
    assert_eq!(bodies(&reopened.receive(1).await), ["c1"]);
    let reopened = killed(&running).await;
    reopened.queue.release().await.unwrap();
    assert_eq!(bodies(&reopened.receive(10).await), ["a1", "a2", "c1"]);
    reopened.pass(30);
    assert_eq!(bodies(&reopened.receive(10).await), ["a1", "a2", "b1", "c1"]);

    // Received again, it is hidden no more.
    let reopened = killed(&reopened).await;
    reopened.queue.release().await.unwrap();
    assert_eq!(bodies(&reopened.receive(10).await), ["a1", "a2", "b1", "c1"]);
}

#[tokio::test]
async fn a_second_process_on_the_file_sees_what_the_first_has_sent() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    let file = running.folder.path().join("queue.db");
    // Never dropped, so never closed.
    std::mem::forget(running.queue.clone());
    let queue = Queue::open(&file, clock(&running.time)).unwrap();
    assert_eq!(queue.len().await.unwrap(), 1);
}

#[tokio::test]
async fn the_file_is_its_owners_alone() {
    let running = Running::start().await;
    running.send("a", "a1").await;
    for name in ["queue.db", "queue.db-wal"] {
        let mode = fs::metadata(running.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
