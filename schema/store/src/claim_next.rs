//! Claiming the session that waits longest, for `claimNextSession`.
//!
//! An operator who loses the race for the first session tries one of the next two, chosen at random,
//! then one of the next four, and so on. If they went on in line, all of them would fight for each
//! place: fifty operators who ask at once cost over a thousand transactions. The price: under such a
//! rush the session that waits third longest may be claimed a moment before the second.

use std::collections::VecDeque;

use domain::{LiveChatId, Person, SessionId, Timestamp};
use futures::future::try_join_all;

use crate::act::Acted;
use crate::once::{Finished, Once, understood};
use crate::table::{Range, Read, Table, key};
use crate::{Failure, Fault, Store};

/// The number of waiting sessions of one live chat that are read at a time.
const LOOK_AHEAD: usize = 50;
/// The number of tries that each pick from twice as many sessions as the one before.
const SPREADS: u32 = 6;
/// The number of further reads of the queue when other operators claimed all the sessions read.
const LOOKS: u32 = 8;
/// The stored answer of a key when no session waited.
const NONE: &str = "none";

impl Store {
    /// Claims for an operator the session that waits longest, in one or in all of the live chats
    /// they operate. Returns `None` when none waits. Idempotent under its key.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `ActorOffline`, `KeyReused`, `Limit`; a [`Fault`] of the state.
    pub async fn claim_next(
        &self,
        person: &Person,
        live_chat: Option<&LiveChatId>,
        once: Option<&Once>,
    ) -> Result<Option<Acted>, Failure> {
        if let Some(first) = self.first_answer(once, read).await? {
            return self.claimed_first(person, first).await;
        }
        let desk = self.of(&person.tenant).desk(&person.id).await?;
        let live_chats = desk.claims_from(live_chat)?;
        for look in 0..LOOKS {
            let waiting = self.waiting(person, &live_chats).await?;
            if waiting.is_empty() {
                return match self.commit_once(once, NONE, Vec::new()).await? {
                    Finished::Repeated(answer) => {
                        self.claimed_first(person, understood(&answer, read)?).await
                    }
                    Finished::Done | Finished::Guarded(_) => Ok(None),
                };
            }
            let mut waiting = VecDeque::from(waiting);
            // An operator who loses the first session picks at random from the next ones. If all
            // went on in order, operators who claim at once would collide again on each session.
            let mut tried = 0;
            while let Some((_, id)) = self.pick(&mut waiting, tried) {
                tried += 1;
                let row = once.map(|once| once.row(self, &id.to_string()));
                match self.claim_queued(person, &id, row.as_slice()).await {
                    Ok(Some(acted)) => return Ok(Some(acted)),
                    // Another operator claimed it first: try the next one.
                    Ok(None) => {}
                    Err(failure) => {
                        // Another request may have used the same key at the same time.
                        return match self.first_answer(once, read).await? {
                            Some(first) => self.claimed_first(person, first).await,
                            None => Err(failure),
                        };
                    }
                }
            }
            self.pause(look).await;
        }
        Err(Fault::Conflict.into())
    }

    /// Picks one of those that wait longest: the first, then any of the first two, four, and so on.
    fn pick<T>(&self, waiting: &mut VecDeque<T>, tried: u32) -> Option<T> {
        let among = waiting.len().min(1 << tried.min(SPREADS)).max(1);
        let chosen = usize::try_from(self.random() % among as u128).unwrap_or(0);
        waiting.remove(chosen)
    }

    /// Returns the sessions that wait in these live chats, longest first.
    async fn waiting(
        &self,
        person: &Person,
        live_chats: &[LiveChatId],
    ) -> Result<Vec<(Timestamp, SessionId)>, Fault> {
        let queues = live_chats.iter().map(|live_chat| async move {
            let pk = key::queue(&person.tenant, live_chat);
            self.range(Table::Core, &Range::starting(&pk, "", LOOK_AHEAD)).await
        });
        let mut waiting = Vec::new();
        for item in try_join_all(queues).await?.iter().flatten() {
            waiting.push(Read(item).parsed("sk", key::read_ordered)?);
        }
        waiting.sort();
        Ok(waiting)
    }

    /// Returns the session that the first act with the same key claimed, as it is now.
    async fn claimed_first(
        &self,
        person: &Person,
        first: Option<SessionId>,
    ) -> Result<Option<Acted>, Failure> {
        match first {
            None => Ok(None),
            Some(id) => Ok(Some(self.look(person, &id).await?)),
        }
    }
}

/// Reads a stored answer: the session that was claimed, or that none waited.
fn read(answer: &str) -> Option<Option<SessionId>> {
    if answer == NONE { Some(None) } else { SessionId::parse(answer).map(Some) }
}
