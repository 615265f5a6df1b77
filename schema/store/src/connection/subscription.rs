//! Subscribed operations: how the fan-out finds them, and how far their replay is.

use std::collections::BTreeSet;

use domain::{ConversationId, EmployeeId, TenantId, Timestamp};

use crate::record::Millis;
use crate::record::connection;
use crate::table::{Expression, Item, Key, Part, Range, Read, Row, Table, decode, encode, key};
use crate::{Fault, Store, TenantStore};

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
    /// Its document, its subscription and other data stored at its registration, serialised.
    pub payload: String,
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

impl Topic {
    fn key(&self, connection: &str, operation: &str) -> Key {
        match self {
            Self::Desk(tenant, person) => {
                key::desk_subscription(tenant, person, connection, operation)
            }
            Self::Dialog(tenant, of) => key::dialog_subscription(tenant, of, connection, operation),
            Self::Client(tenant, of) => key::client_subscription(tenant, of, connection, operation),
        }
    }

    /// Returns the partition of all operations that subscribe to the same.
    fn partition(&self) -> String {
        match self {
            Self::Desk(tenant, _) => key::desk_subscriptions(tenant),
            Self::Dialog(tenant, of) => key::dialog_subscriptions(tenant, of),
            Self::Client(tenant, of) => key::client_subscriptions(tenant, of),
        }
    }
}

impl Subscription {
    /// Returns the key of the row by which the fan-out finds the operation.
    pub(super) fn place(&self) -> Key {
        self.topic.key(&self.connection, &self.operation)
    }

    /// Returns the row by which the fan-out finds the operation, until `ttl`.
    pub(super) fn row(&self, ttl: u64) -> Row {
        let record = connection::Subscription {
            connection: self.connection.clone(),
            operation: self.operation.clone(),
            registered_at: self.registered_at,
            replaying_since: self.replaying_since.map(Millis),
            live_after: None,
            expires_at: Millis(self.expires_at),
            payload: self.payload.clone(),
            ttl,
        };
        Row::put(Table::Live, Part::Other, encode(&self.place(), &record))
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
        let key = subscription.place();
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
        items.iter().filter_map(|item| self.subscription(item, topic.clone()).transpose()).collect()
    }

    /// Decodes a subscription from its item; `None` for an operation that is over.
    fn subscription(&self, item: &Item, topic: Topic) -> Result<Option<Subscription>, Fault> {
        let found: connection::Subscription = decode(item)?;
        let (now, expires_at) = (self.now(), found.expires_at.0);
        let is_over = expires_at <= now || found.ttl <= now.as_seconds();
        Ok((!is_over).then(|| Subscription {
            connection: found.connection,
            operation: found.operation,
            topic,
            registered_at: found.registered_at,
            replaying_since: found.replaying_since.map(|at| at.0),
            live_after: found.live_after,
            expires_at,
            payload: found.payload,
        }))
    }
}

impl TenantStore<'_> {
    /// Returns the operations that subscribe to the desks of employees of a tenant.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn desk_subscriptions(
        self,
        people: &BTreeSet<EmployeeId>,
    ) -> Result<Vec<(EmployeeId, Subscription)>, Fault> {
        let (Some(first), Some(last)) = (people.first(), people.last()) else {
            return Ok(Vec::new());
        };
        let pk = key::desk_subscriptions(self.tenant);
        // One query reads all rows between the first and the last employee: for a few employees
        // those are few rows, and for many they are most of the partition.
        let range = Range {
            from: key::desk_subscriptions_of(first),
            ..Range::starting(&pk, "", usize::MAX).up_to(&key::desk_subscriptions_of(last))
        };
        let mut found = Vec::new();
        for item in self.range(Table::Live, &range).await? {
            let person = Read(&item).parsed("sk", key::read_desk_subscription)?;
            if people.contains(&person)
                && let Some(subscription) =
                    self.subscription(&item, Topic::Desk(self.tenant.clone(), person.clone()))?
            {
                found.push((person, subscription));
            }
        }
        Ok(found)
    }
}
