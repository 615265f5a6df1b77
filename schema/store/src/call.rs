//! Reads: sends each until it is answered, or until the tries are used up.

use std::collections::HashMap;
use std::convert::Infallible;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};

use crate::attribute::{Item, text};
use crate::key::{self, Key};
use crate::store::TRIES;
use crate::{Fault, Store};

/// The meaning of an SDK error for the caller.
pub(crate) enum Trouble {
    /// Nothing was written; the caller may retry.
    Busy,
    /// No answer came: the call may have taken effect.
    Unknown,
    /// A retry would fail as well.
    Final(String),
}

/// Classifies an error of the SDK.
pub(crate) fn trouble<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    error: &SdkError<E, R>,
) -> Trouble {
    const BUSY: [&str; 5] = [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "TransactionInProgressException",
    ];
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) if BUSY.contains(&code) => Trouble::Busy,
            Some("InternalServerError" | "ServiceUnavailable") => Trouble::Unknown,
            code => Trouble::Final(format!("{code:?}: {:?}", service.err().message())),
        },
        SdkError::ConstructionFailure(why) => Trouble::Final(format!("{why:?}")),
        _ => Trouble::Unknown,
    }
}

/// The answer to a call that was retried until there was one.
pub(crate) struct Sent<T, N> {
    /// The answer, or the refusal.
    pub(crate) answer: Result<T, N>,
    /// True when an earlier try may have taken effect, because its answer was lost.
    pub(crate) is_again: bool,
}

/// The message of the fault when it is unknown whether a call took effect.
pub(crate) const NO_ANSWER: &str = "no answer";

pub(crate) fn key_item(key: &Key) -> Item {
    HashMap::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

/// The table that a call is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Core,
    Live,
}

/// The part of a partition that a query reads.
pub(crate) struct Range<'a> {
    pub(crate) pk: &'a str,
    pub(crate) from: String,
    pub(crate) to: String,
    /// True when the greatest sort keys come first.
    pub(crate) backwards: bool,
    /// The most items over all pages.
    pub(crate) limit: usize,
}

impl<'a> Range<'a> {
    /// Returns the range of all sort keys that start with `prefix`, up to `limit` items.
    pub(crate) fn starting(pk: &'a str, prefix: &str, limit: usize) -> Self {
        // DynamoDB refuses to compare a key with an empty text; the embedded database does not.
        let from = if prefix.is_empty() { "\u{1}".to_owned() } else { prefix.to_owned() };
        let to = format!("{prefix}\u{10FFFF}");
        Self { pk, from, to, backwards: false, limit }
    }

    /// Reverses the range: greatest sort keys first.
    pub(crate) fn reversed(mut self) -> Self {
        self.backwards = true;
        self
    }
}

impl Store {
    pub(crate) fn table(&self, table: Table) -> &str {
        match table {
            Table::Core => &self.tables.core,
            Table::Live => &self.tables.live,
        }
    }

    /// Retries a call until it is answered. For calls that may be repeated, because they change
    /// nothing or have the same effect.
    pub(crate) async fn answered<T, E, R, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        E: ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        match self.sent(|_| call(), |_| None::<Infallible>).await?.answer {
            Ok(answer) => Ok(answer),
            Err(never) => match never {},
        }
    }

    /// Retries a call until it is answered. `refusal` extracts an answer from an error of the
    /// service: that the guard failed. The call is given true when an earlier try may have taken
    /// effect.
    pub(crate) async fn sent<T, N, E, R, F>(
        &self,
        mut call: impl FnMut(bool) -> F,
        refusal: impl Fn(&E) -> Option<N>,
    ) -> Result<Sent<T, N>, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        E: ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        let mut is_again = false;
        for tried in 0..TRIES {
            // Boxed: the SDK's futures are large, and each caller's future would contain one.
            let error = match Box::pin(call(is_again)).await {
                Ok(answer) => return Ok(Sent { answer: Ok(answer), is_again }),
                Err(error) => error,
            };
            if let Some(refused) = error.as_service_error().and_then(&refusal) {
                return Ok(Sent { answer: Err(refused), is_again });
            }
            match trouble(&error) {
                Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                Trouble::Busy => {}
                Trouble::Unknown => is_again = true,
            }
            self.pause(tried).await;
        }
        Err(Fault::Unavailable(NO_ANSWER.to_owned()))
    }

    /// Reads an item that does not exist, to open the connection before the first real read.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn reach(&self) -> Result<(), Fault> {
        self.item(Table::Live, &key::nothing()).await.map(drop)
    }

    /// Reads one item, consistently.
    pub(crate) async fn item(&self, table: Table, key: &Key) -> Result<Option<Item>, Fault> {
        let answer = self
            .answered(|| {
                self.db
                    .get_item()
                    .table_name(self.table(table))
                    .set_key(Some(key_item(key)))
                    .consistent_read(true)
                    .send()
            })
            .await?;
        Ok(answer.item)
    }

    /// Reads the items with these keys, consistently; missing ones are left out.
    pub(crate) async fn items(
        &self,
        table: Table,
        keys: impl IntoIterator<Item = Key>,
    ) -> Result<HashMap<Key, Item>, Fault> {
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort();
        keys.dedup();
        let mut found = HashMap::with_capacity(keys.len());
        for chunk in keys.chunks(100) {
            let mut wanted: Vec<Item> = chunk.iter().map(key_item).collect();
            let mut tried = 0;
            while !wanted.is_empty() {
                let (items, left) = self.batch(table, wanted).await?;
                found.extend(items.into_iter().filter_map(|item| Some((key_of(&item)?, item))));
                wanted = left;
                if !wanted.is_empty() {
                    self.pause(tried).await;
                    tried += 1;
                    if tried == TRIES {
                        return Err(Fault::Unavailable("a batch is not read whole".to_owned()));
                    }
                }
            }
        }
        Ok(found)
    }

    async fn batch(&self, table: Table, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), Fault> {
        let name = self.table(table);
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(|error| Fault::Unavailable(error.to_string()))?;
        let answer = self
            .answered(|| self.db.batch_get_item().request_items(name, wanted.clone()).send())
            .await?;
        let items = answer.responses.and_then(|mut all| all.remove(name)).unwrap_or_default();
        let left = answer
            .unprocessed_keys
            .and_then(|mut all| all.remove(name))
            .map(|left| left.keys)
            .unwrap_or_default();
        Ok((items, left))
    }

    /// Reads the items of a range, consistently and in order, over as many pages as needed.
    pub(crate) async fn range(&self, table: Table, range: &Range<'_>) -> Result<Vec<Item>, Fault> {
        self.query(range, |query| query.table_name(self.table(table)).consistent_read(true)).await
    }

    /// Reads the rows of a range of the table `search`, which may lag.
    pub(crate) async fn search_range(&self, range: &Range<'_>) -> Result<Vec<Item>, Fault> {
        self.query(range, |query| query.table_name(&self.tables.search)).await
    }

    /// Reads the items of a range of an index, which may lag.
    pub(crate) async fn index_range(
        &self,
        index: Index,
        range: &Range<'_>,
    ) -> Result<Vec<Item>, Fault> {
        let table = self.table(index.table());
        self.query(range, |query| query.table_name(table).index_name(index.name())).await
    }

    async fn query(
        &self,
        range: &Range<'_>,
        target: impl Fn(QueryFluentBuilder) -> QueryFluentBuilder,
    ) -> Result<Vec<Item>, Fault> {
        let mut items = Vec::new();
        let mut start: Option<Item> = None;
        let is_index = target(self.db.query()).get_index_name().clone();
        let (pk, sk) = Index::attributes(is_index.as_deref());
        if range.from > range.to {
            return Ok(items);
        }
        while items.len() < range.limit {
            let most = i32::try_from(range.limit - items.len()).unwrap_or(i32::MAX).min(1000);
            let answer = self
                .answered(|| {
                    target(self.db.query())
                        .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
                        .expression_attribute_names("#pk", pk)
                        .expression_attribute_names("#sk", sk)
                        .expression_attribute_values(":pk", text(range.pk))
                        .expression_attribute_values(":from", text(&range.from))
                        .expression_attribute_values(":to", text(&range.to))
                        .scan_index_forward(!range.backwards)
                        .limit(most)
                        .set_exclusive_start_key(start.clone())
                        .send()
                })
                .await?;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(items)
    }
}

/// The indexes, which contain keys only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    LiveChat,
    Operator,
    Lease,
}

impl Index {
    /// Returns the name of the index.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LiveChat => "by_live_chat",
            Self::Operator => "by_operator",
            Self::Lease => "by_lease",
        }
    }

    /// Returns the table that the index belongs to.
    const fn table(self) -> Table {
        match self {
            Self::LiveChat | Self::Operator => Table::Core,
            Self::Lease => Table::Live,
        }
    }

    /// Returns the key attributes of an index, or of the table.
    pub(crate) fn attributes(index: Option<&str>) -> (&'static str, &'static str) {
        match index {
            Some("by_live_chat") => ("lp", "ls"),
            Some("by_lease") => ("wp", "ws"),
            Some(_) => ("op", "os"),
            None => ("pk", "sk"),
        }
    }
}

pub(crate) fn key_of(item: &Item) -> Option<Key> {
    let part = |name: &str| item.get(name).and_then(|value: &AttributeValue| value.as_s().ok());
    Some(Key { pk: part("pk")?.clone(), sk: part("sk")?.clone() })
}
