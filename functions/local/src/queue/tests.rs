mod fifo;
mod file;
mod protocol;
mod source;

use super::*;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_sqs::types::Message as Received;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The time at the start of each test.
const START: i64 = 1_800_000_000_000;

/// A queue with a clock that stands still, and the stock client on it.
struct Running {
    folder: TempDir,
    time: Arc<AtomicI64>,
    queue: Queue,
    client: Client,
    address: SocketAddr,
}

impl Running {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let time = Arc::new(AtomicI64::new(START));
        let queue = Queue::open(&folder.path().join("queue.db"), clock(&time)).unwrap();
        let (client, address) = serve(queue.clone()).await;
        Self { folder, time, queue, client, address }
    }

    /// Lets this many seconds pass.
    fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    fn url(&self) -> String {
        format!("http://{}/000000000000/outbound.fifo", self.address)
    }

    fn dead_url(&self) -> String {
        format!("http://{}/000000000000/outbound-dead.fifo", self.address)
    }

    /// Sends a message whose deduplication id is its body. Returns its id.
    async fn send(&self, group: &str, body: &str) -> String {
        let sent = self
            .client
            .send_message()
            .queue_url(self.url())
            .message_group_id(group)
            .message_deduplication_id(body)
            .message_body(body);
        sent.send().await.unwrap().message_id.unwrap()
    }

    async fn receive(&self, most: i32) -> Vec<Received> {
        let received =
            self.client.receive_message().queue_url(self.url()).max_number_of_messages(most);
        received.send().await.unwrap().messages.unwrap_or_default()
    }

    async fn delete(&self, message: &Received) {
        let handle = message.receipt_handle().unwrap();
        let delete = self.client.delete_message().queue_url(self.url()).receipt_handle(handle);
        delete.send().await.unwrap();
    }

    async fn change(&self, message: &Received, seconds: i32) {
        let change = self
            .client
            .change_message_visibility()
            .queue_url(self.url())
            .receipt_handle(message.receipt_handle().unwrap())
            .visibility_timeout(seconds);
        change.send().await.unwrap();
    }
}

fn clock(time: &Arc<AtomicI64>) -> Clock {
    let time = Arc::clone(time);
    Arc::new(move || time.load(Ordering::SeqCst))
}

async fn serve(queue: Queue) -> (Client, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, routes(queue)).await });
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(format!("http://{address}"))
        .retry_config(RetryConfig::disabled())
        .build();
    (Client::from_conf(config), address)
}

fn bodies(messages: &[Received]) -> Vec<&str> {
    messages.iter().map(|message| message.body().unwrap()).collect()
}
