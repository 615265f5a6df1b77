//! Pushes to desks: counters, sessions, alerts and presence.
//!
//! Desk feeds are personal. So the document of each operation runs for its own employee, over what was
//! read once for the whole batch.

use std::collections::{BTreeMap, BTreeSet};

use domain::{EmployeeId, LiveChatId};
use futures::future::try_join_all;
use graphql::feed::{Event, Feed};
use store::Fault;
use store::connection::Subscription;

use crate::app::App;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::{Delivery, MOST_OF_PERSON};
use crate::operation::Operation;

/// The most changes that are pushed one by one. Beyond, a subscriber gets one READY: reading the
/// lists again costs less.
const MOST_CHANGES: usize = 20;

/// The people whom a batch concerns.
struct Audience {
    /// The members of each live chat with a change.
    members: BTreeMap<LiveChatId, BTreeSet<EmployeeId>>,
    /// All people concerned.
    all: BTreeSet<EmployeeId>,
}

/// Queues the events for the subscribers at the desk.
pub(super) async fn push(
    app: &App,
    batch: &Batch,
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    let audience = audience(app, batch).await?;
    let subscriptions = app.store.of(&batch.tenant).desk_subscriptions(&audience.all).await?;
    let mut run = Vec::new();
    let mut of_each: BTreeMap<EmployeeId, usize> = BTreeMap::new();
    for (person, subscription) in subscriptions {
        let of_person = of_each.entry(person.clone()).or_default();
        *of_person += 1;
        if *of_person > MOST_OF_PERSON {
            delivery.end_excess(&subscription);
            continue;
        }
        let Some(operation) = Operation::read(&subscription.payload) else { continue };
        let events = events(batch, &audience, &person, &operation.feed);
        if !events.is_empty() {
            run.push((subscription, operation, events));
        }
    }
    let said = {
        let delivery = &*delivery;
        try_join_all(run.into_iter().map(|(subscription, operation, events)| async move {
            say_all(delivery, subscription, &operation, events).await
        }))
        .await?
    };
    for (subscription, said) in said {
        for rendered in said {
            delivery.next(&subscription, &rendered);
        }
    }
    Ok(())
}

async fn say_all(
    delivery: &Delivery<'_>,
    subscription: Subscription,
    operation: &Operation,
    events: Vec<Event>,
) -> Result<(Subscription, Vec<String>), Fault> {
    let mut said = Vec::new();
    for event in events {
        said.extend(delivery.say(operation, operation.caller.clone(), event).await?);
    }
    Ok((subscription, said))
}

/// Returns the current members of the live chats concerned, with the people who are concerned
/// whatever they are a member of.
async fn audience(app: &App, batch: &Batch) -> Result<Audience, Fault> {
    let mut live_chats: BTreeSet<LiveChatId> = batch.queues.clone();
    for changed in &batch.sessions {
        live_chats.extend(changed.whole().map(|write| write.after.live_chat.clone()));
    }
    for person in &batch.people {
        let desk = app.store.of(&batch.tenant).desk(person).await?;
        live_chats.extend(desk.live_chats().cloned());
    }
    let each = live_chats.into_iter().map(|live_chat| async move {
        let members = app.store.of(&batch.tenant).members(&live_chat).await?;
        let members = members.into_iter().map(|member| member.employee).collect();
        Ok::<_, Fault>((live_chat, members))
    });
    let members: BTreeMap<LiveChatId, BTreeSet<EmployeeId>> =
        try_join_all(each).await?.into_iter().collect();
    let mut all: BTreeSet<EmployeeId> = members.values().flatten().cloned().collect();
    all.extend(batch.desks.iter().chain(&batch.roles).chain(&batch.people).cloned());
    Ok(Audience { members, all })
}

/// Returns the events that a subscriber may have to receive, in order. The schema decides which of
/// them it does receive.
fn events(batch: &Batch, audience: &Audience, person: &EmployeeId, feed: &Feed) -> Vec<Event> {
    let is_member = |live_chat: &LiveChatId| {
        audience.members.get(live_chat).is_some_and(|members| members.contains(person))
    };
    match feed {
        Feed::Counters => {
            let is_concerned = batch.desks.contains(person) || batch.queues.iter().any(is_member);
            if is_concerned { vec![Event::Counters] } else { Vec::new() }
        }
        Feed::Sessions => {
            let changed: Vec<Event> = batch
                .sessions
                .iter()
                .filter_map(|changed| changed.whole())
                .filter(|write| is_member(&write.after.live_chat))
                .map(|write| Event::Session { before: write.before, after: write.after })
                .collect();
            let is_too_much = changed.len() > MOST_CHANGES;
            if is_too_much || batch.roles.contains(person) { vec![Event::Ready] } else { changed }
        }
        Feed::Alerts => batch
            .sessions
            .iter()
            .flat_map(|changed| &changed.writes)
            .filter(|write| is_member(&write.after.live_chat))
            .map(|write| Event::Alert { before: write.before.clone(), after: write.after.clone() })
            .collect(),
        Feed::Presence => batch.people.iter().cloned().map(Event::Presence).collect(),
        Feed::Messages(_)
        | Feed::ConversationMessages
        | Feed::Typing(_)
        | Feed::Dialog(_)
        | Feed::ConversationTyping => Vec::new(),
    }
}
