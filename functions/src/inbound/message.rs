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
    let live_chat =
        app.store.of(&route.tenant).live_chat(&route.live_chat).await?.ok_or(REFUSED)?;
    let channel = live_chat
        .channel(&route.channel)
        .filter(|channel| channel.kind == ChannelKind::Webhook)
        .ok_or(REFUSED)?;
    let arrival = Arrival {
        tenant: &route.tenant,
        live_chat: &live_chat,
        channel,
        writer: &message.writer(&route),
        incoming: message.incoming(),
        quote: None,
        is_known_by_id: true,
    };
    let arrived = app.store.arrive(&arrival).await?;
    Ok(json!({ "messageId": message.id, "duplicate": arrived.is_repeated }))
}

/// Returns the target of the channel, for a sender who knows its secret. A channel that does not
/// exist, has no secret, or belongs to a tenant that is not served, gets the answer of a wrong
/// signature, after the same work.
async fn authenticate(app: &App, request: &Request, channel: &str) -> Result<Route, Refused> {
    let route = match ChannelId::parse(channel) {
        Some(id) => app.store.route(&id).await?,
        None => None,
    };
    let secret = route.as_ref().and_then(|route| route.secret.as_deref());
    let is_right = webhook::is_signed(request, secret.unwrap_or("none"));
    match route {
        Some(route) if is_right && route.secret.as_deref().is_some_and(|key| !key.is_empty()) => {
            match app.identity.serves(route.tenant.as_str(), app.now_seconds()).await {
                Ok(()) => Ok(route),
                Err(Unidentified::Unverified(_)) => Err(REFUSED),
                Err(Unidentified::Unavailable) => Err(Refused::Unavailable),
            }
        }
        _ => Err(REFUSED),
    }
}
