//! What a client or a messenger did, as it is taken in: messages, changes of them, receipts, blocks.

use std::collections::HashMap;
use std::time::Duration;

use domain::attachment::MOST_BYTES;
use domain::delivery::Progress;
use domain::id::digest;
use domain::{Channel, ChannelKind, ClientId, ConversationId, LiveChat, Refusal, Timestamp};
use futures::stream::{self, StreamExt as _};
use metrics::counter;
use store::Failure;
use store::amendment::{Amended, Amendment, AmendmentKind};
use store::arrival::{Arrival, Files};
use store::delivery::Report;
use store::live_chat::Route;
use tokio::time::Instant;

use crate::app::App;
use crate::channel::{Message, Received, telegram};
use crate::json::Refused;
use crate::metric::INBOUND_UNUSED;
use crate::outbound::{DeliveryId, parts};

/// The most clients whose messages are taken in at a time.
const AT_ONCE: usize = 32;
/// The longest time for one request: less than a function has.
const PATIENCE: Duration = Duration::from_secs(12);

/// The channel by which something came.
pub(super) struct Place<'a> {
    /// The target of the channel's path.
    pub(super) route: &'a Route,
    /// The live chat.
    pub(super) live_chat: LiveChat,
    /// The channel.
    pub(super) channel: Channel,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Applied {
    /// A message is in the dialog.
    Message {
        /// Its id at the other side.
        id: String,
        /// True when it came before.
        is_repeated: bool,
    },
    /// It is done.
    Done,
    /// It can never be used. The reason is a word of a closed set.
    Unused(&'static str),
}

/// Takes in one thing that was received.
pub(super) async fn apply(
    app: &App,
    place: &Place<'_>,
    received: Received,
) -> Result<Applied, Refused> {
    let applied = match received {
        Received::Message(message) => return arrive(app, place, &message).await,
        Received::Edited { id, from_id, text, at } => {
            // Two edits within a second differ by their texts.
            let of = digest(&["edited", &id, &moment(at), &text]);
            amend(app, place, &from_id, of, AmendmentKind::Edited { message_id: id, text }).await?
        }
        Received::Deleted { id, from_id } => {
            let of = digest(&["deleted", &id]);
            amend(app, place, &from_id, of, AmendmentKind::Deleted { message_id: id }).await?
        }
        Received::Blocked { from_id, at } => {
            let of = digest(&["blocked", &moment(at)]);
            amend(app, place, &from_id, of, AmendmentKind::Blocked).await?
        }
        Received::Unblocked { from_id, at } => {
            let of = digest(&["unblocked", &moment(at)]);
            amend(app, place, &from_id, of, AmendmentKind::Unblocked).await?
        }
        Received::Receipt { delivery_id, progress, .. } => {
            report(app, place, delivery_id.as_deref(), progress).await?
        }
        Received::Nothing { reason } => Applied::Unused(reason),
    };
    if let Applied::Unused(reason) = applied {
        counter!(INBOUND_UNUSED).increment(1);
        tracing::info!(reason, channel = %place.route.channel, "what a messenger posted is of no use");
    }
    Ok(applied)
}

/// Takes in everything that one request brought: what each client did in its order, and clients side by
/// side. A client who is over a limit holds up no other.
///
/// # Errors
/// The first refusal, a fault before a limit: the messenger sends all of it again, and what was taken in
/// changes nothing then. [`Refused::Unavailable`] when the time is over.
pub(super) async fn apply_all(
    app: &App,
    place: &Place<'_>,
    received: Vec<Received>,
) -> Result<(), Refused> {
    let until = Instant::now() + PATIENCE;
    let groups = groups(received).into_iter().map(|group| async move {
        for one in group {
            if Instant::now() > until {
                return Err(Refused::Unavailable);
            }
            apply(app, place, one).await?;
        }
        Ok(())
    });
    let ended: Vec<_> = stream::iter(groups).buffer_unordered(AT_ONCE).collect().await;
    let mut refused: Vec<Refused> = ended.into_iter().filter_map(Result::err).collect();
    refused.sort_by_key(|refused| matches!(refused, Refused::TooMany { .. }));
    refused.into_iter().next().map_or(Ok(()), Err)
}

/// Returns what was received by client, in order. Receipts may come in any order.
fn groups(received: Vec<Received>) -> Vec<Vec<Received>> {
    let mut groups: Vec<Vec<Received>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for one in received {
        let of = match &one {
            Received::Message(message) => Some(&message.from_id),
            Received::Edited { from_id, .. }
            | Received::Deleted { from_id, .. }
            | Received::Blocked { from_id, .. }
            | Received::Unblocked { from_id, .. } => Some(from_id),
            Received::Receipt { .. } | Received::Nothing { .. } => None,
        };
        let place = of.map(|of| *places.entry(of.clone()).or_insert(groups.len()));
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

async fn arrive(app: &App, place: &Place<'_>, message: &Message) -> Result<Applied, Refused> {
    let (route, tenant) = (place.route, &place.route.tenant);
    let writer = message.writer(route);
    let quote = match &message.reply_to {
        None => None,
        Some(id) => quoted(app, place, &writer.id, id).await?,
    };
    let conversation = ConversationId::of(tenant, &place.live_chat.id, &writer.id);
    let most_bytes = match place.channel.kind {
        ChannelKind::Telegram => telegram::FILE_BYTES,
        _ => MOST_BYTES,
    };
    let files = message.attachments(&conversation, &writer.id, most_bytes);
    let arrival = Arrival {
        tenant,
        live_chat: &place.live_chat,
        channel: &place.channel,
        writer: &writer,
        incoming: message.incoming(),
        quote,
        files: Files::Abroad(files),
        is_known_by_id: true,
    };
    let arrived = app.store.arrive(&arrival).await?;
    Ok(Applied::Message { id: message.id.clone(), is_repeated: arrived.is_repeated })
}

/// Returns the number of the message that a client quotes by the messenger's own id of it: one of their
/// own, or an answer.
async fn quoted(
    app: &App,
    place: &Place<'_>,
    client: &ClientId,
    id: &str,
) -> Result<Option<u64>, Refused> {
    let (store, live_chat) = (app.store.of(&place.route.tenant), &place.route.live_chat);
    if let Some(own) = store.client_message(live_chat, client, id).await? {
        return Ok(Some(own));
    }
    let conversation = ConversationId::of(&place.route.tenant, live_chat, client);
    let Some(seq) = store.answer_by_external_id(&conversation, id).await? else { return Ok(None) };
    Ok(store.entry(&conversation, seq).await?.map(|answer| answer.client_seq))
}

async fn amend(
    app: &App,
    place: &Place<'_>,
    from_id: &str,
    id: String,
    kind: AmendmentKind,
) -> Result<Applied, Refused> {
    let Route { tenant, live_chat, channel, .. } = place.route;
    let client = ClientId::of(tenant, channel, from_id);
    let amendment = Amendment { id, kind };
    Ok(match app.store.of(tenant).amend(live_chat, &client, &amendment).await? {
        Amended::Done | Amended::Repeated => Applied::Done,
        Amended::UnknownMessage => Applied::Unused("unknown message"),
        Amended::UnknownClient => Applied::Unused("unknown client"),
    })
}

/// Moves the delivery of an answer. The state of an answer in several parts is that of the last; one
/// part that failed is enough for a failure.
async fn report(
    app: &App,
    place: &Place<'_>,
    delivery_id: Option<&str>,
    progress: Progress,
) -> Result<Applied, Refused> {
    let named = delivery_id.and_then(DeliveryId::parse);
    let Some((conversation, id)) = named else { return Ok(Applied::Unused("receipt")) };
    if !id.is_last() && !matches!(progress, Progress::Failed(_)) {
        return Ok(Applied::Done);
    }
    let Route { tenant, channel, .. } = place.route;
    let report = Report { restarts: id.restarts, is_whole: id.parts == 1, progress };
    let kind = place.channel.kind;
    let is_its = |answer: &domain::Message| parts(kind, answer).len() == id.parts;
    match app.store.of(tenant).report(channel, &conversation, id.seq, &report, is_its).await {
        Ok(_) => Ok(Applied::Done),
        Err(Failure::Refused(Refusal::NotFound)) => Ok(Applied::Unused("receipt")),
        Err(failure) => Err(failure.into()),
    }
}

fn moment(at: Option<Timestamp>) -> String {
    at.map(|at| at.as_millis().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_client_did_stays_in_order_and_holds_up_no_other() {
        let deleted = |id: &str, from_id: &str| Received::Deleted {
            id: id.to_owned(),
            from_id: from_id.to_owned(),
        };
        let receipt = || Received::Receipt {
            external_id: None,
            delivery_id: Some("x".to_owned()),
            progress: Progress::Sent,
        };
        let received = vec![
            deleted("1", "zoe"),
            receipt(),
            deleted("2", "max"),
            deleted("3", "zoe"),
            receipt(),
        ];
        let expected = vec![
            vec![deleted("1", "zoe"), deleted("3", "zoe")],
            vec![receipt()],
            vec![deleted("2", "max")],
            vec![receipt()],
        ];
        assert_eq!(groups(received), expected);
    }
}
