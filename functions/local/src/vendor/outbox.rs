//! Posts to webhooks: in order for each account, each again until it is answered with 2xx.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use reqwest::{Client, Url, redirect};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::Fault;

/// The pause after the first attempt that failed; each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The time that a webhook has for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A post that waits.
pub(super) struct Post {
    /// Its number within the account.
    pub(super) id: i64,
    /// The address.
    pub(super) url: String,
    /// Headers beside the content type.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// The posts of a vendor's accounts.
pub(super) trait Outbox: Send + Sync + 'static {
    /// Returns the first post that waits; none if nothing waits, or if there is no address.
    fn first(&self, account: &str) -> Option<Post>;
    /// Removes a post that was answered.
    fn posted(&self, account: &str, id: i64);
    /// Notes the reason why the first post was not answered with success.
    fn failed(&self, account: &str, reason: &str);
}

/// The tasks that post, one for each account.
pub(super) struct Posters {
    client: Client,
    running: Mutex<BTreeMap<String, (Arc<Notify>, AbortHandle)>>,
}

impl Posters {
    /// Returns no tasks yet.
    ///
    /// # Errors
    /// There can be no HTTP client.
    pub(super) fn new() -> Result<Self, Fault> {
        Ok(Self { client: client()?, running: Mutex::default() })
    }

    /// Posts what waits for an account.
    pub(super) fn wake<O: Outbox>(&self, account: &str, outbox: &Arc<O>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (wake, _) = running
            .entry(account.to_owned())
            .or_insert_with(|| start(account, Arc::downgrade(outbox), self.client.clone()));
        wake.notify_one();
    }

    /// Posts what waits for an account without the rest of a pause: it has another address.
    pub(super) fn restart<O: Outbox>(&self, account: &str, outbox: &Arc<O>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, task)) = running.remove(account) {
            task.abort();
        }
        drop(running);
        self.wake(account, outbox);
    }

    /// Ends all tasks.
    pub(super) fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.values().for_each(|(_, task)| task.abort());
    }
}

impl Drop for Posters {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns the client that calls webhooks.
///
/// # Errors
/// It cannot be built.
pub(super) fn client() -> Result<Client, Fault> {
    let builder = Client::builder().no_proxy().redirect(redirect::Policy::none());
    Ok(builder.timeout(PATIENCE).build()?)
}

/// Returns true for an address of this machine. The stand-ins call no other.
pub(super) fn is_local(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        url.scheme() == "http" && is_here && url.username().is_empty() && url.password().is_none()
    })
}

fn start<O: Outbox>(account: &str, outbox: Weak<O>, client: Client) -> (Arc<Notify>, AbortHandle) {
    let wake = Arc::new(Notify::new());
    let task = tokio::spawn(post_all(account.to_owned(), outbox, client, Arc::clone(&wake)));
    (wake, task.abort_handle())
}

async fn post_all<O: Outbox>(account: String, outbox: Weak<O>, client: Client, wake: Arc<Notify>) {
    let mut pause = FIRST_PAUSE;
    // The vendor is gone when its state is.
    while let Some(first) = outbox.upgrade().map(|outbox| outbox.first(&account)) {
        let Some(post) = first else {
            wake.notified().await;
            continue;
        };
        let id = post.id;
        let answered = send(&client, post).await;
        let Some(outbox) = outbox.upgrade() else { return };
        match answered {
            Ok(()) => {
                outbox.posted(&account, id);
                pause = FIRST_PAUSE;
            }
            Err(reason) => {
                outbox.failed(&account, &reason);
                drop(outbox);
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            }
        }
    }
}

async fn send(client: &Client, post: Post) -> Result<(), String> {
    let mut request = client.post(post.url).header("content-type", "application/json");
    for (name, value) in post.headers {
        request = request.header(name, value);
    }
    match request.body(post.body).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("Wrong response from the webhook: {}", answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err("Read timeout expired".to_owned()),
        Err(error) if error.is_connect() => Err("Connection refused".to_owned()),
        Err(_) => Err("Connection closed".to_owned()),
    }
}
