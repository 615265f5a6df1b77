//! The meter against units counted by hand.

use super::{Meter, Usage};
use crate::database::Database;
use crate::wire::{Answer, Call, Operation, Reply, Wire};
use futures::FutureExt;
use serde_json::{Value, json};

struct Bench {
    wire: Wire,
    meter: Meter,
}

impl Bench {
    fn new() -> Self {
        let meter = Meter::default();
        let wire = Wire::new(Database::memory().unwrap()).through(meter.clone());
        let bench = Self { wire, meter };
        bench.done(
            Operation::CreateTable,
            json!({
                "TableName": "core",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                    {"AttributeName": "a", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "GlobalSecondaryIndexes": [{
                    "IndexName": "active",
                    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }],
            }),
        );
        let _ = bench.meter.take();
        bench
    }

    fn answer(&self, operation: Operation, body: Value) -> Reply {
        let call = Call { operation, body, actor: 0 };
        match self.wire.carry(call).now_or_never() {
            Some(Answer::Reply(reply)) => reply,
            other => panic!("{other:?}"),
        }
    }

    fn done(&self, operation: Operation, body: Value) -> Reply {
        let reply = self.answer(operation, body);
        assert!(reply.is_success(), "{reply:?}");
        reply
    }

    /// Returns the table writes, index writes and reads of one request.
    fn cost(&self, operation: Operation, body: Value) -> (f64, f64, f64) {
        self.answer(operation, body);
        let Usage { write_units, index_write_units, read_units, round_trips } = self.meter.take();
        assert_eq!(round_trips, 1);
        (write_units, index_write_units, read_units)
    }

    fn put(&self, sort: &str, bytes: usize, more: Value) -> (f64, f64, f64) {
        self.cost(
            Operation::PutItem,
            json!({ "TableName": "core", "Item": item(sort, bytes, more) }),
        )
    }
}

/// Builds an item of this number of bytes beside `more`: 2 + 1 and 2 + the sort key, 1 + the text.
fn item(sort: &str, bytes: usize, more: Value) -> Value {
    let text = "x".repeat(bytes.saturating_sub(6 + sort.len()));
    let mut item = json!({ "pk": {"S": "p"}, "sk": {"S": sort}, "t": {"S": text} });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

fn key(sort: &str) -> Value {
    json!({ "pk": {"S": "p"}, "sk": {"S": sort} })
}

#[test]
fn a_put_costs_a_unit_a_kilobyte_of_the_larger_item() {
    let bench = Bench::new();
    assert_eq!(bench.put("s", 1024, json!({})), (1.0, 0.0, 0.0));
    assert_eq!(bench.put("s", 1025, json!({})), (2.0, 0.0, 0.0));
    assert_eq!(bench.put("s", 100, json!({})), (2.0, 0.0, 0.0), "the old one was larger");
    assert_eq!(bench.put("s", 100, json!({})), (1.0, 0.0, 0.0));
}

#[test]
fn an_update_costs_the_larger_and_a_delete_the_old() {
    let bench = Bench::new();
    let update = |text: String| {
        json!({
            "TableName": "core", "Key": key("s"), "UpdateExpression": "SET t = :t",
            "ExpressionAttributeValues": {":t": {"S": text}},
        })
    };
    let delete = json!({ "TableName": "core", "Key": key("s") });
    assert_eq!(bench.cost(Operation::UpdateItem, update("x".repeat(3000))), (3.0, 0.0, 0.0));
    assert_eq!(bench.cost(Operation::UpdateItem, update("x".to_owned())), (3.0, 0.0, 0.0));
    assert_eq!(bench.cost(Operation::UpdateItem, update("x".to_owned())), (1.0, 0.0, 0.0));
    bench.put("s", 2500, json!({}));
    assert_eq!(bench.cost(Operation::DeleteItem, delete.clone()), (3.0, 0.0, 0.0));
    assert_eq!(bench.cost(Operation::DeleteItem, delete), (1.0, 0.0, 0.0), "nothing there");
}

#[test]
fn a_failed_condition_still_costs_and_moves_no_index() {
    let bench = Bench::new();
    bench.put("s", 1500, json!({}));
    let again = json!({
        "TableName": "core", "Item": item("s", 100, json!({"a": {"S": "x"}})),
        "ConditionExpression": "attribute_not_exists(pk)",
    });
    assert_eq!(bench.cost(Operation::PutItem, again), (2.0, 0.0, 0.0));
}

#[test]
fn an_index_costs_a_unit_an_entry_put_or_deleted() {
    let bench = Bench::new();
    assert_eq!(bench.put("s", 2000, json!({"a": {"S": "x"}})), (2.0, 1.0, 0.0));
    assert_eq!(bench.put("s", 1000, json!({"a": {"S": "x"}})), (2.0, 0.0, 0.0), "not projected");
    assert_eq!(bench.put("s", 1000, json!({"a": {"S": "y"}})), (1.0, 2.0, 0.0), "moves");
    assert_eq!(bench.put("s", 1000, json!({})), (1.0, 1.0, 0.0), "leaves");
}

#[test]
fn a_transaction_doubles_table_writes_and_not_index_writes() {
    let bench = Bench::new();
    bench.put("old", 1500, json!({}));
    let writes = json!([
        {"Put": {"TableName": "core", "Item": item("new", 100, json!({"a": {"S": "x"}}))}},
        {"Update": {
            "TableName": "core", "Key": key("old"), "UpdateExpression": "SET b = :b",
            "ExpressionAttributeValues": {":b": {"BOOL": true}},
        }},
        {"ConditionCheck": {
            "TableName": "core", "Key": key("none"), "ConditionExpression": "attribute_not_exists(pk)",
        }},
    ]);
    let transaction = json!({ "TransactItems": writes, "ClientRequestToken": "one" });
    assert_eq!(
        bench.cost(Operation::TransactWriteItems, transaction.clone()),
        (2.0 + 4.0 + 2.0, 1.0, 0.0)
    );
    assert_eq!(
        bench.cost(Operation::TransactWriteItems, transaction),
        (0.0, 0.0, 6.0),
        "a repeat is read"
    );
}

#[test]
fn a_cancelled_transaction_costs_as_much() {
    let bench = Bench::new();
    let failing = json!({ "TransactItems": [
        {"Put": {"TableName": "core", "Item": item("s", 1500, json!({"a": {"S": "x"}}))}},
        {"ConditionCheck": {"TableName": "core", "Key": key("none"), "ConditionExpression": "attribute_exists(pk)"}},
    ]});
    assert_eq!(bench.cost(Operation::TransactWriteItems, failing), (4.0 + 2.0, 0.0, 0.0));
}

#[test]
fn a_read_costs_a_unit_for_four_kilobytes_and_half_when_eventual() {
    let bench = Bench::new();
    bench.put("s", 4097, json!({}));
    let get = |sort: &str, consistent: bool| {
        bench.cost(
            Operation::GetItem,
            json!({ "TableName": "core", "Key": key(sort), "ConsistentRead": consistent, "ProjectionExpression": "sk" }),
        )
    };
    assert_eq!(get("s", true), (0.0, 0.0, 2.0));
    assert_eq!(get("s", false), (0.0, 0.0, 1.0));
    assert_eq!(get("none", true), (0.0, 0.0, 1.0));
    assert_eq!(get("none", false), (0.0, 0.0, 0.5));
    let gets = json!([
        {"Get": {"TableName": "core", "Key": key("s")}},
        {"Get": {"TableName": "core", "Key": key("none")}},
    ]);
    assert_eq!(
        bench.cost(Operation::TransactGetItems, json!({ "TransactItems": gets })),
        (0.0, 0.0, 6.0)
    );
}

#[test]
fn a_batch_rounds_each_item_and_a_query_the_page() {
    let bench = Bench::new();
    for sort in ["a", "b", "c"] {
        bench.put(sort, 2000, json!({}));
    }
    let keys: Vec<_> = ["a", "b", "c", "none"].map(key).into();
    let batch = json!({ "RequestItems": {"core": {"Keys": keys, "ConsistentRead": true}} });
    assert_eq!(bench.cost(Operation::BatchGetItem, batch), (0.0, 0.0, 4.0));
    let query = |more: Value| {
        let mut body = json!({
            "TableName": "core", "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": "pk"}, "ExpressionAttributeValues": {":pk": {"S": "p"}},
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bench.cost(Operation::Query, body)
    };
    assert_eq!(query(json!({ "ConsistentRead": true })), (0.0, 0.0, 2.0));
    assert_eq!(query(json!({})), (0.0, 0.0, 1.0));
    assert_eq!(query(json!({ "Limit": 1 })), (0.0, 0.0, 0.5));
    assert_eq!(query(json!({ "Select": "COUNT" })), (0.0, 0.0, 1.0));
    let filtered = json!({
        "ExpressionAttributeNames": {"#pk": "pk", "#t": "t"}, "FilterExpression": "#t = :t",
        "ExpressionAttributeValues": {":pk": {"S": "p"}, ":t": {"S": "none"}},
    });
    assert_eq!(query(filtered), (0.0, 0.0, 1.0), "a filter saves nothing");
    assert_eq!(
        query(json!({ "ExpressionAttributeValues": {":pk": {"S": "none"}} })),
        (0.0, 0.0, 0.5)
    );
}

#[test]
fn a_request_that_is_not_valid_costs_nothing() {
    let bench = Bench::new();
    let unknown = json!({ "TableName": "core", "Key": key("s"), "UpdateExpression": "SET" });
    assert_eq!(bench.cost(Operation::UpdateItem, unknown), (0.0, 0.0, 0.0));
    let half = json!({ "TableName": "core", "Key": {"pk": {"S": "p"}} });
    assert_eq!(bench.cost(Operation::GetItem, half), (0.0, 0.0, 0.0));
}

#[test]
fn an_index_is_read_by_the_size_of_its_entries() {
    let bench = Bench::new();
    for sort in ["a", "b", "c"] {
        bench.put(sort, 4000, json!({"a": {"S": "x"}}));
    }
    let query = json!({
        "TableName": "core", "IndexName": "active", "KeyConditionExpression": "a = :a",
        "ExpressionAttributeValues": {":a": {"S": "x"}},
    });
    assert_eq!(bench.cost(Operation::Query, query), (0.0, 0.0, 0.5));
}

#[test]
fn a_batch_of_writes_costs_its_writes() {
    let bench = Bench::new();
    bench.put("old", 1500, json!({}));
    let batch = json!({ "RequestItems": {"core": [
        {"PutRequest": {"Item": item("new", 100, json!({"a": {"S": "x"}}))}},
        {"DeleteRequest": {"Key": key("old")}},
    ]}});
    assert_eq!(bench.cost(Operation::BatchWriteItem, batch), (1.0 + 2.0, 1.0, 0.0));
}

#[test]
fn calls_are_listed_with_their_items() {
    let bench = Bench::new();
    bench
        .done(Operation::PutItem, json!({ "TableName": "core", "Item": item("s", 10, json!({})) }));
    bench.done(Operation::GetItem, json!({ "TableName": "core", "Key": key("s") }));
    let calls = bench.meter.take_calls();
    let places: Vec<_> = calls.iter().map(|call| call.places.join(", ")).collect();
    assert_eq!(places, ["core[p / s]", "core[p / s]"]);
    assert_eq!(bench.meter.take(), Usage::default());
}
