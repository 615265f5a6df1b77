//! Random damage to valid messages: every outcome is an act that its phase allows, or a 4400.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::super::*;
use super::{LIMITS, on, sent};

const ROUNDS: u32 = 20_000;

fn valid_messages() -> Vec<Value> {
    vec![
        json!({ "type": "connection_init", "payload": { "Authorization": "Bearer t" } }),
        json!({ "type": "connection_init" }),
        json!({ "type": "ping", "payload": { "a": 1 } }),
        json!({ "type": "pong" }),
        json!({ "id": "1", "type": "subscribe", "payload": {
            "query": "{a}", "operationName": "A", "variables": { "v": [1] }, "extensions": {},
        }}),
        json!({ "id": "1", "type": "complete" }),
    ]
}

fn any_value(chance: &mut StdRng) -> Value {
    match chance.random_range(0..10) {
        0 => Value::Null,
        1 => json!(chance.random::<bool>()),
        2 => json!(chance.random::<i64>()),
        3 => json!(chance.random::<f64>()),
        4 => json!([]),
        5 => json!({}),
        6 => json!("x".repeat(chance.random_range(0..200))),
        7 => json!(chance.random::<char>().to_string()),
        8 => json!(["ping", "next", "subscribe", "complete", "close"][chance.random_range(0..5)]),
        _ => json!({ "query": "{b}", "type": [null], "id": "1" }),
    }
}

/// Changes, removes or adds a field, here or further in.
fn damage_value(value: &mut Value, chance: &mut StdRng) {
    let Value::Object(fields) = value else {
        *value = any_value(chance);
        return;
    };
    let keys: Vec<String> = fields.keys().cloned().collect();
    let added = ["id", "type", "payload", "query", "variables"][chance.random_range(0..5)];
    let key = if keys.is_empty() || chance.random_ratio(1, 8) {
        added.to_owned()
    } else {
        keys[chance.random_range(0..keys.len())].clone()
    };
    match chance.random_range(0..4) {
        0 => drop(fields.remove(&key)),
        1 => drop(fields.insert(key, any_value(chance))),
        2 => drop(fields.insert(added.to_owned(), any_value(chance))),
        _ => damage_value(fields.entry(key).or_insert(Value::Null), chance),
    }
}

/// Cuts, doubles or replaces characters of the text.
fn damage_text(text: &str, chance: &mut StdRng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..chance.random_range(1..4) {
        let at = chance.random_range(0..=characters.len());
        match chance.random_range(0..4) {
            0 => characters.truncate(at),
            1 => characters.insert(at, chance.random::<char>()),
            2 => characters.insert(
                at,
                ['"', '\\', '{', '}', '[', ',', ':', '\u{0}'][chance.random_range(0..8)],
            ),
            _ => drop((at < characters.len()).then(|| characters.remove(at))),
        }
    }
    characters.into_iter().collect()
}

fn assert_allowed(phase: Phase, text: &str, act: &Act) {
    match act {
        Act::Nothing => {}
        Act::Init { .. } => assert_eq!(phase, Phase::Opened, "{text}"),
        Act::Subscribe(Subscribe { id, query, .. }) => {
            assert_eq!(phase, Phase::Acknowledged, "{text}");
            assert!((1..=OPERATION_ID_LENGTH).contains(&id.chars().count()), "{text}");
            assert!(query.len() <= LIMITS.query_bytes, "{text}");
        }
        Act::Complete { id } | Act::RefuseOperation { id, .. } => {
            assert_eq!(phase, Phase::Acknowledged, "{text}");
            assert!((1..=OPERATION_ID_LENGTH).contains(&id.chars().count()), "{text}");
        }
        Act::Send(frame) => assert_eq!(sent(frame)["type"], "pong", "{text}"),
        Act::Refuse(refusal) => {
            let code = refusal.code().number();
            let expected: &[u16] = match phase {
                Phase::Opened => &[4400, 4401],
                Phase::Acknowledged => &[4400, 4429],
                Phase::Refused => &[],
            };
            assert!(expected.contains(&code), "{code} for {text}");
            assert!(!refusal.reason().is_empty() && refusal.reason().len() <= 123);
            assert_eq!(sent(&Frame::close(refusal))["payload"]["code"], code);
        }
    }
}

#[test]
fn no_damage_to_a_message_breaks_the_protocol() {
    let mut chance = StdRng::seed_from_u64(0x5eed);
    let valid = valid_messages();
    let (mut accepted, mut invalid) = (0_u32, 0_u32);
    for _ in 0..ROUNDS {
        let mut message = valid[chance.random_range(0..valid.len())].clone();
        for _ in 0..chance.random_range(0..3) {
            damage_value(&mut message, &mut chance);
        }
        let mut text = message.to_string();
        if chance.random_ratio(1, 3) {
            text = damage_text(&text, &mut chance);
        }
        for phase in [Phase::Opened, Phase::Acknowledged, Phase::Refused] {
            let act = on(phase, &text);
            assert_allowed(phase, &text, &act);
            match &act {
                Act::Refuse(refusal) if refusal.code() == CloseCode::BadRequest => invalid += 1,
                _ => accepted += 1,
            }
            if phase == Phase::Refused {
                assert_eq!(act, Act::Nothing);
            }
        }
    }
    // The damage is neither too little nor too much to prove anything.
    assert!(
        accepted > ROUNDS / 2 && invalid > ROUNDS / 2,
        "{accepted} accepted, {invalid} invalid"
    );
}
