//! Reads: items by their keys, ranges of partitions and of indexes, and pages of a whole table.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::attribute::{Item, text};
use super::client::{Store, Table};
use super::expression::Expression;
use super::key::{self, Key};
use super::retry::TRIES;
use super::row::invalid;
use crate::Fault;

/// The most items that DynamoDB reads in one call.
const BATCH: usize = 100;
/// The number of such calls that are under way at a time.
const CALLS: usize = 8;

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
        Self { pk, from, to: through(prefix), backwards: false, limit }
    }

    /// Begins the range after a sort key.
    pub(crate) fn after(mut self, sort: &str) -> Self {
        self.from = format!("{sort}\u{1}");
        self
    }

    /// Ends the range with the sort keys that start with `prefix`.
    pub(crate) fn up_to(mut self, prefix: &str) -> Self {
        self.to = through(prefix);
        self
    }

    /// Ends the range before a sort key.
    pub(crate) fn before(mut self, sort: &str) -> Self {
        self.to = before(sort);
        self
    }

    /// Reverses the range: greatest sort keys first.
    pub(crate) fn reversed(mut self) -> Self {
        self.backwards = true;
        self
    }
}

/// Returns a sort key just before this one: no key in use lies between them.
fn before(sort: &str) -> String {
    let mut key = sort.to_owned();
    match key.pop() {
        Some(last) => {
            let previous = char::from_u32(u32::from(last).saturating_sub(1)).unwrap_or('\u{1}');
            key.push(previous);
            key.push('\u{10FFFF}');
            key
        }
        None => key,
    }
}

/// Returns the last place of the sort keys that start with `prefix`.
pub(crate) fn through(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

impl Store {
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
                    .table_name(self.name(table))
                    .set_key(Some(key.item()))
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
        let chunks: Vec<Vec<Item>> =
            keys.chunks(BATCH).map(|chunk| chunk.iter().map(Key::item).collect()).collect();
        let calls = stream::iter(chunks).map(|chunk| self.whole_batch(table, chunk));
        let found: Vec<Vec<Item>> = calls.buffer_unordered(CALLS).try_collect().await?;
        let found = found.into_iter().flatten();
        Ok(found.filter_map(|item| Some((Key::of_item(&item)?, item))).collect())
    }

    /// Reads the items with these keys, at most [`BATCH`]. What DynamoDB leaves over is requested
    /// again.
    async fn whole_batch(&self, table: Table, mut wanted: Vec<Item>) -> Result<Vec<Item>, Fault> {
        let mut found = Vec::with_capacity(wanted.len());
        let mut tried = 0;
        while !wanted.is_empty() {
            let (items, left) = self.batch(table, wanted).await?;
            found.extend(items);
            wanted = left;
            if !wanted.is_empty() {
                self.pause(tried).await;
                tried += 1;
                if tried == TRIES {
                    return Err(Fault::Unavailable("a batch is not read whole".to_owned()));
                }
            }
        }
        Ok(found)
    }

    async fn batch(&self, table: Table, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), Fault> {
        let name = self.name(table);
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(invalid)?;
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
        self.query(range, |query| query.table_name(self.name(table)).consistent_read(true)).await
    }

    /// Reads the rows of a range of the table `search`, which may lag.
    pub(crate) async fn search_range(&self, range: &Range<'_>) -> Result<Vec<Item>, Fault> {
        let table = self.name(Table::Search);
        self.query(range, |query| query.table_name(table)).await
    }

    /// Reads the items of a range of an index, which may lag.
    pub(crate) async fn index_range(
        &self,
        index: Index,
        range: &Range<'_>,
    ) -> Result<Vec<Item>, Fault> {
        let table = self.name(index.table());
        self.query(range, |query| query.table_name(table).index_name(index.name())).await
    }

    /// Scans a page of a table, up to `limit` items, of which those that the filter lets through are
    /// returned, and the last key scanned, if there are more.
    pub(crate) async fn scan(
        &self,
        table: Table,
        filter: Expression,
        limit: i32,
        after: Option<&Key>,
    ) -> Result<(Vec<Item>, Option<Key>), Fault> {
        let scan = self
            .db
            .scan()
            .table_name(self.name(table))
            .consistent_read(table != Table::Search)
            .set_expression_attribute_names(filter.names())
            .set_expression_attribute_values(filter.values())
            .set_filter_expression(filter.condition)
            .limit(limit)
            .set_exclusive_start_key(after.map(Key::item));
        let answer = self.answered(|| scan.clone().send()).await?;
        let last = answer.last_evaluated_key.as_ref().and_then(Key::of_item);
        Ok((answer.items.unwrap_or_default(), last))
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
