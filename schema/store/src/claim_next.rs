//! Claiming the session that waits longest, for `claimNextSession`.
//!
//! An operator who loses the race for the first session tries one of the next two, chosen at random,
//! then one of the next four, and so on. If they went on in line, all of them would fight for each
//! place: fifty operators who ask at once cost over a thousand transactions. The price: under such a
//! rush the session that waits third longest may be claimed a moment before the second.

use std::collections::VecDeque;

use domain::{LiveChatId, Refusal, SessionId, Timestamp};
use futures::future::try_join_all;

use crate::act::{Acted, Person};
use crate::attribute::Read;
use crate::call::{Range, Table};
use crate::desk::Desk;
use crate::once::{Finished, Once, understood};
use crate::{Failure, Fault, Store, key};

/// How many waiting sessions of one live chat are looked at in one go.
const LOOK_AHEAD: usize = 50;
/// How many tries spread over twice as many sessions each as the one before.
const SPREADS: u32 = 6;
/// How often the queue is looked at again when others took all that was seen.
const LOOKS: u32 = 8;
/// The answer of a key when no session waited.
const NONE: &str = "none";

impl Store {
    /// An operator takes the session that waits longest, in one or in all the live chats they
    /// operate; `None` when none waits. Done once for its key.
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
        let desk = self.desk(&person.tenant, &person.id).await?;
        let live_chats = takes_from(&desk, live_chat)?;
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
            // Whoever loses the first spreads out: if all went on in line, as many as come at once
            // would fight again for the next one, and each fight costs everybody.
            let mut tried = 0;
            while let Some((_, id)) = self.pick(&mut waiting, tried) {
                tried += 1;
                let row = once.map(|once| once.row(self, &id.to_string())).transpose()?;
                match self.claim_queued(person, &id, row.as_slice()).await {
                    Ok(Some(acted)) => return Ok(Some(acted)),
                    // Another was quicker: the next one.
                    Ok(None) => {}
                    Err(failure) => {
                        // The same key may have been used at the same time.
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

    /// One of those that wait longest: the first, then any of the first two, four, and so on.
    fn pick<T>(&self, waiting: &mut VecDeque<T>, tried: u32) -> Option<T> {
        let among = waiting.len().min(1 << tried.min(SPREADS)).max(1);
        let chosen = usize::try_from(self.random() % among as u128).unwrap_or(0);
        waiting.remove(chosen)
    }

    /// The sessions that wait in these live chats, longest first.
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

    /// The session that an act with the same key took, as it is now.
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

/// A kept answer: the session that was taken, or that none waited.
fn read(answer: &str) -> Option<Option<SessionId>> {
    if answer == NONE { Some(None) } else { SessionId::parse(answer).map(Some) }
}

fn takes_from(desk: &Desk, live_chat: Option<&LiveChatId>) -> Result<Vec<LiveChatId>, Refusal> {
    let live_chats = match live_chat {
        None => desk.operated().filter(|id| !desk.is_full(id)).cloned().collect::<Vec<_>>(),
        Some(live_chat) => {
            let roles = desk.roles(live_chat);
            if !roles.is_member() {
                return Err(Refusal::NotFound);
            }
            if !roles.operator {
                return Err(Refusal::Forbidden);
            }
            vec![live_chat.clone()]
        }
    };
    if live_chats.is_empty() && desk.operated().next().is_none() {
        return Err(Refusal::Forbidden);
    }
    if desk.employee.choice == domain::presence::Choice::Offline {
        return Err(Refusal::ActorOffline);
    }
    if live_chats.is_empty() {
        return Err(Refusal::TOO_MANY_SESSIONS);
    }
    Ok(live_chats)
}
