//! Pushes to those who follow a dialog: employees, and the client on their side.
//!
//! The records of heads drive it. The entries between the number that a head had before and the one it
//! has now are pushed, with their texts from the batch or read from the state.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Caller;
use domain::{Message, Session, SessionId};
use graphql::feed::Event;
use store::Fault;
use store::connection::{Subscription, Topic};

use crate::app::App;
use crate::fanout::batch::{Batch, Write};
use crate::fanout::delivery::{Delivery, MOST_OF_PERSON};
use crate::operation::Operation;

/// The most entries that are pushed at once. Beyond, subscribers to the dialog read again.
const MOST_ENTRIES: u64 = 500;

/// The longest time that a subscriber's replay may take, in milliseconds: longer than the socket
/// function may run. A subscriber that is not live by then was abandoned half-way, and reads again.
const LONGEST_REPLAY_MILLIS: u64 = 60_000;

/// A subscriber to a dialog, with its stored registration.
pub(super) struct Follower {
    pub(super) subscription: Subscription,
    pub(super) operation: Operation,
    pub(super) caller: Caller,
}

/// Queues the events for the subscribers to dialogs.
pub(super) async fn push(
    app: &App,
    batch: &Batch,
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    for write in batch.sessions.iter().filter_map(|changed| changed.whole()) {
        let tenant = batch.tenant.clone();
        let conversation = write.after.id.conversation.clone();
        let desk = Topic::Dialog(tenant.clone(), conversation.clone());
        let client = Topic::Client(tenant, conversation);
        let employees = followers(app, &desk, delivery).await?;
        let employees = permitted(app, &write.after.id, employees, delivery).await?;
        let clients = followers(app, &client, delivery).await?;
        let mut followers: Vec<Follower> = employees.into_iter().chain(clients).collect();
        followers.retain(|follower| follower.operation.feed.has_entries());
        let (arriving, live): (Vec<_>, Vec<_>) =
            followers.into_iter().partition(|follower| follower.subscription.live_after.is_some());
        if !live.is_empty() {
            push_all(entries(app, batch, &write).await?, live, &write, delivery).await?;
        }
        for follower in arriving {
            let missed = missed(app, batch, &write, &follower.subscription).await?;
            push_all(missed, vec![follower], &write, delivery).await?;
        }
    }
    Ok(())
}

/// Queues entries for the subscribers, or RESYNC when they are too many.
async fn push_all(
    entries: Option<Vec<Arc<Message>>>,
    followers: Vec<Follower>,
    write: &Write,
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    if let Some(entries) = entries {
        return say(followers, &events(entries, &write.after), delivery).await;
    }
    for follower in &followers {
        delivery.resync(&follower.subscription, "Too much came at once: read again.");
    }
    Ok(())
}

/// Returns the subscribers to a dialog, without those to which the socket function is replaying
/// entries just now.
pub(super) async fn followers(
    app: &App,
    to: &Topic,
    delivery: &mut Delivery<'_>,
) -> Result<Vec<Follower>, Fault> {
    let now = app.store.now();
    let mut followers = Vec::new();
    let mut of_each = BTreeMap::new();
    for subscription in app.store.subscriptions(to).await? {
        if let Some(since) = subscription.replaying_since {
            if now.is_past(since, LONGEST_REPLAY_MILLIS) {
                delivery.resync(&subscription, "Catching up was given up: read again.");
                continue;
            }
            if subscription.live_after.is_none() {
                continue;
            }
        }
        let Some(operation) = Operation::read(&subscription.payload) else { continue };
        let caller = operation.caller.clone();
        let of_person = of_each.entry(caller_key(&caller)).or_insert(0_usize);
        *of_person += 1;
        if *of_person > MOST_OF_PERSON {
            delivery.end_excess(&subscription);
        } else {
            followers.push(Follower { subscription, operation, caller });
        }
    }
    Ok(followers)
}

/// Returns a key that identifies a caller among the subscribers to one dialog.
fn caller_key(caller: &Caller) -> String {
    match caller {
        Caller::Employee { person, .. } => person.id.to_string(),
        Caller::Client { .. } | Caller::Nobody => String::new(),
    }
}

/// Returns the employees' subscriptions whose employees may still read the session. The other
/// operations are completed.
pub(super) async fn permitted(
    app: &App,
    of: &SessionId,
    followers: Vec<Follower>,
    delivery: &mut Delivery<'_>,
) -> Result<Vec<Follower>, Fault> {
    let mut permitted = Vec::new();
    for follower in followers {
        let Some(session) = follower.operation.feed.session() else { continue };
        let may_read = match may_read(app, &follower.caller, session, delivery).await {
            // It would be the same again: this subscriber learns of it, and no other waits for it.
            Err(fault @ Fault::Corrupt(_)) => {
                delivery.fail(&follower.subscription, &fault);
                continue;
            }
            known => known?,
        };
        if may_read {
            // A later session of the conversation is no part of the dialog that is followed.
            if session.ordinal >= of.ordinal {
                permitted.push(follower);
            }
        } else {
            delivery.complete(&follower.subscription);
        }
    }
    Ok(permitted)
}

async fn may_read(
    app: &App,
    caller: &Caller,
    session: &SessionId,
    delivery: &Delivery<'_>,
) -> Result<bool, Fault> {
    app.graphql.may_read(caller.clone(), session, delivery.loaders.clone()).await
}

/// Returns the entries that a write brought, in order; `None` when they are too many.
async fn entries(
    app: &App,
    batch: &Batch,
    write: &Write,
) -> Result<Option<Vec<Arc<Message>>>, Fault> {
    let after = &write.after;
    let first = write.before.as_ref().map_or(after.first_seq, |before| before.seq + 1);
    if (after.seq + 1).saturating_sub(first) > MOST_ENTRIES {
        return Ok(None);
    }
    let conversation = &after.id.conversation;
    let known: Option<Vec<_>> = (first..=after.seq)
        .map(|seq| batch.entries.get(&(conversation.clone(), seq)).cloned())
        .collect();
    if let Some(known) = known {
        return Ok(Some(known));
    }
    let read = app.store.of(&batch.tenant).entries(conversation, first, after.seq).await?;
    if read.len() as u64 != after.seq + 1 - first {
        return Err(Fault::Unavailable("a dialog was read before it was whole".to_owned()));
    }
    Ok(Some(read.into_iter().map(Arc::new).collect()))
}

/// Returns the entries after the last one that a subscriber had when it went live, in order, or
/// `None` when they are too many. The socket function's replay posts them too. Each of the two
/// posts in order, so whichever comes first is in order.
async fn missed(
    app: &App,
    batch: &Batch,
    write: &Write,
    subscription: &Subscription,
) -> Result<Option<Vec<Arc<Message>>>, Fault> {
    let after = &write.after;
    let is_of_client = matches!(subscription.topic, Topic::Client(..));
    let first = subscription.live_after.unwrap_or(0) + 1;
    let last = if is_of_client { after.client_seq } else { after.seq };
    if (last + 1).saturating_sub(first) > MOST_ENTRIES {
        return Ok(None);
    }
    let entries = if is_of_client {
        app.store.of(&batch.tenant).visible_entries(after, first, last).await?
    } else {
        app.store.of(&batch.tenant).entries(&after.id.conversation, first, last).await?
    };
    // A client is not shown what a newer version wrote: there its numbers have a hole.
    if !is_of_client && entries.len() as u64 != (last + 1).saturating_sub(first) {
        return Err(Fault::Unavailable("a dialog was read before it was whole".to_owned()));
    }
    Ok(Some(entries.into_iter().map(Arc::new).collect()))
}

/// Returns the events that announce entries.
fn events(entries: Vec<Arc<Message>>, dialog: &Arc<Session>) -> Vec<Event> {
    let event = |entry| Event::Message { entry, dialog: dialog.clone() };
    entries.into_iter().map(event).collect()
}

/// Queues events for subscribers. Each is rendered once for all subscribers with the same
/// selection.
pub(super) async fn say(
    followers: Vec<Follower>,
    events: &[Event],
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    let mut groups: BTreeMap<String, Vec<Follower>> = BTreeMap::new();
    for follower in followers {
        groups.entry(follower.operation.group()).or_default().push(follower);
    }
    for group in groups.into_values() {
        let Some(one) = group.first() else { continue };
        for event in events {
            let said = delivery.say(&one.operation, one.caller.clone(), event.clone()).await?;
            if let Some(rendered) = said {
                for follower in &group {
                    delivery.next(&follower.subscription, &rendered);
                }
            }
        }
    }
    Ok(())
}
