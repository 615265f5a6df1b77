//! Bodies of webhooks: what is understood is within its bounds.
#![no_main]

use functions::channel::{Received, signature, webhook};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Received::Message(message)) = webhook::receive(bytes) {
        assert!((1..=8000).contains(&message.text.chars().count()));
        assert!((1..=100).contains(&message.id.chars().count()));
        assert!((1..=100).contains(&message.from_id.chars().count()));
        assert!((1..=200).contains(&message.from_name.chars().count()));
    }
    let header = String::from_utf8_lossy(bytes);
    assert!(!signature::is_right(b"a secret that is not known", bytes, Some(&header)));
});
