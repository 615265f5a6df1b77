//! Messages of a socket: whatever they are, the protocol knows what to do.
#![no_main]

use functions::protocol::{Act, Connection, Frame, Limits, Phase, receive};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { initialisation_ms: 10_000, query_bytes: 32 * 1024 };

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let phase = match first % 3 {
        0 => Phase::Opened,
        1 => Phase::Acknowledged,
        _ => Phase::Refused,
    };
    let connection = Connection { phase, connected_at_ms: i64::from(*first) };
    let text = String::from_utf8_lossy(rest);
    match receive(&connection, &LIMITS, i64::from(*first) * 100, &text) {
        // A frame to send is a message of the protocol itself.
        Act::Send(frame) => {
            assert!(serde_json::from_str::<serde_json::Value>(frame.as_str()).is_ok())
        }
        Act::Refuse(refusal) => {
            assert!(refusal.reason().len() <= 123);
            assert!(Frame::close(&refusal).fits());
        }
        Act::Subscribe(subscribe) => assert!(subscribe.query.len() <= LIMITS.query_bytes),
        _ => {}
    }
});
