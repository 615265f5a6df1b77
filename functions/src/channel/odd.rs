//! Odd requests for tests: each member of a request in turn is replaced by values that nobody expects.

use serde_json::{Value, json};

use super::Received;

/// Returns the variants of a request, with one odd member each.
pub(super) fn variants(whole: &Value) -> Vec<Value> {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!(" \u{7}\u{0}"),
        json!("я".repeat(9000)),
        json!([]),
        json!([[], {}, 7]),
        json!({}),
    ];
    let mut pointers = Vec::new();
    collect(whole, String::new(), &mut pointers);
    let replaced = |pointer: &String, value: &Value| {
        let mut variant = whole.clone();
        *variant.pointer_mut(pointer).expect("a member") = value.clone();
        variant
    };
    pointers.iter().flat_map(|pointer| odd.iter().map(move |odd| replaced(pointer, odd))).collect()
}

fn collect(value: &Value, pointer: String, into: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (name, member) in members {
        collect(member, format!("{pointer}/{name}"), into);
    }
    if !pointer.is_empty() {
        into.push(pointer);
    }
}

/// Checks the bounds of all that was received.
pub(super) fn check(received: &Received) {
    let is_within = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count())
            && !text.trim().is_empty()
            && !text.contains('\0')
    };
    match received {
        Received::Message(message) => {
            assert!(is_within(&message.id, 100), "{received:?}");
            assert!(is_within(&message.from_id, 100), "{received:?}");
            assert!(is_within(&message.from_name, 200), "{received:?}");
            let is_alone = message.text.is_empty() && !message.files.is_empty();
            assert!(is_alone || is_within(&message.text, 8000), "{received:?}");
            assert!(message.files.len() <= 10, "{received:?}");
            assert!(
                message.reply_to.as_deref().is_none_or(|id| is_within(id, 100)),
                "{received:?}"
            );
            assert!(message.contacts.len() <= 10, "{received:?}");
            for (kind, value) in &message.contacts {
                assert!(is_within(kind, 100) && is_within(value, 200), "{received:?}");
            }
        }
        Received::Edited { id, from_id, text, .. } => {
            assert!(is_within(id, 100) && is_within(from_id, 100) && is_within(text, 8000));
        }
        Received::Deleted { id, from_id } => assert!(is_within(id, 100) && is_within(from_id, 100)),
        Received::Receipt { external_id, delivery_id, .. } => {
            let mut ids = [external_id, delivery_id].into_iter().flatten();
            assert!(ids.clone().count() > 0 && ids.all(|id| is_within(id, 100)), "{received:?}");
        }
        Received::Blocked { from_id, .. } | Received::Unblocked { from_id, .. } => {
            assert!(is_within(from_id, 100));
        }
        Received::Nothing { .. } => {}
    }
}
