//! Forms with files (RFC 7578).

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};

/// A member of a form.
pub(super) enum Part {
    /// A text.
    Text(String),
    /// A file.
    File(File),
}

/// A file of a form.
pub(super) struct File {
    /// The name that it was sent with.
    pub(super) name: String,
    /// The type that it was sent with; empty without one.
    pub(super) kind: String,
    /// The bytes.
    pub(super) bytes: Bytes,
}

/// Returns true if a request says that its body is a form with files.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Reads a form: the names of its members, and what they are. None if it is malformed or too long.
pub(super) async fn read(request: Request) -> Option<Vec<(String, Part)>> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut parts = Vec::new();
    while let Some(part) = form.next_field().await.ok()? {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let (name, file, kind) =
            (text(part.name()), part.file_name().map(str::to_owned), text(part.content_type()));
        let read = match file {
            Some(file) => Part::File(File { name: file, kind, bytes: part.bytes().await.ok()? }),
            None => Part::Text(part.text().await.ok()?),
        };
        parts.push((name, read));
    }
    Some(parts)
}
