//! Where the AWS SDK for DynamoDB meets the wire: a connector that answers from a [`Database`] in
//! process, through layers that may count, delay, break or falsify.
//!
//! There are no sockets, no clock and no chance here: what happens depends on the calls alone.

mod connector;

use crate::database::Database;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

macro_rules! operations {
    ($($(#[$meaning:meta])* $name:ident),* $(,)?) => {
        /// An operation of DynamoDB or of its streams.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation { $($(#[$meaning])* $name),* }

        impl Operation {
            /// Returns the operation of this name, if the wire answers it.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $(stringify!($name) => Some(Self::$name),)* _ => None }
            }
        }
    };
}

operations! {
    /// Reads one item.
    GetItem,
    /// Writes a whole item.
    PutItem,
    /// Changes an item by an expression.
    UpdateItem,
    /// Deletes an item.
    DeleteItem,
    /// Reads a range of a partition, of a table or an index.
    Query,
    /// Reads everything.
    Scan,
    /// Reads many items, each at a moment of its own.
    BatchGetItem,
    /// Writes many items, each at a moment of its own.
    BatchWriteItem,
    /// Reads many items at one moment.
    TransactGetItems,
    /// Writes many items at one moment, or none.
    TransactWriteItems,
    /// Makes a table.
    CreateTable,
    /// Describes a table.
    DescribeTable,
    /// Lists tables.
    ListTables,
    /// Sets the attribute that ends an item's life.
    UpdateTimeToLive,
    /// Describes that attribute.
    DescribeTimeToLive,
    /// Lists streams.
    ListStreams,
    /// Lists the shards of a stream.
    DescribeStream,
    /// Starts reading a shard.
    GetShardIterator,
    /// Reads a shard on.
    GetRecords,
}

impl Operation {
    /// Returns true if the operation changes items.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::PutItem
                | Self::UpdateItem
                | Self::DeleteItem
                | Self::BatchWriteItem
                | Self::TransactWriteItems
        )
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, out)
    }
}

/// A request as it comes from the SDK.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// The request in DynamoDB's JSON.
    pub body: Value,
    /// The actor whose client sent it.
    pub actor: usize,
}

/// An answer of DynamoDB.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The answer in DynamoDB's JSON.
    pub body: Value,
}

impl Reply {
    /// Returns a success.
    #[must_use]
    pub fn success(body: Value) -> Self {
        Self { status: 200, body }
    }

    /// Returns a refusal with DynamoDB's name for it, such as `TransactionConflictException`.
    #[must_use]
    pub fn refusal(kind: &str, message: &str) -> Self {
        let kind = format!("com.amazonaws.dynamodb.v20120810#{kind}");
        Self { status: 400, body: json!({ "__type": kind, "message": message }) }
    }

    /// Returns a fault of the service's own.
    #[must_use]
    pub fn fault(message: &str) -> Self {
        Self { status: 500, ..Self::refusal("InternalServerError", message) }
    }

    /// Returns true if the request was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == 200
    }

    /// Returns DynamoDB's name for the refusal; none for a success.
    #[must_use]
    pub fn refused_as(&self) -> Option<&str> {
        self.body.get("__type")?.as_str()?.rsplit('#').next()
    }
}

/// The end of a call for its caller.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// DynamoDB answered.
    Reply(Reply),
    /// The connection failed before the request was sent.
    Unsent,
    /// The request was sent and no answer came: it may have been done, or be done later.
    Lost,
}

/// A layer that calls pass through on their way to the database.
pub trait Layer: Send + Sync {
    /// Carries a call, usually by `onward`.
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer>;
}

/// The rest of the way to the database.
#[derive(Clone)]
pub struct Onward {
    wire: Wire,
    /// The number of layers that are left.
    left: usize,
}

impl Onward {
    /// Returns the database at the end.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.wire.database
    }

    /// Carries a call through the layers that are left.
    pub async fn carry(self, call: Call) -> Answer {
        let inner = self.left.checked_sub(1);
        match inner.and_then(|left| Some((left, self.wire.layers.get(left)?))) {
            Some((left, layer)) => {
                let onward = Self { wire: self.wire.clone(), left };
                layer.carry(call, onward).await
            }
            None => Answer::Reply(self.database().answer(call.operation, &call.body)),
        }
    }
}

/// The wire itself. Clones share the database and the layers.
#[derive(Clone)]
pub struct Wire {
    database: Database,
    /// The innermost first.
    layers: Arc<[Arc<dyn Layer>]>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Wire({} layers)", self.layers.len())
    }
}

impl Wire {
    /// Builds a wire that answers at once and truthfully.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database, layers: Arc::new([]) }
    }

    /// The same wire with a further layer around it.
    #[must_use]
    pub fn through(&self, layer: impl Layer + 'static) -> Self {
        let layers = self.layers.iter().cloned();
        Self {
            database: self.database.clone(),
            layers: layers.chain([Arc::new(layer) as Arc<dyn Layer>]).collect(),
        }
    }

    /// Returns the database at the end.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Carries a call through all layers.
    pub async fn carry(&self, call: Call) -> Answer {
        let onward = Onward { wire: self.clone(), left: self.layers.len() };
        onward.carry(call).await
    }
}
