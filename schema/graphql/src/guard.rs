//! The guard of lists: a push never reads one.

use async_graphql::{Context, Error, Guard};

use crate::error::Code;
use crate::request::request;

/// The fields with pages of the objects that a subscription leads to. The probe of a subscription
/// reaches no fields and so no guards: it refuses the fields by these names.
pub(crate) const PAGED: [&str; 6] =
    ["items", "messages", "searchMessages", "searchSessions", "sessions", "templates"];

/// Refuses a list under a subscription, so that a push never reads one.
pub(crate) struct QueryOnly;

impl Guard for QueryOnly {
    async fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        if request(context)?.is_subscription { Err(no_lists()) } else { Ok(()) }
    }
}

/// Returns the error of a subscription that selects a list.
pub(crate) fn no_lists() -> Error {
    Code::BadUserInput.error("A subscription cannot ask for lists: query them.")
}
