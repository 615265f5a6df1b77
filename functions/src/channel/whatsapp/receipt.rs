//! Receipts of WhatsApp: the statuses of messages that were sent out.

use domain::delivery::{DeliveryError, ErrorCode, Progress};
use serde_json::Value;

use super::fault::Fault;
use super::key;
use crate::channel::Received;
use crate::channel::member::{id, list, text};

/// Reads one status.
///
/// # Errors
/// The reason why it cannot be used.
pub(super) fn read(status: &Value) -> Result<Received, &'static str> {
    let progress = match text(status, "/status") {
        Some("sent") => Progress::Sent,
        Some("delivered") => Progress::Delivered,
        // A voice message that was played was read.
        Some("read" | "played") => Progress::Read,
        Some("failed") => Progress::Failed(error(status)),
        _ => return Err("status"),
    };
    let external_id = text(status, "/id").map(key).ok_or("malformed")?;
    Ok(Received::Receipt {
        external_id: Some(external_id),
        delivery_id: text(status, "/biz_opaque_callback_data").and_then(id),
        progress,
    })
}

fn error(status: &Value) -> DeliveryError {
    list(status, "/errors").first().map_or_else(
        || DeliveryError {
            code: ErrorCode::Rejected,
            message: "WhatsApp gives no reason.".to_owned(),
        },
        |error| Fault::of(error, None).error(),
    )
}
