//! Subscribed operations: how the fan-out finds them, and how far their replay is.

use std::collections::BTreeSet;

use domain::{ConversationId, EmployeeId, TenantId, Timestamp};

use crate::record::Millis;
use crate::record::connection;
use crate::table::{Expression, Key, Part, Range, Read, Row, Table, decode_owned, encode, key};
use crate::{Fault, Store, TenantStore};

/// The most operations that subscribe to the desk of one employee, over all their connections.
const MOST_OF_DESK: usize = 100;

/// An operation that is subscribed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The connection that it belongs to.
    pub connection: String,
    /// Its id on that connection.
    pub operation: String,
    /// The topic whose events it gets.
    pub topic: Topic,
    /// The gateway's time of its subscribe, in milliseconds: distinguishes it from another
    /// operation with the same id. None for an operation registered by an older version.
    pub registered_at: Option<i64>,
    /// The moment when its replay began; none once the replay is over.
    pub replaying_since: Option<Timestamp>,
    /// The number up to which it had been replayed when it went live, while the replay still posts
    /// what was written meanwhile. Until the replay is over, the fan-out posts everything after
    /// that number too. So whichever of the two comes first, each entry arrives after those before
    /// it.
    pub live_after: Option<u64>,
    /// The moment when the subscriber's token expires.
    pub expires_at: Timestamp,
    /// The subscriber, serialised; empty for an operation registered by an older version.
    pub caller: String,
    /// The digest of its document; empty for an operation registered by an older version.
    pub document: String,
}

/// The topic whose events an operation gets: it determines the partition of its row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topic {
    /// An employee's desk.
    Desk(TenantId, EmployeeId),
    /// A dialog, for employees.
    Dialog(TenantId, ConversationId),
    /// A conversation, for its client.
    Client(TenantId, ConversationId),
}

/// The place where the fan-out finds an operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// A row of its own.
    Row(Key),
    /// An entry of the item that has all subscriptions to the desk of an employee.
    Entry(Key, String),
}

impl Topic {
    /// Returns the tenant of the subscribers.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        match self {
            Self::Desk(tenant, _) | Self::Dialog(tenant, _) | Self::Client(tenant, _) => tenant,
        }
    }

    /// Returns the partition of all operations that subscribe to the same.
    fn partition(&self) -> String {
        match self {
            Self::Desk(tenant, person) => key::desk_subscriptions(tenant, person).pk,
            Self::Dialog(tenant, of) => key::dialog_subscriptions(tenant, of),
            Self::Client(tenant, of) => key::client_subscriptions(tenant, of),
        }
    }
}

impl Place {
    /// Returns the bytes of an entry; 0 for a row.
    pub(super) const fn entry_bytes(&self) -> usize {
        match self {
            Self::Row(_) => 0,
            Self::Entry(_, entry) => entry.len(),
        }
    }

    /// Returns the place as the row of the operation names it.
    pub(super) fn of_operation(self) -> connection::Operation {
        match self {
            Self::Row(Key { pk, sk }) => connection::Operation {
                place_pk: Some(pk),
                place_sk: Some(sk),
                ..connection::Operation::default()
            },
            Self::Entry(Key { pk, sk }, entry) => connection::Operation {
                entry: Some(entry),
                entry_pk: Some(pk),
                entry_sk: Some(sk),
                ..connection::Operation::default()
            },
        }
    }

    /// Returns the change that takes an operation out of its place. The item of a desk may be gone
    /// before: then an empty one comes back until `ttl`.
    pub(super) fn leave(&self, ttl: u64) -> Row {
        match self {
            Self::Row(key) => Row::delete(Table::Live, Part::Other, key),
            Self::Entry(key, entry) => {
                let update = Expression::update("SET #ttl = :ttl DELETE ss :entry")
                    .number(":ttl", ttl)
                    .texts(":entry", [entry]);
                Row::update(Table::Live, Part::Other, key, update)
            }
        }
    }
}

impl Subscription {
    /// Returns the key of the item in which the fan-out finds the operation.
    pub(super) fn key(&self) -> Key {
        let (connection, operation) = (&self.connection, &self.operation);
        match &self.topic {
            Topic::Desk(tenant, person) => key::desk_subscriptions(tenant, person),
            Topic::Dialog(tenant, of) => {
                key::dialog_subscription(tenant, of, connection, operation)
            }
            Topic::Client(tenant, of) => {
                key::client_subscription(tenant, of, connection, operation)
            }
        }
    }

    fn record(&self, ttl: u64) -> connection::Subscription {
        connection::Subscription {
            connection: self.connection.clone(),
            operation: self.operation.clone(),
            registered_at: self.registered_at,
            replaying_since: self.replaying_since.map(Millis),
            live_after: None,
            expires_at: Millis(self.expires_at),
            caller: self.caller.clone(),
            document: self.document.clone(),
            payload: "",
            ttl,
        }
    }

    /// Returns the place where the fan-out finds the operation until `ttl`, and the row that puts it
    /// there.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] where it cannot be serialised.
    pub(super) fn placed(&self, ttl: u64) -> Result<(Place, Row), Fault> {
        let (key, record) = (self.key(), self.record(ttl));
        let Topic::Desk(..) = &self.topic else {
            let row = Row::put(Table::Live, Part::Other, encode(&key, &record));
            return Ok((Place::Row(key), row));
        };
        let entry = serde_json::to_string(&record)
            .map_err(|error| Fault::Corrupt(format!("a subscription: {error}")))?;
        let update = Expression::update("SET #ttl = :ttl ADD ss :entry")
            .when("attribute_not_exists(ss) OR size(ss) < :most")
            .number(":ttl", ttl)
            .texts(":entry", [&entry])
            .number(":most", MOST_OF_DESK);
        let row = Row::update(Table::Live, Part::Tally, &key, update);
        Ok((Place::Entry(key, entry), row))
    }
}

impl Store {
    /// Marks an operation as replayed up to `posted`: from now on the fan-out delivers to it what
    /// comes after that. Returns false when it was completed meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn go_live(&self, subscription: &Subscription, posted: u64) -> Result<bool, Fault> {
        let update = Expression::update("SET lf = :posted").number(":posted", posted);
        self.update_subscription(subscription, update).await
    }

    /// Marks the replay as over, once everything written before the operation went live is posted:
    /// from now on the fan-out delivers only new changes, once.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn caught_up(&self, subscription: &Subscription) -> Result<(), Fault> {
        self.update_subscription(subscription, Expression::update("REMOVE rp, lf")).await.map(drop)
    }

    /// Updates a subscription's row; the update may be sent again. Returns false when the row is
    /// gone, or when it belongs to another operation with the same id by now.
    async fn update_subscription(
        &self,
        subscription: &Subscription,
        update: Expression,
    ) -> Result<bool, Fault> {
        let key = subscription.key();
        let update = update.when("sn = :sn").number(":sn", subscription.registered_at.unwrap_or(0));
        Ok(self.update(Table::Live, &key, update).await?.answer.is_ok())
    }

    /// Returns the operations that subscribe to a dialog or to its client's side.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn subscriptions(&self, topic: &Topic) -> Result<Vec<Subscription>, Fault> {
        let pk = topic.partition();
        let items = self.range(Table::Live, &Range::starting(&pk, "", usize::MAX)).await?;
        let decoded = items.into_iter().map(decode_owned);
        let found = decoded.map(|found| Ok(self.subscription(found?, topic.clone())));
        found.filter_map(Result::transpose).collect()
    }

    /// Returns a subscription from its record; `None` for an operation that is over.
    fn subscription(&self, found: connection::Subscription, topic: Topic) -> Option<Subscription> {
        (!self.is_over(&found)).then(|| Subscription {
            connection: found.connection,
            operation: found.operation,
            topic,
            registered_at: found.registered_at,
            replaying_since: found.replaying_since.map(|at| at.0),
            live_after: found.live_after,
            expires_at: found.expires_at.0,
            caller: found.caller,
            document: found.document,
        })
    }

    fn is_over(&self, found: &connection::Subscription) -> bool {
        let now = self.now();
        found.expires_at.0 <= now || found.ttl <= now.as_seconds()
    }

    /// Takes out of the item of a desk what is over or cannot be read. Returns false if nothing is.
    pub(super) async fn make_room(&self, key: &Key) -> Result<bool, Fault> {
        let Some(item) = self.item(Table::Live, key).await? else { return Ok(true) };
        let over = Read(&item).texts("ss").iter();
        let over = over.filter(|entry| read_entry(entry).is_none_or(|found| self.is_over(&found)));
        let over: Vec<&String> = over.collect();
        if over.is_empty() {
            return Ok(false);
        }
        let update = Expression::update("DELETE ss :over").when("attribute_exists(pk)");
        self.update(Table::Live, key, update.texts(":over", over)).await?;
        Ok(true)
    }
}

/// Reads an entry. One that cannot be read holds up no other: it is skipped, with a line in the log.
fn read_entry(entry: &str) -> Option<connection::Subscription> {
    let unreadable =
        |error: &serde_json::Error| tracing::error!(%error, "a subscription cannot be read");
    serde_json::from_str(entry).inspect_err(unreadable).ok()
}

impl TenantStore<'_> {
    /// Returns the operations that subscribe to the desks of employees. It reads one item for each
    /// employee, whatever else happens in the tenant.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn desk_subscriptions(
        self,
        people: &BTreeSet<EmployeeId>,
    ) -> Result<Vec<Subscription>, Fault> {
        let keys = people.iter().map(|person| key::desk_subscriptions(self.tenant, person));
        let items = self.items(Table::Live, keys).await?;
        let mut subscriptions = Vec::new();
        for person in people {
            let Some(item) = items.get(&key::desk_subscriptions(self.tenant, person)) else {
                continue;
            };
            for entry in Read(item).texts("ss") {
                let topic = Topic::Desk(self.tenant.clone(), person.clone());
                let found = read_entry(entry);
                subscriptions.extend(found.and_then(|found| self.subscription(found, topic)));
            }
        }
        Ok(subscriptions)
    }

    /// Returns the subscriptions to desks that an older version stored: this one does not push to
    /// them.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn older_desk_subscriptions(self) -> Result<Vec<Subscription>, Fault> {
        let pk = key::older_desk_subscriptions(self.tenant);
        let mut older = Vec::new();
        for item in self.range(Table::Live, &Range::starting(&pk, "", usize::MAX)).await? {
            let person = Read(&item).parsed("sk", key::read_older_desk_subscription)?;
            let topic = Topic::Desk(self.tenant.clone(), person);
            older.extend(self.subscription(decode_owned(item)?, topic));
        }
        Ok(older)
    }
}
