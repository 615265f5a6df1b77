//! Every rule of the protocol as a sentence, and the promise that nothing a client sends can break it.

mod connection;
mod frame;
mod invalid;
mod mutation;
mod operation;

use serde_json::Value;

use super::*;

const LIMITS: Limits = Limits { initialisation_ms: 10_000, query_bytes: 64 };
const CONNECTED_AT: i64 = 1_000_000;
const SOON: i64 = CONNECTED_AT + 10_000;

fn on(phase: Phase, text: &str) -> Act {
    receive(&Connection { phase, connected_at_ms: CONNECTED_AT }, &LIMITS, SOON, text)
}

fn closed_with(act: Act) -> (u16, String) {
    match act {
        Act::Refuse(refusal) => (refusal.code().number(), refusal.reason().to_owned()),
        other => panic!("not refused: {other:?}"),
    }
}

fn sent(frame: &Frame) -> Value {
    serde_json::from_str(frame.as_str()).expect("a frame is JSON")
}
