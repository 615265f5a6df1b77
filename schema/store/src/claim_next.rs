//! Taking the session that waits longest.

use domain::id::digest;
use domain::{LiveChatId, Refusal, SessionId, Timestamp};
use futures::future::try_join_all;

use crate::act::{Acted, Person};
use crate::attribute::{Build, Read};
use crate::call::{Range, Table};
use crate::commit::Committed;
use crate::desk::Desk;
use crate::row::{Part, put_new};
use crate::store::TRIES;
use crate::{Failure, Fault, Store, key};

/// How many waiting sessions of one live chat are looked at in one go.
const LOOK_AHEAD: usize = 10;
/// How often the queue is looked at again when others took all that was seen.
const LOOKS: u32 = 8;
/// How long the answer of a key is kept, in seconds.
const ANSWER_SECONDS: u64 = 24 * 60 * 60;

impl Store {
    /// An operator takes the session that waits longest, in one or in all the live chats they
    /// operate; `None` when none waits. The same `key` gives the first answer.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `ActorOffline`, `KeyReused`, `Limit`; a [`Fault`] of the state.
    pub async fn claim_next(
        &self,
        person: &Person,
        live_chat: Option<&LiveChatId>,
        key: Option<&str>,
    ) -> Result<Option<Acted>, Failure> {
        let arguments = digest(&["claimNext", live_chat.map_or("", LiveChatId::as_str)]);
        let key = key.map(|key| key::repeated(&person.tenant, &person.id, &digest(&[key])));
        if let Some(key) = &key
            && let Some(item) = self.item(Table::Core, key).await?
        {
            return self.first_answer(person, &item, &arguments).await;
        }
        let desk = self.desk(&person.tenant, &person.id).await?;
        let live_chats = takes_from(&desk, live_chat)?;
        for look in 0..LOOKS {
            let waiting = self.waiting(person, &live_chats).await?;
            if waiting.is_empty() {
                return self.remember_none(person, key.as_ref(), &arguments).await;
            }
            for (_, id) in waiting {
                let answer = key
                    .as_ref()
                    .map(|key| Build::keyed(key).text("h", &arguments).text("a", id.to_string()));
                let ttl = self.now().as_seconds() + ANSWER_SECONDS;
                let row = answer
                    .map(|build| build.number("ttl", ttl).done())
                    .map(|item| put_new(&self.tables.core, Part::Once, item))
                    .transpose()?;
                match self.claim_queued(person, &id, row.as_slice()).await {
                    Ok(Some(acted)) => return Ok(Some(acted)),
                    // Another was quicker: the next one.
                    Ok(None) => {}
                    Err(failure) => {
                        return self
                            .done_meanwhile(person, key.as_ref(), &arguments, failure)
                            .await;
                    }
                }
            }
            self.pause(look).await;
        }
        Err(Fault::Conflict.into())
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

    async fn first_answer(
        &self,
        person: &Person,
        item: &crate::attribute::Item,
        arguments: &str,
    ) -> Result<Option<Acted>, Failure> {
        let read = Read(item);
        if read.text("h")? != arguments {
            return Err(Refusal::KeyReused.into());
        }
        match read.maybe_parsed("a", SessionId::parse)? {
            None => Ok(None),
            Some(id) => Ok(Some(self.look(person, &id).await?)),
        }
    }

    /// When the same key was used at the same time, the answer is what the other use came to.
    async fn done_meanwhile(
        &self,
        person: &Person,
        key: Option<&key::Key>,
        arguments: &str,
        failure: Failure,
    ) -> Result<Option<Acted>, Failure> {
        if failure == Failure::Failed(Fault::Conflict)
            && let Some(key) = key
            && let Some(item) = self.item(Table::Core, key).await?
        {
            return self.first_answer(person, &item, arguments).await;
        }
        Err(failure)
    }

    async fn remember_none(
        &self,
        person: &Person,
        key: Option<&key::Key>,
        arguments: &str,
    ) -> Result<Option<Acted>, Failure> {
        let Some(key) = key else { return Ok(None) };
        let ttl = self.now().as_seconds() + ANSWER_SECONDS;
        let item = Build::keyed(key).text("h", arguments).number("ttl", ttl).done();
        let row = put_new(&self.tables.core, Part::Once, item)?;
        for tried in 0..TRIES {
            match self.commit(vec![row.clone()]).await? {
                Committed::Done => return Ok(None),
                Committed::Guarded(_) => {
                    if let Some(item) = self.item(Table::Core, key).await? {
                        return self.first_answer(person, &item, arguments).await;
                    }
                }
                Committed::Collided => {}
            }
            self.pause(tried).await;
        }
        Err(Fault::Conflict.into())
    }
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
