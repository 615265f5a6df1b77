//! Records of the stream: images of every entity, with attributes of every kind.
#![no_main]

#[path = "../../src/hostile.rs"]
#[expect(dead_code, reason = "only its choices are needed")]
mod hostile;

use hostile::Choices;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};
use store::stream::Record;

const PKS: [&str; 9] = [
    "V#demo#c1",
    "N#demo#support#0",
    "U#demo#ann",
    "Y#demo#support",
    "A#demo#app1",
    "L#demo#support",
    "Z#demo",
    "V#",
    "#",
];
const SKS: [&str; 10] =
    ["H#00000001", "M#0000000001", "F#f", "N", "L#support", "E", "I#1", "item", "M#", ""];
const NAMES: [&str; 51] = [
    "w", "s", "seq", "c", "i", "r", "rs", "f", "n", "nm", "o", "st", "k", "ky", "a", "an", "t",
    "tx", "at", "la", "le", "pu", "cs", "oa", "ca", "v", "u", "m", "rl", "ro", "rc", "p", "pr",
    "ch", "cl", "cn", "li", "ev", "q", "pk", "sk", "ttl", "j", "ct", "sz", "un", "ft", "pw", "ph",
    "tt", "fs",
];
const WORDS: [&str; 8] = ["c", "o", "n", "e", "q", "a", "open", "W"];

fn image(choices: &mut Choices<'_>, pk: &str, sk: &str) -> Value {
    let mut image = Map::from_iter([
        ("pk".to_owned(), json!({ "S": pk })),
        ("sk".to_owned(), json!({ "S": sk })),
    ]);
    for _ in 0..choices.below(60) {
        let name = NAMES[choices.below(NAMES.len())];
        let value = match choices.below(9) {
            0 => json!({ "S": "" }),
            1 => json!({ "S": "{}" }),
            2 => json!({ "S": WORDS[choices.below(WORDS.len())] }),
            3 => json!({ "N": "-1" }),
            4 => json!({ "N": "99999999999999999999999" }),
            5 => json!({ "N": "1.5" }),
            6 => json!({ "BOOL": true }),
            7 => json!({ "L": [{ "S": "x" }] }),
            _ => json!({ "N": choices.below(200).to_string() }),
        };
        image.insert(name.to_owned(), value);
    }
    Value::Object(image)
}

fuzz_target!(|bytes: &[u8]| {
    let record = match serde_json::from_slice::<Value>(bytes) {
        Ok(any) => any,
        Err(_) => {
            let choices = &mut Choices::new(bytes);
            let (pk, sk) = (PKS[choices.below(PKS.len())], SKS[choices.below(SKS.len())]);
            let mut images = json!({ "NewImage": image(choices, pk, sk) });
            if choices.below(2) == 1 {
                images["OldImage"] = image(choices, pk, sk);
            }
            json!({ "eventName": "MODIFY", "dynamodb": images })
        }
    };
    let _ = Record::parse(&record);
});
