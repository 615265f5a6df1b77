//! Stored operations: everything about a subscription that the fan-out needs to run it.

use async_graphql::{Request, Variables};
use domain::Caller;
use graphql::feed::Feed;
use metrics::counter;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::metric::{LISTENERS_UNKNOWN, LISTENERS_UNREADABLE};

/// A subscription as it is stored: its document, its subscriber and its feed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// The document.
    pub query: String,
    /// The name of the operation in the document.
    pub operation_name: Option<String>,
    /// Its variables.
    pub variables: Value,
    /// The subscriber.
    pub caller: Caller,
    /// The feed.
    #[serde(rename = "topic")]
    pub feed: Feed,
    /// True if its results depend on the subscriber.
    pub is_personal: bool,
}

/// A part of a stored subscription, of which a newer version may have more kinds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept<T> {
    Known(T),
    Unknown(IgnoredAny),
}

impl Operation {
    /// Reads a stored subscription. Returns `None` where this version cannot read it: a newer
    /// version has more feeds, or the payload is broken. Both are counted, and the subscription is
    /// skipped.
    #[must_use]
    pub fn read(payload: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Parts {
            caller: Kept<Caller>,
            topic: Kept<Feed>,
        }
        if let Ok(operation) = serde_json::from_str(payload) {
            return Some(operation);
        }
        let parts = serde_json::from_str::<Parts>(payload);
        let is_newer = parts.is_ok_and(|parts| {
            matches!(parts.caller, Kept::Unknown(_)) || matches!(parts.topic, Kept::Unknown(_))
        });
        if is_newer {
            counter!(LISTENERS_UNKNOWN).increment(1);
        } else {
            counter!(LISTENERS_UNREADABLE).increment(1);
            tracing::error!("a stored operation cannot be read");
        }
        None
    }

    /// Returns the request to run.
    #[must_use]
    pub fn request(&self) -> Request {
        let variables = Variables::from_json(self.variables.clone());
        let request = Request::new(&self.query).variables(variables);
        match &self.operation_name {
            None => request,
            Some(name) => request.operation_name(name),
        }
    }

    /// Returns a key that subscriptions with the same results have in common.
    #[must_use]
    pub fn group(&self) -> String {
        let who = self.is_personal.then_some(&self.caller);
        serde_json::json!([self.query, self.operation_name, self.variables, who]).to_string()
    }
}

#[cfg(test)]
mod tests;
