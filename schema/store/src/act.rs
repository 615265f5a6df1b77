//! Acts of employees on a session: reads it, lets a rule decide, commits, and tries again when another
//! write came between.

mod binding;

use domain::access::{self, Sight};
use domain::reading::{self, Mark};
use domain::reply::{self, Quote, Reply, Seen};
use domain::{
    Acting, Change, EmployeeId, Message, Outcome, Refusal, Session, SessionId, TenantId, Timestamp,
    Turn, assignment, closing,
};
use futures::future::OptionFuture;
use futures::try_join;

use crate::desk::{Desk, decode_membership};
use crate::line::{Line, Move};
use crate::receipt::{self, Claimcheck, content_hash};
use crate::record::dialog::Position;
use crate::record::dialog::Receipt;
use crate::record::head::Head;
use crate::record::{entry, head};
use crate::table::key::Sender;
use crate::table::{Committed, Item, Part, Range, Row, Table, Trail, decode, key};
use crate::{Failure, Fault, Store};

pub use binding::Bound;
pub use domain::Person;

/// What came of an act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Acted {
    /// The session as it is now.
    pub session: Session,
    /// The message or note that the act wrote, or had written when it was first done.
    pub message: Option<Message>,
    /// What the actor may see of the session as it is now.
    pub sight: Sight,
}

/// An operator's answer, within the bounds of its arguments.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The text.
    pub text: &'a str,
    /// The sender's id for it.
    pub client_message_id: &'a str,
    /// The entry it quotes.
    pub reply_to: Option<u64>,
    /// Up to which entry the answerer had read; all that stood there, when it is not said.
    pub read_up_to: Option<u64>,
}

/// What an act needs to have read.
#[derive(Default)]
struct Wanted {
    check: Option<Claimcheck>,
    /// Entries by number: of a read mark, of a quote.
    entries: Vec<u64>,
    assignee: Option<EmployeeId>,
}

/// What an act decides on.
struct Snapshot {
    session: Session,
    /// The trail of its head.
    trail: Trail,
    who: Acting,
    latest: Option<Session>,
    line: Line,
    entries: Vec<Message>,
    assignee: Option<Acting>,
    done: Option<Receipt>,
}

impl Snapshot {
    fn sight(&self) -> Sight {
        let Acting { id, roles, handled, .. } = &self.who;
        access::sight(&self.session, id, *roles, *handled, self.latest.as_ref())
    }

    fn turn(&self, now: Timestamp) -> Turn<'_> {
        Turn { session: &self.session, sight: self.sight(), who: &self.who, now }
    }

    fn entry(&self, seq: u64) -> Option<&Message> {
        self.entries.iter().find(|entry| entry.seq == seq)
    }
}

impl Store {
    /// An operator takes a session.
    ///
    /// # Errors
    /// The refusals of [`assignment::claim`]; a [`Fault`] of the state.
    pub async fn claim(&self, person: &Person, id: &SessionId) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| assignment::claim(read.turn(now))).await
    }

    /// Somebody gives a session to an operator.
    ///
    /// # Errors
    /// The refusals of [`assignment::assign`]; a [`Fault`] of the state.
    pub async fn assign(
        &self,
        person: &Person,
        id: &SessionId,
        to: &EmployeeId,
        comment: Option<&str>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { assignee: Some(to.clone()), ..Wanted::default() };
        self.act(person, id, wanted, |read, now| {
            let to = read.assignee.as_ref();
            assignment::assign(read.turn(now), to, comment)
        })
        .await
    }

    /// A session goes back to the queue.
    ///
    /// # Errors
    /// The refusals of [`assignment::put_back`]; a [`Fault`] of the state.
    pub async fn put_back(
        &self,
        person: &Person,
        id: &SessionId,
        comment: Option<&str>,
    ) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| {
            assignment::put_back(read.turn(now), comment)
        })
        .await
    }

    /// Closes a session.
    ///
    /// # Errors
    /// The refusals of [`closing::close`]; a [`Fault`] of the state.
    pub async fn close(
        &self,
        person: &Person,
        id: &SessionId,
        last_seq: Option<u64>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { entries: last_seq.into_iter().collect(), ..Wanted::default() };
        self.act(person, id, wanted, |read, now| {
            let seen = last_seq.map(|seq| (seq, read.entry(seq)));
            closing::close(read.turn(now), seen)
        })
        .await
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// The refusals of [`closing::rename`]; a [`Fault`] of the state.
    pub async fn rename(
        &self,
        person: &Person,
        id: &SessionId,
        name: &str,
    ) -> Result<Acted, Failure> {
        self.act(person, id, Wanted::default(), |read, now| closing::rename(read.turn(now), name))
            .await
    }

    /// An operator answers the client; a queued session is claimed by it.
    ///
    /// # Errors
    /// The refusals of [`reply::reply`]; a [`Fault`] of the state.
    pub async fn reply(
        &self,
        person: &Person,
        id: &SessionId,
        answer: &Answer<'_>,
    ) -> Result<Acted, Failure> {
        let hash = content_hash("reply", Some(id), answer.text, answer.reply_to);
        let wanted = Wanted {
            check: Some(self.check(person, id, answer.client_message_id, hash)),
            entries: answer.reply_to.into_iter().chain(answer.read_up_to).collect(),
            assignee: None,
        };
        let mut seen: Option<Seen> = None;
        self.act(person, id, wanted, |read, now| {
            let seen = *seen.get_or_insert_with(|| seen_by(read, answer.read_up_to));
            let quote = match answer.reply_to {
                None => Quote::Nothing,
                Some(seq) => read.entry(seq).map_or(Quote::Missing, Quote::Entry),
            };
            let reply = Reply {
                text: answer.text,
                client_message_id: answer.client_message_id,
                quote,
                seen,
                read_up_to: answer.read_up_to,
            };
            let change = reply::reply(read.turn(now), &reply)?;
            Ok(Outcome::Changed(Box::new(change)))
        })
        .await
    }

    /// Somebody writes a note.
    ///
    /// # Errors
    /// The refusals of [`reply::note`]; a [`Fault`] of the state.
    pub async fn note(
        &self,
        person: &Person,
        id: &SessionId,
        text: &str,
        client_message_id: &str,
    ) -> Result<Acted, Failure> {
        let hash = content_hash("note", Some(id), text, None);
        let wanted = Wanted {
            check: Some(self.check(person, id, client_message_id, hash)),
            ..Wanted::default()
        };
        self.act(person, id, wanted, |read, now| {
            let change = reply::note(read.turn(now), text, client_message_id)?;
            Ok(Outcome::Changed(Box::new(change)))
        })
        .await
    }

    /// Marks a dialog as read up to an entry.
    ///
    /// # Errors
    /// The refusals of [`reading::mark_read`]; a [`Fault`] of the state.
    pub async fn mark_read(
        &self,
        person: &Person,
        id: &SessionId,
        up_to: u64,
    ) -> Result<Acted, Failure> {
        self.mark(person, id, up_to, |turn, read| {
            reading::mark_read(turn, up_to, read.entry(up_to))
        })
        .await
    }

    /// Marks a dialog as unread from an entry on.
    ///
    /// # Errors
    /// The refusals of [`reading::mark_unread`]; a [`Fault`] of the state.
    pub async fn mark_unread(
        &self,
        person: &Person,
        id: &SessionId,
        from: u64,
    ) -> Result<Acted, Failure> {
        self.mark(person, id, from, |turn, read| reading::mark_unread(turn, from, read.entry(from)))
            .await
    }

    async fn mark(
        &self,
        person: &Person,
        id: &SessionId,
        seq: u64,
        decide: impl Fn(Turn<'_>, &Snapshot) -> Result<Mark, Refusal>,
    ) -> Result<Acted, Failure> {
        let wanted = Wanted { entries: vec![seq], ..Wanted::default() };
        // What is of the onlooker alone is written beside the session, after the decision.
        let mut line = None;
        let acted = self
            .act(person, id, wanted, |read, now| {
                line = None;
                match decide(read.turn(now), read)? {
                    Mark::Operators(outcome) => Ok(outcome),
                    Mark::OnLookers { seq, moves_back } => {
                        line = Some((read.line.clone(), Move { seq, is_back: moves_back }));
                        Ok(Outcome::Unchanged)
                    }
                }
            })
            .await?;
        if let Some((line, goal)) = line {
            self.move_line(person, &id.conversation, line, goal).await?;
        }
        Ok(acted)
    }

    fn check(&self, person: &Person, id: &SessionId, message: &str, hash: String) -> Claimcheck {
        let sender = person.id.as_str();
        let key =
            receipt::key_for(&person.tenant, &id.conversation, Sender::Employee, sender, message);
        Claimcheck { key, hash }
    }

    /// Reads, lets the rule decide, commits what it decided; and again when another came between.
    async fn act(
        &self,
        person: &Person,
        id: &SessionId,
        wanted: Wanted,
        decide: impl FnMut(&Snapshot, Timestamp) -> Result<Outcome, Refusal>,
    ) -> Result<Acted, Failure> {
        Box::pin(self.act_with(person, id, wanted, decide, &[])).await
    }

    /// Takes a session only if it is queued, together with further rows; `None` when another was
    /// quicker, [`Fault::Conflict`] when one of the rows exists.
    pub(crate) async fn claim_queued(
        &self,
        person: &Person,
        id: &SessionId,
        more: &[Row],
    ) -> Result<Option<Acted>, Failure> {
        let mut is_taken = false;
        let decide = |read: &Snapshot, now| {
            is_taken = false;
            let outcome = assignment::claim(read.turn(now))?;
            is_taken = outcome != Outcome::Unchanged;
            Ok(outcome)
        };
        match Box::pin(self.act_with(person, id, Wanted::default(), decide, more)).await {
            Ok(acted) => Ok(is_taken.then_some(acted)),
            Err(Failure::Refused(
                Refusal::AlreadyClaimed { .. } | Refusal::SessionClosed | Refusal::NotFound,
            )) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The session as it is now, and what the person may see of it.
    ///
    /// # Errors
    /// `NotFound` when there is none; a [`Fault`] of the state.
    pub async fn look(&self, person: &Person, id: &SessionId) -> Result<Acted, Failure> {
        let read = self.read(person, id, &Wanted::default()).await?;
        Ok(acted(&read, None))
    }

    async fn act_with(
        &self,
        person: &Person,
        id: &SessionId,
        wanted: Wanted,
        mut decide: impl FnMut(&Snapshot, Timestamp) -> Result<Outcome, Refusal>,
        more: &[Row],
    ) -> Result<Acted, Failure> {
        let mut read = self.read(person, id, &wanted).await?;
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            if let (Some(done), Some(check)) = (&read.done, &wanted.check) {
                return self.repeated(person, &read, done.repeats(&check.hash)?).await;
            }
            let change = match decide(&read, self.now())? {
                Outcome::Unchanged => return Ok(acted(&read, None)),
                Outcome::Changed(change) => *change,
            };
            let failed = match self.write(person, &read, &wanted, &change, more).await? {
                Committed::Done => {
                    read.session = change.session;
                    let wrote = change.entries.into_iter().rfind(|e| e.client_message_id.is_some());
                    return Ok(acted(&read, wrote));
                }
                Committed::Guarded(failed) => failed,
            };
            if !more.is_empty() && failed.iter().any(|(part, _)| *part == Part::Once) {
                return Err(Fault::Conflict.into());
            }
            if !learn(&mut read, failed)? {
                read = self.read(person, id, &wanted).await?;
            }
        }
    }

    async fn write(
        &self,
        person: &Person,
        read: &Snapshot,
        wanted: &Wanted,
        change: &Change,
        more: &[Row],
    ) -> Result<Committed, Fault> {
        let (tenant, session, trail) = (&person.tenant, &read.session, &read.trail);
        let writing = || self.writing(tenant, Some(session), trail, change);
        if writing().is_head_alone() && more.is_empty() {
            return self.commit_head(tenant, session, trail, &change.session).await;
        }
        let rows = || {
            let mut rows = writing().rows();
            if let Some(check) = &wanted.check {
                let receipt = check.receipt(change.session.seq);
                rows.push(Row::put_new(Table::Core, Part::Once, receipt));
            }
            rows.extend_from_slice(more);
            rows
        };
        self.commit(rows).await
    }

    async fn repeated(&self, person: &Person, read: &Snapshot, seq: u64) -> Result<Acted, Failure> {
        let key = key::message(&person.tenant, &read.session.id.conversation, seq);
        let item = self.item(Table::Core, &key).await?;
        let wrote = item.as_ref().map(entry::decode).transpose()?;
        let (session, sight) = (read.session.clone(), read.sight());
        Ok(Acted { session, message: wrote, sight })
    }

    /// All that an act decides on, in one step: the calls go out together.
    async fn read(
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
        let assignee = wanted.assignee.as_ref().map(|to| self.assignee(tenant, to));
        let (items, desk, assignee) =
            try_join!(self.items(Table::Core, keys), self.desk(tenant, &person.id), async {
                OptionFuture::from(assignee).await.transpose()
            },)?;
        let Some(Head { session, trail }) = items.get(&head).map(Head::decode).transpose()? else {
            return Err(Refusal::NotFound.into());
        };
        let done = wanted.check.as_ref().and_then(|check| items.get(&check.key));
        let mut read = Snapshot {
            who: acting(person, &desk, &session, items.get(&position))?,
            line: Line::decode(items.get(&position))?,
            entries: wanted
                .entries
                .iter()
                .filter_map(|seq| items.get(&entry(seq)))
                .map(entry::decode)
                .collect::<Result<_, _>>()?,
            assignee: assignee.flatten().map(|to| assignee_of(to, &session)),
            done: done.map(decode).transpose()?,
            latest: None,
            trail,
            session,
        };
        if read.session.is_closed() && read.sight() == Sight::Nothing && read.who.roles.operator {
            read.latest = self.latest_session(tenant, &id.conversation).await?;
        }
        Ok(read)
    }

    async fn assignee(
        &self,
        tenant: &TenantId,
        to: &EmployeeId,
    ) -> Result<Option<(Desk, bool)>, Fault> {
        let desk = self.desk(tenant, to).await?;
        if desk.employee.name.is_none() && desk.memberships.is_empty() {
            return Ok(None);
        }
        let is_online = self.is_online(tenant, &desk.employee, self.now()).await?;
        Ok(Some((desk, is_online)))
    }

    /// The conversation's latest session, as it is now.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn latest_session(
        &self,
        tenant: &TenantId,
        conversation: &domain::ConversationId,
    ) -> Result<Option<Session>, Fault> {
        Ok(self.latest_head(tenant, conversation).await?.map(|head| head.session))
    }

    /// The head of the conversation's latest session, as it is now.
    pub(crate) async fn latest_head(
        &self,
        tenant: &TenantId,
        conversation: &domain::ConversationId,
    ) -> Result<Option<Head>, Fault> {
        let pk = key::conversation(tenant, conversation);
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

fn seen_by(read: &Snapshot, read_up_to: Option<u64>) -> Seen {
    let Some(seq) = read_up_to else {
        return Seen { incoming: read.session.incoming, seq: read.session.seq };
    };
    let incoming = read
        .entry(seq)
        .filter(|entry| entry.ordinal == read.session.id.ordinal)
        .map_or(0, |entry| entry.incoming);
    Seen { incoming, seq: seq.min(read.session.seq) }
}

fn acted(read: &Snapshot, message: Option<Message>) -> Acted {
    let sight = read.sight();
    Acted { session: read.session.clone(), message, sight }
}

/// Takes from the guards that failed what the items are now; false when more has to be read.
fn learn(read: &mut Snapshot, failed: Vec<(Part, Option<Item>)>) -> Result<bool, Fault> {
    let mut is_enough = true;
    for (part, item) in failed {
        match (part, item) {
            (Part::Head, Some(item)) => {
                read.session = head::learn(&read.session, &item)?;
                read.trail = Trail::of(&item);
            }
            (Part::Desk(who), Some(item)) => {
                let membership = decode_membership(&item)?;
                let people = [Some(&mut read.who), read.assignee.as_mut()];
                for person in people.into_iter().flatten().filter(|person| person.id == who) {
                    person.roles = membership.roles;
                    person.is_full = membership.open >= domain::delta::MOST_OPEN;
                }
            }
            (Part::Other | Part::Tally, _) => {}
            (Part::Head | Part::Desk(_) | Part::Once | Part::Connection, _) => is_enough = false,
        }
    }
    Ok(is_enough)
}
