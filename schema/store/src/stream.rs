//! Stream records of the table `core`: reads from each what changed, from what to what.

use domain::attachment::State;
use domain::counter::Membership;
use domain::{
    Attachment, AttachmentId, ConversationId, Employee, EmployeeId, LiveChatId, Message, Session,
    TenantId,
};
use serde_json::Value;

use crate::attachment;
use crate::client_read::decode_client_read;
use crate::commit::Cause;
use crate::delivery;
use crate::desk::{decode_employee, decode_membership};
use crate::live_chat::MEMBERSHIPS;
use crate::record::{entry, head};
use crate::removal::{self, Removal};
use crate::table::key::Kind;
use crate::table::{Item, Read, from_json, key};
use crate::{Fault, item};

/// A change with subscribers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The tenant of the change.
    pub tenant: TenantId,
    /// The change.
    pub change: Change,
    /// The change of a session that the record is a part of, where the row names it. An entry does
    /// not, but is never pushed without its session.
    pub cause: Option<Cause>,
}

/// The meaning of a stream record for the fan-out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Parsed {
    /// A change to publish.
    Change(Box<Record>),
    /// A change that is not published.
    Nothing,
    /// A row of a kind that this version does not know: a newer version wrote it.
    Unknown,
}

/// The kinds of changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A session.
    Session {
        /// The session before the change; none for a new one.
        before: Option<Box<Session>>,
        /// The session after the change.
        after: Box<Session>,
    },
    /// A new entry of a dialog.
    Entry(Box<Message>),
    /// The read position of a client moved.
    ClientRead {
        /// The client's conversation.
        conversation: ConversationId,
        /// The position before, by the client's own numbers; 0 if there was none.
        before: u64,
        /// The position now.
        after: u64,
    },
    /// The delivery of an answer that leaves by a messenger.
    Delivery {
        /// The conversation.
        conversation: ConversationId,
        /// The number of the answer.
        seq: u64,
        /// True if it was begun anew, and is due.
        is_due: bool,
    },
    /// A file.
    Attachment {
        /// How far it had come before the change; none for a new one.
        before: Option<State>,
        /// The file after the change.
        after: Box<Attachment>,
    },
    /// An upload that was never attached: its time was over, and it is gone.
    Expired {
        /// The conversation.
        conversation: ConversationId,
        /// Its id there.
        id: AttachmentId,
    },
    /// The number of queued sessions of a live chat.
    Queue(LiveChatId),
    /// The roles or the counts of an employee in a live chat.
    Desk {
        /// The employee.
        employee: EmployeeId,
        /// The membership before the change; none for a new one.
        before: Option<Membership>,
        /// The membership after the change.
        after: Membership,
    },
    /// An employee: their name or their choice of presence.
    Employee(Employee),
    /// The removal of an operator, whose sessions have to go back to the queue.
    Removal(Removal),
    /// A new item.
    Item(Box<domain::Item>),
}

impl Record {
    /// Parses a record as the stream delivers it, in JSON. Data of a newer version is skipped: rows
    /// of another kind are [`Parsed::Unknown`], and unknown attributes are ignored.
    ///
    /// # Errors
    /// [`Fault::Corrupt`] for a row of a known kind that cannot be read, and for invalid JSON of a
    /// record.
    pub fn parse(record: &Value) -> Result<Parsed, Fault> {
        let images = record.get("dynamodb").filter(|images| images.is_object());
        let images = images.ok_or_else(|| Fault::Corrupt("no stream record".to_owned()))?;
        let image = |name| images.get(name).filter(|image| !image.is_null()).map(from_json);
        let (old, new) = (image("OldImage").transpose()?, image("NewImage").transpose()?);
        let Some(new) = new else { return expired(old.as_ref()) };
        let read = Read(&new);
        let (pk, sk) = (read.text("pk")?, read.text("sk")?);
        let Some(kind) = key::kind(pk, sk) else { return Ok(Parsed::Unknown) };
        let part = |what: &str| Fault::Corrupt(format!("{what} of {pk}"));
        let tenant = || key::read_tenant(pk).ok_or_else(|| part("tenant"));
        let employee = || key::read_employee(pk).ok_or_else(|| part("employee"));
        let change = match kind {
            Kind::BesideDialog | Kind::LiveChat | Kind::Tenant | Kind::Pointer => {
                return Ok(Parsed::Nothing);
            }
            // The worker that does the job reads its step.
            Kind::Reindexing => return read.number::<u64>("n").map(|_| Parsed::Nothing),
            // The profile also counts the employee's live chats, which nobody is shown.
            Kind::Profile if old.as_ref().is_some_and(|old| is_as_seen_before(old, &new)) => {
                tenant()?;
                return Ok(Parsed::Nothing);
            }
            Kind::Head => Change::Session {
                before: old.as_ref().map(head::decode).transpose()?.map(Box::new),
                after: Box::new(head::decode(&new)?),
            },
            Kind::Entry => Change::Entry(Box::new(entry::decode(&new)?)),
            Kind::ClientRead => Change::ClientRead {
                conversation: key::read_conversation(pk).ok_or_else(|| part("conversation"))?,
                before: old
                    .as_ref()
                    .map(decode_client_read)
                    .transpose()?
                    .map_or(0, |read| read.seq),
                after: decode_client_read(&new)?.seq,
            },
            Kind::Delivery => {
                let tracked = delivery::decode(&new)?;
                Change::Delivery {
                    conversation: key::read_conversation(pk).ok_or_else(|| part("conversation"))?,
                    seq: key::read_delivery(sk).ok_or_else(|| part("delivery"))?,
                    is_due: !tracked.delivery.state.is_over(),
                }
            }
            Kind::Attachment => Change::Attachment {
                before: old.as_ref().map(attachment::decode).transpose()?.map(|file| file.state),
                after: Box::new(attachment::decode(&new)?),
            },
            Kind::QueueCount => {
                Change::Queue(key::read_queue_count(pk).ok_or_else(|| part("live chat"))?)
            }
            Kind::Membership => Change::Desk {
                employee: employee()?,
                before: old.as_ref().map(decode_membership).transpose()?,
                after: decode_membership(&new)?,
            },
            Kind::Profile => Change::Employee(decode_employee(&employee()?, Some(&new))),
            Kind::Removal => Change::Removal(removal::decode(&new)?),
            Kind::Item => Change::Item(Box::new(item::decode(&new)?)),
        };
        let cause = match &change {
            Change::Session { after, .. } => Some(Cause::of(after, head::pushes_until(&new))),
            Change::Queue(_) | Change::Desk { .. } => cause(old.as_ref(), &new),
            _ => None,
        };
        let tenant = tenant()?;
        Ok(Parsed::Change(Box::new(Self { tenant, change, cause })))
    }
}

/// Returns the meaning of a row that was deleted.
fn expired(old: Option<&Item>) -> Result<Parsed, Fault> {
    let Some(old) = old else { return Ok(Parsed::Nothing) };
    let read = Read(old);
    let (pk, sk) = (read.text("pk")?, read.text("sk")?);
    if key::kind(pk, sk) != Some(Kind::Attachment) {
        return Ok(Parsed::Nothing);
    }
    let file = attachment::decode(old)?;
    let tenant = key::read_tenant(pk).ok_or_else(|| Fault::Corrupt(format!("tenant of {pk}")))?;
    let change = Change::Expired { conversation: file.conversation, id: file.id };
    Ok(Parsed::Change(Box::new(Record { tenant, change, cause: None })))
}

/// Returns the cause of a change of counts: that which the row names now and did not name before. A
/// change of roles leaves the name of an earlier cause.
fn cause(old: Option<&Item>, new: &Item) -> Option<Cause> {
    let named = |item| Read(item).maybe_text("cs").and_then(Cause::parse);
    let now = named(new)?;
    (old.and_then(named).as_ref() != Some(&now)).then_some(now)
}

/// Returns true when two images of a profile differ at most in the count of live chats.
fn is_as_seen_before(old: &Item, new: &Item) -> bool {
    let seen = |item: &Item| {
        let mut seen = item.clone();
        seen.remove(MEMBERSHIPS.name);
        seen
    };
    seen(old) == seen(new)
}

#[cfg(test)]
mod tests;
