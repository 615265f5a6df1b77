//! The documents of an instance: those that it has read, and those that it has stored lately.
//!
//! Most subscribers of a tenant run the same few documents, because their pages are the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{TenantId, Timestamp};
use store::connection::{DOCUMENT_SECONDS, Subscription};
use store::{Fault, Store};

use super::Document;

/// The most bytes of documents that an instance remembers. Then it forgets all of them. Parsed, a
/// document takes about twenty times its bytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// The time after which an instance stores a document again, in milliseconds: until then, it outlives
/// every connection by far.
const AGAIN_MILLIS: u64 = DOCUMENT_SECONDS * 1000 / 2;

/// The documents of an instance.
#[derive(Debug, Default)]
pub struct Documents(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    read: HashMap<(TenantId, String), Arc<Document>>,
    stored: HashMap<(TenantId, String), Timestamp>,
    bytes: usize,
}

impl Held {
    fn make_room(&mut self, bytes: usize) {
        if self.bytes + bytes > MOST_BYTES {
            *self = Self::default();
        }
        self.bytes += bytes;
    }
}

impl Documents {
    /// Stores a document, unless this instance did lately.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn keep(
        &self,
        store: &Store,
        tenant: &TenantId,
        digest: &str,
        serialised: &str,
    ) -> Result<(), Fault> {
        let (now, key) = (store.now(), (tenant.clone(), digest.to_owned()));
        let stored_at = self.held(|held| held.stored.get(&key).copied());
        if stored_at.is_some_and(|at| at <= now && !now.is_past(at, AGAIN_MILLIS)) {
            return Ok(());
        }
        store.of(tenant).keep_document(digest, serialised).await?;
        self.held(|held| {
            // The digest, and about as much for its place.
            held.make_room(2 * digest.len());
            held.stored.insert(key, now);
        });
        Ok(())
    }

    /// Returns the documents of subscriptions that can be read, by their digests. `None` stands for
    /// a document that is kept and cannot be read.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn of(
        &self,
        store: &Store,
        tenant: &TenantId,
        subscriptions: &[Subscription],
    ) -> Result<HashMap<String, Option<Arc<Document>>>, Fault> {
        let digests: BTreeSet<&str> = subscriptions
            .iter()
            .map(|one| one.document.as_str())
            .filter(|d| !d.is_empty())
            .collect();
        let mut found = HashMap::new();
        let mut missing = BTreeSet::new();
        self.held(|held| {
            for digest in digests {
                match held.read.get(&(tenant.clone(), digest.to_owned())) {
                    Some(document) => {
                        found.insert(digest.to_owned(), Some(Arc::clone(document)));
                    }
                    None => {
                        missing.insert(digest);
                    }
                }
            }
        });
        if missing.is_empty() {
            return Ok(found);
        }
        for (digest, serialised) in store.of(tenant).documents(&missing).await? {
            let document = Document::read(&serialised).map(Arc::new);
            if let Some(document) = &document {
                self.held(|held| {
                    held.make_room(serialised.len());
                    held.read.insert((tenant.clone(), digest.clone()), Arc::clone(document));
                });
            }
            found.insert(digest, document);
        }
        Ok(found)
    }

    fn held<T>(&self, work: impl FnOnce(&mut Held) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
