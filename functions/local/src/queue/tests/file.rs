use super::*;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

#[tokio::test]
async fn what_was_acknowledged_is_in_the_file_though_nothing_closed_it() {
    let running = Running::start().await;
    for body in ["a1", "a2", "a3"] {
        running.send("a", body).await;
    }
    let received = running.receive(2).await;
    running.delete(&received[0]).await;
    running.change(&received[1], 60).await;

    // The files as they are when the process is killed now.
    let copy = tempfile::tempdir().unwrap();
    for name in ["queue.db", "queue.db-wal"] {
        fs::copy(running.folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let queue = Queue::open(&copy.path().join("queue.db"), clock(&running.time)).unwrap();
    let (client, address) = serve(queue.clone()).await;
    let folder = copy;
    let reopened = Running { folder, time: Arc::clone(&running.time), queue, client, address };
    assert_eq!(reopened.queue.len().await.unwrap(), 2);
    assert!(reopened.receive(10).await.is_empty(), "it is in flight still");
    let again = reopened.send("a", "a1").await;
    assert_eq!(received[0].message_id(), Some(again.as_str()), "the id was used");
    // The handle holds in the next process as well.
    reopened.delete(&received[1]).await;
    assert_eq!(bodies(&reopened.receive(10).await), ["a3"]);
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
