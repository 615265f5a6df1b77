//! The state that an act decides on: reads it, and learns from failed guards what it is now.

use domain::access::{self, Sight};
use domain::{
    Acting, Attachment, AttachmentId, Channel, ConversationId, Desk, EmployeeId, Message, Person,
    Refusal, Session, SessionId, Timestamp, Turn,
};
use futures::future::OptionFuture;
use futures::try_join;

use crate::attachment;
use crate::desk::decode_membership;
use crate::position::ReadPosition;
use crate::receipt::Claimcheck;
use crate::record::dialog::{Position, Receipt};
use crate::record::head::Head;
use crate::record::{entry, head};
use crate::table::{Item, Part, Range, Table, Trail, decode, key};
use crate::{Failure, Fault, Store, TenantStore};

/// The items that an act needs, besides the session and its actor.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) check: Option<Claimcheck>,
    /// Entries by number: of a read mark, of a quote.
    pub(super) entries: Vec<u64>,
    pub(super) assignee: Option<EmployeeId>,
    /// True if the act sends something by the session's channel.
    pub(super) channel: bool,
    /// The files that it attaches.
    pub(super) attachments: Vec<AttachmentId>,
}

/// The state that an act decides on.
pub(super) struct Snapshot {
    pub(super) session: Session,
    /// The trail of its head.
    pub(super) trail: Trail,
    pub(super) who: Acting,
    pub(super) latest: Option<Session>,
    pub(super) position: ReadPosition,
    pub(super) entries: Vec<Message>,
    pub(super) assignee: Option<Acting>,
    pub(super) done: Option<Receipt>,
    /// The session's channel, if it is wanted and there.
    pub(super) channel: Option<Channel>,
    /// The wanted files, in order; none for one that is not there.
    pub(super) attachments: Vec<Option<Attachment>>,
}

impl Snapshot {
    pub(super) fn sight(&self) -> Sight {
        let Acting { id, roles, handled, .. } = &self.who;
        access::sight(&self.session, id, *roles, *handled, self.latest.as_ref())
    }

    pub(super) fn turn(&self, now: Timestamp) -> Turn<'_> {
        Turn { session: &self.session, sight: self.sight(), who: &self.who, now }
    }

    pub(super) fn entry(&self, seq: u64) -> Option<&Message> {
        self.entries.iter().find(|entry| entry.seq == seq)
    }

    /// Takes from the failed guards what the items are now. Returns false when more has to be read.
    pub(super) fn learn(&mut self, failed: Vec<(Part, Option<Item>)>) -> Result<bool, Fault> {
        let mut is_enough = true;
        for (part, item) in failed {
            match (part, item) {
                (Part::Head, Some(item)) => {
                    self.session = head::learn(&self.session, &item)?;
                    self.trail = Trail::of(&item);
                }
                (Part::Desk(who), Some(item)) => {
                    let membership = decode_membership(&item)?;
                    let people = [Some(&mut self.who), self.assignee.as_mut()];
                    for person in people.into_iter().flatten().filter(|person| person.id == who) {
                        person.roles = membership.roles;
                        person.is_full = membership.open >= domain::delta::MOST_OPEN;
                    }
                }
                (Part::Other | Part::Tally, _) => {}
                (
                    Part::Head | Part::Desk(_) | Part::Once | Part::Attachment | Part::Connection,
                    _,
                ) => is_enough = false,
            }
        }
        Ok(is_enough)
    }
}

impl Store {
    /// Reads all that an act decides on, in one step: the calls go out together.
    pub(super) async fn read(
        &self,
        person: &Person,
        id: &SessionId,
        wanted: &Wanted,
    ) -> Result<Snapshot, Failure> {
        let tenant = &person.tenant;
        let head = key::head(tenant, id);
        let position = key::position(tenant, &id.conversation, &person.id);
        let entry = |seq: &u64| key::message(tenant, &id.conversation, *seq);
        let mut keys = vec![head.clone(), position.clone()];
        keys.extend(wanted.entries.iter().map(entry));
        keys.extend(wanted.check.as_ref().map(|check| check.key.clone()));
        let file = |file_id: &AttachmentId| key::attachment(tenant, &id.conversation, file_id);
        keys.extend(wanted.attachments.iter().map(file));
        let assignee = wanted.assignee.as_ref().map(|to| self.of(tenant).assignee(to));
        let (items, desk, assignee) =
            try_join!(self.items(Table::Core, keys), self.of(tenant).desk(&person.id), async {
                OptionFuture::from(assignee).await.transpose()
            },)?;
        let Some(Head { session, trail }) = items.get(&head).map(Head::decode).transpose()? else {
            return Err(Refusal::NotFound.into());
        };
        let done = wanted.check.as_ref().and_then(|check| items.get(&check.key));
        let mut read = Snapshot {
            who: acting(person, &desk, &session, items.get(&position))?,
            position: ReadPosition::decode(items.get(&position))?,
            entries: wanted
                .entries
                .iter()
                .filter_map(|seq| items.get(&entry(seq)))
                .map(entry::decode)
                .collect::<Result<_, _>>()?,
            assignee: assignee.flatten().map(|to| assignee_of(to, &session)),
            done: done.map(decode).transpose()?,
            attachments: wanted
                .attachments
                .iter()
                .map(|id| items.get(&file(id)).map(attachment::decode).transpose())
                .collect::<Result<_, _>>()?,
            latest: None,
            channel: None,
            trail,
            session,
        };
        if wanted.channel && read.done.is_none() {
            let (live_chat, channel) = (&read.session.live_chat, &read.session.channel);
            read.channel = self.of(tenant).channel(live_chat, channel).await?;
        }
        if read.session.is_closed() && read.sight() == Sight::Nothing && read.who.roles.operator {
            read.latest = self.of(tenant).latest_session(&id.conversation).await?;
        }
        Ok(read)
    }
}

impl TenantStore<'_> {
    /// Returns an assignee with their presence; `None` for an employee who was never seen.
    async fn assignee(self, to: &EmployeeId) -> Result<Option<(Desk, bool)>, Fault> {
        let desk = self.desk(to).await?;
        if desk.employee.name.is_none() && desk.memberships.is_empty() {
            return Ok(None);
        }
        let is_online = self.is_online(&desk.employee, self.now()).await?;
        Ok(Some((desk, is_online)))
    }

    /// Returns the conversation's latest session, as it is now.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn latest_session(
        self,
        conversation: &ConversationId,
    ) -> Result<Option<Session>, Fault> {
        Ok(self.latest_head(conversation).await?.map(|head| head.session))
    }

    /// Returns the head of the conversation's latest session, as it is now.
    pub(crate) async fn latest_head(
        self,
        conversation: &ConversationId,
    ) -> Result<Option<Head>, Fault> {
        let pk = key::conversation(self.tenant, conversation);
        let range = Range::starting(&pk, key::HEADS, 1).reversed();
        self.range(Table::Core, &range).await?.first().map(Head::decode).transpose()
    }
}

fn acting(
    person: &Person,
    desk: &Desk,
    session: &Session,
    position: Option<&Item>,
) -> Result<Acting, Fault> {
    let position: Position = position.map(decode).transpose()?.unwrap_or_default();
    Ok(Acting {
        id: person.id.clone(),
        name: person.name.clone(),
        roles: desk.roles(&session.live_chat),
        // The request itself renews the lease, so the choice alone decides.
        is_online: desk.employee.choice == domain::presence::Choice::Online,
        is_full: desk.is_full(&session.live_chat),
        handled: position.handled,
    })
}

fn assignee_of((desk, is_online): (Desk, bool), session: &Session) -> Acting {
    Acting {
        roles: desk.roles(&session.live_chat),
        is_full: desk.is_full(&session.live_chat),
        name: desk.employee.display_name().to_owned(),
        id: desk.employee.id,
        is_online,
        handled: 0,
    }
}
