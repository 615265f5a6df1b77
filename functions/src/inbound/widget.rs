//! `POST /widget/token`: issues a token for a client of the web widget, bound to one live chat.

mod wish;

use domain::LiveChat;
use domain::actor::{NAMELESS, Writer};
use domain::{ChannelId, ClientId, TenantId, Timestamp, origin};
use http::header::ORIGIN;
use lambda_http::Request;
use serde_json::{Value, json};

use crate::app::App;
use crate::identity::{Client, TOKEN_BYTES, Unidentified};
use crate::json::{Refused, body};
use crate::request;
use wish::Wish;

/// The longest body, in bytes: a token and a little more.
const BODY_BYTES: usize = TOKEN_BYTES + 8 * 1024;
/// The lifetime of a token, in milliseconds: a day. The widget exchanges the old token for the next
/// one.
const LIFE_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// Issues a token: to the client of the old token if there is one, otherwise to a new client.
pub(super) async fn token(app: &App, request: &Request) -> Result<Value, Refused> {
    let wish = Wish::parse(body::bytes(request, BODY_BYTES)?)?;
    app.identity.serves(wish.tenant.as_str(), app.now_seconds()).await.map_err(
        |why| match why {
            // As for a live chat that there is none of.
            Unidentified::Unverified(_) => Refused::NotFound,
            Unidentified::Unavailable => Refused::Unavailable,
        },
    )?;
    let earlier = match wish.token.as_deref() {
        Some(token) => Some(wish.holder(app, token).await?),
        None => None,
    };
    let live_chat =
        app.store.of(&wish.tenant).live_chat(&wish.live_chat).await?.ok_or(Refused::NotFound)?;
    let page = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok());
    if !origin::is_allowed(&live_chat.origins, page) {
        return Err(Refused::Forbidden { message: "This page may not carry the widget." });
    }
    let is_again = earlier.is_some();
    let client = wish.client(app, &live_chat, earlier)?;
    // After all else: what is refused anyway writes nothing.
    let address = request::source_ip(request);
    app.limiter.admit_token(&app.store, &wish.tenant, &live_chat.id, address).await?;
    if is_again && (wish.name.is_some() || wish.email.is_some()) {
        introduce(app, &wish.tenant, &live_chat, &client).await?;
    }
    let expires_at = Timestamp::from_millis(
        app.store.now().plus_millis(LIFE_MILLIS).as_seconds().saturating_mul(1000),
    );
    let seconds = i64::try_from(expires_at.as_seconds()).unwrap_or(i64::MAX);
    let signer = app.identity.client_signer(app.now_seconds()).await;
    let token = signer
        .ok_or(Refused::Unavailable)?
        .sign_client(wish.tenant.as_str(), client, seconds)
        .map_err(|unsigned| Refused::Internal(unsigned.to_string()))?;
    Ok(json!({
        "token": token,
        "expiresAt": expires_at.to_string(),
        "needsSocketTicket": app.needs_ticket,
    }))
}

/// Stores at once, so that the desk can show them, the name and contacts that the client of an open
/// session gave: the client may wait for an answer and write no more.
async fn introduce(
    app: &App,
    tenant: &TenantId,
    live_chat: &LiveChat,
    client: &Client,
) -> Result<(), Refused> {
    let Some(channel) = ChannelId::parse(&client.channel) else { return Ok(()) };
    let contacts = client.contacts.iter().map(|one| (one.kind.clone(), one.value.clone()));
    let writer = Writer {
        id: ClientId::of(tenant, &channel, &client.external_id),
        name: client.name.clone().unwrap_or_else(|| NAMELESS.to_owned()),
        is_named: client.name.is_some(),
        employee: None,
        channel,
        contacts: contacts.collect(),
        address: None,
    };
    Ok(app.store.of(tenant).introduce(&live_chat.id, &writer).await?)
}
