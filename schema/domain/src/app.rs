//! Apps: the kinds of a tenant's own records.

use serde::{Deserialize, Serialize};

use crate::{AppId, Refusal};

/// The most apps of a tenant.
pub const MOST_APPS: usize = 100;
/// The refusal of one app more than a tenant may have.
pub const TOO_MANY_APPS: Refusal = Refusal::limit("There are at most 100 apps.");

/// An app: a kind of the tenant's own records. It is never deleted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct App {
    /// The app's id.
    pub id: AppId,
    /// Its name.
    pub name: String,
    /// The kind of its records.
    pub kind: AppKind,
}

/// The kinds of records of an app.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AppKind {
    /// Registered clients.
    Account,
    /// Requests of clients.
    Request,
    /// A kind written by a newer version.
    #[serde(other)]
    Unknown,
}

impl AppKind {
    /// Returns its name in the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Request => "request",
            Self::Unknown => "unknown",
        }
    }
}
