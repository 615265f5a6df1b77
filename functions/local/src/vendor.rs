//! Stand-ins of the messengers' vendors for the local run: whoever starts ChatDesk can hold a
//! conversation from the client's side without an account anywhere.
//!
//! They are strict where the vendors are lenient: an unknown member or a wrong type is refused, so
//! that a mistake shows here. They post to addresses of this machine only.

mod answer;
mod fault;
mod fields;
mod file;
mod form;
mod media;
mod outbox;
mod rate;
mod telegram;
mod whatsapp;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;

use crate::Fault;
use file::File;
use media::Media;
use telegram::Telegram;
use whatsapp::WhatsApp;

/// The most messages that a chat keeps; the oldest are forgotten.
const MOST_MESSAGES: usize = 1000;
/// The most chats of a vendor.
const MOST_CHATS: usize = 1000;
/// The most bots, or numbers, of a vendor.
const MOST_ACCOUNTS: usize = 100;
/// The most posts that wait for an account; the oldest are forgotten.
const MOST_PENDING: usize = 1000;

/// The vendors. Clones share their state.
#[derive(Clone)]
pub struct Vendors {
    telegram: Arc<Telegram>,
    whatsapp: Arc<WhatsApp>,
}

impl Vendors {
    /// Opens the vendors with the state that a file holds, and goes on posting what waits there.
    /// The file is written after each change, whole or not at all, and what people send each other
    /// stands in a folder beside it. Without it, nothing stays. It is called within a Tokio runtime.
    ///
    /// # Errors
    /// The file exists and cannot be read, or there can be no HTTP client.
    pub fn open(file: Option<PathBuf>) -> Result<Self, Fault> {
        let media = Arc::new(Media::open(file.as_deref().map(media::beside))?);
        let file = File::open(file)?;
        let telegram = Telegram::open(Arc::clone(&file), Arc::clone(&media))?;
        Ok(Self { telegram, whatsapp: WhatsApp::open(file, media)? })
    }

    /// Stops posting and answers requests that wait for a change, so that a server can end. What
    /// waits to be posted is kept in the file.
    pub fn stop(&self) {
        self.telegram.stop();
        self.whatsapp.stop();
    }
}

/// Returns the routes below `/dev/telegram` and `/dev/whatsapp`.
pub fn routes(vendors: &Vendors) -> Router {
    telegram::routes(&vendors.telegram).merge(whatsapp::routes(&vendors.whatsapp))
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
