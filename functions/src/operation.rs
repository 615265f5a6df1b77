//! Stored operations: everything about a subscription that the fan-out needs to run it.

mod documents;

use std::sync::{Arc, OnceLock};

use async_graphql::{Request, ServerError, Variables};
use domain::Caller;
use domain::id::digest;
use graphql::feed::Feed;
use graphql::{Prepared, Service};
use metrics::counter;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::metric::{LISTENERS_UNKNOWN, LISTENERS_UNREADABLE};

pub use documents::Documents;

/// A document to which operations subscribe, as it is stored: with its variables and its feed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Document {
    /// The text.
    pub query: String,
    /// The name of the operation in it.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Value,
    /// The feed.
    #[serde(rename = "topic")]
    pub feed: Feed,
    /// True if its results depend on the subscriber.
    pub is_personal: bool,
    /// The text as it is run; none if it is not run any more.
    #[serde(skip)]
    pub(crate) prepared: OnceLock<Option<Prepared>>,
}

/// A subscriber with the document that they subscribe to.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The document, which many operations may share.
    pub document: Arc<Document>,
    /// The digest of the document.
    pub digest: String,
    /// The subscriber.
    pub caller: Caller,
}

/// A part of a stored subscription, of which a newer version may have more kinds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept<T> {
    Known(T),
    Unknown(IgnoredAny),
}

impl Document {
    /// Returns the digest under which a serialised document is stored.
    #[must_use]
    pub fn digest(serialised: &str) -> String {
        digest(&[serialised])
    }

    /// Reads a stored document. Returns `None` where this version cannot read it: a newer version
    /// has more feeds, or it is broken. Both are counted, and its subscriptions are skipped.
    #[must_use]
    pub fn read(serialised: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Part {
            topic: Kept<Feed>,
        }
        known(serialised, |text| {
            serde_json::from_str::<Part>(text).is_ok_and(|Part { topic }| topic.is_unknown())
        })
    }

    /// Returns the document as it is run. Returns `None` for one that was measured before it was
    /// stored, by a release with other limits.
    pub fn prepared(&self, service: &Service, caller: &Caller) -> Option<&Prepared> {
        let prepare = || {
            let variables = Variables::from_json(self.variables.clone());
            let mut request = Request::new(&self.query).variables(variables);
            request.operation_name.clone_from(&self.operation_name);
            let prepared = service.prepare(request, caller);
            let refused =
                |error: &ServerError| tracing::warn!(%error, "a subscription is not run any more");
            prepared.inspect_err(refused).ok()
        };
        self.prepared.get_or_init(prepare).as_ref()
    }
}

impl Operation {
    /// Builds the operation of a stored subscriber. Returns `None` where this version cannot read
    /// them, which is counted.
    #[must_use]
    pub fn of(caller: &str, digest: &str, document: &Arc<Document>) -> Option<Self> {
        let caller = known(caller, |text| {
            serde_json::from_str::<Kept<Caller>>(text).is_ok_and(|caller| caller.is_unknown())
        })?;
        Some(Self { document: Arc::clone(document), digest: digest.to_owned(), caller })
    }
}

impl<T> Kept<T> {
    const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// Reads a stored part of a subscription, and counts one that cannot be read.
fn known<T: DeserializeOwned>(text: &str, is_newer: impl FnOnce(&str) -> bool) -> Option<T> {
    if let Ok(known) = serde_json::from_str(text) {
        return Some(known);
    }
    if is_newer(text) {
        counter!(LISTENERS_UNKNOWN).increment(1);
    } else {
        counter!(LISTENERS_UNREADABLE).increment(1);
        tracing::error!("a stored operation cannot be read");
    }
    None
}

#[cfg(test)]
mod tests;
