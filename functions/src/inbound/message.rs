//! `POST /channels/webhook/{channelId}`: takes in a client's message.

use domain::ChannelId;
use domain::ChannelKind;
use lambda_http::Request;
use serde_json::{Value, json};
use store::arrival::Arrival;
use store::live_chat::Route;

use crate::app::App;
use crate::channel::Received;
use crate::channel::webhook::{self, BODY_BYTES, REFUSED};
use crate::identity::Unidentified;
use crate::json::{Refused, body};

/// Stores a message. The same `messageId` again, however late, changes nothing.
pub(super) async fn receive(app: &App, request: &Request, channel: &str) -> Result<Value, Refused> {
    let body = body::bytes(request, BODY_BYTES)?;
    let route = authenticate(app, request, channel).await?;
    let Received::Message(message) = webhook::receive(body)? else {
        return Err(Refused::invalid("type", "Receipts are not taken yet."));
    };
    let (tenant, store) = (&route.tenant, app.store.of(&route.tenant));
    let live_chat = store.live_chat(&route.live_chat).await?.ok_or(Refused::NotFound)?;
    let channel = live_chat
        .channel(&route.channel)
        .filter(|channel| channel.is_enabled && channel.kind == ChannelKind::Webhook)
        .ok_or(Refused::NotFound)?;
    let writer = message.writer(&route);
    let quote = match &message.reply_to {
        None => None,
        Some(id) => store.client_message(&route.live_chat, &writer.id, id).await?,
    };
    let arrival = Arrival {
        tenant,
        live_chat: &live_chat,
        channel,
        writer: &writer,
        incoming: message.incoming(),
        quote,
        is_known_by_id: true,
    };
    let arrived = app.store.arrive(&arrival).await?;
    Ok(json!({ "messageId": message.id, "duplicate": arrived.is_repeated }))
}

/// Returns the target of the channel, for a sender who knows one of its secrets. The id of a channel
/// is no secret: an unknown one is answered with 404. A channel without a secret is no webhook.
async fn authenticate(app: &App, request: &Request, channel: &str) -> Result<Route, Refused> {
    let id = ChannelId::parse(channel).ok_or(Refused::NotFound)?;
    let route = app.store.route(&id).await?.filter(|route| !route.secrets.is_empty());
    let route = route.ok_or(Refused::NotFound)?;
    if !route.secrets.iter().any(|secret| webhook::is_signed(request, secret)) {
        return Err(REFUSED);
    }
    match app.identity.serves(route.tenant.as_str(), app.now_seconds()).await {
        Ok(()) => Ok(route),
        Err(Unidentified::Unverified(_)) => Err(REFUSED),
        Err(Unidentified::Unavailable) => Err(Refused::Unavailable),
    }
}
