//! Subscribed operations: how the fan-out finds them, and how far their replay is.

use std::collections::BTreeSet;

use domain::{ConversationId, EmployeeId, TenantId, Timestamp};

use crate::record::Millis;
use crate::record::connection::Subscription;
use crate::table::{Expression, Item, Key, Part, Range, Read, Row, Table, decode, encode, key};
use crate::{Fault, Store};

/// An operation that is subscribed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listener {
    /// The connection that it belongs to.
    pub connection: String,
    /// Its id on that connection.
    pub operation: String,
    /// The feed that it subscribes to.
    pub to: ListensTo,
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

/// The feed that an operation subscribes to: it determines the partition of its row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListensTo {
    /// An employee's desk.
    Desk(TenantId, EmployeeId),
    /// A dialog, for employees.
    Dialog(TenantId, ConversationId),
    /// A conversation, for its client.
    Client(TenantId, ConversationId),
}

impl ListensTo {
    fn key(&self, connection: &str, operation: &str) -> Key {
        match self {
            Self::Desk(tenant, person) => key::desk_listener(tenant, person, connection, operation),
            Self::Dialog(tenant, of) => key::dialog_listener(tenant, of, connection, operation),
            Self::Client(tenant, of) => key::client_listener(tenant, of, connection, operation),
        }
    }

    /// Returns the partition of all operations that subscribe to the same.
    fn partition(&self) -> String {
        match self {
            Self::Desk(tenant, _) => key::desk_listeners(tenant),
            Self::Dialog(tenant, of) => key::dialog_listeners(tenant, of),
            Self::Client(tenant, of) => key::client_listeners(tenant, of),
        }
    }
}

impl Listener {
    /// Returns the key of the row by which the fan-out finds the operation.
    pub(super) fn place(&self) -> Key {
        self.to.key(&self.connection, &self.operation)
    }

    /// Returns the row by which the fan-out finds the operation, until `ttl`.
    pub(super) fn row(&self, ttl: u64) -> Row {
        let subscription = Subscription {
            connection: self.connection.clone(),
            operation: self.operation.clone(),
            registered_at: self.registered_at,
            replaying_since: self.replaying_since.map(Millis),
            live_after: None,
            expires_at: Millis(self.expires_at),
            payload: self.payload.clone(),
            ttl,
        };
        Row::put(Table::Live, Part::Other, encode(&self.place(), &subscription))
    }
}

impl Store {
    /// Marks an operation as replayed up to `posted`: from now on the fan-out delivers to it what
    /// comes after that. Returns false when it was completed meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn go_live(&self, listener: &Listener, posted: u64) -> Result<bool, Fault> {
        let update = Expression::update("SET lf = :posted").number(":posted", posted);
        self.update_listener(listener, update).await
    }

    /// Marks the replay as over, once everything written before the operation went live is posted:
    /// from now on the fan-out delivers only new changes, once.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn caught_up(&self, listener: &Listener) -> Result<(), Fault> {
        self.update_listener(listener, Expression::update("REMOVE rp, lf")).await.map(drop)
    }

    /// Updates a subscription's row; the update may be sent again. Returns false when the row is
    /// gone, or when it belongs to another operation with the same id by now.
    async fn update_listener(
        &self,
        listener: &Listener,
        update: Expression,
    ) -> Result<bool, Fault> {
        let key = listener.place();
        let update = update.when("sn = :sn").number(":sn", listener.registered_at.unwrap_or(0));
        Ok(self.update(Table::Live, &key, update).await?.answer.is_ok())
    }

    /// Returns the operations that subscribe to the desks of employees of a tenant.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn desk_listeners(
        &self,
        tenant: &TenantId,
        people: &BTreeSet<EmployeeId>,
    ) -> Result<Vec<(EmployeeId, Listener)>, Fault> {
        let (Some(first), Some(last)) = (people.first(), people.last()) else {
            return Ok(Vec::new());
        };
        let pk = key::desk_listeners(tenant);
        // One query reads all rows between the first and the last employee: for a few employees
        // those are few rows, and for many they are most of the partition.
        let range = Range {
            from: key::desk_listeners_of(first),
            ..Range::starting(&pk, "", usize::MAX).up_to(&key::desk_listeners_of(last))
        };
        let mut found = Vec::new();
        for item in self.range(Table::Live, &range).await? {
            let person = Read(&item).parsed("sk", key::read_desk_listener)?;
            if people.contains(&person)
                && let Some(listener) =
                    self.listener(&item, ListensTo::Desk(tenant.clone(), person.clone()))?
            {
                found.push((person, listener));
            }
        }
        Ok(found)
    }

    /// Returns the operations that subscribe to a dialog or to its client's side.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn listeners(&self, to: &ListensTo) -> Result<Vec<Listener>, Fault> {
        let pk = to.partition();
        let items = self.range(Table::Live, &Range::starting(&pk, "", usize::MAX)).await?;
        items.iter().filter_map(|item| self.listener(item, to.clone()).transpose()).collect()
    }

    /// Decodes a subscription from its item; `None` for an operation that is over.
    fn listener(&self, item: &Item, to: ListensTo) -> Result<Option<Listener>, Fault> {
        let found: Subscription = decode(item)?;
        let (now, expires_at) = (self.now(), found.expires_at.0);
        let is_over = expires_at <= now || found.ttl <= now.as_seconds();
        Ok((!is_over).then(|| Listener {
            connection: found.connection,
            operation: found.operation,
            to,
            registered_at: found.registered_at,
            replaying_since: found.replaying_since.map(|at| at.0),
            live_after: found.live_after,
            expires_at,
            payload: found.payload,
        }))
    }
}
