//! Subscribers: stored subscriptions with the documents that they run.

use domain::TenantId;
use store::Fault;
use store::connection::Subscription;

use crate::app::App;
use crate::fanout::delivery::Delivery;
use crate::operation::Operation;

/// A subscriber.
pub(super) struct Subscriber {
    pub(super) subscription: Subscription,
    pub(super) operation: Operation,
}

/// Returns the subscribers of stored subscriptions. A subscription without its document was stored by
/// an older version: it ends, and its client subscribes again. One that this version cannot read is
/// skipped.
pub(super) async fn subscribers(
    app: &App,
    tenant: &TenantId,
    subscriptions: Vec<Subscription>,
    delivery: &Delivery<'_>,
) -> Result<Vec<Subscriber>, Fault> {
    let documents = app.documents.of(&app.store, tenant, &subscriptions).await?;
    let mut subscribers = Vec::with_capacity(subscriptions.len());
    for subscription in subscriptions {
        match documents.get(&subscription.document) {
            None => delivery.resync(&subscription, "The service has changed: read again."),
            Some(None) => {}
            Some(Some(document)) => {
                let (caller, digest) = (&subscription.caller, &subscription.document);
                let operation = Operation::of(caller, digest, document);
                subscribers
                    .extend(operation.map(|operation| Subscriber { subscription, operation }));
            }
        }
    }
    Ok(subscribers)
}
