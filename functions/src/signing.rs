//! Signatures of requests to AWS (Signature Version 4), for the calls that the SDK's clients are too slow or
//! too large for.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_dynamodb::config::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use domain::Timestamp;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// The name of the algorithm, as requests carry it.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Signs requests to one service in one region.
#[derive(Debug)]
pub(crate) struct Signer {
    pub(crate) region: String,
    service: &'static str,
    pub(crate) credentials: Credentials,
    key: Mutex<Option<Key>>,
}

/// The signing key of one day.
#[derive(Clone, Debug)]
struct Key {
    day: String,
    bytes: Arc<[u8]>,
}

/// The moment of a signature: `20261127T103000Z`, and its day.
pub(crate) struct Moment {
    pub(crate) stamp: String,
    at: Timestamp,
}

impl Moment {
    pub(crate) fn of(at: Timestamp) -> Self {
        Self { stamp: stamp(at), at }
    }

    pub(crate) fn day(&self) -> &str {
        self.stamp.get(..8).unwrap_or_default()
    }
}

impl Signer {
    pub(crate) fn new(region: &str, service: &'static str, credentials: Credentials) -> Self {
        Self { region: region.to_owned(), service, credentials, key: Mutex::default() }
    }

    /// Returns the scope of a signature of this day.
    pub(crate) fn scope(&self, day: &str) -> String {
        format!("{day}/{}/{}/aws4_request", self.region, self.service)
    }

    /// Returns the credential of a signature: who signs, and its scope.
    pub(crate) fn credential(&self, day: &str) -> String {
        format!("{}/{}", self.credentials.access_key_id(), self.scope(day))
    }

    /// Signs a request in its canonical form.
    pub(crate) fn sign(&self, canonical: &str, moment: &Moment) -> String {
        let digest = hex(&Sha256::digest(canonical));
        let (stamp, scope) = (&moment.stamp, self.scope(moment.day()));
        self.sign_text(&format!("{ALGORITHM}\n{stamp}\n{scope}\n{digest}"), moment)
    }

    /// Signs a text as it is.
    pub(crate) fn sign_text(&self, text: &str, moment: &Moment) -> String {
        calculate_signature(self.key(moment).bytes, text.as_bytes())
    }

    /// Returns the signing key of a day.
    fn key(&self, moment: &Moment) -> Key {
        let day = moment.day();
        let mut held = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = held.as_ref().filter(|key| key.day == day) {
            return key.clone();
        }
        let at = UNIX_EPOCH + Duration::from_millis(moment.at.as_millis());
        let secret = self.credentials.secret_access_key();
        let bytes = generate_signing_key(secret, at, &self.region, self.service);
        let key = Key { day: day.to_owned(), bytes: Arc::from(bytes.as_ref()) };
        *held = Some(key.clone());
        key
    }
}

/// Returns a moment as a signature has it.
fn stamp(now: Timestamp) -> String {
    let seconds = i64::try_from(now.as_seconds()).unwrap_or_default();
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// Returns a text in which everything is escaped that a path does not have as it is.
pub(crate) fn encoded(text: &str, is_path: bool) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if is_plain || (is_path && byte == b'/') {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_that_of_the_day() {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let signer = Signer::new("local", "s3", credentials);
        let now = Timestamp::from_millis(1_795_341_600_123);
        let key = |at| signer.key(&Moment::of(at)).bytes;
        let (first, next) = (key(now), now.plus_millis(86_400_000));
        let second = key(next);
        assert_ne!(first, second);
        assert_eq!(second, key(next));
    }

    #[test]
    fn a_stamp_has_two_digits_for_each_part() {
        assert_eq!(stamp(Timestamp::from_millis(0)), "19700101T000000Z");
        assert_eq!(stamp(Timestamp::from_millis(1_795_341_600_123)), "20261122T100000Z");
    }
}
