//! Transactions that take time.

use crate::database::Database;
use crate::wire::{Call, Reply};
use crate::write::{Place, Write};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A transaction between its begin and its commit.
#[derive(Debug)]
pub(super) struct Flight {
    /// The items it touches, in the order of the request.
    places: Vec<Place>,
    /// The items, by their index in `places`, on which another write has committed since the
    /// transaction began.
    lost: BTreeSet<usize>,
    token: Option<String>,
}

impl Flight {
    pub(super) fn of(call: &Call, database: &Database) -> Self {
        Self {
            places: Write::all(call, database).iter().map(Write::place).collect(),
            lost: BTreeSet::new(),
            token: token(call),
        }
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn touches(&self, places: &[Place]) -> bool {
        self.places.iter().any(|place| places.contains(place))
    }

    /// Returns true if the transaction was begun under this token.
    pub(super) fn is_of(&self, token: Option<&str>) -> bool {
        token.is_some() && self.token.as_deref() == token
    }

    /// Notes that another write has committed on these items.
    pub(super) fn lose(&mut self, places: &[Place]) {
        let lost = self.places.iter().enumerate().filter(|(_, place)| places.contains(place));
        self.lost.extend(lost.map(|(index, _)| index));
    }

    /// Returns the cancellation that replaces the commit, if the transaction lost an item.
    pub(super) fn cancelled(&self) -> Option<Reply> {
        (!self.lost.is_empty())
            .then(|| cancelled(self.places.len(), |index| self.lost.contains(&index)))
    }
}

/// Returns the token of a transaction.
pub(super) fn token(call: &Call) -> Option<String> {
    call.body.get("ClientRequestToken").and_then(Value::as_str).map(str::to_owned)
}

/// Returns a transaction cancelled for conflicts on some of its items.
pub(super) fn cancelled(items: usize, in_conflict: impl Fn(usize) -> bool) -> Reply {
    let reasons: Vec<Value> = (0..items)
        .map(|index| match in_conflict(index) {
            true => json!({
                "Code": "TransactionConflict",
                "Message": "Transaction is ongoing for the item",
            }),
            false => json!({ "Code": "None" }),
        })
        .collect();
    let codes: Vec<&str> =
        reasons.iter().filter_map(|reason| reason.get("Code")?.as_str()).collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    let mut reply = Reply::refusal("TransactionCanceledException", "");
    if let Some(body) = reply.body.as_object_mut() {
        body.remove("message");
        body.insert("Message".to_owned(), json!(message));
        body.insert("CancellationReasons".to_owned(), json!(reasons));
    }
    reply
}
