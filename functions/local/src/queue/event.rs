//! The event that a function gets for a batch of messages, and what its answer means.

use super::attributes::{REGION, arn};
use super::message::{self, Message};
use serde_json::{Value, json};

/// Returns the event of a batch.
pub(super) fn event(queue: &str, batch: &[Message]) -> Value {
    let records: Vec<Value> = batch.iter().map(|message| record(queue, message)).collect();
    json!({ "Records": records })
}

fn record(queue: &str, message: &Message) -> Value {
    json!({
        "messageId": message.id,
        "receiptHandle": message.handle,
        "body": message.body,
        "attributes": message.attributes(),
        "messageAttributes": {},
        "md5OfBody": message::md5(&message.body),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn(queue),
        "awsRegion": REGION,
    })
}

/// Returns the ids of the messages that the function reported as failed. None when the answer is
/// not one that Lambda understands, or names a message that was not in the batch: then all have
/// failed.
pub(super) fn failed(answer: &Value, batch: &[Message]) -> Option<Vec<String>> {
    let failures = match answer {
        Value::Null => return Some(Vec::new()),
        Value::Object(answer) => answer.get("batchItemFailures"),
        _ => return None,
    };
    let failures = match failures {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(failures) => failures.as_array()?,
    };
    let id = |failure: &Value| {
        let id = failure.get("itemIdentifier")?.as_str()?;
        batch.iter().any(|message| message.id == id).then(|| id.to_owned())
    };
    failures.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str) -> Message {
        Message {
            id: id.to_owned(),
            sequence: 1,
            group: "a".to_owned(),
            deduplication: "1".to_owned(),
            body: "text".to_owned(),
            sent_at: 5,
            first_received_at: Some(6),
            receives: 2,
            handle: "handle".to_owned(),
            gave_up: None,
        }
    }

    #[test]
    fn a_record_has_the_shape_that_lambda_gives_it() {
        let event = event("outbound.fifo", &[message("first")]);
        let expected = json!({ "Records": [{
            "messageId": "first",
            "receiptHandle": "handle",
            "body": "text",
            "attributes": {
                "ApproximateReceiveCount": "2",
                "ApproximateFirstReceiveTimestamp": "6",
                "MessageDeduplicationId": "1",
                "MessageGroupId": "a",
                "SenderId": "AIDALOCAL",
                "SentTimestamp": "5",
                "SequenceNumber": "10000000000000000001",
            },
            "messageAttributes": {},
            "md5OfBody": "1cb251ec0d568de6a929b520c4aed8d1",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:outbound.fifo",
            "awsRegion": "us-east-1",
        }] });
        assert_eq!(event, expected);
    }

    #[test]
    fn an_answer_names_what_failed() {
        let batch = [message("first"), message("second")];
        let failed = |answer: Value| failed(&answer, &batch);
        for all_done in
            [json!(null), json!({}), json!({ "batchItemFailures": [] }), json!({ "other": 1 })]
        {
            assert_eq!(failed(all_done), Some(vec![]));
        }
        assert_eq!(failed(json!({ "batchItemFailures": null })), Some(vec![]));
        let one = json!({ "batchItemFailures": [{ "itemIdentifier": "second" }] });
        assert_eq!(failed(one), Some(vec!["second".to_owned()]));
    }

    #[test]
    fn an_answer_that_is_not_understood_fails_everything() {
        let batch = [message("first")];
        for answer in [
            json!("done"),
            json!({ "batchItemFailures": "first" }),
            json!({ "batchItemFailures": [{ "itemIdentifier": "another" }] }),
            json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }),
            json!({ "batchItemFailures": [{ "itemIdentifier": null }] }),
            json!({ "batchItemFailures": [{ "id": "first" }] }),
        ] {
            assert_eq!(failed(&answer, &batch), None, "{answer}");
        }
    }
}
