//! `/channels/{kind}/{channelId}`: takes in what a messenger posts about a channel.
//!
//! A channel that does not exist, is of another kind or is disabled is not found; whoever cannot prove
//! that they are its messenger is not authenticated. The id of a channel is no secret.

use domain::{Channel, ChannelId, ChannelKind, LiveChat};
use lambda_http::{Body, Request, RequestExt as _, Response};
use serde_json::{Value, json};
use store::live_chat::Route;

use super::received::{Applied, Place, apply, apply_all};
use crate::app::App;
use crate::channel::{telegram, webhook, whatsapp};
use crate::identity::Unidentified;
use crate::json::{Refused, body};
use crate::vault::Credentials;

/// Takes in what the system at the other end of a webhook posts. The same `messageId` again, however
/// late, changes nothing.
pub(super) async fn webhook(app: &App, request: &Request, channel: &str) -> Result<Value, Refused> {
    let body = body::bytes(request, webhook::BODY_BYTES)?;
    let route = route(app, channel).await?;
    // A channel without a secret is no webhook.
    if route.secrets.is_empty() {
        return Err(Refused::NotFound);
    }
    authenticate(&route, webhook::REFUSED, |secret| webhook::is_signed(request, secret))?;
    serves(app, &route, webhook::REFUSED).await?;
    let received = webhook::receive(body)?;
    let place = place(app, &route, ChannelKind::Webhook).await?;
    match apply(app, &place, received).await? {
        Applied::Message { id, is_repeated } => {
            Ok(json!({ "messageId": id, "duplicate": is_repeated }))
        }
        Applied::Done => Ok(json!({})),
        Applied::Unused("receipt") => {
            Err(Refused::invalid("deliveryId", "The channel sent nothing under this id."))
        }
        Applied::Unused(_) => Ok(json!({})),
    }
}

/// Takes in an update of Telegram. One that cannot be used is acknowledged all the same, because it
/// would come again.
pub(super) async fn telegram(
    app: &App,
    request: &Request,
    channel: &str,
) -> Result<Value, Refused> {
    let body = body::bytes(request, telegram::BODY_BYTES)?;
    let route = route(app, channel).await?;
    if route.far_end.sealed.is_none() {
        return Err(Refused::NotFound);
    }
    authenticate(&route, telegram::REFUSED, |secret| telegram::is_authentic(request, secret))?;
    serves(app, &route, telegram::REFUSED).await?;
    let place = place(app, &route, ChannelKind::Telegram).await?;
    let received = telegram::receive(body)?;
    apply(app, &place, received).await?;
    Ok(json!({}))
}

/// Takes in what WhatsApp posts: any number of messages and receipts, in order. All of them come again
/// if one cannot be stored now; those that were stored change nothing then.
pub(super) async fn whatsapp(
    app: &App,
    request: &Request,
    channel: &str,
) -> Result<Value, Refused> {
    let body = body::bytes(request, whatsapp::BODY_BYTES)?;
    let route = route(app, channel).await?;
    let (Some(sealed), Some(number)) = (&route.far_end.sealed, &route.far_end.vendor_id) else {
        return Err(Refused::NotFound);
    };
    let opened = app.outside()?.vault.open(&route.tenant, &route.channel, sealed).await?;
    let Credentials::WhatsApp { app_secret, .. } = opened else { return Err(Refused::NotFound) };
    if !whatsapp::is_authentic(request, &app_secret) {
        return Err(whatsapp::REFUSED);
    }
    serves(app, &route, whatsapp::REFUSED).await?;
    let place = place(app, &route, ChannelKind::Whatsapp).await?;
    apply_all(app, &place, whatsapp::receive(body, number)?).await?;
    Ok(json!({}))
}

/// Answers WhatsApp's question whether this address is the channel's: with the challenge.
pub(super) async fn verify_whatsapp(
    app: &App,
    request: &Request,
    channel: &str,
) -> Result<Response<Body>, Refused> {
    let route = route(app, channel).await?;
    if route.far_end.sealed.is_none() || route.far_end.vendor_id.is_none() {
        return Err(Refused::NotFound);
    }
    place(app, &route, ChannelKind::Whatsapp).await?;
    let query = request.query_string_parameters_ref();
    let parameter = |name: &str| query.and_then(|query| query.first(name));
    let verified = route.secrets.iter().find_map(|secret| whatsapp::verified(parameter, secret));
    let challenge = verified.ok_or(whatsapp::REFUSED)?;
    let response = Response::builder()
        .header("content-type", "text/plain; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .body(Body::from(challenge.to_owned()));
    response.map_err(|error| Refused::Internal(error.to_string()))
}

/// Returns the target of a channel's path.
async fn route(app: &App, channel: &str) -> Result<Route, Refused> {
    let id = ChannelId::parse(channel).ok_or(Refused::NotFound)?;
    app.store.route(&id).await?.ok_or(Refused::NotFound)
}

/// Checks that a request carries, or is signed with, one of the channel's secrets.
fn authenticate(
    route: &Route,
    refused: Refused,
    is_right: impl Fn(&str) -> bool,
) -> Result<(), Refused> {
    let is_known = route.secrets.iter().any(|secret| is_right(secret));
    if is_known { Ok(()) } else { Err(refused) }
}

/// Checks that the service serves the tenant now.
async fn serves(app: &App, route: &Route, refused: Refused) -> Result<(), Refused> {
    match app.identity.serves(route.tenant.as_str(), app.now_seconds()).await {
        Ok(()) => Ok(()),
        Err(Unidentified::Unverified(_)) => Err(refused),
        Err(Unidentified::Unavailable) => Err(Refused::Unavailable),
    }
}

/// Returns the live chat and the channel, which has to be enabled and of this kind.
async fn place<'a>(app: &App, route: &'a Route, kind: ChannelKind) -> Result<Place<'a>, Refused> {
    let store = app.store.of(&route.tenant);
    let live_chat: LiveChat = store.live_chat(&route.live_chat).await?.ok_or(Refused::NotFound)?;
    let is_open = |channel: &&Channel| channel.is_enabled && channel.kind == kind;
    let channel = live_chat.channel(&route.channel).filter(is_open).cloned();
    let channel = channel.ok_or(Refused::NotFound)?;
    Ok(Place { route, live_chat, channel })
}
