//! Pushes to desks: counters, sessions, alerts and presence.
//!
//! Desk feeds are personal. So the document of each operation runs for its own employee, over what was
//! read once for the whole batch.

use futures::{StreamExt, TryStreamExt, stream};
use graphql::feed::{DeskEvents, Event, Feed};
use store::Fault;
use store::connection::Topic;

use crate::app::App;
use crate::fanout::audience::Audience;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::{Delivery, RUNNING};
use crate::fanout::subscriber::{Subscriber, subscribers};

/// Queues the events for the subscribers at the desk.
pub(super) async fn push(
    app: &App,
    batch: &Batch,
    audience: &Audience,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let store = app.store.of(&batch.tenant);
    let found = store.desk_subscriptions(&audience.people()).await?;
    if !delivery.admits(found.len()) {
        return Ok(());
    }
    let subscribers = subscribers(app, &batch.tenant, found, delivery).await?;
    let pushes = subscribers.into_iter().filter_map(|subscriber| {
        let Topic::Desk(_, person) = &subscriber.subscription.topic else { return None };
        let events = events(audience.events(person), &subscriber.operation.document.feed);
        (!events.is_empty()).then(|| push_all(delivery, subscriber, events))
    });
    stream::iter(pushes).buffer_unordered(RUNNING).try_collect().await
}

async fn push_all(
    delivery: &Delivery<'_>,
    subscriber: Subscriber,
    events: Vec<Event>,
) -> Result<(), Fault> {
    for event in events {
        if let Some(rendered) = delivery.render(&subscriber.operation, event).await? {
            delivery.next(&subscriber.subscription, &rendered);
        }
    }
    Ok(())
}

/// Returns the events of one feed for an employee, in order.
fn events(events: DeskEvents, feed: &Feed) -> Vec<Event> {
    match feed {
        Feed::Desk if events.is_empty() => Vec::new(),
        Feed::Desk => vec![Event::Desk(events)],
        Feed::Counters if events.has_counters => vec![Event::Counters],
        Feed::Sessions if events.is_ready => vec![Event::Ready],
        Feed::Sessions => events.changes.into_iter().map(Event::Session).collect(),
        Feed::Alerts => events.alerts.into_iter().map(Event::Alert).collect(),
        Feed::Presence => events.presence.into_iter().map(Event::Presence).collect(),
        Feed::Counters
        | Feed::Messages(_)
        | Feed::ConversationMessages
        | Feed::Typing(_)
        | Feed::Dialog(_)
        | Feed::ConversationTyping => Vec::new(),
    }
}
