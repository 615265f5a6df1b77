//! Pushes to those who follow a dialog: employees, and the client on their side.
//!
//! The records of heads drive it. The entries between the number that a head had before and the one it
//! has now are pushed, with their texts from the batch or read from the state.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Caller, LiveChatId, Message, Session, SessionId};
use futures::future::{join_all, try_join_all};
use futures::{StreamExt, TryStreamExt, stream, try_join};
use graphql::Service;
use graphql::feed::{Event, Write};
use store::Fault;
use store::connection::{Subscription, Topic};

use crate::app::App;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::{Delivery, MOST_OF_PERSON, RUNNING};
use crate::fanout::subscriber::{Subscriber, subscribers};

/// The most entries that are pushed at once. Beyond, subscribers to the dialog read again.
const MOST_ENTRIES: u64 = 500;

/// The longest time that a subscriber's replay may take, in milliseconds: longer than the socket
/// function may run. A subscriber that is not live by then was abandoned half-way, and reads again.
const LONGEST_REPLAY_MILLIS: u64 = 60_000;

/// The number of subscribers from which it costs less to read all members of a live chat than the
/// desk of each.
const MANY: usize = 8;

/// Queues the events for the subscribers to dialogs.
pub(super) async fn push(app: &App, batch: &Batch, delivery: &Delivery<'_>) -> Result<(), Fault> {
    // In order for each conversation: a batch may close one of its sessions and open the next.
    let mut conversations: BTreeMap<_, Vec<Write>> = BTreeMap::new();
    for write in batch.sessions.iter().filter_map(|changed| changed.whole()) {
        let conversation = write.after.id.conversation.clone();
        conversations.entry(conversation).or_default().push(write);
    }
    let each = conversations.into_values().map(|mut writes| async move {
        writes.sort_by_key(|write| write.after.id.ordinal);
        for write in writes {
            push_one(app, batch, write, delivery).await?;
        }
        Ok::<_, Fault>(())
    });
    try_join_all(each).await.map(drop)
}

async fn push_one(
    app: &App,
    batch: &Batch,
    write: Write,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let tenant = batch.tenant.clone();
    let conversation = write.after.id.conversation.clone();
    let desk = Topic::Dialog(tenant.clone(), conversation.clone());
    let client = Topic::Client(tenant, conversation);
    let employees = async {
        let employees = followers(app, &desk, delivery).await?;
        permitted(app, (&write.after.id, &write.after.live_chat), employees, delivery).await
    };
    let (employees, clients) = try_join!(employees, followers(app, &client, delivery))?;
    let mut followers: Vec<Subscriber> = employees.into_iter().chain(clients).collect();
    followers.retain(|follower| follower.operation.document.feed.has_entries());
    let (arriving, live): (Vec<_>, Vec<_>) =
        followers.into_iter().partition(|follower| follower.subscription.live_after.is_some());
    if !live.is_empty() {
        push_all(entries(app, batch, &write).await?, live, &write, delivery).await?;
    }
    for follower in arriving {
        let missed = missed(app, batch, &write, &follower.subscription).await?;
        push_all(missed, vec![follower], &write, delivery).await?;
    }
    Ok(())
}

/// Queues entries for the subscribers, or RESYNC when they are too many.
async fn push_all(
    entries: Option<Vec<Arc<Message>>>,
    followers: Vec<Subscriber>,
    write: &Write,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    if let Some(entries) = entries {
        return queue(followers, &events(entries, &write.after), delivery).await;
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
    delivery: &Delivery<'_>,
) -> Result<Vec<Subscriber>, Fault> {
    let now = app.store.now();
    let mut found = app.store.subscriptions(to).await?;
    if !delivery.admits(found.len()) {
        return Ok(Vec::new());
    }
    found.retain(|subscription| match subscription.replaying_since {
        Some(since) if now.is_past(since, LONGEST_REPLAY_MILLIS) => {
            delivery.resync(subscription, "Catching up was given up: read again.");
            false
        }
        Some(_) => subscription.live_after.is_some(),
        None => true,
    });
    let mut followers = subscribers(app, to.tenant(), found, delivery).await?;
    let mut of_each = BTreeMap::new();
    followers.retain(|Subscriber { subscription, operation }| {
        let of_person = of_each.entry(caller_key(&operation.caller)).or_insert(0_usize);
        *of_person += 1;
        let is_excess = *of_person > MOST_OF_PERSON;
        if is_excess {
            delivery.end_excess(subscription);
        }
        !is_excess
    });
    Ok(followers)
}

/// Returns a key that identifies a caller among the subscribers to one dialog.
fn caller_key(caller: &Caller) -> String {
    match caller {
        Caller::Employee { person, .. } => person.id.to_string(),
        Caller::Client { .. } | Caller::Nobody => String::new(),
    }
}

/// Returns the employees' subscriptions whose employees may still read a session of a live chat.
/// The other operations are completed.
pub(super) async fn permitted(
    app: &App,
    (of, live_chat): (&SessionId, &LiveChatId),
    followers: Vec<Subscriber>,
    delivery: &Delivery<'_>,
) -> Result<Vec<Subscriber>, Fault> {
    if followers.len() >= MANY && !delivery.loaders.knows_members(live_chat) {
        let members = app.store.of(delivery.tenant()).members(live_chat).await?;
        delivery.loaders.know_members(live_chat.clone(), &members);
    }
    if let Some(first) = followers.first().filter(|_| followers.len() >= MANY)
        && let Some(session) = first.operation.document.feed.session()
    {
        // It reads the head. For most of the others the rule alone decides then. Its own answer comes
        // with theirs.
        let _ = may_read(app, first, session, delivery).await;
    }
    // A later session of the conversation is no part of the dialog that is followed.
    let is_of = |session: &SessionId| session.ordinal >= of.ordinal;
    let (mut permitted, mut others) = (Vec::with_capacity(followers.len()), Vec::new());
    for follower in followers {
        let Some(session) = follower.operation.document.feed.session() else { continue };
        if Service::is_shown(&follower.operation.caller, session, &delivery.loaders) {
            if is_of(session) {
                permitted.push(follower);
            }
        } else {
            others.push((session.clone(), follower));
        }
    }
    let each = others.into_iter().map(|(session, follower)| async move {
        let known = may_read(app, &follower, &session, delivery).await;
        (follower, session, known)
    });
    for (follower, session, known) in join_all(each).await {
        match known {
            Ok(true) if is_of(&session) => permitted.push(follower),
            Ok(true) => {}
            Ok(false) => delivery.complete(&follower.subscription),
            // It would be the same again: this subscriber learns of it, and no other waits for it.
            Err(fault @ Fault::Corrupt(_)) => delivery.fail(&follower.subscription, &fault),
            Err(fault) => return Err(fault),
        }
    }
    Ok(permitted)
}

async fn may_read(
    app: &App,
    follower: &Subscriber,
    session: &SessionId,
    delivery: &Delivery<'_>,
) -> Result<bool, Fault> {
    let caller = follower.operation.caller.clone();
    app.graphql.may_read(caller, session, delivery.loaders.clone()).await
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

/// Queues events for subscribers. Each is rendered once for all subscribers with the same document,
/// or for each of them where the document has a field that depends on who asks.
pub(super) async fn queue(
    followers: Vec<Subscriber>,
    events: &[Event],
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let mut groups: BTreeMap<(String, Option<String>), Vec<Subscriber>> = BTreeMap::new();
    for follower in followers {
        let Subscriber { subscription, operation } = &follower;
        let who = operation.document.is_personal.then(|| subscription.caller.clone());
        groups.entry((operation.digest.clone(), who)).or_default().push(follower);
    }
    let groups = groups.into_values().map(|group| queue_all(group, events, delivery));
    stream::iter(groups).buffer_unordered(RUNNING).try_collect().await
}

async fn queue_all(
    group: Vec<Subscriber>,
    events: &[Event],
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let Some(one) = group.first() else { return Ok(()) };
    for event in events {
        if let Some(rendered) = delivery.render(&one.operation, event.clone()).await? {
            for follower in &group {
                delivery.next(&follower.subscription, &rendered);
            }
        }
    }
    Ok(())
}
