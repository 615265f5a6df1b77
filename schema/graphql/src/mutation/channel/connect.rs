//! Channels that have another end: the messenger is told first, then they are stored.
//!
//! If a channel was then not stored, its messenger is told to post no more. If it is not known
//! whether it was stored, the messenger stays told: an unknown channel answers 404, and the same
//! mutation again tells it anew.

use domain::live_chat::{MOST_CHANNELS, TOO_MANY_CHANNELS};
use domain::{ChannelId, ChannelKind, LiveChatId, Refusal};
use store::channel::{ChannelChange, Created, NewChannel, Reconnected};
use store::live_chat::{FarEnd, Route};
use store::once::Once;
use store::{Failure, Fault};

use super::settings::FIELD;
use crate::answer::Stop;
use crate::error::Code;
use crate::loader;
use crate::messenger::{ChannelSettings, Connected, Connection, Unconnected};
use crate::request::Request;

/// The number of tries while others change the same channel.
const TRIES: usize = 3;

/// Creates a channel with these settings.
pub(super) async fn create(
    request: &Request,
    live_chat: &LiveChatId,
    mut new: NewChannel,
    settings: &ChannelSettings,
    once: Option<&Once>,
) -> Result<Created, Stop> {
    // No messenger is told of a channel that has no place.
    let place = request.load(loader::LiveChat(live_chat.clone())).await?;
    if place.is_some_and(|place| place.channels.len() >= MOST_CHANNELS) {
        return Err(TOO_MANY_CHANNELS.into());
    }
    let (id, kind, secret) = (new.id.clone(), new.kind, new.secret.clone());
    let connection = connection(request, live_chat, &id, kind, Some(&secret))?;
    let Connected { address, far_end } = connect(request, connection, settings).await?;
    (new.address, new.far_end) = (address, far_end);
    let store = request.tenant_store()?;
    match store.create_channel(live_chat, &new, once).await {
        Ok(created) if created.id == id => Ok(created),
        // The same key created another channel meanwhile, of which the messenger was told first.
        Ok(first) => {
            renew_as_stored(request, live_chat, &first.id, kind).await?;
            Ok(first)
        }
        Err(Failure::Refused(refusal)) => {
            request.messengers.disconnect(connection, &new.far_end).await;
            Err(refusal.into())
        }
        Err(failed) => Err(failed.into()),
    }
}

/// Changes a channel and its settings.
pub(super) async fn change(
    request: &Request,
    (live_chat, id, kind): (&LiveChatId, &ChannelId, ChannelKind),
    change: ChannelChange<'_>,
    settings: &ChannelSettings,
) -> Result<(), Stop> {
    let store = request.tenant_store()?;
    for _ in 0..TRIES {
        let before = route(request, id).await?;
        let secret = before.secrets.first().map(String::as_str);
        let connection = connection(request, live_chat, id, kind, secret)?;
        let Connected { address, far_end } = connect(request, connection, settings).await?;
        let address = address.as_deref();
        let reconnected = Some(Reconnected { before: &before, address, far_end: &far_end });
        let change = ChannelChange { reconnected, ..change };
        match store.update_channel(live_chat, id, change).await {
            Ok(()) => {
                // What it was connected to before would go on posting to it.
                if before.far_end.sealed.is_some() && before.far_end.vendor_id != far_end.vendor_id
                {
                    request.messengers.disconnect(connection, &before.far_end).await;
                }
                return Ok(());
            }
            // Another secret was made, or it was connected to something else: the messenger must be
            // told again.
            Err(Failure::Failed(Fault::Conflict)) => {}
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Fault::Conflict.into())
}

/// Tells the messenger the secret of a channel as it is stored.
pub(super) async fn renew_as_stored(
    request: &Request,
    live_chat: &LiveChatId,
    id: &ChannelId,
    kind: ChannelKind,
) -> Result<(), Stop> {
    for _ in 0..TRIES {
        let told = route(request, id).await?;
        let Some(secret) = told.secrets.first().filter(|_| told.far_end.is_known()) else {
            return Ok(());
        };
        let connection = connection(request, live_chat, id, kind, Some(secret))?;
        let renewed = request.messengers.renew(connection, &told.far_end).await;
        renewed.map_err(|why| stop(why, "channelId"))?;
        // Otherwise another secret was made meanwhile, which the messenger must be told last.
        if request.store.confirm_secret(&told).await? {
            return Ok(());
        }
    }
    Err(Fault::Conflict.into())
}

/// Tells the messenger of a channel.
async fn connect(
    request: &Request,
    connection: Connection<'_>,
    settings: &ChannelSettings,
) -> Result<Connected, Stop> {
    if !settings.has_far_end() {
        return Ok(Connected { address: None, far_end: FarEnd::default() });
    }
    let connected = request.messengers.connect(connection, settings).await;
    connected.map_err(|why| stop(why, FIELD))
}

fn connection<'a>(
    request: &'a Request,
    live_chat: &'a LiveChatId,
    channel: &'a ChannelId,
    kind: ChannelKind,
    secret: Option<&'a str>,
) -> Result<Connection<'a>, Stop> {
    Ok(Connection { tenant: request.tenant()?, live_chat, channel, kind, secret })
}

async fn route(request: &Request, id: &ChannelId) -> Result<Route, Stop> {
    Ok(request.store.route(id).await?.ok_or(Refusal::NotFound)?)
}

/// Returns the end of a mutation whose messenger could not be told; `argument` is what it is about.
fn stop(why: Unconnected, argument: &'static str) -> Stop {
    match why {
        Unconnected::Invalid { field, message } => {
            Refusal::invalid(argument, format!("{field}: {message}")).into()
        }
        Unconnected::Unavailable(why) => {
            tracing::warn!(why, "a messenger cannot be reached");
            Code::Unavailable.error(why).into()
        }
    }
}
