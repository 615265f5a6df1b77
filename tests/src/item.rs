//! Items as they stand on the wire, and their size as DynamoDB documents it.

use serde_json::{Map, Value};

/// An item or a key: attribute names with typed values (`{"pk": {"S": "x"}}`).
pub type Item = Map<String, Value>;

/// Returns the bytes of an item: the UTF-8 length of every name plus the size of every value.
#[must_use]
pub fn size(item: &Item) -> u64 {
    item.iter().map(|(name, value)| length(name) + value_size(value)).sum()
}

/// Returns the bytes of one typed value.
#[must_use]
pub fn value_size(value: &Value) -> u64 {
    let Some((kind, content)) = value.as_object().and_then(|typed| typed.iter().next()) else {
        return 0;
    };
    match (kind.as_str(), content) {
        ("S", Value::String(text)) => length(text),
        ("N", Value::String(digits)) => number_size(digits),
        ("B", Value::String(encoded)) => binary_size(encoded),
        ("SS", Value::Array(set)) => sum(set, length),
        ("NS", Value::Array(set)) => sum(set, number_size),
        ("BS", Value::Array(set)) => sum(set, binary_size),
        ("L", Value::Array(list)) => 3 + list.iter().map(|one| 1 + value_size(one)).sum::<u64>(),
        ("M", Value::Object(map)) => {
            3 + map.iter().map(|(name, one)| 1 + length(name) + value_size(one)).sum::<u64>()
        }
        // BOOL and NULL.
        _ => 1,
    }
}

fn length(text: &str) -> u64 {
    text.len() as u64
}

fn sum(set: &[Value], size: impl Fn(&str) -> u64) -> u64 {
    set.iter().filter_map(Value::as_str).map(size).sum()
}

/// Returns the bytes of a number: one for each two significant digits, one more, and one for a
/// minus. Zeros that only place the point are not significant.
fn number_size(digits: &str) -> u64 {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let plain: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = plain.trim_matches('0').len() as u64;
    let sign = u64::from(digits.starts_with('-'));
    significant.div_ceil(2).max(1) + 1 + sign
}

/// Returns the number of bytes behind a base64 text.
fn binary_size(encoded: &str) -> u64 {
    length(encoded.trim_end_matches('=')) * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sized(item: Value) -> u64 {
        size(item.as_object().unwrap())
    }

    #[test]
    fn a_size_is_names_and_values() {
        assert_eq!(sized(json!({"pk": {"S": "abc"}})), 2 + 3);
        assert_eq!(sized(json!({"имя": {"S": "é"}})), 6 + 2);
        assert_eq!(sized(json!({"b": {"BOOL": true}, "n": {"NULL": true}})), 4);
        assert_eq!(sized(json!({"b": {"B": "AAECAw=="}})), 1 + 4);
        assert_eq!(sized(json!({"s": {"SS": ["ab", "c"]}})), 1 + 3);
    }

    #[test]
    fn a_number_costs_a_byte_for_two_significant_digits_and_one() {
        for (digits, bytes) in [("0", 2), ("7", 2), ("12", 2), ("123", 3), ("-123", 4)] {
            assert_eq!(value_size(&json!({"N": digits})), bytes, "{digits}");
        }
        assert_eq!(value_size(&json!({"N": "1000"})), 2);
        assert_eq!(value_size(&json!({"N": "0.05"})), 2);
        assert_eq!(value_size(&json!({"N": "1700000000123"})), 8);
        assert_eq!(value_size(&json!({"NS": ["1", "100"]})), 4);
    }

    #[test]
    fn lists_and_maps_cost_three_and_one_for_each_entry() {
        assert_eq!(value_size(&json!({"L": []})), 3);
        assert_eq!(value_size(&json!({"L": [{"S": "ab"}, {"BOOL": true}]})), 3 + 3 + 2);
        assert_eq!(value_size(&json!({"M": {"k": {"S": "ab"}}})), 3 + 1 + 1 + 2);
    }
}
