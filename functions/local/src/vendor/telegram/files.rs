//! Files: those that people send, `getFile` and what it leads to, and those that bots send.

use axum::body::Bytes;
use axum::extract::{Path, Query, State as Of};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Shared;
use super::method::{Done, Error};
use crate::vendor::answer::{Refused, done};
use crate::vendor::fields::{self, Field, Kind, required};
use crate::vendor::media::{self, Media};

/// The parameters of `getFile`.
pub(super) const GET_FILE: &[Field] = &[required("file_id", Kind::Text)];
/// A file of a form, as it was kept.
pub(super) const FILE: Kind = Kind::Object(&[
    required("file_id", Kind::Text),
    required("file_name", Kind::Text),
    required("mime_type", Kind::Text),
    required("file_size", Kind::Integer),
]);
/// The most bytes of a file that a bot may read.
const READ_BYTES: u64 = 20 * 1024 * 1024;
/// The most bytes of a photo, and of another file, that a bot may send.
const PHOTO_BYTES: u64 = 10 * 1024 * 1024;
const DOCUMENT_BYTES: u64 = 50 * 1024 * 1024;
/// The folder in the paths of files.
const FOLDER: &str = "files/";

/// Says where a file is.
///
/// # Errors
/// The vendor's.
pub(super) fn get(shared: &Shared, body: &Map<String, Value>) -> Result<Done, Error> {
    fields::check(body, GET_FILE)?;
    let id = body.get("file_id").and_then(Value::as_str).unwrap_or_default();
    let size = shared.media.size(id);
    let size =
        size.ok_or_else(|| Error::bad("wrong file_id or the file is temporarily unavailable"))?;
    if size > READ_BYTES {
        return Err(Error::bad("file is too big"));
    }
    Ok(Done::of(json!({ "file_id": id, "file_unique_id": unique(id), "file_size": size,
        "file_path": format!("{FOLDER}{id}") })))
}

/// Answers with a file, to whoever has the token of a bot.
pub(super) async fn download(
    Of(shared): Of<Shared>,
    Path((token, path)): Path<(String, String)>,
) -> Response {
    let found = || {
        shared.change(|state| state.bot_of(&token)).map_err(Error::from)?;
        let id = path.strip_prefix(FOLDER);
        let bytes = id.and_then(|id| shared.media.read(id));
        bytes.ok_or_else(|| Error::new(404, "Not Found"))
    };
    found().map_or_else(|error| error.response(), media::download)
}

/// Returns a file as a message has it.
fn described(id: &str, name: &str, kind: &str, size: u64) -> Value {
    json!({ "file_id": id, "file_unique_id": unique(id), "file_name": name, "mime_type": kind,
        "file_size": size })
}

fn unique(id: &str) -> &str {
    id.get(..16).unwrap_or(id)
}

/// Returns the content of a message with a file that a bot sends as a photo or as a document.
///
/// # Errors
/// The vendor's.
pub(super) fn sent(member: &str, body: &Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let file = body.get(member).cloned().unwrap_or_default();
    let of = |name: &str| file.get(name).and_then(Value::as_str).unwrap_or_default();
    let size = file.get("file_size").and_then(Value::as_u64).unwrap_or_default();
    let (most, is_photo) =
        if member == "photo" { (PHOTO_BYTES, true) } else { (DOCUMENT_BYTES, false) };
    if size == 0 {
        return Err(Error::bad("file must be non-empty"));
    }
    if size > most {
        return Err(Error::bad("file is too big"));
    }
    if is_photo && !of("mime_type").starts_with("image/") {
        return Err(Error::bad("IMAGE_PROCESS_FAILED"));
    }
    let mut content = Map::new();
    let file = described(of("file_id"), of("file_name"), of("mime_type"), size);
    content.insert(member.to_owned(), if is_photo { json!([file]) } else { file });
    if let Some(caption) = body.get("caption") {
        content.insert("caption".to_owned(), caption.clone());
    }
    Ok(content)
}

/// A file that a person sends: uploaded before, under this id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Picked {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    /// What the person's messenger sends it as; a photo or a document without it.
    #[serde(rename = "as")]
    form: Option<Form>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Photo,
    Document,
    Voice,
    Video,
    Audio,
    Animation,
}

impl Picked {
    /// Returns the name of the member that has the file, and the file.
    ///
    /// # Errors
    /// Nothing was uploaded under this id.
    pub(super) fn content(&self, media: &Media) -> Result<(&'static str, Value), Refused> {
        let size = media.size(&self.id);
        let size = size.ok_or_else(|| Refused::unknown("There is no such file."))?;
        let is_picture = ["image/jpeg", "image/png"].contains(&self.kind.as_str());
        let form = self.form.unwrap_or(if is_picture { Form::Photo } else { Form::Document });
        let file = described(&self.id, &self.name, &self.kind, size);
        Ok(match form {
            // A photo has neither a name nor a type.
            Form::Photo => (
                "photo",
                json!([{ "file_id": self.id, "file_unique_id": unique(&self.id),
                    "file_size": size }]),
            ),
            Form::Document => ("document", file),
            Form::Voice => ("voice", file),
            Form::Video => ("video", file),
            Form::Audio => ("audio", file),
            Form::Animation => ("animation", file),
        })
    }
}

/// Keeps a file that a person is about to send.
pub(super) async fn pick(
    Of(shared): Of<Shared>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let id = media::take(&shared.media, kind, &bytes)?;
    Ok(done(&json!({ "id": id })))
}

#[derive(Deserialize)]
pub(super) struct Looking {
    #[serde(rename = "type", default)]
    kind: String,
}

/// Shows a file of a chat.
pub(super) async fn show(
    Of(shared): Of<Shared>,
    Path(id): Path<String>,
    Query(looking): Query<Looking>,
) -> Response {
    match shared.media.read(&id) {
        Some(bytes) => media::show(bytes, &looking.kind),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Returns the file of a message as the page shows it; none in a message without one.
pub(super) fn shown(content: &Map<String, Value>) -> Option<Value> {
    const MEMBERS: [&str; 6] = ["photo", "animation", "voice", "video", "audio", "document"];
    let member = MEMBERS.into_iter().find(|member| content.contains_key(*member))?;
    let file = content.get(member)?;
    let file = file.as_array().and_then(|sizes| sizes.last()).unwrap_or(file);
    let of = |name: &str| file.get(name).and_then(Value::as_str);
    let kind = of("mime_type").unwrap_or(if member == "photo" { "image/jpeg" } else { "" });
    let id = of("file_id")?;
    Some(json!({ "kind": member, "name": of("file_name").unwrap_or(member), "type": kind,
        "size": file.get("file_size"),
        "url": format!("/dev/telegram/api/files/{id}?type={kind}") }))
}
