//! Calls of the Bot API about files.

use serde_json::{Value, json};

use super::call::{address, call, result};
use crate::channel::member::text;
use crate::channel::{Call, Outcome, Sent};

/// The types of pictures that it takes as photos, and the most bytes of one.
const PHOTOS: [&str; 2] = ["image/jpeg", "image/png"];
const PHOTO_BYTES: usize = 10 * 1024 * 1024;

/// Returns the call that sends a file: a picture that Telegram takes as a photo as such, any other file as
/// a document.
pub(super) fn send(
    base_url: &str,
    token: &str,
    chat: i64,
    quote: Option<Value>,
    file: &Sent<'_>,
) -> Call {
    let is_photo = PHOTOS.contains(&file.kind.as_str()) && file.bytes.len() <= PHOTO_BYTES;
    let (method, member) =
        if is_photo { ("sendPhoto", "photo") } else { ("sendDocument", "document") };
    let mut fields = vec![("chat_id", chat.to_string())];
    fields.extend(quote.map(|quote| ("reply_parameters", quote.to_string())));
    Call::form(address(base_url, token, method), &fields, member, file)
}

/// Returns the call that asks where a file of a client is.
#[must_use]
pub fn get_file(base_url: &str, token: &str, file_id: &str) -> Call {
    call(base_url, token, "getFile", &json!({ "file_id": file_id }))
}

/// Reads the answer to [`get_file`]: the path of the file.
///
/// # Errors
/// The [`Outcome`] of a call that failed, never [`Outcome::Sent`].
pub fn file_path(status: u16, body: &[u8]) -> Result<String, Outcome> {
    let file = result(status, body)?;
    let path = text(&file, "/file_path").filter(|path| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        path.len() <= 500 && path.chars().all(is_plain) && !path.contains("..")
    });
    path.map(str::to_owned).ok_or_else(|| Outcome::unreadable(status))
}

/// Returns the call that fetches a file.
#[must_use]
pub fn download(base_url: &str, token: &str, path: &str) -> Call {
    Call::get(format!("{}/file/bot{token}/{path}", base_url.trim_end_matches('/')))
}
