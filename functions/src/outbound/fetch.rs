//! Files that messengers have: fetches each once, and puts it where uploads are.

use std::time::Duration;

use domain::attachment::{MOST_BYTES, State};
use domain::delivery::pause;
use domain::{Attachment, AttachmentId};
use store::Fault;
use store::live_chat::Route;

use super::Left;
use crate::app::App;
use crate::bucket::{Folder, Object, key};
use crate::channel::{Call, Outcome, telegram, whatsapp};
use crate::messenger::{Answer, Target};
use crate::outside::Outside;
use crate::queue::Waiting;
use crate::vault::Credentials;
use graphql::files::Place;

/// The number of tries after which a file is not to be had: about three hours.
const MOST_TRIES: u32 = 20;

/// Why a file was not fetched.
enum Unfetched {
    /// The reason may pass.
    Yet,
    /// It is not to be had.
    Ever,
}

impl From<Outcome> for Unfetched {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Failed { .. } | Outcome::ChannelGone { .. } => Self::Ever,
            Outcome::Sent { .. } | Outcome::Retry { .. } | Outcome::Unauthorized { .. } => {
                Self::Yet
            }
        }
    }
}

/// Fetches a file of a client's message, if it still has to be. `tries` counts this one.
pub(super) async fn fetch(
    app: &App,
    waiting: &Waiting,
    id: &AttachmentId,
    tries: u32,
) -> Result<Left, Fault> {
    let store = app.store.of(&waiting.tenant);
    let ids = std::slice::from_ref(id);
    let found = store.attachments(&waiting.conversation, ids).await?.pop().flatten();
    let Some(file) = found.filter(|file| file.state == State::Pending) else {
        return Ok(Left::Nothing);
    };
    let place = Place { tenant: &waiting.tenant, conversation: &waiting.conversation, id };
    let upload = key(Folder::New, place);
    let bucket = app.files()?;
    if bucket.exists(&upload, app.store.now()).await? {
        return Ok(Left::Nothing);
    }
    match bytes(app, waiting, &file).await? {
        Ok(bytes) => {
            let object = Object { key: &upload, kind: &file.claimed, is_new: false };
            bucket.write(object, bytes, app.store.now()).await?;
        }
        Err(Unfetched::Yet) if tries < MOST_TRIES => {
            return Ok(Left::After(Duration::from_millis(pause(tries))));
        }
        Err(_) => {
            tracing::info!(conversation = %waiting.conversation, %id, "a file is not to be had");
            store.end_check(&waiting.conversation, id, &State::Refused).await?;
        }
    }
    Ok(Left::Nothing)
}

/// Asks the messenger where the file is, and reads it.
async fn bytes(
    app: &App,
    waiting: &Waiting,
    file: &Attachment,
) -> Result<Result<Vec<u8>, Unfetched>, Fault> {
    let (Some(seq), Some(external_id)) = (file.seq, &file.external_id) else {
        return Ok(Err(Unfetched::Ever));
    };
    let entry = app.store.of(&waiting.tenant).entry(&waiting.conversation, seq).await?;
    let Some(channel) = entry.and_then(|entry| entry.channel) else {
        return Ok(Err(Unfetched::Ever));
    };
    let route = app.store.route(&channel).await?.filter(|route| route.tenant == waiting.tenant);
    let Some(route) = route else { return Ok(Err(Unfetched::Ever)) };
    let outside = app.outside()?;
    let call = match source(outside, &route, external_id).await? {
        Ok(call) => call,
        Err(unfetched) => return Ok(Err(unfetched)),
    };
    let fetched = outside.messengers.fetch(&call, Target::Vendor, MOST_BYTES).await;
    Ok(match fetched {
        Ok(Some(Answer { status: 200, body, .. })) => Ok(body),
        // It is longer than a file may be.
        Ok(None) => Err(Unfetched::Ever),
        Ok(Some(answer)) if matches!(answer.status, 400 | 404 | 410) => Err(Unfetched::Ever),
        Ok(Some(_)) | Err(_) => Err(Unfetched::Yet),
    })
}

/// Returns the call that reads the file.
async fn source(
    outside: &Outside,
    route: &Route,
    external_id: &str,
) -> Result<Result<Call, Unfetched>, Fault> {
    let Some(sealed) = &route.far_end.sealed else { return Ok(Err(Unfetched::Ever)) };
    let credentials = outside.vault.open(&route.tenant, &route.channel, sealed).await?;
    let addresses = &outside.addresses;
    Ok(match &credentials {
        Credentials::Telegram { bot_token } => {
            let base = &addresses.telegram;
            let asked = ask(outside, telegram::get_file(base, bot_token, external_id)).await;
            asked.and_then(|Answer { status, body, .. }| {
                let path = telegram::file_path(status, &body)?;
                Ok(telegram::download(base, bot_token, &path))
            })
        }
        Credentials::WhatsApp { access_token, .. } => {
            let (base, version) = (&addresses.whatsapp, &addresses.whatsapp_version);
            match whatsapp::get_media(base, version, access_token, external_id) {
                None => Err(Unfetched::Ever),
                Some(call) => {
                    ask(outside, call).await.and_then(|Answer { status, body, .. }| {
                        let url = whatsapp::media_url(status, &body, base)?;
                        Ok(whatsapp::download(url, access_token))
                    })
                }
            }
        }
    })
}

async fn ask(outside: &Outside, call: Call) -> Result<Answer, Unfetched> {
    outside.messengers.call(&call, Target::Vendor).await.map_err(|_| Unfetched::Yet)
}
