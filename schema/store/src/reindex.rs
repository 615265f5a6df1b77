//! Reindexing: a job that makes the rows of the search again from the state, when they were lost or are
//! made otherwise than before.
//!
//! The job is one row. Its stream record wakes the worker, which does one step. A step scans on through
//! the table `core`, writes the rows of the sessions and items that it meets, and counts the row up,
//! which wakes the next step. After the last of them the job scans the table `search`, and deletes the
//! rows of grams that today's rules never make: an older version left them, of names that may be long
//! gone.
//!
//! A step that dies is delivered again, and does the same again. A session that changes meanwhile is
//! indexed by both the job and the worker, and both write the same. Starting the job while it runs
//! starts it from the beginning.

use std::collections::BTreeSet;

use domain::search::is_gram;
use domain::{Item, SessionId, TenantId, Timestamp};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use crate::metric::UNREADABLE;
use crate::record::head;
use crate::table::key::Kind;
use crate::table::{self, Expression, Key, Part, Read, Row, Table, key};
use crate::{Fault, Store, item};

/// The number of sessions and items that are indexed at a time.
const AT_ONCE: usize = 4;
/// The number of rows of the search read in the place of one item of the table: the rows are small.
const ROWS_A_PAGE: i32 = 10;

/// The progress of the job.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reindexing {
    /// The number of the next step. It never falls, over all runs.
    pub step: u64,
    /// The number of sessions and items that this run has indexed.
    pub done: u64,
    /// The moment when the run had indexed everything; none while it is under way.
    pub ended_at: Option<Timestamp>,
    /// True while the run rebuilds all rows and deletes those that an older version left.
    is_clearing: bool,
    after: Option<Key>,
}

/// The amount of work in one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stride {
    /// The number of items of the table that one read covers.
    pub page: i32,
    /// The most reads of one step.
    pub pages: usize,
    /// The number of sessions and items after which a step ends.
    pub enough: usize,
}

impl Default for Stride {
    /// Some seconds of work.
    fn default() -> Self {
        Self { page: 100, pages: 20, enough: 25 }
    }
}

/// A named record that has rows in the search.
enum Named {
    Session(TenantId, SessionId),
    Item(TenantId, Item),
}

/// Returns the step of the job from a record of the stream, if the record is of the job.
#[must_use]
pub fn step(record: &Value) -> Option<u64> {
    let key = key::reindexing();
    let image = record.pointer("/dynamodb/NewImage")?;
    let is_job =
        image.pointer("/pk/S")? == key.pk.as_str() && image.pointer("/sk/S")? == key.sk.as_str();
    is_job.then(|| image.pointer("/n/N")?.as_str()?.parse().ok()).flatten()
}

impl Store {
    /// Starts the job; if it is under way, starts it again from the beginning.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn start_reindexing(&self) -> Result<(), Fault> {
        let update = Expression::update("SET d = :none REMOVE ap, ak, e, cl ADD n :one");
        let update = update.number(":none", 0).number(":one", 1);
        self.commit_step(Row::update(Table::Core, Part::Other, &key::reindexing(), update)).await
    }

    /// Returns the progress of the job; none when it was never started.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn reindexing(&self) -> Result<Option<Reindexing>, Fault> {
        let item = self.item(Table::Core, &key::reindexing()).await?;
        item.as_ref().map(decode).transpose()
    }

    /// Does a step of the job. Does nothing when a later step is under way, or when no run is.
    ///
    /// # Errors
    /// A [`Fault`] of the state: the worker has to repeat the step.
    pub async fn reindex(&self, step: u64, stride: Stride) -> Result<(), Fault> {
        // The position is read from the row, not from the record, which may be of an earlier run.
        let Some(mut job) = self.reindexing().await? else { return Ok(()) };
        if job.step != step || job.ended_at.is_some() {
            return Ok(());
        }
        let mut done = 0;
        for _ in 0..stride.pages {
            if job.is_clearing {
                job.after = self.clear(job.after.as_ref(), stride.page).await?;
            } else {
                let (named, last) = self.scan_named(job.after.as_ref(), stride.page).await?;
                done += named.len();
                let renewed = stream::iter(named).map(|named| self.index_named(named));
                renewed.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
                job.after = last;
            }
            if job.after.is_none() || done >= stride.enough {
                break;
            }
        }
        self.next_reindexing(&job, done).await
    }

    /// Scans a page of rows of the search, and deletes those of grams that today's rules never
    /// make, so that no query reads them. Returns the last key scanned, if there are more.
    async fn clear(&self, after: Option<&Key>, page: i32) -> Result<Option<Key>, Fault> {
        let page = page.saturating_mul(ROWS_A_PAGE);
        let (found, last) = self.scan(Table::Search, Expression::default(), page, after).await?;
        let keys: BTreeSet<Key> = found.iter().filter_map(Key::of_item).collect();
        let is_stale = |key: &&Key| {
            key::read_gram(&key.pk).is_some_and(|(longest, gram)| !is_gram(gram, longest))
        };
        self.delete_rows(keys.iter().filter(is_stale).collect()).await?;
        Ok(last)
    }

    async fn index_named(&self, named: Named) -> Result<(), Fault> {
        match named {
            Named::Session(tenant, id) => self.of(&tenant).index_again(&id).await,
            Named::Item(tenant, item) => self.of(&tenant).index_item(&item).await,
        }
    }

    /// Scans a page of items of the table. Returns those with a name, and the last key scanned, if
    /// there are more. The read is consistent, so that it includes everything that was there when
    /// the job began; the worker indexes what is written meanwhile. Nothing scanned ever changes
    /// its key.
    async fn scan_named(
        &self,
        after: Option<&Key>,
        page: i32,
    ) -> Result<(Vec<Named>, Option<Key>), Fault> {
        let is_dialog = "begins_with(pk, :dialog) AND begins_with(sk, :head)";
        let filter = Expression::guard(format!("({is_dialog}) OR begins_with(pk, :items)"))
            .text(":dialog", key::CONVERSATIONS)
            .text(":head", key::HEADS)
            .text(":items", key::ITEMS);
        let (found, last) = self.scan(Table::Core, filter, page, after).await?;
        let named = found.iter().filter_map(|item| {
            // An item that cannot be read is skipped: it must not block the others, and a retry
            // would not read it either.
            let read = named(item).inspect_err(|fault| {
                metrics::counter!(UNREADABLE).increment(1);
                tracing::error!(%fault, "an item is skipped");
            });
            read.ok()
        });
        Ok((named.collect(), last))
    }

    /// Increments the step, so that the stream wakes the worker again, or notes that the run is
    /// over.
    async fn next_reindexing(&self, job: &Reindexing, done: usize) -> Result<(), Fault> {
        let update = match &job.after {
            None if !job.is_clearing => {
                Expression::update("SET cl = :one REMOVE ap, ak ADD n :one, d :done")
            }
            Some(after) => Expression::update("SET ap = :pk, ak = :sk ADD n :one, d :done")
                .text(":pk", &after.pk)
                .text(":sk", &after.sk),
            None => Expression::update("SET e = :now REMOVE ap, ak ADD n :one, d :done")
                .number(":now", self.now().as_millis()),
        };
        let update =
            update.when("n = :n").number(":n", job.step).number(":one", 1).number(":done", done);
        self.commit_step(Row::update(Table::Core, Part::Other, &key::reindexing(), update)).await
    }
}

fn decode(item: &table::Item) -> Result<Reindexing, Fault> {
    let read = Read(item);
    let after = read.maybe_text("ap").zip(read.maybe_text("ak"));
    Ok(Reindexing {
        step: read.number("n")?,
        done: read.number("d")?,
        ended_at: read.maybe_time("e")?,
        is_clearing: read.maybe_number::<u8>("cl")?.is_some(),
        after: after.map(|(pk, sk)| Key::of(pk.to_owned(), sk)),
    })
}

fn named(found: &table::Item) -> Result<Named, Fault> {
    let read = Read(found);
    let tenant = read.parsed("pk", key::read_tenant)?;
    Ok(match read.keyed(key::kind)? {
        Kind::Head => Named::Session(tenant, head::decode(found)?.id),
        _ => Named::Item(tenant, item::decode(found)?),
    })
}
