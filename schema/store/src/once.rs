//! Idempotency keys: for a day, the same key from the same person returns the answer that it returned
//! first.
//!
//! It does so even if the person has lost the right to the act since, because a repetition is
//! recognised before any permission is asked: so the contract orders its reasons. What the person may
//! no longer see is null in that answer, as the session of a repeated send is, and only an
//! administrator sees the secret of a channel. The arguments are hashed as they were given, so that a
//! key that was used says KEY_REUSED before an id says NOT_FOUND.

use domain::id::digest;
use domain::{Person, Refusal};

use crate::record::dialog::Answer;
use crate::table::{Committed, Item, Key, Part, Row, Table, decode, encode, key};
use crate::{Failure, Fault, Store};

/// The time that an answer is kept, in seconds.
const ANSWER_SECONDS: u64 = 24 * 60 * 60;

/// An act with its idempotency key.
#[derive(Clone, Debug)]
pub struct Once {
    key: Key,
    arguments: String,
}

/// The result of an idempotent act.
#[derive(Debug)]
pub(crate) enum Finished {
    /// It was done now.
    Done,
    /// It was done before, with this answer.
    Repeated(String),
    /// It was not done: these guards failed, with the items as they are.
    Guarded(Vec<(Part, Option<Item>)>),
}

impl Once {
    /// Returns the act `act` of this person with its arguments as given; `None` without a key.
    #[must_use]
    pub fn of(person: &Person, key: Option<&str>, act: &str, arguments: &[&str]) -> Option<Self> {
        // The key is text chosen by the sender. It is hashed, so that none of its characters has a
        // meaning.
        let key = key::repeated(&person.tenant, &person.id, &digest(&[key?]));
        let all: Vec<&str> = std::iter::once(act).chain(arguments.iter().copied()).collect();
        Some(Self { key, arguments: digest(&all) })
    }

    /// Returns the row that stores the answer, for the act's transaction.
    pub(crate) fn row(&self, store: &Store, answer: &str) -> Row {
        let ttl = store.now().as_seconds() + ANSWER_SECONDS;
        let (arguments, answer) = (self.arguments.clone(), answer.to_owned());
        let item = encode(&self.key, &Answer { arguments, answer, ttl });
        Row::put_new(Table::Core, Part::Once, item)
    }

    /// Returns the first answer of this act, from the row that stores it.
    fn answer(&self, item: &Item) -> Result<String, Failure> {
        let kept: Answer = decode(item)?;
        if kept.arguments != self.arguments {
            return Err(Refusal::KeyReused.into());
        }
        Ok(kept.answer)
    }
}

impl Store {
    /// Returns the first answer of an act, parsed by `read`; `None` when it was not done yet. It is
    /// checked before all other reasons to refuse the act.
    ///
    /// # Errors
    /// `KeyReused` when the key was used for something else; a [`Fault`] of the state.
    pub async fn first_answer<T>(
        &self,
        once: Option<&Once>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Failure> {
        let kept = self.kept_answer(once).await?;
        Ok(kept.map(|answer| understood(&answer, read)).transpose()?)
    }

    async fn kept_answer(&self, once: Option<&Once>) -> Result<Option<String>, Failure> {
        let Some(once) = once else { return Ok(None) };
        let item = self.item(Table::Core, &once.key).await?;
        item.map(|item| once.answer(&item)).transpose()
    }

    /// Commits the rows of an act together with the answer for its key.
    ///
    /// # Errors
    /// `KeyReused`; a [`Fault`] of the state.
    pub(crate) async fn commit_once(
        &self,
        once: Option<&Once>,
        answer: &str,
        mut rows: Vec<Row>,
    ) -> Result<Finished, Failure> {
        if let Some(once) = once {
            rows.push(once.row(self, answer));
        }
        if rows.is_empty() {
            return Ok(Finished::Done);
        }
        let Committed::Guarded(failed) = self.commit(|| rows.clone()).await? else {
            return Ok(Finished::Done);
        };
        // A repetition is checked before all other reasons.
        Ok(match self.kept_answer(once).await? {
            Some(answer) => Finished::Repeated(answer),
            None => Finished::Guarded(failed),
        })
    }
}

/// Parses a stored answer.
pub(crate) fn understood<T>(answer: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    read(answer).ok_or_else(|| Fault::Corrupt(format!("a kept answer: {} bytes", answer.len())))
}
