//! WhatsApp: the Cloud API for numbers of businesses, and the people who write to them. It has no
//! page.

mod client;
mod error;
mod media;
mod number;
mod report;
mod send;
mod shape;
mod state;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Client;
use sha2::Sha256;
use tokio::sync::watch;

use super::fault::Faults;
use super::file::File;
use super::media::{MOST_BYTES, Media};
use super::outbox::{self, Outbox, Post, Posters};
use crate::Fault;
use state::{Number, State, hex};

/// The name of the state in the file.
const SECTION: &str = "whatsapp";
const SIGNATURE: &str = "x-hub-signature-256";

type Shared = Arc<WhatsApp>;

/// The stand-in.
pub(super) struct WhatsApp {
    state: Mutex<State>,
    file: Arc<File>,
    media: Arc<Media>,
    client: Client,
    posters: Posters,
    faults: Faults,
    /// False once the stand-in stops; sent again at each change of the state.
    changes: watch::Sender<bool>,
}

impl WhatsApp {
    /// Opens the stand-in, and goes on posting what waits.
    ///
    /// # Errors
    /// The state has another form, or there can be no HTTP client.
    pub(super) fn open(file: Arc<File>, media: Arc<Media>) -> Result<Shared, Fault> {
        let shared = Arc::new(Self {
            state: Mutex::new(file.read(SECTION)?),
            file,
            media,
            client: outbox::client()?,
            posters: Posters::new()?,
            faults: Faults::default(),
            changes: watch::Sender::new(true),
        });
        let numbers: Vec<String> = shared.read(|state| state.numbers.keys().cloned().collect());
        numbers.iter().for_each(|number| shared.wake(number));
        Ok(shared)
    }

    /// Stops posting, and answers requests that wait for a change or hang.
    pub(super) fn stop(&self) {
        self.posters.stop();
        self.faults.stop();
        self.changes.send_replace(false);
    }

    fn read<T>(&self, with: impl FnOnce(&State) -> T) -> T {
        with(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, and stores it before anybody sees it.
    fn change<T>(&self, with: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = with(&mut state);
        self.file.write(SECTION, &*state);
        drop(state);
        self.changes.send_modify(|_| {});
        changed
    }

    fn wake(self: &Arc<Self>, number: &str) {
        self.posters.wake(number, self);
    }

    fn restart(self: &Arc<Self>, number: &str) {
        self.posters.restart(number, self);
    }

    fn change_number(&self, account: &str, with: impl FnOnce(&mut Number)) {
        self.change(|state| state.numbers.get_mut(account).map(with));
    }
}

impl Outbox for WhatsApp {
    fn first(&self, account: &str) -> Option<Post> {
        self.read(|state| {
            let number = state.numbers.get(account)?;
            let notice = number.pending.front()?;
            let body = notice.body.to_string().into_bytes();
            let signature = signature(number.app_secret.as_bytes(), &body)?;
            let (id, url) = (notice.id, number.webhook_url.clone());
            Some(Post { id, url, headers: vec![(SIGNATURE, signature)], body })
        })
    }

    fn posted(&self, account: &str, id: i64) {
        self.change_number(account, |number| {
            number.pending.retain(|notice| notice.id != id);
            number.last_error = None;
        });
    }

    fn failed(&self, account: &str, reason: &str) {
        self.change_number(account, |number| number.last_error = Some(reason.to_owned()));
    }
}

/// Returns the header that proves where a body comes from.
fn signature(secret: &[u8], body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(body);
    Some(format!("sha256={}", hex(&mac.finalize().into_bytes())))
}

/// Returns the routes below `/dev/whatsapp`.
pub(super) fn routes(whatsapp: &Shared) -> Router {
    Router::new()
        .route("/dev/whatsapp/{version}/{number}/messages", post(send::call))
        .route("/dev/whatsapp/{version}/{number}/media", post(media::upload).layer(limit()))
        .route("/dev/whatsapp/files/{id}", get(media::download))
        .route("/dev/whatsapp/api/files", post(media::pick).layer(limit()))
        .route("/dev/whatsapp/{version}/{number}", get(number::describe))
        .route("/dev/whatsapp/api/numbers", get(number::list).post(number::register))
        .route("/dev/whatsapp/api/advance", post(number::advance))
        .route("/dev/whatsapp/api/withdraw", post(number::withdraw))
        .route("/dev/whatsapp/api/faults", post(number::disturb))
        .route("/dev/whatsapp/api/messages", post(client::write))
        .route("/dev/whatsapp/api/edit", post(client::edit))
        .route("/dev/whatsapp/api/revoke", post(client::revoke))
        .route("/dev/whatsapp/api/chat", get(client::chat))
        .route("/dev/whatsapp/api/chat/events", get(client::events))
        .route("/dev/whatsapp/api/statuses", post(report::statuses))
        .route("/dev/whatsapp/api/read", post(report::read))
        .with_state(Arc::clone(whatsapp))
}

/// Bounds a body with a file, and a little beside it.
fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MOST_BYTES + 64 * 1024)
}

#[cfg(test)]
mod tests;
