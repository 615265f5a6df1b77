//! Tokens: bytes, and claims of any kind with a signature that is right.
#![no_main]

mod stage;

use functions::caller::caller;
use jsonwebtoken::{EncodingKey, Header, encode};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let token = match serde_json::from_str::<Value>(&text) {
        Ok(mut claims) if claims.is_object() => {
            if claims.get("iss").is_none() {
                claims["iss"] = "chatdesk".into();
            }
            let key = EncodingKey::from_secret(stage::SECRET);
            encode(&Header::default(), &claims, &key).unwrap_or_default()
        }
        _ => text.into_owned(),
    };
    let identity = &stage::app().identity;
    for authorization in [token.clone(), format!("Bearer {token}")] {
        let claims = stage::wait(identity.authenticate(Some(&authorization), 1_795_341_600));
        if let Ok(claims) = claims {
            assert!(claims.expires_at_seconds > 1_795_341_600);
            assert!(claims.tenant.chars().count() <= 100);
            let _ = caller(claims);
        }
    }
});
