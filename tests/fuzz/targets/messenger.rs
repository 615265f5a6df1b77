//! Requests and answers of messengers: what is understood is within its bounds, and texts are split
//! within theirs.
#![no_main]

use domain::{Timestamp, split};
use functions::channel::{Received, telegram, webhook, whatsapp};
use libfuzzer_sys::fuzz_target;

fn check(received: &Received) {
    if let Received::Message(message) = received {
        assert!((1..=8000).contains(&message.text.chars().count()));
        assert!((1..=100).contains(&message.id.chars().count()));
        assert!((1..=100).contains(&message.from_id.chars().count()));
        assert!((1..=200).contains(&message.from_name.chars().count()));
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(received) = telegram::receive(bytes) {
        check(&received);
    }
    for received in whatsapp::receive(bytes, "1").into_iter().flatten() {
        check(&received);
    }
    let _ =
        (telegram::outcome(200, bytes), telegram::outcome(400, bytes), telegram::me(200, bytes));
    let _ = (whatsapp::outcome(200, bytes), whatsapp::outcome(400, bytes));
    let text = String::from_utf8_lossy(bytes);
    let _ = webhook::outcome(429, Some(&text), Timestamp::default());
    for part in split::split(&text, 40, split::utf16_units) {
        assert!((1..=40).contains(&split::utf16_units(part)));
    }
});
