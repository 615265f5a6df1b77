//! The registration of operations under the ids that clients give them.
//!
//! When the id of a new operation is taken, the function looks again for up to a second, because the
//! `complete` that frees the id may be on its way in an invocation of its own. If it does not come, the
//! connection ends with 4409.

use std::time::Duration;

use graphql::error::Code;
use store::Fault;
use store::connection::{Registered, Registration, Subscription};

use super::reply::{self, Origin};
use crate::app::App;
use crate::protocol::Refusal;
use crate::protocol::registration::{self, Start, Stop};

/// The number of attempts, and the pause between them, to register an id that is taken, until its
/// `complete` has come.
const TAKEN_TRIES: u32 = 20;
const TAKEN_PAUSE: Duration = Duration::from_millis(50);

/// Registers a subscription with its serialised document. Returns false when it is over before it
/// began.
pub(super) async fn register(
    app: &App,
    from: &Origin<'_>,
    subscription: &Subscription,
    document: &str,
) -> Result<bool, Fault> {
    let (connection, id) = (&subscription.connection, &subscription.operation);
    let tenant = subscription.topic.tenant();
    // Before its subscription: the fan-out must find it.
    app.documents.keep(&app.store, tenant, &subscription.document, document).await?;
    let mut replaces = None;
    for _ in 0..=TAKEN_TRIES {
        match app.store.register(subscription, document.len(), replaces).await? {
            Registration::Done => return Ok(true),
            Registration::Gone => return Ok(false),
            Registration::Full => {
                let message = "A connection may have 100 operations at a time, and a person 100 for \
                               their desk.";
                let full = reply::failed(id, Code::RateLimited, message, from);
                reply::post(app, connection, id, &full).await?;
                return Ok(false);
            }
            Registration::Found(found) => {
                match registration::start(Some(known(found)), from.received_at) {
                    Start::Register => replaces = Some(found),
                    Start::Overtaken => return Ok(false),
                    Start::Taken => tokio::time::sleep(TAKEN_PAUSE).await,
                }
            }
        }
    }
    reply::refuse_connection(app, connection, &Refusal::subscriber_exists(id)).await?;
    Ok(false)
}

/// Returns true if a subscription has the id of a query or a mutation, and still has it after its
/// `complete` had the time to come.
pub(super) async fn is_taken(app: &App, from: &Origin<'_>, id: &str) -> Result<bool, Fault> {
    for _ in 0..TAKEN_TRIES {
        let found = app.store.registered(&from.connection.id, id).await?;
        if registration::start(found.map(known), from.received_at) != Start::Taken {
            return Ok(false);
        }
        tokio::time::sleep(TAKEN_PAUSE).await;
    }
    Ok(true)
}

/// Ends an operation that its client has completed.
pub(super) async fn complete(
    app: &App,
    id: &str,
    operation: &str,
    received_at: i64,
) -> Result<(), Fault> {
    let mut found = app.store.registered(id, operation).await?;
    // Twice at most: what stood there may change once between reading and writing.
    for _ in 0..2 {
        match registration::stop(found.map(known), received_at) {
            Stop::Remove => {
                let since = found.and_then(Registered::since);
                return app.store.unregister(id, operation, since).await;
            }
            Stop::Ignore => return Ok(()),
            Stop::LeaveTombstone => {
                found = app.store.leave_tombstone(id, operation, received_at).await?;
                if found.is_none() {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Returns the registration under an operation's id, as the protocol has it.
const fn known(found: Registered) -> registration::Registered {
    match found {
        Registered::Active(since_ms) => registration::Registered::Active { since_ms },
        Registered::Completed(at_ms) => registration::Registered::Completed { at_ms },
    }
}
