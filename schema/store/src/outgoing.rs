//! Outgoing answers: which are due, and which of them leaves next.
//!
//! A row for each conversation names the answers that are due there; it exists as long as there are any.
//! The worker writes it from the stream, and what delivers an answer takes it out. The row also keeps
//! what the next attempt needs: when it is, how many there were, and which parts have left.
//!
//! The order does not depend on the order in which the worker sees the answers: each answer says after
//! which one it leaves, and one about which nothing is stored is due, whatever the row says.

use std::collections::BTreeSet;

use domain::delivery::PATIENCE_MILLIS;
use domain::{ChannelId, ConversationId, Message, TenantId, Timestamp};
use futures::try_join;

use crate::delivery::{Tracked, list, read_list};
use crate::metric::UNREADABLE;
use crate::record::dialog;
use crate::table::{Expression, Item, Range, Read, Table, decode, key};
use crate::{Fault, Store, TenantStore};

/// The most answers that are looked at backwards in one go.
const MOST_STEPS: usize = 100;
/// The number of rows that a page of a sweep has.
const PAGE: usize = 500;

/// What is due in a conversation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    /// The tenant.
    pub tenant: TenantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The numbers of the answers that are due.
    pub seqs: BTreeSet<u64>,
    /// The moment of the next attempt.
    pub at: Timestamp,
    /// The number of failed attempts for the next answer.
    pub attempts: u32,
    /// The answer of which a part has left; 0 if there is none.
    pub split: u64,
    /// The messenger's own ids of its parts that have left; empty texts where the messenger gave none.
    pub parts: Vec<String>,
    /// The moment from which the recipient takes the next message.
    pub pace: Timestamp,
    /// The mark of the last note that something is due.
    pub noted: u64,
}

/// The pause of a channel whose messenger does not answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pause {
    /// The number of calls without an answer, one after another.
    pub failures: u32,
    /// The moment from which the next call is made.
    pub until: Timestamp,
}

/// The answer that leaves next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Next {
    /// The answer.
    pub answer: Message,
    /// Its delivery as it is stored; none if nothing is.
    pub stored: Option<Tracked>,
    /// The moment from which the recipient takes it.
    pub pace: Timestamp,
}

impl TenantStore<'_> {
    /// Notes that these answers are due. Those that are noted already stay so.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_due(
        self,
        conversation: &ConversationId,
        seqs: &BTreeSet<u64>,
    ) -> Result<(), Fault> {
        self.note(conversation, seqs).await.map(drop)
    }

    /// Notes that these answers are due, and returns the mark of the note.
    async fn note(self, conversation: &ConversationId, seqs: &BTreeSet<u64>) -> Result<u64, Fault> {
        let mark = u64::try_from(self.random() >> 64).unwrap_or_default();
        let update = Expression::update("ADD q :seqs SET nb = :mark, du = if_not_exists(du, :now)")
            .numbers(":seqs", seqs)
            .number(":mark", mark)
            .number(":now", self.now().as_millis());
        self.update(Table::Core, &key::due(self.tenant, conversation), update).await?;
        Ok(mark)
    }

    /// Returns what is due in a conversation; none if nothing is.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn due(self, conversation: &ConversationId) -> Result<Option<Due>, Fault> {
        let item = self.item(Table::Core, &key::due(self.tenant, conversation)).await?;
        item.as_ref().map(decode_due).transpose()
    }

    /// Returns the answer that leaves next, or none if all of them are over. Those that are over are
    /// taken out of what is due.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn next_outgoing(self, due: &mut Due) -> Result<Option<Next>, Fault> {
        let conversation = due.conversation.clone();
        while let Some(seq) = due.seqs.first().copied() {
            let Some((answer, stored)) = self.outgoing(&conversation, seq).await? else {
                self.settle(due, seq, None).await?;
                continue;
            };
            if stored.as_ref().is_some_and(Tracked::is_over) {
                self.settle(due, seq, None).await?;
                continue;
            }
            let before = due.seqs.clone();
            let first = self.first_before(due, answer, stored).await?;
            if due.seqs != before {
                due.noted = self.note(&conversation, &due.seqs).await?;
            }
            // Without one, there is more before: the walk goes on from what is noted now.
            if first.is_some() {
                return Ok(first);
            }
        }
        Ok(None)
    }

    /// Walks from an answer that is due to those before it, as far as they are due too. None if it does
    /// not come to the first of them.
    async fn first_before(
        self,
        due: &mut Due,
        answer: Message,
        stored: Option<Tracked>,
    ) -> Result<Option<Next>, Fault> {
        let mut next = Next { answer, stored, pace: due.pace };
        for _ in 0..MOST_STEPS {
            let Some(seq) = next.answer.leaves_after.filter(|seq| *seq > 0) else {
                return Ok(Some(next));
            };
            let Some((answer, stored)) = self.outgoing(&due.conversation, seq).await? else {
                return Ok(Some(next));
            };
            if let Some(over) = stored.as_ref().filter(|stored| stored.is_over()) {
                next.pace = next.pace.max(over.pace);
                return Ok(Some(next));
            }
            due.seqs.insert(seq);
            next = Next { answer, stored, pace: due.pace };
        }
        Ok(None)
    }

    /// Returns an answer with its delivery.
    async fn outgoing(
        self,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<(Message, Option<Tracked>)>, Fault> {
        let (answer, tracked) =
            try_join!(self.entry(conversation, seq), self.tracked(conversation, seq))?;
        let answer = answer.filter(|answer| answer.leaves_after.is_some());
        Ok(answer.map(|answer| (answer, tracked)))
    }

    /// Notes when the next attempt is, and how many have failed.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn postpone(
        self,
        due: &mut Due,
        until: Timestamp,
        attempts: u32,
    ) -> Result<(), Fault> {
        (due.at, due.attempts) = (until, attempts);
        let update = Expression::update("SET du = :until, n = :attempts")
            .when("attribute_exists(pk)")
            .number(":until", until.as_millis())
            .number(":attempts", attempts);
        self.update(Table::Core, &key::due(self.tenant, &due.conversation), update).await?;
        Ok(())
    }

    /// Notes that a part of an answer has left.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_part(
        self,
        due: &mut Due,
        seq: u64,
        external_id: String,
        pace: Timestamp,
    ) -> Result<(), Fault> {
        if due.split != seq {
            (due.split, due.parts) = (seq, Vec::new());
        }
        due.parts.push(external_id);
        (due.pace, due.attempts) = (pace, 0);
        let update = Expression::update("SET ps = :seq, xs = :parts, pt = :pace REMOVE n")
            .when("attribute_exists(pk)")
            .number(":seq", seq)
            .text(":parts", list(&due.parts).unwrap_or_default())
            .number(":pace", pace.as_millis());
        self.update(Table::Core, &key::due(self.tenant, &due.conversation), update).await?;
        Ok(())
    }

    /// Takes an answer that is over out of what is due. `pace` is the moment from which the recipient
    /// takes the next message.
    ///
    /// Something that was noted since leaves it there, to be looked at again: its delivery may have been
    /// begun anew.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn settle(
        self,
        due: &mut Due,
        seq: u64,
        pace: Option<Timestamp>,
    ) -> Result<(), Fault> {
        let key = key::due(self.tenant, &due.conversation);
        let one = BTreeSet::from([seq]);
        let is_last = due.seqs == one;
        due.pace = due.pace.max(pace.unwrap_or_default());
        due.attempts = 0;
        if is_last {
            let alone = Expression::guard("attribute_not_exists(q) OR (q = :one AND nb = :mark)")
                .numbers(":one", &one)
                .number(":mark", due.noted);
            if self.delete_when(Table::Core, &key, alone).await? {
                due.seqs.clear();
                return Ok(());
            }
        }
        // The parts of another answer, which waits while this one is begun anew, have left.
        let change = if due.split == seq {
            (due.split, due.parts) = (0, Vec::new());
            "SET du = :now, pt = :pace REMOVE n, ps, xs DELETE q :one"
        } else {
            "SET du = :now, pt = :pace REMOVE n DELETE q :one"
        };
        let update = Expression::update(change)
            .when("nb = :mark")
            .number(":mark", due.noted)
            .number(":now", self.now().as_millis())
            .number(":pace", due.pace.as_millis())
            .numbers(":one", &one);
        due.seqs.remove(&seq);
        let there = match self.update(Table::Core, &key, update.returning_new()).await?.answer {
            Ok(item) => Some(item),
            Err(found) => found,
        };
        if let Some(item) = there.filter(|item| !item.is_empty()) {
            let there = decode_due(&with_key(item, &key))?;
            (due.seqs, due.noted) = (there.seqs, there.noted);
        }
        Ok(())
    }
}

impl TenantStore<'_> {
    /// Returns the pause of a channel whose messenger does not answer; none if it answers.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn channel_pause(self, channel: &ChannelId) -> Result<Option<Pause>, Fault> {
        let item = self.item(Table::Live, &key::channel_pause(self.tenant, channel)).await?;
        let Some(item) = item else { return Ok(None) };
        let read = Read(&item);
        Ok(Some(Pause {
            failures: read.number("n")?,
            until: Timestamp::from_millis(read.number("until")?),
        }))
    }

    /// Notes one more failure of a channel's messenger, and the pause after it. Of several calls that
    /// failed at once, one counts. A pause ends by itself after a day.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn pause_channel(
        self,
        channel: &ChannelId,
        before: u32,
        until: Timestamp,
    ) -> Result<(), Fault> {
        let guard = match before {
            0 => "attribute_not_exists(n)",
            _ => "n = :before",
        };
        let mut update = Expression::update("ADD n :one SET #until = :until, #ttl = :ttl")
            .when(guard)
            .number(":one", 1)
            .number(":until", until.as_millis())
            .number(":ttl", self.now().plus_millis(PATIENCE_MILLIS).as_seconds());
        if before > 0 {
            update = update.number(":before", before);
        }
        // Not sent again: a failure that is not counted does no harm.
        self.update_once(Table::Live, &key::channel_pause(self.tenant, channel), update).await?;
        Ok(())
    }

    /// Claims the attempt after a pause, for one of all who wait. Returns false if another has it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn claim_attempt(
        self,
        channel: &ChannelId,
        pause: &Pause,
        until: Timestamp,
    ) -> Result<bool, Fault> {
        let update = Expression::update("SET #until = :until")
            .when("#until = :before")
            .number(":before", pause.until.as_millis())
            .number(":until", until.as_millis());
        self.update_once(Table::Live, &key::channel_pause(self.tenant, channel), update).await
    }

    /// Ends the pause of a channel whose messenger answers again.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn end_pause(self, channel: &ChannelId) -> Result<(), Fault> {
        self.delete(Table::Live, &key::channel_pause(self.tenant, channel)).await.map(drop)
    }
}

impl Store {
    /// Returns a page of what is due in a shard, and the place where the next page begins.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn due_page(
        &self,
        shard: u32,
        after: Option<&str>,
    ) -> Result<(Vec<Due>, Option<String>), Fault> {
        let pk = key::due_shard(shard);
        let mut range = Range::starting(&pk, "", PAGE);
        if let Some(after) = after {
            range = range.after(after);
        }
        let items = self.range(Table::Core, &range).await?;
        let last = items.last().and_then(|item| Read(item).maybe_text("sk")).map(str::to_owned);
        let next = last.filter(|_| items.len() == PAGE);
        // One that cannot be read holds up no other.
        let readable = |item: &Item| {
            decode_due(item).inspect_err(|_| metrics::counter!(UNREADABLE).increment(1)).ok()
        };
        Ok((items.iter().filter_map(readable).collect(), next))
    }

    /// Notes that what is due was queued again, unless another sweep did it, or it is not due any more.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_requeued(&self, due: &Due) -> Result<(), Fault> {
        let update = Expression::update("SET du = :now")
            .when("du = :before")
            .number(":before", due.at.as_millis())
            .number(":now", self.now().as_millis());
        let key = key::due(&due.tenant, &due.conversation);
        self.update(Table::Core, &key, update).await.map(drop)
    }
}

fn decode_due(item: &Item) -> Result<Due, Fault> {
    let (tenant, conversation) = Read(item).parsed("sk", key::read_due)?;
    let dialog::Due { seqs, at, attempts, split, external_ids, pace, noted } = decode(item)?;
    Ok(Due {
        tenant,
        conversation,
        seqs,
        at: at.0,
        attempts,
        split: split.unwrap_or_default(),
        parts: read_list(external_ids.as_deref()),
        pace: pace.map_or_else(Timestamp::default, |pace| pace.0),
        noted,
    })
}

fn with_key(mut item: Item, key: &key::Key) -> Item {
    item.extend(key.item());
    item
}
