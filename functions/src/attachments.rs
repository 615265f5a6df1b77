//! The attachments function: checks the files that were uploaded, or fetched from messengers.
//!
//! The bucket wakes it for each object under `new/…`. It reads the bytes once, finds out what they are, and
//! writes exactly these bytes under `file/…`, where links lead. A file comes to its end once: bytes that are
//! posted under the same key later change nothing. A picture gets a thumbnail, and one that is too large when
//! it is decoded is refused.
//!
//! Where a scanner for malware is set, it looks at what stands under `file/…`, and its event wakes the
//! function again: a file is shown only after it has spoken.

mod kind;
mod picture;

use domain::attachment::{ContentType, Found, State};
use domain::{Attachment, AttachmentId, ConversationId, TenantId};
use graphql::files::Place;
use metrics::counter;
use serde_json::{Value, json};
use store::Fault;

use crate::app::App;
use crate::bucket::{Bucket, Folder, Object, key, read_place};
use crate::metric::{self, FILES_CHECKED, FILES_REFUSED};

/// The facts that an inspection finds in a file, and the thumbnail of a picture.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Inspected {
    content_type: ContentType,
    pixels: Option<(u32, u32)>,
    thumbnail: Option<(ContentType, Vec<u8>)>,
}

/// The state of a scan for malware, which a file may need before it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scan {
    /// There is no scanner.
    Off,
    /// It has not spoken yet.
    Awaited,
    /// It found nothing.
    Clean,
    /// It found something, or could not look into the file.
    Harmful,
}

/// Handles an event of the bucket, or of the scanner.
///
/// # Errors
/// The event has another form, or a fault: the event comes again.
pub async fn handle(app: &App, event: &Value, scans: bool) -> Result<Value, String> {
    let awaited = if scans { Scan::Awaited } else { Scan::Off };
    let Some((object, scan)) = object(event, awaited) else {
        metric::fault();
        return Err("The event names no object of the bucket.".to_owned());
    };
    match read_place(&object) {
        None => tracing::warn!(object, "an object of the bucket is no file"),
        Some((tenant, conversation, id)) => {
            let checked = check(app, &tenant, &conversation, &id, scan).await;
            checked.inspect_err(|_| metric::fault()).map_err(|fault| fault.to_string())?;
        }
    }
    Ok(json!({}))
}

/// Returns the key of the object that an event names, and what a scanner has said of it.
fn object(event: &Value, awaited: Scan) -> Option<(String, Scan)> {
    if let Some(key) = event.pointer("/detail/s3ObjectDetails/objectKey").and_then(Value::as_str) {
        let said = event.pointer("/detail/scanResultDetails/scanResultStatus");
        let is_clean = said.and_then(Value::as_str) == Some("NO_THREATS_FOUND");
        return Some((key.to_owned(), if is_clean { Scan::Clean } else { Scan::Harmful }));
    }
    let key = event.pointer("/detail/object/key").and_then(Value::as_str);
    key.map(|key| (key.to_owned(), awaited))
}

/// Checks a file, and writes how it ended.
async fn check(
    app: &App,
    tenant: &TenantId,
    conversation: &ConversationId,
    id: &AttachmentId,
    scan: Scan,
) -> Result<(), Fault> {
    let store = app.store.of(tenant);
    let found = store.attachments(conversation, std::slice::from_ref(id)).await?.pop().flatten();
    let place = Place { tenant, conversation, id };
    let Some(file) = found.filter(|file| file.state == State::Pending) else { return Ok(()) };
    let end = match scan {
        Scan::Harmful => Some(State::Refused),
        _ => inspect(app.files()?, app, &file, place, scan).await?,
    };
    let Some(end) = end else { return Ok(()) };
    counter!(FILES_CHECKED).increment(1);
    if end == State::Refused {
        counter!(FILES_REFUSED).increment(1);
        tracing::info!(%conversation, %id, "a file is refused");
    }
    store.end_check(conversation, id, &end).await.map(drop)
}

/// Reads a file and finds out what it is. Returns its end; none if a scanner still has to speak.
async fn inspect(
    bucket: &Bucket,
    app: &App,
    file: &Attachment,
    place: Place<'_>,
    scan: Scan,
) -> Result<Option<State>, Fault> {
    let kept = key(Folder::File, place);
    let (bytes, is_kept) = match bucket.read(&kept, app.store.now()).await? {
        // An invocation before this one died after it had written them.
        Some(bytes) => (bytes, true),
        None => match bucket.read(&key(Folder::New, place), app.store.now()).await? {
            Some(bytes) => (bytes, false),
            None => return Ok(Some(State::Refused)),
        },
    };
    let (size, claimed) = (bytes.len() as u64, file.claimed.clone());
    let work = move || (look(&bytes, &claimed), bytes);
    let done = tokio::task::spawn_blocking(work).await;
    let (seen, bytes) = done.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let Some(seen) = seen else { return Ok(Some(State::Refused)) };
    if !is_kept {
        let object = Object { key: &kept, kind: &seen.content_type, is_new: true };
        if !bucket.write(object, bytes, app.store.now()).await? {
            // Another invocation wrote at the same time: those bytes count.
            return Err(Fault::Conflict);
        }
    }
    if let Some((kind, bytes)) = &seen.thumbnail {
        let small = key(Folder::Thumbnail, place);
        let object = Object { key: &small, kind, is_new: false };
        bucket.write(object, bytes.clone(), app.store.now()).await?;
    }
    if scan == Scan::Awaited {
        return Ok(None);
    }
    Ok(Some(State::Ready(Found {
        content_type: seen.content_type,
        size,
        pixels: seen.pixels,
        thumbnail: seen.thumbnail.map(|(kind, _)| kind),
    })))
}

/// Returns what a file is; none if it is refused.
fn look(bytes: &[u8], claimed: &ContentType) -> Option<Inspected> {
    let content_type = kind::of(bytes);
    if bytes.is_empty() || !content_type.may_be_claimed(claimed) {
        return None;
    }
    if !content_type.is_decoded() {
        return Some(Inspected { content_type, pixels: None, thumbnail: None });
    }
    let picture = picture::read(bytes, &content_type)?;
    let (pixels, thumbnail) = (Some(picture.pixels), Some(picture.thumbnail));
    Some(Inspected { content_type, pixels, thumbnail })
}

#[cfg(test)]
mod tests;
