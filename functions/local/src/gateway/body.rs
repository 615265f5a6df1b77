//! Bodies: reads that of a request, within bounds.

use super::limits::Limits;
use axum::body::{Body, Bytes};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::StreamExt as _;
use http::{HeaderMap, StatusCode, header};

/// An over-long body is still read so far, so that a client that writes before it reads gets to
/// its 413 instead of a reset connection.
const DRAINED: usize = 4;

/// Reads the whole body, or says with which status to refuse the request.
pub(super) async fn read(body: Body, limits: &Limits) -> Result<Bytes, StatusCode> {
    tokio::time::timeout(limits.body, collect(body, limits.body_bytes))
        .await
        .unwrap_or(Err(StatusCode::REQUEST_TIMEOUT))
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, StatusCode> {
    let mut stream = body.into_data_stream();
    let mut collected = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_broken| StatusCode::BAD_REQUEST)?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            collected.extend_from_slice(&chunk);
        } else if length > limit.saturating_mul(DRAINED) {
            break;
        }
    }
    if length > limit {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(collected.into())
}

/// Returns a body as an event carries it: the text, and whether it is in base64.
pub(super) fn encode(headers: &HeaderMap, body: &Bytes) -> (String, bool) {
    match str::from_utf8(body) {
        Ok(text) if is_text(headers) => (text.to_owned(), false),
        _ => (STANDARD.encode(body), true),
    }
}

/// API Gateway hands on text, JSON, XML and JavaScript as they are, unless they are compressed.
fn is_text(headers: &HeaderMap) -> bool {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return false;
    }
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || ["application/json", "application/javascript", "application/xml"].contains(&kind)
}
