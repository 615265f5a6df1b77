//! A stream record, in the form in which Lambda delivers it to a function.

use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, StreamRecord};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Returns the record of the event, with its items in DynamoDB's JSON.
pub(super) fn event(record: &Record, stream: &str) -> Value {
    let mut event = json!({
        "eventID": record.event_id,
        "eventName": record.event_name.as_ref().map(|name| name.as_str()),
        "eventVersion": record.event_version,
        "eventSource": record.event_source,
        "awsRegion": record.aws_region,
        "eventSourceARN": stream,
        "dynamodb": record.dynamodb.as_ref().map(change),
    });
    if let (Some(identity), Some(fields)) = (&record.user_identity, event.as_object_mut()) {
        let identity = json!({ "type": identity.r#type, "principalId": identity.principal_id });
        fields.insert("userIdentity".to_owned(), identity);
    }
    event
}

/// Returns the sequence number of a record of an event.
pub(super) fn sequence(event: &Value) -> Option<&str> {
    event.get("dynamodb")?.get("SequenceNumber")?.as_str()
}

fn change(change: &StreamRecord) -> Value {
    let at = change.approximate_creation_date_time;
    let mut fields = Map::new();
    fields.insert("ApproximateCreationDateTime".to_owned(), at.map(|at| at.as_secs_f64()).into());
    let items =
        [("Keys", &change.keys), ("NewImage", &change.new_image), ("OldImage", &change.old_image)];
    for (name, attributes) in items {
        if let Some(attributes) = attributes {
            fields.insert(name.to_owned(), item(attributes));
        }
    }
    fields.insert("SequenceNumber".to_owned(), change.sequence_number.clone().into());
    fields.insert("SizeBytes".to_owned(), change.size_bytes.into());
    let view = change.stream_view_type.as_ref().map(|view| view.as_str());
    fields.insert("StreamViewType".to_owned(), view.into());
    fields.into()
}

fn item(attributes: &HashMap<String, AttributeValue>) -> Value {
    let pairs = attributes.iter().map(|(name, value)| (name.clone(), attribute(value)));
    Value::Object(pairs.collect())
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Bs(values) => {
            let values = values.iter().map(|bytes| STANDARD.encode(bytes));
            json!({ "BS": values.collect::<Vec<_>>() })
        }
        AttributeValue::L(values) => {
            json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() })
        }
        AttributeValue::M(values) => json!({ "M": item(values) }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        // Types that DynamoDB may have one day are no worse than nothing.
        _ => json!({ "NULL": true }),
    }
}
