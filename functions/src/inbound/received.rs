//! What a client or a messenger did, as it is taken in: messages, changes of them, receipts, blocks.

use domain::delivery::Progress;
use domain::id::digest;
use domain::{Channel, ClientId, ConversationId, LiveChat, Refusal, Timestamp};
use metrics::counter;
use store::Failure;
use store::amendment::{Amended, Amendment, AmendmentKind};
use store::arrival::Arrival;
use store::delivery::Report;
use store::live_chat::Route;

use crate::app::App;
use crate::channel::{Message, Received};
use crate::json::Refused;
use crate::metric::INBOUND_UNUSED;
use crate::outbound::{DeliveryId, parts};

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

async fn arrive(app: &App, place: &Place<'_>, message: &Message) -> Result<Applied, Refused> {
    let (route, tenant) = (place.route, &place.route.tenant);
    let writer = message.writer(route);
    let quote = match &message.reply_to {
        None => None,
        Some(id) => quoted(app, place, &writer.id, id).await?,
    };
    let arrival = Arrival {
        tenant,
        live_chat: &place.live_chat,
        channel: &place.channel,
        writer: &writer,
        incoming: message.incoming(),
        quote,
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
    let report = Report { restarts: id.restarts, progress };
    let kind = place.channel.kind;
    let is_its = |answer: &domain::Message| parts(kind, &answer.text).len() == id.parts;
    match app.store.of(tenant).report(channel, &conversation, id.seq, &report, is_its).await {
        Ok(_) => Ok(Applied::Done),
        Err(Failure::Refused(Refusal::NotFound)) => Ok(Applied::Unused("receipt")),
        Err(failure) => Err(failure.into()),
    }
}

fn moment(at: Option<Timestamp>) -> String {
    at.map(|at| at.as_millis().to_string()).unwrap_or_default()
}
