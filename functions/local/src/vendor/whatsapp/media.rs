//! Files: those that businesses upload before they send them, and those that people send.

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State as Of};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::error::Error;
use super::send::{bearer, is_version};
use super::state::{Number, State};
use crate::vendor::answer::{Refused, done};
use crate::vendor::form::{self, Part};
use crate::vendor::media;

/// The types that the vendor takes, with the member of a message that shows each and the most megabytes.
const TYPES: [(&str, &str, usize); 11] = [
    ("image/jpeg", "image", 5),
    ("image/png", "image", 5),
    ("video/mp4", "video", 16),
    ("video/3gpp", "video", 16),
    ("audio/aac", "audio", 16),
    ("audio/mp4", "audio", 16),
    ("audio/mpeg", "audio", 16),
    ("audio/amr", "audio", 16),
    ("audio/ogg", "audio", 16),
    ("image/webp", "sticker", 1),
    ("application/pdf", "document", 100),
];
const MEGABYTE: usize = 1024 * 1024;
/// The most megabytes of a file of any other type, which is a document.
const DOCUMENT_MEGABYTES: usize = 100;

/// Keeps a file of a business, and answers with its id.
pub(super) async fn upload(
    Of(shared): Of<Shared>,
    Path((version, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    match uploaded(&shared, &version, &id, request).await {
        Ok(id) => done(&json!({ "id": id })),
        Err(error) => error.response(),
    }
}

async fn uploaded(
    shared: &Shared,
    version: &str,
    number: &str,
    request: Request,
) -> Result<String, Error> {
    if !is_version(version) {
        return Err(Error::hidden(version));
    }
    let token = bearer(request.headers()).ok_or_else(Error::token)?;
    shared
        .read(|state| state.numbers.get(number).map(|number| number.is_token(token)))
        .ok_or_else(|| Error::hidden(number))?
        .then_some(())
        .ok_or_else(Error::token)?;
    let parts = form::read(request).await;
    let parts = parts.ok_or_else(|| Error::parameter("The request body is no form."))?;
    let (mut product, mut kind, mut bytes) = (None, None, None);
    for (name, part) in parts {
        match (name.as_str(), part) {
            ("messaging_product", Part::Text(text)) => product = Some(text),
            ("type", Part::Text(text)) => kind = Some(text),
            ("file", Part::File(file)) => {
                kind = kind.or(Some(file.kind));
                bytes = Some(file.bytes);
            }
            _ => return Err(Error::parameter(format!("Unexpected key \"{name}\"."))),
        }
    }
    if product.as_deref() != Some("whatsapp") {
        return Err(Error::parameter("The parameter messaging_product is required."));
    }
    let bytes = bytes.ok_or_else(|| Error::parameter("The parameter file is required."))?;
    let kind = kind.ok_or_else(|| Error::parameter("The parameter type is required."))?;
    let most = TYPES.iter().find(|(known, ..)| *known == kind);
    let most = most.map_or(DOCUMENT_MEGABYTES, |(.., most)| *most);
    if bytes.is_empty() || bytes.len() > most * MEGABYTE {
        return Err(Error::parameter(format!("Param file must be 1 byte to {most} MB.")));
    }
    let id = shared.media.keep(&bytes).map_err(|error| Error::parameter(error.to_string()))?;
    shared.change(|state| state.note_media(&id, &kind));
    Ok(id)
}

/// Returns true if a file may be sent as this member of a message. As a document, each may.
pub(super) fn may_be(state: &State, id: &str, member: &str) -> bool {
    let kind = state.media.get(id);
    kind.is_some_and(|kind| {
        member == "document"
            || TYPES.iter().any(|(known, shown, _)| known == kind && *shown == member)
    })
}

/// Says where a file is: at this service, for the same token.
///
/// # Errors
/// The vendor's.
pub(super) fn describe(shared: &Shared, id: &str, headers: &HeaderMap) -> Result<Value, Error> {
    let known = shared.read(|state| state.media.get(id).cloned());
    let found = known.zip(shared.media.size(id)).ok_or_else(|| Error::hidden(id))?;
    is_allowed(shared, headers)?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (kind, size) = found;
    Ok(json!({ "messaging_product": "whatsapp", "id": id, "mime_type": kind, "sha256": id,
        "file_size": size.to_string(), "url": format!("http://{host}/dev/whatsapp/files/{id}") }))
}

/// Answers with a file.
pub(super) async fn download(
    Of(shared): Of<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = || {
        is_allowed(&shared, &headers)?;
        shared.media.read(&id).ok_or_else(|| Error::hidden(&id))
    };
    found().map_or_else(|error| error.response(), media::download)
}

/// Files are of the account, which all numbers share.
fn is_allowed(shared: &Shared, headers: &HeaderMap) -> Result<(), Error> {
    let token = bearer(headers).ok_or_else(Error::token)?;
    let is_right = |number: &Number| number.is_token(token);
    let is_known = shared.read(|state| state.numbers.values().any(is_right));
    if is_known { Ok(()) } else { Err(Error::token()) }
}

#[derive(Deserialize)]
pub(super) struct Picked {
    #[serde(rename = "type")]
    kind: String,
}

/// Keeps a file that a person is about to send.
pub(super) async fn pick(
    Of(shared): Of<Shared>,
    Query(picked): Query<Picked>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let id = media::take(&shared.media, kind, &bytes)?;
    shared.change(|state| state.note_media(&id, &picked.kind));
    Ok(done(&json!({ "id": id })))
}
