//! Signatures of webhooks: HMAC-SHA256 of the body, and secrets that a messenger repeats in each request.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "sha256=";
/// The key with which two secrets are hashed before their hashes are compared.
const COMPARISON: &[u8] = b"comparison";

/// Returns true if `header`, as `sha256=<hex>`, is the signature of exactly these bytes with this
/// secret. The time that the check takes reveals nothing about the right signature.
#[must_use]
pub fn is_right(secret: &[u8], body: &[u8], header: Option<&str>) -> bool {
    let signature = header.and_then(|header| header.trim().strip_prefix(PREFIX)).and_then(decode);
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
    mac.update(body);
    signature.is_some_and(|signature| mac.verify_slice(&signature).is_ok())
}

/// Returns the HMAC-SHA256 of parts that are read as one.
#[must_use]
pub fn sign(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// Returns true if `given` is this secret. The time that the check takes reveals nothing about the
/// secret. An empty secret is never right.
#[must_use]
pub fn is_same(secret: &str, given: Option<&str>) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(COMPARISON) else { return false };
    mac.update(given.unwrap_or_default().as_bytes());
    let is_right = mac.verify_slice(&sign(COMPARISON, &[secret.as_bytes()])).is_ok();
    is_right && !secret.is_empty()
}

/// Hexadecimal digits in any case.
fn decode(hex: &str) -> Option<Vec<u8>> {
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if hex.len() != 64 {
        return None;
    }
    hex.as_bytes()
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(high)? << 4 | digit(low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As RFC 4231 has it, test case 2.
    const KNOWN: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const SECRET: &[u8] = b"Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";

    #[test]
    fn the_signature_of_exactly_these_bytes_is_right() {
        for right in [format!("sha256={KNOWN}"), format!("sha256={}", KNOWN.to_uppercase())] {
            assert!(is_right(SECRET, BODY, Some(&right)));
            assert!(!is_right(b"jefe", BODY, Some(&right)));
            assert!(!is_right(SECRET, b"what do ya want for nothing? ", Some(&right)));
        }
    }

    #[test]
    fn anything_else_is_not() {
        let short = &KNOWN[..62];
        for wrong in [
            String::new(),
            KNOWN.to_owned(),
            "sha256=".to_owned(),
            format!("sha1={KNOWN}"),
            format!("sha256={short}"),
            format!("sha256={KNOWN}00"),
            format!("sha256={short}zz"),
            format!("sha256={short}я"),
            format!("sha256={short}44"),
        ] {
            assert!(!is_right(SECRET, BODY, Some(&wrong)), "{wrong}");
        }
        assert!(!is_right(SECRET, BODY, None));
    }
    #[test]
    fn a_secret_is_compared_whole() {
        assert!(is_same("s3cret", Some("s3cret")));
        for wrong in [None, Some(""), Some("s3cre"), Some("s3cret "), Some("S3CRET")] {
            assert!(!is_same("s3cret", wrong), "{wrong:?}");
        }
        assert!(!is_same("", Some("")) && !is_same("", None));
    }

    #[test]
    fn parts_are_signed_as_one() {
        let (head, tail) = BODY.split_at(5);
        let signature = sign(SECRET, &[head, tail]);
        assert_eq!(decode(KNOWN), Some(signature));
    }
}
