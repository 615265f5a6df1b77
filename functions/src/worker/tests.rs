//! Tests of records that cannot be read, and of those that a newer version wrote.

use serde_json::{Value, json};

use super::*;
use crate::fanout;
use crate::metric::{FAULTS, RECORDS_UNKNOWN};
use crate::observe::tests::counted_by;
use crate::testing::{self, block_on};

/// Returns a record of a membership that lacks all that is needed, so many seconds old.
fn broken(sequence: &str, age_seconds: i64) -> Value {
    let created = testing::app().now_seconds() - age_seconds;
    json!({ "dynamodb": {
        "ApproximateCreationDateTime": created as f64,
        "SequenceNumber": sequence,
        "NewImage": { "pk": { "S": "U#demo#ann" }, "sk": { "S": "L#support" } },
    } })
}

/// Returns a record of a kind that a newer version has.
fn newer(sequence: &str) -> Value {
    json!({ "dynamodb": {
        "SequenceNumber": sequence,
        "NewImage": { "pk": { "S": "G#demo" }, "sk": { "S": "1" } },
    } })
}

#[test]
fn a_record_that_cannot_be_read_fails_from_there_on_until_it_is_old() {
    let app = testing::app();
    let event = json!({ "Records": [newer("1"), broken("2", 60), newer("3")] });
    let (answer, counted) = counted_by(|| block_on(handle(&app, &event)));
    assert_eq!(answer, Ok(json!({ "batchItemFailures": [{ "itemIdentifier": "2" }] })));
    assert_eq!((counted(RECORDS_UNREADABLE), counted(RECORDS_GIVEN_UP)), (Some(1), None));
    // The whole batch is read before anything is done.
    assert_eq!((counted(FAULTS), counted(RECORDS_UNKNOWN)), (Some(1), Some(2)));
    let event = json!({ "Records": [newer("1"), broken("2", 301), newer("3")] });
    let (answer, counted) = counted_by(|| block_on(handle(&app, &event)));
    assert_eq!(answer, Ok(json!({ "batchItemFailures": [] })));
    assert_eq!((counted(RECORDS_UNREADABLE), counted(RECORDS_GIVEN_UP)), (Some(1), Some(1)));
    assert_eq!(counted(RECORDS_UNKNOWN), Some(2));
}

#[test]
fn a_record_that_cannot_be_read_is_not_tried_until_a_clock_that_stepped_back_has_caught_up() {
    let app = testing::app();
    for (ahead, is_tried_again) in [(200, true), (3600, false)] {
        let event = json!({ "Records": [broken("1", -ahead)] });
        let (answer, counted) = counted_by(|| block_on(handle(&app, &event)));
        let failed = answer.unwrap()["batchItemFailures"].as_array().unwrap().len();
        assert_eq!(failed == 1, is_tried_again, "{ahead} s ahead");
        assert_eq!(counted(RECORDS_GIVEN_UP).is_none(), is_tried_again);
    }
}

#[test]
fn while_the_state_is_away_nothing_is_given_up_however_old() {
    let app = testing::app();
    let removal = json!({ "dynamodb": {
        "ApproximateCreationDateTime": 1.0,
        "SequenceNumber": "1",
        "NewImage": { "pk": { "S": "Y#demo#support" }, "sk": { "S": "ann" }, "n": { "N": "1" } },
    } });
    let event = json!({ "Records": [removal] });
    let (answer, counted) = counted_by(|| block_on(handle(&app, &event)));
    assert_eq!(answer, Ok(json!({ "batchItemFailures": [{ "itemIdentifier": "1" }] })));
    assert_eq!((counted(RECORDS_GIVEN_UP), counted(FAULTS)), (None, Some(1)));
}

#[test]
fn what_is_neither_a_batch_nor_a_command_is_an_error() {
    let app = testing::app();
    for event in [json!({}), json!({ "Records": 7 }), json!({ "reindex": "stop" })] {
        let (answer, counted) = counted_by(|| block_on(handle(&app, &event)));
        assert!(answer.is_err(), "{event}");
        assert_eq!(counted(FAULTS), Some(1), "{event}");
    }
}

#[test]
fn the_fan_out_passes_over_what_cannot_be_read_and_counts_it() {
    let app = testing::app();
    let event = json!({ "Records": [broken("1", 0), newer("2"), broken("3", 0)] });
    let (answer, counted) = counted_by(|| block_on(fanout::handle(&app, &event)));
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!((counted(RECORDS_UNREADABLE), counted(RECORDS_UNKNOWN)), (Some(2), Some(1)));
    // A readable record is pushed, or pushed again. What comes before it is over.
    let count = json!({ "dynamodb": { "SequenceNumber": "4",
        "NewImage": { "pk": { "S": "N#demo#support#0" }, "sk": { "S": "N" } } } });
    let event = json!({ "Records": [broken("3", 0), count] });
    let (answer, counted) = counted_by(|| block_on(fanout::handle(&app, &event)));
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "4" }] }));
    assert_eq!((counted(RECORDS_UNREADABLE), counted(FAULTS)), (Some(1), Some(2)));
}
