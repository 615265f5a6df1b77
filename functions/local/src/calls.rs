//! The log of calls: records which function calls what of DynamoDB and of the WebSocket API. The roles
//! in the template are compared with it: they must allow what was called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use crate::Fault;

/// Actions, by the function that takes them and the table, index or API they are taken on.
type Seen = BTreeMap<&'static str, BTreeMap<String, BTreeSet<String>>>;

/// The calls of a run's functions, written to a file at its end.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    seen: Arc<Mutex<Seen>>,
    file: Arc<Path>,
}

impl Calls {
    pub(super) fn to(file: PathBuf) -> Self {
        Self { seen: Arc::default(), file: file.into() }
    }

    /// Returns the recorder of a function's calls.
    pub(super) fn of(&self, function: &'static str) -> Noting {
        Noting { function, seen: Arc::clone(&self.seen) }
    }

    pub(super) fn write(&self) -> Result<(), Fault> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::write(&self.file, serde_json::to_string_pretty(&*seen)?)?;
        Ok(())
    }
}

/// A recorder of the calls of one function.
#[derive(Clone, Debug)]
pub(super) struct Noting {
    function: &'static str,
    seen: Arc<Mutex<Seen>>,
}

impl Intercept for Noting {
    fn name(&self) -> &'static str {
        "Noting"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let actions = match request.headers().get("x-amz-target").and_then(|at| at.split_once('.'))
        {
            Some((_, operation)) => {
                let body = serde_json::from_slice(request.body().bytes().unwrap_or_default())?;
                actions(operation, &body)
            }
            None => vec![("execute-api:ManageConnections".to_owned(), "connections".to_owned())],
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let resources = seen.entry(self.function).or_default();
        for (action, resource) in actions {
            resources.entry(resource).or_default().insert(action);
        }
        Ok(())
    }
}

/// Returns the actions that a request to DynamoDB takes, each with the table or index it takes it
/// on.
fn actions(operation: &str, body: &Value) -> Vec<(String, String)> {
    let action = |name: &str| format!("dynamodb:{name}");
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let tables = |name: &str| {
        let requests = body.get(name).and_then(Value::as_object).into_iter().flatten();
        requests.map(|(table, _)| (action(operation), table.clone())).collect()
    };
    match operation {
        "BatchGetItem" | "BatchWriteItem" => tables("RequestItems"),
        // Each part of a transaction is allowed as if it stood alone.
        "TransactWriteItems" => {
            let items = body.get("TransactItems").and_then(Value::as_array).into_iter().flatten();
            let parts = items.filter_map(Value::as_object).flatten();
            let allowed = |(kind, part): (&String, &Value)| {
                let name = if kind == "ConditionCheck" {
                    "ConditionCheckItem"
                } else {
                    &format!("{kind}Item")
                };
                Some((action(name), text(part, "TableName")?))
            };
            parts.filter_map(allowed).collect()
        }
        _ => {
            let table = text(body, "TableName").unwrap_or_default();
            let index = text(body, "IndexName").map(|index| format!("/index/{index}"));
            vec![(action(operation), table + &index.unwrap_or_default())]
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_transaction_needs_what_its_parts_need() {
        let body = json!({ "TransactItems": [
            { "Put": { "TableName": "core" } },
            { "ConditionCheck": { "TableName": "live" } },
        ] });
        let expected = [("dynamodb:PutItem", "core"), ("dynamodb:ConditionCheckItem", "live")];
        let expected = expected.map(|(action, table)| (action.to_owned(), table.to_owned()));
        assert_eq!(actions("TransactWriteItems", &body), expected);
    }

    #[test]
    fn an_index_is_a_resource_of_its_own() {
        let body = json!({ "TableName": "core", "IndexName": "by_operator" });
        let expected = ("dynamodb:Query".to_owned(), "core/index/by_operator".to_owned());
        assert_eq!(actions("Query", &body), [expected]);
        let body = json!({ "RequestItems": { "core": {}, "live": {} } });
        assert_eq!(actions("BatchGetItem", &body).len(), 2);
    }
}
