//! Time and randomness of the emulated AWS. The service's own are arguments.

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use rand::Rng as _;
use time::OffsetDateTime;

/// Milliseconds since the epoch.
pub(super) fn epoch_ms() -> i64 {
    let nanos = OffsetDateTime::now_utc().unix_timestamp_nanos();
    i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
}

/// Formats a time as API Gateway writes it into events: `12/Mar/2020:19:03:58 +0000`.
pub(super) fn log_time(epoch_ms: i64) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(epoch_ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let month = at.month().to_string();
    let month = month.get(..3).unwrap_or(&month);
    format!(
        "{:02}/{month}/{}:{:02}:{:02}:{:02} +0000",
        at.day(),
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// Returns an id in the form that API Gateway has for requests, messages and connections: 11 bytes
/// in base64, with the padding. A client that puts one into a URL has to escape it, here as on AWS.
pub(super) fn id() -> String {
    let mut bytes = [0_u8; 11];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_api_gateway_writes_them() {
        assert_eq!(log_time(1_583_348_638_390), "04/Mar/2020:19:03:58 +0000");
    }

    #[test]
    fn ids_have_the_shape_of_api_gateways() {
        let first = id();
        assert_eq!(first.len(), 16);
        assert!(first.ends_with('='));
        assert_ne!(first, id());
    }
}
