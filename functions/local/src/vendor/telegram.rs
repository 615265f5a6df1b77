//! Telegram: the Bot API for bots, and a small messenger for the people who write to them.

mod client;
mod files;
mod method;
mod page;
mod send;
mod shape;
mod state;
mod webhook;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post};
use serde_json::Value;
use tokio::sync::watch;

use super::fault::Faults;
use super::file::File;
use super::media::{self, Media};
use super::outbox::{Outbox, Post, Posters};
use crate::Fault;
use crate::clock::epoch_ms;
use state::State;

/// The name of the state in the file.
const SECTION: &str = "telegram";
const SECRET: &str = "x-telegram-bot-api-secret-token";

type Shared = Arc<Telegram>;

/// The stand-in.
pub(super) struct Telegram {
    state: Mutex<State>,
    file: Arc<File>,
    media: Arc<Media>,
    posters: Posters,
    faults: Faults,
    /// False once the stand-in stops; sent again at each change of the state.
    changes: watch::Sender<bool>,
}

impl Telegram {
    /// Opens the stand-in, and goes on posting what waits.
    ///
    /// # Errors
    /// The state has another form, or there can be no HTTP client.
    pub(super) fn open(file: Arc<File>, media: Arc<Media>) -> Result<Shared, Fault> {
        let state = Mutex::new(file.read(SECTION)?);
        let (posters, faults) = (Posters::new()?, Faults::default());
        let changes = watch::Sender::new(true);
        let shared = Arc::new(Self { state, file, media, posters, faults, changes });
        let bots: Vec<i64> = shared.read(|state| state.bots.keys().copied().collect());
        bots.into_iter().for_each(|bot| shared.wake(bot));
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

    fn wake(self: &Arc<Self>, bot: i64) {
        self.posters.wake(&bot.to_string(), self);
    }

    fn restart(self: &Arc<Self>, bot: i64) {
        self.posters.restart(&bot.to_string(), self);
    }

    fn change_bot(&self, account: &str, with: impl FnOnce(&mut state::Bot)) {
        let Ok(bot) = account.parse::<i64>() else { return };
        self.change(|state| state.bots.get_mut(&bot).map(with));
    }
}

impl Outbox for Telegram {
    fn first(&self, account: &str) -> Option<Post> {
        let bot: i64 = account.parse().ok()?;
        self.read(|state| {
            let bot = state.bots.get(&bot)?;
            let webhook = bot.webhook.as_ref()?;
            let update = bot.pending.front()?;
            Some(Post {
                id: update.get("update_id").and_then(Value::as_i64)?,
                url: webhook.url.clone(),
                headers: webhook.secret.iter().map(|secret| (SECRET, secret.clone())).collect(),
                body: update.to_string().into_bytes(),
            })
        })
    }

    fn posted(&self, account: &str, id: i64) {
        self.change_bot(account, |bot| {
            bot.pending.retain(|update| update.get("update_id") != Some(&Value::from(id)));
            bot.last_error = None;
        });
    }

    fn failed(&self, account: &str, reason: &str) {
        self.change_bot(account, |bot| bot.last_error = Some((epoch_ms(), reason.to_owned())));
    }
}

/// Returns the routes below `/dev/telegram`.
pub(super) fn routes(telegram: &Shared) -> Router {
    Router::new()
        .route("/dev/telegram/bot{token}/{method}", any(method::call).layer(limit()))
        .route("/dev/telegram/file/bot{token}/{*path}", get(files::download))
        .route("/dev/telegram/api/files", post(files::pick).layer(limit()))
        .route("/dev/telegram/api/files/{id}", get(files::show))
        .route("/dev/telegram/api/bots", get(client::bots))
        .route("/dev/telegram/api/bots/{id}/revoke", post(client::revoke))
        .route("/dev/telegram/api/people", get(client::people).post(client::add_person))
        .route("/dev/telegram/api/chat", get(client::chat))
        .route("/dev/telegram/api/chat/events", get(client::events))
        .route("/dev/telegram/api/messages", post(client::write))
        .route("/dev/telegram/api/edit", post(client::edit))
        .route("/dev/telegram/api/delete", post(client::delete))
        .route("/dev/telegram/api/block", post(client::block))
        .route("/dev/telegram/api/unblock", post(client::unblock))
        .route("/dev/telegram/api/faults", post(client::disturb))
        .with_state(Arc::clone(telegram))
        .merge(page::routes())
}

/// Bounds a body with a file, and a little beside it.
fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(media::MOST_BYTES + 64 * 1024)
}

#[cfg(test)]
mod tests;
