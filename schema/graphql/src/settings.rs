//! The settings of the service.

use std::sync::Arc;

use crate::files::{Files, NoFiles};
use crate::messenger::{Messengers, Unreachable};

/// The settings of the service.
#[derive(Clone)]
pub struct Settings {
    /// The callers that may introspect the schema.
    pub introspection: Introspection,
    /// The messengers that channels can be connected to.
    pub messengers: Arc<dyn Messengers>,
    /// The place of files.
    pub files: Arc<dyn Files>,
}

impl Settings {
    /// Returns the settings of a service that reaches no messengers and keeps no files.
    #[must_use]
    pub fn new(introspection: Introspection) -> Self {
        Self { introspection, messengers: Arc::new(Unreachable), files: Arc::new(NoFiles) }
    }
}

/// The callers that may introspect the schema. The schema's file is published with every release,
/// for tools.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Introspection {
    /// All callers, also those without a token.
    Everybody,
    /// Callers with a token.
    SignedIn,
    /// No callers.
    Nobody,
}

impl Introspection {
    /// Reads the setting: `everybody`, `signed-in` or `nobody`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "everybody" => Some(Self::Everybody),
            "signed-in" => Some(Self::SignedIn),
            "nobody" => Some(Self::Nobody),
            _ => None,
        }
    }
}
