//! Receipts of webhooks.

use domain::delivery::{DeliveryError, ErrorCode, Progress};
use domain::text::KEY_LENGTH;
use serde_json::Value;

use crate::channel::Received;
use crate::channel::call::readable;
use crate::json::Refused;
use crate::json::body::Text;

/// The longest name of a state, in code points.
const STATE_LENGTH: usize = 20;

/// Reads a receipt. The reason of a failure is a text, or an object with `code` and `message`.
pub(super) fn read(delivery_id: Text, state: Text, error: &Value) -> Result<Received, Refused> {
    let delivery_id = delivery_id.required("deliveryId", KEY_LENGTH)?;
    let progress = match state.required("state", STATE_LENGTH)?.as_str() {
        "delivered" => Progress::Delivered,
        "read" => Progress::Read,
        "failed" => Progress::Failed(reason(error)),
        _ => return Err(Refused::invalid("state", "It must be delivered, read or failed.")),
    };
    Ok(Received::Receipt { external_id: None, delivery_id: Some(delivery_id), progress })
}

fn reason(error: &Value) -> DeliveryError {
    let member = |name: &str| error.get(name).and_then(Value::as_str);
    let code = member("code").and_then(ErrorCode::parse).unwrap_or(ErrorCode::Rejected);
    let message = error.as_str().or_else(|| member("message")).map(readable);
    let message = message.filter(|message| !message.is_empty());
    let message = message.unwrap_or_else(|| "The other system gives no reason.".to_owned());
    DeliveryError { code, message }
}
