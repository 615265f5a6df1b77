//! Query strings and percent escapes.

use serde_json::{Map, Value};

/// Returns the decoded pairs of a query string, in order.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Returns the parameters as payload 2.0 has them: one string for each name, the values of a
/// repeated name joined by commas.
pub(super) fn joined(query: &str) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in pairs(query) {
        match map.get_mut(&name) {
            Some(Value::String(before)) => {
                before.push(',');
                before.push_str(&value);
            }
            _ => {
                map.insert(name, Value::String(value));
            }
        }
    }
    map
}

/// Text with its escapes undone; an escape that is none stays as it is written.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, behind @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = behind;
                }
                _ => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_name_has_its_values_joined() {
        let map = joined("a=1&b=%C3%A9+x&a=2&c&bad=%zz%4");
        assert_eq!(map["a"], "1,2");
        assert_eq!(map["b"], "é x");
        assert_eq!(map["c"], "");
        assert_eq!(map["bad"], "%zz%4");
    }
}
